/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/pins.h"
#include "core/file.h"
#include "core/setup.h"
#include "ctl/pin_change.h"
#include "ctl/pin_walk.h"
#include "ctl/step.h"
#include "wire/clock.h"
#include "wire/mailbox.h"

#include <stdio.h>

static const char *
by_of(const struct bp_pin *p)
{
	return p->by_administrator ? "administrator" : "sign-in";
}

static void
show_quoted(const char *name, struct bp_text value)
{
	(void)printf(" %s=\"%s\"", name, bp_escape_text(value).text);
}

static void
show_line(const struct bp_pin *p)
{
	(void)printf("%s", bp_escape_text(p->account).text);
	show_quoted("sub", p->sub);
	show_quoted("email", p->email);
	show_quoted("api_id", p->api_id);
	(void)printf(" since=%s by=%s", bp_pin_date(p->since).text, by_of(p));
	show_quoted("issuer", p->issuer);
	(void)putchar('\n');
}

static void
show_object(const struct bp_pin *p)
{
	const struct { const char *name; struct bp_text value; } rows[] = {
		{ "account", p->account }, { "issuer", p->issuer },
		{ "sub", p->sub }, { "email", p->email },
		{ "api_id", p->api_id }, { "by", bp_text_of(by_of(p)) } };

	(void)putchar('{');
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)printf("\"%s\": ", rows[i].name);
		bp_escape_json(rows[i].value);
		(void)fputs(", ", stdout);
	}
	(void)printf("\"since\": %u}", p->since);
}

/* Each person of each account; what cannot be read is said, and told of. */
static int
visit_all(void (*visit)(const struct bp_pin *p, void *context), void *context)
{
	BP_AUTO(bp_pin_walk_done) struct bp_pin_walk w = BP_PIN_WALK_INIT;
	enum bp_pin_walk_step step;
	int status = BP_EXIT_GOOD;

	while ((step = bp_pin_walk_next(&w)) != BP_PIN_WALK_END) {
		for (size_t i = 0; i < w.pins.n; i++)
			visit(&w.pins.pin[i], context);
		if (step != BP_PIN_WALK_BAD)
			continue;
		(void)fprintf(stderr, "beproductctl: %.*s\n",
		    BP_ARGS(bp_buf_text(&w.pins.fault)));
		status = BP_EXIT_CONFIG;
	}
	return status;
}

static void
list_line(const struct bp_pin *p, void *context)
{
	(void)context;
	show_line(p);
}

static void
list_object(const struct bp_pin *p, void *context)
{
	const char **before = context;

	(void)fputs(*before, stdout);
	show_object(p);
	*before = ",\n";
}

int
bp_pins_list(const struct bp_options *options)
{
	const char *before = "[\n";
	int status;

	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	if (!options->json)
		return visit_all(list_line, NULL);
	status = visit_all(list_object, &before);
	(void)fputs(before[0] == '[' ? "[]\n" : "\n]\n", stdout);
	return status;
}

static void
export_line(const struct bp_pin *p, void *context)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_PINS_FILE_MAX);

	(void)context;
	if (bp_pin_put_line(&b, p))
		(void)printf("%.*s", BP_ARGS(bp_buf_text(&b)));
}

int
bp_pins_export(const struct bp_options *options)
{
	(void)options;
	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	(void)fputs(bp_pin_columns, stdout);
	return visit_all(export_line, NULL);
}

/* So that it is found where a rule would: false: it has been said why not. */
static bool
take_email(const char *given, struct bp_buf *ret)
{
	if (given == NULL || bp_mailbox_put(bp_text_of(given), ret))
		return true;
	(void)fprintf(stderr, "beproductctl: %s: is no e-mail address\n",
	    bp_escape_text(bp_text_of(given)).text);
	return false;
}

static bool
is_lawful(const struct bp_pin *p)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_PINS_FILE_MAX);

	if (bp_pin_put_line(&b, p))
		return true;
	(void)fputs("beproductctl: no such account or sub can be pinned: no "
	    "blanks, / or : in the one, no control characters in the other, "
	    "each at most 255 bytes\n", stderr);
	return false;
}

static int
add(const struct bp_options *o, const struct bp_setup *s)
{
	BP_AUTO(bp_buf_done) struct bp_buf email = BP_BUF_INIT(BP_MAILBOX_MAX);
	struct bp_pin p = { .account = bp_text_of(o->user),
	    .issuer = s->cfg.issuer, .sub = bp_text_of(o->sub),
	    .since = (uint32_t)bp_clock_seconds(), .by_administrator = true };
	bool added;

	if (!take_email(o->email, &email))
		return BP_EXIT_USAGE;
	p.email = bp_buf_text(&email);
	if (!is_lawful(&p))
		return BP_EXIT_USAGE;
	if (!bp_pin_change_add(&p, &added))
		return BP_EXIT_CONFIG;
	(void)printf("%s is pinned to %s%s\n",
	    bp_escape_text(p.account).text, bp_escape_text(p.sub).text,
	    added ? "" : " already");
	return BP_EXIT_GOOD;
}

int
bp_pins_add(const struct bp_options *options)
{
	BP_AUTO(bp_setup_done) struct bp_setup s = BP_SETUP_INIT;
	enum bp_reason why;

	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	if (bp_setup_read_config(&s, options->config, &why))
		return add(options, &s);
	(void)fprintf(stderr, "beproductctl: %.*s\n",
	    BP_ARGS(bp_buf_text(&s.complaint)));
	return BP_EXIT_CONFIG;
}

int
bp_pins_drop(const struct bp_options *options)
{
	struct bp_text account = bp_text_of(options->user);
	struct bp_text sub = bp_text_of(options->sub != NULL
	    ? options->sub : "");
	size_t n;

	if (!bp_is_root() || !bp_pin_change_drop(account, sub, &n))
		return BP_EXIT_CONFIG;
	if (n == 0) {
		(void)fprintf(stderr, "beproductctl: %s%s%s: no such pin\n",
		    bp_escape_text(account).text, sub.len > 0 ? ", " : "",
		    bp_escape_text(sub).text);
		return BP_EXIT_REFUSED;
	}
	(void)printf("dropped %zu of %s\n", n, bp_escape_text(account).text);
	return BP_EXIT_GOOD;
}
