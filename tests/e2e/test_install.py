#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `cmake --install` gives: one program that works alone, hardened, and what belongs to it."""
import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

import common
from common import OPTION, ROOT, Case, domain

PREFIX = Path(common.PROGRAM).parents[1]


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
        self.assertEqual([p.name for p in pages], ["virt-iface-hook.7", "virt-iface.1", "virt-iface.conf.5"])
        for page in pages:
            installed = PREFIX / "share" / "man" / f"man{page.suffix[1:]}" / page.name
            self.assertEqual(installed.read_bytes(), page.read_bytes())

    def test_man_pages_are_clean(self):
        for page in sorted((ROOT / "man").glob("*.[157]")):
            self.assertEqual(output("mandoc", "-T", "lint", "-W", "warning", str(page)), "", page.name)

    def test_hooks_and_templates(self):
        for folder in ("hooks", "templates"):
            self.assertTrue(list((ROOT / folder).iterdir()), folder)
            self.expect_same_tree(ROOT / folder, PREFIX / "share" / "virt-iface" / folder)

    def test_the_program_works_alone(self):
        shutil.copy(common.PROGRAM, self.folder / "alone")
        done = subprocess.run(["./alone", *OPTION], cwd=self.folder, input=domain(), capture_output=True, check=False,
                              env={})
        self.expect(done, 0, stderr=b"")
        self.expect_added(domain(), done.stdout)

    def test_a_document_opens_no_libvirt_library(self):
        self.write("web1.xml", domain())
        said = output(common.PROGRAM, "apply", *OPTION, "web1.xml", cwd=self.folder, env={"LD_DEBUG": "files"})
        self.assertIn("libxml2", said)
        self.assertNotIn("libvirt", said)

    def test_libvirt_is_opened_where_it_is_asked_for(self):
        said = output(common.PROGRAM, "list", "--connect", "test:///default", "--all", env={"LD_DEBUG": "files"})
        self.assertIn("libvirt.so", said)

    def test_the_program_is_hardened(self):
        headers = output("readelf", "-W", "-h", "-l", "-d", common.PROGRAM)
        symbols = output("readelf", "-W", "--dyn-syms", common.PROGRAM)
        self.assertRegex(headers, r"Type:\s+DYN \(Position-Independent Executable")
        self.assertIn("GNU_RELRO", headers)
        self.assertRegex(headers, r"FLAGS\b.*BIND_NOW|FLAGS_1\b.*NOW")
        self.assertRegex(headers, r"GNU_STACK\s+\S+ \S+ \S+ \S+ \S+ RW ")
        self.assertIn("__stack_chk_fail", symbols)
        self.assertRegex(symbols, r"__\w+_chk\b")
        self.assertNotRegex(headers, r"R(UN)?PATH")

    def test_version_names_the_libraries(self):
        done = self.run_program("--version")
        self.expect(done, 0, stderr=b"")
        self.assertRegex(done.stdout.decode(), r"^virt-iface \d+\.\d+\.\d+\n")
        for library in (b"libxml2 2.", b"libxslt 1."):
            self.assertIn(library, done.stdout)

    def test_help_of_the_program_and_of_every_command(self):
        done = self.run_program("--help")
        self.expect(done, 0, stderr=b"")
        for command in ("apply", "list", "show", "attach", "update", "detach", "retarget", "convert", "sources", "hook"):
            self.assertIn(command, done.stdout.decode())
            own = self.run_program(command, "--help")
            self.expect(own, 0, stderr=b"")
            self.assertIn(f"virt-iface {command}", own.stdout.decode())


class Completion(Case):
    """The bash completion, asked as bash asks it."""

    def complete(self, *words):
        script = PREFIX / "share" / "bash-completion" / "completions" / "virt-iface"
        listed = " ".join(f"'{word}'" for word in words)
        asked = f"""source /usr/share/bash-completion/bash_completion
source '{script}'
f=$(complete -p virt-iface | sed 's/.*-F \\([^ ]*\\).*/\\1/')
COMP_WORDS=({listed}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMP_LINE="${{COMP_WORDS[*]}}"; COMP_POINT=${{#COMP_LINE}}
"$f" virt-iface "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
printf '%s\\n' "${{COMPREPLY[@]}}" """
        environment = {"PATH": f"{PREFIX}/bin:/usr/bin:/bin", "HOME": str(self.folder)}
        return output("bash", "-c", asked, cwd=self.folder, env=environment).split()

    def test_commands(self):
        self.assertIn("attach", self.complete("virt-iface", "att"))

    def test_options(self):
        self.assertIn("--policy", self.complete("virt-iface", "apply", "--po"))

    def test_keys(self):
        found = [re.sub("=.*", "", word) for word in self.complete("virt-iface", "update", "1", "mod")]
        self.assertIn("mode", found)
        self.assertIn("model", found)


if __name__ == "__main__":
    unittest.main()
