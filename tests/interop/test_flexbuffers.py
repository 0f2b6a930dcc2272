# SPDX-License-Identifier: Apache-2.0
"""FlexBuffers with the official Python run time, both ways. Ours is a filter of the build, flexbuffer_transcode."""
import json
import os
import pathlib
import random
import subprocess

import pytest
from flatbuffers import flexbuffers

BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", "build/dev"))


def transcode(kind, lines):
    run = subprocess.run([BUILD / "tests" / "flexbuffer_transcode", kind], input="".join(line + "\n" for line in lines), capture_output=True,
                         encoding="utf-8", check=True, timeout=60)
    answers = run.stdout.splitlines()
    assert len(answers) == len(lines)
    return answers


def value(r, depth=4):
    """Any value that both notations have."""
    leaves = [lambda: r.choice([None, True, False]), lambda: r.choice([0, 1, -1, 127, -128, 255, 65535, -32769, 2**31, 2**63 - 1, -2**63, r.randint(-10**6, 10**6)]),
              lambda: r.choice([0.5, 0.1, -1e30, 1e-9, r.uniform(-1, 1)]), lambda: r.choice(["", "text", "grün", "😀" * 3, "x" * r.choice([10, 300, 70000])])]
    if depth and r.random() < 0.6:
        count = r.choice([0, 1, 3, 8])
        if r.random() < 0.5:
            return [value(r, depth - 1) for _ in range(count)]
        return {r.choice(["a", "key", "odd key", "k" * 40]) + str(i): value(r, depth - 1) for i in range(count)}
    return r.choice(leaves)()


VALUES = [value(random.Random(seed)) for seed in range(200)]


def test_python_reads_ours():
    buffers = transcode("binary", [json.dumps(v) for v in VALUES])
    assert [flexbuffers.Loads(bytes.fromhex(b)) for b in buffers] == VALUES


def test_ours_reads_python():
    texts = transcode("json", [bytes(flexbuffers.Dumps(v)).hex() for v in VALUES])
    assert [json.loads(text) for text in texts] == VALUES


def test_ours_reads_what_only_their_builder_writes():
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
    text, = transcode("json", [bytes(builder.Finish()).hex()])
    assert json.loads(text) == {"ints": [1, -2, 300], "floats": [1.5, 2.5], "bools": [True, False], "indirect": -77777, "double": 0.1,
                                "blob": "\0aGk=", "keys": ["x", "y"]}


@pytest.mark.parametrize("seed", range(20))
def test_corrupt_buffers_are_refused_or_read(seed):
    """Never a crash: each has an answer."""
    r = random.Random(seed)
    lines = []
    for v in VALUES[:40]:
        data = bytearray(flexbuffers.Dumps(v))
        data[r.randrange(len(data))] = r.randrange(256)
        lines.append(bytes(data).hex())
    transcode("json", lines)
