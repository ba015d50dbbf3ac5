# SPDX-License-Identifier: BSD-2-Clause
"""A sign-in that is remembered: sudo in the session of an ssh or console login, or of
an earlier sudo, asks nobody; in every other session it asks."""

import contextlib
import os
import pathlib
import pwd
import subprocess

import pytest

import accounts
import hosts as h
import recorded
import settings as files
import sshd as sshd_module
import terminal
import words
from tickets import GO, ID, kept, login_of, roots, ssh, wait_for, waiting

### Over ssh ###

@pytest.mark.parametrize("tty", ["force", "no"])
def test_after_a_sign_in_over_ssh_sudo_asks_nobody(both, provider, log, tty):
    run = terminal.answer_all(ssh(f"{ID}; sudo -i {h.ID}; {ID} 2>&1", tty=tty),
                              [provider.as_person("alice")])
    assert run.status == 0 and roots(run) == 3, run.transcript
    assert (len(run.prompts), len(run.addresses)) == (1, 1)
    assert provider.endpoints().count("token") == 1
    signed_in = log.wait_for_event("admitted", phase="auth", service="sshd")
    admitted = [one for one in log.events("admitted") if one["service"].startswith("sudo")]
    assert [one["service"] for one in admitted] == ["sudo", "sudo-i", "sudo"]
    for one in admitted:
        assert one["phase"] == "auth" and one["attempt"] == signed_in["attempt"]
        assert one["detail"].startswith("by the sign-in for sshd, ")
        assert one["email"] == "alice@example.com"
    recorded.record("sudo", "in the session of a sign-in over ssh", h.SUDO.authenticate(log)[:1],
                    "", "admitted", "ADMITTED", 0, ["PAM_SUCCESS"])


def test_the_ticket_is_roots_alone_and_ends_with_its_session(both, provider, log):
    with waiting(provider, ID) as session:
        name, = kept()
        file = files.TICKETS / name
        assert name.startswith("login-") and name.endswith(f"-{pwd.getpwnam('alice').pw_uid}")
        assert (file.stat().st_mode & 0o7777, file.stat().st_uid) == (0o600, 0)
        assert files.TICKETS.stat().st_mode & 0o7777 == 0o700
        GO.touch()
        session.end()
    assert roots(session) == 2, session.transcript
    wait_for(lambda: not kept(), "the ticket is left")


def test_nothing_of_it_reaches_the_person_s_environment(both, provider):
    run = terminal.answer_all(ssh("env; sudo env"), [provider.as_person("alice")])
    assert run.status == 0 and "SSH_CONNECTION=" in run.transcript
    assert "BEPRODUCT" not in run.transcript


def test_another_session_of_hers_is_asked(both, provider, log):
    key = accounts.make_key_of("alice")
    both.set_stack(sshd_module.stack(account=None))     # so that a key alone opens it
    with waiting(provider, ID) as first:
        with ssh(ID, PreferredAuthentications="publickey", IdentityFile=str(key),
                 IdentitiesOnly="yes") as second:
            assert second.prompt().has_address, second.transcript
            second.hang_up()
        GO.touch()
        first.end()
    assert roots(first) == 2 and roots(second) == 0


def test_a_role_taken_out_of_sudo_s_section_bites_at_once(both, provider, settings, log):
    with waiting(provider, ID) as session:
        settings.conf(service_sudo={"require_role": "Nobody Has It"})
        GO.touch()
        # what is remembered does not do, and neither does a sign-in
        session.answer(provider.as_person("alice")(session.prompt().address))
        session.end()
    assert session.status == 1 and roots(session) == 1, session.transcript
    assert words.DENIED in session.transcript
    log.wait_for_event(words.REFUSED_EVENT, phase="auth", service="sudo", reason=words.ROLE)


def test_and_so_it_does_where_only_the_account_phase_runs(both, provider, settings, log):
    h.sudoers(h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n")
    with waiting(provider, ID) as session:
        settings.conf(service_sudo={"require_role": "Nobody Has It"})
        GO.touch()
        session.end()
    assert session.status == 1 and roots(session) == 1, session.transcript
    refused = log.wait_for_event(words.REFUSED_EVENT, phase="account", service="sudo",
                                 reason=words.ROLE)
    assert refused["email"] == "alice@example.com"


def test_a_rule_taken_out_of_the_map_bites_at_once(both, provider, settings, log):
    h.sudoers(h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n")
    with waiting(provider, ID) as session:
        files.put(files.MAP, files.MAPPING.replace("alice@", "alicia@"))
        GO.touch()
        session.end()
    assert session.status == 1 and roots(session) == 1, session.transcript
    log.wait_for_event(words.REFUSED_EVENT, phase="account", reason=words.NO_RULE)


def test_sudo_v_asks_nobody_either(both, provider, log):
    run = terminal.answer_all(ssh("sudo -v && echo did it"), [provider.as_person("alice")])
    assert run.status == 0 and "did it" in run.transcript and len(run.addresses) == 1


@pytest.mark.parametrize("command", ["sudo -l", ID])
def test_where_only_the_account_phase_runs_the_ticket_admits(both, provider, log, command):
    h.sudoers(h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n")
    run = terminal.answer_all(ssh(f"{command} >/dev/null && echo did it"),
                              [provider.as_person("alice")])
    assert run.status == 0 and "did it" in run.transcript, run.transcript
    assert len(run.addresses) == 1
    admitted = [one for one in log.events("admitted", phase="account")]
    assert admitted and {one["service"] for one in admitted} == {"sudo"}
    assert set(h.SUDO.account(log)) == {"PAM_SUCCESS"}
    if command == ID:
        recorded.record("sudo", "NOPASSWD rule in the session of a sign-in over ssh", [], "",
                        "admitted", "ADMITTED", 0, ["PAM_SUCCESS"])


def test_su_to_another_account_takes_no_ticket_along_and_makes_none(both, provider, log):
    run = terminal.answer_all(ssh(f"su dave -c '{ID}; {ID}'; {ID}"),
                              [provider.as_person("alice")] + [provider.as_person("dave")] * 3)
    assert run.status == 0 and roots(run) == 3, run.transcript
    assert len(run.addresses) == 4, "su, and each of dave's two sudos, asks"


### Whose login is it? ###

@contextlib.contextmanager
def from_a_shell_of(server, name):
    """sshd as it is where root restarts it from that person's shell."""
    with login_of(name):
        server.restart()
    yield pathlib.Path(f"/proc/{server.process.pid}/sessionid").read_text(encoding="ascii")
    server.restart()


def test_in_an_sshd_from_her_own_shell_her_sign_in_binds_no_ticket(both, provider, log):
    with from_a_shell_of(both, "alice") as shared:
        run = terminal.answer_all(ssh(f"cat /proc/self/sessionid; echo; {ID}"),
                                  [provider.as_person("alice")] * 2)
    assert shared in run.transcript, "the kernel gave her another login"
    assert run.status == 0 and roots(run) == 1, run.transcript
    assert len(run.addresses) == 2, "sudo asks"


def test_in_an_sshd_from_somebody_s_shell_nobody_else_gets_in_by_his_ticket(
        both, provider, log):
    """Her ticket is there, and sshd carries her login: neither does for sshd itself."""
    with from_a_shell_of(both, "alice") as shared:
        terminal.answer_all(ssh(ID), [provider.as_person("alice")] * 2)
        with ssh(ID) as again:
            assert again.prompt().has_address, "sshd asks"
            again.hang_up()
        run = terminal.answer_all(ssh(f"cat /proc/self/sessionid; echo; {ID}", "dave"),
                                  [provider.as_person("dave")])
    assert shared not in run.transcript
    assert run.status == 0 and roots(run) == 1 and len(run.addresses) == 1, run.transcript


def test_without_the_audit_s_login_what_ssh_signed_in_is_not_bound_but_sudo_s_is(
        both, provider, log):
    both.set_stack(sshd_module.LOGINUID.sub("", sshd_module.stack()))
    run = terminal.answer_all(ssh(f"cat /proc/self/sessionid; echo; {ID}; {ID}"),
                              [provider.as_person("alice")] * 2)
    assert "4294967295" in run.transcript
    assert run.status == 0 and roots(run) == 2, run.transcript
    assert len(run.addresses) == 2, "the first sudo asks, and the second does not"
    assert [name.split("-")[0] for name in kept()] == ["terminal"]


def test_without_our_session_line_sudo_asks(both, provider, log):
    both.set_stack(sshd_module.stack(session=None))
    run = terminal.answer_all(ssh(f"{ID}; {ID}"), [provider.as_person("alice")] * 2)
    assert run.status == 0 and roots(run) == 2, run.transcript
    assert len(run.addresses) == 2, "the first sudo asks, and the second does not"


### The console, and sudo's own sign-in ###

def test_after_a_sign_in_at_the_console_sudo_asks_nobody(hosts, provider, log):
    with h.LOGIN.start("alice") as console:
        console.answer(provider.as_person("alice")(console.prompt().address))
        assert h.Login.is_shell(console.prompt())
        console.answer(f"{ID}; env | grep BEPRODUCT; exit")
        console.next_of(r"uid=0\(root\)")
        wait_for(lambda: not kept(), "the ticket is left")
    assert len(console.addresses) == 1, console.transcript
    admitted = log.wait_for_event("admitted", service="sudo", phase="auth")
    assert admitted["detail"].startswith("by the sign-in for login, ")
    assert "BEPRODUCT_TICKET" not in console.transcript


def test_two_terminals_of_hers_are_two_sessions(hosts, provider, log):
    """None of them with a login of the audit's: sudo's own sign-in, by terminal."""
    for _ in range(2):
        run = terminal.answer_all(
            terminal.Terminal(h.as_person("alice", "/bin/sh", "-c", f"{ID}; {ID}")),
            [provider.as_person("alice")])
        assert run.status == 0 and roots(run) == 2 and len(run.addresses) == 1, run.transcript


def test_in_the_background_without_a_terminal_there_is_no_ticket(hosts, provider, log):
    """setsid: the terminal is gone, and with it the session that the ticket is of."""
    h.sudoers(h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: /usr/bin/true\n")
    run = terminal.answer_all(
        terminal.Terminal(h.as_person("alice", "/bin/sh", "-c",
                                      f"{ID}; setsid -w sudo /usr/bin/true")),
        [provider.as_person("alice")])
    assert run.status == 1 and roots(run) == 1, run.transcript
    refused = log.wait_for_event(words.REFUSED_EVENT, phase="account",
                                 reason=words.SUDO_NO_SIGN_IN)
    assert refused["detail"] == "no login session, and no terminal"


### What goes wrong ###

WRONG = {
    "a folder of hers": lambda: os.chown(files.TICKETS, pwd.getpwnam("alice").pw_uid, 0),
    "a link": lambda: (files.TICKETS.rmdir(), files.TICKETS.symlink_to("/tmp")),
    "a full disk": lambda: subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=1,mode=700", "full", files.TICKETS],
        check=True, timeout=30),
}


@pytest.mark.parametrize("what", WRONG)
def test_where_no_ticket_can_be_kept_she_signs_in_all_the_same(both, provider, log, what):
    files.TICKETS.mkdir(mode=0o700, exist_ok=True)
    WRONG[what]()
    try:
        run = terminal.answer_all(ssh(ID), [provider.as_person("alice")] * 2)
    finally:
        subprocess.run(["umount", files.TICKETS], capture_output=True, timeout=30, check=False)
        if files.TICKETS.is_symlink():
            files.TICKETS.unlink()
    assert run.status == 0 and roots(run) == 1 and len(run.addresses) == 2, run.transcript
    errors = log.events(words.ERROR_EVENT)
    assert [one["service"] for one in errors] == ["sshd", "sudo"], errors
    for one in errors:
        assert one["reason"] == "FILE_UNWRITTEN" and one["detail"].startswith("the ticket: ")
    assert len(log.events("admitted", phase="auth")) == 2
