# SPDX-License-Identifier: BSD-2-Clause
"""The installed module through the real libpam, with a helper that misbehaves."""

import os
import pathlib
import pwd
import re
import shutil
import subprocess
import types

import pytest

import devlog
import documented
import host
from rows import CODE, CONF, HOSTS, MAP, SECRET, TOKEN
from settings import (CACHE, FOLDER as ETC, LOCKS, PINS, QUEUE, SERVICE_TOKEN, TICKETS,
                      Settings, put)

HERE = pathlib.Path(__file__).resolve().parent
PRODUCT = HERE.parents[1] / "pam_beproduct"
FLAGS = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-O1",
         "-D_GNU_SOURCE", f"-I{PRODUCT}", f"-I{HERE.parent}"]
MODULE = os.environ.get("BP_MODULE", "")
HELPER = pathlib.Path("/usr/libexec/beproduct/beproduct-helper")
MODE = pathlib.Path("/run/bad-helper")
PEOPLE = {"alice": 4001, "bob": 4002, "local1": 4003, "toor": 0, "below": 999, "nobody2": 65534}


def build(ret, *arguments):
    subprocess.run([os.environ.get("CC", "gcc"), *FLAGS, "-include",
                    f"{os.environ['BP_BUILD']}/config.h", "-o", ret, *arguments],
                   check=True, timeout=60)


def make_people():
    for name, uid in PEOPLE.items():
        subprocess.run(["useradd", "--no-create-home", "--non-unique", "--uid", str(uid), name],
                       capture_output=True, timeout=30, check=False)
        assert pwd.getpwnam(name).pw_uid == uid
    text = pathlib.Path("/etc/nsswitch.conf").read_text(encoding="ascii")
    put(pathlib.Path("/etc/nsswitch.conf"),
        re.sub(r"(?m)^passwd:.*$", "passwd: files bptest", text))
    build(pathlib.Path(MODULE).parents[1] / "libnss_bptest.so.2", "-shared", "-fPIC",
          HERE / "nss_bptest.c")


@pytest.fixture(scope="session", autouse=True)
def _installed(_devlog):
    assert pathlib.Path(MODULE).exists(), "BP_MODULE is not installed"
    make_people()
    aside = HELPER.with_name("beproduct-helper.aside")
    HELPER.rename(aside)
    # static: what is preloaded for the module's sake would tell of its crashes
    build(HELPER, "-static", HERE / "bad_helper.c", *(PRODUCT / "wire").glob("*.c"))
    os.chmod(HELPER, 0o711)
    yield
    aside.rename(HELPER)


@pytest.fixture(scope="session")
def stacks(tmp_path_factory):
    """A PAM folder whose services have our line; the next one answers CRED_EXPIRED."""
    return make_stacks(tmp_path_factory.mktemp("pam"))


def make_stacks(folder, argument=""):
    for service in HOSTS:
        (folder / service).write_text("".join(
            f"{kind} [default=die success=done ignore=ignore] {MODULE} {argument}\n"
            f"{kind} [default=die] pam_debug.so auth=cred_expired acct=cred_expired "
            "open_session=cred_expired close_session=cred_expired "
            "prechauthtok=cred_expired chauthtok=cred_expired\n"
            for kind in ("auth", "account", "session", "password")), encoding="ascii")
    return folder


def helpers():
    """Pids of processes of the helper's user."""
    uid = pwd.getpwnam("_beproduct").pw_uid
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text(encoding="ascii", errors="replace")
        except OSError:
            continue  # it ended meanwhile
        if re.search(rf"(?m)^Uid:.*\b{uid}\b", text):
            found.append(int(status.parent.name))
    return found


class Bench:
    """One test's host, log and files."""

    def __init__(self, log, folder):
        self.log, self.stacks = log, folder

    def restore(self):
        shutil.rmtree(ETC, ignore_errors=True)
        shutil.rmtree(CACHE, ignore_errors=True)
        shutil.rmtree(TICKETS, ignore_errors=True)
        shutil.rmtree(QUEUE, ignore_errors=True)
        SERVICE_TOKEN.unlink(missing_ok=True)
        shutil.rmtree(LOCKS, ignore_errors=True)
        shutil.rmtree(PINS, ignore_errors=True)
        ETC.mkdir(mode=0o755)
        self.conf(CONF)
        put(ETC / "client_secret", SECRET + "\n", 0o600)
        put(ETC / "accounts.map", MAP)
        self.helper()

    @staticmethod
    def conf(text, mode=0o644):
        put(ETC / "beproduct.conf", text, mode)

    @staticmethod
    def put(name, text, mode=0o644):
        put(ETC / name, text, mode)

    @staticmethod
    def helper(discover="good", redeem="good", revoke="good", renew="good", look_up="good"):
        put(MODE, f"{discover} {redeem} {revoke} {renew} {look_up}")

    def argument(self, text, tmp_path):
        self.stacks = make_stacks(tmp_path, text)

    def run(self, *services, user="alice", steps=("authenticate",), alter=None, **options):
        """Calls as each host does, all at the same time; gives {service: Seen}."""
        return self.run_each({service: (service, options) for service in services},
                             user, steps, alter or {})

    def run_odd(self, service, oddities, user="alice", steps=("authenticate",), **options):
        """The same of one service, in a host for each oddity; gives {name: Seen}."""
        return self.run_each({oddity.__name__: (service, {"oddity": oddity, **options})
                              for oddity in oddities}, user, steps, {})

    def run_each(self, hosts, user, steps, alter):
        self.log.mark()
        started = {key: host.start(self.stacks, service, user, *steps,
                                   **{**HOSTS[service], **alter, **options})
                   for key, (service, options) in hosts.items()}
        seen = {key: host.collect(one) for key, one in started.items()}
        self.settle()
        for key, one in seen.items():
            self.look_at(key, one)
        return seen

    def one(self, service="sshd", **options):
        return self.run(service, **options)[service]

    def settle(self):
        self.log.settle()

    def look_at(self, name, seen):
        """What holds for every row, whatever it is about."""
        assert seen.died == 0, f"the host {name} died of signal {seen.died}"
        assert seen.after == seen.before, "a guest left something behind"
        assert not any(seen.children), "a process of ours runs while the person reads"
        assert helpers() == []
        shown = "\n".join(text for _, text in seen.messages)
        logged = str(self.log)
        for secret in (SECRET, CODE, TOKEN):
            assert secret not in shown and secret not in logged
        for random in re.findall(r"[0-9a-f]{40}", shown):
            assert random not in logged, "state or nonce is in the log"
        for line in self.log.lines():
            event = devlog.event_of(line)
            assert event is None or line.facility == 10, "not authpriv"
            if event is not None and "phase" in event.fields:
                assert {event.name, *event.fields} <= documented.told_of_the_log(), line

    def events(self, service, **fields):
        """Our lines; libpam's own in our name ("conversation failed") are none."""
        return [event for event in self.log.events(**fields)
                if event.service == service and "phase" in event.fields]


@pytest.fixture
def bench(_devlog, stacks):
    one = Bench(_devlog, stacks)
    one.restore()
    yield one
    one.restore()


@pytest.fixture
def cache():
    return CACHE


@pytest.fixture
def record():
    """The provider record's file, and how to make it older."""
    def path():
        found = list(CACHE.glob("provider-*"))
        return found[0] if found else None

    return types.SimpleNamespace(path=path, age=Settings.age_provider)
