#!/usr/bin/env bash
# input.sh: where captures come from, and how responses are found in a stream.
. "$(dirname "$0")/lib.sh"
. "$here/captures.bash"

# is EXPECTED FILE...: what findings prints.
is()
{
	local expected=$1
	shift
	findings "$@" >found
	diff <(printf '%s' "${expected:+$expected$'\n'}") found || fail "$(head -n 1 found)"
}

# wrong N: a response whose one mistake is at 1:220 of its line.
wrong()
{
	capture "$1" '"failed"' 7
}

pretty()
{
	jq . <<<"$(capture "$@")"
}

s=/recipients/0/status

# --- one stream ---

standard_input()
{
	wrong 1 >a.json
	is "-#1:1:220 type $s" - <a.json
	wrong 1 | is "-#1:1:220 type $s" -
	gzip -c a.json | is "-#1:1:220 type $s" -
	is "-#1:1:1 not-a-response " - </dev/null
	# A file of that name is something else.
	wrong 1 >./-
	is "./-#1:1:220 type $s" ./- </dev/null
}
check "standard input" standard_input

compressed()
{
	local program
	need gzip zstd xz bzip2
	{ wrong 1; capture 2; wrong 3; } >a.ndjson
	gzip -k a.ndjson
	zstd -q a.ndjson
	xz -k a.ndjson
	bzip2 -k a.ndjson
	rm a.ndjson
	is "a.ndjson.bz2#1:1:220 type $s
a.ndjson.bz2#3:3:220 type $s
a.ndjson.gz#1:1:220 type $s
a.ndjson.gz#3:3:220 type $s
a.ndjson.xz#1:1:220 type $s
a.ndjson.xz#3:3:220 type $s
a.ndjson.zst#1:1:220 type $s
a.ndjson.zst#3:3:220 type $s" a.ndjson.bz2 a.ndjson.gz a.ndjson.xz a.ndjson.zst
	# Bytes decide, not names; and several members make one stream.
	wrong 1 | gzip >plain.json
	capture 2 | gzip >>plain.json
	wrong 3 | gzip >>plain.json
	is "plain.json#1:1:220 type $s
plain.json#3:3:220 type $s" plain.json
	wrong 1 | zstd -q >two.json
	wrong 2 | zstd -q >>two.json
	is "two.json#1:1:220 type $s
two.json#2:2:220 type $s" two.json
	wrong 1 >not.json.gz
	is "not.json.gz#1:1:220 type $s" not.json.gz
	for program in gz bz2 xz zst; do
		head -c -5 "a.ndjson.$program" >cut.json
		run "$CALLROLL" validate cut.json
		expect_status 2
		expect_stderr_has cut.json
	done
}
check "gzip, zstd, xz, bzip2, whatever the name" compressed

containers()
{
	need bsdtar zstd
	mkdir -p in/b/.hidden in/.git
	wrong 1 >in/a.json
	capture 2 >in/b/good.json
	{ wrong 3; wrong 4; } >in/b/c.ndjson
	gzip in/b/c.ndjson
	echo "no capture" >in/b/notes.txt
	wrong 5 >in/b/.hidden/x.json
	wrong 6 >in/.git/x.json
	tar -cf x.tar -C in a.json b .git
	gzip -k x.tar
	cp x.tar.gz x.tgz
	zstd -q x.tar
	bzip2 -k x.tar
	xz -k x.tar
	(cd in && bsdtar --format zip -cf ../x.zip a.json b .git)
	for x in x.tar x.tar.gz x.tgz x.tar.zst x.tar.bz2 x.tar.xz x.zip; do
		is "$x:a.json#1:1:220 type $s
$x:b/c.ndjson.gz#1:1:220 type $s
$x:b/c.ndjson.gz#2:2:220 type $s" "$x"
	done
	is "-:a.json#1:1:220 type $s
-:b/c.ndjson.gz#1:1:220 type $s
-:b/c.ndjson.gz#2:2:220 type $s" - <x.tar.gz
	# Also in a folder.
	mkdir folder
	mv x.zip folder
	is "folder/x.zip:a.json#1:1:220 type $s
folder/x.zip:b/c.ndjson.gz#1:1:220 type $s
folder/x.zip:b/c.ndjson.gz#2:2:220 type $s" folder
	run "$CALLROLL" validate folder
	expect_stderr_has "passed over: "
	expect_stderr_has "3 in archives"
}
check "tar and zip, compressed too" containers

damaged_container()
{
	mkdir in
	wrong 1 >in/a.json
	"$gen/generate" --recipients 300 >in/b.json
	tar -cf x.tar -C in a.json b.json
	head -c 60000 x.tar >cut.tar
	run "$CALLROLL" validate cut.tar in/a.json
	expect_status 2
	expect_stdout_has "cut.tar:a.json:1:220: error: "
	expect_stdout_has "in/a.json:1:220: error: "
	expect_stderr_has cut.tar
	gzip -k x.tar
	head -c -20 x.tar.gz >cut.tar.gz
	run "$CALLROLL" validate cut.tar.gz in/a.json
	expect_status 2
	expect_stdout_has "in/a.json:1:220: error: "
}
check "a damaged container costs what it damages" damaged_container

byte_order_mark()
{
	{ printf '\xef\xbb\xbf'; wrong 1; } >a.json
	is "a.json#1:1:223 type $s" a.json
	{ printf '\xef\xbb\xbf'; wrong 1; printf '\xef\xbb\xbf'; wrong 2; } >b.json
	is "b.json#1:1:223 type $s
b.json#2:2:223 type $s" b.json
	{ printf '\xef\xbb\xbf['; wrong 1; echo ']'; } >c.json
	is "c.json#1:1:224 type $s" c.json
	{ printf '\xff\xfe{\0'; } >utf16.json
	findings utf16.json | grep -qE 'utf16.json#1:1:1 (encoding|syntax) ' || fail "$(findings utf16.json)"
}
check "a byte order mark is passed over" byte_order_mark

# --- several responses ---

lines()
{
	{
		wrong 1
		capture 2
		swap '"name":"n"' '"name":nn'
		echo
		wrong 4
		printf '%s\n' "${base:0:310}"
		wrong 6 | tr -d '\n'
	} >a.ndjson
	is "a.ndjson#1:1:220 type $s
a.ndjson#3:3:25 syntax /name
a.ndjson#4:4:220 type $s
a.ndjson#5:5:311 syntax /recipients/0/phone_number
a.ndjson#6:6:220 type $s" a.ndjson
	cp a.ndjson a.jsonl
	(($(findings a.jsonl | wc -l) == 5)) || fail "$(findings a.jsonl)"
	# A broken line of its own, that no response begins in.
	{ wrong 1; echo 'Connection reset by peer'; wrong 2; } >b.ndjson
	is "b.ndjson#1:1:220 type $s
b.ndjson#2:2:1 syntax 
b.ndjson#3:3:220 type $s" b.ndjson
}
check "NDJSON: a broken line costs that line only" lines

line_cut_between_tokens()
{
	# The line ends where a value could stand, and the next one begins with a brace.
	{ printf '%s\n' "${base%%1770000100*}"; capture 2; capture 3; } >a.ndjson
	is "a.ndjson#1:1:$(($(head -n 1 a.ndjson | wc -c))) syntax /recipients/0/updated_at_unix" a.ndjson
}
check "NDJSON: a line cut between tokens has one finding, in that line" line_cut_between_tokens

concatenated()
{
	{ pretty 1; pretty 2 '"failed"' 7; pretty 3; } >a.json
	is "a.json#2:$(($(pretty 1 | wc -l) + 13)):17 type $s" a.json
	{ wrong 1; wrong 2; } | tr -d '\n' >b.json
	is "b.json#1:1:220 type $s
b.json#2:1:$(($(wrong 1 | wc -c) - 1 + 220)) type $s" b.json
}
check "responses one after another" concatenated

broken_in_the_middle()
{
	local n
	n=$(pretty 1 | wc -l)
	{
		pretty 1 '"failed"' 7
		pretty 2 | sed 's/"rcp_1"/rcp_1/'
		pretty 3 '"failed"' 7
		pretty 4 | head -n 20
		pretty 5 '"failed"' 7
	} >a.json
	is "a.json#1:13:17 type $s
a.json#2:$((n + 12)):13 syntax /recipients/0/id
a.json#3:$((2 * n + 13)):17 type $s
a.json#4:$((3 * n + 21)):1 syntax $(findings a.json | sed -n 's/.*#4:.* syntax //p')
a.json#5:$((3 * n + 20 + 13)):17 type $s" a.json
}
check "one broken response costs itself" broken_in_the_middle

html_between()
{
	{
		wrong 1
		printf '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>{"id":1}</body>\n</html>\n'
		wrong 2
		echo 'upstream timed out'
		wrong 3
	} >a.json
	is "a.json#1:1:220 type $s
a.json#2:2:1 not-a-response 
a.json#3:6:220 type $s
a.json#4:7:1 syntax 
a.json#5:8:220 type $s" a.json
}
check "HTML and other text between responses" html_between

arrays()
{
	{ echo '['; wrong 1; echo ','; capture 2; echo ', '; wrong 3; echo ']'; } >a.json
	is "a.json#1:2:220 type $s
a.json#3:6:220 type $s" a.json
	{ printf '['; wrong 1 | tr -d '\n'; printf ','; wrong 2 | tr -d '\n'; printf ']'; } >b.json
	is "b.json#1:1:221 type $s
b.json#2:1:$(($(wrong 1 | wc -c) + 221)) type $s" b.json
	# Cut within the second.
	{ echo '['; wrong 1; echo ','; capture 2 | head -c 400; } >c.json
	is "c.json#1:2:220 type $s
c.json#2:4:401 syntax $(findings c.json | sed -n 's/.* syntax //p')" c.json
	# Cut between two: nobody knows how many were to come.
	{ echo '['; wrong 1; echo ','; } >d.json
	findings d.json >found
	grep -q '^d.json#1:2:220 type' found || fail "$(cat found)"
	grep -q '^d.json#2:.* syntax' found || fail "$(cat found)"
	# One that is broken costs itself.
	{ echo '['; wrong 1; echo ','; swap '"name":' 'name:'; echo ','; wrong 3; echo ']'; } >e.json
	is "e.json#1:2:220 type $s
e.json#2:4:17 syntax 
e.json#3:5:220 type $s" e.json
	{ wrong 1; echo '['; wrong 2; echo ','; wrong 3; echo ']'; wrong 4; } >f.json
	is "f.json#1:1:220 type $s
f.json#2:3:220 type $s
f.json#3:5:220 type $s
f.json#4:7:220 type $s" f.json
}
check "an array of responses" arrays

http_heads()
{
	{
		printf 'HTTP/1.1 301 Moved Permanently\r\nLocation: https://x/\r\nContent-Length: 0\r\n\r\n'
		printf 'HTTP/1.1 100 Continue\r\n\r\n'
		printf 'HTTP/2 200 \r\ndate: Mon, 04 May 2026 15:41:30 GMT\r\n\r\n'
		wrong 1
		printf 'HTTP/2 200 \nserver: x\n\n'
		wrong 2
		printf 'HTTP/2 404 \r\n\r\n{"detail":"Not found"}\n'
		printf 'HTTP/2 204 \r\n\r\n'
		printf 'HTTP/2 200 \r\n\r\n'
		pretty 5 '"failed"' 7
	} >a.json
	findings a.json >found
	grep -qx "a.json#1:10:220 type $s" found || fail "$(cat found)"
	grep -qx "a.json#2:14:220 type $s" found || fail "$(cat found)"
	grep -qx "a.json#3:17:1 not-a-response " found || fail "$(cat found)"
	# 204 has no body, and is either a response of its own or a block before the next.
	grep -qE "^a.json#[45]:$((22 + 12)):17 type $s" found || fail "$(cat found)"
	# A head longer than 64 KiB is no head.
	{ printf 'HTTP/2 200 \r\nx: %070000d\r\n\r\n' 0; wrong 1; } >b.json
	findings b.json >found
	grep -q '^b.json#1:1:1 too-large' found || fail "$(cat found)"
	grep -qx "b.json#2:4:220 type $s" found || fail "$(cat found)"
}
check "heads of HTTP, also of redirects" http_heads

# --- folders ---

what_is_passed_over()
{
	mkdir -p in/.hidden in/sub elsewhere
	wrong 1 >in/a.json
	wrong 2 >in/.b.json
	wrong 3 >in/.hidden/c.json
	wrong 4 >elsewhere/d.json
	wrong 5 >in/notes.txt
	wrong 6 >in/sub/e.JSON
	ln -s ../elsewhere in/linked-folder
	ln -s ../elsewhere/d.json in/linked-file.json
	ln -s nowhere in/broken.json
	mkfifo in/pipe.json
	findings in >found || true
	diff - found <<END || fail "$(head -n 1 found)"
in/a.json#1:1:220 type $s
in/linked-file.json#1:1:220 type $s
in/sub/e.JSON#1:1:220 type $s
END
	run timeout 20 "$CALLROLL" validate in
	expect_stderr_has "passed over: 1 of other names, 2 hidden, 1 links to folders, 1 special files"
	expect_stderr_has "in/broken.json"
	expect_status 2
	# What is named is read.
	is "in/notes.txt#1:1:220 type $s
in/.b.json#1:1:220 type $s
in/.hidden/c.json#1:1:220 type $s
in/linked-folder/d.json#1:1:220 type $s" in/notes.txt in/.b.json in/.hidden in/linked-folder
	{ wrong 7 >in/pipe.json & }
	is "in/pipe.json#1:1:220 type $s" in/pipe.json
	wait
}
check "what a folder has that is no capture" what_is_passed_over

bundles_are_passed_over()
{
	mkdir in
	wrong 1 >in/a.json
	run "$CALLROLL" archive -q -o in/x.tar.zst in/a.json
	is "in/a.json#1:1:220 type $s" in
	run "$CALLROLL" validate in
	expect_stderr_has "1 bundle"
}
check "bundles in a folder are passed over" bundles_are_passed_over

order_of_names()
{
	local name
	mkdir -p in/a in/a.b in/B
	for name in a/z a.b/y B/x a-1 a1 a_1 é Z; do
		wrong 1 >"in/$name.json"
	done
	findings in | sed 's/#.*//' >found
	# Byte order in each folder; the folder a comes before a-1.json.
	diff - found <<END || fail "another order"
in/B/x.json
in/Z.json
in/a/z.json
in/a-1.json
in/a.b/y.json
in/a1.json
in/a_1.json
in/é.json
END
}
check "byte order of the names" order_of_names

roots()
{
	mkdir -p in/sub
	wrong 1 >in/sub/a.json
	is "sub/a.json#1:1:220 type $s" --root in in
	is "sub/a.json#1:1:220 type $s" --root ./in/ in/sub/a.json
	is "a.json#1:1:220 type $s" --root in/sub in/../in//sub
	is "sub/a.json#1:1:220 type $s" --root "$PWD/in" in
	is "in/sub/a.json#1:1:220 type $s" .
	is "in/sub/a.json#1:1:220 type $s" ./in/
	is "$PWD/in/sub/a.json#1:1:220 type $s" "$PWD/in"
	cd in/sub
	is "../sub/a.json#1:1:220 type $s" ../sub
}
check "--root, and paths as they are recorded" roots

odd_names()
{
	mkdir in
	wrong 1 >in/$'\xff\xe9x\n\x7f'.json
	wrong 2 >"in/100%é.json"
	findings in >found
	diff - found <<END || fail "$(head -n 1 found)"
in/100%25é.json#1:1:220 type $s
in/%FF%E9x%0A%7F.json#1:1:220 type $s
END
	need bsdtar
	tar -cf x.tar in
	is "x.tar:in/100%25é.json#1:1:220 type $s
x.tar:in/%FF%E9x%0A%7F.json#1:1:220 type $s" x.tar || {
		# In whichever order tar put them.
		findings x.tar | sort | diff - <(sort <<END
x.tar:in/100%25é.json#1:1:220 type $s
x.tar:in/%FF%E9x%0A%7F.json#1:1:220 type $s
END
		) || fail "$(findings x.tar)"
	}
}
check "names that are not UTF-8" odd_names

any_order_of_members()
{
	local style
	for style in pretty escaped shuffled; do
		"$gen/generate" --responses 20 --recipients 20 --errors 1/5 --style compact |
			jq -c '[.recipients[] | .status | type] | map(select(. != "string")) | length' >expected
		"$gen/generate" --responses 20 --recipients 20 --errors 1/5 --style $style >a.json
		"$CALLROLL" validate -q --max-findings 1000 --format ndjson a.json |
			jq -r .response | uniq -c | awk '{print $1}' >found || true
		diff <(grep -vx 0 expected) found || fail "other findings in style $style"
	done
}
check "any spelling has the same findings" any_order_of_members
