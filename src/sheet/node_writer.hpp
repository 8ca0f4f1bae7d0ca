// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sheet/node.hpp"
#include "xml/style.hpp"

namespace virt_iface {

/// Prefixes that stand for a namespace at some place; an empty one is the default namespace.
using Scope = std::map<std::string, std::string>;

/// The scope inside an element.
Scope enter(Scope scope, const Node& element);

/// The declarations that an element needs at a place of that scope: its own, and those of the prefixes it
/// uses.
std::vector<Declaration> needed(const Node& element, const Scope& scope);

/// Writes nodes anew; what stands in the source already, equal, is copied from there.
class NodeWriter {
 public:
  NodeWriter(std::string_view source, bool crlf) : source_(source), eol_(crlf ? "\r\n" : "\n") {}

  /// Makes a source node's bytes known for copying.
  void know(const Node& node);
  /// The node's text, without white space around it. `scope` is that of its place.
  std::string write(const Node& node, const Style& style, const Scope& scope) const;

 private:
  void append(std::string& out, const Node& node, const Style& style, const std::string& indent,
              const Scope& scope) const;
  void append_element(std::string& out, const Node& node, const Style& style, const std::string& indent,
                      const Scope& scope) const;
  std::string lines(std::string_view text) const;

  std::string_view source_;
  std::string eol_;
  std::unordered_map<std::size_t, const Node*> known_{};
};

}  // namespace virt_iface
