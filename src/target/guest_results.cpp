// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/guest_results.hpp"

#include <unistd.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/terminal.hpp"
#include "base/text.hpp"
#include "edit/mac.hpp"
#include "table/values.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

std::vector<FileName> names_of(const std::vector<Member>& members) {
  std::vector<FileName> names;
  names.reserve(members.size());
  for (const Member& member : members) names.push_back({member.guest.label, {}});
  return names;
}

/// In one line of a message.
constexpr std::size_t most_names = 100;

/// Of all descriptions that the plan is about, each once.
std::vector<HeldMac> macs_of(const GuestPlan& plan) {
  std::vector<HeldMac> macs;
  for (const auto* side : {&plan.config, &plan.live}) {
    if (!*side) continue;
    std::set<std::string> const before = virt_iface::macs_of((*side)->before.domain);
    std::uint32_t position = 0;
    for (const Element& interface : (*side)->after.domain.interfaces) {
      ++position;
      std::string const text = mac_of(interface);
      std::uint64_t const mac = mac_number(text);
      if (mac != 0 && std::ranges::find(macs, mac, &HeldMac::mac) == macs.end())
        macs.push_back({.mac = mac, .position = position, .made = !before.contains(text)});
    }
  }
  return macs;
}

/// Likewise.
std::vector<HeldName> names_of(const GuestPlan& plan) {
  std::vector<HeldName> names;
  for (const auto* side : {&plan.config, &plan.live}) {
    if (!*side) continue;
    std::set<std::string_view> before;
    for (const Element& interface : (*side)->before.domain.interfaces)
      before.insert(interface.at("target/@dev"));
    std::uint32_t position = 0;
    for (const Element& interface : (*side)->after.domain.interfaces) {
      ++position;
      std::string_view const name = interface.at("target/@dev");
      if (!name.empty() && !is_automatic_target(name))
        names.push_back({.name = std::string(name), .position = position, .made = !before.contains(name)});
    }
  }
  return names;
}

}  // namespace

GuestResults::GuestResults(const Arguments& arguments, const std::vector<Estate>& estates)
    : arguments_(arguments),
      estates_(estates),
      members_(members_of(estates)),
      names_(names_of(members_)),
      summary_(names_, "guest"),
      report_(arguments.text("report")) {}

void GuestResults::say(const std::vector<Message>& messages) {
  if (messages.empty() || arguments_.has("quiet")) return;
  if (progress_) progress_->clear();
  tell(messages, message_style(arguments_.text("error-format")));
}

void GuestResults::count(const char* step) {
  const bool on_terminal =
      ::isatty(STDOUT_FILENO) == 1 && (arguments_.has("diff") || arguments_.has("check"));
  if (step_ != step) progress_.emplace(!arguments_.has("quiet") && !on_terminal, names_.size(), step);
  step_ = step;
  progress_->count_one();
}

void GuestResults::done(std::size_t number, const GuestPlan& plan, std::vector<Change> changes) {
  const bool dry = arguments_.has("diff") || arguments_.has("check");
  DocumentResult result{.label = plan.guest.label, .number = static_cast<std::uint32_t>(number)};
  result.uri = members_[number].estate.uri;
  result.from_next_start = plan.guest.active && plan.changes() && !plan.changes_live();
  result.result.name = plan.guest.name;
  result.result.changed = plan.changes();
  result.result.identity = identity_of(plan.guest.name, plan.guest.uuid, {});
  result.result.macs = macs_of(plan);
  result.result.names = names_of(plan);
  result.result.plan.changes = std::move(changes);
  result.result.drift = plan.differences;
  done_.push_back(number);
  if (result.result.changed && dry) status_ = worse(status_, Exit::changed);
  summary_.add(result);
  report_.add(result);
}

DocumentResult GuestResults::failure(std::size_t number, const Error& error) const {
  const auto& [libvirt, estate, guest] = members_[number];
  DocumentResult result{.label = guest.label, .number = static_cast<std::uint32_t>(number)};
  result.uri = estate.uri;
  result.result.name = guest.name;
  result.error = error;
  return result;
}

void GuestResults::stopped(std::size_t number, const Error& error) {
  report_.add(failure(number, error));
  report_.flush();
}

void GuestResults::failed(std::size_t number, const Error& error) {
  const DocumentResult result = failure(number, error);
  failed_.push_back(number);
  status_ = worse(status_, error.status());
  summary_.add(result);
  report_.add(result);
  if (progress_) progress_->clear();
  tell(error.messages(), message_style(arguments_.text("error-format")));
}

Message GuestResults::progress() const {
  const auto listed = [&](const char* what, const auto& wanted) {
    std::vector<std::string> names;
    std::size_t more = 0;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (wanted(i) && names.size() < most_names)
        names.push_back(names_[i].path);
      else
        more += wanted(i) ? 1 : 0;
    if (more != 0) names.push_back(std::to_string(more) + " more");
    return std::string(what) + (names.empty() ? "none" : join(names, ", "));
  };
  const auto is_in = [](const std::vector<std::size_t>& list, std::size_t i) {
    return std::ranges::find(list, i) != list.end();
  };
  return {
      .severity = Severity::note,
      .text = listed("done: ", [&](std::size_t i) { return is_in(done_, i); }) + "; " +
              listed("failed: ", [&](std::size_t i) { return is_in(failed_, i); }) + "; " +
              listed("untouched: ", [&](std::size_t i) { return !is_in(done_, i) && !is_in(failed_, i); })};
}

Exit GuestResults::finish() {
  report_.flush();
  progress_.reset();
  const MessageStyle style = message_style(arguments_.text("error-format"));
  const bool json = style == MessageStyle::json;
  const bool dry = arguments_.has("diff") || arguments_.has("check");
  if (!failed_.empty() && names_.size() > 1) tell({progress()}, style);
  if (names_.size() > 1) {
    const std::vector<Message> shared = summary_.shared();
    say(shared);
    if (!shared.empty() && arguments_.has("check")) status_ = worse(status_, Exit::changed);
  }
  if (!arguments_.has("quiet") && (names_.size() > 1 || estates_.front().implied))
    tell_text(json ? summary_.json(0) : uris_of(estates_) + ": " + summary_.text(dry, 0));
  return status_;
}

}  // namespace virt_iface
