# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl check`: PAM's files, and what follows from where our lines stand."""

import pathlib
import re
import shutil
import time

import pytest
from checking import ACCOUNT, AUTH, MODULE, PAM, SOURCE, STACK, UNIX, line_of, pam


def test_the_documented_stack_is_warned_of_by_nothing(host):
    pam(sshd=STACK)
    host.warned()


def test_the_shipped_example_is_the_documented_stack(host):
    shutil.copy(SOURCE / "conf/pam.d/sshd.example", PAM / "sshd")
    host.warned()
    # and it is read: under another name there is no section for it
    shutil.copy(PAM / "sshd", PAM / "login")
    number = line_of(PAM / "login", "auth ")
    host.warned(f"{PAM}/login:{number}: there is no .service:login.")


LOGINUID, SESSION = "session required pam_loginuid.so\n", "session optional pam_beproduct.so\n"


@pytest.mark.parametrize("name", ["sshd", "login", "sudo"])
@pytest.mark.parametrize("session, is_right", [
    ("", True), (LOGINUID + SESSION, True), (LOGINUID, False), (SESSION + LOGINUID, False)],
    ids=["without", "behind", "missing", "ahead"])
def test_a_host_whose_sign_ins_sudo_does_not_learn_of_is_warned_of(gated, name, session, is_right):
    pam(**{name: STACK + session})
    gated.warned(*([] if is_right or name == "sudo" else [
        f"{PAM}/{name}:{line_of(PAM / name, 'session required')}: without "
        '"session optional pam_beproduct.so" behind this line']))


def test_where_nothing_is_to_be_remembered_it_is_not(host):
    pam(sshd=STACK + LOGINUID)
    host.configure(services="[service:sshd]\nrequire_role = a\nticket = 0s\n")
    host.warned()


def test_a_file_without_a_section_is_warned_of(host):
    pam(ftp="# a\n" + STACK)
    host.warned(f"{PAM}/ftp:2: there is no .service:ftp. in {host.conf}")


def test_what_editors_leave_behind_is_no_service(host):
    pam(**{"ftp~": STACK, "ftp.dpkg-old": STACK, ".ftp": STACK,
           "sshd.example": STACK})
    host.warned()


@pytest.mark.parametrize("name, line", [
    ("common_auth", AUTH), ("common_account", ACCOUNT),
    ("system_auth", AUTH)])
def test_ours_in_a_common_file_is_warned_of(host, name, line):
    target = PAM / name.replace("_", "-")
    before = target.read_text() if target.exists() else ""
    pam(**{name: line + before})
    done = host.check()
    assert f"warning: {target}:1: would decide about cron" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("control, documented", [
    ("sufficient", False), ("required", False),
    ("[success=done default=ignore]", False),
    ("[success=done user_unknown=ignore default=die]", True),
    ("[success=done\tuser_unknown=ignore   default=die ]", True)])
def test_another_control_of_the_auth_line_is_warned_of(
        host, control, documented):
    pam(sshd=f"auth {control} pam_beproduct.so\n" + ACCOUNT + UNIX)
    host.warned(*([] if documented else [f"{PAM}/sshd:1: auth "]))


@pytest.mark.parametrize("control", [
    "sufficient", "optional", "requisite", "[success=ok default=bad]"])
def test_another_control_of_the_account_line_is_warned_of(host, control):
    pam(sshd=f"account {control} pam_beproduct.so\n" + AUTH + UNIX)
    host.warned(re.escape(f"{PAM}/sshd:1: account {control}: "))


def test_another_configuration_and_other_arguments_are_warned_of(host):
    pam(sshd=STACK.replace(
        "pam_beproduct.so\n", f"pam_beproduct.so debug config={host.conf}\n"))
    host.warned()
    pam(sshd=f"account required {MODULE} config=/x\n"
        "auth [success=done user_unknown=ignore default=die] "
        "pam_beproduct.so debug nullok\n" + UNIX)
    host.warned(f"{PAM}/sshd:1: config=/x: another configuration",
                f"{PAM}/sshd:2: nullok: no argument")


def test_an_account_line_behind_one_that_ends_the_phase_is_warned_of(host):
    pam(sshd=AUTH + "account sufficient pam_permit.so\n" + ACCOUNT + UNIX)
    host.warned(f"{PAM}/sshd:3: a line before it can end the phase "
                f".{PAM}/sshd:2.")
    pam(sshd=AUTH + "@include common-account\n" + ACCOUNT + UNIX)
    host.warned(f"{PAM}/sshd:3: a line before it can end the phase "
                f".{PAM}/common-account:")
    pam(sshd=AUTH + "account required pam_nologin.so\n" + ACCOUNT + UNIX)
    host.warned()


def test_what_ends_a_substack_ends_no_phase(host):
    pam(inner="account sufficient pam_permit.so\n",
        sshd=AUTH + "account substack inner\n" + ACCOUNT + UNIX)
    host.warned()


def test_an_account_line_alone_is_warned_of(host):
    pam(sshd=AUTH + "auth required pam_unix.so\n" + ACCOUNT)
    host.warned(f"{PAM}/sshd:3: no other account module stands behind it")


def test_an_auth_line_behind_passwords_is_warned_of(host):
    pam(sshd="@include common-auth\n" + STACK)
    host.warned(f"{PAM}/sshd:2: stands behind a module that asks for a "
                f"password .{PAM}/common-auth:")


@pytest.mark.parametrize("control", ["sufficient", "Sufficient", "[success=done default=ignore]",
                                     "[success = done default = ignore]"])
def test_an_auth_line_behind_one_that_lets_in_is_warned_of(host, control):
    pam(sshd=f"auth {control} pam_u2f.so\n" + STACK)
    host.warned(f"{PAM}/sshd:2: a line before it can let in .{PAM}/sshd:1.",
                f"{PAM}/sshd:1: pam_u2f.so: there is no such module")


@pytest.mark.parametrize("text, line, phase", [
    ("auth [success=1 default=ignore] pam_localuser.so\n" + STACK, 1, "auth"),
    (AUTH + "account [default=ignore success=1] pam_localuser.so\n" + ACCOUNT + UNIX, 2, "account"),
    ("auth [success=2 default=ignore] pam_localuser.so\nauth substack inner\n" + STACK, 1, "auth")],
    ids=["auth", "account", "a substack"])
def test_a_jump_over_a_line_of_ours_is_warned_of(host, text, line, phase):
    pam(inner="auth optional pam_echo.so\n" * 3, sshd=text)
    host.warned(f"{PAM}/sshd:{line}: can jump over our {phase} line")
    pam(sshd=text.replace("success=1", "success=ok").replace("success=2", "success=1"))
    host.warned()


def test_pam_nologin_behind_the_auth_line_is_warned_of(host):
    pam(sshd=AUTH + "auth requisite pam_nologin.so\n" + ACCOUNT + UNIX)
    host.warned(f"{PAM}/sshd:2: pam_nologin is skipped")
    pam(sshd="auth requisite pam_nologin.so\n" + STACK)
    host.warned()


def test_pam_rootok_behind_the_auth_line_is_warned_of(gated):
    pam(su=AUTH + "auth sufficient pam_rootok.so\n" + UNIX, su_l="@include su\n")
    # once, though su-l includes the line
    gated.warned(f"{PAM}/su:2: pam_rootok comes too late")
    pam(su="auth sufficient pam_rootok.so\n" + AUTH + UNIX)
    gated.warned()


def test_pam_wheel_as_required_before_the_auth_line_is_warned_of(gated):
    pam(su="auth required pam_wheel.so use_uid\n" + AUTH + UNIX)
    gated.warned(f"{PAM}/su:1: pam_wheel as required refuses only after the sign-in in the "
                 "browser: requisite refuses before it")
    for good in ("requisite", "[success=ok default=die]"):
        pam(su=f"auth {good} pam_wheel.so\n" + AUTH + UNIX)
        gated.warned()
    pam(su=AUTH + "auth required pam_wheel.so\n" + UNIX)
    gated.warned()


def test_every_service_gated_is_good(gated):
    gated.warned()


def test_one_file_of_a_pair_may_include_the_other(gated):
    pam(sudo=STACK, sudo_i="@include sudo\n", su=AUTH + UNIX,
        su_l="auth include su\naccount substack su\n")
    gated.warned()


def test_the_shipped_examples_together_are_warned_of_by_nothing(gated):
    names = [path.name[:-len(".example")]
             for path in (SOURCE / "conf/pam.d").glob("*.example")]
    assert sorted(names) == ["login", "sshd", "su", "su-l", "sudo", "sudo-i"]
    for name in names:
        shutil.copy(SOURCE / f"conf/pam.d/{name}.example", PAM / name)
    gated.warned()


# Nothing is gated

UNGATED = ('{0}: there is [service:{1}], but no line of pam_beproduct.so, and nothing is gated: '
           '`beproductctl enable {1}` puts in '
           f'"{AUTH.strip()}" before common-auth')
AND_ACCOUNT = f', and "{ACCOUNT.strip()}" before common-account'


@pytest.mark.parametrize("service, more", [
    ("sshd", AND_ACCOUNT), ("login", AND_ACCOUNT), ("sudo", AND_ACCOUNT), ("su", "")])
def test_a_section_whose_service_has_no_line_of_ours_is_an_error(gated, service, more):
    other = {"sudo": "sudo_i", "su": "su_l"}.get(service)
    pam(**{service: UNIX, **({other: UNIX} if other else {})})
    gated.refused(UNGATED.format(PAM / service, service) + more)


def test_a_section_of_no_service_is_warned_of(host):
    host.configure(services="[service:sshd]\nrequire_role = a\n[service:ssh]\nrequire_role = a\n")
    number = line_of(host.conf, "[service:ssh]")
    host.warned(f"{host.conf}:{number}: service:ssh: PAM knows no service of this name here: there "
                "is no /etc/pam.d/ssh$")


@pytest.mark.parametrize("name", [
    "pam_beproduct", "pam_beproduct.os", "pam_be_product.so", "pam_beprodcut.so",
    "PAM_BeProduct.so", "beproduct.so"])
def test_a_misspelt_module_is_an_error(host, name):
    pam(sshd=STACK.replace("pam_beproduct.so", name))
    done = host.check()
    assert done.returncode == 3
    assert UNGATED.format(PAM / "sshd", "sshd") + AND_ACCOUNT in done.stderr
    if "beproduct" in name.lower():
        for line in (1, 2):
            assert (f"{PAM}/sshd:{line}: {name}: misspelt, and libpam refuses everybody: "
                    "pam_beproduct.so\n") in done.stderr
    else:  # of any other name it can only be said that there is none
        assert f"warning: {PAM}/sshd:1: {name}: there is no such module in " in done.stdout


def test_a_module_that_is_not_installed_is_an_error(host):
    aside = MODULE.with_name("aside")
    MODULE.rename(aside)
    try:
        done = host.check()
    finally:
        aside.rename(MODULE)
    assert done.returncode == 3
    assert done.stderr.startswith(f"{PAM}/sshd:1: pam_beproduct.so: there is no such module, and "
                                  "libpam refuses everybody: make install puts it into ")


@pytest.mark.parametrize("line, what", [
    ("auht required pam_unix.so", "auht: no phase of PAM's (auth, account, password or session)"),
    ("auth requierd pam_unix.so", "requierd: no control of PAM's (required, requisite, sufficient, "
     "optional or [...])"),
    ("auth binding pam_unix.so", "binding: no control of PAM's (required, requisite, sufficient, "
     "optional or [...])"),
    ("auth [success=ok pam_unix.so", "[success=ok: no control of PAM's (required, requisite, "
     "sufficient, optional or [...])"),
    ("@include common-atuh", "common-atuh: no such file to include"),
    ("account include common-atuh", "common-atuh: no such file to include"),
])
def test_what_libpam_stumbles_over_is_an_error_beside_a_line_of_ours(host, line, what):
    pam(sshd=STACK + line + "\n")
    host.refused(f"{PAM}/sshd:5: {what}; libpam then refuses everybody, root too")
    pam(sshd=STACK, ftp=UNIX + line + "\n")
    host.warned()


def test_an_account_line_of_sshd_without_an_auth_line_is_warned_of(host):
    pam(sshd=ACCOUNT + UNIX)
    host.warned(f"{PAM}/sshd:1: without an auth line of ours nobody signs in, and this one refuses "
                "all accounts of ours")
    # while an auth line alone leaves keys as they were
    pam(sshd=AUTH + UNIX)
    host.warned()


# Pairs

@pytest.mark.parametrize("files, where, how", [
    ({"sudo": STACK, "sudo_i": UNIX}, "sudo:1: sudo has our auth line and "
     "sudo-i has not", "sudo -i goes past it"),
    ({"sudo": STACK, "sudo_i": None}, "sudo:1: sudo has our auth line and sudo-i has not",
     "sudo -i goes past it"),
    ({"sudo": STACK, "sudo_i": AUTH + UNIX}, "sudo:2: sudo has our account "
     "line and sudo-i has not", "sudo -i goes past it"),
    ({"sudo": STACK, "sudo_i": "auth include sudo\n"
      "account required pam_unix.so\n"}, "sudo:2: sudo has our account line "
     "and sudo-i has not", "sudo -i goes past it"),
    ({"sudo": STACK, "sudo_i": ACCOUNT + UNIX}, "sudo:1: sudo has our auth "
     "line", "sudo -i goes past it"),
    ({"sudo": UNIX, "sudo_i": STACK}, "sudo-i:1: sudo-i has our auth line "
     "and sudo has not", "sudo goes past it"),
    ({"su": AUTH + UNIX, "su_l": UNIX}, "su:1: su has our auth line and su-l "
     "has not", "su - goes past it"),
    ({"su": UNIX, "su_l": AUTH + UNIX}, "su-l:1: su-l has our auth line and "
     "su has not", "su goes past it"),
])
def test_one_file_of_a_pair_alone_is_warned_of(gated, files, where, how):
    pam(**files)
    done = gated.check()
    assert [line for line in done.stdout.splitlines()
            if line.startswith(f"warning: {PAM}/{where}")
            and line.endswith(how)], done.stdout


def test_an_account_line_of_su_is_warned_of(gated):
    pam(su=STACK, su_l=AUTH + "account include su\n")
    gated.warned(f"{PAM}/su:2: here the auth line stands alone")


def test_files_that_include_each_other_end(gated):
    # twice, so that what only ran out of descriptors would never end
    pam(sshd="@include ftp\n" + STACK, ftp="@include sshd\n@include sshd\n")
    done = gated.check()
    assert done.returncode == 0
    assert "there is no [service:ftp]" in done.stdout


def test_lines_are_read_as_libpam_reads_them(host):
    pam(sshd="# auth sufficient pam_beproduct.so\n"
        "\t-AUTH \\\n [success=done \\\n user_unknown=ignore default=die] \\\n"
        "pam_beproduct.so # config=/x\n" + ACCOUNT + UNIX +
        f"auth required {MODULE.with_name('pam_deny.so')} pam_beproduct.so\n")
    host.warned()
    pam(ftp="auth \\\n\\\n sufficient pam_beproduct.so\n")
    host.warned(f"{PAM}/ftp:3: auth sufficient", f"{PAM}/ftp:3: there is no")


def test_a_vendors_file_counts_unless_etc_has_its_own(host):
    vendor = pathlib.Path("/usr/lib/pam.d")
    made = not vendor.exists()
    vendor.mkdir(exist_ok=True)
    try:
        (vendor / "ftp").write_text(STACK)
        host.warned(f"{vendor}/ftp:1: there is no .service:ftp.")
        pam(ftp=UNIX)
        host.warned()
    finally:
        (vendor / "ftp").unlink()
        if made:
            vendor.rmdir()


@pytest.fixture
def people(tmp_path):
    """alice and carol of min_uid and more with keys, bob below, dave without."""
    homes = tmp_path / "homes"
    lines = []
    for name, uid, keys in (("alice", 4000, "authorized_keys"),
                            ("bob", 999, "authorized_keys"),
                            ("carol", 4001, "authorized_keys2"),
                            ("dave", 4002, None), ("erin", 4003, "")):
        folder = homes / name / ".ssh"
        folder.mkdir(parents=True)
        if keys:
            (folder / keys).write_text("ssh-ed25519 A\n")
        elif keys == "":
            (folder / "authorized_keys").write_text("")
        lines.append(f"{name}:x:{uid}:{uid}::{homes / name}:/bin/sh\n")
    passwd = pathlib.Path("/etc/passwd")
    passwd.write_text(re.sub(r"(?m)^alice:.*\n", "", passwd.read_text()) + "".join(lines))
    return homes


def test_accounts_whose_keys_are_refused_are_warned_of(host, people):
    pam(sshd=STACK)
    host.warned(f"{people}/alice/.ssh/authorized_keys: sshd's account line "
                "refuses alice these keys without a sign-in in the same login",
                f"{people}/carol/.ssh/authorized_keys2: sshd's account line")


@pytest.mark.parametrize("source, refuses", [("api", False), ("both", True)])
def test_where_the_api_says_the_roles_keys_are_not(host, people, source, refuses):
    pam(sshd=STACK)
    host.configure(accounts=f"[api]\ncompany = acme\nrole_source = {source}\n")
    assert ("refuses alice these keys" in host.check().stdout) == refuses


def test_keys_of_local_accounts_are_not(host, people):
    pam(sshd=STACK)
    host.write(host.map, "sub x dave\n")
    host.configure(accounts="local_accounts = root, alice, carol\n")
    host.warned()
    host.configure(accounts="min_uid = 4001\n")
    host.warned(f"{people}/carol/")


def test_keys_without_an_account_line_are_not(host, people):
    pam(sshd=AUTH + UNIX)
    host.warned()


# Password ages

@pytest.fixture
def shadow(people):
    """Writes the entries of these accounts."""
    def write(**entries):
        path = pathlib.Path("/etc/shadow")
        kept = re.sub(rf"(?m)^({'|'.join(entries)}):.*\n", "", path.read_text())
        path.write_text(kept + "".join(f"{name}:{entry}\n" for name, entry in entries.items()))
    return write


TODAY = int(time.time() // 86400)
NOW = ("after a good sign-in pam_unix asks for the local password, which is too old: "
       r'chage -d "\$\(date \+%F\)" -M -1 alice$')
LATER = ("one day pam_unix will ask for a local password that nobody has .a maximal age, as "
         r"PASS_MAX_DAYS sets it.: chage -M -1 alice$")


@pytest.mark.parametrize("entry, what", [
    ("!:0:0:99999:7:::", NOW),  # chage -d 0
    ("$6$x:0:0:99999:7:::", NOW),
    (f"!:{TODAY - 91}:0:90:7:::", NOW),
    (f"$6$x:{TODAY - 91}:0:90:7:::", NOW),
    (f"!:{TODAY - 90}:0:90:7:::", LATER),
    (f"*:{TODAY}:0:365:7:::", LATER),
], ids=["chage -d 0", "chage -d 0 of a password", "too old", "a password that is too old",
        "of its last day", "for a year"])
def test_an_age_that_asks_for_a_local_password_is_warned_of(host, shadow, entry, what):
    pam(sshd=AUTH + UNIX)
    shadow(alice=entry)
    host.warned(f"/etc/shadow: alice: {what}")
    # of whom pam_unix never sees nothing is asked
    pam(sshd=AUTH + "account required pam_permit.so\n")
    host.warned()


def test_many_ages_are_one_warning(host, shadow):
    pam(sshd=AUTH + UNIX)
    shadow(alice="!:0:0:99999:7:::", dave="!:0:0:99999:7:::", bob="!:0:0:99999:7:::",
           carol=f"!:{TODAY}:0:90:7:::", erin=f"!:{TODAY}:0:90:7:::")
    host.warned("/etc/shadow: alice and 1 more: after a good sign-in",
                "/etc/shadow: carol and 1 more: one day pam_unix")


@pytest.mark.parametrize("entry", [
    f"!:{TODAY - 5000}:0:99999:7:::", f"!:{TODAY - 5000}::::::", "!:::::::",
    f"$6$x:{TODAY}:0:90:7:::",  # who has a password may be asked to change it
    f"!:{TODAY + 1}:0:99999:7:::"],
    ids=["for ever", "of no age", "of nothing", "a password", "of tomorrow"])
def test_an_age_that_asks_nothing_is_not(host, shadow, entry):
    pam(sshd=AUTH + UNIX)
    shadow(alice=entry)
    host.warned()
