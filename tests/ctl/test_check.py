"""`beproductctl check`: what it refuses, what it warns of, and where.

Runs as root inside tests/support/host, whose /etc may be changed:
BP_CTL names the program.
"""
import os
import pathlib
import pwd
import re
import shutil
import subprocess

import pytest

CTL = os.environ["BP_CTL"]
HELPER = pathlib.Path(os.environ.get(
    "BP_HELPER", "/usr/libexec/beproduct/beproduct-helper"))
CACHE = pathlib.Path("/var/cache/beproduct")
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAM = pathlib.Path("/etc/pam.d")
AUTH = "auth [success=done user_unknown=ignore default=die] pam_beproduct.so\n"
ACCOUNT = "account required pam_beproduct.so\n"
UNIX = "auth required pam_unix.so\naccount required pam_unix.so\n"
STACK = AUTH + ACCOUNT + UNIX


@pytest.fixture(scope="session", autouse=True)
def installed():
    """What the installation brings; a stand-in where it was not run."""
    assert os.path.exists("/etc/beproduct-test-root"), \
        "changes /etc: to be run inside tests/support/host"
    if not HELPER.exists():
        HELPER.parent.mkdir(parents=True, exist_ok=True)
        HELPER.write_text("")
        HELPER.chmod(0o711)
    try:
        pwd.getpwnam("_beproduct")
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home",
                        "_beproduct"], check=True)


@pytest.fixture(autouse=True)
def etc(tmp_path):
    """/etc as it was, and without a line of ours, at every test's beginning."""
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    paths = [PAM, pathlib.Path("/etc/sudoers.d")]
    files = [pathlib.Path(p) for p in ("/etc/passwd", "/etc/sudoers")]
    for path in paths:
        if path.exists():
            shutil.copytree(path, kept / path.name)
    for path in files:
        if path.exists():
            shutil.copy2(path, kept / path.name)
    for name in ("sshd", "sudo", "sudo-i"):
        (PAM / name).unlink(missing_ok=True)
    passwd = pathlib.Path("/etc/passwd")
    passwd.write_text(re.sub(r"(?m)^(alice|bob|carol|dave|erin):.*\n", "", passwd.read_text())
                      + "alice:x:4100:4100::/nonexistent:/bin/sh\n")
    yield
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)
        if (kept / path.name).exists():
            shutil.copytree(kept / path.name, path)
    for path in files:
        path.unlink(missing_ok=True)
        if (kept / path.name).exists():
            shutil.copy2(kept / path.name, path)


class Host:
    """The files of one host, good until a test makes them otherwise."""

    def __init__(self, folder):
        self.folder = folder
        self.conf = folder / "beproduct.conf"
        self.map = folder / "accounts.map"
        self.secret = folder / "client_secret"
        self.write(self.secret, "s3cret\n", 0o600)
        self.write(self.map, "sub x alice\n")
        self.configure()

    @staticmethod
    def write(path, text, mode=0o644):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)

    def configure(self, provider="", services="[service:sshd]\n"
                  "require_role = a\n", tenant="claim company=acme",
                  accounts=""):
        self.write(self.conf, "[provider]\nclient_id = b\n"
                   f"tenant = {tenant}\n"
                   f"client_secret_file = {self.secret}\n{provider}"
                   f"[accounts]\nmap = {self.map}\n{accounts}{services}")

    def check(self, *arguments, **how):
        return subprocess.run(
            [CTL, *(arguments or ("check", "--config", self.conf))],
            capture_output=True, text=True, timeout=30, check=False, **how)

    def refused(self, complaint):
        """Exit 3, with exactly this on stderr."""
        done = self.check()
        assert done.stderr == complaint + "\n"
        assert done.returncode == 3
        assert "is good" not in done.stdout
        return done

    def warned(self, *patterns):
        """Exit 0, each pattern one warning, and nothing else is warned of."""
        done = self.check()
        assert done.stderr == ""
        assert done.returncode == 0
        lines = done.stdout.splitlines()
        assert lines.pop() == f"{self.conf}: configuration is good"
        assert len(lines) == len(patterns), done.stdout
        for pattern in patterns:
            assert [line for line in lines if re.match(
                "warning: " + pattern, line)], (pattern, done.stdout)


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path)


def line_of(path, begins):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith(begins):
            return number
    raise AssertionError(begins)


def test_a_good_configuration_is_one_line_and_exit_0(host):
    done = host.check()
    assert (done.returncode, done.stdout, done.stderr) == (
        0, f"{host.conf}: configuration is good\n", "")


def test_options_may_stand_before_the_command(host):
    assert host.check("--config", host.conf, "check").returncode == 0


@pytest.mark.parametrize("arguments", [
    [], ["chek"], ["check", "more"], ["--config"], ["--no", "check"],
    ["-x", "check"], ["--config", "", "check"], [""]])
def test_what_is_no_usage_shows_it_on_stderr_and_exits_4(arguments):
    done = subprocess.run([CTL, *arguments], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 4
    assert "usage: beproductctl" in done.stderr
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
                   '[service:login]\nrequire_role = "Host # Login", C#, a;b\n')
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
    ("# a\n\nsub /(/ a\n", 3, "no POSIX extended"),
    ("email alice a\n", 1, "no e-mail address"),
    ("sub /(a)/ \\2\n", 1, "the expression lacks"),
    ("sub x a b\n", 1, "more than three columns"),
])
def test_a_bad_rule_is_named_with_its_line(host, text, line, what):
    host.write(host.map, text)
    done = host.check()
    assert done.returncode == 3
    assert done.stderr.startswith(f"{host.map}:{line}: ")
    assert what in done.stderr


def test_more_claims_than_are_ever_sent_are_refused(host):
    host.write(host.map, "".join(f"c{n} x alice\n" for n in range(33)))
    host.refused(f"{host.map}: more than 32 claims are looked at, by map and "
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


def test_rules_by_email_alone_are_not_warned_of(host):
    host.write(host.map, "email a@b alice\n")
    host.warned()


def test_another_claim_is_warned_of(host):
    host.write(host.map, "sub x alice\nupn x alice\n")
    host.warned(f"{host.map}:2: upn: people may often set this")


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
    host.warned(f"{host.map}:2: sub: alcie: this host has no such account, and the rule maps nobody$")
    # one of many is enough
    host.write(host.map, "sub x alcie\nsub y bbo\nsub /(.*)/ \\1\nemail a@b c\n")
    host.warned(f"{host.map}:1: sub: alcie: this host has no such account, and the rule maps "
                "nobody; nor do 2 more$")


def test_a_map_that_costs_much_is_warned_of(host):
    host.write(host.map, 18000 * "email /^([a-z][a-z0-9_-]{0,30})@example\\.com$/ \\1\n")
    host.warned(rf"{host.map}: takes \d\d\d+ ms to read, at every sign-in")


def test_a_misspelt_local_account_is_warned_of(host):
    host.configure(accounts="local_accounts = root, rot\n")
    number = line_of(host.conf, "local_accounts")
    host.warned(f"{host.conf}:{number}: local_accounts: rot: this host has no")


def test_no_service_at_all_is_warned_of(host):
    host.configure(services="")
    host.warned(f"{host.conf}: has no .service:. section")


def test_a_service_without_a_role_is_warned_of(host):
    host.configure(services="[service:sshd]\n[service:sudo]\n"
                   "require_all_roles = a\n")
    number = line_of(host.conf, "[service:sshd]")
    host.warned(f"{host.conf}:{number}: service:sshd: names neither")


def test_a_scope_is_no_gate_of_its_own(host):
    host.configure(services="[service:sshd]\nrequire_scope = roles\n")
    section = line_of(host.conf, "[service:sshd]")
    host.warned(f"{host.conf}:{section}: service:sshd: names neither",
                f"{host.conf}:{section + 1}: require_scope: cannot refuse")


def test_a_scope_that_is_not_asked_for_is_warned_of(host):
    host.configure(services="[service:a]\nrequire_role = a\n"
                   "require_scope = other\n[service:b]\nrequire_role = a\n"
                   "require_scope = other, roles\n")
    number = line_of(host.conf, "require_scope")
    host.warned(f"{host.conf}:{number}: require_scope: other is not asked for",
                f"{host.conf}:{number + 3}: require_scope: other is not asked",
                f"{host.conf}:{number + 3}: require_scope: cannot refuse")


def test_warnings_are_no_errors_and_errors_hide_no_warnings(host):
    host.configure(tenant="any")
    host.write(host.secret, "", 0o600)
    done = host.refused(f"{host.secret}: is empty, or its first line is")
    assert "warning: " in done.stdout


# PAM

def pam(**files):
    for name, text in files.items():
        (PAM / name.replace("_", "-")).write_text(text)


def test_the_documented_stack_is_warned_of_by_nothing(host):
    pam(sshd=STACK)
    host.warned()


def test_the_shipped_example_is_the_documented_stack(host):
    shutil.copy(SOURCE / "conf/pam.d/sshd.example", PAM / "sshd")
    host.warned()
    # and it is read: under another name there is no section for it
    (PAM / "sshd").rename(PAM / "login")
    number = line_of(PAM / "login", "auth ")
    host.warned(f"{PAM}/login:{number}: there is no .service:login.")


def test_a_file_without_a_section_is_warned_of(host):
    pam(sshd=UNIX, ftp="# a\n" + STACK)
    host.warned(f"{PAM}/ftp:2: there is no .service:ftp. in {host.conf}")


def test_what_editors_leave_behind_is_no_service(host):
    pam(**{"ftp~": STACK, "ftp.dpkg-old": STACK, ".ftp": STACK,
           "sshd.example": STACK})
    host.warned()


@pytest.mark.parametrize("name, line", [
    ("common_auth", AUTH), ("common_account", ACCOUNT),
    ("system_auth", AUTH)])
def test_ours_in_a_common_file_is_warned_of(host, name, line):
    target = PAM / name.replace("_", "-")
    before = target.read_text() if target.exists() else ""
    pam(**{name: line + before})
    done = host.check()
    assert f"warning: {target}:1: would decide about cron" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("control, documented", [
    ("sufficient", False), ("required", False),
    ("[success=done default=ignore]", False),
    ("[success=done user_unknown=ignore default=die]", True),
    ("[success=done\tuser_unknown=ignore   default=die ]", True)])
def test_another_control_of_the_auth_line_is_warned_of(
        host, control, documented):
    pam(sshd=f"auth {control} pam_beproduct.so\n" + ACCOUNT + UNIX)
    host.warned(*([] if documented else [f"{PAM}/sshd:1: auth "]))


@pytest.mark.parametrize("control", [
    "sufficient", "optional", "requisite", "[success=ok default=bad]"])
def test_another_control_of_the_account_line_is_warned_of(host, control):
    pam(sshd=f"account {control} pam_beproduct.so\n" + AUTH + UNIX)
    host.warned(re.escape(f"{PAM}/sshd:1: account {control}: "))


def test_another_configuration_and_other_arguments_are_warned_of(host):
    pam(sshd=STACK.replace(
        "pam_beproduct.so\n", f"pam_beproduct.so debug config={host.conf}\n"))
    host.warned()
    pam(sshd="account required /lib/security/pam_beproduct.so config=/x\n"
        "auth [success=done user_unknown=ignore default=die] "
        "pam_beproduct.so debug nullok\n" + UNIX)
    host.warned(f"{PAM}/sshd:1: config=/x: another configuration",
                f"{PAM}/sshd:2: nullok: no argument")


def test_an_account_line_behind_one_that_ends_the_phase_is_warned_of(host):
    pam(sshd=AUTH + "account sufficient pam_x.so\n" + ACCOUNT + UNIX)
    host.warned(f"{PAM}/sshd:3: a line before it can end the phase "
                f".{PAM}/sshd:2.")
    pam(sshd=AUTH + "@include common-account\n" + ACCOUNT + UNIX)
    host.warned(f"{PAM}/sshd:3: a line before it can end the phase "
                f".{PAM}/common-account:")
    pam(sshd=AUTH + "account required pam_nologin.so\n" + ACCOUNT + UNIX)
    host.warned()


def test_what_ends_a_substack_ends_no_phase(host):
    pam(inner="account sufficient pam_x.so\n",
        sshd=AUTH + "account substack inner\n" + ACCOUNT + UNIX)
    host.warned()


def test_an_account_line_alone_is_warned_of(host):
    pam(sshd=AUTH + "auth required pam_unix.so\n" + ACCOUNT)
    host.warned(f"{PAM}/sshd:3: no other account module stands behind it")


def test_an_auth_line_behind_passwords_is_warned_of(host):
    pam(sshd="@include common-auth\n" + STACK)
    host.warned(f"{PAM}/sshd:2: stands behind a module that asks for a "
                f"password .{PAM}/common-auth:")


def test_pam_nologin_behind_the_auth_line_is_warned_of(host):
    pam(sshd=AUTH + "auth requisite pam_nologin.so\n" + ACCOUNT + UNIX)
    host.warned(f"{PAM}/sshd:2: pam_nologin is skipped")
    pam(sshd="auth requisite pam_nologin.so\n" + STACK)
    host.warned()


def test_pam_rootok_behind_the_auth_line_is_warned_of(host):
    host.configure(services="[service:su]\nrequire_role = a\n")
    pam(su=AUTH + "auth sufficient pam_rootok.so\n" + UNIX, su_l="@include su\n")
    # once, though su-l includes the line
    host.warned(f"{PAM}/su:2: pam_rootok comes too late")
    pam(su="auth sufficient pam_rootok.so\n" + AUTH + UNIX)
    host.warned()


SERVICES = "".join(f"[service:{name}]\nrequire_role = a\n"
                   for name in ("login", "sshd", "su", "sudo"))


@pytest.fixture
def gated(host):
    host.configure(services=SERVICES)
    pathlib.Path("/etc/sudoers").write_text("Defaults timestamp_timeout=0\n")
    return host


def test_both_files_of_a_pair_are_good(gated):
    pam(sudo=STACK, sudo_i=STACK, su=AUTH + UNIX, su_l=AUTH + UNIX)
    gated.warned()


def test_one_file_of_a_pair_may_include_the_other(gated):
    pam(sudo=STACK, sudo_i="@include sudo\n", su=AUTH + UNIX,
        su_l="auth include su\naccount substack su\n")
    gated.warned()


def test_the_shipped_examples_together_are_warned_of_by_nothing(gated):
    names = [path.name[:-len(".example")]
             for path in (SOURCE / "conf/pam.d").glob("*.example")]
    assert sorted(names) == ["login", "sshd", "su", "su-l", "sudo", "sudo-i"]
    for name in names:
        shutil.copy(SOURCE / f"conf/pam.d/{name}.example", PAM / name)
    gated.warned()


@pytest.mark.parametrize("files, where, how", [
    ({"sudo": STACK, "sudo_i": UNIX}, "sudo:1: sudo has our auth line and "
     "sudo-i has not", "sudo -i goes past it"),
    ({"sudo": STACK}, "sudo:1: sudo has our auth line and sudo-i has not",
     "sudo -i goes past it"),
    ({"sudo": STACK, "sudo_i": AUTH + UNIX}, "sudo:2: sudo has our account "
     "line and sudo-i has not", "sudo -i goes past it"),
    ({"sudo": STACK, "sudo_i": "auth include sudo\n"
      "account required pam_unix.so\n"}, "sudo:2: sudo has our account line "
     "and sudo-i has not", "sudo -i goes past it"),
    ({"sudo": STACK, "sudo_i": ACCOUNT + UNIX}, "sudo:1: sudo has our auth "
     "line", "sudo -i goes past it"),
    ({"sudo": UNIX, "sudo_i": STACK}, "sudo-i:1: sudo-i has our auth line "
     "and sudo has not", "sudo goes past it"),
    ({"su": AUTH + UNIX, "su_l": UNIX}, "su:1: su has our auth line and su-l "
     "has not", "su - goes past it"),
    ({"su": UNIX, "su_l": AUTH + UNIX}, "su-l:1: su-l has our auth line and "
     "su has not", "su goes past it"),
])
def test_one_file_of_a_pair_alone_is_warned_of(gated, files, where, how):
    pam(**files)
    done = gated.check()
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines()
            if line.startswith(f"warning: {PAM}/{where}")
            and line.endswith(how)], done.stdout


def test_an_account_line_of_su_is_warned_of(gated):
    pam(su=STACK, su_l=AUTH + "account include su\n")
    gated.warned(f"{PAM}/su:2: here the auth line stands alone")


def test_files_that_include_each_other_end(gated):
    # twice, so that what only ran out of descriptors would never end
    pam(sshd="@include ftp\n" + STACK, ftp="@include sshd\n@include sshd\n")
    done = gated.check()
    assert done.returncode == 0
    assert "there is no [service:ftp]" in done.stdout


def test_lines_are_read_as_libpam_reads_them(host):
    pam(sshd="# auth sufficient pam_beproduct.so\n"
        "\t-AUTH \\\n [success=done \\\n user_unknown=ignore default=die] \\\n"
        "pam_beproduct.so # config=/x\n" + ACCOUNT + UNIX +
        "auth required /usr/lib/pam_other.so pam_beproduct.so\n")
    host.warned()
    pam(ftp="auth \\\n\\\n sufficient pam_beproduct.so\n")
    host.warned(f"{PAM}/ftp:3: auth sufficient", f"{PAM}/ftp:3: there is no")


def test_a_vendors_file_counts_unless_etc_has_its_own(host):
    vendor = pathlib.Path("/usr/lib/pam.d")
    made = not vendor.exists()
    vendor.mkdir(exist_ok=True)
    try:
        (vendor / "ftp").write_text(STACK)
        host.warned(f"{vendor}/ftp:1: there is no .service:ftp.")
        pam(ftp=UNIX)
        host.warned()
    finally:
        (vendor / "ftp").unlink()
        if made:
            vendor.rmdir()


# Keys and sudoers

@pytest.fixture
def people(tmp_path):
    """alice and carol of min_uid and more with keys, bob below, dave without."""
    homes = tmp_path / "homes"
    lines = []
    for name, uid, keys in (("alice", 4000, "authorized_keys"),
                            ("bob", 999, "authorized_keys"),
                            ("carol", 4001, "authorized_keys2"),
                            ("dave", 4002, None), ("erin", 4003, "")):
        folder = homes / name / ".ssh"
        folder.mkdir(parents=True)
        if keys:
            (folder / keys).write_text("ssh-ed25519 A\n")
        elif keys == "":
            (folder / "authorized_keys").write_text("")
        lines.append(f"{name}:x:{uid}:{uid}::{homes / name}:/bin/sh\n")
    passwd = pathlib.Path("/etc/passwd")
    passwd.write_text(re.sub(r"(?m)^alice:.*\n", "", passwd.read_text()) + "".join(lines))
    return homes


def test_accounts_whose_keys_are_refused_are_warned_of(host, people):
    pam(sshd=STACK)
    host.warned(f"{people}/alice/.ssh/authorized_keys: sshd's account line "
                "refuses alice these keys without a sign-in in the same login",
                f"{people}/carol/.ssh/authorized_keys2: sshd's account line")


def test_keys_of_local_accounts_are_not(host, people):
    pam(sshd=STACK)
    host.write(host.map, "sub x dave\n")
    host.configure(accounts="local_accounts = root, alice, carol\n")
    host.warned()
    host.configure(accounts="min_uid = 4001\n")
    host.warned(f"{people}/carol/")


def test_keys_without_an_account_line_are_not(host, people):
    pam(sshd=AUTH + UNIX)
    host.warned()


def sudoers(text, name="sudoers"):
    """By its name below /etc."""
    path = pathlib.Path("/etc") / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


TIMEOUT = "Defaults timestamp_timeout=0\n"


@pytest.mark.parametrize("line", [
    "Defaults rootpw", "Defaults targetpw", "Defaults runaspw",
    "Defaults\tenv_reset, targetpw # asks", "Defaults:alice rootpw"])
@pytest.mark.parametrize("include, name", [
    ("", "sudoers"), ("#includedir /etc/sudoers.d\n", "sudoers.d/local"),
    ("@includedir /etc/sudoers.d\n", "sudoers.d/local"),
    ("#include /etc/sudoers.local\n", "sudoers.local"),
    ("  @include\tsudoers.local  \n", "sudoers.local"),
    ('@include "/etc/sudoers.local"\n', "sudoers.local"),
    ("@include /etc/sudoers.%h\n", "sudoers.web1"),
    ("@include /etc/sudoers\\ local\n", "sudoers local"),
])
def test_sudo_asking_another_than_its_caller_is_warned_of(gated, line, include, name):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT + include)
    before = pathlib.Path(f"/etc/{name}").read_text() if not include else ""
    path = sudoers(f"{before}# Defaults rootpw\n{line}\n", name)
    word = re.search("rootpw|targetpw|runaspw", line)[0]
    gated.warned(f"{re.escape(str(path))}:{path.read_text().count(chr(10))}: {word}: sudo then "
                 "signs in another")
    if include:
        path.unlink()


def test_what_no_file_includes_is_not_read(gated):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT)
    sudoers("Defaults rootpw\n", "sudoers.d/local")
    gated.warned()


def test_includes_are_followed_where_they_stand(gated):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers("@include sudoers.d/first\nDefaults timestamp_timeout=15\n")
    sudoers(TIMEOUT, "sudoers.d/first")
    gated.warned("/etc/sudoers: lacks Defaults timestamp_timeout=0")
    sudoers("Defaults timestamp_timeout=15\n@include sudoers.d/first\n")
    sudoers("@include second\n", "sudoers.d/first")
    sudoers(TIMEOUT, "sudoers.d/second")
    gated.warned()


def test_sudoers_that_include_each_other_end(gated):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT + "@include sudoers\n")
    gated.warned()


@pytest.mark.parametrize("line", [
    "Defaults !rootpw", "# Defaults rootpw", "Defaults rootpwx",
    "alice ALL=(ALL) ALL", "Defaults passprompt=rootpw"])
def test_sudo_asking_its_caller_is_not(gated, line):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT + line + "\n")
    gated.warned()


@pytest.mark.parametrize("rule, what", [
    ("alice ALL=(ALL) NOPASSWD: ALL", "NOPASSWD for alice"),
    ("alice ALL=(ALL:ALL) SETENV:NOPASSWD : /bin/id", "NOPASSWD for alice"),
    ("root, alice ALL=NOPASSWD:ALL", "NOPASSWD for alice"),
    ("%sudo ALL=(ALL) NOPASSWD: ALL", "NOPASSWD for %sudo"),
    ("#4100 ALL=(ALL) NOPASSWD: ALL", "NOPASSWD for #4100"),
    ("User_Alias A = bin\nA ALL = /bin/id, NOPASSWD: /bin/ls", "NOPASSWD for A"),
    ("ALL ALL=(ALL) ALL, \\\n NOPASSWD: /bin/id", "NOPASSWD for ALL"),
    ("Defaults !authenticate", "!authenticate"),
    ("Defaults:alice !authenticate", "!authenticate"),
    ("Defaults exempt_group = sudo", "exempt_group=sudo"),
])
def test_a_sudo_that_asks_nobody_is_warned_of(gated, rule, what):
    sudoers(TIMEOUT + rule + "\n")
    where = f"/etc/sudoers:{2 + rule.count(chr(10))}: {re.escape(what)}: sudo asks nobody then, and "
    pam(sudo=STACK, sudo_i=STACK)
    gated.warned(where + "our account line refuses, for nobody has signed in")
    pam(sudo=AUTH + UNIX, sudo_i=AUTH + UNIX)
    gated.warned(where + "no role is looked at")
    pam(sudo=UNIX, sudo_i=UNIX)
    gated.warned()


@pytest.mark.parametrize("rule", [
    "root ALL=(ALL) NOPASSWD: ALL", "bin, daemon ALL=(ALL) NOPASSWD: ALL",
    "alice ALL=(ALL) ALL # NOPASSWD: ALL", "# alice ALL=(ALL) NOPASSWD: ALL",
    "Cmnd_Alias NOPASSWD = /bin/id", "alice ALL=(ALL) PASSWD: ALL",
    "alice ALL=(ALL) /bin/xNOPASSWD:", "Defaults authenticate", "nosuch ALL=NOPASSWD: ALL"])
def test_a_sudo_that_asks_all_of_ours_is_not(gated, rule):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT + rule + "\n")
    gated.warned()


def test_files_that_sudo_passes_over_are_passed_over(gated):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT + "@includedir /etc/sudoers.d\n")
    folder = pathlib.Path("/etc/sudoers.d")
    folder.mkdir(exist_ok=True)
    for name in ("a.bak", "b~"):
        (folder / name).write_text("Defaults rootpw\n")
    gated.warned()


def test_a_line_that_continues_defaults_is_looked_at(gated):
    pam(sudo=STACK, sudo_i=STACK)
    pathlib.Path("/etc/sudoers").write_text(
        "Defaults env_reset, \\\n  timestamp_timeout=0, \\\n\ttargetpw\n"
        "alice ALL = \\\n  rootpw, runaspw\n")
    gated.warned("/etc/sudoers:3: targetpw: sudo then signs in another")


@pytest.mark.parametrize("lines", [
    "Defaults timestamp_timeout=5", "Defaults env_reset", "Defaults:alice timestamp_timeout=0",
    "Defaults timestamp_timeout=0\nDefaults timestamp_timeout=15",
    "Defaults timestamp_timeout=0\nDefaults:alice timestamp_timeout=15",
    "Defaults timestamp_timeout=0\nDefaults>root timestamp_timeout=15",
    "Defaults timestamp_timeout=00.5"])
def test_sudos_own_timestamp_beside_the_account_line_is_warned_of(gated, lines):
    pam(sudo=STACK, sudo_i=STACK)
    pathlib.Path("/etc/sudoers").write_text(lines + "\n")
    gated.warned("/etc/sudoers: lacks Defaults timestamp_timeout=0")
    pam(sudo=AUTH + UNIX, sudo_i=AUTH + UNIX)
    gated.warned()


@pytest.mark.parametrize("lines", [
    "Defaults timestamp_timeout=15\nDefaults timestamp_timeout = 0 # each time",
    "Defaults\ttimestamp_timeout=0\nDefaults:alice timestamp_timeout=0",
    "Defaults !timestamp_timeout"])
def test_a_sudo_that_asks_each_time_is_not(gated, lines):
    pam(sudo=STACK, sudo_i=STACK)
    pathlib.Path("/etc/sudoers").write_text(lines + "\n")
    gated.warned()


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
        .replace("#tenant =", "tenant = claim a=b") \
        .replace("/etc/beproduct/client_secret", str(host.secret)) \
        .replace("/etc/beproduct/accounts.map", str(host.map)) \
        .replace("#require_role =", "require_role = a")
    host.write(host.conf, text)
    host.warned()


def test_the_shipped_configuration_names_every_key_and_no_other():
    keys = re.findall(r"(?m)^#?([a-z_]+) =", SHIPPED.read_text())
    source = (SOURCE / "pam_beproduct/core/config.c").read_text()
    assert keys == re.findall(
        r"\{ (?:provider|accounts|service), \"([a-z_]+)\"", source)


def test_the_shipped_map_is_good_with_and_without_its_examples(host):
    shipped = (SOURCE / "conf/accounts.map").read_text()
    host.write(host.map, shipped)
    host.warned(f"{host.map}: has no rule")
    host.write(host.map, re.sub(r"(?m)^#(sub|email) ", r"\1 ", shipped))
    host.warned(f"{host.map}:[0-9]+: sub: deploy: this host has no such account")
