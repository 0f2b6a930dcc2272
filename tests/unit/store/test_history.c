/* SPDX-License-Identifier: Apache-2.0 */
/* Walks over events: filters, directions, several topics, positions that outlive a transaction. */
#include "store_fixture.h"

#define SECOND INT64_C(1000000000)

/* Event i has celsius i, at second i, in turn on the first three topics. */
static void fill(store_fixture *f, int from, int to) {
  static const char *const uris[] = {"test.reading", "test.second", "test.few"};
  for (int i = from; i <= to; i++) {
    f->now = i * SECOND;
    publish_reading(f, uris[i % 3 == 2 ? 1 : 0], i);
  }
}

static void expect(store_fixture *f, const zw_history_filter *filter, const char *expected) {
  double out[64];
  char text[400] = "";
  size_t n = collect_history(f, filter, out, 64);
  for (size_t i = 0; i < n; i++)
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s%g", i ? " " : "", out[i]);
  assert_string_equal(text, expected);
}

static void filters(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  zw_history_filter all = {0};
  expect(&f, &all, "");
  fill(&f, 1, 10);
  uint32_t first = topic_of(&f, "test.reading"), both[2] = {topic_of(&f, "test.second"), first};
  expect(&f, &all, "1 2 3 4 5 6 7 8 9 10");
  expect(&f, &(zw_history_filter){.reverse = true}, "10 9 8 7 6 5 4 3 2 1");
  expect(&f, &(zw_history_filter){.topics = &first, .topic_count = 1}, "1 3 4 6 7 9 10");
  expect(&f, &(zw_history_filter){.topics = both, .topic_count = 2}, "1 2 3 4 5 6 7 8 9 10");
  expect(&f, &(zw_history_filter){.topics = both, .topic_count = 2, .reverse = true, .to_seq = 7},
         "7 6 5 4 3 2 1");
  expect(&f, &(zw_history_filter){.topics = both, .topic_count = 1, .reverse = true}, "8 5 2");
  expect(&f, &(zw_history_filter){.topics = both}, "");
  uint32_t repeated[3] = {first, both[0], first};
  expect(&f, &(zw_history_filter){.topics = repeated, .topic_count = 3}, "1 2 3 4 5 6 7 8 9 10");
  expect(&f, &(zw_history_filter){.from_seq = 4, .to_seq = 6}, "4 5 6");
  expect(&f, &(zw_history_filter){.from_seq = 9, .to_seq = 3}, "");
  expect(&f, &(zw_history_filter){.from_seq = 11}, "");
  /* The clock adds a nanosecond at each look. */
  expect(&f, &(zw_history_filter){.has_from_time = true, .from_time = 8 * SECOND}, "8 9 10");
  expect(&f, &(zw_history_filter){.has_until_time = true, .until_time = 3 * SECOND}, "1 2");
  expect(&f,
         &(zw_history_filter){.has_from_time = true,
                              .from_time = 4 * SECOND,
                              .has_until_time = true,
                              .until_time = 7 * SECOND,
                              .reverse = true,
                              .topics = &first,
                              .topic_count = 1},
         "6 4");
  expect(&f, &(zw_history_filter){.has_from_time = true, .from_time = 99 * SECOND}, "");
  expect(&f, &(zw_history_filter){.has_until_time = true, .until_time = 0}, "");
  fixture_end(&f);
}

static void goes_on_later(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_history h;
  zw_event event;
  fixture_begin(&f);
  fixture_start_writer(&f);
  fill(&f, 1, 3);
  uint32_t topics[2] = {topic_of(&f, "test.reading"), topic_of(&f, "test.second")};
  zw_history_filter filter = {.topics = topics, .topic_count = 2};
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_history_init(&h, txn, f.store, &filter));
  must(&f, zw_history_next(&h, txn, &event));
  assert_true(event_celsius(&event) == 1);
  zw_txn_reset(txn);
  assert_int_equal(zw_history_next(&h, txn, &event), ZW_EINVAL);
  fill(&f, 4, 5);
  must(&f, zw_txn_renew(txn));
  for (int i = 2; i <= 5; i++) {
    must(&f, zw_history_next(&h, txn, &event));
    assert_true(event_celsius(&event) == i);
  }
  assert_int_equal(zw_history_next(&h, txn, &event), ZW_ENOTFOUND);
  fill(&f, 6, 6);
  zw_txn_reset(txn);
  must(&f, zw_txn_renew(txn));
  must(&f, zw_history_next(&h, txn, &event));
  assert_true(event_celsius(&event) == 6);
  assert_text_equal(event.uri, "test.reading");
  zw_history_deinit(&h);
  zw_txn_abort(txn);
  fixture_end(&f);
}

static void the_last_n(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_history h;
  zw_event event;
  fixture_begin(&f);
  fixture_start_writer(&f);
  fill(&f, 1, 10);
  uint32_t topic = topic_of(&f, "test.reading");
  for (int several = 0; several < 2; several++)
    for (uint64_t n = 0; n < 12; n++) {
      static const int of_topic[] = {1, 3, 4, 6, 7, 9, 10};
      zw_history_filter filter = {.topics = several ? NULL : &topic, .topic_count = 1};
      uint64_t have = several ? 10 : 7, left = n < have ? n : have;
      must(&f, zw_txn_begin_read(f.store, &txn));
      must(&f, zw_history_init(&h, txn, f.store, &filter));
      must(&f, zw_history_last(&h, txn, n));
      for (uint64_t i = have - left; i < have; i++) {
        must(&f, zw_history_next(&h, txn, &event));
        assert_true(event_celsius(&event) == (several ? (int)i + 1 : of_topic[i]));
      }
      assert_int_equal(zw_history_next(&h, txn, &event), ZW_ENOTFOUND);
      zw_history_deinit(&h);
      zw_txn_abort(txn);
    }
  fixture_end(&f);
}

/* What a stored event carries comes back. */
static void all_of_an_event(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_write write = {.kind = ZW_WRITE_EVENT};
  zw_event event;
  zw_str roles[2] = {ZW_STR("guest"), ZW_STR("")}, ids[1] = {ZW_STR("joe")};
  fixture_begin(&f);
  fixture_start_writer(&f);
  write.event = (zw_event){.topic = zw_store_topic(f.store, ZW_STR("test.area"), ZW_MATCH_PREFIX),
                           .uri = ZW_STR("test.area.north"),
                           .publisher = 77,
                           .publisher_authid = ZW_STR("ann"),
                           .publisher_authrole = ZW_STR("admin"),
                           .exclude_authrole = {.items = roles, .count = 2},
                           .eligible_authid = {.items = ids, .count = 1},
                           .args = {(const uint8_t *)"\x82\x01\x02", 3},
                           .kwargs = {(const uint8_t *)"\xa0", 1}};
  must(&f, publish(&f, &write));
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_event_get(txn, f.store, 1, &event));
  assert_text_equal(event.uri, "test.area.north");
  assert_int_equal(event.publisher, 77);
  assert_int_equal(event.publication, write.event.publication);
  assert_text_equal(event.publisher_authid, "ann");
  assert_text_equal(event.publisher_authrole, "admin");
  assert_int_equal(event.exclude_authrole.count, 2);
  assert_text_equal(zw_str_list_at(&event.exclude_authrole, 0), "guest");
  assert_text_equal(zw_str_list_at(&event.exclude_authrole, 1), "");
  assert_null(zw_str_list_at(&event.exclude_authrole, 2).ptr);
  assert_int_equal(event.exclude_authid.count, 0);
  assert_int_equal(event.eligible_authid.count, 1);
  assert_text_equal(zw_str_list_at(&event.eligible_authid, 0), "joe");
  assert_int_equal(event.version, 0);
  assert_null(event.payload.ptr);
  assert_true(zw_span_eq(event.args, write.event.args));
  assert_true(zw_span_eq(event.kwargs, write.event.kwargs));
  assert_int_equal(zw_event_get(txn, f.store, 2, &event), ZW_ENOTFOUND);
  assert_int_equal(zw_event_get(txn, f.store, 0, &event), ZW_ENOTFOUND);
  zw_txn_abort(txn);
  fixture_end(&f);
}

/* What was read once has the same octets in a later transaction. */
static void reread(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_event event;
  zw_span payload;
  uint8_t before[256];
  fixture_begin(&f);
  fixture_start_writer(&f);
  publish_reading(&f, "test.reading", 21.5);
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_event_get(txn, f.store, 1, &event));
  size_t len = event.payload.len;
  assert_true(len <= sizeof before);
  memcpy(before, event.payload.ptr, len);
  zw_txn_reset(txn);
  publish_reading(&f, "test.reading", 22);
  must(&f, zw_txn_renew(txn));
  must(&f, zw_event_reread(txn, f.store, 1, &payload));
  assert_true(zw_span_eq(payload, zw_span_of(before, len)));
  assert_int_equal(zw_event_reread(txn, f.store, 3, &payload), ZW_ENOTFOUND);
  zw_txn_abort(txn);
  fixture_end(&f);
}

/* Payloads of every length are 8-aligned in their page and whole. */
static void lengths(void **state) {
  (void)state;
  store_fixture f;
  static uint8_t octets[300000];
  zw_txn *txn;
  zw_event event;
  fixture_begin(&f);
  fixture_start_writer(&f);
  for (size_t i = 0; i < sizeof octets; i++) octets[i] = (uint8_t)(i * 7 + i / 251);
  size_t lens[] = {1, 2, 3, 7, 8, 9, 15, 16, 100, 2000, 4093, 9000, 300000};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
    zw_write write;
    write_event(&f, &write, "test.reading", zw_span_of(octets, lens[i]));
    must(&f, publish(&f, &write));
    must(&f, zw_txn_begin_read(f.store, &txn));
    must(&f, zw_event_get(txn, f.store, i + 1, &event));
    assert_int_equal(event.payload.len, lens[i]);
    assert_memory_equal(event.payload.ptr, octets, lens[i]);
    assert_int_equal((uintptr_t)event.payload.ptr % 8, 0);
    zw_txn_abort(txn);
  }
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(filters),    cmocka_unit_test(goes_on_later),
      cmocka_unit_test(the_last_n), cmocka_unit_test(all_of_an_event),
      cmocka_unit_test(reread),     cmocka_unit_test(lengths),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
