#!/usr/bin/env bash
# forever.sh: bundles written by earlier versions are read by this one, and say the same.
. "$(dirname "$0")/lib.sh"

bundles=$here/../cases/bundles
for text in "$bundles"/*.tar.zst.base64; do
	base64 -d "$text" >"$work/$(basename "$text" .base64)"
done

# Whoever noted the seal of 1.0 can prove it unaltered.
seal=afa588f95f5882e307a43a9cf905bcf7dd332538db3510b63bf7f4f9c1aa9a17

proved()
{
	run "$CALLROLL" verify --seal "$seal" "$work/1.0.tar.zst"
	expect_status 0
}
check "1.0: whole, and the one that was sealed" proved

listed()
{
	run "$CALLROLL" list --format ndjson "$work/1.0.tar.zst"
	expect_status 0
	expect_stdout_is golden/forever-1.0-list.ndjson
	run "$CALLROLL" list --responses --format ndjson "$work/1.0.tar.zst"
	expect_status 0
	expect_stdout_is golden/forever-1.0-responses.ndjson
}
check "1.0: its batches and captures" listed

shown()
{
	local response
	for response in 1 5 9; do
		run "$CALLROLL" show --response "$response" \
			"$("$CALLROLL" list --responses --format ndjson "$work/1.0.tar.zst" |
				jq -r "select(.response == $response).id")" "$work/1.0.tar.zst"
		expect_status 0
		expect_stdout_is "golden/forever-1.0-show-$response.json"
	done
}
check "1.0: responses, also of states stored once" shown

found()
{
	run "$CALLROLL" find --format ndjson btcal_5601kk9qgxavnwv3nwatgbrbd39c "$work/1.0.tar.zst"
	expect_status 0
	expect_stdout_is golden/forever-1.0-find.ndjson
}
check "1.0: through its index" found
