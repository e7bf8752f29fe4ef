#!/usr/bin/env bash
# bench: `make bench` on next to nothing: it runs to its end, every table has the rows it should have,
# and the figures are put together rightly. What they are is no matter here.
. "$(dirname "$0")/lib.sh"

# bench VARIABLE=VALUE...: its own make, because that is what people type.
bench()
{
	run env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS BENCH_DATA="$work/data" \
		make -s -C "$top_builddir" bench MB=1 RUNS=1 FILES=20 SIZES="0.001 0.002" \
		RECIPIENTS=100 "$@"
}

# expect_table TITLE ROW...: a table whose title begins so has exactly these programs.
expect_table()
{
	local title=$1
	shift
	awk -v title="### $title" '/^### / { inside = index($0, title) == 1 }
		inside && /^\| / { sub(/^\| /, ""); sub(/ *\|.*/, ""); print }' "$out" >seen
	printf '%s\n' program "$@" >wanted
	diff -u wanted seen || fail "the table \"$title\" has other rows"
}

# have NAME: is this peer there? Asked here once more, and not of the bench.
node_modules=$top_builddir/bench-data/node/node_modules
have()
{
	case $1 in
	json_verify | jq) command -v "$1" >/dev/null ;;
	simdjson) command -v c++ >/dev/null && pkg-config --exists simdjson ;;
	*) command -v node >/dev/null && [ -d "$node_modules/$1" ] ;;
	esac
}

parsers=() schemas=() wrong=() sourcemetas=() folder=() whole_job=() duckdb=() duckdbs=() missing=()
if have json_verify; then
	parsers+=(json_verify)
else
	missing+=(json_verify)
fi
if have simdjson; then
	parsers+=("simdjson DOM" "simdjson On-Demand")
else
	missing+=(simdjson)
fi
parsers+=(jansson)
if have jq; then
	parsers+=("jq empty")
else
	missing+=(jq)
fi
if have ajv; then
	schemas+=(ajv)
	wrong+=(ajv)
else
	missing+=(ajv)
fi
if have @sourcemeta/jsonschema; then
	schemas+=("sourcemeta --fast")
	wrong+=("sourcemeta --fast")
	sourcemetas=("sourcemeta --fast, 2 processes" "sourcemeta --fast, one process")
	folder=("sourcemeta --fast, a folder")
	whole_job=("sourcemeta, sha256sum, tar, zstd -3")
else
	missing+=(sourcemeta)
fi
if have @duckdb/node-api; then
	duckdb=("duckdb read_json, 1 thread")
	duckdbs=("${duckdb[@]}" "duckdb read_json, 2 threads")
else
	missing+=(duckdb)
fi
validates=("callroll validate -j1" "callroll validate -j2")
archives=("callroll archive -j2" "callroll archive -j1")

all_tables()
{
	local style
	local -a here
	bench
	expect_status 0
	expect_stdout_has_no failed
	for style in compact pretty escaped; do
		here=("${sourcemetas[@]}")
		[ $style != compact ] || here+=("${folder[@]}")
		expect_table "validate, $style: " "${validates[@]}" "${parsers[@]}" "${schemas[@]}" \
			"${here[@]}" "${duckdbs[@]}"
	done
	expect_table "errors, " "callroll validate -j1, valid" "callroll validate -j1, errors" \
		"${wrong[@]/%/, errors}" "${wrong[@]/%/, valid}"
	expect_table "threads, validate: " "${validates[@]}"
	expect_table "threads, archive: " "callroll archive -j1" "callroll archive -j2"
	expect_table "archive: " "${archives[@]}" "tar, zstd -3 -T2" "${whole_job[@]}"
	expect_table "verify: " "callroll verify -j1" "callroll verify -j2" "zstd -t"
	expect_table "small files, archive: 20 files" "${archives[@]}" "tar, zstd -3 -T2"
	expect_table "small files, validate: 20 files" "${validates[@]}"
	expect_table "one huge response, validate: 1 file" "${validates[@]}" "${parsers[@]}" \
		"${schemas[@]}" "${duckdb[@]}"
	expect_table "one huge response, archive: 1 file" "${archives[@]}" "tar, zstd -3 -T2"
	expect_table "a polled history, " "${archives[@]}" "tar, zstd -3 -T2" \
		"tar, zstd -3 -T2 --long=27"
	expect_table "growth, validate -: " "callroll validate -, 0.001 GB" \
		"callroll validate -, 0.002 GB"
	expect_table "growth, archive -: " "callroll archive -, 0.001 GB" \
		"callroll archive -, 0.002 GB"
}
check "every table has a row for every program that is there" all_tables

missing_ones()
{
	if ((${#missing[@]} == 0)); then
		bench B="validate huge"
		expect_stdout_has_no "is missing"
		return
	fi
	bench B="validate huge"
	expect_stdout_has "because it is missing: ${missing[*]}."
	expect_stdout_has "bench/setup.sh"
}
check "programs that are not there are named, and how to get them" missing_ones

same_inputs()
{
	bench B=threads
	expect_status 0
	expect_stderr_empty
	bench B=threads RECIPIENTS=101
	expect_stderr_has "making $work/data/inputs/compact"
	bench B=threads RECIPIENTS=101
	expect_stderr_empty
}
check "inputs are made once, and again when they are to be others" same_inputs

wrong_values()
{
	bench B="validate sideways"
	expect_status 2
	expect_stderr_has "no part sideways"
	bench B=verify MB=many
	expect_status 2
	expect_stderr_has "not a number: many"
	bench B=growth SIZES="1 -2"
	expect_stderr_has "not a size in GB: -2"
}
check "what makes no sense is refused" wrong_values

# A callroll that validates nothing.
broken_program()
{
	cat >callroll <<-END
		#!/bin/sh
		[ "\$1" != validate ] || exit 3
		exec '$CALLROLL' "\$@"
	END
	chmod +x callroll
	CALLROLL=$PWD/callroll BENCH_DATA=$work/data MB=1 RUNS=2 RECIPIENTS=101 B=threads \
		run bash "$top_srcdir/bench/run.sh"
	expect_status 1
	expect_stdout_has "| callroll validate -j1 | the model, all errors, places |   failed | status 3 |"
	expect_table "threads, archive: " "callroll archive -j1" "callroll archive -j2"
}
check "a program that fails has no figures, and callroll must not" broken_program

# Medians of three and of two rounds; multiples within a round; another amount of input.
arithmetic()
{
	tr ' ' '\t' >figures <<-END
		row 1 first a
		row 2 second b
		row 3 third c
		row 4 fourth d
		figure 1 1 100000000 1.0 1000 0.5 20000000
		figure 2 1 100000000 3.0 2000 2.0 30000000
		figure 3 1 200000000 1.0 1000 1.0 -
		failed 4 77
		figure 1 2 100000000 10.0 3000 0.5 20000000
		figure 2 2 100000000 20.0 1000 1.0 30000000
		figure 3 2 200000000 5.0 1000 1.0 -
		figure 1 3 100000000 2.0 2000 0.7 20000000
		figure 2 3 100000000 5.0 3000 6.0 30000000
	END
	run awk -f "$top_srcdir/bench/table.awk" figures
	expect_stdout_is golden/bench-table.out
}
check "medians, and multiples within a round" arithmetic
