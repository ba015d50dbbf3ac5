# SPDX-License-Identifier: BSD-2-Clause
"""Sign-ins with Firefox: what the person copies from its bar, by keys, is what the
prompt takes, also where a proxy answers for the name that does not exist."""

import contextlib

import pytest

import firefox
import proxy
import terminal
import words

CALLBACK = "https://copy-this-address.invalid/?"
NOWHERE = "copy-this-address.invalid:443"


class Person:
    """Answers a prompt: opens its address, signs in, copies what the bar holds."""

    def __init__(self, browser):
        self.browser, self.page = browser, ""

    def __call__(self, address):
        self.browser.open(address)
        self.browser.wait_for("Sign in")
        self.browser.type("alice")
        self.browser.press("Tab")
        self.browser.type("alice's password")
        self.browser.press("Return")
        self.browser.wait_for("Problem loading page")
        self.page = self.browser.address_bar()
        is_whole = self.page.startswith(CALLBACK) and "&state=web1_sshd_alice_" in self.page
        assert is_whole, self.page.partition("code=")[0]
        return self.page


@pytest.mark.parametrize("status", [None, 502, 503])
def test_the_whole_address_is_copied_and_taken(sshd, provider, log, status):
    with contextlib.ExitStack() as stack:
        refusing = stack.enter_context(proxy.refusing(status)) if status else None
        alice = Person(stack.enter_context(firefox.Firefox(provider.ca, refusing)))
        run = terminal.dialogue("alice", [alice])
        is_in = run.status == 0
        assert is_in, terminal.without_code(run.transcript, alice.page)
        log.wait_for_event("admitted", phase="auth", user="alice", reason=words.ADMITTED)
        assert not status or NOWHERE in refusing.asked
