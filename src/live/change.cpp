// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live/change.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <string_view>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "view/types.hpp"
#include "xml/scan.hpp"

namespace virt_iface {
namespace {

using Clock = std::chrono::steady_clock;

/// A step taken: how to take it back, and what is true if that fails.
struct Undo {
  std::function<void()> action;
  std::string state;
};

/// How many interfaces of the running guest have the MAC: with `teaming` two may share one.
std::ptrdiff_t occurrences(const Connection& libvirt, const Guest& guest, const std::string& mac) {
  const Document document = Scanner({.huge = true}).scan(libvirt.xml(guest, View::live, false), guest.name);
  return std::ranges::count(document.domain.interfaces, mac, mac_of);
}

/// The `<interface>` elements of a definition.
std::vector<std::string> interfaces_in(const std::string& xml) {
  const Document document = Scanner({.huge = true}).scan(xml, "the configuration");
  std::vector<std::string> all;
  for (const Element& interface : document.domain.interfaces)
    all.emplace_back(document.text().substr(interface.begin, interface.end - interface.begin));
  return all;
}

/// The steps of one guest.
class Run {
 public:
  Run(const Connection& libvirt, const GuestChange& change) : libvirt_(libvirt), change_(change) {}

  void define() {
    require_going();
    if (!change_.config) return;
    const std::string before = configuration();
    if (before != change_.config_before && interfaces_in(before) != interfaces_in(change_.config_before))
      refuse_changed();
    defined_ = before;
    const bool one_by_one = change_devices();
    if (one_by_one || !done_.empty())
      undo_.push_back({[this, before] { define_back(before); }, changed_already()});
    if (one_by_one) return;
    if (before != change_.config_before || configuration() != defined_) refuse_changed();
    libvirt_.define(*change_.config, change_.validate);
    if (done_.empty()) undo_.push_back({[this, before] { define_back(before); }, changed_already()});
    done_.clear();
    if (!change_.live.empty()) defined_ = configuration();
  }

  void change_device(const DeviceChange& device) {
    require_going();
    if (device.before.empty()) {
      attach(device.after, device.after_mac);
    } else if (device.after.empty()) {
      detach(device.before, device.before_mac);
    } else if (const auto reason = update(device)) {
      if (!change_.replug) refuse(device, *reason);
      detach(device.before, device.before_mac);
      attach(device.after, device.after_mac);
    } else {
      undo_.push_back(
          {[this, device] { update_back(device); },
           "interface " + device.before_mac + " of the running guest " + guest().name + " is changed"});
    }
  }

  /// What is left of the steps taken when they have been undone as far as possible.
  std::vector<Message> roll_back() {
    undoing_ = true;
    std::vector<Message> notes;
    for (; !undo_.empty(); undo_.pop_back()) {
      try {
        undo_.back().action();
      } catch (const std::exception& error) {  // the end of memory, too
        notes.push_back(
            {Severity::note, {}, undo_.back().state + " and could not be changed back", error.what()});
      }
    }
    if (notes.empty())
      notes.push_back({Severity::note,
                       {},
                       guest().name + (asked_to_let_go_ ? " is otherwise as it was" : " is as it was"),
                       {}});
    return notes;
  }

 private:
  std::string changed_already() const {
    return "the configuration of " + guest().name + " is changed already";
  }
  std::string configuration() const { return libvirt_.xml(guest(), View::config, true); }

  [[noreturn]] void refuse_changed() const {
    throw Error(Exit::system, "somebody else has changed the configuration of " + guest().name + " meanwhile",
                "run the command again");
  }

  /// Interface by interface; false where libvirt cannot, with the steps before that one done.
  bool change_devices() {
    if (change_.devices.empty() || change_.validate) return false;
    try {
      for (const DeviceChange& device : change_.devices) {
        if (!change_configured(device)) return false;
        done_.push_back(&device);
        const bool last = &device == &change_.devices.back() && change_.live.empty();
        if (!last) defined_ = configuration();  // what follows can fail, and this be undone
      }
      return true;
    } catch (const Error&) {
      return false;  // what is wrong with it, libvirt says of the whole definition, too
    }
  }

  bool change_configured(const DeviceChange& device) const {
    if (device.before.empty())
      libvirt_.attach(guest(), device.after, View::config);
    else if (device.after.empty())
      libvirt_.detach(guest(), device.before, View::config);
    else
      return !libvirt_.update(guest(), device.after, View::config);
    return true;
  }

  /// Nothing when done. libvirt finds a device by its MAC.
  std::optional<std::string> update(const DeviceChange& device) const {
    if (device.before_mac != device.after_mac) return "a running interface keeps its MAC";
    return libvirt_.update(guest(), device.after, View::live);
  }

  const Guest& guest() const { return change_.guest; }

  /// What was begun is undone to its end.
  bool stopped() const { return !undoing_ && stop_signal() != 0; }
  void require_going() const {
    if (stopped())
      throw Error(Exit::system, "stopped before " + guest().name + " had all that was asked for");
  }

  void attach(const std::string& device, const std::string& mac) {
    libvirt_.attach(guest(), device, View::live);
    undo_.push_back({[this, device, mac] { detach_and_wait(device, mac); },
                     "interface " + mac + " is attached to the running guest " + guest().name});
  }

  void detach(const std::string& device, const std::string& mac) {
    detach_and_wait(device, mac);
    undo_.push_back({[this, device] { libvirt_.attach(guest(), device, View::live); },
                     "interface " + mac + " is detached from the running guest " + guest().name});
  }

  void detach_and_wait(const std::string& device, const std::string& mac) {
    const std::ptrdiff_t before = occurrences(libvirt_, guest(), mac);
    const auto deadline = Clock::now() + change_.patience;
    const bool asked_before = asked_to_let_go_;
    ask_to_let_go(device);
    while (runs() && occurrences(libvirt_, guest(), mac) >= before) {
      if (Clock::now() >= deadline || stopped()) give_up_waiting(mac);
      if (undoing_)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      else
        pause_for(100);
    }
    asked_to_let_go_ = asked_before;
  }

  bool runs() const { return libvirt_.guest(guest().uuid).active; }

  /// A libvirt that does not answer any more may have asked the guest before.
  void ask_to_let_go(const std::string& device) {
    const bool asked_before = asked_to_let_go_;
    asked_to_let_go_ = asked_before || !undoing_;
    try {
      libvirt_.detach(guest(), device, View::live);
    } catch (const Error&) {
      if (answers()) asked_to_let_go_ = asked_before;
      throw;
    }
  }

  bool answers() const {
    try {
      return !libvirt_.xml(guest(), View::live, false).empty();
    } catch (const Error&) {
      return false;
    }
  }

  /// As a whole where nobody else has changed it since, else interface by interface.
  void define_back(const std::string& before) {
    if (configuration() == defined_) return libvirt_.define(before);
    if (done_.empty()) throw Error(Exit::system, "somebody else has changed it since");
    for (; !done_.empty(); done_.pop_back()) {
      const DeviceChange& device = *done_.back();
      if (!change_configured({device.after, device.after_mac, device.before, device.before_mac}))
        throw Error(Exit::system, "libvirt cannot change interface " + device.before_mac);
    }
  }

  [[noreturn]] void give_up_waiting(const std::string& mac) {
    if (stopped())
      throw Error(Exit::system,
                  "stopped before the running guest " + guest().name + " has released interface " + mac,
                  "it may still do so");
    throw Error(Exit::system,
                "the running guest " + guest().name + " has not released interface " + mac + " within " +
                    std::to_string(change_.patience.count() / 1000) + " s",
                "it may still do so; or use --config and restart it");
  }

  void update_back(const DeviceChange& device) {
    if (const auto reason = libvirt_.update(guest(), device.before, View::live))
      throw Error(Exit::system, *reason);
  }

  [[noreturn]] void refuse(const DeviceChange& device, const std::string& reason) const {
    throw Error(Exit::system,
                "libvirt cannot change interface " + device.before_mac + " while " + guest().name +
                    " runs: " + reason,
                "--replug detaches it and attaches it again, --config changes it for the next start only");
  }

  const Connection& libvirt_;
  const GuestChange& change_;
  std::vector<Undo> undo_{};
  std::string defined_{};                    // the configuration as libvirt has it of us
  std::vector<const DeviceChange*> done_{};  // of the configuration's
  bool undoing_ = false;
  bool asked_to_let_go_ = false;  ///< of an interface, which the guest may do later
};

}  // namespace

void carry_out(const Connection& libvirt, const GuestChange& change) {
  Run run(libvirt, change);
  try {
    run.define();
    for (const DeviceChange& device : change.live) run.change_device(device);
  } catch (const Error& error) {
    std::vector<Message> messages = error.messages();
    std::vector<Message> notes = run.roll_back();
    messages.insert(messages.end(), notes.begin(), notes.end());
    throw Error(error.status(), std::move(messages));
  } catch (...) {
    run.roll_back();
    throw;
  }
}

}  // namespace virt_iface
