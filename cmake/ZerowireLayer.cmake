# SPDX-License-Identifier: Apache-2.0
# How a layer, a test, a fuzz target and a benchmark are declared.
#
#   zerowire_layer(NAME SOURCES a.c … [FAST b.c …] [SMALL c.c …] [USES layer …] [LIBRARIES target …] [SCHEMAS x.fbs …])
#     An object library `zerowire_NAME` of src/NAME. Its include path is its own folder, its public headers, those of the layers that it USES, and
#     the code generated from its SCHEMAS (schemas/x.fbs, with the prefix zw): including anything else fails to compile. Layers that use it
#     see the same. FAST and SMALL are sources as well: what a release optimizes most, and what runs once or seldom, which it optimizes
#     for size, as the command's own code.
#   zerowire_test(NAME LAYERS layer … [SOURCES extra.c …] [LIBRARIES target …] [LINUX])
#     A cmocka program of NAME.c in the calling folder, linked with the layers and what they use; run by CTest. It sees tests/support
#     (counting_alloc.h: an allocator that fails at the n-th call and finds leaks) and the private headers of its layers. LINUX: it asks
#     for what only Linux has, and is left out elsewhere.
#   zerowire_fuzz(NAME LAYERS layer …)
#     fuzz/fuzz_NAME.c: with libFuzzer under ZEROWIRE_FUZZ, else a CTest that replays tests/data/fuzz/NAME.
#   zerowire_bench(NAME LAYERS layer … [SOURCES …] [LIBRARIES …])
#     The program bench_NAME of bench/bench_NAME.c.

set(ZEROWIRE_HEADERS_base base.h)
set(ZEROWIRE_HEADERS_flatbuf flatbuf.h builder.h flatbuf.hpp flatbuf_view.hpp flexbuffer.h flexbuffer.hpp reflect.h model.h any.h annotate.h)
set(ZEROWIRE_HEADERS_schema schema.h)
set(ZEROWIRE_HEADERS_store store.h)
set(ZEROWIRE_HEADERS_wamp wamp.h)
set(ZEROWIRE_HEADERS_router router.h)
set(ZEROWIRE_HEADERS_client client.h)
set(ZEROWIRE_HEADERS_serve serve.h)
# These have no public header: their own folder is their interface.
set(ZEROWIRE_FOLDER_wire wire.h)
set(ZEROWIRE_FOLDER_net net.h)

set(ZEROWIRE_WARNINGS
  -Wall -Wextra -Werror -Wshadow -Wconversion -Wvla -Wpointer-arith -Wcast-qual -Wundef
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  # A guess of the optimizer: it does not see that an error code of another function is never 0.
  list(APPEND ZEROWIRE_WARNINGS -Wno-error=maybe-uninitialized)
endif()
set(ZEROWIRE_SANITIZERS)
if(ZEROWIRE_SANITIZE)
  set(ZEROWIRE_SANITIZERS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(ZEROWIRE_FUZZ)
    list(APPEND ZEROWIRE_SANITIZERS -fsanitize=fuzzer-no-link)
  endif()
endif()

# In a release what is seldom run is optimized for size, and nothing carries tables for unwinding at run time: debuggers and profilers read
# those of the debug information. The command is some 250 kB smaller so.
# The hottest functions begin on a cache line of their own, so that their speed does not change with what is linked before them; pairs of
# numbers are stored faster one by one than put together in a vector first.
set(ZEROWIRE_FAST $<$<CONFIG:Release>:-O3> $<$<CONFIG:Release>:-fno-tree-slp-vectorize> $<$<CONFIG:Release>:-falign-functions=64>)
set(ZEROWIRE_SMALL $<$<CONFIG:Release>:-Os>)

function(zerowire_flags target)
  target_compile_definitions(${target} PRIVATE _DEFAULT_SOURCE)
  target_compile_options(${target} PRIVATE ${ZEROWIRE_WARNINGS} ${ZEROWIRE_SANITIZERS} -fvisibility=hidden
                         $<$<AND:$<CONFIG:Release>,$<COMPILE_LANGUAGE:C>>:-fno-asynchronous-unwind-tables>)
  target_link_options(${target} PRIVATE ${ZEROWIRE_SANITIZERS})
endfunction()

# A folder with the layer's own interface headers only, so that an include path can name one layer.
function(zerowire_layer_headers name out)
  set(folder ${PROJECT_BINARY_DIR}/include/${name})
  foreach(header IN LISTS ZEROWIRE_HEADERS_${name})
    file(MAKE_DIRECTORY ${folder}/zerowire)
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/zerowire/${header} ${folder}/zerowire/${header} SYMBOLIC)
  endforeach()
  foreach(header IN LISTS ZEROWIRE_FOLDER_${name})
    file(MAKE_DIRECTORY ${folder})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/src/${name}/${header} ${folder}/${header} SYMBOLIC)
  endforeach()
  set(${out} ${folder} PARENT_SCOPE)
endfunction()

function(zerowire_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;FAST;SMALL;USES;LIBRARIES;SCHEMAS" ${ARGN})
  set(target zerowire_${name})
  zerowire_layer_headers(${name} headers)
  add_library(${target} OBJECT ${arg_SOURCES} ${arg_FAST} ${arg_SMALL})
  zerowire_flags(${target})
  set_source_files_properties(${arg_FAST} PROPERTIES COMPILE_OPTIONS "${ZEROWIRE_FAST}")
  set_source_files_properties(${arg_SMALL} PROPERTIES COMPILE_OPTIONS "${ZEROWIRE_SMALL}")
  target_include_directories(${target} PUBLIC ${headers} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${target} PUBLIC ${arg_LIBRARIES} Threads::Threads)
  foreach(used IN LISTS arg_USES)
    target_link_libraries(${target} PUBLIC zerowire_${used}_headers)
  endforeach()
  # What a user of the layer sees, without its objects: its headers, and its generated headers before the user is compiled.
  add_library(${target}_headers INTERFACE)
  target_include_directories(${target}_headers INTERFACE ${headers})
  target_link_libraries(${target}_headers INTERFACE ${arg_LIBRARIES})
  foreach(schema IN LISTS arg_SCHEMAS)
    zerowire_generate(${target} ${PROJECT_SOURCE_DIR}/schemas/${schema} PREFIX zw)
  endforeach()
  if(arg_SCHEMAS)
    set(generated ${PROJECT_BINARY_DIR}/generated/${target})
    list(TRANSFORM arg_SCHEMAS REPLACE "^(.*)\\.fbs$" "${generated}/\\1_generated.h" OUTPUT_VARIABLE products)
    add_custom_target(${target}_generated DEPENDS ${products})
    target_include_directories(${target}_headers INTERFACE ${generated})
    add_dependencies(${target}_headers ${target}_generated)
  endif()
  set_property(GLOBAL PROPERTY ZEROWIRE_USES_${name} ${arg_USES})
  set_property(GLOBAL APPEND PROPERTY ZEROWIRE_LAYERS ${name})
endfunction()

# The layers and all that they use.
function(zerowire_closure out)
  set(open ${ARGN})
  set(closed)
  while(open)
    list(POP_FRONT open layer)
    if(NOT layer IN_LIST closed)
      list(APPEND closed ${layer})
      get_property(uses GLOBAL PROPERTY ZEROWIRE_USES_${layer})
      list(APPEND open ${uses})
    endif()
  endwhile()
  set(${out} ${closed} PARENT_SCOPE)
endfunction()

function(zerowire_link target)
  zerowire_closure(layers ${ARGN})
  foreach(layer IN LISTS layers)
    target_link_libraries(${target} PRIVATE zerowire_${layer})
  endforeach()
  target_link_libraries(${target} PRIVATE m)
endfunction()

# The compiler that the build itself needs: schema and what it uses, without the command around it.
function(zerowire_compiler)
  add_executable(zerowire_schemac ${PROJECT_SOURCE_DIR}/src/schema/schemac.c)
  zerowire_flags(zerowire_schemac)
  zerowire_link(zerowire_schemac schema)
endfunction()

# libzerowire: all layers but the compiler; libzerowire-schema: the compiler.
function(zerowire_libraries)
  get_property(layers GLOBAL PROPERTY ZEROWIRE_LAYERS)
  set(objects)
  set(libraries)
  foreach(layer IN LISTS layers)
    if(NOT layer STREQUAL schema)
      list(APPEND objects $<TARGET_OBJECTS:zerowire_${layer}>)
      list(APPEND libraries $<TARGET_PROPERTY:zerowire_${layer}_headers,INTERFACE_LINK_LIBRARIES>)
    endif()
  endforeach()
  add_library(libzerowire STATIC ${objects})
  set_target_properties(libzerowire PROPERTIES OUTPUT_NAME zerowire LINKER_LANGUAGE C)
  target_include_directories(libzerowire INTERFACE ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(libzerowire INTERFACE ${libraries} Threads::Threads m)
  add_library(libzerowire-schema STATIC $<TARGET_OBJECTS:zerowire_schema>)
  set_target_properties(libzerowire-schema PROPERTIES OUTPUT_NAME zerowire-schema LINKER_LANGUAGE C)
  target_link_libraries(libzerowire-schema INTERFACE libzerowire)
endfunction()

function(zerowire_test name)
  cmake_parse_arguments(arg "LINUX" "" "LAYERS;SOURCES;LIBRARIES" ${ARGN})
  if(arg_LINUX AND NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
    return()
  endif()
  add_executable(${name} ${name}.c ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  zerowire_flags(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  foreach(layer IN LISTS arg_LAYERS)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src/${layer})
  endforeach()
  target_compile_definitions(${name} PRIVATE ZEROWIRE_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
                                             ZEROWIRE_SCHEMAS="${PROJECT_SOURCE_DIR}/schemas")
  zerowire_link(${name} ${arg_LAYERS})
  target_link_libraries(${name} PRIVATE PkgConfig::cmocka ${arg_LIBRARIES})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()

function(zerowire_fuzz name)
  cmake_parse_arguments(arg "" "" "LAYERS" ${ARGN})
  set(target fuzz_${name})
  if(ZEROWIRE_FUZZ)
    add_executable(${target} fuzz_${name}.c)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${target} fuzz_${name}.c fuzz_replay.c)
    add_test(NAME ${target} COMMAND ${target} ${PROJECT_SOURCE_DIR}/tests/data/fuzz/${name})
    set_tests_properties(${target} PROPERTIES TIMEOUT 600)
  endif()
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
  zerowire_flags(${target})
  # LLVMFuzzerTestOneInput is declared by no header.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:-Wno-missing-prototypes>)
  foreach(layer IN LISTS arg_LAYERS)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src/${layer})
  endforeach()
  target_compile_definitions(${target} PRIVATE ZEROWIRE_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  zerowire_link(${target} ${arg_LAYERS})
endfunction()

function(zerowire_bench name)
  cmake_parse_arguments(arg "" "" "LAYERS;SOURCES;LIBRARIES" ${ARGN})
  add_executable(bench_${name} bench_${name}.c ${arg_SOURCES})
  set_target_properties(bench_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
  zerowire_flags(bench_${name})
  zerowire_link(bench_${name} ${arg_LAYERS})
  target_link_libraries(bench_${name} PRIVATE ${arg_LIBRARIES})
endfunction()
