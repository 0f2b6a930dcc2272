# SPDX-License-Identifier: Apache-2.0
"""No two files of one name, so that a name alone says which file is meant."""
import os
from collections import defaultdict

from style_files import files, report

# Names that a tool prescribes, and cases as data.
PRESCRIBED = {"CMakeLists.txt", "README.md", "__init__.py", "__main__.py", "conftest.py", "requirements.txt", "package.json",
              ".gitignore"}
REFUSED = {"utils.c", "utils.h", "util.c", "util.h", "misc.c", "common.c", "helpers.c"}


def main():
    places = defaultdict(list)
    for path in files():
        name = os.path.basename(path)
        if name not in PRESCRIBED and not path.startswith("tests/data/"):
            places[name].append(path)
    findings = [f"{paths[0]}:1: has the name of {', '.join(paths[1:])}" for paths in places.values() if len(paths) > 1]
    findings += [f"{places[name][0]}:1: a name that says nothing" for name in REFUSED if name in places]
    report(findings, len(places))


if __name__ == "__main__":
    main()
