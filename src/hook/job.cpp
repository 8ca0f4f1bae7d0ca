// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/job.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "edit/apply.hpp"
#include "hook/event.hpp"
#include "hook/policy.hpp"

namespace virt_iface::hook {
namespace {

/// A comma that is no separator is doubled; those of a list stand alone.
std::string escaped(const Setting& setting) {
  const Key* key = find_key(setting.key);
  if (key && takes_list(*key) && key->name != "source") return setting.value;
  std::string text;
  for (char c : setting.value) text.append(c == ',' ? 2 : 1, c);
  return text;
}

JobInterface job_interface(const PolicyInterface& wanted) {
  const Interface& interface = wanted.interface;
  std::string const on = std::string(interface.get("type")) + " on " + std::string(interface.get("source"));
  return {.name = '[' + wanted.heading + "] (" + on + ')', .option = option_of(interface)};
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
  for (const PolicyInterface& wanted : policy_of(settings, document.domain))
    job.interfaces.push_back(job_interface(wanted));
  return job;
}

std::string text_of(const Job& job) {
  nlohmann::json json{{"guest", job.guest},
                      {"uuid", job.uuid},
                      {"connect", job.connect},
                      {"inject", inject_words.at(static_cast<std::size_t>(job.how))},
                      {"timeout", std::to_string(job.timeout.count())},
                      {"updates", job.updates},
                      {"interfaces", nlohmann::json::array()}};
  for (const JobInterface& interface : job.interfaces)
    json["interfaces"].push_back({{"name", interface.name}, {"option", interface.option}});
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Job job_of(const std::string& text) {
  try {
    nlohmann::json const json = nlohmann::json::parse(text);
    Job job{.guest = json.at("guest"),
            .uuid = json.at("uuid"),
            .connect = json.at("connect"),
            .how = how_of(json.at("inject")),
            .timeout = timeout_of(json.at("timeout")),
            .updates = json.at("updates")};
    for (const nlohmann::json& interface : json.at("interfaces"))
      job.interfaces.push_back({.name = interface.at("name"), .option = interface.at("option")});
    return job;
  } catch (const nlohmann::json::exception& error) {
    throw Error(Exit::usage, std::string("this is no job: ") + error.what(), "the hook itself starts jobs");
  }
}

std::vector<Job> by_source(const Job& job) {
  std::vector<Interface> interfaces;
  for (const JobInterface& interface : job.interfaces)
    interfaces.push_back(parse_interface(interface.option, "--interface").front());
  std::vector<Job> parts;
  for (const std::vector<std::size_t>& group : by_source(interfaces)) {
    parts.push_back(job);
    parts.back().interfaces.clear();
    for (std::size_t const index : group) parts.back().interfaces.push_back(job.interfaces[index]);
  }
  return parts;
}

}  // namespace virt_iface::hook
