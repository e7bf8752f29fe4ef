/*
 * simdjson.cpp: usage: simdjson dom|walk FILE...
 *
 *   dom    each file becomes a tree, of which only the recipients are counted
 *   walk   On-Demand: every value of each file is visited, every string unescaped, every number and
 *          name read
 *
 * Syntax and UTF-8 only: no model, and it stops at the first error. Prints how many values it saw, so
 * that no compiler leaves the work out. Parser and buffer are used again for every file, as its manual
 * says.
 */
#include <fcntl.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

using namespace simdjson;

struct seen {
	uint64_t values;
	uint64_t bytes; /* of strings and names */
};

static void walk(ondemand::value value, seen &s)
{
	s.values++;
	switch (value.type()) {
	case ondemand::json_type::array:
		for (ondemand::value item : value.get_array())
			walk(item, s);
		break;
	case ondemand::json_type::object:
		for (auto field : value.get_object()) {
			s.bytes += std::string_view(field.unescaped_key()).size();
			walk(field.value(), s);
		}
		break;
	case ondemand::json_type::string:
		s.bytes += value.get_string().value().size();
		break;
	case ondemand::json_type::number:
		s.bytes += value.get_number().value().is_int64();
		break;
	case ondemand::json_type::boolean:
		s.bytes += value.get_bool().value();
		break;
	case ondemand::json_type::null:
		s.bytes += value.is_null();
		break;
	}
}

/* The file and the padding that the parsers want after it. */
static padded_string_view read_file(const char *name, std::vector<char> &buffer)
{
	struct stat st;
	const int fd = open(name, O_RDONLY);
	size_t len = 0;
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &st) == 0) {
		const size_t size = static_cast<size_t>(st.st_size);

		if (buffer.size() < size + SIMDJSON_PADDING)
			buffer.resize(size + SIMDJSON_PADDING);
		while (len < size && (n = read(fd, buffer.data() + len, size - len)) > 0)
			len += static_cast<size_t>(n);
	}
	if (fd < 0 || close(fd) != 0 || n < 0)
		throw simdjson_error(IO_ERROR);
	return padded_string_view(buffer.data(), len, buffer.size());
}

static void walk_file(ondemand::parser &parser, padded_string_view text, seen &s)
{
	ondemand::document document = parser.iterate(text);

	for (auto field : document.get_object()) {
		s.bytes += std::string_view(field.unescaped_key()).size();
		walk(field.value(), s);
	}
	/* Of a document read to its end there is no place any more. */
	if (document.current_location().error() != OUT_OF_BOUNDS)
		throw simdjson_error(TRAILING_CONTENT);
}

static void parse_file(dom::parser &parser, padded_string_view text, seen &s)
{
	dom::element document = parser.parse(text.data(), text.size(), false);

	s.values += dom::array(document["recipients"]).size();
}

int main(int argc, char **argv)
{
	const bool dom = argc > 2 && std::strcmp(argv[1], "dom") == 0;
	std::vector<char> buffer;
	dom::parser tree;
	ondemand::parser stream;
	seen s = {};

	if (argc < 3 || (!dom && std::strcmp(argv[1], "walk") != 0)) {
		std::fputs("usage: simdjson dom|walk FILE...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		try {
			const padded_string_view text = read_file(argv[i], buffer);

			if (dom)
				parse_file(tree, text, s);
			else
				walk_file(stream, text, s);
		} catch (const simdjson_error &e) {
			std::fprintf(stderr, "simdjson: %s: %s\n", argv[i], e.what());
			return 1;
		}
	}
	std::printf("%ju values, %ju bytes of strings\n", static_cast<uintmax_t>(s.values),
		    static_cast<uintmax_t>(s.bytes));
	return 0;
}
