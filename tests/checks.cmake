# SPDX-License-Identifier: LGPL-2.1-or-later
# What ./dev test adds: the tests that build more than this folder, and those that need more than python3.
set(support ${CMAKE_CURRENT_SOURCE_DIR}/support)
cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)

# variant(NAME): a fixture that configures and builds the preset NAME beside this build.
function(variant name)
  set(out ${PROJECT_SOURCE_DIR}/build/${name})
  add_test(NAME ${name}.configure COMMAND ${CMAKE_COMMAND} --preset ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  add_test(NAME ${name}.build COMMAND ${CMAKE_COMMAND} --build ${out})
  set_tests_properties(${name}.configure PROPERTIES FIXTURES_SETUP ${name}.configured)
  set_tests_properties(${name}.build PROPERTIES FIXTURES_REQUIRED ${name}.configured FIXTURES_SETUP ${name}
    PROCESSORS ${cores} TIMEOUT 1800)
  set_tests_properties(${name}.configure ${name}.build PROPERTIES LABELS ${name})
endfunction()

# The unit and golden tests under AddressSanitizer and UndefinedBehaviorSanitizer, compiled by clang, with what the fuzz
# targets need, so that all of it is compiled once.
variant(asan)
set(asan ${PROJECT_SOURCE_DIR}/build/asan)
add_test(NAME asan.unit COMMAND ${asan}/tests/unit-tests --gtest_brief=1)
add_test(NAME asan.golden COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/golden/run
  --program ${asan}/virt-iface --no-libvirt)
set_tests_properties(asan.unit asan.golden PROPERTIES FIXTURES_REQUIRED asan LABELS asan TIMEOUT 1200
  ENVIRONMENT "ASAN_OPTIONS=detect_stack_use_after_return=1;UBSAN_OPTIONS=print_stacktrace=1")

# The batch with its threads, under ThreadSanitizer.
variant(tsan)
add_test(NAME tsan.batch COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/e2e/test_batch.py)
set_tests_properties(tsan.batch PROPERTIES FIXTURES_REQUIRED tsan LABELS tsan TIMEOUT 1200 ENVIRONMENT
  "VIRT_IFACE=${PROJECT_SOURCE_DIR}/build/tsan/virt-iface;TSAN_OPTIONS=halt_on_error=1 exitcode=66;PYTHONDONTWRITEBYTECODE=1")

# Linters.
add_test(NAME lint.format COMMAND ${Python3_EXECUTABLE} ${support}/lint format)
add_test(NAME lint.shell COMMAND ${Python3_EXECUTABLE} ${support}/lint shell)
add_test(NAME lint.tidy COMMAND ${Python3_EXECUTABLE} ${support}/lint tidy ${PROJECT_BINARY_DIR})
add_test(NAME lint.rooms COMMAND ${Python3_EXECUTABLE} ${support}/lint rooms)
add_test(NAME lint.keys COMMAND ${Python3_EXECUTABLE} ${support}/lint keys)
set_tests_properties(lint.format lint.shell lint.rooms lint.keys lint.tidy PROPERTIES LABELS lint SKIP_RETURN_CODE 77)
set_tests_properties(lint.tidy PROPERTIES PROCESSORS ${cores} TIMEOUT 2400)

# Real guests on two hosts. Most of the time is waited, so that two parts go side by side, each with hosts of its own; what
# is measured has the machine for itself.
function(lab_part name cost)
  add_test(NAME lab.${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/lab/run ${ARGN})
  set_tests_properties(lab.${name} PROPERTIES ENVIRONMENT "VIRT_IFACE=$<TARGET_FILE:virt-iface>" LABELS lab COST ${cost} TIMEOUT 2400)
endfunction()
lab_part(cost 900 hook_cost.)
set_tests_properties(lab.cost PROPERTIES RUN_SERIAL ON)
lab_part(hook 300 hook !hook_cost.)
lab_part(chaos 200 chaos.)
lab_part(others 250 !hook !chaos.)

# The golden cases where libvirt is another: this program in a tree of Debian 13, with that libvirt's parser and schema.
add_test(NAME trixie.golden COMMAND ${support}/debian-tree trixie golden $<TARGET_FILE:virt-iface>)
set_tests_properties(trixie.golden PROPERTIES LABELS trixie SKIP_RETURN_CODE 77 TIMEOUT 1200)
# Every attribute of the schema there is a key, or kept.
add_test(NAME trixie.schema COMMAND ${support}/debian-tree trixie schema $<TARGET_FILE:virt-iface>)
set_tests_properties(trixie.golden trixie.schema PROPERTIES RESOURCE_LOCK trixie.golden)
set_tests_properties(trixie.schema PROPERTIES LABELS trixie SKIP_RETURN_CODE 77 TIMEOUT 1200)
# Real guests there, for what Debian 12's libvirt cannot do.
add_test(NAME trixie.lab COMMAND ${support}/debian-tree trixie lab $<TARGET_FILE:virt-iface>)
set_tests_properties(trixie.lab PROPERTIES LABELS trixie SKIP_RETURN_CODE 77 PROCESSORS ${cores} TIMEOUT 1200)

# Every fuzz target for a short while: whether each still builds, starts from its seeds and holds.
add_test(NAME fuzz.run COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/run 10)
add_test(NAME fuzz.inputs COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/inputs check)
set_tests_properties(fuzz.inputs PROPERTIES LABELS fuzz SKIP_RETURN_CODE 77)
set_tests_properties(fuzz.run PROPERTIES FIXTURES_REQUIRED asan LABELS fuzz PROCESSORS ${cores} TIMEOUT 1200)

# With ctest's configuration `all` (./dev test --all) also what takes long: each key on each type put to libvirt's qemu
# driver, twenty minutes of chaos, the compilers and libraries of newer Debian suites, packages built all again.
add_test(NAME all.sweep CONFIGURATIONS all COMMAND unit-tests --gtest_filter=Sweep.*)
add_test(NAME all.chaos CONFIGURATIONS all COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/lab/run chaos)
set_tests_properties(all.sweep PROPERTIES ENVIRONMENT SWEEP=all)
set_tests_properties(all.chaos PROPERTIES ENVIRONMENT "VIRT_IFACE=$<TARGET_FILE:virt-iface>;CHAOS_SECONDS=1200" PROCESSORS ${cores})
foreach(suite trixie sid)
  add_test(NAME all.${suite} CONFIGURATIONS all COMMAND ${support}/debian-tree ${suite} build)
  set_tests_properties(all.${suite} PROPERTIES PROCESSORS ${cores} SKIP_RETURN_CODE 77)
endforeach()
set_tests_properties(all.sweep all.chaos all.trixie all.sid PROPERTIES LABELS all TIMEOUT 3600)

# The Debian package of this machine's release, and what it does to a host with guests.
set(packaging ${CMAKE_CURRENT_SOURCE_DIR}/packaging)
add_test(NAME package.deb COMMAND ${PROJECT_SOURCE_DIR}/packaging/make release deb)
set_tests_properties(package.deb PROPERTIES FIXTURES_SETUP deb PROCESSORS ${cores})
add_test(NAME package.lab COMMAND ${packaging}/lab package)
set_tests_properties(package.lab PROPERTIES FIXTURES_REQUIRED deb)
add_test(NAME package.ansible CONFIGURATIONS all COMMAND ${Python3_EXECUTABLE} ${packaging}/test_ansible.py)
add_test(NAME package.ansible_lab CONFIGURATIONS all COMMAND ${packaging}/lab ansible)
add_test(NAME package.rpm CONFIGURATIONS all COMMAND ${PROJECT_SOURCE_DIR}/packaging/make rpm)
add_test(NAME package.reproducible CONFIGURATIONS all COMMAND ${packaging}/reproducible)
cmake_host_system_information(RESULT own QUERY DISTRIB_VERSION_CODENAME)
add_test(NAME package.rpm_installed CONFIGURATIONS all
  COMMAND ${packaging}/tree ${own} ${PROJECT_SOURCE_DIR}/build/package/${own} rpm)
set(packages package.deb package.lab package.ansible package.ansible_lab package.rpm package.rpm_installed package.reproducible)
foreach(suite bookworm trixie)
  add_test(NAME package.${suite} CONFIGURATIONS all COMMAND ${packaging}/tree ${suite} ${PROJECT_SOURCE_DIR}/build/package/${suite})
  list(APPEND packages package.${suite})
endforeach()
set_tests_properties(package.rpm PROPERTIES FIXTURES_SETUP rpm)
set_tests_properties(package.rpm_installed PROPERTIES FIXTURES_REQUIRED "deb;rpm" RESOURCE_LOCK tree)
set_tests_properties(package.bookworm package.trixie PROPERTIES RESOURCE_LOCK tree)
set_tests_properties(package.rpm package.reproducible package.bookworm package.trixie PROPERTIES FIXTURES_REQUIRED deb
  PROCESSORS ${cores})
set_tests_properties(${packages} PROPERTIES LABELS package TIMEOUT 3600
  ENVIRONMENT "VIRT_IFACE=$<TARGET_FILE:virt-iface>;PYTHONDONTWRITEBYTECODE=1")
