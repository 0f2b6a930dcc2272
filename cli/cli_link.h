/* SPDX-License-Identifier: Apache-2.0 */
/* The connection of a command to a router, and what the router's schema declares. */
#ifndef ZEROWIRE_CLI_LINK_H
#define ZEROWIRE_CLI_LINK_H

#include "cli.h"
#include "zerowire/client.h"

typedef struct zw_cli_link {
  zw_client *client;
  const char *url;
  zw_schema *schema; /* NULL: the router has none */
  zw_model *model;   /* of `schema` */
  zw_arena arena;
  char lost[ZW_DIAG_MESSAGE_MAX]; /* why the session ended */
} zw_cli_link;

/* Connects by the options, joins, and fetches the schema. 0, or an exit code after saying so. */
int zw_cli_link_open(zw_cli_link *link, const zw_cli_args *args);
void zw_cli_link_close(zw_cli_link *link);
/* From here on SIGINT and SIGTERM end what the client does instead of the process, once. */
void zw_cli_link_end_on_signal(zw_cli_link *link);
bool zw_cli_link_signaled(void);
/* Says that the connection is lost; the exit code. */
int zw_cli_link_lost(const zw_cli_link *link, int error);
/* The same in the words of a request that ended with it. */
int zw_cli_remote_gone(const zw_cli_link *link, const zw_result *result);

/* The declaration that a URI falls under: exact, else the longest prefix, else a wildcard. NULL:
 * none, or no schema. */
const zw_topic_def *zw_cli_topic(const zw_cli_link *link, zw_str uri);
const zw_procedure_def *zw_cli_procedure(const zw_cli_link *link, zw_str uri);
/* Says what is wrong with a URI. 0 or an exit code. */
int zw_cli_uri_check(const char *uri, enum zw_match match);
/* Says why an exact topic has no history to begin in; for `def` NULL, that it is not declared. 0 or
 * an exit code. */
int zw_cli_history_check(const zw_cli_link *link, const char *topic, const zw_topic_def *def);
/* ` Did you mean URI?` among the declared ones, or "". */
const char *zw_cli_near_topic(const zw_cli_link *link, zw_str uri, zw_cli_hint *hint);
const char *zw_cli_near_procedure(const zw_cli_link *link, zw_str uri, zw_cli_hint *hint);

/* Whether the failure is this error of the router ("zerowire.error.not_found"). */
bool zw_cli_is_remote(int error, const zw_diag *diag, const char *uri);
/* The router's words without the URI of its error. */
const char *zw_cli_remote_text(int error, const zw_diag *diag);
/* Says what the router or the connection answered about `what`; the exit code. */
int zw_cli_remote_failed(const zw_cli_link *link, const char *what, int error, const zw_diag *diag);

#endif
