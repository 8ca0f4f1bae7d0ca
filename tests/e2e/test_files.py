#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files are replaced whole or not at all, and keep their owner, mode and links."""
import os
import random
import resource
import shutil
import signal
import stat
import struct
import subprocess
import tempfile
import time
import unittest

from common import INTERFACE, OPTION, PROGRAM, Case, domain, handles, wait_until

IN_PLACE = ["apply", *OPTION, "--in-place"]


ACL = "system.posix_acl_access"
DEFAULT_ACL = "system.posix_acl_default"


def needs_root(test):
    return unittest.skipUnless(os.geteuid() == 0, "skipped: needs root")(test)


def acl(owner, user_1000, group, mask, other):
    """As linux/posix_acl_xattr.h has it: version 2, then tag, rights and id of each entry."""
    entries = ((1, owner, -1), (2, user_1000, 1000), (4, group, -1), (16, mask, -1), (32, other, -1))
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)


def without_acls():
    with tempfile.NamedTemporaryFile() as file:
        try:
            os.setxattr(file.fileno(), ACL, acl(6, 6, 0, 6, 0))
            os.setxattr(file.fileno(), "user.note", b"1")
        except OSError:
            return True
    return False


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

    def test_a_name_as_long_as_can_be(self):
        path = self.write("n" * 251 + ".xml", domain())
        self.expect(self.run_program(*IN_PLACE, path.name), 0, stdout=b"", stderr=b"")
        self.assert_replaced(path)

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


@unittest.skipIf(without_acls(), "skipped: needs a file system with ACLs and extended attributes")
class Attributes(Case):
    """A file whose ACL lets one user in, and not the owning group: its mode shows 0660, where 6 is the mask's."""
    SECRET = acl(6, 6, 0, 6, 0)

    def setUp(self):
        super().setUp()
        self.path = self.write("web1.xml", domain())
        self.path.chmod(0o600)

    def attributes(self, path=None):
        path = path or self.path
        return {name: os.getxattr(path, name) for name in os.listxattr(path)}

    def test_keeps_the_acl_and_the_extended_attributes(self):
        os.setxattr(self.path, ACL, self.SECRET)
        os.setxattr(self.path, "user.note", b"of the admin\0")
        before = self.attributes()
        self.expect(self.run_program(*IN_PLACE, "--backup", ".orig", "web1.xml"), 0)
        self.expect_added(domain(), self.path.read_bytes())
        self.assertEqual(self.attributes(), before)
        self.assertEqual(self.attributes(self.folder / "web1.xml.orig"), before)
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o660)

    @needs_root
    def test_keeps_them_of_a_file_that_its_owner_cannot_write(self):
        os.setxattr(self.path, "user.note", b"1")
        os.setxattr(self.path, ACL, acl(4, 4, 0, 4, 0))
        os.chown(self.path, 65534, 65534)
        os.chown(self.folder, 65534, 65534)
        before = self.attributes()
        program = shutil.copy(PROGRAM, self.folder)  # where that user finds it, too
        subprocess.run([program, *IN_PLACE, "web1.xml"], cwd=self.folder, user=65534, group=65534, extra_groups=[], timeout=120,
                       check=True)
        self.expect_added(domain(), self.path.read_bytes())
        self.assertEqual(self.attributes(), before)

    def test_the_default_acl_of_the_folder_lets_nobody_in(self):
        os.setxattr(self.folder, DEFAULT_ACL, acl(7, 7, 7, 7, 7))
        self.path.chmod(0o640)
        self.expect(self.run_program(*IN_PLACE, "web1.xml"), 0)
        self.assertEqual(self.attributes(), {})
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o640)

    def test_a_result_elsewhere_is_not_for_the_owning_group(self):
        os.setxattr(self.path, ACL, self.SECRET)
        self.expect(self.run_program("apply", *OPTION, "--output-dir", "out", "web1.xml"), 0)
        self.assertEqual(stat.S_IMODE((self.folder / "out/web1.xml").stat().st_mode), 0o600)
        self.path.chmod(0o644)
        os.removexattr(self.path, ACL)
        self.expect(self.run_program("apply", *OPTION, "--output-dir", "other", "web1.xml"), 0)
        self.assertEqual(stat.S_IMODE((self.folder / "other/web1.xml").stat().st_mode), 0o644)

    @needs_root
    def test_an_acl_that_cannot_be_kept_is_an_error(self):
        """As on a disk that was mounted without them: here, in a user namespace that has no user 1000."""
        os.setxattr(self.path, ACL, self.SECRET)
        if subprocess.run(["unshare", "-Ur", "true"], check=False, capture_output=True).returncode:
            self.skipTest("skipped: needs user namespaces")
        done = subprocess.run(["unshare", "-Ur", PROGRAM, *IN_PLACE, "web1.xml"], cwd=self.folder, timeout=60,
                              capture_output=True, check=False)
        self.expect(done, 4, stdout=b"")
        self.assertIn(b"cannot keep the ACL of '", done.stderr)
        self.assertEqual(self.path.read_bytes(), domain())
        self.assertEqual(self.names(), ["web1.xml"])


class Backups(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write("web1.xml", domain())

    @needs_root
    def test_one_that_is_not_replaced_leaves_no_backup(self):
        for older in (None, b"older"):
            if older:
                self.write("web1.xml.orig", older)
            names = self.names()
            if subprocess.run(["chattr", "+i", self.path], check=False, capture_output=True).returncode:
                self.skipTest("skipped: needs a file system with immutable files")
            try:
                done = self.run_program(*IN_PLACE, "--backup", ".orig", "web1.xml")
            finally:
                subprocess.run(["chattr", "-i", self.path], check=True)
            self.expect(done, 4, stdout=b"")
            self.assertEqual(self.names(), names)
            self.assertEqual(self.path.read_bytes(), domain())
            if older:
                self.assertEqual((self.folder / "web1.xml.orig").read_bytes(), older)

    def test_a_backup_is_never_overwritten(self):
        for number, suffix in enumerate((".orig", ".orig.1", ".orig.2")):
            before = self.path.read_bytes()
            self.expect(self.run_program("apply", "--policy", "append", *OPTION, "-i", "--backup", ".orig", "web1.xml"), 0)
            self.assertEqual(self.path.read_bytes().count(INTERFACE), number + 1)
            self.assertEqual((self.folder / f"web1.xml{suffix}").read_bytes(), before)
        self.assertEqual(self.names(), ["web1.xml", "web1.xml.orig", "web1.xml.orig.1", "web1.xml.orig.2"])

    def test_nor_is_what_else_has_its_name(self):
        """A directory, a link to nothing, a hard link to the file, another document of the run."""
        (self.folder / "web1.xml.orig").mkdir()
        (self.folder / "web1.xml.orig.1").symlink_to("nothing")
        os.link(self.path, self.folder / "web1.xml.orig.2")
        self.write("web1.xml.orig.3", domain("other"))
        self.expect(self.run_program(*IN_PLACE, "--backup", ".orig", "web1.xml", "web1.xml.orig.3"), 0)
        self.expect_added(domain(), self.path.read_bytes())
        self.expect_added(domain("other"), (self.folder / "web1.xml.orig.3").read_bytes())
        self.assertEqual((self.folder / "web1.xml.orig.2").read_bytes(), domain())
        self.assertEqual((self.folder / "web1.xml.orig.4").read_bytes(), domain())
        self.assertEqual((self.folder / "web1.xml.orig.3.orig").read_bytes(), domain("other"))
        self.assertEqual(os.listdir(self.folder / "web1.xml.orig"), [])
        self.assertFalse((self.folder / "nothing").exists())

    def test_a_suffix_that_is_a_file_is_refused_with_a_hint(self):
        for words in (["--backup", "web1.xml"], ["--backup", "web1.xml", "web1.xml"], ["--backup", "old.xml", "web1.xml"]):
            done = self.run_program(*IN_PLACE, *words)
            self.expect(done, 2, stdout=b"")
            self.assertRegex(done.stderr, rb"error: --backup '(web1|old).xml' looks like a file, not like a suffix "
                                          rb"\(write --backup .orig (web1|old).xml\)")
        self.assertEqual(self.names(), ["web1.xml"])
        for suffix in (".bak.xml", "~", "-2026", ".orig", "orig"):
            self.path.write_bytes(domain())
            self.expect(self.run_program(*IN_PLACE, "--backup", suffix, "web1.xml"), 0)
            self.assertEqual((self.folder / f"web1.xml{suffix}").read_bytes(), domain())

    def test_one_file_named_twice(self):
        (self.folder / "link.xml").symlink_to("web1.xml")
        for other in ("./web1.xml", "link.xml", str(self.path), f"../{self.folder.name}/web1.xml"):
            done = self.run_program("attach", *OPTION, "-i", "--backup", ".orig", "web1.xml", other)
            self.expect(done, 2, stdout=b"", stderr=f"virt-iface: error: 'web1.xml' and '{other}' are one file, which "
                                                    "--in-place would change twice (name it once)\n".encode())
        self.assertEqual(self.path.read_bytes(), domain())
        self.assertEqual(self.names(), ["link.xml", "web1.xml"])
        os.link(self.path, self.folder / "hard.xml")
        self.expect(self.run_program(*IN_PLACE, "--backup", ".orig", "hard.xml", "web1.xml"), 0, stdout=b"")
        for name in ("web1.xml", "hard.xml"):
            self.expect_added(domain(), (self.folder / name).read_bytes())
            self.assertEqual((self.folder / f"{name}.orig").read_bytes(), domain())


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

    def test_o_of_a_good_and_a_bad_document_leaves_the_old_output(self):
        self.write("out.xml", b"old")
        for rest, status in ((b"junk", 3), (b"<domain>", 3), (domain("other"), 2)):
            done = self.run_program("apply", *OPTION, "-o", "out.xml", stdin=domain() + rest)
            self.expect(done, status, stdout=b"")
            self.assertEqual((self.folder / "out.xml").read_bytes(), b"old", rest)
        comment = domain() + b"<!-- end -->\n"
        self.expect(self.run_program("apply", *OPTION, "-o", "out.xml", stdin=comment), 0, stdout=b"", stderr=b"")
        self.expect_added(comment, (self.folder / "out.xml").read_bytes())

    def test_an_empty_name_is_no_leave_to_do_without(self):
        self.write("web1.xml", domain())
        for option in ("-o", "--output-dir", "--report", "--files-from", "-c", "--stylesheet"):
            done = self.run_program(*IN_PLACE, option, "", "web1.xml")
            self.expect(done, 2, stdout=b"")
            self.assertRegex(done.stderr, rb"--[a-z-]+ '' names no file \(name one, or leave it out\)")
        self.assertEqual((self.folder / "web1.xml").read_bytes(), domain())

    def test_o_goes_on_behind_what_stdout_holds(self):
        for path in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/thread-self/fd/1", "link"):
            if path == "link":
                (self.folder / "link").symlink_to("/dev/stdout")
            self.write("log", b"header\n")
            with open(self.folder / "log", "ab") as log:
                self.expect(self.run_program("apply", *OPTION, "-o", path, stdin=domain(), stdout=log), 0)
            self.assertTrue((self.folder / "log").read_bytes().startswith(b"header\n<domain"), path)
        done = self.shell('{ echo "$1" | "$0" "$2" "$3" -o /dev/fd/7; echo footer; } 7>&1 >log 2>&1; '
                          'cat log; exec 1>new; rm new; echo "$1" | "$0" "$2" "$3" -o /dev/stdout',
                          domain().decode(), *OPTION)
        self.expect(done, 0, stderr=b"")
        self.assertIn(INTERFACE, done.stdout)
        self.assertTrue(done.stdout.endswith(b"footer\n"))
        self.assertEqual(sorted(self.names()), ["link", "log"])

    def test_the_report_goes_on_behind_what_stdout_holds(self):
        self.write("web1.xml", domain())
        self.write("log", b"header\n")
        with open(self.folder / "log", "ab") as log:
            done = self.run_program(*IN_PLACE, "--report", "/dev/stdout", "web1.xml", stdout=log)
        self.expect(done, 0)
        self.assertTrue((self.folder / "log").read_bytes().startswith(b'header\n{"file"'))

    def test_a_descriptor_of_its_own_is_none_to_write_to(self):
        done = self.run_program("apply", *OPTION, "-o", "/dev/fd/3", stdin=domain())
        self.expect(done, 4, stdout=b"", stderr=b"virt-iface: error: cannot open '/dev/fd/3': Bad file descriptor\n")

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


class Waits(Case):
    """For what a pipe brings or takes."""

    def start(self, *words, **more):
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        child = subprocess.Popen([PROGRAM, *words], cwd=self.folder, **streams)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        return child

    def stopped(self, child):
        """Ended by one signal, while it waits."""
        wait_until(lambda: handles(child, signal.SIGTERM))
        self.assertIsNone(child.poll())
        child.send_signal(signal.SIGTERM)
        out, said = child.communicate(timeout=20)
        self.assertEqual(child.returncode, 143, said)
        self.assertEqual(out, b"")
        return said

    def test_a_signal_ends_the_wait_for_a_pipe(self):
        self.write("a.xml", domain())
        os.mkfifo(self.folder / "pipe")
        for words in (["--check", "pipe"], ["--check", "--jobs", "2", "pipe"], ["--jobs", "2", "-i", "pipe"],
                      ["-o", "pipe", "a.xml"], ["--check", "--report", "pipe", "a.xml"]):
            said = self.stopped(self.start("apply", *OPTION, *words))
            self.assertNotIn(b"error", said, words)

    def test_a_signal_ends_the_wait_for_the_rest_of_a_pipe(self):
        os.mkfifo(self.folder / "pipe")
        child = self.start("apply", *OPTION, "--check", "--jobs", "2", "pipe")
        with open(self.folder / "pipe", "wb") as pipe:
            pipe.write(domain()[:50])
            pipe.flush()
            self.stopped(child)

    def test_a_pipe_is_a_document(self):
        os.mkfifo(self.folder / "pipe")
        for late in (False, True):
            child = self.start("apply", *OPTION, "pipe")
            time.sleep(0.2 * late)
            with open(self.folder / "pipe", "wb") as pipe:
                for part in (domain()[:50], domain()[50:]):
                    pipe.write(part)
                    pipe.flush()
                    time.sleep(0.1)
            out, said = child.communicate(timeout=20)
            self.assertEqual((child.returncode, said), (0, b""))
            self.expect_added(domain(), out)

    def test_a_pipe_is_an_output(self):
        os.mkfifo(self.folder / "pipe")
        for late in (False, True):
            child = self.start("apply", *OPTION, "-o", "pipe", stdin=subprocess.PIPE)
            child.stdin.write(domain() + b"<!--" + b"x" * 200_000 + b"-->")
            child.stdin.close()
            child.stdin = None
            time.sleep(0.2 * late)
            with open(self.folder / "pipe", "rb") as pipe:
                time.sleep(0.1)
                out = pipe.read()
            self.assertEqual(child.communicate(timeout=20), (b"", b""))
            self.assertEqual(child.returncode, 0)
            self.expect_added(domain(), out[:-200_007])

    def read_slowly(self, *words, stream):
        """Status, what came through a pipe that does not block and is read slowly, and what the other stream said."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        child = self.start(*words, **{stream: writer})
        os.close(writer)
        came = b""
        while part := os.read(reader, 30_000):
            time.sleep(0.01)
            came += part
        os.close(reader)
        out, said = child.communicate(timeout=20)
        return child.returncode, came, said if stream == "stdout" else out

    def test_what_does_not_block_is_waited_for(self):
        long = domain().replace(b"</domain>", b"<!--" + b"x" * 300_000 + b"--></domain>")
        self.write("a.xml", long)
        status, out, said = self.read_slowly("apply", *OPTION, "a.xml", stream="stdout")
        self.assertEqual((status, said), (0, b""))
        self.expect_added(long, out)

    def test_messages_wait_for_a_slow_reader(self):
        names = [f"none{n:04}.xml" for n in range(3000)]
        status, said, out = self.read_slowly("apply", *OPTION, "-q", *names, stream="stderr")
        self.assertEqual((status, out), (4, b""))
        self.assertEqual([line.split(b"'")[1].decode() for line in said.splitlines()], names)

    def test_a_stdin_that_does_not_block_is_waited_for(self):
        self.write("template.conf", b"[main]\nnetworks = blue\n")
        for words, text in ((["apply", *OPTION], domain()), (["convert"], b"[main]\nnetworks = blue\n"),
                            (["list", "--template", "-"], b"[main]\nnetworks = blue\n")):
            reader, writer = os.pipe()
            os.set_blocking(reader, False)
            child = self.start(*words, stdin=reader)
            os.close(reader)
            for part in (text[:10], text[10:]):
                time.sleep(0.1)
                os.write(writer, part)
            os.close(writer)
            out, said = child.communicate(timeout=20)
            self.assertEqual((child.returncode, said), (0, b""), words)
            self.assertIn(b"blue", out)


if __name__ == "__main__":
    unittest.main()
