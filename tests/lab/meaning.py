#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""meaning.py DOMAIN DOMAIN: what isolates by the table of keys, on a running lab (LAB_DIR): kept, or the change refused.

The keys and the types are the program's own: --help-keys lists them, --drop says which keys isolate. Each of those on
each type that takes it is an interface of a guest, with a source of its own. Two guests run; one holds what cannot run
here. Each interface is updated, moved, made into every other type, retargeted, put through the hook, and applied to by
each policy. What isolates must then be as before, in both of libvirt's documents and in the switch or the kernel, of
every interface of the guest; or a key of it is named as the reason of a refusal, and nothing has changed.
"""
import concurrent.futures
import functools
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

from chaos import LONGEST, Fault, in_host, run, uri, virsh

PROGRAM = os.environ["VIRT_IFACE"]
PORT, PARAMETER = "virtualport.type=", "virtualport.parameters."
QBG = f"{PORT}802.1Qbg,{PARAMETER}managerid=11,{PARAMETER}typeid=12,{PARAMETER}typeidversion=1"
ID = PARAMETER + "interfaceid=4d3b7f5c-9a1e-4c2d-8b6f-{n:012x}"

# How each key that isolates is tried, with what it needs beside it; {n} is another number each time. A row of the table
# that isolates and has no value here fails the test.
VALUES = {
    "mode": ["mode=private"],
    "source.portgroup": ["source.portgroup=red"],
    "vlan.tag": ["vlan.tag=42"],
    "vlan.trunk": ["vlan.tag=42,vlan.trunk=yes"],
    "vlan.native": ["vlan.tag=42,43,vlan.trunk=yes,vlan.native=untagged:42"],
    PARAMETER + "managerid": [QBG],
    PARAMETER + "typeid": [QBG],
    PARAMETER + "typeidversion": [QBG],
    PARAMETER + "profileid": [f"{PORT}openvswitch,{PARAMETER}profileid=red", f"{PORT}802.1Qbh,{PARAMETER}profileid=red"],
    PARAMETER + "interfaceid": [f"{PORT}openvswitch,{ID}", f"{PORT}midonet,{ID}"],
    "port.isolated": ["port.isolated=yes"],
    "filterref.filter": ["filterref.filter=kept"],
    "filterref.parameter.": ["filterref.filter=kept,filterref.parameter.IP=192.0.2.7"],
}
# The types that guests of the lab run with, and a source of each by a number; None: it has none.
RUNNING = {"macvtap": "nic{}", "ovs": "ovs{}", "network": "net{}", "bridge": "br{}", "user": None, "ethernet": None}
# How a source of another type may look: the program says which it takes.
LOOKS = [None, "name{}", "/dev/name{}", "0000:00:{:02x}.0"]
# What none of them can run with: no bridge that filters VLANs, no virtual function, no lldpad, no switch that answers.
CANNOT_RUN = re.compile("802[.]1Qb|^type=(bridge|macvtap),.*vlan|^type=network,.*midonet")
SWITCH = "<forward mode='bridge'/><bridge name='vswitch0'/><virtualport type='openvswitch'/>" \
    "<portgroup name='red'><vlan><tag id='10'/></vlan></portgroup>"
BRIDGE = "<forward mode='bridge'/><bridge name='br0'/>"
POOL = "<forward mode='private'><interface dev='nicA'/></forward>"
ASK_HOST = """
ovs-vsctl --format=json --columns=name,tag,trunks,vlan_mode list Port; printf '\\1'
ovs-vsctl --format=json --columns=name,external_ids list Interface; printf '\\1'
bridge -j -d link; printf '\\1'
ip -j -d link show type macvtap; printf '\\1'
ebtables -t nat -L PREROUTING
"""


def settings(*words):
    return ",".join(filter(None, words))


def ask(*words, text=None):
    done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=LONGEST, check=False)
    return done.returncode, done.stdout, done.stderr


@functools.cache
def look_of(kind):
    if kind in RUNNING:
        return RUNNING[kind]
    for look in LOOKS:
        one = settings(f"type={kind}", look and f"source={look.format(1)}")
        if ask(PROGRAM, "convert", "--interface", one)[0] == 0:
            return look
    raise Fault(f"no source of type {kind} is found")


def source_of(kind, number):
    return look_of(kind) and look_of(kind).format(number)


def runs(interface):
    return re.match("type=([a-z]+)", interface).group(1) in RUNNING and not CANNOT_RUN.search(interface)


class Cell:
    """An interface of one type with what isolates it, by one key."""

    def __init__(self, number, key, kind, value):
        self.key, self.kind, self.value = key, kind, value.format(n=number)
        self.number, self.mac = number, f"52:54:00:00:00:{number:02x}"
        self.here, self.there = source_of(kind, 2 * number), source_of(kind, 2 * number + 1)
        mode = "private" if key == "mode" else "passthrough" if "vlan" in value else "bridge"
        self.mode = f"mode={mode}" if kind == "macvtap" else ""
        self.names = {word.split("=")[0] for word in value.split(",") if "=" in word}
        self.plain = settings(f"type={kind}", self.here and f"source={self.here}", self.mode)
        self.full = settings(self.plain, f"mac={self.mac}", self.value if self.value != self.mode else "")
        self.network = POOL if "802.1" in value else SWITCH if re.search("vlan|portgroup|openvswitch", value) else BRIDGE
        self.only_names = "openvswitch" in value and key.endswith("interfaceid")  # the port, and isolates nothing

    def __str__(self):
        return f"{self.key} on {self.full}"


def table():
    """The keys that isolate, and the types that can be made."""
    rows = re.findall(r"^  (\S+?)(?:NAME)? +(.*)$", run(PROGRAM, "--help-keys"), re.M)
    document = "<domain><devices><interface type='user'/></devices></domain>"
    isolating = []
    for key, _ in rows:
        status, _, said = ask(PROGRAM, "update", "1", "link.state=up", "--drop", re.sub(r"\.$", ".IP", key), text=document)
        if status != 0 and "does not isolate" not in said:
            raise Fault(f"--drop {key}: status {status}: {said}")
        isolating += [key] * (status == 0)
    return isolating, re.search(r"\((.*)\)$", dict(rows)["type"]).group(1).split("|")


def make_cells(domain, libvirt):
    """Each key on each type that takes it, and the types."""
    isolating, types = table()
    if set(isolating) != set(VALUES):
        raise Fault(f"keys that isolate by the table alone, or here alone: {sorted(set(isolating) ^ set(VALUES))}")
    cells = []
    for key in isolating:
        taken = 0
        for kind, value in ((kind, value) for kind in types for value in VALUES[key]):
            cell = Cell(len(cells) + 1, key, kind, value)
            status, _, said = ask(PROGRAM, "attach", "--libvirt", libvirt, "--interface", cell.full, text=domain)
            if status not in (0, 3):
                raise Fault(f"{cell}: status {status}: {said}")
            taken += status == 0
            if status == 0 and not any(other.kind == kind and other.value == cell.value for other in cells):
                cells.append(cell)
        if not taken:
            raise Fault(f"{key} is taken on no type")
    return cells, types


def make_sources(cells):
    """The devices, bridges and networks that the cells are on, and those with number 0 and 1 that all are moved to."""
    links, switches = "", []
    wanted = [(cell.kind, name, cell.network) for cell in cells for name in (cell.here, cell.there)]
    wanted += [(kind, source_of(kind, 0), BRIDGE) for kind in ("macvtap", "ovs", "bridge", "network")]
    for kind, name, network in [*wanted, ("network", source_of("network", 1), SWITCH)]:
        if kind == "macvtap":
            links += f"link add {name} type veth peer name {name}p\nlink set {name} up\nlink set {name}p up\n"
        elif kind == "bridge":
            links += f"link add {name} type bridge\nlink set {name} up\n"
        elif kind == "ovs":
            switches += ["--", "add-br", name, "--", "set", "bridge", name, "datapath_type=netdev"]
        elif kind == "network":
            virsh("A", "net-create", "/dev/stdin", text=f"<network><name>{name}</name>{network}</network>")
    in_host("A", "ip", "-batch", "-", text=links)
    in_host("A", "ovs-vsctl", *switches)


def canonical(element):
    return ET.canonicalize(ET.tostring(element, encoding="unicode"), strip_text=True)


def isolation(element):
    """What isolates, by libvirt's element."""
    source, port, out = element.find("source"), element.find("virtualport"), {}
    if source is not None:
        out = {"private": source.get("mode") == "private", "portgroup": source.get("portgroup")}
    for name in ("vlan", "port", "filterref"):
        part = element.find(name)
        out[name] = part is not None and canonical(part)
    if port is not None and port.find("parameters") is not None:
        names = {"openvswitch": "interfaceid", "802.1Qbg": "instanceid"}.get(port.get("type"))
        out["port of switch"] = {key: value for key, value in port.find("parameters").items() if key != names}
    return {key: value for key, value in out.items() if value}


def rest(element, without):
    """The element without what libvirt chooses anew, and what was to change."""
    copy = ET.fromstring(ET.tostring(element))
    for name in ("target", "alias", *without):
        for part in copy.findall(name):
            copy.remove(part)
    for path, name in (("source", "portid"), ("virtualport/parameters", "interfaceid")):
        for part in copy.findall(path):
            part.attrib.pop(name, None)
    return canonical(copy)


def isolation_on_host():
    """What isolates by the switch and the kernel, by device."""
    ports, interfaces, links, taps, filters = in_host("A", "sh", "-c", ASK_HOST).split("\1")
    out = [(name, "vlan", str(vlan)) for name, *vlan in json.loads(ports)["data"] if vlan != [["set", []]] * 3]
    for name, ids in json.loads(interfaces)["data"]:
        out += [(name, key, value) for key, value in ids[1] if key == "port-profile"]
    out += [(link["ifname"], "isolated", True) for link in json.loads(links or "[]") if link["isolated"]]
    for link in filter(None, json.loads(taps or "[]")):
        if link["linkinfo"]["info_data"]["mode"] == "private":
            out.append((link["ifname"], "private", True))
    return out + [(name, "filtered", True) for name in re.findall(r"-i (\S+) -j libvirt-", filters)]


class State:
    """What libvirt says of a guest: its interfaces by MAC, of the configuration and of the running guest."""

    def __init__(self, guest):
        self.texts = guest.texts()
        self.views = [{one.find("mac").get("address"): one for one in ET.fromstring(text).findall("devices/interface")}
                      for text in self.texts]
        self.host = isolation_on_host() if guest.runs else []

    def on_host(self, mac):
        target = self.views[-1][mac].find("target")
        return [fact for name, *fact in self.host if target is not None and name == target.get("dev")]


class Guest:
    """A guest with its cells."""

    def __init__(self, domain, cells, types, libvirt):
        self.name, self.cells, self.libvirt = re.search("<name>(.*)</name>", domain).group(1), cells, libvirt
        self.runs = runs(cells[0].full)
        self.types = [kind for kind in types if not self.runs or kind in RUNNING]
        self.kept = self.refused = 0
        # One for all questions; it prints what it is asked, too.
        self.virsh = subprocess.Popen(["virsh", "-q", "-c", uri("A")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT)
        virsh("A", "define", "/dev/stdin", text=domain)
        status, _, said = self.iface("attach", "--config", *(word for cell in cells for word in ("--interface", cell.full)))
        if status:
            raise Fault(f"attach to {self.name}: status {status}: {said}")
        if self.runs:
            virsh("A", "start", self.name)
        self.before = State(self)
        for cell in cells:
            shown = [isolation(view[cell.mac]) for view in self.before.views]
            if not all(shown) and not cell.only_names:
                raise Fault(f"{cell}: nothing isolates it: {shown}")

    def texts(self):
        return [self.document("--inactive")] + ([self.document()] if self.runs else [])

    def document(self, *words):
        self.virsh.stdin.write(f"dumpxml {self.name} {' '.join(words)}\necho asked' and 'answered\n".encode())
        self.virsh.stdin.flush()
        said = b""
        while b"asked and answered" not in said:
            part = os.read(self.virsh.stdout.fileno(), 1 << 20)
            if not part:
                break
            said += part
        found = re.search("<domain.*</domain>", said.decode(), re.S)
        if not found:
            raise Fault(f"dumpxml {self.name}: {said.decode()}")
        return found.group()

    def ask(self, *words, **more):
        with open(f"{os.environ['LAB_DIR']}/A/pid", encoding="ascii") as file:
            pid = file.read().strip()
        return ask("nsenter", "-t", pid, "-m", "-n", "-u", "-i", "-p", "--", "virt-iface", *words, **more)

    def iface(self, command, *words):
        return self.ask(command, "--connect", "qemu:///system", "--domain", self.name, *words)

    def change(self, cell, command, *words, without=None, adds=False):
        """Makes the change, or sees it refused; whether it was made. `without`: what of the element may differ; None:
        all that does not isolate."""
        status, _, said = self.iface(command, *words)
        told = f"{cell}: {command} {' '.join(words)}: status {status}: {said}\n"
        if status not in (0, 3, 4):
            raise Fault(told)
        names = cell.names if status != 4 else {name.split(".")[0] for name in cell.names}  # in libvirt's words
        if status and not any(name in said for name in names):
            raise Fault(told + "the reason is no key of it")
        if status == 3 and self.texts() == self.before.texts:
            self.refused += 1
            return False
        after = State(self)
        self.compare(cell, after, () if status else without, told)
        if not adds and len(after.views[0]) != len(self.before.views[0]):
            raise Fault(told + "another interface is there")
        self.before = after
        self.kept += status == 0
        self.refused += status != 0
        return status == 0

    def compare(self, cell, after, without, told):
        for mac, view in ((mac, view) for view in range(len(after.views)) for mac in self.before.views[view]):
            if mac not in after.views[view]:
                raise Fault(told + f"{mac} is gone")
            old, new = self.before.views[view][mac], after.views[view][mac]
            if isolation(old) != isolation(new):
                raise Fault(told + f"{mac} was isolated by {isolation(old)}\nand is by {isolation(new)}")
            free = without if mac == cell.mac else ()
            if free is not None and rest(old, free) != rest(new, free):
                raise Fault(told + f"{mac} was\n{rest(old, free)}\nand is\n{rest(new, free)}")
            if self.runs and self.before.on_host(mac) != after.on_host(mac):
                raise Fault(told + f"{mac} was on the host {self.before.on_host(mac)}\nand is {after.on_host(mac)}")
        port = after.views[-1][cell.mac].find("virtualport/parameters")
        if cell.key.endswith("interfaceid") and port is not None and port.get("interfaceid") not in cell.value:
            raise Fault(told + f"its interfaceid: {canonical(port)}")

    def must(self, cell, *words, **more):
        if not self.change(cell, *words, **more):
            raise Fault(f"{cell}: {' '.join(words)}: refused")

    def update(self, cell, *words, **more):
        return self.change(cell, "update", cell.mac, *filter(None, words), "--replug", **more)

    def try_cell(self, cell):
        self.must(cell, "update", cell.mac, "link.state=down", without=["link"])
        self.must(cell, "update", cell.mac, f"alias.name=ua-{cell.number}", "--replug", without=["address"])
        if cell.here:
            self.must(cell, "update", cell.mac, f"source={cell.there}", "--replug", without=["source", "address"])
            self.must(cell, "retarget", "--map", f"{cell.kind}:{cell.there}={cell.kind}:{cell.here}", "--replug",
                      without=["source", "address"])
        for kind in self.types:
            if kind != cell.kind:
                self.try_type(cell, kind, source_of(kind, int(kind == "network" and cell.network == SWITCH)))
        self.try_policies(cell)

    def try_type(self, cell, kind, source):
        """Into that type, on a source that can carry as much, if any can."""
        mode = kind == "macvtap" and "mode=bridge"
        if self.update(cell, f"type={kind}", source and f"source={source}", mode):
            self.put_back(cell)
        if not source or not cell.here:
            return
        one, two = f"{cell.kind}:{cell.here}", f"{kind}:{source}"
        if self.change(cell, "retarget", "--map", f"{one}={two}", "--replug"):
            self.put_back(cell)
        if "hostdev" not in (kind, cell.kind):  # libvirt migrates none
            self.try_hook(cell, f"[hook]\nlibvirt = {self.libvirt}\n[retarget]\n{one} = {two}\n")

    def put_back(self, cell):
        words = cell.value.split(",") if cell.only_names else []  # what another type cannot carry, and need not
        if not self.update(cell, f"type={cell.kind}", cell.here and f"source={cell.here}", cell.mode, *words):
            raise Fault(f"{cell}: the way back is refused")

    def try_hook(self, cell, conf):
        """As libvirt calls it when a guest arrives, with libvirt's document."""
        path = f"/etc/virt-iface/{self.name}.conf"
        in_host("A", "tee", path, text=conf)
        status, out, said = self.ask("hook", self.name, "migrate", "begin", "-", "--config", path,
                                     text=self.before.texts[-1])
        if status:
            self.refused += 1
            if not any(name in said for name in cell.names):
                raise Fault(f"{cell}: the hook refuses, and the reason is no key of it: {said}")
            return
        self.kept += 1
        found = {one.find("mac").get("address"): one for one in ET.fromstring(out).findall("devices/interface")}
        for mac, before in self.before.views[-1].items():
            if isolation(before) != isolation(found[mac]):
                raise Fault(f"{cell}: the hook: {mac} was isolated by {isolation(before)}\nand is by {isolation(found[mac])}")

    def try_policies(self, cell):
        """With nothing asked for of what isolates."""
        plain = f"{cell.plain},mac={cell.mac}"
        self.change(cell, "apply", "--interface", cell.plain, without=[])
        self.must(cell, "apply", "--policy", "converge", "--interface", plain, without=[])
        # A guest has a device of the host once.
        again = cell.plain.replace(cell.here, cell.there) if cell.kind == "hostdev" else cell.plain
        self.must(cell, "apply", "--policy", "append", "--interface", again, without=[], adds=True)
        status, _, said = self.iface("detach", "-1")
        if status:
            raise Fault(f"{cell}: detach: status {status}: {said}")
        self.before = State(self)
        wanted = (word for one in self.cells for word in ("--interface", plain if one is cell else one.full))
        self.must(cell, "apply", "--policy", "replace", *wanted, without=[])

    def try_all(self):
        for cell in self.cells:
            self.try_cell(cell)
        return f"{self.name}: {len(self.cells)} interfaces, {self.kept} changes kept what isolates, {self.refused} refused"


def main(awake, asleep):
    libvirt = re.search(r"libvirt ([0-9.]+)", virsh("A", "version")).group(1)
    cells, types = make_cells(asleep, libvirt)
    make_sources(cells)
    running = [cell for cell in cells if runs(cell.full)]
    others = [cell for cell in cells if cell not in running]
    shares = [(awake.replace("NAME", "one"), running[::2]), (awake.replace("NAME", "two"), running[1::2]), (asleep, others)]
    guests = [Guest(domain, mine, types, libvirt) for domain, mine in shares]
    with concurrent.futures.ThreadPoolExecutor() as threads:
        done = [threads.submit(guest.try_all) for guest in guests]
    print("figures: " + "; ".join(one.result() for one in done))
    for guest in guests:
        guest.virsh.communicate(b"quit\n", timeout=LONGEST)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Fault as fault:
        sys.exit(str(fault))
