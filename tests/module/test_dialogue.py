# SPDX-License-Identifier: BSD-2-Clause
"""What the person and the host are asked, and what comes of their answers."""

import re
import time

import host
import pytest
from rows import (ADMIN, AGAIN, ANSWER, CODE, CONF, CUT, DENIED, FAILED, HOSTS, LATE, MAP,
                  SHOWN_APART, TRIES, USELESS, check_refusal, conf_of)

ALL = tuple(HOSTS)
ADDRESS = re.compile(r"(?m)^https://id\.example\.com/ids/connect/authorize\?state=(\S+?)&client_id="
                     r"web-hosts&response_type=code&redirect_uri=\S+&nonce=([0-9a-f]{40})&scope=\S+$")


def test_the_address_is_where_the_host_shows_it(bench):
    for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
        is_apart = service in SHOWN_APART
        assert [style for style, _ in seen.messages] == \
            (["INFO", "ECHO_ON"] if is_apart else ["ECHO_ON"]), service
        state, _ = ADDRESS.search(seen.messages[0][1]).groups()
        label = f"web1_{service}_alice"
        assert re.fullmatch(label + "_[0-9a-f]{40}", state)
        assert f"Sign in to web1 ({service}) as alice" in seen.messages[0][1]
        assert "Go on only if they are what you typed yourself.\n" in seen.messages[0][1]
        assert seen.prompts[-1].endswith("Address: ")
        assert "https:" not in seen.prompts[0] or not is_apart


@pytest.mark.parametrize("tty", ["", None, ":0"])
def test_without_a_terminal_sudo_hides_the_answer_and_shows_the_address_before(bench, tty):
    """Else the answer is the command's own input; and `sudo -p` replaces a prompt."""
    for service in ("sudo", "sudo-i"):
        seen = bench.one(service, answers=[USELESS, ANSWER], alter={"tty": tty})
        assert seen.codes == ["SUCCESS"]
        assert [style for style, _ in seen.messages] == ["INFO", "ECHO_OFF"] * 2
        assert all(ADDRESS.search(text) for style, text in seen.messages if style == "INFO")
    for service in ("sshd", "login", "su", "su-l", "kiosk"):
        seen = bench.one(service, answers=[ANSWER], alter={"tty": tty})
        assert "ECHO_OFF" not in [style for style, _ in seen.messages]


def test_secrets_of_an_attempt_are_its_own(bench):
    first, second = (ADDRESS.search(bench.one(answers=[ANSWER]).prompts[0]).groups()
                     for _ in range(2))
    assert first[0] != second[0] and first[1] != second[1]
    assert first[0][-40:] != first[1], "state and nonce are one"


@pytest.mark.parametrize("tty, is_terminal", [("ssh", False), ("", False), (None, False),
                                              (":0", False), ("web1:10.0", False),
                                              ("/dev/pts/1", True), ("tty1", True)])
def test_only_a_terminal_gets_the_address_ahead(bench, tty, is_terminal):
    seen = bench.one("kiosk", alter={"tty": tty} if tty is not None else {}, answers=[ANSWER])
    assert [style for style, _ in seen.messages] == \
        (["INFO", "ECHO_ON"] if is_terminal else ["ECHO_ON"])


def test_more_claims_than_can_be_asked_for_are_told_of_before_any_dialogue(bench):
    bench.put("accounts.map", MAP + "".join(f"c{n} x alice\n" for n in range(29)))
    for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, "BROKEN", "MAP", ADMIN, prompts=0)
        assert "accounts.map:33: more than 32 claims" in bench.events(service)[-1]["detail"]


def test_useless_answers_start_no_helper_and_end_at_the_third(bench):
    bench.helper(redeem="crash")    # whoever asked it would hear of that
    for service, seen in bench.run(*ALL, answers=[USELESS, "", "c=d"]).items():
        check_refusal(bench, service, seen, "TRIES", "TRIES", TRIES, prompts=3)
        assert bench.events(service)[-1]["detail"] == "NO_CODE"


@pytest.mark.parametrize("useless", [
    USELESS, "", " ", "code=", "\b\n\r\177INCORRECT\b\n\r\177INCORRECT", f"a{ANSWER}\033[31m",
    ANSWER.replace("&state=x", ""), ANSWER + f"&code={CODE}", "x" * 5000, b"\xff\xfe" * 20])
def test_a_useless_answer_then_a_good_one(bench, useless):
    seen = bench.one("kiosk", answers=[useless, ANSWER])
    assert seen.codes == ["SUCCESS"] and len(seen.prompts) == 2
    assert seen.prompts[1].startswith(AGAIN) and ADDRESS.search(seen.prompts[1])


@pytest.mark.parametrize("good", [ANSWER, f"'{ANSWER}' \r\n", f"\033[200~{ANSWER}\033[201~", CODE,
                                  f"code={CODE}", f"code={CODE}&state=x"])
def test_a_good_answer(bench, good):
    assert bench.one("kiosk", answers=[good]).codes == ["SUCCESS"]


@pytest.mark.parametrize("service, length, is_cut", [
    ("sshd", 1023, True), ("sshd", 1022, False), ("sshd", 1024, False),
    ("login", 4095, True), ("su", 4095, True), ("login", 1023, False),
    ("sudo", 4095, False), ("kiosk", 1023, False)])
def test_a_cut_answer_is_named(bench, service, length, is_cut):
    # whole in form: it is judged by its length alone
    seen = bench.one(service, answers=[ANSWER.ljust(length, "a"), "CONV_ERR"])
    if not is_cut:
        assert seen.codes == ["SUCCESS"]
        return
    assert len(seen.prompts) == 2
    [again] = [text for _, text in seen.messages if text.startswith(CUT)]
    # what it asks for is the code, and nothing that would be cut again
    assert "paste only what stands between code=" in again
    assert "paste the address" not in again


def test_junk_in_the_place_of_answers_is_logged_once_with_what_to_look_at(bench):
    """A person whom AllowUsers leaves out reads only that her answer was of no use."""
    junk = ("\b\n\r\177INCORRECT" * 100)[:len(ANSWER)]
    seen = bench.one(answers=[junk] * 3)
    assert [prompt.startswith(AGAIN) for prompt in seen.prompts] == [False, True, True]
    assert [(event.name, event.get("reason")) for event in bench.events("sshd")] == \
        [("started", None), ("error", "ANSWER_REPLACED"), ("refused", "TRIES")]
    for word in ("AllowUsers", "DenyUsers", "PermitRootLogin", "shell"):
        assert word in bench.events("sshd")[1]["text"]
    # and of an account that does not exist it is no news
    assert bench.one(user="nosuch", answers=[junk] * 3).messages
    assert [event.get("reason") for event in bench.events("sshd")] == [None, "TRIES"]


def test_junk_of_the_same_length_is_called_cut_too(bench):
    junk = ("\b\n\r\177INCORRECT" * 100)[:1023]
    seen = bench.one(user="nosuch", answers=[junk] * 3)
    assert seen.codes == ["MAXTRIES"]
    assert [prompt.startswith(CUT) for prompt in seen.prompts] == [False, True, True]


# How a conversation breaks off: the host's answer, and what authenticate says.
BROKEN_OFF = [("CONV_ERR", "CONV_ERR"), ("BUF_ERR", "BUF_ERR"), (None, "CONV_ERR"),
              ("ABORT", "ABORT"),
              # what the host's stack would take for leave to go on
              ("IGNORE", "CONV_ERR"), ("USER_UNKNOWN", "CONV_ERR"),
              ("NEW_AUTHTOK_REQD", "CONV_ERR"), ("CONV_AGAIN", "CONV_ERR")]


@pytest.mark.parametrize("said, code", BROKEN_OFF)
@pytest.mark.parametrize("before", [[], [USELESS], [USELESS, USELESS]])
def test_a_conversation_that_breaks_off_ends_it(bench, said, code, before):
    for service, seen in bench.run(*ALL, answers=[*before, said, ANSWER]).items():
        assert seen.codes == [code], service
        assert len(seen.prompts) == len(before) + 1
        last = bench.events(service)[-1]
        # sudo says CONV_ERR for an answer that is too long, too; sshd where it has no prompts
        own = {"sudo": "SUDO_BROKE_OFF", "sudo-i": "SUDO_BROKE_OFF"}
        if not before:
            own["sshd"] = "SSH_NO_PROMPT"
        reason = own.get(service, "BROKE_OFF") if said == "CONV_ERR" else "BROKE_OFF"
        assert (last.name, last["reason"]) == ("refused", reason)
        assert [error.startswith("No answer arrived.") for error in seen.errors] == \
            [True] * (reason == "SUDO_BROKE_OFF")


def test_a_host_without_a_conversation(bench):
    for service, seen in bench.run(*ALL, conv=False).items():
        assert seen.codes == ["AUTHINFO_UNAVAIL"] and seen.messages == [], service
        assert [(event.name, event.get("reason")) for event in bench.events(service)] == \
            [("started", None), ("refused", "NO_CONVERSATION")]


def test_without_a_user_the_host_is_asked_for_one(bench):
    seen = bench.one("login", user=None, answers=["alice", ANSWER])
    assert seen.codes == ["SUCCESS"]
    assert bench.events("login")[-1]["user"] == "alice"


@pytest.mark.parametrize("said", ["CONV_ERR", None])
def test_without_a_user_and_an_answer(bench, said):
    seen = bench.one("login", user=None, answers=[said], steps=("authenticate", "account"))
    assert seen.codes == ["CONV_ERR", "SERVICE_ERR"]
    assert bench.events("login")[0]["reason"] == "BROKE_OFF"
    assert "user" not in bench.events("login")[0].fields


def test_a_service_asks_for_a_sign_in_of_its_kind_and_age_and_checks_it(bench):
    bench.conf(conf_of(provider={"acr_values": "a, b"},
                       service_sudo={"max_age": "10m", "prompt": "login"}))
    for service, seen in bench.run(*ALL, answers=[ANSWER], steps=("authenticate",)).items():
        is_sudo = service in ("sudo", "sudo-i")
        shown = seen.messages[0][1]
        assert ("&prompt=login&max_age=600&acr_values=a%20b&scope=openid" in shown) == is_sudo
        assert "&acr_values=a%20b&scope=openid" in shown
        # of its time this helper's id_token says nothing
        if is_sudo:
            check_refusal(bench, service, seen, "FAILED", "AUTH_TIME", FAILED, prompts=1)
        else:
            assert seen.codes == ["SUCCESS"]


def test_the_deadline_is_looked_at_between_prompts(bench, monkeypatch):
    bench.conf(CONF.replace("[service:kiosk]", "[service:kiosk]\ndeadline = 10s"))
    bench.one("kiosk", answers=[ANSWER])
    converse = host._Host.converse

    def slow(self, *arguments):
        time.sleep(0 if self.seen.messages else 10.2)
        return converse(self, *arguments)

    monkeypatch.setattr(host._Host, "converse", slow)
    check_refusal(bench, "kiosk", bench.one("kiosk", answers=[USELESS, ANSWER]), "UNAVAILABLE",
                  "DEADLINE", LATE, prompts=1)


def test_an_account_that_does_not_exist_hears_the_same_from_afar(bench):
    def transcript(user, answers):
        seen = bench.one(user=user, answers=answers)
        text = repr((seen.codes, seen.messages)).replace(user, "X")
        return re.sub(r"[0-9a-f]{16,40}", "H", text)

    for redeem in ("good", "unusable:CODE_REFUSED"):
        bench.helper(redeem=redeem)
        for answers in ([USELESS] * 3, ["CONV_ERR"], [ANSWER] * 3 if redeem != "good"
                        else [USELESS, "CONV_ERR"]):
            assert transcript("alice", answers) == transcript("nosuch", answers)


def test_an_account_that_does_not_exist_is_never_admitted(bench):
    seen = bench.one(user="nosuch", answers=[ANSWER], steps=("authenticate", "account"))
    assert seen.codes == ["MAXTRIES", "USER_UNKNOWN"]
    assert seen.errors[0].startswith(FAILED)
    for event in bench.events("sshd"):
        assert "user" not in event.fields and "nosuch" not in repr(event)


@pytest.mark.parametrize("service, rhost", [("login", ""), ("kiosk", None)])
def test_an_account_that_does_not_exist_is_left_to_the_stack_here(bench, service, rhost):
    seen = bench.one(service, user="my password", alter={"rhost": rhost} if rhost else {},
                     answers=[ANSWER], steps=("authenticate", "account"))
    assert seen.codes == ["USER_UNKNOWN", "USER_UNKNOWN"] and seen.messages == []
    assert "my password" not in str(bench.log)
    assert bench.events(service)[0]["reason"] == "NO_ACCOUNT"


def test_a_service_without_a_role_says_so_before_any_dialogue(bench):
    bench.conf(CONF[:CONF.index("[service:sshd]")] + "[service:su]\nrequire_scope = openid\n")
    bench.helper(discover="crash")
    for service, seen in bench.run(*ALL, answers=[ANSWER], steps=("authenticate",)).items():
        check_refusal(bench, service, seen, "DENIED", "SERVICE_CLOSED", DENIED, prompts=0)
