# SPDX-License-Identifier: BSD-2-Clause
"""The test bed itself, without the product: else its failures look like ours."""

import pytest

import accounts
import pam_codes
import processes
import sshd
import terminal


def test_a_local_account_signs_in_by_its_password_at_a_prompt(plain_sshd, log):
    ssh = terminal.password_login(accounts.LOCAL, accounts.LOCAL_PASSWORD)
    assert ssh.status == 0, ssh.transcript
    assert f"({accounts.LOCAL}) gid=" in ssh.transcript
    assert len(ssh.prompts) == 1
    log.wait_for("Accepted keyboard-interactive/pam for local1 from 127.0.0.1")


def test_a_wrong_password_is_asked_for_three_times_and_refused(plain_sshd, log):
    ssh = terminal.dialogue(accounts.LOCAL, ["wrong"] * 3, asks="Password: ")
    assert ssh.status == 255
    assert len(ssh.prompts) == 3


def test_root_signs_in_by_its_key(plain_sshd):
    ssh = terminal.key_login("root", accounts.ROOT_KEY)
    assert ssh.status == 0, ssh.transcript
    assert "uid=0(root)" in ssh.transcript


# pam_debug answers what its argument says: so the trace is held to the truth.
@pytest.mark.parametrize("word", ["auth_err", "perm_denied", "maxtries", "authinfo_unavail",
                                  "service_err", "abort", "conv_err"])
def test_the_trace_tells_every_pam_code_apart(plain_sshd, log, word):
    plain_sshd.set_stack(sshd.stack(
        auth=sshd.AUTH_LINE.replace("pam_beproduct.so", f"pam_debug.so auth={word}"),
        account=None))
    ssh = terminal.dialogue(accounts.LOCAL, [])
    assert ssh.status == 255
    rounds = 1 if word == "maxtries" else 3
    assert pam_codes.authenticate(log) == [f"PAM_{word.upper()}"] * rounds


def test_the_trace_tells_what_the_account_phase_answered(plain_sshd, log):
    plain_sshd.set_stack(sshd.stack(auth=None, account="account required pam_debug.so acct=perm_denied"))
    assert terminal.password_login(accounts.LOCAL, accounts.LOCAL_PASSWORD).status == 255
    assert pam_codes.account(log) == ["PAM_PERM_DENIED"]


def test_the_child_in_the_prompt_is_found_and_maps_libpam(plain_sshd):
    with terminal.Ssh(accounts.LOCAL, asks="Password: ") as ssh:
        assert ssh.prompt()
        pid = processes.in_prompt()
        assert any("/libpam.so" in name for name in processes.mapped_files(pid))
        assert len(processes.descriptors(pid)) >= 3


def test_debians_own_sshd_drops_whoever_failed_the_password_method_first(plain_sshd, log):
    """A fault of OpenSSH with Linux-PAM, without anything of ours: the password
    method fails in the monitor's own handle, libpam keeps what each line
    answered there, and the setcred that follows keyboard-interactive's success
    fails by it. No code or stack of ours can mend it; README says so."""
    plain_sshd.restart(PasswordAuthentication="yes")
    with terminal.Ssh(accounts.LOCAL, asks="[Pp]assword: ", NumberOfPasswordPrompts="1",
                      PreferredAuthentications="password,keyboard-interactive") as ssh:
        ssh.prompt()
        ssh.answer("wrong")
        ssh.prompt()
        ssh.answer(accounts.LOCAL_PASSWORD)
        assert ssh.end() == 255
    log.wait_for("Accepted keyboard-interactive/pam for local1")
    log.wait_for(r"fatal: PAM: pam_setcred\(\)")
