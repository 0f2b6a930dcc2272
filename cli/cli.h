/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the commands share: the tables of commands and options, parsed arguments, messages for
 * people, lines for machines.
 *
 * Values go to stdout, one a line; everything else to stderr as "zerowire: WHERE: WHAT. FIX". Exit
 * codes: 0 done, 1 refused, 2 usage, 3 failure.
 */
#ifndef ZEROWIRE_CLI_H
#define ZEROWIRE_CLI_H

#include <stdio.h>

#include "zerowire/base.h"

enum zw_cli_exit { ZW_CLI_DONE = 0, ZW_CLI_REFUSED = 1, ZW_CLI_USAGE = 2, ZW_CLI_FAILURE = 3 };

/*
 * The one table of options: X(symbol, letter, name, argument, help). A name stands for the same
 * option in every command that takes it. Letter 0: none; argument NULL: a flag.
 */
#define ZW_CLI_OPTIONS(X)                                                                          \
  X(HELP, 'h', "help", NULL, "print this and exit")                                                \
  X(VERSION, 0, "version", NULL, "print the version and exit")                                     \
  X(URL, 0, "url", "URL",                                                                          \
    "router: rs://HOST:PORT, ws://HOST:PORT/PATH, unix:PATH; default: $ZEROWIRE_URL, else "        \
    "rs://127.0.0.1:9267")                                                                         \
  X(REALM, 0, "realm", "NAME", "realm; default: realm1")                                           \
  X(AUTHID, 0, "authid", "NAME", "log in as NAME, by ticket; default: anonymous")                  \
  X(TICKET, 0, "ticket", "TICKET",                                                                 \
    "the ticket, or @FILE to read it from a file; default: $ZEROWIRE_TICKET")                      \
  X(SERIALIZER, 0, "serializer", "NAME", "flatbuffers (default), cbor or json")                    \
  X(TIMEOUT, 0, "timeout", "TIME", "longest wait for an answer; default: 10s")                     \
  X(DATA, 0, "data", "DIR", "work on the files of a store instead of asking a router")             \
  X(STORE_DATA, 0, "data", "DIR", "folder of the store; default: ./NAME.store after the schema")   \
  X(LISTEN, 0, "listen", "ADDRESS",                                                                \
    "HOST:PORT or unix:PATH, may be repeated; default: 127.0.0.1:9267")                            \
  X(SYNC, 0, "sync", "MODE",                                                                       \
    "group (default): acknowledge after the commit; everysec: commit every second; off: keep "     \
    "history in memory")                                                                           \
  X(STRICT, 0, "strict", NULL, "refuse URIs that the schema does not declare")                     \
  X(MAX_SIZE, 0, "max-size", "SIZE", "largest size of the store, such as 10GB; default: no limit") \
  X(CONFIG, 0, "config", "FILE",                                                                   \
    "settings and logins in JSON; options on the command line win over it")                        \
  X(MATCH, 0, "match", "HOW", "exact (default), prefix or wildcard")                               \
  X(HISTORY_MATCH, 0, "match", "HOW",                                                              \
    "exact, prefix or wildcard; default: as the topic is declared")                                \
  X(LAST, 0, "last", "N", "begin with the last N stored events")                                   \
  X(SINCE, 0, "since", "T",                                                                        \
    "begin at T: an age such as 1h, an RFC 3339 time, or #SEQ, a sequence number")                 \
  X(ENVELOPE, 0, "envelope", NULL,                                                                 \
    "print topic, publication, sequence number and time around each payload")                      \
  X(COUNT, 0, "count", "N", "end after N events")                                                  \
  X(LIMIT, 0, "limit", "N", "print at most N")                                                     \
  X(FROM, 0, "from", "KEY", "first key, or its first fields, parted by commas")                    \
  X(TO, 0, "to", "KEY", "last key, or its first fields, parted by commas; inclusive")              \
  X(INDEX, 0, "index", "NAME", "walk in the order of this index; its fields are what KEY gives")   \
  X(TYPE, 0, "type", "TYPE", "the root table; default: the schema's root_type")                    \
  X(INDENT, 0, "indent", "N", "spaces a level; default: one line")                                 \
  X(FLATC, 0, "flatc", NULL, "as flatc --json prints it, or flatc --binary reads it")              \
  X(STRICT_JSON, 0, "strict-json", NULL, "JSON by RFC 8259; with --flatc: names are in quotes")    \
  X(DEFAULTS_JSON, 0, "defaults-json", NULL, "print scalars that are absent as their defaults")    \
  X(NATURAL_UTF8, 0, "natural-utf8", NULL, "with --flatc: characters beyond ASCII as they are")    \
  X(ALLOW_NON_UTF8, 0, "allow-non-utf8", NULL, "with --flatc: strings may be any octets")          \
  X(UNKNOWN_JSON, 0, "unknown-json", NULL, "pass over fields that the schema does not know")       \
  X(USE, 0, "use", "NAME", "a rule or category that is asked; may be repeated; default: STANDARD") \
  X(EXCEPT, 0, "except", "NAME", "a rule or category that is left out; may be repeated")           \
  X(RULES, 0, "rules", NULL, "list the rules and exit")                                            \
  X(LINT_CONFIG, 0, "config", "FILE",                                                              \
    "which rules, in JSON; default: zerowire-lint.json where there is one")                        \
  X(FORMAT, 0, "format", "FORMAT", "text (default) or json")                                       \
  X(JSON, 0, "json", NULL, "print JSON, one object a line")                                        \
  X(SIZE_PREFIXED, 0, "size-prefixed", NULL, "the buffer comes behind its size, in 4 octets")      \
  X(COMPAT, 0, "compat", "HOW",                                                                    \
    "backward_transitive (default), backward, forward, full, the last two also _transitive, or "   \
    "none")                                                                                        \
  X(CATEGORY, 0, "category", "WHAT", "data (default): octets; json: names too; source: code too")  \
  X(INCLUDE, 'I', "include", "DIR", "where included schemas are looked for; may be repeated")      \
  X(OUT, 'o', "out", "PATH", "where to write; default: the working directory")                     \
  X(OUT_FILE, 'o', "out", "FILE", "write to FILE instead of stdout")                               \
  X(C, 0, "c", NULL, "write NAME_generated.h and NAME_generated.c, and NAME_store.h, NAME_wamp.h") \
  X(BFBS, 0, "bfbs", NULL, "write the compiled schema, NAME.bfbs")                                 \
  X(FLATC_EXACT, 0, "flatc-exact", NULL,                                                           \
    "the compiled schema has the octets of flatc's: defaults of strings and vectors are lost")     \
  X(BFBS_NO_COMMENTS, 0, "bfbs-no-comments", NULL, "the compiled schema has no documentation")     \
  X(BFBS_NO_BUILTINS, 0, "bfbs-no-builtins", NULL,                                                 \
    "the compiled schema has none of FlatBuffers' own attributes")                                 \
  X(BFBS_FILENAMES, 0, "bfbs-filenames", "DIR",                                                    \
    "the compiled schema names its files, by their paths from DIR")                                \
  X(C_PREFIX, 0, "c-prefix", "P", "prefix of C names instead of the namespace")                    \
  X(WRITE, 'w', "write", NULL, "write into the files instead of to stdout")                        \
  X(CHECK, 0, "check", NULL, "print what would change as a diff; exit code 1 if anything would")   \
  X(DEPFILE, 0, "depfile", "FILE", "write what the outputs depend on, for make and ninja")         \
  X(CPP, 0, "cpp", NULL, "write NAME_generated.hpp, C++17")                                        \
  X(PYTHON, 0, "python", NULL, "write NAME_generated.py and its types, NAME_generated.pyi")        \
  X(TS, 0, "ts", NULL, "write NAME_generated.ts, TypeScript")

enum zw_cli_option {
  ZW_OPT_NONE,
#define ZW_CLI_OPTION_ENUM(symbol, letter, name, argument, help) ZW_OPT_##symbol,
  ZW_CLI_OPTIONS(ZW_CLI_OPTION_ENUM)
#undef ZW_CLI_OPTION_ENUM
};

typedef struct zw_cli_option_row {
  char letter;
  const char *name;
  const char *argument; /* NULL: a flag */
  const char *help;     /* NULL: in the design, and not supported yet */
} zw_cli_option_row;

/* Row of an option, by its number. */
const zw_cli_option_row *zw_cli_option_of(unsigned option);

typedef struct zw_cli_args zw_cli_args;

typedef struct zw_cli_command {
  const char *name;     /* one word, or two ("store info") */
  const char *operands; /* as the help shows them */
  int least, most;      /* number of operands; most -1: any */
  const char *summary;
  const char *text;          /* the rest of its help: what it does, and examples */
  const uint8_t *options;    /* enum zw_cli_option, ends in ZW_OPT_NONE; without HELP; NULL: all
                                words are operands, the command reads its options itself */
  int (*run)(zw_cli_args *); /* NULL: in the design, and not supported yet */
} zw_cli_command;

/* The table of commands; ends in a row without a name. */
extern const zw_cli_command zw_cli_commands[];

typedef struct zw_cli_given {
  uint8_t option;
  const char *value;
} zw_cli_given;

struct zw_cli_args {
  const zw_cli_command *command;
  const char **words; /* operands */
  int word_count;
  zw_cli_given *given; /* options, as they came */
  int given_count;
};

/* ---- arguments --------------------------------------------------------------------------------- */

/* Sorts the words after the command's name into options and operands; says what is wrong. 0 or an
 * exit code. Free with zw_cli_args_deinit in any case. */
int zw_cli_parse(zw_cli_args *args, const zw_cli_command *command, int argc, char **argv);
void zw_cli_args_deinit(zw_cli_args *args);
bool zw_cli_has(const zw_cli_args *args, enum zw_cli_option option);
/* The option's value, or NULL; the i-th of one that may be repeated. */
const char *zw_cli_value(const zw_cli_args *args, enum zw_cli_option option);
const char *zw_cli_value_at(const zw_cli_args *args, enum zw_cli_option option, int i);
/* An option that is a whole number above 0; *out is kept if it is not given. 0 or an exit code. */
int zw_cli_number(const zw_cli_args *args, enum zw_cli_option option, uint64_t *out);
/* An option that is one of `count` names: *out is its index, kept if it is not given. */
int zw_cli_choice(const zw_cli_args *args, enum zw_cli_option option, const char *const *names,
                  size_t count, size_t *out);

/* The commands; `only`: those whose names begin so ("store "), or NULL. */
void zw_cli_help_all(const char *only);
void zw_cli_help_command(const zw_cli_command *command);

/* ---- messages ------------------------------------------------------------------------------------ */

/* "zerowire: " and the message to stderr; control characters in it are shown as \xNN. */
void zw_cli_say(const char *format, ...) ZW_PRINTF(1, 2);
/* The same, and a hint at the command's help; returns ZW_CLI_USAGE. */
int zw_cli_usage(const zw_cli_args *args, const char *format, ...) ZW_PRINTF(2, 3);
/* "zerowire: WHERE: WHAT"; WHERE is left out if it is NULL or the text begins with it. */
void zw_cli_say_at(const char *where, const char *text);
/* The same of a failure; returns its exit code. */
int zw_cli_failed(const char *where, int error, const zw_diag *diag);
int zw_cli_exit_of(int error);

/* ` Did you mean NAME?` for the nearest of the names, or "". */
typedef struct zw_cli_hint {
  char text[160];
} zw_cli_hint;
const char *zw_cli_did_you_mean(zw_cli_hint *hint, zw_str word, const zw_str *names, size_t count);

/* A finding in a schema: "FILE:LINE:COL: error RULE what. fix", and the other place. */
void zw_cli_finding(const zw_diag *diag, bool warning);

/* ---- values --------------------------------------------------------------------------------------- */

/* Writes a value and the end of its line to stdout. 0, or ZW_CLI_FAILURE after saying so. */
int zw_cli_line(zw_str value);
int zw_cli_octets(zw_span octets);
/* Hands what is waiting to the system; called at the end of every command. */
int zw_cli_flush(void);

#endif
