# SPDX-License-Identifier: BSD-2-Clause
"""HTTP proxies for server.Server: one that makes tunnels, and those that do not.

	with Server(certs, proxies.tunnel) as one:
	    ... ask(issuer=..., proxy=f"http://127.0.0.1:{one.port}") ..."""

import select
import socket

from server import Gone, before_tls


def _asked(peer):
    """The CONNECT, which is kept as a request of the server's."""
    if not peer.read_request():
        raise Gone
    peer.server.requests.append((peer.method, peer.path, peer.headers, peer.body))


def refusing(status):
    @before_tls
    def proxy(peer):
        _asked(peer)
        peer.answer("<html>no</html>", status, ["proxy-authenticate: Basic realm=\"x\""])
        raise Gone
    proxy.__name__ = f"refuses with {status}"
    return proxy


@before_tls
def tunnel(peer):
    _asked(peer)
    host, port = peer.path.rsplit(":", 1)
    with socket.create_connection((host, int(port)), 5) as target:
        peer.send("HTTP/1.1 200 Connection established\r\nx-proxy: y\r\n\r\n")
        ends = {peer.sock: target, target: peer.sock}
        while not peer.server.stopping.is_set():
            for one in select.select(ends, [], [], 0.2)[0]:
                piece = one.recv(65536)
                if not piece:
                    return
                ends[one].sendall(piece)


@before_tls
def tunnel_of_nothing(peer):
    _asked(peer)
    peer.send("HTTP/1.1 200 OK\r\n\r\n" + "no TLS at all\r\n" * 20)
    raise Gone


@before_tls
def garbage(peer):
    _asked(peer)
    peer.send(b"\x00\x01garbage\xff\r\n\r\n")
    raise Gone


@before_tls
def silence(peer):
    _asked(peer)
    peer.pause(60)


@before_tls
def hang_up(peer):
    _asked(peer)
    raise Gone


@before_tls
def drip(peer):
    _asked(peer)
    peer.send("HTTP/1.1 200 OK\r\nx: ")
    while True:
        peer.send("x")
        peer.pause(0.2)


def _endless(first, piece):
    @before_tls
    def proxy(peer):
        _asked(peer)
        peer.send(first)
        while True:
            peer.send(piece)
    return proxy


endless_headers = _endless("HTTP/1.1 200 OK\r\n", "x: y\r\n" * 1000)
endless_header = _endless("HTTP/1.1 200 OK\r\nx: ", "x" * 65536)
endless_refusal = _endless("HTTP/1.1 403 No\r\n", "x: y\r\n" * 1000)
endless_body = _endless("HTTP/1.1 502 No\r\n\r\n", "x" * 65536)
