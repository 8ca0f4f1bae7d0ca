#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The job that the hook leaves behind after a start."""
import json
import os
import shutil
import unittest

from common import domain
from host_case import TEMPLATE, HostCase

UUID = "1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001"
GUEST = domain().replace(b"<memory", f"<uuid>{UUID}</uuid>\n  <memory".encode())


class Inject(HostCase):
    def test_the_hook_does_not_wait_and_the_outcome_is_shown(self):
        """libvirt reads stdout and stderr to their ends: a job that kept them open would hold it up."""
        self.conf(b"[hook]\ninject = hotplug\nconnect = test:///nowhere\ninject_timeout = 3\n" + TEMPLATE)
        done = self.on_host("virt-iface hook web1 started begin - | cat; "
                            "while virt-iface hook --status | grep -q pending; do sleep 0.2; done; virt-iface hook --status",
                            stdin=GUEST)
        self.expect(done, 0, stderr=b"")
        self.assertRegex(done.stdout.decode(), "web1 +inject +failed")

    def test_the_reason_is_told_and_not_a_warning_before_it(self):
        self.conf(b"[hook]\ninject = hotplug\nconnect = test:///nowhere\ninject_timeout = 1\n" +
                  TEMPLATE.rstrip() + b"\nmodel = foo\n")
        done = self.on_host("virt-iface hook web1 started begin -; while virt-iface hook --status | grep -q pending; do sleep 0.1; "
                            "done; virt-iface hook --status", stdin=GUEST)
        self.assertRegex(done.stdout.decode(), "web1 +inject +failed .*cannot connect to test:///nowhere")

    def test_what_a_network_gave_is_no_conflict_before_libvirt_was_asked(self):
        """The document of a running guest does not tell whose VLAN it is; a guest on no network has its own."""
        self.conf(b"[hook]\ninject = hotplug\nconnect = test:///nowhere\ninject_timeout = 1\n" + TEMPLATE)
        for source, reason in ((b"network='blue' portid='0f3fca5c-6a4e-4a4e-8f5b-1a2b3c4d5e6f' bridge='br0'", "cannot connect to test:///nowhere"),
                               (b"network='blue'", "vlan.tag is '5', .* asks for none")):
            kind = b"bridge" if b"bridge" in source else b"network"
            guest = GUEST.replace(b"  </devices>", b"<interface type='" + kind + b"'><source " + source +
                                  b"/><vlan><tag id='5'/></vlan></interface></devices>")
            done = self.on_host("virt-iface hook web1 started begin -; while virt-iface hook --status | grep -q pending; do sleep 0.1; "
                                "done; virt-iface hook --status", stdin=guest)
            self.assertRegex(done.stdout.decode(), "web1 +inject +failed .*" + reason)

    def test_a_job_that_cannot_start_is_told(self):
        """Root's processes are not counted, but a program that is gone cannot be called."""
        self.conf(b"[hook]\ninject = hotplug\n" + TEMPLATE)
        done = self.on_host("cp /usr/bin/virt-iface /run/gone; mkfifo /run/pipe; /run/gone hook web1 started begin - </run/pipe & "
                            "exec 3>/run/pipe; while [ \"$(readlink /proc/$!/exe)\" != /run/gone ]; do sleep 0.01; done; "
                            "rm /run/gone; cat >&3; exec 3>&-; wait; virt-iface hook --status", stdin=GUEST)
        self.expect(done, 0, stderr=b"")
        self.assertRegex(done.stdout.decode(), "web1 +inject +failed .*cannot start /run/gone: No such file")

    def test_words_of_a_job_that_no_hook_would_say(self):
        for how, seconds in (("bothh", "60"), ("off", "60"), ("both", "9223372036854775807"), ("both", "")):
            job = {"guest": "web1", "uuid": UUID, "connect": "test:///default", "inject": how, "timeout": seconds, "updates": [],
                   "interfaces": [{"name": "[interfaces.1] (network on blue)", "option": "type=network,name=blue"}]}
            done = self.run_program("hook", "--job", "--", json.dumps(job))
            self.expect(done, 2, b"")

    def test_without_a_uuid_there_is_no_job(self):
        """What stands there instead becomes the name of a file, and a word of a command."""
        self.conf(b"[hook]\ninject = hotplug\nconnect = test:///default\ninject_timeout = 1\n" + TEMPLATE)
        for uuid in (b"", b"<uuid>../../evil</uuid>", b"<uuid>--live</uuid>", b"<uuid>bridges</uuid>"):
            done = self.on_host("virt-iface hook web1 started begin -; sleep 0.5; find /run -type f",
                                stdin=domain().replace(b"<memory", uuid + b"<memory"))
            self.expect(done, 0, b"/run/virt-iface/called\n/run/virt-iface/history\n", b"")

    def test_no_lock_stays_behind(self):
        self.conf(b"[hook]\ninject = hotplug\nconnect = test:///nowhere\ninject_timeout = 1\n" + TEMPLATE)
        done = self.on_host("virt-iface hook web1 started begin -; while virt-iface hook --status | grep -q pending; do sleep 0.1; "
                            "done; for i in $(seq 100); do [ -n \"$(ls /run/virt-iface/locks)\" ] || break; sleep 0.1; done; "
                            "find /run/virt-iface/locks", stdin=GUEST)
        self.expect(done, 0, b"/run/virt-iface/locks\n", b"")


@unittest.skipUnless(os.environ.get("LAB_REQUIRED") or shutil.which("libvirtd") and shutil.which("qemu-system-x86_64"),
                     "needs libvirtd and QEMU")
class Session(HostCase):
    """A user's own libvirtd tells its hooks nothing of where it listens."""

    def test_a_job_of_a_user_reaches_the_users_libvirtd(self):
        self.conf(b"[hook]\ninject = persist\nconnect = qemu:///session\n" + TEMPLATE)
        self.write("blue.xml", b"<network><name>blue</name><bridge name='virbr77'/></network>")
        self.write("web1.xml", GUEST.replace(b"'kvm'", b"'qemu'"))
        self.write("session", b"""
            export XDG_RUNTIME_DIR=/run/user/65534 HOME=/run/home LIBVIRT_AUTOSTART=0  # by virsh, beside this one
            cd /run/home
            libvirtd 2>/run/home/log & daemon=$!
            trap 'kill $daemon; wait $daemon' EXIT
            for i in $(seq 600); do virsh -c qemu:///session list >/dev/null 2>&1 && break; sleep 0.1; done
            virsh -qc qemu:///session net-define blue.xml
            virsh -qc qemu:///session define web1.xml
            env -i LC_ALL=C PATH="$PATH" HOME="$HOME" virt-iface hook web1 started begin - <web1.xml
            for i in $(seq 600); do
              if virsh -c qemu:///session dumpxml --inactive web1 | grep "network='blue'"; then break; fi
              sleep 0.1
            done
            """)
        done = self.on_host("mkdir -p -m 700 /run/user/65534 /run/home; cp blue.xml web1.xml session /run/home/; "
                            "chown -R 65534 /run/user/65534 /run/home; "
                            "setpriv --reuid 65534 --regid 65534 --clear-groups sh -e /run/home/session")
        self.expect(done, 0)
        self.assertIn(b"<source network='blue'/>", done.stdout)


if __name__ == "__main__":
    unittest.main()
