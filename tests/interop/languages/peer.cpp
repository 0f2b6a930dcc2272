// SPDX-License-Identifier: Apache-2.0
// PEER copy|young IN OUT: IN is verified, read through the accessors into objects, and written
// again. test_languages.py builds it.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "constructs_generated.hpp"
#include "younger_generated.hpp"

namespace {

int failed(const char *what, const char *why) {
  std::fprintf(stderr, "%s: %s\n", what, why);
  return 1;
}

template <class X> int copy(const char *in, const char *out) {
  std::ifstream from(in, std::ios::binary);
  const std::string octets((std::istreambuf_iterator<char>(from)), {});
  zw_diag diag = {};
  X original, made;
  if (!from) return failed(in, "cannot be read");
  if (zw::verify_identified(zw::span(octets), &original, &diag)) return failed(in, diag.message);
  zw::builder b;
  if (const int error = zw::pack(b, zw::unpack(original), &made))
    return failed("packing", zw_error_text(error));
  const zw_span bytes = zw::bytes(made);
  std::ofstream to(out, std::ios::binary);
  to.write(reinterpret_cast<const char *>(bytes.ptr), static_cast<std::streamsize>(bytes.len));
  to.close();
  return to ? 0 : failed(out, "cannot be written");
}

} // namespace

int main(int argc, char **argv) {
  const std::string mode = argc == 4 ? argv[1] : "";
  if (mode == "copy") return copy<zw::test::Everything>(argv[2], argv[3]);
  if (mode == "young") return copy<zw::young::Everything>(argv[2], argv[3]);
  return failed("usage", "PEER copy|young IN OUT");
}
