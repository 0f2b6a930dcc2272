# SPDX-License-Identifier: Apache-2.0
"""FlexBuffers of the Python run time: octets of libzerowire's and of the official package, both ways; hostile octets have the verdict of
libzerowire; work is bounded. The library is asked through a filter of the build, flexbuffer_transcode."""
import array
import importlib
import json
import os
import pathlib
import random
import subprocess
import sys

import numpy
import pytest
from flatbuffers import flexbuffers
from flexbuffer_values import transcode, value

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", ROOT / "build/dev")).resolve()
sys.path.insert(0, str(ROOT / "bindings" / "python"))
from zerowire import flatbuf  # noqa: E402
from zerowire.flatbuf import FlexMap, FlexVector, LimitError, PackError, VerifyError, read_flexbuffer, write_flexbuffer  # noqa: E402

LIMIT, VERIFY = "! ZW_ELIMIT", "! ZW_EVERIFY"
VALUES = [value(random.Random(seed)) for seed in range(300)]


def plain(octets):
    """All of a FlexBuffer, over any kind of buffer."""
    root = read_flexbuffer(octets)
    return root.plain() if isinstance(root, (FlexVector, FlexMap)) else root


def test_octets_are_those_of_the_library():
    values = [*VALUES, {"é": 2 ** 64 - 1, "huge": 1e300, "z": {"日本": [1, {"é": "é"}]}}]
    for one, octets in zip(values, transcode("binary", [json.dumps(one) for one in values])):
        assert write_flexbuffer(one).hex() == octets, one


def test_what_is_written_is_read():
    for one in VALUES:
        octets = write_flexbuffer(one)
        assert plain(octets) == plain(bytearray(octets)) == plain(memoryview(octets)) == one


def test_the_official_package_reads_ours():
    assert [flexbuffers.Loads(write_flexbuffer(one)) for one in VALUES] == VALUES


def test_ours_reads_the_official_package():
    assert [plain(bytes(flexbuffers.Dumps(one))) for one in VALUES] == VALUES


def test_what_only_their_builder_writes():
    builder = flexbuffers.Builder()
    with builder.Map():
        for name, add in {"ints": lambda: builder.TypedVectorFromElements([1, -2, 300]),
                          "floats": lambda: builder.FixedTypedVectorFromElements([1.5, 2.5]),
                          "three": lambda: builder.FixedTypedVectorFromElements([1, 2, 3]),
                          "bools": lambda: builder.TypedVectorFromElements([True, False]), "indirect": lambda: builder.IndirectInt(-77777),
                          "double": lambda: builder.IndirectFloat(0.1), "blob": lambda: builder.Blob(b"hi")}.items():
            builder.Key(name)
            add()
        builder.Key("keys")
        with builder.TypedVector():
            builder.Key("x")
            builder.Key("y")
    root = read_flexbuffer(bytes(builder.Finish()))
    assert root.plain() == {"ints": [1, -2, 300], "floats": [1.5, 2.5], "three": [1, 2, 3], "bools": [True, False], "indirect": -77777,
                            "double": 0.1, "blob": b"hi", "keys": ["x", "y"]}
    assert isinstance(root["blob"], memoryview) and root["ints"][1:] == [-2, 300]


def test_values_are_read_when_they_are_asked_for():
    octets = bytearray(write_flexbuffer({"good": [1, "two", {"three": 3}], "text": "broken", "é": None}))
    octets[octets.index(b"broken") + 6] = 1
    root = read_flexbuffer(octets)
    assert list(root) == ["good", "text", "é"] and len(root) == 3 and "good" in root and "goo" not in root and 3 not in root
    good = root["good"]
    assert isinstance(good, FlexVector) and good[-1]["three"] == 3 and good[1] == "two" and root["é"] is None and root.get("no", 5) == 5
    assert good == [1, "two", {"three": 3}] and good[2] == {"three": 3} and good != [1] and repr(good) == "<FlexVector of 3>"
    with pytest.raises(VerifyError, match=r"a string is not terminated, at octet \d+"):
        root["text"]
    with pytest.raises(VerifyError) as error:
        root.plain()
    assert error.value.offset == octets.index(b"broken")
    with pytest.raises(KeyError):
        root["no"]
    with pytest.raises(IndexError):
        good[3]


def test_vectors_of_numbers():
    """Buffers keep their type, but for octets; numpy sees them where they are."""
    for code in "bhHiIqQfd":
        numbers = array.array(code, [1, 2, 100])
        vector = read_flexbuffer(write_flexbuffer(numbers))
        assert vector == list(numbers) and flatbuf.numpy(vector).tolist() == list(numbers), code
        assert flexbuffers.Loads(write_flexbuffer({"a": numbers}))["a"] == list(numbers)
    many = numpy.arange(-100, 200).astype(numpy.int8)  # their number needs wider elements
    assert plain(write_flexbuffer(many)) == many.tolist() and plain(write_flexbuffer(numpy.array([True, False]))) == [True, False]
    assert plain(write_flexbuffer([numpy.float32(0.5), numpy.int64(-3)])) == [0.5, -3]
    with pytest.raises(TypeError):
        flatbuf.numpy(read_flexbuffer(write_flexbuffer(["text"])))


@pytest.mark.parametrize("wrong, what", [
    (object(), "has no object"), ({1: 2}, "a key"), ({"a\0b": 1}, "a key"), (2**64, "64 bits"), (-2**63 - 1, "64 bits"),
    (numpy.zeros((2, 2)), "2 dimensions"), (numpy.zeros(2, numpy.float16), "format e"), ({1, 2}, "has no set")])
def test_what_has_no_flexbuffer_is_refused(wrong, what):
    with pytest.raises(PackError, match=what):
        write_flexbuffer([wrong])


def test_depth_is_bounded():
    deep = []
    for _ in range(63):
        deep = [deep]
    octets = write_flexbuffer(deep)
    assert plain(octets) == deep
    with pytest.raises(PackError, match="64 deep"):
        write_flexbuffer([deep])
    endless = []
    endless.append(endless)
    with pytest.raises(PackError, match="64 deep"):
        write_flexbuffer(endless)
    itself = bytes((1, 0, 10 << 2, 2, 10 << 2, 1))  # a vector whose element is that vector
    root = read_flexbuffer(itself)
    assert root[0][0][0]._s == root._s
    for work in (root.plain, lambda: root == [1], lambda: write_flexbuffer(root)):
        with pytest.raises(LimitError):
            work()


def test_shared_values_are_bounded():
    shared = write_flexbuffer(["x" * 60000] * 5000)
    assert len(shared) < 90000 and read_flexbuffer(shared)[4999] == "x" * 60000
    with pytest.raises(LimitError, match="shared"):
        read_flexbuffer(shared).plain()


def corruptions(count):
    chance = random.Random(7)
    octets = [one for one in map(write_flexbuffer, VALUES) if 3 < len(one) < 3000]
    for _ in range(count):
        broken = bytearray(chance.choice(octets))
        for _ in range(chance.choice([1, 1, 2, 4])):
            broken[chance.randrange(len(broken))] = chance.choice([0, 1, 2, 4, 8, 255, chance.randrange(256)])
        yield bytes(broken[:chance.randrange(len(broken))] if chance.random() < 0.1 else broken)


def test_hostile_octets_have_the_verdict_of_the_library():
    broken = [one for one in corruptions(8000) if one]
    counts = dict.fromkeys(("", VERIFY, LIMIT), 0)
    for octets, answer in zip(broken, transcode("json", [one.hex() for one in broken])):
        try:
            plain(octets)
            verdict = ""
        except (VerifyError, LimitError) as error:
            verdict = VERIFY if isinstance(error, VerifyError) else LIMIT
        assert answer.startswith(verdict) and answer.startswith("!") == bool(verdict), f"{octets.hex()}: {answer}"
        counts[verdict] += 1
    assert min(counts.values()) > 10, counts


def test_a_field_is_read_and_written(tmp_path):
    subprocess.run([BUILD / "zerowire", "compile", "--python", "-o", tmp_path, ROOT / "tests" / "data" / "languages" / "younger.fbs"], check=True, timeout=60)
    sys.path.insert(0, str(tmp_path))
    try:
        root = importlib.import_module("younger_generated")
    finally:
        sys.path.remove(str(tmp_path))
    content = {"unit": "K", "limits": [1, 2.5, None]}
    octets = root.EverythingT(flex=write_flexbuffer(content)).pack()
    view = root.Everything.verify(octets)
    assert view.flex_root == content and bytes(view.flex) == write_flexbuffer(content)
    text = subprocess.run([BUILD / "zerowire", "json", ROOT / "tests" / "data" / "languages" / "younger.fbs", "-"], input=octets, capture_output=True,
                          check=True, timeout=60).stdout
    assert json.loads(text)["flex"] == content
    assert root.Everything.verify(root.EverythingT().pack()).flex_root is None
    broken = root.Everything.verify(root.EverythingT(flex=b"\1\2").pack())
    with pytest.raises(VerifyError, match="too short"):
        broken.flex_root
