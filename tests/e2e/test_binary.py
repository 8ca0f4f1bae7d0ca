#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The program is built hardened, and starts with few libraries."""
import re
import subprocess
import unittest

from common import PROGRAM


def readelf(*words):
    return subprocess.run(["readelf", "-W", *words, PROGRAM], stdout=subprocess.PIPE, text=True, check=True).stdout


class Hardening(unittest.TestCase):
    def test_it_is_position_independent(self):
        self.assertRegex(readelf("-h"), r"Type:\s+DYN")
        self.assertRegex(readelf("-d"), r"FLAGS_1.*PIE")

    def test_relocations_are_read_only_and_made_at_the_start(self):
        self.assertIn("GNU_RELRO", readelf("-l"))
        self.assertRegex(readelf("-d"), r"BIND_NOW|FLAGS_1.*NOW")

    def test_the_stack_is_not_executable(self):
        self.assertRegex(readelf("-l"), r"GNU_STACK.*\sRW\s")

    def test_the_stack_is_protected_and_the_library_calls_are_checked(self):
        symbols = readelf("--dyn-syms")
        self.assertIn("__stack_chk_fail", symbols)
        self.assertRegex(symbols, r"__\w+_chk@")

    def test_no_folder_is_built_in(self):
        self.assertNotRegex(readelf("-d"), r"RPATH|RUNPATH")

    def test_libvirt_is_not_loaded_to_filter(self):
        needed = re.findall(r"NEEDED.*\[(.*)\]", readelf("-d"))
        self.assertIn("libxml2.so.2", needed)
        self.assertFalse([name for name in needed if "virt" in name or "boost" in name])


if __name__ == "__main__":
    unittest.main()
