/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages for people, on stderr, in colour on a terminal unless NO_COLOR is set; and values for
 * machines, on stdout.
 *
 * stdout is buffered by stdio; a failed write is said once and ends the command with 3. A reader
 * that went away (EPIPE) ends the process as SIGPIPE would, without a word.
 */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* The exit code of each error that is not "refused". */
static const struct {
  int error, code;
} exits[] = {
    {ZW_OK, ZW_CLI_DONE},          {ZW_EUSAGE, ZW_CLI_USAGE},    {ZW_ENOMEM, ZW_CLI_FAILURE},
    {ZW_ECORRUPT, ZW_CLI_FAILURE}, {ZW_ESTORE, ZW_CLI_FAILURE},  {ZW_EFULL, ZW_CLI_FAILURE},
    {ZW_EBUSY, ZW_CLI_FAILURE},    {ZW_ESTALE, ZW_CLI_FAILURE},  {ZW_EIO, ZW_CLI_FAILURE},
    {ZW_ENET, ZW_CLI_FAILURE},     {ZW_ECLOSED, ZW_CLI_FAILURE}, {ZW_ETIMEOUT, ZW_CLI_FAILURE},
    {ZW_EPROTO, ZW_CLI_FAILURE},
};

int zw_cli_exit_of(int error) {
  for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++)
    if (exits[i].error == error) return exits[i].code;
  return ZW_CLI_REFUSED;
}

static bool coloured(void) {
  const char *term = getenv("TERM"), *none = getenv("NO_COLOR");
  return isatty(STDERR_FILENO) && !(none && none[0]) && term && strcmp(term, "dumb") != 0;
}

/* The text in red on a terminal. */
static void red(const char *text) {
  if (coloured())
    fprintf(stderr, "\033[31m%s\033[0m", text);
  else
    fputs(text, stderr);
}

static void begin_message(void) {
  fflush(stdout);
  red("zerowire:");
  fputc(' ', stderr);
}

/* Text may come from a router or a file: what a terminal would obey is written as \xNN. */
static void write_clean(const char *text) {
  const unsigned char *c = (const unsigned char *)text;
  for (; *c; c++) {
    bool c1 = *c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0;
    if (*c < 0x20 || *c == 0x7F || c1)
      fprintf(stderr, "\\x%02x", (unsigned)(c1 ? *++c : *c));
    else
      fputc(*c, stderr);
  }
}

static void write_formatted(const char *format, va_list list) {
  char text[2048];
  vsnprintf(text, sizeof text, format, list);
  write_clean(text);
}

void zw_cli_say(const char *format, ...) {
  va_list list;
  begin_message();
  va_start(list, format);
  write_formatted(format, list);
  va_end(list);
  fputc('\n', stderr);
}

int zw_cli_usage(const zw_cli_args *args, const char *format, ...) {
  va_list list;
  begin_message();
  if (args->command) fprintf(stderr, "%s: ", args->command->name);
  va_start(list, format);
  write_formatted(format, list);
  va_end(list);
  fprintf(stderr, " See zerowire %s%s--help\n", args->command ? args->command->name : "",
          args->command ? " " : "");
  return ZW_CLI_USAGE;
}

void zw_cli_say_at(const char *where, const char *text) {
  size_t len = where ? strlen(where) : 0;
  bool named = len && strncmp(text, where, len) == 0 && text[len] == ':';
  zw_cli_say("%s%s%s", where && !named ? where : "", where && !named ? ": " : "", text);
}

int zw_cli_failed(const char *where, int error, const zw_diag *diag) {
  char what[ZW_DIAG_MESSAGE_MAX + ZW_DIAG_FILE_MAX + 32];
  if (diag && diag->error)
    zw_diag_format(diag, what, sizeof what);
  else
    snprintf(what, sizeof what, "%s", zw_error_text(error));
  zw_cli_say_at(where, what);
  return zw_cli_exit_of(error);
}

const char *zw_cli_did_you_mean(zw_cli_hint *hint, zw_str word, const zw_str *names, size_t count) {
  int near = zw_did_you_mean(word, names, count);
  hint->text[0] = 0;
  if (near >= 0)
    snprintf(hint->text, sizeof hint->text, " Did you mean %.*s?", ZW_ARG(names[near]));
  return hint->text;
}

static void write_place(const zw_place *place) {
  write_clean(place->file);
  if (place->file[0]) fputc(':', stderr);
  if (place->line) fprintf(stderr, "%u:%u:", (unsigned)place->line, (unsigned)place->column);
  if (place->file[0] || place->line) fputc(' ', stderr);
}

void zw_cli_finding(const zw_diag *diag, bool warning) {
  fflush(stdout);
  write_place(&diag->at);
  red(warning ? "warning" : "error");
  fprintf(stderr, "%s%s ", diag->rule[0] ? " " : "", diag->rule);
  write_clean(diag->message);
  fputc('\n', stderr);
  if (!diag->other.line) return;
  write_place(&diag->other);
  bool brace = strcmp(diag->rule, "BRACE") == 0;
  fprintf(stderr, "note: %s\n", brace ? "it was opened here" : "the other declaration is here");
}

static int output_failed(void) {
  static bool said;
  if (errno == EPIPE) {
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
  }
  if (!said) zw_cli_say("stdout: %s", errno == ENOSPC ? "no space left" : "cannot be written");
  said = true;
  return ZW_CLI_FAILURE;
}

int zw_cli_octets(zw_span octets) {
  if (octets.len && fwrite(octets.ptr, 1, octets.len, stdout) != octets.len) return output_failed();
  return 0;
}

int zw_cli_line(zw_str value) {
  int failed = zw_cli_octets(zw_str_span(value));
  if (!failed && putchar('\n') == EOF) failed = output_failed();
  return failed;
}

int zw_cli_flush(void) { return fflush(stdout) ? output_failed() : 0; }
