/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pin.h - subject pins: the persons who first had an account, by issuer and
 * sub, which nobody else is ever given.
 *
 * Runs in: module and beproductctl, as root.  Trusts: the folder's owner; of
 * who signed in, that the provider said so.
 *
 * Who wants what is not his: somebody who is given an e-mail address that was
 * another's, or writes it into his profile; two people at once, each of whom
 * would be the first; and the caller of sudo, who can kill and stop it at any
 * moment, and give it odd limits.  So
 *
 *   - an account that has pins must admit none but the pinned persons, by
 *     issuer and sub together, and none of them whose user of the public API
 *     is another than it was; but whom a rule of the map names by her sub is
 *     root's explicit word, and is admitted besides (attempt/judge.h,
 *     test_judge_pin; tests/module/test_pin.py)
 *   - of two who are first at once exactly one must be pinned, and the other
 *     be refused (`of_two_who_are_first_at_once_one_is`, in test_pin)
 *   - nothing but a sign-in that is admitted must pin: no ticket, no account
 *     phase, no question of beproductctl's (tests/module/test_pin.py,
 *     tests/ctl/test_pins.py); of who is pinned an API id may be learnt that
 *     was not known (`an_api_id_is_learnt_once_and_of_who_is_pinned`)
 *   - a file that is cut, longer, another account's or owner's, a link, or not
 *     as it is written here must refuse, and be named: it may be about somebody
 *     else; and so must a folder that is not root's alone, and what cannot be
 *     opened for want of descriptors.  Only what is not there is no pin
 *     (`refused`, `without_descriptors_nobody_is_admitted`, in test_pin)
 *   - it must be whole or none, also where its writer is killed, or the disk
 *     full (`a_kill_leaves_the_old_or_the_new`,
 *     `a_full_disk_changes_nothing`); it is on the disk before it has its
 *     name, so that it is so where the host is switched off
 *   - what cannot be written must lock nobody out: she is admitted, and not
 *     pinned, and the log says so (tests/module/test_pin.py)
 *   - two writers must not undo each other's work: what an administrator takes
 *     away does not come back with somebody's new e-mail address
 *     (`who_holds_it_is_alone`, `two_writers_undo_nothing_of_each_other`)
 *   - an e-mail address must be pinned only as a rule would take it: one that
 *     is not verified is anybody's (`an address`, in test_judge_pin)
 *   - neither name nor content may lead out of the folder: an account's file
 *     is named after a digest of it (`no_name_leads_out_of_the_folder`)
 *   - it must cost one small file, or where there is none the opening of a
 *     folder, whatever the number of accounts
 *     (`one_account_of_a_thousand_is_read_alone`)
 *
 * What it does not stop: root; the first sign-in of the wrong person, where
 * nobody was pinned beforehand (`beproductctl pins add`); and an account that
 * is made again under an old name has that one's pins (`beproductctl check`
 * names pins of accounts that there are none of).  Whoever stops his sudo while
 * it writes keeps beproductctl from changing the pins of his account until it
 * goes on, and beproductctl says so.
 *
 * A file has a line a person, whose columns are divided by tabs, and ends with
 * a line of its own:
 *
 *	since account issuer sub email api_id by
 *	end
 *
 * SINCE is in seconds since 1970, EMAIL and API_ID may be empty, BY is
 * `sign-in` or `administrator`.  Lines keep the rules of ini.h; those that
 * begin with # are comments.
 */
#ifndef BP_CORE_PIN_H
#define BP_CORE_PIN_H

#include "core/digest.h"
#include "core/ini.h"
#include "core/name.h"
#include "core/reason.h"

#define BP_PINS_MAX	16		/* persons of an account */
enum { BP_PINS_FILE_MAX = 64 * 1024, BP_PINS_FAULT_MAX = 1024 };

/* All is borrowed. */
struct bp_pin {
	struct bp_text	 account, issuer, sub;
	struct bp_text	 email, api_id;	/* perhaps empty */
	uint32_t	 since;		/* seconds since 1970 */
	bool		 by_administrator;
};

/* Those of an account; init with BP_PINS_INIT, end with bp_pins_done(). */
struct bp_pins {
	size_t		 n;
	struct bp_pin	 pin[BP_PINS_MAX];	/* borrow from BYTES */
	struct bp_buf	 bytes;
	struct bp_buf	 fault;		/* FILE:LINE: what, of what is refused */
};
#define BP_PINS_INIT	{ .bytes = BP_BUF_INIT(BP_PINS_FILE_MAX), \
	.fault = BP_BUF_INIT(BP_PINS_FAULT_MAX) }
void	bp_pins_done(struct bp_pins *p);

/* Where: a folder, whose files are OWNER's (0, but for tests). */
struct bp_pin_place {
	const char	*parent;	/* made where it is missing */
	const char	*folder;	/* the same, in it */
	uid_t		 owner;
};
#define BP_PIN_HERE	{ BP_PATH_STATE, BP_PATH_STATE "/pins", 0 }

/* What a line of such a file is. */
enum bp_pin_step { BP_PIN_BAD = 0, BP_PIN_PERSON, BP_PIN_LAST, BP_PIN_END };

/* The next line of INI.  BAD: INI->what is wrong with INI->line. */
BP_MUST_USE enum bp_pin_step bp_pin_next(struct bp_ini *ini,
    struct bp_pin *ret);

/* Append P as a line; false: no room, or it could not be read again. */
BP_MUST_USE bool bp_pin_put_line(struct bp_buf *b, const struct bp_pin *p);

/* The names of the columns, as a comment. */
extern const char bp_pin_columns[];

/*
 * The pins of ACCOUNT into RET; none is true, too, and RET->n is 0.  On false
 * RET->fault names the file.
 *
 * BP_FILE_UNTRUSTED, BP_FILE_MISSING  as bp_file_read(); not: that it is not
 *                                     there
 * BP_FILE_UNREAD                      the same, or it is not as it must be
 * BP_MEMORY
 */
BP_MUST_USE bool bp_pins_load(const struct bp_pin_place *place,
    struct bp_text account, struct bp_pins *ret, enum bp_reason *reterr);

/*
 * What pins say of a person.  0 admits nobody.
 */
enum bp_pin_verdict {
	BP_PIN_OTHERS = 0,	/* the account is others' */
	BP_PIN_NONE,		/* nobody is pinned */
	BP_PIN_HERS,
	BP_PIN_OTHER_USER	/* hers, but the API's user is another */
};
enum bp_pin_verdict bp_pins_judge(const struct bp_pins *pins,
    const struct bp_pin *person);

/* Is she admitted, whom a rule of the map names by her sub if IS_NAMED? */
bool	bp_pin_admits(enum bp_pin_verdict v, bool is_named);

/*
 * PERSON signed in as her account, and was admitted: she is pinned if she is
 * the first, or if MAY_JOIN, while there is room, and her pin has what is known
 * of her now.  True also where that could not be written: then RETUNKEPT says
 * why, and errno; else it is BP_UNDECIDED.
 *
 * BP_PINNED  somebody else was first
 * else       as bp_pins_load(), with its RET
 */
BP_MUST_USE bool bp_pin_keep(const struct bp_pin_place *place,
    const struct bp_pin *person, bool may_join, struct bp_pins *ret,
    enum bp_reason *retunkept, enum bp_reason *reterr);

/*
 * Whose ACCOUNT is, of ISSUER's people: RET borrows from PINS.
 *
 * BP_NOBODY_KNOWN   nobody's
 * BP_SEVERAL_KNOWN
 * else              as bp_pins_load()
 */
BP_MUST_USE bool bp_pin_whose(const struct bp_pin_place *place,
    struct bp_text account, struct bp_text issuer, struct bp_pins *pins,
    struct bp_pin *ret, enum bp_reason *reterr);

/*
 * The changes; each is whole, or did not happen.  PERSON's account, issuer and
 * sub say whose pin it is; RET is as bp_pins_load() has it.
 *
 * BP_FILE_UNWRITTEN  errno says why: EAGAIN, that somebody else changes it
 * BP_MEMORY          it would be more than BP_PINS_MAX, or is not lawful
 * BP_RANDOM, or as bp_pins_load() and bp_file_folder()
 */

/* PERSON is pinned, if she was not. */
BP_MUST_USE bool bp_pin_add(const struct bp_pin_place *place,
    const struct bp_pin *person, struct bp_pins *ret, bool *retadded,
    enum bp_reason *reterr);

/*
 * The same where the account is nobody's but of the N persons in BESIDE, each
 * of whom is another.
 *
 * BP_PINNED  it is somebody else's, whom RET has
 */
BP_MUST_USE bool bp_pin_add_beside(const struct bp_pin_place *place,
    const struct bp_pin *person, const struct bp_pin *const beside[],
    size_t n, struct bp_pins *ret, bool *retadded, enum bp_reason *reterr);

/* SUB is pinned to ACCOUNT no more, of whichever issuer; empty: nobody is. */
BP_MUST_USE bool bp_pin_drop(const struct bp_pin_place *place,
    struct bp_text account, struct bp_text sub, struct bp_pins *ret,
    size_t *retdropped, enum bp_reason *reterr);

/* PERSON's API id becomes known, if she is pinned and none was. */
BP_MUST_USE bool bp_pin_learn_api_id(const struct bp_pin_place *place,
    const struct bp_pin *person, enum bp_reason *reterr);

/* The pins in the file NAME of the folder DIR, whosever; as bp_pins_load(). */
BP_MUST_USE bool bp_pins_read(const struct bp_pin_place *place, int dir,
    const char *name, struct bp_pins *ret, enum bp_reason *reterr);

#endif
