#!/usr/bin/env bash
# run.sh: callroll and its peers on the same made-up inputs, in turn, several times; a table for each
# question. bench/README.md says how each is run. Nothing is judged: what is printed are figures.
#
# usage: make bench [B="PART..."] [MB=100] [RUNS=3] [FILES=100000] [SIZES="0.2 2"] [RECIPIENTS=10000]
#   B           of validate errors threads archive verify small huge history growth (default: all)
#   MB          how much input a table is about; all inputs take six times that on disk, and small 4 KB
#               for each of its files; they are made once and kept
#   RUNS        how often each program runs
#   FILES       of the part small
#   SIZES       of the part growth, in GB; they come through a pipe and need no disk
#   RECIPIENTS  of a response
#
# The exit status is 1 if callroll itself failed at something.
#
# environment: top_srcdir top_builddir; CALLROLL, the program; BENCH_DATA, where inputs and outputs are
# shellcheck disable=SC2317 # functions are called by names that are put together
set -u -o pipefail

export LC_ALL=C.UTF-8
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
top_builddir=${top_builddir:-$PWD}
callroll=${CALLROLL:-$top_builddir/callroll}
mb=${MB:-100}
runs=${RUNS:-3}
small=${FILES:-100000}
sizes=${SIZES:-0.2 2}
recipients=${RECIPIENTS:-10000}
all_parts="validate errors threads archive verify small huge history growth"
parts=${B:-$all_parts}
gen=$top_builddir/tests/gen
bench=$top_srcdir/bench
data=${BENCH_DATA:-$top_builddir/bench-data}
inputs=$data/inputs
work=$data/work
export BENCH_NODE=$top_builddir/bench-data/node

die()
{
	echo "bench: $*" >&2
	exit 2
}

# --- words ---

# megabytes BYTES
megabytes()
{
	awk -v n="$1" 'BEGIN { n /= 1e6; printf n < 10 ? "%.2f" : "%.0f", n }'
}

# count N, with commas: 100,000
count()
{
	sed -e ':a' -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/;ta' <<<"$1"
}

# plural N WORD
plural()
{
	if (($1 == 1)); then echo "$2"; else echo "$2s"; fi
}

# --- the machine ---

machine()
{
	local model
	model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
	echo "$("$callroll" --version | head -n 1) on $(getconf _NPROCESSORS_ONLN) cores of" \
		"${model:-$(uname -m)}, $(uname -sr)."
	echo "The load was $(cut -d ' ' -f 1 /proc/loadavg) when it began."
	echo "$runs $(plural "$runs" run) of each program, in turn; medians. Beside it:" \
		"$(peer_versions)."
}

# shellcheck source=tables.sh
. "$bench/tables.sh"
# shellcheck source=peers.sh
. "$bench/peers.sh"
# shellcheck source=inputs.sh
. "$bench/inputs.sh"
# shellcheck source=parts.sh
. "$bench/parts.sh"

for n in "$mb" "$runs" "$small" "$recipients"; do
	[[ $n =~ ^[1-9][0-9]{0,8}$ ]] || die "not a number: $n"
done
for n in $sizes; do
	[[ $n =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "not a size in GB: $n"
done
for part in $parts; do
	[[ " $all_parts " == *" $part "* ]] || die "no part $part; there are: $all_parts"
done
for program in "$callroll" "$gen/generate" "$gen/measure"; do
	[ -x "$program" ] || die "$program is missing: run make bench"
done
mkdir -p "$inputs" "$work" && cd "$work" || exit 2
export TMPDIR=$work
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

schema=$work/model.schema.json
"$callroll" model >"$schema" || die "no model"
machine
for part in $parts; do
	"part_$part"
done
peers_missing
exit "$callroll_failed"
