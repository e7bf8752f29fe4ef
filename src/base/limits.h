/*
 * limits.h: every fixed limit of callroll, with its reason.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdint.h>

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

/* --- reading captures --- */

/* One unit (a recipient, or a top-level member) unless --max-record says otherwise. A recipient
 * with a full prompt has several KB; the API takes 10,000 recipients, a few MB, as one response. */
#define LIMIT_RECORD (16 * MIB)
/* The most that --max-record takes: offsets inside a unit are 32 bits wide. */
#define LIMIT_RECORD_MOST (512 * MIB)
/* Nesting, unless --max-depth says otherwise. The model itself needs 8. */
#define LIMIT_DEPTH 64
#define LIMIT_DEPTH_MOST 10000
/* Members of one object. */
#define LIMIT_MEMBERS ((size_t)1 << 20)
/* Findings told of one rule at one pointer shape in a response, unless --max-findings. */
#define LIMIT_FINDINGS 20
/* Pairs of rule and pointer shape kept apart in one response or in the summary; more are counted
 * together, so that hostile names cannot fill the memory. */
#define LIMIT_GROUPS 1000
/* Bytes of a finding's pointer or message that are kept; a longer one is cut and ends in "...".
 * Only names made to be long come near it. */
#define LIMIT_POINTER 1024
/* All HTTP header blocks before one body. */
#define LIMIT_HTTP_HEAD (64 * KIB)
/* What a window reads at a time: large enough that a system call costs nothing beside it, small
 * enough to stay in the second-level cache. */
#define WINDOW_READ (256 * KIB)
/* Bytes after a window's end that may be read (never used) by vector code; they are zero. */
#define WINDOW_PAD 64
/* A plan for --max-findings 4G is a mistake. */
#define LIMIT_FINDINGS_MOST 1000000

/* --- bundles --- */

/* Lines are cut into a frame when it has this many bytes: smaller ones compress worse (64 KiB costs
 * 3 %), larger ones cost more to look into. */
#define FRAME_BYTES MIB
/* An entry of lines is closed before it would have more. */
#define SHARD_BYTES (16 * MIB)
/* The largest window a reader needs to have: every zstd accepts 8 MiB without an option. */
#define ZSTD_WINDOW_LOG 23
/* A frame's uncompressed size as a reader accepts it: one line of the largest unit, with its
 * envelope. */
#define LIMIT_FRAME_RAW (LIMIT_RECORD_MOST + 64 * MIB)
/* Recipients of one response as a reader puts them together: _rows of a few bytes can repeat a list
 * again and again. Far more than the API takes (10,000); as numbers of lines they are 512 MiB. */
#define LIMIT_ROWS ((uint64_t)64 << 20)
/* The same for all lists that one list is based on, together: some seconds of copying. As callroll
 * writes them, 33 lists of at most some million rows. */
#define LIMIT_ROWS_CHAIN ((uint64_t)1 << 30)
/* trailer.json as a reader accepts it. */
#define LIMIT_TRAILER (8 * MIB)

#endif
