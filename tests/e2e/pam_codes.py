# SPDX-License-Identifier: BSD-2-Clause
"""Which PAM code the module gave: pam_trace.c in the host says so in the log."""

import contextlib
import os
import pathlib
import re
import subprocess

import release

HERE = pathlib.Path(__file__).resolve().parent
LIBRARY = pathlib.Path("/usr/lib/e2e_pam_trace.so")
# of the private root
PRELOAD = pathlib.Path("/etc/ld.so.preload")

# Linux-PAM's _pam_types.h
NAMES = {
    0: "PAM_SUCCESS", 1: "PAM_OPEN_ERR", 2: "PAM_SYMBOL_ERR", 3: "PAM_SERVICE_ERR",
    4: "PAM_SYSTEM_ERR", 5: "PAM_BUF_ERR", 6: "PAM_PERM_DENIED", 7: "PAM_AUTH_ERR",
    8: "PAM_CRED_INSUFFICIENT", 9: "PAM_AUTHINFO_UNAVAIL", 10: "PAM_USER_UNKNOWN",
    11: "PAM_MAXTRIES", 12: "PAM_NEW_AUTHTOK_REQD", 13: "PAM_ACCT_EXPIRED",
    14: "PAM_SESSION_ERR", 19: "PAM_CONV_ERR", 25: "PAM_IGNORE", 26: "PAM_ABORT",
    28: "PAM_MODULE_UNKNOWN", 30: "PAM_CONV_AGAIN",
}


def make_library():
    """Compiled here: the private root has what the product was built with."""
    if not LIBRARY.exists():
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-Wall", "-Werror", "-o",
                        LIBRARY, HERE / "pam_trace.c", "-ldl"], check=True, timeout=60)


@contextlib.contextmanager
def everywhere():
    """In setuid programs too, which do not heed LD_PRELOAD."""
    before = PRELOAD.read_text(encoding="utf-8") if PRELOAD.exists() else None
    PRELOAD.write_text(f"{before or ''}{LIBRARY}\n", encoding="utf-8")
    try:
        yield
    finally:
        if before is None:
            PRELOAD.unlink()
        else:
            PRELOAD.write_text(before, encoding="utf-8")


def _answers(log, call, program):
    log.settle()
    found = (re.fullmatch(rf"pam_trace: {call}=(\d+)", line.text) for line in log.lines(program))
    return [NAMES.get(int(match[1]), match[1]) for match in found if match]


def authenticate(log, program=release.SSHD_SESSION):
    """The answers in this test, one for each time that the host asked."""
    return _answers(log, "pam_authenticate", program)


def account(log, program=release.SSHD_SESSION):
    return _answers(log, "pam_acct_mgmt", program)


def setcred(log, program=release.SSHD_SESSION):
    return _answers(log, "pam_setcred", program)


def opened(log, program=release.SSHD_SESSION):
    return _answers(log, "pam_open_session", program)


def closed(log, program=release.SSHD_SESSION):
    return _answers(log, "pam_close_session", program)
