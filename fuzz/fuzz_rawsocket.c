/* SPDX-License-Identifier: Apache-2.0 */
/* RawSocket: the first octet says which side (1), whether the handshake is done (2), and the size
 * of the pieces (the rest). */
#include "fuzz_wire.h"

static zw_str hello(const zw_wire *wire) {
  (void)wire;
  return ZW_STR("\x7F\xF3\0\0");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  zw_wire_options options = {.server = data[0] & 1,
                             .serializers = ZW_WIRE_SERIALIZER_BIT(3),
                             .transport = ZW_TRANSPORT_RAWSOCKET};
  fuzz_compare(&options, data[0] & 2 ? hello : fuzz_no_opening, data + 1, size - 1,
               1 + (data[0] >> 2));
  return 0;
}
