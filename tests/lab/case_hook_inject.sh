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

test_devices_named_by_a_pattern() {
  local pattern=$'\ntarget.dev = {name}-{n}'
  hook_install A <<<$'[hook]\ninject = both\n'"$one_macvtap$pattern"$'\n[interfaces.2]\ntype = ovs\nname = vswitch0'"$pattern"
  start_guest A x86_64 web1
  wait_for_nics A web1 2
  assert_equal "web1-1 web1-2" "$(guest_column A web1 target | xargs)" "devices after the injection"
  virsh_on A destroy web1 >/dev/null
  virsh_on A start web1 >/dev/null
  lab_wait 20 "the job has ended; $(iface_on A hook --status)" job_has_ended A web1
  assert_equal "web1-1 web1-2" "$(guest_column A web1 target | xargs)" "devices after another start"
}

job_has_ended() { # $1: host, $2: guest
  iface_on "$1" hook --status 2>&1 | grep -E "^$2 +inject +(done|nothing)" >/dev/null
}

test_s390x_takes_ccw() {
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  start_guest A s390x z1
  wait_for_nics A z1 1
  assert_contains "$(virsh_on A dumpxml z1 --xpath '//interface/address')" 'type="ccw"' address
}

# A guest that is injected, stopped and started again. Prints the MACs of its interfaces.
start_again() { # $1: switch inject, $2: kind, $3: how many interfaces, the rest: XML for <devices>
  local macs kind=$2 count=$3 conf=$'[hook]\ninject = '$1$'\n'$one_macvtap
  ((count == 1)) || conf+=$'\n[interfaces.2]\ntype = ovs\nname = vswitch0'
  shift 3
  hook_install A <<<"$conf"
  start_guest A "$kind" web1 "$@"
  wait_for_nics A web1 "$count"
  lab_wait 20 "the first injection is over" status_tells A "web1 +inject +done"
  macs=$(guest_column A web1 mac)
  virsh_on A destroy web1 >/dev/null
  assert_equal "" "$(iface_on A hook --status | grep '^web1')" "status of a guest that is gone"
  virsh_on A start web1 >/dev/null
  lab_wait 20 "the second injection is over" status_tells A "web1 +inject +(done|nothing)"
  assert_equal "$macs" "$(guest_column A web1 mac)" "MACs after the second start"
  echo "$macs"
}

test_hotplug_gives_the_same_mac_at_each_start() {
  start_again hotplug x86_64 1
  assert_equal "" "$(guest_column A web1 mac --inactive)" "persistent interfaces"
}

test_both_gives_one_nic_with_the_same_mac_for_ever() {
  local mac
  mac=$(start_again both x86_64 1)
  assert_equal "$mac" "$(guest_column A web1 mac --inactive)" "persistent MAC after the second start"
}

test_both_reaches_the_definition_where_the_guest_has_it_already() {
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  start_guest A x86_64 web1
  wait_for_nics A web1 1
  hook_conf A <<<$'[hook]\ninject = both\n'"$one_macvtap"
  virsh_on A save web1 "$LAB_DIR/saved" >/dev/null
  virsh_on A restore "$LAB_DIR/saved" >/dev/null
  lab_wait 20 "web1 has it in its definition" is_persistent A web1 nicA
  assert_equal "$(guest_column A web1 mac)" "$(guest_column A web1 mac --inactive)" "MAC in both"
}

test_two_nics_on_q35_started_again() {
  local macs
  macs=$(start_again both q35 2 "$(q35_ports_xml 6)")
  assert_equal "$macs" "$(guest_column A web1 mac --inactive)" "persistent MACs after the second start"
  assert_sources A web1 "nicA vswitch0"
}

test_s390x_started_again() {
  start_again both s390x 1
  assert_contains "$(virsh_on A dumpxml web1 --xpath '//interface/address')" 'type="ccw"' address
}

test_an_injected_guest_migrates_and_gains_nothing() {
  local mac
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  hook_install B <<<$'[hook]\ninject = hotplug\n[retarget]\nnicA = nicB\n'"${one_macvtap/nicA/nicB}"
  start_guest A x86_64 web1
  wait_for_nics A web1 1
  mac=$(guest_column A web1 mac)
  migrate_guest A B web1
  lab_wait 20 "the job on B is over" status_tells B "web1 +inject +(done|nothing)"
  assert_equal "$mac" "$(guest_column B web1 mac)" "MAC on B"
  assert_on_nic B web1 nicB
  assert_frame_reaches B "$(guest_column B web1 target)" "$mac"
}

test_a_restored_guest_gains_nothing() {
  local mac
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"
  start_guest A x86_64 web1
  wait_for_nics A web1 1
  mac=$(guest_column A web1 mac)
  virsh_on A save web1 "$LAB_DIR/saved" >/dev/null
  virsh_on A restore "$LAB_DIR/saved" >/dev/null
  lab_wait 20 "the job after the restore is over" status_tells A "web1 +inject +nothing"
  assert_equal "$mac" "$(guest_column A web1 mac)" "MAC after the restore"
}

# The start itself must not wait for the job.
test_10_guests_at_once_are_all_served() {
  local i
  hook_install A <<<$'[hook]\ncheck = require\ninject = both\n'"$one_macvtap"
  for ((i = 10; i < 20; i++)); do define_guest A x86_64 "many$i"; done
  start_at_once A many{10..19}
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
status_tells() { iface_on "$1" hook --status 2>&1 | grep -E "^$2" >/dev/null; } # of a guest that runs

# What cannot be added is told, and keeps nothing else away.
test_a_conflict_keeps_no_other_interface_away() {
  hook_install A <<<$'[hook]\ninject = both\n'"${one_macvtap/bridge/vepa}"$'\n[interfaces.2]\ntype = ovs\nname = vswitch0'
  start_guest A x86_64 web1 "$(macvtap_xml nicA)"
  lab_wait 20 "the status tells of the outcome" status_tells A "web1 .*failed"
  assert_sources A web1 "nicA vswitch0"
  assert_sources A web1 "nicA vswitch0" --inactive
  assert_contains "$(iface_on A hook --status)" "mode is 'bridge'" status
}

test_the_last_free_slot_is_used() {
  local status
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$one_macvtap"$'\n[interfaces.2]\ntype = ovs\nname = vswitch0'
  start_guest A q35 web1 "<controller type='usb' model='none'/>" "$(q35_ports_xml 2)" \
    "<controller type='virtio-serial'><address type='pci' bus='0x01'/></controller>"
  lab_wait 20 "the status tells of the outcome" status_tells A "web1 .*failed"
  assert_sources A web1 nicA
  status=$(iface_on A hook --status)
  assert_contains "$status" "pcie-root-port" status
  assert_contains "$status" "the guest has [interfaces.1] (macvtap on nicA)" status
}

test_a_nic_that_this_host_lacks_keeps_no_other_interface_away() {
  hook_install A <<<$'[hook]\ninject = hotplug\ninject_timeout = 2\n'"${one_macvtap/nicA/nicX}"$'\n[interfaces.2]\ntype = ovs\nname = vswitch0'
  start_guest A x86_64 web1
  lab_wait 20 "the status tells of the outcome" status_tells A "web1 .*failed"
  assert_sources A web1 vswitch0
  assert_contains "$(iface_on A hook --status)" nicX status
}

# Its job ends with it, and nothing is told of it.
test_a_guest_stopped_while_the_job_waits() {
  hook_install A <<<$'[hook]\ninject = hotplug\n'"${one_macvtap/nicA/nicX}"
  start_guest A x86_64 web1
  lab_wait 20 "the job waits" status_tells A "web1 .*pending.*nicX"
  virsh_on A destroy web1 >/dev/null
  lab_wait 20 "the job is over" job_is_over A
  assert_equal "" "$(iface_on A hook --status | grep '^web1')" "status of a guest that is gone"
}
job_is_over() { ! in_host "$1" pgrep -f 'virt-iface hook --job'; }
