# SPDX-License-Identifier: BSD-2-Clause
"""LOOK_UP against the test provider's public API: who is not there, and with which roles."""

import json

import pytest

import asking

CAROL = {"id": "u-1003", "email": "carol@example.com", "active": True}


@pytest.fixture
def host(sign_in):
    """As a host with a token of its own, which alice gave it."""
    sign_in.ask_api()
    return sign_in.remembered()


def fault(host, **fault):
    host.provider.fault("token", grant_type="refresh_token", **fault)


def told(answer):
    """What TOKEN had, said before anything else; None where none came."""
    if not answer.before:
        return None
    only, = answer.before
    assert (only.type, only.asked) == ("TOKEN", "LOOK_UP")
    return only


def user(answer):
    assert (answer.type, answer.asked, answer.exit) == ("USER", "LOOK_UP", "0"), answer.text
    return answer.api_id, answer.email, answer.all("api_roles")[0]


# --- the good way ---

def test_by_email_and_by_id_it_is_the_same_user(host):
    carol = ("u-1003", "carol@example.com", ["Host Login"])
    assert user(host.look_up(email="carol@example.com")) == carol
    assert user(host.look_up(api_id="u-1003")) == carol
    paths = [one["path"] for one in host.of_helper("api")]
    assert paths == ["/api/acme/Users/GetByEmail", "/api/acme/Users/GetById/u-1003"]


def test_the_id_counts_where_both_are_given(host):
    assert user(host.look_up(api_id="1002", email="carol@example.com"))[1] == "bob@example.com"
    assert len(host.of_helper("api")) == 1


@pytest.mark.parametrize("shape", ["wrapped", "array", "object"])
def test_every_shape_of_an_answer_is_read(host, shape):
    host.provider.control("POST", "/api", {"shape": shape})
    assert user(host.look_up(api_id="u-1001")) == \
        ("u-1001", "alice@example.com", ["Host Login", "Admin"])
    assert user(host.look_up(email="bob@example.com")) == ("1002", "bob@example.com", ["Viewer"])
    assert user(host.look_up(api_id="u-1007"))[2] == []


def test_tokens_are_told_first_and_the_access_token_serves_again(host):
    first = host.look_up(api_id="u-1003")
    assert told(first).refresh_token == "32 bytes" and told(first).access_token.endswith(" bytes")
    assert host.endpoints() == ["token", "api"]
    token, = host.of_helper("token")
    assert (token["grant_type"], token["auth"]) == ("refresh_token", "post")
    for _ in range(2):
        answer = host.look_up_again(api_id="u-1003")
        assert user(answer) == user(first) and told(answer) is None
    assert host.endpoints() == ["token", "api", "api", "api"]


def test_tokens_of_one_use_are_told_each_time(host):
    seen = {host.token.read_text(encoding="utf-8")}
    for _ in range(3):
        assert user(host.look_up(api_id="u-1003"))
        seen.add(host.token.read_text(encoding="utf-8"))
    assert len(seen) == 4


@pytest.mark.parametrize("put", [None, "", "a b"])
def test_without_another_token_the_same_is_told(host, put):
    host.provider.shape(reusable=True)
    fault(host, patch={"refresh_token": put, "id_token": None})
    answer = host.look_up(api_id="u-1003")
    assert user(answer) and told(answer).refresh_token == "32 bytes"
    assert user(host.look_up(api_id="u-1003"))


def test_the_longest_tokens_come(host):
    fault(host, patch={"refresh_token": "~" * 65536, "access_token": "~" * 65536}, count=1)
    answer = host.look_up(api_id="u-1003")
    assert told(answer).refresh_token == told(answer).access_token == "65536 bytes"
    # more than servers take in a header; and the provider is done with
    assert answer.is_failure(answer.reason) and answer.record_stale is None


@pytest.mark.parametrize("api_id", ["a b", "a/b", "ü?x=%2e%2e#", "...", "1003", "~" * 128], ids=asking.short)
def test_an_id_of_any_letters_is_one_segment_of_the_path(host, api_id):
    host.provider.change("carol", id=api_id)
    assert user(host.look_up(api_id=api_id))[0] == api_id.encode().decode("latin-1")


def test_what_is_taken_away_there_is_gone_here(host):
    host.provider.change("carol", roles=["Other"])
    assert user(host.look_up(api_id="u-1003"))[2] == ["Other"]
    host.provider.change("carol", active=False)
    assert host.look_up_again(api_id="u-1003").is_failure("API_INACTIVE", 'of "u-1003"')
    host.provider.change("carol", active=True, id="u-2003")
    assert host.look_up_again(api_id="u-1003").is_failure("API_NO_USER", "status 404")
    # who has the address now is another user
    assert user(host.look_up_again(email="carol@example.com"))[0] == "u-2003"


# --- the API's answer ---

def raw(value):
    return {"raw": json.dumps(value)}


@pytest.mark.parametrize("by", [{"api_id": "u-1003"}, {"email": "carol@example.com"}], ids=["id", "email"])
@pytest.mark.parametrize("change, reason, detail", [
    ({"status": 401}, "API_TOKEN", "status 401"), ({"status": 403}, "API_FORBIDDEN", "status 403"),
    ({"status": 404}, "API_NO_USER", "status 404"), ({"status": 503}, "STATUS", "status 503"),
    ({"status": 410}, "STATUS", "status 410"), ({"close": True}, "NO_CONNECTION", "localhost: "),
    ({"silent": True}, "SILENCE", "localhost: "), ({"drip": True}, "SILENCE", "localhost: "),
    ({"raw": "<html>"}, "BODY", "public API: "), ({"huge": True}, "BODY", "more than 1 MiB"),
    ({"patch": {"active": False, "role": {}}}, "API_INACTIVE", "active of the user"),
    ({"patch": {"active": None}}, "API_INACTIVE", "active of the user"),
    ({"patch": {"email": "a@b@c"}}, "API_OTHER", '"a@b@c"'),
    ({"patch": {"email": None}}, "API_OTHER", "no string"),
    ({"patch": {"role": 1}}, "API_ROLE_TYPE", "role is no string"),
    ({"patch": {"role": [None]}}, "API_ROLE_TYPE", "role is no string"),
    ({"edit": {"find": '"role":"Host Login"', "put": '"role":null'}}, "API_ROLE_TYPE", "role is no string"),
    ({"patch": {"role": ["r"] * 61}}, "CLAIMS_LONG", "more than 60"),
    (raw([]), "API_NO_USER", "nobody"), (raw([CAROL, CAROL]), "API_USERS", "several"),
    (raw({"data": CAROL}), "BODY", "data is no array"),
], ids=asking.short)
def test_an_answer_that_is_no_user_is_told_from_every_other(host, by, change, reason, detail):
    host.provider.fault("api", **change)
    answer = host.look_up(**by, time_left=asking.LEFT if reason == "SILENCE" else None)
    assert answer.is_failure(reason, detail)
    # whatever is wrong there, the new token counts, and the record is good
    assert told(answer) and answer.record_stale is None
    assert len(host.of_helper("api")) == 1 and int(answer.after) < asking.LATE


def test_another_user_than_the_one_asked_for(host):
    host.provider.fault("api", patch={"id": "u-9"})
    assert host.look_up(api_id="u-1003").is_failure("API_OTHER", 'id of the user is "u-9", not "u-1003"')
    # who is asked for by address may have any id, but must have one
    assert user(host.look_up(email="carol@example.com"))[0] == "u-9"


def test_a_user_without_an_id_cannot_be_known_again(host):
    host.provider.fault("api", patch={"id": None})
    assert host.look_up(email="carol@example.com").is_failure("BODY", "the user's id")
    assert host.look_up(api_id="u-1003").is_failure("API_OTHER", 'is ""')


def test_by_id_the_address_may_be_another_and_is_told_as_it_is_compared(host):
    host.provider.fault("api", patch={"email": "Carol@EXAMPLE.org"})
    assert user(host.look_up(api_id="u-1003"))[1] == "Carol@example.org"
    assert host.look_up(email="carol@example.com").is_failure("API_OTHER", '"Carol@example.org"')


def test_a_busy_api_is_waited_for_within_the_time(host):
    host.provider.fault("api", status=429, count=1)
    assert user(host.look_up(api_id="u-1003"))
    assert [one["status"] for one in host.of_helper("api")] == [429, 200]
    host.provider.fault("api", status=429)
    assert host.look_up_again(api_id="u-1003", time_left=asking.LEFT).is_failure("STATUS", "status 429")
    # and the record has nothing to do with it
    assert len(host.of_helper("token")) == 1


# --- the token ---

def test_another_companys_token_brings_nobody(host):
    assert host.look_up(api_id="u-1013", company="other").is_failure("API_FORBIDDEN", "status 403")


def test_a_token_without_the_apis_scope_brings_nobody(sign_in):
    host = sign_in.remembered()
    host.api = {"api_url": host.provider.api, "company": "acme"}
    assert host.look_up(api_id="u-1003").is_failure("API_FORBIDDEN", "insufficient_scope")


def test_an_access_token_that_is_none(host):
    host.access = host.ask.file("none", "no-token-of-anybody-here")
    answer = host.look_up_again(api_id="u-1003")
    assert answer.is_failure("API_TOKEN", 'error "invalid_token"') and told(answer) is None
    assert host.endpoints() == ["api"]


def test_a_refresh_token_of_no_use_any_more(host):
    host.provider.reset()
    answer = host.look_up(api_id="u-1003")
    assert answer.is_failure("RENEWAL_REFUSED", "invalid_grant") and told(answer) is None
    assert host.of_helper("api") == []


@pytest.mark.parametrize("change, reason", [
    ({"error": "invalid_client", "status": 401}, "CLIENT_REFUSED"), ({"status": 503}, "STATUS"),
    ({"error": "user_disabled"}, "PROVIDER_REFUSED"), ({"silent": True}, "SILENCE"),
    ({"raw": "<html>"}, "BODY"), ({"close": True}, "NO_CONNECTION"),
], ids=asking.short)
def test_a_provider_that_brings_no_token(host, change, reason):
    fault(host, **change)
    answer = host.look_up(api_id="u-1003", time_left=asking.LEFT if reason == "SILENCE" else None)
    assert answer.is_failure(reason) and told(answer) is None
    assert len(host.of_helper("token")) == 1 and host.of_helper("api") == []


@pytest.mark.parametrize("patch, reason", [
    ({"access_token": None}, "TOKEN_MISSING"), ({"token_type": "DPoP"}, "TOKEN_TYPE")], ids=asking.short)
def test_a_new_token_counts_with_an_answer_of_no_use(host, patch, reason):
    fault(host, patch=patch, count=1)
    answer = host.look_up(api_id="u-1003")
    assert answer.is_failure(reason) and host.of_helper("api") == []
    assert (told(answer).refresh_token, told(answer).access_token) == ("32 bytes", None)
    assert user(host.look_up(api_id="u-1003"))


# --- requests that make no sense ---

@pytest.mark.parametrize("options, words", [
    ({}, "nobody"), ({"api_id": ".."}, "can be no user's id"), ({"api_id": "."}, "can be no user's id"),
    ({"api_id": "u-1003", "access_token": "x"}, "not one token"),
    ({"api_id": "u-1003", "refresh_token": None}, "not one token"),
], ids=asking.short)
def test_a_request_that_makes_no_sense(host, options, words):
    answer = host.look_up(**options)
    assert answer.is_failure("HELPER_BROKEN", words) and host.of_helper("api") == []


@pytest.mark.parametrize("email, detail", [("nobody", '"nobody"'), ("a@b@c", '"a@b@c"')])
def test_an_address_that_is_none_is_not_asked_for(host, email, detail):
    assert host.look_up(email=email).is_failure("API_EMAIL", detail)
    assert host.of_helper("api") == []


# --- what others repeat ---

@pytest.mark.parametrize("member", ["id", "role"])
def test_what_repeats_a_secret_is_no_user(host, member):
    host.provider.fault("api", patch={member: host.provider.secret})
    answer = host.look_up(email="carol@example.com")
    assert answer.is_failure("CLAIMS_SECRET", "public API's")


def test_the_token_that_was_sent_is_hidden_in_a_detail(host):
    token = host.token.read_text(encoding="utf-8")
    fault(host, error=f"no {token} here", count=1)
    assert host.look_up(api_id="u-1003").is_failure("PROVIDER_REFUSED", f"no {'*' * len(token)} here")
    assert user(host.look_up(api_id="u-1003"))
    access = host.access.read_text(encoding="utf-8")
    host.provider.fault("api", patch={"email": access})
    assert host.look_up_again(api_id="u-1003").is_failure("API_OTHER", '"*****')


def test_an_api_of_another_certificate_is_not_told_the_token(host):
    answer = host.look_up(api_id="u-1003", api_url=host.provider.api.replace("localhost", "127.0.0.1"))
    assert answer.is_failure("TLS", "127.0.0.1: ") and host.of_helper("api") == []
