// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/event.hpp"

#include <algorithm>
#include <iterator>

namespace virt_iface::hook {
namespace {

struct Row {
  std::string_view operation;
  std::string_view suboperation;
  Task task;
};

constexpr Row rows[] = {{"prepare", "begin", Task::check},
                        {"started", "begin", Task::inject},
                        {"migrate", "begin", Task::retarget},
                        {"restore", "begin", Task::retarget},
                        {"release", "end", Task::release}};

/// libvirt's own (virHookDriver).
constexpr std::string_view drivers[] = {"daemon", "qemu", "lxc", "network", "libxl", "bhyve"};

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

std::string_view without_last_part(std::string_view path) {
  std::size_t const slash = path.rfind('/');
  return slash == std::string::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace

Event event_of(const std::vector<std::string>& words) {
  Event event;
  if (words.size() < 3) return event;
  event.guest = words[0];
  event.operation = words[1];
  for (const Row& row : rows)
    if (row.operation == words[1] && row.suboperation == words[2]) event.task = row.task;
  return event;
}

std::string driver_of_link(std::string_view called_as) {
  std::string_view directory = without_last_part(called_as);
  std::string_view name = last_part(called_as);
  if (last_part(directory).ends_with(".d")) {
    name = last_part(directory);
    name.remove_suffix(2);
    directory = without_last_part(directory);
  } else if (name == "virt-iface") {
    return {};  // the program itself, in a directory of that name
  }
  bool const is_libvirts = std::ranges::find(drivers, name) != std::end(drivers) ||
                           last_part(without_last_part(directory)) == "libvirt";
  return std::string(last_part(directory) == "hooks" && is_libvirts ? name : std::string_view());
}

bool is_our_driver(std::string_view driver) {
  return driver == "qemu" || driver == "libxl";
}

std::string_view driver_of_domain(std::string_view domain_type) {
  return domain_type == "xen" ? "libxl" : "qemu";
}

}  // namespace virt_iface::hook
