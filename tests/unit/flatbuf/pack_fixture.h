/* SPDX-License-Identifier: Apache-2.0 */
/* C structs for tables of objects.fbs, and what packs them, as generated code has it. */
#ifndef ZEROWIRE_PACK_FIXTURE_H
#define ZEROWIRE_PACK_FIXTURE_H

#include "reflect_fixture.h"

typedef struct ItemT {
  zw_str name;
  int32_t count;
} ItemT;

typedef struct PointT {
  float x, y;
  int16_t tag[2];
} PointT;

typedef struct CellT {
  uint32_t id;
  int16_t value;
} CellT;

typedef struct LineT {
  PointT from;
  uint8_t kind;
} LineT;

typedef struct ScalarsT {
  bool flag;
  int64_t i64;
  double f64;
  struct {
    bool has;
    int32_t value;
  } maybe;
  int32_t answer;
} ScalarsT;

typedef struct ThingT ThingT;
struct ThingT {
  zw_str id;
  uint8_t kind;
  const ScalarsT *scalars;
  const LineT *line;
  zw_items tags, numbers, points, items, cells, several;
  zw_union_value any;
  const ThingT *child;
};

static zw_schema *schema;
static zw_pack_type item_pack, point_pack, cell_pack, line_pack, scalars_pack, thing_pack;

/* Tables by field index; members that a test's struct lacks are behind it. */
#define FIELDS_MAX 40
typedef struct pack_tables {
  uint32_t offsets[FIELDS_MAX];
  const zw_pack_type *children[FIELDS_MAX];
  const zw_pack_type *const *unions[FIELDS_MAX];
} pack_tables;
static pack_tables item_tables, point_tables, cell_tables, line_tables, scalars_tables,
    thing_tables;
static const zw_pack_type *any_children[5];

#define ABSENT_OCTETS (16 * FIELDS_MAX)

typedef struct padded {
  ThingT thing;
  uint8_t absent[ABSENT_OCTETS];
} padded;

typedef struct padded_scalars {
  ScalarsT scalars;
  uint8_t absent[ABSENT_OCTETS];
} padded_scalars;

static inline void begin(zw_pack_type *pack, pack_tables *tables, const char *name, size_t size) {
  *pack = (zw_pack_type){fixture_type(schema, name), (uint32_t)size, tables->offsets,
                         tables->children, tables->unions};
  for (unsigned i = 0; i < FIELDS_MAX; i++) tables->offsets[i] = (uint32_t)(size + 16 * i);
}

static inline unsigned set(const zw_pack_type *pack, pack_tables *tables, const char *field,
                           size_t offset, const zw_pack_type *child) {
  const zw_field *f = zw_type_field(pack->type, zw_str_of(field));
  assert_non_null(f);
  unsigned i = (unsigned)(f - pack->type->fields);
  tables->offsets[i] = (uint32_t)offset;
  tables->children[i] = child;
  return i;
}

static inline int pack_fixture_load(void **state) {
  (void)state;
  schema = fixture_load("reflect/objects.bfbs");
  begin(&item_pack, &item_tables, "com.example.Item", sizeof(ItemT));
  set(&item_pack, &item_tables, "name", offsetof(ItemT, name), NULL);
  set(&item_pack, &item_tables, "count", offsetof(ItemT, count), NULL);
  begin(&point_pack, &point_tables, "com.example.Point", sizeof(PointT));
  set(&point_pack, &point_tables, "x", offsetof(PointT, x), NULL);
  set(&point_pack, &point_tables, "y", offsetof(PointT, y), NULL);
  set(&point_pack, &point_tables, "tag", offsetof(PointT, tag), NULL);
  begin(&line_pack, &line_tables, "com.example.Line", sizeof(LineT));
  set(&line_pack, &line_tables, "from", offsetof(LineT, from), &point_pack);
  set(&line_pack, &line_tables, "kind", offsetof(LineT, kind), NULL);
  begin(&cell_pack, &cell_tables, "com.example.Cell", sizeof(CellT));
  set(&cell_pack, &cell_tables, "id", offsetof(CellT, id), NULL);
  set(&cell_pack, &cell_tables, "value", offsetof(CellT, value), NULL);
  begin(&thing_pack, &thing_tables, "com.example.Thing", sizeof(ThingT));
  set(&thing_pack, &thing_tables, "id", offsetof(ThingT, id), NULL);
  set(&thing_pack, &thing_tables, "kind", offsetof(ThingT, kind), NULL);
  set(&thing_pack, &thing_tables, "line", offsetof(ThingT, line), &line_pack);
  set(&thing_pack, &thing_tables, "tags", offsetof(ThingT, tags), NULL);
  set(&thing_pack, &thing_tables, "numbers", offsetof(ThingT, numbers), NULL);
  set(&thing_pack, &thing_tables, "points", offsetof(ThingT, points), &point_pack);
  set(&thing_pack, &thing_tables, "items", offsetof(ThingT, items), &item_pack);
  set(&thing_pack, &thing_tables, "cells", offsetof(ThingT, cells), &cell_pack);
  set(&thing_pack, &thing_tables, "child", offsetof(ThingT, child), &thing_pack);
  unsigned any = set(&thing_pack, &thing_tables, "any", offsetof(ThingT, any), NULL);
  unsigned several = set(&thing_pack, &thing_tables, "several", offsetof(ThingT, several), NULL);
  thing_tables.unions[any] = thing_tables.unions[several] = any_children;
  begin(&scalars_pack, &scalars_tables, "com.example.Scalars", sizeof(ScalarsT));
  set(&scalars_pack, &scalars_tables, "flag", offsetof(ScalarsT, flag), NULL);
  set(&scalars_pack, &scalars_tables, "i64", offsetof(ScalarsT, i64), NULL);
  set(&scalars_pack, &scalars_tables, "f64", offsetof(ScalarsT, f64), NULL);
  set(&scalars_pack, &scalars_tables, "maybe", offsetof(ScalarsT, maybe), NULL);
  set(&scalars_pack, &scalars_tables, "answer", offsetof(ScalarsT, answer), NULL);
  thing_pack.size = sizeof(padded);
  scalars_pack.size = sizeof(padded_scalars);
  any_children[2] = &item_pack;
  any_children[3] = &point_pack;
  return 0;
}

static inline int pack_fixture_unload(void **state) {
  (void)state;
  zw_schema_destroy(schema);
  return 0;
}

#endif
