# SPDX-License-Identifier: BSD-2-Clause
"""A sign-in that is looked at again at the provider while it is remembered: sudo asks
BeProduct and not the person whether the role still stands."""

import contextlib
import itertools
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import time

import pytest

import hosts as h
import processes
import settings as files
import words
from tickets import ID, kept, roots, ssh, wait_for

GO = "/tmp/e2e-step"
RECHECK = 2
# as sudoers is where nobody has touched it: sudo itself remembers, and asks the account phase
REMEMBERS = h.DOCUMENTED.replace("timestamp_timeout=0", "timestamp_timeout=15")
TWENTY = 20


@pytest.fixture(autouse=True)
def steps():
    yield
    for one in pathlib.Path("/tmp").glob("e2e-step-*"):
        one.unlink()


class Steps:
    """An ssh session that does one command after the other, each when it is told to."""

    def __init__(self, session):
        self.session = session
        self.numbers = itertools.count(1)

    def begin(self):
        number = next(self.numbers)
        pathlib.Path(f"{GO}-{number}").touch()
        return number

    def do(self):
        """The status of the next command, which asks nobody."""
        return self._end(self.begin())

    def _end(self, number):
        """0, or 1; what asks the person after all ends neither so."""
        return self.session.next_of(*[rf"step {number} was {status}\." for status in (0, 1)],
                                    words.PROMPT_END)

    def wait(self):
        """Until the command that was begun has ended, in whatever way."""
        self.session.next_of(r"step \d+ was \d+\.")

    def sign_in(self, answer):
        """The next command, which asks the person."""
        number = self.begin()
        prompt = self.session.prompt()
        assert prompt is not None and prompt.has_address, self.session.transcript
        self.session.answer(answer(prompt.address))
        return prompt.address, self._end(number)


@contextlib.contextmanager
def session_of(provider, *commands, user="alice"):
    line = "".join(f"while [ ! -e {GO}-{n} ]; do sleep 0.05; done; {one}; "
                   f"echo step {n} was $?.; " for n, one in enumerate(commands, 1))
    # what it ends with is gone: not while the test looks at it
    line += f"while [ ! -e {GO}-end ]; do sleep 0.05; done"
    with ssh(line, user) as session:
        session.answer(provider.as_person(user)(session.prompt().address))
        yield Steps(session)
        pathlib.Path(f"{GO}-end").touch()
        assert len(session.addresses) >= 1


def renewals(provider):
    return [one for one in provider.log()["requests"]
            if one["endpoint"] == "token" and one.get("grant_type") == "refresh_token"]


def past_recheck():
    time.sleep(RECHECK + 1)


def rechecks(settings, seconds=RECHECK, **keys):
    settings.conf(service_sudo={"recheck": f"{seconds}s", **keys})


def people_without_role(provider, name):
    people = json.loads((pathlib.Path(files.__file__).parent.parent / "idp" /
                         "people.json").read_text(encoding="utf-8"))
    people[name]["roles"] = ["Guest"]
    provider.control("POST", "/people", people)


def give_roles_back(provider):
    people = json.loads((pathlib.Path(files.__file__).parent.parent / "idp" /
                         "people.json").read_text(encoding="utf-8"))
    provider.control("POST", "/people", people)


### Renewed ###

@pytest.mark.parametrize("shape", [{}, {"reusable": True}], ids=["one use each", "reusable"])
def test_after_recheck_sudo_asks_the_provider_and_not_the_person(
        both, provider, settings, log, shape):
    rechecks(settings)
    provider.shape(**shape)
    with session_of(provider, ID, ID, ID) as steps:
        assert steps.do() == 0
        assert not renewals(provider)
        for n in (1, 2):
            past_recheck()
            assert steps.do() == 0
            assert len(renewals(provider)) == n
            assert provider.refresh_tokens("alice") == 1
        assert len(steps.session.addresses) == 1 and roots(steps.session) == 3
    details = [one["detail"] for one in log.events("admitted", service="sudo")]
    assert [one.endswith(" s ago, checked now") for one in details] == [False, True, True]


def test_where_sudo_itself_remembers_the_account_phase_asks(both, provider, settings, log):
    h.sudoers(REMEMBERS)
    rechecks(settings)
    with session_of(provider, ID, ID) as steps:
        assert steps.do() == 0
        past_recheck()
        assert steps.do() == 0
    assert len(renewals(provider)) == 1
    admitted = log.events("admitted", service="sudo")
    assert [one["phase"] for one in admitted] == ["auth", "account"]
    assert admitted[1]["detail"].endswith("checked now")


def test_a_role_that_is_taken_away_is_gone_although_sudo_remembers_and_comes_back(
        both, provider, settings, log):
    h.sudoers(REMEMBERS)
    rechecks(settings)
    with session_of(provider, ID, ID, ID) as steps:
        assert steps.do() == 0
        past_recheck()
        people_without_role(provider, "alice")
        assert steps.do() == 1
        assert words.DENIED in steps.session.transcript
        give_roles_back(provider)
        assert steps.do() == 0
        assert len(steps.session.addresses) == 1
    refused = log.wait_for_event(words.REFUSED_EVENT, phase="account", reason=words.ROLE)
    assert refused["email"] == "alice@example.com"


def test_who_is_switched_off_at_the_provider_is_out(both, provider, settings, log):
    h.sudoers(REMEMBERS)
    rechecks(settings)
    with session_of(provider, ID, ID) as steps:
        assert steps.do() == 0
        past_recheck()
        provider.fault("token", grant_type="refresh_token", error="invalid_grant", count=1)
        assert steps.do() == 1
    refused = log.wait_for_event(words.REFUSED_EVENT, phase="account")
    assert refused["reason"] == words.SUDO_NO_SIGN_IN
    assert refused["detail"] == "the provider renews the sign-in no more"
    assert not kept()


### Not renewed ###

def test_what_cannot_be_asked_is_no_refusal(both, provider, settings, log):
    """Neither is anything lost, nor is anybody asked who could not sign in now either."""
    rechecks(settings)
    with session_of(provider, ID, ID, ID) as steps:
        assert steps.do() == 0
        past_recheck()
        provider.fault("token", status=503, count=1)
        assert steps.do() == 1
        refused = log.wait_for_event(words.REFUSED_EVENT, phase="auth", service="sudo")
        assert refused["reason"] == "STATUS" and "503" in refused["detail"]
        assert words.LATER in steps.session.transcript
        assert steps.do() == 0
        assert len(steps.session.addresses) == 1


def test_with_the_provider_down_it_waits_for_it(both, provider, settings, log):
    h.sudoers(REMEMBERS)
    rechecks(settings)
    with session_of(provider, ID, ID, ID) as steps:
        assert steps.do() == 0
        past_recheck()
        provider.fault("token", silent=True, grant_type="refresh_token", count=1)
        settings.conf(service_sudo={"recheck": f"{RECHECK}s"}, provider={"timeout": "2s"})
        assert steps.do() == 1
        refused = log.wait_for_event(words.REFUSED_EVENT, phase="account")
        assert refused["reason"] == "SILENCE"
        assert steps.do() == 0
        assert len(steps.session.addresses) == 1


def test_a_renewal_that_is_refused_asks_the_person(both, provider, settings, log):
    rechecks(settings)
    with session_of(provider, ID, ID, ID) as steps:
        assert steps.do() == 0
        past_recheck()
        provider.fault("token", grant_type="refresh_token", error="invalid_grant", count=1)
        address, status = steps.sign_in(provider.as_person("alice"))
        assert status == 0 and "offline_access" in address
        past_recheck()
        assert steps.do() == 0      # by the new sign-in's token
    assert len(renewals(provider)) == 2


def test_without_a_refresh_token_the_person_is_asked_after_recheck(
        both, provider, settings, log):
    rechecks(settings)
    provider.shape(offline=False)
    with session_of(provider, ID, ID, ID) as steps:
        assert steps.do() == 0
        past_recheck()
        _, status = steps.sign_in(provider.as_person("alice"))
        assert status == 0
        assert steps.do() == 0
    assert not renewals(provider)


def test_a_sign_in_too_old_for_max_age_is_asked_for_anew(both, provider, settings, log):
    settings.conf(service_sudo={"max_age": "4s"}, provider={"clock_skew": "0s"})
    with session_of(provider, ID, ID) as steps:
        assert steps.do() == 0
        time.sleep(5)
        address, status = steps.sign_in(provider.as_person("alice"))
        assert "&prompt=login&max_age=4" in address and status == 0
    assert not renewals(provider)


def test_on_a_full_disk_no_token_is_spent(both, provider, settings, log):
    rechecks(settings)
    with session_of(provider, ID, ID, ID) as steps:
        assert steps.do() == 0
        name, = kept()
        ticket = (files.TICKETS / name).read_bytes()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k,mode=700", "full",
                        files.TICKETS], check=True, timeout=30)
        try:
            files.put(files.TICKETS / name, ticket, 0o600)
            past_recheck()
            _, status = steps.sign_in(provider.as_person("alice"))
            assert status == 0
        finally:
            subprocess.run(["umount", files.TICKETS], check=True, timeout=30)
        assert not renewals(provider)
        assert steps.do() == 0
        assert len(renewals(provider)) == 1


def test_no_token_reaches_the_log_or_the_session(both, provider, settings, log):
    rechecks(settings)
    tokens = set()
    with session_of(provider, ID, f"{ID}; env; sudo env", "true") as steps:
        for _ in range(2):
            assert steps.do() == 0
            name, = kept()
            # the nonce stands in the address, and is longer
            tokens |= set(re.findall(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])",
                                     (files.TICKETS / name).read_bytes()))
            past_recheck()
        said = steps.session.transcript
    assert len(tokens) >= 2, "one before and one after the renewal"
    for one in tokens:
        assert one.decode() not in said
        assert one.decode() not in str(log)


### Many at once, and killed ###

def test_twenty_at_once_ask_once(both, provider, settings, log):
    h.sudoers(h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n")
    rechecks(settings, seconds=20)
    many = "".join(f"({ID} >/tmp/e2e-step-out-{n} 2>&1) & " for n in range(TWENTY))
    with session_of(provider, ID, f"{many} wait") as steps:
        assert steps.do() == 0
        age_tickets(60)
        assert steps.do() == 0
    done = [pathlib.Path(f"/tmp/e2e-step-out-{n}").read_text(encoding="utf-8")
            for n in range(TWENTY)]
    assert sum("uid=0(root)" in one for one in done) == TWENTY, done
    assert len(renewals(provider)) == 1
    assert len(steps.session.addresses) == 1


def age_tickets(seconds):
    """As if they had been checked so much earlier: their times stand at 16, 24, 32 and 40."""
    for ticket in files.TICKETS.glob("login-*"):
        data = bytearray(ticket.read_bytes())
        for at in (16, 24, 32, 40):
            data[at:at + 8] = (int.from_bytes(data[at:at + 8], "big") - seconds).to_bytes(8, "big")
        ticket.write_bytes(bytes(data))


def kill_a_sudo(after):
    """The one that is about to run, so many seconds later; False: it was over by then."""
    end = time.monotonic() + 20
    while not processes.named("sudo"):
        assert time.monotonic() < end, "no sudo came"
    time.sleep(after)
    found = [pid for pid in processes.named("sudo") if processes.is_running(pid)]
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(found) > 0


def test_killed_at_any_moment_the_next_works_or_asks(both, provider, settings, log):
    """Each sudo is to ask; tests/unit/test_renewal.c does it 200 times."""
    h.sudoers(h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n")
    rechecks(settings, seconds=0)
    killed = 0
    with session_of(provider, *[ID] * 40) as steps:
        for _ in range(18):
            steps.begin()
            killed += kill_a_sudo(random.uniform(0, 0.06))
            steps.wait()
            status = steps.do()
            if status == 1:
                break       # its token was spent, and did not arrive: the person is asked
        transcript = steps.session.transcript
    assert killed > 0
    if status == 1:
        refused = log.wait_for_event(words.REFUSED_EVENT, phase="account",
                                     reason=words.SUDO_NO_SIGN_IN)
        assert refused["detail"] == "the provider renews the sign-in no more", transcript
