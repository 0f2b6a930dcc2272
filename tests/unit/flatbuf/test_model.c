/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One case a rule: reflect/model.bfbs is right in everything, and a case edits some attributes of
 * it and says which single finding that makes, where, and in which words.
 */
#include "counting_alloc.h"
#include "reflect_fixture.h"

#include "zerowire/model.h"

/* ---- edits of a loaded schema, which lies in memory that can be written ---- */

/* `value` NULL removes the attribute. These names are no attributes: "=request", "=response" set a
 * method's type, "=flag" sets flags of a field, "=again" repeats the attribute `value`. */
typedef struct edit {
  const char *at, *attribute, *value;
} edit;

typedef struct target {
  const zw_attribute **list;
  size_t *count;
  zw_field *field;
  zw_method *method;
} target;

static zw_attribute spare[8][20];

static void *writable(const void *p) { return (void *)(uintptr_t)p; }

static bool is_named(zw_str full, const char *name, size_t len) {
  return full.len >= len && memcmp(full.ptr + full.len - len, name, len) == 0 &&
         (full.len == len || full.ptr[full.len - len - 1] == '.');
}

static target find_target(const zw_schema *schema, const char *at) {
  const char *dot = strchr(at, '.');
  size_t len = dot ? (size_t)(dot - at) : strlen(at);
  for (size_t i = 0; i < schema->type_count; i++) {
    zw_type *type = writable(&schema->types[i]);
    if (!is_named(type->name, at, len)) continue;
    if (!dot) return (target){&type->attributes, &type->attribute_count, NULL, NULL};
    zw_field *field = writable(zw_type_field(type, zw_str_of(dot + 1)));
    return (target){&field->attributes, &field->attribute_count, field, NULL};
  }
  for (size_t i = 0; i < schema->enum_count; i++) {
    zw_enum_type *type = writable(&schema->enums[i]);
    if (is_named(type->name, at, len))
      return (target){&type->attributes, &type->attribute_count, NULL, NULL};
  }
  for (size_t i = 0; i < schema->service_count; i++) {
    zw_service *service = writable(&schema->services[i]);
    if (!is_named(service->name, at, len)) continue;
    if (!dot) return (target){&service->attributes, &service->attribute_count, NULL, NULL};
    for (size_t k = 0; k < service->method_count; k++) {
      zw_method *method = writable(&service->methods[k]);
      if (zw_str_eq(method->name, zw_str_of(dot + 1)))
        return (target){&method->attributes, &method->attribute_count, NULL, method};
    }
  }
  fail_msg("nothing is named %s", at);
  return (target){0};
}

static void apply_type(const zw_schema *schema, const target *t, const edit *e) {
  const zw_type **side = e->attribute[3] == 'q' ? &t->method->request : &t->method->response;
  for (size_t i = 0; i < schema->type_count; i++)
    if (is_named(schema->types[i].name, e->value, strlen(e->value))) *side = &schema->types[i];
}

static void apply_flag(const target *t, const char *value) {
  static const struct {
    const char *name;
    uint32_t flag;
  } flags[] = {{"deprecated", ZW_F_DEPRECATED}, {"optional", ZW_F_OPTIONAL}};
  for (size_t i = 0; i < 2; i++)
    if (strcmp(flags[i].name, value) == 0) t->field->flags |= flags[i].flag;
}

static void apply_attribute(const target *t, zw_attribute *list, zw_str name, const char *value,
                            bool again) {
  size_t count = 0;
  for (size_t i = 0; i < *t->count; i++)
    if (again || !zw_str_eq((*t->list)[i].name, name)) list[count++] = (*t->list)[i];
  if (value) list[count++] = (zw_attribute){name, zw_str_of(value)};
  *t->list = list;
  *t->count = count;
  if (!t->field) return;
  if (zw_str_eq(name, ZW_STR("timestamp"))) t->field->flags |= ZW_F_TIMESTAMP;
  if (zw_str_eq(name, ZW_STR("uuid"))) t->field->flags |= ZW_F_UUID;
  if (zw_str_eq(name, ZW_STR("kwarg"))) t->field->flags |= ZW_F_KWARG;
}

static void apply(const zw_schema *schema, const edit *e, zw_attribute *list) {
  target t = find_target(schema, e->at);
  if (strcmp(e->attribute, "=flag") == 0)
    apply_flag(&t, e->value);
  else if (strcmp(e->attribute, "=again") == 0)
    apply_attribute(&t, list, zw_str_of(e->value), "0", true);
  else if (e->attribute[0] == '=')
    apply_type(schema, &t, e);
  else
    apply_attribute(&t, list, zw_str_of(e->attribute), e->value, false);
}

/* ---- cases ---- */

typedef struct model_case {
  edit edits[4];
  int error;
  const char *rule, *site, *message;
} model_case;

#define E ZW_ESCHEMA
#define N ZW_ENOTSUP

static const model_case cases[] = {
    /* attributes by themselves */
    {{{"Sensor", "=again", "map"}},
     E,
     "ATTRIBUTE_REPEATED",
     "com.example.Sensor||map",
     "Sensor: map is given 2 times. Write it once"},
    {{{"Point", "map", "points"}},
     E,
     "ATTRIBUTE_PLACE",
     "com.example.Point||map",
     "Point: map does not stand on a struct, but on a table, a method"},
    {{{"Kind", "op", "get"}},
     E,
     "ATTRIBUTE_PLACE",
     "com.example.Kind||op",
     "Kind: op does not stand on an enum, but on a method"},
    {{{"Point.x", "index", "0"}},
     E,
     "ATTRIBUTE_PLACE",
     "com.example.Point|x|index",
     "Point.x: index does not stand on a struct's member, but on a table, a field"},
    {{{"Telemetry", "history", "0"}},
     E,
     "ATTRIBUTE_PLACE",
     "com.example.Telemetry||history",
     "Telemetry: history does not stand on a service, but on a method"},
    {{{"Sensor", "index", "0"}},
     E,
     "ATTRIBUTE_VALUE",
     "com.example.Sensor||index",
     "Sensor: index needs a value here, such as index: \"site,-installed\""},
    {{{"Sensor.spare", "index", "spare"}},
     E,
     "ATTRIBUTE_VALUE",
     "com.example.Sensor|spare|index",
     "Sensor.spare: index is a flag here and takes no value. Remove : \"spare\""},
    {{{"Telemetry.reading", "history_key", "0"}},
     E,
     "ATTRIBUTE_VALUE",
     "com.example.Telemetry|reading|history_key",
     "Telemetry.reading: history_key needs a value here, such as history_key: \"sensor\""},
    {{{"Sensor.kind", "timestamp", "0"}},
     E,
     "TIMESTAMP_TYPE",
     "com.example.Sensor|kind|timestamp",
     "Sensor.kind: timestamp stands on a ulong or long (ns since 1970), not on Kind"},
    {{{"Sensor.hash", "uuid", "0"}},
     E,
     "UUID_TYPE",
     "com.example.Sensor|hash|uuid",
     "Sensor.hash: uuid stands on a struct of 16 octets, not on [ubyte]"},
    {{{"Point", "uuid", "0"}},
     E,
     "UUID_TYPE",
     "com.example.Point||uuid",
     "Point: uuid stands on a struct of 16 octets, not of 8"},
    {{{"Reading.sensor", "kwarg", "0"}},
     E,
     "ARG_AND_KWARG",
     "com.example.Reading|sensor|kwarg",
     "Reading.sensor: a field is an arg or a kwarg. Remove one"},
    /* maps */
    {{{"Host", "map", "Hosts"}},
     E,
     "MAP_NAME",
     "com.example.Host||map",
     "Host: \"Hosts\" is no name for a map. Write a-z, then a-z, 0-9 and _"},
    {{{"Host", "map", "1hosts"}},
     E,
     "MAP_NAME",
     "com.example.Host||map",
     "Host: \"1hosts\" is no name for a map. Write a-z, then a-z, 0-9 and _"},
    {{{"Host", "map", "sensors"}},
     E,
     "MAP_TAKEN",
     "com.example.Sensor||map>com.example.Host|",
     "Sensor: the records of Host live in the map \"sensors\" already: one table a map"},
    {{{"Host", "map", NULL}, {"Host", "compat", NULL}, {"Host.address", "unique", NULL}},
     E,
     "MAP_NEEDED",
     "com.example.Host|name|primary",
     "Host.name: primary says how a map is kept, and this table has none. Write map: \"…\" on the "
     "table"},
    {{{"Place", "compat", "full"}},
     E,
     "MAP_NEEDED",
     "com.example.Place||compat",
     "Place: compat says how a map is kept, and this table has none. Write map: \"…\" on the "
     "table"},
    {{{"Host", "compat", "foward"}},
     E,
     "COMPAT_UNKNOWN",
     "com.example.Host||compat",
     "Host: compat is one of \"backward\", \"backward_transitive\", \"forward\", "
     "\"forward_transitive\", \"full\", \"full_transitive\", \"none\", not \"foward\". Did you "
     "mean "
     "\"forward\"?"},
    /* the primary key */
    {{{"Host.name", "primary", NULL}},
     E,
     "PRIMARY_MISSING",
     "com.example.Host||map",
     "Host: a map needs a primary key. Mark a field (primary), or write primary: \"a,b\" on the "
     "table"},
    {{{"Host.address", "primary", "0"}},
     E,
     "PRIMARY_TWICE",
     "com.example.Host|address|primary>com.example.Host|name",
     "Host.address: \"name\" is marked primary too, and the order of the key would be a guess. "
     "Write "
     "primary: \"name,address\" on the table"},
    {{{"Host", "primary", "name"}},
     E,
     "PRIMARY_TWICE",
     "com.example.Host||primary>com.example.Host|name",
     "Host: primary is given on the table and on \"name\". Keep the list"},
    {{{"Host.name", "=flag", "deprecated"}},
     E,
     "PRIMARY_OPTIONAL",
     "com.example.Host|name|primary",
     "Host.name: \"name\" is deprecated, and a primary key is always there. Take another field"},
    {{{"Host.name", "primary", NULL}, {"Host", "primary", "name,-address,name"}},
     E,
     "KEY_FIELD_REPEATED",
     "com.example.Host||primary",
     "Host: \"name\" stands twice in one key"},
    {{{"Sensor", "unique", "-spare,spare"}},
     E,
     "KEY_FIELD_REPEATED",
     "com.example.Sensor||unique",
     "Sensor: \"spare\" stands twice in one key"},
    {{{"Host.name", "primary", NULL}, {"Host", "primary", "nmae"}},
     E,
     "KEY_FIELD_UNKNOWN",
     "com.example.Host||primary",
     "Host: Host has no field \"nmae\". Did you mean \"name\"?"},
    {{{"Host.name", "primary", NULL}, {"Host", "primary", "name,"}},
     E,
     "KEY_SYNTAX",
     "com.example.Host||primary",
     "Host: a field's name is empty. Write fields as in \"site,-installed\""},
    /* indexes */
    {{{"Sensor", "index", "place.flor"}},
     E,
     "KEY_FIELD_UNKNOWN",
     "com.example.Sensor||index",
     "Sensor: Place has no field \"flor\". Did you mean \"floor\"?"},
    {{{"Sensor", "index", "serial.x"}},
     E,
     "KEY_FIELD_TYPE",
     "com.example.Sensor||index",
     "Sensor: \"serial\" is no table or struct, so it has no \"x\""},
    {{{"Sensor", "index", "places"}},
     E,
     "KEY_FIELD_TYPE",
     "com.example.Sensor||index",
     "Sensor: \"places\" is a [Place], which is no key. A key field is a scalar, a string, [ubyte] "
     "or "
     "a struct of octets"},
    {{{"Sensor", "index", "tags"}},
     E,
     "KEY_FIELD_TYPE",
     "com.example.Sensor||index",
     "Sensor: \"tags\" is a [string], which is no key. A key field is a scalar, a string, [ubyte] "
     "or "
     "a struct of octets; a flag on the field gives one entry an element"},
    {{{"Sensor", "index", "place.point"}},
     E,
     "KEY_FIELD_TYPE",
     "com.example.Sensor||index",
     "Sensor: \"place.point\" is a Point, which is no key. A key field is a scalar, a string, "
     "[ubyte] "
     "or a struct of octets"},
    {{{"Sensor", "index", "kind;;spare"}},
     E,
     "KEY_SYNTAX",
     "com.example.Sensor||index",
     "Sensor: a field's name is empty. Write fields as in \"site,-installed\""},
    {{{"Sensor", "unique", "site"}},
     E,
     "INDEX_TAKEN",
     "com.example.Sensor||unique>com.example.Sensor|site",
     "Sensor: there are two indexes \"site\": an index is named by its fields. Remove one"},
    {{{"Sensor.weight", "index", "0"}},
     0,
     "KEY_FLOAT",
     "com.example.Sensor|weight|index",
     "Sensor.weight: \"weight\" is a float: equal numbers may differ in their last bits, so that a "
     "look-up misses"},
    /* services and methods */
    {{{"Telemetry", "type", "interfaces"}},
     E,
     "TYPE_UNKNOWN",
     "com.example.Telemetry||type",
     "Telemetry: type is one of \"interface\", not \"interfaces\". Did you mean \"interface\"?"},
    {{{"Telemetry.all", "type", NULL}},
     E,
     "TYPE_MISSING",
     "com.example.Telemetry|all|type",
     "Telemetry.all: a method of an interface is a topic or a procedure. Write type: \"topic\" or "
     "type: \"procedure\""},
    {{{"Telemetry.all", "type", "topics"}},
     E,
     "TYPE_UNKNOWN",
     "com.example.Telemetry|all|type",
     "Telemetry.all: type is one of \"topic\", \"procedure\", not \"topics\". Did you mean "
     "\"topic\"?"},
    {{{"Telemetry.all", "=response", "Reading"}},
     E,
     "TOPIC_RETURNS_VOID",
     "com.example.Telemetry|all|",
     "Telemetry.all: a topic returns Void, not Reading"},
    {{{"Other", "type", "interface"}, {"Other.call", "type", "procedure"}},
     E,
     "URI_MISSING",
     "com.example.Other|call|wampuri",
     "Other.call: it has no URI. Write wampuri: \"com.example\" on the service, or on the method"},
    {{{"Telemetry.all", "wampuri", "com.exa mple"}},
     E,
     "URI_INVALID",
     "com.example.Telemetry|all|wampuri",
     "Telemetry.all: \"com.exa mple\" is no URI. Write components parted by dots, without white "
     "space "
     "and #"},
    {{{"Telemetry.all", "wampuri", "com..example"}},
     E,
     "URI_INVALID",
     "com.example.Telemetry|all|wampuri",
     "Telemetry.all: \"com..example\" is no URI. Write components parted by dots, without white "
     "space "
     "and #"},
    {{{"Telemetry.all", "wampuri", "wamp.all"}},
     E,
     "URI_RESERVED",
     "com.example.Telemetry|all|wampuri",
     "Telemetry.all: \"wamp.all\" begins with \"wamp\", which is the protocol's own. Take another"},
    {{{"Telemetry.all", "wampuri", "com.example.average"}},
     E,
     "URI_TAKEN",
     "com.example.Telemetry|average|wampuri>com.example.Telemetry|all",
     "Telemetry.average: \"com.example.average\" is the URI of Telemetry.all already"},
    {{{"Telemetry.all", "match", "prefixes"}},
     E,
     "MATCH_UNKNOWN",
     "com.example.Telemetry|all|match",
     "Telemetry.all: match is one of \"exact\", \"prefix\", \"wildcard\", not \"prefixes\". Did "
     "you "
     "mean \"prefix\"?"},
    {{{"Telemetry.average", "match", "prefix"}},
     N,
     "MATCH_PROCEDURE",
     "com.example.Telemetry|average|match",
     "Telemetry.average: match: \"prefix\" on a procedure is not supported, only on topics"},
    {{{"Telemetry.average", "streaming", "servr"}},
     E,
     "STREAMING_UNKNOWN",
     "com.example.Telemetry|average|streaming",
     "Telemetry.average: streaming is one of \"none\", \"server\", \"client\", \"bidi\", not "
     "\"servr\". Did you mean \"server\"?"},
    {{{"Telemetry.average", "streaming", "client"}},
     N,
     "STREAMING_CLIENT",
     "com.example.Telemetry|average|streaming",
     "Telemetry.average: streaming: \"client\" is not supported"},
    {{{"Telemetry.average", "streaming", "bidi"}},
     N,
     "STREAMING_CLIENT",
     "com.example.Telemetry|average|streaming",
     "Telemetry.average: streaming: \"bidi\" is not supported"},
    {{{"Telemetry.all", "streaming", "server"}},
     E,
     "STREAMING_PLACE",
     "com.example.Telemetry|all|streaming",
     "Telemetry.all: a topic has no streaming. Remove it"},
    {{{"Telemetry.sensor_get", "streaming", "server"}},
     E,
     "STREAMING_PLACE",
     "com.example.Telemetry|sensor_get|streaming",
     "Telemetry.sensor_get: op: \"get\" answers once. Remove streaming"},
    {{{"Telemetry.all", "idempotent", "0"}},
     E,
     "STREAMING_PLACE",
     "com.example.Telemetry|all|idempotent",
     "Telemetry.all: a topic is not called. Remove idempotent"},
    /* op */
    {{{"Telemetry.sensor_get", "op", NULL}},
     E,
     "OP_MISSING",
     "com.example.Telemetry|sensor_get|map",
     "Telemetry.sensor_get: map says what op works on. Write op: \"get\" beside it, or remove map"},
    {{{"Telemetry.sensor_get", "map", NULL}},
     E,
     "MAP_NEEDED",
     "com.example.Telemetry|sensor_get|op",
     "Telemetry.sensor_get: op needs a map to work on. Write map: \"…\" beside it"},
    {{{"Telemetry.sensor_get", "map", "sensor"}},
     E,
     "MAP_UNKNOWN",
     "com.example.Telemetry|sensor_get|map",
     "Telemetry.sensor_get: no table has map: \"sensor\". Did you mean \"sensors\"?"},
    {{{"Telemetry.sensor_get", "op", "gets"}},
     E,
     "OP_UNKNOWN",
     "com.example.Telemetry|sensor_get|op",
     "Telemetry.sensor_get: op is one of \"get\", \"put\", \"insert\", \"delete\", \"select\", "
     "\"count\", not \"gets\". Did you mean \"get\"?"},
    {{{"Telemetry.sensor_changed", "op", "insert"}},
     E,
     "OP_UNKNOWN",
     "com.example.Telemetry|sensor_changed|op",
     "Telemetry.sensor_changed: op is one of \"put\", \"delete\", not \"insert\""},
    {{{"Telemetry.sensor_changed", "match", "prefix"}},
     E,
     "OP_PATTERN",
     "com.example.Telemetry|sensor_changed|match",
     "Telemetry.sensor_changed: a method with op has one URI. Remove match"},
    {{{"Telemetry.sensor_get", "=request", "Wide"}},
     E,
     "OP_REQUEST",
     "com.example.Telemetry|sensor_get|op",
     "Telemetry.sensor_get: get has exactly the fields of the key (site,id), and Wide has more"},
    {{{"Telemetry.sensor_get", "=request", "Void"}},
     E,
     "OP_REQUEST",
     "com.example.Telemetry|sensor_get|op",
     "Telemetry.sensor_get: get has exactly the fields of the key (site,id), and Void has no "
     "\"site\""},
    {{{"Telemetry.sensor_delete", "=request", "Wrong"}},
     E,
     "OP_REQUEST",
     "com.example.Telemetry|sensor_delete|op",
     "Telemetry.sensor_delete: Wrong.site is a uint, and in the key of \"sensors\" a string"},
    {{{"Telemetry.sensor_removed", "=request", "Sensor"}},
     E,
     "OP_REQUEST",
     "com.example.Telemetry|sensor_removed|op",
     "Telemetry.sensor_removed: delete has exactly the fields of the key (site,id), and Sensor has "
     "more"},
    {{{"Telemetry.sensor_put", "=request", "Host"}},
     E,
     "OP_REQUEST",
     "com.example.Telemetry|sensor_put|op",
     "Telemetry.sensor_put: the request of put is the record of \"sensors\", Sensor, not Host"},
    {{{"Telemetry.sensor_changed", "=request", "Host"}},
     E,
     "OP_REQUEST",
     "com.example.Telemetry|sensor_changed|op",
     "Telemetry.sensor_changed: the request of put is the record of \"sensors\", Sensor, not Host"},
    {{{"Telemetry.sensor_get", "=response", "Host"}},
     E,
     "OP_RESPONSE",
     "com.example.Telemetry|sensor_get|op",
     "Telemetry.sensor_get: the response of get is the record of \"sensors\", Sensor, not Host"},
    {{{"Telemetry.sensor_insert", "=response", "Host"}},
     E,
     "OP_RESPONSE",
     "com.example.Telemetry|sensor_insert|op",
     "Telemetry.sensor_insert: the response of insert is Void, not Host"},
    {{{"Telemetry.sensor_count", "=response", "Small"}},
     E,
     "OP_RESPONSE",
     "com.example.Telemetry|sensor_count|op",
     "Telemetry.sensor_count: the response of count is a table of one ulong; Small is not. Write "
     "table Count { count: ulong; }"},
    {{{"Telemetry.sensor_get", "op", "select"}, {"Telemetry.sensor_get", "streaming", "server"}},
     N,
     "OP_SELECT",
     "com.example.Telemetry|sensor_get|op",
     "Telemetry.sensor_get: op: \"select\" is not supported"},
    /* history */
    {{{"Telemetry.reading", "history", NULL}},
     E,
     "HISTORY_NEEDED",
     "com.example.Telemetry|reading|history_key",
     "Telemetry.reading: history_key needs a history. Write history, or history: \"30d\", beside "
     "it"},
    {{{"Telemetry.average", "history", "0"}},
     E,
     "HISTORY_PLACE",
     "com.example.Telemetry|average|history",
     "Telemetry.average: history stands on topics, and this is a procedure"},
    {{{"Telemetry.average", "compat", "full"}},
     E,
     "HISTORY_PLACE",
     "com.example.Telemetry|average|compat",
     "Telemetry.average: compat stands on topics, and this is a procedure"},
    {{{"Telemetry.reading", "history", "30dd"}},
     E,
     "HISTORY_SYNTAX",
     "com.example.Telemetry|reading|history",
     "Telemetry.reading: \"30dd\" is no limit of a history. Write an age (\"30d\"), a number of "
     "events (\"1000000\"), or both"},
    {{{"Telemetry.reading", "history", "30d 2h"}},
     E,
     "HISTORY_SYNTAX",
     "com.example.Telemetry|reading|history",
     "Telemetry.reading: the age is limited twice. Keep one limit"},
    {{{"Telemetry.reading", "history", " "}},
     E,
     "HISTORY_SYNTAX",
     "com.example.Telemetry|reading|history",
     "Telemetry.reading: the value is empty. Write (history) to keep all events, or a limit "
     "(\"30d\")"},
    {{{"Telemetry.reading", "history", "30d 10GB"}},
     N,
     "HISTORY_OCTETS",
     "com.example.Telemetry|reading|history",
     "Telemetry.reading: a limit of size (\"10GB\") is not supported. Limit age (\"30d\") or "
     "number "
     "(\"1000000\")"},
    {{{"Telemetry.reading", "history_key", "senser"}},
     E,
     "KEY_FIELD_UNKNOWN",
     "com.example.Telemetry|reading|history_key",
     "Telemetry.reading: Reading has no field \"senser\". Did you mean \"sensor\"?"},
    {{{"Telemetry.reading", "compat", "always"}},
     E,
     "COMPAT_UNKNOWN",
     "com.example.Telemetry|reading|compat",
     "Telemetry.reading: compat is one of \"backward\", \"backward_transitive\", \"forward\", "
     "\"forward_transitive\", \"full\", \"full_transitive\", \"none\", not \"always\""},
};

/* ---- running ---- */

typedef struct findings {
  size_t count;
  char site[256];
  zw_diag first;
} findings;

static void report(void *ctx, const zw_model_site *site, const zw_diag *diag) {
  findings *f = ctx;
  if (f->count++ == 0) {
    f->first = *diag;
    int n = snprintf(f->site, sizeof f->site, "%.*s|%.*s|%.*s", ZW_ARG(site->owner),
                     ZW_ARG(site->member), ZW_ARG(site->attribute));
    if (site->other_owner.ptr)
      snprintf(f->site + n, sizeof f->site - (size_t)n, ">%.*s|%.*s", ZW_ARG(site->other_owner),
               ZW_ARG(site->other_member));
  } else {
    print_message("  also %s: %s\n", diag->rule, diag->message);
  }
}

static void run_case(const model_case *c) {
  zw_schema *schema = fixture_load("reflect/model.bfbs");
  zw_arena arena;
  zw_model *model = NULL;
  findings found = {0};
  zw_diag diag = {0};
  zw_arena_init(&arena, NULL);
  for (size_t i = 0; i < 4 && c->edits[i].at; i++) apply(schema, &c->edits[i], spare[i]);
  int error = zw_model_build(&model, schema, &arena, report, &found, &diag);
  if (error != c->error || found.count != 1 || strcmp(found.first.rule, c->rule) ||
      strcmp(found.site, c->site) || strcmp(found.first.message, c->message))
    fail_msg("%s: %d, %zu findings\n  %s at %s\n  %s\n  expected %d %s at %s\n  %s", c->edits[0].at,
             error, found.count, found.first.rule, found.site, found.first.message, c->error,
             c->rule, c->site, c->message);
  assert_int_equal(found.first.error, c->error);
  assert_true((model != NULL) == (c->error == 0));
  if (c->error) assert_string_equal(diag.message, c->message);
  zw_arena_deinit(&arena);
  zw_schema_destroy(schema);
}

static void test_every_rule(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) run_case(&cases[i]);
}

/* ---- what a right schema gives ---- */

static zw_schema *schema;
static zw_arena arena;
static zw_model *model;

static int build(void **state) {
  (void)state;
  schema = fixture_load("reflect/model.bfbs");
  zw_arena_init(&arena, NULL);
  return zw_model_build(&model, schema, &arena, NULL, NULL, NULL);
}

static int drop(void **state) {
  (void)state;
  zw_arena_deinit(&arena);
  zw_schema_destroy(schema);
  return 0;
}

static void test_maps(void **state) {
  (void)state;
  assert_int_equal(model->map_count, 2);
  assert_text(model->maps[0].name, "hosts");
  assert_text(model->maps[1].name, "sensors");
  const zw_map_def *sensors = zw_model_map(model, ZW_STR("sensors"));
  assert_ptr_equal(sensors, &model->maps[1]);
  assert_ptr_equal(sensors->type, fixture_type(schema, "com.example.Sensor"));
  assert_int_equal(sensors->primary.field_count, 2);
  assert_null(sensors->primary.name.ptr);
  assert_text(sensors->primary.fields[0].name, "site");
  assert_text(sensors->primary.fields[1].name, "id");
  assert_int_equal(sensors->compat, ZW_COMPAT_BACKWARD);
  assert_true(sensors->transitive);
  const zw_map_def *hosts = zw_model_map(model, ZW_STR("hosts"));
  assert_int_equal(hosts->compat, ZW_COMPAT_FULL);
  assert_false(hosts->transitive);
  assert_int_equal(hosts->index_count, 1);
  assert_true(hosts->indexes[0].unique);
  assert_null(zw_model_map(model, ZW_STR("sensor")));
  assert_null(zw_model_map(model, (zw_str){NULL, 0}));
}

static void test_indexes_are_sorted_by_name(void **state) {
  static const char *const names[] = {"kind_installed", "place_floor", "site", "site_serial",
                                      "tags"};
  (void)state;
  const zw_map_def *sensors = zw_model_map(model, ZW_STR("sensors"));
  assert_int_equal(sensors->index_count, 5);
  for (size_t i = 0; i < 5; i++) {
    assert_text(sensors->indexes[i].name, names[i]);
    assert_int_equal(sensors->indexes[i].unique, i == 3);
  }
  const zw_key_field *fields = sensors->indexes[0].fields;
  assert_false(fields[0].descending);
  assert_true(fields[1].descending);
  assert_text(fields[1].name, "installed");
  const zw_key_field *floor = sensors->indexes[1].fields;
  assert_int_equal(floor->depth, 2);
  assert_text(floor->path[0]->name, "place");
  assert_text(floor->path[1]->name, "floor");
  assert_true(sensors->indexes[4].fields[0].each);
  assert_false(sensors->indexes[2].fields[0].each);
}

static void test_topics(void **state) {
  (void)state;
  assert_int_equal(model->topic_count, 6);
  const zw_topic_def *reading = zw_model_topic(model, ZW_STR("com.example.reading"));
  assert_non_null(reading);
  assert_true(reading->durable);
  assert_int_equal(reading->history_age_ns, INT64_C(30) * 86400 * 1000000000);
  assert_int_equal(reading->history_count, 1000000);
  assert_int_equal(reading->history_octets, 0);
  assert_non_null(reading->history_key);
  assert_text(reading->history_key->fields[0].name, "sensor");
  assert_int_equal(reading->compat, ZW_COMPAT_FORWARD);
  assert_false(reading->transitive);
  assert_text(reading->method->name, "reading");
  const zw_topic_def *all = zw_model_topic(model, ZW_STR("com.example.all"));
  assert_true(all->durable && !all->history_age_ns && !all->history_count && !all->history_key);
  const zw_topic_def *changed = zw_model_topic(model, ZW_STR("com.example.sensor_changed"));
  assert_int_equal(changed->op, ZW_OP_PUT);
  assert_ptr_equal(changed->map, zw_model_map(model, ZW_STR("sensors")));
  assert_false(changed->durable);
}

static void test_only_exact_topics_are_looked_up(void **state) {
  unsigned patterns = 0;
  (void)state;
  assert_null(zw_model_topic(model, ZW_STR("com.example.site.")));
  assert_null(zw_model_topic(model, ZW_STR("com.example.average")));
  for (size_t i = 0; i < model->topic_count; i++)
    patterns += model->topics[i].match != ZW_MATCH_EXACT;
  assert_int_equal(patterns, 2);
}

static void test_procedures(void **state) {
  (void)state;
  assert_int_equal(model->procedure_count, 6);
  const zw_procedure_def *get = zw_model_procedure(model, ZW_STR("com.example.sensor_get"));
  assert_int_equal(get->op, ZW_OP_GET);
  assert_true(get->idempotent);
  assert_ptr_equal(get->response, get->map->type);
  const zw_procedure_def *average = zw_model_procedure(model, ZW_STR("com.example.average"));
  assert_int_equal(average->op, ZW_OP_NONE);
  assert_int_equal(average->streaming, ZW_STREAM_SERVER);
  assert_null(zw_model_procedure(model, ZW_STR("com.example.reading")));
  assert_null(zw_model_procedure(model, ZW_STR("com.example.call")));
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    zw_arena own;
    zw_model *made = NULL;
    counting_alloc_init(&c, n);
    zw_arena_init(&own, &c.alloc);
    int error = zw_model_build(&made, schema, &own, NULL, NULL, NULL);
    zw_arena_deinit(&own);
    assert_int_equal(c.live, 0);
    if (!c.failed) {
      assert_int_equal(error, 0);
      break;
    }
    assert_int_equal(error, ZW_ENOMEM);
  }
}

static void test_errors_outweigh_what_is_not_supported(void **state) {
  static const edit edits[] = {{"Telemetry.all", "history", "10GB"},
                               {"Telemetry.reading", "history", "x"}};
  (void)state;
  zw_schema *own = fixture_load("reflect/model.bfbs");
  zw_model *made = NULL;
  zw_diag diag = {0};
  for (size_t i = 0; i < 2; i++) apply(own, &edits[i], spare[i]);
  assert_int_equal(zw_model_build(&made, own, &arena, NULL, NULL, &diag), ZW_ESCHEMA);
  assert_int_equal(diag.error, ZW_ESCHEMA);
  assert_string_equal(diag.rule, "HISTORY_SYNTAX");
  zw_schema_destroy(own);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_rule),
      cmocka_unit_test(test_maps),
      cmocka_unit_test(test_indexes_are_sorted_by_name),
      cmocka_unit_test(test_topics),
      cmocka_unit_test(test_only_exact_topics_are_looked_up),
      cmocka_unit_test(test_procedures),
      cmocka_unit_test(test_every_allocation_fails_once),
      cmocka_unit_test(test_errors_outweigh_what_is_not_supported),
  };
  return cmocka_run_group_tests(tests, build, drop);
}
