#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The hook, called exactly as libvirt calls it."""
import json
import os
import pty
import re
import unittest

from common import domain
from host_case import GUEST, MAPS, MOVED, SCRIPT, HostCase

FAILING = os.environ.get("FAILING", "")
EVERY = os.environ.get("EVERY_FAULT") == "1"
TEMPLATE = b"[interfaces.1]\ntype = network\nname = blue\n"


class LibvirtHook(HostCase):
    def call(self, *words, conf=MAPS, before="", **more):
        if conf is not None:
            self.conf(conf)
        words = " ".join(f"'{word}'" for word in words)
        return self.on_host(f"virt-iface hook --install >/dev/null 2>&1\n{before}\n{SCRIPT} {words}", **more)

    def test_a_source_is_rewritten_at_migrate_and_restore(self):
        for operation in ("migrate", "restore"):
            self.expect(self.call("web1", operation, "begin", "-", stdin=GUEST), 0, MOVED, b"")

    def test_nothing_is_printed_at_any_other_operation(self):
        for words in (("prepare", "begin"), ("start", "begin"), ("started", "begin"), ("stopped", "end"),
                      ("release", "end"), ("reconnect", "begin"), ("attach", "begin"), ("future", "begin")):
            self.expect(self.call("web1", *words, "-", stdin=GUEST), 0, b"", b"")

    def test_nothing_happens_at_all_that_is_not_ours_whatever_stdin_is(self):
        """Every word of libvirt's and some of the future, with each kind of standard input, by each way in."""
        self.conf(MAPS + b"[hook]\ncheck = require\ninject = both\ncreate_ovs_bridges = yes\n" + TEMPLATE)
        done = self.on_host("""
            virt-iface hook --install >/dev/null
            mkdir -p /run/hooks/lxc.d /run/hooks/qemu.d
            for link in lxc.d/a network qemu.d/a libxl; do ln -s /usr/bin/virt-iface /run/hooks/$link; done
            look() {
              if [ "$1" != 0 ] || [ -n "$2" ]; then echo "$way $operation $suboperation, $3: status $1, $2"; fi
              count=$((count + 1))
            }
            try() {
              said=$($way "$@" - <&- 2>&1); look $? "$said" closed
              said=$($way "$@" - </dev/null 2>&1); look $? "$said" empty
              said=$(echo garbage | $way "$@" - 2>&1); look $? "$said" "not XML"
              said=$(yes | $way "$@" - 2>&1); look $? "$said" endless
              said=$(script -qec "$way $*" /dev/null </dev/null 2>&1); look $? "$said" terminal
            }
            set +e
            count=0
            for way in SCRIPT "virt-iface hook --" /run/hooks/qemu.d/a /run/hooks/libxl; do
              for operation in prepare start started stopped release migrate restore reconnect attach tomorrow -; do
                for suboperation in begin end shutoff -; do
                  case $operation/$suboperation in
                    prepare/begin | started/begin | migrate/begin | restore/begin | release/end) ;;
                    *) try web1 "$operation" "$suboperation" ;;
                  esac
                done
              done
            done
            suboperation=begin
            for way in /run/hooks/lxc.d/a /run/hooks/network; do
              for operation in prepare start started stopped release migrate restore port-created; do
                try web1 "$operation" begin
              done
            done
            echo "$count calls"
        """.replace("SCRIPT", SCRIPT))
        self.expect(done, 0, b"860 calls\n", b"")

    def test_a_document_that_cannot_be_read(self):
        """It cancels a migration or restore; a guest that starts or ends goes on."""
        for operation, suboperation, status in (("migrate", "begin", 3), ("restore", "begin", 3), ("started", "begin", 0),
                                                ("prepare", "begin", 0), ("release", "end", 0)):
            conf = MAPS + b"[hook]\ncheck = warn\ninject = both\n" + TEMPLATE
            done = self.call("web1", operation, suboperation, "-", conf=conf, stdin=b"<domain><passwd>geheim</")
            self.expect(done, status, b"")
            self.assertEqual(b"<stdin>:1:" in done.stderr, status != 0, done.stderr)
            self.assertNotIn(b"geheim", done.stderr)

    def test_a_script_before_ours_that_prints_no_xml_is_named(self):
        script = "/etc/libvirt/hooks/qemu.d/10-before"
        done = self.call("web1", "migrate", "begin", "-", before=f"printf '#!/bin/sh\n' >{script}; chmod 755 {script}", stdin=b"oops")
        self.expect(done, 3, b"")
        self.assertIn(f"this is what {script} printed".encode(), done.stderr)

    def test_a_document_that_cannot_be_read_stops_a_start_that_is_checked(self):
        done = self.call("web1", "prepare", "begin", "-", conf=b"[hook]\ncheck = require\n", stdin=b"<domain><passwd>geheim</")
        self.expect(done, 3, b"")
        self.assertNotIn(b"geheim", done.stderr)

    def test_a_guest_whose_name_begins_with_a_dash(self):
        self.expect(self.call("--help", "migrate", "begin", "-", stdin=GUEST), 0, MOVED, b"")

    def test_a_missing_program_stops_no_guest_that_is_here(self):
        for words in (("prepare", "begin"), ("started", "begin"), ("release", "end"), ("reconnect", "begin")):
            self.expect(self.call("web1", *words, "-", before="rm /usr/bin/virt-iface", stdin=GUEST), 0, b"", b"")

    def test_a_missing_program_lets_no_guest_arrive_where_there_is_a_policy(self):
        conf = "/etc/virt-iface/hook.conf"
        for operation in ("migrate", "restore"):
            for change in ("", f"rm {conf}; ln -s /run/nothing {conf}; ", f"rm {conf}; mkdir {conf}; "):
                done = self.call("web1", operation, "begin", "-", before=change + "rm /usr/bin/virt-iface", stdin=GUEST)
                self.expect(done, 4, b"", b"virt-iface: error: /usr/bin/virt-iface is missing, and /etc/virt-iface/hook.conf "
                            b"says what to do with guest web1 (install it, or remove /etc/virt-iface/hook.conf)\n")
            done = self.call("web1", operation, "begin", "-", before=f"rm {conf} /usr/bin/virt-iface", stdin=GUEST)
            self.expect(done, 0, b"", b"")

    def crashing(self, operation):
        crash = r"printf '#!/bin/sh\nkill -SEGV $$\n' >/usr/bin/virt-iface"
        return self.call("web1", operation, "begin", "-", before=crash, stdin=GUEST)

    def test_a_crash_stops_neither_a_start_nor_a_running_guest(self):
        for operation in ("prepare", "started", "reconnect"):
            self.expect(self.crashing(operation), 0, b"")

    def test_a_crash_cancels_a_migration(self):
        self.assertNotEqual(self.crashing("migrate").returncode, 0)

    def test_a_program_that_cannot_be_loaded_stops_no_start(self):
        for operation, status in (("prepare", 0), ("reconnect", 0)):
            done = self.call("web1", operation, "begin", "-", before="echo broken >/usr/bin/virt-iface", stdin=GUEST)
            self.expect(done, status, b"")

    def test_a_refusal_stops_the_start(self):
        done = self.call("web1", "prepare", "begin", "-", conf=b"[hook]\ncheck = require\n", stdin=GUEST)
        self.expect(done, 4, b"")
        self.assertIn(b"guest web1, interface 2 (macvtap on nicA) 52:54:00:00:00:02: this host has no NIC 'nicA'",
                      done.stderr)

    def test_a_guest_without_network_hardware_asks_nothing(self):
        done = self.call("web1", "prepare", "begin", "-", conf=b"[hook]\ncheck = require\n", stdin=domain())
        self.expect(done, 0, b"", b"")


class Overview(HostCase):
    """What an administrator sees of the hook."""

    def status(self, script, conf=MAPS, words=""):
        if conf is not None:
            self.conf(conf)
        done = self.on_host(f"cat >/run/guest.xml; {script}\nvirt-iface hook --status {words}", stdin=GUEST)
        self.expect(done, 0)
        return done.stdout.decode()

    def test_how_the_hook_stands(self):
        said = self.status("", conf=None)
        self.assertIn("installed:    no (virt-iface hook --install)\n", said)
        self.assertIn("last called:  not yet\n", said)
        self.assertIn("hook.conf:    there is no /etc/virt-iface/hook.conf: the hook does nothing\n", said)
        said = self.status(f"virt-iface hook --install 2>&1; {SCRIPT} web1 migrate begin - </run/guest.xml >/dev/null")
        self.assertIn(f"installed:    {SCRIPT}", said)
        self.assertRegex(said, r"last called:  \S+Z, web1 migrate\n")
        self.assertIn("hook.conf:    /etc/virt-iface/hook.conf is valid\n", said)
        self.assertNotIn("warning:", said)
        said = self.status(f"virt-iface hook --install 2>&1; echo >>{SCRIPT}")
        self.assertIn(f"warning:      {SCRIPT} is not the script of this version of the program (virt-iface hook --install)\n", said)
        said = self.status("", conf=b"[hook\n")
        self.assertIn("hook.conf:    /etc/virt-iface/hook.conf is broken\nerror:        /etc/virt-iface/hook.conf:1: ", said)

    def test_what_was_refused_and_what_no_map_fitted_stays_visible(self):
        said = self.status("virt-iface hook web1 prepare begin - </run/guest.xml 2>&1 || :", conf=b"[hook]\ncheck = require\n")
        self.assertRegex(said, r"Z  web1 +check +refused +guest web1, interface 2 \(macvtap on nicA\).*this host has no NIC")
        said = self.status("virt-iface hook web1 migrate begin - </run/guest.xml", conf=b"[retarget]\nnicX = nicY\n")
        self.assertRegex(said, r"Z  web1 +retarget +nothing +no map fits an interface: .*macvtap on nicA")
        said = self.status("virt-iface hook web1 started begin - </run/guest.xml", conf=b"[hook]\ninject = bth\n")
        self.assertRegex(said, r"Z  web1 +inject +failed +/etc/virt-iface/hook.conf:2: inject 'bth' is not one of")

    def test_the_history_is_bounded(self):
        said = self.status("for i in $(seq 700); do virt-iface hook web$i started begin - </run/guest.xml; done; "
                           "wc -c /run/virt-iface/history", conf=b"[hook]\ninject = " + 200 * b"x" + b"\n")
        self.assertLess(int(said.split()[0]), 150_000)
        self.assertIn(" web700 ", said)

    def test_one_guest_as_json(self):
        said = json.loads(self.status("for guest in web1 db1; do virt-iface hook $guest migrate begin - </run/guest.xml; done >/dev/null",
                                      conf=MAPS + b"[hook]\nguests = web*\n", words="web1 --format json"))
        self.assertEqual(said["scope"], "the guest matches 'web*' of guests = web*")
        self.assertEqual((said["conf"]["exists"], said["conf"]["valid"]), (True, True))
        self.assertEqual(said["called"]["guest"], "db1")
        self.assertEqual({report["guest"] for report in said["history"]}, {"web1"})

    def test_a_guest_that_is_not_known_is_noted(self):
        done = self.on_host("virt-iface hook --status nobody")
        self.expect(done, 0)
        self.assertEqual(done.stderr, b"virt-iface: note: the hook has no report of 'nobody'\n")

    def test_a_test_takes_the_words_in_either_order(self):
        self.conf(MAPS)
        done = self.on_host("cat >/run/guest.xml; for words in 'migrate web1' 'web1 migrate' 'web1 migrate begin -'; do "
                            "virt-iface hook --test $words </run/guest.xml | head -n 1; done", stdin=GUEST)
        self.expect(done, 0)
        self.assertEqual(len(set(done.stdout.splitlines())), 1)
        self.assertEqual(done.stdout.count(b"source nicA -> nicB"), 3)

    def test_a_conf_alone_needs_no_stdin(self):
        """Ansible's is a terminal."""
        self.write("new.conf", MAPS)
        reader, writer = pty.openpty()
        with open(writer, "rb") as terminal:
            self.expect(self.run_program("hook", "--config", "new.conf", "--test", stdin=terminal), 0, b"new.conf is valid\n")
        os.close(reader)

    def test_a_whole_arrival(self):
        """The maps, and then the check of what they made."""
        self.conf(MAPS + b"[hook]\ncheck = require\n")
        done = self.on_host("virt-iface hook --test arrive web1", stdin=GUEST)
        self.expect(done, 4)
        self.assertIn(b"arrive: interface 2 (macvtap on nicA) 52:54:00:00:00:02: source nicA -> nicB\n", done.stdout)
        self.assertIn(b"interface 2 (macvtap on nicB) 52:54:00:00:00:02: this host has no NIC 'nicB'", done.stderr)


class Link(HostCase):
    """The program itself in a folder of hooks."""

    def link(self, path, *words):
        self.conf(MAPS)
        words = " ".join(f"'{word}'" for word in words)
        script = f"mkdir -p $(dirname {path}); ln -s /usr/bin/virt-iface {path}; {path} {words}"
        return self.on_host(script, stdin=GUEST)

    def test_it_is_the_hook(self):
        for name in ("hooks/qemu", "hooks/qemu.d/zz", "hooks/libxl.d/50-virt-iface"):
            self.expect(self.link(f"/etc/libvirt/{name}", "web1", "migrate", "begin", "-"), 0, MOVED, b"")

    def test_of_other_drivers_it_does_nothing(self):
        for name in ("hooks/lxc", "hooks/network.d/a", "hooks/daemon", "hooks/future.d/a"):
            self.expect(self.link(f"/etc/libvirt/{name}", "web1", "migrate", "begin", "-"), 0, b"", b"")

    def test_words_that_look_like_options(self):
        for words in (("--help", "reconnect", "begin", "-"), ("--config",), ()):
            self.expect(self.link("/etc/libvirt/hooks/qemu", *words), 0, b"", b"")

    def test_elsewhere_a_link_is_the_program(self):
        self.assertIn(b"virt-iface ", self.link("/etc/elsewhere/hooks/vi", "--version").stdout)
        self.assertIn(b"Commands", self.link("/etc/elsewhere/qemu.d/virt-iface", "--help").stdout)


class Ownership(HostCase):
    """hook.conf is obeyed as root: whoever else can write it is not believed."""

    def every_operation(self, before):
        """What is said at each operation of ours, each in a line that begins with its status."""
        self.conf(MAPS + b"[hook]\ncheck = require\ninject = both\n" + TEMPLATE)
        done = self.on_host(f"cat >/run/guest.xml; cd /etc/virt-iface; {before}\n" + """
            for words in "migrate begin" "restore begin" "prepare begin" "started begin" "release end"; do
              status=0
              said=$(virt-iface hook web1 $words - </run/guest.xml 2>&1) || status=$?
              printf '%s %s\\n' $status "$(echo $said)"
            done""", stdin=GUEST)
        self.expect(done, 0, stderr=b"")
        return done.stdout.decode().splitlines()

    def expect_refused(self, before, text):
        said = self.every_operation(before)
        self.assertEqual(said[:2], [f"3 {text}"] * 2)
        self.assertEqual(said[2:], ["0 "] * 3)

    def test_a_file_that_others_can_write(self):
        for change in ("g+w", "o+w"):
            self.expect_refused(f"chmod {change} hook.conf", "/etc/virt-iface/hook.conf: error: others than its owner can "
                                "write it (chmod go-w '/etc/virt-iface/hook.conf')")

    def test_a_file_of_somebody_else(self):
        self.expect_refused("chown 65534 hook.conf", "/etc/virt-iface/hook.conf: error: it belongs to another user than "
                            "root (chown root '/etc/virt-iface/hook.conf')")

    def test_a_folder_that_others_can_write(self):
        self.expect_refused("chmod o+w .", "/etc/virt-iface: error: others than its owner can write it "
                            "(chmod go-w '/etc/virt-iface')")

    def test_a_folder_of_somebody_else(self):
        self.expect_refused("chown 65534 .", "/etc/virt-iface: error: it belongs to another user than root "
                            "(chown root '/etc/virt-iface')")

    def test_a_link_into_a_folder_that_others_can_write(self):
        self.expect_refused("mkdir -m 777 /run/open; mv hook.conf /run/open/; ln -s /run/open/hook.conf .",
                            "/run/open: error: others than its owner can write it (chmod go-w '/run/open')")

    def test_a_link_by_way_of_a_folder_that_others_can_write(self):
        self.expect_refused("mkdir -m 777 /run/open; mkdir /run/safe; mv hook.conf /run/safe/; "
                            "ln -s ../safe/hook.conf /run/open/link; ln -s /run/open/link hook.conf",
                            "/run/open: error: others than its owner can write it (chmod go-w '/run/open')")

    def test_a_folder_further_up_that_others_can_write(self):
        """Whoever can write there puts another folder in place of the one below."""
        for way in ("/run/open/safe", "/run/link"):
            self.expect_refused("chmod 755 /run; mkdir -p /run/open/safe; chmod 777 /run/open; ln -s open/safe /run/link; mv hook.conf /run/open/safe/; "
                                f"cd ..; rm -rf virt-iface; ln -s {way} virt-iface",
                                "/run/open: error: others than its owner can write it (chmod go-w '/run/open')")

    def test_a_folder_further_up_of_somebody_else(self):
        self.expect_refused("mkdir -p /run/theirs/safe; chown 65534 /run/theirs; mv hook.conf /run/theirs/safe/; "
                            "ln -s /run/theirs/safe/hook.conf .",
                            "/run/theirs: error: it belongs to another user than root (chown root '/run/theirs')")

    def test_a_sticky_folder_further_up(self):
        """As /tmp: what root has there, others cannot move away."""
        said = self.every_operation("mkdir -p /run/shared/safe; chmod 1777 /run/shared; mv hook.conf /run/shared/safe/; "
                                    "ln -s /run/shared/safe/hook.conf .")
        self.assertTrue(said[0].startswith("0 <domain"), said)
        self.expect_refused("mkdir -m 1777 /run/shared; mv hook.conf /run/shared/; ln -s /run/shared/hook.conf .",
                            "/run/shared: error: others than its owner can write it (chmod go-w '/run/shared')")

    def test_a_link_to_a_file_of_root(self):
        said = self.every_operation("mkdir /run/safe; mv hook.conf /run/safe/; ln -s /run/safe/hook.conf .")
        self.assertTrue(said[0].startswith("0 <domain"), said)
        self.assertIn("this host has no NIC 'nicA'", said[2])

    def test_what_is_there_and_no_file_is_a_policy_that_cannot_be_read(self):
        conf = "/etc/virt-iface/hook.conf"
        for before, text in (
                ("rm hook.conf; ln -s /run/nothing hook.conf", f"{conf}: error: it leads by a link to nothing (see where {conf} leads)"),
                ("rm hook.conf; ln -s a hook.conf; ln -s /run/nothing a", f"{conf}: error: it leads by a link to nothing (see where {conf} leads)"),
                ("cd ..; rm -rf virt-iface; ln -s /run/nothing virt-iface",
                 f"{conf}: error: it leads by a link to nothing (see where /etc/virt-iface leads)"),
                ("rm hook.conf; mkfifo hook.conf", f"{conf}: error: it is not a regular file (put a file there)"),
                ("rm hook.conf; mkdir hook.conf", f"{conf}: error: it is not a regular file (put a file there)")):
            self.expect_refused(before, text)

    def test_nothing_there_is_no_policy(self):
        for before in ("rm hook.conf", "cd ..; rm -rf virt-iface", "cd ..; rm -rf virt-iface; echo >virt-iface"):
            self.assertEqual(self.every_operation(before), ["0 "] * 5)


class Deadline(HostCase):
    def test_every_operation_of_ours_ends_within_its_time(self):
        """A document that never comes: all wait at once, and each ends by itself; an end that needs none does so at once."""
        self.conf(MAPS + b"[hook]\ncheck = warn\ninject = both\ncreate_ovs_bridges = yes\n" + TEMPLATE)
        done = self.on_host("""
            mkfifo /run/pipe
            sleep 60 >/run/pipe &
            sleeper=$!
            try() {
              begin=$(date +%s)
              status=0
              virt-iface hook $1 web1 $2 $3 - </run/pipe || status=$?
              echo "$1 $2: $status after $(($(date +%s) - begin)) s" >>/run/ends
            }
            ways=""
            for words in "migrate begin" "restore begin" "prepare begin" "started begin" "release end"; do
              try -- $words &
              ways="$ways $!"
            done
            sed 's/warn/require/' /etc/virt-iface/hook.conf >/etc/virt-iface/require.conf
            try --config=/etc/virt-iface/require.conf prepare begin &
            wait $ways $!
            kill $sleeper
            sort /run/ends
        """)
        said = b"virt-iface: error: the hook did not come to an end in time: it waited for the guest's document\n"
        self.expect(done, 0, stderr=3 * said)
        # Five seconds, and on a busy machine what it takes to start and to come to an end.
        ends = re.sub(r"after [6-9] s", "after 5 s", re.sub(r"after [1-4] s", "after 0 s", done.stdout.decode())).splitlines()
        self.assertEqual(ends, ["-- migrate: 4 after 5 s", "-- prepare: 0 after 5 s", "-- release: 0 after 0 s",
                                "-- restore: 4 after 5 s", "-- started: 0 after 5 s",
                                "--config=/etc/virt-iface/require.conf prepare: 4 after 5 s"])

    def test_a_document_without_an_end(self):
        self.conf(MAPS)
        done = self.on_host("yes '<domain>' | virt-iface hook web1 migrate begin -")
        self.expect(done, 4, b"", b"virt-iface: error: the guest's document is larger than 64 MiB\n")


@unittest.skipUnless(FAILING, "no library that makes calls fail")
class Memory(HostCase):
    """Each allocation fails once, or with $EVERY_FAULT unset every ninth: in the program and in its libraries."""

    def statuses(self, words, conf):
        self.conf(b"[hook]\n" + conf + MAPS)
        step = 1 if EVERY else 9
        done = self.on_host(f"""
            cat >/run/guest.xml
            export FAIL_CALL=malloc FAIL_ERRNO=12 FAIL_MARK=/run/mark
            export FAIL_AT=1
            while :; do
              status=0
              LD_PRELOAD={FAILING} virt-iface hook web1 {words} - </run/guest.xml >/run/out 2>/run/err || status=$?
              [ -e /run/mark ] || break
              rm /run/mark
              echo $status
              ! grep -q nicB /run/out || echo m
              FAIL_AT=$((FAIL_AT + {step}))
            done
            """, stdin=GUEST)
        self.expect(done, 0, stderr=b"")
        self.assertGreater(done.stdout.count(b"\n"), 20)
        return done.stdout.decode().replace("\n", "")

    def test_it_stops_no_start_but_one_that_is_checked(self):
        """Until hook.conf is read, nobody knows that it says require; before that a program that cannot even read its own
        line says so."""
        line = "4{0,135}" if EVERY else "4{0,15}"
        self.assertRegex(self.statuses("prepare begin", b"check = warn\n"), f"^{line}0+$")
        self.assertRegex(self.statuses("prepare begin", b"check = require\n"), f"^{line}0+4+$")

    def test_it_cancels_a_migration(self):
        """Or it is of no consequence; but never does the guest arrive unmoved."""
        self.assertRegex(self.statuses("migrate begin", b""), "^(4m?|0m)+$")


class Log(HostCase):
    """What the system's log gets, of which nothing is the guest's document."""
    logger = """
mkdir /run/dev; mknod -m 666 /run/dev/null c 1 3; mount --bind /run/dev /dev
cat >/run/logger <<'END'
import os, socket
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log")
os.chmod("/dev/log", 0o666)
open("/run/ready", "w").close()
while (said := log.recv(65536)) != b"the end":
    print(said.decode(), flush=True)
END
python3 /run/logger >/run/log & logger=$!
while ! test -e /run/ready; do sleep 0.05; done
"""

    def log(self, conf, words, stdin, run=""):
        self.conf(conf)
        done = self.on_host(f"{self.logger} {run} virt-iface hook web1 {words} - >/run/out 2>/run/err || :; "
                            "python3 -c 'import socket; socket.socket(socket.AF_UNIX, "
                            "socket.SOCK_DGRAM).sendto(b\"the end\", \"/dev/log\")'; "
                            "wait $logger; cat /run/log", stdin=stdin)
        self.expect(done, 0, stderr=b"")
        self.assertNotIn(b"geheim", done.stdout)
        return done.stdout.decode()

    secret = domain(inside="<graphics type='vnc' passwd='geheim'/>\n").replace(b"<source network='default'/>",
                                                                               b"<source network='red'/>")

    def test_a_move(self):
        log = self.log(b"[retarget]\nred = blue\n", "migrate begin", self.secret)
        self.assertIn("guest web1: migrate: interface 1 (network on red) 52:54:00:00:00:01: source red -> blue", log)

    def test_a_broken_configuration_before_a_start_and_nowhere_else(self):
        for words, logged in (("prepare begin", True), ("started begin", False), ("release end", False),
                              ("reconnect begin", False)):
            log = self.log(b"[hook]\nchek = warn\n", words, self.secret)
            self.assertEqual("guest web1: /etc/virt-iface/hook.conf:2: unknown key 'chek'" in log, logged, log)

    def test_a_warning(self):
        log = self.log(b"[hook]\ncheck = warn\n", "prepare begin", GUEST)
        self.assertIn("guest web1, interface 2 (macvtap on nicA) 52:54:00:00:00:02: this host has no NIC 'nicA'", log)

    def test_a_guest_of_a_users_own_libvirtd(self):
        """There /run is not ours to write, and nobody says where that libvirtd could be reached."""
        conf = b"[hook]\ncheck = warn\ninject = hotplug\n" + MAPS + TEMPLATE
        guest = GUEST.replace(b"<memory", b"<uuid>1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001</uuid>\n  <memory")
        user = "setpriv --reuid 65534 --regid 65534 --clear-groups"
        self.assertEqual(self.log(conf, "started begin", guest, user), "")
        self.assertIn("nicA -> nicB", self.log(conf, "restore begin", guest, user))
        log = self.log(conf, "prepare begin", guest, user)
        self.assertIn("no NIC 'nicA'", log)
        self.assertEqual(log.count("\n"), 1)

    def test_a_broken_document(self):
        log = self.log(b"[retarget]\nred = blue\n", "migrate begin", self.secret.replace(b"'vnc'", b"vnc geheim"))
        self.assertIn("guest web1: <stdin>:14: ", log)


class Status(HostCase):
    def test_what_was_done_is_shown_until_the_guest_is_gone(self):
        self.conf(MAPS)
        guest = GUEST.replace(b"<memory", b"<uuid>1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001</uuid>\n  <memory")
        done = self.on_host("cat >/run/guest.xml; virt-iface hook web1 restore begin - </run/guest.xml >/run/moved; "
                            "virt-iface hook --status; virt-iface hook web1 release end - </run/guest.xml; "
                            "echo --; virt-iface hook --status", stdin=guest)
        self.expect(done, 0, stderr=b"")
        before, after = done.stdout.decode().split("--\n")
        self.assertRegex(before, r"(?m)^web1 +retarget +done +\d{4}-\d\d-\d\dT[\d:]+Z +interface 2 .*nicA -> nicB$")
        self.assertNotIn("\nweb1", after)

    def test_without_check_only_what_was_done_or_failed_is_told(self):
        guest = GUEST.replace(b"<memory", b"<uuid>1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001</uuid>\n  <memory")
        on_ovs = guest.replace(b"type='direct'", b"type='bridge'").replace(b"<source dev='nicA' mode='bridge'/>",
                                                                           b"<source bridge='v'/><virtualport type='openvswitch'/>")
        for conf, stdin, told in ((b"bring_up = yes", guest, ""), (b"create_ovs_bridges = yes", guest, ""),
                                  (b"create_ovs_bridges = yes", on_ovs, "web1 +check +warned .*ovs on v.*Open vSwitch"),
                                  (b"check = warn", domain().replace(b"<memory", guest[guest.index(b"<uuid>"):].split(b"\n")[0] +
                                                                     b"<memory"), "web1 +check +done .*every source is there")):
            self.conf(b"[hook]\n" + conf + b"\n")
            done = self.on_host("virt-iface hook web1 prepare begin -; virt-iface hook --status | sed -n '/^GUEST/,/^$/p' | grep web1 || :", stdin=stdin)
            self.expect(done, 0, stderr=b"")
            self.assertRegex(done.stdout.decode(), told + "[^\n]*\n$" if told else "^$")

    def test_a_folder_that_is_not_ours_is_not_written_to(self):
        self.conf(MAPS)
        for before in ("mkdir /run/else; ln -s /run/else /run/virt-iface", "mkdir -m 777 /run/else; mv /run/else /run/virt-iface",
                       "mkdir -p /run/else /run/virt-iface; ln -s /run/else /run/virt-iface/guests"):
            guest = GUEST.replace(b"<memory", b"<uuid>1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001</uuid>\n  <memory")
            done = self.on_host(f"{before}; virt-iface hook web1 migrate begin - | wc -c; find /run -type f ! -name called", stdin=guest)
            self.expect(done, 0, b"%d\n" % len(guest), b"")


if __name__ == "__main__":
    unittest.main()
