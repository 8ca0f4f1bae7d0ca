// SPDX-License-Identifier: LGPL-2.1-or-later
// A document through every change that we make. Whatever the bytes are: an Error, or a result that is
// well-formed, that keeps every byte outside its edits, that libvirt's schema accepts if it accepted the
// input, and that the same change (where it is idempotent) leaves as it is.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "edit/apply.hpp"
#include "edit/retarget.hpp"
#include "oracle.hpp"
#include "schema.hpp"
#include "view/select.hpp"
#include "xml/scan.hpp"
#include "xml/splice.hpp"

using namespace virt_iface;
using fuzz::expect;
using fuzz::is_accepted;
using fuzz::most_to_validate;

namespace {

using Planning = std::function<Plan(const Document&)>;

/// The result, or the input where the change is refused.
std::string changed(const std::string& bytes, const Planning& change, bool accepted = false) {
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
  if (accepted && result.bytes != bytes && result.bytes.size() < most_to_validate)
    expect(is_accepted(result.bytes, document.root));
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
  return [applier = std::make_shared<Applier>(request)](const Document& document) {
    return applier->plan(document);
  };
}

Planning update() {
  return [renderer = std::make_shared<Renderer>()](const Document& document) {
    Plan plan;
    Updater updater(document, {.drop = {"vlan"}, .arch = "x86_64"}, *renderer);
    for (const std::size_t position : select(document, parse_selector("all")))
      updater.update({position}, parse_settings({"source=eth9", "type=macvtap", "mode=private", "vlan.tag="}),
                     plan);
    return plan;
  };
}

Plan detach(const Document& document) {
  return removal(document, select(document, parse_selector("all")));
}

Planning move() {
  return [renderer = std::make_shared<Renderer>()](const Document& document) {
    return retarget(document,
                    {parse_map("default=other", "--map"), parse_map("macvtap:eth0=ovs:vswitch0", "--map")},
                    {.arch = "x86_64"}, *renderer);
  };
}

/// Every change, and whether it leaves alone what it made.
struct Trial {
  Planning change;
  bool idempotent;
};

std::vector<Trial> make_trials() {
  return {{apply(Policy::append), false},
          {update(), false},
          {detach, false},
          {apply(Policy::ensure), true},
          {apply(Policy::converge), true},
          {apply(Policy::replace), true},
          {move(), true}};
}

/// As in a batch, what was rendered for one document serves the next; renewed before it grows large.
const std::vector<Trial>& trials() {
  static std::vector<Trial> made;
  static std::size_t used = 0;
  if (used++ % 500 == 0) made = make_trials();
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  bool accepted = false;
  try {
    accepted = is_accepted(bytes, Scanner().scan(bytes, "fuzz.xml").root);
  } catch (const Error& error) {
    fuzz::check_error(error);
    return 0;
  }
  for (const Trial& trial : trials()) {
    const std::string once = changed(bytes, trial.change, accepted);
    if (trial.idempotent) expect(changed(once, trial.change) == once);
  }
  return 0;
}
