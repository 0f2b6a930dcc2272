/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the compiler takes for a schema of 200,000 tables, from the text to the `.bfbs`, beside the
 * flatc of this machine on the same file; and how long the command takes to say its version. Whole
 * processes, start to end.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_measure.h"
#include "bench_process.h"

enum { TABLES = 200000 };

static char schema[128], folder[64];

static bool write_schema(void) {
  snprintf(schema, sizeof schema, "%s/many.fbs", folder);
  FILE *file = fopen(schema, "w");
  if (!file) return false;
  for (unsigned i = 0; i < TABLES; i++)
    fprintf(file, "table T%u { id: int; name: string; next: T%u; }\n", i, i ? i - 1 : 0);
  return fclose(file) == 0;
}

/* Seconds until the program has ended well; -1: it is not there, or failed. */
static double run(void *ctx) {
  const char *const *argv = ctx;
  double begin = bench_now();
  int status;
  pid_t id = fork();
  if (id == 0) {
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0) _exit(127);
    execvp(argv[0], (char **)(uintptr_t)argv);
    _exit(127);
  }
  if (id < 0 || waitpid(id, &status, 0) != id) return -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? bench_now() - begin : -1;
}

int main(void) {
  if (!bench_folder(folder, sizeof folder) || !write_schema()) return 1;
  const char *ours[] = {ZEROWIRE_COMMAND, "compile", "--bfbs", "-o", folder, schema, NULL};
  const char *theirs[] = {"flatc", "-b", "--schema", "-o", folder, schema, NULL};
  const char *version[] = {ZEROWIRE_COMMAND, "--version", NULL};
  const char *their_version[] = {"flatc", "--version", NULL};
  const bench_contender compilers[] = {{.name = "zerowire", .run = run, .ctx = ours},
                                       {.name = "flatc", .run = run, .ctx = theirs}};
  const bench_contender versions[] = {{.name = "zerowire", .run = run, .ctx = version},
                                      {.name = "flatc", .run = run, .ctx = their_version}};
  const bench_table times[] = {{"200,000 tables to a .bfbs", "s", true, 1, "below 2 s"},
                               {"--version", "ms", true, 1e-3, "below 5 ms"}};
  bool good = bench_compare(&times[0], compilers, 2) && bench_compare(&times[1], versions, 2);
  bench_folder_remove(folder);
  return good ? 0 : 1;
}
