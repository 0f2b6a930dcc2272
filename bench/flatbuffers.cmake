# SPDX-License-Identifier: Apache-2.0
# bench_flatbuffers and bench_hostile, beside Google's C++ where flatc and its headers are installed, and the library of flatc for JSON.
include(${PROJECT_SOURCE_DIR}/cmake/GoogleFlatbuffers.cmake)
zerowire_bench(flatbuffers LAYERS flatbuf base SOURCES bench_flatbuffers_google.cpp)
zerowire_generate(bench_flatbuffers foobar.fbs)
if(ZEROWIRE_GOOGLE)
  zerowire_google(bench_flatbuffers _google foobar.fbs)
  # The library beside these headers: another release's would not fit them.
  get_filename_component(prefix ${FLATBUFFERS_INCLUDE_DIR} DIRECTORY)
  find_library(FLATBUFFERS_LIBRARY flatbuffers NO_DEFAULT_PATH
    PATHS ${prefix}/lib/${CMAKE_LIBRARY_ARCHITECTURE} ${prefix}/lib ${prefix}/lib64)
endif()
if(FLATBUFFERS_LIBRARY)
  target_compile_definitions(bench_flatbuffers PRIVATE BENCH_GOOGLE_IDL
    BENCH_SCHEMA="${CMAKE_CURRENT_SOURCE_DIR}/foobar.fbs")
  target_link_libraries(bench_flatbuffers PRIVATE ${FLATBUFFERS_LIBRARY})
endif()

zerowire_bench(hostile LAYERS flatbuf base SOURCES bench_hostile_shapes.c bench_hostile_google.cpp bench_measure.c)
zerowire_generate(bench_hostile hostile.fbs)
zerowire_generate(bench_hostile hostile_far.fbs)
target_compile_definitions(bench_hostile PRIVATE
  ZEROWIRE_BENCH_HOSTILE="${PROJECT_BINARY_DIR}/generated/bench_hostile/hostile.bfbs"
  ZEROWIRE_BENCH_FAR="${PROJECT_BINARY_DIR}/generated/bench_hostile/hostile_far.bfbs")
if(ZEROWIRE_GOOGLE)
  zerowire_google(bench_hostile _google hostile.fbs)
endif()
