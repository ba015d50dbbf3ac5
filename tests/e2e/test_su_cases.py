# SPDX-License-Identifier: BSD-2-Clause
"""What a sign-in for su is like besides test_cases.py, `su -` included."""

import pytest

import accounts
import cases
import hosts as h
import recorded
import terminal

BOTH = pytest.mark.parametrize("host", [h.SU, h.SU_L], ids=lambda host: host.name)


### The dialogue ###

@BOTH
def test_ctrl_d_breaks_off(hosts, provider, log, host):
    cases.broken_off(host, log, "Ctrl-D", lambda run: run.press("d"))


### Its output is somebody else's ###

@pytest.mark.parametrize("end", ["> /dev/null", "| cat"])
def test_the_address_is_seen_where_the_output_goes_elsewhere(hosts, provider, log, end):
    """Text goes to su's output, its prompts to the terminal."""
    run = h.dataclasses.replace(h.SU, begin=(
        "/bin/sh", "-c", f"/usr/bin/su ACCOUNT -c {h.ID} {end}")).dialogue(
            "alice", [provider.as_person("alice")])
    assert run.status == 0, run.transcript
    assert len(run.addresses) == 1
    log.wait_for_event("admitted", user="alice", service="su")


### Root, and accounts that are not ours ###

@BOTH
@pytest.mark.parametrize("state", cases.OF_ROOT, ids=lambda state: state.__name__)
def test_roots_own_su_to_a_person_asks_nobody(hosts, provider, settings, log, host, state):
    state(settings, provider)
    run = terminal.answer_all(host.start_as("root", "alice"), [])
    assert host.is_admitted(run, "alice"), run.transcript
    assert host.authenticate(log) == ["PAM_SUCCESS"]
    assert host.account(log) == ["PAM_SUCCESS"]
    assert log.events() == []
    recorded.record(host.name, "root's own, to alice", ["PAM_SUCCESS"], "", "-", "", 0,
                    ["PAM_SUCCESS"])


@BOTH
def test_an_account_that_does_not_exist_is_no_business_of_ours(hosts, provider, log, host):
    run = host.dialogue(accounts.ABSENT, [])
    assert run.status == 1
    assert host.authenticate(log) == []  # su itself looks before it asks PAM
    assert log.events() == []
    recorded.record(host.name, "unknown account", [], "", "-", "", 0)


def test_an_account_line_would_refuse_roots_own_su(hosts, log):
    """Why su gets the auth line only."""
    h.put_stack("su", h.shipped("su").replace(
        "@include common-account\n", f"{h.ACCOUNT_LINE}@include common-account\n"))
    run = terminal.answer_all(h.SU.start_as("root", "alice"), [])
    assert run.status == 1
    assert h.SU.account(log) == ["PAM_PERM_DENIED"]
