/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A unified diff, line by line: what the texts have in common at both ends is left out, and the
 * rest is compared by Myers' greedy algorithm. reach[d][k] is how far into the old text d edits get
 * on diagonal k (old line - new line), and is kept for all d, so that the way is found back. Texts
 * that need more edits than EDITS_MAX are shown as wholly different between their common ends.
 */
#include "cli_diff.h"

#include <stdlib.h>

#define CONTEXT 3
#define EDITS_MAX 1500

typedef struct line_list {
  zw_str *lines; /* each with its newline */
  size_t count;
} line_list;

typedef struct comparison {
  line_list old_lines, new_lines;
  size_t same; /* lines at the beginning that are equal */
  long n, m;   /* lines behind them that are compared */
  int *reach;  /* of -1: no way leads there */
  char *edits; /* in order of the text: ' ', '-' or '+' */
  size_t edit_count;
} comparison;

static bool split(zw_str text, line_list *out) {
  size_t count = 0;
  for (size_t i = 0; i < text.len; i++) count += text.ptr[i] == '\n';
  *out = (line_list){.lines = calloc(count + 1, sizeof(zw_str))};
  if (!out->lines) return false;
  for (size_t at = 0, end; at < text.len; at = end) {
    for (end = at; end < text.len && text.ptr[end] != '\n';) end++;
    if (end < text.len) end++;
    out->lines[out->count++] = (zw_str){text.ptr + at, end - at};
  }
  return true;
}

static void find_common_ends(comparison *c) {
  const line_list *a = &c->old_lines, *b = &c->new_lines;
  size_t least = a->count < b->count ? a->count : b->count, tail = 0;
  while (c->same < least && zw_str_eq(a->lines[c->same], b->lines[c->same])) c->same++;
  while (tail < least - c->same &&
         zw_str_eq(a->lines[a->count - 1 - tail], b->lines[b->count - 1 - tail]))
    tail++;
  c->n = (long)(a->count - c->same - tail);
  c->m = (long)(b->count - c->same - tail);
}

static bool is_same(const comparison *c, long x, long y) {
  return zw_str_eq(c->old_lines.lines[c->same + (size_t)x],
                   c->new_lines.lines[c->same + (size_t)y]);
}

static int *reach_of(const comparison *c, long d, long k) { return &c->reach[d * d + k + d]; }

/* Where the d-th edit ends on diagonal k; *deletes: it is a line that goes. -1: it leads nowhere.
 */
static long step(const comparison *c, long d, long k, bool *deletes) {
  long right = k > -d ? *reach_of(c, d - 1, k - 1) : -1;
  long down = k < d ? *reach_of(c, d - 1, k + 1) : -1;
  if (right >= 0) right = right < c->n ? right + 1 : -1;
  if (down >= 0 && down - k > c->m) down = -1;
  *deletes = right >= down;
  return right >= down ? right : down;
}

/* The number of edits; -1: too many. */
static long find_way(comparison *c) {
  for (long d = 0; d <= EDITS_MAX; d++) {
    for (long k = -d; k <= d; k += 2) {
      bool deletes;
      long x = d ? step(c, d, k, &deletes) : 0;
      while (x >= 0 && x < c->n && x - k < c->m && is_same(c, x, x - k)) x++;
      *reach_of(c, d, k) = (int)x;
      if (x == c->n && x - k == c->m) return d;
    }
  }
  return -1;
}

/* Writes the edits of the way from its end to its beginning. */
static void trace(comparison *c, long edits) {
  long x = c->n, y = c->m;
  char *to = c->edits + c->edit_count;
  for (long d = edits; d > 0; d--) {
    bool deletes;
    long start = step(c, d, x - y, &deletes);
    for (; x > start; x--, y--) *--to = ' ';
    *--to = deletes ? '-' : '+';
    if (deletes)
      x--;
    else
      y--;
  }
  for (; x > 0; x--) *--to = ' ';
}

/* Between lines that stay, those that go are told first. */
static void sort_edits(comparison *c) {
  for (size_t begin = 0, end; begin < c->edit_count; begin = end) {
    size_t gone = 0;
    for (end = begin; end < c->edit_count && c->edits[end] != ' '; end++)
      gone += c->edits[end] == '-';
    memset(c->edits + begin, '-', gone);
    memset(c->edits + begin + gone, '+', end - begin - gone);
    if (end == begin) end++;
  }
}

/* All that the middle has, edit by edit, between the common ends. */
static bool compare(comparison *c) {
  find_common_ends(c);
  size_t tail = c->old_lines.count - c->same - (size_t)c->n;
  size_t rows = (size_t)EDITS_MAX + 1;
  c->reach = calloc(rows * rows, sizeof *c->reach);
  c->edits = calloc(c->same + (size_t)(c->n + c->m) + tail + 1, 1);
  if (!c->reach || !c->edits) return false;
  long edits = find_way(c);
  size_t middle = (size_t)(c->n + c->m);
  if (edits >= 0) middle = ((size_t)(c->n + c->m + edits)) / 2;
  memset(c->edits, ' ', c->same + middle + tail);
  c->edit_count = c->same + middle;
  if (edits >= 0) {
    trace(c, edits);
  } else {
    memset(c->edits + c->same, '-', (size_t)c->n);
    memset(c->edits + c->same + c->n, '+', (size_t)c->m);
  }
  c->edit_count += tail;
  sort_edits(c);
  return true;
}

/* ---- hunks ---- */

/* The end of the hunk whose first change is at `at`: behind the context of its last one. */
static size_t hunk_end(const comparison *c, size_t at) {
  size_t last = at;
  for (size_t i = at; i < c->edit_count && i <= last + 2 * CONTEXT; i++)
    if (c->edits[i] != ' ') last = i;
  return last + CONTEXT < c->edit_count ? last + CONTEXT + 1 : c->edit_count;
}

static void put_range(zw_text *out, char sign, size_t first, size_t count) {
  zw_text_printf(out, " %c%zu", sign, count ? first + 1 : first);
  if (count != 1) zw_text_printf(out, ",%zu", count);
}

static void put_edit(zw_text *out, char edit, zw_str line) {
  zw_text_add(out, &edit, 1);
  zw_text_add_str(out, line);
  if (line.ptr[line.len - 1] != '\n') zw_text_printf(out, "\n\\ No newline at end of file\n");
}

/* Edits from begin to end; *i and *j are the lines of both texts there, and move on. */
static void put_hunk(const comparison *c, zw_text *out, size_t begin, size_t end, size_t *i,
                     size_t *j) {
  size_t gone = 0, added = 0;
  for (size_t e = begin; e < end; e++) {
    gone += c->edits[e] != '+';
    added += c->edits[e] != '-';
  }
  zw_text_printf(out, "@@");
  put_range(out, '-', *i, gone);
  put_range(out, '+', *j, added);
  zw_text_printf(out, " @@\n");
  for (size_t e = begin; e < end; e++) {
    char edit = c->edits[e];
    put_edit(out, edit, edit == '+' ? c->new_lines.lines[*j] : c->old_lines.lines[*i]);
    *i += edit != '+';
    *j += edit != '-';
  }
}

static void put_hunks(const comparison *c, zw_text *out) {
  size_t i = 0, j = 0, done = 0;
  for (size_t at = 0; at < c->edit_count; at++) {
    if (c->edits[at] == ' ') continue;
    size_t begin = at > done + CONTEXT ? at - CONTEXT : done;
    i += begin - done; /* what is between two hunks is the same in both */
    j += begin - done;
    done = hunk_end(c, at);
    put_hunk(c, out, begin, done, &i, &j);
    at = done - 1;
  }
}

int zw_cli_diff(zw_text *out, const char *name, zw_str old_text, zw_str new_text) {
  comparison c = {0};
  if (zw_str_eq(old_text, new_text)) return 0;
  bool good = split(old_text, &c.old_lines) && split(new_text, &c.new_lines) && compare(&c);
  if (good) {
    zw_text_printf(out, "--- %s\n+++ %s\n", name, name);
    put_hunks(&c, out);
  }
  free(c.old_lines.lines);
  free(c.new_lines.lines);
  free(c.reach);
  free(c.edits);
  return good ? out->error : ZW_ENOMEM;
}
