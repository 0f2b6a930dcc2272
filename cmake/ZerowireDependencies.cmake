# SPDX-License-Identifier: Apache-2.0
# The libraries that zerowire stands on, as imported targets.
find_package(PkgConfig REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(lmdb REQUIRED IMPORTED_TARGET lmdb)
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(crypto REQUIRED IMPORTED_TARGET libcrypto)
find_package(Threads REQUIRED)
if(ZEROWIRE_TESTS)
  pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)
endif()
