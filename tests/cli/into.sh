#!/usr/bin/env bash
# into.sh: archive --into: a folder of bundles, each with what the others do not list yet.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# bundles DIR: the names of the bundles in a folder.
bundles()
{
	(cd "$1" && ls -A)
}

# into STATUS DIR ARGUMENT...: archives, and nothing but bundles may be there then, all of them whole.
into()
{
	local wanted=$1 dir=$2
	shift 2
	run "$CALLROLL" archive --into "$dir" "$@"
	expect_status "$wanted"
	! bundles "$dir" | grep -vE '^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{8}\.tar\.zst$' ||
		fail "there is something else in $dir"
	[ -z "$(bundles "$dir")" ] || "$CALLROLL" verify -q "$dir" >verified || fail "$(cat verified)"
}

some_captures()
{
	mkdir -p in
	for i in 1 2 3; do
		capture $i >in/$i.json
	done
}

the_name()
{
	some_captures
	mkdir b
	SOURCE_DATE_EPOCH=1795391999 into 0 b in
	name=$(bundles b)
	seal=$("$CALLROLL" verify b | sed 's/.*seal //')
	[ "$name" = "2026-11-22-${seal:0:8}.tar.zst" ] || fail "$name, seal $seal"
	expect_stderr_has "sealed      b/$name"
	# One second later it is the next day, and the name's day is not in the bundle's bytes.
	mkdir c d
	SOURCE_DATE_EPOCH=1795392000 into 0 c/ in
	[[ $(bundles c) == 2026-11-23-* ]] || fail "$(bundles c)"
	into 0 d in
	[[ $(bundles d) == "$(date -u +%F)-"* ]] || fail "$(bundles d)"
	archive 0 x.tar.zst in
	expect_same x.tar.zst "d/$(bundles d)"
}
check "the name is the day in UTC and the start of the seal" the_name

twice()
{
	some_captures
	mkdir b
	into 0 b in
	before=$(bundles b)
	into 0 b in
	expect_stderr_has "nothing new: 3 inputs are in 1 bundle already"
	expect_stdout_empty
	[ "$(bundles b)" = "$before" ] || fail "$(bundles b)"
	run "$CALLROLL" archive -q --into b in
	expect_status 0
	expect_stderr_empty
	# Of other paths, and by another way of reading, they are the same inputs.
	cp -r in other
	into 0 b --root other other/1.json other/2.json - <in/3.json
	expect_stderr_has "nothing new: 3 inputs are in 1 bundle already"
}
check "the same folder twice: no second bundle" twice

what_is_new()
{
	some_captures
	mkdir b
	into 0 b in
	capture 4 >in/4.json
	capture 2 '"failed"' '"completed"' >in/2.json
	SOURCE_DATE_EPOCH=1900000000 into 0 b in
	expect_stderr_has "left out    2 inputs, listed in 1 bundle already"
	[ "$(bundles b | wc -l)" = 2 ] || fail "$(bundles b)"
	# The second bundle has the new ones and is complete in itself.
	[ "$(lines sources b/2030-*.tar.zst | jq -r .path | tr '\n' ' ')" = "in/2.json in/4.json " ] ||
		fail "$(lines sources b/2030-*)"
	"$CALLROLL" show btcal_4 b/2030-* | jq -e . >/dev/null
	into 0 b in
	expect_stderr_has "nothing new: 4 inputs are in 2 bundles already"
	# Without the first one, only its own captures are new again.
	rm "b/$(bundles b | head -n 1)"
	into 0 b in
	expect_stderr_has "left out    2 inputs, listed in 1 bundle already"
}
check "only what no bundle lists is archived" what_is_new

compressed_and_containers()
{
	need gzip
	some_captures
	gzip in/1.json
	tar -cf in/x.tar -C in 2.json
	rm in/2.json
	: >in/empty.json
	printf 'no capture\n' >in/text.json
	mkdir b
	into 1 b in
	run "$CALLROLL" archive --into b in
	expect_stderr_has "nothing new: 5 inputs are in 1 bundle already"
	# Members of a tar are not looked at one by one; a plain file that is a listed member is.
	capture 2 >in/2.json
	into 0 b in
	expect_stderr_has "nothing new: 6 inputs are in 1 bundle already"
	tar -cf in/y.tar -C in 2.json text.json
	into 1 b in
	expect_stderr_has "left out    6 inputs"
}
check "compressed files and archives by their own digest" compressed_and_containers

broken_archive()
{
	mkdir in b
	capture 1 >a.json
	"$gen/generate" --recipients 300 >b.json
	tar -cf x.tar a.json b.json
	head -c 60000 x.tar >in/cut.tar
	into 2 b in
	# Its bytes are all there: it is not kept a second time.
	into 0 b in
	expect_stderr_has "nothing new: 1 input is in 1 bundle already"
	lines sources "b/$(bundles b)" >list
	jq -se 'map(select(.whole_file)) | length == 1 and .[0].file_sha256 == $sum and .[0].file_size == 60000
		and .[0].sha256 == null' --arg sum "$(sha256sum <in/cut.tar | cut -d' ' -f1)" list >/dev/null ||
		fail "$(cat list)"
}
check "an input that cannot be read to its end is kept once" broken_archive

damaged_frames()
{
	local name ends
	some_captures
	mkdir b
	into 0 b in
	name=b/$(bundles b)
	# A bit of the recipients, in the eighth frame: the bundle's end and its sources are whole.
	mapfile -t ends < <("$gen/damage" frames "$name")
	"$gen/damage" bit $(((ends[6] + ends[7]) * 4)) "$name"
	run "$CALLROLL" archive --into b in
	expect_status 3
	expect_stderr_has "recipients/00000001.ndjson lines 1-3: its bytes are not those that were written"
	(($(bundles b | wc -l) == 2)) || fail "its inputs were not archived again"
}
check "what a damaged bundle lists is archived again" damaged_frames

damaged_bundle()
{
	some_captures
	mkdir b
	SOURCE_DATE_EPOCH=1 into 0 b in
	mkdir saved
	mv b/* saved
	head -c 1000 saved/* >b/1970-01-01-00000000.tar.zst
	run "$CALLROLL" archive --into b in
	expect_status 3
	expect_stderr_has b/1970-01-01-00000000.tar.zst
	expect_stderr_has_no "left out"
	[ "$(bundles b | wc -l)" = 2 ] || fail "$(bundles b)"
	"$CALLROLL" verify -q b/20*.tar.zst
	# Something else of that name hides nothing either.
	cp b/20* saved
	rm b/19*
	tar -C in -c . | zstd -q >b/captures.tar.zst
	run "$CALLROLL" archive --into b in
	expect_status 3
	expect_stderr_has b/captures.tar.zst
	expect_stderr_has "nothing new: 3 inputs are in 1 bundle already"
	expect_same saved/20*.tar.zst b/20*.tar.zst
}
check "a damaged bundle is said, and counts for nothing" damaged_bundle

at_the_same_moment()
{
	some_captures
	mkdir other
	capture 7 >other/7.json
	mkdir b
	for i in 1 2 3 4 5 6; do
		"$CALLROLL" archive -q --into b in 2>err.$i &
		pids[i]=$!
	done
	"$CALLROLL" archive -q --into b other 2>err.7 || fail "$(cat err.7)"
	for i in 1 2 3 4 5 6; do
		wait "${pids[i]}" || fail "run $i: $(cat err.$i)"
	done
	[ "$(bundles b | wc -l)" = 2 ] || fail "$(bundles b)"
	"$CALLROLL" verify -q b >verified || fail "$(cat verified)"
}
check "runs at the same moment do each other no harm" at_the_same_moment

never_overwritten()
{
	some_captures
	mkdir b
	into 0 b in
	name=$(bundles b)
	# A file of that name that is no such bundle stays as it is; the seal's start is longer then.
	echo mine >"b/$name"
	run "$CALLROLL" archive --into b in
	expect_status 3
	[ "$(cat "b/$name")" = mine ] || fail "it was overwritten"
	[ "$(bundles b | wc -l)" = 2 ] || fail "$(bundles b)"
	bundles b | grep -qE -- '-[0-9a-f]{16}\.tar\.zst$' || fail "$(bundles b)"
}
check "no file is overwritten" never_overwritten

usage()
{
	some_captures
	mkdir b
	run "$CALLROLL" archive --into missing in
	expect_status 2
	expect_stderr_has "--into missing: the folder must be there"
	[ ! -e missing ] || fail "it was created"
	run "$CALLROLL" archive --into in/1.json in
	expect_status 2
	expect_stderr_has "that is no folder"
	run "$CALLROLL" archive --into b -o x.tar.zst in
	expect_status 2
	run "$CALLROLL" archive --into b --force in
	expect_status 2
	run "$CALLROLL" archive in
	expect_status 2
	expect_stderr_has --into
	mkdir empty
	run "$CALLROLL" archive --into b empty
	expect_stderr_has "nothing to archive"
	SOURCE_DATE_EPOCH=x run "$CALLROLL" archive --into b in
	expect_status 2
	[ -z "$(bundles b)" ] || fail "$(bundles b)"
}
check "what cannot be is said" usage

inside_the_inputs()
{
	some_captures
	mkdir in/b
	into 0 in/b in
	into 0 in/b in
	expect_stderr_has "nothing new: 3 inputs are in 1 bundle already"
}
check "the folder may lie among the inputs" inside_the_inputs
