#!/usr/bin/env bash
# browser.sh: looks at html reports in a headless Chromium: no request but for the page itself, no
# complaint on the console, nothing wider than a phone, contrast, names for screen readers, nothing that
# came in with data, a picture that is not blank; light and dark, and printed.
#
# usage: make check-browser [PAGES='A.html B.html'] [PICTURES=DIR]
#   PAGES      html files; by default those of made-up reports, also of one with hostile names
#   PICTURES   keeps screenshots and PDFs in this folder
# Some 10 seconds for each page. The last line is `N passed, N failed`; without Chromium or Node.js it
# says so and fails.
#
# environment: top_builddir, the build tree; CHROMIUM, the program; TMPDIR
set -u

here=$(cd "$(dirname "$0")" && pwd)
top_builddir=${top_builddir:-$PWD}

if ! command -v node >/dev/null; then
	echo "not ok browser: Node.js is missing (on Debian: apt-get install nodejs)"
	echo "0 passed, 1 failed"
	exit 1
fi
pages=("$@")
if ((${#pages[@]} == 0)); then
	scratch=$(mktemp -d) || exit 2
	trap 'rm -rf "$scratch"' EXIT
	for name in ordinary hostile empty; do
		"$top_builddir/tests/browser/page" "$name" >"$scratch/$name.html" || exit 2
		pages+=("$scratch/$name.html")
	done
fi
node "$here/browser/look.mjs" ${PICTURES:+--pictures "$PICTURES"} "${pages[@]}"
