/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of a schema that does not fit an older one. */
#ifndef ZEROWIRE_CLI_MISFITS_H
#define ZEROWIRE_CLI_MISFITS_H

#include "cli_schema.h"
#include "zerowire/reflect.h"

typedef struct zw_cli_misfit zw_cli_misfit;
struct zw_cli_misfit {
  zw_cli_misfit *next;
  bool warning;
  uint32_t directions, categories; /* that it breaks */
  char rule[32], type[256], member[128], new_member[128];
  char what[ZW_DIAG_MESSAGE_MAX], fix[ZW_DIAG_MESSAGE_MAX];
};

typedef struct zw_cli_misfits {
  const zw_compiled *compiled; /* the new schema, for places */
  zw_cli_misfit *first, **end;
  zw_hmap known; /* by what they say, in `keys` */
  zw_arena keys;
  bool no_memory; /* one at least is not kept */
} zw_cli_misfits;

void zw_cli_misfits_init(zw_cli_misfits *misfits, const zw_compiled *compiled);
void zw_cli_misfits_deinit(zw_cli_misfits *misfits);
/* A zw_finding_fn: keeps the finding, once. ctx: zw_cli_misfits. */
void zw_cli_misfits_add(void *ctx, const zw_finding *finding);
/* What stands for its member in the new schema: the member, or what it is renamed to. */
zw_str zw_cli_misfit_member(const zw_cli_misfit *misfit);
/* A finding as a diagnostic. Its place: of the member in the new schema, else of the type, else the
 * root file. */
void zw_cli_misfit_diag(const zw_compiled *compiled, const zw_cli_misfit *misfit, zw_diag *diag);
/* Prints them, each with its place in the text. */
void zw_cli_misfits_print(const zw_cli_misfits *misfits);

#endif
