# SPDX-License-Identifier: BSD-2-Clause
"""SSH keys, as sshd names them in PAM's environment: one that has signed in, and one that
is no person's."""

import pwd
import re
import subprocess

import pytest

from conftest import ETC, put
from rows import ANSWER, CONF, HOSTS, MAP, TOKEN, no_sign_in_of
from settings import QUEUE, TICKETS, lock
from test_ticket import begin_login, is_asked, kept, login, sudo

BASE64 = "AAAAC3NzaC1lZDI1NTE5AAAAIOrLjKOroG/AWkBIfkWXV8f28nmzgmDEv04rtO/37iZs"
LINE = f"publickey ssh-ed25519 {BASE64}\n"
NAME = "SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI"
OTHER = "publickey x AAAAAXh5eXk=\n"
CERTIFICATE = "publickey ssh-ed25519-cert-v01@openssh.com " \
    "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIA==\n"
RULE = f"key {NAME} alice\n"
KEYED = CONF.replace("[service:sshd]\n", "[service:sshd]\nticket = 8h\nrecheck = 8h\n")
AT_ONCE = KEYED.replace("ticket = 8h\nrecheck = 8h\n", "ticket = 8h\nrecheck = 0s\n")


def named(info=LINE):
    """What sshd's monitor does before each phase."""
    return ("environment", f"SSH_AUTH_INFO_0={info}")


def come(bench, info=LINE, phases=("authenticate", "account"), service="sshd", **options):
    return bench.one(service, steps=(named(info), *phases), **options)


def sign_in(bench, info=LINE):
    seen = come(bench, info, answers=[ANSWER])
    assert seen.codes == ["SUCCESS"] * 2 and len(seen.prompts) == 1, seen
    return bench.events("sshd")[-1]["attempt"]


def keys():
    return [name for name in kept() if name.startswith("key-")]


def asks(bench, info=LINE, **options):
    return is_asked(come(bench, info, phases=("authenticate",), **options))


### A key of no person ###

PHASES = {"both": ("authenticate", "account"), "the account phase": ("account",)}


@pytest.mark.parametrize("phases", PHASES)
def test_a_key_of_the_map_is_let_in_without_anybody(bench, phases):
    bench.put("accounts.map", MAP + RULE)
    seen = come(bench, phases=PHASES[phases])
    assert set(seen.codes) == {"SUCCESS"} and not seen.messages
    event, = bench.events("sshd")
    assert (event.name, event["phase"]) == \
        ("admitted", "auth" if phases == "both" else "account")
    assert (event["key"], event["detail"]) == (NAME, "by a key of no person")
    assert "sub" not in event.fields and kept() == []


@pytest.mark.parametrize("service", sorted(set(HOSTS) - {"sshd"}))
def test_no_other_host_names_one(bench, service):
    bench.conf(re.sub(r"(?m)^(\[service:.*\])$", r"\1\nticket = 8h", CONF))
    sign_in(bench)
    bench.put("accounts.map", MAP + RULE)
    assert asks(bench, service=service)
    assert "key" not in bench.events(service)[-1].fields
    seen = come(bench, phases=("account",), service=service)
    assert seen.codes == ["PERM_DENIED"]
    assert bench.events(service)[-1]["reason"] == no_sign_in_of(service)[0]


NONE = {
    "no key": "", "another": OTHER, "a certificate": CERTIFICATE,
    "two": LINE + OTHER, "the same twice": LINE + LINE,
    "one that cannot be read": LINE.replace("=", "").replace("iZs", "i"),
    "one in another's words": f"password {LINE}",
}


@pytest.mark.parametrize("what", NONE)
def test_what_no_rule_means_asks_and_is_refused_in_the_account_phase(bench, what):
    bench.put("accounts.map", MAP + RULE)
    assert asks(bench, NONE[what])
    seen = come(bench, NONE[what], phases=("account",))
    assert seen.codes == ["PERM_DENIED"]
    assert bench.events("sshd")[-1]["reason"] == "SSH_NO_SIGN_IN"


def test_the_log_says_why_a_key_is_none(bench):
    for info, detail in ((LINE + OTHER, "more than one SSH key: none counts"),
                         ("publickey\n", "sshd's words of the SSH key cannot be read")):
        come(bench, info, phases=("account",))
        assert bench.events("sshd")[-1]["detail"] == detail
    come(bench, CERTIFICATE, phases=("account",))
    assert bench.events("sshd")[-1]["key"].startswith("cert-SHA256:")


def test_nor_does_another_account_s_rule(bench):
    bench.put("accounts.map", MAP + f"key {NAME} bob\n")
    assert asks(bench)
    assert come(bench, phases=("account",)).codes == ["PERM_DENIED"]
    assert come(bench, phases=("account",), user="bob").codes == ["SUCCESS"]


def test_without_a_key_no_map_is_read_for_it(bench):
    (ETC / "accounts.map").unlink()
    assert come(bench, "", phases=("account",)).codes == ["PERM_DENIED"]
    assert "detail" not in bench.events("sshd")[-1].fields


def test_a_service_that_is_closed_lets_no_key_in(bench):
    bench.put("accounts.map", MAP + RULE)
    bench.conf(CONF.replace("[service:sshd]\nrequire_role = Host Login", "[service:sshd]"))
    seen = come(bench)
    assert seen.codes == ["MAXTRIES", "PERM_DENIED"] and not seen.prompts
    assert {one["reason"] for one in bench.events("sshd")} == {"SERVICE_CLOSED"}


def test_nor_does_a_map_that_is_broken_behind_the_rule(bench):
    bench.put("accounts.map", MAP + RULE + "key x alice\n")
    seen = come(bench)
    assert seen.codes == ["MAXTRIES", "PERM_DENIED"] and not seen.prompts
    assert bench.events("sshd")[0]["reason"] == "MAP"


def test_an_account_that_does_not_exist_is_let_in_by_none(bench):
    """sshd never lets it come to this; whoever does gets nothing by it."""
    bench.put("accounts.map", MAP + f"key {NAME} nosuch\n")
    assert asks(bench, user="nosuch")
    assert come(bench, phases=("account",), user="nosuch").codes == ["USER_UNKNOWN"]


def test_nor_is_one_that_is_locked(bench):
    bench.put("accounts.map", MAP + RULE)
    lock("account", "alice")
    seen = come(bench)
    assert seen.codes == ["MAXTRIES", "PERM_DENIED"] and not seen.prompts
    assert {one["reason"] for one in bench.events("sshd")} == {"LOCKED"}


def test_no_person_is_one_who_says_she_has_the_key(bench):
    """A claim of that name is asked for by nobody; test_policy has what comes of it."""
    bench.put("accounts.map", f"key {NAME} alice\n")
    seen = come(bench, "", answers=[ANSWER], phases=("authenticate",))
    assert seen.codes == ["MAXTRIES"] and bench.events("sshd")[-1]["reason"] == "NO_RULE"


### One sign-in, and then the key alone ###

def test_the_key_that_signed_in_asks_nobody_again(bench):
    bench.conf(KEYED)
    attempt = sign_in(bench)
    assert len(keys()) == 1
    for phases in PHASES.values():
        seen = come(bench, phases=phases)
        assert set(seen.codes) == {"SUCCESS"} and not seen.messages
        event, = bench.events("sshd")
        assert (event.name, event["attempt"], event["key"]) == ("admitted", attempt, NAME)
        assert event["phase"] == {"authenticate": "auth"}.get(phases[0], "account")
        assert event["detail"].startswith("by the sign-in for sshd, ")
        assert event["detail"].endswith(" s ago, with an SSH key") and event["sub"]


def test_by_default_it_asks(bench):
    sign_in(bench)
    assert keys() == []
    assert asks(bench)
    assert come(bench, phases=("account",)).codes == ["PERM_DENIED"]


OTHERS = {"another key": {"info": OTHER}, "no key": {"info": ""},
          "two keys": {"info": LINE + OTHER}, "a certificate": {"info": CERTIFICATE},
          "another person": {"user": "bob"}}


@pytest.mark.parametrize("who", OTHERS)
def test_whoever_comes_otherwise_is_asked(bench, who):
    bench.conf(KEYED)
    bench.put("accounts.map", MAP + "email alice@example.com bob\n")
    sign_in(bench)
    assert asks(bench, **OTHERS[who])
    assert come(bench, phases=("account",), **OTHERS[who]).codes == ["PERM_DENIED"]


def test_another_account_of_her_uid_is_asked(bench):
    bench.conf(KEYED)
    bench.put("accounts.map", MAP + "email alice@example.com alicia\n")
    subprocess.run(["useradd", "--no-create-home", "--non-unique", "--uid",
                    str(pwd.getpwnam("alice").pw_uid), "alicia"], check=True, timeout=30)
    try:
        sign_in(bench)
        assert asks(bench, user="alicia")
        assert come(bench, phases=("account",), user="alicia").codes == ["PERM_DENIED"]
    finally:
        subprocess.run(["userdel", "--force", "alicia"], capture_output=True, timeout=30,
                       check=False)


def test_another_configuration_is_another_sign_in(bench, tmp_path):
    bench.conf(KEYED)
    sign_in(bench)
    bench.put("other.conf", KEYED)
    bench.argument("config=/etc/beproduct/other.conf", tmp_path)
    assert asks(bench)


SINCE = [
    ("the role is asked for no more", lambda: put(ETC / "beproduct.conf", KEYED.replace(
        "recheck = 8h\nrequire_role = Host Login", "recheck = 8h\nrequire_role = Boss")), "ROLE"),
    ("the rule is gone", lambda: put(ETC / "accounts.map", MAP.replace(" alice\n", " bob\n")),
     "NO_RULE"),
    ("the tenant is another", lambda: put(ETC / "beproduct.conf", KEYED.replace(
        "company=acme", "company=other")), "TENANT"),
    ("the section says no ticket", lambda: put(ETC / "beproduct.conf", CONF), "SSH_NO_SIGN_IN"),
    ("the section says none is to serve", lambda: put(ETC / "beproduct.conf", KEYED.replace(
        "ticket = 8h\nrecheck = 8h", "ticket = 0s")), "SSH_NO_SIGN_IN"),
    ("the issuer is another", lambda: put(ETC / "beproduct.conf", KEYED.replace(
        "id.example.com/ids", "id.example.com/other")), "SSH_NO_SIGN_IN"),
]


@pytest.mark.parametrize("what, change, reason", SINCE, ids=[row[0] for row in SINCE])
def test_it_does_no_more_since(bench, what, change, reason):
    bench.conf(KEYED)
    bench.helper(redeem="without_tokens")
    sign_in(bench)
    change()
    seen = come(bench, phases=("account",))
    assert seen.codes == ["PERM_DENIED"] and bench.events("sshd")[-1]["reason"] == reason
    assert asks(bench), "the person may sign in instead"


@pytest.mark.parametrize("what", [("account", "alice"), ("email", "alice@example.com")],
                         ids=["the account", "the person"])
def test_nor_while_somebody_is_locked(bench, what):
    bench.conf(KEYED)
    sign_in(bench)
    lock(*what)
    seen = come(bench)
    assert seen.codes == ["MAXTRIES", "PERM_DENIED"] and not seen.prompts
    assert {one["reason"] for one in bench.events("sshd")} == {"LOCKED"}


RENEWALS = [
    ("failed:STATUS", "AUTHINFO_UNAVAIL", False),
    ("failed:NO_NAME", "AUTHINFO_UNAVAIL", False),
    ("failed:TOKEN_SUB", "USER_UNKNOWN", True),
    ("failed:RENEWAL_REFUSED", "PERM_DENIED", True),
    ("another_role", "PERM_DENIED", True),
]


@pytest.mark.parametrize("renew, code, is_person_asked", RENEWALS, ids=[row[0] for row in RENEWALS])
def test_after_recheck_the_provider_is_asked(bench, renew, code, is_person_asked):
    bench.conf(AT_ONCE)
    sign_in(bench)
    for phases in PHASES.values():
        seen = come(bench, phases=phases)
        assert set(seen.codes) == {"SUCCESS"} and not seen.messages
        assert bench.events("sshd")[-1]["detail"].endswith(", with an SSH key, checked now")
    bench.helper(renew=renew)
    assert come(bench, phases=("account",)).codes == [code]
    bench.helper()
    sign_in_again = keys() == [] and sign_in(bench)
    bench.helper(renew=renew)
    seen = come(bench, phases=("authenticate",))
    assert is_asked(seen) if is_person_asked else \
        seen.codes == ["MAXTRIES"] and not seen.prompts
    assert sign_in_again or renew != "failed:RENEWAL_REFUSED"


def test_a_sign_in_that_is_too_old_for_max_age_is_asked_for_anew(bench):
    bench.conf(KEYED.replace("recheck = 8h\n", "recheck = 8h\nmax_age = 1h\n"))
    # the helper of these tests says nothing of auth_time
    seen = come(bench, answers=[ANSWER], phases=("authenticate",))
    assert seen.codes == ["MAXTRIES"] and bench.events("sshd")[-1]["reason"] == "AUTH_TIME"
    assert keys() == []


### What the session and sudo have of it ###

def test_the_session_gets_where_the_key_s_is_and_no_token(bench):
    bench.conf(KEYED)
    for answers in ([ANSWER], []):
        seen = come(bench, phases=("authenticate",), answers=answers)
        assert seen.codes == ["SUCCESS"]
        pending = [one for one in seen.environment if one.startswith("BEPRODUCT_TICKET=")]
        assert len(pending) == 1
    assert len(kept()) == 3 and len(keys()) == 1
    for name in kept():
        has = TOKEN.encode() in (TICKETS / name).read_bytes()
        assert has == name.startswith("key-")


def test_the_account_phase_alone_lends_none(bench):
    bench.conf(KEYED)
    sign_in(bench)
    before = kept()
    seen = come(bench, phases=("account",))
    assert seen.codes == ["SUCCESS"] and kept() == before
    assert not [one for one in seen.environment if one.startswith("BEPRODUCT")]


def test_a_newer_sign_in_with_the_key_has_the_former_one_s_token_revoked(bench):
    bench.conf(KEYED)
    sign_in(bench)
    bench.helper(redeem="without_tokens")
    bench.conf(KEYED.replace("recheck = 8h\n", "recheck = 0s\n", 1))
    bench.helper(redeem="without_tokens", renew="failed:TOKEN_SUB")
    sign_in(bench)
    waiting, = QUEUE.glob("*")
    assert TOKEN.encode() in waiting.read_bytes() and len(keys()) == 1


def test_a_sign_in_that_is_kept_for_no_key_takes_nothing_from_what_is(bench):
    bench.conf(KEYED)
    sign_in(bench)
    before = (TICKETS / keys()[0]).read_bytes()
    bench.conf(CONF)
    sign_in(bench)
    assert (TICKETS / keys()[0]).read_bytes() == before
    assert not QUEUE.exists() or not list(QUEUE.glob("*"))


def test_a_key_that_is_signed_in_with_is_no_session_s(bench):
    bench.conf(KEYED)
    sign_in(bench)
    with login():
        assert is_asked(sudo(bench))


def test_the_end_of_a_session_leaves_the_key_s(bench):
    bench.conf(KEYED)
    sign_in(bench)
    seen = bench.one("sshd", steps=(begin_login(), "open", "close"))
    assert seen.codes == ["SUCCESS"] * 2 and len(keys()) == 1
    assert not QUEUE.exists() or not list(QUEUE.glob("*"))


def test_where_it_cannot_be_kept_she_is_in_all_the_same_and_its_token_is_revoked(bench):
    bench.conf(KEYED)
    TICKETS.parent.mkdir(mode=0o700, exist_ok=True)
    put(TICKETS, "no folder")
    try:
        sign_in(bench)
        assert "FILE_UNWRITTEN" in [one["reason"] for one in bench.events("sshd", name="error")]
        assert len(list(QUEUE.glob("*"))) == 1
        assert asks(bench)
    finally:
        TICKETS.unlink()
