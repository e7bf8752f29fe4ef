# shellcheck shell=bash
# tables.sh: one table of figures: `table`, then a `row` for each program, then `measure_all`, which runs
# them in turn and prints it. Sourced by run.sh.
callroll_failed=0

# table TITLE: begins one.
table()
{
	title=$1
	labels=() does=() sizes_of=() expected=() outputs=() feeds=() commands=()
}

# row LABEL DOES COMMAND...: a program, on $bytes of input. Before it, for this row only, may be set
#   expect=N      its exit status, if not 0        output=FILE   what it writes
#   feed=COMMAND  whose output it reads
row()
{
	labels+=("$1")
	does+=("$2")
	sizes_of+=("$bytes")
	expected+=("${expect:-0}")
	outputs+=("${output:-}")
	feeds+=("${feed:-}")
	shift 2
	commands+=("$(printf '%q ' "$@")")
}

# run_once I: leaves `took` and $status.
run_once()
{
	local output=${outputs[$1]} feed=${feeds[$1]}
	[ -z "$output" ] || rm -f "$output"
	status=0
	eval "${feed:+$feed |} $(printf %q "$gen/measure") took ${commands[$1]}" >out 2>err </dev/null || status=$?
}

# figure I ROUND: one run of one row, as table.awk reads it.
figure()
{
	local i=$1 size=- seconds kib cpu
	run_once "$i"
	if ((status != expected[i])); then
		echo "bench: $title: ${labels[i]}: status $status" >&2
		head -n 3 err >&2
		printf 'failed\t%s\t%s\n' $((i + 1)) "$status"
		return 1
	fi
	[ -z "${outputs[i]}" ] || size=$(stat -c %s "${outputs[i]}")
	read -r seconds kib cpu <took
	printf 'figure\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' $((i + 1)) "$2" "${sizes_of[i]}" \
		"$seconds" "$kib" "$cpu" "$size"
}

# measure_all: every row in turn, as often as is wanted; prints the table. A row that failed once is
# not run again.
measure_all()
{
	local i round
	local -A failed=()
	((${#labels[@]} > 0)) || return 0
	for i in "${!labels[@]}"; do
		printf 'row\t%s\t%s\t%s\n' $((i + 1)) "${labels[i]}" "${does[i]}"
	done >figures
	for ((round = 1; round <= runs; round++)); do
		for i in "${!labels[@]}"; do
			[ -z "${failed[$i]:-}" ] || continue
			[ ! -t 2 ] || printf '\r\033[K%s, %s/%s: %s' \
				"$title" "$round" "$runs" "${labels[i]}" >&2
			figure "$i" "$round" >>figures && continue
			failed[$i]=1
			[[ ${labels[i]} != callroll* ]] || callroll_failed=1
		done
	done
	[ ! -t 2 ] || printf '\r\033[K' >&2
	printf '\n### %s\n\n' "$title"
	awk -f "$bench/table.awk" figures
}
