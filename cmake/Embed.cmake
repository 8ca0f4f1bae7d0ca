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
