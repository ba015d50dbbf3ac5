# SPDX-License-Identifier: BSD-2-Clause
"""Sign-ins with a real browser: from the terminal to the provider's form, and
from the address bar back to the prompt. For `tests/run --all` alone."""

import json
import re

import pytest

import chromium
import hosts as h
import proxy
import terminal
import words

CALLBACK = "https://copy-this-address.invalid/?"
FORM = "Sign in with your BeProduct account."
WRONG = "Wrong login or password."


def password(name):
    return f"{name}'s password"


@pytest.fixture
def browser(provider, people):
    with chromium.Chromium(provider.ca) as one:
        yield one


class Person:
    """Answers a prompt: opens its address, signs in, copies what the bar holds.

    passwords: typed one after the other; none where no form comes."""

    def __init__(self, browser, name, passwords=None, button="Sign in"):
        self.browser, self.name, self.button = browser, name, button
        self.passwords = [password(name)] if passwords is None else passwords
        self.page = ""

    def __call__(self, address):
        self.browser.open(address)
        for number, one in enumerate(self.passwords):
            assert self.browser.shows(WRONG if number else FORM), self.browser.text()
            self.browser.fill(Login=self.name, Password=one)
            self.browser.press(self.button)
        self.page = self.browser.address_bar()
        # nothing listens there: the browser shows a page of its own
        is_end = self.page.startswith(CALLBACK) and self.page == self.browser.did_not_load()
        assert is_end, f"the browser is at {self.page.split('?')[0]}:\n{self.browser.text()}"
        return self.page

    def values(self):
        return dict(re.findall(r"[?&]([a-z_]+)=([^&]+)", self.page))


def shown(run, page):
    """The transcript, for a failure's text."""
    return terminal.without_code(run.transcript, page)


def assert_admitted(host, account, run, page, log):
    is_in = host.is_admitted(run, account)
    assert is_in, shown(run, page)
    log.wait_for_event("admitted", phase="auth", user=account, service=host.service,
                       reason=words.ADMITTED)
    assert (len(run.prompts), len(run.addresses)) == (1, 1)


def assert_refused(run, page, log, reason, sentence):
    refused = log.wait_for_event(words.REFUSED_EVENT, phase="auth", reason=reason)
    is_told = run.status == 255 and f"{sentence} [{refused['attempt']}]" in run.transcript
    assert is_told, shown(run, page)
    assert (len(run.prompts), len(run.addresses)) == (1, 1)
    assert not log.events("admitted")


def test_the_address_bar_of_a_page_that_did_not_load_is_what_the_prompt_takes(
        sshd, provider, browser, log):
    alice = Person(browser, "alice")
    run = terminal.dialogue("alice", [alice])
    assert_admitted(h.SSHD, "alice", run, alice.page, log)
    # host, service and account, which the prompt names, are in the bar again
    named = re.search(r"Sign in to (\S+) \((\S+)\) as (\S+) with", run.prompts[0].text).groups()
    assert named == ("web1", "sshd", "alice")
    is_named = alice.values()["state"].startswith("_".join(named) + "_")
    assert is_named
    browsers = {one["user_agent"] for one in provider.log()["requests"]
                if one["endpoint"] == "authorize"}
    assert len(browsers) == 1 and "Chrome/" in browsers.pop()
    written = f"{log}\n{json.dumps(provider.log())}"
    secrets = {**alice.values(), "password": password("alice")}
    found = [name for name, value in secrets.items() if value in written]
    assert not found, "in a log"


@pytest.mark.parametrize("status", [502, 503])
def test_behind_a_proxy_that_reaches_nobody_it_is_the_same(sshd, provider, people, log, status):
    with proxy.refusing(status) as refusing, chromium.Chromium(provider.ca, refusing) as browser:
        alice = Person(browser, "alice")
        run = terminal.dialogue("alice", [alice])
    assert_admitted(h.SSHD, "alice", run, alice.page, log)
    assert "copy-this-address.invalid:443" in refusing.asked


def test_a_wrong_password_is_asked_for_again_in_the_browser_and_costs_no_round_of_ours(
        sshd, provider, browser, log):
    alice = Person(browser, "alice", ["not her password", password("alice")])
    run = terminal.dialogue("alice", [alice])
    assert_admitted(h.SSHD, "alice", run, alice.page, log)
    assert provider.endpoints().count("token") == 1


@pytest.mark.parametrize("name, account, button, reason, sentence", [
    ("bob", "bob", "Sign in", words.ROLE, words.DENIED),
    ("dave", "alice", "Sign in", words.NO_RULE, words.DENIED),
    ("alice", "alice", "Cancel", words.ACCESS_DENIED, words.CANCELLED),
], ids=["has not the role", "is not the account's", "presses Cancel"])
def test_a_person_is_refused_who(sshd, provider, browser, log,
                                 name, account, button, reason, sentence):
    person = Person(browser, name, button=button)
    run = terminal.dialogue(account, [person])
    assert_refused(run, person.page, log, reason, sentence)
    # what bears no code is not sent to the provider
    has_code = "code" in person.values()
    assert ("token" in provider.endpoints()) == has_code


def test_a_state_altered_in_the_bar_is_unusable_and_the_code_is_still_good(
        sshd, provider, browser, log):
    alice = Person(browser, "alice")

    def altered(address):
        return alice(address).replace("state=web1_", "state=web2_")

    with terminal.Ssh("alice") as run:
        run.answer(altered(run.prompt().address))
        again = run.prompt()
        is_again = again is not None and words.AGAIN in again.text
        assert is_again, shown(run, alice.page)
        assert "token" not in provider.endpoints()
        run.answer(alice.page)
        run.end()
    assert h.SSHD.is_admitted(run, "alice"), shown(run, alice.page)
    assert len(run.addresses) == 1


def test_who_is_signed_in_in_the_browser_sees_no_form_at_sudo(
        sshd, hosts, provider, browser, log):
    first, second = Person(browser, "alice"), Person(browser, "alice", [])
    run = terminal.dialogue("alice", [first])
    assert_admitted(h.SSHD, "alice", run, first.page, log)
    run = h.SUDO.dialogue("alice", [second])
    assert_admitted(h.SUDO, "alice", run, second.page, log)
    is_named = second.values()["state"].startswith("web1_sudo_alice_")
    assert is_named


def test_a_browser_that_does_not_know_the_ca_shows_no_form(sshd, provider):
    """So the browser of the other tests does check the certificate."""
    with terminal.Ssh("alice") as run, chromium.Chromium() as browser:
        address = run.prompt().address
        before = len(provider.log()["requests"])
        browser.open(address)
        assert browser.shows("ERR_CERT_AUTHORITY_INVALID"), browser.text()
        assert len(provider.log()["requests"]) == before
