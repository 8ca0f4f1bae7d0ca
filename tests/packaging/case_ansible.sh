# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The Ansible collection against both hosts: the role, and the module on guests that run and on those that do not.

collection=virt_iface.libvirt

# An init script, for the handler: the hosts of the lab have no systemd.
init_script() {
  cat <<'END'
#!/bin/sh
case $1 in
  status) kill -0 "$(cat /run/libvirtd.pid)" ;;
  reload) kill -HUP "$(cat /run/libvirtd.pid)"; echo reload >>/run/reloads ;;
esac
END
}

make_inventory() {
  local host
  mkdir -p "$LAB_DIR/ansible/ansible_collections/virt_iface"
  cp -r "$LAB_REPOSITORY/packaging/ansible" "$LAB_DIR/ansible/ansible_collections/virt_iface/libvirt"
  for host in A B; do
    init_script | in_host "$host" tee /etc/init.d/libvirtd >/dev/null
    in_host "$host" chmod 755 /etc/init.d/libvirtd
    rm -f "$LAB_DIR/$host/run/reloads"
    echo "$host ansible_remote_tmp=$LAB_DIR/$host/ansible"
  done >"$LAB_DIR/ansible/inventory"
  cat >>"$LAB_DIR/ansible/inventory" <<END
[all:vars]
ansible_ssh_executable=$LAB_REPOSITORY/tests/packaging/lab-ssh
ansible_ssh_transfer_method=piped
ansible_python_interpreter=/usr/bin/python3
END
}

# $1: its last line for host A must have these numbers, as `changed=2`; the rest: options. The playbook is stdin's.
play() {
  local wanted=$1 output=$LAB_DIR/ansible/output
  shift
  cat >"$LAB_DIR/ansible/play.yml"
  (cd "$LAB_DIR/ansible" && HOME=$LAB_DIR/ansible ANSIBLE_COLLECTIONS_PATH=$LAB_DIR/ansible ANSIBLE_NOCOLOR=1 \
    ansible-playbook -i inventory play.yml "$@") >"$output" 2>&1 || true
  assert_contains "$(grep '^A .* ok=' "$output")" "$wanted" "$(<"$output")"
}

# Likewise, and what the timer's task needs of systemd.
timer_systemctl() {
  cat <<'END'
#!/bin/sh
link=/etc/systemd/system/timers.target.wants/virt-iface-check.timer
case $1 in
  show) printf 'LoadState=loaded\nActiveState=%s\n' "$(cat /run/timer 2>/dev/null || echo inactive)" ;;
  is-enabled) test -L "$link" ;;
  enable) mkdir -p "${link%/*}"; ln -s "/lib/systemd/system/$2" "$link" ;;
  disable) rm "$link" ;;
  start) echo active >/run/timer ;;
  stop) rm /run/timer ;;
esac
END
}

role() { # $1: hook.conf's first line; the rest: more variables
  local heading=${1:-[retarget]} variables=("${@:2}")
  cat <<END
- hosts: all
  gather_facts: false
  pre_tasks:
    - ansible.builtin.set_fact: {service_mgr: service, cacheable: true}
  roles:
    - role: $collection.host
      vars:
        host_package: ""
        host_hook_conf: |
          $heading
          nicA = nicA2
$(printf '        %s\n' "${variables[@]}")
END
}
module() { # $1: the guest on host A, the rest: more lines of the task
  local guest=$1
  shift
  cat <<END
- hosts: A
  gather_facts: false
  tasks:
    - $collection.virt_iface:
        guest: $guest
$(printf '        %s\n' "$@")
END
}
two_interfaces='interfaces: [{type: macvtap, source: nicA, mode: bridge}, {type: ovs, source: vswitch0, vlan.tag: [42]}]'

test_the_role_puts_the_hook_in_place_once() {
  make_inventory
  role | play "changed=3"
  assert_equal reload "$(<"$LAB_DIR/A/run/reloads")" "reloads of A"
  role | play "changed=0"
  assert_equal reload "$(<"$LAB_DIR/A/run/reloads")" "reloads of A after the second run"
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)"
  virsh_on A save web1 "$LAB_DIR/saved" >/dev/null
  virsh_on A restore "$LAB_DIR/saved" >/dev/null
  assert_on_nic A web1 nicA2
}

test_the_role_does_not_take_a_hook_of_somebody_elses_for_ours() {
  local script=/etc/libvirt/hooks/qemu.d/50-virt-iface
  make_inventory
  in_host A sh -c "printf '#!/bin/sh\nexit 0\n' >$script; chmod 755 $script"
  role | play "failed=1"
  assert_contains "$(<"$LAB_DIR/ansible/output")" "somebody else's file" "what the role says"
  role "" "host_hook: absent" | play "failed=0"
  assert_equal "exit 0" "$(in_host A tail -n 1 "$script")" "the script"
}

test_the_role_renews_a_hook_of_another_version() {
  local script=/etc/libvirt/hooks/qemu.d/50-virt-iface
  make_inventory
  role | play "changed=3"
  in_host A sh -c "echo '# old' >>$script"
  role | play "changed=2"
  assert_equal 0 "$(in_host A grep -c old "$script" || true)" "lines of the old script"
  role "" "host_hook: absent" | play "changed=1"
  in_host A test ! -e "$script"
  role "" "host_hook: absent" | play "changed=0"
}

test_the_role_writes_no_hook_conf_that_is_wrong() {
  make_inventory
  role | play "failed=0"
  role "[retarjet]" | play "failed=1"
  assert_contains "$(<"$LAB_DIR/ansible/output")" "did you mean [retarget]?" "what the role says"
  assert_equal "[retarget]" "$(in_host A head -n 1 /etc/virt-iface/hook.conf)" "hook.conf"
}

test_the_role_turns_the_timer_on_and_off() {
  local host
  make_inventory
  for host in A B; do
    timer_systemctl | in_host "$host" tee /usr/bin/systemctl >/dev/null
    in_host "$host" chmod 755 /usr/bin/systemctl
  done
  role "" "host_timer: true" | play "changed=4"
  assert_equal active "$(in_host A cat /run/timer)" "the timer"
  role "" "host_timer: true" | play "changed=0"
  role | play "changed=1"
  in_host A sh -c '! test -e /run/timer && ! test -L /etc/systemd/system/timers.target.wants/virt-iface-check.timer'
  role | play "changed=0"
}

test_a_defined_guest_changes_once() {
  make_inventory
  define_guest A x86_64 web1
  module web1 "$two_interfaces" | play "changed=1" --check --diff
  assert_contains "$(<"$LAB_DIR/ansible/output")" "+      <source dev='nicA' mode='bridge'/>" "what --diff shows"
  assert_sources A web1 "" --inactive
  module web1 "$two_interfaces" | play "changed=1" -v
  assert_contains "$(<"$LAB_DIR/ansible/output")" '"restart_required": false' "what the module returns"
  assert_sources A web1 "nicA vswitch0" --inactive
  module web1 "$two_interfaces" | play "changed=0"
}

test_a_running_guest_gets_a_live_change() {
  make_inventory
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)"
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  module web1 "$two_interfaces" | play "changed=1" -v
  assert_sources A web1 "nicA vswitch0"
  assert_contains "$(<"$LAB_DIR/ansible/output")" '"restart_required": false' "what the module returns"
  assert_contains "$(<"$LAB_DIR/ansible/output")" 52:54:00:00:00:01 "what the module returns"
  assert_equal 42 "$(in_host A ovs-vsctl get port "$(guest_column A web1 target | tail -n 1)" tag)" "VLAN of the port"
  module web1 "$two_interfaces" | play "changed=0"
}

test_append_says_whether_a_restart_is_needed() {
  make_inventory
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)"
  lab_wait 20 "the boot sector runs" boot_sector_runs A web1
  module web1 "$two_interfaces" "policy: append" | play "changed=1" -v
  assert_sources A web1 "nicA nicA vswitch0"
  assert_contains "$(<"$LAB_DIR/ansible/output")" '"restart_required": false' "what the module returns"
  module web1 "$two_interfaces" "policy: append" "config: true" | play "changed=1" -v
  assert_contains "$(<"$LAB_DIR/ansible/output")" '"restart_required": true' "what the module returns"
}

test_a_change_of_the_configuration_alone_wants_a_restart() {
  make_inventory
  start_guest A x86_64 web1 "$(macvtap_xml nicA 52:54:00:00:00:01)"
  module web1 "$two_interfaces" "config: true" | play "changed=1" -v --check
  assert_contains "$(<"$LAB_DIR/ansible/output")" '"restart_required": true' "what the module returns in check mode"
  module web1 "$two_interfaces" "config: true" | play "changed=1" -v
  assert_sources A web1 nicA
  assert_contains "$(<"$LAB_DIR/ansible/output")" '"restart_required": true' "what the module returns"
  module web1 "$two_interfaces" "config: true" | play "changed=0" -v
  assert_contains "$(<"$LAB_DIR/ansible/output")" '"restart_required": true' "what the module returns at the second run"
}

test_a_wrong_key_fails_with_our_message() {
  make_inventory
  define_guest A x86_64 web1
  module web1 'interfaces: [{type: macvtap, source: nicA, mod: bridge}]' | play "failed=1"
  assert_contains "$(<"$LAB_DIR/ansible/output")" "did you mean mode?" "what the module says"
  assert_sources A web1 "" --inactive
}
