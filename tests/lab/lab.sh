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
lab_fail() {
  lab_say "assertion failed: $*"
  exit 1
}

# --- start and stop ---------------------------------------------------------------------------------------------

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

# Ends all hosts, whatever state they are in, and takes the folder away.
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

# --- the hosts --------------------------------------------------------------------------------------------------

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

# libvirtd notices a new hook script when it reloads, and says nothing when it has: ask it for something afterwards.
lab_hook_reload() { # $1: host
  in_host "$1" kill -HUP "$(<"$LAB_DIR/$1/run/libvirtd.pid")"
  sleep 0.3
  virsh_on "$1" list >/dev/null
}

# Puts standard input as a script into qemu.d of host $1 under the name $2.
lab_hook() {
  local file=$LAB_DIR/$1/etc-libvirt/hooks/qemu.d/$2
  cat >"$file"
  chmod 755 "$file"
  lab_hook_reload "$1"
}

lab_libvirtd_stop() { # $1: host; its guests go on
  local pid
  pid=$(<"$LAB_DIR/$1/run/libvirtd.pid")
  in_host "$1" kill "$pid"
  in_host "$1" timeout 20 tail --pid="$pid" -f /dev/null
}
lab_libvirtd_start() { # $1: host
  in_host "$1" libvirtd -d -p /run/libvirtd.pid
  lab_wait 20 "libvirtd of $1 answers" virsh_on "$1" list
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
  if [[ -n $(find "$etc/hooks" -mindepth 1 ! -path "$etc/hooks/qemu.d" -print -quit) ]]; then
    rm -rf "$etc"/hooks/*
    mkdir "$etc/hooks/qemu.d"
    lab_hook_reload "$host"
  fi
  in_host "$host" find /etc/virt-iface -mindepth 1 -delete
  lab_program "$host"
}

lab_program() { # $1: host. Puts the program back to /usr/bin/virt-iface.
  [[ ! -x $VIRT_IFACE ]] || in_host "$1" install -m 755 "$VIRT_IFACE" /usr/bin/virt-iface
}

# --- virt-iface on a host ---------------------------------------------------------------------------------------

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

# --- guests -----------------------------------------------------------------------------------------------------

# A guest as small as can be. $1: x86_64 (machine pc, with the boot sector below), q35 (stays in the BIOS) or s390x;
# $2: name; the rest: XML for <devices>.
guest_xml() {
  local kind=$1 name=$2 arch=x86_64 machine=pc features='<features><acpi/></features>' kernel='' disk=''
  shift 2
  case $kind in
    x86_64) disk=$(x86_disk_xml) ;;
    q35) machine=q35 ;;
    s390x)
      arch=s390x machine=s390-ccw-virtio features=
      kernel="<kernel>$LAB_DIR/s390x.kernel</kernel>"
      [[ -e $LAB_DIR/s390x.kernel ]] || s390x_kernel >"$LAB_DIR/s390x.kernel"
      ;;
  esac
  cat <<END
<domain type='qemu'>
  <name>$name</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='$arch' machine='$machine'>hvm</type>$kernel
  </os>
  $features
  <on_crash>preserve</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-$arch</emulator>
    <memballoon model='none'/>
    $disk
$(printf '    %s\n' "$@")
  </devices>
</domain>
END
}

# The smallest s390x program: a PSW that starts at 0x100, where LPSWE loads the one at 0x120, which waits for ever
# with interrupts on. Without a program such a guest counts as crashed.
s390x_kernel() {
  printf '\0\x08\0\0\x80\0\x01\0'
  head -c 248 /dev/zero
  printf '\xb2\xb2\x01\x20'
  head -c 28 /dev/zero
  printf '\x03\x02\0\x01\x80\0\0\0\0\0\0\0\0\0\0\0'
}

mac_xml() { [[ -z $1 ]] || printf '<mac address="%s"/>' "$1"; }
# The smallest x86 system: a boot sector that does of ACPI only what hot unplug needs. In a loop, at each tick of the
# timer, it selects PCI bus 0 (port 0xae10), reads which slots shall go (0xae04) and ejects them (0xae08).
x86_disk_xml() {
  local disk=$LAB_DIR/x86.disk
  [[ -e $disk ]] || x86_disk >"$disk"
  printf '<disk type="file"><driver name="qemu" type="raw"/><source file="%s"/><target dev="vda" bus="virtio"/>' "$disk"
  printf '<readonly/></disk>\n'
}
x86_disk() { # 1 MiB: SeaBIOS does not boot from 512 bytes
  printf '\xfb\x66\x31\xc0\xba\x10\xae\x66\xef\xba\x04\xae\x66\xed\x66\x85\xc0\x74\x05'
  printf '\xba\x08\xae\x66\xef\xf4\xeb\xe6'
  head -c 483 /dev/zero
  printf '\x55\xaa'
  head -c 1048064 /dev/zero
}

# Has the BIOS handed over to that boot sector? It then runs below 1 MiB at 0x7c00.
boot_sector_runs() { # $1: host, $2: guest
  virsh_on "$1" qemu-monitor-command "$2" --hmp info registers | grep -qiE '^EIP=00007c'
}

macvtap_xml() { # $1: NIC, $2: MAC or nothing
  printf "<interface type='direct'>%s<source dev='%s' mode='bridge'/><model type='virtio'/></interface>\n" \
    "$(mac_xml "${2:-}")" "$1"
}
ovs_xml() { # $1: bridge, $2: MAC or nothing
  printf "<interface type='bridge'>%s<source bridge='%s'/><virtualport type='openvswitch'/>" \
    "$(mac_xml "${2:-}")" "$1"
  printf "<model type='virtio'/></interface>\n"
}

define_guest() { # $1: host; the rest as guest_xml
  local host=$1
  shift
  guest_xml "$@" >"$LAB_DIR/guest.xml"
  virsh_on "$host" define --validate "$LAB_DIR/guest.xml" >/dev/null
}
start_guest() { # $1: host; the rest as guest_xml
  define_guest "$@"
  virsh_on "$1" start "$3" >/dev/null
}

migrate_guest() { # $1: from, $2: to, $3: guest, the rest: options of virsh migrate
  local from=$1 to=$2 guest=$3
  shift 3
  virsh_on "$from" migrate --live "$guest" --desturi "$(lab_uri "$to")" \
    --migrateuri "unix://$LAB_DIR/mig.sock" "$@" >/dev/null
}

# One column of a guest's interfaces. $1: host, $2: guest, $3: target|type|source|model|mac, the rest: --inactive
guest_column() {
  local host=$1 guest=$2 column=$3
  shift 3
  virsh_on "$host" domiflist "$guest" "$@" |
    awk -v column="$column" 'BEGIN { split("target type source model mac", names); for (i in names) at[names[i]] = i }
      NF { print $at[column] }'
}
has_sources() { [[ $(guest_column "$1" "$2" source | xargs) == "$3" ]]; } # $1: host, $2: guest, $3: sources
guest_state() { virsh_on "$1" domstate "$2"; }

# --- assertions -------------------------------------------------------------------------------------------------

assert_equal() { # $1: wanted, $2: seen, $3: what
  [[ $1 == "$2" ]] || lab_fail "${3:-value}: wanted '$1', saw '$2'"
}
assert_contains() { # $1: text, $2: what it must contain, $3: what
  [[ $1 == *"$2"* ]] || lab_fail "${3:-text}: no '$2' in: $1"
}
assert_lacks() { # $1: text, $2: what it must not contain, $3: what
  [[ $1 != *"$2"* ]] || lab_fail "${3:-text}: '$2' in: $1"
}
# Runs a command that must end with a status, and prints what it said. $1: status, the rest: the command.
assert_status() {
  local wanted=$1 status=0 output
  shift
  output=$("$@" 2>&1) || status=$?
  [[ $status == "$wanted" ]] || lab_fail "'$*' ended with $status, not $wanted: $output"
  printf '%s\n' "$output"
}
assert_sources() { # $1: host, $2: guest, $3: sources with spaces between, the rest: --inactive
  local host=$1 guest=$2 wanted=$3
  shift 3
  assert_equal "$wanted" "$(guest_column "$host" "$guest" source "$@" | xargs)" "sources of $guest on $host $*"
}
assert_on_nic() { # $1: host, $2: guest, $3: NIC. The guest's first interface is a macvtap device over the NIC.
  local tap
  tap=$(guest_column "$1" "$2" target | head -n 1)
  assert_contains "$(in_host "$1" ip -o -d link show dev "$tap")" "$tap@$3:" "device under $tap"
}
assert_on_ovs() { # $1: host, $2: guest, $3: bridge
  local tap
  tap=$(guest_column "$1" "$2" target | head -n 1)
  assert_contains " $(in_host "$1" ovs-vsctl list-ports "$3" | xargs) " " $tap " "ports of $3"
}

# Does a frame sent on the wire to MAC $3 arrive at device $2 of host $1? Prints yes or no.
lab_frame() {
  local sender
  in_wire python3 "$LAB_HOME/frame.py" send wire "$3" &
  sender=$!
  in_host "$1" python3 "$LAB_HOME/frame.py" see "$2" "$3"
  wait "$sender"
}
assert_frame_reaches() { # $1: host, $2: device, $3: MAC
  assert_equal yes "$(lab_frame "$@")" "a frame for $3 at $2 on host $1"
}
assert_no_frame_reaches() { # $1: host, $2: device, $3: MAC
  assert_equal no "$(lab_frame "$@")" "a frame for $3 at $2 on host $1"
}
