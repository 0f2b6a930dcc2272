// SPDX-License-Identifier: Apache-2.0
// PEER copy|young IN OUT: IN is verified, read through the accessors into objects, and written
// again. PEER verdicts IN OUT: whether each buffer of IN is accepted. test_languages.py builds it.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

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

template <class X> bool accepts(zw_verify_options options, unsigned prefix, zw_span bytes) {
  X root;
  if (prefix == 0) return zw::verify_identified(bytes, &root, nullptr, &options) == 0;
  if (prefix == 8) options.flags |= ZW_VERIFY_SIZE64;
  return zw_verify_sized(&zw::traits<X>::type(), zw::traits<X>::identifier(), bytes, &options,
                         nullptr, nullptr) == 0;
}

/* A line of IN is a record, see test_languages.py. */
int verdicts(const char *in, const char *out) {
  std::ifstream from(in);
  std::ofstream to(out, std::ios::binary);
  std::string mode, hex;
  zw_verify_options options;
  unsigned prefix;
  while (from >> mode >> options.flags >> prefix >> options.depth_max >> options.offsets_max >>
         hex) {
    std::vector<uint8_t> octets;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
      octets.push_back(static_cast<uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
    const zw_span bytes = zw_span_of(octets.data(), octets.size());
    to << (mode == "young" ? accepts<zw::young::Everything>(options, prefix, bytes)
                           : accepts<zw::test::Everything>(options, prefix, bytes));
  }
  to.close();
  return to ? 0 : failed(out, "cannot be written");
}

} // namespace

int main(int argc, char **argv) {
  const std::string mode = argc == 4 ? argv[1] : "";
  if (mode == "copy") return copy<zw::test::Everything>(argv[2], argv[3]);
  if (mode == "young") return copy<zw::young::Everything>(argv[2], argv[3]);
  if (mode == "verdicts") return verdicts(argv[2], argv[3]);
  return failed("usage", "PEER copy|young|verdicts IN OUT");
}
