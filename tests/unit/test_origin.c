/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "wire/origin.h"

#define ISSUER	"https://id.winks.io/ids"

static const struct same {
	const char *name, *url, *issuer;
	bool is;
} same[] = {
	{ "its own path",	ISSUER "/connect/token", ISSUER,	true },
	{ "another path",	"https://id.winks.io/x", ISSUER,	true },
	{ "no path",		"https://id.winks.io",	ISSUER,		true },
	{ "a query",		"https://id.winks.io?a=b", ISSUER,	true },
	{ "capitals in the host", "https://ID.winks.IO/x", ISSUER,	true },
	{ "the default port",	"https://id.winks.io:443/", ISSUER,	true },
	{ "the issuer's port",	"https://a:8443/x", "https://a:8443",	true },
	{ "an IPv6 address",	"https://[::1]:8443/x", "https://[::1]:8443/y",
	    true },
	{ "http",		"http://id.winks.io/x",	ISSUER,		false },
	{ "capitals in the scheme", "HTTPS://id.winks.io/x", ISSUER,	false },
	{ "no scheme",		"//id.winks.io/x",	ISSUER,		false },
	{ "another scheme",	"file:///etc/passwd",	ISSUER,		false },
	{ "another host",	"https://winks.io/x",	ISSUER,		false },
	{ "a host below it",	"https://a.id.winks.io/x", ISSUER,	false },
	{ "a host that begins so", "https://id.winks.io.evil/x", ISSUER,
	    false },
	{ "a dot at the end",	"https://id.winks.io./x", ISSUER,	false },
	{ "another port",	"https://id.winks.io:444/x", ISSUER,	false },
	{ "no port",		"https://a/x",	"https://a:8443",	false },
	{ "a port without digits", "https://id.winks.io:/x", ISSUER,	false },
	{ "two ports",		"https://id.winks.io:443:443/", ISSUER,	false },
	{ "a port too large",	"https://id.winks.io:65536/", ISSUER,	false },
	{ "a port with a sign",	"https://id.winks.io:+443/", ISSUER,	false },
	{ "user information",	"https://id.winks.io@evil/", ISSUER,	false },
	{ "a user at the issuer", "https://u@id.winks.io/", ISSUER,	false },
	{ "a password",		"https://u:p@id.winks.io/", ISSUER,	false },
	{ "a backslash",	"https://id.winks.io\\@evil/", ISSUER,	false },
	{ "a fragment",		"https://id.winks.io/x#y", ISSUER,	false },
	{ "a host in the fragment", "https://evil#.id.winks.io/", ISSUER,
	    false },
	{ "a space",		"https://id.winks.io/a b", ISSUER,	false },
	{ "a space in front",	" https://id.winks.io/", ISSUER,	false },
	{ "a tab",		"https://id.winks.io/a\tb", ISSUER,	false },
	{ "a line's end",	"https://id.winks.io/\r\nX: y", ISSUER,	false },
	{ "a letter above ASCII", "https://id.winks.io/\xc3\xbc", ISSUER,
	    false },
	{ "a host above ASCII",	"https://\xc3\xaf" "d.winks.io/", ISSUER,
	    false },
	{ "a host that is spelt", "https://id%2ewinks.io/", ISSUER,	false },
	{ "no host",		"https:///x",		ISSUER,		false },
	{ "nothing",		"",			ISSUER,		false },
	{ "an issuer that is none", "https://a/", "http://a/",		false },
	{ "two that are none",	"",			"",		false },
	{ "half a bracket",	"https://[::1/x", "https://[::1/x",	false },
	{ "more before a port",	"https://[::1]a:443/", "https://[::1]:443/", false },
	{ "a port of six digits", "https://id.winks.io:000443/", ISSUER, false },
	{ "a user in both",	"https://u@a/",		"https://u@a/",	false },
	{ "no host in both",	"https:///x",		"https:///x",	false },
	{ "a spelt host in both", "https://a%2eb/",	"https://a%2eb/", false },
	{ "an underscore in both", "https://a_b/",	"https://a_b/",	false },
	{ "more behind a bracket", "https://[::1]a/", "https://[::1]a/",
	    false },
};

ROWS(same, is_of_the_issuer_or_not)
{
	const struct same *row = *state;

	assert_int_equal(bp_origin_is_of(bp_text_of(row->url),
	    bp_text_of(row->issuer)), row->is);
}

TEST(a_nul_ends_no_address)
{
	static const struct bp_text url =
	    BP_TEXT("https://id.winks.io\0.evil/");

	(void)state;
	assert_false(bp_origin_is_of(url, bp_text_of(ISSUER)));
	assert_false(bp_origin_is_https(url));
}

/* Texts end by their length: what stands behind them is somebody else's. */
TEST(a_host_is_compared_by_its_own_length)
{
	struct bp_text whole = bp_text_of("https://a.b"), start = { whole.at,
	    whole.len - 2 };

	(void)state;
	assert_true(bp_origin_is_of(whole, whole));
	assert_false(bp_origin_is_of(whole, start));
	assert_false(bp_origin_is_of(start, whole));
}

TEST(the_host_is_told)
{
	(void)state;
	assert_true(bp_text_is(bp_origin_host(bp_text_of(ISSUER)),
	    "id.winks.io"));
	assert_true(bp_text_is(bp_origin_host(bp_text_of("https://[::1]:1/")),
	    "[::1]"));
	assert_true(bp_text_is(bp_origin_host(bp_text_of("http://a/")), ""));
}

RUN(NULL, NULL)
