#!/usr/bin/env bash
# erase.sh: nothing of a person is left in the new bundle, and all else is.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# recipient N STATUS [JQ]: one recipient, by ids and a number of its own; JQ changes it.
recipient()
{
	jq -c --arg n "$1" --arg status "$2" ".recipients[0] | .id = \"rcp_person\" + \$n |
		.status = \$status | .phone_number = \"+49 (151) 234567-\" + \$n |
		.conversation_id = \"conv_person\" + \$n |
		.conversation_initiation_client_data.user_id = \"user_person\" + \$n |
		.conversation_initiation_client_data.dynamic_variables = {name: (\"Name\" + \$n)} |
		${3:-.}" <<<"$base"
}

# poll FILE BATCH TIME JQ RECIPIENT...: a capture of the batch; JQ changes it.
poll()
{
	local file=$1 batch=$2 time=$3 change=$4
	shift 4
	printf '%s\n' "$@" | jq -sc --argjson base "$base" --arg batch "btcal_$batch" --argjson time "$time" \
		". as \$r | \$base | .id = \$batch | .last_updated_at_unix = \$time | .recipients = \$r | $change" >"$file"
}

# bundle NAME ARGUMENT...: findings do not matter here.
bundle()
{
	local name=$1
	shift
	"$CALLROLL" archive -q -o "$name" "$@" || (($? == 1)) || fail "no bundle"
}

# erase STATUS NEW ARGUMENT...: erases, and looks whether what came of it is a bundle for all.
erase()
{
	local wanted=$1 new=$2
	shift 2
	run "$CALLROLL" erase "$@" -o "$new"
	expect_status "$wanted"
	expect_stdout_empty
	"$CALLROLL" verify "$new" >verified || fail "$(cat verified)"
	grep -q 'states\? erased' verified || fail "$(cat verified)"
	rm -rf new.dir
	mkdir new.dir
	tar --zstd -tf "$new" >entries || fail "tar -t"
	tar --zstd -xf "$new" -C new.dir || fail "tar -x"
	(cd new.dir && sha256sum -c --quiet manifest-sha256.txt) || fail "sha256sum"
	zstd -tq "$new" || fail "zstd -t"
}

# no_trace NEW N...: nothing of these persons is in the bundle, in any spelling, nor does the index
# lead to them.
no_trace()
{
	local new=$1 n value
	shift
	zstdcat "$new" >content
	tr -d ' ()./-' <content >digits
	for n; do
		for value in "rcp_person$n" "conv_person$n" "user_person$n" "Name$n"; do
			grep -qaF "$value" content && fail "$value is still there"
		done
		grep -qaF "151234567$n" digits && fail "the number of $n is still there"
		for value in "rcp_person$n" "conv_person$n" "+49151234567$n" "49 151 234567 $n"; do
			run "$CALLROLL" find "$value" "$new"
			expect_status 1
			expect_stdout_empty
		done
	done
}

# same_but OLD NEW JQ: every response of NEW is that of OLD without the recipients that JQ selects.
same_but()
{
	local id number
	"$CALLROLL" list --responses --format ndjson "$1" | jq -r '[.id, .response] | @tsv' >responses
	[ -s responses ] || fail "no responses"
	while IFS=$'\t' read -r id number; do
		"$CALLROLL" show "$id" --response "$number" "$1" |
			jq -c "del(.recipients[] | select($3))" >was
		"$CALLROLL" show -q "$id" --response "$number" "$2" | jq -c . >is
		expect_same was is
	done <responses
}

frames()
{
	need python3
	python3 "$here/erase.py" "$@" || fail "frames"
}

# One person in two batches, polled, among others.
one_person()
{
	local p1 p2 p3
	p1=$(recipient 1001 pending) p2=$(recipient 1002 pending) p3=$(recipient 1003 pending)
	poll a.json 1 1777600000 . "$p1" "$p2" "$p3"
	poll b.json 1 1777600100 . "$p1" "$(recipient 1002 dispatched)" "$p3"
	poll c.json 1 1777600200 . "$(recipient 1001 completed)" "$(recipient 1002 failed)" "$p3"
	poll d.json 2 1777600300 . "$p3" "$(recipient 1002 voicemail '.id = "rcp_other2"')"
	poll e.json 3 1777600400 . "$p1" "$p3"
}

many_batches()
{
	one_person
	bundle old.tar.zst ./*.json
	cp old.tar.zst before
	erase 0 new.tar.zst '+49-151-2345671002' old.tar.zst
	expect_stderr_has "2 recipients: 4 states in 4 responses of 2 batches"
	cmp old.tar.zst before || fail "the old bundle changed"
	no_trace new.tar.zst 1002
	zstdcat new.tar.zst | grep -qaF rcp_other2 && fail "rcp_other2 is still there"
	same_but old.tar.zst new.tar.zst '.id == "rcp_person1002" or .id == "rcp_other2"'
	run "$CALLROLL" show btcal_1 new.tar.zst
	expect_stderr_has "1 of 3 recipients of this response was erased"
	[ "$(jq -c '.erased[] | del(.from_seal)' new.dir/callroll.json)" = \
		'{"states":4,"responses":4,"findings":0,"set_aside":0}' ] || fail "callroll.json"
	[ "$(jq -r '.erased[0].from_seal' new.dir/callroll.json)" = \
		"$("$CALLROLL" verify old.tar.zst | grep -o '[0-9a-f]\{64\}')" ] || fail "seal"
	cat new.dir/recipients/* | jq -c 'select(._erased) | keys' | sort -u >tombstones
	[ "$(cat tombstones)" = '["_batch","_erased","_response"]' ] || fail "$(cat tombstones)"
	# The others are found as ever.
	for value in rcp_person1001 conv_person1003 '+491512345671003'; do
		"$CALLROLL" find "$value" --format ndjson old.tar.zst | jq -c 'del(._bundle)' >was
		"$CALLROLL" find "$value" --format ndjson new.tar.zst | jq -c 'del(._bundle)' >is
		expect_same was is
		"$CALLROLL" history "$value" --format ndjson old.tar.zst | jq -c 'del(._bundle)' >was
		"$CALLROLL" history "$value" --format ndjson new.tar.zst | jq -c 'del(._bundle)' >is
		expect_same was is
	done
}
check "a person of many batches, polled" many_batches

only_their_frames()
{
	local n same differ
	"$gen/generate" --seed 5 --recipients 20000 --responses 2 --captures 1 >x.ndjson
	bundle old.tar.zst x.ndjson
	"$CALLROLL" show "$("$CALLROLL" list --format ndjson old.tar.zst | jq -r .id | sed -n 2p)" old.tar.zst |
		jq -r '.recipients[1, 15000].phone_number' >phones
	erase 0 new.tar.zst -f phones old.tar.zst
	frames old.tar.zst new.tar.zst >told
	read -r same _ differ _ <told
	((same > 10 && differ >= 1 && differ <= 6)) || fail "$(cat told)"
	for n in 1 2 7; do
		"$CALLROLL" erase -q -j $n -f phones old.tar.zst -o threads$n.tar.zst
		cmp new.tar.zst threads$n.tar.zst || fail "$n threads"
	done
}
check "frames without that person are the same bytes" only_their_frames

twice()
{
	one_person
	bundle old.tar.zst ./*.json
	erase 0 first.tar.zst rcp_person1002 old.tar.zst
	erase 0 second.tar.zst conv_person1001 first.tar.zst
	no_trace second.tar.zst 1001 1002
	[ "$(jq '.erased | length' new.dir/callroll.json)" = 2 ] || fail "one record"
	grep -q '7 states erased' verified || fail "$(cat verified)"
	same_but old.tar.zst second.tar.zst '.id != "rcp_person1003"'
	run "$CALLROLL" erase rcp_person1002 second.tar.zst -o third.tar.zst
	expect_status 1
	[ ! -e third.tar.zst ] || fail "a bundle"
}
check "erased twice" twice

everybody()
{
	one_person
	bundle old.tar.zst ./*.json
	printf 'rcp_person1001\nrcp_person1002\r\n\nrcp_person1003\n' >list
	erase 0 new.tar.zst -f list old.tar.zst
	no_trace new.tar.zst 1001 1002 1003
	same_but old.tar.zst new.tar.zst true
	grep -q keys.bin entries || fail "batches have keys"
	"$CALLROLL" list --format ndjson old.tar.zst | jq -c 'del(.bundle)' >was
	"$CALLROLL" list --format ndjson new.tar.zst | jq -c 'del(.bundle)' >is
	expect_same was is
	run "$CALLROLL" audit new.tar.zst
	expect_stdout_has "recipients are in no figure"
	[ "$("$CALLROLL" export new.tar.zst | wc -l)" = 1 ] || fail "export"
	[ "$("$CALLROLL" find -w status!=x new.tar.zst 2>/dev/null | wc -l)" = 0 ] || fail "find -w"
	"$CALLROLL" merge -q -o merged.tar.zst new.tar.zst
	same_but new.tar.zst merged.tar.zst false
	"$CALLROLL" verify merged.tar.zst | grep -q 'states erased' || fail "merge drops the record"
}
check "the last recipients of a response, and all of a bundle" everybody

# Pieces and originals: broken, compressed, packed, escaped, in UTF-16.
pieces_and_originals()
{
	one_person
	mkdir in in/+491512345671002
	mv ./*.json in
	cp in/c.json in/+491512345671002/c.json
	head -c 900 in/e.json >in/cut-others.json
	printf '{"id":"btcal_9","recipients":[{"phone_number":"+49151234567\\u0031002"' >in/escaped.json
	printf '<html>call 0049-151/2345671002, or conv_person1002</html>' >in/page.json
	printf 'caf\351 conv_person2001 and 1491512345672001\n' >in/others.json
	iconv -t UTF-16 <in/b.json >in/utf16.json
	gzip -kn <in/a.json >in/a2.json.gz
	tar -C in -cf in/x.tar a.json e.json
	gzip -cn in/page.json | head -c 60 >in/broken.json.gz
	(cd in && run "$CALLROLL" archive -q -o ../old.tar.zst --originals .)
	erase 0 new.tar.zst '+491512345671002' old.tar.zst
	no_trace new.tar.zst 1002
	same_but old.tar.zst new.tar.zst '.id == "rcp_person1002" or .id == "rcp_other2"'
	cat new.dir/sources/* >sources
	jq -r 'select(.erased and .original) | .path' sources | sort >gone
	printf '%s\n' '[erased]/c.json' a.json a2.json.gz b.json c.json d.json escaped.json page.json utf16.json x.tar >wanted
	expect_same <(sort wanted) gone
	jq -r 'select(.erased and .set_aside) | .path' sources | sort >gone
	printf '%s\n' escaped.json page.json utf16.json >wanted
	expect_same wanted gone
	# Of a damaged one as much is searched as can be decompressed.
	[ "$(jq -r 'select(.erased and .whole_file) | .path' sources)" = broken.json.gz ] || fail "a whole file"
	jq -r 'select((.set_aside // .original) and (.erased | not)) | .set_aside // .original' sources >kept
	[ -s kept ] || fail "nothing is kept"
	mkdir old.dir
	tar --zstd -xf old.tar.zst -C old.dir
	while IFS= read -r name; do
		cmp "old.dir/$name" "new.dir/$name" || fail "$name"
	done <kept
	grep -l 'This was erased' new.dir/originals/* new.dir/set-aside/* | wc -l >count
	[ "$(cat count)" = 14 ] || fail "$(cat count) tombstones"
	frames old.tar.zst new.tar.zst >/dev/null
	# What was ingested already is not ingested again.
	mkdir shelf
	cp new.tar.zst shelf/
	(cd in && "$CALLROLL" archive --into ../shelf .) >into.out 2>&1 || true
	[ "$(ls shelf)" = new.tar.zst ] || fail "$(cat into.out)"
}
check "pieces set aside and originals that name somebody" pieces_and_originals

only_in_a_piece()
{
	one_person
	printf '{"recipients":[{"name":"Somebody Else","phone_number":"+4930123456"' >cut.json
	bundle old.tar.zst ./*.json
	run "$CALLROLL" erase 'Somebody Else' old.tar.zst -o new.tar.zst
	expect_status 0
	expect_stderr_has "1 piece set aside"
	zstdcat new.tar.zst | grep -qaE 'Somebody|4930123456' && fail "still there"
	frames old.tar.zst new.tar.zst >told
	run "$CALLROLL" erase 'Somebody Other' old.tar.zst -o none.tar.zst
	expect_status 1
	expect_stderr_has "not found: Somebody Other"
	[ ! -e none.tar.zst ] || fail "a bundle"
}
check "somebody who is only in a piece that was set aside" only_in_a_piece

findings_about_them()
{
	poll a.json 1 1777600000 . "$(recipient 1001 pending)" "$(recipient 1002 pending '.status = 7')" \
		"$(recipient 1003 pending '.conversation_id = ["conv_person1002"]')" "$(recipient 1004 strange)"
	bundle old.tar.zst a.json
	erase 0 new.tar.zst rcp_person1002 old.tar.zst
	no_trace new.tar.zst 1002
	cat new.dir/findings/* >findings
	[ "$(jq -c 'select(._erased)' findings | sort -u)" = '{"_response":1,"_erased":true}' ] || fail "$(cat findings)"
	jq -r 'select(.pointer) | .pointer' findings | grep -q '/recipients/1/' && fail "of them"
	jq -r 'select(.pointer) | .pointer' findings | grep -q '/recipients/3/status' || fail "of others"
	"$CALLROLL" audit -q new.tar.zst >figures || (($? == 1)) || fail "no audit"
	"$CALLROLL" merge -q -o merged.tar.zst new.tar.zst
	"$CALLROLL" verify -q merged.tar.zst >verified || fail "$(cat verified)"
}
check "findings about them" findings_about_them

reached_by_the_same()
{
	poll a.json 1 1777600000 . "$(recipient 1001 pending)" \
		"$(recipient 1002 pending '.phone_number = "+49 151 2345671001" | .whatsapp_user_id = "491609999999"')" \
		"$(recipient 1003 pending '.phone_number = null | .whatsapp_user_id = "491609999999"')" \
		"$(recipient 1004 pending '.phone_number = "0049 160 9999999"')" \
		"$(recipient 1005 pending '.phone_number = "+491609999999"')" \
		"$(recipient 1006 pending)"
	bundle old.tar.zst a.json
	erase 0 new.tar.zst rcp_person1001 old.tar.zst
	expect_stderr_has "4 recipients: 4 states"
	no_trace new.tar.zst 1001 1002 1003 1005
	[ "$("$CALLROLL" show -q btcal_1 new.tar.zst | jq -r '.recipients[].id' | tr '\n' ' ')" = \
		"rcp_person1004 rcp_person1006 " ] || fail "others"
}
check "all who are reached by the same number" reached_by_the_same

named_by_others()
{
	poll a.json 1 1777600000 '.name = "for 0151 and +49 151 2345671002"' "$(recipient 1001 pending \
		'.conversation_initiation_client_data.dynamic_variables |= . + {friend: "rcp_person1002", number: 491512345671002,
			rcp_person1002: 1, "x rcp_person1002": [1], kept: "rcp_person10021", _y: "user_person1002"}')" \
		"$(recipient 1002 pending)" "$(recipient 1003 pending)"
	{
		printf 'HTTP/2 200\r\ndate: Mon, 23 Nov 2026 10:00:00 GMT\r\nx-for: user_person1002\r\n\r\n'
		cat a.json
	} >b.json
	rm a.json
	bundle old.tar.zst b.json
	erase 0 new.tar.zst rcp_person1002 old.tar.zst
	expect_stderr_has "2 lines of others named them"
	no_trace new.tar.zst 100200
	zstdcat new.tar.zst | sed 's/rcp_person10021//' | grep -qaE 'person1002|2345671002' && fail "still there"
	run "$CALLROLL" show btcal_1 new.tar.zst
	expect_status 0
	expect_stderr_has "1 of 3 recipients of this response was erased"
	expect_stderr_has "values that named somebody were erased"
	[ "$(jq -c '[.name, .recipients[0].conversation_initiation_client_data.dynamic_variables]' "$out")" = \
		'["[erased]",{"_y":"[erased]","friend":"[erased]","kept":"rcp_person10021","name":"Name1001","number":"[erased]"}]' ] ||
		fail "$(cat "$out")"
	[ "$(jq -c ._http.lines new.dir/responses/*)" = \
		'["HTTP/2 200","date: Mon, 23 Nov 2026 10:00:00 GMT","[erased]"]' ] || fail "$(cat new.dir/responses/*)"
	"$CALLROLL" merge -q -o merged.tar.zst new.tar.zst
	"$CALLROLL" show -q btcal_1 new.tar.zst >was
	"$CALLROLL" show -q btcal_1 merged.tar.zst >is
	expect_same was is
	"$CALLROLL" show btcal_1 merged.tar.zst 2>&1 >/dev/null | grep -q 'values that named' || fail "merge"
}
check "lines of others that name them" named_by_others

what_others_have_too()
{
	local same='.conversation_id = "conv_shared" | .conversation_initiation_client_data.user_id = "user_shared"'
	poll a.json 1 1777600000 . "$(recipient 1001 pending "$same")" "$(recipient 1002 pending "$same")"
	poll b.json 2 1777600000 . "$(recipient 1003 pending '.id = "rcp_person1002"')"
	bundle old.tar.zst a.json b.json
	erase 0 new.tar.zst +491512345671002 old.tar.zst
	expect_stderr_has "3 ids that other recipients have too"
	same_but old.tar.zst new.tar.zst '.phone_number == "+49 (151) 234567-1002"'
	erase 0 other.tar.zst rcp_person1002 old.tar.zst
	expect_stderr_has "2 recipients: 2 states"
	erase 0 all.tar.zst conv_shared old.tar.zst
	expect_stderr_has "2 recipients: 2 states"
}
check "ids that others have too stay" what_others_have_too

compared_with_a_whole_one()
{
	one_person
	bundle one.tar.zst a.json
	bundle two.tar.zst c.json
	erase 0 new.tar.zst rcp_person1002 one.tar.zst
	run "$CALLROLL" audit --format json new.tar.zst two.tar.zst
	jq -e '[.contradictions[]? | select(.rule == "recipients-changed")] == []' "$out" >/dev/null ||
		fail "a tombstone is somebody new"
	run "$CALLROLL" audit --drift new.tar.zst
	expect_status 0
	if "$CALLROLL" export --format sqlite -o x.db new.tar.zst 2>said && command -v sqlite3 >/dev/null; then
		[ "$(sqlite3 x.db 'SELECT (SELECT count(*) FROM recipients), (SELECT count(*) FROM states)')" = "2|2" ] ||
			fail "sqlite"
	fi
	[ "$("$CALLROLL" export --format ndjson new.tar.zst | wc -l)" = 2 ] || fail "ndjson"
}
check "other bundles beside it; exports" compared_with_a_whole_one

refused()
{
	one_person
	bundle old.tar.zst ./*.json
	cp old.tar.zst before
	run "$CALLROLL" erase rcp_person1002 old.tar.zst
	expect_status 2
	expect_stderr_has "-o NEW"
	run "$CALLROLL" erase old.tar.zst -o new.tar.zst
	expect_status 2
	run "$CALLROLL" erase --force rcp_person1002 old.tar.zst -o old.tar.zst
	expect_status 2
	expect_stderr_has "cannot be the new one"
	cmp old.tar.zst before || fail "it changed"
	run "$CALLROLL" erase btcal_1 old.tar.zst -o new.tar.zst
	expect_status 1
	expect_stderr_has "btcal_1 is the id of a batch"
	[ ! -e new.tar.zst ] || fail "a bundle"
	run "$CALLROLL" erase rcp_person1002 rcp_nobody old.tar.zst -o new.tar.zst
	expect_status 1
	expect_stderr_has "not found: rcp_nobody"
	[ -e new.tar.zst ] || fail "no bundle"
	run "$CALLROLL" erase rcp_person1002 old.tar.zst -o new.tar.zst
	expect_status 2
	run "$CALLROLL" erase --force rcp_person1002 old.tar.zst -o new.tar.zst
	expect_status 0
	"$gen/generate" --seed 5 --recipients 4000 >x.ndjson
	bundle x.tar.zst a.json x.ndjson
	"$gen/damage" flip 1 700 x.tar.zst >/dev/null
	run "$CALLROLL" erase rcp_person1002 x.tar.zst -o damaged.tar.zst
	expect_status 3
	[ "$(find . -name '*damaged*' | wc -l)" = 0 ] || fail "$(ls -a)"
}
check "what is refused, and what was not found" refused
