# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests over the installed program share: $VIRT_IFACE is the program, every test has a folder of its own."""
import contextlib
import inspect
import os
import re
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("VIRT_IFACE", str(ROOT / "build" / "virt-iface"))
OPTION = ["--interface", "type=network,name=blue"]
INTERFACE = b"<source network='blue'/>"
CANARY = "canary-5b0f3a52"  # what no test may find in an output
CONF = b"[main]\nnetworks = blue\n"


def domain(name="web1", inside=""):
    return f"""<domain type='kvm'>
  <name>{name}</name>
  <memory unit='MiB'>64</memory>
  <os>
    <type arch='x86_64'>hvm</type>
  </os>
  <devices>
    <!-- one NIC -->
    <interface type='network'>
      <mac address='52:54:00:00:00:01'/>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
{inside}  </devices>
</domain>
""".encode()


@contextlib.contextmanager
def listener():
    """A port of this host, and the list of who came."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        done = threading.Event()

        def wait():
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    server.accept()[0].close()
                    came.append(1)

        thread = threading.Thread(target=wait)
        thread.start()
        yield server.getsockname()[1], came
        time.sleep(0.15)
        done.set()
        thread.join()


def wait_until(condition, seconds=60):
    """However long that takes on a busy machine; what never comes ends the test."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not in {seconds} s: {inspect.getsource(condition).strip()}")
        time.sleep(0.005)


def handles(child, number):
    """Whether a program has come so far as to handle that signal itself."""
    caught = re.search(r"^SigCgt:\s*(\w+)", Path(f"/proc/{child.pid}/status").read_text(), re.MULTILINE)
    return bool(int(caught[1], 16) >> (number - 1) & 1)


def position_in(child, path):
    """How far a program has read in a file; None where it has not opened it."""
    for link in Path(f"/proc/{child.pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            if link.samefile(path):
                return int(Path(f"/proc/{child.pid}/fdinfo/{link.name}").read_text().split()[1])
    return None


class Case(unittest.TestCase):
    """A test with a folder of its own, in which the program runs."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="e2e-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def run_program(self, *words, stdin=b"", **more):
        """Status, stdout and stderr of a run; `stdin` is bytes or a file."""
        streams = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
        streams.update({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE})
        streams.update(more)
        return subprocess.run([PROGRAM, *words], cwd=self.folder, timeout=120, check=False, **streams)

    def shell(self, script, *words, **more):
        """Runs sh with the program as $0 and the words as $1 and so on."""
        return subprocess.run(["sh", "-c", script, PROGRAM, *words], cwd=self.folder, timeout=300, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, **more)

    def expect(self, done, status, stdout=None, stderr=None):
        said = f"\nstdout: {done.stdout!r}\nstderr: {done.stderr!r}"
        self.assertEqual(done.returncode, status, said)
        for name, wanted in (("stdout", stdout), ("stderr", stderr)):
            if wanted is not None:
                self.assertEqual(getattr(done, name), wanted, said)

    def expect_added(self, before, after):
        """Exactly one interface on `blue` was put in, and no other byte changed."""
        start = len(os.path.commonprefix([before, after]))
        tail = len(before) - start
        self.assertGreater(len(after), len(before))
        self.assertEqual(after[len(after) - tail:], before[start:], "bytes outside the interface changed")
        self.assertEqual(after.count(b"<interface "), before.count(b"<interface ") + 1)
        self.assertEqual(after.count(INTERFACE), before.count(INTERFACE) + 1)

    def names(self):
        return sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if not p.is_dir())
