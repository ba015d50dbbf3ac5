#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The table of what a hostile caller achieves, as tests/e2e/HOSTILE_CALLER.md has it.

    hostile_table.py ROWS.jsonl >tests/e2e/HOSTILE_CALLER.md
    hostile_table.py ROWS.jsonl 13 >tests/e2e/HOSTILE_CALLER-13.md

ROWS is what test_hostile_caller.py writes to the file that BP_TABLE names; of Debian
13 the page has what differs from the first."""

import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import release  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT, OF_13 = HERE / "HOSTILE_CALLER.md", HERE / "HOSTILE_CALLER-13.md"
HEAD = """\
# What the caller of sudo and su can do to it

An ordinary account runs `sudo id` or `su alice -c id` through a terminal and breaks what it can beforehand or meanwhile.
Whatever it tries, nobody is admitted without a sign-in, no process of the helper's user stays, and the cache holds the
whole record or none. The rows are made by `tests/e2e/test_hostile_caller.py`, which fails where this page differs.

- *admitted*: after a whole sign-in. What follows is the host's own end, as of a command whose output is closed.
- *refused: REASON*: by us, with the sentence and the log line of that reason (`pam_beproduct/core/reason.def`).
- *does not start*: the host ends before it comes to us. *without us too*: it ends so with Debian's own PAM file as well.
- *as in a clean environment*: transcript, our log lines and requests at the provider are the same, byte for byte, but for
  random parts and numbers.
- *not heard then*: sudo heeds no signal that can be caught but at its prompts, and su no Ctrl-Z at its own. What is done
  to sudo while the helper works comes into force at any time later, or never.
- *by himself*: kill(2) from another process of the caller. The kernel lets it through to sudo and su, whose real user he
  is, and to no helper.

Of the stack sudo needs 50 KiB and su 36 KiB, whoever signs in: below that both die in libaudit, behind our answer, or
before we are called; a local password needs more than 256 KiB (libcrypt). Ours needs less than either. That `fg` does not
bring sudo back to a prompt that Ctrl-Z stopped comes of `timestamp_timeout=0`, with Debian's own PAM file too.

The rows are of hosts without CAP_SYS_RESOURCE, as in containers: there the helper keeps the caller's limits. Where the
machine has the capability, the test runs each limit a second time and holds it to the same promises, outside this table;
`tests/run --all` boots such a machine for it.

"""
COLUMNS = """\
| attempt | host | outcome for the host | state left |
|---|---|---|---|
"""
HEAD_13 = """\
# What differs of it on Debian 13

The rows of `HOSTILE_CALLER.md` that come to something else there (sudo 1.9.16, su of util-linux 2.41), by the same tests;
`tests/run --all` runs them. For want of stack both die behind our answer as on Debian 12, below 56 KiB (sudo) and 44 (su),
whoever signs in.

"""


def line(row):
    return f"| {row['attempt']} | {row['host']} | {row['outcome']} | {row['left']} |"


def merged(rows):
    """Neighbours that differ by the host alone are one line."""
    lines = []
    for row in rows:
        last = lines[-1] if lines else None
        if last and {**last, "host": ""} == {**row, "host": ""}:
            last["host"] += f", {row['host']}"
        else:
            lines.append(dict(row))
    return lines


def document(rows, head=HEAD):
    return head + COLUMNS + "".join(line(row) + "\n" for row in merged(rows))


def rows_of(text):
    """(attempt, host, outcome, left), a host each, of a document's table."""
    rows = set()
    for one in text.splitlines():
        cells = one.strip("| ").split(" | ")
        if one.startswith("| ") and len(cells) == 4 and cells[0] != "attempt":
            rows |= {(cells[0], host, *cells[2:]) for host in cells[1].split(", ")}
    return rows


def _keyed(rows):
    return {row[:2]: row for row in rows}


def documented():
    """What the pages say of this Debian."""
    rows = _keyed(rows_of(DOCUMENT.read_text(encoding="utf-8")))
    if not release.IS_12:
        rows.update(_keyed(rows_of(OF_13.read_text(encoding="utf-8"))))
    return set(rows.values())


def differing(rows):
    """Those that are not on the first page."""
    first = rows_of(DOCUMENT.read_text(encoding="utf-8"))
    return [row for row in rows if tuple(row.values()) not in first]


class Table:
    """The rows of this run, and of BP_TABLE where that is set."""

    def __init__(self):
        self.rows = []

    def add(self, attempt, host, outcome, left):
        row = {"attempt": attempt, "host": host, "outcome": outcome, "left": left}
        self.rows.append(row)
        if "BP_TABLE" in os.environ:
            with open(os.environ["BP_TABLE"], "a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = [json.loads(text) for text in file]
    if sys.argv[2:] == ["13"]:
        sys.stdout.write(document(differing(rows), HEAD_13))
    else:
        sys.stdout.write(document(rows))


if __name__ == "__main__":
    main()
