/* SPDX-License-Identifier: Apache-2.0 */
/* One thread publishes and puts, others walk over history and maps, a schema arrives in between:
 * every snapshot is whole, and in order. */
#include <pthread.h>

#include "store_fixture.h"

#define ROUNDS 300

typedef struct shared {
  store_fixture f;
  int stop;
  unsigned walks;
} shared;

static bool stopped(shared *s) { return __atomic_load_n(&s->stop, __ATOMIC_RELAXED); }

/* Event i carries i; "test.few" keeps the last ten. */
static const char *walk_history(shared *s, zw_txn *txn, const char *uri, bool gapless) {
  uint32_t topic = zw_store_topic(s->f.store, zw_str_of(uri), ZW_MATCH_EXACT);
  zw_history_filter filter = {.topics = &topic, .topic_count = 1};
  zw_history h;
  zw_event event;
  double before = -1;
  int error;
  if (zw_history_init(&h, txn, s->f.store, &filter)) return "init";
  while (!(error = zw_history_next(&h, txn, &event))) {
    double value = event_celsius(&event);
    if (event.topic != topic) return "topic";
    if (value <= before || (gapless && before >= 0 && value != before + 1)) return "order";
    before = value;
  }
  zw_history_deinit(&h);
  return error == ZW_ENOTFOUND ? NULL : zw_error_name(error);
}

/* Each round puts both records with the same note. */
static const char *look_at_map(shared *s, zw_txn *txn) {
  zw_map *map = zw_store_map(s->f.store, ZW_STR("sensors"));
  zw_cursor cursor;
  zw_record record;
  zw_str notes[2] = {{NULL, 0}, {NULL, 0}};
  size_t n = 0;
  if (zw_cursor_init(&cursor, txn, map, -1, NULL, NULL, false)) return "cursor";
  while (n < 2 && zw_cursor_next(&cursor, &record) == 0)
    notes[n++] = zw_table_str(zw_record_table(&record), SENSOR_NOTE);
  zw_cursor_deinit(&cursor);
  return n == 0 || (n == 2 && zw_str_eq(notes[0], notes[1])) ? NULL : "torn";
}

static void *reader(void *arg) {
  shared *s = arg;
  const char *fault = NULL;
  zw_txn *txn;
  if (zw_txn_begin_read(s->f.store, &txn)) return (void *)(uintptr_t) "begin";
  while (!fault && !stopped(s)) {
    fault = walk_history(s, txn, "test.reading", true);
    if (!fault) fault = walk_history(s, txn, "test.few", false);
    if (!fault) fault = look_at_map(s, txn);
    zw_txn_reset(txn);
    __atomic_add_fetch(&s->walks, 1, __ATOMIC_RELAXED);
    if (!fault && zw_txn_renew(txn)) fault = "renew";
  }
  zw_txn_abort(txn);
  return (void *)(uintptr_t)fault;
}

static void put_both(store_fixture *f, int round) {
  char note[16];
  zw_txn *txn;
  zw_map *map = zw_store_map(f->store, ZW_STR("sensors"));
  snprintf(note, sizeof note, "%d", round);
  must(f, zw_txn_begin_write(f->store, &txn, &f->diag));
  sensor a = {.site = "n", .id = "1", .note = note}, b = {.site = "n", .id = "2", .note = note};
  must(f, zw_map_put(txn, map, sensor_bytes(f, &a), NULL, &f->diag));
  must(f, zw_map_put(txn, map, sensor_bytes(f, &b), NULL, &f->diag));
  must(f, zw_txn_commit(txn, &f->diag));
}

static void run(enum zw_sync sync) {
  shared s = {.stop = 0};
  pthread_t threads[2];
  fixture_init(&s.f);
  s.f.options.sync = sync;
  fixture_open(&s.f);
  fixture_put_schema(&s.f, "store");
  fixture_start_writer(&s.f);
  for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&threads[i], NULL, reader, &s), 0);
  for (int i = 0; i < ROUNDS; i++) {
    publish_reading(&s.f, "test.reading", i);
    publish_reading(&s.f, "test.few", i);
    if (i % 3 == 0) put_both(&s.f, i);
    if (i == ROUNDS / 2) fixture_put_schema(&s.f, "store_next");
  }
  while (__atomic_load_n(&s.walks, __ATOMIC_RELAXED) < 4) usleep(1000);
  __atomic_store_n(&s.stop, 1, __ATOMIC_RELAXED);
  for (int i = 0; i < 2; i++) {
    void *fault;
    assert_int_equal(pthread_join(threads[i], &fault), 0);
    if (fault) fail_msg("%s", (const char *)fault);
  }
  fixture_end(&s.f);
}

static void group(void **state) {
  (void)state;
  run(ZW_SYNC_GROUP);
}

static void everysec(void **state) {
  (void)state;
  run(ZW_SYNC_EVERYSEC);
}

static void off(void **state) {
  (void)state;
  run(ZW_SYNC_OFF);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(group),
      cmocka_unit_test(everysec),
      cmocka_unit_test(off),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
