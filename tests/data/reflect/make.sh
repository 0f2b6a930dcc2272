#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the schemas in this folder with flatc 25.12: make.sh FLATC
set -eu
cd "$(dirname "$0")"
for file in *.fbs ../../../schemas/reflection.fbs; do
  "${1:-flatc}" -o . -b --schema --bfbs-comments --bfbs-builtins -I ../../../schemas "$file"
done
