/*
 * schema.h: the tables, indexes and views of an export as an SQLite database; callroll(1) explains
 * them. No SQLite in here, only SQL.
 */
#ifndef EXPORT_SCHEMA_H
#define EXPORT_SCHEMA_H

/* "crll", and the version of these tables. */
#define SCHEMA_APPLICATION_ID 0x63726c6c
#define SCHEMA_VERSION 1

extern const char schema_tables[];
/* Made after the tables were filled. */
extern const char schema_rest[];

/* Parameters stand in the order of the columns. */
extern const char schema_add_bundle[];
extern const char schema_add_response[];
extern const char schema_add_state[];
extern const char schema_add_recipient[];
extern const char schema_add_finding[];

#endif
