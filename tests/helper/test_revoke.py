# SPDX-License-Identifier: BSD-2-Clause
"""REVOKE against the test provider and its faults."""

import pytest

import asking


@pytest.fixture
def remembered(sign_in):
    return sign_in.remembered()


def is_revoked(answer):
    assert (answer.type, answer.asked, answer.exit) == ("REVOKED", "REVOKE", "0"), answer.text
    return answer.before == [] and answer.detail is None


def test_a_token_that_was_revoked_is_dead(remembered):
    assert remembered.provider.refresh_tokens("alice") == 1
    assert is_revoked(remembered.revoke())
    assert remembered.provider.refresh_tokens("alice") == 0
    one, = remembered.of_helper()
    assert (one["endpoint"], one["status"], one["auth"]) == ("revocation", 200, "post")
    assert one["token_type_hint"] == "refresh_token"
    assert one["parameters"] == ["client_id", "client_secret", "token", "token_type_hint"]
    assert remembered.renew().is_failure("RENEWAL_REFUSED")


def test_others_live_on(remembered, sign_in):
    other = asking.SignIn(sign_in.provider, sign_in.record, sign_in.ask).remembered("bob")
    assert is_revoked(other.revoke())
    assert [sign_in.provider.refresh_tokens(one) for one in ("alice", "bob")] == [1, 0]


def test_the_header_bears_the_credentials_in_a_revocation_too(remembered):
    assert is_revoked(remembered.revoke(client_basic="1"))
    one, = remembered.of_helper()
    assert one["auth"] == "basic" and one["parameters"] == ["token", "token_type_hint"]
    assert remembered.provider.refresh_tokens("alice") == 0


def test_what_is_none_is_of_no_use_already(remembered):
    assert is_revoked(remembered.revoke())
    assert is_revoked(remembered.revoke())
    remembered.token.write_text("nobody's", encoding="utf-8")
    assert is_revoked(remembered.revoke())


@pytest.mark.parametrize("body", ["", "<html>", "{\"error\":\"invalid_client\"}"])
def test_200_is_all_that_it_takes(remembered, body):
    remembered.provider.fault("revocation", raw=body)
    assert is_revoked(remembered.revoke())


@pytest.mark.parametrize("error,reason", [
    ("invalid_client", "CLIENT_REFUSED"), ("unauthorized_client", "CLIENT_REFUSED"),
    ("unsupported_token_type", "REVOCATION_REFUSED"), ("invalid_request", "REVOCATION_REFUSED"),
    ("invalid_grant", "REVOCATION_REFUSED"),
])
@pytest.mark.parametrize("status", [400, 401])
def test_errors_of_the_revocation_endpoint(remembered, error, reason, status):
    remembered.provider.fault("revocation", error=error, status=status)
    assert remembered.revoke().is_failure(
        reason, f"revocation endpoint: error \"{error}\", status {status}")
    assert remembered.endpoints() == ["revocation"]


def test_a_wrong_secret_revokes_nothing(remembered):
    assert remembered.revoke(secret="another").is_failure("CLIENT_REFUSED", "invalid_client")
    assert remembered.provider.refresh_tokens("alice") == 1


@pytest.mark.parametrize("change,reason", [
    ({"status": 503}, "STATUS"), ({"status": 429}, "STATUS"), ({"status": 400}, "STATUS"),
    ({"error": "invalid_client", "status": 503}, "STATUS"),
    ({"redirect": "https://localhost/elsewhere"}, "STATUS"),
    ({"close": True}, "NO_CONNECTION"), ({"silent": True}, "SILENCE"),
    ({"drip": "header"}, "SILENCE"), ({"huge": True}, "BODY"),
], ids=asking.short)
def test_could_not_ask_is_to_be_asked_again(remembered, change, reason):
    remembered.provider.fault("revocation", **change)
    answer = remembered.revoke(time_left=asking.LEFT if reason == "SILENCE" else None)
    assert answer.is_failure(reason)
    assert len(remembered.of_helper()) == 1 and int(answer.after) < asking.LATE


@pytest.mark.parametrize("status,is_stale", [(404, "1"), (410, "1"), (503, None)])
def test_an_endpoint_that_is_gone_makes_the_record_old(remembered, status, is_stale):
    remembered.provider.fault("revocation", status=status)
    answer = remembered.revoke()
    assert answer.is_failure("STATUS") and answer.record_stale == is_stale


def without_revocation(remembered):
    record = remembered.ask.folder / "none"
    remembered.provider.fault("discovery", patch={"revocation_endpoint": None})
    answer = remembered.ask.discover(remembered.provider.issuer, save=record)
    assert (answer.type, answer.revocation_endpoint) == ("PROVIDER", None)
    return record


def test_a_provider_may_have_no_such_endpoint(remembered):
    remembered.record = without_revocation(remembered)
    assert remembered.revoke().is_failure("NO_REVOCATION", "no revocation_endpoint")
    assert remembered.of_helper("revocation") == []


def test_the_endpoint_of_another_is_none(remembered):
    record = remembered.ask.folder / "another"
    remembered.provider.fault("discovery", patch={
        "revocation_endpoint": "https://another.example/revocation"})
    assert remembered.ask.discover(remembered.provider.issuer, save=record).type == "PROVIDER"
    remembered.record = record
    assert remembered.revoke().is_failure("NO_REVOCATION")


def test_an_error_that_repeats_the_token_or_the_secret(remembered):
    for said in (remembered.token.read_text(encoding="utf-8"), remembered.provider.secret):
        remembered.provider.fault("revocation", error=f"no {said} here", count=1)
        assert remembered.revoke().is_failure(
            "REVOCATION_REFUSED", f"error \"no {'*' * len(said)} here\"")
