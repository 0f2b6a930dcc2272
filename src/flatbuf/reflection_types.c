/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors of reflection.fbs, in the shape that the compiler generates. See
 * reflection_types.h. */
#include "reflection_types.h"

#include "zerowire/reflect.h"

#define NAME(text) \
  { text, sizeof text - 1 }
#define FIELD(slot, text, kind, of, what, preset_value, bits) \
  [slot] = {.name = NAME(text),                               \
            .base = kind,                                     \
            .element = of,                                    \
            .type = what,                                     \
            .id = slot,                                       \
            .preset = {.i = preset_value},                    \
            .offset = 4 + 2 * (slot),                         \
            .flags = bits}
#define SCALAR(slot, text, kind, preset) FIELD(slot, text, kind, ZW_T_NONE, NULL, preset, 0)
#define STRING(slot, text, bits) FIELD(slot, text, ZW_T_STRING, ZW_T_NONE, NULL, 0, bits)
#define STRINGS(slot, text) FIELD(slot, text, ZW_T_VECTOR, ZW_T_STRING, NULL, 0, 0)
#define TABLE(slot, text, type, bits) \
  FIELD(slot, text, ZW_T_OBJ, ZW_T_NONE, &zw_reflection_types[type], 0, bits)
#define TABLES(slot, text, type, bits) \
  FIELD(slot, text, ZW_T_VECTOR, ZW_T_OBJ, &zw_reflection_types[type], 0, bits)
#define REQUIRED ZW_F_REQUIRED
#define REQUIRED_KEY (ZW_F_REQUIRED | ZW_F_KEY)

/* BaseType's values, which Type's fields name. */
#define VALUE(text, number) \
  { .name = NAME(text), .value = number }
static const zw_enum_value base_type_values[] = {
    VALUE("None", 0),    VALUE("UType", 1),   VALUE("Bool", 2),      VALUE("Byte", 3),
    VALUE("UByte", 4),   VALUE("Short", 5),   VALUE("UShort", 6),    VALUE("Int", 7),
    VALUE("UInt", 8),    VALUE("Long", 9),    VALUE("ULong", 10),    VALUE("Float", 11),
    VALUE("Double", 12), VALUE("String", 13), VALUE("Vector", 14),   VALUE("Obj", 15),
    VALUE("Union", 16),  VALUE("Array", 17),  VALUE("Vector64", 18), VALUE("MaxBaseType", 19),
};
static const zw_enum_type base_type = {.name = NAME("reflection.BaseType"),
                                       .values = base_type_values,
                                       .value_count =
                                           sizeof base_type_values / sizeof base_type_values[0],
                                       .base = ZW_T_BYTE};

static const zw_enum_value feature_values[] = {
    VALUE("AdvancedArrayFeatures", 1),
    VALUE("AdvancedUnionFeatures", 2),
    VALUE("OptionalScalars", 4),
    VALUE("DefaultVectorsAndStrings", 8),
};
static const zw_enum_type features = {.name = NAME("reflection.AdvancedFeatures"),
                                      .values = feature_values,
                                      .value_count =
                                          sizeof feature_values / sizeof feature_values[0],
                                      .base = ZW_T_ULONG,
                                      .bit_flags = true};

#define ENUMERATED(slot, text, of_base, of_enum) \
  [slot] = {.name = NAME(text),                  \
            .base = of_base,                     \
            .enum_type = of_enum,                \
            .id = slot,                          \
            .offset = 4 + 2 * (slot)}

static const zw_field type_fields[] = {
    ENUMERATED(ZW_RTYPE_BASE, "base_type", ZW_T_BYTE, &base_type),
    ENUMERATED(ZW_RTYPE_ELEMENT, "element", ZW_T_BYTE, &base_type),
    SCALAR(ZW_RTYPE_INDEX, "index", ZW_T_INT, -1),
    SCALAR(ZW_RTYPE_FIXED_LENGTH, "fixed_length", ZW_T_USHORT, 0),
    SCALAR(ZW_RTYPE_BASE_SIZE, "base_size", ZW_T_UINT, 4),
    SCALAR(ZW_RTYPE_ELEMENT_SIZE, "element_size", ZW_T_UINT, 0),
};
static const uint16_t type_by_name[] = {4, 0, 1, 5, 3, 2};

static const zw_field key_value_fields[] = {STRING(ZW_RKV_KEY, "key", REQUIRED_KEY),
                                            STRING(ZW_RKV_VALUE, "value", 0)};
static const uint16_t key_value_by_name[] = {0, 1};

static const zw_field enum_val_fields[] = {
    STRING(ZW_RVAL_NAME, "name", REQUIRED),
    FIELD(ZW_RVAL_VALUE, "value", ZW_T_LONG, ZW_T_NONE, NULL, 0, ZW_F_KEY),
    TABLE(ZW_RVAL_OBJECT, "object", ZW_R_OBJECT, ZW_F_DEPRECATED),
    TABLE(ZW_RVAL_UNION_TYPE, "union_type", ZW_R_TYPE, 0),
    STRINGS(ZW_RVAL_DOCUMENTATION, "documentation"),
    TABLES(ZW_RVAL_ATTRIBUTES, "attributes", ZW_R_KEY_VALUE, 0),
};
static const uint16_t enum_val_by_name[] = {5, 4, 0, 2, 3, 1};

static const zw_field enum_fields[] = {
    STRING(ZW_RENUM_NAME, "name", REQUIRED_KEY),
    TABLES(ZW_RENUM_VALUES, "values", ZW_R_ENUM_VAL, REQUIRED),
    SCALAR(ZW_RENUM_IS_UNION, "is_union", ZW_T_BOOL, 0),
    TABLE(ZW_RENUM_UNDERLYING_TYPE, "underlying_type", ZW_R_TYPE, REQUIRED),
    TABLES(ZW_RENUM_ATTRIBUTES, "attributes", ZW_R_KEY_VALUE, 0),
    STRINGS(ZW_RENUM_DOCUMENTATION, "documentation"),
    STRING(ZW_RENUM_DECLARATION_FILE, "declaration_file", 0),
};
static const uint16_t enum_by_name[] = {4, 6, 5, 2, 0, 3, 1};

static const zw_field field_fields[] = {
    STRING(ZW_RFIELD_NAME, "name", REQUIRED_KEY),
    TABLE(ZW_RFIELD_TYPE, "type", ZW_R_TYPE, REQUIRED),
    SCALAR(ZW_RFIELD_ID, "id", ZW_T_USHORT, 0),
    SCALAR(ZW_RFIELD_OFFSET, "offset", ZW_T_USHORT, 0),
    SCALAR(ZW_RFIELD_DEFAULT_INTEGER, "default_integer", ZW_T_LONG, 0),
    [ZW_RFIELD_DEFAULT_REAL] = {.name = NAME("default_real"),
                                .base = ZW_T_DOUBLE,
                                .id = ZW_RFIELD_DEFAULT_REAL,
                                .preset = {.d = 0},
                                .offset = 4 + 2 * ZW_RFIELD_DEFAULT_REAL},
    SCALAR(ZW_RFIELD_DEPRECATED, "deprecated", ZW_T_BOOL, 0),
    SCALAR(ZW_RFIELD_REQUIRED, "required", ZW_T_BOOL, 0),
    SCALAR(ZW_RFIELD_KEY, "key", ZW_T_BOOL, 0),
    TABLES(ZW_RFIELD_ATTRIBUTES, "attributes", ZW_R_KEY_VALUE, 0),
    STRINGS(ZW_RFIELD_DOCUMENTATION, "documentation"),
    SCALAR(ZW_RFIELD_OPTIONAL, "optional", ZW_T_BOOL, 0),
    SCALAR(ZW_RFIELD_PADDING, "padding", ZW_T_USHORT, 0),
    SCALAR(ZW_RFIELD_OFFSET64, "offset64", ZW_T_BOOL, 0),
};
static const uint16_t field_by_name[] = {9, 4, 5, 6, 10, 2, 8, 0, 3, 13, 11, 12, 7, 1};

static const zw_field object_fields[] = {
    STRING(ZW_ROBJECT_NAME, "name", REQUIRED_KEY),
    TABLES(ZW_ROBJECT_FIELDS, "fields", ZW_R_FIELD, REQUIRED),
    SCALAR(ZW_ROBJECT_IS_STRUCT, "is_struct", ZW_T_BOOL, 0),
    SCALAR(ZW_ROBJECT_MINALIGN, "minalign", ZW_T_INT, 0),
    SCALAR(ZW_ROBJECT_BYTESIZE, "bytesize", ZW_T_INT, 0),
    TABLES(ZW_ROBJECT_ATTRIBUTES, "attributes", ZW_R_KEY_VALUE, 0),
    STRINGS(ZW_ROBJECT_DOCUMENTATION, "documentation"),
    STRING(ZW_ROBJECT_DECLARATION_FILE, "declaration_file", 0),
};
static const uint16_t object_by_name[] = {5, 4, 7, 6, 1, 2, 3, 0};

static const zw_field call_fields[] = {
    STRING(ZW_RCALL_NAME, "name", REQUIRED_KEY),
    TABLE(ZW_RCALL_REQUEST, "request", ZW_R_OBJECT, REQUIRED),
    TABLE(ZW_RCALL_RESPONSE, "response", ZW_R_OBJECT, REQUIRED),
    TABLES(ZW_RCALL_ATTRIBUTES, "attributes", ZW_R_KEY_VALUE, 0),
    STRINGS(ZW_RCALL_DOCUMENTATION, "documentation"),
};
static const uint16_t call_by_name[] = {3, 4, 0, 1, 2};

static const zw_field service_fields[] = {
    STRING(ZW_RSERVICE_NAME, "name", REQUIRED_KEY),
    TABLES(ZW_RSERVICE_CALLS, "calls", ZW_R_RPC_CALL, 0),
    TABLES(ZW_RSERVICE_ATTRIBUTES, "attributes", ZW_R_KEY_VALUE, 0),
    STRINGS(ZW_RSERVICE_DOCUMENTATION, "documentation"),
    STRING(ZW_RSERVICE_DECLARATION_FILE, "declaration_file", 0),
};
static const uint16_t service_by_name[] = {2, 1, 4, 3, 0};

static const zw_field schema_file_fields[] = {
    STRING(ZW_RFILE_FILENAME, "filename", REQUIRED_KEY),
    STRINGS(ZW_RFILE_INCLUDED_FILENAMES, "included_filenames")};
static const uint16_t schema_file_by_name[] = {0, 1};

static const zw_field schema_fields[] = {
    TABLES(ZW_RSCHEMA_OBJECTS, "objects", ZW_R_OBJECT, REQUIRED),
    TABLES(ZW_RSCHEMA_ENUMS, "enums", ZW_R_ENUM, REQUIRED),
    STRING(ZW_RSCHEMA_FILE_IDENT, "file_ident", 0),
    STRING(ZW_RSCHEMA_FILE_EXT, "file_ext", 0),
    TABLE(ZW_RSCHEMA_ROOT_TABLE, "root_table", ZW_R_OBJECT, 0),
    TABLES(ZW_RSCHEMA_SERVICES, "services", ZW_R_SERVICE, 0),
    ENUMERATED(ZW_RSCHEMA_ADVANCED_FEATURES, "advanced_features", ZW_T_ULONG, &features),
    TABLES(ZW_RSCHEMA_FBS_FILES, "fbs_files", ZW_R_SCHEMA_FILE, 0),
};
static const uint16_t schema_by_name[] = {6, 1, 7, 3, 2, 0, 4, 5};

#define TYPE(text, list)                                                                  \
  {                                                                                       \
    .name = NAME("reflection." text), .fields = list##_fields, .by_name = list##_by_name, \
    .field_count = sizeof list##_fields / sizeof list##_fields[0], .align = 1             \
  }

const zw_type zw_reflection_types[ZW_R_COUNT] = {
    [ZW_R_ENUM] = TYPE("Enum", enum),          [ZW_R_ENUM_VAL] = TYPE("EnumVal", enum_val),
    [ZW_R_FIELD] = TYPE("Field", field),       [ZW_R_KEY_VALUE] = TYPE("KeyValue", key_value),
    [ZW_R_OBJECT] = TYPE("Object", object),    [ZW_R_RPC_CALL] = TYPE("RPCCall", call),
    [ZW_R_SCHEMA] = TYPE("Schema", schema),    [ZW_R_SCHEMA_FILE] = TYPE("SchemaFile", schema_file),
    [ZW_R_SERVICE] = TYPE("Service", service), [ZW_R_TYPE] = TYPE("Type", type),
};

/* ---- what the loader reads ---- */

static const zw_type named_object, loaded_call, loaded_service;
static const uint16_t first_by_name[] = {0};

#define TABLE_OF(slot, text, kind, what, bits) \
  FIELD(slot, text, kind, (kind) == ZW_T_VECTOR ? ZW_T_OBJ : ZW_T_NONE, what, 0, bits)

static const zw_field named_object_fields[] = {STRING(ZW_ROBJECT_NAME, "name", REQUIRED_KEY)};
static const zw_type named_object = {.name = NAME("reflection.Object"),
                                     .fields = named_object_fields,
                                     .by_name = first_by_name,
                                     .field_count = 1,
                                     .align = 1};

static const zw_field loaded_call_fields[] = {
    STRING(ZW_RCALL_NAME, "name", REQUIRED_KEY),
    TABLE_OF(ZW_RCALL_REQUEST, "request", ZW_T_OBJ, &named_object, REQUIRED),
    TABLE_OF(ZW_RCALL_RESPONSE, "response", ZW_T_OBJ, &named_object, REQUIRED),
    TABLES(ZW_RCALL_ATTRIBUTES, "attributes", ZW_R_KEY_VALUE, 0),
    STRINGS(ZW_RCALL_DOCUMENTATION, "documentation"),
};
static const zw_field loaded_service_fields[] = {
    STRING(ZW_RSERVICE_NAME, "name", REQUIRED_KEY),
    TABLE_OF(ZW_RSERVICE_CALLS, "calls", ZW_T_VECTOR, &loaded_call, 0),
    TABLES(ZW_RSERVICE_ATTRIBUTES, "attributes", ZW_R_KEY_VALUE, 0),
    STRINGS(ZW_RSERVICE_DOCUMENTATION, "documentation"),
    STRING(ZW_RSERVICE_DECLARATION_FILE, "declaration_file", 0),
};
static const zw_field loaded_schema_fields[] = {
    TABLES(ZW_RSCHEMA_OBJECTS, "objects", ZW_R_OBJECT, REQUIRED),
    TABLES(ZW_RSCHEMA_ENUMS, "enums", ZW_R_ENUM, REQUIRED),
    STRING(ZW_RSCHEMA_FILE_IDENT, "file_ident", 0),
    STRING(ZW_RSCHEMA_FILE_EXT, "file_ext", 0),
    TABLE_OF(ZW_RSCHEMA_ROOT_TABLE, "root_table", ZW_T_OBJ, &named_object, 0),
    TABLE_OF(ZW_RSCHEMA_SERVICES, "services", ZW_T_VECTOR, &loaded_service, 0),
    ENUMERATED(ZW_RSCHEMA_ADVANCED_FEATURES, "advanced_features", ZW_T_ULONG, &features),
    TABLES(ZW_RSCHEMA_FBS_FILES, "fbs_files", ZW_R_SCHEMA_FILE, 0),
};
static const zw_type loaded_call = {.name = NAME("reflection.RPCCall"),
                                    .fields = loaded_call_fields,
                                    .by_name = call_by_name,
                                    .field_count = 5,
                                    .align = 1};
static const zw_type loaded_service = {.name = NAME("reflection.Service"),
                                       .fields = loaded_service_fields,
                                       .by_name = service_by_name,
                                       .field_count = 5,
                                       .align = 1};
const zw_type zw_reflection_loaded_root = {.name = NAME("reflection.Schema"),
                                           .fields = loaded_schema_fields,
                                           .by_name = schema_by_name,
                                           .field_count = 8,
                                           .align = 1};

const zw_type *zw_reflection_root(void) { return &zw_reflection_types[ZW_R_SCHEMA]; }
