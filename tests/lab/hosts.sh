# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What can be done on a host of a running lab, and how it is put back to how it started.

in_host() { # $1: host, the rest: a command
  local pid
  pid=$(<"$LAB_DIR/$1/pid")
  shift
  nsenter -t "$pid" -m -n -u -i -p -- "$@"
}
in_wire() { nsenter -t "$(<"$LAB_DIR/W/pid")" -n -- "$@"; }

lab_uri() { echo "qemu+unix:///system?socket=$LAB_DIR/$1/run/libvirt/libvirt-sock"; }
virsh_on() { # $1: host, the rest: virsh's words
  local uri
  uri=$(lab_uri "$1")
  shift
  virsh -q -c "$uri" "$@"
}
lab_log() { echo "$LAB_DIR/$1/log/libvirtd.log"; }

# Waits until a command succeeds. $1: seconds, $2: what is waited for, the rest: the command.
lab_wait() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS > end)); then
      lab_say "gave up waiting: $what"
      return 1
    fi
    sleep 0.05
  done
}

# libvirtd notices a new hook script when it reloads, and then calls the host's hooks/daemon (see host.sh).
lab_hook_reload() { # $1: host
  rm -f "$LAB_DIR/$1/run/reloaded"
  in_host "$1" kill -HUP "$(<"$LAB_DIR/$1/run/libvirtd.pid")"
  lab_wait 20 "libvirtd of $1 has reloaded" test -e "$LAB_DIR/$1/run/reloaded"
  virsh_on "$1" list >/dev/null
}

# Puts standard input as a script into qemu.d of host $1 under the name $2.
lab_hook() {
  local file=$LAB_DIR/$1/etc-libvirt/hooks/qemu.d/$2
  cat >"$file"
  chmod 755 "$file"
  lab_hook_reload "$1"
}

lab_libvirtd_stop() { # $1: host; its guests go on. libvirt 11 gives its threads 30 s to end.
  local pid
  pid=$(<"$LAB_DIR/$1/run/libvirtd.pid")
  in_host "$1" kill "$pid"
  in_host "$1" timeout 40 tail --pid="$pid" -f /dev/null
}
lab_libvirtd_start() { # $1: host
  in_host "$1" libvirtd -d -p /run/libvirtd.pid
  lab_wait 20 "libvirtd of $1 answers" virsh_on "$1" list
}

lab_skip() { # $1: why; not for what a host of the lab could have
  echo "$*"
  exit 77
}
iface_on() { # $1: host, the rest: virt-iface's words
  local host=$1
  shift
  in_host "$host" virt-iface "$@"
}
# hook.conf of host $1, from standard input.
hook_conf() {
  in_host "$1" tee /etc/virt-iface/hook.conf >/dev/null
}
# Installs the hook on host $1 as a user does; hook.conf comes from standard input.
hook_install() {
  hook_conf "$1"
  iface_on "$1" hook --install >&2
  lab_hook_reload "$1"
}

# Puts host $1 back to how it started: no guests, no hooks, no hook.conf, the program in its place.
lab_clean_host() {
  local guest host=$1 etc=$LAB_DIR/$1/etc-libvirt
  for guest in $(virsh_on "$host" list --name); do
    virsh_on "$host" destroy "$guest" >/dev/null || true
  done
  for guest in $(virsh_on "$host" list --all --name); do
    virsh_on "$host" undefine "$guest" --managed-save --snapshots-metadata >/dev/null || true
  done
  if [[ -n $(find "$etc/hooks" -mindepth 1 ! -name qemu.d ! -name daemon -print -quit) ]]; then
    find "$etc/hooks" -mindepth 1 ! -name qemu.d ! -name daemon -delete
    lab_hook_reload "$host"
  fi
  lab_clean_devices "$host"
  in_host "$host" find /etc/virt-iface -mindepth 1 -delete
  rm -rf "$LAB_DIR/$host/run/virt-iface"
  lab_program "$host"
}

lab_clean_devices() { # $1: host. As they were: its NICs up, vswitch0 the only bridge, no networks, no MAC learnt.
  local name
  for name in $(virsh_on "$1" net-list --name); do
    virsh_on "$1" net-destroy "$name" >/dev/null
  done
  for name in $(virsh_on "$1" net-list --all --name); do
    virsh_on "$1" net-undefine "$name" >/dev/null
  done
  in_host "$1" ovs-vsctl --if-exists del-port bond0
  for name in $(in_host "$1" ovs-vsctl list-br); do
    [[ $name == vswitch0 ]] || in_host "$1" ovs-vsctl del-br "$name"
  done
  for name in br0 br1 bond1 bond2 "nic${1}2.7" tap7 out7; do
    in_host "$1" ip link del "$name" 2>/dev/null || true
  done
  for name in "nic$1" "nic${1}2"; do
    in_host "$1" ip link set "$name" up
  done
  in_host "$1" ovs-appctl fdb/flush >/dev/null
  in_wire ip link set wire type bridge fdb_flush
}

lab_program() { # $1: host. Puts the program back to /usr/bin/virt-iface.
  [[ ! -x $VIRT_IFACE ]] || in_host "$1" install -m 755 "$VIRT_IFACE" /usr/bin/virt-iface
}
