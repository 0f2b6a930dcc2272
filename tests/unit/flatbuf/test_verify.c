/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification of hostile bytes. The small type below is its own child, in every way that a type
 * can be; buffers are written octet by octet, or made by the builder and then broken.
 */
#include "reflect_fixture.h"
#include "slots.h"

enum {
  NODE_TEXT,
  NODE_CHILD,
  NODE_CHILDREN,
  NODE_NESTED,
  NODE_ANY_TYPE,
  NODE_ANY,
  NODE_KIND,
  NODE_WIDE,
  NODE_ANYS_TYPE,
  NODE_ANYS,
  NODE_TEXTS,
  NODE_FIELDS
};

static const zw_type node;
static const zw_enum_value any_values[] = {
    {.name = {"NONE", 4}, .value = 0},
    {.name = {"Node", 4}, .value = 1, .base = ZW_T_OBJ, .type = &node},
    {.name = {"Text", 4}, .value = 2, .base = ZW_T_STRING}};
static const zw_enum_type any = {.name = {"Any", 3},
                                 .values = any_values,
                                 .value_count = 3,
                                 .base = ZW_T_UTYPE,
                                 .is_union = true};
static const zw_enum_value kind_values[] = {{.name = {"A", 1}, .value = 1},
                                            {.name = {"B", 1}, .value = 2}};
static const zw_enum_type kind = {
    .name = {"Kind", 4}, .values = kind_values, .value_count = 2, .base = ZW_T_UBYTE};

#define FIELD(slot, text, kind_of, of) \
  .name = {text, sizeof text - 1}, .base = kind_of, .element = of, .id = slot
static const zw_field node_fields[] = {
    {FIELD(NODE_TEXT, "text", ZW_T_STRING, 0)},
    {FIELD(NODE_CHILD, "child", ZW_T_OBJ, 0), .type = &node},
    {FIELD(NODE_CHILDREN, "children", ZW_T_VECTOR, ZW_T_OBJ), .type = &node},
    {FIELD(NODE_NESTED, "nested", ZW_T_VECTOR, ZW_T_UBYTE), .type = &node, .flags = ZW_F_NESTED},
    {FIELD(NODE_ANY_TYPE, "any_type", ZW_T_UTYPE, 0), .enum_type = &any},
    {FIELD(NODE_ANY, "any", ZW_T_UNION, 0), .enum_type = &any},
    {FIELD(NODE_KIND, "kind", ZW_T_UBYTE, 0), .enum_type = &kind},
    {FIELD(NODE_WIDE, "wide", ZW_T_ULONG, 0)},
    {FIELD(NODE_ANYS_TYPE, "anys_type", ZW_T_VECTOR, ZW_T_UTYPE), .enum_type = &any},
    {FIELD(NODE_ANYS, "anys", ZW_T_VECTOR, ZW_T_UNION), .enum_type = &any},
    {FIELD(NODE_TEXTS, "texts", ZW_T_VECTOR, ZW_T_STRING)},
};
static const uint16_t node_by_name[NODE_FIELDS] = {5, 4, 9, 8, 1, 2, 6, 3, 0, 10, 7};
static zw_slots node_slots[2]; /* made in main */
static const zw_type node = {.name = {"Node", 4},
                             .fields = node_fields,
                             .slots = node_slots,
                             .by_name = node_by_name,
                             .field_count = NODE_FIELDS,
                             .align = 1};
static const zw_field strict_fields[] = {
    {FIELD(0, "text", ZW_T_STRING, 0), .flags = ZW_F_REQUIRED}};
static const uint16_t strict_by_name[] = {0};
static const zw_type strict = {.name = {"Strict", 6},
                               .fields = strict_fields,
                               .by_name = strict_by_name,
                               .field_count = 1,
                               .align = 1};

/* On a block of exactly its size, so that the sanitizers see a read past its end. */
static int verify(const zw_type *type, const uint8_t *bytes, size_t len,
                  const zw_verify_options *options, zw_diag *diag) {
  uint8_t *copy = malloc(len ? len : 1);
  zw_type plain = *type; /* whose blocks are made as they are needed */
  zw_diag same = {0}, own = {0};
  plain.slots = NULL;
  memcpy(copy, bytes, len);
  int e = zw_verify(type, zw_span_of(copy, len), options, NULL, diag ? diag : &own);
  assert_int_equal(zw_verify(&plain, zw_span_of(copy, len), options, NULL, &same), e);
  assert_string_equal((diag ? diag : &own)->message, same.message);
  free(copy);
  return e;
}

/* ---- buffers written by hand ---- */

typedef struct octets_case {
  const char *bytes;
  size_t len;
  int error;
  const char *message;
} octets_case;

#define BYTES(text) text, sizeof text - 1
/* A buffer whose table has one field at octet 4 of it, id given by the vtable. */

static const octets_case octets_cases[] = {
    {BYTES(""), ZW_EVERIFY, "Node: too short for a buffer, at octet 0"},
    {BYTES("\x04\0\0\0\0\0\0"), ZW_EVERIFY, "Node: too short for a buffer, at octet 0"},
    {BYTES("\0\0\0\0\0\0\0\0"), ZW_EVERIFY, "Node: an offset is 0, at octet 0"},
    {BYTES("\x08\0\0\0\0\0\0\0"), ZW_EVERIFY,
     "Node: an offset leads out of the buffer, at octet 0"},
    {BYTES("\xFF\xFF\xFF\xFF\0\0\0\0"), ZW_EVERIFY,
     "Node: an offset leads out of the buffer, at octet 0"},
    {BYTES("\x05\0\0\0\0\0\0\0\0\0\0\0"), ZW_EVERIFY, "Node: an offset is not aligned, at octet 0"},
    /* vtables */
    {BYTES("\x04\0\0\0\x08\0\0\0"), ZW_EVERIFY, "Node: a table without a valid vtable, at octet 4"},
    {BYTES("\x04\0\0\0\0\0\0\x80"), ZW_EVERIFY, "Node: a table without a valid vtable, at octet 4"},
    {BYTES("\x08\0\0\0\x04\0\x04\0\x03\0\0\0"), ZW_EVERIFY,
     "Node: a table without a valid vtable, at octet 8"},
    {BYTES("\x08\0\0\0\x02\0\x04\0\x04\0\0\0"), ZW_EVERIFY,
     "Node: a vtable is too short, at octet 4"},
    {BYTES("\x08\0\0\0\x05\0\x04\0\x04\0\0\0"), ZW_EVERIFY,
     "Node: a vtable leads out of the buffer, at octet 4"},
    {BYTES("\x08\0\0\0\xF0\0\x04\0\x04\0\0\0"), ZW_EVERIFY,
     "Node: a vtable leads out of the buffer, at octet 4"},
    {BYTES("\x08\0\0\0\x04\0\x02\0\x04\0\0\0"), ZW_EVERIFY,
     "Node: a table leads out of the buffer, at octet 8"},
    {BYTES("\x08\0\0\0\x04\0\x08\0\x04\0\0\0"), ZW_EVERIFY,
     "Node: a table leads out of the buffer, at octet 8"},
    {BYTES("\x08\0\0\0\x04\0\x04\0\x04\0\0\0"), 0, ""},
    /* fields */
    {BYTES("\x0C\0\0\0\0\0\x06\0\x08\0\x02\0\x06\0\0\0\0\0\0\0"), ZW_EVERIFY,
     "Node.text: a field leads out of its table, at octet 12"},
    {BYTES("\x0C\0\0\0\0\0\x06\0\x08\0\x06\0\x06\0\0\0\0\0\0\0"), ZW_EVERIFY,
     "Node.text: a field leads out of its table, at octet 12"},
    {BYTES("\x0C\0\0\0\0\0\x06\0\x09\0\x05\0\x06\0\0\0\0\0\0\0\0\0\0\0"), ZW_EVERIFY,
     "Node.text: a field is not aligned, at octet 17"},
    {BYTES("\x0C\0\0\0\0\0\x06\0\x08\0\x04\0\x06\0\0\0\0\0\0\0"), ZW_EVERIFY,
     "Node.text: an offset is 0, at octet 16"},
    /* strings */
    {BYTES("\x0C\0\0\0\0\0\x06\0\x08\0\x04\0\x06\0\0\0\x04\0\0\0\x03\0\0\0abc"), ZW_EVERIFY,
     "Node.text: a string leads out of the buffer, at octet 20"},
    {BYTES("\x0C\0\0\0\0\0\x06\0\x08\0\x04\0\x06\0\0\0\x04\0\0\0\xFF\xFF\xFF\xFF"
           "abc\0"),
     ZW_EVERIFY, "Node.text: a string leads out of the buffer, at octet 20"},
    {BYTES("\x0C\0\0\0\0\0\x06\0\x08\0\x04\0\x06\0\0\0\x04\0\0\0\x03\0\0\0abcd"), ZW_EVERIFY,
     "Node.text: a string is not terminated, at octet 20"},
    {BYTES("\x0C\0\0\0\0\0\x06\0\x08\0\x04\0\x06\0\0\0\x04\0\0\0\x03\0\0\0a\xFFz\0"), ZW_EVERIFY,
     "Node.text: a string is not UTF-8, at octet 20"},
    {BYTES("\x0C\0\0\0\0\0\x06\0\x08\0\x04\0\x06\0\0\0\x04\0\0\0\x03\0\0\0abc\0"), 0, ""},
};

static void test_octets(void **state) {
  static const zw_verify_options options = {.flags = ZW_VERIFY_UTF8};
  (void)state;
  for (size_t i = 0; i < sizeof octets_cases / sizeof octets_cases[0]; i++) {
    const octets_case *c = &octets_cases[i];
    zw_diag diag = {0};
    int e = verify(&node, (const uint8_t *)c->bytes, c->len, &options, &diag);
    if (e != c->error || strcmp(diag.message, c->message))
      fail_msg("case %zu: %d %s\n  expected %d %s", i, e, diag.message, c->error, c->message);
  }
}

/* ---- vectors with lengths gone wrong ---- */

/* A node whose only field is a vector of `count` elements of which `octets` follow. */
static size_t vector_buffer(uint8_t *out, unsigned id, uint32_t count, size_t octets) {
  size_t vtable = 4 + 2 * (NODE_FIELDS + 1), table = 4 + vtable;
  table = (table + 3) / 4 * 4;
  memset(out, 0, table + 16 + octets);
  zw_store_le32(out, (uint32_t)table);
  zw_store_le16(out + 4, (uint16_t)vtable);
  zw_store_le16(out + 6, 8);
  zw_store_le16(out + 8 + 2 * id, 4);
  zw_store_le32(out + table, (uint32_t)(table - 4));
  zw_store_le32(out + table + 4, 4);
  zw_store_le32(out + table + 8, count);
  return table + 12 + octets;
}

static void test_vector_lengths(void **state) {
  static const uint32_t counts[] = {9, 0x40000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
  static const unsigned ids[] = {NODE_CHILDREN, NODE_NESTED, NODE_TEXTS};
  uint8_t bytes[200];
  (void)state;
  for (size_t i = 0; i < 5; i++) {
    for (size_t k = 0; k < 3; k++) {
      zw_diag diag = {0};
      size_t len = vector_buffer(bytes, ids[k], counts[i], 8);
      assert_int_equal(verify(&node, bytes, len, NULL, &diag), ZW_EVERIFY);
      assert_non_null(strstr(diag.message, "a vector leads out of the buffer"));
    }
  }
  assert_int_equal(verify(&node, bytes, vector_buffer(bytes, NODE_NESTED, 0, 0), NULL, NULL), 0);
  assert_int_equal(verify(&node, bytes, vector_buffer(bytes, NODE_NESTED, 4, 4), NULL, NULL),
                   ZW_EVERIFY);
}

/* ---- bounded work ---- */

static zw_ref node_with(zw_builder *b, unsigned id, zw_ref ref) {
  zw_builder_table_start(b);
  zw_builder_add_ref(b, id, ref);
  return zw_builder_table_end(b);
}

static int finish_and_verify(zw_builder *b, zw_ref root, const zw_verify_options *options) {
  zw_span bytes;
  assert_int_equal(zw_builder_finish(b, root, (zw_str){NULL, 0}, &bytes), 0);
  int e = verify(&node, bytes.ptr, bytes.len, options, NULL);
  zw_builder_deinit(b);
  return e;
}

/* Each level refers to the next one sixteen times: 16^30 tables in a kilobyte or two. */
static void test_shared_tables_cannot_multiply_the_work(void **state) {
  (void)state;
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_ref ref = node_with(&b, NODE_TEXT, zw_builder_string(&b, ZW_STR("x")));
  for (unsigned level = 0; level < 30; level++) {
    zw_ref refs[16];
    for (unsigned i = 0; i < 16; i++) refs[i] = ref;
    ref = node_with(&b, NODE_CHILDREN, zw_builder_refs(&b, refs, 16));
  }
  assert_int_equal(finish_and_verify(&b, ref, NULL), ZW_ELIMIT);
}

/* One long string, named by thousands of others' places. */
static void test_shared_strings_cannot_multiply_the_work(void **state) {
  static const zw_verify_options utf8 = {.flags = ZW_VERIFY_UTF8};
  static char text[100000];
  static zw_ref refs[20000];
  (void)state;
  memset(text, 'x', sizeof text);
  for (unsigned checked = 0; checked < 2; checked++) {
    zw_builder b;
    zw_builder_init(&b, NULL);
    zw_ref shared = zw_builder_string(&b, (zw_str){text, sizeof text});
    for (size_t i = 0; i < 20000; i++) refs[i] = shared;
    zw_ref root = node_with(&b, NODE_TEXTS, zw_builder_refs(&b, refs, 20000));
    assert_int_equal(finish_and_verify(&b, root, checked ? &utf8 : NULL), checked ? ZW_ELIMIT : 0);
  }
}

/* Vectors of unions whose types are all NONE follow no offsets. */
static void test_shared_union_types_cannot_multiply_the_work(void **state) {
  static uint8_t types[50000];
  static zw_ref values[50000];
  static zw_ref tables[2000];
  (void)state;
  zw_builder b;
  void *elements;
  zw_builder_init(&b, NULL);
  zw_ref type_list = zw_builder_vector(&b, types, 50000, 1, 1);
  zw_ref value_list = zw_builder_vector_uninit(&b, 50000, 4, 4, &elements);
  memset(elements, 0, sizeof values);
  for (size_t i = 0; i < 2000; i++) {
    zw_builder_table_start(&b);
    zw_builder_add_ref(&b, NODE_ANYS_TYPE, type_list);
    zw_builder_add_ref(&b, NODE_ANYS, value_list);
    tables[i] = zw_builder_table_end(&b);
  }
  zw_ref root = node_with(&b, NODE_CHILDREN, zw_builder_refs(&b, tables, 2000));
  assert_int_equal(finish_and_verify(&b, root, NULL), ZW_ELIMIT);
}

static void test_the_limit_of_offsets_can_be_raised(void **state) {
  static const zw_verify_options raised = {.offsets_max = 1000000};
  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    zw_builder b;
    zw_builder_init(&b, NULL);
    zw_ref ref = node_with(&b, NODE_TEXT, zw_builder_string(&b, ZW_STR("x")));
    for (unsigned level = 0; level < 3; level++) {
      zw_ref refs[16];
      for (unsigned k = 0; k < 16; k++) refs[k] = ref;
      ref = node_with(&b, NODE_CHILDREN, zw_builder_refs(&b, refs, 16));
    }
    assert_int_equal(finish_and_verify(&b, ref, i ? &raised : NULL), i ? 0 : ZW_ELIMIT);
  }
}

static void test_depth(void **state) {
  static const zw_verify_options shallow = {.depth_max = 10};
  (void)state;
  for (unsigned depth = 9; depth < 80; depth++) {
    for (unsigned limited = 0; limited < 2; limited++) {
      zw_builder b;
      zw_builder_init(&b, NULL);
      zw_ref ref = node_with(&b, NODE_TEXT, zw_builder_string(&b, ZW_STR("x")));
      for (unsigned i = 1; i < depth; i++) ref = node_with(&b, NODE_CHILD, ref);
      int e = finish_and_verify(&b, ref, limited ? &shallow : NULL);
      assert_int_equal(e, depth > (limited ? 10u : 64u) ? ZW_ELIMIT : 0);
    }
  }
}

/* A buffer in a buffer in a buffer …: the depth is that of all. */
static void test_nested_buffers_share_the_depth(void **state) {
  static uint8_t inner[1 << 14];
  size_t len = 0;
  (void)state;
  for (unsigned depth = 1; depth < 60; depth++) {
    zw_builder b;
    zw_span bytes;
    zw_builder_init(&b, NULL);
    zw_ref content = depth == 1 ? 0 : zw_builder_vector(&b, inner, len, 1, 8);
    zw_ref root = node_with(&b, NODE_NESTED, content);
    assert_int_equal(zw_builder_finish(&b, root, (zw_str){NULL, 0}, &bytes), 0);
    memcpy(inner, bytes.ptr, len = bytes.len);
    zw_builder_deinit(&b);
    /* A nested buffer and its table are two levels. */
    assert_int_equal(verify(&node, inner, len, NULL, NULL), 2 * depth - 1 > 64 ? ZW_ELIMIT : 0);
  }
}

/* ---- policies ---- */

static int verify_union(uint8_t type, uint32_t flags) {
  zw_verify_options options = {.flags = flags};
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_ref text = zw_builder_string(&b, ZW_STR("text"));
  zw_builder_table_start(&b);
  zw_builder_add_u8(&b, NODE_ANY_TYPE, type, 0);
  zw_builder_add_ref(&b, NODE_ANY, text);
  return finish_and_verify(&b, zw_builder_table_end(&b), &options);
}

static void test_unions(void **state) {
  (void)state;
  assert_int_equal(verify_union(2, 0), 0);
  assert_int_equal(verify_union(1, 0), ZW_EVERIFY); /* a string is no table */
  assert_int_equal(verify_union(0, 0), ZW_EVERIFY); /* a value without a type */
  assert_int_equal(verify_union(9, 0), 0);          /* from a newer schema */
  assert_int_equal(verify_union(9, ZW_VERIFY_STRICT_UNIONS), ZW_EVERIFY);
}

static int verify_unions(uint32_t types, uint32_t values) {
  static const uint8_t type_list[] = {2, 2, 0, 2};
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_ref text = zw_builder_string(&b, ZW_STR("text"));
  zw_ref refs[] = {text, text, text, text};
  zw_ref value_list = values ? zw_builder_refs(&b, refs, values) : 0;
  zw_ref list = types ? zw_builder_vector(&b, type_list, types, 1, 1) : 0;
  zw_builder_table_start(&b);
  zw_builder_add_ref(&b, NODE_ANYS_TYPE, list);
  zw_builder_add_ref(&b, NODE_ANYS, value_list);
  return finish_and_verify(&b, zw_builder_table_end(&b), NULL);
}

static void test_vectors_of_unions(void **state) {
  (void)state;
  assert_int_equal(verify_unions(4, 4), 0);
  assert_int_equal(verify_unions(3, 4), ZW_EVERIFY);
  assert_int_equal(verify_unions(4, 3), ZW_EVERIFY);
  assert_int_equal(verify_unions(0, 4), ZW_EVERIFY);
  assert_int_equal(verify_unions(4, 0), ZW_EVERIFY);
}

static void test_enums(void **state) {
  (void)state;
  for (uint8_t value = 1; value < 5; value++) {
    for (uint32_t checked = 0; checked < 2; checked++) {
      zw_verify_options options = {.flags = checked ? ZW_VERIFY_ENUMS : 0};
      zw_builder b;
      zw_builder_init(&b, NULL);
      zw_builder_table_start(&b);
      zw_builder_add_u8(&b, NODE_KIND, value, 0);
      int e = finish_and_verify(&b, zw_builder_table_end(&b), &options);
      assert_int_equal(e, checked && value > 2 ? ZW_EVERIFY : 0);
    }
  }
}

static void test_required(void **state) {
  static const zw_verify_options legacy = {.flags = ZW_VERIFY_NO_REQUIRED};
  zw_diag diag = {0};
  (void)state;
  const uint8_t bytes[] = {8, 0, 0, 0, 4, 0, 4, 0, 4, 0, 0, 0};
  assert_int_equal(verify(&strict, bytes, sizeof bytes, NULL, &diag), ZW_EVERIFY);
  assert_string_equal(diag.message, "Strict.text: a required field is missing, at octet 8");
  assert_int_equal(verify(&strict, bytes, sizeof bytes, &legacy, NULL), 0);
}

static void test_alignment_is_relative_to_the_buffer(void **state) {
  static const zw_verify_options anywhere = {.flags = ZW_VERIFY_UNALIGNED};
  uint8_t moved[128];
  zw_builder b;
  zw_span bytes;
  (void)state;
  zw_builder_init(&b, NULL);
  zw_builder_table_start(&b);
  zw_builder_add_u64(&b, NODE_WIDE, 7, 0);
  assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), (zw_str){NULL, 0}, &bytes), 0);
  for (size_t shift = 0; shift < 8; shift++) {
    zw_table t;
    memcpy(moved + shift, bytes.ptr, bytes.len);
    assert_int_equal(zw_verify(&node, zw_span_of(moved + shift, bytes.len), NULL, &t, NULL), 0);
    assert_int_equal(zw_table_u64(t, NODE_WIDE, 0), 7);
  }
  /* Four octets in front of the vtable put the number at the wrong place. */
  memset(moved, 0, 8);
  memcpy(moved + 8, bytes.ptr + 4, bytes.len - 4);
  zw_store_le32(moved, zw_load_le32(bytes.ptr) + 4);
  zw_span shifted = {moved, bytes.len + 4};
  assert_int_equal(zw_verify(&node, shifted, NULL, NULL, NULL), ZW_EVERIFY);
  assert_int_equal(zw_verify(&node, shifted, &anywhere, NULL, NULL), 0);
  zw_builder_deinit(&b);
}

static void test_identifiers(void **state) {
  static const uint8_t bytes[] = {12, 0, 0, 0, 'N', 'O', 'D', 'E', 4, 0, 4, 0, 4, 0, 0, 0};
  (void)state;
  for (size_t len = 0; len <= sizeof bytes; len++) {
    zw_span span = {bytes, len};
    int e = zw_verify_identified(&node, ZW_STR("NODE"), span, NULL, NULL, NULL);
    assert_int_equal(e, len == sizeof bytes ? 0 : ZW_EVERIFY);
    assert_int_equal(zw_verify_identified(&node, ZW_STR("EDON"), span, NULL, NULL, NULL),
                     ZW_EVERIFY);
  }
}

/* ---- tables alike ---- */

#define LEAF_FIELDS(named_type)                                                                    \
  {                                                                                                \
    {FIELD(0, "text", ZW_T_STRING, 0), .flags = ZW_F_REQUIRED}, {FIELD(1, "wide", ZW_T_ULONG, 0)}, \
        {FIELD(2, "kind", ZW_T_UBYTE, 0), .enum_type = &kind}, {                                   \
      FIELD(3, "leaves", ZW_T_VECTOR, ZW_T_OBJ), .type = &named_type                               \
    }                                                                                              \
  }
static const zw_type leaf, plain_leaf;
static zw_slots leaf_slots[1]; /* made in main */
static const zw_field leaf_fields[] = LEAF_FIELDS(leaf),
                      plain_leaf_fields[] = LEAF_FIELDS(plain_leaf);
static const zw_type leaf = {
    .name = {"Leaf", 4}, .fields = leaf_fields, .slots = leaf_slots, .field_count = 4, .align = 1};
static const zw_type plain_leaf = {
    .name = {"Leaf", 4}, .fields = plain_leaf_fields, .field_count = 4, .align = 1};

static zw_ref add_leaf(zw_builder *b, zw_ref leaves) {
  zw_ref text = zw_builder_string(b, ZW_STR("leaf"));
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, text);
  zw_builder_add_u64(b, 1, 7, 0);
  zw_builder_add_u8(b, 2, 1, 0);
  zw_builder_add_ref(b, 3, leaves);
  return zw_builder_table_end(b);
}

static void compare_leaves(const uint8_t *bytes, size_t len, uint32_t flags) {
  zw_verify_options options = {.flags = flags};
  zw_diag fast = {0}, slow = {0};
  zw_span span = {bytes, len};
  int e = zw_verify(&leaf, span, &options, NULL, &fast);
  assert_int_equal(zw_verify(&plain_leaf, span, &options, NULL, &slow), e);
  assert_string_equal(fast.message, slow.message);
}

/* What is remembered of the table before changes nothing: every octet broken in some ways, at a
 * block of the buffer's length, gives the same answer as where nothing is remembered. */
static void test_tables_alike_are_checked_like_others(void **state) {
  static const uint8_t changes[] = {1, 2, 3, 4, 7, 8, 12, 0x40, 0x7F, 0x80, 0xFF};
  static const uint32_t flags[] = {0,
                                   ZW_VERIFY_UTF8,
                                   ZW_VERIFY_ENUMS,
                                   ZW_VERIFY_NO_REQUIRED,
                                   ZW_VERIFY_UNALIGNED,
                                   ZW_VERIFY_UTF8 | ZW_VERIFY_UNALIGNED | ZW_VERIFY_NO_REQUIRED};
  zw_builder b;
  zw_span bytes;
  (void)state;
  zw_builder_init(&b, NULL);
  zw_ref inner = add_leaf(&b, 0), list[3] = {0};
  for (unsigned i = 0; i < 3; i++)
    list[i] = add_leaf(&b, i == 1 ? zw_builder_refs(&b, &inner, 1) : 0);
  zw_ref root = add_leaf(&b, zw_builder_refs(&b, list, 3));
  assert_int_equal(zw_builder_finish(&b, root, (zw_str){NULL, 0}, &bytes), 0);
  for (size_t k = 0; k < sizeof flags / sizeof flags[0]; k++) {
    for (size_t len = 0; len <= bytes.len; len++) {
      uint8_t *copy = malloc(len ? len : 1);
      memcpy(copy, bytes.ptr, len);
      compare_leaves(copy, len, flags[k]);
      for (size_t at = 0; len == bytes.len && at < len; at++) {
        for (size_t i = 0; i < sizeof changes; i++) {
          copy[at] = (uint8_t)(bytes.ptr[at] + changes[i]);
          compare_leaves(copy, len, flags[k]);
          copy[at] = bytes.ptr[at];
        }
      }
      free(copy);
    }
  }
  zw_builder_deinit(&b);
}

/* A leaf with two leaves that share a vtable: at octet 48, and at `second`. */
static void write_two_leaves(uint8_t bytes[88], uint32_t second) {
  static const uint16_t vtables[] = {12, 12, 4, 0, 0, 8, 8, 16, 4, 8};
  const uint32_t text = second == 80 ? 64 : 80;
  const uint32_t root[] = {20, text - 28, 36 - 32, 2, 48 - 40, second - 44, 48 - 16, text - 52};
  memset(bytes, 0, 88);
  zw_store_le32(bytes, 24);
  for (unsigned i = 0; i < 10; i++) zw_store_le16(bytes + 4 + 2 * i, vtables[i]);
  for (unsigned i = 0; i < 8; i++) zw_store_le32(bytes + 24 + 4 * i, root[i]);
  zw_store_le32(bytes + second, second - 16);
  zw_store_le32(bytes + second + 4, text - (second + 4));
}

static void test_a_shared_vtable_may_not_fit_each_table(void **state) {
  static const struct {
    uint32_t second;
    const char *message;
  } cases[] = {{64, ""},
               {68, "Leaf.leaves[1].wide: a field is not aligned, at octet 76"},
               {80, "Leaf.leaves[1]: a table leads out of the buffer, at octet 80"}};
  uint8_t bytes[88];
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_diag diag = {0};
    write_two_leaves(bytes, cases[i].second);
    int e = verify(&leaf, bytes, sizeof bytes, NULL, &diag);
    assert_string_equal(diag.message, cases[i].message);
    assert_int_equal(e, cases[i].message[0] ? ZW_EVERIFY : 0);
    compare_leaves(bytes, sizeof bytes, 0);
  }
}

/* Fields of a table of 32 KiB and more are compared one by one. */
static void test_a_table_of_64_kilobytes(void **state) {
  static uint8_t bytes[16 + 65532];
  static const struct {
    uint16_t offset;
    const char *message;
  } cases[] = {{40000, ""},
               {65520, ""},
               {40004, "Leaf.wide: a field is not aligned, at octet 40020"},
               {65528, "Leaf.wide: a field leads out of its table, at octet 16"}};
  (void)state;
  zw_store_le32(bytes, 16);
  zw_store_le16(bytes + 4, 8);
  zw_store_le16(bytes + 6, 65532);
  zw_store_le16(bytes + 8, 4);
  zw_store_le32(bytes + 16, 12);
  zw_store_le32(bytes + 20, 4);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_diag diag = {0};
    zw_store_le16(bytes + 10, cases[i].offset);
    int e = verify(&leaf, bytes, sizeof bytes, NULL, &diag);
    assert_int_equal(e, cases[i].message[0] ? ZW_EVERIFY : 0);
    assert_string_equal(diag.message, cases[i].message);
  }
}

/* ---- a large buffer, broken everywhere ---- */

static const char thing[] =
    "{id:\"v\",tags:[\"a\",\"bc\"],numbers:[1,-2],points:[{x:1,y:2,tag:[1,2]}],items:[{name:\"z\"}]"
    ","
    "any_type:Leaf,any:{n:1},several_type:[Leaf,Place,Words],several:[{n:2},{x:1,y:2,tag:[1,2]},"
    "\"w\"],child:{id:\"m\",nested:{name:\"in\"}},uuid:\"2f1c3b1e-8f0a-4b7e-9d55-0c6a1f2e3d4c\"}";

static void check_accepted(const zw_type *type, const uint8_t *bytes, size_t len) {
  uint8_t *copy = malloc(len ? len : 1);
  zw_table table;
  memcpy(copy, bytes, len);
  if (zw_verify(type, zw_span_of(copy, len), NULL, &table, NULL) == 0) {
    zw_text out;
    zw_text_init(&out, NULL);
    (void)!zw_json_print(type, table, ZW_OBJECT_DEFAULTS, 0, &out);
    zw_text_deinit(&out);
  }
  free(copy);
}

static void test_every_octet_may_be_wrong(void **state) {
  static const uint8_t values[] = {0, 1, 4, 0x7F, 0x80, 0xFF};
  (void)state;
  zw_schema *schema = fixture_load("reflect/objects.bfbs");
  zw_builder b;
  zw_span bytes;
  zw_diag diag = {0};
  zw_builder_init(&b, NULL);
  if (zw_json_parse(schema->root, zw_str_of(thing), 0, 0, &b, &bytes, &diag))
    fail_msg("%s", diag.message);
  assert_int_equal(zw_verify(schema->root, bytes, NULL, NULL, &diag), 0);
  uint8_t *broken = malloc(bytes.len);
  memcpy(broken, bytes.ptr, bytes.len);
  for (size_t i = 0; i < bytes.len; i++) {
    check_accepted(schema->root, broken, i);
    for (size_t k = 0; k < sizeof values; k++) {
      broken[i] = values[k];
      check_accepted(schema->root, broken, bytes.len);
    }
    broken[i] = bytes.ptr[i];
  }
  free(broken);
  zw_builder_deinit(&b);
  zw_schema_destroy(schema);
}

int main(void) {
  for (unsigned i = 0; i < 2; i++) zw_slots_make(&node, i, &node_slots[i]);
  zw_slots_make(&leaf, 0, &leaf_slots[0]);
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_octets),
      cmocka_unit_test(test_tables_alike_are_checked_like_others),
      cmocka_unit_test(test_a_shared_vtable_may_not_fit_each_table),
      cmocka_unit_test(test_a_table_of_64_kilobytes),
      cmocka_unit_test(test_vector_lengths),
      cmocka_unit_test(test_shared_tables_cannot_multiply_the_work),
      cmocka_unit_test(test_shared_strings_cannot_multiply_the_work),
      cmocka_unit_test(test_shared_union_types_cannot_multiply_the_work),
      cmocka_unit_test(test_the_limit_of_offsets_can_be_raised),
      cmocka_unit_test(test_depth),
      cmocka_unit_test(test_nested_buffers_share_the_depth),
      cmocka_unit_test(test_unions),
      cmocka_unit_test(test_vectors_of_unions),
      cmocka_unit_test(test_enums),
      cmocka_unit_test(test_required),
      cmocka_unit_test(test_alignment_is_relative_to_the_buffer),
      cmocka_unit_test(test_identifiers),
      cmocka_unit_test(test_every_octet_may_be_wrong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
