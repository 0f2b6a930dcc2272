/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our verifier beside Google's C++: the verdicts on the same octets are equal, but for the reasons
 * that are listed here; and what ours accepts can be read in full. The first octet chooses the
 * schema, the prefix and the identifier.
 *
 * Google's accepts more: it looks at no table's size, at the alignment of no vector's elements, at
 * no pair of a union's type and value, and it has no budget. Ours accepts more where Google's fails
 * by chance, or asks for 12 octets: an empty nested buffer stands for an absent one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "read_all.h"
#include "verify_google_generated.h"
#include "verify_google_peer.h"
#include "wide_types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ours refuses with these words what Google's may accept. */
typedef struct stricter {
  const char *words;
  unsigned before; /* only where Google's major version is below; 0: in all */
  bool sized;      /* only behind a size prefix */
} stricter;

static const stricter stricter_ones[] = {
    {"]: an offset is 0", 0, false}, /* of a vector's element: neither that */
    {"]: the offset of an unknown union member leads out", 0, false}, /* nor this is looked at */
    {"a vtable is too short", 0, false},           /* 0 or 2 octets: without any field */
    {"a table leads out of the buffer", 0, false}, /* its size is not looked at there */
    {"a field leads out of its table", 0, false},  /* only out of the buffer */
    {"a vector is not aligned", 0, false},         /* only the alignment of its length */
    {"_type: a field is not aligned", 0, false},   /* a wide union's type: an alignment of 1 */
    {"a field is not aligned", 22, false},         /* scalars and structs: none at all */
    {"a struct is not aligned", 22, false},        /* the same for a union's */
    {"a union value without a type", 0, false},    /* NONE with a value */
    {"types of a vector of unions without its values", 0, false},
    {"a table without a valid vtable", 0, true}, /* it may lie in the prefix there */
    {"the size prefix says", 0, true},           /* more octets may follow there */
};

/* Ours accepts, Google's may refuse. */
#define LAXER \
  (READ_EMPTY_NESTED | READ_SMALL_NESTED | READ_UNION_WITHOUT_VALUE | READ_TYPES_WITHOUT_UNIONS)

static const zw_type *peer_root(void) {
  for (size_t i = 0; i < sizeof verify_google_types / sizeof verify_google_types[0]; i++)
    if (zw_str_eq(verify_google_types[i].name, ZW_STR("peer.Root"))) return &verify_google_types[i];
  abort();
}

static bool is_stricter(const char *message, int error, bool sized) {
  if (error == ZW_ELIMIT) return true; /* the budget; nested buffers count for the depth */
  for (size_t i = 0; i < sizeof stricter_ones / sizeof stricter_ones[0]; i++) {
    const stricter *s = &stricter_ones[i];
    if (s->before && peer_version() >= s->before) continue;
    if (s->sized && !sized) continue;
    if (strstr(message, s->words)) return true;
  }
  return false;
}

/* On a copy with zeros behind it: Google's looks for an identifier before it knows the length. */
static bool their_verdict(const uint8_t *bytes, size_t len, bool wide, enum peer_mode mode) {
  uint8_t *copy = calloc(1, len + 16);
  if (!copy) abort();
  memcpy(copy, bytes, len);
  bool accepts = wide ? peer_verify64(copy, len, mode) : peer_verify(copy, len, mode);
  free(copy);
  return accepts;
}

static void compare(const uint8_t *bytes, size_t len, bool wide, enum peer_mode mode) {
  const zw_type *type = wide ? &wide_r : peer_root();
  zw_str id = wide ? ZW_STR("WIDE") : ZW_STR("PEER");
  zw_verify_options options = {.flags = wide ? ZW_VERIFY_SIZE64 : 0};
  bool sized = mode == PEER_SIZED || mode == PEER_SIZED_IDENTIFIED;
  zw_table table = {NULL, 0, 0};
  zw_diag diag = {0};
  read_all r = {0, 0};
  if (mode == PEER_PLAIN || mode == PEER_SIZED) id = (zw_str){NULL, 0};
  int e = sized ? zw_verify_sized(type, id, zw_span_of(bytes, len), &options, &table, &diag)
                : zw_verify_identified(type, id, zw_span_of(bytes, len), &options, &table, &diag);
  if (e == 0) read_table(type, table, &r);
  bool theirs = their_verdict(bytes, len, wide, mode);
  if (theirs == (e == 0)) return;
  if (e == 0 && (r.facts & LAXER || len < 12)) return;
  if (e != 0 && is_stricter(diag.message, e, sized)) return;
  fprintf(stderr, "ours: %s; Google's %s\n", e ? diag.message : "accepts",
          theirs ? "accepts" : "refuses");
  abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  bool wide = data[0] & 4;
  if (wide && !peer_has64()) return 0;
  uint8_t *copy = malloc(size - 1 ? size - 1 : 1);
  if (!copy) return 0;
  memcpy(copy, data + 1, size - 1);
  compare(copy, size - 1, wide, (enum peer_mode)(data[0] & 3));
  free(copy);
  return 0;
}
