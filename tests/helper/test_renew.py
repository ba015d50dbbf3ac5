# SPDX-License-Identifier: BSD-2-Clause
"""RENEW against the test provider and its faults, which sign-ins do not meet."""

import urllib.parse

import pytest

import asking


@pytest.fixture
def remembered(sign_in):
    return sign_in.remembered()


def fault(remembered, **fault):
    remembered.provider.fault("token", grant_type="refresh_token", **fault)


def is_told(answer):
    """Was the new token said before anything else?"""
    return [one.type for one in answer.before] == ["TOKEN"]


# --- the tokens of a sign-in ---

def test_the_tokens_come_where_they_are_wanted(sign_in):
    answer = sign_in.remembered().signed_in
    assert (answer.refresh_token, answer.before) == ("32 bytes", [])
    assert answer.id_token and answer.scopes()[-1] == "offline_access"


def test_and_nowhere_else(sign_in):
    sign_in.scopes += ",offline_access"
    answer = sign_in.whole()
    assert (answer.type, answer.refresh_token, answer.id_token) == ("CLAIMS", None, None)
    assert sign_in.provider.refresh_tokens("alice") == 1


def test_without_offline_access_no_refresh_token_comes(sign_in):
    sign_in.provider.shape(offline=False)
    sign_in.scopes += ",offline_access"
    answer = sign_in.whole(tokens_wanted="1")
    assert (answer.type, answer.refresh_token) == ("CLAIMS", None)
    assert answer.id_token is not None


# --- the good way ---

def test_a_renewal_gives_claims_of_now(remembered):
    provider = remembered.provider
    assert remembered.renew().claim("userinfo", "role") == ["STRINGS", "Host Login", "Admin"]
    provider.fault("userinfo", patch={"role": "Viewer"})
    answer = remembered.renew()
    assert (answer.type, answer.asked, answer.exit) == ("CLAIMS", "RENEW", "0")
    assert (answer.issuer, answer.sub) == (provider.issuer, remembered.signed_in.sub)
    assert answer.claim("userinfo", "role") == ["STRING", "Viewer"]
    assert answer.scopes() == remembered.signed_in.scopes()
    assert answer.id_token and answer.refresh_token is None and answer.record_stale is None


def test_one_connection_and_each_endpoint_once_in_a_renewal(remembered):
    remembered.renew()
    token, userinfo = remembered.of_helper()
    assert (token["endpoint"], userinfo["endpoint"]) == ("token", "userinfo")
    assert token["connection"] == userinfo["connection"]
    assert (token["grant_type"], token["client_id"], token["auth"]) == \
        ("refresh_token", "web-hosts", "post")
    # no scope: the same is granted as before
    assert token["parameters"] == ["client_id", "client_secret", "grant_type", "refresh_token"]


def test_tokens_of_one_use_are_told_each_time(remembered):
    seen = {remembered.token.read_text(encoding="utf-8")}
    for _ in range(3):
        answer = remembered.renew()
        assert answer.type == "CLAIMS" and is_told(answer), answer.text
        assert answer.before[0].asked == "RENEW"
        seen.add(remembered.token.read_text(encoding="utf-8"))
    assert len(seen) == 4
    assert remembered.provider.refresh_tokens("alice") == 1


def test_a_token_that_serves_again_is_not_told(remembered):
    remembered.provider.shape(reusable=True)
    for _ in range(3):
        answer = remembered.renew()
        assert answer.type == "CLAIMS" and answer.before == [], answer.text
    assert remembered.provider.refresh_tokens("alice") == 1


def test_a_token_that_is_spent_is_refused_and_ends_the_family(remembered):
    spent = remembered.token.read_bytes()
    assert remembered.renew().type == "CLAIMS"
    remembered.token.write_bytes(spent)
    assert remembered.renew().is_failure("RENEWAL_REFUSED", "\"invalid_grant\", status 400")
    assert remembered.provider.refresh_tokens("alice") == 0


def test_the_header_bears_the_credentials_in_a_renewal_too(remembered):
    assert remembered.renew(client_basic="1").type == "CLAIMS"
    token, = remembered.of_helper("token")
    assert token["auth"] == "basic" and token["parameters"] == ["grant_type", "refresh_token"]


def test_the_public_api_is_asked_again(sign_in):
    sign_in.ask_api()
    sign_in.remembered()
    assert sign_in.renew().company == "acme"
    sign_in.provider.fault("api", patch={"active": False})
    answer = sign_in.renew()
    assert answer.is_failure("API_INACTIVE") and is_told(answer)


def test_keys_that_have_changed_are_fetched(rekeyed):
    rekeyed.remembered()
    rekeyed.provider.control("POST", "/rotate")
    answer = rekeyed.renew()
    assert (answer.type, answer.record_stale) == ("CLAIMS", "1") and is_told(answer)
    assert rekeyed.endpoints() == ["token", "jwks", "userinfo"]


# --- the new token counts, whatever comes of the rest ---

def test_the_token_has_come_while_userinfo_is_silent(remembered):
    remembered.provider.fault("userinfo", silent=True)
    answer = remembered.renew(time_left=asking.LEFT)
    assert answer.is_failure("SILENCE") and is_told(answer)
    # userinfo had as long as was left behind it
    waited = int(answer.came) - int(answer.before[0].came)
    assert waited > 0 and int(answer.came) >= asking.LEFT - 100, answer.text
    assert remembered.renew(time_left=asking.LEFT).is_failure("SILENCE")
    assert remembered.provider.refresh_tokens("alice") == 1


@pytest.mark.parametrize("change,reason", [
    ({"idtoken": {"payload": {"sub": "another"}}}, "TOKEN_SUB"),
    ({"idtoken": {"payload": {"nonce": "another"}}}, "TOKEN_NONCE"),
    ({"idtoken": {"payload_edit": {"find": "\"nonce\":\"", "put": "\"nonce\":null,\"n\":\""}}},
     "TOKEN_NONCE"),
    ({"idtoken": {"payload": {"aud": "another"}}}, "TOKEN_AUD"),
    ({"idtoken": {"payload": {"iss": "https://another.example"}}}, "TOKEN_ISS"),
    ({"idtoken": {"payload": {"exp": 1}}}, "TOKEN_EXP"),
    ({"idtoken": {"key": "other"}}, "TOKEN_SIGNATURE"),
    ({"patch": {"access_token": None}}, "TOKEN_MISSING"),
    ({"patch": {"id_token": None}}, "TOKEN_MISSING"),
    ({"patch": {"id_token": "x"}}, "TOKEN_FORM"),
    ({"patch": {"token_type": "DPoP"}}, "TOKEN_TYPE"),
    ({"patch": {"scope": ["openid"]}}, "BODY"),
], ids=asking.short)
def test_what_is_wrong_is_said_behind_the_token(remembered, change, reason):
    fault(remembered, count=1, **change)
    answer = remembered.renew()
    assert answer.is_failure(reason) and is_told(answer), answer.text
    # and the token that was told is the one that counts
    assert remembered.renew().type == "CLAIMS"


def test_a_nonce_may_be_missing(remembered):
    fault(remembered, idtoken={"payload": {"nonce": None}})
    assert remembered.renew().type == "CLAIMS"


def test_without_an_id_token_nothing_is_known(remembered):
    remembered.provider.shape(refreshed_id_token=False)
    answer = remembered.renew()
    assert answer.is_failure("TOKEN_MISSING", "no string id_token") and is_told(answer)
    assert remembered.endpoints() == ["token"]


def test_somebody_elses_token_brings_nobody(remembered):
    answer = remembered.renew(sub="4c9e4f0e-0000-0000-0000-000000000000")
    assert answer.is_failure("TOKEN_SUB", "another than who signed in")
    assert remembered.endpoints() == ["token"]


def test_userinfo_of_another_person(remembered):
    remembered.provider.fault("userinfo", patch={"sub": "another"})
    assert remembered.renew().is_failure("USERINFO_SUB")


@pytest.mark.parametrize("put", [None, "", "a b", "x" * 65537], ids=asking.short)
def test_what_can_be_no_token_is_none(remembered, put):
    fault(remembered, patch={"refresh_token": put})
    answer = remembered.renew()
    assert answer.type == "CLAIMS" and answer.before == [], answer.text


def test_the_longest_token_comes(remembered):
    fault(remembered, patch={"refresh_token": "~" * 65536}, count=1)
    assert remembered.renew().before[0].refresh_token == "65536 bytes"
    fault(remembered, raw="{\"error\":\"invalid_grant\"}", status=400)
    # and goes, spelt in three times as many
    assert remembered.renew().is_failure("RENEWAL_REFUSED")


# --- refused, or not to be had ---

@pytest.mark.parametrize("error,reason", [
    ("invalid_grant", "RENEWAL_REFUSED"), ("invalid_client", "CLIENT_REFUSED"),
    ("unauthorized_client", "CLIENT_REFUSED"), ("invalid_scope", "CLIENT_REFUSED"),
    ("invalid_request", "PROVIDER_REFUSED"), ("user_disabled", "PROVIDER_REFUSED"),
])
@pytest.mark.parametrize("status", [200, 400, 401])
def test_errors_of_a_renewal(remembered, error, reason, status):
    fault(remembered, error=error, status=status, count=1)
    answer = remembered.renew()
    assert answer.is_failure(reason, f"error \"{error}\", status {status}")
    assert answer.before == [] and remembered.endpoints() == ["token"]
    assert remembered.renew().type == "CLAIMS"


def test_an_error_beside_a_token_brings_none(remembered):
    fault(remembered, patch={"error": "invalid_grant"})
    answer = remembered.renew()
    assert answer.is_failure("RENEWAL_REFUSED", "status 200") and answer.before == []


def test_a_wrong_secret_spends_nothing(remembered):
    assert remembered.renew(secret="another").is_failure("CLIENT_REFUSED", "invalid_client")
    assert remembered.renew().type == "CLAIMS"


@pytest.mark.parametrize("change,reason", [
    ({"status": 503}, "STATUS"), ({"status": 429}, "STATUS"),
    ({"error": "invalid_grant", "status": 503}, "STATUS"),
    ({"close": True}, "NO_CONNECTION"), ({"close": "body"}, "NO_CONNECTION"),
    ({"silent": True}, "SILENCE"), ({"drip": True}, "SILENCE"),
    ({"raw": "<html>"}, "BODY"), ({"redirect": "https://localhost/elsewhere"}, "STATUS"),
], ids=asking.short)
def test_could_not_ask_is_another_thing(remembered, change, reason):
    fault(remembered, **change)
    answer = remembered.renew(time_left=asking.LEFT if reason == "SILENCE" else None)
    assert answer.is_failure(reason) and answer.before == []
    # once: who knows what became of it
    assert len(remembered.of_helper("token")) == 1
    assert int(answer.after) < asking.LATE


# --- what the provider repeats ---

@pytest.mark.parametrize("spell", [str, urllib.parse.quote_plus], ids=["as it is", "as it was sent"])
def test_an_error_that_repeats_the_token_or_the_secret(remembered, spell):
    for secret in (remembered.token.read_text(encoding="utf-8"), remembered.provider.secret):
        said = spell(secret)
        fault(remembered, error=f"no {said} here", count=1)
        assert remembered.renew().is_failure("PROVIDER_REFUSED", f"no {'*' * len(said)} here")


def test_claims_that_repeat_the_token(remembered):
    token = remembered.token.read_text(encoding="utf-8")
    remembered.provider.fault("userinfo", patch={"company": token}, count=1)
    answer = remembered.renew()
    assert answer.is_failure("CLAIMS_SECRET", "a claim that is wanted") and is_told(answer)
    fault(remembered, patch={"refresh_token": "a-new-one-that-is-told"}, count=1)
    remembered.provider.fault("userinfo", patch={"company": "a-new-one-that-is-told"}, count=1)
    assert remembered.renew().is_failure("CLAIMS_SECRET", "a claim that is wanted")


def test_a_record_of_no_use_spends_nothing(remembered):
    remembered.record = remembered.ask.file("spoilt", b"x")
    assert remembered.renew().is_failure("RECORD_BAD", "record")
    assert remembered.of_helper() == []
