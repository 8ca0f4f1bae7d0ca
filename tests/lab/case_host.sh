# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a host has: sources, their check, and work on all guests at once.

mac=52:54:00:00:00:01

test_sources_are_the_hosts_own() {
  local nics
  in_host A ip link add br0 type bridge
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)" "$(ovs_xml vswitch0)"
  nics=$(iface_on A sources --type macvtap --connect qemu:///system)
  assert_contains "$nics" nicA2 NICs
  assert_contains "$nics" web1 "who uses them"
  assert_lacks "$nics" br0 NICs
  assert_lacks "$nics" "$(guest_column A web1 target | head -n 1)" NICs
  assert_lacks "$nics" "$(guest_column A web1 target | tail -n 1)" NICs
  assert_contains "$(iface_on A sources --type ovs --format json)" '"vswitch0"' "OVS bridges"
  assert_contains "$(iface_on A sources --type bridge)" br0 "Linux bridges"
  assert_lacks "$(iface_on B sources)" br0 "sources of the other host"
}

test_check_host_names_the_near_miss() {
  local message
  define_guest A x86_64 web1
  message=$(assert_status 4 iface_on A attach --connect qemu:///system --domain web1 --check-host \
    --interface type=macvtap,name=nicA3,mode=bridge)
  assert_contains "$message" nicA3 message
  assert_contains "$message" "did you mean nicA" message
  message=$(assert_status 4 iface_on A attach --connect qemu:///system --domain web1 --check-host \
    --interface type=ovs,name=vswitch)
  assert_contains "$message" vswitch0 message
  assert_equal "" "$(guest_column A web1 mac --inactive)" "interfaces after the refusals"
}

test_all_guests_at_once() {
  local name message
  for name in web1 web2; do
    start_guest A x86_64 "$name" "$(ovs_xml vswitch0)"
  done
  define_guest A s390x z1
  iface_on A apply --connect qemu:///system --all --interface type=macvtap,name=nicA,mode=bridge
  for name in web1 web2; do
    assert_sources A "$name" "vswitch0 nicA"
    assert_sources A "$name" "vswitch0 nicA" --inactive
  done
  assert_sources A z1 nicA --inactive
  message=$(assert_status 2 iface_on A detach --connect qemu:///system --all source=nicA)
  assert_contains "$message" --yes message
  assert_sources A web1 "vswitch0 nicA"
}

# One of three guests cannot do it: what was done, what failed and what was not begun is told by name.
test_a_failure_midway_names_the_guests() {
  local message
  define_guest A x86_64 web1
  start_guest A x86_64 web2
  define_guest A x86_64 web3
  message=$(assert_status 4 iface_on A attach --connect qemu:///system --all \
    --interface type=macvtap,name=nicX,mode=bridge)
  for name in web1 web2 web3; do
    assert_contains "$message" "$name" message
  done
  assert_equal "" "$(guest_column A web2 mac)" "interfaces of web2"
  assert_equal "" "$(guest_column A web2 mac --inactive)" "persistent interfaces of web2"
}

test_diff_shows_and_changes_nothing() {
  local before message
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  before=$(virsh_on A dumpxml --inactive web1)
  message=$(assert_status 1 iface_on A apply --connect qemu:///system --domain web1 --diff \
    --interface type=macvtap,name=nicA,mode=bridge --interface type=ovs,name=vswitch0)
  assert_contains "$message" "+" diff
  assert_contains "$message" vswitch0 diff
  assert_lacks "$message" "-    <interface" diff
  assert_equal "$before" "$(virsh_on A dumpxml --inactive web1)" definition
  assert_sources A web1 nicA
}

test_virsh_edit_with_the_filter_as_the_editor() {
  define_guest A x86_64 web1
  in_host A env EDITOR="virt-iface apply --in-place --interface type=macvtap,name=nicA,mode=bridge" \
    virsh -c qemu:///system edit web1 >&2
  assert_sources A web1 nicA --inactive
}

test_an_unknown_guest_and_a_missing_libvirt_are_told() {
  assert_contains "$(assert_status 3 iface_on A list --connect qemu:///system --domain nobody)" nobody message
  lab_libvirtd_stop A
  assert_contains "$(assert_status 4 iface_on A list --connect qemu:///system --all)" qemu:///system message
  lab_libvirtd_start A
}
