/* SPDX-License-Identifier: Apache-2.0 */
/* flatc's command line: its options as a table, and what one run asks for. */
#ifndef ZEROWIRE_CLI_FLATC_OPTIONS_H
#define ZEROWIRE_CLI_FLATC_OPTIONS_H

#include "cli.h"

/* What is done about an option. */
enum zw_flatc_action {
  ZW_FLATC_REFUSED, /* not supported; its row says what to do instead */
  ZW_FLATC_ALWAYS,  /* what it asks for is always so */
  ZW_FLATC_BINARY,
  ZW_FLATC_JSON,
  ZW_FLATC_SCHEMA,
  ZW_FLATC_C,
  ZW_FLATC_CPP,
  ZW_FLATC_PYTHON,
  ZW_FLATC_TS,
  ZW_FLATC_OUT,
  ZW_FLATC_INCLUDE,
  ZW_FLATC_CONFORM,
  ZW_FLATC_CONFORM_INCLUDE,
  ZW_FLATC_ROOT_TYPE,
  ZW_FLATC_BFBS_FILENAMES,
  ZW_FLATC_BFBS_COMMENTS,
  ZW_FLATC_BFBS_BUILTINS,
  ZW_FLATC_STRICT,
  ZW_FLATC_DEFAULTS,
  ZW_FLATC_NATURAL,
  ZW_FLATC_ANY_OCTETS,
  ZW_FLATC_UNKNOWN,
  ZW_FLATC_FORCE_DEFAULTS,
  ZW_FLATC_RAW_BINARY,
  ZW_FLATC_SIZED,
  ZW_FLATC_MAKE_RULES,
  ZW_FLATC_NAMES_ONLY,
  ZW_FLATC_NO_WARNINGS,
  ZW_FLATC_WARNINGS_ARE_ERRORS,
  ZW_FLATC_HELP,
  ZW_FLATC_VERSION,
  ZW_FLATC_ACTIONS
};

typedef struct zw_flatc_option {
  const char *letter;   /* "-b", or NULL */
  const char *name;     /* "--binary"; NULL: there is only the letter */
  const char *argument; /* its name in help, or NULL */
  uint8_t action;       /* enum zw_flatc_action */
  const char *text;     /* for help; REFUSED: what to do instead */
} zw_flatc_option;

/* Ends in a row without letter and name. */
extern const zw_flatc_option zw_flatc_options[];

/* Folders and files are views of the command line. */
typedef struct zw_flatc_request {
  bool has[ZW_FLATC_ACTIONS];
  const char *value[ZW_FLATC_ACTIONS]; /* the last one given */
  const char **includes, **conform_includes, **files;
  size_t include_count, conform_include_count, file_count;
  size_t binary_from; /* the first file behind "--" */
} zw_flatc_request;

/* Reads the words; says what is wrong. 0 or an exit code. Free with zw_flatc_request_deinit in any
 * case. */
int zw_flatc_request_read(zw_flatc_request *request, const zw_cli_args *args);
void zw_flatc_request_deinit(zw_flatc_request *request);
/* The table, for help. */
void zw_flatc_help(void);

#endif
