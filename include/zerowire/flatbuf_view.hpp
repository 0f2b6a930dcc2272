// SPDX-License-Identifier: Apache-2.0
/*
 * FlatBuffers in C++17: what generated code reads with. flatbuf.hpp includes it, and is the manual.
 */
#ifndef ZEROWIRE_FLATBUF_VIEW_HPP
#define ZEROWIRE_FLATBUF_VIEW_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#if __cplusplus >= 202002L
#include <ranges>
#endif

#include "zerowire/flatbuf.h"

namespace zw {

// ---- what generated code says of its types ----------------------------------------------------

// Of a table's view, or a struct: type(), and `key` and key_of() if it has one. Of a view also:
// object, schema(), stamp(), identifier().
template <class X> struct traits;
// Of an enum or union: type().
template <class E> struct enum_traits;
// Of a union: `members`.
template <class E> struct union_traits;

// A member of a union: its number, how it is seen, and what holds it in an object.
template <std::int64_t N, class View, class Object> struct member {
  static constexpr std::int64_t number = N;
  using view = View;
  using object = Object;
};
template <class... M> struct member_list {
  using variant = std::variant<std::monostate, typename M::object...>;
};

// What every view of a table is. `zw_t` is the C view.
class table_view {
public:
  zw_table zw_t = {nullptr, 0, 0};

  table_view() noexcept = default;
  explicit table_view(zw_table from) noexcept : zw_t(from) {}
  explicit operator bool() const noexcept { return zw_t.ptr != nullptr; }
};

// The built-in table `Void`, which has no fields.
struct void_object;
class void_view : public table_view {
public:
  using zw_object = void_object;
  using table_view::table_view;
};
struct void_object {
  using zw_view = void_view;
};

class builder;

// ---- scalars -----------------------------------------------------------------------------------

namespace zw_detail {

template <class T> inline constexpr bool is_scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;
template <class T> inline constexpr bool is_table = std::is_base_of_v<table_view, T>;
template <class T, class = void> struct has_struct_mark : std::false_type {};
template <class T>
struct has_struct_mark<T, std::void_t<typename T::zw_struct>> : std::true_type {};
template <class T> inline constexpr bool is_struct = has_struct_mark<T>::value;

template <class T> T load(const void *at) noexcept {
  if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(load<std::underlying_type_t<T>>(at));
  } else if constexpr (std::is_same_v<T, bool>) {
    return zw_load_bool(at);
  } else {
    T value;
    if constexpr (sizeof(T) == 1) {
      std::memcpy(&value, at, 1);
    } else if constexpr (sizeof(T) == 2) {
      const std::uint16_t raw = zw_load_le16(at);
      std::memcpy(&value, &raw, sizeof value);
    } else if constexpr (sizeof(T) == 4) {
      const std::uint32_t raw = zw_load_le32(at);
      std::memcpy(&value, &raw, sizeof value);
    } else {
      const std::uint64_t raw = zw_load_le64(at);
      std::memcpy(&value, &raw, sizeof value);
    }
    return value;
  }
}

template <class T> void store(void *at, T value) noexcept {
  if constexpr (std::is_enum_v<T>) {
    store(at, static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    zw_store_bool(at, value);
  } else if constexpr (sizeof(T) == 1) {
    std::memcpy(at, &value, 1);
  } else if constexpr (sizeof(T) == 2) {
    std::uint16_t raw;
    std::memcpy(&raw, &value, sizeof raw);
    zw_store_le16(at, raw);
  } else if constexpr (sizeof(T) == 4) {
    std::uint32_t raw;
    std::memcpy(&raw, &value, sizeof raw);
    zw_store_le32(at, raw);
  } else {
    std::uint64_t raw;
    std::memcpy(&raw, &value, sizeof raw);
    zw_store_le64(at, raw);
  }
}

template <class T> zw_scalar to_scalar(T value) noexcept {
  zw_scalar s{};
  if constexpr (std::is_enum_v<T>)
    return to_scalar(static_cast<std::underlying_type_t<T>>(value));
  else if constexpr (std::is_floating_point_v<T>)
    s.d = static_cast<double>(value);
  else if constexpr (std::is_signed_v<T> || std::is_same_v<T, bool>)
    s.i = value;
  else
    s.u = value;
  return s;
}

inline std::string_view to_view(zw_str text) noexcept { return {text.ptr, text.len}; }
inline zw_str from_view(std::string_view text) noexcept {
  return {text.data() ? text.data() : "", text.size()};
}

// Whether the host lays scalars out as the format does.
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
inline constexpr bool is_little = true;
#else
inline constexpr bool is_little = false;
#endif

} // namespace zw_detail

// A scalar as it lies in a buffer; reads and assigns as T.
template <class T> class little {
public:
  little() noexcept = default;
  little(T value) noexcept { zw_detail::store(octets_, value); }
  operator T() const noexcept { return zw_detail::load<T>(octets_); }

private:
  alignas(sizeof(T)) unsigned char octets_[sizeof(T)] = {};
};

// The name of an enum's value, without its type; empty: no value is declared with this number.
template <class E> std::string_view enum_name(E value) noexcept {
  const zw_enum_value *found =
      zw_enum_by_value(&enum_traits<E>::type(), zw_detail::to_scalar(value).i);
  return found ? zw_detail::to_view(found->name) : std::string_view();
}

// ---- unions ------------------------------------------------------------------------------------

namespace zw_detail {

template <std::int64_t N, class L> struct member_of;
template <std::int64_t N, class First, class... Rest>
struct member_of<N, member_list<First, Rest...>>
    : std::conditional_t<First::number == N, std::common_type<First>,
                         member_of<N, member_list<Rest...>>> {};
template <std::int64_t N> struct member_of<N, member_list<>> {};

template <std::int64_t N, class L> struct place_of;
template <std::int64_t N, class... M> struct place_of<N, member_list<M...>> {
  static constexpr std::size_t value = [] {
    std::size_t place = 0, found = 0;
    ((++place, found = M::number == N ? place : found), ...);
    return found;
  }();
};

template <class E> using members = typename union_traits<E>::members;
template <auto V>
using member_view_of =
    typename member_of<static_cast<std::int64_t>(V), members<decltype(V)>>::type::view;

// The member at this address of a buffer.
template <class View> View member_at(zw_table at) noexcept {
  const std::uint8_t *p = at.ptr;
  if constexpr (std::is_same_v<View, std::string_view>) {
    return {reinterpret_cast<const char *>(p) + 4, zw_load_le32(p)};
  } else if constexpr (is_struct<View>) {
    View value;
    std::memcpy(static_cast<void *>(&value), p, sizeof value);
    return value;
  } else {
    return View(at);
  }
}

template <class View>
using perhaps = std::conditional_t<is_struct<View>, std::optional<View>, View>;

template <class R, class F> R visit_member(std::int64_t, zw_table, F &visitor, member_list<>) {
  return visitor(std::monostate());
}
template <class R, class F, class First, class... Rest>
R visit_member(std::int64_t number, zw_table at, F &visitor, member_list<First, Rest...>) {
  if (number == First::number) return visitor(member_at<typename First::view>(at));
  return visit_member<R>(number, at, visitor, member_list<Rest...>());
}

} // namespace zw_detail

// What a union holds.
template <class E> class union_view {
public:
  union_view() noexcept = default;
  union_view(E type, zw_table at) noexcept : type_(at.ptr ? type : E()), at_(at) {}

  E type() const noexcept { return type_; }
  explicit operator bool() const noexcept { return type_ != E(); }
  // The member of this number as Member, std::string_view or std::optional<Struct>; an empty one
  // unless the union holds it.
  template <E V> auto get() const noexcept {
    using view = zw_detail::member_view_of<V>;
    using result = zw_detail::perhaps<view>;
    return type_ == V && at_.ptr ? result(zw_detail::member_at<view>(at_)) : result();
  }
  // Calls the visitor with the member: a view, a std::string_view or a struct; with a
  // std::monostate for NONE and for members that the schema does not know. All calls give what the
  // last one gives.
  template <class F> auto visit(F &&visitor) const {
    using result = std::invoke_result_t<F &, std::monostate>;
    const auto number = at_.ptr ? static_cast<std::int64_t>(type_) : 0;
    return zw_detail::visit_member<result>(number, at_, visitor, zw_detail::members<E>());
  }

private:
  E type_ = E();
  zw_table at_ = {nullptr, 0, 0};
};

// A union in an object. Tables are held by a std::unique_ptr, strings as std::string, structs as
// they are; `value` is a variant of std::monostate and the members in the order of their numbers.
template <class E> struct union_object {
  typename zw_detail::members<E>::variant value;

  E type() const noexcept { return type_at(value.index(), zw_detail::members<E>()); }
  // The member as it is held, or NULL: the union holds another one.
  template <E V> auto *get() noexcept { return std::get_if<place<V>>(&value); }
  template <E V> const auto *get() const noexcept { return std::get_if<place<V>>(&value); }
  template <E V, class A> void set(A &&member_value) {
    value.template emplace<place<V>>(std::forward<A>(member_value));
  }

private:
  template <E V>
  static constexpr std::size_t place =
      zw_detail::place_of<static_cast<std::int64_t>(V), zw_detail::members<E>>::value;
  template <class... M> static E type_at(std::size_t index, member_list<M...>) noexcept {
    constexpr std::array<std::int64_t, sizeof...(M) + 1> numbers = {0, M::number...};
    return index < numbers.size() ? static_cast<E>(numbers[index]) : E();
  }
};

// ---- vectors -----------------------------------------------------------------------------------

template <class T> class vector_view;

namespace zw_detail {

// Where a vector's elements are, and the buffer around them (tables and unions).
struct elements {
  const std::uint8_t *at = nullptr;
  std::size_t count = 0;
  std::uint32_t len = 0; // octets of the buffer
  std::uint32_t pos = 0; // of element 0 in it
};

inline elements elements_of(zw_vec v) noexcept { return {v.ptr, v.count, v.len, v.pos}; }

// The vector, for what takes one of C; of those behind 64-bit offsets, at most 2^32 elements.
inline zw_vec vec_of(const elements &list) noexcept {
  return {list.at, list.len, list.pos, static_cast<std::uint32_t>(list.count)};
}

template <class T> struct element;

// Octets of an element.
template <class T>
inline constexpr std::size_t stride = is_scalar<T> || is_struct<T> ? sizeof(T) : 4;

template <class T> T element_at(const elements &list, std::size_t i) noexcept {
  const std::uint8_t *at = list.at + i * stride<T>;
  if constexpr (is_scalar<T>) {
    return load<T>(at);
  } else if constexpr (is_struct<T>) {
    T value;
    std::memcpy(static_cast<void *>(&value), at, sizeof value);
    return value;
  } else if constexpr (is_table<T>) {
    return T(zw_vec_table_at_(vec_of(list), at));
  } else {
    return to_view(zw_str_at_(at));
  }
}

template <class T> struct arrow {
  T value;
  const T *operator->() const noexcept { return &value; }
};

// A random-access iterator whose elements are made when they are asked for.
template <class V> class iterator {
public:
  using value_type = typename V::value_type;
  using reference = value_type;
  using pointer = arrow<value_type>;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::random_access_iterator_tag;

  iterator() noexcept = default;
  iterator(const V &list, std::size_t at) noexcept
      : list_(list), at_(static_cast<difference_type>(at)) {}

  reference operator*() const noexcept { return list_[static_cast<std::size_t>(at_)]; }
  pointer operator->() const noexcept { return {**this}; }
  reference operator[](difference_type n) const noexcept { return *(*this + n); }
  iterator &operator++() noexcept { return *this += 1; }
  iterator &operator--() noexcept { return *this -= 1; }
  iterator operator++(int) noexcept {
    iterator before = *this;
    ++at_;
    return before;
  }
  iterator operator--(int) noexcept {
    iterator before = *this;
    --at_;
    return before;
  }
  iterator &operator+=(difference_type n) noexcept {
    at_ += n;
    return *this;
  }
  iterator &operator-=(difference_type n) noexcept {
    at_ -= n;
    return *this;
  }
  friend iterator operator+(iterator i, difference_type n) noexcept { return i += n; }
  friend iterator operator+(difference_type n, iterator i) noexcept { return i += n; }
  friend iterator operator-(iterator i, difference_type n) noexcept { return i -= n; }
  friend difference_type operator-(const iterator &a, const iterator &b) noexcept {
    return a.at_ - b.at_;
  }
  friend bool operator==(const iterator &a, const iterator &b) noexcept { return a.at_ == b.at_; }
  friend bool operator!=(const iterator &a, const iterator &b) noexcept { return a.at_ != b.at_; }
  friend bool operator<(const iterator &a, const iterator &b) noexcept { return a.at_ < b.at_; }
  friend bool operator>(const iterator &a, const iterator &b) noexcept { return a.at_ > b.at_; }
  friend bool operator<=(const iterator &a, const iterator &b) noexcept { return a.at_ <= b.at_; }
  friend bool operator>=(const iterator &a, const iterator &b) noexcept { return a.at_ >= b.at_; }

private:
  V list_;
  difference_type at_ = 0;
};

// What all vectors have; `V` has size() and operator[].
template <class V, class T> class range {
public:
  using value_type = T;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;

  auto begin() const noexcept { return iterator<V>(self(), 0); }
  auto end() const noexcept { return iterator<V>(self(), self().size()); }
  bool empty() const noexcept { return self().size() == 0; }
  T front() const noexcept { return self()[0]; }
  T back() const noexcept { return self()[self().size() - 1]; }

private:
  const V &self() const noexcept { return static_cast<const V &>(*this); }
};

template <class T, class = void> struct key_of { using type = void; };
template <class T> struct key_of<T, std::void_t<typename traits<T>::key>> {
  using type = typename traits<T>::key;
};

// The order of keys: below 0, 0, above 0. Scalars by value, NaN behind all, strings by octets,
// arrays and structs (which have it of their own) by what they begin with.
template <class T> int order(const T &a, const T &b) noexcept;
template <class T> int order(const little<T> &a, const little<T> &b) noexcept;
template <class T, std::size_t N>
int order(const std::array<T, N> &a, const std::array<T, N> &b) noexcept;

template <class T> int order(const T &a, const T &b) noexcept {
  if constexpr (std::is_enum_v<T>) {
    using raw = std::underlying_type_t<T>;
    return order(static_cast<raw>(a), static_cast<raw>(b));
  } else if constexpr (std::is_floating_point_v<T>) {
    // Without <cmath>, whose names generated code would have to know: NaN is not even itself.
    const int nan = int(!(a <= a)) - int(!(b <= b));
    return nan ? nan : int(a > b) - int(a < b);
  } else if constexpr (is_scalar<T>) {
    return int(a > b) - int(a < b);
  } else if constexpr (is_struct<T>) {
    return T::zw_order(a, b);
  } else {
    return a.compare(b);
  }
}
template <class T> int order(const little<T> &a, const little<T> &b) noexcept {
  return order(static_cast<T>(a), static_cast<T>(b));
}
template <class T, std::size_t N>
int order(const std::array<T, N> &a, const std::array<T, N> &b) noexcept {
  int found = 0;
  for (std::size_t i = 0; i < N && !found; i++) found = order(a[i], b[i]);
  return found;
}

// An absent struct is before all others.
template <class K, class A> int order_to(const A &element, const K &key) noexcept {
  if constexpr (std::is_same_v<A, std::optional<K>>) {
    return element ? order(*element, key) : -1;
  } else {
    const K &stored = element;
    return order(stored, key);
  }
}

// Every element before `low` is less than the key, none from `high` on is: it ends at the first of
// several elements that have the key.
template <class T, class K> std::size_t find(const elements &list, const K &key) noexcept {
  std::size_t low = 0, high = list.count;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (order_to(traits<T>::key_of(element_at<T>(list, middle)), key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  const bool found =
      low < list.count && !order_to(traits<T>::key_of(element_at<T>(list, low)), key);
  return found ? low : ZW_NO_INDEX;
}

} // namespace zw_detail

// The elements of a vector: scalars, enums, std::string_view, structs, views of tables,
// union_view. A random-access range of values that are read when they are asked for; the index is
// not checked.
template <class T> class vector_view : public zw_detail::range<vector_view<T>, T> {
public:
  vector_view() noexcept = default;
  explicit vector_view(zw_detail::elements list) noexcept : list_(list) {}

  std::size_t size() const noexcept { return list_.count; }
  T operator[](std::size_t i) const noexcept { return zw_detail::element_at<T>(list_, i); }
  // Whether the vector is there; an empty one may be.
  explicit operator bool() const noexcept { return list_.at != nullptr; }
  // Scalars and structs as memory of the host, or NULL where it cannot read them: the address is
  // not aligned, or the host is not little-endian (scalars). Not for bool, where any octet above 0
  // is true.
  const T *data() const noexcept {
    static_assert(zw_detail::is_scalar<T> || zw_detail::is_struct<T>, "no plain memory");
    static_assert(!std::is_same_v<T, bool>, "an octet is no bool");
    const bool readable = zw_detail::is_struct<T> || zw_detail::is_little || sizeof(T) == 1;
    return readable && reinterpret_cast<std::uintptr_t>(list_.at) % alignof(T) == 0
               ? reinterpret_cast<const T *>(list_.at)
               : nullptr;
  }
  // Scalars and structs as they lie.
  zw_span octets() const noexcept {
    static_assert(zw_detail::is_scalar<T> || zw_detail::is_struct<T>, "no plain memory");
    return zw_span_of(list_.at, list_.count * sizeof(T));
  }
  // Changes a scalar or struct in place, in writable memory.
  void set(std::size_t i, const T &value) const noexcept {
    static_assert(zw_detail::is_scalar<T> || zw_detail::is_struct<T>, "changes no references");
    std::uint8_t *at = zw_writable_(list_.at + i * sizeof(T));
    if constexpr (zw_detail::is_scalar<T>)
      zw_detail::store(at, value);
    else
      std::memcpy(at, static_cast<const void *>(&value), sizeof value);
  }
  // The index of the first element with this key, or ZW_NO_INDEX, in a vector that is sorted by it.
  template <class U = T>
  std::size_t find_index(const typename zw_detail::key_of<U>::type &key) const noexcept {
    return zw_detail::find<T>(list_, key);
  }
  // That element: an empty view, or std::nullopt for a struct, where there is none.
  template <class U = T>
  zw_detail::perhaps<U> find(const typename zw_detail::key_of<U>::type &key) const noexcept {
    const std::size_t i = find_index<U>(key);
    return i == ZW_NO_INDEX ? zw_detail::perhaps<U>() : zw_detail::perhaps<U>((*this)[i]);
  }

private:
  zw_detail::elements list_;
};

template <class E>
class vector_view<union_view<E>>
    : public zw_detail::range<vector_view<union_view<E>>, union_view<E>> {
public:
  vector_view() noexcept = default;
  vector_view(zw_detail::elements types, zw_detail::elements values) noexcept
      : types_(types), values_(values) {}

  std::size_t size() const noexcept { return values_.count; }
  union_view<E> operator[](std::size_t i) const noexcept {
    return {zw_detail::element_at<E>(types_, i), zw_vec_table(zw_detail::vec_of(values_), i)};
  }
  explicit operator bool() const noexcept { return values_.at != nullptr; }

private:
  zw_detail::elements types_, values_;
};

// ---- reading, for generated code ---------------------------------------------------------------

namespace zw_detail {

template <class T> T scalar(zw_table t, unsigned id, T preset) noexcept {
  const std::uint8_t *at = zw_table_slot(t, id);
  return at ? load<T>(at) : preset;
}
template <class T> std::optional<T> optional(zw_table t, unsigned id) noexcept {
  const std::uint8_t *at = zw_table_slot(t, id);
  return at ? std::optional<T>(load<T>(at)) : std::nullopt;
}
template <class T> bool change(zw_table t, unsigned id, T value) noexcept {
  const std::uint8_t *at = zw_table_slot(t, id);
  if (at) store(zw_writable_(at), value);
  return at != nullptr;
}
inline std::string_view text(zw_table t, unsigned id, std::string_view preset = {}) noexcept {
  const zw_str s = zw_table_str(t, id);
  return s.ptr ? to_view(s) : preset;
}
inline std::string_view text64(zw_table t, unsigned id, std::string_view preset = {}) noexcept {
  const zw_str s = zw_table_str64(t, id);
  return s.ptr ? to_view(s) : preset;
}
template <class S> std::optional<S> structure(zw_table t, unsigned id) noexcept {
  const std::uint8_t *at = zw_table_slot(t, id);
  if (!at) return std::nullopt;
  S value;
  std::memcpy(static_cast<void *>(&value), at, sizeof value);
  return value;
}
template <class S> bool change_struct(zw_table t, unsigned id, const S &value) noexcept {
  const std::uint8_t *at = zw_table_slot(t, id);
  if (at) std::memcpy(zw_writable_(at), static_cast<const void *>(&value), sizeof value);
  return at != nullptr;
}
template <class T> vector_view<T> vector(zw_table t, unsigned id) noexcept {
  return vector_view<T>(elements_of(zw_table_vec(t, id)));
}
template <class T> vector_view<T> vector64(zw_table t, unsigned id, unsigned length_size) noexcept {
  const zw_vec64 v = zw_table_vec64(t, id, length_size);
  return vector_view<T>(elements{v.ptr, static_cast<std::size_t>(v.count), 0, 0});
}
template <class E> union_view<E> one_of(zw_table t, unsigned id) noexcept {
  return {scalar<E>(t, id - 1, E()), zw_table_table(t, id)};
}
template <class E> vector_view<union_view<E>> some_of(zw_table t, unsigned id) noexcept {
  return {elements_of(zw_table_vec(t, id - 1)), elements_of(zw_table_vec(t, id))};
}

} // namespace zw_detail

} // namespace zw

#if __cplusplus >= 202002L
// Iterators hold all that they need.
template <class T>
inline constexpr bool std::ranges::enable_borrowed_range<zw::vector_view<T>> = true;
template <class T> inline constexpr bool std::ranges::enable_view<zw::vector_view<T>> = true;
#endif

// The bit operators of an enum with bit_flags, in its namespace.
#define ZW_BIT_OPERATORS_(E)                                                            \
  constexpr E operator|(E a, E b) noexcept { return ::zw::zw_detail::bits(a, b, '|'); } \
  constexpr E operator&(E a, E b) noexcept { return ::zw::zw_detail::bits(a, b, '&'); } \
  constexpr E operator^(E a, E b) noexcept { return ::zw::zw_detail::bits(a, b, '^'); } \
  constexpr E operator~(E a) noexcept { return ::zw::zw_detail::bits(a, a, '~'); }      \
  constexpr E &operator|=(E &a, E b) noexcept { return a = a | b; }                     \
  constexpr E &operator&=(E &a, E b) noexcept { return a = a & b; }                     \
  constexpr E &operator^=(E &a, E b) noexcept { return a = a ^ b; }                     \
  constexpr bool operator!(E a) noexcept { return a == E(); }

namespace zw::zw_detail {
template <class E> constexpr E bits(E a, E b, char what) noexcept {
  using raw = std::underlying_type_t<E>;
  const raw x = static_cast<raw>(a), y = static_cast<raw>(b);
  switch (what) {
    case '|': return static_cast<E>(x | y);
    case '&': return static_cast<E>(x & y);
    case '^': return static_cast<E>(x ^ y);
    default: return static_cast<E>(static_cast<raw>(~x));
  }
}
constexpr zw_str literal(const char *text, std::size_t len) noexcept { return {text, len}; }
} // namespace zw::zw_detail

#endif
