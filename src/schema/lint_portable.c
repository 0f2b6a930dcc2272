/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lint rules for schemas that others compile as well: what stock flatc 25.12 refuses to generate,
 * with the languages that it shuts out, and names that generated code cannot have as they are.
 */
#include "lint.h"

#include <stdio.h>

/* ---- constructs ---- */

static bool is_union_vector(const zw_lint_subject *s) {
  return zw_is_vector(s->field->type.base) && s->field->type.element == ZW_T_UNION;
}

static bool is_other_member(const zw_lint_subject *s) {
  const zw_type_ref *type = &s->value->type;
  return s->decl->kind == ZW_DECL_UNION && !(type->object && !type->object->is_struct);
}

static bool is_typed_union(const zw_lint_subject *s) {
  return s->decl->kind == ZW_DECL_UNION && ((const zw_enumeration *)s->decl)->base_ref.at.line;
}

static bool is_default(const zw_lint_subject *s) {
  uint8_t base = s->field->type.base;
  return s->field->preset.kind != ZW_LIT_NONE && (base == ZW_T_STRING || zw_is_vector(base));
}

static bool is_array(const zw_lint_subject *s) { return s->field->type.base == ZW_T_ARRAY; }
static bool is_optional(const zw_lint_subject *s) { return s->field->preset.kind == ZW_LIT_NULL; }

static bool is_far(const zw_lint_subject *s) {
  return s->field->offset64 || s->field->type.base == ZW_T_VECTOR64;
}

#define NO_UNIONS "Go, Python, Rust, Dart, Lua or Lobster"

static const struct {
  const char *rule;
  bool (*has)(const zw_lint_subject *);
  const char *what, *languages, *fix;
} constructs[] = {
    {"PORTABLE_UNION_VECTOR", is_union_vector, "a vector of unions", NO_UNIONS,
     "Use a vector of a table that holds the union"},
    {"PORTABLE_UNION_MEMBER", is_other_member, "a union member that is no table", NO_UNIONS,
     "Put it into a table"},
    {"PORTABLE_UNION_TYPE", is_typed_union, "a union with a type",
     "any language but C++ and TypeScript", "Leave it out"},
    {"PORTABLE_DEFAULT", is_default, "a default of a string or vector",
     "C#, Dart, Go, Java, Kotlin, Lobster, Lua, PHP, Python or TypeScript",
     "Let the program choose"},
    {"PORTABLE_ARRAY", is_array, "a fixed array", "Dart, Go, Kotlin, Lobster, Lua, Nim or PHP",
     "Name the elements one by one, or use a vector"},
    {"PORTABLE_OPTIONAL", is_optional, "an optional scalar", "Dart, Lua or PHP",
     "Use a default that stands for nothing"},
    {"PORTABLE_OFFSET64", is_far, "a 64-bit offset", "any language but C++", "Use several buffers"},
};

void zw_lint_construct(zw_linter *l, const zw_lint_subject *s) {
  for (size_t i = 0; i < sizeof constructs / sizeof constructs[0]; i++)
    if (strcmp(constructs[i].rule, l->row->rule.name) == 0 && constructs[i].has(s))
      zw_lint_report(l, s, "flatc has no code in %s for %s. %s", constructs[i].languages,
                     constructs[i].what, constructs[i].fix);
}

/* ---- keywords ---- */

static const struct {
  const char *language, *words; /* between spaces */
} keywords[] = {
    {"C",
     " auto bool break case char const constexpr continue default do double else enum extern false "
     "float for goto if inline int long nullptr register restrict return short signed sizeof "
     "static static_assert struct switch thread_local true typedef typeof union unsigned void "
     "volatile while "},
    {"C++",
     " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t "
     "char32_t class compl concept const const_cast constexpr continue co_await co_return co_yield "
     "decltype default delete do double dynamic_cast else enum explicit export extern false float "
     "for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr "
     "operator "
     "or or_eq private protected public register reinterpret_cast requires return short signed "
     "sizeof static static_assert static_cast struct switch template this thread_local throw true "
     "try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor "
     "xor_eq "},
    {"Python",
     " False None True and as assert async await break class continue def del elif else except "
     "finally for from global if import in is lambda nonlocal not or pass raise return try while "
     "with yield "},
    {"TypeScript",
     " arguments await break case catch class const continue debugger default delete do else enum "
     "eval export extends false finally for function if implements import in instanceof interface "
     "let new null package private protected public return static super switch this throw true try "
     "typeof var void while with yield "},
    {"Java",
     " abstract assert boolean break byte case catch char class const continue default do double "
     "else enum extends final finally float for goto if implements import instanceof int interface "
     "long native new null package private protected public return short static strictfp super "
     "switch synchronized this throw throws transient true try void volatile while "},
    {"C#",
     " abstract as base bool break byte case catch char checked class const continue decimal "
     "default delegate do double else enum event explicit extern false finally fixed float for "
     "foreach goto if implicit in int interface internal is lock long namespace new null object "
     "operator out override params private protected public readonly ref return sbyte sealed short "
     "sizeof stackalloc static string struct switch this throw true try typeof uint ulong "
     "unchecked "
     "unsafe ushort using virtual void volatile while "},
    {"Go",
     " break case chan const continue default defer else fallthrough for func go goto if import "
     "interface map package range return select struct switch type var "},
    {"Rust",
     " Self abstract as async await become box break const continue crate do dyn else enum extern "
     "false final fn for if impl in let loop macro match mod move mut override priv pub ref return "
     "self static struct super trait true try type typeof unsafe unsized use virtual where while "
     "yield "},
};

static bool has_word(const char *words, zw_str name) {
  for (const char *at = words; (at = strchr(at, ' ')) && at[1];) {
    const char *word = ++at;
    if (strncmp(word, name.ptr, name.len) == 0 && word[name.len] == ' ') return true;
  }
  return false;
}

void zw_lint_keyword(zw_linter *l, const zw_lint_subject *s) {
  char languages[120] = "";
  size_t used = 0;
  for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
    if (has_word(keywords[i].words, s->head->name))
      used += (size_t)snprintf(languages + used, sizeof languages - used, "%s%s", used ? ", " : "",
                               keywords[i].language);
  if (used)
    zw_lint_report(l, s, "generated code cannot have this name, a keyword of %s. Choose another",
                   languages);
}

/* ---- names that become one ---- */

/* The name without '_', in lower case: where code is camelCase, or a file is named so. */
static zw_str folded(zw_linter *l, zw_str name) {
  char *out = zw_arena_get(&l->arena, name.len + 1);
  size_t len = 0;
  if (!out) {
    l->failed_memory = true;
    return ZW_STR("");
  }
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (c == '_') continue;
    out[len++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
  }
  return (zw_str){out, len};
}

static void compare(zw_linter *l, zw_hmap *names, const zw_lint_subject *s, zw_str name) {
  void *old = NULL;
  void *own = (void *)(uintptr_t)s->head;
  if (zw_hmap_set(names, zw_str_span(folded(l, name)), own, &old)) l->failed_memory = true;
  if (!old) return;
  zw_str other = ((const zw_ast_head *)old)->name;
  zw_lint_report(l, s, "only case and underscores part it from \"%.*s\". Rename one",
                 ZW_ARG(other));
}

static void compare_types(zw_linter *l, zw_hmap *names) {
  for (const zw_decl *d = zw_lint_first(l); d; d = zw_lint_next(d)) {
    zw_lint_subject s = {.head = &d->head, .decl = d};
    compare(l, names, &s, d->full);
  }
}

static void compare_members(zw_linter *l, zw_hmap *names, const zw_decl *d) {
  const zw_object *o = zw_lint_object(d);
  const zw_enumeration *e = zw_lint_enumeration(d);
  zw_lint_subject s = {.decl = d};
  for (const zw_member *m = o ? o->members : NULL; m; m = m->next)
    s.head = &m->head, compare(l, names, &s, m->head.name);
  for (const zw_value *v = e ? e->values : NULL; v; v = v->next)
    s.head = &v->head, compare(l, names, &s, v->head.name);
  if (d->kind != ZW_DECL_SERVICE) return;
  for (const zw_call *m = ((const zw_rpc *)d)->calls; m; m = m->next)
    s.head = &m->head, compare(l, names, &s, m->head.name);
}

void zw_lint_name_clash(zw_linter *l, const zw_lint_subject *s) {
  zw_hmap names;
  zw_hmap_init(&names, l->arena.alloc);
  if (s->head)
    compare_members(l, &names, s->decl);
  else
    compare_types(l, &names);
  zw_hmap_deinit(&names);
}
