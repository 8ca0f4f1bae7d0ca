// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/file_reader.hpp"

#include <sys/stat.h>

#include <cerrno>

namespace virt_iface {

HeldDirectory FileReader::beneath(const FileName& file) {
  const ListedDirectory& listed = *file.listed;
  if (!root_ || listed_ != file.listed) {
    HeldDirectory root = hold_directory(listed.path);
    struct stat status {};
    if (::fstat(root->get(), &status) != 0 || status.st_dev != listed.device || status.st_ino != listed.inode)
      throw Error(Exit::system, "'" + listed.path + "' is another directory than the one that was listed",
                  "run again when nobody changes it");
    root_ = std::move(root);
  }
  return hold_directory_beneath(*root_, directory_of(listed.inside(file.path)), file.path);
}

DirectoryEntry FileReader::entry_of(const FileName& file) {
  std::string path = directory_of(file.path);
  if (!directory_ || path != directory_path_ || listed_ != file.listed) {
    directory_ = file.listed ? beneath(file) : hold_directory(path);
    directory_path_ = std::move(path);
    listed_ = file.listed;
  }
  return {.directory = directory_,
          .name = file.path.substr(file.path.rfind('/') + 1),
          .path = file.path,
          .follows_links = !file.listed};
}

std::string FileReader::read(const FileName& file) {
  std::string data;
  if (file.listed) {
    DirectoryEntry entry = entry_of(file);
    data = read_enough(open_entry(entry).get(), file.path, most_);
  } else {
    data = read_file(file.path, most_);
  }
  if (data.size() > most_) throw too_large(file.path);
  return data;
}

Error with_hint(const Error& error, const std::string& path) {
  struct stat status {};
  const bool missing = ::stat(path.c_str(), &status) != 0 && errno == ENOENT;
  const bool could_be_a_guest = missing && path.find_first_of("./") == path.npos && !path.starts_with('-');
  if (!(could_be_a_guest || S_ISDIR(status.st_mode)) || error.messages().size() != 1 ||
      !error.messages().front().hint.empty())
    return error;
  Message message = error.messages().front();
  message.hint =
      missing ? "a guest of libvirt is named by --domain " + path : "-r reads the *.xml files of a directory";
  return {error.status(), std::move(message)};
}

HeldFile FileReader::hold(const FileName& file) {
  try {
    HeldFile held = hold_file(entry_of(file), most_, patience_);
    if (held.data.size() > most_) throw too_large(file.path);
    return held;
  } catch (const Locked&) {
    patience_ /= 2;
    throw;
  }
}

}  // namespace virt_iface
