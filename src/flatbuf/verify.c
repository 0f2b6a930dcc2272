/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification: one recursive engine over descriptors. Tables are checked here; what their fields
 * refer to in verify_refs.c, unions in verify_union.c.
 *
 * A table is checked in two steps. First its fields: eight slots of the vtable at a time are
 * compared with a block of the descriptor (slots.h), all in their lanes and without a branch; only
 * where that finds something amiss, or cannot tell, are fields looked at one by one. Then what they
 * refer to, by the block's bits. The outcome of the first step is kept for the next table.
 *
 * Every offset that is followed costs one of a budget that is proportional to the length. What else
 * takes time, octets that are looked at one by one, enums, and the blocks of tables with many
 * fields, costs of another. So shared sub-objects cannot multiply the work; nesting is bounded;
 * nested buffers share all three.
 */
#include "verify.h"

/* Eight slots of a vtable, looked at at once: as numbers, and as what a comparison gives or takes.
 */
typedef int16_t truths __attribute__((vector_size(2 * ZW_SLOTS_LANES)));
typedef uint16_t lanes __attribute__((vector_size(2 * ZW_SLOTS_LANES)));

#define ONES UINT16_MAX

static int verify_table_vector(verifier *v, const zw_type *type, uint32_t pos, step *path);

/* ---- the fields' places ---- */

int zw_verify_fields(const verifier *v, const zw_field *field, unsigned count, uint32_t pos,
                     const step *path) {
  uint32_t vtable = pos - zw_load_le32(v->buf + pos), table = zw_load_le16(v->buf + vtable + 2);
  for (; count; count--, field++) {
    step here = below(path, field);
    uint32_t at = inline_field(v, pos, field->id), align, size = zw_slot_size(field, &align);
    if (at == 0) {
      if (!(field->flags & ZW_F_REQUIRED) || v->flags & ZW_VERIFY_NO_REQUIRED) continue;
      return zw_verify_refuse(v, &here, ZW_EVERIFY, pos, "a required field is missing");
    }
    if (at - pos < 4 || at - pos + size > table)
      return zw_verify_refuse(v, &here, ZW_EVERIFY, pos, "a field leads out of its table");
    if (!aligned(v, at, align))
      return zw_verify_refuse(v, &here, ZW_EVERIFY, at, "a field is not aligned");
  }
  return 0;
}

/* Whether zw_verify_fields would find nothing whatever is excused, lane by lane and without a
 * branch, for tables below 32 KiB. The first `count` slots are those of fields. */
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

/* ---- strings ---- */

COLD static int verify_string_field(verifier *v, const zw_field *field, const step *path,
                                    uint32_t pos) {
  step here = below(path, field);
  return zw_verify_paid_string(v, &here, pos);
}

/* Whether zw_verify_paid_string would accept it, but for UTF-8: most strings never need a path for
 * messages. */
static inline bool is_good_string(const verifier *v, uint32_t pos) {
  uint32_t offset = zw_load_le32(v->buf + pos), at = pos + offset;
  if (UNLIKELY(!leads_inside(v, pos, offset))) return false;
  uint32_t len = zw_load_le32(v->buf + at);
  return len < v->last - at && v->buf[(size_t)at + 4 + len] == 0;
}

/* The strings among eight fields, a bit each. *count: those that are there, for which the caller
 * pays; `offsets`: where in the table, for tables like this one. */
static inline int verify_strings(verifier *v, const zw_field *fields, const step *path,
                                 uint32_t pos, uint32_t slots, unsigned strings, uint16_t *offsets,
                                 unsigned *count) {
  *count = 0;
  for (; strings; strings &= strings - 1) {
    unsigned i = (unsigned)__builtin_ctz(strings);
    uint16_t offset = zw_load_le16(v->buf + slots + 2 * i);
    if (offset == 0) continue;
    offsets[(*count)++] = offset;
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
                       : zw_verify_field(v, &here, pos, pos + offset);
    if (error) return error;
  }
  return 0;
}

static inline int verify_refs(verifier *v, const zw_field *fields, const step *path, uint32_t pos,
                              uint32_t slots, unsigned strings, unsigned others) {
  uint16_t offsets[ZW_SLOTS_LANES];
  unsigned followed;
  int error = verify_strings(v, fields, path, pos, slots, strings, offsets, &followed);
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
               !are_placed(v, block, slots, count, pos + v->prefix, size))) {
    if (fields > ZW_SLOTS_LANES) fields = ZW_SLOTS_LANES;
    int error = zw_verify_fields(v, type->fields + first, fields, pos, path);
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

/* Pays for the blocks of a table that has more than one: those that the vtable has slots for, and
 * those that are only asked for required fields. The rates follow from what a block takes, and
 * every run time has them: a table of a few octets may have a vtable of hundreds of slots, but not
 * one that is shared by all and takes as long as the rest of the buffer. */
static int pay_blocks(verifier *v, const zw_type *type, uint32_t pos, unsigned known, uint32_t size,
                      const step *path) {
  unsigned all = zw_slots_blocks(type->field_count), there = zw_slots_blocks(known);
  unsigned rate = size > INT16_MAX || v->flags & ZW_VERIFY_UNALIGNED ? 16 : 4;
  if (all <= 1) return 0;
  if (there > all) there = all;
  return scan(v, path, pos, rate * there + (all - there) / 2);
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
  int error = pay_blocks(v, type, pos, known, zw_load_le16(v->buf + vtable + 2), path);
  for (unsigned first = 0; first < type->field_count && !error; first += ZW_SLOTS_LANES) {
    zw_slots made;
    unsigned strings, others, index = first / ZW_SLOTS_LANES;
    if (!type->slots) zw_slots_make(type, index, &made);
    const zw_slots *block = type->slots ? &type->slots[index] : &made;
    if (first >= known && !has_required(block)) continue;
    error = place_fields(v, type, block, first, pos, vtable, path, &strings, &others);
    if (!error)
      error =
          verify_refs(v, type->fields + first, path, pos, vtable + 4 + 2 * first, strings, others);
  }
  return error;
}

static inline bool is_seen(const verifier *v, const zw_type *type, uint32_t pos, uint32_t vtable) {
  const seen *last = &v->seen;
  return last->type == type && last->vtable == vtable && ((last->pos ^ pos) & last->align) == 0;
}

/* A table at `pos`, with room for 4 octets; *followed grows by its strings, which the caller pays
 * for: there are eight at most. Inlined where most tables come from: at the root, and in vectors.
 */
static ALWAYS_INLINE int check_table(verifier *v, const zw_type *type, uint32_t pos,
                                     const step *path, uint64_t *followed) {
  if (UNLIKELY(path->depth >= v->depth_max)) return zw_verify_refuse_depth(v, path, pos);
  uint32_t vtable = pos - zw_load_le32(v->buf + pos); /* below 0: above the length, too */
  if (UNLIKELY(vtable > v->last)) return zw_verify_refuse_vtable(v, path, pos, vtable);
  uint32_t octets = zw_load_le16(v->buf + vtable), size = zw_load_le16(v->buf + vtable + 2);
  if (UNLIKELY(octets - 4 > v->last - vtable || (vtable | octets) & 1))
    return zw_verify_refuse_vtable(v, path, pos, vtable);
  if (UNLIKELY(size - 4 > v->last - pos)) return zw_verify_refuse_table(v, path, pos);
  const zw_slots *block = type->slots;
  if (UNLIKELY(type->field_count > ZW_SLOTS_LANES || !block))
    return verify_blocks(v, type, pos, vtable, path);
  unsigned strings, others;
  int error = place_fields(v, type, block, 0, pos, vtable, path, &strings, &others);
  if (error) return error;
  seen *last = &v->seen;
  last->type = type;
  last->vtable = vtable;
  last->pos = pos;
  last->size = (uint16_t)size;
  last->align = block->align_max | 3;
  last->texts = (uint8_t)strings;
  last->others = (uint8_t)others;
  unsigned count;
  error = verify_strings(v, type->fields, path, pos, vtable + 4, strings, last->strings, &count);
  last->count = (uint8_t)count;
  *followed += count;
  return error ? error : verify_others(v, type->fields, path, pos, vtable + 4, others);
}

int zw_verify_table(verifier *v, const zw_type *type, uint32_t pos, const step *path) {
  uint64_t followed = 0;
  int error = check_table(v, type, pos, path, &followed);
  return error ? error : pay(v, path, pos, followed);
}

/* A string of a table like the last one is not good as it is: says what is wrong, if anything. */
COLD static int verify_strings_again(verifier *v, const zw_type *type, uint32_t pos,
                                     const step *path) {
  uint16_t offsets[ZW_SLOTS_LANES];
  unsigned count;
  return verify_strings(v, type->fields, path, pos, v->seen.vtable + 4, v->seen.texts, offsets,
                        &count);
}

/* Another table like the last one: what is left to check. */
static ALWAYS_INLINE int verify_alike(verifier *v, const zw_type *type, uint32_t pos,
                                      const step *path, uint64_t *followed) {
  const seen *last = &v->seen;
  unsigned count = last->count, i = 0;
  if (UNLIKELY(pos + last->size > v->len)) return zw_verify_refuse_table(v, path, pos);
  while (i < count && LIKELY(is_good_string(v, pos + last->strings[i]))) i++;
  int error = UNLIKELY(i < count) ? verify_strings_again(v, type, pos, path) : 0;
  *followed += count;
  if (LIKELY(!error && !last->others)) return 0;
  return error ? error : verify_others(v, type->fields, path, pos, last->vtable + 4, last->others);
}

static NOINLINE int verify_table_vector(verifier *v, const zw_type *type, uint32_t pos,
                                        step *path) {
  uint64_t followed = 0; /* strings: paid for in the end, since a table has eight at most */
  uint32_t first, count;
  int error = paid_vector_range(v, path, pos, 4, 4, &first, &count);
  if (!error) error = pay(v, path, first, 1 + (uint64_t)count);
  if (error || count == 0) return error;
  if (UNLIKELY(path->depth >= v->depth_max)) return zw_verify_refuse_depth(v, path, first);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at;
    path->index = i;
    error = resolve(v, path, first + 4 * i, &at);
    if (UNLIKELY(error)) return error;
    if (LIKELY(is_seen(v, type, at, at - zw_load_le32(v->buf + at))))
      error = verify_alike(v, type, at, path, &followed);
    else
      error = check_table(v, type, at, path, &followed);
    if (UNLIKELY(error)) return error;
  }
  return pay(v, path, first, followed);
}

/* ---- whole buffers ---- */

/* Grows with the limit of offsets where that is raised. */
static uint64_t octets_budget(uint64_t len, uint64_t offsets_max) {
  uint64_t own = 16 * len + 4096, raised;
  if (LIKELY(offsets_max == 0)) return own;
  if (__builtin_mul_overflow(offsets_max, 64, &raised)) raised = UINT64_MAX;
  return raised > own ? raised : own;
}

/* `bytes` follow a size prefix of `prefix` octets. */
static ALWAYS_INLINE int verify_buffer(const zw_type *root, zw_span bytes, uint32_t prefix,
                                       const zw_verify_options *options, zw_table *out,
                                       zw_diag *diag) {
  static const zw_verify_options defaults = {0};
  if (!options) options = &defaults;
  bool large = bytes.len > INT32_MAX;
  if (large && !(options->flags & ZW_VERIFY_LARGE))
    return zw_fail(diag, ZW_ELIMIT, "%.*s: a buffer of 2 GiB or more", ZW_ARG(root->name));
  verifier v; /* member by member: to clear all of it first would cost as much as a small table */
  v.buf = bytes.ptr;
  v.len = large ? INT32_MAX : (uint32_t)bytes.len;
  v.last = v.len - 4;
  v.size = bytes.len;
  v.prefix = prefix;
  v.flags = options->flags;
  v.depth_max = options->depth_max ? options->depth_max : 64;
  v.offsets = options->offsets_max ? options->offsets_max : bytes.len / 4 + 64;
  v.octets = octets_budget(bytes.len, options->offsets_max);
  v.root = root;
  v.diag = diag;
  v.seen.type = NULL;
  const step path = {.index = -1};
  uint32_t pos = 0;
  uint64_t followed = 1;
  if (bytes.len < 8) return zw_verify_refuse(&v, &path, ZW_EVERIFY, 0, "too short for a buffer");
  int error = resolve(&v, &path, 0, &pos);
  if (!error) error = check_table(&v, root, pos, &path, &followed);
  if (!error) error = pay(&v, &path, pos, followed);
  if (!error && out) *out = (zw_table){v.buf + pos, v.len, pos};
  return error;
}

int zw_verify(const zw_type *root, zw_span bytes, const zw_verify_options *options, zw_table *out,
              zw_diag *diag) {
  return verify_buffer(root, bytes, 0, options, out, diag);
}

/* Before anything else is looked at: an identifier that is absent is any. */
static int check_identifier(const zw_type *root, zw_str identifier, zw_span bytes, zw_diag *diag) {
  if (!identifier.ptr ||
      (bytes.len >= 8 && identifier.len == 4 && memcmp(bytes.ptr + 4, identifier.ptr, 4) == 0))
    return 0;
  return zw_fail_at(diag, ZW_EVERIFY, 4, "%.*s: the file identifier is not \"%.*s\"",
                    ZW_ARG(root->name), ZW_ARG(identifier));
}

int zw_verify_identified(const zw_type *root, zw_str identifier, zw_span bytes,
                         const zw_verify_options *options, zw_table *out, zw_diag *diag) {
  int error = check_identifier(root, identifier, bytes, diag);
  return error ? error : zw_verify(root, bytes, options, out, diag);
}

int zw_verify_sized(const zw_type *root, zw_str identifier, zw_span bytes,
                    const zw_verify_options *options, zw_table *out, zw_diag *diag) {
  uint32_t prefix = options && options->flags & ZW_VERIFY_SIZE64 ? 8 : 4;
  if (bytes.len < prefix)
    return zw_fail_at(diag, ZW_EVERIFY, 0, "%.*s: too short for a size prefix of %u octets",
                      ZW_ARG(root->name), prefix);
  uint64_t said = prefix == 8 ? zw_load_le64(bytes.ptr) : zw_load_le32(bytes.ptr);
  zw_span content = {bytes.ptr + prefix, bytes.len - prefix};
  if (said != content.len)
    return zw_fail_at(
        diag, ZW_EVERIFY, 0, "%.*s: the size prefix says %llu octets, %llu octets follow it",
        ZW_ARG(root->name), (unsigned long long)said, (unsigned long long)content.len);
  int error = check_identifier(root, identifier, content, diag);
  return error ? error : verify_buffer(root, content, prefix, options, out, diag);
}
