#!/usr/bin/env bash
# archive.sh: what becomes of captures in a bundle, and what list and show make of it again.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# What depends on the machine and the version of libzstd.
no_size='s/, [0-9.]* s:/, TIME:/; s/-> .*/-> SIZE/; s/^\(seal  *\)[0-9a-f]*/\1SEAL/'

# unpack BUNDLE DIR
unpack()
{
	mkdir "$2"
	tar --zstd -xf "$1" -C "$2"
}

# lines KIND BUNDLE: recipients, responses, findings or sources; nothing if there are none.
lines()
{
	local folder
	folder=$(mktemp -d ./lines.XXXXXX)
	tar --zstd -xf "$2" -C "$folder"
	cat "$folder/$1"/*.ndjson 2>/dev/null || true
	rm -r "$folder"
}

# archive STATUS BUNDLE ARGUMENT...
archive()
{
	local wanted=$1 bundle=$2
	shift 2
	run "$CALLROLL" archive -o "$bundle" "$@"
	expect_status "$wanted"
	if [ "$wanted" != 2 ]; then
		"$CALLROLL" verify -q "$bundle" >verified || fail "$(cat verified)"
	fi
}

# pieces BUNDLE: PATH OFFSET SIZE of what was set aside, having compared the bytes with the input, where
# that is a file here.
pieces()
{
	rm -rf unpacked
	unpack "$1" unpacked
	cat unpacked/sources/*.ndjson | jq -r 'select(.set_aside) | [.path, .offset, .size, .set_aside] | @tsv' |
		while IFS=$'\t' read -r path offset size entry; do
			if [ -f "$path" ]; then
				tail -c +$((offset + 1)) "$path" | head -c "$size" |
					cmp - "unpacked/$entry" || fail "$entry is not $path at $offset"
			fi
			echo "$path $offset $size"
		done
}

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
	lines findings "$bundle" >found
	expect_same expected found
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

# --- what is set aside ---

set_aside_from_a_file()
{
	{
		capture 1
		printf '<html>\n<title>502</title>\n</html>\n'
		capture 2 | sed 's/"name":/name:/'
		capture 3 '"btcal_3"' '""'
		capture 4 '[{' '[7,{'
		capture 5 '"failed"' '7'
		capture 6 | head -c 300
	} >a.json
	: >empty.json
	printf '\0\1\2\xff\xfe' >bytes.json
	archive 1 x.tar.zst a.json empty.json bytes.json
	pieces x.tar.zst >found
	[ "$(awk '$1 == "a.json"' found | wc -l)" = 5 ] || fail "$(cat found)"
	grep -qx 'bytes.json 0 5' found || fail "$(cat found)"
	[ "$(lines responses x.tar.zst | jq -r .id)" = $'btcal_1\nbtcal_5' ] || fail "not what was kept"
	# Responses and pieces are the whole file, without a gap.
	lines sources x.tar.zst | jq -se '.[] | select(.path == "a.json" and .sha256) | .responses == 7 and .kept == 2
		and .pieces_set_aside == 5' >/dev/null || fail "$(lines sources x.tar.zst)"
}
check "set aside: byte for byte" set_aside_from_a_file

every_byte_is_somewhere()
{
	# Between, before and after responses there is text, and none of it is lost.
	{
		printf 'first line\n\n'
		capture 1
		printf 'between\n more {"x":1}\n\n'
		capture 2
		printf '<html>\n<p>page</p>\n</html>\n'
		capture 3 | head -c 200
		printf '\n'
		capture 4
		printf 'last words'
	} >a.json
	archive 1 x.tar.zst a.json
	pieces x.tar.zst >found
	unpack x.tar.zst x
	cat x/set-aside/* >all
	for words in 'first line' between 'more {"x":1}' '<html>' '</html>' 'last words' btcal_3; do
		grep -qF "$words" all || fail "lost: $words"
	done
	[ "$(lines responses x.tar.zst | jq -r .id | tr '\n' ' ')" = "btcal_1 btcal_2 btcal_4 " ] ||
		fail "$(lines responses x.tar.zst | jq -r .id)"
}
check "set aside: what lies between responses is not lost" every_byte_is_somewhere

set_aside_from_a_stream()
{
	need bsdtar zstd gzip
	"$gen/generate" --seed 9 --recipients 2000 | head -c -30 >broken.json
	capture 2 >good.json
	mkdir in
	cp broken.json good.json in
	archive 1 stdin.tar.zst - <broken.json
	unpack stdin.tar.zst x1
	expect_same broken.json x1/set-aside/00000001
	cat broken.json good.json | archive 1 pipe.tar.zst -
	unpack pipe.tar.zst x2
	head -c "$(wc -c <broken.json)" x2/set-aside/00000001 | cmp - broken.json || fail "from a pipe"
	tar -cf in.tar -C in broken.json good.json
	archive 1 tar.tar.zst in.tar
	unpack tar.tar.zst x3
	expect_same broken.json x3/set-aside/00000001
	gzip -k in.tar
	archive 1 tgz.tar.zst in.tar.gz
	unpack tgz.tar.zst x4
	expect_same broken.json x4/set-aside/00000001
	(cd in && bsdtar --format zip -cf ../in.zip broken.json good.json)
	archive 1 zip.tar.zst - <in.zip
	unpack zip.tar.zst x5
	expect_same broken.json x5/set-aside/00000001
	zstd -q broken.json
	archive 1 zst.tar.zst broken.json.zst
	unpack zst.tar.zst x6
	expect_same broken.json x6/set-aside/00000001
	for i in 3 4 5; do
		[ "$(jq -r .id x$i/responses/*.ndjson)" = btcal_2 ] || fail "the good one is not in $i"
	done
}
check "set aside: from standard input, tar, zip" set_aside_from_a_stream

unreadable_container_is_kept()
{
	mkdir in
	capture 1 >in/a.json
	"$gen/generate" --recipients 300 >in/b.json
	tar -cf x.tar -C in a.json b.json
	head -c 60000 x.tar >cut.tar
	capture 2 >z.json
	run "$CALLROLL" archive -o y.tar.zst cut.tar z.json
	expect_status 2
	expect_stderr_has cut.tar
	"$CALLROLL" verify -q y.tar.zst >verified || fail "$(cat verified)"
	lines sources y.tar.zst >list
	jq -se 'any(.trouble and .whole_file)' list >/dev/null || fail "$(cat list)"
	unpack y.tar.zst y
	expect_same cut.tar "y/$(jq -r 'select(.whole_file) | .whole_file' list)"
	jq -r .id y/responses/*.ndjson | grep -qx btcal_2 || fail "the next input is not there"
}
check "an input that cannot be read to its end is kept whole" unreadable_container_is_kept

only_valid()
{
	capture 1 >a.json
	capture 2 '"failed"' 7 >b.json
	capture 3 '"failed"' '"unheard-of"' >c.json
	archive 1 all.tar.zst a.json b.json c.json
	[ "$(lines responses all.tar.zst | jq -r .id | wc -l)" = 3 ] || fail "not three"
	archive 1 valid.tar.zst --only-valid a.json b.json c.json
	[ "$(lines responses valid.tar.zst | jq -r .id)" = $'btcal_1\nbtcal_3' ] || fail "not two"
	[ "$(pieces valid.tar.zst)" = "b.json 0 $(($(wc -c <b.json) - 1))" ] ||
		[ "$(pieces valid.tar.zst)" = "b.json 0 $(wc -c <b.json)" ] || fail "$(pieces valid.tar.zst)"
	archive 1 strict.tar.zst --only-valid --strict a.json b.json c.json
	[ "$(lines responses strict.tar.zst | jq -r .id)" = btcal_1 ] || fail "not one"
	archive 0 off.tar.zst --only-valid -W type=off a.json b.json
	[ "$(lines responses off.tar.zst | wc -l)" = 2 ] || fail "-W type=off"
	# -W does not make a record of what cannot be one.
	capture 4 '"name"' '"id":"x","name"' >d.json
	run "$CALLROLL" archive -o w.tar.zst -W duplicate-member=off d.json
	[ -z "$(lines responses w.tar.zst)" ] || fail "a duplicate member became a record"
	[ -n "$(pieces w.tar.zst)" ] || fail "it was lost"
}
check "--only-valid" only_valid

originals()
{
	need gzip
	jq . <<<"$base" >a.json
	capture 2 | gzip >b.json.gz
	printf 'no json' >c.json
	: >e.json
	tar -cf d.tar a.json c.json
	archive 1 x.tar.zst --originals a.json b.json.gz c.json d.tar e.json
	unpack x.tar.zst x
	cat x/sources/*.ndjson | jq -r 'select(.original) | [.path, .original] | @tsv' >list
	for name in a.json b.json.gz c.json d.tar; do
		entry=$(awk -v name="$name" '$1 == name {print $2}' list)
		[ -n "$entry" ] || fail "no original of $name: $(cat list)"
		expect_same "$name" "x/$entry"
	done
}
originals_of_a_stream()
{
	jq . <<<"$base" >a.json
	archive 0 x.tar.zst --originals - <a.json
	unpack x.tar.zst x
	expect_same a.json x/originals/00000001
}
check "--originals" originals
check "--originals: of standard input" originals_of_a_stream

# --- writing ---

refusal()
{
	capture 1 >a.json
	capture 2 >b.json
	archive 0 x.tar.zst a.json
	cp x.tar.zst before
	run "$CALLROLL" archive -o x.tar.zst b.json
	expect_status 2
	expect_stderr_has x.tar.zst
	expect_same before x.tar.zst
	archive 0 x.tar.zst --force b.json
	[ "$(lines responses x.tar.zst | jq -r .id)" = btcal_2 ] || fail "not replaced"
	# Not even what is no bundle.
	echo precious >notes
	run "$CALLROLL" archive -o notes a.json
	expect_status 2
	[ "$(cat notes)" = precious ] || fail "overwritten"
	mkdir folder
	run "$CALLROLL" archive --force -o folder a.json
	expect_status 2
	ln -s nowhere link
	run "$CALLROLL" archive -o link a.json
	expect_status 2
	[[ -L link && ! -e nowhere ]] || fail "written through a link"
}
check "an existing file is only replaced with --force" refusal

left=.
nothing_left()
{
	local found
	found=$(find "$left" -name '*.tar.zst*' -o -name '.*' ! -name . | head -n 3)
	[ -z "$found" ] || fail "left behind: $found"
}

failures()
{
	local -a nobody=()
	capture 1 >a.json
	archive 2 no/such/folder/x.tar.zst a.json
	run "$CALLROLL" archive -o x.tar.zst
	expect_status 2
	run "$CALLROLL" archive -o x.tar.zst --model missing.json a.json
	expect_status 2
	run "$CALLROLL" archive -l 99 -o x.tar.zst a.json
	expect_status 2
	nothing_left
	mkdir -m 555 closed
	if [ "$(id -u)" = 0 ]; then
		need setpriv
		nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
		"${nobody[@]}" test -r a.json -a -x "$CALLROLL" || skip "nobody cannot read the build tree"
	fi
	run "${nobody[@]}" "$CALLROLL" archive -o closed/x.tar.zst a.json
	expect_status 2
	expect_stderr_has "closed"
	nothing_left
}
check "a failure leaves nothing behind" failures

missing_input()
{
	capture 1 >a.json
	run "$CALLROLL" archive -o x.tar.zst missing.json a.json
	expect_status 2
	expect_stderr_has "missing.json: No such file or directory"
	"$CALLROLL" verify -q x.tar.zst >verified || fail "$(cat verified)"
	[ "$(lines responses x.tar.zst | jq -r .id)" = btcal_1 ] || fail "the other is not there"
}
check "a missing input does not hide the others" missing_input

full_disk()
{
	[ "$(id -u)" = 0 ] || skip "only root can mount a small file system"
	mkdir disk
	mount -t tmpfs -o size=256k none disk 2>/dev/null || skip "a tmpfs cannot be mounted here"
	trap 'umount disk' EXIT
	"$gen/generate" --recipients 20000 >a.json
	run "$CALLROLL" archive -o disk/x.tar.zst a.json
	expect_status 2
	expect_stderr_has "No space left on device"
	left=disk nothing_left
	# A stream is spooled there, too.
	run "$CALLROLL" archive -o disk/x.tar.zst - <a.json
	expect_status 2
	expect_stderr_has "No space left on device"
	left=disk nothing_left
}
check "a full disk leaves nothing behind" full_disk

file_size_limit()
{
	"$gen/generate" --recipients 20000 >a.json
	run bash -c 'trap "" XFSZ; ulimit -f 100; exec "$CALLROLL" archive -o x.tar.zst a.json'
	expect_status 2
	expect_stderr_has "File too large"
	nothing_left
}
check "a file that cannot grow leaves nothing behind" file_size_limit

stopped_by_a_signal()
{
	local pid i
	mkfifo pipe.json
	"$CALLROLL" archive -q -o x.tar.zst pipe.json 2>errors &
	pid=$!
	exec 9>pipe.json
	"$gen/generate" --recipients 100 >&9
	kill -TERM $pid
	exec 9>&-
	i=0
	wait $pid || i=$?
	((i != 0)) || fail "status 0"
	nothing_left
}
check "a signal leaves nothing behind" stopped_by_a_signal

output_among_the_inputs()
{
	mkdir in
	capture 1 >in/a.json
	archive 0 in/x.tar.zst in
	expect_stderr_has "passed over: "
	[ "$(lines sources in/x.tar.zst | jq -r .path)" = in/a.json ] || fail "$(lines sources in/x.tar.zst)"
	archive 0 in/y.tar.zst in
	[ "$(lines sources in/y.tar.zst | jq -r .path)" = in/a.json ] || fail "$(lines sources in/y.tar.zst)"
	expect_stderr_has "1 bundle"
	cmp in/x.tar.zst in/y.tar.zst || fail "another bundle"
}
check "the output inside the input is passed over" output_among_the_inputs

empty_inputs()
{
	mkdir empty
	run "$CALLROLL" archive -o x.tar.zst empty
	expect_status 1
	expect_stderr_has empty
	archive 1 y.tar.zst - </dev/null
	run "$CALLROLL" list y.tar.zst
	expect_status 0
}
check "an empty folder, an empty input" empty_inputs

# --- the same bytes ---

same_bytes()
{
	local i
	mkdir -p one/in two/deeper/in
	for i in $(seq 40); do
		"$gen/generate" --seed $((i % 30)) --recipients $((i * i)) --odd 1/20 --errors 1/40 \
			>"one/in/$i.json"
	done
	"$gen/generate" --seed 77 --recipients 30000 >one/in/large.json
	cp -r "$samples/wrong" one/in
	cp -r one/in/* two/deeper/in
	touch -d '2001-02-03' two/deeper/in/*
	chmod 600 two/deeper/in/*.json
	(cd one && run "$CALLROLL" archive -j1 -o x.tar.zst in && expect_status 1)
	(cd two/deeper && TZ=UTC LC_ALL=C run "$CALLROLL" archive -j4 -o other.tar.zst ./in/ &&
		expect_status 1)
	expect_same one/x.tar.zst two/deeper/other.tar.zst
	run "$CALLROLL" archive -j16 -q --root one -o y.tar.zst one/in/
	expect_same one/x.tar.zst y.tar.zst
	run "$CALLROLL" archive -j2 -q --originals --root one -o y1.tar.zst one/in/
	run "$CALLROLL" archive -j3 -q --originals --root two/deeper -o y2.tar.zst two/deeper/in/
	expect_same y1.tar.zst y2.tar.zst
	run "$CALLROLL" verify one/x.tar.zst y1.tar.zst
	expect_status 0
}
check "the same bytes for any threads, folder and day" same_bytes

source_date_epoch()
{
	capture 1 >a.json
	SOURCE_DATE_EPOCH=1600000000 archive 0 x.tar.zst a.json
	run env TZ=UTC tar --zstd -tvf x.tar.zst
	! grep -v ' 2020-09-13 12:26 ' "$out" || fail "other times"
	archive 0 y.tar.zst a.json
	! cmp -s x.tar.zst y.tar.zst || fail "no difference"
	[ "$(lines recipients x.tar.zst)" = "$(lines recipients y.tar.zst)" ] || fail "other content"
}
check "SOURCE_DATE_EPOCH" source_date_epoch

levels()
{
	"$gen/generate" --recipients 500 >a.json
	archive 0 x1.tar.zst -l 1 a.json
	archive 0 x9.tar.zst -l9 a.json
	archive 0 x19.tar.zst --level=19 a.json
	(($(wc -c <x19.tar.zst) < $(wc -c <x1.tar.zst))) || fail "19 is not smaller than 1"
	[ "$(lines recipients x1.tar.zst | sha256sum)" = "$(lines recipients x19.tar.zst | sha256sum)" ] ||
		fail "other content"
}
check "-l: another level, the same content" levels

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

# --- giving up a response ---

broken_at_its_last_byte()
{
	"$gen/generate" --seed 3 --recipients 100 >before.json
	"$gen/generate" --seed 4 --recipients 10000 | head -c -3 >broken.json
	"$gen/generate" --seed 5 --recipients 100 >after.json
	# The last brace of the last recipient.
	"$gen/generate" --seed 6 --recipients 10000 |
		sed 's/}],"phone_number_id"/],"phone_number_id"/' >last.json
	"$gen/generate" --seed 6 --recipients 10000 | cmp -s - last.json && fail "nothing is broken"
	archive 0 x.tar.zst before.json after.json
	archive 1 y.tar.zst before.json broken.json last.json after.json
	lines recipients x.tar.zst >expected
	lines recipients y.tar.zst | cmp - expected || fail "recipient lines of the broken one"
	unpack y.tar.zst y
	expect_same broken.json y/set-aside/00000001
	expect_same last.json y/set-aside/00000002
	[ "$(echo y/set-aside/*)" = "y/set-aside/00000001 y/set-aside/00000002" ] || fail "more is set aside"
}
check "one of 10,000 recipients is broken at its last byte" broken_at_its_last_byte

spanning_shards()
{
	local i
	"$gen/generate" --seed 3 --recipients 25000 >before.json
	"$gen/generate" --seed 2 --recipients 60000 >large.json
	(($(wc -c <large.json) > 60000000)) || "$gen/generate" --seed 5 --recipients 60000 >large.json
	(($(wc -c <large.json) > 60000000)) || fail "only $(wc -c <large.json) bytes"
	head -c -2 large.json >broken.json
	"$gen/generate" --seed 4 --recipients 100 >after.json
	archive 1 x.tar.zst before.json broken.json after.json
	archive 0 y.tar.zst before.json after.json
	unpack x.tar.zst x
	unpack y.tar.zst y
	diff -r x/recipients y/recipients || fail "other recipient lines"
	expect_same broken.json x/set-aside/00000001
	for i in before after; do
		run "$CALLROLL" show "$(head -c 60 $i.json | cut -d'"' -f4)" x.tar.zst
		expect_same $i.json "$out"
	done
	# And whole, it is many shards.
	archive 0 z.tar.zst large.json
	(($(tar --zstd -tf z.tar.zst | grep -c ^recipients/) >= 4)) || fail "not many shards"
	run "$CALLROLL" show "$(head -c 60 large.json | cut -d'"' -f4)" z.tar.zst
	expect_same large.json "$out"
}
check "a response of many shards is given up" spanning_shards
