/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings of a schema that does not fit an older one, or what a store holds. They come for each
 * map, topic and version, and are kept until all are there, so that each is printed once.
 */
#include "cli_misfits.h"

#include <stdlib.h>

void zw_cli_misfits_init(zw_cli_misfits *misfits, const zw_compiled *compiled) {
  *misfits = (zw_cli_misfits){.compiled = compiled};
  misfits->end = &misfits->first;
  zw_hmap_init(&misfits->known, NULL);
  zw_arena_init(&misfits->keys, NULL);
}

void zw_cli_misfits_deinit(zw_cli_misfits *misfits) {
  zw_hmap_deinit(&misfits->known);
  zw_arena_deinit(&misfits->keys);
  while (misfits->first) {
    zw_cli_misfit *misfit = misfits->first;
    misfits->first = misfit->next;
    free(misfit);
  }
}

/* A type that several topics and versions hold is reported for each of them: whether this is so. */
static bool is_known(zw_cli_misfits *misfits, zw_cli_misfit *new) {
  zw_text text;
  zw_text_init(&text, NULL);
  zw_text_printf(&text, "%s\n%s\n%s\n%s", new->rule, new->type, new->member, new->what);
  zw_str key = text.error ? (zw_str){NULL, 0} : zw_text_str(&text);
  bool known = key.ptr && zw_hmap_get(&misfits->known, zw_str_span(key));
  if (!known && key.ptr) key = zw_arena_str(&misfits->keys, key);
  if (!known && (!key.ptr || zw_hmap_set(&misfits->known, zw_str_span(key), new, NULL)))
    misfits->no_memory = true;
  zw_text_deinit(&text);
  return known;
}

void zw_cli_misfits_add(void *ctx, const zw_finding *finding) {
  zw_cli_misfits *misfits = ctx;
  zw_cli_misfit *m = calloc(1, sizeof *m);
  if (!m) {
    misfits->no_memory = true;
    return;
  }
  m->warning = finding->warning;
  m->directions = finding->directions;
  m->categories = finding->categories;
  snprintf(m->rule, sizeof m->rule, "%s", finding->rule);
  snprintf(m->type, sizeof m->type, "%.*s", ZW_ARG(finding->type));
  snprintf(m->member, sizeof m->member, "%.*s", ZW_ARG(finding->member));
  snprintf(m->new_member, sizeof m->new_member, "%.*s", ZW_ARG(finding->new_member));
  snprintf(m->what, sizeof m->what, "%s", finding->message);
  snprintf(m->fix, sizeof m->fix, "%s", finding->fix ? finding->fix : "");
  if (is_known(misfits, m)) {
    free(m);
    return;
  }
  *misfits->end = m;
  misfits->end = &m->next;
}

zw_str zw_cli_misfit_member(const zw_cli_misfit *m) {
  return zw_str_of(m->new_member[0] ? m->new_member : m->member);
}

void zw_cli_misfit_diag(const zw_compiled *compiled, const zw_cli_misfit *m, zw_diag *diag) {
  zw_str type = zw_str_of(m->type), member = zw_cli_misfit_member(m);
  zw_fail(diag, ZW_EMISMATCH, "%.*s%s%s: %s.%s%s", ZW_ARG(zw_cli_short_name(type)),
          m->member[0] ? "." : "", m->member, m->what, m->fix[0] ? " " : "", m->fix);
  snprintf(diag->rule, sizeof diag->rule, "%s", m->rule);
  if (!zw_compiled_place(compiled, type, member, &diag->at) &&
      !zw_compiled_place(compiled, type, (zw_str){NULL, 0}, &diag->at))
    snprintf(diag->at.file, sizeof diag->at.file, "%s", zw_compiled_source(compiled, 0));
}

void zw_cli_misfits_print(const zw_cli_misfits *misfits) {
  zw_diag diag;
  for (const zw_cli_misfit *m = misfits->first; m; m = m->next) {
    zw_cli_misfit_diag(misfits->compiled, m, &diag);
    zw_cli_finding(&diag, m->warning);
  }
}
