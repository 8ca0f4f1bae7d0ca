#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""OSA, HiperSockets and RoCE cards that keep frames from guests: what --check-host, sources and the hook say of them, on a
host whose /sys is a tree of the test's, and whose Open vSwitch answers what the test has written down."""
import json
import shutil
import unittest

from common import domain
from host_case import HostCase

BRIDGE = "<interface type='bridge'><mac address='52:54:00:00:00:0{}'/><source bridge='{}'/></interface>\n"
OVS = BRIDGE.replace("</interface>", "<virtualport type='openvswitch'/></interface>")
NO_PORT = {"layer2": "1", "bridge_role": "none", "bridge_state": "inactive", "vnicc/flooding": "0", "vnicc/learning": "0"}
PORT = {**NO_PORT, "bridge_role": "secondary", "bridge_state": "active"}
LEARNS = {"layer2": "1", "bridge_role": "n/a (VNIC characteristics)", "bridge_state": "n/a (VNIC characteristics)",
          "vnicc/flooding": "1", "vnicc/learning": "1"}
DEAF = ("'{}' beneath '{}' is a qeth device that is no active bridge port, nor has it VNICC flooding and learning: a guest "
        "behind it gets no frames")
HINT = "chzdev --by-interface {} bridge_role=primary, or vnicc/flooding=1 vnicc/learning=1"
ROCE = "'roce0' beneath 'vs1' is a RoCE card: it cannot be promiscuous, and IBM supports none beneath Open vSwitch"


def rows(columns, *lines):
    return json.dumps({"headings": columns, "data": lines}) + "\n"


def table(**bridges):
    """What `ovs-vsctl --format=json` lists of bridges, each with one port."""
    number = {name: i for i, name in enumerate(bridges)}
    empty = ["set", []]
    return (rows(["_uuid", "name", "ports"], *([["uuid", f"b{number[b]}"], b, ["uuid", f"p{number[b]}"]] for b in bridges)) +
            rows(["_uuid", "name", "tag", "trunks", "interfaces"],
                 *([["uuid", f"p{number[b]}"], p, empty, empty, ["uuid", f"i{number[b]}"]] for b, p in bridges.items())) +
            rows(["_uuid", "name", "type", "options"],
                 *([["uuid", f"i{number[b]}"], p, "", ["map", []]] for b, p in bridges.items())))


class IbmZ(HostCase):
    def setUp(self):
        super().setUp()
        (self.folder / "sys/bus/css").mkdir(parents=True)
        self.device("br0", "bridge", "enc600.7")
        self.device("br1", "bridge", "bond0")
        self.device("br2", "bridge", "enc620")
        self.device("enc600.7", "vlan", "enc600")
        self.device("bond0", "bond", "enc610", "enc620")
        self.card("enc600", NO_PORT)
        self.card("enc610", {"layer2": "0"})
        self.card("enc620", PORT)
        self.card("enc630", LEARNS)
        self.card("roce0", {}, "mlx5_core")
        self.write("tables", table(vs0="enc600", vs1="roce0", vs2="enc630").encode())

    def device(self, name, kind=None, *lower):
        folder = self.folder / "sys/class/net" / name
        folder.mkdir(parents=True)
        for file, text in {"type": "1", "flags": "0x1003", "operstate": "up", "uevent": f"DEVTYPE={kind}" if kind else ""}.items():
            (folder / file).write_text(text + "\n")
        if kind == "bridge":
            (folder / "bridge").mkdir()
        if kind == "bond":
            (folder / "bonding").mkdir()
        for one in lower:
            (folder / f"lower_{one}").symlink_to(f"../{one}")
        return folder

    def card(self, name, attributes, driver="qeth"):
        folder = self.device(name) / "device"
        (folder / "vnicc").mkdir(parents=True)
        (folder / "driver").symlink_to(f"../../../../bus/ccwgroup/drivers/{driver}")
        for file, text in attributes.items():
            (folder / file).write_text(text + "\n")

    def run_there(self, script, status=0):
        """On a host with that /sys, without a log, and with an Open vSwitch that has vs0, vs1 and vs2."""
        done = self.on_host(f"""cd {self.folder}
            cat >/usr/bin/ovs-vsctl <<'END'
#!/bin/sh
case "$*" in *list-br*) printf 'vs0\\nvs1\\nvs2\\n' ;; *) cat {self.folder}/tables ;; esac
END
            chmod 755 /usr/bin/ovs-vsctl
            mount --bind sys /sys
            {script}""")
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout.decode(), done.stderr.decode()

    def check_host(self, kind, name):
        option = f"type={kind},name={name}" + (",mode=bridge" if kind == "macvtap" else "")
        return self.run_there(f"virt-iface --interface {option} --check-host z1.xml >/dev/null")[1].replace("virt-iface: ", "")

    def test_check_host(self):
        self.write("z1.xml", domain("z1"))
        for kind, name, expected in (
                ("bridge", "br0", f"warning: {DEAF.format('enc600', 'br0')} ({HINT.format('enc600')})"),
                ("bridge", "br1", "warning: 'enc610' beneath 'br1' is a qeth device without layer 2: a guest behind it gets no "
                                  "frames (chzdev --by-interface enc610 layer2=1)"),
                ("bridge", "br2", ""), ("ovs", "vs2", ""), ("macvtap", "enc600", ""),
                ("macvtap", "bond0", "warning: 'enc610' beneath 'bond0' is a qeth device without layer 2: a guest behind it "
                                     "gets no frames (chzdev --by-interface enc610 layer2=1)"),
                ("ovs", "vs0", f"warning: {DEAF.format('enc600', 'vs0')} ({HINT.format('enc600')})"),
                ("ovs", "vs1", f"note: {ROCE} (put the interface on it by macvtap)")):
            with self.subTest(kind=kind, name=name):
                place = "--interface: "
                said = [line.removeprefix(place) for line in self.check_host(kind, name).splitlines() if line.startswith(place)]
                self.assertEqual(" | ".join(said), expected)

    def test_check_host_looks_beneath_a_network(self):
        """virbr0 is what libvirt's driver for tests has as the bridge of the network default."""
        self.write("z1.xml", domain("z1"))
        command = "virt-iface --interface type=network,name=default --check-host --connect test:///default --domain test --check"
        for bridge, card, expected in (("bridge", "enc600", True), ("bridge", "enc630", False), (None, "enc600", True)):
            with self.subTest(bridge=bridge, card=card):
                shutil.rmtree(self.folder / "sys/class/net/virbr0", ignore_errors=True)
                self.device("virbr0", bridge, *([card] if bridge else []))
                if not bridge:
                    self.write("tables", table(virbr0=card).encode())
                said = self.run_there(f"{command} || test $? = 1")[1]
                self.assertEqual(DEAF.format(card, "virbr0") in said, expected, said)

    def test_sources(self):
        said = self.run_there("virt-iface sources --type bridge; virt-iface sources --type ovs")[0]
        for name, note in (("br0", "enc600: qeth, no bridge port"), ("br1", "enc610: qeth without layer 2"),
                           ("vs0", "enc600: qeth, no bridge port"), ("vs1", "roce0: RoCE")):
            self.assertRegex(said, rf"(?m)^.*\b{name} .*{note}")
        for name in ("br2", "vs2"):
            self.assertNotRegex(said, rf"(?m)^.*\b{name} .*qeth")

    def test_the_hook_warns_and_refuses_nothing(self):
        self.write("z1.xml", domain("z1", BRIDGE.format(1, "br0") + BRIDGE.format(2, "br2") + OVS.format(3, "vs0") +
                                    OVS.format(4, "vs1") + OVS.format(5, "vs2")))
        for check in ("warn", "require"):
            with self.subTest(check=check):
                self.conf(f"[hook]\ncheck = {check}\n".encode())
                said = self.run_there("virt-iface hook z1 prepare begin - <z1.xml; virt-iface hook --status --format json")[0]
                for position, text in ((2, DEAF.format("enc600", "br0")), (4, DEAF.format("enc600", "vs0")), (5, ROCE)):
                    self.assertRegex(said, rf"interface {position} .*{text[:60]}")
                previewed = self.run_there("virt-iface hook --test prepare z1 <z1.xml")[1]
                self.assertIn(f"note: guest z1, interface 5 (ovs on vs1) 52:54:00:00:00:04: {ROCE}", previewed)
                self.assertNotIn("enc630", said)
                self.assertNotIn("enc620", said)
                self.assertIn('"warned"', said)

    def test_a_source_that_is_missing_is_still_refused(self):
        self.write("z1.xml", domain("z1", BRIDGE.format(1, "br0") + BRIDGE.format(2, "br9")))
        self.conf(b"[hook]\ncheck = require\n")
        said = self.run_there("virt-iface hook z1 prepare begin - <z1.xml", 4)[1]
        self.assertIn("this host has no Linux bridge 'br9'", said)

    def test_another_machine_has_none(self):
        """RoCE is a word of IBM Z: elsewhere such a card is like any other, and Open vSwitch is asked once."""
        shutil.rmtree(self.folder / "sys/bus/css")
        self.write("z1.xml", domain("z1"))
        self.assertNotIn("roce0", self.check_host("ovs", "vs1"))


if __name__ == "__main__":
    unittest.main()
