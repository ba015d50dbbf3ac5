/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/ini.h"
#include "wire/ascii.h"

#include <string.h>

static enum bp_ini_step
bad(struct bp_ini *ini, const char *what)
{
	ini->what = what;
	return BP_INI_BAD;
}

/* Printable, and tabs, of which the reader of the line thinks further. */
static bool
is_clean(struct bp_text line)
{
	bool prints;

	while ((line = bp_text_after_ascii(line)).len > 0) {
		size_t n = bp_text_character(line, &prints);

		if (n == 0 || (!prints && line.at[0] != '\t'))
			return false;
		line = bp_text_after(line, n);
	}
	return true;
}

/* What editors leave behind has names of its own. */
static const char *
unclean(struct bp_text line)
{
	if (bp_text_starts(line, "\xef\xbb\xbf"))
		return "begins with a byte-order mark: save the file as UTF-8 "
		    "without one";
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		return "ends in CR LF, as on Windows: save the file with LF "
		    "alone";
	return "has a control character in it, or is not UTF-8";
}

/* Other readers join these: no line may mean two things. */
static const char *
joined(struct bp_text line)
{
	struct bp_text inner = bp_text_trim(line);

	if (inner.len > 0 && inner.at != line.at)
		return "begins with a blank: take it away, for a line may not "
		    "continue another";
	if (inner.len > 0 && inner.at[inner.len - 1] == '\\')
		return "ends in a backslash: a line may not continue in "
		    "another";
	return NULL;
}

/* What is wrong with LINE, whatever it is going to mean; NULL: nothing. */
static const char *
fault_of(struct bp_text line)
{
	if (line.len > BP_INI_LINE_MAX)
		return "longer than " BP_SPELT(BP_INI_LINE_MAX) " bytes";
	return !is_clean(line) ? unclean(line) : joined(line);
}

enum bp_ini_step
bp_ini_line(struct bp_ini *ini, const char *marks, struct bp_text *ret)
{
	struct bp_text line;
	const char *fault;

	while (ini->rest.len > 0) {
		(void)bp_text_cut(ini->rest, '\n', &line, &ini->rest);
		ini->line++;
		if ((fault = fault_of(line)) != NULL)
			return bad(ini, fault);
		line = bp_text_trim(line);
		if (line.len > 0 &&
		    memchr(marks, line.at[0], strlen(marks)) == NULL) {
			*ret = line;
			return BP_INI_ITEM;
		}
	}
	return BP_INI_END;
}

static bool
is_key(struct bp_text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (!bp_ascii_is_small(t.at[i]) && t.at[i] != '_')
			return false;
	return t.len > 0;
}

static enum bp_ini_step
read_header(struct bp_ini *ini, struct bp_text line)
{
	struct bp_text name = bp_text_after(line, 1), after;

	if (!bp_text_cut(name, ']', &name, &after) || after.len > 0 ||
	    bp_text_trim(name).len == 0)
		return bad(ini, "expected [section] and nothing else");
	name = bp_text_trim(name);
	if (!bp_text_is_printable(name))
		return bad(ini, "control character: a tab in the name");
	ini->section = name;
	return BP_INI_ITEM;
}

static enum bp_ini_step
read_pair(struct bp_ini *ini, struct bp_text line)
{
	struct bp_text key, value;

	if (!bp_text_cut(line, '=', &key, &value) || !is_key(bp_text_trim(key)))
		return bad(ini, "expected key = value, [section] or # comment");
	ini->key = bp_text_trim(key);
	ini->value = bp_text_trim(value);
	if (!bp_text_is_printable(ini->value))
		return bad(ini, "control character: a tab in the value");
	return ini->section.len > 0 ? BP_INI_ITEM
	    : bad(ini, "stands before the first [section]");
}

enum bp_ini_step
bp_ini_next(struct bp_ini *ini)
{
	struct bp_text line;
	enum bp_ini_step step;

	ini->key = ini->value = (struct bp_text){ 0 };
	step = bp_ini_line(ini, "#;", &line);
	if (step != BP_INI_ITEM)
		return step;
	return line.at[0] == '[' ? read_header(ini, line)
	    : read_pair(ini, line);
}
