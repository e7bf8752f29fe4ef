# shellcheck shell=sh
# setup.sh: from a machine with git and a shell to a build. Sourced, at the top of the source tree, by
# samples/quickstart.sh, tests/run.sh and .ci/run; says what it does on standard error.

# packages_missing PURPOSE...: the packages of these purposes that are not installed.
packages_missing()
{
	for purpose; do
		sed -n "s/^$purpose  *//p" build-aux/packages.txt
	done | while read -r package; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null |
			grep -q '^install ok installed' || echo "$package"
	done
}

# as_root COMMAND...
as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif [ -t 0 ]; then
		sudo "$@"
	else
		sudo -n "$@"
	fi
}

apt()
{
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# apt_knows PACKAGE...: true if there is something to install for each of them.
apt_knows()
{
	for package; do
		apt-cache show "$package" >/dev/null 2>&1 || return 1
	done
}

# apt_install PACKAGE...: with a fresh list of packages only if the one at hand is absent or old.
apt_install()
{
	apt_knows "$@" && apt install --no-install-recommends "$@" && return
	apt update && apt install --no-install-recommends "$@"
}

# install_packages PURPOSE...: installs what is missing; nothing is asked. On a system without apt it
# says what is needed and goes on: configure will name what is not there.
install_packages()
{
	if ! command -v apt-get >/dev/null 2>&1; then
		echo "This is not Debian or a relative of it, so nothing was installed. Needed are the" >&2
		echo "equivalents of:" >&2
		for purpose; do
			sed -n "s/^$purpose  */    /p" build-aux/packages.txt
		done >&2
		return 0
	fi
	# Split into words: names of packages hold no spaces.
	# shellcheck disable=SC2046
	set -- $(packages_missing "$@")
	[ $# -gt 0 ] || return 0

	if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
		echo "Packages are missing and there is no sudo; as root:" >&2
		echo "    apt-get install $*" >&2
		return 1
	fi
	echo "installing: $*" >&2
	apt_log=$(mktemp)
	if apt_install "$@" >"$apt_log" 2>&1; then
		rm -f "$apt_log"
		return 0
	fi
	cat "$apt_log" >&2
	rm -f "$apt_log"
	echo "Installing failed (see above). As root:" >&2
	echo "    apt-get update && apt-get install $*" >&2
	return 1
}

# build_tree DIR [CONFIGURE-OPTION...]: makes configure, configures and builds in DIR, beside the sources.
build_tree()
{
	dir=$1
	shift
	[ -x configure ] && [ -f Makefile.in ] || ./autogen.sh || return 1
	source=$PWD
	mkdir -p "$dir"
	if [ -f config.status ]; then
		# The sources were configured in place, and make would take the objects there for
		# its own: build from a copy.
		make -s distdir distdir="$dir/source" || return 1
		source=$PWD/$dir/source
	fi
	(
		cd "$dir" || exit 1
		if [ "$(cat configured-with 2>/dev/null)" != "$source $*" ]; then
			# What an earlier configuration left would be taken for new.
			find . -mindepth 1 -maxdepth 1 ! -name '*.log' ! -name source \
				-exec rm -rf {} +
			"$source/configure" "$@" || exit 1
			echo "$source $*" >configured-with
		fi
		make -j"$(getconf _NPROCESSORS_ONLN)" || exit 1
	)
}
