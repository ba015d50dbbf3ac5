#include "wire/msg.h"
#include "wire/claim.h"

#include <string.h>

enum { HEAD = BP_BUILD_SIZE + 3, ABSENT = 1, GIVEN = 2 };

static const char build[BP_BUILD_SIZE] = PACKAGE_VERSION;
_Static_assert(sizeof(PACKAGE_VERSION) <= BP_BUILD_SIZE, "version is cut");

/* What kind of content a field has, and how much of it. */
struct rule;
typedef bool lawful(const struct rule *r, struct bp_text content);
static lawful is_text, is_bytes, is_number, is_mark, is_list, is_table;

static const struct rule {
	lawful		*is;
	uint32_t	 most;		/* bytes; of a number its value */
	uint32_t	 items, each;	/* of lists: how many, and their bytes */
} rules[BP_FIELDS] = {
	[BP_F_ISSUER] =		{ is_text, 512, 0, 0 },
	[BP_F_CA_FILE] =	{ is_bytes, 512 * 1024, 0, 0 },
	[BP_F_TIME_LEFT] =	{ is_number, 600000, 0, 0 },
	[BP_F_RECORD] =		{ is_bytes, 256 * 1024, 0, 0 },
	[BP_F_CLIENT_ID] =	{ is_text, 255, 0, 0 },
	[BP_F_CLIENT_SECRET] =	{ is_text, 1024, 0, 0 },
	[BP_F_REDIRECT_URI] =	{ is_text, 512, 0, 0 },
	[BP_F_SCOPES] =		{ is_list, 16384, 128, 255 },
	[BP_F_STATE] =		{ is_text, 255, 0, 0 },
	[BP_F_NONCE] =		{ is_text, 255, 0, 0 },
	[BP_F_LINE] =		{ is_text, 4096, 0, 0 },
	[BP_F_CLOCK_SKEW] =	{ is_number, 300, 0, 0 },
	[BP_F_WANTED] =		{ is_list, 8192, BP_CLAIM_WANTED_MAX,
				    BP_CLAIM_NAME_MAX },
	[BP_F_AUTHORIZATION_ENDPOINT] = { is_text, 512, 0, 0 },
	[BP_F_TOKEN_ENDPOINT] =	{ is_text, 512, 0, 0 },
	[BP_F_USERINFO_ENDPOINT] = { is_text, 512, 0, 0 },
	[BP_F_JWKS_URI] =	{ is_text, 512, 0, 0 },
	[BP_F_ISS_PROMISED] =	{ is_mark, 0, 0, 0 },
	[BP_F_KEYS] =		{ is_list, 240 * 1024, 3 * 128, 2048 },
	[BP_F_SUB] =		{ is_text, 255, 0, 0 },
	[BP_F_CLAIMS] =		{ is_table, BP_CLAIM_TABLE_MAX, 0, 0 },
	[BP_F_KEYS_STALE] =	{ is_mark, 0, 0, 0 },
	[BP_F_DETAIL] =		{ is_text, 256, 0, 0 },
};

#define F(field)	(1U << BP_F_##field)

/* What each type consists of.  There is no type 0: its row stays empty. */
static const struct shape {
	bool		 has_reason;
	uint32_t	 required, optional;	/* sets of fields */
} shapes[BP_MSG_TYPES] = {
	[BP_MSG_DISCOVER] = { false, F(ISSUER) | F(TIME_LEFT), F(CA_FILE) },
	[BP_MSG_REDEEM] = { false, F(TIME_LEFT) | F(RECORD) | F(CLIENT_ID) |
	    F(CLIENT_SECRET) | F(REDIRECT_URI) | F(SCOPES) | F(STATE) |
	    F(NONCE) | F(LINE) | F(CLOCK_SKEW) | F(WANTED), F(CA_FILE) },
	[BP_MSG_PROVIDER] = { false, F(ISSUER) | F(AUTHORIZATION_ENDPOINT) |
	    F(TOKEN_ENDPOINT) | F(USERINFO_ENDPOINT) | F(JWKS_URI) | F(KEYS),
	    F(ISS_PROMISED) },
	[BP_MSG_CLAIMS] = { false, F(ISSUER) | F(SUB) | F(SCOPES) | F(CLAIMS),
	    F(KEYS_STALE) | F(DETAIL) },
	[BP_MSG_UNUSABLE] = { true, 0, F(DETAIL) },
	[BP_MSG_FAILED] = { true, 0, F(KEYS_STALE) | F(DETAIL) },
};
_Static_assert(BP_FIELDS <= 32, "a set of fields has 32 bits");

static bool
is_text(const struct rule *r, struct bp_text content)
{
	return content.len > 0 && content.len <= r->most &&
	    bp_text_is_printable(content);
}

static bool
is_bytes(const struct rule *r, struct bp_text content)
{
	return content.len > 0 && content.len <= r->most;
}

static bool
is_number(const struct rule *r, struct bp_text content)
{
	uint32_t n;

	return content.len <= 10 && bp_text_number(content, r->most, &n);
}

/* What is not so is absent: a mark that says 0 would be given all the same. */
static bool
is_mark(const struct rule *r, struct bp_text content)
{
	(void)r;
	return bp_text_is(content, "1");
}

static bool
is_list(const struct rule *r, struct bp_text content)
{
	return content.len <= r->most && bp_list_is_lawful(content, r->items,
	    r->each, bp_text_is_printable);
}

static bool
is_table(const struct rule *r, struct bp_text content)
{
	return content.len <= r->most && bp_claim_table_is_lawful(content);
}

static bool
is_type(unsigned n)
{
	return n > 0 && n < BP_MSG_TYPES;
}

/* A request is its own; which answer may follow which is launch.c's. */
static bool
is_asked(const struct bp_msg *m)
{
	return is_type(m->asked) && (m->asked == m->type ||
	    (m->type != BP_MSG_DISCOVER && m->type != BP_MSG_REDEEM));
}

static bool
is_field_lawful(const struct bp_msg *m, unsigned f)
{
	const struct shape *s = &shapes[m->type];

	if (!m->given[f])
		return (s->required >> f & 1) == 0;
	return ((s->required | s->optional) >> f & 1) != 0 &&
	    rules[f].is(&rules[f], m->field[f]);
}

/* One set of rules for what is written and for what is read. */
static bool
is_lawful(const struct bp_msg *m)
{
	if (!is_type(m->type) || !is_asked(m) ||
	    m->reason >= BP_WIRE_REASONS ||
	    shapes[m->type].has_reason != (m->reason > 0))
		return false;
	for (unsigned f = 0; f < BP_FIELDS; f++)
		if (!is_field_lawful(m, f))
			return false;
	return true;
}

void
bp_msg_give(struct bp_msg *m, enum bp_field f, struct bp_text content)
{
	m->given[f] = true;
	m->field[f] = content;
}

void
bp_msg_give_number(struct bp_msg *m, enum bp_field f, uint32_t n,
    char lent[BP_DECIMAL_MAX])
{
	bp_msg_give(m, f, bp_text_decimal(n, lent));
}

uint32_t
bp_msg_number(const struct bp_msg *m, enum bp_field f)
{
	uint32_t n;

	return m->given[f] && bp_text_number(m->field[f], UINT32_MAX, &n) ? n
	    : 0;
}

struct bp_text
bp_msg_build(void)
{
	return (struct bp_text){ build, BP_BUILD_SIZE };
}

/* Which fields a message of TYPE may have, in the order of enum bp_field. */
static bool
has_place(enum bp_msg_type type, unsigned f)
{
	return ((shapes[type].required | shapes[type].optional) >> f & 1) != 0;
}

static bool
put_field(struct bp_buf *b, const struct bp_msg *m, unsigned f)
{
	const uint8_t mark = m->given[f] ? GIVEN : ABSENT;

	return bp_buf_add(b, &mark, 1) &&
	    (!m->given[f] || bp_list_put(b, m->field[f]));
}

bool
bp_msg_write(const struct bp_msg *m, struct bp_buf *ret)
{
	const uint8_t numbers[] = { (uint8_t)m->type, (uint8_t)m->asked,
	    (uint8_t)m->reason };
	size_t before = ret->len;
	bool ok = is_lawful(m) && bp_buf_put(ret, bp_msg_build()) &&
	    bp_buf_add(ret, numbers, sizeof(numbers));

	for (unsigned f = 0; ok && f < BP_FIELDS; f++)
		ok = !has_place(m->type, f) || put_field(ret, m, f);
	if (!ok)
		ret->len = before;
	return ok;
}

static bool
take_field(struct bp_text *rest, struct bp_msg *m, unsigned f)
{
	struct bp_text mark;

	if (!bp_list_take_bytes(rest, 1, &mark) ||
	    (mark.at[0] != ABSENT && mark.at[0] != GIVEN))
		return false;
	m->given[f] = mark.at[0] == GIVEN;
	return !m->given[f] || bp_list_take(rest, &m->field[f]);
}

bool
bp_msg_is_foreign(struct bp_text bytes)
{
	return bytes.len >= HEAD &&
	    memcmp(bytes.at, build, BP_BUILD_SIZE) != 0;
}

bool
bp_msg_read(struct bp_text bytes, struct bp_msg *ret)
{
	struct bp_text rest = bytes, head;
	struct bp_msg m = { 0 };

	if (bp_msg_is_foreign(bytes) ||
	    !bp_list_take_bytes(&rest, HEAD, &head))
		return false;
	m.type = (uint8_t)head.at[BP_BUILD_SIZE];
	m.asked = (uint8_t)head.at[BP_BUILD_SIZE + 1];
	m.reason = (uint8_t)head.at[BP_BUILD_SIZE + 2];
	if (!is_type(m.type))
		return false;
	for (unsigned f = 0; f < BP_FIELDS; f++)
		if (has_place(m.type, f) && !take_field(&rest, &m, f))
			return false;
	if (rest.len > 0 || !is_lawful(&m))
		return false;
	*ret = m;
	return true;
}
