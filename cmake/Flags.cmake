# SPDX-License-Identifier: LGPL-2.1-or-later
# Warnings, hardening and sanitizers, carried by one interface target.
add_library(virt-iface-flags INTERFACE)
target_compile_options(virt-iface-flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
# g++ 12 raises a false alarm over "text" + std::string (its bug 105651).
target_compile_options(virt-iface-flags INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
if(VIRT_IFACE_WERROR)
  target_compile_options(virt-iface-flags INTERFACE -Werror)
endif()

if(VIRT_IFACE_SANITIZE)
  target_compile_options(virt-iface-flags INTERFACE -fsanitize=${VIRT_IFACE_SANITIZE}
    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(virt-iface-flags INTERFACE -fsanitize=${VIRT_IFACE_SANITIZE})
else()
  target_compile_options(virt-iface-flags INTERFACE -fstack-protector-strong
    $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
include(CheckPIESupported)
check_pie_supported()
target_link_options(virt-iface-flags INTERFACE -Wl,-z,relro,-z,now -Wl,--as-needed)

# Most of a short run is its start: what is not used is left out; -O3 makes the program a third larger and no faster;
# the C++ library, whose own symbols are most of those looked up then, is the first place where they are sought.
target_compile_options(virt-iface-flags INTERFACE $<$<CONFIG:Release>:-O2;-ffunction-sections;-fdata-sections>)
target_link_options(virt-iface-flags INTERFACE $<$<CONFIG:Release>:-Wl,--gc-sections>)
target_link_libraries(virt-iface-flags INTERFACE $<$<CONFIG:Release>:stdc++>)
