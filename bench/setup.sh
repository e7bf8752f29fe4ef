#!/bin/sh
# setup.sh: installs the peers of the bench. As root, or with sudo.
# usage: bench/setup.sh [BUILD-TREE]
#   BUILD-TREE   where `make bench` is to run (default: the current folder)
# Debian's packages are those with the purpose `bench` in build-aux/packages.txt; what npm has goes
# into bench-data/node of the build tree, in the versions of package-lock.json.
set -eu
build=$(cd "${1:-.}" && pwd)
cd "$(dirname "$0")/.."
. build-aux/setup.sh

if [ ! -f "$build/config.status" ]; then
	echo "setup.sh: $build is not a build tree: run configure there first" >&2
	exit 2
fi
install_packages bench
# A node from elsewhere brings its own npm.
command -v npm >/dev/null 2>&1 || install_packages peers

node=$build/bench-data/node
mkdir -p "$node"
cp bench/package.json bench/package-lock.json "$node"
echo "installing into $node: packages of npm" >&2
# Not `npm ci`: the lock does not list DuckDB's libraries for machines other than x86-64. Their version
# is exact in the package that asks for them.
(cd "$node" && npm install --no-audit --no-fund --no-update-notifier --loglevel=error)
echo "Now, in $build: make bench" >&2
