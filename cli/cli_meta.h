/* SPDX-License-Identifier: Apache-2.0 */
/* What a router tells about itself: the meta procedures that commands ask. */
#ifndef ZEROWIRE_CLI_META_H
#define ZEROWIRE_CLI_META_H

#include "cli_link.h"
#include "cli_payload.h"

/* Calls with args and kwargs as JSON (NULL: none). *owner is unrefed by the caller in any case. */
int zw_cli_meta_call(zw_cli_link *link, const char *procedure, const char *args, const char *kwargs,
                     zw_payload *result, zw_buf **owner, zw_diag *diag);

/* The numbers of a result that is a number or a list of them. */
int zw_cli_meta_numbers(zw_cli_link *link, const char *procedure, const char *args, uint64_t *out,
                        size_t max, size_t *count);

#endif
