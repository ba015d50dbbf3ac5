# SPDX-License-Identifier: BSD-2-Clause
"""What an administrator writes: beproduct.conf, the secret, the map."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import time

import idp

FOLDER = pathlib.Path("/etc/beproduct")
CONF = FOLDER / "beproduct.conf"
SECRET = FOLDER / "client_secret"
MAP = FOLDER / "accounts.map"
CA = FOLDER / "ca.pem"
CACHE = pathlib.Path("/var/cache/beproduct")
TICKETS = pathlib.Path("/run/beproduct/tickets")
QUEUE = pathlib.Path("/var/lib/beproduct/revoke")
SERVICE_TOKEN = pathlib.Path("/var/lib/beproduct/service_token")
LOCKS = pathlib.Path("/var/lib/beproduct/locks")
PINS = pathlib.Path("/var/lib/beproduct/pins")

BASE = {
    "provider": {
        "issuer": "https://id.beproduct.test/ids",
        "client_id": "web-hosts",
        "tenant": "claim company=acme",
        "ca_file": str(CA),
        "pkce": "off",  # as its client is registered
    },
    "accounts": {"local_accounts": "root, local1"},
    "service:sshd": {"require_role": "Host Login"},
    "service:sudo": {"require_role": "Host Login"},
    "service:su": {"require_role": "Host Login"},
    "service:login": {"require_role": "Host Login"},
}

# Who is mapped to what: carol is signed in well, and mapped to nothing.
MAPPING = """\
# claim  identity             account
email    alice@example.com    alice
email    bob@example.com      bob
email    dave@example.com     dave
"""


def conf_text(**sections):
    """BASE, with sections or keys put in; None takes a key out.

    A section's ':' cannot stand in a Python name: service_sshd is service:sshd."""
    table = {name: dict(keys) for name, keys in BASE.items()}
    for name, keys in sections.items():
        table.setdefault(name.replace("_", ":", 1), {}).update(keys)
    lines = []
    for name, keys in table.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {value}" for key, value in keys.items() if value is not None]
    return "\n".join(lines) + "\n"


def line_of(text, start):
    """The number of the line that begins so."""
    return next(n for n, line in enumerate(text.split("\n"), 1) if line.startswith(start))


def put(path, content, mode=0o644, owner=0):
    """Anew each time: what stood there may be a link or have an odd mode."""
    if path.is_symlink() or path.exists():
        path.unlink()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.chmod(path, mode)
    os.chown(path, owner, owner)


def service_token(access, refresh, *, issuer=None, api_url="https://developers.beproduct.com",
                  company="acme", client_id=BASE["provider"]["client_id"]):
    """This host's token for the public API, as core/service_token.c keeps it."""
    def text(value):
        return len(value).to_bytes(4, "big") + value.encode()

    SERVICE_TOKEN.parent.mkdir(mode=0o700, exist_ok=True)
    now = int(time.time()).to_bytes(8, "big")
    put(SERVICE_TOKEN, text("service token, 1") + now + now + b"".join(map(text, (
        issuer or BASE["provider"]["issuer"], client_id, api_url, company, refresh, access))),
        0o600)


def lock_path(kind, value, issuer=BASE["provider"]["issuer"]):
    """Of the file that locks it: an account, a sub at its issuer, an e-mail address."""
    key = f"{issuer}\0{value}" if kind == "sub" else value
    return LOCKS / f"{kind}-{hashlib.sha256(key.encode()).hexdigest()}"


def lock(*what, **how):
    """By hand, as nobody should: what is in it does not count."""
    for folder in (LOCKS.parent, LOCKS):
        folder.mkdir(mode=0o700, exist_ok=True)
    path = lock_path(*what, **how)
    put(path, "", 0o600)
    return path


def check():
    """What beproductctl says of it all."""
    run = subprocess.run(["/usr/sbin/beproductctl", "check"], capture_output=True,
                         text=True, timeout=30, check=False)
    return f"$ beproductctl check\n{run.stdout}{run.stderr}exit status {run.returncode}"


class Settings:
    """restore() is what every test begins and ends with."""

    def __init__(self, ca):
        self.ca = ca

    def restore(self):
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(mode=0o755)
        put(CA, pathlib.Path(self.ca).read_bytes())
        put(CONF, conf_text())
        put(SECRET, idp.SECRET + "\n", mode=0o600)
        put(MAP, MAPPING)
        shutil.rmtree(TICKETS, ignore_errors=True)
        shutil.rmtree(QUEUE, ignore_errors=True)
        SERVICE_TOKEN.unlink(missing_ok=True)
        shutil.rmtree(LOCKS, ignore_errors=True)
        shutil.rmtree(PINS, ignore_errors=True)
        self.forget_provider()

    def forget_provider(self):
        """As after a reboot: the provider's record has to be fetched anew, and neither that
        it could not be reached is known nor what the public API said."""
        for kind in ("provider", "outage", "user"):
            for kept in CACHE.glob(f"{kind}-*"):
                kept.unlink()

    @staticmethod
    def age_provider(seconds):
        """As if the record had been fetched so much earlier: its time stands at 16."""
        for record in CACHE.glob("provider-*"):
            data = bytearray(record.read_bytes())
            data[16:24] = (int.from_bytes(data[16:24], "big") - seconds).to_bytes(8, "big")
            record.write_bytes(bytes(data))

    def conf(self, **sections):
        put(CONF, conf_text(**sections))
