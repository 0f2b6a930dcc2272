/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of another revision: git is run for each, without a shell, and its output read from a pipe.
 * A path is handed to it as REVISION:PATH, below the repository's folder, so that none is an option
 * or a pattern. What git says of failures is dropped for our own words.
 */
#include "cli_git.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 8

extern char **environ;

static void read_pipe(int fd, zw_text *out) {
  char piece[65536];
  ssize_t n;
  do {
    n = read(fd, piece, sizeof piece);
    if (n > 0) zw_text_add(out, piece, (size_t)n);
  } while (n > 0 || (n < 0 && errno == EINTR));
}

static int start_git(const char *const *args, int out, pid_t *pid) {
  char *argv[ARGS_MAX + 2] = {(char *)(uintptr_t) "git"};
  posix_spawn_file_actions_t files;
  for (int i = 0; i < ARGS_MAX && args[i]; i++) argv[i + 1] = (char *)(uintptr_t)args[i];
  if (posix_spawn_file_actions_init(&files)) return ENOMEM;
  int error = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  if (!error) error = posix_spawn_file_actions_adddup2(&files, out, 1);
  if (!error) error = posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  if (!error) error = posix_spawnp(pid, "git", &files, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

/* Runs git with the arguments (NULL at the end); its output is added to *out. Its exit status, or
 * -1: it could not be run. */
static int run_git(const char *const *args, zw_text *out) {
  int ends[2], status = 0;
  pid_t pid;
  if (pipe(ends)) return -1;
  for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  int error = start_git(args, ends[1], &pid);
  close(ends[1]);
  if (!error) read_pipe(ends[0], out);
  close(ends[0]);
  if (error) return -1;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The first line of what git prints. */
static int ask_git(const char *const *args, char *out, size_t size) {
  zw_text text;
  zw_text_init(&text, NULL);
  int status = run_git(args, &text);
  zw_str all = zw_text_str(&text);
  size_t len = 0;
  while (len < all.len && all.ptr[len] != '\n') len++;
  if (status == 0 && (text.error || len >= size)) status = 1;
  if (status == 0) snprintf(out, size, "%.*s", (int)len, all.ptr);
  zw_text_deinit(&text);
  return status;
}

/* ---- the repository ---- */

static int failed(const char *revision, const char *what) {
  zw_cli_say("git:%s: %s", revision, what);
  return ZW_CLI_FAILURE;
}

int zw_cli_git_open(zw_cli_git *git, const char *revision, const char *path) {
  char folder[4096], name[4096], answer[4096];
  const char *slash = strrchr(path, '/');
  size_t len = slash ? (size_t)(slash - path) + 1 : 0;
  git->revision = revision;
  if (len >= sizeof folder) return failed(revision, "the path of the schema is too long");
  snprintf(folder, sizeof folder, "%.*s", slash ? (int)len : 1, slash ? path : ".");
  const char *const top[] = {"-C", folder, "rev-parse", "--show-toplevel", NULL};
  int status = ask_git(top, git->top, sizeof git->top);
  if (status < 0) return failed(revision, "git cannot be run. Install it, or give a file");
  if (status || !git->top[0]) {
    zw_cli_say("git:%s: %s lies in no git repository", revision, path);
    return ZW_CLI_FAILURE;
  }
  const char *const commit[] = {"-C", git->top, "rev-parse", "--verify", "--quiet", name, NULL};
  int n = snprintf(name, sizeof name, "%s^{commit}", revision);
  bool fits = n < (int)sizeof name && revision[0] && revision[0] != '-';
  if (!fits || ask_git(commit, answer, sizeof answer))
    return failed(revision, "the repository has no such revision");
  return 0;
}

const char *zw_cli_git_below(const zw_cli_git *git, const char *path) {
  size_t len = strlen(git->top);
  return strncmp(path, git->top, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

/* ---- files ---- */

int zw_cli_git_read(void *ctx, const char *path, zw_text *out) {
  const zw_cli_git *git = ctx;
  const char *below = zw_cli_git_below(git, path);
  zw_text object;
  if (!below) return ZW_ENOTFOUND;
  zw_text_init(&object, NULL);
  zw_text_printf(&object, "%s:%s", git->revision, below);
  int error = object.error;
  if (!error) {
    const char *const args[] = {"-C", git->top, "cat-file", "blob", object.ptr, NULL};
    int status = run_git(args, out);
    error = status < 0 ? ZW_EIO : status ? ZW_ENOTFOUND : 0;
  }
  zw_text_deinit(&object);
  return error;
}
