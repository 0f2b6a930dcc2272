/* SPDX-License-Identifier: Apache-2.0 */
/* The table of lint rules, and those about names, values and documentation. */
#include "lint.h"

static const char *article(const zw_lint_subject *s) {
  static const char *const words[] = {"a table", "a struct", "an enum", "a union", "a service"};
  return words[s->decl->kind];
}

/* ---- names ---- */

static void type_case(zw_linter *l, const zw_lint_subject *s) {
  char better[ZW_LINT_NAME_MAX];
  if (zw_is_pascal_case(s->head->name)) return;
  zw_lint_report(l, s, "the name of %s is PascalCase. Name it %s", article(s),
                 zw_to_pascal_case(s->head->name, better));
}

static void field_case(zw_linter *l, const zw_lint_subject *s) {
  char better[ZW_LINT_NAME_MAX];
  if (zw_is_snake_case(s->head->name)) return;
  zw_lint_report(l, s, "the name of a field is snake_case. Name it %s",
                 zw_to_snake_case(s->head->name, better));
}

/* One of two cases for all members, told apart as far as they have been seen. */
typedef struct uniform {
  bool first, second; /* whether all so far are of this case */
} uniform;

static bool fits(uniform *u, bool first, bool second) {
  if (!(u->first && first) && !(u->second && second)) return false;
  u->first = u->first && first;
  u->second = u->second && second;
  return true;
}

static void enum_value_case(zw_linter *l, const zw_lint_subject *s) {
  const zw_enumeration *e = zw_lint_enumeration(s->decl);
  uniform u = {true, true};
  if (!e || e->is_union) return;
  for (const zw_value *v = e->values; v; v = v->next) {
    zw_lint_subject value = {.head = &v->head, .decl = s->decl, .value = v};
    bool pascal = zw_is_pascal_case(v->head.name), capitals = zw_is_upper_snake_case(v->head.name);
    if (!pascal && !capitals)
      zw_lint_report(l, &value, "the name of a value is PascalCase or UPPER_CASE");
    else if (!fits(&u, pascal, capitals))
      zw_lint_report(l, &value, "the values before it are %s. Use one case in an enum",
                     u.first ? "PascalCase" : "UPPER_CASE");
  }
}

static void method_case(zw_linter *l, const zw_lint_subject *s) {
  uniform u = {true, true};
  if (s->decl->kind != ZW_DECL_SERVICE) return;
  for (const zw_call *m = ((const zw_rpc *)s->decl)->calls; m; m = m->next) {
    zw_lint_subject method = {.head = &m->head, .decl = s->decl, .method = m};
    bool snake = zw_is_snake_case(m->head.name), pascal = zw_is_pascal_case(m->head.name);
    if (!snake && !pascal)
      zw_lint_report(l, &method, "the name of a method is snake_case or PascalCase");
    else if (!fits(&u, snake, pascal))
      zw_lint_report(l, &method, "the methods before it are %s. Use one case in a service",
                     u.first ? "snake_case" : "PascalCase");
  }
}

/* A service of the WAMP IDL sends records as they are; others have messages of their own. */
static void method_type_name(zw_linter *l, const zw_lint_subject *s, const zw_type_ref *type,
                             const char *ending) {
  char method[ZW_LINT_NAME_MAX];
  zw_str name = type->object->decl.head.name;
  if (zw_find_attr(&s->decl->head, "type")) return;
  zw_str stem = zw_str_of(zw_to_pascal_case(s->head->name, method));
  zw_str service = s->decl->head.name;
  size_t end = strlen(ending);
  bool ends = name.len >= end && memcmp(name.ptr + name.len - end, ending, end) == 0;
  zw_str own = {name.ptr, ends ? name.len - end : 0};
  bool longer = own.len > service.len && memcmp(own.ptr, service.ptr, service.len) == 0;
  zw_str rest = {own.ptr + (longer ? service.len : 0), own.len - (longer ? service.len : 0)};
  if (zw_str_eq(own, stem) || (longer && zw_str_eq(rest, stem))) return;
  zw_lint_report(l, s, "it has %.*s, which other methods may come to share. Use a table %.*s%s",
                 ZW_ARG(name), ZW_ARG(stem), ending);
}

static void method_request_name(zw_linter *l, const zw_lint_subject *s) {
  method_type_name(l, s, &s->method->request, "Request");
}

static void method_response_name(zw_linter *l, const zw_lint_subject *s) {
  method_type_name(l, s, &s->method->response, "Response");
}

/* ---- values ---- */

static void enum_first_zero(zw_linter *l, const zw_lint_subject *s) {
  const zw_enumeration *e = zw_lint_enumeration(s->decl);
  if (!e || e->is_union || e->bit_flags || !e->values || e->values->number == 0) return;
  zw_lint_report(l, s, "its first value, %.*s, is not 0, the value of a field that is not set",
                 ZW_ARG(e->values->head.name));
}

static void enum_zero_name(zw_linter *l, const zw_lint_subject *s) {
  static const char *const words[] = {"none",  "unspecified", "unknown", "undefined", "default",
                                      "unset", "null",        "nothing", "invalid",   NULL};
  bool of_enum = s->decl->kind == ZW_DECL_ENUM && !((const zw_enumeration *)s->decl)->bit_flags;
  if (!of_enum || s->value->number != 0 || zw_ends_in_word(s->head->name, words)) return;
  zw_lint_report(l, s,
                 "0 is what a field has that is not set. Name it None, Unspecified or Unknown");
}

/* ---- documentation ---- */

static void comment(zw_linter *l, const zw_lint_subject *s, const char *what) {
  if (!s->head->docs) zw_lint_report(l, s, "%s has a comment. Add /// above it", what);
}

static void comment_type(zw_linter *l, const zw_lint_subject *s) {
  if (zw_lint_object(s->decl)) comment(l, s, article(s));
}

static void comment_enum(zw_linter *l, const zw_lint_subject *s) {
  if (s->decl->kind == ZW_DECL_ENUM) comment(l, s, "an enum");
}

static void comment_union(zw_linter *l, const zw_lint_subject *s) {
  if (s->decl->kind == ZW_DECL_UNION) comment(l, s, "a union");
}

static void comment_service(zw_linter *l, const zw_lint_subject *s) {
  if (s->decl->kind == ZW_DECL_SERVICE) comment(l, s, "a service");
}

static void comment_field(zw_linter *l, const zw_lint_subject *s) { comment(l, s, "a field"); }

static void comment_enum_value(zw_linter *l, const zw_lint_subject *s) {
  if (s->decl->kind == ZW_DECL_ENUM) comment(l, s, "a value");
}

static void comment_method(zw_linter *l, const zw_lint_subject *s) { comment(l, s, "a method"); }

static void comment_deprecated(zw_linter *l, const zw_lint_subject *s) {
  if (s->field->deprecated && !s->head->docs)
    zw_lint_report(l, s, "a deprecated field says what is used instead. Add /// above it");
}

/* ---- the table ---- */

const zw_lint_row zw_lint_rows[] = {
    {{"NAMESPACE_DEFINED", "MINIMAL", "Declarations stand in a namespace."},
     ZW_LINT_FILE,
     zw_lint_namespace_defined},
    {{"INCLUDE_CYCLE", "MINIMAL", "No file includes itself by way of others."},
     ZW_LINT_FILE | ZW_LINT_TEXT,
     zw_lint_include_cycle},
    {{"TYPE_CASE", "BASIC", "Names of types and services are PascalCase."},
     ZW_LINT_DECLARATION,
     type_case},
    {{"FIELD_CASE", "BASIC", "Names of fields are snake_case."}, ZW_LINT_FIELD, field_case},
    {{"ENUM_VALUE_CASE", "BASIC", "Values of an enum are all PascalCase or all UPPER_CASE."},
     ZW_LINT_DECLARATION,
     enum_value_case},
    {{"METHOD_CASE", "BASIC", "Methods of a service are all snake_case or all PascalCase."},
     ZW_LINT_DECLARATION,
     method_case},
    {{"NAMESPACE_CASE", "BASIC", "Parts of a namespace are snake_case."},
     ZW_LINT_FILE,
     zw_lint_namespace_case},
    {{"NAME_CLASH", "BASIC", "No two names differ only in their case and in underscores."},
     ZW_LINT_FILE | ZW_LINT_DECLARATION,
     zw_lint_name_clash},
    {{"ENUM_FIRST_ZERO", "BASIC", "The first value of an enum is 0."},
     ZW_LINT_DECLARATION | ZW_LINT_TEXT,
     enum_first_zero},
    {{"INCLUDE_USED", "BASIC", "Something of each included file is used."},
     ZW_LINT_FILE | ZW_LINT_TEXT,
     zw_lint_include_used},
    {{"ATTRIBUTE_USED", "BASIC", "Attributes that are declared beside types are used."},
     ZW_LINT_FILE | ZW_LINT_TEXT,
     zw_lint_attribute_used},
    {{"FILE_CASE", "STANDARD", "The name of the file is snake_case."},
     ZW_LINT_FILE | ZW_LINT_TEXT,
     zw_lint_file_case},
    {{"FILE_IDENTIFIER_PRESENT", "STANDARD", "A file with a root type has a file identifier."},
     ZW_LINT_FILE,
     zw_lint_file_identifier},
    {{"ENUM_ZERO_NAME", "STANDARD", "The value 0 is named None, Unspecified, Unknown or alike."},
     ZW_LINT_VALUE,
     enum_zero_name},
    {{"METHOD_REQUEST_NAME", "STANDARD", "A method of a plain service takes a table NameRequest."},
     ZW_LINT_METHOD,
     method_request_name},
    {{"METHOD_RESPONSE_NAME", "STANDARD", "A method of a plain service returns NameResponse."},
     ZW_LINT_METHOD,
     method_response_name},
    {{"COMMENT_TYPE", "COMMENTS", "Tables and structs are documented."},
     ZW_LINT_DECLARATION | ZW_LINT_DOCS,
     comment_type},
    {{"COMMENT_ENUM", "COMMENTS", "Enums are documented."},
     ZW_LINT_DECLARATION | ZW_LINT_DOCS,
     comment_enum},
    {{"COMMENT_UNION", "COMMENTS", "Unions are documented."},
     ZW_LINT_DECLARATION | ZW_LINT_DOCS,
     comment_union},
    {{"COMMENT_SERVICE", "COMMENTS", "Services are documented."},
     ZW_LINT_DECLARATION | ZW_LINT_DOCS,
     comment_service},
    {{"COMMENT_FIELD", "COMMENTS", "Fields are documented."},
     ZW_LINT_FIELD | ZW_LINT_DOCS,
     comment_field},
    {{"COMMENT_ENUM_VALUE", "COMMENTS", "Values of enums are documented."},
     ZW_LINT_VALUE | ZW_LINT_DOCS,
     comment_enum_value},
    {{"COMMENT_METHOD", "COMMENTS", "Methods are documented."},
     ZW_LINT_METHOD | ZW_LINT_DOCS,
     comment_method},
    {{"COMMENT_DEPRECATED", "COMMENTS", "Deprecated fields say what is used instead."},
     ZW_LINT_FIELD | ZW_LINT_DOCS,
     comment_deprecated},
    {{"FIELD_ID_EXPLICIT", "EVOLUTION", "Fields of tables whose data is kept have ids."},
     ZW_LINT_DECLARATION | ZW_LINT_TEXT,
     zw_lint_field_id},
    {{"FIELD_REQUIRED_KEPT", "EVOLUTION", "No field of a table whose data is kept is required."},
     ZW_LINT_FIELD,
     zw_lint_field_required},
    {{"UNION_ROOM", "EVOLUTION", "A union has room for more members."},
     ZW_LINT_DECLARATION,
     zw_lint_union_room},
    {{"PORTABLE_KEYWORD", "PORTABLE", "No name is a keyword of a language of generated code."},
     ZW_LINT_DECLARATION | ZW_LINT_FIELD | ZW_LINT_VALUE | ZW_LINT_METHOD,
     zw_lint_keyword},
    {{"PORTABLE_UNION_VECTOR", "PORTABLE", "No vectors of unions."},
     ZW_LINT_FIELD,
     zw_lint_construct},
    {{"PORTABLE_UNION_MEMBER", "PORTABLE", "Members of unions are tables."},
     ZW_LINT_VALUE,
     zw_lint_construct},
    {{"PORTABLE_UNION_TYPE", "PORTABLE", "Unions have no type of their own."},
     ZW_LINT_DECLARATION,
     zw_lint_construct},
    {{"PORTABLE_DEFAULT", "PORTABLE", "Strings and vectors have no default."},
     ZW_LINT_FIELD,
     zw_lint_construct},
    {{"PORTABLE_ARRAY", "PORTABLE", "No fixed arrays."}, ZW_LINT_FIELD, zw_lint_construct},
    {{"PORTABLE_OPTIONAL", "PORTABLE", "No optional scalars."}, ZW_LINT_FIELD, zw_lint_construct},
    {{"PORTABLE_OFFSET64", "PORTABLE", "No 64-bit offsets."}, ZW_LINT_FIELD, zw_lint_construct},
    {{"ROOT_TYPE_PRESENT", "ROOT", "A file with tables says which is the root."},
     ZW_LINT_FILE,
     zw_lint_root_type},
    {{NULL, NULL, NULL}, 0, NULL},
};
