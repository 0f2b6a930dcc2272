/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `history` of a topic: a flag keeps everything; "30d", "1000000" and "10GB", in any order, each
 * once, limit it by age, number and octets. `history_key`: the newest event of each key.
 */
#include "model_build.h"

typedef enum limit_kind { LIMIT_NONE, LIMIT_AGE, LIMIT_COUNT, LIMIT_OCTETS } limit_kind;

static bool parse_count(zw_str text, uint64_t *out) {
  uint64_t n = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9' || n > UINT64_MAX / 10 - 1) return false;
    n = n * 10 + (uint64_t)(text.ptr[i] - '0');
  }
  *out = n;
  return text.len > 0;
}

static limit_kind parse_limit(zw_str text, zw_topic_def *topic) {
  int64_t age = 0;
  uint64_t n = 0;
  if (parse_count(text, &n)) {
    topic->history_count = n;
    return n ? LIMIT_COUNT : LIMIT_NONE;
  }
  if (zw_duration_parse(text, &age) == 0) {
    topic->history_age_ns = age;
    return age > 0 ? LIMIT_AGE : LIMIT_NONE;
  }
  if (zw_size_parse(text, &n) == 0) {
    topic->history_octets = n;
    return n ? LIMIT_OCTETS : LIMIT_NONE;
  }
  return LIMIT_NONE;
}

/* One word of the value; false: a finding was made. */
static bool add_limit(model_builder *m, const zw_model_site *site, zw_str word, unsigned *seen,
                      zw_topic_def *topic) {
  static const char *const kinds[] = {"", "age", "number", "size"};
  limit_kind kind = parse_limit(word, topic);
  if (kind == LIMIT_NONE)
    zw_model_find(m, site, RULE_HISTORY_SYNTAX,
                  "\"%.*s\" is no limit of a history. Write an age (\"30d\"), a number of events "
                  "(\"1000000\"), or both",
                  ZW_ARG(word));
  else if (*seen & 1u << kind)
    zw_model_find(m, site, RULE_HISTORY_SYNTAX, "the %s is limited twice. Keep one limit",
                  kinds[kind]);
  else if (kind == LIMIT_OCTETS)
    zw_model_find(m, site, RULE_HISTORY_OCTETS,
                  "a limit of size (\"%.*s\") is not supported. Limit age (\"30d\") or number "
                  "(\"1000000\")",
                  ZW_ARG(word));
  else {
    *seen |= 1u << kind;
    return true;
  }
  return false;
}

static void parse_limits(model_builder *m, const zw_model_site *site, zw_str value,
                         zw_topic_def *topic) {
  unsigned seen = 0;
  size_t at = 0;
  while (at < value.len) {
    while (at < value.len && value.ptr[at] == ' ') at++;
    size_t begin = at;
    while (at < value.len && value.ptr[at] != ' ') at++;
    zw_str word = {value.ptr + begin, at - begin};
    if (word.len && !add_limit(m, site, word, &seen, topic)) return;
  }
  if (!seen)
    zw_model_find(m, site, RULE_HISTORY_SYNTAX,
                  "the value is empty. Write (history) to keep all events, or a limit (\"30d\")");
}

void zw_model_history(model_builder *m, const zw_method *method, const zw_model_site *site,
                      zw_topic_def *topic) {
  zw_model_site here = *site;
  zw_str history = zw_attribute_get(method->attributes, method->attribute_count, ZW_STR("history"));
  zw_str keys = zw_model_value(method->attributes, method->attribute_count, "history_key");
  topic->durable = history.ptr != NULL;
  here.attribute = ZW_STR("history");
  if (history.ptr && !zw_model_is_flag(history)) parse_limits(m, &here, history, topic);
  if (!keys.ptr) return;
  here.attribute = ZW_STR("history_key");
  if (!topic->durable) {
    zw_model_find(m, &here, RULE_HISTORY_NEEDED,
                  "history_key needs a history. Write history, or history: \"30d\", beside it");
    return;
  }
  zw_key_def *key = zw_model_array(m, 1, sizeof *key);
  if (key && zw_model_key(m, topic->type, keys, KEY_HISTORY, &here, key)) topic->history_key = key;
}
