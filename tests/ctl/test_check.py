# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl check`: what it refuses and warns of in our own files, and where."""

import datetime
import os
import pathlib
import re
import shutil
import subprocess

import pytest

import documented
from checking import CACHE, CTL, HELPER, PAM, SOURCE, STACK, line_of, pam


def test_a_good_configuration_is_one_line_and_exit_0(host):
    done = host.check()
    assert (done.returncode, done.stdout, done.stderr) == (
        0, f"{host.conf}: configuration is good\n", "")


def test_options_may_stand_before_the_command(host):
    assert host.check("--config", host.conf, "check").returncode == 0


@pytest.mark.parametrize("arguments, what", [
    ([], "a command is missing"), (["chek"], "chek: no such command"),
    (["check", "more"], "more: one command is enough"),
    (["--config"], "option '--config' requires an argument"),
    (["--no", "check"], "unrecognized option '--no'"), (["-x", "check"], "invalid option -- 'x'"),
    (["--config", "", "check"], "--config is empty"), ([""], ": no such command"),
    (["check", "--user", "alice"], "check takes no --user"),
    (["sign-in", "--claims", "/x"], "sign-in takes no --claims"),
    (["sign-in", "--user", ""], "--user is empty"),
    (["explain"], "explain needs --user"), (["explain", "--user", "alice"],
                                            "explain needs --service"),
    (["explain", "--service", "sshd"], "explain needs --user")])
def test_a_wrong_call_says_what_is_wrong_shows_the_usage_and_exits_4(arguments, what):
    done = subprocess.run([CTL, *arguments], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 4
    first, rest = done.stderr.split("\n", 1)
    assert re.sub("^\\S*beproductctl: ", "", first) == what
    assert "usage: beproductctl" in rest
    assert done.stdout == ""


def test_help_shows_usage_on_stdout_and_exits_0():
    done = subprocess.run([CTL, "--help"], capture_output=True, text=True,
                          check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "check" in done.stdout and "--config" in done.stdout


# Configuration

@pytest.mark.parametrize("key, extra, what", [
    ("timeouts", "timeouts = 1s\n", "unknown key"),
    ("client_id", "client_id = c\n", "given twice"),
    ("timeout", "timeout = 1\n", "must be a time from 1s to 60s"),
    ("timeout", "timeout =\n", "is empty: leave the key out instead"),
    ("x", "[x]\n", "unknown section"),
])
def test_a_bad_line_is_named_with_file_line_and_key(host, key, extra, what):
    host.configure(provider=extra)
    host.refused(f"{host.conf}:5: {key}: {what}")


@pytest.mark.parametrize("key, how", [
    ("client_id", lambda host: host.write(host.conf, host.conf.read_text().replace(
        "client_id = b", 'client_id = "b"'))),
    ("tenant", lambda host: host.configure(tenant='claim company="acme"')),
    ("role_claim", lambda host: host.configure(provider='role_claim = "role"\n')),
])
def test_quotes_that_are_part_of_a_value_are_warned_of(host, key, how):
    how(host)
    host.warned(f"{host.conf}:{line_of(host.conf, key)}: {key}: the quotes are part of the value")


@pytest.mark.parametrize("value, mark", [
    ("15s # seconds", "#"), ("15s ; seconds", ";"), ("15s\t# seconds", "#")])
def test_a_comment_behind_a_value_is_warned_of_also_where_it_refuses_the_file(host, value, mark):
    host.configure(provider=f"timeout = {value}\n")
    done = host.check()
    assert done.returncode == 3
    assert f"{host.conf}:5: timeout: " in done.stderr
    if "\t" not in value:  # there the line itself is refused
        assert (f"warning: {host.conf}:5: timeout: the {mark} and what follows it are part of "
                "the value: a comment stands on a line of its own") in done.stdout


def test_a_comment_behind_a_role_is_warned_of(host):
    host.configure(services="[service:sshd]\nrequire_role = Host Login # of us\n"
                   'require_all_roles = "Host # Login", C#, a;b\n')
    number = line_of(host.conf, "require_role")
    host.warned(f"{host.conf}:{number}: require_role: the # and what follows it")


def test_a_missing_tenant_is_explained(host):
    host.configure(tenant="any")
    host.write(host.conf, host.conf.read_text().replace("tenant = any\n", ""))
    done = host.check()
    assert done.returncode == 3
    assert done.stderr.startswith(f"{host.conf}: tenant: is missing; ")
    assert "every customer" in done.stderr and "claim NAME=VALUE" in done.stderr


@pytest.mark.parametrize("text, line, what", [
    (b"[provider]\nclient_id = \0b\n", 2, "control character"),
    (b"[provider]\n#" + 5000 * b"x" + b"\n", 2, "longer than 4096 bytes"),
    (b"[provider]\r\n", 1, "ends in CR LF, as on Windows: save the file with LF alone"),
    (b"\xef\xbb\xbf[provider]\n", 1, "begins with a byte-order mark: save the file as UTF-8"),
    (b"[provider]\n\xff\n", 2, "not UTF-8"),
    (b"[provider]\n client_id = b\n", 2, "begins with a blank: take it away"),
    (b"[provider]\n# a \\\nclient_id = b\n", 2, "ends in a backslash"),
    (b"client_id = b\n", 1, "before the first [section]"),
    (b"[provider]\nclient_id\n", 2, "expected key = value"),
], ids=lambda value: str(value)[:24])
def test_a_bad_byte_or_line_is_named(host, text, line, what):
    host.write(host.conf, text)
    done = host.check()
    assert done.returncode == 3
    complaint = done.stderr.splitlines()[0]
    assert complaint.startswith(f"{host.conf}:{line}: ") and what in complaint


def test_an_empty_configuration_is_refused(host):
    host.write(host.conf, "")
    done = host.check()
    assert done.returncode == 3
    assert f"{host.conf}: client_id: is missing" in done.stderr


# Files, their owners and modes

def untrusted(path, how):
    if how == "missing":
        path.unlink()
    elif how == "link":
        path.rename(path.with_suffix(".real"))
        path.symlink_to(path.with_suffix(".real"))
    elif how == "folder":
        path.unlink()
        path.mkdir(mode=0o700)
    elif how == "fifo":
        path.unlink()
        os.mkfifo(path, 0o600)
    elif how == "stranger":
        os.chown(path, 12345, 0)
    else:
        path.chmod(how)


ODD = [("missing", "is missing"), ("link", "is a symbolic link"),
       ("folder", "is no plain file"), ("fifo", "is no plain file"),
       ("stranger", "is owned by uid 12345, not by root (chown root)"),
       (0o664, "has mode 0664: others than root may write it (chmod 0644)"),
       (0o646, "has mode 0646: others than root may write it (chmod 0644)")]


@pytest.mark.parametrize("how, what", ODD)
def test_a_map_that_others_could_have_written_is_refused(host, how, what):
    untrusted(host.map, how)
    host.refused(f"{host.map}: {what}")


@pytest.mark.parametrize("how, what", ODD)
def test_a_store_that_others_could_have_written_is_refused(host, how, what):
    store = host.folder / "ca.pem"
    host.write(store, "-----BEGIN CERTIFICATE-----\n")
    host.configure(provider=f"ca_file = {store}\n")
    assert host.check().returncode == 0
    untrusted(store, how)
    host.refused(f"{store}: {what}")


@pytest.mark.parametrize("how, what", ODD[:5] + [
    (mode, f"has mode {mode:04o}: others than root may read or write it (chmod 0600)")
    for mode in (0o640, 0o604, 0o620, 0o602)])
def test_a_secret_that_others_could_know_is_refused(host, how, what):
    untrusted(host.secret, how)
    host.refused(f"{host.secret}: {what}")


@pytest.mark.parametrize("how, what", ODD)
def test_a_configuration_that_others_could_have_written_is_refused(
        host, how, what):
    untrusted(host.conf, how)
    done = host.check()
    assert done.returncode == 3
    assert f"{host.conf}: {what}\n" in done.stderr


def test_a_readable_configuration_and_a_stricter_one_are_good(host):
    for mode in (0o644, 0o600, 0o400):
        host.conf.chmod(mode)
        assert host.check().returncode == 0


@pytest.mark.parametrize("text, what", [
    (b"", "is empty"), (b"\n", "is empty"), (b"a\nb\n", "more than one line"),
    (b"a\n\n", "more than one line"), (b" a\n", "blanks"), (b"a \n", "blanks"),
    (b"a\tb\n", "control character"), (b"a\0b\n", "control character"),
    (b"\xef\xbb\xbfa\n", "byte-order mark"), (1025 * b"a", "1024 bytes"),
    (5000 * b"a", "longer than 4096 bytes"),
], ids=lambda value: str(value)[:24])
def test_a_bad_secret_is_refused_and_never_shown(host, text, what):
    host.write(host.secret, text, 0o600)
    done = host.check()
    assert done.returncode == 3
    assert done.stderr.startswith(f"{host.secret}: ") and what in done.stderr
    assert len(done.stderr) < 200


@pytest.mark.parametrize("text", [b"a", b"a\n", b"a\r\n", b"a+b%:&=\"\n"])
def test_a_secret_is_one_line(host, text):
    host.write(host.secret, text, 0o600)
    assert host.check().returncode == 0


def test_a_store_needs_a_certificate(host):
    store = host.folder / "ca.pem"
    host.configure(provider=f"ca_file = {store}\n")
    host.write(store, "")
    host.refused(f"{store}: holds no certificate in PEM")
    host.write(store, 513 * 1024 * "-")
    host.refused(f"{store}: is longer than 524288 bytes")


@pytest.mark.parametrize("kind", ["CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"])
def test_a_store_that_the_helper_would_take_is_good(host, kind):
    store = host.folder / "ca.pem"
    host.configure(provider=f"ca_file = {store}\n")
    host.write(store, f"# of ours\n-----BEGIN {kind}-----\n")
    assert host.check().returncode == 0


@pytest.mark.parametrize("text, line, what", [
    ("sub x\n", 1, "expected three columns"),
    ("# a\n\nsub /(/ a\n", 3, "( without )"),
    ("email alice a\n", 1, "no e-mail address"),
    ("sub /(a)/ \\2\n", 1, "the expression lacks"),
    ("sub x a b\n", 1, "more than three columns: a fourth says until=YYYY-MM-DD, "
     "and there is no fifth"),
    ("sub x a until=2026-02-29\n", 1, "until= names no day: YYYY-MM-DD, from 1970-01-01 to "
     "9999-12-31"),
])
def test_a_bad_rule_is_named_with_its_line(host, text, line, what):
    host.write(host.map, text)
    done = host.check()
    assert done.returncode == 3
    assert done.stderr.startswith(f"{host.map}:{line}: ")
    assert what in done.stderr


def day(ahead):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return (today + datetime.timedelta(days=ahead)).isoformat()


@pytest.mark.parametrize("ahead, what", [
    (-1, "the rule has ended, and gives nothing any more"), (0, "the rule ends with that day"),
    (12, "the rule ends with that day, in UTC")])
def test_a_rule_that_ends_is_warned_of(host, ahead, what):
    host.write(host.map, f"# a\nsub x alice until={day(ahead)}\n")
    host.warned(rf"{host.map}:2: sub: until={day(ahead)}: {what}")


def test_a_rule_that_ends_later_is_not(host):
    host.write(host.map, f"sub x alice until={day(15)}\n")
    host.warned()


def test_a_section_that_observes_is_warned_of(host):
    host.configure(services="[service:sshd]\nrequire_role = a\nobserve = yes\n")
    host.warned(rf"{host.conf}:{line_of(host.conf, 'observe')}: observe: yes: the account phase "
                "refuses nobody there but who is locked out")


def test_more_claims_than_are_ever_sent_are_refused(host):
    host.write(host.map, "".join(f"c{n} x alice\n" for n in range(33)))
    host.refused(f"{host.map}:29: more than 32 claims are looked at, by map and "
                 "configuration together")
    # beside role, company, email and email_verified
    host.write(host.map, "".join(f"c{n} x alice\n" for n in range(28)))
    assert host.check().returncode == 0
    host.write(host.map, "".join(f"c{n} x alice\n" for n in range(29)))
    assert host.check().returncode == 3


@pytest.mark.parametrize("text, named", [
    # nobody knows what stands behind a line that cannot be read
    ("[provider]\n indented = x\nclient_secret_file = /nowhere\n", [":2"]),
    ("[provider]\nclient_secret_file = /nowhere\n indented = x\n", [":3", "/nowhere"]),
    # while a misspelt key hides no other, nor a default
    ("[provider]\nx = y\nclient_secret_file = /nowhere\n",
     [":2", "/nowhere", "/etc/beproduct/accounts.map"]),
])
def test_of_a_broken_file_only_what_is_known_is_looked_at(host, text, named):
    host.write(host.conf, text)
    said = [line.split(": ")[0] for line in host.check().stderr.splitlines()]
    assert said == [f"{host.conf}{named[0]}", *named[1:]]


def test_every_bad_file_is_named_at_once(host):
    host.configure(provider="x = y\n")
    host.write(host.secret, "", 0o600)
    host.write(host.map, "x\n")
    done = host.check()
    assert done.returncode == 3
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [
        f"{host.conf}:5", str(host.secret), f"{host.map}:1"]


def test_control_characters_of_a_name_do_not_reach_the_terminal(host):
    done = host.check("check", "--config", "/no\x1b[2J\nwhere")
    assert done.returncode == 3
    assert "/no?[2J?where: is missing" in done.stderr
    assert "\x1b" not in done.stderr


def test_who_is_not_root_is_told_what_was_not_read(host):
    for folder in (host.folder, *host.folder.parents[:-2]):
        folder.chmod(0o755)
    done = host.check("check", "--config", str(host.conf), user=12345)
    assert done.returncode == 3
    assert "not run as root" in done.stdout
    assert f"{host.secret}: cannot be opened: Permission denied" in done.stderr


# The helper

def test_the_helpers_user_must_exist(host):
    passwd = pathlib.Path("/etc/passwd")
    passwd.write_text("".join(
        line for line in passwd.read_text().splitlines(True)
        if not line.startswith("_beproduct:")))
    host.refused("_beproduct: the helper's user does not exist: "
                 "systemd-sysusers or useradd --system makes it")


@pytest.mark.parametrize("ids", [(0, 100), (100, 0)])
def test_the_helpers_user_must_not_be_root(host, ids):
    passwd = pathlib.Path("/etc/passwd")
    passwd.write_text(re.sub(r"(?m)^_beproduct:x:\d+:\d+",
                             "_beproduct:x:%d:%d" % ids, passwd.read_text()))
    host.refused("_beproduct: the helper's user is root, or of root's group")


@pytest.fixture
def helper(tmp_path):
    before = HELPER.stat()
    shutil.copy2(HELPER, tmp_path / "helper")
    yield HELPER
    if HELPER.is_dir():
        HELPER.rmdir()
    shutil.copy2(tmp_path / "helper", HELPER)
    os.chown(HELPER, 0, 0)
    HELPER.chmod(before.st_mode)


def test_the_helper_program_must_be_there(host, helper):
    helper.unlink()
    host.refused(f"{helper}: the helper program: No such file or directory")
    helper.mkdir()
    host.refused(f"{helper}: the helper program is no plain file")


@pytest.mark.parametrize("mode, owner", [(0o731, 0), (0o713, 0), (0o711, 1)])
def test_the_helper_program_must_be_roots_alone(host, helper, mode, owner):
    os.chown(helper, owner, 0)
    helper.chmod(mode)
    host.refused(f"{helper}: the helper program is not root's, or others may "
                 "write it")


def test_the_helper_program_must_run(host, helper):
    helper.chmod(0o700)
    host.refused(f"{helper}: the helper program cannot be run by its user: "
                 "chmod 0711")


def test_namespaces_or_a_second_user_part_the_helpers(host):
    without = ("setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin")
    host.runner = without
    host.warned()
    passwd = pathlib.Path("/etc/passwd")
    passwd.write_text(re.sub(r"(?m)^_beproduct_discover:.*\n", "", passwd.read_text()))
    host.warned("_beproduct_discover: does not exist, and no PID namespace can be made here: ")
    host.runner = ()
    host.warned()


def test_a_readable_helper_program_is_warned_of(host, helper):
    helper.chmod(0o755)
    host.warned(f"{helper}: others may read the helper program")


def test_a_cache_of_others_is_warned_of(host):
    mode = CACHE.stat().st_mode if CACHE.exists() else None
    CACHE.mkdir(exist_ok=True)
    CACHE.chmod(0o777)
    try:
        host.warned(f"{CACHE}: is no folder of root's alone")
    finally:
        CACHE.rmdir() if mode is None else CACHE.chmod(mode)


# What will surprise

def test_tenant_any_is_warned_of_and_each_rule_by_email_under_it(host):
    host.configure(tenant="any")
    host.write(host.map, "sub x alice\nemail a@b alice\n#\nemail /(.*)@b/ \\1\n")
    host.warned(f"{host.conf}:3: tenant: any: ",
                f"{host.map}:2: email: under tenant = any",
                f"{host.map}:4: email: under tenant = any")


@pytest.mark.parametrize("uri, what", [
    ("http://localhost:8765/callback", "any program"), ("https://localhost/", "any program"),
    ("http://127.0.0.1:8765/", "any program"), ("http://127.9.9.9/", "any program"),
    ("http://[::1]:8765/callback", "any program"), ("https://a.localhost:1/x", "any program"),
    ("http://copy-this-address.invalid/", "by http"), ("http://web1/localhost", "by http"),
    ("https://copy-this-address.invalid/", None), ("https://localhost.example.com/", None),
    ("https://xlocalhost/", None), ("https://web1/127.0.0.1", None)])
def test_an_address_at_which_others_can_listen_is_warned_of(host, uri, what):
    host.configure(redirect_uri=uri)
    number = line_of(host.conf, "redirect_uri")
    host.warned(*([f"{host.conf}:{number}: redirect_uri: {what} .*: register "
                   "https://copy-this-address.invalid/, where nothing can listen"] if what else []))


ELSEWHERE = "issuer = https://id.example.com/ids\n"


@pytest.mark.parametrize("provider, what", [
    ("", None), ("pkce = off\n", None), (ELSEWHERE + "pkce = off\n", None),
    (ELSEWHERE + "pkce = s256\n", None),
    (ELSEWHERE, "pkce: not set: s256, .*; a client that is registered without proof key needs pkce = off"),
    ("pkce = s256\n", r"\d+: pkce: s256: BeProduct refuses every code from a client")])
def test_proof_key_is_warned_of_where_it_surprises(host, provider, what):
    host.configure(provider)
    host.warned(*([f"{host.conf}:(?: |(?=\\d)){what}"] if what else []))


def test_rules_by_email_alone_are_not_warned_of(host):
    host.write(host.map, "email a@b alice\n")
    host.warned()


def test_another_claim_is_warned_of(host):
    host.write(host.map, "sub x alice\nupn x alice\n")
    host.warned(f"{host.map}:2: upn: people may often set this")


KEY = "SHA256:nwZPWL2ceIRvC/+lH3NhCtZhZMEzakEQKJ9ghMSzkzI"


def test_a_rule_of_a_key_is_no_claim_of_a_person_and_what_it_needs_is_noted(host):
    host.write(host.map, f"sub x alice\nkey {KEY} alice\n")
    host.warned()
    assert f"note: {host.map}:2: key: sshd names a key only where" in host.check().stdout


def test_a_rule_of_a_key_that_is_none_is_refused(host):
    host.write(host.map, "sub x alice\nkey alice@laptop alice\n")
    done = host.check()
    assert done.returncode == 3
    assert f"{host.map}:2: the identity is no SSH key's fingerprint as ssh-keygen -l" \
        in done.stdout + done.stderr


def test_a_map_of_no_rules_is_warned_of(host):
    host.write(host.map, "# sub x a\n")
    host.warned(f"{host.map}: has no rule: nobody can sign in")


def test_a_capital_domain_in_an_expression_is_warned_of(host):
    host.write(host.map, "email /([a-z]+)@Ex\\.com/ \\1\n"
               "email /([A-Z]+)@ex\\.com/ alice\nemail a@EX alice\n")
    host.warned(f"{host.map}:1: email: a capital letter")


def test_rules_for_accounts_that_are_not_ours_are_warned_of(host):
    host.write(host.map, "sub x root\nsub x daemon\nsub x nobody\nsub x alice\nsub x bin\n")
    host.configure(accounts="local_accounts = bin\nmin_uid = 1\n")
    host.warned(f"{host.map}:1: sub: root is local",
                f"{host.map}:3: sub: nobody is local",
                f"{host.map}:5: sub: bin is local")
    host.configure(accounts="min_uid = 2\n")
    host.write(host.map, "sub x daemon\nsub x bin\n")
    host.warned(f"{host.map}:1: sub: daemon is local")


def test_a_rule_for_an_account_that_the_host_lacks_is_warned_of(host):
    host.write(host.map, "sub x alice\nsub x alcie\n")
    host.warned(f"{host.map}:2: sub: this host has no account alcie: such a rule maps nobody$")
    # one of many is enough
    host.write(host.map, "sub x alcie\nsub y bbo\nsub /(.*)/ \\1\nemail a@b c\n")
    host.warned(f"{host.map}:1: sub: this host has no account alcie and 2 more: such a rule "
                "maps nobody$")


@pytest.mark.parametrize("costly", [
    "(a*a*a*a*a*a*a*a*b|a)+c", rf"a\.({8 * '[a.]*'}b|[a.])+c"], ids=["of a", "of a and a dot"])
def test_a_map_that_costs_much_is_warned_of(host, costly):
    host.write(host.map, 12 * f"sub /{costly}/ alice\n")
    host.warned(rf"{host.map}: its expressions can take 5\d % of the steps")
    host.write(host.map, 40 * f"sub /{costly}/ alice\n")
    host.warned(rf"{host.map}: its expressions can take 100 % of the steps")


def test_a_large_map_that_costs_little_is_not(host):
    host.write(host.map, 18000 * "email /^([a-z][a-z0-9_-]{0,30})@example\\.com$/ \\1\n")
    assert "of the steps" not in host.check().stdout


def test_a_misspelt_local_account_is_warned_of(host):
    host.configure(accounts="local_accounts = root, rot\n")
    number = line_of(host.conf, "local_accounts")
    host.warned(f"{host.conf}:{number}: local_accounts: rot: this host has no")


def test_no_service_at_all_is_warned_of(host):
    host.configure(services="")
    host.warned(f"{host.conf}: has no .service:. section",
                f"{PAM}/sshd:1: there is no .service:sshd.")


def test_a_service_without_a_role_is_warned_of(host):
    host.configure(services="[service:sshd]\n[service:ftp]\n"
                   "require_all_roles = a\n")
    pam(ftp=STACK)
    number = line_of(host.conf, "[service:sshd]")
    host.warned(f"{host.conf}:{number}: service:sshd: names neither")


def test_a_scope_is_no_gate_of_its_own(host):
    host.configure(services="[service:sshd]\nrequire_scope = roles\n")
    section = line_of(host.conf, "[service:sshd]")
    host.warned(f"{host.conf}:{section}: service:sshd: names neither",
                f"{host.conf}:{section + 1}: require_scope: cannot refuse")


def test_a_scope_that_is_not_asked_for_is_warned_of(host):
    host.configure(services="[service:ftp]\nrequire_role = a\n"
                   "require_scope = other\n[service:sshd]\nrequire_role = a\n"
                   "require_scope = other, roles\n")
    pam(ftp=STACK)
    number = line_of(host.conf, "require_scope")
    host.warned(f"{host.conf}:{number}: require_scope: other is not asked for",
                f"{host.conf}:{number + 3}: require_scope: other is not asked",
                f"{host.conf}:{number + 3}: require_scope: cannot refuse")


def test_tenant_api_needs_a_company_and_is_not_warned_of(host):
    host.configure(tenant="api")
    done = host.check()
    assert done.returncode == 3
    assert f"{host.conf}: company: is missing from [api], and tenant is api: " in done.stderr
    host.configure(tenant="api", accounts="[api]\ncompany = acme\n", services="[service:sshd]\n"
                   "require_role = a\nrequire_scope = BeProductPublicApi\n")
    host.write(host.map, "email a@b alice\n")
    number = line_of(host.conf, "require_scope")
    host.warned(f"{host.conf}:{number}: require_scope: cannot refuse")


def test_a_company_that_nobody_is_asked_about_is_warned_of(host):
    host.configure(accounts="[api]\ncompany = acme\n")
    number = line_of(host.conf, "company")
    host.warned(f"{host.conf}:{number}: company: nothing asks the public API about it")


@pytest.mark.parametrize("source", ["api", "both"])
def test_a_company_that_is_asked_for_its_roles_is_not(host, source):
    host.configure(accounts=f"[api]\ncompany = acme\nrole_source = {source}\n")
    assert "nothing asks the public API" not in host.check().stdout


def test_an_acr_that_nobody_asks_for_is_warned_of(host):
    host.configure(provider="acr_values = mfa\n", services="[service:sshd]\n"
                   "require_role = a\nrequire_acr = mfa, phr\n")
    number = line_of(host.conf, "require_acr")
    host.warned(f"{host.conf}:{number}: require_acr: phr is not asked for")


def test_an_acr_that_nothing_requires_is_warned_of(host):
    host.configure(provider="acr_values = mfa\n")
    number = line_of(host.conf, "acr_values")
    host.warned(f"{host.conf}:{number}: acr_values: is a wish that a provider need not heed")


@pytest.mark.parametrize("keys, seconds", [
    ("max_age = 109s\n", 110), ("max_age = 110s\n", None), ("max_age = 30s\ndeadline = 60s\n", 60),
    ("max_age = 1m\ndeadline = 60s\n", None)])
def test_an_age_under_the_deadline_is_warned_of(host, keys, seconds):
    host.configure(services="[service:sshd]\nrequire_role = a\n" + keys)
    number = line_of(host.conf, "max_age")
    host.warned(*([f"{host.conf}:{number}: max_age: is less than the deadline of {seconds}s"]
                  if seconds else []))


@pytest.mark.parametrize("provider, keys, at", [
    ("prompt = login\n", "", "prompt = login"), ("", "prompt = login\n", "prompt = login"),
    ("prompt = login\n", "prompt = consent\n", None), ("prompt = select_account\n", "", None),
    ("prompt = login\n", "max_age = 5m\n", None)])
def test_a_login_that_nothing_checks_is_warned_of(host, provider, keys, at):
    host.configure(provider=provider, services="[service:sshd]\nrequire_role = a\n" + keys)
    host.warned(*([f"{host.conf}:{line_of(host.conf, at)}: prompt: login is asked for in the "
                   r"address, .* max_age in \[service:sshd\]"] if at else []))


def test_warnings_are_no_errors_and_errors_hide_no_warnings(host):
    host.configure(tenant="any")
    host.write(host.secret, "", 0o600)
    done = host.refused(f"{host.secret}: is empty, or its first line is")
    assert "warning: " in done.stdout


# What is shipped

SHIPPED = SOURCE / "conf/beproduct.conf"


def test_the_shipped_configuration_lacks_only_what_must_be_set(host):
    shutil.copy(SHIPPED, host.conf)
    host.conf.chmod(0o644)
    done = host.check()
    assert done.returncode == 3
    assert done.stderr.startswith(f"{host.conf}: client_id: is missing")


def test_the_shipped_configuration_is_good_as_it_stands_in_comments(host):
    text = re.sub(r"(?m)^#([a-z_]+ = \S|\[)", r"\1", SHIPPED.read_text())
    text = text.replace("#client_id =", "client_id = b") \
        .replace("#tenant =", "tenant = api") \
        .replace("#company =", "company = acme") \
        .replace("/etc/beproduct/client_secret", str(host.secret)) \
        .replace("/etc/beproduct/accounts.map", str(host.map)) \
        .replace("#require_role =", "require_role = a")
    host.write(host.conf, text)
    host.warned()


def settings_in(text):
    """As documented.settings() has them: what a line of the file says, in comments."""
    section, required = None, False
    for line in text.splitlines():
        found = re.fullmatch(r"(#?)(?:\[(\w+)(:sshd)?\]|(\w+) =(?: (.*))?)", line)
        required = required or line.startswith("# required: ")
        if found and found[2]:
            section = f"[{found[2]}{':NAME' if found[3] else ''}]"
        elif found:
            assert found[1] == "#", line
            yield section, found[4], found[5] or (True if required else None)
            required = False


def test_the_shipped_configuration_has_every_key_in_comments_at_its_default():
    assert list(settings_in(SHIPPED.read_text())) == documented.settings()


def test_the_shipped_map_is_good_with_and_without_its_examples(host):
    shipped = (SOURCE / "conf/accounts.map").read_text()
    host.write(host.map, shipped)
    host.warned(f"{host.map}: has no rule")
    host.write(host.map, re.sub(r"(?m)^#(sub|email) ", r"\1 ", shipped))
    host.warned(f"{host.map}:[0-9]+: sub: this host has no account deploy: ")


# What sudo asks by itself

NOTE = "note: {}: sign-ins of {} ask for the scope offline_access, which the client must be allowed"
SUDO = "[service:sudo]\nrequire_role = a\n"
SSHD = "[service:sshd]\nrequire_role = a\n"


@pytest.mark.parametrize("services, who", [
    (SSHD + SUDO, "[service:sshd], [service:sudo]"),
    (SUDO, "[service:sudo]"),
    (SSHD + "ticket = 0s\n" + SUDO, "[service:sudo]"),
    (SSHD + SUDO + "[service:su]\nrequire_role = a\n", "[service:sshd], [service:sudo]"),
    (SSHD, None),
    (SSHD + SUDO + "recheck = 8h\n", None),
    (SSHD + SUDO + "ticket = 0s\n", None),
], ids=["sshd and sudo", "sudo", "sshd without a ticket", "su", "no sudo", "a long recheck",
        "no ticket"])
def test_where_offline_access_is_asked_for_is_noted(host, services, who):
    host.configure(services=services)
    done = host.check()
    notes = [line for line in done.stdout.splitlines() if line.startswith("note: ")]
    assert len(notes) == (who is not None)
    if who is not None:
        assert notes[0].startswith(NOTE.format(host.conf, who))


# The address of a sign-in

def scopes(n, length=60):
    return "openid, " + ", ".join(f"{n:02}" + "s" * (length - 2) for n in range(n))


@pytest.mark.parametrize("provider, key", [
    (f"scopes = {scopes(64)}\n", "scopes"),
    ("acr_values = " + ", ".join("a" * 60 for _ in range(64)) + "\n", "acr_values"),
    # which alone would have room
    (f"scopes = {scopes(35)}\nacr_values = " + ", ".join("a" * 60 for _ in range(35)) + "\n", "acr_values"),
    (f"scopes = {scopes(64)}\nacr_values = gold\n", "scopes"),
], ids=["scopes", "acr_values", "both", "scopes with a short one"])
def test_what_makes_an_address_too_long_is_named(host, provider, key):
    host.configure(provider)
    at = next(n for n, line in enumerate(host.conf.read_text().split("\n"), 1) if line.startswith(key))
    host.refused(f"{host.conf}:{at}: {key}: the address of a sign-in would be longer than 4096 bytes, and "
                 "nobody can sign in: fewer, or shorter ones")


def test_what_goes_into_an_address_is_good(host):
    host.configure(f"scopes = {scopes(50)}\n")
    assert host.check().returncode == 0
