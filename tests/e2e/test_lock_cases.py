# SPDX-License-Identifier: BSD-2-Clause
"""Who is locked out on a host stays out with the provider down, in every host and phase:
`beproductctl lock` and `unlock` as an administrator types them, on real hosts."""

import subprocess

import pytest

import accounts
import cases
import hosts as h
import terminal
import words
from tickets import GO, ID, kept, roots, wait_for, waiting

EVERY = (h.SSHD, h.SUDO, h.SUDO_I, h.SU, h.SU_L, h.LOGIN)
SUB = "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1001"
EACH = {"--user": "alice", "--sub": SUB, "--email": "alice@example.com"}
ADMITTED = next(case for case in cases.CASES if case.is_admitted)


def ctl(*arguments):
    subprocess.run(["/usr/sbin/beproductctl", *arguments], check=True, timeout=30,
                   capture_output=True)


def refused(log, phase, **fields):
    return log.wait_for_event(words.REFUSED_EVENT, phase=phase, reason=words.LOCKED, **fields)


@cases.on(*EVERY)
def test_a_locked_account_is_refused_with_the_provider_down_until_it_is_unlocked(
        host, provider, log):
    ctl("lock", "--user", "alice", "--reason", "lost her laptop")
    provider.stop()
    run = host.dialogue("alice", [])
    assert not host.is_admitted(run, "alice") and host.is_closed(run), run.transcript
    assert run.prompts == [], "nobody is asked"
    event = refused(log, "auth", user="alice", service=host.service)
    assert f"{words.DENIED} [{event['attempt']}]" in run.transcript
    assert host.authenticate(log) == [host.code("PAM_PERM_DENIED")]
    ctl("unlock", "--user", "alice")
    provider.reset()
    log.mark()
    cases.run(host, ADMITTED, provider, log)


@pytest.mark.parametrize("option", ["--sub", "--email"])
@cases.on(h.SSHD, h.SUDO, h.SU, h.LOGIN)
def test_a_locked_person_is_refused_in_every_account(host, provider, settings, log, option):
    """Who it is, the provider says: where that is down, nobody signs in."""
    ctl("lock", option, EACH[option])
    run = host.dialogue("alice", [provider.as_person("alice")])
    assert not host.is_admitted(run, "alice") and host.is_closed(run), run.transcript
    assert words.DENIED in run.transcript
    assert refused(log, "auth", user="alice", service=host.service)["sub"] == SUB
    ctl("unlock", option, EACH[option])
    log.mark()
    cases.run(host, ADMITTED, provider, log)


def test_an_ssh_key_of_a_locked_account_opens_nothing(sshd, provider, log):
    """publickey, then our own dialogue: the key alone, and both, with the provider down."""
    key = accounts.make_key_of("alice")
    ctl("lock", "--user", "alice")
    provider.stop()
    run = terminal.key_login("alice", key)
    assert run.status == 255 and words.DENIED in run.transcript, run.transcript
    refused(log, "account", user="alice", service="sshd")
    log.mark()
    sshd.restart(AuthenticationMethods="publickey,keyboard-interactive:pam")
    run = terminal.dialogue("alice", [], IdentityFile=str(key), IdentitiesOnly="yes",
                            PreferredAuthentications="publickey,keyboard-interactive")
    assert run.status == 255 and not run.prompts, run.transcript
    refused(log, "auth", user="alice", service="sshd")
    ctl("unlock", "--user", "alice")
    provider.reset()
    run = terminal.dialogue("alice", [provider.as_person("alice")], IdentityFile=str(key),
                            IdentitiesOnly="yes",
                            PreferredAuthentications="publickey,keyboard-interactive")
    assert run.status == 0, run.transcript


SUDOERS = {"by its ticket": ("auth", h.DOCUMENTED),
           "within its own timestamp": ("account", "Defaults timestamp_timeout=5\n")}


@pytest.mark.parametrize("option", EACH)
@pytest.mark.parametrize("what", SUDOERS)
def test_sudo_is_refused_in_a_session_that_has_begun(both, provider, log, what, option):
    """And asks nobody: with the provider down that would be the reason."""
    phase, rules = SUDOERS[what]
    h.sudoers(rules)
    with waiting(provider, f"{ID}; echo status=$?") as session:
        name, = kept()
        ctl("lock", option, EACH[option])
        provider.stop()
        GO.touch()
        assert session.next_of("status=1") == 0, session.transcript
        session.end()
    provider.reset()
    assert roots(session) == 1 and words.DENIED in session.transcript
    assert len(session.addresses) == 1
    refused(log, phase, user="alice", service="sudo")


def test_where_the_provider_is_silent_a_locked_session_s_sudo_does_not_wait_for_it(
        both, provider, settings, log):
    """A ticket that is to be checked again, each time."""
    settings.conf(service_sudo={"recheck": "0s"})
    with waiting(provider, f"{ID}; echo status=$?") as session:
        ctl("lock", "--sub", SUB)
        asked = provider.endpoints()
        provider.fault("token", silent=True)
        GO.touch()
        assert session.next_of("status=1") == 0, session.transcript
        session.end()
    refused(log, "auth", user="alice", service="sudo")
    wait_for(lambda: not kept(), "the ticket is left")
    assert provider.endpoints() == asked, "but for its token's end, which is none of these"


def test_once_unlocked_the_session_goes_on_by_its_ticket(both, provider, log):
    after = f"{ID}; echo status=$?; while [ -e {GO} ]; do sleep 0.05; done; {ID}"
    with waiting(provider, after) as session:
        ctl("lock", "--sub", SUB)
        GO.touch()
        assert session.next_of("status=1") == 0, session.transcript
        ctl("unlock", "--sub", SUB)
        GO.unlink()
        session.end()
    assert session.status == 0 and roots(session) == 2, session.transcript
    assert len(session.addresses) == 1


def test_root_and_the_break_glass_account_are_let_in_whatever_stands_there(
        sshd, hosts, provider, log):
    ctl("lock", "--user", "alice")
    subprocess.run(["chmod", "0777", "/var/lib/beproduct/locks"], check=True, timeout=30)
    provider.stop()
    assert terminal.key_login("root", accounts.ROOT_KEY).status == 0
    assert terminal.password_login(accounts.LOCAL, accounts.LOCAL_PASSWORD).status == 0
    run = terminal.dialogue("dave", [])
    assert run.status == 255 and not run.prompts and words.ADMIN in run.transcript
    log.wait_for_event(words.ERROR_EVENT, phase="auth", user="dave", reason=words.LOCK_UNTOLD,
                       detail="/var/lib/beproduct/locks")
