# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the e2e tests. Run inside tests/support/host only.

Every test has its own sshd, settings as in settings.BASE, a provider without
faults and an empty log, so that the order of tests does not matter."""

import pathlib

import pytest

import accounts
import hosts as hosts_module
import pam_codes
import processes
import sshd as sshd_module
import tickets

# needs browsers, which only tests/run --all has: named, it is collected
collect_ignore = ["browser"]


def pytest_collection_modifyitems(items):
    """What looks at all the others comes last."""
    items.sort(key=lambda item: item.path.name == "test_matrix.py")


@pytest.fixture(scope="session")
def _trace(people):
    pam_codes.make_library()


@pytest.fixture
def plain_sshd(log, _trace):
    """sshd with Debian's own stack, without ours."""
    server = sshd_module.Sshd(log)
    server.set_stack(sshd_module.debian_stack())
    server.start()
    yield server
    server.stop()
    server.set_stack(sshd_module.debian_stack())


@pytest.fixture
def settings(provider, _trace, settings):
    return settings


@pytest.fixture
def sshd(log, settings):
    """sshd with the documented stack."""
    server = sshd_module.Sshd(log)
    server.set_stack(sshd_module.stack())
    server.start()
    yield server
    server.stop()
    server.set_stack(sshd_module.debian_stack())
    assert not processes.left(), "a helper outlived its attempt"


@pytest.fixture
def nologin():
    file = pathlib.Path("/etc/nologin")
    file.write_text("closed for the night\n", encoding="utf-8")
    yield
    file.unlink()


@pytest.fixture
def expired_account(people):
    with accounts.expired("alice"):
        yield


@pytest.fixture
def hosts(log, settings):
    """sudo, su and login with the shipped stacks."""
    with hosts_module.installed():
        log.mark()
        yield
    assert not processes.left(), "a helper outlived its attempt"


@pytest.fixture
def both(sshd, hosts, log):
    """sshd, and sudo's files."""
    tickets.GO.unlink(missing_ok=True)
    log.mark()
    yield sshd
    tickets.GO.unlink(missing_ok=True)


@pytest.fixture
def host(request):
    """The one that the test is for, with its stack in place; as cases.on names it."""
    request.getfixturevalue("sshd" if request.param is hosts_module.SSHD else "hosts")
    return request.param
