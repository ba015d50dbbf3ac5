"""Each way a sign-in for su can go, `su -` included."""

import pytest

import cases
import hosts as h

BOTH = pytest.mark.parametrize("host", [h.SU, h.SU_L], ids=lambda host: host.name)


@BOTH
@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: case.name)
def test_it_comes_to_what_the_row_says(hosts, provider, log, host, case):
    cases.run(host, case, provider, log)
