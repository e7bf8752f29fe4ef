# table.awk: the figures of one table as Markdown.
# Input, separated by tabs:
#   row     N LABEL DOES
#   figure  N ROUND BYTES SECONDS KIB CPU OUTPUT    one run; OUTPUT is in bytes, - if there is none
#   failed  N STATUS
# Each cell is the median over the rounds. `time (x)` is the time for a byte of input as a multiple of
# that of the first row in the same round, so that a busy moment falls on both; `size (x)` is the
# same for the bytes of output.

function median(list, n,    i, j, x)
{
	for (i = 2; i <= n; i++) {
		x = list[i]
		for (j = i - 1; j >= 1 && list[j] > x; j--)
			list[j + 1] = list[j]
		list[j + 1] = x
	}
	return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

# Three digits, and more only before the point.
function digits(x)
{
	return x >= 100 ? sprintf("%.0f", x) : x >= 10 ? sprintf("%.1f", x) : \
		x >= 1 ? sprintf("%.2f", x) : sprintf("%.3f", x)
}

# The median of WHAT in row n.
function of(what, n,    list, i)
{
	for (i = 1; i <= runs[n]; i++)
		list[i] = value[what, n, i]
	return digits(median(list, runs[n]))
}

# That of row n in a round as a multiple of that of the first row; rows come in order.
function multiple(what, n, round, x)
{
	if (n == 1)
		first[what, round] = x
	return first[what, round] > 0 ? x / first[what, round] : 0
}

# Text padded to a width: length counts characters in a locale of UTF-8.
function cell(column, n, text)
{
	cells[n, column] = text
	if (length(text) > width[column])
		width[column] = length(text)
}

function line(n,    c, text)
{
	text = "|"
	for (c = 1; c <= columns; c++)
		text = text sprintf(c <= 2 ? " %-*s |" : " %*s |", width[c], cells[n, c])
	print text
}

BEGIN { FS = "\t" }

$1 == "row" {
	rows = $2
	label[$2] = $3
	does[$2] = $4
}

$1 == "failed" { failed[$2] = $3 }

$1 == "figure" {
	n = $2
	i = ++runs[n]
	value["seconds", n, i] = $5
	value["speed", n, i] = $4 / $5 / 1e6
	value["memory", n, i] = $6 * 1024 / 1e6
	value["cpu", n, i] = $7
	value["output", n, i] = $8 / 1e6
	if ($8 != "-")
		outputs = has_output[n] = 1
	value["times", n, i] = multiple("time", n, $3, $5 / $4)
	value["share", n, i] = multiple("size", n, $3, $8 / $4)
}

END {
	columns = split("program|what it does|time (x)|s|MB/s|CPU s|memory MB|output MB|size (x)",
		head, "|")
	if (!outputs)
		columns -= 2
	for (c = 1; c <= columns; c++)
		cell(c, 0, head[c])
	for (n = 1; n <= rows; n++) {
		cell(1, n, label[n])
		cell(2, n, does[n])
		if (n in failed) {
			cell(3, n, "failed")
			cell(4, n, "status " failed[n])
			continue
		}
		cell(3, n, 1 in failed ? "" : of("times", n))
		cell(4, n, of("seconds", n))
		cell(5, n, of("speed", n))
		cell(6, n, of("cpu", n))
		cell(7, n, of("memory", n))
		cell(8, n, has_output[n] ? of("output", n) : "")
		cell(9, n, has_output[n] && !(1 in failed) ? of("share", n) : "")
	}
	line(0)
	text = "|"
	for (c = 1; c <= columns; c++) {
		dashes = sprintf("%*s", width[c] + 1, "")
		gsub(/ /, "-", dashes)
		text = text (c <= 2 ? dashes "-|" : dashes ":|")
	}
	print text
	for (n = 1; n <= rows; n++)
		line(n)
}
