/*
 * error.h: why something failed, in one struct that the first failure fills.
 * Functions that can fail take a struct error last and return 0 or -1 (or a pointer or NULL).
 * Only the commands print it.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

enum error_kind {
	ERROR_NONE,
	ERROR_USAGE,   /* the caller asked for something that makes no sense */
	ERROR_IO,      /* the system refused: open, read, write, rename, ... */
	ERROR_MEMORY,  /* no memory */
	ERROR_LIMIT,   /* a stated limit of callroll was reached */
	ERROR_MODEL,   /* a model document cannot be used */
	ERROR_BUNDLE,  /* no bundle, or a damaged one */
	ERROR_EMPTY,   /* there is nothing where something was looked for */
	ERROR_CHANGED, /* an input changed while it was read */
	ERROR_STOPPED, /* a signal asked callroll to end */
};

struct error {
	enum error_kind kind;
	char text[512]; /* one sentence without a final full stop; names what and where */
};

/*
 * Fills *e unless it is filled already (the first failure is the cause; what follows are
 * consequences). Returns -1, so that a function can end with `return error_set(...)`.
 */
int error_set(struct error *e, enum error_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The same from errno, as ERROR_IO (ERROR_MEMORY for ENOMEM); appends ": " and strerror's words.
 */
int error_errno(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fills *e with ERROR_MEMORY; returns -1. */
int error_memory(struct error *e);

#endif
