/* SPDX-License-Identifier: Apache-2.0 */
/* Servers as child processes, pinned to the second CPU, on free ports of the loopback, with a
 * folder of their own. */
#ifndef ZEROWIRE_BENCH_PROCESS_H
#define ZEROWIRE_BENCH_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define BENCH_CPU_LOAD 0
#define BENCH_CPU_SERVER 1

typedef struct bench_process {
  pid_t id;
  uint16_t port;
  char folder[64]; /* removed with it */
  double started;  /* seconds until it listened */
} bench_process;

uint16_t bench_free_port(void);
/* Starts argv ("PORT" and "FOLDER" in its words are filled in) and waits until it listens. False:
 * it is not installed, or did not. */
bool bench_start(bench_process *p, const char *const *argv);
/* A child that runs `serve(listening socket)`. */
bool bench_start_function(bench_process *p, void (*serve)(int listener));
/* The command of this build on a schema. */
bool bench_start_zerowire(bench_process *p, const char *schema);
bool bench_start_redis(bench_process *p);
bool bench_start_nats(bench_process *p);
void bench_stop(bench_process *p);

uint64_t bench_resident(const bench_process *p); /* octets of memory; 0: not known */
bool bench_folder(char *out, size_t size);       /* a fresh one for files */
void bench_folder_remove(const char *folder);
uint64_t bench_folder_octets(const char *folder); /* on disk */
int bench_connect(uint16_t port); /* a TCP connection without delay, or the end of the program */

#endif
