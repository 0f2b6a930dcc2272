/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of structs: each member at the next multiple of its alignment, the struct's alignment
 * the largest of them or force_align, its size a multiple of that; 64 KiB at most. Structs are laid
 * out innermost first; one that holds itself is refused.
 */
#include "schema_ast.h"

#define STRUCT_SIZE_MAX 65535
#define STRUCT_DEPTH_MAX 64

enum { NOT_YET, IN_WORK, DONE };

static bool layout(zw_compiled *c, zw_object *o, int depth);

static bool is_power_of_two(uint64_t n) { return n && (n & (n - 1)) == 0; }

static uint64_t round_up(uint64_t n, uint64_t align) { return (n + align - 1) / align * align; }

/* Lays out a struct inside another; false: reported. */
static bool nest(zw_compiled *c, zw_object *o, zw_member *m, int depth) {
  zw_object *inner = m->type.object;
  if (inner->layout == IN_WORK) {
    zw_report_full(c, ZW_ESCHEMA, m->type.at, inner->decl.head.at, "STRUCT_CYCLE",
                   "the struct \"%.*s\" holds itself here. Use a table", ZW_ARG(o->decl.head.name));
    return false;
  }
  bool deep = depth >= STRUCT_DEPTH_MAX;
  if (!deep && !layout(c, inner, depth + 1)) return false;
  if (deep || inner->nesting >= STRUCT_DEPTH_MAX) {
    zw_report(c, m->type.at, "STRUCT_DEPTH",
              "structs are nested more than %d deep here. Use a table", STRUCT_DEPTH_MAX);
    return false;
  }
  if (inner->nesting >= o->nesting) o->nesting = (uint8_t)(inner->nesting + 1);
  return true;
}

/* Octets and alignment of one member; false: reported. */
static bool measure(zw_compiled *c, zw_object *o, zw_member *m, int depth, uint64_t *size,
                    uint64_t *align) {
  uint8_t base = m->type.base == ZW_T_ARRAY ? m->type.element : m->type.base;
  uint64_t count = m->type.base == ZW_T_ARRAY ? m->type.fixed_length : 1;
  if (base == ZW_T_OBJ && m->type.object->is_struct) {
    if (!nest(c, o, m, depth)) return false;
    *size = m->type.object->size * count;
    *align = m->type.object->align;
    return true;
  }
  if (!zw_base_is_scalar(base)) return false; /* reported */
  *align = zw_base_size((enum zw_base_type)base);
  *size = *align * count;
  return true;
}

static void force_align(zw_compiled *c, zw_object *o, uint64_t *align) {
  const zw_ast_attr *a = zw_find_attr(&o->decl.head, "force_align");
  zw_scalar value = {0};
  if (!a) return;
  zw_literal literal = a->value;
  if (literal.kind == ZW_LIT_STRING) literal.kind = ZW_LIT_INT;
  bool good = literal.kind == ZW_LIT_INT && zw_literal_int(c, &literal, ZW_T_INT, &value);
  if (good && is_power_of_two(value.u) && value.u >= *align && value.u <= 32)
    *align = value.u;
  else
    zw_report(
        c, a->at, "FORCE_ALIGN",
        "force_align is a power of two, at least the struct's own alignment %u and at most 32",
        (unsigned)*align);
}

static void pad(zw_member *before, uint64_t *size, uint64_t align) {
  uint64_t to = round_up(*size, align);
  if (before) before->padding = (uint32_t)(to - *size);
  *size = to;
}

static bool layout(zw_compiled *c, zw_object *o, int depth) {
  uint64_t size = 0, align = 1, own_size, own_align;
  zw_member *before = NULL;
  if (o->layout == DONE) return o->size > 0;
  o->layout = IN_WORK;
  for (zw_member *m = o->members; m; m = m->next) {
    if (!measure(c, o, m, depth, &own_size, &own_align)) {
      o->layout = DONE;
      return false;
    }
    pad(before, &size, own_align);
    m->offset = (uint32_t)size;
    size += own_size;
    if (own_align > align) align = own_align;
    before = m;
    if (size <= STRUCT_SIZE_MAX) continue;
    zw_report(c, m->head.at, "STRUCT_SIZE", "the struct \"%.*s\" is above 65,535 octets here",
              ZW_ARG(o->decl.head.name));
    o->layout = DONE;
    return false;
  }
  force_align(c, o, &align);
  pad(before, &size, align);
  o->layout = DONE;
  o->align = (uint32_t)align;
  o->size = (uint32_t)size;
  if (size == 0)
    zw_report(c, o->decl.head.at, "STRUCT_EMPTY", "the struct \"%.*s\" has no members",
              ZW_ARG(o->decl.head.name));
  return size > 0;
}

void zw_layout_structs(zw_compiled *c) {
  for (size_t i = 0; i < c->object_count; i++)
    if (c->objects[i]->is_struct) layout(c, c->objects[i], 0);
}
