#!/usr/bin/env bash
# merge.sh: many bundles into one: nothing is lost, nothing is there twice, states are stored once.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# merge BUNDLE ARGUMENT...: merges, and verifies what came of it.
merge()
{
	local bundle=$1
	shift
	run "$CALLROLL" merge -o "$bundle" "$@"
	expect_status 0
	"$CALLROLL" verify -q "$bundle" >verified || fail "$(cat verified)"
}

# every_response BUNDLE...: each response as `show` prints it, its batch and its source, sorted.
every_response()
{
	local bundle id number source
	for bundle; do
		"$CALLROLL" list --responses --format ndjson "$bundle" |
			jq -r '[.id, .response, .source, .offset, .seen, .sha256] | @tsv' |
			while IFS=$'\t' read -r id number source; do
				echo "$id $source $("$CALLROLL" show "$id" --response "$number" "$bundle" | sha256sum)"
			done
	done | sort
}

# all KIND BUNDLE...: lines of all, sorted.
all()
{
	local kind=$1 bundle
	shift
	for bundle; do
		lines "$kind" "$bundle"
	done | sort
}

# same_findings BUNDLE: each response has the findings that name it, as many of each rule as its own
# line counts.
same_findings()
{
	lines responses "$1" | jq -c '{_response: input_line_number, path: ._source, batch_id: .id} as $r |
		._findings | to_entries[] | $r + {rule: .key, count: .value}' | jq -cS . | sort >counted
	lines findings "$1" | jq -cS -s 'map(select(._response)) |
		group_by([._response, .path, .batch_id, .rule])[] |
		(.[0] | {_response, path, batch_id, rule}) + {count: (map(.more // 1) | add)}' | sort >told
	[ -s counted ] || fail "no findings"
	diff counted told || fail "findings and counts differ"
}

# blobs DIR: the digest of what each line of the sources names, with the line's own words.
blobs()
{
	cat "$1"/sources/*.ndjson | jq -r '(.set_aside, .whole_file, .original) as $name |
		select($name) | [.path, .offset // "-", $name] | @tsv' |
		while IFS=$'\t' read -r path offset name; do
			echo "$path $offset $(sha256sum <"$1/$name")"
		done | sort
}

# same_folders DIR DIR: two unpacked bundles with the same lines and blobs.
same_folders()
{
	local folder
	for folder in recipients responses findings sources set-aside originals; do
		[ -e "$1/$folder" ] || [ -e "$2/$folder" ] || continue
		diff -r "$1/$folder" "$2/$folder" >differs || fail "$folder: $(head -n 5 differs)"
	done
}

# Two days of one batch, polled, with some other things.
two_days()
{
	local i=0 file
	mkdir -p day1 day2
	"$gen/generate" --seed 3 --recipients 400 --responses 12 --captures 12 --odd 1/20 --errors 1/300 >polled
	while IFS= read -r file; do
		i=$((i + 1))
		printf '%s\n' "$file" >"day$((i > 6 ? 2 : 1))/poll-$i.json"
	done <polled
	printf 'HTTP/2 200\r\ndate: Mon, 23 Nov 2026 10:00:00 GMT\r\nx: y\r\n\r\n' >day1/http.json
	capture 5 >>day1/http.json
	printf 'no capture\n' >day1/text.json
	head -c 3000 day1/poll-1.json >day2/cut.json
	: >day2/empty.json
	capture 6 '"failed"' '"unheard-of"' >day2/finding.json
	tar -cf day2/x.tar -C day1 http.json
	tar -c day1/poll-2.json | head -c 60000 >day2/cut.tar
	archive 1 1.tar.zst --root day1 day1
	archive 2 2.tar.zst --originals --root day2 day2
}

sum()
{
	cat "$@" | wc -c
}

daily_into_monthly()
{
	two_days
	merge m.tar.zst 1.tar.zst 2.tar.zst
	expect_stdout_empty
	every_response 1.tar.zst 2.tar.zst >before
	every_response m.tar.zst >after
	[ "$(wc -l <before)" = 15 ] || fail "$(cat before)"
	expect_same before after
	for i in 1 2 m; do
		mkdir $i
		tar --zstd -xf $i.tar.zst -C $i
	done
	(cd m && sha256sum -c --quiet manifest-sha256.txt) || fail "sha256sum"
	# What is told of them is as it was.
	all findings 1.tar.zst 2.tar.zst | jq -c 'del(._response)' | sort >before
	all findings m.tar.zst | jq -c 'del(._response)' | sort >after
	expect_same before after
	for i in 1 2 m; do
		same_findings $i.tar.zst
	done
	local other='del(.set_aside, .whole_file, .original)'
	all sources 1.tar.zst 2.tar.zst | jq -c "$other" | sort >before
	all sources m.tar.zst | jq -c "$other" | sort >after
	expect_same before after
	local kept='[._source, ._offset, ._sha256, ._seen, ._http, ._outcomes, ._findings, ._recipients]'
	all responses 1.tar.zst 2.tar.zst | jq -c "$kept" | sort >before
	all responses m.tar.zst | jq -c "$kept" | sort >after
	expect_same before after
	{
		blobs 1
		blobs 2
	} | sort >before
	blobs m >after
	[ "$(wc -l <before)" -gt 8 ] || fail "too few blobs: $(cat before)"
	expect_same before after
	# The states of the second day are mostly those of the first.
	[ "$(sum m.tar.zst)" -lt "$(sum 1.tar.zst 2.tar.zst)" ] || fail "not smaller"
	(("$(sum m/recipients/*)" * 10 < "$(sum 1/recipients/* 2/recipients/*)" * 9)) || fail "states are stored twice"
	# It says what it is made of.
	jq -e --arg a "$("$CALLROLL" verify 1.tar.zst | sed 's/.*seal //')" \
		--arg b "$("$CALLROLL" verify 2.tar.zst | sed 's/.*seal //')" \
		'.merged == {bundles: 2, seals: [$a, $b]} and .model_sha256' m/callroll.json >/dev/null ||
		fail "$(cat m/callroll.json)"
	expect_same 1/model.schema.json m/model.schema.json
	cp m.tar.zst 1.tar.zst 2.tar.zst "$work"
}
check "two days into one bundle" daily_into_monthly

same_bytes()
{
	mkdir b
	cp "$work"/[12].tar.zst b
	merge again.tar.zst -j 4 b
	expect_same "$work/m.tar.zst" again.tar.zst
	merge one.tar.zst -j 1 b
	expect_same "$work/m.tar.zst" one.tar.zst
}
check "merging twice gives the same bytes, whatever the threads" same_bytes

like_one_archive()
{
	two_days
	rm day2/cut.tar
	run "$CALLROLL" archive -o 1.tar.zst --force day1
	run "$CALLROLL" archive -o 2.tar.zst --force day2
	run "$CALLROLL" archive -o all.tar.zst day1 day2
	merge m.tar.zst 1.tar.zst 2.tar.zst
	mkdir m all
	tar --zstd -xf m.tar.zst -C m
	tar --zstd -xf all.tar.zst -C all
	same_folders all m
}
check "lines and blobs are those of one archive of all" like_one_archive

with_itself()
{
	cp "$work"/[12].tar.zst .
	merge alone.tar.zst 2.tar.zst
	merge twice.tar.zst 2.tar.zst 2.tar.zst
	expect_stderr_has "left out    8 responses that a bundle before has too"
	mkdir 2 alone twice
	for i in 2 alone twice; do
		tar --zstd -xf $i.tar.zst -C $i
	done
	same_folders alone twice
	same_folders 2 alone
	# And with one that holds it already.
	merge m2.tar.zst "$work/m.tar.zst" 1.tar.zst 2.tar.zst
	expect_stderr_has "left out    15 responses"
	mkdir m m2
	tar --zstd -xf "$work/m.tar.zst" -C m
	tar --zstd -xf m2.tar.zst -C m2
	same_folders m m2
}
check "a bundle with itself changes nothing" with_itself

one_path_each_day()
{
	# The same path each day, with the same mistake in the same place: these are two captures. A
	# file that has grown holds the old ones, which are the same.
	mkdir d
	capture 1 '"failed"' '"unheard-of"' >d/latest.json
	capture 8 '"failed"' '"unheard-of"' >d/grows.ndjson
	archive 0 1.tar.zst d
	capture 1 '"failed"' '"unheard-of"' | sed 's/"agent_name":"x"/"agent_name":"y"/' >d/latest.json
	capture 9 '"failed"' '"unheard-of"' >>d/grows.ndjson
	printf 'half a line\n' >>d/grows.ndjson
	archive 1 2.tar.zst d
	merge m.tar.zst 1.tar.zst 2.tar.zst
	lines responses m.tar.zst | jq -r '[._source, ._offset, .id, .agent_name] | @tsv' | sort >seen
	printf '%s\n' "d/grows.ndjson	0	btcal_8	x" "d/grows.ndjson	$(capture 8 '"failed"' '"unheard-of"' | wc -c)	btcal_9	x" \
		"d/latest.json	0	btcal_1	x" "d/latest.json	0	btcal_1	y" >wanted
	diff wanted seen || fail "responses"
	# Each has its finding, once, and the half line has its own.
	lines findings m.tar.zst | jq -r '[.path, .response, .batch_id, .rule] | @tsv' | sort >seen
	[ "$(grep -c enum seen)" = 4 ] || fail "$(cat seen)"
	[ "$(grep -c latest.json seen)" = 2 ] || fail "$(cat seen)"
	[ "$(grep -c btcal_8 seen)" = 1 ] || fail "$(cat seen)"
	[ "$(wc -l <seen)" = 5 ] || fail "$(cat seen)"
	[ "$(lines sources m.tar.zst | jq -r 'select(.sha256) | .path' | wc -l)" = 4 ] || fail "sources"
}
check "the same path on two days" one_path_each_day

twice_in_one()
{
	# What one bundle holds twice stays there twice.
	capture 1 '"failed"' 7 >a.json
	printf 'no json' >b.json
	archive 1 x.tar.zst a.json b.json a.json b.json
	merge m.tar.zst x.tar.zst x.tar.zst
	for kind in responses findings sources; do
		lines $kind x.tar.zst >before
		lines $kind m.tar.zst >after
		expect_same before after
	done
	[ "$(wc -l <after)" = 6 ] || fail "$(cat after)"
}
check "what one bundle holds twice stays" twice_in_one

into_and_merge()
{
	# A folder of daily bundles, merged, lists what they listed.
	mkdir in b
	for day in 1 2 3; do
		capture $day >in/$day.json
		SOURCE_DATE_EPOCH=$((day * 86400)) run "$CALLROLL" archive --into b in
		expect_status 0
	done
	merge month.tar.zst b
	rm b/*
	mv month.tar.zst b
	run "$CALLROLL" archive --into b in
	expect_status 0
	expect_stderr_has "nothing new: 3 inputs are in 1 bundle already"
}
check "a merged bundle lists its inputs for --into" into_and_merge

refused()
{
	cp "$work"/[12].tar.zst .
	run "$CALLROLL" merge 1.tar.zst 2.tar.zst
	expect_status 2
	expect_stderr_has "merge needs -o"
	run "$CALLROLL" merge -o 2.tar.zst 1.tar.zst
	expect_status 2
	expect_stderr_has "exists already"
	run "$CALLROLL" merge --force -o 2.tar.zst 1.tar.zst 2.tar.zst
	expect_status 2
	expect_stderr_has "one of the bundles to merge"
	expect_same "$work/2.tar.zst" 2.tar.zst
	run "$CALLROLL" merge -o new.tar.zst 1.tar.zst missing.tar.zst
	expect_status 2
	"$CALLROLL" model | jq '.title = "another"' >other.json
	capture 1 >a.json
	archive 0 other.tar.zst --model other.json a.json
	run "$CALLROLL" merge -o new.tar.zst 1.tar.zst other.tar.zst
	expect_status 2
	expect_stderr_has "another model"
	# Of the same other model they can be merged, and it is the one that they keep.
	merge same.tar.zst other.tar.zst other.tar.zst
	run "$CALLROLL" merge -o new.tar.zst 1.tar.zst a.json
	expect_status 3
	# One bit wrong in the middle of the file, among lines that are read.
	size=$(wc -c <1.tar.zst)
	cp 1.tar.zst bad.tar.zst
	printf '\377\377' | dd of=bad.tar.zst bs=1 seek=$((size / 2)) conv=notrunc status=none
	run "$CALLROLL" merge -o new.tar.zst 2.tar.zst bad.tar.zst
	expect_status 3
	expect_stderr_has bad.tar.zst
	[ ! -e new.tar.zst ] || fail "there is a bundle"
	for file in .*.partial; do
		[ ! -e "$file" ] || fail "$file is left"
	done
	run "$CALLROLL" merge --force -q -o other.tar.zst 1.tar.zst 2.tar.zst
	expect_status 0
	expect_stderr_empty
	expect_same "$work/m.tar.zst" other.tar.zst
}
check "what cannot be merged is said, and nothing is written" refused
