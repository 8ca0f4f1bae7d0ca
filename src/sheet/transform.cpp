// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet/transform.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "base/text.hpp"
#include "sheet/node_reader.hpp"
#include "sheet/node_writer.hpp"
#include "sheet/tree_diff.hpp"
#include "xml/encoding.hpp"
#include "xml/insert.hpp"
#include "xml/reconcile.hpp"
#include "xml/scan.hpp"
#include "xml/splice.hpp"

namespace virt_iface {
namespace {

const Node& root_of(const Node& document) {
  return *std::find_if(document.children.begin(), document.children.end(),
                       [](const Node& n) { return n.kind == Node::Kind::element; });
}

/// A tag as the functions that edit tags know it: declarations are attributes there.
Element tag_of(const Node& node, const std::vector<Declaration>& declarations) {
  Element element{.name = node.name,
                  .begin = node.span.begin,
                  .tag_end = node.tag_end,
                  .content_end = node.content_end,
                  .end = node.span.end};
  for (const Declaration& d : declarations)
    element.attributes.push_back({d.prefix.empty() ? "xmlns" : "xmlns:" + d.prefix, d.uri});
  for (const NodeAttribute& a : node.attributes) element.attributes.push_back({a.name, a.value});
  return element;
}

Element tag_of(const Node& node) {
  return tag_of(node, node.declarations);
}

/// The edits that lead from a document to a stylesheet's result.
class ResultEdits {
 public:
  ResultEdits(const Document& document, const Node& source)
      : document_(document),
        source_(source),
        front_(source.span.begin),
        writer_(document.text(), document.text().find("\r\n") != std::string_view::npos) {}

  /// Node by node; what the source has already is copied.
  std::vector<Edit> finely(const Node& result) {
    writer_.know(source_);
    top(result);
    return std::move(edits_);
  }

  /// The root as one, written anew.
  std::vector<Edit> coarsely(const Node& result) {
    const Node& old = root_of(source_);
    Style const style = style_of(document_, old.span, old.span.begin);
    return {{old.span.begin, old.span.end, writer_.write(root_of(result), style, {})}};
  }

 private:
  std::vector<Match> match_top(const Node& result) const;
  void top(const Node& result);
  void pair(const Node& old, const Node& anew, const Scope& scope);
  void tag(const Node& old, const Node& anew, const Scope& scope, Scope& inside);
  void content(const Node& old, const Node& anew, const Scope& inside);
  void first_children(const Node& old, const Node& anew, const Scope& inside);
  void whole_content(const Node& old, const Node& anew, const Scope& inside);
  void each_child(const Node& old, const Node& anew, const Scope& inside);
  void remove(const Node& gone);

  const Document& document_;
  const Node& source_;
  std::size_t front_;  // nothing of the result stands before it
  NodeWriter writer_;
  std::vector<Edit> edits_{};
};

/// The root always stays one, and what would have to pass it is not the same any more. A new comment or
/// instruction takes the place of one that goes.
std::vector<Match> ResultEdits::match_top(const Node& result) const {
  std::vector<Match> matches = diff_trees(source_.children, result.children);
  auto const root = static_cast<std::size_t>(&root_of(source_) - source_.children.data());
  auto const new_root = static_cast<std::size_t>(&root_of(result) - result.children.data());
  if (matches[new_root].old == Match::none) matches[new_root].old = root;
  for (std::size_t j = 0; j < matches.size(); ++j)
    if (matches[j].old != Match::none && (j < new_root) != (matches[j].old < root)) matches[j] = {};
  std::vector<std::size_t> follower(matches.size() + 1, source_.children.size());
  for (std::size_t j = matches.size(); j-- > 0;)
    follower[j] = matches[j].old == Match::none ? follower[j + 1] : matches[j].old;
  std::size_t next = 0;
  for (std::size_t j = 0; j < matches.size(); ++j) {
    if (matches[j].old == Match::none && next < follower[j]) matches[j].old = next;
    if (matches[j].old != Match::none) next = matches[j].old + 1;
  }
  return matches;
}

/// The nodes beside the root: comments and instructions.
void ResultEdits::top(const Node& result) {
  std::vector<Match> const matches = match_top(result);
  std::vector<bool> kept(source_.children.size());
  std::size_t place = source_.children.front().span.begin;
  bool before = true;  // nothing of the source stands before `place` yet
  for (std::size_t j = 0; j < result.children.size(); ++j) {
    const Node& anew = result.children[j];
    if (matches[j].old == Match::none) {
      std::string const text = writer_.write(anew, {}, {});
      edits_.push_back({place, place, before ? text + '\n' : '\n' + text});
      continue;
    }
    const Node& old = source_.children[matches[j].old];
    kept[matches[j].old] = true;
    before = false;
    place = old.span.end;
    if (matches[j].exact) continue;
    if (anew.kind == Node::Kind::element && same_name(old, anew))
      pair(old, anew, {});
    else
      edits_.push_back({old.span.begin, old.span.end,
                        writer_.write(anew, style_of(document_, old.span, old.span.begin), {})});
  }
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (!kept[i]) remove(source_.children[i]);
}

void ResultEdits::pair(const Node& old, const Node& anew, const Scope& scope) {
  Scope inside;
  tag(old, anew, scope, inside);
  content(old, anew, inside);
}

void ResultEdits::tag(const Node& old, const Node& anew, const Scope& scope, Scope& inside) {
  inside = enter(scope, old);
  std::vector<Declaration> declarations = old.declarations;
  for (Declaration& more : needed(anew, inside)) {
    std::erase_if(declarations, [&](const Declaration& d) { return d.prefix == more.prefix; });
    inside[more.prefix] = more.uri;
    declarations.push_back(std::move(more));
  }
  for (Edit& edit : attribute_edits(document_, tag_of(old), tag_of(anew, declarations)))
    edits_.push_back(std::move(edit));
}

void ResultEdits::content(const Node& old, const Node& anew, const Scope& inside) {
  bool const same =
      std::equal(old.children.begin(), old.children.end(), anew.children.begin(), anew.children.end(), equal);
  if (same) return;
  bool const shared =
      std::any_of(old.children.begin(), old.children.end(), [](const Node& n) { return n.shared; });
  if (shared || old.mixed() || anew.mixed()) return whole_content(old, anew, inside);
  if (old.children.empty()) return first_children(old, anew, inside);
  each_child(old, anew, inside);
}

void ResultEdits::first_children(const Node& old, const Node& anew, const Scope& inside) {
  Element const element = tag_of(old);
  Style const style = style_inside(document_, element);
  std::string text;
  for (const Node& child : anew.children) text += style.lead() + writer_.write(child, style, inside);
  for (Edit& edit : fill(document_, element, text)) edits_.push_back(std::move(edit));
}

/// Text among elements: no white space may come or go.
void ResultEdits::whole_content(const Node& old, const Node& anew, const Scope& inside) {
  Style style = style_inside(document_, tag_of(old));
  bool const lined = !anew.mixed() && !anew.children.empty() && !style.eol.empty();
  if (!lined) style.eol.clear();
  std::string text;
  for (const Node& child : anew.children) text += style.lead() + writer_.write(child, style, inside);
  if (lined) text += style.eol + style.indent.substr(0, style.indent.size() - style.step.size());
  if (!old.empty_tag()) {
    edits_.push_back({old.tag_end, old.content_end, std::move(text)});
    return;
  }
  std::size_t const begin = white_space_before(document_.text(), old.tag_end - 2);
  edits_.push_back({begin, old.tag_end, '>' + text + "</" + old.name + '>'});
}

void ResultEdits::each_child(const Node& old, const Node& anew, const Scope& inside) {
  std::vector<Match> const matches = diff_trees(old.children, anew.children);
  std::vector<bool> kept(old.children.size());
  const Node* previous = nullptr;  // the last of the old ones that stays
  for (std::size_t j = 0; j < matches.size(); ++j) {
    const Node& child = anew.children[j];
    if (matches[j].old == Match::none) {
      Style const style =
          style_of(document_, previous ? previous->span : old.children.front().span, old.span.begin);
      std::size_t const place = previous ? previous->span.end : old.tag_end;
      edits_.push_back({place, place, style.lead() + writer_.write(child, style, inside)});
      continue;
    }
    previous = &old.children[matches[j].old];
    kept[matches[j].old] = true;
    if (!matches[j].exact) pair(*previous, child, inside);
  }
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (!kept[i]) remove(old.children[i]);
}

/// Takes the white space before it along; at the very front of a document that behind it.
void ResultEdits::remove(const Node& gone) {
  std::string_view const text = document_.text();
  std::size_t begin = white_space_before(text, gone.span.begin);
  std::size_t end = gone.span.end;
  if (begin <= front_) {
    begin = front_;
    end = front_ = std::min(text.find_first_not_of(" \t\r\n", end), text.size());
  }
  edits_.push_back({begin, end, {}});
}

void require_same_root(const Node& old, const Node& anew, const std::string& file) {
  if (same_name(old, anew)) return;
  throw Error(Exit::invalid, Place{.file = file},
              "the stylesheet made <" + anew.name + "> of this document, which is a <" + old.name + ">",
              "let it copy the root, with its namespace, and change what lies in it");
}

void require_document(const Node& source, const Node& result, const std::string& file) {
  auto const elements = std::count_if(result.children.begin(), result.children.end(),
                                      [](const Node& n) { return n.kind == Node::Kind::element; });
  if (elements == 1 && !result.mixed()) return require_same_root(root_of(source), root_of(result), file);
  throw Error(Exit::invalid, Place{.file = file},
              elements == 0
                  ? "the stylesheet made no element of this document"
                  : "the stylesheet made more than one element, or text beside it, of this document",
              "start from <xsl:copy><xsl:apply-templates select=\"@*|node()\"/></xsl:copy> for @*|node()");
}

std::vector<Message> notes_of(const std::string& said, const std::string& file) {
  std::vector<Message> notes;
  std::istringstream lines(said);
  for (std::string line; std::getline(lines, line);)
    if (std::string_view const text = trim(line); !text.empty())
      notes.push_back({Severity::note, {.file = file}, "the stylesheet's message: " + std::string(text), {}});
  return notes;
}

/// Makes the edits; true if the bytes then say what the stylesheet made.
bool write(std::string& bytes, std::vector<Edit> edits, const Document& like, const Node& result) {
  try {
    bytes = splice(like, std::move(edits)).bytes;
    std::string const text = like.utf8() ? bytes : decode(bytes, like.encoding, like.file);
    return equal(read_located(text, like.file), result);
  } catch (const Error&) {
    return false;  // not well-formed
  } catch (const std::logic_error&) {
    return false;
  }
}

}  // namespace

TransformedDocument transform_document(const std::string& bytes, const Stylesheet& sheet,
                                       const Stylesheet::Parameters& parameters, const std::string& file) {
  Document const document = Scanner().scan(bytes, file);
  Node const source = read_located(document.text(), file);
  auto const [result, said] = sheet.apply(document.text(), parameters, file);
  require_document(source, result, file);
  TransformedDocument out{.bytes = bytes, .notes = notes_of(said, file)};
  if (equal(source, result)) return out;
  // What was edited is read again: a namespace that changes its meaning, or a character that the encoding
  // cannot write at its place, is rare, and then the whole root is written anew.
  if (write(out.bytes, ResultEdits(document, source).finely(result), document, result)) return out;
  if (write(out.bytes, ResultEdits(document, source).coarsely(result), document, result)) return out;
  throw Error(Exit::invalid, Place{.file = file},
              "what the stylesheet made cannot be written into this document",
              "its encoding, its DTD or the names of the namespaces prevent it");
}

}  // namespace virt_iface
