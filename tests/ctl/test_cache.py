# SPDX-License-Identifier: BSD-2-Clause
"""beproductctl cache: what is kept, shown and dropped."""

import re

import pytest

import settings as files
from program import Dialogue, ctl

ROW = re.compile(r"^(\S+): (.+), (\d+)s old(.*)$")


@pytest.fixture
def asked(live, provider):
    """The provider's record, and what the API said of carol, by this host's own token."""
    live.conf(api={"base_url": provider.api, "company": "acme", "role_source": "api"})
    one = Dialogue("service-sign-in")
    assert one.prompt() is not None, one.stderr
    one.answer(provider.as_person("carol")(one.address))
    assert one.end() == 0, one.stdout + one.stderr


def shown():
    run = ctl("cache")
    assert run.returncode == 0 and not run.stderr
    return [ROW.match(line) for line in run.stdout.splitlines()]


def test_nothing_kept_is_nothing_shown(live):
    assert shown() == []
    run = ctl("cache", "drop")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_the_record_is_shown_with_its_age_and_dropped(asked):
    live_row, = shown()
    assert live_row[1].startswith("provider-") and live_row[2] == "the provider's record"
    assert int(live_row[3]) < 600
    run = ctl("cache", "drop")
    assert run.returncode == 0 and run.stdout == f"dropped {live_row[1]}\n"
    assert shown() == []


def test_a_user_is_shown_escaped_and_what_is_none_is_of_no_use(live):
    files.CACHE.mkdir(mode=0o700, exist_ok=True)
    files.put(files.CACHE / ("user-" + "0" * 64), b"x", 0o600)
    files.put(files.CACHE / "else", b"x", 0o600)
    try:
        one, = shown()
        assert one[2] == "a user of the public API" and one[4] == " of no use"
        assert ctl("cache", "drop").returncode == 0
        assert shown() == [] and (files.CACHE / "else").exists()
    finally:
        (files.CACHE / "else").unlink()


def test_of_thousands_none_is_left(live):
    """More than are looked at where somebody waits (core/file.c)."""
    files.CACHE.mkdir(mode=0o700, exist_ok=True)
    for i in range(2500):
        files.put(files.CACHE / f"user-{i:064}", b"x", 0o600)
    assert len(shown()) == 2500
    run = ctl("cache", "drop")
    assert run.returncode == 0 and len(run.stdout.splitlines()) == 2500
    assert list(files.CACHE.iterdir()) == []


def test_a_folder_that_others_may_write_is_not_believed(live):
    files.CACHE.mkdir(mode=0o700, exist_ok=True)
    files.CACHE.chmod(0o777)
    try:
        for word in ("show", "drop"):
            run = ctl("cache", word)
            assert run.returncode == 3 and str(files.CACHE) in run.stderr
    finally:
        files.CACHE.chmod(0o700)
