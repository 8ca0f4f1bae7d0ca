// SPDX-License-Identifier: LGPL-2.1-or-later
// template.conf: any bytes give a Spec or an Error with places inside the text.
#include <string>

#include "conf/conf.hpp"
#include "oracle.hpp"
#include "spec/spec.hpp"

using namespace virt_iface;
using fuzz::expect;

namespace {

void check_offsets(const Conf& conf) {
  for (const Section& section : conf.sections) {
    expect(section.begin <= section.end && section.end <= conf.text.size());
    for (const Entry& entry : section.entries) {
      expect(section.begin <= entry.begin && entry.end <= section.end);
      expect(entry.begin <= entry.key_begin && entry.key_begin <= entry.value_begin);
      expect(entry.value_begin <= entry.value_end && entry.value_end <= entry.end);
      expect(conf.text.compare(entry.key_begin, entry.key.size(), entry.key) == 0);
    }
  }
}

void check_messages(const Error& error) {
  expect(error.status() == Exit::invalid);
  fuzz::check_error(error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const Conf conf = parse_conf(text, "template.conf");
    expect(conf.text == text);
    check_offsets(conf);
    for (const Dialect dialect : {Dialect::proposal, Dialect::mail1}) {
      try {
        const Spec spec = read_spec(conf, {.dialect = dialect});
        for (const char* arch : {"x86_64", "s390x"}) wanted(spec, arch, true);
      } catch (const Error& error) {
        check_messages(error);
      }
    }
  } catch (const Error& error) {
    check_messages(error);
  }
  return 0;
}
