# SPDX-License-Identifier: BSD-2-Clause
"""A hostile caller whose ticket is to be checked again each time: whatever he does to sudo
beforehand or meanwhile, it is by BeProduct's word of now or not at all, what is kept stays
whole, and no refresh token is spent that could not be replaced."""

import contextlib
import os
import signal
import time

import pytest

import hostile_caller as hostile
import processes
import test_hostile_caller as rows
from test_hostile_caller import stacks  # noqa: F401: a fixture
from tickets import kept, login_of

MARGIN = 2      # attempt/renewal.c: that another may take beyond its time
SLACK = 4 * hostile.SLOW
AGAIN = 6


@pytest.fixture
def due(stacks, settings, provider, log):
    """alice's login, with a ticket that every sudo is to have checked."""
    settings.conf(service_sudo={"require_role": "Host Login", "recheck": "0s"},
                  provider={"timeout": f"{rows.TIMEOUT}s"})
    with login_of("alice"):
        sign_in(provider)
        log.mark()
        yield
        assert processes.running() == []


def sign_in(provider):
    run = hostile.sign_in(hostile.SUDO, provider.as_person("alice"))
    assert run.is_admitted and run.prompts == 1, run.text


def spent(provider):
    """How many refresh tokens came to the provider."""
    return sum(one["endpoint"] == "token" and one.get("grant_type") == "refresh_token"
               for one in provider.log()["requests"])


def assert_next_is_renewed(provider, log):
    """The ticket is whole, and its token has not been used: of another nothing is left."""
    log.mark()
    before = spent(provider)
    run = hostile.sign_in(hostile.SUDO, provider.as_person("alice"))
    assert run.is_admitted and run.prompts == 0, run.text
    assert spent(provider) == before + 1 and provider.refresh_tokens("alice") >= 1
    assert log.events("admitted")[-1]["detail"].endswith("checked now")
    assert len(kept()) == 1, kept()
    rows.assert_nothing_runs()


### Beforehand ###

def has_no_room(row):
    return any(name == "fsize" for name, _ in row.tricks.limits)


def judge(row, run, asked, stacks, log):
    came = rows.what_came_of(run, log)
    # sudo may end of its own limit afterwards
    by_ticket = "admitted" in came and run.prompts == 0
    assert asked <= 1 and (asked == 1 or not by_ticket), came
    # what was not checked now admits nobody
    assert not by_ticket or log.events("admitted")[-1]["detail"].endswith("checked now")
    assert "admitted" not in came or by_ticket or run.pasted, came
    if has_no_room(row):
        assert asked == 0 and not by_ticket, came
    elif row not in rows.LIMITS:
        assert by_ticket or "without us too" in came, came
    rows.assert_nothing_runs()
    if "without us too" in came:
        rows.assert_as_debian(run, row.tricks, stacks)


def assert_row(row, stacks, provider, log):
    before = spent(provider)
    run = hostile.sign_in(hostile.SUDO, provider.as_person("alice"), row.tricks, row.seconds)
    judge(row, run, spent(provider) - before, stacks, log)
    assert_next_is_renewed(provider, log)


@pytest.mark.parametrize("row", [*rows.LIMITS, *rows.SIGNAL_ROWS, *rows.PLACES],
                         ids=lambda row: row.name)
def test_whatever_is_inherited_no_token_is_spent_for_nothing(row, due, stacks, provider, log):
    assert_row(row, stacks, provider, log)


@pytest.mark.parametrize("row", rows.LIMITS, ids=lambda row: row.name)
def test_nor_where_the_account_phase_alone_asks(row, due, stacks, provider, log):
    hostile.SUDOERS.write_text("alice ALL=(ALL:ALL) NOPASSWD: ALL\n", encoding="utf-8")
    assert_row(row, stacks, provider, log)


### Meanwhile ###

@contextlib.contextmanager
def while_it_renews(provider):
    """A sudo whose helper waits for a provider that says nothing to it alone."""
    provider.fault("token", silent=True, grant_type="refresh_token", count=1)
    before = spent(provider)
    with hostile.Run(hostile.SUDO) as run:
        end = time.monotonic() + 10
        while spent(provider) == before:
            assert time.monotonic() < end, run.text
            time.sleep(0.02)
        yield run


def test_killed_again_and_again_it_leaves_one_file(due, provider, log):
    for _ in range(AGAIN):
        with while_it_renews(provider) as run:
            run.kill()
            run.finish()
        rows.assert_nothing_runs()
        assert len(kept()) == 2, kept()
    assert_next_is_renewed(provider, log)


@pytest.mark.parametrize("key", ["\x03", "\x1c", "\x1a"], ids=["Ctrl-C", "Ctrl-\\", "Ctrl-Z"])
def test_a_key_ends_it_or_its_time_does(key, due, provider, log):
    with while_it_renews(provider) as run:
        began = time.monotonic()
        run.send(key)
        run.finish(rows.TIMEOUT + SLACK)
    assert run.end != "hung" and time.monotonic() - began < rows.TIMEOUT + SLACK, run.text
    assert not run.is_admitted
    rows.assert_nothing_runs()
    assert_next_is_renewed(provider, log)


def in_another_login(do):
    """DO there; a child's exit status, 0 for no complaint."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException), login_of("alice"):
            do()
            os._exit(0)
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def assert_is_served_at_once(provider):
    sign_in(provider)
    began = time.monotonic()
    run = hostile.sign_in(hostile.SUDO, provider.as_person("alice"))
    assert run.is_admitted and run.prompts == 0, run.text
    assert time.monotonic() - began < MARGIN * hostile.SLOW


def test_stopped_it_keeps_its_own_session_waiting_and_no_other(due, provider, log):
    with while_it_renews(provider) as stopped:
        assert hostile.signal_as(hostile.SUDO, stopped.pid, signal.SIGSTOP) == 0
        began = time.monotonic()
        with hostile.Run(hostile.SUDO) as other:
            assert in_another_login(lambda: assert_is_served_at_once(provider)) == 0
            assert other.prompts == 0
            assert other.wait_for_prompt(rows.TIMEOUT + MARGIN + SLACK)
            waited = time.monotonic() - began
            assert rows.TIMEOUT + MARGIN <= waited < rows.TIMEOUT + MARGIN + SLACK
            other.paste(provider.as_person("alice"))
            assert other.finish().is_admitted, other.text
        stopped.kill(signal.SIGCONT)
        stopped.finish(rows.TIMEOUT + SLACK)
        assert stopped.end != "hung" and not stopped.is_admitted, stopped.text
    rows.assert_nothing_runs()
    log.mark()
    again = hostile.sign_in(hostile.SUDO, provider.as_person("alice"))
    assert again.is_admitted and again.prompts == 0, again.text
