# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The hook where libvirt reads what it prints: restore and incoming migration.

mac=52:54:00:00:00:01

save_and_restore() { # $1: host, $2: guest
  virsh_on "$1" save "$2" "$LAB_DIR/saved" >/dev/null
  virsh_on "$1" restore "$LAB_DIR/saved" >/dev/null
}

test_restore_onto_another_nic() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install A <<<$'[retarget]\nnicA = nicA2'
  save_and_restore A web1
  assert_on_nic A web1 nicA2
  assert_equal $mac "$(guest_column A web1 mac)" MAC
  assert_frame_reaches A "$(guest_column A web1 target)" $mac
}

# A guest whose document a hook has changed, or merely printed, is marked as tainted.
test_restore_leaves_another_nic_alone() {
  start_guest A x86_64 alone "$(macvtap_xml nicA $mac)"
  hook_install A <<<$'[retarget]\nnic = nicA2\nnicAA = nicA2'
  save_and_restore A alone
  assert_on_nic A alone nicA
  assert_lacks "$(grep "name='alone'" "$(lab_log A)")" hook-script "log about the guest"
}

test_migrate_macvtap_to_macvtap() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install B <<<$'[retarget]\nnicA = nicB'
  migrate_guest A B web1
  assert_equal running "$(guest_state B web1)" "state on B"
  assert_on_nic B web1 nicB
  assert_equal $mac "$(guest_column B web1 mac)" MAC
  assert_frame_reaches B "$(guest_column B web1 target)" $mac
}

test_migrate_macvtap_to_ovs() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install B <<<$'[retarget]\nmacvtap:nicA = ovs:vswitch0'
  migrate_guest A B web1
  assert_on_ovs B web1 vswitch0
  assert_equal $mac "$(guest_column B web1 mac)" MAC
  assert_frame_reaches B "$(guest_column B web1 target)" $mac
}

test_migrate_ovs_to_macvtap_and_back() {
  start_guest A x86_64 web1 "$(ovs_xml vswitch0 $mac)"
  hook_install B <<<$'[retarget]\novs:vswitch0 = macvtap:nicB'
  hook_install A <<<$'[retarget]\nmacvtap:nicB = ovs:vswitch0'
  migrate_guest A B web1
  assert_on_nic B web1 nicB
  migrate_guest B A web1
  assert_on_ovs A web1 vswitch0
  assert_frame_reaches A "$(guest_column A web1 target)" $mac
}

test_migrate_s390x() {
  start_guest A s390x z1 "$(macvtap_xml nicA $mac)"
  hook_install B <<<$'[retarget]\nnicA = nicB'
  migrate_guest A B z1
  assert_on_nic B z1 nicB
  assert_contains "$(virsh_on B dumpxml z1 --xpath '//interface/address')" 'type="ccw"' address
}

# Two guests, one rule for one of them.
test_migrate_by_the_guests_own_rule() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  start_guest A x86_64 web2 "$(macvtap_xml nicA 52:54:00:00:00:02)"
  hook_install B <<<$'[retarget]\nnicA = nicB\n[retarget.web2]\nnicA = nicB2'
  migrate_guest A B web1
  migrate_guest A B web2
  assert_on_nic B web1 nicB
  assert_on_nic B web2 nicB2
}

# A VLAN isolates; macvtap cannot carry it. The migration is cancelled and the guest runs on where it was.
test_migration_that_would_lose_a_vlan_is_refused() {
  local message xml vlan="<vlan><tag id='7'/></vlan>"
  xml=$(ovs_xml vswitch0 $mac)
  start_guest A x86_64 web1 "${xml/<virtualport/$vlan<virtualport}"
  hook_install B <<<$'[retarget]\novs:vswitch0 = macvtap:nicB'
  message=$(assert_status 1 migrate_guest A B web1)
  assert_contains "$message" vlan message
  assert_equal running "$(guest_state A web1)" "state on A"
  assert_equal "" "$(virsh_on B list --all --name)" "guests on B"
}

test_migration_with_a_broken_configuration_is_refused() {
  local message
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install B <<<$'[retarget]\nnicA = nicB'
  hook_conf B <<<$'[retarget]\nnicA nicB'
  message=$(assert_status 1 migrate_guest A B web1)
  assert_contains "$message" "hook.conf:2" message
  assert_equal running "$(guest_state A web1)" "state on A"
}

# Scripts of one chain: the one before ours names the NIC that ours maps, the one behind sees what ours says.
test_restore_in_a_chain_of_scripts() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install A <<<$'[retarget]\nnicX = nicA2'
  lab_hook A 10-before <<'END'
#!/bin/sh
case $2/$3 in restore/begin) sed "s/dev='nicA'/dev='nicX'/" ;; esac
END
  lab_hook A 90-after <<'END'
#!/bin/sh
case $2/$3 in restore/begin) tee /run/after.xml ;; esac
END
  save_and_restore A web1
  assert_on_nic A web1 nicA2
  assert_contains "$(<"$LAB_DIR/A/run/after.xml")" nicA2 "what the next script saw"
}

test_restore_with_5000_rules() {
  local i
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  {
    echo '[retarget]'
    for ((i = 0; i < 4999; i++)); do echo "eth$i = bond$i"; done
    echo 'nicA = nicA2'
  } | hook_install A
  save_and_restore A web1
  assert_on_nic A web1 nicA2
}
