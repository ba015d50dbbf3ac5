# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl check`: what sshd really does, as `sshd -T` says it."""

import pathlib
import subprocess
import time

import pytest
from checking import AUTH, SSHD, SSHD_CONFIG, UNIX, pam

SBIN_SSHD = pathlib.Path("/usr/sbin/sshd")


def sshd(text, **settings):
    """The configuration that is good, but for SETTINGS, and TEXT at its end."""
    lines = dict(line.split(" ", 1) for line in SSHD.splitlines())
    lines.update(settings)
    SSHD_CONFIG.write_text("".join(f"{key} {value}\n" for key, value in lines.items()) + text)


def found(key, value, words):
    return f"{SSHD_CONFIG}: {key}: is {value}: {words}"


NO_DIALOGUE = ("nothing else can show the address, and nobody can sign in: "
               "KbdInteractiveAuthentication yes")
NO_PASSWORD = ("a client that tries a local password first, and fails, cannot sign in on that "
               "connection any more: PasswordAuthentication no")
NO_LIST = "nobody is ever asked to sign in: one list must have keyboard-interactive:pam"


def test_what_debian_ships_is_refused_with_the_line_to_change(host):
    sshd("", KbdInteractiveAuthentication="no", PasswordAuthentication="yes")
    done = host.refused(found("KbdInteractiveAuthentication", "no", NO_DIALOGUE))
    assert f"warning: {found('PasswordAuthentication', 'yes', NO_PASSWORD)}\n" in done.stdout


def test_an_sshd_without_pam_is_refused(host):
    sshd("", UsePAM="no")
    host.refused(found("UsePAM", "no", "sshd asks no PAM, and no line of ours counts: UsePAM yes"))


def test_the_first_value_counts_wherever_it_stands(host):
    drop_in = SSHD_CONFIG.parent / "sshd_config.d/beproduct.conf"
    drop_in.parent.mkdir(exist_ok=True)
    drop_in.write_text("KbdInteractiveAuthentication yes\n")
    SSHD_CONFIG.write_text(f"Include {drop_in.parent}/*.conf\nUsePAM yes\n"
                           "KbdInteractiveAuthentication no\nPasswordAuthentication no\n")
    host.warned()


@pytest.mark.parametrize("lists, good", [
    ("any", True), ("keyboard-interactive", True), ("keyboard-interactive:pam", True),
    ("publickey,keyboard-interactive:pam", True), ("publickey keyboard-interactive", True),
    ("publickey", False), ("publickey,password", False), ("publickey password", False),
])
def test_methods_must_have_a_dialogue(host, lists, good):
    sshd(f"AuthenticationMethods {lists}\n", PasswordAuthentication="no" if good else "yes")
    done = host.check()
    assert done.returncode == (0 if good else 3)
    assert done.stderr == ("" if good else found("AuthenticationMethods", lists, NO_LIST) + "\n")


@pytest.mark.parametrize("source, lists, good", [
    ("api", "publickey", True), ("api", "password", False), ("both", "publickey", False)])
def test_a_key_alone_is_enough_where_the_api_says_the_roles(host, source, lists, good):
    host.configure(accounts=f"[api]\ncompany = acme\nrole_source = {source}\n")
    sshd(f"AuthenticationMethods {lists}\n", PasswordAuthentication="no" if good else "yes")
    done = host.check()
    assert done.returncode == (0 if good else 3)
    assert done.stderr == ("" if good else found("AuthenticationMethods", lists, NO_LIST) + "\n")


def test_where_a_key_alone_is_the_way_in_sshd_need_not_ask(host):
    host.configure(accounts="[api]\ncompany = acme\nrole_source = api\n")
    sshd("AuthenticationMethods publickey\n", KbdInteractiveAuthentication="no")
    done = host.check()
    assert (done.returncode, done.stderr) == (0, "")
    words = "role_source = api: an SSH key alone is the way in, and nobody signs in here"
    assert f"note: {found('KbdInteractiveAuthentication', 'no', words)}\n" in done.stdout
    assert NO_DIALOGUE not in done.stdout
    # with both, a key alone has no claims
    host.configure(accounts="[api]\ncompany = acme\nrole_source = both\n")
    assert found("KbdInteractiveAuthentication", "no", NO_DIALOGUE) in host.check().stderr


@pytest.mark.parametrize("grace, deadline, good", [
    ("110", "auto", False), ("111", "auto", True), ("2m", "auto", True), ("0", "auto", True),
    ("2m", "290s", False), ("5m", "290s", True), ("30", "20s", True)])
def test_sshd_must_not_end_a_sign_in_first(host, grace, deadline, good):
    host.configure(services=f"[service:sshd]\nrequire_role = a\ndeadline = {deadline}\n")
    sshd(f"LoginGraceTime {grace}\n")
    host.warned(*([] if good else [
        rf"{SSHD_CONFIG}: LoginGraceTime: is \d+: sshd ends a sign-in before the deadline of "
        r"\[service:sshd\] does"]))


# Match

@pytest.fixture
def bob(host):
    """Beside alice."""
    passwd = pathlib.Path("/etc/passwd")
    passwd.write_text(passwd.read_text() + "bob:x:4101:4101::/nonexistent:/bin/sh\n")
    host.write(host.map, "sub x alice\nsub y bob\n")
    return host


@pytest.mark.parametrize("match", [
    "User bob", "User bo*", "User !alice,*", "Address 192.0.2.0/24 User bob", "Host * User bob",
    "LocalPort 22 User bob"])
def test_what_is_so_for_one_person_is_said_of_that_person(bob, match):
    sshd(f"Match {match}\nKbdInteractiveAuthentication no\n")
    bob.refused(found("KbdInteractiveAuthentication", "no for bob", NO_DIALOGUE))


def test_what_is_so_for_nobody_of_ours_is_not_said(bob):
    sshd("Match User alice,bob\nKbdInteractiveAuthentication yes\nPasswordAuthentication no\n",
         KbdInteractiveAuthentication="no", PasswordAuthentication="yes")
    bob.warned()


def test_what_a_match_makes_so_for_all_is_said_once(bob):
    sshd("Match All\nPasswordAuthentication yes\n")
    bob.warned(found("PasswordAuthentication", "yes", "a client that tries"))


def test_without_a_rule_accounts_of_this_host_stand_for_all(bob):
    bob.write(bob.map, "email /(.*)@x\\.com/ \\1\n")
    sshd("Match User bob\nKbdInteractiveAuthentication no\n")
    bob.refused(found("KbdInteractiveAuthentication", "no for bob", NO_DIALOGUE))


# Whom sshd lets in

# What stands in sshd_config, and the key that keeps alice out, of the groups folk and guests.
ACCESS = [
    ("AllowUsers alice", None), ("AllowUsers bob", "AllowUsers"), ("AllowUsers bob alice", None),
    ("AllowUsers bob\nAllowUsers alice", None), ("AllowUsers *", None), ("AllowUsers al*", None),
    ("AllowUsers **i?e*", None), ("AllowUsers a*i*e", None), ("AllowUsers a*l*x", "AllowUsers"),
    ("AllowUsers ?lice", None), ("AllowUsers alice?", "AllowUsers"),
    ("AllowUsers alic", "AllowUsers"), ("AllowUsers lice", "AllowUsers"),
    ("AllowUsers Alice", "AllowUsers"), ("AllowUsers !bob", "AllowUsers"),
    ("AllowUsers bob,alice", "AllowUsers"), ("AllowUsers alice@*", None),
    ("AllowUsers bob@*", "AllowUsers"),
    ("DenyUsers bob", None), ("DenyUsers alice", "DenyUsers"), ("DenyUsers b* a*e", "DenyUsers"),
    ("DenyUsers alice@*", "DenyUsers"), ("DenyUsers bob@*", None), ("DenyUsers !bob", None),
    ("AllowUsers alice\nDenyUsers alice", "DenyUsers"),
    ("AllowGroups guests", None), ("AllowGroups folk", None), ("AllowGroups crew", "AllowGroups"),
    ("AllowGroups crew g?ests", None), ("DenyGroups crew", None),
    ("DenyGroups crew guests", "DenyGroups"), ("DenyGroups fo*", "DenyGroups"),
    ("AllowUsers alice\nAllowGroups crew", "AllowGroups"),
    ("Match User alice\nAllowUsers bob", "AllowUsers"), ("Match User bob\nAllowUsers bob", None),
]
TELLS = {"AllowUsers": "not listed in AllowUsers", "DenyUsers": "listed in DenyUsers",
         "AllowGroups": "none of user's groups are listed in AllowGroups",
         "DenyGroups": "a group is listed in DenyGroups"}


def kept_out(key, who):
    return (f"{SSHD_CONFIG}: {key}: keeps out {who}, whom the account map names: sshd takes no "
            "answer of such a person")


def every_access(function):
    return pytest.mark.parametrize("lines, key", ACCESS,
                                   ids=[lines.replace("\n", "; ") for lines, _ in ACCESS])(function)


@pytest.fixture
def grouped(host):
    path = pathlib.Path("/etc/group")
    path.write_text(path.read_text() +
                    "folk:x:4100:\ncrew:x:4150:bob\nguests:x:4151:bob,alice\n")
    return host


@every_access
def test_whom_a_rule_names_sshd_must_let_in(grouped, lines, key):
    sshd(lines + "\n")
    grouped.warned(*([kept_out(key, "alice")] if key else []))


@every_access
def test_sshd_itself_keeps_out_whom_we_say(grouped, tmp_path, lines, key):
    """One connection through a pipe; what sshd says of it goes to its own error output."""
    sshd(lines + "\n")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"],
                   check=True, timeout=30)
    said = tmp_path / "said"
    subprocess.run(["ssh", "-F", "none", "-o", f"ProxyCommand={SBIN_SSHD} -i -e -h {tmp_path}/key "
                    f"-o LogLevel=DEBUG1 2>{said}", "-o", "BatchMode=yes",
                    "-o", "StrictHostKeyChecking=no",
                    "-o", f"UserKnownHostsFile={tmp_path}/hosts", "alice@here"],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   timeout=30, check=False)
    refusals = [line for line in said.read_text().splitlines() if "not allowed because" in line]
    assert [line.partition("because ")[2].strip() for line in refusals] == \
        ([TELLS[key]] if key else [])
    assert "userauth-request for user alice" in said.read_text()


@pytest.mark.parametrize("line, says", [
    ("AllowUsers alice@192.0.2.77 bob@!10.0.0.1", None), ("DenyUsers alice@192.0.2.1", None),
    ("AllowUsers alice@192.0.2.77", "bob"), ("AllowUsers carol", "alice and 1 more")])
def test_somebody_may_come_from_anywhere_and_many_are_one_finding(bob, line, says):
    sshd(line + "\n")
    bob.warned(*([kept_out("AllowUsers", says)] if says else []))


def test_whom_no_rule_names_sshd_may_keep_out(host):
    host.write(host.map, "email /(.*)@x\\.com/ \\1\n")
    sshd("AllowUsers bob\n")
    host.warned()


# sshd as a program

@pytest.fixture
def stand_in(host):
    """Puts a script in sshd's place."""
    aside = SBIN_SSHD.with_name("sshd.aside")
    SBIN_SSHD.rename(aside)

    def put(script):
        SBIN_SSHD.unlink(missing_ok=True)
        if script is not None:
            SBIN_SSHD.write_text("#!/bin/sh\n" + script)
            SBIN_SSHD.chmod(0o755)
        return host
    yield put
    aside.rename(SBIN_SSHD)


UNCHECKED = f"{SBIN_SSHD}: what sshd does is not checked, for `sshd -T` fails: "


def test_a_mistake_of_sshds_own_is_passed_on(host):
    sshd("UsePAMM yes\n")
    host.warned(UNCHECKED + f"{SSHD_CONFIG}: terminating, 1 bad configuration options")


def test_an_sshd_that_is_absent_is_told_where_pam_names_us(stand_in):
    host = stand_in(None)
    host.warned(f"{SBIN_SSHD}: is not there: what sshd does is not checked")
    pam(sshd=UNIX)
    done = host.check()
    assert "nothing is gated" in done.stderr and str(SBIN_SSHD) not in done.stdout


def test_an_sshd_that_fails_or_says_too_much_or_never_ends_is_told(stand_in):
    stand_in("echo usepam no; echo why; exit 1").warned(UNCHECKED + "why$")
    stand_in("exec yes usepam no").warned(UNCHECKED)
    began = time.monotonic()
    stand_in("echo usepam no; exec sleep 60").warned(UNCHECKED + "usepam no$")
    assert 4 < time.monotonic() - began < 15
    stand_in("exec >&- 2>&-; exec sleep 60").warned(UNCHECKED)


def test_sshd_is_run_with_nothing_of_the_callers(stand_in, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    monkeypatch.setenv("SECRET", "x")
    host = stand_in("env >/run/said; pwd >>/run/said; echo \"$@\" >>/run/said\n"
                    "cat >>/run/said; [ ! -t 0 ] || echo terminal >>/run/said\n"
                    "echo session $$ \"$(cut -d' ' -f6 /proc/$$/stat)\" >>/run/said\n")
    host.warned()
    said = pathlib.Path("/run/said").read_text().splitlines()
    session = said.pop().split()
    assert session[0] == "session" and session[1] == session[2]
    assert sorted(line for line in said if not line.startswith(("PWD=", "OLDPWD=", "_="))) == [
        "-T -C user=alice,host=192.0.2.1,addr=192.0.2.1,laddr=192.0.2.2,lport=22",
        "/", "LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]


@pytest.mark.parametrize("name, good", [("sshd", True), ("sshd-inner", False)])
def test_an_sshd_that_comes_by_another_file_of_pams_is_refused(stand_in, name, good):
    host = stand_in(f"echo usepam yes; echo pamservicename {name}")
    if good:
        host.warned()
        return
    host.refused(f"{SSHD_CONFIG}: PAMServiceName: is sshd-inner: sshd comes by the file of another "
                 "service, and no line in its own counts: PAMServiceName sshd")


def test_nobody_asks_sshd_where_it_is_not_concerned(stand_in):
    host = stand_in("echo usepam no")
    host.configure(services="[service:login]\nrequire_role = a\n")
    pam(sshd=UNIX, login=AUTH + UNIX)
    host.warned()
    # but as soon as its section stands there, the next step is told
    host.configure()
    pam(login=UNIX)
    done = host.check()
    assert f"{SSHD_CONFIG}: UsePAM: is no" in done.stderr
