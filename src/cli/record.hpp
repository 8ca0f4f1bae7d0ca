// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "xml/document.hpp"

namespace virt_iface {

/// An interface as list and show tell of it.
struct Record {
  struct Address {
    std::string address{};
    std::string source{};  ///< who said so: lease, agent or arp
  };
  std::string domain{};
  std::size_t position = 0;
  std::string type{};  ///< in our words, or libvirt's for the types that we do not make
  std::string libvirt_type{};
  std::string source{};
  std::string mode{};
  std::string vlan{};
  std::string model{};
  std::string mac{};
  std::string target{};
  std::string link{};
  std::string xml{};  ///< the element's own text
  std::vector<Address> ips{};
};

Record record_of(const Document& document, std::size_t position);

/// How records are written: `table`, `json`, `xml` or `tsv`.
struct RecordFormat {
  std::string name = "table";
  bool domain_column = false;  ///< in the table, when there are several domains
  std::size_t room = 0;        ///< columns of the terminal; 0: it is none
};

/// All of it, each line ended.
std::string format_records(const std::vector<Record>& records, const RecordFormat& how);

}  // namespace virt_iface
