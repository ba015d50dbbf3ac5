# SPDX-License-Identifier: BSD-2-Clause
"""Whole sign-ins with providers that do otherwise than BeProduct: VARIETY.md is
what they come to."""

import os
import pathlib

import pytest

import cases
import hosts
import terminal
import variety
import words

DOCUMENT = pathlib.Path(__file__).resolve().parent / "VARIETY.md"
RAN = {}


@pytest.fixture(scope="module")
def _stacks(tmp_path_factory):
    return variety.make_stacks(tmp_path_factory.mktemp("pam"))


@pytest.fixture
def bed(provider, settings, log, _stacks):
    one = variety.Bed(provider, settings, log, _stacks)
    yield one
    one.restore()


def _of_row(rows):
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.name)


def _look_at(bed, row):
    """What holds whatever the host; and the verdict, for the table."""
    last, verdict = variety.verdict_of(bed.log)
    assert last["reason"] == row.reason, str(bed.log)
    assert ("userinfo" in bed.provider.endpoints()) >= (row.reason == words.ADMITTED)
    # a fault that nobody met would show nothing
    met = {one["endpoint"] for one in bed.provider.of_host() if one.get("fault")}
    assert met == set(bed.faulty), bed.provider.endpoints()
    cases.assert_nothing_secret(bed.log)
    assert RAN.setdefault(row.name, (row.clause, verdict)) == (row.clause, verdict)
    return last


@_of_row(variety.ROWS)
def test_it_comes_to(bed, row):
    row.prepare(bed)
    seen = bed.sign_in(row.answers(bed))
    last = _look_at(bed, row)
    admits = row.reason == words.ADMITTED
    assert seen.codes == (["SUCCESS", "SUCCESS"] if admits else ["MAXTRIES", "PERM_DENIED"]), seen
    said = seen.errors[0] if seen.errors else ""
    assert admits or said.endswith(f" [{last['attempt']}]")
    assert said.startswith(row.sentence)
    assert not any(seen.children)


@_of_row([row for row in variety.ROWS if row.over_ssh])
def test_so_it_does_over_ssh(bed, sshd, row):
    row.prepare(bed)
    ssh = terminal.dialogue("alice", row.answers(bed))
    _look_at(bed, row)
    assert hosts.SSHD.is_admitted(ssh, "alice") == (row.reason == words.ADMITTED), ssh.transcript


def test_the_table_in_the_documents_is_this_runs():
    if not RAN:
        pytest.skip("no row was run")
    if "BP_VARIETY" in os.environ:
        pathlib.Path(os.environ["BP_VARIETY"]).write_text(variety.render(RAN), encoding="utf-8")
    written = variety.read(DOCUMENT.read_text(encoding="utf-8"))
    assert {name: written.get(name) for name in RAN} == RAN
    # and none that no row stands behind
    assert list(written) == [row.name for row in variety.ROWS]


def test_what_is_rendered_is_read_again():
    table = {"does a": ("RFC 1", "admitted"), "does b": ("RFC 2", "BODY: x|y \"z\"")}
    assert variety.read(variety.render(table)) == table
    names = [row.name for row in variety.ROWS]
    assert len(set(names)) == len(names)


### The certified profiles: PROFILES.md ###

PROFILES = DOCUMENT.with_name("PROFILES.md")
TESTS = DOCUMENT.parents[1]
BASIC = {f"oidcc-client-test{name}" for name in (
    "", "-invalid-iss", "-missing-sub", "-invalid-aud", "-missing-iat",
    "-kid-absent-single-jwks", "-kid-absent-multiple-jwks", "-idtoken-sig-rs256",
    "-idtoken-sig-none", "-invalid-sig-rs256", "-userinfo-invalid-sub", "-nonce-invalid",
    "-scope-userinfo-claims", "-client-secret-basic")}
CONFIG = {f"oidcc-client-test{name}" for name in (
    "-discovery-openid-config", "-discovery-jwks-uri-keys", "-discovery-issuer-mismatch",
    "-idtoken-sig-none", "-signing-key-rotation-just-before-signing", "-signing-key-rotation")}


def _profiles():
    """[{module: (test, verdict)}] of each section."""
    for section in PROFILES.read_text(encoding="utf-8").split("\n## ")[1:]:
        rows = (line.strip("|").split("|") for line in section.splitlines()
                if line.startswith("| `"))
        yield {cells[0].strip(" `"): (cells[2].strip(), cells[3].strip()) for cells in rows}


def test_the_profiles_have_every_module():
    basic, config, _ = _profiles()
    assert (set(basic), set(config)) == (BASIC, CONFIG)


@pytest.mark.parametrize("module, test, verdict", [
    (module, *row) for section in _profiles() for module, row in section.items()])
def test_a_module_has_its_test_and_that_comes_to_it(module, test, verdict):
    if "::" in test:
        file, name = test.strip("`").split("::")
        text = (TESTS.parent / file).read_text(encoding="utf-8")
        assert f"\ndef {name}(" in text and verdict == "pass"
    elif verdict.startswith("pass: "):
        said = variety.read(DOCUMENT.read_text(encoding="utf-8"))[test][1]
        assert said.split(":")[0] == verdict.removeprefix("pass: ")
    else:
        assert verdict.startswith("not applicable: "), module
