/*
 * html_words.c: what the words on the page mean, in short.
 */
#include "report/html_part.h"
#include "report/html_sections.h"

static const char *const words[][2] = {
	{"Recipient",
	 "One entry of a batch’s list, somebody to be called. Who stands in two batches, "
	 "or twice in one, counts twice."},
	{"Latest state",
	 "Every figure is of the newest capture of each batch, by the batch’s own time "
	 "of its last update."},
	{"Completed", "The status completed, and no more: the service ended the call as planned. A "
		      "voicemail box, a wrong person or silence may have been at the other end; so "
		      "its share is no contact rate."},
	{"Failed, voicemail, cancelled",
	 "The other statuses after which nothing more is expected "
	 "unless the batch is retried. Together with completed: settled."},
	{"Open",
	 "Pending, dispatched, initiated or in progress: something was still to come when it "
	 "was captured. A batch that ended should have none."},
	{"Unknown status", "A status that the service has not published, under its own name. It is "
			   "never counted as settled or as open."},
	{"Time a recipient took",
	 "Last update minus the later of created and scheduled. Percentiles are "
	 "times that occur: half of the recipients took at most the median."},
	{"Day", "Of the recipient’s last update."},
	{"Gap",
	 "The time between two captures of a batch that follow each other. What happened and was "
	 "undone inside it cannot be seen."},
	{"Contradiction",
	 "Values that are each allowed and cannot be right together, such as a batch "
	 "that is completed and has open recipients. An absent counter is no claim."},
};

void html_words(struct buf *out)
{
	html_section(out, "words", "What the words mean");
	buf_string(out, "<dl class=words>\n");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		buf_printf(out, "<dt>%s</dt><dd>%s</dd>\n", words[i][0], words[i][1]);
	buf_string(out, "</dl>\n");
	html_section_end(out);
}
