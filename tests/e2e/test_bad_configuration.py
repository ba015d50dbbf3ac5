"""Every kind of bad configuration: it says where, and lets nobody in but those
who are not ours: root always, local accounts where it can be read at all."""

import os
import pathlib
import shutil
import subprocess
from dataclasses import dataclass
from typing import Callable, Optional

import pytest

import accounts
import idp
import pam_codes
import settings as files
import sshd as sshd_module
import terminal
import words


@dataclass(frozen=True)
class Row:
    name: str
    spoil: Callable
    reason: str
    path: pathlib.Path = files.CONF
    # how the line begins that the complaint names; None: it names the file
    at: Optional[str] = None
    # can accounts be told apart, so that local ones go on to their password?
    is_readable: bool = False


def _conf(**sections):
    return lambda settings: settings.conf(**sections)


def _appended(text):
    return lambda settings: files.put(files.CONF, files.conf_text().encode() + text)


def _inserted(before, text):
    """A line ahead of the one that begins so."""
    def spoil(_settings):
        lines = files.conf_text().split("\n")
        lines.insert(files.line_of("\n".join(lines), before) - 1, text)
        files.put(files.CONF, "\n".join(lines))
    return spoil


def _file(path, content, mode=0o644, owner=0):
    return lambda settings: files.put(path, content, mode, owner)


def _linked(path):
    """The same bytes in a file as good, behind a symbolic link."""
    def spoil(_settings):
        other = path.with_suffix(".real")
        shutil.copy2(path, other)
        path.unlink()
        path.symlink_to(other)
    return spoil


def _mode(path, mode):
    return lambda settings: os.chmod(path, mode)


def _owner(path, uid):
    return lambda settings: os.chown(path, uid, -1)


def _gone(path):
    return lambda settings: path.unlink()


LONG = b"x" * 4980
NOBODYS_UID = 65000

CONFIGURATION = [
    Row("an unknown key", _conf(provider={"colour": "blue"}), words.CONFIG, at="colour"),
    Row("an unknown section", _appended(b"[colour]\n"), words.CONFIG, at="[colour]"),
    Row("a key given twice", _appended(b"require_role = *\n"), words.CONFIG, at="require_role = *"),
    Row("a section given twice", _appended(b"[service:sshd]\nrequire_role = *\n[x]\n"),
        words.CONFIG),
    Row("a time without its unit", _conf(provider={"timeout": "15"}), words.CONFIG, at="timeout"),
    Row("a word that is neither yes nor no", _conf(provider={"require_email_verified": "true"}),
        words.CONFIG, at="require_email_verified"),
    Row("an issuer without TLS", _conf(provider={"issuer": "http://id.beproduct.test/ids"}),
        words.CONFIG, at="issuer"),
    Row("an empty value", _conf(provider={"scopes": ""}), words.CONFIG, at="scopes"),
    Row("scopes without openid", _conf(provider={"scopes": "email"}), words.CONFIG, at="scopes"),
    Row("a tenant of no kind", _conf(provider={"tenant": "company=acme"}), words.CONFIG,
        at="tenant"),
    Row("no tenant", _conf(provider={"tenant": None}), words.CONFIG),
    Row("no client id", _conf(provider={"client_id": None}), words.CONFIG),
    Row("the star in a list", _conf(service_sshd={"require_role": "*, Host Login"}), words.CONFIG,
        at="require_role = *"),
    Row("a key ahead of every section", _inserted("[provider]", "min_uid = 1"), words.CONFIG,
        at="min_uid"),
    Row("an indented line", _appended(b"  deadline = 60s\n"), words.CONFIG, at="  deadline"),
    Row("a NUL", _appended(b"# a\0b\n"), words.CONFIG, at="# a"),
    Row("a control character", _appended(b"# a\x1bb\n"), words.CONFIG, at="# a"),
    Row("bytes that are no UTF-8", _appended(b"# a\xff\n"), words.CONFIG, at="# a"),
    Row("a line of 5,000 bytes", _appended(b"require_scope = " + LONG + b"\n"), words.CONFIG,
        at="require_scope"),
    # cut by some readers, which made its end a line of its own
    Row("a comment of 5,000 bytes that ends in a key", _appended(
        b"# " + LONG + b" require_role = *\n"), words.CONFIG, at="# xxx"),
    Row("a line that is nothing", _appended(b"require_role\n"), words.CONFIG, at="require_role\n"),
    Row("an empty file", _file(files.CONF, ""), words.CONFIG),
    Row("no file", _gone(files.CONF), words.FILE_MISSING),
    Row("a symbolic link", _linked(files.CONF), words.FILE_UNTRUSTED),
    Row("another owner", _owner(files.CONF, NOBODYS_UID), words.FILE_UNTRUSTED),
    Row("writable by the group", _mode(files.CONF, 0o664), words.FILE_UNTRUSTED),
    Row("writable by all", _mode(files.CONF, 0o646), words.FILE_UNTRUSTED),
    Row("a file without end", _appended((b"#" + b"x" * 1000 + b"\n") * 400), words.FILE_UNREAD),
]


def _secret(name, spoil, reason):
    return Row(f"a secret {name}", spoil, reason, path=files.SECRET, is_readable=True)


def _map(name, content, at):
    return Row(f"a map {name}", _file(files.MAP, files.MAPPING + content), words.MAP,
               path=files.MAP, at=at, is_readable=True)


SECRETS = [
    _secret("that is missing", _gone(files.SECRET), words.FILE_MISSING),
    _secret("of two lines", _file(files.SECRET, f"{idp.SECRET}\nmore\n", 0o600), words.SECRET),
    _secret("with a blank after it", _file(files.SECRET, f"{idp.SECRET} \n", 0o600), words.SECRET),
    _secret("with a byte-order mark", _file(
        files.SECRET, b"\xef\xbb\xbf" + idp.SECRET.encode(), 0o600), words.SECRET),
    _secret("that is empty", _file(files.SECRET, "", 0o600), words.SECRET),
    _secret("of an empty line", _file(files.SECRET, "\n", 0o600), words.SECRET),
    _secret("readable by others", _mode(files.SECRET, 0o644), words.FILE_UNTRUSTED),
    _secret("readable by a group", _mode(files.SECRET, 0o640), words.FILE_UNTRUSTED),
    _secret("of another owner", _owner(files.SECRET, NOBODYS_UID), words.FILE_UNTRUSTED),
    _secret("behind a link", _linked(files.SECRET), words.FILE_UNTRUSTED),
]

MAPS = [
    _map("with a rule of two columns", "email x@example.com\n", "email x@"),
    _map("with a rule of four columns", "email x@example.com alice too\n", "email x@"),
    _map("with an expression that does not compile", "email /^(x$/ alice\n", "email /"),
    _map("with a group that its expression lacks", "email /^x@example.com$/ \\1\n", "email /"),
    _map("with an account of no lawful name", "email x@example.com -alice\n", "email x@"),
    _map("with a quote that does not end", 'email "x@example.com alice\n', 'email "'),
    Row("a map that is missing", _gone(files.MAP), words.FILE_MISSING, path=files.MAP,
        is_readable=True),
    Row("a map behind a link", _linked(files.MAP), words.FILE_UNTRUSTED, path=files.MAP,
        is_readable=True),
    Row("a map that others may write", _mode(files.MAP, 0o666), words.FILE_UNTRUSTED,
        path=files.MAP, is_readable=True),
    Row("a map of another owner", _owner(files.MAP, NOBODYS_UID), words.FILE_UNTRUSTED,
        path=files.MAP, is_readable=True),
    Row("a ca_file that is missing", _gone(files.CA), words.FILE_MISSING, path=files.CA,
        is_readable=True),
]

ROWS = CONFIGURATION + SECRETS + MAPS


def _place(row):
    """What the complaint must name: the file, and where there is one the line."""
    if row.at is None:
        return str(row.path)
    text = row.path.read_bytes().decode("utf-8", "replace")
    # the last one: what was appended repeats what stands above
    lines = [n for n, line in enumerate(text.split("\n"), 1)
             if f"{line}\n".startswith(row.at)]
    return f"{row.path}:{lines[-1]}"


@pytest.fixture(params=ROWS, ids=lambda row: row.name)
def bad(request, sshd, settings):
    """One row, in place."""
    request.param.spoil(settings)
    return request.param


def test_nobody_signs_in_and_the_log_says_where(bad, log):
    ssh = terminal.dialogue("alice", [])
    assert ssh.status == 255, ssh.transcript
    assert (len(ssh.prompts), pam_codes.authenticate(log)) == (0, ["PAM_MAXTRIES"])
    assert words.ADMIN in ssh.transcript
    error = log.wait_for_event(words.ERROR_EVENT, phase="auth", reason=bad.reason)
    assert not log.events("started") and not log.events("admitted")
    assert any(_place(bad) in line.text for line in log.lines()), str(log)
    assert error["attempt"]
    assert idp.SECRET not in str(log)


def test_no_key_opens_an_account_of_ours(bad, log):
    ssh = terminal.key_login("alice", accounts.make_key_of("alice"))
    assert ssh.status == 255, ssh.transcript
    answers = pam_codes.account(log)
    if bad.is_readable:  # then it is refused for want of a sign-in, or as here
        assert answers[0] in ("PAM_SERVICE_ERR", "PAM_PERM_DENIED")
    else:
        assert answers[0] == "PAM_SERVICE_ERR"


def test_roots_key_login_and_account_phase_go_on(bad, log):
    ssh = terminal.key_login("root", accounts.ROOT_KEY)
    assert ssh.status == 0 and "uid=0(root)" in ssh.transcript, ssh.transcript
    assert set(pam_codes.account(log)) == {"PAM_SUCCESS"}
    assert not log.events(words.ERROR_EVENT)


def test_a_local_accounts_password_works_where_the_configuration_can_be_read(bad, log):
    ssh = terminal.password_login(accounts.LOCAL, accounts.LOCAL_PASSWORD)
    assert (ssh.status == 0) == bad.is_readable, ssh.transcript


def test_beproductctl_check_says_the_same_and_where(bad):
    program = shutil.which("beproductctl", path="/usr/sbin:/usr/local/sbin")
    done = subprocess.run([program, "check"], capture_output=True, text=True, timeout=30,
                          check=False)
    assert done.returncode == 3, done
    assert _place(bad) in done.stdout + done.stderr
    assert idp.SECRET not in done.stdout + done.stderr


def test_an_unknown_module_argument_refuses_all_but_root(sshd, log):
    sshd.set_stack(sshd_module.stack(auth=sshd_module.AUTH_LINE + " nullok",
                                     account=sshd_module.ACCOUNT_LINE + " nullok"))
    for name in ("alice", accounts.LOCAL):
        log.mark()
        ssh = terminal.dialogue(name, [])
        assert ssh.status == 255, ssh.transcript
        assert pam_codes.authenticate(log) == ["PAM_MAXTRIES"]
        log.wait_for_event(words.ERROR_EVENT, reason=words.ARGUMENT)
    assert terminal.key_login("root", accounts.ROOT_KEY).status == 0


@pytest.mark.parametrize("section", [{"require_role": None}, {"require_role": None,
                         "require_scope": "openid"}], ids=["no requirement", "a scope alone"])
def test_a_service_that_requires_no_role_admits_nobody_and_says_so_first(
        sshd, settings, log, section):
    settings.conf(service_sshd=section)
    ssh = terminal.dialogue("alice", [])
    assert (ssh.status, len(ssh.prompts)) == (255, 0), ssh.transcript
    assert words.DENIED in ssh.transcript
    log.wait_for_event(words.REFUSED_EVENT, reason=words.SERVICE_CLOSED)


def test_a_comment_that_ends_in_a_key_stays_a_comment(sshd, provider, settings, log):
    _appended(b"# once it said: ; require_role = *\n")(settings)
    ssh = terminal.dialogue("bob", [provider.as_person("bob")])
    assert ssh.status == 255, ssh.transcript
    log.wait_for_event(words.REFUSED_EVENT, reason=words.ROLE)
