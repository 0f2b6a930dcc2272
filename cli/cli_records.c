/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of maps. Through a router they are reached by the procedures that the schema declares for
 * the map; with --data the store is opened by this process, which is refused for writing while a
 * server has it.
 */
#include "cli_records.h"

#include <ctype.h>
#include <stdlib.h>

int zw_cli_store_open(const zw_cli_args *args, const char *dir, bool read_only, zw_store **store) {
  const char *realm = zw_cli_value(args, ZW_OPT_REALM);
  zw_store_options options = {.size = sizeof options, .read_only = read_only};
  zw_diag diag = {0};
  *store = NULL;
  int error = zw_store_open(store, dir, realm ? realm : "realm1", &options, &diag);
  if (!error) return 0;
  *store = NULL;
  bool named = strstr(diag.message, dir) != NULL;
  return zw_cli_failed(named ? NULL : dir, error, &diag);
}

int zw_cli_place_check(const zw_cli_args *args) {
  if (!zw_cli_has(args, ZW_OPT_DATA) || !zw_cli_has(args, ZW_OPT_URL)) return 0;
  return zw_cli_usage(args, "--data and --url are two places; give one.");
}

static int no_map(const char *name, const char *where, const zw_str *names, size_t count) {
  zw_cli_hint hint;
  zw_cli_say("no map \"%s\" in the %s.%s", name, where,
             zw_cli_did_you_mean(&hint, zw_str_of(name), names, count));
  return ZW_CLI_REFUSED;
}

#define NAMES_MAX 256

static int open_files(zw_cli_records *r, bool read_only) {
  int code = zw_cli_store_open(r->args, zw_cli_value(r->args, ZW_OPT_DATA), read_only, &r->store);
  if (code) return code;
  r->map = zw_store_map(r->store, zw_str_of(r->name));
  if (r->map) {
    r->def = zw_map_def_get(r->map);
    return 0;
  }
  zw_str names[NAMES_MAX];
  size_t count = zw_store_map_count(r->store);
  if (count > NAMES_MAX) count = NAMES_MAX;
  for (size_t i = 0; i < count; i++) names[i] = zw_map_def_get(zw_store_map_at(r->store, i))->name;
  return no_map(r->name, "store", names, count);
}

static int open_router(zw_cli_records *r) {
  int code = zw_cli_link_open(&r->link, r->args);
  if (code) return code;
  const zw_model *model = r->link.model;
  if (model && (r->def = zw_model_map(model, zw_str_of(r->name)))) return 0;
  zw_str names[NAMES_MAX];
  size_t count = model ? model->map_count : 0;
  if (count > NAMES_MAX) count = NAMES_MAX;
  for (size_t i = 0; i < count; i++) names[i] = model->maps[i].name;
  return no_map(r->name, "schema", names, count);
}

int zw_cli_records_open(zw_cli_records *r, const zw_cli_args *args, bool read_only) {
  *r = (zw_cli_records){.args = args, .name = args->words[0]};
  int code = zw_cli_place_check(args);
  if (code) return code;
  return zw_cli_has(args, ZW_OPT_DATA) ? open_files(r, read_only) : open_router(r);
}

void zw_cli_records_close(zw_cli_records *r) {
  zw_store_close(r->store);
  if (!zw_cli_has(r->args, ZW_OPT_DATA)) zw_cli_link_close(&r->link);
}

/* ---- keys ---- */

static int no_value(const zw_cli_records *r, const char *word, const zw_key_field *field) {
  zw_cli_say("%s: \"%s\" is no value for the key field %.*s", r->name, word, ZW_ARG(field->name));
  return ZW_CLI_REFUSED;
}

static int check_key(const zw_cli_records *r) {
  int words = r->args->word_count - 1, fields = r->def->primary.field_count;
  for (int i = 0; i < fields && words == fields; i++) {
    const zw_key_field *field = &r->def->primary.fields[i];
    const char *word = r->args->words[1 + i];
    if (field->path[field->depth - 1]->base == ZW_T_STRING && !zw_utf8_valid(zw_str_of(word)))
      return no_value(r, word, field);
  }
  if (words == fields) return 0;
  char names[256] = "";
  size_t used = 0;
  for (int i = 0; i < fields && used < sizeof names; i++)
    used += (size_t)snprintf(names + used, sizeof names - used, " %.*s",
                             ZW_ARG(r->def->primary.fields[i].name));
  return zw_cli_usage(r->args, "the key of %s is%s; %d word%s given.", r->name, names, words,
                      words == 1 ? " is" : "s are");
}

int zw_cli_records_key(const zw_cli_records *r, zw_key *out) {
  zw_str words[ZW_KEY_FIELDS_MAX];
  zw_diag diag = {0};
  int code = check_key(r);
  if (code) return code;
  for (int i = 0; i < r->def->primary.field_count; i++) words[i] = zw_str_of(r->args->words[1 + i]);
  int error = zw_key_from_words(&r->def->primary, words, r->def->primary.field_count, out, &diag);
  return error ? zw_cli_failed(r->name, error, &diag) : 0;
}

int zw_cli_records_absent(const zw_cli_records *r) {
  char key[512] = "";
  size_t used = 0;
  for (int i = 1; i < r->args->word_count && used < sizeof key; i++)
    used += (size_t)snprintf(key + used, sizeof key - used, " %s", r->args->words[i]);
  zw_cli_say("%s: no record%s", r->name, key);
  return ZW_CLI_REFUSED;
}

/* ---- a key as JSON: the request of get and delete ---- */

/* The next octet of hex digits, hyphens between octets left out; -1: there is none. */
static int next_octet(zw_str *hex) {
  char digits[3] = "", *end;
  if (hex->len && *hex->ptr == '-') *hex = (zw_str){hex->ptr + 1, hex->len - 1};
  if (hex->len < 2) return -1;
  memcpy(digits, hex->ptr, 2);
  *hex = (zw_str){hex->ptr + 2, hex->len - 2};
  long octet = strtol(digits, &end, 16);
  return *end || !isxdigit((unsigned char)digits[0]) ? -1 : (int)octet;
}

static bool octets_json(zw_text *json, zw_str *hex, size_t count) {
  int octet = 0;
  for (size_t i = 0; i < count && octet >= 0; i++) {
    octet = next_octet(hex);
    zw_text_printf(json, "%s%d", i ? "," : "", octet);
  }
  return octet >= 0;
}

/* A struct of octets from hex digits. */
static bool struct_json(zw_text *json, const zw_type *type, zw_str *hex) {
  bool good = true;
  for (unsigned i = 0; i < type->field_count && good; i++) {
    const zw_field *f = &type->fields[i];
    zw_text_printf(json, "%s\"%.*s\":", i ? "," : "{", ZW_ARG(f->name));
    if (f->base == ZW_T_OBJ) {
      good = struct_json(json, f->type, hex);
    } else {
      bool array = f->base == ZW_T_ARRAY;
      if (array) zw_text_add(json, "[", 1);
      good = octets_json(json, hex, array ? f->fixed_length : 1);
      if (array) zw_text_add(json, "]", 1);
    }
  }
  zw_text_add(json, "}", 1);
  return good;
}

static bool is_bare(const zw_field *field, zw_str word) {
  return field->base == ZW_T_BOOL &&
         (zw_str_eq(word, ZW_STR("true")) || zw_str_eq(word, ZW_STR("false")));
}

/* One word. Numbers, names of enums, times and UUIDs are read from strings. */
static bool word_json(zw_text *json, const zw_field *field, zw_str word) {
  if (is_bare(field, word)) {
    zw_text_add_str(json, word);
  } else if (field->base == ZW_T_VECTOR) {
    zw_text_add(json, "[", 1);
    for (size_t i = 0; i < word.len; i++)
      zw_text_printf(json, "%s%u", i ? "," : "", (unsigned)(unsigned char)word.ptr[i]);
    zw_text_add(json, "]", 1);
  } else if (field->base == ZW_T_OBJ && !(field->flags & ZW_F_UUID)) {
    zw_str hex = word;
    return struct_json(json, field->type, &hex) && hex.len == 0;
  } else {
    zw_cli_json_string(json, word);
  }
  return true;
}

static int key_json(const zw_cli_records *r, zw_text *json) {
  const zw_key_def *def = &r->def->primary;
  for (int i = 0; i < def->field_count; i++) {
    const zw_key_field *field = &def->fields[i];
    zw_str word = zw_str_of(r->args->words[1 + i]);
    zw_text_add(json, i ? "," : "{", 1);
    zw_cli_json_string(json, field->name);
    zw_text_add(json, ":", 1);
    if (word_json(json, field->path[field->depth - 1], word)) continue;
    return no_value(r, r->args->words[1 + i], field);
  }
  zw_text_add(json, "}", 1);
  return json->error ? zw_cli_failed(r->name, json->error, NULL) : 0;
}

/* ---- through a router ---- */

static const char *const op_names[] = {"none", "get", "put", "insert", "delete", "select", "count"};

static const zw_procedure_def *procedure_for(const zw_cli_records *r, enum zw_op op) {
  const zw_model *model = r->link.model;
  for (size_t i = 0; i < model->procedure_count; i++) {
    const zw_procedure_def *p = &model->procedures[i];
    if (p->map == r->def && p->op == op && p->match == ZW_MATCH_EXACT) return p;
  }
  return NULL;
}

/* The request is made, sent, and its refusal said. */
static int ask(zw_cli_records *r, const zw_procedure_def *procedure, bool by_key, zw_str json,
               zw_payload *result, zw_buf **owner) {
  zw_cli_body body;
  zw_diag diag = {0};
  int code = 0;
  zw_cli_body_init(&body);
  int error = zw_cli_body_read(&body, procedure->request, json, &diag);
  if (error) {
    if (by_key) diag.at = (zw_place){0};
    code = zw_cli_failed(by_key ? r->name : NULL, error, &diag);
  } else {
    error = zw_client_call_wait(r->link.client, procedure->uri, &body.payload, NULL, NULL, NULL,
                                result, owner, &diag);
    if (zw_cli_is_remote(error, &diag, "zerowire.error.not_found") && by_key)
      code = zw_cli_records_absent(r);
    else if (error)
      code = zw_cli_remote_failed(&r->link, r->name, error, &diag);
  }
  zw_cli_body_deinit(&body);
  return code;
}

int zw_cli_records_ask(zw_cli_records *r, enum zw_op op, zw_str json, zw_payload *result,
                       const zw_type **type, zw_buf **owner) {
  const zw_procedure_def *procedure = procedure_for(r, op);
  bool by_key = op == ZW_OP_GET || op == ZW_OP_DELETE;
  zw_text key;
  *owner = NULL;
  if (!procedure) {
    zw_cli_say("%s: the schema declares no procedure with (map: \"%s\", op: \"%s\"). Declare one, "
               "or use --data DIR",
               r->name, r->name, op_names[op]);
    return ZW_CLI_REFUSED;
  }
  *type = procedure->response;
  if (!by_key) return ask(r, procedure, false, json, result, owner);
  zw_text_init(&key, NULL);
  int code = check_key(r);
  if (code == 0) code = key_json(r, &key);
  if (code == 0) code = ask(r, procedure, true, zw_text_str(&key), result, owner);
  zw_text_deinit(&key);
  return code;
}
