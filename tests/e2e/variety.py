# SPDX-License-Identifier: BSD-2-Clause
"""What providers do within the standards, and without: a row each, for VARIETY.md.

A row is gone through by a whole sign-in: the installed module in the real libpam,
the real helper, the real provider. What a row says of its outcome is the reason's
name alone; the words that the log adds stand in the table, which the run makes."""

import base64
import dataclasses
import json
import os
import pathlib
import re
import socket
import time

import host
import person
import settings as files
import words

ISSUER = files.BASE["provider"]["issuer"]
ORIGIN = ISSUER.removesuffix("/ids")
CLIENT = files.BASE["provider"]["client_id"]
MODULE = os.environ.get("BP_MODULE", "")
SERVICE, ITEMS = "sshd", {"tty": "ssh", "rhost": "127.0.0.1"}
HOSTS, GAI, DEAD = pathlib.Path("/etc/hosts"), pathlib.Path("/etc/gai.conf"), "127.0.0.9"
COLUMNS = ("the provider", "clause", "verdict")
HEAD = """\
# What providers do

What a sign-in comes to where a provider does not do as BeProduct does: what the
standards allow, and what they forbid. The tests wrote it (`tests/e2e/variety.py`
has the rows), and a test compares it with each run. After a change of behaviour,
make it again, as root, inside `tests/support/host`:

    BP_VARIETY=FILE pytest e2e/test_variety.py

Each row is a whole sign-in: the module in the real libpam, the real helper, and
the test provider over TLS, from discovery to the account phase.

- **verdict**: `admitted`, or the reason and what the log adds to it. `TRIES` is
  what a person ends with who pastes three times what can be pasted again; what
  the third was refused for stands beside it.
- *N seconds*, *TIME*, *KID*: differs from run to run.

"""


class Bed:
    """What a row changes before anybody signs in, and who does then."""

    def __init__(self, provider, settings, log, stacks):
        self.provider, self.settings, self.log, self.stacks = provider, settings, log, stacks
        self.faulty = []
        self.hosts, self.gai = (file.read_text(encoding="utf-8") for file in (HOSTS, GAI))

    def fault(self, endpoint, **fault):
        self.provider.fault(endpoint, **fault)
        self.faulty.append(endpoint)

    def callback(self, **what):
        self.provider.control("POST", "/callback", what)

    def shape(self, **what):
        self.provider.control("POST", "/shape", what)

    def rotate(self):
        self.provider.control("POST", "/rotate")

    def issuer(self, configured, actual):
        self.settings.conf(provider={"issuer": configured})
        self.shape(issuer=actual)

    def dead_address(self):
        """Nobody listens at the first that its name has; of itself that would be the last."""
        HOSTS.write_text(f"{DEAD} {ORIGIN.removeprefix('https://')}\n{self.hosts}",
                         encoding="utf-8")
        GAI.write_text(f"precedence ::ffff:{DEAD}/128 100\n", encoding="ascii")
        found = socket.getaddrinfo(ORIGIN.removeprefix("https://"), 443, type=socket.SOCK_STREAM)
        assert [one[4][0] for one in found][:2] == [DEAD, "127.0.0.1"], found

    def restore(self):
        HOSTS.write_text(self.hosts, encoding="utf-8")
        GAI.write_text(self.gai, encoding="utf-8")

    def alice(self, address):
        return self.provider.as_person("alice")(address)

    def sign_in(self, answers):
        """Gives what the host saw of both phases."""
        return host.collect(host.start(self.stacks, SERVICE, "alice", "authenticate", "account",
                                       answers=answers, **ITEMS))


def make_stacks(folder):
    (folder / SERVICE).write_text("".join(f"{kind} required {MODULE}\n"
                                          for kind in ("auth", "account")), encoding="ascii")
    return folder


# --- what a row does to its bed ---

def fault(endpoint, **what):
    return lambda bed: bed.fault(endpoint, **what)


def patch(endpoint, **members):
    return fault(endpoint, patch=members)


def id_token(**change):
    return fault("token", idtoken=change)


def claims(**payload):
    """A callable is of the time at which the row begins."""
    def prepare(bed):
        now = int(time.time())
        bed.fault("token", idtoken={"payload": {
            name: value(now) if callable(value) else value for name, value in payload.items()}})
    return prepare


def key_set(*keys):
    return fault("jwks", keys=list(keys))


def callback(**what):
    return lambda bed: bed.callback(**what)


def shape(**what):
    return lambda bed: bed.shape(**what)


def issuer(configured, actual=None):
    return lambda bed: bed.issuer(configured, actual or configured)


def both(*steps):
    def prepare(bed):
        for step in steps:
            step(bed)
    return prepare


# --- how the person answers ---

def alice(bed):
    return [bed.alice]


def alice_thrice(bed):
    return [bed.alice] * 3


def alice_twice(bed):
    return [bed.alice] * 2


def nobody(bed):
    """There is nothing to paste."""
    def answer(address):
        try:
            bed.alice(address)
        except person.ProviderPage:
            return ""
        raise AssertionError("the provider sent the browser on")
    return [answer] * 3


def mallory(bed):
    """Of another company, with alice's e-mail address and roles."""
    return [bed.provider.as_person("mallory")]


def cancelled(bed):
    return [lambda address: person.sign_in(address, "alice", "", bed.provider.ca, cancel=True)]


@dataclasses.dataclass(frozen=True)
class Row:
    """over_ssh: it is gone through by the real sshd as well; sentence: what the
    person reads, where the row is about that."""
    name: str
    clause: str
    prepare: object
    reason: str = words.ADMITTED
    answers: object = alice
    over_ssh: bool = False
    sentence: str = ""


def nothing(_):
    pass


def first_signs_in(step):
    """Somebody signed in before: the record is there, and of then."""
    def prepare(bed):
        seen = bed.sign_in([bed.alice])
        assert seen.codes == ["SUCCESS", "SUCCESS"], seen
        bed.log.mark()
        step(bed)
    return prepare


def rotate(bed):
    bed.rotate()


def alice_while_keys_change(bed):
    def answer(address):
        page = bed.alice(address)
        bed.rotate()
        return page
    return [answer]


def doubled():
    """Discovery's addresses, as joined by somebody who had a slash too many."""
    paths = {"authorization_endpoint": "connect/authorize", "token_endpoint": "connect/token",
             "userinfo_endpoint": "connect/userinfo", "jwks_uri": ".well-known/jwks"}
    return patch("discovery", **{name: f"{ISSUER}//{path}" for name, path in paths.items()})


def code_of(length):
    return shape(code_suffix="c" * (length - 32))


def slash(spelt):
    return both(shape(code_suffix="/slash"), callback(edit={"find": "%2Fslash", "put": spelt}))


def by_sub(bed):
    files.put(files.MAP, f"sub {ALICE_SUB} alice\n")


def configured(**sections):
    return lambda bed: bed.settings.conf(**sections)


def wanted(**keys):
    """Of a sign-in, by the service."""
    return configured(service_sshd=keys)


def acr(values, required=None):
    """These are asked for, and one of these must have been it."""
    return configured(provider={"acr_values": values}, service_sshd={"require_acr": required})


def es256(algs, *keys):
    """Signed so, where these are allowed and these keys published."""
    return both(configured(provider={"signing_algs": algs}), key_set(*keys),
                id_token(alg="ES256", key="ec", header={"kid": "of ec"}))


def by_api(*steps, company="acme"):
    """tenant = api, with an API that answers as the steps have it."""
    def prepare(bed):
        bed.settings.conf(provider={"tenant": "api"},
                          api={"base_url": bed.provider.api, "company": company})
        both(*steps)(bed)
    return prepare


def api_shape(name):
    return lambda bed: bed.provider.control("POST", "/api", {"shape": name})


def api_says(value):
    return fault("api", raw=json.dumps(value))


# --- the table, section by section ---

ALICE_SUB = "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1001"
SCOPES = "openid profile email roles"
PROVIDER = [
    Row("does what BeProduct does", "OIDC Core 3.1", nothing, over_ssh=True),
]
DISCOVERY = [
    Row("the first of its two addresses is dead", "RFC 1123 2.3", lambda bed: bed.dead_address()),
    Row("discovery: members that nobody knows", "OIDC Discovery 4.2",
        patch("discovery", x_new={"a": [1, None]}, mtls_endpoint_aliases={
            "token_endpoint": "https://elsewhere.test/token"})),
    Row("discovery: members in another order", "RFC 8259 4", fault("discovery", reverse=True)),
    Row("issuer without a path", "OIDC Discovery 4.1", issuer(ORIGIN)),
    Row("issuer with a path of two parts", "OIDC Discovery 4.1", issuer(f"{ORIGIN}/realms/acme")),
    Row("issuer with a slash at its end, configured so", "OIDC Discovery 4.3",
        issuer(f"{ISSUER}/")),
    Row("issuer with a slash at its end, configured without", "OIDC Discovery 4.3",
        issuer(ISSUER, f"{ISSUER}/"), words.DISCOVERY_ISSUER),
    Row("issuer without a slash at its end, configured with one", "OIDC Discovery 4.3",
        issuer(f"{ISSUER}/", ISSUER), words.DISCOVERY_ISSUER),
    Row("issuer is another's", "OIDC Discovery 4.3",
        patch("discovery", issuer="https://elsewhere.test/ids"), words.DISCOVERY_ISSUER,
        over_ssh=True),
    Row("endpoints with `//`", "RFC 3986 3.3", doubled()),
    Row("the token endpoint has another origin", "OIDC Discovery 3 allows it",
        patch("discovery", token_endpoint="https://elsewhere.test/token"),
        words.DISCOVERY_ENDPOINT),
    Row("no UserInfo endpoint", "OIDC Discovery 3 allows it",
        patch("discovery", userinfo_endpoint=None), words.DISCOVERY_ENDPOINT),
]
KEYS = [
    Row("several keys, ours is the last", "OIDC Core 10.1.1", key_set("rsa", "own")),
    Row("keys with `alg` and `use`", "RFC 7517 4.2, 4.4",
        key_set(["rsa", {"alg": "RS256", "use": "sig"}], ["own", {"alg": "RS256"}])),
    Row("keys without `use`", "RFC 7517 4.2", key_set(["own", {"use": None}])),
    Row("key set as application/jwk-set+json", "RFC 7517 8.5.1",
        fault("jwks", patch={}, type="application/jwk-set+json")),
    Row("keys without x5c, x5t and members that nobody knows", "RFC 7517 4",
        key_set(["own", {"x5c": None, "x5t": None, "x_new": {"a": 1}}])),
    Row("key without `kid`, one key; the token names none", "OIDC Core 10.1",
        both(key_set(["own", {"kid": None}]), id_token(header={"kid": None}))),
    Row("key with `kid`, one key; the token names none", "OIDC Core 10.1",
        id_token(header={"kid": None}), over_ssh=True),
    Row("the token names none; one key fits among odd ones", "OIDC Core 10.1",
        both(key_set("ed25519", "own", "oct"), id_token(header={"kid": None}))),
    Row("the token names none; two keys fit", "OIDC Core 10.1",
        both(key_set("rsa", "own"), id_token(header={"kid": None})), words.TOKEN_KEY),
    Row("keys without `kid`; the token names one", "OIDC Core 10.1",
        key_set(["own", {"kid": None}]), words.TOKEN_KEY),
    Row("the token names a key that is not in the set", "OIDC Core 10.1.1",
        id_token(header={"kid": "of nobody"}), words.TOKEN_KEY),
    *[Row(f"{what} among the keys", "RFC 7517 5", key_set(name, "own"))
      for what, name in (("an Ed25519 key", "ed25519"), ("an AKP key (ML-DSA)", "akp"),
                         ("a symmetric key", "oct"), ("an EC key", "ec"),
                         ("a key of a type that is unheard of", "unheard"),
                         ("an RSA key of 1024 bits", "rsa of 1024 bits"))],
    Row("a key for encryption among the keys", "RFC 7517 4.2",
        key_set(["rsa", {"use": "enc", "alg": "RSA-OAEP"}], "own")),
    Row("the key is for encryption alone", "RFC 7517 4.2", key_set(["own", {"use": "enc"}]),
        words.NO_KEYS),
    Row("the key is of 1024 bits", "RFC 7518 3.3", key_set("rsa of 1024 bits"), words.NO_KEYS),
    Row("the same key twice", "RFC 7517 4.5", key_set("own", "own")),
    Row("the same key twice, and the token names none", "OIDC Core 10.1",
        both(key_set("own", "own"), id_token(header={"kid": None}))),
    Row("a zero octet in front of the modulus", "RFC 7518 6.3.1.1",
        key_set("own, a zero octet in front of n")),
    Row("two keys of one `kid`", "RFC 7517 4.5", key_set("rsa under the kid of own", "own"),
        words.TOKEN_KEY),
    Row("no key at all", "OIDC Discovery 3", key_set(), words.NO_KEYS),
    Row("a new key, between two sign-ins", "OIDC Core 10.1.1", first_signs_in(rotate),
        over_ssh=True),
    Row("a new key, in the middle of a sign-in", "OIDC Core 10.1.1", nothing,
        answers=alice_while_keys_change),
]
CALLBACK = [
    Row("callback names the issuer", "RFC 9207 2", callback(iss=ISSUER)),
    Row("callback names the issuer, as promised", "RFC 9207 2.4",
        callback(iss=ISSUER, iss_promised=True)),
    Row("callback names another issuer", "RFC 9207 2.4", callback(iss="https://elsewhere.test/ids"),
        words.CALLBACK_ISS, over_ssh=True),
    Row("callback names no issuer, though promised", "RFC 9207 2.4", callback(iss_promised=True),
        words.TOO_MANY, alice_thrice),
    Row("callback has `state` percent-encoded", "RFC 3986 2.4",
        callback(edit={"find": "state=web1_sshd_alice_", "put": "state=%77eb1%5Fsshd%5Falice%5f"})),
    Row("callback has another `state`", "RFC 6749 10.12",
        callback(edit={"find": "state=web1_", "put": "state=web2_"}), words.TOO_MANY,
        alice_thrice),
    Row("code of 1,000 characters", "RFC 6749 4.1.2", code_of(1000)),
    *[Row(f"code with a slash, written `{spelt}`", "RFC 3986 2.2", slash(f"{spelt}slash"))
      for spelt in ("/", "%2F", "%2f")],
    Row("code with a plus, a percent and an ampersand", "RFC 6749 4.1.2",
        shape(code_suffix="+%2B&=")),
    Row("the person presses Cancel", "RFC 6749 4.1.2.1", nothing, words.ACCESS_DENIED,
        cancelled, over_ssh=True, sentence=words.CANCELLED),
    *[Row(f"callback says `{error}`", "OIDC Core 3.1.2.6", callback(error=error), reason,
          sentence=sentence)
      for error, reason, sentence in (
          ("login_required", words.LOGIN_REQUIRED, words.LOGIN),
          ("consent_required", words.CONSENT_REQUIRED, words.CONSENT),
          ("interaction_required", words.INTERACTION_REQUIRED, words.INTERACT))],
    Row("callback says `temporarily_unavailable`", "RFC 6749 4.1.2.1",
        callback(error="temporarily_unavailable"), words.PROVIDER_REFUSED,
        sentence=words.REFUSED),
    Row("shows an error page of its own, and no callback", "RFC 6749 4.1.2.1",
        configured(provider={"redirect_uri": "https://unregistered.invalid/"}),
        words.TOO_MANY, nobody, sentence=words.TRIES),
]
TOKEN = [
    Row("`scope`: all that was asked for", "RFC 6749 5.1", patch("token", scope=SCOPES)),
    Row("`scope`: less than was asked for", "RFC 6749 3.3", patch("token", scope="openid email")),
    Row("`scope`: less than was asked for, and than a service requires", "RFC 6749 3.3",
        both(wanted(require_scope="roles"), patch("token", scope="openid email")), words.SCOPE),
    Row("`scope`: in another order, and more", "RFC 6749 3.3",
        patch("token", scope="roles email extra openid profile")),
    Row("`scope`: without openid", "OIDC Core 3.1.3.3", patch("token", scope="profile email")),
    Row("`scope` is an array", "RFC 6749 5.1", patch("token", scope=SCOPES.split()), words.BODY),
    Row("no `expires_in`", "RFC 6749 5.1", patch("token", expires_in=None)),
    Row("`expires_in` is a string", "RFC 6749 5.1", patch("token", expires_in="28800")),
    *[Row(f"`token_type`: {name}", "RFC 6749 5.1", patch("token", token_type=name))
      for name in ("bearer", "BEARER")],
    Row("`token_type`: DPoP", "RFC 6749 7.1", patch("token", token_type="DPoP"),
        words.TOKEN_TYPE),
    Row("no `token_type`", "RFC 6749 5.1", patch("token", token_type=None), words.TOKEN_TYPE),
    Row("no refresh token", "RFC 6749 5.1", nothing),
    Row("a refresh token", "RFC 6749 5.1", patch("token", refresh_token="of no use")),
    Row("access token is opaque", "RFC 6749 1.4", shape(opaque=True)),
    Row("token response: members in another order", "RFC 8259 4", fault("token", reverse=True)),
    Row("token response: members that nobody knows", "RFC 6749 5.1",
        patch("token", x_new={"a": 1}, id_token_expires_in="soon")),
    Row("token response: a member twice", "RFC 8259 4",
        fault("token", edit={"find": "{", "put": "{\"token_type\":\"Bearer\","}), words.BODY),
    Row("no id_token", "OIDC Core 3.1.3.3", patch("token", id_token=None), words.TOKEN_MISSING),
    *[Row(f"`invalid_grant`, with status {status}", "RFC 6749 5.2",
          fault("token", error="invalid_grant", status=status), words.TOO_MANY, alice_thrice)
      for status in (400, 401, 403, 200)],
    Row("`invalid_grant` with status 400, for the first code alone", "RFC 6749 5.2",
        fault("token", error="invalid_grant", count=1), answers=alice_twice),
    Row("takes the secret by client_secret_basic alone, and is sent it by post", "RFC 6749 2.3.1",
        shape(auth="client_secret_basic"), words.CLIENT_REFUSED),
    Row("takes the secret by client_secret_basic alone, and is sent it so", "RFC 6749 2.3.1",
        both(shape(auth="client_secret_basic"), configured(provider={"client_auth": "basic"}))),
    Row("wants a proof key, and gets it", "RFC 7636 4.5",
        configured(provider={"client_id": "proof-key-hosts", "pkce": "s256"})),
    Row("wants a proof key, and gets none", "RFC 7636 4.4.1",
        configured(provider={"client_id": "proof-key-hosts", "pkce": "off"}),
        words.PROVIDER_REFUSED),
    Row("refuses a proof key from who is registered without", "RFC 7636 4.6",
        configured(provider={"pkce": "s256"}), words.TOO_MANY, alice_thrice),
    *[Row(f"`invalid_client`, with status {status}", "RFC 6749 5.2",
          fault("token", error="invalid_client", status=status), words.CLIENT_REFUSED)
      for status in (400, 401, 403, 200)],
    *[Row(f"`{error}` with status 400", clause, fault("token", error=error), reason)
      for error, clause, reason in (
          ("invalid_request", "RFC 6749 5.2", words.PROVIDER_REFUSED),
          ("unauthorized_client", "RFC 6749 5.2", words.CLIENT_REFUSED),
          ("too_many_groups", "RFC 6749 8.5", words.PROVIDER_REFUSED))],
    Row("all tokens, and an error beside them", "RFC 6749 5.2",
        patch("token", error="access_denied"), words.PROVIDER_REFUSED),
    Row("a page with status 400", "RFC 6749 5.2",
        fault("token", status=400, body="<p>no</p>", type="text/html"), words.STATUS),
]
ID_TOKEN = [
    Row("id_token: members in another order", "RFC 8259 4", id_token(reverse=True)),
    Row("id_token: `iss` of another", "OIDC Core 3.1.3.7 (2)",
        claims(iss="https://elsewhere.test/ids"), words.TOKEN_ISS),
    Row("id_token: `iss` with a slash more", "OIDC Core 3.1.3.7 (2)", claims(iss=f"{ISSUER}/"),
        words.TOKEN_ISS),
    Row("`aud` is an array of one", "OIDC Core 2", claims(aud=[CLIENT])),
    Row("`aud` of several, with `azp`", "OIDC Core 3.1.3.7 (3)",
        claims(aud=["another", CLIENT], azp=CLIENT)),
    Row("`aud` of several, without `azp`", "OIDC Core 3.1.3.7 (4)",
        claims(aud=[CLIENT, f"{ISSUER}/resources"]), words.TOKEN_AZP),
    Row("`azp` is ours, `aud` is one", "OIDC Core 3.1.3.7 (5)", claims(azp=CLIENT)),
    Row("`azp` is another", "OIDC Core 3.1.3.7 (5)", claims(azp="another"), words.TOKEN_AZP),
    Row("`aud` is another", "OIDC Core 3.1.3.7 (3)", claims(aud="another"), words.TOKEN_AUD),
    Row("no `aud`", "OIDC Core 2", claims(aud=None), words.TOKEN_AUD),
    Row("signed by a key that is not in the set, under one that is", "OIDC Core 3.1.3.7 (6)",
        id_token(key="other"), words.TOKEN_SIGNATURE),
    Row("`alg`: none, without a signature", "OIDC Core 3.1.3.7 (7)", id_token(alg="none"),
        words.TOKEN_FORM),
    Row("`alg`: HS256, with the public key for its secret", "RFC 8725 2.1",
        id_token(alg="HS256"), words.TOKEN_ALG),
    Row("`alg`: ES256, by a key of the set", "OIDC Core 3.1.3.7 (7)",
        both(key_set("own", "ec"), id_token(alg="ES256", key="ec", header={"kid": "of ec"})),
        words.TOKEN_ALG),
    Row("`alg`: ES256, by a key of the set, where `signing_algs` has it",
        "OIDC Core 3.1.3.7 (7)", es256("RS256, ES256", "own", "ec")),
    Row("`alg`: ES256, where `signing_algs` has it alone", "RFC 7518 3.4", es256("ES256", "ec")),
    Row("`alg`: RS256, where `signing_algs` has ES256 alone", "OIDC Core 3.1.3.7 (7)",
        both(configured(provider={"signing_algs": "ES256"}), key_set("own", "ec")),
        words.TOKEN_ALG),
    Row("`alg`: ES256, under the `kid` of an RSA key", "RFC 7515 10.7",
        both(configured(provider={"signing_algs": "RS256, ES256"}), key_set("own", "ec"),
             id_token(alg="ES256", key="ec")), words.TOKEN_KEY),
    Row("`alg`: RS512", "OIDC Core 3.1.3.7 (7)", id_token(alg="RS512"), words.TOKEN_ALG),
    Row("`crit` names what nobody knows", "RFC 7515 4.1.11", id_token(header={"crit": ["x"]}),
        words.TOKEN_ALG),
    Row("`typ` is an access token's", "RFC 8725 3.11", id_token(header={"typ": "at+jwt"}),
        words.TOKEN_ALG),
    Row("no `typ`", "RFC 7519 5.1", id_token(header={"typ": None})),
    Row("id_token: a member twice", "RFC 7519 4",
        id_token(payload_edit={"find": "{", "put": "{\"nonce\":\"x\","}), words.TOKEN_FORM),
    Row("`exp` and `iat` with a fraction", "RFC 7519 2",
        claims(exp=lambda now: now + 300.25, iat=lambda now: now - 0.75)),
    Row("`exp` past, within the skew", "OIDC Core 3.1.3.7 (9)", claims(exp=lambda now: now - 30)),
    Row("`exp` past by more than the skew", "OIDC Core 3.1.3.7 (9)",
        claims(exp=lambda now: now - 120), words.TOKEN_EXP),
    Row("no `exp`", "OIDC Core 2", claims(exp=None), words.TOKEN_EXP),
    Row("`iat` ahead, within the skew", "OIDC Core 3.1.3.7 (10)", claims(iat=lambda now: now + 30)),
    Row("`iat` ahead by more than the skew", "OIDC Core 3.1.3.7 (10)",
        claims(iat=lambda now: now + 120), words.TOKEN_IAT),
    Row("no `iat`", "OIDC Core 2", claims(iat=None), words.TOKEN_IAT),
    Row("`nbf` ahead, within the skew", "RFC 7519 4.1.5", claims(nbf=lambda now: now + 30)),
    Row("`nbf` ahead by more than the skew", "RFC 7519 4.1.5", claims(nbf=lambda now: now + 120),
        words.TOKEN_NBF),
    Row("no `nbf`", "RFC 7519 4.1.5", claims(nbf=None)),
    Row("`nonce` is another", "OIDC Core 3.1.3.7 (11)", claims(nonce="another"),
        words.TOKEN_NONCE, over_ssh=True),
    Row("no `nonce`", "OIDC Core 3.1.3.7 (11)", claims(nonce=None), words.TOKEN_NONCE),
    Row("`sub` is a number", "OIDC Core 2", claims(sub=5), words.TOKEN_SUB),
    Row("no `sub`", "OIDC Core 2", claims(sub=None), words.TOKEN_SUB),
    Row("`auth_time` and `amr` are odd", "OIDC Core 2", claims(auth_time="soon", amr={"by": 5})),
    Row("`at_hash` of this access token", "OIDC Core 3.1.3.8", nothing),
    Row("no `at_hash`", "OIDC Core 3.1.3.6", claims(at_hash=None)),
    Row("`at_hash` of another access token", "OIDC Core 3.1.3.8",
        claims(at_hash=base64.urlsafe_b64encode(bytes(16)).decode().rstrip("=")),
        words.TOKEN_AT_HASH),
]
SIGN_IN = [
    Row("`acr` is the one asked for", "OIDC Core 3.1.2.1",
        both(acr("gold", required="gold"), claims(acr="gold"))),
    Row("`acr` is one of those required", "OIDC Core 3.1.3.7 (12)",
        both(acr("gold, silver", required="gold, silver"),
             claims(acr="silver"))),
    Row("`acr` is another than asked for, and none is required", "OIDC Core 3.1.2.1",
        both(acr("gold"), claims(acr="0"))),
    Row("`acr` is another than required", "OIDC Core 3.1.3.7 (12)",
        both(acr("gold", required="gold"), claims(acr="0")), words.ACR),
    Row("no `acr`, and none is required", "OIDC Core 5.5.1.1", acr("gold")),
    Row("no `acr`, and one is required", "OIDC Core 5.5.1.1",
        acr("gold", required="gold"), words.ACR),
    Row("`acr` is an array, and one is required", "OIDC Core 2",
        both(acr("gold", required="gold"), claims(acr=["gold"])),
        words.ACR_TYPE),
    Row("`amr` has what is required, and more", "RFC 8176 1",
        both(wanted(require_amr="pwd, otp"), claims(amr=["otp", "mfa", "pwd"]))),
    Row("`amr` lacks one that is required", "RFC 8176 1",
        both(wanted(require_amr="pwd, otp"), claims(amr=["pwd"])), words.AMR),
    Row("`amr` is a string, and it is required", "OIDC Core 2",
        both(wanted(require_amr="pwd"), claims(amr="pwd")), words.AMR_TYPE),
    Row("no `amr`, and one is required", "RFC 8176 1",
        both(wanted(require_amr="pwd"), claims(amr=None)), words.AMR),
    Row("`auth_time` within `max_age`", "OIDC Core 3.1.3.7 (13)",
        both(wanted(max_age="1h"), claims(auth_time=lambda now: now - 1800))),
    Row("`auth_time` within `max_age`, with a fraction", "RFC 7519 2",
        both(wanted(max_age="1h"), claims(auth_time=lambda now: now - 1800.25))),
    Row("`auth_time` before `max_age`", "OIDC Core 3.1.3.7 (13)",
        both(wanted(max_age="1h"), claims(auth_time=lambda now: now - 7200)),
        words.AUTH_TIME_PAST, sentence=words.OLD),
    Row("`auth_time` ahead within the skew, with `max_age`", "OIDC Core 3.1.3.7 (13)",
        both(wanted(max_age="1h"), claims(auth_time=lambda now: now + 30))),
    Row("`auth_time` ahead by more than the skew, with `max_age`", "OIDC Core 3.1.3.7 (13)",
        both(wanted(max_age="1h"), claims(auth_time=lambda now: now + 120)),
        words.AUTH_TIME_AHEAD),
    Row("no `auth_time`, with `max_age`", "OIDC Core 2",
        both(wanted(max_age="1h"), claims(auth_time=None)), words.AUTH_TIME),
    Row("`auth_time` is a string, with `max_age`", "OIDC Core 2",
        both(wanted(max_age="1h"), claims(auth_time="1767225600")), words.AUTH_TIME),
]
USERINFO = [
    Row("UserInfo without e-mail", "OIDC Core 5.3.2", patch("userinfo", email=None),
        words.NO_RULE),
    Row("UserInfo without e-mail, for a rule by `sub`", "OIDC Core 5.3.2",
        both(by_sub, patch("userinfo", email=None, email_verified=None))),
    Row("UserInfo with more than it should have", "OIDC Core 5.1",
        patch("userinfo", x_new={"a": [1, {}]}, picture="x" * 5000, iss=ISSUER, aud=CLIENT,
              exp=1, nonce="another", address={"country": "DE"})),
    Row("UserInfo: members in another order", "RFC 8259 4", fault("userinfo", reverse=True)),
    Row("UserInfo as a JWT", "OIDC Core 5.3.2", fault("userinfo", jwt=True), words.BODY),
    Row("UserInfo of another `sub`", "OIDC Core 5.3.2", patch("userinfo", sub="another"),
        words.USERINFO_SUB, over_ssh=True),
    Row("UserInfo: `sub` is a number", "OIDC Core 5.3.2", patch("userinfo", sub=5),
        words.USERINFO_SUB),
    Row("UserInfo without `sub`", "OIDC Core 5.3.2", patch("userinfo", sub=None),
        words.USERINFO_SUB),
    *[Row(f"UserInfo: `email_verified` is {json.dumps(value)}", "OIDC Core 5.1",
          patch("userinfo", email_verified=value), reason)
      for value, reason in ((True, words.ADMITTED), ("true", words.ADMITTED),
                            (False, words.EMAIL_UNVERIFIED), ("false", words.EMAIL_UNVERIFIED),
                            (1, words.EMAIL_UNVERIFIED))],
    Row("UserInfo without `email_verified`", "OIDC Core 5.1",
        patch("userinfo", email_verified=None), words.EMAIL_UNVERIFIED),
    *[Row(f"UserInfo: `role` is {json.dumps(value)}", "OIDC Core 5.1.2",
          patch("userinfo", role=value), reason)
      for value, reason in (("Host Login", words.ADMITTED), (["Host Login"], words.ADMITTED),
                            ("Host Login,Admin", words.ROLE),
                            ({"Host Login": {"1": "acme"}}, words.ROLE_TYPE))],
    *[Row(f"UserInfo refuses with {status}", "RFC 6750 3.1",
          fault("userinfo", error="insufficient_scope", status=status), words.PROVIDER_REFUSED)
      for status in (401, 403)],
]
OF_API = "BeProduct's own"
USER = {"email": "alice@example.com", "active": True}
API = [
    *[Row(f"public API: the user is found, {how}", OF_API, by_api(api_shape(name)))
      for how, name in (("in an array under data", "wrapped"), ("in a bare array", "array"),
                        ("alone", "object"))],
    Row("public API: for another company's person of the same e-mail and roles", OF_API,
        by_api(), words.API_FORBIDDEN, mallory),
    Row("public API: for another company's person, of whose users she is", OF_API,
        by_api(company="other"), answers=mallory),
    Row("another company's person, where a claim names the company", OF_API, nothing,
        words.TENANT, mallory),
    Row("public API: the user is inactive", OF_API, by_api(patch("api", active=False)),
        words.API_INACTIVE),
    Row("public API: does not say that the user is active", OF_API,
        by_api(patch("api", active=None)), words.API_INACTIVE),
    *[Row(f"public API: status {status}", OF_API, by_api(fault("api", status=status)), reason)
      for status, reason in ((401, words.API_TOKEN), (403, words.API_FORBIDDEN),
                             (404, words.API_NO_USER), (503, words.STATUS))],
    Row("public API: status 429 once, then the user", "RFC 6585 4",
        by_api(fault("api", status=429, count=1))),
    Row("public API: the user has another e-mail", OF_API,
        by_api(patch("api", email="bob@example.com")), words.API_OTHER),
    Row("public API: no user", OF_API, by_api(api_says({"data": []})), words.API_NO_USER),
    Row("public API: two users", OF_API, by_api(api_says({"data": [USER, USER]})),
        words.API_USERS),
    Row("public API: data is null", OF_API, by_api(api_says({"data": None})), words.BODY,
        sentence=words.LATER),
    Row("public API: UserInfo without e-mail", OF_API, by_api(patch("userinfo", email=None)),
        words.API_EMAIL),
]
ROWS = [*PROVIDER, *DISCOVERY, *CALLBACK, *TOKEN, *KEYS, *ID_TOKEN, *SIGN_IN, *USERINFO, *API]


# --- a row, gone through ---

def steady(detail):
    """Without what differs from run to run."""
    detail = re.sub(r"\b\d+ seconds", "N seconds", detail.replace('\\"', '"'))
    detail = re.sub(r"auth_time: number \d{10}\b", "auth_time: number TIME", detail)
    return re.sub(r'kid "[\w-]{27}"', "kid KID", detail)


def verdict_of(log):
    """What the log's last line of this attempt says."""
    last = [one for one in log.events(phase="auth") if one.name != "started"][-1]
    if last["reason"] == words.ADMITTED:
        return last, "admitted"
    detail = steady(last.get("detail") or "")
    return last, last["reason"] + (f": {detail}" if detail else "")


def read(text):
    """{name: (clause, verdict)} of the table as it is written."""
    table = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and tuple(cells) != COLUMNS:
            table[cells[0]] = tuple(cells[1:])
    return table


def render(table):
    rows = [COLUMNS, *((name, *rest) for name, rest in table.items())]
    lines = [f"| {' | '.join(cells)} |\n" for cells in rows]
    return HEAD + lines[0] + "|---" * len(COLUMNS) + "|\n" + "".join(lines[1:])
