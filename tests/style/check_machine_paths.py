# SPDX-License-Identifier: Apache-2.0
"""No file names a folder of the machine that it was written on."""
import re

from style_files import files, lines, report

MACHINE = re.compile(r"(?<![\w.$}])/(?:work|root|home/\w+|Users/\w+|tmp/build)(?:/|\b)")


def main():
    looked_at = [path for path in files() if path != "LICENSE" and not path.startswith("tests/style/")]
    findings = [f"{path}:{number}: {found.group()}" for path in looked_at for number, line in enumerate(lines(path), 1)
                for found in [MACHINE.search(line)] if found]
    report(findings, len(looked_at))


if __name__ == "__main__":
    main()
