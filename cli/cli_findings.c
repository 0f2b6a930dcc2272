/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as JSON. */
#include "cli_findings.h"
#include "cli_payload.h"

void zw_cli_json_place(zw_text *out, const zw_place *place) {
  zw_text_printf(out, "\"path\":");
  zw_cli_json_string(out, zw_str_of(place->file));
  if (place->line)
    zw_text_printf(out, ",\"start_line\":%u,\"start_column\":%u", (unsigned)place->line,
                   (unsigned)place->column);
}

void zw_cli_json_pair(zw_text *out, const char *key, zw_str value) {
  zw_text_printf(out, ",\"%s\":", key);
  zw_cli_json_string(out, value);
}
