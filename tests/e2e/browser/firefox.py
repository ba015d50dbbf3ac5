# SPDX-License-Identifier: BSD-2-Clause
"""Debian's Firefox in a window, as a person's own browser: an ordinary user runs it,
with an empty profile, and all that is done to it is done by keys. It trusts the test
CA because that stands in its profile; the screen is Xvfb's."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time

import accounts
import hosts

SECONDS = 60
USER = accounts.LOCAL
PREFERENCES = {
    # pages of its own in front of the first one
    "browser.aboutwelcome.enabled": False, "termsofuse.bypassNotification": True,
    "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
    "browser.startup.homepage_override.mstone": "ignore",
    # there is no network here but loopback, which it would take for none
    "network.manage-offline-status": False, "network.captive-portal-service.enabled": False,
}


def through(proxy):
    """PREFERENCES of somebody behind a proxy, which the provider is not behind."""
    name, port = proxy.server_address
    return {"network.proxy.type": 1, "network.proxy.ssl": name, "network.proxy.ssl_port": port,
            "network.proxy.no_proxies_on": "id.beproduct.test"}


class Firefox:
    """Ended, and its profile removed, by close()."""

    def __init__(self, ca, proxy=None):
        self._home = pathlib.Path(tempfile.mkdtemp(prefix="browser"))
        self._running = []
        self._environment = {"HOME": str(self._home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        try:
            shutil.chown(self._home, USER, USER)
            self._make_profile(pathlib.Path(ca).read_bytes(), through(proxy) if proxy else {})
            self._environment["DISPLAY"] = self._start_screen()
        except BaseException:
            self.close()
            raise

    def _make_profile(self, pem, more):
        profile = self._home / "profile"
        self._run("mkdir", profile)
        self._run("certutil", "-N", "-d", f"sql:{profile}", "--empty-password")
        self._run("certutil", "-A", "-d", f"sql:{profile}", "-n", "test CA", "-t", "C,,", given=pem)
        (profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in {**PREFERENCES, **more}.items()), encoding="utf-8")

    def _how(self, *command):
        return {"args": hosts.as_person(USER, *map(str, command)), "cwd": self._home,
                "env": self._environment, "stderr": subprocess.DEVNULL}

    def _run(self, *command, given=b""):
        return subprocess.run(**self._how(*command), stdout=subprocess.PIPE, input=given,
                              check=False, timeout=SECONDS).stdout.decode()

    def _start(self, *command, **how):
        self._running.append(subprocess.Popen(
            **self._how(*command), stdin=subprocess.DEVNULL, start_new_session=True, **how))
        return self._running[-1]

    def _start_screen(self):
        screen = self._start("Xvfb", "-displayfd", "1", "-screen", "0", "1200x700x24",
                             "-nolisten", "tcp", stdout=subprocess.PIPE)
        return f":{int(screen.stdout.readline())}"

    def close(self):
        for one in reversed(self._running):
            one.kill()
            one.wait(10)
        shutil.rmtree(self._home, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    ### What the person does and sees ###

    def open(self, address):
        self._start("firefox-esr", "--no-remote", "--profile", self._home / "profile", address,
                    stdout=subprocess.DEVNULL)

    def title(self):
        """Of the window that the keys go to; without a window manager nothing else gives it them."""
        window = self._run("xdotool", "search", "--onlyvisible", "--class", "firefox").split()
        if not window:
            return ""
        self._run("xdotool", "windowfocus", window[-1])
        return self._run("xdotool", "getwindowname", window[-1])

    def wait_for(self, title):
        end = time.monotonic() + SECONDS
        while title not in self.title():
            assert time.monotonic() < end, f"not {title}, but: {self.title()}"
            time.sleep(0.2)

    def type(self, text):
        self._run("xdotool", "type", "--delay", "20", "--file", "-", given=text.encode())

    def press(self, *keys):
        self._run("xdotool", "key", "--delay", "100", *keys)

    def address_bar(self):
        """As the person copies it: again, where the window was not ready for keys."""
        copied, end = "", time.monotonic() + SECONDS
        while not copied and time.monotonic() < end:
            self.title()
            self.press("ctrl+l", "ctrl+a", "ctrl+c")
            copied = self._run("xclip", "-selection", "clipboard", "-o")
        return copied
