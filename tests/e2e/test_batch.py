#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many documents in one run: which are taken, where results go, what is told, and what a stop leaves."""
import json
import os
import pty
import random
import resource
import shutil
import signal
import subprocess
import time
import unittest

from common import CONF, INTERFACE, OPTION, PROGRAM, Case, domain, handles, position_in, wait_until

APPLY = ["apply", *OPTION]
STABLE = ["apply", "--interface", "type=network,name=blue,mac=stable,mac.prefix=02"]


def distinct(number, inside=""):
    """A domain with a MAC of its own."""
    mac = f"52:54:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}".encode()
    return domain(f"d{number}", inside).replace(b"52:54:00:00:00:01", mac)


class Batch(Case):
    def tree(self, *names):
        for number, name in enumerate(names):
            self.write(name, distinct(number))

    def many(self, count=60):
        return [self.write(f"many/{n:03}.xml", distinct(n)) for n in range(count)]

    def counted(self, done, text):
        self.assertIn(text.encode() + b"\n", done.stderr)


class Inputs(Batch):
    def test_a_folder_is_taken_with_r_in_the_order_of_names(self):
        self.tree("t/b.xml", "t/a/z.xml", "t/notes.txt", "t/a.xml")
        os.symlink("b.xml", self.folder / "t/link.xml")
        done = self.run_program(*APPLY, "-r", "t")
        self.expect(done, 0, stderr=b"3 documents: 3 changed, 0 unchanged, 0 failed\n")
        names = [done.stdout.index(f"<name>d{n}<".encode()) for n in (3, 1, 0)]
        self.assertEqual(names, sorted(names))

    def test_a_folder_without_r_is_told(self):
        self.tree("t/a.xml")
        done = self.run_program(*APPLY, "t")
        self.expect(done, 4, stdout=b"",
                    stderr=b"virt-iface: error: cannot read 't': it is a directory (-r reads the *.xml files of a directory)\n")

    def test_files_from_a_list_and_from_stdin(self):
        self.tree("a.xml", "b c.xml")
        wanted = self.run_program(*APPLY, "-q", "a.xml", "b c.xml").stdout
        self.write("list", b"a.xml\r\n\nb c.xml")
        for words, stdin in ((["--files-from", "list"], b""), (["--files-from", "-"], b"a.xml\nb c.xml\n"),
                             (["--files-from", "-", "-0"], b"a.xml\0b c.xml\0")):
            done = self.run_program(*APPLY, "-q", *words, stdin=stdin)
            self.expect(done, 0, stdout=wanted, stderr=b"")

    def test_a_dash_in_a_list_is_not_stdin(self):
        self.tree("a.xml", "-")
        self.write("list", b"a.xml\n-\n")
        for words, stdin in ((["list"], domain()), (["-"], b"-\n"), (["-", "-0"], b"a.xml\0-\0")):
            done = self.run_program(*APPLY, "--files-from", *words, stdin=stdin)
            self.expect(done, 2, stdout=b"", stderr=b"virt-iface: error: '-' in a list of files does not stand for "
                                                    b"stdin (name - as a word, or ./- if a file is called so)\n")
        self.expect(self.run_program(*APPLY, "--files-from", "-", stdin=b"a.xml\n./-\n"), 0)

    def test_a_hundred_thousand_words_are_read_in_no_time(self):
        names = ["a.xml"] * 20_000
        self.tree("a.xml")
        begin = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.expect(self.run_program(*APPLY, "-q", "--check", *names), 1, b"a.xml: interface 2 (network on blue) would be added\n" * 20_000, b"")
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begin.ru_utime, 30)

    def test_nothing_was_named(self):
        (self.folder / "empty").mkdir()
        self.write("list", b"\n")
        said = b"virt-iface: error: there is no document (--files-from and -r have named no file)\n"
        for command in (APPLY, ["list"]):
            for words in (["-r", "empty"], ["--files-from", "list"]):
                self.expect(self.run_program(*command, *words), 3, stdout=b"", stderr=said)

    def test_list_reads_many(self):
        self.tree("t/a.xml", "t/b.xml", "t/c.xml")
        one = self.run_program("list", "--format", "json", "-r", "t")
        self.expect(one, 0)
        self.assertEqual([r["domain"] for r in json.loads(one.stdout)], ["d0", "d1", "d2"])
        self.expect(self.run_program("list", "--format", "json", "-r", "t", "--jobs", "2"), 0, stdout=one.stdout)

    def test_list_stops_where_it_is_told_to(self):
        self.tree("a.xml", "c.xml")
        names = lambda *more: [r["domain"] for r in json.loads(
            self.run_program("list", "--format", "json", *more, "a.xml", "gone.xml", "c.xml").stdout)]
        self.assertEqual(names(), ["d0", "d1"])
        self.assertEqual(names("--fail-fast"), ["d0"])


class Templates(Batch):
    """convert takes many templates as the other commands take many documents."""
    LAN = b"<interface type='network'>\n  <source network='lan'/>\n  <model type='virtio'/>\n</interface>\n"

    def templates(self):
        self.write("t/a.conf", b"[main]\nnetworks = lan\n")
        self.write("t/sub/b.json", b'{"networks": ["blue"]}')
        self.write("t/sub/notes.txt", b"neither")
        self.write("t/web.xml", domain())

    def test_a_folder_becomes_a_folder(self):
        self.templates()
        done = self.run_program("convert", "-r", "t", "--output-dir", "out", "--jobs", "2")
        self.expect(done, 0, b"", b"2 documents: 2 changed, 0 unchanged, 0 failed\n")
        self.assertEqual(json.loads((self.folder / "out/a.json").read_text())["networks"], ["lan"])
        self.assertEqual((self.folder / "out/sub/b.conf").read_text(), "[main]\nnetworks = blue\n")
        done = self.run_program("convert", "-r", "t", "--output-dir", "domains", "--to", "domain", "-q")
        self.expect(done, 0, b"", b"")
        self.assertIn(b"<source network='lan'/>", (self.folder / "domains/a.xml").read_bytes())
        self.assertEqual([n for n in self.names() if n.startswith("domains")], ["domains/a.xml", "domains/sub/b.xml"])

    def test_lists_of_templates(self):
        self.templates()
        wanted = self.LAN + self.LAN.replace(b"lan", b"blue")
        self.write("list", b"t/a.conf\nt/sub/b.json\n")
        for words, stdin in ((["--files-from", "list"], b""), (["--files-from", "-"], b"t/a.conf\nt/sub/b.json"),
                             (["--files-from", "-", "-0"], b"t/a.conf\0t/sub/b.json\0"),
                             (["-c", "t/a.conf", "t/sub/b.json"], b"")):
            self.expect(self.run_program("convert", "--to", "xml", "-q", *words, stdin=stdin), 0, wanted, b"")
        streamed = self.run_program("convert", "--to", "xml", "-q", "-0", stdin=b'[main]\nnetworks=lan\n\0{"networks":["lan"]}')
        self.expect(streamed, 0, self.LAN + b"\0" + self.LAN, b"")

    def test_one_that_fails_is_named_and_the_rest_goes_on(self):
        self.templates()
        self.write("t/bad.conf", b"[main]\nnetwork = lan\n")
        done = self.run_program("convert", "-r", "t", "--output-dir", "out", "--report", "r")
        self.expect(done, 3, b"")
        self.counted(done, "3 documents: 2 changed, 0 unchanged, 1 failed\n  t/bad.conf: unknown key 'network' in [main]")
        self.assertEqual([json.loads(line)["status"] for line in (self.folder / "r").read_text().splitlines()],
                         ["converted", "failed", "converted"])
        fast = self.run_program("convert", "-r", "t", "--to", "xml", "--fail-fast")
        self.expect(fast, 3, self.LAN)
        self.expect(self.run_program("convert", "-r", "t", "--keep-going", "--fail-fast"), 2, b"")

    def test_the_same_bytes_with_any_jobs(self):
        for n in range(100):
            self.write(f"many/{n:03}.conf", f"[main]\nnetworks = n{n}\n".encode())
        one = self.run_program("convert", "-r", "many", "--to", "domain", "--arch", "s390x")
        self.assertEqual(one.stdout.count(b"<source network="), 100)
        self.expect(self.run_program("convert", "-r", "many", "--to", "domain", "--arch", "s390x", "--jobs", "4"), 0,
                    one.stdout, one.stderr)

    def test_changes_of_one_template_at_once_are_all_kept(self):
        self.write("t.conf", b"[main]\nnetworks =\n")
        names = [f"net{n}" for n in range(12)]
        children = [subprocess.Popen([PROGRAM, "attach", "--template", "t.conf", "--in-place", "--interface",
                                      f"type=network,name={name}"], cwd=self.folder) for name in names]
        self.assertEqual([child.wait(60) for child in children], [0] * len(names))
        listed = self.run_program("list", "--template", "t.conf", "--format", "tsv").stdout.decode().splitlines()[1:]
        self.assertEqual(sorted(row.split("\t")[3] for row in listed), sorted(names))

    def test_a_fixed_mac_in_two_templates_is_told(self):
        for name in ("a.conf", "b.conf"):
            self.write(name, b"[interfaces.0]\ntype = ovs\nname = v0\nmac = 52:54:00:00:00:09\n")
        done = self.run_program("convert", "--output-dir", "out", "a.conf", "b.conf")
        self.assertIn(b"MAC 52:54:00:00:00:09 is in 'a.conf' (interface 1) and in 'b.conf' (interface 1)", done.stderr)

    def test_what_has_no_name_or_a_wrong_one(self):
        self.write("a.conf", b'{"networks": []}')
        done = self.run_program("convert", "--output-dir", "out", "a.conf")
        self.expect(done, 3, b"")
        self.assertIn(b"a.conf: error: this is JSON, which its name does not say", done.stderr)
        for words in (["-"], ["--interface", "type=ovs,name=v0"]):
            self.expect(self.run_program("convert", "--output-dir", "out", *words), 2, b"")


class Results(Batch):
    def test_output_dir_keeps_the_tree(self):
        self.tree("t/a.xml", "t/x/y/a.xml")
        (self.folder / "t/a.xml").chmod(0o600)
        self.expect(self.run_program(*APPLY, "-r", "t", "--output-dir", "out"), 0, stdout=b"")
        self.assertEqual(self.names(), ["out/a.xml", "out/x/y/a.xml", "t/a.xml", "t/x/y/a.xml"])
        self.expect_added(distinct(1), (self.folder / "out/x/y/a.xml").read_bytes())
        self.assertEqual((self.folder / "out/a.xml").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.folder / "t/a.xml").read_bytes(), distinct(0))

    def test_a_result_is_not_readable_by_more_than_its_document(self):
        self.tree("a.xml")
        self.write("a.conf", b"[interfaces.0]\ntype = ovs\nname = v0\n")
        for name in ("a.xml", "a.conf"):
            (self.folder / name).chmod(0o600)
        for words in ([*APPLY, "a.xml"], ["convert", "--to", "json", "a.conf"], ["convert", "--to", "conf", "--proposal", "1", "a.conf"],
                      ["attach", "--interface", "type=ovs,name=v1", "--template", "a.conf"]):
            self.expect(self.run_program(*words, "-o", "new"), 0)
            self.assertEqual((self.folder / "new").stat().st_mode & 0o777, 0o600, words)
            (self.folder / "new").unlink()

    def test_a_list_keeps_the_paths_that_it_has(self):
        self.tree("x/a.xml", "y/a.xml")
        done = self.run_program(*APPLY, "--files-from", "-", "--output-dir", "out", stdin=b"x/a.xml\n./y/a.xml\n")
        self.expect(done, 0, stdout=b"")
        self.assertIn("out/y/a.xml", self.names())

    def test_two_results_of_one_name_are_refused(self):
        self.tree("x/a.xml", "y/a.xml")
        done = self.run_program(*APPLY, "--output-dir", "out", "x/a.xml", "y/a.xml")
        self.expect(done, 2, stdout=b"")
        self.assertIn(b"'x/a.xml' and 'y/a.xml' would both become 'out/a.xml'", done.stderr)
        self.assertEqual(self.names(), ["x/a.xml", "y/a.xml"])

    def test_a_result_over_its_own_document_is_refused(self):
        self.tree("a.xml", "b.xml")
        for folder in (".", "../" + self.folder.name, str(self.folder)):
            done = self.run_program(*APPLY, "--output-dir", folder, "a.xml", "b.xml")
            self.expect(done, 2, stdout=b"")
            self.assertIn(b"use --in-place if that is meant", done.stderr)
        self.assertEqual((self.folder / "a.xml").read_bytes(), distinct(0))

    def test_a_report_over_a_document_is_refused(self):
        self.tree("a.xml", "b.xml")
        os.link(self.folder / "b.xml", self.folder / "c.json")
        for words in (["--in-place"], ["--check"], ["--output-dir", "o"]):
            done = self.run_program(*APPLY, *words, "--report", "c.json", "a.xml", "b.xml")
            self.expect(done, 2, stdout=b"")
            self.assertIn(b"the report would be written over the document 'b.xml'", done.stderr)
        self.assertEqual((self.folder / "b.xml").read_bytes(), distinct(1))
        self.expect(self.run_program(*APPLY, "--check", "--report", "new.json", "a.xml"), 1)

    def test_a_report_over_anything_else_is_refused(self):
        self.tree("a.xml", "b.xml")
        self.write("o/a.xml", b"old result")
        self.write("list", b"a.xml\n")
        self.write("conf", CONF)
        os.symlink("conf", self.folder / "link")
        self.write("s.xsl", b"<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>")
        before = {name: (self.folder / name).read_bytes() for name in self.names()}
        for report, what, words in (
                ("new", b"result 'new'", ["-o", "new", "a.xml"]),
                ("./sub/../new", b"result 'new'", ["-o", "new", "a.xml"]),
                ("o/a.xml", b"result 'o/a.xml'", ["--output-dir", "o", "a.xml"]),
                ("o/b.xml", b"result 'o/b.xml'", ["--output-dir", "o", "a.xml", "b.xml"]),
                ("conf", b"configuration 'conf'", ["-c", "conf", "a.xml"]),
                ("link", b"configuration 'conf'", ["-c", "conf", "a.xml"]),
                ("s.xsl", b"stylesheet 's.xsl'", ["--stylesheet", "s.xsl", "a.xml"]),
                ("list", b"list 'list'", ["--files-from", "list"])):
            done = self.run_program(*APPLY, "--report", report, *words)
            self.expect(done, 2, stdout=b"")
            self.assertIn(b"the report would be written over the " + what, done.stderr)
            self.assertEqual({name: (self.folder / name).read_bytes() for name in self.names()}, before)
        self.expect(self.run_program(*APPLY, "--report", "/dev/null", "-o", "/dev/null", "a.xml"), 0, stdout=b"")
        self.expect(self.run_program(*APPLY, "--report", "/dev/stdout", "a.xml"), 2, stdout=b"")

    def test_results_that_links_make_one_are_refused(self):
        self.tree("x.xml", "y.xml", "t/p/a.xml", "t/q/a.xml")
        (self.folder / "out").mkdir()
        os.symlink("y.xml", self.folder / "out/x.xml")
        for _ in range(2):  # a link to nothing, then to a file
            done = self.run_program(*APPLY, "--output-dir", "out", "x.xml", "y.xml")
            self.expect(done, 2, stdout=b"")
            self.assertRegex(done.stderr, b"'x.xml' and 'y.xml' would both become '/.*/out/y.xml' "
                                          rb"\(there are links below 'out': ")
            self.assertEqual(os.readlink(self.folder / "out/x.xml"), "y.xml")
            self.write("out/y.xml", b"old")
        (self.folder / "o/q").mkdir(parents=True)
        os.symlink("q", self.folder / "o/p")
        self.expect(self.run_program(*APPLY, "--output-dir", "o", "-r", "t"), 2, stdout=b"")
        self.expect(self.run_program(*APPLY, "--output-dir", "out", "x.xml"), 0, stdout=b"")
        self.expect_added(distinct(0), (self.folder / "out/y.xml").read_bytes())

    def test_its_own_results_are_no_input(self):
        self.tree("a.xml", "x/b.xml")
        for _ in range(2):
            done = self.run_program(*APPLY, "-r", ".", "--output-dir", "out")
            self.expect(done, 0, stderr=b"2 documents: 2 changed, 0 unchanged, 0 failed\n")
        self.assertEqual(self.names(), ["a.xml", "out/a.xml", "out/x/b.xml", "x/b.xml"])

    def test_destinations_exclude_each_other(self):
        self.tree("a.xml")
        for words in (["-i", "--output-dir", "o"], ["-o", "f", "--output-dir", "o"], ["--backup", ".b"],
                      ["--keep-going", "--fail-fast"], ["--report", "-"], ["--jobs", "many"]):
            self.expect(self.run_program(*APPLY, *words, "a.xml"), 2, stdout=b"")
        self.expect(self.run_program(*APPLY, "--output-dir", "o", stdin=domain()), 2, stdout=b"")
        self.assertEqual(self.names(), ["a.xml"])

    def test_the_same_bytes_with_any_jobs(self):
        self.many(200)
        self.write("many/100.xml", b"<domain>")
        self.write("many/150.xml", distinct(150, "    <!-- " + "long " * 100_000 + "-->\n"))
        one = self.run_program(*APPLY, "-r", "many")
        self.assertEqual(one.returncode, 3)
        for jobs in ("2", "0", "7"):
            self.expect(self.run_program(*APPLY, "-r", "many", "--jobs", jobs), 3, one.stdout, one.stderr)

    @unittest.skipIf("TSAN_OPTIONS" in os.environ, "skipped: ThreadSanitizer needs more address space")
    def test_fewer_threads_than_jobs(self):
        """The limit of the address space leaves room for two of the 200, with what their work needs."""
        self.many(200)
        wanted = self.run_program(*APPLY, "-q", "-r", "many").stdout
        done = self.run_program(*APPLY, "-q", "-r", "many", "--jobs", "200",
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20)))
        self.expect(done, 0, stdout=wanted, stderr=b"")

    def test_the_same_bytes_with_all_that_threads_share(self):
        """The schema, a stylesheet and the MACs seen so far."""
        self.many(100)
        self.write("note.xsl", b"""<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>
<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>
<xsl:template match='name'><xsl:copy-of select='.'/><title><xsl:value-of select='.'/></title></xsl:template>
</xsl:stylesheet>""")
        words = [*STABLE, "--validate", "--stylesheet", "note.xsl", "--report", "report", "-r", "many"]
        one = self.run_program(*words)
        self.expect(one, 0)
        self.assertEqual(one.stdout.count(b"<title>d"), 100)
        report = (self.folder / "report").read_bytes()
        for jobs in ("2", "8"):
            self.expect(self.run_program(*words, "--jobs", jobs), 0, one.stdout, one.stderr)
            self.assertEqual((self.folder / "report").read_bytes(), report)

    def test_a_request_that_is_warned_of_is_warned_of_once(self):
        self.many(50)
        words = ["apply", "--interface", "type=network,name=blue,mac=stable", "--interface", "type=network,name=red",
                 "-r", "many"]
        said = self.run_program(*words).stderr
        self.assertEqual(self.run_program(*words, "--jobs", "4").stderr, said)

    def test_failures_are_named_and_the_rest_goes_on(self):
        self.tree("a.xml", "c.xml")
        self.write("b.xml", b"<network/>")
        done = self.run_program(*APPLY, "--in-place", "a.xml", "b.xml", "gone.xml", "c.xml")
        self.expect(done, 4, stdout=b"")
        self.counted(done, "4 documents: 2 changed, 0 unchanged, 2 failed\n"
                           "  b.xml: the root element is <network>, not a domain\n"
                           "  gone.xml: cannot open 'gone.xml': No such file or directory")
        self.expect_added(distinct(1), (self.folder / "c.xml").read_bytes())
        again = self.run_program(*APPLY, "--in-place", "a.xml", "b.xml", "c.xml")
        self.counted(again, "3 documents: 0 changed, 2 unchanged, 1 failed\n"
                            "  b.xml: the root element is <network>, not a domain")

    def test_fail_fast_leaves_the_rest(self):
        self.tree("a.xml", "c.xml")
        self.write("b.xml", b"<network/>")
        done = self.run_program(*APPLY, "--in-place", "--fail-fast", "a.xml", "b.xml", "c.xml")
        self.expect(done, 3, stdout=b"")
        self.assertEqual((self.folder / "c.xml").read_bytes(), distinct(1))
        self.expect_added(distinct(0), (self.folder / "a.xml").read_bytes())
        shown = self.run_program(*APPLY, "--fail-fast", "--jobs", "2", "a.xml", "b.xml", "c.xml")
        self.expect(shown, 3, stdout=(self.folder / "a.xml").read_bytes())

    def test_the_summary_for_programs(self):
        self.tree("a.xml")
        self.write("b.xml", b"<network/>")
        done = self.run_program(*APPLY, "--error-format", "json", "a.xml", "b.xml")
        summary = json.loads(done.stderr.splitlines()[-1])["summary"]
        self.assertEqual((summary["documents"], summary["converted"], summary["failed"]), (2, 1, 1))
        self.assertEqual(summary["failures"][0]["file"], "b.xml")

    def test_a_line_of_report_for_each_document(self):
        self.tree("a.xml", "b.xml")
        self.write("c.xml", b"<network/>")
        self.write("b.xml", self.run_program(*STABLE, "b.xml").stdout)
        self.run_program(*STABLE, "--in-place", "--report", "r", "--jobs", "2", "a.xml", "b.xml", "c.xml")
        a, b, c = map(json.loads, (self.folder / "r").read_text().splitlines())
        self.assertEqual([a["status"], b["status"], c["status"]], ["converted", "unchanged", "failed"])
        self.assertEqual([a["file"], a["name"], b["name"]], ["a.xml", "d0", "d1"])
        self.assertEqual(len(a["macs_added"]), 1)
        self.assertIn(a["macs_added"][0].encode(), (self.folder / "a.xml").read_bytes())
        self.assertEqual((a["changes"][0]["change"], a["changes"][0]["source"], b["changes"]), ("added", "blue", []))
        self.assertEqual(c["error"], "the root element is <network>, not a domain")

    def test_progress_is_for_terminals(self):
        self.many(3)
        reader, writer = pty.openpty()
        slow = 'for n in 0 1 2; do cat many/00$n.xml; sleep 0.8; done | head -c 9999999'
        done = self.shell(f'{slow} | "$0" "$@" >out 2>err', *APPLY)
        self.assertEqual(done.returncode, 0)
        self.assertNotIn(b"\r", (self.folder / "err").read_bytes())
        documents = b"".join(distinct(n) for n in range(30_000))
        self.write("stream", documents)
        with open(self.folder / "stream", "rb") as stream, open(self.folder / "out", "wb") as out:
            child = subprocess.Popen([PROGRAM, *STABLE, "--validate"], stdin=stream, stdout=out, stderr=writer)
        os.close(writer)
        said = b""
        deadline = time.monotonic() + 60
        while b"documents, " not in said and time.monotonic() < deadline:
            said += os.read(reader, 65536)
        child.terminate()
        child.wait()
        os.close(reader)
        self.assertRegex(said, rb"\r\x1b\[K\d+ documents, \d+/s")


class Macs(Batch):
    def test_one_mac_in_two_domains_is_told_with_a_hint(self):
        self.write("a.xml", domain("a"))
        self.write("b.xml", domain("b"))
        done = self.run_program(*APPLY, "a.xml", "b.xml")
        self.expect(done, 0)
        self.assertIn(b"warning: MAC 52:54:00:00:00:01 is in 'a.xml' (interface 1) and in 'b.xml' (interface 1) "
                      b"(it was there before; give one of them another with update)\n", done.stderr)

    def test_check_fails_on_it(self):
        for name in "ab":
            self.write(name + ".xml", self.run_program(*APPLY, stdin=domain(name)).stdout)
        self.expect(self.run_program(*APPLY, "--check", "a.xml"), 0)
        self.expect(self.run_program(*APPLY, "--check", "--quiet", "a.xml", "b.xml"), 1, stdout=b"", stderr=b"")

    def test_the_same_domain_twice_is_no_fault(self):
        with_uuid = domain("a").replace(b"</name>", b"</name><uuid>2f0d7a66-9f86-4a43-9d7e-0ab0e2a3bd11</uuid>")
        for document, said in ((with_uuid, self.assertNotIn), (domain("a"), self.assertIn)):  # without it they are two
            self.write("a.xml", document)
            self.write("copy.xml", document)
            said(b"MAC", self.run_program(*APPLY, "a.xml", "copy.xml").stderr)

    def test_a_seed_that_is_the_same_for_all_is_found_out(self):
        self.many(2)
        words = ["apply", "--interface", "type=network,name=blue,mac=stable,mac.seed=site", "-r", "many"]
        self.assertIn(b"is in 'many/000.xml' (interface 2) and in 'many/001.xml' (interface 2)", self.run_program(*words).stderr)

    def test_none_among_a_hundred_thousand_domains(self):
        self.write("stream", b"".join(b"<domain><name>d%d</name><devices/></domain>" % n for n in range(100_000)))
        with open(self.folder / "stream", "rb") as stream:
            done = self.run_program(*STABLE, stdin=stream)
        self.expect(done, 0, stderr=b"100000 documents: 100000 changed, 0 unchanged, 0 failed\n")
        self.assertEqual(done.stdout.count(b"<mac address='02:"), 100_000)


class Stops(Batch):
    def whole(self, paths):
        """How many files were converted; each is the old one or the new one."""
        done = 0
        for number, path in enumerate(paths):
            if path.read_bytes() != distinct(number):
                self.expect_added(distinct(number), path.read_bytes())
                done += 1
        return done

    @staticmethod
    def size(path):
        return path.stat().st_size

    def test_a_signal_leaves_whole_files_and_a_second_run_does_the_rest(self):
        chance = random.Random(5)
        codes = set()
        for attempt in range(30):
            paths = self.many()
            number = (signal.SIGINT, signal.SIGTERM)[attempt % 2]
            child = subprocess.Popen([PROGRAM, *APPLY, "--in-place", "--jobs", str(1 + attempt % 3), "-r", "many"],
                                     cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if attempt % 3:  # once the first file is done
                while child.poll() is None and self.size(paths[0]) == len(distinct(0)):
                    time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.02))
            child.send_signal(number)
            out, said = child.communicate(timeout=60)
            codes.add(child.returncode)
            self.assertIn(child.returncode, (0, 128 + number, -number), said)
            self.assertEqual(out, b"")
            self.assertEqual(len(self.names()), len(paths), "something was left over")
            count = self.whole(paths)
            if child.returncode == 128 + number:
                self.counted(child_result(said), f"stopped after {count} document{'s' * (count != 1)}: "
                                                 f"{count} changed, 0 unchanged, 0 failed")
            rest = self.run_program(*APPLY, "--in-place", "-r", "many")
            self.counted(rest, f"60 documents: {60 - count} changed, {count} unchanged, 0 failed")
        self.assertTrue(codes & {130, 143}, f"no attempt was stopped on its way: {codes}")

    def test_kill_leaves_whole_files(self):
        chance = random.Random(6)
        for attempt in range(30):
            paths = self.many()
            child = subprocess.Popen([PROGRAM, *APPLY, "--in-place", "--jobs", "2", "-r", "many"], cwd=self.folder,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 0.1))
            child.kill()
            child.wait()
            self.whole(paths)

    def test_waiting_for_stdin_it_stops(self):
        child = subprocess.Popen([PROGRAM, *APPLY], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        wait_until(lambda: handles(child, signal.SIGTERM))
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=20), 143)
        for stream in (child.stdin, child.stdout, child.stderr):
            stream.close()

    def test_two_runs_over_one_tree_do_each_file_once(self):
        for _ in range(5):
            paths = self.many()
            words = [PROGRAM, "apply", "--policy", "append", *OPTION, "--in-place", "--jobs", "2", "-r", "many"]
            both = [subprocess.Popen(words, cwd=self.folder, stderr=subprocess.PIPE) for _ in range(2)]
            for child in both:
                said = child.communicate(timeout=60)[1]
                self.assertEqual(child.returncode, 0, said)
            for path in paths:
                self.assertEqual(path.read_bytes().count(INTERFACE), 2, "an interface of one run was lost")
            self.assertEqual(len(self.names()), len(paths))

    def test_a_file_changed_meanwhile_is_left_as_it_is(self):
        """The stylesheet runs long enough for another editor to write the file."""
        path = self.write("a.xml", domain("a"))
        self.write("slow.xsl", b"""<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>
<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>
<xsl:template name='wait'><xsl:param name='n'/><xsl:if test='$n &gt; 0'><xsl:call-template name='wait'>
<xsl:with-param name='n' select='$n - 1'/></xsl:call-template><xsl:call-template name='wait'>
<xsl:with-param name='n' select='$n - 1'/></xsl:call-template></xsl:if></xsl:template>
<xsl:template match='/'><xsl:call-template name='wait'><xsl:with-param name='n' select='19'/></xsl:call-template>
<xsl:apply-templates/></xsl:template></xsl:stylesheet>""")
        child = subprocess.Popen([PROGRAM, *APPLY, "--in-place", "--stylesheet", "slow.xsl", "a.xml"], cwd=self.folder,
                                 stderr=subprocess.PIPE)
        wait_until(lambda: position_in(child, path))
        path.write_bytes(domain("other"))
        said = child.communicate(timeout=120)[1]
        self.assertEqual(child.returncode, 4, said)
        self.assertIn(b"'a.xml' was changed while it was converted (it was left as it is now; run again)", said)
        self.assertEqual(path.read_bytes(), domain("other"))

    def test_stdout_that_cannot_be_written_ends_the_run(self):
        self.many(20)
        with open("/dev/full", "wb") as full:
            done = self.run_program(*APPLY, "-r", "many", stdout=full)
        self.expect(done, 4, stderr=b"virt-iface: error: cannot write 'stdout': No space left on device\n", stdout=None)

    @unittest.skipUnless(os.geteuid() == 0, "skipped: needs root")
    def test_a_full_disk_leaves_whole_files(self):
        self.many()
        script = """mkdir m && mount -t tmpfs -o size=320k none m && cp many/* m/ && cat /dev/zero >m/full
"$0" "$@" -r m; echo "status $?"; mkdir after; cp m/*.xml after/; ls -A m | wc -l; rm m/full; "$0" "$@" -r m"""
        done = subprocess.run(["unshare", "-m", "--propagation", "private", "sh", "-c", script, PROGRAM, *APPLY,
                               "--in-place", "--jobs", "2"], cwd=self.folder, timeout=120, capture_output=True,
                              check=False)
        self.assertIn(b"status 4\n61\n", done.stdout, done.stderr)
        self.assertIn(b"No space left on device", done.stderr)
        for number in range(60):
            found = (self.folder / f"after/{number:03}.xml").read_bytes()
            if found != distinct(number):
                self.expect_added(distinct(number), found)
        self.assertEqual(done.returncode, 0, "the second run did not do the rest")


def child_result(said):
    return subprocess.CompletedProcess([], 0, b"", said)


class Diffs(Batch):
    """What --diff prints over a tree is taken by git apply and patch -p1, whatever the files are called."""
    names = ("a.xml", "sub/b.xml", "with space.xml", "tab\there.xml", 'quo"te.xml', "no newline.xml")

    def test_git_apply_and_patch_take_it(self):
        self.tree(*self.names)
        last = self.folder / self.names[-1]
        last.write_bytes(last.read_bytes().rstrip(b"\n"))
        before = {name: (self.folder / name).read_bytes() for name in self.names}
        spelled = ["./a.xml", "sub/..//./sub//b.xml", *self.names[2:]]
        done = self.run_program(*APPLY, "--diff", "-q", *spelled)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b"--- a/sub/b.xml\n+++ b/sub/b.xml\n", done.stdout)
        patch = self.write("all.patch", done.stdout)
        wanted = {name: self.run_program(*APPLY, name).stdout for name in self.names}
        for tool in (["git", "apply", "-p1", str(patch)], ["patch", "-p1", "-s", "-i", str(patch)]):
            if not shutil.which(tool[0]):
                continue
            for name, text in before.items():
                (self.folder / name).write_bytes(text)
            # Inside a repository git apply would look for the files beneath its top.
            done = subprocess.run(tool, cwd=self.folder, capture_output=True, check=False,
                                  env={**os.environ, "GIT_CEILING_DIRECTORIES": str(self.folder.parent)})
            self.assertEqual(done.returncode, 0, done)
            for name in self.names:
                self.assertEqual((self.folder / name).read_bytes(), wanted[name], (tool, name))

    def test_of_a_path_from_the_root(self):
        path = self.write("a.xml", distinct(0))
        done = self.run_program(*APPLY, "--diff", str(path))
        self.assertIn(f"--- a{path}\n+++ b{path}\n".encode(), done.stdout)


class Configuration(Batch):
    def test_with_a_list_on_stdin_the_configuration_is_a_file(self):
        self.tree("a.xml")
        self.write("c", CONF)
        done = self.run_program("apply", "-c", "c", "--files-from", "-", "-q", stdin=b"a.xml\n")
        self.expect_added(distinct(0), done.stdout)
        self.expect(self.run_program("apply", "-c", "-", "--files-from", "-", stdin=b"a.xml\n"), 2, stdout=b"")


if __name__ == "__main__":
    unittest.main()
