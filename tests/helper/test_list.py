# SPDX-License-Identifier: BSD-2-Clause
"""LIST against the test provider's public API: all users of the company."""

import json

import pytest

import asking


@pytest.fixture
def host(sign_in):
    """As a host with a token of its own, which alice gave it."""
    sign_in.ask_api()
    return sign_in.remembered()


def users(answer):
    """Each user's id, address, whether active, and roles, None where they are of no use."""
    assert (answer.type, answer.asked, answer.exit) == ("USERS", "LIST", "0"), answer.text
    items, found = answer.all("users")[0] if answer.all("users") else [], []
    while items:
        n = int(items[3] or 0)
        found.append((items[0], items[1], items[2] == "active",
                      items[4:4 + n] if items[3] else None))
        items = items[4 + n:]
    return found


def told(answer):
    if not answer.before:
        return None
    only, = answer.before
    assert (only.type, only.asked) == ("TOKEN", "LIST")
    return only


@pytest.mark.parametrize("shape", ["wrapped", "array"])
def test_all_users_of_the_company_come_in_either_shape(host, shape):
    host.provider.control("POST", "/api", {"shape": shape})
    found = {one[0]: one for one in users(host.list_users())}
    assert found["u-1001"] == ("u-1001", "alice@example.com", True, ["Host Login", "Admin"])
    assert found["1002"] == ("1002", "bob@example.com", True, ["Viewer"])
    assert found["u-1007"][3] == [] and found["u-1009"][2] is False
    assert "u-1013" not in found        # another company's
    only, = host.of_helper("api")
    assert (only["path"], only["auth"], only["parameters"]) == ("/api/acme/Users/List", "bearer", [])


def test_tokens_are_told_first_and_the_access_token_serves_again(host):
    first = host.list_users()
    assert told(first).refresh_token == "32 bytes" and told(first).access_token.endswith(" bytes")
    assert host.endpoints() == ["token", "api"]
    again = host.list_again()
    assert users(again) == users(first) and told(again) is None
    assert users(host.list_users()) == users(first)


@pytest.mark.parametrize("change, expected", [
    ({"claims": {"company": "acme"}}, ("u-1003", "", True, ["Host Login"])),
    ({"claims": {"company": "acme", "email": "a@b@c"}}, ("u-1003", "", True, ["Host Login"])),
    ({"claims": {"company": "acme", "email": ["carol@example.com"]}},
     ("u-1003", "", True, ["Host Login"])),
    ({"claims": {"company": "acme", "email": "Carol@EXAMPLE.org"}},
     ("u-1003", "Carol@example.org", True, ["Host Login"])),
    ({"roles": ["r"] * 60}, ("u-1003", "carol@example.com", True, ["r"] * 60)),
    ({"roles": ["r"] * 61}, ("u-1003", "carol@example.com", True, None)),
    ({"roles": ["a", "\x1b[31m"]}, ("u-1003", "carol@example.com", True, None)),
    ({"roles": [{"name": "Admin"}]}, ("u-1003", "carol@example.com", True, None)),
    ({"id": "\x1b]0;x\x07"}, ("", "carol@example.com", True, ["Host Login"])),
    ({"id": "x" * 129}, ("", "carol@example.com", True, ["Host Login"])),
    ({"id": ["u-1003"]}, ("", "carol@example.com", True, ["Host Login"])),
    ({"active": "true"}, ("u-1003", "carol@example.com", False, ["Host Login"])),
    ({"id": "u-1001"}, ("u-1001", "carol@example.com", True, ["Host Login"])),
], ids=asking.short)
def test_what_is_of_no_use_is_left_empty_and_the_others_are_as_ever(host, change, expected):
    before = users(host.list_users())
    host.provider.change("carol", **change)
    after = users(host.list_again())
    assert expected in after
    assert [one for one in after if one != expected] == [one for one in before if one[0] != "u-1003"]


def raw(value):
    return {"raw": json.dumps(value)}


@pytest.mark.parametrize("change, reason, detail", [
    ({"status": 401}, "API_TOKEN", "status 401"), ({"status": 403}, "API_FORBIDDEN", "status 403"),
    ({"status": 404}, "STATUS", "status 404"), ({"status": 500}, "STATUS", "status 500"),
    ({"close": True}, "NO_CONNECTION", "localhost: "), ({"close": "body"}, "NO_CONNECTION", ""),
    ({"silent": True}, "SILENCE", "localhost: "), ({"drip": True}, "SILENCE", "localhost: "),
    ({"raw": "<html>"}, "BODY", "public API: "), ({"huge": True}, "BODY", "more than 1 MiB"),
    (raw({"data": {}}), "BODY", "neither a list"), (raw([[]]), "BODY", "a user is no object"),
    (raw([{}] * 50000), "BODY", "more users than go into 1047552 bytes"),
    (raw([{"id": n, "x": 0} for n in range(25000)]), "BODY", "more than 65536 values"),
], ids=asking.short)
def test_an_answer_that_is_no_list_is_told_from_every_other(host, change, reason, detail):
    host.provider.fault("api", **change)
    answer = host.list_users(time_left=asking.LEFT if reason == "SILENCE" else None)
    assert answer.is_failure(reason, detail)
    assert told(answer) and answer.record_stale is None
    assert len(host.of_helper("api")) == 1 and int(answer.after) < asking.LATE


def test_a_list_of_nobody_is_one(host):
    host.provider.fault("api", **raw({"kind": "User", "data": []}))
    assert users(host.list_users()) == []


def test_a_busy_api_is_waited_for_within_the_time(host):
    host.provider.fault("api", status=429, count=1)
    assert users(host.list_users())
    assert [one["status"] for one in host.of_helper("api")] == [429, 200]
    host.provider.fault("api", status=429)
    assert host.list_again(time_left=asking.LEFT).is_failure("STATUS", "status 429")


def test_what_repeats_a_secret_is_no_list(host):
    host.provider.change("carol", roles=[host.provider.secret])
    assert host.list_users().is_failure("CLAIMS_SECRET", "a user of the public API's")


def test_another_companys_token_lists_nobody(host):
    assert host.list_users(company="other").is_failure("API_FORBIDDEN", "status 403")


@pytest.mark.parametrize("options", [{"access_token": "x"}, {"refresh_token": None}], ids=["two", "none"])
def test_not_one_token_is_no_request(host, options):
    assert host.list_users(**options).is_failure("HELPER_BROKEN", "not one token")
    assert host.of_helper("api") == []
