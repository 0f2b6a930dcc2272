#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the schemas of this folder with flatc (FLATC, or the one in PATH).
set -eu
cd "$(dirname "$0")"
"${FLATC:-flatc}" -b --schema --bfbs-builtins -I ../../../schemas *.fbs
