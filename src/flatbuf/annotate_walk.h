/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of annotation share.
 *
 * Positions are absolute in the file. A *space* is the buffer, or a nested one: offsets lead
 * nowhere outside it, and alignment is relative to its start. Blocks are found once and walked in
 * the order in which they were found, so that there is no recursion; a part, a remark and a slot
 * that is looked at cost one of a budget each.
 */
#ifndef ZEROWIRE_ANNOTATE_WALK_H
#define ZEROWIRE_ANNOTATE_WALK_H

#include "zerowire/annotate.h"

typedef struct space {
  uint64_t at;   /* where offsets are relative to */
  uint64_t end;  /* of what 32-bit offsets lead to: below 2 GiB from `at` */
  uint64_t last; /* of what 64-bit offsets lead to */
  uint64_t base; /* what alignment is relative to: `at`, or the size prefix */
} space;

/* A slot of a vtable that is not 0. */
typedef struct slot {
  uint16_t id, offset;
} slot;

typedef struct annotator {
  zw_annotation result; /* first: what the caller sees */
  const zw_alloc *alloc;
  zw_arena arena; /* the texts of remarks */
  uint32_t flags;
  uint64_t work, octets; /* what is left of the budget */
  bool spent;
  int error; /* sticky */
  zw_part *parts, *weak;
  zw_block *blocks;
  zw_remark *remarks;
  space *spaces;
  slot *slots;
  size_t part_count, part_capacity, weak_count, weak_capacity, block_count, block_capacity,
      remark_count, remark_capacity, space_count, space_capacity, slot_count, slot_capacity;
  zw_hmap seen; /* blocks by kind, type and place; value: index + 1 */
} annotator;

/* ---- what is found (annotate_parts.c) ---- */

bool zw_annotate_pay(annotator *a, uint64_t at, uint64_t count);
void zw_annotate_part(annotator *a, const zw_part *part);
/* Octets that may be what `part` says, if nothing else claims them. */
void zw_annotate_weak(annotator *a, const zw_part *part);
void zw_annotate_wrong(annotator *a, uint64_t at, const char *format, ...) ZW_PRINTF(3, 4);
void zw_annotate_note(annotator *a, uint64_t at, const char *format, ...) ZW_PRINTF(3, 4);
/* The index of the block like `block` (kind, at, space, type, field where it is a vector, types),
 * made if it is not there; ZW_NO_BLOCK: no memory, or the budget is spent. */
uint32_t zw_annotate_reach(annotator *a, const zw_block *block);
uint32_t zw_annotate_space(annotator *a, const space *space);
/* Puts the parts in order and fills the gaps. */
void zw_annotate_settle(annotator *a);

/* ---- the walk ---- */

void zw_annotate_table(annotator *a, uint32_t block);  /* annotate_table.c */
void zw_annotate_buffer(annotator *a, uint32_t block); /* annotate_refs.c, as what follows */
void zw_annotate_string(annotator *a, uint32_t block);
void zw_annotate_vector(annotator *a, uint32_t block);
void zw_annotate_struct(annotator *a, uint32_t block);

/* The parts of a struct at `at`. `like`: block, field and index of them. */
void zw_annotate_members(annotator *a, const zw_part *like, const zw_type *type, uint64_t at);
/* A field's offset at like->at; `wide`: of 8 octets. Adds the part; the target, or 0 after saying
 * what is wrong. `what`: enum target_kind. */
enum target_kind { TARGET_OBJECT, TARGET_STRUCT, TARGET_UNKNOWN };
uint64_t zw_annotate_offset(annotator *a, const zw_part *like, unsigned width,
                            enum target_kind what);
/* A field that refers to something; its slot is at `at`. */
void zw_annotate_reference(annotator *a, uint32_t table, const zw_field *field, uint64_t at);
/* Where the field is in its table, if it is there and in range; else 0. */
uint64_t zw_annotate_slot(const annotator *a, uint32_t table, unsigned id);

/* ---- loads and ranges ---- */

static inline const space *space_of(const annotator *a, uint32_t block) {
  return &a->spaces[a->blocks[block].space];
}
static inline const uint8_t *octets_at(const annotator *a, uint64_t at) {
  return a->result.bytes.ptr + at;
}
static inline bool is_aligned(const annotator *a, const space *s, uint64_t at, uint64_t align) {
  return align < 2 || (at - s->base) % align == 0 || a->flags & ZW_VERIFY_UNALIGNED;
}

#endif
