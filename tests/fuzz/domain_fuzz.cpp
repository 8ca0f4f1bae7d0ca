// SPDX-License-Identifier: LGPL-2.1-or-later
// A document through every change that we make. Whatever the bytes are: an Error, or a result that is
// well-formed, that keeps every byte outside its edits, and that the same change (where it is idempotent)
// leaves as it is.
#include <functional>
#include <string>

#include "edit/apply.hpp"
#include "edit/retarget.hpp"
#include "edit/select.hpp"
#include "oracle.hpp"
#include "xml/scan.hpp"
#include "xml/splice.hpp"

using namespace virt_iface;
using fuzz::expect;

namespace {

using Planning = std::function<Plan(const Document&)>;

/// The result, or the input where the change is refused.
std::string changed(const std::string& bytes, const Planning& change) {
  Scanner scanner;
  const Document document = scanner.scan(bytes, "fuzz.xml");
  expect(document.bytes == bytes);
  Spliced result;
  try {
    result = splice(document, change(document).edits);
  } catch (const Error& error) {
    fuzz::check_error(error);
    return bytes;
  }
  fuzz::check_kept(bytes, result);
  Scanner().scan(result.bytes, "result.xml");  // what we write, we can read
  return result.bytes;
}

Planning apply(Policy policy) {
  ApplyRequest request;
  for (const char* option :
       {"type=macvtap,name=eth0,mode=vepa", "type=ovs,name=vswitch0,vlan.tag=7", "type=network,name=a<b"})
    for (const Interface& each : parse_interface(option, "--interface"))
      request.spec.interfaces.push_back(each);
  request.policy = policy;
  request.arch = "x86_64";
  return [request](const Document& document) { return Applier(request).plan(document); };
}

Plan update(const Document& document) {
  Renderer renderer;
  Plan plan;
  for (const std::size_t position : select_all(document, parse_selector("all")))
    add_update(document, position,
               parse_settings({"source=eth9", "type=macvtap", "mode=private", "vlan.tag="}),
               {.drop = {"vlan"}, .arch = "x86_64"}, renderer, plan);
  return plan;
}

Plan detach(const Document& document) {
  Plan plan;
  for (const std::size_t position : select_all(document, parse_selector("all")))
    add_removal(document, position, plan);
  return plan;
}

Plan move(const Document& document) {
  Renderer renderer;
  return retarget(document,
                  {parse_map("default=other", "--map"), parse_map("macvtap:eth0=ovs:vswitch0", "--map")},
                  {.arch = "x86_64"}, renderer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    Scanner().scan(bytes, "fuzz.xml");
  } catch (const Error& error) {
    fuzz::check_error(error);
    return 0;
  }
  changed(bytes, apply(Policy::append));
  changed(bytes, update);
  changed(bytes, detach);
  for (const Planning& change :
       {apply(Policy::ensure), apply(Policy::converge), apply(Policy::replace), Planning(move)}) {
    const std::string once = changed(bytes, change);
    expect(changed(once, change) == once);
  }
  return 0;
}
