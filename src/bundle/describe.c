/*
 * describe.c: says for people what a frame holds.
 * It says no more than what is known: without the manifest, only where the frame stands.
 * It must never look at the frame itself, which may be damaged.
 */
#include "base/text.h"
#include "bundle/inside.h"

static void range(struct buf *out, const char *unit, uint64_t first, uint64_t count)
{
	buf_printf(out, " %s%s ", unit, count == 1 ? "" : "s");
	text_count(out, first);
	if (count > 1) {
		buf_byte(out, '-');
		text_count(out, first + count - 1);
	}
}

static struct slice entry_name(const struct bundle *b, uint32_t entry)
{
	return entry < b->trailer.entries ? b->entries[entry].name : SLICE(ENTRY_MANIFEST);
}

static void describe_data(const struct bundle *b, uint32_t frame, struct buf *out)
{
	const struct frame_record *r = &b->frames[frame];
	uint32_t first = b->heads[r->entry] + 1; /* the first data frame of its entry */
	const struct frame_record *next = &b->frames[frame + 1]; /* the trailer's at the latest */
	bool alone = frame == first && (frame + 2 == b->frame_count || next->entry != r->entry);

	buf_slice(out, entry_name(b, r->entry));
	if (r->lines > 0)
		range(out, "line", r->first - b->frames[first].first + 1, r->lines);
	else if (!alone)
		range(out, "byte", r->first + 1, r->raw);
}

void describe_frame(const struct bundle *b, uint32_t frame, struct buf *out)
{
	const struct frame_record *r = &b->frames[frame];

	if (b->known >= KNOWN_TRAILER && frame + 1 == b->frame_count) {
		buf_string(out, ENTRY_TRAILER);
	} else if (b->known < KNOWN_ENTRIES) {
		buf_string(out, "what stands at");
		range(out, "byte", r->offset + 1, r->size);
		buf_string(out, " of the file");
	} else if (r->entry & FRAME_HEADER_BIT) {
		buf_string(out, "the tar header of ");
		buf_slice(out, entry_name(b, r->entry & ~FRAME_HEADER_BIT));
	} else {
		describe_data(b, frame, out);
	}
}
