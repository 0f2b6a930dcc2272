/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floats as decimal text and back.
 *
 * Printing. A value m / 10^k with m below 2^53 and a small k is the correctly rounded value of that
 * decimal, because both numbers are exact: the smallest such k gives the shortest text, without the
 * C library. Other values are printed with rising precision until they read back the same; 17
 * digits always do (9 for a float).
 *
 * Reading. The significant digits are gathered without the point, and the exponent is corrected
 * instead: "21.5" becomes "215e-1". So the C library never sees a decimal point, whose sign depends
 * on the locale. After 800 digits (more than the 768 that decide the rounding of a double) further
 * ones only tell whether anything follows.
 */
#include "float_text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS_MAX 800
#define EXPONENT_MAX 100000

/* The decimal point of the C library is not always '.'; also drops what exponents do not need:
 * "1e+07" becomes "1e7". */
static size_t normalise(const char *in, char *out) {
  size_t n = 0;
  bool marked = false;
  for (const char *p = in; *p; p++) {
    bool digit = *p >= '0' && *p <= '9';
    if (digit || (*p == '-' && n == 0)) {
      out[n++] = *p;
    } else if (*p == 'e') {
      marked = true;
      out[n++] = 'e';
      p++;
      if (*p == '-') out[n++] = '-';
      while (p[1] == '0' && p[2]) p++;
    } else if (!marked) {
      marked = true;
      out[n++] = '.';
    }
  }
  if (!marked) {
    out[n++] = '.';
    out[n++] = '0';
  }
  out[n] = 0;
  return n;
}

static bool same_double(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

/* Values with few decimals: the usual case, by exact arithmetic. 0: not one of them. */
static size_t simple_text(double value, bool single, char out[ZW_FLOAT_TEXT_MAX]) {
  static const double powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
  double magnitude = fabs(value);
  double limit =
      single ? 1e6 : 1e9; /* digits in all: below 7 and 15, so that the type tells them apart */
  if (!(magnitude < limit)) return 0;
  for (unsigned k = 0; k < sizeof powers / sizeof *powers; k++) {
    double scaled = magnitude * powers[k];
    if (single && scaled >= 1e6) return 0;
    double whole = (double)(uint64_t)(scaled + 0.5);
    double back = whole / powers[k];
    bool same = single ? (float)back == (float)magnitude : same_double(back, magnitude);
    if (!same) continue;
    uint64_t m = (uint64_t)whole, power = (uint64_t)powers[k];
    const char *sign = signbit(value) ? "-" : "";
    if (k == 0)
      return (size_t)snprintf(out, ZW_FLOAT_TEXT_MAX, "%s%llu.0", sign, (unsigned long long)m);
    return (size_t)snprintf(out, ZW_FLOAT_TEXT_MAX, "%s%llu.%0*llu", sign,
                            (unsigned long long)(m / power), (int)k,
                            (unsigned long long)(m % power));
  }
  return 0;
}

static size_t special_text(double value, char out[ZW_FLOAT_TEXT_MAX]) {
  const char *text = isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
  size_t n = strlen(text);
  memcpy(out, text, n + 1);
  return n;
}

size_t zw_double_text(double value, char out[ZW_FLOAT_TEXT_MAX]) {
  if (!isfinite(value)) return special_text(value, out);
  size_t n = simple_text(value, false, out);
  if (n) return n;
  char text[ZW_FLOAT_TEXT_MAX];
  /* Subnormal values have fewer digits than others. */
  for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (digits == 17 || same_double(strtod(text, NULL), value)) break;
  }
  return normalise(text, out);
}

size_t zw_float_text(float value, char out[ZW_FLOAT_TEXT_MAX]) {
  if (!isfinite(value)) return special_text((double)value, out);
  size_t n = simple_text((double)value, true, out);
  if (n) return n;
  char text[ZW_FLOAT_TEXT_MAX];
  for (int digits = fabsf(value) < FLT_MIN ? 1 : 6; digits <= 9; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, (double)value);
    float back = strtof(text, NULL);
    if (digits == 9 || memcmp(&back, &value, sizeof back) == 0) break;
  }
  return normalise(text, out);
}

/* A decimal in parts: value = digits * 10^exponent. */
typedef struct decimal {
  char text[DIGITS_MAX + 24]; /* digits, then room for the sticky digit and the exponent */
  size_t count;
  long exponent;
  bool negative, seen; /* seen: there was a digit, if only a zero */
  bool sticky;         /* digits that are not zero were left out */
} decimal;

static void decimal_digit(decimal *d, char c, bool fraction) {
  d->seen = true;
  if (c == '0' && d->count == 0) {
    if (fraction && d->exponent > -EXPONENT_MAX) d->exponent--;
  } else if (d->count < DIGITS_MAX) {
    d->text[d->count++] = c;
    if (fraction) d->exponent--;
  } else {
    d->sticky |= c != '0';
    if (!fraction && d->exponent < EXPONENT_MAX) d->exponent++;
  }
}

static bool decimal_exponent(decimal *d, const char **p, const char *end) {
  const char *s = *p;
  bool negative = false;
  if (s < end && (*s == '+' || *s == '-')) negative = *s++ == '-';
  if (s == end || *s < '0' || *s > '9') return false;
  long e = 0;
  for (; s < end && *s >= '0' && *s <= '9'; s++) {
    if (e < EXPONENT_MAX * 10L) e = e * 10 + (*s - '0');
  }
  d->exponent += negative ? -e : e;
  *p = s;
  return true;
}

static bool decimal_read(decimal *d, zw_str text) {
  const char *p = text.ptr, *end = p + text.len;
  d->count = 0;
  d->exponent = 0;
  d->negative = d->seen = d->sticky = false;
  if (p < end && (*p == '+' || *p == '-')) d->negative = *p++ == '-';
  while (p < end && *p >= '0' && *p <= '9') decimal_digit(d, *p++, false);
  if (p < end && *p == '.') {
    p++;
    while (p < end && *p >= '0' && *p <= '9') decimal_digit(d, *p++, true);
  }
  if (!d->seen) return false;
  if (p < end && (*p == 'e' || *p == 'E')) {
    p++;
    if (!decimal_exponent(d, &p, end)) return false;
  }
  if (d->sticky) {
    d->text[d->count++] = '1';
    d->exponent--;
  }
  if (d->count == 0) d->text[d->count++] = '0';
  snprintf(d->text + d->count, sizeof d->text - d->count, "e%ld", d->exponent);
  return p == end;
}

bool zw_double_parse(zw_str text, double *value) {
  decimal d;
  if (!decimal_read(&d, text)) return false;
  double v = strtod(d.text, NULL);
  *value = d.negative ? -v : v;
  return true;
}

bool zw_float_parse(zw_str text, float *value) {
  decimal d;
  if (!decimal_read(&d, text)) return false;
  float v = strtof(d.text, NULL);
  *value = d.negative ? -v : v;
  return true;
}
