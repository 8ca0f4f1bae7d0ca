#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bridges that the hook makes and takes away, in a real Open vSwitch of the test's own."""
import os
import shutil
import unittest

from common import domain
from host_case import HostCase

UUID = "1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001"
OTHER = "2f6e9f2a-58a4-4d57-9c43-0f5a6ac7a002"
CREATE = b"[hook]\ncreate_ovs_bridges = yes\n"
START = """
mount -t sysfs sysfs /sys
mkdir /run/openvswitch
ovsdb-tool create /run/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server /run/openvswitch/conf.db --remote=punix:/run/openvswitch/db.sock --pidfile --log-file=/dev/null --detach
trap 'kill $(cat /run/openvswitch/*.pid)' EXIT
ovs-vsctl --no-wait init
ovs-vswitchd --pidfile --log-file=/dev/null --detach
ovs-vsctl add-br vswitch0 -- set bridge vswitch0 datapath_type=netdev
hook() { virt-iface hook web1 $1 $2 - <$3; }
said() { virt-iface hook --status | sed -nE '/^GUEST/,/^$/{s/[0-9-]+T[0-9:]+Z/TIME/; s/ +/ /g; /^GUEST/d; /^$/d; p}'; }
"""


def guest(*bridges, uuid=UUID):
    inside = "".join(f"<interface type='bridge'><source bridge='{name}'/><virtualport type='openvswitch'/></interface>\n"
                     for name in bridges)
    return domain(inside=inside).replace(b"<memory", f"<uuid>{uuid}</uuid>\n  <memory".encode())


class Bridges(HostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not shutil.which("ovs-vswitchd") and not os.environ.get("LAB_REQUIRED"):
            raise unittest.SkipTest("needs Open vSwitch")

    def on_switch(self, conf, script, **guests):
        self.conf(conf)
        for name, text in guests.items():
            self.write(f"{name}.xml", text)
        self.write("script", (START + script).encode())
        done = self.on_host(f"cd {self.folder}; unshare --net sh -e ./script")
        self.expect(done, 0, stderr=None if done.returncode == 0 else b"")
        return done.stdout.decode()

    def test_a_name_that_leads_elsewhere_makes_nothing_there(self):
        names = ("x", "x/../../../../run/evil", "../evil", "..", "x y", "sixteen_bytes_xx", "", "-x")
        said = self.on_switch(CREATE, """
            hook prepare begin evil.xml
            find /run -name "*evil*" -o -path "*virt-iface/bridges/*"
            said
            mkdir -p /run/virt-iface/bridges/br-x/sub /run/evil; touch /run/evil/UUID
            hook release end evil.xml
            ls /run/evil
            """.replace("UUID", UUID), evil=guest(*names))
        self.assertNotIn("\n/run/evil", "\n" + said)
        self.assertIn(f"/run/virt-iface/bridges/br-x/{UUID}\n", said)
        self.assertEqual(said.count("/run/virt-iface/bridges/"), 2, said)
        self.assertIn("web1 check warned TIME ", said)
        self.assertEqual(said.count("cannot be the name of an Open vSwitch bridge"), len(names) - 1)
        self.assertTrue(said.endswith(UUID + "\n"), said)

    def test_one_that_cannot_be_made_is_told_and_keeps_no_other_away(self):
        """Open vSwitch refuses a bridge that is called as a port is."""
        for check, outcome, status in (("off", "warned", 0), ("warn", "warned", 0), ("require", "refused", 4)):
            said = self.on_switch(CREATE + f"check = {check}\n".encode(), """
                ovs-vsctl add-port vswitch0 port0 -- set interface port0 type=internal
                hook prepare begin web1.xml || echo status $?
                ovs-vsctl list-br
                said
                """, web1=guest("port0", "vswitch9"))
            self.assertEqual("status 4" in said, status == 4, said)
            self.assertIn("vswitch0\nvswitch9\n", said)
            self.assertIn(f"web1 check {outcome} TIME guest web1, interface 2 (ovs on port0): Open vSwitch refused add-br", said)
            self.assertIn("already exists", said)
            self.assertNotIn("this host has no Open vSwitch bridge", said)

    def test_a_bridge_goes_with_its_guest_whatever_the_document_and_the_configuration_say_by_then(self):
        for change in ("", "rm /etc/virt-iface/hook.conf", "echo [hook >/etc/virt-iface/hook.conf",
                       "echo '[hook]' >/etc/virt-iface/hook.conf"):
            for later in (guest("vswitch9"), guest()):
                said = self.on_switch(CREATE, f"""
                    hook prepare begin web1.xml
                    hook prepare begin web2.xml
                    ovs-vsctl list-br
                    {change}
                    hook release end later.xml
                    find /run/virt-iface/bridges -type f
                    hook release end web2.xml
                    find /run/virt-iface/bridges /run/virt-iface/locks -mindepth 1
                    ovs-vsctl list-br
                    """, web1=guest("vswitch9", "vswitch8"), web2=guest("vswitch9", uuid=OTHER), later=later)
                self.assertEqual(said.split(), ["vswitch0", "vswitch8", "vswitch9", f"/run/virt-iface/bridges/br-vswitch9/{OTHER}",
                                                "vswitch0"])

    def test_a_bridge_with_a_port_and_one_of_somebody_else_stay(self):
        said = self.on_switch(CREATE, """
            hook prepare begin web1.xml
            ovs-vsctl add-port vswitch9 port0 -- set interface port0 type=internal
            hook release end web1.xml
            find /run/virt-iface/bridges -mindepth 1
            ovs-vsctl list-br
            """, web1=guest("vswitch9", "vswitch0"))
        self.assertEqual(said.split(), ["vswitch0", "vswitch9"])

    def test_what_open_vswitch_makes_after_the_hook_has_given_up(self):
        """ovs-vsctl has told the database, and waits for a switch that stands still: the bridge goes with the guest."""
        for conf in (CREATE, CREATE + b"check = require\n"):
            said = self.on_switch(conf, """
                kill -STOP $(cat /run/openvswitch/ovs-vswitchd.pid)
                hook prepare begin web1.xml >/dev/null 2>&1 || true
                ovs-vsctl --no-wait list-br
                find /run/virt-iface/bridges -type f
                kill -CONT $(cat /run/openvswitch/ovs-vswitchd.pid)
                hook release end web1.xml
                find /run/virt-iface/bridges -mindepth 1
                ovs-vsctl list-br
                """, web1=guest("vswitch9"))
            self.assertEqual(said.split(), ["vswitch0", "vswitch9", f"/run/virt-iface/bridges/br-vswitch9/{UUID}", "vswitch0"])

    def test_a_claim_goes_though_open_vswitch_is_gone(self):
        said = self.on_switch(CREATE, """
            hook prepare begin web1.xml
            mv /run/openvswitch/db.sock /run/away
            hook release end web1.xml
            find /run/virt-iface/bridges -mindepth 1
            """, web1=guest("vswitch9"))
        self.assertEqual(said, "")

    def test_a_caller_that_ignores_the_end_of_its_children(self):
        """Then the kernel takes the status of ours away, unless we say that we want it."""
        said = self.on_switch(b"[hook]\ncheck = require\n", """
            env --ignore-signal=CHLD virt-iface sources --type ovs | cut -d' ' -f1
            env --ignore-signal=CHLD virt-iface hook web1 prepare begin - <web1.xml && echo starts
            """, web1=guest("vswitch0"))
        self.assertIn("starts\n", said)
        self.assertIn("\novs", said)


if __name__ == "__main__":
    unittest.main()
