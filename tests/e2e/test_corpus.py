#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What must hold for every domain document: libvirt's own test documents, and documents made at random.

  (a) apply, and the added bytes taken out again, is the input
  (b) ensure, converge and replace done twice are the same as done once
  (c) nothing wanted gives back the input
  (d) what libvirt's schema accepts, and what its test driver defines, it accepts afterwards, with one interface more
  (e) the same document in another encoding, or with other line ends, gains the same interface
"""
import concurrent.futures
import os
import random
import re
import subprocess
import sys
import unittest
from pathlib import Path

from common import PROGRAM, ROOT, Case

NAME = "vi-corpus"
WANTED = ["--interface", f"type=network,name={NAME}"]
SCHEMA = "/usr/share/libvirt/schemas/domain.rng"
CORPUS = ROOT / "build" / "corpus"


def corpus():
    """Path and bytes of libvirt's documents; why there are none."""
    done = subprocess.run([ROOT / "tests" / "support" / "libvirt-corpus", CORPUS], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode:
        return {}, done.stdout.strip()
    return {str(p.relative_to(CORPUS)): p.read_bytes() for p in sorted(CORPUS.rglob("*.xml"))}, ""


class OfLibvirt:
    """`documents` are libvirt's own; skipped where there are none."""
    why = ""

    @classmethod
    def setUpClass(cls):
        cls.documents, cls.why = corpus()

    def setUp(self):
        super().setUp()
        if not self.documents:
            self.skipTest(self.why)


class Generator:
    """Documents as nobody would write them, each valid XML with a domain as its root."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *words):
        return self.random.choice(words)

    def attribute(self, name, value):
        quote = self.pick('"', "'")
        return f"{self.pick(' ', '  ', chr(10) + '   ', chr(9))}{name}{self.pick('=', ' = ', '=' + chr(10))}{quote}{value}{quote}"

    def noise(self):
        return self.pick("", "", "", "<!-- <interface type='bridge'/> -->", "<!---->", "<?pi <interface> ?>",
                         "<!-- é ü 漢 -->")

    def space(self):
        return self.pick("\n", "\n  ", "\n    ", "\n\t", " ", "", "\n\n   ")

    def element(self, name, attributes, inside=""):
        close = self.pick("", " ", "\n")
        text = "".join(self.attribute(k, v) for k, v in attributes)
        if not inside and self.random.random() < 0.6:
            return f"<{name}{text}{close}/>"
        return f"<{name}{text}{close}>{inside}</{name}{self.pick('', ' ', chr(10))}>"

    def interface(self):
        source = self.element("source", [("network", self.pick("default", "a&amp;b", "x&#x41;", "é", "&lt;q&gt;"))])
        parts = [source, self.noise(), self.element("model", [("type", self.pick("virtio", "e1000"))])]
        if self.random.random() < 0.5:
            parts.insert(0, self.element("mac", [("address", f"52:54:00:00:00:{self.random.randrange(256):02x}")]))
        return self.element("interface", [("type", "network")], self.space().join(parts))

    def other(self):
        return self.pick(
            self.element("disk", [("type", "file"), ("device", "disk")], "<target dev='sda'/>"),
            self.element("console", [("type", "pty")]),
            "<hostdev mode='capabilities' type='net'><source><interface>eth0</interface></source></hostdev>",
            self.element("emulator", [], "/usr/bin/qemu-system-x86_64"),
            "<graphics type='vnc' passwd='&#60;interface&#62;'/>", "<controller type='usb'\n/>")

    def devices(self):
        kind = self.random.random()
        if kind < 0.05:
            return ""
        if kind < 0.1:
            return self.pick("<devices/>", "<devices />", "<devices></devices>", "<devices>\n</devices>")
        parts = [self.pick(self.interface, self.other, self.other, self.noise)() for _ in range(self.random.randrange(8))]
        indent = self.space()
        return f"<devices{self.pick('', ' ')}>" + "".join(indent + part for part in parts) + self.space() + "</devices>"

    def document(self):
        head = self.pick("", "", "<?xml version='1.0'?>", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')
        if head:
            head += self.pick("\n", "", "\r\n")
        head += self.pick("", "", "<!--\nWARNING: edit with virsh\n-->\n")
        doctype = self.pick("", "", "", "<!DOCTYPE domain>", "<!DOCTYPE domain [<!ENTITY e 'x'>]>\n",
                            "<!DOCTYPE domain [<!-- <domain> -->\n<!ENTITY e \"a]>&#38;#60;b\"><!ATTLIST os f CDATA #IMPLIED>\n]>")
        head += doctype
        extra = self.pick("", "<metadata><x:a xmlns:x='urn:x'><devices><interface/></devices></x:a></metadata>",
                          "<description><![CDATA[<devices><interface type='x'/></devices>]]></description>",
                          "<title>é &amp; 漢</title>")
        if "ENTITY" in doctype:
            extra = "<title>&e; &#233; &e;</title>"
        name = self.element("name", [], f"g{self.random.randrange(10 ** 9)}")
        parts = [name, "<memory>1024</memory>", extra, self.noise(), "<os><type arch='x86_64'>hvm</type></os>", self.devices()]
        root = self.pick("<domain type='kvm'>", '<domain\n type="qemu"  >',
                         "<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>")
        indent = self.space()
        text = head + root + "".join(indent + part for part in parts if part) + self.space() + "</domain>"
        text += self.pick("", "\n", "\n\n", "<!-- after -->", "\n<?pi?>\n")
        return text.replace("\n", self.pick("\n", "\n", "\n", "\r\n"))


def schema_accepts(paths):
    """Those of the files that libvirt's schema accepts, by one xmllint."""
    said = subprocess.run(["xmllint", "--nonet", "--noent", "--noout", "--relaxng", SCHEMA, *paths], capture_output=True,
                          check=False).stderr.decode("utf-8", "replace")
    return {line[:-len(" validates")] for line in said.splitlines() if line.endswith(" validates")}


def defined(folder, names):
    """What the test driver dumps of each document of a folder that it defines, by one virsh."""
    script = "".join(f"define '{folder / name}'\ndumpxml {NAME}\nundefine {NAME} --nvram --managed-save\n" for name in names)
    said = subprocess.run(["virsh", "-q", "-c", "test:///default"], input=script.encode() + b"quit\n",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout.decode("utf-8", "replace")
    answers = ["".join(part.split("\n", 1)[1:]) for part in ("\n" + said).split("\nvirsh # ")[1:]]
    return {name: answers[3 * n + 1] for n, name in enumerate(names)
            if 3 * n + 1 < len(answers) and answers[3 * n + 1].startswith("<domain")}


class Documents:
    """The properties; `documents` is name → bytes."""

    documents = {}
    valid = 0  # how many the schema accepts at least

    def stream(self, *words, documents=None):
        """Runs one process over all documents, parted by NUL; name → what came out."""
        documents = documents or self.documents
        done = self.run_program("apply", *words, "-0", stdin=b"".join(t + b"\0" for t in documents.values()))
        self.expect_status(done, words)
        out = done.stdout.split(b"\0")[:-1]
        self.assertEqual(len(out), len(documents), "a document is missing")
        return dict(zip(documents, out))

    def expect_status(self, done, words):
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr.decode('utf-8', 'replace')[:3000]}")

    def each(self, check, *outs):
        """Calls check for each document; tells the first twenty that fail."""
        faults = []
        for name, text in self.documents.items():
            try:
                check(name, text, *(out[name] for out in outs))
            except AssertionError as fault:
                faults.append(f"{name}: {fault}")
        self.assertFalse(faults, f"{len(faults)} of {len(self.documents)}:\n" + "\n".join(faults[:20]))

    def added(self, before, after):
        """Bytes were put in at one place; all others are as they were, but for a <devices/> that had to open."""
        start = len(os.path.commonprefix([before, after]))
        tail = len(before) - start
        if after[len(after) - tail:] == before[start:] and len(after) > len(before):
            return
        opened = re.match(rb"(?s)(.*)<devices\s*/>(.*)", before[max(0, start - 40):])
        self.assertTrue(opened, "bytes outside the interface changed")
        self.assertTrue(after.startswith(before[:max(0, start - 40)] + opened[1] + b"<devices"), "bytes before changed")
        self.assertTrue(after.endswith(b"</devices>" + opened[2]), "bytes behind changed")

    def test_a_what_was_added_taken_out_is_the_input(self):
        def check(_name, before, after):
            self.added(before, after)
            for words in (b"<interface", NAME.encode()):
                self.assertEqual(after.count(words), before.count(words) + 1)

        self.each(check, self.stream(*WANTED))

    def test_b_twice_is_once(self):
        for policy in ("ensure", "converge", "replace"):
            words = ["--policy", policy, *WANTED]
            once = self.stream(*words)
            twice = self.stream(*words, documents=once)
            self.each(lambda _n, _t, first, second, p=policy: self.assertEqual(first, second, p), once, twice)

    def test_c_nothing_wanted_is_the_input(self):
        conf = self.write("nothing.conf", b"[main]\nnetworks =\n")
        for policy in ("ensure", "converge", "append"):
            self.each(lambda _n, before, after: self.assertEqual(before, after),
                      self.stream("--policy", policy, "-c", conf))

    def put(self, name, texts):
        paths = {}
        for number, (document, text) in enumerate(texts.items()):
            paths[document] = self.write(f"{name}/{number}.xml", text)
        return paths

    def test_d_what_the_schema_accepts_it_accepts_afterwards(self):
        before, after = self.put("before", self.documents), self.put("after", self.stream(*WANTED))
        good = schema_accepts([str(p) for p in before.values()])
        self.assertGreater(len(good), self.valid)
        still = schema_accepts([str(after[name]) for name, path in before.items() if str(path) in good])
        lost = [name for name, path in before.items() if str(path) in good and str(after[name]) not in still]
        self.assertFalse(lost, f"{len(lost)} of {len(good)} are refused now")

    def recoded(self, encode, decode, keep=lambda _name, _text: True):
        """Documents that are recoded gain what the original gained."""
        words = ["apply", *WANTED, "--interface", f"type=ovs,name={NAME}"]
        plain = self.stream(*words[1:])

        def check(item):
            name, text = item
            done = self.run_program(*words, stdin=encode(text))
            if done.returncode:
                return f"{name}: {done.stderr.decode('utf-8', 'replace')}"
            if self.run_program(*words, stdin=done.stdout).stdout != done.stdout:
                return f"{name}: is changed again"
            return "" if decode(done.stdout) == plain[name] else f"{name}: comes out otherwise:\n{done.stdout!r}"

        chosen = [item for item in self.documents.items() if keep(*item)][::self.step]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            faults = [fault for fault in pool.map(check, chosen) if fault]
        self.assertFalse(faults, f"{len(faults)} of {len(chosen)}:\n" + "\n".join(faults[:5]))

    def plain_utf8(self, _name, text):
        return not text.startswith(b"<?xml") and b"\r" not in text

    def test_e_utf_16(self):
        for codec, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
            self.recoded(lambda t, c=codec, m=mark: m + t.decode().encode(c),
                         lambda t, c=codec, m=mark: t[len(m):].decode(c).encode(), self.plain_utf8)

    def test_e_latin_1(self):
        declaration = b"<?xml version='1.0' encoding='ISO-8859-1'?>\n"
        self.recoded(lambda t: declaration + t.decode().encode("latin-1"),
                     lambda t: t[len(declaration):].decode("latin-1").encode(),
                     lambda n, t: self.plain_utf8(n, t) and max(t.decode()) < "\u0100")

    def test_e_crlf(self):
        self.recoded(lambda t: t.replace(b"\n", b"\r\n"), lambda t: t.replace(b"\r\n", b"\n"),
                     lambda n, t: self.plain_utf8(n, t) and t.count(b"\n") > 5)

    def test_e_byte_order_mark(self):
        self.recoded(lambda t: b"\xef\xbb\xbf" + t, lambda t: t[3:], self.plain_utf8)


    def test_e_all_in_a_row_each_in_its_own_encoding(self):
        latin = b"<?xml version='1.0' encoding='ISO-8859-1'?>"
        ways = [lambda t: t.encode(), lambda t: b"\xef\xbb\xbf" + t.encode(), lambda t: b"\xff\xfe" + t.encode("utf-16-le"),
                lambda t: b"\xfe\xff" + t.encode("utf-16-be"), lambda t: latin + t.encode("latin-1")]
        plain = self.stream(*WANTED)
        row = []
        for number, (name, text) in enumerate(self.documents.items()):
            if self.plain_utf8(name, text) and text.rstrip().endswith(b"</domain>"):
                way = ways[number % (5 if max(text.decode()) < "\u0100" else 4)]
                row.append((way(text.decode()), way(plain[name].decode())))
        self.assertGreater(len(row), 50)
        done = self.run_program("apply", *WANTED, "--quiet", stdin=b"".join(before for before, _ in row))
        self.expect_status(done, WANTED)
        self.assertTrue(done.stdout == b"".join(after for _, after in row), "comes out otherwise")


class Generated(Documents, Case):
    documents = {f"seed {seed}": Generator(seed).document().encode() for seed in range(600)}
    step = 2
    valid = 400


class Libvirts(OfLibvirt, Documents, Case):
    """Every tenth where each takes a process of its own."""
    step = 10
    valid = 1500

    def test_d_what_the_driver_defines_it_defines_afterwards(self):
        def renamed(texts):  # so that one name undefines each, and none of a hundred uuids clashes
            return {n: re.sub(rb"<uuid>.*?</uuid>", b"", re.sub(rb"<name>.*?</name>", b"<name>%s</name>" % NAME.encode(), t, count=1),
                              count=1) for n, t in texts.items()}

        before, after = self.put("before", renamed(self.documents)), self.put("after", renamed(self.stream(*WANTED)))
        names = [path.name for path in before.values()]
        dumped = defined(self.folder / "before", names)
        again = defined(self.folder / "after", names)
        self.assertGreater(len(dumped), 1000)
        self.assertEqual(sorted(set(dumped) - set(again)), [])
        for name, text in dumped.items():
            self.assertEqual(again[name].count("<interface "), text.count("<interface ") + 1, name)
            self.assertIn(f"<source network='{NAME}'/>", again[name])


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    unittest.main()
