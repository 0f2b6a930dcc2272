/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors and the model that the fixture declares, as the compiler would make them. */
#include "router_fixture.h"

#define FIELD(n, b, i) \
  { .name = {n, sizeof(n) - 1}, .base = b, .id = i, .offset = 4 + 2 * i }
#define TEXT_LITERAL(t) \
  { t, sizeof(t) - 1 }

static const zw_schema schema;

static const zw_field reading_fields[] = {
    FIELD("sensor", ZW_T_STRING, 0),
    FIELD("celsius", ZW_T_DOUBLE, 1),
    FIELD("at", ZW_T_ULONG, 2),
};
static const uint16_t reading_names[] = {2, 1, 0};
static const zw_field sensor_fields[] = {
    FIELD("id", ZW_T_STRING, 0),
    FIELD("site", ZW_T_STRING, 1),
    FIELD("level", ZW_T_INT, 2),
};
static const uint16_t sensor_names[] = {0, 2, 1};
static const zw_field key_fields[] = {FIELD("id", ZW_T_STRING, 0)};
static const zw_field count_fields[] = {FIELD("count", ZW_T_ULONG, 0)};
static const uint16_t one_name[] = {0};

#define TABLE(n, f, names, count)                                                             \
  {                                                                                           \
    .name = TEXT_LITERAL(n), .fields = f, .by_name = names, .field_count = count, .align = 1, \
    .schema = &schema                                                                         \
  }
const zw_type fixture_count = TABLE("sim.Count", count_fields, one_name, 1);
const zw_type fixture_reading = TABLE("sim.Reading", reading_fields, reading_names, 3);
const zw_type fixture_sensor = TABLE("sim.Sensor", sensor_fields, sensor_names, 3);
const zw_type fixture_sensor_key = TABLE("sim.SensorKey", key_fields, one_name, 1);
const zw_type fixture_void = TABLE("sim.Void", NULL, NULL, 0);

/* What the schema lists, for comparing: the current one, and an older one in which a field was
 * something else. */
static const zw_field older_fields[] = {
    FIELD("sensor", ZW_T_STRING, 0),
    FIELD("celsius", ZW_T_FLOAT, 1),
    FIELD("at", ZW_T_ULONG, 2),
};
static const zw_type listed[] = {TABLE("sim.Reading", reading_fields, reading_names, 3)};
static const zw_type older_listed[] = {TABLE("sim.Reading", older_fields, reading_names, 3)};

static const zw_service services[] = {{.name = TEXT_LITERAL("sim.Service")}};
static const uint8_t compiled[] = "the octets of the compiled schema";
static const zw_schema schema = {
    .types = listed,
    .type_count = 1,
    .services = services,
    .service_count = 1,
    .id = {0x9f, 0x3c, 0x21, 0xd0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
    .bfbs = {compiled, sizeof compiled - 1},
};

const zw_schema fixture_older_schema = {
    .types = older_listed,
    .type_count = 1,
    .services = services,
    .service_count = 1,
    .id = {0x01, 0xd0},
    .bfbs = {compiled, sizeof compiled - 1},
};
const zw_schema fixture_other_schema = {
    .types = listed,
    .type_count = 1,
    .services = services,
    .service_count = 1,
    .id = {0x02, 0xd0},
    .bfbs = {compiled, sizeof compiled - 1},
};

static const zw_map_def maps[] = {{.name = TEXT_LITERAL("sensors"), .type = &fixture_sensor}};

static const zw_topic_def topics[] = {
    {.uri = TEXT_LITERAL("sim.changed"), .type = &fixture_sensor, .map = maps, .op = ZW_OP_PUT},
    {.uri = TEXT_LITERAL("sim.deleted"),
     .type = &fixture_sensor,
     .map = maps,
     .op = ZW_OP_DELETE,
     .durable = true},
    {.uri = TEXT_LITERAL("sim.live"), .type = &fixture_reading},
    {.uri = TEXT_LITERAL("sim.reading"), .type = &fixture_reading, .durable = true},
    {.uri = TEXT_LITERAL("sim.room."),
     .match = ZW_MATCH_PREFIX,
     .type = &fixture_reading,
     .durable = true},
    {.uri = TEXT_LITERAL("sim.tick"), .type = &fixture_void, .durable = true},
};

#define PROCEDURE(u, request_type, response_type, operation)                                   \
  {                                                                                            \
    .uri = TEXT_LITERAL(u), .request = &request_type, .response = &response_type, .map = maps, \
    .op = operation                                                                            \
  }
static const zw_procedure_def procedures[] = {
    {.uri = TEXT_LITERAL("sim.convert"), .request = &fixture_reading, .response = &fixture_sensor},
    PROCEDURE("sim.count", fixture_void, fixture_count, ZW_OP_COUNT),
    PROCEDURE("sim.delete", fixture_sensor_key, fixture_void, ZW_OP_DELETE),
    PROCEDURE("sim.get", fixture_sensor_key, fixture_sensor, ZW_OP_GET),
    PROCEDURE("sim.insert", fixture_sensor, fixture_void, ZW_OP_INSERT),
    PROCEDURE("sim.put", fixture_sensor, fixture_void, ZW_OP_PUT),
    PROCEDURE("sim.select", fixture_void, fixture_sensor, ZW_OP_SELECT),
};

const zw_model fixture_model = {
    .schema = &schema,
    .maps = maps,
    .map_count = 1,
    .topics = topics,
    .topic_count = sizeof topics / sizeof *topics,
    .procedures = procedures,
    .procedure_count = sizeof procedures / sizeof *procedures,
};
