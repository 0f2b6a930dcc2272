// SPDX-License-Identifier: Apache-2.0
// Every construct of the schema language in generated C++: built, packed, read, unpacked, changed.
#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstdarg>
#include <cstdlib>
#include <numeric>

#include "clashes_generated.hpp"
#include "constructs_generated.hpp"
#include "cycle_right_generated.hpp"
#include "hostile_generated.hpp"
#include "including_generated.hpp"
#include "keys_generated.hpp"
#include "rich_generated.hpp"
#include "telemetry_generated.hpp"
#include "younger_generated.hpp"
extern "C" {
#include <cmocka.h>
}

using namespace every::thing;

// generated_ranges.cpp, generated_kinds.cpp
std::ptrdiff_t ranges_in_generated(Every v);
void test_kinds_presets(void **);
void test_kinds_copies(void **);
void test_kinds_keys(void **);

namespace {

#define check_text(text, expected) assert_true((text) == std::string_view(expected))

// Packs, and comes back through the border.
Every packed(zw::builder &b, const EveryT &object) {
  Every made, v;
  zw_diag diag = {};
  assert_int_equal(zw::pack(b, object, &made), 0);
  if (zw::verify(zw::bytes(made), &v, &diag)) fail_msg("%s", diag.message);
  return v;
}

EveryT begin() {
  EveryT o;
  o.needed = "needed";
  return o;
}

void test_defaults(void **) {
  zw::builder b;
  const Every v = packed(b, begin());
  assert_true(v.a_bool());
  assert_int_equal(v.a_byte(), -3);
  assert_int_equal(v.an_int(), INT32_MIN);
  assert_true(v.a_uint() == 4000000000u && v.a_long() == -INT64_MAX && v.a_ulong() == UINT64_MAX);
  assert_true(v.a_float() == 1.5f && v.tenth() == 0.1f && v.a_double() == -2e300);
  assert_true(std::isinf(v.beyond()) && v.beyond() > 0 && v.tiny() == 0);
  assert_true(std::isnan(v.not_a_number()) && v.infinite() < 0 && std::isinf(v.infinite()));
  assert_true(v.color() == Color::Green && v.far() == Far::High && v.flags() == Flags::One);
  assert_false(v.has_a_bool() || v.has_greeting() || v.has_maybe() || v.has_leaf());
  check_text(v.greeting(), "say \"hi\" \xc3\xa9?");
  assert_null(v.text().data());
  assert_true(!v.maybe() && !v.maybe_flag() && !v.point() && !v.leaf() && !v.any() && !v.ints());
  assert_true(v.ints().empty() && v.anys().empty() && v.texts().begin() == v.texts().end());
  assert_memory_equal(zw::bytes(v).ptr + 4, "EVRY", 4);
  // An absent table's fields are absent in turn.
  assert_int_equal(v.leaf().value(), 7);
  assert_int_equal(v.self().self().a_byte(), -3);
}

void test_scalars(void **) {
  zw::builder b;
  EveryT o = begin();
  o.a_bool = false;
  o.a_short = -300;
  o.far = Far::Low;
  o.flags = Flags::One | Flags::name;
  o.flags |= Flags::Two;
  o.flags &= ~Flags::Two;
  o.maybe = 0;
  o.maybe_flag = true;
  o.greeting = "";
  const Every v = packed(b, o);
  assert_true(!v.a_bool() && v.a_short() == -300 && v.far() == Far::Low);
  assert_int_equal(static_cast<int>(v.flags()), 5);
  assert_true(!(v.flags() & Flags::Two) && (Flags::One ^ Flags::One) == Flags());
  assert_true(v.maybe() == 0 && v.has_maybe() && v.maybe_flag() == true && !v.maybe_real());
  assert_true(v.has_greeting() && v.greeting().empty());
  check_text(zw::enum_name(v.far()), "Low");
  check_text(zw::enum_name(Color::Blue), "Blue");
  assert_true(zw::enum_name(static_cast<Color>(77)).empty());
}

void test_structs(void **) {
  zw::builder b;
  EveryT o = begin();
  const Mixed mixed(true, -1, {1, 2}, Color::Blue, 0.5, {1, 2, 3}, {Point(3, 4), Point(5, 6)},
                    {9, 8, 7, 6});
  o.mixed = mixed;
  o.point = Point(3, 4);
  o.point->x = 3.5f;
  o.wide = Wide(1, -2);
  o.wides = {Wide(1, 2), Wide(3, 4)};
  o.points = {Point(1, 2), Point(3, 4)};
  const Every v = packed(b, o);
  const Mixed m = v.mixed().value();
  assert_true(m == mixed && m.flag && m.tag == -1 && m.at.y == 2.0f && m.color == Color::Blue);
  assert_true(m.corners[1] == Point(5, 6) && m.many[2] == 3 && m.octets[0] == 9);
  assert_true(v.point()->x == 3.5f && *v.point() != Point());
  assert_int_equal(v.wide()->b, -2);
  assert_int_equal(alignof(Wide), 16);
  assert_int_equal(v.wides().size(), 2);
  assert_int_equal(v.wides()[1].b, 4);
  assert_true(v.points().back() == Point(3, 4));
  // Aligned in the buffer, structs are read where they lie.
  const Point *raw = v.points().data();
  assert_true(raw && raw[1].y == 4.0f);
  assert_int_equal(v.points().octets().len, 16);
}

void test_vectors(void **) {
  zw::builder b;
  EveryT o = begin();
  o.text = "text";
  o.leaf = std::make_unique<LeafT>();
  o.leaf->name = "leaf";
  o.self = std::make_unique<EveryT>(begin());
  o.leaves.resize(3);
  o.leaves[0].name = "c";
  o.leaves[1].name = "leaf";
  o.leaves[1].value = 5;
  o.leaves[2].name = "b";
  o.ints = {-1, 0, 1, 7};
  o.bools = {true, false};
  o.colors = {Color::Red, Color::Blue};
  o.reals = {0.25, -4};
  o.texts = {"x", "", "yz"};
  o.octets.keep_empty = true;
  const Every v = packed(b, o);
  check_text(v.text(), "text");
  check_text(v.leaf().name(), "leaf");
  check_text(v.self().needed(), "needed");
  assert_true(v.bools()[0] && !v.bools()[1] && v.colors()[1] == Color::Blue);
  assert_true(v.has_octets() && v.octets() && v.octets().empty() && !v.points());
  const auto ints = v.ints();
  assert_int_equal(std::accumulate(ints.begin(), ints.end(), 0), 7);
  assert_true(std::is_sorted(ints.begin(), ints.end()));
  assert_true(std::lower_bound(ints.begin(), ints.end(), 1) - ints.begin() == 2);
  assert_true(ints.data() && ints.data()[3] == 7 && *(ints.end() - 1) == 7 && ints.begin()[1] == 0);
  std::string all;
  for (std::string_view text : v.texts()) all += text;
  check_text(all, "xyz");
  // Sorted by their key, whatever the order was.
  check_text(v.leaves().front().name(), "b");
  assert_int_equal(v.leaves().find("leaf").value(), 5);
  assert_true(v.leaves().find_index("c") == 1 && !v.leaves().find("a"));
  check_text(v.leaves().begin()->name(), "b");
  assert_int_equal(ranges_in_generated(v), 6);
}

struct visitor {
  std::string operator()(Leaf leaf) const { return "leaf " + std::string(leaf.name()); }
  std::string operator()(Other other) const { return "other " + std::to_string(other.id()); }
  std::string operator()(std::string_view text) const { return "text " + std::string(text); }
  std::string operator()(const Point &) const { return "point"; }
  std::string operator()(std::monostate) const { return "none"; }
};

void test_unions(void **) {
  zw::builder b;
  EveryT o = begin();
  o.any.set<Any::Alias>(std::make_unique<OtherT>());
  (*o.any.get<Any::Alias>())->id = 5;
  o.anys.resize(4);
  o.anys[0].set<Any::Text>("text");
  o.anys[1].set<Any::Point>(Point(1, 2));
  o.anys[2].set<Any::Leaf>(std::make_unique<LeafT>());
  (*o.anys[2].get<Any::Leaf>())->name = "deep";
  o.anys[3].set<Any::Alias>(std::make_unique<OtherT>());
  assert_true(o.any.type() == Any::Alias && !o.any.get<Any::Leaf>());
  const Every v = packed(b, o);
  assert_true(v.any_type() == Any::Alias && v.any().type() == Any::Alias && v.any());
  assert_int_equal(v.any_as_Alias().id(), 5);
  assert_true(!v.any_as_Leaf() && !v.any_as_Text().data() && !v.any_as_Point());
  check_text(v.any().visit(visitor()), "other 5");
  check_text(zw::union_view<Any>().visit(visitor()), "none");
  assert_int_equal(v.anys().size(), 4);
  std::string all;
  for (zw::union_view<Any> any : v.anys()) all += any.visit(visitor()) + ";";
  check_text(all, "text text;point;leaf deep;other 0;");
  assert_true(v.anys()[1].get<Any::Point>()->y == 2.0f && v.anys_type()[2] == Any::Leaf);
  assert_true(!v.anys()[1].get<Any::Leaf>());
}

void test_nested(void **) {
  zw::builder b, inner;
  EveryT o = begin();
  LeafT leaf;
  leaf.name = "in";
  Leaf made;
  assert_int_equal(zw::pack(inner, leaf, &made), 0);
  const zw_span bytes = zw::bytes(made);
  o.nested = std::vector<std::uint8_t>(bytes.ptr, bytes.ptr + bytes.len);
  const Every v = packed(b, o);
  check_text(v.nested_root().name(), "in");
  assert_int_equal(v.nested().size(), bytes.len);
  const Every none = packed(b, begin());
  assert_true(!none.nested_root());
}

// An object says all that the buffer says.
void test_unpack(void **) {
  zw::builder b, again;
  EveryT o = begin();
  o.a_bool = false;
  o.maybe = 4;
  o.text.keep_empty = true;
  o.mixed = Mixed();
  o.leaf = std::make_unique<LeafT>();
  o.leaf->name = "leaf";
  o.any.set<Any::Text>("t");
  o.anys.resize(2);
  o.anys[0].set<Any::Point>(Point(1, 2));
  o.anys[1].set<Any::Leaf>(std::make_unique<LeafT>());
  (*o.anys[1].get<Any::Leaf>())->name = "l";
  o.bools = {true, false, true};
  o.texts = {"", "b"};
  o.points.keep_empty = true;
  o.leaves.resize(1);
  o.leaves[0].name = "x";
  o.self = std::make_unique<EveryT>(begin());
  const Every v = packed(b, o);
  const EveryT copy = zw::unpack(v);
  assert_true(copy.maybe == 4 && !copy.maybe_real && copy.texts.size() == 2 && copy.bools[2]);
  assert_true(*copy.anys[0].get<Any::Point>() == Point(1, 2) && copy.points.keep_empty);
  const Every w = packed(again, copy);
  assert_int_equal(zw::compare(v, w), 0);
  const zw_span first = zw::bytes(v), second = zw::bytes(w);
  assert_true(zw_span_eq(first, second));
  EveryT other = zw::unpack(w);
  other.leaves[0].name = "y";
  assert_true(zw::compare(v, packed(again, other)) < 0);
}

void test_copy(void **) {
  zw::builder b, other;
  EveryT o = begin();
  o.ints = {1, 2};
  const Every v = packed(b, o);
  EveryBuilder piece(other);
  piece.add_needed("outer").add_self(zw::copy(other, v));
  Every made;
  assert_int_equal(zw::finish(other, piece.end(), &made), 0);
  assert_int_equal(zw::compare(made.self(), v), 0);
  assert_int_equal(zw::verify(zw::bytes(made), &made), 0);
}

void test_builder(void **) {
  zw::builder b;
  const std::vector<double> reals = {1.5, 2.5};
  LeafBuilder leaf(b);
  const zw::ref<Leaf> second = leaf.add_name("b").end();
  LeafBuilder next(b);
  const zw::ref<Leaf> first = next.add_name("a").add_value(1).end();
  EveryBuilder every(b);
  every.add_needed("n").add_maybe(-7).add_point(Point(1, 2)).add_ints({5, 6}).add_reals(reals);
  every.add_texts({"x", "y"}).add_bools({true, false}).add_points({Point(3, 4)});
  every.add_any_as_Point(Point(7, 8)).add_leaf(first).add_leaves({second, first});
  every.add_anys({{Any::Leaf, first.id}, {Any::Text, b.string("s").id}});
  Every v;
  zw_diag diag = {};
  assert_int_equal(zw::finish(b, every.end(), &v), 0);
  if (zw::verify(zw::bytes(v), &v, &diag)) fail_msg("%s", diag.message);
  assert_true(v.maybe() == -7 && v.point()->y == 2.0f && v.ints()[1] == 6 && v.reals()[1] == 2.5);
  assert_true(v.any_as_Point()->x == 7.0f && v.leaf().value() == 1 && v.points()[0].x == 3.0f);
  assert_int_equal(v.leaves().find("a").value(), 1);
  check_text(v.anys()[1].get<Any::Text>(), "s");
  check_text(v.anys()[0].get<Any::Leaf>().name(), "a");
  assert_true(v.bools()[0] && !v.bools()[1]);
}

void test_change(void **) {
  zw::builder b;
  EveryT o = begin();
  o.a_short = 1;
  o.maybe = 2;
  o.color = Color::Red;
  o.point = Point(1, 2);
  o.ints = {1, 2, 3};
  o.points = {Point(1, 2)};
  const Every v = packed(b, o);
  assert_true(v.set_a_short(-5) && v.set_maybe(7) && v.set_color(Color::Blue));
  assert_true(v.set_point(Point(8, 9)));
  assert_false(v.set_a_long(1) || v.set_maybe_flag(true) || v.set_wide(Wide()));
  v.ints().set(1, -2);
  v.points().set(0, Point(5, 6));
  assert_true(v.a_short() == -5 && v.maybe() == 7 && v.color() == Color::Blue);
  assert_true(*v.point() == Point(8, 9) && v.ints()[1] == -2 && v.points()[0] == Point(5, 6));
  assert_true(v.a_long() == -INT64_MAX && !v.maybe_flag());
}

void test_errors(void **) {
  zw::builder b;
  Every v;
  zw_diag diag = {};
  EveryT deep = begin(), *at = &deep;
  assert_int_equal(zw::verify(zw::span(std::string("no buffer at all")), &v, &diag), ZW_EVERIFY);
  assert_true(diag.message[0] != 0);
  for (int i = 0; i < 63; i++, at = at->self.get()) at->self = std::make_unique<EveryT>(begin());
  assert_int_equal(zw::pack(b, deep, &v), 0);
  at->self = std::make_unique<EveryT>(begin());
  assert_int_equal(zw::pack(b, deep, &v), ZW_ELIMIT);
  EveryT absent = begin();
  absent.any.set<Any::Leaf>(nullptr);
  assert_int_equal(zw::pack(b, absent, &v), ZW_EINVAL);
  alignas(8) unsigned char memory[64];
  zw::builder fixed(memory, sizeof memory);
  EveryT large = begin();
  large.text = std::string(100, 'x');
  assert_int_equal(zw::pack(fixed, large, &v), ZW_ELIMIT);
  assert_int_equal(zw::pack(b, begin(), &v), 0);
}

void test_stamp(void **) {
  zw_diag diag = {};
  zw_stamp stamp = zw::traits<Every>::stamp();
  assert_int_equal(zw_stamp_check(&stamp, &diag), 0);
  stamp.abi++;
  assert_int_equal(zw_stamp_check(&stamp, &diag), ZW_EVERSION);
  assert_non_null(std::strstr(diag.message, "Compile the schema again"));
  const zw_schema &schema = zw::traits<Every>::schema();
  assert_ptr_equal(zw_schema_type(&schema, ZW_STR("every.thing.Every")),
                   &zw::traits<Every>::type());
  assert_memory_equal(schema.id, stamp.schema_id, sizeof stamp.schema_id);
  // The descriptors are those that the compiled schema makes.
  zw_schema *loaded;
  assert_int_equal(zw_schema_load(&loaded, schema.bfbs, nullptr, &diag), 0);
  assert_memory_equal(loaded->id, schema.id, sizeof schema.id);
  assert_int_equal(loaded->type_count, schema.type_count);
  for (std::size_t i = 0; i < schema.type_count; i++) {
    const zw_type &a = loaded->types[i], &c = schema.types[i];
    assert_true(zw_str_eq(a.name, c.name) && a.field_count == c.field_count && a.size == c.size);
    for (unsigned k = 0; k < a.field_count; k++) {
      const zw_field &f = a.fields[k], &h = c.fields[k];
      assert_true(zw_str_eq(f.name, h.name) && f.base == h.base && f.element == h.element);
      assert_true(f.offset == h.offset && f.flags == h.flags && f.fixed_length == h.fixed_length);
      assert_true(zw_base_is_float(f.base) || f.preset.u == h.preset.u);
      assert_true(!f.type == !h.type && !f.enum_type == !h.enum_type);
      assert_int_equal(f.attribute_count, h.attribute_count);
    }
  }
  zw_schema_destroy(loaded);
}

void test_sized(void **) {
  zw::builder b;
  zw_span bytes;
  Every v;
  EveryT o = begin();
  o.wide = Wide(1, 2);
  assert_int_equal(zw::pack_sized(b, o, &bytes), 0);
  assert_int_equal(zw_load_le32(bytes.ptr), bytes.len - 4);
  assert_memory_equal(bytes.ptr + 8, "EVRY", 4);
  assert_int_equal(zw::verify_sized(bytes, &v), 0);
  assert_int_equal(v.wide()->b, 2);
  assert_int_equal(zw::verify_sized(zw_span_of(bytes.ptr, bytes.len - 1), &v), ZW_EVERIFY);
  const Every plain = packed(b, o);
  assert_int_equal(zw::verify_identified(zw::bytes(plain), &v), 0);
  Leaf leaf;
  LeafT object;
  object.name = "l";
  zw::builder other;
  assert_int_equal(zw::pack(other, object, &leaf), 0);
  assert_int_equal(zw::verify_identified(zw::bytes(leaf), &v), ZW_EVERIFY);
}

void test_json(void **) {
  zw::builder b;
  Leaf leaf;
  std::string text;
  zw_diag diag = {};
  assert_int_equal(zw::from_json(b, "{name: 'a', value: 3}", &leaf, &diag), 0);
  assert_int_equal(leaf.value(), 3);
  assert_int_equal(zw::to_json(leaf, &text), 0);
  check_text(text, "{\"name\":\"a\",\"value\":3}");
  assert_int_equal(zw::from_json(b, "{name: 'a', volume: 3}", &leaf, &diag), ZW_EINVAL);
}

// Schemas that include each other, and the built-in table.
void test_includes(void **) {
  zw::builder b;
  two::RightT right;
  right.left = std::make_unique<one::LeftT>();
  right.left->s = two::Size::Big;
  right.corner = one::Corner(two::Point(1, two::Size::Big), one::Kind::B);
  right.m.set<one::Mine::two_Point>(two::Point(5, two::Size::Small));
  two::Right v;
  assert_int_equal(zw::pack(b, right, &v), 0);
  assert_int_equal(zw::verify(zw::bytes(v), &v), 0);
  assert_true(v.corner()->p.x == 1 && v.m_as_two_Point()->x == 5);
  including::OuterT outer;
  outer.maybe.set<including::Maybe::Void>(std::make_unique<zw::void_object>());
  including::Outer o;
  assert_int_equal(zw::pack(b, outer, &o), 0);
  assert_int_equal(zw::verify(zw::bytes(o), &o), 0);
  assert_true(o.maybe().type() == including::Maybe::Void && o.maybe_as_Void() && !o.nothing());
  assert_true(zw::unpack(o).maybe.type() == including::Maybe::Void);
}

rich::RichT rich_object() {
  rich::RichT o;
  o.needed = "";
  o.shared = "both";
  o.again = "both";
  o.h = 99;
  o.aligned = {1, 2, 3};
  o.structs = {rich::K(rich::S(2, {0, 0, 1}, rich::E::A), 7),
               rich::K(rich::S(-1, {}, rich::E::B), 8)};
  o.arrays = {rich::KA({9, 0, 0, 0}, 1), rich::KA({1, 0, 0, 5}, 2), rich::KA({1, 0, 0, 2}, 3)};
  o.keyed.resize(2);
  o.keyed[0].id = rich::E::B;
  o.keyed[1].id = rich::E::A;
  o.us.resize(2);
  o.us[0].set<rich::U::Again>(std::make_unique<rich::ItemT>());
  o.us[1].set<rich::U::S>(rich::S(4, {}, rich::E::A));
  o.line = rich::Line({rich::S(1, {}, rich::E::A), rich::S(2, {}, rich::E::B)}, 1.5);
  return o;
}

void test_rich(void **) {
  zw::builder b;
  rich::Rich v;
  zw_diag diag = {};
  rich::RichT o = rich_object();
  (*o.us[0].get<rich::U::Again>())->name = "again";
  assert_int_equal(zw::pack(b, o, &v), 0);
  if (zw::verify(zw::bytes(v), &v, &diag)) fail_msg("%s", diag.message);
  // A compiled schema of flatc has no defaults of strings.
  assert_null(v.s().data());
  assert_true(v.h() == 99 && std::isnan(v.x()) && v.shared() == v.again());
  assert_int_equal(v.aligned().octets().ptr[2], 3);
  assert_int_equal((v.aligned().octets().ptr - zw::bytes(v).ptr) % 16, 0);
  assert_int_equal(v.structs().find(rich::S(2, {0, 0, 1}, rich::E::A))->v, 7);
  assert_true(!v.structs().find(rich::S(2, {0, 0, 2}, rich::E::A)));
  assert_int_equal(v.structs()[0].v, 8);
  assert_int_equal(v.arrays().find({1, 0, 0, 2})->v, 3);
  assert_int_equal(v.arrays()[0].v, 3);
  assert_true(v.keyed().find_index(rich::E::B) == 1);
  check_text(v.us()[0].get<rich::U::Again>().name(), "again");
  assert_true(v.us()[1].get<rich::U::S>()->a == 4 && !v.us()[0].get<rich::U::Item>());
  assert_true(v.line()->p[1].e == rich::E::B);
  zw::builder again;
  rich::Rich w;
  assert_int_equal(zw::pack(again, zw::unpack(v), &w), 0);
  assert_int_equal(zw::compare(v, w), 0);
  // Sorted once, tables stay in their order.
  zw::builder third;
  rich::Rich x;
  assert_int_equal(zw::pack(third, zw::unpack(w), &x), 0);
  assert_true(zw_span_eq(zw::bytes(w), zw::bytes(x)));
}

// What has a 64-bit offset, as generated code reads and writes it.
void test_far(void **) {
  using namespace zw::zw_detail;
  zw::builder b;
  zw_span made;
  const std::vector<double> reals = {0.5, -3};
  const std::vector<Point> points = {Point(1, 2)};
  zw_builder_table_start(b.c());
  add_ref64(b, 0, text64(b, "far"));
  add_ref64(b, 1, list64(b, reals, 8, 8));
  add_ref64(b, 2, list64(b, points, 4, 4));
  add_ref(b, 3, text(b, "near"));
  const zw_ref root = zw_builder_table_end(b.c());
  assert_int_equal(zw_builder_finish(b.c(), root, {nullptr, 0}, &made), 0);
  const zw_table t = zw_root_trusted(made);
  assert_int_equal(shared_text(b, "equal"), shared_text(b, "equal"));
  check_text(text64(t, 0), "far");
  check_text(text64(t, 4, "preset"), "preset");
  check_text(text(t, 3), "near");
  const auto far = vector64<double>(t, 1, 8);
  assert_true(far.size() == 2 && far[1] == -3.0 && far.data() && far.data()[0] == 0.5);
  assert_true(vector64<Point>(t, 2, 4)[0] == Point(1, 2) && !vector64<Point>(t, 5, 4));
}

zw::young::EverythingT young_object() {
  zw::builder inner;
  zw::young::Leaf made;
  zw::young::LeafT leaf;
  leaf.name = "nested";
  assert_int_equal(zw::pack(inner, leaf, &made), 0);
  const zw_span bytes = zw::bytes(made);
  zw::young::EverythingT o;
  o.far_text = "far";
  o.far_octets = {1, 2, 3};
  o.far_octets64.keep_empty = true;
  o.far_doubles = {0.5, -3};
  o.far_spots = {zw::young::Spot(1, 2), zw::young::Spot(3, 4)};
  o.far_nested = std::vector<std::uint8_t>(bytes.ptr, bytes.ptr + bytes.len);
  o.far_fixed = {zw::young::Fixed({2, 0, 0, 0}, 1), zw::young::Fixed({1, 255, 0, 0}, 2)};
  o.big.set<zw::young::Big::Text>("text");
  o.wide.set<zw::young::Wide::Placed>(std::make_unique<zw::young::PlacedT>());
  o.bigs.resize(2);
  o.bigs[0].set<zw::young::Big::Spot>(zw::young::Spot(5, 6));
  o.bigs[1].set<zw::young::Big::Text>("last");
  o.doubles = {1, 2};
  o.shared = "a";
  o.leaves.resize(2);
  o.leaves[0].name = "b";
  o.leaves[1].name = "a";
  return o;
}

std::ptrdiff_t place(zw_span whole, zw_span part) { return part.ptr - whole.ptr; }

// Offsets of 64 bits, unions with types of more than an octet, shared strings, forced alignment.
void test_young(void **) {
  zw::builder b, again;
  zw::young::Everything v, w;
  zw_diag diag = {};
  assert_int_equal(zw::pack(b, young_object(), &v), 0);
  if (zw::verify_identified(zw::bytes(v), &v, &diag)) fail_msg("%s", diag.message);
  check_text(v.far_text(), "far");
  assert_true(v.far_octets().size() == 3 && v.far_octets()[2] == 3);
  assert_true(v.far_octets64() && v.far_octets64().empty() && v.has_far_octets64());
  assert_true(v.far_doubles().data() && v.far_doubles().data()[1] == -3.0);
  assert_true(v.far_spots()[1] == zw::young::Spot(3, 4) && v.far_spots().octets().len == 16);
  assert_true(v.far_fixed()[0].n == 2 && v.far_fixed().find({2, 0, 0, 0})->n == 1);
  assert_true(!v.far_fixed().find({2, 0, 0, 1}) && !zw::young::Everything().far_fixed().find({}));
  check_text(v.far_nested_root().name(), "nested");
  assert_int_equal(place(zw::bytes(v), v.far_nested().octets()) % 8, 0);
  assert_int_equal(static_cast<int>(v.big_type()), 65535);
  assert_int_equal(static_cast<int>(v.wide_type()), 70000);
  check_text(v.big_as_Text(), "text");
  assert_true(v.wide_as_Placed() && !v.wide_as_Placed().spot() && !v.wide_as_Leaf());
  assert_true(v.bigs()[0].get<zw::young::Big::Spot>()->y == 6);
  check_text(v.bigs()[1].get<zw::young::Big::Text>(), "last");
  assert_int_equal(place(zw::bytes(v), v.doubles().octets()) % 32, 0);
  // Equal strings of shared fields are one.
  assert_true(v.leaves().find("a").name().data() == v.shared().data());
  assert_true(v.hex() == 12.0 && std::abs(v.angle() - std::acos(-1.0)) < 1e-11);
  assert_int_equal(zw::pack(again, zw::unpack(v), &w), 0);
  assert_int_equal(zw::verify(zw::bytes(w), &w), 0);
  assert_int_equal(zw::compare(v, w), 0);
  // Size prefixes of schemas with 64-bit offsets have 8 octets.
  zw_span bytes, plain;
  assert_int_equal(zw::pack(again, young_object(), &plain), 0);
  assert_int_equal(plain.len, zw::bytes(v).len);
  assert_int_equal(zw::pack_sized(again, young_object(), &bytes), 0);
  assert_int_equal(zw_load_le64(bytes.ptr), bytes.len - 8);
  assert_int_equal(zw::verify_sized(bytes, &w), 0);
  assert_int_equal(zw::compare(v, w), 0);
}

// The nested buffers of one that is behind 64-bit offsets are verified too.
void test_young_corrupt(void **) {
  zw::builder b;
  zw::young::Everything v;
  assert_int_equal(zw::pack(b, young_object(), &v), 0);
  const zw_span whole = zw::bytes(v), nested = v.far_nested().octets();
  std::string octets(reinterpret_cast<const char *>(whole.ptr), whole.len);
  octets[static_cast<std::size_t>(place(whole, nested)) + 3] = 0x7f;
  assert_int_equal(zw::verify(zw::span(octets), &v), ZW_EVERIFY);
}

// JSON as a FlexBuffer.
std::vector<std::uint8_t> flexible(const char *text) {
  zw_json_reader json;
  zw_flexbuffer_writer writer;
  zw_text out;
  zw_token first;
  zw_text_init(&out, nullptr);
  zw_json_reader_init(&json, zw_str_of(text), 0, 0, nullptr);
  zw_flexbuffer_writer_init(&writer, &out);
  assert_int_equal(json.reader.next(&json.reader, &first, nullptr), 0);
  assert_int_equal(zw_token_copy(&json.reader, &first, &writer.writer, nullptr), 0);
  const std::vector<std::uint8_t> octets(out.ptr, out.ptr + out.len);
  zw_flexbuffer_writer_deinit(&writer);
  zw_json_reader_deinit(&json);
  zw_text_deinit(&out);
  return octets;
}

void test_flexbuffer(void **) {
  zw::builder b;
  zw::young::Everything v;
  zw::young::EverythingT o;
  o.flex =
      flexible("{\"hosts\": [\"a\", \"b\"], \"port\": 70000, \"ratio\": -2.5, \"none\": null}");
  assert_int_equal(zw::pack(b, o, &v), 0);
  const zw::flexbuffer root = v.flex_root();
  assert_true(root && root.is_map() && root.size() == 4);
  assert_true(root["port"].is_int() && root["port"].as_int() == 70000);
  assert_true(root["ratio"].is_float() && root["ratio"].as_double() == -2.5);
  assert_true(root["ratio"].as_int() == -2 && root["ratio"].as_uint() == 0);
  assert_true(root["none"] && root["none"].is_null() && !root["other"] && !root["port"]["x"][3]);
  std::string all;
  for (zw::flexbuffer host : root["hosts"]) all += host.as_string();
  for (auto [key, value] : root.items()) all += value.is_vector() ? "[]" : key;
  check_text(all, "ab[]noneportratio");
  check_text(root.key(3), "ratio");
  assert_true(!root["hosts"][2] && root["hosts"].back().as_string() == "b");
  assert_true(!zw::young::Everything().flex_root());
}

void test_names(void **) {
  zw::builder b;
  zw_global::NamesT o;
  o.errno_ = co_await_::ZW_x_::errno_::EINVAL_;
  o.key = "k";
  o.u.set<zw_global::u::class_>("text");
  o.first = {zw::little_(1, 2, 3, 4)};
  zw_global::Names v;
  assert_int_equal(zw::pack(b, o, &v), 0);
  assert_int_equal(zw::verify(zw::bytes(v), &v), 0);
  check_text(v.u_as_class(), "text");
  assert_true(v.first()[0].little == 4 && v.errno_() == co_await_::ZW_x_::errno_::EINVAL_);
  clash::TT_ object;
  object.verify = 3;
  clash::T t;
  assert_int_equal(zw::pack(b, object, &t), 0);
  assert_int_equal(t.verify(), 3);
}

} // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(test_defaults),      cmocka_unit_test(test_scalars),
      cmocka_unit_test(test_structs),       cmocka_unit_test(test_vectors),
      cmocka_unit_test(test_unions),        cmocka_unit_test(test_nested),
      cmocka_unit_test(test_unpack),        cmocka_unit_test(test_copy),
      cmocka_unit_test(test_builder),       cmocka_unit_test(test_change),
      cmocka_unit_test(test_errors),        cmocka_unit_test(test_stamp),
      cmocka_unit_test(test_sized),         cmocka_unit_test(test_json),
      cmocka_unit_test(test_includes),      cmocka_unit_test(test_rich),
      cmocka_unit_test(test_far),           cmocka_unit_test(test_young),
      cmocka_unit_test(test_young_corrupt), cmocka_unit_test(test_flexbuffer),
      cmocka_unit_test(test_names),         cmocka_unit_test(test_kinds_presets),
      cmocka_unit_test(test_kinds_copies),  cmocka_unit_test(test_kinds_keys),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
