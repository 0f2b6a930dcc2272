# SPDX-License-Identifier: Apache-2.0
# bench_flatbuffers, beside Google's C++ where flatc and its headers are installed, and the library of flatc for JSON.
include(${PROJECT_SOURCE_DIR}/cmake/GoogleFlatbuffers.cmake)
zerowire_bench(flatbuffers LAYERS flatbuf base SOURCES bench_flatbuffers_google.cpp)
zerowire_generate(bench_flatbuffers foobar.fbs)
if(ZEROWIRE_GOOGLE)
  zerowire_google(bench_flatbuffers _google foobar.fbs)
  find_library(FLATBUFFERS_LIBRARY flatbuffers)
endif()
if(FLATBUFFERS_LIBRARY)
  target_compile_definitions(bench_flatbuffers PRIVATE BENCH_GOOGLE_IDL
    BENCH_SCHEMA="${CMAKE_CURRENT_SOURCE_DIR}/foobar.fbs")
  target_link_libraries(bench_flatbuffers PRIVATE ${FLATBUFFERS_LIBRARY})
endif()
