# SPDX-License-Identifier: Apache-2.0
"""The dialect against flatc 25.12.19 (inside the zlmdb wheel), over schemas made by chance (schema_corpus.py) and over families of
small ones, each about one thing (dialect_cases.py): the same verdict on each, and the same octets where both accept it. What differs on purpose is told by its rule; docs/flatc-differences.md has it."""
import os
import pathlib
import re
import subprocess

import dialect_cases
import pytest
import schema_corpus
import zlmdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", ROOT / "build/dev"))
COMPILER = BUILD / "zerowire_schemac"
FLATC = pathlib.Path(zlmdb.__file__).parent / "_flatc/bin/flatc"
BATCH = 50

# Refused here, accepted by flatc: the first line of what we say.
ON_PURPOSE = [
    r"error STRUCT_CYCLE the struct \"\w+\" holds itself here",
    r"error FORCE_ALIGN force_align of a vector is a power of two",
    r"error TYPE_NOT_FOUND there is no type \"(\w+)\"\. Did you mean \"[\w.]*\1\"",
    r"error ATTRIBUTE_REPEATED ",
    r"error NAME_AMBIGUOUS ",
    r"error NESTED_TYPE nested_flatbuffer names a table; \"[\w.]+\" is none",
    r"error FIELD_ID an id is a number",
    r"error ATTRIBUTE_PLACE [\w.]+: (idempotent|streaming) ",
    r"error ENUM_VALUE_TWICE ",
    r"error VALUE_RANGE \S+ is no bool",
    r"error VALUE_RANGE (-?\w+)? is no uint",
    r"error STRUCT_SIZE ",
]
# Among names that are used before their declarations flatc finds what follows in any namespace.
NAMES_ON_PURPOSE = [*ON_PURPOSE, r"error (UNION_MEMBER|METHOD_TYPE) "]
# Accepted here, refused by flatc: the last line of what it says.
ACCEPTED_ON_PURPOSE = [
    r"type referenced but not defined",
    r"Incomplete type in struct",
    r"unknown root type",
    r"input file is empty",
    r"field name can not be the same as table/struct name",
]


def run(folder, *command):
    return subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def compiled(folder, name, command):
    """Whether a compiler accepts the schema, what it said, and the octets."""
    out = folder / "out"
    out.mkdir(exist_ok=True)
    done = run(folder, *command, "-o", out, name)
    product = out / f"{pathlib.Path(name).stem}.bfbs"
    octets = product.read_bytes() if done.returncode == 0 else None
    product.unlink(missing_ok=True)
    assert done.returncode in (0, 1), done.stderr
    return octets, done.stdout + done.stderr


def difference(folder, seed, text, refused=ON_PURPOSE):
    """What is different between the two compilers on purpose of nobody, or None; and whether both accept."""
    (folder / "case.fbs").write_text(text)
    mine, said = compiled(folder, "case.fbs", [COMPILER, "--bfbs", "--flatc-exact"])
    theirs, reason = compiled(folder, "case.fbs", [FLATC, "-b", "--schema", "--bfbs-comments", "--bfbs-builtins", "--no-warnings"])
    if (mine is None) == (theirs is None):
        return (None if mine == theirs else f"seed {seed}: other octets"), mine is not None
    line, patterns = (said.splitlines()[0], refused) if mine is None else (reason.strip().splitlines()[-1], ACCEPTED_ON_PURPOSE)
    if any(re.search(pattern, line) for pattern in patterns):
        return None, False
    return f"seed {seed}: ours {said or 'accepted'!r}, flatc {reason or 'accepted'!r}", False


@pytest.mark.parametrize("first", range(0, 400, BATCH))
def test_valid_schemas_have_the_octets_of_flatc(first, tmp_path):
    found, both = [], 0
    for seed in range(first, first + BATCH):
        what, accepted = difference(tmp_path, seed, schema_corpus.valid(seed))
        both += accepted
        found += [what] if what else []
    assert not found
    assert both > BATCH * 9 // 10, "the corpus is not what it says"


@pytest.mark.parametrize("first", range(0, 1000, BATCH))
def test_broken_schemas_have_the_verdict_of_flatc(first, tmp_path):
    found = []
    for seed in range(first, first + BATCH):
        what, _ = difference(tmp_path, seed, schema_corpus.broken(seed))
        found += [what] if what else []
    assert not found


@pytest.mark.parametrize("family", dialect_cases.FAMILIES)
def test_families_have_the_verdict_and_octets_of_flatc(family, tmp_path):
    found, both = [], 0
    for text in dialect_cases.sample(family, 300):
        what, accepted = difference(tmp_path, text, text, NAMES_ON_PURPOSE if family == "names" else ON_PURPOSE)
        both += accepted
        found += [what] if what else []
    assert not found
    assert both > 20, "the family is not what it says"


def test_a_finding_has_a_place_and_few_follow(tmp_path):
    """A broken schema gives findings with line and column, and no avalanche: one edit, at most a handful of findings."""
    counts = []
    for seed in range(200):
        (tmp_path / "case.fbs").write_text(schema_corpus.broken(seed))
        done = run(tmp_path, COMPILER, "case.fbs")
        errors = [line for line in done.stderr.splitlines() if ": error " in line]
        assert bool(errors) == (done.returncode == 1)
        assert all(re.match(r"case\.fbs:\d+:\d+: error [A-Z0-9_]+ ", line) for line in errors), done.stderr
        counts.append(len(errors))
    assert max(counts) <= 12, counts
    assert sum(counts) < 2 * len(counts), counts
