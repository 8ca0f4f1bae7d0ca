// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/replace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "unit/directory.hpp"
#include "unit/documents.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;
using test::refusal;

/// A directory of its own with a file `a` that holds "old".
class ReplaceFile : public testing::Test {
 protected:
  ReplaceFile() { std::ofstream(path("a")) << "old"; }

  std::string path(const std::string& name) const { return directory_ / name; }
  /// What is in the directory: `a=old b=new `.
  std::string found() const {
    std::string all;
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(directory_)) entries.push_back(entry.path());
    std::ranges::sort(entries);
    for (const fs::path& entry : entries) all += entry.filename().string() + '=' + read_file(entry) + ' ';
    return all;
  }
  static mode_t mode(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
  }

 private:
  test::Directory own_{};
  const fs::path& directory_ = own_.path();
};

TEST_F(ReplaceFile, LeavesNothingBeside) {
  replace_file(path("a"), "new");
  EXPECT_EQ(found(), "a=new ");
}

TEST_F(ReplaceFile, MakesOneThatIsNotThere) {
  replace_file(path("b"), "new");
  EXPECT_EQ(found(), "a=old b=new ");
}

TEST_F(ReplaceFile, KeepsTheModeAndOpenReaders) {
  ASSERT_EQ(::chmod(path("a").c_str(), 0640), 0);
  const Descriptor reader = open_file(path("a"));
  replace_file(path("a"), "new");
  EXPECT_EQ(mode(path("a")), 0640U);
  EXPECT_EQ(read_all(reader.get(), "a"), "old");
}

TEST_F(ReplaceFile, ShowsANewOneToNoMoreThanItsModel) {
  ASSERT_EQ(::chmod(path("a").c_str(), 0600), 0);
  replace_file(path("b"), "new", {.mode_of = path("a")});
  EXPECT_EQ(mode(path("b")), 0600U);
}

TEST_F(ReplaceFile, FollowsASymbolicLink) {
  fs::create_symlink("a", path("link"));
  replace_file(path("link"), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(found(), "a=new link=new ");
}

TEST_F(ReplaceFile, KeepsTheOldOneAsABackup) {
  replace_file(path("a"), "new", {.backup_suffix = ".orig"});
  EXPECT_EQ(found(), "a=new a.orig=old ");
}

TEST_F(ReplaceFile, RefusesOneThatWasChangedSinceItWasRead) {
  const FileVersion version = hold_file(path("a")).version;
  std::ofstream(path("a")) << "of somebody else";
  EXPECT_THAT(
      refusal([&] { replace_file(path("a"), "new", {.backup_suffix = ".orig", .expected = &version}); }),
      testing::HasSubstr("was changed while it was converted"));
  EXPECT_EQ(found(), "a=of somebody else ");
}

TEST_F(ReplaceFile, RefusesWhatIsNoRegularFile) {
  fs::create_directory(path("d"));
  EXPECT_THAT(refusal([&] { replace_file(path("d"), "new"); }),
              testing::HasSubstr("it is not a regular file"));
}

TEST_F(ReplaceFile, LeavesTheOldOneWhereTheBackupFails) {
  EXPECT_NE(refusal([&] { replace_file(path("a"), "new", {.backup_suffix = "/no/such"}); }), "");
  EXPECT_EQ(found(), "a=old ");
}

}  // namespace
}  // namespace virt_iface
