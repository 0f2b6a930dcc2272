/* SPDX-License-Identifier: Apache-2.0 */
/* writer.lock: one process writes a realm. The lock is the kernel's (it goes with the process); the
 * text inside says who has it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "store_state.h"

#define PATH_SIZE 4096

static long holder(int fd) {
  char text[32];
  ssize_t n = pread(fd, text, sizeof text - 1, 0);
  if (n <= 0) return 0;
  text[n] = '\0';
  return strtol(text, NULL, 10);
}

static int refuse(int fd, const char *path, zw_diag *diag) {
  long pid = holder(fd);
  close(fd);
  if (pid == (long)getpid())
    return zw_fail(diag, ZW_EBUSY, "%s is open in this process already", path);
  return zw_fail(diag, ZW_EBUSY,
                 "%s is in use by process %ld. Use --url to go through it, or end it", path, pid);
}

int zw_writer_lock_take(const char *path, int *out, zw_diag *diag) {
  char name[PATH_SIZE], text[32];
  if (snprintf(name, sizeof name, "%s/writer.lock", path) >= PATH_SIZE)
    return zw_fail(diag, ZW_EINVAL, "the path is too long");
  int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) return zw_store_error(diag, errno, name);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) return refuse(fd, path, diag);
  int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
  if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len) {
    int code = errno;
    close(fd);
    return zw_store_error(diag, code, name);
  }
  *out = fd;
  return 0;
}

void zw_writer_lock_drop(int fd) {
  if (fd >= 0) close(fd);
}
