// SPDX-License-Identifier: LGPL-2.1-or-later
// Templates, conf or JSON: what can be read is written in both words and both forms and means the same; an
// interface attached and detached leaves the very bytes of a conf; no change makes a template that cannot be
// read. A configuration that is no template, a list or an interface in JSON, is read or refused.
#include <string>

#include "oracle.hpp"
#include "template/template_conf.hpp"
#include "template/template_file.hpp"
#include "template/template_json.hpp"

using namespace virt_iface;
using fuzz::expect;

namespace {

std::string meaning(const Spec& spec, const char* arch) {
  std::string out = spec.name + '\n';
  for (const Interface& interface : wanted(spec, arch, true)) {
    for (const Setting& setting : with_defaults(interface, {arch, "kvm"}).settings) {
      out += setting.key + '=' + setting.value + '\n';
    }
    out += '\n';
  }
  for (const SourceMap& map : spec.retarget) out += map_from(map) + '\n' + map_to(map) + '\n';
  return out;
}

void expect_same(const Spec& spec, const std::string& text) {
  const Spec again = read_template({"again", text});
  for (const char* arch : {"x86_64", "s390x"}) expect(meaning(spec, arch) == meaning(again, arch));
}

void write_and_read(const Spec& spec) {
  for (const Form form : {Form::proposal1, Form::proposal2}) {
    expect_same(spec, write_template_json(spec, form));
    std::string conf;
    try {
      conf = write_conf(spec, form);
    } catch (const Error& error) {
      expect(error.status() == Exit::invalid);  // both kinds of quotes
      continue;
    }
    expect_same(spec, conf);
  }
}

/// A name with both kinds of quotes stays where it is, but cannot be put elsewhere in a conf.
template <class Change>
void tried(Change change) {
  try {
    change();
  } catch (const Error& error) {
    expect(error.status() == Exit::invalid);
    expect(error.messages().front().text.ends_with("cannot be written in a configuration"));
  }
}

void change(const TemplateFile& from, const Spec& spec) {
  const std::size_t count = wanted(spec, "", false).size();
  const TemplateFile more{from.file, attach_to(from, parse_interface("type=ovs,name=v", "fuzz"), "").text};
  const TemplateFile less{from.file, detach_from(more, {count}).text};
  if (!from.is_json()) expect(less.text == from.text);
  for (std::size_t i = 0; i < count; ++i) {
    tried([&] {
      expect(wanted(read_template({from.file, detach_from(from, {i}).text}), "", false).size() == count - 1);
    });
    tried([&] {
      const TemplateChange changed = update_in(from, {i}, {{"link.state", "down", {}}}, {});
      expect(wanted(read_template({from.file, changed.text}), "", false).size() == count);
    });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const TemplateFile from{"template", std::string(reinterpret_cast<const char*>(data), size)};
  Spec spec;
  try {
    read_configuration(from);  // a list or one interface in JSON, too
    spec = read_template(from);
  } catch (const Error& error) {
    expect(error.status() == Exit::invalid);
    fuzz::check_error(error);
    return 0;
  }
  write_and_read(spec);
  if (wanted(spec, "", false).size() < 20) change(from, spec);
  return 0;
}
