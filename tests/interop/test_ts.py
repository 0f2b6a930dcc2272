# SPDX-License-Identifier: Apache-2.0
"""Generated TypeScript beyond the copies of test_languages.py: tsc finds nothing in the code of any of our schemas, nor of
some made by chance; keys, values in place, 64-bit offsets, what flatc's own TypeScript reads and writes, and that the verifier
judges as the C one does."""
import json
import random
import shutil
import subprocess

import pytest
import schema_corpus

from test_languages import COMMAND, DATA, FLATC, ROOT, SOURCES, run, typescript

SCHEMAS = ROOT / "tests" / "data"
MUTANTS = 150
BY_CHANCE = 25
NAMES = ("far_read far_write verdicts list scalars_are_set_in_place defaults_are_read vectors_are_views_of_the_buffer elements_are_found_by_key "
         "unions_are_what_they_hold size_prefixes_are_skipped nested_buffers_are_read shared_strings_are_written_once "
         "what_is_wrong_is_said_with_its_place stamps_are_checked objects_begin_with_defaults stock_code_reads_and_writes_the_same").split()
FAR = {
    "small": 7,
    "far_text": "far text",
    "far_octets": [1, 2],
    "far_octets64": [3, 4, 5],
    "far_doubles": [0.5, -1.25],
    "far_spots": [{"x": 1, "y": -2}, {"x": 3, "y": 4}],
    "far_nested": {"name": "inside", "n": 3},
    "far_fixed": [{"octets": [1, 255, 0, 0], "n": 2}, {"octets": [2, 0, 0, 0], "n": 1}],
}


@pytest.fixture(scope="module")
def checks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ts")
    shutil.copy(SOURCES / "checks.ts", folder)
    for schema in sorted(SCHEMAS.glob("typescript/*.fbs")):
        run(COMMAND, "compile", "--ts", "-o", folder, schema)
    # Schemas with one name, and the one that another includes, are in the folder of their own.
    for schema in sorted(SCHEMAS.glob("generated/*.fbs")):
        run(COMMAND, "compile", "--ts", "-I", ROOT / "schemas", "-o", folder / "generated", schema)
    for seed in range(BY_CHANCE):
        (folder / f"s{seed}.fbs").write_text(schema_corpus.valid(seed))
        run(COMMAND, "compile", "--ts", "-I", ROOT / "schemas", "-o", folder / "chance", folder / f"s{seed}.fbs")
    run(FLATC, "--ts", "--gen-object-api", "-o", folder / "flatc", SCHEMAS / "typescript" / "stock.fbs")
    typescript(folder, "generated/*.ts", "chance/*.ts")
    return ["node", folder / "built" / "checks.js"]


def test_all_checks_are_run(checks):
    listed = run(*checks, "list").split()
    assert listed == [name for name in NAMES if name in listed] and len(listed) == len(NAMES) - 4


@pytest.mark.parametrize("name", NAMES[4:])
def test_check(checks, name):
    run(*checks, name)


def test_what_64_bit_offsets_refer_to(checks, tmp_path):
    run(*checks, "far_write", tmp_path / "far")
    assert json.loads(run(COMMAND, "json", DATA / "younger.fbs", tmp_path / "far")) == FAR
    run(*checks, "far_read", tmp_path / "far")
    # Octets in a vector64, nested buffers too, get a length of 32 bits from flatc, and are not where they should be; structs with a key are sorted there.
    theirs = {name: value for name, value in FAR.items() if name not in ("far_octets64", "far_nested", "far_fixed")}
    (tmp_path / "theirs.json").write_text(json.dumps(theirs))
    run(FLATC, "--binary", "-o", tmp_path, DATA / "younger.fbs", tmp_path / "theirs.json")
    run(*checks, "far_read", tmp_path / "theirs.bin")


def mutant(octets, chance):
    octets = bytearray(octets)
    for _ in range(chance.randint(1, 3)):
        octets[chance.randrange(len(octets))] = chance.choice((0, 1, 4, 127, 128, 255, chance.randrange(256)))
    return bytes(octets[: chance.randrange(len(octets))] if chance.random() < 0.1 else octets)


def test_the_verifier_judges_as_that_in_c(checks, tmp_path):
    chance, files, seeds = random.Random(12), [], []
    for case in ("scalars", "unions", "vectors", "tables", "nested"):
        run(COMMAND, "binary", DATA / "constructs.fbs", DATA / "cases" / f"{case}.json", "-o", tmp_path / case)
        seeds.append((tmp_path / case).read_bytes())
    for i in range(MUTANTS):
        files.append(tmp_path / f"mutant{i}")
        files[-1].write_bytes(mutant(seeds[i % len(seeds)], chance))
    verdicts = run(*checks, "verdicts", *files).split()
    expected = []
    for file in files:
        done = subprocess.run([COMMAND, "verify", DATA / "constructs.fbs", file], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode in (0, 1), done.stderr
        expected.append("refused" if done.returncode else "sound")
    assert {"sound", "refused"} == set(expected)
    assert verdicts == expected
