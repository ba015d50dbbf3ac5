/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/ssh_key.h"
#include "core/digest.h"
#include "wire/base64url.h"
#include "wire/list.h"

#include <string.h>

static const char method[] = "publickey", hash[] = "SHA256:",
    certificate[] = "cert-", certified[] = "-cert-v01@openssh.com";

enum { NAME_DIGITS = 43 };		/* of 32 bytes */

/* RFC 4648 4 in the letters of its section 5. */
static bool
put_letters(struct bp_text t, struct bp_buf *ret)
{
	for (size_t i = 0; i < t.len; i++) {
		const char *c = t.at[i] == '+' ? "-"
		    : t.at[i] == '/' ? "_" : &t.at[i];

		if (t.at[i] == '-' || t.at[i] == '_' || !bp_buf_add(ret, c, 1))
			return false;
	}
	return true;
}

static bool
decode(struct bp_text t, struct bp_buf *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf letters =
	    BP_BUF_INIT(2 * BP_SSH_KEY_BLOB_MAX);

	return put_letters(t, &letters) &&
	    bp_base64url_decode(bp_buf_text(&letters), ret);
}

/* Which one too many leaves where it is: there no digit is a =. */
static struct bp_text
without_padding(struct bp_text t)
{
	for (int i = 0; i < 2 && t.len > 0 && t.at[t.len - 1] == '='; i++)
		t.len--;
	return t;
}

static bool
decode_padded(struct bp_text t, struct bp_buf *ret)
{
	return t.len % 4 == 0 && decode(without_padding(t), ret);
}

bool
bp_ssh_key_is_name(struct bp_text t)
{
	BP_AUTO(bp_buf_done) struct bp_buf sum = BP_BUF_INIT(BP_DIGEST);
	struct bp_text digits = bp_text_after(t, sizeof(hash) - 1);

	return bp_text_starts(t, hash) && digits.len == NAME_DIGITS &&
	    decode(digits, &sum);
}

static bool
ends(struct bp_text t, const char *with)
{
	size_t n = strlen(with);

	return t.len >= n && bp_text_is(bp_text_after(t, t.len - n), with);
}

/* And the other way round. */
static bool
put_base64(struct bp_text t, struct bp_buf *ret)
{
	size_t before = ret->len;

	if (!bp_base64url_encode(t, ret))
		return false;
	for (size_t i = before; i < ret->len; i++)
		if (ret->data[i] == '-' || ret->data[i] == '_')
			ret->data[i] = ret->data[i] == '-' ? '+' : '/';
	return true;
}

static bool
spell(struct bp_text blob, bool is_certificate, struct bp_ssh_key *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf b = BP_BUF_INIT(BP_SSH_KEY_SIZE);
	unsigned char sum[BP_DIGEST];

	bp_digest(blob, sum);
	if (!bp_buf_say(&b, is_certificate ? certificate : "") ||
	    !bp_buf_say(&b, hash) || !put_base64((struct bp_text){
	    (const char *)sum, sizeof(sum) }, &b) || !bp_buf_add(&b, "", 1))
		return false;
	memcpy(ret->name, b.data, b.len);
	return true;
}

/* RFC 4253 6.6: a key's bytes begin with its type, and a certificate's too. */
static bool
read_key(struct bp_text type, struct bp_text base64, struct bp_ssh_key *ret)
{
	BP_AUTO(bp_buf_done) struct bp_buf blob =
	    BP_BUF_INIT(BP_SSH_KEY_BLOB_MAX);
	struct bp_text rest, own;

	if (!decode_padded(base64, &blob))
		return false;
	rest = bp_buf_text(&blob);
	return bp_list_take(&rest, &own) && rest.len > 0 &&
	    bp_text_same(own, type) &&
	    spell(bp_buf_text(&blob), ends(own, certified), ret);
}

static bool
read_line(struct bp_text line, struct bp_ssh_key *ret)
{
	struct bp_text word, rest, type, base64;

	return bp_text_cut(line, ' ', &word, &rest) &&
	    bp_text_is(word, method) &&
	    bp_text_cut(rest, ' ', &type, &base64) &&
	    read_key(type, base64, ret);
}

bool
bp_ssh_key_read(struct bp_text info, struct bp_ssh_key *ret,
    const char **retwhy)
{
	struct bp_text rest = info, line;
	struct bp_ssh_key key;
	unsigned keys = 0;

	*retwhy = "sshd's words of the SSH key cannot be read";
	if (info.len > BP_SSH_KEYS_MAX)
		return false;
	while (rest.len > 0) {
		(void)bp_text_cut(rest, '\n', &line, &rest);
		if (!bp_text_starts(line, method))
			continue;
		if (!read_line(line, &key))
			return false;
		keys++;
	}
	*retwhy = keys == 0 ? "sshd names no SSH key"
	    : "more than one SSH key: none counts";
	if (keys == 1)
		*ret = key;
	return keys == 1;
}
