# SPDX-License-Identifier: BSD-2-Clause
"""Failed sign-ins that come fast one after another, from one address: since OpenSSH
9.8 sshd then answers nobody from there for a while (PerSourcePenalties)."""

import accounts
import release
import terminal
import words

FAST = 12  # each counts as five seconds, and from 15 on it is heeded; some go by meanwhile
EXEMPT = {} if release.IS_12 else {"PerSourcePenaltyExemptList": "127.0.0.0/8"}


def fail(provider):
    """Gives a bool: sshd had spoken at all. By role, where somebody was asked."""
    ssh = terminal.dialogue("bob", [provider.as_person("bob")])
    assert ssh.status == 255
    assert not ssh.prompts or words.DENIED in ssh.transcript, ssh.transcript
    return ssh.prompts != []


def test_an_address_of_many_failed_sign_ins_is_answered_no_more_by_newer_ones(
        sshd, provider, log):
    answered = [fail(provider) for _ in range(FAST)]
    assert answered[:3] == [True] * 3
    assert all(answered) == release.IS_12
    if not release.IS_12:
        log.wait_for("drop connection .* penalty: failed authentication")
        # and so for those who would need no provider
        local = terminal.password_login(accounts.LOCAL, accounts.LOCAL_PASSWORD)
        assert local.status == 255 and local.prompts == []


def test_an_address_that_is_exempt_is_answered_all_the_same(sshd, provider):
    sshd.restart(**EXEMPT)
    assert all(fail(provider) for _ in range(FAST))
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert ssh.status == 0, ssh.transcript


def test_whoever_leaves_at_the_prompt_may_come_again(sshd):
    for _ in range(FAST):
        with terminal.Ssh("alice") as ssh:
            assert ssh.prompt(), ssh.transcript
            ssh.press("c")
            ssh.end()
