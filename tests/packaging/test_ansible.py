#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Ansible collection, built and installed as its users do, on files and on libvirt's test driver."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("VIRT_IFACE", str(ROOT / "build" / "virt-iface"))
MODULE = "virt_iface.libvirt.virt_iface"
MACVTAP = {"type": "macvtap", "source": "eth0", "mode": "bridge"}
OVS = {"type": "ovs", "source": "vswitch0", "vlan.tag": [42]}


def setUpModule():
    global HOME, ENVIRONMENT
    HOME = Path(tempfile.mkdtemp(prefix="ansible-"))
    ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": str(HOME), "LC_ALL": "C.UTF-8", "ANSIBLE_LOCALHOST_WARNING": "False",
                   "ANSIBLE_COLLECTIONS_PATH": str(HOME / "collections"), "ANSIBLE_NOCOLOR": "1",
                   "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False"}
    run("ansible-galaxy", "collection", "build", ROOT / "packaging" / "ansible", "--output-path", HOME)
    run("ansible-galaxy", "collection", "install", "--offline", next(HOME.glob("virt_iface-libvirt-*.tar.gz")))


def tearDownModule():
    shutil.rmtree(HOME)


def run(*words, status=0):
    done = subprocess.run(list(map(str, words)), cwd=HOME, env=ENVIRONMENT, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    if done.returncode != status:
        raise AssertionError(f"{words}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Module(unittest.TestCase):
    def setUp(self):
        self.file = HOME / "guest.xml"
        shutil.copy(ROOT / "templates" / "domain-x86_64.xml", self.file)

    def play(self, *options, fails=False, **parameters):
        """The module's result on this machine, as a playbook gets it."""
        returned = self.results(*options, tasks=[parameters])[0]
        self.assertEqual(returned["failed"], fails, returned)
        return returned

    def results(self, *options, tasks):
        results = HOME / "results.json"
        steps = [{"name": "Run it", MODULE: {"executable": PROGRAM, **parameters}, "register": f"result{number}",
                  "ignore_errors": True} for number, parameters in enumerate(tasks)]
        kept = "[" + ", ".join(f"result{number}" for number in range(len(tasks))) + "]"
        steps.append({"name": "Keep what they returned", "check_mode": False, "diff": False,
                      "ansible.builtin.copy": {"content": "{{ " + kept + " | to_json }}", "dest": str(results)}})
        (HOME / "play.yml").write_text(json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False,
                                                    "tasks": steps}]), encoding="utf-8")
        run("ansible-playbook", *options, "play.yml")
        return json.loads(results.read_text(encoding="utf-8"))

    def test_first_run_changes_and_second_does_not(self):
        before = self.file.read_bytes()
        first = self.play(path=str(self.file), interfaces=[MACVTAP, OVS])
        self.assertTrue(first["changed"])
        self.assertEqual([i["position"] for i in first["interfaces"]], list(range(1, len(first["interfaces"]) + 1)))
        after = self.file.read_bytes()
        self.assertNotEqual(after, before)
        second = self.play(path=str(self.file), interfaces=[MACVTAP, OVS])
        self.assertFalse(second["changed"])
        self.assertEqual(self.file.read_bytes(), after)
        self.assertEqual(second["interfaces"], first["interfaces"])

    def test_check_and_diff_show_and_change_nothing(self):
        before = self.file.read_bytes()
        shown = self.play("--check", "--diff", path=str(self.file), interfaces=[MACVTAP])
        self.assertTrue(shown["changed"])
        self.assertIn("+      <source dev='eth0' mode='bridge'/>", shown["diff"]["prepared"])
        self.assertEqual(self.file.read_bytes(), before)

    def test_macs(self):
        result = self.play(path=str(self.file), interfaces=[{**MACVTAP, "mac": "52:54:00:00:00:01"}])
        self.assertIn("52:54:00:00:00:01", result["macs"])

    def test_a_template_and_its_mistake(self):
        (HOME / "template.conf").write_text("[interfaces.0]\ntype = macvtap\nname = eth0\nmode = vpea\n", encoding="utf-8")
        failed = self.play(path=str(self.file), template=str(HOME / "template.conf"), fails=True)
        self.assertEqual((failed["file"], failed["line"], failed["rc"]), (str(HOME / "template.conf"), 4, 3))
        self.assertEqual(failed["hint"], "did you mean vepa?")
        self.assertEqual(failed["msg"], f"{failed['file']}:4: mode 'vpea' is not one of bridge, vepa, private, passthrough "
                         "(did you mean vepa?)")

    def test_a_wrong_key_and_what_yaml_takes_for_something_else(self):
        before = self.file.read_bytes()
        wrong = (("vlan.tga: 4", "did you mean vlan.tag?"), ("vlan: {tag: 42}", "write vlan.tag"),
                 ("mtu.size: 5", None), ("vlan.tag: 5000", None), ("mac:", "write one, or leave the key out"),
                 ("driver.iommu: on", "in quotes"), ("mac: 52:54:00:12:34:56", "in quotes"), ("mac: 10:00", "in quotes"),
                 ("mac.address: 52:54:00:12:34:56", "in quotes"), ("mac.prefix: 52:54:00", "in quotes"),
                 ("address: 0000:01:00.0", "in quotes"), ("source: 0000:01:00.0", "in quotes"),
                 ("filterref.parameter.MAC: 52:54:00:12:34:56", "in quotes"),
                 ("portForward: 2222:22", "in quotes"), ("portForward: [22:22, 80]", "in quotes"))
        results = self.results(tasks=[{"path": str(self.file), "interfaces": [MACVTAP, {**MACVTAP, **yaml.safe_load(line)}]}
                                      for line, _ in wrong])
        for (line, hint), failed in zip(wrong, results):
            with self.subTest(line):
                self.assertTrue(failed["failed"])
                self.assertEqual(failed["key"], "interfaces[1]." + line.split(":")[0])
                self.assertIn(hint or "", failed.get("hint", ""))
                self.assertEqual("quotes" in failed.get("hint", ""), hint == "in quotes")
                self.assertEqual(failed["msg"], f"{failed['key']}: {failed['message']}"
                                 + (f" ({failed['hint']})" if "hint" in failed else ""))
                self.assertEqual(failed["messages"][0]["message"], failed["message"])
                self.assertNotIn("cure", failed["messages"][0])
                if line == "mac:":
                    self.assertNotIn("number", failed["msg"])
        self.assertEqual(self.file.read_bytes(), before)

    def test_a_number_that_is_one(self):
        self.play(path=str(self.file), interfaces=[{**OVS, "vlan.tag": 42, "mtu.size": 1400, "boot.order": 1}])
        self.assertIn("<mtu size='1400'/>", self.file.read_text(encoding="utf-8"))

    def test_where_the_mistake_stands(self):
        failed = self.play(path=str(self.file), interfaces=[MACVTAP, {**MACVTAP, "mode": "vpea"}], fails=True)
        self.assertEqual({key: failed[key] for key in ("key", "file", "line", "source", "hint", "rc")},
                         {"key": "interfaces[1].mode", "file": "<stdin>", "line": 10, "source": '"mode": "vpea"',
                          "hint": "did you mean vepa?", "rc": 3})
        self.assertGreater(failed["column"], 1)
        failed = self.play(path=str(self.file), interfaces=[MACVTAP, {}, MACVTAP], fails=True)
        self.assertEqual(failed["key"], "interfaces[1]")
        failed = self.play(path=str(self.file), interfaces=[MACVTAP], executable="no-such-program", fails=True)
        self.assertEqual((failed["key"], failed["hint"]), ("executable", "install virt-iface"))

    def test_one_guest_only(self):
        for name in ("te*", "tes?"):
            failed = self.play(guest=name, uri="test:///default", interfaces=[MACVTAP], fails=True)
            self.assertEqual((failed["key"], failed["message"], failed["hint"]),
                             ("guest", f"'{name}' is a pattern", "write the name or UUID of one guest"))

    def test_warnings_are_shown(self):
        result = self.play(path=str(self.file), interfaces=[{"type": "bridge", "source": "br0", "model": "newest"}])
        said = "interfaces[0].model: model 'newest' is not known here; it is written as it stands"
        self.assertIn(said, result["warnings"])
        self.assertEqual(result["messages"][0]["severity"], "warning")

    def test_commas_of_a_value_and_of_a_list(self):
        self.play(path=str(self.file), interfaces=[{"type": "network", "source": "a,b"},
                                                   {"type": "ovs", "source": "ovs0", "vlan.tag": [1, 2]}])
        text = self.file.read_text(encoding="utf-8")
        self.assertIn("<source network='a,b'/>", text)
        self.assertIn("<tag id='2'/>", text)

    def test_policies(self):
        self.play(path=str(self.file), interfaces=[MACVTAP])
        other = {**MACVTAP, "mode": "vepa"}
        self.assertIn("mode", self.play(path=str(self.file), interfaces=[other], fails=True)["msg"])
        self.assertTrue(self.play(path=str(self.file), interfaces=[other], policy="converge")["changed"])
        self.assertEqual(self.play(path=str(self.file), interfaces=[], policy="replace")["interfaces"], [])

    def test_what_isolates_goes_only_by_name(self):
        plain = {"type": "ovs", "source": "vswitch0"}
        self.play(path=str(self.file), interfaces=[OVS])
        self.play(path=str(self.file), interfaces=[plain], policy="converge")
        self.assertIn("<tag id='42'/>", self.file.read_text(encoding="utf-8"))
        self.play(path=str(self.file), interfaces=[plain], policy="converge", drop=["vlan"])
        self.assertNotIn("<tag id='42'/>", self.file.read_text(encoding="utf-8"))

    def test_a_guest_of_libvirts_test_driver(self):
        """It forgets when the program ends, so only a run alone can be looked at."""
        for options in ((), ("--check",)):
            result = self.play(*options, guest="test", uri="test:///default", config=True, interfaces=[MACVTAP])
            self.assertTrue(result["changed"])
            self.assertTrue(result["restart_required"])
        shown = self.play("--check", "--diff", guest="test", uri="test:///default", interfaces=[MACVTAP])
        self.assertIn("<source dev='eth0' mode='bridge'/>", shown["diff"]["prepared"])
        failed = self.play(guest="nobody", uri="test:///default", interfaces=[MACVTAP], fails=True)
        self.assertIn("nobody", failed["msg"])

    def test_a_guest_that_is_shut_off_and_as_it_should_be(self):
        text = (ROOT / "templates" / "domain-x86_64.xml").read_text(encoding="utf-8")
        text = text[text.index("<domain"):].replace("kvm", "test").replace(
            "</devices>", "<interface type='direct'><source dev='eth0' mode='bridge'/></interface></devices>")
        text = text.replace("<domain", "<domain xmlns:test='http://libvirt.org/schemas/domain/test/1.0'").replace(
            "</domain>", "<test:runstate>5</test:runstate></domain>")
        (HOME / "node.xml").write_text(f"<node>{text}</node>", encoding="utf-8")
        for options in ({}, {"config": True}):
            result = self.play(guest="guest", uri=f"test://{HOME}/node.xml", interfaces=[MACVTAP], **options)
            self.assertEqual((result["changed"], result["restart_required"]), (False, False))
            self.assertNotIn("messages", result)

    def test_documentation(self):
        self.assertIn("virt-iface.conf(5)", run("ansible-doc", MODULE))
        self.assertIn("host_hook_conf", run("ansible-doc", "-t", "role", "virt_iface.libvirt.host"))

    def test_lint(self):
        """ansible-lint knows a collection by the folders above it."""
        if not shutil.which("ansible-lint"):
            self.skipTest("there is no ansible-lint")
        subprocess.run(["ansible-lint", "--offline", "-q", "--nocolor"], check=True, env=ENVIRONMENT,
                       cwd=HOME / "collections" / "ansible_collections" / "virt_iface" / "libvirt")

    def test_sanity(self):
        """Those of ansible-test's checks that download nothing."""
        if not shutil.which("ansible-test"):
            self.skipTest("there is no ansible-test")
        names = ("compile", "empty-init", "future-import-boilerplate", "line-endings", "metaclass-boilerplate", "no-assert",
                 "no-get-exception", "no-illegal-filenames", "no-main-display", "no-smart-quotes", "replace-urlopen", "shebang",
                 "symlinks", "use-argspec-type-path", "use-compat-six")

        def sanity(*words):
            done = subprocess.run(["ansible-test", "sanity", "--python", "{}.{}".format(*sys.version_info), *words], check=False,
                                  env=ENVIRONMENT, cwd=HOME / "collections" / "ansible_collections" / "virt_iface" / "libvirt",
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(done.returncode, 0, done.stdout)
            return done.stdout

        there = sanity("--list-tests").split()
        words = [word for name in names if name in there for word in ("--test", name)]
        self.assertGreater(len(words), 20)
        sanity(*words)


if __name__ == "__main__":
    unittest.main()
