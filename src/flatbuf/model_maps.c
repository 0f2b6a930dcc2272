/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps: tables with `map`, their primary key and their indexes. One map a table, one table a map.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model_build.h"

#define INDEXES_MAX 64

static zw_str value_of(const zw_type *type, const char *name) {
  return zw_model_value(type->attributes, type->attribute_count, name);
}

static bool has(const zw_attribute *list, size_t count, zw_str name) {
  return zw_attribute_get(list, count, name).ptr != NULL;
}

static bool is_flagged(const zw_field *field, const char *name) {
  return zw_model_is_flag(
      zw_attribute_get(field->attributes, field->attribute_count, zw_str_of(name)));
}

static zw_model_site site_at(const zw_type *type, const zw_field *field, const char *attribute) {
  return (zw_model_site){.owner = type->name,
                         .member = field ? field->name : (zw_str){NULL, 0},
                         .attribute = zw_str_of(attribute)};
}

/* ---- the primary key ---- */

/* The other fields of the record are candidates for the list form, in the order of their ids. */
static void primary_twice(model_builder *m, const zw_type *type, const zw_field *first,
                          const zw_field *second) {
  zw_model_site site = site_at(type, second, "primary");
  site.other_owner = type->name;
  site.other_member = first->name;
  zw_model_find(m, &site, RULE_PRIMARY_TWICE,
                "\"%.*s\" is marked primary too, and the order of the key would be a guess. Write "
                "primary: \"%.*s,%.*s\" on the table",
                ZW_ARG(first->name), ZW_ARG(first->name), ZW_ARG(second->name));
}

static bool primary_of(model_builder *m, const zw_type *type, zw_key_def *out) {
  const zw_field *flagged = NULL;
  zw_model_site site = site_at(type, NULL, "primary");
  bool listed = has(type->attributes, type->attribute_count, site.attribute);
  zw_str list = value_of(type, "primary");
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *field = &type->fields[i];
    if (!is_flagged(field, "primary")) continue;
    if (flagged) {
      primary_twice(m, type, flagged, field);
      return false;
    }
    flagged = field;
  }
  if (flagged && listed) {
    site.other_owner = type->name;
    site.other_member = flagged->name;
    zw_model_find(m, &site, RULE_PRIMARY_TWICE,
                  "primary is given on the table and on \"%.*s\". Keep the list",
                  ZW_ARG(flagged->name));
    return false;
  }
  if (list.ptr) return zw_model_key(m, type, list, KEY_PRIMARY, &site, out);
  if (flagged) {
    site.member = flagged->name;
    return zw_model_key_flag(m, type, flagged, KEY_PRIMARY, &site, out);
  }
  site.attribute = ZW_STR("map");
  if (!listed)
    zw_model_find(m, &site, RULE_PRIMARY_MISSING,
                  "a map needs a primary key. Mark a field (primary), or write primary: \"a,b\" on "
                  "the table");
  return false;
}

/* ---- indexes ---- */

typedef struct index_list {
  zw_key_def *keys;
  zw_model_site *sites;
  size_t count;
} index_list;

static bool has_room(model_builder *m, const index_list *list, const zw_model_site *site) {
  if (list->count < INDEXES_MAX) return true;
  if (list->count == INDEXES_MAX)
    zw_model_find(m, site, RULE_KEY_SYNTAX, "a map has at most %d indexes", INDEXES_MAX);
  return false;
}

static void add_index(index_list *list, const zw_key_def *key, bool unique,
                      const zw_model_site *site) {
  list->keys[list->count] = *key;
  list->keys[list->count].unique = unique;
  list->sites[list->count++] = *site;
}

static void indexes_by_list(model_builder *m, const zw_type *type, const char *attribute,
                            index_list *list) {
  zw_str text = value_of(type, attribute);
  zw_model_site site = site_at(type, NULL, attribute);
  size_t begin = 0;
  for (size_t i = 0; text.ptr && i <= text.len; i++) {
    if (i < text.len && text.ptr[i] != ';') continue;
    zw_key_def key = {{NULL, 0}, NULL, 0, false};
    if (!has_room(m, list, &site)) return;
    if (zw_model_key(m, type, (zw_str){text.ptr + begin, i - begin}, KEY_INDEX, &site, &key))
      add_index(list, &key, attribute[0] == 'u', &site);
    else
      return;
    begin = i + 1;
  }
}

static void indexes_by_flag(model_builder *m, const zw_type *type, const char *attribute,
                            index_list *list) {
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *field = &type->fields[i];
    if (!field->attribute_count || !is_flagged(field, attribute)) continue;
    zw_key_def key = {{NULL, 0}, NULL, 0, false};
    zw_model_site site = site_at(type, field, attribute);
    if (!has_room(m, list, &site)) return;
    if (zw_model_key_flag(m, type, field, KEY_INDEX, &site, &key))
      add_index(list, &key, attribute[0] == 'u', &site);
  }
}

static int by_index_name(const void *a, const void *b) {
  zw_str x = ((const zw_key_def *)a)->name, y = ((const zw_key_def *)b)->name;
  size_t n = x.len < y.len ? x.len : y.len;
  int order = memcmp(x.ptr, y.ptr, n);
  return order ? order : (x.len > y.len) - (x.len < y.len);
}

static void find_taken_names(model_builder *m, const index_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    for (size_t j = 0; j < i; j++) {
      if (!zw_str_eq(list->keys[i].name, list->keys[j].name)) continue;
      zw_model_site site = list->sites[i];
      site.other_owner = list->sites[j].owner;
      site.other_member = list->sites[j].member;
      zw_model_find(m, &site, RULE_INDEX_TAKEN,
                    "there are two indexes \"%.*s\": an index is named by its fields. Remove one",
                    ZW_ARG(list->keys[i].name));
      break;
    }
  }
}

/* How many indexes a table asks for at most. */
static size_t count_indexes(const zw_type *type) {
  static const char *const names[] = {"index", "unique"};
  size_t count = 0;
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    zw_str text = value_of(type, names[n]);
    count += text.ptr != NULL;
    for (size_t i = 0; i < text.len; i++) count += text.ptr[i] == ';';
    for (unsigned i = 0; i < type->field_count; i++)
      count += is_flagged(&type->fields[i], names[n]);
  }
  return count < INDEXES_MAX ? count : INDEXES_MAX;
}

static void indexes_of(model_builder *m, const zw_type *type, zw_map_def *map) {
  size_t most = count_indexes(type);
  index_list list = {zw_model_array(m, most, sizeof *list.keys),
                     zw_model_array(m, most, sizeof *list.sites), 0};
  if (!list.keys || !list.sites) return;
  indexes_by_flag(m, type, "index", &list);
  indexes_by_flag(m, type, "unique", &list);
  indexes_by_list(m, type, "index", &list);
  indexes_by_list(m, type, "unique", &list);
  find_taken_names(m, &list);
  if (list.count) qsort(list.keys, list.count, sizeof *list.keys, by_index_name);
  map->indexes = list.keys;
  map->index_count = list.count;
}

/* ---- tables ---- */

static bool is_map_name(zw_str name) {
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    bool letter = c >= 'a' && c <= 'z', other = (c >= '0' && c <= '9') || c == '_';
    if (!letter && !(other && i > 0)) return false;
  }
  return name.len > 0;
}

/* Attributes of maps on a table that is none. */
static void check_unmapped(model_builder *m, const zw_type *type) {
  static const char *const names[] = {"primary", "index", "unique", "compat"};
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    zw_model_site site = site_at(type, NULL, names[n]);
    bool found = has(type->attributes, type->attribute_count, site.attribute);
    for (unsigned i = 0; i < type->field_count && !found; i++) {
      found = is_flagged(&type->fields[i], names[n]);
      if (found) site.member = type->fields[i].name;
    }
    if (found)
      zw_model_find(m, &site, RULE_MAP_NEEDED,
                    "%s says how a map is kept, and this table has none. Write map: \"…\" on the "
                    "table",
                    names[n]);
  }
}

static void add_map(model_builder *m, const zw_type *type, zw_map_def *map) {
  zw_model_site site = site_at(type, NULL, "map");
  *map = (zw_map_def){.name = value_of(type, "map"), .type = type};
  if (!is_map_name(map->name))
    zw_model_find(m, &site, RULE_MAP_NAME,
                  "\"%.*s\" is no name for a map. Write a-z, then a-z, 0-9 and _",
                  ZW_ARG(map->name));
  if (!primary_of(m, type, &map->primary)) map->primary.field_count = 0;
  indexes_of(m, type, map);
  site.attribute = ZW_STR("compat");
  zw_model_compat(m, &site, value_of(type, "compat"), &map->compat, &map->transitive);
}

static int by_name(const void *a, const void *b) {
  const zw_map_def *x = a, *y = b;
  size_t n = x->name.len < y->name.len ? x->name.len : y->name.len;
  int order = n ? memcmp(x->name.ptr, y->name.ptr, n) : 0;
  if (!order) order = (x->name.len > y->name.len) - (x->name.len < y->name.len);
  return order ? order : (x->type > y->type) - (x->type < y->type);
}

static void find_taken_maps(model_builder *m, const zw_map_def *maps, size_t count) {
  for (size_t i = 1; i < count; i++) {
    if (!zw_str_eq(maps[i].name, maps[i - 1].name)) continue;
    zw_model_site site = site_at(maps[i].type, NULL, "map");
    site.other_owner = maps[i - 1].type->name;
    zw_model_find(m, &site, RULE_MAP_TAKEN,
                  "the records of %.*s live in the map \"%.*s\" already: one table a map",
                  ZW_ARG(zw_short_name(maps[i - 1].type->name)), ZW_ARG(maps[i].name));
  }
}

void zw_model_maps(model_builder *m) {
  const zw_schema *schema = m->schema;
  size_t count = 0;
  for (size_t i = 0; i < schema->type_count; i++)
    count += !schema->types[i].is_struct && value_of(&schema->types[i], "map").ptr;
  zw_map_def *maps = zw_model_array(m, count, sizeof *maps);
  if (!maps) return;
  size_t made = 0;
  for (size_t i = 0; i < schema->type_count && !m->no_memory; i++) {
    const zw_type *type = &schema->types[i];
    if (type->is_struct) continue;
    if (value_of(type, "map").ptr)
      add_map(m, type, &maps[made++]);
    else if (!has(type->attributes, type->attribute_count, ZW_STR("map")))
      check_unmapped(m, type);
  }
  if (made) qsort(maps, made, sizeof *maps, by_name);
  find_taken_maps(m, maps, made);
  m->model->maps = maps;
  m->model->map_count = made;
}
