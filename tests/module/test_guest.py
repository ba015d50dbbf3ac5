"""Odd hosts and hostile callers: what they set is neither heeded nor changed."""

import os
import resource
import signal

import pytest
from rows import ANSWER


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
