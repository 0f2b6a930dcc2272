/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loader of compiled schemas: what it accepts has a model or findings, fits itself, can be
 * compared with another schema, and its types can be verified against and read into.
 */
#include "fuzz_schemas.h"
#include "zerowire/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_model(const zw_schema *schema) {
  zw_arena arena;
  zw_model *model = NULL;
  zw_diag diag;
  zw_arena_init(&arena, NULL);
  if (zw_model_build(&model, schema, &arena, NULL, NULL, &diag) == 0) {
    for (size_t i = 0; i < model->map_count; i++)
      if (zw_model_map(model, model->maps[i].name) != &model->maps[i]) abort();
    for (size_t i = 0; i < model->topic_count; i++)
      if (model->topics[i].match == ZW_MATCH_EXACT &&
          zw_model_topic(model, model->topics[i].uri) != &model->topics[i])
        abort();
  }
  zw_arena_deinit(&arena);
}

static void check_types(const zw_schema *schema, zw_span bytes) {
  static const char *const texts[] = {"{}", "{a:1,b:[{}],id:\"x\"}"};
  zw_builder b;
  zw_span out;
  zw_builder_init(&b, NULL);
  for (size_t i = 0; i < schema->type_count && i < 16; i++) {
    const zw_type *type = &schema->types[i];
    if (type->is_struct) continue;
    (void)!zw_verify(type, bytes, NULL, NULL, NULL);
    for (size_t k = 0; k < 2; k++)
      if (zw_json_parse(type, zw_str_of(texts[k]), 0, 0, &b, &out, NULL) == 0 &&
          zw_verify(type, out, NULL, NULL, NULL))
        abort();
  }
  zw_builder_deinit(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const zw_schema *other;
  zw_schema *schema = NULL;
  zw_diag diag = {0};
  if (!other) other = fuzz_schema("model.bfbs");
  int e = zw_schema_load(&schema, zw_span_of(data, size), NULL, &diag);
  if (e) {
    if (diag.error != e) abort();
    return 0;
  }
  if (zw_evolution_check(schema, schema, NULL, NULL, ZW_COMPAT_FULL, 7, NULL, NULL) != 0) abort();
  zw_evolution_check(schema, other, NULL, NULL, ZW_COMPAT_FULL, 7, NULL, NULL);
  zw_evolution_check(other, schema, NULL, NULL, ZW_COMPAT_FULL, 7, NULL, NULL);
  if (schema->root) {
    int same = zw_evolution_check(schema, schema, schema->root, schema->root, ZW_COMPAT_FULL, 7,
                                  NULL, NULL);
    if (same != 0) abort();
  }
  check_model(schema);
  check_types(schema, zw_span_of(data, size));
  zw_schema_destroy(schema);
  return 0;
}
