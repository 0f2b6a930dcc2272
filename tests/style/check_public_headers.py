# SPDX-License-Identifier: Apache-2.0
"""Each public header compiles by itself, as C17 and as C++17, without a warning, with every compiler that is there."""
import os
import shutil
import subprocess

from style_files import ROOT, files, report

LANGUAGES = [("c", "c17", ["gcc", "clang"], ["-Wstrict-prototypes"]), ("c++", "c++17", ["g++", "clang++"], [])]
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wpedantic", "-Wshadow", "-Wconversion", "-Wundef", "-Wpointer-arith", "-Wcast-qual"]


def main():
    findings, headers = [], files(".h", ".hpp", under=("include",))
    for language, standard, compilers, more in LANGUAGES:
        for compiler in filter(shutil.which, compilers):
            for header in headers if language == "c++" else [name for name in headers if name.endswith(".h")]:
                # Included from an empty file: a main file may not begin with a pragma of its own.
                source = f'#include "{os.path.relpath(header, "include")}"\nextern int zw_empty;\n'
                result = subprocess.run([compiler, "-x", language, f"-std={standard}", "-fsyntax-only", *WARNINGS, *more,
                                         "-I", os.path.join(ROOT, "include"), "-"],
                                        input=source, capture_output=True, text=True)
                if result.returncode:
                    first = next((line for line in result.stderr.split("\n") if "error" in line), result.stderr[:200])
                    findings.append(f"{header}:1: not clean as {standard} with {compiler}: {first.strip()}")
    report(findings, len(headers))


if __name__ == "__main__":
    main()
