# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl lock`, `unlock` and `locks`: who is locked out, set, shown and ended, with
no provider to be asked."""

import json
import os
import re
import shutil

import pytest

import settings as files
from accounts import LOCAL
from program import ctl

SUB = "4c9e4f0e-1f6b"
EACH = {"--user": ("account", "alice"), "--sub": ("sub", SUB),
        "--email": ("email", "alice@example.com")}
SINCE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
CLAIMS = f"""\
[claims]
sub = {SUB}
scope = openid
email = alice@example.com
email_verified = true
role = Host Login
company = acme
"""


@pytest.fixture(autouse=True)
def _none(settings):
    yield
    if files.LOCKS.is_file():
        files.LOCKS.unlink()
    shutil.rmtree(files.LOCKS, ignore_errors=True)


def locked():
    return sorted(files.LOCKS.iterdir()) if files.LOCKS.is_dir() else []


@pytest.mark.parametrize("option", EACH)
def test_a_lock_is_a_file_that_says_whom_and_why(option):
    kind, value = EACH[option]
    done = ctl("lock", option, value, "--reason", 'has "left"')
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"locked: {kind} {value}, on this host")
    path, = locked()
    assert path == files.lock_path(kind, value)
    assert path.stat().st_mode & 0o7777 == 0o600
    assert files.LOCKS.stat().st_mode & 0o7777 == 0o700
    issuer = 'issuer = "https://id.beproduct.test/ids"\n' if kind == "sub" else ""
    assert re.fullmatch(
        rf'#.*\n\[lock\]\nkind = {kind}\n{issuer}value = "{value}"\nsince = {SINCE}\n'
        r'reason = "has ""left"""\n', path.read_text())


@pytest.mark.parametrize("option", EACH)
def test_it_is_shown_and_ended(option):
    kind, value = EACH[option]
    assert ctl("lock", option, value).returncode == 0
    done = ctl("locks")
    assert (done.returncode, done.stderr) == (0, "")
    issuer = ' issuer="https://id.beproduct.test/ids"' if kind == "sub" else ""
    assert re.fullmatch(rf'{kind} value="{value}"{issuer} since={SINCE}\n', done.stdout)
    done = ctl("unlock", option, value)
    assert (done.returncode, done.stdout) == (0, f"unlocked: {kind} {value}\n")
    assert locked() == [] and ctl("locks", "list").stdout == ""
    done = ctl("unlock", option, value)
    assert (done.returncode, done.stderr) == (1, f"beproductctl: {value}: is not locked\n")


def test_a_domain_in_capitals_is_the_same_address():
    assert ctl("lock", "--email", "alice@EXAMPLE.com").returncode == 0
    assert locked() == [files.lock_path("email", "alice@example.com")]
    assert ctl("unlock", "--email", "alice@example.com").returncode == 0


def test_or_objects_of_json():
    assert json.loads(ctl("locks", "--json").stdout) == []
    ctl("lock", "--sub", SUB, "--reason", "ü \\ \"")
    ctl("lock", "--user", "alice")
    account, sub = json.loads(ctl("locks", "list", "--json").stdout)
    assert (account["kind"], account["value"], account["issuer"], account["reason"]) == (
        "account", "alice", "", "")
    assert (sub["kind"], sub["value"], sub["reason"]) == ("sub", SUB, "ü \\ \"")
    assert sub["file"] == files.lock_path("sub", SUB).name
    assert re.fullmatch(SINCE, sub["since"])


def test_a_thousand_are_all_shown():
    ctl("lock", "--user", "alice")
    path, = locked()
    for n in range(1000):
        text = path.read_text().replace('"alice"', f'"alice{n}"')
        files.put(files.lock_path("account", f"alice{n}"), text, 0o600)
    done = ctl("locks")
    assert done.returncode == 0 and len(set(done.stdout.splitlines())) == 1001


def test_to_look_makes_nothing():
    assert ctl("locks").returncode == 0 and not files.LOCKS.exists()
    assert ctl("unlock", "--user", "alice").returncode == 1 and not files.LOCKS.exists()


@pytest.mark.parametrize("arguments", [["lock", "--user", "alice"], ["unlock", "--user", "alice"],
                                       ["locks"]], ids=["lock", "unlock", "locks"])
def test_it_is_for_root_alone(arguments):
    files.lock("account", "alice")
    done = ctl(*arguments, user=65534)
    assert done.returncode == 3 and "only root can do this" in done.stderr
    assert len(locked()) == 1


### Whom it cannot lock ###

@pytest.mark.parametrize("user, why", [
    ("root", "uid 0 is never ours"), (LOCAL, "local by configuration"),
    ("daemon", "local by configuration"), ("nobody", "local by configuration")])
def test_who_is_never_ours_is_not_locked_and_it_says_so(user, why):
    done = ctl("lock", "--user", user)
    assert done.returncode == 1 and done.stdout == "" and locked() == []
    assert done.stderr.startswith(f"beproductctl: {user}: {why}: a lock would have no effect")


def test_an_account_that_does_not_exist_is_locked_with_a_warning():
    done = ctl("lock", "--user", "nosuch")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("warning: nosuch: no such account on this host\nlocked: ")
    assert locked() == [files.lock_path("account", "nosuch")]


@pytest.mark.parametrize("arguments, says", [
    (["--user", "a b"], "a b: can be no account's name"),
    (["--email", "alice"], "alice: is no e-mail address"),
    (["--sub", "x" * 256], "x" * 255 + "...: can be no sub"),
    (["--user", "alice", "--reason", "two\nlines"], "--reason: does not print"),
    (["--user", "alice", "--reason", "x" * 256], "--reason: does not print, or has more"),
    (["--user", "alice", "--sub", SUB], "lock needs one of --user, --sub and --email"),
    (["--reason", "why"], "lock needs one of --user, --sub and --email"), ([], "lock needs one"),
    (["--user", "alice", "--all"], "lock takes no --all"),
    (["alice"], "alice: one command is enough")],
    ids=["account", "address", "sub", "two lines", "long", "two", "none", "nothing", "all", "name"])
def test_a_wrong_call_locks_nobody(arguments, says):
    done = ctl("lock", *arguments)
    assert done.returncode == 4 and done.stderr.startswith(f"beproductctl: {says[:200]}")
    assert done.stdout == "" and locked() == []


@pytest.mark.parametrize("arguments", [["lock", "--user", "alice"], ["unlock", "--sub", SUB]],
                         ids=["lock", "unlock"])
def test_where_the_configuration_is_refused_it_says_where(arguments):
    files.put(files.CONF, "[provider\n")
    done = ctl(*arguments)
    assert done.returncode == 3 and done.stderr.startswith(f"beproductctl: {files.CONF}:1: ")
    assert locked() == []


def test_a_folder_of_another_s_is_not_written_to():
    files.LOCKS.mkdir(mode=0o700, parents=True)
    os.chown(files.LOCKS, 4100, 0)
    done = ctl("lock", "--user", "alice")
    assert done.returncode == 3 and "a link, or wrong type, owner or mode" in done.stderr
    assert locked() == []
    done = ctl("locks")
    assert done.returncode == 3 and done.stderr == (
        f"beproductctl: {files.LOCKS}: is no folder of root's alone: nobody is let in\n")


### What is told of it elsewhere ###

GOOD = '[lock]\nkind = account\nvalue = "alice"\n'
ALICE = files.lock_path("account", "alice").name
SAYING_NOTHING = {
    "empty": (ALICE, ""), "another's": (ALICE, GOOD.replace("alice", "bob")),
    "another kind's": (ALICE, GOOD.replace("account", "sub")),
    "no kind": (ALICE, GOOD.replace("kind = account\n", "")),
    "an unknown kind": (ALICE, GOOD.replace("account", "accounts")),
    "an unknown key": (ALICE, GOOD + "x = y\n"), "cut": (ALICE, GOOD + "sinc"),
    "a value twice": (ALICE, GOOD + 'value = "alice"\n'),
    "two values": (ALICE, GOOD.replace('"alice"', '"alice", "bob"')),
    "no lock's name": ("account-0", GOOD)}


@pytest.mark.parametrize("what", SAYING_NOTHING)
def test_a_file_that_does_not_say_whom_is_named(what):
    name, text = SAYING_NOTHING[what]
    files.lock("account", "alice").unlink()
    files.put(files.LOCKS / name, text, 0o600)
    done = ctl("locks")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"beproductctl: {files.LOCKS}/{name}: does not say whom")


def test_unlock_takes_away_what_stands_there_and_is_no_lock():
    path = files.lock("account", "alice")
    path.unlink()
    path.symlink_to("/dev/null")
    assert ctl("unlock", "--user", "alice").returncode == 0 and locked() == []


@pytest.mark.parametrize("option, about", [("--user", "the account"), ("--sub", "the person"),
                                           ("--email", "the person")])
def test_explain_shows_it_as_a_step(tmp_path, option, about):
    (tmp_path / "claims").write_text(CLAIMS)
    arguments = ("explain", "--user", "alice", "--service", "sshd", "--claims",
                 tmp_path / "claims")
    done = ctl(*arguments)
    assert done.returncode == 0 and "locked" not in done.stdout
    kind, value = EACH[option]
    ctl("lock", option, value)
    done = ctl(*arguments)
    assert done.returncode == 1 and f"no   {about}: locked on this host: beproductctl locks: " \
        f"{files.lock_path(kind, value)}\n" in done.stdout
    assert done.stdout.endswith("refused: LOCKED: locked on this host: beproductctl locks\n")


@pytest.mark.parametrize("about", [("--user", "alice"), ("--service", "sshd"), ()])
def test_explain_and_sign_in_without_a_service_show_it_too(live, sign_in, about):
    ctl("lock", "--email", "alice@example.com")
    one = sign_in("alice", "sign-in", *about)
    assert one.status == 1 and "# no   the person: locked on this host" in one.stdout
    assert one.stdout.endswith("# refused: LOCKED: locked on this host: beproductctl locks\n")


@pytest.mark.parametrize("option, asks", [("--user", False), ("--sub", True)])
def test_sign_in_shows_it_and_asks_nobody_whom_it_cannot_help(live, sign_in, dialogue, option,
                                                              asks):
    person = "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1001"
    ctl("lock", option, "alice" if option == "--user" else person)
    arguments = ("sign-in", "--user", "alice", "--service", "sshd")
    if asks:
        one = sign_in("alice", *arguments)
        assert one.status == 1 and "# no   the person: locked on this host" in one.stdout
    else:
        one = dialogue(*arguments)
        assert one.prompt() is None and one.end() == 1
    assert one.stdout.endswith("# refused: LOCKED: locked on this host: beproductctl locks\n")


def test_check_notes_who_is_locked_out(host):
    ctl("lock", "--config", host.conf, "--user", "alice", "--reason", "has left")
    done = host.check()
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(rf"(?m)^note: {files.lock_path('account', 'alice')}: account alice is locked "
                     rf"out since {SINCE}: has left$", done.stdout)
    for n in range(10):
        ctl("lock", "--config", host.conf, "--user", f"alice{n}")
    done = host.check()
    assert done.stdout.count("is locked out since") == 10
    assert f"note: {files.LOCKS}: 1 more are locked out: `beproductctl locks`\n" in done.stdout


def test_check_warns_of_what_does_not_say_whom(host):
    files.lock("account", "alice")
    host.warned(rf"{files.lock_path('account', 'alice')}: does not say whom it locks out")


def test_check_refuses_a_folder_that_is_not_root_s(host):
    files.lock("account", "alice")
    os.chmod(files.LOCKS, 0o777)
    host.refused(f"{files.LOCKS}: is no folder of root's alone: nobody is let in "
                 "(chown root, chmod 0700)")
