#!/bin/sh
# json_verify.sh FILE...: yajl's json_verify, one process for each file, which it reads as a stream.
# Syntax and UTF-8 only: no model, and it stops at the first error.
set -eu
for file; do
	json_verify -q <"$file"
done
