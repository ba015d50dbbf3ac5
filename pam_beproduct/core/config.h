/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h - what beproduct.conf says.
 *
 * Runs in: module and beproductctl; the helper is sent the few values that it
 * needs.  Trusts: that the file was vetted (file.h), but no byte in it.
 * Allocates nothing: texts are borrowed from the file's bytes, or are defaults
 * in the table of config.c, which is the one place that knows the settings.
 */
#ifndef BP_CORE_CONFIG_H
#define BP_CORE_CONFIG_H

#include "core/ini.h"
#include "wire/limits.h"

enum { BP_CONFIG_MAX = 256 * 1024 };	/* bytes of the file */
#define BP_SERVICES_MAX	32
#define BP_SERVICE_NAME_MAX	255	/* bytes */
#define BP_PATH_MAX	1023
#define BP_MAX_AGE_MAX	2592000		/* seconds: 30 days */

#define BP_CONFIG_ISSUER	"https://id.winks.io/ids"

#define BP_TICKET_LIFE_MAX	604800		/* seconds: 7 days */
#define BP_ANSWER_LIFE_MAX	604800		/* the same, of the API's answers */

/* Where files are unless beproduct.conf says otherwise. */
#define BP_CONFIG_SECRET_FILE	BP_PATH_SECRET
#define BP_CONFIG_MAP		BP_PATH_MAP

enum bp_tenant_kind { BP_TENANT_CLAIM = 1, BP_TENANT_ANY, BP_TENANT_API };

struct bp_tenant {
	enum bp_tenant_kind	 kind;
	struct bp_text		 name, value;	/* of the claim */
};

/* How this host's client says who it is, RFC 6749 2.3.1. */
enum bp_client_auth { BP_CLIENT_POST = 1, BP_CLIENT_BASIC };

/* RFC 7636; not set, it depends on the issuer. */
enum bp_pkce { BP_PKCE_OFF = 1, BP_PKCE_S256 };

/* Whose roles count: the sign-in's claims', the public API's, or each. */
enum bp_role_source { BP_ROLES_CLAIMS = 1, BP_ROLES_API, BP_ROLES_BOTH };

struct bp_service {
	struct bp_text	 name;
	struct bp_text	 require_role;		/* list, or `*`; empty: none */
	struct bp_text	 require_all_roles;	/* list; empty: none */
	struct bp_text	 require_scope;		/* list; empty: none */
	struct bp_text	 require_acr;		/* list; empty: none */
	struct bp_text	 require_amr;		/* list; empty: none */
	uint32_t	 max_age;		/* seconds; 0: any */
	uint32_t	 deadline;		/* seconds; 0: auto */
	struct bp_text	 prompt;		/* empty: the provider's */
	uint32_t	 ticket, recheck;	/* seconds; 0: none */
	uint32_t	 own_ticket;	/* where the file says so; else 0 */
	bool		 observe;	/* the account phase refuses nobody */
};

struct bp_config {
	struct bp_text	 issuer;
	struct bp_text	 client_id;
	struct bp_text	 client_secret_file;	/* absolute */
	struct bp_tenant tenant;
	struct bp_text	 scopes;		/* list, holds openid */
	struct bp_text	 redirect_uri;
	struct bp_text	 post_logout_redirect_uri;	/* or empty */
	struct bp_text	 signing_algs;		/* list */
	uint32_t	 clock_skew;		/* seconds */
	struct bp_text	 ca_file;		/* absolute; empty: system's */
	uint32_t	 timeout;		/* seconds */
	struct bp_text	 proxy;			/* http://HOST:PORT, or empty */
	struct bp_text	 role_claim;
	bool		 require_email_verified;
	enum bp_client_auth client_auth;
	enum bp_pkce	 pkce;
	struct bp_text	 acr_values;	/* list of words; empty: none */
	struct bp_text	 prompt;	/* OIDC Core 3.1.2.1, or empty */
	struct bp_text	 api_url;		/* of the public API */
	struct bp_text	 company;		/* there; empty: none */
	enum bp_role_source role_source;
	uint32_t	 cache, grace;	/* seconds, of an answer of the API */
	bool		 pin_subject;
	struct bp_text	 map;			/* absolute */
	struct bp_text	 local_accounts;	/* list */
	uint32_t	 min_uid;
	struct bp_service service[BP_SERVICES_MAX];
	size_t		 services;
};

/* Where and why a file was refused. */
struct bp_config_error {
	unsigned	 line;		/* from 1; 0: something is missing */
	struct bp_text	 key;		/* or, without one, the section */
	const char	*what;
};

/* Fills RET only on true and RETERR only on false. */
BP_MUST_USE bool bp_config_parse(struct bp_text text, struct bp_config *ret,
    struct bp_config_error *reterr);

/*
 * The section that judges the service NAME, its own or its gate's (host.h),
 * or NULL: then it admits nobody.
 */
const struct bp_service *bp_config_service(const struct bp_config *cfg,
    struct bp_text name);

/*
 * How long, in seconds, the SSH key that was signed in with for the service
 * NAME does alone: the ticket that its section sets, of a host that names keys
 * (host.h); 0: it never does.
 */
uint32_t bp_config_key_ticket(const struct bp_config *cfg,
	    struct bp_text name);

/*
 * Is a sign-in for the service NAME to be looked at again at the provider
 * while it is remembered?  So it is where sudo, by its own section and NAME's,
 * or NAME for its SSH key, has a ticket that lives longer than a check of it.
 */
bool	bp_config_renews(const struct bp_config *cfg, struct bp_text name);

/*
 * The scopes that are asked for, as a list's content (list.h) appended to RET,
 * an empty buffer: those of `scopes`, the public API's where that is asked,
 * and, of a sign-in that RENEWS, offline_access (OIDC Core 11).
 * False: they are more than may be sent.
 */
BP_MUST_USE bool bp_config_scopes(const struct bp_config *cfg, bool renews,
    struct bp_buf *ret);

/* Is the public API asked about whoever signs in? */
bool	bp_config_asks_api(const struct bp_config *cfg);

/* What a sign-in for SERVICE (perhaps NULL) sends as prompt; empty: nothing. */
struct bp_text	bp_config_prompt(const struct bp_config *cfg,
		    const struct bp_service *service);

/* Does SERVICE (perhaps NULL) ask for any role?  Else it admits nobody. */
bool	bp_service_is_open(const struct bp_service *service);

/* Does the setting say `*`, alone and unquoted? */
bool	bp_config_is_any_role(struct bp_text require_role);

#endif
