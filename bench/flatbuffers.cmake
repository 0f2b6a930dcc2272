# SPDX-License-Identifier: Apache-2.0
# bench_flatbuffers, beside Google's C++ where flatc and its headers are installed.
include(${PROJECT_SOURCE_DIR}/cmake/GoogleFlatbuffers.cmake)
zerowire_bench(flatbuffers LAYERS flatbuf base SOURCES bench_flatbuffers_google.cpp)
zerowire_generate(bench_flatbuffers foobar.fbs)
if(ZEROWIRE_GOOGLE)
  zerowire_google(bench_flatbuffers _google foobar.fbs)
endif()
