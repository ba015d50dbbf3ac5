#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""tests/e2e/MATRIX.md: what each case comes to on each host, as a run recorded it.

    matrix.py RECORDS >tests/e2e/MATRIX.md
    matrix.py RECORDS 13 >tests/e2e/MATRIX-13.md

RECORDS is the file that BP_MATRIX named when the e2e tests ran: a JSON object
a line (tests/e2e/recorded.py). Of Debian 13 the page has what differs. A case that ran several times on a host must
have come to the same each time."""

import json
import pathlib
import sys

import release

E2E = pathlib.Path(__file__).resolve().parents[1] / "e2e"
PAGE, PAGE_13 = E2E / "MATRIX.md", E2E / "MATRIX-13.md"
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
HEAD_13 = """\
# Hosts by cases, on Debian 13

Where a case comes to something else there than `MATRIX.md` says of Debian 12: with
OpenSSH 10, sudo 1.9.16, su and login of util-linux 2.41. Made and compared in the
same way (`tests/run debian13`), by `tests/support/matrix.py FILE 13`. login is deaf to
Ctrl-C there: its row is of Ctrl-D behind it.

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


def pairs(table):
    return {(case, host): outcome for case, hosts in table.items()
            for host, outcome in hosts.items()}


def written():
    """What the pages say of this Debian: {(case, host): outcome}."""
    rows = pairs(read(PAGE.read_text(encoding="utf-8")))
    if not release.IS_12:
        rows.update(pairs(read(PAGE_13.read_text(encoding="utf-8"))))
    return rows


def differing(table):
    """What the first page has otherwise, or not."""
    first = pairs(read(PAGE.read_text(encoding="utf-8")))
    return {case: left for case, outcomes in table.items() if (left := {
        host: one for host, one in outcomes.items() if first.get((case, host)) != one})}


def render(table, head=HEAD):
    """Hosts at which a case comes to the same share a row."""
    text = head + _row(COLUMNS) + "|---" * len(COLUMNS) + "|\n"
    for case, outcomes in table.items():
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
        table = collect(json.loads(line) for line in file)
    if sys.argv[2:] == ["13"]:
        sys.stdout.write(render(differing(table), HEAD_13))
    else:
        sys.stdout.write(render(table))


if __name__ == "__main__":
    main()
