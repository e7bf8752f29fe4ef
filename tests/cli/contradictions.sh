#!/usr/bin/env bash
# contradictions.sh: the audit rules within one response, as validate and archive tell them. What
# each of them says exactly, and what it nearly says, is in tests/unit/test_within.c.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# Each line: a rule; what is replaced in the base; by what. The mark @@ is where the finding stands.
cases='count-mismatch|"total_calls_scheduled":1|"total_calls_scheduled":@@2
status-conflict|"status":"completed"|"status":@@"pending"
time-order|"updated_at_unix":1770000100|"updated_at_unix":@@1770009001
time-unit|"created_at_unix":1770000000|"created_at_unix":@@1770000000000
duplicate-recipient|}}}]|}}},{"id":@@"rcp_1","whatsapp_user_id":"w"}]
duplicate-phone|}}}]|}}},{"phone_number":@@"1 202 555 0100"}]
duplicate-conversation|}}}]|}}},{"conversation_id":@@"conv_1","whatsapp_user_id":"w"}]
unreachable|"recipients":[|"recipients":[@@{"phone_number":"","whatsapp_user_id":null},
no-conversation|"status":"failed"|"conversation_id":@@"","status":"completed"
no-caller|"phnum_1"|@@null'

each_rule()
{
	local rule from to text count=0
	while IFS='|' read -r rule from to; do
		text=$(swap "$from" "$to")
		# each is judged alone, so that one change may cause another finding
		printf '%s' "${text/@@/}" >case.json
		text=${text%%@@*}
		"$CALLROLL" validate -q --format ndjson --strict case.json |
			jq -c "select(.rule == \"$rule\") | .offset" >found || true
		[ "$(cat found)" = ${#text} ] || fail "$rule: $(cat found) and not ${#text}"
		"$CALLROLL" validate -q --format ndjson -W "$rule=off" case.json |
			jq -c "select(.rule == \"$rule\")" >found || true
		[ ! -s found ] || fail "$rule is not off"
		count=$((count + 1))
	done <<<"$cases"
	[ $count = 10 ] || fail "$count rules"
}
check "each rule, at its place, and off" each_rule

only_warnings()
{
	swap '"phnum_1"' null >case.json
	run "$CALLROLL" validate case.json
	expect_status 0
	run "$CALLROLL" validate --strict case.json
	expect_status 1
	run "$CALLROLL" validate -W no-caller=error case.json
	expect_status 1
	run "$CALLROLL" validate -W no-caller=off case.json
	expect_stdout_empty
}
check "they are warnings, unless somebody wants more" only_warnings

names_of_files()
{
	mkdir btcal_7
	capture 1 >btcal_7/btcal_2.json
	(cd btcal_7 && tar -cf ../btcal_1.tar btcal_2.json && tar -cf ../btcal_3.tar \
		--transform s/btcal_2/btcal_1/ btcal_2.json)
	capture 1 | gzip >x-btcal_1-btcal_5.json.gz
	{
		capture 1
		capture 4
	} >btcal_4.ndjson
	findings btcal_7 btcal_1.tar btcal_3.tar x-btcal_1-btcal_5.json.gz btcal_4.ndjson >found
	printf '%s\n' 'btcal_7/btcal_2.json#1:1:7 id-mismatch /id' \
		'btcal_1.tar:btcal_2.json#1:1:7 id-mismatch /id' \
		'btcal_4.ndjson#1:1:7 id-mismatch /id' >expected
	expect_same expected found
	"$CALLROLL" validate -q - <btcal_7/btcal_2.json >found
	[ ! -s found ] || fail "standard input has no name"
}
check "the name of a file, or of a member, and not of folders" names_of_files

# What callroll says of correct batches, as they are polled until they end: nothing.
correct_batches()
{
	local options
	for options in "--responses 100 --recipients 60" "--responses 100 --captures 10 --recipients 40" \
		"--responses 60 --captures 20 --recipients 30 --changes 1/4" \
		"--responses 2 --recipients 75000" "--responses 20 --recipients 0"; do
		# shellcheck disable=SC2086
		"$gen/generate" --seed 5 $options >correct.ndjson
		run "$CALLROLL" validate -q correct.ndjson
		expect_stdout_empty
		expect_status 0
	done
}
check "of correct batches nothing is said" correct_batches

# The same findings for every way to write the same values, at their own places.
other_spellings()
{
	local style
	for style in compact pretty escaped shuffled; do
		"$gen/generate" --seed 3 --responses 20 --recipients 30 --odd 1/5 --errors 1/9 \
			--style $style >$style.json
		"$CALLROLL" validate -q --format ndjson --max-findings 1000 $style.json |
			jq -c '[.response, .rule, .pointer, .message]' | sort >$style.found || true
		expect_same compact.found $style.found
	done
	for rule in time-unit count-mismatch unreachable; do
		grep -q "\"$rule\"" compact.found || fail "no $rule"
	done
}
check "spelling and order of members do not matter" other_spellings

in_a_bundle()
{
	capture 1 '"phnum_1"' null >in.ndjson
	capture 2 >>in.ndjson
	capture 3 '"updated_at_unix":1770000100' '"updated_at_unix":0' >>in.ndjson
	archive 0 a.tar.zst in.ndjson
	[ "$(lines findings a.tar.zst | jq -c '[._response, .rule]' | tr -d '\n')" = \
		'[1,"no-caller"][3,"time-unit"]' ] || fail "$(lines findings a.tar.zst)"
	[ "$(lines responses a.tar.zst | jq -c ._findings | tr -d '\n')" = \
		'{"no-caller":1}{}{"time-unit":1}' ] || fail "$(lines responses a.tar.zst)"
}
check "a bundle has them, with the response that each is about" in_a_bundle

# An id that stands behind the recipients: they are read a second time.
read_twice()
{
	local text
	text=$(swap '"id":"btcal_1",' '' | sed 's/}$/,"id":"btcal_1"}/; s/}}}\]/}}},{"id":"rcp_1","status":"failed","created_at_unix":1770000000,"updated_at_unix":1770000100,"phone_number":"+1"}]/')
	printf '%s\n' "$text" >late.json
	archive 0 late.tar.zst late.json
	[ "$(lines findings late.tar.zst | jq -c .rule | grep -c duplicate-recipient)" = 1 ] ||
		fail "$(lines findings late.tar.zst)"
}
check "what is read twice is told once" read_twice

# The examples of explain: what is shown is what is said.
examples()
{
	local rule
	PATH=$(dirname "$CALLROLL"):$PATH
	"$CALLROLL" explain | grep -oE '^[a-z-]+' >rules
	while read -r rule; do
		"$CALLROLL" explain "$rule" | sed '/^Where the/,$d' | sed -n 's/^    //p' >example
		# a script that prints what the example prints
		awk '/^\$ cat / { if (text) print "END"; print "cat >" $3 " <<\\END"; text = 1; next }
			/^\$ / { if (text) print "END"; text = 0; print substr($0, 3); next }
			text { print }' example >script
		awk '/^\$ / { text = /^\$ cat / ; next } !text' example >expected
		bash script >said 2>/dev/null || true
		[ "$(tr -s ' \n' ' ' <expected)" = "$(tr -s ' \n' ' ' <said)" ] ||
			fail "$rule: $(cat said)"
		[ -s said ] || fail "$rule: no example"
	done <rules
}
check "the examples of explain print what they say" examples
