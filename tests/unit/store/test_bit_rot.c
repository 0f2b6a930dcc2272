/* SPDX-License-Identifier: Apache-2.0 */
/* Bits that flip in data.mdb: what the store hands out is right, or an error. A process that dies
 * of it dies in LMDB, which trusts its pages; that a length went bad is found before it is read. */
#define _GNU_SOURCE /* memmem */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "store_fixture.h"
#include "store_state.h"

#define RECORDS 40
#define EVENTS 400
#define FLIPS 300
#define WRONG 3

static void fill(uint8_t *blob, size_t len, unsigned i) {
  for (size_t k = 0; k < len; k++) blob[k] = (uint8_t)(k * 7 + i);
}

/* Every tenth lies on pages of its own. */
static size_t blob_len(unsigned i) { return i % 10 ? 40 : 6000; }

static void sensor_of(sensor *s, char text[16], unsigned i) {
  snprintf(text, 16, "%u", i);
  *s = (sensor){.site = "n", .id = text, .serial = text, .kind = (uint8_t)(i % 3), .note = text};
}

static void fill_store(store_fixture *f) {
  static uint8_t blob[6000];
  char text[16];
  sensor s;
  for (unsigned i = 0; i < RECORDS; i++) {
    sensor_of(&s, text, i);
    must(f, put_sensor(f, &s));
  }
  fixture_start_writer(f);
  for (unsigned i = 1; i <= EVENTS; i++) {
    zw_write write;
    fill(blob, blob_len(i), i);
    write_event(f, &write, "test.reading", reading_bytes(f, "s", i, zw_span_of(blob, blob_len(i))));
    must(f, publish(f, &write));
  }
}

static void data_path(const store_fixture *f, char out[128]) {
  snprintf(out, 128, "%s/realm1/data.mdb", f->dir);
}

/* ---- one length ---- */

/* Makes the value that begins at `at`, whose key is there too, 4 MiB longer. */
static void lengthen(store_fixture *f, zw_span value, size_t key_len) {
  static uint8_t file[8 << 20];
  char path[128];
  data_path(f, path);
  int fd = open(path, O_RDWR);
  ssize_t len = pread(fd, file, sizeof file, 0);
  assert_true(fd >= 0 && len > 0);
  const uint8_t *end = file + len, *found = file;
  size_t copies = 0;
  /* Also where pages lie that are not in use any more. */
  while ((found = memmem(found, (size_t)(end - found), value.ptr, value.len))) {
    /* A node: u16 low, u16 high half of the length, flags, length of the key, key, value. */
    off_t high = (off_t)(found - file) - (off_t)key_len - 6;
    uint8_t bad = file[high] ^ 0x40;
    assert_int_equal(pwrite(fd, &bad, 1, high), 1);
    found++;
    copies++;
  }
  assert_true(copies > 0);
  close(fd);
}

static void record_too_long(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_record record;
  fixture_begin(&f);
  fill_store(&f);
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  zw_key key = sensor_key(&f, "n", "7"), other = sensor_key(&f, "n", "8");
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_map_get(txn, map, &key, &record));
  lengthen(&f, record.value, key.len);
  assert_int_equal(zw_map_get(txn, map, &key, &record), ZW_ECORRUPT);
  must(&f, zw_map_get(txn, map, &other, &record));
  zw_txn_abort(txn);
  fixture_end(&f);
}

static void event_too_long(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_event event;
  double out[EVENTS];
  fixture_begin(&f);
  fill_store(&f);
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_event_get(txn, f.store, 7, &event));
  /* The payload is the last of the value: its octets before it are those of the node as well. */
  MDB_val key = {LOG_KEY_SIZE, (uint8_t[]){0, 0, 0, 0, 0, 0, 0, 7}}, value;
  assert_int_equal(mdb_get(txn->mdb, f.store->events, &key, &value), 0);
  lengthen(&f, zw_span_of(value.mv_data, value.mv_size), LOG_KEY_SIZE);
  assert_int_equal(zw_event_get(txn, f.store, 7, &event), ZW_ECORRUPT);
  must(&f, zw_event_get(txn, f.store, 8, &event));
  zw_txn_abort(txn);
  /* The block of the index that names it is as long as ever. */
  fixture_close(&f);
  fixture_open(&f);
  must(&f, zw_txn_begin_read(f.store, &txn));
  uint32_t topic = topic_of(&f, "test.reading");
  key = (MDB_val){INDEX_KEY_SIZE, (uint8_t[16]){[7] = (uint8_t)topic, [14] = 1}};
  assert_int_equal(mdb_get(txn->mdb, f.store->blocks, &key, &value), 0);
  lengthen(&f, zw_span_of(value.mv_data, value.mv_size), INDEX_KEY_SIZE);
  zw_txn_abort(txn);
  zw_history_filter filter = {.topics = &topic, .topic_count = 1, .from_seq = 8};
  assert_int_equal(collect_history(&f, &filter, out, EVENTS), EVENTS - 7);
  /* Nor is it read when the store opens. */
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(collect_history(&f, &filter, out, EVENTS), EVENTS - 7);
  fixture_end(&f);
}

/* ---- any bit ---- */

static bool right_event(const zw_event *event) {
  static uint8_t blob[6000];
  if (event->seq > EVENTS || event_celsius(event) != (double)event->seq) return false;
  size_t len = blob_len((unsigned)event->seq);
  fill(blob, len, (unsigned)event->seq);
  zw_span is = zw_vec_bytes(zw_table_vec(zw_root_trusted(event->payload), READING_BLOB));
  return zw_span_eq(is, zw_span_of(blob, len));
}

static bool right_events(store_fixture *f, zw_txn *txn, const zw_history_filter *filter) {
  zw_history h;
  zw_event event;
  bool right = true;
  int error = zw_history_init(&h, txn, f->store, filter);
  for (int n = 0; !error && right && n < 2 * EVENTS; n++) {
    error = zw_history_next(&h, txn, &event);
    if (!error) right = right_event(&event);
    if (error == ZW_ECORRUPT) error = 0;
  }
  zw_history_deinit(&h);
  return right;
}

static bool right_record(const zw_record *record, const char *id) {
  zw_table table = zw_record_table(record);
  return zw_str_eq(zw_table_str(table, SENSOR_NOTE), zw_str_of(id)) &&
         zw_str_eq(zw_table_str(table, SENSOR_ID), zw_str_of(id));
}

static bool right_records(store_fixture *f, zw_txn *txn, zw_map *map) {
  for (unsigned i = 0; i < RECORDS; i++) {
    char text[16];
    zw_record record;
    snprintf(text, sizeof text, "%u", i);
    zw_key key = sensor_key(f, "n", text);
    if (zw_map_get(txn, map, &key, &record) == 0 && !right_record(&record, text)) return false;
  }
  for (int index = 0; index < 3; index++) {
    zw_cursor cursor;
    zw_record record;
    int error = zw_cursor_init(&cursor, txn, map, index, NULL, NULL, false);
    for (unsigned n = 0; !error && n < 2 * RECORDS; n++) {
      error = zw_cursor_next(&cursor, &record);
      zw_str id = {NULL, 0};
      char text[16] = "";
      if (error == ZW_ECORRUPT)
        error = 0;
      else if (!error) {
        id = zw_table_str(zw_record_table(&record), SENSOR_ID);
        snprintf(text, sizeof text, "%.*s", ZW_ARG(id));
        if (!right_record(&record, text)) return false;
      }
    }
    zw_cursor_deinit(&cursor);
  }
  return true;
}

/* What a process does that opens the store and reads all of it; its exit status. */
static int read_all(store_fixture *f, uint32_t topic) {
  const zw_history_filter all = {0}, one = {.topics = &topic, .topic_count = 1},
                          back = {.topics = &topic, .topic_count = 1, .reverse = true};
  zw_txn *txn;
  f->options.read_only = true;
  if (zw_store_open(&f->store, f->dir, "realm1", &f->options, &f->diag)) return 0;
  if (zw_txn_begin_read(f->store, &txn)) return 0;
  zw_map *map = zw_store_map(f->store, ZW_STR("sensors"));
  if (map && !right_records(f, txn, map)) return WRONG;
  return right_events(f, txn, &all) && right_events(f, txn, &one) && right_events(f, txn, &back)
             ? 0
             : WRONG;
}

/* Exit status of a process that reads the store with one bit flipped; -1: it died. */
static int read_flipped(store_fixture *f, int fd, uint64_t bit, uint32_t topic) {
  uint8_t octet, bad;
  off_t at = (off_t)(bit / 8);
  assert_int_equal(pread(fd, &octet, 1, at), 1);
  bad = octet ^ (uint8_t)(1u << bit % 8);
  assert_int_equal(pwrite(fd, &bad, 1, at), 1);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    /* Its death is a number, not a report. */
    signal(SIGBUS, SIG_DFL);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGABRT, SIG_DFL);
    alarm(20);
    _exit(read_all(f, topic));
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(pwrite(fd, &octet, 1, at), 1);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void any_bit(void **state) {
  (void)state;
  const char *more = getenv("ZEROWIRE_FLIPS");
  int flips = more ? (int)strtol(more, NULL, 10) : FLIPS, died = 0;
  uint64_t seed = 1;
  store_fixture f;
  struct stat st;
  char path[128];
  fixture_begin(&f);
  fill_store(&f);
  uint32_t topic = topic_of(&f, "test.reading");
  fixture_close(&f);
  data_path(&f, path);
  int fd = open(path, O_RDWR);
  assert_true(fd >= 0 && fstat(fd, &st) == 0);
  for (int i = 0; i < flips; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    uint64_t bit = (seed >> 16) % ((uint64_t)st.st_size * 8);
    int status = read_flipped(&f, fd, bit, topic);
    if (status == WRONG) fail_msg("bit %llu: wrong data", (unsigned long long)bit);
    died += status != 0;
  }
  close(fd);
  print_message("%d bits flipped: 0 times wrong data, %d times LMDB died\n", flips, died);
  assert_true(died * 20 < flips);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(record_too_long),
      cmocka_unit_test(event_too_long),
      cmocka_unit_test(any_bit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
