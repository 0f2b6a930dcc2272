# SPDX-License-Identifier: Apache-2.0
# bench_flatbuffers, beside Google's C++ where flatc and its headers are installed (libflatbuffers-dev, flatbuffers-compiler).
zerowire_bench(flatbuffers LAYERS flatbuf base SOURCES bench_flatbuffers_google.cpp)
zerowire_generate(bench_flatbuffers foobar.fbs)
find_program(FLATC flatc)
if(FLATC AND EXISTS /usr/include/flatbuffers/flatbuffers.h)
  set(google ${CMAKE_CURRENT_BINARY_DIR}/google)
  add_custom_command(OUTPUT ${google}/foobar_google.h
    COMMAND ${FLATC} --cpp --filename-suffix _google -o ${google} ${CMAKE_CURRENT_SOURCE_DIR}/foobar.fbs
    DEPENDS foobar.fbs VERBATIM)
  target_sources(bench_flatbuffers PRIVATE ${google}/foobar_google.h)
  target_include_directories(bench_flatbuffers SYSTEM PRIVATE ${google})
endif()
