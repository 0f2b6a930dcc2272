/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store in a fresh folder for each test, the schemas of tests/data/store, and short ways to write
 * and read.
 */
#ifndef ZEROWIRE_STORE_FIXTURE_H
#define ZEROWIRE_STORE_FIXTURE_H

#include "cmocka_base.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zerowire/store.h"

enum { SENSOR_ID, SENSOR_SITE, SENSOR_SERIAL, SENSOR_KIND, SENSOR_INSTALLED, SENSOR_TAGS };
enum { SENSOR_OWNER = 6, SENSOR_NOTE = 7 };
enum { READING_SENSOR, READING_CELSIUS, READING_AT, READING_BLOB };

typedef struct store_fixture {
  char dir[64];
  zw_store_options options;
  zw_store *store;
  int64_t now; /* ns; each look at the clock adds one */
  zw_diag diag;
  zw_builder builder;
} store_fixture;

static inline int64_t fixture_clock(void *ctx) {
  store_fixture *f = ctx;
  return __atomic_add_fetch(&f->now, 1, __ATOMIC_RELAXED);
}

static inline void fixture_random(void *ctx, uint8_t *out, size_t len) {
  (void)ctx;
  for (size_t i = 0; i < len; i++) out[i] = (uint8_t)(0x11 * (i + 1));
}

static inline void remove_tree(const char *path) {
  DIR *dir = opendir(path);
  struct dirent *entry;
  while (dir && (entry = readdir(dir))) {
    char name[512];
    if (entry->d_name[0] == '.') continue;
    if ((size_t)snprintf(name, sizeof name, "%s/%s", path, entry->d_name) >= sizeof name) continue;
    if (unlink(name) != 0) remove_tree(name);
  }
  if (dir) closedir(dir);
  rmdir(path);
}

static inline void must(store_fixture *f, int error) {
  if (error) fail_msg("%s: %s", zw_error_name(error), f->diag.message);
}

static inline void fixture_open(store_fixture *f) {
  must(f, zw_store_open(&f->store, f->dir, "realm1", &f->options, &f->diag));
}

static const zw_random fixture_random_source = {fixture_random, NULL};

/* A folder and options, nothing opened. */
static inline void fixture_init(store_fixture *f) {
  memset(f, 0, sizeof *f);
  /* In memory where there is such a folder: syncs are free. */
  snprintf(f->dir, sizeof f->dir, "%s/zerowire-store-XXXXXX",
           access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
  assert_non_null(mkdtemp(f->dir));
  f->now = INT64_C(1700000000) * 1000000000;
  f->options = (zw_store_options){.size = sizeof f->options,
                                  .random = &fixture_random_source,
                                  .clock = fixture_clock,
                                  .clock_ctx = f,
                                  .create = true};
  zw_builder_init(&f->builder, NULL);
}

static inline zw_span fixture_schema(const char *name) {
  static uint8_t bytes[1 << 18];
  char path[512];
  snprintf(path, sizeof path, "%s/store/%s.bfbs", ZEROWIRE_TEST_DATA, name);
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("cannot open %s", path);
  size_t len = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  return zw_span_of(bytes, len);
}

static inline void fixture_put_schema(store_fixture *f, const char *name) {
  must(f, zw_store_schema_put(f->store, fixture_schema(name), NULL, NULL, &f->diag));
}

static inline void fixture_start_writer(store_fixture *f) {
  must(f, zw_store_writer_start(f->store, NULL, NULL, &f->diag));
}

/* All of it: a new store with store.fbs. */
static inline void fixture_begin(store_fixture *f) {
  fixture_init(f);
  fixture_open(f);
  fixture_put_schema(f, "store");
}

static inline void fixture_close(store_fixture *f) {
  zw_store_close(f->store);
  f->store = NULL;
}

static inline void fixture_end(store_fixture *f) {
  fixture_close(f);
  zw_builder_deinit(&f->builder);
  remove_tree(f->dir);
}

/* ---- records ---- */

typedef struct sensor {
  const char *site, *id, *serial;
  uint8_t kind;
  uint64_t installed;
  const char *tags[4];
  const char *owner, *note;
} sensor;

static inline zw_span sensor_bytes(store_fixture *f, const sensor *s) {
  zw_builder *b = &f->builder;
  zw_ref tags[4], owner = 0;
  size_t count = 0;
  zw_span bytes;
  zw_builder_reset(b);
  for (; count < 4 && s->tags[count]; count++)
    tags[count] = zw_builder_string(b, zw_str_of(s->tags[count]));
  zw_ref list = count ? zw_builder_refs(b, tags, count) : 0;
  if (s->owner) {
    zw_ref name = zw_builder_string(b, zw_str_of(s->owner));
    zw_builder_table_start(b);
    zw_builder_add_ref(b, 0, name);
    owner = zw_builder_table_end(b);
  }
  zw_ref id = zw_builder_string(b, zw_str_of(s->id));
  zw_ref site = zw_builder_string(b, zw_str_of(s->site));
  zw_ref serial = zw_builder_string(b, zw_str_of(s->serial));
  zw_ref note = zw_builder_string(b, zw_str_of(s->note));
  zw_builder_table_start(b);
  zw_builder_add_u64(b, SENSOR_INSTALLED, s->installed, 0);
  zw_builder_add_ref(b, SENSOR_ID, id);
  zw_builder_add_ref(b, SENSOR_SITE, site);
  zw_builder_add_ref(b, SENSOR_SERIAL, serial);
  zw_builder_add_ref(b, SENSOR_TAGS, list);
  zw_builder_add_ref(b, SENSOR_OWNER, owner);
  zw_builder_add_ref(b, SENSOR_NOTE, note);
  zw_builder_add_u8(b, SENSOR_KIND, s->kind, 0);
  zw_ref root = zw_builder_table_end(b);
  must(f, zw_builder_finish(b, root, (zw_str){NULL, 0}, &bytes));
  return bytes;
}

static inline zw_key sensor_key(store_fixture *f, const char *site, const char *id) {
  zw_str words[2] = {zw_str_of(site), zw_str_of(id)};
  zw_key key;
  const zw_map_def *def = zw_map_def_get(zw_store_map(f->store, ZW_STR("sensors")));
  must(f, zw_key_from_words(&def->primary, words, id ? 2 : 1, &key, &f->diag));
  return key;
}

/* In a transaction of its own. */
static inline int put_sensor(store_fixture *f, const sensor *s) {
  zw_txn *txn;
  int error = zw_txn_begin_write(f->store, &txn, &f->diag);
  if (error) return error;
  error = zw_map_put(txn, zw_store_map(f->store, ZW_STR("sensors")), sensor_bytes(f, s), NULL,
                     &f->diag);
  if (error) {
    zw_txn_abort(txn);
    return error;
  }
  return zw_txn_commit(txn, &f->diag);
}

/* ---- events ---- */

static inline zw_span reading_bytes(store_fixture *f, const char *name, double celsius,
                                    zw_span blob) {
  zw_builder *b = &f->builder;
  zw_span bytes;
  zw_builder_reset(b);
  zw_ref octets = blob.ptr ? zw_builder_vector(b, blob.ptr, blob.len, 1, 1) : 0;
  zw_ref text = zw_builder_string(b, zw_str_of(name));
  zw_builder_table_start(b);
  zw_builder_add_f64(b, READING_CELSIUS, celsius, 0);
  zw_builder_add_ref(b, READING_SENSOR, text);
  zw_builder_add_ref(b, READING_BLOB, octets);
  zw_ref root = zw_builder_table_end(b);
  must(f, zw_builder_finish(b, root, (zw_str){NULL, 0}, &bytes));
  return bytes;
}

static inline uint32_t topic_of(store_fixture *f, const char *uri) {
  uint32_t topic = zw_store_topic(f->store, zw_str_of(uri), ZW_MATCH_EXACT);
  if (!topic) fail_msg("no topic %s", uri);
  return topic;
}

static inline void write_event(store_fixture *f, zw_write *write, const char *uri,
                               zw_span payload) {
  memset(write, 0, sizeof *write);
  write->kind = ZW_WRITE_EVENT;
  write->event.topic = topic_of(f, uri);
  write->event.uri = zw_str_of(uri);
  write->event.version = 1;
  write->event.payload = payload;
}

/* Submits one and waits; its error. */
static inline int publish(store_fixture *f, zw_write *write) {
  int error = zw_store_submit(f->store, write);
  if (error) return error;
  zw_store_flush(f->store);
  while (zw_store_completed(f->store))
    ;
  f->diag = write->diag;
  return write->error;
}

static inline uint64_t publish_reading(store_fixture *f, const char *uri, double celsius) {
  zw_write write;
  write_event(f, &write, uri, reading_bytes(f, "s1", celsius, (zw_span){NULL, 0}));
  must(f, publish(f, &write));
  return write.event.seq;
}

static inline double event_celsius(const zw_event *event) {
  return zw_table_f64(zw_root_trusted(event->payload), READING_CELSIUS, 0);
}

/* The readings that the history of these topics (none: all) has, in order; their number. */
static inline size_t collect_history(store_fixture *f, const zw_history_filter *filter, double *out,
                                     size_t max) {
  zw_txn *txn;
  zw_history history;
  zw_event event;
  size_t n = 0;
  int error;
  must(f, zw_txn_begin_read(f->store, &txn));
  must(f, zw_history_init(&history, txn, f->store, filter));
  while (!(error = zw_history_next(&history, txn, &event)) && n < max)
    out[n++] = event_celsius(&event);
  if (error && error != ZW_ENOTFOUND) fail_msg("history: %s", zw_error_name(error));
  zw_history_deinit(&history);
  zw_txn_abort(txn);
  return n;
}

#endif
