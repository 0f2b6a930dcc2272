/* SPDX-License-Identifier: Apache-2.0 */
/* The root types that fuzz targets read: of the tests' schemas, and of compiled schemas themselves.
 */
#ifndef ZEROWIRE_FUZZ_SCHEMAS_H
#define ZEROWIRE_FUZZ_SCHEMAS_H

#include <stdio.h>
#include <stdlib.h>

#include "zerowire/reflect.h"

static inline const zw_schema *fuzz_schema(const char *name) {
  static uint8_t bytes[1 << 16];
  char path[512];
  zw_schema *schema = NULL;
  snprintf(path, sizeof path, "%s/reflect/%s", ZEROWIRE_TEST_DATA, name);
  FILE *file = fopen(path, "rb");
  size_t len = file ? fread(bytes, 1, sizeof bytes, file) : 0;
  if (file) fclose(file);
  if (zw_schema_load(&schema, zw_span_of(bytes, len), NULL, NULL)) abort();
  return schema;
}

static inline const zw_type *fuzz_root(uint8_t choice) {
  static const zw_schema *objects, *model;
  if (!objects) objects = fuzz_schema("objects.bfbs");
  if (!model) model = fuzz_schema("model.bfbs");
  switch (choice % 4) {
    case 0: return objects->root;
    case 1: return zw_reflection_root();
    case 2: return zw_schema_type(model, ZW_STR("com.example.Sensor"));
    default: return zw_schema_type(objects, ZW_STR("com.example.Call"));
  }
}

#endif
