/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The `zerowire` command: finds the command in the table, parses its arguments by its row, runs it.
 *
 * A command's name is one word, or two where the first is "store".
 */
#include "cli.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

#define COMMANDS_MAX 64

/* Whether the words begin with the command's name; how many of them it is. */
static int name_words(const zw_cli_command *c, int count, char **words) {
  const char *space = strchr(c->name, ' ');
  if (!space) return count > 0 && strcmp(words[0], c->name) == 0 ? 1 : 0;
  size_t first = (size_t)(space - c->name);
  bool same = count > 1 && strlen(words[0]) == first && memcmp(words[0], c->name, first) == 0 &&
              strcmp(words[1], space + 1) == 0;
  return same ? 2 : 0;
}

static const zw_cli_command *find(int count, char **words, int *used) {
  for (const zw_cli_command *c = zw_cli_commands; c->name; c++)
    if ((*used = name_words(c, count, words)) > 0) return c;
  return NULL;
}

static bool is_help(const char *word) {
  return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int no_option(const char *word) {
  const zw_str names[] = {ZW_STR("--help"), ZW_STR("--version")};
  zw_cli_hint hint;
  zw_cli_args none = {NULL, NULL, 0, NULL, 0};
  return zw_cli_usage(&none, "no option %s.%s", word,
                      zw_cli_did_you_mean(&hint, zw_str_of(word), names, 2));
}

static int no_command(int count, char **words) {
  zw_str names[COMMANDS_MAX];
  size_t n = 0;
  char asked[128];
  zw_cli_hint hint;
  zw_cli_args none = {NULL, NULL, 0, NULL, 0};
  bool store = strcmp(words[0], "store") == 0;
  if (words[0][0] == '-') return no_option(words[0]);
  if (store && (count < 2 || words[1][0] == '-'))
    return zw_cli_usage(&none, "store needs a command: store info DIR.");
  for (const zw_cli_command *c = zw_cli_commands; c->name && n < COMMANDS_MAX - 1; c++)
    if (c->run) names[n++] = zw_str_of(c->name);
  names[n++] = ZW_STR("help");
  snprintf(asked, sizeof asked, "%s%s%s", words[0], store ? " " : "", store ? words[1] : "");
  return zw_cli_usage(&none, "no command \"%s\".%s", asked,
                      zw_cli_did_you_mean(&hint, zw_str_of(asked), names, n));
}

static int run(const zw_cli_command *command, int count, char **words) {
  zw_cli_args args = {command, NULL, 0, NULL, 0};
  if (!command->run) {
    zw_cli_say("%s: this command is not supported yet", command->name);
    return ZW_CLI_USAGE;
  }
  int code = zw_cli_parse(&args, command, count, words);
  if (code == 0 && zw_cli_has(&args, ZW_OPT_HELP))
    zw_cli_help_command(command);
  else if (code == 0)
    code = command->run(&args);
  zw_cli_args_deinit(&args);
  return code;
}

static int help(int count, char **words) {
  int used;
  bool whole = count == 0 || is_help(words[0]) || strcmp(words[0], "help") == 0;
  if (whole || (count == 1 && strcmp(words[0], "store") == 0))
    return zw_cli_help_all(whole ? NULL : "store "), ZW_CLI_DONE;
  const zw_cli_command *command = find(count, words, &used);
  if (!command) return no_command(count, words);
  if (command->run) return zw_cli_help_command(command), ZW_CLI_DONE;
  return run(command, 0, NULL);
}

static int dispatch(int count, char **words) {
  int used;
  if (count == 0) {
    zw_cli_args none = {NULL, NULL, 0, NULL, 0};
    return zw_cli_usage(&none, "a command is missing.");
  }
  if (strcmp(words[0], "--version") == 0) {
    printf("zerowire %s\n", zw_version());
    return ZW_CLI_DONE;
  }
  if (is_help(words[0]) || strcmp(words[0], "help") == 0) return help(count - 1, words + 1);
  if (count == 2 && strcmp(words[0], "store") == 0 && is_help(words[1])) return help(1, words);
  const zw_cli_command *command = find(count, words, &used);
  return command ? run(command, count - used, words + used) : no_command(count, words);
}

/* A closed stdin, stdout or stderr would be the next socket. What takes its place fails when used.
 */
static void hold_standard_files(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0) return;
}

int main(int argc, char **argv) {
  hold_standard_files();
  signal(SIGPIPE, SIG_IGN);
  setvbuf(stderr, NULL, _IOLBF, BUFSIZ); /* one write a line, not one a character */
  int code = dispatch(argc - 1, argv + 1);
  int flushed = zw_cli_flush();
  return code ? code : flushed;
}
