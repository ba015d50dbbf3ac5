# SPDX-License-Identifier: BSD-2-Clause
"""A proxy that reaches nobody, as one says that asks for a name that does not exist."""

import contextlib
import http.server
import threading


class _Request(http.server.BaseHTTPRequestHandler):
    def do_CONNECT(self):
        self.server.asked.append(self.path)
        self.send_error(self.server.status)

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def refusing(status):
    """Gives the server; its `asked` is what it was asked for."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Request) as server:
        server.status, server.asked = status, []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
