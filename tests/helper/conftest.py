# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the helper's tests, which run the real helper through ask.

The programs are those of the build folder in top_builddir, or BP_HELPER and
BP_ASK. Only loopback is used; names are `localhost`, which curl knows itself."""

import os
import pathlib
import subprocess
import time

import pytest

import asking
import idp

TESTS = pathlib.Path(__file__).resolve().parents[1]


def certs_for(folder, name):
    """tests/idp's certificates, for another name than its own."""
    source = (TESTS / "idp" / "make-certs.sh").read_text(encoding="utf-8")
    assert "id.beproduct.test" in source
    subprocess.run(["sh", "-s", folder], check=True, timeout=60, text=True,
                   input=source.replace("id.beproduct.test", name),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    return certs_for(tmp_path_factory.mktemp("certs") / "localhost", "localhost")


@pytest.fixture(scope="session")
def dual_certs(tmp_path_factory):
    return certs_for(tmp_path_factory.mktemp("certs") / "dual", "dual.test")


@pytest.fixture(scope="session")
def _provider(certs):
    with idp.Idp(certs, "--issuer", "https://localhost/ids") as provider:
        yield provider


@pytest.fixture
def ask(tmp_path, certs):
    return asking.Ask(tmp_path, certs)


@pytest.fixture(scope="session")
def _record(_provider, certs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("record")
    _provider.reset()
    answer = asking.Ask(folder, certs).discover(_provider.issuer, save=folder / "record")
    assert answer.type == "PROVIDER", answer.text
    return folder / "record"


@pytest.fixture
def sign_in(provider, _record, ask):
    """A person's way to the pasted line, and REDEEM with it."""
    provider.reset()
    return asking.SignIn(provider, _record, ask)


@pytest.fixture
def rekeyed(sign_in):
    """Whose key a test may change: other tests go on with another, and its record."""
    record = sign_in.record
    yield sign_in
    sign_in.provider.control("POST", "/rotate")
    sign_in.provider.reset()
    sign_in.ask.discover(sign_in.provider.issuer, save=record)


@pytest.fixture
def root():
    if os.geteuid() != 0:
        pytest.skip("needs root")


@pytest.fixture
def now():
    return int(time.time())
