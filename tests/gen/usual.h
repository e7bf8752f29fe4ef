/*
 * usual.h: client data as most batches have it: settings that are the same for all, a greeting by
 * name, and variables, many of them in other scripts than the Latin one. A recipient comes to
 * about 1 KB, of which little repeats but the names of members and the settings.
 */
#ifndef GEN_USUAL_H
#define GEN_USUAL_H

#include "gen/value.h"

/* Adds the member conversation_initiation_client_data. */
void usual_client_data(struct arena *a, struct value *to, struct random *r);

/*
 * A number of a country code that no country has, with nine digits that look random; no two
 * recipients i of a batch have the same.
 */
void usual_phone_number(char *number, size_t size, uint64_t seed, uint64_t batch, uint64_t i);

#endif
