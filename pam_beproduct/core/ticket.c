/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/ticket.h"
#include "core/digest.h"
#include "wire/ascii.h"
#include "wire/list.h"

#include <fcntl.h>
#include <unistd.h>

static const char pending[] = "pending-";

static bool
put_number(struct bp_buf *b, uint32_t n)
{
	char lent[BP_DECIMAL_MAX];

	return bp_buf_put(b, bp_text_decimal(n, lent));
}

static bool
end_key(struct bp_buf *b, uint32_t uid)
{
	return bp_buf_say(b, "-") && put_number(b, uid) &&
	    bp_buf_add(b, "", 1);
}

bool
bp_ticket_key_login(uint32_t login, uint32_t uid, struct bp_buf *ret)
{
	return bp_buf_say(ret, "login-") && put_number(ret, login) &&
	    end_key(ret, uid);
}

bool
bp_ticket_opener(const struct bp_process *p, struct bp_buf *ret)
{
	return bp_buf_put(ret, p->pid) && bp_buf_say(ret, "-") &&
	    bp_buf_put(ret, p->start);
}

/* A leader that has ended is nobody, and so is another under its number. */
static bool
key_terminal(const char *root, uint32_t uid, struct bp_buf *ret,
    const char **retwhy)
{
	BP_AUTO(bp_process_done) struct bp_process self = BP_PROCESS_INIT;
	BP_AUTO(bp_process_done) struct bp_process leader = BP_PROCESS_INIT;

	*retwhy = "the session cannot be told";
	if (!bp_process_read(root, bp_text_of("self"), &self))
		return false;
	*retwhy = "no login session, and no terminal";
	if (bp_text_is(self.terminal, "0"))
		return false;
	*retwhy = "no login session, and the terminal's leader has ended";
	return bp_process_read(root, self.leader, &leader) &&
	    bp_text_same(leader.leader, self.leader) &&
	    bp_buf_say(ret, "terminal-") && bp_buf_put(ret, self.terminal) &&
	    bp_buf_say(ret, "-") && bp_ticket_opener(&leader, ret) &&
	    end_key(ret, uid);
}

bool
bp_ticket_key(const char *root, uint32_t uid, struct bp_buf *ret,
    const char **retwhy)
{
	struct bp_login login;

	*retwhy = "the login session cannot be told";
	if (!bp_login_read(root, &login))
		return false;
	if (login.session == BP_LOGIN_NONE)
		return key_terminal(root, uid, ret, retwhy);
	*retwhy = "the login session is another account's";
	return login.uid == uid && bp_ticket_key_login(login.session, uid,
	    ret);
}

bool
bp_ticket_key_pending(struct bp_text secret, struct bp_buf *ret)
{
	if (secret.len != 2 * (size_t)BP_TICKET_SECRET)
		return false;
	/* it comes by way of PAM's environment, and must not climb */
	for (size_t i = 0; i < secret.len; i++)
		if (!bp_ascii_is_alnum(secret.at[i]))
			return false;
	return bp_buf_say(ret, pending) && bp_buf_put(ret, secret) &&
	    bp_buf_add(ret, "", 1);
}

bool
bp_ticket_key_ssh(struct bp_text key, struct bp_text account, uint32_t uid,
    struct bp_text config, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_TICKET_MAX);
	char hex[BP_DIGEST_HEX + 1];

	if (!bp_list_put(&b, key) || !bp_list_put(&b, account) ||
	    !bp_list_put(&b, config))
		return false;
	bp_digest_hex(bp_buf_text(&b), hex);
	return bp_buf_say(ret, "key-") && bp_buf_say(ret, hex) &&
	    end_key(ret, uid);
}

/* The texts of a ticket, in the order of the file. */
enum { TEXTS = 13 };

static void
list_texts(struct bp_ticket *t, struct bp_text *ret[TEXTS])
{
	struct bp_text *const all[TEXTS] = { &t->name, &t->opener, &t->login,
	    &t->account, &t->service, &t->config, &t->attempt,
	    &t->signed_in.boot, &t->nonce, &t->refresh_token, &t->id_token,
	    &t->key, &t->source };

	for (size_t i = 0; i < TEXTS; i++)
		ret[i] = all[i];
}

/* Only who it is: what else came with the claims was for that moment. */
static bool
put_who(struct bp_buf *b, const struct bp_msg *who)
{
	static const enum bp_field kept[] = { BP_F_ISSUER, BP_F_COMPANY,
	    BP_F_API_ID, BP_F_API_ROLES, BP_F_SUB, BP_F_SCOPES, BP_F_CLAIMS };
	struct bp_msg m = { .type = BP_MSG_CLAIMS, .asked = BP_MSG_REDEEM };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (who->given[kept[i]])
			bp_msg_give(&m, kept[i], who->field[kept[i]]);
	return bp_msg_put_framed(&m, b);
}

static bool
put_ticket(struct bp_buf *b, const struct bp_ticket *t)
{
	struct bp_ticket copy = *t;
	struct bp_text *texts[TEXTS];
	uint8_t uid[BP_LIST_NUMBER];
	bool ok = bp_cache_put_head(b, t->signed_in.time) &&
	    bp_cache_put_time(b, t->signed_in.since_boot) &&
	    bp_cache_put_time(b, t->checked.time) &&
	    bp_cache_put_time(b, t->checked.since_boot);

	bp_list_set_number(uid, t->uid);
	ok = ok && bp_buf_add(b, uid, sizeof(uid));
	list_texts(&copy, texts);
	return ok && bp_list_put_all(b, texts, TEXTS) && put_who(b, &t->who);
}

static bool
take_ticket(struct bp_text rest, int64_t time, struct bp_ticket *ret)
{
	struct bp_ticket t = { .uid = 0 };
	struct bp_text *texts[TEXTS];
	struct bp_text uid, who;
	bool ok = bp_cache_take_head(&rest, time, &t.signed_in.time) &&
	    bp_cache_take_time(&rest, &t.signed_in.since_boot) &&
	    bp_cache_take_time(&rest, &t.checked.time) &&
	    bp_cache_take_time(&rest, &t.checked.since_boot) &&
	    bp_list_take_bytes(&rest, BP_LIST_NUMBER, &uid);

	list_texts(&t, texts);
	if (!ok || !bp_list_take_all(&rest, texts, TEXTS) ||
	    !bp_list_take(&rest, &who) || rest.len > 0 ||
	    !bp_msg_read(who, &t.who) || t.who.type != BP_MSG_CLAIMS)
		return false;
	t.uid = bp_list_number(uid.at);
	t.checked.boot = t.signed_in.boot;
	*ret = t;
	return true;
}

/* The file, and its name with a NUL. */
static bool
spell(const struct bp_ticket *t, struct bp_buf *ret, struct bp_buf *retname)
{
	return put_ticket(ret, t) && bp_buf_put(retname, t->name) &&
	    bp_buf_add(retname, "", 1);
}

static bool
open_folder(const struct bp_ticket_place *place, int *ret,
    enum bp_reason *reterr)
{
	BP_AUTO(bp_file_close) int parent = -1;

	return bp_file_folder(place->parent, place->owner, &parent, reterr) &&
	    bp_file_folder(place->folder, place->owner, ret, reterr);
}

static void
sweep(int dir, int64_t now)
{
	bp_file_sweep(dir, pending, BP_TICKET_PENDING, now);
	bp_file_sweep(dir, ".", BP_TICKET_PENDING, now);
	bp_file_sweep(dir, "", BP_TICKET_LIFE_MAX, now);
}

bool
bp_ticket_store(const struct bp_ticket_place *place,
    const struct bp_ticket *t, int64_t time, enum bp_reason *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf file = BP_BUF_INIT(BP_TICKET_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf name =
	    BP_BUF_INIT(BP_TICKET_NAME_SIZE);
	BP_AUTO(bp_file_close) int dir = -1;

	if (!spell(t, &file, &name))
		return bp_refuse(reterr, BP_MEMORY);
	if (!open_folder(place, &dir, reterr))
		return false;
	sweep(dir, time);
	return bp_file_replace(dir, (const char *)name.data,
	    bp_buf_text(&file), reterr);
}

static const char *
name_of(const struct bp_ticket_room *room)
{
	return (const char *)room->name.data;
}

/* Its own tokens and more are in it already; but their lengths stand there. */
bool
bp_ticket_reserve(const struct bp_ticket_place *place,
    const struct bp_ticket *t, struct bp_ticket_room *ret,
    enum bp_reason *reterr)
{
	if (!spell(t, &ret->bytes, &ret->name))
		return bp_refuse(reterr, BP_MEMORY);
	if (!open_folder(place, &ret->dir, reterr))
		return false;
	if (fstatat(ret->dir, name_of(ret), &ret->was,
	    AT_SYMLINK_NOFOLLOW) != 0)
		return bp_refuse(reterr, BP_FILE_MISSING);
	return bp_file_room_take(ret->dir, name_of(ret),
	    ret->bytes.len + BP_TOKEN_MAX, &ret->file, reterr);
}

/* Without a descriptor, or memory.  Numbers come back, and times do not. */
bool
bp_ticket_room_stands(const struct bp_ticket_room *room)
{
	struct stat is;

	return fstatat(room->dir, name_of(room), &is, AT_SYMLINK_NOFOLLOW)
	    == 0 && is.st_ino == room->was.st_ino &&
	    is.st_mtim.tv_sec == room->was.st_mtim.tv_sec &&
	    is.st_mtim.tv_nsec == room->was.st_mtim.tv_nsec;
}

bool
bp_ticket_fill(struct bp_ticket_room *room, const struct bp_ticket *t,
    enum bp_reason *reterr)
{
	/* which has its memory already */
	room->bytes.len = 0;
	if (!put_ticket(&room->bytes, t))
		return bp_refuse(reterr, BP_MEMORY);
	return bp_file_room_fill(&room->file, name_of(room),
	    bp_buf_text(&room->bytes), reterr);
}

void
bp_ticket_room_done(struct bp_ticket_room *room)
{
	bp_file_room_done(&room->file);
	bp_file_close(&room->dir);
	bp_buf_done(&room->bytes);
	bp_buf_done(&room->name);
}

bool
bp_ticket_load(const struct bp_ticket_place *place, const char *name,
    int64_t time, struct bp_buf *bytes, struct bp_ticket *ret)
{
	BP_AUTO(bp_file_close) int dir = -1;
	struct bp_ticket t;
	enum bp_reason why;

	if (!open_folder(place, &dir, &why) ||
	    !bp_file_read_in(dir, name, place->owner, bytes, &why) ||
	    !take_ticket(bp_buf_text(bytes), time, &t) ||
	    !bp_text_is(t.name, name))
		return false;
	*ret = t;
	return true;
}

void
bp_ticket_erase(const struct bp_ticket_place *place, const char *name)
{
	BP_AUTO(bp_file_close) int dir = -1;
	enum bp_reason why;

	if (open_folder(place, &dir, &why))
		(void)unlinkat(dir, name, 0);
}

/* Less than MOST seconds ago: what may last none is over at once. */
static bool
is_within(int64_t then, int64_t now, uint32_t most)
{
	return then <= now && now - then < most;
}

/* By both clocks, in one run of the host. */
static bool
is_recent(const struct bp_moment *then, const struct bp_moment *now,
    uint32_t most)
{
	return bp_text_same(then->boot, now->boot) &&
	    is_within(then->since_boot, now->since_boot, most) &&
	    is_within(then->time, now->time, most);
}

bool
bp_ticket_serves(const struct bp_ticket *t, const struct bp_ticket_use *u,
    const char **retwhy, bool *retstale)
{
	const struct { bool is_met; const char *otherwise; } rows[] = {
		{ t->opener.len == 0, "the ticket is pending" },
		{ t->uid == u->uid && bp_text_same(t->account, u->account),
		    "the ticket is another account's" },
		{ bp_text_same(t->config, u->config) &&
		    bp_text_same(t->who.field[BP_F_ISSUER], u->issuer),
		    "the sign-in was by another configuration" },
		{ bp_text_same(t->key, u->key),
		    "the ticket is another key's, or no key's" },
		{ is_recent(&t->signed_in, &u->now, u->life),
		    "the sign-in is older than ticket allows" },
		{ is_recent(&t->checked, &u->now, u->recheck),
		    "the sign-in is older than recheck allows" },
	};

	size_t i = 0, last = sizeof(rows) / sizeof(rows[0]) - 1;

	while (i < last && rows[i].is_met)
		i++;
	*retstale = i == last && !rows[i].is_met;
	if (!rows[i].is_met)
		*retwhy = rows[i].otherwise;
	return rows[i].is_met;
}

bool
bp_ticket_may_bind(const struct bp_ticket *t,
    const struct bp_ticket_opening *o)
{
	uint32_t before;

	return t->opener.len > 0 && bp_text_same(t->opener, o->opener) &&
	    t->uid == o->uid && o->login.uid == o->uid &&
	    o->login.session != BP_LOGIN_NONE &&
	    bp_text_number(t->login, UINT32_MAX, &before) &&
	    before != o->login.session &&
	    is_recent(&t->signed_in, &o->now, BP_TICKET_PENDING);
}
