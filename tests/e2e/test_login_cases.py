"""Each way a sign-in at the console can go."""

import pytest

import cases
import hosts as h


@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: case.name)
def test_it_comes_to_what_the_row_says(hosts, provider, log, case):
    cases.run(h.LOGIN, case, provider, log)
