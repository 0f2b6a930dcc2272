// SPDX-License-Identifier: Apache-2.0
/*
 * FlexBuffers in C++17: flexbuffer.h, which is the manual, as a value with std::string_view and
 * ranges.
 *
 *   zw::flexbuffer root = settings.extra_root();                  // or zw::flexbuffer(octets)
 *   if (root["port"].is_int()) port = root["port"].as_int();
 *   for (zw::flexbuffer host : root["hosts"]) use(host.as_string());
 *   for (auto [key, value] : root.items()) use(key, value);
 *
 * Nothing throws, and nothing is read outside the octets, whatever they are: what is absent, not
 * valid or of another kind is an absent value, 0 or an empty view. `if (value)` is whether there is
 * one; a null is one.
 */
#ifndef ZEROWIRE_FLEXBUFFER_HPP
#define ZEROWIRE_FLEXBUFFER_HPP

#include "zerowire/flatbuf_view.hpp"
#include "zerowire/flexbuffer.h"

namespace zw {

class flexbuffer;

namespace zw_detail {
class flexbuffer_items;
}

// A range of its values, of a vector or map.
class flexbuffer : public zw_detail::range<flexbuffer, flexbuffer> {
public:
  flexbuffer() noexcept = default;
  explicit flexbuffer(zw_flexbuffer value) noexcept : value_(value) {}
  explicit flexbuffer(zw_span octets) noexcept : value_(zw_flexbuffer_root(octets)) {}

  zw_flexbuffer c() const noexcept { return value_; }
  zw_flexbuffer_kind kind() const noexcept { return static_cast<zw_flexbuffer_kind>(value_.kind); }
  explicit operator bool() const noexcept { return kind() != ZW_FLEXBUFFER_ABSENT; }
  bool is_null() const noexcept { return kind() == ZW_FLEXBUFFER_NULL; }
  bool is_bool() const noexcept { return kind() == ZW_FLEXBUFFER_BOOL; }
  // Signed or not.
  bool is_int() const noexcept {
    return kind() == ZW_FLEXBUFFER_INT || kind() == ZW_FLEXBUFFER_UINT;
  }
  bool is_float() const noexcept { return kind() == ZW_FLEXBUFFER_FLOAT; }
  // Also a key.
  bool is_string() const noexcept {
    return kind() == ZW_FLEXBUFFER_STRING || kind() == ZW_FLEXBUFFER_KEY;
  }
  bool is_blob() const noexcept { return kind() == ZW_FLEXBUFFER_BLOB; }
  bool is_vector() const noexcept { return kind() == ZW_FLEXBUFFER_VECTOR; }
  bool is_map() const noexcept { return kind() == ZW_FLEXBUFFER_MAP; }

  // Numbers and booleans: the nearest value of the type, without the fraction.
  std::int64_t as_int() const noexcept { return zw_flexbuffer_int(value_); }
  std::uint64_t as_uint() const noexcept { return zw_flexbuffer_uint(value_); }
  double as_double() const noexcept { return zw_flexbuffer_double(value_); }
  bool as_bool() const noexcept { return zw_flexbuffer_bool(value_); }
  std::string_view as_string() const noexcept {
    return zw_detail::to_view(zw_flexbuffer_str(value_));
  }
  zw_span as_blob() const noexcept { return zw_flexbuffer_blob(value_); }

  // Of a vector or map. Indexes are checked.
  std::size_t size() const noexcept { return is_vector() || is_map() ? value_.count : 0; }
  flexbuffer operator[](std::size_t i) const noexcept {
    return flexbuffer(zw_flexbuffer_at(value_, i));
  }
  // Of a map, whose keys are in the order of their octets.
  std::string_view key(std::size_t i) const noexcept {
    return zw_detail::to_view(zw_flexbuffer_key(value_, i));
  }
  flexbuffer find(std::string_view wanted) const noexcept {
    return flexbuffer(zw_flexbuffer_find(value_, zw_detail::from_view(wanted)));
  }
  flexbuffer operator[](std::string_view wanted) const noexcept { return find(wanted); }
  flexbuffer operator[](const char *wanted) const noexcept { return find(wanted); }
  // A range of pairs of key and value.
  zw_detail::flexbuffer_items items() const noexcept;

private:
  zw_flexbuffer value_ = {nullptr, 0, 0, 0, 0, 0, 0, 0, 0, 0};
};

namespace zw_detail {
class flexbuffer_items : public range<flexbuffer_items, std::pair<std::string_view, flexbuffer>> {
public:
  flexbuffer_items() noexcept = default;
  explicit flexbuffer_items(flexbuffer map) noexcept : map_(map) {}
  std::size_t size() const noexcept { return map_.is_map() ? map_.size() : 0; }
  std::pair<std::string_view, flexbuffer> operator[](std::size_t i) const noexcept {
    return {map_.key(i), map_[i]};
  }

private:
  flexbuffer map_;
};
} // namespace zw_detail

inline zw_detail::flexbuffer_items flexbuffer::items() const noexcept {
  return zw_detail::flexbuffer_items(*this);
}

} // namespace zw

#if __cplusplus >= 202002L
template <> inline constexpr bool std::ranges::enable_borrowed_range<zw::flexbuffer> = true;
template <> inline constexpr bool std::ranges::enable_view<zw::flexbuffer> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<zw::zw_detail::flexbuffer_items> = true;
template <> inline constexpr bool std::ranges::enable_view<zw::zw_detail::flexbuffer_items> = true;
#endif

#endif
