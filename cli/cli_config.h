/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration file of serve. */
#ifndef ZEROWIRE_CLI_CONFIG_H
#define ZEROWIRE_CLI_CONFIG_H

#include "cli.h"
#include "zerowire/serve.h"

/* Reads a configuration file ("-": stdin) and sets all options that it can give; *out is destroyed
 * by the caller when the server is open. 0, or an exit code after saying so. */
int zw_cli_config_read(const char *path, zw_server_config **out, zw_server_options *options);

#endif
