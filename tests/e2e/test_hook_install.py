#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the hook comes to libvirt's folder and goes again."""
import unittest

from host_case import GUEST, MAPS, MOVED, SCRIPT, HostCase


class Install(HostCase):
    def test_install_twice_and_uninstall(self):
        done = self.on_host(f"virt-iface hook --install; virt-iface hook --install; test -x {SCRIPT}; sh -n {SCRIPT}; "
                            f"grep ^program= {SCRIPT}; virt-iface hook --uninstall; ! test -e {SCRIPT}; "
                            "virt-iface hook --uninstall")
        self.expect(done, 0)
        text = done.stdout.decode()
        self.assertEqual(text.count(f"installed {SCRIPT}\n"), 1)
        self.assertEqual(text.count(f"{SCRIPT} is installed already\n"), 1)
        self.assertEqual(text.count(f"removed {SCRIPT}\n"), 1)
        self.assertIn("program=/usr/bin/virt-iface\n", text)
        self.assertIn("nothing was installed\n", text)
        self.assertIn(b"there is no /etc/virt-iface/hook.conf", done.stderr)

    def test_what_is_not_as_it_was_is_installed_anew(self):
        for change in (f"echo >>{SCRIPT}", f"chmod 644 {SCRIPT}"):
            done = self.on_host(f"virt-iface hook --install >/dev/null 2>&1; {change}; virt-iface hook --install; test -x {SCRIPT}")
            self.expect(done, 0)
            self.assertTrue(done.stdout.startswith(f"installed {SCRIPT}\n".encode()), done.stdout)

    def test_the_script_knows_where_the_program_is(self):
        done = self.on_host("mkdir '/run/it'\\''s here'; cp /usr/bin/virt-iface '/run/it'\\''s here/'; rm /usr/bin/virt-iface; "
                            "'/run/it'\\''s here/virt-iface' hook --install >/dev/null 2>&1; "
                            f"mkdir -p /etc/virt-iface; printf '[retarget]\\nnicA = nicB\\n' >/etc/virt-iface/hook.conf; "
                            f"exec {SCRIPT} web1 migrate begin -", stdin=GUEST)
        self.expect(done, 0, MOVED, b"")

    def test_somebody_elses_file_stays(self):
        self.write("etc/libvirt/hooks/qemu.d/50-virt-iface", b"#!/bin/sh\n# mine\n")
        for word in ("--install", "--uninstall"):
            done = self.on_host(f"virt-iface hook {word} || status=$?; cat {SCRIPT}; exit $status")
            self.expect(done, 3, b"#!/bin/sh\n# mine\n")
            self.assertIn(b"somebody else's file", done.stderr)

    def test_a_link_of_ours_is_replaced_by_the_script(self):
        done = self.on_host(f"mkdir -p $(dirname {SCRIPT}); ln -s /usr/bin/virt-iface {SCRIPT}; "
                            f"virt-iface hook --install; ! test -L {SCRIPT}; grep -q GUEST {SCRIPT}; virt-iface --version")
        self.expect(done, 0)

    def test_a_link_of_ours_that_cannot_be_removed_is_not_written_through(self):
        done = self.on_host(f"folder=$(dirname {SCRIPT}); mkdir -p $folder; ln -s /usr/bin/virt-iface {SCRIPT}; "
                            "mount --bind $folder $folder; mount -o remount,bind,ro $folder; status=0; "
                            f"virt-iface hook --install || status=$?; virt-iface --version | head -n 1; exit $status")
        self.expect(done, 4)
        self.assertIn(f"cannot remove '{SCRIPT}'".encode(), done.stderr)
        self.assertTrue(done.stdout.startswith(b"virt-iface "), done.stdout)

    def test_xen_has_a_folder_of_its_own(self):
        done = self.on_host("touch /etc/libvirt/libxl.conf; virt-iface hook --install; "
                            "test -x /etc/libvirt/hooks/libxl.d/50-virt-iface; virt-iface hook --uninstall; "
                            "find /etc/libvirt/hooks -type f")
        self.expect(done, 0)
        self.assertIn(b"removed /etc/libvirt/hooks/libxl.d/50-virt-iface\n", done.stdout)
        self.assertTrue(done.stdout.endswith(b"(or virtqemud)\n"), done.stdout)

    def test_the_path_in_the_script_is_absolute_however_it_was_called(self):
        for call in ("cd /usr; bin/virt-iface", "cd /usr/bin; ./virt-iface", "ln -s /usr/bin/virt-iface /run/link; /run/link",
                     "cd /; virt-iface"):
            done = self.on_host(f"({call} hook --install) >/dev/null 2>&1; grep ^program= {SCRIPT}")
            self.expect(done, 0, b"program=/usr/bin/virt-iface\n")

    def test_without_the_right_to_write_nothing_is_left(self):
        done = self.on_host("setpriv --reuid 65534 --clear-groups virt-iface hook --install || status=$?; "
                            f"ls {SCRIPT}* 2>&1 | grep -c cannot; exit $status")
        self.expect(done, 4, b"1\n")
        self.assertIn(b"/etc/libvirt/hooks", done.stderr)


class Warnings(HostCase):
    """The kernel's files of AppArmor and SELinux come from folders laid over them."""
    apparmor = ("mount -t tmpfs tmpfs /sys/kernel/security; mkdir /sys/kernel/security/apparmor; "
                "printf '{}\\n' >/sys/kernel/security/apparmor/profiles; ")
    selinux = ("mount -t tmpfs tmpfs /sys/fs; mkdir -p /sys/fs/selinux/booleans; printf {} >/sys/fs/selinux/enforce; "
               "printf '{}' >/sys/fs/selinux/booleans/virt_hooks_unconfined; ")
    elsewhere = "mkdir -p /usr/bin/deep; cp /usr/bin/virt-iface /usr/bin/deep/; /usr/bin/deep/"

    def warnings(self, script):
        self.conf(MAPS)
        done = self.on_host(script + "virt-iface hook --install")
        self.expect(done, 0)
        return done.stderr.decode()

    def test_none_on_a_plain_host(self):
        self.assertEqual(self.warnings(""), "")
        self.assertEqual(self.warnings(self.elsewhere), "")

    def test_apparmor_does_not_let_libvirt_run_it(self):
        for profiles in ("a (enforce)\\nlibvirtd (enforce)", "/usr/sbin/virtqemud (enforce)\\n"):
            said = self.warnings(self.apparmor.format(profiles) + self.elsewhere)
            self.assertEqual(said, "virt-iface: warning: AppArmor's profile of libvirtd does not allow it to run "
                                   "/usr/bin/deep/virt-iface (install virt-iface in /usr/bin, or allow it in "
                                   "/etc/apparmor.d/local/usr.sbin.libvirtd)\n")

    def test_apparmor_lets_libvirt_run_it(self):
        self.assertEqual(self.warnings(self.apparmor.format("libvirtd (enforce)")), "")
        for profiles in ("libvirtd (complain)", "libvirtd//qemu_bridge_helper (enforce)", "xlibvirtd (enforce)", ""):
            self.assertEqual(self.warnings(self.apparmor.format(profiles) + self.elsewhere), "")

    def test_apparmor_that_does_not_tell_its_profiles(self):
        module = ("umount /sys/kernel/security 2>&- || :; mount -t tmpfs tmpfs /sys/module; mkdir -p /sys/module/apparmor/parameters; "
                  "mkdir -p /etc/apparmor.d; touch /etc/apparmor.d/usr.sbin.libvirtd; "
                  "echo {} >/sys/module/apparmor/parameters/enabled; ")
        self.assertIn("AppArmor", self.warnings(module.format("Y") + self.elsewhere))
        self.assertEqual(self.warnings(module.format("N") + self.elsewhere), "")

    def test_selinux_confines_hooks(self):
        self.assertEqual(self.warnings(self.selinux.format(1, "0 0")),
                         "virt-iface: warning: SELinux keeps libvirt's hooks confined "
                         "(setsebool -P virt_hooks_unconfined on)\n")

    def test_selinux_lets_hooks_work(self):
        for enforce, boolean in ((1, "1 1"), (0, "0 0"), (1, "")):
            self.assertEqual(self.warnings(self.selinux.format(enforce, boolean)), "")

    def test_a_program_that_others_can_write(self):
        for change, path in (("chown 65534 /usr/bin/virt-iface", "/usr/bin/virt-iface"),
                             ("chmod g+w /usr/bin/virt-iface", "/usr/bin/virt-iface"),
                             ("chmod o+w /usr/bin", "/usr/bin")):
            self.assertEqual(self.warnings(change + "; "),
                             f"virt-iface: warning: others than root can write '{path}', and libvirt runs "
                             "/usr/bin/virt-iface as root (make it root's alone, or install virt-iface in /usr/bin)\n")
        self.assertEqual(self.warnings("chmod 1777 /usr/bin; "), "")


if __name__ == "__main__":
    unittest.main()
