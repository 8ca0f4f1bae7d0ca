# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The lab itself: what the other cases stand on.

test_x86_guest_has_macvtap_and_ovs() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)" "$(ovs_xml vswitch0 52:54:00:00:00:02)"
  assert_sources A web1 "nicA vswitch0"
  assert_on_nic A web1 nicA
  assert_contains " $(in_host A ovs-vsctl list-ports vswitch0 | xargs) " \
    " $(guest_column A web1 target | tail -n 1) " "ports of vswitch0"
}

test_s390x_guest_takes_a_ccw_address() {
  start_guest A s390x z1 "$(macvtap_xml nicA)"
  sleep 0.3
  assert_equal running "$(guest_state A z1)" state
  assert_contains "$(virsh_on A dumpxml z1 --xpath '//interface')" '<address type="ccw"' "interface of z1"
  assert_on_nic A z1 nicA
}

test_a_frame_reaches_the_right_macvtap() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)"
  start_guest B x86_64 web2 "$(macvtap_xml nicB 52:54:00:00:00:02)"
  assert_frame_reaches A "$(guest_column A web1 target)" 52:54:00:00:00:01
  assert_frame_reaches B "$(guest_column B web2 target)" 52:54:00:00:00:02
  assert_no_frame_reaches B "$(guest_column B web2 target)" 52:54:00:00:00:01
}

test_a_frame_reaches_the_ovs_port() {
  start_guest A x86_64 web1 "$(ovs_xml vswitch0 52:54:00:00:00:03)"
  assert_frame_reaches A "$(guest_column A web1 target)" 52:54:00:00:00:03
}

# A hook in the fewest words: every nicA becomes the NIC named.
sed_hook() { # $1: host, $2: NIC
  lab_hook "$1" 10-sed <<END
#!/bin/sh
case \$2/\$3 in
  migrate/begin | restore/begin) sed "s/dev='nicA'/dev='$2'/" ;;
esac
END
}

test_a_guest_is_restored_onto_another_nic() {
  sed_hook A nicA2
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)"
  virsh_on A save web1 "$LAB_DIR/saved" >/dev/null
  virsh_on A restore "$LAB_DIR/saved" >/dev/null
  assert_sources A web1 nicA2
  assert_on_nic A web1 nicA2
}

test_a_guest_migrates_onto_another_nic() {
  sed_hook B nicB
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)"
  migrate_guest A B web1
  assert_equal "" "$(virsh_on A list --name)" "guests running on A"
  assert_equal running "$(guest_state B web1)" "state on B"
  assert_on_nic B web1 nicB
  assert_equal 52:54:00:00:00:01 "$(guest_column B web1 mac)" MAC
  assert_frame_reaches B "$(guest_column B web1 target)" 52:54:00:00:00:01
}

# Hot unplug needs a guest that answers; on x86 the lab's boot sector does, on s390x nothing is needed.
test_a_running_guest_gives_a_nic_back() {
  local guest
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)"
  start_guest A s390x z1 "$(macvtap_xml nicA 52:54:00:00:00:02)"
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  for guest in web1 z1; do
    virsh_on A detach-interface "$guest" direct --live >/dev/null
    lab_wait 20 "$guest has no interface" has_sources A "$guest" ""
  done
}
