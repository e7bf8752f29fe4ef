/*
 * usual.c: client data as most batches have it.
 * Every value is taken from the generator given, so that the same seed makes the same bytes.
 */
#include "gen/usual.h"

#include <inttypes.h>
#include <stdio.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct person {
	const char *language, *greeting, *first, *last, *city;
};

/* The same number of each, so that all are equally frequent. */
static const char *const first_names[][8] = {
	{"Ada", "Oliver", "Grace", "Henry", "Nora", "Samuel", "Ruth", "Walter"},
	{"Zoë", "José", "Jürgen", "Søren", "Łucja", "Chloé", "Iñigo", "Håkon"},
	{"Анна", "Дмитрий", "Елена", "Сергей", "Ольга", "Иван", "Мария", "Павел"},
	{"Ελένη", "Γιώργος", "Μαρία", "Νίκος", "Σοφία", "Πέτρος", "Άννα", "Κώστας"},
	{"फ़ातिमा", "राहुल", "प्रिया", "अमित", "सुनीता", "विजय", "आशा", "रवि"},
	{"فاطمة", "محمد", "ليلى", "يوسف", "مريم", "خالد", "نور", "سامي"},
	{"美咲", "大翔", "陽菜", "健太", "葵", "翔太", "結衣", "拓海"},
	{"지민", "서연", "민준", "하은", "도윤", "수아", "예준", "지우"},
};
static const char *const last_names[][8] = {
	{"Baker", "Fletcher", "Hughes", "Marsh", "Osborne", "Quinn", "Thorne", "Whitfield"},
	{"Müller", "García", "Øvergård", "Žižka", "Châtelain", "Gonçalves", "Åkesson", "Świątek"},
	{"Иванова", "Соколов", "Морозова", "Лебедев", "Козлова", "Новиков", "Павлова", "Фёдоров"},
	{"Παπαδοπούλου", "Νικολάου", "Γεωργίου", "Δημητρίου", "Ιωάννου", "Αντωνίου", "Βασιλείου",
	 "Χρήστου"},
	{"शर्मा", "वर्मा", "गुप्ता", "सिंह", "पटेल", "मिश्रा", "जोशी", "नायर"},
	{"الحسن", "منصور", "العلي", "حداد", "سالم", "النجار", "عباس", "الخطيب"},
	{"佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "山本", "中村"},
	{"김", "이", "박", "최", "정", "강", "조", "윤"},
};
static const struct {
	const char *language, *greeting, *cities[4];
} regions[] = {
	{"en", "Hello %s, it is about your order.", {"Bristol", "Leeds", "Denver", "Perth"}},
	{"de", "Grüß Gott, %s, es geht um Ihre Bestellung.", {"Köln", "Zürich", "Malmö", "Liège"}},
	{"ru",
	 "Здравствуйте, %s, мы звоним о вашем заказе.",
	 {"Казань", "Томск", "Самара", "Пермь"}},
	{"el", "Γεια σας, %s, για την παραγγελία σας.", {"Πάτρα", "Βόλος", "Χανιά", "Λάρισα"}},
	{"hi", "नमस्ते %s, यह आपके ऑर्डर के बारे में है।", {"पुणे", "जयपुर", "पटना", "इंदौर"}},
	{"ar", "مرحبا %s، بخصوص طلبك.", {"حلب", "عمّان", "الجيزة", "صفاقس"}},
	{"ja", "%s様、ご注文の件でお電話しました。", {"札幌", "仙台", "神戸", "福岡"}},
	{"ko", "%s 님, 주문 건으로 연락드렸습니다.", {"부산", "대구", "광주", "수원"}},
};

static struct person make_person(struct random *r)
{
	/* Two in three have names in Latin letters. */
	size_t i = (size_t)random_below(r, 3) < 2 ? (size_t)random_below(r, 2)
						  : 2 + (size_t)random_below(r, COUNT(regions) - 2);

	return (struct person){
		.language = regions[i].language,
		.greeting = regions[i].greeting,
		.first = first_names[i][random_below(r, 8)],
		.last = last_names[i][random_below(r, 8)],
		.city = regions[i].cities[random_below(r, 4)],
	};
}

/* The text with the name in the place of its %s. */
static const char *greet(struct arena *a, const struct person *p)
{
	char *text = arena_take(a, 160);
	const char *end = p->greeting;

	while (*end != '%')
		end++;
	snprintf(text, 160, "%.*s%s%s", (int)(end - p->greeting), p->greeting, p->first, end + 2);
	return text;
}

static void add_override(struct arena *a, struct value *to, struct random *r,
			 const struct person *p)
{
	static const char *const voices[] = {"voice_4Tq8", "voice_9xLm", "voice_c2Rd"};
	struct value *o = value_add(a, to, "conversation_config_override", VALUE_OBJECT);
	struct value *v;

	value_add(a, o, "turn", VALUE_NULL);
	v = value_add(a, o, "tts", VALUE_OBJECT);
	value_text(a, v, "voice_id", voices[random_below(r, COUNT(voices))]);
	value_digits(a, v, "stability", VALUE_NUMBER, "0.5");
	value_digits(a, v, "speed", VALUE_NUMBER, random_once_in(r, 2) ? "1" : "1.05");
	v = value_add(a, o, "conversation", VALUE_OBJECT);
	value_add(a, v, "text_only", VALUE_FALSE);
	v = value_add(a, o, "agent", VALUE_OBJECT);
	value_text(a, v, "first_message", greet(a, p));
	value_text(a, v, "language", p->language);
	value_add(a, v, "prompt", VALUE_NULL);
}

/* PRINTS(ARENA, OBJECT, NAME, FORMAT, ...): a member with a text made like printf's. */
#define PRINTS(a, to, name, ...)                                                                   \
	do {                                                                                       \
		char *text_ = arena_take(a, 80);                                                   \
		snprintf(text_, 80, __VA_ARGS__);                                                  \
		value_text(a, to, name, text_);                                                    \
	} while (0)

/* All but the last as strings, as from a table of a spreadsheet. */
static void add_variables(struct arena *a, struct value *to, struct random *r,
			  const struct person *p)
{
	static const char *const plans[] = {"Basic", "Family", "Business", "Student"};
	struct value *v = value_add(a, to, "dynamic_variables", VALUE_OBJECT);

	PRINTS(a, v, "account", "%08" PRIX64, random_below(r, UINT64_C(1) << 32));
	PRINTS(a, v, "amount_due", "%u.%02u", (unsigned)random_below(r, 900),
	       (unsigned)random_below(r, 100));
	value_text(a, v, "city", p->city);
	value_text(a, v, "first_name", p->first);
	value_text(a, v, "last_name", p->last);
	PRINTS(a, v, "order", "%c-%06u", (int)('A' + random_below(r, 26)),
	       (unsigned)random_below(r, 1000000));
	value_text(a, v, "plan", plans[random_below(r, COUNT(plans))]);
	PRINTS(a, v, "renewal_date", "2026-%02u-%02u", (unsigned)random_below(r, 12) + 1,
	       (unsigned)random_below(r, 28) + 1);
	value_integer(a, v, "visits", (int64_t)random_below(r, 40));
	/* In a free object numbers keep their spelling. */
	v->last->kind = VALUE_NUMBER;
}

void usual_client_data(struct arena *a, struct value *to, struct random *r)
{
	struct person p = make_person(r);
	struct value *c = value_add(a, to, "conversation_initiation_client_data", VALUE_OBJECT);
	struct value *source;

	add_override(a, c, r, &p);
	value_add(a, c, "custom_llm_extra_body", VALUE_OBJECT);
	PRINTS(a, c, "user_id", "user_%07u", (unsigned)random_below(r, 10000000));
	source = value_add(a, c, "source_info", VALUE_OBJECT);
	value_text(a, source, "source", "unknown");
	value_add(a, source, "version", VALUE_NULL);
	add_variables(a, c, r, &p);
}

void usual_phone_number(char *number, size_t size, uint64_t seed, uint64_t batch, uint64_t i)
{
	/* Steps of a number that shares no divisor with 10^9 come by every number once. */
	const uint64_t numbers = 1000000000, step = 618033989;
	struct random r = random_make(seed ^ 0x9409e, batch, 0);
	uint64_t start = random_below(&r, numbers);

	snprintf(number, size, "+999%09" PRIu64, (start + i % numbers * step) % numbers);
}
