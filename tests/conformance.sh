#!/usr/bin/env bash
# conformance.sh: runs callroll on a corpus of small JSON files whose names say what they are, such as
# test_parsing of JSONTestSuite: y_ is JSON, n_ is not, i_ may be either but must not crash.
#
# usage: CALLROLL=PROGRAM conformance.sh DIR     (make conformance CORPUS=DIR)
# The last line is `N passed, N failed`.
set -u

if [ $# != 1 ] || [ ! -d "$1" ]; then
	echo "usage: make conformance CORPUS=DIR" >&2
	exit 2
fi
findings=$(mktemp)
trap 'rm -f "$findings"' EXIT

# refused: there is a finding that says it is not JSON. Nothing at all, and an HTML page, have
# findings of their own.
refused()
{
	grep -qE '"rule":"(syntax|encoding|depth)"' "$findings" ||
		grep -qE '"message":"an (empty file|HTML page)' "$findings"
}

# judge FILE: prints why it is wrong, or nothing.
judge()
{
	local name=${1##*/} status=0
	"$CALLROLL" validate --format ndjson "$1" >"$findings" 2>/dev/null || status=$?
	if ((status > 1)); then
		echo "status $status"
	elif [[ $name == y_* ]] && refused; then
		echo "refused: $(head -n 1 "$findings")"
	elif [[ $name == n_structure_double_array.json ]]; then
		# [][] is a stream of two.
		! refused || echo "refused, although it is a stream of two"
	elif [[ $name == n_* ]] && ! refused; then
		echo "accepted"
	fi
}

passed=0
failed=0
for file in "$1"/[yni]_*; do
	[ -f "$file" ] || continue
	reason=$(judge "$file")
	if [ -z "$reason" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok ${file##*/}: $reason"
	fi
done
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
