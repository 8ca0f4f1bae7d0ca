# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Library of the lab: two hosts with a real libvirtd, Open vSwitch and macvtap, and a wire between them.
#
# Host X (A, B) has the NICs nicX and nicX2, which carry macvtap, and the OVS bridge vswitch0 with the uplink upX.
# The other ends of all of them are ports of one bridge, `wire`, in a network namespace of its own.
#
# LAB_DIR is where a running lab lives; a process that has it in its environment can use everything below.

LAB_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_REPOSITORY=$(cd "$LAB_HOME/../.." && pwd)
: "${VIRT_IFACE:=$LAB_REPOSITORY/build/virt-iface}"
: "${LAB_TMP:=/tmp}"

lab_say() { printf '%s\n' "$*" >&2; }

# shellcheck source-path=SCRIPTDIR
source "$LAB_HOME/hosts.sh"
# shellcheck source-path=SCRIPTDIR
source "$LAB_HOME/guests.sh"
# shellcheck source-path=SCRIPTDIR
source "$LAB_HOME/assert.sh"

# Says why the lab cannot run here, or nothing.
lab_missing() {
  local tool
  [[ $(id -u) == 0 ]] || { echo "needs root"; return; }
  for tool in libvirtd virtlogd virsh qemu-system-x86_64 qemu-system-s390x ovs-vswitchd ovsdb-server ovs-vsctl \
    ip python3 setpriv unshare nsenter flock; do
    type -P "$tool" >/dev/null || { echo "needs $tool"; return; }
  done
  # shellcheck disable=SC2016  # the inner shell expands $1
  unshare -m -n -u -i -p -f --mount-proc --kill-child --propagation private bash -c '
    set -e
    ip link add nic type veth peer name nicp
    ip link add link nic name tap type macvtap
    mount -t tmpfs tmpfs "$1"
    mkdir "$1/upper" "$1/work"
    mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" /etc
  ' - /mnt >/dev/null 2>&1 || echo "needs namespaces, veth, macvtap and overlay mounts"
}

# Starts a process in namespaces of its own that dies with us; prints nothing, leaves its pid in $dir/pid.
lab_spawn() { # $1: folder, the rest: options of unshare and the command
  local dir=$1 i
  shift
  setpriv --pdeathsig KILL unshare -p -f --kill-child "$@" &
  echo $! >"$dir/outer"
  for ((i = 0; i < 200; i++)); do
    pgrep -P "$(<"$dir/outer")" >"$dir/pid" && return 0
    sleep 0.02
  done
  lab_say "cannot start in a namespace of its own: $*"
  return 1
}

# Takes away what a lab left behind that was killed by SIGKILL. Its processes and mounts are gone already; a living
# lab holds a lock on its folder's `owner`.
lab_sweep() {
  local owner
  for owner in "$LAB_TMP"/vl.*/owner; do
    [[ ! -e $owner ]] || ! flock -n "$owner" true || rm -rf "${owner%/owner}"
  done
}

# Takes two free slots (see SLOT in host.sh), held while this process or a host of it lives.
lab_take_slots() {
  local slot locks=/run/lock
  [[ -d $locks ]] || locks=/tmp
  for ((slot = 0; slot < 32; slot += 2)); do
    exec {LAB_SLOT_FD}>"$locks/virt-iface-lab.$slot"
    flock -n "$LAB_SLOT_FD" && { LAB_SLOT=$slot; return 0; }
    exec {LAB_SLOT_FD}>&-
  done
  lab_say "16 labs run on this machine already"
  return 1
}

lab_cable() { # $1: host, $2: its end, $3: the end on the wire
  local pid wire
  pid=$(<"$LAB_DIR/$1/pid")
  wire=$(<"$LAB_DIR/W/pid")
  nsenter -t "$pid" -n ip link add "$2" type veth peer name "$3" netns "$wire"
  nsenter -t "$pid" -n ip link set "$2" up
  nsenter -t "$wire" -n ip link set "$3" master wire up
}

lab_start_wire() {
  mkdir "$LAB_DIR/W"
  lab_spawn "$LAB_DIR/W" -n sleep infinity
  in_wire sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  in_wire ip link add wire type bridge
  in_wire ip link set wire up
}

lab_finish_host() { # $1: host
  lab_wait 60 "host $1 has its network" test -e "$LAB_DIR/$1/cables"
  lab_cable "$1" "nic$1" "nic${1}p"
  lab_cable "$1" "nic${1}2" "nic${1}2p"
  lab_cable "$1" "up$1" "up${1}p"
  lab_wait 60 "host $1 is ready" test -e "$LAB_DIR/$1/ready"
  in_host "$1" ovs-vsctl add-port vswitch0 "up$1"
}

# Starts the hosts named (A B) side by side and waits until they are ready. Not from a subshell: they die with it.
lab_start() {
  local host slot owner program=
  lab_sweep
  LAB_DIR=$(mktemp -d "$LAB_TMP/vl.XXXX")
  export LAB_DIR
  trap lab_stop EXIT
  trap 'exit 143' TERM
  trap 'exit 130' INT HUP
  exec {owner}>"$LAB_DIR/owner"
  flock "$owner"
  [[ -x $VIRT_IFACE ]] && program=$VIRT_IFACE
  lab_take_slots
  slot=$LAB_SLOT
  lab_start_wire
  for host in "$@"; do
    mkdir "$LAB_DIR/$host"
    lab_spawn "$LAB_DIR/$host" -m -n -u -i --mount-proc --propagation private \
      "$LAB_HOME/host.sh" "$LAB_DIR/$host" "host$host" "$((slot++))" "$program"
  done
  for host in "$@"; do
    if ! lab_finish_host "$host"; then
      tail -n 20 "$LAB_DIR/$host/host.log" >&2
      return 1
    fi
  done
}

# Ends all hosts, whatever state they are in, and removes the directory.
lab_stop() {
  local dir pid
  trap - EXIT
  [[ -n ${LAB_DIR:-} && -e $LAB_DIR/owner ]] || return 0
  for dir in "$LAB_DIR"/*/; do
    pid=$(cat "$dir/pid" 2>/dev/null) || continue
    kill "$pid" 2>/dev/null || true
  done
  for dir in "$LAB_DIR"/*/; do
    lab_end_host "$dir"
  done
  rm -rf "$LAB_DIR"
  unset LAB_DIR
}

lab_end_host() { # $1: folder of the host, which has been asked to stop
  local outer
  outer=$(cat "$1/outer" 2>/dev/null) || return 0
  [[ $1 == */W/ ]] || timeout 20 tail --pid="$outer" -f /dev/null || true
  kill -9 "$outer" 2>/dev/null || true # its namespaces go with it
  wait "$outer" 2>/dev/null || true
}
