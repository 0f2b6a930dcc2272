/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire put: writes a record; the key is made of its fields. */
#include "cli_commands.h"
#include "cli_files.h"
#include "cli_records.h"

static int put_stored(const zw_cli_records *r, zw_str json) {
  zw_cli_body body;
  zw_txn *txn;
  zw_diag diag = {0};
  zw_cli_body_init(&body);
  int error = zw_cli_body_read(&body, r->def->type, json, &diag);
  int code = error ? zw_cli_failed(NULL, error, &diag) : 0;
  if (!error) {
    error = zw_txn_begin_write(r->store, &txn, &diag);
    if (!error) {
      error = zw_map_put(txn, r->map, body.payload.typed, NULL, &diag);
      if (error)
        zw_txn_abort(txn);
      else
        error = zw_txn_commit(txn, &diag);
    }
    if (error) code = zw_cli_failed(r->name, error, &diag);
  }
  zw_cli_body_deinit(&body);
  return code;
}

static int put_asked(zw_cli_records *r, zw_str json) {
  zw_payload result = {0};
  const zw_type *type;
  zw_buf *owner;
  int code = zw_cli_records_ask(r, ZW_OP_PUT, json, &result, &type, &owner);
  zw_buf_unref(owner);
  return code;
}

int zw_cli_put(zw_cli_args *args) {
  zw_cli_records records;
  zw_text input;
  int code = 0;
  zw_str json = zw_str_of(args->words[1]);
  zw_text_init(&input, NULL);
  if (strcmp(args->words[1], "-") == 0) {
    code = zw_cli_read_file("-", &input);
    json = zw_text_str(&input);
  }
  if (code == 0) {
    code = zw_cli_records_open(&records, args, false);
    if (code == 0) code = records.store ? put_stored(&records, json) : put_asked(&records, json);
    zw_cli_records_close(&records);
  }
  zw_text_deinit(&input);
  return code;
}
