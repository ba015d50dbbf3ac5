# SPDX-License-Identifier: BSD-2-Clause
"""The man pages have all that the code has, and nothing that it lacks."""

import re

import pytest

import documented
from documented import heads, page

PROGRAM, MODULE, CONF, MAP, HELPER = (
    "beproductctl.8", "pam_beproduct.8", "beproduct.conf.5", "beproduct-accounts.map.5",
    "beproduct-helper.8")


@pytest.fixture(name="usage")
def usage_of_the_program(host):
    done = host.check("--help")
    assert done.returncode == 0
    return done.stdout


def test_every_page_is_installed_with_the_places_of_this_host():
    for name in documented.PAGES:
        text = documented.installed(name).read_text()
        assert not re.search(r"@\w+@", text), name
    assert "/etc/beproduct/beproduct.conf" in documented.installed(CONF).read_text()


# beproduct.conf

def written_settings():
    for item in page(CONF):
        found = re.fullmatch(r"(\w+) \S+ \((?:default: (.*)|(not set|required))\)", item.head)
        if found and ": " in item.below:
            default = found[2] if found[2] else True if found[3] == "required" else None
            yield (item.below.split(": ")[0], found[1], default)


def test_every_key_stands_there_with_section_and_default():
    assert list(written_settings()) == documented.settings()


@pytest.mark.parametrize("section, key, default", documented.settings(),
                         ids=[" ".join(one[:2]) for one in documented.settings()])
def test_what_a_key_takes_is_what_check_says_of_a_bad_value(host, section, key, default):
    """Of a time or a number from where to where; of a choice each word."""
    bad = {"client_id": "\u00e4", "role_claim": "a b"}.get(key, "%,,")
    host.write(host.conf, f"{section.replace('NAME', 'sshd')}\n{key} = {bad}\n")
    complaint = host.check().stderr
    assert f": {key}: " in complaint
    body = next(item.body for item in page(CONF)
                if item.below.startswith(section) and item.head.startswith(key + " "))
    limits = re.search(r"from (\d+s?) to (\d+s?)", complaint)
    assert bool(limits) == ("from" in body and "to" in body and bool(re.search(r"from \d", body)))
    if limits:
        assert f"from {limits[1]}" in body and f"to {limits[2]}" in body.replace(
            ", which asks each time,", "")
    choice = re.search(r"must be ((?:\w+, )*\w+ or \w+)$", complaint.strip())
    if choice and not limits and choice[1] != "yes or no":
        for word in re.split(r", | or ", choice[1]):
            assert re.search(rf"\b{word}\b", body) or "As above" in body, (key, word)


# beproductctl

def test_every_command_stands_there_as_help_has_it(usage):
    forms = re.findall(r"(?m)^  (\w.*)\n      ", usage)
    assert len(forms) > 10
    assert [item.head for item in page(PROGRAM) if item.section == "COMMANDS"] == forms


def test_every_option_stands_there(usage):
    ours = [head.split()[0] for head in heads(PROGRAM, "OPTIONS")]
    assert len(ours) == len(set(ours))
    assert set(ours) == set(re.findall(r"--[a-z]+", usage))


def test_every_exit_status_stands_there(usage):
    told = re.findall(r"(\d) ", usage.split("exit: ")[1])
    assert heads(PROGRAM, "EXIT STATUS") == told == documented.exits()


# pam_beproduct, the map and the helper

@pytest.mark.parametrize("name, section, code", [
    (MODULE, "DIAGNOSTICS", documented.reasons),
    (MAP, "DESCRIPTION", lambda: documented.claims_of_the_map() | {"another"}),
    (HELPER, "DESCRIPTION", documented.requests),
], ids=["reasons", "claims", "requests"])
def test_every_one_stands_there_once(name, section, code):
    ours = heads(name, section)
    assert len(ours) == len(set(ours))
    assert set(ours) == set(code())


def test_every_argument_of_the_module_stands_there():
    ours = [re.match(r"\w+", head)[0] for head in heads(MODULE, "OPTIONS")]
    assert set(ours) == documented.module_arguments()


def test_every_event_and_key_of_the_log_stands_there_once():
    ours = heads(MODULE, "LOG")
    assert len(ours) == len(set(ours))
    assert set(ours) == documented.log_events() | documented.log_keys()


def test_every_answer_to_pam_stands_there():
    ours = set(re.findall(r"(?m)^\.(?:It )?Dv (PAM_\w+)", documented.installed(MODULE).read_text()))
    # the other two are the asking program's own, handed back
    assert ours == documented.pam_answers() - {"PAM_BUF_ERR", "PAM_SYSTEM_ERR"}


def named_paths():
    for name in documented.PAGES:
        for line in re.findall(r"(?m)^\.(?:It )?(?:Pa|Nm) (/.*)", documented.installed(name).read_text()):
            yield from (path for path in line.split() if path.startswith("/"))


def test_every_path_stands_there_and_no_other_of_ours():
    ours = {path.rstrip(".") for path in named_paths()
            if re.match(r"/(etc|run|var|usr/libexec)/.*beproduct", path)}
    assert ours == documented.paths()


NO_KEYS = {"select_account", "offline_access"}


def test_what_looks_like_a_key_is_one():
    keys = {key for _, key, _ in documented.settings()}
    for name in documented.PAGES:
        words = re.findall(r"(?m)^\.(?:It )?Cm ([a-z]+_[a-z_]+)\b",
                           documented.installed(name).read_text())
        assert set(words) - NO_KEYS - documented.log_keys() <= keys, name


def test_every_page_of_ours_that_is_named_is_there():
    for name in documented.PAGES:
        for other, section in re.findall(r"(?m)^\.Xr (\S*beproduct\S*) (\d)",
                                         documented.installed(name).read_text()):
            assert f"{other}.{section}" in documented.PAGES
