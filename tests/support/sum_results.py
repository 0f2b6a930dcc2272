# SPDX-License-Identifier: Apache-2.0
"""Sums JUnit results: python3 sum_results.py LABEL=FILE.xml …

Prints each failure, each skip with its reason, and as the last line `N passed, N failed` or `N passed, N failed, N skipped`.
A file that is missing or cannot be read is one failure. Exit 1 when anything failed.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

# CTest reports a test that it could not start as skipped; only these are skips by the test's own wish.
CTEST_SKIP = ("SKIP_RETURN_CODE", "SKIP_REGULAR_EXPRESSION")
CMOCKA_SKIP = re.compile(r"^\[  SKIPPED \] (?!\d+ test)(\S+)$", re.M)


def reason_of(case, skipped):
    said = re.findall(r"^SKIP: (.*)$", case.findtext("system-out") or "", re.M)
    return said[-1] if said else (skipped.get("message") or skipped.text or "no reason given").strip().split("\n")[0]


def skips_inside(case):
    """Each cmocka test of a program that skipped itself, with the reason that it printed before ("SKIP: why")."""
    output = case.findtext("system-out") or ""
    for part in dict.fromkeys(CMOCKA_SKIP.findall(output)):
        said = re.findall(r"^SKIP: (.*)$", output[:output.index(f"[  SKIPPED ] {part}")], re.M)
        yield part, said[-1] if said else "no reason given"


def judge(case, from_ctest):
    """("passed" | "failed" | "skipped", what to print)"""
    for kind in ("failure", "error"):
        found = case.find(kind)
        if found is not None:
            output = case.findtext("system-out") if from_ctest else found.text
            return "failed", "\n".join((output or found.get("message") or "").strip().split("\n")[-30:])
    skipped = case.find("skipped")
    if skipped is not None:
        if from_ctest and not (skipped.get("message") or "").startswith(CTEST_SKIP):
            return "failed", skipped.get("message") or "not run"
        return "skipped", reason_of(case, skipped)
    return "passed", ""


def cases_of(path):
    root = ElementTree.parse(path).getroot()
    for suite in root.iter("testsuite"):
        for case in suite.findall("testcase"):
            yield case, case.get("status") is not None


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for argument in sys.argv[1:]:
        label, _, path = argument.partition("=")
        try:
            cases = list(cases_of(path))
        except (OSError, ElementTree.ParseError) as error:
            counts["failed"] += 1
            print(f"FAILED {label}: no results ({error})")
            continue
        for case, from_ctest in cases:
            verdict, text = judge(case, from_ctest)
            counts[verdict] += 1
            name = f"{label}: {case.get('name')}"
            if verdict == "failed":
                print(f"FAILED {name}\n" + "\n".join("    " + line for line in text.split("\n")))
            if verdict == "skipped":
                print(f"SKIPPED {name}: {text}")
            for part, reason in skips_inside(case) if from_ctest and verdict == "passed" else []:
                counts["skipped"] += 1
                print(f"SKIPPED {name}: {part}: {reason}")
    print(f"{counts['passed']} passed, {counts['failed']} failed" + (f", {counts['skipped']} skipped" if counts["skipped"] else ""))
    sys.exit(1 if counts["failed"] else 0)


if __name__ == "__main__":
    main()
