# shellcheck shell=bash
# parts.sh: the questions that the bench asks, each a function part_NAME that makes its inputs and one
# table or more. Sourced by run.sh; `files`, `bytes` and `what` are of the last `input`.
# The first row of a table is the one that the others are compared with.

# validate_row N [LABEL]: with N threads, all files.
validate_row()
{
	row "${2:-callroll validate -j$1}" "the model, all errors, places" \
		"$callroll" validate -q -j"$1" "${files[@]}"
}

# archive_row N FOLDER [LABEL]
archive_row()
{
	output=$work/callroll.tar.zst row "${3:-callroll archive -j$1}" \
		"checks, normal form, digests, index" \
		"$callroll" archive -q -j"$1" -o "$work/callroll.tar.zst" "$2"
}

# tar_row FOLDER [ZSTD-OPTION...]
tar_row()
{
	has zstd || return 0
	output=$work/tar.tar.zst row "tar, zstd -3 ${*:2}" "packs" \
		"$peers/tar-zstd.sh" "$work/tar.tar.zst" "$@"
}

whole_job_row()
{
	has sourcemeta && has zstd || return 0
	output=$work/whole.tar.zst row "sourcemeta, sha256sum, tar, zstd -3" \
		"checks until the first error, digests, packs" \
		"$peers/whole-job.sh" "$schema" "$work/whole.tar.zst" "$1"
}

# parser_rows: those that know no model.
parser_rows()
{
	! has json_verify || row "json_verify" "syntax" "$peers/json_verify.sh" "${files[@]}"
	if has simdjson; then
		local simdjson=$top_builddir/bench/peers/simdjson
		row "simdjson DOM" "syntax, a tree" "$simdjson" dom "${files[@]}"
		row "simdjson On-Demand" "syntax, visits all values" "$simdjson" walk "${files[@]}"
	fi
	! has jansson || row "jansson" "a tree, some checks, writes it" \
		"$top_builddir/bench/peers/jansson" "${files[@]}"
	! has jq || row "jq empty" "syntax" "$peers/jq.sh" "${files[@]}"
}

# schema_rows [STATUS-OF-AJV STATUS-OF-XARGS LABEL]: those that check the model.
schema_rows()
{
	! has ajv || expect=${1:-0} row "ajv${3:-}" "JSON Schema, all errors, pointers" \
		node "$peers/ajv.js" "$schema" "${files[@]}"
	! has sourcemeta || expect=${2:-0} row "sourcemeta --fast${3:-}" \
		"JSON Schema, first error" "$peers/sourcemeta.sh" 1 "$schema" "${files[@]}"
}

duckdb_row()
{
	! has duckdb || row "duckdb read_json, $1 $(plural "$1" thread)" "casts, one question" \
		node "$peers/duckdb.js" "$1" "${files[@]}"
}

part_validate()
{
	local style
	for style in compact pretty ascii; do
		input $style responses $style "$mb"
		table "validate, ${style/ascii/escaped}: $what"
		validate_row 1
		validate_row 2
		parser_rows
		schema_rows
		if has sourcemeta; then
			row "sourcemeta --fast, 2 processes" "JSON Schema, first error" \
				"$peers/sourcemeta.sh" 2 "$schema" "${files[@]}"
			row "sourcemeta --fast, one process" "JSON Schema, first error" \
				"$peers/sourcemeta.sh" all "$schema" "${files[@]}"
			[ $style != compact ] ||
				row "sourcemeta --fast, a folder" "JSON Schema, first error" \
					"$peers/sourcemeta.sh" all "$schema" "$inputs/$style/in"
		fi
		duckdb_row 1
		duckdb_row 2
		measure_all
	done
}

# The same programs on valid and on wrong input.
part_errors()
{
	input compact responses compact "$mb"
	table "errors, in one recipient of ten: $what"
	validate_row 1 "callroll validate -j1, valid"
	input errors responses compact "$mb" --errors 1/10
	expect=1 validate_row 1 "callroll validate -j1, errors"
	schema_rows 1 123 ", errors"
	input compact responses compact "$mb"
	schema_rows 0 0 ", valid"
	measure_all
}

part_threads()
{
	input compact responses compact "$mb"
	table "threads, validate: $what"
	validate_row 1
	validate_row 2
	measure_all
	table "threads, archive: $what"
	archive_row 1 "$inputs/compact/in"
	archive_row 2 "$inputs/compact/in"
	measure_all
}

part_archive()
{
	input compact responses compact "$mb"
	table "archive: $what"
	archive_row 2 "$inputs/compact/in"
	archive_row 1 "$inputs/compact/in"
	tar_row "$inputs/compact/in" -T2
	whole_job_row "$inputs/compact/in"
	measure_all
}

part_verify()
{
	local bundle=$work/verify.tar.zst j
	input compact responses compact "$mb"
	"$callroll" archive -q -o "$bundle" "$inputs/compact/in" || die "archive failed"
	table "verify: a bundle of $(megabytes "$(stat -c %s "$bundle")") MB from $what"
	for j in 1 2; do
		row "callroll verify -j$j" "digests, structure, index" \
			"$callroll" verify -q -j$j "$bundle"
	done
	! has zstd || row "zstd -t" "checksums of frames" zstd -q -t "$bundle"
	measure_all
	rm "$bundle"
}

part_small()
{
	input small small_files "$small"
	table "small files, archive: $what"
	archive_row 2 "$inputs/small/in"
	archive_row 1 "$inputs/small/in"
	tar_row "$inputs/small/in" -T2
	measure_all
	# Names of so many files do not fit a command line: the folder is read.
	files=("$inputs/small/in")
	table "small files, validate: $what"
	validate_row 1
	validate_row 2
	measure_all
}

part_huge()
{
	input huge one_response "$mb"
	table "one huge response, validate: $what"
	validate_row 1
	validate_row 2
	parser_rows
	schema_rows
	duckdb_row 1
	measure_all
	table "one huge response, archive: $what"
	archive_row 2 "$inputs/huge/in"
	archive_row 1 "$inputs/huge/in"
	tar_row "$inputs/huge/in" -T2
	measure_all
}

part_history()
{
	input history polled "$mb"
	table "a polled history, 1 recipient in 100 changes: $what"
	archive_row 2 "$inputs/history/in"
	archive_row 1 "$inputs/history/in"
	tar_row "$inputs/history/in" -T2
	tar_row "$inputs/history/in" -T2 --long=27
	measure_all
}

# room_for GB: is there room for its bundle, and for what archive sorts on disk?
room_for()
{
	local free
	free=$(df -Pk "$work" | awk 'NR == 2 { print $4 }')
	awk -v size="$1" -v free="$free" 'BEGIN { exit size * 1e9 / 4 >= free * 1024 }' && return
	echo "bench: no room for a bundle of $1 GB in $work" >&2
	return 1
}

# The input comes through a pipe, from the generator: `s` is at least its time, `CPU s` callroll's own.
part_growth()
{
	local size number one stream
	one=$(($(each) * recipients))
	for command in validate archive; do
		table "growth, $command -: responses of $(count "$recipients") recipients in a pipe"
		for size in $sizes; do
			number=$(awk -v s="$size" -v one=$one 'BEGIN { printf "%d", s * 1e9 / one + 1 }')
			bytes=$(awk -v n="$number" -v one=$one 'BEGIN { printf "%.0f", n * one }')
			stream="$(printf %q "$gen/generate") --usual --recipients $recipients"
			stream+=" --responses $number"
			if [ $command = validate ]; then
				feed=$stream row "callroll validate -, $size GB" \
					"the model, all errors, places" "$callroll" validate -q -
			elif room_for "$size"; then
				output=$work/callroll.tar.zst feed=$stream \
					row "callroll archive -, $size GB" \
					"checks, normal form, digests, index" "$callroll" \
					archive -q -o "$work/callroll.tar.zst" -
			fi
		done
		measure_all
	done
}
