// SPDX-License-Identifier: LGPL-2.1-or-later
// --interface and KEY=VALUE words: any text gives interfaces or an Error. What is accepted can be given to a
// domain, libvirt's schema takes it, and giving it twice is giving it once.
#include <string>

#include "edit/apply.hpp"
#include "oracle.hpp"
#include "schema.hpp"
#include "xml/scan.hpp"
#include "xml/splice.hpp"

using namespace virt_iface;

namespace {

const std::string domain =
    "<domain type='kvm'><name>d</name><memory>1024</memory><os><type "
    "arch='x86_64'>hvm</type></os><devices/></domain>";

std::string applied(const std::string& to, const std::vector<Interface>& wanted) {
  ApplyRequest request;
  request.spec.interfaces = wanted;
  request.arch = "x86_64";
  const Document document = Scanner().scan(to, "fuzz.xml");
  return splice(document, Applier(request).plan(document).edits).bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    parse_settings({text, "model=virtio"});
  } catch (const Error& error) {
    fuzz::check_error(error);
  }
  std::string once;
  std::vector<Interface> wanted;
  try {
    wanted = parse_interface(text, "--interface");
    fuzz::expect(!wanted.empty());
    once = applied(domain, wanted);
  } catch (const Error& error) {
    fuzz::check_error(error);
    return 0;
  }
  static const bool has_schema = fuzz::is_accepted(domain, Root::domain);
  if (has_schema && once.size() < fuzz::most_to_validate) fuzz::expect(fuzz::is_accepted(once, Root::domain));
  fuzz::expect(applied(once, wanted) == once);
  return 0;
}
