/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire lint: the style of schemas, file by file. A file that does not compile has its errors
 * told instead; the others are still judged. Of a compiled schema it is said how much cannot be.
 */
#include "cli_commands.h"
#include "cli_findings.h"
#include "cli_ignores.h"
#include "cli_lint_config.h"
#include "cli_schema.h"

#define NAMES_MAX 200

typedef struct report {
  const zw_cli_lint_config *config;
  const char *path;
  zw_cli_ignores ignores;
  bool json;
  size_t told;
  int code;
} report;

static int list_rules(void) {
  const zw_lint_rule *rule;
  int code = 0;
  for (size_t i = 0; (rule = zw_lint_rule_at(i)) && code == 0; i++) {
    zw_text line;
    zw_text_init(&line, NULL);
    zw_text_printf(&line, "%-24s%-11s%s", rule->name, rule->category, rule->summary);
    code = line.error ? zw_cli_failed(NULL, line.error, NULL) : zw_cli_line(zw_text_str(&line));
    zw_text_deinit(&line);
  }
  return code;
}

static int print_json(const zw_lint_finding *f) {
  zw_text out;
  zw_text_init(&out, NULL);
  zw_text_printf(&out, "{");
  zw_cli_json_place(&out, &f->at);
  zw_cli_json_pair(&out, "type", zw_str_of(f->rule));
  zw_cli_json_pair(&out, "message", zw_str_of(f->message));
  zw_cli_json_pair(&out, "severity", ZW_STR("warning"));
  if (f->element.len) zw_cli_json_pair(&out, "element", f->element);
  if (f->member.len) zw_cli_json_pair(&out, "member", f->member);
  zw_text_printf(&out, "}");
  int code = out.error ? zw_cli_failed(NULL, out.error, NULL) : zw_cli_line(zw_text_str(&out));
  zw_text_deinit(&out);
  return code;
}

static bool is_silenced(report *r, const zw_lint_finding *f) {
  if (zw_cli_lint_config_ignores(r->config, f->rule, r->path)) return true;
  return f->element.len ? zw_cli_ignored_member(&r->ignores, f->rule, f->element, &f->at)
                        : zw_cli_ignored_at(&r->ignores, f->rule, &f->at);
}

static void take(void *ctx, const zw_lint_finding *f) {
  report *r = ctx;
  zw_diag diag = {0};
  if (r->code || is_silenced(r, f)) return;
  r->told++;
  if (r->json) {
    r->code = print_json(f);
    return;
  }
  diag.at = f->at;
  snprintf(diag.rule, sizeof diag.rule, "%s", f->rule);
  snprintf(diag.message, sizeof diag.message, "%s", f->message);
  zw_cli_finding(&diag, true);
}

static int lint_one(const zw_cli_args *args, const zw_lint_options *options, report *r) {
  zw_compiled *compiled;
  zw_diag diag = {0};
  int code = zw_cli_schema_open(args, &r->path, 1, &compiled);
  if (code) return code;
  r->told = 0;
  r->code = 0;
  zw_cli_ignores_init(&r->ignores, compiled);
  zw_cli_ignores_check(&r->ignores);
  int error = zw_lint(compiled, options, take, r, &diag);
  size_t left = error < 0 ? 0 : zw_lint_left_out(compiled, options);
  zw_cli_ignores_deinit(&r->ignores);
  zw_compiled_destroy(compiled);
  if (error < 0) return zw_cli_failed(r->path, error, &diag);
  if (left)
    zw_cli_say("%s: a compiled schema has no text: %zu of the rules were left out", r->path, left);
  return r->code ? r->code : r->told ? ZW_CLI_REFUSED : ZW_CLI_DONE;
}

/* The names of an option, or else those of the configuration. */
static size_t gather(const zw_cli_args *args, enum zw_cli_option option,
                     const zw_cli_lint_config *config, const char *key, const char **names) {
  size_t count = 0;
  for (const char *name; count < NAMES_MAX && (name = zw_cli_value_at(args, option, (int)count));)
    names[count++] = name;
  return count ? count : zw_cli_lint_config_names(config, key, names, NAMES_MAX);
}

static int lint_all(const zw_cli_args *args, const zw_cli_lint_config *config) {
  static const char *const formats[] = {"text", "json"};
  const char *use[NAMES_MAX], *except[NAMES_MAX];
  size_t format = 0;
  int worst = zw_cli_choice(args, ZW_OPT_FORMAT, formats, 2, &format);
  if (worst) return worst;
  zw_lint_options options = {.size = sizeof options, .use = use, .except = except};
  options.use_count = gather(args, ZW_OPT_USE, config, "use", use);
  options.except_count = gather(args, ZW_OPT_EXCEPT, config, "except", except);
  for (int i = 0; i < args->word_count; i++) {
    report r = {.config = config, .path = args->words[i], .json = format == 1};
    if (zw_cli_lint_config_ignores(config, NULL, r.path)) continue;
    int code = lint_one(args, &options, &r);
    if (code > worst) worst = code;
  }
  return worst;
}

int zw_cli_lint(zw_cli_args *args) {
  zw_cli_lint_config config;
  if (zw_cli_has(args, ZW_OPT_RULES)) return list_rules();
  if (!args->word_count) return zw_cli_usage(args, "an operand is missing: FILE….");
  int code = zw_cli_lint_config_init(&config, zw_cli_value(args, ZW_OPT_LINT_CONFIG));
  if (code == 0) code = lint_all(args, &config);
  zw_cli_lint_config_deinit(&config);
  return code;
}
