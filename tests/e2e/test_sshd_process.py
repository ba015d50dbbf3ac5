# SPDX-License-Identifier: BSD-2-Clause
"""What sshd is burdened with: libraries, processes, descriptors, connections."""

import contextlib
import os
import pathlib
import pwd
import time

import accounts
import processes
import sshd as sshd_module
import terminal
import words

NO_CODE_OF_HERS = "0123456789abcdef0123456789abcdef"


def _state_in_prompt(account, asks):
    """Files mapped and number of descriptors of the child that waits there."""
    with terminal.Ssh(account, asks=asks) as ssh:
        assert ssh.prompt(), ssh.transcript
        pid = processes.in_prompt()
        return processes.mapped_files(pid), len(processes.descriptors(pid))


def _beside_a_plain_one(sshd):
    """The same of a prompt of pam_unix in Debian's own stack, and of ours.

    pam_warn logs a line ahead of the prompt as ours does, which leaves libc's
    socket to the log open."""
    sshd.set_stack(sshd_module.stack(auth="auth optional pam_warn.so", account=None,
                                     session=None))
    sshd.restart(trace=False)
    plain = _state_in_prompt(accounts.LOCAL, "Password: ")
    sshd.set_stack(sshd_module.stack())
    sshd.restart(trace=False)
    return plain, _state_in_prompt("alice", words.PROMPT_END)


def test_the_blocked_sshd_child_gains_the_module_and_libmd_alone(sshd):
    (plain, _), (ours, _) = _beside_a_plain_one(sshd)
    gained = {pathlib.Path(name).name.split(".so")[0] for name in ours - plain}
    assert gained == {"pam_beproduct", "libmd"}


def test_the_blocked_sshd_child_holds_no_further_descriptor(sshd):
    (_, plain), (_, ours) = _beside_a_plain_one(sshd)
    assert ours == plain


def _assert_nothing_of_ours_runs():
    # once more after a while: a helper that is started late counts as well
    for _ in range(5):
        assert processes.helpers() == []
        assert processes.children(processes.in_prompt()) == []
        time.sleep(0.1)


def test_no_process_of_ours_exists_while_the_person_reads(sshd):
    with terminal.Ssh("alice") as ssh:
        ssh.prompt()
        _assert_nothing_of_ours_runs()


def test_nor_after_an_answer_that_took_a_helper(sshd):
    with terminal.Ssh("alice") as ssh:
        ssh.prompt()
        before = len(processes.descriptors(processes.in_prompt()))
        ssh.answer(NO_CODE_OF_HERS)
        ssh.prompt()
        _assert_nothing_of_ours_runs()
        assert len(processes.descriptors(processes.in_prompt())) == before


def test_an_unusable_answer_starts_no_helper(sshd):
    with terminal.Ssh("alice") as ssh:
        ssh.prompt()
        with contextlib.closing(processes.Started()) as started:
            ssh.answer("this is no address")
            assert ssh.prompt()
            assert started.so_far() == 0


def _sign_in(provider):
    """Gives how many helpers were started, for no session that has a token to revoke."""
    provider.shape(offline=False)
    with contextlib.closing(processes.Started()) as started:
        ssh = terminal.dialogue("alice", [provider.as_person("alice")])
        assert ssh.status == 0, ssh.transcript
        return started.so_far()


def test_with_a_fresh_record_it_is_one_connection_and_one_helper(sshd, provider):
    assert _sign_in(provider) == 2
    provider.reset()
    assert _sign_in(provider) == 1
    assert provider.endpoints() == ["token", "userinfo"]
    assert len(provider.host_connections()) == 1
    assert all(one["requests"] for one in provider.log()["connections"])


def test_without_a_record_discovery_comes_first(sshd, provider):
    _sign_in(provider)
    assert provider.endpoints() == ["discovery", "jwks", "token", "userinfo"]
    assert len(provider.host_connections()) == 2


def test_the_token_request_bears_the_redirect_uri_and_the_secret_in_its_body(sshd, provider):
    _sign_in(provider)
    token = next(one for one in provider.of_host() if one["endpoint"] == "token")
    assert token["redirect_uri"] == "https://copy-this-address.invalid/"
    assert token["auth"] == "post"


def _helper(seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := processes.helpers():
            return found
        time.sleep(0.005)
    raise AssertionError("no helper is running")


def test_the_helper_is_its_own_user_session_and_has_one_descriptor(sshd, provider, settings, log):
    settings.conf(provider={"timeout": "4s"})
    provider.fault("token", silent=True)
    with terminal.Ssh("alice") as ssh:
        ssh.answer(provider.as_person("alice")(ssh.prompt().address))
        # until it waits for the provider, it is still on its way there
        log_of_provider = time.monotonic() + 5
        while "token" not in provider.endpoints() and time.monotonic() < log_of_provider:
            time.sleep(0.02)
        [pid] = _helper()
        status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        person = pwd.getpwnam(accounts.HELPER_USER)
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert fields["Uid"].split() == [str(person.pw_uid)] * 4
        assert fields["Gid"].split() == [str(person.pw_gid)] * 4
        assert fields["Groups"].split() in ([], [str(person.pw_gid)])
        assert os.getsid(pid) == pid
        assert os.readlink(f"/proc/{pid}/cwd") == "/"
        targets = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in processes.descriptors(pid)]
        assert targets[:3] == ["/dev/null"] * 3
        # the request's, and what libcurl opened: nothing of sshd's
        assert not [one for one in targets[3:] if one.startswith("/") and "/dev/null" not in one]
        ssh.end()
    assert words.LATER in ssh.transcript
