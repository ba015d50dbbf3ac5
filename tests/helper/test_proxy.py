# SPDX-License-Identifier: BSD-2-Clause
"""Through an HTTP proxy: a real one, one that counts, and those that do not."""

import pytest

import proxies
import release
import server
from asking import LATE, LEFT
from tinyproxy import free_port, tinyproxy

def test_a_sign_in_through_a_real_proxy(sign_in, ask, certs):
    with tinyproxy(ask.folder, sign_in.provider.port) as (proxy, log):
        assert ask.discover(sign_in.provider.issuer, proxy=proxy).type == "PROVIDER"
        assert sign_in.whole("alice", proxy=proxy).type == "CLAIMS"
        assert sign_in.endpoints() == ["discovery", "jwks", "token", "userinfo"]
        assert f"CONNECT localhost:{sign_in.provider.port}" in log()
        assert ask.discover(sign_in.provider.issuer, proxy=proxy,
                            ca_file=f"@{certs / 'other-ca.pem'}").is_failure("TLS", "localhost: ")


def test_a_real_proxy_refuses(sign_in, ask):
    with tinyproxy(ask.folder, 1) as (proxy, _):
        answer = ask.discover(sign_in.provider.issuer, proxy=proxy)
        assert answer.is_failure("PROXY", "the proxy refused, status 403")
        assert answer.detail.startswith(f"proxy {proxy[7:]}: ")
        answer = sign_in.whole("alice", proxy=proxy)
        assert answer.is_failure("PROXY", "the proxy refused, status 403")
        # that the record's addresses may have moved is not said by this
        assert answer.record_stale is None
        assert sign_in.endpoints() == []


def test_the_public_api_is_asked_through_it_too(sign_in, ask):
    sign_in.ask_api()
    port = int(sign_in.provider.api.rpartition(":")[2])
    with tinyproxy(ask.folder, sign_in.provider.port, port) as (proxy, log):
        answer = sign_in.whole("alice", proxy=proxy)
        assert (answer.type, answer.company) == ("CLAIMS", "acme"), answer.text
        assert sign_in.endpoints() == ["token", "userinfo", "api"]
        assert f"CONNECT localhost:{sign_in.provider.port}" in log()
        assert f"CONNECT localhost:{port}" in log()


def test_a_real_proxy_refuses_the_public_api_alone(sign_in, ask):
    sign_in.ask_api()
    with tinyproxy(ask.folder, sign_in.provider.port) as (proxy, _):
        answer = sign_in.whole("alice", proxy=proxy)
        assert answer.is_failure("PROXY", "the proxy refused, status 403")
        assert answer.detail.startswith(f"proxy {proxy[7:]}: ")
        assert sign_in.endpoints() == ["token", "userinfo"]


def test_a_real_proxy_whose_provider_is_down(ask):
    port = free_port()
    with tinyproxy(ask.folder, port) as (proxy, _):
        assert ask.discover(f"https://localhost:{port}/ids", proxy=proxy).is_failure(
            "PROXY", "the proxy refused, status 5")


PROXIES = [
    (proxies.refusing("407 Proxy Authentication Required"), "the proxy refused, status 407"),
    (proxies.refusing("403 Forbidden"), "the proxy refused, status 403"),
    (proxies.refusing("502 Bad Gateway"), "the proxy refused, status 502"),
    (proxies.refusing("302 Found"), "the proxy refused, status 302"),
    (proxies.garbage, ""), (proxies.hang_up, ""),
    (proxies.silence, ""), (proxies.drip, ""),
    (proxies.endless_headers, release.ENDLESS_HEADERS),
    (proxies.endless_header, ""),
    (proxies.endless_refusal, "the proxy refused, status 403"),
    (proxies.endless_body, "the proxy refused, status 502"),
]


@pytest.mark.parametrize("manner,words", PROXIES, ids=[
    "407", "403", "502", "302", "garbage", "hang_up", "silence", "drip", "endless_headers",
    "endless_header", "endless_refusal", "endless_body"])
def test_a_proxy_is(certs, ask, manner, words):
    with server.Server(certs) as provider, server.Server(certs, manner) as one:
        answer = ask.discover(provider.issuer, proxy=f"http://127.0.0.1:{one.port}",
                              time_left=LEFT)
        assert answer.is_failure("PROXY", f"proxy 127.0.0.1:{one.port}: {words}")
        assert "localhost" not in answer.detail
        assert int(answer.after) < LATE
        assert provider.connections == 0


def test_nobody_listens_there(certs, ask):
    with server.Server(certs) as provider:
        answer = ask.discover(provider.issuer, proxy=f"http://127.0.0.1:{free_port()}")
        assert answer.is_failure("PROXY", "proxy 127.0.0.1:")
        assert provider.connections == 0


def test_a_proxy_of_no_name(certs, ask):
    with server.Server(certs) as provider:
        answer = ask.discover(provider.issuer, proxy="http://proxy.invalid:3128")
        assert answer.is_failure("PROXY", "proxy proxy.invalid:3128: ")


def test_only_http_is_spoken_to_it(certs, ask):
    with server.Server(certs) as provider:
        for proxy in ("https://127.0.0.1:1", "socks5://127.0.0.1:1", "127.0.0.1:1"):
            assert ask.discover(provider.issuer, proxy=proxy).is_failure("HELPER_BROKEN")


def test_what_is_behind_a_tunnel_is_the_providers(certs, ask):
    """Its certificate, its silence and its status, whatever proxy stands before it."""
    for cert, manner, reason, words, left in (
            ("wrong-name", server.well, "TLS", "subject name", None),
            ("server", server.silence, "SILENCE", "localhost: ", LEFT),
            ("server", server.endless_headers, "BODY", release.ENDLESS_HEADERS, None)):
        with server.Server(certs, manner, cert=cert) as provider, \
                server.Server(certs, proxies.tunnel) as one:
            answer = ask.discover(provider.issuer, proxy=f"http://127.0.0.1:{one.port}",
                                  time_left=left)
            assert answer.is_failure(reason, words)
            assert answer.detail.startswith("localhost: ")


def test_what_breaks_in_a_tunnel_that_serves_again_is_the_providers(sign_in, certs):
    sign_in.provider.fault("userinfo", close="body")
    with server.Server(certs, proxies.tunnel) as one:
        answer = sign_in.whole("alice", proxy=f"http://127.0.0.1:{one.port}")
        assert answer.is_failure("NO_CONNECTION", "localhost: ")
        assert len(one.requests) == 1


def test_a_tunnel_of_nothing_is_no_provider(certs, ask):
    with server.Server(certs) as provider, server.Server(certs, proxies.tunnel_of_nothing) as one:
        assert ask.discover(provider.issuer, proxy=f"http://127.0.0.1:{one.port}").is_failure(
            "TLS", "localhost: ")


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_the_environment_takes_nobody_past_it(certs, ask, name):
    with server.Server(certs) as provider, server.Server(certs, proxies.tunnel) as one:
        proxy = f"http://127.0.0.1:{one.port}"
        answer = ask.discover(provider.issuer, env={name: "*"}, proxy=proxy)
        assert answer.type == "PROVIDER"
        assert one.connections == 1


def test_the_proxy_learns_where_to_and_nothing_else(sign_in, certs):
    with server.Server(certs, proxies.tunnel) as one:
        answer = sign_in.whole("alice", client_basic="1", proxy=f"http://127.0.0.1:{one.port}")
        assert answer.type == "CLAIMS"
        assert one.requests, "no tunnel was asked for"
        for method, path, headers, body in one.requests:
            assert (method, path, body) == ("CONNECT", f"localhost:{sign_in.provider.port}", b"")
            assert sorted(line.split(":")[0] for line in headers) == \
                ["Host", "Proxy-Connection", "User-Agent"]


def test_beside_a_proxy_asking_fails_as_without(certs, ask):
    """No proxy is to be blamed where there was no time to ask it."""
    with server.Server(certs) as provider, server.Server(certs, proxies.tunnel) as one:
        answer = ask.discover(provider.issuer, proxy=f"http://127.0.0.1:{one.port}", time_left=0)
        assert answer.is_failure("SILENCE") and one.connections == 0
