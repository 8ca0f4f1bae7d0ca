// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "table/interface.hpp"
#include "xml/document.hpp"

namespace virt_iface {

/// An interface as list and show have it.
struct Record {
  struct Address {
    std::string address{};
    std::string source{};  ///< where it comes from: lease, agent or arp
  };
  std::string file{};    ///< of a document or template
  std::string uri{};     ///< of a guest: libvirt's
  std::string domain{};  ///< its name; of a template the file
  std::string uuid{};
  std::size_t position = 0;  ///< 0: a template implies it, and it stands nowhere
  std::string libvirt_type{};
  Interface keys{};   ///< with the type in our words, or libvirt's for the types that we do not make
  std::string xml{};  ///< the element's own text
  std::vector<Setting> kept{};  ///< what it says beside its keys
  std::vector<Address> ips{};
};

Record record_of(const Document& document, std::size_t position);

/// A guest without an interface: at no position.
Record record_without(const Document& document);

/// The same of a template's interface.
Record record_of(const Interface& interface, const std::string& file, std::size_t position);

/// How records are written.
struct RecordFormat {
  std::string name = "table";          ///< `table`, `keys` (one a line), `json`, `xml` or `tsv`
  std::vector<std::string> columns{};  ///< of a table and TSV; none: the usual ones
  bool domain_column = false;          ///< in the table, when there are several domains
  std::size_t room = 0;                ///< columns of the terminal; 0: it is none
};

/// Throws Error (usage) for a name that is no column, with the near miss.
void require_columns(const std::vector<std::string>& columns);

/// All of it, each line ended.
std::string format_records(const std::vector<Record>& records, const RecordFormat& how);

}  // namespace virt_iface
