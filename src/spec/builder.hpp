// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "table/interface.hpp"

namespace virt_iface {

/// A key with its value as it was written, before any judgement.
struct Written {
  std::string key{};
  std::string value{};
  std::vector<std::string> items{};  ///< the value at its commas
  bool is_list = false;              ///< a comma stood there
  Place key_place{};
  Place value_place{};
};

/// Makes interfaces of written keys, gathering faults.
class InterfaceBuilder {
 public:
  explicit InterfaceBuilder(Place place, bool may_be_there = false)
      : place_(std::move(place)), may_be_there_(may_be_there) {}

  void add(const Written& written);

  /// One interface for each name, `checked` as far as that goes without a domain.
  std::vector<Interface> build(bool checked = true);

  /// Everything wrong so far, warnings among it.
  const std::vector<Message>& messages() const { return messages_; }

 private:
  void fault(const Place& place, std::string text, std::string hint = {});
  void add_source(const Written& written);
  void add_value(const Key& key, const Written& written);
  void add_short(const Key& key, const Written& written);
  void tell_foreign_keys();
  void gather(std::vector<Message> more);

  Place place_;
  bool may_be_there_;
  Interface common_{};
  std::vector<std::string> sources_{};
  Place source_place_{};
  std::vector<Written> foreign_{};  // keys that other tools say the source by
  std::vector<Message> messages_{};
};

/// Whether one of the messages is an error.
bool has_error(const std::vector<Message>& messages);

/// Throws Error (invalid) with all messages, by their places, if one is an error.
void throw_if_wrong(std::vector<Message> messages);

}  // namespace virt_iface
