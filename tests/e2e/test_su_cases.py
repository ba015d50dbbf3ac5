"""Each way a sign-in for su can go, `su -` included."""

import pytest

import accounts
import cases
import hosts as h
import recorded
import settings as files
import terminal
import words

BOTH = pytest.mark.parametrize("host", [h.SU, h.SU_L], ids=lambda host: host.name)


@BOTH
@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: case.name)
def test_it_comes_to_what_the_row_says(hosts, provider, log, host, case):
    cases.run(host, case, provider, log)


### The dialogue ###

@BOTH
def test_ctrl_c_ends_su_itself_and_leaves_nothing(hosts, provider, log, host):
    cases.killed_by_ctrl_c(host, log)


@BOTH
def test_ctrl_d_breaks_off(hosts, provider, log, host):
    cases.broken_off(host, log, "Ctrl-D", lambda run: run.press("d"))


@BOTH
def test_a_cut_answer_is_named_and_may_be_given_again(hosts, provider, log, host):
    cases.cut_answer(host, provider, log)


def test_an_answer_of_4094_bytes_arrives_whole(hosts, provider, log):
    def padded(address):
        page = provider.as_person("alice")(address)
        return page + "&" + "x" * (4093 - len(page))

    run = h.SU.dialogue("alice", [padded])
    assert h.SU.is_admitted(run, "alice"), run.transcript


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
@pytest.mark.parametrize("state", cases.OF_ROOT, ids=lambda state: state.__name__)
def test_su_to_root_has_roots_password(hosts, provider, settings, log, host, state):
    state(settings, provider)
    cases.break_glass(host, log, "root", accounts.ROOT_PASSWORD,
                      lambda run: "uid=0(root)" in run.transcript, words.ROOT)


@BOTH
@pytest.mark.parametrize("state", cases.OF_LOCAL, ids=lambda state: state.__name__)
def test_su_to_a_local_account_has_its_password(hosts, provider, settings, log, host, state):
    state(settings, provider)
    cases.break_glass(host, log, accounts.LOCAL, accounts.LOCAL_PASSWORD,
                      lambda run: host.is_admitted(run, accounts.LOCAL), words.LOCAL_ACCOUNT)


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


### The rest of the stack ###

@BOTH
def test_an_expired_account_stays_expired(hosts, provider, log, host, expired_account):
    run = host.dialogue("alice", [provider.as_person("alice")])
    assert run.status == 1
    assert host.authenticate(log) == ["PAM_SUCCESS"]
    log.wait_for(rf"pam_unix\({host.service}:account\): account alice has expired")
    assert host.account(log) == ["PAM_AUTH_ERR"]  # pam_deny's, in common-account
    recorded.record(host.name, "expired account", ["PAM_SUCCESS"], "", "admitted",
                    "ADMITTED", 1, ["PAM_AUTH_ERR"])


def test_a_section_of_its_own_counts_whole_for_su_l(hosts, provider, log):
    files.put(files.CONF, files.conf_text() + "[service:su-l]\nrequire_role = Somebody Else\n")
    run = h.SU_L.dialogue("alice", [provider.as_person("alice")])
    assert run.status == 1
    log.wait_for_event(words.REFUSED_EVENT, reason=words.ROLE, service="su-l")
    run = h.SU.dialogue("alice", [provider.as_person("alice")])
    assert h.SU.is_admitted(run, "alice"), run.transcript
