# SPDX-License-Identifier: BSD-2-Clause
"""Tickets on hosts as people use them: what is kept over a logout, several connections and
shells, root's shells, jobs and services, and hosts whose kernel knows no logins."""

import contextlib
import pathlib
import pwd
import re
import shutil
import subprocess

import pytest

import accounts
import hosts as h
import settings as files
import sshd as sshd_module
import terminal
import words
from tickets import GO, ID, WAIT, kept, roots, ssh, wait_for, waiting

NOPASSWD = h.DOCUMENTED + "alice ALL=(ALL:ALL) NOPASSWD: ALL\n"
NO_TICKET, NO_SESSION = "no ticket of this session", "no login session, and no terminal"
NO_TERMINAL, BY_ACCOUNT = "a terminal is required", "PAM account management error"
# of hers: what a script that goes on by itself leaves
SAID = pathlib.Path("/tmp/e2e-said")
CONTROL = pathlib.Path("/tmp/e2e-control")
TMUX = "tmux -L e2e -f /dev/null"


@pytest.fixture
def said(people):
    shutil.rmtree(SAID, ignore_errors=True)
    SAID.mkdir()
    shutil.chown(SAID, "alice")
    yield SAID
    shutil.rmtree(SAID)


def read(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def refused(log, detail):
    """By the account phase, where nobody can be asked."""
    one = log.wait_for_event(words.REFUSED_EVENT, phase="account", service="sudo",
                             reason=words.SUDO_NO_SIGN_IN)
    assert one["detail"] == detail


### tmux, screen, and what else is kept over a logout ###

class Pane:
    """A shell in tmux, which alice looks at from wherever she is."""

    @staticmethod
    def tell(*command):
        run = subprocess.run(h.as_person("alice", *TMUX.split(), *command), timeout=30,
                             capture_output=True, text=True, check=False)
        return run.stdout

    def type(self, line):
        self.tell("send-keys", "-t", "kept", "-l", line)
        self.tell("send-keys", "-t", "kept", "Enter")

    def shows(self):
        """Lines are whole, however wide it is, and none is lost above."""
        return self.tell("capture-pane", "-p", "-J", "-S", "-", "-t", "kept")

    def wait_for(self, what, times=1):
        wait_for(lambda: len(re.findall(what, self.shows())) >= times, f"no {what} in tmux")

    def sign_in(self, person):
        self.wait_for(r"(?m)^Address: *$")
        found = re.findall(r"(?m)^https://(?!copy)\S+", self.shows())
        self.type(person(found[-1]))


@pytest.fixture
def pane(people):
    one = Pane()
    yield one
    one.tell("kill-server")


IN_TMUX = f"{TMUX} new-session -d -s kept /bin/sh"
ROOT_SHOWN = r"uid=0\(root\)"


@contextlib.contextmanager
def tmux_begun(provider, pane):
    """In a login of hers, which is over behind it."""
    with ssh(f"{IN_TMUX}; {WAIT}") as login:
        login.answer(provider.as_person("alice")(login.prompt().address))
        wait_for(lambda: "kept" in pane.tell("list-sessions"), "no tmux")
        yield
        GO.touch()
        login.end()
    assert login.status == 0, login.transcript


def test_in_tmux_kept_over_a_logout_sudo_asks_wherever_it_is_attached_from(
        both, provider, log, pane):
    """Its shells are of the login that began it, and with that its ticket is gone."""
    with tmux_begun(provider, pane):
        pane.type(ID)
        pane.wait_for(ROOT_SHOWN)
        old, = kept()
    wait_for(lambda: not kept(), "the ticket is left")
    with ssh(f"{TMUX} attach -t kept") as later:
        later.answer(provider.as_person("alice")(later.prompt().address))
        wait_for(lambda: pane.tell("list-clients"), "it is not attached")
        new, = kept()
        assert new != old
        pane.type(ID)
        pane.sign_in(provider.as_person("alice"))
        pane.wait_for(ROOT_SHOWN, times=2)
        pane.type(ID)
        pane.wait_for(ROOT_SHOWN, times=3)
        assert kept() == sorted((old, new)), "what she signed in to is the old login, again"
        pane.tell("detach-client", "-s", "kept")
        later.end()
    assert provider.endpoints().count("token") == 3
    wait_for(lambda: kept() == [old], "another login's end is not its own")


KEEPERS = {
    "tmux": f"{TMUX} new-session -d -s kept /bin/sh {SAID}/script",
    "screen": f"SCREENDIR=$HOME/.screen screen -dmS kept /bin/sh {SAID}/script",
    "setsid": f"setsid -f /bin/sh {SAID}/script </dev/null >/dev/null 2>&1",
}


@pytest.mark.parametrize("keeper", KEEPERS)
def test_what_goes_on_after_the_logout_has_no_ticket_any_more(
        both, provider, log, pane, said, keeper):
    h.sudoers(NOPASSWD)
    (said / "script").write_text(
        f"{ID} >{said}/before 2>&1; touch {said}/ready; {WAIT}; {ID} >{said}/after 2>&1;"
        f" touch {said}/done\n", encoding="ascii")
    run = terminal.answer_all(
        ssh(f"{KEEPERS[keeper]}; while [ ! -e {said}/ready ]; do sleep 0.05; done"),
        [provider.as_person("alice")])
    assert run.status == 0 and "uid=0(root)" in read(said / "before"), run.transcript
    wait_for(lambda: not kept(), "the ticket is left")
    GO.touch()
    wait_for((said / "done").exists, "sudo hangs")
    assert BY_ACCOUNT in read(said / "after") and "uid=0" not in read(said / "after")
    refused(log, NO_TICKET)


### Several connections, and several shells of one ###

def test_of_several_ssh_sessions_each_has_a_ticket_and_ends_no_other_s(both, provider, log):
    with waiting(provider, ID) as stays:
        its, = kept()
        with waiting(provider, ID) as goes:
            assert len(kept()) == 2
            goes.hang_up()
        wait_for(lambda: len(kept()) == 1, "the ticket is left")
        assert kept() == [its]
        GO.touch()
        stays.end()
    assert stays.status == 0 and roots(stays) == 2 and len(stays.addresses) == 1
    wait_for(lambda: not kept(), "the ticket is left")


@pytest.fixture
def shared():
    """Options of ssh: shells by one connection; what is left of it is ended."""
    yield {"ControlPath": str(CONTROL)}
    end_shared()


def end_shared():
    subprocess.run(["ssh", "-F", "/dev/null", "-o", f"ControlPath={CONTROL}", "-O", "exit",
                    "alice@127.0.0.1"], capture_output=True, timeout=30, check=False)
    wait_for(lambda: not CONTROL.exists(), "the connection is left")


def further_shell(shared, command=ID):
    run = terminal.answer_all(ssh(command, **shared), [])
    assert not run.prompts, "neither ssh nor sudo asks"
    return run


def test_all_shells_of_one_connection_have_the_one_sign_in_until_it_ends(
        both, provider, log, shared):
    """ControlMaster."""
    with waiting(provider, ID, ControlMaster="yes", **shared) as first:
        for _ in range(2):
            run = further_shell(shared)
            assert run.status == 0 and roots(run) == 1, run.transcript
        assert len(kept()) == 1, "a shell's end is not the connection's"
        GO.touch()
        first.end()
    assert roots(first) == 2 and provider.endpoints().count("token") == 1
    wait_for(lambda: not kept(), "the ticket is left")


def test_and_so_they_do_where_the_connection_outlives_the_last_of_them(
        both, provider, log, shared):
    """ControlPersist: she has logged out as far as she sees, and the host has not."""
    run = terminal.answer_all(ssh(ID, ControlMaster="auto", ControlPersist="yes", **shared),
                              [provider.as_person("alice")])
    assert run.status == 0 and roots(run) == 1 and len(kept()) == 1, run.transcript
    assert roots(further_shell(shared)) == 1
    end_shared()
    wait_for(lambda: not kept(), "the ticket is left")


### Root's shells, and other accounts' ###

# the command, what it shows, and how many sudos in it are hers; root's own are never ours
ASK_NOBODY = {
    "sudo in a root shell": (f"sudo -i {ID}", "uid=0(root)", 1),
    "sudo to another account": (f"sudo -u bob {h.ID}", "(bob) gid=", 1),
    "a login shell of another account": (f"sudo -iu bob {h.ID}", "(bob) gid=", 1),
    "root's sudo to another account": (f"sudo -i sudo -u bob {h.ID}", "(bob) gid=", 1),
    "root's sudo back to her": (f"sudo -i sudo -iu alice {ID}", "uid=0(root)", 2),
    "root's su back to her": (f"sudo -i su - alice -c '{ID}'", "uid=0(root)", 2),
}


@pytest.mark.parametrize("case", ASK_NOBODY)
def test_in_her_login_these_ask_nobody(both, provider, log, case):
    command, shown, times = ASK_NOBODY[case]
    run = terminal.answer_all(ssh(command), [provider.as_person("alice")])
    assert run.status == 0 and shown in run.transcript, run.transcript
    assert len(run.prompts) == 1
    admitted = [one for one in log.events("admitted", phase="auth")
                if one["service"] != "sshd"]
    assert [one["user"] for one in admitted] == ["alice"] * times
    # of root's own the account phase says nothing
    assert {one["user"] for one in log.events()} == {"alice"}


def test_in_a_shell_of_another_account_that_one_s_person_is_asked_each_time(
        both, provider, log):
    """His uid and her login: there is no session that a ticket could be of."""
    run = terminal.answer_all(ssh(f"sudo -iu dave /bin/sh -c '{ID}; {ID}'"),
                              [provider.as_person("alice")] + [provider.as_person("dave")] * 2)
    assert run.status == 0 and roots(run) == 2, run.transcript
    assert len(run.addresses) == 3
    wait_for(lambda: not kept(), "hers is left, or there is one of his")


def test_root_who_becomes_her_has_no_ticket_of_hers_and_makes_none(both, provider, log):
    with waiting(provider, ID) as hers:
        before = kept()
        run = terminal.answer_all(
            ssh(f"sudo -iu alice /bin/sh -c '{ID}; {ID}'", "root",
                PreferredAuthentications="publickey", IdentityFile=str(accounts.ROOT_KEY),
                IdentitiesOnly="yes"), [provider.as_person("alice")] * 2)
        assert run.status == 0 and roots(run) == 2 and len(run.addresses) == 2, run.transcript
        assert kept() == before
        GO.touch()
        hers.end()
    assert roots(hers) == 2 and len(hers.addresses) == 1


### What no person sits at: cron, and services of a person's ###

@contextlib.contextmanager
def cron_job(command):
    """Of alice's, once, by Debian's cron with its own PAM file."""
    pathlib.Path("/run/crond.reboot").unlink(missing_ok=True)
    subprocess.run(["crontab", "-u", "alice", "-"], check=True, text=True, timeout=30,
                   input=f"@reboot {command}\n")
    with subprocess.Popen(["/usr/sbin/cron", "-f"], stdin=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)
    subprocess.run(["crontab", "-r", "-u", "alice"], check=True, timeout=30)


@pytest.mark.parametrize("rule, says, detail", [
    (h.DOCUMENTED, NO_TERMINAL, None), (NOPASSWD, words.SUDO, NO_TICKET)],
    ids=("by password", "NOPASSWD"))
def test_a_job_of_hers_has_no_ticket_and_is_refused_at_once(
        both, provider, log, said, rule, says, detail):
    """By the audit it is a login of hers, though another one than she sits in."""
    h.sudoers(rule)
    with waiting(provider, ID) as hers:
        with cron_job(f"(cat /proc/self/loginuid; echo; {ID}) >{said}/said 2>&1;"
                      f" touch {said}/done"):
            wait_for((said / "done").exists, "sudo hangs")
        assert read(said / "said").split("\n")[0] == str(pwd.getpwnam("alice").pw_uid)
        assert says in read(said / "said") and "uid=0" not in read(said / "said")
        GO.touch()
        hers.end()
    assert roots(hers) == 2 and len(hers.addresses) == 1
    if detail:
        refused(log, detail)


def in_user_manager(has_login, *command):
    """As `systemd --user` starts it, lingering or not: a session without a terminal, in
    the login that pam_loginuid in systemd-user's stack began; or in none, where the kernel
    has none."""
    uid = pwd.getpwnam("alice").pw_uid
    begin = f"echo {uid} >/proc/self/loginuid; " if has_login else ""
    return ["/bin/sh", "-c", f'{begin}exec "$@"', "sh", *h.as_person("alice", *command)]


MANAGERS = {"with a login": (True, NO_TICKET), "without": (False, NO_SESSION)}


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("rule, says", [(h.DOCUMENTED, NO_TERMINAL), (NOPASSWD, words.SUDO)],
                         ids=("by password", "NOPASSWD"))
def test_a_service_of_hers_has_no_ticket_and_is_refused_at_once(
        both, provider, log, manager, rule, says):
    has_login, detail = MANAGERS[manager]
    h.sudoers(rule)
    with waiting(provider, ID) as hers:
        run = subprocess.run(in_user_manager(has_login, "/usr/bin/sudo", h.ID),
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             start_new_session=True, timeout=30, check=False)
        assert run.returncode == 1 and says in run.stderr, run
        assert "uid=0" not in run.stdout
        GO.touch()
        hers.end()
    assert roots(hers) == 2 and len(hers.addresses) == 1
    if rule == NOPASSWD:
        refused(log, detail)


def test_what_it_gives_a_terminal_is_a_session_of_its_own(both, provider, log):
    """`systemd-run --user --pty`, or tmux as a service."""
    with waiting(provider, ID) as hers:
        run = terminal.answer_all(
            terminal.Terminal(in_user_manager(True, "/bin/sh", "-c", f"{ID}; {ID}")),
            [provider.as_person("alice")])
        assert run.status == 0 and roots(run) == 2 and len(run.addresses) == 1, run.transcript
        assert [name.split("-")[0] for name in kept()] == ["login", "login"]
        GO.touch()
        hers.end()
    assert roots(hers) == 2 and len(hers.addresses) == 1


### Hosts whose kernel numbers no logins, and containers ###

@pytest.fixture
def no_logins(both):
    both.set_stack(sshd_module.LOGINUID.sub("", sshd_module.stack()))
    yield both


def test_without_logins_each_shell_of_one_connection_is_a_session(
        no_logins, provider, log, shared):
    with ssh(f"echo began; {WAIT}; {ID}", ControlMaster="yes", **shared) as first:
        first.answer(provider.as_person("alice")(first.prompt().address))
        assert first.next_of("began") == 0
        run = terminal.answer_all(ssh(f"{ID}; {ID}", **shared), [provider.as_person("alice")])
        assert run.status == 0 and roots(run) == 2 and len(run.addresses) == 1, run.transcript
        GO.touch()
        assert first.prompt().has_address, "by what was signed in to elsewhere"
        first.hang_up()
    assert roots(first) == 0


def test_without_logins_a_terminal_that_comes_back_is_another_session(no_logins, provider, log):
    """Its number does, and its ticket is there still: the leader is another process."""
    runs = [terminal.answer_all(ssh(f"tty; {ID}"), [provider.as_person("alice")] * 2)
            for _ in range(2)]
    terminals = [re.search(r"/dev/pts/\d+", run.transcript)[0] for run in runs]
    assert terminals[0] == terminals[1], "another number: it shows nothing"
    for run in runs:
        assert run.status == 0 and roots(run) == 1 and len(run.addresses) == 2, run.transcript
    assert len(kept()) == 2 and len({name.split("-")[1] for name in kept()}) == 1


def test_without_logins_a_pane_s_ticket_outlives_the_logout_and_ends_by_time(
        no_logins, provider, settings, log, pane):
    """Of a logout such a kernel knows nothing."""
    settings.conf(service_sudo={"ticket": "8s"})
    with tmux_begun(provider, pane):
        pane.type(ID)
        pane.sign_in(provider.as_person("alice"))
        pane.wait_for(ROOT_SHOWN)
    pane.type(f"{ID}; sleep 8; {ID}")
    pane.wait_for(ROOT_SHOWN, times=2)
    pane.sign_in(provider.as_person("alice"))
    pane.wait_for(ROOT_SHOWN, times=3)
    assert provider.endpoints().count("token") == 3


def test_without_logins_and_a_terminal_there_is_none(no_logins, provider, log):
    h.sudoers(NOPASSWD)
    run = terminal.answer_all(ssh(f"{ID} 2>&1", tty="no"), [provider.as_person("alice")])
    assert run.status == 1 and roots(run) == 0 and words.SUDO in run.transcript
    refused(log, NO_SESSION)
    assert kept() == []
    assert not files.TICKETS.exists() or not any(files.TICKETS.iterdir())
