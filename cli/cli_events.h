/* SPDX-License-Identifier: Apache-2.0 */
/* Events as lines: what sub and history print, and where they begin. */
#ifndef ZEROWIRE_CLI_EVENTS_H
#define ZEROWIRE_CLI_EVENTS_H

#include "cli_link.h"
#include "cli_payload.h"

/* What the envelope of one event says; 0: not known, left out. */
typedef struct zw_cli_event {
  zw_str topic;
  uint64_t publication, seq;
  int64_t timestamp;
} zw_cli_event;

/* Prints an event as a line, with its envelope if asked. An exit code. */
int zw_cli_event_line(zw_cli_printer *printer, const zw_cli_event *event, const zw_payload *payload,
                      const zw_type *type, bool envelope);

/* --since: a time, or a sequence number. */
typedef struct zw_cli_since {
  int64_t time; /* ns since 1970; 0: none */
  uint64_t seq; /* 0: none */
} zw_cli_since;
int zw_cli_since_parse(const zw_cli_args *args, zw_cli_since *out);

/*
 * Runs the client until *done, a signal, or the end of the session, and hands printed lines to the
 * system after each turn. With `seen` it gives up when that count stands still for 10 s. An exit
 * code.
 */
int zw_cli_follow(zw_cli_link *link, const bool *done, const uint64_t *seen);

#endif
