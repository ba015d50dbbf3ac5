# SPDX-License-Identifier: BSD-2-Clause
"""sudo, su and login at a terminal, with the PAM files that we ship.

Who calls sudo is who signs in, for root; who calls su is somebody else; login
is root's, as a getty starts it."""

import contextlib
import dataclasses
import os
import pathlib
import pwd
import re
import shutil
import time

import accounts
import pam_codes
import release
import sshd
import terminal
import words

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "conf" / "pam.d"
PAM = pathlib.Path("/etc/pam.d")
FILES = ("sudo", "sudo-i", "su", "su-l", "login")
SUDOERS = pathlib.Path("/etc/sudoers.d/e2e")
TIMESTAMPS = pathlib.Path("/run/sudo/ts")
CALLER = "dave"  # of su: any person but the one that is asked for
ACCOUNT_LINE = "account    required     pam_beproduct.so\n"
SHELL_PROMPT = r"[$#] $"
RULES = "".join(f"{name} ALL=(ALL:ALL) ALL\n" for name in (*accounts.PEOPLE, accounts.LOCAL))
DOCUMENTED = "Defaults timestamp_timeout=0\n"


def lines_of(text):
    """Without comments, and with one blank where several stand."""
    lines = (re.sub(r"\s+", " ", line.split("#")[0]).strip() for line in text.splitlines())
    return [line for line in lines if line]


def debian(name):
    """The package's own file, kept aside before ours takes its place."""
    kept = pathlib.Path(f"/etc/pam.d-{name}.debian")
    if not kept.exists():
        kept.write_bytes((PAM / name).read_bytes())
    return kept.read_text(encoding="utf-8")


def shipped(name):
    return (SHIPPED / f"{name}.example").read_text(encoding="utf-8")


def put_stack(name, text):
    debian(name)
    (PAM / name).write_text(text, encoding="utf-8")


def sudoers(text=""):
    """As README says, and whatever a test adds after it."""
    SUDOERS.write_text("Defaults lecture=never\n" + RULES + text, encoding="utf-8")
    SUDOERS.chmod(0o440)


def forget_timestamps():
    shutil.rmtree(TIMESTAMPS, ignore_errors=True)


@contextlib.contextmanager
def installed():
    """The shipped files in their places, and the trace in every program."""
    for name in FILES:
        put_stack(name, shipped(name))
    sudoers(DOCUMENTED)
    forget_timestamps()
    with pam_codes.everywhere():
        yield
    forget_timestamps()
    SUDOERS.unlink()
    for name in FILES:
        put_stack(name, debian(name))


def as_person(name, *command):
    """As that person's own process, with nothing of root's."""
    person = pwd.getpwnam(name)
    return ["/usr/bin/setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}",
            "--init-groups", "--", *command]


class Login(terminal.Terminal):
    """An admitted person gets a shell there: asks it who she is, and leaves."""

    def end(self):
        if self.status is None and self.is_shell(self.prompt()):
            self.answer("exec id")
        return super().end()

    @staticmethod
    def is_shell(prompt):
        return prompt is not None and re.search(SHELL_PROMPT, prompt.text) is not None


@dataclasses.dataclass(frozen=True)
class Host:
    """final: what a final refusal answers, None for the class's own code.
    begin: the command line, ACCOUNT in the place of the account."""
    name: str
    service: str
    program: str
    begin: tuple
    caller: str
    admitted: str
    cut: int
    final: str = None
    refused: tuple = (1,)

    def start(self, account, asks=words.PROMPT_END, **environment):
        return self.start_as(self.caller.replace("ACCOUNT", account), account, asks, **environment)

    def start_as(self, caller, account, asks=words.PROMPT_END, **environment):
        command = [one.replace("ACCOUNT", account) for one in self.begin]
        if caller != "root":
            command = as_person(caller, *command)
        if self.program == "login":
            return Login(command, f"{asks}|{SHELL_PROMPT}", **environment)
        return terminal.Terminal(command, asks, **environment)

    def dialogue(self, account, answers, **options):
        return terminal.answer_all(self.start(account, **options), answers)

    def code(self, of_class):
        return self.final or of_class

    def is_admitted(self, run, account):
        return run.status == 0 and self.admitted.replace("ACCOUNT", account) in run.transcript

    def authenticate(self, log):
        return pam_codes.authenticate(log, self.program)

    def account(self, log):
        return pam_codes.account(log, self.program)

    def setcred(self, log):
        return pam_codes.setcred(log, self.program)

    def is_closed(self, run):
        """login says goodbye with 0 where the tries are used up."""
        return run.status in self.refused


class Sshd(Host):
    def start(self, account, asks=words.PROMPT_END, **options):
        return terminal.Ssh(account, asks=asks, **options)

    def dialogue(self, account, answers, **options):
        """Until sshd has ended it, too, which is later than ssh."""
        before, end = len(sshd.pids()), time.monotonic() + 10
        run = super().dialogue(account, answers, **options)
        while len(sshd.pids()) > before and time.monotonic() < end:
            time.sleep(0.02)
        return run


ID = "/usr/bin/id"
SSHD = Sshd("sshd", "sshd", release.SSHD_SESSION, (), "", "(ACCOUNT) gid=", 1023, "PAM_MAXTRIES",
            (255,))
SUDO = Host("sudo", "sudo", "sudo", ("/usr/bin/sudo", ID), "ACCOUNT", "uid=0(root)", 0,
            "PAM_ABORT")
SUDO_I = Host("sudo -i", "sudo-i", "sudo", ("/usr/bin/sudo", "-i", ID), "ACCOUNT",
              "uid=0(root)", 0, "PAM_ABORT")
SU = Host("su", "su", "su", ("/usr/bin/su", "ACCOUNT", "-c", ID), CALLER, "(ACCOUNT) gid=", 4095)
SU_L = Host("su -", "su-l", "su", ("/usr/bin/su", "-", "ACCOUNT", "-c", ID), CALLER,
            "(ACCOUNT) gid=", 4095)
LOGIN = Host("login", "login", "login", ("/usr/bin/login", "ACCOUNT"), "root", "(ACCOUNT) gid=",
             4095, "PAM_MAXTRIES", (0,))


def stamps():
    """What sudo keeps of who signed in when."""
    return sorted(os.listdir(TIMESTAMPS)) if TIMESTAMPS.exists() else []
