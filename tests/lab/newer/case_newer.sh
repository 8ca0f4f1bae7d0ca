# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What only a libvirt newer than Debian 12's does: run in a tree of Debian 13, see tests/support/debian-tree.

# A bridge br0 that filters VLANs, with a trunk to out0, where out0.7 and out0.8 are on VLANs.
filtering_bridge() { # $1: host
  local vlan
  in_host "$1" ip link add br0 type bridge vlan_filtering 1 2>/dev/null ||
    lab_skip "this kernel's bridges filter no VLANs"
  in_host "$1" ip link add up0 type veth peer name out0
  in_host "$1" ip link set up0 master br0
  for vlan in 7 8; do
    in_host "$1" bridge vlan add dev up0 vid "$vlan"
    in_host "$1" ip link add link out0 name "out0.$vlan" type vlan id "$vlan"
  done
  in_host "$1" ip link set br0 up
  in_host "$1" ip link set up0 up
  in_host "$1" ip link set out0 up
  in_host "$1" ip link set out0.7 up
  in_host "$1" ip link set out0.8 up
}

# Does a frame sent on device $2 to MAC $4 arrive at device $3 of host $1?
frame_within() {
  local sender
  in_host "$1" python3 "$LAB_HOME/frame.py" send "$2" "$4" &
  sender=$!
  in_host "$1" python3 "$LAB_HOME/frame.py" see "$3" "$4"
  wait "$sender"
}

test_a_vlan_on_a_linux_bridge() {
  local mac=52:54:00:00:00:07 tap
  filtering_bridge A
  define_guest A x86_64 web1
  iface_on A apply --connect qemu:///system --domain web1 --check-host \
    --interface "type=bridge,name=br0,vlan.tag=7,mac=$mac" >&2
  virsh_on A start web1 >/dev/null
  tap=$(guest_column A web1 target)
  assert_contains "$(in_host A bridge vlan show dev "$tap")" '7 PVID Egress Untagged' "VLANs of $tap"
  assert_equal yes "$(frame_within A out0.7 "$tap" "$mac")" "a frame of VLAN 7"
  assert_equal no "$(frame_within A out0.8 "$tap" "$mac")" "a frame of VLAN 8"
}

test_a_vlan_moves_from_open_vswitch_to_a_linux_bridge() {
  local tap
  filtering_bridge A
  define_guest A x86_64 web1 "<interface type='bridge'><mac address='52:54:00:00:00:08'/><source bridge='vswitch0'/>
    <vlan><tag id='8'/></vlan><virtualport type='openvswitch'/><model type='virtio'/></interface>"
  iface_on A retarget --connect qemu:///system --domain web1 --map ovs:vswitch0=bridge:br0 >&2
  virsh_on A start web1 >/dev/null
  tap=$(guest_column A web1 target)
  assert_contains "$(in_host A bridge vlan show dev "$tap")" '8 PVID Egress Untagged' "VLANs of $tap"
}

# The lab's guest answers nothing: what its network card is given, QEMU writes down.
guest_gets_a_connection() { # $1: the guest's port; 2222 of the host's loopback leads there
  virsh_on A qemu-monitor-command web1 --hmp 'object_add filter-dump,id=dump,netdev=hostnet0,file=/run/dump' >&2
  in_host A python3 -c 'import socket, time
with socket.create_connection(("127.0.0.1", 2222), 5): time.sleep(1)' || lab_fail "nobody listens on port 2222"
  virsh_on A qemu-monitor-command web1 --hmp 'object_del dump' >&2
  in_host A python3 "$LAB_HOME/frame.py" dumped /run/dump "$1"
  in_host A rm /run/dump
}

test_a_port_that_passt_forwards() {
  define_guest A x86_64 web1
  iface_on A apply --connect qemu:///system --domain web1 \
    --interface type=user,backend.type=passt,portForward=127.0.0.1:2222:22 >&2
  virsh_on A start web1 >/dev/null
  assert_equal yes "$(guest_gets_a_connection 22)" "a connection to port 22 of the guest"
  virsh_on A destroy web1 >/dev/null
  ! in_host A python3 -c 'import socket; socket.create_connection(("127.0.0.1", 2222), 5)' 2>/dev/null ||
    lab_fail "port 2222 is still open"
}
