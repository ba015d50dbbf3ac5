# SPDX-License-Identifier: BSD-2-Clause
"""Starts, steers and ends a test provider, for tests written in Python."""

import http.client
import json
import os
import pathlib
import select
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
START_SECONDS = 30 * int(os.environ.get("BP_SLOW", "1"))  # the machine's slowness
STARTS = 3  # a node may hang before it has run a line of ours: once in some thousand starts
SECRET = "a secret with +, %, : and & in it"


def make_certs(folder):
    subprocess.run([HERE / "make-certs.sh", folder], check=True, timeout=60,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def people():
    return json.loads((HERE / "people.json").read_text(encoding="utf-8"))


class Idp:
    """A running provider. Ports are free ones unless options say otherwise."""

    def __init__(self, folder, *options, secret=SECRET):
        """folder: has make-certs.sh's files; the client's secret is put there."""
        self.folder = pathlib.Path(folder)
        self.ca = str(self.folder / "ca.pem")
        self.secret = secret
        self.options = options
        self.start()

    def start(self):
        secret_file = self.folder / "client_secret"
        secret_file.write_text(self.secret + "\n", encoding="utf-8")
        secret_file.chmod(0o600)
        for left in reversed(range(STARTS)):
            try:
                ready = self._run(secret_file)
                break
            except TimeoutError:
                if not left:
                    raise
        self.issuer = ready["issuer"]
        self.port = ready["port"]
        self.api = ready["api"]
        self.control_port = ready["control_port"]
        self.table = people()

    def _run(self, secret_file):
        self.process = subprocess.Popen(
            [os.environ.get("NODE", "node"), HERE / "provider.mjs",
             "--port", "0", "--control-port", "0", "--api-port", "0",
             "--cert", self.folder / "server.pem",
             "--key", self.folder / "server.key",
             "--secret-file", secret_file, *self.options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        try:
            return self._ready_line()
        except BaseException:
            self.stop()
            raise

    def _ready_line(self):
        line, end = b"", time.monotonic() + START_SECONDS
        out = self.process.stdout.fileno()
        while not line.endswith(b"\n"):
            left = end - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise TimeoutError("the provider did not become ready")
            piece = os.read(out, 4096)
            if not piece:
                raise RuntimeError("the provider ended before it was ready")
            line += piece
        return json.loads(line)

    def stop(self):
        """Gives the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait(10)
        self.process.stdout.close()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.stop()

    def control(self, method, path, body=None):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.control_port, timeout=10)
        text = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, text)
            answer = connection.getresponse()
            result = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(f"{path}: {result['error']}")
        return result

    def log(self):
        return self.control("GET", "/log")

    def refresh_tokens(self, login):
        """How many of this person's could be used now."""
        return self.control("GET", "/tokens")["refresh_tokens"].get(login, 0)

    def shape(self, **shape):
        self.control("POST", "/shape", shape)

    def reset(self):
        """As at its start; what was stopped is started again."""
        if self.process.poll() is not None:
            self.start()
        self.control("POST", "/reset")
        self.table = people()

    def change(self, login, **fields):
        """A person, until the next reset: roles=[...], active=False ..."""
        self.table[login] = {**self.table[login], **fields}
        self.control("POST", "/people", self.table)

    def fault(self, endpoint, **fault):
        self.control("POST", "/fault", {"endpoint": endpoint, **fault})
