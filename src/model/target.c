/*
 * target.c: which of the checker's hot loops this processor can run. Which ones there are depends
 * on the compiler: configure says TARGET_AVX2 and so on for each that it can make.
 */
#include "model/target.h"

#include <stdlib.h>
#include <string.h>

size_t target_list(const struct target *out[TARGET_MOST])
{
	size_t n = 0;

#ifdef TARGET_AVX2
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
		out[n++] = &target_avx2;
#endif
#ifdef TARGET_SSE2
	out[n++] = &target_sse2;
#endif
#ifdef TARGET_NEON
	out[n++] = &target_neon;
#endif
	out[n++] = &target_portable;
	return n;
}

const struct target *target_choose(void)
{
	const struct target *all[TARGET_MOST];
	const char *wanted = getenv("CALLROLL_TARGET");
	size_t n = target_list(all);

	for (size_t i = 0; wanted != NULL && i < n; i++)
		if (strcmp(all[i]->name, wanted) == 0)
			return all[i];
	return all[0];
}
