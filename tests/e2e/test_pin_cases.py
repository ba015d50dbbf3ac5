# SPDX-License-Identifier: BSD-2-Clause
"""An account stays with who first had it: whole sign-ins over ssh, of people whose
e-mail addresses change hands at the provider."""

import concurrent.futures
import copy
import hashlib
import json
import pathlib
import subprocess
import threading

import pytest

import pam_codes
import settings as files
import terminal
import words

PEOPLE = json.loads((pathlib.Path(files.__file__).parents[1] / "idp" / "people.json").read_text())
ALICE, DAVE, MALLORY = (PEOPLE[name]["sub"] for name in ("alice", "dave", "mallory"))
FILE = files.PINS / hashlib.sha256(b"alice").hexdigest()


def pins():
    """(sub, e-mail) of each person of alice's account."""
    return [tuple(line.split("\t")[3:5]) for line in FILE.read_text().splitlines()[1:-1]]


def settle(*arguments):
    run = subprocess.run(["/usr/sbin/beproductctl", "pins", *arguments], capture_output=True,
                         text=True, timeout=30, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def sign_in(provider, name):
    return terminal.dialogue("alice", [provider.as_person(name)])


def is_admitted(ssh):
    return ssh.status == 0 and "(alice) gid=" in ssh.transcript


def reassign(provider):
    """alice has another address now, and dave has hers."""
    people = copy.deepcopy(PEOPLE)
    people["alice"]["claims"]["email"] = "archer@example.com"
    people["dave"]["claims"]["email"] = "alice@example.com"
    provider.control("POST", "/people", people)


@pytest.fixture
def reassigned(sshd, provider, settings):
    """alice has signed in, and her address has then become dave's."""
    assert is_admitted(sign_in(provider, "alice"))
    assert pins() == [(ALICE, "alice@example.com")]
    reassign(provider)
    yield
    provider.control("POST", "/people", PEOPLE)


def test_who_is_given_her_address_is_refused_and_the_log_says_why(reassigned, provider, log):
    log.mark()
    ssh = sign_in(provider, "dave")
    assert ssh.status == 255 and len(ssh.addresses) == 1, ssh.transcript
    assert pam_codes.authenticate(log) == ["PAM_MAXTRIES"], str(log)
    refused = log.wait_for_event("refused", reason="PINNED", phase="auth", user="alice",
                                 sub=DAVE, email="alice@example.com")
    assert f"{words.DENIED} [{refused['attempt']}]" in ssh.transcript
    assert refused["text"] == "the account is another person's: beproductctl pins"
    assert refused["detail"] == f"pinned to the sub {ALICE}"
    assert pins() == [(ALICE, "alice@example.com")]
    assert f'alice sub="{ALICE}"' in settle("list")


def test_she_keeps_it_under_her_new_address(reassigned, provider):
    files.put(files.MAP, files.MAPPING + "email archer@example.com alice\n")
    assert is_admitted(sign_in(provider, "alice"))
    assert pins() == [(ALICE, "archer@example.com")]


def test_an_administrator_gives_it_to_the_new_owner_or_to_both(reassigned, provider):
    settle("add", "--user", "alice", "--sub", DAVE)
    assert is_admitted(sign_in(provider, "dave"))
    assert pins() == [(ALICE, "alice@example.com"), (DAVE, "alice@example.com")]
    settle("drop", "--user", "alice", "--sub", ALICE)
    assert is_admitted(sign_in(provider, "dave"))
    assert pins() == [(DAVE, "alice@example.com")]


def test_of_two_who_are_first_at_once_one_is(sshd, provider, settings, log):
    """Both have the address that the map gives the account to."""
    settings.conf(provider={"tenant": "any"})
    both = threading.Barrier(2)

    def answer(name):
        def paste(address):
            line = provider.as_person(name)(address)
            both.wait(timeout=90)
            return line
        return terminal.dialogue("alice", [paste])

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(answer, ("alice", "mallory")))
    admitted = log.wait_for_event("admitted", phase="auth", user="alice")
    refused = log.wait_for_event("refused", reason="PINNED", phase="auth", user="alice")
    assert {admitted["sub"], refused["sub"]} == {ALICE, MALLORY}
    assert sorted(is_admitted(one) for one in runs) == [False, True]
    assert pins() == [(admitted["sub"], "alice@example.com")]
