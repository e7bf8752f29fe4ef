#!/usr/bin/env bash
# rules.sh: every rule of the model, one mistake at a time: what is said, and where to the byte.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# judged SEVERITY RULE POINTER MESSAGE TEXT [OPTION...]: TEXT, in which @@ marks the place, has exactly
# this finding. Line, column and offset are worked out from the mark.
judged()
{
	local severity=$1 rule=$2 pointer=$3 message=$4 text=$5 before line column offset
	local LC_ALL=C
	shift 5
	before=${text%%@@*}
	[[ $text != "$before" ]] || fail "no place is marked"
	printf '%s' "$before${text#*@@}" >case.json
	offset=${#before}
	line=${before//[!$'\n']/}
	line=$((${#line} + 1))
	column=${before##*$'\n'}
	column=$((${#column} + 1))
	jq -cn --arg severity "$severity" --arg rule "$rule" --arg pointer "$pointer" \
		--arg message "$message" \
		"[\$rule, \$severity, \$pointer, $line, $column, $offset, \$message]" >expected
	run "$CALLROLL" validate --format ndjson "$@" case.json
	LC_ALL=C.UTF-8 jq -c '[.rule, .severity, .pointer, .line, .column, .offset, .message]' \
		"$out" >found
	diff expected found || fail "$(head -n 1 found) is not $(cat expected)"
	expect_status "$([ "$severity" = error ] && echo 1 || echo 0)"
}

# accepted TEXT [OPTION...]: nothing is said about it.
accepted()
{
	printf '%s' "$1" >case.json
	shift
	run "$CALLROLL" validate "$@" case.json
	expect_stdout_empty
	expect_status 0
}

a=/recipients/0/conversation_initiation_client_data
v=$a/dynamic_variables

# syntax_is POINTER MESSAGE FROM TO: the base with FROM replaced.
syntax_is()
{
	judged error syntax "$1" "$2" "$(swap "$3" "$4")"
}

a_response_without_a_mistake()
{
	accepted "$base"
	accepted "$base"$'\n'
	accepted $' \t\r\n'"$base"$' \r\n\t'
}
check "a response without a mistake" a_response_without_a_mistake

syntax_of_structure()
{
	syntax_is /status "expected a value, found 'p'" '"completed"' '@@pending'
	syntax_is "" "expected a member's name in double quotes, found ','" '"x",' '"x",@@,'
	syntax_is "" "expected a member's name in double quotes, found '''" '"name"' "@@'name'"
	syntax_is /agent_name "expected ':', found '='" '"agent_name":' '"agent_name"@@='
	syntax_is "" "expected ',' or '}', found ']'" '"retry_count":0' '"retry_count":0@@]'
	syntax_is /recipients/1 "expected a value, found ']'" '}}}],' '}}},@@],'
	syntax_is $v "expected a member's name in double quotes, found '}'" '"b"' '"b",@@'
}
check "syntax: commas, colons, brackets" syntax_of_structure

syntax_of_values()
{
	local n=/created_at_unix f='"created_at_unix":1770000000' c='"created_at_unix":'
	syntax_is "" "expected ',' or '}', found '1'" "$f" "${c}0@@1"
	syntax_is "" "expected ',' or '}', found 'x'" "$f" "${c}0@@x10"
	syntax_is $n "expected a digit, found ','" "$f" "${c}1.@@"
	syntax_is $n "expected a digit, found ','" "$f" "${c}1e@@"
	syntax_is $n "expected a digit, found ','" "$f" "${c}1e+@@"
	syntax_is $n "expected a digit, found ','" "$f" "${c}-@@"
	syntax_is $n "expected a value, found '+'" "$f" "${c}@@+1"
	syntax_is $n "expected a value, found '.'" "$f" "${c}@@.5"
	syntax_is $n "expected a value, found 'N'" "$f" "${c}@@NaN"
	syntax_is $n "expected true, found ','" "$f" "${c}tru@@"
	syntax_is /name "no escape goes on like this in a string" '"n"' '"n\@@x"'
	syntax_is /name "the control character 0x09 must be escaped in a string" '"n"' $'"n@@\t"'
	syntax_is /name "the control character 0x0a must be escaped in a string \
(a line end: is the closing quote missing?)" '"n"' $'"n@@\n"'
}
check "syntax: numbers, words, strings" syntax_of_values

syntax_of_truncated_input()
{
	judged error syntax "" "the input ends where ',' or '}' was expected: it is truncated" \
		"${base%\}}@@"
	judged error syntax /retry_count "the input ends where a value was expected: it is truncated" \
		"${base%0\}}@@"
	judged error syntax "" "the input ends inside a string: it is truncated" \
		"${base%nt\":0\}}@@"
	judged error syntax $v/a "the input ends inside a string: it is truncated" "${base%%b\"\}*}@@"
}
check "syntax: a truncated response says so" syntax_of_truncated_input

lines_and_columns()
{
	jq . <<<"$base" >pretty
	judged error syntax /recipients/0/status "expected a value, found 'o'" \
		"$(sed 's/"failed"/@@over/' pretty)"
	judged error type /name "expected string, found integer 7" \
		"$(sed 's/"name": "n"/"name": @@7/; s/$/\r/' pretty)"
	# Columns count bytes, and what is not ASCII has several.
	judged error type /agent_name "expected string, found null" \
		"$(swap '"n"' '"né配📞"' | sed 's/"agent_name":"x"/"agent_name":@@null/')"
}
check "lines, and columns in bytes" lines_and_columns

encoding_bytes()
{
	local bytes
	for bytes in '\xff' '\xc3' '\xc0\x80' '\xe0\x80\x80' '\xed\xa0\x80' '\xf4\x90\x80\x80' \
		'\xf8\x88\x80\x80' '\x80' '\xe9'; do
		judged error encoding /name "the byte 0x${bytes:2:2} is not UTF-8 here" \
			"$(swap '"n"' "\"ab@@$(printf '%b' "$bytes")\"")"
	done
}
check "encoding: bytes that are not UTF-8" encoding_bytes

encoding_halves()
{
	local half="half of a surrogate pair: the escape stands for no character"
	judged error encoding /name "$half" "$(swap '"n"' '"ab@@\ud83d"')"
	judged error encoding /name "$half" "$(swap '"n"' '"ab@@\udc00"')"
	judged error encoding /name "$half" "$(swap '"n"' '"ab@@\ud83d\u0041"')"
	judged error encoding /name "$half" "$(swap '"n"' '"ab@@\udc00\ud83d"')"
	judged error encoding $v "$half" "$(swap '"a":"b"' '"@@\ud800":1')"
	accepted "$(swap '"n"' '"ab\ud83d\udcde"')"
}
check "encoding: half of a surrogate pair" encoding_halves

duplicate_members()
{
	twice() { echo "the member \"$1\" stands twice in this object"; }
	judged error duplicate-member /id "$(twice id)" "$(swap '"n"' '"n",@@"id":"btcal_2"')"
	judged error duplicate-member /recipients/0/id "$(twice id)" \
		"$(swap '"conv_1"' '"conv_1",@@"i\u0064":"x"')"
	judged error duplicate-member $v/a "$(twice a)" "$(swap '"b"' '"b",@@"\u0061":"b"')"
	judged error duplicate-member "$v/~1~0" "$(twice /~)" \
		"$(swap '"a":"b"' '"/~":1,"x":2,@@"\/~":3')"
	# Names are equal as bytes, not as a person sees them.
	accepted "$(swap '"a":"b"' $'"\u00e9":1,"e\u0301":2,"A":3,"a":4,"":5," ":6')"
}
check "duplicate-member: after escapes are resolved" duplicate_members

nested()
{
	local open close
	open=$(printf '[%.0s' $(seq "$1"))
	close=$(printf ']%.0s' $(seq "$1"))
	echo "$open$2$close"
}
depth()
{
	local zeros
	# The value of "a" is at depth 6 of 64.
	zeros=$(printf '/0%.0s' {1..59})
	run true
	judged error depth "$v/a$zeros" "nested deeper than --max-depth allows" \
		"$(swap '"b"' "$(nested 59 '@@[]')")" -W type=off
	accepted "$(swap '"b"' "$(nested 58 '[]')")" -W type=off
	accepted "$(swap '"b"' "$(nested 59 '7')")" -W type=off
	accepted "$(swap '"b"' "$(nested 5000 '')")" -W type=off --max-depth 10000
}
check "depth: 64 levels and no more" depth

too_large()
{
	local long
	long=$(printf 'x%.0s' {1..2000})
	printf '%s' "$(swap '"b"' "\"$long\"")" >case.json
	run "$CALLROLL" validate --max-record 1K --format ndjson case.json
	expect_status 1
	[ "$(jq -r '[.rule, .pointer] | @tsv' "$out")" = $'too-large\t/recipients/0' ] ||
		fail "$(cat "$out")"
	run "$CALLROLL" validate --max-record 4K case.json
	expect_status 0
	printf '%s' "$(swap '"n"' "\"$long\"")" >case.json
	run "$CALLROLL" validate --max-record 1K --format ndjson case.json
	expect_status 1
	[ "$(jq -r '[.rule, .pointer] | @tsv' "$out")" = $'too-large\t/name' ] ||
		fail "$(cat "$out")"
}
check "too-large: a recipient, a member" too_large

not_a_response()
{
	other() { judged error not-a-response "" "$1, not a batch" "$2"; }
	other 'an API error body (detail) "Agent not found"' '@@{"detail":"Agent not found"}'
	other 'an API error body (detail)' '@@{"detail":{"status":"invalid_api_key"}}'
	other 'an API error body (detail)' '@@{"detail":[{"loc":["path","batch_id"],"msg":"x"}]}'
	other 'a batch list (batch_calls)' '@@{"batch_calls":[],"next_doc":null,"has_more":false}'
	other 'a summary without recipients, as submitting, cancelling or retrying a batch answers' \
		'@@{"id":"btcal_1","name":"n","status":"pending"}'
	other 'a request that submits a batch (call_name)' \
		'@@{"call_name":"x","recipients":[{"phone_number":"+12025550100"}]}'
	other 'a wrapper written by another tool: what it holds is under /data' \
		"@@{\"success\":true,\"data\":$base}"
	other 'a wrapper written by another tool: what it holds is under /response' \
		"@@{\"response\":$base}"
	other 'an error report of another tool' '@@{"success":false,"error":{"code":1}}'
	other 'a conversation (transcript)' \
		'@@{"agent_id":"a","conversation_id":"c","transcript":[],"metadata":{}}'
	other 'another JSON object' '@@{"x":1}'
	other 'an empty object' '@@{}'
	other 'an empty array' '@@[]'
	other 'an array of something else' '@@[1,{"id":2}]'
	other 'a JSON number' '@@3'
	other 'a JSON string' '@@"x"'
	other 'a JSON null' '@@null'
	other 'an empty file' '@@'
	other 'an HTML page "502 Bad Gateway"' \
		$'@@<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head></html>\n'
	other 'a CSV table' $'@@phone_number,first_name\n+12025550100,Ada\n'
}
check "not-a-response: says what it is" not_a_response

white_space_is_an_empty_file()
{
	judged error not-a-response "" "an empty file, not a batch" $'@@ \n '
}
check "not-a-response: nothing but white space stands at its start" white_space_is_an_empty_file

required()
{
	missing() { judged error required "$1" "required member \"${1##*/}\" is missing" "$2"; }
	local name value
	for name in name agent_id created_at_unix last_updated_at_unix agent_name; do
		value=$(jq -c ".$name" <<<"$base")
		missing "/$name" "@@$(swap "\"$name\":$value," '')"
	done
	missing /status "@@$(swap '"status":"completed",' '')"
	missing /recipients/0/id "$(swap '{"id":"rcp_1",' '@@{')"
	missing /recipients/0/status "$(swap '{"id":"rcp_1","status":"failed",' '@@{"id":"rcp_1",')"
	missing /recipients/0/updated_at_unix \
		"$(swap '"updated_at_unix":1770000100,' '' "$(swap '{"id":"rcp' '@@{"id":"rcp')")"
}
check "required: the pointer names the member, the place is the object" required

several_required()
{
	printf '%s' "$(swap '"created_at_unix":1770000000,"updated_at_unix":1770000100,' '')" >case.json
	[ "$(findings case.json)" = "case.json#1:1:197 required /recipients/0/created_at_unix
case.json#1:1:197 required /recipients/0/updated_at_unix" ] || fail "$(findings case.json)"
}
check "required: each missing member is a finding" several_required

wrong_types()
{
	typed() { judged error type "$1" "expected $2" "$3"; }
	local s=/recipients/0/status
	typed $s "string, found integer 7" "$(swap '"failed"' '@@7')"
	typed $s "string, found number 1.5" "$(swap '"failed"' '@@1.5')"
	typed $s "string, found boolean true" "$(swap '"failed"' '@@true')"
	typed $s "string, found null" "$(swap '"failed"' '@@null')"
	typed $s "string, found an object" "$(swap '"failed"' '@@{"id":[1,{}]}')"
	typed /name "string, found an array" "$(swap '"n"' '@@[[],"n"]')"
	typed /retry_count 'integer, found string "0"' "$(swap 'retry_count":0' 'retry_count":@@"0"')"
	typed $a/conversation_config_override/tts/speed 'number or null, found string "1"' \
		"$(swap 'speed":1' 'speed":@@"1"')"
	judged warning type $v/a "expected string, number, boolean or null, found an array" \
		"$(swap '"b"' '@@["b"]')"
}
check "type: what stands there and what was expected" wrong_types

nullable()
{
	judged error type /recipients/0/phone_number "expected string or null, found integer 12" \
		"$(swap '"+12025550100"' '@@12')"
	judged error type /phone_number_id "expected string or null, found an object" \
		"$(swap '"phnum_1"' '@@{}')"
	judged error type /phone_provider "expected string or null, found integer 1" \
		"$(swap '"twilio"' '@@1')"
	judged error type /whatsapp_params "expected object or null, found an array" \
		"$(swap 'params":null' 'params":@@[]')"
	accepted "$(swap '"+12025550100"' null)" -W unreachable=off
	accepted "$(swap '"phnum_1"' null)" -W no-caller=off
	accepted "$(swap '"twilio"' null)"
	accepted "$(swap '"conv_1"' null)"
	accepted "$(swap '{"conversation_config_override":{"tts":{"speed":1}},' '{')"
	accepted "$(swap '{"tts":{"speed":1}}' null)"
}
check "type: a nullable member has one clean message" nullable

one_mistake_one_finding()
{
	judged error type /recipients "expected array, found an object" \
		"$(swap '"recipients":[' '"recipients":@@{},"whatsapp_params":null,"x":[' |
			sed 's/"whatsapp_params":null,"total/"total/')" -W unknown-member=off
	judged error type /recipients/0 "expected object, found integer 7" \
		"$(swap '[{"id":"rcp_1"' '[@@7,{"id":"rcp_1"')"
	judged error type /recipients/0 "expected object, found an array" \
		"$(swap '[{"id":"rcp_1"' '[@@[{"status":7}],{"id":"rcp_1"')"
	judged error type $a "expected object or null, found string \"x\"" \
		"$(swap '{"conversation_config_override":{"tts":{"speed":1}},"source_info":{"source":null},"dynamic_variables":{"a":"b"}}' '@@"x"')"
	# What is no response has no findings of the model, and what cannot be read only one.
	judged error not-a-response "" "an API error body (detail), not a batch" \
		'@@{"detail":[],"status":7,"x":"<string>"}'
}
check "type: nothing is said about what stands inside" one_mistake_one_finding

integers()
{
	local n
	for n in 1.0 1e0 10e-1 0 -0 0.0 1E+2 150e-1 1.50e1 1e400 0e-99999999999999999999 \
		123456789012345678901234567890 123456789012345678901234567890.000 \
		1e9999999999999999999999; do
		accepted "$(swap 'retry_count":0' "retry_count\":$n")"
	done
	for n in 1.5 1e-1 15e-1 0.1e0 123456789012345678901234567890.5 1e-9999999999999999999; do
		judged error type /retry_count "expected integer, found number $n" \
			"$(swap 'retry_count":0' "retry_count\":@@$n")"
	done
}
check "type: integers of any spelling and length" integers

enums()
{
	one_of() { judged "$1" enum "$2" "expected one of $3; found $4" "$5"; }
	one_of error /status "pending, in_progress, completed, failed, cancelled" '"paused"' \
		"$(swap '"completed"' '@@"paused"')"
	one_of error /status "pending, in_progress, completed, failed, cancelled" '"Completed"' \
		"$(swap '"completed"' '@@"Completed"')"
	one_of error /phone_provider "twilio, vobiz, sip_trunk, null" '"exotel"' \
		"$(swap '"twilio"' '@@"exotel"')"
	one_of warning /recipients/0/status "pending, dispatched, initiated, in_progress, completed, \
failed, cancelled, voicemail" '"no_answer"' "$(swap '"failed"' '@@"no_answer"')"
	accepted "$(swap '"completed"' '"\u0063ompleted"')"
	accepted "$(swap '"source":null' '"source":"whatsapp"')"
}
check "enum" enums

bounds()
{
	judged warning minimum /retry_count "expected at least 0, found integer -1" \
		"$(swap 'retry_count":0' 'retry_count":@@-1')"
	judged warning minimum /retry_count "expected at least 0, found integer -1e400" \
		"$(swap 'retry_count":0' 'retry_count":@@-1e400')"
	judged error length /id 'expected a string of at least 1 character, found ""' \
		"$(swap '"btcal_1"' '@@""')"
	judged error length /recipients/0/id 'expected a string of at least 1 character, found ""' \
		"$(swap '"rcp_1"' '@@""')"
}
check "minimum and length, in the built-in model" bounds

cat >"$work/model.json" <<'MODEL'
{
	"type": "object",
	"required": ["id", "recipients"],
	"properties": {
		"id": {"type": "string", "minLength": 1},
		"version": {"const": 1},
		"word": {"type": "string", "minLength": 2, "maxLength": 3},
		"count": {"type": "integer", "minimum": -5, "maximum": 10},
		"ratio": {"type": "number", "minimum": 0.1, "maximum": 1000},
		"list": {"type": "array", "minItems": 1, "maxItems": 2},
		"closed": {"type": "object", "properties": {"a": true}, "additionalProperties": false},
		"recipients": {
			"type": "array",
			"items": {"type": "object", "properties": {"id": {"type": "string"}}}
		}
	}
}
MODEL

# of_model SEVERITY RULE POINTER MESSAGE MEMBER
of_model()
{
	judged "$1" "$2" "$3" "$4" "{\"id\":\"x\",$5,\"recipients\":[]}" --model "$work/model.json"
}
model_bounds()
{
	of_model error const /version "expected 1; found integer 2" '"version":@@2'
	of_model error maximum /count "expected at most 10, found integer 11" '"count":@@11'
	of_model error maximum /count "expected at most 10, found integer 1000000000" '"count":@@1e9'
	of_model error minimum /count "expected at least -5, found integer -6" '"count":@@-6'
	of_model error minimum /ratio "expected at least 0.1, found number 0.09999999999999999999999" \
		'"ratio":@@0.09999999999999999999999'
	of_model error maximum /ratio "expected at most 1000, found number 1000.00000000000000000001" \
		'"ratio":@@1000.00000000000000000001'
	of_model error length /word 'expected a string of at least 2 characters, found "é"' \
		'"word":@@"é"'
	of_model error length /word 'expected a string of at most 3 characters, found "abcd"' \
		'"word":@@"abcd"'
	of_model error items /list "expected a list of at least 1 element, found 0" '"list":@@[]'
	of_model error items /list "expected a list of at most 2 elements, found 3" \
		'"list":@@[1,2,3]'
	for good in '"version":1.0' '"version":10e-1' '"count":10.0' '"count":-5' '"ratio":0.10' \
		'"ratio":1000.0' '"word":"é配📞"' '"word":"\ud83d\udcde\u00e9"' '"list":[{}]'; do
		accepted "{\"id\":\"x\",$good,\"recipients\":[]}" --model "$work/model.json"
	done
}
check "const, minimum, maximum, length, items: exactly as the model says" model_bounds

unknown_members()
{
	unknown() { echo "the model does not know the member \"$1\""; }
	judged info unknown-member /timezone "$(unknown timezone)" \
		"$(swap 'retry_count":0' 'retry_count":0,@@"timezone":"UTC"')"
	judged info unknown-member /recipients/0/x~1y~0z "$(unknown x/y~z)" \
		"$(swap '{"id":"rcp_1"' '{@@"x/y~z":[{"status":7}],"id":"rcp_1"')"
	of_model error unknown-member /closed/b "$(unknown b)" '"closed":{"a":1,@@"b":2}'
	# Free objects have no unknown members.
	accepted "$(swap '"a":"b"' '"anything at all":"b"')"
}
check "unknown-member" unknown_members

placeholder()
{
	local message="the documentation's own sample value \"<string>\""
	judged warning placeholder $v/a "$message" "$(swap '"b"' '@@"<string>"')"
	judged warning placeholder /agent_name "$message" "$(swap '"x"' '@@"\u003cstring>"')"
	accepted "$(swap '"b"' '"<string> "')"
}
check "placeholder" placeholder

secrets()
{
	judged warning secret /x-api-key \
		'a key or token was saved with the capture, as member "x-api-key"' \
		"$(swap 'retry_count":0' 'retry_count":0,@@"x-api-key":"sk_0123"')" -W unknown-member=off
	expect_stdout_has_no sk_0123
	printf 'HTTP/2 200 \r\nx-api-key: sk_0123\r\n\r\n%s' "$base" >case.json
	[ "$(findings case.json)" = "case.json#1:1:1 secret " ] || fail "$(findings case.json)"
	run "$CALLROLL" validate --format ndjson case.json
	expect_stdout_has_no sk_0123
	expect_stderr_has_no sk_0123
}
check "secret: the value is not repeated" secrets
