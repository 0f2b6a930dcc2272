/* SPDX-License-Identifier: Apache-2.0 */
/* An annotation for programs: a JSON object a line for each part and each remark. */
#include "annotate_text.h"
#include "float_text.h"
#include "json_string.h"

typedef unsigned long long wide;

static const char *const kind_names[] = {
#define KIND_NAME(symbol, name) name,
    ZW_PART_KINDS(KIND_NAME)
#undef KIND_NAME
};

static void add_string(const char *name, zw_str text, zw_text *out) {
  zw_text_printf(out, ",\"%s\":", name);
  zw_json_put_string(out, text);
}

/* The text that `say` gives, unless it is empty. */
static void add_said(const char *name, zw_text *text, zw_text *out) {
  if (text->len) add_string(name, zw_text_str(text), out);
  if (text->error) out->error = text->error;
  zw_text_reset(text);
}

static void add_scalar(unsigned base, const uint8_t *at, zw_text *out) {
  char text[ZW_FLOAT_TEXT_MAX];
  zw_scalar value = zw_scalar_load(at, (enum zw_base_type)base);
  if (zw_base_is_float(base)) {
    if (base == ZW_T_FLOAT)
      zw_float_text((float)value.d, text);
    else
      zw_double_text(value.d, text);
    bool finite = value.d - value.d == 0;
    zw_text_printf(out, "%s", finite ? text : "null");
  } else if (base == ZW_T_BOOL && *at < 2) {
    zw_text_printf(out, "%s", *at ? "true" : "false");
  } else if (zw_base_is_signed(base)) {
    zw_text_printf(out, "%lld", (long long)value.i);
  } else {
    zw_text_printf(out, "%llu", base == ZW_T_BOOL ? (wide)*at : (wide)value.u);
  }
}

static void add_value(const zw_annotation *a, const zw_part *part, zw_text *out) {
  const uint8_t *p = a->bytes.ptr + part->at;
  zw_str text = {(const char *)p, (size_t)part->len};
  size_t size = zw_base_size((enum zw_base_type)part->base);
  if (part->cut) return;
  switch (part->kind) {
    case ZW_PART_SIZE_PREFIX:
    case ZW_PART_LENGTH:
    case ZW_PART_VTABLE_SIZE:
    case ZW_PART_TABLE_SIZE:
    case ZW_PART_SLOT:
      zw_text_printf(out, ",\"value\":%llu",
                     part->len == 8   ? (wide)zw_load_le64(p)
                     : part->len == 4 ? (wide)zw_load_le32(p)
                                      : (wide)zw_load_le16(p));
      break;
    case ZW_PART_SCALAR:
      zw_text_printf(out, ",\"value\":");
      add_scalar(part->base, p, out);
      break;
    case ZW_PART_SCALARS:
      for (size_t i = 0; size && i + size <= part->len; i += size) {
        zw_text_printf(out, i ? "," : ",\"value\":[");
        add_scalar(part->base, p + i, out);
      }
      zw_text_printf(out, "]");
      break;
    case ZW_PART_IDENTIFIER:
    case ZW_PART_TEXT:
      if (zw_utf8_valid(text)) add_string("value", text, out);
      break;
    default: break;
  }
}

static void add_names(const zw_annotation *a, const zw_part *part, zw_text *out) {
  zw_text text;
  const zw_field *leaf;
  zw_text_init(&text, out->alloc);
  if (part->block != ZW_NO_BLOCK) {
    const zw_block *b = &a->blocks[part->block];
    add_string("block", zw_str_of(zw_block_kind_name(b->kind)), out);
    if (b->type) add_string("table", b->type->name, out);
    zw_text_printf(out, ",\"block_at\":%llu", (wide)b->at);
    zw_block_path(a, part->block, &text);
    add_said("path", &text, out);
  }
  if (part->kind == ZW_PART_SLOT || part->kind == ZW_PART_UNKNOWN)
    zw_text_printf(out, ",\"id\":%llu", (wide)part->index);
  zw_part_field(a, part, &leaf, &text);
  add_said("field", &text, out);
  zw_part_type(a, part, &text);
  add_said("type", &text, out);
  const zw_enum_value *named = NULL;
  if (part->kind == ZW_PART_SCALAR && !part->cut && leaf && leaf->enum_type)
    named = zw_enum_by_value(
        leaf->enum_type, zw_scalar_load(a->bytes.ptr + part->at, (enum zw_base_type)part->base).i);
  if (named) add_string("name", named->name, out);
  zw_text_deinit(&text);
}

static void add_remarks(const zw_annotation *a, uint64_t from, uint64_t to, zw_text *out) {
  for (size_t i = zw_remark_from(a, from); i < a->remark_count && a->remarks[i].at < to; i++) {
    zw_text_printf(out, "{\"at\":%llu,\"wrong\":%s", (wide)a->remarks[i].at,
                   a->remarks[i].wrong ? "true" : "false");
    add_string("remark", a->remarks[i].text, out);
    zw_text_printf(out, "}\n");
  }
}

void zw_annotation_print_json(const zw_annotation *a, size_t i, zw_text *out) {
  if (i >= a->part_count) return add_remarks(a, a->bytes.len, UINT64_MAX, out);
  const zw_part *part = &a->parts[i];
  zw_text_printf(out, "{\"at\":%llu,\"len\":%llu,\"kind\":\"%s\"", (wide)part->at, (wide)part->len,
                 kind_names[part->kind]);
  add_names(a, part, out);
  add_value(a, part, out);
  if (part->target) zw_text_printf(out, ",\"target\":%llu", (wide)part->target);
  if (part->cut) zw_text_printf(out, ",\"cut\":true");
  zw_text_printf(out, ",\"hex\":\"");
  for (uint64_t k = 0; k < part->len; k++) zw_text_printf(out, "%02x", a->bytes.ptr[part->at + k]);
  zw_text_printf(out, "\"}\n");
  add_remarks(a, part->at, part->at + part->len, out);
}
