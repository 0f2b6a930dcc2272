/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and ending servers, and what they use of the machine. */
#define _GNU_SOURCE
#include "bench_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_measure.h"

enum { WORDS_MAX = 16, WORD_MAX = 300, WAIT_SECONDS = 10 };

static struct sockaddr_in loopback(uint16_t port) {
  return (struct sockaddr_in){
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static int listen_on(uint16_t *port) {
  struct sockaddr_in address = loopback(*port);
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  if (fd < 0) return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&address, size) || listen(fd, 1024) ||
      getsockname(fd, (struct sockaddr *)&address, &size)) {
    close(fd);
    return -1;
  }
  *port = ntohs(address.sin_port);
  return fd;
}

uint16_t bench_free_port(void) {
  uint16_t port = 0;
  int fd = listen_on(&port);
  if (fd >= 0) close(fd);
  return port;
}

static int try_connect(uint16_t port) {
  struct sockaddr_in address = loopback(port);
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address)) {
    if (fd >= 0) close(fd);
    return -1;
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

int bench_connect(uint16_t port) {
  int fd = try_connect(port);
  if (fd >= 0) return fd;
  fprintf(stderr, "bench: no connection to port %u\n", port);
  exit(1);
}

static bool wait_until_listening(bench_process *p) {
  double end = p->started + WAIT_SECONDS;
  while (bench_now() < end) {
    int fd = try_connect(p->port);
    if (fd >= 0) {
      close(fd);
      p->started = bench_now() - p->started;
      return true;
    }
    if (waitpid(p->id, NULL, WNOHANG) == p->id) {
      p->id = 0;
      break;
    }
    usleep(200);
  }
  return false;
}

static void become_server(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  bench_pin(BENCH_CPU_SERVER);
}

static void silence(void) {
  int null = open("/dev/null", O_RDWR);
  dup2(null, STDIN_FILENO);
  dup2(null, STDOUT_FILENO);
  dup2(null, STDERR_FILENO);
}

/* Fills in PORT and FOLDER where a word has one of them. */
static void fill_in(char *out, size_t size, const char *word, const bench_process *p) {
  const char *at = strstr(word, "PORT");
  if (at) {
    snprintf(out, size, "%.*s%u%s", (int)(at - word), word, p->port, at + strlen("PORT"));
  } else if ((at = strstr(word, "FOLDER"))) {
    snprintf(out, size, "%.*s%s%s", (int)(at - word), word, p->folder, at + strlen("FOLDER"));
  } else {
    snprintf(out, size, "%s", word);
  }
}

bool bench_folder(char *out, size_t size) {
  snprintf(out, size, "/tmp/zerowire-bench-XXXXXX");
  return mkdtemp(out) != NULL;
}

bool bench_start(bench_process *p, const char *const *argv) {
  char texts[WORDS_MAX][WORD_MAX], *words[WORDS_MAX] = {0};
  memset(p, 0, sizeof *p);
  if (!bench_folder(p->folder, sizeof p->folder)) return false;
  p->port = bench_free_port();
  for (size_t i = 0; i < WORDS_MAX - 1 && argv[i]; i++) {
    fill_in(texts[i], WORD_MAX, argv[i], p);
    words[i] = texts[i];
  }
  p->started = bench_now();
  p->id = fork();
  if (p->id == 0) {
    become_server();
    silence();
    execvp(words[0], words);
    _exit(127);
  }
  if (p->id > 0 && wait_until_listening(p)) return true;
  bench_stop(p);
  return false;
}

bool bench_start_function(bench_process *p, void (*serve)(int listener)) {
  memset(p, 0, sizeof *p);
  int listener = listen_on(&p->port);
  if (listener < 0) return false;
  p->id = fork();
  if (p->id == 0) {
    become_server();
    serve(listener);
    _exit(0);
  }
  close(listener);
  return p->id > 0;
}

bool bench_start_zerowire(bench_process *p, const char *schema) {
  return bench_start(p, (const char *const[]){ZEROWIRE_COMMAND, "serve", schema, "--listen",
                                              "127.0.0.1:PORT", "--data", "FOLDER/data", NULL});
}

bool bench_start_redis(bench_process *p) {
  return bench_start(p, (const char *const[]){"redis-server", "--port", "PORT", "--bind",
                                              "127.0.0.1", "--save", "", "--appendonly", "no",
                                              "--dir", "FOLDER", NULL});
}

bool bench_start_nats(bench_process *p) {
  return bench_start(p,
                     (const char *const[]){"nats-server", "-a", "127.0.0.1", "-p", "PORT", NULL});
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *ftw) {
  (void)status, (void)flag, (void)ftw;
  return remove(path);
}

void bench_folder_remove(const char *folder) {
  if (folder[0]) nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void bench_stop(bench_process *p) {
  if (p->id > 0) {
    kill(p->id, SIGKILL);
    waitpid(p->id, NULL, 0);
  }
  bench_folder_remove(p->folder);
  memset(p, 0, sizeof *p);
}

uint64_t bench_resident(const bench_process *p) {
  char path[64];
  unsigned long long pages = 0;
  snprintf(path, sizeof path, "/proc/%d/statm", (int)p->id);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  if (fscanf(file, "%*u %llu", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t octets;
static int add_one(const char *path, const struct stat *status, int flag, struct FTW *ftw) {
  (void)path, (void)ftw;
  if (flag == FTW_F) octets += (uint64_t)status->st_blocks * 512;
  return 0;
}

uint64_t bench_folder_octets(const char *folder) {
  octets = 0;
  nftw(folder, add_one, 16, FTW_PHYS);
  return octets;
}
