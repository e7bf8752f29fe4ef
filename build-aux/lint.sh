#!/bin/sh
# lint.sh: what `make lint` does, at the top of the source tree: reads, and changes nothing. A tool that
# is not installed is said to be missing and passed over.
set -u

failed=0

# lint NAME PROGRAM ARGUMENT...
lint()
{
	name=$1
	shift
	if ! command -v "$1" >/dev/null; then
		echo "lint: $name: passed over, $1 is not installed"
	elif "$@"; then
		echo "lint: $name: ok"
	else
		echo "lint: $name: failed"
		failed=1
	fi
}

lint layers sh build-aux/layers.sh
lint scripts shellcheck -x -P SCRIPTDIR autogen.sh build-aux/embed.sh \
	build-aux/findings-man.sh build-aux/format-text.sh build-aux/layers.sh build-aux/lint.sh \
	build-aux/setup.sh samples/quickstart.sh .ci/run tests/run.sh tests/run-all \
	tests/browser.sh tests/conformance.sh tests/large.sh tests/peers.sh tests/*/*.sh \
	bench/run.sh bench/setup.sh bench/peers/*.sh
lint manual mandoc -T lint -W warning man/*.[1-8]
lint findings-man sh build-aux/findings-man.sh --check
lint format-text sh build-aux/format-text.sh --check
# It cannot see that array_reserve gives the memory to its caller; leaks are for the sanitizers.
lint cppcheck cppcheck --quiet --error-exitcode=1 --inline-suppr --suppress=memleak --std=c11 \
	-D_GNU_SOURCE -DPACKAGE_VERSION='"0"' -I src src
exit $failed
