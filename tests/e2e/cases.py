# SPDX-License-Identifier: BSD-2-Clause
"""The cases that every host has to stand, as rows; each host's tests run them.

A row says what differs by case; what differs by host is hosts.Host's."""

import re
import time
from dataclasses import dataclass

import pytest

import accounts
import idp
import recorded
import processes
import settings as files
import words

NONSENSE = "this is no address"
# of the form of a bare code, and of nobody's making
NO_CODE_OF_HERS = "0123456789abcdef0123456789abcdef"


RECORD = "provider-https___id.beproduct.test_ids"


class Person(str):
    """An answer: what this person's browser ends on."""


@dataclass(frozen=True)
class Case:
    """code: authenticate's, before the host's final answer takes its place."""
    name: str
    account: str
    answers: tuple
    code: str
    reason: str
    sentence: str = ""
    rounds: int = 1
    event: str = words.REFUSED_EVENT
    prepare: object = None

    @property
    def is_admitted(self):
        return self.code == "PAM_SUCCESS"


def _refuse_one_code(provider):
    provider.fault("token", error="invalid_grant", count=1)


def _wrong_secret(_):
    files.put(files.SECRET, "not the secret\n", mode=0o600)


def _forged(provider):
    provider.fault("token", idtoken={"key": "other"})


def _down(provider):
    provider.stop()


def _closed(_):
    text = "\n".join(line for line in files.conf_text().splitlines()
                     if not line.startswith("require_role"))
    files.put(files.CONF, text + "\n")


ALICE = Person("alice")
CASES = [
    Case("admitted", "alice", (ALICE,), "PAM_SUCCESS", words.ADMITTED, event="admitted"),
    Case("wrong role", "bob", (Person("bob"),), "PAM_PERM_DENIED", words.ROLE, words.DENIED),
    Case("no mapped account", "carol", (Person("carol"),), "PAM_PERM_DENIED", words.NO_RULE,
         words.DENIED),
    Case("wrong person for the account", "alice", (Person("dave"),), "PAM_PERM_DENIED",
         words.NO_RULE, words.DENIED),
    Case("person of another company", "alice", (Person("mallory"),), "PAM_PERM_DENIED",
         words.TENANT, words.DENIED),
    Case("three unusable answers", "alice", (NONSENSE,) * 3, "PAM_MAXTRIES", words.TOO_MANY,
         words.TRIES),
    Case("three empty lines", "alice", ("",) * 3, "PAM_MAXTRIES", words.TOO_MANY, words.TRIES),
    Case("local password of an account of ours", "alice", ("alice's local password",) * 3,
         "PAM_MAXTRIES", words.TOO_MANY, words.TRIES),
    Case("unusable, then right", "alice", (NONSENSE, ALICE), "PAM_SUCCESS", words.ADMITTED,
         event="admitted"),
    Case("empty line, then right", "alice", ("", ALICE), "PAM_SUCCESS", words.ADMITTED,
         event="admitted"),
    Case("code refused, then a new one", "alice", (ALICE, ALICE), "PAM_SUCCESS", words.ADMITTED,
         event="admitted", prepare=_refuse_one_code),
    Case("three refused codes", "alice", (NO_CODE_OF_HERS,) * 3, "PAM_MAXTRIES",
         words.TOO_MANY, words.TRIES),
    Case("provider down", "alice", (), "PAM_AUTHINFO_UNAVAIL", words.NO_CONNECTION, words.LATER,
         rounds=0, prepare=_down),
    Case("refused secret", "alice", (ALICE,), "PAM_SERVICE_ERR", words.CLIENT_REFUSED,
         words.ADMIN, event=words.ERROR_EVENT, prepare=_wrong_secret),
    Case("forged id_token", "alice", (ALICE,), "PAM_AUTH_ERR", words.TOKEN_SIGNATURE,
         words.FAILED, prepare=_forged),
    Case("service without a role", "alice", (), "PAM_PERM_DENIED", words.SERVICE_CLOSED,
         words.DENIED, rounds=0, prepare=_closed),
]


def on(*hosts):
    """A test a host, whose PAM files are in their places then."""
    return pytest.mark.parametrize("host", hosts, ids=lambda host: host.name, indirect=True)


def answers_of(case, provider):
    return [provider.as_person(str(one)) if isinstance(one, Person) else one
            for one in case.answers]


def run(host, case, provider, log):
    """One row on one host: outcome, code, words, log, rounds."""
    if case.prepare:
        case.prepare(provider)
    terminal = host.dialogue(case.account, answers_of(case, provider))
    assert_outcome(host, case, terminal, log)
    return terminal


def assert_outcome(host, case, terminal, log):
    prompts = [one for one in terminal.prompts if one.text.endswith("Address: ")]
    assert len(prompts) == len(case.answers), terminal.transcript
    assert len(terminal.addresses) == case.rounds, terminal.transcript
    codes = host.authenticate(log)
    last = log.wait_for_event(case.event, reason=case.reason, phase="auth",
                              user=case.account, service=host.service)
    if case.is_admitted:
        assert host.is_admitted(terminal, case.account), terminal.transcript
        assert codes == ["PAM_SUCCESS"], str(log)
        assert set(host.account(log)) == {"PAM_SUCCESS"}, str(log)
        assert set(host.setcred(log)) == {"PAM_SUCCESS"}, str(log)
    else:
        assert host.is_closed(terminal), f"{terminal.status}\n{terminal.transcript}"
        assert codes == [host.code(case.code)], str(log)
        assert host.setcred(log) == []
        assert f"{case.sentence} [{last['attempt']}]" in terminal.transcript
        assert not log.events("admitted")
    # whoever has signed in is named
    if case.reason in (words.ADMITTED, words.ROLE, words.NO_RULE, words.TENANT):
        assert last["sub"] and last["email"]
    assert_one_attempt(case, log, last)
    assert_nothing_secret(log)
    recorded.record(host.name, case.name, codes, case.sentence, case.event, case.reason,
                  len(terminal.addresses), ["PAM_SUCCESS"] if case.is_admitted else [])


def assert_one_attempt(case, log, last):
    """started where somebody was asked, and its end, under one id."""
    assert re.fullmatch("[0-9a-f]{16}", last["attempt"])
    assert [one["attempt"] for one in log.events("started")] == [last["attempt"]] * case.rounds
    ends = [one for one in log.events(phase="auth") if one.name != "started"]
    assert len(ends) == 1, str(log)


def assert_nothing_secret(log):
    text = str(log)
    assert idp.SECRET not in text and NO_CODE_OF_HERS not in text
    assert "alice's local password" not in text and accounts.LOCAL_PASSWORD not in text


### A dialogue that breaks off, or takes too long ###

def assert_nothing_left(terminal, modes):
    """Neither a process, nor a terminal mode, nor a file but the record."""
    assert terminal.modes_left == modes
    assert processes.running() == []
    assert [one.name for one in files.CACHE.iterdir()] == [RECORD]


def begin(host, account="alice"):
    """At the first prompt; gives the terminal's modes from before, too."""
    terminal = host.start(account)
    modes = terminal.modes()
    assert terminal.prompt(), terminal.transcript
    return terminal, modes


def broken_off(host, log, name, how, reason=words.BROKE_OFF, sentence=""):
    """The host lives, and gives up by itself: CONV_ERR, and no second round."""
    terminal, modes = begin(host)
    with terminal:
        how(terminal)
        assert terminal.end() == 1, terminal.transcript
    assert_nothing_left(terminal, modes)
    assert host.authenticate(log) == ["PAM_CONV_ERR"]
    refused = log.wait_for_event(words.REFUSED_EVENT, reason=reason)
    said = f"{sentence} [{refused['attempt']}]" if sentence else ""
    assert said in terminal.transcript
    assert sentence or refused["attempt"] not in terminal.transcript
    assert (len(terminal.prompts), len(terminal.addresses)) == (1, 1)
    recorded.record(host.name, name, ["PAM_CONV_ERR"], sentence, words.REFUSED_EVENT, reason, 1)


def after_the_deadline(hosts, provider, settings, log):
    """Looked at between prompts: a good answer comes too late. All hosts at
    once, for the shortest deadline is ten seconds."""
    settings.conf(**{f"service_{name}": {"deadline": "10s"} for name in ("sudo", "su", "login")})
    terminals = [begin(host) for host in hosts]
    pages = [provider.as_person("alice")(one.prompts[0].address) for one, _ in terminals]
    time.sleep(10.1)
    for (terminal, modes), page, host in zip(terminals, pages, hosts):
        with terminal:
            terminal.answer(page)
            terminal.end()
        assert host.is_closed(terminal), f"{terminal.status}\n{terminal.transcript}"
        refused = log.wait_for_event(words.REFUSED_EVENT, reason=words.DEADLINE,
                                     service=host.service, user="alice")
        assert f"{words.LATE} [{refused['attempt']}]" in terminal.transcript
        assert_nothing_left(terminal, modes)
        codes = host.authenticate(log)[-1:]
        recorded.record(host.name, "deadline passed between prompts", codes, words.LATE,
                      words.REFUSED_EVENT, words.DEADLINE, len(terminal.addresses))
        assert codes == [host.code("PAM_AUTHINFO_UNAVAIL")]
    assert "token" not in provider.endpoints()


### Break-glass: an account that is not ours, whatever state ours is in ###

def broken_configuration(settings, _):
    files.put(files.CONF, "[provider\n", mode=0o600)


def unreadable_configuration(settings, _):
    files.CONF.unlink()
    files.CONF.mkdir()


def broken_map(settings, _):
    files.put(files.MAP, "email only-two-columns\n")


def provider_down(settings, provider):
    provider.stop()


def nothing_wrong(settings, provider):
    pass


OF_ROOT = [nothing_wrong, provider_down, broken_configuration, unreadable_configuration]
OF_LOCAL = [nothing_wrong, provider_down, broken_map]


def break_glass(host, log, account, password, is_admitted, reason):
    """The password goes on to pam_unix; one line says that it was used."""
    terminal = host.dialogue(account, [password], asks="[Pp]assword.*: ")
    assert is_admitted(terminal), f"{terminal.status}\n{terminal.transcript}"
    assert host.authenticate(log) == ["PAM_SUCCESS"]
    assert set(host.account(log)) == {"PAM_SUCCESS"}
    assert set(host.setcred(log)) == {"PAM_SUCCESS"}
    assert [one["reason"] for one in log.events("local", phase="auth", user=account)] == [reason]
    assert len(log.events()) == 1, str(log)
    assert not terminal.addresses
    assert_nothing_secret(log)
    recorded.record(host.name, "local account" if account == accounts.LOCAL else "root",
                  ["PAM_SUCCESS"], "", "local", reason, 0, ["PAM_SUCCESS"])
