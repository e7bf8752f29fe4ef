# shellcheck shell=bash
# captures.bash: made-up captures for the tests of the command line. Read after lib.sh.

# tests/gen in the build tree: generate, same, damage; see their heads.
gen=$top_builddir/tests/gen

# A response with nothing wrong, on one line, each value of which occurs once or in an order that
# `swap` can rely on.
# Used by the scripts.
# shellcheck disable=SC2034
base='{"id":"btcal_1","name":"n","agent_id":"agent_1","created_at_unix":1770000000,"scheduled_time_unix":1770000000,"last_updated_at_unix":1770009000,"status":"completed","agent_name":"x","recipients":[{"id":"rcp_1","status":"failed","created_at_unix":1770000000,"updated_at_unix":1770000100,"phone_number":"+12025550100","whatsapp_user_id":null,"conversation_id":"conv_1","conversation_initiation_client_data":{"conversation_config_override":{"tts":{"speed":1}},"source_info":{"source":null},"dynamic_variables":{"a":"b"}}}],"phone_number_id":"phnum_1","phone_provider":"twilio","whatsapp_params":null,"total_calls_dispatched":1,"total_calls_scheduled":1,"total_calls_finished":1,"retry_count":0}'

# swap FROM TO [TEXT]: prints the base (or TEXT) with the first FROM replaced by TO.
swap()
{
	local text=${3-$base}
	[[ $text == *"$1"* ]] || fail "the text does not have $1"
	printf '%s' "${text/"$1"/"$2"}"
}

# capture N [FROM TO]: a response of batch btcal_N, on one line, with its line end.
capture()
{
	local text=${base/btcal_1/btcal_$1}
	if (($# > 1)); then
		text=$(swap "$2" "$3" "$text")
	fi
	printf '%s\n' "$text"
}

# findings FILE...: rule and place of each finding, as PATH#RESPONSE:LINE:COLUMN RULE POINTER
findings()
{
	"$CALLROLL" validate -q --format ndjson "$@" |
		jq -r '"\(.path)#\(.response):\(.line):\(.column) \(.rule) \(.pointer)"'
}

# --- bundles ---

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
