# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl explain`: every key and rule with its verdict, of a file's claims."""

import pathlib
import pwd
import re
import time

import pytest
import settings as files
from program import ctl

BOTH = ("--user", "alice", "--service", "sshd")
MAP = "/etc/beproduct/accounts.map"

GOOD = {"sub": "4c9e", "scope": "openid, email", "email": "alice@example.com",
        "email_verified": "true", "role": "Host Login", "company": "acme"}


@pytest.fixture
def explain(settings, tmp_path):
    """GOOD with keys put in, None taking one out; more of the file behind."""
    def run(arguments=BOTH, more="", **claims):
        path = tmp_path / "claims"
        rows = {**GOOD, **claims}
        path.write_text("[claims]\n" + "".join(
            f"{key} = {value}\n" for key, value in rows.items()
            if value is not None) + more)
        return ctl("explain", *arguments, "--claims", path)
    return run


def judged(done, begins):
    """The mark and the rest of each line about this."""
    return [line[:4].strip() + " " + line[5:].removeprefix(begins)
            for line in done.stdout.splitlines() if line[5:].startswith(begins)]


def test_each_step_has_its_verdict(explain, settings):
    settings.conf(service_sshd={"require_role": 'Admin, "Host Login"',
                                "require_all_roles": "Host Login, Shell",
                                "require_scope": "roles"})
    files.put(files.MAP, """\
# claim  identity             account
email    alice@example.com    deploy
email    /^([a-z]+)@example\\.com$/  \\1

sub      "4c9e"  alice
sub      4c9     alice
upn      alice   alice
company  acme    "o""x"
""")
    done = explain()
    assert done.stdout == f"""\
yes  account alice (uid {pwd.getpwnam("alice").pw_uid})
yes  tenant = claim company=acme: UserInfo "acme", id_token absent
-    roles: "Host Login"
-    scopes: "openid", "email"
yes  [service:sshd] require_role = Admin, "Host Login"
no   [service:sshd] require_all_roles = Host Login, Shell
no   [service:sshd] require_scope = roles
yes  e-mail "alice@example.com" is verified: email_verified is true
no   {MAP}:2: email alice@example.com deploy: gives deploy
yes  {MAP}:3: email /^([a-z]+)@example\\.com$/ \\1: gives alice
yes  {MAP}:5: sub "4c9e" alice: gives alice
no   {MAP}:6: sub 4c9 alice: does not map this identity
no   {MAP}:7: upn alice alice: there is no such claim that counts
no   {MAP}:8: company acme "o""x": gives o"x
-    pins: alice is nobody's yet: whoever is admitted first has it
refused: ALL_ROLES: not all of require_all_roles
"""
    assert (done.returncode, done.stderr) == (1, "")


def test_who_is_admitted_exit_0_without_a_provider_and_without_a_secret(explain, settings):
    files.SECRET.unlink()
    done = explain()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("admitted: alice, by sshd\n")
    assert not list(files.CACHE.glob("provider-*"))


# What the steps say, and the last line: rows of claims

@pytest.mark.parametrize("claims, more, about, verdict, reason", [
    (dict(company="other"), "", "tenant", 'no  = claim company=acme: UserInfo "other", '
     "id_token absent", "TENANT"),
    (dict(company=None), "[id_token]\ncompany = acme\n", "tenant",
     'yes  = claim company=acme: UserInfo absent, id_token "acme"', None),
    (dict(), "[id_token]\ncompany = evil\n", "tenant",
     'no  = claim company=acme: UserInfo "acme", id_token "evil"', "TENANT"),
    (dict(company="acme, x"), "", "tenant",
     "no  = claim company=acme: UserInfo list, id_token absent", "TENANT"),
    (dict(company=None), "", "tenant",
     "no  = claim company=acme: UserInfo absent, id_token absent", "TENANT"),
    (dict(role=None), "", "roles", "- : none (role_claim = role: absent)", "ROLE"),
    (dict(role="(list)"), "", "roles", "- : none (role_claim = role: empty list)", "ROLE"),
    (dict(role=257 * "x"), "", "roles", "no : more than 1024 roles, or one over 255 bytes "
     "(role_claim = role: string)", "ROLE_LONG"),
    (dict(role='"Host Login, x"'), "", "roles", '- : "Host Login, x"', "ROLE"),
    (dict(role='"a\\b", "c""d"'), "", "roles", '- : "a\\\\b", "c\\"d"', "ROLE"),
    (dict(role="null"), "", "roles", "no : the role claim is no string and no list of strings "
     "(role_claim = role: null)", "ROLE_TYPE"),
    (dict(role="(other)"), "", "roles", "no : the role claim is no string and no list of strings "
     "(role_claim = role: other)", "ROLE_TYPE"),
    (dict(role='"true"'), "", "roles", '- : "true"', "ROLE"),
    (dict(email_verified="false"), "", "e-mail", 'no  "alice@example.com" is not verified: '
     "email_verified is false", "EMAIL_UNVERIFIED"),
    (dict(email_verified='"false"'), "", "e-mail", 'no  "alice@example.com" is not verified: '
     'email_verified is "false"', "EMAIL_UNVERIFIED"),
    (dict(email_verified='"true"'), "", "e-mail", 'yes  "alice@example.com" is verified: '
     'email_verified is "true"', None),
    (dict(email_verified="(number)"), "", "e-mail", 'no  "alice@example.com" is not verified: '
     "email_verified is number", "EMAIL_UNVERIFIED"),
    (dict(email_verified=None), "", "e-mail", 'no  "alice@example.com" is not verified: '
     "email_verified is absent", "EMAIL_UNVERIFIED"),
    (dict(), "[id_token]\nemail = bob@example.com\n", "e-mail",
     "no : UserInfo and id_token do not agree", "EMAIL_DIFFERS"),
    (dict(email=None), "", "e-mail", "- : none", "NO_RULE"),
    (dict(email_verified="false"), "", f"{MAP}:2: email alice@example.com alice", "no : the "
     "e-mail is not verified: it would give alice", "EMAIL_UNVERIFIED"),
    (dict(), "[id_token]\nemail = bob@example.com\n", f"{MAP}:2: email alice@example.com alice",
     "no : UserInfo and id_token do not agree", "EMAIL_DIFFERS"),
    (dict(email="bob@example.com"), "", f"{MAP}:3: email bob@example.com bob",
     "no : gives bob", "NO_RULE"),
    (dict(scope=None), "", "scopes", "- : none", None),
    (dict(emial="x"), "", "claim ", "- emial: nothing looks at it", None),
    (dict(claim="Role x"), "", "claim ", "- Role: nothing looks at it", None),
    (dict(), "[id_token]\ncompani = y\n", "claim ", "- compani: nothing looks at it", None),
], ids=lambda value: str(value)[:40])
def test_a_claim_decides(explain, claims, more, about, verdict, reason):
    done = explain(more=more, **claims)
    assert judged(done, about) == [verdict], done.stdout
    end = done.stdout.splitlines()[-1]
    if reason is None:
        assert (done.returncode, end) == (0, "admitted: alice, by sshd")
    else:
        assert done.returncode == 1
        assert end.startswith(f"refused: {reason}: ")


AT_API = {"tenant": "api"}, {"company": "acme", "base_url": "https://id.beproduct.test:8443"}


@pytest.mark.parametrize("claims, verdict, reason", [
    ({}, "- = api: company acme at https://id.beproduct.test:8443: a sign-in asks, and a file "
     "cannot", None),
    ({"company": "other"}, "- = api: company acme at https://id.beproduct.test:8443: a sign-in "
     "asks, and a file cannot", None),
    ({"email": None}, "no = api: company acme at https://id.beproduct.test:8443: no single e-mail "
     "to ask for", "TENANT"),
    ({"email": "null"}, "no = api: company acme at https://id.beproduct.test:8443: no single "
     "e-mail to ask for", "TENANT")], ids=str)
def test_of_a_file_nobody_asks_the_public_api(explain, settings, claims, verdict, reason):
    settings.conf(provider=AT_API[0], api=AT_API[1])
    done = explain(**claims)
    assert judged(done, "tenant ") == [verdict], done.stdout
    end = done.stdout.splitlines()[-1]
    assert end.startswith("admitted: " if reason is None else f"refused: {reason}: ")


NOW = int(time.time())


@pytest.mark.parametrize("keys, more, verdict, reason", [
    (dict(require_acr="phr, mfa"), "[id_token]\nacr = mfa\n", "yes require_acr = phr, mfa", None),
    (dict(require_acr="mfa"), "[id_token]\nacr = pwd\n", "no require_acr = mfa", "ACR"),
    (dict(require_acr="mfa"), "acr = mfa\n",
     "no require_acr = mfa: id_token: acr: absent", "ACR"),
    (dict(require_acr="mfa"), "[id_token]\nacr = (list) mfa\n",
     "no require_acr = mfa: id_token: acr: list", "ACR_TYPE"),
    (dict(require_amr="pwd, otp"), "[id_token]\namr = otp, pwd, x\n",
     "yes require_amr = pwd, otp", None),
    (dict(require_amr="pwd, otp"), "[id_token]\namr = (list) otp\n",
     "no require_amr = pwd, otp", "AMR"),
    (dict(require_amr="pwd"), "[id_token]\namr = pwd\n",
     "no require_amr = pwd: id_token: amr: string", "AMR_TYPE"),
    (dict(max_age="10m"), f"[id_token]\nauth_time = (number) {NOW}\n",
     f"yes max_age = 600s: id_token: auth_time: number {NOW}, and now it is ", None),
    (dict(max_age="10m"), f"[id_token]\nauth_time = (number) {NOW - 3600}\n",
     f"no max_age = 600s: id_token: auth_time: number {NOW - 3600}, and now it is ",
     "AUTH_TIME_PAST"),
    (dict(max_age="10m"), f"[id_token]\nauth_time = (number) {NOW + 3600}\n",
     f"no max_age = 600s: id_token: auth_time: number {NOW + 3600}, and now it is ",
     "AUTH_TIME_AHEAD"),
    (dict(max_age="10m"), f"auth_time = (number) {NOW}\n",
     "no max_age = 600s: id_token: auth_time: absent, and now it is ", "AUTH_TIME"),
    (dict(max_age="10m"), f"[id_token]\nauth_time = {NOW}\n",
     "no max_age = 600s: id_token: auth_time: string, and now it is ", "AUTH_TIME"),
], ids=lambda value: str(value)[:40])
def test_how_and_when_somebody_signed_in_decides(explain, settings, keys, more, verdict, reason):
    settings.conf(service_sshd=keys)
    done = explain(more=more)
    key = next(iter(keys))
    said = judged(done, f"[service:sshd] {key}")
    assert len(said) == 1 and said[0].split(" ", 1)[0] == verdict.split(" ", 1)[0]
    assert f"[service:sshd] {verdict.split(' ', 1)[1]}" in done.stdout, done.stdout
    assert done.returncode == (0 if reason is None else 1)
    end = done.stdout.splitlines()[-1]
    assert end.startswith("admitted: " if reason is None else f"refused: {reason}: ")


@pytest.mark.parametrize("value", ["(number) -1", "(number) 1.5", "(number) 1 2",
                                   "(number) 1234567890123456"])
def test_a_number_is_of_digits(explain, value):
    done = explain(company=value)
    assert done.returncode == 3
    assert "company: no name of a claim, a number that is not 1 to 15 digits" in done.stderr


def test_a_section_that_observes_decides_as_ever_and_is_said_to(explain, settings):
    line = "-    [service:sshd] observe = yes: the account phase tells the log, and refuses nobody\n"
    for observe in ("no", "yes"):
        settings.conf(service_sshd={"observe": observe})
        assert (line in explain().stdout) == (observe == "yes")
        refused = explain(role="Guest")
        assert (refused.returncode, line in refused.stdout) == (1, observe == "yes")


def test_many_roles_stand_on_lines_that_can_be_read_again(explain, settings):
    roles = [f"{n:03d}" + 60 * "r" for n in range(60)]
    settings.conf(service_sshd={"require_role": roles[-1]})
    done = explain(role=", ".join(roles))
    shown = [line for line in done.stdout.splitlines() if line.startswith("-    roles: ")]
    assert len(shown) > 1
    assert [role for line in shown for role in re.findall('"([^"]*)"', line)] == roles
    again = explain(role=roles[-1], more="".join(f"# {line}\n" for line in shown))
    assert (done.returncode, again.returncode, again.stderr) == (0, 0, "")


@pytest.mark.parametrize("user, verdict, reason", [
    ("root", "no  root (uid 0): uid 0 is never ours", "ROOT"),
    ("toor", "no  toor (uid 0): uid 0 is never ours", "ROOT"),
    ("local1", "no  local1 (uid {uid}): local by configuration (local_accounts)", "LOCAL_ACCOUNT"),
    ("daemon", "no  daemon (uid 1): local by configuration (min_uid, or 65534)", "LOCAL_ACCOUNT"),
    ("nobody", "no  nobody (uid 65534): local by configuration (min_uid, or 65534)", "LOCAL_ACCOUNT"),
    ("nosuch", "no  nosuch: no such account on this host", "ACCOUNT_UNKNOWN"),
    ("al\x1bice", "no  al\\x1bice: no such account on this host", "ACCOUNT_UNKNOWN"),
    ("bob", "yes  bob (uid {uid})", "NO_RULE"),
])
def test_whose_account_it_is(explain, user, verdict, reason):
    passwd = pathlib.Path("/etc/passwd")
    before = passwd.read_text()
    passwd.write_text(before + "toor:x:0:0::/root:/bin/sh\n")
    try:
        done = explain(("--user", user, "--service", "sshd"))
    finally:
        passwd.write_text(before)
    known = [one.pw_uid for one in pwd.getpwall() if one.pw_name == user]
    assert judged(done, "account ") == [
        verdict.replace("no  ", "no ").replace("yes  ", "yes ").format(uid=(known or [0])[0])]
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith(f"refused: {reason}: ")
    # a line that never counts is not suggested
    assert ("lacks" in done.stdout) == (reason == "NO_RULE")


@pytest.mark.parametrize("service, sections, line", [
    ("kiosk", {}, "no   service kiosk: no [service:] section requires a role"),
    ("kiosk", {"service_kiosk": {"require_scope": "openid"}},
     "no   service kiosk: no [service:] section requires a role"),
    ("sudo-i", {"service_sudo": {"require_role": "Host Login"}},
     "yes  [service:sudo] require_role = Host Login"),
    ("sudo", {"service_sudo": {"require_role": '"*"'}}, 'no   [service:sudo] require_role = "*"'),
    ("sudo", {"service_sudo": {"require_role": "*"}}, "yes  [service:sudo] require_role = *"),
    ("sudo", {"service_sudo": {"require_role": "*"}},
     "-    [service:sudo] require_scope is not set"),
])
def test_which_section_judges(explain, settings, service, sections, line):
    settings.conf(**sections)
    done = explain(("--user", "alice", "--service", service))
    assert line in done.stdout.splitlines()
    assert done.returncode == (1 if line.startswith("no") else 0)


@pytest.mark.parametrize("claims", [dict(), dict(company="other"), dict(role="null"),
                                    dict(email="x@y")], ids=str)
def test_a_closed_service_is_the_reason_whoever_it_is(explain, claims):
    # as the module, which asks nobody then
    done = explain(("--user", "alice", "--service", "kiosk"), **claims)
    assert done.stdout.splitlines()[-1].startswith("refused: SERVICE_CLOSED: ")


def test_a_map_with_more_claims_than_can_be_asked_for_admits_nobody(explain):
    files.put(files.MAP, files.MAPPING + "".join(f"c{n} x y\n" for n in range(29)))
    done = explain()
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"beproductctl: {MAP}:33: more than 32 claims are looked at")


def test_an_unverified_address_maps_where_that_is_allowed(explain, settings):
    settings.conf(provider={"require_email_verified": "no"})
    assert explain(email_verified="false").returncode == 0


@pytest.mark.parametrize("claims, sub, email", [
    (dict(), "sub  4c9e  bob", "email  alice@example.com  bob"),
    (dict(sub='"/4c ""9"'), 'sub  "/4c ""9"  bob', "email  alice@example.com  bob"),
    (dict(email="a/b@EXAMPLE.com"), "sub  4c9e  bob", "email  a/b@example.com  bob"),
    (dict(email_verified="false"), "sub  4c9e  bob", None),
    (dict(email=None), "sub  4c9e  bob", None),
    (dict(email="a@b@c"), "sub  4c9e  bob", None),
])
def test_the_lines_that_would_map_do(explain, claims, sub, email):
    about = ("--user", "bob", "--service", "sshd")
    files.put(files.MAP, "")
    done = explain(about, **claims)
    lines = done.stdout.splitlines()
    begin = lines.index(f"-    {MAP} lacks one of these lines:") + 1
    assert lines[begin:-1] == [line for line in (sub, email) if line]
    for line in lines[begin:-1]:
        files.put(files.MAP, line + "\n")
        assert explain(about, **claims).returncode == 0


# A browser that is signed in already goes on as whoever that is

ELSE = f"-    else {MAP} lacks one of these lines:"


@pytest.mark.parametrize("rules, what", [
    ("sub 77 bob\n", f"{MAP}:1 gives this account to somebody else"),
    ("# a\nemail bob@example.com bob\n", f"{MAP}:2 gives this account to somebody else"),
    ("email /(.*)@example.com/ \\1\n", f"{MAP}:1 gives this person another account"),
    ("sub 4c9e carol\nsub 77 bob\n", f"{MAP}:2 gives this account to somebody else"),
])
def test_whose_session_it_was_is_said_where_another_person_may_have_been_meant(
        explain, rules, what):
    files.put(files.MAP, rules)
    done = explain(("--user", "bob", "--service", "sshd"))
    lines = done.stdout.splitlines()
    begin = lines.index('no   the browser was signed in as "alice@example.com", and '
                        f"{what}: was another person meant?")
    assert lines[begin + 1:begin + 4] == [
        "-    then sign out at BeProduct, or use a private window, and sign in again", ELSE,
        "sub  4c9e  bob"]


@pytest.mark.parametrize("rules, arguments", [
    ("", ("--user", "bob")), ("sub 77 carol\n", ("--user", "bob")), ("sub 77 bob\n", ()),
    ("sub 77 bob\nsub 4c9e bob\n", ("--user", "bob"))])
def test_where_nothing_speaks_for_another_person_nothing_is_said(explain, rules, arguments):
    files.put(files.MAP, rules)
    done = explain(arguments or BOTH)
    assert "was another person meant?" not in done.stdout


def test_without_an_address_the_sub_says_whose_session_it_was(explain):
    files.put(files.MAP, "sub 77 bob\n")
    done = explain(("--user", "bob", "--service", "sshd"), email=None)
    assert 'the browser was signed in as "4c9e", and ' in done.stdout


@pytest.mark.parametrize("text, complaint", [
    ("", "{path}: sub: is missing from [claims]"),
    ("[claims]\nsub = a\nsub = b\n", "{path}:3: sub: given twice"),
    ("[claims]\nsub = a\n[x]\n", "{path}:3: x: unknown section: [claims], [id_token] or [api]"),
    ("[claims]\nsub = a\nrole = \x1b\n", "{path}:3: claims: has a control character"),
    (None, "{path}: cannot be read: No such file"),
    ((1 << 20) * "#" + "\n", "{path}: cannot be read: Message too long"),
], ids=lambda value: str(value)[:20])
def test_a_bad_claims_file_exit_3(settings, tmp_path, text, complaint):
    path = tmp_path / "claims"
    if text is not None:
        path.write_text(text)
    done = ctl("explain", *BOTH, "--claims", path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(complaint.format(path=path)), done.stderr


@pytest.mark.parametrize("break_it, complaint", [
    (lambda: files.put(files.MAP, "x\n"), f"{files.MAP}:1: "),
    (lambda: files.put(files.CONF, "x\n"), f"{files.CONF}:1: "),
    (lambda: files.MAP.chmod(0o666), f"{files.MAP}: "),
], ids=["map", "configuration", "open map"])
def test_what_is_set_up_wrongly_exit_3(explain, break_it, complaint):
    break_it()
    done = explain()
    assert (done.returncode, done.stdout) == (3, "")
    assert complaint in done.stderr


@pytest.mark.parametrize("arguments", [
    ("explain",), ("explain", "--user", "alice"), ("explain", "--service", "sshd"),
    ("explain", *BOTH, "--claims", ""), ("explain", "--user", "", "--service", "sshd"),
    ("explain", "--user", "alice", "--service", ""), ("explain", *BOTH, "more"),
    ("sign-in", "--claims", "x"), ("sign-in", "--user", ""), ("check", "--user", "alice"),
    ("check", "--service", "sshd"), ("check", "--claims", "x"),
])
def test_what_is_no_usage_exit_4(settings, arguments):
    done = ctl(*arguments, input="")
    assert (done.returncode, done.stdout) == (4, "")
    assert "usage: beproductctl" in done.stderr


@pytest.mark.parametrize("about, reason", [
    (("--user", "local1", "--service", "sshd"), "LOCAL_ACCOUNT"),
    (("--user", "root", "--service", "sshd"), "ROOT"),
    (("--user", "alice", "--service", "kiosk"), "SERVICE_CLOSED"),
])
def test_of_what_never_comes_to_the_map_its_faults_are_not_the_reason(explain, about, reason):
    files.put(files.MAP, "x\n")
    done = explain(about)
    assert done.returncode == 1
    assert done.stdout.startswith(f"refused: {reason}: ")
    assert done.stderr.startswith(f"beproductctl: {MAP}:1: expected three columns")


def test_a_rule_that_has_ended_is_shown_with_its_end(explain):
    files.put(files.MAP, 'email alice@example.com "alice" until=2026-01-31\n'
              "sub 4c9f alice until=9999-12-31\n")
    done = explain()
    assert f'no   {MAP}:1: email alice@example.com "alice" until=2026-01-31: has ended: it would ' \
        "give alice\n" in done.stdout
    assert f"no   {MAP}:2: sub 4c9f alice until=9999-12-31: does not map" in done.stdout
    assert done.stdout.endswith(
        "refused: RULE_ENDED: the rule that gives this account has ended\n")
    files.put(files.MAP, "email alice@example.com alice until=9999-12-31\n")
    assert explain().stdout.endswith("admitted: alice, by sshd\n")


def test_without_a_file_somebody_signs_in_first(live, sign_in):
    one = sign_in("alice", "explain", *BOTH)
    assert one.status == 0
    assert "[claims]" not in one.stdout
    assert one.stdout.endswith("admitted: alice, by sshd\n")
    # rules of other people, too
    assert f"no   {MAP}:3: email bob@example.com bob: does not map this identity\n" in one.stdout
