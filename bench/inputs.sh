# shellcheck shell=bash
# inputs.sh: what the bench reads, made by tests/gen/generate with fixed seeds. Sourced by run.sh.
#
# A folder of inputs is made once and used again as long as it was made by the same programs with the
# same settings, which its file `made-by` tells.
# Used by the parts:   $inputs     where they are          ${files[@]}  the files of the last one
#                      $bytes      how many they have      $what        the same in words

# generate OPTION...
generate()
{
	"$gen/generate" --usual "$@" || die "generate: $*"
}

# each OPTION...: about how many bytes a recipient has.
each()
{
	echo $(($(generate --recipients 1000 "$@" | wc -c) / 1000 + 1))
}

# input NAME MAKER ARGUMENT...: the folder NAME, filled by the maker unless it is there already.
input()
{
	local folder=$inputs/$1 by
	shift
	by="$* $recipients $(cat "$gen/generate" "$bench/inputs.sh" | cksum)"
	if [ "$(cat "$folder/made-by" 2>/dev/null)" != "$by" ]; then
		echo "making $folder" >&2
		rm -rf "$folder"
		mkdir -p "$folder/in" || exit 2
		"$@" "$folder/in" || die "making $folder failed"
		echo "$by" >"$folder/made-by"
	fi
	files=("$folder"/in/*.json)
	# One file a line would be too much for 100,000 of them; the reading makes them warm.
	bytes=$(find "$folder/in" -type f -print0 | xargs -0 cat | wc -c)
	what="$(count "${#files[@]}") $(plural ${#files[@]} file), $(megabytes "$bytes") MB"
}

# responses STYLE MB OPTION... FOLDER: an even number of files, each with a response of $recipients.
responses()
{
	local style=$1 mb=$2 i number
	local -a options=("${@:3:$#-3}")
	number=$((mb * 1000000 / ($(each --style "$style") * recipients)))
	number=$((number < 2 ? 2 : number - number % 2))
	for ((i = 1; i <= number; i++)); do
		generate --seed "$i" --recipients "$recipients" --style "$style" \
			${options[@]+"${options[@]}"} >"$(printf '%s/%04d.json' "${!#}" "$i")"
	done
}

# one_response MB FOLDER
one_response()
{
	generate --recipients $(($1 * 1000000 / $(each))) >"$2/huge.json"
}

# small_files NUMBER FOLDER: with two recipients each, about 2 KB.
small_files()
{
	generate --recipients 2 --responses "$1" |
		split -l 1 -a 7 -d --additional-suffix=.json - "$2/"
}

# polled MB FOLDER: captures of one batch, one recipient in 100 changed from each to the next.
polled()
{
	local number=$(($1 * 1000000 / ($(each) * recipients)))
	((number >= 2)) || number=2
	generate --recipients "$recipients" --responses $number --captures $number \
		--changes 1/100 | split -l 1 -a 7 -d --additional-suffix=.json - "$2/"
}
