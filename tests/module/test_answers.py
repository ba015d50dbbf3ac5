# SPDX-License-Identifier: BSD-2-Clause
"""For each reason, in one situation: PAM's code in either phase, the person's sentence, the
line of the log, and what `beproductctl explain` says and exits with, asserted together.

A reason that is new in core/reason.def has no row, and fails; a row names why where one of
the four cannot be met."""

import contextlib
import os
import pathlib
import re
import tempfile
import time
import typing
from unittest import mock

import pytest

import host as host_module
import settings
from conftest import HELPER, PRODUCT
from program import Dialogue, ctl
from rows import (ADMIN, AGAIN, ANSWER, CLASSES, CUT, DENIED, FAILED, KEY, LATE, LATER,
                  MANY, MAP, REFUSED, SUDO, TOKEN, TRIES, UNASKED, USELESS, code_of, conf_of)
from test_account import UNREADABLE
from test_guest import slots_taken
from test_look_up import ACCESS, ISSUER
from test_ticket import kept, login, sign_in, sudo
from words import CANCELLED, CONSENT, INTERACT, LOGIN, OLD, SHORTER

NAMES = re.findall(r"(?m)^R\((\w+),", (PRODUCT / "core/reason.def").read_text(encoding="ascii"))
EXIT = {"ADMITTED": 0, "DENIED": 1, "FAILED": 1, "TRIES": 1, "LOCAL": 1, "ABSENT": 1,
        "CONVERSATION": 1, "MUTE": 1, "UNAVAILABLE": 2, "BROKEN": 3}
# what explain cannot be asked: it is of one who signs in, here and now
NO_SIGN_IN = "explain is about somebody who signs in"
NO_PAM = "explain has neither PAM's line nor its conversation"
# whatever a sign-in shows is asked for, so that a section may come to want it
WANTING = {"service_other": {"require_role": "x", "require_acr": "a", "require_amr": "b",
                             "max_age": "1h"}}


# its last line has the reason; or it says which file is refused, as the log's detail does
OF_REASON, OF_FILE = "reason", "file"


class Row(typing.NamedTuple):
    """make: what is amiss, given bench. redeem, renew: what the helper says at a sign-in,
    and of a ticket. account: how the account phase meets it: alone, by a ticket that was
    there before, by its renewal, in a look-up; or why it does not. explain: OF_REASON,
    OF_FILE, or why it cannot. around: while it runs."""
    kind: str
    sentence: str = ""
    make: typing.Callable = lambda bench: None
    account: str = "alone"
    service: str = "kiosk"
    user: str = "alice"
    answers: tuple = (ANSWER,)
    redeem: str = "good"
    explain: str = OF_REASON
    around: typing.Callable = contextlib.nullcontext
    host: dict = {}


def conf(**sections):
    return conf_of(**{**WANTING, **sections})


def gate(**keys):
    """Either service's section wants this."""
    section = {"require_role": "Host Login", **keys}
    return lambda bench: bench.conf(conf(service_kiosk=section, service_sudo=section))


def says(kind, sentence, mode, account="renewal", **more):
    return Row(kind, sentence, account=account, redeem=mode, **more)


def failed(name, kind, sentence=LATER):
    return says(kind, sentence, f"failed:{name}")


def in_file(name, text, mode=0o644):
    return lambda bench: bench.put(name, text, mode)


def pin_another(_):
    for arguments in (("drop", "--user", "alice"), ("add", "--user", "alice", "--sub", "other")):
        ctl("pins", *arguments)


def slow_to_answer():
    """More than the deadline of 10 s, at the first prompt."""
    converse = host_module._Host.converse

    def slow(self, *arguments):
        time.sleep(0 if self.seen.messages else 10.2)
        return converse(self, *arguments)
    return mock.patch.object(host_module._Host, "converse", slow)


def looked_up(kind, sentence, change):
    """Whoever comes by a key is, in the account phase alone."""
    def make(bench):
        bench.conf(conf_of(api={"company": "acme", "role_source": "api"}))
        bench.put("accounts.map", MAP.splitlines()[0] + "\n")
        settings.service_token(ACCESS, TOKEN, issuer=ISSUER)
        change(bench)
    return Row(kind, sentence, make, "look-up", "sshd", explain=NO_SIGN_IN)


def alone(service):
    sentence = {"sshd": KEY, "sudo": SUDO}.get(service, UNASKED)
    return Row("DENIED", sentence, account="look-up", service=service, explain=NO_SIGN_IN)


def of_config(what):
    return Row("BROKEN", ADMIN, UNREADABLE[what][0], explain=OF_FILE)


BEFORE = "the account phase begins no helper before it has somebody to ask about"
SLOW = "a test of its own"
DIALOGUE = "the account phase cannot converse"
TABLE = {
    "ADMITTED": Row("ADMITTED", account="ticket"),
    "ROOT": Row("LOCAL", user="root"),
    "LOCAL_ACCOUNT": Row("LOCAL", user="local1"),
    "NO_ACCOUNT": Row("ABSENT", user="nosuch"),
    "ACCOUNT_UNKNOWN": Row("FAILED", FAILED, user="nosuch", service="sshd"),
    "ACCOUNT_SPELLING": Row("DENIED", DENIED, user="ALICE"),
    "ACCOUNT_LOOKUP": Row("BROKEN", ADMIN, user="unasked"),
    "SERVICE_CLOSED": Row("DENIED", DENIED, lambda bench: bench.conf(conf_of(
        service_kiosk={"require_role": None, "require_scope": "roles"}))),
    "NO_SIGN_IN": alone("kiosk"),
    "SSH_NO_SIGN_IN": alone("sshd"),
    "SUDO_NO_SIGN_IN": alone("sudo"),
    "TENANT": says("DENIED", DENIED, "another_company"),
    "ROLE": Row("DENIED", DENIED, gate(require_role="Boss"), "ticket"),
    "ALL_ROLES": Row("DENIED", DENIED, gate(require_all_roles="Host Login, Boss"), "ticket"),
    "SCOPE": Row("DENIED", DENIED, gate(require_scope="nothing"), "ticket"),
    "ACR": Row("DENIED", DENIED, gate(require_acr="a"), "ticket"),
    "AMR": Row("DENIED", DENIED, gate(require_amr="b"), "ticket"),
    "NO_RULE": Row("DENIED", DENIED, in_file("accounts.map", "sub x alice\n"), "ticket"),
    "EMAIL_UNVERIFIED": says("DENIED", DENIED, "unverified"),
    "EMAIL_DIFFERS": says("DENIED", DENIED, "two_addresses"),
    "PINNED": Row("DENIED", DENIED, pin_another, "ticket"),
    "LOCKED": Row("DENIED", DENIED, lambda _: settings.lock("account", "alice")),
    "LOCK_UNTOLD": Row("BROKEN", ADMIN, lambda _: os.chmod(
        settings.lock("account", "x").parent, 0o777)),
    "RULE_ENDED": Row("DENIED", DENIED, in_file(
        "accounts.map", "email alice@example.com alice until=2020-01-01\n"), "ticket"),
    "NOBODY_KNOWN": looked_up("DENIED", KEY, in_file("accounts.map", "sub x alice\n")),
    "SEVERAL_KNOWN": looked_up("DENIED", KEY, in_file(
        "accounts.map", "email a@example.com alice\nemail b@example.com alice\n")),
    "ROLE_TYPE": says("FAILED", FAILED, "number_role"),
    "ROLE_LONG": says("FAILED", FAILED, "long_role"),
    "ACR_TYPE": Row("FAILED", FAILED, gate(require_acr="a"), "ticket", redeem="list_acr"),
    "AMR_TYPE": Row("FAILED", FAILED, gate(require_amr="b"), "ticket", redeem="string_amr"),
    "AUTH_TIME": Row("FAILED", FAILED, gate(max_age="1h"), "ticket"),
    "AUTH_TIME_PAST": Row("FAILED", OLD, gate(max_age="1h"), "ticket", redeem="old_sign_in"),
    "AUTH_TIME_AHEAD": Row("FAILED", FAILED, gate(max_age="1h"), "ticket",
                           redeem="coming_sign_in"),
    "TRIES": Row("TRIES", TRIES, account=DIALOGUE, answers=(USELESS,) * 3),
    "DEADLINE": Row("UNAVAILABLE", LATE, gate(deadline="10s"), DIALOGUE, answers=(USELESS, ANSWER),
                    around=slow_to_answer, explain=SLOW),
    "BROKE_OFF": Row("CONVERSATION", account=DIALOGUE, answers=("CONV_ERR",)),
    "SSH_NO_PROMPT": Row("CONVERSATION", account=DIALOGUE, service="sshd", answers=("CONV_ERR",),
                         explain=NO_PAM),
    "SUDO_BROKE_OFF": Row("CONVERSATION", SHORTER, account=DIALOGUE, service="sudo",
                          answers=("CONV_ERR",), explain=NO_PAM),
    "NO_CONVERSATION": Row("MUTE", account=DIALOGUE, host={"conv": False}, explain=NO_PAM),
    "ARGUMENT": Row("BROKEN", ADMIN, lambda bench: bench.argument(
        "config", pathlib.Path(tempfile.mkdtemp())), explain=NO_PAM),
    "FILE_MISSING": of_config("missing"),
    "FILE_UNTRUSTED": of_config("a link"),
    "FILE_UNREAD": of_config("too long"),
    "CONFIG": of_config("a misspelt section"),
    "MAP": Row("BROKEN", ADMIN, in_file("accounts.map", MAP + "email x\n"), "ticket",
               explain=OF_FILE),
    "SECRET": Row("BROKEN", ADMIN, in_file("client_secret", "a\nb\n", 0o600),
                  "only a renewal needs it", explain=OF_FILE),
    "SERVICE_TOKEN_NONE": looked_up("BROKEN", ADMIN,
                                    lambda _: settings.SERVICE_TOKEN.unlink()),
    "SERVICE_TOKEN_REFUSED": looked_up("BROKEN", ADMIN, lambda bench: bench.helper(
        look_up="failed:PROVIDER_REFUSED")),
    "PROVIDER_FOREIGN": Row("BROKEN", ADMIN, lambda bench: bench.helper(discover="endpoint"),
                            BEFORE),
    "DISCOVERY_ISSUER": Row("BROKEN", ADMIN, lambda bench: bench.helper(
        discover="failed:DISCOVERY_ISSUER"), BEFORE),
    "DISCOVERY_ENDPOINT": Row("BROKEN", ADMIN, lambda bench: bench.helper(
        discover="failed:DISCOVERY_ENDPOINT"), BEFORE),
    "NO_KEYS": Row("UNAVAILABLE", LATER, lambda bench: bench.helper(discover="failed:NO_KEYS"),
                   BEFORE),
    "HELPER_FILE": Row("BROKEN", ADMIN, lambda _: os.chmod(HELPER, 0o777), BEFORE),
    "HELPER_MANY": Row("UNAVAILABLE", MANY, account=BEFORE,
                       around=lambda: slots_taken(0, 0)),
    "HELPER_ENDED": says("BROKEN", ADMIN, "crash"),
    "HELPER_BUILD": says("BROKEN", ADMIN, "build"),
    "HELPER_LONG": says("BROKEN", ADMIN, "too_long"),
    "HELPER_ANSWER": says("BROKEN", ADMIN, "zero"),
    "HELPER_SILENT": says("UNAVAILABLE", LATER, "silent"),
    **{name: failed(name, "BROKEN", ADMIN) for name in (
        "HELPER_BROKEN", "HELPER_LIMITS", "CA_BAD", "RECORD_BAD", "CLIENT_REFUSED")},
    **{name: failed(name, "UNAVAILABLE") for name in (
        "NO_NAME", "NO_CONNECTION", "TLS", "PROXY", "SILENCE", "STATUS", "BODY")},
    "PROVIDER_REFUSED": failed("PROVIDER_REFUSED", "FAILED", REFUSED),
    "ACCESS_DENIED": failed("ACCESS_DENIED", "FAILED", CANCELLED),
    "LOGIN_REQUIRED": failed("LOGIN_REQUIRED", "FAILED", LOGIN),
    "CONSENT_REQUIRED": failed("CONSENT_REQUIRED", "FAILED", CONSENT),
    "INTERACTION_REQUIRED": failed("INTERACTION_REQUIRED", "FAILED", INTERACT),
    "TOKEN_MISSING": says("FAILED", FAILED, "failed:TOKEN_MISSING",
                          "a renewal without one ends the ticket: tests/module/test_renewal.py"),
    **{name: failed(name, "FAILED", FAILED) for name in (
        "CALLBACK_ISS", "TOKEN_TYPE", "TOKEN_FORM", "TOKEN_ALG", "TOKEN_KEY", "TOKEN_SIGNATURE",
        "TOKEN_ISS", "TOKEN_AUD", "TOKEN_AZP", "TOKEN_EXP", "TOKEN_IAT", "TOKEN_NBF",
        "TOKEN_NONCE", "TOKEN_SUB", "TOKEN_AT_HASH", "USERINFO_SUB", "API_ROLE_TYPE",
        "CLAIMS_LONG", "CLAIMS_SECRET")},
    **{name: failed(name, "DENIED", DENIED) for name in (
        "API_EMAIL", "API_TOKEN", "API_FORBIDDEN", "API_NO_USER", "API_USERS", "API_INACTIVE",
        "API_OTHER")},
}

# A line that was of no use: the person reads why and pastes again, and after the third it
# is TRIES, whose detail has the reason.
AGAINS = {name: AGAIN for name in ("NO_CODE", "STATE_WRONG", "ISS_MISSING", "CODE_REFUSED")}
AGAINS["ANSWER_CUT"] = CUT

# Beside a decision, and none itself: nobody is refused by it, and explain has no word of it.
BESIDE = ("ANSWER_REPLACED", "FILE_UNWRITTEN", "NOT_REVOKED", "REVOKED_LATER", "QUEUE_FULL",
          "HELPER_LEFT", "REVOCATION_REFUSED", "NO_REVOCATION")

OUT_OF_REACH = {
    "UNDECIDED": "what nobody decided: no code says it",
    "MEMORY": "needs a host without memory",
    "RANDOM": "needs a kernel without random bytes",
    "HELPER_USER": "test_account.py, where no helper's user is looked for meanwhile",
    "HELPER_START": "needs a kernel that refuses to fork or execute",
    "RENEWAL_REFUSED": "ends the ticket, and then it is SUDO_NO_SIGN_IN: test_renewal.py",
    "MAP_LONG": "a map of a megabyte: tests/unit/test_policy.c",
    "SERVICE_TOKEN_OLD": "sudo's caller alone, before a log-in has renewed it: test_look_up.py",
}


def test_each_reason_is_in_one_of_these_tables():
    tables = (TABLE, AGAINS, BESIDE, OUT_OF_REACH)
    assert sorted(NAMES) == sorted(name for table in tables for name in table)


def check(seen, event, name, row, code):
    """The host's answer, the person's sentence and the log's line, with one id."""
    assert seen.codes == [code], (seen, event)
    assert (event.name, event["reason"]) == (CLASSES[row.kind][2], name), event
    assert re.fullmatch("[0-9a-f]{16}", event["attempt"]) and event["ms"]
    assert seen.errors == ([f"{row.sentence} [{event['attempt']}]"] if row.sentence else [])


def explain(row, *more):
    return ctl("explain", "--user", row.user, "--service", row.service, *more,
               input="".join(f"{one}\n" for one in row.answers if one != "CONV_ERR"))


def check_explained(done, event, name, row):
    assert done.returncode == EXIT[row.kind], done
    if row.explain == OF_FILE:
        assert done.stderr.splitlines()[-1] == f"beproductctl: {event['detail']}"
        assert not done.stdout
    elif row.kind == "ADMITTED":
        assert done.stdout.endswith(f"admitted: {row.user}, by {row.service}\n")
    else:
        word = "error" if row.kind == "BROKEN" else "refused"
        assert done.stdout.splitlines()[-1].startswith(f"{word}: {name}: {event['text']}"), done


@pytest.fixture(autouse=True)
def _as_it_was(bench):
    """What a row changes outside bench's files."""
    mode = HELPER.stat().st_mode & 0o7777
    bench.conf(conf())
    yield
    os.chmod(HELPER, mode)


def test_whoever_is_slow_at_explain_is_told_the_same(bench):
    gate(deadline="10s")(bench)
    one = Dialogue("explain", "--user", "alice", "--service", "kiosk")
    try:
        assert one.prompt()
        time.sleep(10.2)
        one.answer(ANSWER)
    finally:
        status = one.end()
    assert (status, one.stdout.splitlines()[-1].split(": ")[:2]) == (2, ["refused", "DEADLINE"])


def those(*accounts):
    return [name for name, row in TABLE.items() if row.account in accounts]


@pytest.mark.parametrize("name", [one for one in TABLE if one not in those("look-up")])
def test_where_somebody_signs_in(bench, name):
    row = TABLE[name]
    bench.helper(redeem=row.redeem)
    row.make(bench)
    with row.around():
        seen = bench.one(row.service, user=row.user, answers=list(row.answers), **row.host)
        event = bench.events(row.service)[-1]
        check(seen, event, name, row, code_of(row.kind, row.service))
        if row.explain in (OF_REASON, OF_FILE):
            check_explained(explain(row), event, name, row)


@pytest.mark.parametrize("name", those("alone", "look-up"))
def test_where_the_account_phase_is_alone(bench, name):
    row = TABLE[name]
    row.make(bench)
    seen = bench.one(row.service, user=row.user, steps=("account",))
    if row.kind == "LOCAL":     # and needs no line twice
        assert (seen.codes, seen.messages, bench.events(row.service)) == (["IGNORE"], [], [])
        return
    check(seen, bench.events(row.service)[-1], name, row, CLASSES[row.kind][1])


@pytest.mark.parametrize("name", those("ticket", "renewal"))
def test_where_a_sign_in_is_remembered(bench, name):
    """explain --ticket, of what is decided by the ticket; a renewal asks the provider."""
    row = TABLE[name]._replace(service="sudo")
    at_once = {} if row.account == "ticket" else {"recheck": "0s"}
    bench.conf(conf(service_sudo={"require_role": "Host Login", **at_once}))
    with login():
        bench.helper(redeem=row.redeem if row.account == "ticket" else "good")
        attempt = sign_in(bench)
        row.make(bench)
        bench.helper(renew=row.redeem)
        seen = sudo(bench, steps=("account",))
        event = bench.events("sudo")[-1]
        check(seen, event, name, row, CLASSES[row.kind][1])
        assert event["attempt"] == attempt or row.kind != "ADMITTED"
        if row.account == "ticket":
            check_explained(explain(row, "--ticket", kept()[0]), event, name, row)


@pytest.mark.parametrize("name", AGAINS)
def test_where_a_line_is_of_no_use(bench, name):
    bench.helper(redeem=f"unusable:{name}")
    answer = "x" * 1023 if name == "ANSWER_CUT" else ANSWER
    row = Row("TRIES", TRIES, service="sshd", answers=(answer,) * 3)
    seen = bench.one("sshd", answers=list(row.answers))
    event = bench.events("sshd")[-1]
    check(seen, event, "TRIES", row, "MAXTRIES")
    assert event["detail"].startswith(name)
    assert [text.startswith(AGAINS[name]) for text in seen.prompts] == [False, True, True]
    if name != "ANSWER_CUT":    # which explain's own input does not do
        done = explain(row)
        check_explained(done, event, "TRIES", row)
        assert f"({name}" in done.stdout and done.stderr.count(AGAINS[name]) == 2


CLAIMS = ["ADMITTED", *(name for name, row in TABLE.items() if row.kind in ("DENIED", "FAILED")
                        and row.account in ("ticket", "renewal") and ":" not in row.redeem)]


@pytest.mark.parametrize("name", CLAIMS)
def test_what_a_sign_in_showed_is_explained_again_to_the_same_end(bench, tmp_path, name):
    row = TABLE[name]
    bench.helper(redeem=row.redeem)
    row.make(bench)
    bench.one(row.service, answers=list(row.answers))
    event = bench.events(row.service)[-1]
    shown = tmp_path / "claims"
    shown.write_text(ctl("sign-in", "--user", row.user, "--service", row.service,
                         input=f"{ANSWER}\n").stdout, encoding="utf-8")
    check_explained(explain(row, "--claims", shown), event, name, row)


def test_a_ticket_that_serves_no_more_is_called_what_the_module_calls_it(bench):
    row = Row("DENIED", SUDO, service="sudo")
    bench.helper(redeem="without_tokens")
    with login():
        sign_in(bench)
        bench.conf(conf(provider={"role_claim": "groups"}))
        seen = sudo(bench, steps=("account",))
        event = bench.events("sudo")[-1]
        check(seen, event, "SUDO_NO_SIGN_IN", row, "PERM_DENIED")
        check_explained(explain(row, "--ticket", kept()[0]), event, "SUDO_NO_SIGN_IN", row)
