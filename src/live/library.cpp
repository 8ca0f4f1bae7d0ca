// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live/library.hpp"

#include <dlfcn.h>

#include <string>

namespace virt_iface {
namespace {

void* symbol(void* module, const char* name) {
  void* found = dlsym(module, name);
  if (found == nullptr)
    throw Error(Exit::system, std::string("this libvirt has no ") + name, "install libvirt 4.5.0 or newer");
  return found;
}

}  // namespace

Error Library::failure(const std::string& what, const std::string& hint, std::string_view id) const {
  // A guest that was there when it was looked for may be gone by now.
  if (id.empty() && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN) id = "no-such-guest";
  return {Exit::system, Message{.text = what + ": " + virGetLastErrorMessage(), .hint = hint, .id = id}};
}

Library load_library() {
  void* module = dlopen("libvirt.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (module == nullptr) {
    const char* reason = dlerror();
    throw Error(Exit::system, std::string("cannot load libvirt: ") + (reason == nullptr ? "" : reason),
                "install the package libvirt0 (libvirt-libs on Fedora), or work on documents");
  }
  Library library;
#define VIRT_IFACE_FIND(name) library.name = reinterpret_cast<decltype(&::name)>(symbol(module, #name));
  VIRT_IFACE_LIBVIRT_FUNCTIONS(VIRT_IFACE_FIND)
#undef VIRT_IFACE_FIND
  library.auth = *static_cast<virConnectAuthPtr*>(symbol(module, "virConnectAuthPtrDefault"));
  // Its own printing to stderr is off: each failure is reported once, by us.
  library.virSetErrorFunc(nullptr, [](void*, virErrorPtr) {});
  if (library.virInitialize() < 0) throw library.failure("cannot initialise libvirt");
  return library;
}

}  // namespace virt_iface
