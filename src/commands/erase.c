/*
 * erase.c: a bundle without some persons.
 * The new bundle appears whole or not at all; the old one is only read.
 * It must never say on standard error, nor write, anything of a person but the values typed.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/text.h"
#include "bundle/about.h"
#include "bundle/erase.h"
#include "bundle/frame.h"
#include "commands/intake.h"
#include "commands/output.h"
#include "commands/values.h"
#include "json/members.h"

#define MODEL_MOST (16 * MIB)

struct erasing {
	const struct options *o;
	const char *path;
	struct values values;
	struct bundle *b;
	struct lookup *lookup;
	struct persons *persons;
	struct needles *needles, *pieces;
	struct erase *erase;
	struct buf about; /* callroll.json of the old bundle */
	struct writer *writer;
	uint64_t shared, brief;
	bool batches; /* a value is the id of a batch */
};

/* --- what was asked for --- */

static int read_request(struct erasing *x, char **args, int count, struct error *e)
{
	const struct options *o = x->o;

	if (o->output == NULL)
		return error_set(e, ERROR_USAGE, "erase needs -o NEW: the bundle to write");
	if (count < (o->file == NULL ? 2 : 1))
		return error_set(e, ERROR_USAGE,
				 "usage: callroll erase [OPTIONS] VALUE... BUNDLE -o NEW "
				 "(without VALUE if there is -f)");
	x->path = args[count - 1];
	if (o->file != NULL && values_read(&x->values, o->file, e) != 0)
		return -1;
	for (int i = 0; i + 1 < count; i++)
		if (*args[i] != '\0' && values_add(&x->values, slice_string(args[i])) != 0)
			return error_memory(e);
	if (x->values.count == 0)
		return error_set(e, ERROR_USAGE, "there is no value to look for");
	return output_check(o, e);
}

static int not_the_output(const struct erasing *x, struct error *e)
{
	struct stat in, out;

	if (stat(x->path, &in) == 0 && stat(x->o->output, &out) == 0 && in.st_dev == out.st_dev &&
	    in.st_ino == out.st_ino)
		return error_set(e, ERROR_USAGE,
				 "%s is the bundle to erase from and cannot be the "
				 "new one",
				 x->o->output);
	return 0;
}

static int open_old(struct erasing *x, struct error *e)
{
	if (not_the_output(x, e) != 0)
		return -1;
	x->b = bundle_open(x->path, e);
	if (x->b == NULL || about_read(x->b, &x->about, e) != 0)
		return -1;
	x->lookup = lookup_open(x->b, e);
	return x->lookup == NULL ? -1 : 0;
}

/* --- whom it is about --- */

/* A value that is no key is looked for in what was kept byte for byte. */
static int add_typed(struct erasing *x, size_t n, struct error *e)
{
	struct slice value = x->values.list[n];
	struct buf digits = BUF_INIT;
	bool letters = false;
	int text, number = 0;

	for (size_t i = 0; i < value.len; i++)
		letters |= (value.data[i] | 0x20) >= 'a' && (value.data[i] | 0x20) <= 'z';
	text = needles_text(x->pieces, value, (uint32_t)n);
	keys_phone_digits(value, &digits);
	if (!letters && !digits.failed)
		number = needles_digits(x->pieces, buf_view(&digits), (uint32_t)n);
	x->brief += text == 0 && number == 0;
	text = text < 0 || number < 0 || digits.failed ? error_memory(e) : 0;
	buf_free(&digits);
	return text;
}

static void say_batch(const struct erasing *x, struct slice value)
{
	struct buf out = BUF_INIT;

	text_safe(&out, value);
	buf_string(&out, " is the id of a batch; erase takes what a recipient is known by\n");
	terminal_say_bytes(x->o, buf_view(&out));
	buf_free(&out);
}

static int find_persons(struct erasing *x, struct error *e)
{
	x->persons = persons_new(x->lookup, e);
	x->needles = needles_new();
	x->pieces = needles_new();
	if (x->persons == NULL || x->needles == NULL || x->pieces == NULL)
		return error_memory(e);
	if (persons_find(x->persons, x->values.list, x->values.count, e) != 0 ||
	    persons_needles(x->persons, (struct needles *[2]){x->needles, x->pieces}, x->o->threads,
			    &x->shared, &x->brief, e) != 0)
		return -1;
	for (size_t i = 0; i < x->values.count; i++) {
		if (persons_met(x->persons, i)) {
			values_met(&x->values, i);
		} else if (persons_batch(x->persons, i)) {
			x->batches = true;
			values_met(&x->values, i);
			say_batch(x, x->values.list[i]);
		} else if (add_typed(x, i, e) != 0) {
			return -1;
		}
	}
	if (needles_ready(x->needles) != 0 || needles_ready(x->pieces) != 0)
		return error_memory(e);
	return 0;
}

static void met_in_piece(void *arg, uint32_t which)
{
	struct erasing *x = arg;

	if (which < x->values.count)
		values_met(&x->values, which);
}

/* 1: there is something to erase; 0: there is nothing. */
static int look(struct erasing *x, struct error *e)
{
	const struct erase_plan plan = {
		.bundle = x->b,
		.lookup = x->lookup,
		.persons = x->persons,
		.needles = x->needles,
		.pieces = x->pieces,
		.found = met_in_piece,
		.arg = x,
		.threads = x->o->threads,
	};
	const struct erased *n;

	x->erase = erase_new(&plan, e);
	if (x->erase == NULL || erase_look(x->erase, e) != 0)
		return -1;
	n = &erase_counts(x->erase)->erased;
	return n->states + n->findings + n->set_aside > 0;
}

/* --- the new bundle --- */

/* Members that a bundle made in another way has, as they are. */
static void copy_members(const struct erasing *x, struct buf *out)
{
	static const char *const mine[] = {"format", "version",      "callroll", "libzstd",
					   "model",  "model_sha256", "options",  "erased"};
	struct members in;
	struct json_member m;

	members_begin(&in, buf_view(&x->about));
	while (!in.array && members_next(&in, &m)) {
		struct slice name = slice_of(m.name.data + 1, m.name.len - 2);
		bool known = false;

		for (size_t i = 0; i < sizeof(mine) / sizeof(mine[0]); i++)
			known |= slice_equal(name, slice_string(mine[i]));
		if (known)
			continue;
		buf_string(out, ",\n  ");
		buf_slice(out, m.name);
		buf_string(out, ": ");
		buf_slice(out, m.value);
	}
}

static int make_about(const struct erasing *x, struct buf *out, struct error *e)
{
	struct slice options = members_find(buf_view(&x->about), "options");
	bool first = true;

	output_about(lookup_model(x->lookup), out);
	buf_slice(out, options.len > 0 ? options : SLICE("{}"));
	copy_members(x, out);
	buf_string(out, ",\n  \"erased\": [");
	if (erased_copy(x->b, &first, out, e) != 0)
		return -1;
	if (!first)
		buf_byte(out, ',');
	erased_put(bundle_seal(x->b), &erase_counts(x->erase)->erased, out);
	buf_string(out, "]\n}\n");
	return out->failed ? error_memory(e) : 0;
}

static int open_new(struct erasing *x, struct error *e)
{
	struct buf about = BUF_INIT, model = BUF_INIT;
	uint32_t entry = bundle_find_entry(x->b, SLICE(ENTRY_MODEL));
	struct writer_options w = {
		.level = about_level(buf_view(&x->about), FRAME_LEVEL_DEFAULT),
		.replace = x->o->force,
		.threads = x->o->threads,
	};

	if (output_date(bundle_mtime(x->b), &w.mtime, e) == 0 && make_about(x, &about, e) == 0 &&
	    bundle_read_entry(x->b, entry, MODEL_MOST, &model, e) == 0) {
		w.about = buf_view(&about);
		w.model = buf_view(&model);
		x->writer = writer_open(x->o->output, &w, e);
	}
	buf_free(&about);
	buf_free(&model);
	return x->writer == NULL ? -1 : 0;
}

static void show_progress(void *progress, uint64_t bytes)
{
	progress_add(progress, bytes, 0);
}

static int write_new(struct erasing *x, struct writer_totals *totals, struct error *e)
{
	struct progress *progress;
	int result;

	if (open_new(x, e) != 0)
		return -1;
	progress = progress_start(x->o, bundle_file_size(x->b));
	result = erase_write(x->erase, x->writer, show_progress, progress, e);
	progress_end(progress);
	if (result != 0)
		return -1;
	result = writer_close(x->writer, totals, e);
	x->writer = NULL;
	return result;
}

/* --- what is said --- */

static void put(struct buf *out, const char *before, uint64_t n, const char *one, const char *many)
{
	buf_string(out, before);
	text_count(out, n);
	buf_byte(out, ' ');
	buf_string(out, n == 1 ? one : many);
}

static void put_remarks(const struct erasing *x, struct buf *out)
{
	const struct erase_counts *n = erase_counts(x->erase);

	if (n->others > 0)
		put(out, "            ", n->others,
		    "line of others named them and lost those words\n",
		    "lines of others named them and lost those words\n");
	if (x->shared > 0)
		put(out, "stays       ", x->shared,
		    "id that other recipients have too: it is not theirs alone\n",
		    "ids that other recipients have too: they are not theirs alone\n");
	if (n->ids > 0)
		put(out, "stays       ", n->ids,
		    "response whose batch id holds one of the values\n",
		    "responses whose batch ids hold one of the values\n");
	if (x->brief > 0)
		put(out, "not sought  ", x->brief, "value in other text: it is too short\n",
		    "values in other text: they are too short\n");
	if (n->partly > 0)
		put(out, "not sought  ", n->partly,
		    "piece to its end: it is damaged, encrypted, or an archive in an archive\n",
		    "pieces to their ends: they are damaged, encrypted, or archives in archives\n");
}

static void tell(const struct erasing *x, const struct writer_totals *t)
{
	const struct erase_counts *n = erase_counts(x->erase);
	struct buf out = BUF_INIT;
	char hex[SHA256_HEX + 1];

	put(&out, "erased      ", persons_recipients(x->persons), "recipient", "recipients");
	put(&out, ": ", n->erased.states, "state", "states");
	put(&out, " in ", n->erased.responses, "response", "responses");
	put(&out, " of ", n->batches, "batch\n", "batches\n");
	put(&out, "            ", n->erased.findings, "finding", "findings");
	put(&out, ", ", n->erased.set_aside - n->originals, "piece set aside", "pieces set aside");
	put(&out, ", ", n->originals, "original\n", "originals\n");
	put_remarks(x, &out);
	sha256_hex(bundle_seal(x->b), hex);
	buf_string(&out, "from        ");
	text_safe(&out, slice_string(x->path));
	buf_printf(&out,
		   "\n            seal %s\n"
		   "            it still holds all of this, and so does every copy of it: "
		   "remove them\n",
		   hex);
	output_sealed(x->o->output, bundle_file_size(x->b), t, &out);
	output_seal(t, &out);
	terminal_say_bytes(x->o, buf_view(&out));
	buf_free(&out);
}

static enum status erase_them(struct erasing *x, struct error *e)
{
	struct writer_totals totals;
	enum status status = STATUS_OK;
	int more = -1;

	if (open_old(x, e) == 0 && find_persons(x, e) == 0)
		more = look(x, e);
	if (more < 0)
		return STATUS_OK; /* e says it */
	if (values_tell_missing(&x->values, NULL, x->o) || x->batches)
		status = STATUS_FINDINGS;
	if (more == 0) {
		terminal_say(x->o, "nothing to erase; no bundle was written");
		return STATUS_FINDINGS;
	}
	if (write_new(x, &totals, e) == 0)
		tell(x, &totals);
	return status;
}

enum status command_erase(const struct options *o, char **args, int count)
{
	struct error e = {0};
	struct erasing x = {.o = o};
	enum status status = STATUS_OK;

	if (read_request(&x, args, count, &e) == 0)
		status = erase_them(&x, &e);
	if (e.kind != ERROR_NONE)
		status = status_worst(status, terminal_error(&e));
	erase_free(x.erase);
	writer_abandon(x.writer);
	needles_free(x.needles);
	needles_free(x.pieces);
	persons_free(x.persons);
	lookup_close(x.lookup);
	bundle_close(x.b);
	buf_free(&x.about);
	values_free(&x.values);
	return status;
}
