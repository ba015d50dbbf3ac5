# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl sign-in`: a sign-in at the real provider, and what is said of it."""

import contextlib
import ctypes
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse

import idp
import person
import pexpect
import pytest
import settings as files
from program import CTL, SECONDS, ctl, nothing_secret

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
ALICE = "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1001"
CAROL = "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1003"
BOTH = ("--user", "alice", "--service", "sshd")

CLAIMS = f"""\
[claims]
sub = {ALICE}
scope = openid, profile, email, roles, offline_access
email = alice@example.com
email_verified = true
role = Host Login, Admin
company = acme
"""

ADMITTED = """\
# yes  account alice (uid {uid})
# yes  tenant = claim company=acme: UserInfo "acme", id_token absent
# -    roles: "Host Login", "Admin"
# -    scopes: "openid", "profile", "email", "roles", "offline_access"
# yes  [service:sshd] require_role = Host Login
# -    [service:sshd] require_all_roles is not set
# -    [service:sshd] require_scope is not set
# yes  e-mail "alice@example.com" is verified: email_verified is true
# yes  /etc/beproduct/accounts.map:2: email alice@example.com alice: gives alice
# -    pins: alice is nobody's yet: whoever is admitted first has it
# admitted: alice, by sshd
"""

PROMPT = """\
issuer       https://id.beproduct.test/ids
client_id    web-hosts
scopes       openid, profile, email, roles, offline_access
redirect_uri https://copy-this-address.invalid/
pkce         off

Sign in to web1 (beproductctl) as alice with BeProduct.
Open this address in any browser:

ADDRESS

Behind state= it names host, service and account.
Go on only if they are what you typed yourself.
The last page may not load: paste its address here.
If BeProduct shows an error, press Ctrl-C and compare
client_id and redirect_uri above, byte by byte, with what is registered.
Address: """


def uid(name):
    return pwd.getpwnam(name).pw_uid


def last(one):
    return one.stdout.splitlines()[-1]


def test_who_is_admitted_and_why_and_exit_0(live, provider, dialogue):
    one = dialogue("sign-in", *BOTH)
    prompt = one.prompt()
    assert prompt.replace(one.address, "ADDRESS") == PROMPT
    assert "state=web1_beproductctl_alice_" in one.address
    pasted = provider.as_person("alice")(one.address)
    one.answer(pasted)
    assert one.end() == 0
    assert one.stdout == CLAIMS + ADMITTED.format(uid=uid("alice"))
    assert nothing_secret(one, pasted)
    assert provider.endpoints() == ["discovery", "jwks", "token", "userinfo"]


def test_what_only_doctor_tells_is_not_kept(live, sign_in):
    """The Date of the provider's answer, and the scopes on offer."""
    assert sign_in("alice", "sign-in", *BOTH).status == 0
    record, = files.CACHE.glob("provider-*")
    assert b"/connect/token" in record.read_bytes()
    assert not re.search(rb"\x00\n\d{10}|BeProductPublicApi", record.read_bytes())


def test_under_tenant_api_the_public_api_is_asked(live, provider, dialogue):
    live.conf(provider={"tenant": "api"}, api={"base_url": provider.api, "company": "acme"})
    one = dialogue("sign-in", *BOTH)
    assert ("scopes       openid, profile, email, roles, BeProductPublicApi, offline_access\n"
            in one.prompt())
    assert asked(one.address)["scope"] == ("openid profile email roles "
                                         "BeProductPublicApi offline_access")
    pasted = provider.as_person("alice")(one.address)
    one.answer(pasted)
    assert one.end() == 0
    assert (f"# yes  tenant = api: company acme at {provider.api}: an active user has this "
            "e-mail\n") in one.stdout
    assert provider.endpoints() == ["discovery", "jwks", "token", "userinfo", "api"]
    assert nothing_secret(one, pasted)


@pytest.mark.parametrize("login, end", [
    ("mallory", "# refused: API_FORBIDDEN: the public API says that this company is not for this "
     "person (public API: status 403 at https://id.beproduct.test:8443, "
     'which names no error, of \\"alice@example.com\\")'),
    ("ivan", "# refused: API_INACTIVE: the public API: the user is not active (public API: active of "
     'the user is not true, of \\"ivan@example.com\\")')])
def test_who_is_not_found_there_is_refused_and_it_says_why(live, provider, dialogue, login, end):
    live.conf(provider={"tenant": "api"}, api={"base_url": provider.api, "company": "acme"})
    one = dialogue("sign-in", *BOTH)
    one.prompt()
    one.answer(provider.as_person(login)(one.address))
    assert one.end() == 1
    assert last(one) == end


### What would be renewed ###

GRANTED = "renewal      a refresh token was granted, and is revoked\n"
NONE_GRANTED = ("renewal      offline_access was asked for, and no refresh token was granted: sudo "
                "will ask the person again after recheck\n")


@pytest.mark.parametrize("service", ["sshd", "sudo", "login"])
def test_a_refresh_token_is_told_of_and_revoked_at_once(live, provider, sign_in, service):
    one = sign_in("alice", "sign-in", "--user", "alice", "--service", service)
    assert one.status == 0 and GRANTED in one.stderr
    assert provider.refresh_tokens("alice") == 0
    assert [request["status"] for request in provider.log()["requests"]
            if request["endpoint"] == "revocation"] == [200]
    assert not list(files.TICKETS.glob("*")) and not list(files.QUEUE.glob("*"))
    assert nothing_secret(one)


def test_where_none_is_granted_that_is_said(live, provider, sign_in):
    provider.shape(offline=False)
    one = sign_in("alice", "sign-in", *BOTH)
    assert one.status == 0 and NONE_GRANTED in one.stderr


@pytest.mark.parametrize("arguments, sudo", [
    (("--user", "alice", "--service", "su"), {}), (("--user", "alice"), {}),
    (BOTH, {"recheck": "8h"}), (BOTH, {"ticket": "0s"})])
def test_and_where_none_is_asked_for_nothing(live, provider, sign_in, arguments, sudo):
    live.conf(service_sudo=sudo)
    one = sign_in("alice", "sign-in", *arguments)
    assert one.status == 0 and "renewal" not in one.stderr
    assert "offline_access" not in one.address


def test_a_token_that_cannot_be_revoked_is_said_to_live_on(live, provider, sign_in):
    provider.fault("revocation", status=503)
    one = sign_in("alice", "sign-in", *BOTH)
    assert one.status == 0 and "warning: STATUS: a refresh token was granted, and is not " \
        "revoked: it ends at the provider by time (" in one.stderr
    assert provider.refresh_tokens("alice") == 1


def asked(address):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


def test_a_service_asks_for_a_sign_in_of_its_kind_and_age(live, provider, dialogue):
    live.conf(provider={"acr_values": "urn:a, b"},
              service_sshd={"max_age": "10m", "prompt": "login"})
    one = dialogue("sign-in", *BOTH)
    one.prompt()
    query = asked(one.address)
    assert (query["acr_values"], query["max_age"], query["prompt"]) == ("urn:a b", "600", "login")
    one.answer(provider.as_person("alice")(one.address))
    assert one.end() == 0
    assert re.search(r"\n\[id_token\]\nauth_time = \(number\) \d{10}\n", one.stdout)
    assert "\n# yes  [service:sshd] max_age = 600s: id_token: auth_time: number " in one.stdout


@pytest.mark.parametrize("keys, payload, reason", [
    ({"max_age": "10m"}, {"auth_time": 1767225600}, "AUTH_TIME_PAST"),
    ({"max_age": "10m"}, {"auth_time": 99999999999}, "AUTH_TIME_AHEAD"),
    ({"max_age": "10m"}, {"auth_time": None}, "AUTH_TIME"),
    ({"max_age": "10m"}, {"auth_time": "now"}, "AUTH_TIME"),
    ({"require_acr": "mfa"}, {"acr": "pwd"}, "ACR"),
    ({"require_acr": "mfa"}, {"acr": ["mfa"]}, "ACR_TYPE"),
    ({"require_amr": "otp"}, {"amr": ["pwd"]}, "AMR"),
    ({"require_amr": "otp"}, {"amr": "otp"}, "AMR_TYPE"),
    ({"require_acr": "mfa", "require_amr": "otp, pwd"}, {"acr": "mfa", "amr": ["pwd", "otp"]}, None),
], ids=str)
def test_what_the_id_token_says_of_the_sign_in_decides(live, provider, dialogue, keys, payload,
                                                       reason):
    live.conf(service_sshd=keys)
    provider.fault("token", idtoken={"payload": payload})
    # of this UserInfo knows nothing, whatever it says
    provider.fault("userinfo", patch={"acr": "mfa", "amr": ["otp"], "auth_time": int(time.time())})
    one = dialogue("sign-in", *BOTH)
    one.prompt()
    one.answer(provider.as_person("alice")(one.address))
    assert one.end() == (0 if reason is None else 1)
    assert last(one).startswith("# admitted: " if reason is None else f"# refused: {reason}: ")


@pytest.mark.parametrize("key, value", [
    ("client_id", "web-host"), ("redirect_uri", "http://localhost:8765/callback/")])
def test_what_is_not_registered_is_shown_beside_what_to_compare(live, provider, dialogue, key, value):
    live.conf(provider={key: value})
    one = dialogue("sign-in", *BOTH)
    prompt = one.prompt()
    # the provider's own page is all that the person sees of it
    with pytest.raises(person.ProviderPage):
        provider.as_person("alice")(one.address)
    assert f"{key:<12} {value}\n" in prompt
    assert "compare\nclient_id and redirect_uri above, byte by byte, with what is registered" in prompt


def test_what_it_prints_explain_reads_and_judges_the_same(live, sign_in, tmp_path):
    for name, status in (("alice", 0), ("mallory", 1)):
        one = sign_in(name, "sign-in", *BOTH)
        assert one.status == status
        kept = tmp_path / name
        kept.write_text(one.stdout)
        again = ctl("explain", *BOTH, "--claims", kept)
        assert again.returncode == status
        report = [line[2:] for line in one.stdout.splitlines() if line.startswith("# ")]
        # all of it, and rules of other people besides
        assert [line for line in again.stdout.splitlines() if line in report] == report


def test_so_it_does_of_somebody_with_many_roles(live, provider, sign_in, tmp_path):
    roles = [f"{n:03d}" + 60 * "r" for n in range(150)]
    provider.fault("userinfo", patch={"role": roles})
    one = sign_in("alice", "sign-in", *BOTH)
    assert last(one).startswith("# refused: ROLE: ")
    assert all(role in one.stdout for role in roles)
    kept = tmp_path / "kept"
    kept.write_text(one.stdout)
    again = ctl("explain", *BOTH, "--claims", kept)
    assert (again.returncode, again.stderr) == (1, "")


def test_neither_user_nor_service_is_signed_in_and_told_its_accounts(live, sign_in):
    one = sign_in("alice", "sign-in")
    assert one.status == 0
    assert "as anyone with" in one.stderr
    assert one.stdout.startswith(CLAIMS.replace(", offline_access", ""))
    assert one.stdout.endswith(
        "# yes  /etc/beproduct/accounts.map:2: email alice@example.com alice: gives alice\n"
        "# signed in; neither --user nor --service was asked about\n")
    assert "account" not in one.stdout.split("\n")[8]


def test_who_has_no_account_at_all_is_shown_the_lines_that_give_one(live, sign_in):
    one = sign_in("carol", "sign-in")
    assert one.status == 0
    assert one.stdout.endswith(
        "# -    /etc/beproduct/accounts.map lacks one of these lines:\n"
        f"# sub  {CAROL}  ACCOUNT\n"
        "# email  carol@example.com  ACCOUNT\n"
        "# signed in; neither --user nor --service was asked about\n")


def test_an_unverified_address_gives_no_account_though_none_was_asked_about(live, sign_in):
    files.put(files.MAP, "email /(.*)@example\\.com/ \\1\n")
    one = sign_in("erin", "sign-in")
    assert one.status == 0
    assert one.stdout.endswith(
        '# no   e-mail "erin@example.com" is not verified: email_verified is false\n'
        "# no   /etc/beproduct/accounts.map:1: email /(.*)@example\\.com/ \\1: "
        "the e-mail is not verified: it would give erin\n"
        "# -    /etc/beproduct/accounts.map lacks one of these lines:\n"
        "# sub  0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1005  ACCOUNT\n"
        "# signed in; neither --user nor --service was asked about\n")


def test_the_line_by_sub_that_is_shown_maps(live, sign_in):
    both = ("--user", "carol", "--service", "sshd")
    one = sign_in("carol", "sign-in", *both)
    assert one.status == 1
    assert last(one) == "# refused: NO_RULE: no rule of the map gives this account"
    shown = one.stdout.splitlines()[-3]
    assert shown == f"# sub  {CAROL}  carol"
    files.put(files.MAP, shown[2:] + "\n")
    assert sign_in("carol", "sign-in", *both).status == 0


def test_the_wrong_browser_is_told_from_a_line_that_is_missing(live, sign_in):
    one = sign_in("bob", "sign-in", *BOTH)
    assert one.status == 1
    assert ('# no   the browser was signed in as "bob@example.com", and /etc/beproduct/accounts.map:2 '
            "gives this account to somebody else: was another person meant?\n") in one.stdout
    assert "# -    else /etc/beproduct/accounts.map lacks one of these lines:\n" in one.stdout


def test_under_tenant_any_only_the_sub_is_shown(live, sign_in):
    live.conf(provider={"tenant": "any"})
    one = sign_in("carol", "sign-in", "--user", "carol")
    assert one.status == 1
    assert f"# sub  {CAROL}  carol\n" in one.stdout
    assert "# email  " not in one.stdout


@pytest.mark.parametrize("name, arguments, reason", [
    ("bob", ("--user", "bob", "--service", "sshd"), "ROLE"),
    ("bob", ("--service", "sshd"), "ROLE"),
    ("alice", ("--user", "bob"), "NO_RULE"),
    ("mallory", ("--user", "alice"), "TENANT"),
    ("mallory", ("--service", "sshd"), "TENANT"),
    ("mallory", BOTH, "TENANT"),
])
def test_who_is_refused_exit_1(live, sign_in, name, arguments, reason):
    one = sign_in(name, "sign-in", *arguments)
    assert one.status == 1
    assert last(one).startswith(f"# refused: {reason}: ")


@pytest.mark.parametrize("name, arguments, end", [
    ("alice", ("--user", "alice"), "# signed in, and mapped; no --service was asked about"),
    ("alice", ("--service", "sshd"), "# signed in, and allowed; no --user was asked about"),
])
def test_half_of_a_question_is_half_an_answer(live, sign_in, name, arguments, end):
    one = sign_in(name, "sign-in", *arguments)
    assert (one.status, last(one)) == (0, end)


@pytest.mark.parametrize("arguments, reason", [
    (("--user", "root"), "ROOT"),
    (("--user", "local1"), "LOCAL_ACCOUNT"),
    (("--user", "daemon"), "LOCAL_ACCOUNT"),
    (("--user", "nobody"), "LOCAL_ACCOUNT"),
    (("--user", "nosuch"), "NO_ACCOUNT"),
    (("--user", "alice", "--service", "kiosk"), "SERVICE_CLOSED"),
    (("--service", "kiosk"), "SERVICE_CLOSED"),
])
def test_where_no_sign_in_could_help_nobody_is_asked(live, provider, arguments, reason):
    done = ctl("sign-in", *arguments, input="")
    assert done.returncode == 1
    assert done.stdout.startswith(f"# refused: {reason}: ")
    assert "Address" not in done.stderr and provider.endpoints() == []


@pytest.fixture
def es256(live, provider):
    """Settings, and a provider that signs with ES256 meanwhile."""
    provider.control("POST", "/rotate", {"alg": "ES256"})
    yield live
    provider.control("POST", "/rotate")


def test_a_signature_that_is_not_in_signing_algs_is_named_exit_1(es256, sign_in):
    one = sign_in("alice", "sign-in", *BOTH)
    assert one.status == 1
    assert one.stdout.startswith("# refused: TOKEN_ALG: ")
    assert r'alg \"ES256\" is not in signing_algs' in one.stdout


def test_a_signature_that_is_in_signing_algs_is_taken(es256, sign_in):
    es256.conf(provider={"signing_algs": "RS256, ES256"})
    assert sign_in("alice", "sign-in", *BOTH).status == 0


def test_three_answers_of_no_use_and_exit_1(live, provider, dialogue):
    one = dialogue("sign-in")
    for answer in ("nonsense", "", "code=" + 21 * "a"):
        assert one.prompt() is not None
        one.answer(answer)
    assert one.prompt() is None
    assert one.end() == 1
    assert one.stdout == "# refused: TRIES: three answers of no use (NO_CODE)\n"
    assert one.stderr.count("That answer could not be used.") == 2
    assert provider.endpoints() == ["discovery", "jwks"]


def test_a_second_answer_may_be_good(live, provider, dialogue):
    one = dialogue("sign-in", *BOTH)
    one.prompt()
    one.answer("0123456789abcdef0123456789abcdef")
    assert "could not be used" in one.prompt()
    one.answer(provider.as_person("alice")(one.address))
    assert one.end() == 0


def test_lines_that_come_at_once_are_answers_one_by_one(live, provider):
    done = ctl("sign-in", input="a\nb\nc\nd\n")
    assert done.returncode == 1
    assert done.stdout == "# refused: TRIES: three answers of no use (NO_CODE)\n"


def test_a_line_that_is_too_long_is_of_no_use_and_the_next_is_a_line(live, provider, dialogue):
    one = dialogue("sign-in", *BOTH)
    one.prompt()
    one.answer("code=" + 20000 * "a")
    assert one.prompt() is not None
    one.answer(provider.as_person("alice")(one.address))
    assert one.end() == 0


def at_a_terminal(*arguments):
    return pexpect.spawn(CTL, list(arguments), timeout=SECONDS, encoding="utf-8",
                         dimensions=(24, 80))


def test_at_a_terminal_all_of_it_is_seen(live, provider):
    child = at_a_terminal("sign-in", *BOTH)
    child.expect("Address: ")
    address = re.search(r"(?m)^(https://[!-~]+)\r$", child.before)[1]
    child.sendline(provider.as_person("alice")(address))
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "[claims]\r\n" in child.before
    assert child.before.endswith("# admitted: alice, by sshd\r\n")


def test_a_line_that_a_terminal_cut_is_told_so(live):
    child = at_a_terminal("sign-in")
    child.expect("Address: ")
    child.sendline("code=" + 4200 * "a")
    child.expect("That answer arrived incomplete: it is too long")
    child.expect("Address: ")
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1


def test_a_cache_that_cannot_be_written_is_told_of(live, sign_in):
    shutil.rmtree(files.CACHE, ignore_errors=True)
    files.CACHE.write_text("")
    try:
        one = sign_in("alice", "sign-in", *BOTH)
    finally:
        files.CACHE.unlink()
    assert one.status == 0
    assert ("cache        /var/cache/beproduct: a link, or wrong type, owner or mode\n"
            in one.stderr)


def test_an_output_that_is_lost_is_told_of_exit_3(live, provider, tmp_path):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([CTL, "sign-in", "--user", "root"], stdout=full, check=False,
                              stderr=subprocess.PIPE, text=True, timeout=SECONDS)
    assert done.returncode == 3
    assert "standard output: No space left" in done.stderr


def test_a_line_without_an_end_is_a_line(live, provider, dialogue):
    one = dialogue("sign-in", *BOTH)
    one.prompt()
    one.answer(provider.as_person("alice")(one.address).encode())
    assert one.end() == 0


def test_no_answer_exit_1(live, provider):
    done = ctl("sign-in", stdin=os.open("/dev/null", os.O_RDONLY))
    assert done.returncode == 1
    assert done.stdout == "# refused: BROKE_OFF: the conversation broke off\n"


def test_fifty_at_once_without_a_record_ask_discovery_once(live, provider):
    fifty = [subprocess.Popen([CTL, "sign-in"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) for _ in range(50)]
    for one in fifty:
        _, said = one.communicate(timeout=60)
        assert "connect/authorize?state=web1_beproductctl_anyone_" in said, said
    assert provider.endpoints() == ["discovery", "jwks"]


def test_a_person_who_cancels_exit_1(live, provider, dialogue):
    one = dialogue("sign-in")
    one.prompt()
    one.answer(person.sign_in(one.address, "alice", "", provider.ca, cancel=True))
    assert one.end() == 1
    assert one.stdout.startswith("# refused: ACCESS_DENIED: cancelled at the provider")
    assert nothing_secret(one)


def test_a_code_and_an_error_beside_it_exit_1(live, provider, dialogue):
    one = dialogue("sign-in")
    one.prompt()
    one.answer(provider.as_person("alice")(one.address) + "&error=access_denied")
    assert one.end() == 1
    assert one.stdout.startswith("# refused: ACCESS_DENIED: cancelled at the provider")
    assert "token" not in provider.endpoints()
    assert nothing_secret(one)


def test_a_provider_that_is_down_exit_2(live, provider):
    live.conf(provider={"issuer": "https://id.beproduct.test:9/ids"})
    done = ctl("sign-in", input="")
    assert done.returncode == 2
    assert done.stdout.startswith("# refused: NO_CONNECTION: no connection to the provider (")
    assert "client_id    web-hosts\n" in done.stderr and "Address" not in done.stderr


def test_a_provider_that_is_silent_exit_2(live):
    with socket.create_server(("127.0.0.1", 9443)):
        live.conf(provider={"issuer": "https://id.beproduct.test:9443/ids", "timeout": "1s"})
        done = ctl("sign-in", input="")
    assert done.returncode == 2
    assert done.stdout.startswith("# refused: SILENCE: ")


def test_a_deadline_that_is_over_exit_2(live, provider, dialogue):
    live.conf(service_sshd={"deadline": "10s"})
    one = dialogue("sign-in", "--service", "sshd")
    one.prompt()
    time.sleep(10.2)
    # of no use, but nobody is asked again
    one.answer("nonsense")
    assert one.end() == 2
    assert last(one) == "# refused: DEADLINE: the time for the attempt is over"
    assert "token" not in provider.endpoints()


def test_a_wrong_secret_exit_3_and_it_is_not_shown(live, provider, dialogue):
    files.put(files.SECRET, "another secret\n", mode=0o600)
    one = dialogue("sign-in")
    one.prompt()
    one.answer(provider.as_person("alice")(one.address))
    assert one.end() == 3
    assert one.stdout.startswith("# error: CLIENT_REFUSED: ")
    assert "another secret" not in one.stdout + one.stderr


@pytest.mark.parametrize("spelling", [str, urllib.parse.quote_plus], ids=["raw", "spelt"])
def test_a_provider_that_repeats_the_secret_before_it_is_told_exit_3(live, provider, spelling):
    said = spelling(idp.SECRET)
    provider.fault("discovery", patch={"issuer": f"https://{said}"})
    done = ctl("sign-in", input="")
    assert done.returncode == 3
    assert f"https://{'*' * len(said)}\\" in done.stdout, done.stdout
    assert said not in done.stdout + done.stderr


@pytest.mark.parametrize("break_it, complaint", [
    (lambda: files.CONF.unlink(), f"{files.CONF}: is missing"),
    (lambda: files.put(files.CONF, "x\n"), f"{files.CONF}:1: "),
    (lambda: files.put(files.MAP, "x\n"), f"{files.MAP}:1: "),
    (lambda: files.SECRET.chmod(0o644), f"{files.SECRET}: has mode 0644: "),
], ids=["no configuration", "a bad one", "a bad map", "an open secret"])
def test_what_is_set_up_wrongly_exit_3(live, provider, break_it, complaint):
    break_it()
    done = ctl("sign-in", input="")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"beproductctl: {complaint}"), done.stderr
    assert idp.SECRET not in done.stdout + done.stderr
    assert provider.endpoints() == []


def test_another_configuration_is_that_of_another_service(live, sign_in, tmp_path):
    other = tmp_path / "other.conf"
    files.put(other, files.conf_text(service_login={"require_role": "Admin"}))
    one = sign_in("alice", "--config", other, "sign-in", "--user", "alice",
                  "--service", "login")
    assert one.status == 0, one.stdout


def test_who_is_not_root_is_told_so_exit_3(live):
    for command in (["sign-in"], ["explain", *BOTH]):
        done = ctl(*command, user=65534, group=65534, input="")
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith("beproductctl: only root can do this")


def test_nothing_is_kept_but_the_providers_record(live, sign_in):
    def state():
        return sorted(str(path) for folder in ("/run/beproduct", "/var/lib/beproduct",
                                               "/var/cache/beproduct", "/etc/beproduct")
                      if os.path.isdir(folder)
                      for path, _, names in os.walk(folder) for _ in [0]
                      for path in [path, *(f"{path}/{name}" for name in names)])

    before = set(state())
    assert sign_in("alice", "sign-in", *BOTH).status == 0
    assert {os.path.basename(path) for path in set(state()) - before} <= {
        "provider-https___id.beproduct.test_ids", "beproduct"}


@pytest.mark.parametrize("age, asked_anew", [(0, []), (90, ["discovery", "jwks"])],
                         ids=["fetched just now", "older than a minute"])
def test_behind_an_endpoint_that_has_moved_discovery_is_asked_anew(
        live, provider, dialogue, sign_in, age, asked_anew):
    assert sign_in("alice", "sign-in").status == 0
    live.age_provider(age)
    provider.fault("token", status=404, count=1)
    one = dialogue("sign-in")
    one.prompt()
    one.answer(provider.as_person("alice")(one.address))
    assert one.end() == 2
    assert one.stdout.startswith("# refused: STATUS: ")
    provider.reset()
    assert sign_in("alice", "sign-in").status == 0
    assert provider.endpoints() == [*asked_anew, "token", "userinfo"]


def test_what_the_readme_shows_is_what_is_said(live, sign_in):
    readme = README.read_text()
    shown = re.search(r"(?s)\$ cat carol\.claims\n(.*?)```", readme)[1]
    one = sign_in("carol", "sign-in", "--user", "carol", "--service", "sshd")
    assert one.stdout == shown.replace("(uid 1003)", f"(uid {uid('carol')})")


# A helper that cannot be ended

LEFT = "warning: HELPER_LEFT: the helper could not be ended in time, and was left\n"
WITHOUT_NAMESPACES = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
PTRACE_SEIZE = 0x4206


def helper_of(pid):
    """The process that it started, as soon as that is the helper's program."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for one in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if os.readlink(f"/proc/{one}/exe").endswith("beproduct-helper"):
                return int(one)
    raise AssertionError("no helper")


@contextlib.contextmanager
def silence(provider):
    provider.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        provider.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("is_traced", [True, False], ids=["traced", "let go"])
def test_a_helper_that_was_left_behind_is_told(live, provider, dialogue, is_traced):
    """Its tracer keeps it from being reaped; the sign-in is as good without that."""
    one = dialogue("sign-in", *BOTH, runner=WITHOUT_NAMESPACES)
    one.prompt()
    pasted = provider.as_person("alice")(one.address)
    with silence(provider):
        one.answer(pasted)
        helper = helper_of(one.process.pid)
        if is_traced:
            assert ctypes.CDLL(None).ptrace(PTRACE_SEIZE, helper, None, None) == 0
    assert one.end() == 0
    if is_traced:
        os.waitpid(helper, 0)
    assert one.stdout == CLAIMS + ADMITTED.format(uid=uid("alice"))
    assert one.stderr.count(LEFT) == is_traced and one.stderr.count("warning") == is_traced
