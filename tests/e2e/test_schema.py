#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every attribute that the schema of the installed libvirt has in <interface> is a key, or is on the list of what is
kept and never made; show prints each. LIBVIRT_SCHEMAS names the schemas of another libvirt."""
import os
import subprocess
import unittest
from pathlib import Path
from xml.etree import ElementTree

PROGRAM = os.environ.get("VIRT_IFACE", "build/virt-iface")
SCHEMAS = Path(os.environ.get("LIBVIRT_SCHEMAS", "/usr/share/libvirt/schemas"))
RNG = "{http://relaxng.org/ns/structure/1.0}"

# What virt-iface keeps where it is, shows, and never makes. An entry stands for all that lies beneath it.
KEPT = """
backenddomain downscript guest ip route script
source.ip source.route source.local source.reconnect source.address source.missing source.startupPolicy
source.macTableManager source.type source.portid source.portgroupid source.connectionid
bandwidth.classID bandwidth.outbound.floor
address
mac.currentAddress
""".split()


def definitions():
    found = {}
    for file in SCHEMAS.glob("*.rng"):
        for define in ElementTree.parse(file).getroot().iter(RNG + "define"):
            found.setdefault(define.get("name"), []).append(define)
    return found


class Walk:
    """The paths of the attributes below a definition: ("source", "@dev")."""

    def __init__(self):
        self.definitions = definitions()
        self.paths = set()

    def walk(self, node, path, open_refs):
        if node.tag == RNG + "attribute" and node.get("name"):
            self.paths.add(path + ("@" + node.get("name"),))
            return
        if node.tag == RNG + "ref":
            name = node.get("name")
            if name not in open_refs:
                for define in self.definitions.get(name, []):
                    self.walk(define, path, open_refs | {name})
            return
        if node.tag == RNG + "element" and node.get("name"):
            path += (node.get("name"),)
        for child in node:
            self.walk(child, path, open_refs)


def schema_paths():
    walk = Walk()
    # domaincommon.rng's own interface, not that of a host
    root = ElementTree.parse(SCHEMAS / "domaincommon.rng").getroot()
    define = next(d for d in root.iter(RNG + "define") if d.get("name") == "interface")
    for element in define.iter(RNG + "element"):
        if element.get("name") == "interface":
            for child in element:
                walk.walk(child, (), frozenset())
            break
    return sorted(walk.paths)


TYPES = ("bridge", "ethernet", "vhostuser", "network", "direct", "user", "internal", "mcast", "client", "udp", "server",
         "hostdev", "vdpa", "null", "vds")


def document(path):
    """A domain with an interface of each type, all with that attribute."""
    value = "yes" if path == ("vlan", "@trunk") else "7"
    attribute = path[-1][1:] + f"='{value}'"
    named = "name='N' " if path[-2:-1] == ("parameter",) else ""
    tags = "".join(f"<{name}>" for name in path[:-2])
    ends = "".join(f"</{name}>" for name in reversed(path[:-2]))
    inner = f"{tags}<{path[-2]} {named}{attribute}/>{ends}" if len(path) > 1 else ""
    own = f" {attribute}" if len(path) == 1 else ""
    interfaces = "".join(f"<interface type='{kind}'{own}>{inner}</interface>" for kind in TYPES)
    return f"<domain type='kvm'><name>g</name><devices>{interfaces}</devices></domain>", value


def shown(path):
    """The names under which show prints the value."""
    text, value = document(path)
    result = subprocess.run([PROGRAM, "show", "all", "-"], input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            text=True, check=False)
    lines = [line.split(None, 1) for line in result.stdout.splitlines() if " " in line]
    return {name for name, said in lines if said.strip(": ").endswith(value) and name != "position"}


@unittest.skipUnless("LIBVIRT_SCHEMAS" in os.environ or SCHEMAS.exists(), "libvirt's schemas are not installed")
class Schema(unittest.TestCase):
    def test_every_attribute_is_a_key_or_on_the_list(self):
        known_keys = subprocess.run([PROGRAM, "--help-keys"], stdout=subprocess.PIPE, text=True, check=True)
        keys = {line.split()[0] for line in known_keys.stdout.splitlines() if line.strip()}
        paths = schema_paths()
        self.assertGreater(len(paths), 100)
        missing = []
        needed = {}
        for path in paths:
            if path == ("@type",) or path[0] == "portForward" or path[-2:] == ("parameter", "@name"):
                continue
            dotted = ".".join(path).replace("@", "")
            names = shown(path)
            known = any(n in keys or n.startswith("filterref.parameter.") or n == "source" for n in names)
            lists = [k for k in KEPT if dotted == k or dotted.startswith(k + ".")]
            for entry in lists:
                needed[entry] = needed.get(entry, False) or not known
            if not names:
                missing.append(f"{dotted}: not shown")
            elif not known and not lists:
                missing.append(f"{dotted}: neither a key nor on the list")
        self.assertEqual(missing, [])
        self.assertEqual([entry for entry, is_needed in needed.items() if not is_needed], [], "keys that are on the list, too")


if __name__ == "__main__":
    unittest.main()
