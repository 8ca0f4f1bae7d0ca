# SPDX-License-Identifier: LGPL-2.1-or-later
"""A host of its own for each command of a test, and a guest with a macvtap interface."""
import os
import subprocess
import tempfile
import unittest

from common import PROGRAM, ROOT, Case, domain

SCRIPT = "/etc/libvirt/hooks/qemu.d/50-virt-iface"
MACVTAP = """    <interface type='direct'>
      <mac address='52:54:00:00:00:02'/>
      <source dev='nicA' mode='bridge'/>
      <model type='virtio'/>
    </interface>
"""
GUEST = domain(inside=MACVTAP)
MOVED = GUEST.replace(b"nicA", b"nicB")
MAPS = b"[retarget]\nnicA = nicB\n"
TEMPLATE = b"[interfaces.1]\ntype = network\nname = blue\n"
# What libvirt gives a hook (seen with libvirt 9.0.0).
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "USER": "root",
               "LOGNAME": "root"}


class HostCase(Case):
    """A case whose commands run on a host of their own: the program in /usr/bin, /etc and /run to write to."""

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory(prefix="e2e-") as folder:
            words = [str(ROOT / "tests/support/own-host"), PROGRAM, folder, "true"]
            failed = subprocess.run(words, check=False, capture_output=True, text=True)
        if failed.returncode and not os.environ.get("LAB_REQUIRED"):
            raise unittest.SkipTest("cannot mount over /etc here: " + failed.stderr.strip())

    def on_host(self, script, stdin=b"", program=PROGRAM, environment=None):
        (self.folder / "etc").mkdir(exist_ok=True)
        words = [str(ROOT / "tests/support/own-host"), str(program), str(self.folder), "sh", "-ec", script]
        return subprocess.run(words, input=stdin, cwd=self.folder, timeout=120, check=False, capture_output=True,
                              env={**ENVIRONMENT, **(environment or {})})

    def conf(self, text, name="hook.conf"):
        self.write(f"etc/virt-iface/{name}", text)
