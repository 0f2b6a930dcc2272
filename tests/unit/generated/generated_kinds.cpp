// SPDX-License-Identifier: Apache-2.0
// Generated C++ of every kind of field, and of key, at its limits (kinds.fbs): defaults, what is
// packed and unpacked again, and elements found by keys of every type.
#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstdarg>
#include <limits>

#include "kinds_generated.hpp"
extern "C" {
#include <cmocka.h>
}

void test_kinds_presets(void **);
void test_kinds_copies(void **);
void test_kinds_keys(void **);

using namespace kinds;

namespace {

template <class T> using limits = std::numeric_limits<T>;

std::vector<std::uint8_t> nested_leaf() {
  zw::builder b;
  LeafT leaf;
  leaf.name = "nested";
  zw_span made;
  assert_int_equal(zw::pack(b, leaf, &made), 0);
  return {made.ptr, made.ptr + made.len};
}

// What is required, and nothing else.
EveryT least() {
  EveryT o;
  o.req = "";
  o.rst = Key(0, {});
  o.rt = std::make_unique<EmptyT>();
  o.ru.set<Any::Text>("");
  o.nest2 = nested_leaf();
  o.rflex = {0, 0, 1};
  o.farr = "";
  return o;
}

EveryT most() {
  EveryT o = least();
  const Deep deep(true, Tiny::Minus, {Small::A, Small::B | Small::C, Small()}, {-0.0, 1e300});
  const Outer outer(deep, {deep, deep}, {true, false, true, false, true}, 65535);
  o.ob = false;
  o.oi64 = limits<std::int64_t>::min();
  o.ou64 = limits<std::uint64_t>::max();
  o.of32 = -limits<float>::infinity();
  o.oe = Tiny::Zero;
  o.ow = Wide::First | Wide::Last;
  o.os = Signed::High;
  o.st = outer;
  o.t = std::make_unique<LeafT>();
  o.t->list.resize(2);
  o.u.set<Any::Out>(outer);
  o.us.resize(4);
  o.us[0].set<Any::Again>(std::make_unique<LeafT>());
  o.us[1].set<Any::Other>("other");
  o.us[2].set<Any::Out>(outer);
  o.us[3].set<Any::Empty>(std::make_unique<EmptyT>());
  o.br.set<Broad::Key>(Key(1, {2, 3}));
  o.brs.resize(1);
  o.brs[0].set<Broad::Leaf>(std::make_unique<LeafT>());
  o.bools = {true, false};
  o.tinies = {Tiny::Plus, static_cast<Tiny>(77)};
  o.wides = {Wide::Last};
  o.outers = {outer, outer};
  o.empties.resize(3);
  o.rlist = {"", "text"};
  o.al = {1};
  o.far = "far";
  o.far2 = {outer};
  o.far4 = nested_leaf();
  o.far5 = {false, true};
  o.farf = {5, 4, 1};
  return o;
}

// Packs, and comes back through the border.
Every packed(zw::builder &b, const EveryT &object) {
  Every v;
  zw_diag diag = {};
  const zw_verify_options strict = {ZW_VERIFY_FORCE_ALIGN, 0, 0};
  assert_int_equal(zw::pack(b, object, &v), 0);
  if (zw::verify_identified(zw::bytes(v), &v, &diag, &strict)) fail_msg("%s", diag.message);
  return v;
}

// The elements are found by each of their keys; sorting has brought them into their order.
template <class O, class K>
void check_keys(zw::maybe<std::vector<O>> EveryT::*field,
                zw::vector_view<typename O::zw_view> (Every::*read)() const noexcept,
                const std::vector<K> &keys) {
  EveryT object = least();
  zw::builder b;
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    (object.*field).emplace_back();
    (object.*field).back().k = *key;
  }
  const auto list = (packed(b, object).*read)();
  for (std::size_t i = 0; i < keys.size(); i++) {
    assert_int_equal(list.find_index(keys[i]), i);
    assert_true(!!list.find(keys[i]));
  }
}

template <class T> std::vector<T> around(T middle) {
  std::vector<T> keys = {limits<T>::lowest(), middle, static_cast<T>(middle + 1), limits<T>::max()};
  if constexpr (limits<T>::has_quiet_NaN) keys.push_back(limits<T>::quiet_NaN());
  return keys;
}

} // namespace

void test_kinds_presets(void **) {
  zw::builder b;
  const EveryT o = least();
  const Every v = packed(b, o);
  assert_true(v.b() && v.i8() == -128 && v.u8() == 255 && v.i16() == -32768 && v.u16() == 65535);
  assert_true(v.i32() == limits<std::int32_t>::min() && v.u32() == limits<std::uint32_t>::max());
  assert_true(v.i64() == limits<std::int64_t>::min() && v.u64() == limits<std::uint64_t>::max());
  assert_true(std::isnan(v.f32()) && v.f64() == -limits<double>::infinity());
  assert_true(v.fz() == 0 && v.fm() == limits<float>::max() && v.dm() == 4.9e-324 && v.dm() > 0);
  assert_true(v.e() == Tiny::Minus && v.w() == (Wide::First | Wide::Last) && v.s() == Signed::Low);
  assert_true(v.sm() == (Small::A | Small::C) && !(v.sm() & Small::B) &&
              zw::enum_name(v.e()) == "Minus");
  assert_true(!v.has_b() && !v.has_f32() && !v.has_f64() && !v.has_w() && !v.has_str());
  assert_true(!v.ob() && !v.oe() && !v.ow() && !v.of64());
  assert_true(v.str() == "q\"uo?\?/te\n\u00e9" && v.str() == o.str && v.farfd() == "x");
  assert_true(v.empty().data() && v.empty().empty() && v.u_type() == Any() && !v.v() && !v.vs());
  // Of what is required there is one, though it is empty.
  assert_true(v.req().data() && v.rlist() && v.rus() && v.routers() && v.rt() && v.rst());
  assert_true(v.ru_as_Text().data() && v.farr().data() && v.nest2_root().name() == "nested");
  assert_true(v.rflex_root().is_null() && !v.flex_root() && !v.nest_root() && !v.far4_root());
}

void test_kinds_copies(void **) {
  zw::builder first, second, third;
  const Every v = packed(first, most());
  const Every w = packed(second, zw::unpack(v));
  assert_int_equal(zw::compare(v, w), 0);
  assert_true(zw_span_eq(zw::bytes(v), zw::bytes(w)));
  assert_true(v.ob() == false && v.ou64() == limits<std::uint64_t>::max() && v.oe() == Tiny::Zero);
  assert_true(v.st()->many[1].f[1] == (Small::B | Small::C) && v.st()->flags[4] &&
              v.st()->n == 65535);
  assert_true(v.u_as_Out() == v.st() && v.outers()[1] == *v.st() && v.far2()[0] == *v.st());
  assert_true(v.us()[0].get<Any::Again>() && !v.us()[0].get<Any::Leaf>() && v.us().size() == 4);
  assert_true(v.us()[1].get<Any::Other>() == "other" && v.us()[2].get<Any::Out>() == v.st());
  assert_true(v.br_as_Key()->b[1] == 3 && v.brs()[0].type() == Broad::Leaf);
  assert_true(v.tinies()[1] == static_cast<Tiny>(77) && zw::enum_name(v.tinies()[1]).empty());
  assert_true(v.far4_root().name() == "nested" && v.far5()[1] && v.farf_root().as_int() == 5);
  assert_int_equal((v.outers().octets().ptr - zw::bytes(v).ptr) % 32, 0);
  const int visited =
      v.us()[3].visit([](auto member) { return std::is_same_v<decltype(member), Empty> ? 1 : 0; });
  assert_int_equal(visited, 1);
  zw::ref<Every> copied = zw::copy(third, v);
  Every x;
  assert_int_equal(zw::finish(third, copied, &x), 0);
  assert_int_equal(zw::compare(v, x), 0);
  EveryT without = least();
  without.ru.value = std::monostate();
  assert_int_equal(zw::pack(third, without), ZW_EINVAL);
}

void test_kinds_keys(void **) {
  check_keys<ByBT, bool>(&EveryT::byb, &Every::byb, {false, true});
  check_keys<ByI8T>(&EveryT::byi8, &Every::byi8, around<std::int8_t>(-1));
  check_keys<ByU8T>(&EveryT::byu8, &Every::byu8, around<std::uint8_t>(127));
  check_keys<ByI16T>(&EveryT::byi16, &Every::byi16, around<std::int16_t>(-1));
  check_keys<ByU16T>(&EveryT::byu16, &Every::byu16, around<std::uint16_t>(32767));
  check_keys<ByI32T>(&EveryT::byi32, &Every::byi32, around<std::int32_t>(-1));
  check_keys<ByU32T>(&EveryT::byu32, &Every::byu32, around<std::uint32_t>(0x7fffffff));
  // -3, the default, is not written.
  check_keys<ByI64T>(&EveryT::byi64, &Every::byi64, around<std::int64_t>(-3));
  check_keys<ByU64T>(&EveryT::byu64, &Every::byu64, around<std::uint64_t>(INT64_MAX));
  check_keys<ByF32T>(&EveryT::byf32, &Every::byf32, around<float>(-0.5f));
  check_keys<ByF64T>(&EveryT::byf64, &Every::byf64, around<double>(-1.5));
  check_keys<ByET, Signed>(&EveryT::bye, &Every::bye, {Signed::Low, Signed::None, Signed::High});
  check_keys<ByWT, Wide>(&EveryT::byw, &Every::byw, {Wide(), Wide::First, Wide::Last});
  check_keys<ByST, Key>(&EveryT::bys, &Every::bys,
                        {Key(-1, {0, 9}), Key(0, {0, 1}), Key(0, {1, 0})});
  EveryT o = least();
  zw::builder b;
  o.sta = {StArr({0, 0, 1}, 2), StArr({-1, 9, 9}, 1)};
  o.sts = {StStr(Key(2, {}), 2), StStr(Key(-1, {5, 5}), 1)};
  o.stf = {StF(2, 1.5f), StF(1, -1.5f)};
  o.ste = {StE(Tiny::Plus), StE(Tiny::Minus)};
  o.far3 = o.sta;
  const Every v = packed(b, o);
  assert_true(v.sta().find({-1, 9, 9})->n == 1 && v.sta().find({0, 0, 1})->n == 2);
  assert_true(!v.sta().find({0, 0, 0}) && !v.sta().find({0, 0, 2}));
  assert_true(v.sts().find(Key(-1, {5, 5}))->n == 1 && !v.sts().find(Key(-1, {5, 6})));
  assert_true(v.stf().find_index(-1.5f) == 0 && v.stf().find_index(0) == ZW_NO_INDEX);
  assert_true(v.ste().find_index(Tiny::Plus) == 1 && !v.ste().find(Tiny::Zero));
  assert_true(v.far3().find({0, 0, 1})->n == 2 && !v.byb().find(true));
}
