/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes: each is declared or built in, stands once, and has a value that `.bfbs` can hold.
 * What the attributes of zerowire.fbs mean is checked by the model, on `.fbs` and `.bfbs` alike.
 */
#include <stdio.h>

#include "schema_ast.h"

/* FlatBuffers' own. */
static const char *const builtin[] = {"bit_flags",
                                      "cpp_ptr_type",
                                      "cpp_ptr_type_get",
                                      "cpp_str_flex_ctor",
                                      "cpp_str_type",
                                      "cpp_type",
                                      "csharp_partial",
                                      "deprecated",
                                      "flexbuffer",
                                      "force_align",
                                      "hash",
                                      "id",
                                      "idempotent",
                                      "key",
                                      "native_custom_alloc",
                                      "native_default",
                                      "native_inline",
                                      "native_type",
                                      "native_type_pack_name",
                                      "nested_flatbuffer",
                                      "offset64",
                                      "original_order",
                                      "private",
                                      "required",
                                      "shared",
                                      "streaming",
                                      "vector64"};
#define BUILTIN (sizeof builtin / sizeof builtin[0])

static int find_builtin(zw_str name) {
  for (size_t i = 0; i < BUILTIN; i++)
    if (zw_str_eq(name, zw_str_of(builtin[i]))) return (int)i;
  return -1;
}

/* Those that zerowire.fbs declares, for who forgot to include it. */
static const char *const ours[] = {"map",   "primary", "index",   "unique",      "timestamp",
                                   "uuid",  "type",    "wampuri", "match",       "arg",
                                   "kwarg", "op",      "history", "history_key", "compat"};
#define OURS (sizeof ours / sizeof ours[0])

bool zw_attribute_is_builtin(zw_str name) { return find_builtin(name) >= 0; }

bool zw_attribute_is_ours(zw_str name) {
  for (size_t i = 0; i < OURS; i++)
    if (zw_str_eq(name, zw_str_of(ours[i]))) return true;
  return false;
}

static size_t known_attributes(zw_compiled *c, zw_str list[ZW_HINT_CANDIDATES_MAX]) {
  zw_str *name;
  size_t count = 0;
  for (size_t i = 0; i < BUILTIN; i++) list[count++] = zw_str_of(builtin[i]);
  for (size_t i = 0; i < OURS; i++) list[count++] = zw_str_of(ours[i]);
  for (size_t i = 0; count < ZW_HINT_CANDIDATES_MAX && (name = zw_hmap_next(&c->attributes, &i));)
    list[count++] = *name;
  return count;
}

static void unknown(zw_compiled *c, const zw_ast_attr *a) {
  char hint[ZW_HINT_MAX] = "";
  const char *fix = ". Declare it: attribute \"NAME\";";
  zw_str *list = zw_report_kept(c) ? zw_make_array(c, ZW_HINT_CANDIDATES_MAX, sizeof *list) : NULL;
  size_t count = list ? known_attributes(c, list) : 0;
  int near = zw_did_you_mean(a->name, list, count);
  if (near >= 0) {
    bool declared =
        find_builtin(list[near]) >= 0 || zw_hmap_get(&c->attributes, zw_str_span(list[near]));
    bool exact = zw_str_eq(list[near], a->name);
    fix = declared ? ""
          : exact  ? ". Add include \"zerowire.fbs\";"
                   : " (include \"zerowire.fbs\";)";
    zw_hint(a->name, list, count, hint);
  }
  zw_report(c, a->at, "ATTRIBUTE_UNKNOWN", "there is no attribute \"%.*s\"%s%s", ZW_ARG(a->name),
            hint, fix);
}

/* `.bfbs` stores text: an integer in decimal, a string as it is, a flag as "0". */
static void check_value(zw_compiled *c, zw_ast_attr *a) {
  zw_scalar number;
  switch (a->value.kind) {
    case ZW_LIT_NONE: a->value.text = ZW_STR("0"); break;
    case ZW_LIT_STRING: break;
    case ZW_LIT_INT:
      if (zw_literal_int(c, &a->value, ZW_T_INT, &number)) {
        char text[24];
        int n = snprintf(text, sizeof text, "%lld", (long long)number.i);
        a->value.text = zw_make_str(c, (zw_str){text, (size_t)n});
      }
      break;
    default:
      zw_report(c, a->value.at, "ATTRIBUTE_VALUE",
                "the value of an attribute is a string or an integer. Put it in double quotes");
  }
}

static void check(zw_compiled *c, zw_ast_head *head) {
  for (zw_ast_attr *a = head->attrs; a; a = a->next) {
    if (find_builtin(a->name) < 0 && !zw_hmap_get(&c->attributes, zw_str_span(a->name)))
      unknown(c, a);
    check_value(c, a);
    for (const zw_ast_attr *other = head->attrs; other != a; other = other->next) {
      if (!zw_str_eq(a->name, other->name)) continue;
      zw_report_full(c, ZW_ESCHEMA, a->at, other->at, "ATTRIBUTE_REPEATED",
                     "the attribute \"%.*s\" stands here a second time. Remove one",
                     ZW_ARG(a->name));
      break;
    }
  }
}

static void check_members(zw_compiled *c, zw_decl *d) {
  if (d->kind == ZW_DECL_SERVICE) {
    for (zw_call *m = ((zw_rpc *)d)->calls; m; m = m->next) check(c, &m->head);
  } else if (d->kind == ZW_DECL_ENUM || d->kind == ZW_DECL_UNION) {
    for (zw_value *m = ((zw_enumeration *)d)->values; m; m = m->next) check(c, &m->head);
  } else {
    for (zw_member *m = ((zw_object *)d)->members; m; m = m->next) check(c, &m->head);
  }
}

void zw_resolve_attributes(zw_compiled *c) {
  for (zw_decl *d = c->first; d && !c->failed_memory; d = d->next) {
    check(c, &d->head);
    check_members(c, d);
  }
}
