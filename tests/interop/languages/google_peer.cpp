// SPDX-License-Identifier: Apache-2.0
// PEER copy IN OUT, as peer.cpp, by the code of Google's C++ generator. test_cpp.py builds it.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "constructs_generated.h"

int main(int argc, char **argv) {
  if (argc != 4 || std::string(argv[1]) != "copy") return 2;
  std::ifstream from(argv[2], std::ios::binary);
  const std::string octets((std::istreambuf_iterator<char>(from)), {});
  flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t *>(octets.data()), octets.size());
  if (!from || !zw::test::VerifyEverythingBuffer(verifier)) {
    std::fprintf(stderr, "%s: refused\n", argv[2]);
    return 1;
  }
  flatbuffers::FlatBufferBuilder b;
  const auto object = zw::test::UnPackEverything(octets.data());
  zw::test::FinishEverythingBuffer(b, zw::test::CreateEverything(b, object.get()));
  std::ofstream to(argv[3], std::ios::binary);
  to.write(reinterpret_cast<const char *>(b.GetBufferPointer()), b.GetSize());
  to.close();
  return to ? 0 : 1;
}
