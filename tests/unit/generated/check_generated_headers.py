# SPDX-License-Identifier: Apache-2.0
"""Each generated header compiles by itself, as C17 and as C++17, without a warning, with every compiler that is there; those of C++
without exceptions and run-time type information.

    python3 check_generated_headers.py FOLDER…        the folders of generated headers
"""
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/style"))
from check_public_headers import LANGUAGES, WARNINGS  # noqa: E402
from style_files import report  # noqa: E402


MORE = {".h": LANGUAGES,
        ".hpp": [("c++", standard, ["g++", "clang++"], ["-fno-exceptions", "-fno-rtti", "-Wsign-conversion"]) for standard in ("c++17", "c++20")]}


def finding(header, language, standard, compiler, more):
    result = subprocess.run([compiler, "-x", language, f"-std={standard}", "-fsyntax-only", *WARNINGS, *more,
                             "-I", header.parent, "-I", ROOT / "include", "-"],
                            input=f'#include "{header.name}"\nextern int zw_empty;\n', capture_output=True, text=True)
    if not result.returncode:
        return []
    first = next((line for line in result.stderr.split("\n") if "error" in line), result.stderr[:200])
    return [f"{header.name}: not clean as {standard} with {compiler}: {first.strip()}"]


def main():
    jobs, count = [], 0
    for folder in map(pathlib.Path, sys.argv[1:]):
        headers = sorted([*folder.glob("*.h"), *folder.glob("*.hpp")])
        if not headers:
            sys.exit(f"no headers in {folder}")
        count += len(headers)
        for header in headers:
            for language, standard, compilers, more in MORE[header.suffix]:
                for compiler in filter(shutil.which, compilers):
                    jobs.append((header, language, standard, compiler, more))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        report([line for found in pool.map(lambda job: finding(*job), jobs) for line in found], count)


if __name__ == "__main__":
    main()
