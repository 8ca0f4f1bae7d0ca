// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/common.hpp"

#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/file.hpp"
#include "base/text.hpp"

namespace virt_iface {
namespace {

using Texts = std::vector<std::string>;

/// True if a document comes from stdin.
bool takes_stdin(const Arguments& arguments, const std::vector<std::string>& words) {
  return (words.empty() && !arguments.has("files-from")) ||
         std::find(words.begin(), words.end(), "-") != words.end();
}

void add(std::vector<Interface>& into, std::vector<Interface> more) {
  std::move(more.begin(), more.end(), std::back_inserter(into));
}

}  // namespace

options::options_description general_options() {
  options::options_description group("General options");
  group.add_options()("help,h", "show this help")("quiet,q", "no summary and no warnings")(
      "error-format", options::value<std::string>()->value_name("text|json"), "how messages are written")(
      "huge", "lift the limits on a document's size, depth and entities")(
      "null,0", "documents on stdin and stdout, and names in --files-from, are separated by NUL");
  return group;
}

options::options_description request_options() {
  options::options_description group("What is asked for");
  group.add_options()("conf,c", options::value<std::string>()->value_name("FILE"),
                      "a template.conf; - is stdin")(
      "interface", options::value<Texts>()->composing()->value_name("KEY=VALUE,..."),
      "an interface, such as type=macvtap,name=eth0,mode=bridge; repeatable")(
      "arch", options::value<std::string>()->value_name("ARCH"),
      "the architecture of documents that do not say it (default: the host's)");
  return group;
}

options::options_description input_options() {
  options::options_description group("Many documents");
  group.add_options()("recursive,r",
                      "take the files beneath folders, too: *.xml, or *.conf and *.json to convert")(
      "files-from", options::value<std::string>()->value_name("FILE"),
      "take the files that FILE lists, one a line; - is stdin")(
      "jobs,j", options::value<std::string>()->value_name("N"),
      "work on N documents at once (default: 1); 0: as many as there are cores")(
      "keep-going,k", "go on behind a document that fails (the default)")(
      "fail-fast", "stop at the first document that fails");
  return group;
}

options::options_description result_options() {
  options::options_description group("Results");
  group.add_options()("in-place,i", "replace the files")(
      "backup", options::value<std::string>()->value_name("SUFFIX"),
      "with --in-place: keep the old file under this suffix")(
      "output,o", options::value<std::string>()->value_name("FILE"), "write to a file instead of stdout")(
      "output-dir", options::value<std::string>()->value_name("DIR"),
      "write each file's result beneath a folder, which keeps the folders below")(
      "report", options::value<std::string>()->value_name("FILE"),
      "write a line of JSON for each document: its changes, MACs added, error");
  return group;
}

options::options_description output_options() {
  options::options_description group("Output options");
  group.add_options()("diff", "show what would change; exit 1 if anything would")(
      "check", "write nothing; exit 1 if anything would change")(
      "validate", options::value<std::string>()->implicit_value("", "libvirt's")->value_name("DIR"),
      "check the result against libvirt's schema; write nothing that fails")(
      "stylesheet", options::value<std::string>()->value_name("FILE"),
      "run an XSLT stylesheet over the result")(
      "param", options::value<Texts>()->composing()->value_name("NAME=VALUE"),
      "a parameter of the stylesheet; repeatable");
  return input_options().add(group).add(result_options());
}

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

void require_consistent(const Arguments& arguments) {
  jobs_of(arguments);
  if (arguments.has("keep-going") && arguments.has("fail-fast"))
    throw Error(Exit::usage, "--keep-going and --fail-fast exclude each other");
}

void require_documents(const Arguments& arguments, const std::vector<std::string>& words) {
  if (takes_stdin(arguments, words) && ::isatty(STDIN_FILENO) == 1)
    throw Error(Exit::usage, "a domain document is expected on stdin, which is a terminal",
                "name a file, or pipe one in: virsh dumpxml DOMAIN | virt-iface ... (--help says more)");
}

Conf read_conf(const Arguments& arguments, const std::vector<std::string>& words, StdinReader& input) {
  std::string const path = arguments.text("conf");
  if (path != "-") return parse_conf(read_file(path), path);
  if (takes_stdin(arguments, words))
    throw Error(Exit::usage, "-c - reads the configuration from stdin, and a document is expected there too",
                "name the document's file, or the configuration's");
  if (arguments.text("files-from") == "-")
    throw Error(Exit::usage, "stdin cannot hold the configuration and the list of files",
                "name a file for one of them");
  return parse_conf(input.take_all(), "<stdin>");
}

Request read_request(const Arguments& arguments, const std::vector<std::string>& words, StdinReader& input) {
  Request request;
  bool const preamble = !arguments.has("conf") && !arguments.has("interface");
  if (preamble && !takes_stdin(arguments, words))
    throw Error(Exit::usage, "nothing is asked for",
                "name a configuration with -c FILE, or an interface with --interface");
  if (preamble) require_documents(arguments, words);
  if (arguments.has("conf") || preamble) {
    Conf const conf =
        preamble ? parse_conf(input.take_preamble(), "<stdin>") : read_conf(arguments, words, input);
    if (preamble && trim(conf.text).empty())
      throw Error(Exit::usage, "nothing is asked for",
                  "use -c FILE or --interface, or put the configuration in front of the document");
    request.spec = read_spec(conf);
    request.from_file = true;
  }
  std::size_t number = 0;
  Texts const texts = arguments.texts("interface");
  for (const std::string& text : texts) {
    std::string const label = texts.size() == 1 ? "--interface" : "--interface " + std::to_string(++number);
    add(request.spec.interfaces, parse_interface(text, label));
  }
  if (std::vector<Message> twice = check_distinct(request.spec.interfaces); !twice.empty())
    throw Error(Exit::invalid, std::move(twice));
  return request;
}

}  // namespace virt_iface
