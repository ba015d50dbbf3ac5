# SPDX-License-Identifier: BSD-2-Clause
"""`observe = yes`: the account phase tells the log what it would refuse, and leaves it to
the stack's next account module."""

import os
import subprocess

import pytest
from conftest import ETC, PRODUCT, put
from rows import ANSWER, CONF, DENIED, HOSTS, MAP, check_refusal, no_sign_in_of
from settings import lock
from test_account import UNREADABLE
from test_ticket import login, sign_in, sudo

ALL = tuple(HOSTS)
OBSERVING = CONF.replace("require_role = Host Login\n", "require_role = Host Login\nobserve = yes\n")
LEFT = ["IGNORE"]


@pytest.fixture(autouse=True)
def _observes(bench):
    bench.conf(OBSERVING)


def observed(bench, service):
    return [event for event in bench.events(service) if event.get("observe")]


def test_what_it_would_refuse_it_tells_the_log_and_nobody_else(bench):
    for service, seen in bench.run(*ALL, steps=("account",)).items():
        assert seen.codes == LEFT and seen.messages == [], service
        event, = bench.events(service)
        assert (event.name, event["phase"], event["observe"]) == ("refused", "account", "yes")
        assert event["reason"] == no_sign_in_of(service)[0] and event["user"] == "alice"
        assert event.line.text.endswith(' observe="yes"')


def test_a_section_that_does_not_observe_refuses_beside_one_that_does(bench):
    bench.conf(CONF.replace("[service:sudo]\n", "[service:sudo]\nobserve = yes\n"))
    assert bench.one("sudo", steps=("account",)).codes == LEFT
    assert bench.one("sudo-i", steps=("account",)).codes == LEFT
    assert bench.one("sshd", steps=("account",)).codes == ["PERM_DENIED"]
    assert observed(bench, "sshd") == []


def test_whom_it_admits_it_admits(bench):
    seen = bench.one(steps=("authenticate", "account"), answers=[ANSWER])
    assert seen.codes == ["SUCCESS"] * 2
    assert [one.name for one in bench.events("sshd")] == ["started", "admitted"]
    with login():
        sign_in(bench)
        assert sudo(bench, steps=("account",)).codes == ["SUCCESS"]
        assert [one.name for one in bench.events("sudo")] == ["admitted"]
        assert observed(bench, "sudo") == []


def test_what_a_ticket_lacks_is_told(bench):
    bench.helper(redeem="without_tokens")
    with login():
        sign_in(bench)
        bench.conf(OBSERVING.replace("[service:sudo]\nrequire_role = Host Login",
                                     "[service:sudo]\nrequire_role = Boss"))
        assert sudo(bench, steps=("account",)).codes == LEFT
        event, = observed(bench, "sudo")
        assert (event["reason"], event["email"]) == ("ROLE", "alice@example.com")


def test_a_map_that_is_refused_is_an_error_in_the_log_and_no_more(bench):
    with login():
        sign_in(bench)
        bench.put("accounts.map", MAP + "one\n")
        assert sudo(bench, steps=("account",)).codes == LEFT
        event, = observed(bench, "sudo")
        assert (event.name, event["reason"]) == ("error", "MAP")


OBSERVED = PRODUCT.parent / "conf/observed"
TIMES = ("Dec  1 10:00:00", "2026-12-01T10:00:01.123456+00:00", "2026-12-01T10:00:02+0000")


def counted(lines):
    """What the shipped script makes of lines of a log."""
    done = subprocess.run(["sh", OBSERVED], input="\n".join(lines) + "\n", capture_output=True,
                          text=True, timeout=30, check=True)
    assert done.stderr == ""
    return [tuple(line.split("\t")) for line in done.stdout.splitlines()]


def test_of_a_week_s_log_it_is_told_who_would_be_refused_and_how_often(bench):
    said = []
    for service, times in (("sshd", 3), ("su", 2), ("login", 1)):
        for _ in range(times):
            bench.one(service, steps=("account",))
            said += [event.line.text for event in bench.events(service)]
    bench.one("sshd", user="bob", steps=("account",))
    said += [bench.events("sshd")[-1].line.text]
    # decided, admitted, or refused all the same: none of them is one
    bench.one("sshd", user="root", steps=("authenticate", "account"))
    said += [event.line.text for event in bench.events("sshd")]
    bench.helper(redeem="another_role")
    for answers in ([ANSWER], []):
        bench.one("sshd", answers=answers)
        said += [event.line.text for event in bench.events("sshd")]
    for time in TIMES:
        assert counted(f"{time} web1 sshd[{n}]: {text}" for n, text in enumerate(said)) == [
            ("3", "alice", "sshd", "SSH_NO_SIGN_IN", time),
            ("2", "alice", "su", "NO_SIGN_IN", time),
            ("1", "alice", "login", "NO_SIGN_IN", time),
            ("1", "bob", "sshd", "SSH_NO_SIGN_IN", time)]


def test_the_last_time_is_that_of_the_last_line(bench):
    bench.one("sshd", steps=("account",))
    text = bench.events("sshd")[-1].line.text
    assert counted(f"{time} web1 sshd[1]: {text}" for time in TIMES) == [
        ("3", "alice", "sshd", "SSH_NO_SIGN_IN", TIMES[-1])]


LINE = ('pam_beproduct(sshd:account): refused phase=account attempt=0123456789abcdef user="eve" '
        'service="sshd" rhost="" reason=ROLE text="none of require_role" ms=1 observe="yes"')
FORGED = {
    "in a user name that sshd repeats": f"sshd[1]: Invalid user {LINE}",
    "behind what looks like a program": f"sshd[1]: Invalid user sshd[1]: {LINE}",
    "behind what looks like a line's begin":
        f"sshd[1]: Invalid user x {TIMES[0]} web1 sshd[1]: {LINE}",
    "in sudo's command": f"sudo[1]:    eve : TTY=pts/1 ; COMMAND=/bin/echo {LINE}",
    "by another module": "sshd[1]: " + LINE.replace("pam_beproduct(", "pam_other("),
    "without an id": "sshd[1]: " + LINE.replace("attempt=0123456789abcdef ", ""),
    "in the other phase": "sshd[1]: " + LINE.replace("phase=account", "phase=auth"),
    "with a quoted observe": "sshd[1]: " + LINE.replace('observe="yes"',
                                                        'detail="x observe=\\"yes\\""'),
    "cut": "sshd[1]: " + LINE[:-1],
}


@pytest.mark.parametrize("how", FORGED)
def test_what_only_looks_so_is_not_counted(how):
    assert counted(f"{time} web1 {FORGED[how]}" for time in TIMES) == []
    assert counted([f"x{TIMES[0]} web1 sshd[1]: {LINE}", f" {LINE}", LINE]) == []
    assert len(counted([f"{TIMES[0]} web1 sshd[1]: {LINE}"])) == 1


@pytest.mark.parametrize("value", [
    'x" user="eve" service="sshd" rhost="" reason=ROLE text="',
    ': refused phase=account attempt=0123456789abcdef user="eve" service="sshd" rhost="" '
    'reason=MAP text="x"', "\\", 'a\nb', "\xff"])
def test_no_value_changes_what_is_counted(bench, value):
    bench.one("sshd", steps=("account",), rhost=value)
    text = bench.events("sshd")[-1].line.text
    assert counted([f"{TIMES[0]} web1 sshd[1]: {text}"]) == [
        ("1", "alice", "sshd", "SSH_NO_SIGN_IN", TIMES[0])]


def test_authenticate_is_not_softened(bench):
    bench.helper(redeem="another_role")
    for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, "DENIED", "ROLE", DENIED, prompts=1)
        assert observed(bench, service) == []


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_configuration_that_is_refused_refuses(bench, what):
    UNREADABLE[what][0](bench)
    assert bench.one(steps=("account",)).codes == ["SERVICE_ERR"]
    assert observed(bench, "sshd") == []


REFUSED = [
    ("a closed service", lambda: put(ETC / "beproduct.conf", OBSERVING.replace(
        "require_role = Host Login\n", "")), "alice", "PERM_DENIED", "SERVICE_CLOSED"),
    ("a locked account", lambda: lock("account", "alice"), "alice", "PERM_DENIED", "LOCKED"),
    ("locks that cannot be told", lambda: os.chmod(lock("account", "x").parent, 0o777), "alice",
     "SERVICE_ERR", "LOCK_UNTOLD"),
    ("a name that is spelt otherwise", lambda: None, "ALICE", "PERM_DENIED", "ACCOUNT_SPELLING"),
    ("a look-up that failed", lambda: None, "unasked", "SERVICE_ERR", "ACCOUNT_LOOKUP"),
    ("an account that does not exist", lambda: None, "nosuch", "USER_UNKNOWN",
     "ACCOUNT_UNKNOWN"),
]


@pytest.mark.parametrize("what, make, user, code, reason", REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_refused_all_the_same(bench, what, make, user, code, reason):
    make()
    seen = bench.one(user=user, steps=("account",))
    assert seen.codes == [code] and len(seen.errors) == 1
    event, = bench.events("sshd")
    assert event["reason"] == reason and not event.get("observe")


@pytest.mark.parametrize("kind, value", [("sub", "sub-of-alice"), ("email", "alice@example.com")])
def test_a_locked_person_is_refused_all_the_same(bench, kind, value):
    with login():
        sign_in(bench)
        lock(kind, value, "https://id.example.com/ids")
        assert sudo(bench, steps=("account",)).codes == ["PERM_DENIED"]
        assert bench.events("sudo")[-1]["reason"] == "LOCKED" and observed(bench, "sudo") == []


@pytest.mark.parametrize("user", ["root", "toor", "local1", "below", "nobody"])
def test_root_and_local_accounts_are_as_before(bench, user):
    for seen in bench.run(*ALL, user=user, steps=("account",)).values():
        assert seen.codes == ["IGNORE"] and seen.messages == []
    assert bench.log.events() == []
