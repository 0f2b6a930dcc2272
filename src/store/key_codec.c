/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys sort, as octets, the way their values sort.
 *
 * - integers: big-endian, the sign bit flipped where signed; booleans and enums: their integer;
 * - floats: big-endian bits; negative ones: all flipped, else the sign bit (-0 sorts before 0, NaN
 * at the ends);
 * - strings, [ubyte]: the octets with 00 written as 00 FF, and 00 00 at the end;
 * - structs, arrays of octets: raw;
 * - descending: all octets of the field complemented.
 *
 * Fields follow each other without gaps; every field ends by itself, so no key is the beginning of
 * another. A whole key is padded with 00 to a multiple of 8.
 */
#include "store_state.h"

/* A key under construction: `len` goes on counting past the limit, for the message. */
typedef struct key_writer {
  size_t len;
  uint8_t octets[ZW_KEY_MAX];
} key_writer;

typedef struct leaf_value {
  bool present;
  zw_scalar scalar;
  zw_span octets;
} leaf_value;

static void put(key_writer *w, uint8_t octet) {
  if (w->len < ZW_KEY_MAX) w->octets[w->len] = octet;
  w->len++;
}

static void put_text(key_writer *w, zw_span text) {
  for (size_t i = 0; i < text.len; i++) {
    put(w, text.ptr[i]);
    if (text.ptr[i] == 0) put(w, 0xFF);
  }
  put(w, 0);
  put(w, 0);
}

static void put_number(key_writer *w, uint64_t bits, size_t size) {
  for (size_t i = size; i-- > 0;) put(w, (uint8_t)(bits >> (8 * i)));
}

static uint64_t float_bits(double value, size_t size) {
  uint64_t bits;
  if (size == 4) {
    float narrow = (float)value;
    uint32_t half;
    memcpy(&half, &narrow, sizeof half);
    bits = half;
  } else {
    memcpy(&bits, &value, sizeof bits);
  }
  uint64_t sign = UINT64_C(1) << (8 * size - 1);
  return bits & sign ? ~bits : bits ^ sign;
}

static uint64_t integer_bits(enum zw_base_type base, zw_scalar value, size_t size) {
  return zw_base_is_signed(base) ? value.u ^ (UINT64_C(1) << (8 * size - 1)) : value.u;
}

enum zw_base_type zw_key_leaf(const zw_key_field *field, size_t *size) {
  const zw_field *f = field->path[field->depth - 1];
  bool list = f->base == ZW_T_VECTOR;
  unsigned base = list && field->each ? f->element : f->base;
  *size = 0;
  if (zw_base_is_scalar(base))
    *size = zw_base_size((enum zw_base_type)base);
  else if (base == ZW_T_OBJ && f->type && f->type->is_struct)
    *size = f->type->size;
  else if (base == ZW_T_ARRAY)
    *size = f->fixed_length;
  if (base == ZW_T_ARRAY) base = ZW_T_OBJ;
  return (enum zw_base_type)base;
}

static void put_value(key_writer *w, const zw_key_field *field, const leaf_value *value) {
  size_t size, begin = w->len;
  enum zw_base_type base = zw_key_leaf(field, &size);
  if (zw_base_is_float(base))
    put_number(w, float_bits(value->scalar.d, size), size);
  else if (zw_base_is_scalar(base))
    put_number(w, integer_bits(base, value->scalar, size), size);
  else if (size)
    for (size_t i = 0; i < size; i++) put(w, value->octets.ptr[i]);
  else
    put_text(w, value->octets);
  size_t end = w->len < ZW_KEY_MAX ? w->len : ZW_KEY_MAX;
  for (size_t i = begin; field->descending && i < end; i++) w->octets[i] = (uint8_t)~w->octets[i];
}

static int close_key(const key_writer *w, const zw_str *field, bool whole, zw_key *out,
                     zw_diag *diag) {
  size_t len = whole ? zw_pad8(w->len) : w->len;
  if (len > ZW_KEY_MAX)
    return zw_fail(diag, ZW_EKEY, "%.*s makes a key of %zu octets; at most %d. Use a shorter value",
                   ZW_ARG(*field), len, ZW_KEY_MAX);
  memcpy(out->octets, w->octets, w->len);
  memset(out->octets + w->len, 0, len - w->len);
  out->len = (uint16_t)len;
  return 0;
}

/* ---- from records ---- */

static leaf_value leaf_in_table(zw_table t, const zw_field *f) {
  leaf_value v = {false, {0}, {NULL, 0}};
  if (zw_base_is_scalar(f->base)) {
    v.present = !(f->flags & ZW_F_OPTIONAL) || zw_table_has(t, f->id);
    v.scalar = zw_field_scalar(t, f);
  } else if (f->base == ZW_T_STRING) {
    v.octets = zw_str_span(zw_table_str(t, f->id));
    v.present = v.octets.ptr != NULL;
  } else if (f->base == ZW_T_VECTOR) {
    v.octets = zw_vec_bytes(zw_table_vec(t, f->id));
    v.present = v.octets.ptr != NULL;
  } else if (f->base == ZW_T_OBJ && f->type->is_struct) {
    v.octets = zw_span_of(zw_table_struct(t, f->id), f->type->size);
    v.present = v.octets.ptr != NULL;
  }
  return v;
}

static leaf_value leaf_in_struct(const uint8_t *at, const zw_field *f) {
  leaf_value v = {true, {0}, {at + f->offset, 0}};
  if (zw_base_is_scalar(f->base)) v.scalar = zw_member_scalar(at, f);
  return v;
}

/* The table or struct that holds the last field of the path. False: something on the way is absent.
 */
static bool descend(const zw_key_field *field, zw_table *table, const uint8_t **structure) {
  *structure = NULL;
  for (unsigned i = 0; i + 1 < field->depth; i++) {
    const zw_field *f = field->path[i];
    if (*structure)
      *structure += f->offset;
    else if (f->type->is_struct)
      *structure = zw_table_struct(*table, f->id);
    else
      *table = zw_table_table(*table, f->id);
    if (!*structure && (!table->ptr || f->type->is_struct)) return false;
  }
  return true;
}

static leaf_value leaf_of(const zw_key_field *field, zw_table record) {
  const uint8_t *structure;
  const zw_field *last = field->path[field->depth - 1];
  leaf_value absent = {false, {0}, {NULL, 0}};
  if (!descend(field, &record, &structure)) return absent;
  return structure ? leaf_in_struct(structure, last) : leaf_in_table(record, last);
}

static leaf_value element_of(const zw_key_field *field, zw_vec vec, size_t i) {
  size_t size;
  enum zw_base_type base = zw_key_leaf(field, &size);
  leaf_value v = {true, {0}, {NULL, 0}};
  if (zw_base_is_scalar(base))
    v.scalar = zw_scalar_load(vec.ptr + i * size, base);
  else if (base == ZW_T_STRING)
    v.octets = zw_str_span(zw_vec_str(vec, i));
  else
    v.octets = zw_span_of(zw_vec_struct(vec, i, size), size);
  return v;
}

int zw_key_from_record(const zw_key_def *def, zw_table record, zw_key *out, zw_diag *diag) {
  key_writer w;
  w.len = 0;
  zw_str longest = def->name;
  size_t most = 0;
  for (unsigned i = 0; i < def->field_count; i++) {
    const zw_key_field *field = &def->fields[i];
    leaf_value v = leaf_of(field, record);
    if (!v.present)
      return zw_fail(diag, ZW_EKEY, "%.*s is a key field and must be there", ZW_ARG(field->name));
    size_t before = w.len;
    put_value(&w, field, &v);
    if (w.len - before <= most) continue;
    most = w.len - before;
    longest = field->name;
  }
  return close_key(&w, &longest, true, out, diag);
}

/* ---- the entries of an index ---- */

typedef struct entry_maker {
  const zw_key_def *index, *primary;
  zw_table record;
  zw_key_entry *each;
  void *ctx;
  zw_diag *diag;
} entry_maker;

static int finish_entry(const entry_maker *m, key_writer *w) {
  zw_key key;
  for (unsigned i = 0; !m->index->unique && i < m->primary->field_count; i++) {
    leaf_value v = leaf_of(&m->primary->fields[i], m->record);
    if (!v.present) return ZW_EKEY;
    put_value(w, &m->primary->fields[i], &v);
  }
  int error = close_key(w, &m->index->name, true, &key, m->diag);
  return error ? error : m->each(m->ctx, &key);
}

/* The fields from `i` on, once for every element where the field is a list. */
static int make_entries(const entry_maker *m, unsigned i, key_writer *w) {
  if (i == m->index->field_count) return finish_entry(m, w);
  const zw_key_field *field = &m->index->fields[i];
  size_t before = w->len;
  if (!field->each) {
    leaf_value v = leaf_of(field, m->record);
    if (!v.present) return 0;
    put_value(w, field, &v);
    int error = make_entries(m, i + 1, w);
    w->len = before;
    return error;
  }
  zw_table holder = m->record;
  const uint8_t *structure;
  if (!descend(field, &holder, &structure) || structure) return 0;
  zw_vec vec = zw_table_vec(holder, field->path[field->depth - 1]->id);
  int error = 0;
  for (size_t k = 0; vec.ptr && k < vec.count && !error; k++) {
    leaf_value v = element_of(field, vec, k);
    put_value(w, field, &v);
    error = make_entries(m, i + 1, w);
    w->len = before;
  }
  return error;
}

int zw_key_index_entries(const zw_key_def *index, const zw_key_def *primary, zw_table record,
                         zw_key_entry *each, void *ctx, zw_diag *diag) {
  entry_maker m = {index, primary, record, each, ctx, diag};
  key_writer w;
  w.len = 0;
  return index->field_count ? make_entries(&m, 0, &w) : 0;
}

size_t zw_key_skip(const zw_key_def *def, const uint8_t *octets, size_t len) {
  size_t at = 0;
  for (unsigned i = 0; i < def->field_count; i++) {
    size_t size;
    uint8_t flip = def->fields[i].descending ? 0xFF : 0;
    zw_key_leaf(&def->fields[i], &size);
    if (size) {
      at += size;
    } else {
      for (;; at += 2) {
        while (at < len && (octets[at] ^ flip) != 0) at++;
        if (at + 2 > len) return 0;
        if ((octets[at + 1] ^ flip) == 0) break;
      }
      at += 2;
    }
    if (at > len) return 0;
  }
  return at;
}

int zw_key_pad(zw_key *key) {
  size_t len = zw_pad8(key->len);
  if (len > ZW_KEY_MAX) return ZW_EKEY;
  memset(key->octets + key->len, 0, len - key->len);
  key->len = (uint16_t)len;
  return 0;
}

/* ---- from requests and values ---- */

/* The request's field for a key field: by its name, by "a_b" for "a.b", or by its last part. */
static const zw_field *request_field(const zw_type *type, zw_str name) {
  char flat[128];
  const zw_field *f = zw_type_field(type, name);
  if (f || name.len >= sizeof flat) return f;
  size_t part = 0;
  for (size_t i = 0; i < name.len; i++) {
    flat[i] = name.ptr[i] == '.' ? '_' : name.ptr[i];
    if (name.ptr[i] == '.') part = i + 1;
  }
  f = zw_type_field(type, (zw_str){flat, name.len});
  return f ? f : zw_type_field(type, (zw_str){name.ptr + part, name.len - part});
}

int zw_key_from_request(const zw_key_def *def, const zw_type *request_type, zw_table request,
                        zw_key *out, zw_diag *diag) {
  zw_key_field fields[ZW_KEY_FIELDS_MAX];
  zw_key_def on_request = *def;
  if (def->field_count > ZW_KEY_FIELDS_MAX)
    return zw_fail(diag, ZW_EKEY, "the key has too many fields");
  for (unsigned i = 0; i < def->field_count; i++) {
    size_t size, own;
    fields[i] = def->fields[i];
    const zw_field *f = request_field(request_type, fields[i].name);
    if (!f)
      return zw_fail(diag, ZW_EKEY, "%.*s has no field \"%.*s\" for the key",
                     ZW_ARG(request_type->name), ZW_ARG(fields[i].name));
    fields[i].path[0] = f;
    fields[i].depth = 1;
    fields[i].each = false;
    if (zw_key_leaf(&fields[i], &own) != zw_key_leaf(&def->fields[i], &size) || own != size)
      return zw_fail(diag, ZW_EKEY, "%.*s.%.*s is not of the key field's type",
                     ZW_ARG(request_type->name), ZW_ARG(f->name));
  }
  on_request.fields = fields;
  return zw_key_from_record(&on_request, request, out, diag);
}

static int check_value(const zw_key_field *field, const zw_key_value *value, zw_diag *diag) {
  size_t size;
  enum zw_base_type base = zw_key_leaf(field, &size);
  if (value->base != base)
    return zw_fail(diag, ZW_EKEY, "%.*s: the value is not of the field's type",
                   ZW_ARG(field->name));
  if (!zw_base_is_scalar(base) && !value->text.ptr)
    return zw_fail(diag, ZW_EKEY, "%.*s is a key field and must be there", ZW_ARG(field->name));
  if (base == ZW_T_OBJ && value->text.len != size)
    return zw_fail(diag, ZW_EKEY, "%.*s has %zu octets, not %zu", ZW_ARG(field->name), size,
                   value->text.len);
  return 0;
}

int zw_key_from_values(const zw_key_def *def, const zw_key_value *values, size_t count, zw_key *out,
                       zw_diag *diag) {
  key_writer w;
  w.len = 0;
  zw_str name = def->name;
  if (count > def->field_count)
    return zw_fail(diag, ZW_EKEY, "the key has %u fields, not %zu", (unsigned)def->field_count,
                   count);
  for (size_t i = 0; i < count; i++) {
    int error = check_value(&def->fields[i], &values[i], diag);
    if (error) return error;
    leaf_value v = {true, values[i].scalar, zw_str_span(values[i].text)};
    size_t before = w.len;
    put_value(&w, &def->fields[i], &v);
    if (before <= ZW_KEY_MAX && w.len > ZW_KEY_MAX) name = def->fields[i].name;
  }
  return close_key(&w, &name, count == def->field_count && zw_key_is_whole(def), out, diag);
}

/* ---- as text, to compare ---- */

static const char *const base_names[] = {
    "none", "utype", "bool",  "byte",  "ubyte",  "short",  "ushort", "int",
    "uint", "long",  "ulong", "float", "double", "string", "octets", "fixed",
};

int zw_key_codec_text(const zw_key_def *def, zw_text *out) {
  for (unsigned i = 0; i < def->field_count; i++) {
    const zw_key_field *field = &def->fields[i];
    size_t size;
    enum zw_base_type base = zw_key_leaf(field, &size);
    zw_text_printf(out, "%s%s%.*s%s:%s", i ? "," : "", field->descending ? "-" : "",
                   ZW_ARG(field->name), field->each ? "[]" : "",
                   (size_t)base < sizeof base_names / sizeof base_names[0] ? base_names[base]
                                                                           : "unknown");
    if (base == ZW_T_OBJ) zw_text_printf(out, "%zu", size);
  }
  if (def->unique) zw_text_printf(out, ",unique");
  return out->error;
}
