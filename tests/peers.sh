#!/usr/bin/env bash
# peers.sh: compares figures of callroll with those that other programs compute from an unpacked
# bundle: those of `callroll audit` with DuckDB's (tests/peers/audit.mjs). `make check-peers` calls it.
# What it needs from npm goes to tests/peers in the build tree. The last line is `N passed, N failed`.
#
# environment: top_srcdir top_builddir; CALLROLL, the program; TMPDIR
set -u

export LC_ALL=C.UTF-8
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
top_builddir=${top_builddir:-$PWD}
callroll=${CALLROLL:-$top_builddir/callroll}
gen=$top_builddir/tests/gen
peers=$top_builddir/tests/peers
passed=0
failed=0

die()
{
	echo "peers.sh: $*" >&2
	echo "0 passed, 1 failed"
	exit 1
}

for program in node npm jq tar zstd "$callroll" "$gen/generate"; do
	command -v "$program" >/dev/null ||
		die "$program is missing: make check-peers cannot compare anything without it"
done

# The packages, as the lock file says; again only when that changed. Not `npm ci`: it wants those for
# all other systems to be listed too.
mkdir -p "$peers" || exit 1
for file in package.json package-lock.json audit.mjs; do
	[ "$top_srcdir/tests/peers/$file" -ef "$peers/$file" ] || cp "$top_srcdir/tests/peers/$file" "$peers/" || exit 1
done
if ! cmp -s "$peers/package-lock.json" "$peers/node_modules/.installed"; then
	npm install --prefix "$peers" --no-save --no-audit --no-fund --loglevel=error >&2 ||
		die "npm cannot install the packages"
	cp "$peers/package-lock.json" "$peers/node_modules/.installed"
fi

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

# compare NAME CONDITION [OPTION...]: the report of b.tar.zst with these filters beside DuckDB's.
compare()
{
	local name=$1 condition=$2
	shift 2
	"$callroll" audit -q --format json "$@" b.tar.zst >report.json
	if node "$peers/audit.mjs" b report.json "$condition" >said 2>&1; then
		passed=$((passed + 1))
		echo "ok $name: $(tail -n 1 said)"
	else
		failed=$((failed + 1))
		echo "not ok $name"
		head -n 40 said
	fi
}

# Captures of batches while they go on; strange values; statuses that nobody published, and times in
# another unit, that are missing, or before their start.
{
	"$gen/generate" --seed 3 --recipients 300 --responses 40 --captures 5 --odd 1/20
	"$gen/generate" --seed 4 --recipients 1000 --responses 24 --captures 8 --changes 1/7 --errors 1/30
	"$gen/generate" --seed 5 --recipients 99 --responses 30 --captures 1
} | awk '{
	gsub(/"status":"voicemail"/, NR % 3 ? "\"status\":\"no_answer\"" : "&")
	if (NR % 4 == 0) gsub(/"updated_at_unix":[0-9]*7,/, "\"updated_at_unix\":1777600000000,")
	if (NR % 5 == 0) gsub(/"updated_at_unix":[0-9]*3,/, "\"updated_at_unix\":1600000000,")
	if (NR % 7 == 0) gsub(/"created_at_unix":[0-9]*,"updated/, "\"created_at_unix\":null,\"updated")
	if (NR % 11 == 0) sub(/"scheduled_time_unix":[0-9]*/, "\"scheduled_time_unix\":1777600000000")
	print
}' >captures.ndjson
"$callroll" archive -q -o b.tar.zst captures.ndjson || (($? == 1)) || die "no bundle"
mkdir b
tar --zstd -xf b.tar.zst -C b || die "the bundle cannot be unpacked"

compare "audit and DuckDB" true
compare "audit and DuckDB, by status" "status IN ('failed', 'no_answer', '')" \
	--status failed --status no_answer --status ''
compare "audit and DuckDB, by time" "updated BETWEEN 1769904000 AND 1775001599" \
	--since 2026-02-01 --until 2026-03-31

echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
