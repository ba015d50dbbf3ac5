# SPDX-License-Identifier: BSD-2-Clause
"""Debian's sshd with a configuration of the tests, on 127.0.0.1 port 22."""

import os
import pathlib
import re
import signal
import subprocess
import time

import pam_codes
import release

FOLDER = pathlib.Path("/etc/ssh/e2e")
CONFIG = pathlib.Path("/etc/ssh/sshd_config")
PAM_FILE = pathlib.Path("/etc/pam.d/sshd")
PAM_DEBIAN = pathlib.Path("/etc/pam.d-sshd.debian")
KNOWN_HOSTS = FOLDER / "known_hosts"
AUTH_LINE = "auth [success=done user_unknown=ignore default=die] pam_beproduct.so"
ACCOUNT_LINE = "account required pam_beproduct.so"
SESSION_LINE = "session optional pam_beproduct.so"

LOGINUID = re.compile(r"(?m)^session +required +pam_loginuid\.so$")

DEFAULTS = {
    "Port": "22",
    "ListenAddress": "127.0.0.1",
    "HostKey": str(FOLDER / "host_key"),
    "PidFile": "none",
    "UsePAM": "yes",
    "KbdInteractiveAuthentication": "yes",
    "PasswordAuthentication": "no",
    "PermitRootLogin": "prohibit-password",
    "LoginGraceTime": "120",
    "LogLevel": "VERBOSE",
    "SyslogFacility": "AUTHPRIV",
    "MaxStartups": "100",
    "PrintMotd": "no",
}


def debian_stack():
    """/etc/pam.d/sshd as the package brought it."""
    return _kept(PAM_FILE, PAM_DEBIAN)


def debian_config():
    """The same of /etc/ssh/sshd_config."""
    return _kept(CONFIG, FOLDER / "sshd_config.debian")


def _kept(path, kept):
    if not kept.exists():
        kept.write_bytes(path.read_bytes())
    return kept.read_text(encoding="utf-8")


def _before(text, include, line):
    """Puts the line ahead of the include, of which there must be one."""
    assert len(re.findall(f"(?m)^@include {include}$", text)) == 1, text
    return text.replace(f"@include {include}\n", f"{line}\n@include {include}\n")


def stack(auth=AUTH_LINE, account=ACCOUNT_LINE, session=SESSION_LINE):
    """Debian's, with the three lines where README puts them; None leaves one out."""
    text = debian_stack()
    if session:
        text, count = LOGINUID.subn(rf"\g<0>\n{session}", text)
        assert count == 1, text
    if auth:
        text = _before(text, "common-auth", auth)
    if account:
        text = _before(text, "common-account", account)
    return text


def config(settings):
    return "".join(f"{key} {value}\n" for key, value in settings.items())


def make_keys():
    FOLDER.mkdir(exist_ok=True)
    pathlib.Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    key = FOLDER / "host_key"
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key],
                       check=True, timeout=30)
    public = key.with_suffix(".pub").read_text(encoding="utf-8").split()[:2]
    KNOWN_HOSTS.write_text("127.0.0.1,web1 " + " ".join(public) + "\n", encoding="utf-8")


class Sshd:
    """Started by start(); a test restarts it with options of its own."""

    def __init__(self, log):
        self.log, self.process = log, None
        make_keys()
        debian_config()  # before start() writes another

    def set_stack(self, text):
        PAM_FILE.write_text(text, encoding="utf-8")

    def start(self, trace=True, **options):
        """trace: with pam_trace in it, so that pam_codes can be asked."""
        CONFIG.write_text(config({**DEFAULTS, **options}), encoding="utf-8")
        self.run(trace)

    def run(self, trace=True):
        """By /etc/ssh/sshd_config as it stands there."""
        self.log.mark()
        self.process = subprocess.Popen(
            ["/usr/sbin/sshd", "-D"], stdin=subprocess.DEVNULL,
            start_new_session=True, env=_environment(trace))
        self.log.wait_for(r"^Server listening on 127\.0\.0\.1 port 22\.$")
        self.log.mark()

    def restart(self, trace=True, **options):
        self.stop()
        self.start(trace, **options)

    def stop(self):
        """With all its children, so that nothing of one test logs in the next."""
        if self.process:
            self.process.kill()
            self.process.wait(10)
            self.process = None
        end = time.monotonic() + 10
        while (left := pids()) and time.monotonic() < end:
            for pid in left:
                _kill(pid)
            time.sleep(0.01)
        assert not pids(), "an sshd does not end"


def _environment(trace):
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    if trace:
        environment["LD_PRELOAD"] = str(pam_codes.LIBRARY)
    return environment


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def pids():
    """Of every sshd; in a private root they are all ours."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() \
                    and (entry / "comm").read_text().strip() in release.SSHD_PROGRAMS \
                    and "State:\tZ" not in (entry / "status").read_text():
                found.append(int(entry.name))
        except OSError:
            pass  # it ended meanwhile
    return found
