/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shapes of bench_hostile: each makes one thing that verification does as frequent as a buffer
 * of 128 kB can. Work is multiplied by sharing: a vector of offsets to one table, in levels, costs
 * the attacker four octets a level and the verifier an offset a visit.
 */
#include <stdlib.h>
#include <string.h>

#include "bench_hostile.h"
#include "zerowire/reflect.h"

/* Slots of bench/hostile.fbs and hostile_far.fbs. */
enum {
  NODES,
  SMALLS,
  LEAVES,
  TEXTS,
  WIDES,
  STRINGS,
  COLORS,
  CHILD,
  ANY_TYPE,
  ANY,
  ANYS_TYPE,
  ANYS
};
enum { NODE_NESTED = ANYS + 1 };
enum { SMALL_SMALLS, SMALL_TEXT, SMALL_CHILD, SMALL_ANY_TYPE, SMALL_ANY, SMALL_ANYS_TYPE };
enum { WIDE_COLORS = 256, WIDE_LARGE = 256, LARGE_OCTETS = 32800 };
enum { FAR_FARS, FAR_TEXT, FAR_OCTETS, FAR_NESTED };
enum { UNION_LEAF = 1 };

/* As many offsets as a buffer of this size may follow: in a vector, and as a square of levels. */
enum { MANY = 32000, LEVEL = 178 };

static zw_builder builder;

static void begin(void) { zw_builder_init(&builder, NULL); }

static void end(zw_ref root, uint8_t *out) {
  zw_span bytes;
  if (zw_builder_finish(&builder, root, (zw_str){NULL, 0}, &bytes)) abort();
  if (bytes.len > HOSTILE_OCTETS) abort();
  memcpy(out, bytes.ptr, bytes.len);
  zw_builder_deinit(&builder);
}

static zw_ref table_of(unsigned slot, zw_ref ref) {
  zw_builder_table_start(&builder);
  zw_builder_add_ref(&builder, slot, ref);
  return zw_builder_table_end(&builder);
}

/* A vector of `count` offsets to these in turn. */
static zw_ref in_turn(const zw_ref *refs, size_t ref_count, size_t count) {
  static zw_ref all[MANY];
  for (size_t i = 0; i < count; i++) all[i] = refs[i % ref_count];
  return zw_builder_refs(&builder, all, count);
}

/* A node with a node LEVEL times, which has what `slot` refers to LEVEL times. */
static zw_ref twice(unsigned slot, zw_ref ref) {
  zw_ref node = table_of(slot, in_turn(&ref, 1, LEVEL));
  return table_of(NODES, in_turn(&node, 1, LEVEL));
}

static zw_ref zeros(size_t count) {
  void *elements;
  zw_ref ref = zw_builder_vector_uninit(&builder, count, 1, 1, &elements);
  if (elements) memset(elements, 0, count);
  return ref;
}

/* ---- tables ---- */

static zw_ref leaf(unsigned fields) {
  zw_builder_table_start(&builder);
  for (unsigned i = 0; i < 8; i++)
    if (fields & 1u << i) zw_builder_add_u8(&builder, i, 1, 0);
  return zw_builder_table_end(&builder);
}

static void one_table(uint8_t *out) {
  begin();
  zw_ref ref = leaf(255);
  end(table_of(LEAVES, in_turn(&ref, 1, MANY)), out);
}

static void vtables_in_turn(uint8_t *out) {
  zw_ref refs[255];
  begin();
  for (unsigned i = 0; i < 255; i++) refs[i] = leaf(i + 1);
  end(table_of(LEAVES, in_turn(refs, 255, MANY - 4000)), out);
}

/* Each table has a vtable of its own: two fields of the first 64. */
static void vtables_of_their_own(uint8_t *out) {
  static zw_ref refs[2000];
  size_t count = 0;
  begin();
  for (unsigned second = 1; second < 64; second++) {
    for (unsigned first = 0; first < second && builder.used < HOSTILE_OCTETS - 9000; first++) {
      zw_builder_table_start(&builder);
      zw_builder_add_u8(&builder, first, 1, 0);
      zw_builder_add_u8(&builder, second, 1, 0);
      refs[count++] = zw_builder_table_end(&builder);
    }
  }
  end(table_of(WIDES, in_turn(refs, count, count)), out);
}

static zw_ref wide(unsigned step, bool large) {
  static const uint8_t octets[LARGE_OCTETS];
  zw_builder_table_start(&builder);
  for (unsigned i = step - 1; i < WIDE_COLORS; i += step)
    zw_builder_add_optional(&builder, i, ZW_T_UBYTE, (zw_scalar){.u = 250});
  if (large) zw_builder_add_struct(&builder, WIDE_LARGE, octets, sizeof octets, 1);
  return zw_builder_table_end(&builder);
}

static void wide_table(uint8_t *out) {
  begin();
  end(twice(WIDES, wide(1, false)), out);
}

static void wide_empty_table(uint8_t *out) {
  begin();
  end(twice(WIDES, wide(WIDE_COLORS, false)), out);
}

static void wide_large_table(uint8_t *out) {
  begin();
  end(twice(WIDES, wide(1, true)), out);
}

/* Sixteen times as many at each level: as the reports of years of work. */
static void small_bomb(uint8_t *out) {
  begin();
  zw_ref ref = table_of(SMALL_TEXT, zw_builder_string(&builder, ZW_STR("x")));
  for (unsigned level = 0; level < 30; level++) {
    zw_ref many = in_turn(&ref, 1, 16);
    zw_builder_table_start(&builder);
    zw_builder_add_ref(&builder, SMALL_SMALLS, many);
    zw_builder_add_ref(&builder, SMALL_CHILD, ref);
    zw_builder_add_u8(&builder, SMALL_ANY_TYPE, UNION_LEAF + 1, 0);
    zw_builder_add_ref(&builder, SMALL_ANY, ref);
    ref = zw_builder_table_end(&builder);
  }
  end(table_of(SMALLS, in_turn(&ref, 1, 16)), out);
}

static void node_bomb(uint8_t *out) {
  begin();
  zw_ref ref =
      table_of(STRINGS, in_turn(&(zw_ref){zw_builder_string(&builder, ZW_STR("x"))}, 1, 16));
  for (unsigned level = 0; level < 30; level++) ref = table_of(NODES, in_turn(&ref, 1, 16));
  end(ref, out);
}

static void chains(uint8_t *out) {
  begin();
  zw_ref ref = table_of(STRINGS, zeros(0));
  for (unsigned level = 0; level < 58; level++) ref = table_of(CHILD, ref);
  end(table_of(NODES, in_turn(&ref, 1, MANY)), out);
}

/* ---- strings ---- */

static void strings_of_tables(uint8_t *out) {
  begin();
  zw_ref text = zw_builder_string(&builder, ZW_STR("x"));
  zw_builder_table_start(&builder);
  for (unsigned i = 0; i < 8; i++) zw_builder_add_ref(&builder, i, text);
  zw_ref ref = zw_builder_table_end(&builder);
  end(table_of(TEXTS, in_turn(&ref, 1, MANY)), out);
}

static void one_string(uint8_t *out) {
  begin();
  zw_ref text = zw_builder_string(&builder, ZW_STR("x"));
  end(table_of(STRINGS, in_turn(&text, 1, MANY)), out);
}

static void long_string(uint8_t *out) {
  static char octets[60000];
  begin();
  memset(octets, 'x', sizeof octets);
  for (size_t i = 0; i + 1 < sizeof octets; i += 4) memcpy(octets + i, "\xC3\xA9", 2);
  zw_ref text = zw_builder_string(&builder, (zw_str){octets, sizeof octets});
  end(table_of(STRINGS, in_turn(&text, 1, 15000)), out);
}

/* ---- unions and enums ---- */

static void union_values(uint8_t *out) {
  begin();
  zw_ref ref = leaf(255), types = zeros(20000), values = in_turn(&ref, 1, 20000);
  memset(builder.memory + builder.capacity - types + 4, UNION_LEAF, 20000);
  zw_builder_table_start(&builder);
  zw_builder_add_ref(&builder, ANYS_TYPE, types);
  zw_builder_add_ref(&builder, ANYS, values);
  ref = zw_builder_table_end(&builder);
  end(table_of(NODES, in_turn(&ref, 1, 100)), out);
}

static void union_values_without_type(uint8_t *out) {
  begin();
  zw_ref ref = leaf(255), types = zeros(20000), values = in_turn(&ref, 1, 20000);
  zw_builder_table_start(&builder);
  zw_builder_add_ref(&builder, ANYS_TYPE, types);
  zw_builder_add_ref(&builder, ANYS, values);
  ref = zw_builder_table_end(&builder);
  end(table_of(NODES, in_turn(&ref, 1, 2000)), out);
}

static void enum_vectors(uint8_t *out) {
  begin();
  zw_ref ref = zeros(60000);
  memset(builder.memory + builder.capacity - ref + 4, 250, 60000);
  ref = table_of(COLORS, ref);
  end(table_of(NODES, in_turn(&ref, 1, 2000)), out);
}

/* ---- nested buffers, 64-bit offsets ---- */

static zw_ref nested_node(unsigned levels, zw_builder *b, size_t padding) {
  zw_span bytes;
  zw_builder inside;
  void *unused;
  if (padding) zw_builder_vector_uninit(b, padding, 1, 1, &unused);
  if (padding) memset(unused, 0, padding);
  zw_builder_init(&inside, NULL);
  zw_builder_table_start(&inside);
  zw_ref root = zw_builder_table_end(&inside);
  if (levels) {
    root = nested_node(levels - 1, &inside, padding);
    zw_builder_table_start(&inside);
    zw_builder_add_ref(&inside, NODE_NESTED, root);
    root = zw_builder_table_end(&inside);
  }
  if (zw_builder_finish(&inside, root, (zw_str){NULL, 0}, &bytes)) abort();
  zw_ref ref = zw_builder_nested(b, bytes);
  zw_builder_deinit(&inside);
  return ref;
}

static void nested_deep(uint8_t *out) {
  begin();
  end(table_of(NODE_NESTED, nested_node(30, &builder, 4000)), out);
}

static void nested_shared(uint8_t *out) {
  begin();
  zw_ref ref = table_of(NODE_NESTED, nested_node(20, &builder, 0));
  end(table_of(NODES, in_turn(&ref, 1, MANY - 2000)), out);
}

static void far_shared(uint8_t *out) {
  static const uint8_t octets[64];
  begin();
  zw_ref64 text = zw_builder_string64(&builder, ZW_STR("x"));
  zw_ref64 vector = zw_builder_vector64(&builder, octets, sizeof octets, 1, 1, 8);
  zw_builder_table_start(&builder);
  zw_builder_add_ref64(&builder, FAR_TEXT, text);
  zw_builder_add_ref64(&builder, FAR_OCTETS, vector);
  zw_ref ref = zw_builder_table_end(&builder);
  end(table_of(FAR_FARS, in_turn(&ref, 1, MANY)), out);
}

/* ---- FlexBuffers ---- */

static void put_flex(uint8_t *out, const uint8_t *bytes, size_t len) {
  memcpy(out + HOSTILE_OCTETS - len, bytes, len);
}

/* Vectors of 16 offsets to the same vector, 30 deep, at the end. */
static void flex_shared(uint8_t *out) {
  static uint8_t bytes[2000];
  uint8_t *at = bytes, *below;
  *at++ = 1;
  below = at;
  *at++ = 7;
  *at++ = 4;
  for (unsigned level = 0; level < 30; level++) {
    *at++ = 16;
    uint8_t *first = at;
    for (unsigned i = 0; i < 16; i++, at++) *at = (uint8_t)(at - below);
    for (unsigned i = 0; i < 16; i++) *at++ = 0x28;
    below = first;
  }
  *at = (uint8_t)(at - below);
  at++;
  *at++ = 0x28;
  *at++ = 1;
  put_flex(out, bytes, (size_t)(at - bytes));
}

/* A vector of offsets, of 4 octets each, to one key of half the buffer. */
static void flex_key(uint8_t *out) {
  enum { COUNT = 13000, AT = 60000 };
  memset(out + 1, 'k', AT - 1); /* terminated by what is before the length */
  uint8_t *at = out + HOSTILE_OCTETS - 6 - 5 * COUNT - 3;
  zw_store_le32(at - 1, COUNT);
  at += 3;
  for (unsigned i = 0; i < COUNT; i++) zw_store_le32(at + 4 * i, (uint32_t)(at + 4 * i - out - 1));
  memset(at + 4 * COUNT, 4 << 2 | 2, COUNT);
  uint8_t *root = out + HOSTILE_OCTETS - 6;
  zw_store_le32(root, (uint32_t)(root - at));
  root[4] = 10 << 2 | 2;
  root[5] = 4;
}

/* ---- JSON ---- */

static void put_text(uint8_t *out, const char *head, const char *unit, const char *tail) {
  size_t at = strlen(head), step = strlen(unit), rest = strlen(tail);
  memcpy(out, head, at);
  for (; at + step + rest <= HOSTILE_OCTETS; at += step) memcpy(out + at, unit, step);
  memcpy(out + at, tail, rest);
  memset(out + at + rest, ' ', HOSTILE_OCTETS - at - rest);
}

static void json_deep(uint8_t *out) { put_text(out, "", "{child:", ""); }
static void json_unknown_deep(uint8_t *out) { put_text(out, "{no:", "[", ""); }
static void json_empty_tables(uint8_t *out) { put_text(out, "{nodes:[", "{},", "{}]}"); }
static void json_digits(uint8_t *out) { put_text(out, "{smalls:[{n:", "9", "}]}"); }
static void json_fraction(uint8_t *out) { put_text(out, "{smalls:[{n:0.", "49", "e-300}]}"); }
static void json_escapes(uint8_t *out) { put_text(out, "{strings:[\"", "\\u00e9", "\"]}"); }
static void json_strings(uint8_t *out) { put_text(out, "{strings:[", "\"\",", "\"\"]}"); }
static void json_comments(uint8_t *out) { put_text(out, "", "/**/", "{}"); }
static void json_names(uint8_t *out) { put_text(out, "{wides:[{", "c255:O,", "}]}"); }
static void json_enums(uint8_t *out) { put_text(out, "{colors:[", "O,", "O]}"); }
static void json_enum_list(uint8_t *out) { put_text(out, "{colors:[\"", "O ", "\"]}"); }

/* The type of each union is behind its value, which must be kept until then; at every level again.
 */
static void json_types_last(uint8_t *out) {
  const char unit[] = "{any:", tail[] = ",any_type:Small}";
  const unsigned levels = 60;
  char *at = (char *)out;
  memset(out, ' ', HOSTILE_OCTETS);
  for (unsigned i = 0; i < levels; i++, at += sizeof unit - 1) memcpy(at, unit, sizeof unit - 1);
  memcpy(at, "{smalls:[", 9);
  at += 9;
  size_t rest = levels * (sizeof tail - 1) + 4;
  while (at < (char *)out + HOSTILE_OCTETS - rest - 8) memcpy(at, "{n:1},", 6), at += 6;
  memcpy(at - 1, "]}", 2);
  at++;
  for (unsigned i = 0; i < levels; i++, at += sizeof tail - 1) memcpy(at, tail, sizeof tail - 1);
}

#define SHAPE(text, kind, flags, make) \
  { text, HOSTILE_##kind, flags, make }
const hostile_shape hostile_shapes[] = {
    SHAPE("offsets to one table", BUFFER, 0, one_table),
    SHAPE("offsets to tables of 255 vtables in turn", BUFFER, 0, vtables_in_turn),
    SHAPE("tables with a vtable of their own", BUFFER, 0, vtables_of_their_own),
    SHAPE("offsets to one table of 256 fields", BUFFER, 0, wide_table),
    SHAPE("the same, with the enums", BUFFER, ZW_VERIFY_ENUMS, wide_table),
    SHAPE("the same, only the last field is there", BUFFER, 0, wide_empty_table),
    SHAPE("the same, of more than 32 KiB", BUFFER, 0, wide_large_table),
    SHAPE("16^30 tables of 8 fields", BUFFER, 0, small_bomb),
    SHAPE("16^30 tables of 13 fields", BUFFER, 0, node_bomb),
    SHAPE("chains of 60 tables", BUFFER, 0, chains),
    SHAPE("offsets to one table of 8 strings", BUFFER, 0, strings_of_tables),
    SHAPE("offsets to one string", BUFFER, 0, one_string),
    SHAPE("offsets to a long string, UTF-8", BUFFER, ZW_VERIFY_UTF8, long_string),
    SHAPE("vectors of unions, shared", BUFFER, 0, union_values),
    SHAPE("vectors of absent unions, shared", BUFFER, 0, union_values_without_type),
    SHAPE("vectors of enums, shared", BUFFER, ZW_VERIFY_ENUMS, enum_vectors),
    SHAPE("nested buffers, 30 deep", BUFFER, 0, nested_deep),
    SHAPE("nested buffers, shared", BUFFER, 0, nested_shared),
    SHAPE("64-bit offsets, shared", FAR, 0, far_shared),
    SHAPE("FlexBuffers: 16^30 vectors", FLEXBUFFER, 0, flex_shared),
    SHAPE("FlexBuffers: one long key", FLEXBUFFER, 0, flex_key),
    SHAPE("JSON: deep", JSON, 0, json_deep),
    SHAPE("JSON: deep in an unknown field", JSON, 0, json_unknown_deep),
    SHAPE("JSON: empty tables", JSON, 0, json_empty_tables),
    SHAPE("JSON: empty strings", JSON, 0, json_strings),
    SHAPE("JSON: one integer", JSON, 0, json_digits),
    SHAPE("JSON: one fraction", JSON, 0, json_fraction),
    SHAPE("JSON: escapes", JSON, 0, json_escapes),
    SHAPE("JSON: comments", JSON, 0, json_comments),
    SHAPE("JSON: a field again and again", JSON, 0, json_names),
    SHAPE("JSON: names of enums", JSON, 0, json_enums),
    SHAPE("JSON: one list of names", JSON, 0, json_enum_list),
    SHAPE("JSON: unions with their types last", JSON, 0, json_types_last),
};
const size_t hostile_shape_count = sizeof hostile_shapes / sizeof hostile_shapes[0];
