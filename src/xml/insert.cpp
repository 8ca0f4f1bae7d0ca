// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/insert.hpp"

#include "xml/style.hpp"

namespace virt_iface {
namespace {

std::string serialise_all(const std::vector<Element>& elements, const Style& style) {
  std::string text;
  for (const Element& element : elements) text.append(style.lead()).append(serialise(element, style));
  return text;
}

/// A domain without `<devices>`.
std::vector<Edit> insert_devices(const Document& document, const std::vector<Element>& added) {
  const Element& domain = document.domain.element;
  Element devices;
  devices.name = "devices";
  devices.children = added;
  std::vector<Element> const whole{devices};
  if (const auto& anchor = document.domain.devices_anchor)
    return {{anchor->end, anchor->end, serialise_all(whole, style_of(document, *anchor, domain.begin))}};
  return fill(document, domain, serialise_all(whole, style_inside(document, domain)));
}

}  // namespace

std::vector<Edit> fill(const Document& document, const Element& parent, const std::string& text) {
  if (!parent.empty_tag()) return {{parent.tag_end, parent.tag_end, text}};
  Style const inside = style_inside(document, parent);
  std::string close;
  if (!inside.eol.empty()) {
    std::size_t const blank = white_space_before(document.text(), parent.begin);
    std::string_view const own = document.text().substr(blank, parent.begin - blank);
    close = inside.eol + std::string(own.substr(own.find_last_of("\r\n") + 1));
  }
  return {{parent.tag_end - 2, parent.tag_end, ">" + text + close + "</" + parent.name + ">"}};
}

void require_own_text(const Document& document, const Element& element) {
  if (element.foreign)
    throw Error(Exit::invalid, document.place(element.begin), "this interface comes out of an entity",
                expand_hint);
}

void require_no_doubt(const Document& document, const Element& interface) {
  require_own_text(document, interface);
  if (interface.doubts.empty()) return;
  const Doubt& first = interface.doubts.front();
  throw Error(Exit::invalid, document.place(first.place), first.text, first.hint);
}

std::vector<Edit> insert_interfaces(const Document& document, const std::vector<Element>& added) {
  if (added.empty()) return {};
  const Domain& domain = document.domain;
  require_domain(document);
  if (domain.foreign_devices)
    throw Error(Exit::invalid, document.place(*domain.foreign_devices),
                "part of <devices> comes out of an entity before this place", expand_hint);
  if (!domain.devices) return insert_devices(document, added);
  std::optional<Span> anchor = domain.interface_anchor;
  if (!domain.interfaces.empty()) anchor = Span{domain.interfaces.back().begin, domain.interfaces.back().end};
  if (!anchor)
    return fill(document, *domain.devices, serialise_all(added, style_inside(document, *domain.devices)));
  Style const style = style_of(document, *anchor, domain.devices->begin);
  return {{anchor->end, anchor->end, serialise_all(added, style)}};
}

void require_domain(const Document& document) {
  if (document.root == Root::interface)
    throw Error(Exit::invalid, document.place(document.domain.interfaces.front().begin),
                "this is a bare <interface>, which holds no others",
                "show, update and retarget work on it; for the rest a domain is needed");
  if (document.domain.element.end == 0)
    throw Error(Exit::invalid, document.place(0), "there is no <domain> in this document",
                "a snapshot or checkpoint must hold its domain whole");
}

Edit remove_element(const Document& document, const Element& element) {
  return {white_space_before(document.text(), element.begin), element.end, {}};
}

}  // namespace virt_iface
