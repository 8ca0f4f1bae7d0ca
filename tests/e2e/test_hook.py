# SPDX-License-Identifier: LGPL-2.1-or-later
"""The hook and the other hosts of the filter, called exactly as libvirt, VDSM, KubeVirt and virsh call them."""
import json
import os
import subprocess
import tempfile
import time
import unittest

from common import PROGRAM, ROOT, Case, domain

HOOKS = ROOT / "hooks"
SCRIPT = "/etc/libvirt/hooks/qemu.d/50-virt-iface"
MACVTAP = """    <interface type='direct'>
      <mac address='52:54:00:00:00:02'/>
      <source dev='nicA' mode='bridge'/>
      <model type='virtio'/>
    </interface>
"""
GUEST = domain(inside=MACVTAP)
MOVED = GUEST.replace(b"nicA", b"nicB")
MAPS = b"[retarget]\nnicA = nicB\n"
TEMPLATE = b"[interfaces.1]\ntype = network\nname = blue\n"
# What libvirt gives a hook (seen with libvirt 9.0.0).
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "USER": "root",
               "LOGNAME": "root"}


class HostCase(Case):
    """A case whose commands run on a host of their own: the program in /usr/bin, /etc and /run to write to."""

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory(prefix="e2e-") as folder:
            words = [str(ROOT / "tests/support/own-host"), PROGRAM, folder, "true"]
            failed = subprocess.run(words, check=False, capture_output=True, text=True)
        if failed.returncode and not os.environ.get("LAB_REQUIRED"):
            raise unittest.SkipTest("cannot mount over /etc here: " + failed.stderr.strip())

    def on_host(self, script, stdin=b"", program=PROGRAM, environment=None):
        (self.folder / "etc").mkdir(exist_ok=True)
        words = [str(ROOT / "tests/support/own-host"), str(program), str(self.folder), "sh", "-ec", script]
        return subprocess.run(words, input=stdin, cwd=self.folder, timeout=120, check=False, capture_output=True,
                              env={**ENVIRONMENT, **(environment or {})})

    def conf(self, text, name="hook.conf"):
        self.write(f"etc/virt-iface/{name}", text)


class LibvirtHook(HostCase):
    def call(self, *words, conf=MAPS, before="", **more):
        if conf is not None:
            self.conf(conf)
        words = " ".join(f"'{word}'" for word in words)
        return self.on_host(f"virt-iface hook --install >/dev/null 2>&1\n{before}\n{SCRIPT} {words}", **more)

    def test_a_source_is_rewritten_at_migrate_and_restore(self):
        for operation in ("migrate", "restore"):
            self.expect(self.call("web1", operation, "begin", "-", stdin=GUEST), 0, MOVED, b"")

    def test_nothing_is_printed_at_any_other_operation(self):
        for words in (("prepare", "begin"), ("start", "begin"), ("started", "begin"), ("stopped", "end"),
                      ("release", "end"), ("reconnect", "begin"), ("attach", "begin"), ("future", "begin")):
            self.expect(self.call("web1", *words, "-", stdin=GUEST), 0, b"", b"")

    def test_a_guest_whose_name_begins_with_a_dash(self):
        self.expect(self.call("--help", "migrate", "begin", "-", stdin=GUEST), 0, MOVED, b"")

    def test_a_missing_program_changes_nothing(self):
        for words in (("migrate", "begin"), ("prepare", "begin"), ("reconnect", "begin")):
            self.expect(self.call("web1", *words, "-", before="rm /usr/bin/virt-iface", stdin=GUEST), 0, b"", b"")

    def crashing(self, operation):
        crash = r"printf '#!/bin/sh\nkill -SEGV $$\n' >/usr/bin/virt-iface"
        return self.call("web1", operation, "begin", "-", before=crash, stdin=GUEST)

    def test_a_crash_stops_neither_a_start_nor_a_running_guest(self):
        for operation in ("prepare", "started", "reconnect"):
            self.expect(self.crashing(operation), 0, b"")

    def test_a_crash_cancels_a_migration(self):
        self.assertNotEqual(self.crashing("migrate").returncode, 0)

    def test_a_program_that_cannot_be_loaded_stops_no_start(self):
        for operation, status in (("prepare", 0), ("reconnect", 0)):
            done = self.call("web1", operation, "begin", "-", before="echo broken >/usr/bin/virt-iface", stdin=GUEST)
            self.expect(done, status, b"")

    def test_a_refusal_stops_the_start(self):
        done = self.call("web1", "prepare", "begin", "-", conf=b"[hook]\ncheck = require\n", stdin=GUEST)
        self.expect(done, 4, b"")
        self.assertIn(b"guest web1, interface 2 (macvtap on nicA) 52:54:00:00:00:02: this host has no NIC 'nicA'",
                      done.stderr)

    def test_a_guest_without_network_hardware_asks_nothing(self):
        done = self.call("web1", "prepare", "begin", "-", conf=b"[hook]\ncheck = require\n", stdin=domain())
        self.expect(done, 0, b"", b"")


class Link(HostCase):
    """The program itself in a folder of hooks."""

    def link(self, path, *words):
        self.conf(MAPS)
        words = " ".join(f"'{word}'" for word in words)
        script = f"mkdir -p $(dirname {path}); ln -s /usr/bin/virt-iface {path}; {path} {words}"
        return self.on_host(script, stdin=GUEST)

    def test_it_is_the_hook(self):
        for name in ("hooks/qemu", "hooks/qemu.d/zz", "hooks/libxl.d/50-virt-iface"):
            self.expect(self.link(f"/etc/libvirt/{name}", "web1", "migrate", "begin", "-"), 0, MOVED, b"")

    def test_of_other_drivers_it_does_nothing(self):
        for name in ("hooks/lxc", "hooks/network.d/a", "hooks/daemon", "hooks/future.d/a"):
            self.expect(self.link(f"/etc/libvirt/{name}", "web1", "migrate", "begin", "-"), 0, b"", b"")

    def test_words_that_look_like_options(self):
        for words in (("--help", "reconnect", "begin", "-"), ("--config",), ()):
            self.expect(self.link("/etc/libvirt/hooks/qemu", *words), 0, b"", b"")

    def test_elsewhere_a_link_is_the_program(self):
        self.assertIn(b"Commands", self.link("/etc/elsewhere/qemu.d/virt-iface", "--help").stdout)


class Deadline(HostCase):
    def endless(self, operation):
        """A document that never ends."""
        self.conf(MAPS + b"[hook]\ncheck = warn\n")
        begin = time.monotonic()
        script = (f"mkfifo /run/pipe; sleep 60 >/run/pipe & virt-iface hook web1 {operation} begin - </run/pipe; "
                  "status=$?; kill $!; exit $status")
        words = [str(ROOT / "tests/support/own-host"), PROGRAM, str(self.folder), "sh", "-c", script]
        done = subprocess.run(words, cwd=self.folder, timeout=60, check=False, capture_output=True, env=ENVIRONMENT)
        self.assertLess(time.monotonic() - begin, 30)
        self.assertGreater(time.monotonic() - begin, 4)
        return done

    def test_a_migration_is_cancelled(self):
        self.expect(self.endless("migrate"), 4, b"", b"virt-iface: error: the hook did not come to an end in time\n")

    def test_a_start_goes_on(self):
        self.expect(self.endless("prepare"), 0, b"", b"")


class Install(HostCase):
    def test_install_twice_and_uninstall(self):
        done = self.on_host(f"virt-iface hook --install; virt-iface hook --install; test -x {SCRIPT}; sh -n {SCRIPT}; "
                            f"grep ^program= {SCRIPT}; virt-iface hook --uninstall; ! test -e {SCRIPT}; "
                            "virt-iface hook --uninstall")
        self.expect(done, 0)
        text = done.stdout.decode()
        self.assertEqual(text.count(f"installed {SCRIPT}\n"), 2)
        self.assertEqual(text.count(f"removed {SCRIPT}\n"), 1)
        self.assertIn("program=/usr/bin/virt-iface\n", text)
        self.assertIn("nothing was installed\n", text)
        self.assertIn(b"there is no /etc/virt-iface/hook.conf", done.stderr)

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


class Status(HostCase):
    def test_what_was_done_is_shown_until_the_guest_is_gone(self):
        self.conf(MAPS)
        guest = GUEST.replace(b"<memory", b"<uuid>1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001</uuid>\n  <memory")
        done = self.on_host("cat >/run/guest.xml; virt-iface hook web1 restore begin - </run/guest.xml >/run/moved; "
                            "virt-iface hook --status; virt-iface hook web1 release end - </run/guest.xml; "
                            "echo --; virt-iface hook --status", stdin=guest)
        self.expect(done, 0, stderr=b"")
        before, after = done.stdout.decode().split("--\n")
        self.assertRegex(before, r"(?m)^web1 +move +done +\d{4}-\d\d-\d\dT[\d:]+Z +interface 2 .*nicA -> nicB$")
        self.assertNotIn("web1", after)


class Inject(HostCase):
    def test_the_hook_does_not_wait_and_the_outcome_is_shown(self):
        """libvirt reads stdout and stderr to their ends: a job that kept them open would hold it up."""
        self.conf(b"[hook]\ninject = hotplug\nconnect = test:///nowhere\ninject_timeout = 3\n" + TEMPLATE)
        guest = domain().replace(b"<memory", b"<uuid>1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001</uuid>\n  <memory")
        done = self.on_host("virt-iface hook web1 started begin - | cat; "
                            "while virt-iface hook --status | grep -q pending; do sleep 0.2; done; virt-iface hook --status",
                            stdin=guest)
        self.expect(done, 0, stderr=b"")
        self.assertRegex(done.stdout.decode(), "web1 +inject +failed")


class Vdsm(HostCase):
    """VDSM runs every file of the folder of a point, with the document's file in _hook_domxml."""

    def point(self, name, document, conf):
        self.conf(conf, "vdsm.conf")
        place = f"/etc/vdsm-hooks/{name}"
        self.write("in.xml", document)
        done = self.on_host(f"mkdir -p {place}; cp '{HOOKS}/vdsm/50_virt_iface' {place}/; exec {place}/50_virt_iface",
                            environment={"_hook_domxml": str(self.folder / "in.xml"), "vmId": "1"})
        return done, (self.folder / "in.xml").read_bytes()

    def test_a_domain_gains_what_it_lacks_and_moves(self):
        done, after = self.point("before_vm_start", GUEST, TEMPLATE + MAPS)
        self.expect(done, 0, b"", b"")
        self.expect_added(MOVED, after)

    def test_a_bare_interface_moves(self):
        bare = MACVTAP.strip().encode()
        for name in ("before_device_create", "before_nic_hotplug"):
            done, after = self.point(name, bare, TEMPLATE + MAPS)
            self.expect(done, 0, b"", b"")
            self.assertEqual(after, bare.replace(b"nicA", b"nicB"))

    def test_a_refusal_stops_at_once(self):
        done, after = self.point("before_vm_start", GUEST, b"[interfaces.1]\ntype = ovs\n")
        self.expect(done, 2)
        self.assertEqual(after, GUEST)

    def test_no_configuration_changes_nothing(self):
        self.write("in.xml", GUEST)
        done = self.on_host(f"exec '{HOOKS}/vdsm/50_virt_iface'", environment={"_hook_domxml": str(self.folder / "in.xml")})
        self.expect(done, 0, b"", b"")
        self.assertEqual((self.folder / "in.xml").read_bytes(), GUEST)


class KubeVirt(HostCase):
    """The sidecar's server runs onDefineDomain and defines what it prints."""

    def define(self, annotations, conf=None):
        if conf is not None:
            self.conf(conf, "template.conf")
        vmi = json.dumps({"metadata": {"name": "web1", **({} if annotations is None else {"annotations": annotations})}})
        self.write("vmi", vmi.encode())
        self.write("domain", GUEST)
        return self.on_host(f"cp '{HOOKS}/kubevirt/onDefineDomain' /usr/bin/; "
                            'exec onDefineDomain --vmi "$(cat vmi)" --domain "$(cat domain)"')

    def test_the_annotation_says_what_is_wanted(self):
        done = self.define({"virt-iface/template.conf": "# <blue>\n" + TEMPLATE.decode()})
        self.expect(done, 0, stderr=b"")
        self.expect_added(GUEST.strip(), done.stdout.strip())

    def test_the_file_says_it_where_no_annotation_does(self):
        done = self.define({"other": "x"}, TEMPLATE)
        self.expect(done, 0, stderr=b"")
        self.expect_added(GUEST.strip(), done.stdout.strip())

    def test_the_whole_document_comes_back_unchanged(self):
        for annotations in (None, {}, {"virt-iface/template.conf": ""}):
            self.expect(self.define(annotations), 0, GUEST.strip(), b"")

    def test_a_fault_fails_the_start(self):
        done = self.define({"virt-iface/template.conf": "[interfaces.1]\ntype = macvtap\nname = nicA\n"})
        self.expect(done, 3, b"")


class VirshEdit(HostCase):
    def test_a_defined_guest_gains_an_interface(self):
        self.write("it's mine.conf", TEMPLATE)
        done = self.on_host(f"'{HOOKS}/virsh/virsh-edit' \"it's mine.conf\" -q -c test:///default 'edit test; dumpxml --inactive test'")
        self.expect(done, 0)
        self.assertIn(b"<source network='blue'/>", done.stdout)

    def test_nothing_to_do(self):
        self.write("none.conf", b"[main]\nnetworks =\n")
        done = self.on_host(f"'{HOOKS}/virsh/virsh-edit' none.conf -c test:///default edit test")
        self.expect(done, 0)
        self.assertIn(b"not changed", done.stdout)


if __name__ == "__main__":
    unittest.main()
