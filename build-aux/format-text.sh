#!/bin/sh
# format-text.sh: man/callroll-bundle.5 as plain text in src/bundle/FORMAT.txt, which every bundle carries.
# usage, at the top of the source tree:
#   format-text.sh           writes it
#   format-text.sh --check   only says whether it is up to date; without mandoc it is taken to be
# The text depends on the page alone: ASCII, 78 columns, the same footer on every system.
set -eu
page=man/callroll-bundle.5
text=src/bundle/FORMAT.txt

if ! command -v mandoc >/dev/null; then
	echo "format-text.sh: mandoc is not installed" >&2
	[ "${1-}" = --check ] # passed over
	exit
fi

# Bold and underlined characters are struck over: X, backspace, X.
render()
{
	mandoc -T ascii -I os=callroll -O width=78 "$page" | sed "s/.$(printf '\b')//g"
}

case ${1-} in
"")
	render >"$text.tmp"
	mv "$text.tmp" "$text"
	;;
--check)
	render | cmp -s - "$text" || {
		echo "$text is not what $page says now: run build-aux/format-text.sh" >&2
		exit 1
	}
	;;
*)
	echo "usage: format-text.sh [--check]" >&2
	exit 2
	;;
esac
