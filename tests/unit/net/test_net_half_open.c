/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A peer whose network goes away says nothing: its connection ends by the ping that is not
 * answered. The peer lives in a network of its own, behind a cable (veth) that is then cut. Needs
 * root, network namespaces and `ip`; where they are missing the program exits with 77.
 */
#define _GNU_SOURCE /* unshare */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "net_fixture.h"

#define SKIPPED 77
#define INTERVAL_MS 200
#define TIMEOUT_MS 1000
#define MS INT64_C(1000000)

/* A child in a network of its own, and pipes to and from it. */
typedef struct far_end {
  pid_t pid;
  int to, from;
} far_end;

static bool run(const char *const argv[]) {
  int status;
  pid_t pid = fork();
  if (pid == 0) {
    int null = open("/dev/null", O_WRONLY);
    dup2(null, 2);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
  }
  return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}
#define IP(...) run((const char *const[]){"ip", __VA_ARGS__, NULL})

/* Connects when it is told where, and answers pings until it is ended. */
static void be_far(const far_end *far) {
  net_fixture f;
  char address[64] = "";
  if (unshare(CLONE_NEWNET)) _exit(SKIPPED);
  if (write(far->from, "r", 1) != 1 || read(far->to, address, sizeof address - 1) <= 0) _exit(1);
  if (!IP("addr", "add", "10.99.0.2/24", "dev", "zwfar") || !IP("link", "set", "zwfar", "up"))
    _exit(1);
  fixture_init(&f);
  zw_conn *conn;
  if (zw_connect(&conn, f.loop, address, &f.client_options, NULL)) _exit(1);
  for (;;) zw_loop_run_once(f.loop, 20);
}

static bool start_far(far_end *far) {
  int to[2], from[2];
  char ready;
  if (pipe(to) || pipe(from)) return false;
  far->pid = fork();
  if (far->pid == 0) be_far(&(far_end){.to = to[0], .from = from[1]});
  close(to[0]);
  close(from[1]);
  far->to = to[1];
  far->from = from[0];
  return far->pid > 0 && read(far->from, &ready, 1) == 1;
}

static far_end far;

/* Two networks and the cable between them; what is missing, or NULL. */
static const char *lay_cable(void) {
  char pid[16];
  if (geteuid() != 0) return "root is needed for network namespaces";
  if (unshare(CLONE_NEWNET)) return "there are no network namespaces here";
  if (!start_far(&far)) return "a second network namespace cannot be made";
  snprintf(pid, sizeof pid, "%d", (int)far.pid);
  if (!IP("link", "add", "zwnear", "type", "veth", "peer", "name", "zwfar", "netns", pid) ||
      !IP("addr", "add", "10.99.0.1/24", "dev", "zwnear") || !IP("link", "set", "zwnear", "up"))
    return "the command ip, or veth, is missing";
  return NULL;
}

static void cut_cable(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.server_options.ping_interval_ms = INTERVAL_MS;
  f.server_options.ping_timeout_ms = TIMEOUT_MS;
  fixture_listen(&f, "10.99.0.1:0");
  run_rounds(&f, 2);
  int baseline = open_descriptors();
  const char *address = zw_listener_address(f.listener);
  assert_true(write(far.to, address, strlen(address)) > 0);
  RUN_UNTIL(&f, f.server.opened == 1);
  /* While the cable holds, pings are answered. */
  int64_t begin = zw_loop_now(f.loop);
  while (zw_loop_now(f.loop) - begin < 2 * (INTERVAL_MS + TIMEOUT_MS) * MS)
    zw_loop_run_once(f.loop, 10);
  assert_int_equal(f.server.closed, 0);
  assert_true(IP("link", "set", "zwnear", "down"));
  run_rounds(&f, 1); /* cutting may have taken its time */
  begin = zw_loop_now(f.loop);
  RUN_UNTIL(&f, f.server.closed == 1 && open_descriptors() == baseline);
  assert_int_equal(f.server.error, ZW_ETIMEOUT);
  /* The deadlines, and twice as much for a busy machine. */
  assert_true(zw_loop_now(f.loop) - begin < 3 * (INTERVAL_MS + TIMEOUT_MS) * MS);
  fixture_deinit(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(cut_cable)};
  const char *missing = lay_cable();
  int failed = 0;
  if (missing)
    print_message("SKIP: %s\n", missing);
  else
    failed = cmocka_run_group_tests(tests, NULL, NULL);
  if (far.pid > 0) {
    kill(far.pid, SIGKILL);
    waitpid(far.pid, NULL, 0);
  }
  return missing ? SKIPPED : failed;
}
