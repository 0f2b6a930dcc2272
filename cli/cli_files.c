/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that the command reads and writes. An output is written beside its place and renamed, so
 * that a reader, or a build that was interrupted, never finds half of one. A device, a pipe or a
 * link stays what it is, and is written to.
 */
#include "cli_files.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

const char *zw_cli_file_reason(int error) {
  static const struct {
    int number;
    const char *text;
  } reasons[] = {{ENOENT, "no such file or folder"},
                 {EACCES, "permission denied"},
                 {EISDIR, "is a folder"},
                 {ENOTDIR, "a part of the path is no folder"},
                 {ENOSPC, "no space left"},
                 {EROFS, "the file system is read-only"}};
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (reasons[i].number == error) return reasons[i].text;
  return "input or output failed";
}

static int file_failed(const char *path, int error) {
  zw_cli_say("%s: %s", path, zw_cli_file_reason(error));
  return ZW_CLI_FAILURE;
}

int zw_cli_read_file(const char *path, zw_text *out) {
  bool standard = strcmp(path, "-") == 0;
  FILE *file = standard ? stdin : fopen(path, "rb");
  if (!file) return file_failed(path, errno);
  char piece[65536];
  size_t n;
  while ((n = fread(piece, 1, sizeof piece, file)) > 0) zw_text_add(out, piece, n);
  int failed = ferror(file) ? errno : 0;
  if (!standard) fclose(file);
  if (failed) return file_failed(standard ? "stdin" : path, failed);
  return out->error ? zw_cli_failed(path, out->error, NULL) : 0;
}

/* 0 or errno. */
static int write_all(const char *path, zw_span octets) {
  FILE *file = fopen(path, "wb");
  if (!file) return errno;
  bool written = octets.len == 0 || fwrite(octets.ptr, 1, octets.len, file) == octets.len;
  int failed = written ? 0 : errno;
  return fclose(file) && !failed ? errno : failed;
}

int zw_cli_write_file(const char *path, zw_span octets) {
  char beside[4096];
  struct stat there;
  int failed;
  if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
    failed = write_all(path, octets);
    return failed ? file_failed(path, failed) : 0;
  }
  if (snprintf(beside, sizeof beside, "%s.%ld.tmp", path, (long)getpid()) >= (int)sizeof beside)
    return file_failed(path, ENOENT);
  failed = write_all(beside, octets);
  if (!failed && rename(beside, path)) failed = errno;
  if (!failed) return 0;
  unlink(beside);
  return file_failed(path, failed);
}

zw_str zw_cli_base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  return (zw_str){name, dot && dot != name ? (size_t)(dot - name) : strlen(name)};
}
