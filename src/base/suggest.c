/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Did you mean": the candidate with the smallest edit distance (insert, delete, replace, swap of
 * neighbours), if it is at most a third of the word, rounded up. Words longer than MAX are not
 * looked at: nobody mistypes those by a letter.
 */
#include "zerowire/base.h"

#define MAX 64

static size_t least(size_t a, size_t b, size_t c) {
  size_t m = a < b ? a : b;
  return m < c ? m : c;
}

static size_t distance(zw_str a, zw_str b) {
  size_t rows[3][MAX + 1];
  for (size_t j = 0; j <= b.len; j++) rows[0][j] = j;
  for (size_t i = 1; i <= a.len; i++) {
    size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
    row[0] = i;
    for (size_t j = 1; j <= b.len; j++) {
      size_t replace = above[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
      row[j] = least(above[j] + 1, row[j - 1] + 1, replace);
      bool swapped = i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1];
      if (swapped && above2[j - 2] + 1 < row[j]) row[j] = above2[j - 2] + 1;
    }
  }
  return rows[a.len % 3][b.len];
}

int zw_did_you_mean(zw_str word, const zw_str *candidates, size_t count) {
  int best = -1;
  size_t best_distance = (word.len + 2) / 3 + 1;
  if (word.len == 0 || word.len > MAX) return -1;
  for (size_t i = 0; i < count && i < INT32_MAX; i++) {
    if (candidates[i].len == 0 || candidates[i].len > MAX) continue;
    size_t d = distance(word, candidates[i]);
    if (d < best_distance) {
      best = (int)i;
      best_distance = d;
    }
  }
  return best;
}
