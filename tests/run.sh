#!/bin/sh
# run.sh: runs all tests, from a fresh clone: installs what is missing (Debian, Ubuntu), builds in
# build-tests/ with every compiler warning an error, and runs `make check` there.
# The last line is `N passed, N failed`; the exit status is 0 only if all passed.
set -u
cd "$(dirname "$0")/.." || exit 1
. build-aux/setup.sh

# give_up WHAT: there is nothing to count.
give_up()
{
	echo "run.sh: $*"
	echo "0 passed, 1 failed"
	exit 1
}

install_packages build test || give_up "packages are missing"
build_tree build-tests --enable-werror || give_up "the build failed"

result=build-tests/check.result
{
	make -s -C build-tests check 2>&1
	echo $? >$result
} | tee build-tests/check.log
status=$(cat $result)

# make adds words of its own after a failure.
count=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' build-tests/check.log | tail -n 1)
[ -n "$count" ] || give_up "make check ended early"
[ "$(tail -n 1 build-tests/check.log)" = "$count" ] || echo "$count"
exit "$status"
