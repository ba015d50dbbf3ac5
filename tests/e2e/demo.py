# SPDX-License-Identifier: BSD-2-Clause
"""The demonstration: one host, one provider, four people, each step shown.

Runs inside tests/support/host only, by tests/demo. Ends with 0 only if the
right people got in and the others did not."""

import pathlib
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / name) for name in ("e2e", "support", "idp")]

import accounts  # noqa: E402
import devlog  # noqa: E402
import hosts  # noqa: E402
import idp  # noqa: E402
import pam_codes  # noqa: E402
import provider as provider_module  # noqa: E402
import settings as files  # noqa: E402
import sshd as sshd_module  # noqa: E402
import terminal  # noqa: E402

SSH = (
    # what, account, who signs in, does it end well?
    ("alice has the role and an account: she is admitted", "alice", "alice", True),
    ("bob has an account, but not the role: he is refused", "bob", "bob", False),
    ("carol has the role, but no rule maps her: she is refused", "carol", "carol", False),
    ("dave has the role, and tries alice's account: he is refused", "alice", "dave", False),
)
SUDO = (
    ("sudo asks for the role Admin: alice has it", "alice", "alice", True),
    ("dave has Host Login alone: refused", "dave", "dave", False),
)
_number = 0


def step(text):
    global _number
    _number += 1
    print(f"\n{_number}. {text}\n", flush=True)


def show(text, columns=None):
    for line in text.replace("\r\n", "\n").strip("\n").split("\n"):
        for at in range(0, max(len(line), 1), columns or max(len(line), 1)):
            print(f"   | {line[at:at + (columns or len(line))]}", flush=True)


def over_ssh(account, answer):
    show(f"$ ssh {account}@web1 id")
    ssh = terminal.dialogue(account, [answer])
    return ssh, ssh.status == 0 and f"({account}) gid=" in ssh.transcript


def by_sudo(account, answer):
    show("$ sudo id")
    sudo = hosts.SUDO.dialogue(account, [answer])
    return sudo, hosts.SUDO.is_admitted(sudo, account)


def sign_in(provider, log, how, account, who):
    """Gives whether it ended well; shows all that either side sees."""
    pages = []

    def answer(address):
        pages.append(provider.as_person(who)(address))
        return pages[-1]

    log.mark()
    run, is_well = how(account, answer)
    # broken as a terminal of 80 columns breaks it; the address is one run of bytes
    show(terminal.without_code(run.transcript, pages[-1] if pages else ""), columns=80)
    last = log.wait_for_event("admitted" if is_well else "refused")
    print("\n   the host's log:")
    for event in log.events():
        show(event.line.text)
    assert last["attempt"] == log.events("started")[0]["attempt"]
    return is_well


def try_all(provider, log, how, steps):
    """The steps that did not come out as told."""
    wrong = []
    for text, account, who, ends_well in steps:
        step(text)
        if sign_in(provider, log, how, account, who) != ends_well:
            wrong.append(text)
    return wrong


def main():
    log = devlog.DevLog()
    step("Accounts: alice, bob, carol and dave, who have no password that counts; "
         "local1, who stays local")
    accounts.make_all()
    pam_codes.make_library()
    show("getent passwd: " + ", ".join((*accounts.PEOPLE, accounts.LOCAL)))

    step("A certified OpenID provider (oidc-provider) in BeProduct's shapes, over TLS")
    folder = tempfile.mkdtemp(prefix="certs")
    idp.make_certs(folder)
    provider = provider_module.Provider(folder)
    show("issuer " + files.BASE["provider"]["issuer"])

    step("What an administrator writes: /etc/beproduct/beproduct.conf and accounts.map")
    settings = files.Settings(provider.ca)
    settings.restore()
    settings.conf(service_sudo={"require_role": "Admin"})
    show(files.CONF.read_text(encoding="utf-8"))
    show(files.MAPPING)

    step("Debian's sshd and sudo, with lines of ours in /etc/pam.d/sshd, sudo and sudo-i, "
         "and timestamp_timeout=0 in sudoers")
    server = sshd_module.Sshd(log)
    server.set_stack(sshd_module.stack())
    server.start(trace=False)
    show(sshd_module.AUTH_LINE + "\n" + sshd_module.ACCOUNT_LINE)

    try:
        with hosts.installed():
            step("What beproductctl says of it")
            show(files.check())
            went_wrong = try_all(provider, log, over_ssh, SSH)
            went_wrong += try_all(provider, log, by_sudo, SUDO)
    finally:
        server.stop()
        provider.stop()
    print()
    for text in went_wrong:
        print(f"Not so: {text}")
    print("All went as told." if not went_wrong else "Something is wrong.")
    return 1 if went_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
