# SPDX-License-Identifier: BSD-2-Clause
"""Debian's Chromium without a screen, as a person's own browser: an ordinary
user runs it, with an empty profile. It checks certificates, and trusts the test
CA because that stands in the user's own store."""

import logging
import pathlib
import shutil
import subprocess
import tempfile
import time

from selenium import webdriver
from selenium.common.exceptions import (StaleElementReferenceException, TimeoutException,
                                        WebDriverException)
from selenium.webdriver.chromium.remote_connection import ChromiumRemoteConnection
from selenium.webdriver.common import utils
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import WebDriverWait

import accounts
import hosts

SECONDS = 20
USER = accounts.LOCAL
# of the last page; without a network but loopback it tells no name from no network
NOWHERE = ("net::ERR_NAME_NOT_RESOLVED", "net::ERR_INTERNET_DISCONNECTED",
           "net::ERR_TUNNEL_CONNECTION_FAILED")
FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    # its own sandbox needs more than a container may allow; it opens our pages alone
    "--no-sandbox",
    # as in life: the provider is on the internet, and where it sends the browser is not
    "--ip-address-space-overrides=127.0.0.1:443=public",
)

# at DEBUG selenium writes down what is typed
logging.getLogger("selenium").setLevel(logging.WARNING)
ChromiumRemoteConnection.set_timeout(3 * SECONDS)


def through(proxy):
    """FLAGS of somebody behind a proxy."""
    name, port = proxy.server_address
    return (f"--proxy-server=http://{name}:{port}", "--proxy-bypass-list=id.beproduct.test")


class Chromium:
    """Ended, and its profile removed, by close(). ca: a PEM file; None: no CA of ours;
    proxy: one that the provider is not behind."""

    def __init__(self, ca=None, proxy=None):
        self._home = pathlib.Path(tempfile.mkdtemp(prefix="browser"))
        self._driver = self._process = None
        try:
            shutil.chown(self._home, USER, USER)
            if ca:
                self._trust(pathlib.Path(ca).read_bytes())
            self._start(utils.free_port(), through(proxy) if proxy else ())
        except BaseException:
            self.close()
            raise

    def _as_user(self, *command):
        return {"args": hosts.as_person(USER, *command), "cwd": self._home,
                "env": {"HOME": str(self._home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def _trust(self, pem):
        store = self._home / ".pki" / "nssdb"
        for command, given in ((["mkdir", "-p", store], b""),
                               (["certutil", "-N", "-d", f"sql:{store}", "--empty-password"], b""),
                               (["certutil", "-A", "-d", f"sql:{store}", "-n", "test CA",
                                 "-t", "C,,"], pem)):
            subprocess.run(**self._as_user(*command), input=given, check=True, timeout=SECONDS)

    def _start(self, port, more):
        self._process = subprocess.Popen(
            **self._as_user("/usr/bin/chromedriver", f"--port={port}"),
            stdin=subprocess.DEVNULL, start_new_session=True)
        end = time.monotonic() + SECONDS
        while not utils.is_connectable(port):
            assert self._process.poll() is None and time.monotonic() < end, "no chromedriver"
            time.sleep(0.05)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*FLAGS, *more, f"--user-data-dir={self._home}/profile"):
            options.add_argument(flag)
        self._driver = webdriver.Remote(ChromiumRemoteConnection(
            f"http://127.0.0.1:{port}", "goog", "chrome", ignore_proxy=True), options=options)
        self._driver.set_page_load_timeout(SECONDS)
        self._driver.implicitly_wait(SECONDS)

    def close(self):
        try:
            if self._driver:
                self._driver.quit()
        finally:
            if self._process:
                self._process.kill()
                self._process.wait(10)
            shutil.rmtree(self._home, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    ### What the person does ###

    def open(self, address):
        """May end on a page that does not load: the driver calls that a failure."""
        try:
            self._driver.get(address)
        except WebDriverException as err:
            if not any(one in str(err) for one in NOWHERE):
                raise

    def fill(self, **fields):
        """Each field is found by its label, as the person finds it."""
        for label, text in fields.items():
            self._driver.find_element(
                By.XPATH, f"//label[normalize-space()='{label}']//input").send_keys(text)

    def press(self, name):
        """Gives back once another page is there."""
        button = self._driver.find_element(By.XPATH, f"//button[normalize-space()='{name}']")
        button.click()
        WebDriverWait(self._driver, SECONDS).until(
            expected_conditions.staleness_of(button), f"no other page came after {name}")

    ### What the person sees ###

    def text(self):
        return self._driver.find_element(By.TAG_NAME, "body").text

    def shows(self, words):
        """Waited for, as a page comes in by and by."""
        wait = WebDriverWait(self._driver, SECONDS,
                             ignored_exceptions=[StaleElementReferenceException])
        try:
            return wait.until(lambda _: words in self.text())
        except TimeoutException:
            return False

    def address_bar(self):
        """What it holds, to be copied: the entry that is shown, also where its
        page did not load (the document's own URL is chrome-error: then)."""
        history = self._ask("Page.getNavigationHistory")
        return history["entries"][history["currentIndex"]]["url"]

    def did_not_load(self):
        """The address that the browser's own error page stands for, or None."""
        return self._ask("Page.getFrameTree")["frameTree"]["frame"].get("unreachableUrl")

    def _ask(self, command):
        return self._driver.execute("executeCdpCommand", {"cmd": command, "params": {}})["value"]
