#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""list on terminals of several widths: what matters least goes first on a narrow one, what matters next comes on a wide one."""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import unittest
from pathlib import Path

from common import PROGRAM, Case, domain

INSIDE = """    <interface type='bridge'>
      <mac address='52:54:00:00:00:0{0}'/>
      <source bridge='br-storage'/>
      <target dev='vnet-storage{0}'/>
      <model type='virtio'/>
      <driver name='vhost' queues='4'/>
      <filterref filter='clean-traffic'/>
      <mtu size='9000'/>
      <boot order='1'/>
      <alias name='ua-storage'/>
      <port isolated='yes'/>
    </interface>
"""
USUAL = ["#", "type", "source", "mode/vlan", "model", "mac", "target", "link"]


class Terminal(Case):
    def table(self, width, *words):
        """The table as rows of cells, on a terminal of that width; 0: on none."""
        if width == 0:
            out = self.run_program(*words).stdout.decode()
        else:
            main, terminal = pty.openpty()
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
            subprocess.run([PROGRAM, *words], cwd=self.folder, stdout=terminal, check=True, timeout=60)
            os.close(terminal)
            out = os.read(main, 65536).decode().replace("\r\n", "\n")
            os.close(main)
        lines = out.splitlines()
        self.assertLessEqual(max(map(len, lines)), width or 999)
        rows = [line.split() for line in lines]
        for row in rows:
            self.assertEqual(len(row), len(rows[0]), out)
        return rows

    def titles(self, width, *words):
        return self.table(width, *words)[0]

    def expect_columns(self, *words):
        self.assertEqual(self.titles(0, *words), USUAL)
        self.assertEqual(self.titles(60, *words), ["#", "type", "source", "mode/vlan", "mac", "link"])
        self.assertEqual(self.titles(80, *words), USUAL)
        self.assertEqual(self.titles(140, *words), [*USUAL, "filterref.filter", "port.isolated", "mtu.size", "alias"])
        self.assertEqual(self.titles(200, *words),
                         [*USUAL, "filterref.filter", "port.isolated", "mtu.size", "alias", "boot.order", "driver.queues"])

    def test_a_document(self):
        self.write("a.xml", domain("a", INSIDE.format(2)))
        self.expect_columns("list", "a.xml")
        self.assertEqual(self.table(200, "list", "a.xml")[2],
                         ["2", "bridge", "br-storage", "-", "virtio", "52:54:00:00:00:02", "vnet-storage2", "up",
                          "clean-traffic", "yes", "9000", "ua-storage", "1", "4"])

    def test_a_guest(self):
        guest = domain("a", INSIDE.format(2)).decode().replace("type='kvm'", "type='test'").replace("x86_64", "i686")
        uri = "test://" + str(self.write("node.xml", f"<node>{guest}</node>".encode()))
        self.expect_columns("list", "--connect", uri, "--domain", "a")

    def test_several_documents(self):
        """The file comes last; what no interface states does not come at all."""
        for name in "ab":
            self.write(f"{name}.xml", domain(name, "<interface type='network'><source network='n' portgroup='p'/></interface>"))
        titles = ["domain", *USUAL, "source.portgroup"]
        self.assertEqual(self.titles(0, "list", "a.xml", "b.xml"), titles[:-1])
        self.assertEqual(self.titles(100, "list", "a.xml", "b.xml"), titles)
        self.assertEqual(self.titles(140, "list", "a.xml", "b.xml"), [*titles, "file"])

    def test_what_is_asked_for_is_shown(self):
        self.write("a.xml", domain("a", INSIDE.format(2)))
        for width in (0, 60, 200):
            self.assertEqual(self.titles(width, "list", "--columns", "mac,driver.queues", "a.xml"), ["mac", "driver.queues"])

    def test_picture_of_the_readme(self):
        root = Path(__file__).resolve().parents[2]
        drawn = subprocess.run([sys.executable, root / "docs/terminal", Path(PROGRAM).parent], capture_output=True, timeout=120,
                               check=True)
        self.assertEqual(drawn.stdout.decode(), (root / "docs/terminal.svg").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
