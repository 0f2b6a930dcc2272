/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled schema as `.bfbs`, octet for octet what flatc 25.12 writes with comments and
 * built-in attributes: declarations in the order of the text, children before parents, vectors
 * sorted by name; fields of reflection tables by falling size, as its generated code adds them.
 *
 * Two things that flatc's loses are kept unless ZW_BFBS_FLATC_EXACT: defaults of strings and
 * vectors, as an attribute "zw_default" in JSON, and defaults of ulong above the largest long.
 */
#include <stdlib.h>

#include "bfbs_buffer.h"
#include "schema_ast.h"
#include "zerowire/reflect.h"

/* Slots of reflection.fbs, which is compiled by what is written here. */
enum { TYPE_BASE, TYPE_ELEMENT, TYPE_INDEX, TYPE_FIXED_LENGTH, TYPE_BASE_SIZE, TYPE_ELEMENT_SIZE };
enum { KEY_VALUE_KEY, KEY_VALUE_VALUE };
enum { VALUE_NAME, VALUE_VALUE, VALUE_OBJECT, VALUE_TYPE, VALUE_DOCS, VALUE_ATTRIBUTES };
enum { ENUM_NAME, ENUM_VALUES, ENUM_IS_UNION, ENUM_TYPE, ENUM_ATTRIBUTES, ENUM_DOCS, ENUM_FILE };
enum {
  FIELD_NAME,
  FIELD_TYPE,
  FIELD_ID,
  FIELD_OFFSET,
  FIELD_DEFAULT_INTEGER,
  FIELD_DEFAULT_REAL,
  FIELD_DEPRECATED,
  FIELD_REQUIRED,
  FIELD_KEY,
  FIELD_ATTRIBUTES,
  FIELD_DOCS,
  FIELD_OPTIONAL,
  FIELD_PADDING,
  FIELD_OFFSET64
};
enum {
  OBJECT_NAME,
  OBJECT_FIELDS,
  OBJECT_IS_STRUCT,
  OBJECT_MINALIGN,
  OBJECT_BYTESIZE,
  OBJECT_ATTRIBUTES,
  OBJECT_DOCS,
  OBJECT_FILE
};
enum { CALL_NAME, CALL_REQUEST, CALL_RESPONSE, CALL_ATTRIBUTES, CALL_DOCS };
enum { SERVICE_NAME, SERVICE_CALLS, SERVICE_ATTRIBUTES, SERVICE_DOCS, SERVICE_FILE };
enum {
  SCHEMA_OBJECTS,
  SCHEMA_ENUMS,
  SCHEMA_IDENT,
  SCHEMA_EXTENSION,
  SCHEMA_ROOT,
  SCHEMA_SERVICES,
  SCHEMA_FEATURES,
  SCHEMA_FILES
};
enum { FILE_NAME, FILE_INCLUDED };

typedef struct writer {
  zw_compiled *c;
  zw_bfbs_buffer b;
  uint32_t flags;
  bool named;
  zw_bfbs_ref no_file;               /* the empty string that all declaration_file share */
  zw_bfbs_ref files[ZW_SOURCES_MAX]; /* else the names of sources, which are shared alike */
  zw_bfbs_ref *refs;                 /* work: a stack of refs for vectors under way */
  size_t ref_count, ref_capacity;
  zw_bfbs_ref *objects, *enums, *services; /* by index */
} writer;

/* ---- vectors under way ---- */

static void keep(writer *w, zw_bfbs_ref ref) {
  void *refs = w->refs;
  if (w->b.error) return;
  w->b.error =
      zw_array_reserve(w->b.alloc, &refs, &w->ref_capacity, w->ref_count + 1, sizeof *w->refs);
  if (w->b.error) return;
  w->refs = refs;
  w->refs[w->ref_count++] = ref;
}

/* A vector of what was kept since `mark`. */
static zw_bfbs_ref take(writer *w, size_t mark) {
  if (w->b.error) return 0;
  size_t count = w->ref_count - mark;
  zw_bfbs_ref ref = zw_bfbs_vector(&w->b, count ? w->refs + mark : NULL, count);
  w->ref_count = mark;
  return ref;
}

/* ---- what all elements have ---- */

static zw_bfbs_ref write_docs(writer *w, const zw_ast_doc *docs) {
  size_t mark = w->ref_count;
  if (!docs || w->flags & ZW_BFBS_NO_COMMENTS) return 0;
  for (; docs; docs = docs->next) keep(w, zw_bfbs_string(&w->b, docs->line));
  return take(w, mark);
}

static int by_attribute(const void *a, const void *b) {
  return zw_order((*(const zw_ast_attr *const *)a)->name, (*(const zw_ast_attr *const *)b)->name);
}

static bool is_written(const writer *w, const zw_ast_attr *a) {
  return !(w->flags & ZW_BFBS_NO_BUILTINS) || !zw_attribute_is_builtin(a->name);
}

static zw_bfbs_ref write_attributes(writer *w, const zw_ast_attr *attrs) {
  size_t n = 0, mark = w->ref_count;
  for (const zw_ast_attr *a = attrs; a; a = a->next) n += is_written(w, a);
  if (n == 0) return 0;
  const zw_ast_attr **sorted = zw_make_array(w->c, n, sizeof *sorted);
  if (!sorted) {
    w->b.error = ZW_ENOMEM;
    return 0;
  }
  n = 0;
  for (const zw_ast_attr *a = attrs; a; a = a->next)
    if (is_written(w, a)) sorted[n++] = a;
  qsort(sorted, n, sizeof *sorted, by_attribute);
  for (size_t i = 0; i < n; i++) {
    zw_bfbs_ref key = zw_bfbs_string(&w->b, sorted[i]->name);
    zw_bfbs_ref value = zw_bfbs_string(&w->b, sorted[i]->value.text);
    zw_bfbs_table(&w->b);
    zw_bfbs_add_ref(&w->b, KEY_VALUE_VALUE, value);
    zw_bfbs_add_ref(&w->b, KEY_VALUE_KEY, key);
    keep(w, zw_bfbs_table_end(&w->b));
  }
  return take(w, mark);
}

/* flatc writes the shared strings at their first use; kept here, they are the only ones. */
static zw_bfbs_ref file_name(writer *w, uint32_t source) {
  zw_bfbs_ref *ref = w->named ? &w->files[source] : &w->no_file;
  if (!*ref)
    *ref = zw_bfbs_string(&w->b, w->named ? zw_source_project_path(w->c, source) : ZW_STR(""));
  return *ref;
}

/* flatc's sizes: 1 for "no type", 4 for offsets (8 for 64-bit ones) and for inline structs and
 * arrays. */
static uint32_t size_of(uint8_t base) {
  if (base == ZW_T_NONE) return 1;
  if (base == ZW_T_VECTOR64) return 8;
  return base == ZW_T_OBJ || base == ZW_T_ARRAY ? 4
                                                : (uint32_t)zw_base_size((enum zw_base_type)base);
}

static zw_bfbs_ref write_type(writer *w, const zw_type_ref *t) {
  uint32_t index = t->object        ? t->object->decl.index
                   : t->enumeration ? t->enumeration->decl.index
                                    : UINT32_MAX;
  uint32_t element_size = size_of(t->element);
  if (t->base == ZW_T_VECTOR && t->element == ZW_T_OBJ && t->object->is_struct)
    element_size = t->object->size;
  zw_bfbs_buffer *b = &w->b;
  zw_bfbs_table(b);
  zw_bfbs_add(b, TYPE_ELEMENT_SIZE, element_size, 0, 4);
  zw_bfbs_add(b, TYPE_BASE_SIZE, size_of(t->base), 4, 4);
  zw_bfbs_add(b, TYPE_INDEX, index, UINT32_MAX, 4);
  zw_bfbs_add(b, TYPE_FIXED_LENGTH, t->fixed_length, 0, 2);
  zw_bfbs_add(b, TYPE_ELEMENT, t->element, 0, 1);
  zw_bfbs_add(b, TYPE_BASE, t->base, 0, 1);
  return zw_bfbs_table_end(b);
}

/* ---- fields ---- */

static const zw_ast_attr *with_default(writer *w, const zw_member *m) {
  bool kept = !(w->flags & ZW_BFBS_FLATC_EXACT) && m->preset.kind != ZW_LIT_NONE &&
              (m->type.base == ZW_T_STRING || zw_is_vector(m->type.base));
  zw_ast_attr *a = kept ? zw_make(w->c, sizeof *a) : NULL;
  if (!a) return m->head.attrs;
  *a = (zw_ast_attr){.next = m->head.attrs, .name = ZW_STR("zw_default")};
  a->value.text = m->preset.text;
  if (zw_is_vector(m->type.base)) return a;
  zw_text json;
  zw_json_writer sink;
  zw_token token = {.kind = ZW_TOKEN_STRING, .text = m->preset.text};
  zw_text_init(&json, w->c->alloc);
  zw_json_writer_init(&sink, &json, 0, 0);
  if (sink.writer.write(&sink.writer, &token) || json.error)
    w->b.error = ZW_ENOMEM;
  else
    a->value.text = zw_make_str(w->c, zw_text_str(&json));
  zw_text_deinit(&json);
  return a;
}

static uint64_t default_integer(const writer *w, const zw_member *m) {
  if (!zw_base_is_scalar(m->type.base) || zw_base_is_float(m->type.base)) return 0;
  bool lost = (w->flags & ZW_BFBS_FLATC_EXACT) && m->type.base == ZW_T_ULONG && m->value.i < 0;
  return lost ? 0 : m->value.u;
}

static void add_real(zw_bfbs_buffer *b, const zw_member *m) {
  uint64_t bits;
  if (!zw_base_is_float(m->type.base) || m->value.d == 0) return;
  memcpy(&bits, &m->value.d, sizeof bits);
  zw_bfbs_add(b, FIELD_DEFAULT_REAL, bits, 0, 8);
}

static zw_bfbs_ref write_field(writer *w, const zw_member *m) {
  zw_bfbs_buffer *b = &w->b;
  zw_bfbs_ref name = zw_bfbs_string(b, m->head.name);
  zw_bfbs_ref type = write_type(w, &m->type);
  zw_bfbs_ref attributes = write_attributes(w, with_default(w, m));
  zw_bfbs_ref docs = write_docs(w, m->head.docs);
  zw_bfbs_table(b);
  add_real(b, m);
  zw_bfbs_add(b, FIELD_DEFAULT_INTEGER, default_integer(w, m), 0, 8);
  zw_bfbs_add_ref(b, FIELD_DOCS, docs);
  zw_bfbs_add_ref(b, FIELD_ATTRIBUTES, attributes);
  zw_bfbs_add_ref(b, FIELD_TYPE, type);
  zw_bfbs_add_ref(b, FIELD_NAME, name);
  zw_bfbs_add(b, FIELD_PADDING, m->padding, 0, 2);
  zw_bfbs_add(b, FIELD_OFFSET, m->offset, 0, 2);
  zw_bfbs_add(b, FIELD_ID, m->id, 0, 2);
  zw_bfbs_add(b, FIELD_OFFSET64, m->offset64, 0, 1);
  zw_bfbs_add(b, FIELD_OPTIONAL, m->optional, 0, 1);
  zw_bfbs_add(b, FIELD_KEY, m->key, 0, 1);
  zw_bfbs_add(b, FIELD_REQUIRED, m->required, 0, 1);
  zw_bfbs_add(b, FIELD_DEPRECATED, m->deprecated, 0, 1);
  return zw_bfbs_table_end(b);
}

/* ---- objects ---- */

typedef struct named_ref {
  zw_str name;
  zw_bfbs_ref ref;
} named_ref;

static int by_name(const void *a, const void *b) {
  return zw_order(((const named_ref *)a)->name, ((const named_ref *)b)->name);
}

/* Fields are written by slot, and listed by name. */
static named_ref *write_fields(writer *w, const zw_object *o) {
  named_ref *list = zw_make_array(w->c, o->member_count, sizeof *list);
  for (uint32_t i = 0; i < o->member_count && list; i++)
    list[i] = (named_ref){o->by_id[i]->head.name, write_field(w, o->by_id[i])};
  if (list)
    qsort(list, o->member_count, sizeof *list, by_name);
  else
    w->b.error = ZW_ENOMEM;
  return list;
}

static void write_object(writer *w, const zw_object *o) {
  zw_bfbs_buffer *b = &w->b;
  size_t mark = w->ref_count;
  named_ref *list = write_fields(w, o);
  zw_bfbs_ref name = zw_bfbs_string(b, o->decl.full);
  for (uint32_t i = 0; i < o->member_count && list; i++) keep(w, list[i].ref);
  zw_bfbs_ref fields = take(w, mark);
  zw_bfbs_ref attributes = write_attributes(w, o->decl.head.attrs);
  zw_bfbs_ref docs = write_docs(w, o->decl.head.docs);
  zw_bfbs_ref file = file_name(w, o->decl.head.at.file);
  zw_bfbs_table(b);
  zw_bfbs_add_ref(b, OBJECT_FILE, file);
  zw_bfbs_add_ref(b, OBJECT_DOCS, docs);
  zw_bfbs_add_ref(b, OBJECT_ATTRIBUTES, attributes);
  zw_bfbs_add(b, OBJECT_BYTESIZE, o->size, 0, 4);
  zw_bfbs_add(b, OBJECT_MINALIGN, o->align, 0, 4);
  zw_bfbs_add_ref(b, OBJECT_FIELDS, fields);
  zw_bfbs_add_ref(b, OBJECT_NAME, name);
  zw_bfbs_add(b, OBJECT_IS_STRUCT, o->is_struct, 0, 1);
  w->objects[o->decl.index] = zw_bfbs_table_end(b);
}

/* ---- enums ---- */

static zw_bfbs_ref write_value(writer *w, const zw_value *v) {
  zw_bfbs_buffer *b = &w->b;
  zw_bfbs_ref name = zw_bfbs_string(b, v->head.name);
  zw_bfbs_ref type = write_type(w, &v->type);
  zw_bfbs_ref attributes = write_attributes(w, v->head.attrs);
  zw_bfbs_ref docs = write_docs(w, v->head.docs);
  zw_bfbs_table(b);
  zw_bfbs_add(b, VALUE_VALUE, (uint64_t)v->number, 0, 8);
  zw_bfbs_add_ref(b, VALUE_ATTRIBUTES, attributes);
  zw_bfbs_add_ref(b, VALUE_DOCS, docs);
  zw_bfbs_add_ref(b, VALUE_TYPE, type);
  zw_bfbs_add_ref(b, VALUE_NAME, name);
  return zw_bfbs_table_end(b);
}

static void write_enum(writer *w, zw_enumeration *e) {
  zw_bfbs_buffer *b = &w->b;
  size_t mark = w->ref_count;
  for (uint32_t i = 0; i < e->value_count; i++) keep(w, write_value(w, e->sorted[i]));
  zw_type_ref underlying = {.base = e->base, .enumeration = e};
  zw_bfbs_ref name = zw_bfbs_string(b, e->decl.full);
  zw_bfbs_ref values = take(w, mark);
  zw_bfbs_ref type = write_type(w, &underlying);
  zw_bfbs_ref attributes = write_attributes(w, e->decl.head.attrs);
  zw_bfbs_ref docs = write_docs(w, e->decl.head.docs);
  zw_bfbs_ref file = file_name(w, e->decl.head.at.file);
  zw_bfbs_table(b);
  zw_bfbs_add_ref(b, ENUM_FILE, file);
  zw_bfbs_add_ref(b, ENUM_DOCS, docs);
  zw_bfbs_add_ref(b, ENUM_ATTRIBUTES, attributes);
  zw_bfbs_add_ref(b, ENUM_TYPE, type);
  zw_bfbs_add_ref(b, ENUM_VALUES, values);
  zw_bfbs_add_ref(b, ENUM_NAME, name);
  zw_bfbs_add(b, ENUM_IS_UNION, e->is_union, 0, 1);
  w->enums[e->decl.index] = zw_bfbs_table_end(b);
}

/* ---- services ---- */

static zw_bfbs_ref write_call(writer *w, const zw_call *call) {
  zw_bfbs_buffer *b = &w->b;
  zw_bfbs_ref name = zw_bfbs_string(b, call->head.name);
  zw_bfbs_ref attributes = write_attributes(w, call->head.attrs);
  zw_bfbs_ref docs = write_docs(w, call->head.docs);
  zw_bfbs_table(b);
  zw_bfbs_add_ref(b, CALL_DOCS, docs);
  zw_bfbs_add_ref(b, CALL_ATTRIBUTES, attributes);
  zw_bfbs_add_ref(b, CALL_RESPONSE, w->objects[call->response.object->decl.index]);
  zw_bfbs_add_ref(b, CALL_REQUEST, w->objects[call->request.object->decl.index]);
  zw_bfbs_add_ref(b, CALL_NAME, name);
  return zw_bfbs_table_end(b);
}

static void write_service(writer *w, const zw_rpc *s) {
  zw_bfbs_buffer *b = &w->b;
  size_t mark = w->ref_count;
  for (const zw_call *call = s->calls; call; call = call->next) keep(w, write_call(w, call));
  zw_bfbs_ref name = zw_bfbs_string(b, s->decl.full);
  zw_bfbs_ref calls = take(w, mark);
  zw_bfbs_ref attributes = write_attributes(w, s->decl.head.attrs);
  zw_bfbs_ref docs = write_docs(w, s->decl.head.docs);
  zw_bfbs_ref file = file_name(w, s->decl.head.at.file);
  zw_bfbs_table(b);
  zw_bfbs_add_ref(b, SERVICE_FILE, file);
  zw_bfbs_add_ref(b, SERVICE_DOCS, docs);
  zw_bfbs_add_ref(b, SERVICE_ATTRIBUTES, attributes);
  zw_bfbs_add_ref(b, SERVICE_CALLS, calls);
  zw_bfbs_add_ref(b, SERVICE_NAME, name);
  w->services[s->decl.index] = zw_bfbs_table_end(b);
}

/* ---- the whole ---- */

static void write_kind(writer *w, unsigned kinds) {
  for (zw_decl *d = w->c->first; d && !w->b.error; d = d->next) {
    if (!((kinds >> d->kind) & 1)) continue;
    if (d->kind == ZW_DECL_SERVICE)
      write_service(w, (zw_rpc *)d);
    else if (d->kind == ZW_DECL_ENUM || d->kind == ZW_DECL_UNION)
      write_enum(w, (zw_enumeration *)d);
    else
      write_object(w, (zw_object *)d);
  }
}

/* Sources by the paths that they were reached by, which is flatc's order. */
static int by_path(const void *left, const void *right) {
  const zw_source *a = *(zw_source *const *)left, *b = *(zw_source *const *)right;
  return zw_order(a->name, b->name);
}

static uint32_t index_of(const zw_compiled *c, const zw_source *source) {
  uint32_t i = 0;
  while (c->sources[i] != source) i++;
  return i;
}

static named_ref write_file(writer *w, uint32_t source) {
  zw_source *included[ZW_SOURCES_MAX];
  size_t count = 0, mark = w->ref_count;
  zw_bfbs_ref name = file_name(w, source);
  for (const zw_included *i = w->c->sources[source]->includes; i; i = i->next)
    included[count++] = w->c->sources[i->source];
  qsort(included, count, sizeof included[0], by_path);
  for (size_t i = 0; i < count; i++) keep(w, file_name(w, index_of(w->c, included[i])));
  zw_bfbs_ref list = take(w, mark);
  zw_bfbs_table(&w->b);
  zw_bfbs_add_ref(&w->b, FILE_INCLUDED, list);
  zw_bfbs_add_ref(&w->b, FILE_NAME, name);
  return (named_ref){zw_source_project_path(w->c, source), zw_bfbs_table_end(&w->b)};
}

/* Every file with those that it includes. */
static zw_bfbs_ref write_files(writer *w) {
  zw_source *sources[ZW_SOURCES_MAX];
  named_ref list[ZW_SOURCES_MAX];
  size_t count = w->c->source_count, mark = w->ref_count;
  memcpy(sources, w->c->sources, count * sizeof sources[0]);
  qsort(sources, count, sizeof sources[0], by_path);
  for (size_t i = 0; i < count; i++) list[i] = write_file(w, index_of(w->c, sources[i]));
  qsort(list, count, sizeof list[0], by_name);
  for (size_t i = 0; i < count; i++) keep(w, list[i].ref);
  return take(w, mark);
}

static void write_schema(writer *w) {
  zw_compiled *c = w->c;
  zw_bfbs_buffer *b = &w->b;
  write_kind(w, 1u << ZW_DECL_TABLE | 1u << ZW_DECL_STRUCT);
  write_kind(w, 1u << ZW_DECL_ENUM | 1u << ZW_DECL_UNION);
  write_kind(w, 1u << ZW_DECL_SERVICE);
  zw_bfbs_ref files = w->named ? write_files(w) : 0;
  zw_bfbs_ref objects = zw_bfbs_vector(b, w->objects, c->object_count);
  zw_bfbs_ref enums = zw_bfbs_vector(b, w->enums, c->enum_count);
  zw_bfbs_ref identifier = zw_bfbs_string(b, c->identifier);
  zw_bfbs_ref extension = zw_bfbs_string(b, c->extension);
  zw_bfbs_ref services = zw_bfbs_vector(b, w->services, c->service_count);
  zw_bfbs_table(b);
  zw_bfbs_add(b, SCHEMA_FEATURES, c->features, 0, 8);
  zw_bfbs_add_ref(b, SCHEMA_FILES, files);
  zw_bfbs_add_ref(b, SCHEMA_SERVICES, services);
  zw_bfbs_add_ref(b, SCHEMA_ROOT, c->root ? w->objects[c->root->decl.index] : 0);
  zw_bfbs_add_ref(b, SCHEMA_EXTENSION, extension);
  zw_bfbs_add_ref(b, SCHEMA_IDENT, identifier);
  zw_bfbs_add_ref(b, SCHEMA_ENUMS, enums);
  zw_bfbs_add_ref(b, SCHEMA_OBJECTS, objects);
  zw_bfbs_finish(b, zw_bfbs_table_end(b), "BFBS");
}

int zw_bfbs_write(zw_compiled *c, uint32_t flags, bool named, zw_diag *diag) {
  writer w = {.c = c, .flags = flags, .named = named};
  zw_bfbs_init(&w.b, c->alloc);
  w.objects = zw_make_array(c, c->object_count, sizeof *w.objects);
  w.enums = zw_make_array(c, c->enum_count, sizeof *w.enums);
  w.services = zw_make_array(c, c->service_count, sizeof *w.services);
  if (!c->failed_memory) write_schema(&w);
  uint8_t *out = c->failed_memory || w.b.error ? NULL : zw_make(c, w.b.len);
  int error = c->failed_memory ? ZW_ENOMEM : w.b.error;
  if (out) {
    zw_bfbs_copy(&w.b, out);
    c->bfbs = zw_span_of(out, w.b.len);
  }
  zw_alloc_free(c->alloc, w.refs, w.ref_capacity * sizeof *w.refs);
  zw_bfbs_deinit(&w.b);
  return error ? zw_fail(diag, error, "the compiled schema cannot be written") : 0;
}
