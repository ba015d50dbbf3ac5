"""What holds for every test in Python, and the fixtures that several groups share."""

import os
import pathlib

import pytest

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
