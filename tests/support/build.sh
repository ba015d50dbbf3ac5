# SPDX-License-Identifier: BSD-2-Clause
# For tests/run and tests/demo: what both need before they can begin.
# Sourced by bash, with $top set to the checkout.
# shellcheck shell=bash disable=SC2154

umask 022	# the helper's user must find its program

# Debian trees (./tree), which the whole run keeps as well
# shellcheck disable=SC2034	# used by tests/run
trees=${BP_TESTS_CACHE:-/var/cache/pam_beproduct-tests}/trees
packages="autoconf automake libtool autoconf-archive pkg-config gcc clang make
	libc6-dev libpam0g-dev libmd-dev libcurl4-openssl-dev libcjson-dev libjwt-dev
	libssl-dev libcmocka-dev openssl ca-certificates iproute2 python3
	python3-pytest python3-pexpect shellcheck mandoc bash-completion tar
	xz-utils"
# what the tests' own host has besides
# shellcheck disable=SC2034	# used by who sources this
host_packages="openssh-server openssh-client login passwd sudo cron tinyproxy locales
	tmux screen git rsync ansible-core"
# and, for --all, a person's own browsers
# shellcheck disable=SC2034	# used by tests/run
browser_packages="chromium chromium-driver python3-selenium libnss3-tools
	firefox-esr xvfb xdotool xclip"
# and what a machine of its own is made of, under --all
# shellcheck disable=SC2034
machine_packages="qemu-system-x86 linux-image-cloud-amd64 busybox-static cpio kmod"

# The checkout's path may have blanks; configure and PAM files take none.
make_work() {
	work=$(mktemp -d /tmp/pam_beproduct.XXXXXX)
	chmod 755 "$work"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# The same folder at each call from this checkout: what is built stays.
keep_work() {
	work=${BP_TESTS_CACHE:-/var/cache/pam_beproduct-tests}/$(cksum <<<"$top" |
	    cut -d ' ' -f 1)
	mkdir -p "$work"
	exec 8>"$work/busy"
	flock -n 8 || { echo "waiting: another run has $work"; flock 8; }
}

say() { printf '\n== %s\n' "$*"; }

quietly() {
	local log="$work/$1.log"
	shift
	if ! "$@" >"$log" 2>&1; then
		cat "$log" >&2
		return 1
	fi
}

missing_packages() {
	local package
	for package in $packages; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" \
		    = installed ] || printf '%s ' "$package"
	done
}

# A Node that is there stays: Debian's own npm would conflict with it.
has_node() {
	command -v node >/dev/null && command -v npm >/dev/null &&
	    node -e 'process.exit(parseInt(process.versions.node, 10) < 18 ? 1 : 0)'
}

install_packages() {
	local -a wanted
	local -x DEBIAN_FRONTEND=noninteractive

	has_node || packages="$packages nodejs npm"
	read -ra wanted < <(missing_packages; echo)
	[ ${#wanted[@]} -gt 0 ] || return 0
	echo "installing: ${wanted[*]}"
	quietly apt apt-get update &&
	    quietly apt apt-get install -y --no-install-recommends "${wanted[@]}"
}

# What git tracks and what it does not ignore; without git, all there is.
source_files() {
	cd "$top" && { git ls-files -coz --exclude-standard 2>/dev/null ||
	    find . -name node_modules -prune -o -type f -print0; } |
	    while IFS= read -r -d '' file; do
		[ ! -e "$file" ] || printf '%s\0' "$file"
	    done | LC_ALL=C sort -z
}

# Only what differs is written, with the time of now, so that make sees it; of a
# file that is gone the objects would stay.
copy_source() {
	local file
	src=$work/src
	mkdir -p "$src"
	source_files >"$work/files.new"
	touch "$work/files"
	LC_ALL=C comm -z -23 "$work/files" "$work/files.new" >"$work/gone"
	(cd "$src" && xargs -0r rm -f -- <"$work/gone")
	[ ! -s "$work/gone" ] || rm -rf "$work"/{build,sanitized,clang}
	mv "$work/files.new" "$work/files"
	while IFS= read -r -d '' file; do
		is_copied "$top/$file" "$src/$file" || printf '%s\0' "$file"
	done <"$work/files" | (cd "$top" && xargs -0r cp --parents \
	    --remove-destination --preserve=mode -t "$src" --)
}

is_copied() {
	local -i ours=0 theirs=0
	[ ! -x "$1" ] || ours=1
	[ ! -x "$2" ] || theirs=1
	[ $ours = $theirs ] && cmp -s "$1" "$2"
}

# build FOLDER CONFIGURE-ARGUMENTS: made, or made again where it is older; a
# shell of its own, for the lock's sake.
build() (
	folder="$work/$1"
	exec 7>"$folder.busy"
	flock 7
	shift
	arguments="--prefix=/usr --sysconfdir=/etc --localstatedir=/var
	    --runstatedir=/run --libdir=/usr/lib/$(gcc -print-multiarch)
	    --enable-werror"
	[ -x "$src/configure" ] ||
	    (cd "$src" && quietly autoreconf autoreconf -fi)
	if [ "$(cat "$folder/asked" 2>/dev/null)" != "$arguments $*" ]; then
		rm -rf "$folder"
		mkdir "$folder"
		# shellcheck disable=SC2086	# a list of words
		(cd "$folder" && quietly configure "$src/configure" $arguments "$@")
		echo "$arguments $*" >"$folder/asked"
	fi
	(cd "$folder" && quietly make make -j"$(nproc)")
)

# Automake's own logs: what each program said, and those that did not run.
check() {
	local build=$1 status=0
	shift
	rm -f "$build"/tests/*/*.log "$build"/tests/*/*.trs
	(cd "$build" && make -j"$(nproc)" check "$@") >"$work/check.log" 2>&1 || status=$?
	cat "$build"/tests/*/*.log
	[ $status = 0 ] || tail -n 30 "$work/check.log"
	! (cd "$build" && grep -l ':test-result: SKIP' tests/*/*.trs) || {
		echo "the above were skipped"
		return 1
	}
	(cd "$build" && find tests -name '*.trs') |
	    sed 's/\.trs$//; s#^tests/unit/.*#&.c#' >>"$BP_RAN"
	return $status
}

install_node_packages() {
	local folder=$src/tests/idp
	[ "$folder/node_modules" -nt "$folder/package-lock.json" ] ||
	    (cd "$folder" && quietly npm npm ci --no-audit --no-fund \
	    --cache "$work/npm" && touch node_modules)
}
