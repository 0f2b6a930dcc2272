/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads to and from JSON: typed ones by reflection, others as args and kwargs. */
#ifndef ZEROWIRE_CLI_PAYLOAD_H
#define ZEROWIRE_CLI_PAYLOAD_H

#include "cli.h"
#include "zerowire/client.h"

/* A payload and the memory that it lies in. */
typedef struct zw_cli_body {
  zw_builder builder;
  zw_text args, kwargs;
  zw_payload payload;
} zw_cli_body;

void zw_cli_body_init(zw_cli_body *body);
void zw_cli_body_deinit(zw_cli_body *body);

/*
 * Makes the payload of JSON text. With a type: a FlatBuffer of it. Without: an array is args, an
 * object kwargs, any other value one argument; an absent text is no arguments. Errors have line and
 * column.
 */
int zw_cli_body_read(zw_cli_body *body, const zw_type *type, zw_str json, zw_diag *diag);
/* Untyped args and kwargs, each as JSON (absent: none). */
int zw_cli_body_args(zw_cli_body *body, zw_str args, zw_str kwargs, zw_diag *diag);

/* Prints payloads; keeps its memory between them. */
typedef struct zw_cli_printer {
  zw_builder scratch;
  zw_text json, line;
  bool unwrap; /* one argument alone is printed as its value, whatever it is (results) */
} zw_cli_printer;

void zw_cli_printer_init(zw_cli_printer *printer, bool unwrap);
void zw_cli_printer_deinit(zw_cli_printer *printer);
/*
 * The verified table of a typed payload, or the one that the args and kwargs of a typed URI stand
 * for (through other serializers); *built is a reference to its memory, or NULL where it lies in
 * the payload.
 */
int zw_cli_payload_table(zw_cli_printer *printer, const zw_payload *payload, const zw_type *type,
                         zw_table *out, zw_buf **built, zw_diag *diag);
/*
 * JSON text of a payload at the end of *out: of a typed URI its table. Without a type: no arguments
 * are null, one scalar argument is its value, several are an array, kwargs an object, and both
 * {"args":…,"kwargs":…}.
 */
int zw_cli_payload_text(zw_cli_printer *printer, const zw_payload *payload, const zw_type *type,
                        zw_text *out, zw_diag *diag);
/* The same as a line on stdout; an exit code. */
int zw_cli_payload_line(zw_cli_printer *printer, const zw_payload *payload, const zw_type *type,
                        const char *where);

/* A JSON string of the text. */
void zw_cli_json_string(zw_text *out, zw_str text);

#endif
