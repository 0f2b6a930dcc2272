# SPDX-License-Identifier: Apache-2.0
# zerowire_generate(TARGET FILE.fbs [PREFIX P]): compiles the schema to C at build time and adds the code to the target:
# #include "FILE_generated.h". The compiled schema is beside it: generated/TARGET/FILE.bfbs in the build folder.
# PREFIX replaces the namespaces in symbols.
# zerowire_generate_cpp(TARGET FILE.fbs or FILE.bfbs): the same in C++17: #include "FILE_generated.hpp".
get_filename_component(ZEROWIRE_SCHEMAS ${CMAKE_CURRENT_LIST_DIR}/../schemas ABSOLUTE)

function(zerowire_generate target schema)
  cmake_parse_arguments(arg "" "PREFIX" "" ${ARGN})
  set(prefix)
  if(arg_PREFIX)
    set(prefix --c-prefix ${arg_PREFIX})
  endif()
  get_filename_component(schema ${schema} ABSOLUTE)
  get_filename_component(name ${schema} NAME_WE)
  get_filename_component(folder ${schema} DIRECTORY)
  set(out ${PROJECT_BINARY_DIR}/generated/${target})
  file(MAKE_DIRECTORY ${out})
  if(ZEROWIRE_COMPILER)
    set(compiler ${ZEROWIRE_COMPILER})
  else()
    set(compiler zerowire_schemac)
  endif()
  add_custom_command(
    OUTPUT ${out}/${name}_generated.c ${out}/${name}_generated.h
    BYPRODUCTS ${out}/${name}.bfbs
    COMMAND ${compiler} --c ${prefix} --bfbs -I ${ZEROWIRE_SCHEMAS} -I ${folder} -o ${out}
            --depfile ${out}/${name}.d ${schema}
    DEPENDS ${schema} ${compiler}
    DEPFILE ${out}/${name}.d
    COMMENT "Compiling ${name}.fbs"
    VERBATIM)
  target_sources(${target} PRIVATE ${out}/${name}_generated.c ${out}/${name}_generated.h)
  target_include_directories(${target} PUBLIC ${out})
endfunction()

function(zerowire_generate_cpp target schema)
  get_filename_component(schema ${schema} ABSOLUTE)
  get_filename_component(name ${schema} NAME_WE)
  get_filename_component(folder ${schema} DIRECTORY)
  set(out ${PROJECT_BINARY_DIR}/generated/${target})
  file(MAKE_DIRECTORY ${out})
  set(compiler zerowire_schemac)
  if(ZEROWIRE_COMPILER)
    set(compiler ${ZEROWIRE_COMPILER})
  endif()
  add_custom_command(
    OUTPUT ${out}/${name}_generated.hpp
    COMMAND ${compiler} --cpp -I ${ZEROWIRE_SCHEMAS} -I ${folder} -o ${out} --depfile ${out}/${name}.hpp.d ${schema}
    DEPENDS ${schema} ${compiler}
    DEPFILE ${out}/${name}.hpp.d
    COMMENT "Compiling ${name}.fbs to C++"
    VERBATIM)
  target_sources(${target} PRIVATE ${out}/${name}_generated.hpp)
  target_include_directories(${target} PUBLIC ${out})
endfunction()
