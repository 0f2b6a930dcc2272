# SPDX-License-Identifier: Apache-2.0
"""FlatBuffers with others: the official Python run time, Google's C++, and flatc. What our builder writes they read, and
what they write ours verifies and prints. Ours is a filter of the build, flatbuf_transcode."""
import importlib.util
import json
import os
import shutil
import subprocess

import flatbuffers
import pytest
from flatbuffers import number_types, table

BUILD = os.environ.get("ZEROWIRE_BUILD", "build/dev")
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
REFLECT = os.path.join(ROOT, "tests", "data", "reflect")
SCHEMA = os.path.join(REFLECT, "objects.fbs")

# Objects of com.example.Thing in the form that our printer gives; every value is no default.
THINGS = [
    {"id": "plain"},
    {"id": "grün \"quoted\" \n", "kind": "Hot", "flags": "Read Admin"},
    {"id": "scalars", "scalars": {"flag": True, "i8": -128, "u8": 255, "i16": -32768, "u16": 65535, "i32": -2147483648,
                                  "u32": 4294967295, "i64": -9223372036854775808, "u64": 18446744073709551615,
                                  "f32": 0.1, "f64": 1e300, "maybe": 0, "answer": 41, "half": 0.25}},
    {"id": "structs", "point": {"x": 1.5, "y": -2.0, "tag": [3, -4]},
     "line": {"from": {"x": 1.5, "y": -2.0, "tag": [3, -4]}, "kind": "Warm"}},
    {"id": "vectors", "tags": ["a", "", "ccc"], "numbers": [1, -2, 3], "kinds": ["Cold", "Hot"], "floats": [0.5, 1e30],
     "data": [0, 255, 7], "points": [{"x": 1.0, "y": 2.0, "tag": [3, 4]}, {"x": 5.0, "y": 6.0, "tag": [7, 8]}],
     "cells": [{"id": 1, "value": -1}, {"id": 2, "value": 2}], "items": [{"name": "a", "count": 1}, {"name": "b"}]},
    {"id": "empty", "tags": [], "numbers": [], "points": [], "items": []},
    {"id": "union", "any_type": "Leaf", "any": {"n": 7}},
    {"id": "tree", "child": {"id": "one", "child": {"id": "two", "tags": ["deep"]}}},
]
# Members that flatc 2.0.8 cannot print: unions of structs and strings.
WIDE = [{"id": "struct", "any_type": "Place", "any": {"x": 1.0, "y": 2.0, "tag": [3, 4]}},
        {"id": "string", "any_type": "Words", "any": "text"}]


def transcode(kind, lines, type_name="com.example.Thing"):
    program = os.path.join(BUILD, "tests", "flatbuf_transcode")
    run = subprocess.run([program, os.path.join(REFLECT, "objects.bfbs"), type_name, kind], input="\n".join(lines) + "\n",
                         capture_output=True, text=True, check=True, timeout=60)
    answers = run.stdout.splitlines()
    assert len(answers) == len(lines)
    for answer in answers:
        assert not answer.startswith("!"), answer
    return answers


def to_binary(things):
    return [bytes.fromhex(line) for line in transcode("binary", [json.dumps(t) for t in things])]


def to_objects(buffers):
    return [json.loads(line) for line in transcode("json", [b.hex() for b in buffers])]


def test_ours_alone():
    assert to_objects(to_binary(THINGS + WIDE)) == THINGS + WIDE


# ---- Python ----

class Reader(table.Table):
    """A table by slots, as generated code reads it."""

    def at(self, slot):
        return self.Offset(4 + 2 * slot)

    def string(self, slot):
        offset = self.at(slot)
        return self.String(offset + self.Pos).decode() if offset else None

    def scalar(self, slot, flags, default=0):
        offset = self.at(slot)
        return self.Get(flags, offset + self.Pos) if offset else default

    def child(self, slot):
        offset = self.at(slot)
        return Reader(self.Bytes, self.Indirect(offset + self.Pos)) if offset else None

    def vector(self, slot, read, size):
        offset = self.at(slot)
        if not offset:
            return None
        start = self.Vector(offset)
        return [read(start + i * size) for i in range(self.VectorLen(offset))]


def root_of(data):
    return Reader(data, flatbuffers.encode.Get(flatbuffers.packer.uoffset, data, 0))


def slots():
    """Slots of Thing by the order of its fields: a union takes two."""
    names = ["id", "kind", "flags", "scalars", "at", "before", "uuid", "point", "line", "tags", "numbers", "kinds", "floats",
             "data", "points", "cells", "items", "any_type", "any", "several_type", "several", "child", "nested", "old"]
    return {name: i for i, name in enumerate(names)}


def test_python_reads_ours():
    slot = slots()
    by_id = {thing["id"]: root_of(data) for thing, data in zip(THINGS, to_binary(THINGS))}
    assert all(reader.string(slot["id"]) == name for name, reader in by_id.items())
    quoted = by_id[THINGS[1]["id"]]
    assert quoted.scalar(slot["kind"], number_types.Uint8Flags) == 5
    assert quoted.scalar(slot["flags"], number_types.Uint16Flags) == 1 | 1 << 8
    scalars = by_id["scalars"].child(slot["scalars"])
    kinds = [number_types.BoolFlags, number_types.Int8Flags, number_types.Uint8Flags, number_types.Int16Flags,
             number_types.Uint16Flags, number_types.Int32Flags, number_types.Uint32Flags, number_types.Int64Flags,
             number_types.Uint64Flags, number_types.Float32Flags, number_types.Float64Flags]
    expected = list(THINGS[2]["scalars"].values())
    for i, kind in enumerate(kinds):
        assert scalars.scalar(i, kind) == pytest.approx(expected[i], rel=1e-6)
    assert scalars.at(11) and scalars.scalar(11, number_types.Int32Flags, None) == 0
    vectors = by_id["vectors"]
    assert vectors.vector(slot["numbers"], lambda at: vectors.Get(number_types.Int32Flags, at), 4) == [1, -2, 3]
    assert vectors.vector(slot["tags"], lambda at: vectors.String(at).decode(), 4) == ["a", "", "ccc"]
    assert vectors.vector(slot["points"], lambda at: vectors.Get(number_types.Float32Flags, at), 12) == [1.0, 5.0]
    items = vectors.vector(slot["items"], lambda at: Reader(vectors.Bytes, vectors.Indirect(at)), 4)
    assert [item.string(0) for item in items] == ["a", "b"]
    assert by_id["tree"].child(slot["child"]).child(slot["child"]).string(slot["id"]) == "two"
    assert by_id["union"].child(slot["any"]).scalar(0, number_types.Int32Flags) == 7
    assert by_id["empty"].vector(slot["tags"], None, 4) == []
    assert by_id["plain"].vector(slot["tags"], None, 4) is None


def python_thing(builder, name, tags, numbers, point):
    slot = slots()
    text = builder.CreateString(name)
    tag_refs = [builder.CreateSharedString(t) for t in tags]
    builder.StartVector(4, len(tags), 4)
    for ref in reversed(tag_refs):
        builder.PrependUOffsetTRelative(ref)
    tag_list = builder.EndVector()
    builder.StartVector(4, len(numbers), 4)
    for n in reversed(numbers):
        builder.PrependInt32(n)
    number_list = builder.EndVector()
    builder.StartObject(len(slot))
    builder.PrependUOffsetTRelativeSlot(slot["id"], text, 0)
    builder.PrependUOffsetTRelativeSlot(slot["tags"], tag_list, 0)
    builder.PrependUOffsetTRelativeSlot(slot["numbers"], number_list, 0)
    builder.PrependUint8Slot(slot["kind"], 5, 1)
    builder.Prep(4, 12)
    for value in reversed(point[2:]):
        builder.PrependInt16(value)
    builder.PrependFloat32(point[1])
    builder.PrependFloat32(point[0])
    builder.PrependStructSlot(slot["point"], builder.Offset(), 0)
    return builder.EndObject()


@pytest.mark.parametrize("size", [0, 1, 3, 1000])
def test_ours_reads_python(size):
    builder = flatbuffers.Builder(0)
    tags = [f"tag {i % 7}" for i in range(size)]
    numbers = list(range(-size, size))
    builder.Finish(python_thing(builder, "from Python", tags, numbers, (1.5, -2.0, 3, 4)))
    assert to_objects([bytes(builder.Output())]) == [
        {"id": "from Python", "kind": "Hot", "point": {"x": 1.5, "y": -2.0, "tag": [3, 4]}, "tags": tags, "numbers": numbers}]


# ---- flatc ----

# What is missing is a failure: ./dev test installs all of it.
def system_flatc():
    program = shutil.which("flatc", path="/usr/local/bin:/usr/bin")
    assert program, "flatc is not installed"
    return program


def wheel_flatc():
    """The one that the zlmdb wheel carries: 25.12."""
    spec = importlib.util.find_spec("zlmdb")
    program = os.path.join(os.path.dirname(spec.origin), "_flatc", "bin", "flatc") if spec else ""
    assert os.path.exists(program), "zlmdb has no flatc"
    return program


@pytest.fixture(params=[system_flatc, wheel_flatc])
def flatc(request):
    return request.param()


def run_flatc(flatc, *arguments):
    run = subprocess.run([flatc, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def schema_for(folder, drop=()):
    """objects.fbs as flatc 2.0.8 takes it: without what it does not know yet."""
    with open(SCHEMA) as file:
        text = file.read()
    for old, new in drop:
        assert old in text
        text = text.replace(old, new)
    path = folder / "objects.fbs"
    path.write_text(text)
    return str(path)


# flatc 2.0.8 writes no unions of structs and strings as JSON, and no vectors of unions: the first are left out for it, at
# the end of the union, the second replaced by what takes the same two slots.
DROP = [("union Any { Leaf, Item, Place: Point, Words: string }", "union Any { Leaf, Item }"),
        ("several: [Any];", "several_type: [ubyte]; several: [string];")]
INCLUDE = ["-I", os.path.join(ROOT, "schemas")]


def test_flatc_prints_ours(flatc, tmp_path):
    schema = schema_for(tmp_path, DROP)
    for i, (thing, data) in enumerate(zip(THINGS, to_binary(THINGS))):
        path = tmp_path / f"ours{i}.bin"
        path.write_bytes(data)
        run_flatc(flatc, *INCLUDE, "--json", "--strict-json", "--raw-binary", "-o", str(tmp_path), schema, "--", str(path))
        printed = json.loads((tmp_path / f"ours{i}.json").read_text())
        assert printed == pytest.approx(thing) if not nested(thing) else strip(printed) == strip(thing)


def nested(value):
    return any(isinstance(v, (dict, list)) for v in value.values())


def strip(value):
    """Floats to what 32 bits hold, so that 0.1 of either side is the same."""
    if isinstance(value, dict):
        return {k: strip(v) for k, v in value.items()}
    if isinstance(value, list):
        return [strip(v) for v in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def test_ours_prints_flatc(flatc, tmp_path):
    schema = schema_for(tmp_path, DROP)
    buffers = []
    for i, thing in enumerate(THINGS):
        path = tmp_path / f"theirs{i}.json"
        path.write_text(json.dumps(thing, ensure_ascii=False))
        run_flatc(flatc, *INCLUDE, "--binary", "-o", str(tmp_path), schema, str(path))
        binary = next(tmp_path.glob(f"theirs{i}.[bo]*"), None) or tmp_path / f"theirs{i}.bin"
        buffers.append(binary.read_bytes())
    assert to_objects(buffers) == THINGS


# ---- C++ ----

@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    """A program over Google's generated code: prints, or writes, the facts of a Thing."""
    compiler = shutil.which("c++")
    assert compiler and os.path.exists("/usr/include/flatbuffers/flatbuffers.h"), "no C++ compiler, or libflatbuffers-dev is not installed"
    folder = tmp_path_factory.mktemp("cpp")
    run_flatc(system_flatc(), *INCLUDE, "--cpp", "--gen-all", "-o", str(folder), schema_for(folder, DROP))
    program = folder / "peer"
    subprocess.run([compiler, "-std=c++17", "-O1", "-I", str(folder), os.path.join(HERE, "flatbuffers_peer.cpp"), "-o",
                    str(program)], check=True, timeout=300)
    return str(program)


def test_cpp_verifies_and_reads_ours(peer):
    lines = "\n".join(data.hex() for data in to_binary(THINGS)) + "\n"
    run = subprocess.run([peer, "read"], input=lines, capture_output=True, text=True, check=True, timeout=60)
    facts = [json.loads(line) for line in run.stdout.splitlines()]
    assert [fact["id"] for fact in facts] == [thing["id"] for thing in THINGS]
    for fact, thing in zip(facts, THINGS):
        assert fact["verified"]
        assert fact["tags"] == thing.get("tags", [])
        assert fact["numbers"] == thing.get("numbers", [])
        assert fact["points"] == [p["x"] for p in thing.get("points", [])]
        assert fact["items"] == [item["name"] for item in thing.get("items", [])]
        assert fact["u64"] == thing.get("scalars", {}).get("u64", 0)
        assert fact["answer"] == thing.get("scalars", {}).get("answer", 42)
        assert fact["any"] == thing.get("any", {}).get("n", 0)
        assert fact["depth"] == (2 if thing["id"] == "tree" else 0)


def test_ours_reads_cpp(peer):
    run = subprocess.run([peer, "write"], capture_output=True, text=True, check=True, timeout=60)
    things = to_objects([bytes.fromhex(line) for line in run.stdout.splitlines()])
    assert things == [
        {"id": "from C++", "kind": "Hot", "flags": "Write", "scalars": {"i64": -5, "f64": 0.5, "maybe": 0},
         "point": {"x": 1.0, "y": 2.0, "tag": [3, 4]}, "tags": ["a", "b", "a"], "numbers": [1, 2, 3],
         "points": [{"x": 1.0, "y": 2.0, "tag": [3, 4]}], "items": [{"name": "one", "count": 1}, {"name": "two", "count": 2}],
         "any_type": "Leaf", "any": {"n": 9}, "child": {"id": "inner"}, "nested": {"name": "nested", "count": 3}}]
