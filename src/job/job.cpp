// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/job.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace virt_iface::hook {
namespace {

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

std::optional<std::chrono::seconds> seconds_of(const std::string& word) {
  auto const number = to_number(word);
  if (!number || *number < 1 || *number > 3600) return std::nullopt;
  return std::chrono::seconds(*number);
}

std::vector<std::vector<std::size_t>> by_source(const std::vector<Interface>& interfaces) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    std::string const source =
        std::string(interfaces[i].get("type")) + ' ' + std::string(interfaces[i].get("source"));
    auto const [place, is_new] = places.try_emplace(source, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(i);
  }
  return groups;
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
