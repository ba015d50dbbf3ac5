# SPDX-License-Identifier: BSD-2-Clause
"""A trial of weeks: `observe = yes` lets people in as before, and the log has whom the
account phase would refuse."""

import pathlib
import re
import subprocess

import pytest

import accounts
import hosts as h
import pam_codes
import sshd as sshd_module
import terminal
import words
from tickets import GO, ID, roots, waiting

OBSERVED = pathlib.Path(__file__).resolve().parents[2] / "conf/observed"


@pytest.fixture
def observing(sshd, settings):
    settings.conf(service_sshd={"observe": "yes"})
    return sshd


def key_login(name):
    return terminal.key_login(name, accounts.make_key_of(name))


def told(log, service="sshd", **fields):
    """As README says that it is looked for."""
    event = log.wait_for_event(words.REFUSED_EVENT, phase="account", service=service, **fields)
    assert re.search(r'pam_beproduct.* observe="yes"', event.line.text)
    return event


@pytest.mark.parametrize("lines", [{}, {"auth": None, "session": None}],
                         ids=["all lines", "the account line alone"])
@pytest.mark.parametrize("name", ["alice", "bob"])
def test_a_key_that_would_be_refused_opens_the_account_and_the_log_says_so(
        observing, log, name, lines):
    """bob lacks the role; of neither has anybody signed in. The guide's trial is one line."""
    observing.set_stack(sshd_module.stack(**lines))
    run = key_login(name)
    assert run.status == 0 and f"({name}) gid=" in run.transcript, run.transcript
    assert not any(one in run.transcript for one in words.SENTENCES)
    assert pam_codes.account(log) == ["PAM_SUCCESS"], "pam_unix's"
    told(log, user=name, reason=words.SSH_NO_SIGN_IN)
    assert len(log.events()) == 1


def test_the_shipped_script_counts_them(observing, log):
    for name in ("alice", "bob", "alice"):
        assert key_login(name).status == 0
    log.wait_for_event(words.REFUSED_EVENT, user="bob")
    lines = [f"2026-12-01T10:00:0{n % 10}+0000 web1 {line.program}[{line.pid}]: {line.text}\n"
             for n, line in enumerate(log.lines())]
    done = subprocess.run(["sh", OBSERVED], input="".join(lines), capture_output=True, text=True,
                          timeout=30, check=True)
    assert [line.split("\t")[:4] for line in done.stdout.splitlines()] == [
        ["2", "alice", "sshd", words.SSH_NO_SIGN_IN], ["1", "bob", "sshd", words.SSH_NO_SIGN_IN]]


def test_alone_in_the_stack_it_refuses_for_nothing_else_admits(observing, log):
    """libpam takes IGNORE from all for a refusal."""
    observing.set_stack(sshd_module.stack().replace("@include common-account\n", ""))
    assert key_login("alice").status == 255
    assert pam_codes.account(log) == ["PAM_PERM_DENIED"]
    told(log, user="alice")


def test_who_is_locked_out_is_refused_all_the_same(observing, log):
    subprocess.run(["/usr/sbin/beproductctl", "lock", "--user", "alice"], check=True, timeout=30,
                   capture_output=True)
    run = key_login("alice")
    assert run.status == 255 and words.DENIED in run.transcript
    event = log.wait_for_event(words.REFUSED_EVENT, phase="account", reason=words.LOCKED)
    assert event.get("observe") is None


def test_a_sign_in_is_decided_as_ever(observing, provider, log):
    run = terminal.dialogue("bob", [provider.as_person("bob")])
    assert run.status == 255 and words.DENIED in run.transcript
    event = log.wait_for_event(words.REFUSED_EVENT, phase="auth", reason=words.ROLE, user="bob")
    assert event.get("observe") is None


def test_of_a_role_that_is_missing_sudo_within_its_timestamp_tells_too(
        both, provider, settings, log):
    h.sudoers("Defaults timestamp_timeout=5\n")
    with waiting(provider, ID) as session:
        settings.conf(service_sudo={"require_role": "Nobody Has It", "observe": "yes"})
        GO.touch()
        session.end()
    assert session.status == 0 and roots(session) == 2, session.transcript
    told(log, "sudo", user="alice", reason=words.ROLE)
