#!/bin/sh
# whole-job.sh SCHEMA OUT FOLDER: what callroll archive replaces, with ordinary tools, each step on two
# cores: every file checked by sourcemeta --fast, its SHA-256 in OUT.sha256, all files in OUT by
# tar | zstd -3 -T2. Of each file the first error; no index, no normal form.
#
# environment: BENCH_NODE, as for sourcemeta.sh
set -eu
schema=$1
out=$2
folder=$3
peers=$(dirname "$0")

"$peers/sourcemeta.sh" 2 "$schema" "$folder"/*.json
find "$folder" -type f -print0 | xargs -0 -n 4 -P 2 sha256sum | LC_ALL=C sort -k 2 >"$out.sha256"
exec "$peers/tar-zstd.sh" "$out" "$folder" -T2
