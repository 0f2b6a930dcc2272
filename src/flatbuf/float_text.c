/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floats from decimal text, rounded correctly, the same in every locale.
 *
 * Up to 19 significant digits are a whole number w, times 10^q. Where w and the power are exact
 * doubles, one multiplication or division rounds correctly (Clinger). Else w is multiplied with 128
 * bits of the power, of which the leading bits are the significand; the few bits below tell how to
 * round, always (Lemire, "Number parsing at a gigabyte per second", 2021; Mushtak and Lemire, "Fast
 * number parsing without fallback", 2023).
 *
 * More digits go to the C library: the significant ones are gathered without the point, and the
 * exponent is corrected instead: "21.5" becomes "215e-1", so that it never sees a decimal point,
 * whose sign depends on the locale. After 800 digits (more than the 768 that decide the rounding of
 * a double) further ones only tell whether anything follows.
 */
#include "float_text.h"

#include <stdio.h>
#include <stdlib.h>

#include "decimal_powers.h"

#define DIGITS_MAX 800
#define EXPONENT_MAX 100000

typedef unsigned __int128 wide;

/* What tells float from double: bits of the fraction, bias, the exponent of infinity, and the
 * powers of ten between which a tie is possible. */
typedef struct format {
  int fraction_bits, bias, infinite, tie_min, tie_max;
} format;

static const format double_format = {52, 1023, 2047, -4, 23},
                    float_format = {23, 127, 255, -17, 10};

/* w * 10^q as the bits of a float without its sign; w is not 0. */
static uint64_t round_decimal(uint64_t w, long q, const format *f) {
  if (q < ZW_POWER_MIN) return 0;
  uint64_t infinity = (uint64_t)f->infinite << f->fraction_bits;
  if (q > 308) return infinity;
  const uint64_t *power = zw_decimal_powers[q - ZW_POWER_MIN];
  int zeros = __builtin_clzll(w);
  w <<= zeros;
  wide product = (wide)w * power[0];
  uint64_t high = (uint64_t)(product >> 64), mask = UINT64_MAX >> (f->fraction_bits + 3);
  if ((high & mask) == mask) product += (uint64_t)((wide)w * power[1] >> 64);
  high = (uint64_t)(product >> 64);
  int top = (int)(high >> 63), shift = top + 64 - f->fraction_bits - 3;
  uint64_t significand = high >> shift;
  long exponent = ((217706 * q) >> 16) + 63 + top - zeros + f->bias;
  if (exponent <= 0) { /* subnormal */
    if (exponent <= -63) return 0;
    significand >>= 1 - exponent;
    return (significand + (significand & 1)) >> 1; /* may carry into the exponent, which is right */
  }
  bool tie = (uint64_t)product <= 1 && q >= f->tie_min && q <= f->tie_max &&
             (significand & 3) == 1 && significand << shift == high;
  if (tie) significand--;
  significand = (significand + (significand & 1)) >> 1;
  if (significand >> (f->fraction_bits + 1)) {
    significand >>= 1;
    exponent++;
  }
  if (exponent >= f->infinite) return infinity;
  significand &= ((uint64_t)1 << f->fraction_bits) - 1;
  return (uint64_t)exponent << f->fraction_bits | significand;
}

/* A decimal of at most 19 significant digits. */
typedef struct short_decimal {
  uint64_t digits;
  long exponent;
  bool negative;
} short_decimal;

enum short_outcome { SHORT_DONE, SHORT_LONG, SHORT_WRONG };

static enum short_outcome short_read(zw_str text, short_decimal *out) {
  const char *p = text.ptr, *end = p + text.len;
  uint64_t w = 0;
  unsigned significant = 0, seen = 0;
  long exponent = 0;
  bool negative = false, fraction = false;
  if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
  for (; p < end; p++) {
    unsigned digit = (unsigned)(*p - '0');
    if (digit > 9) {
      if (*p != '.' || fraction) break;
      fraction = true;
      continue;
    }
    seen = 1;
    w = w * 10 + digit;
    significant += significant || digit;
    exponent -= fraction;
    if (significant > 19) return SHORT_LONG;
  }
  if (!seen) return SHORT_WRONG;
  if (p < end && (*p == 'e' || *p == 'E')) {
    long e = 0;
    bool below = false;
    if (++p < end && (*p == '+' || *p == '-')) below = *p++ == '-';
    if (p == end) return SHORT_WRONG;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
      if (e < EXPONENT_MAX) e = e * 10 + (*p - '0');
    if (p[-1] < '0' || p[-1] > '9') return SHORT_WRONG;
    exponent += below ? -e : e;
  }
  *out = (short_decimal){w, exponent, negative};
  return p == end ? SHORT_DONE : SHORT_WRONG;
}

/* Exact operands, so that one operation rounds correctly; false: they are not. */
static bool small_double(const short_decimal *d, double *value) {
  static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (d->digits >> 53 || d->exponent < -22 || d->exponent > 22) return false;
  double w = (double)d->digits;
  *value = d->exponent < 0 ? w / powers[-d->exponent] : w * powers[d->exponent];
  return true;
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

/* [+-] digits up to the end. */
static bool decimal_binary_exponent(const char *p, const char *end, long *out) {
  bool negative = false;
  if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
  if (p == end) return false;
  for (; p < end; p++) {
    if (*p < '0' || *p > '9') return false;
    if (*out < EXPONENT_MAX) *out = *out * 10 + (*p - '0');
  }
  if (negative) *out = -*out;
  return true;
}

bool zw_double_parse(zw_str text, double *value) {
  short_decimal few;
  decimal d;
  double v;
  switch (short_read(text, &few)) {
    case SHORT_WRONG: return false;
    case SHORT_DONE:
      if (!small_double(&few, &v)) {
        uint64_t bits = few.digits ? round_decimal(few.digits, few.exponent, &double_format) : 0;
        memcpy(&v, &bits, sizeof v);
      }
      *value = few.negative ? -v : v;
      return true;
    default: break;
  }
  if (!decimal_read(&d, text)) return false;
  v = strtod(d.text, NULL);
  *value = d.negative ? -v : v;
  return true;
}

bool zw_float_parse(zw_str text, float *value) {
  short_decimal few;
  decimal d;
  float v;
  switch (short_read(text, &few)) {
    case SHORT_WRONG: return false;
    case SHORT_DONE: {
      uint64_t wide_bits = few.digits ? round_decimal(few.digits, few.exponent, &float_format) : 0;
      uint32_t bits = (uint32_t)wide_bits;
      memcpy(&v, &bits, sizeof v);
      *value = few.negative ? -v : v;
      return true;
    }
    default: break;
  }
  if (!decimal_read(&d, text)) return false;
  v = strtof(d.text, NULL);
  *value = d.negative ? -v : v;
  return true;
}

/* The digits before and after the point as one whole number, the exponent corrected, for the C
 * library: "0x1.8p3" becomes "0x18p-1". */
bool zw_hex_float_parse(zw_str text, double *value) {
  char plain[ZW_HEX_FLOAT_MAX + 24];
  size_t n = 0;
  long exponent = 0, written = 0;
  const char *p = text.ptr, *end = p + text.len;
  if (text.len > ZW_HEX_FLOAT_MAX) return false;
  bool fraction = false;
  for (; p < end && *p != 'p' && *p != 'P'; p++) {
    if (*p == '.') {
      fraction = true;
    } else {
      plain[n++] = *p;
      exponent -= fraction ? 4 : 0;
    }
  }
  if (p == end || !decimal_binary_exponent(p + 1, end, &written)) return false;
  snprintf(plain + n, sizeof plain - n, "p%ld", exponent + written);
  char *stop;
  *value = strtod(plain, &stop);
  return *stop == 0;
}
