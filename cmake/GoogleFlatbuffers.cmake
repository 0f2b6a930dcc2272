# SPDX-License-Identifier: Apache-2.0
# Google's C++ run time and flatc, where they are installed (libflatbuffers-dev, flatbuffers-compiler): peers of benchmarks and
# of the differential fuzz target. Another release: -DFLATC=... -DFLATBUFFERS_INCLUDE_DIR=...
#
# zerowire_google(TARGET SUFFIX FILE.fbs ...): compiles schemas with flatc --cpp to FILESUFFIX.h, for the target.
find_program(FLATC flatc)
find_path(FLATBUFFERS_INCLUDE_DIR flatbuffers/flatbuffers.h)
if(FLATC AND FLATBUFFERS_INCLUDE_DIR)
  set(ZEROWIRE_GOOGLE ON)
  execute_process(COMMAND ${FLATC} --version OUTPUT_VARIABLE ZEROWIRE_GOOGLE_VERSION OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX REPLACE "[^0-9.]" "" ZEROWIRE_GOOGLE_VERSION "${ZEROWIRE_GOOGLE_VERSION}")
else()
  set(ZEROWIRE_GOOGLE OFF)
endif()

function(zerowire_google target suffix)
  set(google ${CMAKE_CURRENT_BINARY_DIR}/google)
  foreach(schema IN LISTS ARGN)
    get_filename_component(name ${schema} NAME_WE)
    set(product ${google}/${name}${suffix}.h)
    add_custom_command(OUTPUT ${product}
      COMMAND ${FLATC} --cpp --filename-suffix ${suffix} -o ${google} ${CMAKE_CURRENT_SOURCE_DIR}/${schema}
      DEPENDS ${schema} VERBATIM)
    target_sources(${target} PRIVATE ${product})
  endforeach()
  target_include_directories(${target} SYSTEM PRIVATE ${google} ${FLATBUFFERS_INCLUDE_DIR})
endfunction()
