/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of names, and a name in another case. */
#include "lint.h"

static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static char lower(char c) { return is_upper(c) ? (char)(c - 'A' + 'a') : c; }
static char upper(char c) { return is_lower(c) ? (char)(c - 'a' + 'A') : c; }

/* Words of one case, parted by single '_'; one may stand at the end, where a keyword is avoided. */
static bool is_parted(zw_str name, bool (*is_letter)(char)) {
  if (name.len == 0 || !is_letter(name.ptr[0])) return false;
  for (size_t i = 1; i < name.len; i++) {
    char c = name.ptr[i];
    bool part = c == '_' && name.ptr[i - 1] != '_';
    if (!part && !is_letter(c) && !is_digit(c)) return false;
  }
  return true;
}

bool zw_is_snake_case(zw_str name) { return is_parted(name, is_lower); }
bool zw_is_upper_snake_case(zw_str name) { return is_parted(name, is_upper); }

bool zw_is_pascal_case(zw_str name) {
  if (name.len == 0 || !is_upper(name.ptr[0])) return false;
  for (size_t i = 1; i < name.len; i++) {
    char c = name.ptr[i];
    bool last = c == '_' && i + 1 == name.len;
    if (!last && !is_lower(c) && !is_upper(c) && !is_digit(c)) return false;
  }
  return true;
}

/* A word begins at an upper case letter behind a lower one, or before one ("HTTPServer"). */
static bool begins_word(zw_str name, size_t i) {
  if (i == 0 || !is_upper(name.ptr[i])) return false;
  if (!is_upper(name.ptr[i - 1])) return name.ptr[i - 1] != '_';
  return i + 1 < name.len && is_lower(name.ptr[i + 1]);
}

const char *zw_to_snake_case(zw_str name, char out[ZW_LINT_NAME_MAX]) {
  size_t used = 0;
  for (size_t i = 0; i < name.len && used < ZW_LINT_NAME_MAX - 2; i++) {
    char c = name.ptr[i];
    bool double_mark = c == '_' && (used == 0 || out[used - 1] == '_');
    if (begins_word(name, i)) out[used++] = '_';
    if (!double_mark) out[used++] = lower(c);
  }
  out[used] = 0;
  return out;
}

const char *zw_to_pascal_case(zw_str name, char out[ZW_LINT_NAME_MAX]) {
  size_t used = 0;
  bool begins = true, all_upper = zw_is_upper_snake_case(name);
  for (size_t i = 0; i < name.len && used < ZW_LINT_NAME_MAX - 1; i++) {
    char c = name.ptr[i];
    if (c != '_') out[used++] = begins ? upper(c) : all_upper ? lower(c) : c;
    begins = c == '_';
  }
  out[used] = 0;
  return out;
}

bool zw_ends_in_word(zw_str name, const char *const *words) {
  for (; *words; words++) {
    size_t len = strlen(*words), i = 0;
    if (len > name.len) continue;
    while (i < len && lower(name.ptr[name.len - len + i]) == (*words)[i]) i++;
    if (i == len) return true;
  }
  return false;
}
