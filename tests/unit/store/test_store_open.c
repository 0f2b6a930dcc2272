/* SPDX-License-Identifier: Apache-2.0 */
/* Who may open what: one writer, many readers, no folder that is not ours, no other format. */
#include <fcntl.h>
#include <sys/wait.h>

#include "store_fixture.h"
#include "store_state.h"

static int try_open(store_fixture *f, const char *dir) {
  zw_store *store;
  int error = zw_store_open(&store, dir, "realm1", &f->options, &f->diag);
  if (!error) zw_store_close(store);
  return error;
}

static void assert_message(store_fixture *f, const char *part) {
  if (!strstr(f->diag.message, part)) fail_msg("%s", f->diag.message);
}

static void twice_in_a_process(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  assert_int_equal(try_open(&f, f.dir), ZW_EBUSY);
  assert_message(&f, "is open in this process already");
  f.options.read_only = true;
  assert_int_equal(try_open(&f, f.dir), ZW_EBUSY);
  fixture_end(&f);
}

/* Runs `child` in another process; its exit code. */
static int in_child(store_fixture *f, int (*child)(store_fixture *f)) {
  int status;
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) _exit(child(f));
  assert_int_equal(waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* In the child the parent's handles are there, but not its entry in LMDB's table of readers. */
static int second_writer(store_fixture *f) {
  char expected[64];
  zw_store *store;
  zw_registry_remove(f->store);
  int error = zw_store_open(&store, f->dir, "realm1", &f->options, &f->diag);
  snprintf(expected, sizeof expected, "is in use by process %ld. Use --url", (long)getppid());
  return error == ZW_EBUSY && strstr(f->diag.message, expected) ? 0 : 1;
}

static int reader(store_fixture *f) {
  zw_store *store;
  zw_txn *txn;
  zw_record record;
  zw_registry_remove(f->store);
  f->options.read_only = true;
  if (zw_store_open(&store, f->dir, "realm1", &f->options, &f->diag)) return 1;
  f->store = store;
  zw_key key = sensor_key(f, "n", "1");
  if (zw_txn_begin_read(store, &txn)) return 2;
  if (zw_map_get(txn, zw_store_map(store, ZW_STR("sensors")), &key, &record)) return 3;
  double out[8];
  zw_history_filter all = {0};
  uint32_t topic = topic_of(f, "test.reading");
  zw_history_filter one = {.topics = &topic, .topic_count = 1}, back = one;
  back.reverse = true;
  if (collect_history(f, &all, out, 8) != 2) return 4;
  if (collect_history(f, &one, out, 8) != 2 || out[1] != 2) return 5;
  if (collect_history(f, &back, out, 8) != 2 || out[1] != 1) return 6;
  zw_txn *write;
  if (zw_txn_begin_write(store, &write, &f->diag) != ZW_EINVAL) return 7;
  if (zw_store_schema_put(store, fixture_schema("store"), NULL, NULL, NULL) != ZW_EINVAL) return 8;
  if (zw_store_writer_start(store, NULL, NULL, NULL) != ZW_EINVAL) return 9;
  zw_txn_abort(txn);
  zw_store_close(store);
  return 0;
}

static void other_processes(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  publish_reading(&f, "test.reading", 1);
  publish_reading(&f, "test.reading", 2);
  assert_int_equal(in_child(&f, second_writer), 0);
  assert_int_equal(in_child(&f, reader), 0);
  fixture_end(&f);
}

static void no_store(void **state) {
  (void)state;
  store_fixture f;
  char path[128];
  fixture_init(&f);
  f.options.create = false;
  assert_int_equal(try_open(&f, f.dir), ZW_ENOTFOUND);
  assert_message(&f, "there is no store with realm \"realm1\"");
  f.options.create = true;
  assert_int_equal(try_open(&f, "/proc/nowhere/store"), ZW_EIO);
  assert_message(&f, "there is no folder /proc/nowhere");
  snprintf(path, sizeof path, "%s/letter.txt", f.dir);
  FILE *file = fopen(path, "w");
  fputs("hello", file);
  fclose(file);
  assert_int_equal(try_open(&f, f.dir), ZW_EINVAL);
  assert_message(&f, "is not empty and is no store. Name a new folder");
  assert_int_equal(try_open(&f, path), ZW_EINVAL);
  zw_store *store;
  assert_int_equal(zw_store_open(&store, f.dir, "../x", &f.options, &f.diag), ZW_EINVAL);
  fixture_end(&f);
}

static void foreign_file(void **state) {
  (void)state;
  store_fixture f;
  char path[128];
  fixture_init(&f);
  snprintf(path, sizeof path, "%s/realm1", f.dir);
  assert_int_equal(mkdir(path, 0777), 0);
  /* A database of LMDB that is not ours. */
  MDB_env *env;
  MDB_txn *txn;
  MDB_dbi dbi;
  MDB_val key = {1, "k"}, value = {1, "v"};
  assert_int_equal(mdb_env_create(&env), 0);
  assert_int_equal(mdb_env_open(env, path, 0, 0666), 0);
  assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
  assert_int_equal(mdb_dbi_open(txn, NULL, 0, &dbi), 0);
  assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
  assert_int_equal(mdb_txn_commit(txn), 0);
  mdb_env_close(env);
  assert_int_equal(try_open(&f, f.dir), ZW_EINVAL);
  assert_message(&f, "is no store of zerowire");
  /* No database at all. */
  snprintf(path, sizeof path, "%s/realm1/data.mdb", f.dir);
  FILE *file = fopen(path, "w");
  for (int i = 0; i < 10000; i++) fputs("no database ", file);
  fclose(file);
  assert_int_equal(try_open(&f, f.dir), ZW_EINVAL);
  fixture_end(&f);
}

static void other_format(void **state) {
  (void)state;
  store_fixture f;
  fixture_init(&f);
  fixture_open(&f);
  MDB_txn *txn;
  assert_int_equal(mdb_txn_begin(f.store->env, NULL, 0, &txn), 0);
  catalog_record record = {.kind = CATALOG_FORMAT, .format = 2, .page_size = 4096};
  assert_int_equal(zw_catalog_write(f.store, txn, &record), 0);
  assert_int_equal(mdb_txn_commit(txn), 0);
  fixture_close(&f);
  assert_int_equal(try_open(&f, f.dir), ZW_EVERSION);
  assert_message(&f, "has format 2, this program reads format 1");
  fixture_end(&f);
}

static void wrong_options(void **state) {
  (void)state;
  store_fixture f;
  fixture_init(&f);
  f.options.size = 8;
  assert_int_equal(try_open(&f, f.dir), ZW_EINVAL);
  fixture_end(&f);
}

/* Two realms in one folder know nothing of each other. */
static void realms(void **state) {
  (void)state;
  store_fixture f;
  zw_store *other;
  fixture_begin(&f);
  must(&f, zw_store_open(&other, f.dir, "realm2", &f.options, &f.diag));
  assert_true(zw_store_is_new(other));
  assert_int_equal(zw_store_schema_count(other), 0);
  zw_store_close(other);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(twice_in_a_process),
      cmocka_unit_test(other_processes),
      cmocka_unit_test(no_store),
      cmocka_unit_test(foreign_file),
      cmocka_unit_test(other_format),
      cmocka_unit_test(wrong_options),
      cmocka_unit_test(realms),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
