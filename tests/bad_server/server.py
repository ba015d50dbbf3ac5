# SPDX-License-Identifier: BSD-2-Clause
"""A TLS server on loopback that misbehaves, each time in one manner.

	with Server(certs, drip_body) as server:
	    ... ask(issuer=server.issuer) ...

A manner is called with a Peer whose request has been read; whatever it does,
it ends soon after the server is stopped. Manners that stand for the TCP
connection itself are marked as `before_tls`. Standard library only."""

import contextlib
import gzip
import json
import socket
import ssl
import struct
import threading
import time

HEAD_MAX = 64 * 1024
# how often is looked whether the server is being stopped, and how long a client
# on a busy machine may take to read
LOOK_SECONDS, SEND_SECONDS = 0.2, 8
OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"

# A key of 2048 bits that signs nothing: of a key set only its form is read.
MODULUS = "w" + "A" * 340 + "Q"


class Gone(Exception):
    """The client has gone, or the server is being stopped."""


class Peer:
    """A connection, with the request that came on it last."""

    def __init__(self, sock, server):
        self.sock, self.server = sock, server
        self.method = self.path = ""
        self.headers, self.body = [], b""

    def send(self, data):
        if self.server.stopping.is_set():
            raise Gone
        try:
            self.sock.settimeout(SEND_SECONDS)
            self.sock.sendall(data.encode() if isinstance(data, str) else data)
        except OSError as err:
            raise Gone from err

    def pause(self, seconds):
        if self.server.stopping.wait(seconds):
            raise Gone

    def answer(self, body, status="200 OK", headers=()):
        body = body if isinstance(body, bytes) else body.encode()
        lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def read_request(self):
        """False at the end of the connection."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self._receive()
            if not piece or len(data) > HEAD_MAX:
                return False
            data += piece
        head, self.body = data.split(b"\r\n\r\n", 1)
        first, *self.headers = head.decode("latin-1").split("\r\n")
        self.method, self.path, _ = first.split(" ")
        length = int(dict(one.lower().split(": ", 1) for one in self.headers)
                     .get("content-length", 0))
        while len(self.body) < length:
            piece = self._receive()
            if not piece:
                return False
            self.body += piece
        return True

    def _receive(self):
        self.sock.settimeout(LOOK_SECONDS)
        end = time.monotonic() + 30
        while time.monotonic() < end and not self.server.stopping.is_set():
            try:
                return self.sock.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                return b""
        return b""


def well(peer):
    """As a provider should."""
    issuer = peer.server.issuer
    if peer.path.endswith("/.well-known/openid-configuration"):
        peer.answer(json.dumps({
            "issuer": issuer, "jwks_uri": issuer + "/jwks",
            **{f"{name}_endpoint": f"{issuer}/{name}"
               for name in ("authorization", "token", "userinfo")}}))
    elif peer.path.endswith("/jwks"):
        peer.answer(json.dumps({"keys": [
            {"kty": "RSA", "kid": "one", "n": MODULUS, "e": "AQAB"}]}))
    else:
        peer.answer("", "404 Not Found")


def silence(peer):
    peer.pause(60)


def drip_body(peer):
    peer.send(OK + "content-length: 1000000\r\n\r\n")
    while True:
        peer.send(" ")
        peer.pause(0.2)


def drip_head(peer):
    peer.send("HTTP/1.1 200 OK\r\nx: ")
    while True:
        peer.send("x")
        peer.pause(0.2)


def endless_body(peer):
    peer.send(OK + "\r\n{\"x\":\"")
    while True:
        peer.send(b"x" * 65536)


def endless_chunks(peer):
    peer.send(OK + "transfer-encoding: chunked\r\n\r\n")
    while True:
        peer.send(b"10000\r\n" + b" " * 65536 + b"\r\n")


def endless_headers(peer):
    peer.send("HTTP/1.1 200 OK\r\n")
    while True:
        peer.send("x: y\r\n" * 1000)


def endless_header(peer):
    peer.send("HTTP/1.1 200 OK\r\nx: ")
    while True:
        peer.send(b"x" * 65536)


def endless_status(peer):
    peer.send("HTTP/1.1 200 ")
    while True:
        peer.send(b"x" * 65536)


def endless_trailers(peer):
    peer.send(OK + "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")
    while True:
        peer.send("x: y\r\n" * 1000)


def continues(peer):
    while True:
        peer.send("HTTP/1.1 100 Continue\r\n\r\n" * 1000)


def continued_first(peer):
    peer.send("HTTP/1.1 200 OK\r\n x: y\r\ncontent-length: 2\r\n\r\n{}")
    raise Gone


def trailer_without_colon(peer):
    peer.send(OK + "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx\r\n\r\n")
    raise Gone


def cut_body(peer):
    peer.send(OK + "content-length: 1000\r\n\r\n{\"half\":")
    raise Gone


def cut_chunk(peer):
    peer.send(OK + "transfer-encoding: chunked\r\n\r\n100\r\n{\"half\":")
    raise Gone


def cut_without_length(peer):
    peer.send(OK + "\r\n{\"half\":")
    raise Gone


def hang_up(_peer):
    raise Gone


def bomb(size):
    return gzip.compress(b"{" + b" " * size + b"}", 1)


def content_bomb(peer):
    peer.answer(bomb(8 << 20), headers=["content-encoding: gzip"])


def transfer_bomb(peer):
    data = bomb(8 << 20)
    peer.send(OK + "transfer-encoding: gzip, chunked\r\n\r\n")
    peer.send(b"%x\r\n" % len(data) + data + b"\r\n0\r\n\r\n")


def without_head(peer):
    peer.send("{}")
    raise Gone


def without_sense(peer):
    peer.send("220 mail.example ESMTP\r\n" * 100)
    raise Gone


def redirect(peer):
    peer.answer("", "302 Found", [f"location: {peer.server.issuer}/elsewhere"])


def before_tls(manner):
    manner.before_tls = True
    return manner


@before_tls
def silent_port(peer):
    peer.pause(60)


@before_tls
def reset(peer):
    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Gone


@before_tls
def wants_a_certificate(peer):
    """Once the client has said hello; RFC 8446 6: a fatal alert, 116."""
    peer.sock.recv(4096)
    peer.send(bytes([21, 3, 3, 0, 2, 2, 116]))
    raise Gone


@before_tls
def plain_http(peer):
    peer.send("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
    raise Gone


class Server:
    """manner: for every request; manners: for those of a path, by its end."""

    def __init__(self, certs, manner=well, cert="server", address="127.0.0.1",
                 port=0, name="localhost", newest=None, path="/ids", **manners):
        self.manner, self.manners = manner, manners
        self.requests = []          # (method, path, headers, body)
        self.connections = 0
        self.stopping = threading.Event()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certs / f"{cert}.pem", certs / f"{cert}.key")
        if newest is not None:
            self.tls.set_ciphers("ALL:@SECLEVEL=0")
            self.tls.minimum_version = ssl.TLSVersion.TLSv1
            self.tls.maximum_version = newest
        self.listener = socket.create_server((address, port))
        self.listener.settimeout(0.1)
        self.port = self.listener.getsockname()[1]
        self.issuer = f"https://{name}:{self.port}{path}"
        self.threads = []

    def __enter__(self):
        self._start(self._accept)
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(10)
        self.listener.close()
        assert not any(thread.is_alive() for thread in self.threads)

    def _start(self, function, *args):
        thread = threading.Thread(target=function, args=args)
        self.threads.append(thread)
        thread.start()

    def _accept(self):
        while not self.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                sock, _ = self.listener.accept()
                self.connections += 1
                sock.settimeout(LOOK_SECONDS)
                self._start(self._serve, sock)

    def _serve(self, sock):
        with sock, contextlib.suppress(Gone):
            if getattr(self.manner, "before_tls", False):
                self.manner(Peer(sock, self))
                return
            sock.settimeout(SEND_SECONDS)
            try:
                secured = self.tls.wrap_socket(sock, server_side=True)
            except OSError:
                return
            with secured:
                self._talk(Peer(secured, self))

    def _talk(self, peer):
        while peer.read_request():
            self.requests.append((peer.method, peer.path, peer.headers, peer.body))
            self._manner_of(peer.path)(peer)

    def _manner_of(self, path):
        for end, manner in self.manners.items():
            if path.endswith(end):
                return manner
        return self.manner
