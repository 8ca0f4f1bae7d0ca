#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A user's stylesheet reads the document and its parameters; no other file, no network, and it ends."""
import os
import resource
import socket
import unittest

from common import CANARY, Case, domain, listener

HEAD = ('<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" '
        'xmlns:exsl="http://exslt.org/common" xmlns:saxon="http://icl.com/saxon" '
        'extension-element-prefixes="exsl saxon">')
IDENTITY = '<xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>'
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
                    f"sheets/s.xsl:2: error: the stylesheet asks for a file or the network: {what} read for {shown} refused "
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
                  "sheets/s.xsl:2: error: templates call each other without end\n")

    def test_many_steps(self):
        again = '<xsl:apply-templates select="."><xsl:with-param name="n" select="$n + 1"/></xsl:apply-templates>'
        self.ends(sheet('<xsl:template match="title"><xsl:param name="n" select="0"/>'
                        f'<xsl:if test="$n &lt; 60">{again}{again}</xsl:if></xsl:template>'),
                  "sheets/s.xsl: error: the stylesheet takes too many steps (does it end?)\n")

    def test_many_steps_in_a_path(self):
        path = "//*"
        for _ in range(9):
            path = f"//*[count({path}) &gt; 0]"
        self.ends(sheet(f'<xsl:template match="title"><xsl:value-of select="count({path})"/></xsl:template>'),
                  "sheets/s.xsl: error: the stylesheet takes too many steps (does it end?)\n")

    def test_one_long_step(self):
        self.document = self.document.replace(b"<title>a<", b"<title>" + b"ab" * 1_000_000 + b"<").replace(
            b"<name>", b"<description>" + b"xy" * 1_000_000 + b"</description><name>")
        self.ends(sheet('<xsl:template match="title"><xsl:value-of select="translate(../description, ., \'\')"/></xsl:template>'),
                  "virt-iface: error: the stylesheet takes too long (does it end?)\n")

    def test_a_text_that_doubles(self):
        data = sheet('<xsl:template match="title"><xsl:param name="s" select="\'0123456789\'"/><xsl:apply-templates select="."'
                     '><xsl:with-param name="s" select="concat($s, $s)"/></xsl:apply-templates></xsl:template>')
        self.ends(data, "sheets/s.xsl: error: the stylesheet needs too much memory (does it end?)\n")
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(used, 2 << 20, "more than 2 GiB")

    def test_a_limit_is_one_documents_fault(self):
        self.write("sheets/s.xsl", sheet(
            '<xsl:template match="title[. = \'bomb\']"><xsl:param name="s" select="\'0123456789\'"/><xsl:apply-templates '
            'select="."><xsl:with-param name="s" select="concat($s, $s)"/></xsl:apply-templates></xsl:template>'
            '<xsl:template match="title[. = \'a\']"><title>b</title></xsl:template>'))
        self.write("1.xml", self.document.replace(b"<title>a", b"<title>bomb"))
        self.write("2.xml", self.document)
        done = self.run_program("apply", *NOTHING, "--stylesheet", "sheets/s.xsl", "-i", "-j", "1", "1.xml", "2.xml")
        self.expect(done, 3, stdout=b"")
        self.assertIn(b"s.xsl: error: the stylesheet needs too much memory (does it end?)\n", done.stderr)
        self.assertIn(b"<title>bomb", (self.folder / "1.xml").read_bytes())
        self.assertIn(b"<title>b<", (self.folder / "2.xml").read_bytes())

    def test_elements_nested_too_deep(self):
        data = sheet('<xsl:template match="title"><xsl:param name="n" select="0"/><x><xsl:if test="$n &lt; 900"><xsl:apply-templates'
                     ' select="."><xsl:with-param name="n" select="$n + 1"/></xsl:apply-templates></xsl:if></x></xsl:template>')
        self.ends(data, "sheets/s.xsl: error: the stylesheet nests elements more than 256 deep\n")

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
                     "sheets/s.xsl: error: not this one\n")

    def test_no_element(self):
        self.refused(sheet('<xsl:template match="/">text</xsl:template>'),
                     "<stdin>: error: the stylesheet made no element of this document (start from <xsl:copy><xsl:apply-templates "
                     'select="@*|node()"/></xsl:copy> for @*|node())\n')


if __name__ == "__main__":
    unittest.main()
