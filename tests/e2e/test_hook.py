#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The hook, called exactly as libvirt calls it."""
import subprocess
import time
import unittest

from common import PROGRAM, ROOT, domain
from host_case import ENVIRONMENT, GUEST, MAPS, MOVED, SCRIPT, HostCase

TEMPLATE = b"[interfaces.1]\ntype = network\nname = blue\n"


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


if __name__ == "__main__":
    unittest.main()
