# shellcheck shell=bash
# peers.sh: which peers this machine has. Sourced by run.sh. How each is run: the files in peers/.
#
# A part asks `has NAME` before it has a row for a peer; those that are not there are named at the end.
peers=$bench/peers
missing=()

node_package()
{
	command -v node >/dev/null && [ -d "$BENCH_NODE/node_modules/$1" ]
}

# has NAME
has()
{
	case $1 in
	simdjson | jansson) [ -x "$top_builddir/bench/peers/$1" ] ;;
	ajv) node_package ajv ;;
	sourcemeta) node_package @sourcemeta/jsonschema ;;
	duckdb) node_package @duckdb/node-api ;;
	*) command -v "$1" >/dev/null ;;
	esac && return
	[[ " ${missing[*]-} " == *" $1 "* ]] || missing+=("$1")
	return 1
}

# version_of_package NAME: of a package of npm.
version_of_package()
{
	sed -n 's/^ *"version": *"\(.*\)".*/\1/p' "$BENCH_NODE/node_modules/$1/package.json" |
		head -n 1
}

# peer_versions: of all that are there, in one line.
peer_versions()
{
	local -a list=()
	! has json_verify ||
		list+=("yajl $(dpkg-query -W -f '${source:Upstream-Version}' yajl-tools 2>/dev/null)")
	! has simdjson || list+=("simdjson $(pkg-config --modversion simdjson)")
	! has jansson || list+=("jansson $(pkg-config --modversion jansson)")
	! has jq || list+=("$(jq --version | tr - ' ')")
	! has ajv || list+=("ajv $(version_of_package ajv) on node $(node --version)")
	! has sourcemeta || list+=("sourcemeta $(version_of_package @sourcemeta/jsonschema)")
	! has duckdb || list+=("duckdb $(version_of_package @duckdb/node-api)")
	! has zstd || list+=("zstd $(zstd --version | grep -o 'v[0-9][0-9.]*' | head -n 1)")
	list+=("$(tar --version | head -n 1)")
	printf '%s\n' "${list[@]}" | paste -s -d, | sed 's/,/, /g'
}

peers_missing()
{
	((${#missing[@]} > 0)) || return 0
	echo
	echo "Not measured, because it is missing: ${missing[*]}."
	echo "To install: sh $bench/setup.sh $top_builddir; then make bench again."
}
