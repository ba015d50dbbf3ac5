# SPDX-License-Identifier: BSD-2-Clause
"""Subject pins through the real libpam: an account stays with who first had it."""

import hashlib
import os
import resource
import shutil

import pytest
from conftest import PEOPLE
from rows import ADMIN, ANSWER, DENIED, HOSTS, MAP, check_refusal, conf_of
from settings import PINS
from test_ticket import login, sudo

HERS, ANOTHER = "sub-of-alice", "sub-of-another"
FILE = PINS / hashlib.sha256(b"alice").hexdigest()
ASIDE = PINS.parent / "aside"
UNPINNED = conf_of(accounts={"pin_subject": "no"})
WHOSE = f"pinned to the sub {HERS}"


def pinned():
    """The subs of alice's account, in their order."""
    if not FILE.exists():
        return []
    head, *lines, last = FILE.read_text(encoding="ascii").splitlines()
    assert head.startswith("# since\taccount\t") and last == "end"
    return [line.split("\t")[3] for line in lines]


def sign_in(bench, who="good", service="sshd", **options):
    bench.helper(redeem=who)
    return bench.one(service, answers=[ANSWER], **options)


def refuse_another(bench, service="sshd"):
    seen = sign_in(bench, "another_person", service)
    check_refusal(bench, service, seen, "DENIED", "PINNED", DENIED, prompts=1)
    event = bench.events(service)[-1]
    assert event["detail"] == WHOSE and event["sub"] == ANOTHER
    assert event["email"] == "alice@example.com"
    assert "beproductctl pins" in event["text"]


@pytest.mark.parametrize("service", HOSTS)
def test_who_is_given_her_address_is_refused_her_account(bench, service):
    assert sign_in(bench, service=service).codes == ["SUCCESS"]
    assert pinned() == [HERS]
    assert PINS.stat().st_mode & 0o7777 == 0o700 and FILE.stat().st_mode & 0o7777 == 0o600
    before = FILE.read_bytes()
    refuse_another(bench, service)
    assert FILE.read_bytes() == before
    assert sign_in(bench, service=service).codes == ["SUCCESS"]


def test_whoever_is_refused_otherwise_is_not_pinned(bench):
    for who in ("another_role", "another_company", "another_address", "unverified", "crash"):
        assert sign_in(bench, who).codes != ["SUCCESS"]
        assert not PINS.exists()
    bench.helper()
    bench.one(answers=["nothing of use"] * 3)
    assert not PINS.exists()


def test_the_account_phase_pins_nobody(bench):
    bench.one("sudo", steps=("account",))
    assert not PINS.exists()
    seen = sign_in(bench, steps=("authenticate", "account"))
    assert seen.codes == ["SUCCESS"] * 2 and pinned() == [HERS]


def test_a_ticket_pins_nobody_and_is_no_way_round_a_pin(bench):
    with login():
        assert sudo(bench, answers=[ANSWER]).codes == ["SUCCESS"]
        shutil.rmtree(PINS)
        assert sudo(bench).codes == ["SUCCESS"] and not PINS.exists()
        # meanwhile the account has become somebody else's
        assert sign_in(bench, "another_person").codes == ["SUCCESS"]
        assert pinned() == [ANOTHER]
        bench.helper()
        seen = sudo(bench, steps=("account",))
        assert seen.codes == ["PERM_DENIED"] and not seen.prompts
        event, = bench.events("sudo")
        assert (event["reason"], event["detail"]) == ("PINNED", f"pinned to the sub {ANOTHER}")
        assert len(sudo(bench).prompts) == 1


def test_under_pin_subject_no_nobody_is_pinned_and_no_pin_refuses(bench):
    bench.conf(UNPINNED)
    for who in ("good", "another_person"):
        assert sign_in(bench, who).codes == ["SUCCESS"] and not PINS.exists()
    bench.conf(conf_of())
    assert sign_in(bench).codes == ["SUCCESS"] and pinned() == [HERS]
    bench.conf(UNPINNED)
    assert sign_in(bench, "another_person").codes == ["SUCCESS"] and pinned() == [HERS]


def test_whom_a_rule_names_by_her_sub_shares_the_account(bench):
    assert sign_in(bench).codes == ["SUCCESS"]
    refuse_another(bench)
    bench.put("accounts.map", MAP + f"sub {ANOTHER} alice\n")
    assert sign_in(bench, "another_person").codes == ["SUCCESS"]
    assert pinned() == [HERS, ANOTHER]
    # a pin outlives the rule: that one stands until it is dropped
    bench.put("accounts.map", MAP)
    for who in ("good", "another_person"):
        assert sign_in(bench, who).codes == ["SUCCESS"]


def test_a_rule_by_an_expression_names_nobody(bench):
    assert sign_in(bench).codes == ["SUCCESS"]
    bench.put("accounts.map", MAP + f"sub /{ANOTHER}/ alice\n")
    refuse_another(bench)


def test_another_account_of_hers_is_pinned_by_itself(bench):
    assert sign_in(bench, user="alice").codes == ["SUCCESS"]
    assert sign_in(bench, "another_person", user="large").codes == ["SUCCESS"]
    assert len(os.listdir(PINS)) == 2 and pinned() == [HERS]
    assert sign_in(bench, user="large").codes == ["MAXTRIES"]


SPOILT = [
    ("cut", lambda: os.truncate(FILE, FILE.stat().st_size - 5), "FILE_UNREAD", ":2: is not whole"),
    ("empty", lambda: os.truncate(FILE, 0), "FILE_UNREAD", ": is not whole"),
    ("hers", lambda: os.chown(FILE, PEOPLE["alice"], 0), "FILE_UNTRUSTED", ": is owned by uid"),
    ("a link", lambda: (FILE.rename(ASIDE), FILE.symlink_to(ASIDE)),
     "FILE_UNTRUSTED", ": is a symbolic link"),
]


@pytest.mark.parametrize("what, spoil, reason, says", SPOILT, ids=[row[0] for row in SPOILT])
def test_pins_that_cannot_be_told_admit_nobody(bench, what, spoil, reason, says):
    assert sign_in(bench).codes == ["SUCCESS"]
    spoil()
    for service in HOSTS:
        seen = sign_in(bench, service=service)
        check_refusal(bench, service, seen, "BROKEN", reason, ADMIN, prompts=1)
        assert bench.events(service)[-1]["detail"].startswith(f"{FILE}{says}")
    # and nobody else is kept waiting, or locked out
    assert sign_in(bench, user="large").codes == ["SUCCESS"]


def test_a_folder_of_anybodys_admits_nobody(bench):
    PINS.mkdir(mode=0o700)
    os.chmod(PINS, 0o777)
    seen = sign_in(bench)
    check_refusal(bench, "sshd", seen, "BROKEN", "FILE_UNTRUSTED", ADMIN, prompts=1)
    assert bench.events("sshd")[-1]["detail"].startswith(f"{PINS}: the folder")


def write_nothing():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def test_what_cannot_be_written_locks_nobody_out(bench):
    bench.conf(conf_of(service_sudo={"ticket": "0s"}))
    assert sign_in(bench, service="sudo", oddity=write_nothing).codes == ["SUCCESS"]
    error, = [one for one in bench.events("sudo", name="error")
              if one["detail"].startswith("the pin: ")]
    assert error["reason"] == "FILE_UNWRITTEN" and error["detail"] == "the pin: File too large"
    assert bench.events("sudo")[-1].name == "admitted"
    assert "detail" not in bench.events("sudo")[-1].fields
    assert pinned() == [] and os.listdir(PINS) == []


def test_a_thousand_pinned_accounts_are_not_looked_through(bench):
    """Were one of the others read, or counted, it would refuse."""
    PINS.mkdir(mode=0o700, parents=True, exist_ok=True)
    for n in range(1000):
        (PINS / hashlib.sha256(f"user{n}".encode()).hexdigest()).mkdir()
    assert sign_in(bench).codes == ["SUCCESS"] and pinned() == [HERS]
    refuse_another(bench)
