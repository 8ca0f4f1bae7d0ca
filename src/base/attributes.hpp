// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/stat.h>

#include <string>
#include <vector>

namespace virt_iface {

/// Gives an open file that only its owner can use yet the owner, mode, ACL and extended attributes of another
/// open one, `from`, whose status is `old`; never is it open to more than that one. Returned are the names of
/// the attributes that this file system or the kernel does not take, such as `security.selinux`; where the
/// ACL is one of them, Error (system) is thrown, which names `label`.
std::vector<std::string> take_over_attributes(int descriptor, int from, const std::string& label,
                                              const struct stat& old);

/// The mode of a new file that is not to be readable by more than `model`, which may not be there: no bits to
/// execute, and those of the owning group as its ACL has them, not as its ACL's mask is shown in the mode.
mode_t mode_for_new(const std::string& model);

}  // namespace virt_iface
