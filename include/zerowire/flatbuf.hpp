// SPDX-License-Identifier: Apache-2.0
/*
 * FlatBuffers in C++17: the run time of what `zerowire compile --cpp` writes, NAME_generated.hpp.
 *
 * The work is done by libzerowire's C engine (flatbuf.h), which generated code gives its
 * descriptors; this header and generated code are types around it. No exceptions, no run-time type
 * information: errors are the numbers of base.h, with a `zw_diag` for a person.
 *
 * For a table X of the schema there are, in its own namespace (types without one are global):
 *
 *   X           a view, 16 octets, by value; valid as long as its bytes are. x.field() never
 *               fails: what is absent is its default, an empty view or nullopt; `if (x)` is whether
 *               a table is there at all. x.has_field() is whether it is written. x.set_field(v)
 *               changes a scalar or struct in place, in writable memory; false: it is not written.
 *   XT          an object with std::string, std::vector, std::unique_ptr, std::optional
 *   XBuilder    builds one piece by piece
 *   zw::traits<X>   the descriptor, the schema, the stamp
 *
 * and for the others: enum classes with the names of the schema (bit operators where the enum has
 * bit_flags); structs as values in the format's own layout, whose members are zw::little<T> and
 * read and assign as T; unions as an enum class U, zw::union_view<U> and zw::union_object<U>.
 *
 *   zw_diag diag;  Sensor s;
 *   if (zw::verify(bytes, &s, &diag)) return fail(diag.message);   // the only way from bytes to X
 *   for (Reading r : s.readings()) use(r.celsius());               // zw::vector_view: a range
 *   if (Reading r = s.readings().find("t1")) …                     // by key, in a sorted vector
 *   s.shape().visit(overloaded{…});  s.shape_as_Circle();          // unions
 *
 *   zw::builder b;
 *   SensorT o;  o.site = "north";  o.readings.push_back({});
 *   int error = zw::pack(b, o, &s);                                // the bytes: zw::bytes(s)
 *   SensorT copy = zw::unpack(s);
 *   SensorBuilder piece(b);  piece.add_site("north");  error = zw::finish(b, piece.end(), &s);
 *
 * A builder's error is sticky and comes out where the buffer is finished; the bytes belong to the
 * builder until its next use. Names that would clash end in `_`: keywords, macros, names that begin
 * with zw_, and accessors of one table that would be the same. Threads: as in flatbuf.h.
 *
 * Objects know absent from empty: a string or vector of an object is a zw::maybe, which is written
 * unless it is empty; `keep_empty` says that it is written nevertheless, and unpacking sets it.
 * Strings with a default are written unless they equal it. An object is moved, not copied.
 *
 * Fields with the attribute `hash` are numbers. A nested buffer is octets, and x.field_root() its
 * root; so is a FlexBuffer, whose root is a zw::flexbuffer (flexbuffer.hpp), safe to read whatever
 * the octets are: zw::verify does not look into them.
 */
#ifndef ZEROWIRE_FLATBUF_HPP
#define ZEROWIRE_FLATBUF_HPP

#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include "zerowire/any.h"
#include "zerowire/flatbuf_view.hpp"
#include "zerowire/flexbuffer.hpp"
#include "zerowire/reflect.h"

namespace zw {

// ---- building ----------------------------------------------------------------------------------

// An object of a buffer that is being built.
template <class T> struct ref { zw_ref id = 0; };

// Elements for the builder, which are not copied: of a list in braces, or of a container that has
// data() and size().
template <class T> class items {
public:
  items(const T *first, std::size_t count) noexcept : first_(first), count_(count) {}
  items(const std::initializer_list<T> &list) noexcept : items(list.begin(), list.size()) {}
  template <class C, class = std::enable_if_t<std::is_convertible_v<
                         decltype(std::declval<const C &>().data()), const T *>>>
  items(const C &list) noexcept : items(list.data(), list.size()) {}

  const T *data() const noexcept { return first_; }
  std::size_t size() const noexcept { return count_; }

private:
  const T *first_;
  std::size_t count_;
};

// A zw_builder that frees itself.
class builder {
public:
  explicit builder(const zw_alloc *alloc = nullptr) noexcept { zw_builder_init(&b_, alloc); }
  // Writes into the caller's memory; ZW_ELIMIT when it is full.
  builder(void *memory, std::size_t size, const zw_alloc *alloc = nullptr) noexcept {
    zw_builder_init_fixed(&b_, memory, size, alloc);
  }
  ~builder() { zw_builder_deinit(&b_); }
  builder(const builder &) = delete;
  builder &operator=(const builder &) = delete;

  zw_builder *c() noexcept { return &b_; }
  int error() const noexcept { return b_.error; }
  void fail(int error) noexcept { zw_builder_fail(&b_, error); }
  void reset() noexcept {
    zw_builder_reset(&b_);
    depth_ = 0;
  }
  ref<std::string_view> string(std::string_view text) noexcept {
    return {zw_builder_string(&b_, zw_detail::from_view(text))};
  }
  // Equal ones are written once.
  ref<std::string_view> shared_string(std::string_view text) noexcept {
    return {zw_builder_string_shared(&b_, zw_detail::from_view(text))};
  }
  // Objects inside each other are at most as deep as verification goes by default.
  bool enter() noexcept {
    if (depth_ >= 64) fail(ZW_ELIMIT);
    return ++depth_ <= 64 && !b_.error;
  }
  void leave() noexcept { --depth_; }

private:
  zw_builder b_;
  unsigned depth_ = 0;
};

// A string or vector of an object; see the beginning.
template <class T> struct maybe : T {
  using T::T;
  maybe() = default;
  maybe(T value) : T(std::move(value)) {}
  template <class U, class = std::enable_if_t<!std::is_base_of_v<maybe, std::decay_t<U>>>>
  maybe &operator=(U &&value) {
    T::operator=(std::forward<U>(value));
    return *this;
  }
  bool keep_empty = false; // written although it is empty
  bool is_written() const { return keep_empty || !this->empty(); }
};

// Objects have to be ended before the buffer is; unions hold one of these.
template <class E> struct union_ref {
  E type = E();
  zw_ref id = 0;
};

namespace zw_detail {

// A value, unless it is the default.
template <class T> void add(builder &b, unsigned id, T value, T preset) noexcept {
  if constexpr (std::is_enum_v<T>) {
    using raw = std::underlying_type_t<T>;
    add<raw>(b, id, static_cast<raw>(value), static_cast<raw>(preset));
  } else if constexpr (std::is_same_v<T, bool>) {
    zw_builder_add_bool(b.c(), id, value, preset);
  } else if constexpr (std::is_same_v<T, float>) {
    zw_builder_add_f32(b.c(), id, value, preset);
  } else if constexpr (std::is_same_v<T, double>) {
    zw_builder_add_f64(b.c(), id, value, preset);
  } else if constexpr (sizeof(T) == 1) {
    zw_builder_add_u8(b.c(), id, static_cast<std::uint8_t>(value),
                      static_cast<std::uint8_t>(preset));
  } else if constexpr (sizeof(T) == 2) {
    zw_builder_add_u16(b.c(), id, static_cast<std::uint16_t>(value),
                       static_cast<std::uint16_t>(preset));
  } else if constexpr (sizeof(T) == 4) {
    zw_builder_add_u32(b.c(), id, static_cast<std::uint32_t>(value),
                       static_cast<std::uint32_t>(preset));
  } else {
    zw_builder_add_u64(b.c(), id, static_cast<std::uint64_t>(value),
                       static_cast<std::uint64_t>(preset));
  }
}
template <class T> constexpr enum zw_base_type base_of() noexcept {
  if constexpr (std::is_enum_v<T>)
    return base_of<std::underlying_type_t<T>>();
  else if constexpr (std::is_same_v<T, bool>)
    return ZW_T_BOOL;
  else if constexpr (std::is_floating_point_v<T>)
    return sizeof(T) == 4 ? ZW_T_FLOAT : ZW_T_DOUBLE;
  else if constexpr (sizeof(T) == 1)
    return std::is_signed_v<T> ? ZW_T_BYTE : ZW_T_UBYTE;
  else if constexpr (sizeof(T) == 2)
    return std::is_signed_v<T> ? ZW_T_SHORT : ZW_T_USHORT;
  else if constexpr (sizeof(T) == 4)
    return std::is_signed_v<T> ? ZW_T_INT : ZW_T_UINT;
  else
    return std::is_signed_v<T> ? ZW_T_LONG : ZW_T_ULONG;
}
// A value whatever it is.
template <class T>
void add_present(builder &b, unsigned id, const std::optional<T> &value) noexcept {
  if (value) zw_builder_add_optional(b.c(), id, base_of<T>(), to_scalar(*value));
}
template <class S>
void add_struct(builder &b, unsigned id, const std::optional<S> &value) noexcept {
  if (value)
    zw_builder_add_struct(b.c(), id, static_cast<const void *>(&*value), sizeof(S), alignof(S));
}

inline void add_ref(builder &b, unsigned id, zw_ref object) noexcept {
  zw_builder_add_ref(b.c(), id, object);
}
inline void add_ref64(builder &b, unsigned id, zw_ref64 object) noexcept {
  zw_builder_add_ref64(b.c(), id, object);
}
inline void add_required(builder &b, unsigned id, zw_ref object) noexcept {
  if (!object) b.fail(ZW_EINVAL);
  add_ref(b, id, object);
}

inline zw_ref text(builder &b, std::string_view value) noexcept { return b.string(value).id; }
inline zw_ref shared_text(builder &b, std::string_view value) noexcept {
  return b.shared_string(value).id;
}
inline zw_ref64 text64(builder &b, std::string_view value) noexcept {
  return zw_builder_string64(b.c(), from_view(value));
}
inline zw_ref nested(builder &b, items<std::uint8_t> buffer) noexcept {
  static const std::uint8_t none = 0;
  return zw_builder_nested(b.c(), zw_span_of(buffer.data() ? buffer.data() : &none, buffer.size()));
}

// Scalars and structs into the place of a vector's elements; structs are sorted by their key.
template <class T> void fill(builder &b, items<T> list, void *to) noexcept {
  if (!to || !list.size()) return;
  std::uint8_t *octets = static_cast<std::uint8_t *>(to);
  if constexpr (is_scalar<T> && !is_little) {
    for (std::size_t i = 0; i < list.size(); i++) store(octets + i * sizeof(T), list.data()[i]);
  } else {
    std::memcpy(octets, static_cast<const void *>(list.data()), list.size() * sizeof(T));
  }
  if constexpr (is_struct<T>) {
    const int error = zw_sort_structs(&traits<T>::type(), octets, list.size(), b.c()->alloc);
    if (error) b.fail(error);
  }
}
template <class T> zw_ref plain(builder &b, items<T> list, std::size_t align) noexcept {
  void *to = nullptr;
  const zw_ref object = zw_builder_vector_uninit(b.c(), list.size(), sizeof(T), align, &to);
  fill(b, list, to);
  return object;
}
// `length_size` is that of the vector's length.
template <class T>
zw_ref64 plain64(builder &b, items<T> list, std::size_t align, unsigned length_size) noexcept {
  void *to = nullptr;
  const zw_ref64 object =
      zw_builder_vector64_uninit(b.c(), list.size(), sizeof(T), align, length_size, &to);
  fill(b, list, to);
  return object;
}
// Tables are sorted by their key.
template <class T> zw_ref tables(builder &b, zw_ref *refs, std::size_t count) noexcept {
  if (!b.error()) {
    const int error = zw_sort_tables(b.c(), &traits<T>::type(), refs, count);
    if (error) b.fail(error);
  }
  return zw_builder_refs(b.c(), refs, count);
}

template <class O> zw_ref pack_table(builder &b, const O &object) {
  zw_ref made = 0;
  if (b.enter()) {
    zw_builder_table_start(b.c());
    traits<typename O::zw_view>::pack(b, object);
    made = zw_builder_table_end(b.c());
  }
  b.leave();
  return made;
}
template <class O> zw_ref pack_child(builder &b, const std::unique_ptr<O> &object) {
  return object ? pack_table(b, *object) : 0;
}

// A struct that stands alone, as a union's member.
template <class S> zw_ref lone_struct(builder &b, const S &value) noexcept {
  return zw_builder_struct(b.c(), static_cast<const void *>(&value), sizeof(S), alignof(S));
}

struct member_packer {
  builder &b;
  zw_ref operator()(const std::monostate &) const noexcept { return 0; }
  zw_ref operator()(const std::string &value) const { return text(b, value); }
  template <class O> zw_ref operator()(const std::unique_ptr<O> &value) const {
    if (!value) b.fail(ZW_EINVAL);
    return pack_child(b, value);
  }
  template <class S> zw_ref operator()(const S &value) const noexcept {
    return lone_struct(b, value);
  }
};

template <class V, std::size_t... I>
zw_ref pack_variant(builder &b, const V &value, std::index_sequence<I...>) {
  zw_ref made = 0;
  ((value.index() == I ? void(made = member_packer{b}(*std::get_if<I>(&value))) : void()), ...);
  return made;
}
template <class E> zw_ref pack_union(builder &b, const union_object<E> &object) {
  using variant = typename members<E>::variant;
  return pack_variant(b, object.value, std::make_index_sequence<std::variant_size_v<variant>>());
}
template <class E> void add_union(builder &b, unsigned id, const union_object<E> &object) {
  const zw_ref made = pack_union(b, object);
  if (!made) return;
  add<E>(b, id - 1, object.type(), E());
  add_ref(b, id, made);
}
template <class E> void add_member(builder &b, unsigned id, E type, zw_ref member_value) noexcept {
  add<E>(b, id - 1, type, E());
  add_required(b, id, member_value);
}
template <class E> void add_unions(builder &b, unsigned id, items<union_ref<E>> list) {
  std::vector<E> types(list.size());
  std::vector<zw_ref> refs(list.size());
  for (std::size_t i = 0; i < list.size(); i++) {
    types[i] = list.data()[i].type;
    refs[i] = list.data()[i].id;
  }
  add_ref(b, id - 1, plain<E>(b, types, sizeof(E)));
  add_ref(b, id, zw_builder_refs(b.c(), refs.data(), refs.size()));
}

// What builders take.
template <class T> zw_ref list_of_tables(builder &b, items<ref<T>> list) {
  std::vector<zw_ref> refs(list.size());
  for (std::size_t i = 0; i < list.size(); i++) refs[i] = list.data()[i].id;
  return tables<T>(b, refs.data(), refs.size());
}
inline zw_ref list_of_strings(builder &b, items<std::string_view> list) {
  std::vector<zw_ref> refs(list.size());
  for (std::size_t i = 0; i < list.size(); i++) refs[i] = text(b, list.data()[i]);
  return zw_builder_refs(b.c(), refs.data(), refs.size());
}

// What objects hold.
template <class T>
zw_ref64 list64(builder &b, const std::vector<T> &from, std::size_t align, unsigned length_size) {
  if constexpr (std::is_same_v<T, bool>) {
    std::vector<std::uint8_t> octets(from.begin(), from.end());
    return plain64<std::uint8_t>(b, octets, align, length_size);
  } else {
    return plain64<T>(b, from, align, length_size);
  }
}
template <class T> zw_ref list(builder &b, const std::vector<T> &from, std::size_t align) {
  if constexpr (std::is_same_v<T, bool>) {
    std::vector<std::uint8_t> octets(from.begin(), from.end());
    return plain<std::uint8_t>(b, octets, align);
  } else if constexpr (is_scalar<T> || is_struct<T>) {
    return plain<T>(b, from, align);
  } else {
    std::vector<zw_ref> refs(from.size());
    for (std::size_t i = 0; i < from.size(); i++) {
      if constexpr (std::is_same_v<T, std::string>)
        refs[i] = text(b, from[i]);
      else
        refs[i] = pack_table(b, from[i]);
    }
    if constexpr (std::is_same_v<T, std::string>)
      return zw_builder_refs(b.c(), refs.data(), refs.size());
    else
      return tables<typename T::zw_view>(b, refs.data(), refs.size());
  }
}
template <class E>
void add_union_list(builder &b, unsigned id, const std::vector<union_object<E>> &from) {
  std::vector<union_ref<E>> list(from.size());
  for (std::size_t i = 0; i < from.size(); i++) list[i] = {from[i].type(), pack_union(b, from[i])};
  add_unions<E>(b, id, list);
}

// ---- unpacking, for generated code

template <class X, class O> void unpack_child(X view, std::unique_ptr<O> &to) {
  if (!view) return;
  to = std::make_unique<O>();
  traits<X>::unpack(view, *to);
}
inline void unpack_text(std::string_view view, std::string &to) {
  if (view.data()) to.assign(view.data(), view.size());
}
inline void unpack_text(std::string_view view, maybe<std::string> &to) {
  unpack_text(view, static_cast<std::string &>(to));
  to.keep_empty = view.data() && view.empty();
}

template <class E, class... M>
void unpack_member(union_view<E> view, union_object<E> &to, member_list<M...>);

template <class E> void unpack_union(union_view<E> view, union_object<E> &to) {
  unpack_member(view, to, members<E>());
}
template <class T, class O> void unpack_element(const T &from, O &to) {
  if constexpr (std::is_same_v<T, std::string_view>)
    unpack_text(from, to);
  else if constexpr (is_table<T>)
    traits<T>::unpack(from, to);
  else
    unpack_union(from, to);
}
template <class T, class O> void unpack_list(vector_view<T> from, std::vector<O> &to) {
  if constexpr (is_scalar<T> || is_struct<T>) {
    to.assign(from.begin(), from.end());
  } else {
    to.resize(from.size());
    for (std::size_t i = 0; i < from.size(); i++) unpack_element(from[i], to[i]);
  }
}
template <class T, class O> void unpack_list(vector_view<T> from, maybe<std::vector<O>> &to) {
  unpack_list(from, static_cast<std::vector<O> &>(to));
  to.keep_empty = from && from.empty();
}

template <class View, class O> void unpack_value(const View &view, std::unique_ptr<O> &to) {
  unpack_child(view, to);
}
inline void unpack_value(std::string_view view, std::string &to) { unpack_text(view, to); }
template <class S> void unpack_value(const S &value, S &to) { to = value; }
template <class E, std::size_t I, class M> void unpack_if(union_view<E> view, union_object<E> &to) {
  constexpr E number = static_cast<E>(M::number);
  if (view.type() != number) return;
  const auto seen = view.template get<number>();
  if constexpr (is_struct<typename M::view>)
    unpack_value(*seen, to.value.template emplace<I>());
  else
    unpack_value(seen, to.value.template emplace<I>());
}
template <class E, class... M, std::size_t... I>
void unpack_each([[maybe_unused]] union_view<E> view, union_object<E> &to, member_list<M...>,
                 std::index_sequence<I...>) {
  (unpack_if<E, I + 1, M>(view, to), ...);
}
template <class E, class... M>
void unpack_member(union_view<E> view, union_object<E> &to, member_list<M...> list) {
  to.value = std::monostate();
  unpack_each(view, to, list, std::make_index_sequence<sizeof...(M)>());
}

} // namespace zw_detail

template <> struct traits<void_view> {
  using object = void_object;
  static const zw_type &type() noexcept {
    static const zw_type none = {
        {"Void", 4}, nullptr, nullptr,      nullptr,      0,      false, 1, 0,
        nullptr,     0,       {nullptr, 0}, {nullptr, 0}, nullptr};
    return none;
  }
  static void unpack(const void_view &, void_object &) {}
  static void pack(builder &, const void_object &) {}
};

// ---- whole buffers -----------------------------------------------------------------------------

// Octets of a container or a string.
template <class C> zw_span span(const C &octets) noexcept {
  static_assert(sizeof(*octets.data()) == 1, "octets");
  return zw_span_of(octets.data(), octets.size());
}

namespace zw_detail {
// What 64-bit offsets of the schema ask for beyond the options that are given.
template <class X>
zw_verify_options options_of(const zw_verify_options *given, std::uint32_t more) noexcept {
  zw_verify_options options = given ? *given : zw_verify_options{0, 0, 0};
  if (traits<X>::has_far) options.flags |= more;
  return options;
}
} // namespace zw_detail

// Verifies that the bytes are a buffer whose root is an X; 0, and *out (may be NULL) is the view.
// Else ZW_EVERIFY or ZW_ELIMIT with place and path in *diag, or ZW_EVERSION: the code was generated
// for another libzerowire than the one that is linked.
template <class X>
int verify(zw_span bytes, X *out, zw_diag *diag = nullptr,
           const zw_verify_options *options = nullptr) noexcept {
  const int error = zw_stamp_check(&traits<X>::stamp(), diag);
  if (error) return error;
  const zw_verify_options all = zw_detail::options_of<X>(options, ZW_VERIFY_LARGE);
  return zw_verify(&traits<X>::type(), bytes, &all, out ? &out->zw_t : nullptr, diag);
}
// The same, where the file identifier must be that of the schema (X is its root table).
template <class X>
int verify_identified(zw_span bytes, X *out, zw_diag *diag = nullptr,
                      const zw_verify_options *options = nullptr) noexcept {
  const int error = zw_stamp_check(&traits<X>::stamp(), diag);
  if (error) return error;
  const zw_verify_options all = zw_detail::options_of<X>(options, ZW_VERIFY_LARGE);
  return zw_verify_identified(&traits<X>::type(), traits<X>::identifier(), bytes, &all,
                              out ? &out->zw_t : nullptr, diag);
}
// The same behind a size prefix (4 octets; 8 where the schema has 64-bit offsets), with any
// identifier.
template <class X>
int verify_sized(zw_span bytes, X *out, zw_diag *diag = nullptr,
                 const zw_verify_options *options = nullptr) noexcept {
  const int error = zw_stamp_check(&traits<X>::stamp(), diag);
  if (error) return error;
  const zw_verify_options all =
      zw_detail::options_of<X>(options, ZW_VERIFY_LARGE | ZW_VERIFY_SIZE64);
  return zw_verify_sized(&traits<X>::type(), zw_str{nullptr, 0}, bytes, &all,
                         out ? &out->zw_t : nullptr, diag);
}
// The root of bytes that were verified before.
template <class X> X root_trusted(zw_span bytes) noexcept { return X(zw_root_trusted(bytes)); }
// The whole buffer of its root's view, else {NULL, 0}.
inline zw_span bytes(table_view root) noexcept { return zw_table_bytes(root.zw_t); }

// Closes the buffer, with the identifier if X is the root table of its schema. 0 and the view of
// what the builder holds, or its bytes (all of them, also of 2 GiB and more), or the builder's
// error.
template <class X> int finish(builder &b, ref<X> root, zw_span *out) noexcept {
  if (const int stale = zw_stamp_check(&traits<X>::stamp(), nullptr)) b.fail(stale);
  return zw_builder_finish(b.c(), root.id, traits<X>::identifier(), out);
}
template <class X> int finish(builder &b, ref<X> root, X *out) noexcept {
  zw_span made;
  const int error = finish(b, root, &made);
  if (!error && out) out->zw_t = zw_root_trusted(made);
  return error;
}
// The same with a size prefix, as verify_sized has it; *out are the bytes, prefix included.
template <class X> int finish_sized(builder &b, ref<X> root, zw_span *out) noexcept {
  if (const int stale = zw_stamp_check(&traits<X>::stamp(), nullptr)) b.fail(stale);
  return zw_builder_finish_sized(b.c(), root.id, traits<X>::identifier(),
                                 traits<X>::has_far ? 8 : 4, out);
}

// An object and all below it, in the buffer that is being built.
template <class O> ref<typename O::zw_view> pack_object(builder &b, const O &object) {
  return {zw_detail::pack_table(b, object)};
}
// A whole buffer; the builder is reset first. ZW_EINVAL: what is required is not there; ZW_ELIMIT:
// objects inside each other are more than 64.
template <class O> int pack(builder &b, const O &object, typename O::zw_view *out = nullptr) {
  b.reset();
  return finish(b, pack_object(b, object), out);
}
template <class O> int pack(builder &b, const O &object, zw_span *out) {
  b.reset();
  return finish(b, pack_object(b, object), out);
}
template <class O> int pack_sized(builder &b, const O &object, zw_span *out) {
  b.reset();
  return finish_sized(b, pack_object(b, object), out);
}
// An object of its own: what the buffer refers to more than once is there as often, so that a
// stranger's buffer may become some thousand times as large; zw::copy has a bound. Throws what its
// allocations throw.
template <class X> typename traits<X>::object unpack(X view) {
  typename traits<X>::object object;
  if (view) traits<X>::unpack(view, object);
  return object;
}
// A table of another buffer, and all below it, in the one that is being built (zw_copy_table).
template <class X> ref<X> copy(builder &b, X view) noexcept {
  return {zw_copy_table(b.c(), &traits<X>::type(), view.zw_t)};
}
// Below 0, 0, above 0: a total order of what two tables say (zw_any_compare).
template <class X> int compare(X a, X b) noexcept {
  return zw_table_compare(&traits<X>::type(), a.zw_t, b.zw_t);
}

// JSON, as `zerowire json` prints and reads it (zw_json_print, zw_json_parse).
template <class X> int to_json(X view, std::string *out, int indent = 0) {
  zw_text text;
  zw_text_init(&text, nullptr);
  const int error = zw_json_print(&traits<X>::type(), view.zw_t, ZW_OBJECT_TEXT, indent, &text);
  if (!error) out->append(zw_text_str(&text).ptr, text.len);
  zw_text_deinit(&text);
  return error;
}
template <class X>
int from_json(builder &b, std::string_view json, X *out, zw_diag *diag = nullptr) {
  zw_span made;
  b.reset();
  const int error = zw_json_parse(&traits<X>::type(), zw_detail::from_view(json), 0, ZW_OBJECT_TEXT,
                                  b.c(), &made, diag);
  if (!error && out) out->zw_t = zw_root_trusted(made);
  return error;
}

} // namespace zw

#endif
