// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet/node_reader.hpp"

#include <libxml/parser.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "base/error.hpp"
#include "xml/libxml.hpp"

namespace virt_iface {
namespace {

using libxml::from_xml;

/// What libxml2 lets a document nest (xmlParserMaxDepth); of a result nobody has asked yet.
constexpr std::size_t deepest = 256;

std::string text_of(const xmlChar* text) {
  return text ? from_xml(text) : "";
}

std::string qualified(const xmlNs* ns, const xmlChar* name) {
  return ns && ns->prefix ? text_of(ns->prefix) + ':' + text_of(name) : text_of(name);
}

bool is_text(const xmlNode* node) {
  return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
         node->type == XML_ENTITY_REF_NODE;
}

void name_and_attributes(const xmlNode* from, Node& to) {
  to.name = qualified(from->ns, from->name);
  to.uri = from->ns ? text_of(from->ns->href) : "";
  for (const xmlNs* ns = from->nsDef; ns; ns = ns->next)
    to.declarations.push_back({text_of(ns->prefix), text_of(ns->href)});
  for (const xmlAttr* a = from->properties; a; a = a->next) {
    std::unique_ptr<xmlChar, decltype(xmlFree)> const value(xmlNodeListGetString(a->doc, a->children, 1),
                                                            xmlFree);
    to.attributes.push_back(
        {qualified(a->ns, a->name), a->ns ? text_of(a->ns->href) : "", text_of(value.get())});
  }
}

/// Adds text to the end of a list of nodes: never two texts side by side.
void append_text(std::vector<Node>& nodes, const std::string& text) {
  if (text.empty()) return;
  if (nodes.empty() || nodes.back().kind != Node::Kind::text)
    nodes.push_back({.kind = Node::Kind::text, .value = text});
  else
    nodes.back().value += text;
}

/// Ends an element: white space alone goes, the hashes come.
void finish(Node& node) {
  bool const says_something = std::any_of(node.children.begin(), node.children.end(), [](const Node& n) {
    return n.kind == Node::Kind::text && !is_blank(n.value);
  });
  if (!says_something) std::erase_if(node.children, [](const Node& n) { return n.kind == Node::Kind::text; });
  for (Node& child : node.children)
    if (child.kind == Node::Kind::text) seal(child);
  seal(node);
}

/// Nodes without places: of a stylesheet's result, and of what an entity stands for.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  void read_list(const xmlNode* first, std::vector<Node>& into) {
    for (const xmlNode* node = first; node; node = node->next) read(node, into);
  }

  void read(const xmlNode* node, std::vector<Node>& into);
  const std::string& file() const { return file_; }

 private:
  void read_entity(const xmlNode* reference, std::vector<Node>& into);

  std::string file_;
  std::size_t depth_ = 0;
};

void Reader::read(const xmlNode* node, std::vector<Node>& into) {
  if (node->type == XML_ENTITY_REF_NODE) return read_entity(node, into);
  if (is_text(node)) return append_text(into, text_of(node->content));
  libxml::take(sizeof(Node));
  Node made;
  if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE) {
    made.kind = node->type == XML_PI_NODE ? Node::Kind::instruction : Node::Kind::comment;
    if (node->type == XML_PI_NODE) made.name = text_of(node->name);
    made.value = text_of(node->content);
    seal(made);
  } else if (node->type == XML_ELEMENT_NODE) {
    if (++depth_ > deepest)
      throw Error(Exit::invalid, Place{.file = file_}, "the stylesheet nests elements more than 256 deep");
    name_and_attributes(node, made);
    read_list(node->children, made.children);
    --depth_;
    finish(made);
  } else {
    return;
  }
  into.push_back(std::move(made));
}

/// An entity's content; an external one has none, as nothing outside the document is read.
void Reader::read_entity(const xmlNode* reference, std::vector<Node>& into) {
  const xmlEntity* entity = xmlGetDocEntity(reference->doc, reference->name);
  if (!entity || entity->etype != XML_INTERNAL_GENERAL_ENTITY) return;
  if (entity->children) return read_list(entity->children, into);
  if (!entity->content) return;
  // Used in an attribute first: then the parser did not keep what it means as nodes.
  xmlNodePtr list = nullptr;
  xmlParseInNodeContext(reference->parent, from_xml(entity->content), entity->length, XML_PARSE_NONET, &list);
  std::unique_ptr<xmlNode, libxml::Release<xmlFreeNodeList>> const owned(list);
  read_list(list, into);
}

/// Walks the parser's tree and the text side by side. The text is well-formed, so that a few marks say where
/// each node ends.
class Locator {
 public:
  Locator(std::string_view text, const std::string& file) : text_(text), reader_(file) {}

  Node document(const xmlDoc* doc) {
    Node root{.kind = Node::Kind::document, .span = {0, text_.size()}};
    if (text_.starts_with("\xEF\xBB\xBF")) here_ = 3;
    std::string_view const front = text_.substr(here_);
    if (front.starts_with("<?xml") && front.size() > 5 && is_blank(front.substr(5, 1))) skip("<?", "?>");
    root.tag_end = here_;
    children(doc->children, root);
    root.content_end = text_.size();
    seal(root);
    return root;
  }

 private:
  /// What begins here with `opening` ends with `closing`, which does not overlap it: <!--> is only a
  /// beginning.
  void skip(std::string_view opening, std::string_view closing) {
    std::size_t const found = text_.find(closing, here_ + opening.size());
    here_ = found == text_.npos ? text_.size() : found + closing.size();
  }
  void require_here(const std::string& name) const;
  void skip_tag();
  void skip_doctype();
  void skip_text();
  const xmlNode* run(const xmlNode* node, Node& parent);
  void children(const xmlNode* first, Node& parent);
  void element(const xmlNode* node, Node& parent);
  void simple(const xmlNode* node, Node& parent);

  std::string_view text_;
  Reader reader_;
  std::size_t here_ = 0;
};

/// Rather no result than one of bytes from the wrong places.
void Locator::require_here(const std::string& name) const {
  if (text_.substr(std::min(here_, text_.size())).starts_with('<' + name)) return;
  throw Error(Exit::invalid, place_in(reader_.file(), text_, std::min(here_, text_.size())),
              "the element <" + name + "> is not found in the text",
              "this is a fault of virt-iface: report it with the document, and leave --stylesheet out");
}

/// To behind the `>` of a tag: one within quotes does not count.
void Locator::skip_tag() {
  for (char quote = '\0'; here_ < text_.size(); ++here_) {
    char const c = text_[here_];
    if (quote)
      quote = c == quote ? '\0' : quote;
    else if (c == '\'' || c == '"')
      quote = c;
    else if (c == '>')
      break;
  }
  ++here_;
}

void Locator::skip_doctype() {
  for (bool inside = false; here_ < text_.size();) {
    std::string_view const rest = text_.substr(here_);
    if (rest.starts_with("<!--")) {
      skip("<!--", "-->");
    } else if (rest.starts_with("<?")) {
      skip("<?", "?>");
    } else if (rest[0] == '\'' || rest[0] == '"') {
      skip(rest.substr(0, 1), rest.substr(0, 1));
    } else {
      ++here_;
      if (rest[0] == '[') inside = true;
      if (rest[0] == ']') inside = false;
      if (rest[0] == '>' && !inside) return;
    }
  }
}

void Locator::skip_text() {
  while (here_ < text_.size()) {
    here_ = std::min(text_.find('<', here_), text_.size());
    if (!text_.substr(here_).starts_with("<![CDATA[")) return;
    skip("<![CDATA[", "]]>");
  }
}

/// Character data up to the next tag, comment or instruction, whatever it is made of.
const xmlNode* Locator::run(const xmlNode* node, Node& parent) {
  std::size_t const begin = here_;
  skip_text();
  std::vector<Node> made;
  for (; node && is_text(node); node = node->next) reader_.read(node, made);
  bool const shared = made.size() > 1 || (made.size() == 1 && made[0].kind != Node::Kind::text);
  for (Node& one : made) {
    one.span = {begin, here_};
    one.shared = shared;
    parent.children.push_back(std::move(one));
  }
  return node;
}

void Locator::children(const xmlNode* first, Node& parent) {
  const xmlNode* node = run(first, parent);
  while (node) {
    if (node->type == XML_DTD_NODE)
      skip_doctype();
    else if (node->type == XML_ELEMENT_NODE)
      element(node, parent);
    else
      simple(node, parent);
    node = run(node->next, parent);
  }
}

void Locator::element(const xmlNode* node, Node& parent) {
  Node made{.span = {here_, 0}};
  name_and_attributes(node, made);
  require_here(made.name);
  skip_tag();
  made.tag_end = made.content_end = here_;
  if (text_[here_ - 2] != '/') {
    children(node->children, made);
    made.content_end = here_;
    skip_tag();
  }
  made.span.end = here_;
  finish(made);
  parent.children.push_back(std::move(made));
}

void Locator::simple(const xmlNode* node, Node& parent) {
  Node made{.kind = Node::Kind::comment, .value = text_of(node->content), .span = {here_, 0}};
  if (node->type == XML_PI_NODE) {
    made.kind = Node::Kind::instruction;
    made.name = text_of(node->name);
  }
  node->type == XML_PI_NODE ? skip("<?", "?>") : skip("<!--", "-->");
  made.span.end = here_;
  seal(made);
  parent.children.push_back(std::move(made));
}

}  // namespace

Node read_located(std::string_view text, const std::string& file) {
  libxml::initialise();
  libxml::Parser const parser(xmlNewParserCtxt());
  if (!parser) throw std::bad_alloc();
  if (text.size() > std::numeric_limits<int>::max())
    throw Error(Exit::invalid, Place{.file = file}, "the document is too large for a stylesheet");
  libxml::Doc const doc(xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()),
                                          file.c_str(), nullptr, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC));
  if (doc) return Locator(text, file).document(doc.get());
  const xmlError* error = xmlCtxtGetLastError(parser.get());
  if (!error || error->code == XML_ERR_NO_MEMORY) throw std::bad_alloc();
  throw Error(Exit::invalid, Place{.file = file, .line = static_cast<std::size_t>(std::max(error->line, 0))},
              libxml::tidy(error->message));
}

Node read_result(const xmlDoc* doc, const std::string& sheet) {
  Node root{.kind = Node::Kind::document};
  Reader(sheet).read_list(doc->children, root.children);
  finish(root);
  return root;
}

}  // namespace virt_iface
