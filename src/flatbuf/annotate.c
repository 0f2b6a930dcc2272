/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotation: a walk from the root finds blocks, each once, in the order in which they are
 * referred to; what they hold are the parts (annotate_table.c, annotate_refs.c); in the end these
 * are put in order (annotate_parts.c). Nothing is trusted: what leads outside is said and not
 * followed. The verifier has the last word: where it refuses what the walk accepts, nesting that is
 * too deep for example, its message is a remark.
 */
#include "zerowire/annotate.h"

#include "annotate_walk.h"

static void walk(annotator *a) {
  for (uint32_t i = 0; i < a->block_count && !a->error && !a->spent; i++) {
    switch (a->blocks[i].kind) {
      case ZW_BLOCK_BUFFER: zw_annotate_buffer(a, i); break;
      case ZW_BLOCK_TABLE: zw_annotate_table(a, i); break;
      case ZW_BLOCK_STRUCT:
        a->blocks[i].len = a->blocks[i].type->size;
        zw_annotate_struct(a, i);
        break;
      case ZW_BLOCK_STRING: zw_annotate_string(a, i); break;
      case ZW_BLOCK_VECTOR: zw_annotate_vector(a, i); break;
      default: break; /* vtables are done where they are found */
    }
  }
}

/* The size prefix; *start: where the buffer begins. */
static void add_prefix(annotator *a, uint32_t block, unsigned width, uint64_t *start) {
  uint64_t len = a->result.bytes.len;
  zw_part part = {
      .len = width, .index = ZW_NO_ELEMENT, .block = block, .kind = ZW_PART_SIZE_PREFIX};
  if (len < width) {
    zw_annotate_wrong(a, 0, "too short for a size prefix of %u octets", width);
    *start = len;
    return;
  }
  *start = width;
  zw_annotate_part(a, &part);
  uint64_t said = width == 8 ? zw_load_le64(octets_at(a, 0)) : zw_load_le32(octets_at(a, 0));
  if (said != len - width)
    zw_annotate_wrong(a, 0, "the size prefix says %llu octets, %llu octets follow it",
                      (unsigned long long)said, (unsigned long long)(len - width));
}

static void check_identifier(annotator *a, zw_str identifier, uint64_t start) {
  zw_span bytes = a->result.bytes;
  if (!identifier.ptr || identifier.len != 4 || bytes.len < start + 8) return;
  if (memcmp(bytes.ptr + start + 4, identifier.ptr, 4) == 0) return;
  zw_annotate_wrong(a, start + 4, "the file identifier is not \"%.*s\"", ZW_ARG(identifier));
}

static void begin(annotator *a, const zw_type *root, const zw_annotate_options *options) {
  zw_block block = {
      .type = root, .owner = ZW_NO_BLOCK, .index = ZW_NO_ELEMENT, .kind = ZW_BLOCK_BUFFER};
  uint64_t start = 0, len = a->result.bytes.len;
  uint32_t b = zw_annotate_reach(a, &block);
  if (b == ZW_NO_BLOCK) return;
  space outer = {0, len, len, 0};
  zw_annotate_space(a, &outer);
  if (a->error) return;
  if (options->sized)
    add_prefix(a, b, options->flags & ZW_VERIFY_SIZE64 ? 8 : 4, &start);
  else if (len >= 12 && zw_load_le32(octets_at(a, 0)) == len - 4)
    zw_annotate_note(a, 0, "this is the number of octets that follow: a size prefix?");
  a->blocks[b].len = start;
  a->spaces[0].at = start;
  if (len - start > INT32_MAX) a->spaces[0].end = start + INT32_MAX;
  check_identifier(a, options->identifier, start);
}

/* What the verifier says of it. */
static void judge(annotator *a, const zw_type *root, const zw_annotate_options *options) {
  zw_annotation *r = &a->result;
  zw_verify_options verify = {.flags = options->flags};
  zw_diag diag = {0};
  zw_str identifier = options->identifier;
  int error = options->sized ? zw_verify_sized(root, identifier, r->bytes, &verify, NULL, &diag)
              : identifier.ptr
                  ? zw_verify_identified(root, identifier, r->bytes, &verify, NULL, &diag)
                  : zw_verify(root, r->bytes, &verify, NULL, &diag);
  r->valid = error == 0 && r->wrong_count == 0;
  if (error == 0 || r->wrong_count) return;
  a->work++;
  a->spent = false;
  uint64_t at = diag.offset + a->spaces[0].at;
  zw_annotate_wrong(a, at < r->bytes.len ? at : r->bytes.len, "%s", diag.message);
}

/* What only the walk needs. */
static void free_walk(annotator *a) {
  zw_hmap_deinit(&a->seen);
  zw_alloc_free(a->alloc, a->weak, a->weak_capacity * sizeof *a->weak);
  zw_alloc_free(a->alloc, a->spaces, a->space_capacity * sizeof *a->spaces);
  zw_alloc_free(a->alloc, a->slots, a->slot_capacity * sizeof *a->slots);
  a->weak = NULL;
  a->spaces = NULL;
  a->slots = NULL;
}

void zw_annotation_destroy(zw_annotation *annotation) {
  if (!annotation) return;
  annotator *a = (annotator *)annotation;
  zw_alloc_free(a->alloc, a->parts, a->part_capacity * sizeof *a->parts);
  zw_alloc_free(a->alloc, a->blocks, a->block_capacity * sizeof *a->blocks);
  zw_alloc_free(a->alloc, a->remarks, a->remark_capacity * sizeof *a->remarks);
  zw_arena_deinit(&a->arena);
  zw_alloc_free(a->alloc, a, sizeof *a);
}

int zw_annotate(zw_annotation **out, const zw_type *root, zw_span bytes,
                const zw_annotate_options *options) {
  static const zw_annotate_options defaults = {.size = sizeof defaults};
  if (!options) options = &defaults;
  annotator *a = zw_alloc_zero(options->alloc, sizeof *a);
  *out = NULL;
  if (!a) return ZW_ENOMEM;
  a->alloc = options->alloc;
  a->result.bytes = bytes;
  a->flags = options->flags;
  a->work = 8 * (uint64_t)bytes.len + 1024;
  a->octets = 16 * (uint64_t)bytes.len + 4096;
  zw_arena_init(&a->arena, a->alloc);
  zw_hmap_init(&a->seen, a->alloc);
  begin(a, root, options);
  walk(a);
  if (!a->error) judge(a, root, options);
  if (!a->error) zw_annotate_settle(a);
  int error = a->error;
  free_walk(a);
  a->result.parts = a->parts;
  a->result.part_count = a->part_count;
  a->result.remarks = a->remarks;
  a->result.remark_count = a->remark_count;
  if (error)
    zw_annotation_destroy(&a->result);
  else
    *out = &a->result;
  return error;
}
