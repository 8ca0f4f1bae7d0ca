#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Graphviz draws what graph writes, whatever the names are; a terminal gets colours; any estate gives the same bytes."""
import json
import os
import pty
import subprocess
import unittest
from xml.etree import ElementTree

from common import PROGRAM, Case, domain

SVG = "{http://www.w3.org/2000/svg}"
INTERFACE = """    <interface type='bridge'>
      <mac address='52:54:00:00:00:{:02x}'/>
      <source bridge='{}'/>
    </interface>
"""
ODD = ("web1", 'a "b"', "back\\slash", "a\\n", "<b>&amp;", "grün", "{x|y}", "end", "guest:web1", "a/1", "\u202eleft")


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


class Graph(Case):
    def estate(self):
        for number, name in enumerate(ODD):
            self.write(f"{number}.xml", domain(escaped(name), INTERFACE.format(number, f"br{number % 3}")))
        return sorted(path.name for path in self.folder.glob("*.xml"))

    def graph(self, *words):
        done = self.run_program("graph", *words)
        self.expect(done, 0, stderr=b"")
        return done.stdout

    def test_graphviz_draws_it(self):
        files = self.estate()
        for more in ([], ["--group-by", "source"], ["--group-by", "vlan"]):
            known = json.loads(self.graph("--format", "json", *more, *files))
            drawn = subprocess.run(["dot", "-Tsvg"], input=self.graph("--format", "dot", *more, *files), check=True,
                                   capture_output=True)
            self.assertEqual(drawn.stderr, b"")
            kinds = [g.get("class") for g in ElementTree.fromstring(drawn.stdout).iter(f"{SVG}g")]
            self.assertEqual(kinds.count("node"), len(known["nodes"]) + 1)  # and what is not seen
            self.assertEqual(kinds.count("edge"), len(known["edges"]))
            self.assertEqual(kinds.count("cluster"), {(): 0, "source": 4, "vlan": 1}[more[-1] if more else ()])

    def test_json_has_each_node_once_and_edges_between_them(self):
        known = json.loads(self.graph("--format", "json", *self.estate()))
        self.assertEqual(known["version"], 1)
        names = [node["id"] for node in known["nodes"]]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(len(names), 3 * len(ODD) + 4)
        for edge in known["edges"]:
            self.assertIn(edge["from"], names)
            self.assertIn(edge["to"], names)

    def test_the_order_of_the_files_does_not_matter(self):
        files = self.estate()
        for name in ("tree", "dot", "mermaid", "json"):
            self.assertEqual(self.graph("--format", name, *files), self.graph("--format", name, *reversed(files)))

    def test_a_terminal_gets_what_is_wrong_in_red(self):
        self.write("a.xml", domain("a", INTERFACE.format(2, "br0").replace("</interface>", "<link state='down'/></interface>")))
        main, terminal = pty.openpty()
        for colour, environment in ((True, {}), (False, {"NO_COLOR": "1"})):
            subprocess.run([PROGRAM, "graph", "a.xml"], cwd=self.folder, stdout=terminal, check=True,
                           env={**os.environ, "TERM": "xterm", **environment})
            self.assertEqual(b"\x1b[31m! link down\x1b[0m" in os.read(main, 4096), colour)
        self.assertNotIn(b"\x1b", self.graph("a.xml"))


if __name__ == "__main__":
    unittest.main()
