/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shows samples as they come: on a terminal a small table that is drawn in place, elsewhere a line
 * for each half second of samples. NO_COLOR takes the bold face away.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "hostmon.h"

enum { RUN_MS = 100, TABLE_LINES = 5, FIRST_SECONDS = 30 };

#define HALF_A_SECOND 500000000u

typedef struct watch {
  bool terminal, plain;
  uint64_t shown, slice; /* slice: the half second that has its line */
} watch;

static double mebi(uint64_t octets) { return (double)octets / (1 << 20); }

static void network_totals(hostmon_Sample s, uint64_t *received, uint64_t *sent) {
  zw_vec networks = hostmon_Sample_networks(s);
  *received = *sent = 0;
  for (uint32_t i = 0; i < networks.count; i++) {
    hostmon_Network network = hostmon_Sample_networks_at(networks, i);
    *received += hostmon_Network_received(network);
    *sent += hostmon_Network_sent(network);
  }
}

static void print_time(hostmon_Sample s) {
  time_t seconds = (time_t)(hostmon_Sample_at(s) / 1000000000);
  unsigned ms = (unsigned)(hostmon_Sample_at(s) / 1000000 % 1000);
  struct tm utc;
  char text[16];
  gmtime_r(&seconds, &utc);
  strftime(text, sizeof text, "%H:%M:%S", &utc);
  printf("%s.%03uZ", text, ms);
}

static void print_line(hostmon_Sample s, hostmon_Cpu cpu, hostmon_Memory memory) {
  uint64_t received, sent;
  network_totals(s, &received, &sent);
  printf("%.*s ", ZW_ARG(hostmon_Sample_host(s)));
  print_time(s);
  printf("  #%" PRIu64 "  cpu %.1f %%  memory %.0f of %.0f MiB  %" PRIu32
         " processes  net %.1f in %.1f out MiB\n",
         hostmon_Sample_number(s), (double)(cpu.user + cpu.system),
         mebi(memory.total - memory.available), mebi(memory.total), hostmon_Sample_process_count(s),
         mebi(received), mebi(sent));
  fflush(stdout);
}

/* Lines do not wrap while it is drawn: the way back up is always the same. */
static void print_table(const watch *w, hostmon_Sample s, hostmon_Cpu cpu, hostmon_Memory memory) {
  hostmon_Load load = hostmon_Sample_load(s);
  uint64_t received, sent;
  network_totals(s, &received, &sent);
  printf("\x1b[?7l");
  if (w->shown) printf("\x1b[%dA", TABLE_LINES);
  printf(w->plain ? "\x1b[2K%.*s  " : "\x1b[2K\x1b[1m%.*s\x1b[0m  ",
         ZW_ARG(hostmon_Sample_host(s)));
  print_time(s);
  printf("  sample %" PRIu64 "\n", hostmon_Sample_number(s));
  printf("\x1b[2K  cpu      user %5.1f %%   system %5.1f %%   idle %5.1f %%   load %.2f\n",
         (double)cpu.user, (double)cpu.system, (double)cpu.idle, (double)load.one);
  printf("\x1b[2K  memory   %.0f of %.0f MiB used   %" PRIu32 " processes\n",
         mebi(memory.total - memory.available), mebi(memory.total),
         hostmon_Sample_process_count(s));
  printf("\x1b[2K  network  %.1f MiB in   %.1f MiB out\n", mebi(received), mebi(sent));
  printf("\x1b[2K  busiest ");
  zw_vec busiest = hostmon_Sample_busiest(s);
  for (uint32_t i = 0; i < busiest.count && i < 3; i++) {
    hostmon_Process process = hostmon_Sample_busiest_at(busiest, i);
    printf(" %.*s %.0f %%", ZW_ARG(hostmon_Process_name(process)),
           (double)hostmon_Process_cpu(process));
  }
  printf("\n\x1b[?7h");
  fflush(stdout);
}

static void on_sample(void *ctx, hostmon_Sample s, const zw_event_info *info) {
  watch *w = ctx;
  (void)info;
  hostmon_Cpu cpu = hostmon_Sample_cpu(s);
  hostmon_Memory memory = hostmon_Sample_memory(s);
  uint64_t slice = hostmon_Sample_at(s) / HALF_A_SECOND;
  if (w->terminal) {
    print_table(w, s, cpu, memory);
  } else if (slice != w->slice) {
    print_line(s, cpu, memory);
  }
  w->slice = slice;
  w->shown++;
}

static bool is_set(const char *variable) {
  const char *value = getenv(variable);
  return value && *value;
}

static bool draws(void) {
  const char *kind = getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && kind && strcmp(kind, "dumb") != 0;
}

int hostmon_watch(const hostmon_options *options, zw_diag *diag) {
  watch w = {.terminal = draws(), .plain = is_set("NO_COLOR")};
  hostmon_Monitor_sample_subscription subscription = {.event = on_sample, .ctx = &w};
  zw_client *client = NULL;
  int e = hostmon_join(&client, options, 0, diag);
  if (!e) e = hostmon_Monitor_sample_subscribe(client, NULL, &subscription, diag);
  int64_t end = hostmon_now_ms() + (int64_t)FIRST_SECONDS * 1000;
  while (!e && !hostmon_stopped() && (!options->seconds || hostmon_now_ms() < end)) {
    bool first = !w.shown;
    e = zw_client_run_once(client, RUN_MS);
    if (first && w.shown) end = hostmon_now_ms() + (int64_t)options->seconds * 1000;
  }
  if (e && client && !diag->message[0]) zw_fail(diag, e, "the session ended");
  if (hostmon_stopped()) e = 0;
  zw_client_close(client);
  if (!e && options->seconds && !w.shown && !hostmon_stopped()) {
    return zw_fail(diag, ZW_ETIMEOUT, "no sample came in %d s. Does a publisher run?",
                   FIRST_SECONDS);
  }
  return e;
}
