/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floats as decimal text.
 *
 * Shortest. The decimals that read back as a value are those inside its rounding interval; the
 * shortest of them, nearest to the value, is wanted. The interval's ends and the value, each times
 * four, are scaled by a power of ten so that the interval holds one or a few integers; 128 bits of
 * the power are enough to decide every comparison (Giulietti, "The Schubfach way to render
 * doubles", 2020). Then the candidates with one digit less are tried first.
 *
 * Fixed. value = m / 2^s exactly; m * 10^digits fits 128 bits, so that the rounded quotient (half
 * to even, as the C library does) is a shift.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "decimal_powers.h"
#include "float_text.h"

typedef unsigned __int128 wide;

typedef struct decimal {
  uint64_t digits;
  int exponent;
} decimal;

/* A float in parts: significand * 2^exponent; `lowest`: the value below is nearer than the one
 * above. */
typedef struct binary {
  uint64_t significand;
  int exponent;
  bool lowest;
} binary;

static binary double_parts(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
  int exponent = (int)(bits >> 52 & 2047);
  if (!exponent) return (binary){fraction, -1074, false};
  return (binary){fraction | (uint64_t)1 << 52, exponent - 1075, fraction == 0 && exponent > 1};
}

static binary float_parts(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint32_t fraction = bits & ((1u << 23) - 1);
  int exponent = (int)(bits >> 23 & 255);
  if (!exponent) return (binary){fraction, -149, false};
  return (binary){fraction | 1u << 23, exponent - 150, fraction == 0 && exponent > 1};
}

/* The high 64 bits of power * value; the lowest is set if anything is below. */
static uint64_t scale(const uint64_t power[2], uint64_t value) {
  wide low = (wide)power[1] * value;
  wide high = (wide)power[0] * value + (uint64_t)(low >> 64);
  return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

/* floor(log10(2^e)), or of 3/4 of it. */
static int decimal_exponent(int e, bool three_quarters) {
  return (e * 1262611 - (three_quarters ? 524031 : 0)) >> 22;
}

static int binary_exponent(int e) { return (e * 1741647) >> 19; }

/* Of digits (times four: `mid`) and the next larger, the one in the interval, or the nearer. */
static uint64_t nearer(uint64_t digits, uint64_t value, uint64_t lower, uint64_t upper) {
  bool below = lower <= 4 * digits, above = 4 * digits + 4 <= upper;
  if (below != above) return digits + above;
  uint64_t mid = 4 * digits + 2;
  return digits + (value > mid || (value == mid && (digits & 1)));
}

static decimal shortest(binary b) {
  unsigned fraction_bits = b.exponent < 0 ? (unsigned)-b.exponent : 0;
  if (b.exponent <= 0 && fraction_bits < 53 &&
      (b.significand & (((uint64_t)1 << fraction_bits) - 1)) == 0)
    return (decimal){b.significand >> fraction_bits, 0};
  bool odd = b.significand & 1;
  int k = decimal_exponent(b.exponent, b.lowest);
  int shift = b.exponent + binary_exponent(-k) + 1;
  uint64_t power[2] = {zw_decimal_powers[-k - ZW_POWER_MIN][0],
                       zw_decimal_powers[-k - ZW_POWER_MIN][1]};
  if (-k > 55) power[1]++; /* rounded up too; no row ends with 64 ones */
  uint64_t value = scale(power, 4 * b.significand << shift);
  uint64_t lower = scale(power, (4 * b.significand - 2 + b.lowest) << shift) + odd;
  uint64_t upper = scale(power, (4 * b.significand + 2) << shift) - odd;
  uint64_t digits = value / 4;
  if (digits >= 10) {
    uint64_t tens = digits / 10;
    bool below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
    if (below != above) return (decimal){tens + above, k + 1};
  }
  return (decimal){nearer(digits, value, lower, upper), k};
}

size_t zw_uint_text(uint64_t value, char *out) {
  static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233"
                              "34353637383940414243444546474849505152535455565758596061626364656667"
                              "68697071727374757677787980818283848586878889909192939495969798"
                              "99";
  char text[20];
  size_t at = sizeof text;
  while (value >= 100) {
    memcpy(text + (at -= 2), pairs + 2 * (value % 100), 2);
    value /= 100;
  }
  if (value >= 10) {
    memcpy(text + (at -= 2), pairs + 2 * value, 2);
  } else {
    text[--at] = (char)('0' + value);
  }
  memcpy(out, text + at, sizeof text - at);
  return sizeof text - at;
}

/* digits * 10^exponent: plain from 10^-6 to 10^plain_max or as far as digits go, else with an
 * exponent. */
static size_t layout(decimal d, int plain_max, char *out) {
  char digits[20];
  while (d.digits && d.digits % 10 == 0) {
    d.digits /= 10;
    d.exponent++;
  }
  int n = (int)zw_uint_text(d.digits, digits);
  int point = n + d.exponent; /* digits before the point */
  char *p = out;
  if (point > 0 && point <= (n > plain_max ? n : plain_max)) {
    int whole = point < n ? point : n;
    memcpy(p, digits, (size_t)whole);
    memset(p + whole, '0', (size_t)(point - whole));
    p += point;
    *p++ = '.';
    if (n > point) memcpy(p, digits + point, (size_t)(n - point));
    if (n <= point) *p = '0';
    p += n > point ? n - point : 1;
  } else if (point <= 0 && point > -6) {
    memcpy(p, "0.000000", (size_t)(2 - point));
    memcpy(p + 2 - point, digits, (size_t)n);
    p += 2 - point + n;
  } else {
    *p++ = digits[0];
    if (n > 1) *p++ = '.';
    memcpy(p, digits + 1, (size_t)(n - 1));
    p += n - 1;
    *p++ = 'e';
    if (point - 1 < 0) *p++ = '-';
    p += zw_uint_text((uint64_t)(point - 1 < 0 ? 1 - point : point - 1), p);
  }
  *p = 0;
  return (size_t)(p - out);
}

static size_t special_text(double value, char *out) {
  const char *text = isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
  size_t n = strlen(text);
  memcpy(out, text, n + 1);
  return n;
}

static size_t signed_text(bool negative, bool zero, binary b, int plain_max, char *out) {
  size_t n = 0;
  if (negative) out[n++] = '-';
  if (!zero) return n + layout(shortest(b), plain_max, out + n);
  memcpy(out + n, "0.0", 4);
  return n + 3;
}

size_t zw_double_text(double value, char out[ZW_FLOAT_TEXT_MAX]) {
  if (!isfinite(value)) return special_text(value, out);
  return signed_text(signbit(value), value == 0, double_parts(value), 15, out);
}

size_t zw_float_text(float value, char out[ZW_FLOAT_TEXT_MAX]) {
  if (!isfinite(value)) return special_text((double)value, out);
  return signed_text(signbit(value), value == 0, float_parts(value), 6, out);
}

/* ---- fixed ---- */

/* Above 2^63: whole numbers, all their digits. The C library's text of one has no point. */
static size_t large_text(double value, char *out) {
  int n = snprintf(out, ZW_FIXED_TEXT_MAX - 3, "%.0f", value);
  memcpy(out + n, ".0", 3);
  return (size_t)n + 2;
}

size_t zw_fixed_text(double value, unsigned digits, char out[ZW_FIXED_TEXT_MAX]) {
  if (isnan(value) && signbit(value)) {
    memcpy(out, "-nan", 5);
    return 4;
  }
  if (!isfinite(value)) return special_text(value, out);
  if (fabs(value) >= 9223372036854775808.0) return large_text(value, out);
  static const uint64_t tens[] = {1,           10,           100,          1000,      10000,
                                  100000,      1000000,      10000000,     100000000, 1000000000,
                                  10000000000, 100000000000, 1000000000000};
  binary b = double_parts(value);
  uint64_t power = tens[digits];
  wide scaled = (wide)b.significand * power;
  if (b.exponent >= 0) {
    scaled <<= b.exponent;
  } else if (b.exponent < -120) {
    scaled = 0; /* below 2^53 * 2^40 / 2^121: less than a half */
  } else {
    unsigned shift = (unsigned)-b.exponent;
    wide rest = scaled & (((wide)1 << shift) - 1), half = (wide)1 << (shift - 1);
    scaled >>= shift;
    scaled += rest > half || (rest == half && (scaled & 1));
  }
  uint64_t whole = (uint64_t)(scaled / power), fraction = (uint64_t)(scaled % power);
  size_t n = 0;
  if (signbit(value)) out[n++] = '-';
  n += zw_uint_text(whole, out + n);
  out[n++] = '.';
  for (unsigned i = digits; i-- > 0; fraction /= 10) out[n + i] = (char)('0' + fraction % 10);
  size_t used = digits;
  while (used > 1 && out[n + used - 1] == '0') used--;
  out[n + used] = 0;
  return n + used;
}
