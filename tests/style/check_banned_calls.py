# SPDX-License-Identifier: Apache-2.0
"""Calls that write without a limit, keep hidden state or grow the stack at will; and memory that does not come from the handle."""
import re

from style_files import files, lines, report

EVERYWHERE = "sprintf vsprintf strcpy strcat strncpy strncat stpcpy gets alloca strtok atoi atol atof tmpnam mktemp setjmp longjmp".split()
# These hold for the layers: memory comes from the zw_alloc that a handle was given, and time and randomness from the caller.
IN_LAYERS = "malloc calloc realloc strdup strndup asprintf vasprintf rand srand random time localtime gmtime strerror exit printf".split()
# What a layer is there for.
ALLOWED = {("src/base/alloc.c", "realloc"), ("src/base/alloc.c", "malloc")}
COMMENT_OR_TEXT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code_of(text):
    """The code, with comments and literals blanked and its lines kept."""
    return COMMENT_OR_TEXT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def main():
    findings, count = [], 0
    for path in files(".c", ".h", ".cc", ".cpp", ".hpp", under=("include", "src", "cli", "tests", "fuzz", "bench", "examples", "bindings")):
        banned = EVERYWHERE + (IN_LAYERS if path.startswith("src/") and not path.endswith("schemac.c") else [])
        call = re.compile(r"(?<![\w.>])(" + "|".join(banned) + r")\s*\(")
        count += 1
        for number, line in enumerate(code_of("\n".join(lines(path))).split("\n"), 1):
            for found in call.finditer(line):
                if (path, found.group(1)) not in ALLOWED:
                    findings.append(f"{path}:{number}: {found.group(1)}")
    report(findings, count)


if __name__ == "__main__":
    main()
