# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl check`: sudoers, which can take sudo out of our hands."""

import pathlib
import re

import pytest
from checking import AUTH, PAM, SERVICES, STACK, TIMEOUT, UNIX, pam, sudoers


@pytest.mark.parametrize("line", [
    "Defaults rootpw", "Defaults targetpw", "Defaults runaspw",
    "Defaults\tenv_reset, targetpw # asks", "Defaults:alice rootpw"])
@pytest.mark.parametrize("include, name", [
    ("", "sudoers"), ("#includedir /etc/sudoers.d\n", "sudoers.d/local"),
    ("@includedir /etc/sudoers.d\n", "sudoers.d/local"),
    ("#include /etc/sudoers.local\n", "sudoers.local"),
    ("  @include\tsudoers.local  \n", "sudoers.local"),
    ('@include "/etc/sudoers.local"\n', "sudoers.local"),
    ("@include /etc/sudoers.%h\n", "sudoers.web1"),
    ("@include /etc/sudoers\\ local\n", "sudoers local"),
])
def test_sudo_asking_another_than_its_caller_is_warned_of(gated, line, include, name):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT + include)
    before = pathlib.Path(f"/etc/{name}").read_text() if not include else ""
    path = sudoers(f"{before}# Defaults rootpw\n{line}\n", name)
    word = re.search("rootpw|targetpw|runaspw", line)[0]
    gated.warned(f"{re.escape(str(path))}:{path.read_text().count(chr(10))}: {word}: sudo then "
                 "signs in another")
    if include:
        path.unlink()


def test_a_vendors_sudoers_counts_where_etc_has_none(gated):
    """SUSE's, which asks for the target's password."""
    vendor = pathlib.Path("/usr/etc/sudoers")
    vendor.parent.mkdir(exist_ok=True)
    vendor.write_text(TIMEOUT + "Defaults targetpw\n")
    try:
        sudoers(TIMEOUT)
        gated.warned()
        pathlib.Path("/etc/sudoers").unlink()
        gated.warned(f"{vendor}:2: targetpw: sudo then signs in another")
    finally:
        vendor.unlink()


@pytest.mark.parametrize("line, gated_too, warns", [
    ("Defaults pam_service=inner", False, True), ("Defaults pam_login_service = inner", False, True),
    ('Defaults:alice pam_askpass_service = "inner"', False, True),
    ("Defaults pam_service=inner", True, False), ('Defaults pam_service="sudo"', False, False)])
def test_a_sudo_that_comes_by_another_file_of_pams_is_warned_of(gated, line, gated_too, warns):
    gated.configure(services=SERVICES + "[service:inner]\nrequire_role = a\n" * gated_too)
    pam(inner=STACK if gated_too else UNIX)
    sudoers(TIMEOUT + line + "\n")
    words = re.sub(r"[ ]|Defaults(:alice)?", "", line)
    gated.warned(*[f"/etc/sudoers:2: {words}: sudo then comes by /etc/pam.d/inner, which has no auth "
                   "line of ours"] * warns)
    (PAM / "inner").unlink()


def test_what_no_file_includes_is_not_read(gated):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT)
    sudoers("Defaults rootpw\n", "sudoers.d/local")
    gated.warned()


def test_includes_are_followed_where_they_stand(gated):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers("@include sudoers.d/first\nDefaults timestamp_timeout=15\n")
    sudoers(TIMEOUT, "sudoers.d/first")
    gated.warned("/etc/sudoers: lacks Defaults timestamp_timeout=0")
    sudoers("Defaults timestamp_timeout=15\n@include sudoers.d/first\n")
    sudoers("@include second\n", "sudoers.d/first")
    sudoers(TIMEOUT, "sudoers.d/second")
    gated.warned()


def test_sudoers_that_include_each_other_end(gated):
    pam(sudo=STACK, sudo_i=STACK)
    # twice, so that what only ran out of descriptors would never end
    sudoers(TIMEOUT + "@include sudoers\n@include sudoers\n")
    gated.warned()


@pytest.mark.parametrize("line", [
    "Defaults !rootpw", "# Defaults rootpw", "Defaults rootpwx",
    "alice ALL=(ALL) ALL", "Defaults passprompt=rootpw"])
def test_sudo_asking_its_caller_is_not(gated, line):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT + line + "\n")
    gated.warned()


@pytest.mark.parametrize("rule, what", [
    ("alice ALL=(ALL) NOPASSWD: ALL", "NOPASSWD for alice"),
    ("alice ALL=(ALL:ALL) SETENV:NOPASSWD : /bin/id", "NOPASSWD for alice"),
    ("root, alice ALL=NOPASSWD:ALL", "NOPASSWD for alice"),
    ("%sudo ALL=(ALL) NOPASSWD: ALL", "NOPASSWD for %sudo"),
    ("#4100 ALL=(ALL) NOPASSWD: ALL", "NOPASSWD for #4100"),
    ("User_Alias A = bin\nA ALL = /bin/id, NOPASSWD: /bin/ls", "NOPASSWD for A"),
    ("ALL ALL=(ALL) ALL, \\\n NOPASSWD: /bin/id", "NOPASSWD for ALL"),
    ("Defaults !authenticate", "!authenticate"),
    ("Defaults:alice !authenticate", "!authenticate"),
    ("Defaults exempt_group = sudo", "exempt_group=sudo"),
])
def test_a_sudo_that_asks_nobody_is_warned_of(gated, rule, what):
    sudoers(TIMEOUT + rule + "\n")
    where = (f"/etc/sudoers:{2 + rule.count(chr(10))}: {re.escape(what)}: "
             "sudo asks nobody then, and ")
    pam(sudo=STACK, sudo_i=STACK)
    gated.warned(where + "our account line refuses, unless a ticket serves")
    pam(sudo=AUTH + UNIX, sudo_i=AUTH + UNIX)
    gated.warned(where + "no role is looked at")
    gated.configure(services=SERVICES.replace("[service:sudo]", "[service:none]"))
    pam(sudo=UNIX, sudo_i=UNIX, none=STACK)
    gated.warned()


@pytest.mark.parametrize("rule", [
    "root ALL=(ALL) NOPASSWD: ALL", "bin, daemon ALL=(ALL) NOPASSWD: ALL",
    "alice ALL=(ALL) ALL # NOPASSWD: ALL", "# alice ALL=(ALL) NOPASSWD: ALL",
    "Cmnd_Alias NOPASSWD = /bin/id", "alice ALL=(ALL) PASSWD: ALL",
    "alice ALL=(ALL) /bin/xNOPASSWD:", "Defaults authenticate", "nosuch ALL=NOPASSWD: ALL"])
def test_a_sudo_that_asks_all_of_ours_is_not(gated, rule):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT + rule + "\n")
    gated.warned()


def test_files_that_sudo_passes_over_are_passed_over(gated):
    pam(sudo=STACK, sudo_i=STACK)
    sudoers(TIMEOUT + "@includedir /etc/sudoers.d\n")
    folder = pathlib.Path("/etc/sudoers.d")
    folder.mkdir(exist_ok=True)
    for name in ("a.bak", "b~"):
        (folder / name).write_text("Defaults rootpw\n")
    gated.warned()


def test_a_line_that_continues_defaults_is_looked_at(gated):
    pam(sudo=STACK, sudo_i=STACK)
    pathlib.Path("/etc/sudoers").write_text(
        "Defaults env_reset, \\\n  timestamp_timeout=0, \\\n\ttargetpw\n"
        "alice ALL = \\\n  rootpw, runaspw\n")
    gated.warned("/etc/sudoers:3: targetpw: sudo then signs in another")


@pytest.mark.parametrize("lines", [
    "Defaults timestamp_timeout=5", "Defaults env_reset", "Defaults:alice timestamp_timeout=0",
    "Defaults timestamp_timeout=0\nDefaults timestamp_timeout=15",
    "Defaults timestamp_timeout=0\nDefaults:alice timestamp_timeout=15",
    "Defaults timestamp_timeout=0\nDefaults>root timestamp_timeout=15",
    "Defaults timestamp_timeout=00.5"])
def test_sudos_own_timestamp_beside_the_account_line_is_warned_of(gated, lines):
    pam(sudo=STACK, sudo_i=STACK)
    pathlib.Path("/etc/sudoers").write_text(lines + "\n")
    gated.warned("/etc/sudoers: lacks Defaults timestamp_timeout=0")
    pam(sudo=AUTH + UNIX, sudo_i=AUTH + UNIX)
    gated.warned()


@pytest.mark.parametrize("lines", [
    "Defaults timestamp_timeout=15\nDefaults timestamp_timeout = 0 # each time",
    "Defaults\ttimestamp_timeout=0\nDefaults:alice timestamp_timeout=0",
    "Defaults !timestamp_timeout"])
def test_a_sudo_that_asks_each_time_is_not(gated, lines):
    pam(sudo=STACK, sudo_i=STACK)
    pathlib.Path("/etc/sudoers").write_text(lines + "\n")
    gated.warned()
