/* SPDX-License-Identifier: Apache-2.0 */
/* A sync that fails: nothing is acknowledged, the environment is opened again by itself, and
 * handles from before say so. */
#include <errno.h>
#include <pthread.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "store_fixture.h"
#include "store_state.h"

static int syncs_that_fail;
static void (*in_sync)(void *ctx), (*after_failure)(void *ctx); /* once, on the syncing thread */
static void *hook_ctx;

static void call_once(void (**hook)(void *ctx)) {
  void (*fn)(void *ctx) = *hook;
  *hook = NULL;
  if (fn) fn(hook_ctx);
}

/* In front of the C library's, for LMDB as well. */
__attribute__((visibility("default"))) int fdatasync(int fd);
int fdatasync(int fd) {
  call_once(&in_sync);
  if (__atomic_load_n(&syncs_that_fail, __ATOMIC_RELAXED) > 0) {
    __atomic_sub_fetch(&syncs_that_fail, 1, __ATOMIC_RELAXED);
    errno = EIO;
    return -1;
  }
  return (int)syscall(SYS_fdatasync, fd);
}

/* The store asks for the room that is left when it looks for the cause of a failure. */
__attribute__((visibility("default"))) int statvfs(const char *path, struct statvfs *out);
int statvfs(const char *path, struct statvfs *out) {
  (void)path;
  call_once(&after_failure);
  *out = (struct statvfs){.f_bavail = 1 << 20, .f_frsize = 4096};
  return 0;
}

static int write_that_fails, write_error; /* counts down; 0: none */

static bool fails_here(void) {
  if (!write_that_fails || --write_that_fails) return false;
  errno = write_error;
  return true;
}

__attribute__((visibility("default"))) ssize_t pwrite(int fd, const void *octets, size_t len,
                                                      off_t at);
ssize_t pwrite(int fd, const void *octets, size_t len, off_t at) {
  return fails_here() ? -1 : (ssize_t)syscall(SYS_pwrite64, fd, octets, len, at);
}
__attribute__((visibility("default"))) ssize_t pwritev(int fd, const struct iovec *parts, int count,
                                                       off_t at);
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  return fails_here() ? -1 : (ssize_t)syscall(SYS_pwritev, fd, parts, count, at, 0);
}

static int64_t clock_ahead; /* seconds */

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *out);
int clock_gettime(clockid_t clock, struct timespec *out) {
  int code = (int)syscall(SYS_clock_gettime, clock, out);
  if (clock == CLOCK_REALTIME) out->tv_sec += __atomic_load_n(&clock_ahead, __ATOMIC_RELAXED);
  return code;
}

static void fail_syncs(int n) { __atomic_store_n(&syncs_that_fail, n, __ATOMIC_RELAXED); }

static void failed_group(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_event event;
  zw_write write;
  double out[16];
  fixture_begin(&f);
  fixture_start_writer(&f);
  publish_reading(&f, "test.reading", 1);
  must(&f, zw_txn_begin_read(f.store, &txn));
  fail_syncs(1);
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 2, (zw_span){NULL, 0}));
  assert_int_equal(publish(&f, &write), ZW_EIO);
  /* The snapshot lives, but nobody gets another one until it has ended. */
  must(&f, zw_event_get(txn, f.store, 1, &event));
  assert_true(event_celsius(&event) == 1);
  zw_txn *other;
  assert_int_equal(zw_txn_begin_read(f.store, &other), ZW_ESTORE);
  zw_txn_reset(txn);
  must(&f, zw_txn_begin_read(f.store, &other));
  zw_txn_abort(other);
  assert_int_equal(zw_event_get(txn, f.store, 1, &event), ZW_ESTALE);
  must(&f, zw_txn_renew(txn));
  must(&f, zw_event_get(txn, f.store, 1, &event));
  zw_txn_abort(txn);
  assert_int_equal(publish_reading(&f, "test.reading", 3), 3);
  uint32_t topic = topic_of(&f, "test.reading");
  zw_history_filter one = {.topics = &topic, .topic_count = 1}, all = {0};
  size_t n = collect_history(&f, &one, out, 16);
  assert_true(out[n - 1] == 3);
  assert_int_equal(collect_history(&f, &all, out, 16), n);
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(collect_history(&f, &one, out, 16), n);
  fixture_end(&f);
}

static void keep_line(void *ctx, enum zw_log_level level, const char *message) {
  if (level == ZW_LOG_ERROR && strstr(message, "not committed")) snprintf(ctx, 80, "%s", message);
}

/* What is lost is said with its number. */
static void failed_group_is_counted(void **state) {
  (void)state;
  store_fixture f;
  zw_write write;
  char line[80] = "";
  zw_log log = {keep_line, line, ZW_LOG_ERROR};
  fixture_init(&f);
  f.options.log = &log;
  fixture_open(&f);
  fixture_put_schema(&f, "store");
  fixture_start_writer(&f);
  fail_syncs(1);
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 2, (zw_span){NULL, 0}));
  assert_int_equal(publish(&f, &write), ZW_EIO);
  static const char begin[] = "1 write was not committed (0 of them acknowledged): ";
  assert_memory_equal(line, begin, sizeof begin - 1);
  fixture_end(&f);
}

/* Who writes does not wait for ever for a reader that stays: it is told. */
static void reader_that_stays(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_write write;
  fixture_begin(&f);
  fixture_start_writer(&f);
  must(&f, zw_txn_begin_read(f.store, &txn));
  fail_syncs(1);
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 2, (zw_span){NULL, 0}));
  assert_int_equal(publish(&f, &write), ZW_EIO);
  assert_int_equal(publish(&f, &write), ZW_ESTORE);
  zw_txn_abort(txn);
  must(&f, publish(&f, &write));
  fixture_end(&f);
}

static void failed_direct_write(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_record record;
  fixture_begin(&f);
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  uint64_t generation = atomic_load(&f.store->generation);
  fail_syncs(1);
  s.id = "2";
  assert_int_equal(put_sensor(&f, &s), ZW_EIO);
  s.id = "3";
  must(&f, put_sensor(&f, &s));
  assert_int_equal(atomic_load(&f.store->generation), generation + 1);
  zw_key key = sensor_key(&f, "n", "1");
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_map_get(txn, zw_store_map(f.store, ZW_STR("sensors")), &key, &record));
  zw_txn_abort(txn);
  fixture_end(&f);
}

static void failed_schema(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fail_syncs(1);
  assert_int_equal(zw_store_schema_put(f.store, fixture_schema("store_next"), NULL, NULL, &f.diag),
                   ZW_EIO);
  assert_int_equal(zw_store_schema_count(f.store), 1);
  assert_null(zw_store_map(f.store, ZW_STR("extras")));
  assert_int_equal(zw_store_topic(f.store, ZW_STR("test.third"), ZW_MATCH_EXACT), 0);
  fixture_put_schema(&f, "store_next");
  assert_non_null(zw_store_map(f.store, ZW_STR("extras")));
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  fixture_end(&f);
}

/* Somebody else's failure asks for a reopen while a group has failed and memory has not followed.
 */
static void reopen_in_between(void *ctx) {
  store_fixture *f = ctx;
  zw_txn *txn;
  zw_env_distrust(f->store);
  assert_int_equal(zw_txn_begin_read(f->store, &txn), ZW_ESTORE);
  assert_int_equal(atomic_load(&f->store->generation), 0);
}

static void memory_follows_before_a_reopen(void **state) {
  (void)state;
  store_fixture f;
  zw_write write;
  fixture_begin(&f);
  fixture_start_writer(&f);
  publish_reading(&f, "test.reading", 1);
  hook_ctx = &f;
  after_failure = reopen_in_between;
  fail_syncs(1);
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 2, (zw_span){NULL, 0}));
  assert_int_equal(publish(&f, &write), ZW_EIO);
  assert_null(after_failure);
  must(&f, publish(&f, &write));
  assert_int_equal(atomic_load(&f.store->generation), 1);
  fixture_end(&f);
}

/* What is being committed is nobody's yet. */
static void look_at_catalog(void *ctx) {
  store_fixture *f = ctx;
  uint8_t id[ZW_SCHEMA_ID_SIZE] = {0};
  zw_write write = {.kind = ZW_WRITE_EVENT};
  write.event.topic = zw_store_topic_count(f->store) + 1;
  assert_int_equal(zw_store_schema_count(f->store), 1);
  assert_null(zw_store_schema(f->store, 2));
  assert_int_equal(zw_store_schema_by_id(f->store, id), 0);
  assert_null(zw_store_map(f->store, ZW_STR("extras")));
  assert_null(zw_store_map_at(f->store, zw_store_map_count(f->store)));
  assert_int_equal(zw_store_topic(f->store, ZW_STR("test.third"), ZW_MATCH_EXACT), 0);
  assert_int_equal(zw_store_submit(f->store, &write), ZW_EINVAL);
}

static void a_schema_is_seen_when_it_is_committed(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  hook_ctx = &f;
  in_sync = look_at_catalog;
  fixture_put_schema(&f, "store_next");
  assert_null(in_sync);
  assert_int_equal(zw_store_schema_count(f.store), 2);
  assert_non_null(zw_store_map(f.store, ZW_STR("extras")));
  assert_true(topic_of(&f, "test.third") > 0);
  fixture_end(&f);
}

/* ---- a put between a schema's commit and its place in memory ---- */

typedef struct late {
  store_fixture f, other;
  zw_map *map;
  pthread_barrier_t barrier;
} late;

static void hold_settling(void *ctx) {
  late *l = ctx;
  pthread_barrier_wait(&l->barrier); /* it commits */
  pthread_barrier_wait(&l->barrier); /* the lock is taken */
}

static void *put_schema(void *arg) {
  late *l = arg;
  fixture_put_schema(&l->f, "store_next");
  return NULL;
}

static void *put_record(void *arg) {
  late *l = arg;
  sensor s = {.site = "n", .id = "1", .kind = 3};
  zw_txn *txn;
  must(&l->other, zw_txn_begin_write(l->f.store, &txn, NULL));
  must(&l->other, zw_map_put(txn, l->map, sensor_bytes(&l->other, &s), NULL, NULL));
  must(&l->other, zw_txn_commit(txn, NULL));
  return NULL;
}

static void put_before_a_schema_settles(void **state) {
  (void)state;
  late l;
  pthread_t schema, record;
  zw_txn *txn;
  zw_cursor cursor;
  zw_record found;
  fixture_begin(&l.f);
  zw_builder_init(&l.other.builder, NULL);
  pthread_barrier_init(&l.barrier, NULL, 2);
  l.map = zw_store_map(l.f.store, ZW_STR("sensors"));
  hook_ctx = &l;
  in_sync = hold_settling;
  pthread_create(&schema, NULL, put_schema, &l);
  pthread_barrier_wait(&l.barrier);
  pthread_mutex_lock(&l.f.store->catalog_lock);
  pthread_barrier_wait(&l.barrier);
  pthread_create(&record, NULL, put_record, &l);
  usleep(50000); /* long enough for a put that does not wait */
  pthread_mutex_unlock(&l.f.store->catalog_lock);
  pthread_join(schema, NULL);
  pthread_join(record, NULL);
  must(&l.f, zw_txn_begin_read(l.f.store, &txn));
  for (int index = 0; index < 2; index++) {
    must(&l.f, zw_cursor_init(&cursor, txn, l.map, index, NULL, NULL, false));
    assert_int_equal(zw_cursor_next(&cursor, &found), 0);
    zw_cursor_deinit(&cursor);
  }
  zw_txn_abort(txn);
  pthread_barrier_destroy(&l.barrier);
  zw_builder_deinit(&l.other.builder);
  fixture_end(&l.f);
}

/* Each write to the file fails once: what was acknowledged is there, in order, and the store goes
 * on by itself. */
static void every_write_may_fail(void **state) {
  (void)state;
  static const int codes[] = {EIO, ENOSPC}, errors[] = {ZW_EIO, ZW_EFULL};
  store_fixture f;
  double good[128], out[128];
  size_t count = 0, failed = 0;
  fixture_begin(&f);
  fixture_start_writer(&f);
  for (int n = 1; n <= 20; n++) {
    int code = n % 2;
    zw_write write;
    write_error = codes[code];
    write_event(&f, &write, "test.reading", reading_bytes(&f, "s", n, (zw_span){NULL, 0}));
    write_that_fails = (n + 1) / 2;
    int error = publish(&f, &write);
    assert_true(error == 0 || error == errors[code]);
    assert_true(error == 0 || write_that_fails == 0);
    failed += error != 0;
    if (!error) good[count++] = n;
    write_that_fails = 0;
    good[count++] = n + 0.5;
    publish_reading(&f, "test.reading", n + 0.5);
  }
  assert_true(failed >= 4);
  uint32_t topic = topic_of(&f, "test.reading");
  zw_history_filter one = {.topics = &topic, .topic_count = 1}, all = {0};
  for (int again = 0; again < 2; again++) {
    size_t n = collect_history(&f, &one, out, 128), i = 0;
    for (size_t k = 0; k < n; k++) i += i < count && out[k] == good[i];
    assert_int_equal(i, count);
    assert_int_equal(collect_history(&f, &all, out, 128), n);
    fixture_close(&f);
    fixture_open(&f);
  }
  fixture_end(&f);
}

static void count_line(void *ctx, enum zw_log_level level, const char *message) {
  (void)message;
  *(int *)ctx += level == ZW_LOG_ERROR;
}

/* Each access tries to open what is gone; it is said once, and it comes back by itself. */
static void folder_away(void **state) {
  (void)state;
  store_fixture f;
  int lines = 0;
  zw_txn *txn;
  char path[128], away[128];
  zw_log log = {count_line, &lines, ZW_LOG_ERROR};
  fixture_init(&f);
  f.options.log = &log;
  fixture_open(&f);
  fixture_put_schema(&f, "store");
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  snprintf(path, sizeof path, "%s/realm1", f.dir);
  snprintf(away, sizeof away, "%s/away", f.dir);
  zw_env_distrust(f.store);
  assert_int_equal(rename(path, away), 0);
  for (int i = 0; i < 5; i++) {
    assert_int_equal(zw_txn_begin_read(f.store, &txn), ZW_ESTORE);
    assert_int_equal(put_sensor(&f, &s), ZW_ESTORE);
  }
  assert_int_equal(lines, 1);
  assert_int_equal(rename(away, path), 0);
  must(&f, put_sensor(&f, &s));
  fixture_end(&f);
}

/* A clock that is put back while the writer waits keeps nothing from being committed. */
static void clock_put_back(void **state) {
  (void)state;
  store_fixture f;
  zw_write write;
  fixture_init(&f);
  f.options.sync = ZW_SYNC_EVERYSEC;
  fixture_open(&f);
  fixture_put_schema(&f, "store");
  clock_ahead = 3600;
  fixture_start_writer(&f);
  usleep(20000); /* it waits, by that clock */
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 1, (zw_span){NULL, 0}));
  must(&f, zw_store_submit(f.store, &write));
  while (!zw_store_completed(f.store)) usleep(1000);
  __atomic_add_fetch(&f.now, 2 * NS_PER_SECOND, __ATOMIC_RELAXED);
  for (int i = 0; i < 400 && zw_store_last_seq(f.store) == 0; i++) usleep(10000);
  assert_int_equal(zw_store_last_seq(f.store), 1);
  clock_ahead = 0;
  fixture_end(&f);
}

static void repeated(void **state) {
  (void)state;
  store_fixture f;
  double out[64];
  size_t good = 0;
  fixture_begin(&f);
  fixture_start_writer(&f);
  for (int i = 1; i <= 30; i++) {
    zw_write write;
    if (i % 3 == 0) fail_syncs(1);
    write_event(&f, &write, "test.reading", reading_bytes(&f, "s", i, (zw_span){NULL, 0}));
    int error = publish(&f, &write);
    assert_int_equal(error, i % 3 ? 0 : ZW_EIO);
    good += !error;
  }
  uint32_t topic = topic_of(&f, "test.reading");
  zw_history_filter one = {.topics = &topic, .topic_count = 1}, all = {0};
  size_t n = collect_history(&f, &one, out, 64);
  assert_true(n >= good);
  assert_int_equal(collect_history(&f, &all, out, 64), n);
  for (size_t i = 1; i < n; i++) assert_true(out[i] > out[i - 1]);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(failed_group),
      cmocka_unit_test(failed_group_is_counted),
      cmocka_unit_test(reader_that_stays),
      cmocka_unit_test(failed_direct_write),
      cmocka_unit_test(failed_schema),
      cmocka_unit_test(memory_follows_before_a_reopen),
      cmocka_unit_test(a_schema_is_seen_when_it_is_committed),
      cmocka_unit_test(put_before_a_schema_settles),
      cmocka_unit_test(every_write_may_fail),
      cmocka_unit_test(folder_away),
      cmocka_unit_test(clock_put_back),
      cmocka_unit_test(repeated),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
