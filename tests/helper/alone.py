#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a command with other system files, and perhaps without a network.

    alone.py [--bind FILE PLACE]... [--no-network] [--silent-dns] -- COMMAND...

In mount (and network) namespaces of its own, so that nothing of the host
changes; needs root. --silent-dns (with --no-network) answers no look-up; PLACE
/etc/resolv.conf must then name 127.0.0.1. Exit status: the command's."""

import argparse
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys

CLONE_NEWNS, CLONE_NEWNET = 0x20000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1

libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result != 0:
        number = ctypes.get_errno()
        sys.exit(f"alone: {os.strerror(number)}")


def bind(file, place):
    check(libc.mount(file.encode(), place.encode(), None, MS_BIND, None))


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        ask = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(sock, SIOCGIFFLAGS, ask))[1]
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", nargs=2, action="append", default=[])
    parser.add_argument("--no-network", action="store_true")
    parser.add_argument("--silent-dns", action="store_true")
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    check(libc.unshare(CLONE_NEWNS | (CLONE_NEWNET if args.no_network else 0)))
    check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
    for file, place in args.bind:
        bind(file, place)
    if args.no_network:
        raise_loopback()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dns:
        if args.silent_dns:
            dns.bind(("127.0.0.1", 53))
        return subprocess.run(args.command, check=False, timeout=50).returncode


if __name__ == "__main__":
    sys.exit(main())
