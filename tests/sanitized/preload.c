/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in /etc/ld.so.preload ahead of libasan, in a private root where all
 * of ours is built with sanitizers: what they are to do, and where they say
 * what they found.
 *
 * Not by the environment: sudo's is its caller's, and the helper has none.
 * Not in a file that is opened then: the helper may write none, and a host
 * may be out of descriptors.  So memory that all share is mapped at the start.
 */
#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REPORTS	"/run/sanitized"	/* made by ./inside */
#define SIZE	(1UL << 20)

static struct reports {
	atomic_size_t	len;
	char		text[SIZE - sizeof(atomic_size_t)];
} *reports = MAP_FAILED;

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
void __sanitizer_on_print(const char *);

/*
 * Ahead of libasan: else its own, empty ones are found.  The hosts leak by
 * themselves; of ours the unit tests look for leaks.  SEGV is not to be taken
 * back, as the helper does with every signal.  Core files are ours to forbid.
 */
const char *
__asan_default_options(void)
{
	return "verify_asan_link_order=0:detect_leaks=0:abort_on_error=1:"
	    "allocator_may_return_null=1:disable_coredump=0:handle_segv=2:"
	    "quarantine_size_mb=16:color=never";
}

const char *
__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1:disable_coredump=0:"
	    "handle_segv=0:color=never";
}

static void __attribute__((__constructor__))
share(void)
{
	int error = errno, fd = open(REPORTS, O_RDWR | O_CLOEXEC);

	reports = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		(void)close(fd);
	errno = error;
}

/* Whatever either of them prints; runs where all may be broken already. */
void
__sanitizer_on_print(const char *text)
{
	size_t len = strlen(text), at;

	if (reports == MAP_FAILED)
		return;
	at = atomic_fetch_add(&reports->len, len);
	if (at < sizeof(reports->text) && len < sizeof(reports->text) - at)
		memcpy(reports->text + at, text, len);
}
