/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a store holds: maps, by their names, and topics with history, by their URIs. Records lie
 * under their primary keys, index entries under their index keys: a key is the same if its fields,
 * their order, directions and types are. A table may take another name as long as the map keeps
 * its own. A schema whose attributes make no model has neither to compare.
 */
#include "evolution.h"
#include "type_text.h"

/* "site:string,-at:ulong", and whether entries are unique. */
static void add_key(zw_text *out, const zw_key_def *key) {
  char type[ZW_TYPE_TEXT_MAX];
  for (unsigned i = 0; i < key->field_count; i++) {
    const zw_key_field *f = &key->fields[i];
    zw_field_type_text(f->path[f->depth - 1], true, type);
    zw_text_printf(out, "%s%s%.*s:%s", i ? "," : "", f->descending ? "-" : "", ZW_ARG(f->name),
                   type);
  }
  if (key->unique) zw_text_printf(out, ",unique");
}

static void compare_key(evolution *e, enum evolution_rule rule, zw_str type, const zw_key_def *was,
                        const zw_key_def *now) {
  zw_text before, after;
  zw_text_init(&before, NULL);
  zw_text_init(&after, NULL);
  add_key(&before, was);
  add_key(&after, now);
  zw_str old_key = zw_text_str(&before), new_key = zw_text_str(&after);
  if (before.error || after.error)
    e->no_memory = true;
  else if (!zw_str_eq(old_key, new_key))
    zw_evolution_find(e, rule, type, (zw_str){NULL, 0}, "the %s \"%.*s\" became \"%.*s\"",
                      rule == EVOLUTION_MAP_SAME_KEY ? "primary key" : "index", ZW_ARG(old_key),
                      ZW_ARG(new_key));
  zw_text_deinit(&before);
  zw_text_deinit(&after);
}

static const zw_key_def *index_named(const zw_map_def *map, zw_str name) {
  for (size_t i = 0; i < map->index_count; i++)
    if (zw_str_eq(map->indexes[i].name, name)) return &map->indexes[i];
  return NULL;
}

static void compare_map(evolution *e, const zw_map_def *was, const zw_map_def *now) {
  zw_str type = was->type->name, none = {NULL, 0};
  if (!now) {
    zw_evolution_find(e, EVOLUTION_MAP_GONE, type, none, "no table is map \"%.*s\"",
                      ZW_ARG(was->name));
    return;
  }
  if (!zw_str_eq(type, now->type->name)) zw_evolution_types(e, was->type, now->type);
  compare_key(e, EVOLUTION_MAP_SAME_KEY, type, &was->primary, &now->primary);
  for (size_t i = 0; i < was->index_count; i++) {
    const zw_key_def *index = index_named(now, was->indexes[i].name);
    if (index)
      compare_key(e, EVOLUTION_MAP_SAME_INDEX, type, &was->indexes[i], index);
    else
      zw_evolution_find(e, EVOLUTION_MAP_SAME_INDEX, type, none, "the index \"%.*s\" is gone",
                        ZW_ARG(was->indexes[i].name));
  }
}

static bool is_kept(const zw_model *model, const zw_topic_def *was) {
  for (size_t i = 0; i < model->topic_count; i++) {
    const zw_topic_def *topic = &model->topics[i];
    if (topic->durable && topic->match == was->match && zw_str_eq(topic->uri, was->uri))
      return true;
  }
  return false;
}

void zw_evolution_stored(evolution *e) {
  const zw_model *was = e->old_model, *now = e->new_model;
  if (!was || !now) return;
  for (size_t i = 0; i < was->map_count; i++)
    compare_map(e, &was->maps[i], zw_model_map(now, was->maps[i].name));
  for (size_t i = 0; i < was->topic_count; i++) {
    const zw_topic_def *topic = &was->topics[i];
    if (topic->durable && !is_kept(now, topic))
      zw_evolution_find(e, EVOLUTION_TOPIC_GONE, topic->service->name, topic->method->name,
                        "no topic with history is \"%.*s\"", ZW_ARG(topic->uri));
  }
}
