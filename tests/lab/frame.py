#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""frame.py send DEVICE MAC | see DEVICE MAC | from DEVICE MAC: sends raw Ethernet frames of the lab's own kind, prints whether
one came, or whether any frame came from that MAC.
frame.py dumped FILE PORT: prints whether a SYN to that TCP port is among the frames that QEMU has written into FILE."""
import socket
import struct
import sys
import time

KIND = 0x88B5  # IEEE 802: for local experiments
ALL = 0x0003  # ETH_P_ALL: outgoing frames are seen too, as a tap's are
FRAMES = 10
SECONDS = 2
PATIENCE = 30  # for a guest's BIOS without KVM


def open_device(device, protocol):
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
    packets.bind((device, protocol))
    return packets


def send(device, mac):
    packets = open_device(device, KIND)
    frame = mac + bytes.fromhex("020000000001") + struct.pack("!H", KIND) + b"lab".ljust(46)
    for _ in range(FRAMES):
        packets.send(frame)
        time.sleep(SECONDS / 2 / FRAMES)


def see(device, is_wanted, seconds):
    packets = open_device(device, ALL)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        packets.settimeout(left)
        try:
            frame = packets.recv(2048)
        except TimeoutError:
            break
        if is_wanted(frame):
            return True
    return False


def is_ours_to(mac):
    return lambda frame: frame[:6] == mac and frame[12:14] == struct.pack("!H", KIND)


def frames_in(file):
    with open(file, "rb") as dump:
        dump.read(24)  # pcap's header
        while header := dump.read(16):
            yield dump.read(struct.unpack("=IIII", header)[2])


def is_syn_to(port, frame):
    if frame[12:14] != b"\x08\x00" or frame[23:24] != b"\x06":  # IPv4, TCP
        return False
    segment = frame[14 + 4 * (frame[14] & 15):]
    return len(segment) > 13 and struct.unpack("!H", segment[2:4])[0] == port and segment[13] & 0x12 == 2


def main():
    verb, device, mac = sys.argv[1:]
    if verb == "dumped":
        print("yes" if any(is_syn_to(int(mac), frame) for frame in frames_in(device)) else "no")
        return
    address = bytes.fromhex(mac.replace(":", ""))
    if verb == "send":
        send(device, address)
    elif verb == "see":
        print("yes" if see(device, is_ours_to(address), SECONDS) else "no")
    else:
        print("yes" if see(device, lambda frame: frame[6:12] == address, PATIENCE) else "no")


main()
