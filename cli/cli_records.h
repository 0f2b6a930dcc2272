/* SPDX-License-Identifier: Apache-2.0 */
/* Records of maps: in the files of a store (--data), or through a router. */
#ifndef ZEROWIRE_CLI_RECORDS_H
#define ZEROWIRE_CLI_RECORDS_H

#include "cli_link.h"
#include "cli_payload.h"
#include "zerowire/store.h"

/* Opens a realm of a store (--realm, else realm1). 0 or an exit code; *store is NULL unless 0. */
int zw_cli_store_open(const zw_cli_args *args, const char *dir, bool read_only, zw_store **store);

/* Whether --data and --url are not both given. 0 or an exit code. */
int zw_cli_place_check(const zw_cli_args *args);

/* The map that the first operand names, where its records are. */
typedef struct zw_cli_records {
  const zw_cli_args *args;
  const char *name;
  const zw_map_def *def;
  /* --data */
  zw_store *store;
  zw_map *map;
  /* router */
  zw_cli_link link;
} zw_cli_records;

int zw_cli_records_open(zw_cli_records *records, const zw_cli_args *args, bool read_only);
void zw_cli_records_close(zw_cli_records *records);

/* The operands after the map, as the encoded key. 0 or an exit code. */
int zw_cli_records_key(const zw_cli_records *records, zw_key *out);
/* Says that there is no record with the key of the operands. */
int zw_cli_records_absent(const zw_cli_records *records);

/*
 * Calls the map's procedure for `op` with `json` (absent: the key of the operands). The result's
 * octets are in *owner, which the caller unrefs in any case. 0 or an exit code.
 */
int zw_cli_records_ask(zw_cli_records *records, enum zw_op op, zw_str json, zw_payload *result,
                       const zw_type **type, zw_buf **owner);

#endif
