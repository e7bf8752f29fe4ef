#!/bin/sh
# autogen.sh: makes ./configure from configure.ac, after a fresh clone.
set -eu
cd "$(dirname "$0")"

for tool in autoconf automake pkg-config; do
	command -v "$tool" >/dev/null 2>&1 || {
		echo "autogen.sh: $tool is missing (on Debian: apt-get install autoconf" \
			"automake pkg-config)" >&2
		exit 1
	}
done
exec autoreconf --install --force
