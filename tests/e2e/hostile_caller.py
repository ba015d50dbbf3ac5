# SPDX-License-Identifier: BSD-2-Clause
"""An ordinary account that runs sudo or su through a terminal, and does to the
process beforehand whatever the kernel lets it: limits, signals, descriptors,
environment, folder. And what is left behind afterwards."""

import ctypes
import os
import pathlib
import pty
import pwd
import re
import resource
import select
import shlex
import signal
import stat
import time
from dataclasses import dataclass

import processes
import settings as files
import sshd

SLOW = int(os.environ.get("BP_SLOW", "1"))  # as many times as a machine is wont to be
CAP_SYS_RESOURCE = 24
_PR_CAPBSET_READ, _PR_CAPBSET_DROP = 23, 24
_IN_CREATE = 0x100
_LIBC = ctypes.CDLL(None, use_errno=True)
_PROMPT = rb"Address: "
PLAIN = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8"}


def can_have_capability():
    return _LIBC.prctl(_PR_CAPBSET_READ, CAP_SYS_RESOURCE, 0, 0, 0) == 1


### The two hosts ###

@dataclass(frozen=True)
class Host:
    name: str
    caller: str
    account: str  # PAM_USER, and who signs in
    command: tuple

    @property
    def pam_file(self):
        return pathlib.Path("/etc/pam.d") / self.name


SUDO = Host("sudo", "alice", "alice", ("/usr/bin/sudo", "/usr/bin/id", "-u"))
SU = Host("su", "bob", "alice", ("/usr/bin/su", "alice", "-c", "/usr/bin/id -u"))
HOSTS = (SUDO, SU)
SUDOERS = pathlib.Path("/etc/sudoers.d/e2e_hostile_caller")


def _before(text, include, line):
    assert len(re.findall(f"(?m)^@include {include}$", text)) == 1, text
    return text.replace(f"@include {include}\n", f"{line}\n@include {include}\n")


class Stacks:
    """Ours in sudo's and su's; put_back() is Debian's again."""

    def __init__(self):
        self._debian = {host: host.pam_file.read_text(encoding="utf-8") for host in HOSTS}

    def put(self):
        SUDOERS.write_text("Defaults timestamp_timeout=0\nDefaults passwd_tries=3\n"
                           "alice ALL=(ALL:ALL) ALL\n", encoding="utf-8")
        SUDOERS.chmod(0o440)
        for host, text in self._debian.items():
            text = _before(text, "common-auth", sshd.AUTH_LINE)
            if host is SUDO:
                text = _before(text, "common-account", sshd.ACCOUNT_LINE)
            host.pam_file.write_text(text, encoding="utf-8")

    def put_back(self, is_over=True):
        if is_over:
            SUDOERS.unlink(missing_ok=True)
        for host, text in self._debian.items():
            host.pam_file.write_text(text, encoding="utf-8")


### What the caller does first ###

@dataclass(frozen=True)
class Tricks:
    """limits: as prlimit's options; signals by name; closed: descriptors."""
    limits: tuple = ()
    ignored: tuple = ()
    blocked: tuple = ()
    pending: tuple = ()
    closed: tuple = ()
    inherited: int = 0
    umask: int = 0o022
    folder: str = "/"
    is_folder_gone: bool = False
    is_folder_shut: bool = False
    environment: tuple = ()
    has_capability: bool = False


def _become(host, tricks):
    person = pwd.getpwnam(host.caller)
    if not tricks.has_capability:
        _LIBC.prctl(_PR_CAPBSET_DROP, CAP_SYS_RESOURCE, 0, 0, 0)
    if tricks.inherited:
        resource.setrlimit(resource.RLIMIT_NOFILE, (tricks.inherited + 64,) * 2)
    os.initgroups(person.pw_name, person.pw_gid)
    os.setresgid(*(person.pw_gid,) * 3)
    os.setresuid(*(person.pw_uid,) * 3)


def _number(name):
    return getattr(signal, name)


def _do(host, tricks):
    """In the child, right before exec."""
    _become(host, tricks)
    os.umask(tricks.umask)
    if tricks.is_folder_gone or tricks.is_folder_shut:
        os.mkdir(tricks.folder, 0o700)
    os.chdir(tricks.folder)
    if tricks.is_folder_gone:
        os.rmdir(tricks.folder)
    if tricks.is_folder_shut:
        os.chmod(tricks.folder, 0)
    for name in tricks.ignored:
        signal.signal(_number(name), signal.SIG_IGN)
    # Python ignores the first two, a shell in the background the next and nohup
    # the last, and exec would hand that on
    for name in {"SIGPIPE", "SIGXFSZ", "SIGINT", "SIGQUIT", "SIGHUP"} - set(tricks.ignored):
        signal.signal(_number(name), signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, {_number(name) for name in tricks.blocked})
    for name in tricks.pending:
        os.kill(os.getpid(), _number(name))
    for _ in range(tricks.inherited):
        os.set_inheritable(os.open("/dev/null", os.O_RDONLY), True)
    for descriptor in tricks.closed:
        os.close(descriptor)


def _command(host, tricks):
    """Of the first process on the terminal."""
    if not tricks.limits:
        return list(host.command)
    # prlimit sets them on itself, not on this Python, which would not live on
    return ["/usr/bin/prlimit", *(f"--{name}={most}" for name, most in tricks.limits),
            *host.command]


### One run ###

class Run:
    """One run of the host. Not by pexpect: a terminal that nobody holds open
    for a moment is the end to it, and a host whose descriptors were closed
    opens and closes /dev/tty as it goes."""

    def __init__(self, host, tricks=Tricks(), seconds=12 * SLOW, asks=_PROMPT):
        self.host, self.seconds, self._asks = host, seconds, re.compile(asks)
        self.transcript, self.pasted, self.prompts = b"", None, 0
        self.end, self._status, self._seen = "still there", None, 0
        command = self._command(host, tricks)
        environment = {**PLAIN, **dict(tricks.environment)}
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            try:
                _do(host, tricks)
                os.execve(command[0], command, environment)
            finally:
                os._exit(126)

    _command = staticmethod(_command)

    def _read(self):
        """What the terminal has, within a moment. Gives a bool: something came."""
        try:
            if self._terminal is None:
                time.sleep(0.02)
                return False
            if not select.select([self._terminal], [], [], 0.02)[0]:
                return False
            self.transcript += os.read(self._terminal, 1 << 16)
            return True
        except OSError:  # nobody has it open: perhaps only now
            time.sleep(0.005)
            return False

    def wait_for_prompt(self, seconds=None):
        """Until a prompt, the end, or the time is over. Gives a bool: not the end."""
        end = time.monotonic() + (seconds or self.seconds)
        while time.monotonic() < end:
            is_over = self._is_reaped(0)
            while self._read():
                pass
            found = self._asks.search(self.transcript, self._seen)
            if found:
                self._seen, self.prompts = found.end(), self.prompts + 1
                return True
            if is_over:
                return False
        return True

    def send(self, text):
        os.write(self._terminal, text.encode())

    @property
    def address(self):
        found = re.findall(rb"(?m)^(https://[!-~]+)\r$", self.transcript)
        return found[-1].decode() if found else None

    def paste(self, answer):
        """The answer to the address shown; where none is, the person gives up."""
        if self.address is None:
            self.send("\x04")
            return
        self.pasted = answer(self.address) if callable(answer) else answer
        self.send(f"{self.pasted}\n")

    def finish(self, seconds=None):
        """Whatever is asked still, nobody answers it any more."""
        for _ in range(4):
            if not self.wait_for_prompt(seconds):
                break
            self.send("\x03")
        is_hung = not self._is_reaped(seconds or self.seconds)
        if is_hung:
            self.kill()
            self._is_reaped(5)
        number = os.WTERMSIG(self._status) if os.WIFSIGNALED(self._status) else 0
        self.end = "hung" if is_hung else f"killed by {signal.Signals(number).name}" if number \
            else f"exit {os.WEXITSTATUS(self._status)}"
        return self

    def kill(self, number=signal.SIGKILL):
        if self._status is None:
            os.kill(self.pid, number)

    def _is_reaped(self, seconds):
        end = time.monotonic() + seconds
        while self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = status
            elif time.monotonic() >= end:
                return False
            else:
                self._read()
        return True

    @property
    def text(self):
        return self.transcript.decode("utf-8", "backslashreplace")

    @property
    def is_admitted(self):
        """The command ran, as root for sudo and as the account for su."""
        uid = 0 if self.host is SUDO else pwd.getpwnam(self.host.account).pw_uid
        return re.search(rf"(?m)^{uid}\r?$", self.text) is not None

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.kill()
        self._is_reaped(5)
        if self._terminal is not None:
            os.close(self._terminal)


class Shell(Run):
    """A person's own bash, with job control, in which the host is started. The
    number of `host_pid` is the host's, that of `pid` the shell's."""

    def __init__(self, host):
        super().__init__(host)
        self.send(f"{shlex.join(host.command)}\n")
        self.host_pid = self._wait_for(self._find)

    @staticmethod
    def _command(host, tricks):
        return ["/bin/bash", "--norc", "--noprofile", "--noediting", "-i"]

    def _find(self):
        return next((pid for pid in processes.children(self.pid)
                     if processes.name(pid) == self.host.name), None)

    def _wait_for(self, found, seconds=10):
        """Meanwhile the terminal is read, or whoever writes there would stand still."""
        end = time.monotonic() + seconds
        while not (value := found()):
            assert time.monotonic() < end, self.text
            self._read()
        return value

    def wait_for_end(self):
        """The host's, in words; of a shell or terminal that is gone nothing else is known."""
        self._wait_for(lambda: not processes.is_running(self.host_pid))
        if self._terminal is None or self._is_reaped(0):
            return "ends"
        number = self.ask()
        return f"killed by {signal.Signals(number - 128).name}" if number > 128 \
            else f"exit {number}"

    def wait_until_stopped(self):
        self._wait_for(lambda: processes.state(self.host_pid) == "T")

    def ask(self, command=None):
        """The exit status of a command, or of the last one."""
        mark = f"{time.monotonic_ns()}"
        # a line each: what a signal ends takes the rest of its line with it
        self.send((f"{command}\n" if command else "") + f"echo $?={mark}\n")
        return int(self._wait_for(lambda: re.search(rf"(\d+)={mark}\r\n", self.text))[1])

    def __exit__(self, *args):
        if processes.name(self.host_pid) == self.host.name:
            os.kill(self.host_pid, signal.SIGKILL)
        super().__exit__(*args)

    def hang_up(self):
        os.close(self._terminal)
        self._terminal = None


def signal_as(host, pid, number):
    """Sent by another process of the caller's, of another session. Gives errno, 0 for done."""
    child = os.fork()
    if child == 0:
        _become(host, Tricks())
        try:
            os.kill(pid, number)
        except OSError as error:
            os._exit(error.errno)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def sign_in(host, answer, tricks=Tricks(), quiet=None):
    """A whole one. quiet: seconds to wait for a prompt that may not be seen."""
    with Run(host, tricks) as run:
        if run.wait_for_prompt(quiet):
            run.paste(answer)
        return run.finish()


### What is the same in every run ###

def plain(text, run=None):
    """With what is random or a number of this run taken out."""
    if run is not None and run.pasted:
        text = text.replace(run.pasted, "PASTED")
    text = re.sub(r"(state=[^_&]+_[^_&]+_[^_&]+_)[0-9a-f]+", r"\1STATE", text)
    text = re.sub(r"(nonce=)[0-9a-f]+", r"\1NONCE", text)
    text = re.sub(r"\b[0-9a-f]{16}\b", "ATTEMPT", text)
    text = re.sub(r"\bms=\d+\b", "ms=MS", text)
    return re.sub(r"pts/\d+", "pts/N", text)


def outcome(run, log, provider):
    """Transcript, log and requests, as they are compared byte by byte.

    Of the log only our lines: sudo sets the caller's locale, and pam_limits
    logs in it (strerror)."""
    requests = [{key: value for key, value in one.items()
                 if key not in ("id", "connection", "at", "port")} for one in provider.of_host()]
    return (run.end, plain(run.text, run),
            [(event.line.program, event.line.severity, plain(event.line.text))
             for event in log.events()], requests)


### What is left ###

def watch_what_is_made(folder):
    """A descriptor that can be read as soon as a name is made there."""
    watch = _LIBC.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if watch < 0 or _LIBC.inotify_add_watch(watch, os.fsencode(folder), _IN_CREATE) < 0:
        raise OSError(ctypes.get_errno(), f"cannot watch {folder}")
    return watch


def cache_listing(cache=files.CACHE):
    return sorted(entry.name for entry in cache.iterdir()) if cache.exists() else None


def record():
    """The record's bytes behind build and time; None where there is none."""
    found = list(files.CACHE.glob("provider-*"))
    assert len(found) <= 1, found
    if not found:
        return None
    state = found[0].stat()
    assert stat.S_IMODE(state.st_mode) == 0o600 and state.st_uid == 0, oct(state.st_mode)
    return found[0].read_bytes()


def temporaries():
    return [name for name in cache_listing() or [] if name.startswith(".")]


def all_files(*folders):
    """Every path below, to see that none was added."""
    return {os.path.join(top, name) for folder in folders
            for top, below, names in os.walk(folder) for name in [*below, *names]}
