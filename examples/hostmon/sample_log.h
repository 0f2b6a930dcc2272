/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The publisher's own log: every sample before it is published, and every acknowledgement. It is
 * what a replay is compared with.
 *
 * A file of entries: u64 publication id (little-endian), u64 length, and so many octets. An entry
 * with octets and publication 0 is a sample that is about to be published; one without octets is
 * the acknowledgement of the sample before it.
 */
#ifndef HOSTMON_SAMPLE_LOG_H
#define HOSTMON_SAMPLE_LOG_H

#include <stdio.h>

#include "zerowire/base.h"

typedef struct sample_log {
  FILE *file;
} sample_log;

/* Appends to the file, which is made if it is not there. ZW_EIO in words. */
int sample_log_open(sample_log *log, const char *path, zw_diag *diag);
int sample_log_sent(sample_log *log, zw_span sample, zw_diag *diag);
int sample_log_acknowledged(sample_log *log, uint64_t publication, zw_diag *diag);
int sample_log_close(sample_log *log, zw_diag *diag);

typedef struct logged_sample {
  zw_span octets;
  uint64_t publication; /* 0: was never acknowledged */
} logged_sample;

typedef struct logged_samples {
  uint8_t *memory;
  size_t size;
  logged_sample *items;
  size_t count, acknowledged;
} logged_samples;

int logged_samples_load(logged_samples *out, const char *path, zw_diag *diag);
void logged_samples_free(logged_samples *samples);

#endif
