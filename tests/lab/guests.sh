# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Guests: their documents, what they do, and what libvirt says of them.

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
  virsh_on "$1" qemu-monitor-command "$2" --hmp info registers | grep -iE '^EIP=00007c' >/dev/null
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

q35_ports_xml() { # $1: how many ports for hot plug
  printf '<controller type="pci" index="%d" model="pcie-root-port"/>\n' $(seq "$1")
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

start_at_once() { # $1: host, the rest: defined guests
  local host=$1 guest pid pids=()
  shift
  for guest in "$@"; do
    virsh_on "$host" start "$guest" >/dev/null &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
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
is_off() { [[ $(guest_state "$1" "$2") == "shut off" ]]; } # $1: host, $2: guest
