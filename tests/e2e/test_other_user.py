#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Root works on a directory of another user, who swaps, locks and rewrites what is in it during the run."""
import contextlib
import os
import subprocess
import time
import unittest

from common import OPTION, PROGRAM, Case, domain, position_in, wait_until

NOBODY = 65534
IN_PLACE = ["apply", *OPTION, "--in-place"]
SLOW = b"""<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>
<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>
<xsl:template name='wait'><xsl:param name='n'/><xsl:if test='$n &gt; 0'><xsl:call-template name='wait'>
<xsl:with-param name='n' select='$n - 1'/></xsl:call-template><xsl:call-template name='wait'>
<xsl:with-param name='n' select='$n - 1'/></xsl:call-template></xsl:if></xsl:template>
<xsl:template match='/'><xsl:call-template name='wait'><xsl:with-param name='n' select='19'/></xsl:call-template>
<xsl:apply-templates/></xsl:template></xsl:stylesheet>"""


@unittest.skipUnless(os.geteuid() == 0, "skipped: needs root")
class OtherUser(Case):
    """`theirs` is nobody's; `secret.xml` and `roots` are root's alone."""

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o711)
        self.secret = self.write("secret.xml", domain("secret"))
        self.write("roots/b.xml", domain("secret"))
        for name in ("a", "b", "sub/b"):
            self.write(f"theirs/{name}.xml", domain(name.replace("/", "-")))
        for path in (self.folder / "theirs").rglob("*"):
            os.chown(path, NOBODY, NOBODY)
        os.chown(self.folder / "theirs", NOBODY, NOBODY)
        self.secret.chmod(0o600)
        (self.folder / "roots").chmod(0o700)
        self.theirs = self.folder / "theirs"

    def as_nobody(self, script, **more):
        return subprocess.Popen(["setpriv", f"--reuid={NOBODY}", "--clear-groups", "sh", "-c", script], cwd=self.theirs,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **more)

    def do_as_nobody(self, script):
        with self.as_nobody(script) as done:
            done.communicate(timeout=20)
        self.assertEqual(done.returncode, 0, script)

    @contextlib.contextmanager
    def locked(self, name):
        """nobody holds the file, which it can only read, until the block ends."""
        with self.as_nobody(f"exec 9<{name}; flock -x 9; echo $$; read line") as holder:
            yield int(holder.stdout.readline())
            holder.communicate("\n", timeout=20)

    def start(self, *words):
        return subprocess.Popen([PROGRAM, *words], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, child, status):
        said = child.communicate(timeout=120)
        self.assertEqual(child.returncode, status, said)
        self.assertEqual(self.secret.read_bytes(), domain("secret"))
        self.assertEqual((self.folder / "roots/b.xml").read_bytes(), domain("secret"))
        self.assertEqual(sorted(os.listdir(self.folder / "roots")), ["b.xml"])
        return said[1].decode()

    def during_a_listed_run(self, script, status=4):
        """`script` runs when all is listed and the first document, which nobody holds, is waited for."""
        with self.locked("a.xml"):
            child = self.start(*IN_PLACE, "-r", "theirs")
            wait_until(lambda: position_in(child, self.theirs / "a.xml") is not None)
            self.do_as_nobody(script)
        said = self.finish(child, status)
        self.expect_added(domain("a"), (self.theirs / "a.xml").read_bytes())
        return said

    def start_and_wait_until_read(self, path, *words):
        self.write("slow.xsl", SLOW)
        child = self.start(*IN_PLACE[:-1], "--stylesheet", "slow.xsl", *words)
        wait_until(lambda: position_in(child, path))
        return child

    def test_a_file_swapped_for_a_link_is_not_edited(self):
        said = self.during_a_listed_run("ln -sf ../secret.xml b.xml")
        self.assertIn("'theirs/b.xml' is a symbolic link now and was none when it was listed", said)

    def test_a_directory_swapped_for_a_link_is_not_entered(self):
        said = self.during_a_listed_run("mv sub old; ln -s ../roots sub")
        self.assertIn("'theirs/sub/b.xml' is reached by a symbolic link that was not there before", said)

    def test_a_pipe_in_place_of_a_file_is_not_waited_for(self):
        said = self.during_a_listed_run("rm b.xml; mkfifo b.xml")
        self.assertIn("'theirs/b.xml' is no regular file now and was one when it was listed", said)

    def test_the_listed_directory_itself(self):
        with self.locked("a.xml"):
            child = self.start(*IN_PLACE, "-r", "theirs/a.xml", "theirs/sub")
            wait_until(lambda: position_in(child, self.theirs / "a.xml") is not None)
            self.do_as_nobody("mv sub old; ln -s ../roots sub")
        said = self.finish(child, 4)
        self.assertIn("'theirs/sub' is another directory than the one that was listed", said)

    def test_a_directory_swapped_before_the_file_is_replaced(self):
        """It is replaced in the directory in which it was read, wherever that is now."""
        child = self.start_and_wait_until_read(self.theirs / "sub/b.xml", "-i", "theirs/sub/b.xml")
        self.do_as_nobody("mv sub old; ln -s ../roots sub")
        self.finish(child, 0)
        self.expect_added(domain("sub-b"), (self.theirs / "old/b.xml").read_bytes())
        self.assertEqual(os.listdir(self.theirs / "old"), ["b.xml"])

    def test_a_file_swapped_for_a_link_before_it_is_replaced(self):
        child = self.start_and_wait_until_read(self.theirs / "b.xml", "-i", "theirs/b.xml")
        self.do_as_nobody("ln -sf ../secret.xml b.xml")
        self.assertIn("'theirs/b.xml' was changed while it was converted", self.finish(child, 4))
        self.assertTrue((self.theirs / "b.xml").is_symlink())

    def test_a_rewrite_that_sets_size_and_time_back_is_seen(self):
        other = domain("x")
        for words in (["-i", "theirs/b.xml"], ["-o", "theirs/b.xml", "theirs/b.xml"],
                      ["-i", "--backup", ".orig", "theirs/b.xml"]):
            (self.theirs / "b.xml").write_bytes(domain("b"))
            child = self.start_and_wait_until_read(self.theirs / "b.xml", *words)
            (self.theirs / "other").write_bytes(other)
            self.do_as_nobody("touch -r b.xml stamp; cat other >b.xml; touch -r stamp b.xml")
            said = self.finish(child, 4)
            self.assertIn("'theirs/b.xml' was changed while it was converted", said)
            self.assertEqual((self.theirs / "b.xml").read_bytes(), other)
            self.assertFalse((self.theirs / "b.xml.orig").exists())

    def test_o_onto_the_document_on_stdin(self):
        with open(self.theirs / "b.xml", "rb") as stdin:
            self.expect(self.run_program(*IN_PLACE[:-1], "-o", "theirs/b.xml", stdin=stdin), 0)
        self.expect_added(domain("b"), (self.theirs / "b.xml").read_bytes())
        self.write("slow.xsl", SLOW)
        with open(self.theirs / "b.xml", "rb") as stdin:
            child = subprocess.Popen([PROGRAM, *IN_PLACE[:-1], "--policy", "append", "--stylesheet", "slow.xsl", "-o",
                                      "theirs/b.xml"], cwd=self.folder, stdin=stdin, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE)
            wait_until(stdin.tell)  # the program has read: both have one position
        (self.theirs / "b.xml").write_bytes(domain("x"))
        self.assertIn("'theirs/b.xml' was changed while it was converted", self.finish(child, 4))
        self.assertEqual((self.theirs / "b.xml").read_bytes(), domain("x"))

    def test_a_lock_is_waited_for_and_then_named(self):
        with self.locked("a.xml") as holder, self.locked("b.xml"):
            began = time.monotonic()
            child = self.start(*IN_PLACE, "-r", "theirs")
            said = self.finish(child, 4)
            self.assertLess(time.monotonic() - began, 40)
        self.assertIn(f"'theirs/a.xml' is locked by process {holder} (sh) (it was left as it is; run again when that process "
                      "is done with it)", said)
        self.assertIn("'theirs/b.xml' is locked by process ", said)
        self.expect_added(domain("sub-b"), (self.theirs / "sub/b.xml").read_bytes())
        self.assertEqual((self.theirs / "a.xml").read_bytes(), domain("a"))


if __name__ == "__main__":
    unittest.main()
