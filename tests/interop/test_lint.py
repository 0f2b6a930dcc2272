# SPDX-License-Identifier: Apache-2.0
"""The portable profile of lint: for each construct the languages that a finding names are those that flatc 25.12.19 (inside the zlmdb
wheel) refuses to generate, and it finds nothing where flatc refuses none."""
import os
import pathlib
import re
import subprocess

import pytest
import zlmdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", ROOT / "build/dev"))
FLATC = pathlib.Path(zlmdb.__file__).parent / "_flatc/bin/flatc"
LANGUAGES = {"cpp": "C++", "csharp": "C#", "dart": "Dart", "go": "Go", "java": "Java", "kotlin": "Kotlin", "lobster": "Lobster", "lua": "Lua", "nim": "Nim",
             "php": "PHP", "python": "Python", "rust": "Rust", "swift": "Swift", "ts": "TypeScript"}
BASE = "table A { a: int; } table B { b: int; } struct P { x: int; } union U { A, B } "
CASES = {
    "vector of unions": (BASE + "table T { u: [U]; }", ["PORTABLE_UNION_VECTOR"]),
    "struct in a union": (BASE + "union V { A, P } table T { u: V; }", ["PORTABLE_UNION_MEMBER"]),
    "string in a union": (BASE + "union V { A, S: string } table T { u: V; }", ["PORTABLE_UNION_MEMBER"]),
    "union with a type": (BASE + "union V : ushort { A, B } table T { u: V; }", ["PORTABLE_UNION_TYPE"]),
    "default of a string": ('table T { s: string = "x"; }', ["PORTABLE_DEFAULT"]),
    "default of a vector": ("table T { s: [int] = []; }", ["PORTABLE_DEFAULT"]),
    "fixed array": ("struct S { a: [int:3]; } table T { s: S; }", ["PORTABLE_ARRAY"]),
    "optional scalar": ("table T { s: int = null; }", ["PORTABLE_OPTIONAL"]),
    "optional enum": ("enum E : byte { A, B } table T { s: E = null; }", ["PORTABLE_OPTIONAL"]),
    "64-bit offset": ("table T { s: string (offset64); }", ["PORTABLE_OFFSET64"]),
    "64-bit vector": ("table T { s: [ubyte] (vector64); }", ["PORTABLE_OFFSET64"]),
    "union": (BASE + "table T { u: U; }", []),
    "union with a member twice": (BASE + "union V { A, C: A } table T { u: V; }", []),
    "nested buffers, FlexBuffers, alignment": ('table T { n: [ubyte] (nested_flatbuffer: "T"); f: [ubyte] (flexbuffer); a: [ubyte] (force_align: 16); }', []),
    "numbers and bits": ("enum E : uint (bit_flags) { A, B } enum F : ulong { A } table T { e: E = B; f: F; n: float = nan; d: double = inf; }", []),
    "keys and services": ("table T { s: string (key); } rpc_service S { m (T): T; }", []),
}


def refused(folder):
    """The languages for which flatc generates nothing."""
    done = {option: subprocess.run([FLATC, f"--{option}", "--no-warnings", "-o", "out", "case.fbs"], cwd=folder, capture_output=True, timeout=60, check=False)
            for option in LANGUAGES}
    return {LANGUAGES[option] for option, result in done.items() if result.returncode}


@pytest.mark.parametrize("case", CASES)
def test_languages_are_those_that_flatc_refuses(case, tmp_path):
    text, rules = CASES[case]
    (tmp_path / "case.fbs").write_text(text)
    done = subprocess.run([BUILD / "zerowire", "lint", "--use", "PORTABLE", "--except", "PORTABLE_KEYWORD", "case.fbs"], cwd=tmp_path, capture_output=True, text=True,
                          timeout=60, check=False)
    found = re.findall(r"warning (\w+) .*?flatc has no code in (.+?) for ", done.stderr)
    assert [rule for rule, _ in found] == rules, done.stderr
    assert done.returncode == (1 if rules else 0)
    named = set()
    for _, languages in found:
        exceptions = re.fullmatch(r"any language but (.+)", languages)
        words = set(re.split(r", | or | and ", exceptions[1] if exceptions else languages))
        assert words <= set(LANGUAGES.values())
        named |= set(LANGUAGES.values()) - words if exceptions else words
    assert named == refused(tmp_path)
