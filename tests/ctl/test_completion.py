# SPDX-License-Identifier: BSD-2-Clause
"""Completion of beproductctl in bash: by `--help`, and of what this host has."""

import os
import pathlib
import pwd
import re
import subprocess

import pexpect
import pytest

INSTALLED = pathlib.Path("/usr/share/bash-completion/completions/beproductctl")
ALWAYS = {"--config", "--help"}
# As readline parts a line: a word of its own for each =.
ASK = """
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
_beproductctl beproductctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(*words, cwd="/"):
    """What bash is told to offer for the last of the words."""
    done = subprocess.run(["bash", "--norc", "-c", ASK, "bash", INSTALLED, "beproductctl", *words],
                          capture_output=True, text=True, timeout=60, check=True, cwd=cwd)
    assert done.stderr == ""
    return set(done.stdout.split("\n")) - {""}


@pytest.fixture(name="forms")
def forms_of_help(host):
    """(its words, of which the last may be left out or not; its options)"""
    found = []
    for form in re.findall(r"(?m)^  ([a-z].*)\n      ", host.check("--help").stdout):
        words, optional = re.match(r"([a-z-]+(?: [a-z]+)?)(?: \[([a-z]+)\])?", form).groups()
        found.append((words.split(), optional, set(re.findall(r"--[a-z]+", form))))
    assert len(found) > 10
    return found


def test_the_first_word_is_one_of_the_commands_of_help(forms):
    assert offered("") == {words[0] for words, _, _ in forms}


def test_the_second_word_is_one_of_those_of_help(forms):
    for first in {words[0] for words, _, _ in forms}:
        seconds = {words[1] for words, _, _ in forms if words[0] == first and len(words) > 1}
        seconds |= {optional for words, optional, _ in forms if words[0] == first and optional}
        got = offered(first, "")
        assert first in TAKE_A_SERVICE or got == seconds, first


TAKE_A_SERVICE = ("enable", "disable")


def test_each_command_is_offered_the_options_of_help_and_no_other(forms):
    for words, optional, options in forms:
        assert offered(*words, "-") == options | ALWAYS, words
        if optional:
            assert offered(*words, optional, "-") == options | ALWAYS, words


def test_behind_an_option_comes_its_value_or_behind_a_flag_what_comes_next(host):
    usage = host.check("--help").stdout
    for option in set(re.findall(r"--[a-z]+", usage)):
        takes = re.search(rf"{option} [A-Z]", usage) is not None
        assert (offered("lock", option, "--re") == {"--reason"}) != takes, option


def test_a_user_is_one_of_the_accounts():
    assert offered("logout", "--user", "nobod") == {"nobody"}
    assert offered("logout", "--user", "=", "nobod") == {"nobody"}
    assert offered("logout", "--user", "") <= {one.pw_name for one in pwd.getpwall()}


def test_a_service_is_one_of_the_configuration_or_of_pam(host):
    host.configure(services="[service:cockpit]\nrequire_role = a\n[service:sshd]\n")
    assert offered("--config", str(host.conf), "sign-in", "--service", "cock") == {"cockpit"}
    assert offered("--config", "=", str(host.conf), "explain", "--service", "=", "cock") == \
        {"cockpit"}
    assert offered("sign-in", "--service", "cock") == set()
    assert "sshd" in offered("sign-in", "--service", "ss")
    for command in TAKE_A_SERVICE:
        assert offered("--config", str(host.conf), command, "cock") == {"cockpit"}
        assert offered("--config", str(host.conf), command, "--yes", "cock") == {"cockpit"}


def test_a_file_is_one_that_is_there(host):
    for words in (["pins", "import"], ["explain", "--claims"], ["--config"]):
        assert offered(*words, str(host.folder / "acc")) == {str(host.map)}


HOSTILE = ["$(touch here)", "`touch here`", ";touch here", "a b", "*", "$HOME", "'", "-x\\"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_that_a_file_has_is_run_or_offered(host, name, tmp_path):
    folder = pathlib.Path("/etc/pam.d")
    host.configure(services=f"[service:{name}]\n")
    (folder / name).write_text("", encoding="ascii")
    for begins in ("", name):
        got = offered("--config", str(host.conf), "explain", "--service", begins, cwd=tmp_path)
        assert name not in got and not (tmp_path / "here").exists()
    for words in ([name, ""], [name, "--user", name], ["--config", name, "explain", "--service", ""]):
        offered(*words, cwd=tmp_path)
    assert not (tmp_path / "here").exists()
    (folder / name).unlink()


def test_what_is_no_file_is_not_waited_for(host):
    os.mkfifo(host.folder / "pipe")
    offered("--config", str(host.folder / "pipe"), "explain", "--service", "")


def test_a_tab_in_a_shell_completes_it():
    """By bash-completion, which loads it when it is first wanted."""
    shell = pexpect.spawn("bash", ["--norc", "--noprofile", "-i"], encoding="utf-8", timeout=60,
                          env=dict(os.environ, PS1="ready> ", TERM="dumb", INPUTRC="/dev/null"))
    shell.expect_exact("ready> ")
    shell.sendline(". /usr/share/bash-completion/bash_completion; echo lo''aded")
    shell.expect_exact("loaded")
    shell.expect_exact("ready> ")
    shell.send("beproductctl logo\t")
    shell.expect_exact("beproductctl logout ")
    shell.send("\x15beproductctl explain --user nobod\t")
    shell.expect_exact("explain --user nobody ")
    shell.sendcontrol("c")
    shell.close(force=True)
