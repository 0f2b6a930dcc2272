# SPDX-License-Identifier: Apache-2.0
"""FlexBuffers with the official Python run time, both ways. Ours is a filter of the build, flexbuffer_transcode."""
import functools
import json
import os
import pathlib
import random
import subprocess

import flexbuffer_values
import pytest
from flatbuffers import flexbuffers

BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", "build/dev"))
ROOT = pathlib.Path(__file__).resolve().parents[2]

transcode = functools.partial(flexbuffer_values.transcode, errors="replace")
VALUES = [flexbuffer_values.value(random.Random(seed)) for seed in range(200)]


def test_python_reads_ours():
    buffers = transcode("binary", [json.dumps(v) for v in VALUES])
    assert [flexbuffers.Loads(bytes.fromhex(b)) for b in buffers] == VALUES


def test_ours_reads_python():
    texts = transcode("json", [bytes(flexbuffers.Dumps(v)).hex() for v in VALUES])
    assert [json.loads(text) for text in texts] == VALUES


@pytest.fixture(scope="module")
def cpp(tmp_path_factory):
    """The values of C++, and so of C, as a program."""
    program = tmp_path_factory.mktemp("flexbuffers") / "peer"
    subprocess.run([os.environ.get("CXX", "c++"), "-std=c++17", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include",
                    ROOT / "tests/interop/languages/flexbuffer_peer.cpp", BUILD / "libzerowire.a", "-lxxhash", "-o", program], check=True, timeout=300)
    return program


def test_cpp_reads_python(cpp):
    texts = transcode("json", [bytes(flexbuffers.Dumps(v)).hex() for v in VALUES], cpp)
    assert [json.loads(text) for text in texts] == VALUES


def test_cpp_reads_ours(cpp):
    texts = transcode("json", transcode("binary", [json.dumps(v) for v in VALUES]), cpp)
    assert [json.loads(text) for text in texts] == VALUES


def what_only_their_builder_writes():
    builder = flexbuffers.Builder()
    with builder.Map():
        builder.Key("ints")
        builder.TypedVectorFromElements([1, -2, 300])
        builder.Key("floats")
        builder.FixedTypedVectorFromElements([1.5, 2.5])
        builder.Key("bools")
        builder.TypedVectorFromElements([True, False])
        builder.Key("indirect")
        builder.IndirectInt(-77777)
        builder.Key("double")
        builder.IndirectFloat(0.1)
        builder.Key("blob")
        builder.Blob(b"hi")
        builder.Key("keys")
        with builder.TypedVector():
            builder.Key("x")
            builder.Key("y")
    return bytes(builder.Finish()).hex()


def test_ours_reads_what_only_their_builder_writes(cpp):
    for program in (None, cpp):
        text, = transcode("json", [what_only_their_builder_writes()], program)
        assert json.loads(text) == {"ints": [1, -2, 300], "floats": [1.5, 2.5], "bools": [True, False], "indirect": -77777, "double": 0.1,
                                    "blob": "\0aGk=", "keys": ["x", "y"]}


@pytest.mark.parametrize("seed", range(20))
def test_corrupt_buffers_are_refused_or_read(cpp, seed):
    """Never a crash: each has an answer."""
    r = random.Random(seed)
    lines = []
    for v in VALUES[:40]:
        data = bytearray(flexbuffers.Dumps(v))
        data[r.randrange(len(data))] = r.randrange(256)
        lines.append(bytes(data).hex())
    transcode("json", lines)
    transcode("json", lines, cpp)
