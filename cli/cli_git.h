/* SPDX-License-Identifier: Apache-2.0 */
/* Files of another revision of a git repository. */
#ifndef ZEROWIRE_CLI_GIT_H
#define ZEROWIRE_CLI_GIT_H

#include "cli.h"

typedef struct zw_cli_git {
  const char *revision;
  char top[4096]; /* folder of the repository, resolved */
} zw_cli_git;

/* The repository that the file at `path` lies in, at a revision. 0, or an exit code after saying
 * what is wrong. */
int zw_cli_git_open(zw_cli_git *git, const char *revision, const char *path);
/* A zw_source_read_fn: the file as it was. ctx: zw_cli_git; the path is absolute. */
int zw_cli_git_read(void *ctx, const char *path, zw_text *out);
/* The part of an absolute path below the repository's folder, or NULL: it lies elsewhere. */
const char *zw_cli_git_below(const zw_cli_git *git, const char *path);

#endif
