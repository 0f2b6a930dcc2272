/* SPDX-License-Identifier: Apache-2.0 */
/* The difference between two texts. */
#ifndef ZEROWIRE_CLI_DIFF_H
#define ZEROWIRE_CLI_DIFF_H

#include "cli.h"

/* Adds a unified diff of two texts, as diff -u and patch have it; both sides have the name. Nothing
 * if they are equal. 0 or ZW_ENOMEM. */
int zw_cli_diff(zw_text *out, const char *name, zw_str old_text, zw_str new_text);

#endif
