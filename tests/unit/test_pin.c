/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/support.h"
#include "core/file.h"
#include "core/pin.h"
#include "wire/limits.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>

#define ISSUER	"https://id.example/ids"
#define HEAD	"# since\taccount\tissuer\tsub\temail\tapi_id\tby\n"
#define A1	"7\talice\t" ISSUER "\ta1\ta@example.com\t\tsign-in\n"

static char state_folder[48], pin_folder[64];
static char name[BP_DIGEST_HEX + 1];	/* of alice's file */

static struct bp_pin_place
place(void)
{
	return (struct bp_pin_place){ state_folder, pin_folder, geteuid() };
}

static void
shell(const char *command)
{
	char line[1024];

	(void)snprintf(line, sizeof(line), "cd %s && A=lib/pins/%s && %s",
	    folder, name, command);
	assert_int_equal(system(line), 0);
}

static int
clear(void **state)
{
	(void)state;
	(void)snprintf(state_folder, sizeof(state_folder), "%s/lib", folder);
	(void)snprintf(pin_folder, sizeof(pin_folder), "%s/lib/pins", folder);
	bp_digest_hex(bp_text_of("alice"), name);
	shell("rm -rf lib aside out");
	return 0;
}

static struct bp_pin
person(const char *sub)
{
	return (struct bp_pin){ .account = bp_text_of("alice"),
	    .issuer = bp_text_of(ISSUER), .sub = bp_text_of(sub),
	    .email = bp_text_of("a@example.com"), .since = 7 };
}

/* As who signed in; the reason, or BP_ADMITTED where it is kept. */
static enum bp_reason
keep_person(struct bp_pin p, bool may_join, enum bp_reason *retunkept)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	enum bp_reason why = 77;

	return bp_pin_keep(&at, &p, may_join, &pins, retunkept, &why)
	    ? BP_ADMITTED : why;
}

static void
keep(const char *sub)
{
	enum bp_reason unkept = 77;

	assert_int_equal(keep_person(person(sub), true, &unkept),
	    BP_ADMITTED);
	assert_int_equal(unkept, BP_UNDECIDED);
}

/* Whose alice's account is, with a blank behind each; or that it is refused. */
static const char *
whose(void)
{
	static char said[512];
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	enum bp_reason why = 77;

	said[0] = '\0';
	if (!bp_pins_load(&at, bp_text_of("alice"), &pins, &why))
		return bp_reason_row(why)->name;
	for (size_t i = 0; i < pins.n; i++) {
		(void)strncat(said, pins.pin[i].sub.at, pins.pin[i].sub.len);
		(void)strcat(said, " ");
	}
	return said;
}

static void
put_file(const char *text)
{
	put("text", 0600, text, strlen(text));
	shell("mkdir -p -m 700 lib lib/pins && mv text $A");
}

TEST_WITH(who_is_first_is_pinned_and_her_file_can_be_read, clear)
{
	(void)state;
	assert_string_equal(whose(), "");
	keep("a1");
	assert_string_equal(whose(), "a1 ");
	shell("printf '# since\\taccount\\tissuer\\tsub\\temail\\tapi_id\\tby\\n"
	    "7\\talice\\t" ISSUER "\\ta1\\ta@example.com\\t\\tsign-in\\nend\\n' "
	    "| cmp - $A");
	shell("test \"$(stat -c %a lib lib/pins $A)\" = \"$(printf '700\\n700\\n"
	    "600')\" && test $(ls -A lib/pins | wc -l) = 1");
}

TEST_WITH(where_nobody_was_ever_pinned_nothing_is_made, clear)
{
	(void)state;
	assert_string_equal(whose(), "");
	shell("test ! -e lib && mkdir -m 700 lib");
	assert_string_equal(whose(), "");
	shell("test ! -e lib/pins && mkdir -m 700 lib/pins");
	assert_string_equal(whose(), "");
}

static const struct verdict {
	const char *name, *issuer, *sub, *api_id;
	enum bp_pin_verdict verdict;
	bool may_join;
	enum bp_reason why;
} verdicts[] = {
	{ "she herself", ISSUER, "a1", "u1", BP_PIN_HERS, false,
	    BP_ADMITTED },
	{ "she herself, of whom the API was not asked", ISSUER, "a1", "",
	    BP_PIN_HERS, false, BP_ADMITTED },
	{ "somebody else", ISSUER, "a2", "u1", BP_PIN_OTHERS, false,
	    BP_PINNED },
	{ "somebody else, whom a rule names", ISSUER, "a2", "u1",
	    BP_PIN_OTHERS, true, BP_ADMITTED },
	{ "somebody whose sub begins so", ISSUER, "a12", "", BP_PIN_OTHERS,
	    false, BP_PINNED },
	{ "somebody whose sub is hers in capitals", ISSUER, "A1", "",
	    BP_PIN_OTHERS, false, BP_PINNED },
	{ "somebody of her sub at another issuer", "https://id.example/",
	    "a1", "", BP_PIN_OTHERS, false, BP_PINNED },
	{ "she herself, who is another user of the API", ISSUER, "a1", "u2",
	    BP_PIN_OTHER_USER, false, BP_PINNED },
	{ "she herself, who is another user, whom a rule names", ISSUER,
	    "a1", "u2", BP_PIN_OTHER_USER, true, BP_PINNED },
};

ROWS(verdicts, is_judged_by_issuer_sub_and_user)
{
	const struct verdict *row = *state;
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	struct bp_pin first = person("a1"), p = person(row->sub);
	enum bp_reason why = 77, unkept;

	(void)clear(state);
	first.api_id = bp_text_of("u1");
	p.issuer = bp_text_of(row->issuer);
	p.api_id = bp_text_of(row->api_id);
	assert_int_equal(bp_pins_judge(&pins, &p), BP_PIN_NONE);
	assert_int_equal(keep_person(first, false, &unkept), BP_ADMITTED);
	assert_true(bp_pins_load(&at, first.account, &pins, &why));
	assert_int_equal(bp_pins_judge(&pins, &p), row->verdict);
	assert_int_equal(bp_pin_admits(row->verdict, row->may_join),
	    row->why == BP_ADMITTED);
	shell("cp $A out");
	assert_int_equal(keep_person(p, row->may_join, &unkept), row->why);
	if (row->why != BP_ADMITTED)
		shell("cmp $A out");
	else
		assert_string_equal(whose(), strcmp(row->sub, "a1") == 0
		    ? "a1 " : "a1 a2 ");
}

/* What is done to good pins of alice's; then nobody is admitted by them. */
static const struct spoilt {
	const char *name, *command, *says;
	const char *what;		/* behind the file's name */
	bool is_roots;			/* needs another owner */
} spoilt[] = {
	{ "refused: a file with a byte more", "printf x >>$A", "FILE_UNREAD",
	    "", false },
	{ "refused: a file with a line more", "printf '# x\\n' >>$A",
	    "FILE_UNREAD", ":3: is not whole", false },
	{ "refused: a file of nothing", ": >$A", "FILE_UNREAD",
	    ": is not whole", false },
	{ "refused: a file that names nobody", "echo end >$A", "FILE_UNREAD",
	    ":1: is not whole, or names nobody", false },
	{ "refused: a file without its last line", "sed -i '$d' $A",
	    "FILE_UNREAD", ":2: is not whole", false },
	{ "refused: a file with a control character", "sed -i s/a1/a\\\\x1/ $A",
	    "FILE_UNREAD", ":2: has a control character", false },
	{ "refused: a file with a column less", "sed -i s/sign-in// $A",
	    "FILE_UNREAD", ":2: expected seven columns", false },
	{ "refused: a file with a column more", "sed -i 's/a1/a1\\t/' $A",
	    "FILE_UNREAD", ":2: expected seven columns", false },
	{ "refused: a file with a word of its own", "sed -i s/sign-in/me/ $A",
	    "FILE_UNREAD", ":2: the last column is", false },
	{ "refused: a file with a time that is none", "sed -i s/^7/x/ $A",
	    "FILE_UNREAD", ":2: the time is no number", false },
	{ "refused: a file without a sub", "sed -i 's/\\ta1\\t/\\t\\t/' $A",
	    "FILE_UNREAD", ":2: the sub is empty", false },
	{ "refused: a file without an issuer", "sed -i 's/https:[a-z./]*//' $A",
	    "FILE_UNREAD", ":2: the issuer is empty", false },
	{ "refused: a file with an e-mail address that is none",
	    "sed -i s/@/-/ $A", "FILE_UNREAD", ":2: the e-mail address",
	    false },
	{ "refused: a file with an issuer that is too long",
	    "sed -i \"s/https:/$(printf %506s | tr ' ' i)/\" $A",
	    "FILE_UNREAD", ":2: the issuer is empty, or too long", false },
	{ "refused: a file with a sub that is too long",
	    "sed -i \"s/a1/$(printf %256s | tr ' ' a)/\" $A", "FILE_UNREAD",
	    ":2: the sub is empty, or too long", false },
	{ "refused: a file with an API id that is too long",
	    "sed -i \"s/sign-in/$(printf %129s | tr ' ' u)\tsign-in/;"
	    "s/\t\t/\t/\" $A", "FILE_UNREAD", ":2: the API id is too long",
	    false },
	{ "refused: a file of another account's", "sed -i s/alice/bob/ $A",
	    "FILE_UNREAD", ":2: is of another account", false },
	{ "refused: a file of no account's", "sed -i s/alice/-x/ $A",
	    "FILE_UNREAD", ":2: the account is no name", false },
	{ "refused: a file with a second line of the same person",
	    "sed -i 2p $A", "FILE_UNREAD", ":3: is the second line", false },
	{ "refused: a file of seventeen persons", "(for i in $(seq 16); do "
	    "sed -n s/a1/b$i/p $A; done; cat $A) >out && cat out >$A",
	    "FILE_UNREAD", ":18: is one more than 16", false },
	{ "refused: a file over its ceiling", "head -c 65537 /dev/zero | "
	    "tr '\\0' '#' >$A", "FILE_UNREAD", ": is longer than 65536",
	    false },
	{ "refused: a file that others may write", "chmod 0666 $A",
	    "FILE_UNTRUSTED", ": has mode 0666", false },
	{ "refused: a file of another owner", "chown 1000 $A",
	    "FILE_UNTRUSTED", ": is owned by uid 1000", true },
	{ "refused: a link in the file's place, to a good one",
	    "mv $A aside && ln -s ../../aside $A", "FILE_UNTRUSTED",
	    ": is a symbolic link", false },
	{ "refused: a folder in the file's place", "rm $A && mkdir $A",
	    "FILE_UNTRUSTED", ": is no plain file", false },
	{ "refused: a FIFO in the file's place", "rm $A && mkfifo $A",
	    "FILE_UNTRUSTED", ": is no plain file", false },
	{ "refused: a link in the folder's place, to a good one",
	    "mv lib/pins aside && ln -s ../aside lib/pins",
	    "FILE_UNTRUSTED", NULL, false },
	{ "refused: a dangling link in the folder's place",
	    "rm -r lib/pins && ln -s ../aside lib/pins", "FILE_UNTRUSTED",
	    NULL, false },
	{ "refused: a file in the folder's place",
	    "rm -r lib/pins && : >lib/pins", "FILE_UNTRUSTED", NULL, false },
	{ "refused: a folder of another owner", "chown 1000 lib/pins",
	    "FILE_UNTRUSTED", NULL, true },
	{ "refused: a folder that others may write", "chmod 0777 lib/pins",
	    "FILE_UNTRUSTED", NULL, false },
	{ "refused: a folder whose parent others may write",
	    "chmod 0777 lib", "FILE_UNTRUSTED", NULL, false },
	{ "refused: no folder, but a parent that others may write",
	    "rm -r lib/pins && chmod 0777 lib", "FILE_UNTRUSTED", NULL,
	    false },
};

/* FILE or the folder, and then WHAT. */
static void
assert_fault(const struct bp_pins *pins, const char *what)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(1024);

	assert_true(bp_buf_say(&b, pin_folder));
	if (what != NULL)
		assert_true(bp_buf_say(&b, "/") && bp_buf_say(&b, name) &&
		    bp_buf_say(&b, what));
	assert_true(bp_buf_add(&b, "", 1));
	assert_true(bp_text_starts(bp_buf_text(&pins->fault),
	    (const char *)b.data));
}

ROWS(spoilt, and_named_and_left_as_it_is)
{
	const struct spoilt *row = *state;
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	struct bp_pin a1 = person("a1");
	enum bp_reason why = 77, unkept;
	size_t dropped;
	bool added;

	if (row->is_roots && geteuid() != 0)
		return;
	(void)clear(state);
	keep("a1");
	shell(row->command);
	shell("ls -lRn lib >out");
	assert_false(bp_pins_load(&at, a1.account, &pins, &why));
	assert_string_equal(bp_reason_row(why)->name, row->says);
	assert_int_equal(bp_reason_row(why)->class, BP_CLASS_BROKEN);
	assert_int_equal(pins.n, 0);
	if (geteuid() == 0)
		assert_fault(&pins, row->what);
	assert_int_equal(keep_person(a1, true, &unkept), why);
	assert_false(bp_pin_add(&at, &a1, &pins, &added, &why));
	assert_false(bp_pin_drop(&at, a1.account, a1.sub, &pins, &dropped,
	    &why));
	shell("ls -lRn lib | cmp - out");
}

TEST_WITH(a_file_that_is_cut_anywhere_is_refused, clear)
{
	char command[96];
	const long size = sizeof(HEAD A1 "end\n") - 1;

	(void)state;
	keep("a1");
	/* but for its last end of a line, which says nothing */
	for (long i = size - 2; i >= 0; i--) {
		(void)snprintf(command, sizeof(command),
		    "truncate -s %ld $A", i);
		shell(command);
		assert_string_equal(whose(), "FILE_UNREAD");
	}
}

/* What cannot be opened is not what is not there. */
TEST_WITH(without_descriptors_nobody_is_admitted, clear)
{
	struct rlimit before, few;
	char said[32];

	(void)state;
	keep("a1");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	for (rlim_t n = 0; n < 2; n++) {
		int next = dup(STDERR_FILENO);

		assert_true(next >= 0);
		assert_int_equal(close(next), 0);
		few = (struct rlimit){ (rlim_t)next + n, before.rlim_max };
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		(void)snprintf(said, sizeof(said), "%s", whose());
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
		assert_string_equal(said, "FILE_MISSING");
	}
	assert_string_equal(whose(), "a1 ");
}

TEST_WITH(what_cannot_be_opened_admits_nobody, clear)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	keep("a1");
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s/socket",
	    folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	shell("mv socket $A");
	assert_string_equal(whose(), "FILE_MISSING");
	assert_int_equal(close(fd), 0);
}

/* RLIMIT_FSIZE ends a write as a full disk does. */
static enum bp_reason
keep_on_full_disk(struct bp_pin p, enum bp_reason *retunkept)
{
	struct rlimit before, none;
	enum bp_reason why;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ 10, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	why = keep_person(p, false, retunkept);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	return why;
}

TEST_WITH(a_full_disk_changes_nothing, clear)
{
	struct bp_pin p = person("a1");
	enum bp_reason unkept = 77;

	(void)state;
	assert_int_equal(keep_on_full_disk(p, &unkept), BP_ADMITTED);
	assert_int_equal(unkept, BP_FILE_UNWRITTEN);
	shell("test -z \"$(ls -A lib/pins)\"");
	keep("a1");
	shell("cp $A out");
	p.email = bp_text_of("new@example.com");
	assert_int_equal(keep_on_full_disk(p, &unkept), BP_ADMITTED);
	assert_int_equal(unkept, BP_FILE_UNWRITTEN);
	shell("cmp $A out && test $(ls -A lib/pins | wc -l) = 1");
	assert_int_equal(keep_on_full_disk(person("a2"), &unkept), BP_PINNED);
}

TEST_WITH(where_there_is_no_place_for_it_she_is_admitted, clear)
{
	struct bp_pin_place at = place();
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin p = person("a1");
	enum bp_reason why = 77, unkept = 77;

	(void)state;
	at.parent = "/nowhere/lib";
	at.folder = "/nowhere/lib/pins";
	assert_true(bp_pin_keep(&at, &p, false, &pins, &unkept, &why));
	assert_int_equal(unkept, BP_FILE_MISSING);
}

/* Her e-mail address as it is now, and the API's id once it is known. */
TEST_WITH(what_is_known_of_her_is_brought_up_to_date, clear)
{
	struct bp_pin p = person("a1");
	enum bp_reason unkept;

	(void)state;
	keep("a1");
	p.since = 9;
	p.email = bp_text_of("new@example.com");
	p.api_id = bp_text_of("u1");
	assert_int_equal(keep_person(p, false, &unkept), BP_ADMITTED);
	shell("grep -q '^7.*new@example.com.u1.sign-in$' $A");
	p.email = p.api_id = bp_text_of("");
	assert_int_equal(keep_person(p, false, &unkept), BP_ADMITTED);
	shell("grep -q '^7.*a1..u1.sign-in$' $A");
	shell("stat -c %i $A >out");
	assert_int_equal(keep_person(p, false, &unkept), BP_ADMITTED);
	shell("stat -c %i $A | cmp - out");
}

TEST_WITH(an_api_id_is_learnt_once_and_of_who_is_pinned, clear)
{
	struct bp_pin_place at = place();
	struct bp_pin p = person("a1"), other = person("a2");
	enum bp_reason why = 77;

	(void)state;
	p.api_id = bp_text_of("u1");
	p.email = other.api_id = bp_text_of("u2");
	assert_true(bp_pin_learn_api_id(&at, &p, &why));
	shell("test ! -e $A");
	keep("a1");
	assert_true(bp_pin_learn_api_id(&at, &other, &why));
	assert_true(bp_pin_learn_api_id(&at, &p, &why));
	shell("grep -q '^7.*a1.a@example.com.u1.sign-in$' $A");
	p.api_id = bp_text_of("u3");
	assert_true(bp_pin_learn_api_id(&at, &p, &why));
	shell("grep -q '^7.*a1.a@example.com.u1.sign-in$' $A");
	assert_string_equal(whose(), "a1 ");
}

TEST_WITH(who_holds_it_is_alone, clear)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	BP_AUTO(bp_file_close) int dir = open(folder, O_RDONLY | O_DIRECTORY);
	BP_AUTO(bp_file_close) int held = -1;
	struct bp_pin_place at = place();
	struct bp_pin p = person("a1");
	enum bp_reason why = 77, unkept = 77;
	char path[128];
	size_t dropped;
	bool added;

	(void)state;
	keep("a1");
	(void)snprintf(path, sizeof(path), "lib/pins/%s", name);
	assert_true(bp_file_hold(dir, path, &held));
	p.email = bp_text_of("new@example.com");
	assert_int_equal(keep_person(p, false, &unkept), BP_ADMITTED);
	assert_int_equal(unkept, BP_FILE_UNWRITTEN);
	assert_int_equal(errno, EAGAIN);
	assert_false(bp_pin_drop(&at, p.account, p.sub, &pins, &dropped,
	    &why));
	assert_int_equal(why, BP_FILE_UNWRITTEN);
	assert_int_equal(errno, EAGAIN);
	p = person("a2");
	assert_false(bp_pin_add(&at, &p, &pins, &added, &why));
	bp_file_close(&held);
	assert_string_equal(whose(), "a1 ");
	assert_true(bp_pin_add(&at, &p, &pins, &added, &why));
	assert_string_equal(whose(), "a1 a2 ");
}

TEST_WITH(who_is_dropped_is_pinned_no_more, clear)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	struct bp_text alice = bp_text_of("alice");
	enum bp_reason why = 77, unkept;
	size_t n = 77;

	(void)state;
	assert_true(bp_pin_drop(&at, alice, bp_text_of("a1"), &pins, &n,
	    &why));
	assert_int_equal(n, 0);
	keep("a1");
	keep("a2");
	keep("a3");
	assert_true(bp_pin_drop(&at, alice, bp_text_of("a9"), &pins, &n,
	    &why));
	assert_int_equal(n, 0);
	assert_true(bp_pin_drop(&at, alice, bp_text_of("a2"), &pins, &n,
	    &why));
	assert_int_equal(n, 1);
	assert_string_equal(whose(), "a1 a3 ");
	assert_int_equal(keep_person(person("a2"), false, &unkept),
	    BP_PINNED);
	assert_true(bp_pin_drop(&at, alice, bp_text_of(""), &pins, &n,
	    &why));
	assert_int_equal(n, 2);
	shell("test -z \"$(ls -A lib/pins)\"");
	assert_int_equal(keep_person(person("a2"), false, &unkept),
	    BP_ADMITTED);
	assert_string_equal(whose(), "a2 ");
}

TEST_WITH(of_sixteen_persons_the_next_is_admitted_and_not_pinned, clear)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	enum bp_reason why = 77, unkept = 77;
	struct bp_pin p = person("next");
	char sub[16];
	bool added;

	(void)state;
	for (int i = 0; i < BP_PINS_MAX; i++) {
		(void)snprintf(sub, sizeof(sub), "a%d", i);
		keep(sub);
	}
	shell("cp $A out");
	assert_int_equal(keep_person(p, true, &unkept), BP_ADMITTED);
	assert_int_equal(unkept, BP_UNDECIDED);
	assert_false(bp_pin_add(&at, &p, &pins, &added, &why));
	assert_int_equal(why, BP_MEMORY);
	assert_fault(&pins, ": has 16 persons");
	shell("cmp $A out");
}

TEST_WITH(the_longest_persons_have_room, clear)
{
	static char issuer[BP_URL_MAX + 1], sub[BP_SUB_MAX + 1],
	    email[BP_MAILBOX_MAX + 1], id[BP_API_ID_MAX + 1],
	    account[BP_ACCOUNT_MAX + 1];
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	enum bp_reason why = 77;
	struct bp_pin p = { .since = UINT32_MAX, .by_administrator = true };
	bool added;

	(void)state;
	p.issuer = bp_text_of(memset(issuer, 'i', BP_URL_MAX));
	p.email = bp_text_of(memset(email, 'e', BP_MAILBOX_MAX));
	email[1] = '@';
	p.api_id = bp_text_of(memset(id, 'u', BP_API_ID_MAX));
	p.account = bp_text_of(memset(account, 'a', BP_ACCOUNT_MAX));
	for (int i = 0; i < BP_PINS_MAX; i++) {
		p.sub = bp_text_of(memset(sub, 'a' + i, BP_SUB_MAX));
		assert_true(bp_pin_add(&at, &p, &pins, &added, &why));
		assert_true(added);
	}
	assert_true(bp_pins_load(&at, p.account, &pins, &why));
	assert_int_equal(pins.n, BP_PINS_MAX);
	assert_true(bp_text_same(pins.pin[15].sub, p.sub));
	assert_true(bp_text_same(pins.pin[15].email, p.email));
	assert_true(pins.pin[15].by_administrator);
}

/* What would be read otherwise than it was written, or not at all. */
static const struct unlawful {
	const char *name, *account, *sub, *email;
} unlawful[] = {
	{ "no line: a sub with a tab", "alice", "a\t1", "" },
	{ "no line: a sub with a line's end", "alice", "a1\nend", "" },
	{ "no line: a sub of another line", "alice", "a1\t\t\tsign-in\n7\tbob",
	    "" },
	{ "no line: no sub", "alice", "", "" },
	{ "no line: an account with a blank", "a b", "a1", "" },
	{ "no line: an account with a slash", "../b", "a1", "" },
	{ "no line: no e-mail address", "alice", "a1", "alice" },
};

ROWS(unlawful, is_written)
{
	const struct unlawful *row = *state;
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_PINS_FILE_MAX);
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	struct bp_pin p = person(row->sub);
	enum bp_reason why = 77, unkept = 77;
	bool added;

	(void)clear(state);
	p.account = bp_text_of(row->account);
	p.email = bp_text_of(row->email);
	assert_false(bp_pin_put_line(&b, &p));
	assert_int_equal(b.len, 0);
	assert_false(bp_pin_add(&at, &p, &pins, &added, &why));
	assert_int_equal(why, BP_MEMORY);
	assert_int_equal(keep_person(p, false, &unkept), BP_ADMITTED);
	assert_int_equal(unkept, BP_MEMORY);
	shell("test -z \"$(ls -A lib/pins)\"");
}

/* An import's: whoever was first meanwhile keeps it for herself. */
TEST_WITH(whose_account_it_became_meanwhile_keeps_it_alone, clear)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	struct bp_pin first = person("a1"), second = person("b2"),
	    third = person("c3");
	const struct bp_pin *const beside[] = { &first };
	enum bp_reason why = 77;
	bool added = false;

	(void)state;
	assert_true(bp_pin_add_beside(&at, &first, NULL, 0, &pins, &added,
	    &why) && added);
	assert_true(bp_pin_add_beside(&at, &second, beside, 1, &pins, &added,
	    &why) && added);
	assert_int_equal(pins.n, 2);
	/* who is there is one more than it knows, and then both */
	for (size_t n = 0; n < 2; n++) {
		why = 77;
		assert_false(bp_pin_add_beside(&at, &third, beside, n, &pins,
		    &added, &why));
		assert_int_equal(why, BP_PINNED);
		assert_false(added);
		assert_int_equal(pins.n, 2);
	}
	assert_true(bp_pins_load(&at, first.account, &pins, &why));
	assert_int_equal(pins.n, 2);
}

TEST_WITH(no_name_leads_out_of_the_folder, clear)
{
	static const char *const odd[] = { "../out", "..", ".", "/etc/x" };
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	enum bp_reason why = 77;
	char command[160], hex[BP_DIGEST_HEX + 1];

	(void)state;
	shell("mkdir -m 700 lib lib/pins && : >lib/out");
	for (size_t i = 0; i < COUNT(odd); i++) {
		bp_digest_hex(bp_text_of(odd[i]), hex);
		assert_int_equal(strspn(hex, "0123456789abcdef"), 64);
		assert_true(bp_pins_load(&at, bp_text_of(odd[i]), &pins,
		    &why));
		(void)snprintf(command, sizeof(command), "ln -s x lib/pins/%s",
		    hex);
		shell(command);
		assert_false(bp_pins_load(&at, bp_text_of(odd[i]), &pins,
		    &why));
	}
}

TEST_WITH(one_account_of_a_thousand_is_read_alone, clear)
{
	(void)state;
	keep("a1");
	shell("cd lib/pins && for i in $(seq 1000); do echo $i; done | "
	    "xargs -n 50 touch && chmod 0666 1 2 3");
	assert_string_equal(whose(), "a1 ");
}

static const struct whose {
	const char *name, *subs[3];
	const char *issuer, *says;
} whose_rows[] = {
	{ "nobody's", { NULL }, ISSUER, "NOBODY_KNOWN" },
	{ "nobody's of another issuer", { "a1" }, "https://b.example/",
	    "NOBODY_KNOWN" },
	{ "one person's", { "a1" }, ISSUER, "a1" },
	{ "one of two people's", { "a1", "a2" }, ISSUER, "SEVERAL_KNOWN" },
};

ROWS(whose_rows, is_told)
{
	const struct whose *row = *state;
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	struct bp_pin got;
	enum bp_reason why = 77;

	(void)clear(state);
	for (int i = 0; row->subs[i] != NULL; i++)
		keep(row->subs[i]);
	if (bp_pin_whose(&at, bp_text_of("alice"), bp_text_of(row->issuer),
	    &pins, &got, &why))
		assert_true(bp_text_is(got.sub, row->says));
	else
		assert_string_equal(bp_reason_row(why)->name, row->says);
	if (row->subs[0] == NULL)
		return;
	shell("echo x >>$A");
	assert_false(bp_pin_whose(&at, bp_text_of("alice"),
	    bp_text_of(row->issuer), &pins, &got, &why));
	assert_int_equal(why, BP_FILE_UNREAD);
}

/* One of who is in the folder, two of one issuer and one of another. */
TEST_WITH(of_another_issuers_people_nobody_is_counted, clear)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	struct bp_pin_place at = place();
	struct bp_pin got;
	enum bp_reason why = 77;

	(void)state;
	put_file(A1 "7\talice\thttps://b.example\ta1\t\t\tadministrator\n"
	    "end\n");
	assert_string_equal(whose(), "a1 a1 ");
	assert_true(bp_pin_whose(&at, bp_text_of("alice"),
	    bp_text_of("https://b.example"), &pins, &got, &why));
	assert_true(got.by_administrator);
	assert_int_equal(got.since, 7);
}

/* Of the rest a folder's reader makes use, by its name alone. */
TEST_WITH(a_file_is_read_whosever_it_is_and_only_under_its_name, clear)
{
	BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
	BP_AUTO(bp_file_close) int dir = -1;
	struct bp_pin_place at = place();
	enum bp_reason why = 77;

	(void)state;
	keep("a1");
	assert_true(bp_file_folder(pin_folder, geteuid(), &dir, &why));
	assert_true(bp_pins_read(&at, dir, name, &pins, &why));
	assert_true(bp_text_is(pins.pin[0].account, "alice"));
	shell("cp $A lib/pins/alice");
	assert_false(bp_pins_read(&at, dir, "alice", &pins, &why));
	assert_true(bp_pins_read(&at, dir, "none", &pins, &why));
	assert_int_equal(pins.n, 0);
}

/* What of a sign-in that begins as GO is closed: 0 admitted, 1 pinned. */
static pid_t
start_sign_in(const char *sub, const int go[2])
{
	enum bp_reason unkept, why;
	pid_t pid = fork();
	char byte;

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	alarm(60);
	(void)close(go[1]);
	if (read(go[0], &byte, 1) != 0)
		_exit(3);
	why = keep_person(person(sub), false, &unkept);
	if (unkept != BP_UNDECIDED)
		_exit(2);
	_exit(why == BP_ADMITTED ? 0 : why == BP_PINNED ? 1 : 3);
}

static int
result_of(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

TEST_WITH(of_two_who_are_first_at_once_one_is, clear)
{
	enum { TIMES = 100 };

	for (int i = 0; i < TIMES; i++) {
		int go[2], one, other;
		pid_t a, b;

		(void)clear(state);
		assert_int_equal(pipe(go), 0);
		a = start_sign_in("a1", go);
		b = start_sign_in("b1", go);
		assert_int_equal(close(go[1]), 0);
		one = result_of(a);
		other = result_of(b);
		assert_int_equal(close(go[0]), 0);
		assert_int_equal(one + other, 1);
		assert_string_equal(whose(), one == 0 ? "a1 " : "b1 ");
	}
}

/* From the persons FIRST to LAST, each however long the other is at it. */
static bool
add_persons(char first, char last)
{
	struct bp_pin_place at = place();
	enum bp_reason why;
	bool added;

	for (char c = first; c <= last; c++) {
		BP_AUTO(bp_pins_done) struct bp_pins pins = BP_PINS_INIT;
		char sub[] = { c, '\0' };
		struct bp_pin p = person(sub);

		while (!bp_pin_add(&at, &p, &pins, &added, &why))
			if (why != BP_FILE_UNWRITTEN ||
			    (errno != EAGAIN && errno != EEXIST))
				return false;
	}
	return true;
}

static pid_t
start_adding(char first, char last)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	alarm(60);
	_exit(add_persons(first, last) ? 0 : 1);
}

TEST_WITH(two_writers_undo_nothing_of_each_other, clear)
{
	enum { TIMES = 30 };

	for (int i = 0; i < TIMES; i++) {
		pid_t one, other;

		(void)clear(state);
		one = start_adding('a', 'h');
		other = start_adding('i', 'p');
		assert_int_equal(result_of(one), 0);
		assert_int_equal(result_of(other), 0);
		assert_int_equal(strlen(whose()), 2 * BP_PINS_MAX);
	}
}

/* Again and again, until it is killed: new, and then with another address. */
static pid_t
start_writing(void)
{
	struct bp_pin p = person("a1");
	enum bp_reason unkept;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	alarm(60);
	do
		p.email = bp_text_of(bp_text_is(p.email, "a@example.com")
		    ? "another@example.com" : "a@example.com");
	while (keep_person(p, false, &unkept) == BP_ADMITTED);
	_exit(1);
}

TEST_WITH(a_kill_leaves_the_old_or_the_new, clear)
{
	enum { TIMES = 60 };

	for (int i = 0; i < TIMES; i++) {
		int status = -1;
		pid_t pid;

		(void)clear(state);
		pid = start_writing();
		(void)usleep((useconds_t)(i * 200));
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		if (strcmp(whose(), "") != 0)
			assert_string_equal(whose(), "a1 ");
		keep("a1");
		assert_string_equal(whose(), "a1 ");
	}
}

RUN(make_folder, remove_folder)
