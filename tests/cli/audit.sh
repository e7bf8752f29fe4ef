#!/usr/bin/env bash
# audit.sh: what became of every recipient: the report in its formats, what it is made from, filters,
# expected batches, damage.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# made_up: captures of five batches, three of each, some values strange, in m/*.ndjson; and b.tar.zst
made_up()
{
	mkdir m
	"$gen/generate" --seed 3 --recipients 40 --responses 6 --captures 3 --odd 1/15 >m/1.ndjson
	"$gen/generate" --seed 4 --recipients 30 --responses 9 --captures 3 --changes 1/3 >m/2.ndjson
	"$CALLROLL" archive -q -o b.tar.zst m || (($? == 1)) || fail "no bundle"
}

# audit STATUS ARGUMENT...
audit()
{
	local wanted=$1
	shift
	run "$CALLROLL" audit "$@"
	expect_status "$wanted"
}

# one STATUS UPDATED [JQ]: a capture of btcal_1 with one recipient; JQ changes it.
one()
{
	jq -c --arg s "$1" --argjson u "$2" \
		".recipients |= (.[:1] | .[0].status = \$s) | .last_updated_at_unix = \$u | ${3:-.}" <<<"$base"
}

samples_text()
{
	cd "$top_srcdir"
	audit 0 -q samples
	cd "$OLDPWD"
	expect_stdout_is golden/audit.txt
	expect_stderr_empty
}
check "the samples as text, in a pipe" samples_text

# on_terminal COLUMNS ARGUMENT...: what audit prints on a terminal, in `seen`.
on_terminal()
{
	local columns=$1
	shift
	TERM=xterm script -qec "stty cols $columns; $CALLROLL audit $*" /dev/null </dev/null >typescript
	tr -d '\r' <typescript >seen
}

# longest FILE: columns of the longest line; the samples' wide characters are those two.
longest()
{
	jq -R '(gsub("[^配送]"; "") | length) + length' "$1" | sort -n | tail -n 1
}

samples_terminal()
{
	need script stty
	"$CALLROLL" archive -q -o s.tar.zst "$samples" || (($? == 1))
	for columns in 60 80 120 200; do
		on_terminal "$columns" s.tar.zst
		lib_is seen "golden/audit-$columns.txt"
		[ "$(longest seen)" -le "$columns" ] || fail "wider than $columns columns"
		grep '^  cancelled\|^btcal.*cancelled' seen | grep -q '[█▒░]\{8\}' || fail "no bars of batches at $columns"
		LC_ALL=C on_terminal "$columns" s.tar.zst
		! grep -q '█' seen || fail "blocks without UTF-8"
	done
	for columns in 44 50 70 100 110 140; do
		on_terminal "$columns" s.tar.zst
		[ "$(longest seen)" -le "$columns" ] || fail "wider than $columns columns"
	done
}
check "the samples on terminals of several widths" samples_terminal

# Everything but the patch and the commands, which are there to be copied, fits.
drift_terminal()
{
	need script stty
	(cd "$top_srcdir" && "$CALLROLL" archive -q -o "$OLDPWD/s.tar.zst" samples) || (($? == 1))
	for columns in 60 80 120; do
		on_terminal "$columns" --drift s.tar.zst
		sed '/^This patch/,/^To use/d; /^    /d' seen >table
		[ "$(longest table)" -le "$columns" ] || fail "wider than $columns columns"
		grep -q '^value  /phone_provider ' seen || fail "WHERE is cut at $columns"
		grep -q 'wrong-enum\.json\|/phone_provider in s\.tar' seen || fail "no example at $columns"
	done
	on_terminal 80 --drift s.tar.zst
	! grep -q FIRST seen || fail "FIRST in little room"
}
check "what the model does not document, on terminals" drift_terminal

samples_json()
{
	cd "$top_srcdir"
	audit 0 -q --format json samples
	cd "$OLDPWD"
	jq . "$out" >seen
	lib_is seen golden/audit.json
}
check "the samples as JSON" samples_json

samples_csv()
{
	cd "$top_srcdir"
	audit 0 -q --format csv samples
	cd "$OLDPWD"
	[ "$(grep -c $'\r$' "$out")" = "$(wc -l <"$out")" ] || fail "a line does not end in CR LF"
	tr -d '\r' <"$out" >seen
	lib_is seen golden/audit.csv
}
check "the samples as CSV" samples_csv

# Every number of the CSV is in the JSON, in the same order.
csv_and_json()
{
	made_up
	audit 0 -q b.tar.zst --format json
	cp "$out" report.json
	audit 0 -q b.tar.zst --format csv
	jq -r '.statuses as $s | def row($g; $status): [$g, .key // .id // "", .name // "", $status,
		(.batches // 1), .recipients] + [.by_status[$s[].name]] +
		[.time_to_finish | .count, .median, .p90, .p99] | map(. // "" | tostring) | join("|");
		(.batches as $b | .all + {batches: $b} | row("all"; "")),
		(.by_batch[] | row("batch"; .status)), (.by_agent[] | row("agent"; "")),
		(.by_provider[] | row("provider"; "")), (.by_day[] | row("day"; ""))' report.json >wanted
	# A reader of RFC 4180: fields, quotes, and line feeds inside of them.
	tr -d '\r' <"$out" | jq -Rrs 'def fields: [scan("(?:\"((?:[^\"]|\"\")*)\"|([^,\"\n]*))(,|\n)")
		| {text: ((.[0] // .[1] // "") | gsub("\"\""; "\"")), end: (.[2] == "\n")}];
		fields | reduce .[] as $f ([[]]; .[-1] += [$f.text] | if $f.end then . + [[]] else . end) |
		.[1:-1][] | .[:-5] + .[-4:] | join("|")' >seen
	diff wanted seen || fail "CSV and JSON are not the same"
}
check "CSV read again has the figures of the JSON" csv_and_json

# What is the same whether captures or bundles are given.
figures()
{
	jq -S 'del(.bundles) | del(.by_batch[] | .bundle, .response) | del(.contradictions[] | .bundle, .response)' "$@"
}

captures_or_bundles()
{
	made_up
	audit 0 b.tar.zst --format json
	figures "$out" >wanted
	audit 0 m --format json
	figures "$out" >seen
	diff wanted seen || fail "captures and their bundle"
	piped='.by_batch[].source = "-" | .contradictions[] |= (.source = "-" | .line = 0)'
	cat m/1.ndjson m/2.ndjson | "$CALLROLL" audit --format json - | figures | jq -S "$piped" >seen
	diff <(jq -S "$piped" wanted) seen || fail "standard input"
	"$CALLROLL" archive -q -o 1.tar.zst m/1.ndjson || (($? == 1))
	audit 0 1.tar.zst m/2.ndjson --format json
	figures "$out" >seen
	diff wanted seen || fail "a bundle and captures"
	mkdir both
	cp m/2.ndjson 1.tar.zst both
	audit 0 both --format json
	jq -e '.bundles == 1' "$out" >jq.out
	figures "$out" | sed 's,both/2,m/2,' >seen
	diff wanted seen || fail "a folder with a bundle and captures"
	"$CALLROLL" archive -q -o 2.tar.zst m/2.ndjson || (($? == 1))
	mkdir bundles
	mv 1.tar.zst 2.tar.zst bundles
	audit 0 bundles --format json
	figures "$out" >seen
	diff wanted seen || fail "a folder of bundles"
	expect_stderr_empty
}
check "captures, a bundle of them, several bundles, and mixed: the same figures" captures_or_bundles

threads()
{
	made_up
	for format in text json csv; do
		audit 0 -j1 b.tar.zst m --format "$format"
		cp "$out" wanted
		for n in 2 4; do
			audit 0 -j"$n" b.tar.zst m --format "$format"
			expect_same "$out" wanted
		done
	done
}
check "the same for every number of threads" threads

# The latest capture is that of the greatest last_updated_at_unix, wherever it is.
latest()
{
	one completed 1770002000 >a.json
	one failed 1770003000 >b.json
	one pending 1770001000 >c.json
	"$CALLROLL" archive -q -o 1.tar.zst b.json || true
	"$CALLROLL" archive -q -o 2.tar.zst a.json c.json || true
	audit 0 1.tar.zst 2.tar.zst --format json
	jq -e '.all.recipients == 1 and .all.by_status.failed == 1 and .captures == 3 and
		.by_batch[0].bundle == "1.tar.zst" and .longest_gap.seconds == 1000' "$out" >jq.out || fail "not the latest"
	# Of equal ones the last.
	one completed 1770003000 >d.json
	audit 0 1.tar.zst d.json --format json
	jq -e '.all.by_status.completed == 1 and .by_batch[0].bundle == null' "$out" >jq.out || fail "not the last"
}
check "the latest capture of all bundles counts" latest

unknown()
{
	for s in calling calling no_answer x.y; do
		one "$s" 1770003000 ".id = \"btcal_$RANDOM$RANDOM\"" >>u.ndjson
	done
	one x 1770003000 '.id = "btcal_n" | .recipients[0].status = null' >>u.ndjson
	audit 0 u.ndjson --format json
	jq -e '.all.unknown == 5 and .all.by_status.calling == 2 and .all.by_status["x.y"] == 1 and
		.all.by_status[""] == 1 and [.statuses[8:][].name] == ["", "calling", "no_answer", "x.y"]' "$out" >jq.out ||
		fail "unknown statuses"
	audit 0 u.ndjson
	expect_stdout_has '! 5 recipients have a status that is none of the published ones'
	expect_stdout_has 'unknown: calling'
}
check "unknown statuses keep their own column" unknown

filters()
{
	made_up
	audit 0 b.tar.zst --format json
	cp "$out" all.json
	id=$(jq -r '.by_batch[2].id' all.json)
	audit 0 b.tar.zst --format json --batch "$id" --batch none
	jq -e --slurpfile all all.json '.by_batch == [$all[0].by_batch[2]] and .batches == 1 and
		.filtered + .all.recipients == $all[0].all.recipients and .filters == "--batch \(.by_batch[0].id) --batch none"' \
		"$out" >jq.out || fail "--batch"
	agent=$(jq -r '.by_agent[0].key' all.json)
	audit 0 b.tar.zst --format json --agent "$agent"
	jq -e --slurpfile all all.json '.by_agent == [$all[0].by_agent[0]]' "$out" >jq.out || fail "--agent"
	audit 0 b.tar.zst --format json --status failed --status voicemail
	jq -e --slurpfile all all.json '.all.recipients == ($all[0].all.by_status | .failed + .voicemail) and
		.all.by_status.failed == $all[0].all.by_status.failed' "$out" >jq.out || fail "--status"
	day=$(jq -r '.by_day[1].key' all.json)
	audit 0 b.tar.zst --format json --since "$day" --until "$day"
	jq -e --slurpfile all all.json 'def rest: del(.name); .by_day == [$all[0].by_day[1]]' "$out" >jq.out || fail "--since, --until"
	audit 1 b.tar.zst --batch none
	expect_stderr_has "there is no recipient to count: the filters leave none in"
	for wrong in "--since yesterday" "--until 2026-13-01" "--tz Nowhere" "--format xml"; do
		# shellcheck disable=SC2086
		audit 2 b.tar.zst $wrong
		expect_stdout_empty
	done
}
check "filters" filters

zones()
{
	# 2026-05-04 22:30 UTC
	one completed 1777939200 '.recipients[0].updated_at_unix = 1777933800' >a.json
	for zone in UTC +02:00 -23:00; do
		audit 0 a.json --format json --tz "$zone"
		jq -r '[.zone, .by_day[0].key] | @tsv' "$out"
	done >seen
	diff <(printf 'UTC\t2026-05-04\n+02:00\t2026-05-05\n-23:00\t2026-05-03\n') seen || fail "days"
}
check "days in a time zone; that of the machine plays no part" zones

# A zone that the system has, or not.
zone_of_system()
{
	"$CALLROLL" audit -q --tz "$1" "$2" >zone.out 2>&1 || skip "no time zone $1"
}

# The first and the last second of a day of 23 hours, and the seconds beside them.
days_of_a_zone()
{
	local day=2026-03-08 zone=America/New_York
	one completed 1773100000 >base.json
	jq -c '.recipients = [(1772945999, 1772946000, 1773028799, 1773028800) as $u | .recipients[0] |
		.id = "r\($u)" | .updated_at_unix = $u]' base.json >a.json
	zone_of_system "$zone" a.json
	audit 0 a.json --format json --tz "$zone" --since "$day" --until "$day"
	[ "$(jq -c '[.by_day[] | .key, .recipients]' "$out")" = "[\"$day\",2]" ] || fail "$zone"
	audit 0 a.json --format json --tz "$zone" --since "${day}T04:00Z" --until "${day}T05:00:00Z"
	[ "$(jq -c '[.by_day[].recipients]' "$out")" = '[1,1]' ] || fail "times that say their zone"
	audit 0 a.json --format json --since "$day" --until "$day"
	[ "$(jq -c '[.by_day[] | .key, .recipients]' "$out")" = "[\"$day\",2]" ] || fail "UTC"
	"$CALLROLL" archive -q -o z.tar.zst a.json || (($? == 1))
	id=$(jq -r .id a.json)
	run "$CALLROLL" show --at "$day" "$id" z.tar.zst
	expect_status 1
	run "$CALLROLL" show --at 2026-03-09T23:46:39 "$id" z.tar.zst
	expect_status 1
	run "$CALLROLL" show --at 2026-03-09T23:46:40 "$id" z.tar.zst
	expect_status 0
}
check "--since and --until are days of --tz; show --at is UTC" days_of_a_zone

many_statuses()
{
	one completed 1773100000 >base.json
	jq -c '.recipients = [range(13) as $i | range($i + 1) as $k | .recipients[0] |
		.id = "r\($i).\($k)" | .status = "odd \($i)"]' base.json >a.json
	audit 0 a.json
	grep -A 3 -F '10 more' "$out" && fail "a status too many"
	[ "$(grep -c 'unknown: odd' "$out")" = 10 ] || fail "not ten statuses"
	[ "$(grep 'unknown: odd' "$out" | head -n 1 | awk '{print $3, $4}')" = '12 13' ] || fail "not the most frequent first"
	grep -Eq '^and 3 more unknown statuses +6 +6\.6%' "$out" || fail "no sum"
	jq -c '.recipients |= map(select(.status != "odd 0" and .status != "odd 1"))' a.json >b.json
	audit 0 b.json
	[ "$(grep -c 'unknown: odd' "$out")" = 11 ] || fail "a sum of one"
}
check "of unknown statuses the most frequent, and the sum of the others" many_statuses

times()
{
	# updated - the later of created and scheduled; other units take no part
	one completed 1770009000 '.scheduled_time_unix = 1770000100 | .recipients[0] |=
		(.created_at_unix = 1770000000 | .updated_at_unix = 1770000160)' >a.json
	audit 0 a.json --format json
	jq -e '.all.time_to_finish | .count == 1 and .median == 60' "$out" >jq.out || fail "scheduled"
	for change in '.scheduled_time_unix = 1770000100000' '.recipients[0].updated_at_unix = 1770000160000' \
		'.recipients[0].created_at_unix = 0' '.recipients[0].status = "cancelled"' \
		'.recipients[0].updated_at_unix = 1770000099' 'del(.recipients[0].created_at_unix)'; do
		jq -c "$change" a.json >b.json
		audit 0 b.json --format json
		jq -e '.all.time_to_finish.count == 0' "$out" >jq.out || fail "$change"
	done
	jq -c '.scheduled_time_unix = null' a.json >b.json
	audit 0 b.json --format json
	jq -e '.all.time_to_finish.median == 160' "$out" >jq.out || fail "not scheduled"
}
check "time to finish, and when it is not known" times

expected()
{
	one completed 1770003000 >1.json
	one completed 1770003000 '.id = "btcal_2"' >2.json
	printf '# wanted\nbtcal_2\n\n  btcal_9  \r\nbtcal_8\n' >ids
	audit 1 1.json 2.json --expect ids
	expect_stdout_has '! 2 expected batches are missing'
	expect_stdout_has '! 1 batch was not expected'
	audit 1 1.json 2.json --expect - --format json <ids
	jq -e '.missing == ["btcal_8", "btcal_9"] and .unexpected == ["btcal_1"]' "$out" >jq.out || fail "JSON"
	printf 'btcal_2\n' | audit 0 2.json --expect - --format json
	jq -e '.missing == [] and .unexpected == []' "$out" >jq.out || fail "as expected"
	audit 0 2.json --format json
	jq -e '.missing == null' "$out" >jq.out || fail "not asked"
	audit 2 - --expect -
	audit 2 2.json --expect nowhere
}
check "--expect: missing and unexpected batches" expected

damaged()
{
	made_up
	"$gen/generate" --seed 9 --recipients 3000 --responses 3 >large.ndjson
	"$CALLROLL" archive -q -o l.tar.zst large.ndjson || (($? == 1))
	# In the middle of some frame of recipients.
	printf 'XXXX' | dd of=l.tar.zst bs=1 seek=$(($(stat -c %s l.tar.zst) / 2)) conv=notrunc status=none
	audit 3 l.tar.zst b.tar.zst --format json
	expect_stderr_has l.tar.zst
	jq -e '.batches == 8 and .all.recipients > 170 and .all.recipients < 9170' "$out" >jq.out ||
		fail "the rest was not counted"
	head -c 20000 b.tar.zst >cut.tar.zst
	mkdir folder
	cp cut.tar.zst b.tar.zst folder
	audit 3 folder --format json
	jq -e '.batches == 5' "$out" >jq.out || fail "the other bundle was not counted"
	expect_stderr_has "folder/cut.tar.zst"
}
check "damaged bundles are said, and the rest is counted" damaged

# says_damage ARGUMENT...: every format of the report says itself that not all could be read.
says_damage()
{
	audit 3 "$@"
	head -n 1 "$out" | grep -q '^! not all could be read: ' || fail "text does not begin with it"
	audit 3 "$@" --format csv
	sed -n 2p "$out" | grep -q '^not readable,' || fail "csv does not begin with it"
	audit 3 "$@" --format html
	grep -q '<div class=trouble' "$out" || fail "html does not say it"
	grep -q 'Looked for and not found' "$out" && fail "html says that all was looked for"
	audit 3 "$@" --format json
	jq -e '.damaged + .unreadable > 0 and .trouble_total > 0 and (.trouble | length) > 0' "$out" >jq.out ||
		fail "json does not say it"
}

# A changed byte anywhere: whatever is said to be damaged is said by the report, and no figure is
# of a part of a batch.
flipped()
{
	local size seen=0
	made_up
	audit 0 b.tar.zst --format json
	jq -c '[.by_batch[] | {id, recipients, by_status}]' "$out" >whole
	size=$(stat -c %s b.tar.zst)
	for part in $(seq 1 3 60); do
		cp b.tar.zst x.tar.zst
		printf '\377\000\377' | dd of=x.tar.zst bs=1 seek=$((size * part / 61)) conv=notrunc status=none
		run "$CALLROLL" audit x.tar.zst --format json
		((status == 3)) || continue
		seen=$((seen + 1))
		cp "$out" x.json
		jq -e '.damaged == 1 and .trouble_total > 0' x.json >jq.out || fail "part $part: not said"
		jq -e --slurpfile whole whole '.by_batch[] | . as $b | if .readable
			then $whole[0][] | select(.id == $b.id) | . == ($b | {id, recipients, by_status})
			else .recipients == null and .by_status == null and .open == null and .time_to_finish == null
			end' x.json >jq.out || [ "$(jq '.batches' x.json)" = 0 ] || fail "part $part: other figures"
		jq -e 'if all(.by_batch[]; .readable | not) then .all.recipients == null
			else .all.recipients == ([.by_batch[].recipients | values] | add) end
			or .batches == 0' x.json >jq.out || fail "part $part: another sum"
		says_damage x.tar.zst
	done
	((seen > 3)) || fail "nothing was damaged"
}
check "a changed byte: every format says what is missing, and no figure is of a part" flipped

not_readable()
{
	"$gen/generate" --seed 3 --recipients 60 --responses 3 >s.ndjson
	"$CALLROLL" archive -q -o s.tar.zst s.ndjson || (($? == 1))
	one completed 1770003000 >good.json
	# All recipients are in one frame, somewhere.
	size=$(stat -c %s s.tar.zst)
	cp s.tar.zst good.tar.zst
	for part in $(seq 1 40); do
		cp good.tar.zst s.tar.zst
		printf 'XXXX' | dd of=s.tar.zst bs=1 seek=$((size * part / 41)) conv=notrunc status=none
		run "$CALLROLL" audit s.tar.zst --format json
		! jq -e '.all.batches_not_readable == 3' "$out" >jq.out || break
	done
	says_damage s.tar.zst
	jq -e '.batches == 3 and .all.recipients == null and .all.batches_not_readable == 3 and
		.recipients_not_readable == 180 and all(.by_batch[]; .recipients == null and .readable == false)' "$out" >jq.out ||
		fail "json has figures"
	audit 3 s.tar.zst
	expect_stdout_has "! 3 batches are not readable, and in no figure: 180 recipients"
	expect_stdout_has "recipients: not readable"
	! grep -qw "0 recipients" "$out" || fail "text has 0 recipients"
	audit 3 s.tar.zst --format csv
	grep -Eq '^batch,[^,]*,[^,]*,completed,1,{14}.?$' "$out" || fail "csv has figures"
	audit 3 s.tar.zst --format html
	[ "$(grep -c 'colspan=9>not readable<' "$out")" -ge 3 ] || fail "html does not say it"
	expect_stdout_has_no ">0 recipients<"
	expect_stdout_has_no "What became of 0"
	# Beside what can be read, and with every filter.
	says_damage s.tar.zst good.json
	jq -e '.all.recipients == 1 and .all.batches_not_readable == 3 and .batches == 4' "$out" >jq.out || fail "mixed"
	audit 3 s.tar.zst good.json --status failed --format json
	jq -e '.batches == 3 and .filtered == 1' "$out" >jq.out || fail "--status hides what is damaged"
}
check "batches whose recipients cannot be read have no figures" not_readable

cut_off()
{
	made_up
	one completed 1770003000 >good.json
	size=$(stat -c %s b.tar.zst)
	for part in 1 5 9; do
		head -c $((size * part / 10)) b.tar.zst >cut.tar.zst
		says_damage cut.tar.zst good.json
		jq -e '.damaged == 1 and .bundles == 1 and .all.recipients == 1' "$out" >jq.out || fail "part $part"
	done
	: >empty.tar.zst
	says_damage empty.tar.zst
	jq -e '.all.recipients == null' "$out" >jq.out || fail "figures of nothing"
	says_damage empty.tar.zst good.json
	jq -e '.damaged == 1 and .all.recipients == 1' "$out" >jq.out || fail "empty"
	says_damage cut.tar.zst b.tar.zst
	jq -e '.damaged == 1 and .batches == 5' "$out" >jq.out || fail "cut and whole"
}
check "bundles that were cut, and an empty one" cut_off

cannot_be_opened()
{
	one completed 1770003000 >good.json
	ln -s loop.json loop.json
	audit 2 good.json loop.json nowhere.json
	head -n 1 "$out" | grep -q '^! not all could be read: 2 unreadable inputs' || fail "text"
	audit 2 good.json loop.json --format json
	jq -e '.unreadable == 1 and .damaged == 0 and (.trouble[0] | contains("loop.json")) and .all.recipients == 1' \
		"$out" >jq.out || fail "json"
	gzip -c good.json | head -c 40 >cut.json.gz
	run "$CALLROLL" audit good.json cut.json.gz --format json
	jq -e '.unreadable == 1 and (.trouble[0] | contains("cut.json.gz"))' "$out" >jq.out || fail "cut gzip"
	[ "$(id -u)" != 0 ] || skip "root reads everything"
	mkdir in
	cp good.json in/a.json
	cp good.json in/b.json
	chmod 000 in/b.json
	audit 2 in --format json
	jq -e '.unreadable == 1 and .all.recipients == 1' "$out" >jq.out || fail "permission denied"
}
check "inputs that cannot be opened, or not read to their end" cannot_be_opened

unreadable()
{
	one completed 1770003000 >good.json
	printf '{"detail":"Agent not found"}' >bad.json
	printf '' >empty.json
	audit 0 good.json bad.json empty.json --format json
	jq -e '.set_aside == 2 and .all.recipients == 1' "$out" >jq.out || fail "set aside"
	"$CALLROLL" archive -q -o x.tar.zst good.json bad.json empty.json || (($? == 1))
	audit 0 x.tar.zst --format json
	jq -e '.set_aside == 2' "$out" >jq.out || fail "set aside in a bundle"
	audit 2 good.json nowhere.json
	expect_stderr_has "cannot read nowhere.json"
	expect_stdout_has "1 recipient,"
	audit 1 bad.json
	expect_stderr_has "there is no recipient to count"
	mkdir none
	audit 1 none
	expect_stderr_has "there is nothing to read in this folder"
}
check "what is no response is counted; what cannot be read is said" unreadable

# Two batches of 100 recipients with one id, of which bundles keep 5.
by_rule()
{
	for n in 1 2; do
		one completed 1770003000 ".id = \"btcal_$n\" | .recipients = [range(100) as \$i | .recipients[0]]"
	done >d.ndjson
	"$CALLROLL" archive -q -o d.tar.zst --max-findings 5 d.ndjson || (($? == 1))
	audit 0 d.ndjson --format json --max-findings 1000
	cp "$out" whole.json
	jq -e '.contradictions_total == (.contradictions | length) and .only_counted == 0 and
		.contradictions_by_rule == ([.contradictions[].rule] | group_by(.) | map({key: .[0], value: length}) | from_entries) and
		.contradictions_by_rule["duplicate-recipient"] == 198 and
		.by_batch[0].contradictions_by_rule["duplicate-recipient"] == 99' whole.json >jq.out || fail "exact counts"
	audit 0 d.tar.zst --format json
	jq -e --slurpfile whole whole.json '.contradictions_by_rule == $whole[0].contradictions_by_rule and
		[.by_batch[].contradictions_by_rule] == [$whole[0].by_batch[].contradictions_by_rule] and
		.only_counted == .only_counted_archived and .only_counted == .contradictions_total - (.contradictions | length) and
		.only_counted > 0' "$out" >jq.out || fail "counts of a bundle"
	more=$(jq .only_counted "$out")
	audit 0 d.tar.zst --max-findings 1000
	expect_stdout_has "Contradictions by rule"
	expect_stdout_has "… $more more are only counted: archive --max-findings decides how many a bundle keeps"
	expect_stdout_has_no "larger --max-findings"
	# One batch leaves room for the other.
	grep -q '^d.ndjson:2:.*duplicate-recipient' "$out" || fail "the second batch is not told"
	[ "$(grep -c '^d.ndjson:1:.*duplicate-recipient' "$out")" = 3 ] || fail "not a few of each"
	audit 0 d.ndjson --max-findings 5
	expect_stdout_has "more are only counted: a larger --max-findings tells them"
	expect_stdout_has_no "archive --max-findings"
	audit 0 d.tar.zst --format html
	expect_stdout_has "archive --max-findings</code> decides"
	expect_stdout_has "<code>duplicate-recipient</code></th>"
	grep -A1 '<code>duplicate-recipient</code></th>' "$out" | grep -q '<td>198</td>' || fail "html counts those that are kept"
	expect_stdout_has "<th scope=col>Contradictions</th>"
}
check "contradictions by rule: all of them, however few are told" by_rule

below()
{
	mkdir -p a/b
	one completed 1770003000 >a/1.json
	one completed 1770003000 '.id = "btcal_2"' >2.json
	"$CALLROLL" archive -q -o a/b/x.tar.zst 2.json || true
	audit 0 a --format json
	expect_stderr_has "1 bundle in folders below is not read"
	jq -e '.batches == 1' "$out" >jq.out || fail "read"
}
check "bundles in folders below are not read, which is said" below

output()
{
	one completed 1770003000 >a.json
	audit 0 a.json --format csv -o r.csv
	expect_stdout_empty
	"$CALLROLL" audit a.json --format csv | cmp - r.csv || fail "another report"
	audit 2 a.json -o r.csv
	expect_stderr_has "r.csv exists already"
	audit 0 a.json -o r.csv --force
	head -n 1 r.csv | grep -q '^1 capture; 1 batch' || fail "not replaced"
	audit 2 a.json -o no/where.txt
	TMPDIR=$PWD/tmp
	export TMPDIR
	mkdir tmp
	audit 0 a.json -o - --format json
	jq -e '.batches == 1' "$out" >jq.out || fail "-o -"
	[ -z "$(ls -A tmp)" ] || fail "something is left in TMPDIR"
	TMPDIR=$PWD/nowhere audit 2 a.json
}
never_replaced()
{
	one completed 1770003000 >a.json
	one completed 1770003000 '.id = "btcal_2"' >2.json
	"$CALLROLL" archive -q -o b.tar.zst 2.json || true
	head -c 400 b.tar.zst >cut.tar.zst
	: >empty.tar.zst
	mkdir in
	cp a.json in/1.json
	echo btcal_1 >ids
	ln -s a.json link
	"$CALLROLL" model >model.json
	find . -type f -exec sha256sum {} + | sort >before
	for bundle in b cut empty; do
		audit 2 a.json -o $bundle.tar.zst --force
		expect_stderr_has "$bundle.tar.zst is a bundle: --force does not replace it"
	done
	audit 2 a.json -o a.json --force
	expect_stderr_has "a.json is read: --force does not replace it"
	audit 2 a.json -o link --force
	audit 2 in -o in/1.json --force
	audit 2 a.json --expect ids -o ids --force
	audit 2 a.json --model model.json -o ./model.json --force
	# shellcheck disable=SC2094 # that it is not written is what is tested
	audit 2 - -o a.json --force <a.json
	audit 2 a.json --drift -o a.json --force
	run "$CALLROLL" export b.tar.zst -o cut.tar.zst --force
	expect_status 2
	find . -type f ! -name before -exec sha256sum {} + | sort | diff <(grep -v ' ./before$' before) - || fail "something changed"
	audit 0 a.json -o in/1.json --force
	audit 0 in/../a.json -o report --format csv
	audit 0 a.json -o report --format json --force
}
check "--force replaces no bundle, and nothing that is read" never_replaced

check "-o: a whole file, never replaced without --force; nothing temporary is left" output

stopped()
{
	mkdir tmp
	one completed 1770003000 >a.json
	for signal in TERM KILL; do
		mkfifo pipe
		sleep 60 >pipe &
		TMPDIR=$PWD/tmp "$CALLROLL" audit a.json - <pipe >seen 2>&1 &
		sleep 0.5
		kill -"$signal" $!
		wait $! && fail "it went on"
		kill %1
		[ ! -s seen ] || [ "$signal" = TERM ] || fail "something was printed"
		[ -z "$(ls -A tmp)" ] || fail "something is left after $signal"
		rm pipe
	done
}
check "nothing temporary is left by a signal" stopped

controls()
{
	one completed 1770003000 '.name = "a\u0000b,c" | .agent_name = "=1+1" | .recipients[0].status = "-x\u0000"' >a.json
	audit 0 a.json --format csv
	! grep -qP '\x00' "$out" || fail "a NUL"
	expect_stdout_has ',"""a\u0000b,c""",'
	audit 0 a.json --format csv --spreadsheet
	[ "$(head -c 3 "$out" | od -An -tx1 | tr -d ' ')" = efbbbf ] || fail "no byte order mark"
	expect_stdout_has ",'=1+1,"
	audit 2 a.json --spreadsheet
	audit 2 a.json --format json --spreadsheet
}
long_status()
{
	one completed 1770003000 '.recipients[0].status = ("x" * 5000)' >a.json
	audit 0 a.json --format html
	expect_stdout_has "xxx...</bdi>"
	! grep -q 'xxx.*131 characters' "$out" || fail "a length of what was cut"
	"$CALLROLL" archive -q -o b.tar.zst a.json || true
	audit 2 - <b.tar.zst
	expect_stderr_has "standard input) is a bundle"
	expect_stderr_has_no "callroll list"
}
check "a status that was cut tells no length; a bundle on standard input" long_status

twice()
{
	one completed 1770003000 >a.json
	"$CALLROLL" archive -q -o b.tar.zst a.json || true
	cp b.tar.zst c.tar.zst
	audit 0 b.tar.zst c.tar.zst ./b.tar.zst --format json
	expect_stderr_has "c.tar.zst is the same bundle as b.tar.zst: counted once"
	jq -e '.captures == 1 and .bundles == 1' "$out" >jq.out || fail "counted twice"
	audit 0 b.tar.zst c.tar.zst a.json --format json
	jq -e '.captures == 2 and .bundles == 1' "$out" >jq.out || fail "with a capture"
}
check "the same bundle given twice is counted once" twice

check "control characters and formulas in a CSV" controls

hostile()
{
	one completed 1770003000 '.name = "a\u001b[31m\u202e<script>," + ("x" * 10000) |
		.recipients[0].status = "s\u001b[0m\r\n\"" | .agent_id = "=1+1"' >a.json
	audit 0 a.json
	! grep -q $'\e' "$out" || fail "a control character"
	[ "$(longest "$out")" -le 200 ] || fail "a long line"
	audit 0 a.json --format json
	jq -e '(.by_batch[0].name | length) > 10000 and .statuses[8].name == "s\u001b[0m\r\n\""' "$out" >jq.out || fail "JSON"
	need script
	for format in text json csv; do
		on_terminal 80 a.json --format "$format"
		! grep -q $'\e' seen || fail "$format on a terminal"
	done
}
check "hostile names" hostile
