# SPDX-License-Identifier: BSD-2-Clause
"""People who come to sshd with an SSH key first, and what they carry on with."""

import pathlib
import subprocess

import accounts
import settings as files
import sshd
import terminal

FOLDER = pathlib.Path("/root/.ssh")
CONFIG = pathlib.Path("/root/.ssh/e2e_config")
CA = FOLDER / "e2e_ca"
KNOWN = "publickey,keyboard-interactive:pam"
METHODS = {"AuthenticationMethods": KNOWN}


def options(key, **more):
    return {"PreferredAuthentications": "publickey,keyboard-interactive",
            "IdentityFile": str(key), "IdentitiesOnly": "yes", **more}


def ssh(key, command="id", user="alice", **more):
    return terminal.Ssh(user, command, **options(key, **more))


def sign_in(provider, key, command="id", user="alice", person=None, **more):
    """With the one browser round."""
    run = terminal.answer_all(ssh(key, command, user, **more),
                              [provider.as_person(person or user)])
    assert run.status == 0 and len(run.addresses) == 1, run.transcript
    return run


def by_key_alone(key, command="id", user="alice", **more):
    """Whether nobody was asked."""
    with ssh(key, command, user, **more) as run:
        asked = run.prompt()
        if asked is not None:
            run.hang_up()
            assert asked.has_address, run.transcript
            return False
    assert run.status == 0, run.transcript
    return True


def make_key(name, *arguments):
    """One more, which opens nothing yet."""
    key = FOLDER / f"e2e_key_{name}"
    for one in (key, key.with_suffix(".pub")):
        one.unlink(missing_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-f", key, *(arguments or ("-t", "ed25519"))],
                   check=True, timeout=60)
    return key


def allow(key, *names):
    """To those accounts as well."""
    for name in names:
        allowed = pathlib.Path(f"/home/{name}/.ssh/authorized_keys")
        if not allowed.exists():
            accounts.make_key_of(name)
        with open(allowed, "ab") as file:
            file.write(pathlib.Path(f"{key}.pub").read_bytes())


def fingerprint(key):
    run = subprocess.run(["ssh-keygen", "-l", "-f", f"{key}.pub"], capture_output=True,
                         text=True, check=True, timeout=30)
    return run.stdout.split()[1]


def kept():
    """The keys that are signed in with: the files of their tickets."""
    return sorted(one.name for one in files.TICKETS.glob("key-*"))


def age_check(seconds):
    """As if each key's sign-in had been checked so much earlier: the time of that stands
    at 32. By the clock since boot, at 40, one second does: in the very second of a check
    nobody can tell that there was another, and asks as well."""
    for ticket in files.TICKETS.glob("key-*"):
        data = bytearray(ticket.read_bytes())
        for at, much in ((32, seconds), (40, 1)):
            then = int.from_bytes(data[at:at + 8], "big") - much
            data[at:at + 8] = then.to_bytes(8, "big")
        ticket.write_bytes(bytes(data))


def client_config(key):
    """What scp, git and the like are to know: no more than ~/.ssh/config has of a host."""
    CONFIG.write_text(
        f"Host web1\n HostName 127.0.0.1\n User alice\n IdentityFile {key}\n"
        f" IdentitiesOnly yes\n UserKnownHostsFile {sshd.KNOWN_HOSTS}\n", encoding="utf-8")
    return CONFIG


def run(*command, **options_):
    """A program without a terminal, which nobody could answer."""
    return subprocess.run([str(one) for one in command], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120, check=False,
                          start_new_session=True, **options_)
