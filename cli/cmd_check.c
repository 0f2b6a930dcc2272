/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire check: whether a schema fits an older one.
 *
 * Findings of all old versions are kept first, each once, then given places, sorted by them and
 * printed. What is nowhere in the new schema also has the place in the old one.
 */
#include "cli_commands.h"
#include "cli_findings.h"
#include "cli_git.h"
#include "cli_ignores.h"
#include "cli_misfits.h"
#include "cli_payload.h"
#include "cli_records.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

/* What is asked for. */
typedef struct question {
  uint32_t directions, categories;
  bool transitive, json;
} question;

/* What NEW is judged by: a compiled schema or a store. */
typedef struct old_side {
  zw_compiled *compiled;
  zw_store *store;
  bool from_git;
  zw_cli_git git;
} old_side;

static int ask(const zw_cli_args *args, question *q) {
  static const char *const compats[] = {
      "backward", "backward_transitive", "forward", "forward_transitive",
      "full",     "full_transitive",     "none"};
  static const uint8_t directions[] = {ZW_COMPAT_BACKWARD, ZW_COMPAT_BACKWARD, ZW_COMPAT_FORWARD,
                                       ZW_COMPAT_FORWARD,  ZW_COMPAT_FULL,     ZW_COMPAT_FULL,
                                       ZW_COMPAT_NONE};
  static const char *const categories[] = {"data", "json", "source"};
  static const char *const formats[] = {"text", "json"};
  size_t compat = 1, category = 0, format = 0;
  int code = zw_cli_choice(args, ZW_OPT_COMPAT, compats, 7, &compat);
  if (code == 0) code = zw_cli_choice(args, ZW_OPT_CATEGORY, categories, 3, &category);
  if (code == 0) code = zw_cli_choice(args, ZW_OPT_FORMAT, formats, 2, &format);
  q->directions = directions[compat];
  q->transitive = compat % 2 == 1;
  q->categories = (2u << category) - 1; /* each holds those before it */
  q->json = format == 1;
  return code;
}

/* ---- the old schema ---- */

/* Places of an old revision are told as git:REV:PATH. */
static void name_revision(const old_side *old, zw_place *place) {
  char file[ZW_DIAG_FILE_MAX];
  const char *below = old->from_git ? zw_cli_git_below(&old->git, place->file) : NULL;
  if (!below) return;
  int n = snprintf(file, sizeof file, "git:%s:%s", old->git.revision, below);
  if (n > 0) memcpy(place->file, file, sizeof file);
}

static int say_findings(const old_side *old, int error, const zw_diag *diag) {
  const zw_diag *finding;
  bool said = false;
  for (size_t i = 0; error && (finding = zw_compiled_finding(old->compiled, i)); i++) {
    zw_diag named = *finding;
    if (!named.at.line) continue;
    name_revision(old, &named.at);
    name_revision(old, &named.other);
    zw_cli_finding(&named, named.error == 0);
    said = true;
  }
  if (said) return zw_cli_exit_of(error);
  if (error != ZW_EIO) return zw_cli_failed(old->git.revision, error, diag);
  zw_cli_say("git:%s: the file is not there at that revision", old->git.revision);
  return ZW_CLI_FAILURE;
}

/* The path with its folder resolved, so that it is below the repository's; NULL: no memory, or the
 * folder is gone. */
static char *absolute(const char *path) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  zw_text folder, all;
  zw_text_init(&folder, NULL);
  zw_text_init(&all, NULL);
  zw_text_printf(&folder, "%.*s", slash ? (int)(slash - path + 1) : 1, slash ? path : ".");
  char *resolved = folder.error ? NULL : realpath(folder.ptr, NULL), *out = NULL;
  if (resolved) zw_text_printf(&all, "%s/%s", resolved, name);
  if (resolved && !all.error) out = strdup(all.ptr);
  free(resolved);
  zw_text_deinit(&folder);
  zw_text_deinit(&all);
  return out;
}

/* Include folders, resolved; those that are gone are left out. */
static size_t resolve_includes(const zw_cli_args *args, char **out, size_t max) {
  const char *dir;
  size_t count = 0;
  for (int i = 0; count < max && (dir = zw_cli_value_at(args, ZW_OPT_INCLUDE, i)); i++)
    if ((out[count] = realpath(dir, NULL))) count++;
  return count;
}

static int open_revision(const zw_cli_args *args, const char *revision, old_side *old) {
  char *dirs[64];
  zw_diag diag = {0};
  int code = zw_cli_git_open(&old->git, revision, args->words[1]);
  if (code) return code;
  old->from_git = true;
  char *path = absolute(args->words[1]);
  if (!path) return zw_cli_failed(args->words[1], ZW_EIO, NULL);
  size_t count = resolve_includes(args, dirs, sizeof dirs / sizeof dirs[0]);
  zw_compile_options options = {.size = sizeof options,
                                .include_dirs = (const char *const *)dirs,
                                .include_count = count,
                                .read = zw_cli_git_read,
                                .read_ctx = &old->git};
  int error = zw_compile_file(&old->compiled, path, &options, &diag);
  if (error && !old->compiled)
    code = zw_cli_failed(path, error, &diag);
  else if (error)
    code = say_findings(old, error, &diag);
  for (size_t i = 0; i < count; i++) free(dirs[i]);
  free(path);
  return code;
}

static int open_old(const zw_cli_args *args, old_side *old) {
  const char *name = args->words[0];
  struct stat st;
  if (strncmp(name, "git:", 4) == 0) return open_revision(args, name + 4, old);
  if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
    return zw_cli_store_open(args, name, true, &old->store);
  return zw_cli_schema_open(args, &args->words[0], 1, &old->compiled);
}

/* ---- judging ---- */

static int judge_one(const question *q, const zw_schema *old, zw_cli_misfits *misfits) {
  int found = zw_evolution_check(old, zw_compiled_schema(misfits->compiled), NULL, NULL,
                                 q->directions, q->categories, zw_cli_misfits_add, misfits);
  return found < 0 ? zw_cli_failed(NULL, found, NULL) : 0;
}

static int judge(const question *q, const old_side *old, zw_cli_misfits *misfits) {
  if (old->compiled) return judge_one(q, zw_compiled_schema(old->compiled), misfits);
  uint16_t newest = zw_store_schema_count(old->store), last = q->transitive ? 1 : newest;
  int code = 0;
  for (uint16_t i = newest; i >= last && i > 0 && code == 0; i--)
    code = judge_one(q, zw_store_schema(old->store, i), misfits);
  return code;
}

/* ---- the report ---- */

typedef struct report_row {
  const zw_cli_misfit *misfit;
  zw_diag diag;
  size_t order;
} report_row;

static int by_place(const void *a, const void *b) {
  const report_row *x = a, *y = b;
  int order = strcmp(x->diag.at.file, y->diag.at.file);
  if (order) return order;
  if (x->diag.at.line != y->diag.at.line) return x->diag.at.line < y->diag.at.line ? -1 : 1;
  if (x->diag.at.column != y->diag.at.column) return x->diag.at.column < y->diag.at.column ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

/* The names of the bits that are set, as an array. */
static void add_bits(zw_text *out, const char *key, uint32_t bits, const char *const *names) {
  bool first = true;
  zw_text_printf(out, ",\"%s\":[", key);
  for (unsigned i = 0; bits >> i; i++) {
    if (!(bits >> i & 1)) continue;
    zw_text_printf(out, "%s\"%s\"", first ? "" : ",", names[i]);
    first = false;
  }
  zw_text_printf(out, "]");
}

/* buf's keys, and ours behind them. */
static int print_json(const report_row *row) {
  static const char *const directions[] = {"backward", "forward"};
  static const char *const categories[] = {"data", "json", "source"};
  const zw_cli_misfit *m = row->misfit;
  zw_text out;
  zw_text_init(&out, NULL);
  zw_text_printf(&out, "{");
  zw_cli_json_place(&out, &row->diag.at);
  zw_cli_json_pair(&out, "type", zw_str_of(m->rule));
  zw_cli_json_pair(&out, "message", zw_str_of(row->diag.message));
  zw_cli_json_pair(&out, "severity", zw_str_of(m->warning ? "warning" : "error"));
  zw_cli_json_pair(&out, "element", zw_str_of(m->type));
  if (m->member[0]) zw_cli_json_pair(&out, "member", zw_str_of(m->member));
  add_bits(&out, "directions", m->directions, directions);
  add_bits(&out, "categories", m->categories, categories);
  if (row->diag.other.line) {
    zw_text_printf(&out, ",\"old\":{");
    zw_cli_json_place(&out, &row->diag.other);
    zw_text_printf(&out, "}");
  }
  zw_text_printf(&out, "}");
  int code = out.error ? zw_cli_failed(NULL, out.error, NULL) : zw_cli_line(zw_text_str(&out));
  zw_text_deinit(&out);
  return code;
}

static void fill_row(report_row *row, const zw_cli_misfits *misfits, const old_side *old) {
  const zw_cli_misfit *m = row->misfit;
  zw_place place;
  zw_str type = zw_str_of(m->type), member = zw_cli_misfit_member(m);
  zw_cli_misfit_diag(misfits->compiled, m, &row->diag);
  if (!old->compiled || zw_compiled_place(misfits->compiled, type, member, &place)) return;
  if (zw_compiled_place(old->compiled, type, zw_str_of(m->member), &row->diag.other))
    name_revision(old, &row->diag.other);
}

/* What no comment silences, in order of place. */
static size_t collect(const zw_cli_misfits *misfits, const old_side *old, report_row *rows) {
  zw_cli_ignores ignores;
  size_t count = 0;
  zw_cli_ignores_init(&ignores, misfits->compiled);
  zw_cli_ignores_check(&ignores);
  for (const zw_cli_misfit *m = misfits->first; m; m = m->next) {
    if (zw_cli_ignored(&ignores, m->rule, zw_str_of(m->type), zw_cli_misfit_member(m))) continue;
    rows[count] = (report_row){.misfit = m, .order = count};
    fill_row(&rows[count++], misfits, old);
  }
  zw_cli_ignores_deinit(&ignores);
  qsort(rows, count, sizeof *rows, by_place);
  return count;
}

static int report(const question *q, const zw_cli_misfits *misfits, const old_side *old) {
  size_t all = 0;
  int code = 0, errors = 0;
  for (const zw_cli_misfit *m = misfits->first; m; m = m->next) all++;
  report_row *rows = calloc(all + 1, sizeof *rows);
  if (!rows || misfits->no_memory) {
    free(rows);
    return zw_cli_failed(NULL, ZW_ENOMEM, NULL);
  }
  size_t count = collect(misfits, old, rows);
  for (size_t i = 0; i < count && code == 0; i++) {
    if (q->json)
      code = print_json(&rows[i]);
    else
      zw_cli_finding(&rows[i].diag, rows[i].misfit->warning);
    errors += !rows[i].misfit->warning;
  }
  free(rows);
  return code ? code : errors ? ZW_CLI_REFUSED : ZW_CLI_DONE;
}

int zw_cli_check(zw_cli_args *args) {
  question q;
  zw_compiled *compiled;
  zw_cli_misfits misfits;
  int code = ask(args, &q);
  if (code) return code;
  old_side *old = calloc(1, sizeof *old);
  if (!old) return zw_cli_failed(NULL, ZW_ENOMEM, NULL);
  code = zw_cli_schema_open(args, &args->words[1], 1, &compiled);
  if (code == 0) code = open_old(args, old);
  zw_cli_misfits_init(&misfits, compiled);
  if (code == 0) code = judge(&q, old, &misfits);
  if (code == 0) code = report(&q, &misfits, old);
  zw_cli_misfits_deinit(&misfits);
  zw_store_close(old->store);
  zw_compiled_destroy(old->compiled);
  zw_compiled_destroy(compiled);
  free(old);
  return code;
}
