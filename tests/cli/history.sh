#!/usr/bin/env bash
# history.sh: every state of a recipient and of a batch in order of time, the response of a time, and
# how many recipients changed.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# recipient N STATUS [JQ]: one recipient; JQ changes it.
recipient()
{
	jq -c --arg n "$1" --arg status "$2" ".recipients[0] | .id = \"rcp_\" + \$n | .status = \$status |
		.phone_number = \"+4915100000\" + \$n | .conversation_id = null | ${3:-.}" <<<"$base"
}

# poll FILE BATCH TIME JQ RECIPIENT...: a capture of the batch; JQ changes it.
poll()
{
	local file=$1 batch=$2 time=$3 change=$4
	shift 4
	printf '%s\n' "$@" | jq -sc --argjson base "$base" --arg batch "btcal_$batch" --argjson time "$time" \
		". as \$r | \$base | .id = \$batch | .last_updated_at_unix = \$time | .recipients = \$r | $change" >"$file"
}

# bundle NAME FILE...: findings do not matter here.
bundle()
{
	local name=$1
	shift
	"$CALLROLL" archive -q -o "$name" "$@" || (($? == 1)) || fail "no bundle"
}

# history VALUE BUNDLE...: TIME BATCH#RESPONSE EVENT ID STATUS of each event
history()
{
	"$CALLROLL" history -q --format ndjson "$@" |
		jq -r '"\(._updated) \(._batch) \(._event) \(.id) \(.status)"'
}

expect_history()
{
	local wanted=$1
	shift
	history "$@" >seen
	diff <(printf '%s' "$wanted") seen || fail "another history"
}

# The captures of two batches, interleaved, in files whose order is not that of time.
two_batches()
{
	local p1 p2 p3 f1
	p1=$(recipient 1 pending) p2=$(recipient 2 pending) p3=$(recipient 3 pending)
	f1=$(recipient 1 failed '.conversation_id = "conv_3a"')
	poll e.json 1 1777600000 . "$p1" "$p2" "$p3"
	poll a.json 1 1777600100 . "$f1" "$p2" "$p3"
	poll x.json 2 1777600150 . "$(recipient 1 pending)"
	poll d.json 1 1777600200 '.retry_count = 1' "$p1" "$p2" "$p3"
	poll y.json 2 1777600250 . "$(recipient 1 voicemail)"
	poll b.json 1 1777622460 '.retry_count = 1' "$p2" "$(recipient 3 completed)"
	poll c.json 1 1777622500 '.retry_count = 1' "$(recipient 1 completed)" "$p2" "$(recipient 3 completed)"
}

all_states='1777600000 btcal_1 first rcp_1 pending
1777600100 btcal_1 changed rcp_1 failed
1777600150 btcal_2 first rcp_1 pending
1777600200 btcal_1 changed rcp_1 pending
1777600250 btcal_2 changed rcp_1 voicemail
1777622460 btcal_1 gone rcp_1 null
1777622500 btcal_1 back rcp_1 completed
'

one_bundle()
{
	two_batches
	bundle x.tar.zst ./*.json
	expect_history "$all_states" rcp_1 x.tar.zst
	# pending, failed, pending: stored twice, told three times.
	[ "$(lines recipients x.tar.zst | jq -r 'select(._batch == "btcal_1" and .id == "rcp_1") | .status' |
		sort | tr '\n' ' ')" = "completed failed pending " ] || fail "states are not stored once"
	expect_history $'1777600000 btcal_1 first rcp_2 pending\n' rcp_2 x.tar.zst
}
check "states in order of time, one that comes back, one that is gone" one_bundle

several_bundles()
{
	two_batches
	mkdir all
	bundle all/1.tar.zst a.json b.json x.json
	bundle all/2.tar.zst c.json d.json e.json y.json
	expect_history "$all_states" rcp_1 all
	expect_history "$all_states" rcp_1 all/2.tar.zst all/1.tar.zst
	# Each state is told as it stands in its own bundle.
	"$CALLROLL" history -q rcp_1 all | jq -r '"\(._bundle) \(._response)"' | tr '\n' ' ' >seen
	[ "$(cat seen)" = "all/2.tar.zst 3 all/1.tar.zst 1 all/1.tar.zst 3 all/2.tar.zst 2 all/2.tar.zst 4 all/1.tar.zst 2 all/2.tar.zst 1 " ] ||
		fail "$(cat seen)"
}
check "the same from several bundles, in any order" several_bundles

by_any_key()
{
	two_batches
	bundle x.tar.zst ./*.json
	# A conversation that only one state has still gives the whole history of its recipient.
	expect_history "$(grep btcal_1 <<<"$all_states")"$'\n' conv_3a x.tar.zst
	expect_history "$all_states" '+49 (151) 000-001' x.tar.zst
	[ "$(history btcal_2 x.tar.zst | wc -l)" = 2 ] || fail "$(history btcal_2 x.tar.zst)"
	run "$CALLROLL" history nobody x.tar.zst
	expect_status 1
	expect_stdout_empty
	expect_stderr_has "'nobody'"
}
check "by any key" by_any_key

what_changed()
{
	poll a.json 1 1777600000 . "$(recipient 1 pending '.conversation_initiation_client_data.dynamic_variables = {"city": "Paris", "n": 1}')"
	poll b.json 1 1777600001 . "$(recipient 1 failed '.conversation_initiation_client_data.dynamic_variables = {"a.b": null, "city": "Rom\u00e9"} | del(.whatsapp_user_id)')"
	bundle x.tar.zst a.json b.json
	"$CALLROLL" history -q rcp_1 x.tar.zst | jq -c 'select(._event == "changed") | [._changed, ._added, ._removed]' >seen
	cat >wanted <<-'END'
		[{"status":["pending","failed"],"conversation_initiation_client_data.dynamic_variables.city":["Paris","Romé"]},{"conversation_initiation_client_data.dynamic_variables.\"a.b\"":null},{"whatsapp_user_id":null,"conversation_initiation_client_data.dynamic_variables.n":1}]
	END
	jq -S . seen >seen.sorted
	jq -S . wanted | diff - seen.sorted || fail "other changes"
}
check "what changed: members within members, added, removed" what_changed

of_a_batch()
{
	two_batches
	bundle 1.tar.zst a.json b.json
	bundle 2.tar.zst c.json d.json e.json
	"$CALLROLL" history -q btcal_1 1.tar.zst 2.tar.zst |
		jq -c '[._updated, ._event, ._recipients, ._recipients_changed, ._recipients_added,
			._recipients_removed, ._changed.retry_count]' >seen
	diff - seen <<-'END' || fail "another history"
		[1777600000,"first",3,null,null,null,null]
		[1777600100,"changed",3,1,0,0,null]
		[1777600200,"changed",3,1,0,0,[0,1]]
		[1777622460,"changed",2,1,0,1,null]
		[1777622500,"changed",3,0,1,0,null]
	END
	# A repeat adds nothing, in the same bundle or another.
	cp c.json z.json
	bundle 3.tar.zst e.json z.json
	"$CALLROLL" history -q btcal_1 ./*.tar.zst | jq -c '[._updated, ._event, ._recipients, ._recipients_changed,
		._recipients_added, ._recipients_removed, ._changed.retry_count]' | diff seen - || fail "repeats were told"
}
check "of a batch: its members, and how many recipients changed" of_a_batch

the_same_id_twice()
{
	local a b c
	a=$(recipient 1 pending) b=$(recipient 1 failed) c=$(recipient 1 completed)
	poll a.json 1 1777600000 . "$a" "$b"
	poll b.json 1 1777600001 . "$b" "$a"
	poll c.json 1 1777600002 . "$b" "$c"
	poll d.json 1 1777600003 . "$c"
	bundle x.tar.zst ./*.json
	expect_history '1777600000 btcal_1 first rcp_1 pending
1777600000 btcal_1 first rcp_1 failed
1777600002 btcal_1 changed rcp_1 completed
1777600003 btcal_1 gone rcp_1 null
' rcp_1 x.tar.zst
}
check "two recipients with one id" the_same_id_twice

for_people()
{
	two_batches
	bundle 1.tar.zst a.json b.json x.json
	bundle 2.tar.zst c.json d.json e.json y.json
	run "$CALLROLL" history --format text rcp_1 1.tar.zst 2.tar.zst
	expect_status 0
	expect_stdout_is golden/history-recipient.out
	expect_stderr_is golden/history-recipient.err
	run "$CALLROLL" history --format text btcal_1 1.tar.zst 2.tar.zst
	expect_stdout_is golden/history-batch.out
	expect_stderr_is golden/history-batch.err
	run "$CALLROLL" history --format xml rcp_1 1.tar.zst
	expect_status 2
	run "$CALLROLL" history rcp_1
	expect_status 2
}
check "as text" for_people

damaged_bundle()
{
	two_batches
	bundle 1.tar.zst a.json b.json x.json
	bundle 2.tar.zst c.json d.json e.json y.json
	head -c -100 1.tar.zst >cut.tar.zst
	run "$CALLROLL" history rcp_1 cut.tar.zst 2.tar.zst
	expect_status 3
	expect_stderr_has cut.tar.zst
	(($(wc -l <"$out") == 3)) || fail "the other one is not told"
	[ "$(grep -c cut.tar.zst "$err")" = 1 ] || fail "said twice"
	run "$CALLROLL" history nobody cut.tar.zst
	expect_status 3
}
check "a damaged bundle does not hide the others" damaged_bundle

# Random captures: FILE lines of `time id=state id=state ...`; states may repeat, recipients come and go.
random_captures()
{
	awk -v seed="$1" 'BEGIN {
		srand(seed)
		for (t = 0; t < 40; t++) {
			line = 1777600000 + t * 60
			for (i = 0; i < 12; i++) {
				r = rand()
				if (r < 0.25) state[i] = int(rand() * 3)
				else if (r < 0.30) gone[i] = !gone[i]
			}
			shift = rand() < 0.2 ? int(rand() * 12) : 0
			for (k = 0; k < 12; k++) {
				i = (k + shift) % 12
				if (!gone[i]) line = line " " i "=" state[i] + 0
			}
			print line
		}
	}'
}

random_histories()
{
	local seed=$1 i
	random_captures "$seed" >plan
	jq -Rc --argjson base "$base" 'split(" ") as $w | $base | .last_updated_at_unix = ($w[0] | tonumber) |
		.recipients = [$w[1:][] | split("=") as $p | $base.recipients[0] | .id = "rcp_" + $p[0] |
			.status = ["pending", "failed", "completed"][$p[1] | tonumber] |
			.phone_number = "+1202555" + $p[0]]' plan >all.ndjson
	# In any order, over three bundles.
	shuf --random-source=<(yes "$seed") all.ndjson | split -n r/3 --additional-suffix=.ndjson - part.
	for i in part.*.ndjson; do
		bundle "$i.tar.zst" "$i"
	done
	for i in 0 1 2 3 4 5 6 7 8 9 10 11; do
		jq -sr --arg id "rcp_$i" 'sort_by(.last_updated_at_unix) | reduce .[] as $b ({was: null, seen: false, out: []};
			([$b.recipients[] | select(.id == $id) | .status][0]) as $now |
			if $now == .was then . else .out += ["\($b.last_updated_at_unix) btcal_1 " + (
				if $now == null then "gone" elif .was != null then "changed"
				elif .seen then "back" else "first" end) + " \($id) \($now)"] |
				.was = $now | .seen = true end) | .out[]' all.ndjson >wanted
		history "rcp_$i" part.*.tar.zst | diff wanted - || fail "seed $seed, rcp_$i"
	done
	# And of the batch.
	jq -sr '[sort_by(.last_updated_at_unix)[] | [.recipients[] | {key: .id, value: .status}] | from_entries] as $c |
		range(1; $c | length) | $c[. - 1] as $old | $c[.] as $new |
		[[$new | to_entries[] | select($old[.key] != null and $old[.key] != .value)],
		 [$new | keys[] | select($old[.] == null)], [$old | keys[] | select($new[.] == null)]] |
		map(length) | tostring' all.ndjson >wanted
	"$CALLROLL" history -q btcal_1 part.*.tar.zst | jq -c 'select(._event == "changed") |
		[._recipients_changed, ._recipients_added, ._recipients_removed]' | diff wanted - || fail "seed $seed, batch"
	# What list says, in the order of a bundle.
	for i in part.*.ndjson; do
		jq -sr '[.[] | [.recipients[] | {key: .id, value: .status}] | from_entries] as $c | range(0; $c | length) |
			(if . == 0 then {} else $c[. - 1] end) as $old | $c[.] as $new |
			[$new | to_entries[] | select($old[.key] != .value)] | length' "$i" >wanted
		"$CALLROLL" list --responses --format ndjson "$i.tar.zst" | jq .changed | diff wanted - ||
			fail "seed $seed, list of $i"
	done
}
for seed in 1 2 3; do
	check "random captures over three bundles, $seed" random_histories $seed
done

# --- show --at, list --responses ---

at()
{
	local seen
	seen=$("$CALLROLL" show btcal_1 --at "$1" 1.tar.zst 2.tar.zst | jq .last_updated_at_unix) || true
	[ "$seen" = "$2" ] || fail "--at $1: $seen, not $2"
}

show_at()
{
	two_batches
	bundle 1.tar.zst a.json b.json x.json
	bundle 2.tar.zst c.json d.json e.json y.json
	at 1777600000 1777600000
	at 1777600099 1777600000
	at 1777600100 1777600100
	at 1777622499 1777622460
	at 9999999999 1777622500
	at 2026-05-01T01:48:19Z 1777600000
	at 2026-05-01T01:48:20Z 1777600100
	at 2026-05-01T03:48:20+02:00 1777600100
	at "2026-05-01 01:48" 1777600100 # as list prints it
	at 2026-05-01 1777622500         # the whole day
	run "$CALLROLL" show btcal_1 --at 1777599999 1.tar.zst 2.tar.zst
	expect_status 1
	expect_stdout_empty
	expect_stderr_has "the oldest is of 2026-05-01T01:46:40Z"
	run "$CALLROLL" show btcal_1 --at yesterday 1.tar.zst
	expect_status 2
	run "$CALLROLL" show btcal_1 --at 2026-05-01 --response 1 1.tar.zst
	expect_status 2
	run "$CALLROLL" show btcal_9 --at 2026-05-01 1.tar.zst
	expect_status 1
}
check "show --at: the newest that is not newer" show_at

without_a_time()
{
	poll a.json 1 1 'del(.last_updated_at_unix)' "$(recipient 1 pending)"
	bundle x.tar.zst a.json
	run "$CALLROLL" show btcal_1 --at 2026-05-01 x.tar.zst
	expect_status 1
	expect_stderr_has "no response of batch btcal_1 says when it was updated"
	run "$CALLROLL" history rcp_1 x.tar.zst
	expect_status 0
	[ "$(jq ._updated "$out")" = null ] || fail "$(cat "$out")"
}
check "a capture that does not say when it was updated" without_a_time

list_changes()
{
	two_batches
	cp c.json ca.json
	bundle 1.tar.zst ./*.json
	"$CALLROLL" list --responses --format ndjson 1.tar.zst | jq -c '[.source, .changed]' >seen
	diff - seen <<-'END' || fail "other numbers"
		["a.json",3]
		["b.json",1]
		["c.json",1]
		["ca.json",0]
		["d.json",2]
		["e.json",0]
		["x.json",1]
		["y.json",1]
	END
	run "$CALLROLL" list --responses 1.tar.zst
	expect_stdout_has CHG
}
check "list --responses: how many recipients changed" list_changes
