/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON: what is read into a table verifies, prints, and reads back to the same print; what is read
 * as tokens is written and reads back to the same text. The same in flatc's form. The first octet
 * chooses the root, the second flags.
 */
#include "fuzz_schemas.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(const zw_type *type, zw_span bytes, zw_text *out) {
  static const zw_verify_options strict = {.flags = ZW_VERIFY_UTF8 | ZW_VERIFY_STRICT_UNIONS};
  zw_table table;
  if (zw_verify(type, bytes, &strict, &table, NULL)) abort();
  if (zw_json_print(type, table, ZW_OBJECT_TEXT, 0, out)) abort();
}

/* In flatc's form: it verifies and prints, and what it prints is read back unless a string has
 * octets that are no UTF-8. */
static void check_flatc(const zw_type *type, zw_str text, uint32_t flags) {
  zw_builder b;
  zw_span bytes;
  zw_diag diag = {0};
  zw_text one;
  zw_builder_init(&b, NULL);
  zw_text_init(&one, NULL);
  if (zw_flatc_json_parse(type, text, flags & 25, &b, &bytes, &diag) == 0) {
    if (zw_flatc_json_print(type, bytes, flags & 11, &one, &diag) && !(flags & 8)) abort();
    zw_text_reset(&one);
    if (zw_flatc_json_print(type, bytes, 8, &one, &diag)) abort();
    if (zw_flatc_json_parse(type, zw_text_str(&one), 8, &b, &bytes, &diag)) {
      /* Only what 6 and 12 digits, or a sort by them, make of floats. */
      if (diag.error != ZW_EINVAL) abort();
    }
  } else if (!diag.error) {
    abort();
  }
  zw_text_deinit(&one);
  zw_builder_deinit(&b);
}

static void check_object(const zw_type *type, zw_str text, uint32_t flags) {
  zw_builder b;
  zw_span bytes;
  zw_diag diag = {0};
  zw_builder_init(&b, NULL);
  int e = zw_json_parse(type, text, flags & 3, ZW_OBJECT_NUMBER_STRINGS, &b, &bytes, &diag);
  if (e && diag.error != e) abort();
  if (e == 0) {
    zw_text one, two;
    zw_text_init(&one, NULL);
    zw_text_init(&two, NULL);
    print(type, bytes, &one);
    bool same = zw_json_parse(type, zw_text_str(&one), 0, 0, &b, &bytes, &diag) == 0;
    if (same) print(type, bytes, &two);
    if (same) same = zw_str_eq(zw_text_str(&one), zw_text_str(&two));
    /* NaN and infinity are printed as null, which is no member of a struct and no key. */
    if (!same && !strstr(one.ptr, "null")) abort();
    zw_text_deinit(&one);
    zw_text_deinit(&two);
  }
  zw_builder_deinit(&b);
}

/* One value as tokens into text. */
static int copy(zw_str text, uint32_t flags, zw_text *out) {
  zw_json_reader reader;
  zw_json_writer writer;
  zw_token token;
  zw_json_reader_init(&reader, text, flags, 0, NULL);
  zw_json_writer_init(&writer, out, ZW_JSON_NAN, 0);
  int e = reader.reader.next(&reader.reader, &token, NULL);
  if (!e) e = zw_token_copy(&reader.reader, &token, &writer.writer, NULL);
  if (!e) e = reader.reader.next(&reader.reader, &token, NULL);
  zw_json_reader_deinit(&reader);
  return e;
}

static void check_tokens(zw_str text, uint32_t flags) {
  zw_text one, two;
  zw_text_init(&one, NULL);
  zw_text_init(&two, NULL);
  if (copy(text, flags & 3, &one) == 0) {
    if (copy(zw_text_str(&one), flags & 2, &two)) abort();
    if (!zw_str_eq(zw_text_str(&one), zw_text_str(&two))) abort();
  }
  zw_text_deinit(&one);
  zw_text_deinit(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  zw_str text = {(const char *)data + 2, size - 2};
  check_object(fuzz_root(data[0]), text, data[1]);
  check_flatc(fuzz_root(data[0]), text, data[1]);
  check_tokens(text, data[1]);
  return 0;
}
