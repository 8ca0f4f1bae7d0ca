// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/common.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"

namespace virt_iface {
namespace {

using Texts = std::vector<std::string>;

bool takes_stdin(const std::vector<std::string>& files) {
  return files.empty() || std::find(files.begin(), files.end(), "-") != files.end();
}

void add(std::vector<Interface>& into, std::vector<Interface> more) {
  std::move(more.begin(), more.end(), std::back_inserter(into));
}

/// The configuration's text and what to call it.
Conf read_conf(const std::string& path, const std::vector<std::string>& files, StdinReader& input) {
  if (path != "-") return parse_conf(read_file(path), path);
  if (takes_stdin(files))
    throw Error(Exit::usage, "-c - reads the configuration from stdin, and a document is expected there too",
                "name the document's file, or put the configuration in front of it and leave -c out");
  return parse_conf(input.take_all(), "<stdin>");
}

}  // namespace

options::options_description general_options() {
  options::options_description group("General options");
  group.add_options()("help,h", "show this help")("quiet,q", "no summary and no warnings")(
      "error-format", options::value<std::string>()->value_name("text|json"), "how messages are written")(
      "huge", "lift the limits on a document's size, depth and entities")(
      "null,0", "documents on stdin and stdout are separated by NUL");
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

options::options_description output_options() {
  options::options_description group("Output options");
  group.add_options()("diff", "show what would change; exit 1 if anything would")(
      "check", "write nothing; exit 1 if anything would change")("in-place,i", "replace the files")(
      "backup", options::value<std::string>()->value_name("SUFFIX"),
      "with --in-place: keep the old file under this suffix")(
      "output,o", options::value<std::string>()->value_name("FILE"), "write to a file instead of stdout")(
      "validate", options::value<std::string>()->implicit_value("")->value_name("DIR"),
      "check the result against libvirt's schema; write nothing that fails")(
      "stylesheet", options::value<std::string>()->value_name("FILE"),
      "run an XSLT stylesheet over the result")(
      "param", options::value<Texts>()->composing()->value_name("NAME=VALUE"),
      "a parameter of the stylesheet; repeatable");
  return group;
}

std::shared_ptr<StdinReader> standard_input(const Arguments& arguments) {
  return std::make_shared<StdinReader>(arguments.has("null"), ScanLimits{.huge = arguments.has("huge")});
}

void require_documents(const std::vector<std::string>& files) {
  if (takes_stdin(files) && ::isatty(STDIN_FILENO) == 1)
    throw Error(Exit::usage, "a domain document is expected on stdin, which is a terminal",
                "name a file, or pipe one in: virsh dumpxml DOMAIN | virt-iface ... (--help says more)");
}

Request read_request(const Arguments& arguments, const std::vector<std::string>& files, StdinReader& input) {
  Request request;
  bool const preamble = !arguments.has("conf") && !arguments.has("interface");
  if (preamble && !takes_stdin(files))
    throw Error(Exit::usage, "nothing is asked for",
                "name a configuration with -c FILE, or an interface with --interface");
  if (preamble) require_documents(files);
  if (arguments.has("conf") || preamble) {
    Conf const conf = preamble ? parse_conf(input.take_preamble(), "<stdin>")
                               : read_conf(arguments.text("conf"), files, input);
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
  return request;
}

}  // namespace virt_iface
