# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# libvirtd restarts while guests run. A hook that fails at reconnect kills them: ours must not, whatever is broken.

hooks=etc-libvirt/hooks/qemu.d
good_conf=$'[hook]\ncheck = require\n[retarget]\nnicA = nicA2'

guest_and_witness() {
  # shellcheck disable=SC2016  # the script expands it
  lab_hook A 99-witness <<<$'#!/bin/sh\necho "$1 $2" >>/run/witness'
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)"
  guest_pid=$(<"$LAB_DIR/A/run/libvirt/qemu/web1.pid")
}
guest_and_hook() {
  hook_install A <<<"$good_conf"
  guest_and_witness
}
# libvirtd answers before it has called the hooks. The script behind ours tells that ours was called, and libvirt then
# answers no question about the guest before it is through with it.
restart() {
  lab_libvirtd_stop A
  rm -f "$LAB_DIR/A/run/witness"
  lab_libvirtd_start A
  lab_wait 20 "the hooks are called at reconnect" grep -q '^web1 reconnect' "$LAB_DIR/A/run/witness"
}
restart_and_look() {
  restart
  assert_equal running "$(guest_state A web1)" "state after the restart"
  assert_equal "$guest_pid" "$(<"$LAB_DIR/A/run/libvirt/qemu/web1.pid")" "process of the guest"
  in_host A kill -0 "$guest_pid"
}

# The danger is real: a plain failing script does kill the guest, so the tests below can fail. They wait long enough,
# too: this one asks at the same moment.
test_a_failing_script_kills_the_guest() {
  guest_and_witness
  lab_hook A 50-fails <<<$'#!/bin/sh\n[ "$2" != reconnect ]'
  restart
  lab_wait 20 "the end of web1" is_off A web1
}

test_with_a_good_configuration() {
  guest_and_hook
  restart_and_look
}

test_with_a_policy_that_cannot_be_met() {
  guest_and_hook
  hook_conf A <<<$'[hook]\ncheck = require\ninject = both\n[interfaces.1]\ntype = macvtap\nname = nicX\nmode = bridge'
  restart_and_look
}

test_without_a_configuration() {
  guest_and_hook
  in_host A rm /etc/virt-iface/hook.conf
  restart_and_look
}

test_with_a_broken_configuration() {
  guest_and_hook
  hook_conf A <<<$'[hook\ncheck ? require\nnicA'
  restart_and_look
}

test_with_a_configuration_of_somebody_else() {
  guest_and_hook
  in_host A chmod 666 /etc/virt-iface/hook.conf
  restart_and_look
}

test_with_the_program_removed() {
  guest_and_hook
  in_host A rm /usr/bin/virt-iface
  restart_and_look
}

test_with_a_program_that_aborts() {
  guest_and_hook
  # shellcheck disable=SC2016  # the script expands it
  printf '#!/bin/sh\nkill -ABRT $$\n' >"$LAB_DIR/A/run/aborts"
  in_host A install -m 755 /run/aborts /usr/bin/virt-iface
  restart_and_look
}

test_with_the_program_linked_directly() {
  guest_and_hook
  rm "$LAB_DIR/A/$hooks/50-virt-iface"
  in_host A ln -s /usr/bin/virt-iface /etc/libvirt/hooks/qemu.d/50-virt-iface
  lab_hook_reload A
  restart_and_look
}

test_with_the_program_as_the_main_hook() {
  guest_and_hook
  rm "$LAB_DIR/A/$hooks/50-virt-iface"
  in_host A ln -s /usr/bin/virt-iface /etc/libvirt/hooks/qemu
  lab_hook_reload A
  restart_and_look
}
