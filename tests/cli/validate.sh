#!/usr/bin/env bash
# validate.sh: what validate prints, in which order, and its exit statuses.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# The time a run took.
no_time='s/, [0-9.]* s:/, TIME:/; s/, [0-9.]* s$/, TIME/'

# --- the samples ---

samples_as_text()
{
	cd "$top_srcdir"
	run "$CALLROLL" validate samples
	expect_status 1
	expect_stdout_is golden/samples.out
	expect_stderr_is golden/samples.err "$no_time"
}
check "the samples, as text" samples_as_text

samples_as_ndjson()
{
	cd "$top_srcdir"
	run "$CALLROLL" validate -q --format ndjson samples
	expect_status 1
	expect_stdout_is golden/samples.ndjson
	expect_stderr_empty
	[ "$(jq -c keys_unsorted "$out" | sort -u)" = \
		'["path","response","batch_id","rule","severity","pointer","line","column","offset","message"]' ] ||
		fail "the members are $(jq -c keys_unsorted "$out" | sort -u)"
}
check "the samples, as ndjson" samples_as_ndjson

good_samples()
{
	local file
	for file in "$samples"/*.json "$samples"/*.ndjson "$samples/polling"; do
		run "$CALLROLL" validate --strict "$file"
		expect_status 0
		expect_stdout_empty
	done
	for file in "$samples"/wrong/*.json; do
		run "$CALLROLL" validate "$file"
		expect_status 1
		(($(wc -l <"$out") == 1)) || fail "$file has $(wc -l <"$out") findings"
	done
}
check "nothing is wrong with good samples, one thing with each other" good_samples

names_only()
{
	cd "$samples"
	run "$CALLROLL" validate -l wrong completed.json
	expect_status 1
	printf '%s\n' wrong/*.json | cmp - "$out" || fail "not the paths"
	run "$CALLROLL" validate -l -0 wrong completed.json
	printf '%s\0' wrong/*.json | cmp - "$out" || fail "not the paths, with NUL"
	run "$CALLROLL" validate -l0q wrong completed.json
	printf '%s\0' wrong/*.json | cmp - "$out" || fail "not the paths, with NUL"
	run "$CALLROLL" validate -l completed.json
	expect_status 0
	expect_stdout_empty
	# A warning is no error; a path is printed once.
	{ capture 1 '"failed"' '"unheard-of"'; } >"$work/$lib_checks/warned.ndjson"
	{ capture 1 '"failed"' 7; capture 2; capture 3 '"failed"' 8; } >"$work/$lib_checks/twice.ndjson"
	cd "$work/$lib_checks"
	run "$CALLROLL" validate -l warned.ndjson twice.ndjson
	[ "$(cat "$out")" = twice.ndjson ] || fail "$(cat "$out")"
}
check "-l and -0: paths that have errors" names_only

summary_adds_up()
{
	run "$CALLROLL" validate "$samples"
	local line total=0 n
	line=$(grep -E '^[0-9,]+ inputs?,' "$err")
	for n in $(grep -oE '[0-9,]+ (clean|with|not)' <<<"$line" | tr -d , | grep -oE '^[0-9]+'); do
		total=$((total + n))
	done
	n=$(grep -oE '^[0-9]+' <<<"$line")
	((n == total)) || grep -qE "\b$total responses" <<<"$line" || fail "$line"
}
check "the summary adds up" summary_adds_up

# --- grouping ---

grouping()
{
	local types
	"$gen/generate" --recipients 300 --errors 1/1 >many.json
	types=$(jq '[.recipients[] | select(has("status"))] | length' many.json)
	run "$CALLROLL" validate many.json
	expect_status 1
	(($(grep -c '\[type\] /recipients/[0-9]*/status$' "$out") == 20)) || fail "not 20 of type"
	expect_stdout_has "  … and $((types - 20)) more at /recipients/*/status in this response [type]"
	expect_stdout_has "  … and $((280 - types)) more at /recipients/*/status in this response [required]"
	run "$CALLROLL" validate --max-findings 1 many.json
	expect_stdout_has "  … and $((types - 1)) more at /recipients/*/status in this response [type]"
	(($(wc -l <"$out") == 4)) || fail "$(wc -l <"$out") lines"
	run "$CALLROLL" validate --max-findings 1000 many.json
	expect_stdout_has_no "more"
	(($(wc -l <"$out") == 300)) || fail "$(wc -l <"$out") lines"
	run "$CALLROLL" validate --max-findings 0 many.json
	(($(wc -l <"$out") == 2)) || fail "$(wc -l <"$out") lines"
	expect_stdout_has "$types findings, the first one here [type] /recipients/*/status"
	run "$CALLROLL" validate --max-findings 5 --format ndjson many.json
	[ "$(jq -s "map(.more // 1) | add" "$out")" = 300 ] || fail "they do not add up to 300"
	[ "$(jq -c 'select(.more and .rule == "type") | [.pointer, .more]' "$out")" = \
		"[\"/recipients/*/status\",$((types - 5))]" ] || fail "the line that counts"
}
check "grouping: counts are exact" grouping

each_response_anew()
{
	{ "$gen/generate" --recipients 21 --errors 1/1 --responses 1 | sed 's/"status":[^,]*,//g; s/"agent_name"/"status":"completed",&/'; } >one
	cat one one >two.ndjson
	run "$CALLROLL" validate --max-findings 20 two.ndjson
	(($(grep -c '… and 1 more at ' "$out") == 2)) || fail "$(grep -c '… and' "$out") groups"
}
check "grouping: each response is counted anew" each_response_anew

frequent_enum_value()
{
	local i
	for i in 1 2 3 4; do
		capture $i '"twilio"' '"exotel"' >$i.json
	done
	run "$CALLROLL" validate .
	expect_status 1
	expect_stderr_has '"exotel" in 4 responses; to accept: -W enum='
}
check "the summary says how to accept a frequent value" frequent_enum_value

# --- severities ---

severities()
{
	capture 1 '"twilio"' '"exotel"' >error.json
	capture 2 '"failed"' '"unheard-of"' >warning.json
	capture 3 '"twilio"' '"twilio","timezone":"UTC"' >info.json
	status_is() { local n=$1; shift; run "$CALLROLL" validate "$@"; expect_status "$n"; }
	status_is 1 error.json
	expect_stdout_has ': error: '
	status_is 0 -W enum=warning error.json
	expect_stdout_has ': warning: '
	status_is 0 -W enum=info error.json
	expect_stdout_has ': info: '
	status_is 0 -W enum=off error.json
	expect_stdout_empty
	status_is 0 warning.json
	expect_stdout_has ': warning: '
	status_is 1 --strict warning.json
	expect_stdout_has ': error: '
	status_is 1 -Wenum=error warning.json
	status_is 0 --strict -W enum=off warning.json
	status_is 1 --strict -W enum=warning error.json
	status_is 0 --strict info.json
	expect_stdout_has ': info: '
	status_is 1 -W unknown-member=error info.json
	status_is 1 -W unknown-member=warning --strict info.json
	# The last one holds.
	status_is 0 -W enum=error -W enum=off error.json
}
check "-W and --strict" severities

# --- models ---

models()
{
	local m=$top_srcdir/tests/cases/models
	capture 1 '"failed"' '7' >a.json
	run "$CALLROLL" validate -W unknown-member=off --model "$m/openapi-3.0.json#/components/schemas/BatchCallDetail" a.json
	expect_status 0
	expect_stdout_empty
	capture 1 '"phone_number":"+12025550100"' '"phone_number":true' >b.json
	run "$CALLROLL" validate -W unknown-member=off --model "$m/openapi-3.0.json#/components/schemas/BatchCallDetail" b.json
	expect_status 1
	expect_stdout_has 'b.json:1:302: error: expected string or null, found boolean true [type] /recipients/0/phone_number'
	run "$CALLROLL" validate -W unknown-member=off --model "$m/openapi-3.1.json#/components/schemas/BatchCallDetail" a.json
	expect_status 1
	expect_stdout_has '[required] /recipients/0/name'
	# The built-in model, given as a file, says the same.
	"$CALLROLL" model >own.json
	cmp own.json "$top_srcdir/model/batch-call.schema.json" || fail "not the built-in model"
	"$CALLROLL" validate -q "$samples" >with || true
	run "$CALLROLL" validate -q --model own.json "$samples"
	expect_same with "$out"
}
check "--model: an OpenAPI file and a pointer into it" models

bad_models()
{
	local m=$top_srcdir/tests/cases/models
	capture 1 >a.json
	# refuses MODEL WORDS
	refuses()
	{
		run "$CALLROLL" validate --model "$1" a.json
		expect_status 2
		expect_stdout_empty
		expect_stderr_has "$2"
		(($(wc -l <"$err") == 1)) || fail "$(wc -l <"$err") lines of errors"
	}
	refuses missing.json "missing.json: No such file or directory"
	refuses "$m/openapi-3.0.json" "FILE#/components/schemas/BatchCallDetail"
	refuses "$m/openapi-3.0.json#/components/schemas/Nope" "there is nothing"
	echo '{"properties":{"a":{"patternProperties":{}}}}' >pattern.json
	refuses pattern.json 'pattern.json#/properties/a/patternProperties: the keyword "patternProperties"'
	echo '{"type":"objekt"}' >type.json
	refuses type.json 'type.json#/type: "objekt" is no JSON type'
	echo "{\"type\":\"object\",\"properties\":{\"a\":{\"\$ref\":\"#/x\"}}}" >ref.json
	refuses ref.json "ref.json#/properties/a/\$ref: refers to \"#/x\""
	echo '{"type":' >syntax.json
	refuses syntax.json 'syntax.json:2:0: is not JSON'
	echo 'openapi: 3.0.0' >yaml.json
	refuses yaml.json 'is not JSON'
	refuses . 'callroll: '
}
check "--model: what cannot be a model" bad_models

# --- inputs that are not there ---

missing_file()
{
	capture 1 '"failed"' 7 >a.json
	run "$CALLROLL" validate missing.json a.json
	expect_status 2
	expect_stderr_has "missing.json: No such file or directory"
	expect_stderr_has "1 unreadable"
	expect_stdout_has 'a.json:1:220: error: '
	run "$CALLROLL" validate -q missing.json
	expect_status 2
	expect_stderr_has "missing.json: No such file or directory"
}
check "a missing file does not hide the others" missing_file

unreadable_file()
{
	local -a nobody=()
	mkdir in in/folder
	capture 1 >in/a.json
	capture 2 '"failed"' 7 >in/b.json
	capture 3 >in/folder/c.json
	chmod 0 in/a.json in/folder
	if [ "$(id -u)" = 0 ]; then
		need setpriv
		nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
		"${nobody[@]}" test -r in/b.json -a -x "$CALLROLL" ||
			skip "nobody cannot read the build tree"
	fi
	run "${nobody[@]}" "$CALLROLL" validate in
	expect_status 2
	expect_stderr_has "in/a.json: Permission denied"
	expect_stderr_has "in/folder: Permission denied"
	expect_stderr_has "2 unreadable"
	expect_stdout_has "in/b.json:1:220: error: "
}
check "an unreadable file, an unreadable folder" unreadable_file

empty_folder()
{
	mkdir -p empty/folder other
	echo x >other/notes.txt
	run "$CALLROLL" validate empty
	expect_stdout_empty
	expect_stderr_has "empty"
	expect_status 1
	run "$CALLROLL" validate other
	expect_stderr_has "other"
	expect_status 1
	capture 1 >a.json
	run "$CALLROLL" validate empty a.json
	expect_stderr_has "empty"
}
check "an empty folder is said to be one" empty_folder

usage()
{
	# wrong WORDS ARGUMENT...
	wrong()
	{
		local words=$1
		shift
		run "$CALLROLL" "$@"
		expect_status 2
		expect_stdout_empty
		expect_stderr_has "$words"
		expect_stderr_has "callroll: "
	}
	wrong "a command is missing"
	wrong "there is no command 'frobnicate'" frobnicate
	wrong "usage: callroll validate" validate
	wrong "validate has no option --frobnicate" validate --frobnicate x
	wrong "validate has no option -x" validate -qx x
	wrong "-j takes" validate -j 0 x
	wrong "-j takes" validate -j two x
	wrong "-j needs a value" validate x -j
	wrong "--root needs a value" validate x --root
	wrong "--strict takes no value" validate --strict=yes x
	wrong "there is no rule 'frobnicate'" validate -W frobnicate=off x
	wrong "not 'sometimes'" validate -W type=sometimes x
	wrong "-W takes RULE=SEVERITY" validate -W type x
	wrong "not 'xml'" validate --format xml x
	wrong "--max-record takes" validate --max-record 12Q x
	wrong "--max-findings takes" validate --max-findings -1 x
	wrong "--root" validate --root /nonexistent x
	run "$CALLROLL" --version
	expect_status 0
	expect_stdout_has "callroll "
	run "$CALLROLL" --help
	expect_status 0
	expect_stdout_has "callroll validate"
	for command in validate archive list show verify model explain; do
		run "$CALLROLL" $command --help
		expect_status 0
		expect_stdout_has "callroll $command"
		expect_stderr_empty
	done
}
check "usage" usage

dashes()
{
	capture 1 '"failed"' 7 >-l
	run "$CALLROLL" validate -- -l
	expect_status 1
	expect_stdout_has "-l:1:220: error: "
	run "$CALLROLL" validate ./-l --max-findings=3
	expect_status 1
}
check "a file whose name is an option" dashes

# --- the streams ---

order_of_output()
{
	local i
	mkdir in
	for i in $(seq 200); do
		"$gen/generate" --seed "$i" --recipients $((i % 13 * i)) --errors 1/50 >"in/$i.json"
	done
	echo '{' >in/broken.json
	run "$CALLROLL" validate -j1 --format ndjson in
	cp "$out" one
	sed "$no_time" "$err" >one.err
	for i in 2 4 16; do
		run "$CALLROLL" validate -j$i --format ndjson in
		expect_same one "$out"
		sed "$no_time" "$err" | cmp - one.err || fail "another summary with -j$i"
	done
	jq -r .path one | uniq >paths
	LC_ALL=C sort -u paths | cmp - paths || fail "not in the order of the names"
	(($(wc -l <paths) > 100)) || fail "only $(wc -l <paths) paths"
}
check "the same output for any number of threads" order_of_output

closed_early()
{
	local i
	mkdir in
	for i in $(seq 50); do
		"$gen/generate" --seed "$i" --recipients 1000 --errors 1/1 >"in/$i.json"
	done
	echo 0 >status
	{
		"$CALLROLL" validate -q --max-findings 1000 in 2>errors || echo $? >status
	} | head -n 1 >first
	[ ! -s errors ] || fail "$(cat errors)"
	grep -q '^in/1.json:1:' first || fail "$(cat first)"
	(($(cat status) < 2)) || fail "status $(cat status)"
}
check "standard output that is closed early is no error" closed_early

full_output()
{
	[ -c /dev/full ] || skip "there is no /dev/full"
	capture 1 '"failed"' 7 >a.json
	run sh -c "'$CALLROLL' validate -q a.json >/dev/full"
	expect_status 2
	expect_stderr_has "cannot write standard output"
	run sh -c "'$CALLROLL' validate -q a.json >&-"
	expect_status 2
}
check "standard output that cannot be written is one" full_output

control_characters()
{
	local name
	name=$(printf 'a\xff\x01\n\e[31m\xe2\x80\xae')
	mkdir in
	swap '"twilio"' '"ex\u001b[31mo\ntel\u009b\u202e"' >"in/$name.json"
	swap '"x"' '"x","na\u001b[31mme":1' >>"in/$name.json"
	run "$CALLROLL" validate in
	expect_status 1
	clean()
	{
		! LC_ALL=C grep -q $'[\x01-\x08\x0b-\x1f\x7f]' "$1" || fail "a control character in $1"
		! grep -q $'[\u0080-\u009f\u202e\u2028]' "$1" || fail "a control character in $1"
		iconv -f UTF-8 -t UTF-8 "$1" >/dev/null || fail "$1 is not UTF-8"
	}
	clean "$out"
	clean "$err"
	(($(wc -l <"$out") == 2)) || fail "$(wc -l <"$out") lines"
	expect_stdout_has 'in/a%FF%01%0A%1B[31m'
	run "$CALLROLL" validate -l in
	clean "$out"
	run "$CALLROLL" validate "missing$name.json"
	clean "$err"
	(($(wc -l <"$err") == 2)) || fail "$(wc -l <"$err") lines of errors"
	run "$CALLROLL" validate --format ndjson in
	clean "$out"
	jq -e . "$out" >/dev/null || fail "not JSON"
}
check "control characters are shown escaped" control_characters

colour()
{
	need script
	capture 1 '"failed"' 7 >a.json
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip 'no terminal can be made here'
	on_terminal() { script -qec "$*" /dev/null </dev/null >screen || true; }
	on_terminal "'$CALLROLL' validate a.json"
	grep -q $'\e' screen || fail "no colour on a terminal"
	on_terminal "NO_COLOR=1 '$CALLROLL' validate a.json"
	grep -q 'error' screen || fail "nothing was said"
	! grep -q $'\e\[[0-9;]*m' screen || fail "colour in spite of NO_COLOR"
	run "$CALLROLL" validate a.json
	! grep -q $'\e' "$out" "$err" || fail "colour in a file"
}
check "colour only on a terminal, and never with NO_COLOR" colour

quiet()
{
	capture 1 '"failed"' 7 >a.json
	run "$CALLROLL" validate a.json
	cp "$out" loud
	[ -s "$err" ] || fail "no summary"
	run "$CALLROLL" validate -q a.json
	expect_same loud "$out"
	expect_stderr_empty
	expect_status 1
}
check "-q silences standard error and nothing else" quiet

explained()
{
	local rule
	run "$CALLROLL" explain
	expect_status 0
	grep -oE '^[a-z][a-z-]+' "$out" >rules
	grep -qx not-a-response rules || fail "not a list of rules"
	while read -r rule; do
		run "$CALLROLL" explain "$rule"
		expect_status 0
		expect_stdout_has "$rule"
	done <rules
	run "$CALLROLL" explain type enum
	expect_status 0
	run "$CALLROLL" explain frobnicate
	expect_status 2
}
check "explain: every rule" explained

explained_places()
{
	run "$CALLROLL" explain enum
	expect_status 0
	expect_stdout_has "    error    documented  /phone_provider"
	expect_stdout_has "    warning  observed    /recipients/*/status"
	run "$CALLROLL" explain syntax
	expect_stdout_has_no "rests on"
	# shellcheck disable=SC2016
	printf '%s' '{"type":"object","properties":{"a":{"$ref":"#"},"b":{"type":"array","minItems":1,
		"items":{"const":1,"x-callroll-severity":"info"}}}}' >m.json
	run "$CALLROLL" explain --model m.json items const
	expect_status 0
	expect_stdout_has "    error                /b"
	expect_stdout_has "    info                 /b/*"
}
check "explain: where the model has a rule, and what that rests on" explained_places
