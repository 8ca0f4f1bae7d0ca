#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A user's stylesheet reads the document and its parameters; no other file, no network, and it ends."""
import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import unittest
from pathlib import Path

from common import CANARY, PROGRAM, Case, domain, listener, wait_until

HEAD = ('<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" '
        'xmlns:exsl="http://exslt.org/common" xmlns:saxon="http://icl.com/saxon" '
        'extension-element-prefixes="exsl saxon">')
IDENTITY = '<xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>'
HINT = " (make sure that it ends)"
NOTHING = ["--policy", "append", "-c", "nothing.conf"]


def sheet(text, front=""):
    return f"{front}{HEAD}\n{text}\n{IDENTITY}\n</xsl:stylesheet>\n".encode()


class Sandbox(Case):
    def setUp(self):
        super().setUp()
        self.write("nothing.conf", b"[main]\nnetworks =\n")
        self.canary = self.write("secret/canary.xml", f"<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/"
                                 f"Transform'><xsl:template match='title'>{CANARY}</xsl:template></xsl:stylesheet>".encode())
        self.document = domain(inside="    <!-- é -->\n").replace(b"</name>", b"</name>\n  <title>a</title>")

    def run_sheet(self, data, *words):
        self.write("sheets/s.xsl", data)
        return self.run_program("apply", *NOTHING, "--stylesheet", "sheets/s.xsl", *words, stdin=self.document)

    def refused(self, data, said):
        """The sheet ends with that message, and nothing of the canary is to be seen."""
        done = self.run_sheet(data)
        self.expect(done, 3, stdout=b"")
        self.assertNotIn(CANARY.encode(), done.stderr)
        self.assertEqual(done.stderr.decode(), said.replace("$", str(self.folder)))

    def test_identity_gives_back_every_byte(self):
        self.expect(self.run_sheet(sheet("")), 0, stdout=self.document, stderr=b"")

    def test_import_beneath_the_folder(self):
        self.write("sheets/more/title.xsl", sheet('<xsl:template match="title"><title>b</title></xsl:template>'))
        done = self.run_sheet(sheet('<xsl:import href="more/title.xsl"/>').replace(IDENTITY.encode(), b""))
        self.expect(done, 0, stdout=self.document.replace(b"<title>a", b"<title>b"), stderr=b"")

    def imports(self, address):
        cure = "it may import files below its own directory, without a DTD, and nothing else"
        for element in ("import", "include"):
            shown = address if "//" in address or address[0] == "/" else os.path.normpath("sheets/" + address)
            self.refused(sheet(f'<xsl:{element} href="{address}"/>'),
                         f"sheets/s.xsl: error: the stylesheet imports '{shown}', which is not there for it ({cure})\n")

    def test_import_by_absolute_path(self):
        self.imports(str(self.canary))
        self.imports(f"file://{self.canary}")

    def test_import_by_dots(self):
        self.imports("../secret/canary.xml")

    def test_import_by_symbolic_link(self):
        (self.folder / "sheets").mkdir()
        (self.folder / "sheets" / "link.xsl").symlink_to(self.canary)
        (self.folder / "sheets" / "folder").symlink_to(self.canary.parent)
        self.imports("link.xsl")
        self.imports("folder/canary.xml")

    def test_import_by_http(self):
        with listener() as (port, came):
            self.imports(f"http://127.0.0.1:{port}/canary.xsl")
            self.imports(f"ftp://127.0.0.1:{port}/canary.xsl")
        self.assertEqual(came, [])

    def test_the_listener_notices(self):
        with listener() as (port, came):
            socket.create_connection(("127.0.0.1", port)).close()
        self.assertEqual(came, [1])

    def test_document_function(self):
        with listener() as (port, came):
            for address, what in ((str(self.canary), "local file"), ("../secret/canary.xml", "local file"),
                                  (f"http://127.0.0.1:{port}/c", "network file")):
                shown = os.path.normpath("sheets/" + address) if address[0] == "." else address
                self.refused(
                    sheet(f'<xsl:template match="title"><xsl:copy-of select="document(\'{address}\')"/></xsl:template>'),
                    f"<stdin>: error: sheets/s.xsl:2: the stylesheet asks for a file or the network: {what} read for {shown} refused "
                    "(it sees the document, its parameters and what it imports; nothing else)\n")
        self.assertEqual(came, [])

    def test_writing(self):
        for element in ("exsl:document", "saxon:output", "xsl:document"):
            name = self.folder / "written"
            attribute = "file" if element == "saxon:output" else "href"
            done = self.run_sheet(sheet(f'<xsl:template match="title"><{element} {attribute}="{name}">x</{element}>'
                                        "</xsl:template>"))
            self.expect(done, 3, stdout=b"")
            self.assertFalse(name.exists(), element)

    def test_dtd_of_the_sheet(self):
        said = "sheets/s.xsl: error: a stylesheet with a DTD is not read (remove its <!DOCTYPE>; write characters for its entities)\n"
        use = '<xsl:template match="title"><title>&e;</title></xsl:template>'
        with listener() as (port, came):
            for entity in (f'SYSTEM "{self.canary}"', '"text"', f'SYSTEM "http://127.0.0.1:{port}/e"'):
                self.refused(sheet(use, f"<!DOCTYPE x [<!ENTITY e {entity}>]>"), said)
            self.refused(sheet("", f'<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/x.dtd">'), said)
        self.assertEqual(came, [])

    def test_dtd_of_an_import(self):
        self.write("sheets/e.xsl", sheet("", f'<!DOCTYPE x [<!ENTITY e SYSTEM "{self.canary}">]>'))
        self.imports("e.xsl")

    def ends(self, data, said):
        begin = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.refused(data, said)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begin.ru_utime, 60)

    def test_templates_that_call_each_other(self):
        self.ends(sheet('<xsl:template match="title"><xsl:apply-templates select="."/></xsl:template>'),
                  "<stdin>: error: sheets/s.xsl:2: templates call each other without end\n")

    def test_many_steps(self):
        again = '<xsl:apply-templates select="."><xsl:with-param name="n" select="$n + 1"/></xsl:apply-templates>'
        self.ends(sheet('<xsl:template match="title"><xsl:param name="n" select="0"/>'
                        f'<xsl:if test="$n &lt; 60">{again}{again}</xsl:if></xsl:template>'),
                  "<stdin>: error: sheets/s.xsl: the stylesheet takes too many steps (make sure that it ends)\n")

    def test_many_steps_in_a_path(self):
        path = "//*"
        for _ in range(9):
            path = f"//*[count({path}) &gt; 0]"
        self.ends(sheet(f'<xsl:template match="title"><xsl:value-of select="count({path})"/></xsl:template>'),
                  "<stdin>: error: sheets/s.xsl: the stylesheet takes too many steps (make sure that it ends)\n")

    def test_one_long_step(self):
        self.document = self.document.replace(b"<title>a<", b"<title>" + b"ab" * 1_000_000 + b"<").replace(
            b"<name>", b"<description>" + b"xy" * 1_000_000 + b"</description><name>")
        self.ends(sheet('<xsl:template match="title"><xsl:value-of select="translate(../description, ., \'\')"/></xsl:template>'),
                  "<stdin>: error: the stylesheet takes too long (make sure that it ends)\n")

    def test_a_text_that_doubles(self):
        data = sheet('<xsl:template match="title"><xsl:param name="s" select="\'0123456789\'"/><xsl:apply-templates select="."'
                     '><xsl:with-param name="s" select="concat($s, $s)"/></xsl:apply-templates></xsl:template>')
        self.ends(data, "<stdin>: error: the stylesheet needs too much memory (make sure that it ends)\n")
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(used, 2 << 20, "more than 2 GiB")

    def test_elements_beyond_number(self):
        """They stand in a result once as libxml2's and once as ours; both count."""
        again = "".join('<xsl:call-template name="t"><xsl:with-param name="n" select="$n - 1"/></xsl:call-template>' for _ in "ab")
        self.document = self.document.replace(b"</title>", b"</title><metadata><m>" + b"<a/>" * 40 + b"</m></metadata>")
        self.ends(sheet('<xsl:template match="title"><xsl:call-template name="t"><xsl:with-param name="n" select="17"/>'
                        '</xsl:call-template></xsl:template><xsl:template name="t"><xsl:param name="n"/>'
                        f'<xsl:if test="$n = 0"><xsl:copy-of select="../metadata/m"/></xsl:if><xsl:if test="$n &gt; 0">{again}</xsl:if>'
                        '</xsl:template>'), "<stdin>: error: the stylesheet needs too much memory (make sure that it ends)\n")
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 2 << 20, "more than 2 GiB")

    def test_elements_nested_too_deep(self):
        data = sheet('<xsl:template match="title"><xsl:param name="n" select="0"/><x><xsl:if test="$n &lt; 900"><xsl:apply-templates'
                     ' select="."><xsl:with-param name="n" select="$n + 1"/></xsl:apply-templates></xsl:if></x></xsl:template>')
        self.ends(data, "<stdin>: error: sheets/s.xsl: the stylesheet nests elements more than 256 deep\n")

    def test_parameters_are_texts_and_the_last_counts(self):
        data = sheet('<xsl:param name="p"/><xsl:param name="q" select="\'none\'"/><xsl:template match="title"><title>'
                     '<xsl:value-of select="concat($p, \'-\', $q)"/></title></xsl:template>')
        for words, title in ((["--param", "p=1"], "1-none"), (["--param", "p=1", "--param", "q=2", "--param", "p=3"], "3-2"),
                             (["--param", "p=/domain/name", "--param", "q=it's \"é\" <&=;"], "/domain/name-it's \"é\" &lt;&amp;=;"),
                             (["--param", "p="], "-none")):
            done = self.run_sheet(data, *words)
            self.expect(done, 0, stdout=self.document.replace(b"<title>a<", f"<title>{title}<".encode()), stderr=b"")

    def test_a_parameter_without_a_name(self):
        for word in ("p", "=1"):
            done = self.run_sheet(sheet(""), "--param", word)
            self.expect(done, 2, stdout=b"", stderr=f"virt-iface: error: --param '{word}' is not NAME=VALUE\n".encode())

    def test_what_does_not_compile(self):
        self.refused(sheet("<xsl:foo/>"), "sheets/s.xsl:2: error: the stylesheet does not compile: unknown foo element\n")
        self.refused(sheet("<xsl:template"), "sheets/s.xsl:3:1: error: the stylesheet is not well-formed: "
                     "couldn't find end of Start Tag template line 2\n")

    def test_message_that_ends_it(self):
        self.refused(sheet('<xsl:template match="title"><xsl:message terminate="yes">not this one</xsl:message></xsl:template>'),
                     "<stdin>: error: sheets/s.xsl: not this one\n")

    def test_no_element(self):
        self.refused(sheet('<xsl:template match="/">text</xsl:template>'),
                     "<stdin>: error: the stylesheet made no element of this document (start from <xsl:copy><xsl:apply-templates "
                     'select="@*|node()"/></xsl:copy> for @*|node())\n')


class Isolation(Case):
    """What a sheet does to one document happens to that one alone."""
    limits = """<xsl:template match="title[. = 'long']">
<xsl:value-of select="translate(../description, ../metadata/m, '')"/></xsl:template>
<xsl:template match="title[. = 'large']"><xsl:value-of select="concat({})"/></xsl:template>
<xsl:template match="title[. = 'many']"><xsl:call-template name="t"><xsl:with-param name="n" select="20"/></xsl:call-template>
</xsl:template><xsl:template name="t"><xsl:param name="n"/><x/><xsl:if test="$n &gt; 0">
<xsl:call-template name="t"><xsl:with-param name="n" select="$n - 1"/></xsl:call-template>
<xsl:call-template name="t"><xsl:with-param name="n" select="$n - 1"/></xsl:call-template></xsl:if></xsl:template>
<xsl:template match="title[. = 'said']"><xsl:message terminate="yes">not this one</xsl:message></xsl:template>
<xsl:template match="title[. = 'good']"><xsl:message>seen</xsl:message><title>done</title></xsl:template>""".format(
        ", ".join(["../description"] * 700))

    def setUp(self):
        super().setUp()
        self.write("nothing.conf", b"[main]\nnetworks =\n")
        self.write("s.xsl", sheet(self.limits))

    def make(self, *titles):
        """Documents 1.xml and so on with these titles."""
        text = b"<metadata><m>" + b"xy" * 1_000_000 + b"</m></metadata><description>" + b"ab" * 1_000_000 + b"</description>"
        for number, title in enumerate(titles, 1):
            more = text if title in ("long", "large") else b""
            document = domain(f"g{number}").replace(b"</name>", b"</name>\n  <title>" + title.encode() + b"</title>" + more)
            self.write(f"{number}.xml", document.replace(b":00:01'", f":00:0{number}'".encode()))

    def start(self, *words, **more):
        child = subprocess.Popen([PROGRAM, "apply", *NOTHING, "--stylesheet", "s.xsl", *words], cwd=self.folder,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        self.addCleanup(child.communicate)
        self.addCleanup(child.kill)
        return child

    def processes(self, pid):
        """The processes that `pid` started, with theirs."""
        found = []
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in task.read_text(encoding="utf-8").split():
                found += [int(child), *self.processes(child)]
        return found

    def at_work(self, child):
        """Waits until the sheet runs: the keeper of its process, and that."""
        def busy():
            with contextlib.suppress(OSError, IndexError):
                found[:] = self.processes(child.pid)
                return int(Path(f"/proc/{found[1]}/stat").read_text(encoding="utf-8").split()[13]) > 20
            return False

        found = []
        wait_until(busy)
        return found

    def expect_gone(self, processes):
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes))

    def test_a_limit_is_one_documents_fault(self):
        titles = ["good", "long", "good", "large", "said", "good"]
        said = {"long": "the stylesheet takes too long (make sure that it ends)",
                "large": "the stylesheet needs too much memory (make sure that it ends)", "said": "s.xsl: not this one"}
        self.make(*titles)
        before = {f"{n}.xml": (self.folder / f"{n}.xml").read_bytes() for n in range(1, 7)}
        done = self.run_program("apply", *NOTHING, "--stylesheet", "s.xsl", "-i", "--report", "report", "-j", "2", "--keep-going", *before)
        wanted = [f"{n}.xml: error: {said[t]}" if t in said else f"{n}.xml: note: the stylesheet's message: seen"
                  for n, t in enumerate(titles, 1)]
        wanted += ["6 documents: 3 changed, 0 unchanged, 3 failed",
                   *(f"  {n}.xml: {said[t].replace(HINT, '')}" for n, t in enumerate(titles, 1) if t in said)]
        self.assertEqual(done.stderr.decode().splitlines(), wanted)
        self.expect(done, 3, stdout=b"")
        report = [json.loads(line) for line in (self.folder / "report").read_text(encoding="utf-8").splitlines()]
        self.assertEqual([(r["file"], r["status"], r.get("error")) for r in report],
                         [(f"{n}.xml", "failed", said[t].replace(HINT, "")) if t in said else (f"{n}.xml", "converted", None)
                          for n, t in enumerate(titles, 1)])
        for (name, text), title in zip(before.items(), titles):
            self.assertEqual((self.folder / name).read_bytes(), text.replace(b"<title>good", b"<title>done"), name)

    def test_where_memory_runs_out(self):
        """Less memory than the sheet may take: no one else's work is lost."""
        self.make("good", "many", "good")
        child = self.start("-i", "1.xml", "2.xml", "3.xml",
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (150 << 20, 150 << 20)))
        said = child.communicate(timeout=120)[1]
        self.assertEqual(said.decode().splitlines()[1:3], ["2.xml: error: out of memory", "3.xml: note: the stylesheet's message: seen"])
        self.assertEqual(child.returncode, 4)
        self.assertIn(b"<title>done", (self.folder / "3.xml").read_bytes())

    def test_a_process_that_is_killed(self):
        """As by the kernel where memory is short, which takes it first."""
        self.make("good", "long", "good")
        child = self.start("-i", "--report", "-", "1.xml", "2.xml", "3.xml")
        keeper, worker = self.at_work(child)
        self.assertEqual(Path(f"/proc/{worker}/oom_score_adj").read_text(encoding="utf-8"), "1000\n")
        os.kill(worker, signal.SIGKILL)
        out, said = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 4)
        self.assertEqual(said.decode().splitlines()[1:4], [
            "2.xml: error: the process that ran the stylesheet was killed (the host may be short of memory)",
            "3.xml: note: the stylesheet's message: seen", "3 documents: 2 changed, 0 unchanged, 1 failed"])
        self.assertEqual([json.loads(line)["status"] for line in out.splitlines()], ["converted", "failed", "converted"])
        self.expect_gone([keeper, worker])

    def test_a_keeper_that_is_killed(self):
        self.make("good", "long", "good")
        child = self.start("-i", "1.xml", "2.xml", "3.xml")
        for process in self.at_work(child):
            os.kill(process, signal.SIGKILL)
        said = child.communicate(timeout=60)[1]
        self.assertEqual(child.returncode, 4)
        self.assertRegex(said.decode().splitlines()[2], "^3.xml: error: the process that ran the stylesheet was killed")

    def test_a_stop_ends_all(self):
        for stop in (signal.SIGTERM, signal.SIGINT):
            self.make("long", "good")
            child = self.start("-i", "1.xml", "2.xml")
            processes = self.at_work(child)
            child.send_signal(stop)
            said = child.communicate(timeout=60)[1]
            self.assertNotIn(b"takes too long", said)
            self.assertEqual(child.returncode, -stop if child.returncode < 0 else 128 + stop, said)
            self.assertEqual([pid for pid in processes if Path(f"/proc/{pid}").exists()], [])
            self.assertIn(b"<title>good", (self.folder / "2.xml").read_bytes())

    def test_a_program_that_is_killed_takes_all_along(self):
        self.make("long")
        child = self.start("1.xml")
        processes = self.at_work(child)
        child.kill()
        child.communicate(timeout=60)
        self.expect_gone(processes)

    def test_no_process_stays(self):
        self.make("good", "large", "large", "good")
        child = self.start("-i", "-j", "2", "1.xml", "2.xml", "3.xml", "4.xml", start_new_session=True)
        child.communicate(timeout=120)
        stats = [p.read_text(encoding="utf-8", errors="replace") for p in Path("/proc").glob("[0-9]*/stat")]
        self.assertEqual([s for s in stats if s.rpartition(")")[2].split()[3] == str(child.pid)], [])


if __name__ == "__main__":
    unittest.main()
