# SPDX-License-Identifier: BSD-2-Clause
"""The set-ups of conf/examples: installed by the lines that stand there, whole, and
tried. Only who the provider is differs, which is put into beproduct.conf."""

import pathlib
import re
import shutil
import subprocess

import pytest

import accounts
import hosts as h
import keys
import processes
import settings as files
import sshd as sshd_module
import terminal
import words
from test_key_by_role_cases import assert_in, assert_out, get_token, make_older
from test_readme import OF_THE_TESTS
from tickets import ID, roots

CONF = pathlib.Path(__file__).resolve().parents[2] / "conf"
PAGE = CONF / "examples" / "README.md"
INSTALLED = pathlib.Path("/usr/share/doc/pam_beproduct/examples")
NAMES = ("browser", "key-and-browser", "key-by-role", "sudo-by-ticket", "break-glass")
GLASS = "localadmin"
PASSWORD = "localadmin's own password"
ASKS = r"[Pp]assword.*: |Address: "
# What a test must set: its provider, by keys that stand there or that are added.
MINE = files.BASE["provider"]


def lines_of(name):
    """The page's commands for it."""
    return re.search(rf"(?ms)^## {name}$.*?^```sh\n(.*?)^```$",
                     PAGE.read_text(encoding="utf-8"))[1]


def places(name):
    """What is installed, and where."""
    return [line.split()[-2:] for line in lines_of(name).splitlines()]


def in_tree(path):
    """The two folders are one when they are installed."""
    both = [CONF / path, CONF / "examples" / path]
    found, = [one for one in both if one.is_file()]
    return found


def of_this_provider(text, provider):
    more = "".join(f"{key} = {MINE[key]}\n" for key in ("issuer", "ca_file", "pkce"))
    for mark, mine in (("client_id = THE-CLIENT-ID", f"client_id = {MINE['client_id']}"),
                       ("[provider]\n", f"[provider]\n{more}")):
        assert text.count(mark) == 1
        text = text.replace(mark, mine)
    return text.replace("[api]\n", f"[api]\nbase_url = {provider.api}\n")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def assert_good():
    """As sshd, sudo and beproductctl see it."""
    assert run("/usr/sbin/sshd", "-t") == (0, "")
    status, said = run("/usr/sbin/visudo", "-c")
    assert status == 0, said
    status, said = run("/usr/sbin/beproductctl", "check")
    assert status == 0, said
    found = [line for line in said.splitlines() if not line.startswith("note: ")]
    if not files.SERVICE_TOKEN.exists():
        found = [one for one in found if "no token to ask by" not in one]
    assert found == [f"{files.CONF}: configuration is good"], said


@pytest.fixture
def people_of_groups():
    """The account that administers; and who is in sudo's group."""
    subprocess.run(["useradd", "--create-home", "--shell", "/bin/bash", GLASS], check=True,
                   timeout=30)
    accounts.set_password(GLASS, PASSWORD)
    for name in (GLASS, "alice", "dave"):
        subprocess.run(["gpasswd", "--add", name, "sudo"], check=True, timeout=30,
                       capture_output=True)
    yield
    for name in ("alice", "dave"):
        subprocess.run(["gpasswd", "--delete", name, "sudo"], check=True, timeout=30,
                       capture_output=True)
    subprocess.run(["userdel", "--force", "--remove", GLASS], check=True, timeout=30,
                   capture_output=True)


def take_keys():
    """Whosever an earlier test has made, too: `check` warns of them."""
    for name in accounts.PEOPLE:
        shutil.rmtree(f"/home/{name}/.ssh", ignore_errors=True)


def put_back(kept):
    for path, before in kept.items():
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
    take_keys()
    h.forget_timestamps()


@pytest.fixture
def example(request, plain_sshd, settings, provider, people_of_groups):
    """One of them, in place of what the tests else have there; the secret stays."""
    name = request.param
    plain_sshd.stop()
    take_keys()
    own = sshd_module.CONFIG.with_name("sshd_config.d") / "0.conf"
    targets = [pathlib.Path(to) for _, to in places(name)]
    for one in (files.CONF, files.MAP):
        one.unlink()
    kept = {one: one.read_bytes() if one.exists() else None for one in targets}
    kept[own] = None
    try:
        subprocess.run(["/bin/sh", "-eu", "-c", lines_of(name)], check=True, timeout=60,
                       cwd=INSTALLED)
        for path, to in places(name):
            assert pathlib.Path(to).read_bytes() == in_tree(path).read_bytes()
        files.put(files.CONF, of_this_provider(files.CONF.read_text(encoding="utf-8"), provider))
        own.write_text(sshd_module.config(OF_THE_TESTS), encoding="utf-8")
        sshd_module.CONFIG.write_text(sshd_module.debian_config(), encoding="utf-8")
        assert_good()
        plain_sshd.run()
        yield name
    finally:
        plain_sshd.stop()
        put_back(kept)
    assert not processes.left(), "a helper outlived its attempt"


def of(*names):
    return pytest.mark.parametrize("example", names, indirect=True)


def refused(terminal_, sentence):
    assert terminal_.status == 255 and "uid=" not in terminal_.transcript, terminal_.transcript
    return sentence in terminal_.transcript


def by_password(user=GLASS, password=PASSWORD, **options):
    return terminal.dialogue(user, [password], asks=ASKS, **options)


### All of them ###

def test_no_file_is_there_that_no_set_up_installs():
    here = {one for one in (CONF / "examples").rglob("*") if one.is_file()} - {PAGE}
    named = {in_tree(path) for name in NAMES for path, _ in places(name)}
    assert here == {one for one in named if PAGE.parent in one.parents}
    assert sorted(re.findall("(?m)^## (.*)$", PAGE.read_text(encoding="utf-8"))) == sorted(NAMES)
    assert {one.name for one in PAGE.parent.iterdir()} - {PAGE.name} == set(NAMES)


def test_what_is_installed_is_the_release_s_and_whole():
    assert (INSTALLED / PAGE.name).read_bytes() == PAGE.read_bytes()
    for path in {path for name in NAMES for path, _ in places(name)}:
        assert (INSTALLED / path).read_bytes() == in_tree(path).read_bytes()


@of(*NAMES)
def test_root_and_the_local_account_come_in_with_the_provider_down(example, provider, log):
    provider.stop()
    assert terminal.key_login("root", accounts.ROOT_KEY).status == 0
    key = {}
    if example == "break-glass":
        key = keys.options(accounts.make_key_of(GLASS))
    ssh = by_password(**key)
    assert ssh.status == 0 and f"({GLASS})" in ssh.transcript, ssh.transcript
    assert len(ssh.prompts) == 1 and not ssh.addresses
    log.wait_for_event("local", user=GLASS, reason=words.LOCAL_ACCOUNT)


@of("browser", "sudo-by-ticket", "break-glass", "key-by-role")
def test_a_sign_in_by_the_browser_does_and_its_role_decides(example, provider):
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert ssh.status == 0 and len(ssh.prompts) == 1, ssh.transcript
    assert refused(terminal.dialogue("bob", [provider.as_person("bob")]), words.DENIED)
    assert refused(terminal.dialogue("alice", [provider.as_person("dave")]), words.DENIED)


@of("browser", "sudo-by-ticket", "break-glass")
def test_a_key_alone_does_not(example, provider):
    ssh = terminal.key_login("alice", accounts.make_key_of("alice"))
    assert refused(ssh, words.KEY) and not ssh.prompts


@of("browser", "sudo-by-ticket", "break-glass", "key-by-role")
def test_with_the_provider_down_no_local_password_stands_in_for_it(example, provider):
    provider.stop()
    ssh = by_password("alice", "alice's local password")
    assert refused(ssh, words.LATER) and not ssh.prompts


### key-and-browser ###

@of("key-and-browser")
def test_a_key_and_one_sign_in_and_then_the_key_alone(example, provider):
    key = accounts.make_key_of("alice")
    keys.sign_in(provider, key)
    provider.stop()
    assert keys.by_key_alone(key), "within recheck"


@of("key-and-browser")
def test_neither_of_the_two_does_alone(example, provider):
    key = accounts.make_key_of("alice")
    for ssh in (terminal.key_login("alice", key), terminal.dialogue("alice", [])):
        assert refused(ssh, "Permission denied") and not ssh.prompts


@of("key-and-browser")
def test_the_key_s_owner_needs_the_role_as_well(example, provider):
    ssh = terminal.answer_all(keys.ssh(accounts.make_key_of("bob"), user="bob"),
                              [provider.as_person("bob")])
    assert refused(ssh, words.DENIED) and len(ssh.prompts) == 1


@of("key-and-browser")
def test_with_the_provider_down_a_key_that_has_not_signed_in_does_not(example, provider):
    provider.stop()
    with keys.ssh(accounts.make_key_of("alice")) as ssh:
        ssh.end()
    assert refused(ssh, words.LATER) and not ssh.prompts


### key-by-role ###

@pytest.fixture
def service(example, provider):
    """This host's token."""
    get_token(provider)


@of("key-by-role")
def test_the_key_s_owner_has_the_role_or_the_key_opens_nothing(example, service, provider, log):
    key = accounts.make_key_of("alice")
    assert_good()
    assert_in(key, log)
    assert refused(terminal.key_login("bob", accounts.make_key_of("bob")), words.DENIED)
    provider.change("alice", roles=["Guest"])
    make_older(301)
    assert_out(key, log, "ROLE")


@of("key-by-role")
def test_with_the_provider_down_it_does_for_cache_and_grace(example, service, provider, log):
    key = accounts.make_key_of("alice")
    assert_in(key, log)
    provider.stop()
    make_older(301)
    assert_in(key, log)
    make_older(3600)
    assert_out(key, log, "NO_CONNECTION", "PAM_AUTHINFO_UNAVAIL", words.LATER)


@of("key-by-role")
def test_before_this_host_has_a_token_no_key_does(example, provider, log):
    assert_out(accounts.make_key_of("alice"), log, "SERVICE_TOKEN_NONE", "PAM_SERVICE_ERR",
               words.ADMIN)


### sudo-by-ticket ###

@of("sudo-by-ticket")
def test_sudo_asks_nobody_after_the_sign_in_and_wants_a_role_of_its_own(example, provider):
    run_ = terminal.answer_all(
        terminal.Ssh("alice", f"{ID}; sudo -i {h.ID}; {ID}", RequestTTY="force"),
        [provider.as_person("alice")])
    assert roots(run_) == 3 and len(run_.prompts) == 1, run_.transcript
    run_ = terminal.answer_all(terminal.Ssh("dave", ID, RequestTTY="force"),
                               [provider.as_person("dave")] * 2)
    assert roots(run_) == 0 and words.DENIED in run_.transcript, run_.transcript
    assert len(run_.prompts) == 2


@of("sudo-by-ticket", "break-glass")
def test_sudo_without_a_sign_in_asks_for_one_and_takes_no_local_password(
        example, provider, settings):
    run_ = h.SUDO.dialogue("alice", [provider.as_person("alice")])
    assert h.SUDO.is_admitted(run_, "alice") and len(run_.prompts) == 1, run_.transcript
    provider.stop()
    settings.forget_provider()
    run_ = h.SUDO_I.dialogue("alice", ["alice's local password"], asks=ASKS)
    assert run_.status == 1 and not run_.prompts and words.LATER in run_.transcript
    run_ = h.SUDO.dialogue(GLASS, [PASSWORD], asks=ASKS)
    assert h.SUDO.is_admitted(run_, GLASS) and len(run_.prompts) == 1, run_.transcript


### break-glass ###

@of("break-glass")
def test_over_ssh_the_local_account_needs_both_its_key_and_its_password(example, provider):
    provider.stop()
    key = accounts.make_key_of(GLASS)
    for ssh in (terminal.key_login(GLASS, key), by_password()):
        assert refused(ssh, "Permission denied") and not ssh.prompts
    ssh = by_password(password="another", **keys.options(key))
    assert ssh.status == "hung up" and len(ssh.prompts) == 2, ssh.transcript


@of("break-glass")
def test_at_the_console_the_local_password_does_for_root_and_the_local_account(
        example, provider, settings):
    console = terminal.answer_all(h.LOGIN.start("alice"), [provider.as_person("alice")])
    assert h.LOGIN.is_admitted(console, "alice"), console.transcript
    provider.stop()
    settings.forget_provider()
    for name, password in ((GLASS, PASSWORD), ("root", accounts.ROOT_PASSWORD)):
        console = h.LOGIN.dialogue(name, [password], asks=ASKS)
        assert h.LOGIN.is_admitted(console, name), console.transcript
        assert not console.addresses
    console = h.LOGIN.dialogue("alice", ["alice's local password"], asks=ASKS)
    assert not h.LOGIN.is_admitted(console, "alice") and words.LATER in console.transcript
