# SPDX-License-Identifier: BSD-2-Clause
"""The account phase where nobody has signed in and role_source is api: each answer of a
helper to LOOK_UP, kept or asked for anew, through the real libpam."""

import resource
import time

import pytest

import settings
from rows import ANSWER, CLASSES, TOKEN, conf_of
from test_guest import slots_taken
from test_ticket import ALICE, called_by

ISSUER = "https://id.example.com/ids"
ACCESS = "access-token-of-this-host"
NEXT = "next-access-token"
# one person alone can be meant by alice
ONE = "email  alice@example.com  alice\nemail  bob@example.com  bob\n"


def conf(cache="5m", grace="0s", **sections):
    api = {"company": "acme", "role_source": "api", "cache": cache, "grace": grace,
           **sections.pop("api", {})}
    return conf_of(api=api, **sections)


@pytest.fixture
def host(bench):
    """bench, with this host's token and a map that names one person an account."""
    bench.conf(conf())
    bench.put("accounts.map", ONE)
    settings.service_token(ACCESS, TOKEN, issuer=ISSUER)
    yield bench
    for secret in (ACCESS, NEXT):
        assert secret not in str(bench.log)


def answers():
    return list(settings.CACHE.glob("user-*"))


def make_older(seconds):
    """What was said; its time stands at 16. And an outage is over."""
    for one in [*answers(), *settings.CACHE.glob("outage-*")]:
        data = bytearray(one.read_bytes())
        data[16:24] = (int.from_bytes(data[16:24], "big") - seconds).to_bytes(8, "big")
        one.write_bytes(bytes(data))


def forget_outage():
    for one in settings.CACHE.glob("outage-*"):
        one.unlink()


def key_login(host, service="sshd", **options):
    """The account phase alone; gives PAM's code and the last event."""
    seen = host.one(service, steps=("account",), **options)
    assert not seen.prompts
    return seen.codes[0], host.events(service)[-1]


def assert_admitted(host, **options):
    code, event = key_login(host, **options)
    assert (code, event.name, event["phase"]) == ("SUCCESS", "admitted", "account")
    assert event["email"] == "alice@example.com"
    return event["detail"]


def assert_refused(host, reason, kind="DENIED", **options):
    code, event = key_login(host, **options)
    assert (code, event.name, event["reason"]) == (CLASSES[kind][1], CLASSES[kind][2], reason)
    return event


### Asked, and kept ###

@pytest.mark.parametrize("service", ["sshd", "login", "su", "kiosk", "sudo"])
def test_whoever_may_be_meant_is_looked_up(host, service):
    assert assert_admitted(host, service=service).startswith("by the public API, ")


def test_an_answer_serves_for_cache_and_is_asked_for_then(host):
    assert_admitted(host)
    host.helper(look_up="failed:STATUS")
    assert assert_admitted(host).startswith("by the public API, ")
    make_older(301)
    assert_refused(host, "STATUS", "UNAVAILABLE")
    forget_outage()
    host.helper()
    assert_admitted(host)


def test_cache_0s_asks_each_time(host):
    host.conf(conf(cache="0s"))
    assert_admitted(host)
    assert not answers()
    host.helper(look_up="failed:STATUS")
    assert_refused(host, "STATUS", "UNAVAILABLE")


def test_a_role_that_is_gone_refuses_within_cache_and_one_given_back_admits_at_once(host):
    assert_admitted(host)
    host.helper(look_up="another_role")
    make_older(301)
    assert_refused(host, "ROLE")
    assert_refused(host, "ROLE")
    host.helper()
    assert_admitted(host)


def test_while_it_cannot_be_asked_an_old_answer_serves_for_grace(host):
    host.conf(conf(grace="1h"))
    assert_admitted(host)
    host.helper(look_up="failed:STATUS")
    make_older(301)
    for remembered in ("", "remembered since "):
        assert ", and it cannot be asked now: " + remembered in assert_admitted(host)
    make_older(3600)
    event = assert_refused(host, "STATUS", "UNAVAILABLE")
    assert "said" in event["detail"]


def test_a_grace_is_no_grace_for_a_role(host):
    host.conf(conf(grace="1h"))
    host.helper(look_up="another_role")
    assert_refused(host, "ROLE")
    host.helper(look_up="failed:STATUS")
    make_older(301)
    assert_refused(host, "ROLE")


def test_an_outage_is_everybodys_and_an_answer_of_no_use_his_alone(host):
    """Or a user whose id is odd kept all others from being looked up."""
    host.helper(look_up="failed:BODY")
    assert_refused(host, "BODY", "UNAVAILABLE")
    host.helper(look_up="failed:STATUS")
    assert_refused(host, "STATUS", "UNAVAILABLE", service="sudo", oddity=called_by(ALICE))
    host.helper()
    assert_admitted(host)
    make_older(301)
    host.helper(look_up="failed:STATUS")
    assert_refused(host, "STATUS", "UNAVAILABLE")
    host.helper()
    assert_refused(host, "STATUS", "UNAVAILABLE")


def test_a_caller_of_sudo_has_no_grace_by_what_he_can_bring_about(host):
    """He stops sudo until it is late, so that the helper is silent; root's callers cannot."""
    host.conf(conf(grace="1h", provider={"timeout": "1s"}))
    assert_admitted(host)
    make_older(301)
    host.helper(look_up="failed:STATUS")
    assert_admitted(host, service="sudo", oddity=called_by(ALICE))
    host.helper(look_up="silent")
    assert_refused(host, "HELPER_SILENT", "UNAVAILABLE", service="sudo", oddity=called_by(ALICE))
    assert ", and it cannot be asked now" in assert_admitted(host)


def write_nothing():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def test_an_answer_that_cannot_be_kept_ends_the_one_before(host):
    """Or a caller of sudo kept a role that is gone, until the API is down."""
    host.conf(conf(grace="1h"))
    assert_admitted(host)
    make_older(301)
    host.helper(look_up="another_role")
    assert_refused(host, "ROLE", service="sudo", oddity=write_nothing)
    host.helper(look_up="failed:STATUS")
    assert_refused(host, "STATUS", "UNAVAILABLE")


# What the API says of somebody ends what it said before, also of a grace.
TAKEN_BACK = [("API_INACTIVE", "DENIED"), ("API_NO_USER", "DENIED"), ("API_USERS", "DENIED"),
              ("API_OTHER", "DENIED"), ("API_ROLE_TYPE", "FAILED")]


@pytest.mark.parametrize("reason, kind", TAKEN_BACK, ids=[row[0] for row in TAKEN_BACK])
def test_who_is_no_user_any_more_is_none_by_an_old_answer(host, reason, kind):
    host.conf(conf(grace="1h"))
    assert_admitted(host)
    make_older(301)
    host.helper(look_up=f"failed:{reason}")
    assert_refused(host, reason, kind)
    assert not answers()
    host.helper(look_up="failed:STATUS")
    assert_refused(host, "STATUS", "UNAVAILABLE")


# Faults of this host's are no outage: an old answer does not hide them.
@pytest.mark.parametrize("look_up, reason", [
    ("failed:API_FORBIDDEN", "SERVICE_TOKEN_REFUSED"),
    ("failed:RENEWAL_REFUSED", "SERVICE_TOKEN_REFUSED"),
    ("failed:CLIENT_REFUSED", "CLIENT_REFUSED"),
    ("another_address", "HELPER_ANSWER"),
    ("echo", "HELPER_ANSWER"),
])
def test_what_is_wrong_here_refuses_whatever_was_said_before(host, look_up, reason):
    host.conf(conf(grace="1h"))
    assert_admitted(host)
    make_older(301)
    host.helper(look_up=look_up)
    assert_refused(host, reason, "BROKEN")
    assert answers()


### By whose token ###

def test_a_token_that_is_too_old_is_renewed_and_kept(host):
    host.helper(look_up="old_token")
    assert_admitted(host)
    kept = settings.SERVICE_TOKEN.read_bytes()
    assert NEXT.encode() in kept and b"next-refresh-token" in kept
    assert ACCESS.encode() not in kept and TOKEN.encode() not in kept


def test_a_caller_of_sudo_is_looked_up_by_the_token_as_it_is(host):
    assert_admitted(host, service="sudo", oddity=called_by(ALICE))


def test_nobodys_sudo_renews_it(host):
    before = settings.SERVICE_TOKEN.read_bytes()
    host.helper(look_up="old_token")
    assert_refused(host, "SERVICE_TOKEN_OLD", "UNAVAILABLE", service="sudo",
                   oddity=called_by(ALICE))
    assert settings.SERVICE_TOKEN.read_bytes() == before


def test_without_a_token_the_log_says_what_to_do(host):
    settings.SERVICE_TOKEN.unlink()
    assert_refused(host, "SERVICE_TOKEN_NONE", "BROKEN")


@pytest.mark.parametrize("other", [{"company": "evil"}, {"client_id": "other"},
                                   {"issuer": "https://id.evil/ids"},
                                   {"api_url": "https://api.evil"}],
                         ids=lambda row: next(iter(row)))
def test_a_token_goes_to_nobody_else(host, other):
    settings.service_token(ACCESS, TOKEN, **{"issuer": ISSUER, **other})
    assert_refused(host, "SERVICE_TOKEN_NONE", "BROKEN")


@pytest.mark.parametrize("kind, code", [(1, "AUTHINFO_UNAVAIL"), (2, "SUCCESS")],
                         ids=["address", "neither"])
def test_a_caller_from_afar_is_counted_as_one(host, kind, code):
    """Or all log-ins by a key had those few helpers that root at a console has."""
    assert_admitted(host)
    host.conf(conf(cache="0s"))
    with slots_taken(kind << 32, 1 << 32):
        assert key_login(host)[0] == code


### Whose account ###

WHOSE = [
    ("nobody", "email  bob@example.com  bob\n", "NOBODY_KNOWN"),
    ("two", ONE + "email  carol@example.com  alice\n", "SEVERAL_KNOWN"),
    ("by an expression", "email  /(.*)@example.com/  \\1\n", "NOBODY_KNOWN"),
    ("by a sub", "sub  sub-of-alice  alice\n", "NOBODY_KNOWN"),
]


@pytest.mark.parametrize("what, rules, reason", WHOSE, ids=[row[0] for row in WHOSE])
def test_where_it_is_not_one_person_it_is_nobody(host, what, rules, reason):
    host.put("accounts.map", rules)
    assert_refused(host, reason)
    assert not answers()


def test_an_answer_about_one_is_none_about_another(host):
    assert_admitted(host)
    host.helper(look_up="failed:STATUS")
    assert_refused(host, "STATUS", "UNAVAILABLE", user="bob")


def signed_in_once(host):
    """alice's account is of her who signs in now, whatever the map says of it."""
    host.put("accounts.map", "email  /(.*)@example.com/  \\1\n")
    seen = host.one(steps=("authenticate",), answers=[ANSWER])
    assert seen.codes == ["SUCCESS"]


def test_who_has_signed_in_is_the_one_who_is_looked_up(host):
    signed_in_once(host)
    assert assert_admitted(host).startswith("by the public API, ")
    # by the API's id, which the sign-in brought: it names another address, and no other rule
    host.helper(look_up="another_address")
    make_older(301)
    assert_refused(host, "NO_RULE")


def test_another_user_of_the_same_address_is_not_she(host):
    signed_in_once(host)
    host.helper(look_up="another_id")
    assert_refused(host, "HELPER_ANSWER", "BROKEN")


def test_pins_that_cannot_be_read_admit_nobody_and_are_named(host):
    signed_in_once(host)
    settings.PINS.chmod(0o777)
    try:
        assert str(settings.PINS) in assert_refused(host, "FILE_UNTRUSTED", "BROKEN")["detail"]
    finally:
        settings.PINS.chmod(0o700)


def test_an_id_that_a_look_up_brings_is_remembered(host):
    """Of a person whose sign-in brought none: role_source was not the API's then."""
    host.conf(conf_of())
    signed_in_once(host)
    pin, = settings.PINS.glob("*")
    assert b"user-1" not in pin.read_bytes()
    host.conf(conf())
    assert_admitted(host)
    assert b"\tuser-1\t" in pin.read_bytes()
    host.helper(look_up="failed:STATUS")
    assert_admitted(host)       # by what it said, under the id
    host.helper(look_up="another_id")
    make_older(301)
    assert_refused(host, "HELPER_ANSWER", "BROKEN")


### What does not change ###

@pytest.mark.parametrize("source", ["claims", "both"])
def test_of_claims_nobody_is_looked_up(host, source):
    host.conf(conf(api={"role_source": source}))
    assert_refused(host, "SSH_NO_SIGN_IN")
    assert not answers()


def test_what_only_a_sign_in_shows_refuses(host):
    for key, reason, kind in (("require_acr", "ACR", "DENIED"),
                              ("require_scope", "SCOPE", "DENIED"),
                              ("max_age", "AUTH_TIME", "FAILED")):
        value = "1h" if key == "max_age" else "x"
        host.conf(conf(service_sshd={"require_role": "Host Login", key: value}))
        assert_refused(host, reason, kind)


def test_a_sign_in_s_roles_are_the_api_s(host):

    host.conf(conf(service_sshd={"require_role": "Guest"}))
    host.helper(redeem="another_role")
    seen = host.one(steps=("authenticate", "account"), answers=[ANSWER])
    assert seen.codes == ["SUCCESS", "SUCCESS"]
    host.helper()
    seen = host.one(answers=[ANSWER])
    assert host.events("sshd")[-1]["reason"] == "ROLE"


def test_a_cache_that_cannot_be_written_is_told_of_and_refuses_nobody(host):
    settings.CACHE.mkdir(exist_ok=True, mode=0o700)
    settings.CACHE.chmod(0o777)
    try:
        assert_admitted(host)
        assert [one["reason"] for one in host.events("sshd")].count("FILE_UNWRITTEN") >= 1
    finally:
        settings.CACHE.chmod(0o700)


def test_the_deadline_of_the_section_holds(host):
    host.conf(conf(service_sshd={"require_role": "Host Login", "deadline": "10s"},
                   provider={"timeout": "60s"}))
    host.helper(look_up="silent")
    began = time.monotonic()
    assert_refused(host, "HELPER_SILENT", "UNAVAILABLE")
    assert time.monotonic() - began < 40
