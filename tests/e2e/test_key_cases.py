# SPDX-License-Identifier: BSD-2-Clause
"""One sign-in, and then the SSH key alone; and keys that are no person's."""

import os
import pathlib
import pwd
import shutil
import subprocess
import time

import pytest

import accounts
import keys
import settings as files
import sshd as sshd_module
import terminal
import words
from test_renewal_cases import give_roles_back, people_without_role, renewals
from tickets import GO, ID, WAIT, kept, login_of, roots, wait_for

HOURS = {"ticket": "8h", "recheck": "8h"}


@pytest.fixture(autouse=True)
def homes():
    """As they were, for the tests of other files: no key opens any of them."""
    yield
    for name in accounts.PEOPLE:
        shutil.rmtree(f"/home/{name}/.ssh", ignore_errors=True)


@pytest.fixture
def alices(both, settings):
    """alice's key, where the section has a ticket for it."""
    settings.conf(service_sshd=HOURS)
    both.restart(Subsystem="sftp internal-sftp", **keys.METHODS)
    return accounts.make_key_of("alice")


### What people carry on with ###

@pytest.fixture
def work():
    folder = pathlib.Path("/tmp/e2e-key")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path in pathlib.Path("/home/alice").glob("e2e-*"):
        shutil.rmtree(path)
    os.chdir(folder)
    yield folder
    os.chdir("/")


def by_scp(config, work):
    (work / "file").write_text("scp", encoding="ascii")
    yield keys.run("scp", "-F", config, "file", "web1:e2e-scp")
    yield keys.run("scp", "-F", config, "web1:e2e-scp", "back")
    assert (work / "back").read_text(encoding="ascii") == "scp"
    os.unlink("/home/alice/e2e-scp")


def by_old_scp(config, work):
    (work / "file").write_text("scp", encoding="ascii")
    yield keys.run("scp", "-O", "-F", config, "file", "web1:/tmp/e2e-key-scp")
    os.unlink("/tmp/e2e-key-scp")


def by_sftp(config, work):
    yield keys.run("sh", "-c", f"echo 'mkdir e2e-sftp' | sftp -F {config} web1")
    assert pathlib.Path("/home/alice/e2e-sftp").is_dir()


def by_git(config, work):
    git = ["env", f"GIT_SSH_COMMAND=ssh -F {config}", "git", "-c", "user.name=a",
           "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    yield keys.run("ssh", "-F", config, "web1", "git init -q --bare e2e-git")
    yield keys.run(*git, "clone", "-q", "web1:e2e-git", "clone")
    yield keys.run(*git, "-C", "clone", "commit", "-q", "--allow-empty", "-m", "one")
    yield keys.run(*git, "-C", "clone", "push", "-q", "origin", "HEAD:main")
    yield keys.run(*git, "-C", "clone", "fetch", "-q")


def by_rsync(config, work):
    (work / "tree").mkdir()
    (work / "tree" / "file").write_text("rsync", encoding="ascii")
    yield keys.run("rsync", "-a", "-e", f"ssh -F {config}", "tree/", "web1:e2e-rsync")
    assert pathlib.Path("/home/alice/e2e-rsync/file").read_text(encoding="ascii") == "rsync"


def by_ansible(config, work):
    """Which, unless it is told so, leaves keyboard-interactive out: README.md."""
    (work / "ansible.cfg").write_text(
        "[defaults]\ninventory = hosts\n[ssh_connection]\n"
        f"ssh_args = -F {config} -o ControlMaster=no -o KbdInteractiveAuthentication=yes "
        "-o PreferredAuthentications=publickey,keyboard-interactive\n", encoding="ascii")
    (work / "hosts").write_text("web1\n", encoding="ascii")
    yield keys.run("env", "ANSIBLE_CONFIG=ansible.cfg", "LC_ALL=C.UTF-8", "HOME=/root",
                   "ansible", "all", "-m", "copy",
                   "-a", "content=ansible dest=/home/alice/e2e-ansible")
    assert pathlib.Path("/home/alice/e2e-ansible").read_text(encoding="ascii") == "ansible"
    os.unlink("/home/alice/e2e-ansible")


TOOLS = [by_scp, by_old_scp, by_sftp, by_git, by_rsync, by_ansible]


@pytest.mark.parametrize("tool", TOOLS, ids=[one.__name__ for one in TOOLS])
def test_after_one_browser_round_the_key_alone_does_for(alices, provider, work, tool, log):
    keys.sign_in(provider, alices)
    log.mark()
    for run in tool(keys.client_config(alices), work):
        assert run.returncode == 0, run
    assert provider.endpoints().count("token") == 1
    admitted = log.events("admitted", service="sshd")
    assert admitted and not log.events("started")
    for one in admitted:
        assert one["key"] == keys.fingerprint(alices) and one["sub"]
        assert one["detail"].endswith(" s ago, with an SSH key")


def test_a_client_that_may_ask_nobody_does_not_even_try(alices, provider, log):
    keys.sign_in(provider, alices)
    run = keys.run("ssh", "-F", keys.client_config(alices), "-o", "BatchMode=yes", "web1", "id")
    assert run.returncode == 255 and "Permission denied (keyboard-interactive)" in run.stderr


def test_an_editor_s_ten_connections_at_once_ask_nobody(alices, provider, log):
    keys.sign_in(provider, alices)
    config = keys.client_config(alices)
    runs = [subprocess.Popen(["ssh", "-F", config, "web1", "sleep 1; id -un"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                             start_new_session=True) for _ in range(10)]
    assert [one.communicate(timeout=120)[0] for one in runs] == ["alice\n"] * 10
    assert provider.endpoints().count("token") == 1


def test_ten_at_once_that_are_past_recheck_have_one_ask_the_provider(
        alices, provider, settings, log):
    settings.conf(service_sshd={"ticket": "8h", "recheck": "10m"})
    keys.sign_in(provider, alices)
    keys.age_check(3600)
    config = keys.client_config(alices)
    runs = [subprocess.Popen(["ssh", "-F", config, "web1", "id -un"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                             start_new_session=True) for _ in range(10)]
    assert [one.communicate(timeout=120)[0] for one in runs] == ["alice\n"] * 10
    assert len(renewals(provider)) == 1
    assert provider.refresh_tokens("alice") == 1


### When it does not ###

def test_by_default_each_connection_asks(both, provider):
    both.restart(**keys.METHODS)
    key = accounts.make_key_of("alice")
    keys.sign_in(provider, key)
    assert keys.kept() == []
    assert not keys.by_key_alone(key)


def test_another_key_asks_and_then_does_as_well(alices, provider):
    other = keys.make_key("other")
    keys.allow(other, "alice")
    keys.sign_in(provider, alices)
    assert not keys.by_key_alone(other)
    keys.sign_in(provider, other)
    assert keys.by_key_alone(other) and keys.by_key_alone(alices)
    assert len(keys.kept()) == 2


def test_another_account_asks_that_the_key_opens_as_well(alices, provider):
    keys.allow(alices, "dave")
    keys.sign_in(provider, alices)
    assert not keys.by_key_alone(alices, user="dave")


@pytest.fixture
def alicia():
    """Another account of alice's uid."""
    subprocess.run(["useradd", "--non-unique", "--uid", str(pwd.getpwnam("alice").pw_uid),
                    "--shell", "/bin/bash", "--home-dir", "/home/alice", "alicia"],
                   check=True, timeout=30)
    yield "alicia"
    subprocess.run(["userdel", "--force", "alicia"], capture_output=True, timeout=30,
                   check=False)


def test_another_account_of_the_same_uid_asks(alices, provider, alicia):
    files.put(files.MAP, files.MAPPING + "email alice@example.com alicia\n")
    keys.sign_in(provider, alices)
    assert not keys.by_key_alone(alices, user=alicia)


def test_after_ticket_the_key_asks_again(alices, provider, settings):
    keys.sign_in(provider, alices)
    assert keys.by_key_alone(alices)
    settings.conf(service_sshd={"ticket": "1s"})
    time.sleep(1.5)
    assert not keys.by_key_alone(alices)


def test_where_the_section_has_no_ticket_any_more_the_key_asks(alices, provider, settings):
    keys.sign_in(provider, alices)
    settings.conf()
    assert not keys.by_key_alone(alices)


@pytest.mark.parametrize("command", [["logout", "--user", "alice"], ["tickets", "drop", "--all"]],
                         ids=lambda command: command[0])
def test_after_a_logout_the_key_asks_again_and_its_token_is_revoked(
        alices, provider, command):
    keys.sign_in(provider, alices)
    assert keys.by_key_alone(alices) and provider.refresh_tokens("alice") == 1
    run = keys.run("/usr/sbin/beproductctl", *command)
    assert run.returncode == 0 and "revoked 1 refresh tokens" in run.stdout, run
    assert keys.kept() == [] and provider.refresh_tokens("alice") == 0
    assert not keys.by_key_alone(alices)


def test_a_role_that_is_gone_at_the_provider_closes_the_key_s_way_too(
        alices, provider, settings, log):
    settings.conf(service_sshd={"ticket": "8h", "recheck": "0s"})
    keys.sign_in(provider, alices)
    assert keys.by_key_alone(alices)
    assert len(renewals(provider)) == 1
    people_without_role(provider, "alice")
    assert not keys.by_key_alone(alices)
    give_roles_back(provider)
    assert keys.by_key_alone(alices)


def test_a_role_that_the_section_asks_for_since_does_so_at_once(alices, provider, settings, log):
    keys.sign_in(provider, alices)
    settings.conf(service_sshd={"require_role": "Boss", **HOURS})
    assert not keys.by_key_alone(alices)


def test_while_the_provider_is_down_recheck_refuses_and_forgets_nothing(
        alices, provider, settings, log):
    settings.conf(service_sshd={"ticket": "8h", "recheck": "0s"})
    keys.sign_in(provider, alices)
    provider.fault("token", status=503, count=1)
    with keys.ssh(alices) as run:
        run.end()
    assert run.status == 255 and words.LATER in run.transcript, run.transcript
    assert not run.addresses
    assert keys.by_key_alone(alices)


def test_a_key_whose_signature_is_wrong_or_that_is_only_shown_names_nobody(
        both, provider, settings, log):
    """Where methods are free to choose: then the dialogue comes without a key."""
    settings.conf(service_sshd=HOURS)
    both.restart(**keys.METHODS)
    key = accounts.make_key_of("alice")
    keys.sign_in(provider, key)
    both.restart()
    # the client has her public key, and another's private one
    other = keys.make_key("other")
    half = keys.FOLDER / "e2e_key_half"
    shutil.copy(other, half)
    shutil.copy(f"{key}.pub", f"{half}.pub")
    assert not keys.by_key_alone(half)
    half.unlink()
    assert not keys.by_key_alone(f"{half}.pub", IdentityAgent="none")


def test_with_two_keys_none_stands_for_a_sign_in(alices, both, provider):
    other = keys.make_key("other")
    keys.allow(other, "alice")
    both.restart(AuthenticationMethods="publickey,publickey,keyboard-interactive:pam")
    with terminal.Ssh("alice", "id", **{**keys.options(alices), "CertificateFile": "none"},
                      asks=words.PROMPT_END) as run:
        run.end()
    assert run.status == 255, "one key is not enough for sshd itself"
    keys.client_config(alices).write_text(
        keys.CONFIG.read_text(encoding="utf-8") + f" IdentityFile {other}\n", encoding="utf-8")
    arguments = ["/usr/bin/ssh", "-F", keys.CONFIG, "-o", "PreferredAuthentications="
                 "publickey,keyboard-interactive", "web1", "id"]
    for _ in range(2):
        run = terminal.answer_all(terminal.Terminal(arguments), [provider.as_person("alice")])
        assert run.status == 0 and len(run.addresses) == 1, run.transcript
    assert keys.kept() == []


def certify(key):
    if not keys.CA.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys.CA],
                       check=True, timeout=30)
    subprocess.run(["ssh-keygen", "-q", "-s", keys.CA, "-I", "e2e", "-n", "alice", "-V", "+1h",
                    f"{key}.pub"], check=True, timeout=30)
    return f"{key}-cert.pub"


def test_a_certificate_is_a_key_of_its_own_and_a_new_one_asks(alices, both, provider, log):
    key = keys.make_key("certified")
    both.restart(TrustedUserCAKeys=f"{keys.CA}.pub", **keys.METHODS)
    certificate = certify(key)
    keys.sign_in(provider, key, CertificateFile=certificate)
    assert keys.by_key_alone(key, CertificateFile=certificate)
    assert log.events("admitted")[-1]["key"].startswith("cert-SHA256:")
    # the key itself, where it is let in, too
    keys.allow(key, "alice")
    assert not keys.by_key_alone(key, CertificateFile="none")
    certify(key)
    assert not keys.by_key_alone(key, CertificateFile=certificate)


### sudo ###

def test_sudo_in_what_the_key_opened_asks_nobody_and_the_session_s_end_leaves_the_key(
        alices, provider, log):
    run = keys.sign_in(provider, alices, f"{ID}", RequestTTY="force")
    assert roots(run) == 1
    wait_for(lambda: kept() == keys.kept(), "the session's is left")
    assert keys.by_key_alone(alices, f"{ID} && {ID}", RequestTTY="force")
    wait_for(lambda: kept() == keys.kept(), "the session's is left")
    assert len(kept()) == 1 and provider.refresh_tokens("alice") == 1
    sudos = log.events("admitted", service="sudo")
    assert len(sudos) == 3
    for one in sudos:
        assert one["detail"].startswith("by the sign-in for sshd, ")


def test_sudo_renews_the_key_s_sign_in_and_not_one_of_its_own(alices, provider, settings, log):
    settings.conf(service_sshd=HOURS, service_sudo={"recheck": "0s"})
    keys.sign_in(provider, alices, ID, RequestTTY="force")
    for _ in range(2):
        assert keys.by_key_alone(alices, f"{ID} && {ID}", RequestTTY="force")
    assert len(renewals(provider)) == 5
    assert provider.refresh_tokens("alice") == 1
    people_without_role(provider, "alice")
    with keys.ssh(alices, ID, RequestTTY="force") as run:
        assert run.prompt().has_address, "sudo asks, and she may sign in"
        run.hang_up()
    give_roles_back(provider)


def test_after_a_logout_sudo_in_a_session_of_the_key_asks(alices, provider, log):
    with keys.ssh(alices, f"{ID}; {WAIT}; {ID}", RequestTTY="force") as run:
        run.answer(provider.as_person("alice")(run.prompt().address))
        assert run.next_of(r"uid=0\(root\)") == 0
        keys.run("/usr/sbin/beproductctl", "logout", "--user", "alice")
        GO.touch()
        assert run.prompt().has_address
        run.hang_up()
    assert roots(run) == 1


def test_whoever_signs_in_anew_with_the_key_does_not_lend_it_to_older_sessions(
        alices, provider, settings, log):
    with keys.ssh(alices, f"{ID}; {WAIT}; {ID}", RequestTTY="force") as run:
        run.answer(provider.as_person("alice")(run.prompt().address))
        assert run.next_of(r"uid=0\(root\)") == 0
        settings.conf(service_sshd={"ticket": "1s", "recheck": "0s"})
        time.sleep(1.5)
        keys.sign_in(provider, alices)
        settings.conf(service_sshd=HOURS)
        GO.touch()
        assert run.prompt().has_address
        run.hang_up()
    assert roots(run) == 1
    wait_for(lambda: provider.refresh_tokens("alice") == 1, "the former one's token is left")


def test_in_an_sshd_from_somebody_s_shell_the_key_still_says_who_it_is(alices, both, provider):
    """The kernel's login says nothing there; nobody else's key does by it."""
    with login_of("alice"):
        both.restart(**keys.METHODS)
    other = keys.make_key("other")
    keys.allow(other, "alice")
    keys.sign_in(provider, alices)
    assert keys.by_key_alone(alices)
    assert not keys.by_key_alone(other)
    both.restart()


def test_root_and_local_accounts_need_their_key_alone_where_the_block_leaves_them_out(
        both, provider):
    """As conf/sshd_config.d has it."""
    both.restart(**{"Match": f"User *,!root,!{accounts.LOCAL}", **keys.METHODS})
    key = accounts.make_key_of(accounts.LOCAL)
    assert terminal.key_login("root", accounts.ROOT_KEY).status == 0
    assert terminal.key_login(accounts.LOCAL, key).status == 0
    assert not keys.by_key_alone(accounts.make_key_of("alice"))
    shutil.rmtree(f"/home/{accounts.LOCAL}/.ssh")


### Keys of no person ###

def test_a_key_of_the_map_lets_its_account_in_without_anybody(both, provider, log):
    both.restart(**keys.METHODS)
    robot, other = keys.make_key("robot"), keys.make_key("other")
    keys.allow(robot, "dave", "bob")
    keys.allow(other, "dave")
    name = keys.fingerprint(robot)
    files.put(files.MAP, files.MAPPING + f"key {name} dave\n")
    assert keys.by_key_alone(robot, user="dave")
    admitted = log.wait_for_event("admitted", service="sshd")
    assert admitted["key"] == name and admitted["detail"] == "by a key of no person"
    assert "sub" not in admitted.fields and kept() == []
    assert not keys.by_key_alone(robot, user="bob")
    assert not keys.by_key_alone(other, user="dave")
    files.put(files.MAP, files.MAPPING)
    assert not keys.by_key_alone(robot, user="dave")


def test_where_the_key_is_the_only_method_sshd_names_none_and_the_rule_is_of_no_use(
        both, provider, log):
    both.restart(AuthenticationMethods="publickey")
    robot = keys.make_key("robot")
    keys.allow(robot, "dave")
    files.put(files.MAP, files.MAPPING + f"key {keys.fingerprint(robot)} dave\n")
    run = terminal.key_login("dave", robot)
    assert run.status == 255
    log.wait_for_event(words.REFUSED_EVENT, phase="account", reason="SSH_NO_SIGN_IN")
