# SPDX-License-Identifier: BSD-2-Clause
"""REDEEM that asks the public API: whose user the person is."""

import json

import asking
import pytest

USER = {"email": "alice@example.com", "active": True, "id": "u-1001"}


@pytest.fixture
def at_api(sign_in):
    sign_in.ask_api()
    return sign_in


@pytest.mark.parametrize("shape", ["wrapped", "array", "object"])
def test_a_user_of_the_company_gives_claims_that_name_it(at_api, shape):
    at_api.provider.control("POST", "/api", {"shape": shape})
    answer = at_api.whole()
    assert (answer.type, answer.company) == ("CLAIMS", "acme"), answer.text
    assert (answer.api_id, answer.all("api_roles")) == ("u-1001", [["Host Login", "Admin"]])
    assert answer.detail is None and answer.scopes() == at_api.scopes.split(",")
    assert at_api.endpoints() == ["token", "userinfo", "api"]
    asked = at_api.of_helper("api")[0]
    assert (asked["method"], asked["auth"], asked["parameters"]) == ("GET", "bearer", ["email"])
    assert asked["path"] == "/api/acme/Users/GetByEmail"


def test_who_asks_no_api_gets_claims_of_no_company(sign_in):
    answer = sign_in.whole()
    assert answer.type == "CLAIMS" and answer.company is None
    assert answer.api_id is None and answer.all("api_roles") == []
    assert sign_in.endpoints() == ["token", "userinfo"]


@pytest.mark.parametrize("login, api_id, roles", [
    ("bob", "1002", ["Viewer"]), ("grace", "u-1007", [])])
def test_a_number_is_an_id_and_a_string_one_role(at_api, login, api_id, roles):
    answer = at_api.whole(login)
    assert (answer.api_id, answer.all("api_roles")) == (api_id, [roles])


# who needs them refuses, and not everybody does
@pytest.mark.parametrize("patch, missing, words", [
    ({"id": None}, "api_id", "the user's id is no"), ({"id": ".."}, "api_id", "the user's id is no"),
    ({"id": "x" * 129}, "api_id", "the user's id is no"),
    ({"role": {"name": "Admin"}}, "api_roles", "the user's role is no string"),
    ({"role": ["Admin", 1]}, "api_roles", "the user's role is no string"),
    ({"role": ["r"] * 61}, "api_roles", "more than 60 roles"),
    ({"role": "x" * 256}, "api_roles", "longer than 255 bytes"),
], ids=asking.short)
def test_an_id_or_roles_of_no_use_are_left_out_of_claims(at_api, patch, missing, words):
    at_api.provider.fault("api", patch=patch)
    answer = at_api.whole()
    assert (answer.type, answer.company) == ("CLAIMS", "acme"), answer.text
    assert answer.all(missing) == [] and words in answer.detail
    other = {"api_id": "api_roles", "api_roles": "api_id"}[missing]
    assert len(answer.all(other)) == 1


@pytest.mark.parametrize("member", ["id", "role"])
def test_an_id_or_a_role_that_repeats_a_secret_gives_no_claims(at_api, member):
    at_api.provider.fault("api", patch={member: at_api.provider.secret})
    assert at_api.whole().is_failure("CLAIMS_SECRET", "public API's")


# Another company's administrator may type any e-mail address and any role

def test_another_companys_person_with_the_same_address_and_roles_is_refused(at_api):
    assert at_api.whole("mallory").is_failure("API_FORBIDDEN", "status 403 at https://localhost")
    # and by a company that has such a person, she is let in
    at_api.ask_api("other")
    assert at_api.whole("mallory").company == "other"


@pytest.mark.parametrize("login, reason, detail", [
    ("ivan", "API_INACTIVE", "active of the user is not true"),
    ("heidi", "API_FORBIDDEN", "status 403"),       # of no company
])
def test_who_is_no_active_user_is_refused(at_api, login, reason, detail):
    assert at_api.whole(login).is_failure(reason, detail)


def test_a_token_without_the_apis_scope_is_refused(at_api):
    at_api.scopes = asking.SCOPES
    assert at_api.whole().is_failure("API_FORBIDDEN", "insufficient_scope")


def raw(value):
    return {"raw": json.dumps(value)}


@pytest.mark.parametrize("fault, reason, detail", [
    ({"status": 401}, "API_TOKEN", "status 401"),
    ({"status": 403}, "API_FORBIDDEN", "status 403"),
    ({"status": 404}, "API_NO_USER", "status 404"),
    ({"error": "x", "status": 401, "headers": {"www-authenticate": 'Bearer error="invalid_token"'}},
     "API_TOKEN", 'error "invalid_token"'),
    ({"status": 500}, "STATUS", "status 500"), ({"status": 503}, "STATUS", "status 503"),
    ({"status": 204}, "STATUS", "status 204"),
    ({"redirect": "https://localhost/ids/connect/userinfo"}, "STATUS", "status 302"),
    ({"close": True}, "NO_CONNECTION", "localhost: "), ({"close": "body"}, "NO_CONNECTION", ""),
    ({"huge": True}, "BODY", "more than 1 MiB"), ({"raw": "<html>"}, "BODY", "public API: "),
    ({"edit": {"find": "true", "put": "true,\"active\":false"}}, "BODY", "public API: "),
    ({"patch": {"active": "true"}}, "API_INACTIVE", ""), ({"patch": {"active": 1}}, "API_INACTIVE", ""),
    ({"patch": {"active": None}}, "API_INACTIVE", ""),
    ({"edit": {"find": "true", "put": "null"}}, "API_INACTIVE", ""),
    ({"patch": {"email": "bob@example.com"}}, "API_OTHER", '"bob@example.com"'),
    ({"patch": {"email": "Alice@example.com"}}, "API_OTHER", '"Alice@example.com"'),
    ({"patch": {"email": None}}, "API_OTHER", "no string"),
    (raw([]), "API_NO_USER", "nobody"), (raw({"kind": "User", "data": []}), "API_NO_USER", "nobody"),
    (raw([USER, USER]), "API_USERS", "several"), (raw({"data": [USER, USER]}), "API_USERS", "several"),
    (raw({"data": USER}), "BODY", "data is no array"), (raw({"data": None}), "BODY", "data is no array"),
    (raw([None]), "BODY", "no object"), (raw(None), "BODY", ""), (raw("x"), "BODY", ""),
], ids=asking.short)
def test_an_answer_that_is_no_yes_is_told_from_every_other(at_api, fault, reason, detail):
    at_api.provider.fault("api", **fault)
    answer = at_api.whole()
    assert answer.is_failure(reason, detail)
    # the provider's record has nothing to do with it
    assert answer.record_stale is None
    assert len(at_api.of_helper("api")) == 1


def test_a_domain_in_capitals_is_the_same_address(at_api):
    at_api.provider.fault("userinfo", patch={"email": "alice@EXAMPLE.com"})
    assert at_api.whole().type == "CLAIMS"


@pytest.mark.parametrize("info, token, detail", [
    ({"email": "bob@example.com"}, {"email": "alice@example.com"}, "do not agree"),
    ({"email": None}, {}, '"" is no e-mail address'),
    ({"email": ["alice@example.com"]}, {}, "do not agree"),
    ({"email": "a@b@c"}, {}, '"a@b@c" is no e-mail address'),
], ids=asking.short)
def test_without_a_single_address_nobody_is_asked_about(at_api, info, token, detail):
    at_api.provider.fault("userinfo", patch=info)
    at_api.provider.fault("token", idtoken={"payload": token})
    assert at_api.whole().is_failure("API_EMAIL", detail)
    assert at_api.of_helper("api") == []


def test_the_id_tokens_address_counts_where_userinfo_has_none(at_api):
    at_api.provider.fault("userinfo", patch={"email": None})
    at_api.provider.fault("token", idtoken={"payload": {"email": "alice@example.com"}})
    assert at_api.whole().company == "acme"


def test_userinfo_of_another_is_refused_before_the_api_is_asked(at_api):
    at_api.provider.fault("userinfo", patch={"sub": "x"})
    assert at_api.whole().is_failure("USERINFO_SUB")
    assert at_api.of_helper("api") == []


# 429: too many requests

def test_a_busy_api_is_asked_again_after_1_and_3_seconds(at_api):
    at_api.provider.fault("api", status=429, count=2)
    answer = at_api.whole()
    assert answer.type == "CLAIMS", answer.text
    asked = at_api.of_helper("api")
    assert [one["status"] for one in asked] == [429, 429, 200]
    waits = [(b["at"] - a["at"]) / 1000 for a, b in zip(asked, asked[1:])]
    assert 0.9 < waits[0] < 2.9 < waits[1]


def test_an_api_that_stays_busy_is_unavailable_within_the_time(at_api):
    at_api.provider.fault("api", status=429)
    answer = at_api.whole(time_left=3500)
    assert answer.is_failure("STATUS", "status 429")
    assert len(at_api.of_helper("api")) == 2
    assert int(answer.after) < 3500 + 3000


@pytest.mark.parametrize("fault", [{"silent": True}, {"drip": True}])
def test_a_silent_api_is_unavailable_within_the_time(at_api, fault):
    at_api.provider.fault("api", **fault)
    answer = at_api.whole(time_left=asking.LEFT)
    assert answer.is_failure("SILENCE", "localhost: ")
    assert int(answer.after) < asking.LATE


def test_an_api_of_another_certificate_is_not_told_the_token(at_api, certs):
    other = certs / "other-ca.pem"
    at_api.api["api_url"] = at_api.provider.api.replace("localhost", "127.0.0.1")
    assert other.exists()
    assert at_api.whole().is_failure("TLS", "127.0.0.1: ")
    assert at_api.of_helper("api") == []


@pytest.mark.parametrize("api", ["http://localhost:1", "https://user@localhost"])
def test_an_api_that_is_no_https_address_is_never_asked(at_api, api):
    at_api.api["api_url"] = api
    assert at_api.whole().is_failure("HELPER_BROKEN", "no https address")


def test_the_token_in_the_answer_is_hidden_in_the_detail(at_api):
    at_api.provider.fault("api", edit={"find": "alice@example.com", "put": at_api.provider.secret})
    answer = at_api.whole()
    assert answer.is_failure("API_OTHER", '"**')
