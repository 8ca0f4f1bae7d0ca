# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The Debian package comes, is upgraded and goes while guests run. VIRT_IFACE_DEB is the package.

mac=52:54:00:00:00:01
hooks=etc-libvirt/hooks/qemu.d

# What a package writes to stays on host A.
lay_over() { # $1: folder
  local layer=layers/package${1//\//.}
  # shellcheck disable=SC2016  # the inner shell expands them
  in_host A sh -ec 'mountpoint -q "$1" && exit
    mkdir -p "$2" "$2.work"
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$2.work" "$1"' - "$1" "$LAB_DIR/A/$layer"
}
dpkg_on_A() {
  local folder
  for folder in /usr/lib /usr/share /var/lib/dpkg /var/lib/systemd /var/cache/man; do lay_over "$folder"; done
  in_host A env DEBIAN_FRONTEND=noninteractive dpkg --log=/dev/null "$@" >"$LAB_DIR/dpkg.log" 2>&1 ||
    { cat "$LAB_DIR/dpkg.log" >&2; return 1; }
  in_host A mkdir -p /etc/virt-iface # the lab's own, which goes with the package if it is empty
}
# The same package as a newer version.
newer_deb() {
  dpkg-deb -R "$VIRT_IFACE_DEB" "$LAB_DIR/newer"
  sed -i 's/^Version: .*/&+newer/' "$LAB_DIR/newer/DEBIAN/control"
  dpkg-deb -b "$LAB_DIR/newer" "$LAB_DIR/newer.deb" >/dev/null
}

restart_and_look() {
  lab_libvirtd_stop A
  lab_libvirtd_start A
  assert_equal running "$(guest_state A web1)" "state after a restart of libvirtd"
  assert_equal "$guest_pid" "$(<"$LAB_DIR/A/run/libvirt/qemu/web1.pid")" "process of the guest"
}
save_and_restore() {
  virsh_on A save web1 "$LAB_DIR/saved" >/dev/null
  virsh_on A restore "$LAB_DIR/saved" >/dev/null
  guest_pid=$(<"$LAB_DIR/A/run/libvirt/qemu/web1.pid")
}

test_upgrade_and_removal_leave_running_guests_alone() {
  dpkg_on_A -i "$VIRT_IFACE_DEB"
  [[ ! -e $LAB_DIR/A/$hooks/50-virt-iface ]]
  hook_install A <<<$'[hook]\ncheck = require\n[retarget]\nnicA = nicA2'
  start_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  guest_pid=$(<"$LAB_DIR/A/run/libvirt/qemu/web1.pid")

  newer_deb
  dpkg_on_A -i "$LAB_DIR/newer.deb"
  restart_and_look
  save_and_restore
  assert_on_nic A web1 nicA2

  dpkg_on_A -r virt-iface
  assert_equal "" "$(ls "$LAB_DIR/A/$hooks")" "hooks after the removal"
  [[ ! -e $LAB_DIR/A/run/virt-iface ]]
  in_host A test -e /etc/virt-iface/hook.conf
  restart_and_look
  save_and_restore
  assert_on_nic A web1 nicA2
}

test_removal_leaves_somebody_elses_script() {
  dpkg_on_A -i "$VIRT_IFACE_DEB"
  lab_hook A 50-virt-iface <<<$'#!/bin/sh\nexit 0'
  dpkg_on_A -r virt-iface
  assert_equal 50-virt-iface "$(ls "$LAB_DIR/A/$hooks")" "hooks after the removal"
}

# The timer's service, on guests that have what is asked for and on one that has not.
test_the_drift_service_finds_what_differs() {
  local line
  dpkg_on_A -i "$VIRT_IFACE_DEB"
  line=$(in_host A sed -n 's/^ExecStart=//p' /lib/systemd/system/virt-iface-check.service)
  in_host A tee /etc/virt-iface/template.conf >/dev/null <<<$'[interfaces.0]\ntype = macvtap\nname = nicA\nmode = bridge'
  define_guest A x86_64 web1 "$(macvtap_xml nicA $mac)"
  in_host A sh -c "$line"
  define_guest A x86_64 web2
  assert_equal 1 "$(in_host A sh -c "$line" >&2; echo $?)" "status with a guest that differs"
  dpkg_on_A -r virt-iface
}
