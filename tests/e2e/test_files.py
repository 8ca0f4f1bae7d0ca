#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files are replaced whole or not at all, and keep their owner, mode and links."""
import os
import random
import resource
import signal
import stat
import subprocess
import time
import unittest

from common import OPTION, PROGRAM, Case, domain

IN_PLACE = ["apply", *OPTION, "--in-place"]


def needs_root(test):
    return unittest.skipUnless(os.geteuid() == 0, "skipped: needs root")(test)


class InPlace(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write("web1.xml", domain())

    def assert_replaced(self, path=None):
        self.expect_added(domain(), (path or self.path).read_bytes())

    def assert_untouched(self, done, status=4):
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(self.path.read_bytes(), domain())
        self.assertEqual(self.names(), ["web1.xml"])
        self.assertIn(b"error: ", done.stderr)

    def test_replaces_the_file(self):
        before = self.path.stat().st_ino
        self.expect(self.run_program(*IN_PLACE, "web1.xml"), 0, stdout=b"")
        self.assert_replaced()
        self.assertNotEqual(self.path.stat().st_ino, before, "was written into, not replaced")
        self.assertEqual(self.names(), ["web1.xml"])

    def test_leaves_alone_what_needs_no_change(self):
        self.run_program(*IN_PLACE, "web1.xml")
        before = self.path.stat()
        self.expect(self.run_program(*IN_PLACE, "web1.xml"), 0, stdout=b"")
        after = self.path.stat()
        self.assertEqual((after.st_ino, after.st_mtime_ns), (before.st_ino, before.st_mtime_ns))

    def test_keeps_the_mode(self):
        for mode in (0o600, 0o640, 0o664, 0o444):
            self.path.write_bytes(domain())
            self.path.chmod(mode)
            self.expect(self.run_program(*IN_PLACE, "web1.xml"), 0)
            self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), mode)
            self.path.unlink()

    def test_keeps_the_mode_under_any_umask(self):
        self.path.chmod(0o664)
        self.expect(self.shell('umask 077; "$0" "$@" web1.xml', *IN_PLACE), 0)
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o664)

    @needs_root
    def test_keeps_the_owner(self):
        os.chown(self.path, 1234, 4321)
        self.expect(self.run_program(*IN_PLACE, "web1.xml"), 0)
        found = self.path.stat()
        self.assertEqual((found.st_uid, found.st_gid), (1234, 4321))

    def test_follows_a_symbolic_link(self):
        self.path.rename(self.folder / "real.xml")
        self.path.symlink_to("real.xml")
        self.expect(self.run_program(*IN_PLACE, "web1.xml"), 0)
        self.assertTrue(self.path.is_symlink())
        self.assert_replaced(self.folder / "real.xml")

    def test_follows_a_link_into_another_folder(self):
        target = self.write("deep/er/real.xml", domain())
        self.path.unlink()
        self.path.symlink_to("deep/er/real.xml")
        self.expect(self.run_program(*IN_PLACE, "web1.xml"), 0)
        self.assertTrue(self.path.is_symlink())
        self.assert_replaced(target)
        self.assertEqual(self.names(), ["deep/er/real.xml", "web1.xml"])

    def test_a_hard_link_keeps_the_old_text(self):
        os.link(self.path, self.folder / "other.xml")
        self.expect(self.run_program(*IN_PLACE, "web1.xml"), 0)
        self.assert_replaced()
        self.assertEqual((self.folder / "other.xml").read_bytes(), domain())

    def test_a_link_to_nothing_is_told(self):
        self.path.unlink()
        self.path.symlink_to("nonesuch.xml")
        done = self.run_program(*IN_PLACE, "web1.xml")
        self.expect(done, 4, stdout=b"", stderr=b"virt-iface: error: cannot open 'web1.xml': No such file or directory\n")
        self.assertEqual(self.names(), ["web1.xml"])

    def test_a_pipe_is_not_replaced(self):
        os.mkfifo(self.folder / "pipe")
        done = self.shell('cat web1.xml >pipe & "$0" "$@" pipe', *IN_PLACE)
        self.expect(done, 4, stdout=b"", stderr=b"virt-iface: error: cannot replace 'pipe': it is not a regular file "
                                                b"(write to stdout instead)\n")

    def test_keeps_a_backup(self):
        self.expect(self.run_program(*IN_PLACE, "--backup", ".orig", "web1.xml"), 0)
        self.assert_replaced()
        self.assertEqual((self.folder / "web1.xml.orig").read_bytes(), domain())

    def test_keeps_no_backup_of_what_did_not_change(self):
        self.run_program(*IN_PLACE, "web1.xml")
        self.expect(self.run_program(*IN_PLACE, "--backup", ".orig", "web1.xml"), 0)
        self.assertEqual(self.names(), ["web1.xml"])

    def test_bad_input_leaves_the_file(self):
        self.path.write_bytes(domain()[:-9])
        done = self.run_program(*IN_PLACE, "web1.xml")
        self.expect(done, 3, stdout=b"")
        self.assertEqual(self.path.read_bytes(), domain()[:-9])
        self.assertEqual(self.names(), ["web1.xml"])

    def test_a_file_size_limit_is_an_error_not_a_signal(self):
        done = self.run_program(*IN_PLACE, "web1.xml",
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)))
        self.assert_untouched(done)
        self.assertIn(b"File too large", done.stderr)

    def test_check_and_diff_never_write(self):
        for option in ("--check", "--diff"):
            done = self.run_program(*IN_PLACE, option, "web1.xml")
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertEqual(self.path.read_bytes(), domain())
            self.assertEqual(self.names(), ["web1.xml"])

    def test_killed_at_any_moment_it_leaves_the_old_or_the_new(self):
        paths = [self.write(f"many/{n}.xml", domain(f"d{n}")) for n in range(40)]
        for attempt in range(30):
            child = subprocess.Popen([PROGRAM, *IN_PLACE, *map(str, paths)], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
            time.sleep(random.Random(attempt).uniform(0, 0.02))
            child.send_signal(signal.SIGKILL)
            child.wait()
            for number, path in enumerate(paths):
                if path.read_bytes() != domain(f"d{number}"):
                    self.expect_added(domain(f"d{number}"), path.read_bytes())
                    path.write_bytes(domain(f"d{number}"))


class Disk(Case):
    """On a file system of its own, in a mount namespace."""

    def on_tmpfs(self, options, prepare, mount_again=""):
        """Status, stderr, the file and the names there, of a run in place on a small file system."""
        self.write("web1.xml", domain())
        script = f"""mkdir m && mount -t tmpfs -o {options} none m && cp web1.xml m/ && {prepare or ':'} || exit 99
{mount_again or ':'}
"$0" "$@" m/web1.xml; echo "status $?"
cp m/web1.xml after.xml; ls -A m | tr '\\n' ' '"""
        done = subprocess.run(["unshare", "-m", "--propagation", "private", "sh", "-c", script, PROGRAM, *IN_PLACE],
                              cwd=self.folder, timeout=60, capture_output=True, check=False)
        self.assertNotEqual(done.returncode, 99, done.stderr)
        return done

    @needs_root
    def test_a_full_disk_leaves_the_file(self):
        done = self.on_tmpfs("size=8k", "head -c 4096 /dev/zero >m/full")
        self.assertIn(b"status 4\n", done.stdout, done.stderr)
        self.assertIn(b"No space left on device", done.stderr)
        self.assertEqual((self.folder / "after.xml").read_bytes(), domain())
        self.assertTrue(done.stdout.endswith(b"full web1.xml "), done.stdout)

    @needs_root
    def test_a_read_only_disk_leaves_the_file(self):
        done = self.on_tmpfs("size=64k", "", "mount -o remount,ro m")
        self.assertIn(b"status 4\n", done.stdout, done.stderr)
        self.assertIn(b"Read-only file system", done.stderr)
        self.assertEqual((self.folder / "after.xml").read_bytes(), domain())


class Output(Case):
    def test_o_writes_one_file(self):
        self.write("web1.xml", domain())
        self.expect(self.run_program("apply", *OPTION, "-o", "out.xml", "web1.xml"), 0, stdout=b"", stderr=b"")
        self.expect_added(domain(), (self.folder / "out.xml").read_bytes())
        self.assertEqual((self.folder / "web1.xml").read_bytes(), domain())

    def test_o_with_several_documents_is_usage(self):
        self.write("a.xml", domain("a"))
        self.write("b.xml", domain("b"))
        done = self.run_program("apply", *OPTION, "-o", "out.xml", "a.xml", "b.xml")
        self.expect(done, 2, stdout=b"")
        self.assertEqual(self.names(), ["a.xml", "b.xml"])

    def test_o_follows_a_link_to_what_is_not_there_yet(self):
        (self.folder / "deep").mkdir()
        (self.folder / "link").symlink_to("deep/out.xml")
        self.expect(self.run_program("apply", *OPTION, "-o", "link", stdin=domain()), 0, stdout=b"", stderr=b"")
        self.assertTrue((self.folder / "link").is_symlink())
        self.expect_added(domain(), (self.folder / "deep/out.xml").read_bytes())

    def test_o_of_a_link_to_itself(self):
        (self.folder / "link").symlink_to("link")
        done = self.run_program("apply", *OPTION, "-o", "link", stdin=domain())
        self.expect(done, 4, stdout=b"",
                    stderr=b"virt-iface: error: cannot follow 'link': Too many levels of symbolic links\n")

    def test_o_writes_to_a_device_or_a_pipe(self):
        self.expect(self.run_program("apply", *OPTION, "-o", "/dev/null", stdin=domain()), 0, stdout=b"", stderr=b"")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))
        done = self.run_program("apply", *OPTION, "-o", "/dev/stdout", stdin=domain())
        self.expect(done, 0, stderr=b"")
        self.expect_added(domain(), done.stdout)
        done = self.run_program("apply", *OPTION, "-o", "/dev/full", stdin=domain())
        self.expect(done, 4, stderr=b"virt-iface: error: cannot write '/dev/full': No space left on device\n")
        done = self.run_program("apply", *OPTION, "-o", ".", stdin=domain())
        self.expect(done, 4, stdout=b"", stderr=b"virt-iface: error: cannot replace '.': it is not a regular file "
                                                b"(write to stdout instead)\n")

    def test_o_of_a_bad_document_leaves_the_old_output(self):
        self.write("out.xml", b"old")
        self.expect(self.run_program("apply", *OPTION, "-o", "out.xml", stdin=b"<domain>"), 3, stdout=b"")
        self.assertEqual((self.folder / "out.xml").read_bytes(), b"old")
        self.assertEqual(self.names(), ["out.xml"])

    def test_a_missing_file_is_told(self):
        done = self.run_program("apply", *OPTION, "nonesuch.xml")
        self.expect(done, 4, stdout=b"")
        self.assertIn(b"nonesuch.xml", done.stderr)
        self.assertIn(b"No such file or directory", done.stderr)


if __name__ == "__main__":
    unittest.main()
