/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A typed map beside bare LMDB with the same keys and octets: get and put of 100,000 records of
 * about 200 octets in random order, scan in order; warm, no server, one transaction a round.
 * Nothing waits for the disk here, so the time is that of the CPU. What the map does besides: it
 * makes the key, and checks or makes the checksum. Each side reads the whole of every record that
 * it gets.
 */
#define _GNU_SOURCE
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_measure.h"
#include "bench_process.h"
#include "bench_store.h"

enum { RECORDS = 100000, DATA = 160, NAME = 12, VALUE_MAX = 512, TRAILER = 8 };
#define MAP_SIZE ((size_t)4 << 30)

static void stop(const char *what) {
  fprintf(stderr, "bench_maps: %s\n", what);
  exit(1);
}

static void check(int code) {
  if (code) stop(mdb_strerror(code));
}

/* ---- the records, the same for both ---- */

static unsigned order[RECORDS]; /* random */
static char names[RECORDS][NAME];
static zw_span values[RECORDS]; /* FlatBuffers */
static zw_key keys[RECORDS];    /* as the map encodes them */

static void make_record(zw_builder *b, unsigned i) {
  void *to;
  zw_span bytes;
  snprintf(names[i], NAME, "r%010u", i);
  zw_builder_reset(b);
  zw_ref data = zw_builder_vector_uninit(b, DATA, 1, 1, &to);
  if (to) memset(to, (int)('a' + i % 26), DATA);
  zw_ref name = zw_builder_string(b, zw_str_of(names[i]));
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, name);
  zw_builder_add_ref(b, 1, data);
  if (zw_builder_finish(b, zw_builder_table_end(b), zw_str_of(NULL), &bytes)) stop("no memory");
  uint8_t *copy = malloc(bytes.len);
  if (!copy) stop("no memory");
  memcpy(copy, bytes.ptr, bytes.len);
  values[i] = zw_span_of(copy, bytes.len);
}

static void make_records(void) {
  zw_builder b;
  uint64_t random = 88172645463325252u;
  zw_builder_init(&b, NULL);
  for (unsigned i = 0; i < RECORDS; i++) {
    make_record(&b, i);
    order[i] = i;
  }
  for (unsigned i = RECORDS - 1; i > 0; i--) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    unsigned j = (unsigned)(random % (i + 1)), was = order[i];
    order[i] = order[j];
    order[j] = was;
  }
  zw_builder_deinit(&b);
}

/* Reads all of it. */
static uint64_t sum_of(const void *octets, size_t len) {
  const uint8_t *at = octets;
  uint64_t sum = 0;
  for (size_t i = 0; i + 8 <= len; i += 8) sum += zw_load_le64(at + i);
  return sum;
}

static uint64_t expected;
static void verify(uint64_t sum) {
  if (expected && sum != expected) stop("a record is missing");
}

/* ---- zerowire ---- */

static zw_store *store;

static zw_span read_schema(void) {
  static uint8_t octets[1 << 16];
  FILE *file = fopen(ZEROWIRE_BENCH_BFBS, "rb");
  if (!file) stop("no " ZEROWIRE_BENCH_BFBS);
  size_t len = fread(octets, 1, sizeof octets, file);
  fclose(file);
  return zw_span_of(octets, len);
}

static void open_store(const char *folder) {
  zw_diag diag = {0};
  zw_store_options options = {.size = sizeof options, .create = true};
  if (zw_store_open(&store, folder, "realm1", &options, &diag)) stop(diag.message);
  if (zw_store_schema_put(store, read_schema(), NULL, NULL, &diag)) stop(diag.message);
  const zw_map_def *def = zw_map_def_get(zw_store_map(store, ZW_STR("blobs")));
  for (unsigned i = 0; i < RECORDS; i++) {
    zw_key_value value = zw_key_of_text(ZW_T_STRING, zw_str_of(names[i]));
    if (zw_key_from_values(&def->primary, &value, 1, &keys[i], &diag)) stop(diag.message);
  }
}

static double zerowire_put(void *ctx) {
  zw_txn *txn;
  zw_diag diag = {0};
  (void)ctx;
  if (zw_txn_begin_write(store, &txn, &diag)) stop(diag.message);
  double start = bench_used();
  for (unsigned i = 0; i < RECORDS; i++) {
    bench_Blob blob = {zw_root_trusted(values[order[i]])};
    if (bench_blobs_put(txn, blob, &diag)) stop(diag.message);
  }
  double seconds = bench_used() - start;
  if (zw_txn_commit(txn, &diag)) stop(diag.message);
  return RECORDS / seconds;
}

static double zerowire_get(void *ctx) {
  zw_txn *txn;
  uint64_t sum = 0;
  (void)ctx;
  if (zw_txn_begin_read(store, &txn)) stop("no transaction");
  double start = bench_used();
  for (unsigned i = 0; i < RECORDS; i++) {
    bench_Blob blob;
    bench_blobs_key key = {{names[order[i]], NAME - 1}};
    if (bench_blobs_get(txn, key, &blob)) stop("a record is missing");
    zw_span bytes = zw_table_bytes(blob.t);
    sum += sum_of(bytes.ptr, bytes.len);
  }
  double seconds = bench_used() - start;
  zw_txn_abort(txn);
  verify(sum);
  return RECORDS / seconds;
}

static double zerowire_scan(void *ctx) {
  zw_txn *txn;
  zw_cursor cursor;
  bench_Blob blob;
  uint64_t sum = 0;
  (void)ctx;
  if (zw_txn_begin_read(store, &txn)) stop("no transaction");
  double start = bench_used();
  if (bench_blobs_scan(&cursor, txn, NULL, NULL, false)) stop("no cursor");
  while (!bench_blobs_next(&cursor, &blob)) {
    zw_span bytes = zw_table_bytes(blob.t);
    sum += sum_of(bytes.ptr, bytes.len);
  }
  double seconds = bench_used() - start;
  zw_cursor_deinit(&cursor);
  zw_txn_abort(txn);
  verify(sum);
  return RECORDS / seconds;
}

/* ---- the limit ---- */

static MDB_env *env;
static MDB_dbi dbi;

static void open_lmdb(const char *folder) {
  MDB_txn *txn;
  check(mdb_env_create(&env));
  check(mdb_env_set_mapsize(env, MAP_SIZE));
  check(mdb_env_open(env, folder, 0, 0644));
  check(mdb_txn_begin(env, NULL, 0, &txn));
  check(mdb_dbi_open(txn, NULL, 0, &dbi));
  check(mdb_txn_commit(txn));
}

static MDB_val key_of(unsigned i) { return (MDB_val){keys[i].len, keys[i].octets}; }

static size_t padded(size_t len) { return (len + 7) & ~(size_t)7; }

static double lmdb_put(void *ctx) {
  static uint8_t octets[VALUE_MAX];
  MDB_txn *txn;
  (void)ctx;
  check(mdb_txn_begin(env, NULL, 0, &txn));
  double start = bench_used();
  for (unsigned i = 0; i < RECORDS; i++) {
    zw_span value = values[order[i]];
    memcpy(octets, value.ptr, value.len);
    memset(octets + value.len, 0, TRAILER);
    MDB_val key = key_of(order[i]), stored = {padded(value.len) + TRAILER, octets};
    check(mdb_put(txn, dbi, &key, &stored, 0));
  }
  double seconds = bench_used() - start;
  check(mdb_txn_commit(txn));
  return RECORDS / seconds;
}

static double lmdb_get(void *ctx) {
  MDB_txn *txn;
  uint64_t sum = 0;
  (void)ctx;
  check(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
  double start = bench_used();
  for (unsigned i = 0; i < RECORDS; i++) {
    MDB_val key = key_of(order[i]), stored;
    check(mdb_get(txn, dbi, &key, &stored));
    sum += sum_of(stored.mv_data, stored.mv_size - TRAILER);
  }
  double seconds = bench_used() - start;
  mdb_txn_abort(txn);
  expected = sum;
  return RECORDS / seconds;
}

static double lmdb_scan(void *ctx) {
  MDB_txn *txn;
  MDB_cursor *cursor;
  MDB_val key, stored;
  uint64_t sum = 0;
  (void)ctx;
  check(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
  double start = bench_used();
  check(mdb_cursor_open(txn, dbi, &cursor));
  while (!mdb_cursor_get(cursor, &key, &stored, MDB_NEXT))
    sum += sum_of(stored.mv_data, stored.mv_size - TRAILER);
  double seconds = bench_used() - start;
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
  verify(sum);
  return RECORDS / seconds;
}

/* ---- runs ---- */

int main(void) {
  static const struct {
    const char *title;
    double (*ours)(void *ctx), (*bare)(void *ctx);
  } works[] = {
      {"put, in random order", zerowire_put, lmdb_put},
      {"get, in random order", zerowire_get, lmdb_get},
      {"scan, in order", zerowire_scan, lmdb_scan},
  };
  char ours[64], bare[64];
  bool good = true;
  bench_pin(BENCH_CPU_LOAD);
  if (!bench_folder(ours, sizeof ours) || !bench_folder(bare, sizeof bare)) stop("no folder");
  make_records();
  open_store(ours);
  open_lmdb(bare);
  for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
    bench_table table = {works[i].title, "thousand records a second", false, 1e3,
                         "80 % of bare LMDB"};
    bench_contender contenders[] = {{.name = "zerowire, typed map", .run = works[i].ours},
                                    {.name = "bare LMDB", .run = works[i].bare}};
    good &= bench_compare(&table, contenders, 2);
  }
  zw_store_close(store);
  mdb_env_close(env);
  bench_folder_remove(ours);
  bench_folder_remove(bare);
  return good ? 0 : 1;
}
