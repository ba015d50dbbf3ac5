# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl enable` and `disable`: the change, what refuses it, and that it
comes back byte for byte."""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from checking import (ACCOUNT, AUTH, CTL, HELPER, MODULE, PAM, SERVICES, SOURCE, SSHD,
                      SSHD_CONFIG, TIMEOUT, UNIX, pam, sudoers)

STATE = pathlib.Path("/var/lib/beproduct")
KEPT = STATE / "pam.d"
VENDOR = pathlib.Path("/usr/lib/pam.d")
SESSION = "session optional pam_beproduct.so\n"
LOGINUID = "session    required     pam_loginuid.so\n"
NAMES = ("sshd", "login", "sudo", "sudo-i", "su", "su-l")
NOTHING = "beproductctl: nothing was changed\n"


def example(name):
    return (SOURCE / f"conf/pam.d/{name}.example").read_text(encoding="utf-8")


def debian(name):
    """The package's, as our example of it is without our lines."""
    return "".join(line for line in example(name).splitlines(True)
                   if "pam_beproduct.so" not in line or line.startswith("#"))


def gated(text, session=False, account=True):
    """What enable makes of Debian's."""
    def before(include, line):
        nonlocal text
        assert text.count(f"@include {include}\n") == 1
        text = text.replace(f"@include {include}\n", f"{line}@include {include}\n")

    before("common-auth", AUTH)
    if account:
        before("common-account", ACCOUNT)
    if session:
        assert text.count(LOGINUID) == 1
        text = text.replace(LOGINUID, LOGINUID + SESSION)
    return text


WANTED = {"sshd": gated(debian("sshd"), session=True), "login": gated(debian("login"), session=True),
          "sudo": gated(debian("sudo")), "sudo-i": gated(debian("sudo-i")),
          "su": gated(debian("su"), account=False), "su-l": debian("su-l")}
FILES_OF = {"sshd": ["sshd"], "login": ["login"], "sudo": ["sudo", "sudo-i"], "su": ["su"]}


@pytest.fixture
def host(host):
    """Debian's files, a section for each service, and nothing that is kept."""
    shutil.rmtree(KEPT, ignore_errors=True)
    for name in NAMES:
        (PAM / name).write_text(debian(name), encoding="utf-8")
    host.configure(services=SERVICES)
    sudoers(TIMEOUT)
    yield host
    shutil.rmtree(KEPT, ignore_errors=True)
    shutil.rmtree(VENDOR, ignore_errors=True)


def run(host, command, *arguments, answer="", **how):
    return subprocess.run([*host.runner, CTL, "--config", host.conf, command, *arguments],
                          input=answer, capture_output=True, text=True, timeout=60, check=False,
                          **how)


def enable(host, *arguments, **how):
    done = run(host, "enable", *arguments, **how)
    assert done.returncode == 0, done
    return done


def texts():
    """What PAM has, and who may change it."""
    return {path.name: (path.read_bytes(), path.stat().st_mode, path.stat().st_uid,
                        path.stat().st_gid) for path in PAM.iterdir() if path.is_file()}


def refused(host, *arguments, command="enable", status=3, answer=""):
    """Nothing is changed by it; gives what it said."""
    before, kept = texts(), sorted(KEPT.iterdir()) if KEPT.is_dir() else []
    done = run(host, command, *arguments, answer=answer)
    assert done.returncode == status, done
    assert texts() == before
    assert (sorted(KEPT.iterdir()) if KEPT.is_dir() else []) == kept
    return done.stderr


### The change ###

@pytest.mark.parametrize("name", FILES_OF)
def test_a_service_gets_its_lines_and_they_come_back_out(host, name):
    before = texts()
    done = enable(host, name, "--yes")
    assert done.stderr == ""
    for one in NAMES:
        text = (PAM / one).read_text(encoding="utf-8")
        assert text == (WANTED[one] if one in FILES_OF[name] else debian(one)), one
    assert sorted(path.name for path in KEPT.iterdir()) == FILES_OF[name]
    assert KEPT.stat().st_mode & 0o7777 == 0o700
    assert {path.stat().st_mode & 0o7777 for path in KEPT.iterdir()} == {0o600}
    done = run(host, "disable", name, "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert texts() == before
    assert list(KEPT.iterdir()) == []


@pytest.mark.parametrize("name", FILES_OF)
def test_check_finds_nothing_in_what_enable_writes(host, name):
    for one in FILES_OF:
        enable(host, one, "--yes")
    done = host.check()
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{PAM}/{name}" not in done.stdout


@pytest.mark.parametrize("name", FILES_OF)
def test_it_is_what_the_example_is(host, name):
    """The example is enabled already: what was put in by hand as documented."""
    for one in FILES_OF[name]:
        (PAM / one).write_text(example(one), encoding="utf-8")
    before = texts()
    done = enable(host, name, "--yes")
    assert done.stdout == f"{name} is enabled already: our lines stand in {PAM}/{name}\n"
    assert texts() == before


def test_a_file_whose_last_line_has_no_end_comes_back_as_it_was(host):
    text = UNIX + LOGINUID.strip()
    (PAM / "sshd").write_text(text)
    enable(host, "sshd", "--yes")
    assert (PAM / "sshd").read_text().endswith(LOGINUID + SESSION)
    assert run(host, "disable", "sshd", "--yes").returncode == 0
    assert (PAM / "sshd").read_text() == text


def test_the_change_is_shown_and_asked_about(host):
    done = enable(host, "sudo", answer="y\n")
    at = debian("sudo").splitlines().index("@include common-auth") + 1
    assert done.stdout.startswith(f"--- {PAM}/sudo\n+++ {PAM}/sudo\n@@ -{at - 3},")
    shown = [line for line in done.stdout.splitlines() if line[:1] in "+-"]
    assert shown == [f"--- {PAM}/sudo", f"+++ {PAM}/sudo", "+" + AUTH.strip(), "+" + ACCOUNT.strip(),
                     f"--- {PAM}/sudo-i", f"+++ {PAM}/sudo-i", "+" + AUTH.strip(),
                     "+" + ACCOUNT.strip()]
    assert "Write this? [y/N] sudo is enabled" in done.stdout


def test_the_diff_is_one_that_patch_takes(host, tmp_path):
    text = debian("sshd")
    done = enable(host, "sshd", "--yes")
    (tmp_path / "sshd").write_text(text, encoding="utf-8")
    diff = done.stdout[:done.stdout.index("Keep a root shell")]
    diff = "".join(line for line in diff.splitlines(True) if line[:1] in "+-@ ")
    theirs = subprocess.run(["diff", "-u", tmp_path / "sshd", PAM / "sshd"], check=False,
                            capture_output=True, text=True).stdout
    assert diff.splitlines()[2:] == theirs.splitlines()[2:]


@pytest.mark.parametrize("answer", ["", "\n", "n\n", "no\n", "yesterday\n", "x", "y no\n"])
def test_only_a_yes_is_one(host, answer):
    assert refused(host, "sshd", status=1, answer=answer) == NOTHING


@pytest.mark.parametrize("answer", ["y\n", "yes\n", "YES\n"])
def test_a_yes_is_one(host, answer):
    enable(host, "sshd", answer=answer)
    assert (PAM / "sshd").read_text(encoding="utf-8") == WANTED["sshd"]


def test_by_its_second_name_the_pair_is_enabled(host):
    enable(host, "sudo-i", "--yes")
    assert [(PAM / one).read_text(encoding="utf-8") for one in ("sudo", "sudo-i")] == [
        WANTED["sudo"], WANTED["sudo-i"]]


def test_a_su_l_of_its_own_gets_the_line_too(host):
    (PAM / "su-l").write_text(debian("su"), encoding="utf-8")
    enable(host, "su", "--yes")
    assert (PAM / "su-l").read_text(encoding="utf-8") == WANTED["su"]


def test_a_sudo_without_a_sudo_i_is_enabled_alone_and_what_goes_past_it_is_said(host):
    (PAM / "sudo-i").unlink()
    done = enable(host, "sudo", answer="y\n")
    assert not (PAM / "sudo-i").exists()
    assert (f"warning: {PAM}: has no file sudo-i: where sudo -i looks for it, libpam takes "
            f"{PAM}/other, and it goes past our lines\n") in done.stdout.split("Write this?")[0]


def test_another_configuration_than_the_lines_will_read_is_said(host):
    done = enable(host, "sshd", answer="y\n")
    assert (f"warning: {host.conf}: is what was looked at, and the lines read "
            "/etc/beproduct/beproduct.conf\n") in done.stdout.split("Write this?")[0]


def test_half_a_pair_is_mended(host):
    """As where it was killed between the two."""
    enable(host, "sudo", "--yes")
    (PAM / "sudo-i").write_text(debian("sudo-i"), encoding="utf-8")
    done = enable(host, "sudo", "--yes")
    assert f"+++ {PAM}/sudo\n" not in done.stdout and f"+++ {PAM}/sudo-i\n" in done.stdout
    assert (PAM / "sudo-i").read_text(encoding="utf-8") == WANTED["sudo-i"]
    assert run(host, "disable", "sudo", "--yes").returncode == 0
    assert (PAM / "sudo").read_text(encoding="utf-8") == debian("sudo")


def test_enabled_already_changes_nothing(host):
    enable(host, "sshd", "--yes")
    before, kept = texts(), (KEPT / "sshd").read_bytes()
    done = enable(host, "sshd")
    assert done.stdout == f"sshd is enabled already: our lines stand in {PAM}/sshd\n"
    assert texts() == before and (KEPT / "sshd").read_bytes() == kept


def test_a_service_that_nobody_has_tried_gets_two_lines_and_a_word(host):
    pam(ftp="auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_loginuid.so\n")
    host.configure(services="[service:ftp]\nrequire_role = a\n")
    done = enable(host, "ftp", "--yes")
    assert (PAM / "ftp").read_text() == (AUTH + "auth required pam_unix.so\n" + ACCOUNT +
                                         "account required pam_unix.so\n"
                                         "session required pam_loginuid.so\n")
    assert "note: ftp: with this service it is untried" in done.stdout


def test_where_the_file_is_the_vendors_alone_it_is_copied(host):
    VENDOR.mkdir(exist_ok=True)
    (PAM / "sshd").rename(VENDOR / "sshd")
    done = enable(host, "sshd", "--yes")
    assert done.stdout.startswith(f"--- {VENDOR}/sshd\n+++ {PAM}/sshd\n")
    assert (PAM / "sshd").read_text(encoding="utf-8") == WANTED["sshd"]
    assert (PAM / "sshd").stat().st_mode & 0o7777 == 0o644
    assert (VENDOR / "sshd").read_text(encoding="utf-8") == debian("sshd")
    done = run(host, "disable", "sshd", "--yes")
    assert f"{PAM}/sshd goes" in done.stdout
    assert not (PAM / "sshd").exists() and list(KEPT.iterdir()) == []


def test_where_the_vendors_file_is_gone_meanwhile_its_text_is_left(host):
    """Without any file the service would come through `other`."""
    VENDOR.mkdir(exist_ok=True)
    (PAM / "sshd").rename(VENDOR / "sshd")
    enable(host, "sshd", "--yes")
    (VENDOR / "sshd").unlink()
    for arguments in (("sshd",), ("--all",)):
        done = run(host, "disable", *arguments, "--yes")
        assert (done.returncode, done.stderr) == (0, "")
        assert (PAM / "sshd").read_text(encoding="utf-8") == debian("sshd")


@pytest.mark.parametrize("command", ["enable", "disable"])
def test_with_descriptors_closed_it_writes_what_it_would(host, command):
    """What is opened first must not become the output of what is said."""
    if command == "disable":
        enable(host, "sshd", "--yes")
    host.runner = ["sh", "-c", 'exec "$@" 0<&- 1>&- 2>&-', "sh"]
    assert run(host, command, "sshd", "--yes").returncode == 3  # nobody has got what it said
    assert (PAM / "sshd").read_text(encoding="utf-8") == (
        WANTED["sshd"] if command == "enable" else debian("sshd"))


def test_owner_mode_and_attributes_stay(host):
    os.chown(PAM / "sshd", 0, 42)
    (PAM / "sshd").chmod(0o640)
    os.setxattr(PAM / "sshd", "user.bp", b"kept")
    for command in ("enable", "disable"):
        assert run(host, command, "sshd", "--yes").returncode == 0
        found = (PAM / "sshd").stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o7777) == (0, 42, 0o640)
        assert os.getxattr(PAM / "sshd", "user.bp") == b"kept"


### What refuses it ###

@pytest.mark.parametrize("name, why", [
    ("common-auth", "many services come through this file"), ("system-auth", "many services"),
    ("password-auth", "many services"), ("other", "many services"), ("cron", "it asks nobody"),
    ("systemd-user", "it asks nobody"), ("polkit-1", "no greeter"), ("passwd", "it changes"),
    ("SSHD", "libpam looks for a file whose name is in small letters")])
def test_what_must_not_be_gated_is_refused_by_name(host, name, why):
    assert refused(host, name, "--yes").startswith(f"beproductctl: {name}: {why}")


@pytest.mark.parametrize("arguments, words", [
    ((), "enable needs a SERVICE"), (("sshd", "sudo"), "name of one service"),
    (("../sshd",), "name of one service"), ((".sshd",), "name of one service"),
    (("-",), "name of one service"), (("sshd", "--all"), "enable takes no --all"),
    (("sub/sshd",), "name of one service")])
def test_a_call_that_makes_no_sense_is_a_mistake(host, arguments, words):
    assert words in refused(host, *arguments, status=4)


def test_a_service_that_pam_does_not_know_is_refused(host):
    assert refused(host, "nosuch", "--yes") == (
        f"{PAM}: has no file nosuch, nor has {VENDOR}\n{NOTHING}")


@pytest.mark.parametrize("services, words", [
    ("[service:sudo]\nrequire_role = a\n", "there is no [service:sshd]: nobody of ours"),
    ("[service:sshd]\n", "names neither require_role nor require_all_roles: nobody of ours"),
    ("[service:sshd]\nrequire_rule = a\n", "unknown key"), ("[service", "")])
def test_a_section_that_admits_nobody_refuses(host, services, words):
    host.configure(services=services)
    said = refused(host, "sshd", "--yes")
    assert str(host.conf) in said and words in said and said.endswith(NOTHING)


def test_a_map_without_a_rule_refuses(host):
    host.write(host.map, "# none\n")
    assert f"{host.map}: has no rule: nobody of ours could get in" in refused(host, "sshd", "--yes")


@pytest.mark.parametrize("path", [MODULE, HELPER], ids=["module", "helper"])
def test_without_module_or_helper_it_refuses(host, path):
    aside = path.with_name("aside")
    path.rename(aside)
    try:
        said = refused(host, "sshd", "--yes")
    finally:
        aside.rename(path)
    assert ("there is no such module" if path == MODULE else "the helper program: ") in said


def test_an_sshd_that_asks_nobody_refuses_and_is_no_matter_of_sudos(host):
    SSHD_CONFIG.write_text(SSHD.replace("KbdInteractiveAuthentication yes",
                                        "KbdInteractiveAuthentication no"))
    assert "KbdInteractiveAuthentication: is no: " in refused(host, "sshd", "--yes")
    enable(host, "sudo", "--yes")


def test_what_sudoers_lacks_is_said(host):
    sudoers("")
    assert "lacks Defaults timestamp_timeout=0" in enable(host, "sudo", "--yes").stdout


def local_account(host, hashed):
    """root without a password, and another local account with this hash of one."""
    host.configure(services=SERVICES, accounts="local_accounts = root, admin9\n")
    with open("/etc/passwd", "a", encoding="ascii") as f:
        f.write("admin9:x:4900:4900::/nonexistent:/bin/sh\n")
    shadow = pathlib.Path("/etc/shadow")
    shadow.write_text(re.sub(r"(?m)^root:[^:]*:", "root:*:", shadow.read_text())
                      + f"admin9:{hashed}:19000:0:99999:7:::\n")


@pytest.mark.parametrize("hashed, warns", [("$y$j9T$abc$def", False), ("!", True)],
                         ids=["a password", "none"])
def test_where_nobody_gets_in_without_the_provider_it_is_said_before_asking(host, hashed, warns):
    local_account(host, hashed)
    said = enable(host, "login", answer="y\n").stdout.split("Write this?")[0]
    assert ("warning: login: while the provider is down, nobody " in said) == warns, said


def test_what_libpam_stumbles_over_refuses(host):
    (PAM / "sshd").write_text(debian("sshd") + "auht required pam_unix.so\n")
    assert "auht: no phase of PAM's" in refused(host, "sshd", "--yes")


@pytest.mark.parametrize("text, line, words", [
    ("auth required pam_permit.so\naccount required pam_unix.so\n", "", "no line of it asks"),
    ("auth required pam_unix.so\n", "", "it has no account line"),
    ("auth required pam_unix.so\nauth requisite pam_nologin.so\naccount required pam_unix.so\n",
     ":2", "stands behind the line that asks for a password"),
    ("auth [success=1 default=ignore] pam_echo.so\n" + UNIX, ":1", "jumps over the place of our auth"),
    ("auth include inner\n" + UNIX, "", "a line of ours that"),
], ids=["no password", "no account", "nologin behind", "a jump", "ours included"])
def test_a_stack_in_which_a_program_finds_no_place_refuses(host, text, line, words):
    pam(inner=AUTH, sshd=text)
    place = f"{PAM}/inner:1" if "inner" in text else f"{PAM}/sshd{line}"
    said = refused(host, "sshd", "--yes")
    assert said.startswith(f"{place}: ") and words in said


@pytest.mark.parametrize("change", [
    lambda text: text.replace(AUTH, AUTH.strip() + " debug\n"),
    lambda text: text.replace(AUTH, "auth sufficient pam_beproduct.so\n"),
    lambda text: text.replace(ACCOUNT, ""), lambda text: text.replace(SESSION, ""),
    lambda text: text.replace(AUTH + "@include common-auth\n", "@include common-auth\n" + AUTH),
    lambda text: SESSION + text.replace(SESSION, ""),
], ids=["argument", "control", "no account", "no session", "behind", "session ahead"])
def test_lines_by_hand_that_stand_otherwise_refuse(host, change):
    (PAM / "sshd").write_text(change(WANTED["sshd"]), encoding="utf-8")
    number = [n for n, line in enumerate((PAM / "sshd").read_text().splitlines(), 1)
              if "pam_beproduct.so" in line and not line.startswith("#")][0]
    assert refused(host, "sshd", "--yes").startswith(
        f"{PAM}/sshd:{number}: a line of ours, and together they stand otherwise")


def make_link(path):
    path.rename(path.with_name("aside"))
    path.symlink_to("aside")


@pytest.mark.parametrize("change, words", [
    (make_link, "is a symbolic link"), (lambda path: os.chown(path, 1, 0), "is owned by uid 1"),
    (lambda path: path.chmod(0o666), "others than root may write it"),
    (lambda path: path.write_text("#" * 70000), "is longer than 65536 bytes")],
    ids=["link", "owner", "mode", "long"])
@pytest.mark.parametrize("command", ["enable", "disable"])
def test_a_file_that_is_not_roots_alone_refuses(host, change, words, command):
    change(PAM / "sshd")
    said = refused(host, "sshd", "--yes", command=command)
    assert said.startswith(f"beproductctl: {PAM}/sshd: ") and words in said
    (PAM / "aside").unlink(missing_ok=True)


@pytest.mark.parametrize("command", ["enable", "disable"])
def test_two_at_once_are_one(host, command):
    enable(host, "sudo", "--yes")
    held = os.open(KEPT, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        assert "another `beproductctl enable` or `disable`" in refused(
            host, "sshd", "--yes", command=command)
    finally:
        os.close(held)
    enable(host, "sshd", "--yes")


@pytest.mark.parametrize("command", ["enable", "disable"])
def test_what_changes_while_it_asks_is_not_written_over(host, command):
    if command == "disable":
        enable(host, "sshd", "--yes")
    process = subprocess.Popen([CTL, "--config", host.conf, command, "sshd"], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    said = ""
    while not said.endswith("[y/N] "):
        piece = process.stdout.read(1)
        assert piece, said
        said += piece
    text = (PAM / "sshd").read_text(encoding="utf-8") + "# meanwhile\n"
    (PAM / "sshd").write_text(text, encoding="utf-8")
    _, error = process.communicate("y\n", timeout=60)
    assert process.returncode == 3 and "has changed meanwhile" in error
    assert (PAM / "sshd").read_text(encoding="utf-8") == text


### A disk that is full, or read-only ###

def limited(option, target):
    """What runs beproductctl with TARGET mounted anew over itself."""
    return ["unshare", "--mount", "--", "sh", "-c",
            f"mount --bind {target} {target} && mount -o remount,bind,{option} {target} && exec \"$@\"",
            "sh"]


@pytest.mark.parametrize("target", ["/etc/pam.d", "/var/lib/beproduct"])
def test_read_only_folders_are_named_and_nothing_changes(host, target):
    enable(host, "su", "--yes")
    host.runner = limited("ro", target)
    said = refused(host, "sshd", "--yes")
    assert "Read-only file system" in said and target in said


def test_a_full_disk_changes_neither_of_a_pair(host, tmp_path):
    """The second file finds no room: the first is as it was again."""
    size = os.sysconf("SC_PAGE_SIZE")
    before = texts()
    big = debian("sudo-i") + "# " + "x" * 60000 + "\n"
    (PAM / "sudo-i").write_text(big, encoding="utf-8")
    before = texts()
    full = (f"cp -a /etc/pam.d {tmp_path}/pam.d && "
            f"mount -t tmpfs -o size=$(({size} * 42)),mode=755 none /etc/pam.d && "
            f"cp -a {tmp_path}/pam.d/sudo {tmp_path}/pam.d/sudo-i {tmp_path}/pam.d/common-* /etc/pam.d/ &&"
            f"dd if=/dev/zero of=/etc/pam.d/.fill bs={size} 2>/dev/null; truncate -s -{2 * size} "
            "/etc/pam.d/.fill; \"$@\"; s=$?; rm /etc/pam.d/.fill; "
            f"rm -rf {tmp_path}/after; cp -a /etc/pam.d {tmp_path}/after; exit $s")
    host.runner = ["unshare", "--mount", "--", "sh", "-c", full, "sh"]
    done = run(host, "enable", "sudo", "--yes")
    assert done.returncode == 3, done
    assert f"{PAM}/sudo-i: No space left on device" in done.stderr
    assert "so nothing was changed" in done.stderr
    for name in ("sudo", "sudo-i"):
        assert (tmp_path / "after" / name).read_bytes() == before[name][0]
    assert not [path for path in (tmp_path / "after").iterdir() if "beproduct" in path.name]


### And out again ###

def test_disable_needs_no_configuration(host):
    enable(host, "sshd", "--yes")
    host.conf.write_text("broken")
    done = run(host, "disable", "sshd", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert (PAM / "sshd").read_text(encoding="utf-8") == debian("sshd")
    host.conf.unlink()
    assert run(host, "disable", "sshd", "--yes").returncode == 0


def test_disable_shows_and_asks(host):
    enable(host, "sshd", "--yes")
    assert refused(host, "sshd", command="disable", status=1, answer="n\n") == NOTHING
    done = run(host, "disable", "sshd", answer="y\n")
    assert [line for line in done.stdout.splitlines() if line.startswith("-")] == [
        f"--- {PAM}/sshd", "-" + AUTH.strip(), "-" + ACCOUNT.strip(), "-" + SESSION.strip()]
    assert "From then on the local password is enough there." in done.stdout


@pytest.mark.parametrize("end", ["", "\r\n", "x"])
def test_of_a_file_that_was_changed_since_only_our_lines_go(host, end):
    enable(host, "sshd", "--yes")
    with open(PAM / "sshd", "a", encoding="utf-8", newline="") as f:
        f.write("# mine" + end)
    done = run(host, "disable", "sshd", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert (PAM / "sshd").read_bytes() == (debian("sshd") + "# mine" + end).encode()
    assert list(KEPT.iterdir()) == []


def test_lines_by_hand_go_as_well(host):
    text = WANTED["sshd"].replace(AUTH, AUTH.strip() + " debug\n")
    (PAM / "sshd").write_text(text, encoding="utf-8")
    assert run(host, "disable", "sshd", answer="y\n").returncode == 0
    assert (PAM / "sshd").read_text(encoding="utf-8") == debian("sshd")


def test_what_counts_a_line_of_ours_is_left_to_the_administrator(host):
    pam(sshd="auth [success=2 default=ignore] pam_echo.so\n" + AUTH + UNIX + "auth required pam_permit.so\n")
    assert refused(host, "sshd", "--yes", command="disable") == (
        f"beproductctl: {PAM}/sshd:1: jumps over a line of ours, and counts it: only you can take "
        f"that out\n{NOTHING}")


def test_a_service_without_our_lines_has_none_taken_out(host):
    for name in ("sshd", "nosuch"):
        done = run(host, "disable", name)
        assert (done.returncode, done.stdout) == (0, f"{name}: no line of ours stands in {PAM}\n")


def test_what_is_kept_and_makes_no_sense_is_named(host):
    enable(host, "sshd", "--yes")
    (KEPT / "sshd").write_text("x")
    assert f"{KEPT}/sshd: is not what `enable` keeps" in refused(
        host, "sshd", "--yes", command="disable")
    (KEPT / "sshd").unlink()
    assert run(host, "disable", "sshd", "--yes").returncode == 0
    assert (PAM / "sshd").read_text(encoding="utf-8") == debian("sshd")


### All ###

def test_all_that_were_enabled_go_at_once(host):
    before = texts()
    for name in FILES_OF:
        enable(host, name, "--yes")
    done = run(host, "disable", "--all", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert texts() == before and list(KEPT.iterdir()) == []
    assert run(host, "disable", "--all", "--yes").stdout == f"--all: no line of ours stands in {PAM}\n"


def by_hand(host):
    (PAM / "login").write_text(example("login"), encoding="utf-8")
    return PAM / "login"


def changed_since(host):
    enable(host, "login", "--yes")
    with open(PAM / "login", "a", encoding="utf-8") as f:
        f.write("# mine\n")
    return PAM / "login"


@pytest.mark.parametrize("change", [by_hand, changed_since])
def test_all_takes_out_nothing_while_a_line_stands_otherwise(host, change):
    enable(host, "sshd", "--yes")
    path = change(host)
    said = refused(host, "--all", "--yes", command="disable")
    assert f"beproductctl: {path}:" in said and "`beproductctl disable login` shows" in said
    assert f"{PAM}/sshd" not in said


def test_all_forgets_what_is_enabled_no_more(host):
    enable(host, "sshd", "--yes")
    (PAM / "sshd").write_text(debian("sshd"), encoding="utf-8")
    assert run(host, "disable", "--all", "--yes").returncode == 0
    assert list(KEPT.iterdir()) == []


@pytest.mark.parametrize("arguments, words", [
    ((), "disable needs one of SERVICE and --all"),
    (("sshd", "--all"), "disable needs one of SERVICE and --all"),
    (("sshd", "sudo"), "name of one service"), (("../sshd",), "name of one service")])
def test_a_call_of_disable_that_makes_no_sense_is_a_mistake(host, arguments, words):
    assert words in refused(host, *arguments, command="disable", status=4)
