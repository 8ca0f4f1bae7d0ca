# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# list, attach, update and detach on guests that run, against what libvirt and the devices say.

mac=52:54:00:00:00:01
macvtap=type=macvtap,name=nicA,mode=bridge,mac=$mac
ovs=type=ovs,name=vswitch0,mac=52:54:00:00:00:02

# virt-iface's command $2 on guest $3 of host $1; the rest: its words.
on_guest() {
  local host=$1 command=$2 guest=$3
  shift 3
  iface_on "$host" "$command" --connect qemu:///system --domain "$guest" "$@"
}
definition() { virsh_on "$1" dumpxml --inactive "$2"; }

test_attach_and_detach_leave_the_definition_as_it_was() {
  local before
  start_guest A x86_64 web1 "$(ovs_xml vswitch0)"
  before=$(definition A web1)
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  on_guest A attach web1 --interface "$macvtap"
  assert_sources A web1 "vswitch0 nicA"
  assert_sources A web1 "vswitch0 nicA" --inactive
  assert_frame_reaches A "$(guest_column A web1 target | tail -n 1)" $mac
  on_guest A detach web1 "$mac"
  lab_wait 20 "the running guest has one interface" has_sources A web1 vswitch0
  assert_equal "$before" "$(definition A web1)" "definition after attach and detach"
}

test_list_shows_what_runs() {
  local table tap
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)" "$(ovs_xml vswitch0)"
  table=$(on_guest A list web1 --live)
  for tap in $(guest_column A web1 target); do
    assert_contains "$table" "$tap" "table of web1"
  done
  assert_contains "$(on_guest A list web1 --live --format json | tr -d ' \n')" \
    '"interface":{"type":"macvtap","name":"nicA","mode":"bridge"}' JSON
  assert_contains "$(on_guest A show web1 target="$tap" --live --format xml)" "vswitch0" "interface shown"
}

test_live_and_config_are_told_apart() {
  start_guest A x86_64 web1
  on_guest A attach web1 --live --interface "$macvtap"
  assert_sources A web1 nicA
  assert_sources A web1 "" --inactive
  on_guest A attach web1 --config --interface "$ovs"
  assert_sources A web1 nicA
  assert_sources A web1 vswitch0 --inactive
}

test_update_of_the_link() {
  local tap
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  tap=$(guest_column A web1 target)
  on_guest A update web1 "$mac" link.state=down
  assert_contains "$(virsh_on A domif-getlink web1 "$tap")" down link
  assert_contains "$(definition A web1)" "<link state='down'/>" definition
  on_guest A update web1 "$mac" link.state=up
  assert_contains "$(virsh_on A domif-getlink web1 "$tap")" up link
}

# libvirt moves a tap from one Linux bridge to another, but refuses the same for Open vSwitch.
test_update_of_a_bridge_source() {
  local tap
  in_host A ip link add br0 type bridge
  in_host A ip link add br1 type bridge
  start_guest A x86_64 web1 "<interface type='bridge'><mac address='$mac'/><source bridge='br0'/></interface>"
  tap=$(guest_column A web1 target)
  on_guest A update web1 "$mac" source=br1
  assert_contains "$(in_host A ip -o link show dev "$tap")" "master br1" "device of web1"
  assert_sources A web1 br1 --inactive
}

test_update_of_an_ovs_source() {
  in_host A ovs-vsctl add-br vswitch1 -- set bridge vswitch1 datapath_type=netdev
  start_guest A x86_64 web1 "$(ovs_xml vswitch0 $mac)"
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  assert_contains "$(assert_status 4 on_guest A update web1 "$mac" source=vswitch1)" "--replug detaches it" message
  assert_on_ovs A web1 vswitch0
  assert_sources A web1 vswitch0 --inactive
  on_guest A update web1 "$mac" source=vswitch1 --replug
  assert_on_ovs A web1 vswitch1
  assert_equal $mac "$(guest_column A web1 mac)" MAC
  assert_sources A web1 vswitch1 --inactive
}

test_update_of_a_macvtap_source_needs_replug() {
  local before
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  before=$(definition A web1)
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  assert_contains "$(assert_status 4 on_guest A update web1 "$mac" source=nicA2)" "--replug" message
  assert_on_nic A web1 nicA
  assert_equal "$before" "$(definition A web1)" "definition after the refusal"
  on_guest A update web1 "$mac" source=nicA2 --replug
  assert_on_nic A web1 nicA2
  assert_equal $mac "$(guest_column A web1 mac)" MAC
  assert_sources A web1 nicA2 --inactive
}

test_update_of_a_mac_needs_replug() {
  local other=52:54:00:00:00:77
  start_guest A s390x web1 "$(macvtap_xml nicA $mac)"
  assert_contains "$(assert_status 4 on_guest A update web1 "$mac" mac=$other)" "--replug detaches it" message
  assert_equal $mac "$(guest_column A web1 mac)" MAC
  on_guest A update web1 "$mac" mac=$other --replug
  assert_equal $other "$(guest_column A web1 mac)" MAC
  assert_equal $other "$(guest_column A web1 mac --inactive)" "MAC of the definition"
}

# The running guest has its interfaces in another order than its configuration: the same one is meant in both.
test_apply_means_one_interface_in_both_descriptions() {
  local one two tap
  one=$(ovs_xml vswitch0 $mac) two=$(ovs_xml vswitch0 52:54:00:00:00:02)
  start_guest A s390x web1 "$one" "$two"
  guest_xml s390x web1 "$two" "$one" | sed "s|<name>|<uuid>$(virsh_on A domuuid web1 | head -n 1)</uuid><name>|" >"$LAB_DIR/guest.xml"
  virsh_on A define "$LAB_DIR/guest.xml" >/dev/null
  on_guest A apply web1 --policy converge --interface type=ovs,name=vswitch0,link.state=down
  tap=$(guest_column A web1 target | head -n 1)
  assert_contains "$(virsh_on A domif-getlink web1 "$tap")" up "link of the first"
  assert_contains "$(virsh_on A domif-getlink web1 52:54:00:00:00:02)" down "link of the second"
  assert_contains "$(virsh_on A domif-getlink web1 --config 52:54:00:00:00:02)" down "link of the second, configured"
  assert_contains "$(virsh_on A domif-getlink web1 --config $mac)" up "link of the first, configured"
}

# An administrator's loop and ours, side by side, on one definition.
test_what_others_change_of_a_definition_meanwhile_stays() {
  local i lost=0 failed=0 loop
  define_guest A s390x web1 "$(macvtap_xml nicA $mac)" "$(ovs_xml vswitch0 52:54:00:00:00:02)"
  for i in {1..12}; do
    on_guest A update web1 $mac mode=vepa --config
    on_guest A attach web1 --config --interface type=macvtap,name=nicA2,mode=bridge,mac=52:54:00:00:00:03
    on_guest A update web1 $mac mode=bridge --config
    on_guest A detach web1 52:54:00:00:00:03 --config
  done >"$LAB_DIR/said" 2>&1 &
  loop=$!
  for ((i = 0; i < 60 || $(jobs -r | wc -l); ++i)); do
    virsh_on A desc web1 --config --title "title $i" >/dev/null
    [[ $(virsh_on A desc web1 --config --title) == "title $i" ]] || lost=$((lost + 1))
  done
  wait "$loop" || failed=1
  assert_equal 0 $lost "titles that were lost of $i"
  assert_equal 0 $failed "status of the changes: $(<"$LAB_DIR/said")"
  assert_sources A web1 "nicA vswitch0" --inactive
}

# libvirt looks for an interface with the new alias, and finds none.
test_update_of_an_alias_needs_replug() {
  start_guest A s390x web1 "$(macvtap_xml nicA $mac)"
  assert_contains "$(assert_status 4 on_guest A update web1 "$mac" alias.name=ua-one)" "--replug detaches it" message
  on_guest A update web1 "$mac" alias.name=ua-one --replug
  assert_contains "$(virsh_on A dumpxml web1 --xpath '//interface/alias')" ua-one alias
}

test_update_of_the_model_is_for_the_next_start() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  on_guest A update web1 "$mac" model=e1000
  assert_equal virtio "$(guest_column A web1 model)" "model of the running guest"
  assert_equal e1000 "$(guest_column A web1 model --inactive)" "model of the definition"
}

network_lan() { # $1: host
  in_host "$1" ip link add br0 type bridge
  in_host "$1" ip link set br0 up
  virsh_on "$1" net-create /dev/stdin >/dev/null \
    <<<"<network><name>lan</name><forward mode='bridge'/><bridge name='br0'/></network>"
}
# Two tests are about its interface in a running guest, which libvirt calls a bridge.
lan_xml="<interface type='network'><mac address='$mac'/><source network='lan'/></interface>"

test_networks_and_direct_interfaces_side_by_side() {
  network_lan A
  start_guest A x86_64 web1
  on_guest A attach web1 --interface "type=network,name=lan"
  on_guest A attach web1 --interface "$macvtap"
  on_guest A attach web1 --interface "$ovs"
  assert_sources A web1 "lan nicA vswitch0"
  assert_sources A web1 "lan nicA vswitch0" --inactive
}

test_apply_attaches_what_is_missing_and_no_more() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  on_guest A apply web1 --interface type=macvtap,name=nicA,mode=bridge --interface "$ovs"
  assert_sources A web1 "nicA vswitch0"
  assert_sources A web1 "nicA vswitch0" --inactive
  on_guest A apply web1 --interface type=macvtap,name=nicA,mode=bridge --interface "$ovs"
  assert_sources A web1 "nicA vswitch0"
}

test_s390x_guest_takes_and_gives_back_a_macvtap() {
  local before
  start_guest A s390x z1
  before=$(definition A z1)
  on_guest A attach z1 --interface "$macvtap"
  assert_contains "$(virsh_on A dumpxml z1 --xpath '//interface/address')" 'type="ccw"' address
  assert_on_nic A z1 nicA
  on_guest A detach z1 "$mac"
  assert_sources A z1 ""
  assert_equal "$before" "$(definition A z1)" "definition after attach and detach"
}

# libvirt refuses the second of the two changes: the first must not stay.
test_a_half_done_attach_is_undone() {
  local before
  start_guest A q35 web1 "<controller type='usb' model='none'/>" "$(q35_ports_xml 1)"
  before=$(definition A web1)
  on_guest A attach web1 --interface "$macvtap" --live
  assert_status 4 on_guest A attach web1 --interface type=macvtap,name=nicX,mode=bridge >&2
  assert_equal "$before" "$(definition A web1)" "definition after the failure"
  assert_sources A web1 nicA
}

test_apply_finds_the_network_of_a_running_guest() {
  network_lan A
  start_guest A x86_64 web1 "$lan_xml"
  assert_contains "$(virsh_on A dumpxml web1 --xpath //interface)" '<interface type="bridge">' "libvirt's word"
  on_guest A apply web1 --interface type=network,name=lan
  assert_sources A web1 lan
  assert_sources A web1 lan --inactive
}

test_update_keeps_a_running_guest_in_its_network() {
  network_lan A
  start_guest A x86_64 web1 "$lan_xml"
  on_guest A update web1 "$mac" link.state=down
  assert_contains "$(virsh_on A domif-getlink web1 "$(guest_column A web1 target)")" down link
  assert_contains "$(virsh_on A dumpxml web1 --xpath //interface)" 'network="lan"' "interface of the running guest"
}

# libvirt writes the network's VLAN and virtual port into the running guest; nobody asked for them there.
test_what_a_network_gives_is_no_difference() {
  local interface=type=network,name=tagged before running
  virsh_on A net-create /dev/stdin >/dev/null <<'END'
<network><name>tagged</name><forward mode='bridge'/><bridge name='vswitch0'/><virtualport type='openvswitch'/>
<vlan><tag id='42'/></vlan></network>
END
  start_guest A x86_64 web1 "<interface type='network'><mac address='$mac'/><source network='tagged'/></interface>"
  assert_contains "$(virsh_on A dumpxml web1 --xpath //interface)" '<tag id="42"' "libvirt's word"
  assert_status 0 on_guest A apply web1 --check --interface "$interface"
  on_guest A attach web1 --live --interface "$interface,mac=52:54:00:00:00:02"
  assert_status 0 on_guest A apply web1 --live --check --interface "$interface" --interface "$interface"
  before=$(definition A web1)
  for running in 52:54:00:00:00:01 52:54:00:00:00:02; do
    on_guest A update web1 $running --live link.state=down
    assert_contains "$(virsh_on A domif-getlink web1 $running)" down "link of $running"
  done
  assert_equal "2 2" "$(virsh_on A dumpxml web1 | awk '/network=.tagged/ { n++ } /tag id=.42/ { v++ } END { print n, v }')" "networks and VLANs of the running guest"
  assert_equal "$before" "$(definition A web1)" definition
  assert_contains "$(assert_status 3 on_guest A apply web1 --live --interface "$interface,vlan.tag=7")" vlan.tag message
  assert_status 1 on_guest A apply web1 --live --check --interface "$interface,vlan.tag=7" >/dev/null
}

# What was set on the running guest alone is the guest's, and goes with it to another network.
test_a_vlan_set_live_stays_on_another_network() {
  local name
  for name in net0 net1; do
    virsh_on A net-create /dev/stdin >/dev/null \
      <<<"<network><name>$name</name><forward mode='bridge'/><bridge name='vswitch0'/><virtualport type='openvswitch'/></network>"
  done
  start_guest A x86_64 web1 "<interface type='network'><mac address='$mac'/><source network='net0'/><model type='virtio'/></interface>"
  assert_on_ovs A web1 vswitch0
  on_guest A update web1 "$mac" --live --replug vlan.tag=42
  assert_on_ovs A web1 vswitch0 42
  on_guest A update web1 "$mac" --live --replug source=net1
  assert_on_ovs A web1 vswitch0 42
  assert_contains "$(virsh_on A dumpxml web1 --xpath //interface/source)" 'network="net1"' "source of the running guest"
}

test_list_shows_network_and_leased_address() {
  local json
  network_lan A
  start_guest A x86_64 web1 "$lan_xml"
  mkdir -p "$LAB_DIR/A/lib/dnsmasq"
  cat >"$LAB_DIR/A/lib/dnsmasq/br0.status" <<END
[{"ip-address": "192.0.2.7", "mac-address": "$mac", "hostname": "web1", "expiry-time": 4000000000}]
END
  json=$(on_guest A list web1 --format json | tr -d ' \n')
  rm -r "$LAB_DIR/A/lib/dnsmasq"
  assert_contains "$json" '{"address":"192.0.2.7","source":"lease"}' JSON
  assert_contains "$json" '"network":"lan"' JSON
}

# A native VLAN alone is a trunk of that VLAN: without trunk libvirt would leave the port open to every VLAN.
test_a_native_vlan_alone_is_a_trunk() {
  local tap
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  on_guest A attach web1 --interface "$ovs,vlan.tag=42,vlan.native=untagged:42"
  tap=$(guest_column A web1 target | tail -n 1)
  assert_equal "42 [42] native-untagged" "$(in_host A ovs-vsctl get port "$tap" tag trunks vlan_mode | xargs)" \
    "tag, trunks and mode of $tap"
}
