/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of hostmon, and what its commands share: joining, sleeping, stopping. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "hostmon.h"

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_FAILURE_ = 3, RETRY_MS = 50 };

static const char usage[] =
    "hostmon publish [--rate N] [--count N] [--log FILE]   samples of this machine, N a second "
    "(10)\n"
    "hostmon watch [--for SECONDS]                         live samples: a table on a terminal, "
    "else lines\n"
    "hostmon host                                          this machine's record, by a call\n"
    "hostmon replay --log FILE                             the history, compared with the "
    "publisher's log\n"
    "\n"
    "The router is that of --url URL or ZEROWIRE_URL, by default " ZW_URL_DEFAULT ".\n";

static volatile sig_atomic_t stopped;
static void on_signal(int number) {
  (void)number;
  stopped = 1;
}
bool hostmon_stopped(void) { return stopped; }

void hostmon_sleep_ms(uint32_t ms) {
  struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
  nanosleep(&t, NULL);
}

int64_t hostmon_now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool hostmon_router_gone(int error) {
  return error == ZW_ENET || error == ZW_ECLOSED || error == ZW_ETIMEOUT;
}

int hostmon_join(zw_client **out, const hostmon_options *options, uint32_t patience_ms,
                 zw_diag *diag) {
  zw_client_options client = {.size = sizeof client,
                              .url = options->url,
                              .schema = &hostmon_schema,
                              .stamp = &hostmon_stamp};
  if (!client.url) client.url = getenv("ZEROWIRE_URL");
  int64_t end = hostmon_now_ms() + patience_ms;
  for (;;) {
    int e = zw_client_open(out, &client, diag);
    if (!hostmon_router_gone(e) || hostmon_now_ms() >= end || stopped) return e;
    hostmon_sleep_ms(RETRY_MS);
  }
}

typedef struct command {
  const char *name;
  int (*run)(const hostmon_options *options, zw_diag *diag);
} command;

static const command commands[] = {
    {"publish", hostmon_publish},
    {"watch", hostmon_watch},
    {"host", hostmon_show_host},
    {"replay", hostmon_replay},
};

static bool parse_number(const char *text, uint64_t max, uint64_t *out) {
  char *end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  if (errno || *end || end == text || *text == '-' || value > max) return false;
  *out = value;
  return true;
}

/* False: the option or its value is none. */
static bool parse_option(hostmon_options *options, const char *name, const char *value) {
  uint64_t number = 0;
  if (!value) return false;
  if (!strcmp(name, "--url")) {
    options->url = value;
  } else if (!strcmp(name, "--log")) {
    options->log = value;
  } else if (!strcmp(name, "--count")) {
    return parse_number(value, UINT64_MAX, &options->count);
  } else if (!strcmp(name, "--rate")) {
    if (!parse_number(value, 1000, &number) || !number) return false;
    options->rate = (uint32_t)number;
  } else if (!strcmp(name, "--for")) {
    if (!parse_number(value, UINT32_MAX, &number)) return false;
    options->seconds = (uint32_t)number;
  } else {
    return false;
  }
  return true;
}

int main(int argc, char **argv) {
  const command *chosen = NULL;
  hostmon_options options = {.rate = 10};
  if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))) {
    fputs(usage, stdout);
    return 0;
  }
  for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
    if (!strcmp(argv[1], commands[i].name)) chosen = &commands[i];
  }
  for (int i = 2; chosen && i < argc; i += 2) {
    if (parse_option(&options, argv[i], i + 1 < argc ? argv[i + 1] : NULL)) continue;
    fprintf(stderr, "hostmon: %s %s is no option.\n", argv[i],
            i + 1 < argc ? argv[i + 1] : "(without a value)");
    chosen = NULL;
  }
  if (!chosen) {
    fputs(usage, stderr);
    return EXIT_USAGE;
  }
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  zw_diag diag = {0};
  int e = chosen->run(&options, &diag);
  if (!e) return 0;
  fprintf(stderr, "hostmon: %s: %s\n", zw_error_text(e), diag.message);
  if (e == ZW_EUSAGE) return EXIT_USAGE;
  return e == ZW_EMISMATCH || e == ZW_EREMOTE || e == ZW_EVERIFY ? EXIT_REFUSED : EXIT_FAILURE_;
}
