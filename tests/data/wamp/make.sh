#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the schemas of this folder, and that of the messages, with Google's flatc (FLATC, or the one in PATH).
set -e
cd "$(dirname "$0")"
"${FLATC:-flatc}" --schema --binary --bfbs-builtins typed.fbs
"${FLATC:-flatc}" --schema --binary ../../../schemas/wamp_messages.fbs
