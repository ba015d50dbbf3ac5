# SPDX-License-Identifier: BSD-2-Clause
"""What a line of the log has: of which decision, by what, how long it took. conftest.py
holds every line of every test against pam_beproduct(8), and ctl's test_pages.py the code."""

import re
import subprocess

import pytest

import documented
import settings
from conftest import PRODUCT, ETC
from rows import ANSWER, CONF, MAP, TOKEN, conf_of
from test_key import RULE as KEY_RULE, come
from test_look_up import ACCESS, ISSUER
from test_renewal import AT_ONCE
from test_ticket import login, sign_in, sudo

MAP_FILE = ETC / "accounts.map"
# alice's line behind what counts as lines too
LATER = "# the team\n\nemail  bob@example.com  bob\nemail  alice@example.com  alice\n"
API = {"company": "acme", "role_source": "api"}


def decisions(bench, service):
    return [event for event in bench.events(service) if event.get("ms")]


def decision(bench, service):
    event, = decisions(bench, service)
    return event


def of(event, *keys):
    return {key: event.get(key) for key in keys or ("by", "rule", "roles", "api_roles")}


def basis(by, line=1, roles="Host Login", api_roles=None):
    return {"by": by, "rule": f"{MAP_FILE}:{line}" if line else None, "roles": roles,
            "api_roles": api_roles}


def test_nothing_else_writes_a_pair():
    for path in PRODUCT.rglob("*.c"):
        if path.name not in ("call.c", "log.c"):
            assert "bp_log_add" not in path.read_text(encoding="ascii"), path


### What a decision rests on ###

def test_a_sign_in_tells_the_rule_and_the_roles_that_counted(bench):
    bench.put("accounts.map", LATER)
    assert bench.one(answers=[ANSWER]).codes == ["SUCCESS"]
    event = decision(bench, "sshd")
    assert event.name == "admitted" and of(event) == basis("sign-in", line=4)
    started = bench.events("sshd")[0]
    assert started.name == "started" and not started.get("ms") and not started.get("by")


def test_ticket_and_renewal_tell_which_they_are(bench):
    with login():
        attempt = sign_in(bench)
        for phase in ("authenticate", "account"):
            bench.conf(CONF)
            assert sudo(bench, steps=(phase,)).codes == ["SUCCESS"]
            event = decision(bench, "sudo")
            assert of(event) == basis("ticket") and event["attempt"] == attempt
            bench.conf(AT_ONCE)
            assert sudo(bench, steps=(phase,)).codes == ["SUCCESS"]
            assert of(decision(bench, "sudo")) == basis("renewal")


def test_a_ticket_that_a_role_refuses_tells_the_roles_of_its_person(bench):
    bench.helper(redeem="without_tokens")
    with login():
        sign_in(bench)
        bench.conf(CONF.replace("[service:sudo]\nrequire_role = Host Login",
                                "[service:sudo]\nrequire_role = Boss"))
        assert sudo(bench, steps=("account",)).codes == ["PERM_DENIED"]
        event = decision(bench, "sudo")
        assert event["reason"] == "ROLE" and of(event) == basis("ticket", line=0)


def test_a_key_of_no_person_tells_its_rule_and_no_roles(bench):
    bench.put("accounts.map", LATER + KEY_RULE)
    for phase in ("authenticate", "account"):
        assert come(bench, phases=(phase,)).codes == ["SUCCESS"]
        event = decision(bench, "sshd")
        assert of(event) == basis("key", line=5, roles=None) and event.get("sub") is None


@pytest.mark.parametrize("look_up, reason, line, roles", [
    ("good", "ADMITTED", 1, "Host Login"), ("another_role", "ROLE", 0, "Guest")])
def test_the_api_tells_its_own_roles(bench, look_up, reason, line, roles):
    bench.conf(conf_of(api=API))
    bench.put("accounts.map", MAP.splitlines()[0] + "\n")
    settings.service_token(ACCESS, TOKEN, issuer=ISSUER)
    bench.helper(look_up=look_up)
    bench.one(steps=("account",))
    event = decision(bench, "sshd")
    assert event["reason"] == reason
    assert of(event) == basis("api", line, None, roles)


def test_of_both_sources_the_roles_are_told_apart(bench):
    bench.conf(conf_of(api={**API, "role_source": "both"}))
    assert bench.one(answers=[ANSWER]).codes == ["SUCCESS"]
    assert of(decision(bench, "sshd")) == basis("sign-in", api_roles="Host Login")


WITHOUT = [
    ("another_role", "ROLE", 0, "Guest"), ("no_role", "ROLE", 0, ""),
    ("number_role", "ROLE_TYPE", 0, None), ("unverified", "EMAIL_UNVERIFIED", 1, "Host Login"),
    ("another_address", "NO_RULE", 0, "Host Login"), ("another_company", "TENANT", 0, None),
]


@pytest.mark.parametrize("redeem, reason, line, roles", WITHOUT, ids=[row[0] for row in WITHOUT])
def test_a_refusal_tells_how_far_it_came(bench, redeem, reason, line, roles):
    if reason == "TENANT":
        bench.conf(conf_of(provider={"tenant": "claim company=acme"}))
    bench.helper(redeem=redeem)
    bench.one(answers=[ANSWER])
    event = decision(bench, "sshd")
    assert event["reason"] == reason and of(event) == basis("sign-in", line, roles)


def test_a_rule_that_has_ended_is_named(bench):
    bench.put("accounts.map", "# c\nemail alice@example.com alice until=2020-01-01\n")
    bench.one(answers=[ANSWER])
    event = decision(bench, "sshd")
    assert event["reason"] == "RULE_ENDED" and of(event) == basis("sign-in", line=2)


def test_where_nobody_is_known_it_tells_nothing(bench):
    bench.one(steps=("account",))
    bench.run("login", user="local1")
    for service in ("sshd", "login"):
        for event in bench.events(service):
            assert set(of(event).values()) == {None}


### How long it took ###

def test_each_decision_has_its_time_and_no_other_line_has(bench):
    """A helper of a second is in it; a cache that cannot be written is no decision."""
    settings.CACHE.mkdir(exist_ok=True, mode=0o700)
    settings.CACHE.chmod(0o777)
    bench.helper(redeem="silent")
    bench.one(answers=[ANSWER])
    names = [(event.name, event.get("reason"), bool(event.get("ms")))
             for event in bench.events("sshd")]
    assert names == [("error", "FILE_UNWRITTEN", False), ("started", None, False),
                     ("refused", "HELPER_SILENT", True)]
    assert re.fullmatch("[0-9]+", decision(bench, "sshd")["ms"])
    assert int(decision(bench, "sshd")["ms"]) >= 900


def test_root_and_a_local_account_are_a_decision_too(bench):
    for user in ("root", "local1"):
        bench.one(user=user)
        assert decision(bench, "sshd").name == "local"


### README's greps ###

GREPS = re.findall(r"(?m)^grep -E '(.*)' /var/log/auth.log$", documented.read("README.md"))
TIMES = ("Dec  1 10:00:00", "2026-12-01T10:00:01.123456+00:00")


def found(pattern, lines):
    return subprocess.run(["grep", "-E", pattern], input="".join(f"{one}\n" for one in lines),
                          capture_output=True, text=True, timeout=30,
                          check=False).stdout.splitlines()


def test_the_greps_find_our_lines_and_no_other_program_s(bench):
    bench.helper(redeem="another_role")
    bench.one(answers=[ANSWER])
    refused = decision(bench, "sshd")
    text = refused.line.text
    assert len(GREPS) == 3
    for pattern in GREPS:
        mine = pattern.replace("5c3f", refused["attempt"][:4]).replace("bob", "alice")
        for time in TIMES:
            ours = [f"{time} web1 sshd[12]: {text}", f"{time} web1 sshd-session[12]: {text}"]
            forged = [f"{time} web1 sshd[12]: {before}{text}" for before in (
                "Invalid user ", "Invalid user z: ", "Invalid user z[1]: ", "x", f"{time} web1 a: ",
                "error: ", "web1 sshd[12]: ")]
            assert found(mine, ours + forged) == ours, pattern


### Of whatever a person is called ###

FORGED = 'x" reason=ADMITTED text="admitted" y'


def test_no_value_looks_like_a_key(bench):
    bench.one(rhost=FORGED, answers=[ANSWER])
    line = bench.events("sshd")[-1].line.text
    assert line.count(' reason=ADMITTED text="') == 1
    bare = re.findall(r' ([a-z_]+)="', line)
    assert set(bare) <= documented.told_of_the_log() and len(bare) == len(set(bare))
