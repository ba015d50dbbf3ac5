/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/origin.h"

struct origin {
	struct bp_text	 host;
	uint32_t	 port;
};

static bool
is_host(struct bp_text t)
{
	static const char marks[] = ".-[]:";

	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9');

		for (size_t m = 0; !ok && m < sizeof(marks) - 1; m++)
			ok = c == marks[m];
		if (!ok)
			return false;
	}
	return t.len > 0;
}

/* The part of T in front of the first byte that is in MARKS. */
static struct bp_text
up_to(struct bp_text t, const char *marks)
{
	for (size_t i = 0; i < t.len; i++)
		for (const char *m = marks; *m != '\0'; m++)
			if (t.at[i] == *m)
				return (struct bp_text){ t.at, i };
	return t;
}

/* An IPv6 address has colons of its own, inside brackets. */
static bool
split(struct bp_text authority, struct origin *ret)
{
	struct bp_text inside, after, colon, port;

	ret->port = 443;
	if (bp_text_starts(authority, "[")) {
		if (!bp_text_cut(authority, ']', &inside, &after))
			return false;
		ret->host = (struct bp_text){ authority.at, inside.len + 1 };
	} else {
		ret->host = up_to(authority, ":");
		after = bp_text_after(authority, ret->host.len);
	}
	if (!is_host(ret->host))
		return false;
	return after.len == 0 || (bp_text_cut(after, ':', &colon, &port) &&
	    colon.len == 0 && port.len <= 5 &&
	    bp_text_number(port, 65535, &ret->port));
}

static bool
read_origin(struct bp_text url, struct origin *ret)
{
	static const char scheme[] = "https://";
	struct bp_text rest;

	if (!bp_text_is_visible(url) || !bp_text_starts(url, scheme) ||
	    up_to(url, "#").len != url.len)
		return false;
	rest = bp_text_after(url, sizeof(scheme) - 1);
	return split(up_to(rest, "/?"), ret);
}

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
same_host(struct bp_text a, struct bp_text b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (small(a.at[i]) != small(b.at[i]))
			return false;
	return true;
}

bool
bp_origin_is_of(struct bp_text url, struct bp_text issuer)
{
	struct origin a, b;

	return read_origin(url, &a) && read_origin(issuer, &b) &&
	    same_host(a.host, b.host) && a.port == b.port;
}

bool
bp_origin_is_https(struct bp_text url)
{
	struct origin o;

	return read_origin(url, &o);
}

struct bp_text
bp_origin_host(struct bp_text url)
{
	struct origin o;

	return read_origin(url, &o) ? o.host : bp_text_of("");
}
