/* SPDX-License-Identifier: Apache-2.0 */
/* What the walk over objects says to a JSON writer besides tokens. */
#ifndef ZEROWIRE_FLATBUF_JSON_WRITER_H
#define ZEROWIRE_FLATBUF_JSON_WRITER_H

#include "zerowire/reflect.h"

/* The next value is on one line, in flatc's form; off after it. Other sinks are left alone. */
void zw_json_writer_line(zw_token_writer *writer, bool on);

#endif
