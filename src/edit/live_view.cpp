// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/live_view.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

}  // namespace

Document with_networks(Document live, Scanner& scanner) {
  std::vector<Edit> edits;
  for (const Element& interface : live.domain.interfaces) add_edits(live, interface, edits);
  if (edits.empty()) return live;
  return scanner.scan(splice(live, std::move(edits)).bytes, live.file);
}

}  // namespace virt_iface
