#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Documents made to break a parser: each ends with its message, within bounds of time and memory, and nothing but
the document itself is ever read."""
import contextlib
import os
import resource
import subprocess
import unittest

from common import CANARY, INTERFACE, OPTION, PROGRAM, Case, domain, listener

MIB = 1 << 20


def bomb(levels=12):
    """An entity that would be ten to the power of `levels` texts."""
    text = "<!ENTITY e0 'ha'>" + "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, levels))
    return f"<!DOCTYPE domain [{text}]>\n", f"&e{levels - 1};"


class Hostile(Case):
    memory = 1024 * MIB
    seconds = 30

    def bounded(self, *words, command=("apply", *OPTION), parts=(), stdin=None, memory=None):
        """A run within bounds; `parts` are written to its stdin one after the other, without making them at once."""
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (memory or self.memory,) * 2)
            resource.setrlimit(resource.RLIMIT_CPU, (self.seconds,) * 2)

        with open(self.folder / "out", "wb") as out, open(self.folder / "err", "wb") as err, subprocess.Popen(
                [PROGRAM, *command, *words], stdin=subprocess.PIPE, stdout=out, stderr=err, cwd=self.folder,
                preexec_fn=limit) as child:
            with contextlib.suppress(BrokenPipeError):
                for part in [stdin] if stdin is not None else parts:
                    child.stdin.write(part)
                child.stdin.close()
            child.wait(180)
        return subprocess.CompletedProcess([], child.returncode, (self.folder / "out").read_bytes(),
                                           (self.folder / "err").read_bytes())

    def refused(self, said, *words, status=3, **more):
        """It ends with that message; what stands behind ` … ` in it is left out."""
        done = self.bounded(*words, **more)
        self.expect(done, status, stdout=b"")
        self.assertEqual(done.stderr.decode().splitlines()[0], said)

    def test_external_entities_and_dtds_are_not_read(self):
        self.write("canary", CANARY.encode())
        for where in ("canary", str(self.folder / "canary"), f"file://{self.folder}/canary"):
            head = (f'<!DOCTYPE domain SYSTEM "{where}" [<!ENTITY c SYSTEM "{where}"><!ENTITY % p SYSTEM "{where}"> %p;]>\n')
            text = head.encode() + domain().replace(b"<name>web1", b"<name>web1&c;")
            done = self.bounded(stdin=text)
            self.expect(done, 0, stderr=b"")
            self.expect_added(text, done.stdout)
            self.assertNotIn(CANARY.encode(), done.stdout)
            listed = self.run_program("list", stdin=text)
            self.assertNotIn(CANARY.encode(), listed.stdout + listed.stderr)

    def test_no_file_is_opened_for_them(self):
        """A pipe that nobody writes to: who opens it waits for ever."""
        os.mkfifo(self.folder / "pipe")
        text = b'<!DOCTYPE domain SYSTEM "pipe" [<!ENTITY % p SYSTEM "pipe"> %p;]>\n' + domain()
        done = self.run_program("apply", *OPTION, stdin=text)
        self.expect(done, 0, stderr=b"")

    def test_nothing_is_fetched(self):
        with listener() as (port, came):
            for scheme in ("http", "ftp", "https"):
                where = f"{scheme}://127.0.0.1:{port}/x"
                head = f'<!DOCTYPE domain PUBLIC "x" "{where}" [<!ENTITY c SYSTEM "{where}"><!ENTITY % p SYSTEM "{where}"> %p;]>\n'
                text = head.encode() + domain().replace(b"<domain ", b"<?xml-stylesheet href='%s'?><domain " % where.encode()).replace(
                    b"<name>web1", b"<name>web1&c;<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='%s'/>" % where.encode())
                done = self.bounded(stdin=text)
                self.expect(done, 0, stderr=b"")
                self.expect_added(text, done.stdout)
                self.bounded("--validate", stdin=text)
        self.assertEqual(came, [])

    def test_entity_bombs(self):
        head, use = bomb()
        said = "<stdin>:1:{}: error: an entity expands into itself, or without bound"
        for place in (b"<name>web1", b"<!-- one NIC -->", b"address='52:54:00:00:00:01"):
            done = self.bounded(stdin=head.encode() + domain().replace(place, place + use.encode()))
            self.expect(done, 3, stdout=b"")
            self.assertRegex(done.stderr.decode().splitlines()[0],
                             r"^<stdin>:\d+:\d+: error: an entity expands into itself, or without bound$", said)

    def test_quadratic_bomb(self):
        head = f"<!DOCTYPE domain [<!ENTITY e '{'x' * 100000}'><!ENTITY f '{'<a/>' * 10000}'>]>\n".encode()
        for before, after in ((b"web1", b"&e;" * 10000), (b"<memory", b"&f;" * 10000 + b"<memory"),
                              (b"<memory unit='MiB", b"<memory unit='" + b"&e;" * 10000)):
            done = self.bounded(stdin=head + domain().replace(before, after))
            self.expect(done, 3, stdout=b"")
            self.assertRegex(done.stderr, rb"^<stdin>:\d+:\d+: error: (an entity expands into itself, or without bound"
                             rb"|a name, a value or a text is longer than 10 MB \(use --huge if that is meant\))\n")

    def test_bombs_in_attributes(self):
        head = f"<!DOCTYPE domain [<!ENTITY e '{'x' * 1000}'><!ENTITY f '{'x' * 1000000}'>]>\n".encode()
        many = b"".join(b"<u%d a='%s'/>" % (n, b"&e;" * 300) for n in range(3000))  # in tags of their own
        one = b"<u %s/>" % b" ".join(b"a%d='%s'" % (n, b"&f;" * 9) for n in range(9000))  # all in one
        for text in (many, one):
            done = self.bounded(stdin=head + domain().replace(b"<source network='default'/>", text))
            self.expect(done, 3, stdout=b"")
            self.assertRegex(done.stderr, rb"^<stdin>:\d+:\d+: error: an entity expands into itself, or without bound\n")

    def test_entities_within_reason(self):
        text = b"<!DOCTYPE domain [<!ENTITY e 'web'>]>\n" + domain().replace(b"web1", b"&e;" * 1000)
        done = self.bounded(stdin=text)
        self.expect(done, 0, stderr=b"")
        self.expect_added(text, done.stdout)

    def test_an_entity_of_itself(self):
        text = b"<!DOCTYPE domain [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>\n" + domain().replace(b"web1", b"&a;")
        done = self.bounded(stdin=text)
        self.expect(done, 3, stdout=b"")
        self.assertRegex(done.stderr, rb"^<stdin>:\d+:\d+: error: ")

    def test_ten_million_elements_in_each_other(self):
        parts = [b"<domain>"] + [b"<a>" * 100000] * 100
        done = self.bounded(parts=parts)
        self.expect(done, 3, stdout=b"")
        self.assertRegex(done.stderr, rb"^<stdin>:1:\d+: error: elements are nested more than 256 deep "
                         rb"\(use --huge if that is meant\)\n")

    def test_deep_enough_with_huge(self):
        text = domain().replace(b"  <memory", b"<a>" * 5000 + b"</a>" * 5000 + b"  <memory")
        done = self.bounded("--huge", stdin=text)
        self.expect(done, 0, stderr=b"")
        self.expect_added(text, done.stdout)

    def test_deep_inside_an_interface(self):
        """What walks through an interface's elements has a stack for it."""
        depth = 200_000
        text = domain().replace(b"<model type='virtio'/>", b"<model type='virtio'/>" + b"<a>" * depth + b"</a>" * depth)
        listed = self.run_program("list", "--huge", "--format", "tsv", stdin=text)
        self.expect(listed, 0, stderr=b"")
        self.assertIn(b"52:54:00:00:00:01", listed.stdout)
        for words in (["update", "1", "model=e1000"], ["detach", "1"], ["apply", "--policy", "converge", *OPTION]):
            done = self.run_program(*words, "--huge", stdin=text)
            self.expect(done, 0, stderr=b"")
            self.assertEqual(done.stdout.count(b"<a>"), 0 if words[0] == "detach" else depth)

    def test_ten_million_with_huge_end_somehow(self):
        done = self.bounded("--huge", parts=[b"<domain>"] + [b"<a>" * 100000] * 100)
        self.assertEqual(done.stdout, b"")
        self.assertIn(done.returncode, (3, 4), done.stderr)

    def test_an_attribute_of_a_gigabyte(self):
        self.memory = 2048 * MIB
        self.refused("<stdin>: error: the document is larger than 256 MiB (use --huge if that is meant)",
                     parts=[b"<domain a='"] + [b"x" * MIB] * 1024 + [b"'/>"])

    def test_a_gigabyte_of_attributes(self):
        parts = [b"<domain "] + [b"".join(b"a%d_%d='x' " % (m, n) for n in range(60000)) for m in range(20)]
        self.refused("<stdin>:1:1: error: a tag has more than 10000 attributes (use --huge if that is meant)", parts=parts)

    def test_an_overfull_tag_behind_a_good_document(self):
        done = self.bounded(stdin=domain() + b"<domain " + b"".join(b"a%d='' " % n for n in range(10001)) + b"/>")
        self.expect(done, 3)
        self.expect_added(domain(), done.stdout)
        self.assertRegex(done.stderr, rb"^<stdin>, document 2:1:1: error: a tag has more than 10000 attributes")
        self.assertIn(b"\n  <stdin>, document 2: a tag has more", done.stderr)

    def test_an_attribute_and_a_text_beyond_ten_megabytes(self):
        for before, behind in ((b"<title a='", b"'/>"), (b"<title>", b"</title>"), (b"<!--", b"-->")):
            text = domain().replace(b"  <memory", before + b"x" * 11_000_000 + behind + b"  <memory")
            done = self.bounded(stdin=text)
            if done.returncode:
                self.expect(done, 3, stdout=b"")
                self.assertRegex(done.stderr, rb"^<stdin>:\d+:\d+: error: a name, a value or a text is longer than 10 MB "
                                 rb"\(use --huge if that is meant\)\n")
            huge = self.bounded("--huge", stdin=text)
            self.expect(huge, 0, stderr=b"")
            self.expect_added(text, huge.stdout)

    def test_nul_bytes(self):
        said = "error: a NUL byte cannot stand in XML (documents separated by NUL are read with -0)"
        self.refused(f"<stdin>:2:11: {said}", stdin=domain().replace(b"web1", b"we\0b1"))
        self.write("web1.xml", domain() + b"\0")
        self.refused(f"web1.xml:16:1: {said}", "web1.xml", stdin=b"")

    def test_invalid_utf_8(self):
        for bad in (b"\xff", b"\xc3(", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"):
            done = self.bounded(stdin=domain().replace(b"web1", b"web" + bad))
            self.expect(done, 3, stdout=b"")
            self.assertRegex(done.stderr, rb"^<stdin>:2:\d+: error: ", bad)

    def test_invalid_in_its_encoding(self):
        front, bad = b"\xff\xfe" + "<domain type='kvm'".encode("utf-16-le"), b"\x00\xd8<\x00"
        done = self.bounded(stdin=front + bad + "/>".encode("utf-16-le"))
        self.expect(done, 3, stdout=b"")
        self.assertIn(b"is not valid in encoding 'UTF-16LE'", done.stderr)
        done = self.bounded(stdin=front + "/>".encode("utf-16-le") + bad)
        self.expect(done, 3)
        self.assertTrue(done.stdout.startswith(front) and bad not in done.stdout)
        self.assertIn(b"<stdin>, document 2:1:1: error: ", done.stderr)

    def test_encodings_refused_by_name(self):
        for name in ("UTF-7", "ISO-2022-JP", "HZ-GB-2312", "X-NONE", "../../etc/passwd", "UTF-16//IGNORE"):
            done = self.bounded(stdin=b"<?xml version='1.0' encoding='%s'?>\n" % name.encode() + domain())
            self.expect(done, 3, stdout=b"")
            self.assertIn(b"<stdin>:1", done.stderr)

    def test_names_that_try_to_break_out(self):
        for name in ("a'/><evil x='", 'a"/><evil x="', "a]]>", "a--><evil/>", "&lt;", "a&#39;b"):
            done = self.run_program("apply", "--interface", f"type=network,name={name}", stdin=domain())
            if done.returncode == 0:
                self.assertNotIn(b"<evil", done.stdout)
                again = self.run_program("list", "--format", "json", stdin=done.stdout)
                self.assertEqual(again.returncode, 0, again.stderr)
            else:
                self.assertEqual(done.returncode, 3, done.stderr)

    def expect_no_square_of_time(self, command, make, count):
        """Ten times the document takes less than forty times the time. A run that is killed has taken too much."""
        def seconds(size):
            text = make(size)
            begin = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = self.bounded(command=command, stdin=text)
            end = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.assertEqual(done.returncode, 0, (command, done.stderr[:500]))
            self.assertNotEqual(done.stdout, text, command)
            return end.ru_utime - begin.ru_utime

        few = max(seconds(count), 0.02)
        self.assertLess(seconds(10 * count), 40 * few, command)

    def test_many_interfaces_take_no_square_of_time(self):
        """Each of them changes, and of each there is something to say."""
        move = ("--map", "default=macvtap:eth9")
        down = ("--interface", "type=network,name=blue,link.state=down")
        commands = (("apply", *OPTION, *OPTION, "--policy", "append"), ("apply", *down, "--policy", "converge"), ("detach", "all"), ("list",), ("show", "all"),
                    ("list", "--format", "json"), ("update", "all", "link.state=down"), ("update", "all", "mac=stable"),
                    ("update", "all", "type=bridge", "source=br0"), ("retarget", *move))
        for line_end in ("\n", ""):
            def make(count, line_end=line_end):
                one = ("<interface type='network'><source network='{}'/><virtualport type='openvswitch'>"
                       "<parameters interfaceid='4d3b7f5c-9a1e-4c2d-8b6f-{:012x}'/></virtualport></interface>")
                return domain(inside="".join(one.format(("default", "blue")[n % 2], n) + line_end for n in range(count)))

            for command in commands:
                self.expect_no_square_of_time(command, make, 500 if command[0] in ("update", "retarget") else 4000)

    def test_many_parts_of_an_interface_take_no_square_of_time(self):
        """More than so many are refused."""
        parts = {"parameter": lambda n: f"<parameter name='P{n}' value='{n}'/>", "tag": lambda n: f"<tag id='{n + 1}'/>",
                 "other": lambda n: f"<a{n}/>", "same": lambda n: "<ip address='192.0.2.1'/>"}
        around = {"parameter": ("<filterref filter='clean-traffic'>", "</filterref>"), "tag": ("<vlan>", "</vlan>"),
                  "other": ("<driver>", "</driver>"), "same": ("", "")}
        commands = (("list",), ("update", "-1", "link.state=down"), ("detach", "-1"), ("apply", *OPTION, "--policy", "converge"))
        for kind, part in parts.items():
            def make(count, kind=kind, part=part):
                inside = "".join(map(part, range(count))).join(around[kind])
                return domain(inside=f"<interface type='bridge'><source bridge='br0'/>{inside}</interface>\n")

            for command in commands:
                self.expect_no_square_of_time(command, make, 450)
            done = self.bounded(stdin=make(5001))
            self.expect(done, 3, stdout=b"")
            self.assertRegex(done.stderr, rb"^<stdin>:14:\d+: error: an interface has more than 5000 elements side by side "
                             rb"\(use --huge if that is meant\)\n")
            self.expect(self.bounded("--huge", stdin=make(5001)), 0, stderr=b"")

    def test_what_a_stylesheet_renames_takes_no_square_of_time(self):
        self.write("rename.xsl", b"<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                   b"<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>"
                   b"<xsl:template match='x'><y><xsl:apply-templates select='@*|node()'/></y></xsl:template></xsl:stylesheet>")

        def make(count):
            children = b"".join(b"<x n='%d'/>" % n for n in range(count))
            return domain().replace(b"  <memory", b"  <metadata>" + children + b"</metadata>\n  <memory")

        self.expect_no_square_of_time(("apply", *OPTION, "--stylesheet", "rename.xsl"), make, 4000)

    def test_the_size_of_a_file(self):
        """A file that says that it is a terabyte is not read whole, nor is memory asked for it."""
        os.truncate(self.write("big.xml", b"<domain>"), 1 << 40)
        said = "big.xml: error: the document is larger than 256 MiB (use --huge if that is meant)"
        for command in (("apply", *OPTION), ("apply", *OPTION, "--in-place"), ("list",), ("detach", "all", "--in-place")):
            done = self.bounded("big.xml", command=command, stdin=b"")
            self.expect(done, 3, stdout=b"")
            self.assertEqual(done.stderr.decode().splitlines()[0], said, command)

    def test_huge_is_not_for_what_reads_a_tree(self):
        """A schema and a stylesheet keep to the limits, and say so."""
        deep = domain().replace(b"  <memory", b"<a>" * 300 + b"</a>" * 300 + b"  <memory")
        self.write("copy.xsl", b"<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'>"
                   b"<xsl:copy-of select='.'/></xsl:template></xsl:stylesheet>")
        for option in (["--validate"], ["--stylesheet", "copy.xsl"]):
            done = self.bounded("--huge", *option, stdin=deep)
            self.expect(done, 2, stdout=b"")
            self.assertIn(f"--huge and {option[0]} exclude each other".encode(), done.stderr)
            done = self.bounded(*option, stdin=deep)
            self.expect(done, 3, stdout=b"")
            self.assertIn(b"elements are nested more than 256 deep (use --huge if that is meant)", done.stderr)

    def test_garbage(self):
        for text in (b"<", b"<>", b"<a", b"<!DOCTYPE", b"<?xml", b"<domain", b"<domain><![CDATA[", b"\xfe\xff", b"\xff\xfe<", b"<domain/><",
                     b"<domain>&#0;</domain>", b"<domain>&#x110000;</domain>", b"<domain a='<'/>", b"<domain a='1' a='2'/>",
                     b"<domain>&undeclared;</domain>", b"<x:domain/>", b"<!DOCTYPE domain [<!ENTITY % a '%a;'>%a;]><domain/>",
                     b"\x4c\x6f\xa7\x94", b"\x4c\x6f\xa7\x94" * 100, b"\0\0\xfe\xff\0\0\0<"):
            done = self.bounded(stdin=text)
            self.expect(done, 3)
            self.assertRegex(done.stderr, rb"^(<stdin>|virt-iface)[^\n]*: error: [^\n]+\n", text)


if __name__ == "__main__":
    unittest.main()
