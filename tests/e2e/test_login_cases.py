# SPDX-License-Identifier: BSD-2-Clause
"""What a sign-in at the console is like besides test_cases.py."""

import pathlib
import re
import time

import pytest

import accounts
import cases
import hosts as h
import processes
import recorded
import release
import words

ASKS_NAME = "web1 login: $"


### The dialogue ###

@pytest.fixture
def login_timeout():
    """login ends itself after these seconds, whatever PAM does."""
    file = pathlib.Path("/etc/login.defs")
    before = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?m)^LOGIN_TIMEOUT.*", "LOGIN_TIMEOUT 8", before), encoding="utf-8")
    yield 8
    file.write_text(before, encoding="utf-8")


def in_the_prompt(run, provider):
    pass


def while_a_helper_waits(run, provider):
    provider.fault("token", silent=True)
    run.answer(provider.as_person("alice")(run.prompts[0].address))
    end = time.monotonic() + 8
    while "token" not in provider.endpoints() and time.monotonic() < end:
        time.sleep(0.02)
    assert processes.helpers()


@pytest.mark.parametrize("when", [in_the_prompt, while_a_helper_waits],
                         ids=lambda when: when.__name__)
def test_login_s_own_end_leaves_nothing_of_ours(hosts, provider, log, login_timeout, when):
    run, modes = cases.begin(h.LOGIN)
    with run:
        when(run, provider)
        assert run.end() == 0
    assert f"timed out after {login_timeout} seconds" in run.transcript
    end = time.monotonic() + 2
    while processes.helpers() and time.monotonic() < end:
        time.sleep(0.02)
    cases.assert_nothing_left(run, modes)
    assert h.LOGIN.authenticate(log) == []
    assert [one.name for one in log.events()] == ["started"]
    recorded.record("login", "LOGIN_TIMEOUT", [], "", "started", "", 1)


### One person after the other ###

ASKS = f"{words.PROMPT_END}|{ASKS_NAME}|Password: "


def give_up(run):
    """Ctrl-D at our prompt. shadow's login asks for the next name, on the same PAM
    handle; util-linux's ends, and a getty starts the next. Gives the one that asks."""
    run.press("d")
    prompt, after = run.prompt(), run
    if not release.IS_12:
        assert prompt is None and run.status == 0
        after = h.Login(["/usr/bin/login"], f"{ASKS}|{h.SHELL_PROMPT}")
        prompt = after.prompt()
    assert "Login incorrect" in run.transcript
    assert ASKS_NAME[:-2] in prompt.text
    return after


def login(account="alice"):
    return h.LOGIN.start(account, asks=ASKS)


def test_when_one_gives_up_another_signs_in_as_himself(hosts, provider, log):
    with login() as run:
        modes = run.modes()
        first = run.prompt().address
        run = give_up(run)
        assert run.modes() == modes and processes.helpers() == []
        run.answer("dave")
        second = run.prompt()
        assert "web1 (login) as dave" in second.text
        assert "web1_login_dave_" in second.address and second.address != first
        run.answer(provider.as_person("dave")(second.address))
        run.end()
    assert h.LOGIN.is_admitted(run, "dave"), run.transcript
    assert h.LOGIN.authenticate(log) == ["PAM_CONV_ERR", "PAM_SUCCESS"]
    assert [one["user"] for one in log.events("started")] == ["alice", "dave"]
    log.wait_for_event(words.REFUSED_EVENT, user="alice", reason=words.BROKE_OFF)
    admitted = log.wait_for_event("admitted", user="dave")
    assert admitted["attempt"] == log.events("started")[1]["attempt"]
    recorded.record("login", "Ctrl-D, and another signs in", ["PAM_CONV_ERR", "PAM_SUCCESS"],
                    "", "admitted", "ADMITTED", 2, ["PAM_SUCCESS"])


def test_the_page_of_the_one_who_gave_up_is_of_no_use_to_the_next(hosts, provider, log):
    with login() as run:
        page = provider.as_person("alice")(run.prompt().address)
        run = give_up(run)
        run.answer("dave")
        run.prompt()
        run.answer(page)
        assert words.AGAIN in run.prompt().text
        run.hang_up()
    assert "token" not in provider.endpoints()
    assert not log.events("admitted")


def test_after_one_gave_up_the_next_is_judged_by_his_own_role(hosts, provider, log):
    with login() as run:
        run.prompt()
        run = give_up(run)
        run.answer("bob")
        run.answer(provider.as_person("bob")(run.prompt().address))
        run.end()
    assert h.LOGIN.authenticate(log) == ["PAM_CONV_ERR", "PAM_MAXTRIES"]
    log.wait_for_event(words.REFUSED_EVENT, user="bob", reason=words.ROLE)
    assert not log.events("admitted")


def test_after_one_gave_up_a_local_account_has_its_password(hosts, provider, log):
    with login() as run:
        run.prompt()
        run = give_up(run)
        run.answer(accounts.LOCAL)
        assert run.prompt().text.endswith("Password: ")
        run.answer(accounts.LOCAL_PASSWORD)
        run.end()
    assert h.LOGIN.is_admitted(run, accounts.LOCAL), run.transcript


def test_an_unknown_account_goes_on_to_the_password_and_is_not_named(hosts, provider, log):
    with h.LOGIN.start(accounts.ABSENT, asks=f"Password: |{ASKS_NAME}") as run:
        run.prompt()
        run.answer("any password")
        assert "Login incorrect" in run.prompt().text
        run.hang_up()
    assert h.LOGIN.authenticate(log) == ["PAM_AUTH_ERR"]
    refused = log.wait_for_event(words.REFUSED_EVENT, reason=words.NO_ACCOUNT)
    assert refused.get("user") is None
    assert all(accounts.ABSENT not in one.line.text for one in log.events())
    assert provider.of_host() == []
    recorded.record("login", "unknown account", ["PAM_AUTH_ERR"], "", words.REFUSED_EVENT,
                    words.NO_ACCOUNT, 0)


def test_behind_an_unknown_account_another_signs_in_on_the_same_handle(hosts, provider, log):
    with login(accounts.ABSENT) as run:
        run.prompt()
        run.answer("any password")
        assert ASKS_NAME[:-2] in run.prompt().text
        run.answer("dave")
        second = run.prompt()
        assert "web1 (login) as dave" in second.text
        run.answer(provider.as_person("dave")(second.address))
        run.end()
    assert h.LOGIN.is_admitted(run, "dave"), run.transcript
    assert h.LOGIN.authenticate(log) == ["PAM_AUTH_ERR", "PAM_SUCCESS"]
    assert log.wait_for_event("admitted", user="dave")


### The rest of the stack ###

def test_nologin_closes_the_console_before_anybody_is_asked(hosts, provider, nologin, log):
    with login() as run:
        assert "closed for the night" in run.prompt().text
        run.hang_up()
    assert h.LOGIN.authenticate(log) == ["PAM_AUTH_ERR"]
    assert log.events() == []
    recorded.record("login", "pam_nologin", ["PAM_AUTH_ERR"], "", "-", "", 0)
    assert provider.of_host() == []
