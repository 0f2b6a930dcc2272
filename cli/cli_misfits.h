/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of a schema that does not fit what a store holds. */
#ifndef ZEROWIRE_CLI_MISFITS_H
#define ZEROWIRE_CLI_MISFITS_H

#include "cli_schema.h"
#include "zerowire/reflect.h"

typedef struct zw_cli_misfit zw_cli_misfit;
typedef struct zw_cli_misfits {
  const zw_compiled *compiled; /* the new schema, for places */
  zw_cli_misfit *first, **end;
} zw_cli_misfits;

void zw_cli_misfits_init(zw_cli_misfits *misfits, const zw_compiled *compiled);
void zw_cli_misfits_deinit(zw_cli_misfits *misfits);
/* A zw_finding_fn: keeps the finding, once. ctx: zw_cli_misfits. */
void zw_cli_misfits_add(void *ctx, const zw_finding *finding);
/* Prints them, each with its place in the text. */
void zw_cli_misfits_print(const zw_cli_misfits *misfits);

#endif
