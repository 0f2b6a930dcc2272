// SPDX-License-Identifier: Apache-2.0
// Google's verifiers of FlatBuffers and FlexBuffers, with code that flatc generates from the same
// schema.
#include "bench_hostile.h"

#if __has_include("hostile_google.h")
#include "hostile_google.h"

#include <flatbuffers/flexbuffers.h>

int hostile_google(enum hostile_kind kind, const uint8_t *octets, size_t len) {
  if (kind == HOSTILE_BUFFER) {
    flatbuffers::Verifier verifier(octets, len);
    return hostile::VerifyNodeBuffer(verifier);
  }
  std::vector<uint8_t> tracker;
  return kind == HOSTILE_FLEXBUFFER ? flexbuffers::VerifyBuffer(octets, len, &tracker) : -1;
}

#else

int hostile_google(enum hostile_kind, const uint8_t *, size_t) { return -1; }

#endif
