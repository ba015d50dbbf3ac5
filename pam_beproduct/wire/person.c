/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/person.h"
#include "wire/mailbox.h"

static const char active[] = "active";

bool
bp_person_put(struct bp_buf *b, const struct bp_person *p,
    struct bp_text roles)
{
	struct bp_list each = bp_list_of(roles);
	char lent[BP_DECIMAL_MAX];
	struct bp_text role;
	bool ok = bp_list_add(b, p->id) && bp_list_add(b, p->email) &&
	    bp_list_add(b, bp_text_of(p->is_active ? active : "")) &&
	    bp_list_add(b, p->has_roles
	    ? bp_text_decimal(each.left, lent) : bp_text_of(""));

	while (ok && p->has_roles && bp_list_next(&each, &role))
		ok = bp_list_add(b, role);
	return ok;
}

/* Of an address only the spelling that is compared. */
static bool
is_email(struct bp_text t)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_MAILBOX_MAX);

	return t.len == 0 || (bp_mailbox_put(t, &b) &&
	    bp_text_same(bp_buf_text(&b), t));
}

static bool
take_roles(struct bp_list *list, struct bp_text count, struct bp_person *ret)
{
	struct bp_text role, before;

	ret->has_roles = count.len > 0;
	if (ret->has_roles && !bp_text_number(count, BP_API_ROLE_COUNT_MAX,
	    &ret->role_count))
		return false;
	before = list->rest;
	for (uint32_t i = 0; i < ret->role_count; i++)
		if (!bp_list_next(list, &role) || role.len > BP_ITEM_MAX)
			return false;
	before.len -= list->rest.len;
	ret->role_items = before;
	return true;
}

enum bp_person_step
bp_person_next(struct bp_list *list, struct bp_person *ret)
{
	struct bp_text mark, count;
	struct bp_person p = { 0 };

	if (list->left == 0)
		return BP_PERSON_END;
	if (!bp_list_next(list, &p.id) || !bp_list_next(list, &p.email) ||
	    !bp_list_next(list, &mark) || !bp_list_next(list, &count) ||
	    p.id.len > BP_API_ID_MAX || !is_email(p.email) ||
	    (mark.len > 0 && !bp_text_is(mark, active)) ||
	    !take_roles(list, count, &p))
		return BP_PERSON_BAD;
	p.is_active = mark.len > 0;
	*ret = p;
	return BP_PERSON_NEXT;
}

bool
bp_person_roles(const struct bp_person *p, struct bp_buf *ret)
{
	uint8_t count[BP_LIST_NUMBER];

	ret->len = 0;
	bp_list_set_number(count, p->role_count);
	return bp_buf_add(ret, count, sizeof(count)) &&
	    bp_buf_put(ret, p->role_items);
}
