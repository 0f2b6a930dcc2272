/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire scan: records in the order of the primary key or of an index, from the files of a store.
 * A bound is the values of the key's first fields, parted by commas.
 */
#include "cli_commands.h"
#include "cli_records.h"

static int find_index(const zw_cli_records *r, int *index) {
  const char *name = zw_cli_value(r->args, ZW_OPT_INDEX);
  zw_str names[64];
  *index = -1;
  for (size_t i = 0; name && i < r->def->index_count; i++) {
    if (zw_str_eq(r->def->indexes[i].name, zw_str_of(name))) *index = (int)i;
    if (i < 64) names[i] = r->def->indexes[i].name;
  }
  if (!name || *index >= 0) return 0;
  zw_cli_hint hint;
  zw_cli_say("%s: no index \"%s\".%s", r->name, name,
             zw_cli_did_you_mean(&hint, zw_str_of(name), names,
                                 r->def->index_count < 64 ? r->def->index_count : 64));
  return ZW_CLI_REFUSED;
}

/* Parts text at its commas, in place; "\," and "\\" stand for themselves. 0: too many parts. */
static size_t split(char *text, zw_str *words, size_t max) {
  char *to = text, *begin = text;
  size_t count = 0;
  for (const char *c = text;; c++) {
    if (*c == '\\' && (c[1] == ',' || c[1] == '\\')) {
      *to++ = *++c;
    } else if (*c == ',' || *c == 0) {
      if (count == max) return 0;
      words[count++] = (zw_str){begin, (size_t)(to - begin)};
      if (!*c) return count;
      *to++ = 0;
      begin = to;
    } else {
      *to++ = *c;
    }
  }
}

/* A bound; *out is NULL where it is not given. */
static int read_bound(const zw_cli_records *r, enum zw_cli_option option, const zw_key_def *def,
                      zw_key *key, zw_key **out) {
  const char *value = zw_cli_value(r->args, option);
  zw_str words[ZW_KEY_FIELDS_MAX];
  zw_text copy;
  zw_diag diag = {0};
  *out = NULL;
  if (!value) return 0;
  zw_text_init(&copy, NULL);
  zw_text_add(&copy, value, strlen(value));
  int error = copy.error;
  if (!error && !copy.ptr) error = zw_fail(&diag, ZW_EKEY, "the bound is empty");
  if (!error) {
    size_t count = split(copy.ptr, words, ZW_KEY_FIELDS_MAX);
    error = count ? zw_key_from_words(def, words, count, key, &diag)
                  : zw_fail(&diag, ZW_EKEY, "the key has %u fields", (unsigned)def->field_count);
  }
  zw_text_deinit(&copy);
  *out = key;
  if (!error) return 0;
  char where[64];
  snprintf(where, sizeof where, "--%s", zw_cli_option_of(option)->name);
  return zw_cli_failed(where, error, &diag);
}

static int walk(const zw_cli_records *r, zw_cursor *cursor, uint64_t limit) {
  zw_cli_printer printer;
  zw_record record;
  int code = 0, error = 0;
  zw_cli_printer_init(&printer, true);
  for (uint64_t n = 0; code == 0 && (limit == 0 || n < limit); n++) {
    error = zw_cursor_next(cursor, &record);
    if (error) break;
    zw_payload payload = {.format = ZW_FORMAT_FLATBUFFER, .typed = record.value};
    code = zw_cli_payload_line(&printer, &payload, r->def->type, r->name);
  }
  zw_cli_printer_deinit(&printer);
  return error && error != ZW_ENOTFOUND ? zw_cli_failed(r->name, error, NULL) : code;
}

static int scan(const zw_cli_records *r, uint64_t limit) {
  zw_key from_key, to_key, *from, *to;
  zw_cursor cursor;
  zw_txn *txn;
  int index, code = find_index(r, &index);
  const zw_key_def *def = index < 0 ? &r->def->primary : &r->def->indexes[index];
  if (code == 0) code = read_bound(r, ZW_OPT_FROM, def, &from_key, &from);
  if (code == 0) code = read_bound(r, ZW_OPT_TO, def, &to_key, &to);
  if (code) return code;
  int error = zw_txn_begin_read(r->store, &txn);
  if (error) return zw_cli_failed(r->name, error, NULL);
  error = zw_cursor_init(&cursor, txn, r->map, index, from, to, false);
  code = error ? zw_cli_failed(r->name, error, NULL) : walk(r, &cursor, limit);
  if (!error) zw_cursor_deinit(&cursor);
  zw_txn_abort(txn);
  return code;
}

int zw_cli_scan(zw_cli_args *args) {
  zw_cli_records records;
  uint64_t limit = 0;
  int code = zw_cli_number(args, ZW_OPT_LIMIT, &limit);
  if (code) return code;
  if (!zw_cli_has(args, ZW_OPT_DATA))
    return zw_cli_usage(args, "scanning through a router is not supported yet. Use --data DIR.");
  code = zw_cli_records_open(&records, args, true);
  if (code == 0) code = scan(&records, limit);
  zw_cli_records_close(&records);
  return code;
}
