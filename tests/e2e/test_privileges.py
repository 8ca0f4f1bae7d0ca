#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The filter and the hook run with no more rights than the man pages say, held to that by systemd and the kernel."""
import importlib.machinery
import importlib.util
import unittest

from common import ROOT, domain
from host_case import GUEST, SCRIPT, HostCase

LOADER = importlib.machinery.SourceFileLoader("man_examples", str(ROOT / "tests/e2e/man_examples"))
man_examples = importlib.util.module_from_spec(importlib.util.spec_from_loader(LOADER.name, LOADER))
LOADER.exec_module(man_examples)

OWN_SYSTEMD = ROOT / "tests/support/own-systemd"


def shown(page, name):
    """A file that a man page shows."""
    for kind, argument, _, lines in man_examples.blocks(ROOT / "man" / page):
        if kind == "file" and argument == name:
            return "\n".join(lines) + "\n"
    raise AssertionError(f"{page} shows no {name}")


class Service(HostCase):
    def serve(self, unit, before="", after="", stdin=b""):
        """The service's status, what it printed, and what `after` prints."""
        self.write("own.service", unit.encode())
        return self.on_host(f"{before}\n'{OWN_SYSTEMD}' own.service /run/out && status=0 || status=$?; cat /run/out\n"
                            f"{after}\nexit $status", stdin=stdin)


class Batch(Service):
    hosts_folders = "mount -t tmpfs tmpfs /srv; mount -t tmpfs tmpfs /var/lib; cp -r domains /srv/domains"

    def setUp(self):
        super().setUp()
        self.unit = shown("virt-iface.1", "virt-iface.service")
        self.conf(b"[main]\nnetworks = blue\n", "template.conf")
        for name in ("web1", "more/web2"):
            self.write(f"domains/{name}.xml", self.document(name[-1:]))

    def document(self, number):
        return domain(f"web{number}").replace(b":00:01'", f":00:0{number}'".encode())

    def test_the_manuals_service_does_its_work(self):
        done = self.serve(self.unit, self.hosts_folders, "cd /var/lib/virt-iface; cat web1.xml more/web2.xml; find . -type f | wc -l")
        wanted = b"".join(self.run_program("apply", "-c", "etc/virt-iface/template.conf", stdin=self.document(n)).stdout for n in "12")
        self.expect(done, 0, stdout=b"2 documents: 2 changed, 0 unchanged, 0 failed\n" + wanted + b"2\n")

    def test_a_stylesheet_there(self):
        """Its process, and the end of that, need no more."""
        self.write("title.xsl", b"""<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>
<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>
<xsl:template match="name[. = 'web1']"><name><xsl:value-of select="concat(., {})"/></name></xsl:template>
<xsl:variable name='x'>xxxx</xsl:variable>
<xsl:template match='name'><name>new</name></xsl:template></xsl:stylesheet>""".replace(
            b"{}", b", ".join([b"$x"] * 300)).replace(b"xxxx", b"x" * 1_000_000))
        unit = self.unit.replace("apply -c", "apply --stylesheet /srv/title.xsl -c")
        done = self.serve(unit, self.hosts_folders + "; cp title.xsl /srv", "cd /var/lib/virt-iface; grep -rh '<name>' .")
        self.assertEqual(done.returncode, 3, done)
        self.assertEqual(done.stdout.splitlines()[:2], [
            b"/srv/domains/web1.xml: error: the stylesheet needs too much memory (make sure that it ends)",
            b"2 documents: 1 changed, 0 unchanged, 1 failed"])
        self.assertEqual(done.stdout.splitlines()[-1], b"  <name>new</name>")

    def test_and_can_do_nothing_else(self):
        for folder in ("/etc/else", "/srv/domains/out", "/var/tmp/../lib/else"):
            done = self.serve(self.unit.replace("--output-dir /var/lib/virt-iface", f"--output-dir {folder}"), self.hosts_folders)
            self.assertEqual(done.returncode, 4, done)
            self.assertIn(b"Read-only file system", done.stdout)
        done = self.serve(self.unit.replace("ExecStart=/usr/bin/virt-iface", "ExecStart=/usr/bin/unshare --user /usr/bin/virt-iface"),
                          self.hosts_folders)
        self.assertIn(b"Operation not permitted", done.stdout)


class Drift(Service):
    """The service of virt-iface-check.timer, on libvirt's test driver, whose guest is on the network default."""
    unit = (ROOT / "packaging/systemd/virt-iface-check.service").read_text(encoding="utf-8").replace("qemu:///system", "test:///default")

    def test_nothing_differs(self):
        self.conf(b"[main]\nnetworks = default\n", "template.conf")
        self.assertEqual(self.serve(self.unit).returncode, 0)

    def test_a_guest_differs(self):
        self.conf(b"[main]\nnetworks = default, default\n", "template.conf")
        self.assertEqual(self.serve(self.unit).returncode, 1)


class Hook(Service):
    """What virt-iface-hook(7) names, and nothing else."""
    unit = """[Service]
Type=oneshot
ExecStart={script} web1 {operation} begin -
RuntimeDirectory=virt-iface
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
CapabilityBoundingSet={capabilities}
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
MemoryDenyWriteExecute=yes
SystemCallFilter=@system-service
SystemCallFilter=~@resources
"""
    guest = GUEST.replace(b"<memory", b"<uuid>1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001</uuid>\n  <memory")

    def hook(self, operation, conf, capabilities="", after="", more=""):
        self.conf(conf)
        unit = self.unit.format(script=SCRIPT, operation=operation, capabilities=capabilities) + more
        return self.serve(unit, "mkdir -p /etc/libvirt/hooks; virt-iface hook --install >/dev/null 2>&1", after, stdin=self.guest)

    def test_a_move(self):
        done = self.hook("migrate", b"[retarget]\nnicA = nicB\n", after="virt-iface hook --status")
        moved = self.guest.replace(b"nicA", b"nicB")
        self.assertEqual(done.returncode, 0, done)
        self.assertTrue(done.stdout.startswith(moved), done)
        self.assertRegex(done.stdout[len(moved):], rb"web1 +retarget +done .*nicA -> nicB")

    def test_a_check(self):
        done = self.hook("prepare", b"[hook]\ncheck = require\n")
        self.assertEqual(done.returncode, 4, done)
        self.assertIn(b"this host has no NIC 'nicA'", done.stdout)

    def test_a_nic_that_is_there(self):
        make = "ExecStartPre=+/sbin/ip link add nicA type veth peer name peer\nExecStartPre=+/sbin/ip link set peer up\n"
        conf = b"[hook]\ncheck = require\nbring_up = yes\n"
        self.expect(self.hook("prepare", conf, "CAP_NET_ADMIN", more=make), 0, stdout=b"", stderr=b"")
        done = self.hook("prepare", conf, more=make)
        self.assertEqual(done.returncode, 4, done)
        self.assertIn(b"cannot set nicA up: Operation not permitted", done.stdout)

    def test_an_injection(self):
        done = self.hook("started", b"[hook]\ninject = hotplug\nconnect = test:///default\n[interfaces.1]\ntype = network\nname = blue\n",
                         after="virt-iface hook --status")
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, rb"web1 +inject +")


if __name__ == "__main__":
    unittest.main()
