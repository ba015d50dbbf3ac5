# SPDX-License-Identifier: BSD-2-Clause
"""tests/e2e/MATRIX.md says what this run came to. conftest.py puts it last."""

import pathlib

import pytest

import matrix
import recorded

DOCUMENT = pathlib.Path(__file__).resolve().parent / "MATRIX.md"
FILES = {f"test_{name}cases.py" for name in ("", "sshd_", "sudo_", "su_", "login_")}


def _pairs(table):
    return {(case, host): outcome for case, hosts in table.items()
            for host, outcome in hosts.items()}


def test_the_table_in_the_documents_is_this_runs(request):
    ran = _pairs(matrix.collect(recorded.RECORDS))
    if not ran:
        pytest.skip("no case was run")
    written = _pairs(matrix.read(DOCUMENT.read_text(encoding="utf-8")))
    assert {pair: written.get(pair) for pair in ran} == ran
    whole = {item.path.name for item in request.session.items}
    # a run of some tests alone says nothing about rows of the others
    if FILES <= whole and not request.config.option.keyword:
        assert set(written) == set(ran)


def test_what_is_rendered_is_read_again():
    records = [{"host": host, "case": "a", "code": code, "account": "-",
                "sentence": "-", "log": "x Y", "rounds": 1}
               for host, code in (("one", "A"), ("two", "B"), ("three", "A"))]
    text = matrix.render(records)
    assert "| a | one, three | A | - | - | x Y | 1 |" in text
    assert matrix.read(text) == matrix.collect(records)
    with pytest.raises(ValueError):
        matrix.collect([*records, {**records[0], "code": "C"}])
