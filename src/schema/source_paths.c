/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of sources in a compiled schema: which file includes which, and the path of each from
 * the project's folder, as flatc writes it: "//" and the way there, "../" for each level up.
 */
#include <limits.h>
#include <stdlib.h>

#include "schema_ast.h"

void zw_source_link(zw_compiled *c, uint32_t from, uint32_t to, zw_pos place) {
  zw_included **at = &c->sources[from]->includes;
  for (; *at; at = &(*at)->next)
    if ((*at)->source == to) return;
  zw_included *link = zw_make(c, sizeof *link);
  if (!link) return;
  link->source = to;
  link->at = place;
  *at = link;
}

/* What both paths have in common, up to and with a '/'. */
static size_t common_folder(zw_str folder, zw_str path) {
  size_t common = 0;
  for (size_t i = 0; i < folder.len && i < path.len && folder.ptr[i] == path.ptr[i]; i++)
    if (folder.ptr[i] == '/') common = i + 1;
  return common;
}

/* The text of a source that is no file has no path: its name stands alone. */
zw_str zw_source_project_path(zw_compiled *c, uint32_t source) {
  char root[PATH_MAX + 1];
  const zw_source *s = c->sources[source];
  bool file = s->id.len && s->id.ptr[0] == '/' && realpath(c->options.bfbs_root, root);
  if (!file) return zw_join(c, ZW_STR("/"), "/", s->name);
  size_t len = strlen(root);
  if (root[len - 1] != '/') root[len++] = '/';
  zw_str folder = {root, len};
  size_t common = common_folder(folder, s->id);
  zw_str path = {s->id.ptr + common, s->id.len - common};
  for (size_t i = common; i < len; i++)
    if (root[i] == '/') path = zw_join(c, ZW_STR(".."), "/", path);
  return zw_join(c, ZW_STR("/"), "/", path);
}
