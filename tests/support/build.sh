# For tests/run and tests/demo: what both need before they can begin.
# Sourced by bash, with $top set to the checkout.
# shellcheck shell=bash disable=SC2154

packages="autoconf automake libtool autoconf-archive pkg-config gcc clang make
	libc6-dev libpam0g-dev libcurl4-openssl-dev libcjson-dev libjwt-dev
	libssl-dev libcmocka-dev openssl ca-certificates iproute2 python3
	python3-pytest python3-pexpect shellcheck tar xz-utils"
# what the tests' own host has besides
# shellcheck disable=SC2034	# used by who sources this
host_packages="openssh-server openssh-client login passwd sudo cron"
# and, for --all, a person's own browser
# shellcheck disable=SC2034	# used by tests/run
browser_packages="chromium chromium-driver python3-selenium libnss3-tools"
# and what a machine of its own is made of, under --all
# shellcheck disable=SC2034
machine_packages="qemu-system-x86 linux-image-cloud-amd64 busybox-static cpio kmod"

# The checkout's path may have blanks; configure and PAM files take none.
make_work() {
	work=$(mktemp -d /tmp/pam_beproduct.XXXXXX)
	chmod 755 "$work"	# the helper's user must find its program
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
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
copy_source() {
	src=$work/src
	mkdir "$src"
	(cd "$top" && { git ls-files -coz --exclude-standard 2>/dev/null ||
	    find . -name node_modules -prune -o -type f -print0; } |
	    while IFS= read -r -d '' file; do
		[ ! -e "$file" ] || printf '%s\0' "$file"
	    done | tar -c --null -T - -f -) | tar -x -C "$src" -f -
}

# build FOLDER CONFIGURE-ARGUMENTS
build() {
	local folder="$work/$1"
	shift
	mkdir -p "$folder"
	(cd "$folder" && quietly configure "$src/configure" --prefix=/usr \
	    --sysconfdir=/etc --localstatedir=/var --runstatedir=/run \
	    --libdir="/usr/lib/$(gcc -print-multiarch)" --enable-werror "$@" &&
	    quietly make make -j"$(nproc)")
}

install_node_packages() {
	(cd "$src/tests/idp" && quietly npm npm ci --no-audit --no-fund \
	    --cache "$work/npm")
}
