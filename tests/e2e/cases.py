"""The cases that every host has to stand, as rows; each host's tests run them.

A row says what differs by case; what differs by host is hosts.Host's."""

import re
from dataclasses import dataclass

import accounts
import idp
import matrix
import settings as files
import words

NONSENSE = "this is no address"
# of the form of a bare code, and of nobody's making
NO_CODE_OF_HERS = "0123456789abcdef0123456789abcdef"


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
    else:
        assert host.is_closed(terminal), f"{terminal.status}\n{terminal.transcript}"
        assert codes == [host.code(case.code)], str(log)
        assert f"{case.sentence} [{last['attempt']}]" in terminal.transcript
        assert not log.events("admitted")
    assert_one_attempt(case, log, last)
    assert_nothing_secret(log)
    matrix.record(host.name, case.name, codes, case.sentence, case.event, case.reason,
                  len(terminal.addresses))


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
