# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Interfaces of the types user and ethernet in guests that run: attached live, by apply, by the hook, and what crosses them.
# Of hostdev and vdpa what goes without such hardware.

mac=52:54:00:00:00:05
ethernet=type=ethernet,target.dev=tap7,target.managed=no,mac=$mac
live() { # virt-iface's command $1 on the running guest web1 of host A; the rest: its words
  local command=$1
  shift
  iface_on A "$command" --connect qemu:///system --domain web1 --live "$@"
}

# A tap device of the test's own, tap7, on a bridge with out7 at its other port.
make_tap() { # $1: host
  in_host "$1" ip tuntap add tap7 mode tap
  in_host "$1" ip link add in7 type veth peer name out7
  in_host "$1" ip link add br0 type bridge
  in_host "$1" ip link set in7 master br0
  in_host "$1" ip link set tap7 master br0
  for device in br0 in7 out7 tap7; do in_host "$1" ip link set "$device" up; done
}

# The bridge gives nothing to a tap that nobody has open: a frame that arrives there is one that QEMU takes.
frame_through_bridge() { # $1: host
  local sender
  in_host "$1" python3 "$LAB_HOME/frame.py" send out7 "$mac" &
  sender=$!
  in_host "$1" python3 "$LAB_HOME/frame.py" see tap7 "$mac"
  wait "$sender"
}
types_of() { guest_column A web1 type "$@" | xargs; }
qemu_says() { virsh_on A qemu-monitor-command web1 --hmp info network; }
has_types() { [[ $(types_of) == "$1" ]]; }

test_a_guest_boots_over_a_tap_of_the_test() {
  local came
  make_tap A
  guest_xml x86_64 web1 | iface_on A attach --interface "$ethernet,boot.order=1" - | virsh_on A define /dev/stdin >/dev/null
  came=$(mktemp "$LAB_DIR/came.XXXX")
  in_host A python3 "$LAB_HOME/frame.py" from out7 "$mac" >"$came" &
  virsh_on A start web1 >/dev/null
  wait "$!"
  assert_equal yes "$(<"$came")" "a frame of the guest's BIOS behind tap7"
}

test_ethernet_is_attached_live_and_detached() {
  make_tap A
  start_guest A x86_64 web1
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  assert_equal no "$(frame_through_bridge A)" "a frame at tap7 before"
  live attach --interface "$ethernet"
  assert_equal ethernet "$(types_of)" types
  assert_equal yes "$(frame_through_bridge A)" "a frame at tap7"
  assert_equal "" "$(types_of --inactive)" "types of the definition"
  live detach target=tap7
  lab_wait 20 "the running guest has no interface" has_types ""
  in_host A ip link show dev tap7 >&2 # it is the test's, and stays
}

test_user_is_attached_live_and_detached() {
  start_guest A x86_64 web1
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  live attach --interface "type=user,mac=$mac"
  assert_equal user "$(types_of)" types
  assert_contains "$(qemu_says)" "type=user" "QEMU's word"
  live update "$mac" link.state=down
  assert_contains "$(virsh_on A domif-getlink web1 "$mac")" down link
  live detach "$mac"
  lab_wait 20 "the running guest has no interface" has_types ""
}

test_apply_gives_what_is_missing_to_a_running_guest() {
  make_tap A
  start_guest A s390x web1 "$(macvtap_xml nicA)"
  live apply --interface "$ethernet" --interface type=user --interface type=macvtap,name=nicA,mode=bridge
  assert_equal "direct ethernet user" "$(types_of)" types
  assert_equal yes "$(frame_through_bridge A)" "a frame at tap7"
  live apply --check --interface "$ethernet" --interface type=user
}

test_the_hook_gives_them_to_a_guest_that_starts() {
  make_tap A
  hook_install A <<END
[hook]
inject = hotplug
[interfaces.1]
type = user
[interfaces.2]
type = ethernet
target.dev = tap7
target.managed = no
mac = $mac
END
  start_guest A x86_64 web1
  lab_wait 20 "web1 has both; $(iface_on A hook --status 2>&1)" has_types "user ethernet"
  assert_contains "$(qemu_says)" "type=user" "QEMU's word"
  assert_equal yes "$(frame_through_bridge A)" "a frame at tap7"
  assert_equal "" "$(types_of --inactive)" "types of the definition"
  lab_wait 20 "the injection is over" hook_is_done
}
hook_is_done() { iface_on A hook --status 2>&1 | grep -E '^web1 +inject +done' >/dev/null; }

# This machine has no such function and no vDPA device: libvirt takes both into a definition, and nothing into a running guest.
test_hostdev_and_vdpa_reach_the_definition_only() {
  local said conf=$'[interfaces.1]\ntype = hostdev\nsource = 0000:3b:10.2\n[interfaces.2]\ntype = vdpa\nsource = /dev/vhost-vdpa-7'
  hook_install A <<<$'[hook]\ninject = persist\n'"$conf"
  start_guest A x86_64 web1
  lab_wait 20 "the definition has both; $(iface_on A hook --status 2>&1)" is_defined "hostdev vdpa"
  assert_equal "" "$(types_of)" "types of the running guest"
  assert_contains "$(virsh_on A dumpxml web1 --inactive --xpath //interface/source)" 'bus="0x3b"' "the function"
  virsh_on A destroy web1 >/dev/null
  hook_conf A <<<$'[hook]\ncheck = require'
  said=$(assert_status 1 virsh_on A start web1)
  assert_contains "$said" "this host has no PCI function '0000:3b:10.2'" "the hook's refusal"
  assert_contains "$said" "this host has no vDPA device '/dev/vhost-vdpa-7'" "the hook's refusal"
}
is_defined() { [[ $(types_of --inactive) == "$1" ]]; }

test_the_hook_says_that_a_function_is_missing() {
  hook_install A <<<$'[hook]\ninject = hotplug\ninject_timeout = 2\n[interfaces.1]\ntype = hostdev\nsource = 0000:3b:10.2\n[interfaces.2]\ntype = user'
  start_guest A x86_64 web1
  lab_wait 20 "the hook says so" function_is_missing
  assert_equal user "$(types_of)" types
}
function_is_missing() { iface_on A hook --status 2>&1 | tee "$LAB_DIR/said" | grep 'web1 .*failed.*3b:10.2' >/dev/null; }
