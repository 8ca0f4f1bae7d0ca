// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/hook_job.hpp"

#include <unistd.h>

#include <optional>

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "cli/program.hpp"
#include "hook/prepare_job.hpp"
#include "hook/trusted_file.hpp"
#include "job/run_job.hpp"
#include "live/connection.hpp"
#include "xml/scan.hpp"

namespace virt_iface {
namespace {

/// Looks where a guest is, by a connection that lasts until libvirt does not answer.
class Lookout {
 public:
  explicit Lookout(const hook::Job& job) : job_(job) {}

  hook::Sight look() {
    try {
      if (!libvirt_) libvirt_.emplace(Connection::open(job_.connect));
      switch (libvirt_->presence(job_.uuid)) {
        case Presence::gone:
          return {.guest = hook::Whereabouts::gone};
        case Presence::off:  // its definition is there
          return {.guest =
                      job_.how == hook::Inject::persist ? hook::Whereabouts::here : hook::Whereabouts::gone};
        case Presence::arriving:
          return {.guest = hook::Whereabouts::on_its_way};
        case Presence::here:
          break;
      }
      libvirt_.reset();
      return {.guest = hook::Whereabouts::here};
    } catch (const Error& error) {
      libvirt_.reset();
      return {.guest = hook::Whereabouts::unknown, .faults = error.messages()};
    }
  }

 private:
  const hook::Job& job_;
  std::optional<Connection> libvirt_{};
};

std::string require_conf(const std::string& conf) {
  if (std::optional<std::string> text = hook::read_trusted(conf)) return *text;
  throw Error(Exit::invalid, "there is no " + conf, "virt-iface-hook(7) shows one");
}

/// One line, or nothing for a guest that the policy leaves alone.
std::string apply_to(const Connection& libvirt, const Guest& guest, const hook::Settings& settings) {
  if (settings.exempt || settings.inject == hook::Inject::off || settings.interfaces.empty())
    return hook::scope_of(settings) + (settings.exempt ? "" : ", and nothing is injected into it");
  Document const document = Scanner().scan(libvirt.xml(guest, View::live, false), guest.name);
  hook::PreparedJob prepared = hook::prepare_job(document, settings);
  return prepared.job ? run_hook_job(*prepared.job) : prepared.text;
}

int run_words(const std::vector<std::string>& words) {
  std::vector<std::string> line{"virt-iface"};
  line.insert(line.end(), words.begin(), words.end());
  return run_program(static_cast<int>(line.size()), pointers_to(line).data());
}

}  // namespace

std::string run_hook_job(const hook::Job& job) {
  Lookout lookout(job);
  return hook::run_job(run_words, job, [&] { return lookout.look(); });
}

Exit apply_policy(const std::string& conf, const std::string& name) {
  std::string const text = require_conf(conf);
  std::string const uri = hook::read_settings(text, conf, name).connect;
  Connection const libvirt = Connection::open(uri.empty() ? "qemu:///system" : uri);
  Exit worst = Exit::ok;
  for (const Guest& guest : name.empty() ? libvirt.guests() : std::vector<Guest>{libvirt.guest(name)}) {
    if (!guest.active) continue;
    std::string line;
    try {
      line = apply_to(libvirt, guest, hook::read_settings(text, conf, guest.name));
    } catch (const Error& error) {
      worst = std::max(worst, error.status());
      line = error.messages().front().text;
    }
    write_all(STDOUT_FILENO, printable(guest.name) + ": " + printable(line) + '\n', "stdout");
  }
  return worst;
}

}  // namespace virt_iface
