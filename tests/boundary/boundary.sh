#!/bin/sh
# What is loaded into sshd: what it links, exports, imports and includes.
# With an argument, that file is looked at: the installed one.
set -eu
: "${top_srcdir:?} ${top_builddir:?} ${CC:?}"
cd "$top_builddir"
so=${1:-.libs/pam_beproduct.so}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rc=0

complain() { echo "boundary: $1" >&2; rc=1; }

exports() { nm -D --defined-only "$1" | awk '{ print $3 }' | sort | tr '\n' ' '; }

# strangers SCOPES NM-ARGUMENTS: imported, and not in the list for these.
strangers() {
	scopes=" $1 "; shift
	nm --undefined-only "$@" | awk '{ sub(/@.*/, "", $NF); print $NF }' |
	    sed 's/^__\(.*\)_chk$/\1/; s/^__open_2$/open/; s/^__openat_2$/openat/
		s/64$//; /^bp_/d' | sort -u >"$work/has"
	awk -v s="$scopes" '$1 == "module" || index(s, " " $1 " ") { print $2 }' \
	    "$top_srcdir/tests/boundary/imports" | sort -u >"$work/may"
	comm -23 "$work/has" "$work/may" | tr '\n' ' '
}

every=$(awk '!/^#/ { print $1 }' "$top_srcdir/tests/boundary/imports" |
    sort -u | tr '\n' ' ')

# only PATTERN FILES: which of our own headers these may include.
only() {
	pattern=$1; shift
	! grep -n '^ *# *include *"' "$@" /dev/null |
	    grep -vE "include \"($pattern)" ||
	    complain "the above includes what it may not"
}

# alone PATTERN WHO FILES: a system header that no other file may include.
alone() {
	pattern=$1 who=$2; shift 2
	! grep -nE "^ *# *include *<$pattern" "$@" /dev/null ||
	    complain "<$pattern> is for $who alone"
}

case $(nm -D --undefined-only "$so") in
*__asan_*|*__ubsan_*) echo "built with sanitizers, not as shipped"; exit 77 ;;
esac

needed=$(readelf -d "$so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ')
[ "$needed" = "libc.so.6 libpam.so.0 " ] || complain "links $needed"

entries="pam_sm_acct_mgmt pam_sm_authenticate pam_sm_chauthtok \
pam_sm_close_session pam_sm_open_session pam_sm_setcred "
[ "$(exports "$so")" = "$entries" ] || complain "exports $(exports "$so")"

bad=$(strangers "$every" -D "$so")
[ -z "$bad" ] || complain "the module imports $bad"

# The objects that it is made of, each by the scope of its file's name.
for o in pam_beproduct/.libs/*.o pam_beproduct/attempt/.libs/*.o \
    pam_beproduct/core/.libs/*.o pam_beproduct/wire/.libs/*.o; do
	[ -e "$o" ] || { complain "no object $o"; continue; }
	scope=$(basename "$o" .o)
	bad=$(strangers "${scope##*-}" "$o")
	[ -z "$bad" ] || complain "$o imports $bad"
done

# A macro that is not defined where it is spelt reads as its own name.
unspelt() {
	readelf -p .rodata "$1" | grep -o 'BP_[A-Z_]*_MAX' | sort -u | tr '\n' ' '
}
for file in "$so" beproductctl .libs/beproductctl; do
	[ ! -e "$file" ] || [ -z "$(unspelt "$file")" ] ||
	    complain "$file says $(unspelt "$file")"
done

hardened() {
	readelf -d "$1" | grep -q 'BIND_NOW\|FLAGS.* NOW' || complain "$1: no BIND_NOW"
	readelf -lW "$1" | grep -q GNU_RELRO || complain "$1: no RELRO"
	! readelf -lW "$1" | grep 'GNU_STACK' | grep -q 'RWE' || complain "$1: executable stack"
}
hardened "$so"
for program in beproduct-helper beproductctl; do
	file=$program
	[ ! -e ".libs/$program" ] || file=.libs/$program
	hardened "$file"
	readelf -h "$file" | grep -q 'Type: *DYN' || complain "$program: no PIE"
done

# Who includes whom.
cd "$top_srcdir"
only 'wire/' pam_beproduct/wire/*.[ch]
only 'core/|wire/' pam_beproduct/core/*.[ch] pam_beproduct/core/*.def
only 'attempt/|core/|wire/' pam_beproduct/attempt/*.[ch]
only 'attempt/|core/|wire/|[a-z_]+\.h"' pam_beproduct/*.[ch]
only 'attempt/|core/|wire/|ctl/' pam_beproduct/ctl/*.[ch]
only 'wire/|helper/' helper/*.[ch] helper/*/*.[ch]
alone security/ 'pam_beproduct/*.c' pam_beproduct/*/*.[ch] helper/*.[ch] \
    helper/*/*.[ch]

# others FILE...: every file of ours in C but these.
others() {
	for f in pam_beproduct/*.[ch] pam_beproduct/*/*.[ch] helper/*.[ch] \
	    helper/*/*.[ch]; do
		case " $* " in *" $f "*) ;; *) echo "$f" ;; esac
	done
}
# shellcheck disable=SC2046	# our own names have no spaces
alone curl/ helper/http.c $(others helper/http.c)
# shellcheck disable=SC2046
alone cjson/ helper/json.c $(others helper/json.c)
# shellcheck disable=SC2046
alone jwt helper/token.c $(others helper/token.c)
# shellcheck disable=SC2046
alone openssl/ 'helper/token.c and helper/key.c' \
    $(others helper/token.c helper/key.c)
# The environment steers nothing: not in the module, and not in the helper.
! grep -nE '\b(secure_)?getenv|environ\b' pam_beproduct/*.[ch] \
    pam_beproduct/*/*.[ch] helper/*.[ch] helper/*/*.[ch] | grep -v '/\*\| \* ' ||
    complain "the environment is read"

# And it bites: each of these, planted, is seen.
for name in getenv secure_getenv fprintf kill dlmopen setlocale fork; do
	echo "int $name(void); int planted(void); int planted(void) { return $name(); }" \
	    >"$work/plant.c"
	$CC -w -fno-builtin -fPIC -c -o "$work/plant.o" "$work/plant.c"
	[ "$(strangers call "$work/plant.o")" = "$name " ] ||
	    complain "does not see $name in an object"
done
$CC -shared -o "$work/plant.so" "$work/plant.o"
[ "$(exports "$work/plant.so")" = "planted " ] || complain "does not see an export"
[ "$(strangers call -D "$work/plant.so")" = "fork " ] || complain "does not see fork in a .so"
[ -z "$(strangers launch -D "$work/plant.so")" ] || complain "does not let launch.o fork"
echo 'const char planted[] = "at most BP_ITEM_MAX bytes";' >"$work/plant.c"
$CC -shared -fPIC -o "$work/plant.so" "$work/plant.c"
[ "$(unspelt "$work/plant.so")" = "BP_ITEM_MAX " ] ||
    complain "does not see a macro's name"
echo '#include "core/config.h"' >"$work/plant.h"
saved=$rc
only 'wire/' "$work/plant.h" >/dev/null 2>&1
[ "$rc" = 1 ] || { saved=1; echo "boundary: does not see an include" >&2; }
rc=$saved
exit $rc
