# SPDX-License-Identifier: BSD-2-Clause
"""`beproductctl service-sign-in`: this host's own token for the public API."""

import contextlib
import fcntl
import os
import pathlib
import re
import stat
import struct
import subprocess
import time

import pytest
import settings as files
from program import CTL, SECONDS, ctl, nothing_secret

STATE = pathlib.Path("/var/lib/beproduct")
TOKEN = files.SERVICE_TOKEN

TOLD = """\
This gives this host a token of its own for the public API:
company acme at {api}. By it the account phase
learns the roles of people who come by a key and do not sign in.
It reads there what the person may read who signs in now, until it ends
or is revoked: let it be somebody who may read the company's users, and
no more.  It is kept in
/var/lib/beproduct/service_token, for root alone.

issuer       https://id.beproduct.test/ids
client_id    web-hosts
scopes       openid, profile, email, roles, BeProductPublicApi, offline_access
"""

WHO = ('signed in: sub "0d2f8c1e-5b7a-4a0e-9c35-2b1f6e7a1001", e-mail "alice@example.com", '
       'an active user of acme, id "u-1001"\n')
KEPT = "kept: /var/lib/beproduct/service_token\n"
REVOKED = "revoked: the token that was there before\n"
TRIED = "tried: by it this host finds this very user\n"


@pytest.fixture
def at_api(live, provider):
    live.conf(api={"base_url": provider.api, "company": "acme", "role_source": "api"})
    return live


def texts():
    """What the file has: issuer, client_id, api_url, company, refresh and access token."""
    rest, found = TOKEN.read_bytes(), []
    while rest:
        n = int.from_bytes(rest[:4], "big")
        found.append(rest[4:4 + n].decode())
        # two times behind the first
        rest = rest[4 + n + (16 if len(found) == 1 else 0):]
    return found[1:]


def give(sign_in, name="alice"):
    one = sign_in(name, "service-sign-in")
    assert nothing_secret(one)
    if TOKEN.exists():
        for token in texts()[4:]:
            assert token not in one.stdout + one.stderr
    return one


def test_it_is_told_what_for_kept_for_root_alone_and_tried(at_api, provider, sign_in):
    one = give(sign_in)
    assert one.stderr.startswith(TOLD.format(api=provider.api))
    assert "Sign in to web1 (service-sign-in) as anyone with BeProduct." in one.stderr
    assert (one.status, one.stdout) == (0, WHO + KEPT + TRIED)
    assert provider.endpoints() == ["discovery", "jwks", "token", "userinfo", "api", "token", "api"]
    assert provider.log()["requests"][-1]["path"] == "/api/acme/Users/GetById/u-1001"
    assert stat.S_IMODE(TOKEN.stat().st_mode) == 0o600 and TOKEN.stat().st_uid == 0
    assert texts()[:4] == [provider.issuer, "web-hosts", provider.api, "acme"]
    assert len(texts()[4]) == 32 and len(texts()[5]) > 32
    assert provider.refresh_tokens("alice") == 1


def test_a_second_takes_the_firsts_place_which_is_revoked(at_api, provider, sign_in):
    give(sign_in)
    first = texts()
    one = give(sign_in, "bob")
    assert (one.status, one.stdout.split("\n", 1)[1]) == (0, KEPT + REVOKED + TRIED)
    assert 'id "1002"' in one.stdout and texts()[4] != first[4]
    assert (provider.refresh_tokens("alice"), provider.refresh_tokens("bob")) == (0, 1)


def test_one_that_cannot_be_revoked_is_told_of(at_api, provider, sign_in):
    give(sign_in)
    provider.fault("revocation", status=503)
    one = give(sign_in)
    assert (one.status, one.stdout) == (0, WHO + KEPT + TRIED)
    assert "warning: STATUS: the token that was there before is not revoked: it ends at the " \
        "provider by time (" in one.stderr


def test_anothers_token_is_not_sent_to_this_provider(at_api, provider, sign_in):
    files.service_token("a", "r", issuer="https://other.example/ids")
    one = give(sign_in)
    assert (one.status, one.stdout) == (0, WHO + KEPT + TRIED)
    assert "warning: the token that was there before is of another issuer or client_id" in one.stderr
    assert "revocation" not in [entry["endpoint"] for entry in provider.log()["requests"]]


@contextlib.contextmanager
def everybodys_turns():
    """As a process that renews the old one: all that a name can be given to, core/slot.c."""
    with open("/run/beproduct/helpers", "r+b") as slots:
        fcntl.fcntl(slots, fcntl.F_OFD_SETLK, struct.pack(
            "hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 1 << 60, 0, 0))
        yield


def test_who_renews_the_old_one_meanwhile_is_waited_for(at_api, provider, dialogue):
    files.service_token("an-access-token", "a-refresh-token", issuer="https://other.example/ids")
    one = dialogue("service-sign-in")
    one.prompt()
    pasted = provider.as_person("alice")(one.address)
    with everybodys_turns():
        one.answer(pasted)
        end = time.monotonic() + SECONDS
        while "api" not in provider.endpoints():
            assert time.monotonic() < end
            time.sleep(0.1)
        # long enough for one who would not wait
        time.sleep(2)
        assert one.process.poll() is None and texts()[4] == "a-refresh-token"
    assert one.end() == 0 and len(texts()[4]) == 32


@pytest.mark.parametrize("api", [{}, {"role_source": "both"}])
def test_where_nothing_asks_by_it_that_is_said_and_it_is_kept(live, provider, sign_in, api):
    live.conf(api={"base_url": provider.api, "company": "acme", **api})
    one = give(sign_in)
    assert "Nothing but `beproductctl users` asks by it as long as role_source of\n" in one.stderr
    assert (one.status, one.stdout) == (0, WHO + KEPT + TRIED)


### Refused: what was there still is ###

@pytest.fixture
def before(at_api):
    files.service_token("an-access-token", "a-refresh-token")
    return TOKEN.read_bytes()


@pytest.mark.parametrize("name, reason", [
    ("ivan", "API_INACTIVE"), ("mallory", "API_FORBIDDEN"), ("heidi", "API_FORBIDDEN")])
def test_who_is_no_active_user_gives_none(before, sign_in, name, reason):
    one = give(sign_in, name)
    assert one.status == 1 and one.stdout.startswith(f"refused: {reason}: ")
    assert TOKEN.read_bytes() == before


def test_without_a_refresh_token_there_is_none(before, provider, sign_in):
    provider.shape(offline=False)
    one = give(sign_in)
    assert (one.status, one.stdout) == (1, "refused: no refresh token came: the provider must "
                                        "allow this client the scope offline_access\n")
    assert TOKEN.read_bytes() == before


def test_without_a_place_nobody_is_asked(at_api, provider):
    STATE.mkdir(mode=0o700, exist_ok=True)
    kept = STATE.with_name("kept")
    STATE.rename(kept)
    STATE.write_text("")
    try:
        done = ctl("service-sign-in", input="")
    finally:
        STATE.unlink()
        kept.rename(STATE)
    assert done.returncode == 1
    assert done.stdout.startswith("refused: the token cannot be kept in "
                                  "/var/lib/beproduct/service_token: ")
    assert "Address" not in done.stderr and provider.endpoints() == []


def test_a_place_that_is_lost_meanwhile_ends_the_new_token(before, provider, dialogue):
    one = dialogue("service-sign-in")
    one.prompt()
    TOKEN.unlink()
    TOKEN.mkdir()
    try:
        one.answer(provider.as_person("alice")(one.address))
        assert one.end() == 1
    finally:
        TOKEN.rmdir()
    assert one.stdout == WHO + ("refused: the token cannot be kept in /var/lib/beproduct/"
                                "service_token: Is a directory\nrevoked: the new token\n")
    assert provider.refresh_tokens("alice") == 0


def test_a_missing_company_exit_3(live, provider):
    done = ctl("service-sign-in", input="")
    assert done.returncode == 3
    assert done.stderr == ("/etc/beproduct/beproduct.conf: company: is missing from [api]: "
                           "whose users are to be asked for\n")
    assert provider.endpoints() == []


def test_nobody_but_root_may(at_api):
    done = ctl("service-sign-in", input="", user=65534)
    assert done.returncode == 3 and "Address" not in done.stderr


### Kept, and of no use ###

def test_one_that_cannot_be_used_yet_is_kept_and_says_so(at_api, provider, dialogue):
    one = dialogue("service-sign-in")
    one.prompt()
    provider.fault("token", grant_type="refresh_token", status=503)
    one.answer(provider.as_person("alice")(one.address))
    assert one.end() == 2
    assert one.stdout.startswith(WHO + KEPT + "of no use yet: STATUS: ")
    assert len(texts()[4]) == 32 and texts()[5] == ""


def test_one_that_the_provider_does_not_renew_is_said_to_be_of_no_use(at_api, provider, dialogue):
    one = dialogue("service-sign-in")
    one.prompt()
    provider.fault("token", grant_type="refresh_token", error="invalid_grant")
    one.answer(provider.as_person("alice")(one.address))
    assert one.end() == 3
    assert "of no use yet: SERVICE_TOKEN_REFUSED: " in one.stdout


### check ###

def warnings():
    done = ctl("check")
    return done, re.findall(r"(?m)^warning: .*(?:service|role_source).*$", done.stdout)


def aged(days, *, renewed=None):
    now = int(time.time())
    content = TOKEN.read_bytes()
    head = len("service token, 1") + 4
    times = [now - days * 86400, now - (days if renewed is None else renewed) * 86400]
    TOKEN.write_bytes(content[:head] + b"".join(n.to_bytes(8, "big") for n in times)
                      + content[head + 16:])


def test_check_misses_it_where_role_source_is_api(at_api):
    _, found = warnings()
    assert len(found) == 1
    assert re.match(r"warning: /etc/beproduct/beproduct.conf:\d+: role_source: api, and this host has "
                    r"no token to ask by: who comes by a key is refused. `beproductctl "
                    r"service-sign-in` gives one$", found[0])


@pytest.mark.parametrize("source", ["claims", "both"])
def test_and_nowhere_else(live, provider, source):
    live.conf(provider={"tenant": "api"}, api={"base_url": provider.api, "company": "acme",
                                               "role_source": source})
    assert warnings()[1] == []


def test_check_is_content_with_a_token_that_is_young_enough(at_api, provider):
    files.service_token("an-access-token", "a-refresh-token", api_url=provider.api)
    assert warnings()[1] == []
    aged(24)
    assert warnings()[1] == []


def test_check_knows_its_age(at_api, provider):
    files.service_token("an-access-token", "a-refresh-token", api_url=provider.api)
    aged(26, renewed=3)
    done, found = warnings()
    assert found == [
        "warning: /var/lib/beproduct/service_token: its sign-in was 26 days ago, and it was last "
        "renewed 3 days ago: a provider ends it by time (IdentityServer, by default, 30 days after "
        "the sign-in): `beproductctl service-sign-in` gives another"]
    assert "an-access-token" not in done.stdout and "a-refresh-token" not in done.stdout


@pytest.mark.parametrize("other", [{"issuer": "https://other.example/ids"}, {"client_id": "other"},
                                   {"company": "other"}, {"api_url": "https://other.example"}], ids=str)
def test_check_tells_anothers_token(at_api, provider, other):
    files.service_token("an-access-token", "a-refresh-token", **{"api_url": provider.api, **other})
    _, found = warnings()
    assert len(found) == 1 and "came from another issuer, or is for another client_id" in found[0]


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def a_link(path):
    path.rename(path.with_name("real"))
    path.symlink_to("real")


@pytest.mark.parametrize("spoil", [cut, a_link, lambda path: os.chown(path, 65534, 65534)],
                         ids=["cut", "a link", "another's"])
def test_check_tells_a_file_that_is_none(at_api, provider, spoil):
    files.service_token("an-access-token", "a-refresh-token", api_url=provider.api)
    spoil(TOKEN)
    try:
        _, found = warnings()
        assert len(found) == 1 and "service_token: cannot be used: " in found[0]
    finally:
        TOKEN.with_name("real").unlink(missing_ok=True)
        TOKEN.unlink()


### Its end ###

FOLLOWS = """\
role_source = api: by a key alone nobody is let in from now on, but by what
was said before, for cache and grace; `beproductctl cache drop` ends that,
`beproductctl service-sign-in` gives another token.
"""
DROPPED = ("dropped: /var/lib/beproduct/service_token\n"
           "What it brought last ends at the provider by time, within hours.\n")


def test_whose_it_is_can_be_seen_and_none_of_it(at_api, provider):
    files.service_token("an-access-token", "a-refresh-token", api_url=provider.api)
    done = ctl("service-token")
    assert done.returncode == 0 and done.stderr == ""
    assert re.fullmatch(rf'company="acme" api_url="{provider.api}" signed_in=\d+s renewed=\d+s '
                        rf'client_id="web-hosts" issuer="{provider.issuer}"\n', done.stdout)
    assert ctl("service-token", "show").stdout.split()[0] == 'company="acme"'
    TOKEN.unlink()
    for arguments in (["service-token"], ["service-token", "drop"]):
        done = ctl(*arguments)
        assert done.returncode == 1
        assert done.stdout.startswith("this host has no token for the public API\n")


def test_it_is_erased_and_revoked_and_what_follows_is_said(at_api, provider, sign_in):
    give(sign_in)
    done = ctl("service-token", "drop")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == DROPPED + FOLLOWS + "revoked 1 refresh tokens\n"
    assert not TOKEN.exists() and provider.refresh_tokens("alice") == 0
    assert list(files.QUEUE.glob("*")) == []


def test_where_it_cannot_be_revoked_now_it_waits(live, provider):
    files.service_token("an-access-token", "a-refresh-token")
    provider.fault("revocation", status=503)
    done = ctl("service-token", "drop")
    assert done.returncode == 2 and done.stdout.startswith(DROPPED + "revoked 0 refresh tokens\n1 wait in ")
    assert "of the sign-in service-sign-in: STATUS: " in done.stderr and "its token waits" in done.stderr
    assert not TOKEN.exists() and "a-refresh-token" not in done.stdout + done.stderr
    provider.reset()
    assert "revoked 1" in ctl("tickets", "drop", "--all").stdout


def test_without_a_configuration_it_waits_too(live, provider):
    files.service_token("an-access-token", "a-refresh-token")
    files.put(files.CONF, "nonsense\n")
    done = ctl("service-token", "drop")
    assert done.returncode == 3 and done.stdout.startswith(DROPPED + "1 wait in ")
    assert not TOKEN.exists() and provider.endpoints() == []


def test_one_that_cannot_be_read_is_erased_and_said_not_to_be_revoked(live, provider):
    files.service_token("an-access-token", "a-refresh-token")
    files.put(TOKEN, TOKEN.read_bytes()[:-1], 0o600)
    done = ctl("service-token", "drop")
    assert done.returncode == 3 and "beproductctl: /var/lib/beproduct/service_token: " in done.stderr
    assert not TOKEN.exists()


def test_who_renews_it_meanwhile_is_waited_for_before_it_is_dropped(live, provider):
    files.service_token("an-access-token", "a-refresh-token")
    ctl("service-token")        # so that there is a place for turns
    assert ctl("users").returncode != 0
    with everybodys_turns():
        waiting = subprocess.Popen([CTL, "service-token", "drop"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        # long enough for one who would not wait
        time.sleep(3)
        assert waiting.poll() is None and TOKEN.exists()
    waiting.communicate(timeout=SECONDS)
    assert not TOKEN.exists()


def test_nobody_but_root_may_see_or_end_it(live):
    files.service_token("an-access-token", "a-refresh-token")
    for word in ("show", "drop"):
        done = ctl("service-token", word, user=65534)
        assert (done.returncode, done.stdout) == (3, "") and TOKEN.exists()
