// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet/node_writer.hpp"

#include <utility>

namespace virt_iface {
namespace {

std::string prefix_of(const std::string& name) {
  std::size_t const colon = name.find(':');
  return colon == name.npos ? std::string() : name.substr(0, colon);
}

std::string declaration_name(const std::string& prefix) {
  return prefix.empty() ? "xmlns" : "xmlns:" + prefix;
}

/// Adds a binding unless the scope or the list has it.
void need(const std::string& prefix, const std::string& uri, const Scope& scope,
          std::vector<Declaration>& list) {
  if (prefix == "xml") return;
  for (const Declaration& declared : list)
    if (declared.prefix == prefix) return;
  auto const found = scope.find(prefix);
  if ((found == scope.end() ? std::string() : found->second) != uri) list.push_back({prefix, uri});
}

std::string escape(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '\r')
      out += "&#13;";
    else
      out += c;
  }
  return out;
}

}  // namespace

Scope enter(Scope scope, const Node& element) {
  for (const Declaration& declared : element.declarations) scope[declared.prefix] = declared.uri;
  return scope;
}

std::vector<Declaration> needed(const Node& element, const Scope& scope) {
  std::vector<Declaration> list;
  need(prefix_of(element.name), element.uri, scope, list);
  for (const NodeAttribute& attribute : element.attributes)
    if (!attribute.uri.empty()) need(prefix_of(attribute.name), attribute.uri, scope, list);
  for (const Declaration& declared : element.declarations) need(declared.prefix, declared.uri, scope, list);
  return list;
}

void NodeWriter::know(const Node& node) {
  if (node.kind == Node::Kind::element && !node.shared) known_.try_emplace(node.hash, &node);
  for (const Node& child : node.children) know(child);
}

std::string NodeWriter::write(const Node& node, const Style& style, const Scope& scope) const {
  std::string out;
  append(out, node, style, style.indent, scope);
  return out;
}

/// A parser makes "\n" of the document's own line ends, so they may stand for it.
std::string NodeWriter::lines(std::string_view text) const {
  std::string out;
  for (char const c : text)
    if (c == '\n')
      out += eol_;
    else
      out += c;
  return out;
}

void NodeWriter::append(std::string& out, const Node& node, const Style& style, const std::string& indent,
                        const Scope& scope) const {
  switch (node.kind) {
    case Node::Kind::text:
      out += lines(escape(node.value));
      return;
    case Node::Kind::comment:
      out += "<!--" + lines(node.value) + "-->";
      return;
    case Node::Kind::instruction:
      out += "<?" + node.name + (node.value.empty() ? "" : " " + lines(node.value)) + "?>";
      return;
    default:
      break;
  }
  auto const known = known_.find(node.hash);
  if (known != known_.end() && equal(*known->second, node))
    out += source_.substr(known->second->span.begin, known->second->span.end - known->second->span.begin);
  else
    append_element(out, node, style, indent, scope);
}

void NodeWriter::append_element(std::string& out, const Node& node, const Style& style,
                                const std::string& indent, const Scope& scope) const {
  out += '<' + node.name;
  std::vector<Declaration> const declared = needed(node, scope);
  for (const Declaration& d : declared) out += serialise({declaration_name(d.prefix), d.uri}, style.quote);
  for (const NodeAttribute& a : node.attributes) out += serialise({a.name, a.value}, style.quote);
  if (node.children.empty()) {
    out += style.spaced_end ? " />" : "/>";
    return;
  }
  out += '>';
  Scope inside = enter(scope, node);
  for (const Declaration& d : declared) inside[d.prefix] = d.uri;
  bool const lined = !style.eol.empty() && !node.mixed();
  for (const Node& child : node.children) {
    if (lined) out += style.eol + indent + style.step;
    append(out, child, style, indent + style.step, inside);
  }
  if (lined) out += style.eol + indent;
  out += "</" + node.name + '>';
}

}  // namespace virt_iface
