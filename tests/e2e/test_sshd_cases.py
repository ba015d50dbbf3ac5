# SPDX-License-Identifier: BSD-2-Clause
"""What a sign-in over real ssh is like besides test_cases.py: what PAM answered, what
the person and the administrator read, and how often a browser had to be opened."""

import contextlib
import re
import time
from dataclasses import dataclass

import pytest

import accounts
import cases
import hosts
import idp
import pam_codes
import person
import processes
import recorded
import terminal
import words
from cases import NO_CODE_OF_HERS, NONSENSE
from tickets import wait_for
from tinyproxy import tinyproxy


def warm(provider, settings, log):
    """A provider's record that is fresh, and logs that are empty again."""
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert ssh.status == 0, ssh.transcript
    provider.reset()
    log.mark()


def is_admitted(ssh, name):
    return ssh.status == 0 and f"({name}) gid=" in ssh.transcript


def assert_refused(ssh, log, *, event, reason, sentence, prompts, rounds):
    """One attempt, ended for good: sshd gets MAXTRIES whatever the class."""
    assert ssh.status == 255, ssh.transcript
    assert pam_codes.authenticate(log) == ["PAM_MAXTRIES"], str(log)
    assert sentence in ssh.transcript
    assert len(ssh.prompts) == prompts, ssh.transcript
    assert len(ssh.addresses) == rounds
    refusal = log.wait_for_event(event, reason=reason, phase="auth")
    assert len(log.events(event)) == 1
    assert not log.events("admitted")
    assert "Accepted" not in str(log)
    return refusal


def assert_one_attempt(log, last):
    """started, then the end of it, under one id that the person saw as well."""
    started = log.events("started")
    assert len(started) == 1
    assert re.fullmatch("[0-9a-f]{16}", last["attempt"])
    assert started[0]["attempt"] == last["attempt"]


def test_a_person_with_role_and_account_is_admitted(sshd, provider, log):
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert is_admitted(ssh, "alice"), ssh.transcript
    assert pam_codes.authenticate(log) == ["PAM_SUCCESS"]
    assert set(pam_codes.account(log)) == {"PAM_SUCCESS"}
    assert (len(ssh.prompts), len(ssh.addresses)) == (1, 1)
    admitted = log.wait_for_event("admitted", phase="auth", user="alice", service="sshd",
                                  rhost="127.0.0.1", email="alice@example.com")
    assert admitted["sub"]
    assert_one_attempt(log, admitted)
    assert not log.events("refused") and not log.events("error")


@cases.on(hosts.SSHD, hosts.SUDO, hosts.SU, hosts.LOGIN)
def test_a_client_that_is_registered_with_proof_key(host, provider, settings):
    """By the default for this issuer, which is not BeProduct's."""
    settings.conf(provider={"client_id": "proof-key-hosts", "pkce": None})
    run = host.dialogue("alice", [provider.as_person("alice")])
    assert host.is_admitted(run, "alice"), run.transcript
    address, = run.addresses
    assert "&code_challenge_method=S256&code_challenge=" in address
    token, = [one for one in provider.of_host() if one["endpoint"] == "token"]
    assert "code_verifier" in token["parameters"]


def test_through_a_proxy_or_not_at_all(sshd, provider, settings, log, tmp_path):
    """A real one; that it refuses is said of it, and not of the provider."""
    with tinyproxy(tmp_path, provider.port) as (proxy, said):
        settings.conf(provider={"proxy": proxy})
        ssh = terminal.dialogue("alice", [provider.as_person("alice")])
        assert is_admitted(ssh, "alice"), ssh.transcript
        # discovery, the sign-in, and when the session ends what it was granted
        wait_for(lambda: said().count("CONNECT id.beproduct.test:443") == 3, said())
    settings.forget_provider()
    log.mark()
    with tinyproxy(tmp_path, 1) as (proxy, _):
        settings.conf(provider={"proxy": proxy})
        refusal = assert_refused(terminal.dialogue("alice", []), log, event=words.REFUSED_EVENT,
                                 reason=words.PROXY, sentence=words.LATER, prompts=0, rounds=0)
        assert refusal["detail"] == f"proxy {proxy[7:]}: the proxy refused, status 403"


def test_a_client_that_is_registered_without_and_asked_for_proof_key(sshd, provider, settings, log):
    settings.conf(provider={"pkce": "s256"})
    ssh = terminal.dialogue("alice", [provider.as_person("alice")] * 3)
    refusal = assert_refused(ssh, log, event=words.REFUSED_EVENT, reason=words.TOO_MANY,
                             sentence=words.TRIES, prompts=3, rounds=1)
    assert refusal["detail"] == (
        r'CODE_REFUSED: token endpoint: error \"invalid_grant\", status 400; a client registered '
        "without proof key is refused so: pkce = off")
    assert "proof key" not in ssh.transcript


def test_a_sign_in_that_ends_well_leaves_no_line_that_fail2ban_counts(sshd, provider, log):
    assert terminal.dialogue("alice", [provider.as_person("alice")]).status == 0
    log.wait_for("Accepted keyboard-interactive/pam for alice")
    assert not re.search(r"(?i)authentication failure|failed keyboard|error: PAM", str(log))


def test_neither_secret_nor_code_nor_state_is_logged(sshd, provider, log):
    pasted = []

    def answer(address):
        pasted.append(provider.as_person("alice")(address))
        return pasted[0]

    assert terminal.dialogue("alice", [answer]).status == 0
    log.wait_for_event("admitted")
    for name in ("code", "state"):
        value = re.search(rf"[?&]{name}=([^&]+)", pasted[0])[1]
        assert value not in str(log)
    assert idp.SECRET not in str(log)


def test_the_prompt_names_host_service_and_account_and_its_address_does(sshd, provider):
    with terminal.Ssh("alice") as ssh:
        prompt = ssh.prompt()
        assert "web1 (sshd) as alice" in prompt.text
        assert "state=web1_sshd_alice_" in prompt.address
        assert prompt.address.startswith("https://id.beproduct.test/ids/connect/authorize?")
        # what is not the address fits 80 columns
        assert all(len(line) <= 80 for line in prompt.text.split("\r\n")
                   if not line.startswith("https://"))


def test_root_has_its_key_where_sshd_takes_no_password_of_root(sshd, provider, log):
    ssh = terminal.key_login("root", accounts.ROOT_KEY)
    assert "uid=0(root)" in ssh.transcript, ssh.transcript
    assert set(pam_codes.account(log)) == {"PAM_SUCCESS"}
    assert provider.of_host() == []


def test_the_page_of_another_attempt_is_unusable(sshd, provider, log):
    with terminal.Ssh("alice") as other:
        page = provider.as_person("alice")(other.prompt().address)
        other.hang_up()
    log.mark()
    ssh = terminal.dialogue("alice", [page, provider.as_person("alice")])
    assert is_admitted(ssh, "alice"), ssh.transcript
    assert words.AGAIN in ssh.prompts[1].text
    assert provider.endpoints().count("token") == 1


def test_two_who_sign_in_at_the_same_time_have_an_attempt_each(sshd, provider, log):
    with terminal.Ssh("alice") as first, terminal.Ssh("dave") as second:
        pages = [provider.as_person(name)(ssh.prompt().address)
                 for name, ssh in (("alice", first), ("dave", second))]
        # the other's page first, which nobody takes
        for ssh, other in ((first, pages[1]), (second, pages[0])):
            ssh.answer(other)
            assert words.AGAIN in ssh.prompt().text
        assert "token" not in provider.endpoints()
        for ssh, own in ((second, pages[1]), (first, pages[0])):
            ssh.answer(own)
            ssh.end()
    for name, ssh in (("alice", first), ("dave", second)):
        assert is_admitted(ssh, name), ssh.transcript
        started, = log.events("started", user=name)
        admitted, = log.events("admitted", user=name)
        assert started["attempt"] == admitted["attempt"]
    assert len({one["attempt"] for one in log.events()}) == 2


def _query(page):
    return page.split("?", 1)[1]


def _code(page):
    return re.search(r"code=([^&]+)", page)[1]


@pytest.mark.parametrize("shape", [
    _query, _code, lambda page: f"code={_code(page)}", lambda page: f'  "{page}" ',
    lambda page: page.replace("http://", ""), lambda page: page.replace("http:", "HTTPS:"),
    lambda page: f"{page}#fragment"],
    ids=["the query alone", "the bare code", "code= and the code", "quotes and blanks around it",
         "no scheme", "another scheme", "a fragment"])
def test_the_answer_may_be(sshd, provider, shape):
    ssh = terminal.dialogue("alice", [lambda address: shape(provider.as_person("alice")(address))])
    assert is_admitted(ssh, "alice"), ssh.transcript
    assert len(ssh.prompts) == 1


def test_a_cancelled_sign_in_is_refused_at_once(sshd, provider, log):
    def cancelled(address):
        return person.sign_in(address, "alice", "", provider.ca, cancel=True)

    ssh = terminal.dialogue("alice", [cancelled])
    assert_refused(ssh, log, event=words.REFUSED_EVENT, reason=words.ACCESS_DENIED,
                   sentence=words.CANCELLED, prompts=1, rounds=1)
    assert "token" not in provider.endpoints()


@pytest.mark.parametrize("error, reason, sentence", [
    ("access_denied", words.ACCESS_DENIED, words.CANCELLED),
    ("login_required", words.LOGIN_REQUIRED, words.LOGIN),
    ("consent_required", words.CONSENT_REQUIRED, words.CONSENT),
    ("interaction_required", words.INTERACTION_REQUIRED, words.INTERACT),
    ("temporarily_unavailable", words.PROVIDER_REFUSED, words.REFUSED)])
def test_a_sign_in_that_fails_at_the_provider_is_told_what_to_do(
        sshd, provider, log, error, reason, sentence):
    """At once, and without asking the provider anything more."""
    def failed(address):
        state = re.search(r"[?&]state=([^&]+)", address)[1]
        return f"https://copy-this-address.invalid/?error={error}&state={state}"

    with terminal.Ssh("alice") as ssh:
        ssh.answer(failed(ssh.prompt().address))
        asked = time.monotonic()
        ssh.end()
        # libpam's delay is for guessed codes: of three seconds, a half at least
        assert time.monotonic() - asked < 1.5
    assert_refused(ssh, log, event=words.REFUSED_EVENT, reason=reason, sentence=sentence,
                   prompts=1, rounds=1)
    assert "token" not in provider.endpoints()


@dataclass(frozen=True)
class Forged:
    name: str
    reason: str
    endpoint: str
    fault: tuple


FORGERIES = [
    Forged("an id_token of another attempt", words.TOKEN_NONCE, "token",
           (("idtoken", {"payload": {"nonce": "of another attempt"}}),)),
    Forged("UserInfo of another person", words.USERINFO_SUB, "userinfo",
           (("patch", {"sub": "another"}),)),
]


@pytest.mark.parametrize("row", FORGERIES, ids=lambda row: row.name)
def test_what_is_not_valid_admits_nobody(sshd, provider, log, row):
    provider.fault(row.endpoint, **dict(row.fault))
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert_refused(ssh, log, event=words.REFUSED_EVENT, reason=row.reason,
                   sentence=words.FAILED, prompts=1, rounds=1)


def test_a_provider_that_goes_down_meanwhile_ends_it(sshd, provider, log):
    def answer(address):
        page = provider.as_person("alice")(address)
        provider.stop()
        return page

    ssh = terminal.dialogue("alice", [answer])
    assert_refused(ssh, log, event=words.REFUSED_EVENT, reason=words.NO_CONNECTION,
                   sentence=words.LATER, prompts=1, rounds=1)


### An account that does not exist ###

def _transcript_of(account, answers):
    """With what differs by right taken out: the name, and what is random.

    sshd's own client says the name in front of a prompt, too."""
    text = terminal.dialogue(account, answers).transcript
    text = re.sub(r"(state=[^_]+_[^_]+_[^_]+_)[0-9a-f]+", r"\1STATE", text)
    text = re.sub(r"(nonce=)[0-9a-f]+", r"\1NONCE", text)
    text = re.sub(r"\b[0-9a-f]{16}\b", "ATTEMPT", text)
    return text.replace(account, "NAME")


@pytest.mark.parametrize("line", [NONSENSE, NO_CODE_OF_HERS, "", "x" * 1100],
                         ids=["unusable", "refused", "empty", "over-long"])
def test_an_unknown_account_reads_as_a_known_one_where_the_answers_are(sshd, log, line):
    known = _transcript_of("alice", [line] * 3)
    log.mark()
    unknown = _transcript_of(accounts.ABSENT, [line] * 3)
    assert unknown == known
    assert "STATE" in known
    assert not log.events("admitted")
    assert pam_codes.authenticate(log) == ["PAM_MAXTRIES"]


def test_an_unknown_account_is_not_admitted_and_not_named(sshd, provider, log):
    ssh = terminal.dialogue(accounts.ABSENT, [provider.as_person("alice")] * 3)
    assert ssh.status == 255
    assert pam_codes.authenticate(log) == ["PAM_MAXTRIES"]
    log.wait_for_event(words.REFUSED_EVENT)
    for event in log.events():
        assert accounts.ABSENT not in event.line.text
        assert event.get("user") is None
    assert "token" not in provider.endpoints()
    assert words.TRIES in ssh.transcript
    log.wait_for_event(words.REFUSED_EVENT, reason=words.TOO_MANY)
    recorded.record("sshd", "unknown account", ["PAM_MAXTRIES"], words.TRIES,
                    words.REFUSED_EVENT, words.TOO_MANY, len(ssh.addresses))


@pytest.mark.parametrize("options", [{"DenyUsers": "alice"}, {"AllowUsers": "bob"}],
                         ids=["DenyUsers", "AllowUsers"])
def test_whom_sshd_lets_in_by_nothing_is_named_in_the_log(sshd, provider, log, options):
    sshd.restart(**options)
    ssh = terminal.dialogue("alice", [provider.as_person("alice")] * 3)
    assert ssh.status == 255
    error = log.wait_for_event(words.ERROR_EVENT, reason=words.ANSWER_REPLACED, user="alice")
    assert "AllowUsers, DenyUsers, PermitRootLogin" in error["text"]
    log.wait_for_event(words.REFUSED_EVENT, reason=words.TOO_MANY)
    assert len(log.events(words.ERROR_EVENT)) == 1
    assert "token" not in provider.endpoints()


### The key `prompt` ###

@pytest.mark.parametrize("sections, pressed", [
    ({}, []),
    ({"service_sshd": {"prompt": "login"}}, ["login"]),
    ({"service_sshd": {"prompt": "select_account"}}, ["continue"]),
    ({"service_sshd": {"prompt": "consent"}}, ["allow"]),
    ({"provider": {"prompt": "login"}}, ["login"]),
    ({"provider": {"prompt": "login"}, "service_sshd": {"prompt": "consent"}}, ["allow"]),
    ({"service_sudo": {"prompt": "login"}}, []),
], ids=["none", "login", "select_account", "consent", "the provider's", "the section's before it",
        "another service's"])
def test_who_is_signed_in_in_the_browser_is_asked_as_prompt_says(
        sshd, provider, settings, sections, pressed):
    browser, pages = person.Browser(provider.ca), []

    def sign_in(address):
        pages.clear()
        return person.sign_in(address, "alice", "alice's password", provider.ca, browser=browser,
                              pages=pages)

    assert is_admitted(terminal.dialogue("alice", [sign_in]), "alice")
    assert pages == ["login"]
    settings.conf(**sections)
    assert is_admitted(terminal.dialogue("alice", [sign_in]), "alice")
    assert pages == pressed


### sshd's `password` method ###

def test_where_sshd_has_no_prompts_the_log_says_which_line_is_wrong(sshd, provider, log):
    """As Debian ships it: the likeliest mistake of all."""
    sshd.restart(KbdInteractiveAuthentication="no", PasswordAuthentication="yes")
    with terminal.Ssh("alice", asks=r"password: ", NumberOfPasswordPrompts="1",
                      PreferredAuthentications="password,keyboard-interactive") as ssh:
        assert ssh.prompt().text.endswith("password: ")
        ssh.answer("alice's local password")
        ssh.end()
    refused = log.wait_for_event(words.REFUSED_EVENT, reason=words.SSH_NO_PROMPT, user="alice")
    assert "KbdInteractiveAuthentication" in refused["text"]
    assert "token" not in provider.endpoints()


def test_a_password_sent_to_the_password_method_reaches_nobody(sshd, provider, settings, log):
    warm(provider, settings, log)
    sshd.restart(PasswordAuthentication="yes")
    with contextlib.closing(processes.Started()) as started, terminal.Ssh(
            "alice", asks=rf"password: |{words.PROMPT_END}", NumberOfPasswordPrompts="1",
            PreferredAuthentications="password,keyboard-interactive") as ssh:
        assert ssh.prompt().text.endswith("password: ")
        ssh.answer("alice's local password")
        address = ssh.prompt().address
        assert pam_codes.authenticate(log) == ["PAM_CONV_ERR"]
        assert started.so_far() == 0
        assert provider.of_host() == []
        # and that method's failure took nothing from the one tried next
        ssh.answer(provider.as_person("alice")(address))
        ssh.end()
    log.wait_for_event("admitted", phase="auth", user="alice")
    log.wait_for("Accepted keyboard-interactive/pam for alice")
    assert pam_codes.authenticate(log) == ["PAM_CONV_ERR", "PAM_SUCCESS"]
    # Whether a session follows is not ours to say: test_bed.py shows why.


def test_a_client_that_does_not_try_the_password_first_is_admitted_beside_it(sshd, provider):
    sshd.restart(PasswordAuthentication="yes")
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert is_admitted(ssh, "alice"), ssh.transcript


### The documented stack's other lines still count ###

def test_nologin_still_closes_the_host(sshd, provider, nologin, log):
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert ssh.status == 255, ssh.transcript
    assert pam_codes.authenticate(log) == ["PAM_SUCCESS"]
    assert pam_codes.account(log) == ["PAM_AUTH_ERR"]
    recorded.record("sshd", "pam_nologin", ["PAM_SUCCESS"], "", "admitted", "ADMITTED", 1,
                    ["PAM_AUTH_ERR"])


def test_a_key_of_an_account_of_ours_is_refused_in_the_account_phase(sshd, log):
    ssh = terminal.key_login("alice", accounts.make_key_of("alice"))
    assert ssh.status == 255, ssh.transcript
    assert pam_codes.account(log)[:1] == ["PAM_PERM_DENIED"]
    assert words.KEY in ssh.transcript
    log.wait_for_event(words.REFUSED_EVENT, phase="account", reason=words.SSH_NO_SIGN_IN,
                       user="alice")


def test_a_key_and_then_a_sign_in_is_admitted(sshd, provider):
    sshd.restart(AuthenticationMethods="publickey,keyboard-interactive:pam")
    key = accounts.make_key_of("alice")
    with terminal.Ssh("alice", IdentityFile=str(key), IdentitiesOnly="yes",
                      PreferredAuthentications="publickey,keyboard-interactive") as ssh:
        ssh.answer(provider.as_person("alice")(ssh.prompt().address))
        ssh.end()
    assert is_admitted(ssh, "alice"), ssh.transcript


### A person who goes away ###

def test_ctrl_c_ends_ssh_and_leaves_nothing(sshd, provider, log):
    run, modes = cases.begin(hosts.SSHD)
    with run:
        run.press("c")
        assert run.end() in (255, "signal 2"), run.transcript
    cases.assert_nothing_left(run, modes)
    end = time.monotonic() + 10
    while processes.all_in_prompt() and time.monotonic() < end:
        time.sleep(0.05)
    assert not processes.all_in_prompt()
    assert pam_codes.authenticate(log) == []
    assert [one.name for one in log.events()] == ["started"]
    recorded.record("sshd", "Ctrl-C", [], "", "started", "", 1)


def test_ctrl_d_is_an_empty_line_and_the_third_ends_it(sshd, provider, log):
    """ssh sends what was typed until then: nothing."""
    run, modes = cases.begin(hosts.SSHD)
    with run:
        for _ in range(3):
            run.press("d")
            run.prompt()
        assert run.end() == 255, run.transcript
    cases.assert_nothing_left(run, modes)
    refused = assert_refused(run, log, event=words.REFUSED_EVENT, reason=words.TOO_MANY,
                             sentence=words.TRIES, prompts=3, rounds=1)
    assert_one_attempt(log, refused)
    assert "token" not in provider.endpoints()
    recorded.record("sshd", "Ctrl-D", ["PAM_MAXTRIES"], words.TRIES, words.REFUSED_EVENT,
                    words.TOO_MANY, 1)


def test_after_one_ctrl_d_the_right_answer_admits(sshd, provider, log):
    with terminal.Ssh("alice") as ssh:
        address = ssh.prompt().address
        ssh.press("d")
        ssh.prompt()
        ssh.answer(provider.as_person("alice")(address))
        ssh.end()
    assert is_admitted(ssh, "alice"), ssh.transcript


def test_a_person_who_gives_up_leaves_the_line_that_it_started(sshd, log):
    with terminal.Ssh("alice") as ssh:
        ssh.prompt()
        ssh.hang_up()
    log.wait_for_event("started", user="alice", phase="auth")
    assert not log.events("admitted")
    assert not processes.helpers()
