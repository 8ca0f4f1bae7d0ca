// SPDX-License-Identifier: LGPL-2.1-or-later
// What libvirt's qemu driver refuses we refuse, and what it takes we take: every key on every type that we
// make, with each model and on two arches. SWEEP=all tries each; else one in fifty.
#include <gtest/gtest.h>
#include <libvirt/libvirt.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "samples.hpp"
#include "table/meaning.hpp"
#include "table/values.hpp"
#include "view/read.hpp"
#include "xml/scan.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;

struct Trial {
  std::string key{};
  Interface interface {};
  std::string arch{};
};

/// A trial's verdict by libvirt: what it dumped, or why it refused.
struct Answer {
  bool taken = false;
  std::string text{};
};

std::vector<Trial> all_trials() {
  std::vector<Trial> out;
  for (const Key& key : keys()) {
    if (key.kind == Kind::bandwidth || key.path.empty() ||
        since({std::string(key.name), {}, {}}, {}) > LIBVIR_VERSION_NUMBER / 1000)
      continue;
    for (const std::string_view type : words(made_types()))
      for (const char* model : {"virtio", "e1000", ""})
        for (const char* arch : {"x86_64", "s390x"}) {
          Interface one = interface_with(key, type);
          if (key.name != "model") *model == '\0' ? void(one.erase("model")) : one.set("model", model);
          out.push_back({std::string(key.name), std::move(one), arch});
        }
  }
  return out;
}

std::vector<Trial> some(std::vector<Trial> all) {
  const char* asked = std::getenv("SWEEP");
  if (asked != nullptr && std::string(asked) == "all") return all;
  std::vector<Trial> out;
  for (std::size_t i = 0; i < all.size(); i += 53) out.push_back(std::move(all[i]));
  return out;
}

/// What libvirt's qemu driver says of each, without a daemon.
std::map<std::size_t, Answer> ask(const std::vector<Trial>& trials, const fs::path& directory) {
  fs::create_directories(directory / "root/etc");
  std::ofstream(directory / "root/etc/qemu.conf")
      << "user = \"root\"\ngroup = \"root\"\nsecurity_driver = \"none\"\n";
  std::ofstream commands(directory / "commands");
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const fs::path file = directory / (std::to_string(i) + ".xml");
    std::ofstream(file) << document_with(trials[i].interface, trials[i].arch);
    commands << "echo @@" << i << "\ndefine " << file.string() << "\ndumpxml g --inactive\nundefine g\n";
  }
  commands.close();
  const std::string run = "virsh -q -c 'qemu:///embed?root=" + (directory / "root").string() + "' <" +
                          (directory / "commands").string() + " >" + (directory / "out").string() + " 2>&1";
  EXPECT_EQ(std::system(run.c_str()) & 0xff, 0);
  std::ifstream file(directory / "out");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::map<std::size_t, Answer> out;
  for (std::size_t at = text.find("@@"); at != text.npos;) {
    const std::size_t next = text.find("@@", at + 2);
    const std::string part = text.substr(at + 2, next == text.npos ? next : next - at - 2);
    const std::size_t begin = part.find("<domain");
    const std::size_t end = part.find("</domain>");
    if (part.find_first_of("0123456789") == 0 && part[0] != '\n')
      out[std::stoul(part)] = {begin != part.npos,
                               begin != part.npos ? part.substr(begin, end + 9 - begin) : part};
    at = next;
  }
  return out;
}

/// Why the two differ where they are known to, or empty.
std::string excuse(const Trial& trial, bool ours) {
  const std::string_view type = trial.interface.get("type");
  const Key* key = find_key(trial.key);
  if (trial.key == "address.domain") return "which PCI domains there are the machine says";
  if (trial.key == "teaming.type") return "pairs are looked at with the domain's other interfaces";
  if (trial.arch == "s390x" && trial.key.starts_with("source.")) return "the machine has no USB bus";
  if (trial.key == "address.port" || trial.key == "address.reg") return "which bus a model is on QEMU says";
  if (ours) return {};
  if (trial.key == "boot.loadparm") return "only the firmware of s390x reads it";
  if (trial.key == "trustGuestRxFilters") return "it means nothing on another type";
  if (type == "vdpa" && is_of(trial.key, "driver")) return "libvirt takes some virtio options of no model";
  if (is_of(trial.key, "driver") && type == "hostdev")
    return "virtio options mean nothing on a host's function";
  if (trial.key == "target.managed") return "yes means nothing on another type";
  // Only the start of the guest tells.
  if (is_of(trial.key, "vlan")) return "VLANs are looked at when the guest starts";
  if (is_of(trial.key, "filterref")) return "filters are looked at when the guest starts";
  if (is_of(trial.key, "virtualport")) return "virtual ports are looked at when the guest starts";
  if (trial.key == "mode") return "a mode is no attribute of another type, and dropped";
  if (trial.arch == "s390x" && key != nullptr && key->where == Where::not_ccw)
    return "QEMU refuses it when the guest starts";
  if (trial.arch == "s390x" && type != "hostdev") return "an s390x guest starts with virtio only";
  return {};
}

TEST(Sweep, TheQemuDriverSaysWhatWeSay) {
  if (geteuid() != 0) GTEST_SKIP() << "libvirt's qemu driver without a daemon needs root here";
  for (const char* program : {"virsh", "qemu-system-x86_64", "qemu-system-s390x"})
    if (std::system((std::string("command -v ") + program + " >/dev/null").c_str()) != 0)
      GTEST_SKIP() << program << " is needed";
  const fs::path directory = fs::temp_directory_path() / ("sweep-" + std::to_string(getpid()));
  const std::vector<Trial> trials = some(all_trials());
  const std::map<std::size_t, Answer> answers = ask(trials, directory);
  fs::remove_all(directory);
  ASSERT_EQ(answers.size(), trials.size());
  std::map<std::string, std::size_t> excused;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Trial& trial = trials[i];
    const DomainTraits traits{.arch = trial.arch, .type = "qemu"};
    const std::vector<Message> faults = check(trial.interface, &traits);
    const auto is_error = [](const Message& m) { return m.severity == Severity::error; };
    const auto fault = std::ranges::find_if(faults, is_error);
    const bool ours = fault == faults.end();
    const Answer& answer = answers.at(i);
    // What it drops without a word it does not take.
    bool theirs = answer.taken;
    if (theirs) {
      const Interface read = read_interface(Scanner().scan(answer.text, "g").domain.interfaces.at(0));
      const std::string name = trial.key.ends_with('.') ? trial.key + "IP" : trial.key;
      theirs = equal_values(name, trial.interface.get(name), read.get(name));
    }
    taken += ours && theirs ? 1 : 0;
    if (ours == theirs) continue;
    const std::string why = excuse(trial, ours);
    if (!why.empty()) {
      ++excused[why];
      continue;
    }
    ADD_FAILURE() << trial.arch << " " << trial.key << " on " << trial.interface.get("type") << ", model "
                  << trial.interface.get("model") << ": we "
                  << (ours ? "take it" : "refuse it: " + fault->text) << ", libvirt "
                  << (theirs         ? "takes it"
                      : answer.taken ? "drops it"
                                     : answer.text);
  }
  std::string figures = std::to_string(trials.size()) + " tried, " + std::to_string(taken) + " taken by both";
  for (const auto& [why, count] : excused) figures += "; " + std::to_string(count) + ": " + why;
  RecordProperty("figures", figures);
  std::cout << figures << '\n';
}

}  // namespace
}  // namespace virt_iface
