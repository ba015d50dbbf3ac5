# SPDX-License-Identifier: BSD-2-Clause
"""What the tests share: a host for check; for sign-in and explain runs of the program."""

import os
import pathlib
import pwd
import re
import shutil
import subprocess

import pytest

import program

pytest.register_assert_rewrite("checking")
import checking  # noqa: E402


@pytest.fixture
def live(settings, provider):
    """Settings, with the provider that is there."""
    return settings


@pytest.fixture
def dialogue():
    running = []

    def begin(*arguments, **how):
        running.append(program.Dialogue(*arguments, **how))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
            one.end()


@pytest.fixture
def sign_in(dialogue, provider):
    """Begins, signs in as this person, and ends."""
    def run(name, *arguments):
        one = dialogue(*arguments)
        assert one.prompt() is not None, one.stderr
        one.answer(provider.as_person(name)(one.address))
        one.status = one.end()
        return one
    return run


@pytest.fixture(scope="session")
def installed():
    """What the installation brings; a stand-in where it was not run."""
    assert os.path.exists("/etc/beproduct-test-root"), \
        "changes /etc: to be run inside tests/support/host"
    if not checking.HELPER.exists():
        checking.HELPER.parent.mkdir(parents=True, exist_ok=True)
        checking.HELPER.write_text("")
        checking.HELPER.chmod(0o711)
    try:
        pwd.getpwnam("_beproduct")
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home",
                        "_beproduct"], check=True)


@pytest.fixture
def kept(installed, tmp_path):
    """What tests change of /etc is as it was after them."""
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o700)
    paths = [checking.PAM, checking.SSHD_CONFIG.parent, *map(pathlib.Path, (
        "/etc/sudoers.d", "/etc/beproduct", "/etc/passwd", "/etc/shadow", "/etc/group",
        "/etc/sudoers"))]
    for path in paths:
        _copy(path, folder / path.name)
    yield
    for path in paths:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        _copy(folder / path.name, path)


def _copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)


@pytest.fixture
def etc(kept):
    """Neither sudo, nor anybody but alice, nor files of ours; and sshd as it should be."""
    shutil.rmtree("/etc/beproduct", ignore_errors=True)
    for name in ("sudo", "sudo-i"):
        (checking.PAM / name).unlink(missing_ok=True)
    checking.make_sshd()
    passwd = pathlib.Path("/etc/passwd")
    passwd.write_text(re.sub(r"(?m)^(alice|bob|carol|dave|erin):.*\n", "", passwd.read_text())
                      + "alice:x:4100:4100::/nonexistent:/bin/sh\n")


@pytest.fixture
def host(etc, tmp_path):
    return checking.Host(tmp_path)


@pytest.fixture
def gated(host):
    """Every service that there is a stack for."""
    host.configure(services=checking.SERVICES)
    checking.sudoers(checking.TIMEOUT)
    checking.pam(**checking.GATED)
    return host


@pytest.fixture
def installation(kept, settings, provider):
    """By README, every service; what can be said of it is the provider's redirect URI alone."""
    mode = checking.HELPER.stat().st_mode
    checking.make_sshd()
    checking.pam(**checking.GATED)
    checking.sudoers(checking.TIMEOUT)
    yield settings
    checking.HELPER.chmod(mode)
    pathlib.Path("/etc/sudoers.local").unlink(missing_ok=True)
