/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as JSON: buf's keys. */
#ifndef ZEROWIRE_CLI_FINDINGS_H
#define ZEROWIRE_CLI_FINDINGS_H

#include "cli.h"

/* "path":…, and "start_line":…,"start_column":… where the place has them. */
void zw_cli_json_place(zw_text *out, const zw_place *place);
/* ,"key":"value" */
void zw_cli_json_pair(zw_text *out, const char *key, zw_str value);

#endif
