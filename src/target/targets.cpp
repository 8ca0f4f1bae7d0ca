// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/targets.hpp"

#include <unistd.h>

#include "base/error.hpp"
#include "target/check_host.hpp"

namespace virt_iface {
namespace {

using Texts = std::vector<std::string>;

/// The option that says to work on libvirt; nullptr: none does.
const char* libvirt_option(const Arguments& arguments) {
  for (const char* name : {"connect", "domain", "all"})
    if (arguments.has(name)) return name;
  return nullptr;
}

void require_template_alone(const Arguments& arguments, const Texts& words) {
  require_served(arguments, one_template);
  if (arguments.has("backup") && !arguments.has("in-place"))
    throw Error(Exit::usage, "--backup goes with --in-place");
  if (words.empty()) return;
  throw Error(Exit::usage, "'" + words.front() + "' and --template exclude each other",
              "--template stands in place of the documents");
}

void require_guests(const Arguments& arguments, const Texts& words) {
  if (!words.empty())
    throw Error(
        Exit::usage,
        "'" + words.front() + "' is a document, and --" + libvirt_option(arguments) + " works on libvirt",
        "name guests by --domain");
  require_served(arguments, libvirt);
  if (arguments.has("domain") == arguments.has("all"))
    throw Error(Exit::usage,
                arguments.has("all") ? "--domain and --all exclude each other" : "no guest is named",
                "use --domain NAME, or --all");
  if (arguments.has("current") && (arguments.has("live") || arguments.has("config")))
    throw Error(Exit::usage, "--current excludes --live and --config", "say which one is meant");
  require_this_host(arguments);
}

bool is_selector(const std::string& word) {
  try {
    parse_selector(word);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// A file where the interface should stand.
void require_selector_first(const Arguments& arguments, const Texts& words) {
  const std::string& first = words.front();
  if (first.find('=') != first.npos || ::access(first.c_str(), F_OK) != 0 || is_selector(first)) return;
  const bool update = arguments.command == "update";
  const bool next =
      words.size() > 1 && is_selector(words[1]) && !(update && words[1].find('=') != first.npos);
  throw Error(Exit::usage, "'" + first + "' is a file, and the interface comes first",
              "virt-iface " + std::string(arguments.command) + ' ' + (next ? words[1] : "SEL") +
                  (update ? " KEY=VALUE " : " ") + first);
}

/// SEL beside --where; what has a '=' is one of update's changes.
void require_no_selector(const Arguments& arguments) {
  for (const std::string& word : arguments.words)
    if (!(arguments.command == "update" && word.find('=') != word.npos) &&
        ::access(word.c_str(), F_OK) != 0 && is_selector(word))
      throw Error(Exit::usage, "SEL '" + word + "' and --where exclude each other", "leave one of them out");
}

}  // namespace

Target target_of(const Arguments& arguments, const Texts& words) {
  if (arguments.has("template")) return require_template_alone(arguments, words), one_template;
  if (libvirt_option(arguments) != nullptr) return require_guests(arguments, words), libvirt;
  require_served(arguments, documents);
  return documents;
}

Selected read_selector(const Arguments& arguments, const std::string& synopsis) {
  if (arguments.has("where")) {
    require_no_selector(arguments);
    return {parse_where(arguments.texts("where")), arguments.words};
  }
  const Texts& words = arguments.words;
  if (words.empty()) throw Error(Exit::usage, "no interface is named", synopsis);
  require_selector_first(arguments, words);
  return {parse_selector(words.front()), {words.begin() + 1, words.end()}};
}

}  // namespace virt_iface
