#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The other hosts of the filter, called exactly as VDSM, KubeVirt and virsh call them."""
import json
import unittest

from common import ROOT
from host_case import GUEST, MACVTAP, MAPS, MOVED, HostCase

HOOKS = ROOT / "hooks"
TEMPLATE = b"[interfaces.1]\ntype = network\nname = blue\n"


class Vdsm(HostCase):
    """VDSM runs every file of the folder of a point, with the document's file in _hook_domxml."""

    def point(self, name, document, conf):
        self.conf(conf, "vdsm.conf")
        place = f"/etc/vdsm-hooks/{name}"
        self.write("in.xml", document)
        done = self.on_host(f"mkdir -p {place}; cp '{HOOKS}/vdsm/50_virt_iface' {place}/; exec {place}/50_virt_iface",
                            environment={"_hook_domxml": str(self.folder / "in.xml"), "vmId": "1"})
        return done, (self.folder / "in.xml").read_bytes()

    def test_a_domain_gains_what_it_lacks_and_moves(self):
        done, after = self.point("before_vm_start", GUEST, TEMPLATE + MAPS)
        self.expect(done, 0, b"", b"")
        self.expect_added(MOVED, after)

    def test_a_bare_interface_moves(self):
        bare = MACVTAP.strip().encode()
        for name in ("before_device_create", "before_nic_hotplug"):
            done, after = self.point(name, bare, TEMPLATE + MAPS)
            self.expect(done, 0, b"", b"")
            self.assertEqual(after, bare.replace(b"nicA", b"nicB"))

    def test_a_domain_only_moves(self):
        done, after = self.point("before_vm_start", GUEST, MAPS)
        self.expect(done, 0, b"", b"")
        self.assertEqual(after, MOVED)

    def test_a_domain_moves_however_the_heading_is_written(self):
        for heading in (b"[ retarget ]", b"  [retarget]  # where to", b"[\tretarget]", b"['retarget']", b'[ "retarget" ]\r', b"\xef\xbb\xbf[retarget]"):
            done, after = self.point("before_device_create", GUEST, MAPS.replace(b"[retarget]", heading))
            self.expect(done, 0, b"", b"")
            self.assertEqual(after, MOVED, heading)

    def test_without_maps_nothing_moves(self):
        for conf in (b"[retarget]\n# nicA = nicB\n", b"[retarget.web1]\n", b"[main]\n[[retarget]]\n", b"# [retarget]\n", b"[interfaces.1]\ntype = network\nname = blue\n"):
            done, after = self.point("before_device_create", GUEST, conf)
            self.assertEqual(after, GUEST)
            self.expect(done, 0, b"", b"")

    def test_other_devices_are_left_alone(self):
        disk = b"<disk type='file'><source file='/a'/><serial>&lt;interface&gt;</serial></disk>"
        for name in ("before_device_create", "before_nic_hotplug"):
            done, after = self.point(name, disk, TEMPLATE + MAPS)
            self.expect(done, 0, b"", b"")
            self.assertEqual(after, disk)

    def test_a_refusal_stops_at_once(self):
        done, after = self.point("before_vm_start", GUEST, b"[interfaces.1]\ntype = ovs\n")
        self.expect(done, 2)
        self.assertEqual(after, GUEST)

    def test_a_configuration_that_cannot_be_read_stops_at_once(self):
        (self.folder / "etc/virt-iface/vdsm.conf").mkdir(parents=True)
        self.write("in.xml", GUEST)
        done = self.on_host(f"cp '{HOOKS}/vdsm/50_virt_iface' /run/; mkdir /run/before_vm_start; "
                            "mv /run/50_virt_iface /run/before_vm_start/; exec /run/before_vm_start/50_virt_iface",
                            environment={"_hook_domxml": str(self.folder / "in.xml")})
        self.expect(done, 2, b"")
        self.assertEqual((self.folder / "in.xml").read_bytes(), GUEST)

    def test_no_configuration_changes_nothing(self):
        self.write("in.xml", GUEST)
        done = self.on_host(f"exec '{HOOKS}/vdsm/50_virt_iface'", environment={"_hook_domxml": str(self.folder / "in.xml")})
        self.expect(done, 0, b"", b"")
        self.assertEqual((self.folder / "in.xml").read_bytes(), GUEST)


class KubeVirt(HostCase):
    """The sidecar's server runs onDefineDomain and defines what it prints."""

    def define(self, annotations, conf=None, more=""):
        if conf is not None:
            self.conf(conf, "template.conf")
        vmi = json.dumps({"metadata": {"name": "web1", **({} if annotations is None else {"annotations": annotations})}})
        self.write("vmi", vmi.encode())
        self.write("domain", GUEST)
        return self.on_host(f"cp '{HOOKS}/kubevirt/onDefineDomain' /usr/bin/; "
                            f'exec onDefineDomain --vmi "$(cat vmi)" --domain "$(cat domain)" {more}')

    def test_the_annotation_says_what_is_wanted(self):
        done = self.define({"virt-iface/template.conf": "# <blue>\n" + TEMPLATE.decode()})
        self.expect(done, 0, stderr=b"")
        self.expect_added(GUEST.strip(), done.stdout.strip())

    def test_the_file_says_it_where_no_annotation_does(self):
        done = self.define({"other": "x"}, TEMPLATE)
        self.expect(done, 0, stderr=b"")
        self.expect_added(GUEST.strip(), done.stdout.strip())

    def test_the_whole_document_comes_back_unchanged(self):
        for annotations in (None, {}, {"virt-iface/template.conf": ""}):
            self.expect(self.define(annotations), 0, GUEST.strip(), b"")

    def test_words_of_a_later_release(self):
        self.expect(self.define(None, more="--version v1alpha4 --future"), 0, GUEST.strip(), b"")

    def test_a_fault_fails_the_start(self):
        done = self.define({"virt-iface/template.conf": "[interfaces.1]\ntype = macvtap\nname = nicA\n"})
        self.expect(done, 3, b"")


class VirshEdit(HostCase):
    def test_a_defined_guest_gains_an_interface(self):
        self.write("it's mine.conf", TEMPLATE)
        done = self.on_host(f"'{HOOKS}/virsh/virsh-edit' \"it's mine.conf\" -q -c test:///default 'edit test; dumpxml --inactive test'")
        self.expect(done, 0)
        self.assertIn(b"<source network='blue'/>", done.stdout)

    def test_nothing_to_do(self):
        self.write("none.conf", b"[main]\nnetworks =\n")
        done = self.on_host(f"'{HOOKS}/virsh/virsh-edit' none.conf -c test:///default edit test")
        self.expect(done, 0)
        self.assertIn(b"not changed", done.stdout)


if __name__ == "__main__":
    unittest.main()
