# SPDX-License-Identifier: BSD-2-Clause
"""A hostile caller of sudo whose roles the public API has taken back, while what it said
of her before would serve for grace yet: whatever she does to sudo, it is no way in."""

import os
import signal
import time

import pytest

import hostile_caller as hostile
import settings as files
import test_hostile_caller as rows
from test_hostile_caller import stacks  # noqa: F401: a fixture
from test_key_by_role_cases import CACHE, configure, make_older, of_api  # noqa: F401: a fixture

ROWS = [*rows.LIMITS, *rows.SIGNAL_ROWS, *rows.PLACES]


@pytest.fixture
def said(configure, stacks, provider, log):
    """The API's answer of before, older than cache, and how to put it back."""
    configure(grace=3600)
    hostile.SUDOERS.write_text("alice ALL=(ALL:ALL) NOPASSWD: ALL\n", encoding="utf-8")
    assert run_sudo().is_admitted
    make_older(CACHE + 1)
    path, = files.CACHE.glob("user-*")
    data = path.read_bytes()
    provider.fault("api", status=503, count=1)
    assert run_sudo().is_admitted, "grace is no grace"
    provider.change("alice", roles=["Guest"])
    log.mark()
    return lambda: files.put(path, data, 0o600)


def run_sudo(tricks=hostile.Tricks(), seconds=None):
    with hostile.Run(hostile.SUDO, tricks, *([seconds] if seconds else [])) as run:
        return run.finish()


def assert_out(run, log):
    came = rows.what_came_of(run, log)
    assert "admitted" not in came and not log.events("admitted"), came
    rows.assert_nothing_runs()


def test_whatever_is_inherited_who_has_lost_her_role_is_out(said, provider, log):
    for row in ROWS:
        said()
        log.mark()
        assert_out(run_sudo(row.tricks, row.seconds), log)
        # and what was said before is no way in for whoever comes next
        if log.events("refused", reason="ROLE"):
            provider.fault("api", status=503, count=1)
            assert_out(run_sudo(), log)


def test_stopped_until_it_is_late_it_has_no_grace(said, configure, provider, log):
    configure(grace=3600, provider={"timeout": "8s"})
    said()
    log.mark()
    provider.fault("api", silent=True, count=1)
    before = len(of_api(provider))
    with hostile.Run(hostile.SUDO) as run:
        end = time.monotonic() + 10
        while len(of_api(provider)) == before:
            assert time.monotonic() < end, run.text
            time.sleep(0.02)
        os.kill(run.pid, signal.SIGSTOP)
        time.sleep(10)
        os.kill(run.pid, signal.SIGCONT)
        assert_out(run.finish(), log)
