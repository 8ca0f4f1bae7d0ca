# SPDX-License-Identifier: LGPL-2.1-or-later
install(TARGETS virt-iface RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(section 1 5 7)
  file(GLOB pages CONFIGURE_DEPENDS man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
foreach(folder hooks templates)
  install(DIRECTORY ${folder}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/virt-iface/${folder} USE_SOURCE_PERMISSIONS)
endforeach()
install(FILES src/cli/completion.bash RENAME virt-iface
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
