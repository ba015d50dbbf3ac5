# SPDX-License-Identifier: BSD-2-Clause
"""The helper as a process: what it undoes, when it ends, what it answers to."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

import asking
import server

NOBODY = 65534
SOON = 10                   # seconds, of a busy machine


# it reads descriptor 3 and writes 4, and is exec'ed by who was started for it
START = "import fcntl, os, sys; a, b = (fcntl.fcntl(int(n), fcntl.F_DUPFD_CLOEXEC, 10) for n in " \
    "sys.argv[1:3]); os.closerange(3, 10); os.dup2(a, 3); os.dup2(b, 4); " \
    "os.execv(sys.argv[3], ['beproduct-helper'])"


class Sockets:
    """To and from a helper; of both ends, those that are still open are closed at the end."""

    def __init__(self):
        pairs = [socket.socketpair() for _ in range(2)]
        self.ours, self.theirs = ([end.detach() for end in ends] for ends in zip(*pairs))

    def close(self, ends):
        while ends:
            os.close(ends.pop())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close(self.theirs)
        self.close(self.ours)

    def starting(self):
        return [sys.executable, "-c", START, *map(str, self.theirs), asking.HELPER]


@contextlib.contextmanager
def waiting_helper(**options):
    """A helper that waits for its request; gives it and the sockets."""
    with Sockets() as sockets:
        process = subprocess.Popen(
            sockets.starting(), pass_fds=sockets.theirs, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        sockets.close(sockets.theirs)
        try:
            yield process, sockets
        finally:
            if process.poll() is None:
                process.kill()
            said = process.communicate(timeout=10)[0]
        assert said == b""


def settled(pid):
    """What /proc says of it once it waits for its request."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        status = dict(line.split(":\t", 1) for line in
                      open(f"/proc/{pid}/status", encoding="utf-8").read().splitlines())
        # SIGPIPE ignored is the last but the limits and the flags
        if status["Name"].startswith("beproduct") and int(status["SigIgn"], 16) == \
                1 << (signal.SIGPIPE - 1) and "S" in status["State"]:
            time.sleep(0.05)
            return status
        time.sleep(0.01)
    raise TimeoutError("the helper did not settle")


def spoil_signals():
    signal.pthread_sigmask(signal.SIG_SETMASK, range(1, signal.NSIG))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)


def test_signals_and_limits_are_its_own():
    with waiting_helper(preexec_fn=spoil_signals) as (process, _):
        status = settled(process.pid)
        assert int(status["SigBlk"], 16) == 0
        assert int(status["SigIgn"], 16) == 1 << (signal.SIGPIPE - 1)
        limits = open(f"/proc/{process.pid}/limits", encoding="utf-8").read()
        core = [line.split() for line in limits.splitlines() if "core file" in line]
        assert core[0][4:6] == ["0", "0"]
        process.terminate()
        assert process.wait(10) == -signal.SIGTERM


def test_a_sibling_cannot_attach(root):
    with waiting_helper(user=NOBODY, group=NOBODY, extra_groups=[]) as (process, _):
        settled(process.pid)
        # not dumpable: what it has belongs to root
        assert os.stat(f"/proc/{process.pid}/environ").st_uid == 0


def test_it_ends_with_its_parent():
    """Though another process still holds the other ends of the sockets."""
    with Sockets() as sockets:
        parent = subprocess.Popen(
            ["sh", "-c", "\"$0\" \"$@\" & echo $!; wait", *sockets.starting()],
            pass_fds=sockets.theirs, stdout=subprocess.PIPE)
        sockets.close(sockets.theirs)
        try:
            helper = int(parent.stdout.readline())
            settled(helper)
            parent.kill()
        finally:
            parent.wait(10)
            parent.stdout.close()
        end = time.monotonic() + SOON
        while is_running(helper):
            assert time.monotonic() < end, "the helper outlived its parent"
            time.sleep(0.01)


def is_running(pid):
    """A zombie is not, though its number is still taken."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("manner", [server.silence, server.silent_port, server.drip_body])
def test_it_ends_when_its_sockets_close_in_the_midst_of_a_request(certs, ask, manner):
    with server.Server(certs, manner) as one:
        answer = ask.discover(one.issuer, time_left=20000, hang_up=1500)
        assert one.connections == 1
        # long before its time is over
        assert answer.exit == "1" and int(answer.after) < 10000, answer.text


def test_it_ends_when_nobody_asks():
    with waiting_helper() as (process, sockets):
        settled(process.pid)
        sockets.close(sockets.ours)
        assert process.wait(SOON) == 1


def test_it_works_on_behind_the_end_of_the_request(certs, ask):
    """The module closes its end, and so does ask: that is no reason to end."""
    def slow(peer):
        peer.pause(1.5)
        server.well(peer)
    with server.Server(certs, slow) as one:
        assert ask.discover(one.issuer).type == "PROVIDER"


# --- requests that are none ---

def framed(message):
    return len(message).to_bytes(4, "big") + message


def raw(ask, content):
    return ask.run(ask.command("discover", issuer="x", raw=ask.file("raw", content)))


@pytest.mark.parametrize("content", [
    b"", b"\0", b"\0" * 100, b"x", b"\0" * (1024 * 1024 + 1),
], ids=["nothing", "a NUL", "NULs", "a letter", "too much"])
def test_what_is_no_message_is_not_answered_with_claims(ask, content):
    answer = raw(ask, content)
    assert answer.type in ("NOTHING", "FAILED"), answer.text
    assert answer.type == "FAILED" or answer.exit == "1"


def test_a_request_of_another_build_is_answered_in_ours(ask):
    answer = ask.discover("https://localhost:1/", build="0.0.0-other")
    assert answer.is_failure("HELPER_BROKEN", "another build")


def test_an_answer_is_no_request(ask, provider):
    record = ask.folder / "record"
    ask.discover(provider.issuer, save=record)
    answer = raw(ask, framed(record.read_bytes()))
    assert (answer.type, answer.exit) == ("NOTHING", "1"), answer.text


@pytest.mark.parametrize("spoil", [lambda b: b[:-1], lambda b: b + b"\0", lambda b: b + b],
                         ids=["cut", "a byte more", "two"])
def test_a_message_and_not_just_one_is_not_answered(ask, provider, spoil):
    record = ask.folder / "record"
    ask.discover(provider.issuer, save=record)
    answer = raw(ask, spoil(framed(record.read_bytes())))
    assert (answer.type, answer.exit) == ("NOTHING", "1")


def test_what_the_helper_is_told_is_not_in_its_arguments(certs, ask):
    with waiting_helper() as (process, _):
        settled(process.pid)
        command = open(f"/proc/{process.pid}/cmdline", "rb").read()
        assert command.count(b"\0") == 1
