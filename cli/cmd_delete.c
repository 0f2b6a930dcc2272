/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire delete: one record by its key. */
#include "cli_commands.h"
#include "cli_records.h"

static int delete_stored(const zw_cli_records *r) {
  zw_key key;
  zw_txn *txn;
  zw_diag diag = {0};
  int code = zw_cli_records_key(r, &key);
  if (code) return code;
  int error = zw_txn_begin_write(r->store, &txn, &diag);
  if (error) return zw_cli_failed(r->name, error, &diag);
  error = zw_map_delete(txn, r->map, &key, &diag);
  if (error)
    zw_txn_abort(txn);
  else
    error = zw_txn_commit(txn, &diag);
  if (error == ZW_ENOTFOUND) return zw_cli_records_absent(r);
  return error ? zw_cli_failed(r->name, error, &diag) : 0;
}

static int delete_asked(zw_cli_records *r) {
  zw_payload result = {0};
  const zw_type *type;
  zw_buf *owner;
  int code = zw_cli_records_ask(r, ZW_OP_DELETE, (zw_str){NULL, 0}, &result, &type, &owner);
  zw_buf_unref(owner);
  return code;
}

int zw_cli_delete(zw_cli_args *args) {
  zw_cli_records records;
  int code = zw_cli_records_open(&records, args, false);
  if (code == 0) code = records.store ? delete_stored(&records) : delete_asked(&records);
  zw_cli_records_close(&records);
  return code;
}
