/* SPDX-License-Identifier: Apache-2.0 */
/* Writes entries with one flush each, so that what was told to the publisher is in the file; reads
 * a whole file at once. */
#include "sample_log.h"

#include <errno.h>
#include <stdlib.h>

#define HEAD 16

static int failed(zw_diag *diag, const char *what) {
  return zw_fail(diag, ZW_EIO, "the log cannot be %s (errno %d)", what, errno);
}

int sample_log_open(sample_log *log, const char *path, zw_diag *diag) {
  log->file = fopen(path, "ab");
  return log->file ? 0 : failed(diag, "opened");
}

static int append(sample_log *log, uint64_t publication, zw_span octets, zw_diag *diag) {
  uint8_t head[HEAD];
  zw_store_le64(head, publication);
  zw_store_le64(head + 8, octets.len);
  bool good = fwrite(head, sizeof head, 1, log->file) == 1;
  if (good && octets.len) good = fwrite(octets.ptr, octets.len, 1, log->file) == 1;
  if (!good || fflush(log->file)) return failed(diag, "written");
  return 0;
}

int sample_log_sent(sample_log *log, zw_span sample, zw_diag *diag) {
  return append(log, 0, sample, diag);
}

int sample_log_acknowledged(sample_log *log, uint64_t publication, zw_diag *diag) {
  return append(log, publication, (zw_span){NULL, 0}, diag);
}

int sample_log_close(sample_log *log, zw_diag *diag) {
  int bad = fclose(log->file);
  log->file = NULL;
  return bad ? failed(diag, "closed") : 0;
}

static int read_whole(logged_samples *out, FILE *file, zw_diag *diag) {
  if (fseek(file, 0, SEEK_END)) return failed(diag, "read");
  long size = ftell(file);
  if (size < 0 || fseek(file, 0, SEEK_SET)) return failed(diag, "read");
  out->size = (size_t)size;
  out->memory = malloc(out->size + 1);
  /* No entry is smaller than a head. */
  out->items = calloc(out->size / HEAD + 1, sizeof *out->items);
  if (!out->memory || !out->items)
    return zw_fail(diag, ZW_ENOMEM, "no memory for a log of %ld octets", size);
  return fread(out->memory, 1, out->size, file) == out->size ? 0 : failed(diag, "read");
}

/* An entry that ends beyond the file was being written when the publisher died: it counts for
 * nothing. */
static void parse(logged_samples *out) {
  for (size_t at = 0; out->size - at >= HEAD;) {
    uint64_t publication = zw_load_le64(out->memory + at), len = zw_load_le64(out->memory + at + 8);
    at += HEAD;
    if (len > out->size - at) return;
    if (len) {
      out->items[out->count++].octets = zw_span_of(out->memory + at, (size_t)len);
    } else if (out->count) {
      out->items[out->count - 1].publication = publication;
      out->acknowledged++;
    }
    at += (size_t)len;
  }
}

int logged_samples_load(logged_samples *out, const char *path, zw_diag *diag) {
  memset(out, 0, sizeof *out);
  FILE *file = fopen(path, "rb");
  if (!file) return failed(diag, "opened");
  int e = read_whole(out, file, diag);
  fclose(file);
  if (e) {
    logged_samples_free(out);
    return e;
  }
  parse(out);
  return 0;
}

void logged_samples_free(logged_samples *samples) {
  free(samples->memory);
  free(samples->items);
  memset(samples, 0, sizeof *samples);
}
