#!/usr/bin/env bash
# archive.sh: nothing is lost, nothing is left behind, and the same input gives the same bytes.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

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
	"$gen/generate" --seed 77 --recipients 20000 >one/in/large.json
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
	# With whole prompts: 3.5 KB each, in shards of 16 MiB.
	"$gen/generate" --seed 3 --recipients 6000 >before.json
	"$gen/generate" --seed 2 --recipients 16000 >large.json
	(($(wc -c <large.json) > 55000000)) || fail "only $(wc -c <large.json) bytes"
	head -c -2 large.json >broken.json
	"$gen/generate" --seed 4 --recipients 100 >after.json
	archive 1 x.tar.zst before.json broken.json after.json
	archive 0 y.tar.zst before.json after.json
	unpack x.tar.zst x
	unpack y.tar.zst y
	diff -r x/recipients y/recipients || fail "other recipient lines"
	expect_same broken.json x/set-aside/00000001
	rm -r x y broken.json
	for i in before after; do
		run "$CALLROLL" show "$(head -c 60 $i.json | cut -d'"' -f4)" x.tar.zst
		expect_same $i.json "$out"
	done
	# And whole, it is many shards.
	archive 0 z.tar.zst large.json
	(($(tar --zstd -tf z.tar.zst | grep -c ^recipients/) >= 4)) || fail "not many shards"
	run "$CALLROLL" show "$(head -c 60 large.json | cut -d'"' -f4)" z.tar.zst
	expect_same large.json "$out"
	rm ./*.json
}
check "a response of many shards is given up" spanning_shards
