# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Random operations and faults, each checked against libvirt, the switch and the kernel. CHAOS_SECONDS=1200 makes it
# long (so does `./dev lab chaos`), CHAOS_SEED repeats a run.

test_random_operations() {
  local host
  for host in A B; do
    in_host "$host" ovs-vsctl add-br vswitch1 -- set bridge vswitch1 datapath_type=netdev
  done
  hook_install A <<<$'[hook]\ncheck = require\n[retarget]\nnicB = nicA\nnicB2 = nicA2'
  hook_install B <<<$'[hook]\ncheck = require\n[retarget]\nnicA = nicB\nnicA2 = nicB2'
  start_guest A x86_64 web1
  start_guest A x86_64 web2
  start_guest A s390x z1
  lab_wait 20 "the boot sector runs" boot_sector_runs A web2
  python3 "$LAB_HOME/chaos.py" "${CHAOS_SECONDS:-180}" "${CHAOS_SEED:-$RANDOM}"
}
