# SPDX-License-Identifier: Apache-2.0
"""Of a corrupt buffer nothing is printed: each one that `zerowire verify` refuses, `zerowire json` answers with a failure and not
one octet on its standard output, in every form. The buffers are broken at every few octets, and cut. The same of a record in a
store, each octet of which is changed on disk."""
import json
import os
import pathlib
import subprocess

import pytest

from serving import serve

COMMAND = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", "build/dev")).resolve() / "zerowire"
OBJECTS = pathlib.Path(__file__).resolve().parents[1] / "data" / "reflect" / "objects.bfbs"
THING = {
    "id": "v", "tags": ["a", "bc"], "numbers": [1, -2], "points": [{"x": 1, "y": 2, "tag": [1, 2]}],
    "items": [{"name": "y"}, {"name": "z"}], "any_type": "Leaf", "any": {"n": 1},
    "several_type": ["Leaf", "Place", "Words"], "several": [{"n": 2}, {"x": 1, "y": 2, "tag": [1, 2]}, "w"],
    "child": {"id": "m", "nested": {"name": "in"}}, "data": [1, 2, 3],
}
FORMS = [[], ["--indent=2"], ["--defaults-json"], ["--flatc"]]


def run(folder, *words):
    return subprocess.run([str(COMMAND), *map(str, words)], cwd=folder, capture_output=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corrupt")
    (folder / "thing.json").write_text(json.dumps(THING))
    made = run(folder, "binary", OBJECTS, "thing.json", "-o", "thing.bin")
    assert made.returncode == 0, made.stderr
    return folder, (folder / "thing.bin").read_bytes()


def broken(octets):
    """(what was done, the buffer) for words gone wrong at every fourth place, single octets, and lengths."""
    for at in range(0, len(octets) - 4, 4):
        yield f"word at {at}", octets[:at] + (0xFFFFFFF0).to_bytes(4, "little") + octets[at + 4:]
    for at in range(1, len(octets), 7):
        yield f"octet at {at}", octets[:at] + bytes([octets[at] ^ 0x55]) + octets[at + 1:]
    for length in range(0, len(octets), 11):
        yield f"cut at {length}", octets[:length]


def test_nothing_of_a_corrupt_buffer_is_printed(good):
    folder, octets = good
    refused = accepted = 0
    for number, (what, buffer) in enumerate(broken(octets)):
        (folder / "broken.bin").write_bytes(buffer)
        verdict = run(folder, "verify", OBJECTS, "broken.bin")
        printed = run(folder, "json", *FORMS[number % len(FORMS)], OBJECTS, "broken.bin")
        if verdict.returncode == 0:
            accepted += 1
            continue
        refused += 1
        assert printed.returncode != 0, what
        assert printed.stdout == b"", what
        assert printed.stderr, what
    assert refused > 100 and accepted > 10


def test_what_is_not_utf8_is_not_printed_by_half(good):
    """The verifier may accept a string that the printer cannot write: then nothing comes either."""
    folder, octets = good
    assert octets.count(b"bc\0") == 1
    (folder / "latin.bin").write_bytes(octets.replace(b"bc\0", b"b\xe9\0"))
    for form in FORMS:
        printed = run(folder, "json", *form, OBJECTS, "latin.bin")
        assert (printed.returncode != 0, printed.stdout) == (True, b""), form


# ---- a store ----

SCHEMA = """include "zerowire.fbs";
namespace com.example;
table Sensor (map: "sensors", primary: "site,id") { id: string; site: string; serial: string; kind: ubyte; installed: ulong (timestamp); }
"""
SERIAL = "A serial number that stands in no other place"
RECORD = {"id": "s1", "site": "north", "serial": SERIAL, "kind": 3, "installed": "2026-01-31T12:00:00Z"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A folder whose store, `telemetry.store`, holds the record."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "telemetry.fbs").write_text(SCHEMA)
    process, _ = serve([str(COMMAND), "serve", str(folder / "telemetry.fbs"), "--data", str(folder / "telemetry.store")], folder / "log")
    process.terminate()
    assert process.wait(timeout=60) == 0
    put = run(folder, "put", "sensors", json.dumps(RECORD), "--data", "telemetry.store")
    assert put.returncode == 0, put.stderr
    return folder


def test_nothing_of_a_corrupt_record_is_printed(store):
    data = store / "telemetry.store" / "realm1" / "data.mdb"
    good, words = data.read_bytes(), ("get", "sensors", "north", "s1", "--data", "telemetry.store")
    whole = run(store, *words)
    assert whole.returncode == 0 and json.loads(whole.stdout) == RECORD
    places, at = set(), good.find(SERIAL.encode())
    while at >= 0:
        places.update(range(at - 56, at + len(SERIAL) + 40))
        at = good.find(SERIAL.encode(), at + 1)
    refused = 0
    try:
        for place in sorted(places):
            broken = bytearray(good)
            broken[place] ^= 1 << place % 8
            data.write_bytes(broken)
            printed = run(store, *words)
            if printed.stdout == whole.stdout and printed.returncode == 0:
                continue  # not in the record, or in a copy that is not read
            refused += 1
            assert printed.returncode != 0, f"octet {place}: {printed.stdout}"
            assert printed.stdout == b"", f"octet {place}"
    finally:
        data.write_bytes(good)
    assert refused > len(SERIAL)
