# SPDX-License-Identifier: BSD-2-Clause
"""README.md says what is so: what it shows is held against a run, and its five
minutes, copied line by line into a root shell, end in a sign-in."""

import pathlib
import pwd
import re
import shutil

import pytest

import accounts
import hosts as hosts_module
import idp
import settings as files
import sshd as sshd_module
import terminal
import words

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
ISSUER = "https://id.winks.io/ids"  # the default, which README has
SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\a]*\a")
# What differs from run to run, and how README shows it.
DIFFERS = [
    (r"(authorize\?state=\w+?_\w+?_\w+?_)[0-9a-f]{40}&\S+", r"\1…"),
    (r"(invalid/\?code=)\S+", r"\1…"),
    (r"\[[0-9a-f]{16}\]", "[5c3f…]"),
    (r"attempt=[0-9a-f]{16}", "attempt=5c3f…"),
    (r'sub="[^"]+"', 'sub="…"'),
    (r"=\d{4,}\(", "=1001("),
    (r"\bms=\d+\b", "ms=41213"),
    (r'rhost="127\.0\.0\.1"', 'rhost="192.0.2.7"'),
]


def block(first):
    """The one that begins so, whole."""
    text = README.read_text(encoding="utf-8")
    found = [one for one in re.findall(r"(?ms)^```\n(.*?)^```$", text) if one.startswith(first)]
    assert len(found) == 1, first
    return found[0]


def as_shown(text):
    text = SEQUENCE.sub("", text).replace("\r", "")
    text = text.replace(files.BASE["provider"]["issuer"], ISSUER)
    for pattern, shown in DIFFERS:
        text = re.sub(pattern, shown, text)
    return text


def is_begin_of(shown, text):
    """A line of an ellipsis alone is for lines that are left out."""
    pattern = re.escape(shown).replace(re.escape("\n…\n"), r"\n(?:.*\n)*?")
    return re.match(pattern, text) is not None


def on_screen(text, columns):
    """As a terminal breaks long lines."""
    return "".join(line[at:at + columns] + "\n" for line in text.splitlines()
                   for at in range(0, max(len(line), 1), columns))


def ssh(name, provider, columns=80):
    one = terminal.Ssh(name, host="web1", columns=columns)
    return "$ ssh " + as_shown(f"{name}@web1 id\n" + terminal.answer_all(
        one, [provider.as_person(name)]).transcript)


def test_ssh_looks_as_shown(sshd, provider):
    assert ssh("alice", provider) == block("$ ssh alice@web1 id\n")


def test_a_refusal_looks_as_shown_to_either_side(sshd, provider, log):
    shown = ssh("bob", provider)
    assert is_begin_of(block("$ ssh bob@web1 id\n"), shown), shown
    log.wait_for_event("refused")
    lines = re.sub(r"\n +", " ", block("pam_beproduct(sshd:auth): started")).splitlines()
    assert [as_shown(event.line.text) for event in log.events()] == lines


def test_sudo_looks_as_shown(hosts, provider):
    run = hosts_module.SUDO.dialogue("alice", ["alice", provider.as_person("alice")])
    assert "$ sudo id\n" + as_shown(run.transcript) == block("$ sudo id\n")


def test_su_looks_as_shown(hosts, provider):
    command = hosts_module.as_person(hosts_module.CALLER, "/bin/sh", "-c", "su alice -c id | cat")
    run = terminal.answer_all(terminal.Terminal(command), [provider.as_person("alice")])
    shown = "$ su alice -c id | cat\n" + as_shown(run.transcript)
    assert is_begin_of(block("$ su alice -c id | cat\n"), shown), shown
    assert run.status == 0


def test_on_a_phone_ssh_looks_as_shown(sshd, provider):
    """A phone has 40 columns; what is sent is the same, and the terminal breaks it."""
    shown = ssh("alice", provider, columns=40)
    assert shown == ssh("alice", provider)
    shown = on_screen(shown.split("\n", 1)[1], 40)
    assert is_begin_of(block("(alice@web1) Sign in to web1 (sshd) as a\n"), shown), shown


def test_the_console_looks_as_shown(hosts, provider):
    console = hosts_module.Login(["/usr/bin/login"],
                                 f"web1 login: |Address: |{hosts_module.SHELL_PROMPT}")
    run = terminal.answer_all(console, ["alice", provider.as_person("alice")])
    shown = as_shown(run.transcript)
    assert is_begin_of(block("web1 login: alice\n"), shown), shown
    assert run.status == 0


# The five minutes

SH = re.compile(r"(?ms)^```sh\n(.*?)^```$")
SHELL, MORE, ASKS_SECRET = "README# ", "MORE# ", "client secret: "
ASKS_YES = "Write this? [y/N] "
# Beside Debian's own; the first value counts, and of what README sets there is none here.
OF_THE_TESTS = {key: sshd_module.DEFAULTS[key] for key in (
    "ListenAddress", "HostKey", "PidFile", "LogLevel", "SyslogFacility")}
CA = pathlib.Path("/etc/ssl/beproduct-e2e.pem")


def lines_to_copy():
    """What README's reader copies, as it stands there, with what is his in its place."""
    section = re.search(r"(?ms)^## Five minutes(.*?)^## ", README.read_text(encoding="utf-8"))[1]
    text = "".join(SH.findall(section))
    mine = files.BASE["provider"]
    for placeholder, value in (
            ("THE-CLIENT-ID", mine["client_id"]), ("ADMIN", accounts.LOCAL),
            ("[provider]\n", f"[provider]\nissuer = {mine['issuer']}\nca_file = {CA}\n"
                           f"pkce = {mine['pkce']}\n")):
        assert text.count(placeholder) == 1, placeholder
        text = text.replace(placeholder, value)
    return text.splitlines()


class RootShell(terminal.Terminal):
    """The shell that stays open; a line goes in as it is, what came of it comes out."""

    def __init__(self, answer_of):
        super().__init__(["/bin/bash", "--norc", "--noprofile"],
                         f"{SHELL}$|{MORE}$|{ASKS_SECRET}$|{re.escape(ASKS_YES)}$|"
                         f"{words.PROMPT_END}", PS1=SHELL,
                         PS2=MORE, TERM="dumb", PATH=f"{STUBS}:/usr/sbin:/usr/bin:/sbin:/bin")
        self.answer_of = answer_of
        self.prompt()

    def give(self, line):
        self.answer(line)
        said = self.prompt().text
        while not said.endswith((SHELL, MORE)):
            address = re.findall(r"(?m)^https://\S+(?=\r$)", said)
            self.answer("y" if said.endswith(ASKS_YES) else
                        self.answer_of(address[-1]) if address else idp.SECRET)
            said += self.prompt().text
        return said


# What check says after each step: all that is still missing, and no more.
TENANT = r"warning: \S+beproduct\.conf:\d+: tenant: any: "
NO_RULE = r"warning: \S+accounts\.map: has no rule"
NO_DIALOGUE = "/etc/ssh/sshd_config: KbdInteractiveAuthentication: is no: "
PASSWORD = "warning: /etc/ssh/sshd_config: PasswordAuthentication: is yes: "
NOT_GATED = r"/etc/pam\.d/sshd: there is \[service:sshd\], but no line of pam_beproduct\.so"
MISSING = [
    [NO_RULE, NO_DIALOGUE, PASSWORD, NOT_GATED], [NO_DIALOGUE, PASSWORD, NOT_GATED], [NOT_GATED], []]
STUBS = pathlib.Path("/run/e2e-stubs")


def assert_missing(said, missing):
    found = [line for line in said.splitlines() if re.match("warning: |/", line)]
    good = f"{files.CONF}: configuration is good"
    assert (good in found) == (not missing), said
    found = [line for line in found if line != good]
    for pattern in (TENANT, *missing):
        assert len([line for line in found if re.match(pattern, line)]) == 1, (pattern, said)
    assert len(found) == len(missing) + 1, said


@pytest.fixture
def fresh_debian(plain_sshd, settings, provider):
    """As the packages left it: no file of ours, no key of a person's, and no systemd."""
    plain_sshd.stop()
    shutil.rmtree(files.FOLDER)
    CA.write_bytes(pathlib.Path(provider.ca).read_bytes())
    sshd_module.CONFIG.write_text(sshd_module.debian_config(), encoding="utf-8")
    drop_ins = sshd_module.CONFIG.with_name("sshd_config.d")
    (drop_ins / "0.conf").write_text(sshd_module.config(OF_THE_TESTS), encoding="utf-8")
    for name in accounts.PEOPLE:
        shutil.rmtree(pathlib.Path(pwd.getpwnam(name).pw_dir) / ".ssh", ignore_errors=True)
    STUBS.mkdir(exist_ok=True)
    (STUBS / "systemctl").write_text('#!/bin/sh\necho "systemctl $*"\n', encoding="ascii")
    (STUBS / "systemctl").chmod(0o755)
    yield
    for name in ("0.conf", "beproduct.conf"):
        (drop_ins / name).unlink(missing_ok=True)


def test_the_five_minutes_copied_line_by_line_end_in_a_sign_in(fresh_debian, plain_sshd, provider):
    checks = list(MISSING)
    with RootShell(provider.as_person("alice")) as shell:
        for line in lines_to_copy():
            said = shell.give(line)
            assert "command not found" not in said and idp.SECRET not in said, said
            if line.endswith("beproductctl check"):
                assert_missing(said, checks.pop(0))
            if line.startswith("systemctl"):
                assert "systemctl restart ssh\r\n" in said
                plain_sshd.run()
    assert checks == []
    assert "0600" in oct(files.SECRET.stat().st_mode)

    assert terminal.password_login(accounts.LOCAL, accounts.LOCAL_PASSWORD).status == 0
    assert terminal.dialogue("alice", [provider.as_person("alice")]).status == 0
    assert terminal.dialogue("dave", [provider.as_person("dave")]).status != 0


def test_the_lines_for_pam_are_those_of_the_examples():
    example = hosts_module.lines_of(hosts_module.shipped("sshd"))
    found = re.findall(r"(?m)^sed -i 's/\^(@include \S+)/(.*pam_beproduct\.so)\\n&/' /etc/pam\.d/sshd$",
                       README.read_text(encoding="utf-8"))
    assert len(found) == 2
    for include, line in found:
        assert example.index(line) == example.index(include) - 1
