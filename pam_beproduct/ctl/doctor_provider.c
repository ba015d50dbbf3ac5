/* SPDX-License-Identifier: BSD-2-Clause */
#include "attempt/discover.h"
#include "core/item.h"
#include "ctl/doctor.h"
#include "ctl/step.h"
#include "wire/clock.h"
#include "wire/list.h"

#include <string.h>

/* What to do about it; where nothing stands here the reason says it. */
static const struct mend {
	enum bp_reason	 why;
	const char	*mend;
} mends[] = {
	{ BP_HELPER_USER, "systemd-sysusers, or useradd --system, makes it" },
	{ BP_HELPER_FILE, "install the package anew; root's, mode 0711" },
	{ BP_HELPER_BUILD, "install module, helper and beproductctl of one "
	    "build" },
	{ BP_HELPER_ENDED, "start it by hand: a library may be missing "
	    "(ldd " BP_PATH_HELPER ")" },
	{ BP_CA_BAD, "name certificates in ca_file, or install "
	    "ca-certificates" },
	{ BP_NO_NAME, "issuer misspelt, or no DNS here: `getent hosts` with "
	    "the name, /etc/resolv.conf" },
	{ BP_NO_CONNECTION, "nothing answers there: a firewall on the way "
	    "(proxy of [provider]), or the provider is down" },
	{ BP_TLS, "certificate and clock: an authority of your own belongs "
	    "into ca_file; else `date`, and the provider's administrator" },
	{ BP_PROXY, "proxy of [provider], and what it lets through" },
	{ BP_SILENCE, "a firewall that drops, or a slow provider: timeout of "
	    "[provider]" },
	{ BP_STATUS, "issuer, byte by byte: discovery stands below it at "
	    "/.well-known/openid-configuration" },
	{ BP_BODY, "something else than the provider answers there: issuer, "
	    "or a proxy on the way" },
	{ BP_DISCOVERY_ISSUER, "write issuer as discovery has it, byte by "
	    "byte" },
	{ BP_DISCOVERY_ENDPOINT, "this provider does not fit: issuer names "
	    "another?" },
	{ BP_PROVIDER_FOREIGN, "this provider does not fit: issuer names "
	    "another?" },
	{ BP_NO_KEYS, "the provider's administrator: RSA of 2048 bits or EC, "
	    "for signatures" },
};

static const char *
mend_of(enum bp_reason why)
{
	for (size_t i = 0; i < sizeof(mends) / sizeof(mends[0]); i++)
		if (mends[i].why == why)
			return mends[i].mend;
	return NULL;
}

void
bp_doctor_say_why(struct bp_check *c, const struct bp_request *r,
    enum bp_reason why, struct bp_where where)
{
	const struct bp_reason_row *row = bp_reason_row(why);
	struct bp_text detail = bp_buf_text(&r->detail);
	const char *mend = mend_of(why);
	void (*say)(struct bp_findings *, struct bp_where, const char *, ...)
	    __attribute__((__format__(printf, 3, 4))) =
	    row->class == BP_CLASS_UNAVAILABLE ? bp_finding_outage
	    : bp_finding_error;

	say(&c->findings, where, "%s: %s%s%.*s%s%s%s", row->name, row->log,
	    detail.len > 0 ? " (" : "", BP_ARGS(detail),
	    detail.len > 0 ? ")" : "", mend != NULL ? ": " : "",
	    mend != NULL ? mend : "");
}

static struct bp_where
in_provider(const struct bp_check *c, const char *key)
{
	return bp_check_where(c, "provider", bp_text_of(""), key);
}

/* How many keys, of which algorithms, and is one such that may sign? */
static void
look_at_keys(struct bp_check *c, const struct bp_msg *provider)
{
	BP_AUTO(bp_buf_done) struct bp_buf algs = BP_BUF_INIT(4096);
	struct bp_list keys = bp_list_of(provider->field[BP_F_KEYS]);
	struct bp_text signing = c->setup.cfg.signing_algs, item;
	unsigned n = 0, fit = 0;
	bool said = true;

	for (unsigned i = 0; bp_list_next(&keys, &item); i++) {
		if (i % BP_KEY_ITEMS != 0)
			continue;
		n++;
		fit += bp_item_list_has(signing, item);
		if (algs.len == 0 || memmem(algs.data, algs.len, item.at,
		    item.len) == NULL)
			said = said && (algs.len == 0 ||
			    bp_buf_say(&algs, ", ")) &&
			    bp_buf_put(&algs, item);
	}
	if (fit == 0)
		bp_finding_error(&c->findings, in_provider(c, "signing_algs"),
		    "the provider has keys of %.*s, and none that may sign "
		    "here: no id_token can be checked; ask its administrator "
		    "which it signs with", BP_ARGS(bp_buf_text(&algs)));
	else
		bp_finding_ok(&c->findings, in_provider(c, "signing_algs"),
		    "of %u keys of the provider (%.*s), %u may sign", n,
		    BP_ARGS(bp_buf_text(&algs)), fit);
}

static void
say_answered(struct bp_check *c, const struct bp_msg *provider)
{
	struct bp_text at = provider->field[BP_F_TOKEN_ENDPOINT];

	bp_finding_ok(&c->findings, in_provider(c, "issuer"), "name, "
	    "connection, TLS and discovery are good; codes are redeemed at "
	    "%.*s", BP_ARGS(at));
}

/* An id_token is judged by this host's clock, and made by the provider's. */
static void
compare_clocks(struct bp_check *c, const struct bp_provider *p)
{
	struct bp_where where = in_provider(c, "clock_skew");
	int64_t ahead;

	if (!bp_provider_clock(&p->msg, p->time, bp_clock_seconds(), &ahead))
		bp_finding_note(&c->findings, where, "the provider does not "
		    "say what its clock shows: it is not compared");
	else if (ahead > c->setup.cfg.clock_skew ||
	    -ahead > c->setup.cfg.clock_skew)
		bp_finding_warn(&c->findings, where, "by the provider's Date "
		    "this host's clock is %lld s %s, more than clock_skew = "
		    "%u: id_tokens may be refused as %s: `timedatectl` shows "
		    "whether it is kept", (long long)(ahead > 0 ? ahead
		    : -ahead), ahead > 0 ? "ahead" : "behind",
		    c->setup.cfg.clock_skew, ahead > 0 ? "past (exp)"
		    : "ahead (iat)");
	else
		bp_finding_ok(&c->findings, where, "by the provider's Date "
		    "the clocks agree");
}

static bool
renews_any(const struct bp_config *cfg)
{
	for (size_t i = 0; i < cfg->services; i++)
		if (bp_config_renews(cfg, cfg->service[i].name))
			return true;
	return false;
}

/* RFC 8414 2: a provider may have more than it says. */
static void
compare_scopes(struct bp_check *c, const struct bp_msg *provider)
{
	BP_AUTO(bp_buf_done) struct bp_buf asked = BP_BUF_INIT(BP_SCOPES_MAX);
	struct bp_where where = in_provider(c, "scopes");
	struct bp_text offered = provider->field[BP_F_SCOPES_OFFERED], scope;
	unsigned lacking = 0;
	struct bp_list list;

	if (!provider->given[BP_F_SCOPES_OFFERED] ||
	    !bp_config_scopes(&c->setup.cfg, renews_any(&c->setup.cfg),
	    &asked)) {
		bp_finding_note(&c->findings, where, "the provider does not "
		    "say which it offers: they are not compared");
		return;
	}
	list = bp_list_of(bp_buf_text(&asked));
	while (bp_list_next(&list, &scope)) {
		if (bp_list_has(offered, scope))
			continue;
		lacking++;
		bp_finding_warn(&c->findings, where, "%.*s is asked for, and "
		    "discovery does not offer it: the provider may refuse "
		    "the sign-in (invalid_scope); misspelt, or not for this "
		    "provider", BP_ARGS(scope));
	}
	if (lacking == 0)
		bp_finding_ok(&c->findings, where, "discovery offers all that "
		    "is asked for");
}

void
bp_doctor_provider(struct bp_check *c)
{
	BP_AUTO(bp_request_done) struct bp_request r = BP_REQUEST_INIT;
	enum bp_reason why;

	if (!bp_request_prepare(&r, &c->setup, &why) ||
	    !bp_request_discover(&r, &why)) {
		bp_doctor_say_why(c, &r, why, in_provider(c, "issuer"));
		return;
	}
	say_answered(c, &r.provider.msg);
	compare_clocks(c, &r.provider);
	look_at_keys(c, &r.provider.msg);
	compare_scopes(c, &r.provider.msg);
}
