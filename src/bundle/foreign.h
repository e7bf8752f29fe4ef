/*
 * foreign.h: says what a file is that does not end like a bundle.
 */
#ifndef BUNDLE_FOREIGN_H
#define BUNDLE_FOREIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Looks at the first bytes of the file. Always returns -1: ERROR_BUNDLE in one clear sentence, or
 * ERROR_IO. */
int foreign_explain(int fd, const char *name, uint64_t file_size, struct error *e);

/* Does the file begin as a bundle does? Then it is one whose end is missing, or was one. */
bool foreign_was_bundle(int fd);

#endif
