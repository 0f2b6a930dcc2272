/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arguments, driven by the table of options and the list that each command takes.
 *
 * "--name value", "--name=value", "-I value" and "-Ivalue" are the same; options and operands may
 * be mixed; "--" ends the options. A word that begins with '-' and a digit or a point is an operand
 * (a number in a key), as is "-" alone (stdin).
 */
#include "cli.h"

#include <ctype.h>
#include <stdlib.h>

static const zw_cli_option_row rows[] = {{0, NULL, NULL, NULL},
#define OPTION_ROW(symbol, letter, name, argument, help) {letter, name, argument, help},
                                         ZW_CLI_OPTIONS(OPTION_ROW)
#undef OPTION_ROW
};

#define REPEATABLE(option)                                                              \
  ((option) == ZW_OPT_INCLUDE || (option) == ZW_OPT_LISTEN || (option) == ZW_OPT_USE || \
   (option) == ZW_OPT_EXCEPT)
#define OPTIONS_MAX 32

const zw_cli_option_row *zw_cli_option_of(unsigned option) { return &rows[option]; }

static bool is_operand(const char *word) {
  return word[0] != '-' || word[1] == 0 || isdigit((unsigned char)word[1]) || word[1] == '.';
}

/* The command's option with this name or letter, or NONE. */
static unsigned option_named(const zw_cli_command *command, zw_str name) {
  if (zw_str_eq(name, ZW_STR("help"))) return ZW_OPT_HELP;
  for (const uint8_t *o = command->options; *o; o++)
    if (zw_str_eq(name, zw_str_of(rows[*o].name))) return *o;
  return ZW_OPT_NONE;
}

static unsigned option_lettered(const zw_cli_command *command, char letter) {
  if (letter == 'h') return ZW_OPT_HELP;
  for (const uint8_t *o = command->options; *o; o++)
    if (rows[*o].letter == letter) return *o;
  return ZW_OPT_NONE;
}

static int unknown_letter(const zw_cli_args *args, const char *word) {
  return zw_cli_usage(args, "no option %s.", word);
}

static int unknown_option(const zw_cli_args *args, zw_str name) {
  zw_str names[OPTIONS_MAX];
  size_t count = 0;
  for (const uint8_t *o = args->command->options; *o && count < OPTIONS_MAX - 1; o++)
    if (rows[*o].help) names[count++] = zw_str_of(rows[*o].name);
  names[count++] = ZW_STR("help");
  int near = zw_did_you_mean(name, names, count);
  if (near < 0) return zw_cli_usage(args, "no option --%.*s.", ZW_ARG(name));
  return zw_cli_usage(args, "no option --%.*s. Did you mean --%.*s?", ZW_ARG(name),
                      ZW_ARG(names[near]));
}

static int take(zw_cli_args *args, unsigned option, const char *value) {
  if (!rows[option].help) {
    zw_cli_say("%s: --%s is not supported yet", args->command->name, rows[option].name);
    return ZW_CLI_USAGE;
  }
  if (!REPEATABLE(option) && zw_cli_has(args, (enum zw_cli_option)option))
    return zw_cli_usage(args, "--%s is given twice.", rows[option].name);
  args->given[args->given_count++] = (zw_cli_given){(uint8_t)option, value};
  return 0;
}

/* One option; *i moves on over its value. */
static int parse_option(zw_cli_args *args, int argc, char **argv, int *i) {
  const char *word = argv[*i], *value = NULL;
  unsigned option;
  if (word[1] == '-') {
    const char *equals = strchr(word, '=');
    zw_str name = {word + 2, equals ? (size_t)(equals - word) - 2 : strlen(word + 2)};
    option = option_named(args->command, name);
    if (!option) return unknown_option(args, name);
    value = equals ? equals + 1 : NULL;
  } else {
    option = option_lettered(args->command, word[1]);
    if (!option) return unknown_letter(args, word);
    value = word[2] ? word + 2 : NULL;
  }
  const zw_cli_option_row *row = &rows[option];
  if (!row->argument && value) return zw_cli_usage(args, "--%s takes no value.", row->name);
  if (row->argument && !value && *i + 1 < argc) value = argv[++*i];
  if (row->argument && (!value || !value[0]))
    return zw_cli_usage(args, "--%s needs %s.", row->name, row->argument);
  return take(args, option, value ? value : "");
}

static int check_operands(const zw_cli_args *args) {
  const zw_cli_command *c = args->command;
  if (args->word_count < c->least)
    return zw_cli_usage(args, "an operand is missing: %s.", c->operands);
  if (args->word_count && !args->words[0][0]) /* a name; the words of a key may be empty */
    return zw_cli_usage(args, "the first operand is empty: %s.", c->operands);
  if (c->most < 0 || args->word_count <= c->most) return 0;
  return zw_cli_usage(args, "\"%s\" is one operand too many%s%s.", args->words[c->most],
                      c->operands[0] ? ": " : "", c->operands);
}

int zw_cli_parse(zw_cli_args *args, const zw_cli_command *command, int argc, char **argv) {
  *args = (zw_cli_args){command, NULL, 0, NULL, 0};
  args->words = calloc((size_t)argc + 1, sizeof *args->words);
  args->given = calloc((size_t)argc + 1, sizeof *args->given);
  if (!args->words || !args->given) return zw_cli_failed(NULL, ZW_ENOMEM, NULL);
  bool options = true;
  if (!command->options) { /* even "--" */
    for (int i = 0; i < argc; i++) args->words[args->word_count++] = argv[i];
    return 0;
  }
  for (int i = 0; i < argc; i++) {
    if (options && strcmp(argv[i], "--") == 0) {
      options = false;
    } else if (!options || is_operand(argv[i])) {
      args->words[args->word_count++] = argv[i];
    } else {
      int wrong = parse_option(args, argc, argv, &i);
      if (wrong) return wrong;
    }
  }
  return zw_cli_has(args, ZW_OPT_HELP) ? 0 : check_operands(args);
}

void zw_cli_args_deinit(zw_cli_args *args) {
  free(args->words);
  free(args->given);
}

bool zw_cli_has(const zw_cli_args *args, enum zw_cli_option option) {
  return zw_cli_value(args, option) != NULL;
}

const char *zw_cli_value(const zw_cli_args *args, enum zw_cli_option option) {
  return zw_cli_value_at(args, option, 0);
}

const char *zw_cli_value_at(const zw_cli_args *args, enum zw_cli_option option, int i) {
  for (int g = 0; g < args->given_count; g++)
    if (args->given[g].option == option && i-- == 0) return args->given[g].value;
  return NULL;
}

int zw_cli_number(const zw_cli_args *args, enum zw_cli_option option, uint64_t *out) {
  const char *value = zw_cli_value(args, option);
  if (!value) return 0;
  char *end;
  unsigned long long number = strtoull(value, &end, 10);
  if (!isdigit((unsigned char)value[0]) || *end || number == 0 || number > UINT64_C(1) << 53)
    return zw_cli_usage(args, "--%s takes a whole number above 0, not \"%s\".", rows[option].name,
                        value);
  *out = number;
  return 0;
}

int zw_cli_choice(const zw_cli_args *args, enum zw_cli_option option, const char *const *names,
                  size_t count, size_t *out) {
  const char *value = zw_cli_value(args, option);
  if (!value) return 0;
  zw_str list[OPTIONS_MAX];
  char all[160] = "";
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(value, names[i]) == 0) {
      *out = i;
      return 0;
    }
    list[i] = zw_str_of(names[i]);
    used += (size_t)snprintf(all + used, sizeof all - used, "%s%s",
                             i == 0           ? ""
                             : i + 1 == count ? " or "
                                              : ", ",
                             names[i]);
  }
  zw_cli_hint hint;
  return zw_cli_usage(args, "--%s takes %s, not \"%s\".%s", rows[option].name, all, value,
                      zw_cli_did_you_mean(&hint, zw_str_of(value), list, count));
}
