#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""frame.py send DEVICE MAC | see DEVICE MAC: sends raw Ethernet frames of the lab's own kind, or prints whether one came."""
import socket
import struct
import sys
import time

KIND = 0x88B5  # IEEE 802: for local experiments
ALL = 0x0003  # ETH_P_ALL: outgoing frames are seen too, as a tap's are
FRAMES = 10
SECONDS = 2


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


def see(device, mac):
    packets = open_device(device, ALL)
    end = time.monotonic() + SECONDS
    while (left := end - time.monotonic()) > 0:
        packets.settimeout(left)
        try:
            frame = packets.recv(2048)
        except TimeoutError:
            break
        if frame[:6] == mac and frame[12:14] == struct.pack("!H", KIND):
            return True
    return False


def main():
    verb, device, mac = sys.argv[1:]
    address = bytes.fromhex(mac.replace(":", ""))
    if verb == "send":
        send(device, address)
    else:
        print("yes" if see(device, address) else "no")


main()
