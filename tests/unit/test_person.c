/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"
#include "wire/person.h"

#define ITEMS	80
#define TEN	"r", "r", "r", "r", "r", "r", "r", "r", "r", "r"
#define SIXTY	TEN, TEN, TEN, TEN, TEN, TEN

/* A list as it came; ends with a NULL. */
static const struct list {
	const char *name;
	const char *items[ITEMS];
	enum bp_person_step step;
} lists[] = {
	{ "nobody",		{ NULL }, BP_PERSON_END },
	{ "a user",		{ "7", "a@b", "active", "1", "r" },
	    BP_PERSON_NEXT },
	{ "a user of whom nothing is of use", { "", "", "", "" },
	    BP_PERSON_NEXT },
	{ "a user without roles", { "7", "a@b", "active", "0" },
	    BP_PERSON_NEXT },
	{ "three items",	{ "7", "a@b", "active" }, BP_PERSON_BAD },
	{ "one item",		{ "7" }, BP_PERSON_BAD },
	{ "a role less",	{ "7", "a@b", "active", "2", "r" },
	    BP_PERSON_BAD },
	{ "60 roles",		{ "7", "a@b", "active", "60", SIXTY },
	    BP_PERSON_NEXT },
	{ "61 roles",		{ "7", "a@b", "active", "61", SIXTY, "r" },
	    BP_PERSON_BAD },
	{ "roles of no number",	{ "7", "a@b", "active", "r" },
	    BP_PERSON_BAD },
	{ "roles below 0",	{ "7", "a@b", "active", "-1" },
	    BP_PERSON_BAD },
	{ "another word for active", { "7", "a@b", "yes", "0" },
	    BP_PERSON_BAD },
	{ "an address that is none", { "7", "a", "active", "0" },
	    BP_PERSON_BAD },
	{ "an address as it is not compared", { "7", "a@B", "active", "0" },
	    BP_PERSON_BAD },
};

ROWS(lists, is_told_from_the_others)
{
	const struct list *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_USERS_MAX);
	struct bp_list list = bp_list_of(put_texts(row->items, ITEMS, &b));
	struct bp_person p = { .id = bp_text_of("before") };

	assert_int_equal(bp_person_next(&list, &p), row->step);
	if (row->step == BP_PERSON_NEXT) {
		assert_true(bp_text_is(p.id, row->items[0]));
		assert_int_equal(bp_person_next(&list, &p), BP_PERSON_END);
	} else
		assert_true(bp_text_is(p.id, "before"));
}

static const struct len {
	const char *name;
	size_t id, role;
	enum bp_person_step step;
} lens[] = {
	{ "the longest id",	128, 1, BP_PERSON_NEXT },
	{ "a longer id",	129, 1, BP_PERSON_BAD },
	{ "the longest role",	1, 255, BP_PERSON_NEXT },
	{ "a longer role",	1, 256, BP_PERSON_BAD },
};

ROWS(lens, is_within_its_ceiling_or_refused)
{
	const struct len *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_USERS_MAX);
	char id[300] = "", role[300] = "";
	const char *const items[] = { id, "a@b", "active", "1", role };
	struct bp_person p;
	struct bp_list list;

	memset(id, 'i', row->id);
	memset(role, 'r', row->role);
	list = bp_list_of(put_texts(items, COUNT(items), &b));
	assert_int_equal(bp_person_next(&list, &p), row->step);
}

TEST(what_was_put_is_read_again_with_each_role)
{
	static struct bp_text roles = BP_TEXT("\0\0\0\2" "\0\0\0\1r"
	    "\0\0\0\4s, t");
	const struct bp_person all[] = {
		{ .id = bp_text_of("7"), .email = bp_text_of("a@b"),
		    .is_active = true, .has_roles = true },
		{ .id = bp_text_of("8") },
	};
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_USERS_MAX);
	BP_AUTO(bp_buf_done) struct bp_buf has =
	    BP_BUF_INIT(BP_API_ROLES_MAX);
	struct bp_person p;
	struct bp_list list;

	(void)state;
	put_or_abort(bp_list_start(&b));
	for (size_t i = 0; i < COUNT(all); i++)
		assert_true(bp_person_put(&b, &all[i], roles));
	list = bp_list_of(bp_buf_text(&b));
	assert_int_equal(bp_person_next(&list, &p), BP_PERSON_NEXT);
	assert_true(bp_text_is(p.id, "7") && bp_text_is(p.email, "a@b") &&
	    p.is_active && p.has_roles);
	put_or_abort(bp_buf_say(&has, "of another"));
	assert_true(bp_person_roles(&p, &has));
	assert_true(bp_text_same(bp_buf_text(&has), roles));
	assert_int_equal(bp_person_next(&list, &p), BP_PERSON_NEXT);
	assert_true(bp_text_is(p.id, "8") && p.email.len == 0 &&
	    !p.is_active && !p.has_roles);
	assert_true(bp_person_roles(&p, &has));
	assert_int_equal(bp_list_count(bp_buf_text(&has)), 0);
	assert_int_equal(bp_person_next(&list, &p), BP_PERSON_END);
}

TEST(what_finds_no_room_is_no_user)
{
	struct bp_person p = { .id = bp_text_of("7"), .has_roles = true };
	static struct bp_text roles = BP_TEXT("\0\0\0\1" "\0\0\0\1r");

	(void)state;
	/* the count, five lengths, and three letters */
	for (size_t most = 4; most < 4 + 5 * 4 + 3; most++) {
		BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(most);

		put_or_abort(bp_list_start(&b));
		assert_false(bp_person_put(&b, &p, roles));
	}
}

RUN(NULL, NULL)
