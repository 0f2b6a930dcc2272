/* SPDX-License-Identifier: Apache-2.0 */
/* The commands, one file each: NAME in cmd_NAME.c. Each returns an exit code. */
#ifndef ZEROWIRE_CLI_COMMANDS_H
#define ZEROWIRE_CLI_COMMANDS_H

#include "cli.h"
#include "zerowire/schema.h"

int zw_cli_compile(zw_cli_args *args);
/* The option of `compile` that asks for a language, by enum zw_language. */
extern const uint8_t zw_cli_languages[ZW_LANGUAGE_COUNT];
int zw_cli_flatc(zw_cli_args *args);
int zw_cli_schema(zw_cli_args *args);
int zw_cli_verify(zw_cli_args *args);
int zw_cli_json(zw_cli_args *args);
int zw_cli_binary(zw_cli_args *args);
/* The options of flatc's JSON that are given, as enum zw_flatc_flag. */
uint32_t zw_cli_flatc_flags(const zw_cli_args *args);
int zw_cli_dump(zw_cli_args *args);
int zw_cli_check(zw_cli_args *args);
int zw_cli_lint(zw_cli_args *args);
int zw_cli_format(zw_cli_args *args);
int zw_cli_serve(zw_cli_args *args);
int zw_cli_pub(zw_cli_args *args);
int zw_cli_sub(zw_cli_args *args);
int zw_cli_history(zw_cli_args *args);
int zw_cli_call(zw_cli_args *args);
int zw_cli_get(zw_cli_args *args);
int zw_cli_put(zw_cli_args *args);
int zw_cli_delete(zw_cli_args *args);
int zw_cli_scan(zw_cli_args *args);
int zw_cli_count(zw_cli_args *args);
int zw_cli_store_info(zw_cli_args *args);

#endif
