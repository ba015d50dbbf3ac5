# SPDX-License-Identifier: BSD-2-Clause
"""What all hosts have to stand, each by its own row of hosts.py. What one of them
alone does stands in the file of its name."""

import pytest

import accounts
import cases
import hosts as h
import recorded
import release
import settings as files
import words
from cases import on

EVERY = (h.SSHD, h.SUDO, h.SUDO_I, h.SU, h.SU_L, h.LOGIN)


@on(*EVERY)
@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: case.name)
def test_it_comes_to_what_the_row_says(host, case, provider, log):
    cases.run(host, case, provider, log)
    assert case.is_admitted or "Accepted" not in str(log)
    assert case.reason != words.TOO_MANY or cases.NO_CODE_OF_HERS in case.answers \
        or "token" not in provider.endpoints()


### The dialogue ###

@on(h.SSHD, h.SU, h.SU_L, h.LOGIN)
def test_a_cut_answer_is_named_and_may_be_given_again(host, provider, log):
    """By length alone and before any byte; the person can answer again."""
    answers = ("x" * (host.cut + 5), provider.as_person("alice"))
    case = cases.Case(f"answer cut at {host.cut} bytes, then the code alone", "alice", answers,
                      "PAM_SUCCESS", words.ADMITTED, event="admitted")
    run = host.dialogue("alice", answers)
    assert words.CUT in run.prompts[1].text
    cases.assert_outcome(host, case, run, log)


@pytest.mark.parametrize("host, length", [(h.SUDO, 511), (h.SU, 4094)], indirect=["host"],
                         ids=["sudo", "su"])
def test_an_answer_that_is_one_byte_shorter_arrives_whole(host, length, provider, log):
    def padded(address):
        return (provider.as_person("alice")(address) + "&").ljust(length, "x")

    run = host.dialogue("alice", [padded])
    assert host.is_admitted(run, "alice"), run.transcript


@on(*[h.SU, h.SU_L] + [h.LOGIN] * release.IS_12)
def test_ctrl_c_ends_the_host_itself_and_leaves_nothing(host, provider, log):
    """Without a code or a line of ours."""
    run, modes = cases.begin(host)
    with run:
        run.press("c")
        assert run.end() == "signal 2", run.transcript
    cases.assert_nothing_left(run, modes)
    assert host.authenticate(log) == []
    assert [one.name for one in log.events()] == ["started"]
    recorded.record(host.name, "Ctrl-C", [], "", "started", "", 1)


def test_where_login_is_deaf_to_ctrl_c_it_heeds_ctrl_d(hosts, provider, log):
    """util-linux's; shadow's has ended before."""
    run, modes = cases.begin(h.LOGIN)
    with run:
        run.press("c")
        if not release.IS_12:
            run.press("d")
        assert run.end() == ("signal 2" if release.IS_12 else 0), run.transcript
    cases.assert_nothing_left(run, modes)
    assert not log.events("admitted")
    if not release.IS_12:
        assert h.LOGIN.authenticate(log) == ["PAM_CONV_ERR"]
        log.wait_for_event(words.REFUSED_EVENT, reason=words.BROKE_OFF)
        recorded.record("login", "Ctrl-C", ["PAM_CONV_ERR"], "", words.REFUSED_EVENT,
                        words.BROKE_OFF, 1)


def test_after_the_deadline(hosts, provider, settings, log):
    cases.after_the_deadline(EVERY[1:], provider, settings, log)


### Root, and accounts that are not ours ###

@on(*EVERY)
@pytest.mark.parametrize("state", cases.OF_LOCAL, ids=lambda state: state.__name__)
def test_a_local_account_has_its_password(host, provider, settings, log, state):
    state(settings, provider)
    cases.break_glass(host, log, accounts.LOCAL, accounts.LOCAL_PASSWORD,
                      lambda run: host.is_admitted(run, accounts.LOCAL), words.LOCAL_ACCOUNT)
    assert state is cases.provider_down or provider.of_host() == []


@on(h.SSHD, h.SU, h.SU_L, h.LOGIN)
@pytest.mark.parametrize("state", cases.OF_ROOT, ids=lambda state: state.__name__)
def test_root_has_its_password(host, provider, settings, log, state, request):
    if host is h.SSHD:
        request.getfixturevalue("sshd").restart(PermitRootLogin="yes")
    state(settings, provider)
    cases.break_glass(host, log, "root", accounts.ROOT_PASSWORD,
                      lambda run: "uid=0(root)" in run.transcript, words.ROOT)
    assert state is cases.provider_down or provider.of_host() == []


### The rest of the stack, and of the configuration ###

@on(*EVERY)
def test_an_expired_account_stays_expired(host, provider, log, expired_account):
    run = host.dialogue("alice", [provider.as_person("alice")])
    assert not host.is_admitted(run, "alice"), run.transcript
    assert host.authenticate(log) == ["PAM_SUCCESS"]
    log.wait_for(rf"pam_unix\({host.service}:account\): account alice has expired")
    assert host.account(log) == ["PAM_AUTH_ERR"]  # pam_deny's, in common-account
    recorded.record(host.name, "expired account", ["PAM_SUCCESS"], "", "admitted",
                    "ADMITTED", 1, ["PAM_AUTH_ERR"])


@pytest.mark.parametrize("one, other", [(h.SUDO, h.SUDO_I), (h.SU, h.SU_L)], ids=["sudo", "su"])
def test_a_section_of_its_own_counts_whole(hosts, provider, log, one, other):
    files.put(files.CONF, f"{files.conf_text()}[service:{other.service}]\n"
                          "require_role = Somebody Else\n")
    run = other.dialogue("alice", [provider.as_person("alice")])
    assert not other.is_admitted(run, "alice"), run.transcript
    log.wait_for_event(words.REFUSED_EVENT, reason=words.ROLE, service=other.service)
    run = one.dialogue("alice", [provider.as_person("alice")])
    assert one.is_admitted(run, "alice"), run.transcript
