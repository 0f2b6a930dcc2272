// SPDX-License-Identifier: Apache-2.0
// A header of names that clash compiles in C++ behind the headers that have macros.
#include <cassert>
#include <cerrno>
#include <cinttypes>
#include <climits>
#include <clocale>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <netdb.h>
#include <string>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "hostile_c_generated.h"

int hostile_in_cpp(zw_builder *b, zw_arena *arena);

int hostile_in_cpp(zw_builder *b, zw_arena *arena) {
  x_FieldsT object = x_Fields_defaults(), back;
  x_Fields v;
  object.class_ = 1;
  object.EOF_ = 2;
  object.errno_ = 3;
  int error = x_Fields_pack(b, &object, &v);
  if (!error) error = x_Fields_unpack(v, arena, &back);
  return error ? error : x_Fields_class(v) + x_Fields_EOF(v) + back.errno_;
}
