#!/usr/bin/env bash
# roundtrip.sh: the three properties of the normal form, on made-up captures in random spellings: equal
# in value to the capture, the same bytes where only spelling differs, and unchanged by itself.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

responses=8

# show_all BUNDLE FILE: every response of the bundle, by its number.
show_all()
{
	"$CALLROLL" list --responses --format ndjson "$1" | jq -r '"\(.response) \(.id)"' |
		while read -r number id; do
			"$CALLROLL" show --response "$number" "$id" "$1" || exit
		done >"$2"
}

identities()
{
	"$CALLROLL" list --responses --format ndjson "$1" | jq -r '"\(.response) \(.sha256)"'
}

# properties SEED OPTION...: of generated captures.
properties()
{
	local seed=$1 style
	shift
	for style in compact pretty escaped shuffled; do
		"$gen/generate" --seed "$seed" --responses "$responses" "$@" --style $style >$style.json
		run "$CALLROLL" archive -q -o $style.tar.zst $style.json
		((status < 2)) || fail "seed $seed, $style: $(cat "$err")"
		show_all $style.tar.zst $style.shown
		(($(wc -l <$style.shown) == responses)) || fail "seed $seed, $style: $(wc -l <$style.shown) shown"
		# jansson's word for it, which has never seen callroll.
		"$gen/same" $style.json $style.shown || fail "seed $seed, $style: not equal in value"
		# Spelled compactly, captures are made in the normal form.
		cmp compact.json $style.shown || fail "seed $seed, $style: other bytes"
		cmp <(identities compact.tar.zst) <(identities $style.tar.zst) ||
			fail "seed $seed, $style: another identity"
	done
	cp shuffled.shown again.json
	run "$CALLROLL" archive -q -o again.tar.zst again.json
	show_all again.tar.zst again.shown
	cmp shuffled.shown again.shown || fail "seed $seed: not the same again"
	cmp <(identities compact.tar.zst) <(identities again.tar.zst) || fail "seed $seed: not the same again"
	rm -f ./*.tar.zst
}

no_recipients()
{
	properties 1 --recipients 0
}
check "no recipients" no_recipients

usual_captures()
{
	for seed in 2 3 4; do
		properties $seed --recipients $((seed * 3))
	done
}
check "usual captures" usual_captures

strange_captures()
{
	for seed in 12 13 14 15; do
		properties $seed --recipients $((seed - 8)) --odd 1/2
	done
}
check "strange members, strings and numbers" strange_captures

captures_with_mistakes()
{
	for seed in 22 23; do
		properties $seed --recipients 9 --odd 1/3 --errors 1/3
	done
}
check "captures with mistakes" captures_with_mistakes

one_batch_many_captures()
{
	responses=15 properties 31 --recipients 20 --captures 15
}
check "many captures of a batch" one_batch_many_captures

large_captures()
{
	responses=2 properties 41 --recipients 3000 --odd 1/50
}
check "captures larger than the window" large_captures

the_same_findings()
{
	local style
	for style in compact pretty escaped shuffled; do
		"$gen/generate" --seed 51 --responses 9 --recipients 15 --odd 1/3 --errors 1/3 --style $style >$style.json
		"$CALLROLL" validate -q --max-findings 10000 --format ndjson $style.json |
			jq -c '[.response, .batch_id, .rule, .severity, .pointer, .message]' |
			LC_ALL=C sort >$style.found || true
		[ -s $style.found ] || fail "there are no findings"
		cmp compact.found $style.found || fail "other findings in style $style"
	done
}
check "the same findings, whatever the spelling" the_same_findings

every_line_has_one_identity()
{
	"$gen/generate" --seed 61 --responses 5 --recipients 50 --odd 1/4 >a.json
	{ cat a.json; "$gen/generate" --seed 61 --responses 5 --recipients 50 --odd 1/4 --style shuffled; } >b.json
	"$CALLROLL" archive -q -o b.tar.zst b.json
	identities b.tar.zst | awk '{print $2}' >sums
	cmp <(head -n 5 sums) <(tail -n 5 sums) || fail "other identities"
	(($(sort -u sums | wc -l) == 5)) || fail "different responses have one identity"
}
check "an identity is the same for the same values, and only then" every_line_has_one_identity
