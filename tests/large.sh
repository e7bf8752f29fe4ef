#!/usr/bin/env bash
# large.sh: what callroll takes in time, memory and bytes on large made-up captures.
#
# usage: make check-large [RECIPIENTS=1000000] [FILES=100000] [CAPTURES=200] [SEED=9]
#   RECIPIENTS   of one response
#   FILES        small ones, each with one response of one recipient
#   CAPTURES     of one batch of 10,000 recipients, 1 in 100 changed from each to the next
#   SEED         of the values: with 9 a recipient has about 550 bytes, with 4 about 270 (without
#                variables), with 1 about 3500 (with instructions of its own)
# A line for each figure; where memory or bytes have a bound, it begins with `ok` or `not ok`. Time
# has none, because it depends on the machine. The last line is `N passed, N failed`.
#
# environment: top_builddir, the build tree; CALLROLL, the program; TMPDIR
set -u

export LC_ALL=C
recipients=${RECIPIENTS:-1000000}
files=${FILES:-100000}
captures=${CAPTURES:-200}
seed=${SEED:-9}
poll_recipients=10000
polls_to_judge=200
top_builddir=${top_builddir:-$PWD}
callroll=${CALLROLL:-$top_builddir/callroll}
gen=$top_builddir/tests/gen
passed=0
failed=0

die()
{
	echo "large.sh: $*" >&2
	exit 2
}

for n in "$recipients" "$files" "$captures" "$seed"; do
	[[ $n =~ ^[1-9][0-9]{0,11}$ ]] || die "not a number: $n"
done
((recipients >= 1000)) || die "RECIPIENTS is less than 1000"
for program in "$callroll" "$gen/generate" "$gen/measure" jq tar zstd; do
	command -v "$program" >/dev/null || die "$program is missing"
done

# --- a line for each figure ---

# of A B: A / B with three digits
of()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3g", a / b }'
}

# megabytes BYTES, in the unit that suits
megabytes()
{
	awk -v n="$1" 'BEGIN {
		split("B KB MB GB TB", unit)
		for (i = 1; n >= 1000 && i < 5; i++)
			n /= 1000
		printf i == 1 ? "%d %s" : "%.3g %s", n, unit[i]
	}'
}

# speed BYTES SECONDS
speed()
{
	awk -v n="$1" -v s="$2" 'BEGIN { printf "%.2f s, %.2f GB/s", s, n / s / 1e9 }'
}

# title TEXT
title()
{
	printf '\n# %s\n' "$*"
}

# figure NAME TEXT
figure()
{
	printf '   %-44s %s\n' "$1" "$2"
}

# holds NAME COMMAND...: ok if the command succeeds. What it prints tells why it did not.
holds()
{
	local name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok $name"
	else
		failed=$((failed + 1))
		echo "not ok $name"
	fi
}

# most NAME NUMBER BOUND UNIT: ok if the number is at most the bound.
most()
{
	holds "$(printf '%-44s %s %s, at most %s' "$1" "$2" "$4" "$3")" test "$2" -le "$3"
}

# --- what is measured ---

size_of()
{
	stat -c %s "$1"
}

# timed COMMAND...: sets seconds, kib (peak resident size) and status; the output is in out and err.
timed()
{
	status=0
	"$gen/measure" took "$@" >out 2>err || status=$?
	read -r seconds kib _ <took || die "no figures of: $*"
}

# succeeds COMMAND...: timed, and must succeed.
succeeds()
{
	timed "$@"
	((status == 0)) || {
		head -n 5 err >&2
		die "status $status: $*"
	}
}

# generate OPTION...
generate()
{
	"$gen/generate" --seed "$seed" "$@" || die "generate: $*"
}

# recipient_memory NAME: the bound for one large response.
recipient_memory()
{
	most "$1 memory" "$kib" $((64 * 1024 + recipients * 80 / 1024)) KiB
}

# cut_out FILE MEMBER: its first value after the middle of the file, which is one long line.
cut_out()
{
	tail -c +$(($(size_of "$1") / 2)) "$1" | head -c 100000 |
		grep -aoE "\"$2\":(\"[^\"]*\"|[0-9]+)" | head -n 1 |
		sed -e 's/^[^:]*://' -e 's/"//g'
}

# --- (a) one response ---

shown_equal()
{
	local id
	id=$("$callroll" list --responses --format ndjson "$1" | jq -r .id)
	"$callroll" show --compact "$id" "$1" | cmp - "$2"
}

one_response()
{
	local j size packed
	title "one response of $recipients recipients"
	generate --recipients "$recipients" >one.json
	size=$(size_of one.json)
	captured=$size
	figure capture "$(megabytes "$size"), $((size / recipients)) bytes a recipient"
	for j in 1 2; do
		succeeds "$callroll" validate -j $j one.json
		figure "validate -j$j" "$(speed "$size" "$seconds")"
		recipient_memory "validate -j$j"
		succeeds "$callroll" archive -j $j -o one-$j.tar.zst one.json
		figure "archive -j$j" "$(speed "$size" "$seconds")"
		recipient_memory "archive -j$j"
	done
	packed=$(size_of one-1.tar.zst)
	figure bundle "$(megabytes "$packed"), 1/$(of "$size" "$packed") of the capture"
	holds "the same bundle from -j1 and -j2" cmp one-1.tar.zst one-2.tar.zst
	timed "$callroll" verify one-1.tar.zst
	figure verify "$(speed "$size" "$seconds"), $kib KiB"
	holds "verify: status $status" test $status = 0
	holds "show gives back the capture" shown_equal one-1.tar.zst one.json
	phone=$(cut_out one.json phone_number)
	order=$(cut_out one.json order)
	mv one-1.tar.zst one.tar.zst
	rm one-2.tar.zst one.json
}

# --- (b) small files ---

many_files()
{
	local kept usual
	usual=$(ulimit -S -n)
	title "$files small files, at most 64 of them open"
	mkdir files
	generate --recipients 1 --responses "$files" |
		split -l 1 -a 7 -d --additional-suffix=.json - files/
	ulimit -S -n 64
	timed "$callroll" validate files
	figure validate "$seconds s, $kib KiB"
	holds "validate: status $status" test $status = 0
	timed "$callroll" archive -o files.tar.zst files
	figure archive "$seconds s, $kib KiB"
	holds "archive: status $status" test $status = 0
	kept=$(tar --zstd -xOf files.tar.zst trailer.json | jq .responses)
	holds "$kept responses kept" test "$kept" = "$files"
	timed "$callroll" verify files.tar.zst
	figure verify "$seconds s, $kib KiB"
	holds "verify: status $status" test $status = 0
	rm -r files files.tar.zst
	ulimit -S -n "$usual"
}

# --- (c) captures of one batch ---

all_shown()
{
	local id number=0 file
	id=$("$callroll" list --format ndjson polls.tar.zst | jq -r .id)
	for file in polls/*; do
		number=$((number + 1))
		"$callroll" show --compact --response $number "$id" polls.tar.zst |
			cmp - "$file" || return
	done
	((number == captures))
}

# no_more_than NAME PART BYTES: is the bundle at most 1/PART of that?
no_more_than()
{
	local size
	size=$(size_of polls.tar.zst)
	figure "$1" "$(megabytes "$3"); the bundle is 1/$(of "$3" "$size") of it"
	if ((captures >= polls_to_judge)); then
		most "bundle, to 1/$2 of $1" "$size" $(($3 / $2)) bytes
	fi
}

tar_zstd()
{
	tar --sort=name -cf - polls | zstd -q -3 "$@" | wc -c
}

many_captures()
{
	local size
	title "$captures captures of a batch of $poll_recipients recipients, 1 in 100 changed each time"
	mkdir polls
	generate --recipients $poll_recipients --responses "$captures" --captures "$captures" \
		--changes 1/100 | split -l 1 -a 7 -d --additional-suffix=.json - polls/
	size=$(cat polls/* | wc -c)
	succeeds "$callroll" archive -o polls.tar.zst polls
	figure captures "$(megabytes "$size")"
	figure archive "$(speed "$size" "$seconds"), $kib KiB"
	figure bundle "$(megabytes "$(size_of polls.tar.zst)")"
	figure "recipient lines" "$(tar --zstd -xOf polls.tar.zst trailer.json | jq .recipients)"
	no_more_than "tar | zstd -3" 40 "$(tar_zstd)"
	no_more_than "tar | zstd -3 --long=27" 2 "$(tar_zstd --long=27)"
	((captures >= polls_to_judge)) || figure "(bounds are for $polls_to_judge captures)" ""
	timed "$callroll" verify polls.tar.zst
	holds "verify: status $status" test $status = 0
	holds "show gives back every capture" all_shown
	rm -r polls polls.tar.zst
}

# --- (d) one phone number ---

# times N COMMAND...: sets least and median, in ms; what they are is not judged.
times()
{
	local n=$1 i
	shift
	: >all
	for ((i = 0; i < n; i++)); do
		succeeds "$@"
		echo "$seconds" >>all
	done
	sort -n all | awk '{ t[NR] = $1 * 1000 }
		END { printf "%.3g %.3g\n", t[1], t[int((NR + 1) / 2)] }' >some
	read -r least median <some
}

find_phone()
{
	local bundle=$1 number=$2 read_bytes
	times 21 "$callroll" find -q --format ndjson "$number" "$bundle"
	figure "find in a bundle of $(megabytes "$(size_of "$bundle")")" \
		"$least ms at best, $median ms usually, $kib KiB"
	holds "find: one recipient" test "$(jq -r .phone_number out)" = "$number"
	if ! command -v strace >/dev/null; then
		figure "bytes read" "not counted: strace is not installed"
	elif ! strace -f -e trace=read,pread64 -o calls \
		"$callroll" find -q "$number" "$bundle" >out 2>err; then
		figure "bytes read" "not counted: strace does not work here"
	else
		read_bytes=$(awk '$NF ~ /^[0-9]+$/ && $(NF - 1) == "=" { n += $NF }
			END { print n + 0 }' calls)
		most "find, bytes read" "$read_bytes" $((2 * 1024 * 1024)) bytes
	fi
}

one_phone()
{
	local number
	title "one phone number in a bundle of $recipients recipients, and in one ten times smaller"
	generate --recipients $((recipients / 10)) >tenth.json
	number=$(cut_out tenth.json phone_number)
	succeeds "$callroll" archive -o tenth.tar.zst tenth.json
	times 21 "$callroll" --version
	figure "only to start callroll" "$least ms at best, $median ms usually"
	find_phone one.tar.zst "$phone"
	find_phone tenth.tar.zst "$number"
	rm tenth.json tenth.tar.zst
}

# --- (e) the index ---

index_share()
{
	local row keys index bundle
	title "the index of the bundle of $recipients recipients"
	tar --zstd -xf one.tar.zst trailer.json manifest-sha256.txt index/frames.bin
	row=$(grep -n ' index/keys\.bin$' manifest-sha256.txt | cut -d: -f1)
	keys=$(jq .keys.entries trailer.json)
	bundle=$(size_of one.tar.zst)
	# A record has 16 numbers: the third is the frame's size, the fifth its row, from 0; bit 31
	# there says that it is a header.
	index=$(od -A n -v -t u4 -w64 index/frames.bin |
		awk -v row="$((row - 1))" '$5 % 2147483648 == row { n += $3 } END { print n + 0 }')
	figure keys "$keys"
	figure "bytes a key" "$(of "$index" "$keys")"
	figure "share of the bundle" "$(of $((index * 100)) "$bundle") % ($(megabytes "$index"))"
}

# --- (f) a member without an index ---

scan_speed()
{
	title "find -w on a member that is not indexed, with $(getconf _NPROCESSORS_ONLN) threads"
	if [ -z "$order" ]; then
		figure scan "not measured: with this SEED there are no variables"
		return
	fi
	times 3 "$callroll" find -q --format ndjson -w "dynamic_variables.order=$order" one.tar.zst
	holds "find -w: $(wc -l <out) found" grep -q "\"order\":${order}[,}]" out
	figure scan "$(speed "$captured" "$(of "$median" 1000)") of captures, $kib KiB"
}

# --- in a folder of its own ---

clean_up()
{
	cd / && rm -rf "$folder"
}

# With a tenth to spare, and what callroll and file systems take besides.
disk_needed()
{
	local each
	each=$(($(generate --recipients 1000 | wc -c) / 1000 + 1))
	printf '%s\n' $((recipients * each * 15 / 10)) $((files * 9000 + recipients * each / 5)) \
		$((captures * poll_recipients * each * 11 / 10 + recipients * each / 5)) |
		sort -n | tail -n 1
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/callroll-large.XXXXXX") || exit 2
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
export TMPDIR=$folder
cd "$folder" || exit 2
needed=$(disk_needed)
echo "in $folder, which needs up to $(megabytes "$needed") (TMPDIR=DIR to have it elsewhere)"
free=$(($(df -Pk . | awk 'NR == 2 { print $4 }') * 1024))
((free > needed)) || die "only $(megabytes "$free") are free"

one_response
one_phone
index_share
scan_speed
rm one.tar.zst
many_files
many_captures

printf '\n%s passed, %s failed\n' "$passed" "$failed"
((failed == 0 && passed > 0))
