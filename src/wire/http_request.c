/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of an HTTP/1.1 message (RFC 9112 sections 2 to 5): a line of three parts and header
 * fields. What is parsed points into the input. Strict: CR LF ends each line, no folding, no
 * control characters, so that nothing of a request can add a line to an answer.
 */
#include "wire_machine.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

bool zw_http_equal(zw_str a, zw_str b) {
  if (a.len != b.len) return false;
  for (size_t i = 0; i < a.len; i++)
    if (lower(a.ptr[i]) != lower(b.ptr[i])) return false;
  return true;
}

static zw_str trim(zw_str s) {
  while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t')) s = (zw_str){s.ptr + 1, s.len - 1};
  while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t')) s.len--;
  return s;
}

/* The end of the head, behind the empty line; 0: not there yet. */
static size_t head_end(zw_span in) {
  for (size_t i = 3; i < in.len; i++)
    if (in.ptr[i] == '\n' && in.ptr[i - 1] == '\r' && in.ptr[i - 2] == '\n' &&
        in.ptr[i - 3] == '\r')
      return i + 1;
  return 0;
}

static bool next_line(zw_str *rest, zw_str *line) {
  for (size_t i = 0; i + 1 < rest->len; i++) {
    unsigned char c = (unsigned char)rest->ptr[i];
    if (c == '\r' && rest->ptr[i + 1] == '\n') {
      *line = (zw_str){rest->ptr, i};
      *rest = (zw_str){rest->ptr + i + 2, rest->len - i - 2};
      return true;
    }
    if ((c < 32 && c != '\t') || c == 127) return false;
  }
  return false;
}

static bool parse_first(zw_str line, zw_http_head *out) {
  for (int part = 0; part < 3; part++) {
    size_t i = 0;
    while (i < line.len && (part == 2 || line.ptr[i] != ' ')) i++;
    out->line[part] = (zw_str){line.ptr, i};
    if (part < 2 && i == line.len && part + 1 < 2) return false;
    line = i < line.len ? (zw_str){line.ptr + i + 1, line.len - i - 1} : (zw_str){line.ptr + i, 0};
  }
  return out->line[0].len && out->line[1].len;
}

static bool parse_header(zw_str line, zw_http_head *out) {
  const char *colon = memchr(line.ptr, ':', line.len);
  if (!colon || colon == line.ptr || line.ptr[0] == ' ' || line.ptr[0] == '\t') return false;
  zw_str name = {line.ptr, (size_t)(colon - line.ptr)};
  for (size_t i = 0; i < name.len; i++)
    if (name.ptr[i] == ' ' || name.ptr[i] == '\t') return false;
  out->headers[out->count].name = name;
  out->headers[out->count++].value = trim((zw_str){colon + 1, line.len - name.len - 1});
  return true;
}

int zw_http_parse(zw_span octets, zw_http_head *out) {
  size_t end = head_end(octets);
  zw_str line;
  out->count = 0;
  out->len = end;
  if (end == 0) return octets.len > ZW_HANDSHAKE_MAX ? ZW_ELIMIT : ZW_EAGAIN;
  if (end > ZW_HANDSHAKE_MAX) return ZW_ELIMIT;
  zw_str rest = {(const char *)octets.ptr, end};
  if (!next_line(&rest, &line) || !parse_first(line, out)) return ZW_EPROTO;
  while (next_line(&rest, &line)) {
    if (line.len == 0) return 0;
    if (out->count == ZW_HTTP_HEADERS_MAX) return ZW_ELIMIT;
    if (!parse_header(line, out)) return ZW_EPROTO;
  }
  return ZW_EPROTO;
}

zw_str zw_http_header(const zw_http_head *head, const char *name) {
  for (size_t i = 0; i < head->count; i++)
    if (zw_http_equal(head->headers[i].name, zw_str_of(name))) return head->headers[i].value;
  return (zw_str){NULL, 0};
}

bool zw_http_next_token(zw_str list, size_t *at, zw_str *token) {
  if (*at >= list.len) return false;
  size_t end = *at;
  while (end < list.len && list.ptr[end] != ',') end++;
  *token = trim((zw_str){list.ptr + *at, end - *at});
  *at = end + 1;
  return true;
}

bool zw_http_has_token(zw_str list, const char *token) {
  zw_str one;
  for (size_t at = 0; zw_http_next_token(list, &at, &one);)
    if (zw_http_equal(one, zw_str_of(token))) return true;
  return false;
}

bool zw_http_lists(const zw_http_head *head, const char *name, const char *token) {
  for (size_t i = 0; i < head->count; i++)
    if (zw_http_equal(head->headers[i].name, zw_str_of(name)) &&
        zw_http_has_token(head->headers[i].value, token))
      return true;
  return false;
}
