/* SPDX-License-Identifier: Apache-2.0 */
/* The same work with Google's C++ run time and code that flatc generates from the same schema. */
#include "bench_flatbuffers.h"

#if __has_include("foobar_google.h")
#include "foobar_google.h"

static flatbuffers::FlatBufferBuilder builder(1024);

const uint8_t *google_encode(size_t *len) {
  builder.Clear();
  flatbuffers::Offset<bench::FooBar> entries[BENCH_ENTRIES];
  for (unsigned i = 0; i < BENCH_ENTRIES; i++) {
    bench::Foo foo(0xABADCAFEABADCAFEULL + i, static_cast<int16_t>(10000 + i),
                   static_cast<int8_t>('@' + i), 1000000 + i);
    bench::Bar bar(foo, static_cast<int32_t>(123456 + i), 3.14159f + static_cast<float>(i),
                   static_cast<uint16_t>(10000 + i));
    auto name = builder.CreateString(BENCH_NAME, sizeof BENCH_NAME - 1);
    bench::FooBarBuilder entry(builder);
    entry.add_sibling(&bar);
    entry.add_name(name);
    entry.add_rating(3.1415432432445543543 + i);
    entry.add_postfix(static_cast<uint8_t>('!' + i));
    entries[i] = entry.Finish();
  }
  auto list = builder.CreateVector(entries, BENCH_ENTRIES);
  auto location = builder.CreateString(BENCH_LOCATION, sizeof BENCH_LOCATION - 1);
  bench::FooBarContainerBuilder container(builder);
  container.add_list(list);
  container.add_initialized(true);
  container.add_fruit(bench::Fruit_Bananas);
  container.add_location(location);
  builder.Finish(container.Finish());
  *len = builder.GetSize();
  return builder.GetBufferPointer();
}

uint64_t google_traverse(const uint8_t *bytes) {
  const bench::FooBarContainer *c = bench::GetFooBarContainer(bytes);
  uint64_t sum = c->initialized() + static_cast<uint64_t>(c->fruit()) + c->location()->size();
  const auto *list = c->list();
  for (flatbuffers::uoffset_t i = 0; i < list->size(); i++) {
    const bench::FooBar *entry = list->Get(i);
    const bench::Bar *bar = entry->sibling();
    const bench::Foo &foo = bar->parent();
    sum += entry->name()->size() + entry->postfix() + static_cast<uint64_t>(entry->rating());
    sum += static_cast<uint64_t>(bar->time()) + static_cast<uint64_t>(bar->ratio()) + bar->size();
    sum += foo.id() + static_cast<uint64_t>(foo.count()) + static_cast<uint64_t>(foo.prefix()) +
           foo.length();
  }
  return sum;
}

int google_verify(const uint8_t *bytes, size_t len) {
  flatbuffers::Verifier verifier(bytes, len);
  return bench::VerifyFooBarContainerBuffer(verifier) ? 0 : -1;
}

#ifdef BENCH_GOOGLE_IDL
#include <flatbuffers/idl.h>

static flatbuffers::Parser parser;
static std::string printed;

int google_json_open(const char *schema) { return parser.Parse(schema) ? 0 : -1; }
size_t google_json_print(const uint8_t *bytes) {
  printed.clear();
  if (!flatbuffers::GenerateText(parser, bytes, &printed)) return 0;
  return printed.size();
}
size_t google_json_parse(const char *json) {
  return parser.ParseJson(json) ? parser.builder_.GetSize() : 0;
}
const char *google_json_text() { return printed.c_str(); }

#else

int google_json_open(const char *) { return -1; }
size_t google_json_print(const uint8_t *) { return 0; }
size_t google_json_parse(const char *) { return 0; }
const char *google_json_text() { return ""; }

#endif

#define TEXT(n) #n
#define VERSION(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)
const char *google_version(void) {
  return VERSION(FLATBUFFERS_VERSION_MAJOR, FLATBUFFERS_VERSION_MINOR,
                 FLATBUFFERS_VERSION_REVISION);
}

#else

const uint8_t *google_encode(size_t *len) {
  *len = 0;
  return nullptr;
}
uint64_t google_traverse(const uint8_t *) { return 0; }
int google_verify(const uint8_t *, size_t) { return -1; }
const char *google_version(void) { return ""; }
int google_json_open(const char *) { return -1; }
size_t google_json_print(const uint8_t *) { return 0; }
size_t google_json_parse(const char *) { return 0; }
const char *google_json_text(void) { return ""; }

#endif
