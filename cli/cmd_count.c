/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire count: how many records a map has. */
#include "cli_commands.h"
#include "cli_records.h"

static int print_count(uint64_t count) {
  char text[32];
  snprintf(text, sizeof text, "%llu", (unsigned long long)count);
  return zw_cli_line(zw_str_of(text));
}

static int count_stored(const zw_cli_records *r) {
  zw_txn *txn;
  uint64_t count = 0;
  int error = zw_txn_begin_read(r->store, &txn);
  if (error) return zw_cli_failed(r->name, error, NULL);
  error = zw_map_count(txn, r->map, &count);
  zw_txn_abort(txn);
  return error ? zw_cli_failed(r->name, error, NULL) : print_count(count);
}

/* The result is a table with one ulong. */
static int count_asked(zw_cli_records *r) {
  zw_payload result = {0};
  const zw_type *type;
  zw_buf *owner, *built = NULL;
  zw_cli_printer printer;
  zw_table table;
  zw_diag diag = {0};
  zw_cli_printer_init(&printer, true);
  int code = zw_cli_records_ask(r, ZW_OP_COUNT, (zw_str){NULL, 0}, &result, &type, &owner);
  if (code == 0) {
    int error = zw_cli_payload_table(&printer, &result, type, &table, &built, &diag);
    code = error ? zw_cli_failed(r->name, error, &diag)
                 : print_count(zw_field_scalar(table, &type->fields[0]).u);
  }
  zw_buf_unref(built);
  zw_buf_unref(owner);
  zw_cli_printer_deinit(&printer);
  return code;
}

int zw_cli_count(zw_cli_args *args) {
  zw_cli_records records;
  int code = zw_cli_records_open(&records, args, true);
  if (code == 0) code = records.store ? count_stored(&records) : count_asked(&records);
  zw_cli_records_close(&records);
  return code;
}
