#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The scripted person: signs in at the test provider as a browser would.

    person.py --ca CA.pem --login alice [--password-file F] [--cancel]
              [--resolve 127.0.0.1] ADDRESS

ADDRESS is what the host printed. Prints the address on which the browser ends:
the first one that is not the provider's, which is not visited. The password is
F's first line, else the environment's BP_PASSWORD, else a line of stdin.
Exit 1 with the page's text where the provider shows a page of its own instead.
"""

import argparse
import html.parser
import http.client
import http.cookiejar
import os
import socket
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

HOPS = 20
SECONDS = 20


class ProviderPage(Exception):
    """The provider showed a page that leads no further; str() is its text."""


class Page(html.parser.HTMLParser):
    """The first form of a page, and the page's text."""

    def __init__(self, source):
        super().__init__()
        self.action = None
        self.fields = {}
        self.words = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = attrs.get("action") or ""
        elif tag == "input" and attrs.get("name"):
            self.fields[attrs["name"]] = attrs.get("value") or ""

    def handle_data(self, data):
        self.words += data.split()

    def text(self):
        return " ".join(self.words)


class Browser:
    """Cookies, TLS, and no redirect followed by itself."""

    def __init__(self, ca, resolve=None):
        tls = ssl.create_default_context(cafile=ca)
        self.deadline = time.monotonic() + SECONDS
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            https_handler(tls, resolve), NoRedirect())
        self.opener.addheaders = [
            ("User-Agent", "scripted-person"), ("Accept", "text/html")]

    def get(self, address, form=None):
        """Gives (status, Location or None, body)."""
        data = urllib.parse.urlencode(form).encode() if form else None
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the sign-in took too long")
        try:
            answer = self.opener.open(address, data, timeout=left)
        except urllib.error.HTTPError as err:  # also what is not followed
            answer = err
        with answer:
            return (answer.status, answer.headers.get("Location"),
                    answer.read(1 << 20).decode())


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def https_handler(tls, resolve):
    """resolve: connect there, whatever the name says; the name is still checked."""

    class Connection(http.client.HTTPSConnection):
        def connect(self):
            plain = socket.create_connection(
                (resolve or self.host, self.port), self.timeout)
            self.sock = tls.wrap_socket(plain, server_hostname=self.host)

    class Handler(urllib.request.HTTPSHandler):
        def https_open(self, request):
            return self.do_open(Connection, request)

    return Handler()


def origin(address):
    parts = urllib.parse.urlsplit(address)
    return (parts.scheme, parts.netloc)


def filled(page, login, password, cancel):
    """What is pressed on this page, and typed; None where it leads no further."""
    fields = dict(page.fields)
    if "password" in fields:
        fields.update(login=login, password=password, button="login")
    elif "account" in fields:
        fields["button"] = "continue" if fields["account"] == login else "other"
    elif "consent" in fields:
        fields["button"] = "allow"
    elif page.action:
        return fields       # what the page's own script sends at once
    else:
        return None
    return {**page.fields, "button": "cancel"} if cancel else fields


def sign_in(address, login, password, ca, resolve=None, cancel=False, browser=None, pages=None):
    """Gives the address on which the browser ends, byte for byte.

    browser: one that was here before, with its session; pages: gets the buttons pressed"""
    browser, home, form = browser or Browser(ca, resolve), origin(address), None
    pages = [] if pages is None else pages
    for _ in range(HOPS):
        status, location, body = browser.get(address, form)
        form = None
        if location is not None:
            target = urllib.parse.urljoin(address, location)
            if origin(target) != home:
                return target
            address = target
            continue
        page = Page(body)
        form = filled(page, login, password, cancel)
        # the same form once more: login or password were wrong
        if status != 200 or form is None or form.get("button") in pages:
            raise ProviderPage(page.text())
        pages += [form["button"]] if "button" in form else []
        address = urllib.parse.urljoin(address, page.action)
    raise ProviderPage("redirected without end")


def read_password(path):
    if path:
        with open(path, encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    if "BP_PASSWORD" in os.environ:
        return os.environ["BP_PASSWORD"]
    return sys.stdin.readline().rstrip("\r\n")


def main():
    parser = argparse.ArgumentParser(
        description="signs in at the test provider as a person would")
    parser.add_argument("--ca", required=True)
    parser.add_argument("--login", required=True)
    parser.add_argument("--password-file")
    parser.add_argument("--resolve", help="connect to this address instead")
    parser.add_argument("--cancel", action="store_true")
    parser.add_argument("address")
    args = parser.parse_args()
    password = "" if args.cancel else read_password(args.password_file)
    try:
        print(sign_in(args.address, args.login, password, args.ca,
                      args.resolve, args.cancel))
    except (ProviderPage, OSError, http.client.HTTPException) as err:
        print(f"person: {err}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
