# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The filter in the pipelines of its users: what it writes is defined, started, and is what was asked for.

mac=52:54:00:00:00:01

# Guest $2 of host $1 through the filter, as a user types it; the rest: virt-iface's words.
through_filter() {
  local host=$1 guest=$2
  shift 2
  virsh_on "$host" dumpxml --inactive --security-info "$guest" | iface_on "$host" "$@" |
    virsh_on "$host" define /dev/stdin >/dev/null
}

test_template_conf_on_x86() {
  cat >"$LAB_DIR/template.conf" <<END
[main]
networks =
[interfaces]
[interfaces.0]
type = macvtap
name = nicA
mode = bridge
mac = $mac
[interfaces.1]
type = ovs
name = vswitch0
END
  define_guest A x86_64 web1
  through_filter A web1 -c "$LAB_DIR/template.conf"
  virsh_on A start web1 >/dev/null
  assert_sources A web1 "nicA vswitch0"
  assert_on_nic A web1 nicA
  assert_frame_reaches A "$(guest_column A web1 target | head -n 1)" $mac
}

test_interface_options_on_s390x() {
  define_guest A s390x z1
  through_filter A z1 apply --interface "type=macvtap,name=nicA,mode=bridge,mac=$mac"
  virsh_on A start z1 >/dev/null
  assert_contains "$(virsh_on A dumpxml z1 --xpath '//interface/address')" 'type="ccw"' address
  assert_equal virtio "$(guest_column A z1 model)" model
  assert_frame_reaches A "$(guest_column A z1 target)" $mac
}

# Applied once more to what libvirt made of it: nothing to change.
test_apply_again_finds_nothing_to_do() {
  local wanted=(--interface "type=macvtap,name=nicA,mode=bridge" --interface "type=ovs,name=vswitch0,vlan.tag=7")
  define_guest A x86_64 web1
  through_filter A web1 apply "${wanted[@]}"
  virsh_on A dumpxml --inactive web1 | iface_on A apply --check "${wanted[@]}"
  virsh_on A start web1 >/dev/null
  virsh_on A dumpxml web1 | iface_on A apply --check "${wanted[@]}"
}

test_each_macvtap_mode_is_the_devices_mode() {
  local mode tap
  for mode in bridge vepa private passthrough; do
    define_guest A x86_64 "$mode"
    through_filter A "$mode" apply --interface "type=macvtap,name=nicA,mode=$mode"
    virsh_on A start "$mode" >/dev/null
    tap=$(guest_column A "$mode" target)
    assert_contains "$(in_host A ip -d link show dev "$tap" | grep macvtap)" "mode ${mode/passthrough/passthru} " "$tap"
    virsh_on A destroy "$mode" >/dev/null
  done
}

test_a_vlan_is_the_ovs_ports_tag() {
  define_guest A x86_64 web1
  through_filter A web1 apply --interface type=ovs,name=vswitch0,vlan.tag=7
  virsh_on A start web1 >/dev/null
  assert_equal 7 "$(in_host A ovs-vsctl get port "$(guest_column A web1 target)" tag)" tag
}

test_retarget_from_macvtap_to_ovs_and_back() {
  define_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  through_filter A web1 retarget --map macvtap:nicA=ovs:vswitch0
  virsh_on A start web1 >/dev/null
  assert_on_ovs A web1 vswitch0
  assert_equal $mac "$(guest_column A web1 mac)" MAC
  virsh_on A destroy web1 >/dev/null
  through_filter A web1 retarget --map ovs:vswitch0=macvtap:nicA2
  virsh_on A start web1 >/dev/null
  assert_on_nic A web1 nicA2
  assert_equal $mac "$(guest_column A web1 mac)" MAC
}

test_attach_update_and_detach_of_a_definition() {
  local before
  define_guest A x86_64 web1 "$(ovs_xml vswitch0)"
  before=$(virsh_on A dumpxml --inactive web1)
  through_filter A web1 attach --interface "type=macvtap,name=nicA,mode=bridge,mac=$mac"
  assert_sources A web1 "vswitch0 nicA" --inactive
  through_filter A web1 update "$mac" source=nicA2 model=e1000
  assert_sources A web1 "vswitch0 nicA2" --inactive
  assert_equal e1000 "$(guest_column A web1 model --inactive | tail -n 1)" model
  through_filter A web1 detach "$mac"
  assert_equal "$before" "$(virsh_on A dumpxml --inactive web1)" "definition after all"
}

# What runs can be listed from its document alone.
test_list_of_a_running_guests_document() {
  local table
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)" "$(ovs_xml vswitch0)"
  table=$(virsh_on A dumpxml web1 | iface_on A list)
  assert_contains "$table" "$(guest_column A web1 target | head -n 1)" table
  assert_contains "$table" $mac table
  assert_contains "$table" vswitch0 table
}
