#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every call that can fail does, one after the other; and the program is killed at random. Whatever happens: a file is
the old one or the new one, an error is told, and nothing is left behind.

$FAILING is the library of support/failing.cpp. $EVERY_FAULT=1 tries each allocation and kills a thousand times; without
it a part of them is tried.
"""
import errno
import os
import random
import subprocess
import time
import unittest

from common import OPTION, PROGRAM, Case, domain

FAILING = os.environ.get("FAILING", "")
EVERY = os.environ.get("EVERY_FAULT") == "1"
SHEET = ('<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="@*|node()"><xsl:copy>'
         '<xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template><xsl:template match="name">'
         "<name>web2</name><title/></xsl:template></xsl:stylesheet>").encode()


@unittest.skipUnless(FAILING, "no library that makes calls fail")
class Faults(Case):
    def failing(self, words, **environment):
        environment = {"LD_PRELOAD": FAILING, "FAIL_MARK": str(self.folder / "mark"), **environment}
        return self.run_program(*words, stdin=self.text, env={**os.environ, **environment})

    def setUp(self):
        super().setUp()
        self.text = domain(inside="    <!-- é -->\n")
        self.write("sheet.xsl", SHEET)
        self.write("web1.xml", self.text)
        self.new = self.run_program("apply", *OPTION, stdin=self.text).stdout
        self.styled = self.run_program("apply", *OPTION, "--stylesheet", "sheet.xsl", stdin=self.text).stdout
        self.assertIn(b"web2", self.styled)

    def one(self, words, call, number, error, **environment):
        """One run with one failure; False when there was none. All that must hold afterwards is checked."""
        os.setxattr(self.write("web1.xml", self.text), "user.note", b"kept")
        self.write("web1.xml.old", b"older")
        done = self.failing(words, FAIL_CALL=call, FAIL_AT=str(number), FAIL_ERRNO=str(error), **environment)
        what = f"{' '.join(words)}: {call} {number}, {os.strerror(error)}: {done}"
        self.assertIn(done.returncode, (0, 3, 4), what)
        mark = self.folder / "mark"
        fired = mark.exists()
        mark.unlink(missing_ok=True)
        wanted = self.styled if "--stylesheet" in words else self.new
        file, backup = (self.folder / "web1.xml").read_bytes(), self.folder / "web1.xml.old.1"
        self.assertEqual((self.folder / "web1.xml.old").read_bytes(), b"older", what)
        self.assertEqual(backup.exists(), "--backup" in words and file == wanted, what)
        if backup.exists():
            self.assertEqual(backup.read_bytes(), self.text, what)
            backup.unlink()
        self.assertEqual(os.getxattr(self.folder / "web1.xml", "user.note"), b"kept", what)
        if done.returncode == 0:
            self.assertEqual(file if "--in-place" in words else done.stdout, wanted, what)
        else:
            self.assertTrue(fired, what)
            self.assertRegex(done.stderr, rb"error: ", what)
            if "--in-place" in words:  # memory may end behind the rename, too
                self.assertIn(file, (self.text, wanted) if call == "malloc" else (self.text,), what)
            elif call != "write" and call != "close":
                self.assertEqual(done.stdout, b"", what)
        rest = [n for n in self.names() if n not in ("sheet.xsl", "web1.xml", "web1.xml.old")]
        self.assertEqual(rest, [], what)
        return fired

    ways = (["apply", *OPTION], ["apply", *OPTION, "--in-place", "web1.xml"],
            ["apply", *OPTION, "--in-place", "--backup", ".old", "--stylesheet", "sheet.xsl", "web1.xml"],
            ["apply", *OPTION, "--in-place", "--backup", ".old", "web1.xml"])

    def test_every_call_of_the_system(self):
        for words in self.ways:
            for call in ("open", "read", "write", "fsync", "rename", "link", "fchmod", "xattr", "close"):
                for error in (errno.EIO, errno.ENOSPC):
                    number = 1
                    while self.one(words, call, number, error):
                        number += 1
                    if "--in-place" in words:
                        self.assertGreater(number, 1, f"{call} was not called")

    def test_every_allocation(self):
        for words in (self.ways[0], self.ways[2]):
            number, tried = 1, 0
            while self.one(words, "malloc", number, errno.ENOMEM):
                tried += 1
                number += 1 if EVERY or tried < 40 else 1 + tried // 4
            self.assertGreater(number, 500)

    def test_every_allocation_beside_the_renames(self):
        """From the backup's first name on; how many came before is another number in each run (hashes are random)."""
        number = 1
        while self.one(self.ways[3], "malloc", number, errno.ENOMEM, FAIL_AFTER="link"):
            number += 1
        self.assertGreater(number, 1, "nothing was allocated")

    def test_short_and_interrupted_reads_and_writes(self):
        for words in self.ways:
            self.write("web1.xml", self.text)
            done = self.failing(words, FAIL_SHORT="1")
            self.assertEqual(done.returncode, 0, done)
            result = (self.folder / "web1.xml").read_bytes() if "--in-place" in words else done.stdout
            self.assertEqual(result, self.styled if "--stylesheet" in words else self.new)

    def test_an_attribute_that_is_not_taken_is_reported(self):
        """As a label of SELinux's where the policy lets nobody set it."""
        for name in ("security.selinux", "user.note"):
            (self.folder / "web1.xml").unlink()
            self.write("web1.xml", self.text)
            try:
                os.setxattr(self.folder / "web1.xml", name, b"system_u:object_r:virt_etc_t:s0")
            except OSError:
                continue
            for words in (["--in-place", "web1.xml"], ["-o", "web1.xml"]):
                done = self.failing(["apply", *OPTION, "--policy", "append", *words], FAIL_CALL="xattr", FAIL_AT="1",
                                    FAIL_ERRNO=str(errno.EPERM))
                self.assertEqual(done.returncode, 0, done)
                self.assertIn(f"web1.xml: warning: {name} of the old file could not be carried over to the new one (".encode(),
                              done.stderr)
                self.assertNotIn(name, os.listxattr(self.folder / "web1.xml"))
                os.setxattr(self.folder / "web1.xml", name, b"another")

    def test_a_full_device(self):
        with open("/dev/full", "wb") as full:
            done = self.run_program("apply", *OPTION, stdin=self.text, stdout=full)
        self.expect(done, 4, stderr=b"virt-iface: error: cannot write 'stdout': No space left on device\n")


class Kill(Case):
    def test_killed_at_any_time_every_file_is_old_or_new(self):
        names = [f"{n}.xml" for n in range(12)]
        old = {name: domain(name) for name in names}
        new = {name: self.run_program("apply", *OPTION, stdin=text).stdout for name, text in old.items()}
        begin = time.monotonic()
        for name, text in old.items():
            self.write(name, text)
        self.expect(self.run_program("apply", *OPTION, "--in-place", *names), 0)
        whole = 1.2 * (time.monotonic() - begin)
        dice, killed, mixed = random.Random(1), 0, 0
        for turn in range(1000 if EVERY else 150):
            backup = ["--backup", ".orig"] if turn % 2 else []
            for name, text in old.items():
                self.write(name, text)
            child = subprocess.Popen([PROGRAM, "apply", *OPTION, "--in-place", *backup, *names], cwd=self.folder,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0, whole))
            child.kill()
            killed += child.wait(60) < 0
            state = [(self.folder / name).read_bytes() for name in names]
            for name, text in zip(names, state):
                self.assertIn(text, (old[name], new[name]), name)
            for name in names:
                kept = self.folder / f"{name}.orig"
                self.assertEqual(kept.read_bytes() if kept.exists() else old[name], old[name], name)
            mixed += state[0] == new[names[0]] and state[-1] == old[names[-1]]
            for path in self.folder.iterdir():
                if path.name not in old:
                    path.unlink()
        self.assertGreater(killed, 10)
        print(f"{killed} killed, {mixed} of them midway")


if __name__ == "__main__":
    unittest.main()
