/* SPDX-License-Identifier: Apache-2.0 */
/* As much of NATS's protocol as the comparisons need. */
#ifndef ZEROWIRE_BENCH_NATS_H
#define ZEROWIRE_BENCH_NATS_H

#include <stdint.h>

/* A connection that the server has answered. */
int bench_nats_connect(uint16_t port);
/* Sends the line, and waits until the server has dealt with it. */
void bench_nats_say(int fd, const char *line);
/* A fresh connection is pinged once after about two seconds, which could be taken for a message:
 * answers it, if it is there. */
void bench_nats_answer_ping(int fd);

#endif
