// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/inject.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <map>

#include "base/text.hpp"
#include "edit/apply.hpp"
#include "edit/live_view.hpp"
#include "hook/event.hpp"

namespace virt_iface::hook {
namespace {

constexpr std::size_t fixed_words = 5;

/// A comma that is no separator is doubled; those of a list stand alone.
std::string escaped(const Setting& setting) {
  const Key* key = find_key(setting.key);
  if (key && takes_list(*key) && key->name != "source") return setting.value;
  std::string text;
  for (char c : setting.value) text.append(c == ',' ? 2 : 1, c);
  return text;
}

std::string source_of(const Interface& interface) {
  return std::string(interface.get("type")) + ' ' + std::string(interface.get("source"));
}

std::string source_of(const std::string& option) {
  return source_of(parse_interface(option, "--interface").front());
}

/// Those on one source together, in the order of their first.
template <class Item>
std::vector<std::vector<Item>> groups(const std::vector<Item>& items) {
  std::vector<std::vector<Item>> found;
  std::map<std::string, std::size_t> places;
  for (const Item& item : items) {
    auto const [place, is_new] = places.try_emplace(source_of(item), found.size());
    if (is_new) found.emplace_back();
    found[place->second].push_back(item);
  }
  return found;
}

/// How a job injects: it would not be there for `off`.
Inject how_of(const std::string& word) {
  auto const found = std::ranges::find(inject_words, std::string_view(word));
  if (found == inject_words.end() || *found == "off")
    throw Error(Exit::usage, "'" + word + "' is no way to inject", "say hotplug, persist or both");
  return static_cast<Inject>(found - inject_words.begin());
}

std::chrono::seconds timeout_of(const std::string& word) {
  if (auto const seconds = seconds_of(word)) return *seconds;
  throw Error(Exit::usage, "'" + word + "' is not a number of seconds", "write 1 to 3600");
}

}  // namespace

Missing missing_interfaces(const Document& document, const Settings& settings) {
  Scanner scanner;
  Document const asked_for = with_networks(document, scanner);
  Missing missing{.certain = asked_for.bytes == document.bytes};
  for (std::vector<Interface>& group : groups(settings.interfaces)) {
    ApplyRequest request;
    request.spec.interfaces = std::move(group);
    try {
      for (Change& change : Applier(std::move(request)).plan(asked_for).changes)
        if (change.kind == Change::Kind::added) missing.interfaces.push_back(std::move(change.interface));
    } catch (const Error& error) {
      missing.faults.insert(missing.faults.end(), error.messages().begin(), error.messages().end());
    }
  }
  return missing;
}

std::string option_of(const Interface& interface) {
  std::string text;
  for (const Setting& setting : interface.settings)
    text.append(text.empty() ? "" : ",").append(setting.key).append("=").append(escaped(setting));
  return text;
}

Job make_job(const Document& document, const Settings& settings) {
  Job job{.guest = document.domain.name,
          .uuid = document.domain.uuid,
          .connect = settings.connect,
          .how = settings.inject,
          .timeout = settings.inject_timeout};
  if (job.connect.empty())
    job.connect = driver_of_domain(document.domain.type) == "libxl" ? "xen:///system" : "qemu:///system";
  DomainTraits const traits = traits_of(document.domain, {});
  for (const Interface& interface : settings.interfaces) job.interfaces.push_back(option_of(interface));
  return job;
}

std::vector<std::string> words_of(const Job& job) {
  std::vector<std::string> words{job.guest, job.uuid, job.connect,
                                 std::string(inject_words.at(static_cast<std::size_t>(job.how))),
                                 std::to_string(job.timeout.count())};
  words.insert(words.end(), job.interfaces.begin(), job.interfaces.end());
  return words;
}

Job job_of(const std::vector<std::string>& words) {
  if (words.size() <= fixed_words)
    throw Error(Exit::usage, "a job takes GUEST UUID URI HOW SECONDS INTERFACE...",
                "the hook itself starts jobs");
  Job job{.guest = words[0], .uuid = words[1], .connect = words[2]};
  job.how = how_of(words[3]);
  job.timeout = timeout_of(words[4]);
  job.interfaces.assign(words.begin() + fixed_words, words.end());
  return job;
}

std::vector<Job> by_source(const Job& job) {
  std::vector<Job> parts;
  for (std::vector<std::string>& group : groups(job.interfaces)) {
    parts.push_back(job);
    parts.back().interfaces = std::move(group);
  }
  return parts;
}

std::string own_program() {
  std::array<char, PATH_MAX> path{};
  ssize_t const size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return "/usr/bin/virt-iface";
  std::string name(path.data(), static_cast<std::size_t>(size));
  // A package was upgraded beneath us: its successor has the same name.
  constexpr std::string_view gone = " (deleted)";
  if (name.ends_with(gone)) name.resize(name.size() - gone.size());
  return name;
}

}  // namespace virt_iface::hook
