# SPDX-License-Identifier: Apache-2.0
"""The files of the repository, for the style tests. A finding is printed as FILE:LINE: text; any finding fails the test."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED_FOLDERS = {".git", "build", "__pycache__", ".pytest_cache", ".cache", ".venv", "node_modules"}


def files(*endings, under=("",)):
    """Paths below ROOT, sorted; those that end as asked, or all."""
    found = []
    for top in under:
        for folder, folders, names in os.walk(os.path.join(ROOT, top)):
            folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS and not f.endswith(".store"))
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), ROOT)
                if not endings or path.endswith(endings):
                    found.append(path)
    return sorted(set(found))


def lines(path):
    """The lines of a text file; none for a binary one."""
    try:
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            return file.read().split("\n")
    except UnicodeDecodeError:
        return []


def report(findings, looked_at):
    for finding in findings:
        print(finding)
    print(f"{looked_at} looked at, {len(findings)} findings")
    sys.exit(1 if findings else 0)
