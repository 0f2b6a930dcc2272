/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of LMDB and of the system as ours. */
#include <errno.h>

#include "store_state.h"

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

bool zw_store_error_is_full(int code) {
  return code == MDB_MAP_FULL || code == ENOSPC || code == EDQUOT || code == EFBIG;
}
