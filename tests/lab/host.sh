#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# One host of the lab: process 1 of namespaces of its own (mount, network, UTS, IPC, PID).
#
#   unshare -m -n -u -i -p -f --mount-proc --kill-child --propagation private host.sh DIR NAME SLOT PROGRAM
#
# DIR     folder of this host on a real file system; DIR/run becomes /run, so the sockets are reachable from outside
# SLOT    number of this host among all labs of this machine: it sets where its interface indices begin
# PROGRAM virt-iface to put at /usr/bin/virt-iface, or nothing
#
# Says "ready" in DIR/ready, stays until SIGTERM, then ends every process by its pid file. Whatever might be left
# goes with process 1, and the mounts and interfaces with the namespaces.
set -euo pipefail

dir=$1 name=$2 slot=$3 program=${4:-}

hide_emulators() { # $1: upper folder over /usr/bin. Probing all of qemu-system-misc would take half a minute.
  local emulator
  for emulator in /usr/bin/qemu-system-*; do
    case $emulator in
      */qemu-system-x86_64 | */qemu-system-s390x) ;;
      *) mknod "$1/${emulator##*/}" c 0 0 ;; # an overlay's whiteout
    esac
  done
}

overlay() { # $1: folder to put a writable layer over, $2: name of the layer
  mkdir -p "$dir/layers/$2" "$dir/layers/$2.work"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$dir/layers/$2,workdir=$dir/layers/$2.work" "$1"
}

make_folders() {
  local etc=$dir/etc-libvirt
  mkdir -p "$dir"/{run,lib,cache,log,ovs-etc,ovs-log,layers} "$dir/run/lock" "$dir/run/openvswitch" \
    "$etc/hooks/qemu.d" "$etc/qemu"
  cp /etc/libvirt/*.conf "$etc/"
  # Called when libvirtd reloads, after it has looked for hooks anew.
  cat >"$etc/hooks/daemon" <<'END'
#!/bin/sh
[ "$2" != reload ] || : >/run/reloaded
END
  chmod 755 "$etc/hooks/daemon"
  mount -t tmpfs tmpfs "$dir/layers"
  mkdir "$dir/layers/bin"
  hide_emulators "$dir/layers/bin"
  if [[ -n $program ]]; then
    install -m 755 "$program" "$dir/layers/bin/virt-iface"
  fi
  overlay /usr/bin bin
  overlay /etc etc
  mkdir -p /etc/openvswitch /var/log/openvswitch /etc/virt-iface
  mount --bind "$etc" /etc/libvirt
  mount --bind "$dir/lib" /var/lib/libvirt
  mount --bind "$dir/cache" /var/cache/libvirt
  mount --bind "$dir/log" /var/log/libvirt
  mount --bind "$dir/ovs-etc" /etc/openvswitch
  mount --bind "$dir/ovs-log" /var/log/openvswitch
  mount --bind "$dir/run" /run
  mount -t sysfs sysfs /sys # this network namespace's view
}

configure() {
  hostname "$name"
  printf '127.0.0.1 localhost %s\n' "$name" >/etc/hosts
  cat >>/etc/libvirt/libvirtd.conf <<END
host_uuid = "$(cat /proc/sys/kernel/random/uuid)"
unix_sock_dir = "/run/libvirt"
auth_unix_rw = "none"
log_filters = "1:util.hook 3:object 3:rpc"
log_outputs = "2:file:/var/log/libvirt/libvirtd.log"
END
  cat >>/etc/libvirt/qemu.conf <<END
user = "root"
group = "root"
security_driver = "none"
namespaces = [ ]
cgroup_controllers = [ ]
remember_owner = 0
END
}

# /dev/tapN is one name for all network namespaces and N is the interface's index: two hosts that reach the same
# index would open each other's macvtap. So each host's indices begin at a place of their own.
set_first_index() {
  local count=$((slot * 500 + 500)) batch i
  batch=$dir/batch
  for ((i = 0; i < count; i++)); do
    echo "link add a$i group 77 type veth peer name b$i"
  done >"$batch"
  ip -batch "$batch"
  ip link del group 77
  rm "$batch"
}

start_network() {
  sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip link set lo up
  set_first_index
  touch "$dir/cables" # the outside may now plug in
}

start_switch() {
  ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
  ovsdb-server --remote=punix:/run/openvswitch/db.sock --pidfile --detach --no-chdir --log-file
  ovs-vsctl --no-wait init
  ovs-vswitchd --pidfile --detach --no-chdir --log-file
  ovs-vsctl add-br vswitch0 -- set bridge vswitch0 datapath_type=netdev
}

start_libvirt() {
  virtlogd -d -p /run/virtlogd.pid
  libvirtd -d -p /run/libvirtd.pid
  virsh -c qemu:///system capabilities >"$dir/capabilities.xml"
}

end_by_file() { # $1: pid file
  local pid i
  [[ -s $1 ]] || return 0
  pid=$(<"$1")
  kill "$pid" 2>/dev/null || return 0
  for ((i = 0; i < 100; i++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.05
  done
  kill -9 "$pid" 2>/dev/null || true
}

stop() {
  local file
  trap '' TERM INT
  end_by_file /run/libvirtd.pid
  for file in /run/libvirt/qemu/*.pid /run/virtlogd.pid /run/openvswitch/ovs-vswitchd.pid \
    /run/openvswitch/ovsdb-server.pid; do
    end_by_file "$file"
  done
  exit 0
}

trap stop TERM INT
exec </dev/null >"$dir/host.log" 2>&1
make_folders
configure
start_network
start_switch &
switch=$!
start_libvirt
wait "$switch"
touch "$dir/ready"
while :; do
  sleep 3600 &
  wait "$!" || true
done
