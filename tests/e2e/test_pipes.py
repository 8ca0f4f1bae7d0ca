#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The program in pipelines: what it reads, what it writes, how it ends when a pipe does."""
import os
import pty
import select
import signal
import subprocess
import unittest

from common import CONF, OPTION, PROGRAM, Case, domain


class Pipes(Case):
    def test_document_on_stdin_configuration_in_a_file(self):
        self.write("template.conf", CONF)
        done = self.run_program("-c", "template.conf", stdin=domain())
        self.expect(done, 0, stderr=b"")
        self.expect_added(domain(), done.stdout)

    def test_both_on_stdin(self):
        done = self.run_program(stdin=CONF + domain())
        self.expect(done, 0, stderr=b"")
        self.expect_added(domain(), done.stdout)

    def test_configuration_on_stdin_document_in_a_file(self):
        self.write("web1.xml", domain())
        done = self.run_program("apply", "-c", "-", "web1.xml", stdin=CONF)
        self.expect(done, 0, stderr=b"")
        self.expect_added(domain(), done.stdout)

    def test_a_dash_is_stdin(self):
        done = self.run_program("apply", *OPTION, "-", stdin=domain())
        self.expect(done, 0, stderr=b"")
        self.expect_added(domain(), done.stdout)

    def test_nothing_to_do_gives_back_every_byte(self):
        text = domain(inside="    <interface type='network'><source network='blue'/></interface >\r\n").rstrip()
        self.expect(self.run_program("apply", *OPTION, stdin=text), 0, stdout=text, stderr=b"")

    def test_documents_in_a_row(self):
        done = self.run_program("apply", *OPTION, "--quiet", stdin=domain("a") + b"\n\n" + domain("b"))
        self.expect(done, 0, stderr=b"")
        first, second = (part + b"</domain>\n" for part in done.stdout.split(b"</domain>\n")[:2])
        self.expect_added(domain("a"), first)
        self.expect_added(b"\n\n" + domain("b"), second)

    def test_documents_parted_by_nul(self):
        done = self.run_program("apply", *OPTION, "-0", "-q", stdin=domain("a") + b"\0" + domain("b") + b"\0")
        self.expect(done, 0, stderr=b"")
        first, second, rest = done.stdout.split(b"\0")
        self.assertEqual(rest, b"")
        self.expect_added(domain("a"), first)
        self.expect_added(domain("b"), second)

    def test_who_waits_for_the_answer_gets_it(self):
        """A NUL ends a document, and nothing has to follow it."""
        child = subprocess.Popen([PROGRAM, "apply", *OPTION, "-0", "-q"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(child.stdout.close)
        for name in ("a", "b"):
            child.stdin.write(domain(name) + b"\0")
            child.stdin.flush()
            answer = b""
            while not answer.endswith(b"\0"):
                self.assertTrue(select.select([child.stdout], [], [], 20)[0], "no answer")
                answer += os.read(child.stdout.fileno(), 65536)
            self.expect_added(domain(name), answer[:-1])
        child.stdin.close()
        self.assertEqual(child.wait(), 0)

    def test_a_malformed_document_ends_a_stream_and_is_named(self):
        done = self.run_program("apply", *OPTION, stdin=domain("a") + b"<domain><name>b</domain>" + domain("c"))
        self.assertEqual(done.returncode, 3)
        self.expect_added(domain("a"), done.stdout)
        self.assertIn(b"2", done.stderr)

    def test_nothing_of_a_malformed_document_comes_out(self):
        done = self.run_program("apply", *OPTION, stdin=domain()[:-5])
        self.expect(done, 3, stdout=b"")
        self.assertRegex(done.stderr, rb"<stdin>:\d+:\d+: error: ")

    def test_a_closed_pipe_ends_it_quietly(self):
        with open(self.write("many", domain() * 3000), "rb") as many:
            child = subprocess.Popen([PROGRAM, "apply", *OPTION], stdin=many, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE)
            child.stdout.read(10)
            child.stdout.close()
            said = child.stderr.read()
            child.stderr.close()
            self.assertEqual(child.wait(60), -signal.SIGPIPE)
            self.assertEqual(said, b"")

    def test_closed_stdout_is_an_error(self):
        self.write("web1.xml", domain())
        done = self.shell('"$0" apply "$@" web1.xml >&-', *OPTION)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(b"error: ", done.stderr)

    def test_full_stdout_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = self.run_program("apply", *OPTION, stdin=domain(), stdout=full)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(b"No space left on device", done.stderr)

    def test_closed_stdin_is_an_error(self):
        done = self.shell('timeout 20 "$0" apply "$@" <&-', *OPTION)
        self.assertIn(done.returncode, (3, 4), done.stderr)
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"error: ", done.stderr)

    def test_a_terminal_on_stdin_gives_short_help(self):
        master, slave = pty.openpty()
        try:
            done = self.run_program("apply", *OPTION, stdin=slave)
        finally:
            os.close(master)
            os.close(slave)
        self.expect(done, 2, stdout=b"")
        self.assertIn(b"virt-iface", done.stderr)

    def test_a_slow_writer_is_waited_for(self):
        done = self.shell('(printf "%s" "$3"; sleep 0.2; printf "%s" "$4") | "$0" apply "$1" "$2"', *OPTION,
                          domain().decode()[:100], domain().decode()[100:])
        self.expect(done, 0, stderr=b"")
        self.expect_added(domain(), done.stdout)

    def test_between_virsh_dumpxml_and_virsh_define(self):
        script = """set -e
virsh -c test:///default dumpxml --inactive --security-info test >before.xml
"$0" -c template.conf <before.xml >after.xml
virsh -q -c test:///default "define after.xml; dumpxml --inactive test" >dumped.xml"""
        self.write("template.conf", b"[main]\nnetworks = default\n[interfaces.0]\ntype = ovs\nname = vswitch0\n")
        done = self.shell(script)
        self.assertEqual(done.returncode, 0, done.stderr)
        dumped = (self.folder / "dumped.xml").read_bytes()
        self.assertIn(b"<virtualport type='openvswitch'", dumped)
        self.assertIn(b"<source bridge='vswitch0'/>", dumped)


class Diff(Case):
    def patched(self, text):
        """What patch makes of the document with the diff that the program prints."""
        self.write("web1.xml", text)
        wanted = self.run_program("apply", *OPTION, "web1.xml")
        self.expect(wanted, 0)
        diff = self.run_program("apply", *OPTION, "--diff", "web1.xml")
        self.expect(diff, 1, stderr=b"")
        self.assertEqual((self.folder / "web1.xml").read_bytes(), text, "--diff wrote")
        self.write("change.patch", diff.stdout)
        done = self.shell("patch --binary -s -p0 web1.xml change.patch")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr + diff.stdout)
        self.assertEqual((self.folder / "web1.xml").read_bytes(), wanted.stdout)

    def test_patch_applies_it(self):
        self.patched(domain())

    def test_patch_finds_the_file_by_its_name(self):
        wanted = self.run_program("apply", *OPTION, stdin=domain()).stdout
        line_end = [] if self.shell("patch --version").stdout >= b"GNU patch 2.8" else ["n\nl.xml"]  # which refuses it
        for name in ("w 1.xml", *line_end, 'q"t\t\\.xml', "e\x01\x7f.xml", "umläut.xml"):
            path = self.write(name, domain())
            diff = self.run_program("apply", *OPTION, "--diff", name)
            self.expect(diff, 1, stderr=b"")
            self.write("change.patch", diff.stdout)
            done = self.shell("patch --binary -s -p1 <change.patch")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr + diff.stdout)
            self.assertEqual(path.read_bytes(), wanted)

    def test_patch_applies_it_with_crlf(self):
        self.patched(domain().replace(b"\n", b"\r\n"))

    def test_patch_applies_it_without_a_last_line_end(self):
        self.patched(domain().rstrip())

    def test_patch_applies_it_to_a_single_line(self):
        self.patched(domain().replace(b"\n", b"").replace(b"  ", b""))

    def test_check_writes_nothing_but_what_would_change(self):
        self.expect(self.run_program("apply", *OPTION, "--check", stdin=domain()), 1,
                    stdout=b"<stdin>: interface 2 (network on blue) would be added\n")
        done = self.run_program("apply", "--interface", "type=network,name=default", "--check", stdin=domain())
        self.expect(done, 0, stdout=b"", stderr=b"")


if __name__ == "__main__":
    unittest.main()
