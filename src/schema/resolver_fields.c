/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FlatBuffers' own attributes of fields: which types they stand on, and what they make of the
 * field. The rules are flatc's, but for force_align, whose value flatc looks at when it reads data.
 */
#include "schema_ast.h"

#define ALIGN_MAX 32

static bool is_struct(const zw_type_ref *t) { return t->object && t->object->is_struct; }

static bool is_string(const zw_type_ref *t) { return t->base == ZW_T_STRING; }

static bool is_octets(const zw_type_ref *t) {
  return t->base == ZW_T_VECTOR && t->element == ZW_T_UBYTE;
}

/* What a hash is of: a number of 16, 32 or 64 bits, or a vector of them. */
static bool is_hashable(const zw_type_ref *t) {
  uint8_t base = zw_is_vector(t->base) ? t->element : t->base;
  return base >= ZW_T_SHORT && base <= ZW_T_ULONG;
}

/* What 64-bit offsets refer to holds no offsets. */
static bool is_far(const zw_type_ref *t) {
  if (is_string(t)) return true;
  bool number = zw_base_is_scalar(t->element) && !t->enumeration;
  return zw_is_vector(t->base) && (number || (t->element == ZW_T_OBJ && is_struct(t)));
}

static bool is_vector(const zw_type_ref *t) { return zw_is_vector(t->base); }

static bool is_inline(const zw_type_ref *t) {
  return (t->base == ZW_T_OBJ && is_struct(t)) || (zw_is_vector(t->base) && t->element == ZW_T_OBJ);
}

static bool is_none(const zw_type_ref *t) {
  (void)t;
  return false;
}

static const struct {
  const char *name;
  bool (*fits)(const zw_type_ref *t);
  const char *place;
} places[] = {
    {"hash", is_hashable, "a short, ushort, int, uint, long or ulong, or a vector of one"},
    {"vector64", is_vector, "a vector"},
    {"offset64", is_far, "a string, or a vector of numbers or structs"},
    {"shared", is_string, "a string"},
    {"flexbuffer", is_octets, "a [ubyte]"},
    {"native_inline", is_inline, "a struct, or a vector of structs or tables"},
    {"native_custom_alloc", is_none, "a table or struct"},
};

static void check_places(zw_compiled *c, const zw_member *m) {
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    const zw_ast_attr *a = zw_find_attr(&m->head, places[i].name);
    if (a && !places[i].fits(&m->type))
      zw_report(c, a->at, "ATTRIBUTE_PLACE", "%s stands on %s", places[i].name, places[i].place);
  }
}

/* The names of algorithms are fnv1_ or fnv1a_ and the bits of the number. */
static void check_hash(zw_compiled *c, const zw_member *m, const zw_ast_attr *a) {
  uint8_t base = zw_is_vector(m->type.base) ? m->type.element : m->type.base;
  const char *names[][2] = {
      {"fnv1_16", "fnv1a_16"}, {"fnv1_32", "fnv1a_32"}, {"fnv1_64", "fnv1a_64"}};
  size_t size = zw_base_size((enum zw_base_type)base);
  const char **fit = names[size == 2 ? 0 : size == 4 ? 1 : 2];
  if (zw_str_eq(a->value.text, zw_str_of(fit[0])) || zw_str_eq(a->value.text, zw_str_of(fit[1])))
    return;
  zw_report(c, a->value.at.line ? a->value.at : a->at, "HASH_NAME",
            "a hash of %zu bits is \"%s\" or \"%s\"", 8 * size, fit[0], fit[1]);
}

static void check_align(zw_compiled *c, const zw_ast_attr *a) {
  zw_scalar n;
  zw_literal literal = a->value;
  if (literal.kind == ZW_LIT_NONE) literal.at = a->at;
  bool number = literal.kind == ZW_LIT_INT || literal.kind == ZW_LIT_STRING;
  if (number && !zw_literal_int(c, &literal, ZW_T_UINT, &n)) return;
  if (!number || n.u == 0 || n.u > ALIGN_MAX || (n.u & (n.u - 1)))
    zw_report(c, literal.at, "FORCE_ALIGN", "force_align of a vector is a power of two up to %d",
              ALIGN_MAX);
}

/* flatc writes the kind of pointer that it takes if none is named. */
static void check_cpp_type(zw_compiled *c, zw_member *m, const zw_ast_attr *type) {
  if (!zw_find_attr(&m->head, "hash")) {
    zw_report(c, type->at, "ATTRIBUTE_PLACE", "cpp_type stands on a field with a hash");
    return;
  }
  if (zw_find_attr(&m->head, "cpp_ptr_type")) return;
  zw_ast_attr *a = zw_make(c, sizeof *a);
  if (!a) return;
  *a = (zw_ast_attr){.next = m->head.attrs, .name = ZW_STR("cpp_ptr_type"), .at = type->at};
  a->value = (zw_literal){.kind = ZW_LIT_STRING, .text = ZW_STR("naked"), .at = type->at};
  m->head.attrs = a;
}

void zw_resolve_field_attributes(zw_compiled *c, zw_member *m) {
  check_places(c, m);
  const zw_ast_attr *hash = zw_find_attr(&m->head, "hash");
  const zw_ast_attr *align = zw_find_attr(&m->head, "force_align");
  const zw_ast_attr *type = zw_find_attr(&m->head, "cpp_type");
  if (hash && is_hashable(&m->type)) check_hash(c, m, hash);
  if (align && is_vector(&m->type)) check_align(c, align);
  if (type) check_cpp_type(c, m, type);
  bool vector64 = zw_find_attr(&m->head, "vector64") && is_vector(&m->type);
  m->offset64 = vector64 || zw_find_attr(&m->head, "offset64");
  if (vector64 && !is_far(&m->type))
    zw_report(c, m->type.at, "ATTRIBUTE_PLACE",
              "vector64 stands on a vector of numbers or structs");
  else if (vector64)
    m->type.base = ZW_T_VECTOR64;
}
