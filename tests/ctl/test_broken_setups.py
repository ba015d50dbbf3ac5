# SPDX-License-Identifier: BSD-2-Clause
"""A good installation, broken one way a row: `beproductctl check`, or `sign-in`,
names what is wrong, and the mend.

What the module refuses is said on standard error of `check`; what surprises, or
only a sign-in can show, on standard output."""

import dataclasses
import subprocess
import typing

import pytest

import settings as files
from checking import AUTH, HELPER, PAM, SSHD_CONFIG, STACK, TIMEOUT, UNIX, pam, sudoers
from program import ctl

BOTH = ("--user", "alice", "--service", "sshd")
GOOD = f"{files.CONF}: configuration is good\n"
# nothing can listen there; what the test provider has registered, anybody's program can
LOOPBACK = "redirect_uri: any program on the person's machine may listen there"


@dataclasses.dataclass(frozen=True)
class Row:
    """break_it gets the settings; what is said of it has each of finds and mends.

    browser: who signs in, for what only a sign-in can show; None: nobody can."""
    name: str
    break_it: typing.Callable
    finds: str
    mends: str
    browser: str = ""
    is_error: bool = True


def conf(**sections):
    return lambda settings: settings.conf(**sections)


def changed(path, old, new):
    def change(_):
        text = path.read_bytes()
        assert old.encode() in text
        path.write_bytes(text.replace(old.encode(), new.encode(), 1))
    return change


def written(path, text, mode=0o644):
    return lambda _: files.put(path, text, mode)


def stack(**texts):
    return lambda _: pam(**texts)


def sshd(line):
    """The first value counts."""
    return lambda _: SSHD_CONFIG.write_text(line + "\n" + SSHD_CONFIG.read_text())


def match(line):
    return lambda _: SSHD_CONFIG.write_text(SSHD_CONFIG.read_text() + line + "\n")


def run(*command):
    return lambda _: subprocess.run(command, check=True, timeout=30)


def included_sudoers(text):
    def change(_):
        sudoers(TIMEOUT + "@include sudoers.local\n")
        sudoers(text, "sudoers.local")
    return change


# The twelve of which check named two, and the provider or the log six.
TYPICAL = [
    Row("a client id that is not registered", conf(provider={"client_id": "web-host"}),
        "client_id    web-host\n", "compare\nclient_id and redirect_uri above, byte by byte", None),
    Row("a redirect URI that is not registered",
        conf(provider={"redirect_uri": "http://localhost:8765/"}),
        "redirect_uri http://localhost:8765/\n", "with what is registered", None),
    Row("another client secret", written(files.SECRET, "another\n", 0o600),
        "error: CLIENT_REFUSED: ", "the provider refuses this host's id, secret or scopes", "alice"),
    Row("proof key of a client without", conf(provider={"pkce": "s256"}),
        "a client registered without proof key is refused so", "pkce = off", "alice"),
    Row("a secret that others may read", run("chmod", "0644", files.SECRET),
        f"{files.SECRET}: has mode 0644: others than root may read or write it", "(chmod 0600)"),
    Row("no tenant", conf(provider={"tenant": None}), f"{files.CONF}: tenant: is missing",
        "write `claim NAME=VALUE`"),
    Row("a misspelt key", changed(files.CONF, "client_id", "client-id"), f"{files.CONF}:",
        "expected key = value"),
    Row("sshd does not ask", sshd("KbdInteractiveAuthentication no"),
        f"{SSHD_CONFIG}: KbdInteractiveAuthentication: is no",
        "nobody can sign in: KbdInteractiveAuthentication yes"),
    Row("sshd without PAM", sshd("UsePAM no"), f"{SSHD_CONFIG}: UsePAM: is no", ": UsePAM yes"),
    Row("no line of ours in a gated service", stack(sshd=UNIX), f"{PAM}/sshd: there is "
        "[service:sshd], but no line of pam_beproduct.so", f'"{AUTH.strip()}" before common-auth'),
    Row("a misspelt module", stack(sshd=STACK.replace("pam_beproduct.so", "pam_beproduct", 1)),
        f"{PAM}/sshd:1: pam_beproduct: misspelt", "pam_beproduct.so"),
    Row("nobody's rule", written(files.MAP, ""), f"{files.MAP}: has no rule: nobody can sign in",
        "`beproductctl sign-in` shows the line", is_error=False),
    Row("a role that nobody has", conf(service_sshd={"require_role": "Host login"}),
        "no   [service:sshd] require_role = Host login", 'roles: "Host Login"', "alice"),
]

OTHERS = [
    Row("the session of another person", lambda _: None,
        'the browser was signed in as "bob@example.com"',
        "sign out at BeProduct, or use a private window", "bob"),
    Row("a rule for an account that is not there",
        written(files.MAP, files.MAPPING + "sub x alcie\n"), f"{files.MAP}:5: sub: this host has "
        "no account alcie", "such a rule maps nobody", is_error=False),
    Row("a claim of roles that is not there", conf(provider={"role_claim": "roles"}),
        "roles: none", "role_claim = roles: absent", "alice"),
    Row("a misspelt service", conf(service_ssh={"require_role": "Host Login"}),
        "service:ssh: PAM knows no service of this name here", f"there is no {PAM}/ssh",
        is_error=False),
    Row("a comment behind a value",
        conf(service_sshd={"require_role": "Host Login # of our people"}),
        "require_role: the # and what follows it are part of the value",
        "a comment stands on a line of its own", is_error=False),
    Row("ends of lines as on Windows", changed(files.CONF, "\n", "\r\n"),
        f"{files.CONF}:1: ends in CR LF", "save the file with LF alone"),
    Row("a byte-order mark", changed(files.CONF, "[provider]", "\ufeff[provider]"),
        f"{files.CONF}:1: begins with a byte-order mark", "save the file as UTF-8 without one"),
    Row("an indented line", changed(files.CONF, "client_id", "   client_id"),
        f"{files.CONF}:3: provider: begins with a blank", "take it away"),
    Row("methods of sshd that exclude the dialogue", sshd("AuthenticationMethods publickey"),
        f"{SSHD_CONFIG}: AuthenticationMethods: is publickey",
        "one list must have keyboard-interactive:pam"),
    Row("an sshd that ends sign-ins first", sshd("LoginGraceTime 60"),
        f"{SSHD_CONFIG}: LoginGraceTime: is 60", "a longer one here, or a shorter deadline",
        is_error=False),
    Row("a Match for one person", match("Match User bob\nKbdInteractiveAuthentication no"),
        "KbdInteractiveAuthentication: is no for bob", "KbdInteractiveAuthentication yes"),
    Row("an account that sshd's AllowUsers lacks", sshd("AllowUsers root admin bob dave"),
        f"{SSHD_CONFIG}: AllowUsers: keeps out alice, whom the account map names",
        "sshd takes no answer of such a person", is_error=False),
    Row("a misspelt phase in a PAM file", stack(sshd=STACK + "acount required pam_deny.so\n"),
        f"{PAM}/sshd:5: acount: no phase of PAM's", "(auth, account, password or session)"),
    Row("sudo -i without the lines of sudo", stack(sudo_i=UNIX),
        f"{PAM}/sudo:1: sudo has our auth line and sudo-i has not", "sudo -i goes past it",
        is_error=False),
    Row("a sudo that asks nobody", included_sudoers("alice ALL=(ALL) NOPASSWD: ALL\n"),
        "/etc/sudoers.local:1: NOPASSWD for alice: sudo asks nobody then",
        "our account line refuses", is_error=False),
    Row("sudo's own timestamp", lambda _: sudoers(""), "/etc/sudoers: lacks",
        "Defaults timestamp_timeout=0", is_error=False),
    Row("a local password that is too old", run("chage", "-d", "0", "alice"),
        "/etc/shadow: alice: after a good sign-in pam_unix asks for the local password",
        'chage -d "$(date +%F)" -M -1 alice', is_error=False),
    Row("pam_wheel before ours", stack(su="auth required pam_wheel.so\n" + AUTH + UNIX),
        f"{PAM}/su:1: pam_wheel as required", "requisite refuses before it", is_error=False),
    Row("an auth line behind passwords", stack(sshd=UNIX + STACK),
        f"{PAM}/sshd:3: stands behind a module that asks for a password",
        "put it before common-auth", is_error=False),
    Row("a helper that its user cannot run", run("chmod", "0700", HELPER),
        f"{HELPER}: the helper program cannot be run by its user", "chmod 0711"),
    Row("a ca_file that is none", written(files.CA, "none\n"),
        f"{files.CA}: holds no certificate in PEM", "PEM"),
    Row("an authority that is not the provider's", conf(provider={"ca_file": None}),
        "TLS: no TLS with the provider", "trusted: ", None),
    Row("an issuer that is misspelt", conf(provider={"issuer": "https://id.beproduct.tset/ids"}),
        "NO_NAME: the provider's name was not found", "issuer       https://id.beproduct.tset/ids",
        None),
]


def check():
    return ctl("check")


def test_of_the_good_one_nothing_is_said(installation, sign_in):
    done = check()
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines(True)
            if LOOPBACK not in line and not line.startswith("note: ")] == [GOOD]
    one = sign_in("alice", "sign-in", *BOTH)
    assert one.status == 0 and "no   " not in one.stdout


@pytest.mark.parametrize("row", [row for row in TYPICAL + OTHERS if row.browser == ""],
                         ids=lambda row: row.name)
def test_check_names_it_and_the_mend(installation, row):
    row.break_it(installation)
    done = check()
    assert (done.returncode, GOOD in done.stdout) == ((3, False) if row.is_error else (0, True))
    said = done.stderr if row.is_error else done.stdout
    assert [line for line in said.splitlines() if row.finds in line and row.mends in line], said


@pytest.mark.parametrize("row", [row for row in TYPICAL + OTHERS if row.browser != ""],
                         ids=lambda row: row.name)
def test_sign_in_names_it_and_the_mend(installation, sign_in, dialogue, row):
    row.break_it(installation)
    if row.browser is None:
        one = dialogue("sign-in", *BOTH)
        one.prompt()
        one.end()
    else:
        one = sign_in(row.browser, "sign-in", *BOTH)
    assert one.process.returncode != 0
    said = one.stderr + one.stdout
    assert row.finds in said and row.mends in said, said
