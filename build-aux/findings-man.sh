#!/bin/sh
# findings-man.sh: makes the rules in man/callroll-findings.7 from src/finding/finding.def, so that
# the manual and `callroll explain` say the same.
# usage, at the top of the source tree:
#   findings-man.sh           writes them
#   findings-man.sh --check   only says whether they are up to date
# Only what stands between the lines `.\" begin: rules` and `.\" end: rules` is changed.
set -eu
page=man/callroll-findings.7
rules=src/finding/finding.def

# One RULE(...) after the other as mdoc. Name, severity and unfit stand in its first line, all text
# in string literals of one line each.
rules()
{
	LC_ALL=C awk '
	# A line of text that mdoc takes as it is: no macro, no escape, hyphens as they are typed.
	function roff(text)
	{
		gsub(/\\/, "\\e", text)
		gsub(/--/, "\\-\\-", text)
		gsub(/ -W/, " \\-W", text)
		sub(/^-/, "\\-", text)
		if (text ~ /^[.\047]/)
			text = "\\&" text
		return text
	}
	# Lines of at most 78 columns.
	function wrap(text,    i, n, word, line)
	{
		n = split(text, word, / /)
		line = word[1]
		for (i = 2; i <= n; i++) {
			if (length(line) + 1 + length(word[i]) > 78) {
				print roff(line)
				line = word[i]
			} else {
				line = line " " word[i]
			}
		}
		print roff(line)
	}
	# A manual page begins every sentence in a new line.
	function sentences(text,    end)
	{
		while (match(text, /[.?!]["\047)]? /)) {
			end = RSTART + RLENGTH
			wrap(substr(text, 1, end - 2))
			text = substr(text, end)
		}
		wrap(text)
	}
	function end_block()
	{
		if (block == "text")
			sentences(paragraph)
		else if (block == "example")
			print ".Ed"
		block = paragraph = ""
	}
	# A line of an explanation.
	function explain(line)
	{
		if (line == "" && block == "example") {
			blank = 1 # of the example, if it goes on
			return
		}
		if (line ~ /^    /) {
			if (block != "example") {
				end_block()
				print ".Bd -literal -offset indent"
			} else if (blank) {
				print ""
			}
			block = "example"
			print roff(substr(line, 5))
		} else if (line == "") {
			end_block()
		} else {
			if (block != "text") {
				end_block()
				print ".Pp"
			}
			paragraph = paragraph (paragraph == "" ? "" : " ") line
			block = "text"
		}
		blank = 0
	}
	function begin(line)
	{
		split(line, part, /, */)
		name = part[2]
		gsub(/"/, "", name)
		severity = tolower(part[3])
		sub(/^severity_/, "", severity)
		unfit = part[4] + 0
		first = 1
		print ".Ss " name
		print ".Em " toupper(substr(severity, 1, 1)) substr(severity, 2) (unfit ? " ; set aside ." : " .")
	}
	/^RULE\(/ { inside = 1; begin($0); next }
	!inside { next }
	/^ *"/ {
		text = $0
		last = text ~ /"\)$/
		sub(/^ *"/, "", text)
		sub(/"[,)]*$/, "", text)
		sub(/\\n$/, "", text)
		gsub(/\\"/, "\"", text)
		gsub(/\\\\/, "\\", text)
		if (first)
			print toupper(substr(text, 1, 1)) substr(text, 2) "."
		else
			explain(text)
		first = 0
		if (last) {
			end_block()
			inside = 0
		}
	}' "$rules"
}

# The page with the rules of today.
renew()
{
	sed '/^\.\\" begin: rules/q' "$page"
	rules
	sed -n '/^\.\\" end: rules/,$p' "$page"
}

case ${1-} in
"")
	renew >"$page.tmp"
	mv "$page.tmp" "$page"
	;;
--check)
	renew | cmp -s - "$page" || {
		echo "$page does not have the rules of $rules: run build-aux/findings-man.sh" >&2
		exit 1
	}
	;;
*)
	echo "usage: findings-man.sh [--check]" >&2
	exit 2
	;;
esac
