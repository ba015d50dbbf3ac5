/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service_token.h - this host's own token for BeProduct's public API: what an
 * administrator's sign-in left (beproductctl service-sign-in), so that the
 * account phase can ask about somebody who does not sign in.
 *
 * Runs in: module and beproductctl, as root.  Trusts: the folder's owner.
 *
 * Who gains by it: whoever gets at it reads the users of the company, as the
 * administrator who signed in can, until it is revoked.  So
 *
 *   - it must stand in a file of root's alone, in a folder of root's alone
 *     (`the_token_is_roots_alone`, in test_service_token)
 *   - it must go to no other provider and no other API than it came by, as no
 *     other client: all three stand beside it, and are compared
 *     (`a token of`, in test_service_token)
 *   - a refresh token may have one use: it must be spent by one process at a
 *     time, only where there is room for what comes in its place, and that must
 *     be kept before anything else comes of it (attempt/look_up.h)
 *   - a file that is cut, longer, another owner's or a link must be none, and
 *     must say so (`no token`, in test_service_token)
 *
 * It outlives a reboot and an upgrade, as nobody may be there to sign in anew.
 */
#ifndef BP_CORE_SERVICE_TOKEN_H
#define BP_CORE_SERVICE_TOKEN_H

#include "core/config.h"
#include "core/file.h"

enum { BP_SERVICE_TOKEN_MAX = 2 * BP_TOKEN_MAX + 4096 };	/* bytes */

#define BP_SERVICE_TOKEN_FILE	"service_token"

/* All is borrowed: to be written from the caller, read from a file's bytes. */
struct bp_service_token {
	int64_t		 signed_in, rotated;	/* seconds since 1970 */
	struct bp_text	 issuer, client_id;	/* of whom it came */
	struct bp_text	 api_url, company;	/* for whom it is */
	struct bp_text	 refresh_token;
	struct bp_text	 access_token;		/* perhaps too old, or empty */
};

/* Where: a folder, whose files are OWNER's (0, but for tests). */
struct bp_service_place {
	const char	*folder;		/* made where it is missing */
	uid_t		 owner;
};
#define BP_SERVICE_HERE	{ BP_PATH_STATE, 0 }

/*
 * Keep T in place of what was there.
 *
 * BP_MEMORY  it is too long
 * else       as bp_file_folder() and bp_file_replace()
 */
BP_MUST_USE bool bp_service_token_store(const struct bp_service_place *place,
    const struct bp_service_token *t, enum bp_reason *reterr);

/*
 * The token into RET, which borrows from BYTES.
 *
 * BP_SERVICE_TOKEN_NONE  there is no such file
 * BP_FILE_UNREAD         it is none of ours
 * else                   as bp_file_folder() and bp_file_read_in()
 */
BP_MUST_USE bool bp_service_token_load(const struct bp_service_place *place,
    struct bp_buf *bytes, struct bp_service_token *ret,
    enum bp_reason *reterr);

/*
 * Away with it; true also where there is none.
 *
 * BP_FILE_UNWRITTEN  errno says why
 * else               as bp_file_folder()
 */
BP_MUST_USE bool bp_service_token_erase(const struct bp_service_place *place,
    enum bp_reason *reterr);

/* Did T come of CFG's provider, for its client and its API? */
bool	bp_service_token_is_of(const struct bp_service_token *t,
	    const struct bp_config *cfg);

/*
 * Room for T with any two tokens that there may be, for
 * bp_service_token_fill(); end with bp_service_room_done().  What fills it
 * outlasts a crash of the host, as what is stored does.
 *
 * As bp_service_token_store()
 */
struct bp_service_room {
	int			 dir;
	struct bp_file_room	 file;
	struct bp_buf		 bytes;
};
#define BP_SERVICE_ROOM_INIT	{ .dir = -1, .file = BP_FILE_ROOM_INIT, \
	.bytes = BP_BUF_INIT(BP_SERVICE_TOKEN_MAX) }
BP_MUST_USE bool bp_service_token_reserve(
    const struct bp_service_place *place, struct bp_service_room *ret,
    enum bp_reason *reterr);

/* Keep T in that room, and use it up. */
BP_MUST_USE bool bp_service_token_fill(struct bp_service_room *room,
    const struct bp_service_token *t, enum bp_reason *reterr);

void	bp_service_room_done(struct bp_service_room *room);

#endif
