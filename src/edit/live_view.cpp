// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/live_view.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "edit/types.hpp"
#include "xml/splice.hpp"

namespace virt_iface {
namespace {

/// The value of an attribute as it stands in a start tag, without its quotes; libvirt writes single ones.
Span value_in(std::string_view tag, const std::string& name) {
  const std::string opening = ' ' + name + "='";
  const std::size_t at = tag.find(opening);
  if (at == tag.npos) return {};
  const std::size_t begin = at + opening.size();
  return {begin, tag.find('\'', begin)};
}

std::string_view tag_of(const Document& document, const Element& element) {
  return document.text().substr(element.begin, element.tag_end - element.begin);
}

/// The start tag of a source without what libvirt chose when the guest started.
std::string stated(std::string tag) {
  for (const std::string name : {"portid", "bridge", "dev", "mode"})
    if (const Span value = value_in(tag, name); value.end != 0) {
      const std::size_t begin = value.begin - name.size() - std::string_view(" ='").size();
      tag.erase(begin, value.end + 1 - begin);
    }
  return tag;
}

void add_edits(const Document& document, const Element& interface, std::vector<Edit>& edits) {
  const Element* source = interface.child("source");
  if (source == nullptr || source->attribute("network") == nullptr) return;
  if (interface.at("@type") != "bridge" && interface.at("@type") != "direct") return;
  const Span type = value_in(tag_of(document, interface), "type");
  if (type.end == 0) return;
  edits.push_back({interface.begin + type.begin, interface.begin + type.end, "network"});
  edits.push_back({source->begin, source->tag_end, stated(std::string(tag_of(document, *source)))});
}

/// The interface of a network that a configuration has under the same MAC, or nullptr.
const Element* twin_of(const Element& interface, const Document& config) {
  for (const Element& other : config.domain.interfaces)
    if (mac_of(other) == mac_of(interface) && type_of(other) == "network" &&
        source_of(other) == source_of(interface))
      return &other;
  return nullptr;
}

/// libvirt writes an element alike in a guest and in a network, but for the white space.
std::string without_white_space(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == ' ' || c == '\n'; });
  return out;
}

/// True if that part of an interface of a network was not asked for in the guest.
bool is_inherited(const Document& live, const Element& part, const Element* twin,
                  const std::function<std::string()>& network) {
  constexpr std::array<std::string_view, 4> parts{"vlan", "virtualport", "bandwidth", "port"};
  if (std::ranges::find(parts, part.name) == parts.end()) return false;
  if (twin != nullptr) return twin->child(part.name) == nullptr;
  if (part.name == "bandwidth") return false;
  // A virtual port gets parameters of its own in the guest; its type is the network's.
  std::string text(part.name == "virtualport" ? "<virtualport type='" + std::string(part.at("@type")) + "'"
                                              : live.text().substr(part.begin, part.end - part.begin));
  return without_white_space(network()).find(without_white_space(text)) != std::string::npos;
}

}  // namespace

LiveView as_asked_for(Document live, const Document& config, const NetworkDefinition& network,
                      Scanner& scanner) {
  Document document = with_networks(std::move(live), scanner);
  LiveView view;
  std::vector<Edit> edits;
  for (const Element& interface : document.domain.interfaces) {
    std::vector<Inherited>& inherited = view.inherited.emplace_back();
    if (type_of(interface) != "network") continue;
    const Element* twin = twin_of(interface, config);
    const auto definition = [&] { return network(source_of(interface)); };
    for (const Element& part : interface.children) {
      if (!is_inherited(document, part, twin, definition)) continue;
      inherited.push_back(
          {part.name, std::string(document.text().substr(part.begin, part.end - part.begin))});
      const std::size_t before = document.text().find_last_not_of(" \n", part.begin - 1) + 1;
      edits.push_back({before, part.end, {}});
    }
  }
  view.document = edits.empty() ? std::move(document)
                                : scanner.scan(splice(document, std::move(edits)).bytes, document.file);
  return view;
}

Document with_networks(Document live, Scanner& scanner) {
  std::vector<Edit> edits;
  for (const Element& interface : live.domain.interfaces) add_edits(live, interface, edits);
  if (edits.empty()) return live;
  return scanner.scan(splice(live, std::move(edits)).bytes, live.file);
}

}  // namespace virt_iface
