/* SPDX-License-Identifier: Apache-2.0 */
/* The two sides of bench_flatbuffers: each works on its own encoding of the same object. */
#ifndef ZEROWIRE_BENCH_FLATBUFFERS_H
#define ZEROWIRE_BENCH_FLATBUFFERS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BENCH_ENTRIES 3
#define BENCH_LOCATION "http://google.com/flatbuffers/"
#define BENCH_NAME "Hello, World!"

/* Builds the object; returns its octets, which live until the next call. */
const uint8_t *google_encode(size_t *len);
/* The sum of every scalar and every string's length. */
uint64_t google_traverse(const uint8_t *bytes);
int google_verify(const uint8_t *bytes, size_t len);
/* JSON by flatc's library, from the schema's text: the parser is made once. 0, or -1 where the
 * library was not there at build time. */
int google_json_open(const char *schema);
size_t google_json_print(const uint8_t *bytes);
size_t google_json_parse(const char *json); /* octets of the FlatBuffer; 0: refused */
/* The text of the last print. */
const char *google_json_text(void);
/* The release of the headers; "" where they were not there at build time. */
const char *google_version(void);

#ifdef __cplusplus
}
#endif

#endif
