#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""chaos.py SECONDS [SEED]: random operations and faults on a running lab (LAB_DIR) with its guests, each checked.

What each guest must have is kept in a model. After each step libvirt is asked for the running and the persistent
document of the guest: their interfaces must be those of the model, and all else must be as it was at the beginning.
What the documents say must be so: the tag of each port of the switch, the mode of each macvtap device and its NIC.
"""
import collections
import copy
import json
import os
import random
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

LAB = os.environ["LAB_DIR"]
LONGEST = 90  # seconds a command may take
MOST = 5  # interfaces of a guest
NICS = {"A": ["nicA", "nicA2"], "B": ["nicB", "nicB2"]}
BRIDGES = ["vswitch0", "vswitch1"]
OTHER = {"A": "B", "B": "A"}
CONF = "/etc/virt-iface/hook.conf"
SCOPES = [["--live"], ["--config"], [], []]


class Fault(Exception):
    """Something is not as it must be."""


def run(*words, text=None, status=0):
    done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=LONGEST, check=False)
    if done.returncode != status:
        raise Fault(f"{' '.join(words)}: status {done.returncode}, not {status}: {done.stderr}{done.stdout}")
    return done.stdout


def in_host(host, *words, **more):
    with open(f"{LAB}/{host}/pid", encoding="ascii") as file:
        pid = file.read().strip()
    return run("nsenter", "-t", pid, "-m", "-n", "-u", "-i", "-p", "--", *words, **more)


def uri(host):
    return f"qemu+unix:///system?socket={LAB}/{host}/run/libvirt/libvirt-sock"


def virsh(host, *words, **more):
    return run("virsh", "-q", "-c", uri(host), *words, **more)


Nic = collections.namedtuple("Nic", "mac type source link tag")


def read_nic(element):
    source = element.find("source")
    kind = element.get("type")
    link = element.find("link")
    return Nic(
        element.find("mac").get("address"),
        {"direct": "macvtap", "bridge": "ovs"}.get(kind, kind),
        source.get("dev") or source.get("bridge"),
        link.get("state") if link is not None else "up",
        int(element.find("vlan/tag").get("id")) if element.find("vlan/tag") is not None else 0,
    )


def read_domain(text):
    """Its interfaces, and the names and texts of all else that attaching a NIC has no business with."""
    root = ET.fromstring(text)
    devices = root.find("devices")
    nics = [read_nic(element) for element in devices.findall("interface")]
    for element in devices.findall("interface"):
        devices.remove(element)
    return nics, ET.canonicalize(ET.tostring(root, encoding="unicode"), strip_text=True)


def ports(host):
    """The tag of each port of the switches: 0 for none."""
    found = json.loads(in_host(host, "ovs-vsctl", "--format=json", "--columns=name,tag", "list", "Port"))
    return {name: tag if isinstance(tag, int) else 0 for name, tag in found["data"]}


def macvtaps(host):
    """The NIC and the mode of each macvtap device."""
    found = json.loads(in_host(host, "ip", "-json", "-d", "link", "show", "type", "macvtap"))
    return {link["ifname"]: (link["link"], link["linkinfo"]["info_data"]["mode"]) for link in found if link}


class Guest:
    """What a guest must have: `live` and `config` are lists of Nic in libvirt's order."""

    def __init__(self, name, host):
        self.name, self.host = name, host
        self.live, self.config = [], []
        self.rest = read_domain(self.document("--inactive"))[1]

    def document(self, *options):
        return virsh(self.host, "dumpxml", self.name, *options)

    def check(self):
        live, _ = read_domain(self.document())
        config, rest = read_domain(self.document("--inactive"))
        for what, wanted, seen in (("running", self.live, live), ("persistent", self.config, config)):
            if sorted(wanted) != sorted(seen):
                raise Fault(f"{what} interfaces of {self.name} on {self.host}\n  wanted {wanted}\n  seen   {seen}")
        if rest != self.rest:
            raise Fault(f"the rest of {self.name}'s definition\n  wanted {self.rest}\n  seen   {rest}")
        if virsh(self.host, "domstate", self.name).strip() != "running":
            raise Fault(f"{self.name} does not run")
        self.check_host()

    def check_host(self):
        """What libvirt says is so on the host."""
        tags, taps = ports(self.host), macvtaps(self.host)
        for element in ET.fromstring(self.document()).iter("interface"):
            nic, device = read_nic(element), element.find("target").get("dev")
            seen = tags.get(device) if nic.type == "ovs" else taps.get(device)
            wanted = nic.tag if nic.type == "ovs" else (nic.source, "bridge")
            if seen != wanted:
                raise Fault(f"{device} of {self.name} on {self.host}: wanted {wanted}, seen {seen}")

    def pid(self):
        with open(f"{LAB}/{self.host}/run/libvirt/qemu/{self.name}.pid", encoding="ascii") as file:
            return file.read()

    def iface(self, command, *words, status=0):
        return in_host(self.host, "virt-iface", command, "--connect", "qemu:///system", "--domain", self.name, *words,
                       status=status)

    def sides(self, scope):
        return [side for side, out in (("live", "--config"), ("config", "--live")) if out not in scope]


class Chaos:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.done = collections.Counter()
        self.history = []
        self.macs = 0
        self.guests = []

    # --- what can be done; each returns its words for the history, or None where it does not apply ---

    def new_mac(self):
        self.macs += 1
        return "52:54:00:aa:%02x:%02x" % divmod(self.macs, 256)

    def any_source(self, guest):
        kind = self.dice.choice(["macvtap", "ovs"])
        return kind, self.dice.choice(NICS[guest.host] if kind == "macvtap" else BRIDGES)

    @staticmethod
    def words(kind, source):
        return f"type={kind},name={source}" + (",mode=bridge" if kind == "macvtap" else "")

    def attach(self, guest):
        scope = self.dice.choice(SCOPES)
        if any(len(getattr(guest, side)) >= MOST for side in guest.sides(scope)):
            return None
        kind, source = self.any_source(guest)
        mac = self.new_mac()
        tag = self.dice.choice([0, 0, 42, 4094]) if kind == "ovs" else 0
        words = self.words(kind, source) + f",mac={mac}" + (f",vlan.tag={tag}" if tag else "")
        guest.iface("attach", *scope, "--interface", words)
        for side in guest.sides(scope):
            getattr(guest, side).append(Nic(mac, kind, source, "up", tag))
        return f"attach {scope} {kind} {source} {mac} {tag}"

    def pick(self, guest, scope):
        """A NIC that all sides of the scope have alike."""
        sides = [getattr(guest, side) for side in guest.sides(scope)]
        both = [nic for nic in sides[0] if all(any(nic.mac == other.mac for other in side) for side in sides)]
        return self.dice.choice(both) if both else None

    @staticmethod
    def change(guest, scope, mac, **changes):
        for side in guest.sides(scope):
            setattr(guest, side, [nic._replace(**changes) if nic.mac == mac else nic for nic in getattr(guest, side)])

    def update_link(self, guest):
        scope = self.dice.choice(SCOPES)
        nic = self.pick(guest, scope)
        if nic is None:
            return None
        state = self.dice.choice(["up", "down"])
        guest.iface("update", *scope, nic.mac, f"link.state={state}")
        self.change(guest, scope, nic.mac, link=state)
        return f"update {scope} {nic.mac} link.state={state}"

    def update_source(self, guest):
        nic = self.pick(guest, [])
        if nic is None or not all(nic in side for side in (guest.live, guest.config)):
            return None
        source = self.dice.choice(NICS[guest.host] if nic.type == "macvtap" else BRIDGES)
        guest.iface("update", "--replug", nic.mac, f"source={source}")
        self.change(guest, [], nic.mac, source=source)
        return f"update --replug {nic.mac} source={source}"

    def refused(self, guest):
        """Requests that must fail and change nothing."""
        nic = self.pick(guest, [])
        if nic is None:
            return None
        words = self.dice.choice([
            ("attach", "--interface", f"type=ovs,name=vswitch0,mac={nic.mac}"),
            ("attach", "--interface", "type=macvtap,name=nicA"),
            ("update", nic.mac, "mode=vpea"),
            ("detach", "52:54:00:ff:ff:ff"),
        ])
        guest.iface(*words, status=3)
        return f"refused {words}"

    def detach(self, guest):
        scope = self.dice.choice(SCOPES)
        nic = self.pick(guest, scope)
        if nic is None:
            return None
        guest.iface("detach", *scope, nic.mac)
        for side in guest.sides(scope):
            setattr(guest, side, [other for other in getattr(guest, side) if other.mac != nic.mac])
        return f"detach {scope} {nic.mac}"

    def apply(self, guest):
        """ensure with one wanted interface: added where there is none alike, and a second time nothing."""
        scope = self.dice.choice(SCOPES[:2])
        kind, source = self.any_source(guest)
        side = guest.sides(scope)[0]
        mine = getattr(guest, side)
        if len(mine) >= MOST or any((nic.type, nic.source) == (kind, source) and nic.tag for nic in mine):
            return None  # one with a VLAN is a conflict
        before = copy.copy(mine)
        for _ in range(2):
            guest.iface("apply", *scope, "--interface", self.words(kind, source))
        if not any((nic.type, nic.source, nic.tag) == (kind, source, 0) for nic in before):
            seen = read_domain(guest.document(*(["--inactive"] if side == "config" else [])))[0]
            new = [nic for nic in seen if nic.mac not in {old.mac for old in before}]
            if [(nic.type, nic.source) for nic in new] != [(kind, source)]:
                raise Fault(f"apply {kind} {source} added {new}")
            mine.extend(new)
        return f"apply {scope} {kind} {source}"

    def save(self, guest):
        virsh(guest.host, "save", guest.name, f"{LAB}/chaos.save")
        virsh(guest.host, "restore", f"{LAB}/chaos.save")
        return "save and restore"

    def restart(self, guest):
        virsh(guest.host, "destroy", guest.name)
        virsh(guest.host, "start", guest.name)
        guest.live = copy.copy(guest.config)
        return "destroy and start"

    def migrate(self, guest):
        there = OTHER[guest.host]
        maps = dict(zip(NICS[guest.host], NICS[there]))
        options = [word for old, new in maps.items() for word in ("--map", f"{old}={new}")]
        retargeted = in_host(guest.host, "virt-iface", "retarget", *options, text=guest.document("--inactive"))
        with open(f"{LAB}/chaos.xml", "w", encoding="utf-8") as file:
            file.write(retargeted)
        virsh(guest.host, "migrate", "--live", guest.name, "--desturi", uri(there), "--migrateuri",
              f"unix://{LAB}/mig.sock", "--persistent", "--persistent-xml", f"{LAB}/chaos.xml", "--undefinesource")
        guest.host = there
        for side in ("live", "config"):
            setattr(guest, side, [nic._replace(source=maps.get(nic.source, nic.source)) for nic in getattr(guest, side)])
        return f"migrate to {there}"

    def refused_migration(self, guest):
        """A host whose policy cannot be carried out lets nobody in; the guest runs on."""
        there = OTHER[guest.host]
        break_it, mend_it = self.dice.choice([
            (f"mv {CONF} {CONF}.x; echo [hook >{CONF}", f"mv {CONF}.x {CONF}"),
            (f"mv {CONF} {CONF}.x; ln -s /run/nothing {CONF}", f"mv {CONF}.x {CONF}"),
            (f"mv {CONF} {CONF}.x; mkfifo {CONF}", f"mv {CONF}.x {CONF}"),
            (f"chmod o+w {CONF}", f"chmod o-w {CONF}"),
            ("mv /usr/bin/virt-iface /usr/bin/vi.x", "mv /usr/bin/vi.x /usr/bin/virt-iface"),
            (r"mv /usr/bin/virt-iface /usr/bin/vi.x; printf '#!/bin/sh\nkill -SEGV $$\n' >/usr/bin/virt-iface; "
             "chmod +x /usr/bin/virt-iface", "mv /usr/bin/vi.x /usr/bin/virt-iface")])
        in_host(there, "sh", "-c", break_it)
        try:
            virsh(guest.host, "migrate", "--live", guest.name, "--desturi", uri(there), "--migrateuri",
                  f"unix://{LAB}/mig.sock", status=1)
        finally:
            in_host(there, "sh", "-c", mend_it)
        return f"refused migration: {break_it}"

    def restart_daemon(self, guest, signal="TERM"):
        """libvirtd goes and comes; the process of the guest stays."""
        host, before = self.dice.choice("AB"), guest.pid()
        with open(f"{LAB}/{host}/run/libvirtd.pid", encoding="ascii") as file:
            pid = file.read().strip()
        in_host(host, "kill", f"-{signal}", pid)
        in_host(host, "timeout", "30", "tail", f"--pid={pid}", "-f", "/dev/null")
        in_host(host, "libvirtd", "-d", "-p", "/run/libvirtd.pid")
        virsh(host, "list")
        if guest.pid() != before:
            raise Fault(f"{guest.name} has another process")
        return f"restart of libvirtd on {host} by {signal}"

    def crash_daemon(self, guest):
        return self.restart_daemon(guest, "KILL")

    # --- the loop ---

    def step(self):
        guest = self.dice.choice(self.guests)
        operations = [self.attach] * 4 + [self.detach] * 3 + [self.update_link] * 3 + [self.update_source] * 2 + [
            self.apply] * 3 + [self.refused] * 2 + [self.save, self.migrate, self.restart] + [
                self.refused_migration, self.restart_daemon, self.crash_daemon]
        operation = self.dice.choice(operations)
        self.history.append(f"{guest.name}: {operation.__name__} …")
        words = operation(guest)
        if words is None:
            self.history.pop()
            return
        self.history[-1] = f"{guest.name} on {guest.host}: {words}"
        guest.check()
        self.done[operation.__name__] += 1

    def go(self, seconds):
        self.guests = [Guest(name, "A") for name in virsh("A", "list", "--name").split()]
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            self.step()
        for guest in self.guests:
            guest.check()


def main():
    seconds = float(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1000000
    chaos = Chaos(seed)
    try:
        chaos.go(seconds)
    except (Fault, subprocess.TimeoutExpired) as fault:
        print(f"seed {seed}, step {sum(chaos.done.values()) + 1}: {fault}", *chaos.history[-12:], sep="\n  ")
        sys.exit(1)
    steps = ", ".join(f"{name} {count}" for name, count in sorted(chaos.done.items()))
    print(f"figures: seed {seed}: {sum(chaos.done.values())} steps in {seconds:.0f} s, each as libvirt says ({steps})")


if __name__ == "__main__":
    main()
