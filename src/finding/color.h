/*
 * color.h: the colours of findings on a terminal (ECMA-48, select graphic rendition).
 */
#ifndef FINDING_COLOR_H
#define FINDING_COLOR_H

#include "base/buf.h"
#include "finding/finding.h"

#define COLOR_BOLD "\033[1m"
#define COLOR_END "\033[0m"

/* Appends the severity's name: bold red, magenta or cyan, or plain if not `color`. */
static inline void color_severity(struct buf *out, enum severity s, bool color)
{
	static const char *const start[] = {
		[SEVERITY_OFF] = COLOR_BOLD,
		[SEVERITY_INFO] = "\033[1;36m",
		[SEVERITY_WARNING] = "\033[1;35m",
		[SEVERITY_ERROR] = "\033[1;31m",
	};

	if (color)
		buf_string(out, start[s]);
	buf_string(out, severity_name(s));
	if (color)
		buf_string(out, COLOR_END);
}

#endif
