"""Each way a sign-in for sudo can go, `sudo -i` included."""

import pytest

import cases
import hosts as h

BOTH = pytest.mark.parametrize("host", [h.SUDO, h.SUDO_I], ids=lambda host: host.name)


@BOTH
@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: case.name)
def test_it_comes_to_what_the_row_says(hosts, provider, log, host, case):
    cases.run(host, case, provider, log)
