/* SPDX-License-Identifier: BSD-2-Clause */
#include "helper/claims.h"

#include <inttypes.h>
#include <stdio.h>

static bool
list_strings(const struct bp_json *array, struct bp_buf *ret)
{
	const struct bp_json *each = bp_json_first(array);
	struct bp_text t;

	for (; each != NULL; each = bp_json_next(each))
		if (!bp_json_string(each, &t) || !bp_list_add(ret, t))
			return false;
	return true;
}

/* What of it can be said exactly: its whole part, a fraction dropped. */
static bool
list_number(const struct bp_json *value, struct bp_buf *ret)
{
	static const double end = 1e15;		/* BP_CLAIM_DIGITS_MAX */
	char digits[24];
	double d;

	if (!bp_json_number(value, &d) || d < 0 || d >= end)
		return true;
	(void)snprintf(digits, sizeof(digits), "%" PRId64, (int64_t)d);
	return bp_list_add(ret, bp_text_of(digits));
}

/* The values of a row, as claim.h has them for each kind. */
static bool
list_values(const struct bp_json *value, enum bp_claim_kind kind,
    struct bp_buf *ret)
{
	struct bp_text t;

	ret->len = 0;
	if (!bp_list_start(ret))
		return false;
	if (kind == BP_CLAIM_STRINGS)
		return list_strings(value, ret);
	if (kind == BP_CLAIM_NUMBER)
		return list_number(value, ret);
	return kind != BP_CLAIM_STRING ||
	    (bp_json_string(value, &t) && bp_list_add(ret, t));
}

static bool
add_row(struct bp_text name, enum bp_document document,
    const struct bp_json *object, struct bp_buf *values, struct bp_buf *ret)
{
	const struct bp_json *value = bp_json_member_text(object, name);
	struct bp_claim c = { name, document, bp_json_kind(value), { 0 } };

	if (!list_values(value, c.kind, values))
		return false;
	c.values = bp_buf_text(values);
	return bp_claim_add(ret, &c);
}

bool
bp_claims_collect(struct bp_text wanted, const struct bp_json *id_token,
    const struct bp_json *userinfo, struct bp_buf *ret, struct bp_why *reterr)
{
	BP_AUTO(bp_buf_done) struct bp_buf values =
	    BP_BUF_INIT(BP_CLAIM_TABLE_MAX);
	const struct {
		enum bp_document document;
		const struct bp_json *object;
		const char *name;
	} documents[] = {
		{ BP_DOC_ID_TOKEN, id_token, "id_token" },
		{ BP_DOC_USERINFO, userinfo, "UserInfo" },
	};
	struct bp_list list = bp_list_of(wanted);
	struct bp_text name;

	while (bp_list_next(&list, &name))
		for (size_t i = 0; i < 2; i++)
			if (!add_row(name, documents[i].document,
			    documents[i].object, &values, ret))
				return bp_why(reterr, BP_WIRE_CLAIMS_LONG,
				    "%s: more in \"%.*s\" than may be sent, "
				    "or no memory", documents[i].name,
				    BP_SHOWN(name));
	return true;
}
