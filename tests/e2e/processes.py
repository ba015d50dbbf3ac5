# SPDX-License-Identifier: BSD-2-Clause
"""What runs: our helpers, and the sshd child that sits in a prompt."""

import ctypes
import os
import pathlib
import pwd
import re
import select
import struct
import time

import accounts
import release

HELPER = pathlib.Path(os.environ.get("BP_HELPER", "/usr/libexec/beproduct/beproduct-helper"))
_IN_ACCESS, _IN_CLOSE_NOWRITE, _IN_OPEN = 0x1, 0x10, 0x20
# two equal events in a row become one: with these, another stands between
_EVENTS = _IN_ACCESS | _IN_CLOSE_NOWRITE | _IN_OPEN


def _all():
    return [int(entry.name) for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit()]


def _read(pid, name):
    try:
        return pathlib.Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # it ended meanwhile


def _is_ours(pid, uid):
    # the kernel cuts a name at 15 bytes
    return name(pid) == HELPER.name[:15] \
        or re.search(rf"(?m)^Uid:.*\b{uid}\b", _read(pid, "status")) is not None


def helpers():
    """Pids of processes by the helper's name or user, zombies too."""
    uid = pwd.getpwnam(accounts.HELPER_USER).pw_uid
    return [pid for pid in _all() if _is_ours(pid, uid)]


def guards():
    """Pids of the first processes of the helpers' namespaces, root's."""
    return [pid for pid in _all() if name(pid) == "beproduct-guard"]


def running():
    return helpers() + guards()


def left(seconds=10):
    """Those that are there still, when what the end of a session began is over too."""
    end = time.monotonic() + seconds
    while running() and time.monotonic() < end:
        time.sleep(0.05)
    return running()


def of(pid):
    """Pids of the helpers that this host has started, guarded or not."""
    ours = {pid, *children(pid)}
    return [one for one in helpers() if parent(one) in ours]


def all_in_prompt():
    title = re.compile(rf"{release.SSHD_SESSION}: .* \[pam\]")
    return [pid for pid in _all() if title.match(_read(pid, "cmdline"))]


def in_prompt(seconds=10):
    """The one sshd child that runs the PAM conversation, by the title it gives itself."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := all_in_prompt():
            assert len(found) == 1, found
            return found[0]
        time.sleep(0.02)
    raise AssertionError("no sshd child sits in a prompt")


def mapped_files(pid):
    return {line.split(maxsplit=5)[5].strip() for line in _read(pid, "maps").splitlines()
            if len(line.split(maxsplit=5)) == 6 and "/" in line.split(maxsplit=5)[5]}


def descriptors(pid):
    return sorted(os.listdir(f"/proc/{pid}/fd"), key=int)


def name(pid):
    """Cut by the kernel at 15 bytes; empty of one that is gone."""
    return _read(pid, "comm").strip()


def named(name_wanted):
    """Pids of those of that name."""
    return [pid for pid in _all() if name(pid) == name_wanted]


def state(pid):
    """One letter, as of ps; empty of one that is gone."""
    return _read(pid, "stat").rpartition(") ")[2][:1]


def is_running(pid):
    """A zombie is not, though its number is still taken."""
    return state(pid) not in ("", "Z")


def parent(pid):
    found = re.search(r"(?m)^PPid:\t(\d+)$", _read(pid, "status"))
    return int(found[1]) if found else None


def children(pid):
    return [one for one in _all() if parent(one) == pid]


class Started:
    """Counts how often the helper's file is opened; each start of it opens it once."""

    def __init__(self):
        libc = ctypes.CDLL(None, use_errno=True)
        self._fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0 or libc.inotify_add_watch(self._fd, os.fsencode(HELPER), _EVENTS) < 0:
            raise OSError(ctypes.get_errno(), f"cannot watch {HELPER}")
        self.count = 0

    def so_far(self):
        while select.select([self._fd], [], [], 0)[0]:
            data, at = os.read(self._fd, 4096), 0
            while at < len(data):
                _, mask, _, length = struct.unpack_from("iIII", data, at)
                self.count += bool(mask & _IN_OPEN)
                at += struct.calcsize("iIII") + length
        return self.count

    def close(self):
        os.close(self._fd)
