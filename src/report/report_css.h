/*
 * report_css.h: the style of the html report, src/report/report.css. The build makes its source
 * (build-aux/embed.sh).
 */
#ifndef REPORT_CSS_H
#define REPORT_CSS_H

#include <stddef.h>

extern const char report_css[];
extern const size_t report_css_size;

#endif
