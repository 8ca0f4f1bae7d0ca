// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/edits.hpp"

#include <mutex>
#include <set>
#include <utility>

#include "target/check_host.hpp"
#include "target/edit_documents.hpp"
#include "target/edit_guests.hpp"
#include "target/edit_template.hpp"

namespace virt_iface {
namespace {

/// What was said in a run, by all threads.
class Said {
 public:
  bool is_new(const std::string& text) {
    const std::scoped_lock lock(mutex_);
    return texts_.insert(text).second;
  }

 private:
  std::mutex mutex_{};
  std::set<std::string> texts_{};
};

/// What only a newer libvirt carries is said once a run.
Edits once_a_run(Edits edits) {
  edits.make_planner = [make = std::move(edits.make_planner),
                        said = std::make_shared<Said>()](Libvirt libvirt) {
    return [plan = make(libvirt), said](const Document& document, const Scope& at) {
      Plan result = plan(document, at);
      std::erase_if(result.warnings, [&](const Message& message) {
        return message.id == needs_libvirt && !said->is_new(message.text);
      });
      return result;
    };
  };
  return edits;
}

}  // namespace

Edits applying(ApplyRequest request) {
  Edits edits{.asked = wanted(request.spec, "", false), .takes_away = request.policy == Policy::replace};
  edits.make_planner = [request = std::move(request)](Libvirt libvirt) {
    ApplyRequest mine = request;
    mine.libvirt = libvirt;
    return [applier = std::make_shared<Applier>(std::move(mine))](const Document& document, const Scope& at) {
      return applier->plan(document, at.first);
    };
  };
  return edits;
}

Exit run_edits(const Arguments& arguments, Target target, const Edits& asked,
               const std::vector<std::string>& words, const std::shared_ptr<StdinReader>& input) {
  check_host(arguments, asked.asked);
  const Edits edits = once_a_run(asked);
  switch (target) {
    case one_template:
      return edit_template(arguments, edits);
    case libvirt:
      return edit_guests(arguments, edits);
    default:
      return edit_documents(arguments, edits, words, input);
  }
}

}  // namespace virt_iface
