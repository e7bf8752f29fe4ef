# shellcheck shell=bash
# lib.sh: for tests of the command line. A test script reads
#
#     #!/usr/bin/env bash
#     . "$(dirname "$0")/lib.sh"
#
#     an_empty_folder()
#     {
#             mkdir empty
#             run "$CALLROLL" validate empty
#             expect_status 2
#             expect_stdout_empty
#             expect_stderr_is golden/empty-folder.err
#     }
#     check "an empty folder is said to be one" an_empty_folder
#     check "tar can read it" tar --zstd -tf "$work/x.tar.zst"
#
# Each `check` runs in a subshell, in a fresh folder, and prints one line `ok NAME` or
# `not ok NAME: reason`. It fails at the first expectation that is not met, and at the first command
# that fails (set -e); the next check runs all the same. What later checks need goes to $work.
#
#   $CALLROLL   the program            $samples   samples/ of the source tree
#   $here       the script's folder    $work      a folder for this script, removed when all is well
#
# With UPDATE_GOLDEN=1 the files named in expect_..._is are written instead of compared: then read
# what `git diff` says.
set -u

here=$(cd "$(dirname "$0")" && pwd)
export top_srcdir=${top_srcdir:-$(cd "$here/../.." && pwd)}
export top_builddir=${top_builddir:-$top_srcdir}
export CALLROLL=${CALLROLL:-$top_builddir/callroll}
# Used by the scripts.
# shellcheck disable=SC2034
samples=$top_srcdir/samples
lib_script=$(basename "$0" .sh)
work=$top_builddir/tests/scratch/$(basename "$here")-$lib_script

# The same everywhere; a zone that is not UTC, because no output may depend on it.
export LC_ALL=C.UTF-8 TZ=XYZ-05:45
unset NO_COLOR SOURCE_DATE_EPOCH
umask 022

chmod -R u+rwX "$work" 2>/dev/null
rm -rf "$work"
mkdir -p "$work/.lib" || exit 1
cd "$work" || exit 1
lib_checks=0
lib_failed=0

lib_end()
{
	local status=$?
	if ((lib_failed > 0)); then
		status=1
	elif ((status == 0)); then
		cd /
		chmod -R u+rwX "$work"
		rm -rf "$work"
	fi
	exit "$status"
}
trap lib_end EXIT

# check NAME COMMAND...
check()
{
	local name=$1 status reason
	shift
	lib_checks=$((lib_checks + 1))
	: >"$work/.lib/reason"
	mkdir -p "$work/$lib_checks"
	(
		# Only the script itself ends with lib_end.
		trap - EXIT
		set -e
		cd "$work/$lib_checks"
		"$@"
	) >"$work/.lib/output" 2>&1
	status=$?
	reason=$(<"$work/.lib/reason")
	reason=${reason//$'\n'/ }
	if ((status == 0)); then
		echo "ok $name"
	elif ((status == 77)) && [ -n "$reason" ]; then
		echo "ok $name # skip $reason"
	else
		lib_failed=$((lib_failed + 1))
		echo "not ok $name: ${reason:-status $status}"
		{
			echo "--- $lib_script: $name"
			cat "$work/.lib/output"
		} >&2
	fi
	return 0
}

# fail REASON: ends the check.
fail()
{
	echo "$*" >"$work/.lib/reason"
	exit 1
}

# skip REASON: ends the check, which counts as neither.
skip()
{
	echo "$*" >"$work/.lib/reason"
	exit 77
}

# need PROGRAM...: skips the check where one is missing.
need()
{
	local program
	for program; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

# run COMMAND...: sets $status, and keeps what was printed for the expectations ($out and $err are
# the files). Standard input is empty unless redirected.
out=$work/.lib/stdout
err=$work/.lib/stderr
status=
run()
{
	lib_command="$*"
	status=0
	"$@" >"$out" 2>"$err" || status=$?
	return 0
}

# lib_show: what the command printed, for the log of a failed check.
lib_show()
{
	printf '$ %s\n' "$lib_command"
	head -c 4000 "$out"
	sed 's/^/stderr: /' "$err" | head -c 4000
}

# expect_status N
expect_status()
{
	((status == $1)) || {
		lib_show
		fail "status $status, not $1"
	}
}

# lib_is FILE GOLDEN [SED-SCRIPT]: FILE, its paths of this machine replaced, has the content of GOLDEN.
lib_is()
{
	local golden=$2 seen=$work/.lib/seen
	[[ $golden == /* ]] || golden=$here/$golden
	sed -e "s|$work|WORK|g" -e "s|$top_srcdir|TOP|g" -e "${3:-}" "$1" >"$seen"
	if [ -n "${UPDATE_GOLDEN:-}" ]; then
		mkdir -p "$(dirname "$golden")"
		cmp -s "$seen" "$golden" || cp "$seen" "$golden"
	elif ! diff -u "$golden" "$seen"; then
		fail "${1##*/} is not $2"
	fi
}

# expect_stdout_is GOLDEN [SED-SCRIPT]: GOLDEN lies beside the script unless it begins with a slash. The
# script of sed takes away what differs from run to run; $work and $top_srcdir read WORK and TOP.
expect_stdout_is()
{
	lib_is "$out" "$@"
}

expect_stderr_is()
{
	lib_is "$err" "$@"
}

# lib_has FILE TEXT
lib_has()
{
	grep -qF -e "$2" "$1" || {
		lib_show
		fail "${1##*/} does not have: $2"
	}
}

# expect_stdout_has TEXT
expect_stdout_has()
{
	lib_has "$out" "$1"
}

expect_stderr_has()
{
	lib_has "$err" "$1"
}

# lib_has_no FILE TEXT
lib_has_no()
{
	! grep -qF -e "$2" "$1" || {
		lib_show
		fail "${1##*/} has: $2"
	}
}

expect_stdout_has_no()
{
	lib_has_no "$out" "$1"
}

expect_stderr_has_no()
{
	lib_has_no "$err" "$1"
}

expect_stdout_empty()
{
	[ ! -s "$out" ] || {
		lib_show
		fail "stdout is not empty"
	}
}

expect_stderr_empty()
{
	[ ! -s "$err" ] || {
		lib_show
		fail "stderr is not empty"
	}
}

# expect_same FILE FILE
expect_same()
{
	cmp "$1" "$2" || fail "$1 and $2 differ"
}
