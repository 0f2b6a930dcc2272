/* SPDX-License-Identifier: Apache-2.0 */
/* Events as lines, the point where they begin, and the loop that waits for them. */
#include "cli_events.h"

#include <stdlib.h>
#include <time.h>

int zw_cli_event_line(zw_cli_printer *printer, const zw_cli_event *event, const zw_payload *payload,
                      const zw_type *type, bool envelope) {
  zw_text *line = &printer->line;
  zw_diag diag = {0};
  zw_text_reset(line);
  if (envelope) {
    char time[ZW_TIME_TEXT_MAX];
    zw_text_printf(line, "{\"topic\":");
    zw_cli_json_string(line, event->topic);
    zw_text_printf(line, ",\"publication\":%llu", (unsigned long long)event->publication);
    if (event->seq) zw_text_printf(line, ",\"seq\":%llu", (unsigned long long)event->seq);
    if (event->timestamp) {
      zw_time_format(event->timestamp, time);
      zw_text_printf(line, ",\"timestamp\":\"%s\"", time);
    }
    zw_text_printf(line, ",\"payload\":");
  }
  int error = zw_cli_payload_text(printer, payload, type, line, &diag);
  if (envelope) zw_text_add(line, "}", 1);
  if (!error) error = line->error;
  if (!error) return zw_cli_line(zw_text_str(line));
  char where[ZW_DIAG_FILE_MAX];
  snprintf(where, sizeof where, "%.*s", ZW_ARG(event->topic));
  return zw_cli_failed(where, error, diag.error ? &diag : NULL);
}

/* ---- the past ---- */

#define SEQ_MAX (UINT64_C(1) << 53)

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int zw_cli_since_parse(const zw_cli_args *args, zw_cli_since *out) {
  const char *value = zw_cli_value(args, ZW_OPT_SINCE);
  *out = (zw_cli_since){0, 0};
  if (!value) return 0;
  int64_t age;
  char *end;
  if (value[0] == '#') {
    out->seq = strtoull(value + 1, &end, 10);
    bool number = value[1] >= '0' && value[1] <= '9' && !*end;
    if (number && out->seq && out->seq <= SEQ_MAX) return 0;
  } else if (zw_duration_parse(zw_str_of(value), &age) == 0) {
    out->time = now_ns() - age;
    if (out->time < 1) out->time = 1;
    return 0;
  } else if (zw_time_parse(zw_str_of(value), &out->time) == 0) {
    if (out->time < 1) out->time = 1;
    return 0;
  }
  return zw_cli_usage(args,
                      "--since takes an age such as 1h, a time such as 2026-01-31T12:00:00Z, or "
                      "#SEQ, not \"%s\".",
                      value);
}

/* ---- waiting ---- */

#define STILL_NS 10000000000

int zw_cli_follow(zw_cli_link *link, const bool *done, const uint64_t *seen) {
  int64_t moved = now_ns();
  uint64_t before = 0;
  while (!*done && !zw_cli_link_signaled()) {
    int error = zw_client_run_once(link->client, seen ? 500 : -1);
    int code = zw_cli_flush();
    if (code) return code;
    if (error && !*done && !zw_cli_link_signaled()) return zw_cli_link_lost(link, error);
    if (seen && *seen != before) {
      before = *seen;
      moved = now_ns();
    } else if (seen && now_ns() - moved > STILL_NS) {
      return zw_cli_failed(link->url, ZW_ETIMEOUT, NULL);
    }
  }
  return 0;
}
