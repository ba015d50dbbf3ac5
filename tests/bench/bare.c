/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bare.c - what tests/bench/run compares with: one GET over one connection, by
 * libcurl as it is.
 *	bare URL [CA-FILE]
 */
#include <curl/curl.h>

#include <stddef.h>

static size_t
forget(const char *data, size_t size, size_t n, void *unused)
{
	(void)data;
	(void)unused;
	return size * n;
}

int
main(int argc, char *argv[])
{
	CURL *curl = curl_easy_init();

	return curl == NULL || argc < 2 ||
	    curl_easy_setopt(curl, CURLOPT_URL, argv[1]) != CURLE_OK ||
	    (argc > 2 && curl_easy_setopt(curl, CURLOPT_CAINFO,
	    argv[2]) != CURLE_OK) ||
	    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, forget) !=
	    CURLE_OK || curl_easy_perform(curl) != CURLE_OK;
}
