#!/bin/sh
# sourcemeta.sh PROCESSES SCHEMA FILE...: @sourcemeta/jsonschema --fast, one process for each file, and
# so many at once. A JSON Schema; of each file the first error. With `all` for PROCESSES there is one
# process for all files, or for a folder: it ends at the first file that is wrong.
#
# environment: BENCH_NODE, where node_modules is
# The program itself is run, not the script for node around it, which would add the start of node.
set -eu
processes=$1
schema=$2
shift 2
case $(uname -m) in
aarch64) machine=arm64 ;;
*) machine=x86_64 ;;
esac
releases=$BENCH_NODE/node_modules/@sourcemeta/jsonschema/build/github-releases
program=$releases/jsonschema-linux-$machine

if [ "$processes" = all ]; then
	exec "$program" validate --fast "$schema" "$@"
fi
printf '%s\0' "$@" | xargs -0 -n 1 -P "$processes" "$program" validate --fast "$schema"
