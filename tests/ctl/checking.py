# SPDX-License-Identifier: BSD-2-Clause
"""A host for `beproductctl check`: its files below /etc, good until a test makes
them otherwise. Inside tests/support/host, whose /etc may be changed."""

import os
import pathlib
import re
import subprocess

CTL = os.environ["BP_CTL"]
HELPER = pathlib.Path(os.environ.get(
    "BP_HELPER", "/usr/libexec/beproduct/beproduct-helper"))
CACHE = pathlib.Path("/var/cache/beproduct")
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAM = pathlib.Path("/etc/pam.d")
AUTH = "auth [success=done user_unknown=ignore default=die] pam_beproduct.so\n"
ACCOUNT = "account required pam_beproduct.so\n"
UNIX = "auth required pam_unix.so\naccount required pam_unix.so\n"
STACK = AUTH + ACCOUNT + UNIX
MODULE = next(pathlib.Path("/usr/lib").glob("*/security/pam_unix.so")).with_name("pam_beproduct.so")
SSHD_CONFIG = pathlib.Path("/etc/ssh/sshd_config")
SSHD = "UsePAM yes\nKbdInteractiveAuthentication yes\nPasswordAuthentication no\n"
SERVICES = "".join(f"[service:{name}]\nrequire_role = a\n"
                   for name in ("login", "sshd", "su", "sudo"))
GATED = {"login": STACK, "sudo": STACK, "sudo_i": STACK, "su": AUTH + UNIX, "su_l": AUTH + UNIX}
TIMEOUT = "Defaults timestamp_timeout=0\n"


def pam(**files):
    """Each text under its name; None: no such file."""
    for name, text in files.items():
        path = PAM / name.replace("_", "-")
        if text is None:
            path.unlink()
        else:
            path.write_text(text)


def make_sshd():
    """As it should be: its stack, its configuration, and what it needs to say so."""
    pam(sshd=STACK)
    SSHD_CONFIG.write_text(SSHD)
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)


def sudoers(text, name="sudoers"):
    """By its name below /etc."""
    path = pathlib.Path("/etc") / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def line_of(path, begins):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith(begins):
            return number
    raise AssertionError(begins)


class Host:
    """The files of one host, good until a test makes them otherwise."""

    def __init__(self, folder):
        self.folder = folder
        self.conf = folder / "beproduct.conf"
        self.map = folder / "accounts.map"
        self.secret = folder / "client_secret"
        self.runner = ()  # what runs beproductctl in its turn
        self.write(self.secret, "s3cret\n", 0o600)
        self.write(self.map, "sub x alice\n")
        self.configure()

    @staticmethod
    def write(path, text, mode=0o644):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)

    def configure(self, provider="", services="[service:sshd]\n"
                  "require_role = a\n", tenant="claim company=acme",
                  accounts="", redirect_uri="https://copy-this-address.invalid/"):
        self.write(self.conf, "[provider]\nclient_id = b\n"
                   f"tenant = {tenant}\n"
                   f"client_secret_file = {self.secret}\n{provider}"
                   f"redirect_uri = {redirect_uri}\n"
                   f"[accounts]\nmap = {self.map}\n{accounts}{services}")

    def check(self, *arguments, **how):
        return subprocess.run(
            [*self.runner, CTL, *(arguments or ("check", "--config", self.conf))],
            capture_output=True, text=True, timeout=30, check=False, **how)

    def refused(self, complaint):
        """Exit 3, with exactly this on stderr."""
        done = self.check()
        assert done.stderr == complaint + "\n"
        assert done.returncode == 3
        assert "is good" not in done.stdout
        return done

    def warned(self, *patterns):
        """Exit 0, each pattern one warning, and nothing else is warned of."""
        done = self.check()
        assert done.stderr == ""
        assert done.returncode == 0
        lines = [line for line in done.stdout.splitlines() if not line.startswith("note: ")]
        assert lines.pop() == f"{self.conf}: configuration is good"
        assert len(lines) == len(patterns), done.stdout
        for pattern in patterns:
            assert [line for line in lines if re.match(
                "warning: " + pattern, line)], (pattern, done.stdout)
