// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/request.hpp"

#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/file.hpp"
#include "base/text.hpp"
#include "table/meaning.hpp"

namespace virt_iface {
namespace {

using Texts = std::vector<std::string>;

/// True if a document comes from stdin.
bool takes_stdin(const Arguments& arguments, Target target, const std::vector<std::string>& words) {
  if (target != documents) return false;
  return (words.empty() && !arguments.has("files-from")) ||
         std::find(words.begin(), words.end(), "-") != words.end();
}

void add(std::vector<Interface>& into, std::vector<Interface> more) {
  std::move(more.begin(), more.end(), std::back_inserter(into));
}

}  // namespace

std::shared_ptr<StdinReader> standard_input(const Arguments& arguments, Split otherwise) {
  bool const nul = arguments.has("null") && !arguments.has("files-from");
  return std::make_shared<StdinReader>(nul ? Split::nul : otherwise,
                                       ScanLimits{.huge = arguments.has("huge")});
}

BatchOptions batch_options(const Arguments& arguments) {
  return {.recursive = arguments.has("recursive"),
          .files_from = arguments.text("files-from"),
          .null = arguments.has("null"),
          .huge = arguments.has("huge"),
          .check = arguments.has("check"),
          .diff = arguments.has("diff"),
          .in_place = arguments.has("in-place"),
          .backup = arguments.has("backup") ? std::optional(arguments.text("backup")) : std::nullopt,
          .output = arguments.text("output"),
          .output_dir = arguments.text("output-dir"),
          .report = arguments.text("report"),
          .jobs = jobs_of(arguments),
          .fail_fast = arguments.has("fail-fast"),
          .quiet = arguments.has("quiet"),
          .style = message_style(arguments.text("error-format")),
          .conf = arguments.text("conf"),
          .stylesheet = arguments.text("stylesheet")};
}

unsigned jobs_of(const Arguments& arguments) {
  if (!arguments.has("jobs")) return 1;
  auto const jobs = to_number(arguments.text("jobs"));
  if (!jobs || *jobs > 1024)
    throw Error(Exit::usage, "--jobs '" + arguments.text("jobs") + "' is not a number from 0 to 1024",
                "0 takes all cores");
  return *jobs != 0 ? static_cast<unsigned>(*jobs) : std::max(1U, std::thread::hardware_concurrency());
}

Libvirt libvirt_of(const Arguments& arguments) {
  if (!arguments.has("libvirt")) return 0;
  const std::optional<Libvirt> version = parse_libvirt(arguments.text("libvirt"));
  if (!version)
    throw Error(Exit::usage, "--libvirt '" + arguments.text("libvirt") + "' is not a version",
                "write 9.0 or 11.3.0");
  return *version;
}

void require_consistent(const Arguments& arguments) {
  jobs_of(arguments);
  if (arguments.has("keep-going") && arguments.has("fail-fast"))
    throw Error(Exit::usage, "--keep-going and --fail-fast exclude each other");
}

void require_documents(const Arguments& arguments, const std::vector<std::string>& words) {
  if (takes_stdin(arguments, documents, words) && ::isatty(STDIN_FILENO) == 1)
    throw Error(Exit::usage, "a domain document is expected on stdin, which is a terminal",
                "name a file, or pipe one in: virsh dumpxml DOMAIN | virt-iface ... (--help says more)");
}

TemplateFile read_conf(const Arguments& arguments, Target target, const std::vector<std::string>& words,
                       StdinReader& input) {
  std::string const path = arguments.text("conf");
  if (path != "-") return {path, read_file(path)};
  if (takes_stdin(arguments, target, words))
    throw Error(Exit::usage, "-c - reads the configuration from stdin, and a document is expected there too",
                "name the document's file, or the configuration's");
  if (arguments.text("files-from") == "-")
    throw Error(Exit::usage, "stdin cannot hold the configuration and the list of files",
                "name a file for one of them");
  return {"<stdin>", input.take_all()};
}

Request read_request(const Arguments& arguments, Target target, const std::vector<std::string>& words,
                     StdinReader& input) {
  Request request;
  bool const may_be_there = target != one_template;  // what a template asks for is nowhere yet
  bool const preamble = !arguments.has("conf") && !arguments.has("interface");
  if (preamble && !takes_stdin(arguments, target, words))
    throw Error(Exit::usage, "nothing is asked for",
                target == one_template
                    ? "use --interface type=...,name=..."
                    : "name a configuration with -c FILE, or an interface with --interface");
  if (preamble) require_documents(arguments, words);
  if (arguments.has("conf") || preamble) {
    TemplateFile const conf = preamble ? TemplateFile{"<stdin>", input.take_preamble()}
                                       : read_conf(arguments, target, words, input);
    if (preamble && trim(conf.text).empty())
      throw Error(Exit::usage, "nothing is asked for",
                  "use -c FILE or --interface, or put the configuration in front of the document");
    request.spec = read_configuration(conf, {.may_be_there = may_be_there});
    request.from_file = true;
  }
  std::size_t number = 0;
  Texts const texts = arguments.texts("interface");
  for (const std::string& text : texts) {
    std::string const label = texts.size() == 1 ? "--interface" : "--interface " + std::to_string(++number);
    add(request.spec.interfaces, parse_interface(text, label, may_be_there));
  }
  if (std::vector<Message> twice = check_distinct(request.spec.interfaces); !twice.empty())
    throw Error(Exit::invalid, std::move(twice));
  return request;
}

}  // namespace virt_iface
