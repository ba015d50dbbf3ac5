/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A provider of a few bodies in place of helper/http.c: who links a program
 * with this in front of the helper's library has no network.
 */
#ifndef BP_TESTS_FAKE_HTTP_H
#define BP_TESTS_FAKE_HTTP_H

#include "helper/http.h"

/* What stands at each address; the last row has none. */
struct page {
	const char	*url;
	const char	*body;
};
static struct page pages[8];
static unsigned asked[8];
static long statuses[8];		/* 0: 200 */
static bool has_bearer[8];		/* the last request did */
static unsigned busy;			/* so many answers are 429 first */
static uint32_t patience;		/* seconds to wait in all */
static uint32_t waited;			/* seconds */
static struct bp_buf posted = BP_BUF_INIT(256 * 1024);	/* the last form */
static bool is_basic;			/* it had a header besides */

static uint32_t date;			/* of every answer; 0: it has none */

struct bp_http {
	long	 status;
};

uint32_t
bp_http_date(const struct bp_http *http)
{
	(void)http;
	return date;
}

bool
bp_http_open(const struct bp_msg *request, struct bp_http **ret,
    struct bp_why *reterr)
{
	static struct bp_http http;

	(void)request;
	(void)reterr;
	*ret = &http;
	return true;
}

void
bp_http_close(struct bp_http **http)
{
	*http = NULL;
}

void
bp_http_done(struct bp_http_answer *answer)
{
	bp_buf_done(&answer->body);
	bp_buf_done(&answer->challenge);
}

bool
bp_http_get(struct bp_http *http, struct bp_text url, enum bp_accept accept,
    struct bp_text bearer, struct bp_http_answer *ret, struct bp_why *reterr)
{
	(void)accept;
	http->status = 0;
	ret->url = url;
	for (size_t i = 0; pages[i].url != NULL; i++)
		if (bp_text_is(url, pages[i].url)) {
			asked[i]++;
			has_bearer[i] = bearer.len > 0;
			ret->status = statuses[i] != 0 ? statuses[i] : 200;
			if (busy > 0) {
				busy--;
				ret->status = 429;
			}
			http->status = ret->status;
			return bp_buf_say(&ret->body, pages[i].body);
		}
	return bp_why(reterr, BP_WIRE_NO_CONNECTION, "nothing at %.*s",
	    (int)url.len, url.at);
}

bool
bp_http_wait(const struct bp_http *http, uint32_t seconds)
{
	(void)http;
	if (waited + seconds > patience)
		return false;
	waited += seconds;
	return true;
}

long
bp_http_status(const struct bp_http *http)
{
	return http->status;
}

bool
bp_http_post(struct bp_http *http, struct bp_text url, struct bp_text form,
    struct bp_text basic, struct bp_http_answer *ret, struct bp_why *reterr)
{
	posted.len = 0;
	is_basic = basic.len > 0;
	return bp_buf_put(&posted, form) && bp_http_get(http, url,
	    BP_ACCEPT_JSON, bp_text_of(""), ret, reterr);
}

#endif
