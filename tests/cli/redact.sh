#!/usr/bin/env bash
# redact.sh: --redact KEYFILE. Whatever is personal in the captures here holds a mark, ZQX in texts and
# 97700 in numbers, however it is spelled; so no output may hold one.
. "$(dirname "$0")/lib.sh"

need_tools()
{
	need jq python3
}

printf '0123456789abcdef0123456789abcdef' >key
printf '0123456789abcdef0123456789abcdeX' >key2
chmod 600 key key2
key=$work/key
key2=$work/key2

# --- captures full of marks ---

batch=btcal_6701k8rhhgr7fcnbj9fdsdtxnmnc
cat >"$work/marks.json" <<'EOD'
{"id":"btcal_6701k8rhhgr7fcnbj9fdsdtxnmnc","name":"May","agent_id":"agent_1","created_at_unix":1777909290,
"scheduled_time_unix":1777909290,"last_updated_at_unix":1777909299,"status":"completed","agent_name":"Bot",
"phone_number_id":"phnum_1","phone_provider":"twilio","whatsapp_params":{"whatsapp_phone_number_id":"w",
"later":"ZQX01"},"total_calls_dispatched":3,"total_calls_scheduled":3,"total_calls_finished":1,"retry_count":0,
"recipients":[
{"id":"ZQX02@example.org","status":"failed","created_at_unix":1777909290,"updated_at_unix":1777909291,
 "phone_number":"+49 (151) 97700-01","whatsapp_user_id":"4915197700-1","conversation_id":"conv_1",
 "conversation_initiation_client_data":{"conversation_config_override":{
  "turn":{"soft_timeout_config":{"message":"ZQX03","later":{"ZQX04":"ZQX05"}}},
  "tts":{"voice_id":"v","stability":0.5,"speed":1,"similarity_boost":1.0,"later":9770006},
  "conversation":{"text_only":true},
  "agent":{"first_message":"\u005aQX\u00307, \"q\",\n","language":"de","prompt":{"prompt":"ZQX08",
   "llm":"gpt","native_mcp_server_ids":["m1"],"later":["ZQX09",{"ZQX10":1}]}}},
  "custom_llm_extra_body":{"ZQX11":{"ZQX12":["ZQX13",9770014]}},"user_id":"ZQX15",
  "source_info":{"source":"twilio","version":"1","later":true,"last":"ZQX16"},
  "dynamic_variables":{"name":"ZQX17","n":9770018,"f":-97700.19e2,"yes":true,"none":null,"empty":"","nul":"ZQX\u0000",
   "list":["ZQX20"],"object":{"ZQX21":{"x":"ZQX22"}},"phone":"+4915197700-01","emoji":"ZQX\ud83d\ude00"}},
 "later":{"ZQX23":{"ZQX24":[["ZQX25"]]}},"_odd":"ZQX26","_odd2":{"ZQX27":9770028}},
{"id":"ZQX02@example.org","status":"voicemail","created_at_unix":1777909290,"updated_at_unix":1777909292,
 "phone_number":"0049151-97700-02","whatsapp_user_id":"ZQX29","conversation_id":"conv_1",
 "conversation_initiation_client_data":{"user_id":"ZQX30","dynamic_variables":{"name":"ZQX17"}}},
{"id":"rcp_6701k8rhhgr7fcnbj9fdsdtxnmnc","status":"completed","created_at_unix":1777909290,
 "updated_at_unix":1777909293,"phone_number":"+49 151 9770001","whatsapp_user_id":null,"conversation_id":"conv_3",
 "conversation_initiation_client_data":null}],
"timezone":"ZQX31","telephony_call_config":{"ZQX32":{"ZQX33":"ZQX34"}},"x-api-key":"ZQX35","_batch":"ZQX36"}
EOD

# Each scalar of it becomes another type in turn: a batch for each, in lines.
odd_types()
{
	jq -c --arg id "$batch" '. as $r | [paths(type != "object" and type != "array" and . != null)] as $all |
		$all | to_entries[] | .value as $p | ($r | getpath($p)) as $v | .key as $n |
		(if ($v | type) == "string" then 97700.5 else "ZQX50" end,
		 {ZQX51: "ZQX52", ZQX53: [9770054]}, ["ZQX55", {ZQX56: 1}]) as $new |
		$r | setpath($p; $new) |
		if $p == ["id"] then . else .id = "btcal_\($n)" end' "$work/marks.json" >odd.ndjson
	[ "$(wc -l <odd.ndjson)" -gt 100 ]
}

# no_marks FILE...: none of them holds one, in whatever spelling
no_marks()
{
	! grep -aEl 'ZQX|97700|977-00' "$@" || {
		grep -aE 'ZQX|97700|977-00' "$@" | head -c 2000
		fail "what is personal is printed"
	}
}

# silent ARGUMENT...: runs it and finds no mark in what it says
silent()
{
	run "$CALLROLL" "$@"
	((status < 2)) || {
		lib_show
		fail "status $status: $*"
	}
	no_marks "$out" "$err"
}

# The marks are really there.
without_redact()
{
	need_tools
	"$CALLROLL" archive -q -o x.tar.zst "$work/marks.json" || (($? == 1))
	run "$CALLROLL" show "$batch" x.tar.zst
	for n in $(seq -w 1 36); do
		grep -qE "ZQX$n|97700$n|97700[.-]$n" "$out" || case $n in
		07) grep -q 'ZQX07' "$out" ;;
		02 | 17 | 19 | 29 | 30) ;;
		*) fail "there is no mark $n" ;;
		esac
	done
	run "$CALLROLL" export x.tar.zst
	expect_stdout_has 'ZQX17'
	cp x.tar.zst "$work/marks.tar.zst"
}
check "without --redact all is there" without_redact

# --- every command ---

# every_command BUNDLE [N]: says nothing personal of it, and of N batches in it
every_command()
{
	local b=$1 format
	for format in csv ndjson; do
		silent export --redact "$key" --format "$format" "$b"
		[ -s "$out" ]
		silent export --redact "$key" --format "$format" --status failed --force -o "x.$format" "$b"
		no_marks "x.$format"
	done
	silent export --redact "$key" --spreadsheet "$b"
	silent export --redact "$key" --retry "$b"
	if "$CALLROLL" export -q --redact "$key" --format sqlite --force -o x.db "$b" 2>x.err; then
		no_marks x.db
	else
		grep -q 'without SQLite' x.err
	fi
	for format in text json csv html; do
		silent audit --redact "$key" --format "$format" "$b"
		[ -s "$out" ]
	done
	for format in text json; do
		silent audit --redact "$key" --drift --format "$format" "$b"
		[ -s "$out" ]
	done
	run "$CALLROLL" list "$b" # which does not redact
	while read -r id; do
		silent show --redact "$key" "$id" "$b"
		jq -e . "$out" >/dev/null
		silent show --redact "$key" --pretty "$id" "$b"
		for format in text ndjson; do
			silent history --redact "$key" --format "$format" "$id" "$b"
			silent find --redact "$key" --format "$format" -w "batch.id=$id" "$b"
			[ -s "$out" ]
		done
	done < <(cut -d' ' -f1 "$out" | grep btcal_ | head -n "${2:-1000}")
}

of_marks()
{
	need_tools
	every_command "$work/marks.tar.zst"
	for value in ZQX02@example.org +491519770001 conv_1 ZQX29 "$batch"; do
		for format in text ndjson; do
			silent find --redact "$key" --format "$format" "$value" "$work/marks.tar.zst"
			[ -s "$out" ]
			silent history --redact "$key" --format "$format" "$value" "$work/marks.tar.zst"
			[ -s "$out" ]
		done
	done
	printf '%s\n' +491519770001 ZQX98 9770099 >values
	silent find --redact "$key" -f values "$work/marks.tar.zst"
	expect_stderr_has 'not found: ~'
	silent find --redact "$key" ZQX98 "$work/marks.tar.zst"
	silent history --redact "$key" ZQX98 "$work/marks.tar.zst"
	expect_status 1
	silent find --redact "$key" --format ndjson -w status=completed "$work/marks.tar.zst"
	[ -s "$out" ]
	silent find --redact "$key" --format ndjson -w dynamic_variables.name=ZQX17 "$work/marks.tar.zst"
	[ -s "$out" ]
	silent audit --redact "$key" "$work/marks.json"
	silent audit --redact "$key" --drift "$work/marks.json"
}
check "no command prints what is personal" of_marks

of_odd_types()
{
	need_tools
	odd_types
	"$CALLROLL" archive -q -o odd.tar.zst odd.ndjson || (($? == 1))
	every_command odd.tar.zst 30
	silent audit --redact "$key" odd.ndjson
	for format in text ndjson; do
		silent validate --redact "$key" --format "$format" --max-findings 1 odd.ndjson
		silent validate --redact "$key" --format "$format" odd.ndjson
		expect_status 1
		expect_stdout_has 'type'
	done
	silent validate --redact "$key" --strict -l odd.ndjson
}
check "nor where a value of another type stands" of_odd_types

# What changes from capture to capture.
of_changes()
{
	need_tools
	jq -c '.recipients |= .[1:] | .last_updated_at_unix += 10 | .recipients[0].status = "pending" |
		.recipients[0].phone_number = "+49 151 9770077" | .recipients[0].later = "ZQX60" |
		.recipients[1].conversation_initiation_client_data = {dynamic_variables: {x: "ZQX61"}} |
		.timezone = "ZQX62" | .recipients += [.recipients[0] | .id = "ZQX63"] + [.recipients[0]]' \
		"$work/marks.json" >second.json
	"$CALLROLL" archive -q -o two.tar.zst "$work/marks.json" second.json || (($? == 1))
	every_command two.tar.zst
	silent history --redact "$key" --format ndjson ZQX02@example.org two.tar.zst
	[ "$(wc -l <"$out")" -ge 3 ]
	silent history --redact "$key" --format text +491519770077 two.tar.zst
	silent audit --redact "$key" two.tar.zst
	expect_stdout_has recipients-changed
	expect_stdout_has duplicate-recipient
}
check "nor in what changed" of_changes

# --- validate on what is broken ---

of_broken()
{
	need_tools
	local size format at
	mkdir broken
	size=$(wc -c <"$work/marks.json")
	for ((at = 1; at < size; at += 61)); do
		head -c "$at" "$work/marks.json" >"broken/cut$at.json"
		{
			head -c "$at" "$work/marks.json"
			printf '\377'
			tail -c "+$((at + 1))" "$work/marks.json"
		} >"broken/byte$at.json"
		{
			head -c "$at" "$work/marks.json"
			printf '}'
			tail -c "+$((at + 1))" "$work/marks.json"
		} >"broken/brace$at.json"
	done
	cat >broken/others.ndjson <<'EOD'
{"detail":"ZQX70 not found"}
{"detail":{"status":"x","message":"ZQX71"}}
{"detail":[{"loc":["ZQX72"],"msg":"ZQX73","type":"t"}]}
{"call_name":"ZQX74","recipients":[{"phone_number":"+499770075"}]}
{"success":true,"data":{"ZQX76":"ZQX77"}}
"ZQX78"
9770079
["ZQX80"]
{"agent_id":"a","conversation_id":"c","transcript":[{"message":"ZQX81"}]}
{"id":"b","recipients":[{"id":"i","later":{"ZQX82":1,"ZQX82":2}}],"unknown":{"ZQX83":{"ZQX84":1,"ZQX84":{}}}}
{"id":"b","recipients":[{"id":"i","status":{"ZQX85":1,"ZQX85":{"ZQX86":nul}}}]}
{"id":"b","recipients":[{"conversation_initiation_client_data":{"custom_llm_extra_body":{"ZQX87":{"x":tru}}}}]}
{"id":"b","recipients":[{"id":"\ud83dZQX88"},{"id":"ZQX89
{"id":"b","recipients":[{"id":""},"ZQX90",9770091,["ZQX92"]],"status":"completed"}
EOD
	printf '<html><head><title>ZQX93 and more</title></head></html>\n' >broken/page.json
	printf 'name,phone\nZQX94,+499770095\n' >broken/table.json
	printf 'HTTP/1.1 404 Not Found\r\nx-user: ZQX96\r\n\r\n{"detail":"ZQX97"}' >broken/curl.json
	for format in text ndjson; do
		silent validate --redact "$key" --format "$format" broken
		expect_status 1
		silent validate --redact "$key" --format "$format" --max-depth 8 --max-record 1K broken
	done
	expect_stdout_has depth
	silent validate --redact "$key" -W unknown-member=error --strict broken
	silent audit --redact "$key" broken
	# they would be printed
	run "$CALLROLL" validate broken
	for n in 70 71 82 84 85 93 97; do
		grep -q "ZQX$n" "$out" || fail "mark $n is nowhere"
	done
}
check "nor of what is broken" of_broken

# A vendor's model has no marks; one with more has more.
of_models()
{
	need_tools
	"$CALLROLL" model | jq 'walk(if type == "object" then del(.["x-callroll-personal"]) else . end) |
		del(.properties.phone_provider, .properties.agent_name) |
		.["$defs"].recipient.properties.later = {type: "object"} |
		.["$defs"].recipient.properties.phone_number.enum = ["x", null] |
		.["$defs"].recipient.properties.whatsapp_user_id.minLength = 30' >vendor.json
	silent validate --redact "$key" --model vendor.json "$work/marks.json"
	expect_stdout_has '; found "+49~'
	expect_stdout_has '[length]'
	silent audit --redact "$key" --drift --model vendor.json "$work/marks.json"
	silent audit --redact "$key" --drift --format json --model vendor.json "$work/marks.json"
	"$CALLROLL" archive -q --model vendor.json -o vendor.tar.zst "$work/marks.json" || (($? == 1))
	every_command vendor.tar.zst
	"$CALLROLL" model | jq '.properties.name["x-callroll-personal"] = true' >more.json
	jq '.name = "ZQX99"' "$work/marks.json" >named.json
	"$CALLROLL" archive -q --model more.json -o more.tar.zst named.json || (($? == 1))
	every_command more.tar.zst
}
check "nor by another model" of_models

# --- pseudonyms ---

same_everywhere()
{
	need_tools
	local b=$work/marks.tar.zst phone name
	"$CALLROLL" export -q --redact "$key" "$b" >x.csv
	"$CALLROLL" export -q --redact "$key" --format ndjson "$b" >x.ndjson
	"$CALLROLL" show --redact "$key" "$batch" "$b" >x.json
	"$CALLROLL" find --redact "$key" --format ndjson +491519770001 "$b" >x.find 2>/dev/null
	"$CALLROLL" history --redact "$key" --format ndjson conv_1 "$b" >x.history 2>/dev/null
	phone=$(jq -r '.recipients[0].phone_number' x.json)
	name=$(jq -r '.recipients[0].conversation_initiation_client_data.dynamic_variables.name' x.json)
	[[ $phone =~ ^\+49~[a-z2-7]{16}$ && $name =~ ^~[a-z2-7]{16}$ ]]
	# any spelling of one number; a text that is the number; one text in two recipients
	[ "$(jq -r '.recipients[2].phone_number' x.json)" = "$phone" ]
	[ "$(jq -r '.recipients[0].conversation_initiation_client_data.dynamic_variables.phone' x.json)" = "$phone" ]
	[ "$(jq -r '.recipients[1].conversation_initiation_client_data.dynamic_variables.name' x.json)" = "$name" ]
	for file in x.csv x.ndjson x.find x.history; do
		grep -qF "$phone" "$file"
		grep -qF "$name" "$file"
	done
	# it is what the manual says
	[ "$name" = "~$(python3 -c "
import base64, hmac
print(base64.b32encode(hmac.new(open('$key', 'rb').read(), b'ZQX17', 'sha256').digest()[:10]).decode().lower())")" ]
	# null and what is empty
	jq -e '.recipients[0].conversation_initiation_client_data.dynamic_variables |
		.none == null and .empty == ""' x.json >/dev/null
	# what is not personal
	jq -e '.name == "May" and .agent_name == "Bot" and .recipients[2].id == "rcp_6701k8rhhgr7fcnbj9fdsdtxnmnc" and
		.recipients[0].conversation_id == "conv_1" and
		.recipients[0].conversation_initiation_client_data.conversation_config_override.agent.language == "de"' \
		x.json >/dev/null
	if "$CALLROLL" export -q --redact "$key" --format sqlite -o x.db "$b" 2>/dev/null; then
		need sqlite3
		[ "$(sqlite3 x.db "SELECT count(*) FROM states WHERE phone_number = '$phone'")" = 2 ]
		[ "$(sqlite3 x.db "SELECT count(DISTINCT phone_digits) FROM states")" = 2 ]
	fi
}
check "a value has one pseudonym everywhere" same_everywhere

joins()
{
	need_tools
	need join
	"$CALLROLL" archive -q -o a.tar.zst "$work/marks.json" || (($? == 1))
	jq '.id = "btcal_other" | .recipients[0].phone_number = "0049 151 97700 02"' "$work/marks.json" >b.json
	"$CALLROLL" archive -q -o b.tar.zst b.json || (($? == 1))
	phones()
	{
		"$CALLROLL" export -q --redact "$1" --format ndjson "$2" | jq -r .phone_number | sort -u
	}
	phones "$key" a.tar.zst >a1
	phones "$key" b.tar.zst >b1
	phones "$key2" b.tar.zst >b2
	[ "$(wc -l <a1)" = 2 ]
	[ "$(join a1 b1 | wc -l)" = 2 ]
	[ "$(join a1 b2 | wc -l)" = 0 ]
}
check "two exports join under one key, and not under two" joins

# Whom to call again is the same with and without.
retries()
{
	need_tools
	"$CALLROLL" export -q --retry "$work/marks.tar.zst" >plain.csv
	"$CALLROLL" export -q --retry --redact "$key" "$work/marks.tar.zst" >redacted.csv
	[ "$(python3 -c 'import csv; print(len(list(csv.reader(open("plain.csv")))))')" = \
		"$(python3 -c 'import csv; print(len(list(csv.reader(open("redacted.csv")))))')" ]
}
check "--retry chooses the same recipients" retries

# --- key files ---

keys()
{
	local b=$work/marks.tar.zst
	printf '0123456789abcde' >short
	head -c 4097 /dev/zero >long
	for file in short long; do
		for command in "validate x" "export $b" "audit $b" "show $batch $b" "find x $b" "history x $b"; do
			# shellcheck disable=SC2086
			run "$CALLROLL" ${command%% *} --redact $file ${command#* }
			expect_status 2
			expect_stdout_empty
			expect_stderr_has 'head -c 32 /dev/urandom >key'
		done
	done
	run "$CALLROLL" export --redact nothing "$b"
	expect_status 2
	expect_stderr_has 'cannot open the key file nothing'
	cp "$key" open
	chmod 644 open
	run "$CALLROLL" export --redact open "$b"
	expect_status 0
	expect_stderr_has 'others may read this key'
	run "$CALLROLL" export -q --redact open "$b"
	expect_stderr_empty
	run "$CALLROLL" export --redact "$key" "$b"
	expect_stderr_has_no 'others may read'
	run "$CALLROLL" export --redact <(cat "$key") "$b"
	expect_status 0
	for command in find history; do
		run "$CALLROLL" $command --redact "$key" +49~abcdefghijklmnop "$b"
		expect_status 2
		expect_stderr_has 'leads back to nothing'
	done
	run "$CALLROLL" archive --redact "$key" -o x.tar.zst "$b"
	expect_status 2
	expect_stderr_has 'has no option --redact'
}
check "key files" keys
