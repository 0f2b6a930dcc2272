/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names, texts and WAMP URIs of errors, all generated from the one table in base.h.
 */
#include "zerowire/base.h"

const char *zw_version(void) { return ZW_VERSION_STRING; }

struct row {
  int number;
  const char *name, *text, *uri;
};

static const struct row rows[] = {{ZW_OK, "ZW_OK", "success", "wamp.close.normal"},
#define ZW_ERROR_ROW(symbol, number, text, uri) {symbol, #symbol, text, uri},
                                  ZW_ERRORS(ZW_ERROR_ROW)
#undef ZW_ERROR_ROW
};

static const struct row unknown = {1, "ZW_E?", "unknown error", "wamp.error.runtime_error"};

static const struct row *row_of(int error) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].number == error) return &rows[i];
  return &unknown;
}

const char *zw_error_name(int error) { return row_of(error)->name; }
const char *zw_error_text(int error) { return row_of(error)->text; }
const char *zw_error_uri(int error) { return row_of(error)->uri; }
