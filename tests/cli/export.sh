#!/usr/bin/env bash
# export.sh: what is in bundles, for other programs: read back by Python's csv module and by SQLite.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# What depends on the machine.
no_size='s/   [0-9.]* [KMG]*B, /   SIZE, /; s/, [0-9.]* s$/, TIME/'

# bundle NAME FILE...: findings do not matter here.
bundle()
{
	local name=$1
	shift
	"$CALLROLL" archive -q -o "$name" "$@" || (($? == 1)) || fail "no bundle"
}

# export ARGUMENT...: which must succeed
export_()
{
	run "$CALLROLL" export "$@"
	expect_status 0
}

# back WHAT FILE...: see export.py
back()
{
	need python3
	python3 "$here/export.py" "$@" || fail "it is not read back as it was"
}

need_sqlite()
{
	need python3 sqlite3
	run "$CALLROLL" export --format sqlite nothing.tar.zst
	! grep -q 'without SQLite' "$err" || skip "built without SQLite"
}

# recipient N STATUS [JQ]
recipient()
{
	jq -c --arg n "$1" --arg status "$2" ".recipients[0] | .id = \"rcp_\" + \$n | .status = \$status |
		.phone_number = \"+4915100000\" + \$n | ${3:-.}" <<<"$base"
}

# poll FILE BATCH TIME JQ RECIPIENT...: a capture of the batch; JQ changes it.
poll()
{
	local file=$1 batch=$2 time=$3 change=$4
	shift 4
	printf '%s\n' "$@" | jq -sc --argjson base "$base" --arg batch "btcal_$batch" --argjson time "$time" \
		". as \$r | \$base | .id = \$batch | .last_updated_at_unix = \$time | .recipients = \$r | $change" >"$file"
}

# --- the samples ---

cd "$top_srcdir" && bundle "$work/samples.tar.zst" samples
cd "$work" || exit 1
s=$work/samples.tar.zst

of_samples()
{
	export_ "$s"
	expect_stdout_is golden/export.csv
	expect_stderr_is golden/export.err "$no_size"
	cp "$out" x.csv
	export_ "$s" --format ndjson -q
	expect_stdout_is golden/export.ndjson
	expect_stderr_empty
	back same x.csv "$out"
	export_ "$s" --format csv -o y.csv
	expect_stdout_empty
	expect_same x.csv y.csv
	export_ "$s" -o -
	expect_same x.csv "$out"
	export_ "$s" --spreadsheet
	expect_stdout_is golden/export-spreadsheet.csv
}
check "the samples as CSV and NDJSON" of_samples

retry_of_samples()
{
	export_ --retry "$s"
	expect_stdout_is golden/export-retry.csv
	expect_stderr_is golden/export-retry.err "$no_size"
}
check "whom to call again, of the samples" retry_of_samples

# --- values ---

# Every value that is hard to carry, under names that are.
odd_capture()
{
	jq -c '.recipients = [.recipients[0] as $r |
		(["a,b", "say \"hi\"", "\"quoted\"", "line\nfeed", "CR\rLF\r\n", "\r", "\n", " spaces ", "tab\t", "\u0000",
		"before\u0000after", "\"\u0000\"", "\"\\u0000\"", "\"\\\\u0000\"", "\\u0000", "\"\\u0000", "007", "=1+1",
		"+4915123456789", "-5", "@x", "\t=x", "\r=x", "", "\u001f\u007f\u0085", "\u2028", "📞👩🏽‍🚀", "é", "null", "true",
		"{\"a\":1}", "\ufeff", "\\", "\\n", "'"'"'", ";"] | to_entries[] |
			$r + {id: "rcp_\(.key)", phone_number: .value, conversation_id: .value,
				conversation_initiation_client_data: {dynamic_variables: {v: .value, w: "w"}}}),
		([null, true, false, {}, [], {"b": ["\u0000", {"c": "\",\n"}]}, [1, null]] | to_entries[] |
			$r + {id: "rcp_v\(.key)", conversation_initiation_client_data: {dynamic_variables: {v: .value}}}),
		(["", "phone_number", "language", "a,b", "a.b", "A", "a", "\u0000", "x\ny", "\"", "\"\\u0000\"", "=n", "配送"] |
			$r + {id: "rcp_n", conversation_initiation_client_data: {dynamic_variables: (map({key: ., value: .}) | from_entries)}}),
		($r + {id: "rcp_0", conversation_initiation_client_data: null}),
		($r + {id: "rcp_1", conversation_initiation_client_data: {dynamic_variables: null, source_info: {source: "python_sdk"}}}),
		($r + {id: "rcp_2", conversation_initiation_client_data: {source_info: null}}),
		($r | del(.phone_number, .conversation_initiation_client_data, .whatsapp_user_id)),
		($r + {id: "rcp_3", status: 7, phone_number: 4915, created_at_unix: "soon", updated_at_unix: 1770000100000}),
		($r + {id: "rcp_4", created_at_unix: -1, updated_at_unix: 253402300800, "_x": 1, "new": [1]})] |
		.name = "n,\"\u0000\n" | ._y = {}' <<<"$base" >odd.json
	# digits that jq would change
	jq -c '.recipients |= [.[0] | .conversation_initiation_client_data.dynamic_variables = {a: "DIGITS"}]' <<<"$base" |
		sed 's/"DIGITS"/0.10,"b":-0.0,"c":1E2,"d":123456789012345678901234567890,"e":-5,"f":1e-7/; s/btcal_1/btcal_digits/' >digits.json
}

odd_values()
{
	odd_capture
	bundle odd.tar.zst odd.json
	export_ odd.tar.zst
	cp "$out" odd.csv
	back rows odd.json odd.csv
	export_ odd.tar.zst --format ndjson
	back same odd.csv "$out"
	bundle digits.tar.zst digits.json
	export_ digits.tar.zst -o digits.csv
	back rows digits.json digits.csv
	# Null is nothing, and the empty string is not.
	poll null.json 1 1777600000 . "$(recipient 1 failed '.conversation_initiation_client_data.dynamic_variables = {a: null, b: "", c: "x"}')" \
		"$(recipient 2 failed '.conversation_initiation_client_data.dynamic_variables = {c: 0}')"
	bundle null.tar.zst null.json
	export_ null.tar.zst
	[ "$(cut -d, -f18- "$out" | tr '\r\n' '| ')" = \
		'dynamic_variables.a,dynamic_variables.b,dynamic_variables.c| ,"",x| ,,0| ' ] || fail "$(cat "$out")"
	# No bare line feed ends a row, and there is no NUL.
	[ "$(tr -d '\0' <odd.csv | wc -c)" = "$(wc -c <odd.csv)" ] || fail "a NUL"
	[ "$(tail -c 2 odd.csv | od -An -tx1 | tr -d ' ')" = 0d0a ] || fail "no CR LF"
}
check "values and names that are hard to carry" odd_values

generated_values()
{
	"$gen/generate" --seed 5 --responses 6 --recipients 200 --odd 1/3 --errors 1/9 >odd.ndjson
	bundle x.tar.zst odd.ndjson
	export_ x.tar.zst -o x.csv
	export_ x.tar.zst --format ndjson -o x.ndjson
	[ "$(wc -l <x.ndjson)" = 1200 ] || fail "not all recipients"
	back same x.csv x.ndjson
	"$CALLROLL" list --format ndjson x.tar.zst | jq -r .id | while read -r id; do
		"$CALLROLL" show "$id" x.tar.zst >one.json
		export_ --batch "$id" x.tar.zst -o "one.csv" --force
		back rows one.json one.csv
	done
}
check "made-up values, against the responses themselves" generated_values

into_sqlite_by_csv()
{
	need sqlite3
	odd_capture
	bundle odd.tar.zst odd.json
	export_ odd.tar.zst -o odd.csv
	sqlite3 :memory: -cmd '.import --csv odd.csv t' -cmd '.mode json' 'SELECT * FROM t' >rows.json
	back import odd.csv rows.json
}
check "sqlite3 imports the CSV as Python reads it" into_sqlite_by_csv

safe_for_spreadsheets()
{
	odd_capture
	bundle odd.tar.zst odd.json digits.json
	export_ odd.tar.zst -o plain.csv
	export_ odd.tar.zst --spreadsheet -o safe.csv
	[ "$(head -c 3 safe.csv | od -An -tx1 | tr -d ' ')" = efbbbf ] || fail "no byte order mark"
	need python3
	python3 - <<-'END' || fail "not safe"
		import csv
		def rows(path, encoding):
		    with open(path, newline="", encoding=encoding) as f:
		        return list(csv.reader(f, strict=True))
		plain, safe = rows("plain.csv", "utf-8"), rows("safe.csv", "utf-8-sig")
		risky = 0
		for before, after in zip(plain, safe, strict=True):
		    for a, b in zip(before, after, strict=True):
		        if a[:1] in ("=", "+", "@", "\t", "\r", "\n") and a or a[:1] == "-" and b != a:
		            assert b == "'" + a, (a, b)
		            risky += 1
		        else:
		            assert a == b and a[:1] != "=", (a, b)
		assert risky > 10, risky
		cells = [c for row in safe for c in row]
		assert "'-5" in cells and "-5" in cells  # a text and a number
		assert "'+4915123456789" in cells
	END
}
check "--spreadsheet" safe_for_spreadsheets

on_a_terminal()
{
	need script
	poll a.json 1 1777600000 . "$(recipient 1 failed '.conversation_initiation_client_data.dynamic_variables = {a: "\u001b[31m\nx"}')"
	bundle x.tar.zst a.json
	script -qec "'$CALLROLL' export -q x.tar.zst" /dev/null >seen </dev/null
	grep -q '\\u{1b}' seen || fail "not escaped"
	! grep -q $'\x1b\\[31m' seen || fail "the terminal would obey"
	[ "$(wc -l <seen)" = 2 ] || fail "a line end in a cell"
}
check "nothing that a terminal obeys" on_a_terminal

# --- SQLite ---

database()
{
	need_sqlite
	odd_capture
	jq -c '.id = "btcal_odd"' odd.json >o.json
	"$gen/generate" --seed 3 --responses 24 --captures 8 --recipients 150 --odd 1/9 --errors 1/20 >polled.ndjson
	bundle x.tar.zst o.json polled.ndjson
	export_ x.tar.zst --format sqlite -o x.db
	export_ x.tar.zst --format ndjson -o x.ndjson
	back database x.db x.ndjson
	# every response, every state, every finding
	lines recipients x.tar.zst >states
	[ "$(sqlite3 x.db 'SELECT count(*) FROM states')" = "$(wc -l <states)" ] || fail "states"
	[ "$(wc -l <states)" -gt 1000 ] || fail "no history"
	[ "$(sqlite3 x.db 'SELECT count(*) || " " || sum(latest) FROM responses')" = "25 4" ] || fail "responses"
	[ "$(sqlite3 x.db 'SELECT count(*) FROM findings')" = "$(lines findings x.tar.zst | wc -l)" ] || fail "findings"
	# what was captured is there as it was
	sqlite3 x.db "SELECT json FROM states WHERE batch_id <> 'btcal_odd' ORDER BY state" >json
	jq -c 'select(._batch != "btcal_odd")' states |
		jq -c 'del(._batch, ._response) | (._captured // {}) + del(._captured)' | jq -cS . >wanted
	jq -cS . json | diff -q - wanted || fail "another recipient"
	sqlite3 x.db 'PRAGMA application_id; PRAGMA user_version' | tr '\n' ' ' >ids
	[ "$(cat ids)" = "$((0x63726c6c)) 1 " ] || fail "$(cat ids)"
	[ "$(sqlite3 x.db 'SELECT seal FROM bundles')" = "$("$CALLROLL" verify x.tar.zst | sed 's/.*seal //')" ] || fail "seal"
}
check "a database has everything, and the figures of a count" database

polled_history()
{
	need_sqlite
	poll 1.json 1 1777600000 . "$(recipient 1 pending)" "$(recipient 2 pending)"
	poll 2.json 1 1777600100 . "$(recipient 1 failed)" "$(recipient 2 pending)"
	poll 3.json 1 1777600200 . "$(recipient 2 completed)" "$(recipient 1 failed)"
	bundle x.tar.zst 3.json 1.json 2.json
	export_ x.tar.zst --format sqlite -o x.db
	sqlite3 x.db "SELECT recipient_id, s.status, number FROM states s JOIN responses ON response = first_response
		ORDER BY recipient_id, last_updated_at_unix" | tr '\n' ' ' >seen
	# the first response in the order of the inputs
	[ "$(cat seen)" = "rcp_1|pending|2 rcp_1|failed|1 rcp_2|pending|2 rcp_2|completed|1 " ] || fail "$(cat seen)"
	[ "$(sqlite3 x.db 'SELECT recipient_id, status FROM latest_states ORDER BY position' | tr '\n' ' ')" = \
		"rcp_2|completed rcp_1|failed " ] || fail "the latest states"
	export_ x.tar.zst --format ndjson
	[ "$(jq -r .recipient_id "$out" | tr '\n' ' ')" = "rcp_2 rcp_1 " ] || fail "the order"
}
check "states over a polled history" polled_history

# The SQL of the manual, one query after the other, in files q1, q2 ...
queries()
{
	awk '/^\.Ss export --format sqlite/ {on = 1} /^\.Sh/ {on = 0}
		on && /^\.Ed/ {inside = 0} inside {print > ("q" n)}
		on && /^\.Bd/ {inside = 1; n++}' "$top_srcdir/man/callroll.1"
	sed -i 's/\\(dq/"/g; s/\\(aq/'"'"'/g; s/\\e/\\/g' q*
	[ -s q6 ] || fail "the manual has fewer queries"
}

of_the_manual()
{
	local q
	need_sqlite
	queries
	poll a.json 9 1777600000 . "$(recipient 1 pending)" "$(recipient 2 completed)"
	bundle a.tar.zst a.json
	export_ "$s" a.tar.zst --format sqlite -o s.db
	for q in q?; do
		sqlite3 -bail s.db <"$q" >"$q.out" || fail "$q"
		echo "-- $q"
		cat "$q.out"
		[ -s "$q.out" ] || fail "$q finds nothing"
	done >all
	lib_is all golden/export-queries.out
}
check "the queries of the manual" of_the_manual

# --- which recipients ---

several_bundles()
{
	poll 1.json 1 1777600000 . "$(recipient 1 pending)" "$(recipient 2 pending)"
	poll 2.json 1 1777600100 . "$(recipient 1 failed)" "$(recipient 2 completed)"
	poll 3.json 2 1777600050 . "$(recipient 3 voicemail)"
	poll 4.json 1 1777600100 '.name = "again"' "$(recipient 1 completed)" "$(recipient 2 completed)"
	mkdir all
	bundle all/1.tar.zst 2.json 3.json
	bundle all/2.tar.zst 1.json
	export_ -q all -o a.csv
	[ "$(cut -d, -f8,11 a.csv | tail -n +2 | tr '\n' ' ')" = "rcp_1,failed rcp_2,completed rcp_3,voicemail " ] || fail "$(cat a.csv)"
	export_ -q all/2.tar.zst all/1.tar.zst -o b.csv
	expect_same a.csv b.csv
	# At the same time, the one that comes last.
	bundle all/3.tar.zst 4.json
	export_ -q all -o c.csv
	[ "$(cut -d, -f2,8,11 c.csv | tail -n +2 | tr '\n' ' ')" = "n,rcp_3,voicemail again,rcp_1,completed again,rcp_2,completed " ] ||
		fail "$(cat c.csv)"
	need_sqlite
	export_ all --format sqlite -o x.db
	export_ all --format ndjson -o x.ndjson
	back database x.db x.ndjson
	[ "$(sqlite3 x.db 'SELECT count(*) FROM states')" = 7 ] || fail "states of all bundles"
}
check "the same batch in several bundles" several_bundles

# chosen FORMAT-INDEPENDENT OPTIONS...: the ids
chosen()
{
	local ids
	export_ -q x.tar.zst --format ndjson "$@"
	ids=$(jq -r .recipient_id "$out" | tr '\n' ' ')
	export_ -q x.tar.zst "$@"
	[ "$(cut -d, -f8 "$out" | tail -n +2 | tr -d '\r' | tr '\n' ' ')" = "$ids" ] || fail "csv has others than ndjson: $*"
	if "$CALLROLL" export -q x.tar.zst --format sqlite --force -o x.db "$@" 2>/dev/null; then
		[ "$(sqlite3 x.db 'SELECT recipient_id FROM latest_states ORDER BY response, position' | tr '\n' ' ')" = "$ids" ] ||
			fail "sqlite has others than ndjson: $*"
	fi
	echo "$ids" | sed 's/rcp_//g; s/ $//'
}

filters()
{
	need sqlite3
	poll a.json 1 1777600000 . "$(recipient 1 pending '.updated_at_unix = 1777593600')" "$(recipient 2 failed '.updated_at_unix = 1777679999')" \
		"$(recipient 3 failed '.updated_at_unix = null')" "$(recipient 4 x 'del(.status)')"
	poll b.json 2 1777600000 . "$(recipient 5 failed '.updated_at_unix = 1777680000')" "$(recipient 6 completed)"
	poll c.json '"\u00e9' 1777600000 . "$(recipient 7 completed)"
	bundle x.tar.zst a.json b.json c.json
	[ "$(chosen)" = "1 2 3 4 5 6 7" ] || fail "all"
	[ "$(chosen --batch btcal_2)" = "5 6" ] || fail "a batch"
	[ "$(chosen --batch btcal_2 --batch 'btcal_"\u00e9')" = "5 6 7" ] || fail "two batches"
	[ "$(chosen --since 2026-05-01 --until 2026-05-01)" = "1 2" ] || fail "a day"
	[ "$(chosen --since 1777680000)" = 5 ] || fail "since"
	[ "$(chosen --until 2026-02-02T02:41)" = "4 6 7" ] || fail "until"
	[ "$(chosen --status failed)" = "2 3 5" ] || fail "a status"
	[ "$(chosen --status pending --status '' --batch btcal_1)" = "1 4" ] || fail "two of them"
	[ "$(chosen --status nothing)" = "" ] || fail "none"
	run "$CALLROLL" export --batch btcal_9 -o y.csv x.tar.zst
	expect_status 1
	expect_stderr_has '"btcal_9"'
	[ ! -e y.csv ] || fail "a file"
	run "$CALLROLL" export --since yesterday x.tar.zst
	expect_status 2
}
check "--batch, --since, --until and --status, in all formats" filters

of_a_batch_in_sqlite()
{
	need_sqlite
	poll a.json 1 1777600000 . "$(recipient 1 pending)"
	poll b.json 1 1777600001 . "$(recipient 1 failed)"
	poll c.json 2 1777600000 . "$(recipient 2 strange)"
	bundle x.tar.zst a.json b.json c.json
	export_ x.tar.zst --format sqlite --batch btcal_1 --status nobody -o x.db
	[ "$(sqlite3 x.db 'SELECT (SELECT count(*) FROM responses), (SELECT count(*) FROM states),
		(SELECT count(*) FROM recipients), (SELECT count(*) FROM findings WHERE batch_id <> '\''btcal_1'\''), recipients FROM outcomes')" = "2|2|0|0|0" ] ||
		fail "more than the batch"
}
check "a database of one batch" of_a_batch_in_sqlite

# --- the next batch ---

whom_to_call()
{
	local v='.conversation_initiation_client_data'
	poll a.json 1 1777600000 . "$(recipient 1 failed "$v.dynamic_variables = {first_name: \"Zoë, \\\"Z\\\"\", n: 0.5, ok: true, code: \"007\"}")" \
		"$(recipient 2 completed)" "$(recipient 3 voicemail "$v.conversation_config_override = {agent: {language: \"de\", prompt: {prompt: \"Be\\nbrief\"}}}")" \
		"$(recipient 4 in_progress "$v = null")" "$(recipient 5 cancelled)" "$(recipient 6 strange)" \
		"$(recipient 7 failed '.phone_number = null')" "$(recipient 8 failed '.phone_number = "none"')" \
		"$(recipient 9 failed "$v.dynamic_variables = {language: \"en\", phone_number: \"x\", tags: [\"a\"], deep: {}, nul: \"a\\u0000\", plan: \"\"}")"
	# Not ended: open ones go on.
	poll b.json 2 1777600000 '.status = "in_progress"' "$(recipient 10 pending)" "$(recipient 11 failed)"
	# The same number, newer and older, and in another spelling.
	poll c.json 3 1777600000 '.status = "cancelled"' "$(recipient 1 pending '.updated_at_unix = 1770000200')" \
		"$(recipient 3 failed '.updated_at_unix = 1770000050')" "$(recipient 12 failed '.phone_number = "+49 151 0000-011"')"
	bundle x.tar.zst a.json b.json c.json
	export_ --retry x.tar.zst -o r.csv
	lib_is r.csv golden/export-retry-odd.csv
	expect_stderr_is golden/export-retry-odd.err "$no_size"
	export_ -q x.tar.zst --format ndjson -o x.ndjson
	back upload r.csv x.ndjson
	export_ --retry -q --batch btcal_2 x.tar.zst
	expect_stderr_empty
	for wrong in --spreadsheet "--format ndjson" "--format sqlite -o y.db"; do
		# shellcheck disable=SC2086
		run "$CALLROLL" export --retry $wrong x.tar.zst
		expect_status 2
	done
}
check "--retry: who, which columns, and what is left out" whom_to_call

retry_is_the_query()
{
	need_sqlite
	queries
	"$gen/generate" --seed 11 --responses 12 --recipients 400 --errors 1/30 >many.ndjson
	"$gen/generate" --seed 12 --responses 9 --captures 3 --recipients 100 --odd 1/8 >polled.ndjson
	bundle x.tar.zst many.ndjson polled.ndjson
	export_ x.tar.zst --format sqlite -o x.db
	export_ x.tar.zst --format ndjson -o x.ndjson
	export_ x.tar.zst --retry -o r.csv
	back upload r.csv x.ndjson
	sqlite3 x.db <q6 >wanted
	python3 -c 'import csv; [print(row[0]) for row in list(csv.reader(open("r.csv", newline="", encoding="utf-8")))[1:]]' >seen
	(($(wc -l <wanted) > 100)) || fail "too few to be a test"
	diff wanted seen || fail "other people than the query finds"
}
check "--retry writes exactly whom the query of the manual finds" retry_is_the_query

# --- whole or not at all ---

files()
{
	run "$CALLROLL" export "$s" -o x.csv --format xml
	expect_status 2
	run "$CALLROLL" export "$s" --format sqlite
	expect_status 2
	echo old >x.csv
	run "$CALLROLL" export "$s" -o x.csv
	expect_status 2
	expect_stderr_has 'x.csv exists already'
	[ "$(cat x.csv)" = old ] || fail "it was written to"
	export_ "$s" -o x.csv --force
	[ "$(wc -l <x.csv)" -gt 20 ] || fail "it was not"
	cp "$s" b.tar.zst
	run "$CALLROLL" export "$s" -o b.tar.zst --force
	expect_status 2
	expect_stderr_has 'is a bundle'
	expect_same "$s" b.tar.zst
	run "$CALLROLL" export "$s" missing.tar.zst -o y.csv
	expect_status 2
	run "$CALLROLL" export "$s" -o nowhere/y.csv
	expect_status 2
	[ ! -e y.csv ] || fail "a file"
}
check "files are not replaced without --force, and bundles never" files

damaged_bundle()
{
	local format last
	"$gen/generate" --seed 2 --responses 3 --recipients 3000 >x.ndjson
	bundle x.tar.zst x.ndjson
	# A bit in the middle of the file: among the recipients.
	cp x.tar.zst bad.tar.zst
	"$gen/damage" flip 1 512 bad.tar.zst >/dev/null
	head -c -100 x.tar.zst >cut.tar.zst
	for format in csv ndjson sqlite; do
		for last in bad cut; do
			run "$CALLROLL" export --format $format "$s" $last.tar.zst -o out.$format
			grep -q 'without SQLite' "$err" && continue
			expect_status 3
			expect_stderr_has "$last.tar.zst"
		done
	done
	run "$CALLROLL" export --retry bad.tar.zst -o out.csv
	expect_status 3
	[ "$(find . -name 'out*' -o -name '.out*' | wc -l)" = 0 ] || fail "$(ls -a)"
}
check "of a damaged bundle nothing is exported" damaged_bundle

full_disk()
{
	local format
	"$gen/generate" --seed 2 --recipients 3000 >x.ndjson
	bundle x.tar.zst x.ndjson
	for format in csv ndjson sqlite; do
		run bash -c 'trap "" XFSZ; ulimit -f 100; exec "$CALLROLL" export --format '$format' -o out x.tar.zst'
		expect_status 2
		[ "$(find . -name 'out*' -o -name '.out*' | wc -l)" = 0 ] || fail "$format: $(ls -a)"
	done
	[ -c /dev/full ] || skip "there is no /dev/full"
	run sh -c "'$CALLROLL' export -q x.tar.zst >/dev/full"
	expect_status 2
	run bash -c 'set -o pipefail; "$CALLROLL" export -q x.tar.zst | head -n 1'
	expect_stderr_empty
}
check "a full disk leaves nothing, and a reader who leaves is no failure" full_disk

unwritable_folder()
{
	[ "$(id -u)" != 0 ] || skip "root may write everywhere"
	mkdir shut
	chmod a-w shut
	run "$CALLROLL" export "$s" -o shut/x.csv
	expect_status 2
}
check "a folder that cannot be written to" unwritable_folder

stopped()
{
	need_sqlite
	"$gen/generate" --seed 2 --responses 8 --recipients 10000 >x.ndjson
	bundle x.tar.zst x.ndjson
	"$CALLROLL" export --format sqlite -o out x.tar.zst 2>said &
	sleep 0.3
	kill -TERM $!
	wait $! && skip "it was too fast to be stopped"
	[ "$(find . -name 'out*' -o -name '.out*' | wc -l)" = 0 ] || fail "$(ls -a)"
	grep -q stopped said || fail "$(cat said)"
}
check "stopped by a signal, nothing is left" stopped
