# SPDX-License-Identifier: Apache-2.0
# Benchmarks against a running server: the command of this build, its peers, and the limit.
add_library(bench_support STATIC bench_calls.c bench_measure.c bench_nats.c bench_process.c bench_wamp.c)
zerowire_flags(bench_support)
target_compile_definitions(bench_support PRIVATE ZEROWIRE_COMMAND="$<TARGET_FILE:zerowire>")
target_link_libraries(bench_support PUBLIC zerowire_wamp_headers zerowire_flatbuf_headers zerowire_base_headers)

# network_bench(NAME [LIBRARIES …])
function(network_bench name)
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  zerowire_bench(${name} LAYERS client wamp store LIBRARIES bench_support ${arg_LIBRARIES})
  target_compile_definitions(bench_${name} PRIVATE ZEROWIRE_BENCH_SCHEMA="${CMAKE_CURRENT_SOURCE_DIR}/bench.fbs")
  add_dependencies(bench_${name} zerowire)
endfunction()

network_bench(fanout)
network_bench(rpc)
network_bench(durable LIBRARIES PkgConfig::lmdb)
