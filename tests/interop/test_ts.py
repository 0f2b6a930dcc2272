# SPDX-License-Identifier: Apache-2.0
"""Generated TypeScript beyond the copies of test_languages.py: tsc finds nothing in the code of any of our schemas, nor of
some made by chance; keys, values in place, 64-bit offsets, what flatc's own TypeScript reads and writes, and that the verifier
judges as the C one does."""
import json
import os
import random
import re
import shutil
import subprocess
import sys

import pytest
import schema_corpus
from flatbuffers import flexbuffers

from test_flexbuffers import VALUES, transcode
from test_languages import COMMAND, DATA, FLATC, ROOT, SCHEMAS as SCHEMAS_OF, SOURCES, run, typescript

SCHEMAS = ROOT / "tests" / "data"
MUTANTS = 150
BY_CHANCE = 25
NAMES = ("scalars_are_set_in_place defaults_are_read vectors_are_views_of_the_buffer elements_are_found_by_key "
         "unions_are_what_they_hold unions_are_packed_with_their_types what_is_shared_is_unpacked_once "
         "what_overlaps_is_not_unpacked_without_end "
         "size_prefixes_are_skipped identifiers_are_octets size_prefixes_have_8_octets_with_64_bit_offsets flexbuffers_are_values nested_buffers_are_read shared_strings_are_written_once "
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
    "flex": {"a": [1, 2.5, "x", {"b": None}], "c": [0.1, 1e300], "d": True},
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
    for path in (folder / "flatc").rglob("*.ts"):
        path.write_text("// @ts-nocheck: it has names that are not used\n" + path.read_text())
    typescript(folder, "generated/*.ts", "chance/*.ts")
    return ["node", folder / "built" / "checks.js"]


def test_all_checks_are_run(checks):
    listed = run(*checks, "list").split()
    assert listed == NAMES


def test_the_package_declares_what_it_has(checks):
    package = checks[-1].parents[1] / "node_modules" / "zerowire"
    there = run("node", "--input-type=module", "-e", f"console.log(Object.keys(await import('{package}/zerowire.js')).join(' '))").split()
    declared = re.findall(r"^export declare (?:const|function|class) (\w+)", (package / "zerowire.d.ts").read_text(), re.MULTILINE)
    assert set(there) == set(declared)
    about = json.loads((package / "package.json").read_text())
    assert {path.name for path in (ROOT / "bindings" / "js").iterdir()} == {"package.json", *about["files"]}


@pytest.mark.parametrize("name", NAMES)
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


def test_size_prefixes_of_8_octets(checks, tmp_path):
    """Ours and Python's, both ways."""
    run(COMMAND, "compile", "--python", "-o", tmp_path, DATA / "younger.fbs")
    (tmp_path / "sized.py").write_text("""
import sys
from younger_generated import Everything, EverythingT
with open(sys.argv[1], "rb") as file:
    object = Everything.verify(file.read(), size_prefixed=8, identified=True).unpack()
with open(sys.argv[2], "wb") as file:
    file.write(object.pack(size_prefixed=8))
""")
    run(*checks, "sized_write", tmp_path / "ours")
    run(sys.executable, "-B", tmp_path / "sized.py", tmp_path / "ours", tmp_path / "theirs", env={**os.environ, "PYTHONPATH": f"{ROOT}/bindings/python:{tmp_path}"})
    run(*checks, "sized_read", tmp_path / "theirs")


def with_bigints(value):
    """Integers that JavaScript's JSON would round."""
    if isinstance(value, list):
        return [with_bigints(element) for element in value]
    if isinstance(value, dict):
        return {key: with_bigints(element) for key, element in value.items()}
    return {"$big": str(value)} if type(value) is int and abs(value) >= 2**53 else value


def test_flexbuffers_of_the_official_run_time(checks, tmp_path):
    """Both ways; and what TypeScript wrote is read by C."""
    (tmp_path / "theirs").write_text("\n".join(bytes(flexbuffers.Dumps(value)).hex() for value in VALUES))
    assert [json.loads(line) for line in run(*checks, "flex_read", tmp_path / "theirs").splitlines()] == [with_bigints(value) for value in VALUES]
    (tmp_path / "values").write_text("\n".join(json.dumps(with_bigints(value)) for value in VALUES))
    ours = run(*checks, "flex_write", tmp_path / "values").splitlines()
    assert [flexbuffers.Loads(bytes.fromhex(line)) for line in ours] == VALUES
    assert [json.loads(line) for line in transcode("json", ours)] == VALUES


def test_flexbuffers_are_refused_as_in_c(checks, tmp_path):
    chance, mutants = random.Random(13), []
    small = [octets for octets in (bytes(flexbuffers.Dumps(value)) for value in VALUES) if len(octets) < 2000]
    for i in range(10 * MUTANTS):
        mutants.append(mutant(small[i % len(small)], chance).hex() or "00")
    (tmp_path / "mutants").write_text("\n".join(mutants))
    ours, expected = run(*checks, "flex_read", tmp_path / "mutants").splitlines(), transcode("json", mutants)
    assert [line == "refused" for line in ours] == [line.startswith("!") for line in expected]
    assert 100 < ours.count("refused") < len(ours) - 100


def test_modules_of_two_versions_of_a_schema_do_not_meet(checks, tmp_path):
    """The module of an included file, as it would be if its schema were another."""
    built = checks[-1].parent
    shutil.copytree(built, tmp_path / "built")
    (tmp_path / "node_modules").symlink_to(built.parent / "node_modules")
    shutil.copy(built.parent / "package.json", tmp_path)
    run("node", tmp_path / "built" / "checks.js", "list")
    base = tmp_path / "built" / "constructs_base_generated.js"
    code = base.read_text()
    at = code.index("fileId: '") + len("fileId: '")
    base.write_text(code[:at] + "0" * 32 + code[at + 32:])
    done = subprocess.run(["node", tmp_path / "built" / "checks.js", "list"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode and "VersionError: constructs: code generated with another constructs_base than that which it imports." in done.stderr


def test_files_that_include_each_other(checks):
    built = checks[-1].parent
    for first in ("left", "right"):
        run("node", "--input-type=module", "-e", f"""
import * as first from '{built}/generated/cycle_{first}_generated.js';
import * as zw from '{built.parent}/node_modules/zerowire/zerowire.js';
zw.verify(zw.Void.shape, Uint8Array.of(8, 0, 0, 0, 4, 0, 4, 0, 4, 0, 0, 0), null);
if (!first.stamp) throw new Error('no stamp');
""")


def mutant(octets, chance):
    octets = bytearray(octets)
    for _ in range(chance.randint(1, 3)):
        octets[chance.randrange(len(octets))] = chance.choice((0, 1, 4, 127, 128, 255, chance.randrange(256)))
    return bytes(octets[: chance.randrange(len(octets))] if chance.random() < 0.1 else octets)


SEEDS = {"copy": ("cases", "scalars unions vectors tables nested"), "young": ("young", "aligned far keys shared union_big_struct union_big_text")}


@pytest.mark.parametrize("schema", SEEDS)
def test_the_verifier_judges_as_that_in_c(checks, tmp_path, schema):
    chance, files, seeds = random.Random(12), [], []
    folder, cases = SEEDS[schema]
    for case in cases.split():
        run(COMMAND, "binary", SCHEMAS_OF[schema], DATA / folder / f"{case}.json", "-o", tmp_path / case)
        seeds.append((tmp_path / case).read_bytes())
    for i in range(MUTANTS):
        files.append(tmp_path / f"mutant{i}")
        files[-1].write_bytes(mutant(seeds[i % len(seeds)], chance))
    verdicts = run(*checks, "verdicts", schema, *files).split()
    expected = []
    for file in files:
        done = subprocess.run([COMMAND, "verify", SCHEMAS_OF[schema], file], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode in (0, 1), done.stderr
        expected.append("refused" if done.returncode else "sound")
    assert {"sound", "refused"} == set(expected)
    assert verdicts == expected
