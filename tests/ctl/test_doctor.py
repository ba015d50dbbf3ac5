# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl doctor`: a good installation, and one that is broken one way a row."""

import dataclasses
import email.utils
import json
import os
import pathlib
import pwd
import re
import subprocess
import time
import typing

import accounts
import pytest
import server
import settings as files
import test_broken_setups as broken
from checking import ACCOUNT, AUTH, CACHE, HELPER, PAM, STACK, UNIX, pam
from program import ctl
from test_broken_setups import conf, stack, written

STATE, RUN = pathlib.Path("/var/lib/beproduct"), pathlib.Path("/run/beproduct")
NOWHERE = {"redirect_uri": "https://copy-this-address.invalid/"}
CONF = files.CONF
GOOD = f"""\
ok: {CONF}: it, the secret, the certificates and the account map can be read, and are root's
ok: {CONF}: redirect_uri, pkce, tenant and the sections say what they seem to
ok: {CONF}: each rule of the account map gives an account of this host
ok: {HELPER}: the program, its users and the cache are as they should be
ok: {STATE}: this folder, {RUN} and {CACHE}, as far as they are there, are root's alone
ok: {STATE}/locks: who is locked out can be told
ok: {STATE}/pins: whose accounts are can be told
ok: {STATE}/revoke: no refresh token waits to be revoked
ok: {PAM}: where pam_beproduct.so is named, it stands as README.md has it
ok: /etc/shadow: no password's age is in the way of a sign-in
ok: /etc/ssh/sshd_config: as far as sshd is gated, `sshd -T` says what a sign-in needs
ok: /etc/sudoers: as far as sudo is gated, nothing in it goes past the sign-in
ok: /etc/login.defs: as far as login is gated, it waits long enough
ok: {HELPER}: it starts, as _beproduct (uid N), without capabilities, in a PID namespace of its own
ok: {CONF}:2: issuer: name, connection, TLS and discovery are good; codes are redeemed at \
https://id.beproduct.test/ids/connect/token
ok: {CONF}: clock_skew: by the provider's Date the clocks agree
ok: {CONF}: signing_algs: of 1 keys of the provider (RS256), 1 may sign
ok: {CONF}: scopes: discovery offers all that is asked for
ok: {PAM}/login: with the provider down somebody still gets in: root, by a local password
ok: {PAM}/sshd: with the provider down somebody still gets in: root, by an SSH key
ok: {PAM}/sudo: with the provider down somebody still gets in: root, by root's password and su
ok: {PAM}/sudo-i: with the provider down somebody still gets in: root, by root's password and su
"""


@pytest.fixture
def healthy(installation):
    """What even check has nothing to say of; folders as tmpfiles.d makes them."""
    folders = [STATE, RUN, CACHE]
    for folder in folders:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    installation.conf(provider=NOWHERE)
    yield installation
    for folder in folders:
        folder.chmod(0o700)


def doctor(*options):
    done = ctl("doctor", *options)
    assert done.stderr == ""
    return done


def named(done, finds, mends):
    return [line for line in done.stdout.splitlines() if finds in line and mends in line]


def kept_files():
    """All that a look must not change: names, modes, times, what is in them."""
    found = {}
    for folder in (STATE, RUN, CACHE, files.FOLDER, PAM):
        for path in sorted([folder, *folder.rglob("*")]):
            st = path.lstat()
            found[str(path)] = (st.st_mode, st.st_uid, st.st_mtime_ns,
                                path.read_bytes() if path.is_file() else b"")
    return found


def told(text):
    """Without what is this machine's, and the notes."""
    return "".join(re.sub(r"\(uid \d+\)", "(uid N)", line) for line in text.splitlines(True)
                   if not line.startswith("note: "))


def test_of_a_good_one_each_part_says_that_it_is(healthy):
    done = doctor()
    assert told(done.stdout) == GOOD
    assert done.returncode == 0


def test_it_says_the_same_in_json(healthy):
    lines = doctor().stdout.splitlines()
    found = json.loads(doctor("--json").stdout)
    assert [one["level"] for one in found] == [line.split(":")[0] for line in lines]
    for one, line in zip(found, lines):
        assert list(one) == ["level", "file", "line", "key", "what"]
        place = one["file"] + (f":{one['line']}" if one["line"] else "")
        assert line == ": ".join(filter(None, (one["level"], place, one["key"], one["what"])))


def test_it_changes_nothing(healthy):
    doctor()  # slots of callers are made once
    before = kept_files()
    assert doctor().returncode == 0
    assert kept_files() == before


def test_it_is_roots(healthy):
    done = ctl("doctor", user="nobody", group="nogroup")
    assert (done.returncode, done.stdout) == (3, "")
    assert "only root can do this" in done.stderr


def test_a_name_in_a_file_writes_nothing_to_the_terminal(healthy):
    path = PAM / "x\x1b]0;\x9by"
    path.write_text(AUTH.replace("pam_beproduct", "pam_beproduct\x1b[2J\x9b") + "\x07\"\\\n")
    try:
        text, as_json = doctor().stdout, doctor("--json").stdout
    finally:
        path.unlink()
    for one in (text, as_json):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", one)
    assert f"{PAM}/x?]0;?y:1: pam_beproduct?[2J?.so" in text
    assert [one for one in json.loads(as_json) if "pam_beproduct" in one["what"]
            and one["level"] == "error"]


@dataclasses.dataclass(frozen=True)
class Row:
    """break_it gets the settings; one line of what is said has both finds and mends."""
    name: str
    break_it: typing.Callable
    finds: str
    mends: str
    status: int


CHECKED = [row for row in broken.TYPICAL + broken.OTHERS if row.browser == ""]
# what of a sign-in's rows can be seen without one
ONLINE = [
    Row("an authority that is not the provider's", conf(provider={"ca_file": None}),
        "TLS: no TLS with the provider", "an authority of your own belongs into ca_file", 2),
    Row("an issuer that is misspelt", conf(provider={"issuer": "https://id.beproduct.tset/ids"}),
        "NO_NAME: the provider's name was not found", "/etc/resolv.conf", 2),
    Row("an issuer where nothing listens",
        conf(provider={"issuer": "https://id.beproduct.test:9/ids"}),
        "NO_CONNECTION: no connection to the provider", "a firewall on the way", 2),
    Row("an issuer that is another page", conf(provider={"issuer": "https://id.beproduct.test/x"}),
        "STATUS: the provider answered with a failure (discovery: status 404",
        "issuer, byte by byte", 2),
    Row("algorithms that the provider has no key of",
        conf(provider={"signing_algs": "ES256", **NOWHERE}),
        "signing_algs: the provider has keys of RS256, and none that may sign here",
        "ask its administrator which it signs with", 3),
]


def mode(path, bits):
    return lambda _: os.chmod(path, bits)


def no_way_in(_):
    subprocess.run(["usermod", "--lock", "root"], check=True, timeout=30)
    subprocess.run(["usermod", "--lock", accounts.LOCAL], check=True, timeout=30)
    (pathlib.Path("/root/.ssh/authorized_keys")).unlink()


HERE = [
    Row("a helper that others may read", mode(HELPER, 0o755),
        f"warning: {HELPER}: others may read the helper program", "chmod 0711", 0),
    Row("a folder that others may look into", mode(STATE, 0o755),
        f"warning: {STATE}: has mode 0755: others may look into it", "chmod 0700", 0),
    Row("a folder that others may write", mode(RUN, 0o777),
        f"error: {RUN}: is no folder of root's alone, and is not used", "chmod 0700", 3),
    Row("an account line that ignores a denial",
        stack(sshd=AUTH + ACCOUNT.replace("required", "optional") + UNIX),
        f"warning: {PAM}/sshd:2: account optional", "what is documented and tested is required",
        0),
    Row("a session line before pam_loginuid", stack(sshd=STACK +
        "session optional pam_beproduct.so\nsession required pam_loginuid.so\n"),
        f"warning: {PAM}/sshd:6: without \"session optional pam_beproduct.so\" behind this line",
        "sudo asks once more", 0),
    Row("our line in a common file", stack(common_auth=AUTH + "auth required pam_unix.so\n"),
        f"warning: {PAM}/common-auth:1: would decide about cron",
        "name pam_beproduct in the files of single services", 0),
    Row("a login that ends first", written(pathlib.Path("/etc/login.defs"), "LOGIN_TIMEOUT 30\n"),
        "warning: /etc/login.defs: LOGIN_TIMEOUT: is 30: login ends a sign-in before",
        "a longer one here, or a shorter deadline", 0),
    Row("nobody who gets in", no_way_in,
        f"warning: {PAM}/login: with the provider down nobody gets in (root: no local password, or "
        f"it is locked; {accounts.LOCAL}: no local password, or it is locked",
        "a local password or an SSH key", 0),
    Row("nobody who gets in over ssh", no_way_in,
        f"warning: {PAM}/sshd: with the provider down nobody gets in (root: neither a password "
        "nor a key that sshd takes", "a local password or an SSH key", 0),
    Row("a line of ours that refuses root",
        stack(sshd=STACK.replace(" user_unknown=ignore", "")),
        f"warning: {PAM}/sshd: with the provider down nobody gets in (root: the line of "
        "pam_beproduct, as it stands, refuses also whom it does not ask", "and try it", 0),
    Row("a stack without another account module",
        stack(login=AUTH + ACCOUNT + "auth required pam_unix.so\n"
              "account required pam_nologin.so\n"),
        f"warning: {PAM}/login: with the provider down nobody gets in (root: no other account "
        "module says yes", "and try it", 0),
]


# The host is one where local1 alone has a password, and root's key is gone, but for one thing.
WAYS = [
    ("a local account", lambda: None, "sshd", f"{accounts.LOCAL}, by a local password over ssh"),
    ("at the console", lambda: None, "login", f"{accounts.LOCAL}, by a local password"),
    ("in sudo", lambda: None, "sudo",
     f"{accounts.LOCAL}, by a local password, as far as sudoers admits the account"),
    ("by its key", lambda: give_key(lock=True), "sshd", f"{accounts.LOCAL}, by an SSH key"),
    ("a key that others could have written", lambda: give_key(lock=True, mode=0o666), "sshd", None),
    ("a home that others may write", lambda: give_key(lock=True, home=0o777), "sshd", None),
    ("a file of another owner", lambda: give_key(lock=True, owner="alice"), "sshd", None),
    ("an empty file of keys", lambda: give_key("", lock=True), "sshd", None),
    ("one command alone", lambda: give_key(f'command="x" {KEY}', lock=True), "sshd", None),
    ("keys elsewhere", lambda: (give_key(lock=True, elsewhere=True), sshd(
        "AuthorizedKeysFile /etc/ssh/keys-%u")), "sshd", f"{accounts.LOCAL}, by an SSH key"),
    ("keys below the home, by its sign",
     lambda: (give_key(lock=True), sshd("AuthorizedKeysFile %h/.ssh/authorized_keys")), "sshd",
     f"{accounts.LOCAL}, by an SSH key"),
    ("keys of which sshd reads none",
     lambda: (give_key(lock=True), sshd("AuthorizedKeysFile none")), "sshd", None),
    ("whom AllowUsers lacks", lambda: sshd("AllowUsers alice"), "sshd", None),
    ("an expired account", lambda: usermod("--expiredate", "1"), "login", None),
    ("a shell that is none", lambda: usermod("--shell", "/usr/sbin/nologin"), "login", None),
    ("nologin", lambda: pathlib.Path("/etc/nologin").write_text(""), "login", None),
    ("a shell that is not listed", lambda: (usermod("--shell", "/usr/bin/env"), pam(
        login=AUTH + ACCOUNT + UNIX + "auth required pam_shells.so\n")), "login", None),
    ("a stack that asks nobody", lambda: pam(login=AUTH + ACCOUNT + "auth required pam_deny.so\n"
        "account required pam_unix.so\n"), "login", None),
    ("a module that is not there", lambda: pam(login=AUTH + ACCOUNT + UNIX +
        "auth required pam_nosuch.so\n"), "login", None),
]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1dCBub2JvZHkgaGFzIGl0cyBvdGhlciBoYWxm x\n"


def sshd(line):
    broken.sshd(line)(None)


def usermod(*options):
    subprocess.run(["usermod", *options, accounts.LOCAL], check=True, timeout=30)


def give_key(text=KEY, lock=False, mode=0o644, home=0o755, owner=accounts.LOCAL, elsewhere=False):
    path = pathlib.Path(f"/home/{accounts.LOCAL}/.ssh/authorized_keys")
    if elsewhere:
        path = pathlib.Path(f"/etc/ssh/keys-{accounts.LOCAL}")
    path.parent.mkdir(mode=0o755, exist_ok=True)
    files.put(path, text, mode, pwd.getpwnam(owner).pw_uid)
    pathlib.Path(f"/home/{accounts.LOCAL}").chmod(home)
    if lock:
        usermod("--lock")


@pytest.mark.parametrize("change, service, way", [pytest.param(*one[1:], id=one[0])
                                                  for one in WAYS])
def test_it_names_who_gets_in(restored, change, service, way):
    subprocess.run(["usermod", "--lock", "root"], check=True, timeout=30)
    pathlib.Path("/root/.ssh/authorized_keys").unlink()
    change()
    done = doctor()
    if way is not None:
        assert named(done, f"ok: {PAM}/{service}: ", f"somebody still gets in: {way}"), done.stdout
    else:
        assert named(done, f"warning: {PAM}/{service}: ", "nobody gets in (root: "), done.stdout


def test_keys_that_stand_in_no_file_are_told(restored):
    no_way_in(None)
    sshd("AuthorizedKeysCommand /bin/true\nAuthorizedKeysCommandUser nobody")
    assert named(doctor(), f"note: {PAM}/sshd: ", "keys that stand in no file"), "told"


@pytest.fixture
def restored(healthy):
    """What rows change beyond what `kept` has."""
    defs, keys = pathlib.Path("/etc/login.defs"), pathlib.Path("/root/.ssh/authorized_keys")
    before = {path: path.read_bytes() for path in (defs, keys)}
    yield healthy
    for path, text in before.items():
        files.put(path, text, 0o644)
    home = pathlib.Path(f"/home/{accounts.LOCAL}")
    home.chmod(0o755)
    (home / ".ssh/authorized_keys").unlink(missing_ok=True)
    pathlib.Path("/etc/nologin").unlink(missing_ok=True)


@pytest.mark.parametrize("row", CHECKED, ids=lambda row: row.name)
def test_it_names_what_check_names(restored, row):
    row.break_it(restored)
    done = doctor()
    assert named(done, row.finds, row.mends), done.stdout
    assert done.returncode == (3 if row.is_error else 0)


@pytest.mark.parametrize("row", ONLINE + HERE, ids=lambda row: row.name)
def test_it_names_what_it_alone_sees(restored, row):
    row.break_it(restored)
    done = doctor()
    assert named(done, row.finds, row.mends), done.stdout
    assert done.returncode == row.status


@pytest.mark.parametrize("cert, word", [
    ("wrong-name", "no alternative certificate subject name matches"),
    ("expired", "certificate has expired"), ("self-signed", "self-signed certificate")])
def test_it_names_what_is_wrong_with_a_certificate(healthy, certs, cert, word):
    with server.Server(certs, cert=cert, name="id.beproduct.test") as one:
        healthy.conf(provider={"issuer": one.issuer, **NOWHERE})
        done = doctor()
    assert named(done, "error: ", "TLS: no TLS with the provider"), done.stdout
    assert named(done, word, "an authority of your own belongs into ca_file; else `date`")
    assert done.returncode == 2


def with_date(date):
    """A server that does well, by another clock."""
    def manner(peer):
        answer = peer.answer
        peer.answer = lambda body, status="200 OK", headers=(): answer(
            body, status, [*headers, f"date: {date}"])
        server.well(peer)
    return manner


def of_hour(hours):
    return email.utils.formatdate(time.time() + hours * 3600, usegmt=True)


@pytest.mark.parametrize("date, finds, mends", [
    (of_hour(-1), r"ahead, more than clock_skew = 60: id_tokens may be refused as past (exp)",
     "`timedatectl`"),
    (of_hour(1), r"behind, more than clock_skew = 60: id_tokens may be refused as ahead (iat)",
     "`timedatectl`"),
    ("yesterday", "clock_skew: the provider does not say what its clock shows",
     "it is not compared"),
    ("Thu, 01 Jan 1970 00:00:01 GMT", "clock_skew: the provider does not say", "not compared"),
    ("Thu, 01 Jan 2150 00:00:01 GMT", "clock_skew: the provider does not say", "not compared"),
], ids=["an hour behind", "an hour ahead", "no date", "1970", "2150"])
def test_the_clocks_are_compared_where_that_can_be(healthy, certs, date, finds, mends):
    with server.Server(certs, with_date(date), name="id.beproduct.test") as one:
        healthy.conf(provider={"issuer": one.issuer, **NOWHERE})
        done = doctor()
    assert named(done, finds, mends), done.stdout
    assert done.returncode == 0


def test_it_names_scopes_that_are_not_on_offer(healthy):
    healthy.conf(provider={"scopes": "openid, email, rolls", **NOWHERE})
    done = doctor()
    assert named(done, "scopes: rolls is asked for, and discovery does not offer it",
                 "misspelt, or not for this provider"), done.stdout
    assert done.returncode == 0 and not named(done, "scopes: email is asked for", "")


def test_scopes_of_which_nothing_is_said_are_not_compared(healthy, provider):
    provider.fault("discovery", patch={"scopes_supported": None})
    assert named(doctor(), "note: ", "scopes: the provider does not say which it offers")


def test_it_names_a_provider_without_a_key_of_use(healthy, provider):
    provider.fault("jwks", raw='{"keys": []}')
    done = doctor()
    assert named(done, "issuer: NO_KEYS: the provider has no key of use",
                 "the provider's administrator"), done.stdout
    assert done.returncode == 2


def test_it_names_a_discovery_of_another_issuer(healthy, provider):
    provider.fault("discovery", patch={"issuer": "https://id.beproduct.test/other"})
    done = doctor()
    assert named(done, "issuer: DISCOVERY_ISSUER: discovery names another issuer",
                 "write issuer as discovery has it"), done.stdout
    assert done.returncode == 3


@pytest.fixture
def at_api(healthy, provider):
    healthy.conf(provider=NOWHERE, api={"base_url": provider.api, "company": "acme",
                                        "role_source": "api"})
    return healthy


def test_a_role_that_the_api_knows_is_looked_at(at_api, sign_in):
    assert sign_in("alice", "service-sign-in").status == 0
    done = doctor()
    assert named(done, "ok: ", "role_source: the public API answers, and alice@example.com has "
                 "a role there that a section names"), done.stdout
    assert done.returncode == 0 and "warning" not in done.stdout


def test_it_names_roles_that_no_section_names(at_api, provider, sign_in):
    assert sign_in("alice", "service-sign-in").status == 0
    provider.change("alice", roles=["Cook"])
    done = doctor()
    assert named(done, "role_source: the public API answers, and of 1 roles that "
                 "alice@example.com has there no section names one", "compare require_role")
    assert done.returncode == 0


def test_it_names_whom_the_api_does_not_know(at_api, sign_in):
    assert sign_in("alice", "service-sign-in").status == 0
    files.put(files.MAP, "email nobody@example.com alice\n")
    done = doctor()
    assert named(done, "warning: ", "of nobody@example.com, whom the account map names: "
                 "API_NO_USER"), done.stdout
    assert done.returncode == 0


def test_it_names_a_token_that_is_refused(at_api, provider):
    files.service_token("none", "none", api_url=provider.api)
    done = doctor()
    assert named(done, "base_url: SERVICE_TOKEN_REFUSED: ", "beproductctl service-sign-in")
    assert done.returncode == 3


def test_it_names_a_token_that_is_missing(at_api):
    done = doctor()
    assert named(done, "role_source: api, and this host has no token to ask by",
                 "`beproductctl service-sign-in` gives one"), done.stdout
    assert done.returncode == 3


def test_an_api_that_only_a_sign_in_asks_is_not_looked_at(healthy, provider):
    healthy.conf(provider={"tenant": "api", **NOWHERE}, api={"base_url": provider.api,
                                                            "company": "acme"})
    done = doctor()
    assert named(done, "note: ", "base_url: what the public API says is not looked at")
    assert done.returncode == 0 and "api" not in provider.endpoints()


def test_what_follows_from_a_refused_configuration_is_not_looked_at(healthy, provider):
    healthy.conf(provider={"tenant": None, **NOWHERE})
    done = doctor()
    assert named(done, "note: ", "while it is refused, what follows from it is not looked at")
    assert named(done, f"ok: {PAM}/sshd: ", "root, by an SSH key")
    assert done.returncode == 3 and provider.endpoints() == []
    assert not named(done, "issuer: ", "")
