# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Injection into guests that come from the other host: over slow lines, many at once, between policies that differ.

mac=52:54:00:00:00:01
inject_b=$'[interfaces.1]\ntype = macvtap\nname = nicB\nmode = bridge'
inject_a=${inject_b/nicB/nicA}

# s390x guests with memory that does not shrink: over a line of 1 MiB/s each takes as many seconds as MiB.
define_slow_guest() { # $1: host, $2: guest, $3: MiB
  local kernel=$LAB_DIR/slow.$3
  [[ -e $kernel ]] || { s390x_kernel && head -c "${3}M" /dev/urandom; } >"$kernel"
  guest_xml s390x "$2" "$(ovs_xml vswitch0)" | sed "s|<kernel>.*</kernel>|<kernel>$kernel</kernel>|" >"$LAB_DIR/slow.xml"
  virsh_on "$1" define "$LAB_DIR/slow.xml" >/dev/null
}
migrate_slowly() { # $1: from, $2: to, $3: guest
  virsh_on "$1" migrate --live "$3" --desturi "$(lab_uri "$2")" --migrateuri "unix://$LAB_DIR/mig.$3" --bandwidth 1 >/dev/null
}
set_workers() { # $1: host, $2: how many, or nothing as it was
  local file=$LAB_DIR/$1/etc-libvirt/libvirtd.conf
  sed -i '/# few workers$/d' "$file"
  [[ -z ${2:-} ]] || printf '%s # few workers\n' "min_workers = $2" "max_workers = $2" >>"$file"
  lab_libvirtd_stop "$1"
  lab_libvirtd_start "$1"
}
status_tells() { iface_on "$1" hook --status 2>&1 | grep -E "^$2" >/dev/null; } # of a guest that runs

all_have_moved() { # $1: how many guests
  [[ $(grep -c Suspended "$LAB_DIR/events.A") -ge $1 && $(grep -c Resumed "$LAB_DIR/events.B") -ge $1 ]]
}

# The longest that one of the guests ran on neither host, in ms, of what virsh event has written.
longest_gap() { # $1: events on A, $2: events on B
  python3 - "$1" "$2" <<'END'
import re, sys
from datetime import datetime
def times(file, word):
    found = {}
    for line in open(file):
        event = re.match(r"(\S+ \S+?)\+\d+: event 'lifecycle' for domain '?(\w+)'?: " + word, line)
        if event:
            found[event[2]] = datetime.fromisoformat(event[1]).timestamp()
    return found
left, came = times(sys.argv[1], "Suspended"), times(sys.argv[2], "Resumed")
print(round(1000 * max(came[name] - left[name] for name in left)) if set(left) == set(came) and left else "no events")
END
}

# Each job would hold a worker of libvirtd for 30 s, and the end of each migration needs one.
test_many_arrivals_hold_no_worker() {
  local i gap pids=() watchers=()
  hook_install B <<<$'[hook]\ninject = hotplug\n'"${inject_b/nicB/nicX}"
  set_workers B 5
  for i in {1..6}; do
    define_slow_guest A "slow$i" 8
    virsh_on A start "slow$i" >/dev/null
  done
  for i in A B; do
    virsh_on "$i" event --event lifecycle --loop --timestamp >"$LAB_DIR/events.$i" &
    watchers+=("$!")
  done
  for i in {1..6}; do
    migrate_slowly A B "slow$i" &
    pids+=("$!")
  done
  for i in "${pids[@]}"; do wait "$i" || true; done
  lab_wait 20 "virsh event has seen all" all_have_moved 6
  kill "${watchers[@]}"
  gap=$(longest_gap "$LAB_DIR/events.A" "$LAB_DIR/events.B")
  set_workers B
  assert_equal 6 "$(virsh_on B list --name | grep -c slow)" "guests that have arrived"
  echo "figures: 6 arrivals over 1 MiB/s, 5 workers, a NIC that is missing: on neither host for at most $gap ms"
  ((gap < 5000)) || lab_fail "a guest ran on neither host for $gap ms"
}

# The migration takes twice as long as the job may try.
test_time_counts_from_arrival() {
  in_host B ip link set nicB2 name nicZ
  hook_install B <<<$'[hook]\ninject = hotplug\ninject_timeout = 6\n'"${inject_b/nicB/nicB2}"
  define_slow_guest A slow1 12
  virsh_on A start slow1 >/dev/null
  migrate_slowly A B slow1
  in_host B ip link set nicZ name nicB2
  in_host B ip link set nicB2 up
  lab_wait 20 "slow1 has both; $(iface_on B hook --status)" has_sources B slow1 "vswitch0 nicB2"
}

test_what_is_late_delays_nothing_else() {
  hook_install A <<<$'[hook]\ninject = both\n'"${inject_a/nicA/nicX}"$'\n[interfaces.2]\ntype = ovs\nname = vswitch0'
  start_guest A x86_64 web1
  lab_wait 20 "web1 has the second" has_sources A web1 vswitch0
  lab_wait 20 "the first is waited for" status_tells A "web1 .*pending.*interfaces.1.*nicX"
}

macs_of() { guest_column "$1" "$2" mac; }

# The NIC has another name on each host, and a policy of its own: the guest has one MAC.
test_one_wire_one_mac() {
  local here
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$inject_a"
  hook_install B <<<$'[hook]\ninject = hotplug\n'"$inject_b"
  start_guest A x86_64 web1
  lab_wait 20 "web1 has nicA" has_sources A web1 nicA
  here=$(macs_of A web1)
  virsh_on A dumpxml --inactive web1 >"$LAB_DIR/web1.xml"
  virsh_on A destroy web1 >/dev/null
  virsh_on B define "$LAB_DIR/web1.xml" >/dev/null
  virsh_on B start web1 >/dev/null
  lab_wait 20 "web1 has nicB" has_sources B web1 nicB
  assert_equal "$here" "$(macs_of B web1)" "MAC of the same guest on B"
}

test_two_guests_of_one_name_have_two_macs() {
  hook_install A <<<$'[hook]\ninject = hotplug\n'"$inject_a"$'\nmac = stable\nmac.seed = site1'
  hook_install B <<<$'[hook]\ninject = hotplug\n'"$inject_b"$'\nmac = stable\nmac.seed = site1'
  start_guest A x86_64 web1
  start_guest B x86_64 web1
  lab_wait 20 "web1 has nicA" has_sources A web1 nicA
  lab_wait 20 "the other web1 has nicB" has_sources B web1 nicB
  [[ $(macs_of A web1) != "$(macs_of B web1)" ]] || lab_fail "both have $(macs_of A web1)"
}

# The definition comes with the guest and names the sources of the host before.
test_the_definition_follows_the_guest() {
  hook_install A <<<$'[hook]\ninject = both\n[retarget]\nnicB = nicA\n'"$inject_a"
  hook_install B <<<$'[hook]\ninject = both\n[retarget]\nnicA = nicB\n'"$inject_b"
  start_guest A x86_64 web1 "$(macvtap_xml nicA2 $mac)"
  virsh_on A detach-interface web1 direct --mac $mac --config >/dev/null
  lab_wait 20 "web1 has both" status_tells A "web1 +inject +done"
  virsh_on A detach-interface web1 direct --mac $mac >/dev/null 2>&1 || true
  migrate_guest A B web1 --persistent --undefinesource
  lab_wait 20 "the job is over" status_tells B "web1 +inject +done"
  assert_sources B web1 nicB --inactive
  virsh_on B destroy web1 >/dev/null
  virsh_on B start web1 >/dev/null
  lab_wait 20 "web1 starts again" status_tells B "web1 +inject +done"
  assert_sources B web1 nicB
  assert_on_nic B web1 nicB
}

# Each host maps away what the other one's policy asks for, and its own.
test_policies_that_feed_each_other_grow_no_guest() {
  local i macs
  hook_install A <<<$'[hook]\ninject = hotplug\n[retarget]\nmacvtap:nicB = ovs:vswitch0\n'"$inject_a"
  hook_install B <<<$'[hook]\ninject = hotplug\n[retarget]\nmacvtap:nicA = ovs:vswitch0\novs:vswitch0 = macvtap:nicB\n'"$inject_b"
  start_guest A x86_64 web1
  lab_wait 20 "web1 has nicA" has_sources A web1 nicA
  macs=$(macs_of A web1)
  for i in 1 2; do
    migrate_guest A B web1
    lab_wait 20 "the job on B is over" status_tells B "web1 +inject +(done|nothing)"
    assert_equal "$macs" "$(macs_of B web1)" "MACs on B in round $i"
    migrate_guest B A web1
    lab_wait 20 "the job on A is over" status_tells A "web1 +inject +(done|nothing)"
    assert_equal "$macs" "$(macs_of A web1)" "MACs on A in round $i"
  done
}

test_what_has_no_free_slot_is_persisted() {
  hook_install A <<<$'[hook]\ninject = both\n'"$inject_a"
  start_guest A q35 web1 "<controller type='usb' model='none'/>" "$(q35_ports_xml 1)" \
    "<controller type='virtio-serial'><address type='pci' bus='0x01'/></controller>"
  lab_wait 20 "the outcome is told" status_tells A "web1 .*failed"
  assert_sources A web1 nicA --inactive
  assert_sources A web1 ""
  assert_contains "$(iface_on A hook --status)" "no free PCI slot" status
  assert_contains "$(iface_on A hook --status)" "[interfaces.1] (macvtap on nicA)" status
}

test_a_migration_without_the_program_is_refused() {
  local message
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install B <<<$'[retarget]\nnicA = nicB'
  in_host B rm /usr/bin/virt-iface
  message=$(assert_status 1 migrate_guest A B web1)
  assert_contains "$message" "/usr/bin/virt-iface is missing" message
  assert_equal running "$(guest_state A web1)" "state on A"
}

test_a_migration_with_a_dangling_configuration_is_refused() {
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  hook_install B <<<$'[retarget]\nnicA = nicB'
  in_host B ln -sf /run/nothing /etc/virt-iface/hook.conf
  assert_contains "$(assert_status 1 migrate_guest A B web1)" "leads by a link to nothing" message
  assert_equal running "$(guest_state A web1)" "state on A"
}

test_the_policy_on_guests_that_run_already() {
  start_guest A x86_64 web1
  start_guest A x86_64 web2
  hook_conf A <<<$'[hook]\ninject = both\n'"$inject_a"$'\n[guest.web2]\nexempt = yes'
  assert_equal $'web1: the guest and its definition have [interfaces.1] (macvtap on nicA)\nweb2: the guest is exempt' \
    "$(iface_on A hook --apply)" "what --apply prints"
  assert_sources A web1 nicA
  assert_sources A web1 nicA --inactive
  assert_sources A web2 ""
}

test_the_status_of_a_host() {
  assert_contains "$(iface_on A hook --status)" "installed:    no (virt-iface hook --install)" status
  hook_install A <<<$'[hook]\ncheck = require'
  assert_contains "$(iface_on A hook --status)" "last called:  not yet" status
  define_guest A x86_64 web1 "$(macvtap_xml nicX $mac)"
  assert_status 1 virsh_on A start web1 >/dev/null
  assert_contains "$(iface_on A hook --status)" ", web1 release" "last call"
  assert_contains "$(iface_on A hook --status web1)" "this host has no NIC 'nicX'" "history of a guest that did not start"
  assert_equal '["/etc/libvirt/hooks/qemu.d/50-virt-iface"] true' "$(iface_on A hook --status --format json |
    python3 -c 'import json, sys; s = json.load(sys.stdin); print(json.dumps([f for f in s["installed"] if "qemu" in f]), json.dumps(s["conf"]["valid"]))')" json
  hook_conf A <<<$'[hook\n'
  assert_contains "$(iface_on A hook --status)" "hook.conf is broken" status
}

# libvirtd answers nobody until the last guest of its autostart runs; each job may try for less than that.
test_a_long_autostart_is_waited_for() {
  local i
  hook_install A <<<$'[hook]\ninject = hotplug\ninject_timeout = 2\n'"$inject_a"
  # shellcheck disable=SC2016  # the script expands it
  lab_hook A 10-slow <<<$'#!/bin/sh\n[ "$2" != prepare ] || sleep 3'
  for i in 1 2 3; do
    define_guest A x86_64 "auto$i"
    virsh_on A autostart "auto$i" >/dev/null
  done
  lab_libvirtd_stop A
  rm -f "$LAB_DIR/A/run/libvirt/qemu/autostarted"
  lab_libvirtd_start A
  for i in 1 2 3; do
    lab_wait 20 "auto$i has its NIC; $(iface_on A hook --status)" has_sources A "auto$i" nicA
  done
}
