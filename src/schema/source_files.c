/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts of a compilation: the root file, and what it includes. An include is looked for in the
 * folder of the file that names it, then in the include folders, then in that of the root file.
 * What is found must lie, with all links followed, below the folder of the root file or an include
 * folder, and be a regular file; two includes are the same file if their resolved paths are. Files
 * that a program reads for the compilation are known by their paths, and it says what lies where.
 * The attributes of zerowire.fbs and wamp.fbs are built in and win over files.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builtin_schemas.h"
#include "schema_ast.h"

#define SOURCE_SIZE_MAX (64u << 20)

static zw_str text_of(const zw_builtin_schema *b) {
  return (zw_str){(const char *)b->octets, b->len};
}

uint32_t zw_source_add(zw_compiled *c, zw_str name, zw_str id, zw_str text, bool builtin) {
  zw_source *s = c->source_count < ZW_SOURCES_MAX ? zw_make(c, sizeof *s) : NULL;
  if (!s) return UINT32_MAX;
  *s = (zw_source){
      .name = zw_make_str(c, name), .id = zw_make_str(c, id), .text = text, .builtin = builtin};
  c->sources[c->source_count] = s;
  return c->source_count++;
}

/* ---- reading ---- */

static bool read_all(int fd, char *to, size_t size) {
  size_t got = 0;
  while (got < size) {
    ssize_t n = read(fd, to + got, size - got);
    if (n <= 0) return false;
    got += (size_t)n;
  }
  return true;
}

/* Reads a regular file, its path resolved; else *why says what is wrong. */
static bool read_file(zw_compiled *c, const char *path, zw_str *out, const char **why) {
  struct stat st;
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
  *why = "it cannot be read";
  if (fd < 0) return false;
  char *text = NULL;
  if (fstat(fd, &st) == 0) {
    if (!S_ISREG(st.st_mode)) {
      *why = "it is no regular file";
    } else if (st.st_size > SOURCE_SIZE_MAX) {
      *why = "it is above 64 MiB";
    } else {
      text = zw_make(c, (size_t)st.st_size + 1);
      if (text && !read_all(fd, text, (size_t)st.st_size)) text = NULL;
    }
  }
  close(fd);
  if (!text) return false;
  *out = (zw_str){text, (size_t)st.st_size};
  return true;
}

/* Reads a file through the program; *why is NULL if there is none. */
static bool read_given(zw_compiled *c, const char *path, zw_str *out, const char **why) {
  zw_text text;
  zw_text_init(&text, c->alloc);
  int error = c->options.read(c->options.read_ctx, path, &text);
  if (!error) error = text.error;
  char *copy = error || text.len > SOURCE_SIZE_MAX ? NULL : zw_make(c, text.len + 1);
  if (copy && text.len) memcpy(copy, zw_text_str(&text).ptr, text.len);
  *out = (zw_str){copy, text.len};
  *why = error == ZW_ENOTFOUND ? NULL : "it cannot be read";
  if (error == ZW_ENOMEM) c->failed_memory = true;
  zw_text_deinit(&text);
  return copy != NULL;
}

/* ---- folders that includes may not leave ---- */

static bool is_below(const char *path, const char *folder) {
  size_t n = strlen(folder);
  if (strcmp(folder, "/") == 0) return true;
  return strncmp(path, folder, n) == 0 && path[n] == '/';
}

static bool is_inside(const zw_compiled *c, const char *path) {
  for (size_t i = 0; i < c->root_count; i++)
    if (is_below(path, c->roots[i])) return true;
  return false;
}

/* The part of a path before its last '/', or ".". */
static zw_str folder_of(zw_str path) {
  size_t n = path.len;
  while (n > 0 && path.ptr[n - 1] != '/') n--;
  if (n == 0) return ZW_STR(".");
  return (zw_str){path.ptr, n > 1 ? n - 1 : 1};
}

static void add_root(zw_compiled *c, const char *folder) {
  char resolved[PATH_MAX];
  if (!realpath(folder, resolved)) return;
  zw_str copy = zw_make_str(c, zw_str_of(resolved));
  if (!c->failed_memory) c->roots[c->root_count++] = copy.ptr;
}

void zw_source_add_roots(zw_compiled *c, const char *path) {
  c->roots = zw_make_array(c, c->options.include_count + 1, sizeof *c->roots);
  zw_str folder = zw_make_str(c, folder_of(zw_str_of(path)));
  if (!c->roots || c->failed_memory) return;
  add_root(c, folder.ptr);
  for (size_t i = 0; i < c->options.include_count && !c->failed_memory; i++)
    add_root(c, c->options.include_dirs[i]);
}

int zw_source_read_root(zw_compiled *c, const char *path, zw_str *text, zw_diag *diag) {
  char resolved[PATH_MAX];
  const char *why = NULL, *id_text = c->options.read ? path : resolved;
  bool read = c->options.read ? read_given(c, path, text, &why)
                              : realpath(path, resolved) && read_file(c, resolved, text, &why);
  if (!read) {
    if (c->failed_memory) return zw_fail(diag, ZW_ENOMEM, "out of memory");
    return zw_fail(diag, ZW_EIO, "%s: %s", path, why ? why : "there is no such file");
  }
  zw_source_add_roots(c, path);
  uint32_t id = zw_source_add(c, zw_str_of(path), zw_str_of(id_text), *text, false);
  return id == UINT32_MAX || c->failed_memory ? zw_fail(diag, ZW_ENOMEM, "out of memory") : 0;
}

/* ---- includes ---- */

/* Why a path is refused before it is looked for; NULL: it is fine. */
static const char *path_fault(zw_str path) {
  if (path.len == 0 || path.len > 1024) return "is no path";
  if (path.ptr[0] == '/') return "is absolute. Name it from an include folder (-I)";
  if (memchr(path.ptr, 0, path.len) || memchr(path.ptr, '\\', path.len))
    return "is no path. Part folders with /";
  for (size_t start = 0, i = 0; i <= path.len; i++) {
    if (i < path.len && path.ptr[i] != '/') continue;
    if (i - start == 2 && memcmp(path.ptr + start, "..", 2) == 0)
      return "leaves its folder with \"..\". Add an include folder (-I) and name it from there";
    start = i + 1;
  }
  return NULL;
}

static bool known(const zw_compiled *c, zw_str id, uint32_t *out) {
  for (uint32_t i = 0; i < c->source_count; i++) {
    if (!zw_str_eq(c->sources[i]->id, id)) continue;
    *out = i;
    return true;
  }
  return false;
}

static const zw_builtin_schema *find_builtin(zw_str path) {
  for (size_t i = 0; i < ZW_BUILTIN_SCHEMAS; i++)
    if (zw_str_eq(path, zw_str_of(zw_builtin_schemas[i].name))) return &zw_builtin_schemas[i];
  return NULL;
}

/* An include that exists: its path as people know it, and what tells files apart. */
typedef struct candidate {
  zw_str name, id;
  zw_str text;     /* of one that the program has read */
  const char *why; /* the program could not read it; else NULL */
  char resolved[PATH_MAX];
} candidate;

/* A path without "." and empty parts. */
static zw_str plain_path(zw_compiled *c, zw_str path) {
  char *out = zw_make(c, path.len + 1);
  size_t len = 0;
  for (size_t i = 0, next; out && i < path.len; i = next) {
    size_t end = i;
    while (end < path.len && path.ptr[end] != '/') end++;
    next = end < path.len ? end + 1 : end;
    bool nothing = (end == i && i > 0) || (end == i + 1 && path.ptr[i] == '.');
    if (nothing) continue;
    memcpy(out + len, path.ptr + i, next - i);
    len += next - i;
  }
  return (zw_str){out, len};
}

static bool find_given(zw_compiled *c, candidate *found) {
  uint32_t source;
  found->id = plain_path(c, found->name);
  if (c->failed_memory) return false;
  return known(c, found->id, &source) || read_given(c, found->id.ptr, &found->text, &found->why) ||
         found->why;
}

static bool find(zw_compiled *c, zw_str folder, zw_str path, candidate *found) {
  bool here = zw_str_eq(folder, ZW_STR("."));
  if (here && path.len > 2 && memcmp(path.ptr, "./", 2) == 0)
    path = (zw_str){path.ptr + 2, path.len - 2};
  found->name = here ? zw_make_str(c, path) : zw_join(c, folder, "/", path);
  if (c->failed_memory) return false;
  if (c->options.read) return find_given(c, found);
  if (!realpath(found->name.ptr, found->resolved)) return false;
  found->id = zw_str_of(found->resolved);
  return true;
}

static bool look_for(zw_compiled *c, uint32_t from, zw_str path, candidate *found) {
  if (!c->sources[from]->builtin && find(c, folder_of(c->sources[from]->name), path, found))
    return true;
  for (size_t i = 0; i < c->options.include_count; i++)
    if (find(c, zw_str_of(c->options.include_dirs[i]), path, found)) return true;
  return find(c, folder_of(c->sources[0]->name), path, found);
}

static bool read_candidate(zw_compiled *c, candidate *found) {
  if (found->text.ptr || found->why) return found->text.ptr != NULL;
  return read_file(c, found->resolved, &found->text, &found->why);
}

static bool refuse(zw_compiled *c, zw_pos at, zw_str path, const char *rule, const char *why) {
  c->incomplete = true;
  zw_report_full(c, ZW_ESCHEMA, at, zw_nowhere, rule, "the include \"%.*s\" %s", ZW_ARG(path), why);
  return false;
}

static bool has_room(zw_compiled *c, zw_pos at, zw_str path) {
  if (c->source_count < ZW_SOURCES_MAX) return true;
  return refuse(c, at, path, "INCLUDE_COUNT", "is one too many: at most 256 files");
}

static bool include_builtin(zw_compiled *c, const zw_builtin_schema *b, zw_pos at, uint32_t *out,
                            bool *is_new) {
  zw_str name = zw_str_of(b->name), id = zw_join(c, ZW_STR("builtin"), ":", name);
  *is_new = !known(c, id, out);
  if (!*is_new) return true;
  if (!has_room(c, at, name)) return false;
  *out = zw_source_add(c, name, id, text_of(b), true);
  return *out != UINT32_MAX;
}

bool zw_source_include(zw_compiled *c, uint32_t from, zw_str path, zw_pos at, uint32_t *out,
                       bool *is_new) {
  candidate found = {.why = NULL};
  const char *why = path_fault(path);
  const zw_builtin_schema *builtin = find_builtin(path);
  if (why) return refuse(c, at, path, "INCLUDE_PATH", why);
  if (builtin) return include_builtin(c, builtin, at, out, is_new);
  if (c->options.no_files)
    return refuse(c, at, path, "INCLUDE_FILE", "is a file, and files are not read here");
  if (!look_for(c, from, path, &found))
    return refuse(c, at, path, "INCLUDE_FILE",
                  "is not there, neither beside this file nor in an include folder (-I)");
  if (!c->options.read && !is_inside(c, found.resolved))
    return refuse(c, at, path, "INCLUDE_PATH",
                  "leads out of the folder of the schema and the include folders (-I)");
  *is_new = !known(c, found.id, out);
  if (!*is_new) return true;
  if (!has_room(c, at, path)) return false;
  if (!read_candidate(c, &found)) {
    c->incomplete = true;
    if (!c->failed_memory)
      zw_report_full(c, ZW_EIO, at, zw_nowhere, "INCLUDE_FILE", "the include \"%.*s\": %s",
                     ZW_ARG(path), found.why);
    return false;
  }
  *out = zw_source_add(c, found.name, found.id, found.text, false);
  return *out != UINT32_MAX;
}
