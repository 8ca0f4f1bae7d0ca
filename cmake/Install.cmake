# SPDX-License-Identifier: LGPL-2.1-or-later
install(TARGETS virt-iface RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(section 1 5 7)
  file(GLOB pages CONFIGURE_DEPENDS man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/interfaces.schema.json DESTINATION ${CMAKE_INSTALL_DOCDIR})
foreach(folder hooks templates)
  install(DIRECTORY ${folder}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/virt-iface/${folder} USE_SOURCE_PERMISSIONS)
endforeach()

# Where a distribution has other folders for them.
set(VIRT_IFACE_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING "Where zsh's completion goes")
set(VIRT_IFACE_UNIT_DIR lib/systemd/system CACHE STRING "Where systemd's units go")
install(FILES src/cli/completion.bash RENAME virt-iface
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES src/cli/completion.zsh RENAME _virt-iface DESTINATION ${VIRT_IFACE_ZSH_DIR})
install(FILES src/cli/completion.fish RENAME virt-iface.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(FILES packaging/systemd/virt-iface-check.service packaging/systemd/virt-iface-check.timer
  DESTINATION ${VIRT_IFACE_UNIT_DIR})
install(FILES packaging/systemd/tmpfiles.conf RENAME virt-iface.conf DESTINATION lib/tmpfiles.d)
