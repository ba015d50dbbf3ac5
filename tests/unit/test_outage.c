/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/outage.h"
#include "wire/list.h"

#include <fcntl.h>

#define ISSUER	"https://id.example/ids"

enum { NOW = 1700000000 };

static struct bp_cache
cache(const char *issuer)
{
	static char path[64];

	(void)snprintf(path, sizeof(path), "%s/cache", folder);
	return (struct bp_cache){ path, geteuid(), bp_text_of(issuer) };
}

static int
drop_cache(void **state)
{
	char command[64];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s/cache", folder);
	return system(command);
}

static void
store(const char *issuer, enum bp_reason why)
{
	struct bp_cache c = cache(issuer);
	struct bp_outage o = { why, bp_text_of("id.example: no route"), NOW };

	assert_true(bp_outage_store(&c, &o));
}

/* Every reason there is, and whether it says that nobody could ask. */
static bool
is_one_of(enum bp_reason why)
{
	static const enum bp_reason reasons[] = { BP_NO_NAME,
	    BP_NO_CONNECTION, BP_TLS, BP_PROXY, BP_SILENCE, BP_STATUS, BP_BODY,
	    BP_NO_KEYS, BP_HELPER_SILENT };

	for (size_t i = 0; i < COUNT(reasons); i++)
		if (reasons[i] == why)
			return true;
	return false;
}

TEST_WITH(an_outage_is_of_these_reasons_and_no_other, drop_cache)
{
	struct bp_cache c = cache(ISSUER);

	(void)state;
	for (enum bp_reason why = 0; why <= BP_REASONS; why++) {
		BP_AUTO(bp_buf_done) struct bp_buf b =
		    BP_BUF_INIT(BP_OUTAGE_MAX);
		struct bp_outage o;

		assert_int_equal(bp_outage_is(why), is_one_of(why));
		store(ISSUER, why);
		assert_int_equal(bp_outage_load(&c, NOW, &b, &o),
		    is_one_of(why));
	}
}

TEST_WITH(what_is_remembered_is_reason_detail_and_time, drop_cache)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_OUTAGE_MAX);
	struct bp_cache c = cache(ISSUER);
	struct bp_outage o;

	(void)state;
	assert_false(bp_outage_load(&c, NOW, &b, &o));
	store(ISSUER, BP_TLS);
	assert_true(bp_outage_load(&c, NOW + 5000, &b, &o));
	assert_int_equal(o.why, BP_TLS);
	assert_int_equal(o.time, NOW);
	assert_true(bp_text_is(o.detail, "id.example: no route"));
	assert_false(bp_outage_load(&c, NOW - 1, &b, &o));
	bp_outage_forget(&c);
	assert_false(bp_outage_load(&c, NOW, &b, &o));
}

/* They differ in bytes that both become `_`. */
TEST_WITH(an_outage_of_another_issuer_is_none, drop_cache)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_OUTAGE_MAX);
	struct bp_cache other = cache("https://id.example:ids");
	struct bp_outage o;

	(void)state;
	store(ISSUER, BP_TLS);
	assert_false(bp_outage_load(&other, NOW, &b, &o));
}

TEST_WITH(no_part_of_its_file_is_read, drop_cache)
{
	BP_AUTO(bp_buf_done) struct bp_buf whole = BP_BUF_INIT(BP_OUTAGE_MAX);
	struct bp_cache c = cache(ISSUER);
	enum bp_reason why;
	struct bp_outage o;

	(void)state;
	store(ISSUER, BP_SILENCE);
	assert_true(bp_cache_load(&c, "outage", &whole));
	for (size_t len = 0; len < whole.len; len++) {
		BP_AUTO(bp_buf_done) struct bp_buf b =
		    BP_BUF_INIT(BP_OUTAGE_MAX);

		assert_true(bp_cache_store(&c, "outage", (struct bp_text){
		    (const char *)whole.data, len }, &why));
		assert_false(bp_outage_load(&c, NOW, &b, &o));
	}
}

RUN(make_folder, remove_folder)
