# SPDX-License-Identifier: BSD-2-Clause
"""Debian's tinyproxy on loopback, for tests."""

import contextlib
import socket
import subprocess
import time

TINYPROXY = """Port {port}
Listen 127.0.0.1
Allow 127.0.0.1
Timeout 60
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def is_up(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def tinyproxy(folder, *allowed):
    """Debian's, which makes tunnels to these ports alone; gives what it logged so far."""
    port, conf, log = free_port(), folder / "tinyproxy.conf", folder / "tinyproxy.log"
    conf.write_text(TINYPROXY.format(port=port) + "".join(
        f"ConnectPort {one}\n" for one in allowed), encoding="ascii")
    with open(log, "wb") as out:
        running = subprocess.Popen(["tinyproxy", "-d", "-c", conf], stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=out)
    try:
        end = time.monotonic() + 20
        while not is_up(port):
            assert running.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", log.read_text
    finally:
        running.terminate()
        running.wait(20)
