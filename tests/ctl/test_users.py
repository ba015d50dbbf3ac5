# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl users`: the company's users, and what this host would make of each."""

import json
import time

import pytest
import settings as files
from program import ctl
from test_pins import add, path_of

MAP = """\
email  alice@example.com                       alice
email  /^(carol|erin|frank)@example\\.com$/     \\1
email  dave@Example.com                        local1
email  dave@example.com                        dave  until=2020-01-01
email  ivan@example.com                        carol
email  alice@example.com                       root
sub    s-7                                     bob
"""


@pytest.fixture
def host(live, provider):
    """A host that has a token of its own, which the API's faults do not look at."""
    live.conf(api={"base_url": provider.api, "company": "acme", "role_source": "api"})
    files.put(files.MAP, MAP)
    files.service_token("an-access-token", "a-refresh-token", api_url=provider.api)
    return provider


def user(name, **fields):
    return {"id": f"u-{name}", "email": f"{name}@example.com", "active": True,
            "role": "Host Login", **fields}


def lists(provider, *all_users, **how):
    """The API says this."""
    provider.fault("api", raw=json.dumps({"kind": "User", "data": all_users}),
                   type="application/json", **how)


def users(*arguments):
    """Each user of --json, by the id."""
    done = ctl("users", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return {one["id"]: one for one in json.loads(done.stdout)}


def accounts(one):
    return {gain["account"]: gain["reason"] for gain in one["accounts"]}


def admitted(one):
    return [service["service"] for service in one["services"] if service["admitted"]]


def lines(*arguments):
    done = ctl("users", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


### The real way ###

def test_by_the_token_of_a_service_sign_in_all_users_are_told(live, provider, sign_in):
    live.conf(api={"base_url": provider.api, "company": "acme", "role_source": "api"})
    files.put(files.MAP, MAP)
    assert sign_in("alice", "service-sign-in").status == 0
    before = files.SERVICE_TOKEN.read_bytes()
    found = users()
    assert set(found) == {"u-1001", "1002", "u-1003", "u-1004", "u-1005", "u-1006", "u-1007", "u-1009"}
    assert found["u-1001"] == {
        "id": "u-1001", "email": "alice@example.com", "sub": "", "active": True,
        "roles": ["Host Login", "Admin"], "reason": "ADMITTED",
        "accounts": [{"account": "alice", "exists": True, "reason": "ADMITTED"},
                     {"account": "root", "exists": True, "reason": "ROOT"}],
        "services": [{"service": name, "admitted": True, "reason": "ADMITTED"}
                     for name in ("sshd", "sudo", "su", "login")]}
    assert found["1002"]["services"][0] == {"service": "sshd", "admitted": False, "reason": "ROLE"}
    assert provider.log()["requests"][-1]["path"] == "/api/acme/Users/List"
    # the access token serves as long as the API takes it
    assert files.SERVICE_TOKEN.read_bytes() == before


@pytest.mark.parametrize("access", ["", "an-access-token"], ids=["none yet", "one that is too old"])
def test_a_token_that_is_renewed_is_kept(live, provider, sign_in, access):
    live.conf(api={"base_url": provider.api, "company": "acme"})
    assert sign_in("alice", "service-sign-in").status == 0
    refresh = files.SERVICE_TOKEN.read_bytes()
    # behind the sixth length stands the access token, last of all
    at = refresh.index(b"eyJ")
    files.put(files.SERVICE_TOKEN, refresh[:at - 4] + len(access).to_bytes(4, "big") + access.encode(), 0o600)
    for _ in range(2):
        assert "u-1001" in users()
    assert files.SERVICE_TOKEN.read_bytes()[:at - 4] != refresh[:at - 4]
    assert provider.endpoints().count("token") == 3     # signed in, tried, and renewed once
    assert provider.refresh_tokens("alice") == 1


def test_people_are_a_line_each_and_roles_stand_last(host):
    lists(host, user("alice"), user("frank", role=["Viewer", "Host Login"]), user("bob", role=[]),
          user("ivan", active=False))
    assert lines() == [
        "E-MAIL             ID       ACCOUNTS              ADMITTED TO            ROLES",
        "alice@example.com  u-alice  alice, root (root's)  sshd, sudo, su, login  Host Login",
        "frank@example.com  u-frank  frank (missing)       -                      Viewer, Host Login",
        "bob@example.com    u-bob    -                     - (no such role)       -",
        "ivan@example.com   u-ivan   carol                 - (inactive)           Host Login",
        "",
        "Accounts that this host lacks; nothing was made:",
        "  useradd --create-home frank",
    ]


### What is decided of each ###

def test_each_account_has_its_own_reason(host):
    lists(host, user("alice"), user("carol"), user("dave"), user("frank"))
    found = users()
    assert accounts(found["u-alice"]) == {"alice": "ADMITTED", "root": "ROOT"}
    assert accounts(found["u-carol"]) == {"carol": "ADMITTED"}
    assert accounts(found["u-dave"]) == {"local1": "LOCAL_ACCOUNT", "dave": "RULE_ENDED"}
    assert found["u-frank"]["accounts"] == [
        {"account": "frank", "exists": False, "reason": "NO_ACCOUNT"}]
    assert [bool(admitted(found[f"u-{name}"])) for name in ("alice", "carol", "dave", "frank")] == \
        [True, True, False, False]


def test_a_rule_that_has_not_ended_counts_beside_one_that_has(host):
    files.put(files.MAP, "email alice@example.com alice until=2020-01-01\n"
              "email /^(.*)@example\\.com$/ \\1\n")
    lists(host, user("alice"))
    assert accounts(users()["u-alice"]) == {"alice": "ADMITTED"}


@pytest.mark.parametrize("change, reason", [
    ({"active": False}, "API_INACTIVE"), ({"active": "true"}, "API_INACTIVE"), ({"active": None}, "API_INACTIVE"),
], ids=["false", "a string", "unsaid"])
def test_who_is_not_active_is_admitted_nowhere(host, change, reason):
    lists(host, user("alice", **change))
    one = users()["u-alice"]
    assert (one["reason"], admitted(one)) == (reason, [])


@pytest.mark.parametrize("role, roles, reason", [
    ("Viewer", ["Viewer"], "ROLE"), ([], [], "ROLE"), (None, None, "API_ROLE_TYPE"),
    ({"name": "Host Login"}, None, "API_ROLE_TYPE"), (["Host Login", 1], None, "API_ROLE_TYPE"),
    (["Host Login"] * 61, None, "API_ROLE_TYPE"), ("Host Login\x1b[m", None, "API_ROLE_TYPE"),
    (["x", "Host Login"], ["x", "Host Login"], "ADMITTED"),
], ids=["another", "none", "null", "an object", "with a number", "too many", "not printing", "among others"])
def test_roles_are_held_against_the_services(host, role, roles, reason):
    lists(host, user("alice", role=role))
    one = users()["u-alice"]
    assert one["roles"] == roles and {service["reason"] for service in one["services"]} == {reason}
    assert bool(admitted(one)) == (reason == "ADMITTED")


def test_of_all_required_roles_each_is_wanted_and_one_service_can_be_asked_for(host, live):
    live.conf(api={"base_url": host.api, "company": "acme", "role_source": "api"},
              service_sudo={"require_all_roles": "Host Login, Admin", "require_role": None},
              service_su={"require_role": None})
    lists(host, user("alice"), user("carol", role=["Host Login", "Admin"]))
    found = users()
    assert [one["reason"] for one in found["u-alice"]["services"]] == \
        ["ADMITTED", "ALL_ROLES", "SERVICE_CLOSED", "ADMITTED"]
    assert admitted(found["u-carol"]) == ["sshd", "sudo", "login"]
    assert [one["service"] for one in users("--service", "sudo-i")["u-carol"]["services"]] == ["sudo"]
    table = lines("--service", "sudo")
    assert "- (no such role)" in table[1] and table[2].split()[3] == "sudo"


def test_two_with_one_address_or_id_are_nobody(host):
    lists(host, user("alice"), user("alice", id="u-2"), user("carol"), user("frank", id="u-carol"),
          user("dave"))
    done = ctl("users", "--json")
    found = json.loads(done.stdout)
    assert [one["reason"] for one in found] == ["API_USERS"] * 4 + ["ADMITTED"]
    assert not any(admitted(one) for one in found[:4])


def test_two_with_nothing_to_know_them_by_are_not_one_another(host):
    lists(host, {"active": True}, {"active": True, "id": "\x1b[2J"}, {})
    found = json.loads(ctl("users", "--json").stdout)
    assert [(one["id"], one["email"], one["reason"]) for one in found] == \
        [("", "", "ADMITTED")] * 2 + [("", "", "API_INACTIVE")]
    assert lines()[1].split()[:3] == ["-", "-", "-"]


def test_people_who_would_get_the_same_account_are_named(host):
    files.put(files.MAP, "email alice@example.com alice\nemail carol@example.com alice\n"
              "email dave@example.com dave\nemail frank@example.com alice\n")
    lists(host, user("alice"), user("carol"), user("dave"), user("frank", active=False))
    assert lines()[-2:] == ["More than one person would get:",
                            "  alice: alice@example.com, carol@example.com, frank@example.com"]


### Pins and locks ###

def pin(account, sub, api_id="", email="", issuer=files.BASE["provider"]["issuer"]):
    add(account, sub)
    line = f"1700000000\t{account}\t{issuer}\t{sub}\t{email}\t{api_id}\tsign-in\n"
    text = path_of(account).read_text().splitlines(keepends=True)
    files.put(path_of(account), text[0] + line + text[-1], 0o600)


@pytest.mark.parametrize("known, sub, reason", [
    ({"api_id": "u-alice"}, "s-7", "ADMITTED"),
    ({"email": "alice@example.com"}, "s-7", "ADMITTED"),
    ({"api_id": "u-alice", "email": "old@example.com"}, "s-7", "ADMITTED"),
    # somebody else was given the address
    ({"api_id": "u-9", "email": "alice@example.com"}, "", "PINNED"),
    ({"email": "carol@example.com"}, "", "PINNED"),
    ({}, "", "NOBODY_KNOWN"),
    ({"api_id": "u-alice", "issuer": "https://other.example/ids"}, "", "PINNED"),
])
def test_whose_account_it_is_pins_say(host, known, sub, reason):
    pin("alice", "s-7", **known)
    lists(host, user("alice"))
    one = users()["u-alice"]
    assert one["sub"] == sub and accounts(one)["alice"] == reason
    # whose sub is known may have accounts by it
    assert accounts(one).get("bob") == ("ADMITTED" if sub else None)
    assert bool(admitted(one)) == (reason == "ADMITTED")


def test_two_subs_of_one_user_are_none(host):
    pin("alice", "s-7", api_id="u-alice")
    pin("dave", "s-8", api_id="u-alice")
    lists(host, user("alice"))
    one = users()["u-alice"]
    assert one["sub"] == "" and accounts(one)["alice"] == "PINNED"


def test_without_pins_no_sub_is_known_and_that_is_said(host, live):
    pin("alice", "s-7", api_id="u-alice")
    live.conf(api={"base_url": host.api, "company": "acme", "role_source": "api"},
              accounts={"pin_subject": "no"})
    lists(host, user("alice"))
    done = ctl("users", "--json")
    one, = json.loads(done.stdout)
    assert one["sub"] == "" and accounts(one) == {"alice": "ADMITTED", "root": "ROOT"}
    assert "note: pin_subject = no: nobody's sub is known" in done.stderr


def test_a_file_of_pins_that_cannot_be_read_is_named_and_its_account_nobodys(host):
    pin("alice", "s-7")
    path_of("alice").write_text("nonsense\n")
    lists(host, user("alice"), user("carol"))
    done = ctl("users", "--json")
    alice, carol = json.loads(done.stdout)
    assert done.returncode == 3 and f"{path_of('alice')}" in done.stderr
    assert accounts(alice)["alice"] == "FILE_UNREAD" and admitted(alice) == []
    assert accounts(carol) == {"carol": "ADMITTED"}


@pytest.mark.parametrize("what, value, user_reason, reason", [
    ("account", "alice", "ADMITTED", "LOCKED"), ("email", "alice@example.com", "LOCKED", "ADMITTED"),
    ("sub", "s-7", "LOCKED", "ADMITTED"), ("sub", "s-8", "ADMITTED", "ADMITTED"),
    ("account", "carol", "ADMITTED", "ADMITTED"),
])
def test_who_is_locked_is_told_so(host, what, value, user_reason, reason):
    pin("alice", "s-7", api_id="u-alice")
    flag = {"account": "--user", "email": "--email", "sub": "--sub"}[what]
    assert ctl("lock", flag, value).returncode == 0
    lists(host, user("alice"))
    one = users()["u-alice"]
    assert (one["reason"], accounts(one)["alice"]) == (user_reason, reason)


### What hostile users cannot do ###

@pytest.mark.parametrize("email, account", [
    ("x;reboot@example.com", "x;reboot"), ("$(id)@example.com", "$(id)"), ("`id`@example.com", "`id`"),
    ("x'y@example.com", "x'y"), ("9x@example.com", "9x"), ("A@example.com", "A"),
    ("x" * 33 + "@example.com", "x" * 33), ("x&@example.com", "x&"),
])
def test_a_line_for_useradd_has_nothing_that_a_shell_would_heed(host, email, account):
    files.put(files.MAP, "email /^(.*)@example\\.com$/ \\1\n")
    lists(host, user("x", email=email), user("frank"))
    shown = lines()
    assert shown[-3:] == ["Accounts that this host lacks; nothing was made:",
                          f'  (no name for useradd: "{account}")', "  useradd --create-home frank"]


def test_only_who_would_be_admitted_is_to_be_given_an_account_and_once(host):
    files.put(files.MAP, "email /^(.*)@example\\.com$/ newcomer\n")
    unwanted = [user("ivan", active=False), user("bob", role="Viewer")]
    lists(host, *unwanted, count=1)
    assert "useradd" not in "\n".join(lines())
    lists(host, *unwanted, user("frank"), user("alice"))
    assert "\n".join(lines()).count("useradd --create-home newcomer") == 1


@pytest.mark.parametrize("change", [
    {"id": "u\x1b]0;x\x07"}, {"email": "a\x1b[m@example.com"}, {"role": ["\x9b31m"]}, {"role": ["a\nb"]},
    {"id": "\u202eu"}, {"role": ["Host\u2028Login"]},
])
def test_control_characters_reach_no_terminal(host, change):
    lists(host, user("alice", **change), user("carol"))
    for arguments in ([], ["--json"]):
        done = ctl("users", *arguments)
        assert done.returncode == 0 and done.stderr == ""
        assert "carol" in done.stdout
        for mark in "\x1b\x07\x9b\u202e\u2028":
            assert mark not in done.stdout


### Where there is nothing to tell ###

def test_nobody_is_an_empty_list(host):
    lists(host)
    assert (ctl("users", "--json").stdout, len(lines())) == ("[]\n", 1)


def test_without_a_token_it_says_how_one_is_had(host):
    files.SERVICE_TOKEN.unlink()
    done = ctl("users")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == ("beproductctl: SERVICE_TOKEN_NONE: this host has no token for the public "
                           "API: beproductctl service-sign-in\n")
    assert "api" not in host.endpoints()


@pytest.mark.parametrize("fault, status, words", [
    ({"status": 403}, 3, "SERVICE_TOKEN_REFUSED: this host's token for the public API is refused: "
     "beproductctl service-sign-in (public API: status 403 at "),
    ({"status": 404}, 2, "STATUS: "), ({"status": 500}, 2, "STATUS: "), ({"close": True}, 2, "NO_CONNECTION: "),
    ({"raw": "<html>"}, 2, "BODY: "), ({"huge": True}, 2, "more than 1 MiB"),
    ({"raw": json.dumps([{}] * 50000)}, 2, "more users than go into 1047552 bytes"),
    ({"raw": "{}"}, 2, "neither a list nor one in data"),
])
def test_an_api_that_gives_no_list_is_told_of(host, fault, status, words):
    host.fault("api", **fault)
    done = ctl("users")
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr and "an-access-token" not in done.stderr
    assert ("are shown all or not at all: of the API's\nanswer 1048576 bytes" in done.stderr) == \
        ("BODY" in done.stderr)


def test_a_refresh_token_of_no_use_any_more_is_told_of(host):
    files.service_token("", "none-of-theirs", api_url=host.api)
    done = ctl("users")
    assert done.returncode == 3 and "SERVICE_TOKEN_REFUSED: " in done.stderr
    assert "none-of-theirs" not in done.stderr


def test_a_silent_api_is_unavailable_within_the_time(host, live):
    live.conf(provider={"timeout": "2s"}, api={"base_url": host.api, "company": "acme"})
    host.fault("api", silent=True)
    done = ctl("users")
    assert (done.returncode, done.stdout) == (2, "") and "SILENCE: " in done.stderr


@pytest.mark.parametrize("arguments, status, words", [
    (["--service", "nosuch"], 3, "service: there is no section of this service: it admits nobody"),
    (["--user", "alice"], 4, "users takes no --user"),
])
def test_a_call_that_cannot_be_answered_asks_nobody(host, arguments, status, words):
    done = ctl("users", *arguments)
    assert (done.returncode, done.stdout) == (status, "") and words in done.stderr
    assert host.endpoints() == []


def test_a_missing_company_and_a_bad_map_are_named(host, live):
    files.put(files.MAP, "email alice@example.com\n")
    done = ctl("users")
    assert done.returncode == 3 and "accounts.map:1: expected three columns" in done.stderr
    live.conf()
    files.put(files.MAP, MAP)
    done = ctl("users")
    assert done.returncode == 3 and "beproduct.conf: company: is missing from [api]" in done.stderr
    assert host.endpoints() == []


def test_nobody_but_root_may(host):
    done = ctl("users", user=65534)
    assert (done.returncode, done.stdout, host.endpoints()) == (3, "", [])


def test_what_only_a_sign_in_shows_is_said_to_be_so(host, live):
    live.conf(api={"base_url": host.api, "company": "acme", "role_source": "both"},
              service_sudo={"max_age": "1h", "require_acr": "gold"})
    files.put(files.MAP, MAP + "upn alice carol\n")
    lists(host, user("alice"))
    said = ctl("users", "--service", "sudo").stderr
    assert said.splitlines() == [
        "note: role_source: the roles are the public API's; of a sign-in the claim role counts, too",
        "note: /etc/beproduct/accounts.map: rules by other claims than email and sub: only a sign-in "
        "shows these",
        "note: [service:sudo]: require_acr: only a sign-in shows whether it is met",
        "note: [service:sudo]: max_age: only a sign-in shows whether it is met",
    ]
    assert "max_age" not in ctl("users", "--service", "sshd").stderr


### Many ###

def test_many_people_meet_many_rules_in_a_moment(host):
    files.put(files.MAP, "".join(f"email  n{n}@example.com  acct{n}\n" for n in range(10000)))
    lists(host, *[{"id": n, "email": f"n{n}@example.com", "active": True, "role": "Host Login"}
                  for n in range(9000)])
    began = time.monotonic()
    found = users()
    # where each met each it took minutes
    assert time.monotonic() - began < 25 and len(found) == 9000
    assert accounts(found["8999"]) == {"acct8999": "NO_ACCOUNT"}
