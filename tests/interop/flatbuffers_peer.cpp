/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other side in Google's C++: `read` verifies the buffers on stdin (one a line, in hexadecimal)
 * and prints what generated code reads from them as JSON; `write` prints a buffer that it builds.
 */
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "objects_generated.h"

using namespace com::example;

static std::string quoted(const std::string &text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + "\"";
}

static std::vector<uint8_t> from_hex(const std::string &line) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < line.size(); i += 2)
    bytes.push_back(static_cast<uint8_t>(std::stoi(line.substr(i, 2), nullptr, 16)));
  return bytes;
}

template <class List, class Print>
static void print_list(const char *name, const List *list, Print print) {
  std::cout << ",\"" << name << "\":[";
  for (flatbuffers::uoffset_t i = 0; list && i < list->size(); i++) {
    if (i) std::cout << ',';
    print(i);
  }
  std::cout << ']';
}

static void read_one(const std::string &line) {
  std::vector<uint8_t> bytes = from_hex(line);
  flatbuffers::Verifier verifier(bytes.data(), bytes.size());
  bool verified = VerifyThingBuffer(verifier);
  std::cout << "{\"verified\":" << (verified ? "true" : "false");
  if (!verified) {
    std::cout << "}\n";
    return;
  }
  const Thing *thing = GetThing(bytes.data());
  const Scalars *scalars = thing->scalars();
  int depth = 0;
  for (const Thing *t = thing->child(); t; t = t->child()) depth++;
  std::cout << ",\"id\":" << quoted(thing->id()->str()) << ",\"depth\":" << depth
            << ",\"u64\":" << (scalars ? scalars->u64() : 0)
            << ",\"answer\":" << (scalars ? scalars->answer() : 42)
            << ",\"any\":" << (thing->any_type() == Any_Leaf ? thing->any_as_Leaf()->n() : 0);
  print_list("tags", thing->tags(),
             [&](unsigned i) { std::cout << quoted(thing->tags()->Get(i)->str()); });
  print_list("numbers", thing->numbers(),
             [&](unsigned i) { std::cout << thing->numbers()->Get(i); });
  print_list("points", thing->points(),
             [&](unsigned i) { std::cout << thing->points()->Get(i)->x(); });
  print_list("items", thing->items(),
             [&](unsigned i) { std::cout << quoted(thing->items()->Get(i)->name()->str()); });
  std::cout << "}\n";
}

static std::vector<uint8_t> nested_item() {
  flatbuffers::FlatBufferBuilder b;
  b.Finish(CreateItem(b, b.CreateString("nested"), 3));
  return std::vector<uint8_t>(b.GetBufferPointer(), b.GetBufferPointer() + b.GetSize());
}

static void write_one() {
  flatbuffers::FlatBufferBuilder b;
  std::vector<uint8_t> inner = nested_item();
  int16_t tag[] = {3, 4};
  Point point(1, 2, flatbuffers::make_span(tag));
  auto child = CreateThing(b, b.CreateString("inner"));
  std::vector<flatbuffers::Offset<flatbuffers::String>> tags = {
      b.CreateSharedString("a"), b.CreateSharedString("b"), b.CreateSharedString("a")};
  std::vector<flatbuffers::Offset<Item>> items = {CreateItem(b, b.CreateString("two"), 2),
                                                  CreateItem(b, b.CreateString("one"), 1)};
  auto tag_list = b.CreateVector(tags);
  auto item_list = b.CreateVectorOfSortedTables(&items);
  auto number_list = b.CreateVector(std::vector<int32_t>{1, 2, 3});
  auto point_list = b.CreateVectorOfStructs(&point, 1);
  auto nested_list = b.CreateVector(inner);
  auto leaf = CreateLeaf(b, 9);
  auto id = b.CreateString("from C++");
  ScalarsBuilder scalars(b);
  scalars.add_i64(-5);
  scalars.add_f64(0.5);
  scalars.add_maybe(0);
  auto scalars_ref = scalars.Finish();
  ThingBuilder thing(b);
  thing.add_id(id);
  thing.add_kind(Kind_Hot);
  thing.add_flags(Flags_Write);
  thing.add_scalars(scalars_ref);
  thing.add_point(&point);
  thing.add_tags(tag_list);
  thing.add_numbers(number_list);
  thing.add_points(point_list);
  thing.add_items(item_list);
  thing.add_any_type(Any_Leaf);
  thing.add_any(leaf.Union());
  thing.add_child(child);
  thing.add_nested(nested_list);
  FinishThingBuffer(b, thing.Finish());
  for (size_t i = 0; i < b.GetSize(); i++) std::printf("%02x", b.GetBufferPointer()[i]);
  std::printf("\n");
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  if (std::string(argv[1]) == "write") {
    write_one();
    return 0;
  }
  for (std::string line; std::getline(std::cin, line);) read_one(line);
  return 0;
}
