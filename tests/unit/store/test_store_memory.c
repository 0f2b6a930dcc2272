/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation fails once: the call says so, nothing leaks, and the store can be opened again.
 */
#include <pthread.h>

#include "counting_alloc.h"
#include "store_fixture.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The writer thread allocates, too. */
static void *locked_resize(void *ctx, void *ptr, size_t old_size, size_t new_size) {
  pthread_mutex_lock(&lock);
  void *result = counting_resize(ctx, ptr, old_size, new_size);
  pthread_mutex_unlock(&lock);
  return result;
}

static int make(store_fixture *f) {
  int error = zw_store_open(&f->store, f->dir, "realm1", &f->options, &f->diag);
  if (!error) error = zw_store_schema_put(f->store, fixture_schema("store"), NULL, NULL, &f->diag);
  return error;
}

static int write_and_read(store_fixture *f) {
  int error = zw_store_writer_start(f->store, NULL, NULL, &f->diag);
  zw_write event, put;
  zw_span record;
  if (error) return error;
  write_event(f, &event, "test.reading", reading_bytes(f, "s", 1, (zw_span){NULL, 0}));
  error = publish(f, &event);
  sensor s = {.site = "n", .id = "1", .serial = "A", .tags = {"x", "y"}, .owner = "ann"};
  record = sensor_bytes(f, &s);
  put = (zw_write){
      .kind = ZW_WRITE_PUT, .map = zw_store_map(f->store, ZW_STR("sensors")), .record = record};
  if (!error) error = publish(f, &put);
  if (!error && !zw_store_subscription(f->store, ZW_MATCH_EXACT, ZW_STR("x"))) error = ZW_ENOMEM;
  uint32_t topic = topic_of(f, "test.reading");
  zw_history_filter one = {.topics = &topic, .topic_count = 1};
  zw_history h;
  zw_txn *txn;
  if (!error) error = zw_txn_begin_read(f->store, &txn);
  if (error) return error;
  error = zw_history_init(&h, txn, f->store, &one);
  if (!error) {
    error = zw_history_next(&h, txn, &event.event);
    zw_history_deinit(&h);
  }
  zw_txn_abort(txn);
  return error;
}

static int whole(store_fixture *f) {
  int error = make(f);
  if (!error) error = write_and_read(f);
  zw_store_close(f->store);
  f->store = NULL;
  if (!error) error = zw_store_open(&f->store, f->dir, "realm1", &f->options, &f->diag);
  if (!error)
    error = zw_store_schema_put(f->store, fixture_schema("store_next"), NULL, NULL, &f->diag);
  zw_store_close(f->store);
  f->store = NULL;
  return error;
}

static void each_allocation(void **state) {
  (void)state;
  size_t failed = 0;
  for (size_t n = 1;; n++) {
    counting_alloc c;
    store_fixture f;
    counting_alloc_init(&c, n);
    fixture_init(&f);
    c.alloc.resize = locked_resize;
    f.options.alloc = &c.alloc;
    int error = whole(&f);
    if (c.live) fail_msg("%zu octets are left after the %zu-th allocation failed", c.live, n);
    if (c.failed && error && error != ZW_ENOMEM) fail_msg("%zu: %s", n, f.diag.message);
    failed += c.failed && error;
    f.options.alloc = NULL;
    if (n % 16 == 0) must(&f, whole(&f));
    fixture_end(&f);
    if (!c.failed) break;
  }
  assert_true(failed > 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_allocation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
