# SPDX-License-Identifier: BSD-2-Clause
"""REDEEM against the test provider and its faults."""

import base64
import json
import socket
import ssl
import urllib.parse
import urllib.request

import pytest

import asking
import idp

BARE = "0123456789abcdef0123456789abcdef"


def query(line):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(line).query))


# --- the good way ---

def test_a_whole_address_gives_claims(sign_in):
    answer = sign_in.whole("alice")
    assert (answer.type, answer.asked, answer.exit) == ("CLAIMS", "REDEEM", "0")
    assert answer.issuer == sign_in.provider.issuer
    assert answer.sub == "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1001"
    assert answer.scopes() == ["openid", "profile", "email", "roles"]
    assert answer.record_stale is None and answer.detail is None
    assert answer.claim("userinfo", "email") == ["STRING", "alice@example.com"]
    assert answer.claim("userinfo", "email_verified") == ["TRUE"]
    assert answer.claim("userinfo", "role") == ["STRINGS", "Host Login", "Admin"]
    assert answer.claim("userinfo", "company") == ["STRING", "acme"]
    assert answer.claim("userinfo", "nope") == ["ABSENT"]
    assert answer.claim("id_token", "email") == ["ABSENT"]


def test_one_connection_and_each_endpoint_once(sign_in):
    sign_in.whole("alice")
    requests = sign_in.of_helper()
    assert [one["endpoint"] for one in requests] == ["token", "userinfo"]
    assert len({one["connection"] for one in requests}) == 1


def test_the_token_request_is_byte_for_byte_as_configured(sign_in):
    sign_in.whole("alice")
    token = sign_in.of_helper("token")[0]
    assert token["redirect_uri"] == asking.REDIRECT
    assert (token["grant_type"], token["client_id"], token["auth"]) == \
        ("authorization_code", "web-hosts", "post")
    assert token["parameters"] == ["client_id", "client_secret", "code", "grant_type",
                                   "redirect_uri"]
    assert sign_in.of_helper("userinfo")[0]["auth"] == "bearer"


@pytest.mark.parametrize("auth,mark", [("post", None), ("basic", "1")])
def test_the_credentials_stand_where_they_are_to(sign_in, auth, mark):
    """The provider's secret has a +, a %, a : and a & in it, and blanks."""
    assert sign_in.whole("alice", client_basic=mark).type == "CLAIMS"
    token, = sign_in.of_helper("token")
    assert token["auth"] == auth
    assert ("client_secret" in token["parameters"], "client_id" in token["parameters"]) == \
        (mark is None, mark is None)
    assert sign_in.of_helper("userinfo")[0]["auth"] == "bearer"


@pytest.mark.parametrize("mark", [None, "1"], ids=["post", "basic"])
@pytest.mark.parametrize("secret", [
    "q+w", "q%w", "q%2Bw", "q:w", "q&w=", "q w", "q++ w", "q~*!'()\"\\w", "1" * 1023,
], ids=lambda secret: secret[:8])
def test_a_secret_of_any_letters(certs, ask, secret, mark):
    with idp.Idp(certs, "--issuer", "https://localhost/ids", secret=secret) as provider:
        record = ask.folder / "record"
        assert ask.discover(provider.issuer, save=record).type == "PROVIDER"
        one = asking.SignIn(provider, record, ask)
        answer = one.redeem(BARE, client_basic=mark)
        # the code is none, and the client is who it says
        assert answer.is_failure("CODE_REFUSED", "invalid_grant", kind="UNUSABLE")
        assert one.redeem(BARE, client_basic=mark, secret=secret + "x").is_failure(
            "CLIENT_REFUSED", "invalid_client")


@pytest.mark.parametrize("status", [302, 307, 308])
@pytest.mark.parametrize("mark", [None, "1"], ids=["post", "basic"])
def test_a_redirect_takes_no_credentials_along(sign_in, status, mark):
    sign_in.provider.fault("token", location_status=status,
                           redirect=f"{sign_in.provider.issuer}/elsewhere")
    assert sign_in.redeem(BARE, client_basic=mark).is_failure("STATUS", f"status {status}")
    assert sign_in.endpoints() == ["token"]


@pytest.mark.parametrize("shape", [
    lambda line, q: line.replace("https://", "HTTP://"),
    lambda line, q: line.replace("https://", ""),
    lambda line, q: line.split("?")[1],
    lambda line, q: "?" + line.split("?")[1],
    lambda line, q: line + "#_=_",
    lambda line, q: f"state={q['state']}&code={q['code']}",
    lambda line, q: f"code={q['code']}",
    lambda line, q: f"?code={q['code']}",
    lambda line, q: q["code"],
    lambda line, q: "%" + f"{ord(q['code'][0]):02x}" + q["code"][1:],
], ids=[
    "http", "no scheme", "query", "query with its mark", "fragment behind it", "state first",
    "code=", "?code=", "bare code", "bare code, spelt",
])
def test_people_paste_it_in_many_shapes(sign_in, shape):
    line = sign_in.line("alice")
    answer = sign_in.redeem(shape(line, query(line)))
    assert answer.type == "CLAIMS", answer.text


@pytest.mark.parametrize("login,role", [
    ("bob", ["STRING", "Viewer"]), ("grace", ["ABSENT"]),
    ("mallory", ["STRINGS", "Host Login", "Admin"]),
])
def test_roles_are_passed_on_as_they_are(sign_in, login, role):
    assert sign_in.whole(login).claim("userinfo", "role") == role


@pytest.mark.parametrize("value,row", [
    (True, ["TRUE"]), (False, ["FALSE"]), ("true", ["STRING", "true"]), (1, ["NUMBER", "1"]),
    (1767225600.7, ["NUMBER", "1767225600"]), (-1, ["NUMBER"]), (10**15, ["NUMBER"]),
    ([], ["STRINGS"]), (["a", 1], ["OTHER"]), ({"a": "b"}, ["OTHER"]),
    ("a\nb\u202e\u00fc", ["STRING", "a\nb\u202e\u00fc".encode().decode("latin-1")]),
], ids=asking.short)
def test_claims_are_passed_on_as_they_are(sign_in, value, row):
    sign_in.provider.fault("userinfo", patch={"company": value})
    assert sign_in.whole().claim("userinfo", "company") == row


def test_a_claim_of_null_is_not_absent(sign_in):
    sign_in.provider.fault("userinfo", edit={"find": "\"company\":\"acme\"",
                                             "put": "\"company\":null"})
    assert sign_in.whole().claim("userinfo", "company") == ["NULL"]


def test_the_documents_are_told_apart(sign_in):
    sign_in.provider.fault("token", idtoken={"payload": {"email": "signed@example.com"}})
    answer = sign_in.whole()
    assert answer.claim("id_token", "email") == ["STRING", "signed@example.com"]
    assert answer.claim("userinfo", "email") == ["STRING", "alice@example.com"]


def test_no_claim_need_be_wanted(sign_in):
    answer = sign_in.whole(wanted="")
    assert answer.type == "CLAIMS" and answer.all("claim") == []


@pytest.mark.parametrize("values,document,endpoint", [
    (["x" * 4097], "UserInfo", "userinfo"), (["x"] * 1025, "UserInfo", "userinfo"),
    (["x" * 4096] * 170, "UserInfo", "userinfo"), ("x" * 4097, "id_token", "token"),
], ids=asking.short)
def test_a_claim_that_is_too_long_is_named(sign_in, values, document, endpoint):
    if endpoint == "userinfo":
        sign_in.provider.fault("userinfo", patch={"company": values})
    else:
        sign_in.provider.fault("token", idtoken={"payload": {"company": values}})
    assert sign_in.whole().is_failure("CLAIMS_LONG", f"{document}: more in \"company\"")


def test_what_is_not_wanted_may_be_long(sign_in):
    sign_in.provider.fault("userinfo", patch={"other": ["x" * 5000] * 100})
    assert sign_in.whole().type == "CLAIMS"


# --- what was pasted: nothing of it reaches the provider ---

@pytest.mark.parametrize("spoil,reason", [
    (lambda line, q: "correct horse battery staple", "NO_CODE"),
    (lambda line, q: q["code"][:21], "NO_CODE"),
    (lambda line, q: line + "&code=" + q["code"], "NO_CODE"),
    (lambda line, q: line + "&state=" + q["state"], "NO_CODE"),
    (lambda line, q: line.replace(q["code"], ""), "NO_CODE"),
    (lambda line, q: line.replace(q["code"], "a%00b"), "NO_CODE"),
    (lambda line, q: line.replace("?", "#"), "NO_CODE"),
    (lambda line, q: line.replace("state=", "estate="), "STATE_WRONG"),
    (lambda line, q: line.replace(q["state"], q["state"] + "0"), "STATE_WRONG"),
    (lambda line, q: line.replace(q["state"], q["state"][:-1]), "STATE_WRONG"),
    (lambda line, q: line.replace("code=", "error=").replace(q["state"], "x"), "STATE_WRONG"),
], ids=[
    "a password", "a short code", "two codes", "two states", "empty code",
    "NUL in the code", "in the fragment", "no state", "state and more", "state cut",
    "error without its state",
])
def test_a_line_of_no_use_costs_no_request(sign_in, spoil, reason):
    line = sign_in.line("alice")
    assert sign_in.redeem(spoil(line, query(line))).is_failure(reason, "answer: ", kind="UNUSABLE")
    assert sign_in.of_helper() == []


def test_cancelled_at_the_provider(sign_in):
    answer = sign_in.redeem(sign_in.line(cancel=True))
    assert answer.is_failure("ACCESS_DENIED", "error \"access_denied\"")
    assert sign_in.of_helper() == []


def test_a_code_and_an_error_beside_it(sign_in):
    answer = sign_in.redeem(sign_in.line() + "&error=access_denied")
    assert answer.is_failure("ACCESS_DENIED", "error \"access_denied\"")
    assert sign_in.of_helper() == []


@pytest.mark.parametrize("name", ["error", "iss"])
def test_a_line_that_repeats_its_code(sign_in, name):
    line = sign_in.line()
    answer = sign_in.redeem(f"{line}&{name}={query(line)['code']}")
    assert answer.is_failure("PROVIDER_REFUSED" if name == "error" else "CALLBACK_ISS",
                             f"\"{'*' * 32}\"")


def test_the_answer_of_another_issuer(sign_in):
    sign_in.provider.control("POST", "/callback", {"iss": "https://other.example"})
    assert sign_in.whole().is_failure(
        "CALLBACK_ISS", f"iss is \"https://other.example\", and the issuer \"{sign_in.provider.issuer}\"")
    assert sign_in.of_helper() == []


def test_the_answer_names_the_issuer(sign_in):
    sign_in.provider.control("POST", "/callback", {"iss": sign_in.provider.issuer})
    assert sign_in.whole().type == "CLAIMS"


def with_promise(sign_in, iss):
    """The record of a provider that promises iss; what it does is another thing."""
    provider, ask = sign_in.provider, sign_in.ask
    provider.control("POST", "/callback", {"iss_promised": True, **iss})
    sign_in.record = ask.folder / "promise"
    assert ask.discover(provider.issuer, save=sign_in.record).iss_promised == "1"
    provider.control("POST", "/callback", iss)
    return sign_in.line("alice")


def test_a_promise_that_is_not_kept(sign_in):
    answer = sign_in.redeem(with_promise(sign_in, {}))
    assert answer.is_failure("ISS_MISSING", "no iss", kind="UNUSABLE")
    assert sign_in.of_helper("token") == []


def test_a_promise_that_is_kept(sign_in):
    line = with_promise(sign_in, {"iss": sign_in.provider.issuer})
    assert sign_in.redeem(line).type == "CLAIMS"


def test_a_bare_code_has_no_issuer(sign_in):
    line = with_promise(sign_in, {})
    assert sign_in.redeem(query(line)["code"]).type == "CLAIMS"


# --- the record ---

@pytest.mark.parametrize("spoil", [
    lambda record, issuer: b"x",
    lambda record, issuer: record[:-1],
    lambda record, issuer: record + b"\0",
    lambda record, issuer: b"\0" * len(record),
    lambda record, issuer: record.replace(b"localhost", b"localhosu", 1),
    *[lambda record, issuer, path=path: record.replace(
        issuer + path, issuer.replace(b"localhost", b"localhosu") + path)
      for path in (b"/connect/authorize", b"/connect/token", b"/connect/userinfo",
                   b"/.well-known/jwks")],
    lambda record, issuer: record.replace(b"https://localhost", b"http://localhost1"),
], ids=[
    "nothing of it", "cut", "a byte more", "zeroes", "another issuer", "authorize elsewhere",
    "token elsewhere", "userinfo elsewhere", "jwks elsewhere", "plain http",
])
def test_a_record_of_no_use_is_refused(sign_in, spoil):
    record, issuer = sign_in.record.read_bytes(), sign_in.provider.issuer.encode()
    spoilt = spoil(record, issuer)
    assert spoilt != record
    sign_in.record = sign_in.ask.file("spoilt", spoilt)
    assert sign_in.redeem(BARE).is_failure("RECORD_BAD", "record")
    assert sign_in.of_helper() == []


def test_another_message_is_no_record(sign_in):
    ask = sign_in.ask
    sign_in.record = ask.folder / "failure"
    ask.discover("https://localhost:1/", save=sign_in.record)
    assert sign_in.redeem(BARE).is_failure("RECORD_BAD", "none")


# --- the token endpoint ---

def test_a_code_works_once(sign_in):
    line = sign_in.line("alice")
    assert sign_in.redeem(line).type == "CLAIMS"
    assert sign_in.redeem(line).is_failure("CODE_REFUSED", "invalid_grant", kind="UNUSABLE")


def test_a_code_that_is_none(sign_in):
    assert sign_in.redeem(BARE).is_failure("CODE_REFUSED", "invalid_grant", kind="UNUSABLE")


@pytest.mark.parametrize("options", [
    {"secret": "another secret"}, {"client_id": "nobody"},
], ids=asking.short)
def test_the_provider_refuses_this_host(sign_in, options):
    assert sign_in.redeem(BARE, **options).is_failure("CLIENT_REFUSED", "invalid_client")


@pytest.mark.parametrize("error,reason,kind", [
    ("invalid_grant", "CODE_REFUSED", "UNUSABLE"),
    ("invalid_client", "CLIENT_REFUSED", "FAILED"),
    ("unauthorized_client", "CLIENT_REFUSED", "FAILED"),
    ("invalid_scope", "CLIENT_REFUSED", "FAILED"),
    ("unsupported_grant_type", "CLIENT_REFUSED", "FAILED"),
    ("invalid_request", "PROVIDER_REFUSED", "FAILED"),
    ("access_denied", "PROVIDER_REFUSED", "FAILED"),
    ("user_disabled", "PROVIDER_REFUSED", "FAILED"),
])
@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_errors_of_the_token_endpoint(sign_in, error, reason, kind, status):
    """Whatever the status: some providers send all of them with 200."""
    sign_in.provider.fault("token", error=error, error_description="shown to nobody",
                           status=status)
    answer = sign_in.redeem(BARE)
    assert answer.is_failure(reason, f"error \"{error}\", status {status}", kind=kind)
    assert "nobody" not in answer.detail
    assert sign_in.endpoints() == ["token"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_overload_says_nothing_about_the_person(sign_in, status):
    sign_in.provider.fault("token", error="invalid_grant", status=status)
    assert sign_in.redeem(BARE).is_failure("STATUS", f"status {status}")
    assert sign_in.endpoints() == ["token"]


@pytest.mark.parametrize("fault,reason,detail", [
    ({"status": 400, "body": "Bad Request"}, "STATUS", "status 400"),
    ({"status": 404}, "STATUS", "token endpoint: status 404 at https://localhost:"),
    ({"raw": "{\"error\":1}", "status": 400}, "STATUS", "status 400"),
    ({"redirect": "https://localhost/elsewhere"}, "STATUS", "status 302"),
    ({"redirect": "https://localhost/elsewhere", "location_status": 307}, "STATUS", "status 307"),
    ({"redirect": "https://localhost/elsewhere", "location_status": 308}, "STATUS", "status 308"),
    ({"raw": "access_token=x&id_token=y"}, "BODY", "token response: "),
    ({"raw": "{} {}"}, "BODY", "token response: "),
    ({"raw": "{}"}, "TOKEN_MISSING", "access_token"),
    ({"huge": True}, "BODY", "more than 1 MiB"),
    ({"close": True}, "NO_CONNECTION", "localhost: "),
    ({"close": "body"}, "NO_CONNECTION", "localhost: "),
    ({"silent": True}, "SILENCE", "localhost: "),
    ({"drip": True}, "SILENCE", "localhost: "),
    ({"drip": "header"}, "SILENCE", "localhost: "),
], ids=asking.short)
def test_whatever_breaks_a_code_is_sent_once(sign_in, fault, reason, detail):
    sign_in.provider.fault("token", **fault)
    answer = sign_in.redeem(BARE, time_left=asking.LEFT if reason == "SILENCE" else None)
    assert answer.is_failure(reason, detail)
    assert int(answer.after) < asking.LATE
    assert sign_in.endpoints() == ["token"]


@pytest.mark.parametrize("patch,reason", [
    ({"access_token": None}, "TOKEN_MISSING"),
    ({"id_token": None}, "TOKEN_MISSING"),
    ({"id_token": ""}, "TOKEN_MISSING"),
    ({"access_token": 1}, "TOKEN_MISSING"),
    ({"access_token": "x\r\nAccept: text/plain"}, "TOKEN_MISSING"),
    ({"access_token": "x" * 65537}, "TOKEN_MISSING"),
    ({"id_token": "x" * 65537}, "TOKEN_MISSING"),
    ({"token_type": None}, "TOKEN_TYPE"),
    ({"token_type": "DPoP"}, "TOKEN_TYPE"),
    ({"scope": ["openid"]}, "BODY"),
    ({"id_token": "x"}, "TOKEN_FORM"),
    ({"id_token": "a.b.c.d"}, "TOKEN_FORM"),
], ids=asking.short)
def test_a_token_response_lacks_what_it_needs(sign_in, patch, reason):
    sign_in.provider.fault("token", patch=patch)
    assert sign_in.whole().is_failure(reason)
    assert sign_in.endpoints() == ["token"]


@pytest.mark.parametrize("error,reason,kind", [
    ("access_denied", "PROVIDER_REFUSED", "FAILED"), ("invalid_grant", "CODE_REFUSED", "UNUSABLE"),
    ("", "PROVIDER_REFUSED", "FAILED"), (False, "BODY", "FAILED"),
])
def test_every_token_and_an_error_beside_them(sign_in, error, reason, kind):
    sign_in.provider.fault("token", patch={"error": error})
    assert sign_in.whole().is_failure(reason, "error", kind=kind)
    assert sign_in.endpoints() == ["token"]


def test_a_token_response_with_a_member_twice(sign_in):
    sign_in.provider.fault("token", edit={"find": "{", "put": "{\"token_type\":\"Bearer\","})
    assert sign_in.whole().is_failure("BODY", "twice")


@pytest.mark.parametrize("scope,granted", [
    ("openid", ["openid"]), ("openid email extra", ["openid", "email", "extra"]), ("", [])])
def test_the_granted_scopes_are_the_responses(sign_in, scope, granted):
    sign_in.provider.fault("token", patch={"scope": scope})
    assert sign_in.whole().scopes() == granted


def test_what_else_the_response_says_fails_nothing(sign_in):
    sign_in.provider.fault("token", patch={"token_type": "bearer", "expires_in": "soon",
                                           "refresh_token": 5, "x": {"y": []}})
    assert sign_in.whole().type == "CLAIMS"


# --- proof key ---

OFF = "; a client registered without proof key is refused so: pkce = off"


def test_a_verifier_goes_to_the_token_endpoint(sign_in):
    assert sign_in.with_proof_key().whole("alice").type == "CLAIMS"
    assert "code_verifier" in sign_in.of_helper("token")[0]["parameters"]


def test_without_one_its_client_is_refused(sign_in):
    line = sign_in.with_proof_key().line("alice")
    answer = sign_in.redeem(line, code_verifier=None)
    assert answer.is_failure("CODE_REFUSED", "invalid_grant", kind="UNUSABLE")
    assert OFF not in answer.detail


def test_a_verifier_of_another_attempt_is_refused(sign_in):
    line = sign_in.with_proof_key().line("alice")
    answer = sign_in.redeem(line, code_verifier="0" * 64)
    assert answer.is_failure("CODE_REFUSED", OFF, kind="UNUSABLE")


def test_a_client_without_proof_key_is_refused_with_the_cause_named(sign_in):
    """BeProduct's trap: it drops the challenge, and refuses the verifier."""
    line = sign_in.line("alice")
    answer = sign_in.redeem(line, code_verifier="0" * 64)
    assert answer.is_failure("CODE_REFUSED", OFF, kind="UNUSABLE")
    assert "0" * 8 not in answer.text


# --- the id_token ---

def past(seconds):
    return lambda now: now - seconds


def ahead(seconds):
    return lambda now: now + seconds


@pytest.mark.parametrize("change,reason", [
    ({"payload": {"iss": "https://other.example"}}, "TOKEN_ISS"),
    ({"payload": {"aud": "another"}}, "TOKEN_AUD"),
    ({"payload": {"aud": ["web-hosts", "another"]}}, "TOKEN_AZP"),
    ({"payload": {"azp": "another"}}, "TOKEN_AZP"),
    ({"payload": {"exp": past(120)}}, "TOKEN_EXP"),
    ({"payload": {"exp": None}}, "TOKEN_EXP"),
    ({"payload": {"iat": ahead(120)}}, "TOKEN_IAT"),
    ({"payload": {"nbf": ahead(120)}}, "TOKEN_NBF"),
    ({"payload": {"nonce": "another"}}, "TOKEN_NONCE"),
    ({"payload": {"nonce": None}}, "TOKEN_NONCE"),
    ({"payload": {"sub": 5}}, "TOKEN_SUB"),
    ({"payload": {"sub": None}}, "TOKEN_SUB"),
    ({"payload": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}, "TOKEN_AT_HASH"),
    ({"alg": "none"}, "TOKEN_FORM"),         # for its signature is empty
    ({"alg": "HS256"}, "TOKEN_ALG"),
    ({"header": {"crit": ["x"]}}, "TOKEN_ALG"),
    ({"payload_edit": {"find": "{", "put": "{\"nonce\":\"x\","}}, "TOKEN_FORM"),
    ({"payload_edit": {"find": "{", "put": "{\"x\":18446744073709551615,"}}, "TOKEN_FORM"),
], ids=asking.short)
def test_an_id_token_that_is_not_for_us_now(sign_in, change, reason, now):
    payload = {name: value(now) if callable(value) else value
               for name, value in change.get("payload", {}).items()}
    sign_in.provider.fault("token", idtoken={**change, "payload": payload})
    answer = sign_in.whole()
    assert answer.is_failure(reason)
    # nothing is asked in its name, and no newer key would help
    assert sign_in.endpoints() == ["token"]
    assert answer.record_stale is None


@pytest.mark.parametrize("name,moment,words", [
    ("exp", past(3600), "exp is 360"), ("iat", ahead(3600), "iat is 359"),
    ("nbf", ahead(3600), "nbf is 359"),
])
def test_a_token_of_another_time_says_clock(sign_in, now, name, moment, words):
    sign_in.provider.fault("token", idtoken={"payload": {name: moment(now)}})
    answer = sign_in.whole()
    assert words in answer.detail or words.replace("359", "360") in answer.detail, answer.text
    assert "this host's clock or the provider's is wrong" in answer.detail


@pytest.mark.parametrize("payload", [
    {"exp": past(30)}, {"iat": ahead(30)}, {"exp": lambda now: now + 60.5},
    {"iat": lambda now: now - 0.25, "nbf": lambda now: now - 1.75, "auth_time": 1.7e9 + 0.5},
    {"aud": ["web-hosts"]}, {"aud": ["web-hosts", "x"], "azp": "web-hosts"}, {"at_hash": None},
], ids=asking.short)
def test_what_an_id_token_may_be(sign_in, payload, now):
    payload = {name: value(now) if callable(value) else value for name, value in payload.items()}
    sign_in.provider.fault("token", idtoken={"payload": payload})
    assert sign_in.whole().type == "CLAIMS"


def test_the_clock_skew_is_the_requests(sign_in, now):
    sign_in.provider.fault("token", idtoken={"payload": {"exp": now - 30}})
    assert sign_in.whole(clock_skew=0).is_failure("TOKEN_EXP")


def test_a_key_that_nobody_published(sign_in):
    sign_in.provider.fault("token", idtoken={"key": "other"})
    answer = sign_in.whole()
    assert answer.is_failure("TOKEN_SIGNATURE")
    assert answer.record_stale == "1"
    assert sign_in.endpoints() == ["token", "jwks"]     # once, and nothing behind it


def test_a_kid_that_nobody_published(sign_in):
    sign_in.provider.fault("token", idtoken={"header": {"kid": "nobody"}})
    answer = sign_in.whole()
    assert answer.is_failure("TOKEN_KEY", "nobody")
    assert answer.record_stale == "1"
    assert sign_in.endpoints() == ["token", "jwks"]


@pytest.fixture
def rotated(rekeyed):
    rekeyed.provider.control("POST", "/rotate")
    return rekeyed


def test_newer_keys_are_fetched_once_and_told_of(rotated):
    answer = rotated.whole("alice")
    assert (answer.type, answer.record_stale) == ("CLAIMS", "1"), answer.text
    requests = rotated.of_helper()
    assert [one["endpoint"] for one in requests] == ["token", "jwks", "userinfo"]
    assert len({one["connection"] for one in requests}) == 1


def test_newer_keys_and_a_failure_behind_them(rotated):
    rotated.provider.fault("userinfo", status=503)
    answer = rotated.whole("alice")
    assert answer.is_failure("STATUS", "UserInfo")
    assert answer.record_stale == "1"


@pytest.mark.parametrize("fault,reason,words", [
    ({"status": 503}, "STATUS", "key set: status 503"),
    ({"raw": "{\"keys\":[]}"}, "NO_KEYS", "key set: none"),
    ({"close": True}, "NO_CONNECTION", "localhost: "),
], ids=asking.short)
def test_newer_keys_cannot_be_fetched(rotated, fault, reason, words):
    rotated.provider.fault("jwks", **fault)
    answer = rotated.whole("alice")
    assert answer.is_failure(reason, "newer keys could not be fetched: ")
    assert words in answer.detail
    assert answer.record_stale == ("1" if reason == "NO_CONNECTION" else None)


# --- which key, and for which alg ---

BOTH = "RS256,ES256"


@pytest.fixture
def es256(rekeyed):
    """A provider that signs with ES256, and its record."""
    rekeyed.provider.control("POST", "/rotate", {"alg": "ES256"})
    answer = rekeyed.ask.discover(rekeyed.provider.issuer, save=rekeyed.record)
    assert [key[0] for key in answer.all("key")] == ["ES256"]
    rekeyed.provider.reset()
    return rekeyed


@pytest.mark.parametrize("algs", ["ES256", BOTH])
def test_es256_where_it_may_be(es256, algs):
    answer = es256.whole("alice", signing_algs=algs)
    assert (answer.type, answer.record_stale) == ("CLAIMS", None), answer.text
    assert es256.endpoints() == ["token", "userinfo"]


def test_es256_where_it_may_not_be_is_named(es256):
    answer = es256.whole("alice")
    assert answer.is_failure("TOKEN_ALG", "alg \"ES256\" is not in signing_algs")
    # no newer key would help
    assert es256.endpoints() == ["token"] and answer.record_stale is None


def test_rs256_where_only_es256_may_be(sign_in):
    answer = sign_in.whole("alice", signing_algs="ES256")
    assert answer.is_failure("TOKEN_ALG", "alg \"RS256\" is not in signing_algs")
    assert sign_in.endpoints() == ["token"]


@pytest.mark.parametrize("change,reason", [
    ({"key": "other"}, "TOKEN_SIGNATURE"), ({"header": {"kid": "nobody"}}, "TOKEN_KEY"),
    ({"payload": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}, "TOKEN_AT_HASH"),
    ({"alg": "HS256"}, "TOKEN_ALG"), ({"header": {"alg": "RS256"}}, "TOKEN_KEY"),
    ({"header": {"alg": "ES384"}}, "TOKEN_ALG"),
], ids=asking.short)
def test_es256_is_checked_as_rs256_is(es256, change, reason):
    es256.provider.fault("token", idtoken=change)
    assert es256.whole(signing_algs=BOTH).is_failure(reason)


def test_a_provider_may_go_over_to_es256(rekeyed):
    rekeyed.provider.control("POST", "/rotate", {"alg": "ES256"})
    answer = rekeyed.whole(signing_algs=BOTH)
    assert (answer.type, answer.record_stale) == ("CLAIMS", "1"), answer.text


def key_of(provider):
    """The one key that the provider has, as its key set says."""
    trust = ssl.create_default_context(cafile=provider.ca)
    with urllib.request.urlopen(f"{provider.issuer}/.well-known/jwks", context=trust) as answer:
        (key,) = json.load(answer)["keys"]
    return key


def with_keys(sign_in, keys):
    """The record of a provider whose key set has these."""
    sign_in.provider.fault("jwks", raw=json.dumps({"keys": keys}))
    sign_in.record = sign_in.ask.folder / "keys"
    answer = sign_in.ask.discover(sign_in.provider.issuer, save=sign_in.record)
    assert answer.type == "PROVIDER", answer.text
    return answer


def without(key, *names):
    return {name: value for name, value in key.items() if name not in names}


def with_a_zero(number):
    number = base64.urlsafe_b64decode(number + "=" * (-len(number) % 4))
    return base64.urlsafe_b64encode(b"\0" + number).decode().rstrip("=")


# P-256's own generator
POINT = {"kty": "EC", "crv": "P-256", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
         "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}
WEAK = {"kty": "RSA", "kid": "weak", "e": "AQAB", "n": "A" * 172}
ODD = [
    {"kty": "OKP", "crv": "Ed25519", "kid": "odd", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    {"kty": "AKP", "alg": "ML-DSA-65", "kid": "odd", "pub": "AAAA"},
    {"kty": "oct", "alg": "HS256", "kid": "odd", "k": "AAAA"},
    {**POINT, "crv": "P-384"}, {**POINT, "y": POINT["x"]}, {**POINT, "use": "enc"},
    WEAK, {**WEAK, "n": "+/=="}, {"kty": "RSA"}, {}, None, "key", [1],
]


@pytest.mark.parametrize("odd", [*ODD, ODD], ids=asking.short)
def test_odd_keys_among_the_good_ones_are_passed_over(sign_in, odd):
    key = key_of(sign_in.provider)
    odd = odd if odd is ODD else [odd]
    assert len(with_keys(sign_in, [*odd, key, *odd]).all("key")) == 1
    assert sign_in.whole().type == "CLAIMS"


def test_odd_keys_alone_are_named(sign_in):
    sign_in.provider.fault("jwks", raw=json.dumps({"keys": ODD}))
    assert sign_in.ask.discover(sign_in.provider.issuer).is_failure(
        "NO_KEYS", f"none of {len(ODD)} keys is of use for RS256 or ES256")


@pytest.mark.parametrize("keys", [
    lambda key: [key, key],
    lambda key: [key, {**key, "n": with_a_zero(key["n"])}],
    lambda key: [{**key, "n": with_a_zero(key["n"])}],
    lambda key: [{**POINT, "kid": key["kid"]}, key],
    lambda key: [{**key, "kid": "another"}, key],
], ids=["twice", "twice, once with a zero", "with a zero", "the kid of both kinds", "under two kids"])
def test_the_key_that_is_named_may_stand(sign_in, keys):
    with_keys(sign_in, keys(key_of(sign_in.provider)))
    answer = sign_in.whole()
    assert (answer.type, answer.record_stale) == ("CLAIMS", None), answer.text


@pytest.mark.parametrize("keys", [
    lambda key: [key],
    lambda key: [without(key, "kid")],
    lambda key: [without(key, "kid"), without(key, "kid")],
    lambda key: [key, {**POINT, "kid": "point"}],
    lambda key: [{**WEAK, "kid": key["kid"]}, key],
], ids=["alone", "alone without kid", "twice", "beside one of the other kind", "beside a weak one"])
def test_without_a_kid_it_is_the_one_that_fits(sign_in, keys):
    with_keys(sign_in, keys(key_of(sign_in.provider)))
    sign_in.provider.fault("token", idtoken={"header": {"kid": None}})
    assert sign_in.whole().type == "CLAIMS"


@pytest.mark.parametrize("header,words", [
    ({}, "2 keys for RS256 have its kid"), ({"kid": None}, "names no key, and there are 2 for RS256"),
], ids=["one kid", "no kid"])
def test_two_keys_that_fit_are_one_too_many(rekeyed, header, words):
    provider = rekeyed.provider
    older = key_of(provider)
    provider.control("POST", "/rotate")
    key = key_of(provider)
    with_keys(rekeyed, [key, {**older, "kid": key["kid"]}])
    provider.fault("token", idtoken={"header": header})
    assert rekeyed.whole().is_failure("TOKEN_KEY", words)
    assert rekeyed.endpoints()[-2:] == ["token", "jwks"]


# --- an endpoint that has moved ---

@pytest.mark.parametrize("endpoint", ["token", "userinfo"])
@pytest.mark.parametrize("fault,is_stale", [
    ({"status": 404}, True), ({"status": 410}, True), ({"close": True}, True),
    ({"status": 400}, False), ({"status": 401}, False), ({"status": 403}, False),
    ({"status": 405}, False), ({"status": 429}, False), ({"status": 500}, False),
    ({"status": 503}, False), ({"raw": "x"}, False),
    ({"redirect": "https://localhost/elsewhere"}, False),
], ids=asking.short)
def test_an_endpoint_that_is_not_there_makes_the_record_old(sign_in, endpoint, fault, is_stale):
    sign_in.provider.fault(endpoint, **fault)
    assert sign_in.whole().record_stale == ("1" if is_stale else None)


def test_so_it_is_with_the_keys(rotated):
    rotated.provider.fault("jwks", status=404)
    answer = rotated.whole()
    assert answer.is_failure("STATUS", "key set: status 404")
    assert answer.record_stale == "1"


def test_so_it_is_where_nobody_listens(sign_in):
    line = sign_in.line()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1]).encode()
    record = sign_in.record.read_bytes()
    mine = str(sign_in.provider.port).encode()
    if len(port) != len(mine):
        pytest.skip("the ports differ in length")
    sign_in.record = sign_in.ask.file("moved", record.replace(b":" + mine, b":" + port))
    answer = sign_in.redeem(line)
    assert answer.is_failure("NO_CONNECTION") and answer.record_stale == "1"


def test_an_error_that_comes_with_404_says_nothing_of_the_record(sign_in):
    sign_in.provider.fault("token", error="invalid_grant", status=404)
    answer = sign_in.redeem(BARE)
    assert answer.is_failure("CODE_REFUSED", "status 404", kind="UNUSABLE")
    assert answer.record_stale is None


# --- what the provider repeats ---

def test_an_error_that_repeats_what_it_was_sent(sign_in):
    line = sign_in.line("alice")
    code = query(line)["code"]
    said = [code, code[:20], sign_in.provider.secret,
            urllib.parse.quote_plus(sign_in.provider.secret)]
    for one in said:
        sign_in.provider.fault("token", error=f"no {one} here", count=1)
        answer = sign_in.redeem(line)
        assert answer.is_failure("PROVIDER_REFUSED", f"error \"no {'*' * len(one)} here\"")
        assert one not in answer.text


@pytest.mark.parametrize("claim", ["iss", "aud", "azp"])
def test_an_id_token_that_repeats_it(sign_in, claim):
    said = sign_in.provider.secret
    sign_in.provider.fault("token", idtoken={"payload": {claim: said}})
    assert sign_in.whole().is_failure(f"TOKEN_{claim.upper()}", f"\"{'*' * len(said)}\"")


def test_a_kid_that_repeats_it(sign_in):
    said = sign_in.provider.secret
    sign_in.provider.fault("token", idtoken={"header": {"kid": said}})
    assert sign_in.whole().is_failure("TOKEN_KEY", f"\"{'*' * len(said)}\"")


@pytest.mark.parametrize("patch", [
    lambda said: {"company": f"of {said}"}, lambda said: {"role": ["Admin", said]},
    lambda said: {"email": said},
], ids=["a string", "one of a list", "an address"])
def test_a_claim_that_repeats_it(sign_in, patch):
    sign_in.provider.fault("userinfo", patch=patch(sign_in.provider.secret))
    assert sign_in.whole().is_failure("CLAIMS_SECRET", "a claim that is wanted repeats")


def test_a_claim_that_is_not_wanted_may_repeat_it(sign_in):
    sign_in.provider.fault("userinfo", patch={"other": sign_in.provider.secret})
    assert sign_in.whole().type == "CLAIMS"


def test_a_scope_that_repeats_it(sign_in):
    sign_in.provider.fault("token", patch={
        "scope": "openid " + urllib.parse.quote_plus(sign_in.provider.secret)})
    assert sign_in.whole().is_failure("CLAIMS_SECRET", "a scope repeats")


# --- UserInfo ---

@pytest.mark.parametrize("fault,reason,detail", [
    ({"status": 401}, "PROVIDER_REFUSED", "UserInfo: status 401"),
    ({"status": 403}, "PROVIDER_REFUSED", "UserInfo: status 403"),
    ({"status": 400}, "STATUS", "UserInfo: status 400 at https://localhost:"),
    ({"status": 404}, "STATUS", "UserInfo: status 404 at https://localhost:"),
    ({"status": 429}, "STATUS", "UserInfo: status 429"),
    ({"status": 503}, "STATUS", "UserInfo: status 503"),
    ({"redirect": "https://localhost/elsewhere"}, "STATUS", "UserInfo: status 302"),
    ({"raw": "eyJhbGciOiJSUzI1NiJ9.e30.eA", "type": "application/jwt"}, "BODY", "UserInfo: "),
    ({"raw": "{\"sub\":\"a\",\"sub\":\"b\"}"}, "BODY", "twice"),
    ({"raw": "{}"}, "USERINFO_SUB", "no string sub"),
    ({"patch": {"sub": "another"}}, "USERINFO_SUB", "not the id_token's"),
    ({"patch": {"sub": 1}}, "USERINFO_SUB", "no string sub"),
    ({"patch": {"sub": "0D2F8C1E-5B7A-4A0E-9C35-2B1F6E7A1001"}}, "USERINFO_SUB", "not"),
    ({"patch": {"sub": "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a10010"}}, "USERINFO_SUB", "not"),
    ({"huge": True}, "BODY", "more than 1 MiB"),
    ({"close": "body"}, "NO_CONNECTION", "localhost: "),
    ({"silent": True}, "SILENCE", "localhost: "),
    ({"drip": True}, "SILENCE", "localhost: "),
], ids=asking.short)
def test_userinfo_is(sign_in, fault, reason, detail):
    sign_in.provider.fault("userinfo", **fault)
    answer = sign_in.whole("alice", time_left=asking.LEFT if reason == "SILENCE" else None)
    assert answer.is_failure(reason, detail)
    assert int(answer.after) < asking.LATE
    assert sign_in.endpoints()[0] == "token" and len(sign_in.of_helper("token")) == 1


@pytest.mark.parametrize("headers,words", [
    ({"www-authenticate": "Bearer realm=\"x\", error=\"invalid_token\""}, ", error \"invalid_token\""),
    ({"WWW-Authenticate": "bearer Error=insufficient_scope"}, ", error \"insufficient_scope\""),
    ({"www-authenticate": ["Basic realm=\"x\"", "Bearer error=\"invalid_token\""]},
     ", error \"invalid_token\""),
    ({"www-authenticate": "Bearer error=\"\x9b[2J\""}, ", error \"?[2J\""),
    ({"www-authenticate": f"Bearer error=\"{'x' * 200}\""}, f", error \"{'x' * 100}\""),
    ({"www-authenticate": f"Bearer error=\"{'x' * 2000}\""}, ""),
    ({"www-authenticate": "Bearer realm=\"x\""}, ""),
    ({"x-www-authenticate": "Bearer error=\"x\""}, ""),
    ({}, ""),
], ids=["one", "other cases", "several", "an escape", "long", "too long", "none", "another header",
        "no header"])
@pytest.mark.parametrize("status", [401, 403])
def test_userinfo_refuses_and_says_why(sign_in, status, headers, words):
    sign_in.provider.fault("userinfo", status=status, headers=headers)
    answer = sign_in.whole()
    assert answer.is_failure("PROVIDER_REFUSED")
    assert answer.detail == f"UserInfo: status {status}{words}"


def test_why_userinfo_refuses_may_repeat_what_is_secret(sign_in):
    said = sign_in.provider.secret
    sign_in.provider.fault("userinfo", status=401, headers={
        "www-authenticate": f"Bearer error=\"{said}\""})
    assert sign_in.whole().is_failure("PROVIDER_REFUSED", f"error \"{'*' * len(said)}\"")


def test_the_time_is_for_all_requests_together(sign_in):
    sign_in.provider.fault("jwks", silent=True)
    sign_in.provider.fault("token", idtoken={"header": {"kid": "nobody"}})
    answer = sign_in.whole("alice", time_left=asking.LEFT)
    assert answer.is_failure("SILENCE", "newer keys could not be fetched")
    assert int(answer.after) < asking.LATE


def test_no_certificate_no_code(sign_in, certs):
    answer = sign_in.redeem(BARE, ca_file=f"@{certs / 'other-ca.pem'}")
    assert answer.is_failure("TLS", "trusted: ca_file")
    assert sign_in.of_helper() == []


def test_an_escape_of_json_arrives_as_what_it_means(sign_in):
    sign_in.provider.fault("userinfo", edit={
        "find": "\"company\":\"acme\"", "put": json.dumps("company") + ":\"ac\\u006de\""})
    assert sign_in.whole().claim("userinfo", "company") == ["STRING", "acme"]
