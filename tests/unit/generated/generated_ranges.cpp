// SPDX-License-Identifier: Apache-2.0
// Generated C++ as C++20: vectors are random-access ranges, and views.
#include <algorithm>
#include <ranges>

#include "constructs_generated.hpp"

namespace {

template <class T>
constexpr bool is_range = std::ranges::random_access_range<zw::vector_view<T>> &&
    std::ranges::sized_range<zw::vector_view<T>> &&std::ranges::borrowed_range<zw::vector_view<T>>;

static_assert(is_range<std::int32_t> && is_range<bool> && is_range<every::thing::Color>);
static_assert(is_range<std::string_view> && is_range<every::thing::Point>);
static_assert(is_range<every::thing::Leaf> && is_range<zw::union_view<every::thing::Any>>);

static_assert(std::ranges::random_access_range<zw::flexbuffer> &&
              std::ranges::borrowed_range<zw::flexbuffer> && std::ranges::view<zw::flexbuffer>);
static_assert(std::ranges::view<decltype(zw::flexbuffer().items())>);

} // namespace

std::ptrdiff_t ranges_in_generated(every::thing::Every v);

std::ptrdiff_t ranges_in_generated(every::thing::Every v) {
  return std::ranges::count_if(v.ints(), [](std::int32_t i) { return i > 0; }) +
         std::ranges::distance(v.texts()) +
         std::ranges::count(v.leaves(), std::string_view("leaf"), &every::thing::Leaf::name);
}
