/* SPDX-License-Identifier: Apache-2.0 */
/* Parts and blocks of an annotation in words. */
#ifndef ZEROWIRE_ANNOTATE_TEXT_H
#define ZEROWIRE_ANNOTATE_TEXT_H

#include "zerowire/annotate.h"

/* "table com.example.Reading readings[3]" */
void zw_block_text(const zw_annotation *annotation, uint32_t block, zw_text *out);
/* "readings[3].pos": the way from the root; "" for the root itself. */
void zw_block_path(const zw_annotation *annotation, uint32_t block, zw_text *out);
/* "table" */
const char *zw_block_kind_name(unsigned kind);
/* The field, and the member of a struct, that a part is of: "pos.x", "corners[1].y"; "" for none.
 * *leaf: the innermost field. */
void zw_part_field(const zw_annotation *annotation, const zw_part *part, const zw_field **leaf,
                   zw_text *out);
/* The type of what the part holds in the words of the schema, or "". */
void zw_part_type(const zw_annotation *annotation, const zw_part *part, zw_text *out);
/* The first remark at octet `at` or behind it. */
size_t zw_remark_from(const zw_annotation *annotation, uint64_t at);

#endif
