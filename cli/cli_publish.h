/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing from the command line. */
#ifndef ZEROWIRE_CLI_PUBLISH_H
#define ZEROWIRE_CLI_PUBLISH_H

#include "cli_link.h"
#include "cli_payload.h"

/* Publishes each line of stdin; an exit code. Closes the link's client. */
int zw_cli_publish_lines(zw_cli_link *link, const char *topic);

/* Says that no schema declares the topic, and to how many subscribers it went: it may be a slip. */
void zw_cli_say_untyped(zw_cli_link *link, const char *topic);

#endif
