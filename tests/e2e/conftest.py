"""Fixtures of the e2e tests. Run inside tests/support/host only.

Every test has its own sshd, settings as in settings.BASE, a provider without
faults and an empty log, so that the order of tests does not matter."""

import os
import pathlib
import types

import pytest

import accounts
import devlog
import hosts as hosts_module
import idp
import pam_codes
import processes
import provider as provider_module
import settings as settings_module
import sshd as sshd_module

# needs Chromium, which only tests/run --all has: named, it is collected
collect_ignore = ["browser"]

MODULE_FOLDERS = ("/usr/lib/x86_64-linux-gnu/security", "/usr/lib/aarch64-linux-gnu/security",
                  "/usr/lib/security", "/usr/lib64/security")


def pytest_collection_modifyitems(items):
    """What looks at all the others comes last."""
    items.sort(key=lambda item: item.path.name == "test_matrix.py")


@pytest.fixture(scope="session")
def _devlog():
    return devlog.DevLog()


@pytest.fixture(scope="session")
def _accounts():
    accounts.make_all()
    pam_codes.make_library()


@pytest.fixture
def log(_devlog):
    """The log lines of this test."""
    _devlog.mark()
    return _devlog


@pytest.fixture
def plain_sshd(log, _accounts):
    """sshd with Debian's own stack, without ours."""
    server = sshd_module.Sshd(log)
    server.set_stack(sshd_module.debian_stack())
    server.start()
    yield server
    server.stop()
    server.set_stack(sshd_module.debian_stack())


@pytest.fixture(scope="session")
def _provider(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certs")
    # make-certs.sh makes what is not there yet
    idp.make_certs(folder)
    holder = types.SimpleNamespace(folder=folder, running=provider_module.Provider(folder))
    yield holder
    holder.running.stop()


@pytest.fixture
def provider(_provider):
    """Running and without faults; a test that stops it has it started again after."""
    if _provider.running.process.poll() is not None:
        _provider.running = provider_module.Provider(_provider.folder)
    _provider.running.reset()
    return _provider.running


@pytest.fixture(scope="session")
def _installed(_accounts):
    """Whoever runs these tests has installed the product in the root before."""
    found = [folder for folder in MODULE_FOLDERS
             if os.path.exists(f"{folder}/pam_beproduct.so")]
    assert found, "pam_beproduct.so is not installed: make install inside the root first"
    assert processes.HELPER.exists(), f"{processes.HELPER} is not installed"


@pytest.fixture
def settings(provider, _installed):
    one = settings_module.Settings(provider.ca)
    one.restore()
    yield one
    one.restore()


@pytest.fixture
def sshd(log, settings):
    """sshd with the documented stack."""
    server = sshd_module.Sshd(log)
    server.set_stack(sshd_module.stack())
    server.start()
    yield server
    server.stop()
    server.set_stack(sshd_module.debian_stack())
    assert not processes.helpers(), "a helper outlived its attempt"


@pytest.fixture
def nologin():
    file = pathlib.Path("/etc/nologin")
    file.write_text("closed for the night\n", encoding="utf-8")
    yield
    file.unlink()


@pytest.fixture
def expired_account(_accounts):
    with accounts.expired("alice"):
        yield


@pytest.fixture
def hosts(log, settings):
    """sudo, su and login with the shipped stacks."""
    with hosts_module.installed():
        log.mark()
        yield
    assert not processes.helpers(), "a helper outlived its attempt"
