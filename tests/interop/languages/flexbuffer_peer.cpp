// SPDX-License-Identifier: Apache-2.0
// A filter: each line of stdin is a FlexBuffer in hexadecimal, each line of stdout its JSON, as far
// as a million values go. test_flexbuffers.py builds it.
#include <cinttypes>
#include <cstdio>
#include <iostream>
#include <string>

#include "zerowire/flatbuf.hpp"

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  char escape[8];
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    std::snprintf(escape, sizeof escape, "\\u%04x", octet);
    out += octet < 32 || c == '"' || c == '\\' ? std::string(escape) : std::string(1, c);
  }
  return out + '"';
}

std::string base64(zw_span octets) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "\"\\u0000";
  for (std::size_t i = 0; i < octets.len; i += 3) {
    unsigned word = 0;
    for (std::size_t k = 0; k < 3; k++)
      word = word << 8 | (i + k < octets.len ? octets.ptr[i + k] : 0u);
    for (std::size_t k = 0; k < 4; k++)
      out += i + k > octets.len ? '=' : digits[word >> (18 - 6 * k) & 63];
  }
  return out + '"';
}

std::string number(zw::flexbuffer v) {
  char text[64];
  if (v.is_float())
    std::snprintf(text, sizeof text, "%.17g", v.as_double());
  else if (v.kind() == ZW_FLEXBUFFER_INT)
    std::snprintf(text, sizeof text, "%" PRId64, v.as_int());
  else
    std::snprintf(text, sizeof text, "%" PRIu64, v.as_uint());
  return text;
}

std::string json(zw::flexbuffer v, unsigned &steps) {
  std::string out;
  if (steps == 0 || !v) return "!";
  --steps;
  if (v.is_null()) return "null";
  if (v.is_bool()) return v.as_bool() ? "true" : "false";
  if (v.is_string()) return quoted(v.as_string());
  if (v.is_blob()) return base64(v.as_blob());
  if (v.is_vector()) {
    for (zw::flexbuffer element : v) out += (out.empty() ? "" : ",") + json(element, steps);
    return '[' + out + ']';
  }
  if (!v.is_map()) return number(v);
  for (auto [key, value] : v.items()) {
    out += (out.empty() ? "" : ",") + quoted(key) + ':' + json(value, steps);
    if (v.find(key).kind() != value.kind()) out += '!';
  }
  return '{' + out + '}';
}

} // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::string octets;
    unsigned steps = 1000000;
    for (std::size_t i = 0; i + 1 < line.size(); i += 2)
      octets += static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16));
    std::cout << json(zw::flexbuffer(zw::span(octets)), steps) << '\n';
  }
}
