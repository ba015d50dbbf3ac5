# SPDX-License-Identifier: BSD-2-Clause
"""Runs tests/support/ask, and reads what it says."""

import base64
import hashlib
import json
import os
import pathlib
import re
import secrets
import subprocess
import urllib.parse

import person

TOP = pathlib.Path(os.environ.get("top_builddir", ".")).resolve()
HELPER = os.environ.get("BP_HELPER", str(TOP / "beproduct-helper"))
ASK = os.environ.get("BP_ASK", str(TOP / "tests/support/ask"))
REDIRECT = "https://copy-this-address.invalid/"
SCOPES = "openid,profile,email,roles"
WANTED = "email,email_verified,role,company,nope"
SECONDS = 70                # ask itself gives up after 60
LEFT = 1500                 # milliseconds, where the time is to run out
LATE = LEFT + 6000          # with what a busy machine may take besides


def short(value):
    """A row's name, for pytest: of what is no constant."""
    if isinstance(value, (dict, list)):
        return json.dumps(value, default=lambda _: "...")[:60]
    if callable(value):
        return "" if value.__name__ == "<lambda>" else value.__name__
    return None


def decoded(column):
    return re.sub(r"\\x(..)", lambda m: chr(int(m[1], 16)), column)


class Answer:
    """The last answer, as ask shows it; in `before` are those that came earlier."""

    def __init__(self, text):
        self.text = text
        first, *more = re.split(r"^(?=type\t)", text, flags=re.MULTILINE)[1:] or [text]
        self.before = [Answer(one) for one in [first, *more][:-1]]
        self.rows = [[decoded(column) for column in line.split("\t")]
                     for line in [first, *more][-1].splitlines()]

    def all(self, name):
        return [row[1:] for row in self.rows if row[0] == name]

    def __getattr__(self, name):
        """The first column of the only such row; None without one."""
        found = self.all(name)
        assert len(found) <= 1, self.text
        return found[0][0] if found else None

    def scopes(self):
        return self.all("scopes")[0]

    def claim(self, document, name):
        """[kind, value...]"""
        found = [row[2:] for row in self.all("claim") if row[:2] == [document, name]]
        assert len(found) == 1, self.text
        return found[0]

    def is_failure(self, reason, detail="", kind="FAILED"):
        assert (self.type, self.reason) == (kind, reason), self.text
        assert detail in self.detail, self.text
        assert self.exit == "0", self.text
        return True


class Ask:
    def __init__(self, folder, certs):
        self.folder, self.certs = pathlib.Path(folder), certs
        self.ca = certs / "ca.pem"

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def command(self, request, **options):
        options = {"helper": HELPER, "noise": self.folder / "noise", **options}
        pairs = [[f"--{name.replace('_', '-')}", str(value)]
                 for name, value in options.items() if value is not None]
        return [ASK, request, *sum(pairs, [])]

    def run(self, command, env=None):
        done = subprocess.run(command, timeout=SECONDS, check=False, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              env=None if env is None else {**os.environ, **env})
        assert done.returncode == 0, done.stderr
        # the helper says nothing but its answer
        assert (self.folder / "noise").read_bytes() == b""
        return Answer(done.stdout)

    def discover(self, issuer, env=None, **options):
        options = {"issuer": issuer, "ca_file": f"@{self.ca}", **options}
        return self.run(self.command("discover", **options), env)


def codeless(line):
    """Not a code of this line, nor any part of it that is as long as one."""
    return re.findall(r"[0-9a-fA-F]{16,}", line)


class SignIn:
    """An attempt: state, nonce, what the person brings back, and REDEEM."""

    def __init__(self, provider, record, ask):
        self.provider, self.record, self.ask = provider, record, ask
        self.scopes, self.api = SCOPES, {}
        self.state = "web1_sshd_alice_" + secrets.token_hex(20)
        self.nonce = secrets.token_hex(20)
        self.client, self.verifier, self.earlier = "web-hosts", None, 0

    def with_proof_key(self):
        """By the client that is registered so."""
        self.client, self.verifier = "proof-key-hosts", secrets.token_hex(32)
        return self

    def address(self):
        query = {"client_id": self.client, "response_type": "code",
                 "scope": self.scopes.replace(",", " "), "redirect_uri": REDIRECT,
                 "state": self.state, "nonce": self.nonce}
        if self.verifier is not None:
            digest = hashlib.sha256(self.verifier.encode()).digest()
            query["code_challenge"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            query["code_challenge_method"] = "S256"
        return f"{self.provider.issuer}/connect/authorize?{urllib.parse.urlencode(query)}"

    def line(self, login="alice", cancel=False):
        return person.sign_in(self.address(), login, f"{login}'s password",
                              self.provider.ca, cancel=cancel)

    def asked(self, request, secret=None, **options):
        """What every request has, and what it has of its own."""
        secret = self.ask.file("secret", (secret or self.provider.secret) + "\n")
        return self.ask.run(self.ask.command(request, **{
            "record": f"@{self.record}", "ca_file": f"@{self.ask.ca}",
            "client_id": self.client, "client_secret": f"@{secret}", **options}))

    def expected(self):
        """What is asked of an id_token and UserInfo."""
        return {"scopes": self.scopes, "nonce": self.nonce, "clock_skew": 60,
                "signing_algs": "RS256", "wanted": WANTED, **self.api}

    def redeem(self, line, **options):
        answer = self.asked("redeem", **{
            "code_verifier": self.verifier, "redirect_uri": REDIRECT, "state": self.state,
            "line": f"@{self.ask.file('line', line)}", **self.expected(), **options})
        for hidden in [self.state, self.nonce, self.provider.secret, *codeless(line)]:
            assert hidden not in answer.text
        return answer

    def ask_api(self, company="acme"):
        """As under tenant = api."""
        self.scopes = SCOPES + ",BeProductPublicApi"
        self.api = {"api_url": self.provider.api, "company": company}

    def whole(self, login="alice", **options):
        """Sign in and redeem."""
        return self.redeem(self.line(login), **options)

    def remembered(self, login="alice"):
        """Sign in, keep the refresh token, and begin a new log."""
        self.scopes += ",offline_access"
        self.token = self.ask.folder / "refresh_token"
        self.signed_in = self.whole(login, tokens_wanted="1", keep=self.token)
        assert self.signed_in.type == "CLAIMS", self.signed_in.text
        self.earlier = self.provider.log()["requests"][-1]["id"]
        return self

    def spend(self, request, **options):
        """Ask with the refresh token, which is nowhere to be seen; so is the next."""
        token = self.token.read_text(encoding="utf-8")
        answer = self.asked(request, **{
            "refresh_token": f"@{self.token}", "keep": self.token, **options})
        for hidden in [token, self.token.read_text(encoding="utf-8"), self.nonce,
                       self.provider.secret]:
            assert hidden not in answer.text
        return answer

    def renew(self, **options):
        return self.spend("renew", **{"sub": self.signed_in.sub, "tokens_wanted": "1",
                                      **self.expected(), **options})

    def revoke(self, **options):
        return self.spend("revoke", **options)

    def look_up(self, **options):
        """By the refresh token, whose next is kept, and the access token besides."""
        self.access = self.ask.folder / "access_token"
        answer = self.spend("look_up", **{**self.api, "keep_access": self.access, **options})
        if self.access.exists():
            assert self.access.read_text(encoding="utf-8") not in answer.text
        return answer

    def look_up_again(self, **options):
        """By the access token that the last one brought."""
        answer = self.asked("look_up", **{
            **self.api, "access_token": f"@{self.access}", **options})
        for hidden in [self.access.read_text(encoding="utf-8"), self.provider.secret]:
            assert hidden not in answer.text
        return answer

    def list_users(self, **options):
        """All of them, as look_up() asks; and by the access token, as look_up_again() does."""
        self.access = self.ask.folder / "access_token"
        return self.spend("list", **{**self.api, "keep_access": self.access, **options})

    def list_again(self, **options):
        return self.asked("list", **{**self.api, "access_token": f"@{self.access}", **options})

    def of_helper(self, *names):
        """Requests of the helper, by endpoint."""
        return [one for one in self.provider.log()["requests"]
                if one["user_agent"].startswith("pam_beproduct/") and one["id"] > self.earlier
                and (not names or one["endpoint"] in names)]

    def endpoints(self):
        return [one["endpoint"] for one in self.of_helper()]
