/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay.c - a helper that is played by a test: NAME.socket beside NAME gets the
 * request, and what comes back is the answer.
 */
#include <sys/socket.h>
#include <sys/un.h>

#include <stdio.h>
#include <unistd.h>

#include "wire/msg.h"

static int
pass(int from, int to)
{
	char bytes[65536];
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, (size_t)n) != n)
			return -1;
	return n == 0 ? 0 : -1;
}

int
main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char self[64];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (n < 0 || n == sizeof(self))
		return 1;
	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%.*s.socket", (int)n,
	    self);
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) != 0 ||
	    pass(BP_MSG_IN, fd) != 0 || shutdown(fd, SHUT_WR) != 0)
		return 1;
	return pass(fd, BP_MSG_OUT) == 0 ? 0 : 1;
}
