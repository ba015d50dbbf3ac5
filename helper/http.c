/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/http.h"

#include <curl/curl.h>

#include <sys/resource.h>

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "helper/certificate.h"
#include "helper/parent.h"
#include "wire/clock.h"
#include "wire/origin.h"
#include "wire/pem.h"

/* A look-up opens files and sockets of its own beside libcurl's. */
enum { DESCRIPTORS_ENOUGH = 16, LACK_MAX = 80 };

static const char folder[] = "/etc/ssl/certs";

struct bp_http {
	CURL		*curl;
	int64_t		 deadline;	/* on the monotonic clock */
	const char	*store;		/* of authorities, in the log's words */
	struct bp_text	 proxy;		/* or empty */
	long		 status;	/* of the last answer */
	uint32_t	 date;		/* the same */
	bool		 is_nameless;	/* the last certificate was */
	char		 error[CURL_ERROR_SIZE];
};

/* One answer on its way in. */
struct transfer {
	struct bp_buf	*body, *challenge;
	size_t		 head;		/* bytes of headers so far */
	const char	*what;		/* is over its ceiling */
	CURL		*curl;
	bool		 is_through;	/* to the provider, past any proxy */
};

static size_t
take_body(char *bytes, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;

	if (bp_buf_add(t->body, bytes, one * n))
		return one * n;
	t->what = "a body of more than 1 MiB";
	return 0;
}

/* A line's end is no blank. */
static struct bp_text
without_end(struct bp_text line)
{
	while (line.len > 0 && (line.at[line.len - 1] == '\n' ||
	    line.at[line.len - 1] == '\r'))
		line.len--;
	return line;
}

/* Where all of them find no room, there is nothing to say. */
static void
note_challenge(struct bp_buf *challenge, struct bp_text line)
{
	static const struct bp_text name = BP_TEXT("WWW-Authenticate:");

	if (line.len < name.len ||
	    strncasecmp(line.at, name.at, name.len) != 0)
		return;
	if (!bp_buf_say(challenge, challenge->len > 0 ? "," : "") ||
	    !bp_buf_put(challenge, without_end(bp_text_after(line, name.len))))
		challenge->len = 0;
}

/* An empty line ends the head of the proxy's answer, and of 2xx all of it. */
static void
note_tunnel(struct transfer *t, struct bp_text line)
{
	long status = 0;

	if (without_end(line).len == 0 && curl_easy_getinfo(t->curl,
	    CURLINFO_HTTP_CONNECTCODE, &status) == CURLE_OK &&
	    status / 100 == 2)
		t->is_through = true;
}

/* Before a request is sent, over whatever connection. */
static int
note_connection(void *arg, char *ip, char *own_ip, int port, int own_port)
{
	struct transfer *t = arg;

	(void)ip;
	(void)own_ip;
	(void)port;
	(void)own_port;
	t->is_through = true;
	return CURL_PREREQFUNC_OK;
}

/* Of interim answers (100 Continue), too: there may be any number of them. */
static size_t
take_head(char *bytes, size_t one, size_t n, void *arg)
{
	struct transfer *t = arg;

	t->head += one * n;
	if (t->head <= BP_HTTP_HEAD_MAX) {
		note_challenge(t->challenge, (struct bp_text){ bytes,
		    one * n });
		note_tunnel(t, (struct bp_text){ bytes, one * n });
		return one * n;
	}
	t->what = "headers of more than 64 KiB";
	return 0;
}

/* At least once a second: not 0 ends the transfer. */
static int
check_parent(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)arg;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return bp_parent_is_gone() ? 1 : 0;
}

/*
 * Some repeat what libcurl does anyway, or did in another version: what we
 * rely on is written down.
 */
static const struct {
	CURLoption	 option;
	long		 value;
} numbers[] = {
	{ CURLOPT_NOSIGNAL, 1 },	/* a thread looks names up */
	{ CURLOPT_QUICK_EXIT, 1 },	/* and is not waited for, ten seconds */
	{ CURLOPT_NOPROGRESS, 0 },	/* for check_parent() */
	{ CURLOPT_FOLLOWLOCATION, 0 },
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_HTTP09_ALLOWED, 0 },
	{ CURLOPT_HTTP_CONTENT_DECODING, 0 },	/* no bombs */
	{ CURLOPT_PROXYTYPE, CURLPROXY_HTTP },
	{ CURLOPT_HTTPPROXYTUNNEL, 1 },
	{ CURLOPT_HEADEROPT, CURLHEADER_SEPARATE },	/* ours are not for it */
	{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
	{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
	{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_SSL_VERIFYPEER, 1 },
	{ CURLOPT_SSL_VERIFYHOST, 2 },
};

static const struct {
	CURLoption	 option;
	const char	*value;
} strings[] = {
	{ CURLOPT_PROTOCOLS_STR, "https" },
	{ CURLOPT_PROXY, "" },		/* not even the environment's */
	{ CURLOPT_NOPROXY, "*" },
	{ CURLOPT_USERAGENT, "pam_beproduct/" PACKAGE_VERSION },
};

#define SET(curl, option, value) \
	(curl_easy_setopt((curl), (option), (value)) == CURLE_OK)

static bool
harden(CURL *curl)
{
	bool ok = SET(curl, CURLOPT_WRITEFUNCTION, take_body) &&
	    SET(curl, CURLOPT_HEADERFUNCTION, take_head) &&
	    SET(curl, CURLOPT_PREREQFUNCTION, note_connection) &&
	    SET(curl, CURLOPT_XFERINFOFUNCTION, check_parent);

	for (size_t i = 0; ok && i < sizeof(numbers) / sizeof(numbers[0]); i++)
		ok = SET(curl, numbers[i].option, numbers[i].value);
	for (size_t i = 0; ok && i < sizeof(strings) / sizeof(strings[0]); i++)
		ok = SET(curl, strings[i].option, strings[i].value);
	return ok;
}

/* 5ed36f99.0: what c_rehash and its kin call a certificate. */
static bool
is_hash(const char *name)
{
	return strlen(name) > 9 && name[8] == '.' &&
	    strspn(name, "0123456789abcdef") == 8 &&
	    strspn(name + 9, "0123456789") == strlen(name + 9);
}

static bool
is_hashed(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *d;
	bool found = false;

	if (dir == NULL)
		return false;
	while (!found && (d = readdir(dir)) != NULL)
		found = is_hash(d->d_name);
	(void)closedir(dir);
	return found;
}

/* Of a folder of hashes only the one certificate is read, of a file all. */
static bool
trust_system(struct bp_http *http)
{
	http->store = "libcurl's own default";
	if (!is_hashed(folder))
		return true;
	http->store = folder;
	return SET(http->curl, CURLOPT_CAINFO, NULL) &&
	    SET(http->curl, CURLOPT_CAPATH, folder);
}

/* libcurl has set the context up, and has not begun with it. */
static CURLcode
watch_context(CURL *curl, void *context, void *arg)
{
	struct bp_http *http = arg;

	(void)curl;
	bp_certificate_watch(context, &http->is_nameless);
	return CURLE_OK;
}

/* False of a libcurl without OpenSSL. */
static bool
watch(struct bp_http *http)
{
	return SET(http->curl, CURLOPT_SSL_CTX_FUNCTION, watch_context) &&
	    SET(http->curl, CURLOPT_SSL_CTX_DATA, http);
}

/* Without CAINFO and CAPATH: or the system's would count beside it. */
static bool
trust(struct bp_http *http, struct bp_text ca)
{
	struct curl_blob blob = { (void *)(uintptr_t)ca.at, ca.len,
	    CURL_BLOB_NOCOPY };

	http->store = "ca_file";
	return SET(http->curl, CURLOPT_CAINFO_BLOB, &blob) &&
	    SET(http->curl, CURLOPT_CAINFO, NULL) &&
	    SET(http->curl, CURLOPT_CAPATH, NULL);
}

static bool
use_proxy(struct bp_http *http, struct bp_text proxy)
{
	BP_AUTO(bp_buf_done) struct bp_buf string =
	    BP_BUF_INIT(BP_URL_MAX + 1);

	http->proxy = proxy;
	return proxy.len == 0 || (bp_text_starts(proxy, "http://") &&
	    bp_buf_put(&string, proxy) && bp_buf_add(&string, "", 1) &&
	    SET(http->curl, CURLOPT_PROXY, (const char *)string.data) &&
	    SET(http->curl, CURLOPT_NOPROXY, ""));
}

bool
bp_http_open(const struct bp_msg *request, struct bp_http **ret,
    struct bp_why *reterr)
{
	BP_AUTO(bp_http_close) struct bp_http *http = NULL;
	struct bp_text ca_file = request->field[BP_F_CA_FILE];

	if (ca_file.len > 0 && !bp_pem_has_certificate(ca_file))
		return bp_why(reterr, BP_WIRE_CA_BAD,
		    "ca_file: no PEM of a certificate in it");
	http = calloc(1, sizeof(*http));
	if (http == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no libcurl");
	http->deadline = bp_clock_ms() +
	    bp_msg_number(request, BP_F_TIME_LEFT);
	http->curl = curl_easy_init();
	if (http->curl == NULL || !harden(http->curl) || !watch(http) ||
	    !use_proxy(http, request->field[BP_F_PROXY]) || !(ca_file.len > 0
	    ? trust(http, ca_file) : trust_system(http)))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "libcurl lacks what is needed");
	*ret = http;
	http = NULL;
	return true;
}

void
bp_http_close(struct bp_http **http)
{
	if (*http == NULL)
		return;
	curl_easy_cleanup((*http)->curl);
	free(*http);
	*http = NULL;
}

void
bp_http_done(struct bp_http_answer *answer)
{
	bp_buf_done(&answer->body);
	bp_buf_done(&answer->challenge);
	answer->status = 0;
}

static const struct outcome {
	CURLcode		 rc;
	enum bp_wire_reason	 reason;
	const char		*words;		/* NULL: libcurl's own */
} outcomes[] = {
	{ CURLE_COULDNT_RESOLVE_HOST,	BP_WIRE_NO_NAME, NULL },
	{ CURLE_COULDNT_RESOLVE_PROXY,	BP_WIRE_NO_NAME, NULL },
	{ CURLE_COULDNT_CONNECT,	BP_WIRE_NO_CONNECTION, NULL },
	{ CURLE_SEND_ERROR,		BP_WIRE_NO_CONNECTION, NULL },
	{ CURLE_RECV_ERROR,		BP_WIRE_NO_CONNECTION, NULL },
	{ CURLE_GOT_NOTHING,		BP_WIRE_NO_CONNECTION, NULL },
	{ CURLE_PARTIAL_FILE,		BP_WIRE_NO_CONNECTION, NULL },
	{ CURLE_SSL_CONNECT_ERROR,	BP_WIRE_TLS, NULL },
	{ CURLE_PEER_FAILED_VERIFICATION, BP_WIRE_TLS, NULL },
	{ CURLE_SSL_CERTPROBLEM,	BP_WIRE_TLS, NULL },
	{ CURLE_SSL_CLIENTCERT,		BP_WIRE_TLS, NULL },
	{ CURLE_SSL_CIPHER,		BP_WIRE_TLS, NULL },
	{ CURLE_SSL_CACERT_BADFILE,	BP_WIRE_CA_BAD, NULL },
	{ CURLE_OPERATION_TIMEDOUT,	BP_WIRE_SILENCE, NULL },
	/* HTTP/0.9: that the address is https was seen to before */
	{ CURLE_UNSUPPORTED_PROTOCOL,	BP_WIRE_BODY, NULL },
	{ CURLE_WEIRD_SERVER_REPLY,	BP_WIRE_BODY, NULL },
	{ CURLE_BAD_CONTENT_ENCODING,	BP_WIRE_BODY, NULL },
	/* headers and trailers that are none: by version, and by place */
	{ CURLE_WRITE_ERROR,		BP_WIRE_BODY, NULL },
	{ CURLE_BAD_FUNCTION_ARGUMENT,	BP_WIRE_BODY, "a header that is none" },
	/* what a header line without an end is called */
	{ CURLE_OUT_OF_MEMORY,		BP_WIRE_BODY,
	    "a header line too long, or no memory" },
#if LIBCURL_VERSION_NUM >= 0x080600
	{ CURLE_TOO_LARGE,		BP_WIRE_BODY, NULL },
#endif
	{ CURLE_ABORTED_BY_CALLBACK,	BP_WIRE_HELPER_BROKEN,
	    "the module is gone" },
};

static const struct outcome *
outcome_of(CURLcode rc)
{
	static const struct outcome other = { CURLE_OK, BP_WIRE_HELPER_BROKEN,
	    NULL };

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (outcomes[i].rc == rc)
			return &outcomes[i];
	return &other;
}

static const char *
words_of(const struct bp_http *http, CURLcode rc, const struct outcome *o)
{
	if (http->is_nameless)
		return "the certificate has no subjectAltName of a host";
	if (o->words != NULL)
		return o->words;
	return http->error[0] != '\0' ? http->error : curl_easy_strerror(rc);
}

static void *
do_nothing(void *arg)
{
	return arg;
}

/*
 * A look-up that could not even begin is to libcurl a name that was not found.
 * Asked of the process and not of its words, which no version promises.
 */
static bool
lacks_for_look_up(char *ret, size_t size)
{
	struct rlimit files;
	pthread_t thread;
	int error = pthread_create(&thread, NULL, do_nothing, NULL);

	if (error != 0) {
		(void)snprintf(ret, size, "no thread could be started: %s",
		    strerror(error));
		return true;
	}
	(void)pthread_join(thread, NULL);
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 ||
	    files.rlim_cur >= DESCRIPTORS_ENOUGH)
		return false;
	(void)snprintf(ret, size, "no more than %lu descriptors",
	    (unsigned long)files.rlim_cur);
	return true;
}

/* Always false. */
static bool
explain_proxy(const struct bp_http *http, const char *words,
    struct bp_why *reterr)
{
	struct bp_text place = bp_text_after(http->proxy,
	    sizeof("http://") - 1);
	long status = 0;

	if (curl_easy_getinfo(http->curl, CURLINFO_HTTP_CONNECTCODE,
	    &status) == CURLE_OK && status != 0 && status / 100 != 2)
		return bp_why(reterr, BP_WIRE_PROXY,
		    "proxy %.*s: the proxy refused, status %ld",
		    BP_SHOWN(place), status);
	return bp_why(reterr, BP_WIRE_PROXY, "proxy %.*s: %s",
	    BP_SHOWN(place), words);
}

/* Always false.  The host, not the address: of that the log has no use. */
static bool
explain(const struct bp_http *http, struct bp_text url, CURLcode rc,
    const struct transfer *t, struct bp_why *reterr)
{
	const struct outcome *o = outcome_of(rc);
	struct bp_text host = bp_origin_host(url);
	char lack[LACK_MAX];

	if (o->reason == BP_WIRE_NO_NAME &&
	    lacks_for_look_up(lack, sizeof(lack)))
		return bp_why(reterr, BP_WIRE_HELPER_LIMITS, "%.*s: %s (%s)",
		    BP_SHOWN(host), words_of(http, rc, o), lack);
	if (!t->is_through)
		return explain_proxy(http, t->what != NULL ? t->what
		    : words_of(http, rc, o), reterr);
	if (t->what != NULL)
		return bp_why(reterr, BP_WIRE_BODY, "%.*s: %s",
		    BP_SHOWN(host), t->what);
	if (o->reason == BP_WIRE_TLS || o->reason == BP_WIRE_CA_BAD)
		return bp_why(reterr, o->reason, "%.*s: %s (trusted: %s)",
		    BP_SHOWN(host), words_of(http, rc, o), http->store);
	return bp_why(reterr, o->reason, "%.*s: %s", BP_SHOWN(host),
	    words_of(http, rc, o));
}

/* What each request has of its own, but its method. */
static bool
aim(struct bp_http *http, struct bp_text url, struct curl_slist *headers,
    struct transfer *t)
{
	BP_AUTO(bp_buf_done) struct bp_buf string =
	    BP_BUF_INIT(BP_HTTP_URL_MAX);

	http->error[0] = '\0';
	http->is_nameless = false;
	return bp_origin_is_https(url) && bp_buf_put(&string, url) &&
	    bp_buf_add(&string, "", 1) &&
	    SET(http->curl, CURLOPT_URL, (const char *)string.data) &&
	    SET(http->curl, CURLOPT_HTTPHEADER, headers) &&
	    SET(http->curl, CURLOPT_ERRORBUFFER, http->error) &&
	    SET(http->curl, CURLOPT_WRITEDATA, t) &&
	    SET(http->curl, CURLOPT_HEADERDATA, t) &&
	    SET(http->curl, CURLOPT_PREREQDATA, t);
}

/* Without time nothing is sent: of libcurl, 0 is without limit. */
static CURLcode
run(struct bp_http *http, struct transfer *t, long *retstatus)
{
	int64_t left = http->deadline - bp_clock_ms();
	CURLcode rc;

	t->is_through = http->proxy.len == 0 || left <= 0;
	if (left <= 0)
		return CURLE_OPERATION_TIMEDOUT;
	rc = curl_easy_setopt(http->curl, CURLOPT_TIMEOUT_MS, (long)left);
	if (rc == CURLE_OK)
		rc = curl_easy_perform(http->curl);
	if (rc == CURLE_OK)
		rc = curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE,
		    retstatus);
	return rc;
}

static uint32_t
date_of(CURL *curl)
{
	struct curl_header *header;
	time_t date;

	if (curl_easy_header(curl, "Date", 0, CURLH_HEADER, -1,
	    &header) != CURLHE_OK)
		return 0;
	date = curl_getdate(header->value, NULL);
	return date > 0 && date <= BP_DATE_MAX ? (uint32_t)date : 0;
}

static bool
perform(struct bp_http *http, struct bp_text url, struct curl_slist *headers,
    struct bp_http_answer *ret, struct bp_why *reterr)
{
	struct transfer t = { .body = &ret->body,
	    .challenge = &ret->challenge, .curl = http->curl };
	CURLcode rc;

	ret->url = url;
	if (!aim(http, url, headers, &t))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "asked to fetch what is no https address");
	rc = run(http, &t, &ret->status);
	http->status = rc == CURLE_OK ? ret->status : 0;
	http->date = rc == CURLE_OK ? date_of(http->curl) : 0;
	return rc == CURLE_OK || explain(http, url, rc, &t, reterr);
}

bool
bp_http_wait(const struct bp_http *http, uint32_t seconds)
{
	if (bp_clock_ms() + (int64_t)seconds * 1000 >= http->deadline)
		return false;
	for (uint32_t i = 0; i < seconds && !bp_parent_is_gone(); i++)
		(void)poll(NULL, 0, 1000);
	return !bp_parent_is_gone();
}

long
bp_http_status(const struct bp_http *http)
{
	return http->status;
}

uint32_t
bp_http_date(const struct bp_http *http)
{
	return http->date;
}

/*
 * The list is ours, and so is what it points at: curl_slist_append() would
 * copy a token into memory that nobody erases.  libcurl's own copies, of
 * headers and forms, go with the process.
 */
static char accept_json[] = "Accept: application/json";
static char accept_keys[] =
    "Accept: application/jwk-set+json, application/json";
static char *const accepts[BP_ACCEPTS] = {
	[BP_ACCEPT_JSON] = accept_json, [BP_ACCEPT_KEYS] = accept_keys,
};

/* What a header names by SCHEME, of which nobody else keeps a copy. */
struct authorization {
	struct bp_buf		 line;
	struct curl_slist	 header;
};
#define AUTHORIZATION_INIT	{ BP_BUF_INIT(BP_TOKEN_MAX + 64), { 0 } }

static void
authorization_done(struct authorization *a)
{
	bp_buf_done(&a->line);
}

/* Empty CREDENTIALS are none; a line's end in them would be another header. */
static bool
authorize(struct authorization *a, const char *scheme,
    struct bp_text credentials, struct curl_slist *behind)
{
	if (credentials.len == 0)
		return true;
	if (!bp_text_is_visible(credentials) ||
	    !bp_buf_say(&a->line, "Authorization: ") ||
	    !bp_buf_say(&a->line, scheme) ||
	    !bp_buf_put(&a->line, credentials) || !bp_buf_add(&a->line, "", 1))
		return false;
	a->header.data = (char *)a->line.data;
	behind->next = &a->header;
	return true;
}

bool
bp_http_get(struct bp_http *http, struct bp_text url, enum bp_accept accept,
    struct bp_text bearer, struct bp_http_answer *ret, struct bp_why *reterr)
{
	BP_AUTO(authorization_done) struct authorization a =
	    AUTHORIZATION_INIT;
	struct curl_slist first = { accepts[accept], NULL };

	if (!authorize(&a, "Bearer ", bearer, &first))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN,
		    "asked to send what is no bearer token");
	if (!SET(http->curl, CURLOPT_HTTPGET, 1L) ||
	    !SET(http->curl, CURLOPT_FRESH_CONNECT, 0L))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no GET");
	return perform(http, url, &first, ret, reterr);
}

/*
 * On a connection of its own: libcurl sends a request again if a connection
 * that it reused turns out to be dead, and a code is sent once.
 */
static bool
aim_form(CURL *curl, struct bp_text form)
{
	return SET(curl, CURLOPT_POST, 1L) &&
	    SET(curl, CURLOPT_FRESH_CONNECT, 1L) &&
	    SET(curl, CURLOPT_POSTFIELDSIZE, (long)form.len) &&
	    SET(curl, CURLOPT_POSTFIELDS, form.at);
}

bool
bp_http_post(struct bp_http *http, struct bp_text url, struct bp_text form,
    struct bp_text basic, struct bp_http_answer *ret, struct bp_why *reterr)
{
	BP_AUTO(authorization_done) struct authorization a =
	    AUTHORIZATION_INIT;
	struct curl_slist first = { accept_json, NULL };

	if (!authorize(&a, "Basic ", basic, &first) ||
	    !aim_form(http->curl, form))
		return bp_why(reterr, BP_WIRE_HELPER_BROKEN, "no POST");
	return perform(http, url, &first, ret, reterr);
}
