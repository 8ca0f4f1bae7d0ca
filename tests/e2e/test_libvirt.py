#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The program on libvirt's test driver: a real libvirt in the program's own process, gone when it ends. And when
libvirt is loaded at all. What guests do that really run is the lab's matter."""
import json
import os
import re
import subprocess
import unittest
from pathlib import Path

from common import CONF, OPTION, PROGRAM, Case, domain

STATE = "<test:runstate>{}</test:runstate>"
RUNNING, OFF = 1, 5


def guest(name, number, state, interfaces, transient=False, arch="i686"):
    more = "<test:transient>1</test:transient>" if transient else ""
    return f"""<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
  <name>{name}</name>
  <uuid>11111111-2222-4333-8444-{number:012}</uuid>
  <memory>1024</memory>
  <os><type arch='{arch}'>hvm</type></os>
  <devices>{interfaces}</devices>
  {STATE.format(state)}{more}
</domain>"""


def macvtap(nic, number):
    return f"<interface type='direct'><mac address='52:54:00:00:00:{number:02}'/>" \
           f"<source dev='{nic}' mode='bridge'/></interface>"


NODE = "<node>" + \
    guest("alpha", 1, OFF, macvtap("eth0", 1)) + \
    guest("beta", 2, RUNNING, macvtap("eth1", 2)) + \
    guest("gamma", 3, OFF, "") + \
    guest("passing", 4, RUNNING, macvtap("eth2", 4), transient=True) + \
    guest("zeta", 5, OFF, "", arch="s390x") + \
    "<network><name>lan</name><bridge name='br9'/></network></node>"


class OnLibvirt(Case):
    def setUp(self):
        super().setUp()
        self.uri = "test://" + str(self.write("node.xml", NODE.encode()))

    def on(self, command, *words, **more):
        return self.run_program(command, "--connect", self.uri, *words, **more)

    def told(self, done, status, *lines):
        self.expect(done, status, stdout=b"", stderr="".join(f"virt-iface: {line}\n" for line in lines).encode())

    def test_list_of_all_names_the_domain(self):
        done = self.on("list", "--all", "--format", "json")
        self.expect(done, 0, stderr=b"")
        self.assertEqual([(i["domain"], i["mac"]) for i in json.loads(done.stdout)],
                         [("alpha", "52:54:00:00:00:01"), ("beta", "52:54:00:00:00:02"),
                          ("passing", "52:54:00:00:00:04")])
        self.assertTrue(self.on("list", "--all").stdout.startswith(b"domain "))

    def test_list_of_the_running_and_of_the_configured(self):
        names = lambda word: [i["domain"] for i in json.loads(self.on("list", "--all", "--format=json", word).stdout)]
        self.assertEqual(names("--live"), ["beta", "passing"])
        self.assertEqual(names("--config"), ["alpha", "beta"])

    def test_show_says_who_knew_the_address(self):
        done = self.run_program("show", "AA:BB:CC:DD:EE:FF", "--connect", "test:///default", "--domain", "test",
                                "--format", "json")
        self.expect(done, 0, stderr=b"")
        [interface] = json.loads(done.stdout)
        self.assertEqual(interface["ips"], [{"address": "192.168.122.3", "source": "lease"}])
        self.assertEqual(interface["network"], "default")
        for layout in ("table", "tsv"):
            done = self.run_program("list", "--connect", "test:///default", "--all", "--format", layout)
            self.assertIn(b"192.168.122.3 (lease)", done.stdout)

    def test_a_guest_is_named_by_uuid_too_and_counts_once(self):
        done = self.on("list", "--domain", "alpha", "--domain", "11111111-2222-4333-8444-000000000001",
                       "--format=json")
        self.assertEqual(len(json.loads(done.stdout)), 1)

    def test_an_unknown_guest_has_a_near_miss(self):
        self.told(self.on("list", "--domain", "alpah"), 3,
                  f"error: libvirt has no domain 'alpah' on {self.uri} (did you mean alpha?)")

    def test_apply_shows_the_diff_and_changes_nothing(self):
        done = self.on("apply", "--domain", "beta", "--interface", "type=macvtap,name=eth9,mode=bridge", "--diff")
        self.expect(done, 1, stderr=b"")
        text = done.stdout.decode()
        self.assertIn("--- a/beta (configuration)", text)
        self.assertIn("+++ b/beta (running)", text)
        self.assertEqual(text.count("dev='eth9'"), 2)

    def test_apply_does_nothing_where_nothing_is_missing(self):
        wanted = ["--interface", "type=macvtap,name=eth1,mode=bridge"]
        self.expect(self.on("apply", "--domain", "beta", *wanted, "--diff"), 0, stdout=b"", stderr=b"")
        self.expect(self.on("apply", "--domain", "beta", *wanted), 0, stdout=b"", stderr=b"")
        self.expect(self.on("apply", "--domain", "beta", *OPTION, "--check"), 4)

    def test_apply_takes_a_configuration_from_stdin(self):
        done = self.on("apply", "--domain", "alpha", "-c", "-", "--check", stdin=CONF.replace(b"blue", b"lan"))
        self.expect(done, 1, stdout=b"alpha (configuration): interface 2 (network on lan) would be added\n", stderr=b"")

    def test_attach_to_the_configuration(self):
        self.expect(self.on("attach", "--domain", "gamma", "--interface", "type=network,name=lan"), 0, b"", b"")

    def test_attach_refuses_before_libvirt_is_asked(self):
        for interface, status, words in (
                ("type=network,name=lam", 4, "libvirt has no network 'lam' (did you mean lan?)"),
                ("type=macvtap,mode=bridge", 3, "name"),
                ("type=macvtap,name=eth5,mode=bridge,mac=52:54:00:00:00:01", 3, "52:54:00:00:00:01"),
                ("type=network,name=lan,mode=bridge", 3, "mode"),
                ("type=macvtap,name=eth5,mode=bridge,network=lan", 3,
                 "a network and a direct interface are asked of one"),
                ("type=network,name=lan,interface=eth5", 3, "a network and a direct interface are asked of one"),
                ("type=macvtap,name=eth5,mode=bridge,model=vmxnet3", 3, "in a domain of arch s390x")):
            name = "zeta" if "vmxnet3" in interface else "alpha"
            done = self.on("attach", "--domain", name, "--interface", interface)
            self.expect(done, status, stdout=b"")
            self.assertIn(words, done.stderr.decode())
            self.assertNotIn("driver", done.stderr.decode())

    def test_a_failure_puts_the_configuration_back(self):
        done = self.on("attach", "--domain", "beta", "--interface", "type=macvtap,name=eth5,mode=bridge")
        self.expect(done, 4, stdout=b"")
        # The reason is libvirt's, and each has its own.
        self.assertRegex(done.stderr, rb"\Avirt-iface: error: cannot attach to the running guest beta: .* not supported.*\n"
                                      rb"virt-iface: note: beta is as it was\n\Z")

    def test_a_failure_midway_names_the_guests(self):
        done = self.on("attach", "--domain=alpha", "--domain=beta", "--domain=gamma",
                       "--interface", "type=macvtap,name=eth5,mode=bridge")
        self.expect(done, 4, stdout=b"")
        said = f"""virt-iface: note: done: alpha; failed: beta; untouched: gamma
{self.uri}: 2 guests: 1 changed, 0 unchanged, 1 failed
  beta: cannot attach to the running guest beta: """
        self.assertIn(said.encode(), done.stderr)

    def test_to_keep_going_is_to_change_the_rest(self):
        done = self.on("attach", "--domain=alpha", "--domain=beta", "--domain=gamma", "--keep-going", "--report=r",
                       "--interface", "type=network,name=lan")
        self.expect(done, 4, stdout=b"")
        self.assertIn(b"note: done: alpha, gamma; failed: beta; untouched: none\n", done.stderr)
        lines = [json.loads(line) for line in (self.folder / "r").read_text().splitlines()]
        self.assertEqual([(r["uri"], r["name"], r["status"], r["from_next_start"]) for r in lines],
                         [(self.uri, "alpha", "converted", False), (self.uri, "beta", "failed", False),
                          (self.uri, "gamma", "converted", False)])
        for line in (lines[0], lines[2]):
            [change] = line["changes"]
            self.assertEqual((change["change"], change["source"]), ("added", "lan"))
            self.assertRegex(change["mac"], "^52:54:00:")
            self.assertEqual(line["macs_added"], [change["mac"]])

    def test_what_differs_is_a_change_under_check(self):
        asked = ("--interface", "type=macvtap,name=eth0,mode=vepa", "--all", "--config")
        done = self.on("apply", *asked, "--check", "--report", "report")
        self.expect(done, 1, stdout=b"alpha (configuration): interface 1 (macvtap on eth0): mode is 'bridge', --interface asks for "
                    b"'vepa'\nbeta (configuration): interface 2 (macvtap on eth0) would be added\n"
                    b"gamma (configuration): interface 1 (macvtap on eth0) would be added\n"
                    b"zeta (configuration): interface 1 (macvtap on eth0) would be added\n",
                    stderr=f"{self.uri}: 4 guests: 4 would change, 0 unchanged, 0 failed\n".encode())
        report = [json.loads(line) for line in (self.folder / "report").read_text().splitlines()]
        self.assertEqual([line["status"] for line in report], ["converted"] * 4)
        self.assertEqual([line.get("differences") for line in report],
                         [["alpha (configuration): interface 1 (macvtap on eth0): mode is 'bridge', --interface asks for 'vepa'"], None, None, None])
        done = self.on("apply", *asked, "--check", "--error-format", "github", "-q")
        self.assertEqual(done.stderr.decode().splitlines()[:2],
                         ["::error::alpha (configuration): interface 1 (macvtap on eth0): mode is 'bridge', --interface asks for "
                          "'vepa' (change it with --policy converge or update, or add another with --policy append)",
                          "::error::beta (configuration): interface 2 (macvtap on eth0) would be added"])
        done = self.on("apply", *asked, "--diff")
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"alpha (configuration):16:5: error: interface 1", done.stderr)

    def test_where_means_those_that_there_are(self):
        done = self.on("update", "--where", "source=eth0", "--where", "source=eth9", "link.state=down", "--all")
        self.expect(done, 0, stdout=b"")
        self.assertEqual(done.stderr.decode(), f"""virt-iface: warning: no interface matches --where source=eth9
{self.uri}: 5 guests: 1 changed, 4 unchanged, 0 failed
""")
        done = self.on("detach", "--where", "type=macvtap", "--all", "--check")
        self.expect(done, 1, stdout=b"alpha (configuration): interface 1 (macvtap on eth0) would be removed\n"
                                    b"beta (configuration): interface 1 (macvtap on eth1) would be removed\n"
                                    b"beta (running): interface 1 (macvtap on eth1) would be removed\n"
                                    b"passing (running): interface 1 (macvtap on eth2) would be removed\n")

    def test_retarget_works_on_guests(self):
        done = self.on("retarget", "--map", "eth0=bond0", "--map", "eth7=eth8", "--all", "--diff")
        self.expect(done, 1, stderr=f"""--map: warning: no interface is on eth7, so the map to eth8 changes nothing
eth7=eth8
^
{self.uri}: 5 guests: 1 would change, 4 unchanged, 0 failed
""".encode())
        self.assertIn(b"\n-      <source dev='eth0' mode='bridge'/>\n+      <source dev='bond0' mode='bridge'/>\n", done.stdout)

    def test_the_libvirt_that_nobody_named_is_named(self):
        env = {**os.environ, "LIBVIRT_DEFAULT_URI": self.uri}
        done = self.run_program("list", "--domain", "a*", "--format", "json", env=env)
        self.expect(done, 0, stderr=b"")
        self.assertEqual([(i["uri"], i["domain"], i["type"], i["source"]) for i in json.loads(done.stdout)],
                         [(self.uri, "alpha", "macvtap", "eth0")])
        done = self.run_program("update", "1", "link.state=down", "--domain", "alpha", env=env)
        self.expect(done, 0, stdout=b"", stderr=f"{self.uri}: 1 guest: 1 changed, 0 unchanged, 0 failed\n".encode())
        for name, message, hint in (("x?", "no guest's name fits 'x?'", f"virt-iface list --connect {self.uri} --all shows what there is"),
                                    ("nope", "libvirt has no domain 'nope'", f"virt-iface list --connect {self.uri} --all shows what there is"),
                                    ("alpah", "libvirt has no domain 'alpah'", "did you mean alpha?")):
            for words in ((), ("--connect", self.uri)):
                done = self.run_program("list", *words, "--domain", name, env=env)
                self.told(done, 3, f"error: {message} on {self.uri} ({hint})")
        empty = "test://" + str(self.write("empty.xml", b"<node/>"))
        done = self.run_program("list", "--all", env={**env, "LIBVIRT_DEFAULT_URI": empty})
        self.told(done, 3, f"error: there is no such guest on {empty} (name another libvirt with --connect URI)")

    def test_names_take_patterns(self):
        names = lambda *words: [i["domain"] for i in json.loads(self.on("list", "--format=json", *words).stdout)]
        self.assertEqual(names("--domain", "*a"), ["alpha", "beta"])
        self.assertEqual(names("--domain", "????", "--domain", "alpha"), ["beta", "alpha"])
        self.told(self.on("list", "--domain", "alph\\*"), 3,
                  f"error: libvirt has no domain 'alph\\*' on {self.uri} (did you mean alpha?)")

    def test_several_libvirts_are_one_estate(self):
        other = "test://" + str(self.write("other.xml", (
            "<node>" + guest("alpha", 11, OFF, macvtap("eth7", 1)) + guest("omega", 12, RUNNING, macvtap("eth0", 12)) +
            "</node>").encode()))
        both = ("--connect", other)
        done = self.on("list", *both, "--all", "--duplicates", "--columns", "uri,domain,mac")
        self.expect(done, 0, stderr=b"")
        # The driver for tests gives two guests that run one target.
        self.assertEqual([line.split() for line in done.stdout.decode().splitlines()][:3],
                         [["uri", "domain", "mac"], [self.uri, "alpha", "52:54:00:00:00:01"],
                          [other, "alpha", "52:54:00:00:00:01"]])
        self.assertEqual(self.on("list", *both, "--domain", "omega").stdout.split()[:2], [b"#", b"type"])
        self.assertEqual(self.on("list", *both, "--domain", "alpha").stdout.split()[:2], [b"uri", b"domain"])
        done = self.on("update", *both, "--where", "source=eth0", "source=bond0", "--all", "--check")
        self.expect(done, 1, stdout=f"""{self.uri} alpha (configuration): interface 1 (macvtap on bond0) would be changed: source eth0 -> bond0
{other} omega (configuration): interface 1 (macvtap on bond0) would be changed: source eth0 -> bond0
{other} omega (running): interface 1 (macvtap on bond0) would be changed: source eth0 -> bond0
""".encode())
        self.assertIn(f"warning: MAC 52:54:00:00:00:01 is in '{self.uri} alpha' (interface 1) and in '{other} alpha' (interface 1)".encode(), done.stderr)
        self.assertIn(f"{self.uri}, {other}: 7 guests: 2 would change, 5 unchanged, 0 failed\n".encode(), done.stderr)
        done = self.on("attach", *both, "--domain", "gamma", "--domain", "omega", "--config", "--report", "-", "--interface",
                       "type=network,name=lan,mac=stable")
        self.expect(done, 4, stderr=b"virt-iface: error: libvirt has no network 'lan' (it has none at all)\n")
        self.assertEqual((json.loads(done.stdout)["name"], json.loads(done.stdout)["status"]), ("omega", "failed"))
        done = self.on("attach", *both, "--domain", "gamma", "--domain", "alpha", "--config", "--report", "-", "--interface",
                       "type=bridge,name=br0,mac=stable")
        self.assertEqual([(line["uri"], line["name"], len(line["macs_added"]))
                          for line in map(json.loads, done.stdout.splitlines())],
                         [(self.uri, "gamma", 1), (self.uri, "alpha", 1), (other, "alpha", 1)])
        done = self.on("list", *both, "--domain", "omegga")
        self.told(done, 3, f"error: libvirt has no domain 'omegga' on {self.uri}, {other} "
                           f"(virt-iface list --connect {self.uri} --connect {other} --all shows what there is)")
        self.assertEqual(self.on("list", "--connect", self.uri, "--all").stdout, self.on("list", "--all").stdout)
        tree = self.on("graph", *both, "--all").stdout.decode()
        self.assertIn(f"{other} omega\n└─ 1 52:54:00:00:00:12 testnet", tree)
        self.assertIn(f"! same MAC as {other} alpha interface 1", tree)

    def test_all_is_planned_before_anything_is_changed(self):
        done = self.on("detach", "source=eth0", "--domain=alpha", "--domain=gamma", "--report=r")
        self.expect(done, 3, stdout=b"")
        [line] = [json.loads(line) for line in (self.folder / "r").read_text().splitlines()]
        self.assertEqual((line["name"], line["status"], line["error"]),
                         ("gamma", "failed", "no interface matches 'source=eth0'"))
        self.assertIn(b"gamma", done.stderr)
        self.assertNotIn(b"done:", done.stderr)

    def test_drift_of_a_guest_is_an_answer_to_check(self):
        words = ("apply", "--interface", "type=macvtap,name=eth1,mode=vepa")
        done = self.on(*words, "--domain", "beta", "--check")
        text = "interface 1 (macvtap on eth1): mode is 'bridge', --interface asks for 'vepa'"
        self.expect(done, 1, f"beta (configuration): {text}\nbeta (running): {text}\n".encode(), b"")
        for more in ((), ("--diff",)):
            self.expect(self.on(*words, "--domain", "beta", *more), 3, stdout=b"")
        done = self.on(*words, "--all", "--check", "--keep-going")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"would be added", done.stdout)
        self.assertIn(b"beta (running): interface 1", done.stdout)

    def test_taking_away_from_all_needs_a_yes(self):
        for words in (["detach", "1"], ["apply", "--policy", "replace", *OPTION]):
            self.told(self.on(words[0], *words[1:], "--all"), 2,
                      "error: this removes interfaces from all guests (say --yes if that is meant)")

    def test_update_of_the_model_leaves_the_running_guest(self):
        self.told(self.on("update", "1", "model=e1000", "--domain", "beta"), 0,
                  "note: beta has the new model from its next start on")

    def test_update_that_libvirt_cannot_make_names_the_cures(self):
        done = self.on("update", "1", "link.state=down", "--domain", "beta")
        self.expect(done, 4, stdout=b"")
        self.assertIn(b"(--replug detaches it and attaches it again, --config changes it for the next start only)",
                      done.stderr)

    def test_states_that_a_guest_has_not(self):
        for guest_name, word, message in (
                ("alpha", "--live", "alpha does not run (use --config, or start it)"),
                ("passing", "--config", "passing has no persistent configuration (use --live, or define it)")):
            self.told(self.on("list", "--domain", guest_name, word), 4, f"error: {message}")
            self.told(self.on("detach", "1", "--domain", guest_name, word), 4, f"error: {message}")

    def test_contradictions_are_usage(self):
        for words, message in (
                (["list", "--live"], "--live is not for documents (guests are named by --domain or --all)"),
                (["apply", "--config", "t.conf"],
                 "--config is not for documents (-c FILE names a configuration file)"),
                (["list", "--connect", self.uri], "no guest is named (use --domain NAME, or --all)"),
                (["list", "--connect", self.uri, "--all", "--domain", "alpha"],
                 "--domain and --all exclude each other (use --domain NAME, or --all)"),
                (["list", "--connect", self.uri, "--all", "a.xml"],
                 "'a.xml' is a document, and --connect works on libvirt (name guests by --domain)"),
                (["detach", "1", "--connect", self.uri, "--all", "--in-place"],
                 "--in-place is not for guests on libvirt (leave it out)"),
                (["list", "--connect", self.uri, "--all", "--jobs", "2"],
                 "--jobs is not for guests on libvirt (leave it out)"),
                (["detach", "1", "--connect", self.uri, "--all", "--current", "--live"],
                 "--current excludes --live and --config (say which one is meant)")):
            self.told(self.run_program(*words), 2, f"error: {message}")

    def test_a_libvirt_that_is_not_there(self):
        done = self.run_program("list", "--connect", "qemu+unix:///system?socket=/nowhere", "--all")
        self.expect(done, 4, stdout=b"")
        self.assertIn(b"cannot connect to qemu+unix:///system?socket=/nowhere: ", done.stderr)
        self.assertEqual(done.stderr.count(b"\n"), 1, "libvirt printed by itself")

    def test_a_uuid_is_a_uuid_before_it_is_a_name(self):
        """As virsh has it: a guest may be called like another's UUID."""
        uuid = "11111111-2222-4333-8444-000000000001"
        node = NODE.replace("<node>", "<node>" + guest(uuid, 9, OFF, macvtap("eth9", 9)))
        uri = "test://" + str(self.write("names.xml", node.encode()))
        done = self.run_program("list", "--connect", uri, "--domain", uuid, "--format", "json")
        self.assertEqual([i["mac"] for i in json.loads(done.stdout)], ["52:54:00:00:00:01"])
        done = self.run_program("list", "--connect", uri, "--domain", uuid[:-1] + "9", "--format", "json")
        self.assertEqual([i["mac"] for i in json.loads(done.stdout)], ["52:54:00:00:00:09"])

    def test_sources_name_their_guests(self):
        done = self.on("sources", "--type", "network", "--format", "json")
        self.expect(done, 0, stderr=b"")
        self.assertEqual(json.loads(done.stdout),
                         [{"type": "network", "name": "lan", "kind": "network", "state": "active", "speed": None,
                           "mtu": None, "mac": "", "addresses": [], "driver": "", "forward": "isolated", "bridge": "br9",
                           "note": "", "used_by": [], "networks": []}])


    def test_this_host_is_not_another_one(self):
        for uri in ("qemu+ssh://other/system", "qemu://other/system", "test+tls:///default"):
            self.told(self.run_program("sources", "--connect", uri, "--type", "macvtap"), 2,
                      f"error: sources of type macvtap are this host's, and {uri} is another one "
                      "(run it there, or ask for --type network only)")
            for command in (["attach", "--interface", "type=macvtap,name=eth0,mode=bridge"],
                            ["update", "1", "source=eth0"], ["apply", *OPTION]):
                self.told(self.run_program(*command, "--connect", uri, "--domain", "a", "--check-host"), 2,
                          f"error: --check-host looks at this host, and {uri} is another one "
                          "(run it there, or leave --check-host out)")
        done = self.on("attach", "--domain", "gamma", "--check-host", "--interface", "type=network,name=lan")
        self.expect(done, 0, b"", b"")

    def test_a_templates_list_says_what_is_missing(self):
        conf = self.write("t.conf", b"[main]\nnetworks = lan, nosuchnet\n[interfaces.0]\ntype = macvtap\nname = nosuchnic0\n"
                          b"mode = vepa\n")
        network = b"t.conf:2: error: libvirt has no network 'nosuchnet' (it has lan)\n"
        done = self.on("list", "--template", conf.name)
        self.assertEqual((done.returncode, done.stdout, done.stderr[:len(network)]), (4, b"", network))
        self.assertNotIn(b"nosuchnic0", done.stderr)
        done = self.on("list", "--template", conf.name, "--check-host")
        self.assertEqual((done.returncode, done.stdout, done.stderr[:len(network)]), (4, b"", network))
        self.assertIn(b"t.conf:5: error: this host has no NIC 'nosuchnic0'", done.stderr)
        # Whoever cannot be asked hides nothing.
        done = self.run_program("list", "--template", conf.name, "--check-host", "--connect", "test:///nowhere.xml")
        self.expect(done, 4, stdout=b"")
        self.assertIn(b"t.conf:2: error: cannot connect to ", done.stderr)
        self.assertIn(b"t.conf:5: error: this host has no NIC 'nosuchnic0'", done.stderr)
        conf = self.write("t.conf", b"[main]\nnetworks = lan\n")
        self.assertEqual(self.on("list", "--template", conf.name, "--check-host").returncode, 0)
        self.told(self.on("show", "1", "--template", conf.name), 2, "error: --connect is not for a template (leave it out)")

    def test_a_result_is_validated_before_libvirt_is_asked(self):
        schemas = Path("/usr/share/libvirt/schemas")
        for schema in schemas.iterdir():
            self.write(f"schemas/{schema.name}", schema.read_bytes())
        self.write("schemas/domain.rng", (schemas / "nwfilter.rng").read_bytes())
        words = ["--domain", "gamma", "--interface", "type=network,name=lan"]
        for validate, status in (("--validate", 0), (f"--validate={schemas}", 0), ("--validate=schemas", 3),
                                 ("--validate=nowhere", 4)):
            self.expect(self.on("attach", *words, validate), status, stdout=b"")
            line = b"" if status else b"gamma (configuration): interface 1 (network on lan) would be added\n"
            self.expect(self.on("attach", *words, validate, "--check"), status or 1, stdout=line)


class Loading(Case):
    """The dynamic linker says what it opens, dlopen included."""

    def loaded(self, *words, **more):
        done = self.run_program(*words, env={**os.environ, "LD_DEBUG": "files", "LD_DEBUG_OUTPUT": "linker"}, **more)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        logs = list(self.folder.glob("linker.*"))
        text = "".join(log.read_text() for log in logs)
        for log in logs:
            log.unlink()
        self.assertIn("libxml2.so", text, "the linker said nothing")
        return "libvirt.so" in text

    def test_work_on_documents_opens_no_libvirt(self):
        self.write("web1.xml", domain())
        self.write("template.conf", CONF)
        for words in (["apply", "-c", "template.conf", "web1.xml"], ["apply", *OPTION, "--diff", "web1.xml"],
                      ["list", "web1.xml"], ["show", "1", "web1.xml"], ["attach", *OPTION, "web1.xml"],
                      ["update", "1", "link.state=down", "web1.xml"], ["detach", "1", "web1.xml"],
                      ["retarget", "--map", "default=blue", "web1.xml"], ["convert", "-c", "template.conf"],
                      ["sources", "--type", "macvtap"], ["apply", "--help"], ["--version"]):
            self.assertFalse(self.loaded(*words), words)

    def test_work_on_libvirt_does(self):
        self.assertTrue(self.loaded("list", "--connect", "test:///default", "--all"))

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to hide a file")
    def test_without_libvirt_the_cure_is_told(self):
        known = subprocess.run(["/sbin/ldconfig", "-p"], stdout=subprocess.PIPE, check=True).stdout.decode()
        libraries = re.findall(r"libvirt\.so\.0 .*=> (\S+)", known)
        self.assertTrue(libraries)
        script = 'for file; do mount --bind /dev/null "$file"; done; exec "$0" list --connect test:///default --all'
        done = subprocess.run(["unshare", "-m", "sh", "-c", script, PROGRAM, *libraries], timeout=60, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.expect(done, 4, stdout=b"")
        self.assertTrue(done.stderr.startswith(b"virt-iface: error: cannot load libvirt: "), done.stderr)
        self.assertTrue(done.stderr.endswith(
            b"(install the package libvirt0 (libvirt-libs on Fedora), or work on documents)\n"), done.stderr)


if __name__ == "__main__":
    unittest.main()
