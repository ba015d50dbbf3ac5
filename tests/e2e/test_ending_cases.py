# SPDX-License-Identifier: BSD-2-Clause
"""The end of a session, at real hosts and the real provider: its refresh token is
revoked there, or waits until it can be."""

import contextlib
import signal
import time

import pytest

import hosts as h
import processes
import settings as files
import terminal
import words
from tickets import GO, ID, kept, roots, ssh, wait_for, waiting


def queue():
    return sorted(files.QUEUE.glob("*")) if files.QUEUE.is_dir() else []


def tokens(provider, user="alice"):
    return provider.refresh_tokens(user)


def revocations(provider):
    return [one for one in provider.log()["requests"] if one["endpoint"] == "revocation"]


def session(provider, command=ID, user="alice"):
    run = terminal.answer_all(ssh(command, user), [provider.as_person(user)])
    assert run.status == 0 and roots(run) >= 1, run.transcript
    return run


def ends(provider, user="alice"):
    """The session's end comes behind its client's."""
    wait_for(lambda: not kept() and not queue() and tokens(provider, user) == 0,
             "a token is left")


def test_after_an_ssh_logout_its_token_is_revoked(both, provider, log):
    with waiting(provider, ID) as first:
        assert tokens(provider) == 1 and not revocations(provider)
        GO.touch()
        first.end()
    assert roots(first) == 2, first.transcript
    ends(provider)
    one, = revocations(provider)
    assert one["status"] == 200 and one["token_type_hint"] == "refresh_token"
    assert log.events(words.ERROR_EVENT) == []


def test_at_the_console_as_well(hosts, provider, log):
    with h.LOGIN.start("alice") as console:
        console.answer(provider.as_person("alice")(console.prompt().address))
        assert h.Login.is_shell(console.prompt())
        assert tokens(provider) == 1
        console.answer(f"{ID}; exit")
        console.next_of(r"uid=0\(root\)")
        ends(provider)
    assert log.events(words.ERROR_EVENT) == []


def test_a_nested_sudo_and_su_end_nothing(both, provider, log):
    after = f"sudo sh -c 'su alice -c true'; sudo -i true; {ID}"
    with waiting(provider, after) as first:
        GO.touch()
        first.end()
    assert first.status == 0 and roots(first) == 2, first.transcript
    assert len(first.addresses) == 1, "nobody was asked again"
    ends(provider)
    assert len(revocations(provider)) == 1, "and at the end alone"


def test_with_the_provider_down_it_waits_and_the_next_end_revokes_it(both, provider, log):
    provider.fault("revocation", status=503, count=1)
    session(provider)
    wait_for(lambda: not kept() and len(queue()) == 1, "nothing waits")
    file, = queue()
    assert (file.stat().st_mode & 0o7777, file.stat().st_uid) == (0o600, 0)
    assert files.QUEUE.stat().st_mode & 0o7777 == 0o700
    later = log.wait_for_event(words.ERROR_EVENT, phase="session", service="sshd",
                               reason="REVOKED_LATER")
    assert "STATUS" in later["detail"]
    assert tokens(provider) == 1
    session(provider, user="dave")
    ends(provider)
    ends(provider, "dave")
    assert len([one for one in revocations(provider) if one["status"] == 200]) == 2


def test_it_waits_over_a_restart_of_sshd(both, provider, log):
    provider.fault("revocation", status=503, count=1)
    session(provider)
    wait_for(lambda: len(queue()) == 1, "nothing waits")
    both.restart()
    assert len(queue()) == 1
    session(provider, user="dave")
    ends(provider)


def test_whom_sudo_refuses_leaves_no_token_for_long(both, provider, settings, log):
    settings.conf(service_sshd={"require_role": "Nobody Has It"})
    run = terminal.answer_all(ssh("id"), [provider.as_person("alice")])
    assert run.status != 0
    assert tokens(provider) == 1 and len(queue()) == 1
    settings.conf()
    session(provider, user="dave")
    ends(provider)
    ends(provider, "dave")


@contextlib.contextmanager
def stopped(provider):
    provider.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        provider.process.send_signal(signal.SIGCONT)


def test_a_token_that_comes_when_its_ticket_is_gone_is_revoked_too(
        both, provider, settings, log):
    """An administrator, or the session's end, was there first."""
    settings.conf(service_sudo={"recheck": "1s"})
    with waiting(provider, ID) as first:
        name, = kept()
        time.sleep(1.1)
        with stopped(provider):
            GO.touch()
            wait_for(processes.helpers, "sudo does not ask the provider")
            (files.TICKETS / name).unlink()
        first.end()
    assert first.status == 0 and roots(first) == 2, first.transcript
    ends(provider)
    assert [one["status"] for one in revocations(provider)] == [200]


@pytest.mark.parametrize("fault, least, most", [("silent", 3, 8), ("refused", 0, 3)])
def test_a_dead_provider_holds_a_logout_up_for_seconds(both, provider, log, fault, least, most):
    """Of the server's side: the client has gone by then."""
    if fault == "silent":
        provider.fault("revocation", silent=True)
    else:
        provider.fault("revocation", close=True)
    began = time.monotonic()
    run = session(provider)
    left = time.monotonic()
    wait_for(lambda: not kept(), "the ticket is left")
    later = log.wait_for_event(words.ERROR_EVENT, phase="session", reason="REVOKED_LATER")
    took = time.monotonic() - left
    print(f"dead provider ({fault}): session {left - began:.2f} s, then {took:.2f} s")
    assert least <= took <= most, later
    assert run.status == 0 and len(queue()) == 1
