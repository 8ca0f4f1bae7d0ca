// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "xml/document.hpp"

namespace virt_iface {

/// libvirt's RELAX NG schemas, each compiled when it is first needed. Safe to share between threads.
class Schema {
 public:
  /// `directory` holds domain.rng and its companions; empty: where libvirt installs them.
  /// Throws Error (system) when it is not there.
  explicit Schema(std::string directory);
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;
  ~Schema();

  /// Throws Error (invalid), with the line, if `result` does not follow the schema of its root, and says
  /// whether `input`, which it was made of, did.
  void validate(const std::string& result, const std::string& input, Root root,
                const std::string& file) const;

 private:
  std::optional<Message> fault(const std::string& bytes, Root root, const std::string& file) const;

  struct Loaded;
  std::string directory_;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace virt_iface
