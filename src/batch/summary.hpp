// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "batch/document_result.hpp"

namespace virt_iface {

/// Counts what became of many documents, and finds the MACs and names that two domains have.
class Summary {
 public:
  /// `noun`: what they are, for text().
  explicit Summary(const std::vector<FileName>& files, std::string noun = "document")
      : files_(files), noun_(std::move(noun)) {}

  void add(const DocumentResult& outcome);

  std::size_t documents() const { return converted_ + unchanged_ + failed_; }
  /// A warning for each MAC in more than one domain (the first of them only, when they are many), and for
  /// each name of a device or domain that several get.
  std::vector<Message> shared();
  /// `3 documents: 1 changed, 1 unchanged, 1 failed`, then the failed ones with their errors. `would`:
  /// nothing was written.
  std::string text(bool would, int signal) const;
  std::string json(int signal) const;

 private:
  using Failure = std::pair<std::string, std::string>;  // label and error
  static Failure failure_of(const DocumentResult& outcome);
  std::string label_of(std::uint32_t number) const;
  std::string holders_of(const std::vector<MacRegister::Holder>& holders) const;
  std::vector<Message> shared_macs();

  const std::vector<FileName>& files_;
  std::string noun_;
  std::size_t converted_ = 0;
  std::size_t unchanged_ = 0;
  std::size_t failed_ = 0;
  std::vector<Failure> failures_{};  // the first of them
  MacRegister macs_{};
  NameRegister names_{};
};

/// The number of a document for the MAC register: that of its file, or of its place on stdin.
std::uint32_t number_of(const Input& input, const std::vector<FileName>& files);

}  // namespace virt_iface
