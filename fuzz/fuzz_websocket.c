/* SPDX-License-Identifier: Apache-2.0 */
/* WebSocket and HTTP: the first octet says which side (1), whether the handshake is done (2), and
 * the size of the pieces (the rest). */
#include "fuzz_wire.h"

static zw_str request(const zw_wire *wire) {
  (void)wire;
  return ZW_STR("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Protocol: wamp.2.json\r\n\r\n");
}

static zw_str answer(const zw_wire *wire) {
  static char text[300];
  int n = snprintf(
      text, sizeof text,
      "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
      "%s\r\nSec-WebSocket-Protocol: wamp.2.json\r\n\r\n",
      wire->accept);
  return (zw_str){text, (size_t)n};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const zw_str hosts[] = {ZW_STR("x"), ZW_STR("localhost")};
  if (size == 0) return 0;
  bool server = data[0] & 1, open = data[0] & 2;
  zw_wire_options options = {.server = server,
                             .serializers = ZW_WIRE_SERIALIZER_BIT(1),
                             .transport = ZW_TRANSPORT_WEBSOCKET,
                             .hosts = hosts,
                             .host_count = 2};
  fuzz_compare(&options,
               !open    ? fuzz_no_opening
               : server ? request
                        : answer,
               data + 1, size - 1, 1 + (data[0] >> 2));
  return 0;
}
