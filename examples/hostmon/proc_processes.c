/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads /proc/PID/stat of every process and compares it with the look before. A process that ends
 * meanwhile is left out. Both lists are ascending by pid, so that one walk over the two finds the
 * pairs.
 */
#include "proc_processes.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "PID (NAME) STATE …": the name may hold spaces and parentheses, so it ends at the last ')'. */
static bool parse_stat(char *line, long page_size, process_time *out) {
  char *open = strchr(line, '('), *close = strrchr(line, ')');
  if (!open || !close || close < open) return false;
  *close = 0;
  uint64_t user, system;
  int64_t pages;
  /* Fields 14, 15 (utime, stime) and 24 (rss) of proc_pid_stat(5); the first after the name is 3.
   */
  if (sscanf(close + 1,
             " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64
             " %*d %*d %*d %*d %*d %*d %*u %*u %" SCNd64,
             &user, &system, &pages) != 3) {
    return false;
  }
  out->ticks = user + system;
  out->resident = pages > 0 ? (uint64_t)pages * (uint64_t)page_size : 0;
  snprintf(out->name, sizeof out->name, "%s", open + 1);
  /* A name is whatever octets the process chose; the schema's strings are UTF-8. */
  for (char *p = out->name; *p; p++) {
    if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e) *p = '?';
  }
  return true;
}

static bool read_process(const char *pid, long page_size, process_time *out) {
  char path[64], line[1024];
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) return false;
  bool good = fgets(line, sizeof line, file) && parse_stat(line, page_size, out);
  fclose(file);
  out->pid = (uint32_t)strtoul(pid, NULL, 10);
  return good;
}

static int by_pid(const void *a, const void *b) {
  uint32_t x = ((const process_time *)a)->pid, y = ((const process_time *)b)->pid;
  return (x > y) - (x < y);
}

int processes_look(sampler *s, zw_diag *diag) {
  s->turn ^= 1;
  process_time *list = s->processes[s->turn];
  size_t count = 0;
  DIR *folder = opendir("/proc");
  if (!folder) return zw_fail(diag, ZW_EIO, "/proc cannot be read (errno %d)", errno);
  for (struct dirent *entry; count < SAMPLER_PROCESSES && (entry = readdir(folder));) {
    if (isdigit((unsigned char)entry->d_name[0]) &&
        read_process(entry->d_name, s->page_size, &list[count]))
      count++;
  }
  closedir(folder);
  qsort(list, count, sizeof *list, by_pid);
  s->process_count[s->turn] = count;
  return 0;
}

/* Keeps the list of the busiest in order, the busiest first. */
static size_t rank(const process_time **busiest, uint64_t *used, size_t n,
                   const process_time *process, uint64_t ticks) {
  size_t at = n;
  while (at > 0 && used[at - 1] < ticks) at--;
  if (at == SAMPLER_BUSIEST) return n;
  if (n < SAMPLER_BUSIEST) n++;
  for (size_t i = n - 1; i > at; i--) {
    busiest[i] = busiest[i - 1];
    used[i] = used[i - 1];
  }
  busiest[at] = process;
  used[at] = ticks;
  return n;
}

size_t processes_busiest(sampler *s, double seconds) {
  const process_time *list = s->processes[s->turn], *before = s->processes[s->turn ^ 1];
  size_t count = s->process_count[s->turn], before_count = s->process_count[s->turn ^ 1];
  const process_time *busiest[SAMPLER_BUSIEST];
  uint64_t used[SAMPLER_BUSIEST];
  size_t n = 0;
  for (size_t i = 0, j = 0; i < count; i++) {
    while (j < before_count && before[j].pid < list[i].pid) j++;
    bool known =
        j < before_count && before[j].pid == list[i].pid && before[j].ticks <= list[i].ticks;
    n = rank(busiest, used, n, &list[i], known ? list[i].ticks - before[j].ticks : 0);
  }
  for (size_t i = 0; i < n; i++) {
    double busy = seconds > 0 ? (double)used[i] / (double)s->ticks_per_second / seconds : 0;
    s->busiest[i] = (hostmon_ProcessT){.pid = busiest[i]->pid,
                                       .name = zw_str_of(busiest[i]->name),
                                       .cpu = (float)(100 * busy),
                                       .memory = busiest[i]->resident};
  }
  return n;
}
