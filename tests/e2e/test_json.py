#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The one form of an interface in JSON: held to its schema wherever it is printed, and taken back.

  - every list, report and template of the golden cases is as the schema says, and the schema refuses what is not
  - a document's own list, given back, changes no byte under ensure, converge and replace
  - given to the same domain without interfaces, it makes interfaces that libvirt's test driver reads as equal

The documents are libvirt's own, and made ones.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import unittest
from xml.etree import ElementTree

from common import PROGRAM, ROOT, Case
from test_corpus import Generator, OfLibvirt
from test_oracle import dumps, named

try:
    import jsonschema
except ImportError:
    jsonschema = None

POLICIES = ("ensure", "converge", "replace")
KEPT = ("ip", "route", "script", "downscript", "backenddomain", "portForward", "guest", "reconnect")  # no key makes these


def schema():
    """Beside the program, where it was built, or where it was installed."""
    folder = os.path.dirname(os.path.abspath(PROGRAM))
    for path in (f"{folder}/interfaces.schema.json", f"{folder}/../share/doc/virt-iface/interfaces.schema.json"):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return json.load(file)
    raise FileNotFoundError("interfaces.schema.json")


def values_in(text):
    """The JSON values that begin in the first column of an output, one after the other."""
    decoder, at = json.JSONDecoder(), 0
    while match := re.compile(r"^[\[{]", re.M).search(text, at):
        try:
            value, at = decoder.raw_decode(text, match.start())
            yield value
        except ValueError:
            at = match.start() + 1


def kind_of(value):
    """Which definition of the schema a printed value is to meet; None: it is not about interfaces."""
    if isinstance(value, list):
        return "list" if all(isinstance(v, dict) and {"position", "change"} & set(v) for v in value) else None
    if {"changes", "macs_added"} <= set(value):
        return "report"
    return "template" if "interfaces" in value and "networks" in value else None


@unittest.skipUnless(jsonschema, "python3-jsonschema is not installed")
class Schema(Case):
    def setUp(self):
        super().setUp()
        self.schema = schema()
        jsonschema.Draft202012Validator.check_schema(self.schema)

    def faults(self, value, kind):
        validator = jsonschema.Draft202012Validator({**self.schema, "anyOf": [{"$ref": f"#/$defs/{kind}"}]})
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"
                for fault in validator.iter_errors(value) for e in [fault, *(fault.context or [])]]

    def test_what_the_golden_cases_print(self):
        seen, wrong = {"list": 0, "report": 0, "template": 0}, []
        for path in sorted((ROOT / "tests" / "golden").rglob("*")):
            if path.name != "stdout" and path.parent.name != "after" or not path.is_file():
                continue
            for value in values_in(path.read_text(encoding="utf-8", errors="replace")):
                if kind := kind_of(value):
                    seen[kind] += 1
                    wrong += [f"{path.relative_to(ROOT)}: {fault}" for fault in self.faults(value, kind)]
        self.assertFalse(wrong, "\n".join(wrong))
        for kind, least in (("list", 6), ("report", 1), ("template", 10)):
            self.assertGreaterEqual(seen[kind], least, kind)

    def test_what_it_refuses(self):
        good = {"type": "ovs", "source": "v", "vlan.tag": [1], "mtu.size": 1500, "filterref.parameter.IP": "10.0.0.1"}
        self.assertEqual(self.faults([good], "list"), [])
        for change in ({"vlan.tag": 1}, {"vlan.tag": ["1"]}, {"mtu.size": "1500"}, {"mtu": 1500}, {"mac": 5},
                       {"filterref.parameter.": "x"}, {"position": 0}, {"ips": ["10.0.0.1"]}):
            self.assertTrue(self.faults([{**good, **change}], "list"), change)
        self.assertTrue(self.faults([{"source": "v"}], "list"), "an interface without a type")
        self.assertEqual(self.faults([{**good, "mtu.size": "many"}], "list"), [], "what a document says, as text")


class Documents:
    documents = {}
    least = 0  # how many have interfaces
    defined = 200  # and are defined by libvirt

    def setUp(self):
        super().setUp()
        self.paths = {name: self.write(f"d{n}.xml", named(text, f"d{n}")) for n, (name, text) in enumerate(self.documents.items())}
        self.lists = {}
        done = self.run_program("list", "--format", "json", "--quiet", *self.paths.values())
        for entry in json.loads(done.stdout):
            self.lists.setdefault(entry["file"], []).append(entry)
        self.listed = {name: path for name, path in self.paths.items() if str(path) in self.lists}

    def apply(self, path, entries, *words):
        return self.run_program("apply", "-c", "-", *words, str(path), stdin=json.dumps(entries).encode())

    def over_all(self, check, items):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            faults = [fault for fault in pool.map(check, items) if fault]
        self.assertFalse(faults, f"{len(faults)} of {len(items)}:\n" + "\n".join(faults[:20]))

    def test_a_documents_own_list_changes_nothing(self):
        def check(item):
            name, path = item
            for policy in POLICIES:
                done = self.apply(path, self.lists[str(path)], "--policy", policy)
                if done.returncode or done.stdout != path.read_bytes():
                    return f"{name} ({path}), {policy}: {done.stderr.decode()[:600] or 'it is changed'}"
            return ""

        self.assertGreater(len(self.listed), self.least)
        self.over_all(check, list(self.listed.items()))

    @unittest.skipUnless(jsonschema, "python3-jsonschema is not installed")
    def test_a_every_list_is_as_the_schema_says(self):
        rules = schema()
        validator = jsonschema.Draft202012Validator({**rules, "anyOf": [{"$ref": "#/$defs/list"}]})
        wrong = [file for file, entries in self.lists.items() if not validator.is_valid(entries)]
        self.assertEqual(wrong, [])

    def test_b_a_domain_without_interfaces_gets_equal_ones(self):
        made_types = schema()["$defs"]["keys"]["properties"]["type"]["examples"]
        empty = self.write("empty.json", b"[]")
        words = ("apply", "--policy", "replace", "--all-types", "-c", empty, "--output-dir", self.folder / "bare", "--quiet")
        self.run_program(*words, *self.listed.values())
        (self.folder / "again").mkdir()
        refused = {}

        def check(item):
            name, path = item
            bare = self.folder / "bare" / path.name
            entries = [entry for entry in self.lists[str(path)] if entry["type"] in made_types]
            if not bare.exists() or not entries:
                return ""
            done = self.apply(bare, entries)
            if done.returncode:
                refused[name] = done.stderr.decode()
            else:
                (self.folder / "again" / path.name).write_bytes(done.stdout)
            return ""

        self.over_all(check, list(self.listed.items()))
        names = [name for name, path in self.listed.items() if (self.folder / "again" / path.name).exists()]
        first = dumps([self.paths[name] for name in names])
        second = dumps([self.folder / "again" / self.paths[name].name for name in names])
        compared, faults = 0, []
        for name, before, after in zip(names, first, second):
            if before is None:
                continue
            compared += 1
            entries = [entry for entry in self.lists[str(self.paths[name])] if entry["type"] in made_types]
            ours = [entry["position"] for entry in entries]
            had = [i for n, i in enumerate(interfaces_of(before)) if n + 1 in ours]
            has = interfaces_of(after) if after else []
            want, got = [facts(i, e) for i, e in zip(had, entries)], [facts(i, e) for i, e in zip(has, entries)]
            if want != got or len(had) != len(has):
                faults.append(f"{name}:\n  {want}\n  {got}")
        self.assertFalse(faults, f"{len(faults)} of {compared}:\n" + "\n".join(faults[:20]))
        self.assertGreater(compared, self.defined)
        wrong = {name: text for name, text in refused.items() if not is_due(text)}
        self.assertFalse(wrong, "\n".join(f"{name}: {text}" for name, text in wrong.items()))


DUE = re.compile("|".join((
    "which libvirt would drop", "is all zeros", "coalesce.rx.frames.max '0'",
    "holds a character that libvirt does not take|the kernel takes no /",  # names of other systems' bridges
    "cannot be used on type", "cannot be used with <os><boot>", "a domain whose memory is not shared",  # no such guest starts
    "portForward without backend.type = passt",
    "type vhostuser without a virtio model",  # libvirt before 11.1 gives it another, and does not start the guest
    "MAC '.*' is already in the domain",
    r"(address|driver)\.\w+ '.*' is not (a number from|one of|a power of two)")))


def is_due(text):
    """What is refused because no such guest would start, libvirt would not keep it, or no Linux host has it."""
    return all(DUE.search(line) for line in text.splitlines() if " error: " in line)


def interfaces_of(dump):
    return ElementTree.fromstring(dump).findall("devices/interface")


def facts(interface, entry):
    """All that libvirt's dump says of an interface, but for what it makes up and what no key makes."""
    for parent in [interface, *interface.findall("source")]:
        for child in list(parent):
            if child.tag in KEPT or (child.tag == "mac" and "mac" not in entry):
                parent.remove(child)
    for path, attributes in (("mac", ("type", "check")), ("virtualport/parameters", ("interfaceid", "instanceid")),
                             ("boot", ("loadparm",)), ("target", ("dev",))):
        for element in interface.findall(path):
            for attribute in attributes:
                if f"{path.replace('/', '.')}.{attribute}" not in entry:
                    element.attrib.pop(attribute, None)
    for empty in [e for e in interface if (e.tag == "rom" and not any(e.attrib.values())) or
                  (e.tag == "source" and not e.attrib and not len(e))]:
        interface.remove(empty)
    return ElementTree.canonicalize(ElementTree.tostring(interface), strip_text=True)


class Generated(Documents, Case):
    documents = {f"seed {seed}": Generator(seed).document().encode() for seed in range(300)}
    least = 100
    defined = 3  # they have no memory, and little else


class Libvirts(OfLibvirt, Documents, Case):
    least = 300


if __name__ == "__main__":
    unittest.main()
