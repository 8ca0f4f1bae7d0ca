# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The hook after a start: what the host's policy asks for is plugged into the running guest.

one_macvtap=$'[interfaces.1]\ntype = macvtap\nname = nicA\nmode = bridge'

has_nics() { # $1: host, $2: guest, $3: how many
  [[ $(guest_column "$1" "$2" mac | wc -l) == "$3" ]]
}
wait_for_nics() { # $1: host, $2: guest, $3: how many
  lab_wait 20 "$2 has $3 interfaces; $(iface_on "$1" hook --status 2>&1)" has_nics "$@"
}

test_two_nics_on_q35() {
  local conf=$'[hook]\ninject = hotplug\n'$one_macvtap$'\n[interfaces.2]\ntype = ovs\nname = vswitch0'
  hook_install A <<<"$conf"
  start_guest A q35 web1 "$(q35_ports_xml 6)"
  wait_for_nics A web1 2
  assert_sources A web1 "nicA vswitch0"
  assert_on_nic A web1 nicA
  assert_frame_reaches A "$(guest_column A web1 target | head -n 1)" "$(guest_column A web1 mac | head -n 1)"
  assert_equal "" "$(guest_column A web1 mac --inactive)" "persistent interfaces after hotplug"
}

test_persist_writes_the_definition_only() {
  hook_install A <<<$'[hook]\ninject = persist\n'"$one_macvtap"
  start_guest A x86_64 web1
  lab_wait 20 "web1 has it in its definition" is_persistent A web1 nicA
  assert_equal "" "$(guest_column A web1 mac)" "interfaces of the running guest"
}
is_persistent() { # $1: host, $2: guest, $3: source. Asked from a shell of its own.
  [[ $(guest_column "$1" "$2" source --inactive) == "$3" ]]
}

test_s390x_takes_ccw() {
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  start_guest A s390x z1
  wait_for_nics A z1 1
  assert_contains "$(virsh_on A dumpxml z1 --xpath '//interface/address')" 'type="ccw"' address
}

test_stopped_and_started_again_it_is_one_nic_with_the_same_mac() {
  local mac
  hook_install A <<<$'[hook]\ninject = both\n'"$one_macvtap"
  start_guest A x86_64 web1
  wait_for_nics A web1 1
  mac=$(guest_column A web1 mac)
  lab_wait 20 "web1 has it in its definition" is_persistent A web1 nicA
  assert_equal "$mac" "$(guest_column A web1 mac --inactive)" "persistent MAC"
  virsh_on A destroy web1 >/dev/null
  virsh_on A start web1 >/dev/null
  sleep 3
  assert_equal "$mac" "$(guest_column A web1 mac)" "MAC after the second start"
  assert_equal "$mac" "$(guest_column A web1 mac --inactive)" "persistent MAC after the second start"
}

test_hotplug_gives_the_same_mac_at_each_start() {
  local mac
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  start_guest A x86_64 web1
  wait_for_nics A web1 1
  mac=$(guest_column A web1 mac)
  virsh_on A destroy web1 >/dev/null
  virsh_on A start web1 >/dev/null
  wait_for_nics A web1 1
  assert_equal "$mac" "$(guest_column A web1 mac)" "MAC after the second start"
}

test_an_injected_guest_migrates_and_gains_nothing() {
  local mac
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  hook_install B <<<$'[hook]\ninject = hotplug\n[retarget]\nnicA = nicB\n'"${one_macvtap/nicA/nicB}"
  start_guest A x86_64 web1
  wait_for_nics A web1 1
  mac=$(guest_column A web1 mac)
  migrate_guest A B web1
  sleep 3
  assert_equal "$mac" "$(guest_column B web1 mac)" "MAC on B"
  assert_on_nic B web1 nicB
}

test_a_restored_guest_gains_nothing() {
  local mac
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  start_guest A x86_64 web1
  wait_for_nics A web1 1
  mac=$(guest_column A web1 mac)
  virsh_on A save web1 "$LAB_DIR/saved" >/dev/null
  virsh_on A restore "$LAB_DIR/saved" >/dev/null
  sleep 3
  assert_equal "$mac" "$(guest_column A web1 mac)" "MAC after the restore"
}

# The start itself must not wait for the job.
test_10_guests_at_once_are_all_served() {
  local i pids=() pid
  hook_install A <<<$'[hook]\ncheck = require\ninject = both\n'"$one_macvtap"
  for ((i = 10; i < 20; i++)); do
    define_guest A x86_64 "many$i"
  done
  for ((i = 10; i < 20; i++)); do
    virsh_on A start "many$i" >/dev/null &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  for ((i = 10; i < 20; i++)); do
    wait_for_nics A "many$i" 1
    lab_wait 20 "many$i has it in its definition" is_persistent A "many$i" nicA
  done
}

test_libvirtd_restarted_while_the_job_waits() {
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  define_guest A x86_64 web1
  virsh_on A start web1 >/dev/null
  lab_libvirtd_stop A
  lab_libvirtd_start A
  assert_equal running "$(guest_state A web1)" "state after the restart"
  lab_wait 20 "the status tells of the outcome" status_tells A "web1 .*(failed|done)"
}

test_no_free_slot_is_told_with_the_cure() {
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  start_guest A q35 web1 "<controller type='usb' model='none'/>" "$(q35_ports_xml 1)" \
    "<controller type='virtio-serial'><address type='pci' bus='0x01'/></controller>"
  lab_wait 20 "the status tells of the outcome" status_tells A "web1 .*failed"
  assert_contains "$(iface_on A hook --status 2>&1)" "pcie-root-port" status
  assert_equal running "$(guest_state A web1)" state
}
status_tells() { iface_on "$1" hook --status 2>&1 | grep -qE "$2"; }
