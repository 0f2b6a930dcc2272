/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One event a line of stdin.
 *
 * Publications are pipelined: up to SLOTS of them wait for their acknowledgement, each with the
 * memory of its payload. The command waits on stdin and the connection at once, so that a slow
 * producer does not hold up answers. A line that is refused is named and counted; the others go on.
 * The first SIGINT or SIGTERM ends the reading: what was sent is still waited for and counted.
 */
#include "cli_publish.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 512
#define LINE_MAX_OCTETS (16u << 20)
#define READ_OCTETS 65536
#define SAID_MAX 20 /* refusals that are said */

typedef struct pub_slot pub_slot;
typedef struct pub_run {
  zw_cli_link *link;
  const char *topic;
  const zw_topic_def *def;
  pub_slot *slots, *free;
  size_t waiting; /* publications without an answer */
  uint64_t line, published, refused, unanswered;
  int code; /* of a failure that ends the run */
  bool terminal;
  int64_t shown; /* when progress was shown, in half seconds */
} pub_run;

struct pub_slot {
  pub_run *run;
  pub_slot *next;
  uint64_t line;
  zw_cli_body body;
};

static volatile sig_atomic_t interrupted; /* the number of the signal */

static void on_signal(int number) { interrupted = number; }

/* The second signal ends the process at once. */
static void catch_signals(void) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

static const zw_publish_options acknowledged = {.acknowledge = true};

/* The first refusals are said, all are counted. */
static void refuse(pub_run *run, uint64_t line, uint32_t column, zw_str text) {
  if (run->refused++ >= SAID_MAX) return;
  if (column)
    zw_cli_say("%llu:%u: %.*s", (unsigned long long)line, (unsigned)column, ZW_ARG(text));
  else
    zw_cli_say("%llu: %.*s", (unsigned long long)line, ZW_ARG(text));
  if (run->refused == SAID_MAX) zw_cli_say("more refused lines are only counted");
}

static void on_published(void *ctx, const zw_result *result) {
  pub_slot *slot = ctx;
  pub_run *run = slot->run;
  slot->next = run->free;
  run->free = slot;
  run->waiting--;
  if (!result->error) {
    run->published++;
  } else if (result->error == ZW_EREMOTE) {
    refuse(run, slot->line, 0, result->message.len ? result->message : result->uri);
  } else {
    run->unanswered++;
    if (!run->code) run->code = zw_cli_remote_gone(run->link, result);
  }
}

/* Waits for the connection, and for stdin unless `input` is false; *readable: stdin is. */
static void wait_for(pub_run *run, bool input, bool *readable) {
  int fd = zw_client_fd(run->link->client);
  struct timeval most = {0, 50000};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(fd, &set);
  if (input) FD_SET(STDIN_FILENO, &set);
  int ready = select(fd + 1, &set, NULL, NULL, &most);
  bool failed = ready < 0 && errno != EINTR; /* stdin is closed: reading says so */
  *readable = input && (failed || (ready > 0 && FD_ISSET(STDIN_FILENO, &set)));
}

/* On a terminal, twice a second. */
static void show_progress(pub_run *run) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t half_seconds = (int64_t)now.tv_sec * 2 + now.tv_nsec / 500000000;
  if (!run->terminal || half_seconds == run->shown) return;
  if (run->shown) fprintf(stderr, "\r%llu published ", (unsigned long long)run->published);
  fflush(stderr);
  run->shown = half_seconds;
}

static void turn(pub_run *run) {
  show_progress(run);
  int error = zw_client_run_once(run->link->client, 0);
  if (error && !run->code) run->code = zw_cli_link_lost(run->link, error);
}

static bool is_blank(zw_str line) {
  size_t i = 0;
  while (i < line.len && memchr(" \t\r", line.ptr[i], 3)) i++;
  return i == line.len;
}

static void publish_line(pub_run *run, zw_str json) {
  zw_diag diag = {0};
  run->line++;
  if (is_blank(json)) return;
  while (!run->free && !run->code) {
    bool readable;
    turn(run);
    if (!run->free && !run->code) wait_for(run, false, &readable);
  }
  if (run->code) return;
  pub_slot *slot = run->free;
  if (zw_cli_body_read(&slot->body, run->def ? run->def->type : NULL, json, &diag)) {
    refuse(run, run->line, diag.at.column, zw_str_of(diag.message));
    return;
  }
  run->free = slot->next;
  slot->line = run->line;
  run->waiting++;
  int error;
  while ((error = zw_client_publish(run->link->client, zw_str_of(run->topic), &slot->body.payload,
                                    &acknowledged, on_published, slot, &diag)) == ZW_ELIMIT &&
         run->waiting > 1 && !run->code) {
    bool readable;
    wait_for(run, false, &readable);
    turn(run);
  }
  if (!error) return;
  run->waiting--;
  slot->next = run->free;
  run->free = slot;
  if (error == ZW_ENET || error == ZW_ECLOSED)
    run->code = zw_cli_link_lost(run->link, error);
  else
    refuse(run, run->line, diag.at.column, zw_str_of(diag.message));
}

/* Publishes the whole lines at the start of the input and keeps the rest. */
static void publish_lines(pub_run *run, zw_text *input, bool last) {
  size_t at = 0;
  const char *end;
  while (!run->code && !interrupted && at < input->len &&
         (end = memchr(input->ptr + at, '\n', input->len - at))) {
    publish_line(run, (zw_str){input->ptr + at, (size_t)(end - input->ptr) - at});
    at = (size_t)(end - input->ptr) + 1;
  }
  if (last && !run->code && !interrupted && at < input->len) {
    publish_line(run, (zw_str){input->ptr + at, input->len - at});
    at = input->len;
  }
  memmove(input->ptr, input->ptr + at, input->len - at);
  input->len -= at;
}

/* Reads what is there; false: the end. */
static bool read_some(pub_run *run, zw_text *input) {
  char piece[READ_OCTETS];
  ssize_t n = read(STDIN_FILENO, piece, sizeof piece);
  if (n < 0 && errno != EINTR && errno != EAGAIN) {
    zw_cli_say("stdin: cannot be read");
    run->code = ZW_CLI_FAILURE;
  }
  if (n <= 0) return n < 0 && !run->code;
  zw_text_add(input, piece, (size_t)n);
  if (input->error) {
    run->code = zw_cli_failed("stdin", input->error, NULL);
  } else if (input->len > LINE_MAX_OCTETS && !memchr(input->ptr, '\n', input->len)) {
    zw_cli_say("%llu:1: the line is longer than 16 MiB, the largest message",
               (unsigned long long)run->line + 1);
    run->code = ZW_CLI_REFUSED;
  }
  return !run->code;
}

static void publish_input(pub_run *run, zw_text *input) {
  bool more = true, readable;
  while (more && !run->code && !interrupted) {
    turn(run);
    wait_for(run, true, &readable);
    if (!readable) continue;
    more = read_some(run, input);
    if (!run->code && input->len) publish_lines(run, input, !more);
  }
  if (!run->code && input->len) publish_lines(run, input, true);
  while (run->waiting && !run->code) {
    turn(run);
    if (run->waiting && !run->code) wait_for(run, false, &readable);
  }
}

static void say_counts(pub_run *run) {
  char unanswered[48] = "", at[64] = "";
  run->unanswered += run->waiting;
  if (run->unanswered)
    snprintf(unanswered, sizeof unanswered, ", %llu without an answer",
             (unsigned long long)run->unanswered);
  if (interrupted)
    snprintf(at, sizeof at, ", interrupted after line %llu", (unsigned long long)run->line);
  if (run->terminal) fputc('\r', stderr);
  zw_cli_say("%llu published, %llu refused%s%s", (unsigned long long)run->published,
             (unsigned long long)run->refused, unanswered, at);
}

int zw_cli_publish_lines(zw_cli_link *link, const char *topic) {
  pub_run run = {.link = link, .topic = topic, .def = zw_cli_topic(link, zw_str_of(topic))};
  zw_text input;
  run.terminal = isatty(STDERR_FILENO);
  run.slots = calloc(SLOTS, sizeof *run.slots);
  if (!run.slots) return zw_cli_failed(NULL, ZW_ENOMEM, NULL);
  for (size_t i = 0; i < SLOTS; i++) {
    run.slots[i].run = &run;
    run.slots[i].next = run.free;
    run.free = &run.slots[i];
    zw_cli_body_init(&run.slots[i].body);
  }
  zw_text_init(&input, NULL);
  catch_signals();
  publish_input(&run, &input);
  zw_text_deinit(&input);
  if (link->model && !run.def && !run.code && run.published) zw_cli_say_untyped(link, topic);
  say_counts(&run);
  zw_client_close(link->client);
  link->client = NULL;
  for (size_t i = 0; i < SLOTS; i++) zw_cli_body_deinit(&run.slots[i].body);
  free(run.slots);
  if (interrupted) raise(interrupted);
  return run.code ? run.code : run.refused ? ZW_CLI_REFUSED : 0;
}
