#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The runner of the golden cases fails where a case says nothing, or not all."""
import subprocess
import unittest

from common import PROGRAM, ROOT, Case, domain


class GoldenRun(Case):
    def run_cases(self, **files):
        """A run over one case of these files; `after` is what stands in after/in.xml."""
        self.write("cases/one/in.xml", domain())
        for name, data in files.items():
            self.write(f"cases/one/{'after/in.xml' if name == 'after' else name}", data)
        return subprocess.run([ROOT / "tests/golden/run", "--program", PROGRAM, "--no-libvirt", "--folder", self.folder / "cases"],
                              capture_output=True, text=True, check=False)

    def expect_fault(self, said, **files):
        done = self.run_cases(**files)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(said, done.stdout)

    def test_no_case_at_all(self):
        done = self.run_cases()
        self.assertEqual(done.returncode, 1)
        self.assertIn("golden: no case below", done.stderr)

    def test_a_case_that_expects_nothing(self):
        self.expect_fault("no expectation", cmd=b"virt-iface list in.xml >out\n")

    def test_what_it_prints(self):
        self.expect_fault("actual stdout", cmd=b"virt-iface list in.xml\n", stdout=b"")

    def test_files_beside_after(self):
        change = b"virt-iface detach 1 --in-place in.xml\n"
        detached = domain().replace(domain()[domain().index(b"\n    <interface"):domain().index(b"\n  </devices>")], b"")
        done = self.run_cases(cmd=change, after=detached)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.expect_fault("actual in.xml", cmd=b"virt-iface list in.xml >/dev/null\n", after=detached)
        self.expect_fault("out was made, and is not in after/", cmd=change + b"virt-iface list in.xml >out\n", after=detached)
        self.expect_fault("in.xml was not made, or was removed", cmd=change + b"rm in.xml\n", after=detached)


if __name__ == "__main__":
    unittest.main()
