# SPDX-License-Identifier: BSD-2-Clause
"""What holds for every test in Python, and what several groups share: people, a
provider, what an administrator wrote, the host's log."""

import os
import pathlib

import pytest

import accounts
import devlog
import idp
import provider as provider_module
import settings as settings_module

MARKER = pathlib.Path("/etc/beproduct-test-root")


def pytest_configure():
    if not MARKER.exists():
        raise pytest.UsageError(
            f"these tests change accounts and PAM: only inside tests/support/host ({MARKER})")


def pytest_runtest_logreport(report):
    """tests/run asks at its end which files had a test that was run."""
    if "BP_RAN" in os.environ and report.when == "call" and not report.skipped:
        with open(os.environ["BP_RAN"], "a", encoding="utf-8") as ran:
            ran.write(f"tests/{report.nodeid.split('::')[0]}\n")


@pytest.fixture(scope="session")
def people():
    accounts.make_all()


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certs")
    idp.make_certs(folder)
    return folder


@pytest.fixture(scope="session")
def _provider(certs):
    with provider_module.Provider(certs) as running:
        yield running


@pytest.fixture
def provider(_provider):
    """Running, without faults, and with an empty log."""
    _provider.reset()
    return _provider


@pytest.fixture
def settings(people, certs):
    """As settings.BASE, for the provider above, which need not be running."""
    one = settings_module.Settings(certs / "ca.pem")
    one.restore()
    yield one
    one.restore()


@pytest.fixture(scope="session")
def _devlog():
    return devlog.DevLog()


@pytest.fixture
def log(_devlog):
    """The log lines of this test."""
    _devlog.mark()
    return _devlog
