# SPDX-License-Identifier: Apache-2.0
"""Our compiled schemas against flatc 25.12.19 (inside the zlmdb wheel) and the official Python run time.

Octet for octet with --flatc-exact; without it flatc reads them, and they say the same. The build to test is ZEROWIRE_BUILD."""
import json
import os
import pathlib
import re
import subprocess

import pytest
import zlmdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
DATA = ROOT / "tests/data"
BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", ROOT / "build/dev"))
COMPILER = BUILD / "zerowire_schemac"
WHEEL = pathlib.Path(zlmdb.__file__).parent
FLATC = WHEEL / "_flatc/bin/flatc"
REFLECTION = WHEEL / "flatbuffers/reflection.fbs"

VALID = sorted([*SCHEMAS.glob("*.fbs"), *(DATA / "schema").glob("valid-*.fbs"), DATA / "reflect/objects.fbs", DATA / "wamp/typed.fbs"])


def run(*command, cwd=None):
    return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=60)


def flatc(schema, out):
    # From the schema's own folder: elsewhere flatc takes its path as the project root and stores file names.
    done = run(FLATC, "-b", "--schema", "--bfbs-comments", "--bfbs-builtins", "--no-warnings", "-I", SCHEMAS, "-o", out, schema.name, cwd=schema.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    return (out / f"{schema.stem}.bfbs").read_bytes()


def ours(schema, out, *options):
    done = run(COMPILER, "--bfbs", *options, "-I", SCHEMAS, "-o", out, schema)
    assert done.returncode == 0, done.stderr
    return (out / f"{schema.stem}.bfbs").read_bytes()


def content(bfbs, out):
    """The content of a compiled schema, as flatc prints it by its own reflection.fbs."""
    done = run(FLATC, "--json", "--strict-json", "--raw-binary", "-o", out, REFLECTION, "--", bfbs)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(re.sub(r": (-?inf|nan)\b", r': "\1"', (out / f"{bfbs.stem}.json").read_text()))


def drop_extras(schema):
    """What ours keeps and flatc loses: defaults of strings and vectors, and of ulong above the largest long."""
    dropped = 0
    for field in (field for owner in schema["objects"] for field in owner["fields"]):
        kept = [pair for pair in field.get("attributes", []) if pair["key"] != "zw_default"]
        dropped += len(kept) != len(field.get("attributes", []))
        if kept:
            field["attributes"] = kept
        else:
            field.pop("attributes", None)
        if field["type"].get("base_type") == "ULong" and field.get("default_integer", 0) < 0:
            dropped += 1
            del field["default_integer"]
    return dropped


def differences():
    """The records of differences.txt: what it is about, our verdict, the schema."""
    records = (DATA / "schema/differences.txt").read_text().strip().split("\n\n")[1:]
    for title, verdict, schema in (record.split("\n") for record in records):
        schema = re.sub(r"<(\w+)\*(\d+)>", lambda found: found[1] * int(found[2]), schema)
        schema = re.sub(rb"\\x(..)", lambda found: bytes.fromhex(found[1].decode()), schema.replace("\\n", "\n").encode())
        yield pytest.param(title, verdict, schema, id=title)


@pytest.fixture
def folders(tmp_path):
    made = [tmp_path / name for name in ("ours", "theirs")]
    for folder in made:
        folder.mkdir()
    return made


@pytest.mark.parametrize("schema", VALID, ids=lambda path: path.stem)
def test_octets_are_those_of_flatc(schema, folders):
    assert ours(schema, folders[0], "--flatc-exact") == flatc(schema, folders[1])


# What flatc leaves out if it is not asked for, and what it adds; ours is asked to leave it out.
MODES = {"comments": (["--bfbs-builtins"], ["--bfbs-no-comments"]), "builtins": (["--bfbs-comments"], ["--bfbs-no-builtins"]),
         "both": ([], ["--bfbs-no-comments", "--bfbs-no-builtins"])}


@pytest.mark.parametrize("without", MODES)
@pytest.mark.parametrize("schema", VALID, ids=lambda path: path.stem)
def test_octets_without_comments_and_attributes(schema, without, folders):
    theirs, mine = MODES[without]
    done = run(FLATC, "-b", "--schema", *theirs, "--no-warnings", "-I", SCHEMAS, "-o", folders[1], schema.name, cwd=schema.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ours(schema, folders[0], "--flatc-exact", *mine) == (folders[1] / f"{schema.stem}.bfbs").read_bytes()


# Those whose files flatc finds in the file system, not built in.
FILES = [schema for schema in VALID if 'include "zerowire.fbs"' not in schema.read_text() and 'include "wamp.fbs"' not in schema.read_text()]


@pytest.mark.parametrize("root", [".", "..", "/", "parts"])
@pytest.mark.parametrize("schema", FILES, ids=lambda path: path.stem)
def test_octets_with_file_names(schema, root, folders):
    if root == "parts" and not (schema.parent / root).is_dir():
        root = ".."
    options = ["--bfbs-filenames", root, "-I", SCHEMAS]
    done = run(FLATC, "-b", "--schema", "--bfbs-comments", "--bfbs-builtins", "--no-warnings", *options, "-o", folders[1], schema.name, cwd=schema.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    done = run(COMPILER, "--bfbs", "--flatc-exact", *options, "-o", folders[0], schema.name, cwd=schema.parent)
    assert done.returncode == 0, done.stderr
    assert (folders[0] / f"{schema.stem}.bfbs").read_bytes() == (folders[1] / f"{schema.stem}.bfbs").read_bytes()


@pytest.mark.parametrize("schema", VALID, ids=lambda path: path.stem)
def test_flatc_reads_ours(schema, folders):
    ours(schema, folders[0])
    flatc(schema, folders[1])
    mine, theirs = (content(folder / f"{schema.stem}.bfbs", folder) for folder in folders)
    dropped = drop_extras(mine)
    assert mine == theirs
    if schema.stem in ("valid-scalars", "valid-enums"):
        assert dropped


def test_flatc_generates_code_from_ours(folders):
    """flatc takes a compiled schema wherever it takes a text."""
    schema = DATA / "schema/valid-telemetry.fbs"
    ours(schema, folders[0])
    done = run(FLATC, "--python", "-o", folders[0], folders[0] / "valid-telemetry.bfbs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(folders[0].rglob("Sensor.py"))


def test_the_official_run_time_reads_ours(folders):
    from zlmdb.flatbuffers.reflection.Schema import Schema

    octets = ours(DATA / "schema/valid-telemetry.fbs", folders[0])
    assert Schema.SchemaBufferHasIdentifier(octets, 0)
    schema = Schema.GetRootAs(octets, 0)
    names = [schema.Objects(i).Name().decode() for i in range(schema.ObjectsLength())]
    assert names == ["Void", "com.example.Reading", "com.example.Sensor", "com.example.SensorKey"]
    sensor = schema.Objects(2)
    assert [sensor.Fields(i).Name() for i in range(sensor.FieldsLength())] == [b"id", b"installed", b"kind", b"serial", b"site"]
    attributes = {sensor.Attributes(i).Key(): sensor.Attributes(i).Value() for i in range(sensor.AttributesLength())}
    assert attributes == {b"map": b"sensors", b"primary": b"site,id", b"index": b"kind,-installed", b"unique": b"site,serial"}
    service = schema.Services(0)
    assert [service.Calls(i).Name() for i in range(service.CallsLength())] == [b"reading", b"sensor_get", b"sensor_changed"]
    assert service.Calls(1).Response().Name() == b"com.example.Sensor"


def test_our_reflection_schema_is_the_public_one(folders):
    """The same tables, slots, types and defaults; the texts of documentation are our own."""
    for folder, source in zip(folders, (SCHEMAS / "reflection.fbs", REFLECTION)):
        done = run(FLATC, "-b", "--schema", "--no-warnings", "-o", folder, source.name, cwd=source.parent)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (folders[0] / "reflection.bfbs").read_bytes() == (folders[1] / "reflection.bfbs").read_bytes()


@pytest.mark.parametrize("schema", sorted((DATA / "schema").glob("invalid-*.fbs")), ids=lambda path: path.stem)
def test_refused_schemas_say_where(schema, folders):
    done = run(COMPILER, "-o", folders[0], schema)
    assert done.returncode == 1
    assert any(f"{schema.name}:" in line and "error" in line for line in done.stderr.splitlines())
    assert not list(folders[0].iterdir())


@pytest.mark.parametrize("title, verdict, schema", list(differences()))
def test_differences_are_those_that_are_documented(title, verdict, schema, folders):
    """flatc gives the other verdict; ours is refused by its rule; the manual names the case."""
    case = folders[0] / "case.fbs"
    case.write_bytes(schema)
    (folders[0] / "copy").mkdir()
    for name, text in (("missing.fbs", "root_type Nothing;"), ("copied.fbs", "table C { x: int; }"), ("copy/copied.fbs", "table C { x: int; }")):
        (folders[0] / name).write_text(text)
    (folders[0].parent / "beside.fbs").write_text("table Beside { a: int; }")
    mine = run(COMPILER, "-o", folders[1], case)
    theirs = run(FLATC, "-b", "--schema", "--no-warnings", "-I", SCHEMAS, "-o", folders[1], case.name, cwd=folders[0])
    assert (mine.returncode == 0) == (verdict == "accepted"), mine.stderr
    assert (theirs.returncode == 0) == (verdict != "accepted"), theirs.stdout + theirs.stderr
    if verdict != "accepted":
        assert f"error {verdict.split()[1]} " in mine.stderr.splitlines()[0]
    assert title in (ROOT / "docs/flatc-differences.md").read_text()


def test_the_depfile_names_what_was_read(folders):
    schema = DATA / "schema/valid-includes.fbs"
    depfile = folders[0] / "d"
    ours(schema, folders[0], "--depfile", depfile)
    target, _, sources = depfile.read_text().partition(":")
    assert target == str(folders[0] / "valid-includes.bfbs")
    assert [pathlib.Path(source).name for source in sources.split()] == ["valid-includes.fbs", "first.fbs", "second.fbs", "from_root.fbs"]
