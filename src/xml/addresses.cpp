// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/addresses.hpp"

#include <libxml/xmlreader.h>

#include <limits>
#include <memory>

#include "xml/libxml.hpp"

namespace virt_iface {
namespace {

using TextReader = std::unique_ptr<xmlTextReader, decltype([](xmlTextReaderPtr r) { xmlFreeTextReader(r); })>;

/// Walks through the text and gathers; knows where it is by the names on the way.
class Gatherer {
 public:
  explicit Gatherer(xmlTextReaderPtr reader) : reader_(reader) {}

  std::vector<Element> run() {
    while (xmlTextReaderRead(reader_) == 1)
      if (xmlTextReaderNodeType(reader_) == XML_READER_TYPE_ELEMENT)
        start(libxml::from_xml(xmlTextReaderConstLocalName(reader_)));
    return std::move(devices_);
  }

 private:
  void start(const std::string& name) {
    const auto depth = static_cast<std::size_t>(std::max(xmlTextReaderDepth(reader_), 0));
    way_.resize(depth);
    way_.push_back(name);
    if (depth < 3 || way_[depth - 2] != "devices") {
      const bool in_address = depth > 3 && way_[depth - 3] == "devices" && way_[depth - 1] == "address";
      if (in_address && way_[depth - 2] != "interface")
        devices_.back().children.back().children.push_back(element(name));
    } else if (name == "address" && way_[depth - 1] != "interface") {
      devices_.push_back({.name = way_[depth - 1], .children = {element(name)}});
    }
  }

  Element element(const std::string& name) {
    Element made{.name = name};
    while (xmlTextReaderMoveToNextAttribute(reader_) == 1)
      made.attributes.push_back({libxml::from_xml(xmlTextReaderConstName(reader_)),
                                 libxml::from_xml(xmlTextReaderConstValue(reader_))});
    xmlTextReaderMoveToElement(reader_);
    return made;
  }

  xmlTextReaderPtr reader_;
  std::vector<std::string> way_{};  // the names of the open elements
  std::vector<Element> devices_{};
};

}  // namespace

std::vector<Element> devices_with_addresses(const Document& document) {
  libxml::initialise();
  const std::string_view text = document.text();
  if (text.size() > std::numeric_limits<int>::max()) return {};
  const TextReader reader(
      xmlReaderForMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8",
                         XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR));
  if (!reader) throw std::bad_alloc();
  return Gatherer(reader.get()).run();
}

}  // namespace virt_iface
