# SPDX-License-Identifier: BSD-2-Clause
"""What `beproductctl enable` makes of Debian's own files is what our examples are,
and signs people in, refuses them and leaves the rest to the stack as those do."""

import subprocess

import pytest

import accounts
import cases
import hosts as h
import sshd as sshd_module
import words

ROW = {case.name: case for case in cases.CASES}


def plain(name):
    return sshd_module.debian_stack() if name == "sshd" else h.debian(name)


def shipped(name):
    return sshd_module.stack() if name == "sshd" else h.shipped(name)


def ours_in(text):
    """Our lines, each with what follows it; Debian 13's others differ from the examples'."""
    lines = h.lines_of(text)
    return [pair for pair in zip(lines, lines[1:]) if "pam_beproduct.so" in pair[0]]


def ctl(*arguments):
    done = subprocess.run(["/usr/sbin/beproductctl", *arguments], capture_output=True, text=True,
                          timeout=60, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done
    return done.stdout


@pytest.fixture
def debians(sshd, hosts, log):
    """The packages' own files, and afterwards those again that the tests share."""
    before = {name: (h.PAM / name).read_bytes() for name in ("sshd", *h.FILES)}
    for name in before:
        (h.PAM / name).write_text(plain(name), encoding="utf-8")
    log.mark()
    yield
    for name, text in before.items():
        (h.PAM / name).write_bytes(text)


@pytest.mark.parametrize("host", [h.SSHD, h.SUDO, h.SU, h.LOGIN], ids=lambda host: host.name)
def test_enable_does_what_the_examples_do_and_disable_undoes_it(debians, provider, log, host):
    names = {"sudo": ("sudo", "sudo-i"), "su": ("su", "su-l")}.get(host.service, (host.service,))
    ctl("enable", host.service, "--yes")
    for name in names:
        text = (h.PAM / name).read_text(encoding="utf-8")
        assert ours_in(text) == ours_in(shipped(name)), name
    cases.run(host, ROW["admitted"], provider, log)
    log.mark()
    cases.run(host, ROW["wrong role"], provider, log)
    log.mark()
    cases.break_glass(host, log, accounts.LOCAL, accounts.LOCAL_PASSWORD,
                      lambda run: host.is_admitted(run, accounts.LOCAL), words.LOCAL_ACCOUNT)
    ctl("disable", host.service, "--yes")
    for name in names:
        assert (h.PAM / name).read_text(encoding="utf-8") == plain(name), name
