/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ssh_key.h - which SSH key a login was made with, as sshd names it to PAM.
 *
 * Runs in: module and beproductctl.  Trusts: sshd's monitor, which puts the
 * methods that have succeeded so far into SSH_AUTH_INFO_0, a line each (a key
 * that was only offered stands in none); of a byte in it nothing.  Whoever
 * calls any other host chooses such a variable himself: there it is not read
 * (core/host.c, by_key.c).
 *
 *	publickey TYPE BASE64
 *
 * All of that has to be so: three words, RFC 4648 4 with its padding, and TYPE
 * as the key's own bytes have it.  Lines of other methods are passed over.
 *
 * A key is called as `ssh-keygen -l` prints it: SHA256: and 43 characters of
 * base64.  A certificate is a key of its own here, whatever key it is of: by
 * all its bytes, with cert- in front, so that no rule of the map, which names
 * keys, can mean it, and a new one is another.
 */
#ifndef BP_CORE_SSH_KEY_H
#define BP_CORE_SSH_KEY_H

#include "wire/text.h"

#define BP_SSH_KEY_VARIABLE	"SSH_AUTH_INFO_0"

enum {
	BP_SSH_KEY_SIZE = 64,			/* of a name, with its NUL */
	BP_SSH_KEY_BLOB_MAX = 16 * 1024,	/* bytes of one */
	BP_SSH_KEYS_MAX = 64 * 1024		/* of the variable */
};

/* "" is none. */
struct bp_ssh_key {
	char	 name[BP_SSH_KEY_SIZE];
};

/*
 * The one key that INFO, the variable's value, has.  On false RETWHY says why
 * there is none: no line of one; more than one; or any that is not as above.
 */
BP_MUST_USE bool bp_ssh_key_read(struct bp_text info, struct bp_ssh_key *ret,
    const char **retwhy);

/* Is T how a key is called, and no certificate? */
bool	bp_ssh_key_is_name(struct bp_text t);

#endif
