/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration file of lint. */
#ifndef ZEROWIRE_CLI_LINT_CONFIG_H
#define ZEROWIRE_CLI_LINT_CONFIG_H

#include "cli.h"
#include "zerowire/any.h"
#include "zerowire/schema.h"

typedef struct zw_cli_lint_config {
  zw_compiled *compiled; /* what such a file may hold */
  zw_builder builder;    /* holds the file as a FlatBuffer */
  zw_any root;           /* base NONE: there is no file */
} zw_cli_lint_config;

/* Reads the file of --config, or zerowire-lint.json if there is one. 0 or an exit code after saying
 * what is wrong; _deinit in any case. */
int zw_cli_lint_config_init(zw_cli_lint_config *config, const char *path);
void zw_cli_lint_config_deinit(zw_cli_lint_config *config);
/* The names in the list `key` ("use", "except"), added to *names, which has room for `most`. They
 * live as long as the configuration. */
size_t zw_cli_lint_config_names(const zw_cli_lint_config *config, const char *key,
                                const char **names, size_t most);
/* Whether a file is ignored: for a rule, or for all (NULL). */
bool zw_cli_lint_config_ignores(const zw_cli_lint_config *config, const char *rule,
                                const char *path);

#endif
