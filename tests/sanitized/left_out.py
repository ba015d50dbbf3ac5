# SPDX-License-Identifier: BSD-2-Clause
"""Pytest plugin: tests that say nothing of a sanitized build are left out, each by
name and with its reason. An entry that fits no test of its file is an error."""

import re

import pytest

# file, pattern of the name, why
ROWS = [
    ("test_hostile_caller.py", r"\[`ulimit -v ",
     "a sanitizer's shadow is terabytes of address space: no program starts"),
    ("test_ticket_caller.py", r"\[`ulimit -v ", "the same"),
    ("test_bad_server.py", r"\[--as=", "the same: not even the loader is through"),
    ("test_hostile_caller.py", r"^test_where_the_stack_is_too_small",
     "a sanitizer calls it what it is, and ends the host by another signal"),
    ("test_hostile_caller.py", r"^test_the_environment_",
     "the same sign-in eighty times, and ours reads nothing of what differs: for time"),
]
_left_out = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    files = {item.path.name for item in items}
    for file, pattern, why in ROWS:
        found = [item for item in items
                 if item.path.name == file and re.search(pattern, item.name)]
        if file in files and not found and "::" not in "".join(config.args):
            raise pytest.UsageError(f"left_out.py: {file} has no {pattern}")
        for item in found:
            items.remove(item)
        config.hook.pytest_deselected(items=found)
        if found:
            _left_out.append(f"left out: {len(found)} of {file}, {pattern}: {why}")


def pytest_terminal_summary(terminalreporter):
    for line in _left_out:
        terminalreporter.write_line(line)
