# SPDX-License-Identifier: BSD-2-Clause
"""tests/e2e/MATRIX.md, and what MATRIX-13.md has otherwise, say what this run came to.
conftest.py puts it last."""

import pytest

import matrix
import recorded

FILES = {f"test_{name}cases.py" for name in ("", "sshd_", "sudo_", "su_", "login_", "ticket_")}


def test_the_table_in_the_documents_is_this_runs(request):
    ran = matrix.pairs(matrix.collect(recorded.RECORDS))
    if not ran:
        pytest.skip("no case was run")
    written = matrix.written()
    assert {pair: written.get(pair) for pair in ran} == ran
    whole = {item.path.name for item in request.session.items}
    # a run of some tests alone says nothing about rows of the others
    if FILES <= whole and not request.config.option.keyword:
        assert set(written) == set(ran)


def test_the_page_of_debian_13_has_nothing_that_the_first_has_as_well():
    table = matrix.read(matrix.PAGE_13.read_text(encoding="utf-8"))
    assert table and matrix.differing(table) == table


def test_what_is_rendered_is_read_again():
    records = [{"host": host, "case": "a", "code": code, "account": "-",
                "sentence": "-", "log": "x Y", "rounds": 1}
               for host, code in (("one", "A"), ("two", "B"), ("three", "A"))]
    text = matrix.render(matrix.collect(records))
    assert "| a | one, three | A | - | - | x Y | 1 |" in text
    assert matrix.read(text) == matrix.collect(records)
    with pytest.raises(ValueError):
        matrix.collect([*records, {**records[0], "code": "C"}])
