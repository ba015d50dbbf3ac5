# SPDX-License-Identifier: BSD-2-Clause
"""A provider that cannot be reached: who asks again, and who is told at once."""

import contextlib
import os
import socket

import pytest

from rows import ANSWER, LATER, check_refusal

# Those whose real user is root, as sshd's and login's is.
HELD = "UNAVAILABLE", "SILENCE", LATER


def as_a_person_s():
    """As sudo and su are: the caller may stop them, and set their limits."""
    os.setresuid(4001, 0, 0)


def age(cache, seconds):
    (path,) = cache.glob("outage-*")
    data = bytearray(path.read_bytes())
    data[16:24] = (int.from_bytes(data[16:24], "big") - seconds).to_bytes(8, "big")
    path.write_bytes(bytes(data))


def fail_once(bench, **options):
    bench.helper(discover="failed:SILENCE")
    check_refusal(bench, "sshd", bench.one(**options), *HELD, prompts=0)
    bench.helper()


def test_for_some_seconds_the_answer_is_known(bench, cache):
    fail_once(bench)
    for service, seen in bench.run("sshd", "login", "su", answers=[ANSWER]).items():
        check_refusal(bench, service, seen, *HELD, prompts=0)
        (event,) = bench.events(service)
        assert event["detail"].startswith("remembered since ")
        assert "said" in event["detail"]
    age(cache, 11)
    assert bench.one(answers=[ANSWER]).codes == ["SUCCESS"]
    assert not list(cache.glob("outage-*"))


def test_a_caller_s_own_failure_keeps_nobody_out(bench, cache):
    fail_once(bench, oddity=as_a_person_s)
    assert not list(cache.glob("outage-*"))
    assert bench.one(answers=[ANSWER]).codes == ["SUCCESS"]


def test_he_is_told_what_others_found(bench):
    fail_once(bench)
    seen = bench.one("su", answers=[ANSWER], oddity=as_a_person_s)
    check_refusal(bench, "su", seen, *HELD, prompts=0)


@pytest.mark.parametrize("reason", ["DISCOVERY_ISSUER", "HELPER_BROKEN", "CA_BAD", "HELPER_LIMITS"])
def test_what_this_host_has_wrong_is_looked_at_anew(bench, cache, reason):
    bench.helper(discover=f"failed:{reason}")
    assert bench.one().prompts == []
    assert not list(cache.glob("outage-*"))
    bench.helper()
    assert bench.one(answers=[ANSWER]).codes == ["SUCCESS"]


def test_no_pasted_line_keeps_others_out(bench, cache):
    bench.helper(redeem="failed:SILENCE")
    check_refusal(bench, "sshd", bench.one(answers=[ANSWER]), *HELD, prompts=1)
    assert not list(cache.glob("outage-*"))
    bench.helper()
    assert bench.one(answers=[ANSWER]).codes == ["SUCCESS"]


@pytest.fixture
def asked():
    """How often slow helpers were asked."""
    def count():
        times = 0
        with contextlib.suppress(BlockingIOError):
            while counter.recv(16) == b"asked":
                times += 1
        return times

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as counter:
        counter.bind("\0bp-bad-helper")
        counter.setblocking(False)
        yield count


def test_one_asks_for_all_who_come_meanwhile(bench, asked):
    bench.helper(discover="slow")
    seen = bench.run("sshd", "login", "su", "su-l", "kiosk", answers=[ANSWER])
    assert [one.codes for one in seen.values()] == [["SUCCESS"]] * 5
    assert asked() == 1


def several_of_su(bench, count, **options):
    return bench.run_each({number: ("su", {"answers": [ANSWER], **options})
                           for number in range(count)}, "alice", ("authenticate",), {})


@pytest.mark.parametrize("count", [5, 50])
def test_of_a_caller_s_own_attempts_one_asks_for_all(bench, asked, count):
    """So that fifty of them at once are not fifty for the provider."""
    bench.helper(discover="slow")
    seen = several_of_su(bench, count, oddity=as_a_person_s)
    assert asked() in (1, 2)        # of fifty the last may have waited their two seconds
    assert [one.codes for one in seen.values()].count(["SUCCESS"]) > count / 2
