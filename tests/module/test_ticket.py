# SPDX-License-Identifier: BSD-2-Clause
"""Sign-ins that are remembered, through the real libpam: by whom, for whom, how long.

Each host here is a process of its own in a login of the kernel's audit that the test
began, as pam_loginuid does; two of one login are one session."""

import contextlib
import os
import pathlib
import re
import resource

import pytest
from conftest import ETC, PEOPLE, put
from rows import ANSWER, CONF, HOSTS, MAP
from settings import TICKETS
from words import SUDO

LOGINUID = pathlib.Path("/proc/self/loginuid")
ALICE = PEOPLE["alice"]
SUDOS = ("sudo", "sudo-i")


@contextlib.contextmanager
def login(uid=ALICE):
    """Gives its number; no other login has had it."""
    LOGINUID.write_text(str(uid), encoding="ascii")
    try:
        yield pathlib.Path("/proc/self/sessionid").read_text(encoding="ascii")
    finally:
        LOGINUID.write_text("4294967295", encoding="ascii")


def called_by(uid):
    """As a setuid program is: real uid the caller's, all else root's."""
    def oddity():
        os.setresuid(uid, 0, 0)
    return oddity


def sudo(bench, service="sudo", caller=ALICE, **options):
    return bench.one(service, oddity=called_by(caller), **options)


def kept():
    return sorted(one.name for one in TICKETS.glob("*"))


def sign_in(bench, service="sudo"):
    seen = sudo(bench, service, answers=[ANSWER])
    assert seen.codes == ["SUCCESS"] and len(seen.prompts) == 1, seen
    return bench.events(service)[-1]["attempt"]


def is_asked(seen):
    return len(seen.prompts) == 1 and seen.codes != ["SUCCESS"]


@pytest.mark.parametrize("service", SUDOS)
def test_sudo_asks_nobody_again_in_its_session(bench, service):
    with login() as number:
        attempt = sign_in(bench)
        assert kept() == [f"login-{number}-{ALICE}"]
        seen = sudo(bench, service, steps=("authenticate", "account"))
        assert seen.codes == ["SUCCESS", "SUCCESS"] and not seen.messages
        event, = bench.events(service)
        assert (event.name, event["phase"], event["attempt"]) == ("admitted", "auth", attempt)
        assert event["email"] == "alice@example.com" and event["sub"]
        assert event["detail"].startswith("by the sign-in for sudo, ")


@pytest.mark.parametrize("service", SUDOS)
def test_nor_does_the_account_phase_refuse_that_is_alone(bench, service):
    with login():
        attempt = sign_in(bench)
        seen = sudo(bench, service, steps=("account",))
        assert seen.codes == ["SUCCESS"] and not seen.messages
        event, = bench.events(service)
        assert (event.name, event["phase"], event["attempt"]) == ("admitted", "account", attempt)


def test_after_a_sign_in_the_account_phase_logs_nothing_twice(bench):
    with login():
        seen = sudo(bench, steps=("authenticate", "account"), answers=[ANSWER])
        assert seen.codes == ["SUCCESS"] * 2
        assert [one.name for one in bench.events("sudo")] == ["started", "admitted"]


def test_in_another_login_of_hers_it_asks(bench):
    with login():
        sign_in(bench)
    with login():
        assert is_asked(sudo(bench))
        seen = sudo(bench, steps=("account",))
    assert seen.codes == ["PERM_DENIED"] and seen.errors[0].startswith(SUDO)
    event, = bench.events("sudo")
    assert (event["reason"], event["detail"]) == ("SUDO_NO_SIGN_IN", "no ticket of this session")


@pytest.mark.parametrize("service", sorted(set(HOSTS) - set(SUDOS)))
def test_every_other_service_asks_though_there_is_a_ticket(bench, service):
    with login():
        sign_in(bench)
        seen = bench.one(service, oddity=called_by(ALICE))
        assert is_asked(seen), seen
        assert sudo(bench, service, steps=("account",)).codes == ["PERM_DENIED"]


CALLERS = [("root", 0), ("another person", PEOPLE["bob"])]


@pytest.mark.parametrize("what, caller", CALLERS, ids=[row[0] for row in CALLERS])
def test_by_another_caller_it_is_not_read(bench, what, caller):
    with login():
        sign_in(bench)
        assert is_asked(sudo(bench, caller=caller))
        seen = sudo(bench, caller=caller, steps=("account",))
    assert seen.codes == ["PERM_DENIED"]
    event, = bench.events("sudo")
    assert event["detail"] == "no ticket serves root, or another account's caller"


@pytest.mark.parametrize("what, caller", CALLERS, ids=[row[0] for row in CALLERS])
def test_nor_is_one_kept_for_her_by_another_caller(bench, what, caller):
    with login():
        assert sudo(bench, caller=caller, answers=[ANSWER]).codes == ["SUCCESS"]
    assert kept() == []


def test_in_a_login_of_another_none_is_kept_and_none_is_read(bench):
    with login(PEOPLE["bob"]):
        sign_in(bench)
        assert kept() == []
        assert is_asked(sudo(bench))


def test_where_no_login_and_no_terminal_is_none_is_kept(bench):
    seen = bench.one("sudo", oddity=lambda: (os.setsid(), os.setresuid(ALICE, 0, 0)),
                     answers=[ANSWER])
    assert seen.codes == ["SUCCESS"] and kept() == []


### Decided anew ###

SINCE = [
    ("the role is asked for no more", lambda: put(ETC / "beproduct.conf", CONF.replace(
        "[service:sudo]\nrequire_role = Host Login", "[service:sudo]\nrequire_role = Boss")),
     "ROLE"),
    ("the rule is gone", lambda: put(ETC / "accounts.map", MAP.replace(" alice\n", " bob\n")),
     "NO_RULE"),
    ("the tenant is another", lambda: put(ETC / "beproduct.conf", CONF.replace(
        "company=acme", "company=other")), "TENANT"),
    ("the map is gone", (ETC / "accounts.map").unlink, "FILE_MISSING"),
    ("roles stand elsewhere", lambda: put(ETC / "beproduct.conf", CONF.replace(
        "[provider]\n", "[provider]\nrole_claim = groups\n")), "SUDO_NO_SIGN_IN"),
    ("no ticket is to serve", lambda: put(ETC / "beproduct.conf", CONF.replace(
        "[service:sudo]\n", "[service:sudo]\nticket = 0s\n")), "SUDO_NO_SIGN_IN"),
    ("each time is to be asked", lambda: put(ETC / "beproduct.conf", CONF.replace(
        "[service:sudo]\n", "[service:sudo]\nrecheck = 0s\n")), "SUDO_NO_SIGN_IN"),
    ("the issuer is another", lambda: put(ETC / "beproduct.conf", CONF.replace(
        "id.example.com/ids", "id.example.com/other")), "SUDO_NO_SIGN_IN"),
]


@pytest.mark.parametrize("what, change, reason", SINCE, ids=[row[0] for row in SINCE])
def test_it_serves_no_more_since(bench, what, change, reason):
    """Where the provider grants no refresh token: tests/module/test_renewal.py has the rest."""
    bench.helper(redeem="without_tokens")
    with login():
        attempt = sign_in(bench)
        change()
        seen = sudo(bench, steps=("account",))
        assert seen.codes == ["SERVICE_ERR" if reason == "FILE_MISSING" else "PERM_DENIED"]
        assert bench.events("sudo")[-1]["reason"] == reason
        if reason != "FILE_MISSING":
            assert len(sudo(bench).prompts) == 1, "the person may sign in instead"
            assert "sub" not in bench.events("sudo")[-1].fields, "nobody has, yet"
            assert attempt not in {one["attempt"] for one in bench.events("sudo")}


def test_another_configuration_is_another_sign_in(bench, tmp_path):
    with login():
        sign_in(bench)
        bench.put("other.conf", CONF)
        bench.argument("config=/etc/beproduct/other.conf", tmp_path)
        assert is_asked(sudo(bench))


def test_a_section_that_keeps_none_keeps_none(bench):
    bench.conf(CONF.replace("[service:sudo]\n", "[service:sudo]\nticket = 0s\n"))
    with login():
        sign_in(bench)
    assert kept() == []


### From the sign-in to the session, and its end ###

def begin_login(uid=ALICE):
    """What pam_loginuid does in between."""
    return lambda: LOGINUID.write_text(str(uid), encoding="ascii")


def test_login_s_ticket_is_its_session_s_until_that_is_closed(bench):
    between = pathlib.Path("/run/between")
    steps = ("authenticate", "account", begin_login(), "open",
             lambda: put(between, " ".join(kept())), "close")
    run = bench.one("login", steps=steps, answers=[ANSWER])
    assert run.codes == ["SUCCESS"] * 4
    assert re.fullmatch(rf"login-\d+-{ALICE}", between.read_text(encoding="ascii"))
    assert kept() == []


def test_nothing_of_it_stays_in_PAM_s_environment(bench):
    pending = bench.one("login", answers=[ANSWER]).environment
    assert len(pending) == 1 and re.fullmatch("BEPRODUCT_TICKET=[0-9a-f]{32}", pending[0])
    run = bench.one("login", steps=("authenticate", begin_login(), "open"), answers=[ANSWER])
    assert run.environment == []
    with login():
        assert sudo(bench, answers=[ANSWER]).environment == []


def after(bench, service, *steps):
    """What is there when that host has come so far: it lasts until the next restore."""
    run = bench.one(service, steps=("authenticate", *steps), answers=[ANSWER])
    assert set(run.codes) == {"SUCCESS"}, run
    return kept()


def test_what_is_pending_is_its_opener_s_alone(bench):
    # here the process that signs in opens the session: in sshd it is the one above
    assert after(bench, "sshd", begin_login(), "open") == []


def test_no_ticket_is_bound_where_the_login_is_as_before(bench):
    with login():
        assert after(bench, "login", "open") == []


def test_nor_where_there_is_none(bench):
    assert after(bench, "login", "open") == []


def test_nor_where_it_is_another_s(bench):
    assert after(bench, "login", begin_login(PEOPLE["bob"]), "open") == []


def test_nor_for_another_user(bench):
    assert after(bench, "login", begin_login(PEOPLE["bob"]), ("user", "bob"), "open") == []


def test_without_a_session_line_it_stays_pending_and_serves_nobody(bench):
    name, = after(bench, "login", begin_login())
    assert name.startswith("pending-")
    with login():
        assert is_asked(sudo(bench))


@pytest.mark.parametrize("service", sorted(set(HOSTS) - {"sshd", "login"}))
def test_what_others_open_and_close_ends_nothing(bench, service):
    with login():
        sign_in(bench)
        assert bench.one(service, steps=("open", "close")).codes == ["SUCCESS"] * 2
        assert sudo(bench).codes == ["SUCCESS"]


@pytest.mark.parametrize("service", ["sshd", "login"])
def test_a_session_that_closes_takes_what_sudo_kept_along(bench, service):
    with login():
        sign_in(bench)
        assert bench.one(service, steps=("close",)).codes == ["SUCCESS"]
        assert kept() == [] and is_asked(sudo(bench))


def test_and_nobody_else_s(bench):
    with login():
        sign_in(bench)
        assert bench.one("sshd", user="bob", steps=("close",)).codes == ["SUCCESS"]
        assert sudo(bench).codes == ["SUCCESS"]


def test_root_s_sessions_read_nothing(bench):
    TICKETS.parent.mkdir(mode=0o700, exist_ok=True)
    put(TICKETS, "no folder")
    try:
        assert bench.one("sshd", user="root", steps=("open", "close")).codes == ["SUCCESS"] * 2
        assert bench.events("sshd") == []
    finally:
        TICKETS.unlink()


### What goes wrong ###

def without_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    os.setresuid(ALICE, 0, 0)


def test_a_caller_who_forbids_files_signs_in_and_is_asked_again(bench):
    with login():
        seen = bench.one("sudo", oddity=without_files, answers=[ANSWER])
        assert seen.codes == ["SUCCESS"]
        error, = [one for one in bench.events("sudo", name="error")
                  if one["detail"].startswith("the ticket: ")]
        assert error["reason"] == "FILE_UNWRITTEN" and error["phase"] == "auth"
        assert kept() == []


def test_a_session_whose_ticket_cannot_be_written_begins_all_the_same(bench):
    def files_of(most):
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    run = bench.one("login", steps=("authenticate", begin_login(), files_of(0), "open",
                                    files_of(resource.RLIM_INFINITY)), answers=[ANSWER])
    assert run.codes == ["SUCCESS"] * 2
    errors = bench.events("login", name="error")
    # nor is there a place for its token to wait in
    assert [(one["phase"], one["reason"]) for one in errors] == [
        ("session", "FILE_UNWRITTEN"), ("session", "NOT_REVOKED")]
    assert kept() == []


SPOILT = [
    ("cut", lambda path: os.truncate(path, path.stat().st_size - 1)),
    ("hers", lambda path: os.chown(path, ALICE, 0)),
    ("a link", lambda path: (path.rename("/run/aside"), path.symlink_to("/run/aside"))),
    ("in a folder of hers", lambda path: os.chown(TICKETS, ALICE, 0)),
]


@pytest.mark.parametrize("what, spoil", SPOILT, ids=[row[0] for row in SPOILT])
def test_a_ticket_is_none_that_is(bench, what, spoil):
    with login():
        sign_in(bench)
        spoil(TICKETS / kept()[0])
        assert is_asked(sudo(bench))
