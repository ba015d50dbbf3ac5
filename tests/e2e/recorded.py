# SPDX-License-Identifier: BSD-2-Clause
"""What each case came to on each host, kept for tests/e2e/MATRIX.md.

tests/support/matrix.py makes the table of it. BP_MATRIX names a file that
the records are added to; test_matrix.py looks at those of its own run."""

import json
import os

RECORDS = []


def record(host, case, codes, sentence, event, reason, rounds, account=()):
    """codes, account: what the two phases answered, each time; event "-" where none."""
    one = {"host": host, "case": case, "code": " ".join(codes) or "-",
           "account": " ".join(account) or "-",
           "sentence": " ".join(sentence.split()[:5]) or "-",
           "log": f"{event} {reason}".strip(), "rounds": rounds}
    RECORDS.append(one)
    if "BP_MATRIX" in os.environ:
        with open(os.environ["BP_MATRIX"], "a", encoding="utf-8") as file:
            file.write(json.dumps(one) + "\n")
