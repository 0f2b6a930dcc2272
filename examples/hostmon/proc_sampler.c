/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of /proc say about the machine as a whole; processes are in proc_processes.c.
 *
 * Every file is read line by line; a line or a file that is not as expected is left out of the
 * sample. Counters go into the sample as they are (a reader makes rates of them); processor time is
 * made relative to the look before, since its unit is the kernel's.
 */
#include "proc_sampler.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "proc_processes.h"

#define LINE 512

static int64_t now_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static zw_str text_of(const char *text) { return zw_str_of(text); }

int sampler_init(sampler *s, zw_diag *diag) {
  memset(s, 0, sizeof *s);
  s->ticks_per_second = sysconf(_SC_CLK_TCK);
  s->page_size = sysconf(_SC_PAGESIZE);
  struct utsname system;
  if (gethostname(s->host, sizeof s->host - 1) || uname(&system)) {
    return zw_fail(diag, ZW_EIO, "this machine does not tell its name (errno %d)", errno);
  }
  snprintf(s->kernel, sizeof s->kernel, "%s", system.release);
  if (access("/proc/stat", R_OK)) {
    return zw_fail(diag, ZW_EIO,
                   "/proc/stat cannot be read. Mount /proc: mount -t proc proc /proc");
  }
  return 0;
}

/* ---- memory ---- */

static void read_memory(hostmon_Memory *out) {
  static const struct {
    const char *name;
    size_t at;
  } wanted[] = {
      {"MemTotal:", offsetof(hostmon_Memory, total)},
      {"MemAvailable:", offsetof(hostmon_Memory, available)},
      {"Cached:", offsetof(hostmon_Memory, cached)},
      {"SwapTotal:", offsetof(hostmon_Memory, swap_total)},
      {"SwapFree:", offsetof(hostmon_Memory, swap_free)},
  };
  memset(out, 0, sizeof *out);
  FILE *file = fopen("/proc/meminfo", "r");
  if (!file) return;
  char line[LINE], name[64];
  uint64_t kib;
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%63s %" SCNu64, name, &kib) != 2) continue;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
      if (strcmp(name, wanted[i].name)) continue;
      uint64_t octets = kib * 1024;
      memcpy((uint8_t *)out + wanted[i].at, &octets, sizeof octets);
    }
  }
  fclose(file);
}

int sampler_host(sampler *s, hostmon_HostT *out, zw_diag *diag) {
  read_memory(&s->memory);
  long cpus = sysconf(_SC_NPROCESSORS_ONLN);
  if (cpus < 1 || cpus > UINT16_MAX)
    return zw_fail(diag, ZW_EIO, "this machine has %ld processors", cpus);
  *out = (hostmon_HostT){
      .name = text_of(s->host),
      .system = ZW_STR("Linux"),
      .kernel = text_of(s->kernel),
      .cpus = (uint16_t)cpus,
      .memory = s->memory.total,
      .booted = (uint64_t)(now_ns(CLOCK_REALTIME) - now_ns(CLOCK_BOOTTIME)),
  };
  return 0;
}

/* ---- processors ---- */

static void read_load(hostmon_Load *out) {
  memset(out, 0, sizeof *out);
  FILE *file = fopen("/proc/loadavg", "r");
  if (!file) return;
  float one, five, fifteen;
  if (fscanf(file, "%f %f %f", &one, &five, &fifteen) == 3) {
    *out = (hostmon_Load){.one = one, .five = five, .fifteen = fifteen};
  }
  fclose(file);
}

/* user nice system idle iowait irq softirq steal, in ticks of all processors together */
static bool read_cpu_ticks(uint64_t ticks[8]) {
  FILE *file = fopen("/proc/stat", "r");
  if (!file) return false;
  int n = fscanf(file,
                 "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
                 " %" SCNu64 " %" SCNu64,
                 &ticks[0], &ticks[1], &ticks[2], &ticks[3], &ticks[4], &ticks[5], &ticks[6],
                 &ticks[7]);
  fclose(file);
  return n == 8;
}

static void read_cpu(sampler *s) {
  uint64_t ticks[8], since[8], total = 0;
  memset(&s->cpu, 0, sizeof s->cpu);
  if (!read_cpu_ticks(ticks)) return;
  for (size_t i = 0; i < 8; i++) {
    /* iowait may go back. */
    since[i] = ticks[i] > s->cpu_before[i] ? ticks[i] - s->cpu_before[i] : 0;
    total += since[i];
  }
  bool first = s->number == 1;
  memcpy(s->cpu_before, ticks, sizeof ticks);
  if (first || !total) return;
  float percent = 100.0f / (float)total;
  s->cpu = (hostmon_Cpu){
      .user = (float)(since[0] + since[1]) * percent,
      .system = (float)(since[2] + since[5] + since[6] + since[7]) * percent,
      .iowait = (float)since[4] * percent,
      .idle = (float)since[3] * percent,
  };
}

/* ---- disks and networks ---- */

static bool is_whole_disk(const char *name) {
  if (!strncmp(name, "loop", 4) || !strncmp(name, "ram", 3)) return false;
  char path[SAMPLER_NAME + 32];
  snprintf(path, sizeof path, "/sys/block/%s", name);
  return access(path, F_OK) == 0;
}

static size_t read_disks(sampler *s) {
  FILE *file = fopen("/proc/diskstats", "r");
  if (!file) return 0;
  size_t n = 0;
  char line[LINE], name[SAMPLER_NAME];
  uint64_t read, written, busy;
  while (n < SAMPLER_DISKS && fgets(line, sizeof line, file)) {
    if (sscanf(line, "%*u %*u %63s %*u %*u %" SCNu64 " %*u %*u %*u %" SCNu64 " %*u %*u %" SCNu64,
               name, &read, &written, &busy) != 4) {
      continue;
    }
    if (!is_whole_disk(name)) continue;
    snprintf(s->disk_names[n], SAMPLER_NAME, "%s", name);
    /* The kernel counts in sectors of 512 octets, whatever the disk's own are. */
    s->disks[n] = (hostmon_DiskT){.name = text_of(s->disk_names[n]),
                                  .read = read * 512,
                                  .written = written * 512,
                                  .busy = busy};
    n++;
  }
  fclose(file);
  return n;
}

static size_t read_networks(sampler *s) {
  FILE *file = fopen("/proc/net/dev", "r");
  if (!file) return 0;
  size_t n = 0;
  char line[LINE], name[SAMPLER_NAME];
  uint64_t received, packets_received, sent, packets_sent;
  while (n < SAMPLER_NETWORKS && fgets(line, sizeof line, file)) {
    if (sscanf(line,
               " %63[^:]: %" SCNu64 " %" SCNu64 " %*u %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64,
               name, &received, &packets_received, &sent, &packets_sent) != 5) {
      continue;
    }
    snprintf(s->network_names[n], SAMPLER_NAME, "%s", name);
    s->networks[n] = (hostmon_NetworkT){.name = text_of(s->network_names[n]),
                                        .received = received,
                                        .sent = sent,
                                        .packets_received = packets_received,
                                        .packets_sent = packets_sent};
    n++;
  }
  fclose(file);
  return n;
}

int sampler_look(sampler *s, hostmon_SampleT *out, zw_diag *diag) {
  s->number++;
  int64_t looked_at = now_ns(CLOCK_MONOTONIC);
  double seconds = s->number == 1 ? 0 : (double)(looked_at - s->looked_at) / 1e9;
  s->looked_at = looked_at;
  read_cpu(s);
  read_load(&s->load);
  read_memory(&s->memory);
  int e = processes_look(s, diag);
  if (e) return e;
  size_t busiest = processes_busiest(s, seconds);
  *out = (hostmon_SampleT){
      .host = text_of(s->host),
      .at = (uint64_t)now_ns(CLOCK_REALTIME),
      .number = s->number,
      .cpu = &s->cpu,
      .load = &s->load,
      .memory = &s->memory,
      .process_count = (uint32_t)s->process_count[s->turn],
      .disks = {s->disks, read_disks(s)},
      .networks = {s->networks, read_networks(s)},
      .busiest = {s->busiest, busiest},
  };
  return 0;
}
