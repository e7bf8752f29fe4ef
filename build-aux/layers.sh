#!/bin/sh
# layers.sh: checks how the sources hang together. Run at the top of the source tree.
#
# - A folder of src/ is a layer; a file includes only from its own layer and lower ones.
# - Each foreign library is included by the files that wrap it, and by no other.
# - Only main.c and the commands print and exit.
# - Every source is listed in Makefile.am.
set -eu

layers="base json finding model input bundle report audit export commands"
failed=0

complain()
{
	echo "$*"
	failed=1
}

# rank LAYER
rank()
{
	n=0
	for layer in $layers; do
		n=$((n + 1))
		[ "$layer" != "$1" ] || break
		[ "$layer" != commands ] || n=0
	done
	echo $n
}

# check_includes FILE LAYER
check_includes()
{
	own=$(rank "$2")
	[ "$own" -gt 0 ] || complain "$1: $2 is not a layer ($layers)"
	paths=$(sed -n 's/^# *include *"\(.*\)".*/\1/p' "$1")
	for path in $paths; do
		case $path in
		*/*) ;;
		*)
			complain "$1: includes \"$path\" without its layer"
			continue
			;;
		esac
		[ -f "src/$path" ] || complain "$1: there is no src/$path"
		other=$(rank "${path%%/*}")
		if [ "$other" = 0 ] || [ "$other" -gt "$own" ]; then
			complain "$1: $2 must not include \"$path\""
		fi
	done
}

# confine HEADER FILE...: no other file of src/ includes <HEADER>.
confine()
{
	header=$1
	shift
	users=$(grep -rlE "^# *include *<$header>" src || true)
	for file in $users; do
		case " $* " in
		*" $file "*) ;;
		*) complain "$file: includes <$header>, which only $* should" ;;
		esac
	done
}

sources=$(find src -name '*.[ch]' | LC_ALL=C sort)
for file in $sources; do
	layer=${file#src/}
	case $layer in
	*/*) layer=${layer%%/*} ;;
	*) layer=commands ;;
	esac
	check_includes "$file" "$layer"
	grep -qE "(^|[[:space:]])$file([[:space:]]|\$)" Makefile.am ||
		complain "$file: not in Makefile.am"
	[ "$layer" = commands ] || ! grep -nE \
		'(^|[^[:alnum:]_])(v?printf|puts|putchar|perror|v?errx?|v?warnx?|exit|_exit)\(' "$file" ||
		complain "$file: only main.c and the commands print and exit"
done

# Tabs are 8 columns.
# shellcheck disable=SC2086
wide=$(for file in $sources; do expand "$file" | awk -v f="$file" 'length > 100 {print f ":" NR}'; done)
[ -z "$wide" ] || complain "wider than 100 columns: $wide"

confine 'zstd.*\.h' src/bundle/frame.c
confine 'archive.*\.h' src/input/archive.c src/bundle/tar.c
confine 'sqlite3\.h' src/export/sqlite.c
confine 'openssl/.*\.h' src/base/digest.c src/base/keyed.c src/base/hmac.c
exit $failed
