#!/bin/sh
# tar-zstd.sh OUT FOLDER [ZSTD-OPTION...]: the folder as OUT by tar and zstd -3. Nothing is read as JSON
# and there is no digest but zstd's checksum. Files stand in order of their names, as in a bundle.
set -eu
out=$1
folder=$2
shift 2
# zstd is given a pipe by tar, as `tar | zstd` would; but so tar notices when it fails.
exec tar --sort=name -I "zstd -q -3 $*" -cf "$out" -C "$folder" .
