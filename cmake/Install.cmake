# SPDX-License-Identifier: LGPL-2.1-or-later
install(TARGETS virt-iface RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
