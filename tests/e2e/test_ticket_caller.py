# SPDX-License-Identifier: BSD-2-Clause
"""A hostile caller in whose login there is a ticket: whatever he does to sudo beforehand,
it is by the ticket or ends as it does without us; what he kills leaves a whole one or
none."""

import contextlib
import os
import select
import signal
import time

import pytest

import hostile_caller as hostile
import settings as files
import test_hostile_caller as rows
from test_hostile_caller import stacks  # noqa: F401: a fixture
from tickets import kept, login_of

BY_ITSELF, LEFT = "does not start", 900


@pytest.fixture
def her_login(stacks, log):
    with login_of("alice"):
        yield


def temporaries():
    return [name for name in kept() if name.startswith(".")]


def whole_ones():
    return [name for name in kept() if not name.startswith(".")]


def contents():
    return [(files.TICKETS / name).read_bytes() for name in kept()]


def forget():
    for name in whole_ones():
        (files.TICKETS / name).unlink()


@pytest.mark.parametrize("row", [*rows.LIMITS, *rows.SIGNAL_ROWS, *rows.PLACES],
                         ids=lambda row: row.name)
def test_whatever_is_inherited_sudo_is_by_the_ticket_or_ends_by_itself(
        row, her_login, stacks, provider, log):
    rows.warm(hostile.SUDO, provider, log)
    before = contents()
    run = hostile.sign_in(hostile.SUDO, provider.as_person("alice"), row.tricks, row.seconds)
    came = rows.what_came_of(run, log)
    assert "admitted" in came or came == BY_ITSELF or "without us too" in came, came
    assert run.prompts == 0 and provider.endpoints() == []
    assert len(before) == 1 and contents() == before
    rows.assert_nothing_runs()
    if "without us too" in came:
        rows.assert_as_debian(run, row.tricks, stacks)


def killed_as_it_keeps(provider):
    """A sign-in that is killed as soon as a file is made for the ticket."""
    with contextlib.closing(os.fdopen(hostile.watch_what_is_made(files.TICKETS))) as watch:
        with hostile.Run(hostile.SUDO) as run:
            assert run.wait_for_prompt()
            run.paste(provider.as_person("alice"))
            assert select.select([watch], [], [], 10)[0], run.text
            run.kill()
            run.finish()
    return run


def test_one_that_is_killed_as_the_ticket_is_kept_leaves_a_whole_one_or_none(
        her_login, provider, log):
    rows.warm(hostile.SUDO, provider, log)
    # that others lie there, as after many kills, makes the writing slower
    name, = whole_ones()
    for number in range(LEFT):
        (files.TICKETS / f".{name}.{number:016x}").touch()
    for _ in range(12):
        forget()
        run = killed_as_it_keeps(provider)
        assert run.end in ("exit 0", f"killed by {signal.Signals.SIGKILL.name}"), run.text
        asked = 0 if whole_ones() else 1
        again = hostile.sign_in(hostile.SUDO, provider.as_person("alice"))
        assert again.is_admitted and again.prompts == asked, again.text
        rows.assert_nothing_runs()
    assert len(temporaries()) > LEFT, "none was killed in the midst of writing: it shows nothing"
    # what the killed ones left is swept by whoever keeps one a minute later
    forget()
    for name in temporaries():
        os.utime(files.TICKETS / name, (time.time() - 120,) * 2)
    assert hostile.sign_in(hostile.SUDO, provider.as_person("alice")).is_admitted
    assert temporaries() == [] and len(whole_ones()) == 1
