/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors and slots of reflection.fbs. The compiler cannot generate them before it can read a
 * schema, so they are written by hand; a test holds them against what the compiler makes of
 * schemas/reflection.fbs.
 */
#ifndef ZEROWIRE_REFLECTION_TYPES_H
#define ZEROWIRE_REFLECTION_TYPES_H

#include "zerowire/flatbuf.h"

#define ZW_REFLECTION_IDENTIFIER "BFBS"

enum zw_reflection_type_slot {
  ZW_RTYPE_BASE,
  ZW_RTYPE_ELEMENT,
  ZW_RTYPE_INDEX,
  ZW_RTYPE_FIXED_LENGTH,
  ZW_RTYPE_BASE_SIZE,
  ZW_RTYPE_ELEMENT_SIZE
};
enum zw_reflection_key_value_slot { ZW_RKV_KEY, ZW_RKV_VALUE };
enum zw_reflection_enum_val_slot {
  ZW_RVAL_NAME,
  ZW_RVAL_VALUE,
  ZW_RVAL_OBJECT,
  ZW_RVAL_UNION_TYPE,
  ZW_RVAL_DOCUMENTATION,
  ZW_RVAL_ATTRIBUTES
};
enum zw_reflection_enum_slot {
  ZW_RENUM_NAME,
  ZW_RENUM_VALUES,
  ZW_RENUM_IS_UNION,
  ZW_RENUM_UNDERLYING_TYPE,
  ZW_RENUM_ATTRIBUTES,
  ZW_RENUM_DOCUMENTATION,
  ZW_RENUM_DECLARATION_FILE
};
enum zw_reflection_field_slot {
  ZW_RFIELD_NAME,
  ZW_RFIELD_TYPE,
  ZW_RFIELD_ID,
  ZW_RFIELD_OFFSET,
  ZW_RFIELD_DEFAULT_INTEGER,
  ZW_RFIELD_DEFAULT_REAL,
  ZW_RFIELD_DEPRECATED,
  ZW_RFIELD_REQUIRED,
  ZW_RFIELD_KEY,
  ZW_RFIELD_ATTRIBUTES,
  ZW_RFIELD_DOCUMENTATION,
  ZW_RFIELD_OPTIONAL,
  ZW_RFIELD_PADDING,
  ZW_RFIELD_OFFSET64
};
enum zw_reflection_object_slot {
  ZW_ROBJECT_NAME,
  ZW_ROBJECT_FIELDS,
  ZW_ROBJECT_IS_STRUCT,
  ZW_ROBJECT_MINALIGN,
  ZW_ROBJECT_BYTESIZE,
  ZW_ROBJECT_ATTRIBUTES,
  ZW_ROBJECT_DOCUMENTATION,
  ZW_ROBJECT_DECLARATION_FILE
};
enum zw_reflection_call_slot {
  ZW_RCALL_NAME,
  ZW_RCALL_REQUEST,
  ZW_RCALL_RESPONSE,
  ZW_RCALL_ATTRIBUTES,
  ZW_RCALL_DOCUMENTATION
};
enum zw_reflection_service_slot {
  ZW_RSERVICE_NAME,
  ZW_RSERVICE_CALLS,
  ZW_RSERVICE_ATTRIBUTES,
  ZW_RSERVICE_DOCUMENTATION,
  ZW_RSERVICE_DECLARATION_FILE
};
enum zw_reflection_schema_file_slot { ZW_RFILE_FILENAME, ZW_RFILE_INCLUDED_FILENAMES };
enum zw_reflection_schema_slot {
  ZW_RSCHEMA_OBJECTS,
  ZW_RSCHEMA_ENUMS,
  ZW_RSCHEMA_FILE_IDENT,
  ZW_RSCHEMA_FILE_EXT,
  ZW_RSCHEMA_ROOT_TABLE,
  ZW_RSCHEMA_SERVICES,
  ZW_RSCHEMA_ADVANCED_FEATURES,
  ZW_RSCHEMA_FBS_FILES
};

/* Bits of Schema.advanced_features. */
enum zw_reflection_feature {
  ZW_RFEATURE_ARRAYS = 1,
  ZW_RFEATURE_UNIONS = 2,
  ZW_RFEATURE_OPTIONAL_SCALARS = 4,
  ZW_RFEATURE_DEFAULT_VECTORS = 8,
  ZW_RFEATURE_KNOWN = 15
};

/* Sorted by name, as in every schema. */
enum zw_reflection_type {
  ZW_R_ENUM,
  ZW_R_ENUM_VAL,
  ZW_R_FIELD,
  ZW_R_KEY_VALUE,
  ZW_R_OBJECT,
  ZW_R_RPC_CALL,
  ZW_R_SCHEMA,
  ZW_R_SCHEMA_FILE,
  ZW_R_SERVICE,
  ZW_R_TYPE,
  ZW_R_COUNT
};
extern const zw_type zw_reflection_types[ZW_R_COUNT];

/*
 * The root as the loader reads it: an object that is only referred to (of a method's request, of
 * the root table) is a table with a name. A compiled schema shares these objects, and each would be
 * verified again with all its fields for every reference.
 */
extern const zw_type zw_reflection_loaded_root;

#endif
