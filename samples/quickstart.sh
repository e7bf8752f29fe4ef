#!/bin/sh
# quickstart.sh: from a fresh clone to a verified bundle. Installs what is missing (Debian, Ubuntu),
# builds in build/ and shows the main job on the captures in this folder.
# The exit status is 0 if everything went as it should.
set -eu
cd "$(dirname "$0")/.."
. build-aux/setup.sh

log=build/quickstart.log
bundle=build/samples.tar.zst
callroll=build/callroll
batch=btcal_5601kk9qgxavnwv3nwatgbrbd39c

say()
{
	printf '\n== %s\n' "$*"
}

# show STATUS COMMAND...: shows the command, runs it; STATUS is the exit status that it should have.
show()
{
	wanted=$1
	shift
	printf '$ %s\n' "$*"
	status=0
	"$@" || status=$?
	[ "$status" = "$wanted" ] || {
		echo "quickstart.sh: exit status $status, expected $wanted" >&2
		exit 1
	}
}

install_packages build
mkdir -p build
echo "building in build/ (what it says goes to $log)"
build_tree build >"$log" 2>&1 || {
	tail -n 40 "$log" >&2
	echo "quickstart.sh: the build failed; all of its output is in $log" >&2
	exit 1
}

say "1. Which captures are not what the documentation promises, and where? (exit status 1: some are not)"
show 1 $callroll validate samples

say "2. Keep them all in one file; what is broken is set aside, byte for byte (hence status 1)"
show 1 $callroll archive --force -o $bundle samples

say "3. What is in it? One line a batch"
show 0 $callroll list $bundle

say "4. A response back, as JSON (the first lines of it)"
printf '$ %s\n' "$callroll show --pretty $batch $bundle"
$callroll show --pretty $batch $bundle >build/show.json
head -n 24 build/show.json
echo "    ..."

say "5. Is it whole and unaltered? Note the seal elsewhere, and verify --seal proves it for ever"
show 0 $callroll verify $bundle

say "6. The bundle is an ordinary tar: no callroll is needed to read it"
show 0 tar --zstd -tf $bundle

say "Look at $bundle, and at your own captures: $callroll validate YOUR-FOLDER
   samples/README.md says what each capture is; $callroll explain RULE what a finding means."
