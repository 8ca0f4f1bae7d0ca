# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is left when the second of two changes fails, and what the two descriptions of a guest have in common.

undo_mac=52:54:00:00:00:01

undo_on() { # $1: command, $2: guest of host A, the rest: its words
  local command=$1 guest=$2
  shift 2
  iface_on A "$command" --connect qemu:///system --domain "$guest" "$@"
}
undo_definition() { virsh_on A dumpxml --inactive web1; }
undo_is_half_done() { # the interface has left the definition, which comes first
  local now
  now=$(undo_definition) && [[ $now != *"$undo_mac"* ]]
}
undo_interrupt() { # $1: a command to run before
  lab_wait 30 "the definition has changed" undo_is_half_done
  "$@"
  in_host A kill -INT "$(in_host A pidof virt-iface)"
}

test_a_replug_that_fails_plugs_the_old_one_in_again() {
  local before
  start_guest A s390x web1 "$(macvtap_xml nicA $undo_mac)"
  before=$(undo_definition)
  in_host A ip link add br9 type bridge
  in_host A ip link set nicA2 master br9 # which lets no macvtap device upon it
  assert_contains "$(assert_status 4 undo_on update web1 $undo_mac source=nicA2 --replug)" "web1 is as it was" message
  assert_on_nic A web1 nicA
  assert_equal "$undo_mac" "$(guest_column A web1 mac)" "MAC of the running guest"
  assert_equal "$before" "$(undo_definition)" "definition after the failure"
}

# What is there is not unplugged for what plainly is not.
test_a_replug_onto_a_nic_that_is_not_there_unplugs_nothing() {
  local before device
  start_guest A s390x web1 "$(macvtap_xml nicA $undo_mac)"
  before=$(undo_definition)
  device=$(in_host A cat "/sys/class/net/$(guest_column A web1 target)/ifindex")
  assert_contains "$(assert_status 4 undo_on update web1 $undo_mac source=nicX --replug)" \
    "web1 stays as it is: this host has no NIC 'nicX'" message
  assert_equal "$device" "$(in_host A cat "/sys/class/net/$(guest_column A web1 target)/ifindex")" "device of the guest"
  assert_equal "$before" "$(undo_definition)" "definition after the failure"
}

# This guest has nobody who answers the request: no boot sector, no operating system.
test_a_guest_that_does_not_let_go_keeps_its_configuration() {
  local before
  start_guest A q35 web1 "$(macvtap_xml nicA $undo_mac)"
  virsh_on A suspend web1 >/dev/null
  before=$(undo_definition)
  assert_contains "$(assert_status 4 undo_on detach web1 $undo_mac)" "has not released interface $undo_mac within 20 s" message
  assert_equal "$before" "$(undo_definition)" "definition after the failure"
  assert_sources A web1 nicA
}

# The program waits for such a guest, and whoever waits may stop it.
test_a_stop_undoes_what_was_begun() {
  local before said
  start_guest A q35 web1 "$(macvtap_xml nicA $undo_mac)"
  virsh_on A suspend web1 >/dev/null
  before=$(undo_definition)
  undo_interrupt true &
  said=$(assert_status 130 undo_on detach web1 $undo_mac)
  wait $!
  assert_contains "$said" "stopped before the running guest web1 has released interface $undo_mac" message
  assert_contains "$said" "web1 is otherwise as it was" message
  assert_equal "$before" "$(undo_definition)" "definition after the stop"
}

test_a_transient_guest_has_one_description() {
  guest_xml s390x web1 "$(macvtap_xml nicA $undo_mac)" >"$LAB_DIR/guest.xml"
  virsh_on A create "$LAB_DIR/guest.xml" >/dev/null
  undo_on attach web1 --interface type=ovs,name=vswitch0
  assert_sources A web1 "nicA vswitch0"
  assert_contains "$(assert_status 4 undo_on attach web1 --config --interface type=ovs,name=vswitch0)" "web1 has no persistent configuration" message
  undo_on detach web1 source=vswitch0
  assert_sources A web1 nicA
}

test_a_new_interface_has_one_mac() {
  start_guest A s390x web1
  undo_on attach web1 --interface type=macvtap,name=nicA,mode=bridge
  assert_equal "$(guest_column A web1 mac --inactive)" "$(guest_column A web1 mac)" "MAC in both"
}

# libvirt waits five seconds itself; behind that the program asks again and again, and must live to tell the end.
test_a_libvirt_that_goes_away_is_told() {
  local said
  start_guest A q35 web1 "$(macvtap_xml nicA $undo_mac)"
  virsh_on A suspend web1 >/dev/null
  (lab_wait 30 "the definition has changed" undo_is_half_done && sleep 6 &&
    in_host A kill -9 "$(<"$LAB_DIR/A/run/libvirtd.pid")") &
  said=$(assert_status 4 undo_on detach web1 $undo_mac)
  wait $!
  assert_contains "$said" "the configuration of web1 is changed already and could not be changed back" message
  lab_libvirtd_start A
}

test_what_others_changed_meanwhile_stays() {
  local said
  start_guest A q35 web1 "$(macvtap_xml nicA $undo_mac)"
  virsh_on A suspend web1 >/dev/null
  undo_interrupt virsh_on A desc web1 --config "by an administrator" &
  said=$(assert_status 130 undo_on detach web1 $undo_mac)
  wait $!
  assert_contains "$said" "web1 is otherwise as it was" message
  assert_contains "$(undo_definition)" "by an administrator" "definition after the stop"
  assert_sources A web1 nicA --inactive
}

test_side_by_side_they_add_it_once() {
  local i pid pids=()
  start_guest A x86_64 web1
  for i in 1 2 3; do
    undo_on apply web1 --live --interface type=ovs,name=vswitch0 &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  assert_sources A web1 vswitch0
}
