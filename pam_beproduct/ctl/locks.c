/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/locks.h"
#include "core/setup.h"
#include "ctl/escape.h"
#include "ctl/people.h"
#include "ctl/step.h"
#include "wire/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One call: what is to be locked, and under which name. */
struct order {
	const struct bp_options	*options;
	struct bp_setup		 setup;
	struct bp_lock		 lock;
	struct bp_buf		 name;
};

static void
order_done(struct order *o)
{
	bp_setup_done(&o->setup);
	bp_buf_done(&o->name);
}

static const char *
name_of(const struct order *o)
{
	return (const char *)o->name.data;
}

static int
say_wrong(const char *what, const char *why, int status)
{
	(void)fprintf(stderr, "beproductctl: %s: %s\n", what, why);
	return status;
}

static struct bp_lock
lock_of(const struct bp_options *o)
{
	const struct { enum bp_lock_kind kind; const char *value; } rows[] = {
		{ BP_LOCK_ACCOUNT, o->user }, { BP_LOCK_SUB, o->sub },
		{ BP_LOCK_EMAIL, o->email },
	};
	size_t i = 0;

	while (rows[i].value == NULL)
		i++;
	return (struct bp_lock){ .kind = rows[i].kind,
	    .value = bp_text_of(rows[i].value) };
}

/* The configuration says which accounts are local, and whose subs these are. */
static int
read_config(struct order *o)
{
	enum bp_reason why;

	if (bp_setup_read_config(&o->setup, o->options->config, &why)) {
		o->lock.issuer = o->setup.cfg.issuer;
		return BP_EXIT_GOOD;
	}
	(void)fprintf(stderr, "beproductctl: %.*s\n",
	    BP_ARGS(bp_buf_text(&o->setup.complaint)));
	return BP_EXIT_CONFIG;
}

static int
begin(struct order *o, const struct bp_options *options)
{
	int status;

	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	o->options = options;
	o->lock = lock_of(options);
	status = read_config(o);
	if (status != BP_EXIT_GOOD)
		return status;
	if (!bp_lock_may_be(&o->lock))
		return say_wrong(bp_escape_text(o->lock.value).text,
		    o->lock.kind == BP_LOCK_EMAIL ? "is no e-mail address"
		    : o->lock.kind == BP_LOCK_SUB ? "can be no sub"
		    : "can be no account's name", BP_EXIT_USAGE);
	return bp_lock_name(&o->lock, &o->name) ? BP_EXIT_GOOD
	    : say_wrong("no memory", "nothing was done", BP_EXIT_CONFIG);
}

/* What nobody asks about cannot be locked; what is not there yet can. */
static int
judge_account(const struct order *o)
{
	const char *user = o->options->user;
	struct bp_account account;
	enum bp_reason why;

	if (user == NULL)
		return BP_EXIT_GOOD;
	account = bp_account_look_up(user);
	why = bp_people_judge(&o->setup.cfg, &account, user);
	if (why == BP_ROOT || why == BP_LOCAL_ACCOUNT) {
		(void)fprintf(stderr, "beproductctl: %s: %s: a lock would have "
		    "no effect, and none was set (passwd -l, usermod -e 1)\n",
		    bp_escape_text(bp_text_of(user)).text,
		    bp_reason_row(why)->log);
		return BP_EXIT_REFUSED;
	}
	if (why != BP_ADMITTED)
		(void)printf("warning: %s: %s\n",
		    bp_escape_text(bp_text_of(user)).text,
		    bp_reason_row(why)->log);
	return BP_EXIT_GOOD;
}

/* So that a host that loses power meanwhile comes up with the lock. */
static bool
keep(int dir, const char *name)
{
	BP_AUTO(bp_file_close) int fd = openat(dir, name, O_RDONLY |
	    O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	return fd >= 0 && fsync(fd) == 0 && fsync(dir) == 0;
}

static bool
write_lock(const struct order *o, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf text = BP_BUF_INIT(BP_LOCK_FILE_MAX);
	const struct bp_lock_place place = o->setup.locks;
	BP_AUTO(bp_file_close) int parent = -1, dir = -1;
	const char *reason = o->options->reason;

	if (!bp_lock_file_put(&o->lock, bp_clock_seconds(),
	    bp_text_of(reason != NULL ? reason : ""), &text))
		return bp_refuse(reterr, BP_MEMORY);
	if (!bp_file_folder(place.parent, place.owner, &parent, reterr) ||
	    !bp_file_folder(place.folder, place.owner, &dir, reterr) ||
	    !bp_file_replace(dir, name_of(o), bp_buf_text(&text), reterr))
		return false;
	return keep(dir, name_of(o)) || bp_refuse(reterr, BP_FILE_UNWRITTEN);
}

static void
say_locked(const struct order *o)
{
	bool is_account = o->lock.kind == BP_LOCK_ACCOUNT;

	(void)printf("locked: %s %s, on this host, until beproductctl unlock\n",
	    bp_lock_word(o->lock.kind), bp_escape_text(o->lock.value).text);
	(void)printf("from now on no sign-in, no ticket of sudo and no SSH key "
	    "lets %s in, wherever\na PAM file has our lines\n",
	    is_account ? "it" : "this person");
	(void)printf("sessions that have begun go on%s%s; %s\n",
	    is_account ? ": loginctl terminate-user " : "",
	    is_account ? bp_escape_text(o->lock.value).text : "",
	    is_account ? "so do its jobs of cron, where those are not ours"
	    : "other people in the same account are let in");
	if (o->lock.kind == BP_LOCK_EMAIL)
		(void)printf("by the address as BeProduct spells it; a sub is "
		    "the surer\n");
}

int
bp_locks_set(const struct bp_options *options)
{
	BP_AUTO(order_done) struct order o = { .setup = BP_SETUP_INIT,
	    .name = BP_BUF_INIT(BP_LOCK_NAME_SIZE) };
	struct bp_text reason = bp_text_of(options->reason != NULL
	    ? options->reason : "");
	int status = begin(&o, options);
	enum bp_reason why;

	if (status != BP_EXIT_GOOD)
		return status;
	if (reason.len > BP_LOCK_REASON_MAX || !bp_text_is_printable(reason))
		return say_wrong("--reason", "does not print, or has more than "
		    "255 bytes", BP_EXIT_USAGE);
	status = judge_account(&o);
	if (status != BP_EXIT_GOOD)
		return status;
	if (!write_lock(&o, &why))
		return say_wrong(o.setup.locks.folder, bp_file_why(why, errno),
		    BP_EXIT_CONFIG);
	say_locked(&o);
	return BP_EXIT_GOOD;
}

/* By its path: what stands there and is no lock goes as well. */
static bool
remove_lock(const struct order *o)
{
	char path[BP_LOCK_PATH_MAX];
	BP_AUTO(bp_file_close) int dir = -1;

	(void)snprintf(path, sizeof(path), "%s/%s", o->setup.locks.folder,
	    name_of(o));
	if (unlink(path) != 0)
		return false;
	dir = open(o->setup.locks.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir >= 0 && fsync(dir) == 0;
}

int
bp_locks_end(const struct bp_options *options)
{
	BP_AUTO(order_done) struct order o = { .setup = BP_SETUP_INIT,
	    .name = BP_BUF_INIT(BP_LOCK_NAME_SIZE) };
	int status = begin(&o, options);
	struct bp_escaped value;

	if (status != BP_EXIT_GOOD)
		return status;
	value = bp_escape_text(o.lock.value);
	if (remove_lock(&o)) {
		(void)printf("unlocked: %s %s\n", bp_lock_word(o.lock.kind),
		    value.text);
		return BP_EXIT_GOOD;
	}
	if (errno == ENOENT)
		return say_wrong(value.text, "is not locked",
		    BP_EXIT_REFUSED);
	return say_wrong(o.setup.locks.folder, bp_file_words(errno),
	    BP_EXIT_CONFIG);
}

void
bp_locks_done(struct bp_locks *w)
{
	bp_file_close(&w->dir);
	bp_lock_file_done(&w->file);
}

/* To look at it makes nothing. */
bool
bp_locks_begin(struct bp_locks *w)
{
	enum bp_reason why;

	if (access(w->place.folder, F_OK) != 0 && errno == ENOENT)
		return true;
	return bp_file_folder(w->place.folder, w->place.owner, &w->dir, &why);
}

static bool
next_name(struct bp_locks *w)
{
	if (w->at == w->n) {
		w->n = bp_file_names(w->dir, w->last, w->ahead,
		    BP_LOCKS_AHEAD);
		w->at = 0;
	}
	if (w->n == 0)
		return false;
	memcpy(w->last, w->ahead[w->at++], sizeof(w->last));
	return true;
}

bool
bp_locks_next(struct bp_locks *w)
{
	if (w->dir < 0 || !next_name(w))
		return false;
	w->is_good = bp_lock_file_read(w->dir, w->last, w->place.owner,
	    &w->file);
	return true;
}

static void
show_pair(const char *key, const struct bp_buf *b)
{
	if (b->len > 0)
		(void)printf(" %s=\"%s\"", key,
		    bp_escape_text(bp_buf_text(b)).text);
}

static void
show_line(const struct bp_lock_file *f)
{
	(void)fputs(bp_lock_word(f->lock.kind), stdout);
	show_pair("value", &f->value);
	show_pair("issuer", &f->issuer);
	(void)printf(" since=%s", bp_escape_text(bp_buf_text(&f->since)).text);
	show_pair("reason", &f->reason);
	(void)putchar('\n');
}

static void
show_object(const struct bp_lock_file *f, const char *before)
{
	const struct { const char *key; struct bp_text value; } rows[] = {
		{ "kind", bp_text_of(bp_lock_word(f->lock.kind)) },
		{ "value", f->lock.value }, { "issuer", f->lock.issuer },
		{ "since", bp_buf_text(&f->since) },
		{ "reason", bp_buf_text(&f->reason) },
		{ "file", bp_text_of(f->name) },
	};

	(void)fputs(before, stdout);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)printf("%s\"%s\": ", i == 0 ? "{" : ", ", rows[i].key);
		bp_escape_json(rows[i].value);
	}
	(void)fputs("}", stdout);
}

/* It may lock somebody, and nobody can tell whom. */
static int
say_odd(const struct bp_locks *w)
{
	(void)fprintf(stderr, "beproductctl: %s/%s: does not say whom it locks "
	    "out; where it has the name of a lock it does\n",
	    w->place.folder, bp_escape_text(bp_text_of(w->last)).text);
	return BP_EXIT_CONFIG;
}

int
bp_locks_list(const struct bp_options *options)
{
	BP_AUTO(bp_locks_done) struct bp_locks w = BP_LOCKS_INIT;
	const char *before = "[\n";
	int status = BP_EXIT_GOOD;

	if (!bp_is_root())
		return BP_EXIT_CONFIG;
	if (!bp_locks_begin(&w))
		return say_wrong(w.place.folder, "is no folder of root's alone: "
		    "nobody is let in", BP_EXIT_CONFIG);
	while (bp_locks_next(&w)) {
		if (!w.is_good)
			status = say_odd(&w);
		else if (options->json) {
			show_object(&w.file, before);
			before = ",\n";
		} else
			show_line(&w.file);
	}
	if (options->json)
		(void)fputs(before[0] == '[' ? "[]\n" : "\n]\n", stdout);
	return status;
}
