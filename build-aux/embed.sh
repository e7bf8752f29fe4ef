#!/bin/sh
# embed.sh: a file as a C source, so that the program carries it.
# usage: embed.sh FILE NAME > OUT.c
# The C source defines
#   const char NAME[]         the bytes of FILE, and a NUL
#   const size_t NAME_size    how many there are, without the NUL
set -eu
file=$1
name=$2

cat <<END
/* Made by build-aux/embed.sh from ${file##*/}: change that file instead. */
#include <stddef.h>

extern const char ${name}[];
extern const size_t ${name}_size;

const char ${name}[] = {
END
# Octal, because a hexadecimal number above 0x7f would not fit a char.
od -An -v -to1 "$file" | sed "s/ *\\([0-7][0-7][0-7]\\)/'\\\\\\1',/g"
cat <<END
0};
const size_t ${name}_size = sizeof($name) - 1;
END
