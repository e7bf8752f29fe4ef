#!/usr/bin/env bash
# verify.sh: every damage to a bundle is found, and whoever reads it is told. What is no bundle is none.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# A bundle with several frames of recipients, with findings and with pieces set aside.
"$gen/generate" --recipients 1500 --odd 1/100 --errors 1/200 >"$work/a.json"
cp -r "$samples" "$work/samples"
(cd "$work" && "$CALLROLL" archive -q -o good.tar.zst a.json samples)
good=$work/good.tar.zst
size=$(wc -c <"$good")

# damaged [WORDS]: bad.tar.zst does not pass, and verify says so.
damaged()
{
	run "$CALLROLL" verify bad.tar.zst
	expect_status 3
	# Either the judgement, with what is wrong below it, or that it is no bundle at all.
	if grep -q '^damaged  bad.tar.zst' "$out"; then
		(($(wc -l <"$out") >= 2)) || fail "it does not say what is wrong"
	else
		expect_stdout_empty
		expect_stderr_has "bad.tar.zst"
	fi
	cat "$out" "$err" >said
	if (($# > 0)); then
		lib_has said "$1"
	fi
}

good_bundle()
{
	local seal
	run "$CALLROLL" verify "$good"
	expect_status 0
	expect_stderr_empty
	grep -qE '^ok +WORK/good.tar.zst  seal [0-9a-f]{64}$' <(sed "s|$work|WORK|" "$out") || fail "$(cat "$out")"
	seal=$(sed 's/.* seal //' "$out")
	run "$CALLROLL" verify --seal "$seal" "$good"
	expect_status 0
	run "$CALLROLL" verify --seal "${seal^^}" "$good"
	expect_status 0
	for j in 1 2 8; do
		run "$CALLROLL" verify -j$j "$good"
		expect_status 0
	done
	(($("$gen/damage" frames "$good" | wc -l) >= 20)) || fail "too few frames to be a test"
}
check "a good bundle, and its seal" good_bundle

wrong_seal()
{
	local seal
	seal=$("$CALLROLL" verify "$good" | sed 's/.* seal //')
	run "$CALLROLL" verify "$good" --seal "$(tr '0-9a-f' '1-9a-f0' <<<"$seal")"
	expect_status 3
	expect_stdout_has "damaged"
	expect_stdout_has "seal"
	run "$CALLROLL" verify "$good" --seal "${seal%?}"
	expect_status 2
	run "$CALLROLL" verify "$good" --seal "${seal%?}x"
	expect_status 2
	run "$CALLROLL" verify "$good" "$good" --seal "$seal"
	expect_status 2
	# Another bundle, itself whole, is not the one whose seal was noted.
	capture 1 >b.json
	"$CALLROLL" archive -q -o other.tar.zst b.json
	run "$CALLROLL" verify other.tar.zst --seal "$seal"
	expect_status 3
}
check "another seal" wrong_seal

flipped_bits()
{
	local i where
	for i in $(seq 0 5 1023); do
		cp "$good" bad.tar.zst
		where=$("$gen/damage" flip 1 "$i" bad.tar.zst)
		run "$CALLROLL" verify bad.tar.zst
		((status == 3)) || fail "$where is flipped, and the status is $status"
		[ -s "$out" ] || [ -s "$err" ] || fail "$where is flipped, and nothing is said"
	done
}
check "a flipped bit in each of 205 parts of the file" flipped_bits

every_bit_at_the_end()
{
	local i from
	# The seek table's head and end, the trailer's end, the first header.
	from=$((size * 8))
	for i in $(seq 0 7 143) $(seq 145 11 400); do
		cp "$good" bad.tar.zst
		"$gen/damage" bit $((from - 1 - i)) bad.tar.zst >where
		run "$CALLROLL" verify bad.tar.zst
		((status == 3)) || fail "$(cat where) is flipped, and the status is $status"
	done
	for i in $(seq 0 13 300); do
		cp "$good" bad.tar.zst
		"$gen/damage" bit "$i" bad.tar.zst >where
		run "$CALLROLL" verify bad.tar.zst
		((status == 3)) || fail "$(cat where) is flipped, and the status is $status"
	done
}
check "flipped bits in the first and the last frames" every_bit_at_the_end

# What reads a bundle never prints what is not checked.
readers_of_damage()
{
	local i id
	id=$(head -c 60 "$work/a.json" | cut -d'"' -f4)
	"$CALLROLL" show "$id" "$good" >expected
	for i in $(seq 3 17 1023); do
		cp "$good" bad.tar.zst
		"$gen/damage" flip 2 "$i" bad.tar.zst >where
		run "$CALLROLL" show "$id" bad.tar.zst
		((status == 3)) || {
			((status == 0)) || fail "$(cat where): status $status"
			cmp -s expected "$out" || fail "$(cat where): show printed other bytes"
		}
		run "$CALLROLL" list bad.tar.zst
		((status == 3 || status == 0)) || fail "$(cat where): status $status of list"
	done
}
check "show prints a damaged response never as if it were whole" readers_of_damage

cuts()
{
	local at
	"$gen/damage" frames "$good" >ends
	while read -r at; do
		head -c "$at" "$good" >bad.tar.zst
		damaged
	done <ends
	for at in 0 1 4 5 9 17 512 1000 $((size / 2)) $((size - 9)) $((size - 1)); do
		head -c "$at" "$good" >bad.tar.zst
		damaged
	done
	# The seek table alone.
	tail -c +$(($(tail -n 1 ends) + 1)) "$good" >bad.tar.zst
	damaged
	# Whole frames missing at the start.
	for at in $(head -n 5 ends); do
		tail -c +$((at + 1)) "$good" >bad.tar.zst
		damaged
	done
}
check "a cut at every frame" cuts

frames_left_out()
{
	local from=0 to n=0
	"$gen/damage" frames "$good" >ends
	while read -r to; do
		n=$((n + 1))
		if ((n % 3 == 0)); then
			{ head -c "$from" "$good"; tail -c +$((to + 1)) "$good"; } >bad.tar.zst
			damaged
			{ head -c "$to" "$good"; tail -c +$((from + 1)) "$good"; } >bad.tar.zst
			damaged
		fi
		from=$to
	done <ends
}
check "a frame left out, a frame twice" frames_left_out

joined()
{
	cat "$good" "$good" >bad.tar.zst
	damaged
	capture 1 >b.json
	"$CALLROLL" archive -q -o other.tar.zst b.json
	cat "$good" other.tar.zst >bad.tar.zst
	damaged
	cat other.tar.zst "$good" >bad.tar.zst
	damaged
	{ cat "$good"; printf '\0'; } >bad.tar.zst
	damaged
	{ cat "$good"; echo; } >bad.tar.zst
	damaged
	{ printf '\0'; cat "$good"; } >bad.tar.zst
	damaged
	{ cat "$good"; printf 'x' | zstd -q; } >bad.tar.zst
	damaged
	# An empty skippable frame at the end.
	{ cat "$good"; printf '\x50\x2a\x4d\x18\0\0\0\0'; } >bad.tar.zst
	damaged
}
check "two bundles in one file, bytes before and behind" joined

no_bundles()
{
	need zstd tar
	: >bad.tar.zst
	damaged
	echo "no bundle" >bad.tar.zst
	damaged
	head -c 100000 /dev/zero >bad.tar.zst
	damaged
	cp "$work/a.json" bad.tar.zst
	damaged
	tar -C "$work" -cf x.tar samples
	cp x.tar bad.tar.zst
	damaged
	zstd -qf x.tar -o bad.tar.zst
	damaged
	# The same entries, packed again by other tools.
	mkdir x
	tar --zstd -xf "$good" -C x
	tar -C x --zstd -cf bad.tar.zst callroll.json FORMAT.txt model.schema.json recipients responses \
		findings sources set-aside index manifest-sha256.txt trailer.json
	damaged
	run "$CALLROLL" verify missing.tar.zst
	expect_status 2
	mkdir empty
	run "$CALLROLL" verify empty
	((status > 0)) || fail "an empty folder is well"
	mkfifo bad.fifo
	run timeout 10 "$CALLROLL" verify bad.fifo
	((status == 2 || status == 3)) || fail "status $status of a pipe"
}
check "what is no bundle" no_bundles

hostile_seek_tables()
{
	local n
	# Counts of frames that cannot be, in the last nine bytes.
	for n in '\xff\xff\xff\xff' '\0\0\0\0' '\xff\xff\xff\x07' '\x01\0\0\0' '\0\0\0\x80'; do
		{ head -c -9 "$good"; printf '%b' "$n"; tail -c 5 "$good"; } >bad.tar.zst
		damaged
	done
	printf '\x5e\x2a\x4d\x18\x09\0\0\0\0\0\0\0\0\xb1\xea\x92\x8f' >bad.tar.zst
	damaged
	printf '\x00\x00\x00\x00\x00\xb1\xea\x92\x8f' >bad.tar.zst
	damaged
}
check "seek tables made to harm" hostile_seek_tables

damage_is_named()
{
	local at
	"$gen/damage" frames "$good" >ends
	# The frame of recipients is the largest one.
	at=$(awk '{ if ($1 - last > most) { most = $1 - last; at = last } last = $1 } END { print at }' ends)
	cp "$good" bad.tar.zst
	"$gen/damage" bit $(((at + 100) * 8)) bad.tar.zst >where
	damaged "recipients/00000001.ndjson"
	grep -qE 'lines? [0-9,]+' said || fail "it does not say which lines: $(cat said)"
	run "$CALLROLL" verify bad.tar.zst "$good"
	expect_status 3
	expect_stdout_has "damaged  bad.tar.zst"
	expect_stdout_has "ok "
}
check "verify names the entry and what it held" damage_is_named
