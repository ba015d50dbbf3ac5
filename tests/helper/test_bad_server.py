# SPDX-License-Identifier: BSD-2-Clause
"""DISCOVER against a server that misbehaves, and with systems that do."""

import contextlib
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys

import pytest

import asking
import release
import server
from asking import LATE, LEFT

ALONE = pathlib.Path(__file__).resolve().parent / "alone.py"
MANNERS = [
    (server.silence, "SILENCE", "localhost: "),
    (server.silent_port, "SILENCE", "localhost: "),
    (server.drip_body, "SILENCE", "localhost: "),
    (server.drip_head, "SILENCE", "localhost: "),
    (server.endless_body, "BODY", "body of more than 1 MiB"),
    (server.endless_chunks, "BODY", "body of more than 1 MiB"),
    (server.endless_headers, "BODY", release.ENDLESS_HEADERS),
    (server.endless_header, "BODY", "header line too long"),
    (server.endless_status, "BODY", "header line too long"),
    (server.endless_trailers, "BODY", release.ENDLESS_HEADERS),
    (server.continues, "BODY", "headers of more than 64 KiB"),
    (server.continued_first, "BODY", "a header that is none"),
    (server.trailer_without_colon, "BODY", "localhost: "),
    (server.cut_body, "NO_CONNECTION", "localhost: "),
    (server.cut_chunk, "NO_CONNECTION", "localhost: "),
    (server.hang_up, "NO_CONNECTION", "localhost: "),
    (server.content_bomb, "BODY", "discovery: "),
    (server.transfer_bomb, "BODY", "discovery: "),
    (server.without_head, "BODY", "HTTP/0.9"),
    (server.without_sense, "BODY", "localhost: "),
    (server.redirect, "STATUS", "status 302"),
    (server.reset, ("NO_CONNECTION", "TLS"), "localhost: "),
    (server.wants_a_certificate, "TLS", "localhost: "),
    (server.plain_http, "TLS", "localhost: "),
]
# libcurl 8 of Debian 13 has ceilings and words of its own, and takes a first header that
# begins with a blank for one: then the body is looked at, and is not what was asked for
OF_DEBIAN_13 = {
    server.endless_header: ("BODY", "larger than allowed"),
    server.endless_status: ("BODY", "larger than allowed"),
    server.continued_first: ("DISCOVERY_ISSUER", "no string issuer"),
    server.transfer_bomb: ("BODY", "Unsolicited Transfer-Encoding"),
}
if not release.IS_12:
    MANNERS = [(row[0], *OF_DEBIAN_13.get(row[0], row[1:])) for row in MANNERS]


@pytest.mark.parametrize("manner,reason,detail", MANNERS, ids=asking.short)
def test_a_server_is(certs, ask, manner, reason, detail):
    with server.Server(certs, manner) as one:
        answer = ask.discover(one.issuer, time_left=LEFT if reason == "SILENCE" else None)
        assert answer.type == "FAILED", answer.text
        assert answer.reason in reason if isinstance(reason, tuple) else answer.reason == reason, \
            answer.text
        assert detail in answer.detail, answer.text
        # in time, and not long before it where there is nothing but waiting
        assert int(answer.after) < LATE
        assert reason != "SILENCE" or int(answer.after) >= LEFT - 100
        assert all(path.endswith("openid-configuration") for _, path, _, _ in one.requests)


def test_a_body_without_a_length_may_end_early(certs, ask):
    # some TLS libraries do not tell: then JSON does
    with server.Server(certs, server.cut_without_length) as one:
        assert ask.discover(one.issuer).reason in ("BODY", "NO_CONNECTION")


def test_the_time_is_for_both_documents_together(certs, ask):
    def late(peer):
        peer.pause(LEFT / 1000 * 0.6)
        server.well(peer)
    with server.Server(certs, late) as one:
        answer = ask.discover(one.issuer, time_left=LEFT)
        assert answer.is_failure("SILENCE")     # of either alone it would be enough
        assert int(answer.after) < LATE
        assert len(one.requests) == 2


def test_without_time_nothing_is_asked(certs, ask):
    with server.Server(certs) as one:
        assert ask.discover(one.issuer, time_left=0).is_failure("SILENCE")
        assert one.connections == 0


@pytest.mark.parametrize("cert,words", [
    ("no-san", "no subjectAltName of a host"), ("mail-san", "no subjectAltName of a host"),
    ("wrong-name", "subject name"), ("expired", "expired"), ("self-signed", "self-signed"),
])
def test_a_certificate_is_not_to_be_trusted(certs, ask, cert, words):
    with server.Server(certs, cert=cert) as one:
        answer = ask.discover(one.issuer)
        assert answer.is_failure("TLS", words)
        assert "trusted: ca_file" in answer.detail
        assert one.requests == []


def test_a_name_of_the_subject_is_none(certs, ask):
    """Which is why the two above show something: the name fits."""
    for cert in ("no-san", "mail-san"):
        subject = subprocess.run(["openssl", "x509", "-noout", "-subject", "-in",
                                  certs / f"{cert}.pem"], capture_output=True, text=True,
                                 timeout=20, check=True).stdout
        assert subject.replace(" ", "").strip().endswith("CN=localhost")


def test_another_authority_is_not_trusted(certs, ask):
    with server.Server(certs) as one:
        answer = ask.discover(one.issuer, ca_file=f"@{certs / 'other-ca.pem'}")
        assert answer.is_failure("TLS", "issuer certificate")


def test_without_a_ca_file_the_system_is_trusted_and_named(certs, ask):
    with server.Server(certs) as one:
        answer = ask.discover(one.issuer, ca_file=None)
        assert answer.is_failure("TLS", "issuer certificate")
        assert "trusted: /etc/ssl/certs" in answer.detail


@pytest.mark.parametrize("newest,reason", [
    (ssl.TLSVersion.TLSv1_1, "TLS"), (ssl.TLSVersion.TLSv1_2, None), (ssl.TLSVersion.TLSv1_3, None)])
def test_old_versions_of_tls_are_not_spoken(certs, ask, newest, reason):
    with server.Server(certs, newest=newest) as one:
        answer = ask.discover(one.issuer)
        assert answer.type == "PROVIDER" if reason is None else answer.is_failure(reason)


def test_nobody_listens(ask):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert ask.discover(f"https://localhost:{port}/ids").is_failure("NO_CONNECTION", "localhost: ")


def test_what_is_asked_for(certs, ask):
    with server.Server(certs) as one:
        ask.discover(one.issuer)
        method, path, headers, body = one.requests[0]
        assert (method, path, body) == ("GET", "/ids/.well-known/openid-configuration", b"")
        assert sorted(line.split(":")[0] for line in headers) == ["Accept", "Host", "User-Agent"]
        assert "Accept: application/json" in headers
        assert one.connections == 1


def test_keys_have_a_media_type_of_their_own(certs, ask):
    """RFC 7517 8.5; a strict server has nothing else to give."""
    def strict(peer):
        accept = [line for line in peer.headers if line.startswith("Accept: ")]
        if "application/jwk-set+json" in accept[0]:
            server.well(peer)
        else:
            peer.answer("", "406 Not Acceptable")
    with server.Server(certs, jwks=strict) as one:
        assert ask.discover(one.issuer).type == "PROVIDER"
        assert "Accept: application/jwk-set+json, application/json" in one.requests[1][2]


# --- other systems than this one ---

def alone(ask, request, *options):
    return ask.run([sys.executable, str(ALONE), *options, "--", *request])


def hashed(folder, ca):
    folder.mkdir()
    shutil.copy(ca, folder / "ca.pem")
    subprocess.run(["openssl", "rehash", folder], check=True, timeout=20)
    return str(folder)


def test_the_systems_authorities_count(root, certs, ask):
    system = hashed(ask.folder / "certs", certs / "ca.pem")
    with server.Server(certs) as one:
        request = ask.command("discover", issuer=one.issuer)
        assert alone(ask, request, "--bind", system, "/etc/ssl/certs").type == "PROVIDER"


def test_beside_a_ca_file_they_do_not(root, certs, ask):
    system = hashed(ask.folder / "certs", certs / "ca.pem")
    # where libcurl would look for a single file
    shutil.copy(certs / "ca.pem", ask.folder / "certs" / "ca-certificates.crt")
    with server.Server(certs) as one:
        request = ask.command("discover", issuer=one.issuer, ca_file=f"@{certs / 'other-ca.pem'}")
        answer = alone(ask, request, "--bind", system, "/etc/ssl/certs")
        assert answer.is_failure("TLS", "trusted: ca_file")


def test_a_system_with_one_file_of_authorities(root, certs, ask):
    folder = ask.folder / "certs"
    folder.mkdir()
    shutil.copy(certs / "ca.pem", folder / "ca-certificates.crt")
    with server.Server(certs) as one:
        request = ask.command("discover", issuer=one.issuer)
        assert alone(ask, request, "--bind", str(folder), "/etc/ssl/certs").type == "PROVIDER"


def test_a_system_without_authorities(root, certs, ask):
    (ask.folder / "certs").mkdir()
    with server.Server(certs) as one:
        request = ask.command("discover", issuer=one.issuer)
        answer = alone(ask, request, "--bind", str(ask.folder / "certs"), "/etc/ssl/certs")
        assert answer.is_failure("CA_BAD", "default")


LAX = """openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
"""


@pytest.mark.parametrize("newest,reason", [
    (ssl.TLSVersion.TLSv1_1, "TLS"), (ssl.TLSVersion.TLSv1_2, None)])
def test_nor_where_the_system_would_speak_them(root, certs, ask, newest, reason):
    with server.Server(certs, newest=newest) as one:
        request = ask.command("discover", issuer=one.issuer, ca_file=f"@{ask.ca}")
        answer = alone(ask, request, "--bind", str(ask.file("lax", LAX)), "/etc/ssl/openssl.cnf")
        assert answer.type == "PROVIDER" if reason is None else answer.is_failure(reason)


def system_files(ask, hosts=""):
    """Options of alone.py for a system whose names are these."""
    files = {"/etc/hosts": "127.0.0.1 localhost\n" + hosts,
             "/etc/nsswitch.conf": "hosts: files dns\n",
             "/etc/resolv.conf": "nameserver 127.0.0.1\noptions timeout:10 attempts:2\n"}
    return [word for place, text in files.items() for word in
            ("--bind", str(ask.file(place.replace("/", "_"), text)), place)]


def test_a_name_that_is_not_found(root, ask):
    request = ask.command("discover", issuer="https://id.nowhere.test/ids", ca_file=f"@{ask.ca}")
    answer = alone(ask, request, "--no-network", *system_files(ask))
    assert answer.is_failure("NO_NAME", "id.nowhere.test: ")


@pytest.mark.parametrize("limit,name,reason,detail", [
    # what is lacking: a thread's stack, and descriptors
    (f"--as={(24 if release.IS_12 else 28) << 20}", "here", "HELPER_LIMITS", "no thread could be started"),
    ("--nofile=15", "nowhere", "HELPER_LIMITS", "no more than 15 descriptors"),
    # and none
    ("--nofile=16", "nowhere", "NO_NAME", "id.nowhere.test: "),
    ("--nofile=64", "here", "NO_CONNECTION", "id.here.test: "),
])
def test_a_look_up_under_limits_is_told_apart(root, ask, limit, name, reason, detail):
    request = ask.command("discover", issuer=f"https://id.{name}.test/ids", ca_file=f"@{ask.ca}")
    answer = alone(ask, ["prlimit", limit, *request], "--no-network",
                   *system_files(ask, "127.0.0.1 id.here.test\n"))
    assert answer.is_failure(reason, detail)


def test_a_look_up_that_is_not_answered_takes_no_longer_than_it_may(root, ask):
    request = ask.command("discover", issuer="https://id.nowhere.test/ids", ca_file=f"@{ask.ca}",
                          time_left=LEFT)
    answer = alone(ask, request, "--no-network", "--silent-dns", *system_files(ask))
    assert answer.is_failure("SILENCE", "Resolving timed out")
    assert int(answer.after) < LATE


@contextlib.contextmanager
def dead_port(address):
    """Listens, and is so full that nobody is ever let in."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind((address, 0))
        full.listen(0)
        for _ in range(4):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        yield full.getsockname()[1]


# By its last byte what an address does: 2 is silent, 3 refuses, 4 is the provider.
@pytest.mark.parametrize("addresses", [(2, 4), (3, 4), (2, 3, 4), (3, 2, 4), (4, 2)],
                         ids=["silent", "refuses", "both", "both otherwise", "behind it"])
def test_behind_a_dead_address_the_next_is_tried(root, dual_certs, ask, addresses):
    ask.ca = dual_certs / "ca.pem"
    hosts = "".join(f"127.0.0.{last} dual.test\n" for last in addresses)
    with dead_port("127.0.0.2") as port, \
            server.Server(dual_certs, name="dual.test", address="127.0.0.4", port=port) as one:
        request = ask.command("discover", issuer=one.issuer, ca_file=f"@{ask.ca}", time_left=12000)
        answer = alone(ask, request, *system_files(ask, hosts))
        assert answer.type == "PROVIDER", answer.text
        # was the silent one met?
        assert (int(answer.after) > 1000) == (2 in addresses[:-1])
        assert re.match(r"https://dual\.test:\d+/ids", answer.issuer)
