/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folders of a store: DIR holds nothing but realms, a realm is a folder with data.mdb. A folder
 * with anything else in it is no store and is refused, so that a mistyped path never mixes a
 * database into somebody's files. What is made is synced with its parent.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_state.h"

#define PATH_SIZE 4096

static bool is_ours(const char *name) {
  return !strcmp(name, "writer.lock") || !strcmp(name, "lock.mdb") || !strcmp(name, "data.mdb");
}

/* Whether all that is in the folder is accepted by `accept`. -1: it cannot be read. */
static int all_entries(const char *dir, bool (*accept)(const char *dir, const char *name)) {
  DIR *d = opendir(dir);
  if (!d) return -1;
  int result = 1;
  struct dirent *entry;
  while (result == 1 && (entry = readdir(d)))
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
        !accept(dir, entry->d_name))
      result = 0;
  closedir(d);
  return result;
}

static bool accept_file(const char *dir, const char *name) {
  (void)dir;
  return is_ours(name);
}

static bool accept_realm(const char *dir, const char *name) {
  char path[PATH_SIZE];
  return snprintf(path, sizeof path, "%s/%s", dir, name) < PATH_SIZE &&
         all_entries(path, accept_file) == 1;
}

static int sync_folder(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return errno;
  int code = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  return code;
}

static int make_folder(const char *path, const char *parent, zw_diag *diag) {
  if (mkdir(path, 0777) != 0 && errno != EEXIST)
    return errno == ENOENT ? zw_fail(diag, ZW_EIO, "%s: there is no folder %s", path, parent)
                           : zw_store_error(diag, errno, path);
  int code = sync_folder(parent);
  return code ? zw_store_error(diag, code, parent) : 0;
}

static bool realm_name_valid(const char *realm) {
  size_t len = strlen(realm);
  return len > 0 && len <= 200 && realm[0] != '.' && !strchr(realm, '/');
}

/* The folder above `dir`, for the sync. */
static void parent_of(const char *dir, char *out, size_t size) {
  snprintf(out, size, "%s", dir);
  size_t len = strlen(out);
  while (len > 1 && out[len - 1] == '/') out[--len] = '\0';
  char *slash = strrchr(out, '/');
  if (!slash)
    snprintf(out, size, ".");
  else if (slash == out)
    out[1] = '\0';
  else
    *slash = '\0';
}

int zw_store_folder(const char *dir, const char *realm, bool create, char *path, size_t size,
                    bool *is_new, zw_diag *diag) {
  char data[PATH_SIZE], parent[PATH_SIZE];
  struct stat st;
  if (!realm_name_valid(realm))
    return zw_fail(diag, ZW_EINVAL, "\"%s\" is no name for a realm", realm);
  int len = snprintf(path, size, "%s/%s", dir, realm);
  if (len < 0 || (size_t)len >= size ||
      snprintf(data, sizeof data, "%s/data.mdb", path) >= PATH_SIZE)
    return zw_fail(diag, ZW_EINVAL, "the path is too long");
  *is_new = stat(data, &st) != 0;
  if (!*is_new) return 0;
  if (!create)
    return zw_fail(diag, ZW_ENOTFOUND, "there is no store with realm \"%s\" at %s", realm, dir);
  if (stat(dir, &st) == 0) {
    int ours = S_ISDIR(st.st_mode) ? all_entries(dir, accept_realm) : 0;
    if (ours <= 0)
      return zw_fail(diag, ZW_EINVAL, "%s is not empty and is no store. Name a new folder", dir);
  }
  parent_of(dir, parent, sizeof parent);
  int error = make_folder(dir, parent, diag);
  return error ? error : make_folder(path, dir, diag);
}
