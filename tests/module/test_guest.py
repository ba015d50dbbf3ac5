# SPDX-License-Identifier: BSD-2-Clause
"""Odd hosts and hostile callers: what they set is neither heeded nor changed."""

import contextlib
import ctypes
import fcntl
import os
import pwd
import resource
import signal
import struct
import time

import host
import pytest
from conftest import MODE, helpers
from rows import ADMIN, ANSWER, MANY, check_refusal


def ignore_children():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def reap_children():
    def reap(*_):
        try:
            while os.waitpid(-1, os.WNOHANG)[0] > 0:
                pass
        except ChildProcessError:
            pass

    signal.signal(signal.SIGCHLD, reap)


def block_signals():
    signal.pthread_sigmask(signal.SIG_SETMASK, set(signal.Signals) - {signal.SIGALRM})


def ignore_signals():
    for sig in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(sig, signal.SIG_IGN)


def write_nothing():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def close_the_first_three():
    # over the pipe's end there is still the result to be told
    for fd in (0, 1, 2):
        os.close(fd)


def have_many_descriptors():
    for _ in range(300):
        os.dup(1)


def be_somewhere_else():
    os.umask(0)
    os.chdir("/tmp")
    os.environ.update(HTTPS_PROXY="http://evil.example", SSLKEYLOGFILE="/tmp/keys",
                      LD_PRELOAD="/tmp/evil.so", BP_TEST="1")


def mask_everything():
    os.umask(0o777)


def be_the_caller_s():
    """As sudo and su are run: the real uid is the caller's."""
    os.setresuid(4002, 0, 0)
    os.setresgid(4002, 0, 0)
    os.setgroups([4002, 27])


ODDITIES = [ignore_children, reap_children, block_signals, ignore_signals, write_nothing,
            close_the_first_three, have_many_descriptors, be_somewhere_else, mask_everything,
            be_the_caller_s]


@pytest.mark.parametrize("service", ["sshd", "sudo"])
@pytest.mark.parametrize("mode", ["good", "lingers"])
def test_a_sign_in_goes_as_ever(bench, mode, service):
    bench.helper(redeem=mode)
    for oddity, seen in bench.run_odd(service, ODDITIES, answers=[ANSWER],
                                      steps=("authenticate", "account")).items():
        assert seen.codes == ["SUCCESS", "SUCCESS"], (oddity, seen)


@pytest.mark.parametrize("mode, code", [("silent", "AUTHINFO_UNAVAIL"),
                                        ("drip", "AUTHINFO_UNAVAIL"), ("deaf", "SERVICE_ERR"),
                                        ("crash", "SERVICE_ERR"), ("too_long", "SERVICE_ERR")])
def test_a_bad_helper_is_refused_as_ever(bench, mode, code):
    bench.helper(redeem=mode)
    for oddity, seen in bench.run_odd("su", ODDITIES, answers=[ANSWER]).items():
        assert seen.codes == [code], (oddity, seen)


def test_what_the_caller_s_limits_forbid_is_logged_and_leaves_nothing(bench, record):
    seen = bench.one("su", oddity=write_nothing, answers=[ANSWER])
    assert seen.codes == ["SUCCESS"]
    unwritten = bench.events("su")[0]
    assert unwritten["reason"] == "FILE_UNWRITTEN"
    assert unwritten["detail"] == "/var/cache/beproduct: File too large"
    assert record.path() is None
    assert os.listdir("/var/cache/beproduct") == []


def test_whatever_umask_the_record_is_root_s_alone(bench, record):
    for oddity in (be_somewhere_else, mask_everything):
        bench.restore()
        bench.one("su", oddity=oddity, answers=[ANSWER])
        assert record.path().stat().st_mode & 0o777 == 0o600


def test_no_log_changes_no_verdict(bench):
    os.rename("/dev/log", "/dev/log.aside")
    settle, bench.settle = bench.settle, lambda: None
    try:
        assert bench.one("su", answers=[ANSWER]).codes == ["SUCCESS"]
        bench.helper(redeem="crash")
        assert bench.one("su", answers=[ANSWER]).codes == ["SERVICE_ERR"]
    finally:
        bench.settle = settle
        os.rename("/dev/log.aside", "/dev/log")


def lose_namespaces():
    """CAP_SYS_ADMIN, as in many containers: the rest of root's capabilities stays."""
    libc = ctypes.CDLL(None, use_errno=True)
    head, data = struct.pack("Ii", 0x20080522, 0), ctypes.create_string_buffer(24)
    assert libc.capget(head, data) == 0
    words = list(struct.unpack("6I", data.raw))
    words[0] &= ~(1 << 21)
    words[1] &= ~(1 << 21)
    assert libc.capset(head, struct.pack("6I", *words)) == 0


def test_without_namespaces_a_user_of_its_own_brings_the_record(bench):
    """And no other request is his: the bad helper needs a file that he alone can read."""
    os.chown(MODE, pwd.getpwnam("_beproduct_discover").pw_uid, 0)
    os.chmod(MODE, 0o400)
    seen = bench.one("su", oddity=lose_namespaces, answers=[ANSWER])
    check_refusal(bench, "su", seen, "BROKEN", "HELPER_ENDED", ADMIN, prompts=1)


def test_with_namespaces_there_is_one_user(bench):
    os.chown(MODE, pwd.getpwnam("_beproduct").pw_uid, 0)
    os.chmod(MODE, 0o400)
    assert bench.one("su", answers=[ANSWER]).codes == ["SUCCESS"]


@contextlib.contextmanager
def slots_taken(first, count):
    """Of /run/beproduct/helpers, as core/slot.c counts them; 0: to the end of all."""
    os.makedirs("/run/beproduct", mode=0o700, exist_ok=True)
    file = os.open("/run/beproduct/helpers", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, first, count, 0))
        yield
    finally:
        os.close(file)


def test_who_has_all_his_helpers_is_told_to_wait(bench):
    with slots_taken(0, 0):
        for service, seen in bench.run("sshd", "login", "su", answers=[ANSWER]).items():
            check_refusal(bench, service, seen, "UNAVAILABLE", "HELPER_MANY", MANY, prompts=0)


@pytest.mark.parametrize("kind, refused", [(0, "person"), (1, "address"), (2, "neither")])
def test_callers_are_counted_by_user_address_or_neither(bench, kind, refused):
    """With all taken that those of one kind may have."""
    with slots_taken(kind << 32, 1 << 32):
        codes = {"person": bench.one("su", oddity=be_the_caller_s, answers=[ANSWER]).codes,
                 "address": bench.one("sshd", answers=[ANSWER]).codes,
                 "neither": bench.one("login", answers=[ANSWER]).codes}
    assert [who for who, code in codes.items() if code != ["SUCCESS"]] == [refused]


def end_of_helpers():
    end = time.monotonic() + 10
    while helpers() and time.monotonic() < end:
        time.sleep(0.05)
    assert helpers() == []


@pytest.mark.parametrize("oddity, left", [(lose_namespaces, ["error"]), (None, [])],
                         ids=["without a namespace", "with one"])
def test_a_helper_that_cannot_be_reaped_is_left_and_logged(bench, oddity, left):
    """It answered well, and who signs in does not pay for it but with a moment."""
    bench.helper(redeem="traced")
    bench.log.mark()
    began = time.monotonic()
    seen = host.collect(host.start(bench.stacks, "su", "alice", "authenticate", oddity=oddity,
                                   answers=[ANSWER]))
    assert time.monotonic() - began < 10
    assert seen.codes == ["SUCCESS"]
    end_of_helpers()
    bench.settle()
    assert [one.name for one in bench.events("su") if one.fields.get("reason") == "HELPER_LEFT"] \
        == left
