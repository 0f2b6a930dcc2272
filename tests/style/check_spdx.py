# SPDX-License-Identifier: Apache-2.0
"""Each source file begins with its licence."""
from style_files import files, lines, report

ENDINGS = (".c", ".h", ".cc", ".cpp", ".hpp", ".py", ".sh", ".fbs", ".cmake", "CMakeLists.txt", ".js", ".ts")


def main():
    looked_at = [path for path in files(*ENDINGS) if not path.startswith("tests/data/")]
    findings = [f"{path}:1: no SPDX-License-Identifier: Apache-2.0 in the first three lines" for path in looked_at
                if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines(path)[:3])]
    report(findings, len(looked_at))


if __name__ == "__main__":
    main()
