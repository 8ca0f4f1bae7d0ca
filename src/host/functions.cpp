// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/functions.hpp"

#include <algorithm>
#include <fstream>

#include "base/text.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// The last part of what a link leads to, or empty.
std::string linked(const fs::path& link) {
  std::error_code failure;
  const fs::path target = fs::read_symlink(link, failure);
  return failure ? std::string() : target.filename().string();
}

/// The network device of a function, or empty: a guest or vfio may have it.
std::string net_device(const fs::path& function) {
  std::error_code failure;
  const fs::directory_iterator entry(function / "net", failure);
  return failure || entry == fs::directory_iterator() ? std::string() : entry->path().filename().string();
}

Source function_at(const fs::path& directory, const fs::path& root) {
  Source source{.type = "hostdev", .name = directory.filename(), .kind = "pci"};
  std::error_code ignored;
  const std::string card = linked(directory / "physfn");
  if (!card.empty())
    source.kind = "vf";
  else if (fs::exists(directory / "sriov_totalvfs", ignored))
    source.kind = "pf";
  const std::string device = net_device(directory);
  if (const auto nic = find_nic(device, root)) {
    source.state = nic->state;
    source.speed = nic->speed;
    source.mtu = nic->mtu;
    source.mac = nic->mac;
  }
  source.driver = linked(directory / "driver");
  const std::string name = card.empty() ? std::string() : net_device(directory / "physfn");
  std::vector<std::string> notes;
  if (!card.empty()) notes.push_back("of " + (name.empty() ? card : name + " (" + card + ')'));
  if (!device.empty()) notes.push_back("device " + device);
  source.note = join(notes, ", ");
  return source;
}

Message missing(const std::string& what, std::string hint) {
  return {Severity::error, {}, "this host has no " + what, std::move(hint), "no-source"};
}

}  // namespace

std::vector<Source> pci_functions(const fs::path& root) {
  std::vector<Source> out;
  std::error_code failure;
  for (auto entry = fs::directory_iterator(root / "bus/pci/devices", failure);
       !failure && entry != end(entry); entry.increment(failure))
    if (first_line(entry->path() / "class").starts_with("0x02"))  // PCI's class of network controllers
      out.push_back(function_at(entry->path(), root));
  std::ranges::sort(out, {}, &Source::name);
  return out;
}

std::vector<Message> check_passed_through(const fs::path& root, std::string_view type,
                                          std::string_view name) {
  std::error_code ignored;
  const std::string quoted = "'" + std::string(name) + "'";
  if (name.empty()) return {};
  if (type == "hostdev") {
    if (fs::exists(root / "bus/pci/devices" / name, ignored)) return {};
    std::vector<std::string> names;
    for (const Source& source : pci_functions(root)) names.push_back(source.name);
    return {missing("PCI function " + quoted, named_instead(name, names))};
  }
  if (fs::exists(name, ignored)) return {};
  if (type == "vdpa") return {missing("vDPA device " + quoted, "vdpa dev show lists them")};
  const fs::path directory = fs::path(name).parent_path();
  if (!fs::is_directory(directory, ignored))
    return {missing("directory '" + directory.string() + "' for the socket " + quoted,
                    "make it, or correct name")};
  return {{Severity::warning,
           {},
           "the socket " + quoted + " is not there yet",
           "the switch makes it, or QEMU with source.mode = server"}};
}

}  // namespace virt_iface
