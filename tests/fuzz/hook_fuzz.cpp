// SPDX-License-Identifier: LGPL-2.1-or-later
// A line `GUEST OPERATION SUBOPERATION EXTRA`, a hook.conf, a NUL, and the guest's document: what a call of
// libvirt's does, as far as it touches nothing of the host. Whatever all of it is: an Error, or a result that
// libvirt's ABI check passes, in which only interfaces that a map names have changed, and which the same maps
// leave alone.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "edit/retarget.hpp"
#include "hook/abi.hpp"
#include "hook/event.hpp"
#include "hook/missing.hpp"
#include "hook/prepare_job.hpp"
#include "hook/retarget.hpp"
#include "hook/settings.hpp"
#include "job/job.hpp"
#include "oracle.hpp"
#include "view/read.hpp"
#include "view/types.hpp"
#include "xml/scan.hpp"

using namespace virt_iface;
using fuzz::expect;

namespace {

struct Input {
  std::vector<std::string> words{};
  std::string conf{};
  std::string document{};
};

Input split(const std::string& bytes) {
  Input input;
  std::size_t const eol = std::min(bytes.find('\n'), bytes.size());
  for (std::size_t here = 0; here < eol;) {
    std::size_t const end = std::min(bytes.find(' ', here), eol);
    input.words.push_back(bytes.substr(here, end - here));
    here = end + 1;
  }
  std::size_t const nul = std::min(bytes.find('\0', eol), bytes.size());
  input.conf = bytes.substr(eol, nul - eol);
  if (nul < bytes.size()) input.document = bytes.substr(nul + 1);
  return input;
}

/// True if an interface that was moved once could be moved again.
bool chained(const hook::Settings& settings) {
  if (!settings.condition_maps.empty()) return true;
  for (const SourceMap& map : settings.maps)
    for (const SourceMap& next : settings.maps)
      if (map.to == next.from) return true;
  return false;
}

/// The `[map.N]` that the interface meets, or nullptr.
const hook::ConditionMap* condition_map_of(const Element& interface, const hook::Settings& settings) {
  if (!is_made(interface)) return nullptr;
  for (const hook::ConditionMap& map : settings.condition_maps)
    if (meets(read_interface(interface), map.where)) return &map;
  return nullptr;
}

/// Each interface is the old one byte by byte, or sits where its map says.
void check_interfaces(const Document& before, const Document& after, const hook::Settings& settings) {
  expect(before.domain.interfaces.size() == after.domain.interfaces.size());
  for (std::size_t i = 0; i < before.domain.interfaces.size(); ++i) {
    const Element& old = before.domain.interfaces[i];
    const Element& now = after.domain.interfaces[i];
    if (const hook::ConditionMap* conditional = condition_map_of(old, settings)) {
      for (const Setting& setting : conditional->settings)
        expect((setting.key != "source" || source_of(now) == setting.value) &&
               (setting.key != "type" || type_of(now) == setting.value));
    } else if (const SourceMap* map = map_of(old, settings.maps)) {
      expect(map->from == source_of(old) && (map->from_type.empty() || map->from_type == type_of(old)));
      expect(source_of(now) == map->to);
      expect(type_of(now) == (map->to_type.empty() ? type_of(old) : map->to_type));
    } else {
      expect(before.text().substr(old.begin, old.end - old.begin) ==
             after.text().substr(now.begin, now.end - now.begin));
    }
  }
}

void check_move(const Document& document, const hook::Settings& settings) {
  hook::Retargeted const moved = hook::retarget_sources(document, settings);
  expect(moved.changed == (moved.document.bytes != document.bytes));
  fuzz::check_kept(document.bytes, moved.document);
  if (!moved.changed) return;
  expect(!moved.moves.empty());
  Document const after = Scanner().scan(moved.document.bytes, "result.xml");
  expect(hook::abi_faults(document.domain, after.domain).empty());
  check_interfaces(document, after, settings);
  if (!chained(settings)) expect(!hook::retarget_sources(after, settings).changed);
}

/// What is wanted of a guest survives the command line of the job that brings it.
void check_injection(const Document& document, const hook::Settings& settings) {
  for (const hook::PolicyInterface& one : settings.interfaces) {
    const Interface& interface = one.interface;
    std::vector<Interface> const read = parse_interface(hook::option_of(interface), "--interface");
    expect(read.size() == 1);
    for (const Setting& setting : interface.settings) expect(read[0].get(setting.key) == setting.value);
  }
  hook::Job const job = hook::make_job(document, settings);
  if (!job.interfaces.empty() && job.how != hook::Inject::off)
    expect(hook::text_of(hook::job_of(hook::text_of(job))) == hook::text_of(job));
  hook::missing_interfaces(document, settings);
}

/// The settings; nothing where the configuration is wrong, which must then be told.
std::optional<hook::Settings> settings_of(const Input& input, const std::string& guest) {
  try {
    return hook::read_settings(input.conf, "hook.conf", guest);
  } catch (const Error& error) {
    expect(error.status() == Exit::invalid);
    fuzz::check_error(error);
    for (const Message& message : error.messages())
      hook::check_before_fault(input.conf, "hook.conf", guest, message.place.line);
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  Input const input = split(std::string(reinterpret_cast<const char*>(data), size));
  hook::Event const event = hook::event_of(input.words);
  if (!input.words.empty()) hook::is_our_driver(hook::driver_of_link(input.words[0]));
  std::optional<hook::Settings> const settings = settings_of(input, event.guest);
  if (!settings || settings->exempt || event.task == hook::Task::nothing) return 0;
  try {
    Document const document = Scanner().scan(input.document, "<stdin>");
    expect(document.bytes == input.document);
    if (event.task == hook::Task::retarget) check_move(document, *settings);
    if (event.task == hook::Task::inject) check_injection(document, *settings);
  } catch (const Error& error) {
    fuzz::check_error(error);
  }
  return 0;
}
