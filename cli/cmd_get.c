/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire get: one record, as JSON. */
#include "cli_commands.h"
#include "cli_records.h"

static int get_stored(const zw_cli_records *r, zw_cli_printer *printer) {
  zw_key key;
  zw_record record;
  zw_txn *txn;
  int code = zw_cli_records_key(r, &key);
  if (code) return code;
  int error = zw_txn_begin_read(r->store, &txn);
  if (error) return zw_cli_failed(r->name, error, NULL);
  error = zw_map_get(txn, r->map, &key, &record);
  if (error == ZW_ENOTFOUND) {
    code = zw_cli_records_absent(r);
  } else if (error) {
    code = zw_cli_failed(r->name, error, NULL);
  } else {
    zw_payload payload = {.format = ZW_FORMAT_FLATBUFFER, .typed = record.value};
    code = zw_cli_payload_line(printer, &payload, r->def->type, r->name);
  }
  zw_txn_abort(txn);
  return code;
}

static int get_asked(zw_cli_records *r, zw_cli_printer *printer) {
  zw_payload result = {0};
  const zw_type *type;
  zw_buf *owner;
  int code = zw_cli_records_ask(r, ZW_OP_GET, (zw_str){NULL, 0}, &result, &type, &owner);
  if (code == 0) code = zw_cli_payload_line(printer, &result, type, r->name);
  zw_buf_unref(owner);
  return code;
}

int zw_cli_get(zw_cli_args *args) {
  zw_cli_records records;
  zw_cli_printer printer;
  zw_cli_printer_init(&printer, true);
  int code = zw_cli_records_open(&records, args, true);
  if (code == 0)
    code = records.store ? get_stored(&records, &printer) : get_asked(&records, &printer);
  zw_cli_records_close(&records);
  zw_cli_printer_deinit(&printer);
  return code;
}
