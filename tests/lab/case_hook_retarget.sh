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

test_restore_where_the_old_nic_would_be_refused() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install A <<<$'[hook]\ncheck = require\n[retarget]\nnicA = nicA2'
  virsh_on A save web1 "$LAB_DIR/saved" >/dev/null
  in_host A ip link set nicA down
  virsh_on A restore "$LAB_DIR/saved" >/dev/null
  assert_on_nic A web1 nicA2
}

# The example of virt-iface-hook(7), word for word.
test_the_two_hosts_of_the_manual() {
  local said
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_conf B <<<$'[hook]\ncheck = require\n\n[retarget]\nnicA = nicB'
  assert_equal $'installed /etc/libvirt/hooks/qemu.d/50-virt-iface\nlibvirt notices when it reloads: systemctl reload libvirtd (or virtqemud)' \
    "$(iface_on B hook --install | grep -v libxl)" "what --install says"
  lab_hook_reload B
  migrate_guest A B web1
  assert_equal "macvtap direct nicB virtio $mac" "$(virsh_on B domiflist web1 | xargs | sed -E 's/^macvtap[0-9]+/macvtap/')" "interfaces on B"
  said=$(iface_on B hook --status | sed -nE '/^GUEST/,/^$/{s/[0-9-]+T[0-9:]+Z/TIME/; s/ +/ /g; /^$/d; p}')
  assert_equal "GUEST TASK OUTCOME TIME WHAT
web1 check done TIME every source is there
web1 retarget done TIME interface 1 (macvtap on nicA) $mac: source nicA -> nicB" "$said" status
}

test_the_two_hosts_of_the_manual_without_the_map() {
  local message
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install B <<<$'[hook]\ncheck = require'
  message=$(assert_status 1 migrate_guest A B web1)
  assert_contains "$message" "error: Hook script execution failed: " message
  assert_contains "$message" "unexpected exit status 4: virt-iface: error: guest web1, interface 1 (macvtap on nicA) $mac: this host has no NIC 'nicA' (it has nicB" message
  assert_equal running "$(guest_state A web1)" "state on A"
}

# Two NICs, each by its own rule: order, MACs and wires.
test_migrate_two_nics() {
  local other=52:54:00:00:00:02
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)" "$(ovs_xml vswitch0 $other)"
  hook_install B <<<$'[retarget]\nmacvtap:nicA = ovs:vswitch0\novs:vswitch0 = macvtap:nicB2'
  migrate_guest A B web1
  assert_sources B web1 "vswitch0 nicB2"
  assert_equal "$mac $other" "$(guest_column B web1 mac | xargs)" MACs
  assert_frame_reaches B "$(guest_column B web1 target | head -n 1)" $mac
  assert_frame_reaches B "$(guest_column B web1 target | tail -n 1)" $other
  assert_no_frame_reaches B "$(guest_column B web1 target | tail -n 1)" $mac
}

# macvtap cannot carry what OVS was told of frames' sizes, and the guest has been told of it.
test_migration_that_would_lose_the_mtu_is_refused() {
  local message xml
  xml=$(ovs_xml vswitch0 $mac)
  start_guest A x86_64 web1 "${xml/<model/<mtu size=\'1400\'/><model}"
  hook_install B <<<$'[retarget]\novs:vswitch0 = macvtap:nicB'
  message=$(assert_status 1 migrate_guest A B web1)
  assert_contains "$message" "interface 1 (ovs on vswitch0) $mac" message
  assert_contains "$message" "'ovs:vswitch0 = macvtap:nicB'" message
  assert_equal running "$(guest_state A web1)" "state on A"
}

# The definition passes no hook: the old name is back at the next start, unless a definition is given.
test_a_persistent_definition_keeps_the_old_name_unless_one_is_given() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install B <<<$'[retarget]\nnicA = nicB'
  migrate_guest A B web1 --persistent --undefinesource
  assert_sources B web1 nicB
  assert_sources B web1 nicA --inactive
  virsh_on B destroy web1 >/dev/null
  virsh_on B undefine web1 >/dev/null

  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  virsh_on A dumpxml --inactive --security-info web1 | iface_on A retarget --map nicA=nicB >"$LAB_DIR/web1.xml"
  migrate_guest A B web1 --persistent --persistent-xml "$LAB_DIR/web1.xml"
  assert_sources B web1 nicB
  assert_sources B web1 nicB --inactive
}

# The document that a hook gets on migration holds passwords.
test_the_document_is_never_logged() {
  local secret=geheim vnc
  vnc="<graphics type='vnc' listen='127.0.0.1' passwd='$secret'/>"
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)" "$vnc"
  hook_install B <<<$'[hook]\ncheck = require\n[retarget]\nnicA = nicX'
  lab_hook B 00-witness <<<$'#!/bin/sh\n[ "$2" != migrate ] || cat >/run/witness'
  assert_contains "$(assert_status 1 migrate_guest A B web1)" nicX message
  assert_contains "$(<"$LAB_DIR/B/run/witness")" "passwd='$secret'" "what the hook was given"
  rm "$LAB_DIR/B/run/witness"
  hook_conf B <<<$'[hook]\ncheck = require\n[retarget]\nnicA = nicB'
  migrate_guest A B web1
  rm "$LAB_DIR/B/run/witness"
  assert_contains "$(<"$LAB_DIR/B/log/libvirtd.log")" nicX "libvirt's log"
  assert_equal "" "$(grep -rls "$secret" "$LAB_DIR/B/log" "$LAB_DIR/B/run/virt-iface" "$LAB_DIR"/[AB]/host.log)" "who knows the password"
}

# A moved guest without its VLAN would be on every VLAN.
test_a_vlan_goes_along() {
  local xml vlan="<vlan><tag id='42'/></vlan>"
  xml=$(ovs_xml vswitch0 $mac)
  in_host B ovs-vsctl add-br vswitch1 -- set bridge vswitch1 datapath_type=netdev
  start_guest A x86_64 web1 "${xml/<virtualport/$vlan<virtualport}"
  assert_on_ovs A web1 vswitch0 42
  hook_install B <<<$'[retarget]\novs:vswitch0 = ovs:vswitch1'
  migrate_guest A B web1
  assert_on_ovs B web1 vswitch1 42
}

# A port group gives the VLAN here; the network has another name there.
test_a_port_group_goes_along() {
  local host name
  for host in A B; do
    name=lan$host
    printf '%s\n' "<network><name>$name</name><forward mode='bridge'/><bridge name='vswitch0'/>" \
      "<virtualport type='openvswitch'/><portgroup name='red'><vlan><tag id='10'/></vlan></portgroup></network>" >"$LAB_DIR/net.xml"
    virsh_on $host net-create "$LAB_DIR/net.xml" >/dev/null
  done
  start_guest A x86_64 web1 "<interface type='network'><mac address='$mac'/><source network='lanA' portgroup='red'/><model type='virtio'/></interface>"
  assert_on_ovs A web1 vswitch0 10
  hook_install B <<<$'[retarget]\nnetwork:lanA = network:lanB'
  migrate_guest A B web1
  assert_on_ovs B web1 vswitch0 10
  assert_contains "$(virsh_on B dumpxml web1 --xpath '//interface/source')" 'portgroup="red"' "port group on B"
  assert_contains "$(virsh_on B dumpxml web1 --xpath '//interface/source')" 'network="lanB"' "network on B"
}

# Here the port group gives VLAN 7, there a map says VLAN 10: B has no such network.
test_a_port_group_becomes_a_vlan() {
  local message red="<source network='lanA' portgroup='red'/>"
  printf '%s\n' "<network><name>lanA</name><forward mode='bridge'/><bridge name='vswitch0'/>" \
    "<virtualport type='openvswitch'/><portgroup name='red'><vlan><tag id='7'/></vlan></portgroup></network>" >"$LAB_DIR/net.xml"
  virsh_on A net-create "$LAB_DIR/net.xml" >/dev/null
  start_guest A x86_64 web1 "<interface type='network'><mac address='$mac'/>$red<model type='virtio'/></interface>" \
    "$(macvtap_xml nicA 52:54:00:00:00:02)"
  assert_on_ovs A web1 vswitch0 7
  hook_install B <<<$'[retarget]\nnetwork:lanA = ovs:vswitch0\nnicA = nicB'
  message=$(assert_status 1 migrate_guest A B web1)
  assert_contains "$message" "would lose source.portgroup = red" message
  hook_conf B <<<$'[map.1]\nwhere = source=lanA,source.portgroup=red\ntype = ovs\nsource = vswitch0\nvlan.tag = 10
[retarget]\nnicA = nicB'
  migrate_guest A B web1
  assert_on_ovs B web1 vswitch0 10
  assert_sources B web1 "vswitch0 nicB"
  assert_frame_reaches B "$(guest_column B web1 target | tail -n 1)" 52:54:00:00:00:02
}

# There and back with three NICs, each on its own wire.
test_30_round_trips_of_three_nics() {
  local i begin=$SECONDS macs xml vlan="<vlan><tag id='42'/></vlan>"
  xml=$(ovs_xml vswitch0 52:54:00:00:00:03)
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)" "$(macvtap_xml nicA2 52:54:00:00:00:02)" "${xml/<virtualport/$vlan<virtualport}"
  macs=$(guest_column A web1 mac)
  hook_install A <<<$'[hook]\ncheck = require\n[retarget]\nnicB = nicA\nnicB2 = nicA2'
  hook_install B <<<$'[hook]\ncheck = require\n[retarget]\nnicA = nicB\nnicA2 = nicB2'
  for i in {1..30}; do
    migrate_guest A B web1
    assert_sources B web1 "nicB nicB2 vswitch0"
    assert_on_nic B web1 nicB
    migrate_guest B A web1
    assert_sources A web1 "nicA nicA2 vswitch0"
    assert_on_nic A web1 nicA
  done
  assert_equal "$macs" "$(guest_column A web1 mac)" MACs
  assert_equal 42 "$(in_host A ovs-vsctl get port "$(guest_column A web1 target | tail -n 1)" tag)" "tag of the third"
  echo "figures: 60 migrations of three NICs in $((SECONDS - begin)) s"
}
