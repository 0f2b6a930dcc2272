/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times, durations and sizes as people write them. Dates are converted by counting days in 400-year
 * eras of the proleptic Gregorian calendar, with years that begin in March so that the leap day
 * comes last.
 */
#include <stdio.h>

#include "zerowire/base.h"

#define NS 1000000000

static int64_t days_of(int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t in_era = year - era * 400;
  int64_t in_year = (153 * (int64_t)((month + 9) % 12) + 2) / 5 + day - 1;
  return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

static void date_of(int64_t days, int64_t *year, unsigned *month, unsigned *day) {
  days += 719468;
  int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  int64_t rest = days - era * 146097;
  int64_t in_era = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
  int64_t in_year = rest - (365 * in_era + in_era / 4 - in_era / 100);
  int64_t m = (5 * in_year + 2) / 153;
  *day = (unsigned)(in_year - (153 * m + 2) / 5 + 1);
  *month = (unsigned)(m < 10 ? m + 3 : m - 9);
  *year = in_era + era * 400 + (*month <= 2);
}

size_t zw_time_format(int64_t ns, char out[ZW_TIME_TEXT_MAX]) {
  int64_t seconds = ns / NS, fraction = ns % NS;
  if (fraction < 0) {
    seconds--;
    fraction += NS;
  }
  int64_t days = seconds / 86400, second = seconds % 86400;
  if (second < 0) {
    days--;
    second += 86400;
  }
  int64_t year;
  unsigned month, day;
  date_of(days, &year, &month, &day);
  int n =
      snprintf(out, ZW_TIME_TEXT_MAX, "%04d-%02u-%02uT%02u:%02u:%02u", (int)year, month, day,
               (unsigned)(second / 3600), (unsigned)(second / 60 % 60), (unsigned)(second % 60));
  if (fraction) {
    n += snprintf(out + n, ZW_TIME_TEXT_MAX - (size_t)n, ".%09u", (unsigned)fraction);
    while (out[n - 1] == '0') n--;
  }
  out[n++] = 'Z';
  out[n] = 0;
  return (size_t)n;
}

/* A cursor over text: `bad` is sticky. */
typedef struct scan {
  const char *at, *end;
  bool bad;
} scan;

static unsigned digits(scan *s, int count) {
  unsigned value = 0;
  for (; count > 0 && !s->bad; count--, s->at++) {
    if (s->at == s->end || *s->at < '0' || *s->at > '9')
      s->bad = true;
    else
      value = value * 10 + (unsigned)(*s->at - '0');
    if (s->bad) break;
  }
  return value;
}

static bool accept(scan *s, char c) {
  if (s->bad || s->at == s->end || *s->at != c) return false;
  s->at++;
  return true;
}

static void expect(scan *s, char c) {
  if (!accept(s, c)) s->bad = true;
}

static int64_t scan_fraction(scan *s) {
  if (!accept(s, '.')) return 0;
  int64_t value = 0, unit = NS / 10;
  const char *begin = s->at;
  for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++, unit /= 10)
    value += unit * (*s->at - '0');
  if (s->at == begin) s->bad = true;
  return value;
}

/* Seconds east of UTC. */
static int64_t scan_zone(scan *s) {
  if (accept(s, 'Z') || accept(s, 'z')) return 0;
  int sign = accept(s, '-') ? -1 : 1;
  if (sign > 0) expect(s, '+');
  unsigned hours = digits(s, 2);
  expect(s, ':');
  unsigned minutes = digits(s, 2);
  if (hours > 23 || minutes > 59) s->bad = true;
  return sign * (int64_t)(hours * 3600 + minutes * 60);
}

static unsigned month_days(unsigned year, unsigned month) {
  static const uint8_t table[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : table[month - 1];
}

int zw_time_parse(zw_str text, int64_t *ns) {
  if (!text.ptr) return ZW_ESYNTAX;
  scan s = {text.ptr, text.ptr + text.len, false};
  unsigned year = digits(&s, 4);
  expect(&s, '-');
  unsigned month = digits(&s, 2);
  expect(&s, '-');
  unsigned day = digits(&s, 2);
  if (!accept(&s, 'T') && !accept(&s, 't')) expect(&s, ' ');
  unsigned hour = digits(&s, 2);
  expect(&s, ':');
  unsigned minute = digits(&s, 2);
  expect(&s, ':');
  unsigned second = digits(&s, 2);
  int64_t part = scan_fraction(&s), zone = scan_zone(&s);
  if (s.bad || s.at != s.end || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
    return ZW_ESYNTAX;
  if (hour > 23 || minute > 59 || second > 60) return ZW_ESYNTAX;
  int64_t seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone;
  if (seconds < 0 && part > 0) { /* towards 0, so that the product wraps only where the sum does */
    seconds++;
    part -= NS;
  }
  int64_t sum;
  if (__builtin_mul_overflow(seconds, (int64_t)NS, &sum) || __builtin_add_overflow(sum, part, &sum))
    return ZW_ESYNTAX;
  *ns = sum;
  return 0;
}

typedef struct unit {
  zw_str name;
  uint64_t factor;
} unit;

#define UNIT(name, factor) \
  { {name, sizeof name - 1}, factor }

static const unit durations[] = {
    UNIT("ns", 1),
    UNIT("us", 1000),
    UNIT("ms", 1000000),
    UNIT("s", NS),
    UNIT("m", 60ull * NS),
    UNIT("h", 3600ull * NS),
    UNIT("d", 86400ull * NS),
    UNIT("w", 604800ull * NS),
};

static const unit sizes[] = {
    UNIT("", 1),
    UNIT("B", 1),
    UNIT("kB", 1000),
    UNIT("KB", 1000),
    UNIT("MB", 1000000),
    UNIT("GB", 1000000000),
    UNIT("TB", 1000000000000),
    UNIT("KiB", 1024),
    UNIT("MiB", 1024 * 1024),
    UNIT("GiB", 1024 * 1024 * 1024),
    UNIT("TiB", (uint64_t)1024 * 1024 * 1024 * 1024),
};

/* A decimal number and a unit of the table. */
static int quantity(zw_str text, const unit *units, size_t count, uint64_t *out) {
  size_t i = 0;
  uint64_t value = 0;
  for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
    if (__builtin_mul_overflow(value, 10u, &value)) return ZW_ESYNTAX;
    if (__builtin_add_overflow(value, (uint64_t)(text.ptr[i] - '0'), &value)) return ZW_ESYNTAX;
  }
  if (i == 0) return ZW_ESYNTAX;
  zw_str name = {text.ptr + i, text.len - i};
  size_t u = 0;
  while (u < count && !zw_str_eq(name, units[u].name)) u++;
  if (u == count || __builtin_mul_overflow(value, units[u].factor, &value)) return ZW_ESYNTAX;
  *out = value;
  return 0;
}

int zw_duration_parse(zw_str text, int64_t *ns) {
  uint64_t value;
  if (quantity(text, durations, sizeof durations / sizeof durations[0], &value) ||
      value > INT64_MAX)
    return ZW_ESYNTAX;
  *ns = (int64_t)value;
  return 0;
}

int zw_size_parse(zw_str text, uint64_t *octets) {
  return quantity(text, sizes, sizeof sizes / sizeof sizes[0], octets);
}
