// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/reconcile.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "xml/insert.hpp"
#include "xml/list_places.hpp"
#include "xml/style.hpp"

namespace virt_iface {
namespace {

/// Where the parts of an attribute stand in its tag.
struct AttributeSpan {
  std::size_t begin;        // of the white space before the name
  std::size_t value_begin;  // behind the quote
  std::size_t value_end;
};

/// Finds an attribute by the spelling of its name in a well-formed start tag.
std::optional<AttributeSpan> find_attribute(std::string_view text, const Element& element,
                                            std::string_view name) {
  std::size_t here = element.begin + 1 + element.name.size();
  while (true) {
    std::size_t const begin = here;
    std::size_t const word = text.find_first_not_of(" \t\r\n", here);
    if (word == text.npos || word >= element.tag_end || text[word] == '>' || text[word] == '/')
      return std::nullopt;
    std::size_t const name_end = text.find_first_of(" \t\r\n=", word);
    std::size_t const open = text.find_first_of("'\"", name_end);
    std::size_t const close = text.find(text[open], open + 1);
    if (text.substr(word, name_end - word) == name) return AttributeSpan{begin, open + 1, close};
    here = close + 1;
  }
}

std::size_t last_attribute_end(std::string_view text, const Element& element) {
  std::size_t end = element.tag_end - 1;
  if (element.empty_tag()) --end;
  return white_space_before(text, end);
}

[[noreturn]] void throw_default(const Document& document, const Element& element,
                                const Attribute& attribute) {
  throw Error(Exit::invalid, document.place(element.begin), dtd_default(element, attribute), dtd_hint);
}

/// The attribute as it stands, with another value: its white space and quotes stay.
std::string respelled(std::string_view text, const AttributeSpan& span, const std::string& serialised) {
  std::size_t const value = serialised.find(text[span.value_end]) + 1;
  return std::string(text.substr(span.begin, span.value_begin - span.begin)) + serialised.substr(value);
}

/// Adds a child behind `previous` (nullptr: as the first) of an element of the document that has children.
Edit insertion(const Document& document, const Element& parent, const Element* previous,
               const Element& child) {
  const Element& model = previous ? *previous : parent.children.front();
  Style const style = style_of(document, {model.begin, model.end}, parent.begin);
  std::size_t const place = previous ? previous->end : parent.tag_end;
  return {place, place, style.lead() + serialise(child, style)};
}

std::vector<Edit> first_children(const Document& document, const Element& parent,
                                 const std::vector<Element>& children) {
  if (children.empty()) return {};
  Style const style = style_inside(document, parent);
  std::string text;
  for (const Element& child : children) text += style.lead() + serialise(child, style);
  return fill(document, parent, text);
}

/// A filter's parameters have names. Several of one name are a list of values.
bool has_name(const Element& child) {
  return child.name == "parameter";
}

/// What tells the children of an element apart: their name, and that of a filter's parameter.
std::string identity(const Element& child) {
  return has_name(child) ? "parameter " + std::string(child.at("@name")) : child.name;
}

bool same(const Element& a, const Element& b) {
  return a.name == b.name && (!has_name(a) || a.at("@name") == b.at("@name"));
}

template <class Children>
auto find_same(Children& children, const Element& child) {
  return std::find_if(children.begin(), children.end(), [&](const Element& c) { return same(c, child); });
}

std::vector<Element> all_same(const std::vector<Element>& children, const Element& child) {
  std::vector<Element> out;
  std::ranges::copy_if(children, std::back_inserter(out), [&](const Element& c) { return same(c, child); });
  return out;
}

/// The child that stands for the same thing, or nullptr.
const Element* same_child(const Element& parent, const Element& child) {
  auto const found = find_same(parent.children, child);
  return found == parent.children.end() ? nullptr : &*found;
}

bool equal(const Element& a, const Element& b) {
  auto same_attributes = [](const Attribute& x, const Attribute& y) {
    return x.name == y.name && x.value == y.value;
  };
  return a.name == b.name && a.text == b.text &&
         std::equal(a.attributes.begin(), a.attributes.end(), b.attributes.begin(), b.attributes.end(),
                    same_attributes) &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), equal);
}

/// True if nothing tells two children of one of them apart: then the element is one value.
bool is_list(const Element& a, const Element& b) {
  auto repeated = [](const Element& e) {
    std::set<std::string> seen;
    return std::any_of(e.children.begin(), e.children.end(),
                       [&](const Element& c) { return !has_name(c) && !seen.insert(c.name).second; });
  };
  return repeated(a) || repeated(b);
}

/// A copy without offsets: to be written anew.
Element as_new(Element element) {
  element.begin = element.tag_end = element.content_end = element.end = 0;
  return element;
}

void set_attribute(Element& element, const Attribute& attribute) {
  auto found = std::find_if(element.attributes.begin(), element.attributes.end(),
                            [&](const Attribute& a) { return a.name == attribute.name; });
  if (found == element.attributes.end())
    element.attributes.push_back(attribute);
  else
    found->value = attribute.value;
}

void merge_attributes(Element& result, const Element& before, const Element& after) {
  std::erase_if(result.attributes,
                [&](const Attribute& a) { return before.attribute(a.name) && !after.attribute(a.name); });
  for (const Attribute& attribute : after.attributes) {
    const std::string* had = before.attribute(attribute.name);
    if (!had || *had != attribute.value) set_attribute(result, attribute);
  }
}

/// Merges what leads from one description of an element to another into the element that is there.
class Merge {
 public:
  explicit Merge(const ElementRules& rules) : rules_(rules) {}

  /// `present` with the changes that lead from `before` to `after`; new children have no offsets. `path`
  /// leads from the interface to it, and ends with a slash where there is one.
  Element merged(const Element& present, const Element& before, const Element& after,
                 const std::string& path) const {
    Element result = present;
    merge_attributes(result, before, after);
    if (after.text != before.text && after.children.empty()) result.text = after.text;
    std::set<std::string> done =
        path.empty() ? merge_repeated(result, before, after) : std::set<std::string>{};
    for (const Element& wanted : after.children)
      if (done.insert(identity(wanted)).second)
        has_name(wanted) ? merge_values(result, before, after, wanted, path)
                         : merge_child(result, same_child(before, wanted), wanted, path);
    for (const Element& gone : before.children)
      if (!same_child(after, gone) && !done.contains(identity(gone))) merge_gone(result, gone, path);
    return result;
  }

 private:
  /// What stands several times in an interface (portForward) is one value: it stays, or all of it is written
  /// anew. Gives the names of what was merged so.
  std::set<std::string> merge_repeated(Element& result, const Element& before, const Element& after) const {
    std::set<std::string> done;
    for (const Element* side : {&before, &after})
      for (const Element& child : side->children) {
        const std::string& name = child.name;
        const std::vector<Element> had = named(before, name);
        const std::vector<Element> wanted = named(after, name);
        if (std::max({had.size(), wanted.size(), named(result, name).size()}) < 2) continue;
        if (!done.insert(name).second || std::ranges::equal(had, wanted, equal)) continue;
        std::erase_if(result.children, [&](const Element& c) { return c.name == name; });
        for (const Element& one : wanted) insert_in_order(result, one, {});
      }
    return done;
  }

  void insert_in_order(Element& parent, Element child, const std::string& path) const {
    auto later = std::find_if(parent.children.begin(), parent.children.end(), [&](const Element& c) {
      return rules_.rank(path + c.name) > rules_.rank(path + child.name);
    });
    parent.children.insert(later, as_new(std::move(child)));
  }

  /// Behind the last that stands for the same thing.
  void insert_behind(Element& parent, const Element& child, const std::string& path) const {
    auto last = std::find_if(parent.children.rbegin(), parent.children.rend(),
                             [&](const Element& c) { return same(c, child); });
    if (last == parent.children.rend()) return insert_in_order(parent, child, path);
    parent.children.insert(last.base(), as_new(child));
  }

  /// An element whose anchor goes is gone as a whole, whatever else it has.
  bool loses_anchor(const Element& before, const Element& after, const std::string& path) const {
    return std::ranges::any_of(before.attributes, [&](const Attribute& a) {
      return !after.attribute(a.name) && rules_.is_anchor(path + '@' + a.name);
    });
  }

  void merge_child(Element& result, const Element* had, const Element& wanted,
                   const std::string& path) const {
    static const Element nothing;
    if (had && equal(*had, wanted)) return;  // spelled otherwise perhaps, but not changed
    auto has = find_same(result.children, wanted);
    if (has == result.children.end()) return insert_in_order(result, wanted, path);
    if (!is_list(*has, wanted)) {
      *has = merged(*has, had ? *had : nothing, wanted, path + wanted.name + '/');
      return;
    }
    if (equal(*has, wanted)) return;
    if (is_of_one_name(wanted)) {
      *has = merged_list(*has, had ? *had : nothing, wanted, path + wanted.name + '/');
      return;
    }
    Element anew = wanted;
    anew.begin = has->begin;  // it takes the old one's place, with nothing of its text
    anew.end = has->end;
    anew.tag_end = 0;
    *has = std::move(anew);
  }

  /// A list of children of one name (VLAN tags): those that stay keep their bytes, and what stands between
  /// them.
  Element merged_list(const Element& present, const Element& before, const Element& after,
                      const std::string& path) const {
    Element result = present;
    merge_attributes(result, before, after);
    result.children.clear();
    const std::vector<Element>& wanted = after.children;
    const std::vector<std::size_t> places = list_places(present.children, wanted);
    std::size_t next = 0;
    const auto add_new = [&](std::size_t end) {
      for (; next < end; ++next) result.children.push_back(as_new(wanted[next]));
    };
    for (std::size_t i = 0; i < present.children.size(); ++i) {
      const Element& child = present.children[i];
      const auto taker = static_cast<std::size_t>(std::ranges::find(places, i) - places.begin());
      if (taker == places.size()) {
        if (child.name != wanted.front().name) result.children.push_back(child);
        continue;
      }
      add_new(taker);
      const auto known =
          std::ranges::find_if(before.children, [&](const Element& had) { return stands_for(child, had); });
      result.children.push_back(merged(child, known == before.children.end() ? child : *known, wanted[next++],
                                       path + child.name + '/'));
    }
    add_new(wanted.size());
    return result;
  }

  /// The values under one name: each takes the place of one that is there; more of them come behind.
  void merge_values(Element& result, const Element& before, const Element& after, const Element& first,
                    const std::string& path) const {
    const std::vector<Element> had = all_same(before.children, first);
    const std::vector<Element> wanted = all_same(after.children, first);
    if (std::ranges::equal(had, wanted, equal)) return;
    std::vector<Element> merged_children;
    std::size_t next = 0;
    for (Element& child : result.children) {
      if (!same(child, first))
        merged_children.push_back(std::move(child));
      else if (next < wanted.size()) {
        const Element known = next < had.size() ? had[next] : Element{};
        merged_children.push_back(merged(child, known, wanted[next++], path + first.name + '/'));
      }
    }
    result.children = std::move(merged_children);
    for (; next < wanted.size(); ++next) insert_behind(result, wanted[next], path);
  }

  void merge_gone(Element& result, const Element& gone, const std::string& path) const {
    auto has = find_same(result.children, gone);
    if (has == result.children.end()) return;
    if (has_name(gone)) {
      std::erase_if(result.children, [&](const Element& c) { return same(c, gone); });
      return;
    }
    const std::string inside = path + gone.name + '/';
    Element const left = is_list(*has, gone) ? Element{} : merged(*has, gone, Element{}, inside);
    if ((left.attributes.empty() && left.children.empty()) || loses_anchor(gone, Element{}, inside))
      result.children.erase(has);
    else
      *has = left;
  }

  const ElementRules& rules_;
};

void child_edits(const Document& document, const Element& present, const Element& target,
                 std::vector<Edit>& edits);

/// Whether nothing but white space stands between the children of an element.
bool is_only_white_space(const Document& document, const Element& element) {
  std::size_t here = element.tag_end;
  for (const Element& child : element.children) {
    if (white_space_before(document.text(), child.begin) > here) return false;
    here = child.end;
  }
  return white_space_before(document.text(), element.content_end) <= here;
}

void edits_between(const Document& document, const Element& present, const Element& target,
                   std::vector<Edit>& edits) {
  for (Edit& edit : attribute_edits(document, present, target)) edits.push_back(std::move(edit));
  if (present.text != target.text && present.children.empty() && !present.empty_tag())
    edits.push_back({present.tag_end, present.content_end, escaped(target.text)});
  child_edits(document, present, target, edits);
}

void child_edits(const Document& document, const Element& present, const Element& target,
                 std::vector<Edit>& edits) {
  if (present.children.empty()) {
    for (Edit& edit : first_children(document, present, target.children)) edits.push_back(std::move(edit));
    return;
  }
  if (target.children.empty() && is_only_white_space(document, present)) {
    // As an element without children is written: attach and detach of a child leave what was there.
    const std::size_t end = white_space_before(document.text(), present.tag_end - 1);
    edits.push_back({end, present.end, style_inside(document, present).spaced_end ? " />" : "/>"});
    return;
  }
  const Element* previous = nullptr;  // the last child that stays
  auto old = present.children.begin();
  auto const remove_up_to = [&](std::size_t begin) {
    for (; old != present.children.end() && old->begin < begin; ++old)
      edits.push_back(remove_element(document, *old));
  };
  for (const Element& child : target.children) {  // those that stay, in their order, and new ones
    if (child.end == 0) {
      edits.push_back(insertion(document, present, previous, child));
      continue;
    }
    remove_up_to(child.begin);
    previous = &*old++;
    if (child.tag_end != 0)
      edits_between(document, *previous, child, edits);
    else
      edits.push_back(
          {previous->begin, previous->end,
           serialise(child, style_of(document, {previous->begin, previous->end}, present.begin))});
  }
  remove_up_to(present.end);
}

}  // namespace

std::vector<Edit> attribute_edits(const Document& document, const Element& present, const Element& target) {
  std::vector<Edit> edits;
  std::string_view const text = document.text();
  char const quote = quote_of(document, present);
  std::string added;
  for (const Attribute& attribute : present.attributes) {
    const std::string* value = target.attribute(attribute.name);
    if (value && *value == attribute.value) continue;
    auto const span = find_attribute(text, present, attribute.name);
    Attribute const changed{attribute.name, value ? *value : std::string()};
    if (!span) {
      if (!value) throw_default(document, present, attribute);
      added += serialise(changed, quote);
      continue;
    }
    edits.push_back(
        {span->begin, span->value_end + 1,
         value ? respelled(text, *span, serialise(changed, text[span->value_end])) : std::string()});
  }
  for (const Attribute& attribute : target.attributes)
    if (!present.attribute(attribute.name)) added += serialise(attribute, quote);
  std::size_t const end = last_attribute_end(text, present);
  if (!added.empty()) edits.push_back({end, end, added});
  return edits;
}

std::vector<Edit> reconcile(const Document& document, const Element& present, const Element& before,
                            const Element& after, const ElementRules& rules) {
  require_own_text(document, present);
  std::vector<Edit> edits;
  edits_between(document, present, Merge(rules).merged(present, before, after, {}), edits);
  return edits;
}

}  // namespace virt_iface
