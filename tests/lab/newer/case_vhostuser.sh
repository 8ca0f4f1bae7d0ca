# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# vhost-user for real: the ports vhu0 and vhu1 of an Open vSwitch with DPDK, beside the lab's own and without huge pages,
# and passt. Run in a tree of Debian 13, which has both; see tests/support/debian-tree.

mac=52:54:00:00:00:06
vhu0=type=vhostuser,source=/run/vhu0.sock,source.mode=server,mac=$mac
# Its network is its own: the name of the datapath's device is one for all switches.
in_switch() { in_host A nsenter -t "$(<"$LAB_DIR/A/run/switch/switch.pid")" -n -- "$@"; }
switch() { in_host A ovs-vsctl --db=unix:/run/switch/db.sock "$@"; }

start_switch() {
  # shellcheck disable=SC2016  # the inner shell's
  in_host A unshare -n sh -ec '
    export OVS_RUNDIR=/run/switch
    mkdir -p $OVS_RUNDIR
    ovsdb-tool create $OVS_RUNDIR/conf.db /usr/share/openvswitch/vswitch.ovsschema
    ovsdb-server $OVS_RUNDIR/conf.db --remote=punix:$OVS_RUNDIR/db.sock --pidfile --detach --log-file=/dev/null
    ovs-vsctl --db=unix:$OVS_RUNDIR/db.sock --no-wait -- init -- set Open_vSwitch . other_config:dpdk-init=true \
      other_config:pmd-sleep-max=500 "other_config:dpdk-extra=--no-huge --legacy-mem --no-pci -m 256"
    /usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk unix:$OVS_RUNDIR/db.sock --pidfile=$OVS_RUNDIR/switch.pid --detach \
      --log-file=$OVS_RUNDIR/log
  ' >&2
  switch add-br vs9 -- set bridge vs9 datapath_type=netdev
  for port in vhu0 vhu1; do
    switch add-port vs9 $port -- set interface $port type=dpdkvhostuserclient "options:vhost-server-path=/run/$port.sock"
  done
  in_switch ip link set vs9 up
}
end_switch() {
  local file pid
  for file in "$LAB_DIR"/A/run/switch/*.pid; do
    pid=$(<"$file")
    in_host A kill "$pid"
    in_host A timeout 20 tail --pid="$pid" -f /dev/null
  done
  rm -rf "$LAB_DIR/A/run/switch"
}
shared_guest_xml() {
  guest_xml x86_64 web1 | sed 's|<vcpu>|<memoryBacking><source type="memfd"/><access mode="shared"/></memoryBacking>&|'
}
# The switch has agreed with QEMU on a port; whether a guest's driver uses it is another thing.
is_agreed() { # $1: port
  grep -qE "/run/$1.sock\) read message VHOST_USER_SET_OWNER" "$LAB_DIR/A/run/switch/log"
}
start_shared_guest() {
  shared_guest_xml | virsh_on A define /dev/stdin >/dev/null
  virsh_on A start web1 >/dev/null
}
has_types() { [[ $(guest_column A web1 type | xargs) == "$1" ]]; }
live() { # virt-iface's command $1 on the running guest web1 of host A; the rest: its words
  local command=$1
  shift
  iface_on A "$command" --connect qemu:///system --domain web1 --live "$@"
}

test_a_guest_boots_over_open_vswitch() {
  local came
  start_switch
  shared_guest_xml | iface_on A attach --interface "$vhu0,boot.order=1" - | virsh_on A define /dev/stdin >/dev/null
  came=$(mktemp "$LAB_DIR/came.XXXX")
  in_switch python3 "$LAB_HOME/frame.py" from vs9 "$mac" >"$came" &
  virsh_on A start web1 >/dev/null
  wait "$!"
  assert_equal yes "$(<"$came")" "a frame of the guest's BIOS at the switch"
  assert_equal connected "$(switch get interface vhu0 status:status)" "status of vhu0"
  end_switch
}

test_vhostuser_is_attached_live_and_detached() {
  start_switch
  start_shared_guest
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  live attach --interface "$vhu0"
  has_types vhostuser || lab_fail "types: $(guest_column A web1 type | xargs)"
  lab_wait 20 "the switch agrees with QEMU" is_agreed vhu0
  live apply --interface "$vhu0" --interface type=vhostuser,source=/run/vhu1.sock,source.mode=server
  has_types "vhostuser vhostuser" || lab_fail "types after apply: $(guest_column A web1 type | xargs)"
  lab_wait 20 "the switch agrees with QEMU" is_agreed vhu1
  live detach "$mac"
  lab_wait 20 "the running guest has one interface" has_types vhostuser
  end_switch
}

test_the_hook_gives_a_starting_guest_vhostuser() {
  start_switch
  hook_install A <<<$'[hook]\ninject = hotplug\n[interfaces.1]\ntype = vhostuser\nsource = /run/vhu0.sock\nsource.mode = server'
  start_shared_guest
  lab_wait 20 "web1 has it; $(iface_on A hook --status 2>&1)" has_types vhostuser
  lab_wait 20 "the switch agrees with QEMU" is_agreed vhu0
  end_switch
}

# Not to one whose memory is its own: nobody else could read what it sends.
test_the_hook_says_what_a_guest_lacks_for_vhostuser() {
  hook_install A <<<$'[hook]\ninject = hotplug\n[interfaces.1]\ntype = vhostuser\nsource = /run/vhu0.sock\nsource.mode = server'
  start_guest A x86_64 web1
  lab_wait 20 "the hook says so" memory_is_missing
}
memory_is_missing() { iface_on A hook --status 2>&1 | grep 'web1 .*memoryBacking' >/dev/null; }

test_passt_by_vhostuser() {
  shared_guest_xml | iface_on A attach - \
    --interface "type=vhostuser,backend.type=passt,portForward=127.0.0.1:2222:22,mac=$mac" | virsh_on A define /dev/stdin >/dev/null
  virsh_on A start web1 >/dev/null
  in_host A python3 -c 'import socket; socket.create_connection(("127.0.0.1", 2222), 5).close()' ||
    lab_fail "nobody listens on port 2222"
}

test_passt_is_attached_live() {
  start_guest A x86_64 web1
  live attach --interface type=user,backend.type=passt,portForward=127.0.0.1:2222:22
  in_host A python3 -c 'import socket; socket.create_connection(("127.0.0.1", 2222), 5).close()' ||
    lab_fail "nobody listens on port 2222"
}
