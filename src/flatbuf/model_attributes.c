/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each attribute by itself: that it stands where it may, as a flag or with a value, once, and on a
 * type that it is for. One table says what is right; flatc checks none of it.
 *
 * A compiled schema stores a flag as the value "0", so no attribute takes the value "0".
 */
#include <stdio.h>

#include "model_build.h"

enum place {
  AT_TABLE = 1 << 0,
  AT_STRUCT = 1 << 1,
  AT_FIELD = 1 << 2,
  AT_MEMBER = 1 << 3,
  AT_ENUM = 1 << 4,
  AT_SERVICE = 1 << 5,
  AT_METHOD = 1 << 6,
};

typedef struct place_name {
  enum place place;
  const char *name;
} place_name;

static const place_name place_names[] = {
    {AT_TABLE, "a table"},   {AT_STRUCT, "a struct"},
    {AT_FIELD, "a field"},   {AT_MEMBER, "a struct's member"},
    {AT_ENUM, "an enum"},    {AT_SERVICE, "a service"},
    {AT_METHOD, "a method"},
};

typedef struct attribute_rule {
  const char *name;
  uint8_t flag_at, value_at; /* places where it stands as a flag, and with a value */
  const char *example;
} attribute_rule;

static const attribute_rule attribute_rules[] = {
    {"map", 0, AT_TABLE | AT_METHOD, "map: \"sensors\""},
    {"primary", AT_FIELD, AT_TABLE, "primary: \"site,id\""},
    {"index", AT_FIELD, AT_TABLE, "index: \"site,-installed\""},
    {"unique", AT_FIELD, AT_TABLE, "unique: \"site,serial\""},
    {"timestamp", AT_FIELD | AT_MEMBER, 0, NULL},
    {"uuid", AT_STRUCT | AT_FIELD | AT_MEMBER, 0, NULL},
    {"type", 0, AT_SERVICE | AT_METHOD, "type: \"topic\""},
    {"wampuri", 0, AT_SERVICE | AT_METHOD, "wampuri: \"com.example\""},
    {"match", 0, AT_METHOD, "match: \"prefix\""},
    {"arg", AT_FIELD, 0, NULL},
    {"kwarg", AT_FIELD, 0, NULL},
    {"op", 0, AT_METHOD, "op: \"get\""},
    {"history", AT_METHOD, AT_METHOD, NULL},
    {"history_key", 0, AT_METHOD, "history_key: \"sensor\""},
    {"compat", 0, AT_TABLE | AT_METHOD, "compat: \"full\""},
    {"streaming", 0, AT_METHOD, "streaming: \"server\""},
    {"idempotent", AT_METHOD, 0, NULL},
};
#define RULES (sizeof attribute_rules / sizeof attribute_rules[0])

static const char *name_of_place(enum place place) {
  for (size_t i = 0; i < sizeof place_names / sizeof place_names[0]; i++)
    if (place_names[i].place == place) return place_names[i].name;
  return "";
}

/* "a table, a method" */
static void list_places(unsigned places, char *out, size_t size) {
  size_t at = 0;
  out[0] = 0;
  for (size_t i = 0; i < sizeof place_names / sizeof place_names[0]; i++)
    if ((places & place_names[i].place) && at < size)
      at += (size_t)snprintf(out + at, size - at, "%s%s", at ? ", " : "", place_names[i].name);
}

static void check_form(model_builder *m, const zw_model_site *site, const attribute_rule *rule,
                       enum place place, zw_str value) {
  char places[120];
  bool flag = zw_model_is_flag(value);
  unsigned right = flag ? rule->flag_at : rule->value_at;
  if (right & place) return;
  if (!((rule->flag_at | rule->value_at) & place)) {
    list_places((unsigned)rule->flag_at | rule->value_at, places, sizeof places);
    zw_model_find(m, site, RULE_ATTRIBUTE_PLACE, "%s does not stand on %s, but on %s", rule->name,
                  name_of_place(place), places);
  } else if (flag) {
    zw_model_find(m, site, RULE_ATTRIBUTE_VALUE, "%s needs a value here, such as %s", rule->name,
                  rule->example);
  } else {
    zw_model_find(m, site, RULE_ATTRIBUTE_VALUE,
                  "%s is a flag here and takes no value. Remove : \"%.*s\"", rule->name,
                  ZW_ARG(value));
  }
}

static void check_rule(model_builder *m, zw_model_site *site, const attribute_rule *rule,
                       enum place place, const zw_attribute *list, size_t count) {
  size_t seen = 0;
  site->attribute = zw_str_of(rule->name);
  for (size_t i = 0; i < count; i++) {
    if (!zw_str_eq(list[i].name, site->attribute)) continue;
    if (seen++ == 0) check_form(m, site, rule, place, list[i].value);
  }
  if (seen > 1)
    zw_model_find(m, site, RULE_ATTRIBUTE_REPEATED, "%s is given %zu times. Write it once",
                  rule->name, seen);
}

static void check_list(model_builder *m, zw_str owner, zw_str member, enum place place,
                       const zw_attribute *list, size_t count) {
  zw_model_site site = {.owner = owner, .member = member};
  for (size_t i = 0; count && i < RULES; i++)
    check_rule(m, &site, &attribute_rules[i], place, list, count);
}

/* ---- the types that attributes of fields are for ---- */

static bool is_octets16(const zw_type *type) { return type && type->is_struct && type->size == 16; }

static void check_field_types(model_builder *m, const zw_type *type, const zw_field *field) {
  zw_model_site site = {.owner = type->name, .member = field->name};
  char text[ZW_TYPE_TEXT_MAX];
  zw_field_type_text(field, false, text);
  bool kwarg = field->flags & ZW_F_KWARG;
  if ((field->flags & ZW_F_TIMESTAMP) && field->base != ZW_T_ULONG && field->base != ZW_T_LONG) {
    site.attribute = ZW_STR("timestamp");
    zw_model_find(m, &site, RULE_TIMESTAMP_TYPE,
                  "timestamp stands on a ulong or long (ns since 1970), not on %s", text);
  }
  if ((field->flags & ZW_F_UUID) && !is_octets16(field->type)) {
    site.attribute = ZW_STR("uuid");
    zw_model_find(m, &site, RULE_UUID_TYPE, "uuid stands on a struct of 16 octets, not on %s",
                  text);
  }
  if (kwarg && zw_attribute_get(field->attributes, field->attribute_count, ZW_STR("arg")).ptr) {
    site.attribute = ZW_STR("kwarg");
    zw_model_find(m, &site, RULE_ARG_AND_KWARG, "a field is an arg or a kwarg. Remove one");
  }
}

static void check_type(model_builder *m, const zw_type *type) {
  zw_str none = {NULL, 0};
  check_list(m, type->name, none, type->is_struct ? AT_STRUCT : AT_TABLE, type->attributes,
             type->attribute_count);
  if (type->is_struct && type->size != 16 &&
      zw_attribute_get(type->attributes, type->attribute_count, ZW_STR("uuid")).ptr) {
    zw_model_site site = {.owner = type->name, .attribute = ZW_STR("uuid")};
    zw_model_find(m, &site, RULE_UUID_TYPE, "uuid stands on a struct of 16 octets, not of %u",
                  (unsigned)type->size);
  }
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *field = &type->fields[i];
    if (!field->attribute_count) continue;
    check_list(m, type->name, field->name, type->is_struct ? AT_MEMBER : AT_FIELD,
               field->attributes, field->attribute_count);
    check_field_types(m, type, field);
  }
}

/* A service without `type` is not ours. */
static void check_service(model_builder *m, const zw_service *service) {
  zw_str none = {NULL, 0};
  if (!zw_attribute_get(service->attributes, service->attribute_count, ZW_STR("type")).ptr) return;
  check_list(m, service->name, none, AT_SERVICE, service->attributes, service->attribute_count);
  for (size_t i = 0; i < service->method_count; i++) {
    const zw_method *method = &service->methods[i];
    check_list(m, service->name, method->name, AT_METHOD, method->attributes,
               method->attribute_count);
  }
}

void zw_model_check_attributes(model_builder *m) {
  zw_str none = {NULL, 0};
  const zw_schema *schema = m->schema;
  for (size_t i = 0; i < schema->type_count; i++) check_type(m, &schema->types[i]);
  for (size_t i = 0; i < schema->enum_count; i++)
    check_list(m, schema->enums[i].name, none, AT_ENUM, schema->enums[i].attributes,
               schema->enums[i].attribute_count);
  for (size_t i = 0; i < schema->service_count; i++) check_service(m, &schema->services[i]);
}
