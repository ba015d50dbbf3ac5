# SPDX-License-Identifier: BSD-2-Clause
"""DISCOVER against the test provider and its faults."""

import json
import time

import pytest

import asking
import server

ENDPOINTS = ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"]


def test_the_record_has_what_the_provider_says(provider, ask):
    answer = ask.discover(provider.issuer)
    assert (answer.type, answer.asked, answer.exit) == ("PROVIDER", "DISCOVER", "0")
    assert answer.issuer == provider.issuer
    assert answer.authorization_endpoint == provider.issuer + "/connect/authorize"
    assert answer.token_endpoint == provider.issuer + "/connect/token"
    assert answer.userinfo_endpoint == provider.issuer + "/connect/userinfo"
    assert answer.jwks_uri == provider.issuer + "/.well-known/jwks"
    assert len(answer.all("key")) == 1
    assert answer.iss_promised is None


def test_the_record_has_what_discovery_offers_and_the_date(provider, ask):
    before = int(time.time()) - 1
    answer = ask.discover(provider.issuer)
    assert before <= int(answer.date) <= time.time()
    assert {"openid", "offline_access"} <= set(answer.all("scopes_offered")[0])


def test_one_connection_for_both_documents(provider, ask):
    ask.discover(provider.issuer)
    log = provider.log()
    assert [one["endpoint"] for one in log["requests"]] == ["discovery", "jwks"]
    assert len(log["connections"]) == 1
    assert log["connections"][0]["tls"] in ("TLSv1.2", "TLSv1.3")
    assert log["requests"][0]["user_agent"].startswith("pam_beproduct/")


def test_the_promise_of_iss_is_passed_on(provider, ask):
    provider.control("POST", "/callback", {"iss_promised": True})
    assert ask.discover(provider.issuer).iss_promised == "1"


@pytest.mark.parametrize("value", [False, "true", 1, None, [True]])
def test_what_is_not_true_promises_nothing(provider, ask, value):
    name = "authorization_response_iss_parameter_supported"
    provider.fault("discovery", patch={name: value})
    answer = ask.discover(provider.issuer)
    assert (answer.type, answer.iss_promised) == ("PROVIDER", None)


@pytest.mark.parametrize("name,value", [
    ("another", lambda issuer: "https://other.example"),
    ("a slash more", lambda issuer: issuer + "/"),
    ("a part of it", lambda issuer: issuer[:-1]),
    ("capitals", lambda issuer: issuer.replace("localhost", "LOCALHOST")),
    ("a number", lambda issuer: 1),
    ("a list", lambda issuer: [issuer]),
    ("missing", lambda issuer: None),
], ids=asking.short)
def test_another_issuer_is_refused(provider, ask, name, value):
    provider.fault("discovery", patch={"issuer": value(provider.issuer)})
    assert ask.discover(provider.issuer).is_failure("DISCOVERY_ISSUER", "discovery: ")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("name,value", [
    ("missing", lambda issuer: None),
    ("a number", lambda issuer: 1),
    ("a list", lambda issuer: [issuer]),
    ("empty", lambda issuer: ""),
    ("a path", lambda issuer: "/connect/token"),
    ("plain http", lambda issuer: issuer.replace("https", "http")),
    ("another host", lambda issuer: issuer.replace("localhost", "localhost.evil")),
    ("another port", lambda issuer: issuer.replace("/ids", "1/ids")),
    ("no port", lambda issuer: "https://localhost/ids"),
    ("a user", lambda issuer: issuer.replace("https://", "https://u@")),
    ("a fragment", lambda issuer: issuer + "#x"),
    ("a space", lambda issuer: issuer + "/a b"),
    ("another alphabet", lambda issuer: issuer + "/\u00fc"),
    ("a line's end", lambda issuer: issuer + "/\r\nx: y"),
    ("too long", lambda issuer: issuer + "/".ljust(513 - len(issuer), "x")),
], ids=asking.short)
def test_an_endpoint_of_no_use_is_named(provider, ask, endpoint, name, value):
    provider.fault("discovery", patch={endpoint: value(provider.issuer)})
    answer = ask.discover(provider.issuer)
    assert answer.is_failure("DISCOVERY_ENDPOINT", f"discovery: {endpoint} is missing")
    assert [one["endpoint"] for one in provider.log()["requests"]] == ["discovery"]


def test_an_endpoint_of_512_bytes_is_taken(provider, ask):
    longest = provider.issuer + "/".ljust(512 - len(provider.issuer), "x")
    provider.fault("discovery", patch={"token_endpoint": longest})
    assert ask.discover(provider.issuer).token_endpoint == longest


def test_the_host_of_an_endpoint_may_have_capitals(provider, ask):
    other = provider.issuer.replace("localhost", "LocalHost") + "/x"
    provider.fault("discovery", patch={"token_endpoint": other})
    assert ask.discover(provider.issuer).token_endpoint == other


@pytest.mark.parametrize("endpoint,what", [("discovery", "discovery"), ("jwks", "key set")])
@pytest.mark.parametrize("status", [201, 204, 301, 304, 400, 401, 403, 404, 429, 500, 503])
def test_only_200_counts(provider, ask, endpoint, what, status):
    provider.fault(endpoint, status=status)
    path = {"discovery": "/.well-known/openid-configuration", "jwks": "/.well-known/jwks"}
    assert ask.discover(provider.issuer).is_failure(
        "STATUS", f"{what}: status {status} at {provider.issuer}{path[endpoint]}")


@pytest.mark.parametrize("endpoint,what", [("discovery", "discovery"), ("jwks", "key set")])
@pytest.mark.parametrize("raw", [
    "", "<html>", "[]", "\"x\"", "{} {}", "{}x", "\ufeff{}", "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}",
    "{\"a\":01}", "{" + "\"a\":{" * 40 + "}" * 41,
])
def test_only_strict_json_counts(provider, ask, endpoint, what, raw):
    provider.fault(endpoint, raw=raw)
    assert ask.discover(provider.issuer).is_failure("BODY", f"{what}: ")


def test_the_issuer_twice_is_no_json(provider, ask):
    provider.fault("discovery", edit={"find": "{", "put": f"{{\"issuer\":\"{provider.issuer}\","})
    assert ask.discover(provider.issuer).is_failure("BODY", "twice")


@pytest.mark.parametrize("keys,reason", [
    ({"keys": []}, "NO_KEYS"),
    ({"keys": [{"kty": "EC", "kid": "x"}, {"kty": "OKP"}]}, "NO_KEYS"),
    ({"keys": {}}, "BODY"),
    ({}, "BODY"),
    ({"keys": [{}] * 129}, "BODY"),
])
def test_a_key_set_of_no_use_is_refused(provider, ask, keys, reason):
    provider.fault("jwks", raw=json.dumps(keys))
    assert ask.discover(provider.issuer).is_failure(reason, "key set: ")


@pytest.mark.parametrize("endpoint", ["discovery", "jwks"])
def test_no_redirect_is_followed(provider, ask, endpoint):
    place = provider.issuer + "/.well-known/openid-configuration?again"
    provider.fault(endpoint, redirect=place)
    assert ask.discover(provider.issuer).is_failure("STATUS", "status 302")
    assert len([one for one in provider.log()["requests"] if one["endpoint"] == endpoint]) == 1


def test_a_slash_at_the_issuers_end_is_not_doubled(certs, ask):
    with server.Server(certs, path="/") as one:
        answer = ask.discover(one.issuer)
        # the document says what it is asked for, byte for byte
        assert answer.type == "PROVIDER" and answer.issuer.endswith("/"), answer.text
        assert one.requests[0][1] == "/.well-known/openid-configuration"


@pytest.mark.parametrize("spoil", [
    lambda issuer: issuer.replace("https", "http"),
    lambda issuer: issuer + "?x=1",
    lambda issuer: issuer + "#x",
    lambda issuer: issuer.replace("https://", "https://u:p@"),
    lambda issuer: issuer.replace("localhost", "localhost\\@localhost"),
    lambda issuer: "file:///etc/passwd",
    lambda issuer: issuer + "/" + "x" * 500,
], ids=["plain http", "query", "fragment", "user", "backslash", "file", "512 bytes"])
def test_what_is_no_issuer_is_never_asked(provider, ask, spoil):
    issuer = spoil(provider.issuer)[:512]
    answer = ask.discover(issuer)
    if len(issuer) == 512:
        assert answer.reason in ("STATUS", "DISCOVERY_ISSUER"), answer.text
        return
    assert answer.is_failure("HELPER_BROKEN", "the issuer is no https address")
    assert provider.log()["connections"] == []


@pytest.mark.parametrize("content,detail", [
    (b"nothing", "no PEM"),
    (b"-----BEGIN PUBLIC KEY-----\n", "no PEM"),
    (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "trusted: ca_file"),
    (b"-----BEGIN CERTIFICATE-----\n" + b"A" * 1000, "trusted: ca_file"),
], ids=["no PEM", "another PEM", "broken", "cut"])
def test_a_ca_file_of_no_use_is_named(provider, ask, content, detail):
    ca = ask.file("ca", content)
    assert ask.discover(provider.issuer, ca_file=f"@{ca}").is_failure("CA_BAD", detail)
    assert provider.log()["requests"] == []


def test_a_ca_file_of_the_largest_size_is_taken(provider, ask):
    bundle = ask.ca.read_bytes()
    ca = ask.file("ca", b"#" * (512 * 1024 - len(bundle) - 1) + b"\n" + bundle)
    assert ask.discover(provider.issuer, ca_file=f"@{ca}").type == "PROVIDER"


@pytest.mark.parametrize("name,value", [
    ("https_proxy", "http://127.0.0.1:1"), ("HTTPS_PROXY", "http://127.0.0.1:1"),
    ("ALL_PROXY", "http://127.0.0.1:1"), ("OPENSSL_CONF", "/nonexistent"),
    ("SSL_CERT_FILE", "/dev/null"), ("CURL_CA_BUNDLE", "/dev/null"),
])
def test_the_environment_steers_nothing(provider, ask, name, value):
    assert ask.discover(provider.issuer, env={name: value}).type == "PROVIDER"


def test_the_secrets_of_tls_are_not_written_down(provider, ask):
    keys = ask.folder / "keys"
    assert ask.discover(provider.issuer, env={"SSLKEYLOGFILE": str(keys)}).type == "PROVIDER"
    assert not keys.exists()
