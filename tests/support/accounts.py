# SPDX-License-Identifier: BSD-2-Clause
"""The private root's accounts. Made once; making them again changes nothing."""

import contextlib
import os
import pathlib
import pwd
import subprocess

PEOPLE = ("alice", "bob", "carol", "dave")
LOCAL = "local1"
LOCAL_PASSWORD = "local1's own password"
ROOT_PASSWORD = "root's own password"
ABSENT = "nosuch"
HELPER_USER = "_beproduct"
ROOT_KEY = pathlib.Path("/root/.ssh/e2e_key_root")


def _exists(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def set_password(name, password):
    subprocess.run(["chpasswd"], input=f"{name}:{password}\n", text=True, check=True, timeout=30)


def _make(name, *options):
    if not _exists(name):
        subprocess.run(["useradd", *options, name], check=True, timeout=30)


def make_all():
    for name in (*PEOPLE, LOCAL):
        _make(name, "--create-home", "--shell", "/bin/bash", "--key", "UID_MIN=1000")
        assert pwd.getpwnam(name).pw_uid >= 1000
    # alice has one too: with ours in place it must open nothing
    set_password("alice", "alice's local password")
    set_password(LOCAL, LOCAL_PASSWORD)
    set_password("root", ROOT_PASSWORD)
    _make(HELPER_USER, "--system", "--no-create-home", "--home-dir", "/nonexistent",
          "--shell", "/usr/sbin/nologin")
    make_key_of("root")


@contextlib.contextmanager
def expired(name):
    subprocess.run(["usermod", "--expiredate", "1", name], check=True, timeout=30)
    try:
        yield
    finally:
        subprocess.run(["usermod", "--expiredate", "", name], check=True, timeout=30)


def make_key_of(name):
    """Gives the private key that opens this account, as far as sshd alone goes."""
    person = pwd.getpwnam(name)
    key, home = pathlib.Path(f"/root/.ssh/e2e_key_{name}"), pathlib.Path(person.pw_dir)
    for folder in (key.parent, home / ".ssh"):
        folder.mkdir(mode=0o700, exist_ok=True)
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key],
                       check=True, timeout=30)
    allowed = home / ".ssh" / "authorized_keys"
    allowed.write_bytes(pathlib.Path(f"{key}.pub").read_bytes())
    for path in (allowed.parent, allowed):
        os.chown(path, person.pw_uid, person.pw_gid)
    return key
