/* SPDX-License-Identifier: Apache-2.0 */
/* Copies with changes: each row changes one field to what another buffer has there. */
#include "zerowire/any.h"

#include "counting_alloc.h"
#include "wide_fixture.h"

enum { KEEP = -1 };

typedef struct change_row {
  const char *field, *before, *donor; /* the value is the donor's field, or nothing */
  int resize;                         /* number of elements; the donor's first one fills up */
  const char *after;                  /* JSON; or NULL: ZW_EINVAL */
} change_row;

static const change_row rows[] = {
    {"kind", "{id: 'x'}", "{id: 'y', kind: Hot}", KEEP, "{id: 'x', kind: Hot}"},
    {"kind", "{id: 'x', kind: Hot}", NULL, KEEP, "{id: 'x'}"},
    {"id", "{id: 'x'}", "{id: 'longer than before'}", KEEP, "{id: 'longer than before'}"},
    {"id", "{id: 'x'}", NULL, KEEP, NULL},
    {"point", "{id: 'x'}", "{id: 'y', point: {x: 1, y: 2, tag: [3, 4]}}", KEEP,
     "{id: 'x', point: {x: 1, y: 2, tag: [3, 4]}}"},
    {"child", "{id: 'x', child: {id: 'old'}}", "{id: 'y', child: {id: 'z', tags: ['a']}}", KEEP,
     "{id: 'x', child: {id: 'z', tags: ['a']}}"},
    {"child", "{id: 'x', child: {id: 'old'}}", NULL, KEEP, "{id: 'x'}"},
    {"any", "{id: 'x', any_type: Leaf, any: {n: 2}}", "{id: 'y', any_type: Words, any: 'w'}", KEEP,
     "{id: 'x', any_type: Words, any: 'w'}"},
    {"any", "{id: 'x'}", "{id: 'y', any_type: Place, any: {x: 1, y: 2, tag: [3, 4]}}", KEEP,
     "{id: 'x', any_type: Place, any: {x: 1, y: 2, tag: [3, 4]}}"},
    {"any", "{id: 'x', any_type: Leaf, any: {n: 2}}", NULL, KEEP, "{id: 'x'}"},
    {"any_type", "{id: 'x', any_type: Leaf, any: {n: 2}}", "{id: 'y', any_type: Words, any: 'w'}",
     KEEP, NULL},
    {"several", "{id: 'x', several_type: [Leaf], several: [{n: 2}]}",
     "{id: 'y', several_type: [Words, Leaf], several: ['w', {n: 3}]}", KEEP,
     "{id: 'x', several_type: [Words, Leaf], several: ['w', {n: 3}]}"},
    {"several", "{id: 'x', several_type: [Words, Leaf], several: ['w', {n: 3}]}", NULL, 1,
     "{id: 'x', several_type: [Words], several: ['w']}"},
    {"several", "{id: 'x', several_type: [Words], several: ['w']}",
     "{id: 'y', several_type: [Leaf], several: [{n: 3}]}", 2,
     "{id: 'x', several_type: [Words, Leaf], several: ['w', {n: 3}]}"},
    {"several", "{id: 'x', several_type: [Words], several: ['w']}", NULL, 2, NULL},
    {"tags", "{id: 'x', tags: ['a', 'b', 'c']}", NULL, 2, "{id: 'x', tags: ['a', 'b']}"},
    {"tags", "{id: 'x', tags: ['a']}", NULL, 3, "{id: 'x', tags: ['a', '', '']}"},
    {"tags", "{id: 'x'}", "{id: 'y', tags: ['new']}", 2, "{id: 'x', tags: ['new', 'new']}"},
    {"tags", "{id: 'x', tags: ['a']}", "{id: 'y', tags: ['b', 'c']}", KEEP,
     "{id: 'x', tags: ['b', 'c']}"},
    {"numbers", "{id: 'x', numbers: [1, 2, 3]}", NULL, 5, "{id: 'x', numbers: [1, 2, 3, 0, 0]}"},
    {"numbers", "{id: 'x', numbers: [1, 2, 3]}", "{id: 'y', numbers: [7]}", 4,
     "{id: 'x', numbers: [1, 2, 3, 7]}"},
    {"numbers", "{id: 'x', numbers: [1, 2, 3]}", NULL, 0, "{id: 'x', numbers: []}"},
    {"numbers", "{id: 'x', numbers: [1, 2, 3]}", NULL, KEEP, "{id: 'x'}"},
    {"kinds", "{id: 'x', kinds: [Hot]}", "{id: 'y', kinds: [Warm]}", 2,
     "{id: 'x', kinds: [Hot, Warm]}"},
    {"data", "{id: 'x', data: [1]}", "{id: 'y', data: [5, 6, 7]}", KEEP,
     "{id: 'x', data: [5, 6, 7]}"},
    {"points", "{id: 'x'}", "{id: 'y', points: [{x: 1, y: 2, tag: [3, 4]}]}", 2,
     "{id: 'x', points: [{x: 1, y: 2, tag: [3, 4]}, {x: 1, y: 2, tag: [3, 4]}]}"},
    {"cells", "{id: 'x', cells: [{id: 5, value: 1}]}", "{id: 'y', cells: [{id: 3, value: 2}]}", 2,
     "{id: 'x', cells: [{id: 3, value: 2}, {id: 5, value: 1}]}"},
    {"items", "{id: 'x', items: [{name: 'b'}]}", "{id: 'y', items: [{name: 'a', count: 2}]}", 2,
     "{id: 'x', items: [{name: 'a', count: 2}, {name: 'b'}]}"},
    {"items", "{id: 'x', items: [{name: 'b'}]}", NULL, 2, NULL},
    {"nested", "{id: 'x'}", "{id: 'y', nested: {name: 'in'}}", KEEP,
     "{id: 'x', nested: {name: 'in'}}"},
    {"kind", "{id: 'x'}", NULL, 2, NULL},
};

static zw_table build(const zw_schema *schema, zw_builder *b, const char *json) {
  const zw_type *type = fixture_type(schema, "com.example.Thing");
  zw_span bytes;
  zw_diag diag = {0};
  char text[256];
  size_t len = strlen(json);
  for (size_t i = 0; i <= len; i++) text[i] = json[i] == '\'' ? '"' : json[i];
  if (zw_json_parse(type, zw_str_of(text), 0, 0, b, &bytes, &diag))
    fail_msg("%s: %s", json, diag.message);
  return zw_root_trusted(bytes);
}

static zw_change change_of(const zw_type *type, const change_row *row, zw_table from,
                           zw_table donor) {
  const zw_field *field = zw_type_field(type, zw_str_of(row->field));
  zw_change change = {.table = from, .field = field};
  if (donor.ptr) change.value = zw_any_of_field(donor, type, field);
  if (row->resize == KEEP) return change;
  change.resize = true;
  change.count = (uint64_t)row->resize;
  if (donor.ptr) change.value = zw_any_of_element(&change.value, 0);
  return change;
}

static void expect(const zw_schema *schema, zw_builder *to, zw_ref root, const change_row *row) {
  const zw_type *type = fixture_type(schema, "com.example.Thing");
  zw_builder b;
  zw_span copy;
  zw_table t;
  zw_diag diag = {0};
  int e = zw_builder_finish(to, root, ZW_STR("COPY"), &copy);
  if (e != (row->after ? 0 : ZW_EINVAL)) fail_msg("%s of %s: error %d", row->field, row->before, e);
  if (e) return;
  if (zw_verify(type, copy, NULL, &t, &diag)) fail_msg("%s: %s", row->before, diag.message);
  zw_builder_init(&b, NULL);
  if (zw_table_compare(type, t, build(schema, &b, row->after)) != 0)
    fail_msg("%s of %s is not %s", row->field, row->before, row->after);
  zw_builder_deinit(&b);
}

static void apply(const zw_schema *schema, const zw_alloc *alloc, const change_row *row,
                  counting_alloc *c) {
  const zw_type *type = fixture_type(schema, "com.example.Thing");
  zw_builder from, donor, to;
  zw_builder_init(&from, NULL);
  zw_builder_init(&donor, NULL);
  zw_builder_init(&to, alloc);
  zw_table root = build(schema, &from, row->before), other = {0};
  if (row->donor) other = build(schema, &donor, row->donor);
  zw_change change = change_of(type, row, root, other);
  zw_ref copy = zw_copy_changed(&to, type, root, &change, 1);
  if (c && c->failed)
    assert_int_equal(to.error, ZW_ENOMEM);
  else
    expect(schema, &to, copy, row);
  zw_builder_deinit(&from);
  zw_builder_deinit(&donor);
  zw_builder_deinit(&to);
}

static void test_rows(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/objects.bfbs");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) apply(schema, NULL, &rows[i], NULL);
  zw_schema_destroy(schema);
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/objects.bfbs");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    bool failed = rows[i].after != NULL;
    for (unsigned n = 1; failed; n++) {
      counting_alloc c;
      counting_alloc_init(&c, n);
      apply(schema, &c.alloc, &rows[i], &c);
      assert_int_equal(c.live, 0);
      failed = c.failed;
    }
  }
  zw_schema_destroy(schema);
}

/* Below the root, several at once; and what is not there. */
static void test_places(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/objects.bfbs");
  const zw_type *thing = fixture_type(schema, "com.example.Thing"),
                *item = fixture_type(schema, "com.example.Item");
  const change_row row = {"", "(two changes)", NULL, KEEP,
                          "{id: 'new', items: [{name: 'a'}, {name: 'm', count: 2}]}"};
  zw_builder from, to;
  zw_builder_init(&from, NULL);
  zw_builder_init(&to, NULL);
  zw_table root = build(schema, &from, "{id: 'x', items: [{name: 'a'}, {name: 'k', count: 2}]}");
  zw_vec items = zw_table_vec(root, zw_type_field(thing, ZW_STR("items"))->id);
  zw_change changes[] = {
      {.table = zw_vec_table(items, 1),
       .field = &item->fields[0],
       .value = {.base = ZW_T_STRING, .text = ZW_STR("m")}},
      {.table = root,
       .field = zw_type_field(thing, ZW_STR("id")),
       .value = {.base = ZW_T_STRING, .text = ZW_STR("new")}},
      {.table = {root.ptr + 3, root.len, root.pos + 3}, .field = &item->fields[0]}};
  expect(schema, &to, zw_copy_changed(&to, thing, root, changes, 2), &row);
  zw_builder_reset(&to);
  assert_int_equal(zw_copy_changed(&to, thing, root, changes, 3), 0);
  assert_int_equal(to.error, ZW_ENOTFOUND);
  changes[2] = changes[1];
  zw_builder_reset(&to);
  assert_int_equal(zw_copy_changed(&to, thing, root, changes, 3), 0);
  assert_int_equal(to.error, ZW_ENOTFOUND);
  changes[1].value.base = ZW_T_INT;
  zw_builder_reset(&to);
  assert_int_equal(zw_copy_changed(&to, thing, root, changes, 2), 0);
  assert_int_equal(to.error, ZW_EINVAL);
  zw_builder_deinit(&from);
  zw_builder_deinit(&to);
  zw_schema_destroy(schema);
}

/* Whatever 64-bit offsets refer to, and a union whose type is wide. */
static void test_wide_fields(void **state) {
  (void)state;
  size_t len;
  uint8_t *bytes = wide_load("wide.bin", &len);
  zw_table from = zw_root_trusted(zw_span_of(bytes, len));
  for (unsigned i = 0; i < R_FIELDS; i++) {
    zw_any value = zw_any_of_field(from, &wide_r, &r_fields[i]);
    if (zw_field_is_union_type(&r_fields[i]) || value.base == ZW_T_NONE) continue;
    zw_change change = {.table = from, .field = &r_fields[i], .value = value};
    bool is_list = value.base == ZW_T_VECTOR || value.base == ZW_T_VECTOR64;
    for (int round = 0; round < (is_list ? 2 : 1); round++) {
      zw_builder b;
      zw_span copy;
      zw_builder_init(&b, NULL);
      if (round) change = (zw_change){from, &r_fields[i], {0}, true, value.count};
      zw_ref root = zw_copy_changed(&b, &wide_r, from, &change, 1);
      assert_int_equal(zw_builder_finish(&b, root, ZW_STR("WIDE"), &copy), 0);
      wide_expect(copy.ptr, copy.len, ZW_VERIFY_FORCE_ALIGN | ZW_VERIFY_STRICT_UNIONS, "");
      assert_int_equal(zw_table_compare(&wide_r, from, zw_root_trusted(copy)), 0);
      zw_builder_deinit(&b);
    }
  }
  free(bytes);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rows),
      cmocka_unit_test(test_places),
      cmocka_unit_test(test_wide_fields),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
