# SPDX-License-Identifier: BSD-2-Clause
"""Whose accounts are ours: root never, local ones by configuration; and what is
wrong with an installation lets nobody in, and locks root out of nothing."""

import os

import pytest
from conftest import CACHE, ETC, HELPER
from rows import ADMIN, ANSWER, CONF, DENIED, HOSTS, MAP, check_refusal

ALL = tuple(HOSTS)
BOTH = ("authenticate", "account")


def be_link(bench):
    (ETC / "beproduct.conf").rename(ETC / "real.conf")
    (ETC / "beproduct.conf").symlink_to("real.conf")
    assert bench


# What can be wrong with beproduct.conf: how it is made so, and the reason.
UNREADABLE = {
    "missing": (lambda bench: (ETC / "beproduct.conf").unlink(), "FILE_MISSING"),
    "a link": (be_link, "FILE_UNTRUSTED"),
    "writable by others": (lambda bench: os.chmod(ETC / "beproduct.conf", 0o666),
                           "FILE_UNTRUSTED"),
    "of another owner": (lambda bench: os.chown(ETC / "beproduct.conf", 4001, 0),
                         "FILE_UNTRUSTED"),
    "a folder": (lambda bench: ((ETC / "beproduct.conf").unlink(),
                                (ETC / "beproduct.conf").mkdir()), "FILE_UNTRUSTED"),
    "empty": (lambda bench: bench.conf(""), "CONFIG"),
    "a misspelt section": (lambda bench: bench.conf(CONF.replace("[accounts]", "[acounts]")),
                           "CONFIG"),
    "without tenant": (lambda bench: bench.conf(CONF.replace("tenant = claim company=acme\n", "")),
                       "CONFIG"),
    "too long": (lambda bench: bench.conf(CONF + "#\n" * 200000), "FILE_UNREAD"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_refused_configuration_lets_nobody_in(bench, what):
    make, reason = UNREADABLE[what]
    make(bench)
    for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, "BROKEN", reason, ADMIN, prompts=0)
        assert "/etc/beproduct/beproduct.conf" in bench.events(service)[0]["detail"]
    for service, seen in bench.run(*ALL, steps=("account",)).items():
        assert seen.codes == ["SERVICE_ERR"]
        assert bench.events(service)[0]["reason"] == reason


@pytest.mark.parametrize("user", ["root", "toor", "ROOT"])
@pytest.mark.parametrize("what", UNREADABLE)
def test_and_leaves_root_alone(bench, what, user):
    UNREADABLE[what][0](bench)
    for service, seen in bench.run(*ALL, user=user, steps=BOTH).items():
        assert seen.codes == ["USER_UNKNOWN", "IGNORE"] and seen.messages == []
        event, = bench.events(service)
        assert (event.name, event["user"], event["reason"]) == ("local", user, "ROOT")


@pytest.mark.parametrize("argument", ["unknown", "debugg", "debug=1", "config=etc/x", "config=",
                                      "config", "Config=/etc/beproduct/beproduct.conf"])
def test_an_unknown_argument_refuses(bench, tmp_path, argument):
    bench.argument(argument, tmp_path)
    for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, "BROKEN", "ARGUMENT", ADMIN, prompts=0)
        assert bench.events(service)[0]["detail"] == argument
    assert bench.one("su", steps=("account",)).codes == ["SERVICE_ERR"]
    for user in ("root", "toor"):
        assert bench.one("su", user=user, steps=BOTH).codes == ["USER_UNKNOWN", "IGNORE"]


def test_another_configuration_may_be_named(bench, tmp_path):
    (ETC / "beproduct.conf").rename(ETC / "other.conf")
    bench.argument("config=/etc/beproduct/other.conf debug", tmp_path)
    assert bench.one("su", answers=[ANSWER], steps=BOTH).codes == ["SUCCESS", "SUCCESS"]


@pytest.mark.parametrize("user", ["local1", "below", "nobody", "nobody2", "_beproduct", "daemon"])
@pytest.mark.parametrize("broken", ["nothing", "client_secret", "accounts.map"])
def test_local_accounts_are_left_to_the_stack(bench, user, broken):
    bench.helper(discover="crash")
    if broken != "nothing":
        bench.put(broken, "one\ntwo\n", 0o666)
    for service, seen in bench.run(*ALL, user=user, steps=BOTH).items():
        assert seen.codes == ["USER_UNKNOWN", "IGNORE"] and seen.messages == []
        event, = bench.events(service)
        assert (event.name, event["phase"], event["reason"], event["user"]) == \
            ("local", "auth", "LOCAL_ACCOUNT", user)


@pytest.mark.parametrize("user", ["ALICE", "LOCAL1"])
def test_an_account_that_is_spelt_otherwise_is_refused(bench, user):
    for service, seen in bench.run(*ALL, user=user, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, "DENIED", "ACCOUNT_SPELLING", DENIED, prompts=0)
    for seen in bench.run(*ALL, user=user, steps=("account",)).values():
        assert seen.codes == ["PERM_DENIED"]


@pytest.mark.parametrize("user", ["unasked", "boundless"])
def test_a_look_up_that_failed_is_no_missing_account(bench, user):
    for service, seen in bench.run(*ALL, user=user, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, "BROKEN", "ACCOUNT_LOOKUP", ADMIN, prompts=0)
    assert bench.one("su", user=user, steps=("account",)).codes == ["SERVICE_ERR"]


@pytest.mark.parametrize("rhost", [None, "192.0.2.7"])
@pytest.mark.parametrize("service", ["sudo", "sudo-i", "su", "su-l"])
def test_where_the_host_has_found_it_a_missing_account_is_a_failed_look_up(bench, service, rhost):
    """NSS without a descriptor, or a directory that flaps: not the stack's local password."""
    afar = {"rhost": rhost} if rhost else {}
    seen = bench.one(service, user="nosuch", answers=[ANSWER], alter=afar)
    check_refusal(bench, service, seen, "BROKEN", "ACCOUNT_LOOKUP", ADMIN, prompts=0)
    assert "nosuch" not in str(bench.log)
    assert bench.one(service, user="nosuch", steps=("account",)).codes == ["SERVICE_ERR"]


def test_a_large_account_of_a_large_uid_is_ours(bench):
    assert bench.one("su", user="large", answers=[ANSWER], steps=BOTH).codes == ["SUCCESS"] * 2
    assert bench.one("su", user="large", steps=("account",)).codes == ["PERM_DENIED"]


# What a sign-in needs besides; none of it is read for anybody who is not ours.
REST = {
    "secret missing": (lambda bench: (ETC / "client_secret").unlink(), "FILE_MISSING"),
    "secret for all": (lambda bench: os.chmod(ETC / "client_secret", 0o644), "FILE_UNTRUSTED"),
    "secret of two lines": (lambda bench: bench.put("client_secret", "a\nb\n", 0o600), "SECRET"),
    "map missing": (lambda bench: (ETC / "accounts.map").unlink(), "FILE_MISSING"),
    "map with a bad rule": (lambda bench: bench.put("accounts.map", MAP + "email x\n"), "MAP"),
    "map writable": (lambda bench: os.chmod(ETC / "accounts.map", 0o664), "FILE_UNTRUSTED"),
    "ca_file missing": (lambda bench: bench.conf(CONF.replace(
        "timeout = 1s", "ca_file = /etc/beproduct/ca.pem")), "FILE_MISSING"),
    "helper missing": (lambda bench: HELPER.rename(HELPER.with_suffix(".gone")), "HELPER_FILE"),
    "helper of no mode": (lambda bench: os.chmod(HELPER, 0o600), "HELPER_ENDED"),
}


@pytest.mark.parametrize("what", REST)
def test_a_broken_installation_is_found_before_any_prompt(bench, what):
    make, reason = REST[what]
    try:
        make(bench)
        for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
            check_refusal(bench, service, seen, "BROKEN", reason, ADMIN, prompts=0)
        assert bench.one("su", user="root", steps=BOTH).codes == ["USER_UNKNOWN", "IGNORE"]
    finally:
        if HELPER.with_suffix(".gone").exists():
            HELPER.with_suffix(".gone").rename(HELPER)
        os.chmod(HELPER, 0o711)


@pytest.mark.parametrize("ids", [None, "0:998", "998:0"])
def test_the_helper_s_user_must_be_there_and_not_root(bench, ids):
    with open("/etc/passwd", encoding="ascii") as f:
        before = f.read()
    lines = [line for line in before.splitlines(True) if not line.startswith("_beproduct:")]
    if ids is not None:
        lines.append(f"_beproduct:x:{ids}::/:/usr/sbin/nologin\n")
    bench.look_at = lambda *_: None     # there is no such user to look for
    try:
        with open("/etc/passwd", "w", encoding="ascii") as f:
            f.write("".join(lines))
        check_refusal(bench, "su", bench.one("su", answers=[ANSWER]), "BROKEN", "HELPER_USER",
                      ADMIN, prompts=0)
    finally:
        with open("/etc/passwd", "w", encoding="ascii") as f:
            f.write(before)


def be_a_file():
    CACHE.write_text("", encoding="ascii")


def be_anybody_s():
    CACHE.mkdir()
    os.chmod(CACHE, 0o777)


@pytest.mark.parametrize("make", [be_a_file, be_anybody_s])
def test_a_cache_that_cannot_be_written_fails_nothing(bench, make):
    try:
        make()
        seen = bench.one("su", answers=[ANSWER])
        assert seen.codes == ["SUCCESS"] and seen.errors == []
        names = [(event.name, event.get("reason")) for event in bench.events("su")]
        assert names == [("error", "FILE_UNWRITTEN"), ("started", None), ("admitted", "ADMITTED")]
        assert bench.events("su")[0]["detail"] == \
            "/var/cache/beproduct: a link, or wrong type, owner or mode"
        assert "detail" not in bench.events("su")[2].fields
    finally:
        if CACHE.is_file():
            CACHE.unlink()
