/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enums and unions: the underlying type, the numbers (explicit, or one more than the one before;
 * with bit_flags the position of the bit), their order and uniqueness, the types of union members.
 */
#include <stdlib.h>

#include "schema_ast.h"

static void resolve_base(zw_compiled *c, zw_enumeration *e) {
  e->bit_flags = zw_find_attr(&e->decl.head, "bit_flags") != NULL;
  e->base = e->is_union ? ZW_T_UTYPE : ZW_T_INT;
  uint8_t base = e->base_ref.base;
  const zw_ast_attr *align = zw_find_attr(&e->decl.head, "force_align");
  if (align)
    zw_report(c, align->at, "FORCE_ALIGN", "force_align has no meaning on an enum or union");
  if (e->base_ref.at.line == 0) {
    if (e->is_union) return;
    zw_report(c, e->decl.head.at, "ENUM_BASE",
              "the enum \"%.*s\" has no underlying type. Write: enum %.*s: ubyte {",
              ZW_ARG(e->decl.head.name), ZW_ARG(e->decl.head.name));
  } else if (base < ZW_T_BYTE || base > ZW_T_ULONG) {
    zw_report(c, e->base_ref.at, "ENUM_BASE", "the underlying type of %s is an integer type",
              e->is_union ? "a union" : "an enum");
  } else {
    e->base = base;
    if (e->bit_flags && zw_base_is_signed(base)) /* a warning: the bits below the sign are fine */
      zw_report_full(c, 0, e->base_ref.at, zw_nowhere, "ENUM_BASE",
                     "the underlying type of bit_flags is better unsigned: the sign is no flag");
  }
}

/* ---- numbers ---- */

static uint64_t base_max(uint8_t base) {
  unsigned bits = 8 * (unsigned)zw_base_size((enum zw_base_type)base);
  return UINT64_MAX >> (64 - bits + (zw_base_is_signed(base) ? 1 : 0));
}

static bool next_number(zw_compiled *c, zw_enumeration *e, zw_value *v, const zw_value *before,
                        zw_scalar *out) {
  out->i = 0;
  if (v->literal.kind == ZW_LIT_INT)
    return zw_literal_int(c, &v->literal, e->base == ZW_T_UTYPE ? ZW_T_UBYTE : e->base, out);
  if (v->literal.kind != ZW_LIT_NONE) {
    zw_report(c, v->literal.at, "ENUM_VALUE", "the value of \"%.*s\" is an integer",
              ZW_ARG(v->head.name));
    return false;
  }
  if (!before) return true;
  if ((uint64_t)before->number == base_max(e->base) &&
      (e->base == ZW_T_ULONG || before->number > 0)) {
    zw_report(c, v->head.at, "ENUM_VALUE", "\"%.*s\" is above the largest %s", ZW_ARG(v->head.name),
              zw_type_word(e->base));
    return false;
  }
  out->u = (uint64_t)before->number + 1;
  return true;
}

/* false: some value is wrong, and reported. */
static bool number_values(zw_compiled *c, zw_enumeration *e) {
  const zw_value *before = NULL;
  bool good = true;
  for (zw_value *v = e->values; v; v = v->next) {
    zw_scalar number;
    bool numbered = next_number(c, e, v, before, &number);
    if (numbered) v->number = number.i;
    good = good && numbered;
    before = v;
  }
  if (!e->bit_flags) return good;
  unsigned bits = 8 * (unsigned)zw_base_size((enum zw_base_type)e->base);
  if (zw_base_is_signed(e->base)) bits--;
  for (zw_value *v = e->values; v; v = v->next) {
    if (v->number < 0 || v->number >= bits) {
      zw_report(c, v->literal.at.line ? v->literal.at : v->head.at, "BIT_FLAG",
                "the bit of \"%.*s\" is 0 to %u", ZW_ARG(v->head.name), bits - 1);
      v->number = 0;
      good = false;
    } else {
      v->number = (int64_t)(UINT64_C(1) << v->number);
    }
  }
  return good;
}

static int by_number(const void *left, const void *right) {
  int64_t a = (*(zw_value *const *)left)->number, b = (*(zw_value *const *)right)->number;
  return (a > b) - (a < b);
}

static int by_unsigned(const void *left, const void *right) {
  uint64_t a = (uint64_t)(*(zw_value *const *)left)->number,
           b = (uint64_t)(*(zw_value *const *)right)->number;
  return (a > b) - (a < b);
}

static bool comes_first(zw_pos a, zw_pos b) {
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

static void sort_values(zw_compiled *c, zw_enumeration *e, bool good) {
  uint32_t n = 0;
  e->sorted = zw_make_array(c, e->value_count, sizeof *e->sorted);
  if (!e->sorted) return;
  for (zw_value *v = e->values; v; v = v->next) e->sorted[n++] = v;
  if (n > 1)
    qsort(e->sorted, n, sizeof *e->sorted, e->base == ZW_T_ULONG ? by_unsigned : by_number);
  for (uint32_t i = 1; i < n && good; i++) {
    zw_value *a = e->sorted[i - 1], *b = e->sorted[i];
    if (a->number != b->number) continue;
    if (comes_first(b->head.at, a->head.at)) {
      zw_value *swap = a;
      a = b;
      b = swap;
    }
    zw_report_full(c, ZW_ESCHEMA, b->head.at, a->head.at, "ENUM_VALUE_TWICE",
                   "\"%.*s\" and \"%.*s\" have the same value %lld", ZW_ARG(b->head.name),
                   ZW_ARG(a->head.name), (long long)b->number);
  }
}

/* ---- names and union members ---- */

static int by_name(const void *left, const void *right) {
  const zw_value *a = *(zw_value *const *)left, *b = *(zw_value *const *)right;
  int order = zw_order(a->head.name, b->head.name);
  return order ? order : comes_first(b->head.at, a->head.at) - comes_first(a->head.at, b->head.at);
}

static void sort_names(zw_compiled *c, zw_enumeration *e) {
  uint32_t n = 0;
  e->named = zw_make_array(c, e->value_count, sizeof *e->named);
  if (!e->named) return;
  for (zw_value *v = e->values; v; v = v->next) e->named[n++] = v;
  if (n > 1) qsort(e->named, n, sizeof *e->named, by_name);
  for (uint32_t i = 1; i < n; i++) {
    const zw_value *a = e->named[i - 1], *b = e->named[i];
    if (zw_str_eq(a->head.name, b->head.name))
      zw_report_full(c, ZW_ESCHEMA, b->head.at, a->head.at, "NAME_TWICE",
                     "\"%.*s\" has a second \"%.*s\". Rename one", ZW_ARG(e->decl.head.name),
                     ZW_ARG(b->head.name));
  }
}

zw_value *zw_find_value(const zw_enumeration *e, zw_str name) {
  uint32_t from = 0, to = e->named ? e->value_count : 0;
  while (from < to) {
    uint32_t middle = from + (to - from) / 2;
    int order = zw_order(name, e->named[middle]->head.name);
    if (order == 0) return e->named[middle];
    if (order > 0)
      from = middle + 1;
    else
      to = middle;
  }
  return NULL;
}

static void resolve_member_type(zw_compiled *c, zw_enumeration *e, zw_value *v) {
  bool named = v->type.at.line == v->head.at.line && v->type.at.column == v->head.at.column;
  if (v->type.at.line == 0) return; /* NONE */
  if (named && zw_find_object(c, e->decl.space, v->type.name, v->type.seen)) {
    zw_resolve_object(c, e->decl.space, &v->type);
    return;
  }
  if (v->type.name.ptr && zw_type_by_word(v->type.name) != ZW_T_NONE) {
    bool text = zw_type_by_word(v->type.name) == ZW_T_STRING;
    zw_report(c, v->type.at, "UNION_MEMBER",
              text ? "a string in a union has a name of its own: text: string"
                   : "a union holds tables, structs and strings. Put this into a table");
    return;
  }
  zw_resolve_type(c, e->decl.space, &v->type);
  if (v->type.base == ZW_T_NONE || v->type.base == ZW_T_OBJ || v->type.base == ZW_T_STRING) return;
  zw_report(c, v->type.at, "UNION_MEMBER",
            "a union holds tables, structs and strings. Put this into a table");
  v->type.base = ZW_T_NONE;
}

void zw_resolve_enums(zw_compiled *c) {
  for (size_t i = 0; i < c->enum_count && !c->failed_memory; i++) resolve_base(c, c->enums[i]);
  for (size_t i = 0; i < c->enum_count && !c->failed_memory; i++) {
    zw_enumeration *e = c->enums[i];
    sort_values(c, e, number_values(c, e));
    sort_names(c, e);
    for (zw_value *v = e->values; v && e->is_union; v = v->next) resolve_member_type(c, e, v);
  }
}
