# SPDX-License-Identifier: BSD-2-Clause
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


NOBODYS_UID = 65000

# One of each way in which a file can be bad; whatever else makes it so is a row of
# test_config, test_ini, test_file, test_secret, test_account_map and test_setup.
CONFIGURATION = [
    Row("an unknown key", _conf(provider={"colour": "blue"}), words.CONFIG, at="colour"),
    Row("no tenant", _conf(provider={"tenant": None}), words.CONFIG),
    # cut by some readers, which made its end a line of its own
    Row("a comment of 5,000 bytes that ends in a key", _appended(
        b"# " + b"x" * 4980 + b" require_role = *\n"), words.CONFIG, at="# xxx"),
    Row("an empty file", _file(files.CONF, ""), words.CONFIG),
    Row("no file", _gone(files.CONF), words.FILE_MISSING),
    Row("a symbolic link", _linked(files.CONF), words.FILE_UNTRUSTED),
    Row("another owner", _owner(files.CONF, NOBODYS_UID), words.FILE_UNTRUSTED),
    Row("writable by all", _mode(files.CONF, 0o646), words.FILE_UNTRUSTED),
    Row("a file without end", _appended((b"#" + b"x" * 1000 + b"\n") * 400), words.FILE_UNREAD),
]


def _read(name, spoil, reason, path, at=None):
    """Of these the configuration itself can be read."""
    return Row(name, spoil, reason, path=path, at=at, is_readable=True)


OTHERS = [
    _read("no secret", _gone(files.SECRET), words.FILE_MISSING, files.SECRET),
    _read("a secret of two lines", _file(files.SECRET, f"{idp.SECRET}\nmore\n", 0o600),
          words.SECRET, files.SECRET),
    _read("a secret readable by others", _mode(files.SECRET, 0o644), words.FILE_UNTRUSTED,
          files.SECRET),
    _read("no map", _gone(files.MAP), words.FILE_MISSING, files.MAP),
    _read("a map with a rule of two columns", _file(
        files.MAP, files.MAPPING + "email x@example.com\n"), words.MAP, files.MAP, at="email x@"),
    _read("a map that others may write", _mode(files.MAP, 0o666), words.FILE_UNTRUSTED, files.MAP),
    _read("no ca_file", _gone(files.CA), words.FILE_MISSING, files.CA),
]

ROWS = CONFIGURATION + OTHERS


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
