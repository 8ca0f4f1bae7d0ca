# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the hook costs a host whose guests start all at once. Figures, no verdict: a busy machine has its own.

many_conf=$'[hook]\ncheck = require\ncreate_ovs_bridges = yes\ninject = both\n[interfaces.1]\ntype = macvtap\nname = nicA\nmode = bridge'

all_have() { # $1: how many interfaces each of the guests of host A has
  local i
  for i in {10..29}; do
    [[ $(guest_column A "many$i" mac | wc -l) == "$1" ]] || return 1
  done
}

# Prints the ms until 20 guests run, and until each has its interfaces. $1: how many, $2: those it is defined with
time_20_starts() {
  local i begin started
  for i in {10..29}; do define_guest A x86_64 "many$i" "$(ovs_xml vswitch0)" "${@:2}"; done
  begin=${EPOCHREALTIME/[.,]/}
  start_at_once A many{10..29}
  started=$((${EPOCHREALTIME/[.,]/} - begin))
  lab_wait 60 "every guest has $1 interfaces" all_have "$1"
  echo "$((started / 1000)) ms, with their $1 interfaces after $(((${EPOCHREALTIME/[.,]/} - begin) / 1000)) ms"
  for i in {10..29}; do
    virsh_on A destroy "many$i" >/dev/null
    virsh_on A undefine "many$i" >/dev/null
  done
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
