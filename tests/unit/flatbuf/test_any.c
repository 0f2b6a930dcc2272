/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of field, member and element as a value, against what was written. */
#include "reflect_fixture.h"
#include "zerowire/any.h"

typedef struct fixture {
  zw_schema *schema;
  zw_builder b;
  zw_table root;
} fixture;

static const char json[] =
    "{id: \"x\", kind: \"Hot\", scalars: {i8: -3, f32: 1.5, maybe: 7}, point: {x: 1, y: 2, "
    "tag: [8, 9]}, line: {from: {x: 3, y: 4, tag: [0, 5]}, kind: Cold}, tags: [\"a\", \"bc\"], "
    "numbers: [-1, 2], data: [1, 2, 3], points: [{x: 6, y: 7, tag: [1, 2]}], "
    "items: [{name: \"i\", count: 4}], any_type: Words, any: \"word\", several_type: [Leaf, "
    "Place], several: [{n: 5}, {x: 8, y: 9, tag: [0, 0]}], nested: {name: \"n\"}}";

static int setup(void **state) {
  static fixture f;
  zw_span bytes;
  zw_diag diag = {0};
  f.schema = fixture_load("reflect/objects.bfbs");
  zw_builder_init(&f.b, NULL);
  if (zw_json_parse(f.schema->root, zw_str_of(json), 0, 0, &f.b, &bytes, &diag))
    fail_msg("%s", diag.message);
  f.root = zw_root_trusted(bytes);
  *state = &f;
  return 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  zw_builder_deinit(&f->b);
  zw_schema_destroy(f->schema);
  return 0;
}

static zw_any field(const zw_any *of, const char *name) {
  const zw_field *found = zw_type_field(of->type, zw_str_of(name));
  if (!found) fail_msg("no field %s", name);
  return of->type->is_struct ? zw_any_of_member(of->stored, found)
                             : zw_any_of_field(of->table, of->type, found);
}

static void test_scalars(void **state) {
  fixture *f = *state;
  zw_any root = zw_any_of_table(f->root, f->schema->root);
  zw_any scalars = field(&root, "scalars"), kind = field(&root, "kind");
  assert_int_equal(kind.base, ZW_T_UBYTE);
  assert_int_equal(kind.scalar.u, 5);
  assert_text(kind.enum_type->name, "com.example.Kind");
  assert_int_equal(field(&scalars, "i8").scalar.i, -3);
  assert_true(field(&scalars, "f32").scalar.d == 1.5);
  assert_int_equal(field(&scalars, "maybe").scalar.i, 7);
  assert_int_equal(field(&scalars, "answer").scalar.i, 42);
  assert_int_equal(field(&scalars, "answer").base, ZW_T_INT);
}

static void test_what_is_absent(void **state) {
  fixture *f = *state;
  zw_any root = zw_any_of_table(f->root, f->schema->root);
  static const char *const names[] = {"uuid", "kinds", "cells", "child"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_int_equal(field(&root, names[i]).base, ZW_T_NONE);
  zw_table none = {NULL, 0, 0};
  assert_int_equal(zw_any_of_table(none, f->schema->root).base, ZW_T_NONE);
  zw_any empty = {.base = ZW_T_OBJ, .type = fixture_type(f->schema, "com.example.Scalars")};
  assert_int_equal(field(&empty, "maybe").base, ZW_T_NONE);
}

static void test_structs(void **state) {
  fixture *f = *state;
  zw_any root = zw_any_of_table(f->root, f->schema->root);
  zw_any line = field(&root, "line"), from = field(&line, "from"), tag = field(&from, "tag");
  assert_true(field(&from, "y").scalar.d == 4);
  assert_int_equal(tag.base, ZW_T_ARRAY);
  assert_int_equal(tag.count, 2);
  assert_int_equal(zw_any_of_element(&tag, 1).scalar.i, 5);
  assert_int_equal(field(&line, "kind").scalar.u, 0);
}

static void test_vectors(void **state) {
  fixture *f = *state;
  zw_any root = zw_any_of_table(f->root, f->schema->root);
  zw_any tags = field(&root, "tags"), numbers = field(&root, "numbers");
  zw_any points = field(&root, "points"), items = field(&root, "items");
  zw_any nested = field(&root, "nested");
  assert_text(zw_any_of_element(&tags, 1).text, "bc");
  assert_int_equal(zw_any_of_element(&numbers, 0).scalar.i, -1);
  zw_any point = zw_any_of_element(&points, 0), item = zw_any_of_element(&items, 0);
  assert_true(field(&point, "y").scalar.d == 7);
  assert_int_equal(field(&item, "count").scalar.i, 4);
  assert_int_equal(nested.element, ZW_T_UBYTE);
  assert_int_equal(nested.count,
                   zw_table_vec(f->root, zw_type_field(root.type, ZW_STR("nested"))->id).count);
}

static void test_unions(void **state) {
  fixture *f = *state;
  zw_any root = zw_any_of_table(f->root, f->schema->root);
  zw_any any = field(&root, "any"), several = field(&root, "several");
  assert_int_equal(any.base, ZW_T_STRING);
  assert_text(any.text, "word");
  assert_int_equal(several.count, 2);
  zw_any leaf = zw_any_of_element(&several, 0), place = zw_any_of_element(&several, 1);
  assert_int_equal(field(&leaf, "n").scalar.i, 5);
  assert_true(place.type->is_struct && field(&place, "x").scalar.d == 8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_scalars), cmocka_unit_test(test_what_is_absent),
      cmocka_unit_test(test_structs), cmocka_unit_test(test_vectors),
      cmocka_unit_test(test_unions),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
