// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/verify.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "table/values.hpp"
#include "view/read.hpp"

namespace virt_iface {
namespace {

[[noreturn]] void refuse(const Document& document, std::size_t place, const std::string& what) {
  throw Error(Exit::invalid, document.place(place), what,
              "nothing was written; this is a fault of virt-iface: report it with the document");
}

/// True for `<interface …>…</interface>`, one or several, and for a `<devices>` that is made for them.
bool is_whole(std::string_view text) {
  std::size_t const begin = text.find('<');
  if (begin == text.npos) return false;
  std::string_view const front = text.substr(begin);
  return (front.starts_with("<interface") || front.starts_with("<devices")) && text.ends_with('>');
}

/// The interface that an edit lies in, or nullptr.
const Element* holder(const std::vector<Element>& interfaces, const Edit& edit) {
  auto const next = std::ranges::upper_bound(interfaces, edit.begin, {}, &Element::begin);
  if (next == interfaces.begin()) return nullptr;
  const Element& before = *(next - 1);
  return edit.begin > before.begin && edit.end <= before.end ? &before : nullptr;
}

bool is_sound(const Document& document, const std::vector<Element>& interfaces, const Edit& edit) {
  std::string_view const text = document.text();
  if (edit.begin > edit.end || edit.end > text.size()) return false;
  if (const Element* in = holder(interfaces, edit))
    return is_whole(text.substr(in->begin, in->end - in->begin));
  if (edit.text.empty()) return is_whole(text.substr(edit.begin, edit.end - edit.begin));
  // An empty-element tag is opened up at its `/>`.
  return is_whole(edit.text) &&
         (edit.begin == edit.end || text.substr(edit.begin, edit.end - edit.begin) == "/>");
}

/// White space between elements counts for nothing.
bool equal(const Element& a, const Element& b) {
  auto const same = [](const Attribute& x, const Attribute& y) {
    return x.name == y.name && x.value == y.value;
  };
  return a.name == b.name && (!a.children.empty() || a.text == b.text) &&
         std::ranges::is_permutation(a.attributes, b.attributes, same) &&
         std::ranges::equal(a.children, b.children, equal);
}

bool holds(const Interface& a, const Interface& b) {
  return std::ranges::all_of(b.settings, [&](const Setting& setting) {
    return equal_values(setting.key, a.get(setting.key), setting.value);
  });
}

/// What an element has that it was not to have, if the document's DTD gives it that: what is to be said of
/// it.
std::optional<std::string> given_by_dtd(const Element& wanted, const Element& now) {
  for (const Attribute& attribute : now.attributes)
    if (wanted.attribute(attribute.name) == nullptr) return dtd_default(now, attribute);
  for (const Element& child : now.children)
    if (const Element* same = wanted.child(child.name))
      if (std::optional<std::string> found = given_by_dtd(*same, child)) return found;
  return std::nullopt;
}

/// As we read them: what stood there spelled otherwise stays so.
bool same_values(const Element& a, const Element& b) {
  Interface const x = read_interface(a);
  Interface const y = read_interface(b);
  return holds(x, y) && holds(y, x);
}

}  // namespace

void require_interfaces_only(const Document& document, const std::vector<Edit>& edits) {
  const std::vector<Element> none;
  for (const Edit& edit : edits) {
    if (is_sound(document, document.domain.interfaces, edit)) continue;
    const auto& inactive = document.inactive_domain;
    if (!is_sound(document, inactive ? inactive->interfaces : none, edit))
      refuse(document, std::min(edit.begin, document.text().size()),
             "an edit here would reach beyond an <interface>");
  }
}

void require_as_decided(const Document& document, const Domain& before, const std::vector<Change>& changes,
                        const Domain& after) {
  std::vector<const Change*> by_position(before.interfaces.size(), nullptr);
  std::vector<const Change*> added;
  for (const Change& change : changes)
    (change.kind == Change::Kind::added ? added.emplace_back() : by_position.at(change.position - 1)) =
        &change;
  auto now = after.interfaces.begin();
  auto const require = [&](bool (*fits)(const Element&, const Element&), const Element& wanted,
                           std::size_t place) {
    const bool ends = now == after.interfaces.end();
    if (!ends && fits(*now, wanted)) {
      ++now;
      return;
    }
    if (const auto given = ends || !document.doctype ? std::nullopt : given_by_dtd(wanted, *now))
      throw Error(Exit::invalid, document.place(place), *given, dtd_hint);
    refuse(document, place, "an interface would come out otherwise than was decided");
  };
  for (std::size_t i = 0; i < by_position.size(); ++i) {
    const Element& present = before.interfaces[i];
    if (!by_position[i])
      require(equal, present, present.begin);
    else if (by_position[i]->kind == Change::Kind::changed)
      require(same_values, by_position[i]->interface, present.begin);
  }
  for (const Change* change : added) require(equal, change->interface, before.element.begin);
  if (now != after.interfaces.end())
    refuse(document, before.element.begin, "there would be more interfaces than were decided");
}

}  // namespace virt_iface
