/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "support/messages.h"

/* The document, and how many of its rows the tables have. */
static char document[64 * 1024];

static int
read_document(void **state)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	size_t n;
	FILE *f;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/pam_beproduct/wire/PROTOCOL.md",
	    top != NULL ? top : ".");
	f = fopen(path, "r");
	if (f == NULL)
		return -1;
	n = fread(document, 1, sizeof(document) - 1, f);
	return fclose(f) == 0 && n > 0 ? 0 : -1;
}

/* As a person writes it: 512, 8 KiB. */
static const char *
bytes_of(uint32_t n)
{
	static char text[4][32];
	static unsigned next;
	char *s = text[next++ % COUNT(text)];

	if (n % 1024 == 0 && n >= 8192)
		(void)snprintf(s, sizeof(text[0]), "%u KiB", n / 1024);
	else
		(void)snprintf(s, sizeof(text[0]), "%u", n);
	return s;
}

/* Stands LINE there, from a line's beginning, once? */
static void
assert_stands(const char *line)
{
	char pattern[512];
	const char *first;

	(void)snprintf(pattern, sizeof(pattern), "\n%s", line);
	first = strstr(document, pattern);
	if (first == NULL || strstr(first + 1, pattern) != NULL)
		fail_msg("not once in PROTOCOL.md: %s", line);
}

/* How many rows the table has that begins with HEAD. */
static size_t
count_rows(const char *head)
{
	const char *at = strstr(document, head);
	size_t n = 0;

	assert_non_null(at);
	while ((at = strchr(at, '\n')) != NULL && *++at == '|')
		n++;
	assert_true(n > 1);
	return n - 1;	/* without the line below the head */
}

static void
write_most(const struct field *row, char *s, size_t size)
{
	s[0] = '\0';
	if (row->kind == LIST)
		(void)snprintf(s, size, " %s, %u of %u", bytes_of(row->most),
		    row->items, row->each);
	else if (row->kind == NUMBER)
		(void)snprintf(s, size, " %u", row->most);
	else if (row->kind != MARK)
		(void)snprintf(s, size, " %s", bytes_of(row->most));
}

ROWS(fields, stands_in_the_document_as_in_the_table)
{
	static const char *const kinds[] = { "text", "bytes", "number",
	    "mark", "list", "table" };
	const struct field *row = *state;
	char line[512], most[64];
	size_t n;

	write_most(row, most, sizeof(most));
	n = (size_t)snprintf(line, sizeof(line), "| %s | %s |%s |", row->name,
	    kinds[row->kind], most);
	for (unsigned t = 1; t < BP_MSG_TYPES; t++)
		n += (size_t)snprintf(line + n, sizeof(line) - n, "%s |",
		    is_required(row, t) ? " yes"
		    : has_place(row, t) ? " may" : "");
	assert_stands(line);
}

ROWS(types, is_a_message_of_the_document)
{
	const struct type *row = *state;
	char line[512];

	(void)snprintf(line, sizeof(line), "| %s | %s | %s |", row->name,
	    bytes_of(row->most), row->has_reason ? "yes" : "no");
	assert_stands(line);
}

ROWS(sequences, may_come_in_the_document)
{
	const struct sequence *row = *state;
	char line[512];

	(void)snprintf(line, sizeof(line), "| %s | %s | %s | %s |", row->name,
	    row->behind, row->answers, row->ends ? "yes" : "no");
	assert_stands(line);
}

TEST(the_document_has_no_row_that_the_tables_lack)
{
	char head[512] = "| field | kind | at most |";
	size_t n = strlen(head);

	(void)state;
	for (unsigned t = 0; t < COUNT(types); t++)
		n += (size_t)snprintf(head + n, sizeof(head) - n, " %s |",
		    types[t].name);
	assert_int_equal(count_rows(head), BP_FIELDS);
	assert_int_equal(count_rows("| message | at most |"), COUNT(types));
	assert_int_equal(count_rows("| request | behind |"),
	    COUNT(sequences));
}

RUN(read_document, NULL)
