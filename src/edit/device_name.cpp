// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/device_name.hpp"

#include "table/device_pattern.hpp"
#include "table/values.hpp"

namespace virt_iface {

bool names_by_pattern(const Interface& interface) {
  return is_device_pattern(interface.get("target.dev"));
}

std::string made_device_name(const Interface& interface, const Domain& domain, std::size_t position,
                             const Taken& taken, const std::string& same) {
  const Setting& pattern = *interface.find("target.dev");
  const Place& place = pattern.place.file.empty() ? interface.place : pattern.place;
  const std::string what = "target.dev '" + pattern.value + "'";
  if (domain.name.empty() && has_domain_name(pattern.value))
    throw Error(Exit::invalid, place, what + " needs the domain's name, which the document does not have",
                "give the domain one, or name the device itself");
  if (makes_device(pattern.value, domain.name, same) && taken.is_free("target.dev", same, same)) return same;
  std::string name = device_name(pattern.value, domain.name, position);
  while (has_number(pattern.value) && !taken.is_free("target.dev", name))
    name = device_name(pattern.value, domain.name, ++position);
  const Verdict verdict = judge(*find_key("target.dev"), "target.dev", name);
  if (!verdict.fault.empty())
    throw Error(Exit::invalid, place, what + " makes a name that cannot be used: " + verdict.fault,
                verdict.hint);
  return name;
}

}  // namespace virt_iface
