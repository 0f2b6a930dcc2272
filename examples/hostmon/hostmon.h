/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the hostmon program: what each command does, and what they share. */
#ifndef HOSTMON_H
#define HOSTMON_H

#include "hostmon_wamp.h"

typedef struct hostmon_options {
  const char *url;  /* of the router; NULL: ZEROWIRE_URL, or the default */
  const char *log;  /* file of the publisher's log; NULL: none */
  uint64_t count;   /* samples; 0: until a signal */
  uint32_t rate;    /* samples a second */
  uint32_t seconds; /* watch: how long from the first sample; 0: until a signal */
} hostmon_options;

/* Publishes samples of this machine; joins again when the router comes back. */
int hostmon_publish(const hostmon_options *options, zw_diag *diag);
/* Shows live samples: a table on a terminal, elsewhere a line for each half second. */
int hostmon_watch(const hostmon_options *options, zw_diag *diag);
/* Replays the history and compares it, octet for octet, with the publisher's log. */
int hostmon_replay(const hostmon_options *options, zw_diag *diag);
/* Asks for the record of this host, and prints it as JSON. */
int hostmon_show_host(const hostmon_options *options, zw_diag *diag);

/* Joins the router; tries again for so many milliseconds while nobody answers. */
int hostmon_join(zw_client **out, const hostmon_options *options, uint32_t patience_ms,
                 zw_diag *diag);
/* Whether the error says that the router does not answer any more. */
bool hostmon_router_gone(int error);
/* Set by SIGINT and SIGTERM. */
bool hostmon_stopped(void);
void hostmon_sleep_ms(uint32_t ms);
int64_t hostmon_now_ms(void); /* of a clock that only goes forward */

#endif
