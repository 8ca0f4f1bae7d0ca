# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the hook costs a host whose guests start all at once. Figures, no verdict: a busy machine has its own.

many_conf=$'[hook]\ncheck = require\ncreate_ovs_bridges = yes\ninject = both\n[interfaces.1]\ntype = macvtap\nname = nicA\nmode = bridge'

# Asked of libvirt by one virsh: what asks takes its time from what is measured.
all_have() { # $1: how many interfaces, the rest: guests of host A
  local guests=("${@:2}")
  [[ $(printf 'domiflist %s\n' "${guests[@]}" | virsh_on A | grep -c '52:54:') == "$(($1 * ${#guests[@]}))" ]]
}
ms_since() { echo "$(((${EPOCHREALTIME/[.,]/} - $1) / 1000))"; }
forget_guests() {
  local guest
  for guest in "$@"; do
    printf 'destroy %s\nundefine %s\n' "$guest" "$guest"
  done | virsh_on A >/dev/null
}

# Prints the ms until 20 guests run, and until each has its interfaces. $1: how many, $2: those it is defined with
time_20_starts() {
  local i begin started guests=(many{10..29})
  for i in "${guests[@]}"; do define_guest A x86_64 "$i" "$(ovs_xml vswitch0)" "${@:2}"; done
  begin=${EPOCHREALTIME/[.,]/}
  start_at_once A "${guests[@]}"
  started=$(ms_since "$begin")
  lab_wait 60 "every guest has $1 interfaces" all_have "$1" "${guests[@]}"
  echo "$started ms, with their $1 interfaces after $(ms_since "$begin") ms; load $(cut -d' ' -f1 /proc/loadavg)"
  forget_guests "${guests[@]}"
}

# The same of 50 that libvirt starts as it begins, one after the other.
time_50_autostarts() {
  local i begin guests=(auto{10..59})
  for i in "${guests[@]}"; do
    define_guest A x86_64 "$i" "$(ovs_xml vswitch0)" "${@:2}"
    virsh_on A autostart "$i" >/dev/null
  done
  lab_libvirtd_stop A
  rm -f "$LAB_DIR/A/run/libvirt/qemu/autostarted"
  begin=${EPOCHREALTIME/[.,]/}
  in_host A libvirtd -d -p /run/libvirtd.pid # which answers nobody until the last of them runs
  lab_wait 90 "libvirtd answers" virsh_on A list
  echo -n "$(ms_since "$begin") ms, "
  lab_wait 90 "every guest has $1 interfaces" all_have "$1" "${guests[@]}"
  echo "with their $1 interfaces after $(ms_since "$begin") ms; load $(cut -d' ' -f1 /proc/loadavg)"
  forget_guests "${guests[@]}"
}

test_20_starts_at_once() {
  echo "figures: 20 starts without a hook: $(time_20_starts 2 "$(macvtap_xml nicA)")"
  lab_hook A 50-empty <<<'#!/bin/sh'
  echo "figures: 20 starts with an empty sh script: $(time_20_starts 2 "$(macvtap_xml nicA)")"
  rm "$LAB_DIR/A/etc-libvirt/hooks/qemu.d/50-empty"
  hook_install A <<<$'[hook]\ncheck = require\ncreate_ovs_bridges = yes'
  echo "figures: 20 starts with check and bridges: $(time_20_starts 2 "$(macvtap_xml nicA)")"
  hook_install A <<<"$many_conf"
  echo "figures: 20 starts with check, bridges and inject = both: $(time_20_starts 2)"
}

test_50_autostarts() {
  echo "figures: 50 autostarts without a hook: $(time_50_autostarts 2 "$(macvtap_xml nicA)")"
  hook_install A <<<"$many_conf"
  echo "figures: 50 autostarts with check, bridges and inject = both: $(time_50_autostarts 2)"
}

# Where the time of one start goes: the script alone, the program for nothing, each of its tasks.
test_one_call() {
  local words begin i
  hook_install A <<<"$many_conf"
  guest_xml x86_64 web1 "$(ovs_xml vswitch0)" | sed 's|</name>|</name><uuid>1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001</uuid>|' >"$LAB_DIR/A/run/web1.xml"
  for words in "attach begin" "migrate begin" "prepare begin" "release end"; do
    begin=${EPOCHREALTIME/[.,]/}
    # shellcheck disable=SC2016  # the inner shell expands them
    in_host A sh -c 'i=0; while [ $i -lt 20 ]; do /etc/libvirt/hooks/qemu.d/50-virt-iface web1 $1 - </run/web1.xml >/dev/null; i=$((i + 1)); done' - "$words"
    echo "figures: the script at $words: $(((${EPOCHREALTIME/[.,]/} - begin) / 20)) us"
  done
}
