# SPDX-License-Identifier: LGPL-2.1-or-later
# Compiles every file that matches a pattern into the program, so that one file works: with the space
# `stylesheets`, xslt/render.xsl becomes the std::string_view virt_iface::stylesheets::render of stylesheets.hpp.
function(embed_files result space pattern)
  file(GLOB files CONFIGURE_DEPENDS ${pattern})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  set(declarations "")
  set(definitions "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(REPLACE "-" "_" name ${name})
    file(READ ${file} text)
    string(APPEND declarations "extern const std::string_view ${name};\n")
    string(APPEND definitions "const std::string_view ${name} = R\"EMBED(${text})EMBED\";\n")
  endforeach()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(CONFIGURE OUTPUT ${out}/${space}.hpp CONTENT
    "#pragma once\n#include <string_view>\nnamespace virt_iface::${space} {\n${declarations}}\n" @ONLY)
  file(CONFIGURE OUTPUT ${out}/${space}.cpp CONTENT
    "#include \"${space}.hpp\"\nnamespace virt_iface::${space} {\n${definitions}}\n" @ONLY)
  set(${result} ${out}/${space}.cpp PARENT_SCOPE)
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
