/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotation as a property: of whatever octets, parts follow each other from the first octet to the
 * last, and something is wrong exactly where the verifier refuses. Tried with buffers of all
 * constructs, whole, cut at every length, and with every octet changed.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "counting_alloc.h"
#include "zerowire/annotate.h"
#include "zerowire/reflect.h"
#include "zerowire/schema.h"

#define FLAGS ZW_VERIFY_UTF8

/* ---- what holds of every annotation ---- */

static void check_cover(const zw_annotation *a) {
  uint64_t at = 0;
  for (size_t i = 0; i < a->part_count; i++) {
    const zw_part *part = &a->parts[i];
    assert_true(part->at == at && part->len > 0);
    at += part->len;
    if (part->block != ZW_NO_BLOCK) assert_true(part->block < a->block_count);
    if (part->target) assert_true(part->target < a->bytes.len);
  }
  assert_true(at == a->bytes.len);
  for (size_t i = 1; i < a->remark_count; i++)
    assert_true(a->remarks[i - 1].at <= a->remarks[i].at);
  if (a->remark_count) assert_true(a->remarks[a->remark_count - 1].at <= a->bytes.len);
  assert_true(a->part_count + a->block_count + a->remark_count <= 20 * a->bytes.len + 4096);
}

static bool is_hex(const char *line, unsigned octet) {
  char two[3];
  snprintf(two, sizeof two, "%02x", octet);
  return memcmp(line, two, 2) == 0;
}

/* Every octet of the part stands in its text once, in order; behind the last part no octet does. */
static void check_text(const zw_annotation *a, size_t i) {
  zw_text text;
  uint64_t at = i < a->part_count ? a->parts[i].at : a->bytes.len;
  uint64_t end = i < a->part_count ? at + a->parts[i].len : at;
  zw_text_init(&text, NULL);
  zw_annotation_print(a, i, false, &text);
  assert_int_equal(text.error, 0);
  for (const char *line = text.ptr; line && *line; line = strchr(line, '\n') + 1) {
    char address[8];
    snprintf(address, sizeof address, "  %04llx ", (unsigned long long)at);
    if (strncmp(line, address, 7) != 0) continue;
    for (const char *hex = line + 8; at < end && is_hex(hex, a->bytes.ptr[at]); hex += 3) {
      at++;
      if (hex[3] == ' ' || hex[2] == '\n' || hex >= line + 8 + 21) break;
    }
  }
  assert_true(at == end);
  zw_text_deinit(&text);
}

static void check_json(const zw_annotation *a, size_t i) {
  zw_text text;
  zw_text_init(&text, NULL);
  zw_annotation_print_json(a, i, &text);
  assert_int_equal(text.error, 0);
  for (char *line = text.ptr, *end; line && text.len && (end = strchr(line, '\n'));
       line = end + 1) {
    zw_json_reader json;
    zw_token token;
    zw_json_reader_init(&json, (zw_str){line, (size_t)(end - line)}, ZW_JSON_STRICT, 0, NULL);
    assert_int_equal(json.reader.next(&json.reader, &token, NULL), 0);
    assert_int_equal(zw_token_skip(&json.reader, &token, NULL), 0);
    zw_json_reader_deinit(&json);
  }
  zw_text_deinit(&text);
}

static void check_printed(const zw_annotation *a) {
  for (size_t i = 0; i <= a->part_count; i++) {
    check_text(a, i);
    check_json(a, i);
  }
}

static uint64_t block_start(const zw_annotation *a, const zw_part *part) {
  return part->block == ZW_NO_BLOCK ? UINT64_MAX : a->blocks[part->block].at;
}

static bool same_part(const zw_part *x, const zw_part *y) {
  return x->at == y->at && x->len == y->len && x->kind == y->kind && x->base == y->base &&
         x->target == y->target && x->index == y->index && x->field == y->field &&
         x->member == y->member && x->cut == y->cut;
}

/* What is printed otherwise than of the whole: parts that are others, or that hold the changed
 * octet, or about which something is remarked. */
static void check_printed_changes(const zw_annotation *a, const zw_annotation *whole,
                                  uint64_t changed) {
  size_t before = 0, remark = 0;
  for (size_t i = 0; i < a->part_count; i++) {
    const zw_part *part = &a->parts[i];
    while (before < whole->part_count && whole->parts[before].at < part->at) before++;
    while (remark < a->remark_count && a->remarks[remark].at < part->at) remark++;
    bool known = before < whole->part_count && same_part(part, &whole->parts[before]) &&
                 block_start(a, part) == block_start(whole, &whole->parts[before]);
    bool remarked = remark < a->remark_count && a->remarks[remark].at - part->at < part->len;
    if (known && !remarked && changed - part->at >= part->len) continue;
    check_text(a, i);
    check_json(a, i);
  }
  check_text(a, a->part_count);
  check_json(a, a->part_count);
}

typedef struct subject {
  const zw_type *type;
  zw_str identifier;
  bool sized;
} subject;

/* Annotates, and holds it against the verifier. */
static zw_annotation *annotate(const subject *s, zw_span bytes) {
  zw_annotation *a;
  zw_diag diag = {0};
  zw_verify_options verify = {.flags = FLAGS};
  zw_annotate_options options = {
      .size = sizeof options, .identifier = s->identifier, .flags = FLAGS, .sized = s->sized};
  assert_int_equal(zw_annotate(&a, s->type, bytes, &options), 0);
  int error = s->sized ? zw_verify_sized(s->type, s->identifier, bytes, &verify, NULL, &diag)
                       : zw_verify_identified(s->type, s->identifier, bytes, &verify, NULL, &diag);
  check_cover(a);
  if (error && a->wrong_count == 0) fail_msg("nothing is wrong, but: %s", diag.message);
  if (!error && a->wrong_count) {
    for (size_t i = 0; i < a->remark_count; i++)
      if (a->remarks[i].wrong && !strstr(a->remarks[i].text.ptr, "FlexBuffer"))
        fail_msg("verified, but: %.*s", ZW_ARG(a->remarks[i].text));
  }
  assert_true(a->valid == (error == 0 && a->wrong_count == 0));
  return a;
}

/* A copy in memory of its own size, so that reading past the end is seen. */
static uint8_t *copy_of(zw_span bytes, size_t len) {
  uint8_t *copy = malloc(len ? len : 1);
  assert_non_null(copy);
  memcpy(copy, bytes.ptr, len);
  return copy;
}

/* ---- buffers ---- */

static void check_whole(const subject *s, zw_span bytes, const char *name) {
  zw_annotation *a = annotate(s, bytes);
  if (!a->valid) fail_msg("%s: %.*s", name, ZW_ARG(a->remarks[0].text));
  check_printed(a);
  zw_annotation_destroy(a);
}

static void check_changed(const subject *s, zw_span bytes) {
  static const uint8_t masks[] = {1, 0x80, 0xFC};
  zw_annotation *whole = annotate(s, bytes);
  uint8_t *copy = copy_of(bytes, bytes.len);
  for (size_t i = 0; i < bytes.len; i++) {
    for (size_t m = 0; m < sizeof masks; m++) {
      copy[i] ^= masks[m];
      zw_annotation *a = annotate(s, zw_span_of(copy, bytes.len));
      if ((i + m) % 8 == 0) check_printed_changes(a, whole, i);
      zw_annotation_destroy(a);
      copy[i] ^= masks[m];
    }
  }
  free(copy);
  zw_annotation_destroy(whole);
}

static void check_cut(const subject *s, zw_span bytes) {
  zw_annotation *whole = annotate(s, bytes);
  for (size_t len = 0; len < bytes.len; len++) {
    uint8_t *copy = copy_of(bytes, len);
    zw_annotation *a = annotate(s, zw_span_of(copy, len));
    if (len % 8 == 0) check_printed_changes(a, whole, len);
    zw_annotation_destroy(a);
    free(copy);
  }
  zw_annotation_destroy(whole);
}

static void check_sized(const subject *s, zw_span bytes) {
  subject sized = {s->type, s->identifier, true};
  uint8_t *copy = malloc(bytes.len + 4);
  assert_non_null(copy);
  zw_store_le32(copy, (uint32_t)bytes.len);
  memcpy(copy + 4, bytes.ptr, bytes.len);
  zw_annotation *a = annotate(&sized, zw_span_of(copy, bytes.len + 4));
  assert_int_equal(a->parts[0].kind, ZW_PART_SIZE_PREFIX);
  check_printed(a);
  zw_annotation_destroy(a);
  copy[0] ^= 1;
  zw_annotation_destroy(annotate(&sized, zw_span_of(copy, bytes.len + 4)));
  free(copy);
}

static void read_text(const char *path, zw_text *out) {
  char piece[4096];
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("cannot open %s", path);
  for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;) zw_text_add(out, piece, n);
  fclose(file);
}

static void check_case(const subject *s, const char *path) {
  zw_text json;
  zw_builder b;
  zw_span bytes;
  zw_diag diag = {0};
  zw_text_init(&json, NULL);
  zw_builder_init(&b, NULL);
  read_text(path, &json);
  if (zw_json_parse(s->type, zw_text_str(&json), 0, 0, &b, &bytes, &diag))
    fail_msg("%s: %s", path, diag.message);
  check_whole(s, bytes, path);
  check_changed(s, bytes);
  check_cut(s, bytes);
  check_sized(s, bytes);
  zw_builder_deinit(&b);
  zw_text_deinit(&json);
}

static void check_folder(const char *schema, const char *folder, unsigned least) {
  char path[512];
  zw_compiled *compiled;
  zw_diag diag = {0};
  zw_compile_options options = {.size = sizeof options};
  snprintf(path, sizeof path, "%s/languages/%s", ZEROWIRE_TEST_DATA, schema);
  if (zw_compile_file(&compiled, path, &options, &diag)) fail_msg("%s: %s", path, diag.message);
  subject s = {zw_compiled_schema(compiled)->root, zw_compiled_schema(compiled)->identifier, false};
  snprintf(path, sizeof path, "%s/languages/%s", ZEROWIRE_TEST_DATA, folder);
  DIR *dir = opendir(path);
  assert_non_null(dir);
  unsigned count = 0;
  for (struct dirent *entry; (entry = readdir(dir));) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/languages/%s/%s", ZEROWIRE_TEST_DATA, folder, entry->d_name);
    check_case(&s, path);
    count++;
  }
  closedir(dir);
  assert_true(count >= least);
  zw_compiled_destroy(compiled);
}

static void test_cases_of_all_constructs(void **state) {
  (void)state;
  check_folder("constructs.fbs", "cases", 20);
}

static void test_cases_of_younger_constructs(void **state) {
  (void)state;
  check_folder("younger.fbs", "young", 5);
}

/* A compiled schema is a buffer of another shape: deep, with shared strings. */
static void test_compiled_schema(void **state) {
  char path[512];
  zw_text octets;
  (void)state;
  subject s = {zw_reflection_root(), ZW_STR("BFBS"), false};
  snprintf(path, sizeof path, "%s/serve/telemetry.bfbs", ZEROWIRE_TEST_DATA);
  zw_text_init(&octets, NULL);
  read_text(path, &octets);
  zw_span bytes = zw_str_span(zw_text_str(&octets));
  check_whole(&s, bytes, path);
  uint8_t *copy = copy_of(bytes, bytes.len);
  for (size_t i = 0; i < bytes.len; i += 7) {
    copy[i] ^= 0x55;
    zw_annotation_destroy(annotate(&s, zw_span_of(copy, bytes.len)));
    copy[i] ^= 0x55;
  }
  free(copy);
  zw_text_deinit(&octets);
}

/* ---- hostile buffers ---- */

static zw_compiled *compile(const char *text) {
  zw_compiled *c;
  zw_diag diag = {0};
  zw_compile_options options = {.size = sizeof options, .no_files = true};
  if (zw_compile_text(&c, "t.fbs", zw_str_of(text), &options, &diag)) fail_msg("%s", diag.message);
  return c;
}

/* Tables at every fourth octet, all inside each other, with one vtable of many slots. */
static void test_overlapping_tables_are_bounded(void **state) {
  enum { SLOTS = 200, TABLES = 2000, SIZE = 4 + 8 * TABLES + 4 * SLOTS + 2048 };
  (void)state;
  zw_compiled *c = compile("table T { of: [T]; a: ubyte; b: ubyte; c: ubyte; } root_type T;");
  subject s = {zw_compiled_schema(c)->root, {NULL, 0}, false};
  uint8_t *bytes = calloc(1, SIZE);
  assert_non_null(bytes);
  uint32_t vtable = 8, root = vtable + 4 + 2 * SLOTS, vector = root + 8;
  uint32_t first = vector + 4 + 4 * TABLES;
  zw_store_le32(bytes, root);
  zw_store_le32(bytes + root, root - vtable);
  zw_store_le32(bytes + root + 4, 4);
  zw_store_le16(bytes + vtable, 4 + 2 * SLOTS);
  zw_store_le16(bytes + vtable + 2, 400);
  for (unsigned i = 0; i < SLOTS; i++)
    zw_store_le16(bytes + vtable + 4 + 2 * i, (uint16_t)(4 + i % 390));
  zw_store_le32(bytes + vector, TABLES);
  for (uint32_t i = 0; i < TABLES; i++) {
    uint32_t at = vector + 4 + 4 * i;
    zw_store_le32(bytes + at, first + 4 * i - at);
    zw_store_le32(bytes + first + 4 * i, first + 4 * i - vtable);
  }
  zw_annotation *a = annotate(&s, zw_span_of(bytes, SIZE));
  bool told = false;
  for (size_t i = 0; i < a->remark_count; i++)
    told = told || strstr(a->remarks[i].text.ptr, "overlap so much");
  assert_true(told);
  check_printed(a);
  zw_annotation_destroy(a);
  free(bytes);
  zw_compiled_destroy(c);
}

/* A table that refers to itself is walked once; the verifier finds it too deep. */
static void test_cycle(void **state) {
  static const uint8_t bytes[] = {12, 0, 0, 0, 6, 0, 8,   0,   4,   0,
                                  0,  0, 8, 0, 0, 0, 252, 255, 255, 255};
  (void)state;
  zw_compiled *c = compile("table T { of: T; } root_type T;");
  subject s = {zw_compiled_schema(c)->root, {NULL, 0}, false};
  zw_annotation *a = annotate(&s, zw_span_of(bytes, sizeof bytes));
  assert_false(a->valid);
  assert_int_equal(a->block_count, 3);
  zw_annotation_destroy(a);
  zw_compiled_destroy(c);
}

static void test_overlaps_are_told(void **state) {
  /* Two strings, the second of which begins in the first. */
  static const uint8_t bytes[] = {16, 0, 0,  0, 8, 0, 12, 0, 4,   0,   8,   0,   0, 0,
                                  0,  0, 12, 0, 0, 0, 8,  0, 0,   0,   12,  0,   0, 0,
                                  8,  0, 0,  0, 4, 0, 0,  0, 'a', 'b', 'c', 'd', 0};
  (void)state;
  zw_compiled *c = compile("table T { a: string; b: string; } root_type T;");
  subject s = {zw_compiled_schema(c)->root, {NULL, 0}, false};
  uint8_t octets[sizeof bytes];
  memcpy(octets, bytes, sizeof bytes);
  zw_store_le32(octets + 20, 28 - 20);
  zw_store_le32(octets + 24, 32 - 24);
  zw_annotation *a = annotate(&s, zw_span_of(octets, sizeof octets));
  assert_true(a->valid);
  assert_int_equal(a->remark_count, 1);
  assert_string_equal(a->remarks[0].text.ptr, "from 0x20 on octets are also of the string b");
  zw_annotation_destroy(a);
  zw_compiled_destroy(c);
}

/* ---- memory ---- */

static void test_no_memory(void **state) {
  (void)state;
  zw_compiled *c = compile("table T { a: string; b: [T]; c: int; } root_type T;");
  const zw_type *type = zw_compiled_schema(c)->root;
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  assert_int_equal(zw_json_parse(type, ZW_STR("{a: \"x\", b: [{a: \"y\", c: 3}, {c: 4}]}"), 0, 0,
                                 &b, &bytes, NULL),
                   0);
  uint8_t *copy = copy_of(bytes, bytes.len);
  copy[bytes.len - 4] ^= 0x40;
  for (unsigned n = 1;; n++) {
    counting_alloc counting;
    zw_annotation *a;
    counting_alloc_init(&counting, n);
    zw_annotate_options options = {.size = sizeof options, .alloc = &counting.alloc};
    int error = zw_annotate(&a, type, zw_span_of(copy, bytes.len), &options);
    zw_annotation_destroy(a);
    assert_int_equal(counting.live, 0);
    if (!counting.failed) break;
    assert_int_equal(error, ZW_ENOMEM);
    assert_null(a);
  }
  free(copy);
  zw_builder_deinit(&b);
  zw_compiled_destroy(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cases_of_all_constructs),
      cmocka_unit_test(test_cases_of_younger_constructs),
      cmocka_unit_test(test_compiled_schema),
      cmocka_unit_test(test_overlapping_tables_are_bounded),
      cmocka_unit_test(test_cycle),
      cmocka_unit_test(test_overlaps_are_told),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
