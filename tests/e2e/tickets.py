# SPDX-License-Identifier: BSD-2-Clause
"""Sessions over ssh in which sudo is used, and what is kept of them."""

import contextlib
import pathlib
import pwd
import time

import hosts as h
import settings as files
import terminal

ID = f"sudo {h.ID}"
GO = pathlib.Path("/tmp/e2e-go")
WAIT = f"while [ ! -e {GO} ]; do sleep 0.05; done"


def ssh(command, user="alice", tty="force", **options):
    return terminal.Ssh(user, command, RequestTTY=tty, **options)


def roots(run):
    """How many of its commands ran as root."""
    return run.transcript.count("uid=0(root)")


def kept():
    return sorted(one.name for one in files.TICKETS.glob("*")) if files.TICKETS.exists() else []


@contextlib.contextmanager
def login_of(name):
    """A login of that person's, as the audit has it: what is started meanwhile is in it."""
    own = pathlib.Path("/proc/self/loginuid")
    own.write_text(str(pwd.getpwnam(name).pw_uid), encoding="ascii")
    try:
        yield
    finally:
        own.write_text("4294967295", encoding="ascii")


def wait_for(is_true, what):
    end = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


@contextlib.contextmanager
def waiting(provider, after, user="alice", **options):
    """An ssh session that has used sudo once, and goes on with AFTER when GO is there."""
    with ssh(f"{ID}; {WAIT}; {after}", user, **options) as session:
        session.answer(provider.as_person(user)(session.prompt().address))
        assert session.next_of(r"uid=0\(root\)") == 0, session.transcript
        yield session
