/* SPDX-License-Identifier: Apache-2.0 */
/* Help, printed from the tables of commands and options. */
#include "cli.h"
#include "cli_flatc_options.h"

#define WIDTH 96
#define OPTION_COLUMN 27

/* Prints text from column `at` on, words wrapped at WIDTH, later lines indented to `indent`. */
static void wrapped(const char *text, size_t at, size_t indent) {
  while (*text) {
    size_t word = strcspn(text, " ");
    if (at > indent && at + 1 + word > WIDTH) {
      printf("\n%*s", (int)indent, "");
      at = indent;
    } else if (at > indent) {
      putchar(' ');
      at++;
    }
    printf("%.*s", (int)word, text);
    at += word;
    text += word;
    while (*text == ' ') text++;
  }
  putchar('\n');
}

static void option_line(unsigned option) {
  const zw_cli_option_row *row = zw_cli_option_of(option);
  if (!row->help) return;
  char letter[8] = "    ", head[64];
  if (row->letter) snprintf(letter, sizeof letter, "-%c, ", row->letter);
  int n = snprintf(head, sizeof head, "  %s--%s%s%s", letter, row->name, row->argument ? " " : "",
                   row->argument ? row->argument : "");
  printf("%-*s", OPTION_COLUMN - 2, head);
  printf("  ");
  wrapped(row->help, n + 2 > OPTION_COLUMN ? (size_t)n + 2 : OPTION_COLUMN, OPTION_COLUMN);
}

void zw_cli_help_command(const zw_cli_command *c) {
  printf("Usage: zerowire %s%s%s%s\n\n", c->name, !c->options || c->options[0] ? " [OPTION]…" : "",
         c->operands[0] ? " " : "", c->operands);
  wrapped(c->summary, 0, 0);
  if (c->text[0]) printf("\n%s", c->text);
  printf("\nOptions:\n");
  if (!c->options) return zw_flatc_help();
  for (const uint8_t *o = c->options; *o; o++) option_line(*o);
  option_line(ZW_OPT_HELP);
}

void zw_cli_help_all(const char *only) {
  printf("Usage: zerowire %sCOMMAND [OPTION]… [OPERAND]…\n\n", only ? only : "");
  if (!only)
    printf("One FlatBuffers schema from disk to wire: a typed store, a WAMP router and a history."
           "\n\n");
  printf("Commands:\n");
  for (const zw_cli_command *c = zw_cli_commands; c->name; c++)
    if (c->run && (!only || strncmp(c->name, only, strlen(only)) == 0))
      printf("  %-12s  %s\n", c->name, c->summary);
  if (!only) printf("  %-12s  %s\n", "help", "Prints the help of a command.");
  printf("\nOptions:\n");
  option_line(ZW_OPT_HELP);
  option_line(ZW_OPT_VERSION);
  printf("\nValues go to stdout, one a line; everything else to stderr. Exit codes: 0 done, 1 "
         "refused,\n2 usage, 3 failure. More about a command: zerowire COMMAND --help\n");
}
