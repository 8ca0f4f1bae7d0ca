// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/process.hpp"
#include "job/run_job.hpp"
#include "unit/directory.hpp"

namespace virt_iface::hook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// A program that writes down how it is called, and then does what a script says.
class RunJob : public testing::Test {
 protected:
  std::string run(const Job& job, const std::string& script, const Watch& watch = here) {
    std::string const program = directory_ / "program";
    std::ofstream(program) << "#!/bin/sh\necho \"$*\" >>" << (directory_ / "calls").string() << '\n'
                           << script;
    ::chmod(program.c_str(), 0755);
    auto const call = [&](const std::vector<std::string>& words) {
      std::vector<std::string> line{program};
      line.insert(line.end(), words.begin(), words.end());
      return ::execv(program.c_str(), pointers_to(line).data());
    };
    return run_job(call, job, watch);
  }

  std::vector<std::string> calls() const {
    std::ifstream file(directory_ / "calls");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string last;
      for (std::string word; words >> word;)
        if (word == "--live" || word == "--config" || word.starts_with("type=") || word.starts_with("52:"))
          last += (last.empty() ? "" : " ") + word;
      lines.push_back(last);
    }
    return lines;
  }

  static Sight here() { return {.guest = Whereabouts::here}; }

  static Job job(Inject how) {
    // Not a UUID: no lock, no report.
    return {.guest = "web1",
            .uuid = "none",
            .connect = "test:///default",
            .how = how,
            .timeout = std::chrono::seconds(1),
            .interfaces = {{.name = "[interfaces.1] (ovs on late)", .option = "type=ovs,source=late"},
                           {.name = "[interfaces.2] (ovs on v)", .option = "type=ovs,source=v"}}};
  }

  test::Directory own_{};
  const std::filesystem::path& directory_ = own_.path();
};

constexpr const char* late_fails =
    R"(case "$*" in *=late*) echo '{"severity":"error","message":"no late"}' >&2
exit 4 ;; esac)";

TEST_F(RunJob, WaitsForTheGuestBeforeItsTimeBegins) {
  std::size_t looks = 0;
  auto const watch = [&] {
    EXPECT_TRUE(calls().empty());
    return Sight{.guest = ++looks < 3 ? Whereabouts::on_its_way : Whereabouts::here};
  };
  EXPECT_EQ(run(job(Inject::both), "", watch),
            "the guest and its definition have [interfaces.1] (ovs on late), [interfaces.2] (ovs on v)");
  EXPECT_THAT(calls(),
              ElementsAre("--live --config type=ovs,source=late", "--live --config type=ovs,source=v"));
}

TEST_F(RunJob, AGuestThatIsGoneIsNoError) {
  EXPECT_EQ(run(job(Inject::both), "", [] { return Sight{.guest = Whereabouts::gone}; }),
            "the guest is gone");
  EXPECT_TRUE(calls().empty());
}

TEST_F(RunJob, ALibvirtThatDoesNotAnswerIsWaitedForAsLongAsTheJobLasts) {
  EXPECT_EQ(run(job(Inject::both), "", [] { return Sight{.faults = {{.text = "cannot connect"}}}; }),
            "cannot connect");
}

TEST_F(RunJob, WhatIsLateDelaysNothingElse) {
  EXPECT_EQ(run(job(Inject::hotplug), late_fails),
            "[interfaces.1] (ovs on late): no late; the guest has [interfaces.2] (ovs on v)");
  EXPECT_EQ(calls().at(1), "--live type=ovs,source=v");
  EXPECT_GT(calls().size(), 3U);
}

TEST_F(RunJob, WhatTheRunningGuestCannotTakeItsDefinitionGets) {
  std::string const full =
      R"(case "$*" in *--live*) echo '{"severity":"error","id":"no-free-slot","message":"full"}' >&2; exit 4 ;; esac)";
  EXPECT_THAT(
      run(job(Inject::both), full),
      testing::AllOf(StartsWith("[interfaces.1] (ovs on late): no free PCI slot ("),
                     HasSubstr("for each); its definition has it for the next start; [interfaces.2]")));
  EXPECT_THAT(calls(),
              ElementsAre("--live --config type=ovs,source=late", "--live --config type=ovs,source=v",
                          "--config type=ovs,source=late", "--config type=ovs,source=v"));
}

TEST_F(RunJob, ATransientGuestHasNoDefinition) {
  std::string const transient =
      R"(case "$*" in *--config*) echo '{"severity":"error","id":"guest-not-persistent","message":"x"}' >&2; exit 4 ;; esac)";
  EXPECT_EQ(run(job(Inject::both), transient),
            "the guest has [interfaces.1] (ovs on late), [interfaces.2] (ovs on v)");
}

TEST_F(RunJob, TheDefinitionIsChangedAsTheGuestWas) {
  Job wanted = job(Inject::persist);
  wanted.updates = {{"52:54:00:00:00:01", "type=ovs", "source=v"}};
  EXPECT_THAT(run(wanted, ""), HasSubstr("from its next start on"));
  EXPECT_EQ(calls().at(0), "--config 52:54:00:00:00:01 type=ovs");
  EXPECT_EQ(calls().size(), 3U);
  std::string const refuses =
      R"(case "$1" in update) echo '{"severity":"error","message":"would lose its vlan"}' >&2; exit 3 ;; esac)";
  EXPECT_THAT(run(wanted, refuses),
              StartsWith("its definition could not be changed as the guest was: would lose its vlan; "));
}

}  // namespace
}  // namespace virt_iface::hook
