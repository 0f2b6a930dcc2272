/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `op`: what the store answers to a procedure, or tells on a topic. One table says which operations
 * there are, and the shapes that their request and response have.
 */
#include "model_build.h"

/* What a request or response is. */
typedef enum shape_kind {
  SHAPE_VOID,
  SHAPE_RECORD, /* the map's table */
  SHAPE_KEY,    /* a table of exactly the key's fields */
  SHAPE_COUNT,  /* a table of one ulong */
} shape_kind;

typedef struct operation_row {
  zw_str name;
  enum zw_op op;
  bool topic, supported;
  shape_kind request, response;
} operation_row;

static const operation_row operations[] = {
    {{"get", 3}, ZW_OP_GET, false, true, SHAPE_KEY, SHAPE_RECORD},
    {{"put", 3}, ZW_OP_PUT, true, true, SHAPE_RECORD, SHAPE_VOID},
    {{"insert", 6}, ZW_OP_INSERT, false, true, SHAPE_RECORD, SHAPE_VOID},
    {{"delete", 6}, ZW_OP_DELETE, true, true, SHAPE_KEY, SHAPE_VOID},
    {{"select", 6}, ZW_OP_SELECT, false, false, SHAPE_VOID, SHAPE_RECORD},
    {{"count", 5}, ZW_OP_COUNT, false, true, SHAPE_VOID, SHAPE_COUNT},
};
#define OPERATIONS (sizeof operations / sizeof operations[0])

typedef struct shape_check {
  model_builder *m;
  const zw_model_site *site;
  const operation_row *row;
  const zw_map_def *map;
  enum model_rule rule; /* OP_REQUEST or OP_RESPONSE */
} shape_check;

static const operation_row *find_operation(model_builder *m, const zw_model_site *site, zw_str word,
                                           bool is_topic) {
  zw_str words[OPERATIONS];
  const operation_row *rows[OPERATIONS];
  size_t count = 0;
  for (size_t i = 0; i < OPERATIONS; i++) {
    if (is_topic && !operations[i].topic) continue;
    rows[count] = &operations[i];
    words[count++] = operations[i].name;
  }
  model_words list = {words, count};
  int i = zw_model_word(m, site, RULE_OP_UNKNOWN, word, &list);
  return i < 0 ? NULL : rows[i];
}

/* ---- shapes ---- */

static void key_text(const zw_map_def *map, char *out, size_t size) {
  size_t at = 0;
  out[0] = 0;
  for (unsigned i = 0; i < map->primary.field_count && at + 1 < size; i++) {
    zw_str name = map->primary.fields[i].name;
    if (i) out[at++] = ',';
    for (size_t j = 0; j < name.len && at + 1 < size; j++) out[at++] = name.ptr[j];
    out[at] = 0;
  }
}

static bool same_type(const zw_field *a, const zw_field *b) {
  return a->base == b->base && a->element == b->element && a->type == b->type &&
         a->enum_type == b->enum_type && a->fixed_length == b->fixed_length;
}

static void check_key_fields(const shape_check *c, const zw_type *type) {
  char key[160], own[ZW_TYPE_TEXT_MAX], records[ZW_TYPE_TEXT_MAX];
  key_text(c->map, key, sizeof key);
  zw_str name = zw_short_name(type->name);
  for (unsigned i = 0; i < c->map->primary.field_count; i++) {
    const zw_key_field *part = &c->map->primary.fields[i];
    const zw_field *field = zw_type_field(type, part->name);
    if (!field) {
      zw_model_find(c->m, c->site, c->rule,
                    "%.*s has exactly the fields of the key (%s), and %.*s has no \"%.*s\"",
                    ZW_ARG(c->row->name), key, ZW_ARG(name), ZW_ARG(part->name));
      return;
    }
    if (same_type(field, part->path[0])) continue;
    zw_field_type_text(field, false, own);
    zw_field_type_text(part->path[0], false, records);
    zw_model_find(c->m, c->site, c->rule, "%.*s.%.*s is a %s, and in the key of \"%.*s\" a %s",
                  ZW_ARG(name), ZW_ARG(part->name), own, ZW_ARG(c->map->name), records);
    return;
  }
  if (type->field_count != c->map->primary.field_count)
    zw_model_find(c->m, c->site, c->rule,
                  "%.*s has exactly the fields of the key (%s), and %.*s has more",
                  ZW_ARG(c->row->name), key, ZW_ARG(name));
}

static bool is_count(const zw_type *type) {
  return type->field_count == 1 && type->fields[0].base == ZW_T_ULONG && !type->fields[0].enum_type;
}

static void check_shape(const shape_check *c, shape_kind shape, const zw_type *type) {
  const char *side = c->rule == RULE_OP_REQUEST ? "the request" : "the response";
  zw_str op = c->row->name, name = zw_short_name(type->name);
  switch (shape) {
    case SHAPE_VOID:
      if (!zw_model_is_void(type))
        zw_model_find(c->m, c->site, c->rule, "%s of %.*s is Void, not %.*s", side, ZW_ARG(op),
                      ZW_ARG(name));
      break;
    case SHAPE_RECORD:
      if (type != c->map->type)
        zw_model_find(c->m, c->site, c->rule,
                      "%s of %.*s is the record of \"%.*s\", %.*s, not %.*s", side, ZW_ARG(op),
                      ZW_ARG(c->map->name), ZW_ARG(zw_short_name(c->map->type->name)),
                      ZW_ARG(name));
      break;
    case SHAPE_KEY:
      if (c->map->primary.field_count) check_key_fields(c, type);
      break;
    case SHAPE_COUNT:
      if (!is_count(type))
        zw_model_find(c->m, c->site, c->rule,
                      "%s of %.*s is a table of one ulong; %.*s is not. Write table Count { count: "
                      "ulong; }",
                      side, ZW_ARG(op), ZW_ARG(name));
      break;
  }
}

/* ---- the whole ---- */

static const zw_map_def *find_map(model_builder *m, const zw_model_site *site, zw_str name) {
  const zw_map_def *map = zw_model_map(m->model, name);
  if (map || !name.ptr) return map;
  char suggestion[MODEL_SUGGESTION_MAX];
  zw_str *names = zw_model_candidates(m, m->model->map_count);
  for (size_t i = 0; names && i < m->model->map_count; i++) names[i] = m->model->maps[i].name;
  zw_model_suggest(m, name, names, names ? m->model->map_count : 0, suggestion);
  zw_model_find(m, site, RULE_MAP_UNKNOWN, "no table has map: \"%.*s\"%s", ZW_ARG(name),
                suggestion);
  return NULL;
}

static bool has(const zw_method *method, const char *name) {
  return zw_attribute_get(method->attributes, method->attribute_count, zw_str_of(name)).ptr;
}

void zw_model_operation(model_builder *m, const zw_method *method, const zw_model_site *site,
                        bool is_topic, model_operation *out) {
  zw_model_site here = *site;
  zw_str op = zw_model_value(method->attributes, method->attribute_count, "op");
  here.attribute = ZW_STR("map");
  *out = (model_operation){ZW_OP_NONE, NULL};
  const zw_map_def *map =
      find_map(m, &here, zw_model_value(method->attributes, method->attribute_count, "map"));
  if (has(method, "map") && !has(method, "op"))
    zw_model_find(m, &here, RULE_OP_MISSING,
                  "map says what op works on. Write op: \"%s\" beside it, or remove map",
                  is_topic ? "put" : "get");
  here.attribute = ZW_STR("op");
  if (has(method, "op") && !has(method, "map"))
    zw_model_find(m, &here, RULE_MAP_NEEDED,
                  "op needs a map to work on. Write map: \"…\" beside it");
  const operation_row *row = op.ptr ? find_operation(m, &here, op, is_topic) : NULL;
  if (!row || !map) return;
  *out = (model_operation){row->op, map};
  if (!row->supported) {
    zw_model_find(m, &here, RULE_OP_SELECT, "op: \"%.*s\" is not supported", ZW_ARG(row->name));
    return;
  }
  shape_check check = {m, &here, row, map, RULE_OP_REQUEST};
  check_shape(&check, row->request, method->request);
  check.rule = RULE_OP_RESPONSE;
  if (!is_topic) check_shape(&check, row->response, method->response);
}
