/* SPDX-License-Identifier: Apache-2.0 */
/* Google's verifier with the code that flatc generates. Built without sanitizers: faults of its own
 * are not ours to find. */
#include "verify_google_peer.h"

#include "verify_google_peer_code.h"
#if __has_include("verify_google64_peer_code.h")
#include "verify_google64_peer_code.h"
#define HAS64 1
#endif

bool peer_verify(const uint8_t *bytes, size_t len, enum peer_mode mode) {
  flatbuffers::Verifier verifier(bytes, len);
  switch (mode) {
    case PEER_PLAIN: return verifier.VerifyBuffer<peer::Root>(nullptr);
    case PEER_IDENTIFIED: return peer::VerifyRootBuffer(verifier);
    case PEER_SIZED: return verifier.VerifySizePrefixedBuffer<peer::Root>(nullptr);
    default: return peer::VerifySizePrefixedRootBuffer(verifier);
  }
}

#ifdef HAS64
bool peer_has64(void) { return true; }
bool peer_verify64(const uint8_t *bytes, size_t len, enum peer_mode mode) {
  flatbuffers::Verifier verifier(bytes, len);
  switch (mode) {
    case PEER_PLAIN: return verifier.VerifyBuffer<wide::R>(nullptr);
    case PEER_IDENTIFIED: return wide::VerifyRBuffer(verifier);
    case PEER_SIZED:
      return verifier.VerifySizePrefixedBuffer<wide::R, flatbuffers::uoffset64_t>(nullptr);
    default: return wide::VerifySizePrefixedRBuffer(verifier);
  }
}
#else
bool peer_has64(void) { return false; }
bool peer_verify64(const uint8_t *, size_t, enum peer_mode) { return false; }
#endif

unsigned peer_version(void) { return FLATBUFFERS_VERSION_MAJOR; }
