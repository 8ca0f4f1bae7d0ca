// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/template_target.hpp"

#include <unistd.h>

#include <utility>

#include "base/file.hpp"
#include "edit/apply.hpp"

namespace virt_iface {

HeldTemplate hold_template(const Arguments& arguments, bool to_replace) {
  std::string const path = arguments.text("template");
  if (path == "-") return {.from = {"<stdin>", read_all(STDIN_FILENO, "<stdin>")}};
  if (!to_replace) return {.from = {path, read_file(path)}};
  HeldTemplate read{.from = {path, {}}, .held = hold_file(path)};
  read.from.text = std::move(read.held.data);
  return read;
}

std::vector<Interface> interfaces_in(const TemplateFile& from) {
  return wanted(read_template(from), "", false);
}

Candidates candidates_in(const TemplateFile& from, const std::string& arch) {
  std::vector<Interface> all = interfaces_in(from);
  DomainTraits const traits = traits_of(Domain{.type = "kvm"}, arch);
  for (Interface& interface : all) interface = with_defaults(interface, traits);
  std::size_t const count = all.size();
  return {.count = count,
          .interface = [all = std::move(all)](std::size_t at) { return all.at(at - 1); },
          .place = [file = from.file] { return Place{.file = file}; },
          .none = "the template has no interface"};
}

}  // namespace virt_iface
