#!/usr/bin/env bash
# find.sh: recipients and batches by any key or member, in their latest state, over many bundles, and without the index.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# recipient N STATUS [JQ]: one recipient; JQ changes it.
recipient()
{
	jq -c --arg n "$1" --arg status "$2" ".recipients[0] | .id = \"rcp_\" + \$n | .status = \$status |
		.phone_number = \"+4915100000\" + \$n | .conversation_id = null | ${3:-.}" <<<"$base"
}

# poll FILE BATCH TIME RECIPIENT...: a capture of the batch.
poll()
{
	local file=$1 batch=$2 time=$3
	shift 3
	printf '%s\n' "$@" | jq -sc --argjson base "$base" --arg n "$batch" --argjson time "$time" \
		". as \$r | \$base | .id = \"btcal_\" + \$n | .name = \"Batch \" + \$n | .last_updated_at_unix = \$time |
		.recipients = \$r" >"$file"
}

# bundle NAME FILE...: findings do not matter here.
bundle()
{
	local name=$1
	shift
	"$CALLROLL" archive -q -o "$name" "$@" || (($? == 1)) || fail "no bundle"
}

# found ARGUMENT...: BUNDLE#RESPONSE BATCH ID STATUS PHONE of each recipient, the id and captures of each batch
found()
{
	"$CALLROLL" find -q --format ndjson "$@" | jq -r 'if ._bundle then
		"\(._bundle)#\(._response) \(._batch) \(.id) \(.status) \(.phone_number)"
		else "\(.id) \(.captures) \(.response)" end'
}

expect_found()
{
	local wanted=$1
	shift
	found "$@" >seen
	diff <(printf '%s' "$wanted") seen || fail "find $* has another answer"
}

# Two bundles; in x the captures are not in order of time.
two_bundles()
{
	poll x2.json 1 1777600000 "$(recipient 1 pending)" "$(recipient 2 pending)" "$(recipient 3 pending)"
	poll x1.json 1 1777600100 "$(recipient 1 failed '.conversation_id = "conv_old"')" \
		"$(recipient 2 pending)" "$(recipient 3 failed)"
	poll x3.json 2 1777600200 "$(recipient 1 voicemail)" "$(recipient 9 completed)"
	poll y1.json 1 1777700000 "$(recipient 1 completed '.conversation_id = "conv_new"')" "$(recipient 2 failed)"
	mkdir folder
	bundle folder/x.tar.zst x1.json x2.json x3.json
	bundle folder/y.tar.zst y1.json
}

by_value()
{
	two_bundles
	expect_found $'folder/x.tar.zst#1 btcal_1 rcp_2 pending +49151000002\n' rcp_2 folder/x.tar.zst
	expect_found $'folder/y.tar.zst#1 btcal_1 rcp_2 failed +49151000002\n' rcp_2 folder
	# The newest bundle first, last and in between: the time of the capture decides.
	expect_found $'folder/y.tar.zst#1 btcal_1 rcp_2 failed +49151000002\n' rcp_2 folder/y.tar.zst folder/x.tar.zst
	# One recipient in two batches.
	expect_found $'folder/x.tar.zst#3 btcal_2 rcp_1 voicemail +49151000001
folder/y.tar.zst#1 btcal_1 rcp_1 completed +49151000001\n' rcp_1 folder
	# A value that it had once finds what it is now.
	expect_found $'folder/y.tar.zst#1 btcal_1 rcp_1 completed +49151000001\n' conv_old folder
	# Who is in no newer capture stands in an older one.
	expect_found $'folder/x.tar.zst#1 btcal_1 rcp_3 failed +49151000003\n' rcp_3 folder
}
check "a value finds the latest state" by_value

by_phone()
{
	two_bundles
	for spelling in '+49151000009' '49 151 00 00 09' '(+49) 151/000-009'; do
		expect_found $'folder/x.tar.zst#3 btcal_2 rcp_9 completed +49151000009\n' "$spelling" folder
		expect_found $'folder/x.tar.zst#3 btcal_2 rcp_9 completed +49151000009\n' \
			-w "phone_number=$spelling" folder
	done
	poll z.json 4 1777600000 "$(recipient 1 pending '.phone_number = "+49 (30) 90-1820"')"
	bundle z.tar.zst z.json
	expect_found $'z.tar.zst#1 btcal_4 rcp_1 pending +49 (30) 90-1820\n' +4930901820 z.tar.zst
	expect_found '' 0901820 z.tar.zst
	expect_found '' rcp_4930901820 z.tar.zst
}
check "a phone number in any spelling" by_phone

a_batch()
{
	two_bundles
	expect_found $'btcal_1 3 1\n' btcal_1 folder
	expect_found $'btcal_1 2 1\n' btcal_1 folder/x.tar.zst
	expect_found $'btcal_2 1 3\n' -w 'batch.name=Batch 2' folder
	expect_found $'btcal_1 3 1\n' -w batch.id=btcal_1 folder
	expect_found $'btcal_1 3 1\nbtcal_2 1 3\n' -w batch.status=completed folder
	run "$CALLROLL" find --format text btcal_1 folder
	expect_status 0
	expect_stdout_has "Batch 1"
	grep -q '^BATCH  *NAME' "$out" || fail "not the table of list"
	expect_stderr_has "1 batch in 2 bundles, 2026-05-01 to 2026-05-02"
}
check "a batch" a_batch

conditions()
{
	two_bundles
	# Who is in no newest capture comes last.
	expect_found $'folder/y.tar.zst#1 btcal_1 rcp_2 failed +49151000002
folder/x.tar.zst#1 btcal_1 rcp_3 failed +49151000003\n' -w status=failed -w batch.id=btcal_1 folder
	found -w status=failed -j 1 folder | sort >one
	found -w status=failed -j 3 folder | sort >three
	expect_same one three
	diff - one <<-'END' || fail "another answer"
	folder/x.tar.zst#1 btcal_1 rcp_3 failed +49151000003
	folder/y.tar.zst#1 btcal_1 rcp_2 failed +49151000002
	END
	# It is the latest state that is asked.
	expect_found '' -w status=pending folder
	expect_found '' -w conversation_id=conv_old folder
	expect_found $'folder/y.tar.zst#1 btcal_1 rcp_1 completed +49151000001\n' -w conversation_id=conv_new folder
	expect_found $'folder/x.tar.zst#3 btcal_2 rcp_1 voicemail +49151000001\n' -w id=rcp_1 -w batch.id=btcal_2 folder
	expect_found $'folder/x.tar.zst#3 btcal_2 rcp_1 voicemail +49151000001\n' --where id=rcp_1 -w status=voicemail folder
	expect_found '' -w id=rcp_1 -w status=pending folder
	expect_found $'folder/x.tar.zst#3 btcal_2 rcp_9 completed +49151000009\n' -w batch.name='Batch 2' -w id=rcp_9 folder
	expect_found $'folder/x.tar.zst#3 btcal_2 rcp_1 voicemail +49151000001\n' \
		-w phone_number=+49151000001 -w 'batch.name=Batch 2' folder
}
check "-w: several conditions, with and without the index" conditions

members()
{
	local v='.conversation_initiation_client_data.dynamic_variables'
	poll a.json 1 1777600000 \
		"$(recipient 1 failed "$v = {city: \"Paris\", \"a.b\": \"dots\", n: 2, flag: true, none: null}")" \
		"$(recipient 2 failed "$v = {city: \"say \\\"hi\\\" \\\\ é\\n\", a: {b: \"deep\"}, n: 2.50}")" \
		"$(recipient 3 failed "$v = {city: \"PARIS\", n: \"2\", _own: 1} | ._own = \"mine\"")"
	bundle a.tar.zst a.json
	ids()
	{
		local wanted=$1
		shift
		found "$@" a.tar.zst | cut -d' ' -f3 | paste -sd' ' >ids.out
		[ "$(<ids.out)" = "$wanted" ] || fail "$*: $(<ids.out), not $wanted"
	}
	ids rcp_1 -w dynamic_variables.city=Paris
	ids rcp_1 -w conversation_initiation_client_data.dynamic_variables.city=Paris
	ids rcp_2 -w $'dynamic_variables.city=say "hi" \\ é\n'
	ids "" -w 'dynamic_variables.city=say'
	ids rcp_1 -w dynamic_variables.a.b=dots
	ids rcp_2 -w dynamic_variables.a.b=deep
	ids "rcp_1 rcp_3" -w dynamic_variables.n=2
	ids "rcp_2" -w dynamic_variables.n=2.5
	ids rcp_1 -w dynamic_variables.n=2.0e0
	ids rcp_1 -w dynamic_variables.flag=true
	ids rcp_1 -w dynamic_variables.none=null
	ids rcp_3 -w dynamic_variables._own=1
	ids rcp_3 -w _own=mine
	ids "" -w _response=1
	ids "rcp_1 rcp_2 rcp_3" -w conversation_initiation_client_data.conversation_config_override.tts.speed=1
	ids "rcp_1 rcp_2 rcp_3" -w updated_at_unix=1770000100 -w batch.agent_id=agent_1
	ids "" -w status=failed -w batch.agent_id=agent_2
}
check "-w: members by their path" members

odd_values()
{
	jq -c '.recipients[0].id = "a\"b\\c\nd\t\u001b[1m" | .id = "b\"1"' <<<"$base" >a.json
	bundle a.tar.zst a.json
	run "$CALLROLL" find $'a"b\\c\nd\t\e[1m' a.tar.zst
	expect_status 0
	jq -e '.id == "a\"b\\c\nd\t\u001b[1m" and ._batch == "b\"1"' "$out" >/dev/null || fail "another recipient"
	run "$CALLROLL" find --format text $'a"b\\c\nd\t\e[1m' a.tar.zst
	expect_stdout_has 'a"b\c\nd\t\u{1b}[1m'
	expect_found $'b"1 1 1\n' 'b"1' a.tar.zst
}
check "quotes, escapes and control characters in a value" odd_values

# The members are those that were captured, behind callroll's own.
whole()
{
	jq -c '.recipients[0] += {_batch: "mine", zz: 1}' <<<"$base" >a.json
	bundle a.tar.zst a.json
	run "$CALLROLL" find rcp_1 a.tar.zst
	jq -c '[keys_unsorted[0:5], ._batch, ._batch_name, ._updated, ._captured, .zz]' "$out" >seen
	diff - seen <<-'END' || fail "another object"
	[["_bundle","_batch","_batch_name","_response","_updated"],"btcal_1","n",1770009000,{"_batch":"mine"},1]
	END
	diff <(jq -S 'del(._bundle, ._batch, ._batch_name, ._response, ._updated, ._captured)' "$out") \
		<(jq -S '.recipients[0] | del(._batch)' a.json) || fail "other members"
}
check "an answer has all that was captured" whole

without_id()
{
	poll a.json 1 1777600000 "$(recipient 1 pending 'del(.id)')" "$(recipient 2 pending 'del(.id)')"
	poll b.json 1 1777600100 "$(recipient 1 failed 'del(.id)')" "$(recipient 2 pending 'del(.id)')"
	bundle a.tar.zst a.json
	bundle b.tar.zst b.json
	# It is not known that the first is the same one: both states are told.
	expect_found $'a.tar.zst#1 btcal_1 null pending +49151000001
b.tar.zst#1 btcal_1 null failed +49151000001\n' +49151000001 a.tar.zst b.tar.zst
	expect_found $'b.tar.zst#1 btcal_1 null pending +49151000002\n' +49151000002 a.tar.zst b.tar.zst
}
check "a recipient without an id" without_id

same_id_twice()
{
	poll a.json 1 1777600000 "$(recipient 1 pending)" "$(recipient 1 failed '.phone_number = "+1"')" \
		"$(recipient 1 pending)"
	poll b.json 1 1777600100 "$(recipient 1 failed)" "$(recipient 1 failed '.phone_number = "+1"')"
	bundle a.tar.zst a.json b.json
	expect_found $'a.tar.zst#2 btcal_1 rcp_1 failed +1\n' 1 a.tar.zst
	expect_found $'a.tar.zst#2 btcal_1 rcp_1 failed +1
a.tar.zst#2 btcal_1 rcp_1 failed +49151000001\n' rcp_1 a.tar.zst
}
check "an id that occurs twice in a response" same_id_twice

from_a_file()
{
	two_bundles
	printf '\xef\xbb\xbf+49 151 000009\r\n\nnobody\nrcp_2\n+49151000009\nno\tone' >values
	run "$CALLROLL" find -f values folder
	expect_status 1
	(($(wc -l <"$out") == 2)) || fail "not two answers"
	grep '^not found' "$err" >missing
	printf 'not found: nobody\nnot found: no\\tone\n' | diff - missing || fail "other values are missing"
	run "$CALLROLL" find -f - folder <values
	(($(wc -l <"$out") == 2)) || fail "not two answers from standard input"
	run "$CALLROLL" find -f - -w status=failed folder < <(printf 'rcp_2\nrcp_1\nrcp_9\n')
	expect_status 0
	(($(wc -l <"$out") == 1)) || fail "not one answer"
	# More values than are looked for one after another.
	seq -f 'rcp_%g' 1 200 >many
	run "$CALLROLL" find -q -f many folder
	expect_status 1
	expect_stderr_empty
	jq -r .id "$out" | sort -u | paste -sd' ' >ids
	[ "$(<ids)" = "rcp_1 rcp_2 rcp_3 rcp_9" ] || fail "$(<ids)"
	run "$CALLROLL" find -f /dev/null folder
	expect_status 2
	run "$CALLROLL" find -f no-such-file folder
	expect_status 2
}
check "-f: many values" from_a_file

nothing()
{
	two_bundles
	run "$CALLROLL" find nobody folder
	expect_status 1
	expect_stdout_empty
	expect_stderr_has "nothing found in 2 bundles, 2026-05-01 to 2026-05-02"
	run "$CALLROLL" find -w status=odd folder
	expect_status 1
	run "$CALLROLL" find -q nobody folder
	expect_status 1
	expect_stderr_empty
	run "$CALLROLL" find nobody
	expect_status 2
	expect_stderr_has usage
	run "$CALLROLL" find -w status folder
	expect_status 2
	expect_stderr_has KEY=VALUE
	run "$CALLROLL" find --format csv nobody folder
	expect_status 2
	run "$CALLROLL" find rcp_1 folder missing.tar.zst
	expect_status 2
	expect_stdout_has rcp_1
	run "$CALLROLL" find rcp_1 folder x1.json
	expect_status 3
	expect_stdout_has rcp_1
	expect_stderr_has "2 bundles, 2026-05-01 to 2026-05-02; 1 bundle cannot be read"
}
check "nothing found, and mistakes" nothing

as_text()
{
	two_bundles
	echo '{"a":1}' >odd.json
	bundle z.tar.zst odd.json y1.json
	run "$CALLROLL" find --format text rcp_1 folder
	expect_status 0
	diff - "$out" <<-'END' || fail "another table"
	UPDATED (UTC)        BATCH    RECIPIENT  PHONE         STATUS     CONVERSATION  IN
	2026-05-01 01:50:00  Batch 2  rcp_1      +49151000001  voicemail                x#3
	2026-05-02 05:33:20  Batch 1  rcp_1      +49151000001  completed  conv_new      y#1
	END
	expect_stderr_has "2 recipients in 2 bundles, 2026-05-01 to 2026-05-02"
	run "$CALLROLL" find rcp_1 folder z.tar.zst
	expect_stderr_has "; 1 set-aside input is not searched"
}
check "the table and the closing line" as_text

# damage_frame BUNDLE N: flips a bit in the N-th frame from the end, the trailer's being 1.
damage_frame()
{
	local end
	end=$("$gen/damage" frames "$1" | tail -n "$2" | head -n 1)
	"$gen/damage" bit $(((end - 6) * 8)) "$1" >/dev/null
}

damaged_index()
{
	two_bundles
	found rcp_1 folder >whole
	found -w status=failed folder >whole.scan
	# Behind the index stand the frame list, the manifest and the trailer, each but the last with a header.
	damage_frame folder/x.tar.zst 6
	run "$CALLROLL" verify folder
	expect_stdout_has "index/keys.bin"
	run "$CALLROLL" find rcp_1 folder
	expect_status 3
	expect_stderr_has "index/keys.bin"
	expect_stderr_has "everything was read instead"
	(($(grep -c "read instead" "$err") == 1)) || fail "said more than once"
	found rcp_1 folder 2>/dev/null | diff whole - || fail "another answer without the index"
	found -w status=failed folder | diff whole.scan - || fail "another answer to -w"
	found btcal_1 folder 2>/dev/null | diff - <(echo "btcal_1 3 1") || fail "another batch"
	run "$CALLROLL" find nobody folder
	expect_status 3
	expect_stdout_empty
}
check "a damaged index: everything is read, and find says so" damaged_index

damaged_recipients()
{
	local frame
	two_bundles
	# The first data frame that holds recipients: the header frames and small entries come first.
	unpack folder/x.tar.zst x
	for frame in $("$gen/damage" frames folder/x.tar.zst); do
		cp folder/x.tar.zst bad.tar.zst
		"$gen/damage" bit $(((frame - 6) * 8)) bad.tar.zst >/dev/null
		if "$CALLROLL" verify bad.tar.zst | grep -q 'recipients/00000001.ndjson line'; then
			break
		fi
	done
	run "$CALLROLL" find rcp_2 bad.tar.zst folder/y.tar.zst
	expect_status 3
	expect_stderr_has "recipients/00000001.ndjson"
	expect_stdout_has '"_bundle":"folder/y.tar.zst"'
	run "$CALLROLL" find -w status=failed bad.tar.zst folder/y.tar.zst
	expect_status 3
	expect_stdout_has '"_bundle":"folder/y.tar.zst"'
}
check "damaged recipients: what can be read is found" damaged_recipients

# Many bundles: more than stay open at a time.
many_bundles()
{
	local i
	mkdir many
	for i in $(seq 10 49); do
		poll a.json 1 "17776000$i" "$(recipient 1 "s$i")" "$(recipient "$i" failed)"
		bundle "many/$i.tar.zst" a.json
	done
	expect_found $'many/49.tar.zst#1 btcal_1 rcp_1 s49 +49151000001\n' rcp_1 many
	expect_found $'many/17.tar.zst#1 btcal_1 rcp_17 failed +491510000017\n' rcp_17 many
	expect_found $'btcal_1 40 1\n' btcal_1 many
	found -w status=failed many | cut -d' ' -f3 | sort >ids
	seq -f 'rcp_%g' 10 49 | diff - ids || fail "another answer"
}
check "many bundles" many_bundles
