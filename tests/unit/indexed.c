/*
 * indexed.c: small bundles with an index of keys.
 */
#include "indexed.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bundle/keys.h"
#include "model/model.h"
#include "json/members.h"

void indexed_begin(struct indexed *x)
{
	struct error e = {0};
	struct writer_options o = {
		.level = 1,
		.about = SLICE("{\"format\":\"callroll-bundle\"}\n"),
		.model = model_builtin_text(),
		.threads = 1,
		.frame_bytes = 300,
	};

	*x = (struct indexed){0};
	snprintf(x->folder, sizeof(x->folder), "/tmp/indexed.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(x->folder));
	snprintf(x->path, sizeof(x->path), "%s/out", x->folder);
	x->model = model_load(NULL, &e);
	ck_assert_msg(x->model != NULL, "%s", e.text);
	ck_assert_int_eq(keyring_make(&x->rings[LINES_RECIPIENTS], LINES_RECIPIENTS,
				      model_recipient(x->model)),
			 0);
	ck_assert_int_eq(
		keyring_make(&x->rings[LINES_RESPONSES], LINES_RESPONSES, model_root(x->model)), 0);
	x->w = writer_open(x->path, &o, &e);
	ck_assert_msg(x->w != NULL, "%s", e.text);
}

static void add_key(struct indexed *x, enum line_kind kind, const struct keyring_key *k,
		    struct slice line)
{
	struct error e = {0};
	struct buf value = BUF_INIT;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)k->member_name.len, k->member_name.data);
	if (keyring_value(k, members_find(line, name), &value))
		ck_assert_int_eq(
			writer_key(x->w, kind, keys_fingerprint(k->name, buf_view(&value)), &e), 0);
	buf_free(&value);
}

void indexed_line(struct indexed *x, enum line_kind kind, const char *line)
{
	struct error e = {0};

	buf_string(writer_line(x->w, kind), line);
	ck_assert_int_eq(writer_line_end(x->w, kind, &e), 0);
	if (kind != LINES_RECIPIENTS && kind != LINES_RESPONSES)
		return; /* no others have keys */
	for (unsigned i = 0; i < x->rings[kind].count; i++)
		add_key(x, kind, &x->rings[kind].key[i], slice_string(line));
}

struct bundle *indexed_open(struct indexed *x)
{
	struct error e = {0};
	struct writer_totals totals;

	if (x->w != NULL)
		ck_assert_msg(writer_close(x->w, &totals, &e) == 0, "%s", e.text);
	x->w = NULL;
	x->b = bundle_open(x->path, &e);
	ck_assert_msg(x->b != NULL, "%s", e.text);
	return x->b;
}

struct bundle *indexed_damage(struct indexed *x)
{
	uint32_t entry = bundle_find_entry(x->b, SLICE(ENTRY_KEYS));
	int fd = open(x->path, O_RDWR | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	for (uint32_t i = 0; i < bundle_frame_count(x->b); i++) {
		const struct frame_record *r = bundle_frame(x->b, i);
		off_t at = (off_t)(r->offset + r->size / 2);
		char c;

		if (r->entry != entry)
			continue;
		ck_assert_int_eq(pread(fd, &c, 1, at), 1);
		c ^= 1;
		ck_assert_int_eq(pwrite(fd, &c, 1, at), 1);
	}
	close(fd);
	bundle_close(x->b);
	return indexed_open(x);
}

void indexed_end(struct indexed *x)
{
	keyring_free(&x->rings[LINES_RECIPIENTS]);
	keyring_free(&x->rings[LINES_RESPONSES]);
	model_free(x->model);
	writer_abandon(x->w);
	bundle_close(x->b);
	unlink(x->path);
	rmdir(x->folder);
}
