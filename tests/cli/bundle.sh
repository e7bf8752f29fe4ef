#!/usr/bin/env bash
# bundle.sh: what a bundle holds, for standard tools and for list and show: records in the normal form.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# What depends on the machine and the version of libzstd.
no_size='s/, [0-9.]* s:/, TIME:/; s/-> .*/-> SIZE/; s/^\(seal  *\)[0-9a-f]*/\1SEAL/'

# --- the samples ---

bundle=$work/samples.tar.zst

samples_archived()
{
	cd "$top_srcdir"
	run "$CALLROLL" archive -o "$bundle" samples
	expect_status 1
	expect_stdout_empty
	expect_stderr_is golden/archive.err "$no_size"
}
check "the samples" samples_archived

samples_listed()
{
	cd "$work"
	run "$CALLROLL" list samples.tar.zst
	expect_status 0
	expect_stderr_empty
	expect_stdout_is golden/list.out
	run "$CALLROLL" list --responses samples.tar.zst
	expect_stdout_is golden/list-responses.out
	run "$CALLROLL" list --format ndjson samples.tar.zst
	expect_stdout_is golden/list.ndjson
	run "$CALLROLL" list --responses --format ndjson samples.tar.zst
	expect_stdout_is golden/list-responses.ndjson
	jq -e . "$out" >/dev/null || fail "not JSON"
}
check "list: the samples" samples_listed

samples_shown()
{
	run "$CALLROLL" show btcal_5601kk9qgxavnwv3nwatgbrbd39c "$bundle"
	expect_status 0
	cp "$out" newest.json
	"$gen/same" newest.json "$samples/completed.json" || fail "not the newest capture"
	(($(wc -l <newest.json) == 1)) || fail "not one line"
	for i in 1 2 3; do
		run "$CALLROLL" show btcal_5601kk9qgxavnwv3nwatgbrbd39c --response $((i + 3)) "$bundle"
		"$gen/same" "$out" "$samples/polling/2026-03-11-$i.json" || fail "not capture $i"
	done
	run "$CALLROLL" show --response 9 btcal_5601kk9qgxavnwv3nwatgbrbd39c "$bundle"
	expect_same newest.json "$out"
	run "$CALLROLL" show btcal_2601kpna0jnznzx5q8j4ve0j7q2b "$bundle" --pretty
	expect_stdout_is golden/show.json
	"$gen/same" "$out" "$samples/overrides.json" || fail "not the capture"
	run "$CALLROLL" show btcal_2301kqrzx1ftdbp35xarc290v6a4 "$bundle"
	sed '1,/^\r$/d' "$samples/captured-with-curl.json" >body.json
	"$gen/same" "$out" body.json || fail "not the body"
}
check "show: the samples" samples_shown

show_says_no()
{
	run "$CALLROLL" show btcal_none "$bundle"
	expect_status 1
	expect_stdout_empty
	expect_stderr_has btcal_none
	run "$CALLROLL" show btcal_5601kk9qgxavnwv3nwatgbrbd39c --response 1 "$bundle"
	expect_status 1
	expect_stderr_has "callroll list --responses"
	run "$CALLROLL" show btcal_5601kk9qgxavnwv3nwatgbrbd39c missing.tar.zst
	expect_status 2
	run "$CALLROLL" show btcal_5601kk9qgxavnwv3nwatgbrbd39c "$samples/completed.json"
	expect_status 3
	run "$CALLROLL" list "$samples/completed.json"
	expect_status 3
	run "$CALLROLL" list missing.tar.zst "$bundle"
	expect_status 2
	expect_stdout_has btcal_5601kk9qgxavnwv3nwatgbrbd39c
}
check "show and list: what is not there" show_says_no

# --- standard tools ---

standard_tools()
{
	need tar bsdtar zstd sha256sum
	quietly() { run "$@"; expect_status 0; expect_stderr_empty; }
	quietly tar --zstd -tf "$bundle"
	expect_stdout_is golden/entries.out
	cp "$out" names
	quietly bsdtar -tf "$bundle"
	expect_same names "$out"
	quietly zstd -tq "$bundle"
	quietly tar --zstd -tvf "$bundle"
	! grep -v '^-rw-r--r-- 0/0 .* 1970-01-01 05:45 ' "$out" || fail "other owners, modes or times"
	mkdir x y
	quietly tar --zstd -xf "$bundle" -C x
	quietly bsdtar -xf "$bundle" -C y
	diff -r x y || fail "tar and bsdtar unpack other files"
	cd x
	quietly sha256sum -c manifest-sha256.txt
	sed 's/: OK$//' "$out" >../checked
	grep -vxE 'manifest-sha256.txt|trailer.json' ../names | cmp - ../checked || fail "not all entries"
	seal=$(sha256sum trailer.json)
	run "$CALLROLL" verify "$bundle" --seal "${seal%% *}"
	expect_status 0
	[ "$(sha256sum <manifest-sha256.txt)" = "$(jq -r .manifest_sha256 trailer.json)  -" ] || fail "manifest"
	[ "$(sha256sum <index/frames.bin)" = "$(jq -r .frames_sha256 trailer.json)  -" ] || fail "frames"
	cmp FORMAT.txt "$top_srcdir/src/bundle/FORMAT.txt" || fail "FORMAT.txt"
	"$CALLROLL" model | cmp - model.schema.json || fail "model.schema.json"
}
check "tar, bsdtar, zstd, sha256sum" standard_tools

each_line_is_json()
{
	local file
	unpack "$bundle" x
	for file in x/*/*.ndjson; do
		jq -ce 'type == "object"' "$file" >types || fail "jq cannot read $file"
		[ "$(sort -u types)" = true ] || fail "$file has other things than objects"
		(($(wc -l <types) == $(wc -l <"$file"))) || fail "$file is not one value a line"
	done
	# The counts of the trailer are those of the lines.
	for file in recipients responses findings sources; do
		[ "$(cat x/$file/*.ndjson | wc -l)" = "$(jq ".$file" x/trailer.json)" ] || fail "$file"
	done
	[ "$(cat x/responses/*.ndjson | jq -s 'map(._response) == [range(1; length + 1)]')" = true ] ||
		fail "the numbers of responses"
	jq -e '.format == "callroll-bundle" and .version == "1.0"' x/callroll.json >/dev/null ||
		fail "$(cat x/callroll.json)"
}
check "every line of every .ndjson entry is an object" each_line_is_json

findings_as_validate_prints_them()
{
	(cd "$top_srcdir" && "$CALLROLL" validate -q --format ndjson samples) >expected || true
	lines findings "$bundle" | sed 's/^{"_response":[0-9]*,/{/' >found
	expect_same expected found
	# Those of responses say which; those of what is set aside do not.
	lines findings "$bundle" | jq -c '[._response, .path]' | grep -v '^\[null' >owners
	lines responses "$bundle" | jq -c 'select(._findings != {}) | [._response, ._source]' >wanted
	expect_same wanted owners
}
check "findings in the bundle are those of validate" findings_as_validate_prints_them

sources_say_what_became_of_all()
{
	lines sources "$bundle" | jq -r 'select(.sha256) | "\(.sha256)  \(.path)"' >sums
	(cd "$top_srcdir" && sha256sum -c --quiet) <sums || fail "another digest"
	(cd "$top_srcdir" && find samples -name '*.json' -o -name '*.ndjson') | LC_ALL=C sort >expected
	sed 's/^[^ ]*  //' sums | LC_ALL=C sort | cmp - expected || fail "not all inputs"
	lines sources "$bundle" | jq -s -e 'map(.kept // 0) | add == 12' >/dev/null || fail "kept"
	lines sources "$bundle" | jq -s -e 'map(.pieces_set_aside // 0) | add == 6' >/dev/null ||
		fail "pieces_set_aside"
}
check "sources: every input and its digest" sources_say_what_became_of_all

# --- records ---

normal_form()
{
	cat >a.json <<'JSON'
{ "zulu": {"b": 1.50, "a": [true , null]}, "retry_count": 10e-1, "_source": "mine", "total_calls_finished": -0,
"total_calls_dispatched": 123456789012345678901234567890, "total_calls_scheduled": 1e400, "alpha": "\u0041\/\u00e9\n\u001f\u007f",
"recipients": [ { "zz": 1, "_batch": {"x": 1.0}, "status": "\u0070ending", "phone_number": null, "id": "r\u0031",
"updated_at_unix": 1.77E+9, "created_at_unix": 1770000000.0, "conversation_initiation_client_data": {
"dynamic_variables": {"b": 1.0, "B": 1E0, "": -0, "é": 2, "a\u0000": 3 } } } ],
"agent_name": "x", "status": "pending", "last_updated_at_unix": 1770000000, "scheduled_time_unix": 1770000000,
"created_at_unix": 1770000000, "agent_id": "a", "name": "n", "id": "b1" }
JSON
	cat >expected <<'JSON'
{"id":"b1","name":"n","agent_id":"a","created_at_unix":1770000000,"scheduled_time_unix":1770000000,"last_updated_at_unix":1770000000,"status":"pending","agent_name":"x","recipients":[{"id":"r1","status":"pending","created_at_unix":1770000000,"updated_at_unix":1770000000,"phone_number":null,"conversation_initiation_client_data":{"dynamic_variables":{"":-0,"B":1E0,"a\u0000":3,"b":1.0,"é":2}},"_batch":{"x":1.0},"zz":1}],"total_calls_dispatched":123456789012345678901234567890,"total_calls_scheduled":1e400,"total_calls_finished":0,"retry_count":1,"_source":"mine","alpha":"A/é\n\u001f","zulu":{"a":[true,null],"b":1.50}}
JSON
	sed -i 's/"alpha":"A\/é\\n\\u001f"/"alpha":"A\/é\\n\\u001f\x7f"/' expected
	archive 0 x.tar.zst a.json
	run "$CALLROLL" show b1 x.tar.zst
	expect_same expected "$out"
	# Members that begin with an underscore are kept apart from the envelope.
	lines recipients x.tar.zst >r
	grep -q '^{"_batch":"b1","_response":1,"_captured":{"_batch":{"x":1.0}},"id":"r1",' r || fail "$(cat r)"
	lines responses x.tar.zst >r
	[ "$(jq -c '[._source, ._captured, ._recipients, ._outcomes]' r)" = \
		'["a.json",{"_source":"mine"},1,{"pending":1}]' ] || fail "$(cat r)"
	# A normal form stays as it is.
	cp expected again.json
	archive 0 y.tar.zst again.json
	run "$CALLROLL" show b1 y.tar.zst
	expect_same expected "$out"
	[ "$(lines responses x.tar.zst | jq -r ._sha256)" = "$(lines responses y.tar.zst | jq -r ._sha256)" ] ||
		fail "another identity"
	# The identity is what callroll-bundle(5) says.
	{
		jq -r --raw-input 'capture("\"recipients\":\\[(?<r>.*)\\],\"total").r' expected
		sed 's/"recipients":\[.*\],"total/"total/' expected
	} | sha256sum >digest
	[ "$(lines responses x.tar.zst | jq -r ._sha256)  -" = "$(cat digest)" ] || fail "not the digest"
}
check "the normal form, to the byte" normal_form

id_after_recipients()
{
	"$gen/generate" --recipients 3000 >a.json
	sed 's/^{\("id":"[^"]*"\),\(.*\)}$/{\2,\1}/' a.json >late.json
	! cmp -s a.json late.json || fail "the id is not last"
	archive 0 x.tar.zst late.json
	archive 0 y.tar.zst - <late.json
	archive 0 z.tar.zst a.json
	for x in x y; do
		lines recipients $x.tar.zst >found
		lines recipients z.tar.zst | cmp - found || fail "other recipient lines"
	done
	run "$CALLROLL" show "$(jq -r .id a.json)" x.tar.zst
	expect_same a.json "$out"
	# The response before and the one after it are not touched.
	{ capture 1; cat late.json; capture 2; } >three.json
	archive 0 three.tar.zst three.json
	[ "$(lines responses three.tar.zst | jq -c '[._response, ._recipients]' | tr -d '\n')" = \
		'[1,1][2,3000][3,1]' ] || fail "$(lines responses three.tar.zst)"
}
check "an id after the recipients" id_after_recipients

http_head()
{
	run "$CALLROLL" show btcal_2301kqrzx1ftdbp35xarc290v6a4 "$bundle"
	{
		printf 'HTTP/2 200 \r\ndate: Mon, 04 May 2026 15:41:30 GMT\r\nset-cookie: s=sk_0123\r\n'
		printf 'X-Api-Key: sk_0123\r\nserver: x\r\n\r\n'
		capture 1
	} >a.json
	archive 0 x.tar.zst a.json
	lines responses x.tar.zst >r
	[ "$(jq -c '[._seen, ._http.status]' r)" = '[1777909290,200]' ] || fail "$(cat r)"
	jq -e '._http.lines | index("server: x")' r >/dev/null || fail "$(cat r)"
	jq -e '._http.lines | map(select(test("<removed>"))) | length == 2' r >/dev/null || fail "$(cat r)"
	unpack x.tar.zst x
	! grep -rq sk_0123 x || fail "a secret is in the bundle"
}
check "heads of HTTP are kept, and secrets are not" http_head

odd_batch_ids()
{
	capture 1 '"btcal_1"' '"- \"id\" \u00e9\n\\"' >a.json
	archive 0 x.tar.zst a.json
	run "$CALLROLL" show -- $'- "id" é\n\\' x.tar.zst
	expect_status 0
	"$gen/same" "$out" a.json || fail "not the capture"
	run "$CALLROLL" list x.tar.zst
	(($(wc -l <"$out") == 2)) || fail "a line end in an id"
}
check "an odd batch id" odd_batch_ids

several_bundles()
{
	mkdir bundles
	capture 1 '1770009000' 1770009001 >a.json
	capture 1 '1770009000' 1770009003 >b.json
	capture 1 '1770009000' 1770009002 >c.json
	for x in a b c; do
		archive 0 bundles/$x.tar.zst $x.json
	done
	run "$CALLROLL" show btcal_1 bundles
	"$gen/same" "$out" b.json || fail "not the newest"
	run "$CALLROLL" list bundles
	(($(wc -l <"$out") == 2)) || fail "$(cat "$out")"
	run "$CALLROLL" list --responses bundles
	(($(wc -l <"$out") == 4)) || fail "$(cat "$out")"
	run "$CALLROLL" verify bundles
	expect_status 0
	(($(grep -c '^ok ' "$out") == 3)) || fail "$(cat "$out")"
}
check "a folder of bundles" several_bundles
