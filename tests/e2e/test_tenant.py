# SPDX-License-Identifier: BSD-2-Clause
"""Another company's person with an e-mail address and roles that one of ours has:
mallory, whose administrator typed alice's. By whole sign-ins over ssh."""

import pytest

import pam_codes
import settings as files
import terminal
import words

OURS = {"company": "acme"}
ALICE, MALLORY = "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1001", "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1013"


def keys(tenant, provider, company="acme"):
    return {"provider": {"tenant": tenant},
            **({"api": {"base_url": provider.api, "company": company}} if tenant == "api" else {})}


@pytest.mark.parametrize("login, tenant, company, sub, reason", [
    ("alice", "claim company=acme", None, ALICE, None),
    ("mallory", "claim company=acme", None, None, "TENANT"),
    ("mallory", "claim company=other", None, MALLORY, None),
    ("alice", "claim company=other", None, None, "TENANT"),
    ("alice", "api", "acme", ALICE, None),
    ("mallory", "api", "acme", None, "API_FORBIDDEN"),
    ("mallory", "api", "other", MALLORY, None),
    ("alice", "any", None, ALICE, None),
    ("mallory", "any", None, MALLORY, None),
])
def test_the_tenant_tells_two_people_of_one_address_apart(sshd, provider, settings, log, login,
                                                          tenant, company, sub, reason):
    settings.conf(**keys(tenant, provider, company))
    # under any it says so, and of each rule by e-mail
    assert ("tenant: any: a person of every customer" in files.check()) == (tenant == "any")
    assert files.check().count("under tenant = any") == (3 if tenant == "any" else 0)
    ssh = terminal.dialogue("alice", [provider.as_person(login)])
    assert (ssh.status == 0) == (reason is None), ssh.transcript
    if reason is None:
        assert pam_codes.authenticate(log) == ["PAM_SUCCESS"]
        log.wait_for_event("admitted", phase="auth", user="alice", sub=sub)
        return
    assert pam_codes.authenticate(log) == ["PAM_MAXTRIES"], str(log)
    refused = log.wait_for_event("refused", reason=reason, phase="auth", user="alice")
    assert f"{words.DENIED} [{refused['attempt']}]" in ssh.transcript
    assert not log.events("admitted")


@pytest.mark.parametrize("fault, reason, sentence", [
    ({"status": 404}, "API_NO_USER", words.DENIED),
    ({"patch": {"active": False}}, "API_INACTIVE", words.DENIED),
    ({"status": 503}, "STATUS", words.LATER),
    ({"close": True}, "NO_CONNECTION", words.LATER),
])
def test_who_is_not_found_and_an_api_that_is_down_are_two_things(sshd, provider, settings, log,
                                                                 fault, reason, sentence):
    settings.conf(**keys("api", provider))
    provider.fault("api", **fault)
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert ssh.status == 255, ssh.transcript
    refused = log.wait_for_event("refused", reason=reason, phase="auth", user="alice")
    assert f"{sentence} [{refused['attempt']}]" in ssh.transcript
    assert len(ssh.addresses) == 1


def test_an_old_sign_in_is_none(sshd, provider, settings, log):
    settings.conf(service_sshd={"max_age": "5m"})
    provider.fault("token", idtoken={"payload": {"auth_time": 1767225600}})
    ssh = terminal.dialogue("alice", [provider.as_person("alice")])
    assert ssh.status == 255, ssh.transcript
    assert all("&max_age=300&" in address for address in ssh.addresses)
    refused = log.wait_for_event("refused", reason="AUTH_TIME_PAST", phase="auth", user="alice")
    assert refused["detail"] == "id_token: auth_time: number 1767225600"
    assert f"{words.OLD} [{refused['attempt']}]" in ssh.transcript
