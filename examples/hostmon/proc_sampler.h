/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at /proc and fills the schema's records. Rates (processor time) are those since the look
 * before; at the first look they are 0. What this machine does not tell (no disks, say) is left
 * out.
 */
#ifndef HOSTMON_PROC_SAMPLER_H
#define HOSTMON_PROC_SAMPLER_H

#include "hostmon_generated.h"

#define SAMPLER_DISKS 8
#define SAMPLER_NETWORKS 8
#define SAMPLER_BUSIEST 5
#define SAMPLER_NAME 64
#define SAMPLER_PROCESSES 4096

typedef struct process_time {
  uint32_t pid;
  uint64_t ticks, resident;
  char name[SAMPLER_NAME];
} process_time;

typedef struct sampler {
  char host[256], kernel[256];
  long ticks_per_second, page_size;
  uint64_t number;
  uint64_t cpu_before[8];
  int64_t looked_at;
  process_time processes[2][SAMPLER_PROCESSES]; /* this look and the one before, by pid */
  size_t process_count[2];
  unsigned turn; /* which of the two is this look's */
  /* What the sample points to. */
  hostmon_Cpu cpu;
  hostmon_Load load;
  hostmon_Memory memory;
  hostmon_DiskT disks[SAMPLER_DISKS];
  hostmon_NetworkT networks[SAMPLER_NETWORKS];
  hostmon_ProcessT busiest[SAMPLER_BUSIEST];
  char disk_names[SAMPLER_DISKS][SAMPLER_NAME], network_names[SAMPLER_NETWORKS][SAMPLER_NAME];
} sampler;

/* 0, or ZW_EIO in words where there is no /proc. */
int sampler_init(sampler *s, zw_diag *diag);
/* What does not change about this host; strings live in the sampler. */
int sampler_host(sampler *s, hostmon_HostT *out, zw_diag *diag);
/* One look; what *out points to lives in the sampler until the next. */
int sampler_look(sampler *s, hostmon_SampleT *out, zw_diag *diag);

#endif
