/*
 * format_text.h: the text of callroll-bundle(5), which every bundle carries as FORMAT.txt. The
 * build makes its source (build-aux/embed.sh).
 */
#ifndef BUNDLE_FORMAT_TEXT_H
#define BUNDLE_FORMAT_TEXT_H

extern const char format_text[];
extern const unsigned long format_text_size;

#endif
