/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_stack.h - read PAM's files of services as libpam does: /etc/pam.d,
 * else /usr/lib/pam.d; lines continued by a backslash; @include, include and
 * substack.  What it would stumble over is visited, too.
 *
 * Runs in: beproductctl.  Trusts: root's files.  Reads only.
 */
#ifndef BP_CTL_PAM_STACK_H
#define BP_CTL_PAM_STACK_H

#include "wire/text.h"

#ifndef BP_PATH_PAM
#define BP_PATH_PAM		"/etc/pam.d"
#endif
#ifndef BP_PATH_PAM_VENDOR
#define BP_PATH_PAM_VENDOR	"/usr/lib/pam.d"
#endif

enum bp_pam_phase {
	BP_PAM_AUTH = 1, BP_PAM_ACCOUNT, BP_PAM_PASSWORD,
	BP_PAM_SESSION, BP_PAM_PHASES
};

/* How a service comes to a line: from its own file, where others begin. */
struct bp_pam_way {
	unsigned	 first, last;	/* of these lines there, one continued */
	const char	*name;		/* which they include; NULL: none */
};

/* Borrowed for the call that gets it. */
struct bp_pam_line {
	const char	*file;		/* where it stands */
	unsigned	 line;
	struct bp_pam_way way;
	enum bp_pam_phase phase;	/* 0: FAULT and CONTROL alone */
	const char	*fault;		/* what libpam cannot make of CONTROL */
	const char	*control;	/* in lower case; in brackets with one
					   blank between two pairs alone */
	const char	*path;		/* of the module, as it stands there */
	const char	*module;	/* without its folder */
	char		*arguments;	/* may be cut up by who gets them */
	bool		 in_substack;	/* where `done` ends that alone */
};
typedef void bp_pam_visitor(const struct bp_pam_line *line, void *context);

/* Every line of a module that SERVICE runs through, in order. */
void	bp_pam_each_line(const char *service, bp_pam_visitor *visit,
	    void *context);

/* Those alone that stand in NAME's own file; false: there is none. */
bool	bp_pam_file(const char *name, bp_pam_visitor *visit, void *context);

/* The same of what stands in TEXT, a file's. */
void	bp_pam_text_lines(struct bp_text text, bp_pam_visitor *visit,
	    void *context);

/*
 * From now on NAME's file is read as if TEXT stood there: each of the N, until
 * others are named.  Borrowed until then.
 */
struct bp_pam_text {
	const char	*name;
	struct bp_text	 text;
};
void	bp_pam_suppose(const struct bp_pam_text *texts, size_t n);

/* The name of every file of a service; of one in both folders, twice. */
void	bp_pam_each(void (*visit)(const char *name, void *context),
	    void *context);

/* Is this line ours? */
bool	bp_pam_is_ours(const struct bp_pam_line *line);

/* In auth: does it ask for a password, as far as it is known to us? */
bool	bp_pam_is_asking(const struct bp_pam_line *line);

/* Can the phase end well with it, and what stands behind it be skipped? */
bool	bp_pam_is_ending(const struct bp_pam_line *line);

/* Is it where libpam looks for it? */
bool	bp_pam_is_there(const struct bp_pam_line *line);

/* Does NAME stand for many services, as common-auth does? */
bool	bp_pam_is_common(const char *name);

#endif
