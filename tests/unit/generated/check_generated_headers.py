# SPDX-License-Identifier: Apache-2.0
"""Each generated header compiles by itself, as C17 and as C++17, without a warning, with every compiler that is there.

    python3 check_generated_headers.py FOLDER        the folder of generated headers
"""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/style"))
from check_public_headers import LANGUAGES, WARNINGS  # noqa: E402
from style_files import report  # noqa: E402


def main():
    findings, headers = [], sorted(pathlib.Path(sys.argv[1]).glob("*.h"))
    if not headers:
        sys.exit(f"no headers in {sys.argv[1]}")
    for language, standard, compilers, more in LANGUAGES:
        for compiler in filter(shutil.which, compilers):
            for header in headers:
                result = subprocess.run([compiler, "-x", language, f"-std={standard}", "-fsyntax-only", *WARNINGS, *more,
                                         "-I", header.parent, "-I", ROOT / "include", "-"],
                                        input=f'#include "{header.name}"\nextern int zw_empty;\n', capture_output=True, text=True)
                if result.returncode:
                    first = next((line for line in result.stderr.split("\n") if "error" in line), result.stderr[:200])
                    findings.append(f"{header.name}: not clean as {standard} with {compiler}: {first.strip()}")
    report(findings, len(headers))


if __name__ == "__main__":
    main()
