# SPDX-License-Identifier: BSD-2-Clause
"""A host of PAM: calls the real libpam in a process of its own, and looks at
itself before and after.  What it did and heard comes back as Seen."""

import ctypes
import dataclasses
import os
import pickle
import re
import signal
import syslog
import traceback

import pam_codes

ITEMS = {"service": 1, "user": 2, "tty": 3, "rhost": 4}
STYLES = {1: "ECHO_OFF", 2: "ECHO_ON", 3: "ERROR", 4: "INFO"}
PHASES = {"authenticate": "pam_authenticate", "account": "pam_acct_mgmt",
          "setcred": "pam_setcred", "open": "pam_open_session",
          "close": "pam_close_session", "chauthtok": "pam_chauthtok"}
PAM_DATA_SILENT = 0x40000000

NAMES = {number: name[len("PAM_"):] for number, name in pam_codes.NAMES.items()}
NUMBERS = {name: number for number, name in NAMES.items()}
# the second module of each stack says so where ours left the answer to it
NAMES[16] = "IGNORE"

_libpam = ctypes.CDLL("libpam.so.0")
_libpam.pam_getenvlist.restype = ctypes.POINTER(ctypes.c_char_p)
_libc = ctypes.CDLL(None)
_libc.strdup.restype = _libc.calloc.restype = ctypes.c_void_p


class _Message(ctypes.Structure):
    _fields_ = [("style", ctypes.c_int), ("text", ctypes.c_char_p)]


class _Response(ctypes.Structure):
    _fields_ = [("text", ctypes.c_void_p), ("code", ctypes.c_int)]


_CONV = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.POINTER(_Message)),
                         ctypes.POINTER(ctypes.POINTER(_Response)), ctypes.c_void_p)


_DELAY = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p)
PAM_FAIL_DELAY = 10


class _Conv(ctypes.Structure):
    _fields_ = [("conv", _CONV), ("data", ctypes.c_void_p)]


@dataclasses.dataclass
class Seen:
    """codes: of each phase; messages: (style, text); children: whether any
    child was there at a prompt; delays: what libpam would wait after authenticate;
    environment: PAM's own, at the end;
    before, after: what a guest must leave alone."""
    codes: list = dataclasses.field(default_factory=list)
    messages: list = dataclasses.field(default_factory=list)
    children: list = dataclasses.field(default_factory=list)
    before: dict = None
    after: dict = None
    delays: list = dataclasses.field(default_factory=list)
    environment: list = dataclasses.field(default_factory=list)
    died: int = 0

    @property
    def prompts(self):
        return [text for style, text in self.messages if style.startswith("ECHO")]

    @property
    def errors(self):
        return [text for style, text in self.messages if style == "ERROR"]


def _has_children():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return True
    except ChildProcessError:
        return False


def _without_sigchld(line):
    """Of what is pending: where it is blocked, a child that ended leaves that."""
    name, value = line.split(":", 1)
    if name in ("SigPnd", "ShdPnd"):
        value = hex(int(value, 16) & ~(1 << (signal.SIGCHLD - 1)))
    return f"{name}: {value.strip()}"


def _look():
    keep = ("Uid:", "Gid:", "Groups:", "Umask:", "SigBlk:", "SigIgn:", "SigCgt:", "SigPnd:",
            "ShdPnd:", "NSpgid:", "NSsid:", "Threads:", "Seccomp:", "NoNewPrivs:", "CapEff:")
    seen = {"cwd": os.getcwd(), "children": _has_children(),
            "timer": signal.getitimer(signal.ITIMER_VIRTUAL)}
    with open("/proc/self/status", encoding="ascii", errors="replace") as f:
        seen["status"] = [_without_sigchld(line) for line in f if line.startswith(keep)]
    with open("/proc/self/limits", encoding="ascii") as f:
        seen["limits"] = f.read()
    seen["fds"] = {}
    for fd in os.listdir("/proc/self/fd"):
        try:
            seen["fds"][int(fd)] = os.readlink(f"/proc/self/fd/{fd}")
        except OSError:
            pass  # the one that listed them
    return seen


class _Host:
    def __init__(self, answers):
        self.seen, self.answers = Seen(), list(answers)

    def address(self):
        """The one that was shown last, as a person reads it."""
        shown = "\n".join(text for _, text in self.seen.messages)
        return re.findall(r"(?m)^https://\S+$", shown)[-1]

    def converse(self, count, messages, responses, _data):
        """An answer is a text, what makes one of the address, None (SUCCESS and no
        text), or the name of an error."""
        room = ctypes.cast(_libc.calloc(count, ctypes.sizeof(_Response)),
                           ctypes.POINTER(_Response))
        for i in range(count):
            message = messages[i].contents
            style = STYLES[message.style]
            if message.text.endswith(b"=cred_expired"):
                continue  # the second module's, where ours said IGNORE
            self.seen.messages.append((style, message.text.decode()))
            if not style.startswith("ECHO"):
                continue
            self.seen.children.append(_has_children())
            answer = self.answers.pop(0) if self.answers else "CONV_ERR"
            if callable(answer):
                answer = answer(self.address())
            if answer in NUMBERS:
                return NUMBERS[answer]
            if answer is not None:
                room[i].text = _libc.strdup(answer if isinstance(answer, bytes)
                                            else answer.encode())
        responses[0] = room
        return 0

    def run(self, confdir, service, user, steps, items, has_conv, oddity):
        function = _CONV(self.converse)
        conv = _Conv(function if has_conv else _CONV(), None)
        handle = ctypes.c_void_p()
        code = _libpam.pam_start_confdir(service.encode(), user and user.encode(),
                                         ctypes.byref(conv), str(confdir).encode(),
                                         ctypes.byref(handle))
        assert code == 0, code
        for name, value in items.items():
            self.set(handle, name, value)
        # what libpam would wait, in microseconds: not waited for here
        delay = _DELAY(lambda code, usec, data: self.seen.delays.append(usec))
        assert _libpam.pam_set_item(handle, PAM_FAIL_DELAY, delay) == 0
        syslog.syslog("a host says something of its own")  # libc keeps this descriptor
        if oddity:
            oddity()
        self.seen.before = _look()
        for step in steps:
            self.step(handle, step)
        self.seen.after = _look()
        for one in _libpam.pam_getenvlist(handle):
            if one is None:
                break
            self.seen.environment.append(one.decode())
        _libpam.pam_end(handle, PAM_DATA_SILENT)

    def step(self, handle, step):
        if step in PHASES:
            code = getattr(_libpam, PHASES[step])(handle, 0)
            self.seen.codes.append(NAMES.get(code, code))
        elif callable(step):
            step()
        else:
            self.set(handle, *step)

    @staticmethod
    def set(handle, name, value):
        value = value.encode() if value is not None else None
        code = _libpam.pam_putenv(handle, value) if name == "environment" \
            else _libpam.pam_set_item(handle, ITEMS[name], value)
        assert code == 0


def start(confdir, service, user, *steps, answers=(), conv=True, oddity=None, **items):
    """Begins, in a new process; collect() waits for it."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 99
        try:
            os.close(read)
            # not as Python likes it: what kills a host is to kill this one
            for sig in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
                signal.signal(sig, signal.SIG_DFL)
            signal.alarm(60)
            host = _Host(answers)
            host.run(confdir, service, user, steps, items, conv, oddity)
            with os.fdopen(write, "wb") as f:
                pickle.dump(host.seen, f)
            status = 0
        except BaseException:  # pylint: disable=broad-except
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write)
    return pid, read


def here(confdir, service, user, *steps, answers=(), conv=True, **items):
    """The same in this process, which is the one above what start() begins: what sshd's
    monitor is to the process in which it authenticates."""
    one = _Host(answers)
    one.run(confdir, service, user, steps, items, conv, None)
    return one.seen


def collect(started):
    pid, read = started
    with os.fdopen(read, "rb") as f:
        data = f.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return Seen(died=os.WTERMSIG(status))
    assert status == 0, "the host failed: see above"
    return pickle.loads(data)
