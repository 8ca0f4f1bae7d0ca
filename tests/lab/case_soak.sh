# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Random operations, each checked against libvirt. SOAK_SECONDS=3600 makes it long, SOAK_SEED repeats a run; give a
# long run LAB_SECONDS too.

test_random_operations() {
  local host
  for host in A B; do
    in_host "$host" ovs-vsctl add-br vswitch1 -- set bridge vswitch1 datapath_type=netdev
  done
  hook_install A <<<$'[retarget]\nnicB = nicA\nnicB2 = nicA2'
  hook_install B <<<$'[retarget]\nnicA = nicB\nnicA2 = nicB2'
  start_guest A x86_64 web1
  start_guest A x86_64 web2
  start_guest A s390x z1
  lab_wait 20 "the boot sector runs" boot_sector_runs A web2
  python3 "$LAB_HOME/soak.py" "${SOAK_SECONDS:-30}" "${SOAK_SEED:-$RANDOM}"
}
