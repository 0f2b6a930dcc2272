#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the schemas of this folder with flatc: make.sh FLATC
set -eu
cd "$(dirname "$0")"
for file in *.fbs; do
  "${1:-flatc}" -b --schema --bfbs-comments --bfbs-builtins -I ../../../schemas "$file"
done
