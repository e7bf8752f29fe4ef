/*
 * about.c: callroll.json, which is indented, as one object without white space.
 */
#include "bundle/about.h"

#include "base/limits.h"
#include "bundle/frame.h"
#include "json/members.h"

/* Options and seals of many thousand bundles. */
#define ABOUT_MOST (16 * MIB)

/* Takes away what stands between strings and other tokens. */
static void tighten(struct buf *text)
{
	bool in_string = false;
	size_t kept = 0;

	for (size_t i = 0; i < text->len; i++) {
		char c = text->data[i];

		if (in_string && c == '\\' && i + 1 < text->len) {
			text->data[kept++] = c;
			c = text->data[++i];
		} else if (c == '"') {
			in_string = !in_string;
		} else if (!in_string && (c == ' ' || c == '\n' || c == '\t' || c == '\r')) {
			continue;
		}
		text->data[kept++] = c;
	}
	text->len = kept;
}

int about_read(const struct bundle *b, struct buf *out, struct error *e)
{
	uint32_t entry = bundle_find_entry(b, SLICE(ENTRY_ABOUT));

	buf_clear(out);
	if (entry == UINT32_MAX)
		return error_set(e, ERROR_BUNDLE, "%s: its " ENTRY_ABOUT " is missing",
				 bundle_path(b));
	if (bundle_read_entry(b, entry, ABOUT_MOST, out, e) != 0)
		return -1;
	tighten(out);
	return 0;
}

int about_level(struct slice about, int otherwise)
{
	uint64_t level;

	if (!json_uint(members_find(members_find(about, "options"), "level"), &level) ||
	    level < FRAME_LEVEL_MIN || level > FRAME_LEVEL_MAX)
		return otherwise;
	return (int)level;
}
