/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of maps. Through a router they are reached by the procedures that the schema declares for
 * the map; with --data the store is opened by this process, which is refused for writing while a
 * server has it.
 */
#include "cli_records.h"

int zw_cli_store_open(const zw_cli_args *args, const char *dir, bool read_only, zw_store **store) {
  const char *realm = zw_cli_value(args, ZW_OPT_REALM);
  zw_store_options options = {.size = sizeof options, .read_only = read_only};
  zw_diag diag = {0};
  *store = NULL;
  int error = zw_store_open(store, dir, realm ? realm : "realm1", &options, &diag);
  if (!error) return 0;
  *store = NULL;
  bool named = strncmp(diag.message, dir, strlen(dir)) == 0;
  return zw_cli_failed(named ? NULL : dir, error, &diag);
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
  if (!zw_cli_has(args, ZW_OPT_DATA)) return open_router(r);
  if (zw_cli_has(args, ZW_OPT_URL))
    return zw_cli_usage(args, "--data and --url are two places; give one.");
  return open_files(r, read_only);
}

void zw_cli_records_close(zw_cli_records *r) {
  zw_store_close(r->store);
  if (!zw_cli_has(r->args, ZW_OPT_DATA)) zw_cli_link_close(&r->link);
}

/* ---- keys ---- */

static int check_key(const zw_cli_records *r) {
  int words = r->args->word_count - 1, fields = r->def->primary.field_count;
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

/* The key as JSON. Numbers, names of enums and times are read from strings; booleans are not. */
static void key_json(const zw_cli_records *r, zw_text *json) {
  const zw_key_def *def = &r->def->primary;
  for (int i = 0; i < def->field_count; i++) {
    const zw_key_field *field = &def->fields[i];
    zw_str word = zw_str_of(r->args->words[1 + i]);
    zw_text_add(json, i ? "," : "{", 1);
    zw_cli_json_string(json, field->name);
    zw_text_add(json, ":", 1);
    if (field->path[field->depth - 1]->base == ZW_T_BOOL)
      zw_text_add_str(json, word);
    else
      zw_cli_json_string(json, word);
  }
  zw_text_add(json, "}", 1);
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

int zw_cli_records_ask(zw_cli_records *r, enum zw_op op, zw_str json, zw_payload *result,
                       const zw_type **type, zw_buf **owner) {
  const zw_procedure_def *procedure = procedure_for(r, op);
  bool by_key = op == ZW_OP_GET || op == ZW_OP_DELETE;
  zw_cli_body body;
  zw_text key;
  zw_diag diag = {0};
  *owner = NULL;
  if (!procedure) {
    zw_cli_say("%s: the schema declares no procedure with (map: \"%s\", op: \"%s\"). Declare one, "
               "or use --data DIR",
               r->name, r->name, op_names[op]);
    return ZW_CLI_REFUSED;
  }
  int code = by_key ? check_key(r) : 0;
  if (code) return code;
  *type = procedure->response;
  zw_cli_body_init(&body);
  zw_text_init(&key, NULL);
  if (by_key) {
    key_json(r, &key);
    json = zw_text_str(&key);
  }
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
  zw_text_deinit(&key);
  zw_cli_body_deinit(&body);
  return code;
}
