/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctl/given_file.h"
#include "ctl/finding.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool
bp_given_file_read(const char *path, struct bp_buf *ret)
{
	BP_AUTO(bp_findings_done) struct bp_findings said = BP_FINDINGS_INIT;
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd != -1) {
		while ((n = bp_buf_fill(ret, fd)) > 0)
			;
		(void)close(fd);
	}
	if (n != 0)
		bp_finding_error(&said, (struct bp_where){ .file = path },
		    "cannot be read: %s", strerror(errno));
	return n == 0;
}
