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
        result = HOME / "result.json"
        tasks = [{"name": "Run it", MODULE: {"executable": PROGRAM, **parameters}, "register": "result", "ignore_errors": True},
                 {"name": "Keep what it returned", "check_mode": False, "diff": False,
                  "ansible.builtin.copy": {"content": "{{ result | to_json }}", "dest": str(result)}}]
        (HOME / "play.yml").write_text(json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False,
                                                    "tasks": tasks}]), encoding="utf-8")
        run("ansible-playbook", *options, "play.yml")
        returned = json.loads(result.read_text(encoding="utf-8"))
        self.assertEqual(returned["failed"], fails, returned)
        return returned

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
        for more, told in (({"vlan.tga": 4}, "did you mean vlan.tag?"), ({"driver.iommu": True}, "in quotes"),
                           ({"mac": 190000}, "in quotes")):
            failed = self.play(path=str(self.file), interfaces=[{**MACVTAP, **more}], fails=True)
            self.assertIn(told, failed["msg"])
        self.assertEqual(self.file.read_bytes(), before)

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
        result = self.play(guest="test", uri="test:///default", config=True, interfaces=[MACVTAP])
        self.assertTrue(result["changed"])
        shown = self.play("--check", "--diff", guest="test", uri="test:///default", interfaces=[MACVTAP])
        self.assertIn("<source dev='eth0' mode='bridge'/>", shown["diff"]["prepared"])
        failed = self.play(guest="nobody", uri="test:///default", interfaces=[MACVTAP], fails=True)
        self.assertIn("nobody", failed["msg"])

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
        words = [word for name in ("compile", "empty-init", "future-import-boilerplate", "line-endings", "metaclass-boilerplate",
                                   "no-assert", "no-get-exception", "no-illegal-filenames", "no-main-display",
                                   "no-smart-quotes", "replace-urlopen", "shebang", "symlinks", "use-argspec-type-path",
                                   "use-compat-six") for word in ("--test", name)]
        done = subprocess.run(["ansible-test", "sanity", "--python", "{}.{}".format(*sys.version_info), *words], check=False, env=ENVIRONMENT,
                              cwd=HOME / "collections" / "ansible_collections" / "virt_iface" / "libvirt",
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
