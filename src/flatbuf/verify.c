/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification: one recursive engine over descriptors.
 *
 * A table is checked in two steps. First its fields: eight slots of the vtable at a time are
 * compared with a block of the descriptor (slots.h), all in their lanes and without a branch; only
 * where that finds something amiss, or cannot tell, are fields looked at one by one. Then what they
 * refer to, by the block's bits. The outcome of the first step is kept for the next table.
 *
 * Invariants. `pos` is always inside the buffer, with room for 4 octets, before anything is loaded
 * from it. Every offset that is followed costs one of a budget that is proportional to the length,
 * and so does every octet that is looked at one by one, so that shared sub-objects cannot multiply
 * the work; nesting is bounded; nested buffers share all three. Lengths are below 2^31: ranges are
 * computed in 64 bits, or in 32 bits as `x - 1 < last - pos`, where a 0 wraps to above all lengths
 * on purpose, as does a vtable before the buffer.
 *
 * The path of a field for messages is a chain of stack frames, walked only when something is wrong.
 */
#include <stdio.h>

#include "slots.h"

typedef struct step {
  const struct step *up;
  const zw_field *field; /* NULL: the root */
  int64_t index;         /* of a vector's element; -1: none */
  uint32_t depth;        /* tables and nested buffers around the field */
} step;

/* Eight slots of a vtable, looked at at once: as numbers, and as what a comparison gives or takes.
 */
typedef int16_t truths __attribute__((vector_size(2 * ZW_SLOTS_LANES)));
typedef uint16_t lanes __attribute__((vector_size(2 * ZW_SLOTS_LANES)));

#define ONES UINT16_MAX
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/*
 * The last table whose fields are placed well. Another one of its type, with the same vtable, at a
 * position that is aligned alike, is so too: it needs to be in the buffer. Tables that follow each
 * other share a vtable nearly always.
 */
typedef struct seen {
  const zw_type *type; /* NULL: none */
  uint32_t vtable, pos;
  uint16_t size, align;
  uint8_t strings, others; /* fields to follow, as in zw_slots, that the vtable has slots for */
} seen;

typedef struct verifier {
  const uint8_t *buf;
  uint32_t len, last; /* last: len - 4, where the last offset may be */
  uint32_t depth_max;
  uint32_t flags;
  uint64_t offsets, octets; /* what is left of the budget */
  const zw_type *root;
  zw_diag *diag;
  seen seen;
} verifier;

static int verify_table(verifier *v, const zw_type *type, uint32_t pos, const step *path);
static int verify_table_vector(verifier *v, const zw_type *type, uint32_t pos, step *path);

/* ---- messages ---- */

static size_t print_path(const step *path, char *out, size_t size) {
  if (!path->field) return 0;
  size_t n = print_path(path->up, out, size);
  if (n + 1 >= size) return n;
  int w = snprintf(out + n, size - n, "%s%.*s", n ? "." : "", ZW_ARG(path->field->name));
  n = w < 0 ? n : n + (size_t)w < size ? n + (size_t)w : size - 1;
  if (path->index < 0 || n + 1 >= size) return n;
  w = snprintf(out + n, size - n, "[%lld]", (long long)path->index);
  return w < 0 ? n : n + (size_t)w < size ? n + (size_t)w : size - 1;
}

#define NOINLINE __attribute__((noinline))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define COLD __attribute__((cold, noinline))

COLD static int refuse(const verifier *v, const step *path, int error, uint64_t at,
                       const char *what) {
  if (!v->diag) return error;
  char text[160] = "";
  size_t n = print_path(path, text, sizeof text);
  return zw_fail_at(v->diag, error, at, "%.*s%s%s: %s, at octet %llu", ZW_ARG(v->root->name),
                    n ? "." : "", text, what, (unsigned long long)at);
}

/* ---- ranges ---- */

/* Both are below 2^50, so that the sum cannot wrap. */
static inline bool in_range(const verifier *v, uint64_t pos, uint64_t len) {
  return pos + len <= v->len;
}

static inline bool aligned(const verifier *v, uint64_t pos, size_t align) {
  return (pos & (align - 1)) == 0 || v->flags & ZW_VERIFY_UNALIGNED;
}

/* Pays for following `count` offsets. */
static inline int pay(verifier *v, const step *path, uint32_t at, uint64_t count) {
  if (UNLIKELY(__builtin_sub_overflow(v->offsets, count, &v->offsets)))
    return refuse(v, path, ZW_ELIMIT, at, "more offsets than the length allows");
  return 0;
}

/* Whether the offset at `pos` is not 0 and leads to 4 octets inside, aligned. */
static inline bool leads_inside(const verifier *v, uint32_t pos, uint32_t offset) {
  return offset - 1 < v->last - pos && ((pos + offset) & 3) == 0;
}

/* What is left to say where leads_inside says no: only the alignment may be excused. */
COLD static int check_offset(const verifier *v, const step *path, uint32_t pos) {
  if (zw_load_le32(v->buf + pos) - 1 >= v->last - pos)
    return refuse(v, path, ZW_EVERIFY, pos, "an offset leads out of the buffer");
  if (v->flags & ZW_VERIFY_UNALIGNED) return 0;
  return refuse(v, path, ZW_EVERIFY, pos, "an offset is not aligned");
}

/* Where the offset at `pos`, which is paid for, leads. */
static inline int resolve(const verifier *v, const step *path, uint32_t pos, uint32_t *target) {
  uint32_t offset = zw_load_le32(v->buf + pos);
  *target = pos + offset;
  return LIKELY(leads_inside(v, pos, offset)) ? 0 : check_offset(v, path, pos);
}

static inline int follow(verifier *v, const step *path, uint32_t pos, uint32_t *target) {
  int error = pay(v, path, pos, 1);
  return error ? error : resolve(v, path, pos, target);
}

/* Pays for looking at `count` octets. */
static int scan(verifier *v, const step *path, uint32_t at, uint64_t count) {
  if (count > v->octets)
    return refuse(v, path, ZW_ELIMIT, at, "more octets to look at than the length allows");
  v->octets -= count;
  return 0;
}

/* The path of a field of the table at `path`. */
static inline step below(const step *path, const zw_field *field) {
  return (step){path, field, -1, path->depth + 1};
}

/* ---- strings and vectors ---- */

/* The offset at `pos` is paid for. */
static int verify_paid_string(verifier *v, const step *path, uint32_t pos) {
  uint32_t at;
  int error = resolve(v, path, pos, &at);
  if (error) return error;
  uint32_t len = zw_load_le32(v->buf + at);
  if (!in_range(v, (uint64_t)at + 4, (uint64_t)len + 1))
    return refuse(v, path, ZW_EVERIFY, at, "a string leads out of the buffer");
  if (v->buf[at + 4 + len] != 0)
    return refuse(v, path, ZW_EVERIFY, at, "a string is not terminated");
  if (!(v->flags & ZW_VERIFY_UTF8)) return 0;
  zw_str text = {(const char *)v->buf + at + 4, len};
  if ((error = scan(v, path, at, len))) return error;
  return zw_utf8_valid(text) ? 0 : refuse(v, path, ZW_EVERIFY, at, "a string is not UTF-8");
}

static int verify_string(verifier *v, const step *path, uint32_t pos) {
  int error = pay(v, path, pos, 1);
  return error ? error : verify_paid_string(v, path, pos);
}

COLD static int verify_string_field(verifier *v, const zw_field *field, const step *path,
                                    uint32_t pos) {
  step here = below(path, field);
  return verify_paid_string(v, &here, pos);
}

/* Whether verify_paid_string would accept it, but for UTF-8: most strings never
 * need a path for messages. */
static inline bool is_good_string(const verifier *v, uint32_t pos) {
  uint32_t offset = zw_load_le32(v->buf + pos), at = pos + offset;
  if (UNLIKELY(!leads_inside(v, pos, offset))) return false;
  uint32_t len = zw_load_le32(v->buf + at);
  return len < v->last - at && v->buf[(size_t)at + 4 + len] == 0;
}

/* *first: position of element 0. */
static inline int verify_vector_range(verifier *v, const step *path, uint32_t pos, size_t size,
                                      size_t align, uint32_t *first, uint32_t *count) {
  uint32_t at = 0;
  int error = follow(v, path, pos, &at);
  if (error) return error;
  *count = zw_load_le32(v->buf + at);
  *first = at + 4;
  if (!in_range(v, *first, (uint64_t)*count * size))
    return refuse(v, path, ZW_EVERIFY, at, "a vector leads out of the buffer");
  if (*count && !aligned(v, *first, align))
    return refuse(v, path, ZW_EVERIFY, at, "a vector is not aligned");
  return 0;
}

/* A buffer in a vector of octets, verified with the same budget. */
static int verify_nested(verifier *v, const zw_field *field, const step *path, uint32_t first,
                         uint32_t count) {
  verifier nested = *v;
  if (count == 0) return 0;
  nested.buf += first;
  nested.seen.type = NULL;
  nested.len = count;
  if (count < 8) return refuse(v, path, ZW_EVERIFY, first, "a nested buffer is too short");
  nested.last = count - 4;
  uint32_t root = 0;
  step inside = *path;
  inside.depth++;
  int error = follow(&nested, &inside, 0, &root);
  if (!error) error = verify_table(&nested, field->type, root, &inside);
  v->offsets = nested.offsets;
  v->octets = nested.octets;
  return error;
}

static int verify_enum_values(verifier *v, const zw_field *field, const step *path, uint32_t first,
                              uint32_t count) {
  size_t size = zw_base_size((enum zw_base_type)field->element);
  int error = scan(v, path, first, (uint64_t)count * size);
  if (error) return error;
  for (uint32_t i = 0; i < count; i++) {
    zw_scalar s = zw_scalar_load(v->buf + first + i * size, (enum zw_base_type)field->element);
    if (!zw_enum_by_value(field->enum_type, s.i))
      return refuse(v, path, ZW_EVERIFY, first + i * size, "an enum value is not declared");
  }
  return 0;
}

static bool checks_enum(const verifier *v, const zw_field *field) {
  return (v->flags & ZW_VERIFY_ENUMS) && field->enum_type && !field->enum_type->is_union &&
         !field->enum_type->bit_flags;
}

static int verify_vector(verifier *v, const zw_field *field, step *path, uint32_t pos) {
  bool of_structs = field->element == ZW_T_OBJ && field->type->is_struct;
  size_t size = of_structs ? field->type->size : zw_base_size((enum zw_base_type)field->element);
  size_t align = of_structs ? field->type->align : size;
  uint32_t first, count;
  int error = verify_vector_range(v, path, pos, size, align, &first, &count);
  if (error || of_structs) return error;
  if (field->flags & ZW_F_NESTED) return verify_nested(v, field, path, first, count);
  if (checks_enum(v, field)) return verify_enum_values(v, field, path, first, count);
  if (field->element != ZW_T_STRING) return 0;
  error = pay(v, path, first, count);
  bool utf8 = v->flags & ZW_VERIFY_UTF8;
  for (uint32_t i = 0; i < count && !error; i++) {
    if (!utf8 && is_good_string(v, first + 4 * i)) continue;
    path->index = i;
    error = verify_paid_string(v, path, first + 4 * i);
  }
  return error;
}

/* ---- unions ---- */

static int verify_union_value(verifier *v, const zw_enum_type *type, const step *path,
                              uint8_t number, uint32_t pos) {
  const zw_enum_value *member = number < type->value_count ? &type->values[number] : NULL;
  uint32_t at = 0;
  if (!member || member->value != number) member = zw_enum_by_value(type, number); /* with gaps */
  if (!member && (v->flags & ZW_VERIFY_STRICT_UNIONS))
    return refuse(v, path, ZW_EVERIFY, pos, "an unknown union member");
  if (member && member->base == ZW_T_STRING) return verify_string(v, path, pos);
  int error = follow(v, path, pos, &at);
  if (error || !member) return error;
  if (!member->type) return refuse(v, path, ZW_EVERIFY, pos, "a union value without a type");
  if (!member->type->is_struct) return verify_table(v, member->type, at, path);
  if (!in_range(v, at, member->type->size))
    return refuse(v, path, ZW_EVERIFY, at, "a struct leads out of the buffer");
  return aligned(v, at, member->type->align)
             ? 0
             : refuse(v, path, ZW_EVERIFY, at, "a struct is not aligned");
}

/* The position of a present field, else 0. The slot before a union's holds its type. */
static uint32_t inline_field(const verifier *v, uint32_t table, unsigned id) {
  uint32_t vtable = table - zw_load_le32(v->buf + table);
  uint32_t at = 4 + 2 * id;
  if (at + 2 > zw_load_le16(v->buf + vtable)) return 0;
  uint32_t offset = zw_load_le16(v->buf + vtable + at);
  return offset ? table + offset : 0;
}

static int verify_union(verifier *v, const zw_field *field, const step *path, uint32_t table,
                        uint32_t pos) {
  uint32_t type_at = inline_field(v, table, field->id - 1u);
  uint8_t number = type_at ? v->buf[type_at] : 0;
  if (number == 0) return refuse(v, path, ZW_EVERIFY, pos, "a union value without a type");
  return verify_union_value(v, field->enum_type, path, number, pos);
}

static int verify_union_vector(verifier *v, const zw_field *field, step *path, uint32_t table,
                               uint32_t pos) {
  uint32_t type_at = inline_field(v, table, field->id - 1u), types, type_count, first, count;
  if (!type_at) return refuse(v, path, ZW_EVERIFY, pos, "a vector of unions without its types");
  int error = verify_vector_range(v, path, type_at, 1, 1, &types, &type_count);
  if (!error) error = verify_vector_range(v, path, pos, 4, 4, &first, &count);
  if (error) return error;
  if (count != type_count)
    return refuse(v, path, ZW_EVERIFY, pos, "a vector of unions and its types differ in length");
  error = scan(v, path, types, count);
  for (uint32_t i = 0; i < count && !error; i++) {
    path->index = i;
    if (v->buf[types + i] != 0)
      error = verify_union_value(v, field->enum_type, path, v->buf[types + i], first + 4 * i);
  }
  return error;
}

/* Who counts the types reads as many values. */
static int verify_union_types(verifier *v, step *path, uint32_t table, uint32_t pos) {
  uint32_t first, count;
  int error = verify_vector_range(v, path, pos, 1, 1, &first, &count);
  if (error || count == 0 || inline_field(v, table, path->field->id + 1u)) return error;
  return refuse(v, path, ZW_EVERIFY, pos, "types of a vector of unions without its values");
}

/* ---- tables ---- */

/* The field's own octets are in range and aligned; what it refers to follows. */
static NOINLINE int verify_field(verifier *v, step *path, uint32_t table, uint32_t pos) {
  const zw_field *field = path->field;
  switch (field->base) {
    case ZW_T_STRING: return verify_string(v, path, pos);
    case ZW_T_VECTOR:
      if (field->element == ZW_T_UNION) return verify_union_vector(v, field, path, table, pos);
      if (field->element == ZW_T_UTYPE) return verify_union_types(v, path, table, pos);
      return verify_vector(v, field, path, pos);
    case ZW_T_UNION: return verify_union(v, field, path, table, pos);
    case ZW_T_OBJ: {
      uint32_t at = 0;
      if (field->type->is_struct) return 0;
      int error = follow(v, path, pos, &at);
      return error ? error : verify_table(v, field->type, at, path);
    }
    default: break;
  }
  if (!checks_enum(v, field)) return 0;
  zw_scalar s = zw_scalar_load(v->buf + pos, (enum zw_base_type)field->base);
  return zw_enum_by_value(field->enum_type, s.i)
             ? 0
             : refuse(v, path, ZW_EVERIFY, pos, "an enum value is not declared");
}

COLD static int refuse_depth(const verifier *v, const step *path, uint32_t pos) {
  return refuse(v, path, ZW_ELIMIT, pos, "nested too deeply");
}

COLD static int refuse_vtable(const verifier *v, const step *path, uint32_t pos, uint32_t vtable) {
  if (vtable > v->last || vtable & 1)
    return refuse(v, path, ZW_EVERIFY, pos, "a table without a valid vtable");
  return refuse(v, path, ZW_EVERIFY, vtable, "a vtable leads out of the buffer");
}

COLD static int refuse_table(const verifier *v, const step *path, uint32_t pos) {
  return refuse(v, path, ZW_EVERIFY, pos, "a table leads out of the buffer");
}

/* Whether these fields are in their table and aligned, or absent and not required; one by one, and
 * says which is not. */
COLD static int check_fields(const verifier *v, const zw_field *field, unsigned count, uint32_t pos,
                             const step *path) {
  uint32_t vtable = pos - zw_load_le32(v->buf + pos), table = zw_load_le16(v->buf + vtable + 2);
  for (; count; count--, field++) {
    step here = below(path, field);
    uint32_t at = inline_field(v, pos, field->id), align, size = zw_slot_size(field, &align);
    if (at == 0) {
      if (!(field->flags & ZW_F_REQUIRED) || v->flags & ZW_VERIFY_NO_REQUIRED) continue;
      return refuse(v, &here, ZW_EVERIFY, pos, "a required field is missing");
    }
    if (at - pos < 4 || at - pos + size > table)
      return refuse(v, &here, ZW_EVERIFY, pos, "a field leads out of its table");
    if (!aligned(v, at, align)) return refuse(v, &here, ZW_EVERIFY, at, "a field is not aligned");
  }
  return 0;
}

/* Whether check_fields would find nothing whatever is excused, lane by lane and without a branch,
 * for tables below 32 KiB. The first `count` slots are those of fields. */
static inline bool are_placed(const verifier *v, const zw_slots *block, uint32_t slots,
                              unsigned count, uint32_t pos, uint32_t table_size) {
  static const uint16_t known[2 * ZW_SLOTS_LANES] = {ONES, ONES, ONES, ONES,
                                                     ONES, ONES, ONES, ONES};
  lanes offset, mask, size, align, required;
  memcpy(&offset, v->buf + slots, sizeof offset);
  memcpy(&mask, known + ZW_SLOTS_LANES - count, sizeof mask);
  memcpy(&size, block->size, sizeof size);
  memcpy(&align, block->align, sizeof align);
  memcpy(&required, block->required, sizeof required);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  offset = offset << 8 | offset >> 8;
#endif
  offset &= mask;
  truths at = (truths)offset, room = (truths)((lanes){0} + (uint16_t)table_size - size);
  lanes absent = (lanes)(offset == 0);
  lanes bad = (lanes)(at < 4) | (lanes)(at > room) | ((offset + (uint16_t)pos) & align);
  bad = (bad & ~absent) | (absent & required);
  uint64_t halves[2];
  memcpy(halves, &bad, sizeof halves);
  return (halves[0] | halves[1]) == 0;
}

/* The strings among eight fields, a bit each; *followed grows by those that are there, which the
 * caller pays for. */
static inline int verify_strings(verifier *v, const zw_field *fields, const step *path,
                                 uint32_t pos, uint32_t slots, unsigned strings,
                                 uint64_t *followed) {
  for (; strings; strings &= strings - 1) {
    unsigned i = (unsigned)__builtin_ctz(strings);
    uint32_t offset = zw_load_le16(v->buf + slots + 2 * i);
    if (offset == 0) continue;
    ++*followed;
    if (LIKELY(is_good_string(v, pos + offset))) continue;
    int error = verify_string_field(v, &fields[i], path, pos + offset);
    if (error) return error;
  }
  return 0;
}

/* The other fields that refer to something. The type of a union has been placed: its id is lower.
 */
static inline int verify_others(verifier *v, const zw_field *fields, const step *path, uint32_t pos,
                                uint32_t slots, unsigned others) {
  for (; others; others &= others - 1) {
    unsigned i = (unsigned)__builtin_ctz(others);
    uint32_t offset = zw_load_le16(v->buf + slots + 2 * i);
    if (offset == 0) continue;
    const zw_field *field = &fields[i];
    step here = below(path, field);
    bool tables =
        field->base == ZW_T_VECTOR && field->element == ZW_T_OBJ && !field->type->is_struct;
    int error = tables ? verify_table_vector(v, field->type, pos + offset, &here)
                       : verify_field(v, &here, pos, pos + offset);
    if (error) return error;
  }
  return 0;
}

static inline int verify_refs(verifier *v, const zw_field *fields, const step *path, uint32_t pos,
                              uint32_t slots, unsigned strings, unsigned others) {
  uint64_t followed = 0;
  int error = verify_strings(v, fields, path, pos, slots, strings, &followed);
  if (!error) error = pay(v, path, pos, followed);
  return error ? error : verify_others(v, fields, path, pos, slots, others);
}

/* Eight fields from `first`: where they are; *strings and *others: those to follow. */
static inline int place_fields(const verifier *v, const zw_type *type, const zw_slots *block,
                               unsigned first, uint32_t pos, uint32_t vtable, const step *path,
                               unsigned *strings, unsigned *others) {
  uint32_t known = zw_load_le16(v->buf + vtable) / 2u - 2, size = zw_load_le16(v->buf + vtable + 2);
  uint32_t slots = vtable + 4 + 2 * first, fields = type->field_count - first;
  unsigned count = known < first ? 0 : known - first < fields ? known - first : fields;
  if (count > ZW_SLOTS_LANES) count = ZW_SLOTS_LANES;
  unsigned there = (1u << count) - 1;
  if (UNLIKELY(size > INT16_MAX || slots + sizeof(lanes) > v->len ||
               !are_placed(v, block, slots, count, pos, size))) {
    if (fields > ZW_SLOTS_LANES) fields = ZW_SLOTS_LANES;
    int error = check_fields(v, type->fields + first, fields, pos, path);
    if (error) return error;
  }
  *strings = block->strings & there;
  *others = block->others & there;
  if (UNLIKELY(v->flags & (ZW_VERIFY_UTF8 | ZW_VERIFY_ENUMS))) {
    *others = v->flags & ZW_VERIFY_ENUMS ? there : *strings | *others;
    *strings = 0;
  }
  return 0;
}

static inline bool has_required(const zw_slots *block) {
  uint64_t halves[2];
  memcpy(halves, block->required, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

/* The fields of a table with more than one block, or whose type has none. */
static NOINLINE int verify_blocks(verifier *v, const zw_type *type, uint32_t pos, uint32_t vtable,
                                  const step *path) {
  unsigned known = zw_load_le16(v->buf + vtable) / 2u - 2;
  for (unsigned first = 0; first < type->field_count; first += ZW_SLOTS_LANES) {
    zw_slots made;
    unsigned strings, others, index = first / ZW_SLOTS_LANES;
    if (!type->slots) zw_slots_make(type, index, &made);
    const zw_slots *block = type->slots ? &type->slots[index] : &made;
    if (first >= known && !has_required(block)) continue;
    int error = place_fields(v, type, block, first, pos, vtable, path, &strings, &others);
    if (!error)
      error =
          verify_refs(v, type->fields + first, path, pos, vtable + 4 + 2 * first, strings, others);
    if (error) return error;
  }
  return 0;
}

static inline bool is_seen(const verifier *v, const zw_type *type, uint32_t pos, uint32_t vtable) {
  const seen *last = &v->seen;
  return last->type == type && last->vtable == vtable && ((last->pos ^ pos) & last->align) == 0;
}

/* A table at `pos`, with room for 4 octets. Inlined where most tables come from: at the root, and
 * in vectors. */
static ALWAYS_INLINE int check_table(verifier *v, const zw_type *type, uint32_t pos,
                                     const step *path) {
  if (UNLIKELY(path->depth >= v->depth_max)) return refuse_depth(v, path, pos);
  uint32_t vtable = pos - zw_load_le32(v->buf + pos); /* below 0: above the length, too */
  if (UNLIKELY(vtable > v->last)) return refuse_vtable(v, path, pos, vtable);
  uint32_t octets = zw_load_le16(v->buf + vtable), size = zw_load_le16(v->buf + vtable + 2);
  if (UNLIKELY(octets - 4 > v->last - vtable || (vtable | octets) & 1))
    return refuse_vtable(v, path, pos, vtable);
  if (UNLIKELY(size - 4 > v->last - pos)) return refuse_table(v, path, pos);
  const zw_slots *block = type->slots;
  if (UNLIKELY(type->field_count > ZW_SLOTS_LANES || !block))
    return verify_blocks(v, type, pos, vtable, path);
  unsigned strings, others;
  int error = place_fields(v, type, block, 0, pos, vtable, path, &strings, &others);
  if (error) return error;
  v->seen = (seen){type,           vtable, pos, (uint16_t)size, block->align_max, (uint8_t)strings,
                   (uint8_t)others};
  return verify_refs(v, type->fields, path, pos, vtable + 4, strings, others);
}

static int verify_table(verifier *v, const zw_type *type, uint32_t pos, const step *path) {
  return check_table(v, type, pos, path);
}

/* Another table like the last one: what is left to check. */
static inline int verify_alike(verifier *v, const zw_type *type, uint32_t pos, const step *path,
                               uint64_t *followed) {
  const seen *last = &v->seen;
  uint32_t slots = last->vtable + 4;
  unsigned others = last->others;
  if (UNLIKELY(pos + last->size > v->len)) return refuse_table(v, path, pos);
  int error = verify_strings(v, type->fields, path, pos, slots, last->strings, followed);
  if (!error && others) error = verify_others(v, type->fields, path, pos, slots, others);
  return error;
}

static NOINLINE int verify_table_vector(verifier *v, const zw_type *type, uint32_t pos,
                                        step *path) {
  uint64_t followed = 0; /* strings: paid for in the end, since a table has eight at most */
  uint32_t first, count;
  int error = verify_vector_range(v, path, pos, 4, 4, &first, &count);
  if (!error) error = pay(v, path, first, count);
  if (error || count == 0) return error;
  if (UNLIKELY(path->depth >= v->depth_max)) return refuse_depth(v, path, first);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at;
    path->index = i;
    error = resolve(v, path, first + 4 * i, &at);
    if (UNLIKELY(error)) return error;
    if (LIKELY(is_seen(v, type, at, at - zw_load_le32(v->buf + at))))
      error = verify_alike(v, type, at, path, &followed);
    else
      error = check_table(v, type, at, path);
    if (UNLIKELY(error)) return error;
  }
  return pay(v, path, first, followed);
}

int zw_verify(const zw_type *root, zw_span bytes, const zw_verify_options *options, zw_table *out,
              zw_diag *diag) {
  static const zw_verify_options defaults = {0};
  if (!options) options = &defaults;
  if (bytes.len > INT32_MAX)
    return zw_fail(diag, ZW_ELIMIT, "%.*s: a buffer of 2 GiB or more", ZW_ARG(root->name));
  verifier v; /* member by member: to clear all of it first would cost as much as a small table */
  v.buf = bytes.ptr;
  v.len = (uint32_t)bytes.len;
  v.last = (uint32_t)bytes.len - 4;
  v.flags = options->flags;
  v.depth_max = options->depth_max ? options->depth_max : 64;
  v.offsets = options->offsets_max ? options->offsets_max : bytes.len / 4 + 64;
  v.octets = 16 * (uint64_t)bytes.len + 4096;
  v.root = root;
  v.diag = diag;
  v.seen.type = NULL;
  const step path = {.index = -1};
  uint32_t pos = 0;
  if (bytes.len < 8) return refuse(&v, &path, ZW_EVERIFY, 0, "too short for a buffer");
  int error = follow(&v, &path, 0, &pos);
  if (!error) error = check_table(&v, root, pos, &path);
  if (!error && out) *out = (zw_table){v.buf, v.len, pos};
  return error;
}

int zw_verify_identified(const zw_type *root, zw_str identifier, zw_span bytes,
                         const zw_verify_options *options, zw_table *out, zw_diag *diag) {
  if (bytes.len < 8 || identifier.len != 4 || memcmp(bytes.ptr + 4, identifier.ptr, 4) != 0)
    return zw_fail_at(diag, ZW_EVERIFY, 4, "%.*s: the file identifier is not \"%.*s\"",
                      ZW_ARG(root->name), ZW_ARG(identifier));
  return zw_verify(root, bytes, options, out, diag);
}
