#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""tests/e2e/MATRIX.md: what each case comes to on each host, as a run recorded it.

    matrix.py RECORDS >tests/e2e/MATRIX.md

RECORDS is the file that BP_MATRIX named when the e2e tests ran: a JSON object
a line (tests/e2e/recorded.py). A case that ran several times on a host must
have come to the same each time."""

import json
import sys

FIELDS = ("code", "account", "sentence", "log", "rounds")
HEAD = """\
# Hosts by cases

What a sign-in comes to on each host, on Debian 12 with the PAM files of
`conf/pam.d/` as they are shipped. The tests wrote it (`tests/e2e`), and a test
compares it with each run. After a change of behaviour, make it again, as root:

    BP_MATRIX=FILE, and run tests/e2e inside tests/support/host
    tests/support/matrix.py FILE >tests/e2e/MATRIX.md

- **authenticate**, **account phase**: what PAM answered, once for each time that
  the host asked. `-`: it was not asked, or ended before there was an answer.
- **the person reads**: how our sentence begins. `-`: none of ours.
- **log**: our last line of this attempt, its event and its reason.
- **rounds**: how many addresses there were to open. A person who pastes again
  opens the same one again.

A refusal that is final is ABORT for sudo, MAXTRIES for sshd and login, and the
class's own code for su: so none of them opens a second round.

"""
COLUMNS = ("case", "host", "authenticate", "account phase", "the person reads", "log", "rounds")


def collect(records):
    """Gives {case: {host: outcome}}, both in the order of the first record."""
    table = {}
    for one in records:
        outcome = tuple(str(one[name]) for name in FIELDS)
        before = table.setdefault(one["case"], {}).setdefault(one["host"], outcome)
        if before != outcome:
            raise ValueError(f"{one['host']}, {one['case']}: {before}, then {outcome}")
    return table


def _row(cells):
    return "| " + " | ".join(cells) + " |\n"


def render(records):
    """Hosts at which a case comes to the same share a row."""
    text = HEAD + _row(COLUMNS) + "|---" * len(COLUMNS) + "|\n"
    for case, outcomes in collect(records).items():
        for outcome in dict.fromkeys(outcomes.values()):
            hosts = ", ".join(name for name in outcomes if outcomes[name] == outcome)
            text += _row((case, hosts, *outcome))
    return text


def read(text):
    """The table again, as collect() gives it."""
    table = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and tuple(cells) != COLUMNS:
            for host in cells[1].split(", "):
                table.setdefault(cells[0], {})[host] = tuple(cells[2:])
    return table


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write(render(json.loads(line) for line in file))


if __name__ == "__main__":
    main()
