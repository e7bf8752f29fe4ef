/*
 * same.c: are two files of JSON equal in value? jansson's word for it, which knows nothing of
 * callroll: numbers are compared as it reads them (doubles), all else exactly. Values stand one
 * after another. Exit status: 0 equal, 1 not, 2 one cannot be read.
 */
#include <jansson.h>
#include <stdio.h>

#define FLAGS                                                                                      \
	(JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL)

/* 1: *value was read; 0: there are no more; -1: it cannot be read. */
static int next(FILE *f, const char *name, json_t **value)
{
	json_error_t e;
	int c;

	do
		c = getc(f);
	while (c == ' ' || c == '\t' || c == '\r' || c == '\n');
	if (c == EOF)
		return 0;
	ungetc(c, f);
	*value = json_loadf(f, FLAGS, &e);
	if (*value != NULL)
		return 1;
	fprintf(stderr, "same: %s: %s (line %d)\n", name, e.text, e.line);
	return -1;
}

int main(int argc, char **argv)
{
	FILE *a, *b;
	unsigned long count = 0;

	if (argc != 3) {
		fputs("usage: same FILE FILE\n", stderr);
		return 2;
	}
	a = fopen(argv[1], "r");
	b = fopen(argv[2], "r");
	if (a == NULL || b == NULL) {
		perror(a == NULL ? argv[1] : argv[2]);
		return 2;
	}
	for (;; count++) {
		json_t *x = NULL, *y = NULL;
		int one = next(a, argv[1], &x), other = next(b, argv[2], &y);
		int equal = one == other && (one <= 0 || json_equal(x, y));

		json_decref(x);
		json_decref(y);
		if (one < 0 || other < 0)
			return 2;
		if (!equal) {
			fprintf(stderr, "same: value %lu differs\n", count + 1);
			return 1;
		}
		if (one == 0)
			break;
	}
	fclose(a);
	fclose(b);
	if (count == 0) {
		fputs("same: there are no values\n", stderr);
		return 2;
	}
	printf("%lu values are equal\n", count);
	return 0;
}
