# SPDX-License-Identifier: LGPL-2.1-or-later
# Compiles every stylesheet of a folder into the program, so that one file works:
# xslt/render.xsl becomes the std::string_view virt_iface::stylesheets::render.
function(embed_stylesheets result folder)
  file(GLOB sheets CONFIGURE_DEPENDS ${folder}/*.xsl)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sheets})
  set(declarations "")
  set(definitions "")
  foreach(sheet ${sheets})
    get_filename_component(name ${sheet} NAME_WE)
    string(REPLACE "-" "_" name ${name})
    file(READ ${sheet} text)
    string(APPEND declarations "extern const std::string_view ${name};\n")
    string(APPEND definitions "const std::string_view ${name} = R\"XSLT(${text})XSLT\";\n")
  endforeach()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(CONFIGURE OUTPUT ${out}/stylesheets.hpp CONTENT
    "#pragma once\n#include <string_view>\nnamespace virt_iface::stylesheets {\n${declarations}}\n" @ONLY)
  file(CONFIGURE OUTPUT ${out}/stylesheets.cpp CONTENT
    "#include \"stylesheets.hpp\"\nnamespace virt_iface::stylesheets {\n${definitions}}\n" @ONLY)
  set(${result} ${out}/stylesheets.cpp PARENT_SCOPE)
endfunction()

# Compiles libvirt's hook script into the program, which installs it: virt_iface::hook::hook_script.
function(embed_hook_script result file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(CONFIGURE OUTPUT ${out}/hook_script.hpp CONTENT
    "#pragma once\n#include <string_view>\nnamespace virt_iface::hook {\nextern const std::string_view hook_script;\n}\n" @ONLY)
  file(CONFIGURE OUTPUT ${out}/hook_script.cpp CONTENT
    "#include \"hook_script.hpp\"\nnamespace virt_iface::hook {\nconst std::string_view hook_script = R\"SCRIPT(${text})SCRIPT\";\n}\n" @ONLY)
  set(${result} ${out}/hook_script.cpp PARENT_SCOPE)
endfunction()
