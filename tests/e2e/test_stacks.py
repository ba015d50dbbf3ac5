# SPDX-License-Identifier: BSD-2-Clause
"""Other stacks than the shipped ones, as administrators write them: jumps in
place of `done`, ours as the only session line, and cron's."""

import contextlib
import functools
import pathlib
import re
import subprocess
import time

import pytest

import accounts
import cases
import hosts as h
import pam_codes
import settings as files
import sshd as sshd_module
import terminal
import words


def hosts_are(*those):
    return pytest.mark.parametrize("host", those, ids=lambda host: host.name)


ROW = {case.name: case for case in cases.CASES}


def write_stacks(change):
    """The shipped text of each file, changed."""
    for name in ("sshd", *h.FILES):
        shipped = sshd_module.stack() if name == "sshd" else h.shipped(name)
        (h.PAM / name).write_text(change(shipped), encoding="utf-8")


@pytest.fixture
def every_host(sshd, hosts, log):
    log.mark()


def local_account(host, log):
    log.mark()
    cases.break_glass(host, log, accounts.LOCAL, accounts.LOCAL_PASSWORD,
                      lambda run: host.is_admitted(run, accounts.LOCAL), words.LOCAL_ACCOUNT)


### Jumps ###
#
# setcred walks the same lines. libpam keeps which way authenticate went on a
# handle; in sshd another process authenticated, and there our own answer picks
# the way: only PAM_SUCCESS jumps over pam_deny. cases.py asks what came of it.

# Debian's common-auth as pam-auth-update would write it, with ours as a line.
JUMPS = """\
auth [success=2 {others}] pam_beproduct.so
auth [success=1 default=ignore] pam_unix.so
auth requisite pam_deny.so
auth required pam_permit.so
auth optional pam_cap.so
"""
OURS_ALONE = """\
auth [success=1 default=ignore] pam_beproduct.so
auth requisite pam_deny.so
auth required pam_permit.so
"""
DOCUMENTED_AUTH = re.compile(r"(?m)^auth\s+\[success=done.*pam_beproduct\.so\n+"
                             r"@include common-auth$")
FINAL = JUMPS.format(others="user_unknown=ignore default=die")
NOT_FINAL = JUMPS.format(others="default=ignore")


def put_auth(lines, text):
    """In the place of our auth line and common-auth; su-l has neither."""
    text, count = DOCUMENTED_AUTH.subn(lines.rstrip(), text)
    assert count or "pam_beproduct" not in text
    return text


@hosts_are(h.SSHD, h.SUDO, h.SU, h.LOGIN)
def test_a_jump_over_pam_deny_admits_refuses_and_leaves_the_rest_to_pam_unix(
        every_host, provider, log, host):
    write_stacks(functools.partial(put_auth, FINAL))
    cases.run(host, ROW["admitted"], provider, log)
    log.mark()
    cases.run(host, ROW["wrong role"], provider, log)
    local_account(host, log)


def until_it_asks_again(host, account, answers):
    """AUTH_ERR, which is pam_deny's, is final for neither sshd nor sudo."""
    with host.start(account) as run:
        for answer in answers:
            run.answer(answer(run.prompt().address))
        if run.prompt() is not None:
            run.hang_up()
    return run


@hosts_are(h.SSHD, h.SUDO)
def test_with_no_other_line_pam_deny_is_where_every_refusal_ends(every_host, provider, log, host):
    write_stacks(functools.partial(put_auth, OURS_ALONE))
    cases.run(host, ROW["admitted"], provider, log)
    for account, answers, event in (("bob", [provider.as_person("bob")], words.REFUSED_EVENT),
                                    (accounts.LOCAL, [], "local")):
        log.mark()
        run = until_it_asks_again(host, account, answers)
        assert not host.is_admitted(run, account), run.transcript
        assert set(host.authenticate(log)) == {"PAM_AUTH_ERR"}, str(log)
        assert host.account(log) == [] and not log.events("admitted")
        assert log.events(event, phase="auth", user=account)


def refused_then_by_password(host, provider):
    """Another's sign-in, and then the account's own local password."""
    return host.dialogue("alice", [provider.as_person("dave"), "alice's local password"],
                         asks=f"{words.PROMPT_END}|[Pp]assword.*: ")


@hosts_are(h.SSHD, h.SUDO, h.LOGIN)
def test_default_ignore_goes_on_to_the_password_and_the_account_line_refuses(
        every_host, provider, log, host):
    write_stacks(functools.partial(put_auth, NOT_FINAL))
    run = refused_then_by_password(host, provider)
    assert not host.is_admitted(run, "alice"), run.transcript
    assert host.authenticate(log) == ["PAM_SUCCESS"]
    assert host.account(log)[:1] == ["PAM_PERM_DENIED"]
    log.wait_for_event(words.REFUSED_EVENT, phase="auth", reason=words.NO_RULE)
    log.wait_for_event(words.REFUSED_EVENT, phase="account", reason={
        "sshd": words.SSH_NO_SIGN_IN, "sudo": words.SUDO_NO_SIGN_IN}.get(
            host.service, words.NO_SIGN_IN))


def test_default_ignore_opens_su_which_has_no_account_line_of_ours(every_host, provider, log):
    """Why `default=die` is what we document."""
    write_stacks(functools.partial(put_auth, NOT_FINAL))
    run = refused_then_by_password(h.SU, provider)
    assert h.SU.is_admitted(run, "alice"), run.transcript
    log.wait_for_event(words.REFUSED_EVENT, phase="auth", reason=words.NO_RULE)


### Sessions ###

def only_session_line(text):
    lines = [line for line in text.splitlines()
             if not re.match(r"session\s|@include common-session", line)]
    return "\n".join([*lines, "session required pam_beproduct.so"]) + "\n"


def root(host):
    """As root comes in there without being asked; at the console with its password."""
    if host is h.SSHD:
        return terminal.key_login("root", accounts.ROOT_KEY)
    if host is h.LOGIN:
        return host.dialogue("root", [accounts.ROOT_PASSWORD, "exec id"], asks="Password: |[#] $")
    return terminal.answer_all(host.start_as("root", "root"), [])


@hosts_are(h.SSHD, h.SUDO, h.SUDO_I, h.SU, h.SU_L, h.LOGIN)
def test_as_the_only_session_line_it_opens_and_closes_every_session(
        every_host, provider, log, host):
    write_stacks(only_session_line)
    cases.run(host, ROW["admitted"], provider, log)
    assert_session(host, log)
    local_account(host, log)
    assert_session(host, log)
    log.mark()
    assert "uid=0(root)" in (run := root(host)).transcript, run.transcript
    assert_session(host, log)


def assert_session(host, log):
    assert pam_codes.opened(log, host.program) == ["PAM_SUCCESS"], str(log)
    log.wait_for("pam_trace: pam_close_session=")  # sshd's comes after the person left
    assert pam_codes.closed(log, host.program) == ["PAM_SUCCESS"], str(log)


### The account line beside pam_unix: cron, which authenticates nobody ###

JOBS = pathlib.Path("/var/cache/e2e-cron")
PEOPLE = ("root", accounts.LOCAL, "alice")


@contextlib.contextmanager
def crontabs():
    """One job each, which leaves a file in JOBS."""
    JOBS.mkdir(exist_ok=True)
    JOBS.chmod(0o1777)
    for name in PEOPLE:
        subprocess.run(["crontab", "-u", name, "-"], check=True, text=True, timeout=30,
                       input=f"@reboot touch {JOBS}/{name}\n")
    yield
    for name in PEOPLE:
        subprocess.run(["crontab", "-r", "-u", name], check=True, timeout=30)
        (JOBS / name).unlink(missing_ok=True)
    JOBS.rmdir()


@pytest.fixture
def cron(log, settings):
    """Debian's, with our account line. Gives what starts it: it runs each job once."""
    stack = h.debian("cron")
    h.put_stack("cron", stack.replace("@include common-account\n",
                                      f"{h.ACCOUNT_LINE}@include common-account\n"))

    def run():
        # else it takes itself for restarted, and runs no @reboot
        pathlib.Path("/run/crond.reboot").unlink(missing_ok=True)
        log.mark()
        with subprocess.Popen(["/usr/sbin/cron", "-f"], stdin=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            try:
                wait_until(lambda: len(codes(log)) == len(PEOPLE))
                wait_until(lambda: len(pam_codes.closed(log, "CRON")) == codes(log).count(
                    "PAM_SUCCESS"))
            finally:
                process.terminate()
                process.wait(10)
        return sorted(one.name for one in JOBS.iterdir())

    with pam_codes.everywhere(), crontabs():
        yield run
    h.put_stack("cron", stack)


def codes(log):
    return sorted(pam_codes.account(log, "CRON"))


def wait_until(is_true, seconds=10):
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.02)


def test_cron_works_for_root_and_local_accounts_and_not_for_ours(cron, log):
    assert cron() == sorted((accounts.LOCAL, "root"))
    assert codes(log) == ["PAM_PERM_DENIED", "PAM_SUCCESS", "PAM_SUCCESS"]
    # pam_unix alone decides about the two: of them no line of ours
    refused, = log.events()
    assert (refused.name, refused["phase"], refused["user"], refused["service"]) == (
        words.REFUSED_EVENT, "account", "alice", "cron")
    assert refused["reason"] == words.SERVICE_CLOSED


def test_nor_does_a_section_for_cron_admit_who_did_not_sign_in(cron, settings, log):
    settings.conf(service_cron={"require_role": "Host Login"})
    assert cron() == sorted((accounts.LOCAL, "root"))
    log.wait_for_event(words.REFUSED_EVENT, phase="account", user="alice",
                       reason=words.NO_SIGN_IN)


def test_with_ours_unreadable_cron_still_works_for_root(cron, settings, log):
    cases.unreadable_configuration(settings, None)
    assert cron() == ["root"]
    assert {one["user"] for one in log.events(words.ERROR_EVENT, phase="account")} \
        == {accounts.LOCAL, "alice"}


def test_an_expired_local_account_s_jobs_stay_refused(cron):
    """IGNORE from ours is no leave: pam_unix still decides."""
    with accounts.expired(accounts.LOCAL):
        assert cron() == ["root"]


def test_with_no_other_account_line_ours_would_refuse_roots_own_sudo(hosts, log):
    """Why pam_unix stands behind it: libpam takes IGNORE from all for a refusal."""
    h.put_stack("sudo", h.shipped("sudo").replace("@include common-account\n", ""))
    assert terminal.answer_all(h.SUDO.start_as("root", "root"), []).status == 1
    assert h.SUDO.account(log) == ["PAM_PERM_DENIED"] and log.events() == []


### What else stands in a stack: pam_nologin, for hosts whose own file lacks it ###

@hosts_are(h.SUDO, h.SU)
def test_pam_nologin_ahead_of_ours_refuses_before_anybody_is_asked(
        hosts, provider, nologin, log, host):
    for name in ("sudo", "sudo-i", "su"):
        h.put_stack(name, h.shipped(name).replace(
            "auth       [", "auth requisite pam_nologin.so\nauth       ["))
    run = host.dialogue("alice", [])
    assert not host.is_admitted(run, "alice") and not run.addresses, run.transcript
    assert "closed for the night" in run.transcript
    assert "PAM_SUCCESS" not in host.authenticate(log)
    assert log.events() == [] and provider.of_host() == []


@hosts_are(h.SUDO, h.SU)
def test_pam_nologin_in_the_account_phase_refuses_who_signed_in(
        hosts, provider, nologin, log, host):
    for name in ("sudo", "sudo-i", "su"):
        h.put_stack(name, h.shipped(name).replace(
            "@include common-account", "account required pam_nologin.so\n@include common-account"))
    run = host.dialogue("alice", [provider.as_person("alice")])
    assert not host.is_admitted(run, "alice"), run.transcript
    assert host.authenticate(log) == ["PAM_SUCCESS"]
    assert "PAM_SUCCESS" not in host.account(log)


### The provider's record, as after a reboot ###

@hosts_are(h.SSHD, h.SUDO, h.SU, h.LOGIN)
def test_without_the_cache_folder_as_after_a_reboot_it_works(every_host, provider, log, host):
    subprocess.run(["rm", "-rf", files.CACHE], check=True, timeout=30)
    cases.run(host, ROW["admitted"], provider, log)
    assert files.CACHE.stat().st_mode & 0o7777 == 0o700
