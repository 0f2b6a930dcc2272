# SPDX-License-Identifier: Apache-2.0
"""clang-format has nothing to change. Exit 77 (a skip) where there is no clang-format of the version that the rules were written for."""
import os
import re
import shutil
import subprocess
import sys

from style_files import ROOT, files, report

VERSION = 14
FOLDERS = ("include", "src", "cli", "tests", "fuzz", "bench", "examples", "bindings")


def tool():
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path and re.search(rf"version {VERSION}\.", subprocess.run([path, "--version"], capture_output=True, text=True).stdout):
            return path
    return None


def main():
    looked_at = [path for path in files(".c", ".h", ".cc", ".cpp", ".hpp", under=FOLDERS) if not path.startswith("tests/data/")]
    clang_format = tool()
    if not clang_format:
        print(f"SKIP: no clang-format {VERSION}")
        sys.exit(77)
    if "--write" in sys.argv:
        sys.exit(subprocess.run([clang_format, "-i", *looked_at], cwd=ROOT).returncode)
    result = subprocess.run([clang_format, "--dry-run", "-Werror", *looked_at], cwd=ROOT, capture_output=True, text=True)
    bad = sorted({line.split(":")[0] for line in result.stderr.split("\n") if "[-Wclang-format-violations]" in line})
    findings = [f"{path}:1: not as clang-format writes it (./dev format mends it)" for path in bad]
    if result.returncode and not bad:
        findings.append(os.path.basename(clang_format) + ": " + result.stderr.strip()[:500])
    report(findings, len(looked_at))


if __name__ == "__main__":
    main()
