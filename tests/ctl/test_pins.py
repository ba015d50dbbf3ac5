# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl pins`, and what sign-in, explain and check say of them."""

import fcntl
import hashlib
import json
import os
import pwd
import re
import signal
import subprocess

import pytest
import settings as files
from program import CTL, SECONDS, ctl
from test_explain import BOTH, explain  # noqa: F401  pylint: disable=unused-import

ISSUER = files.BASE["provider"]["issuer"]
HEAD = "# since\taccount\tissuer\tsub\temail\tapi_id\tby\n"
ALICE = "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1001"


def path_of(account):
    return files.PINS / hashlib.sha256(account.encode()).hexdigest()


def line(account, sub, email="", issuer=ISSUER, by="administrator"):
    return f"1700000000\t{account}\t{issuer}\t{sub}\t{email}\t\t{by}\n"


def add(account, sub, *more):
    done = ctl("pins", "add", "--user", account, "--sub", sub, *more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def subs(account="alice"):
    path = path_of(account)
    return [one.split("\t")[3] for one in path.read_text().splitlines()[1:-1]] \
        if path.exists() else []


def everything():
    return {one.name: one.read_bytes() for one in files.PINS.glob("*")}


### add, list, drop ###

def test_without_any_there_is_nothing_to_show_and_nothing_is_made(settings):
    for arguments in (["pins"], ["pins", "list"]):
        done = ctl(*arguments)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert ctl("pins", "list", "--json").stdout == "[]\n"
    assert ctl("pins", "export").stdout == HEAD
    assert not files.PINS.exists()


def test_each_person_is_a_line_or_an_object(settings):
    assert add("alice", "4c9e", "--email", "alice@Example.COM") == "alice is pinned to 4c9e\n"
    assert add("alice", "4c9e") == "alice is pinned to 4c9e already\n"
    add("alice", 'a"b')
    lines = ctl("pins").stdout.splitlines()
    assert re.fullmatch(r'alice sub="4c9e" email="alice@example\.com" api_id="" '
                        rf'since=20\d\d-\d\d-\d\d by=administrator issuer="{ISSUER}"', lines[0])
    assert ' sub="a\\"b" ' in lines[1]
    first, second = json.loads(ctl("pins", "list", "--json").stdout)
    since = first.pop("since")
    assert isinstance(since, int) and since > 1700000000
    assert first == {"account": "alice", "issuer": ISSUER, "sub": "4c9e",
                     "email": "alice@example.com", "api_id": "", "by": "administrator"}
    assert second["sub"] == 'a"b'


def test_who_is_dropped_is_gone_and_nobody_else(settings):
    for account, sub in (("alice", "a"), ("alice", "b"), ("bob", "a")):
        add(account, sub)
    done = ctl("pins", "drop", "--user", "alice", "--sub", "a")
    assert (done.returncode, done.stdout) == (0, "dropped 1 of alice\n")
    assert subs() == ["b"] and subs("bob") == ["a"]
    done = ctl("pins", "drop", "--user", "alice", "--sub", "a")
    assert done.returncode == 1 and done.stderr == "beproductctl: alice, a: no such pin\n"
    add("alice", "c")
    assert ctl("pins", "drop", "--user", "alice").stdout == "dropped 2 of alice\n"
    assert not path_of("alice").exists() and subs("bob") == ["a"]
    assert ctl("pins", "drop", "--user", "alice").returncode == 1


@pytest.mark.parametrize("arguments, says", [
    (("--user", "a b", "--sub", "x"), "no such account or sub can be pinned"),
    (("--user", "../b", "--sub", "x"), "no such account or sub can be pinned"),
    (("--user", "alice", "--sub", "a\tb"), "no such account or sub can be pinned"),
    (("--user", "alice", "--sub", "x" * 256), "no such account or sub can be pinned"),
    (("--user", "alice", "--sub", "x", "--email", "alice"), "alice: is no e-mail address"),
    (("--user", "alice"), "pins needs --sub"),
    (("--sub", "x"), "pins needs --user"),
    (("--user", "alice", "--sub", ""), "--sub is empty"),
])
def test_what_cannot_be_pinned_is_said_and_changes_nothing(settings, arguments, says):
    done = ctl("pins", "add", *arguments)
    assert done.returncode == 4 and says in done.stderr
    assert everything() == {}


def test_a_seventeenth_person_is_refused(settings):
    for n in range(16):
        add("alice", f"a{n}")
    done = ctl("pins", "add", "--user", "alice", "--sub", "next")
    assert done.returncode == 3
    assert done.stderr == f"beproductctl: {path_of('alice')}: has 16 persons, as many as may be\n"
    assert len(subs()) == 16


def test_where_the_configuration_is_refused_nobody_is_pinned(settings):
    files.put(files.CONF, "[provider]\nclient_id = \n")
    done = ctl("pins", "add", "--user", "alice", "--sub", "x")
    assert done.returncode == 3 and f"beproductctl: {files.CONF}:2: client_id: " in done.stderr
    assert everything() == {}


def test_a_file_that_is_refused_is_named_and_the_others_are_shown(settings):
    add("alice", "a")
    add("bob", "b")
    os.truncate(path_of("alice"), 100)
    done = ctl("pins")
    assert done.returncode == 3 and done.stdout.startswith('bob sub="b"')
    assert done.stderr.startswith(f"beproductctl: {path_of('alice')}:2: ")
    for arguments in (("add", "--user", "alice", "--sub", "x"), ("drop", "--user", "alice")):
        done = ctl("pins", *arguments)
        assert done.returncode == 3 and f"{path_of('alice')}:2: " in done.stderr
    done = ctl("pins", "export")
    assert done.returncode == 3 and "\tbob\t" in done.stdout


def test_a_folder_of_anybodys_is_named(settings):
    add("alice", "a")
    os.chmod(files.PINS, 0o777)
    for arguments in (["list"], ["export"], ["drop", "--user", "alice"],
                      ["add", "--user", "alice", "--sub", "x"]):
        done = ctl("pins", *arguments)
        assert done.returncode == 3 and f"beproductctl: {files.PINS}: the folder" in done.stderr
    os.chmod(files.PINS, 0o700)


def test_who_changes_them_meanwhile_is_waited_for_but_not_for_ever(settings):
    add("alice", "a")
    with open(path_of("alice"), encoding="ascii") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = ctl("pins", "drop", "--user", "alice")
    assert done.returncode == 3 and "another process changes these pins" in done.stderr
    assert subs() == ["a"]
    assert ctl("pins", "drop", "--user", "alice").returncode == 0


def test_they_are_roots_alone(settings):
    uid = pwd.getpwnam("alice").pw_uid
    add("alice", "a")
    for arguments in (["list"], ["export"], ["drop", "--user", "alice"], ["import", "/dev/null"],
                      ["add", "--user", "alice", "--sub", "x"]):
        done = ctl("pins", *arguments, user=uid)
        assert done.returncode == 3 and done.stdout == "" and "only root" in done.stderr
    assert subs() == ["a"]


### export, import ###

def test_what_is_exported_is_imported_again(settings, tmp_path):
    for account, sub in (("alice", "a"), ("alice", "b"), ("bob", "c")):
        add(account, sub, "--email", "x@example.com")
    kept, out = everything(), tmp_path / "pins"
    out.write_text(ctl("pins", "export").stdout)
    for account in ("alice", "bob"):
        assert ctl("pins", "drop", "--user", account).returncode == 0
    done = ctl("pins", "import", out)
    assert done.returncode == 0 and everything() == kept
    assert done.stdout.splitlines()[-1] == "3 pinned, 0 were already, 0 left"
    assert "alice is pinned to a\n" in done.stdout and "bob is pinned to c\n" in done.stdout
    done = ctl("pins", "import", out)
    assert (done.returncode, done.stdout) == (0, "0 pinned, 3 were already, 0 left\n")
    assert everything() == kept


def test_files_behind_each_other_are_imported_as_they_are(settings, tmp_path):
    for account, sub in (("alice", "a"), ("bob", "c")):
        add(account, sub)
    kept, out = everything(), tmp_path / "pins"
    out.write_bytes(b"".join(kept.values()))
    for account in ("alice", "bob"):
        assert ctl("pins", "drop", "--user", account).returncode == 0
    assert ctl("pins", "import", out).returncode == 0 and everything() == kept


def test_an_account_that_is_anothers_stays_so_and_is_named(settings, tmp_path):
    add("alice", "a")
    before, out = path_of("alice").read_bytes(), tmp_path / "pins"
    out.write_text(HEAD + line("alice", "b") + line("bob", "c") + line("alice", "a")
                   + line("alice", "a", issuer="https://other.example"))
    done = ctl("pins", "import", out)
    assert done.returncode == 1
    assert done.stdout == "bob is pinned to c\n1 pinned, 1 were already, 2 left\n"
    assert done.stderr == (f"{out}:2: alice is pinned to a, and not to b: left as it is\n"
                           f"{out}:5: alice is pinned to a, and not to a: left as it is\n")
    assert path_of("alice").read_bytes() == before


@pytest.mark.parametrize("bad, says", [
    ("alice\n", "expected seven columns"), (line("a b", "x"), "the account is no name"),
    (line("alice", "x", email="y"), "the e-mail address is none"),
    (line("alice", "x", by="me"), "the last column"), (line("alice", ""), "the sub is empty"),
    ("x\ty\0z\n", "control character"),
])
def test_a_file_with_a_mistake_changes_nothing(settings, tmp_path, bad, says):
    out = tmp_path / "pins"
    out.write_text(HEAD + line("bob", "c") + bad + line("dave", "d"))
    done = ctl("pins", "import", out)
    assert done.returncode == 3 and done.stdout == ""
    assert done.stderr.startswith(f"{out}:3: ") and says in done.stderr
    assert everything() == {}


def test_whoever_signs_in_first_meanwhile_has_the_account_alone(settings, tmp_path):
    """The import is stopped between its look at the pins and the last of them."""
    out, many = tmp_path / "pins", 3000
    files.put(out, HEAD + "".join(line(f"x{n}", "s") for n in range(many)) + line("alice", ALICE) + "end\n")
    for _ in range(50):     # or on a busy machine it has come to the end
        settings.restore()
        one = subprocess.Popen([CTL, "pins", "import", out], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        while not path_of("x0").exists() and one.poll() is None:
            pass
        if one.poll() is None:
            one.send_signal(signal.SIGSTOP)
            os.waitpid(one.pid, os.WUNTRACED)
        if not path_of("alice").exists():
            break
        one.kill()
        one.communicate(timeout=SECONDS)
    files.put(path_of("alice"), HEAD + line("alice", "another", by="sign-in") + "end\n", 0o600)
    one.send_signal(signal.SIGCONT)
    told, said = one.communicate(timeout=SECONDS)
    assert one.returncode == 1 and told.endswith(f"{many} pinned, 0 were already, 1 left\n")
    assert said == f"{out}:{many + 2}: alice is pinned to another, and not to {ALICE}: left as it is\n"
    assert subs() == ["another"]


def test_two_of_one_account_are_imported_beside_each_other(settings, tmp_path):
    out = tmp_path / "pins"
    files.put(out, HEAD + line("alice", "a") + line("bob", "a") + line("alice", "b") + line("alice", "a") + "end\n")
    done = ctl("pins", "import", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("3 pinned, 1 were already, 0 left\n") and subs() == ["a", "b"]


def test_pins_that_are_refused_keep_all_from_being_imported(settings, tmp_path):
    add("alice", "a")
    os.truncate(path_of("alice"), 100)
    before, out = everything(), tmp_path / "pins"
    out.write_text(line("bob", "c") + line("alice", "a"))
    done = ctl("pins", "import", out)
    assert done.returncode == 3 and str(path_of("alice")) in done.stderr
    assert everything() == before


def test_one_file_is_wanted_that_can_be_read(settings, tmp_path):
    for names in ([], ["a", "b"]):
        done = ctl("pins", "import", *names)
        assert done.returncode == 4 and "needs one FILE" in done.stderr
    done = ctl("pins", "import", tmp_path / "none")
    assert done.returncode == 3 and "cannot be read" in done.stderr


### what the others say ###

def step_of(done):
    steps = [one for one in done.stdout.splitlines() if one[5:].startswith("pins: ")]
    assert len(steps) == 1, done.stdout
    return steps[0]


def test_explain_says_whose_it_is_and_pins_nobody(explain, settings):  # noqa: F811
    done = explain()
    assert step_of(done) == "-    pins: alice is nobody's yet: whoever is admitted first has it"
    assert done.returncode == 0 and not files.PINS.exists()
    add("alice", "4c9e")
    done = explain()
    assert step_of(done) == "yes  pins: this person's" and done.returncode == 0
    assert f'pinned since 20' in done.stdout and f'sub "4c9e" of {ISSUER}' in done.stdout


def test_explain_says_how_to_settle_what_is_anothers(explain, settings):  # noqa: F811
    add("alice", "other")
    before = everything()
    done = explain()
    assert step_of(done) == (
        "no   pins: alice is another person's: beproductctl pins drop --user alice gives it to "
        "whoever signs in next, pins add --user alice --sub 4c9e to this person too")
    assert done.stdout.splitlines()[-1] == \
        "refused: PINNED: the account is another person's: beproductctl pins"
    assert done.returncode == 1 and everything() == before
    files.put(files.MAP, "sub 4c9e alice\n")
    done = explain()
    assert step_of(done) == "yes  pins: others', but a rule names this sub"
    assert done.returncode == 0 and everything() == before
    settings.conf(accounts={"pin_subject": "no"})
    done = explain()
    assert "-    pin_subject = no\n" in done.stdout and done.returncode == 0


def test_explain_names_pins_that_are_refused(explain, settings):  # noqa: F811
    add("alice", "4c9e")
    os.truncate(path_of("alice"), 100)
    done = explain()
    assert step_of(done).startswith(f"no   pins: {path_of('alice')}:2: ")
    assert done.stdout.splitlines()[-1].startswith("error: FILE_UNREAD: ")
    assert done.returncode == 3


@pytest.mark.parametrize("arguments", [BOTH, BOTH[:2]])
def test_a_sign_in_of_the_administrators_pins_nobody(live, sign_in, arguments):
    one = sign_in("alice", "sign-in", *arguments)
    assert one.status == 0 and "pins: alice is nobody's yet" in one.stdout
    assert not files.PINS.exists()
    add("alice", "other")
    before = everything()
    one = sign_in("alice", "sign-in", *arguments)
    assert one.status == 1 and f"pins add --user alice --sub {ALICE}" in one.stdout
    assert "refused: PINNED" in one.stdout and everything() == before


def test_check_names_pins_of_accounts_that_do_not_exist(settings):
    add("alice", "a")
    add("long-gone", "b")
    done = ctl("check")
    assert f"warning: {files.PINS}: long-gone: there is no such account" in done.stdout
    assert f"{files.PINS}: alice" not in done.stdout


def test_check_names_pins_that_are_refused(settings):
    add("alice", "a")
    os.truncate(path_of("alice"), 100)
    done = ctl("check")
    assert done.returncode == 3 and f"{path_of('alice')}:2: " in done.stderr
    assert ctl("check", user=pwd.getpwnam("alice").pw_uid).stderr.count("pins") == 0


def test_more_accounts_than_a_module_would_look_through_are_shown(settings, tmp_path):
    out = tmp_path / "pins"
    out.write_text("".join(line(f"user{n}", "a") for n in range(2500)))
    assert ctl("pins", "import", out).returncode == 0
    assert len(ctl("pins").stdout.splitlines()) == 2500
