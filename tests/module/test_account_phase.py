# SPDX-License-Identifier: BSD-2-Clause
"""The account phase: authenticate's own decision on the same handle, or none."""

import pytest
from conftest import ETC, put
from rows import ANSWER, CONF, HOSTS, MAP, no_sign_in_of

ALL = tuple(HOSTS)


def test_without_a_sign_in_nobody_is_admitted(bench):
    for service, seen in bench.run(*ALL, steps=("account",)).items():
        assert seen.codes == ["PERM_DENIED"], service
        event, = bench.events(service)
        reason, sentence = no_sign_in_of(service)
        assert (event.name, event["phase"], event["reason"]) == ("refused", "account", reason)
        assert seen.errors == [f"{sentence} [{event['attempt']}]"]


def test_after_a_sign_in_it_admits_and_logs_nothing(bench):
    seen = bench.one(steps=("authenticate", "account", "account"), answers=[ANSWER])
    assert seen.codes == ["SUCCESS"] * 3
    assert [event.name for event in bench.events("sshd")] == ["started", "admitted"]


# What a host may do between the two phases, each of which takes the sign-in away.
BETWEEN = [
    ("another account", [("user", "bob")], "PERM_DENIED"),
    ("an account of which it is the beginning", [("user", "alicex")], "USER_UNKNOWN"),
    ("another service", [("service", "su")], "PERM_DENIED"),
    ("another service of the same gate", [("service", "su-l")], "PERM_DENIED"),
    ("a failed attempt", ["authenticate"], "PERM_DENIED"),
    ("a failed attempt of another, then back",
     [("user", "bob"), "authenticate", ("user", "alice")], "PERM_DENIED"),
    ("an attempt of root, then back",
     [("user", "root"), "authenticate", ("user", "alice")], "PERM_DENIED"),
    ("an attempt of nobody, then back",
     [("user", None), "authenticate", ("user", "alice")], "PERM_DENIED"),
]


@pytest.mark.parametrize("what, between, code", BETWEEN, ids=[row[0] for row in BETWEEN])
def test_a_sign_in_is_not_another_s(bench, what, between, code):
    seen = bench.one(steps=("authenticate", *between, "account"), answers=[ANSWER])
    assert seen.codes[0] == "SUCCESS" and seen.codes[-1] == code, (what, seen)


def test_there_and_back_it_still_stands(bench):
    seen = bench.one(steps=("authenticate", ("user", "bob"), "account", ("user", "alice"),
                            "account"), answers=[ANSWER])
    assert seen.codes == ["SUCCESS", "PERM_DENIED", "SUCCESS"]


def test_two_accounts_of_one_uid_are_two(bench):
    bench.put("accounts.map", MAP.replace(" ALICE", " bob"))
    seen = bench.one(steps=("authenticate", ("user", "large"), "account"), answers=[ANSWER])
    assert seen.codes == ["SUCCESS", "PERM_DENIED"]


def test_its_refusals_repeat_the_attempt_s_id(bench):
    def close_the_service():
        put(ETC / "beproduct.conf", CONF.replace("[service:sshd]", "[service:other]"))

    seen = bench.one(steps=("authenticate", close_the_service, "account"), answers=[ANSWER])
    assert seen.codes == ["SUCCESS", "PERM_DENIED"]
    assert bench.events("sshd")[-1]["reason"] == "SERVICE_CLOSED"
    assert bench.events("sshd")[-1]["attempt"] == bench.events("sshd")[0]["attempt"]


def test_a_configuration_broken_meanwhile_refuses(bench):
    seen = bench.one(steps=("authenticate", lambda: put(ETC / "beproduct.conf", "x"), "account"),
                     answers=[ANSWER])
    assert seen.codes == ["SUCCESS", "SERVICE_ERR"]


BROKEN = [("unread", "[provider\n"), ("empty", ""), ("good", CONF)]


@pytest.mark.parametrize("what, conf", BROKEN, ids=[row[0] for row in BROKEN])
def test_the_other_phases_decide_nothing(bench, what, conf):
    bench.conf(conf)
    for service, seen in bench.run(*ALL, steps=("setcred", "open", "close", "chauthtok")).items():
        assert seen.codes == ["SUCCESS", "SUCCESS", "SUCCESS", "IGNORE"], (what, service)
        assert bench.events(service) == []


@pytest.mark.parametrize("auth, account, code", [
    ("/etc/beproduct/other.conf", "", "PERM_DENIED"),
    ("", "/etc/beproduct/other.conf", "PERM_DENIED"),
    ("/etc/beproduct/beproduct.conf", "", "SUCCESS"),
    ("/etc/beproduct/other.conf", "/etc/beproduct/other.conf", "SUCCESS"),
    ("/etc/beproduct/other.conf", "/etc/beproduct/other.confx", "SERVICE_ERR")])
def test_a_sign_in_by_one_file_is_none_by_another(bench, tmp_path, auth, account, code):
    """Both files say the same here, and so it is the path alone that is told apart."""
    bench.put("other.conf", CONF)
    bench.argument("", tmp_path)
    for phase, path in (("auth", auth), ("account", account)):
        text = (tmp_path / "sshd").read_text(encoding="ascii")
        line = next(one for one in text.splitlines() if one.startswith(f"{phase} ")
                    and "pam_debug" not in one)
        (tmp_path / "sshd").write_text(text.replace(
            line, f"{line} config={path}" if path else line), encoding="ascii")
    seen = bench.one(steps=("authenticate", "account"), answers=[ANSWER])
    assert seen.codes == ["SUCCESS", code]
    if code == "PERM_DENIED":
        assert bench.events("sshd")[-1]["reason"] == "SSH_NO_SIGN_IN"
