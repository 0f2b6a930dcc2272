# SPDX-License-Identifier: Apache-2.0
"""Python of schemas made by chance: modules are imported, stubs pass mypy --strict, and objects made by chance are packed, verified in
Python and by libzerowire, unpacked and packed again with the same content."""
import importlib
import os
import pathlib
import random
import subprocess
import sys

import pytest
import schema_corpus

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", ROOT / "build/dev")).resolve()
COMMAND = BUILD / "zerowire"
BINDINGS = ROOT / "bindings" / "python"
sys.path.insert(0, str(BINDINGS))
from zerowire import flatbuf  # noqa: E402
from zerowire.flatbuf.scalars import CODES, SIZES  # noqa: E402

SEEDS = range(40)
DEPTH = 4


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, timeout=300, check=False, **options)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("chance")
    for seed in SEEDS:
        (path / f"chance{seed}.fbs").write_text(schema_corpus.valid(seed))
    schemas = sorted(path.glob("*.fbs"))
    for schema in schemas:
        run(COMMAND, "compile", "--python", "--bfbs", "-I", ROOT / "schemas", "-o", path, schema)
    sys.path.insert(0, str(path))
    yield path
    sys.path.remove(str(path))


class Chance:
    """Values by chance, of what descriptors say. None: there is no value that is not too deep."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def scalar(self, field):
        base, r = field.scalar, self.r
        if field.enum and list(field.enum.cls):
            return r.choice(list(field.enum.cls))
        if base == "bool":
            return r.random() < 0.5
        if base in ("float", "double"):
            return r.choice([0.0, 1.5, -0.25, 1e10])
        bits = 8 * SIZES[base]
        low, high = (0, 2 ** bits - 1) if base[0] == "u" else (-2 ** (bits - 1), 2 ** (bits - 1) - 1)
        return r.choice([low, high, 0, 1, r.randint(low, high)])

    def struct(self, of):
        return of.object(**{field.symbol: self.one_or_more(field, field.length if field.base == "array" else None) for field in of.fields})

    def one_or_more(self, field, count):
        make = self.scalar if field.scalar else lambda field: self.struct(field.type)
        return make(field) if count is None else [make(field) for _ in range(count)]

    def member(self, union, depth):
        """(value, type)"""
        kind = self.r.choice(list(union.members) or [0])
        of = union.members.get(kind)
        if of is None or of == "string":
            return of and self.r.choice(["", "é"]), kind
        return (self.struct(of) if of.is_struct else self.table(of, depth)), kind

    def vector(self, field, depth):
        count = self.r.choice([0, 1, 3])
        if field.scalar:
            if field.type or field.root:
                return self.table(field.type, depth) if field.type else flatbuf.write_flexbuffer({"a": [1, "b"]})
            values = self.one_or_more(field, count)
            return bytes(values) if field.element == "ubyte" and not field.enum else values
        if field.element == "string":
            return [str(i) for i in range(count)]
        made = [self.struct(field.type) if field.type.is_struct else self.table(field.type, depth) for _ in range(count)]
        return [one for one in made if one is not None]

    def union(self, of, field, depth):
        kind = next(one.symbol for one in of.fields if one.at == field.at - 1)
        pairs = [self.member(field.enum, depth) for _ in range(1 if field.base == "union" else self.r.choice([0, 1, 3]))]
        values, kinds = [value for value, _ in pairs if value is not None], [kind for value, kind in pairs if value is not None]
        if field.base == "union":
            return {field.symbol: values[0], kind: kinds[0]} if values else {}
        return {field.symbol: values, kind: kinds}

    def field(self, field, depth):
        if field.base == "vector":
            return self.vector(field, depth)
        if field.base == "string":
            return self.r.choice(["", "text é"])
        return self.one_or_more(field, None) if field.base in CODES or field.type.is_struct else self.table(field.type, depth)

    def table(self, of, depth=0):
        made = {}
        for field in of.fields if depth < DEPTH else [field for field in of.fields if field.required and depth < 3 * DEPTH]:
            if field.required or self.r.random() < 0.7:
                if field.union and not field.scalar:
                    made.update(self.union(of, field, depth + 1))
                elif not field.union:
                    made[field.symbol] = self.field(field, depth + 1)
        missing = any(field.required and made.get(field.symbol) is None for field in of.fields)
        return None if missing else of.object(**made)


def texts(folder, seed, of, buffers):
    """What libzerowire, which verifies them, prints of buffers."""
    answers = run(BUILD / "tests" / "flatbuf_transcode", folder / f"chance{seed}.bfbs", of.name, "json",
                  input="".join(one.hex() + "\n" for one in buffers).encode()).decode().splitlines()
    assert len(answers) == len(buffers) and not any(one.startswith("!") for one in answers), answers
    return answers


@pytest.mark.parametrize("seed", SEEDS)
def test_objects_by_chance(folder, seed):
    chance, module = Chance(seed), importlib.import_module(f"chance{seed}_generated")
    for of in [one for one in module._m.types if not one.is_struct]:
        made = chance.table(of)
        if made is None:
            continue
        octets = made.pack()
        read = of.view.verify(octets, utf8=True, enums=True, strict=True).unpack()
        again = read.pack()
        assert of.view.verify(again).unpack().pack() == again and repr(read)
        first, second = texts(folder, seed, of, [octets, again])
        assert first == second


def test_stubs_pass_mypy(folder, tmp_path):
    environment = dict(os.environ, MYPYPATH=f"{BINDINGS}:{folder}", MYPY_CACHE_DIR=str(tmp_path))
    run(sys.executable, "-m", "mypy", "--strict", *sorted(folder.glob("*.pyi")), cwd=tmp_path, env=environment)
