# SPDX-License-Identifier: BSD-2-Clause
"""A helper that misbehaves: nobody is admitted, and the host is as it was."""

import pytest
from rows import (ADMIN, AGAIN, ANSWER, CONF, CONF_API, DENIED, FAILED, HOSTS, LATER, REFUSED, TRIES,
                  check_refusal, no_sign_in_of)

ALL = tuple(HOSTS)

# as both requests can be answered: mode, class, reason, sentence
EITHER = [
    ("silent", "UNAVAILABLE", "HELPER_SILENT", LATER),
    ("drip", "UNAVAILABLE", "HELPER_SILENT", LATER),
    ("cut", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("zero", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("other_request", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("two", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("too_long", "BROKEN", "HELPER_LONG", ADMIN),
    ("unprintable", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("crash", "BROKEN", "HELPER_ENDED", ADMIN),
    ("mute", "BROKEN", "HELPER_ENDED", ADMIN),
    ("build", "BROKEN", "HELPER_BUILD", ADMIN),
    ("echo", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("type", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("failed:TLS", "UNAVAILABLE", "TLS", LATER),
    ("failed:HELPER_BROKEN", "BROKEN", "HELPER_BROKEN", ADMIN),
]
DISCOVER = EITHER + [
    ("other_issuer", "BROKEN", "DISCOVERY_ISSUER", ADMIN),
    ("endpoint", "BROKEN", "PROVIDER_FOREIGN", ADMIN),
    ("token_endpoint", "BROKEN", "PROVIDER_FOREIGN", ADMIN),
    ("unusable:NO_CODE", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("failed:NO_KEYS", "UNAVAILABLE", "NO_KEYS", LATER),
    ("failed:PROXY", "UNAVAILABLE", "PROXY", LATER),
    ("failed:CLIENT_REFUSED", "BROKEN", "CLIENT_REFUSED", ADMIN),
]
REDEEM = EITHER + [
    ("deaf", "BROKEN", "HELPER_ENDED", ADMIN),
    ("other_issuer", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("other_names", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("no_claims", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("other_asked", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("failed:PROVIDER_REFUSED", "FAILED", "PROVIDER_REFUSED", REFUSED),
    ("failed:ACCESS_DENIED", "FAILED", "ACCESS_DENIED", "The sign-in was cancelled, or "),
    ("failed:LOGIN_REQUIRED", "FAILED", "LOGIN_REQUIRED", "BeProduct did not get your login. "),
    ("failed:CONSENT_REQUIRED", "FAILED", "CONSENT_REQUIRED",
     "BeProduct did not get your consent. "),
    ("failed:INTERACTION_REQUIRED", "FAILED", "INTERACTION_REQUIRED",
     "BeProduct did not get an answer from you. "),
    ("failed:TOKEN_SIGNATURE", "FAILED", "TOKEN_SIGNATURE", FAILED),
    ("failed:CLIENT_REFUSED", "BROKEN", "CLIENT_REFUSED", ADMIN),
    ("failed:CODE_REFUSED", "FAILED", "CODE_REFUSED", AGAIN),
    ("another_role", "DENIED", "ROLE", DENIED),
    ("number_role", "FAILED", "ROLE_TYPE", FAILED),
    ("no_role", "DENIED", "ROLE", DENIED),
    ("another_company", "DENIED", "TENANT", DENIED),
    ("another_address", "DENIED", "NO_RULE", DENIED),
    ("unverified", "DENIED", "EMAIL_UNVERIFIED", DENIED),
]


def names(rows):
    return [row[0] for row in rows]


@pytest.mark.parametrize("mode, kind, reason, sentence", DISCOVER, ids=names(DISCOVER))
def test_a_bad_discover_ends_it_before_any_prompt(bench, record, mode, kind, reason, sentence):
    bench.helper(discover=mode)
    for service, seen in bench.run(*ALL, answers=[ANSWER]).items():
        check_refusal(bench, service, seen, kind, reason, sentence, prompts=0)
    assert record.path() is None, "what was refused was kept"


@pytest.mark.parametrize("mode, kind, reason, sentence", REDEEM, ids=names(REDEEM))
def test_a_bad_redeem_ends_it_at_the_first_prompt(bench, mode, kind, reason, sentence):
    bench.helper(redeem=mode)
    # a good answer is still there for whoever asks again
    for service, seen in bench.run(*ALL, answers=[ANSWER] * 3,
                                   steps=("authenticate",)).items():
        check_refusal(bench, service, seen, kind, reason, sentence, prompts=1)


@pytest.mark.parametrize("settings, asked, detail", [
    ("", "redeem", "proxy= basic=0 verifier=0"),
    ("proxy = http://p:3128\n", "discover", "proxy=http://p:3128 basic=0 verifier=0"),
    ("proxy = http://p:3128\n", "redeem", "proxy=http://p:3128 basic=0 verifier=0"),
    ("client_auth = basic\n", "redeem", "proxy= basic=1 verifier=0"),
    ("client_auth = post\n", "redeem", "proxy= basic=0 verifier=0"),
    ("pkce = s256\n", "redeem", "proxy= basic=0 verifier=64"),
], ids=["nothing", "proxy-discover", "proxy", "basic", "post", "s256"])
def test_how_the_provider_is_to_be_spoken_to_reaches_the_helper(bench, settings, asked, detail):
    text = CONF if "pkce" not in settings else CONF.replace("pkce = off\n", "")
    bench.conf(text.replace("[provider]\n", f"[provider]\n{settings}"))
    bench.helper(**{asked: "tells"})
    bench.one(answers=[ANSWER])
    assert bench.events("sshd")[-1]["detail"] == detail


API = [
    ("unasked", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("other_asked", "BROKEN", "HELPER_ANSWER", ADMIN),
    ("another_address", "DENIED", "NO_RULE", DENIED),
    *((f"failed:{name}", "DENIED", name, DENIED)
      for name in ("API_EMAIL", "API_TOKEN", "API_FORBIDDEN", "API_NO_USER", "API_USERS",
                   "API_INACTIVE", "API_OTHER")),
    ("failed:STATUS", "UNAVAILABLE", "STATUS", LATER),
]


@pytest.mark.parametrize("mode, kind, reason, sentence", API, ids=names(API))
def test_under_tenant_api_only_who_was_found_there_is_admitted(bench, mode, kind, reason, sentence):
    bench.conf(CONF_API)
    bench.helper(redeem=mode)
    for service, seen in bench.run(*ALL, answers=[ANSWER] * 3,
                                   steps=("authenticate",)).items():
        check_refusal(bench, service, seen, kind, reason, sentence, prompts=1)


def test_under_tenant_api_the_companys_claim_is_not_looked_at(bench):
    bench.conf(CONF_API)
    for mode in ("good", "another_company"):
        bench.helper(redeem=mode)
        assert bench.one(answers=[ANSWER]).codes == ["SUCCESS"]


@pytest.mark.parametrize("mode, detail", [
    ("number_role", "role_claim = role: number"), ("no_role", "role_claim = role: absent"),
    ("another_role", None)])
def test_what_stood_in_the_place_of_roles_is_logged(bench, mode, detail):
    bench.helper(redeem=mode)
    bench.one(answers=[ANSWER])
    assert bench.events("sshd")[-1].get("detail") == detail


@pytest.mark.parametrize("mode", ["silent", "zero", "two", "crash", "other_issuer",
                                  "failed:TLS", "another_role"])
def test_the_account_phase_admits_nobody_after_it(bench, mode):
    bench.helper(redeem=mode)
    for service, seen in bench.run(*ALL, answers=[ANSWER],
                                   steps=("authenticate", "account")).items():
        assert seen.codes[1] == "PERM_DENIED", service
        assert bench.events(service)[-1]["reason"] == no_sign_in_of(service)[0]


@pytest.mark.parametrize("mode", ["good", "lingers", "ends_badly", "old_keys"])
def test_good_claims_admit_however_the_helper_ends(bench, mode):
    bench.helper(redeem=mode)
    for service, seen in bench.run(*ALL, answers=[ANSWER],
                                   steps=("authenticate", "account")).items():
        assert seen.codes == ["SUCCESS", "SUCCESS"], (service, seen)
        assert seen.errors == [] and len(seen.prompts) == 1
        started, admitted = bench.events(service)
        assert (started.name, admitted.name) == ("started", "admitted")
        assert started["attempt"] == admitted["attempt"]
        assert (admitted["user"], admitted["sub"], admitted["email"],
                admitted["email_verified"]) == \
            ("alice", "sub-of-alice", "alice@example.com", "true")


@pytest.mark.parametrize("algs, code", [
    ("ES256", "SUCCESS"), ("RS256", "MAXTRIES"), ("RS256, ES256", "MAXTRIES")])
def test_the_helper_is_told_the_signatures_that_are_allowed(bench, algs, code):
    bench.conf(CONF.replace("[accounts]", f"signing_algs = {algs}\n[accounts]"))
    bench.helper(redeem="es256_alone")
    assert bench.one(answers=[ANSWER], steps=("authenticate",)).codes == [code]


@pytest.mark.parametrize("redeem, reason", [("unusable:NO_CODE", "NO_CODE"),
                                            ("unusable:STATE_WRONG", "STATE_WRONG"),
                                            ("unusable:ISS_MISSING", "ISS_MISSING"),
                                            ("unusable:CODE_REFUSED", "CODE_REFUSED")])
def test_unusable_may_be_pasted_again_twice(bench, redeem, reason):
    bench.helper(redeem=redeem)
    for service, seen in bench.run(*ALL, answers=[ANSWER] * 4).items():
        check_refusal(bench, service, seen, "TRIES", "TRIES", TRIES, prompts=3)
        assert bench.events(service)[-1]["detail"].startswith(reason)
        shown = "\n".join(text for _, text in seen.messages)
        assert shown.count(AGAIN + "\n") == 2


@pytest.mark.parametrize("redeem, is_slow", [("unusable:CODE_REFUSED", True),
                                             ("unusable:STATE_WRONG", False), ("good", False)])
def test_a_code_that_the_provider_refused_costs_time(bench, redeem, is_slow):
    bench.helper(redeem=redeem)
    (delay,) = bench.one(answers=[ANSWER] * 3).delays
    assert (delay > 1000000) == is_slow, delay


def test_what_was_wrong_with_one_line_is_not_said_of_the_next(bench):
    bench.helper(redeem="unusable:CODE_REFUSED")
    bench.one(answers=[ANSWER, "CONV_ERR"])
    last = bench.events("sshd")[-1]
    assert last["reason"] == "BROKE_OFF" and "detail" not in last.fields


def test_a_detail_of_the_helper_is_for_the_log_alone(bench):
    bench.helper(redeem="failed:TOKEN_AUD")
    seen = bench.one(answers=[ANSWER])
    assert bench.events("sshd")[-1]["detail"] == r'said \"the helper\"'
    assert not any("the helper" in text for _, text in seen.messages)


def test_no_detail_tells_of_the_secret_whoever_repeats_it(bench):
    bench.put("client_secret", "and so the helper says\n", 0o600)
    bench.helper(discover="failed:DISCOVERY_ISSUER")
    bench.one(answers=[])
    assert bench.events("sshd")[-1]["detail"] == r'said \"**********\"'


@pytest.mark.parametrize("mode", ["stale:TOKEN_KEY", "stale:STATUS", "old_keys"])
@pytest.mark.parametrize("age, is_kept", [(30, True), (90, False)])
def test_old_keys_forget_a_record_older_than_a_minute(bench, record, mode, age, is_kept):
    bench.helper()
    bench.one(answers=[ANSWER])
    record.age(age)
    bench.helper(discover="failed:TLS", redeem=mode)
    bench.one(answers=[ANSWER])
    assert (record.path() is not None) == is_kept


@pytest.mark.parametrize("mode", ["zero", "two", "build", "crash", "failed:TOKEN_KEY"])
def test_nothing_else_forgets_the_record(bench, record, mode):
    bench.one(answers=[ANSWER])
    record.age(90)
    bench.helper(redeem=mode)
    bench.one(answers=[ANSWER])
    assert record.path() is not None


@pytest.mark.parametrize("age, code", [(0, "SUCCESS"), (3500, "SUCCESS"),
                                       (3700, "AUTHINFO_UNAVAIL"), (-100, "AUTHINFO_UNAVAIL")])
def test_a_record_serves_for_an_hour(bench, record, age, code):
    bench.one("su", answers=[ANSWER])
    record.age(age)
    bench.helper(discover="failed:TLS")
    assert bench.one("su", answers=[ANSWER]).codes == [code]


def test_a_record_is_root_s_alone(bench, record):
    bench.one(answers=[ANSWER])
    info = record.path().stat()
    assert (info.st_uid, info.st_mode & 0o777) == (0, 0o600)
    info = record.path().parent.stat()
    assert (info.st_uid, info.st_mode & 0o777) == (0, 0o700)
