# SPDX-License-Identifier: BSD-2-Clause
"""An SSH key is no way round a role: with role_source = api the account phase asks
BeProduct's public API about the person whose account it is, at each log-in by a key or by
a certificate, by this host's own token."""

import subprocess

import pytest

import accounts
import pam_codes
import program
import settings as files
import sshd as sshd_module
import terminal
import words

CA = sshd_module.FOLDER / "user_ca"
CACHE = 300


def key():
    return accounts.make_key_of("alice")


def certificate():
    """Of the same key, in nobody's authorized_keys: a CA that sshd trusts has signed it."""
    own = sshd_module.FOLDER / "alice_cert"
    for one in (CA, own):
        if not one.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", one],
                           check=True, timeout=30)
    subprocess.run(["ssh-keygen", "-q", "-s", CA, "-I", "alice", "-n", "alice", f"{own}.pub"],
                   check=True, timeout=30, capture_output=True)
    return own


@pytest.fixture(params=[key, certificate], ids=lambda make: make.__name__)
def by_key(request, sshd):
    made = request.param()
    sshd.restart(AuthenticationMethods="publickey", TrustedUserCAKeys=f"{CA}.pub"
                 if request.param is certificate else "none")
    return made


def get_token(provider):
    """Of this host's: carol administers it."""
    run = program.Dialogue("service-sign-in")
    assert run.prompt() is not None, run.stderr
    run.answer(provider.as_person("carol")(run.address))
    assert run.end() == 0, run.stdout + run.stderr
    assert files.SERVICE_TOKEN.stat().st_mode & 0o7777 == 0o600


@pytest.fixture
def configure(settings, provider):
    """Configures, with such a token."""
    def conf(cache=CACHE, grace=0, **sections):
        settings.conf(api={"base_url": provider.api, "company": "acme", "role_source": "api",
                           "cache": f"{cache}s", "grace": f"{grace}s"}, **sections)

    conf()
    get_token(provider)
    return conf


def make_older(seconds):
    """What the API said; its time stands at 16. That it was down is over, too."""
    for one in files.CACHE.glob("user-*"):
        data = bytearray(one.read_bytes())
        data[16:24] = (int.from_bytes(data[16:24], "big") - seconds).to_bytes(8, "big")
        one.write_bytes(bytes(data))
    for one in files.CACHE.glob("outage-*"):
        one.unlink()


def of_api(provider):
    return [one for one in provider.log()["requests"] if one["endpoint"] == "api"]


def assert_in(key_file, log):
    log.mark()
    ssh = terminal.key_login("alice", key_file)
    assert ssh.status == 0 and "(alice)" in ssh.transcript, ssh.transcript
    assert not ssh.prompts
    admitted = log.wait_for_event("admitted", phase="account", user="alice", service="sshd")
    assert admitted["email"] == "alice@example.com"
    return admitted["detail"]


def assert_out(key_file, log, reason, code="PAM_PERM_DENIED", sentence=words.DENIED):
    log.mark()
    ssh = terminal.key_login("alice", key_file)
    assert ssh.status == 255 and "uid=" not in ssh.transcript, ssh.transcript
    assert pam_codes.account(log)[:1] == [code]
    event = next(one for one in log.events() if one["phase"] == "account")
    assert event["reason"] == reason, str(log)
    assert f"{sentence} [{event['attempt']}]" in ssh.transcript
    assert not log.events("admitted")


def test_a_role_that_is_taken_away_ends_a_key(by_key, configure, provider, log):
    configure()
    assert assert_in(by_key, log).startswith("by the public API, ")
    provider.change("alice", roles=["Guest"])
    assert_in(by_key, log)      # within cache: nobody is asked
    asked = len(of_api(provider))
    make_older(CACHE + 1)
    assert_out(by_key, log, "ROLE")
    assert len(of_api(provider)) == asked + 1
    provider.change("alice", roles=["Host Login"])
    assert_in(by_key, log)      # at once: what refuses is asked for anew


def test_who_has_left_the_company_is_out(by_key, configure, provider, log):
    configure(grace=3600)
    assert_in(by_key, log)
    provider.change("alice", active=False)
    make_older(CACHE + 1)
    assert_out(by_key, log, "API_INACTIVE")
    # and what was said before is no way back in while BeProduct is down
    provider.fault("api", status=503)
    make_older(0)
    assert_out(by_key, log, "STATUS", "PAM_AUTHINFO_UNAVAIL", words.LATER)


def test_with_beproduct_down_there_is_the_cache_then_the_grace_then_nothing(
        by_key, configure, provider, log):
    configure(grace=3600)
    assert_in(by_key, log)
    provider.stop()
    assert ", and it cannot be asked" not in assert_in(by_key, log)
    make_older(CACHE + 1)
    for _ in range(2):
        assert ", and it cannot be asked now: " in assert_in(by_key, log)
    make_older(3600)
    assert_out(by_key, log, "NO_CONNECTION", "PAM_AUTHINFO_UNAVAIL", words.LATER)


def test_when_it_is_there_again_it_is_asked_again(by_key, configure, provider, log):
    configure(cache=0)
    provider.fault("api", status=503, count=1)
    assert_out(by_key, log, "STATUS", "PAM_AUTHINFO_UNAVAIL", words.LATER)
    make_older(0)
    assert_in(by_key, log)


def test_an_access_token_that_is_too_old_is_renewed_and_the_log_ins_go_on(
        by_key, configure, provider, log):
    configure(cache=0)
    assert_in(by_key, log)
    before = files.SERVICE_TOKEN.read_bytes()
    provider.fault("api", status=401, count=1)
    assert_in(by_key, log)
    assert files.SERVICE_TOKEN.read_bytes() != before
    assert_in(by_key, log)


def test_whose_account_nobody_can_say_is_refused(by_key, configure, settings, log):
    files.put(files.MAP, "email /(.*)@example[.]com/ \\1\n")
    assert_out(by_key, log, "NOBODY_KNOWN", sentence=words.KEY)


def test_a_sign_in_says_whose_it_is(sshd, configure, provider, log):
    """Of rules that name nobody: whoever has signed in once has her key looked up."""
    files.put(files.MAP, "email /(.*)@example[.]com/ \\1\n")
    own = key()
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert ssh.status == 0, ssh.transcript
    sshd.restart(AuthenticationMethods="publickey")
    assert_in(own, log)
    provider.change("alice", roles=["Guest"])
    make_older(CACHE + 1)
    assert_out(own, log, "ROLE")
