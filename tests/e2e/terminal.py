# SPDX-License-Identifier: BSD-2-Clause
"""A person at a terminal, OpenSSH's client on it, and what it shows."""

import re
import signal
import termios
import time

import pexpect

import sshd
import words

SECONDS = 40
# What the terminal echoes of a pasted address is none that was shown.
_SHOWN = r"https://(?!copy-this-address\.invalid/)"
_ADDRESS = re.compile(rf"^{_SHOWN}[!-~]+$")
_OPTIONS = {
    "UserKnownHostsFile": str(sshd.KNOWN_HOSTS),
    "GlobalKnownHostsFile": "/dev/null",
    "StrictHostKeyChecking": "yes",
    "PreferredAuthentications": "keyboard-interactive",
    "IdentityFile": "none",
    "IdentityAgent": "none",
    "ConnectTimeout": "10",
    "ControlMaster": "no",
}


class Prompt:
    """One prompt with what came before it, as it stands on the screen."""

    def __init__(self, text):
        self.text = text

    @property
    def address(self):
        """The only line that begins as an address, and nothing else on it."""
        found = [line for line in self.text.split("\r\n") if _ADDRESS.match(line)]
        assert len(found) == 1, f"not one address on a line of its own:\n{self.text}"
        assert len(re.findall(_SHOWN, self.text)) == 1, self.text
        return found[0]

    @property
    def has_address(self):
        return re.search(_SHOWN, self.text) is not None


def _as_a_shell_would():
    """What runs in the background or by nohup has these ignored, and hands that on."""
    for one in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)


class _Child(pexpect.spawn):
    """login of util-linux hangs its terminal up and opens it again; meanwhile nobody has
    it, which is no end while the program lives."""

    def read_nonblocking(self, size=1, timeout=-1):
        end = time.monotonic() + SECONDS
        while True:
            try:
                return super().read_nonblocking(size, timeout)
            except pexpect.EOF:
                self.flag_eof = False  # else isalive() would wait for its end
                if not self.isalive() or time.monotonic() > end:
                    self.flag_eof = True
                    raise
                time.sleep(0.01)


class Terminal:
    """A program on a terminal of its own, which controls it. Prompts are read
    one by one; end() waits for its end.

    transcript has every byte that came, answers' echo among it."""

    def __init__(self, arguments, asks=words.PROMPT_END, columns=80, **environment):
        self._asks = re.compile(asks.encode())
        self.prompts, self.status, self.transcript = [], None, ""
        self.modes_left = None
        self._child = _Child(
            str(arguments[0]), [str(one) for one in arguments[1:]],
            timeout=SECONDS, dimensions=(24, columns), env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8",
                "TERM": "xterm", **environment}, preexec_fn=_as_a_shell_would)
        # else pexpect waits 50 ms before each line that it sends
        self._child.delaybeforesend = None

    @property
    def pid(self):
        return self._child.pid

    def prompt(self):
        """Gives the next prompt, or None where the program ended instead."""
        asked = self._child.expect([self._asks, pexpect.EOF]) == 0
        text = self._child.before + (self._child.after if asked else b"")
        self.transcript += text.decode("utf-8", "backslashreplace")
        if not asked:
            self._wait()
            return None
        self.prompts.append(Prompt(text.decode("utf-8", "backslashreplace")))
        return self.prompts[-1]

    def answer(self, line):
        self._child.sendline(line)

    def press(self, key):
        """One control key: `c` for Ctrl-C."""
        self._child.sendcontrol(key)

    def modes(self):
        """The terminal's, as stty has them."""
        return termios.tcgetattr(self._child.child_fd)

    def end(self):
        """Gives the exit status; a further prompt is counted and hung up on."""
        if self.status is None and self.prompt() is not None:
            self.hang_up()
        return self.status

    def next_of(self, *patterns):
        """What comes next that is no prompt of ours: gives which, and its text."""
        found = self._child.expect([*patterns, pexpect.EOF])
        text = self._child.before + (self._child.after if found < len(patterns) else b"")
        self.transcript += text.decode("utf-8", "backslashreplace")
        if found == len(patterns):
            self._wait()
        return found

    def hang_up(self):
        self._child.close(force=True)
        self.status = "hung up"

    def _wait(self):
        self._child.wait()
        self.modes_left = self.modes()
        self._child.close()
        self.status = self._child.exitstatus
        if self.status is None:
            self.status = f"signal {self._child.signalstatus}"

    def __enter__(self):
        return self

    def __exit__(self, *args):
        if self._child.isalive():
            self._child.close(force=True)

    @property
    def addresses(self):
        """The distinct ones: how many times a browser had to be opened."""
        return {prompt.address for prompt in self.prompts if prompt.has_address}


class Ssh(Terminal):
    """One run of OpenSSH's client."""

    def __init__(self, user, command="id", asks=words.PROMPT_END, host="127.0.0.1", columns=80,
                 **options):
        arguments = ["-F", "/dev/null"]
        for name, value in {**_OPTIONS, **options}.items():
            arguments += ["-o", f"{name}={value}"]
        super().__init__(["/usr/bin/ssh", *arguments, f"{user}@{host}", command], asks, columns)


def without_code(text, page):
    """The pasted line bears a code: it is spent, and no business of a log."""
    code = page.partition("code=")[2].partition("&")[0]
    return text.replace(code, code[:4] + "…") if code else text


def answer_all(terminal, answers):
    """A whole sign-in. An answer is a line, or a function of the address shown.

    When a prompt comes after the last answer, the person gives up."""
    address = None
    with terminal:
        for answer in answers:
            prompt = terminal.prompt()
            if prompt is None:
                return terminal
            if prompt.has_address:
                address = prompt.address
            terminal.answer(answer(address) if callable(answer) else answer)
        terminal.end()
    return terminal


def dialogue(user, answers, **options):
    return answer_all(Ssh(user, **options), answers)


def password_login(user, password):
    """Through keyboard-interactive and pam_unix, as before ours was there."""
    return dialogue(user, [password], asks=r"Password: ")


def key_login(user, key, command="id"):
    with Ssh(user, command, PreferredAuthentications="publickey",
             IdentityFile=str(key), IdentitiesOnly="yes") as ssh:
        ssh.end()
    return ssh
