# SPDX-License-Identifier: Apache-2.0
"""Generated Python and its run time, beyond what all languages share (test_languages.py): buffers of all kinds, numpy, values in
place, lookup, building, 64-bit offsets, alignment, verification beside libzerowire's, stamps, names, types, and the
official run time."""
import array
import importlib
import json
import mmap
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys

import flatbuffers
import numpy
import pytest
import zlmdb

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", ROOT / "build/dev")).resolve()
COMMAND = BUILD / "zerowire"
FLATC = pathlib.Path(zlmdb.__file__).parent / "_flatc" / "bin" / "flatc"
BINDINGS = ROOT / "bindings" / "python"
DATA = ROOT / "tests" / "data" / "languages"
GENERATED = ROOT / "tests" / "data" / "generated"
CASES = sorted((DATA / "cases").glob("*.json"))
sys.path.insert(0, str(BINDINGS))
from zerowire import flatbuf  # noqa: E402


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, timeout=300, check=False, **options)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Generated modules, on the path."""
    path = tmp_path_factory.mktemp("generated")
    run(COMMAND, "compile", "--python", "-o", path, *sorted(DATA.glob("*.fbs")), GENERATED / "python_names.fbs")
    sys.path.insert(0, str(path))
    yield path
    sys.path.remove(str(path))


@pytest.fixture(scope="module")
def c(folder):
    return importlib.import_module("constructs_generated")


@pytest.fixture(scope="module")
def y(folder):
    return importlib.import_module("younger_generated")


def binary(case, schema="constructs"):
    return run(COMMAND, "binary", DATA / f"{schema}.fbs", case)


def text_of(octets, schema="constructs"):
    return run(COMMAND, "json", "--defaults-json", DATA / f"{schema}.fbs", "-", input=octets).decode()


# ---- under every interpreter ----

@pytest.mark.parametrize("interpreter", [sys.executable, "pypy3"], ids=["cpython", "pypy"])
def test_checks(folder, interpreter):
    """Those of python_checks.py, which need no package."""
    assert shutil.which(interpreter), "pypy3 is not installed; ./dev test installs it"
    run(interpreter, "-B", HERE / "languages" / "python_checks.py", env=dict(os.environ, PYTHONPATH=f"{BINDINGS}:{folder}"))


# ---- buffers ----

def test_any_buffer_is_read_in_place(c, tmp_path):
    octets = c.EverythingT(needed="n", longs=[1, -2], points=[(1, 2)], octets=b"abc").pack()
    path = tmp_path / "buffer"
    path.write_bytes(octets)
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        kept = [bytearray(octets), memoryview(octets), array.array("B", octets), numpy.frombuffer(octets, numpy.uint8), mapped]
        for buffer in [octets, *kept]:
            view = c.Everything.verify(buffer, identified=True)
            assert (view.needed, list(view.longs), view.points[0].y, bytes(view.octets)) == ("n", [1, -2], 2.0, b"abc")
            assert view.unpack() == c.Everything.as_root(octets).unpack()
        view = None
        kept.pop()


def test_vectors_are_memory_of_the_buffer(c):
    buffer = bytearray(c.EverythingT(needed="n", ints=[1, 2, 3], colors=[c.Color.Red, 77], bools=[True, False], points=[(1, 2), (3, 4)],
                                     mixeds=[c.MixedT(many=[7, 8, 9])], doubles=numpy.arange(4.0), shorts=numpy.arange(3)).pack())
    view = c.Everything.verify(buffer)
    ints, points = flatbuf.numpy(view.ints), flatbuf.numpy(view.points)
    assert ints.dtype == numpy.int32 and points["y"].tolist() == [2.0, 4.0] and flatbuf.numpy(view.bools).tolist() == [True, False]
    ints[1] = 20
    points["x"][1] = 30
    assert list(view.ints) == [1, 20, 3] and view.points[1].x == 30.0
    assert view.ints[1:].tolist() == [20, 3] and list(view.doubles) == [0.0, 1.0, 2.0, 3.0] and list(view.shorts) == [0, 1, 2]
    assert view.colors[0] is c.Color.Red and view.colors[1] == 77 and type(view.colors[-1]) is int and flatbuf.numpy(view.colors).tolist() == [1, 77]
    mixed = flatbuf.numpy(view.mixeds)
    assert mixed["many"].tolist() == [[7, 8, 9]] and mixed.dtype.itemsize == c.Mixed._type.size
    assert list(view.mixeds[0].many) == [7, 8, 9] and flatbuf.numpy(view.mixeds[0].corners)["x"].tolist() == [0.0, 0.0]
    with pytest.raises(IndexError):
        view.points[2]
    with pytest.raises(TypeError):
        flatbuf.numpy(view.texts)


def test_absent_and_default(c):
    view = c.Everything.verify(c.EverythingT(needed="n").pack())
    assert (view.a_bool, view.a_byte, view.a_ulong, view.a_double) == (True, -3, 9223372036854775807, -2e300)
    assert view.color is c.Color.Green and view.huge is c.Huge.Nothing and view.flags is c.Flags.One
    assert view.greeting == 'say "hi" é?' and view.text is None and view.maybe_int is None and view.point is None and view.any is None
    assert len(view.ints) == len(view.texts) == len(view.leaves) == len(view.anys) == len(view.colors) == len(view.octets) == 0
    assert view.nested_root is None and view.has("needed") and not view.has("text")
    assert view.infinite == float("-inf") and view.not_a_number != view.not_a_number
    assert view.tenth == float(numpy.float32(0.1))


def test_flags_combine(c):
    view = c.Everything.verify(c.EverythingT(needed="n", flags=c.Flags.Two | c.Flags.Ninth, wide=1 << 40).pack())
    assert view.flags == c.Flags.Two | c.Flags.Ninth and c.Flags.Ninth in view.flags and isinstance(view.wide, c.Wide)


def test_scalars_are_set_in_place(c):
    buffer = bytearray(c.EverythingT(needed="n", an_int=5, color=c.Color.Red, point=(1, 2), mixed=c.MixedT()).pack(force_defaults=True))
    view = c.Everything.verify(buffer)
    view.an_int, view.color, view.point.x, view.a_bool, view.mixed.many[2], view.mixed.color = -7, c.Color.Blue, 2.5, False, 9, c.Color.Red
    again = c.Everything.verify(bytes(buffer))
    assert (again.an_int, again.color, again.point.x, again.a_bool, again.mixed.many[2], again.mixed.color) == (-7, 8, 2.5, False, 9, 1)
    view.point = c.PointT(x=8, y=9)
    assert (again.point.x, again.point.y) == (2.5, 2) and (view.point.x, view.point.y) == (8, 9) and len(view._b) == len(again._b)
    with pytest.raises(flatbuf.AbsentError):
        view.maybe_int = 1
    with pytest.raises(TypeError):
        again.point = view.point
    with pytest.raises(AttributeError):
        view.any_type = c.Any.Leaf
    with pytest.raises(TypeError):
        again.an_int = 1


# ---- keys ----

def test_vectors_are_sorted_and_searched(c, y):
    names, numbers = ["b", "é", "B", "a", "ab", ""], [3, 2 ** 64 - 1, 0, 2]
    view = c.Everything.verify(c.EverythingT(
        needed="n", leaves=[c.LeafT(name=name, value=i) for i, name in enumerate(names)], entries=[{"id": n, "text": str(n)} for n in numbers],
        cells=[(9, 1), (1, 2), (2 ** 32 - 1, 0)], tinteds=[{"tint": c.Color.Blue}, {"n": 1}]).pack())
    assert [leaf.name.encode() for leaf in view.leaves] == sorted(name.encode() for name in names)
    assert [view.leaves.find(name).value for name in names] == list(range(6)) and view.leaves.find("zz") is None
    assert [view.entries.find(n).text for n in numbers] == [str(n) for n in numbers] and view.entries.find(1) is None
    assert view.cells.find(1).value == 2 and view.cells.find(3) is None and view.tinteds.find(c.Color.None_).n == 1
    with pytest.raises(TypeError):
        view.points.find(1)
    young = y.Everything.verify(y.EverythingT(placed=[y.PlacedT(spot=(2, 1), n=1), y.PlacedT(n=4), y.PlacedT(spot=(-1, 5), n=2)],
                                              fixed=[y.FixedT(octets=y.OctetsT(octets=[1, 2, 3, i]), n=i) for i in (4, 3)]
                                              if isinstance(y.Fixed._type.by_symbol["octets"].type, flatbuf.Type) else
                                              [y.FixedT(octets=[1, 2, 3, i], n=i) for i in (4, 3)]).pack())
    assert [one.n for one in young.placed] == [4, 2, 1] and young.placed.find((2, 1)).n == 1 and young.placed.find(y.SpotT(x=0)) is None
    assert [one.n for one in young.fixed] == [3, 4] and young.fixed.find([1, 2, 3, 4]).n == 4
    far = y.Everything.verify(y.EverythingT(far_fixed=[(b"\2\0\0\0", 1), (b"\1\xff\0\0", 2)]).pack()).far_fixed
    assert [one.n for one in far] == [2, 1] and far.find(b"\2\0\0\0").n == 1 and far.find(b"\2\0\0\1") is None


# ---- building ----

def test_a_builder_takes_parts(c):
    builder = flatbuf.Builder(share_strings=True)
    name = builder.string("leaf")
    leaf = c.Leaf.build(builder, name=name, value=3)
    root = c.Everything.build(builder, needed=name, leaf=leaf, leaves=[leaf, {"name": "a"}, c.LeafT(name="z")], any_type=c.Any.Leaf, any=leaf,
                              texts=["x", name, "x"], nested=c.LeafT(name="inner"))
    view = c.Everything.verify(builder.finish(root, b"ZWEV"), identified=True)
    assert [one.name for one in view.leaves] == ["a", "leaf", "z"] and view.any.value == 3 and list(view.texts) == ["x", "leaf", "x"]
    assert view.nested_root.name == "inner"
    assert c.Everything.verify(view.unpack().pack()).leaf.name == "leaf"
    assert c.EverythingT(needed="n", leaf=view.leaf, point=view.point).pack() == c.EverythingT(needed="n", leaf=c.LeafT(name="leaf", value=3)).pack()


def test_strings_and_vtables_are_shared(c, y):
    one, many = (len(c.EverythingT(needed="n", leaves=[c.LeafT(name="name" * 20) for _ in range(n)]).pack(share_strings=True)) for n in (1, 101))
    assert many - one <= 100 * (4 + 12)
    shared = [y.LeafT(name="name" * 20, n=i) for i in range(100)]
    assert len(y.EverythingT(leaves=shared).pack()) < 100 * 40


def test_the_type_of_a_union_follows_from_its_value(c):
    view = c.Everything.verify(c.EverythingT(needed="n", any=c.OtherT(id=4), anys=[c.PointT(x=1), None, c.EmptyT()]).pack())
    assert view.any_type is c.Any.Other and view.any.id == 4 and list(view.anys_type) == [c.Any.Point, 0, c.Any.Empty]
    assert view.anys[0].x == 1.0 and view.anys[1] is None and isinstance(view.anys[2], c.Empty)
    for ambiguous in (c.LeafT(), "text"):
        with pytest.raises(flatbuf.PackError, match="type"):
            c.EverythingT(needed="n", any=ambiguous).pack()


@pytest.mark.parametrize("fields, what", [
    ({}, "needed is required"), ({"a_ubyte": 256}, "a_ubyte"), ({"ints": ["x"]}, "ints"), ({"shorts": [40000]}, "shorts"), ({"leaf": 3}, "Leaf"),
    ({"point": (1, 2, 3)}, "2 members"), ({"mixed": {"many": [1]}}, "3 elements"), ({"leaf": {"no": 1}}, "no field no"),
    ({"anys_type": [1], "anys": []}, "as many types"), ({"point": {"z": 1}}, "no member z")])
def test_what_cannot_be_packed_is_said(c, fields, what):
    with pytest.raises(flatbuf.PackError, match=what):
        c.EverythingT(**({"needed": "n"} if fields else {}), **fields).pack()


def test_objects(c):
    one, other = c.EverythingT(needed="n"), c.EverythingT(needed="n")
    assert one == other and repr(one).startswith("EverythingT(a_bool=True") and one.color is c.Color.Green and one.maybe_int is None
    other.ints = [1]
    assert one != other and c.MixedT().corners == [c.PointT(), c.PointT()] and c.NamesT(self=3).self == 3
    with pytest.raises(TypeError):
        c.EverythingT(nothing=1)
    deep = c.EverythingT(needed="n")
    for _ in range(70):
        deep = c.EverythingT(needed="n", child=deep)
    with pytest.raises(flatbuf.PackError, match="64 deep"):
        deep.pack()
    one.child = one
    with pytest.raises(flatbuf.PackError, match="64 deep"):
        one.pack()


@pytest.mark.parametrize("prefix", [4, 8])
def test_size_prefix(c, y, prefix):
    octets = c.EverythingT(needed="n", doubles=[1.5]).pack(size_prefixed=prefix)
    assert int.from_bytes(octets[:prefix], "little") == len(octets) - prefix
    assert c.Everything.verify(octets, size_prefixed=prefix, identified=True).doubles[0] == c.Everything.as_root(octets, prefix).doubles[0] == 1.5
    with pytest.raises(flatbuf.VerifyError, match="size prefix"):
        c.Everything.verify(octets + b"x", size_prefixed=prefix)


def far_object(y):
    return y.EverythingT(far_text="far é", far_octets=b"\1\2\3", far_octets64=b"\4" * 5, far_doubles=[0.5, -1e300], far_spots=[y.SpotT(x=1), (2, 3)],
                         far_nested=y.LeafT(name="inner", n=4).pack(), texts=["near"], word=7)


def test_64_bit_offsets(y):
    octets = far_object(y).pack()
    view = y.Everything.verify(octets, identified=True, utf8=True)
    assert view.far_text == "far é" and bytes(view.far_octets) == b"\1\2\3" and list(view.far_doubles) == [0.5, -1e300]
    assert [(spot.x, spot.y) for spot in view.far_spots] == [(1, 0), (2, 3)] and view.far_nested_root.n == 4
    assert octets.index(b"near") < octets.index("far é".encode()), "what is far is at the end"
    assert y.Everything.verify(view.unpack().pack()).unpack() == view.unpack()


def test_force_align(y, c):
    for count in range(1, 4):
        octets = y.EverythingT(doubles=[1.5] * count, octets=b"\7\6\5", texts=["x" * count]).pack()
        assert octets.index(numpy.float64(1.5).tobytes()) % 32 == 0 and octets.index(b"\7\6\5") % 16 == 0
        octets = c.EverythingT(needed="n" * count, aligneds=[(0x1234567812345678, 1)]).pack()
        assert octets.index(0x1234567812345678.to_bytes(8, "little")) % 16 == 0


# ---- verification ----

def corruptions(octets, count, seed):
    chance = random.Random(seed)
    for _ in range(count):
        broken = bytearray(octets)
        for _ in range(chance.choice([1, 1, 2, 4])):
            at = chance.randrange(len(broken))
            broken[at] = chance.choice([0, 1, 4, 127, 128, 255, chance.randrange(256)])
        yield bytes(broken[:chance.randrange(len(broken))] if chance.random() < 0.1 else broken)


# The library prints what it has verified, and so looks into FlexBuffers, which verification does not: a failure there has no text.
YOUNG_CASES = sorted((DATA / "young").glob("*.json"))
IN_PRINT = "! ZW_EVERIFY: "


@pytest.mark.parametrize("schema, namespace, cases, count", [("constructs", "zw.test", CASES, 60), ("younger", "zw.young", YOUNG_CASES, 120)])
def test_verification_has_the_verdict_of_the_library(folder, tmp_path, schema, namespace, cases, count):
    """And what passes it is read and written again without a failure of another kind."""
    root = importlib.import_module(f"{schema}_generated").Everything
    run(COMMAND, "compile", "--bfbs", "-o", tmp_path, DATA / f"{schema}.fbs")
    broken = [one for seed, case in enumerate(cases) for one in corruptions(binary(case, schema), count, seed)]
    answers = run(BUILD / "tests" / "flatbuf_transcode", tmp_path / f"{schema}.bfbs", f"{namespace}.Everything", "json",
                  input="".join(one.hex() + "\n" for one in broken).encode()).decode().splitlines()
    assert len(answers) == len(broken)
    good = 0
    for octets, answer in zip(broken, answers):
        try:
            view = root.verify(octets, utf8=True)
        except flatbuf.VerifyError as error:
            assert answer.startswith("!"), f"refused here alone: {error}: {octets.hex()}"
            continue
        assert answer == IN_PRINT or not answer.startswith("!"), f"{answer}: {octets.hex()}"
        good += 1
        try:
            view.unpack().pack()
        except (flatbuf.PackError, flatbuf.LimitError):
            pass  # a union of a type that the schema does not know, a required nested field: what can be read, not all can be written
    assert len(broken) // 10 < good < len(broken)


def test_refusals_say_where(c):
    octets = bytearray(c.EverythingT(needed="n", children=[c.EverythingT(needed="a"), c.EverythingT(needed="b", texts=["xyz"])]).pack())
    octets[octets.index(b"xyz") + 3] = 1
    with pytest.raises(flatbuf.VerifyError, match=r"children\[1\]\.texts\[0\]: a string is not terminated, at octet \d+"):
        c.Everything.verify(octets)
    with pytest.raises(flatbuf.VerifyError, match="identifier"):
        c.Everything.verify(c.EverythingT(needed="n").pack(identified=False), identified=True)
    with pytest.raises(flatbuf.VerifyError, match="enum value"):
        c.Everything.verify(c.EverythingT(needed="n", color=77).pack(), enums=True)
    with pytest.raises(flatbuf.VerifyError, match="UTF-8"):
        c.Everything.verify(c.EverythingT(needed=b"\xff").pack(), utf8=True)


def test_work_is_bounded(c):
    """Levels of tables that each hold the next one many times, and a text that is referred to from everywhere."""
    builder = flatbuf.Builder()
    child = c.Everything.build(builder, needed="n")
    for _ in range(10):
        child = c.Everything.build(builder, needed="n", children=[child] * 40)
    octets = builder.finish(child, b"ZWEV")
    with pytest.raises(flatbuf.VerifyError, match="more offsets"):
        c.Everything.verify(octets)
    builder = flatbuf.Builder()
    text = builder.string("x" * 20000)
    octets = builder.finish(c.Everything.build(builder, needed="n", texts=[text] * 4000), b"ZWEV")
    assert len({id(one) for one in c.Everything.verify(octets).unpack().texts}) == 1
    with pytest.raises(flatbuf.VerifyError, match="more octets"):
        c.Everything.verify(octets, utf8=True)


@pytest.mark.parametrize("texts, fits", [(5, True), (7, False), (1000, False)])
def test_what_is_unpacked_is_bounded(c, texts, fits):
    """Strings that begin within each other: each is another one, of more than half the buffer."""
    builder, length = flatbuf.Builder(), struct.pack("<I", 0x2020)  # two spaces and two times octet 0
    text = builder.string(length * 1000 + bytes(0x2020))
    octets = bytearray(builder.finish(c.Everything.build(builder, needed="n", texts=[text] * texts), b"ZWEV"))
    vector, inside = octets.index(struct.pack("<I", texts)) + 4, octets.index(length * 2)
    for at in range(vector, vector + 4 * texts, 4):
        octets[at:at + 4] = struct.pack("<I", inside + (at - vector) - at)
    view = c.Everything.verify(bytes(octets))
    if fits:
        assert [len(one) for one in view.unpack().texts] == [0x2020] * texts
    else:
        with pytest.raises(flatbuf.LimitError, match="four times the buffer"):
            view.unpack()


# ---- generated modules ----

def test_the_stamp_is_checked(folder, tmp_path):
    text = (folder / "younger_generated.py").read_text()
    for old, new, what in [(f"(__name__, {flatbuf.ABI}, ", "(__name__, 99, ", "for version 99 of the descriptors; this run time has version"),
                           (re.search(r'"[0-9a-f]{32}"', text)[0], '""', "no schema id")]:
        assert old in text
        module = tmp_path / "stamped_generated.py"
        module.write_text(text.replace(old, new))
        done = subprocess.run([sys.executable, "-B", module], env=dict(os.environ, PYTHONPATH=str(BINDINGS)), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1 and what in done.stderr and "Generate it again" in done.stderr, done.stderr


def test_names_that_clash(tmp_path):
    """Schemas whose names Python has taken, and files that include each other, in a package."""
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    names = ["clashes", "including", "constructs", "cycle_left", "cycle_right", "keys", "telemetry"]
    run(COMMAND, "compile", "--python", "-I", ROOT / "schemas", "-o", package, *(GENERATED / f"{name}.fbs" for name in names))
    for name in names:
        run(sys.executable, "-B", "-c", f"import package.{name}_generated", cwd=tmp_path, env=dict(os.environ, PYTHONPATH=str(BINDINGS)))


USER = '''
import constructs_generated as c
from zerowire import flatbuf

view = c.Everything.verify(b"")
name: str = view.needed
maybe: int | None = view.maybe_int
color: c.Color = view.color
number: int = view.longs[0]
real: float = view.doubles[0]
leaf: c.Leaf | None = view.leaves.find("a")
kinds: list[c.Color] = list(view.colors)
view.an_int = 4
view.point = c.PointT(x=1, y=2)
thing: c.EverythingT = view.unpack()
thing.leaves = [c.LeafT(name="x", value=3)]
octets: bytes = thing.pack()
wrong: str = view.an_int
view.needed = "not in place"
c.LeafT(nothing=1)
'''


def test_types(folder, tmp_path):
    """mypy takes the stubs, finds them to be what the modules have, and finds the three mistakes of a user."""
    environment = dict(os.environ, MYPYPATH=f"{BINDINGS}:{folder}", PYTHONPATH=f"{BINDINGS}:{folder}", MYPY_CACHE_DIR=str(tmp_path / "cache"))
    for module in ("zerowire.flatbuf", "constructs_generated", "constructs_base_generated", "younger_generated", "python_names_generated"):
        run(sys.executable, "-m", "mypy.stubtest", module, cwd=tmp_path, env=environment)
    (tmp_path / "user.py").write_text(USER)
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "user.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False)
    found = re.findall(r"^(\S+?):(\d+): error", done.stdout, re.M)
    lines = USER.splitlines()
    assert found == [("user.py", str(len(lines) - 2)), ("user.py", str(len(lines) - 1)), ("user.py", str(len(lines)))], done.stdout + done.stderr


def test_stubs_of_files_with_any_name_and_place(tmp_path):
    """In a package the types of included files are Any to mypy, and so are those of modules that no statement can import."""
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (tmp_path / "with-dash.fbs").write_text("namespace a; table B { n: int; } enum E: byte { Z }")
    (tmp_path / "dashing.fbs").write_text('include "with-dash.fbs"; namespace a; table C { b: B; e: E; } root_type C;')
    run(COMMAND, "compile", "--python", "-o", package, *sorted(DATA.glob("constructs*.fbs")), *sorted(tmp_path.glob("*.fbs")))
    environment = dict(os.environ, MYPYPATH=str(BINDINGS), PYTHONPATH=str(BINDINGS), MYPY_CACHE_DIR=str(tmp_path / "cache"))
    (tmp_path / "user.py").write_text("from package import constructs_generated, dashing_generated as d\n"
                                      "assert d.C.verify(d.CT(e=0).pack()).e == 0 and constructs_generated.LeafT(name='x').pack()\n")
    run(sys.executable, "-m", "mypy", "--strict", "user.py", package / "dashing_generated.pyi", package / "constructs_generated.pyi", cwd=tmp_path, env=environment)
    run(sys.executable, "-B", "user.py", cwd=tmp_path, env=environment)


# ---- others ----

# What flatc's Python has not: defaults of strings and vectors, vectors of unions, members that are structs or strings, a field `self`.
# A vector of something else takes the two slots of a vector of unions.
EDITS = [(' = "say \\"hi\\" \\u00e9?"', ""), ("preset: [int] = [];", "preset: [int];"), ("anys: [Any];", "anys_type: [ubyte]; anys: [string];"),
         ("Other, Text: string, Point, Empty, Far_: zw.base.Thing, Mixed = 20, More: string = 22", "Other, Empty = 6, Far_: zw.base.Thing"),
         ("names: Names;", "names: Empty;")]
NOT_THERE = {"names", "unions", "union_mixed", "union_more", "union_point", "union_text", "tables",
             "structs", "vectors"}  # its object API fails at arrays of structs


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """The module of Everything that flatc generates, with object API, for the official run time."""
    folder = tmp_path_factory.mktemp("official")
    text = re.sub(r"table Names \{.*?\n\}\n", "", (DATA / "constructs.fbs").read_text(), flags=re.S)
    for old, new in EDITS:
        assert old in text
        text = text.replace(old, new)
    (folder / "constructs.fbs").write_text(text)
    (folder / "constructs_base.fbs").write_text((DATA / "constructs_base.fbs").read_text().replace("Thing, Color, Pair", "Thing, Color"))
    run(FLATC, "--python", "--gen-object-api", "--no-warnings", "constructs.fbs", "constructs_base.fbs", cwd=folder)
    sys.path.insert(0, str(folder))
    yield importlib.import_module("zw.test.Everything")
    sys.path.remove(str(folder))


@pytest.mark.parametrize("case", [case for case in CASES if case.stem not in NOT_THERE], ids=lambda case: case.stem)
def test_the_official_run_time_copies_ours(c, official, case):
    ours = c.Everything.verify(binary(case)).unpack().pack()
    builder = flatbuffers.Builder(0)
    builder.Finish(official.EverythingT.InitFromPackedBuf(ours).Pack(builder), b"ZWEV")
    theirs = bytes(builder.Output())
    assert text_of(c.Everything.verify(theirs, identified=True).unpack().pack()) == text_of(ours) == text_of(binary(case))


def test_the_cases_are_what_they_say():
    assert {case.stem for case in CASES} > NOT_THERE and all(isinstance(json.loads(case.read_text()), dict) for case in CASES)
