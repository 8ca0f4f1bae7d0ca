#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `cmake --install` gives: one program that works alone, hardened, and what belongs to it."""
import json
import os
import pty
import re
import select
import shutil
import subprocess
import unittest
from pathlib import Path

import common
from common import OPTION, ROOT, Case, domain

PREFIX = Path(common.PROGRAM).parents[1]


COMMANDS = ("apply", "list", "show", "attach", "update", "detach", "retarget", "convert", "sources", "graph",
            "hook")
INTERNAL = {"--job"}  # for the hook alone
OTHERS = {"--network", "--persistent", "-P", "--now", "-1"}  # of virt-xml, virsh, setsebool and systemctl, and a position


def output(*words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          stdin=subprocess.DEVNULL, **more).stdout


class Installed(Case):
    def expect_same_tree(self, source, target):
        for path in sorted(p for p in source.rglob("*") if p.is_file()):
            installed = target / path.relative_to(source)
            self.assertTrue(installed.is_file(), f"{installed} is not installed")
            self.assertEqual(installed.read_bytes(), path.read_bytes())
            self.assertEqual(os.access(installed, os.X_OK), os.access(path, os.X_OK), installed)

    def test_man_pages(self):
        pages = sorted((ROOT / "man").glob("*.[157]"))
        self.assertEqual([p.name for p in pages], ["virt-iface-cookbook.7", "virt-iface-hook.7", "virt-iface.1",
                                                      "virt-iface.conf.5"])
        for page in pages:
            installed = PREFIX / "share" / "man" / f"man{page.suffix[1:]}" / page.name
            self.assertEqual(installed.read_bytes(), page.read_bytes())

    def test_man_pages_are_clean(self):
        for page in sorted((ROOT / "man").glob("*.[157]")):
            self.assertEqual(output("mandoc", "-T", "lint", "-W", "warning", str(page)), "", page.name)

    def test_the_schema(self):
        schema = json.loads((PREFIX / "share" / "doc" / "virt-iface" / "interfaces.schema.json").read_text(encoding="utf-8"))
        self.assertIn("vlan.tag", schema["$defs"]["keys"]["properties"])

    def test_hooks_and_templates(self):
        for folder in ("hooks", "templates"):
            self.assertTrue(list((ROOT / folder).iterdir()), folder)
            self.expect_same_tree(ROOT / folder, PREFIX / "share" / "virt-iface" / folder)

    def test_the_man_pages_tell_every_option_and_no_other(self):
        known = {"--help", "--version", "-V"}
        for command in COMMANDS:
            printed = re.sub(r"\bvirsh .*", "", self.run_program(command, "--help").stdout.decode())
            known |= set(re.findall(r"(?<![\w-])(--[a-z][a-z-]*|-\w(?= \[ --))", printed))
        told, pages = set(), [ROOT / "man" / "virt-iface.1", ROOT / "man" / "virt-iface-hook.7"]
        for page in pages:
            text = re.sub(r"\\f.", "", page.read_text(encoding="utf-8")).replace("\\-", "-")
            shown = re.sub(r"(?ms)^\.EX$.*?^\.EE$", "", text)
            told |= set(re.findall(r"(?<![\w-])(--[a-z][a-z-]*|-\w(?=[ \",.\n]))", shown))
        self.assertEqual(sorted(known - told - INTERNAL), [], "no man page tells these")
        self.assertEqual(sorted(told - known - OTHERS), [], "the program does not know these")

    def test_the_tests_that_man_pages_name_are_there(self):
        named = set()
        for page in sorted((ROOT / "man").glob("*.[157]")):
            named |= set(re.findall(r"\btests/[\w./-]*\w", page.read_text(encoding="utf-8").replace("\\-", "-")))
        self.assertGreater(len(named), 10)
        self.assertEqual([path for path in sorted(named) if not (ROOT / path).exists()], [])

    def test_the_program_works_alone(self):
        shutil.copy(common.PROGRAM, self.folder / "alone")
        done = subprocess.run(["./alone", *OPTION], cwd=self.folder, input=domain(), capture_output=True, check=False,
                              env={})
        self.expect(done, 0, stderr=b"")
        self.expect_added(domain(), done.stdout)

    def test_version_names_the_libraries(self):
        done = self.run_program("--version")
        self.expect(done, 0, stderr=b"")
        self.assertRegex(done.stdout.decode(), r"^virt-iface \d+\.\d+\.\d+\n")
        for library in (b"libxml2 2.", b"libxslt 1."):
            self.assertIn(library, done.stdout)

    def test_help_of_the_program_and_of_every_command(self):
        done = self.run_program("--help")
        self.expect(done, 0, stderr=b"")
        for command in COMMANDS:
            self.assertIn(command, done.stdout.decode())
            own = self.run_program(command, "--help")
            self.expect(own, 0, stderr=b"")
            self.assertIn(f"virt-iface {command}", own.stdout.decode())


# What is completed, and by what.
WORDS = (("update 1 link.state=d", "own"), ("update 1 web1.xml mode=ve", "pa"), ("-c x --pol", "icy"), ("hel", "p"),
         ("help conv", "ert"), ("--vers", "ion"), ("update --drop vl", "an"), ("list --columns domain,posi", "tion"),
         ("hook --test migr", "ate"))


class Completion(Case):
    """The bash completion, in a bash that a user types into."""
    shell, tabs = ["bash", "--noprofile", "--rcfile", "rc", "-i"], b"\t\t"

    def setUp(self):
        super().setUp()
        self.write("web1.xml", domain())
        script = PREFIX / "share" / "bash-completion" / "completions" / "virt-iface"
        self.write("rc", f"""source /usr/share/bash-completion/bash_completion
source '{script}'
PS1='' PATH='{PREFIX}/bin:/usr/sbin:/usr/bin:/sbin:/bin'
bind 'set enable-bracketed-paste off' 'set bell-style none' 'set page-completions off' 'set completion-query-items 0'
echo rea''dy
""".encode())

    def complete(self, line):
        """What stands on the line after TAB; where several fit, what TAB TAB lists."""
        master, slave = pty.openpty()
        with subprocess.Popen(self.shell, cwd=self.folder, stdin=slave, stdout=slave, stderr=slave,
                              start_new_session=True, env={"TERM": "dumb", "HOME": str(self.folder), "INPUTRC": "/dev/null",
                                                           "ZDOTDIR": str(self.folder)}) as bash:
            os.close(slave)
            try:
                self.read_until(master, b"ready\r\n")
                # Behind what TAB leaves, C-a and a word make a command that prints it.
                os.write(master, line.encode() + self.tabs + b"\x01printf '<%s>' \x05 '>end<'\n")
                said = self.read_until(master, b"<>end<>")
            finally:
                bash.kill()
                os.close(master)
        return said.decode()

    def read_until(self, master, mark):
        said = b""
        while mark not in said:
            self.assertTrue(select.select([master], [], [], 20)[0], said)
            said += os.read(master, 4096)
        return said

    def expect_completed(self, line, wanted):
        said = self.complete(line)
        printed = "".join(f"<{word}>" for word in wanted.split(" "))
        self.assertIn(printed + "<>end<>", said)

    def test_commands_and_files(self):
        self.expect_completed("virt-iface att", "virt-iface attach")
        self.expect_completed("virt-iface list w", "virt-iface list web1.xml")
        self.expect_completed("virt-iface apply -c w", "virt-iface apply -c web1.xml")

    def test_options_and_their_values(self):
        self.expect_completed("virt-iface apply --pol", "virt-iface apply --policy")
        self.expect_completed("virt-iface apply --policy con", "virt-iface apply --policy converge")
        self.expect_completed("virt-iface apply --policy=rep", "virt-iface apply --policy=replace")
        self.expect_completed("virt-iface convert --to dom", "virt-iface convert --to domain")

    def test_interfaces(self):
        front = "virt-iface apply --interface "
        self.expect_completed(front + "ty", front + "type=")
        self.expect_completed(front + "type=mac", front + "type=macvtap")
        self.expect_completed(front + "type=macvtap,mode=ve", front + "type=macvtap,mode=vepa")
        self.expect_completed(front + "type=macvtap,mac=52:54:00:00:00:01,link.s",
                              front + "type=macvtap,mac=52:54:00:00:00:01,link.state=")
        self.expect_completed(front.strip() + "=type=ov", front.strip() + "=type=ovs")

    def test_names_of_this_host(self):
        listed = output(common.PROGRAM, "sources", "--type", "macvtap", "--format", "json")
        names = [source["name"] for source in json.loads(listed)]
        if not names:
            self.skipTest("this host has no interface for a macvtap")
        said = self.complete("virt-iface apply --interface type=macvtap,name=")
        for name in names:
            self.assertIn(name, said)
        self.assertNotIn("name=macvtap", said)

    def test_domains_and_networks_of_the_libvirt_named(self):
        front = "virt-iface list --connect test:///default --domain "
        self.expect_completed(front + "te", front + "test")
        self.expect_completed("virt-iface detach 1 --connect=test:///default --domain=te",
                              "virt-iface detach 1 --connect=test:///default --domain=test")
        front = "virt-iface attach --connect test:///default --interface type=network,name="
        self.expect_completed(front + "de", front + "default")

    def test_a_name_is_no_command(self):
        """Not to the completion, and not on the line that it leaves."""
        evil = "x$(touch pwned)`touch pwned`;x"
        self.write("node.xml", f"""<node><domain type='test'><name>{evil}</name><memory>1024</memory>
<os><type arch='x86_64'>hvm</type></os></domain><network><name>{evil}</name><bridge name='virbr9'/></network></node>""".encode())
        self.write(evil, b"")
        uri = f"test://{self.folder}/node.xml"
        for front in ("virt-iface ", f"virt-iface list --connect {uri} --domain ",
                      f"virt-iface attach --connect {uri} --interface type=network,name="):
            *words, last = (front + "x").split(" ")
            said = self.complete(front + "x")
            self.assertIn("".join(f"<{word}>" for word in words) + f"<{last[:-1]}{evil}><>end<>", said)
            self.assertFalse((self.folder / "pwned").exists(), front)

    def test_keys(self):
        self.expect_completed("virt-iface update 1 link.st", "virt-iface update 1 link.state=")
        self.expect_completed("virt-iface update 1 mod", "virt-iface update 1 mode")
        self.expect_completed("virt-iface apply --interface driver.iommu=of", "virt-iface apply --interface driver.iommu=off")

    def test_words(self):
        for line, rest in WORDS:
            with self.subTest(line):
                self.expect_completed("virt-iface " + line, f"virt-iface {line}{rest}")

    def test_selectors(self):
        """Of the documents that the line names, or of the guest; `|` is the cursor."""
        tagged = """<interface type='bridge'><mac address='52:54:00:00:01:0a'/><source bridge='br7'/><vlan><tag id='42'/></vlan>
<virtualport type='openvswitch'/></interface>"""
        self.write("web2.xml", domain("web2", tagged))
        self.write("node.xml", b"<node>" + domain("web3", tagged).replace(b"kvm", b"test") + b"</node>")
        node = f"--connect test://{self.folder}/node.xml"
        for line, wanted in (("show 52:54:00:00:01|web2.xml", "52:54:00:00:01:0a"), ("detach all|web1.xml", "all"),
                             ("update source=de|link.state=up web1.xml web2.xml", "source=default"),
                             ("list web2.xml --where type=ovs,vlan=4|", "type=ovs,vlan=42"),
                             ("list web2.xml --where=vlan.ta|", "--where=vlan.tag="),
                             ("show --format json type=ov|web2.xml", "type=ovs"),
                             (f"show {node} --domain web3 52:54:00:00:01|", "52:54:00:00:01:0a"),
                             (f"list {node} --all --where source=b|", "source=br7"),
                             ("update 1 vlan.ta|web2.xml", "vlan.tag=")):
            with self.subTest(line):
                front, back = line.split("|")
                self.tabs = b"\t"
                if back:  # typed, and the cursor goes back in front of it
                    self.tabs = b" " + back.encode() + b"\x02" * (len(back) + 1) + b"\t"
                said = self.complete("virt-iface " + front)
                self.assertIn(f"<{wanted}>", said)


class ZshCompletion(Completion):
    """The same in zsh."""
    shell, tabs = ["zsh", "--no-globalrcs", "-i"], b"\t"

    def setUp(self):
        super().setUp()
        if not shutil.which("zsh"):
            self.skipTest("there is no zsh")
        folder = PREFIX / "share" / "zsh" / "site-functions"
        self.write(".zshrc", f"""PS1='' PS2='' PROMPT_EOL_MARK='' PATH='{PREFIX}/bin:/usr/sbin:/usr/bin:/sbin:/bin'
fpath=('{folder}' $fpath)
autoload -Uz compinit
compinit -u -D
unsetopt beep
bindkey -e
echo rea''dy
""".encode())


class FishCompletion(Case):
    """The same in fish, which prints what it would offer."""

    def setUp(self):
        super().setUp()
        if not shutil.which("fish"):
            self.skipTest("there is no fish")
        self.write("web1.xml", domain())

    def offered(self, line):
        script = PREFIX / "share" / "fish" / "vendor_completions.d" / "virt-iface.fish"
        done = subprocess.run(["fish", "--no-config", "-c", f"source '{script}'; complete -C $argv[1]", line],
                              cwd=self.folder, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
                              env={"PATH": f"{PREFIX}/bin:/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.stderr, "")
        return [found.split("\t")[0] for found in done.stdout.splitlines()]

    def test_what_is_offered(self):
        front = "virt-iface apply --interface "
        for line, wanted in (("virt-iface att", ["attach"]), ("virt-iface list w", ["web1.xml"]),
                             ("virt-iface apply -c w", ["web1.xml"]), ("virt-iface apply --pol", ["--policy"]),
                             ("virt-iface apply --policy con", ["converge"]),
                             ("virt-iface apply --policy=rep", ["--policy=replace"]),
                             ("virt-iface convert --to dom", ["domain"]), (front + "ty", ["type="]),
                             (front + "type=mac", ["type=macvtap"]),
                             (front + "type=macvtap,mode=ve", ["type=macvtap,mode=vepa"]),
                             (front.strip() + "=type=ov", [front.split()[-1] + "=type=ovs"]),
                             ("virt-iface update 1 link.st", ["link.state="]),
                             ("virt-iface update 1 link.state=u", ["link.state=up"]),
                             ("virt-iface list web1.xml --where type=network,mac=", ["type=network,mac=52:54:00:00:00:01"]),
                             ("virt-iface list web1.xml --where=source=d", ["--where=source=default"]),
                             ("virt-iface show --connect test:///default --all al", ["alias.name=", "alias=", "all"]),
                             ("virt-iface detach vlan.ta", ["vlan.tag="]),
                             ("virt-iface list --connect test:///default --domain te", ["test"]),
                             ("virt-iface attach --connect test:///default --interface type=network,name=de",
                              ["type=network,name=default"])):
            with self.subTest(line):
                self.assertEqual(self.offered(line), wanted)

    def test_words(self):
        for line, rest in WORDS:
            with self.subTest(line):
                self.assertEqual(self.offered("virt-iface " + line), [line.split()[-1] + rest])


if __name__ == "__main__":
    unittest.main()
