# SPDX-License-Identifier: Apache-2.0
"""Files of at most 1,000 lines, functions of at most 100; the spread of both is printed."""
import re

from style_files import files, lines, report

FILE_MAX = 1000
FUNCTION_MAX = 100
FOLDERS = ("include", "src", "cli", "tests", "fuzz", "bench", "examples", "bindings")
# A function begins at the line with its name at the margin and its brace at the end, and ends at a brace at the margin.
NOT_A_FUNCTION = re.compile(r"(typedef|struct|union|enum|extern \"C\"|namespace|#|/|\}|\s)|.*=\s*\{$")


def functions(text):
    """(line, length) of each function."""
    begin = None
    for number, line in enumerate(text, 1):
        if begin is None:
            if line.endswith("{") and line[:1] not in (" ", "\t") and "(" in "".join(text[max(0, number - 6):number]) \
                    and not NOT_A_FUNCTION.match(line):
                begin = number
            elif line.endswith(") {") and line.startswith(" ") and continues_a_signature(text, number):
                begin = number
            elif line.endswith("}") and "{" in line and re.match(r"[A-Za-z_].*\) \{", line):
                yield number, 1
        elif line.startswith("}"):
            yield begin, number - begin + 1
            begin = None


def continues_a_signature(text, number):
    """Whether the line ends a parameter list that began at the margin."""
    for line in reversed(text[max(0, number - 8):number - 1]):
        if line and not line.startswith((" ", "\t")):
            return "(" in line and line.rstrip().endswith(",")
    return False


def spread(values, unit):
    values = sorted(values)
    if values:
        at = [values[min(len(values) - 1, len(values) * part // 100)] for part in (50, 90, 95)]
        print(f"{unit}: median {at[0]}, 90 % {at[1]}, 95 % {at[2]}, longest {values[-1]} lines")


def main():
    findings, sizes, lengths = [], [], []
    for path in files(".c", ".h", ".cc", ".cpp", ".hpp", ".py", ".sh", under=FOLDERS):
        text = lines(path)
        if len(text) - 1 > FILE_MAX:
            findings.append(f"{path}:{FILE_MAX}: {len(text) - 1} lines; at most {FILE_MAX}")
        if not path.endswith((".c", ".cc", ".cpp")):
            continue
        if path.startswith(("src/", "cli/")):
            sizes.append(len(text) - 1)
        for begin, length in functions(text):
            if path.startswith(("src/", "cli/")):
                lengths.append(length)
            if length > FUNCTION_MAX:
                findings.append(f"{path}:{begin}: a function of {length} lines; at most {FUNCTION_MAX}")
    spread(sizes, "files")
    spread(lengths, "functions")
    report(findings, len(sizes))


if __name__ == "__main__":
    main()
