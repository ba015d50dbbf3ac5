# SPDX-License-Identifier: BSD-2-Clause
"""Runs of beproductctl: to its end, or answered prompt by prompt."""

import os
import re
import select
import subprocess

import idp

CTL = os.environ.get("BP_CTL", "/usr/sbin/beproductctl")
SECONDS = 30


def ctl(*arguments, **how):
    """A run to its end."""
    return subprocess.run([CTL, *map(str, arguments)], capture_output=True, text=True,
                          timeout=SECONDS, check=False, **how)


class Dialogue:
    """A run that is answered: standard error is read to each prompt's end.

    runner: what runs it in its turn"""

    def __init__(self, *arguments, runner=()):
        self.process = subprocess.Popen(
            [*runner, CTL, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, bufsize=0)
        self.prompts, self.stderr, self.stdout = [], "", ""

    def prompt(self):
        """What came up to the next prompt; None if the run ended instead."""
        text = b""
        while not text.endswith(b"Address: "):
            ready = select.select([self.process.stderr], [], [], SECONDS)[0]
            assert ready, f"neither a prompt nor an end: {text}"
            piece = os.read(self.process.stderr.fileno(), 1)
            if not piece:
                self.stderr += text.decode()
                return None
            text += piece
        self.stderr += text.decode()
        self.prompts.append(text.decode())
        return self.prompts[-1]

    @property
    def address(self):
        found = [line for line in self.stderr.split("\n") if line.startswith("https://")]
        assert len(found) == 1, self.stderr
        return found[0]

    def answer(self, line):
        self.process.stdin.write(line if isinstance(line, bytes) else f"{line}\n".encode())

    def end(self):
        """Gives the exit status; what is not answered meets the end of input."""
        out, err = self.process.communicate(timeout=SECONDS)
        self.stdout, self.stderr = out.decode(), self.stderr + err.decode()
        return self.process.returncode


def nothing_secret(one, pasted=""):
    """Neither the secret nor a code, nor what the address held besides it."""
    said = one.stdout + one.stderr.replace(one.address, "")
    assert idp.SECRET not in said
    for name in ("code", "state"):
        found = re.search(rf"[?&]{name}=([^&]+)", pasted)
        assert not found or found[1] not in said
    assert "eyJ" not in said
    return True
