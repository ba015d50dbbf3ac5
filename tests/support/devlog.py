# SPDX-License-Identifier: BSD-2-Clause
"""What would be the host's syslog: a datagram socket at /dev/log, kept in memory."""

import os
import re
import socket
import stat
import threading
import time

PATH = "/dev/log"
_FRAME = re.compile(r"<(\d+)>(?:\w{3} [ \d]\d [\d:]{8} )?([^\[: ]+)(?:\[(\d+)\])?: (.*)", re.S)
_OURS = re.compile(r"pam_beproduct\(([^:)]+):([^)]+)\): (\w+)(?: (.*))?", re.S)
_FIELD = re.compile(r'([a-z_]+)=("(?:[^"\\]|\\.)*"|[^ "]*)(?: |$)')


class Line:
    """One message: facility and severity by number, program, pid, text."""

    def __init__(self, datagram):
        text = datagram.decode("utf-8", "backslashreplace").rstrip("\n\0")
        match = _FRAME.match(text)
        priority, self.program, pid, self.text = match.groups() if match else (0, "?", None, text)
        self.facility, self.severity = divmod(int(priority), 8)
        self.pid = int(pid) if pid else None

    def __repr__(self):
        return f"{self.program}[{self.pid}]: {self.text}"


class Event:
    """One log line of ours, taken apart."""

    def __init__(self, line, service, kind, name, rest):
        self.line, self.service, self.kind, self.name = line, service, kind, name
        self.fields = {key: value[1:-1] if value.startswith('"') else value
                       for key, value in _FIELD.findall(rest or "")}

    def __getitem__(self, key):
        return self.fields[key]

    def get(self, key):
        return self.fields.get(key)

    def __repr__(self):
        return repr(self.line)


def event_of(line):
    match = _OURS.match(line.text)
    return Event(line, *match.groups()) if match else None


class DevLog:
    """Collects from its making on; a test looks at what came since its mark."""

    def __init__(self):
        self._lines, self._changed, self._since = [], threading.Condition(), 0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        if os.path.lexists(PATH):
            os.unlink(PATH)
        self._socket.bind(PATH)
        os.chmod(PATH, stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IWGRP
                 | stat.S_IROTH | stat.S_IWOTH)
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self):
        while True:
            line = Line(self._socket.recv(1 << 16))
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()

    def mark(self):
        """What came before is not looked at any more."""
        with self._changed:
            self._since = len(self._lines)

    def lines(self, program=None):
        with self._changed:
            return [line for line in self._lines[self._since:]
                    if program in (None, line.program)]

    def settle(self):
        """Until what was said before now is here."""
        token = os.urandom(8).hex()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
            one.sendto(f"<86>host: {token}".encode(), PATH)
        self.wait_for(token)

    def events(self, name=None, **fields):
        """Ours until now, by EVENT and by field=value."""
        self.settle()
        found = [event for event in map(event_of, self.lines()) if event]
        return [event for event in found if name in (None, event.name)
                and all(event.get(key) == value for key, value in fields.items())]

    def wait_for(self, pattern, seconds=10):
        """Gives the first line that the pattern is found in."""
        def match():
            return next((line for line in self.lines()
                         if re.search(pattern, line.text)), None)
        return self._wait(match, seconds, f"/{pattern}/")

    def wait_for_event(self, name, seconds=10, **fields):
        def match():
            return next(iter(self.events(name, **fields)), None)
        return self._wait(match, seconds, f"event {name} {fields}")

    def _wait(self, match, seconds, what):
        end = time.monotonic() + seconds
        while (found := match()) is None:
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"no {what} in the log:\n{self}")
            with self._changed:
                self._changed.wait(min(left, 0.1))
        return found

    def __str__(self):
        return "\n".join(map(repr, self.lines()))
