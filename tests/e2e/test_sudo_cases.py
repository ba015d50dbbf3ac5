# SPDX-License-Identifier: BSD-2-Clause
"""What a sign-in for sudo is like besides test_cases.py, `sudo -i` included."""

import subprocess

import pytest

import accounts
import cases
import hosts as h
import pam_codes
import recorded
import release
import terminal
import words

BOTH = pytest.mark.parametrize("host", [h.SUDO, h.SUDO_I], ids=lambda host: host.name)


def options(*those):
    """sudo with these in front of the command."""
    return h.dataclasses.replace(h.SUDO, begin=("/usr/bin/sudo", *those, h.ID))


### The dialogue ###

BREAKS = [("Ctrl-C", lambda terminal: terminal.press("c")),
          ("Ctrl-D", lambda terminal: terminal.press("d")),
          ("answer of 512 bytes", lambda terminal: terminal.answer("x" * 512)),
          ("answer of 4000 bytes", lambda terminal: terminal.answer("x" * 4000))]


@BOTH
@pytest.mark.parametrize("name, how", BREAKS, ids=[name for name, _ in BREAKS])
def test_sudo_breaks_off_and_the_person_learns_why_it_may_be(hosts, provider, log, host, name, how):
    cases.broken_off(host, log, name, how, words.SUDO_BROKE_OFF, words.SHORTER)


def test_p_replaces_the_prompt_and_not_the_address(hosts, provider):
    host = options("-p", "my own words")
    run = host.dialogue("alice", [provider.as_person("alice")], asks="my own words")
    assert host.is_admitted(run, "alice"), run.transcript
    assert "web1 (sudo) as alice" in run.prompts[0].text
    assert "Address: " not in run.transcript


def test_S_reads_the_answer_from_standard_input(hosts, provider, log):
    """A pipe: the address goes to the terminal or standard error, in one piece."""
    command = h.as_person("alice", "/usr/bin/sudo", "-S", h.ID)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, start_new_session=True,
                          env={"PATH": "/usr/bin:/bin"}) as process:
        seen = b""
        while not seen.endswith(words.PROMPT_END.encode()):
            byte = process.stdout.read(1)
            assert byte, seen
            seen += byte
        prompt = terminal.Prompt(seen.decode().replace("\n", "\r\n"))
        page = provider.as_person("alice")(prompt.address)
        rest, _ = process.communicate(page.encode() + b"\n", timeout=30)
    assert b"uid=0(root)" in rest
    assert pam_codes.authenticate(log, "sudo") == ["PAM_SUCCESS"]


@pytest.mark.parametrize("host", [
    options("-S"), h.dataclasses.replace(h.SUDO, begin=(
        "/bin/sh", "-c", f"head -n 1 | sudo -S {h.ID}"))], ids=["the terminal", "a pipe"])
def test_S_with_a_terminal_shows_the_address_there_and_reads(hosts, provider, log, host):
    run = host.dialogue("alice", [provider.as_person("alice")])
    assert host.is_admitted(run, "alice"), run.transcript
    assert host.authenticate(log) == ["PAM_SUCCESS"]
    assert len(run.prompts) == 1


def test_S_shows_the_address_at_the_terminal_even_without_standard_error(hosts, provider, log):
    host = h.dataclasses.replace(h.SUDO, begin=(
        "/bin/sh", "-c", f"head -n 1 | sudo -S {h.ID} 2>/dev/null"))
    run = host.dialogue("alice", [provider.as_person("alice")], asks=r"of this host\.")
    assert host.is_admitted(run, "alice"), run.transcript
    assert words.PROMPT_END not in run.transcript


def test_S_at_the_end_of_input_is_refused_at_once(hosts, provider, log):
    command = h.as_person("alice", "/usr/bin/sudo", "-S", h.ID)
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30,
                         start_new_session=True, check=False)
    assert run.returncode == 1
    assert pam_codes.authenticate(log, "sudo") == ["PAM_CONV_ERR"]
    assert not log.events("admitted")


@pytest.fixture
def askpass(provider, tmp_path):
    """A window that asks: shows its question, and types what stands in a file."""
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents[:3]:
        if str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    program = tmp_path / "askpass"
    program.write_text(f"#!/bin/sh\necho \"asked: $1\" >/dev/tty\n"
                       f"while [ ! -e {tmp_path}/answer ]; do sleep 0.05; done\n"
                       f"cat {tmp_path}/answer\n")
    program.chmod(0o755)
    return program


def test_A_asks_in_a_window_and_shows_the_address_at_the_terminal(hosts, provider, log, askpass):
    host = options("-A")
    with host.start("alice", asks=r"asked: Address: ", SUDO_ASKPASS=str(askpass)) as run:
        page = provider.as_person("alice")(run.prompt().address)
        partial = askpass.with_name("partial")
        partial.write_text(page + "\n")
        partial.chmod(0o644)
        partial.rename(askpass.with_name("answer"))
        run.end()
    assert host.is_admitted(run, "alice"), run.transcript


def test_n_asks_nobody_and_admits_nobody(hosts, provider, log):
    host = options("-n")
    run = host.dialogue("alice", [])
    assert run.status == 1
    assert "a password is required" in run.transcript
    assert host.authenticate(log) == []
    assert provider.of_host() == []


def test_k_with_a_command_asks(hosts, provider, log):
    host = options("-k")
    run = host.dialogue("alice", [provider.as_person("alice")])
    assert host.is_admitted(run, "alice"), run.transcript


def test_v_signs_in_and_runs_nothing(hosts, provider, log):
    host = h.dataclasses.replace(h.SUDO, begin=("/usr/bin/sudo", "-v"), admitted="")
    run = host.dialogue("alice", [provider.as_person("alice")])
    assert run.status == 0, run.transcript
    assert host.authenticate(log) == ["PAM_SUCCESS"]
    assert set(host.account(log)) == {"PAM_SUCCESS"}


### sudo's own timestamp ###

TWICE = h.dataclasses.replace(h.SUDO, begin=(
    "/bin/sh", "-c", f"sudo {h.ID}; sudo {h.ID}"))


@pytest.fixture
def forgetful(settings):
    """Nothing is remembered of a sign-in."""
    settings.conf(service_sudo={"ticket": "0s"})


@pytest.mark.parametrize("timeout", [0, 5])
def test_a_second_sudo_in_the_same_session_asks_nobody(hosts, provider, log, timeout):
    """With sudo's own timestamp and without: then authenticate runs, too."""
    h.sudoers(f"Defaults timestamp_timeout={timeout}\n")
    run = TWICE.dialogue("alice", [provider.as_person("alice")])
    assert run.status == 0 and run.transcript.count("uid=0(root)") == 2, run.transcript
    assert len(run.addresses) == 1
    codes = ["PAM_SUCCESS"] * (1 if timeout else 2)
    assert TWICE.authenticate(log) == codes
    assert TWICE.account(log) == ["PAM_SUCCESS"] * 2
    recorded.record("sudo", f"two sudos with timestamp_timeout={timeout}", codes, "",
                    "admitted", "ADMITTED", 1, ["PAM_SUCCESS"] * 2)


def test_where_nothing_is_remembered_a_second_sudo_within_its_timestamp_is_refused(
        hosts, provider, forgetful, log):
    h.sudoers("Defaults timestamp_timeout=5\n")
    run = TWICE.dialogue("alice", [provider.as_person("alice")])
    assert run.status == 1, run.transcript
    assert run.transcript.count("uid=0(root)") == 1
    assert len(run.addresses) == 1
    assert TWICE.authenticate(log) == ["PAM_SUCCESS"]
    assert TWICE.account(log) == ["PAM_SUCCESS", "PAM_PERM_DENIED"]
    assert words.SUDO in run.transcript
    refused = log.wait_for_event(words.REFUSED_EVENT, phase="account",
                                 reason=words.SUDO_NO_SIGN_IN)
    assert refused["user"] == "alice"
    recorded.record("sudo", "second sudo within its timestamp, ticket = 0s", ["PAM_SUCCESS"], words.SUDO,
                    "refused", words.SUDO_NO_SIGN_IN, 1, ["PAM_SUCCESS", "PAM_PERM_DENIED"])


def test_and_what_it_then_says_helps(hosts, provider, forgetful, log):
    h.sudoers("Defaults timestamp_timeout=5\n")
    run = h.dataclasses.replace(h.SUDO, begin=(
        "/bin/sh", "-c", f"sudo {h.ID}; sudo {h.ID}; sudo -k; sudo {h.ID}")).dialogue(
            "alice", [provider.as_person("alice")] * 2)
    assert run.status == 0, run.transcript
    assert run.transcript.count("uid=0(root)") == 2
    assert run.transcript.count(words.SUDO) == 1


def test_where_nothing_is_remembered_and_with_a_timeout_of_0_it_asks_again_and_admits(
        hosts, provider, forgetful, log):
    run = TWICE.dialogue("alice", [provider.as_person("alice")] * 2)
    assert run.status == 0, run.transcript
    assert run.transcript.count("uid=0(root)") == 2
    assert len(run.addresses) == 2
    assert TWICE.authenticate(log) == ["PAM_SUCCESS"] * 2
    recorded.record("sudo", "two sudos with timestamp_timeout=0, ticket = 0s",
                    ["PAM_SUCCESS"] * 2, "", "admitted", "ADMITTED", 2, ["PAM_SUCCESS"] * 2)


### NOPASSWD, expiry, and other lines of the stack ###

def test_NOPASSWD_does_not_get_past_the_account_line(hosts, provider, log):
    h.sudoers(h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n")
    run = h.SUDO.dialogue("alice", [])
    assert run.status == 1
    assert h.SUDO.authenticate(log) == []
    assert h.SUDO.account(log) == ["PAM_PERM_DENIED"]
    assert words.SUDO in run.transcript
    log.wait_for_event(words.REFUSED_EVENT, phase="account", reason=words.SUDO_NO_SIGN_IN)
    recorded.record("sudo", "NOPASSWD rule", [], words.SUDO, "refused", words.SUDO_NO_SIGN_IN, 0,
                    ["PAM_PERM_DENIED"])


### Without a terminal ###

LINES = "deadbeefdeadbeefdeadbeefdeadbeef\nsecond\n"


def without_a_terminal(*options):
    """sudo, called by a process that has none, with LINES as the input of its command."""
    return subprocess.run(
        ["/usr/bin/setsid", *h.as_person("alice", "/usr/bin/sudo", *options, "/usr/bin/cat")],
        input=LINES, capture_output=True, text=True, timeout=60, check=False)


def test_without_a_terminal_the_input_of_the_command_is_no_answer(hosts, provider, log):
    done = without_a_terminal()
    assert done.returncode == 1 and "second" not in done.stdout, done
    assert "a terminal is required" in done.stderr
    assert "https://" in done.stdout, "sudo shows text there, whatever follows"
    assert "token" not in provider.endpoints(), "a line of the input went to the provider"
    log.wait_for_event(words.REFUSED_EVENT, reason=words.SUDO_BROKE_OFF)


def test_with_S_the_first_lines_are_answers_as_their_user_means_it(hosts, provider, log):
    done = without_a_terminal("-S")
    assert done.returncode == 1, done
    assert provider.endpoints().count("token") == 1


def test_nor_does_p_replace_it_there(hosts, provider, log):
    done = without_a_terminal("-S", "-p", "X")
    assert "X" in done.stderr and "https://" in done.stdout, done


def test_at_a_terminal_the_address_is_seen_where_the_output_goes_elsewhere(hosts, provider, log):
    run = h.dataclasses.replace(h.SUDO, begin=(
        "/bin/sh", "-c", f"/usr/bin/sudo {h.ID} > /dev/null")).dialogue(
            "alice", [provider.as_person("alice")])
    assert run.status == 0 and len(run.addresses) == 1, run.transcript


@pytest.fixture
def expired_password():
    subprocess.run(["chage", "-d", "0", "alice"], check=True, timeout=30)
    yield
    subprocess.run(["chage", "-d", "2026-01-01", "alice"], check=True, timeout=30)


@BOTH
def test_nor_does_it_with_an_expired_local_password(hosts, provider, log, host, expired_password):
    h.sudoers(h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n")
    run = host.dialogue("alice", [])
    assert run.status == 1
    assert "uid=0" not in run.transcript
    assert host.account(log) == ["PAM_PERM_DENIED"]


def test_behind_common_account_our_line_would_be_passed_by(hosts, log, expired_password):
    """Why ours stands in front: the order is what refuses above."""
    text = h.shipped("sudo").replace(h.ACCOUNT_LINE, "")
    h.put_stack("sudo", text.replace("@include common-account\n",
                                     f"@include common-account\n{h.ACCOUNT_LINE}"))
    h.sudoers(h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n")
    assert "uid=0(root)" in h.SUDO.dialogue("alice", []).transcript


### Root ###

@BOTH
@pytest.mark.parametrize("state", cases.OF_ROOT, ids=lambda state: state.__name__)
def test_roots_own_sudo_runs(hosts, provider, settings, log, host, state):
    state(settings, provider)
    run = terminal.answer_all(host.start_as("root", "root"), [])
    assert run.status == 0 and "uid=0(root)" in run.transcript, run.transcript
    assert host.account(log) == ["PAM_SUCCESS"]
    recorded.record(host.name, "root's own", [], "", "-", "", 0, ["PAM_SUCCESS"])


@BOTH
@pytest.mark.parametrize("state", cases.OF_ROOT, ids=lambda state: state.__name__)
def test_under_rootpw_it_is_roots_password(hosts, provider, settings, log, host, state):
    h.sudoers(h.DOCUMENTED + "Defaults rootpw\n")
    state(settings, provider)
    run = terminal.answer_all(host.start_as("alice", "root", asks="[Pp]assword.*: "),
                              [accounts.ROOT_PASSWORD])
    assert "uid=0(root)" in run.transcript, run.transcript
    assert host.authenticate(log) == ["PAM_SUCCESS"]
    assert [one["reason"] for one in log.events("local")] == [words.ROOT]
    recorded.record(host.name, "root", ["PAM_SUCCESS"], "", "local", words.ROOT, 0,
                    ["PAM_SUCCESS"])


### The files ###

# README says so: Debian 13 has neither any more
OF_DEBIAN_12 = {"session required pam_env.so user_readenv=1 envfile=/etc/default/locale":
                ["session required pam_env.so envfile=/etc/default/locale"],
                "session optional pam_lastlog.so": []}


def of_this_release(lines):
    return lines if release.IS_12 else sum((OF_DEBIAN_12.get(one, [one]) for one in lines), [])


def test_the_shipped_files_are_debians_with_our_lines_alone():
    auth = "auth [success=done user_unknown=ignore default=die] pam_beproduct.so"
    account, session = "account required pam_beproduct.so", "session optional pam_beproduct.so"
    for name, ours in (("sshd", [auth, account, session]), ("sudo", [auth, account]),
                       ("sudo-i", [auth, account]), ("su", [auth]), ("su-l", []),
                       ("login", [session, auth, account])):
        lines = h.lines_of(h.shipped(name))
        assert of_this_release([line for line in lines if "pam_beproduct" not in line]) \
            == h.lines_of(h.debian(name)), name
        assert [line for line in lines if "pam_beproduct" in line] == ours, name
