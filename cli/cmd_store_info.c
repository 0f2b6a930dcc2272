/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire store info: what each realm of a store holds, as text or one line of JSON a realm. */
#include "cli_commands.h"
#include "cli_payload.h"
#include "cli_records.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#define REALMS_MAX 1024

enum info_format { FORMAT_TEXT, FORMAT_JSON };

static void add_u64(zw_text *out, enum info_format format, const char *name, const char *label,
                    uint64_t value) {
  if (format == FORMAT_JSON)
    zw_text_printf(out, ",\"%s\":%llu", name, (unsigned long long)value);
  else
    zw_text_printf(out, "  %-13s %llu\n", label, (unsigned long long)value);
}

static void add_maps(zw_text *out, enum info_format format, zw_store *store, zw_txn *txn) {
  if (format == FORMAT_JSON) zw_text_printf(out, ",\"maps\":[");
  for (size_t i = 0; i < zw_store_map_count(store); i++) {
    zw_map *map = zw_store_map_at(store, i);
    zw_str name = zw_map_def_get(map)->name;
    uint64_t count = 0;
    int error = zw_map_count(txn, map, &count);
    if (error) out->error = error;
    if (format == FORMAT_JSON)
      zw_text_printf(out, "%s{\"name\":\"%.*s\",\"records\":%llu}", i ? "," : "", ZW_ARG(name),
                     (unsigned long long)count);
    else
      zw_text_printf(out, "  %-13s %.*s, %llu record%s\n", "map", ZW_ARG(name),
                     (unsigned long long)count, count == 1 ? "" : "s");
  }
  if (format == FORMAT_JSON) zw_text_printf(out, "]");
}

static void add_topics(zw_text *out, enum info_format format, const zw_store *store) {
  bool first = true;
  if (format == FORMAT_JSON) zw_text_printf(out, ",\"topics\":[");
  for (uint32_t i = 1; i <= zw_store_topic_count(store); i++) {
    const zw_topic_def *def = zw_store_topic_def(store, i);
    if (!def) continue;
    if (format == FORMAT_JSON) {
      if (!first) zw_text_add(out, ",", 1);
      zw_cli_json_string(out, def->uri);
    } else {
      zw_text_printf(out, "  %-13s %.*s\n", "topic", ZW_ARG(def->uri));
    }
    first = false;
  }
  if (format == FORMAT_JSON) zw_text_printf(out, "]");
}

static void add_schemas(zw_text *out, enum info_format format, const zw_store *store) {
  char id[2 * ZW_SCHEMA_ID_SIZE + 1];
  if (format == FORMAT_JSON) zw_text_printf(out, ",\"schemas\":[");
  for (uint16_t i = 1; i <= zw_store_schema_count(store); i++) {
    zw_schema_id_text(zw_store_schema(store, i)->id, id);
    if (format == FORMAT_JSON)
      zw_text_printf(out, "%s\"%s\"", i > 1 ? "," : "", id);
    else
      zw_text_printf(out, "  %-13s %s\n", "schema", id);
  }
  if (format == FORMAT_JSON) zw_text_printf(out, "]}");
}

static void describe(zw_text *out, enum info_format format, const char *realm, zw_store *store,
                     zw_txn *txn, const zw_store_info *info) {
  if (format == FORMAT_JSON) {
    zw_text_printf(out, "{\"realm\":");
    zw_cli_json_string(out, zw_str_of(realm));
  } else {
    zw_text_printf(out, "realm %s\n", realm);
  }
  add_u64(out, format, "format", "format", info->format);
  add_u64(out, format, "page_size", "page size", info->page_size);
  add_u64(out, format, "file_octets", "file octets", info->file_octets);
  add_u64(out, format, "used_octets", "used octets", info->used_octets);
  add_u64(out, format, "events", "events", info->events);
  add_u64(out, format, "first_seq", "first event", info->first_seq);
  add_u64(out, format, "last_seq", "last event", info->last_seq);
  add_maps(out, format, store, txn);
  add_topics(out, format, store);
  add_schemas(out, format, store);
}

static int print_realm(const char *dir, const char *realm, enum info_format format) {
  zw_store *store;
  zw_store_options options = {.size = sizeof options, .read_only = true};
  zw_store_info info;
  zw_txn *txn;
  zw_diag diag = {0};
  zw_text text;
  int error = zw_store_open(&store, dir, realm, &options, &diag);
  if (error) return zw_cli_failed(NULL, error, &diag);
  zw_text_init(&text, NULL);
  error = zw_store_info_get(store, &info);
  if (!error) error = zw_txn_begin_read(store, &txn);
  if (!error) {
    describe(&text, format, realm, store, txn, &info);
    zw_txn_abort(txn);
    error = text.error;
  }
  zw_str out = zw_text_str(&text);
  if (out.len && out.ptr[out.len - 1] == '\n') out.len--;
  int code = error ? zw_cli_failed(dir, error, NULL) : zw_cli_line(out);
  zw_text_deinit(&text);
  zw_store_close(store);
  return code;
}

/* The folders in it that hold a database, by name. */
static size_t list_realms(const char *dir, char *names[], size_t max) {
  DIR *folder = opendir(dir);
  size_t count = 0;
  struct dirent *entry;
  struct stat st;
  while (folder && count < max && (entry = readdir(folder))) {
    char path[4096];
    if (entry->d_name[0] == '.') continue;
    int n = snprintf(path, sizeof path, "%s/%s/data.mdb", dir, entry->d_name);
    if (n >= (int)sizeof path || stat(path, &st)) continue;
    if ((names[count] = strdup(entry->d_name))) count++;
  }
  if (folder) closedir(folder);
  return count;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

int zw_cli_store_info(zw_cli_args *args) {
  static const char *const formats[] = {"text", "json"};
  const char *dir = args->words[0], *only = zw_cli_value(args, ZW_OPT_REALM);
  char *realms[REALMS_MAX];
  size_t format = FORMAT_TEXT;
  int code = zw_cli_choice(args, ZW_OPT_FORMAT, formats, 2, &format);
  if (code) return code;
  if (only) return print_realm(dir, only, (enum info_format)format);
  size_t count = list_realms(dir, realms, REALMS_MAX);
  if (!count) {
    zw_cli_say("%s: there is no store here", dir);
    return ZW_CLI_REFUSED;
  }
  qsort(realms, count, sizeof realms[0], by_name);
  for (size_t i = 0; i < count; i++) {
    if (code == 0) code = print_realm(dir, realms[i], (enum info_format)format);
    free(realms[i]);
  }
  return code;
}
