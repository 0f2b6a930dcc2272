/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas that are named on the command line, and types in them. */
#ifndef ZEROWIRE_CLI_SCHEMA_H
#define ZEROWIRE_CLI_SCHEMA_H

#include "cli.h"
#include "zerowire/schema.h"

/*
 * Compiles the schema files (several: as one schema that includes them all) with the --include
 * folders; prints every finding. 0 or an exit code; *out is NULL unless 0.
 */
int zw_cli_schema_open(const zw_cli_args *args, const char *const *paths, size_t count,
                       zw_compiled **out);

/* Prints the findings of a compilation that gave `error`. */
void zw_cli_schema_findings(const zw_compiled *compiled, const char *path, int error,
                            const zw_diag *diag);

/* A table by its full name, or by its last name where that is enough. 0 or an exit code after
 * saying what is wrong. */
int zw_cli_table_named(const zw_cli_args *args, const zw_schema *schema, const char *asked,
                       const zw_type **out);

/* The table of --type, or the schema's root_type. 0 or an exit code after saying what is wrong. */
int zw_cli_schema_type(const zw_cli_args *args, const zw_schema *schema, const zw_type **out);

/* "Reading" of "com.example.Reading". */
zw_str zw_cli_short_name(zw_str full);
/* "com.example" of "com.example.Reading". */
zw_str zw_cli_namespace(zw_str full);

/* A FlatBuffer of --type in the file, verified: the octets are kept in *octets. */
int zw_cli_buffer_open(const zw_cli_args *args, const zw_schema *schema, const char *path,
                       zw_text *octets, const zw_type **type, zw_table *root);

#endif
