#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt is the oracle: what `list --format json` says of a document, beside what libvirt's test driver made of the very
same bytes (define, dumpxml --inactive), read here by Python.

What must hold for each interface of a document that libvirt defines: we say what libvirt says; or, where libvirt reads
otherwise than it looks, `update` refuses to touch that interface.

The documents are libvirt's own, made ones, and mutations of both. The long form: ORACLE=N (mutations of each document)
and ORACLE_SEED; ctest runs a short one. Found documents are kept in build/oracle.
"""
import json
import os
import random
import re
import resource
import subprocess
import sys
import unittest
from xml.etree import ElementTree

from common import PROGRAM, ROOT, Case
from test_corpus import corpus

ROUNDS = int(os.environ.get("ORACLE", "1"))
SEED = int(os.environ.get("ORACLE_SEED", "1"))
ENTITIES = (b"<!DOCTYPE domain [<!ENTITY vlan \"<vlan><tag id='42'/></vlan>\"><!ENTITY source \"<source bridge='e'/>\">"
            b"<!ENTITY port \"<virtualport type='openvswitch'/>\"><!ENTITY id '42'><!ENTITY n 'br0'>]>\n")
PARTS = [b"<vlan><tag id='42'/></vlan>", b"<vlan trunk='yes'><tag id='42'/></vlan>",
         b"<vlan trunk='YES'><tag id='7'/></vlan>", b"<vlan trunk='no'><tag id='7'/></vlan>",
         b"<vlan><tag id='1'/><tag id='2' nativeMode='tagged'/></vlan>", b"<vlan><tag id=' 42 '/></vlan>",
         b"<vlan><tag id='0x2a'/></vlan>", b"<vlan><tag id='042'/></vlan>", b"<vlan><tag id='+42'/></vlan>",
         b"<virtualport type='openvswitch'/>", b"<virtualport type='midonet'><parameters "
         b"interfaceid='0b2d64da-3d0e-431e-afdd-804415d6ebbb'/></virtualport>",
         b"<virtualport type='802.1Qbh'><parameters profileid='x'/></virtualport>", b"<virtualport/>",
         b"<virtualport><parameters profileid='pp'/></virtualport>",
         b"<virtualport type='openvswitch'><parameters profileid='pp'/></virtualport>",
         b"<filterref filter='clean-traffic'/>", b"<filterref filter='f'><parameter name='IP' value='10.0.0.1'/>"
         b"<parameter name='IP' value='10.0.0.2'/></filterref>", b"<port isolated='yes'/>", b"<port isolated='no'/>",
         b"<link state='down'/>", b"<link state='up'/>", b"<mtu size='1400'/>", b"<mtu size='0'/>", b"<boot order='3'/>",
         b"<model type='virtio'/>", b"<model type='e1000'/>", b"<driver name='vhost' queues='4'/>", b"<driver queues='2'/>",
         b"<target dev='tap7'/>", b"<target dev='vnet7'/>", b"<alias name='ua-x'/>", b"<alias name='net0'/>",
         b"<source bridge='br0'/>", b"<source network='n' portgroup='p'/>", b"<source dev='eth0' mode='private'/>",
         b"<source dev='eth0' mode='bridge'/>", b"<source network='n'/>", b"<mac address='52:54:00:AB:CD:EF'/>",
         b"<mac address='52:54:0:1:2:3'/>", b"<bandwidth><inbound average='100' peak='200'/></bandwidth>",
         b"<tune><sndbuf>1600</sndbuf></tune>", b"<ip address='10.0.0.1' prefix='24'/>"]


class Mutator:
    """One or a few changes to the interfaces of a document, seldom such as a person would make."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def interfaces(self, text):
        return [m.span() for m in re.finditer(rb"<interface\b(?:(?!</interface>).)*</interface>", text, re.S)]

    def children(self, interface):
        """Where the children of an interface stand: start and end offsets."""
        spans, depth, begin = [], 0, 0
        for m in re.finditer(rb"<!--.*?-->|<(/?)([\w.:-]+)(?:[^>'\"]|'[^']*'|\"[^\"]*\")*?(/?)>", interface, re.S):
            if m.group(2) is None:
                continue
            if not m.group(1):
                if depth == 1:
                    begin = m.start()
                depth += 0 if m.group(3) else 1
                if m.group(3) and depth == 1:
                    spans.append((begin, m.end()))
            else:
                depth -= 1
                if depth == 1:
                    spans.append((begin, m.end()))
        return spans

    def mutate(self, text):
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            spans = self.interfaces(text)
            if not spans:
                return text
            begin, end = self.random.choice(spans)
            text = text[:begin] + self.change(text[begin:end]) + text[end:]
        if re.search(rb"&(vlan|source|port|id|n);", text) and b"<!DOCTYPE" not in text:
            at = re.search(rb"<domain\b", text).start()
            text = text[:at] + ENTITIES + text[at:]
        return text

    def change(self, interface):
        ways = [self.insert, self.insert, self.duplicate, self.foreign, self.prefixed, self.entity, self.word, self.case,
                self.drop, self.type, self.noise, self.reference, self.swap]
        return self.random.choice(ways)(interface)

    def insert(self, interface, part=None):
        spans = self.children(interface)
        at = self.random.choice([e for _, e in spans]) if spans else interface.find(b">") + 1
        return interface[:at] + (part or self.random.choice(PARTS)) + interface[at:]

    def one(self, interface):
        spans = self.children(interface)
        return self.random.choice(spans) if spans else None

    def duplicate(self, interface):
        span = self.one(interface)
        return self.insert(interface, interface[span[0]:span[1]] if span else None)

    def foreign(self, interface):
        tags = [m.end(1) for m in re.finditer(rb"(<[a-z]\w*)(?=[\s/>])", interface)][1:]
        if not tags:
            return interface
        at = self.random.choice(tags)
        return interface[:at] + b" xmlns='urn:x'" + interface[at:]

    def prefixed(self, interface):
        names = list(re.finditer(rb"\s(\w+)=(['\"])", interface))
        if not names:
            return interface
        m = self.random.choice(names)
        extra = self.random.choice((b"", m.group(1) + b"=" + m.group(2) + b"other" + m.group(2) + b" "))
        return interface[:m.start(1)] + b"xmlns:q='urn:q' " + extra + b"q:" + interface[m.start(1):]

    def entity(self, interface):
        if self.random.random() < 0.5:
            return self.insert(interface, self.random.choice((b"&vlan;", b"&source;", b"&port;")))
        return self.value(interface, lambda _: self.random.choice((b"&id;", b"&n;")))

    def value(self, interface, make):
        values = list(re.finditer(rb"=(['\"])(.*?)\1", interface, re.S))
        if not values:
            return interface
        m = self.random.choice(values)
        return interface[:m.start(2)] + make(m.group(2)) + interface[m.end(2):]

    def word(self, interface):
        return self.value(interface, lambda _: self.random.choice(
            (b"", b"42", b"yes", b"no", b"on", b"off", b"bridge", b"openvswitch", b" br0 ", b"br0", b"private", b"4095", b"-1",
             b"&#52;2", b"&amp;", b"vnet3", b"virtio", b"a\tb", b"0")))

    def case(self, interface):
        return self.value(interface, lambda v: self.random.choice((v.upper(), v.swapcase(), b" " + v, v + b" ", v + b"\n")))

    def drop(self, interface):
        span = self.one(interface)
        return interface[:span[0]] + interface[span[1]:] if span else interface

    def type(self, interface):
        kind = self.random.choice((b"bridge", b"network", b"direct", b"user", b"ethernet", b"internal", b"Bridge", b"vdpa"))
        return re.sub(rb"type=(['\"])\w+\1", b"type='" + kind + b"'", interface, count=1)

    def noise(self, interface):
        return self.insert(interface, self.random.choice(
            (b"<!-- <vlan><tag id='9'/></vlan> -->", b"<?pi <vlan/>?>", b"<![CDATA[<vlan/>]]>", b"text", b"<unknown a='b'/>",
             b"<q:vlan xmlns:q='urn:q'><tag id='9'/></q:vlan>")))

    def reference(self, interface):
        return self.value(interface, lambda v: b"".join(b"&#%d;" % c if c < 128 else bytes([c]) for c in v)
                          if b"&" not in v else v)

    def swap(self, interface):
        spans = self.children(interface)
        if len(spans) < 2:
            return interface
        (a, b), (c, d) = sorted(self.random.sample(spans, 2))
        return interface[:a] + interface[c:d] + interface[b:c] + interface[a:b] + interface[d:]


def made(seed):
    """A domain whose interfaces are put together of parts."""
    dice = random.Random(seed)
    interfaces = []
    for _ in range(dice.choice((1, 1, 2, 3))):
        kind, source = dice.choice((("bridge", "<source bridge='br0'/>"), ("network", "<source network='n'/>"),
                                    ("network", "<source network='n' portgroup='p'/>"), ("user", ""),
                                    ("direct", "<source dev='eth0' mode='vepa'/>"), ("direct", "<source dev='eth0'/>"),
                                    ("bridge", "<source bridge='b'/><virtualport type='openvswitch'/>"), ("ethernet", "")))
        parts = b"".join(dice.sample(PARTS, dice.randrange(4)))
        interfaces.append(b"<interface type='%s'>%s%s</interface>" % (kind.encode(), source.encode(), parts))
    arch, machine = dice.choice((("x86_64", "pc"), ("x86_64", "q35"), ("s390x", "s390-ccw-virtio")))
    return (b"<domain type='test'>\n  <name>x</name>\n  <memory>1024</memory>\n  <os><type arch='%s' machine='%s'>hvm</type>"
            b"</os>\n  <devices>\n    %s\n  </devices>\n</domain>\n"
            % (arch.encode(), machine.encode(), b"\n    ".join(interfaces)))


def named(text, name):
    """With a name of ours and no UUID: none of a hundred clashes."""
    text = re.sub(rb"<name>.*?</name>", b"<name>" + name.encode() + b"</name>", text, count=1, flags=re.S)
    return re.sub(rb"<uuid>.*?</uuid>", b"", text, count=1, flags=re.S)


def dumps(paths):
    """What libvirt made of each file, its guest's name being the file's; None where it does not define it: one virsh
    for all."""
    script = "".join(f"define '{path}'\ndumpxml --inactive {path.stem}\nundefine {path.stem} --nvram --managed-save\n"
                     for path in paths)
    said = subprocess.run(["virsh", "-q", "-c", "test:///default"], input=script.encode() + b"quit\n",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout.decode("utf-8", "replace")
    answers = ["".join(part.split("\n", 1)[1:]) for part in ("\n" + said).split("\nvirsh # ")[1:]]
    answers += [""] * (3 * len(paths) - len(answers))
    return [answers[3 * n + 1] if answers[3 * n + 1].startswith("<domain") else None for n in range(len(paths))]


SOURCES = {"bridge": "bridge", "network": "network", "direct": "dev", "vdpa": "dev", "vhostuser": "path", "internal": "name",
           "vds": "switchid"}


def source_of(interface, kind):
    """What of `<source>` names it."""
    source = interface.find("source")
    if source is None:
        return None
    if kind in ("mcast", "server", "client", "udp"):
        return f"{source.get('address', '')}:{source.get('port', '')}"
    if kind == "hostdev" and (address := source.find("address")) is not None:
        part = {name: int(address.get(name, "0"), 0) for name in ("domain", "bus", "slot", "function")}
        return f"{part['domain']:04x}:{part['bus']:02x}:{part['slot']:02x}.{part['function']:x}"
    return source.get(SOURCES[kind]) if kind in SOURCES else None


def facts(interface):
    """What libvirt's dump says of an interface, in the keys of our JSON."""
    at = lambda path, name: (interface.find(path).get(name) if interface.find(path) is not None else None)
    kind, port = interface.get("type"), at("virtualport", "type")
    said = {"libvirt_type": kind, "mac": at("mac", "address"), "model": at("model", "type"),
            "type": "macvtap" if kind == "direct" else "ovs" if kind == "bridge" and port == "openvswitch" else kind,
            "vlan.tag": [int(t.get("id")) for t in interface.findall("vlan/tag")],
            "port.isolated": at("port", "isolated"), "link.state": at("link", "state"), "mtu.size": at("mtu", "size"),
            "boot.order": at("boot", "order"), "source.portgroup": at("source", "portgroup"),
            "filterref.filter": at("filterref", "filter"), "driver.queues": at("driver", "queues"),
            "driver.name": at("driver", "name"), "bandwidth": interface.find("bandwidth") is not None or None}
    said["source"] = source_of(interface, kind)
    if kind == "direct":
        said["mode"] = at("source", "mode")
    if len(said["vlan.tag"]) < 2:  # several tags are a trunk without saying so
        said["vlan.trunk"] = at("vlan", "trunk")
    if said["type"] != "ovs":
        said["virtualport.type"] = port
    parameters = interface.find("virtualport/parameters")
    for name, value in parameters.attrib.items() if parameters is not None else ():
        said["virtualport.parameters." + name] = value
    for name in {p.get("name") for p in interface.findall("filterref/parameter")}:
        said["filterref.parameter." + name] = ",".join(
            p.get("value") for p in interface.findall("filterref/parameter") if p.get("name") == name)
    for name in ("alias", "target"):
        key, attribute = ("alias.name", "name") if name == "alias" else ("target.dev", "dev")
        said[key] = at(name, attribute)
    if (said.get("target.dev") or "").startswith("testnet"):  # the driver's own
        del said["target.dev"]
    return {key: value for key, value in said.items() if value not in (None, [], "")}


# What libvirt makes up where it is not stated.
MADE_UP = {"mac", "virtualport.parameters.interfaceid", "virtualport.parameters.instanceid", "target.dev", "model",
           "virtualport.parameters.profileid", "mode"}
# What libvirt's driver leaves out of what it reads, or numbers anew.
LEFT_OUT = {"target.dev", "alias.name", "driver.queues", "driver.name"}
# What libvirt reads in any case, and with blanks around it.
ANY_CASE = {"model", "virtualport.parameters.interfaceid", "virtualport.parameters.instanceid"}
# Where libvirt reads a part at all: on other types it is ignored, and no decision of ours rests on it.
HAS = {"virtualport": {"bridge", "network", "direct", "hostdev"}, "filterref": {"bridge", "network", "ethernet"}}


def text_of(value):
    """One spelling of a value: numbers and addresses as libvirt writes them."""
    if isinstance(value, list):
        return ",".join(text_of(v) for v in value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return ",".join(str(int(word)) if re.fullmatch(r"\s*[+]?\d+", word) else word for word in text.split(","))


def differences(ours, theirs):
    faults = []
    for key in sorted(set(ours) | set(theirs)):
        we, they = ours.get(key), theirs.get(key)
        if key == "bandwidth":
            we = True if any(k.startswith("bandwidth.") for k in ours) else None
        elif key not in theirs and key not in KNOWN and not key.startswith(("virtualport.", "filterref.")):
            continue
        if theirs["type"] == "ovs" and key == "virtualport.type":
            continue  # our word says it
        if they is None and theirs["libvirt_type"] not in HAS.get(key.split(".")[0], {theirs["libvirt_type"]}):
            continue
        if (we is None and key in MADE_UP) or (they is None and key in LEFT_OUT):
            continue
        if key.startswith("filterref.parameter.") and they is not None and set(text_of(they).split(",")) < set(text_of(we or "").split(",")):
            continue  # libvirt ignores a value with blanks around it
        if key == "mac" and we == "00:00:00:00:00:00":
            continue  # none to libvirt 11.3
        if key == "mtu.size" and we is not None and text_of(we) == "0":
            continue  # none
        if key in ANY_CASE:
            we, they = str(we).strip().lower(), str(they).strip().lower()
        if text_of(we) != text_of(they):
            faults.append(f"{key}: we say {we!r}, libvirt {they!r}")
    return faults


KNOWN = {"type", "libvirt_type", "source", "source.portgroup", "mode", "mac", "model", "vlan.tag", "vlan.trunk",
         "port.isolated", "link.state", "mtu.size", "boot.order", "filterref.filter"}


class Oracle(Case):
    def listed(self, paths):
        """Our list of each document, by path; documents that we refuse are missing."""
        done = self.run_program("list", "--format", "json", *map(str, paths))
        said = {}
        for record in json.loads(done.stdout or b"[]"):
            said.setdefault(record["domain"], []).append(record)
        refused = set(re.findall(r"^(\S+?\.xml):", done.stderr.decode("utf-8", "replace"), re.M))
        return said, refused

    def refuses(self, path, position):
        """True if a change that rests on what stands in that interface is refused."""
        done = self.run_program("update", str(position), "link.state=down", str(path))
        return done.returncode == 3

    def compare(self, documents):
        """Every document: name → bytes. Returns what was found, and how many libvirt defined."""
        paths = {name: self.write(f"oracle/vi{n}.xml", named(text, f"vi{n}"))
                 for n, (name, text) in enumerate(documents.items())}
        found, defined = [], 0
        said, refused = self.listed(paths.values())
        for (name, path), dump in zip(paths.items(), dumps(paths.values())):
            if dump is None or str(path) in refused:
                continue
            defined += 1
            try:
                theirs = [facts(i) for i in ElementTree.fromstring(dump).findall("devices/interface")]
            except ElementTree.ParseError:
                continue  # libvirt wrote what is no XML
            ours = said.get(path.stem, [])
            if len(ours) != len(theirs):
                if not self.refuses(path, "all"):
                    found.append((name, path, f"we see {len(ours)} interfaces, libvirt {len(theirs)}"))
                continue
            for position, (we, they) in enumerate(zip(ours, theirs), 1):
                faults = differences(we, they)
                if faults and not self.refuses(path, position):
                    found.append((name, path, f"interface {position}: " + "; ".join(faults)))
        return found, defined

    def run_all(self, documents, rounds):
        made_of = {f"{name} as it is": text for name, text in documents.items()}
        for n in range(rounds):
            for name, text in documents.items():
                made_of[f"{name}, mutation {SEED + n}"] = Mutator(f"{name} {SEED + n}").mutate(text)
        found, defined, names = [], 0, list(made_of)
        for start in range(0, len(names), 400):
            more, count = self.compare({name: made_of[name] for name in names[start:start + 400]})
            for name, path, what in more:
                keep = ROOT / "build" / "oracle" / (re.sub(r"\W+", "-", name) + ".xml")
                keep.parent.mkdir(parents=True, exist_ok=True)
                keep.write_bytes(path.read_bytes())
            found += more
            defined += count
        spent = sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
                    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        print(f"oracle: {len(documents)} documents, {len(made_of) - len(documents)} mutations, {defined} defined by libvirt, "
              f"{len(found)} found, {spent:.0f} s of CPU time", file=sys.stderr)
        self.assertGreater(defined, len(documents) // 3)
        self.assertEqual(len(found), 0, "\n" + "\n".join(f"{name}: {what}" for name, _, what in found[:40]))

    def test_made_documents(self):
        self.run_all({f"made {seed}": made(seed) for seed in range(300)}, 2 * ROUNDS)

    def test_libvirts_documents(self):
        documents, why = corpus()
        if not documents:
            self.skipTest(why)
        self.run_all({n: t for n, t in documents.items() if b"<interface" in t}, ROUNDS)


if __name__ == "__main__":
    unittest.main()
