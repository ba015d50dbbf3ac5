/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http.h - requests to the provider: https, bounded in time and size, on one
 * handle, so that they share a connection.  The one file that knows libcurl.
 *
 * Runs in: the helper.  Trusts: the certificate authorities that it is given,
 * and of what a server says nothing but the bytes of a body.
 *
 * No redirects, no cookies, no netrc, no environment, no content encodings, no
 * other protocol than https, TLS 1.2 at least; a proxy only where the module
 * names one, and through it a tunnel, of which TLS believes nothing.
 */
#ifndef BP_HELPER_HTTP_H
#define BP_HELPER_HTTP_H

#include "helper/why.h"

enum {
	BP_HTTP_HEAD_MAX = 64 * 1024,	/* bytes of all headers */
	BP_CHALLENGE_MAX = 1024,
	BP_HTTP_URL_MAX = 2048
};

struct bp_http;		/* a handle: one a process */

/*
 * Open the handle.
 *
 * REQUEST is borrowed until it is released: ca_file (absent: the system's
 * store), proxy, and time_left, for all on this handle together, from now.
 *
 * BP_WIRE_HELPER_BROKEN   no memory, or no libcurl
 * BP_WIRE_CA_BAD          the bytes hold no certificate, or there is no store
 */
BP_MUST_USE bool bp_http_open(const struct bp_msg *request,
    struct bp_http **ret, struct bp_why *reterr);

/* For BP_AUTO. */
void	bp_http_close(struct bp_http **http);

/* One answer; init with BP_HTTP_ANSWER_INIT, release with bp_http_done(). */
struct bp_http_answer {
	struct bp_text	 url;		/* who was asked; borrowed */
	long		 status;
	struct bp_buf	 body;
	struct bp_buf	 challenge;	/* WWW-Authenticate; too long: empty */
};
#define BP_HTTP_ANSWER_INIT	{ { 0 }, 0, BP_BUF_INIT(BP_BODY_MAX),	\
    BP_BUF_INIT(BP_CHALLENGE_MAX) }
void	bp_http_done(struct bp_http_answer *answer);

/* What is asked for: of keys RFC 7517 8.5 has a media type of its own. */
enum bp_accept { BP_ACCEPT_JSON, BP_ACCEPT_KEYS, BP_ACCEPTS };

/*
 * GET URL; with BEARER not empty, in an Authorization header (RFC 6750 2.1).
 * True for every complete answer, whatever its status: the caller judges it.
 *
 * BP_WIRE_NO_NAME        name look-up failed
 * BP_WIRE_HELPER_LIMITS  it failed, and there was no thread for it, or fewer
 *                        descriptors than it may need
 * BP_WIRE_NO_CONNECTION  refused, unreachable, reset, cut short
 * BP_WIRE_TLS            handshake or certificate; the detail says which
 *                        check failed and which store was used
 * BP_WIRE_PROXY          the proxy refused, or was not to be had: all that
 *                        went wrong before it had made the tunnel
 * BP_WIRE_SILENCE        the time is over
 * BP_WIRE_BODY           body or headers over their ceiling, a header line
 *                        without an end (to libcurl, no memory), a header
 *                        or trailer that is none, no HTTP/1.1
 * BP_WIRE_HELPER_BROKEN  a URL that is not https, or the module is gone
 */
BP_MUST_USE bool bp_http_get(struct bp_http *http, struct bp_text url,
    enum bp_accept accept, struct bp_text bearer, struct bp_http_answer *ret,
    struct bp_why *reterr);

/* Wait so long; false: there is not so much time, or the module is gone. */
BP_MUST_USE bool bp_http_wait(const struct bp_http *http, uint32_t seconds);

/* The status of the last answer on this handle; 0: none came. */
long	bp_http_status(const struct bp_http *http);

/*
 * When the last answer on this handle was sent, by its Date (RFC 9110 6.6.1),
 * in seconds since 1970; 0: it does not say, or not so.
 */
uint32_t bp_http_date(const struct bp_http *http);

/*
 * POST FORM (application/x-www-form-urlencoded, encoded already) to URL; with
 * BASIC not empty, in an Authorization header (RFC 7617 2, base64 already).
 */
BP_MUST_USE bool bp_http_post(struct bp_http *http, struct bp_text url,
    struct bp_text form, struct bp_text basic, struct bp_http_answer *ret,
    struct bp_why *reterr);

#endif
