// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>

#include "batch/mac_register.hpp"
#include "batch/name_register.hpp"
#include "batch/pipeline.hpp"
#include "batch/progress.hpp"
#include "batch/summary.hpp"

namespace virt_iface {
namespace {

using Numbers = Pipeline<int, int>;

/// The numbers up to `count`, doubled by so many jobs, some of them slowly.
std::vector<int> doubled(int count, unsigned jobs) {
  int next = 0;
  std::vector<int> out;
  Numbers({.next = [&] { return next < count ? std::optional(next++) : std::nullopt; },
           .make_work =
               [] {
                 return [](int n) {
                   if (n % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
                   return 2 * n;
                 };
               },
           .emit =
               [&](int n) {
                 out.push_back(n);
                 return true;
               }},
          jobs)
      .run();
  return out;
}

TEST(Pipeline, EmitsInTheOrderOfTheItems) {
  for (unsigned const jobs : {1U, 2U, 5U}) {
    std::vector<int> const out = doubled(500, jobs);
    ASSERT_EQ(out.size(), 500U);
    for (int i = 0; i < 500; ++i) ASSERT_EQ(out[static_cast<std::size_t>(i)], 2 * i);
  }
}

TEST(Pipeline, EndsWithoutItems) {
  EXPECT_TRUE(doubled(0, 3).empty());
}

TEST(Pipeline, KeepsFewItemsInFlight) {
  std::atomic<int> taken{0};
  int emitted = 0;
  int most = 0;
  Numbers({.next = [&] { return taken < 300 ? std::optional(taken++) : std::nullopt; },
           .make_work =
               [] {
                 return [](int n) {
                   if (n == 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
                   return n;
                 };
               },
           .emit =
               [&](int) {
                 most = std::max(most, taken - emitted++);
                 return true;
               }},
          3)
      .run();
  EXPECT_EQ(emitted, 300);
  EXPECT_LE(most, 8 * 3 + 1);
}

TEST(Pipeline, TakesNoMoreWhenTheEmitterHasEnough) {
  int next = 0;
  int emitted = 0;
  Numbers({.next = [&] { return std::optional(next++); },
           .make_work = [] { return [](int n) { return n; }; },
           .emit = [&](int) { return ++emitted < 10; }},
          1)
      .run();
  EXPECT_EQ(emitted, 10);
  EXPECT_EQ(next, 10);
}

TEST(Pipeline, ThrowsWhatAStepThrows) {
  for (unsigned const jobs : {1U, 4U}) {
    std::atomic<int> next{0};
    Numbers pipeline(
        {.next = [&] { return std::optional(next++); },
         .make_work = [] { return [](int n) { return n == 20 ? throw Error(Exit::usage, "no") : n; }; },
         .emit = [](int) { return true; }},
        jobs);
    EXPECT_THROW(pipeline.run(), Error);
  }
}

TEST(MacNumber, ReadsWhatIsAMac) {
  EXPECT_EQ(mac_number("52:54:00:aB:cd:01"), 0x525400ABCD01U);
  for (const char* other :
       {"", "52:54:00:ab:cd", "52-54-00-ab-cd-01", "52:54:00:ab:cd:0g", "52:54:00:ab:cd:011"})
    EXPECT_EQ(mac_number(other), 0U) << other;
}

TEST(MacRegister, FindsWhatTwoDomainsHave) {
  MacRegister macs;
  macs.add({{1}, {2}}, "a", 10);
  macs.add({{2, 7}, {3, 8, true}}, "b", 11);
  macs.add({{3}, {2}}, "c", 9);
  macs.add({{1}}, "a", 12);  // the same domain again
  auto const shared = macs.shared();
  ASSERT_EQ(shared.size(), 2U);
  EXPECT_EQ(shared[0].mac, "00:00:00:00:00:02");
  using Holder = MacRegister::Holder;
  EXPECT_THAT(shared[0].holders, testing::ElementsAre(Holder{9, 0}, Holder{10, 0}, Holder{11, 7}));
  EXPECT_THAT(shared[1].holders, testing::ElementsAre(Holder{9, 0}, Holder{11, 8}));
  EXPECT_FALSE(shared[0].made);
  EXPECT_TRUE(shared[1].made);
}

TEST(MacRegister, FindsOnePairAmongMany) {
  MacRegister macs;
  for (std::uint32_t i = 1; i <= 50'000; ++i) macs.add({{i}, {i + 100'000}}, "d" + std::to_string(i), i);
  EXPECT_TRUE(macs.shared().empty());
  macs.add({{777}}, "other", 60'000);
  auto const shared = macs.shared();
  ASSERT_EQ(shared.size(), 1U);
  EXPECT_EQ(shared[0].holders.front().document, 777U);
  EXPECT_EQ(shared[0].holders.back().document, 60'000U);
}

TEST(NameRegister, FindsWhatTwoDomainsWouldHave) {
  NameRegister names;
  names.add({{.name = "web-1", .position = 1, .made = true}, {.name = "old", .position = 2}}, "a", 10, "");
  names.add({{.name = "web-1", .position = 3}, {.name = "old", .position = 1}}, "b", 9, "");
  names.add({{.name = "web-1", .position = 1, .made = true}}, "a", 11, "");  // the same domain again
  names.add({{.name = "web-1", .position = 1, .made = true}}, "c", 12, "qemu+ssh://other/system");
  names.add({{.of = HeldName::Of::domain, .name = "web-1", .made = true}}, "d", 13, "");
  auto const shared = names.shared();
  ASSERT_EQ(shared.size(), 1U);
  EXPECT_EQ(shared[0].what, "device name web-1");
  using Holder = MacRegister::Holder;
  EXPECT_THAT(shared[0].holders, testing::ElementsAre(Holder{9, 3}, Holder{10, 1}));
}

TEST(ProgressLine, TellsCountRateAndRemaining) {
  EXPECT_EQ(progress_line(1200, 100'000, "documents", 1.5), "1200/100000 documents, 800/s, 2 min 4 s left");
  EXPECT_EQ(progress_line(50, 60, "documents", 5), "50/60 documents, 10/s, 1 s left");
  EXPECT_EQ(progress_line(100, 100'000, "documents", 10), "100/100000 documents, 10/s, 2 h 46 min left");
  EXPECT_EQ(progress_line(42, 0, "documents", 2), "42 documents, 21/s");
}

TEST(SummaryText, CountsAndNames) {
  std::vector<FileName> const files{{"a.xml", ""}, {"b.xml", ""}};
  Summary summary(files);
  DocumentResult good{.label = "a.xml", .number = 0};
  good.result.changed = true;
  good.result.macs = {{.mac = 5, .position = 1}};
  good.result.identity = "a";
  summary.add(good);
  DocumentResult other{.label = "b.xml", .number = 1};
  other.result.macs = {{.mac = 5, .position = 2}};
  other.result.identity = "b";
  summary.add(other);
  summary.add({.label = "c.xml", .error = Error(Exit::invalid, "it is broken")});
  summary.add({.label = "tail", .tail = true});
  EXPECT_EQ(summary.text(false, 0), "3 documents: 1 changed, 1 unchanged, 1 failed\n  c.xml: it is broken\n");
  EXPECT_EQ(summary.text(true, 2),
            "stopped after 3 documents: 1 would change, 1 unchanged, 1 failed\n  c.xml: it is broken\n");
  ASSERT_EQ(summary.shared().size(), 1U);
  EXPECT_EQ(summary.shared()[0].text,
            "MAC 00:00:00:00:00:05 is in 'a.xml' (interface 1) and in 'b.xml' (interface 2)");
}

}  // namespace
}  // namespace virt_iface
