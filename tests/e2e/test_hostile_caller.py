# SPDX-License-Identifier: BSD-2-Clause
"""Whatever the caller of sudo and su does to break it: the host never dies of
us, nobody is admitted without a sign-in, and nothing half-written is left.

Each row is what was tried, with what it came to; the last test compares them
with tests/e2e/HOSTILE_CALLER.md, which hostile_table.py makes of them."""

import contextlib
import errno
import os
import pathlib
import random
import select
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, replace

import pytest

import hostile_caller as hostile
import hostile_table
import processes
import release
import settings as files

HOSTS = [pytest.param(host, id=host.name) for host in hostile.HOSTS]
TRAP = pathlib.Path("/tmp/hostile")
TABLE = hostile_table.Table()
SIGNALS = ("SIGPIPE", "SIGCHLD", "SIGXFSZ", "SIGALRM")
RECORD_HEAD = 24 + 8  # wire/msg.h's build, and the time
LOCAL_PASSWORD = "alice's local password"
TIMEOUT = 2 * hostile.SLOW  # seconds, of a request to the provider
LONG = os.environ.get("BP_LONG") == "1"


@pytest.fixture
def stacks(log, settings):
    """Both hosts with the documented lines, and a folder that anybody writes."""
    one = hostile.Stacks()
    one.put()
    settings.conf(**_conf())
    shutil.rmtree(TRAP, ignore_errors=True)
    TRAP.mkdir(mode=0o755)
    TRAP.chmod(0o777)
    yield one
    one.put_back()
    shutil.rmtree(TRAP, ignore_errors=True)
    for name in hostile.temporaries():  # of a test that failed: no other one's
        (files.CACHE / name).unlink()


def _conf(**provider):
    return {"service_sudo": {"require_role": "Host Login"},
            "service_su": {"require_role": "Host Login"},
            "provider": {"timeout": f"{TIMEOUT}s", **provider}}


@dataclass(frozen=True)
class Row:
    name: str
    tricks: hostile.Tricks = hostile.Tricks()
    is_warm: bool = False  # the provider's record is there already
    seconds: float = None  # for a prompt that may not be seen


### What a run came to ###

def is_admitted(run, log):
    return run.is_admitted or any(
        f"pam_unix({run.host.name}:session): session opened" in line.text for line in log.lines())


def of_sign_in(provider):
    return [one for one in provider.endpoints() if one in ("token", "userinfo")]


def what_came_of(run, log):
    """In words, as the table has them."""
    end = "" if run.end == "exit 0" else f", then {run.end}"
    if run.end.startswith("killed") or run.end == "hung":
        end = f"{run.end}, without us too"
        return f"admitted, then {end}" if is_admitted(run, log) else end
    if is_admitted(run, log):
        return f"admitted{end}"
    if log.events("admitted"):
        return f"admitted by us{end}"
    ends = [event for event in log.events() if event.name in ("refused", "error")
            and event["reason"] != "FILE_UNWRITTEN"]
    return f"refused: {ends[-1]['reason']}" if ends else "does not start"


def what_is_left(log):
    left = "record kept" if hostile.record() else "no record"
    return left + (", logged" if log.events("error", reason="FILE_UNWRITTEN") else "")


def assert_as_debian(run, tricks, stacks):
    """What ends the host without us as well is none of ours."""
    stacks.put_back(is_over=False)
    try:
        with hostile.Run(run.host, tricks, asks=rb"[Pp]assword[^:]*: ") as again:
            if again.wait_for_prompt(6 * hostile.SLOW):
                again.send(f"{LOCAL_PASSWORD}\n")
            again.finish(6 * hostile.SLOW)
    finally:
        stacks.put()
    assert again.end == run.end, f"with us: {run.end}\n{run.text}\nwithout: {again.text}"


def assert_nothing_runs():
    assert processes.left() == []


def judge(name, run, log, provider, stacks, tricks, is_in_table=True):
    came = what_came_of(run, log)
    if "admitted" in came:
        assert of_sign_in(provider) == ["token", "userinfo"]
    assert_nothing_runs()
    assert hostile.temporaries() == []
    if is_in_table:
        TABLE.add(name, run.host.name, came, what_is_left(log))
    if "without us too" in came:
        assert_as_debian(run, tricks, stacks)


def warm(host, provider, log):
    assert hostile.sign_in(host, provider.as_person("alice")).is_admitted
    provider.reset()
    log.mark()


def run_row(row, host, stacks, provider, log):
    if row.is_warm:
        warm(host, provider, log)
    run = hostile.sign_in(host, provider.as_person("alice"), row.tricks, row.seconds)
    judge(row.name, run, log, provider, stacks, row.tricks, not row.tricks.has_capability)
    return run


### Limits ###

def _limit(name, most, words, **more):
    return Row(words, hostile.Tricks(limits=((name, str(most)),)), **more)


LIMITS = [
    _limit("fsize", 0, "`ulimit -f 0`, no record yet"),
    _limit("fsize", 0, "`ulimit -f 0`, a record there", is_warm=True),
    _limit("fsize", 512, "files of 512 bytes, no record yet"),
    *(_limit("nofile", n, f"`ulimit -n {n}`") for n in (3, 5, 8, 12, 32)),
    _limit("nproc", 0, "`ulimit -u 0`"),
    *(_limit("as", n << 20, f"`ulimit -v {n << 10}`") for n in (1, 14, 64, 512)),
    *(_limit("stack", n << 10, f"`ulimit -s {n}`") for n in (4, 64, 1024)),
    _limit("core", "unlimited", "`ulimit -c unlimited`"),
]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.name)
def test_a_limit_ends_no_host_by_us(row, host, stacks, provider, log):
    run_row(row, host, stacks, provider, log)


@pytest.mark.parametrize("host", HOSTS)
def test_where_the_stack_is_too_small_it_is_so_without_us(host, stacks, provider, log):
    """Where the stack begins is random within 8 KiB, and so is which of these die."""
    sizes = (16, 28, 40 if release.IS_12 else 36)
    for size in sizes:
        tricks = hostile.Tricks(limits=(("stack", str(size << 10)),))
        run = hostile.sign_in(host, provider.as_person("alice"), tricks)
        assert run.end in ("exit 0", "killed by SIGSEGV"), run.text
        assert_nothing_runs()
        assert hostile.temporaries() == []
        if run.end != "exit 0":
            assert_as_debian(run, tricks, stacks)
        provider.reset()
        log.mark()
    TABLE.add(f"`ulimit -s {sizes[0]}` and a little more", host.name,
              "admitted, or killed by SIGSEGV, without us too", "record or none")


# Where the machine has it to give: many containers have not.
if hostile.can_have_capability():
    @pytest.mark.parametrize("host", HOSTS)
    @pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.name)
    def test_nor_with_the_capability(row, host, stacks, provider, log):
        run_row(replace(row, tricks=replace(row.tricks, has_capability=True)),
                host, stacks, provider, log)


@contextlib.contextmanager
def a_helper_that_waits(host, provider, tricks=hostile.Tricks()):
    """The run and the helper's pid, while the provider says nothing."""
    provider.fault("discovery", silent=True)
    with hostile.Run(host, tricks) as run:
        end = time.monotonic() + 5
        while not (found := processes.of(run.pid)) and time.monotonic() < end:
            time.sleep(0.002)
        yield run, found[0]


@pytest.mark.parametrize("host", HOSTS)
def test_a_helper_that_crashes_leaves_no_core(host, stacks, provider, log):
    tricks = hostile.Tricks(limits=(("core", "unlimited"),), folder=str(TRAP), umask=0)
    before = hostile.all_files("/tmp", "/etc", "/run", str(files.CACHE)) | set(os.listdir("/"))
    with a_helper_that_waits(host, provider, tricks) as (run, helper):
        time.sleep(0.1)  # past exec and its first steps
        limits = pathlib.Path(f"/proc/{helper}/limits").read_text(encoding="utf-8")
        os.kill(helper, signal.SIGABRT)
        run.finish()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]
    after = hostile.all_files("/tmp", "/etc", "/run", str(files.CACHE)) | set(os.listdir("/"))
    # but libbpcore, of a build that goes on beside
    assert {one for one in after - before if "core" in os.path.basename(one)
            and not os.path.basename(one).startswith("libbpcore")} == set()
    judge("`ulimit -c unlimited`, and the helper crashes", run, log, provider, stacks, tricks)


### Signals, descriptors, places ###

def _signals(words, **tricks):
    return Row(words, hostile.Tricks(**tricks))


SIGNAL_ROWS = [
    *(_signals(f"{name} ignored", ignored=(name,)) for name in SIGNALS),
    *(_signals(f"{name} blocked", blocked=(name,)) for name in SIGNALS),
    *(_signals(f"{name} blocked, one waiting", blocked=(name,), pending=(name,))
      for name in SIGNALS),
    _signals("all four ignored", ignored=SIGNALS),
    _signals("all four blocked", blocked=SIGNALS),
    _signals("SIGXFSZ ignored, `ulimit -f 0`", ignored=("SIGXFSZ",), limits=(("fsize", "0"),)),
    _signals("SIGXFSZ blocked, `ulimit -f 0`", blocked=("SIGXFSZ",), limits=(("fsize", "0"),)),
]


def _closed(number):
    closed = tuple(fd for fd in range(3) if number & 1 << fd)
    words = f"descriptors {', '.join(map(str, closed))} closed" if len(closed) > 1 \
        else f"descriptor {closed[0]} closed" if closed else "no descriptor closed"
    return Row(words, hostile.Tricks(closed=closed), seconds=3)


PLACES = [
    *(_closed(number) for number in range(8)),
    Row("1000 descriptors inherited", hostile.Tricks(inherited=1000)),
    Row("umask 0777", hostile.Tricks(umask=0o777)),
    Row("umask 0", hostile.Tricks(umask=0)),
    Row("the folder is gone", hostile.Tricks(folder=f"{TRAP}/gone", is_folder_gone=True)),
    Row("the folder cannot be read", hostile.Tricks(folder=f"{TRAP}/shut", is_folder_shut=True)),
]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("row", SIGNAL_ROWS + PLACES, ids=lambda row: row.name)
def test_what_is_inherited_ends_no_host_by_us(row, host, stacks, provider, log):
    run_row(row, host, stacks, provider, log)


def test_the_cache_made_under_any_umask_is_roots_alone(stacks, provider, log):
    for umask in (0, 0o777):
        shutil.rmtree(files.CACHE, ignore_errors=True)
        hostile.sign_in(hostile.SU, provider.as_person("alice"), hostile.Tricks(umask=umask))
        assert files.CACHE.stat().st_mode & 0o7777 == 0o700
        assert hostile.record()


### The environment ###

EVIL_C = """
#include <fcntl.h>
#include <unistd.h>
__attribute__((__constructor__)) static void here(void)
{ (void)close(open("%s/loaded", O_CREAT | O_WRONLY, 0666)); }
"""
OPENSSL_CONF = f"""\
openssl_conf = init
[init]
providers = all
engines = engines
[all]
evil = evil
[evil]
module = {TRAP}/evil.so
activate = 1
[engines]
evil = engine
[engine]
dynamic_path = {TRAP}/evil.so
"""
DEAD_PROXY = "http://127.0.0.1:9"


def set_traps(ca):
    """What the variables name, and what shows when it was used."""
    (TRAP / "evil.c").write_text(EVIL_C % TRAP, encoding="utf-8")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", TRAP / "evil.so", TRAP / "evil.c"],
                   check=True, timeout=60)
    # the trap works: a program that heeds the variable springs it
    subprocess.run(["/bin/true"], env={"LD_PRELOAD": f"{TRAP}/evil.so"}, check=True, timeout=10)
    (TRAP / "loaded").unlink()
    for name in ("libpam.so.0", "libcurl.so.4", "libcrypto.so.3", "libjwt.so.0", "libcjson.so.1",
                 "libc.so.6"):
        (TRAP / name).symlink_to("evil.so")
    (TRAP / "openssl.cnf").write_text(OPENSSL_CONF, encoding="utf-8")
    (TRAP / "aliases").write_text("id.beproduct.test nowhere.example\n", encoding="utf-8")
    shutil.copy(ca, TRAP / "ca.pem")
    subprocess.run(["openssl", "rehash", TRAP], check=True, timeout=30, capture_output=True)
    (TRAP / ".curlrc").write_text(f"proxy = {DEAD_PROXY}\n", encoding="utf-8")
    (TRAP / "home").mkdir()


VARIABLES = [
    *((name, DEAD_PROXY) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")),
    ("SSLKEYLOGFILE", f"{TRAP}/keys"), ("OPENSSL_CONF", f"{TRAP}/openssl.cnf"),
    ("OPENSSL_MODULES", str(TRAP)), ("OPENSSL_ENGINES", str(TRAP)),
    ("LD_PRELOAD", f"{TRAP}/evil.so"), ("LD_LIBRARY_PATH", str(TRAP)), ("LD_AUDIT", f"{TRAP}/evil.so"),
    ("LD_DEBUG", "all"), ("LD_DEBUG_OUTPUT", f"{TRAP}/debug"), ("LD_BIND_NOW", "1"),
    ("GCONV_PATH", str(TRAP)), ("NLSPATH", f"{TRAP}/%N"), ("LOCPATH", str(TRAP)),
    ("XDG_CONFIG_HOME", str(TRAP)), ("XDG_CACHE_HOME", str(TRAP)), ("XDG_RUNTIME_DIR", str(TRAP)),
    ("HOME", str(TRAP)), ("CURL_HOME", str(TRAP)), ("TMPDIR", str(TRAP)),
    ("TZ", f"{TRAP}/evil.so"), ("TZ", "Pacific/Kiritimati"),
    ("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8"), ("LANGUAGE", "tr"),
    ("RES_OPTIONS", "timeout:1 attempts:1 ndots:15"), ("LOCALDOMAIN", "evil.example"),
    ("HOSTALIASES", f"{TRAP}/aliases"), ("MALLOC_CHECK_", "3"), ("MALLOC_PERTURB_", "165"),
    ("MALLOC_TRACE", f"{TRAP}/malloc"), ("GLIBC_TUNABLES", "glibc.malloc.check=3"),
    ("IFS", "/"), ("BEPRODUCT_CONFIG", f"{TRAP}/beproduct.conf"), ("BP_HELPER", f"{TRAP}/evil.so"),
]
# These name whom to trust: so here nobody in the host's own store is.
TRUST = [("SSL_CERT_FILE", f"{TRAP}/ca.pem"), ("SSL_CERT_DIR", str(TRAP)),
         ("CURL_CA_BUNDLE", f"{TRAP}/ca.pem")]
_clean = {}


def run_with(host, settings, provider, log, environment, conf):
    settings.restore()
    settings.conf(**conf)
    provider.reset()
    log.mark()
    run = hostile.sign_in(host, provider.as_person("alice"),
                          hostile.Tricks(environment=environment))
    return run, hostile.outcome(run, log, provider)


def files_beside_tickets():
    """A ticket is root's own affair: its name and content are no variable's."""
    return {name for name in hostile.all_files("/tmp/hostile", "/home", "/run/beproduct")
            if not name.startswith(str(files.TICKETS))}


def assert_as_clean(host, settings, provider, log, variable, conf):
    set_traps(settings.ca)
    if (host, str(conf)) not in _clean:
        _clean[host, str(conf)] = run_with(host, settings, provider, log, (), conf)[1]
    before = files_beside_tickets()
    run, outcome = run_with(host, settings, provider, log, (variable,), conf)
    assert outcome == _clean[host, str(conf)]
    assert files_beside_tickets() == before
    assert_nothing_runs()
    name = f"{variable[0]}={variable[1]}"
    TABLE.add(f"`{name}`" + ("" if conf == _conf() else ", no ca_file"), host.name,
              f"as in a clean environment: {what_came_of(run, log)}", what_is_left(log))


@pytest.fixture(scope="module")
def turkish():
    """Where i and I are two letters. Without Debian's `locales` it stays a name."""
    subprocess.run(["localedef", "-i", "tr_TR", "-f", "UTF-8", "tr_TR.UTF-8"], check=False,
                   timeout=60, capture_output=True)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("variable", VARIABLES, ids="=".join)
def test_the_environment_steers_nothing(variable, host, stacks, settings, provider, log, turkish):
    assert_as_clean(host, settings, provider, log, variable, _conf())


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("variable", TRUST, ids="=".join)
def test_the_environment_names_nobody_to_trust(variable, host, stacks, settings, provider, log):
    assert_as_clean(host, settings, provider, log, variable, _conf(ca_file=None))
    assert log.events("refused", reason="TLS")
    assert provider.endpoints() == []


### The state folders ###

@contextlib.contextmanager
def mounted_cache(options):
    files.CACHE.mkdir(mode=0o700, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", files.CACHE],
                   check=True, timeout=10)
    try:
        yield
    finally:
        subprocess.run(["umount", files.CACHE], check=True, timeout=10)


def assert_goes_on(name, host, stacks, provider, log, left):
    run = hostile.sign_in(host, provider.as_person("alice"))
    assert run.is_admitted, run.text
    judge(name, run, log, provider, stacks, hostile.Tricks())
    assert what_is_left(log) == left


@pytest.mark.parametrize("host", HOSTS)
def test_the_state_folders_are_made_again(host, stacks, provider, log):
    for folder in (files.CACHE, pathlib.Path("/run/beproduct"), pathlib.Path("/var/lib/beproduct")):
        shutil.rmtree(folder, ignore_errors=True)
    assert_goes_on("the state folders removed", host, stacks, provider, log, "record kept")
    assert files.CACHE.stat().st_mode & 0o7777 == 0o700


@pytest.mark.parametrize("host", HOSTS)
def test_a_full_disk_is_logged_and_the_sign_in_goes_on(host, stacks, provider, log):
    with mounted_cache("size=4k,mode=700"):
        (files.CACHE / "filler").write_bytes(b"x" * 4096)
        assert_goes_on("a full disk", host, stacks, provider, log, "no record, logged")
        assert hostile.cache_listing() == ["filler"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_read_only_cache_is_logged_and_the_sign_in_goes_on(host, stacks, provider, log):
    with mounted_cache("ro,mode=700"):
        assert_goes_on("a read-only cache", host, stacks, provider, log, "no record, logged")


def test_what_a_killed_writer_left_is_swept(stacks, settings, provider, log):
    warm(hostile.SU, provider, log)
    name = next(files.CACHE.glob("provider-*")).name
    left = files.CACHE / f".{name}.0011223344556677"
    left.write_bytes(b"half")
    os.utime(left, (time.time() - 120,) * 2)
    settings.forget_provider()
    assert hostile.sign_in(hostile.SUDO, provider.as_person("alice")).is_admitted
    assert hostile.temporaries() == []


### What the caller can send ###

@dataclass(frozen=True)
class Deed:
    """do: with the shell. not_heard: (host, moment) that it does nothing to, or only
    once the prompt has its answer. gives_up: that do not go on when they may."""
    words: str
    do: callable
    stops: bool = False
    closes: bool = False
    not_heard: tuple = ()
    gives_up: tuple = ()

    def signs_in(self, *where):
        return self.stops and where not in self.gives_up or where in self.not_heard


PROMPT, HELPER = "at the prompt", "while the helper works"
# sudo hears nothing that can be caught but at its prompts
LATER = ((hostile.SUDO, HELPER),)


def _sends(name):
    def do(shell):
        assert hostile.signal_as(shell.host, shell.host_pid, getattr(signal, name)) == 0
    return do


def _types(key):
    return lambda shell: shell.send(key)


def _kills_shell(shell):
    """As every terminal it closes when the shell ends."""
    assert hostile.signal_as(shell.host, shell.pid, signal.SIGKILL) == 0
    shell.hang_up()


DEEDS = [
    Deed("Ctrl-C", _types("\x03"), not_heard=LATER),
    # su blocks it as long as it reads; sudo with timestamp_timeout=0 asks no second
    # time, whoever asked the first
    Deed("Ctrl-Z, then `fg`", _types("\x1a"), stops=True, not_heard=((hostile.SU, PROMPT),),
         gives_up=((hostile.SUDO, PROMPT),)),
    Deed("the terminal closed", hostile.Shell.hang_up, closes=True),
    Deed("his shell killed, and the terminal closed", _kills_shell, closes=True),
    *(Deed(f"{name} by himself", _sends(name), not_heard=LATER) for name in ("SIGHUP", "SIGTERM")),
    Deed("SIGKILL by himself", _sends("SIGKILL")),
    Deed("SIGSTOP by himself, then `fg`", _sends("SIGSTOP"), stops=True),
]


def came_of_deed(deed, shell, log):
    end = shell.wait_for_end()
    if is_admitted(shell, log):
        return "admitted"
    refused = log.events("refused")
    # by the signal, or as there is nobody to read from: whichever comes first
    return "ends" if deed.closes else f"refused: {refused[-1]['reason']}" if refused else end


def bring_back(shell, provider, log):
    shell.wait_until_stopped()
    assert_another_signs_in(provider)
    log.mark()
    shell.send("fg\n")


def assert_deed(deed, moment, shell, provider, log, helper_goes_on=lambda: None):
    is_heard = (shell.host, moment) not in deed.not_heard
    signs_in = deed.signs_in(shell.host, moment)
    deed.do(shell)
    if deed.stops and is_heard:
        bring_back(shell, provider, log)
    helper_goes_on()
    if signs_in:
        if moment == HELPER:
            shell.wait_for_prompt()
        shell.paste(provider.as_person("alice"))
    if deed.stops and not is_heard:
        bring_back(shell, provider, log)
    came = came_of_deed(deed, shell, log)
    if deed.not_heard == LATER and not is_heard:
        assert shell.prompts == 1, shell.text
        came = "goes on; ends later, or not at all"
    else:
        assert (came == "admitted") == signs_in, shell.text
    assert_nothing_runs()
    assert hostile.temporaries() == []
    TABLE.add(f"{deed.words}, {moment}", shell.host.name,
              came if is_heard else f"not heard then: {came}", what_is_left(log))


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.words)
def test_at_the_prompt_the_caller_ends_or_stops_his_own(deed, host, stacks, provider, log):
    with hostile.Shell(host) as shell:
        shell.wait_for_prompt()
        assert_deed(deed, PROMPT, shell, provider, log)


@contextlib.contextmanager
def asleep(process, is_wanted=True):
    if is_wanted:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def helper_of(shell):
    end = time.monotonic() + 5
    while not (found := processes.of(shell.host_pid)) and time.monotonic() < end:
        time.sleep(0.002)
    return found[0]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.words)
def test_the_helper_ends_with_its_host_or_goes_on(deed, host, stacks, settings, provider, log):
    """Where it goes on, it is stopped here, so that it waits. Where the host is to end,
    the provider says nothing, for longer than the test waits for the helper's end."""
    settings.conf(**_conf(timeout="30s"))
    goes_on = deed.signs_in(host, HELPER) or (deed.closes and host is hostile.SUDO)
    if not goes_on:
        provider.fault("discovery", silent=True)
    with asleep(provider.process, goes_on), hostile.Shell(host) as shell:
        helper = helper_of(shell)
        time.sleep(0.15)  # past exec, and what it does first
        if goes_on:
            os.kill(helper, signal.SIGSTOP)
            provider.process.send_signal(signal.SIGCONT)
        assert_deed(deed, HELPER, shell, provider, log,
                    lambda: os.kill(helper, signal.SIGCONT) if goes_on else None)


@pytest.mark.parametrize("host", HOSTS)
def test_nothing_that_the_caller_sends_reaches_the_helper(host, stacks, settings, provider, log):
    """Nor SIGCONT of his own session, which the kernel lets through to every user's."""
    settings.conf(**_conf(timeout="30s"))
    provider.fault("discovery", silent=True)
    with hostile.Shell(host) as shell:
        helper = helper_of(shell)
        time.sleep(0.15)
        shell.send("\x1a")
        shell.wait_until_stopped()
        for name in ("CONT", "STOP", "TERM", "KILL", "HUP"):
            assert hostile.signal_as(host, helper, getattr(signal, f"SIG{name}")) == errno.EPERM
            assert shell.ask(f"kill -{name} {helper}") == 1, shell.text
        assert processes.state(helper) in "RS"
    assert_nothing_runs()
    TABLE.add("any signal to the helper, of his session and of another", host.name,
              "not permitted", what_is_left(log))


### Stopped and killed ###

OTHER = replace(hostile.SU, account="dave", command=("/usr/bin/su", "dave", "-c", "/usr/bin/id -u"))
STEPS = ("starting", "prompted", "pasted")


def assert_another_signs_in(provider):
    """Meanwhile: no lock, no wait."""
    began = time.monotonic()
    assert hostile.sign_in(OTHER, provider.as_person("dave")).is_admitted
    assert time.monotonic() - began < 14  # and not a request's 15 s


def strike(run, dice, number):
    """The helper where one runs soon, else the host."""
    target, end = run.pid, time.monotonic() + 0.2
    if dice.random() < 0.6:
        while time.monotonic() < end:
            if found := processes.of(run.pid):
                target = found[0]
                time.sleep(dice.uniform(0, 0.03))
                break
    with contextlib.suppress(ProcessLookupError):  # it ended by itself
        if target == run.pid:
            run.kill(number)
        else:
            os.kill(target, number)
    return target


def shoot(host, dice, provider):
    """One run, hit at a random moment of a random step."""
    step = dice.choice(STEPS)
    number = dice.choice((signal.SIGSTOP, signal.SIGKILL))
    with hostile.Run(host) as run:
        if step == "starting":
            time.sleep(dice.uniform(0, 0.12))
        else:
            run.wait_for_prompt()
        if step == "pasted":
            run.paste(provider.as_person("alice"))
            time.sleep(dice.uniform(0, 0.06))
        struck = strike(run, dice, number)
        assert_another_signs_in(provider)
        if dice.random() < 0.5:
            run.kill(signal.SIGCONT)
            if run.pasted is None and run.wait_for_prompt():
                run.paste(provider.as_person("alice"))
            run.finish(TIMEOUT + 4)
            assert run.end in ("exit 0", "exit 1", "killed by SIGKILL"), run.text
        # else the caller kills whatever he has stopped
    # Of root's stops alone: one that stopped as it began has not yet asked to
    # die with its host, and sees that nobody listens once it goes on.
    if struck != run.pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(struck, signal.SIGCONT)
    return run


def hold_as_it_writes(host, settings):
    """A run that was stopped with the record half-written. It takes more than one
    try; that others lie there, as after many kills, makes the writing slower."""
    name = next(files.CACHE.glob("provider-*")).name
    for number in range(900):
        (files.CACHE / f".{name}.{number:016x}").touch()
    before = set(hostile.temporaries())
    for _ in range(40):
        settings.forget_provider()
        watch = hostile.watch_what_is_made(files.CACHE)
        run = hostile.Run(host)
        select.select([watch], [], [], 10)
        run.kill(signal.SIGSTOP)
        os.close(watch)
        end = time.monotonic() + 10
        while processes.state(run.pid) not in "TZ" and time.monotonic() < end:
            time.sleep(0.001)
        if set(hostile.temporaries()) - before and not hostile.record():
            return run, before
        with run:
            pass
    raise AssertionError("it was never stopped in the midst of writing")


@pytest.mark.parametrize("host,number", [
    pytest.param(hostile.SUDO, signal.SIGCONT, id="sudo, SIGCONT"),
    pytest.param(hostile.SU, signal.SIGKILL, id="su, SIGKILL")])
def test_nobody_waits_for_one_who_stands_still_with_the_record_half_written(
        host, number, stacks, settings, provider, log):
    """No lock is held then, and no name taken that another needs."""
    warm(host, provider, log)
    whole = hostile.record()[RECORD_HEAD:]
    run, others = hold_as_it_writes(host, settings)
    with run:
        assert_another_signs_in(provider)
        assert_record_is_whole(whole)
        settings.forget_provider()
        provider.reset()
        log.mark()
        assert hostile.sign_in(host, provider.as_person("alice")).is_admitted
        assert hostile.record()[RECORD_HEAD:] == whole
        assert len(set(hostile.temporaries()) - others) == 1
        provider.reset()
        log.mark()
        run.kill(number)
        if number == signal.SIGCONT:
            run.wait_for_prompt()
            run.paste(provider.as_person("alice"))
        run.finish()
    came = what_came_of(run, log) if number == signal.SIGCONT else run.end
    assert run.is_admitted == (number == signal.SIGCONT)
    assert hostile.record()[RECORD_HEAD:] == whole
    left = set(hostile.temporaries()) - others
    assert len(left) == (number == signal.SIGKILL)
    assert_nothing_runs()
    _age_temporaries()
    settings.forget_provider()
    assert hostile.sign_in(host, provider.as_person("alice")).is_admitted
    assert hostile.temporaries() == []
    TABLE.add("SIGSTOP as the record is written, two others signing in meanwhile, then "
              f"{number.name}", host.name, came,
              what_is_left(log) + (", and half of one beside it until swept" if left else ""))


def assert_record_is_whole(whole):
    record = hostile.record()
    assert record is None or record[RECORD_HEAD:] == whole


@pytest.mark.parametrize("host", HOSTS)
def test_stopped_and_killed_at_any_moment(host, stacks, settings, provider, log):
    shots = 200 if LONG else 8
    seed = int(os.environ.get("BP_SEED", "25"))
    dice = random.Random(seed)
    warm(host, provider, log)
    whole = hostile.record()[RECORD_HEAD:]
    for shot in range(shots):
        if dice.random() < 0.6:
            settings.forget_provider()
        provider.reset()
        log.mark()
        run = shoot(host, dice, provider)
        where = f"seed {seed}, shot {shot}: {run.text}"
        if run.is_admitted:
            # dave's are two more
            assert of_sign_in(provider).count("userinfo") == 2, where
        assert_nothing_runs()
        assert_record_is_whole(whole)
        assert len(hostile.temporaries()) <= shot + 1
    _age_temporaries()
    settings.forget_provider()
    provider.reset()
    log.mark()
    run = hostile.sign_in(host, provider.as_person("alice"))
    assert run.is_admitted, run.text
    assert hostile.temporaries() == []
    TABLE.add("SIGSTOP and SIGKILL of host and helper at random moments, another signing in meanwhile",
              host.name, "ends or goes on; nobody waits; the next sign-in: admitted",
              what_is_left(log))


def _age_temporaries():
    for name in hostile.temporaries():
        os.utime(files.CACHE / name, (time.time() - 120,) * 2)


### The document ###

def test_the_table_is_the_documented_one(request):
    """Every row that was run stands there, and, if all were run, no other."""
    documented = hostile_table.documented()
    made = hostile_table.rows_of(hostile_table.document(TABLE.rows))
    assert made - documented == set()
    is_partial = request.config.option.keyword or "::" in "".join(request.config.args) \
        or request.config.pluginmanager.has_plugin("left_out")
    assert is_partial or documented - made == set()
