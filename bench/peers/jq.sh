#!/bin/sh
# jq.sh FILE...: jq, one process for all files. It parses them and prints nothing, which is the least
# that it can do: no model.
set -eu
exec jq empty "$@"
