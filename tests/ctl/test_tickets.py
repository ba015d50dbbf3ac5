# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl tickets` and `logout`: sign-ins that the installed module remembers,
with tokens of the real provider, shown and ended."""

import contextlib
import json
import os
import pathlib
import pwd
import re
import shutil
import urllib.parse

import pytest

import host
import settings as files
from program import ctl

LOGINUID = pathlib.Path("/proc/self/loginuid")
MODULE = os.environ["BP_MODULE"]
ALICE = "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1001"


@contextlib.contextmanager
def login(name):
    LOGINUID.write_text(str(pwd.getpwnam(name).pw_uid), encoding="ascii")
    try:
        yield pathlib.Path("/proc/self/sessionid").read_text(encoding="ascii")
    finally:
        LOGINUID.write_text("4294967295", encoding="ascii")


@pytest.fixture
def stacks(tmp_path):
    for service in ("sudo", "login"):
        (tmp_path / service).write_text(f"auth required {MODULE}\nsession required {MODULE}\n")
    return tmp_path


@pytest.fixture
def sudo(live, provider, stacks):
    """Signs somebody in by sudo, in a login of the person's; gives the ticket's name."""
    def run(name="alice", has_token=True):
        uid = pwd.getpwnam(name).pw_uid
        with login(name) as number:
            seen = host.collect(host.start(
                stacks, "sudo", name, "authenticate", answers=[provider.as_person(name)],
                oddity=lambda: os.setresuid(uid, 0, 0), tty="/dev/pts/1"))
        assert seen.codes == ["SUCCESS"], seen
        assert (provider.refresh_tokens(name) > 0) == has_token
        return f"login-{number}-{uid}"
    yield run
    shutil.rmtree(files.TICKETS, ignore_errors=True)


INFO = "publickey ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIOrLjKOroG/AWkBIfkWXV8f28nmzgmDEv04rtO/37iZs\n"
KEY = "SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI"


@pytest.fixture
def sshd(live, provider, stacks):
    """Signs alice in over ssh with a key, and opens her session; gives the names of the
    key's ticket and of the session's."""
    live.conf(service_sshd={"ticket": "8h"})
    (stacks / "sshd").write_text((stacks / "login").read_text())
    seen = host.collect(host.start(
        stacks, "sshd", "alice", ("environment", f"SSH_AUTH_INFO_0={INFO}"), "authenticate",
        answers=[provider.as_person("alice")], tty="ssh", rhost="192.0.2.7"))
    assert seen.codes == ["SUCCESS"], seen
    pending, = [one for one in seen.environment if one.startswith("BEPRODUCT_TICKET=")]
    with login("alice"):
        opened = host.here(stacks, "sshd", "alice", ("environment", pending), "open",
                           tty="ssh", rhost="192.0.2.7")
    assert opened.codes == ["SUCCESS"]
    yield tickets()
    shutil.rmtree(files.TICKETS, ignore_errors=True)


def tickets():
    return sorted(one.name for one in files.TICKETS.glob("*"))


def waiting():
    return list(files.QUEUE.glob("*")) if files.QUEUE.is_dir() else []


def tokens_of(folder):
    """Whatever a file of ours holds that is no word of the configuration's."""
    return re.findall(rb"eyJ[\w.-]+|[0-9a-f]{32}", b"".join(
        one.read_bytes() for one in folder.glob("*")))


def nothing_secret(done, *more):
    for token in more or tokens_of(files.TICKETS):
        assert token.decode() not in done.stdout + done.stderr
    return True


### list ###

def test_each_is_a_line_without_a_token(sudo):
    name = sudo()
    done = ctl("tickets")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        rf'{name} account="alice" service="sudo" signed_in=\d+s checked=\d+s renews=yes '
        rf'attempt=[0-9a-f]{{16}} sub="{ALICE}" email="alice@example.com"\n', done.stdout)
    assert tokens_of(files.TICKETS) and nothing_secret(done)
    assert ctl("tickets", "list").stdout.split()[0] == name


def test_or_an_object_of_json(sudo):
    names = sorted([sudo(), sudo("dave")])
    done = ctl("tickets", "list", "--json")
    assert (done.returncode, done.stderr) == (0, "") and nothing_secret(done)
    first, second = json.loads(done.stdout)
    assert [first["name"], second["name"]] == names
    assert (first["account"], first["service"], first["sub"], first["email"]) == (
        "alice", "sudo", ALICE, "alice@example.com")
    assert (first["renews"], first["pending"]) == (True, False)
    assert 0 <= first["checked"] <= first["signed_in"] < 60 and len(first["attempt"]) == 16


@pytest.mark.parametrize("odd, is_plain", [
    ("\u009b31m", False), ("\x1b[31m", False), ("\u202e", False), ("\t", False),
    ('"', True), ("\\", True), ("\u00e9", True),
], ids=["two bytes", "escape", "backwards", "tab", "quote", "backslash", "letter"])
def test_what_an_address_holds_does_nothing_to_a_terminal(sudo, provider, odd, is_plain):
    people = json.loads((pathlib.Path(files.__file__).parent.parent / "idp" /
                         "people.json").read_text(encoding="utf-8"))
    people["alice"]["claims"]["email"] = f"a{odd}@example.com"
    provider.control("POST", "/people", people)
    files.put(files.MAP, f"sub {ALICE} alice\n")
    sudo()
    lines, document = ctl("tickets").stdout, ctl("tickets", "--json").stdout
    assert is_plain or odd not in lines + document
    assert lines.count("\n") == 1 and document.count("\n") == 3
    email = json.loads(document)[0]["email"]
    assert email.startswith("a") and email.endswith("@example.com")
    assert (email == f"a{odd}@example.com") == is_plain


def test_none_are_no_line_and_an_empty_array(live):
    assert ctl("tickets").stdout == "" and json.loads(ctl("tickets", "--json").stdout) == []


def test_one_without_a_refresh_token_says_so(sudo, provider):
    provider.shape(offline=False)
    sudo(has_token=False)
    assert " renews=no " in ctl("tickets").stdout
    assert json.loads(ctl("tickets", "--json").stdout)[0]["renews"] is False


def test_of_one_that_is_pending_the_name_is_not_shown(live, provider, stacks):
    seen = host.collect(host.start(stacks, "login", "alice", "authenticate", tty="tty1",
                                   rhost="", answers=[provider.as_person("alice")]))
    assert seen.codes == ["SUCCESS"]
    name, = tickets()
    done = ctl("tickets")
    assert done.stdout.startswith('pending account="alice" service="login" ')
    assert name.removeprefix("pending-") not in done.stdout
    one, = json.loads(ctl("tickets", "--json").stdout)
    assert (one["name"], one["pending"]) == ("pending", True)


def test_what_is_no_ticket_is_none(sudo):
    name = sudo()
    (files.TICKETS / "login-1-1").write_bytes(b"x")
    os.truncate(files.TICKETS / name, 100)
    assert ctl("tickets").stdout == ""


@pytest.mark.parametrize("arguments, what", [
    (("tickets", "drop"), "tickets drop needs one of NAME, --user and --all"),
    (("tickets", "drop", "--all", "x"), "tickets drop needs one of NAME, --user and --all"),
    (("tickets", "drop", "--all", "--user", "x"),
     "tickets drop needs one of NAME, --user and --all"),
    (("tickets", "drop", "--all", "--json"), "tickets takes no --json"),
    (("tickets", "list", "x"), "x: one command is enough"),
    (("tickets", "lst"), "lst: no such command"),
    (("logout",), "logout needs --user"),
    (("logout", "--user", ""), "--user is empty"),
    (("explain", "--user", "a", "--service", "b", "--claims", "c", "--ticket", "d"),
     "explain takes one of --claims and --ticket"),
])
def test_a_wrong_call_exits_4(arguments, what):
    done = ctl(*arguments)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"beproductctl: {what}\n")


@pytest.mark.parametrize("arguments", [("tickets",), ("tickets", "drop", "--all"),
                                       ("logout", "--user", "alice")])
def test_it_is_for_root_alone(sudo, arguments):
    sudo()
    done = ctl(*arguments, user="nobody")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("beproductctl: only root can do this")
    assert len(tickets()) == 1


### Of an SSH key ###

def test_of_a_key_that_signed_in_the_key_is_shown_and_of_its_session_where_that_is(sshd):
    key, session = sshd
    assert key.startswith("key-") and session.startswith("login-")
    done = ctl("tickets")
    first, second = done.stdout.splitlines()
    assert first.startswith(f'{key} account="alice" service="sshd" ')
    assert " renews=yes " in first and first.endswith(f' key="{KEY}"')
    assert second.startswith(f'{session} account="alice" service="sshd" ')
    assert " renews=no " in second and second.endswith(f' source="{key}"')
    assert nothing_secret(done, *[token for token in tokens_of(files.TICKETS)
                                  if token.decode() not in key])
    both = json.loads(ctl("tickets", "--json").stdout)
    assert [(one["key"], one["source"]) for one in both] == [(KEY, ""), ("", key)]


@pytest.mark.parametrize("how", ["by the key's name", "by the session's name", "by user"])
def test_whichever_is_dropped_the_key_s_goes_and_its_token_is_revoked(sshd, provider, how):
    key, session = sshd
    arguments = {"by the key's name": (key,), "by the session's name": (session,),
                 "by user": ("--user", "alice")}[how]
    done = ctl("tickets", "drop", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"dropped {key}, of alice\n" in done.stdout
    assert done.stdout.endswith("revoked 1 refresh tokens\n")
    # what points nowhere serves nobody, and goes with its session
    assert tickets() == ([session] if how == "by the key's name" else [])
    assert provider.refresh_tokens("alice") == 0


def test_logout_gives_one_address_for_a_key_and_its_session(sshd):
    done = ctl("logout", "--user", "alice")
    assert (done.returncode, done.stderr) == (0, "")
    assert "id_token_hint=" in address_of(done).query and tickets() == []


### drop ###

@pytest.mark.parametrize("how", ["by name", "by user", "all"])
def test_what_is_dropped_is_gone_and_its_token_revoked(sudo, provider, how):
    name = sudo()
    tokens = tokens_of(files.TICKETS)
    arguments = {"by name": (name,), "by user": ("--user", "alice"), "all": ("--all",)}[how]
    done = ctl("tickets", "drop", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"dropped {name}, of alice\nrevoked 1 refresh tokens\n"
    assert nothing_secret(done, *tokens)
    assert tickets() == [] and waiting() == [] and provider.refresh_tokens("alice") == 0


def test_and_nobody_else_s(sudo, provider):
    sudo()
    his = sudo("dave")
    assert ctl("tickets", "drop", "--user", "alice").returncode == 0
    assert tickets() == [his]
    assert (provider.refresh_tokens("alice"), provider.refresh_tokens("dave")) == (0, 1)


def test_a_name_that_is_none_is_said_and_the_others_go(sudo):
    name = sudo()
    long = 300 * "x"
    done = ctl("tickets", "drop", "login-0-0", f"../tickets/{name}", long, name)
    assert done.returncode == 1 and tickets() == []
    assert done.stderr == (
        "beproductctl: login-0-0: no such ticket\n"
        f"beproductctl: ../tickets/{name}: no such ticket\n"
        f"beproductctl: {long[:256]}: no such ticket\n")


def test_where_a_user_has_none_that_is_no_failure(live, provider):
    done = ctl("tickets", "drop", "--user", "alice")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "no ticket of alice\nrevoked 0 refresh tokens\n"


def test_what_the_provider_does_not_revoke_waits_and_the_next_call_tries_again(
        sudo, provider, live):
    name = sudo()
    provider.fault("revocation", status=503, count=1)
    done = ctl("tickets", "drop", "--all")
    assert done.returncode == 2 and tickets() == [] and len(waiting()) == 1
    assert re.fullmatch(r"beproductctl: of the sign-in [0-9a-f]{16}: STATUS: .*; its token "
                        r"waits\n", done.stderr)
    assert re.fullmatch(rf"dropped {name}, of alice\nrevoked 0 refresh tokens\n1 wait in "
                        r"/var/lib/beproduct/revoke, the oldest for \d s\n", done.stdout)
    assert "warning: /var/lib/beproduct/revoke: 1 refresh tokens wait to be revoked, the " \
        "oldest for " in ctl("check").stdout
    done = ctl("tickets", "drop", "--all")
    assert done.returncode == 0 and waiting() == [] and provider.refresh_tokens("alice") == 0
    assert done.stdout == "no ticket\nrevoked 1 refresh tokens\n"


def test_where_the_configuration_is_refused_they_go_all_the_same(sudo):
    sudo()
    files.put(files.CONF, "[x]\n")
    done = ctl("tickets", "drop", "--all")
    assert done.returncode == 3 and "unknown section" in done.stderr
    assert tickets() == [] and len(waiting()) == 1


def test_a_token_that_finds_no_place_to_wait_is_said_to_live_on(sudo):
    name = sudo()
    files.QUEUE.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.rmtree(files.QUEUE, ignore_errors=True)
    files.put(files.QUEUE, "no folder")
    try:
        done = ctl("tickets", "drop", "--all")
    finally:
        files.QUEUE.unlink()
    assert done.returncode == 3 and tickets() == []
    assert f"beproductctl: {name}: a refresh token is not revoked, and does not wait" \
        in done.stderr


### logout ###

def address_of(done):
    line, = [line for line in done.stdout.splitlines() if line.startswith("https://")]
    return urllib.parse.urlsplit(line)


def test_logout_gives_the_address_that_ends_the_session_at_the_provider(sudo, provider):
    sudo()
    done = ctl("logout", "--user", "alice")
    assert (done.returncode, done.stderr) == (0, "")
    address = address_of(done)
    query = dict(urllib.parse.parse_qsl(address.query))
    assert address.path == "/ids/connect/endsession" and set(query) == {"id_token_hint"}
    assert query["id_token_hint"].count(".") == 2
    assert tickets() == [] and provider.refresh_tokens("alice") == 0


def test_where_it_is_registered_the_browser_comes_back_with_its_state(sudo, live):
    live.conf(provider={"post_logout_redirect_uri": "http://localhost:8765/signed-out"})
    sudo()
    sudo()
    done = ctl("logout", "--user", "alice")
    states = set()
    for line in re.findall(r"(?m)^https://.*$", done.stdout):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(line).query))
        assert query["post_logout_redirect_uri"] == "http://localhost:8765/signed-out"
        assert re.fullmatch("[0-9a-f]{32}", query["state"]) and query["id_token_hint"]
        states.add(query["state"])
    assert len(states) == 2


def test_a_provider_without_such_an_address_is_said_to_have_none(sudo, provider, live):
    sudo()
    live.forget_provider()
    provider.fault("discovery", patch={"end_session_endpoint": None})
    done = ctl("logout", "--user", "alice")
    assert done.returncode == 0 and tickets() == []
    assert "the provider has no address that ends a session\n" in done.stdout
    assert "https://" not in done.stdout


def test_a_logout_with_the_provider_down_drops_them_and_says_that_they_wait(
        sudo, provider, live):
    sudo()
    live.forget_provider()
    provider.fault("discovery", status=503)
    done = ctl("logout", "--user", "alice")
    assert done.returncode == 2 and tickets() == [] and len(waiting()) == 1
    assert "beproductctl: STATUS: " in done.stderr and "https://" not in done.stdout


### explain ###

BOTH = ("--user", "alice", "--service", "sudo")


def test_explain_by_a_ticket_s_claims(sudo, live):
    name = sudo()
    done = ctl("explain", *BOTH, "--ticket", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(rf"-    ticket {name}: the sign-in [0-9a-f]{{16}} for sudo, \d+ s ago, "
                    r"checked \d+ s ago\n", done.stdout)
    assert done.stdout.endswith("admitted: alice, by sudo\n") and nothing_secret(done)
    live.conf(service_sudo={"require_role": "Nobody Has It"})
    done = ctl("explain", *BOTH, "--ticket", name)
    assert done.returncode == 1 and done.stdout.endswith("refused: ROLE: none of require_role\n")


NO_USE = [
    ("another account", ("--user", "bob", "--service", "sudo"), lambda live: None,
     "no   the ticket is alice's\n"),
    ("other claims asked for", BOTH, lambda live: live.conf(provider={"role_claim": "groups"}),
     "no   the configuration asks for something else since\n"),
]


@pytest.mark.parametrize("what, arguments, change, line", NO_USE, ids=[row[0] for row in NO_USE])
def test_a_ticket_of_no_use_is_said_to_be_so(sudo, live, what, arguments, change, line):
    name = sudo()
    change(live)
    done = ctl("explain", *arguments, "--ticket", name)
    assert done.returncode == 1 and line in done.stdout
    assert done.stdout.splitlines()[-1].startswith("refused: SUDO_NO_SIGN_IN: ")


def test_a_ticket_that_is_none_is_said_to_be_none(sudo):
    sudo()
    done = ctl("explain", *BOTH, "--ticket", "login-0-0")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "beproductctl: login-0-0: no such ticket\n"
