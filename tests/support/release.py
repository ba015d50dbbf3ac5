# SPDX-License-Identifier: BSD-2-Clause
"""Which Debian the private root is, and what differs by it for the tests."""

import platform

VERSION = int(platform.freedesktop_os_release()["VERSION_ID"])
IS_12 = VERSION == 12
# Of headers without end: our own ceiling, or that of libcurl 8.
ENDLESS_HEADERS = "headers of more than 64 KiB" if IS_12 else "Too many response headers"
# What runs PAM: since OpenSSH 9.8 a program of its own, and one more before it.
SSHD_SESSION = "sshd" if IS_12 else "sshd-session"
SSHD_PROGRAMS = ("sshd", "sshd-session", "sshd-auth")
