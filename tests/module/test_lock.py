# SPDX-License-Identifier: BSD-2-Clause
"""Who is locked out on this host, through the real libpam: by the account, or by who the
person is, whatever else would admit her."""

import os

import pytest
from conftest import PEOPLE
from rows import ADMIN, ANSWER, DENIED, HOSTS, MAP, check_refusal
from settings import LOCKS, lock, put
from test_look_up import assert_admitted, host, key_login, make_older  # noqa: F401
from test_renewal import AT_ONCE
from test_ticket import kept, login, sign_in, sudo

ALL = tuple(HOSTS)
BOTH = ("authenticate", "account")
ISSUER = "https://id.example.com/ids"
ACCOUNT = ("account", "alice")
WHO = {"sub": ("sub", "sub-of-alice", ISSUER), "email": ("email", "alice@example.com")}
EACH = {"account": ACCOUNT, **WHO}
LOCKED = "LOCKED"


def refused_by(event, path):
    return (event.name, event["reason"], event["detail"]) == ("refused", LOCKED, str(path))


def test_a_locked_account_is_refused_before_anybody_is_asked(bench):
    path = lock(*ACCOUNT)
    bench.helper(discover="crash")
    for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, "DENIED", LOCKED, DENIED, prompts=0)
        assert refused_by(bench.events(service)[0], path)
    for service, seen in bench.run(*ALL, steps=("account",)).items():
        assert seen.codes == ["PERM_DENIED"]
        event, = bench.events(service)
        assert refused_by(event, path) and event["phase"] == "account"
        assert seen.errors == [f"{DENIED} [{event['attempt']}]"]
    path.unlink()
    bench.helper()
    for seen in bench.run(*ALL, answers=[ANSWER], steps=BOTH).values():
        assert seen.codes == ["SUCCESS"] * 2


def test_another_account_is_not_locked_by_it(bench):
    lock("account", "bob")
    lock("account", "alicex")
    lock("sub", "sub-of-alice", "https://id.example.com/other")
    assert bench.one(answers=[ANSWER], steps=BOTH).codes == ["SUCCESS"] * 2


@pytest.mark.parametrize("service", ALL)
def test_a_lock_that_is_set_after_the_sign_in_counts(bench, service):
    seen = bench.one(service, answers=[ANSWER],
                     steps=("authenticate", lambda: lock(*ACCOUNT), "account"))
    assert seen.codes == ["SUCCESS", "PERM_DENIED"]
    last = bench.events(service)[-1]
    assert (last["phase"], last["reason"]) == ("account", LOCKED)
    assert last["attempt"] == bench.events(service)[0]["attempt"]


@pytest.mark.parametrize("what", WHO)
def test_a_locked_person_is_refused_at_her_sign_in(bench, what):
    path = lock(*WHO[what])
    for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, "DENIED", LOCKED, DENIED, prompts=1)
        last = bench.events(service)[-1]
        assert refused_by(last, path)
        assert (last["sub"], last["email"]) == ("sub-of-alice", "alice@example.com")
    assert kept() == []


@pytest.mark.parametrize("what", EACH)
def test_a_ticket_is_of_no_use_while_its_person_is_locked(bench, what):
    with login():
        sign_in(bench)
        before = kept()
        path = lock(*EACH[what])
        for steps, codes in ((("account",), ["PERM_DENIED"]), (("authenticate",), ["ABORT"])):
            seen = sudo(bench, steps=steps)
            assert seen.codes == codes and not seen.prompts
            event, = bench.events("sudo")
            assert refused_by(event, path)
            assert ("sub" in event.fields) == (what != "account")
        path.unlink()
        assert kept() == before
        assert sudo(bench, steps=BOTH).codes == ["SUCCESS"] * 2


@pytest.mark.parametrize("what", EACH)
def test_and_nobody_is_asked_about_it(bench, what):
    """A provider that is down would be the reason, and one that is silent would be waited for."""
    bench.conf(AT_ONCE)
    with login():
        sign_in(bench)
        path = lock(*EACH[what])
        bench.helper(discover="crash", renew="crash", redeem="crash")
        for steps in (("account",), ("authenticate",)):
            assert not sudo(bench, steps=steps).prompts
            event, = bench.events("sudo")
            assert refused_by(event, path)


@pytest.mark.parametrize("what", ["account", "email"])
@pytest.mark.parametrize("age", [0, 301], ids=["an answer that serves", "an old answer"])
def test_a_key_of_a_locked_person_opens_nothing_and_the_api_is_not_asked(
        host, what, age):  # noqa: F811
    assert_admitted(host)
    path = lock(*EACH[what])
    host.helper(discover="crash", look_up="crash", renew="crash")
    make_older(age)
    code, event = key_login(host)
    assert code == "PERM_DENIED" and refused_by(event, path)
    path.unlink()
    host.helper()
    assert_admitted(host)


### What is there and is no lock ###

def others_may_write():
    lock("account", "nobody-else")
    os.chmod(LOCKS, 0o777)
    return LOCKS


def of_another():
    lock("account", "nobody-else")
    os.chown(LOCKS, PEOPLE["alice"], 0)
    return LOCKS


def no_folder():
    LOCKS.parent.mkdir(mode=0o700, exist_ok=True)
    put(LOCKS, "")
    return LOCKS


def a_link():
    path = lock(*ACCOUNT)
    path.unlink()
    path.symlink_to("/dev/null")
    return path


ODD = [others_may_write, of_another, no_folder, a_link]


@pytest.fixture
def odd(bench, request):
    yield request.param()
    if LOCKS.is_file():
        LOCKS.unlink()


@pytest.mark.parametrize("odd", ODD, ids=[one.__name__ for one in ODD], indirect=True)
def test_where_a_lock_cannot_be_told_nobody_is_admitted_and_the_log_names_the_file(bench, odd):
    for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, "BROKEN", "LOCK_UNTOLD", ADMIN, prompts=0)
        assert bench.events(service)[0]["detail"] == str(odd)
    for service, seen in bench.run(*ALL, steps=("account",)).items():
        assert seen.codes == ["SERVICE_ERR"]
        event, = bench.events(service)
        assert (event.name, event["reason"]) == ("error", "LOCK_UNTOLD")


@pytest.mark.parametrize("odd", ODD[:3], ids=[one.__name__ for one in ODD[:3]], indirect=True)
@pytest.mark.parametrize("user", ["root", "toor", "local1", "below", "nobody"])
def test_and_root_and_local_accounts_are_not_asked_about(bench, odd, user):
    for seen in bench.run(*ALL, user=user, steps=BOTH).values():
        assert seen.codes == ["USER_UNKNOWN", "IGNORE"] and seen.messages == []


@pytest.mark.parametrize("user", ["root", "toor", "local1", "below", "nobody"])
def test_nor_are_they_ever_locked(bench, user):
    lock("account", user)
    for seen in bench.run(*ALL, user=user, steps=BOTH).values():
        assert seen.codes == ["USER_UNKNOWN", "IGNORE"] and seen.messages == []


def test_an_identity_by_a_rule_of_another_claim_is_locked_by_its_address(bench):
    """Also one that is not verified, by which no rule maps her."""
    bench.put("accounts.map", MAP + "company acme alice\n")
    bench.helper(redeem="unverified")
    assert bench.one(answers=[ANSWER]).codes == ["SUCCESS"]
    lock(*WHO["email"])
    seen = bench.one(answers=[ANSWER])
    check_refusal(bench, "sshd", seen, "DENIED", LOCKED, DENIED, prompts=1)
