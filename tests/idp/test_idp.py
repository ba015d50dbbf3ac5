# SPDX-License-Identifier: BSD-2-Clause
"""Does the test provider have the shapes of BeProduct? Whether its faults are such,
the tests show that ask for them and see them named."""

import base64
import hashlib
import hmac
import http.client
import json
import re
import secrets
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse

import pytest

import idp
import person

REDIRECT = "https://copy-this-address.invalid/"
LISTENED = "http://localhost:8765/callback"
HOST = "id.beproduct.test"
ALL_SCOPES = "openid profile email roles offline_access BeProductPublicApi"
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")

@pytest.fixture(scope="module")
def _running(certs):
    with idp.Idp(certs) as running:
        yield running


@pytest.fixture
def p(_running):
    _running.reset()
    return _running


# --- a client, as small as can be ---

def b64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def password(login):
    return f"{login}'s password"


def call(p, method, path, form=None, headers=None, seconds=10, ca=None, port=None):
    """Gives (status, body, headers) of one request on a connection of its own."""
    tls = ssl.create_default_context(cafile=ca or p.ca)
    with socket.create_connection(("127.0.0.1", port or p.port), seconds) as plain, \
            tls.wrap_socket(plain, server_hostname=HOST) as sock:
        connection = http.client.HTTPConnection(HOST, p.port)
        connection.sock = sock
        sent = {"User-Agent": "a test", **(headers or {})}
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            form = urllib.parse.urlencode(form)
        connection.request(method, path, form, sent)
        answer = connection.getresponse()
        return answer.status, answer.read(4 << 20).decode(), answer.headers


def get_json(p, path, **more):
    status, body, _ = call(p, "GET", path, **more)
    assert status == 200, (status, body)
    return json.loads(body)


def discovery(p):
    return get_json(p, "/ids/.well-known/openid-configuration")


def keys(p):
    return get_json(p, "/ids/.well-known/jwks")["keys"]


def authorize_address(p, scope="openid profile email roles", **more):
    query = {"client_id": "web-hosts", "response_type": "code", "scope": scope,
             "redirect_uri": REDIRECT, "state": "web1_sudo_alice_" + secrets.token_hex(20),
             "nonce": secrets.token_hex(20), **more}
    return f"{p.issuer}/connect/authorize?{urllib.parse.urlencode(query)}", query


def signed_in(p, login="alice", **more):
    """Gives the callback's parameters, and the request's."""
    address, query = authorize_address(p, **more)
    end = person.sign_in(address, login, password(login), p.ca, "127.0.0.1")
    assert end.startswith(REDIRECT + "?"), end
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(end).query)), query


def exchange(p, code, **more):
    form = {"grant_type": "authorization_code", "code": code,
            "redirect_uri": REDIRECT, "client_id": "web-hosts",
            "client_secret": p.secret, **more}
    status, body, _ = call(p, "POST", "/ids/connect/token", form)
    return status, json.loads(body)


def tokens(p, login="alice", **more):
    back, query = signed_in(p, login, **more)
    status, answer = exchange(p, back["code"])
    assert status == 200, answer
    return answer, query


def userinfo(p, access_token):
    return get_json(p, "/ids/connect/userinfo",
                    headers={"Authorization": f"Bearer {access_token}"})


def claims_of(p, login):
    return userinfo(p, tokens(p, login)[0]["access_token"])


def parts(jwt):
    header, payload, signature = jwt.split(".")
    return json.loads(b64(header)), json.loads(b64(payload)), b64(signature)


def signature_holds(jwt, key):
    n, e = (int.from_bytes(b64(key[x]), "big") for x in ("n", "e"))
    size = (n.bit_length() + 7) // 8
    digest = DIGEST_INFO + hashlib.sha256(jwt.rsplit(".", 1)[0].encode()).digest()
    padded = b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest
    signature = int.from_bytes(parts(jwt)[2], "big")
    return pow(signature, e, n).to_bytes(size, "big") == padded


def requests(p, endpoint):
    return [r for r in p.log()["requests"] if r["endpoint"] == endpoint]


# --- shapes ---

def test_discovery_lists_what_beproduct_lists(p):
    d = discovery(p)
    assert d["issuer"] == p.issuer and p.issuer.endswith("/ids")
    for name, path in {
            "authorization_endpoint": "/connect/authorize",
            "token_endpoint": "/connect/token",
            "userinfo_endpoint": "/connect/userinfo",
            "end_session_endpoint": "/connect/endsession",
            "revocation_endpoint": "/connect/revocation",
            "introspection_endpoint": "/connect/introspect",
            "jwks_uri": "/.well-known/jwks"}.items():
        assert d[name] == p.issuer + path, d[name]
    assert "device_authorization_endpoint" not in d
    assert "authorization_response_iss_parameter_supported" not in d
    assert d["id_token_signing_alg_values_supported"] == ["RS256"]
    assert "S256" in d["code_challenge_methods_supported"]
    assert d["token_endpoint_auth_methods_supported"] == [
        "client_secret_post", "client_secret_basic"]
    assert set(ALL_SCOPES.split()) <= set(d["scopes_supported"])


def test_keys_have_no_alg_but_a_certificate(p):
    (key,) = keys(p)
    assert set(key) == {"kty", "use", "kid", "e", "n", "x5c", "x5t"}, set(key)
    der = base64.b64decode(key["x5c"][0])
    assert b64(key["x5t"]) == hashlib.sha1(der).digest()
    pem = ssl.DER_cert_to_PEM_cert(der)
    read = subprocess.run(["openssl", "x509", "-noout", "-modulus"], input=pem,
                          capture_output=True, text=True, timeout=10, check=True)
    assert bytes.fromhex(read.stdout.strip().split("=")[1]) == b64(key["n"])


def test_callback_has_code_state_and_session_state(p):
    back, query = signed_in(p)
    assert list(back) == ["code", "state", "session_state"], list(back)
    assert re.fullmatch("[0-9a-f]{32}", back["code"])
    assert back["state"] == query["state"]
    assert len(back["session_state"]) > 60


def test_token_response_has_no_scope(p):
    answer, _ = tokens(p)
    assert set(answer) == {"access_token", "id_token", "expires_in", "token_type"}, set(answer)
    assert answer["expires_in"] == 8 * 3600 and answer["token_type"] == "Bearer"


def test_id_token_holds_the_sign_in_alone(p):
    answer, query = tokens(p)
    header, payload, _ = parts(answer["id_token"])
    (key,) = keys(p)
    assert header["alg"] == "RS256" and header["kid"] == key["kid"]
    assert signature_holds(answer["id_token"], key)
    assert set(payload) == {"iss", "aud", "exp", "iat", "nbf", "sub", "auth_time",
                            "idp", "amr", "nonce", "sid", "at_hash"}, set(payload)
    assert payload["iss"] == p.issuer and payload["aud"] == "web-hosts"
    assert payload["nonce"] == query["nonce"] and payload["amr"] == ["password"]
    half = hashlib.sha256(answer["access_token"].encode()).digest()[:16]
    assert b64(payload["at_hash"]) == half


def test_access_token_is_a_jwt_with_a_list_of_scopes(p):
    answer, _ = tokens(p, scope=ALL_SCOPES)
    payload = parts(answer["access_token"])[1]
    assert payload["scope"] == ALL_SCOPES.split(), payload["scope"]
    assert signature_holds(answer["access_token"], keys(p)[0])
    assert re.fullmatch("[0-9a-f]{32}", answer["refresh_token"])


def test_any_subset_of_scopes_is_granted(p):
    answer, _ = tokens(p, scope="openid roles")
    assert parts(answer["access_token"])[1]["scope"] == ["openid", "roles"]
    told = userinfo(p, answer["access_token"])
    assert set(told) == {"sub", "role"}, told


def refresh(p, token):
    status, body, _ = call(p, "POST", "/ids/connect/token", {
        "grant_type": "refresh_token", "client_id": "web-hosts", "client_secret": p.secret,
        "refresh_token": token})
    return status, json.loads(body)


def revoke(p, token, **more):
    return call(p, "POST", "/ids/connect/revocation", {
        "client_id": "web-hosts", "client_secret": p.secret, "token": token, **more})[:2]


def test_refresh_tokens_are_for_one_use(p):
    first, query = tokens(p, scope=ALL_SCOPES)
    status, second = refresh(p, first["refresh_token"])
    assert status == 200 and "scope" not in second, second
    assert second["refresh_token"] != first["refresh_token"]
    assert parts(second["id_token"])[1]["nonce"] == query["nonce"]
    assert userinfo(p, second["access_token"])["email"] == "alice@example.com"
    assert p.refresh_tokens("alice") == 1
    status, answer = refresh(p, first["refresh_token"])
    assert (status, answer["error"]) == (400, "invalid_grant")
    # the whole family is gone
    status, answer = refresh(p, second["refresh_token"])
    assert (status, answer["error"]) == (400, "invalid_grant")
    assert p.refresh_tokens("alice") == 0


def test_refresh_tokens_serve_again_while_the_shape_says_so(p):
    p.shape(reusable=True)
    token = tokens(p, scope=ALL_SCOPES)[0]["refresh_token"]
    for _ in range(3):
        status, answer = refresh(p, token)
        assert (status, answer["refresh_token"]) == (200, token)
    assert p.refresh_tokens("alice") == 1


def test_a_refresh_brings_no_id_token_while_the_shape_says_so(p):
    p.shape(refreshed_id_token=False)
    first, _ = tokens(p, scope=ALL_SCOPES)
    assert first["id_token"]
    status, second = refresh(p, first["refresh_token"])
    assert status == 200 and "id_token" not in second and second["access_token"]


@pytest.mark.parametrize("prompt", [None, "login", "consent", "select_account"])
def test_offline_access_is_granted_whatever_the_prompt(p, prompt):
    more = {"prompt": prompt} if prompt else {}
    pressed, back = again(p, person.Browser(p.ca, "127.0.0.1"), scope=ALL_SCOPES, **more)
    assert ("allow" in pressed) == (prompt == "consent")
    assert refresh(p, exchange(p, back["code"])[1]["refresh_token"])[0] == 200
    assert requests(p, "authorize")[0].get("prompt") == prompt
    assert p.control("GET", "/tokens") == {"refresh_tokens": {"alice": 1}}


def test_offline_access_is_ignored_while_the_shape_says_so(p):
    p.shape(offline=False)
    answer, _ = tokens(p, scope=ALL_SCOPES)
    assert "refresh_token" not in answer
    assert parts(answer["access_token"])[1]["scope"] == [
        scope for scope in ALL_SCOPES.split() if scope != "offline_access"]
    assert userinfo(p, answer["access_token"])["email"] == "alice@example.com"
    assert p.refresh_tokens("alice") == 0


def test_who_does_not_ask_for_offline_access_gets_no_refresh_token(p):
    assert "refresh_token" not in tokens(p)[0]
    assert p.refresh_tokens("alice") == 0


def test_a_token_that_was_revoked_is_dead(p):
    first, _ = tokens(p, scope=ALL_SCOPES)
    tokens(p, scope=ALL_SCOPES)
    tokens(p, "bob", scope=ALL_SCOPES)
    assert (p.refresh_tokens("alice"), p.refresh_tokens("bob")) == (2, 1)
    assert revoke(p, first["refresh_token"], token_type_hint="refresh_token") == (200, "")
    assert (p.refresh_tokens("alice"), p.refresh_tokens("bob")) == (1, 1)
    assert refresh(p, first["refresh_token"])[1]["error"] == "invalid_grant"
    # RFC 7009 2.2: what is none is of no use already
    assert revoke(p, first["refresh_token"])[0] == revoke(p, "nobody's")[0] == 200
    assert revoke(p, "nobody's", client_secret="wrong")[0] == 401
    one = requests(p, "revocation")[0]
    assert one["token_type_hint"] == "refresh_token" and one["auth"] == "post"
    assert one["parameters"] == ["client_id", "client_secret", "token", "token_type_hint"]
    assert first["refresh_token"] not in json.dumps(p.log())
    p.reset()
    assert p.control("GET", "/tokens") == {"refresh_tokens": {}}


def test_userinfo_alone_knows_the_person(p):
    told = claims_of(p, "alice")
    assert told == {
        "sub": told["sub"], "name": "Alice Archer", "email": "alice@example.com",
        "email_verified": True, "company": "acme", "role": ["Host Login", "Admin"]}


def test_userinfo_claims_keep_their_types(p):
    assert claims_of(p, "bob")["role"] == "Viewer"
    assert claims_of(p, "dave")["email_verified"] == "true"
    assert claims_of(p, "erin")["email_verified"] is False
    assert "email_verified" not in claims_of(p, "frank")
    assert "role" not in claims_of(p, "grace")
    assert "company" not in claims_of(p, "heidi")
    assert claims_of(p, "mallory")["company"] == "other"


def test_userinfo_refuses_strangers(p):
    for headers in ({}, {"Authorization": "Bearer nothing"}):
        status, _, _ = call(p, "GET", "/ids/connect/userinfo", headers=headers)
        assert status in (400, 401), status


def at_api(p, token, path):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return call(p, "GET", f"/api/{path}", headers=headers, port=urllib.parse.urlsplit(p.api).port)


def user_at_api(p, token, company="acme", email="alice@example.com"):
    return at_api(p, token, f"{company}/Users/GetByEmail?" + urllib.parse.urlencode({"email": email}))


def user_of_id(p, token, spelt, company="acme"):
    return at_api(p, token, f"{company}/Users/GetById/{spelt}")


def test_the_public_api_has_the_users_of_a_company_for_one_of_them(p):
    token = tokens(p, scope=ALL_SCOPES)[0]["access_token"]
    for shape, inside in (("wrapped", lambda doc: doc["data"][0]), ("array", lambda doc: doc[0]),
                          ("object", lambda doc: doc)):
        p.control("POST", "/api", {"shape": shape})
        status, body, _ = user_at_api(p, token)
        user = inside(json.loads(body))
        assert (status, user["email"], user["active"]) == (200, "alice@example.com", True)
    assert json.loads(user_at_api(p, token, email="ivan@example.com")[1])["active"] is False
    # mallory's address is alice's, of another company
    assert user_at_api(p, token, "other")[0] == 403
    assert user_at_api(p, token, email="nobody@example.com")[0] == 404
    assert user_at_api(p, token, email="heidi@example.com")[0] == 404
    assert user_at_api(p, None)[0] == 401
    assert user_at_api(p, token[:-1])[0] == 401
    assert [one["auth"] for one in requests(p, "api")][:2] == ["bearer", "bearer"]
    # at the issuer's own origin there is none
    assert call(p, "GET", "/api/acme/Users/GetByEmail?email=alice@example.com")[0] == 404


def test_a_user_of_the_public_api_has_an_id_of_its_own_and_the_roles_of_the_person(p):
    token = tokens(p, scope=ALL_SCOPES)[0]["access_token"]
    p.control("POST", "/api", {"shape": "object"})
    alice, bob, grace = (json.loads(user_of_id(p, token, one)[1]) for one in ("u-1001", "1002", "u-1007"))
    assert (alice["id"], alice["email"], alice["role"]) == \
        ("u-1001", "alice@example.com", ["Host Login", "Admin"])
    assert (bob["id"], bob["role"]) == (1002, "Viewer") and "role" not in grace
    assert json.loads(user_at_api(p, token)[1]) == alice
    # an id is one segment of the path, however it is spelt
    p.change("alice", id="a b/?%")
    assert json.loads(user_of_id(p, token, "a%20b%2F%3F%25")[1])["id"] == "a b/?%"
    for path in ("u-1001", "u-1013", "nobody", "", "a%20b/%3F%25"):
        assert user_of_id(p, token, path)[0] == 404, path
    assert at_api(p, token, "acme/Users/GetById")[0] == 404
    assert at_api(p, token, "acme/Users/GetByEmail/x?email=alice@example.com")[0] == 404
    assert at_api(p, token, "acme/Users/constructor/x")[0] == 404
    assert user_of_id(p, token, "u-1013", "other")[0] == 403
    assert user_of_id(p, None, "u-1001")[0] == 401


def test_the_public_api_lists_the_users_of_the_company_alone(p):
    token = tokens(p, scope=ALL_SCOPES)[0]["access_token"]
    for shape, inside in (("wrapped", lambda doc: doc["data"]), ("array", lambda doc: doc),
                          ("object", lambda doc: doc)):
        p.control("POST", "/api", {"shape": shape})
        status, body, _ = at_api(p, token, "acme/Users/List")
        users = {one["username"]: one for one in inside(json.loads(body))}
        assert status == 200 and users["alice"]["role"] == ["Host Login", "Admin"]
        assert users["ivan"]["active"] is False and not {"mallory", "heidi"} & set(users)
    assert at_api(p, token, "other/Users/List")[0] == 403
    assert at_api(p, None, "acme/Users/List")[0] == 401
    assert at_api(p, token, "acme/Users/List/x")[0] == 404


def test_what_is_taken_from_a_person_is_taken_from_the_user_too(p):
    token = tokens(p, scope=ALL_SCOPES)[0]["access_token"]
    p.control("POST", "/api", {"shape": "object"})
    p.change("bob", roles=[])
    assert "role" not in json.loads(user_of_id(p, token, "1002")[1])
    assert "role" not in claims_of(p, "bob")
    p.change("carol", active=False)
    assert json.loads(user_at_api(p, token, email="carol@example.com")[1])["active"] is False
    # bob's stays as it was changed, until all is as it was
    assert "role" not in json.loads(user_of_id(p, token, "1002")[1])
    p.reset()
    p.control("POST", "/api", {"shape": "object"})
    assert json.loads(user_of_id(p, token, "1002")[1])["role"] == "Viewer"


def test_faults_of_the_public_api_are_of_both_its_paths(p):
    token = tokens(p, scope=ALL_SCOPES)[0]["access_token"]
    for ask in (lambda: user_of_id(p, token, "u-1001"), lambda: user_at_api(p, token)):
        p.fault("api", status=503, count=1)
        assert ask()[0] == 503
        p.fault("api", patch={"role": None}, count=1)
        assert "role" not in ask()[1]
        assert "Host Login" in ask()[1]


def test_the_public_api_wants_its_scope_and_a_person_of_the_company(p):
    status, _, headers = user_at_api(p, tokens(p)[0]["access_token"])
    assert status == 403 and "insufficient_scope" in headers["www-authenticate"]
    mallory = tokens(p, "mallory", scope=ALL_SCOPES)[0]["access_token"]
    assert user_at_api(p, mallory)[0] == 403
    assert user_at_api(p, mallory, "other")[0] == 200


def test_secret_is_accepted_in_the_head_too(p):
    back, _ = signed_in(p)
    pair = ":".join(urllib.parse.quote_plus(x) for x in ("web-hosts", p.secret))
    form = {"grant_type": "authorization_code", "code": back["code"],
            "redirect_uri": REDIRECT}
    status, body, _ = call(p, "POST", "/ids/connect/token", form, {
        "Authorization": "Basic " + base64.b64encode(pair.encode()).decode()})
    assert status == 200, body
    assert requests(p, "token")[-1]["auth"] == "basic"


def test_wrong_secret_is_invalid_client(p):
    back, _ = signed_in(p)
    status, answer = exchange(p, back["code"], client_secret="wrong")
    assert (status, answer["error"]) == (401, "invalid_client")


def test_code_serves_once(p):
    back, _ = signed_in(p)
    assert exchange(p, back["code"])[0] == 200
    status, answer = exchange(p, back["code"])
    assert (status, answer["error"]) == (400, "invalid_grant")


def proof_key():
    """A verifier, and the parameters of its challenge."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(
        hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return verifier, {"code_challenge": challenge, "code_challenge_method": "S256"}


def test_verifier_is_refused_although_a_challenge_was_sent(p):
    verifier, challenge = proof_key()
    back, _ = signed_in(p, **challenge)
    status, answer = exchange(p, back["code"], code_verifier=verifier)
    assert (status, answer["error"]) == (400, "invalid_grant")


def test_the_client_with_proof_key_needs_the_verifier(p):
    mine = {"client_id": "proof-key-hosts"}
    verifier, challenge = proof_key()
    for sent, status in (({}, 400), ({"code_verifier": proof_key()[0]}, 400),
                         ({"code_verifier": verifier}, 200)):
        back, _ = signed_in(p, **mine, **challenge)
        assert exchange(p, back["code"], **mine, **sent)[0] == status
    address, _ = authorize_address(p, **mine)
    end = person.sign_in(address, "alice", password("alice"), p.ca, "127.0.0.1")
    assert "error=invalid_request" in end


def test_redirect_uri_is_compared_exactly(p):
    for other in (LISTENED + "/", LISTENED.replace("8765", "8766"),
                  LISTENED.replace("localhost", "127.0.0.1"), LISTENED.replace("http", "https"),
                  REDIRECT + "x", REDIRECT + "?x", REDIRECT.replace("https", "http")):
        address, _ = authorize_address(p, redirect_uri=other)
        with pytest.raises(person.ProviderPage):
            person.sign_in(address, "alice", password("alice"), p.ca, "127.0.0.1")
    back, _ = signed_in(p)
    status, answer = exchange(p, back["code"], redirect_uri=LISTENED)
    assert (status, answer["error"]) == (400, "invalid_grant")


def test_a_second_redirect_uri_is_registered_too(p):
    address, query = authorize_address(p, redirect_uri=LISTENED)
    end = person.sign_in(address, "alice", password("alice"), p.ca, "127.0.0.1")
    back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(end).query))
    assert end.startswith(LISTENED + "?") and "session_state" in back and "iss" not in back
    assert exchange(p, back["code"], redirect_uri=LISTENED)[0] == 200


def again(p, browser, login="alice", **more):
    """Gives the buttons pressed by who was here before, and the callback's parameters."""
    address, _ = authorize_address(p, **more)
    pressed = []
    end = person.sign_in(address, login, password(login), p.ca, browser=browser, pages=pressed)
    return pressed, dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(end).query))


def signed_in_as(p, back):
    return userinfo(p, exchange(p, back["code"])[1]["access_token"])["email"]


def test_who_is_signed_in_is_asked_for_nothing_but_by_prompt(p):
    browser = person.Browser(p.ca, "127.0.0.1")
    assert again(p, browser)[0] == ["login"]
    for prompt, pressed in ((None, []), ("login", ["login"]), ("consent", ["allow"]),
                            ("select_account", ["continue"]),
                            ("login consent", ["login", "allow"]),
                            ("select_account consent", ["continue", "allow"])):
        more = {"prompt": prompt} if prompt else {}
        assert again(p, browser, **more)[0] == pressed, prompt


def test_who_is_not_signed_in_signs_in_under_any_prompt(p):
    for prompt, pressed in (("login", ["login"]), ("select_account", ["login"]),
                            ("consent", ["login", "allow"])):
        browser = person.Browser(p.ca, "127.0.0.1")
        assert again(p, browser, prompt=prompt)[0] == pressed, prompt


def test_another_account_can_be_chosen(p):
    browser = person.Browser(p.ca, "127.0.0.1")
    again(p, browser)
    pressed, back = again(p, browser, "bob", prompt="select_account")
    assert pressed == ["other", "login"] and signed_in_as(p, back) == "bob@example.com"
    pressed, back = again(p, browser, "bob")
    assert pressed == [] and signed_in_as(p, back) == "bob@example.com"


def test_prompt_login_makes_a_new_sign_in(p):
    browser = person.Browser(p.ca, "127.0.0.1")
    first = parts(exchange(p, again(p, browser)[1]["code"])[1]["id_token"])[1]["auth_time"]
    time.sleep(1.1)
    same = parts(exchange(p, again(p, browser)[1]["code"])[1]["id_token"])[1]["auth_time"]
    anew = again(p, browser, prompt="login")[1]
    assert same == first
    assert parts(exchange(p, anew["code"])[1]["id_token"])[1]["auth_time"] > first


def test_every_page_can_be_cancelled(p):
    browser = person.Browser(p.ca, "127.0.0.1")
    again(p, browser)
    for prompt in ("login", "select_account", "consent"):
        address, _ = authorize_address(p, prompt=prompt)
        end = person.sign_in(address, "alice", "", p.ca, cancel=True, browser=browser)
        back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(end).query))
        assert back["error"] == "access_denied" and "code" not in back, prompt


def test_prompts_that_nobody_knows_are_refused(p):
    for prompt in ("register", "none login"):
        address, _ = authorize_address(p, prompt=prompt)
        end = person.sign_in(address, "alice", password("alice"), p.ca, "127.0.0.1")
        assert "error=invalid_request" in end, end


def test_cancelling_comes_back_as_an_error(p):
    address, query = authorize_address(p)
    end = person.sign_in(address, "alice", "", p.ca, "127.0.0.1", cancel=True)
    back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(end).query))
    assert back["error"] == "access_denied" and back["state"] == query["state"]
    assert "iss" not in back and "code" not in back


def test_wrong_password_is_a_page(p):
    address, _ = authorize_address(p)
    with pytest.raises(person.ProviderPage):
        person.sign_in(address, "alice", "wrong", p.ca, "127.0.0.1")


def test_person_is_a_program_too(p):
    address, _ = authorize_address(p)
    command = [sys.executable, idp.HERE / "person.py", "--ca", p.ca,
               "--resolve", "127.0.0.1", "--login", "alice"]
    for more, given, code in ((["--cancel"], "", 0), ([], "wrong\n", 1),
                              ([], password("alice") + "\n", 0)):
        done = subprocess.run([*command, *more, address], input=given, text=True,
                              capture_output=True, timeout=30)
        assert done.returncode == code, done.stderr
        assert done.stdout.startswith(REDIRECT) == (code == 0), done.stdout
        assert ("Wrong login" in done.stderr) == (code == 1), done.stderr


# --- control ---

def test_log_counts_and_names_no_secret(p):
    answer, query = tokens(p)
    userinfo(p, answer["access_token"])
    text = json.dumps(p.log())
    for secret in (*answer.values(), query["state"], query["nonce"], p.secret,
                   password("alice")):
        assert str(secret) not in text or secret in (28800, "Bearer"), secret
    assert not re.search("[0-9a-f]{32}", text)
    (token,) = requests(p, "token")
    assert token["grant_type"] == "authorization_code" and token["auth"] == "post"
    assert token["redirect_uri"] == REDIRECT and token["status"] == 200
    assert token["user_agent"] == "a test"
    assert token["parameters"] == ["client_id", "client_secret", "code",
                                   "grant_type", "redirect_uri"]
    (told,) = requests(p, "userinfo")
    assert told["auth"] == "bearer" and told["connection"] != token["connection"]
    numbers = [c["id"] for c in p.log()["connections"]]
    assert len(set(numbers)) == len(numbers) and told["connection"] in numbers
    p.reset()
    assert p.log() == {"connections": [], "requests": []}


def test_rotation_replaces_the_key(p):
    before = keys(p)
    back, _ = signed_in(p)
    made = p.control("POST", "/rotate")
    after = keys(p)
    assert [k["kid"] for k in after] == [made["kid"]] != [k["kid"] for k in before]
    status, answer = exchange(p, back["code"])
    assert status == 200 and parts(answer["id_token"])[0]["kid"] == made["kid"]
    assert userinfo(p, answer["access_token"])["email"]


def test_iss_comes_with_the_callback_if_asked_for(p):
    p.control("POST", "/callback", {"iss": "https://elsewhere.test", "iss_promised": True})
    assert discovery(p)["authorization_response_iss_parameter_supported"] is True
    assert signed_in(p)[0]["iss"] == "https://elsewhere.test"
    p.reset()
    assert "iss" not in signed_in(p)[0]


def test_an_error_comes_in_the_codes_place(p):
    p.control("POST", "/callback", {"error": "login_required"})
    back, query = signed_in(p)
    assert back == {"state": query["state"], "error": "login_required"}


def test_the_callback_is_edited_where_it_has_that(p):
    p.control("POST", "/callback", {"edit": {"find": "state=web1_", "put": "state=web%31_"}})
    address, query = authorize_address(p)
    end = person.sign_in(address, "alice", password("alice"), p.ca, "127.0.0.1")
    assert f"state=web%31_{query['state'][5:]}" in end
    p.control("POST", "/callback", {"edit": {"find": "not there", "put": ""}})
    with pytest.raises(person.ProviderPage):
        person.sign_in(address, "alice", password("alice"), p.ca, "127.0.0.1")


@pytest.mark.parametrize("path", ["", "/", "/ids/", "/a/b"])
def test_the_issuer_is_another_while_the_shape_says_so(p, path):
    issuer = p.issuer.removesuffix("/ids") + path
    p.control("POST", "/shape", {"issuer": issuer})
    below = path.rstrip("/")
    d = get_json(p, f"{below}/.well-known/openid-configuration")
    assert d["issuer"] == issuer
    assert d["token_endpoint"] == issuer.rstrip("/") + "/connect/token"
    assert requests(p, "discovery")
    p.reset()
    assert discovery(p)["issuer"] == p.issuer


def test_codes_and_access_tokens_of_another_shape(p):
    p.control("POST", "/shape", {"code_suffix": "/+&=", "opaque": True})
    back, _ = signed_in(p)
    assert re.fullmatch("[0-9a-f]{32}/[+]&=", back["code"])
    status, answer = exchange(p, back["code"])
    assert status == 200 and "." not in answer["access_token"], answer
    half = hashlib.sha256(answer["access_token"].encode()).digest()[:16]
    assert b64(parts(answer["id_token"])[1]["at_hash"]) == half
    assert userinfo(p, answer["access_token"])["email"] == "alice@example.com"


def test_the_secret_is_taken_in_the_head_alone(p):
    p.control("POST", "/shape", {"auth": "client_secret_basic"})
    assert discovery(p)["token_endpoint_auth_methods_supported"] == ["client_secret_basic"]
    back, _ = signed_in(p)
    status, answer = exchange(p, back["code"])
    assert (status, answer["error"]) == (401, "invalid_client")
    pair = ":".join(urllib.parse.quote_plus(x) for x in ("web-hosts", p.secret))
    status, body, _ = call(p, "POST", "/ids/connect/token", {
        "grant_type": "authorization_code", "code": back["code"], "redirect_uri": REDIRECT}, {
        "Authorization": "Basic " + base64.b64encode(pair.encode()).decode()})
    assert status == 200, body


def test_several_slashes_are_one(p):
    assert get_json(p, "/ids//.well-known///openid-configuration") == discovery(p)
    assert [r["path"] for r in requests(p, "discovery")] == [
        "/ids//.well-known///openid-configuration", "/ids/.well-known/openid-configuration"]


def test_people_change_while_running(p):
    answer, _ = tokens(p)
    table = json.loads((idp.HERE / "people.json").read_text(encoding="utf-8"))
    table["alice"]["roles"] = []
    table["alice"]["claims"].update(role={"odd": 1}, tenant="new claim")
    p.control("POST", "/people", table)
    told = userinfo(p, answer["access_token"])
    assert told["role"] == {"odd": 1} and told["tenant"] == "new claim"
    del table["alice"]
    p.control("POST", "/people", table)
    with pytest.raises(AssertionError):
        userinfo(p, answer["access_token"])


def test_bad_control_calls_are_refused(p):
    for bad in ({"endpoint": "nowhere", "silent": True}, {"endpoint": "token"},
                {"endpoint": "token", "nonsense": 1},
                {"endpoint": "token", "silent": True, "raw": "x"},
                {"endpoint": "token", "jwt": True, "raw": "x"},
                {"endpoint": "userinfo", "silent": True, "grant_type": "refresh_token"}):
        with pytest.raises(ValueError):
            p.control("POST", "/fault", bad)


# --- faults ---

def test_what_is_not_there_to_be_edited_fails(p):
    p.fault("discovery", edit={"find": "not there", "put": ""})
    assert call(p, "GET", "/ids/.well-known/openid-configuration")[0] == 500
    assert "nothing to edit" in requests(p, "discovery")[0]["fault_error"]


def test_faults_count_and_queue(p):
    p.fault("jwks", status=500, count=1)
    p.fault("jwks", status=501, count=2)
    seen = [call(p, "GET", "/ids/.well-known/jwks")[0] for _ in range(4)]
    assert seen == [500, 501, 501, 200], seen


def test_a_fault_may_be_of_refreshes_alone(p):
    first, _ = tokens(p, scope=ALL_SCOPES)
    p.fault("token", error="invalid_grant", grant_type="refresh_token", count=2)
    p.fault("token", idtoken={"payload": {"sub": "somebody", "nonce": None}},
            grant_type="refresh_token", count=1)
    assert tokens(p)[0]["access_token"]
    for _ in range(2):
        assert refresh(p, first["refresh_token"]) == (400, {"error": "invalid_grant"})
    assert [(one["grant_type"], one.get("fault"))
            for one in requests(p, "token")] == [
        ("authorization_code", None), ("authorization_code", None),
        ("refresh_token", "error"), ("refresh_token", "error")]
    status, second = refresh(p, first["refresh_token"])
    payload = parts(second["id_token"])[1]
    assert status == 200 and payload["sub"] == "somebody" and "nonce" not in payload
    assert parts(refresh(p, second["refresh_token"])[1]["id_token"])[1]["sub"] != "somebody"


def test_a_revocation_has_faults_too(p):
    p.fault("revocation", status=503, count=1)
    assert revoke(p, "nobody's")[0] == 503
    assert requests(p, "revocation")[0]["parameters"] == ["client_id", "client_secret", "token"]
    assert revoke(p, "nobody's")[0] == 200


def test_fault_idtoken_is_signed_anew(p):
    p.fault("token", idtoken={
        "header": {"kid": None, "crit": ["x"]},
        "payload_edit": {"find": '"sub":', "put": '"sub":"x","sub":'}})
    jwt = tokens(p)[0]["id_token"]
    assert b64(jwt.split(".")[1]).count(b'"sub"') == 2
    header = parts(jwt)[0]
    assert "kid" not in header and header["crit"] == ["x"]
    assert signature_holds(jwt, keys(p)[0])


def test_fault_idtoken_alg_none(p):
    p.fault("token", idtoken={"alg": "none"})
    jwt = tokens(p)[0]["id_token"]
    assert parts(jwt)[0]["alg"] == "none" and jwt.endswith(".")


def test_fault_idtoken_alg_hs256(p):
    p.fault("token", idtoken={"alg": "HS256"})
    jwt = tokens(p)[0]["id_token"]
    der = base64.b64decode(keys(p)[0]["x5c"][0])
    pem = subprocess.run(
        ["openssl", "x509", "-noout", "-pubkey"], input=ssl.DER_cert_to_PEM_cert(der),
        capture_output=True, text=True, timeout=10, check=True).stdout
    mac = hmac.new(pem.encode(), jwt.rsplit(".", 1)[0].encode(), "sha256").digest()
    header, _, signature = parts(jwt)
    assert header["alg"] == "HS256" and signature == mac


def test_fault_keys_is_the_set_that_it_names(p):
    own, = keys(p)
    p.fault("jwks", keys=["rsa", ["own", {"kid": None, "use": None}], "ed25519", "oct", "akp"])
    made = keys(p)
    assert [k["kty"] for k in made] == ["RSA", "RSA", "OKP", "oct", "AKP"]
    assert made[1] == {name: own[name] for name in own if name not in ("kid", "use")}
    assert made[0]["n"] != own["n"] and made == keys(p)
    p.reset()
    p.fault("jwks", keys=["own, a zero octet in front of n"])
    assert b64(keys(p)[0]["n"]) == b"\0" + b64(own["n"])
    p.reset()
    p.fault("jwks", keys=["rsa under the kid of own"])
    assert keys(p)[0] == {**made[0], "kid": own["kid"]}
    p.reset()
    p.fault("jwks", keys=["nobody's"])
    assert call(p, "GET", "/ids/.well-known/jwks")[0] == 500
    assert "no key named nobody's" in requests(p, "jwks")[-1]["fault_error"]


def test_fault_reverse_changes_the_order_alone(p):
    path = "/ids/.well-known/openid-configuration"
    usual = call(p, "GET", path)[1]
    p.fault("discovery", reverse=True)
    other = call(p, "GET", path)[1]
    assert json.loads(other) == json.loads(usual)
    assert list(json.loads(other)) == list(json.loads(usual))[::-1]
    p.fault("token", idtoken={"reverse": True})
    jwt = tokens(p)[0]["id_token"]
    assert list(parts(jwt)[0])[-1] == "alg" and signature_holds(jwt, keys(p)[0])


def test_fault_jwt_is_the_answer_as_one(p):
    usual = claims_of(p, "alice")
    p.fault("userinfo", jwt=True)
    status, body, headers = call(p, "GET", "/ids/connect/userinfo", headers={
        "Authorization": f"Bearer {tokens(p)[0]['access_token']}"})
    assert (status, headers["Content-Type"]) == (200, "application/jwt")
    assert parts(body)[1] == usual and signature_holds(body, keys(p)[0])


def der_integer(data):
    data = data.lstrip(b"\0")
    data = b"\0" + data if data[0] > 127 else data
    return b"\2" + bytes([len(data)]) + data


def test_fault_idtoken_by_another_key_of_the_set(p, tmp_path):
    p.fault("jwks", keys=["ec"])
    p.fault("token", idtoken={"alg": "ES256", "key": "ec", "header": {"kid": "of ec"}})
    jwt = tokens(p)[0]["id_token"]
    (key,) = keys(p)
    header, _, signature = parts(jwt)
    assert header["alg"] == "ES256" and header["kid"] == key["kid"] and len(signature) == 64
    # SubjectPublicKeyInfo of P-256, and a signature as a SEQUENCE of two INTEGERs
    head = "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
    spki = bytes.fromhex(head) + b64(key["x"]) + b64(key["y"])
    halves = der_integer(signature[:32]) + der_integer(signature[32:])
    (tmp_path / "key").write_bytes(spki)
    (tmp_path / "signature").write_bytes(b"\x30" + bytes([len(halves)]) + halves)
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", tmp_path / "key", "-keyform", "DER",
         "-signature", tmp_path / "signature"], input=jwt.rsplit(".", 1)[0].encode(),
        capture_output=True, timeout=10, check=False)
    assert b"Verified OK" in done.stdout, done


def test_it_ends_on_sigterm_with_0(certs):
    assert idp.Idp(certs).stop() == 0
