/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An annotation for people: headings of blocks, and lines of at most eight octets with address,
 * hexadecimal octets, value and meaning.
 */
#include "annotate_text.h"

#include <stdio.h>

#include "float_text.h"
#include "type_text.h"
#include "zerowire/reflect.h"

#define ROW 8          /* octets a line */
#define VALUE_WIDTH 22 /* columns */
#define PATH_MAX_STEPS 24
#define SHORT_TEXT_MAX 60

typedef unsigned long long wide;

/* ---- names ---- */

const char *zw_block_kind_name(unsigned kind) {
  static const char *const names[] = {"buffer", "vtable", "table", "struct", "string", "vector"};
  return names[kind];
}

void zw_block_path(const zw_annotation *a, uint32_t block, zw_text *out) {
  uint32_t steps[PATH_MAX_STEPS];
  unsigned count = 0;
  size_t start = out->len;
  if (a->blocks[block].kind == ZW_BLOCK_VTABLE) block = a->blocks[block].owner;
  for (; block != ZW_NO_BLOCK && count < PATH_MAX_STEPS; block = a->blocks[block].owner)
    steps[count++] = block;
  if (block != ZW_NO_BLOCK) zw_text_printf(out, "…");
  while (count > 0) {
    const zw_block *b = &a->blocks[steps[--count]];
    if (b->field)
      zw_text_printf(out, "%s%.*s", out->len > start ? "." : "", ZW_ARG(b->field->name));
    if (b->index != ZW_NO_ELEMENT) zw_text_printf(out, "[%llu]", (wide)b->index);
  }
}

void zw_block_text(const zw_annotation *a, uint32_t block, zw_text *out) {
  const zw_block *b = &a->blocks[block];
  zw_text path;
  zw_text_init(&path, out->alloc);
  zw_block_path(a, block, &path);
  bool nested = b->kind == ZW_BLOCK_BUFFER && b->owner != ZW_NO_BLOCK;
  zw_text_printf(out, "%s%s", nested ? "nested " : "", zw_block_kind_name(b->kind));
  if (b->kind == ZW_BLOCK_VTABLE) zw_text_printf(out, " of");
  if (b->type) zw_text_printf(out, " %.*s", ZW_ARG(b->type->name));
  if (b->kind == ZW_BLOCK_VECTOR) {
    char type[ZW_TYPE_TEXT_MAX];
    zw_field_type_text(b->field, true, type);
    zw_text_printf(out, " %s", type);
  }
  if (path.len && b->kind != ZW_BLOCK_VTABLE)
    zw_text_printf(out, " %.*s", ZW_ARG(zw_text_str(&path)));
  zw_text_deinit(&path);
}

/* The struct that a part is in, or NULL. */
static const zw_type *struct_of(const zw_annotation *a, const zw_part *part) {
  if (part->kind != ZW_PART_SCALAR && part->kind != ZW_PART_SCALARS) return NULL;
  const zw_block *b = part->block == ZW_NO_BLOCK ? NULL : &a->blocks[part->block];
  if (b && b->kind == ZW_BLOCK_STRUCT) return b->type;
  const zw_field *field = part->field;
  bool of_objects = field && (field->base == ZW_T_OBJ || field->element == ZW_T_OBJ);
  return of_objects && field->type->is_struct ? field->type : NULL;
}

static size_t member_size(const zw_field *member) {
  unsigned base = member->base == ZW_T_ARRAY ? member->element : member->base;
  size_t size = base == ZW_T_OBJ ? member->type->size : zw_base_size((enum zw_base_type)base);
  return member->base == ZW_T_ARRAY ? size * member->fixed_length : size;
}

/* Adds the way to the member at `inside`. */
static const zw_field *find_member(const zw_type *type, size_t inside, size_t start, zw_text *out) {
  const zw_field *found = NULL;
  while (type) {
    const zw_field *member = NULL;
    for (unsigned i = 0; i < type->field_count && !member; i++)
      if (inside - type->fields[i].offset < member_size(&type->fields[i]))
        member = &type->fields[i];
    if (!member) break;
    found = member;
    inside -= member->offset;
    zw_text_printf(out, "%s%.*s", out->len > start ? "." : "", ZW_ARG(member->name));
    bool objects = member->base == ZW_T_ARRAY && member->element == ZW_T_OBJ;
    if (objects) {
      zw_text_printf(out, "[%zu]", inside / member->type->size);
      inside %= member->type->size;
    }
    type = objects || member->base == ZW_T_OBJ ? member->type : NULL;
  }
  return found;
}

void zw_part_field(const zw_annotation *a, const zw_part *part, const zw_field **leaf,
                   zw_text *out) {
  size_t start = out->len;
  const zw_type *type = struct_of(a, part);
  bool element = part->block != ZW_NO_BLOCK && a->blocks[part->block].kind == ZW_BLOCK_VECTOR;
  *leaf = part->field;
  if (part->field && !element) zw_text_printf(out, "%.*s", ZW_ARG(part->field->name));
  if (element && part->index != ZW_NO_ELEMENT) zw_text_printf(out, "[%llu]", (wide)part->index);
  if (type) *leaf = find_member(type, part->inside, start, out);
}

void zw_part_type(const zw_annotation *a, const zw_part *part, zw_text *out) {
  char type[ZW_TYPE_TEXT_MAX];
  zw_text path;
  const zw_field *leaf;
  zw_text_init(&path, out->alloc);
  zw_part_field(a, part, &leaf, &path);
  zw_text_deinit(&path);
  if (!leaf) return;
  bool element = leaf == part->field && part->kind == ZW_PART_OFFSET &&
                 a->blocks[part->block].kind == ZW_BLOCK_VECTOR;
  zw_field_type_text(leaf, false, type);
  size_t len = strlen(type);
  if (part->member)
    zw_text_add_str(out, part->member->name);
  else if (element && len > 2 && type[0] == '[')
    zw_text_add(out, type + 1, len - 2);
  else
    zw_text_add(out, type, len);
}

size_t zw_remark_from(const zw_annotation *a, uint64_t at) {
  size_t low = 0, high = a->remark_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (a->remarks[middle].at < at)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* ---- values ---- */

static void add_number(unsigned base, zw_scalar value, zw_text *out) {
  char text[ZW_FLOAT_TEXT_MAX];
  if (base == ZW_T_FLOAT)
    zw_float_text((float)value.d, text);
  else if (base == ZW_T_DOUBLE)
    zw_double_text(value.d, text);
  else if (base == ZW_T_BOOL && value.u < 2)
    snprintf(text, sizeof text, "%s", value.u ? "true" : "false");
  else if (zw_base_is_signed(base))
    snprintf(text, sizeof text, "%lld", (long long)value.i);
  else
    snprintf(text, sizeof text, "%llu", (wide)value.u);
  zw_text_printf(out, "%s", text);
}

/* "Green (2)", "One Ninth (513)"; "77, not declared". */
static void add_enum(const zw_enum_type *type, unsigned base, zw_scalar value, zw_text *out) {
  const zw_enum_value *named = zw_enum_by_value(type, value.i);
  size_t start = out->len;
  uint64_t left = value.u;
  if (named) zw_text_add_str(out, named->name);
  for (uint32_t i = 0; !named && type->bit_flags && i < type->value_count; i++) {
    uint64_t bit = (uint64_t)type->values[i].value;
    if (!bit || (left & bit) != bit) continue;
    zw_text_printf(out, "%s%.*s", out->len > start ? " " : "", ZW_ARG(type->values[i].name));
    left &= ~bit;
  }
  bool any = out->len > start, known = named || (type->bit_flags && left == 0);
  if (any) zw_text_printf(out, " (");
  add_number(base, value, out);
  zw_text_printf(out, "%s%s", any ? ")" : "", known ? "" : ", not declared");
}

static void add_scalar(const zw_field *leaf, unsigned base, const uint8_t *at, zw_text *out) {
  zw_scalar value = zw_scalar_load(at, (enum zw_base_type)base);
  if (base == ZW_T_BOOL) value.u = *at;
  if (leaf && leaf->enum_type) return add_enum(leaf->enum_type, base, value, out);
  add_number(base, value, out);
  if (leaf && leaf->flags & ZW_F_TIMESTAMP && zw_base_size((enum zw_base_type)base) == 8) {
    char text[ZW_TIME_TEXT_MAX];
    if (value.i >= 0 && zw_time_format(value.i, text)) zw_text_printf(out, " = %s", text);
  }
}

static bool starts_character(uint8_t octet) { return (octet & 0xC0) != 0x80; }

static void add_quoted(zw_str text, zw_text *out) {
  bool good = zw_utf8_valid(text);
  zw_text_add(out, "\"", 1);
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = (uint8_t)text.ptr[i];
    if (c == '"' || c == '\\')
      zw_text_printf(out, "\\%c", c);
    else if (c == '\n')
      zw_text_printf(out, "\\n");
    else if (c < 0x20 || c == 0x7F || (c >= 0x80 && !good) ||
             (c == 0xC2 && text.len > i + 1 && (uint8_t)text.ptr[i + 1] < 0xA0))
      zw_text_printf(out, "\\x%02x", c);
    else
      zw_text_add(out, &text.ptr[i], 1);
  }
  zw_text_add(out, "\"", 1);
}

/* The characters that begin in a row of the string. */
static void add_text_row(const zw_annotation *a, const zw_part *part, uint64_t from, uint64_t to,
                         zw_text *out) {
  const uint8_t *octets = a->bytes.ptr;
  uint64_t end = part->at + part->len;
  while (from < to && from > part->at && !starts_character(octets[from])) from++;
  while (to < end && to - from < ROW + 4 && !starts_character(octets[to])) to++;
  if (from < to) add_quoted((zw_str){(const char *)octets + from, (size_t)(to - from)}, out);
}

static void add_elements_row(const zw_annotation *a, const zw_part *part, const zw_field *leaf,
                             uint64_t from, uint64_t to, zw_text *out) {
  size_t size = zw_base_size((enum zw_base_type)part->base);
  for (uint64_t at = from; at + size <= to; at += size) {
    if (at > from) zw_text_add(out, " ", 1);
    zw_scalar value = zw_scalar_load(a->bytes.ptr + at, (enum zw_base_type)part->base);
    const zw_enum_value *named =
        leaf && leaf->enum_type ? zw_enum_by_value(leaf->enum_type, value.i) : NULL;
    if (part->base == ZW_T_BOOL) value.u = a->bytes.ptr[at];
    if (named)
      zw_text_add_str(out, named->name);
    else
      add_number(part->base, value, out);
  }
}

static void add_target(const zw_part *part, zw_text *out) {
  if (part->target)
    zw_text_printf(out, "-> 0x%llx", (wide)part->target);
  else
    zw_text_printf(out, part->member && !part->member->type && part->member->value == 0 ? "none"
                                                                                        : "-> ?");
}

static zw_scalar load_unsigned(const zw_annotation *a, const zw_part *part) {
  const uint8_t *p = a->bytes.ptr + part->at;
  return (zw_scalar){.u = part->len == 8   ? zw_load_le64(p)
                          : part->len == 4 ? zw_load_le32(p)
                                           : zw_load_le16(p)};
}

/* The value of the octets from `from` to `to` of a part. */
static void add_value(const zw_annotation *a, const zw_part *part, const zw_field *leaf,
                      uint64_t from, uint64_t to, zw_text *out) {
  if (part->cut) return;
  switch (part->kind) {
    case ZW_PART_SLOT:
      if (load_unsigned(a, part).u)
        zw_text_printf(out, "+%llu", (wide)load_unsigned(a, part).u);
      else
        zw_text_printf(out, "absent");
      break;
    case ZW_PART_SIZE_PREFIX:
    case ZW_PART_VTABLE_SIZE:
    case ZW_PART_TABLE_SIZE:
    case ZW_PART_LENGTH: add_number(ZW_T_ULONG, load_unsigned(a, part), out); break;
    case ZW_PART_ROOT:
    case ZW_PART_VTABLE:
    case ZW_PART_OFFSET: add_target(part, out); break;
    case ZW_PART_SCALAR: add_scalar(leaf, part->base, a->bytes.ptr + part->at, out); break;
    case ZW_PART_SCALARS: add_elements_row(a, part, leaf, from, to, out); break;
    case ZW_PART_IDENTIFIER:
    case ZW_PART_TEXT: add_text_row(a, part, from, to, out); break;
    default: break;
  }
}

/* ---- meanings ---- */

/* A FlexBuffer's value, as far as it is short. */
static void add_flexbuffer(zw_span octets, zw_text *out) {
  zw_flexbuffer_reader flex;
  zw_json_writer json;
  zw_text text;
  zw_token first;
  zw_text_init(&text, out->alloc);
  zw_flexbuffer_reader_init(&flex, octets);
  zw_json_writer_init(&json, &text, 0, 0);
  if (flex.reader.next(&flex.reader, &first, NULL) == 0 &&
      zw_token_copy(&flex.reader, &first, &json.writer, NULL) == 0)
    zw_text_printf(out, ": %.*s",
                   text.len > SHORT_TEXT_MAX
                       ? (int)zw_utf8_prefix((zw_str){text.ptr, SHORT_TEXT_MAX}, NULL)
                       : (int)text.len,
                   text.ptr ? text.ptr : "");
  if (text.len > SHORT_TEXT_MAX) zw_text_printf(out, "…");
  zw_text_deinit(&text);
}

static void add_slot(const zw_annotation *a, const zw_part *part, zw_text *out) {
  const zw_field *field = part->field;
  if (!field) {
    zw_text_printf(out, "field %llu, not in the schema", (wide)part->index);
    return;
  }
  zw_text_printf(out, "field %llu, %.*s", (wide)part->index, ZW_ARG(field->name));
  if (part->cut || load_unsigned(a, part).u) return;
  if (zw_base_is_scalar(field->base) && !(field->flags & ZW_F_OPTIONAL)) {
    zw_text_printf(out, "; default ");
    if (field->enum_type)
      add_enum(field->enum_type, field->base, field->preset, out);
    else
      add_number(field->base, field->preset, out);
  } else if (field->preset_text.ptr) {
    zw_text_printf(out, "; default %.*s", ZW_ARG(field->preset_text));
  }
}

static void add_named(const zw_annotation *a, const zw_part *part, zw_text *out) {
  const zw_field *leaf;
  size_t start = out->len;
  zw_part_field(a, part, &leaf, out);
  if (out->len > start) zw_text_printf(out, ": ");
  zw_part_type(a, part, out);
  if (leaf && leaf->flags & ZW_F_DEPRECATED) zw_text_printf(out, ", deprecated");
  if (part->field && part->field->base == ZW_T_UNION && !part->member && part->target)
    zw_text_printf(out, ", a member that is not in the schema");
}

static void add_elements(const zw_annotation *a, const zw_part *part, uint64_t from, uint64_t to,
                         zw_text *out) {
  size_t size = zw_base_size((enum zw_base_type)part->base);
  if (from == part->at && struct_of(a, part)) return add_named(a, part, out);
  uint64_t first = (from - part->at) / size, last = (to - 1 - part->at) / size;
  if (part->cut)
    zw_text_printf(out, "elements");
  else if (first == last)
    zw_text_printf(out, "[%llu]", (wide)first);
  else
    zw_text_printf(out, "[%llu] to [%llu]", (wide)first, (wide)last);
}

static void add_padding(const zw_annotation *a, const zw_part *part, zw_text *out) {
  bool zero = true;
  for (uint64_t i = 0; i < part->len && zero; i++) zero = a->bytes.ptr[part->at + i] == 0;
  zw_text_printf(out, zero ? "padding" : "padding, not 0");
}

/* What stands for itself; NULL: more is to be said. */
static const char *meaning_of(const zw_annotation *a, const zw_part *part) {
  bool string = part->block != ZW_NO_BLOCK && a->blocks[part->block].kind == ZW_BLOCK_STRING;
  switch (part->kind) {
    case ZW_PART_SIZE_PREFIX: return "size prefix: octets that follow";
    case ZW_PART_ROOT: return "offset of the root table";
    case ZW_PART_IDENTIFIER: return "file identifier";
    case ZW_PART_VTABLE_SIZE: return "octets of this vtable";
    case ZW_PART_TABLE_SIZE: return "octets of its tables";
    case ZW_PART_VTABLE: return "its vtable";
    case ZW_PART_LENGTH: return string ? "length, in octets" : "length, in elements";
    case ZW_PART_TEXT: return "";
    case ZW_PART_TERMINATOR: return "terminator";
    case ZW_PART_DOUBTFUL: return "of something whose length cannot be right";
    case ZW_PART_UNREFERENCED: return "nothing known leads here";
    default: return NULL;
  }
}

static void add_meaning(const zw_annotation *a, const zw_part *part, uint64_t from, uint64_t to,
                        zw_text *out) {
  const char *meaning = meaning_of(a, part);
  if (part->kind == ZW_PART_SCALARS) return add_elements(a, part, from, to, out);
  if (from > part->at) return;
  if (part->cut) zw_text_printf(out, "the rest of: ");
  if (meaning) {
    zw_text_printf(out, "%s", meaning);
    return;
  }
  switch (part->kind) {
    case ZW_PART_SLOT: return add_slot(a, part, out);
    case ZW_PART_UNKNOWN:
      zw_text_printf(out, "field %llu, not in the schema", (wide)part->index);
      return;
    case ZW_PART_PADDING: return add_padding(a, part, out);
    case ZW_PART_FLEXBUFFER:
      zw_text_printf(out, "FlexBuffer");
      if (!part->cut) add_flexbuffer(zw_span_of(a->bytes.ptr + part->at, (size_t)part->len), out);
      return;
    default: add_named(a, part, out);
  }
}

/* ---- lines ---- */

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"
#define COLOR(which) (colors ? (which) : "")

static int address_width(const zw_annotation *a) {
  int width = 4;
  while (width < 16 && a->bytes.len >> (4 * width)) width += 4;
  return width;
}

/* Columns that a text takes: its characters. */
static size_t columns(zw_str text) {
  size_t n = 0;
  for (size_t i = 0; i < text.len; i++) n += starts_character((uint8_t)text.ptr[i]);
  return n;
}

static void add_row(const zw_annotation *a, const zw_part *part, const zw_field *leaf,
                    uint64_t from, uint64_t to, bool colors, zw_text *out) {
  zw_text_printf(out, "  %s%0*llx%s ", COLOR(DIM), address_width(a), (wide)from, COLOR(PLAIN));
  for (uint64_t at = from; at < to; at++) zw_text_printf(out, " %02x", a->bytes.ptr[at]);
  size_t start, width = 3 * (size_t)(ROW - (to - from));
  zw_text_printf(out, "%*s  ", (int)width, "");
  start = out->len;
  add_value(a, part, leaf, from, to, out);
  size_t used = columns((zw_str){out->ptr ? out->ptr + start : "", out->len - start});
  size_t value_end = out->len;
  zw_text_printf(out, "%*s  ", used < VALUE_WIDTH ? (int)(VALUE_WIDTH - used) : 0, "");
  size_t before = out->len;
  add_meaning(a, part, from, to, out);
  if (out->len == before) out->len = value_end;
  while (out->len && out->ptr[out->len - 1] == ' ') out->len--;
  zw_text_add(out, "\n", 1);
}

static void add_heading(const zw_annotation *a, size_t i, bool colors, zw_text *out) {
  const zw_part *part = &a->parts[i];
  uint32_t before = i ? a->parts[i - 1].block : ZW_NO_BLOCK;
  if (part->block == before) return;
  if (i && part->kind != ZW_PART_PADDING) zw_text_add(out, "\n", 1);
  if (part->block == ZW_NO_BLOCK) return;
  const zw_block *b = &a->blocks[part->block];
  zw_text_printf(out, "%s", COLOR(BOLD));
  zw_block_text(a, part->block, out);
  zw_text_printf(out, "%s", COLOR(PLAIN));
  if (part->at != b->at || part->cut)
    zw_text_printf(out, ", continued");
  else if (b->users > 1)
    zw_text_printf(out, ", referred to %u times", b->users);
  zw_text_add(out, "\n", 1);
}

static void add_remarks(const zw_annotation *a, uint64_t from, uint64_t to, bool colors,
                        zw_text *out) {
  for (size_t i = zw_remark_from(a, from); i < a->remark_count && a->remarks[i].at < to; i++) {
    const zw_remark *remark = &a->remarks[i];
    zw_text_printf(out, "  %s%s ", COLOR(remark->wrong ? RED : YELLOW), remark->wrong ? "!!" : "!");
    if (remark->at != from) zw_text_printf(out, "0x%llx: ", (wide)remark->at);
    zw_text_printf(out, "%.*s%s\n", ZW_ARG(remark->text), COLOR(PLAIN));
  }
}

void zw_annotation_print(const zw_annotation *a, size_t i, bool colors, zw_text *out) {
  if (i >= a->part_count) return add_remarks(a, a->bytes.len, UINT64_MAX, colors, out);
  const zw_part *part = &a->parts[i];
  const zw_field *leaf;
  zw_text name;
  uint64_t end = part->at + part->len;
  zw_text_init(&name, out->alloc);
  zw_part_field(a, part, &leaf, &name);
  zw_text_deinit(&name);
  add_heading(a, i, colors, out);
  for (uint64_t at = part->at; at < end; at += ROW)
    add_row(a, part, leaf, at, end - at < ROW ? end : at + ROW, colors, out);
  add_remarks(a, part->at, end, colors, out);
}
