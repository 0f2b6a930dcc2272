/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of LMDB and of the system as ours. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "store_state.h"

#define SHORT_OF_ROOM 65536u

static const struct {
  int code, error;
} errors[] = {
    {MDB_NOTFOUND, ZW_ENOTFOUND},
    {MDB_KEYEXIST, ZW_EEXISTS},
    {MDB_MAP_FULL, ZW_EFULL},
    {ENOSPC, ZW_EFULL},
    {EDQUOT, ZW_EFULL},
    {EFBIG, ZW_EFULL},
    {MDB_CORRUPTED, ZW_ECORRUPT},
    {MDB_PAGE_NOTFOUND, ZW_ECORRUPT},
    {MDB_INVALID, ZW_ECORRUPT},
    {MDB_PANIC, ZW_ESTORE},
    {MDB_BAD_TXN, ZW_ESTORE}, /* after LMDB found a page that is none */
    {MDB_VERSION_MISMATCH, ZW_EVERSION},
    {MDB_READERS_FULL, ZW_ELIMIT},
    {MDB_DBS_FULL, ZW_ELIMIT},
    {MDB_TXN_FULL, ZW_ELIMIT},
    {MDB_BAD_VALSIZE, ZW_ELIMIT},
    {ENOMEM, ZW_ENOMEM},
    {ENOENT, ZW_ENOTFOUND},
    {EINVAL, ZW_EINVAL},
};

int zw_store_error(zw_diag *diag, int code, const char *what) {
  int error = ZW_EIO;
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    if (errors[i].code == code) error = errors[i].error;
  return zw_fail(diag, error, "%s: %s", what, mdb_strerror(code));
}

/* A write that stops in the middle for want of room is EIO to LMDB: then nothing is left. */
static bool room_is_short(const zw_store *store) {
  struct statvfs disk;
  struct rlimit limit;
  if (statvfs(store->path, &disk) == 0 && (uint64_t)disk.f_bavail * disk.f_frsize < SHORT_OF_ROOM)
    return true;
  if (getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur == RLIM_INFINITY) return false;
  struct stat file;
  int fd;
  return store->env && mdb_env_get_fd(store->env, &fd) == 0 && fstat(fd, &file) == 0 &&
         (uint64_t)file.st_size + SHORT_OF_ROOM > limit.rlim_cur;
}

int zw_store_commit_error(zw_store *store, int code, zw_diag *diag) {
  if (code == EIO && room_is_short(store)) code = ENOSPC;
  bool full = code == MDB_MAP_FULL || code == ENOSPC || code == EDQUOT || code == EFBIG;
  if (!full && code != ENOMEM) zw_env_distrust(store);
  return zw_store_error(diag, code, store->path);
}
