# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The hook before a start: a guest starts only where it can work.

mac=52:54:00:00:00:01

test_a_guest_with_all_its_sources_starts() {
  hook_install A <<<$'[hook]\ncheck = require'
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)" "$(ovs_xml vswitch0)"
  assert_on_nic A web1 nicA
}

test_a_missing_nic_is_refused_by_require() {
  local message
  hook_install A <<<$'[hook]\ncheck = require'
  define_guest A x86_64 web1 "$(macvtap_xml nicX $mac)"
  message=$(assert_status 1 virsh_on A start web1)
  assert_contains "$message" web1 message
  assert_contains "$message" $mac message
  assert_contains "$message" nicX message
  assert_contains "$message" nicA "message: what the host has instead"
  assert_equal "shut off" "$(guest_state A web1)" state
}

test_a_missing_ovs_bridge_is_refused_by_require() {
  local message
  hook_install A <<<$'[hook]\ncheck = require'
  define_guest A x86_64 web1 "$(ovs_xml vswitch9 $mac)"
  message=$(assert_status 1 virsh_on A start web1)
  assert_contains "$message" vswitch9 message
  assert_contains "$message" vswitch0 "message: what the host has instead"
}

test_a_nic_that_is_down_is_brought_up() {
  in_host A ip link set nicA2 down
  hook_install A <<<$'[hook]\ncheck = require\nbring_up = yes'
  start_guest A x86_64 web1 "$(macvtap_xml nicA2 $mac)"
  assert_contains "$(in_host A ip -o link show nicA2)" ",UP" "nicA2"
}

test_a_missing_ovs_bridge_is_made_and_taken_away() {
  hook_install A <<<$'[hook]\ncheck = require\ncreate_ovs_bridges = yes'
  start_guest A x86_64 web1 "$(ovs_xml vswitch9 $mac)"
  assert_on_ovs A web1 vswitch9
  virsh_on A destroy web1 >/dev/null
  lab_wait 20 "vswitch9 is gone" bash -c "! nsenter -t $(<"$LAB_DIR/A/pid") -m -n -- ovs-vsctl br-exists vswitch9"
  in_host A ovs-vsctl br-exists vswitch0
}

# A report goes with its guest, whatever has become of hook.conf.
test_a_report_goes_with_its_guest() {
  hook_install A <<<$'[hook]\ncheck = require'
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  start_guest A x86_64 web2
  assert_contains "$(iface_on A hook --status)" "web1 " status
  hook_conf A <<<$'[hook\n'
  virsh_on A destroy web1 >/dev/null
  in_host A rm /etc/virt-iface/hook.conf
  virsh_on A destroy web2 >/dev/null
  assert_equal "" "$(iface_on A hook --status | grep -E '^web[12]')" status
}

test_a_bridge_stays_as_long_as_a_guest_uses_it() {
  hook_install A <<<$'[hook]\ncreate_ovs_bridges = yes'
  start_guest A x86_64 web1 "$(ovs_xml vswitch9 $mac)"
  start_guest A x86_64 web2 "$(ovs_xml vswitch9)"
  virsh_on A destroy web1 >/dev/null
  assert_on_ovs A web2 vswitch9
  virsh_on A destroy web2 >/dev/null
  assert_equal vswitch0 "$(in_host A ovs-vsctl list-br)" bridges
}

# The bridge was made before the NIC was found missing; libvirt says that the guest is gone, and so is the bridge.
test_a_refused_start_leaves_no_bridge_behind() {
  hook_install A <<<$'[hook]\ncheck = require\ncreate_ovs_bridges = yes'
  define_guest A x86_64 web1 "$(ovs_xml vswitch9 $mac)" "$(macvtap_xml nicX)"
  assert_contains "$(assert_status 1 virsh_on A start web1)" nicX message
  assert_equal vswitch0 "$(in_host A ovs-vsctl list-br)" bridges
  assert_equal "" "$(iface_on A hook --status | grep '^web1')" "status of a guest that is gone"
}

# libvirt takes every name that the kernel knows a NIC by.
test_a_nic_by_its_other_name() {
  in_host A ip link property add dev nicA altname enx0
  hook_install A <<<$'[hook]\ncheck = require'
  start_guest A x86_64 web1 "$(macvtap_xml enx0 $mac)"
  in_host A ip link property del dev nicA altname enx0
  assert_on_nic A web1 nicA
}

test_no_configuration_changes_nothing() {
  hook_install A </dev/null
  in_host A rm /etc/virt-iface/hook.conf
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  assert_on_nic A web1 nicA
}

test_a_broken_configuration_stops_no_guest() {
  hook_install A </dev/null
  hook_conf A <<<$'[hook\ncheck ? require'
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  assert_on_nic A web1 nicA
}

test_a_fault_behind_require_stops_the_start() {
  hook_install A </dev/null
  hook_conf A <<<$'[hook]\ncheck = require\nbring_up = perhaps'
  define_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  assert_contains "$(assert_status 1 virsh_on A start web1)" "hook.conf:3" message
}

# Open vSwitch hangs: a guest that needs nothing of it starts, and one that does is refused before 5 s are long over.
test_an_open_vswitch_that_hangs_is_not_waited_for() {
  local pid begin status=0
  hook_install A <<<$'[hook]\ncheck = require'
  define_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  define_guest A x86_64 web2 "$(ovs_xml vswitch0)"
  pid=$(<"$LAB_DIR/A/run/openvswitch/ovsdb-server.pid")
  in_host A kill -STOP "$pid"
  begin=$SECONDS
  virsh_on A start web1 >&2 || status=1
  virsh_on A start web2 >&2 && status=2
  in_host A kill -CONT "$pid"
  assert_equal 0 $status "1: web1 was refused, 2: web2 was not; status"
  ((SECONDS - begin < 20)) || lab_fail "the starts took $((SECONDS - begin)) s"
  assert_equal running "$(guest_state A web1)" "state of web1"
}

test_20_guests_at_once() {
  local i
  hook_install A <<<$'[hook]\ncheck = require'
  for ((i = 10; i < 30; i++)); do
    define_guest A x86_64 "many$i" "$(macvtap_xml nicA "52:54:00:00:01:$i")"
  done
  start_at_once A many{10..29}
  assert_equal 20 "$(virsh_on A list --name | grep -c many)" "guests that run"
}

test_guests_at_once_on_a_bridge_that_is_missing() {
  local i
  hook_install A <<<$'[hook]\ncheck = require\ncreate_ovs_bridges = yes'
  for i in {1..6}; do define_guest A x86_64 "many$i" "$(ovs_xml vswitch9)"; done
  start_at_once A many{1..6}
  assert_equal 6 "$(virsh_on A list --name | grep -c many)" "guests that run"
}

# Each start makes three bridges that nobody has yet.
test_20_guests_at_once_on_60_bridges_that_are_missing() {
  local i begin=$SECONDS
  hook_install A <<<$'[hook]\ncheck = require\ncreate_ovs_bridges = yes'
  for i in {10..29}; do
    define_guest A x86_64 "many$i" "$(ovs_xml "a$i")" "$(ovs_xml "b$i")" "$(ovs_xml "c$i")"
  done
  start_at_once A many{10..29} || true
  assert_equal 20 "$(virsh_on A list --name | grep -c many)" "guests that run"
  echo "figures: 20 starts at once with 3 new bridges each took $((SECONDS - begin)) s"
  for i in {10..29}; do virsh_on A destroy "many$i" >/dev/null; done
  assert_equal vswitch0 "$(in_host A ovs-vsctl list-br)" bridges
}

# Open vSwitch hangs while a start is refused, and does what it was asked for when nobody is there any more.
test_a_bridge_that_comes_late_is_left_to_nobody() {
  local pid
  hook_install A <<<$'[hook]\ncheck = require\ncreate_ovs_bridges = yes'
  define_guest A x86_64 web1 "$(ovs_xml vswitch9 $mac)"
  define_guest A x86_64 web2
  pid=$(<"$LAB_DIR/A/run/openvswitch/ovsdb-server.pid")
  lab_hook A 10-freeze <<END
#!/bin/sh
[ "\$1/\$2" != web1/prepare ] || (sleep 0.2; kill -STOP $pid) >/dev/null 2>&1 &
END
  virsh_on A start web1 >&2 || true
  in_host A kill -CONT "$pid"
  sleep 1
  [[ $(guest_state A web1) != running ]] || virsh_on A destroy web1 >/dev/null
  virsh_on A start web2 >/dev/null
  virsh_on A destroy web2 >/dev/null
  assert_equal vswitch0 "$(in_host A ovs-vsctl list-br)" bridges
}
