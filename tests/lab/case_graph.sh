# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The picture of a host with guests. LAB_SVG=FILE has Graphviz draw it there: docs/graph.svg is such a file.

lan_xml="<network><name>lan</name><forward mode='bridge'/><bridge name='br0'/></network>"
tagged_xml="<interface type='bridge'><mac address='52:54:00:00:00:11'/><source bridge='vswitch0'/>
  <vlan><tag id='42'/></vlan><virtualport type='openvswitch'/><model type='virtio'/></interface>"

network_interface_xml() { # $1: network, $2: MAC
  printf "<interface type='network'><mac address='%s'/><source network='%s'/><model type='virtio'/></interface>\n" "$2" "$1"
}

# br0 on a VLAN device of nicA2 (on nicA2 itself, where the kernel has no VLANs), network lan on br0, a bond beneath
# vswitch0; web1 and db1 run; old1 is off and its source is gone.
make_estate() {
  local member
  lan_port=nicA2
  if in_host A ip link add link nicA2 name nicA2.7 type vlan id 7 2>/dev/null; then
    lan_port=nicA2.7
  fi
  in_host A ip link add br0 type bridge
  in_host A ip link set "$lan_port" master br0
  in_host A ip link set "$lan_port" up
  in_host A ip link set br0 up
  for member in 1 2; do
    in_host A ip link add "bond$member" type veth peer name "bond${member}p"
    in_host A ip link set "bond$member" up
    in_host A ip link set "bond${member}p" up
  done
  in_host A ovs-vsctl add-bond vswitch0 bond0 bond1 bond2 -- set port bond0 trunks=42,43
  in_host A tee /tmp/lan.xml <<<"$lan_xml" >/dev/null
  in_host A virsh -q net-define /tmp/lan.xml >/dev/null
  in_host A virsh -q net-start lan >/dev/null
  start_guest A x86_64 web1 "$(network_interface_xml lan 52:54:00:00:00:01)" "$tagged_xml"
  start_guest A x86_64 db1 "$(macvtap_xml nicA 52:54:00:00:00:02)" "$(ovs_xml vswitch0 52:54:00:00:00:12)"
  define_guest A x86_64 old1 "$(macvtap_xml eth9 52:54:00:00:00:03)" "$(network_interface_xml lan 52:54:00:00:00:01)"
}

draw() { iface_on A graph --connect qemu:///system --all "$@"; }

test_what_a_host_has_beneath_its_guests() {
  local tree lan_port beneath
  make_estate
  tree=$(draw | sed 's|, [0-9]* Mbit/s||')
  beneath='nic nicA2, up'
  [[ $lan_port == nicA2 ]] || beneath=$'vlan nicA2.7, VLAN 7, up\n      └─ nic nicA2, up'
  assert_contains "$tree" "52:54:00:00:00:11 virtio $(guest_column A web1 target | tail -n 1) → ovs vswitch0 (VLAN 42)" tree
  assert_contains "$tree" "→ network lan" tree
  assert_contains "$tree" "→ nic nicA (macvtap bridge)" tree
  assert_contains "$tree" $'ovs vswitch0\n├─ bond bond0 (VLAN 42,43)\n│  ├─ nic bond1, up\n│  └─ nic bond2, up\n└─ nic upA, up' tree
  assert_contains "$tree" $'network lan, forward bridge\n└─ bridge br0, up\n   └─ '"$beneath" tree
  assert_contains "$tree" "→ device eth9 (macvtap bridge)  ! this host has no NIC 'eth9'" "what is missing"
  assert_contains "$tree" "! same MAC as web1 interface 1" "the MAC that two have"
  assert_lacks "$tree" "not seen" tree
  assert_equal "$(draw --format json)" "$(draw --format json)" "the picture a second time"
  assert_equal "web1" "$(draw --where vlan=42 | sed -n 1p)" "the one on VLAN 42"
  in_host A ip link set nicA down
  assert_contains "$(draw)" "nic nicA  ! down" "what is down"
  in_host A ip link set nicA up
  if [[ -n ${LAB_SVG-} ]]; then
    draw --format dot | dot -Tsvg >"$LAB_SVG"
  fi
}

test_a_user_sees_less_and_is_told_so() {
  local tree lan_port
  make_estate
  virsh_on A dumpxml web1 | in_host A tee /tmp/web1.xml >/dev/null
  in_host A chmod 700 /run/openvswitch
  tree=$(in_host A setpriv --reuid=nobody --clear-groups virt-iface graph --host /tmp/web1.xml)
  in_host A rm /tmp/web1.xml
  assert_contains "$tree" "→ ovs vswitch0 (VLAN 42)" tree
  assert_contains "$tree" "Open vSwitch refused list" "what is not seen"
}
