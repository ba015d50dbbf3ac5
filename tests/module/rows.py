# SPDX-License-Identifier: BSD-2-Clause
"""What rows are made of: hosts, files, answers, and what each class makes of a host."""

import settings
from words import (ADMIN, AGAIN, CUT, DENIED, FAILED, KEY, LATE, LATER,  # noqa: F401
                   MANY, REFUSED, SUDO, TRIES, UNASKED)

SECRET = "never-to-be-shown-anywhere"
CODE = "c0dec0dec0dec0dec0dec0dec0dec0de"
TOKEN = "refresh-token-of-this-sign-in"
ANSWER = f"https://copy-this-address.invalid/?code={CODE}&state=x"
USELESS = "my local password"

# As each of them sets its items; kiosk is nobody that we know.
HOSTS = {
    "sshd": {"tty": "ssh", "rhost": "192.0.2.7"},
    "login": {"tty": "tty1", "rhost": ""},
    "sudo": {"tty": "/dev/pts/1"},
    "sudo-i": {"tty": "/dev/pts/1"},
    "su": {"tty": "/dev/pts/1"},
    "su-l": {"tty": "/dev/pts/1"},
    "kiosk": {},
}
FINAL = {"sshd": "MAXTRIES", "login": "MAXTRIES", "sudo": "ABORT", "sudo-i": "ABORT"}
SHOWN_APART = ("login", "sudo", "sudo-i")
# how the account phase says that there was no sign-in
NO_SIGN_IN = {"sshd": ("SSH_NO_SIGN_IN", KEY), "sudo": ("SUDO_NO_SIGN_IN", SUDO),
              "sudo-i": ("SUDO_NO_SIGN_IN", SUDO)}
NOT_FINAL = ("LOCAL", "ABSENT", "CONVERSATION", "MUTE")

def conf_of(**sections):
    return settings.conf_text(
        provider={"issuer": "https://id.example.com/ids", "ca_file": None, "timeout": "1s",
                  **sections.pop("provider", {})},
        service_kiosk={"require_role": "Host Login", **sections.pop("service_kiosk", {})},
        **sections)


CONF = conf_of()
CONF_API = conf_of(provider={"tenant": "api"}, api={"company": "acme"})
MAP = """\
email  alice@example.com  alice
email  alice@example.com  ALICE
email  alice@example.com  large
email  alice@example.com  nosuch
"""

# class: (authenticate, account phase, event)
CLASSES = {
    "ADMITTED": ("SUCCESS", "SUCCESS", "admitted"),
    "DENIED": ("PERM_DENIED", "PERM_DENIED", "refused"),
    "FAILED": ("AUTH_ERR", "USER_UNKNOWN", "refused"),
    "TRIES": ("MAXTRIES", None, "refused"),
    "UNAVAILABLE": ("AUTHINFO_UNAVAIL", "AUTHINFO_UNAVAIL", "refused"),
    "LOCAL": ("USER_UNKNOWN", "IGNORE", "local"),
    "ABSENT": ("USER_UNKNOWN", "USER_UNKNOWN", "refused"),
    "BROKEN": ("SERVICE_ERR", "SERVICE_ERR", "error"),
    "CONVERSATION": ("CONV_ERR", None, "refused"),
    "MUTE": ("AUTHINFO_UNAVAIL", None, "refused"),
}


def code_of(kind, service):
    """What authenticate answers: where a refusal is final, what ends it there."""
    if kind == "ADMITTED" or kind in NOT_FINAL:
        return CLASSES[kind][0]
    return FINAL.get(service, CLASSES[kind][0])


def no_sign_in_of(service):
    """(reason, sentence) of the account phase that comes alone."""
    return NO_SIGN_IN.get(service, ("NO_SIGN_IN", UNASKED))


def check_refusal(bench, service, seen, kind, reason, sentence, prompts):
    """One refusal, heard by the host, the person and the log, with one id."""
    assert seen.codes == [code_of(kind, service)], (service, seen)
    assert len(seen.prompts) == prompts, (service, seen.messages)
    events = bench.events(service)
    expected = (["started"] if prompts else []) + [CLASSES[kind][2]]
    assert [event.name for event in events] == expected, (service, events)
    last = events[-1]
    assert last["reason"] == reason and last["phase"] == "auth"
    assert {event["attempt"] for event in events} == {last["attempt"]}
    assert len(last["attempt"]) == 16
    if sentence is None:
        assert seen.errors == []
        return
    assert len(seen.errors) == 1, seen.errors
    assert seen.errors[0].startswith(sentence)
    assert seen.errors[0].endswith(f" [{last['attempt']}]")
    assert "\n" not in seen.errors[0]
