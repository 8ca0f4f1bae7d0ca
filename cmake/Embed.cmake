# SPDX-License-Identifier: LGPL-2.1-or-later
# Compiles every file that matches a pattern into the program, so that one file works: with the space
# `stylesheets`, xslt/interface.xsl becomes the std::string_view virt_iface::stylesheets::interface of stylesheets.hpp.
# One more argument is the name for a file whose own is none in C++.
function(embed_files result space pattern)
  file(GLOB files CONFIGURE_DEPENDS ${pattern})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  set(declarations "")
  set(definitions "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(REPLACE "-" "_" name ${name})
    if(ARGC GREATER 3)
      set(name ${ARGV3})
    endif()
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
