#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same changes made by virt-xml, and the same list printed by virsh, on libvirt's own test documents.

Each result is defined into libvirt's test driver; what the driver then dumps, as canonical XML, must be the same.
PEERS_DOCUMENTS says how many documents are taken (default 40; `all`): half of them libvirt's, half made at random, each
evenly spread over those with an interface.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import unittest
from xml.etree import ElementTree

from common import OPTION, PROGRAM, Case, domain
from test_corpus import Generator, corpus

MAC = "52:54:00:aa:bb:cc"
ADD = {"virt-xml": ["--add-device", "--network", f"network=blue,model.type=virtio,mac.address={MAC}"],
       "virt-iface": ["attach", "--interface", f"type=network,name=blue,model=virtio,mac={MAC}"]}
UPDATE = {"virt-xml": ["--edit", "1", "--network", "network=blue"],
        "virt-iface": ["update", "1", "name=blue"]}
# {} is the source of the document's first interface.
RETARGET = {"virt-xml": ["--edit", "1", "--network", "source=blue"],
            "virt-iface": ["retarget", "--map", "{}=blue"]}


def first_source(document):
    """The name that the first interface sits on, where no other one does; or nothing."""
    names = [source.get("dev") or source.get("bridge") or source.get("network") or "" for source in
             ElementTree.fromstring(document).findall("devices/interface/source")]
    return names[0] if names and names.count(names[0]) == 1 and re.fullmatch(r"[\w.-]+", names[0]) else ""


def has_interface(document):
    return ElementTree.fromstring(document).find("devices/interface") is not None


def is_on_network(document):
    first = ElementTree.fromstring(document).find("devices/interface")
    return first is not None and first.get("type") == "network"


def chosen(fits):
    """Of libvirt's documents with an interface, and of as many made at random, those that fit; or as many as are asked
    for. virt-xml reads nothing in front of the root."""
    made = (Generator(seed).document() for seed in range(200))
    documents = corpus()[0] | {f"made-{n:03}": text[text.index("<domain"):].encode() for n, text in enumerate(made)
                             if "<!DOCTYPE" not in text}
    asked = os.environ.get("PEERS_DOCUMENTS", "40")
    result = []
    for is_made in (True, False):
        fit = [d for n, d in sorted(documents.items()) if n.startswith("made-") == is_made and b"<interface" in d and fits(d)]
        result += fit[::1 if asked == "all" else max(1, 2 * len(fit) // int(asked))]
    return result


def dumps(files):
    """What the test driver makes of each file: its dump, or nothing where it refuses. One virsh for all."""
    commands = ("echo FILE={}", "define {}", "dumpxml vi-peer", "domiflist vi-peer", "undefine vi-peer")
    script = "".join(command.format(path) + "\n" for path in files for command in commands)
    done = subprocess.run(["virsh", "-q", "-c", "test:///default"], input=script.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False, timeout=600)
    found = {}
    for part in done.stdout.split(b"virsh # echo FILE=")[1:]:  # virsh repeats what it reads behind its prompt
        said = [piece.partition(b"\n") for piece in part.split(b"virsh # ")]
        dumped = {command: text for command, _, text in said}
        xml = dumped.get(b"dumpxml vi-peer", b"")
        found[said[0][0].decode()] = (xml or None, dumped.get(b"domiflist vi-peer", b""))
    return found


def canonical(xml, source):
    """Canonical XML, without what libvirt makes up anew at each definition: UUIDs, MACs and port ids not in the source."""
    text = ElementTree.canonicalize(xml.decode(), strip_text=True) if xml else ""
    known = source.decode().lower() + MAC
    return re.sub(r'(address="|\w+id="|<uuid>)([0-9a-f:-]{17,36})',
                  lambda m: m.group() if m.group(2) in known else m.group(1), text)


VIRT_XML = ["virt-xml", "--connect", "test:///default", "--add-device", "--network"]
IDENTITY = """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="@*|node()">
<xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template></xsl:stylesheet>"""


class Readme(Case):
    """The table of README.md, measured."""

    document = domain().replace(b"<memory unit='MiB'>", b"<title>&e;</title>\n  <memory unit='MiB'>")
    front = b"<?xml version='1.0'?>\n<!DOCTYPE domain [<!ENTITY e 'x'>]>\n"

    def peer(self, *words, stdin=b""):
        return subprocess.run(words, cwd=self.folder, input=stdin, capture_output=True, timeout=120, check=False)

    def test_bytes_outside_the_new_interface(self):
        text = (self.front + self.document).replace(b"\n", b"\r\n") + b"<!-- behind -->"
        ours = self.run_program(*OPTION, stdin=text)
        self.expect(ours, 0)
        self.expect_added(text, ours.stdout)
        plain = b"<?xml version='1.0'?>\n" + domain() + b"<!-- behind -->"  # it reads no DOCTYPE
        theirs = self.peer(*VIRT_XML, "network=blue", stdin=plain.replace(b"\n", b"\r\n"))
        self.expect(theirs, 0)
        for lost in (b"'kvm'", b"<?xml", b"\r", b"<!-- behind -->"):
            self.assertNotIn(lost, theirs.stdout)
        self.write("identity.xsl", IDENTITY.encode())
        sheet = self.peer("xsltproc", "identity.xsl", "-", stdin=text)
        self.expect(sheet, 0)
        for lost in (b"'kvm'", b"<?xml version='1.0'?>", b"&e;"):
            self.assertNotIn(lost, sheet.stdout)

    def test_the_comment_before_the_root(self):
        text = b"<!--\nWARNING: THIS IS AN AUTO-GENERATED FILE.\n-->\n\n" + domain()
        self.expect_added(text, self.run_program(*OPTION, stdin=text).stdout)
        self.expect(self.peer(*VIRT_XML, "network=blue", stdin=text), 1)
        self.write("identity.xsl", IDENTITY.encode())
        self.assertIn(text[:50], self.peer("xsltproc", "identity.xsl", "-", stdin=text).stdout)

    def test_applied_twice(self):
        once = self.run_program(*OPTION, stdin=domain()).stdout
        self.assertEqual(self.run_program(*OPTION, stdin=once).stdout, once)
        twice = self.peer(*VIRT_XML, "network=blue", stdin=self.peer(*VIRT_XML, "network=blue", stdin=domain()).stdout)
        self.assertEqual(twice.stdout.count(b'<source network="blue"/>'), 2)

    def test_macvtap_mode_and_vlan(self):
        self.assertIn(b'mode="vepa"', self.peer(*VIRT_XML, "type=direct,source=eth0,source.mode=vepa", stdin=domain()).stdout)
        self.expect(self.peer(*VIRT_XML, "network=blue,vlan.tag=3", stdin=domain()), 1)
        self.assertIn(b'<tag id="3"/>', self.peer(*VIRT_XML, "network=blue,xpath1.set=./vlan/tag/@id,xpath1.value=3",
                                                  stdin=domain()).stdout)
        attach = ["virsh", "-c", "test:///default", "attach-interface", "test", "direct", "eth0", "--print-xml"]
        self.expect(self.peer(*attach), 0)
        self.expect(self.peer(*attach, "--source-mode", "vepa"), 1)
        self.expect(self.peer(*attach, "--vlan", "3"), 1)

    def test_what_is_wrong(self):
        for key, status in (("mode=vpea", 0), ("mac=zz", 0), ("nonesuch=1", 1)):
            theirs = "source." + key if key.startswith("mode") else key
            self.expect(self.peer(*VIRT_XML, f"type=direct,source=eth0,{theirs}", stdin=domain()), status)
            self.expect(self.run_program("--interface", f"type=macvtap,name=eth0,mode=vepa,{key}".replace("mode=vepa,mode", "mode"),
                                         stdin=domain()), 3, stdout=b"")


@unittest.skipUnless(corpus()[0], f"libvirt's test documents cannot be had: {corpus()[1]}")
class Peers(Case):
    def take(self, fits):
        """Puts the documents that fit into the folder `in`; all under one name, since the driver holds one at a time."""
        self.documents = {}
        for number, data in enumerate(chosen(fits)):
            data = re.sub(rb"<name\s*>[^<]*</name\s*>", b"<name>vi-peer</name>", data, count=1)
            self.documents[f"{number}.xml"] = data
            self.write(f"in/{number}.xml", data)

    def both(self, words):
        """Runs both programs over every document: name to (virt-xml's output or None, ours or None)."""
        def one(name):
            source = str(self.folder / "in" / name)
            theirs = subprocess.run(["virt-xml", "--connect", "test:///default", *words["virt-xml"]],
                                    input=self.documents[name], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    timeout=120, check=False)
            mine = [word.replace("{}", first_source(self.documents[name])) for word in words["virt-iface"]]
            ours = subprocess.run([PROGRAM, *mine, source], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=60, check=False)
            return name, (theirs.stdout if theirs.returncode == 0 else None,
                          ours.stdout if ours.returncode == 0 else None)

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(pool.map(one, self.documents))

    def compare(self, words):
        results = self.both(words)
        files = []
        for name, pair in results.items():
            for who, data in zip(("theirs", "ours"), pair):
                if data is not None:
                    files.append(str(self.write(f"{who}-{name}", data)))
        dumped = dumps(files)
        same = refused = 0
        for name in results:
            theirs, ours = (dumped.get(str(self.folder / f"{who}-{name}"), (None, b""))[0] for who in ("theirs", "ours"))
            if theirs is None:
                refused += 1
                continue
            source = self.documents[name]
            self.assertEqual(canonical(ours, source), canonical(theirs, source), name)
            same += 1
        print(f"{' '.join(words['virt-iface'][:1])}: {same} the same, {refused} that virt-xml or the driver refused",
              file=sys.stderr)
        self.assertGreater(same, refused // 3, "too few documents were compared")

    def test_an_added_interface_is_virt_xmls(self):
        self.take(has_interface)
        self.compare(ADD)

    def test_an_interface_on_another_network_is_virt_xmls(self):
        self.take(is_on_network)
        self.compare(UPDATE)

    def test_a_retargeted_interface_is_virt_xmls(self):
        self.take(first_source)
        self.compare(RETARGET)

    def test_list_is_virshs(self):
        self.take(has_interface)
        dumped = dumps([str(self.folder / "in" / name) for name in self.documents])
        compared = 0
        for name, (xml, table) in dumped.items():
            if xml is None:
                continue
            rows = [line.split("\t") for line in self.run_program("list", "--format", "tsv", stdin=xml).stdout.decode().splitlines()]
            ours = [dict(zip(rows[0], row)) for row in rows[1:]]
            theirs = [re.split(r"\s{2,}", line.strip()) for line in table.decode().splitlines() if line.strip()]
            self.assertEqual([[o["target"] or "-", o["model"] or "-", o["mac"]] for o in ours],
                             [[t[0], t[3], t[4]] for t in theirs], name)
            shown = [(o["source"], t[2]) for o, t in zip(ours, theirs) if o["type"] in ("macvtap", "ovs", "network", "bridge")]
            self.assertEqual([ours_ for ours_, _ in shown], [theirs_ for _, theirs_ in shown], name)
            compared += 1
        self.assertGreater(compared, len(self.documents) // 2)


if __name__ == "__main__":
    unittest.main()
