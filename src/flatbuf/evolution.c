/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing two schemas: is data of one read right by the other? Types are matched by full name,
 * fields by id, enum values by number; what has the same name at another id or number has moved.
 *
 * With a root, only what its data can hold is compared: a list of types, each reached once, through
 * pairs that still agree. Without one everything that is declared is: types, services, maps.
 * Between the two is what both schemas share: a walk from each type that has a namesake.
 */
#include "evolution.h"
#include "type_text.h"

#include <limits.h>
#include <stdio.h>

typedef struct rule_row {
  const char *id;
  bool warning;
  uint8_t directions, categories;
  const char *fix;
} rule_row;

static const rule_row rules[] = {
#define RULE_ROW(rule, warning, directions, categories, fix) \
  {#rule, warning, directions, categories, fix},
    ZW_EVOLUTION_RULES(RULE_ROW)
#undef RULE_ROW
};

const char *zw_evolution_rule_at(size_t i) {
  return i < sizeof rules / sizeof rules[0] ? rules[i].id : NULL;
}

void zw_evolution_find(evolution *e, enum evolution_rule rule, zw_str type, zw_str member,
                       const char *format, ...) {
  const rule_row *row = &rules[rule];
  char message[400], element[400];
  if (!(row->directions & e->directions) || !(row->categories & e->categories)) return;
  if (!row->warning && e->breaks < INT_MAX) e->breaks++;
  if (!e->report) return;
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  int n = snprintf(element, sizeof element, "%.*s%s%.*s", ZW_ARG(type), member.len ? "." : "",
                   ZW_ARG(member));
  size_t len = (size_t)n < sizeof element ? (size_t)n : sizeof element - 1;
  zw_finding finding = {.rule = row->id,
                        .warning = row->warning,
                        .directions = row->directions,
                        .categories = row->categories,
                        .element = {element, len},
                        .type = type,
                        .member = member,
                        .message = message,
                        .fix = row->fix};
  if (member.len && !zw_str_eq(member, e->new_member)) finding.new_member = e->new_member;
  e->report(e->ctx, &finding);
}

/* ---- what a root reaches ---- */

void zw_evolution_reach(evolution *e, const zw_type *old_type) {
  if (!e->walking) return;
  const zw_type *own = zw_schema_type(e->old_schema, old_type->name);
  size_t i = own ? (size_t)(own - e->old_schema->types) : 0;
  if (!own || e->seen_types[i]) return;
  e->seen_types[i] = 1;
  e->open[e->open_count++] = own;
}

void zw_evolution_reach_enum(evolution *e, const zw_enum_type *old_enum) {
  const zw_enum_type *new_enum = zw_schema_enum(e->new_schema, old_enum->name);
  const zw_enum_type *own = zw_schema_enum(e->old_schema, old_enum->name);
  size_t i = own ? (size_t)(own - e->old_schema->enums) : 0;
  if (!e->walking || !new_enum || !own || e->seen_enums[i]) return;
  e->seen_enums[i] = 1;
  zw_evolution_enums(e, own, new_enum);
}

static void walk(evolution *e, const zw_type *old_root, const zw_type *new_root) {
  const zw_type *own = zw_schema_type(e->old_schema, old_root->name);
  if (own) e->seen_types[own - e->old_schema->types] = 1;
  zw_evolution_types(e, old_root, new_root);
  while (e->open_count) {
    const zw_type *old_type = e->open[--e->open_count];
    const zw_type *new_type = zw_schema_type(e->new_schema, old_type->name);
    if (new_type) zw_evolution_types(e, old_type, new_type);
  }
}

static void walk_shared(evolution *e) {
  for (size_t i = 0; i < e->old_schema->type_count; i++) {
    const zw_type *type = &e->old_schema->types[i];
    const zw_type *namesake = zw_schema_type(e->new_schema, type->name);
    if (namesake && !e->seen_types[i]) walk(e, type, namesake);
  }
}

/* ---- everything ---- */

static const zw_str none = {NULL, 0};

static void compare_files(evolution *e) {
  const zw_type *old_root = e->old_schema->root, *new_root = e->new_schema->root;
  if (old_root && (!new_root || !zw_str_eq(old_root->name, new_root->name)))
    zw_evolution_find(e, EVOLUTION_FILE_SAME_ROOT, old_root->name, none,
                      "the root type became %.*s",
                      ZW_ARG(new_root ? new_root->name : ZW_STR("none")));
  zw_str old_id = e->old_schema->identifier, new_id = e->new_schema->identifier;
  if (!zw_str_eq(old_id, new_id))
    zw_evolution_find(e, EVOLUTION_FILE_SAME_IDENTIFIER, old_root ? old_root->name : none, none,
                      "the file identifier \"%.*s\" became \"%.*s\"", ZW_ARG(old_id),
                      ZW_ARG(new_id));
}

static void add_arrival(evolution *e, zw_hmap *arrivals, const zw_str *name) {
  void *value = (void *)(uintptr_t)name;
  if (zw_hmap_set(arrivals, zw_str_span(zw_short_name(*name)), value, NULL) < 0)
    e->no_memory = true;
}

/* What only the new schema has, by its name without namespace (to a zw_str, the full name): where
 * something that is gone may have moved to. */
static void collect_arrivals(evolution *e, zw_hmap *arrivals) {
  const zw_schema *now = e->new_schema;
  for (size_t i = 0; i < now->type_count; i++)
    if (!zw_schema_type(e->old_schema, now->types[i].name))
      add_arrival(e, arrivals, &now->types[i].name);
  for (size_t i = 0; i < now->enum_count; i++)
    if (!zw_schema_enum(e->old_schema, now->enums[i].name))
      add_arrival(e, arrivals, &now->enums[i].name);
}

/* The table that has the map of a table that is gone, or NULL. */
static const zw_type *heir_of(const evolution *e, const zw_type *type) {
  zw_str map = zw_attribute_get(type->attributes, type->attribute_count, ZW_STR("map"));
  const zw_map_def *now = e->new_model ? zw_model_map(e->new_model, map) : NULL;
  return now ? now->type : NULL;
}

static void find_gone(evolution *e, const zw_hmap *arrivals, enum evolution_rule rule,
                      zw_str name) {
  const zw_str *moved = zw_hmap_get(arrivals, zw_str_span(zw_short_name(name)));
  if (moved)
    zw_evolution_find(e, EVOLUTION_TYPE_SAME_NAMESPACE, name, none, "moved to %.*s",
                      ZW_ARG(*moved));
  else
    zw_evolution_find(e, rule, name, none, "deleted");
}

static void compare_declared_types(evolution *e, const zw_hmap *arrivals) {
  for (size_t i = 0; i < e->old_schema->type_count; i++) {
    const zw_type *type = &e->old_schema->types[i];
    const zw_type *now = zw_schema_type(e->new_schema, type->name);
    const zw_type *heir = now ? NULL : heir_of(e, type);
    if (now)
      zw_evolution_types(e, type, now);
    else if (heir)
      zw_evolution_find(e, EVOLUTION_TYPE_SAME_NAME, type->name, none, "renamed to %.*s",
                        ZW_ARG(heir->name));
    else
      find_gone(e, arrivals, EVOLUTION_TYPE_DELETED, type->name);
  }
  for (size_t i = 0; i < e->old_schema->enum_count; i++) {
    const zw_enum_type *type = &e->old_schema->enums[i];
    const zw_enum_type *now = zw_schema_enum(e->new_schema, type->name);
    if (now)
      zw_evolution_enums(e, type, now);
    else
      find_gone(e, arrivals, EVOLUTION_ENUM_DELETED, type->name);
  }
}

static int order_of(zw_str a, zw_str b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Both lists are in the order of names. */
static void compare_declared_services(evolution *e) {
  const zw_schema *new_schema = e->new_schema;
  size_t at = 0;
  for (size_t i = 0; i < e->old_schema->service_count; i++) {
    const zw_service *was = &e->old_schema->services[i];
    while (at < new_schema->service_count && order_of(new_schema->services[at].name, was->name) < 0)
      at++;
    if (at < new_schema->service_count && zw_str_eq(new_schema->services[at].name, was->name))
      zw_evolution_services(e, was, &new_schema->services[at]);
    else
      zw_evolution_find(e, EVOLUTION_SERVICE_DELETED, was->name, none, "deleted");
  }
}

/* NULL: there is none, or no memory. */
static const zw_model *model_of(evolution *e, const zw_schema *schema) {
  zw_model *model = NULL;
  int error = zw_model_build(&model, schema, &e->arena, NULL, NULL, NULL);
  if (error == ZW_ENOMEM) e->no_memory = true;
  return error ? NULL : model;
}

static void compare_all(evolution *e) {
  zw_hmap arrivals;
  zw_hmap_init(&arrivals, NULL);
  collect_arrivals(e, &arrivals);
  e->old_model = model_of(e, e->old_schema);
  e->new_model = model_of(e, e->new_schema);
  compare_files(e);
  compare_declared_types(e, &arrivals);
  compare_declared_services(e);
  zw_evolution_stored(e);
  zw_hmap_deinit(&arrivals);
}

static bool prepare_walk(evolution *e) {
  e->walking = true;
  e->seen_types = zw_arena_array(&e->arena, e->old_schema->type_count, 1);
  e->seen_enums = zw_arena_array(&e->arena, e->old_schema->enum_count, 1);
  e->open = zw_arena_array(&e->arena, e->old_schema->type_count, sizeof(const zw_type *));
  return e->seen_types && e->seen_enums && e->open;
}

static int conclude(evolution *e) {
  zw_arena_deinit(&e->arena);
  return e->no_memory ? ZW_ENOMEM : e->breaks;
}

static evolution begin(const zw_schema *old_schema, const zw_schema *new_schema,
                       uint32_t directions, uint32_t categories, zw_finding_fn *report, void *ctx) {
  evolution e = {.old_schema = old_schema,
                 .new_schema = new_schema,
                 .directions = directions,
                 .categories = categories,
                 .report = report,
                 .ctx = ctx};
  zw_arena_init(&e.arena, NULL);
  return e;
}

int zw_evolution_check_shared(const zw_schema *old_schema, const zw_schema *new_schema,
                              uint32_t directions, uint32_t categories, zw_finding_fn *report,
                              void *ctx) {
  evolution e = begin(old_schema, new_schema, directions, categories, report, ctx);
  if (prepare_walk(&e))
    walk_shared(&e);
  else
    e.no_memory = true;
  return conclude(&e);
}

int zw_evolution_check(const zw_schema *old_schema, const zw_schema *new_schema,
                       const zw_type *old_root, const zw_type *new_root, uint32_t directions,
                       uint32_t categories, zw_finding_fn *report, void *ctx) {
  if (old_root && !new_root) return ZW_EINVAL;
  evolution e = begin(old_schema, new_schema, directions, categories, report, ctx);
  if (!old_root)
    compare_all(&e);
  else if (prepare_walk(&e))
    walk(&e, old_root, new_root);
  else
    e.no_memory = true;
  return conclude(&e);
}
