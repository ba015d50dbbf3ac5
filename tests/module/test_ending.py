# SPDX-License-Identifier: BSD-2-Clause
"""The end of a session, through the real libpam: its ticket goes, and the refresh token
in it is revoked, or waits for it."""

import pathlib
import time

import pytest
from conftest import ETC, PEOPLE, put
from rows import ANSWER, CONF, TOKEN
from settings import QUEUE
from test_ticket import begin_login, kept, login, sign_in, sudo, without_files


SEEN = pathlib.Path("/run/between")


def waiting():
    return sorted(QUEUE.glob("*")) if QUEUE.is_dir() else []


def session(bench, service="login", *more, **options):
    """A whole one; gives its sign-in's id."""
    run = bench.one(service, steps=("authenticate", "account", begin_login(), "open", *more,
                                    "close"), answers=[ANSWER], **options)
    assert run.codes == ["SUCCESS"] * 4, run
    assert kept() == []
    admitted, = bench.events(service, name="admitted")
    return admitted["attempt"]


def errors(bench, service="login"):
    return bench.events(service, name="error", phase="session")


def test_a_session_s_token_is_revoked_at_its_end_without_a_word(bench):
    session(bench)
    assert waiting() == [] and QUEUE.is_dir()
    assert QUEUE.stat().st_mode & 0o7777 == 0o700
    assert bench.events("login", phase="session") == []


def test_a_session_without_a_token_ends_without_a_word(bench):
    bench.conf(CONF.replace("[service:sudo]\n", "[service:sudo]\nrecheck = 8h\n"))
    session(bench)
    assert waiting() == [] and bench.events("login", phase="session") == []


def test_until_then_nothing_waits(bench):
    session(bench, "login", lambda: put(SEEN, str(waiting())))
    assert SEEN.read_text(encoding="ascii") == "[]"


WAITS = {"failed:SILENCE": "SILENCE", "failed:CLIENT_REFUSED": "CLIENT_REFUSED",
         "failed:STATUS": "STATUS", "mute": "HELPER_ENDED"}


@pytest.mark.parametrize("helper", WAITS)
def test_what_cannot_be_revoked_waits_and_the_next_end_revokes_it(bench, helper):
    bench.helper(revoke=helper)
    attempt = session(bench)
    file, = waiting()
    assert (file.stat().st_mode & 0o7777, file.stat().st_uid) == (0o600, 0)
    assert TOKEN not in file.name and TOKEN.encode() in file.read_bytes()
    error, = errors(bench)
    assert (error["reason"], error["attempt"]) == ("REVOKED_LATER", attempt)
    assert error["detail"].startswith(f"of the sign-in {attempt}: {WAITS[helper]}: ")
    bench.helper()
    # a session of whomever, which has no ticket
    assert bench.one("sshd", user="bob", steps=("close",)).codes == ["SUCCESS"]
    assert waiting() == [] and errors(bench, "sshd") == []


@pytest.mark.parametrize("reason", ["REVOCATION_REFUSED", "NO_REVOCATION"])
def test_what_nobody_can_revoke_is_logged_and_waits_no_more(bench, reason):
    bench.helper(revoke=f"failed:{reason}")
    attempt = session(bench)
    assert waiting() == []
    error, = errors(bench)
    assert (error["reason"], error["attempt"]) == (reason, attempt)


def test_a_provider_that_says_nothing_holds_a_session_up_for_seconds(bench):
    bench.conf(CONF.replace("timeout = 1s", "timeout = 60s"))
    bench.helper(revoke="silent")
    session(bench)
    began = time.monotonic()
    assert bench.one("sshd", user="bob", steps=("close",)).codes == ["SUCCESS"]
    assert 3 < time.monotonic() - began < 8
    assert len(waiting()) == 1
    error, = errors(bench, "sshd")
    assert "HELPER_SILENT" in error["detail"]


def test_a_provider_whose_addresses_are_gone_is_asked_for_them_once(bench, record):
    bench.helper(discover="failed:NO_CONNECTION", revoke="good")
    with login():
        bench.helper()
        sign_in(bench)
        record.path().unlink()
        bench.helper(discover="failed:NO_CONNECTION")
        assert bench.one("login", steps=("close",)).codes == ["SUCCESS"]
    assert len(waiting()) == 1 and kept() == []
    error, = errors(bench)
    assert "NO_CONNECTION" in error["detail"]


def test_where_it_cannot_wait_the_ticket_goes_all_the_same(bench):
    QUEUE.parent.mkdir(mode=0o700, exist_ok=True)
    put(QUEUE, "no folder")
    try:
        attempt = session(bench)
    finally:
        QUEUE.unlink()
    error, = errors(bench)
    assert (error["reason"], error["attempt"]) == ("NOT_REVOKED", attempt)
    assert error["detail"] == "the queue: a link, or wrong type, owner or mode"


def test_where_the_configuration_is_gone_it_waits(bench):
    run = bench.one("login", steps=("authenticate", begin_login(), "open",
                                    (ETC / "beproduct.conf").unlink, "close"), answers=[ANSWER])
    assert run.codes == ["SUCCESS"] * 3
    assert kept() == [] and len(waiting()) == 1
    error, = errors(bench)
    assert error["reason"] == "REVOKED_LATER"
    assert error["detail"] == "/etc/beproduct/beproduct.conf: is missing"


def test_a_mistake_in_the_session_line_breaks_no_session(bench, tmp_path):
    with login():
        sign_in(bench)
        bench.argument("confg=/etc/x", tmp_path)
        assert bench.one("login", steps=("open", "close")).codes == ["SUCCESS"] * 2
    assert kept() == [] and waiting() == []
    assert {one["reason"] for one in errors(bench)} == {"ARGUMENT"}


def test_the_file_by_which_the_sign_in_was_says_which_client(bench, tmp_path):
    with login():
        bench.put("other.conf", CONF)
        whose = bench.stacks
        bench.argument("config=/etc/beproduct/other.conf", tmp_path)
        sign_in(bench)
        bench.stacks = whose
        assert bench.one("login", steps=("close",)).codes == ["SUCCESS"]
    assert kept() == [] and waiting() == []


def test_nobody_else_s_file_ends_it(bench, tmp_path):
    bench.helper(revoke="failed:SILENCE")
    session(bench)
    bench.helper()
    bench.put("other.conf", CONF)
    bench.argument("config=/etc/beproduct/other.conf", tmp_path)
    assert bench.one("login", steps=("close",)).codes == ["SUCCESS"]
    assert len(waiting()) == 1


@pytest.mark.parametrize("service", ["sudo", "sudo-i", "su", "su-l"])
def test_others_that_close_revoke_nothing(bench, service):
    bench.helper(revoke="failed:SILENCE")
    session(bench)
    bench.helper()
    assert bench.one(service, steps=("close",)).codes == ["SUCCESS"]
    assert len(waiting()) == 1


### Sign-ins that no ticket is kept of ###

def test_what_is_pending_and_no_session_s_waits(bench):
    # here the process that signs in opens the session: in sshd it is the one above
    run = bench.one("sshd", steps=("authenticate", begin_login(), "open"), answers=[ANSWER])
    assert run.codes == ["SUCCESS"] * 2 and kept() == []
    assert len(waiting()) == 1 and errors(bench, "sshd") == []


@pytest.mark.parametrize("service", ["sshd", "login", "sudo"])
def test_whom_the_policy_refuses_leaves_a_token_that_waits(bench, service):
    bench.conf(CONF.replace("require_role = Host Login", "require_role = Boss"))
    seen = bench.one(service, answers=[ANSWER])
    assert seen.codes != ["SUCCESS"] and kept() == []
    refused, = bench.events(service, name="refused")
    assert refused["reason"] == "ROLE" and "detail" not in refused.fields
    assert len(waiting()) == 1


def test_and_where_it_cannot_wait_the_refusal_is_told_as_it_is(bench):
    bench.helper(redeem="number_role")
    QUEUE.parent.mkdir(mode=0o700, exist_ok=True)
    put(QUEUE, "no folder")
    try:
        bench.one("sshd", answers=[ANSWER])
    finally:
        QUEUE.unlink()
    lost, refused = [one for one in bench.events("sshd") if "reason" in one.fields]
    assert (lost["reason"], refused["reason"]) == ("NOT_REVOKED", "ROLE_TYPE")
    assert refused["detail"] == "role_claim = role: number"


def test_a_sign_in_that_no_session_has_leaves_a_token_that_waits(bench):
    assert sudo(bench, caller=PEOPLE["bob"], answers=[ANSWER]).codes == ["SUCCESS"]
    assert kept() == [] and len(waiting()) == 1


def test_one_that_is_kept_leaves_none(bench):
    with login():
        sign_in(bench)
    assert len(kept()) == 1 and waiting() == []


def test_nor_does_one_that_asked_for_none(bench):
    bench.conf(CONF.replace("[service:sudo]\n", "[service:sudo]\nrecheck = 8h\n"))
    assert sudo(bench, caller=PEOPLE["bob"], answers=[ANSWER]).codes == ["SUCCESS"]
    assert waiting() == []


def test_a_caller_who_forbids_files_loses_the_token_and_nothing_else(bench):
    with login():
        seen = bench.one("sudo", oddity=without_files, answers=[ANSWER])
    assert seen.codes == ["SUCCESS"] and kept() == [] and waiting() == []
    error, = bench.events("sudo", name="error", reason="NOT_REVOKED")
    assert error["detail"] == "the queue: File too large"
