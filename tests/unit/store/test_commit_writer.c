/* SPDX-License-Identifier: Apache-2.0 */
/* The commit path: groups, their order, what fails alone and what fails together. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "store_fixture.h"
#include "store_state.h"

static void count_call(void *ctx) { __atomic_add_fetch((unsigned *)ctx, 1, __ATOMIC_RELAXED); }

static void order_and_visibility(void **state) {
  (void)state;
  store_fixture f;
  static zw_write writes[500];
  unsigned calls = 0;
  fixture_begin(&f);
  must(&f, zw_store_writer_start(f.store, count_call, &calls, &f.diag));
  assert_int_equal(zw_store_writer_start(f.store, NULL, NULL, &f.diag), ZW_EINVAL);
  zw_span payload = reading_bytes(&f, "s", 1, (zw_span){NULL, 0});
  int64_t before = 0;
  for (size_t i = 0; i < 500; i++) {
    write_event(&f, &writes[i], i % 3 ? "test.reading" : "test.second", payload);
    must(&f, zw_store_submit(f.store, &writes[i]));
    assert_int_equal(writes[i].event.seq, i + 1);
    assert_true(writes[i].event.timestamp > before);
    before = writes[i].event.timestamp;
    assert_int_equal(writes[i].event.publication, zw_publication_of_seq(f.store, i + 1));
  }
  size_t n = 0;
  while (n < 500) {
    zw_txn *txn;
    zw_event event;
    zw_write *done = zw_store_completed(f.store);
    must(&f, zw_txn_begin_read(f.store, &txn));
    for (; done; done = done->next) {
      assert_ptr_equal(done, &writes[n++]);
      must(&f, done->error);
      must(&f, zw_event_get(txn, f.store, done->event.seq, &event));
      assert_int_equal(event.timestamp, done->event.timestamp);
      assert_true(zw_store_last_seq(f.store) >= done->event.seq);
    }
    zw_txn_abort(txn);
    if (n < 500) usleep(200);
  }
  assert_true(__atomic_load_n(&calls, __ATOMIC_RELAXED) > 0);
  fixture_end(&f);
}

/* The clock goes back: timestamps do not. */
static void clock_back(void **state) {
  (void)state;
  store_fixture f;
  zw_write write;
  fixture_begin(&f);
  fixture_start_writer(&f);
  publish_reading(&f, "test.reading", 1);
  int64_t then = f.store->last_timestamp;
  f.now -= 3600 * NS_PER_SECOND;
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 1, (zw_span){NULL, 0}));
  must(&f, publish(&f, &write));
  assert_int_equal(write.event.timestamp, then + 1);
  fixture_close(&f);
  fixture_open(&f);
  fixture_start_writer(&f);
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 1, (zw_span){NULL, 0}));
  must(&f, publish(&f, &write));
  assert_int_equal(write.event.timestamp, then + 2);
  fixture_end(&f);
}

static void one_fails_alone(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  sensor s = {.site = "n", .id = "1"};
  zw_span bytes = sensor_bytes(&f, &s);
  zw_write w[4] = {{.kind = ZW_WRITE_INSERT, .map = map, .record = bytes},
                   {.kind = ZW_WRITE_INSERT, .map = map, .record = bytes},
                   {.kind = ZW_WRITE_PUT, .map = map, .record = bytes},
                   {.kind = ZW_WRITE_DELETE, .map = map, .key = sensor_key(&f, "n", "2")}};
  for (int i = 0; i < 4; i++) must(&f, zw_store_submit(f.store, &w[i]));
  zw_store_flush(f.store);
  assert_int_equal(w[0].error, 0);
  assert_int_equal(w[1].error, ZW_EEXISTS);
  assert_string_equal(w[1].diag.message, "sensors: there is a record with this key");
  assert_int_equal(w[2].error, 0);
  assert_true(w[2].replaced);
  assert_int_equal(w[3].error, ZW_ENOTFOUND);
  zw_write bad = {.kind = ZW_WRITE_PUT};
  assert_int_equal(zw_store_submit(f.store, &bad), ZW_EINVAL);
  bad.kind = ZW_WRITE_EVENT;
  bad.event.topic = 99;
  assert_int_equal(zw_store_submit(f.store, &bad), ZW_EINVAL);
  fixture_end(&f);
}

/* A record and the event that tells of it are one: in number, group and fate. */
static void event_of_a_write(void **state) {
  (void)state;
  store_fixture f;
  zw_write events[4];
  fixture_begin(&f);
  fixture_start_writer(&f);
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  zw_span bytes = sensor_bytes(&f, &(sensor){.site = "n", .id = "1"});
  zw_span payload = reading_bytes(&f, "s", 1, (zw_span){NULL, 0});
  for (int i = 0; i < 4; i++) write_event(&f, &events[i], "test.reading", payload);
  events[0].then = &events[1];
  zw_write put = {.kind = ZW_WRITE_PUT, .map = map, .record = bytes, .then = &events[0]};
  zw_write again = {.kind = ZW_WRITE_INSERT, .map = map, .record = bytes, .then = &events[2]};
  must(&f, zw_store_submit(f.store, &put));
  must(&f, zw_store_submit(f.store, &again));
  must(&f, zw_store_submit(f.store, &events[3]));
  zw_store_flush(f.store);
  const zw_write *order[] = {&put, &events[0], &events[1], &again, &events[2], &events[3]};
  const zw_write *done = zw_store_completed(f.store);
  for (size_t i = 0; i < sizeof order / sizeof *order; i++, done = done->next) {
    assert_ptr_equal(done, order[i]);
    assert_int_equal(done->error, done == &again || done == &events[2] ? ZW_EEXISTS : 0);
  }
  assert_string_equal(events[2].diag.message, "sensors: there is a record with this key");
  double kept[8];
  assert_int_equal(collect_history(&f, &(zw_history_filter){0}, kept, 8), 3);
  /* Nothing of a list is taken where one of it is wrong. */
  events[3].event.topic = 99;
  put.then = &events[3];
  assert_int_equal(zw_store_submit(f.store, &put), ZW_EINVAL);
  events[3] = again;
  assert_int_equal(zw_store_submit(f.store, &put), ZW_EINVAL);
  fixture_end(&f);
}

static void set_file_limit(uint64_t octets) {
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = octets ? octets : limit.rlim_max;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The file cannot grow: its group fails as a whole, reads go on, and writing does when there is
 * room. The numbers that were lost leave no trace in order or index. */
static void disk_full(void **state) {
  (void)state;
  store_fixture f;
  static uint8_t large[100000];
  double out[16];
  signal(SIGXFSZ, SIG_IGN);
  fixture_begin(&f);
  fixture_start_writer(&f);
  publish_reading(&f, "test.reading", 1);
  zw_store_info info;
  must(&f, zw_store_info_get(f.store, &info));
  set_file_limit(info.file_octets + 50000);
  zw_write full;
  write_event(&f, &full, "test.reading",
              reading_bytes(&f, "s", 2, zw_span_of(large, sizeof large)));
  assert_int_equal(publish(&f, &full), ZW_EFULL);
  assert_int_equal(full.event.seq, 2);
  zw_history_filter all = {0};
  uint32_t topic = topic_of(&f, "test.reading");
  zw_history_filter one = {.topics = &topic, .topic_count = 1};
  assert_int_equal(collect_history(&f, &all, out, 16), 1);
  assert_int_equal(zw_store_last_seq(f.store), 1);
  set_file_limit(0);
  assert_int_equal(publish_reading(&f, "test.reading", 3), 3);
  assert_int_equal(collect_history(&f, &all, out, 16), 2);
  assert_int_equal(collect_history(&f, &one, out, 16), 2);
  assert_true(out[1] == 3);
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(collect_history(&f, &one, out, 16), 2);
  assert_true(out[1] == 3);
  fixture_end(&f);
}

/* With everysec a write is done before it is committed, and a history asks for the commit. */
static void everysec(void **state) {
  (void)state;
  store_fixture f;
  zw_write w[3];
  zw_span payload;
  fixture_init(&f);
  f.options.sync = ZW_SYNC_EVERYSEC;
  f.options.clock = NULL;
  fixture_open(&f);
  fixture_put_schema(&f, "store");
  fixture_start_writer(&f);
  payload = reading_bytes(&f, "s", 1, (zw_span){NULL, 0});
  for (int i = 0; i < 3; i++) {
    write_event(&f, &w[i], "test.reading", payload);
    must(&f, zw_store_submit(f.store, &w[i]));
  }
  size_t n = 0;
  for (int tries = 0; n < 3 && tries < 900; tries++) {
    for (zw_write *done = zw_store_completed(f.store); done; done = done->next) {
      assert_ptr_equal(done, &w[n++]);
      must(&f, done->error);
    }
    usleep(500);
  }
  assert_int_equal(n, 3);
  /* The octets are the store's own from here on. */
  memset((void *)(uintptr_t)payload.ptr, 0xEE, payload.len);
  zw_store_flush(f.store);
  assert_int_equal(zw_store_last_seq(f.store), 3);
  double out[4];
  zw_history_filter all = {0};
  assert_int_equal(collect_history(&f, &all, out, 4), 3);
  assert_true(out[2] == 1);
  fixture_end(&f);
}

/* The second passes, and what was done is committed. */
static void everysec_commits(void **state) {
  (void)state;
  store_fixture f;
  zw_write w;
  fixture_init(&f);
  f.options.sync = ZW_SYNC_EVERYSEC;
  fixture_open(&f);
  fixture_put_schema(&f, "store");
  fixture_start_writer(&f);
  write_event(&f, &w, "test.reading", reading_bytes(&f, "s", 1, (zw_span){NULL, 0}));
  must(&f, zw_store_submit(f.store, &w));
  while (!zw_store_completed(f.store)) usleep(500);
  assert_int_equal(zw_store_last_seq(f.store), 0);
  __atomic_add_fetch(&f.now, NS_PER_SECOND, __ATOMIC_RELAXED);
  for (int i = 0; i < 4000 && zw_store_last_seq(f.store) == 0; i++) usleep(1000);
  assert_int_equal(zw_store_last_seq(f.store), 1);
  fixture_end(&f);
}

/* A process that dies in the middle: what was acknowledged is there, in order. */
static void killed(void **state) {
  (void)state;
  for (int round = 0; round < 5; round++) {
    store_fixture f;
    int status, fd[2];
    uint64_t acknowledged = 0, seq;
    fixture_init(&f);
    assert_int_equal(pipe(fd), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
      fixture_open(&f);
      fixture_put_schema(&f, "store");
      fixture_start_writer(&f);
      for (;;) {
        seq = publish_reading(&f, "test.reading", 1);
        if (write(fd[1], &seq, sizeof seq) != sizeof seq) _exit(1);
      }
    }
    close(fd[1]);
    for (int i = 0; i < 20 + 13 * round; i++)
      if (read(fd[0], &seq, sizeof seq) == sizeof seq) acknowledged = seq;
    assert_int_equal(kill(pid, SIGKILL), 0);
    while (read(fd[0], &seq, sizeof seq) == sizeof seq) acknowledged = seq;
    close(fd[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    fixture_open(&f);
    assert_true(zw_store_last_seq(f.store) >= acknowledged);
    static double out[100000];
    uint32_t topic = topic_of(&f, "test.reading");
    zw_history_filter one = {.topics = &topic, .topic_count = 1};
    assert_int_equal(collect_history(&f, &one, out, 100000), zw_store_last_seq(f.store));
    fixture_end(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(order_and_visibility),
      cmocka_unit_test(clock_back),
      cmocka_unit_test(one_fails_alone),
      cmocka_unit_test(event_of_a_write),
      cmocka_unit_test(disk_full),
      cmocka_unit_test(everysec),
      cmocka_unit_test(everysec_commits),
      cmocka_unit_test(killed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
