# SPDX-License-Identifier: BSD-2-Clause
"""A ticket that is to be checked again, through the real libpam: what each answer of a
helper is to sudo's two phases."""

import pytest

from rows import ANSWER, CONF
from test_ticket import is_asked, kept, login, sign_in, sudo

# each sudo is to ask
AT_ONCE = CONF.replace("[service:sudo]\n", "[service:sudo]\nrecheck = 0s\n")
NO_MORE = "the provider renews the sign-in no more"
NO_ID_TOKEN = "the provider's renewal brings no id_token"

# What the helper does, the account phase's code and reason, its detail (None: none that
# matters), and whether authenticate asks the person then.
WAYS = [
    ("failed:STATUS", "AUTHINFO_UNAVAIL", "STATUS", None, False),
    ("failed:SILENCE", "AUTHINFO_UNAVAIL", "SILENCE", None, False),
    ("failed:NO_NAME", "AUTHINFO_UNAVAIL", "NO_NAME", None, False),
    ("failed:CLIENT_REFUSED", "SERVICE_ERR", "CLIENT_REFUSED", None, False),
    ("failed:TOKEN_SUB", "USER_UNKNOWN", "TOKEN_SUB", None, True),
    ("failed:PROVIDER_REFUSED", "USER_UNKNOWN", "PROVIDER_REFUSED", None, True),
    ("failed:API_INACTIVE", "PERM_DENIED", "API_INACTIVE", None, True),
    ("failed:RENEWAL_REFUSED", "PERM_DENIED", "SUDO_NO_SIGN_IN", NO_MORE, True),
    ("failed:TOKEN_MISSING", "PERM_DENIED", "SUDO_NO_SIGN_IN", NO_ID_TOKEN, True),
    ("another_role", "PERM_DENIED", "ROLE", None, True),
    ("other_issuer", "SERVICE_ERR", "HELPER_ANSWER", None, False),
    ("no_claims", "SERVICE_ERR", "HELPER_ANSWER", None, False),
]


@pytest.mark.parametrize("renew, code, reason, detail, asks", WAYS, ids=[row[0] for row in WAYS])
def test_what_comes_of_a_renewal(bench, renew, code, reason, detail, asks):
    bench.conf(AT_ONCE)
    for steps in (("account",), ("authenticate",)):
        with login():
            bench.helper()
            sign_in(bench)
            bench.helper(renew=renew)
            seen = sudo(bench, steps=steps)
            last = bench.events("sudo")[-1]
            if steps == ("authenticate",):
                assert is_asked(seen) if asks else not seen.prompts and seen.codes == ["ABORT"]
            else:
                assert seen.codes == [code] and not seen.prompts
            if steps == ("account",) or not asks:
                assert last["reason"] == reason
                assert detail is None or last["detail"] == detail


def test_what_is_renewed_admits_in_both_phases(bench):
    bench.conf(AT_ONCE)
    with login():
        attempt = sign_in(bench)
        for phase, steps in (("account", ("account",)), ("auth", ("authenticate",))):
            seen = sudo(bench, steps=steps)
            assert seen.codes == ["SUCCESS"] and not seen.messages
            event, = bench.events("sudo")
            assert (event.name, event["phase"], event["attempt"]) == ("admitted", phase, attempt)
            assert event["detail"].endswith(" s ago, checked now")


def test_what_could_not_be_asked_leaves_the_ticket_as_it_was(bench):
    bench.conf(AT_ONCE)
    with login():
        sign_in(bench)
        before = kept()
        bench.helper(renew="failed:STATUS")
        assert sudo(bench, steps=("account",)).codes == ["AUTHINFO_UNAVAIL"]
        assert kept() == before
        bench.helper()
        assert sudo(bench, steps=("account",)).codes == ["SUCCESS"]


def test_a_role_that_is_gone_and_back_needs_no_person(bench):
    """A ticket that refuses as it stands is looked at anew, however fresh it is."""
    bench.conf(AT_ONCE)
    with login():
        sign_in(bench)
        bench.helper(renew="another_role")
        assert sudo(bench, steps=("account",)).codes == ["PERM_DENIED"]
        bench.conf(CONF)        # within recheck, from here on
        bench.helper()
        assert sudo(bench, steps=("account",)).codes == ["SUCCESS"]
        assert sudo(bench).codes == ["SUCCESS"]


def test_where_it_cannot_be_asked_what_the_ticket_says_is_the_answer(bench):
    bench.conf(AT_ONCE)
    with login():
        sign_in(bench)
        bench.helper(renew="another_role")
        assert sudo(bench, steps=("account",)).codes == ["PERM_DENIED"]
        bench.conf(CONF)
        bench.helper(renew="failed:STATUS")
        assert sudo(bench, steps=("account",)).codes == ["PERM_DENIED"]
        assert bench.events("sudo")[-1]["reason"] == "ROLE"
        assert is_asked(sudo(bench))


def test_after_a_renewal_that_is_refused_the_new_sign_in_serves(bench):
    bench.conf(AT_ONCE)
    with login():
        sign_in(bench)
        bench.helper(renew="failed:RENEWAL_REFUSED")
        seen = sudo(bench, answers=[ANSWER])
        assert seen.codes == ["SUCCESS"] and len(seen.prompts) == 1
        bench.helper()
        assert sudo(bench).codes == ["SUCCESS"]


def test_without_the_secret_nothing_is_renewed_and_the_log_says_so(bench):
    bench.conf(AT_ONCE)
    with login():
        sign_in(bench)
        bench.conf(AT_ONCE.replace("[provider]\n",
                                   "[provider]\nclient_secret_file = /etc/none\n"))
        assert sudo(bench, steps=("account",)).codes == ["SERVICE_ERR"]
        event = bench.events("sudo")[-1]
        assert event["reason"] == "FILE_MISSING" and "/etc/none" in event["detail"]


def test_what_the_person_alone_can_mend_is_not_asked_of_the_provider(bench):
    """acr is the sign-in's own: a renewal, which would find the role gone, is not made."""
    wanted = CONF + "[service:atd]\nrequire_role = *\nrequire_acr = high\n"
    bench.conf(wanted)
    with login():
        sign_in(bench)
        bench.conf(wanted.replace("[service:sudo]\n", "[service:sudo]\nrequire_acr = high\n"))
        bench.helper(renew="another_role")
        assert sudo(bench, steps=("account",)).codes == ["PERM_DENIED"]
        assert bench.events("sudo")[-1]["reason"] == "ACR"
