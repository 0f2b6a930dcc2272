/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotation of what offsets lead to: strings, vectors, members of unions, nested buffers, and the
 * members of structs. Of an object whose length cannot be right only the length is its own; the
 * octets behind are marked as doubtful, where nothing else claims them.
 */
#include "annotate_walk.h"
#include "zerowire/reflect.h"

#define DEPTH_MAX 64 /* structs in structs */

typedef unsigned long long wide;

/* ---- structs ---- */

typedef struct member_walk {
  annotator *a;
  zw_part like;
  uint64_t start; /* of the outermost struct */
} member_walk;

static void add_members(const member_walk *w, const zw_type *type, uint64_t at, unsigned depth);

static void add_elements(const member_walk *w, const zw_field *member, uint64_t at,
                         unsigned depth) {
  if (member->element == ZW_T_OBJ) {
    for (unsigned i = 0; i < member->fixed_length && !w->a->spent && !w->a->error; i++)
      add_members(w, member->type, at + (uint64_t)i * member->type->size, depth);
    return;
  }
  zw_part part = w->like;
  part.kind = ZW_PART_SCALARS;
  part.base = member->element;
  part.at = at;
  part.len = (uint64_t)member->fixed_length * zw_base_size((enum zw_base_type)member->element);
  part.inside = (uint32_t)(at - w->start);
  zw_annotate_part(w->a, &part);
}

static void add_members(const member_walk *w, const zw_type *type, uint64_t at, unsigned depth) {
  if (depth == DEPTH_MAX) return;
  for (unsigned i = 0; i < type->field_count && !w->a->spent && !w->a->error; i++) {
    const zw_field *member = &type->fields[i];
    uint64_t member_at = at + member->offset;
    if (member->base == ZW_T_OBJ) {
      add_members(w, member->type, member_at, depth + 1);
    } else if (member->base == ZW_T_ARRAY) {
      add_elements(w, member, member_at, depth + 1);
    } else {
      zw_part part = w->like;
      part.kind = ZW_PART_SCALAR;
      part.base = member->base;
      part.at = member_at;
      part.len = zw_base_size((enum zw_base_type)member->base);
      part.inside = (uint32_t)(member_at - w->start);
      zw_annotate_part(w->a, &part);
    }
  }
}

void zw_annotate_members(annotator *a, const zw_part *like, const zw_type *type, uint64_t at) {
  member_walk w = {a, *like, at};
  add_members(&w, type, at, 0);
}

void zw_annotate_struct(annotator *a, uint32_t block) {
  const zw_block *b = &a->blocks[block];
  zw_part like = {.block = block, .index = ZW_NO_ELEMENT};
  zw_annotate_members(a, &like, b->type, b->at);
}

/* ---- offsets ---- */

static void offset_beyond(annotator *a, const space *s, uint64_t at, uint64_t offset,
                          uint64_t end) {
  uint64_t target = at + offset < at ? UINT64_MAX : at + offset;
  const char *of = s->at == a->spaces[0].at ? "" : " of the nested buffer";
  if (target >= end)
    zw_annotate_wrong(a, at, "the offset leads to 0x%llx, beyond the end%s (0x%llx)", (wide)target,
                      of, (wide)end);
  else
    zw_annotate_wrong(a, at, "the offset leads to 0x%llx, too near to the end%s (0x%llx)",
                      (wide)target, of, (wide)end);
}

uint64_t zw_annotate_offset(annotator *a, const zw_part *like, unsigned width,
                            enum target_kind what) {
  const space *s = space_of(a, like->block);
  zw_part part = *like;
  uint64_t at = like->at, end = width == 8 ? s->last : s->end;
  uint64_t offset = width == 8 ? zw_load_le64(octets_at(a, at)) : zw_load_le32(octets_at(a, at));
  uint64_t needed = what == TARGET_OBJECT ? 4 : 1;
  bool inside = offset != 0 && offset < end - at && end - at - offset >= needed;
  part.kind = like->kind == ZW_PART_ROOT ? ZW_PART_ROOT : ZW_PART_OFFSET;
  part.len = width;
  part.target = inside ? at + offset : 0;
  zw_annotate_part(a, &part);
  if (offset == 0)
    zw_annotate_wrong(a, at, "the offset is 0: it leads to itself");
  else if (!inside)
    offset_beyond(a, s, at, offset, end);
  else if (what == TARGET_OBJECT && !is_aligned(a, s, part.target, 4))
    zw_annotate_wrong(a, at, "the offset leads to 0x%llx, which is not aligned: no multiple of 4",
                      (wide)part.target);
  else
    return part.target;
  return 0;
}

/* ---- strings ---- */

/* What follows a length that cannot be right, up to the end. */
static void doubt(annotator *a, uint32_t block, uint64_t from) {
  zw_part part = {.at = from,
                  .len = space_of(a, block)->last - from,
                  .index = ZW_NO_ELEMENT,
                  .block = block,
                  .kind = ZW_PART_DOUBTFUL};
  if (from < space_of(a, block)->last) zw_annotate_weak(a, &part);
}

static bool look_at_octets(annotator *a, uint64_t count) {
  if (count > a->octets) return false;
  a->octets -= count;
  return true;
}

/* Strings that 64-bit offsets refer to may lie further. */
static uint64_t end_for(const annotator *a, uint32_t block) {
  const zw_block *b = &a->blocks[block];
  bool far = b->field && b->field->flags & ZW_F_OFFSET64;
  return far ? space_of(a, block)->last : space_of(a, block)->end;
}

void zw_annotate_string(annotator *a, uint32_t block) {
  uint64_t at = a->blocks[block].at, end = end_for(a, block);
  uint64_t len = zw_load_le32(octets_at(a, at));
  zw_part part = {.at = at, .len = 4, .index = ZW_NO_ELEMENT, .block = block};
  part.kind = ZW_PART_LENGTH;
  zw_annotate_part(a, &part);
  a->blocks[block].len = 4;
  if (len >= end - at - 4) {
    zw_annotate_wrong(a, at, "a string of %llu octets leads beyond the end (0x%llx)", (wide)len,
                      (wide)end);
    return doubt(a, block, at + 4);
  }
  if (*octets_at(a, at + 4 + len)) {
    zw_annotate_wrong(a, at, "the string is not terminated: octet 0x%llx is 0x%02x, not 0",
                      (wide)(at + 4 + len), *octets_at(a, at + 4 + len));
    return doubt(a, block, at + 4);
  }
  a->blocks[block].len = 4 + len + 1;
  part = (zw_part){.at = at + 4, .len = len, .index = ZW_NO_ELEMENT, .block = block};
  part.kind = ZW_PART_TEXT;
  zw_annotate_part(a, &part);
  zw_str text = {(const char *)octets_at(a, at + 4), (size_t)len};
  if (a->flags & ZW_VERIFY_UTF8 && look_at_octets(a, len) && !zw_utf8_valid(text))
    zw_annotate_wrong(a, at + 4 + zw_utf8_prefix(text, NULL), "the string is not UTF-8 from here");
  part.kind = ZW_PART_TERMINATOR;
  part.at += len;
  part.len = 1;
  zw_annotate_part(a, &part);
}

/* ---- what a reference is to ---- */

static void reach(annotator *a, unsigned kind, const zw_type *type, uint64_t at,
                  const zw_part *from) {
  const zw_block *owner = &a->blocks[from->block];
  zw_block block = {.at = at,
                    .type = type,
                    .field = owner->kind == ZW_BLOCK_TABLE ? from->field : NULL,
                    .owner = from->block,
                    .index = from->index,
                    .space = owner->space,
                    .kind = (uint8_t)kind};
  if (at) zw_annotate_reach(a, &block);
}

static int64_t load_type(const annotator *a, const zw_enum_type *type, uint64_t at) {
  return zw_scalar_load(octets_at(a, at), (enum zw_base_type)type->base).i;
}

static void union_value(annotator *a, zw_part *part, int64_t number) {
  part->member = zw_enum_by_value(part->field->enum_type, number);
  const zw_enum_value *member = part->member;
  if (!member) {
    zw_annotate_offset(a, part, 4, TARGET_UNKNOWN);
    zw_annotate_note(a, part->at, "member %lld of the union is not in the schema",
                     (long long)number);
    return;
  }
  bool is_struct = member->type && member->type->is_struct;
  uint64_t at = zw_annotate_offset(a, part, 4, is_struct ? TARGET_STRUCT : TARGET_OBJECT);
  if (member->base == ZW_T_STRING) return reach(a, ZW_BLOCK_STRING, NULL, at, part);
  if (!member->type)
    return zw_annotate_wrong(a, part->at, "a union value, but its type says that there is none");
  if (!is_struct || !at) return reach(a, ZW_BLOCK_TABLE, member->type, at, part);
  const space *s = space_of(a, part->block);
  if (at + member->type->size > s->end)
    zw_annotate_wrong(a, part->at, "the struct at 0x%llx leads beyond the end (0x%llx)", (wide)at,
                      (wide)s->end);
  else if (!is_aligned(a, s, at, member->type->align))
    zw_annotate_wrong(a, part->at, "the struct at 0x%llx is not aligned: no multiple of %u",
                      (wide)at, member->type->align);
  else
    reach(a, ZW_BLOCK_STRUCT, member->type, at, part);
}

static void add_vector(annotator *a, const zw_part *part, uint64_t at, uint64_t types) {
  const zw_block *owner = &a->blocks[part->block];
  zw_block block = {.at = at,
                    .field = part->field,
                    .owner = part->block,
                    .index = ZW_NO_ELEMENT,
                    .space = owner->space,
                    .types = types,
                    .kind = ZW_BLOCK_VECTOR};
  if (at) zw_annotate_reach(a, &block);
}

/* Where the types of a vector of unions are; 0 after saying that they are not. */
static uint64_t types_of(annotator *a, uint32_t table, const zw_part *part) {
  uint64_t at = zw_annotate_slot(a, table, part->field->id - 1u);
  const space *s = space_of(a, table);
  if (!at) {
    zw_annotate_wrong(a, part->at, "a vector of unions without its types");
    return 0;
  }
  uint64_t offset = zw_load_le32(octets_at(a, at));
  bool inside = offset && offset < s->end - at && s->end - at - offset >= 4;
  return inside ? at + offset : 0; /* else the types' own field says it */
}

static void check_types(annotator *a, uint32_t table, const zw_field *field, uint64_t at) {
  if (!zw_field_is_union_type(field) || !at || zw_load_le32(octets_at(a, at)) == 0) return;
  if (!zw_annotate_slot(a, table, field->id + 1u))
    zw_annotate_wrong(a, at, "types of a vector of unions without its values");
}

static void add_union(annotator *a, uint32_t table, zw_part *part) {
  uint64_t at = zw_annotate_slot(a, table, part->field->id - 1u);
  int64_t number = at ? load_type(a, part->field->enum_type, at) : 0;
  if (number) return union_value(a, part, number);
  zw_annotate_offset(a, part, 4, TARGET_UNKNOWN);
  zw_annotate_wrong(a, part->at, "a union value, but its type says that there is none");
}

void zw_annotate_reference(annotator *a, uint32_t table, const zw_field *field, uint64_t at) {
  zw_part part = {.at = at, .index = ZW_NO_ELEMENT, .field = field, .block = table};
  unsigned width = field->flags & ZW_F_OFFSET64 ? 8 : 4;
  if (field->base == ZW_T_UNION) return add_union(a, table, &part);
  uint64_t target = zw_annotate_offset(a, &part, width, TARGET_OBJECT);
  switch (field->base) {
    case ZW_T_STRING: return reach(a, ZW_BLOCK_STRING, NULL, target, &part);
    case ZW_T_OBJ: return reach(a, ZW_BLOCK_TABLE, field->type, target, &part);
    default: break;
  }
  uint64_t types = field->element == ZW_T_UNION ? types_of(a, table, &part) : 0;
  if (width == 4) check_types(a, table, field, target);
  add_vector(a, &part, target, types);
}

/* ---- vectors ---- */

/* A vector that is inside. */
typedef struct range {
  uint64_t first, count, size;
} range;

static void add_nested(annotator *a, const zw_part *elements) {
  uint64_t at = elements->at, len = elements->len;
  uint64_t near = len < INT32_MAX ? len : INT32_MAX;
  space nested = {at, at + near, at + len, at};
  zw_block block = {.at = at,
                    .type = elements->field->type,
                    .owner = elements->block,
                    .index = ZW_NO_ELEMENT,
                    .kind = ZW_BLOCK_BUFFER};
  block.space = zw_annotate_space(a, &nested);
  zw_annotate_reach(a, &block);
}

static void add_flexbuffer(annotator *a, zw_part *part) {
  zw_diag diag = {0};
  zw_span octets = {octets_at(a, part->at), (size_t)part->len};
  part->kind = ZW_PART_FLEXBUFFER;
  zw_annotate_part(a, part);
  if (part->len && look_at_octets(a, part->len) && zw_flexbuffer_verify(octets, &diag))
    zw_annotate_wrong(a, part->at + diag.offset, "the FlexBuffer is not valid: %s", diag.message);
}

static void add_scalars(annotator *a, uint32_t block, const zw_field *field, range r) {
  zw_part part = {.at = r.first,
                  .len = r.count * r.size,
                  .index = ZW_NO_ELEMENT,
                  .field = field,
                  .block = block,
                  .kind = ZW_PART_SCALARS,
                  .base = field->element};
  if (field->flags & ZW_F_NESTED && r.count)
    add_nested(a, &part);
  else if (field->flags & ZW_F_FLEXBUFFER)
    add_flexbuffer(a, &part);
  else
    zw_annotate_part(a, &part);
}

static void add_unions(annotator *a, uint32_t block, const zw_field *field, range r) {
  uint64_t types = a->blocks[block].types;
  uint64_t size = zw_base_size((enum zw_base_type)field->enum_type->base);
  uint64_t count = types ? zw_load_le32(octets_at(a, types)) : 0;
  uint64_t room = types ? (space_of(a, block)->end - types - 4) / size : 0;
  if (types && count != r.count)
    zw_annotate_wrong(a, a->blocks[block].at, "%llu values, but the vector of types has %llu",
                      (wide)r.count, (wide)count);
  if (count > room) count = 0;
  for (uint64_t i = 0; i < r.count && !a->spent && !a->error; i++) {
    zw_part part = {.at = r.first + 4 * i, .len = 4, .index = i, .field = field, .block = block};
    int64_t number = i < count ? load_type(a, field->enum_type, types + 4 + i * size) : 0;
    part.kind = ZW_PART_OFFSET;
    part.member = zw_enum_by_value(field->enum_type, number);
    if (number)
      union_value(a, &part, number);
    else
      zw_annotate_part(a, &part);
  }
}

static void add_objects(annotator *a, uint32_t block, const zw_field *field, range r) {
  bool is_struct = field->element == ZW_T_OBJ && field->type->is_struct;
  if (r.size == 0) return;
  for (uint64_t i = 0; i < r.count && !a->spent && !a->error; i++) {
    zw_part part = {.at = r.first + i * r.size, .index = i, .field = field, .block = block};
    if (is_struct) {
      zw_annotate_members(a, &part, field->type, part.at);
      continue;
    }
    uint64_t at = zw_annotate_offset(a, &part, 4, TARGET_OBJECT);
    unsigned kind = field->element == ZW_T_STRING ? ZW_BLOCK_STRING : ZW_BLOCK_TABLE;
    reach(a, kind, field->element == ZW_T_STRING ? NULL : field->type, at, &part);
  }
}

/* The elements, if they are inside; else says what is wrong. */
static bool find_elements(annotator *a, uint32_t block, const zw_field *field, unsigned width,
                          range *r) {
  const space *s = space_of(a, block);
  uint64_t at = a->blocks[block].at, end = end_for(a, block);
  bool is_struct = field->element == ZW_T_OBJ && field->type->is_struct;
  r->size = is_struct ? field->type->size : zw_base_size((enum zw_base_type)field->element);
  uint64_t align = is_struct ? field->type->align : r->size;
  if (a->flags & ZW_VERIFY_FORCE_ALIGN && field->align > align) align = field->align;
  r->first = at + width;
  r->count = width == 8 ? zw_load_le64(octets_at(a, at)) : zw_load_le32(octets_at(a, at));
  if (r->size && r->count > (end - r->first) / r->size) {
    zw_annotate_wrong(a, at,
                      "a vector of %llu elements of %llu octets leads beyond the end (0x%llx)",
                      (wide)r->count, (wide)r->size, (wide)end);
    doubt(a, block, r->first);
    return false;
  }
  if (r->count && !is_aligned(a, s, r->first, align))
    zw_annotate_wrong(a, at, "the elements, at 0x%llx, are not aligned: no multiple of %llu",
                      (wide)r->first, (wide)align);
  a->blocks[block].len = width + r->count * r->size;
  return true;
}

void zw_annotate_vector(annotator *a, uint32_t block) {
  const zw_field *field = a->blocks[block].field;
  const space *s = space_of(a, block);
  unsigned width = field->base == ZW_T_VECTOR64 ? 8 : 4;
  zw_part part = {.at = a->blocks[block].at,
                  .len = width,
                  .index = ZW_NO_ELEMENT,
                  .field = field,
                  .block = block,
                  .kind = ZW_PART_LENGTH};
  range r;
  a->blocks[block].len = width;
  if (s->last - part.at < width)
    return zw_annotate_wrong(a, part.at, "too near to the end for a length of 8 octets");
  if (!is_aligned(a, s, part.at, width))
    zw_annotate_wrong(a, part.at, "the vector is not aligned: its length has 8 octets");
  zw_annotate_part(a, &part);
  if (!find_elements(a, block, field, width, &r)) return;
  if (field->element == ZW_T_UNION)
    add_unions(a, block, field, r);
  else if (field->element == ZW_T_OBJ || field->element == ZW_T_STRING)
    add_objects(a, block, field, r);
  else
    add_scalars(a, block, field, r);
}

/* ---- buffers ---- */

void zw_annotate_buffer(annotator *a, uint32_t block) {
  const space s = *space_of(a, block);
  const zw_type *root = a->blocks[block].type;
  zw_part part = {.at = s.at, .index = ZW_NO_ELEMENT, .block = block, .kind = ZW_PART_ROOT};
  uint64_t len = s.last - s.at;
  a->blocks[block].len += len < 4 ? len : 4;
  if (len < 8)
    zw_annotate_wrong(a, s.at, "too short for a buffer: %llu octets, a buffer has at least 8",
                      (wide)len);
  if (len < 4) return;
  uint64_t at = zw_annotate_offset(a, &part, 4, TARGET_OBJECT);
  part.kind = ZW_PART_IDENTIFIER;
  part.at += 4;
  part.len = 4;
  bool text = len >= 8;
  for (unsigned i = 0; text && i < 4; i++) {
    uint8_t c = *octets_at(a, part.at + i);
    text = c > 0x20 && c < 0x7F;
  }
  if (text) zw_annotate_weak(a, &part);
  zw_block table = {.at = at,
                    .type = root,
                    .owner = block,
                    .index = ZW_NO_ELEMENT,
                    .space = a->blocks[block].space,
                    .kind = ZW_BLOCK_TABLE};
  if (at) zw_annotate_reach(a, &table);
}
