"""README.md says what is so: what it shows is held against a run, and its
lines, put where it says, end in a sign-in."""

import pathlib
import re
import shutil
import textwrap

import accounts
import hosts as hosts_module
import idp
import settings as files
import sshd as sshd_module
import terminal

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
ISSUER = "https://id.winks.io/ids"  # the default, which README has
SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\a]*\a")
# What differs from run to run, and how README shows it.
DIFFERS = [
    (r"(authorize\?state=\w+?_\w+?_\w+?_)[0-9a-f]{40}&\S+", r"\1…"),
    (r"(callback\?code=)\S+", r"\1…"),
    (r"\[[0-9a-f]{16}\]", "[5c3f…]"),
    (r"attempt=[0-9a-f]{16}", "attempt=5c3f…"),
    (r'sub="[^"]+"', 'sub="…"'),
    (r"=\d{4,}\(", "=1001("),
    (r'rhost="127\.0\.0\.1"', 'rhost="192.0.2.7"'),
]


def block(first):
    """The one that begins so, whole."""
    text = README.read_text(encoding="utf-8")
    found = [textwrap.dedent(one) for one in re.findall(r"(?ms)^ *```\n(.*?)^ *```$", text)]
    found = [one for one in found if one.startswith(first)]
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


def ssh(name, provider):
    one = terminal.Ssh(name, host="web1")
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


def test_the_console_looks_as_shown(hosts, provider):
    console = hosts_module.Login(["/usr/bin/login"],
                                 f"web1 login: |Address: |{hosts_module.SHELL_PROMPT}")
    run = terminal.answer_all(console, ["alice", provider.as_person("alice")])
    shown = as_shown(run.transcript)
    assert is_begin_of(block("web1 login: alice\n"), shown), shown
    assert run.status == 0


def conf_of_readme():
    """What a reader puts in, and what a provider of the tests' own needs besides."""
    text = block("# /etc/beproduct/beproduct.conf")
    mine = files.BASE["provider"]
    for placeholder, value in (("THE-CLIENT-ID", mine["client_id"]), ("ADMIN", accounts.LOCAL)):
        assert text.count(placeholder) == 1, placeholder
        text = text.replace(placeholder, value)
    return text.replace("[provider]\n", f"[provider]\nissuer = {mine['issuer']}\n"
                                        f"ca_file = {mine['ca_file']}\n")


def line_for_the_map(provider):
    """What `beproductctl sign-in` says is missing."""
    command = block("beproductctl sign-in").split()
    with terminal.Terminal(["/usr/sbin/beproductctl", *command[1:]]) as ctl:
        address = re.search(r"(?m)^https://\S+", ctl.prompt().text)[0]
        ctl.answer(provider.as_person("alice")(address))
        ctl.end()
    return re.search(r"(?m)^# (sub  \S+  alice)\r$", ctl.transcript)[1] + "\n"


def lines_for_pam():
    """Each of ours with the include in front of which it stands."""
    found = re.findall(r"(?m)^(.*pam_beproduct\.so)\n@include (\S+)$", block("auth       ["))
    assert [include for _, include in found] == ["common-auth", "common-account"]
    return [line for line, _ in found]


def test_the_five_minutes_end_in_a_sign_in(plain_sshd, provider, settings):
    shutil.rmtree(files.FOLDER)
    files.FOLDER.mkdir(mode=0o755)
    files.put(files.CA, pathlib.Path(provider.ca).read_bytes())
    files.put(files.CONF, conf_of_readme())
    files.put(files.SECRET, idp.SECRET + "\n", mode=0o600)
    files.put(files.MAP, "")
    files.put(files.MAP, line_for_the_map(provider))

    options = dict(line.split() for line in block("UsePAM yes\n").splitlines())
    plain_sshd.set_stack(sshd_module.stack(*lines_for_pam()))
    plain_sshd.restart(**options)
    said = files.check()
    assert "error:" not in said and said.endswith("exit status 0"), said

    assert terminal.password_login(accounts.LOCAL, accounts.LOCAL_PASSWORD).status == 0
    assert terminal.dialogue("alice", [provider.as_person("alice")]).status == 0
    assert terminal.dialogue("dave", [provider.as_person("dave")]).status != 0


def test_the_lines_for_pam_are_those_of_the_examples():
    example = hosts_module.lines_of(hosts_module.shipped("sshd"))
    for line in lines_for_pam():
        assert re.sub(r"\s+", " ", line) in example
