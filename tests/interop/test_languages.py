# SPDX-License-Identifier: Apache-2.0
"""Generated code of every language, over the cases of tests/data/languages: what zerowire and flatc 25.12.19 make of a case, each
language reads through its accessors into its own objects, and writes again; the copy has the same text as the original. What
one language wrote another reads.

A peer is a program `PEER copy|young IN OUT`: it verifies IN, unpacks its root (`copy`: Everything of constructs.fbs, `young`: that
of younger.fbs) into the object API, packs the object into OUT, and ends with 0. It is a row in PEERS: a function that builds
it in a folder of its own and gives the words to run it with.

`PEER verdicts IN OUT` (all but the text's) writes an octet for each line of IN, "MODE FLAGS PREFIX DEPTH OFFSETS HEX": 1 for a buffer
that is accepted, 0 for one that is refused, - for flags that it has not. FLAGS are those of zw_verify, PREFIX the octets of a size
prefix, DEPTH and OFFSETS limits, 0 for the usual ones."""
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys

import pytest
import zlmdb

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", ROOT / "build/dev")).resolve()
COMMAND = BUILD / "zerowire"
FLATC = pathlib.Path(zlmdb.__file__).parent / "_flatc" / "bin" / "flatc"
DATA = ROOT / "tests" / "data" / "languages"
SOURCES = HERE / "languages"
SCHEMAS = {"copy": DATA / "constructs.fbs", "young": DATA / "younger.fbs"}
CASES = [("copy", path.stem) for path in sorted((DATA / "cases").glob("*.json"))]
YOUNG_CASES = [("young", path.stem) for path in sorted((DATA / "young").glob("*.json"))]
# Unions of more than an octet: flatc's JSON refuses their types above 255, and does not align the others.
# What a vector64 of octets holds, it writes 4 octets away from its length.
NOT_BY_FLATC = {("young", "far"), *(("young", f"union_big_{what}") for what in ("struct", "table", "text"))}


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=300, check=False, **options)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


# ---- the peers ----

def peer_text(folder):
    """Our own text: what the command prints of a buffer, it reads again."""
    program = folder / "peer"
    program.write_text('#!/bin/sh\nset -eu\n[ "$1" = copy ] && schema=constructs || schema=younger\n'
                       f'{COMMAND} json {DATA}/$schema.fbs "$2" | {COMMAND} binary {DATA}/$schema.fbs - -o "$3"\n')
    program.chmod(0o755)
    return [program]


def generate(language, folder):
    run(COMMAND, "compile", language, "-o", folder, *sorted(DATA.glob("*.fbs")))


def peer_c(folder):
    generate("--c", folder)
    run(os.environ.get("CC", "cc"), "-std=c17", "-Wall", "-Wextra", "-Werror", "-I", folder, "-I", ROOT / "include", SOURCES / "copying_peer.c",
        *sorted(folder.glob("*_generated.c")), BUILD / "libzerowire.a", "-lxxhash", "-lm", "-o", folder / "peer")
    return [folder / "peer"]


def build_cpp(folder):
    run(os.environ.get("CXX", "c++"), "-std=c++17", "-Wall", "-Wextra", "-Werror", "-fno-exceptions", "-fno-rtti", "-I", folder, "-I", ROOT / "include",
        SOURCES / "peer.cpp", BUILD / "libzerowire.a", "-lxxhash", "-o", folder / "peer")
    return [folder / "peer"]


def peer_cpp(folder):
    generate("--cpp", folder)
    return build_cpp(folder)


def peer_python(folder, interpreter=sys.executable):
    generate("--python", folder)
    return ["env", f"PYTHONPATH={ROOT / 'bindings/python'}:{folder}", interpreter, "-B", SOURCES / "peer.py"]


def peer_pypy(folder):
    pypy = shutil.which("pypy3")
    assert pypy, "pypy3 is not installed; ./dev test installs it"
    return peer_python(folder, pypy)


def typescript(folder, *more):
    """Compiles what is in a folder with tsc, which finds nothing in strict mode; its packages come from the registry."""
    shutil.copy(SOURCES / "package.json", folder)
    settings = json.loads((SOURCES / "tsconfig.json").read_text())
    folder.joinpath("tsconfig.json").write_text(json.dumps({**settings, "include": [*settings["include"], *more]}))
    generate("--ts", folder)
    run("npm", "install", "--no-audit", "--no-fund", "--install-links", "--no-save", ROOT / "bindings" / "js", cwd=folder)
    run(folder / "node_modules" / ".bin" / "tsc", "--project", folder)


def peer_ts(folder):
    shutil.copy(SOURCES / "peer.ts", folder)
    typescript(folder)
    return ["node", folder / "built" / "peer.js"]


PEERS = {"text": peer_text, "c": peer_c, "cpp": peer_cpp, "python": peer_python, "pypy": peer_pypy, "ts": peer_ts}


@pytest.fixture(scope="session")
def peers(tmp_path_factory):
    """Builds each peer once, when it is asked for."""
    built = {}

    def get(name):
        if name not in built:
            built[name] = PEERS[name](tmp_path_factory.mktemp(f"peer_{name}"))
        return built[name]

    return get


def copied(peer, mode, original, copy):
    run(*peer, mode, original, copy)
    return copy


# ---- the originals ----

def by_zerowire(mode, case, path):
    run(COMMAND, "binary", SCHEMAS[mode], case, "-o", path)


def by_flatc(mode, case, path):
    run(FLATC, "--binary", "--no-warnings", "-o", path.parent, SCHEMAS[mode], case)
    path.parent.joinpath(f"{case.stem}.bin").rename(path)


MAKERS = {"zerowire": by_zerowire, "flatc": by_flatc}


@pytest.fixture(scope="session")
def original(tmp_path_factory):
    """The buffer of a case, and its text."""
    made, folder = {}, tmp_path_factory.mktemp("originals")

    def get(maker, mode, case):
        key = maker, mode, case
        if key not in made:
            path = folder / "-".join(key)
            MAKERS[maker](mode, DATA / ("cases" if mode == "copy" else "young") / f"{case}.json", path)
            made[key] = path, text_of(mode, path)
        return made[key]

    return get


def text_of(mode, path):
    """Verifies, too. All defaults, so that nothing is equal by being left out."""
    return run(COMMAND, "json", "--indent", "1", "--defaults-json", SCHEMAS[mode], path).splitlines()


def blocks(mode, path):
    """The blocks of a dump."""
    return run(COMMAND, "dump", SCHEMAS[mode], path).split("\n\n")


# ---- the tests ----

ALL = [(maker, *case) for maker in MAKERS for case in CASES + YOUNG_CASES if maker == "zerowire" or case not in NOT_BY_FLATC]


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("maker, mode, case", ALL)
def test_a_copy_is_the_original(peers, original, tmp_path, name, maker, mode, case):
    path, text = original(maker, mode, case)
    copy = copied(peers(name), mode, path, tmp_path / "copy")
    assert text_of(mode, copy) == text
    assert not [block for block in blocks(mode, copy) if "nothing known leads here" in block], "octets are wasted"


@pytest.mark.parametrize("mode, case", CASES)
def test_structs_in_unions_lie_as_flatc_puts_them(original, mode, case):
    """Octet for octet and on their own; flatc orders the objects of a buffer otherwise."""
    ours, theirs = ([[line[6:] for line in block.splitlines()[1:] if "padding" not in line] for block in blocks(mode, original(maker, mode, case)[0])
                     if block.startswith("struct ")] for maker in MAKERS)
    assert sorted(ours) == sorted(theirs) and (ours or case not in ("union_point", "union_mixed", "unions"))


@pytest.mark.parametrize("mode, case", CASES + YOUNG_CASES)
def test_each_reads_what_the_others_wrote(peers, original, tmp_path, mode, case):
    """One after another, there and back: every neighbour reads every other."""
    path, text = original("zerowire", mode, case)
    for i, name in enumerate([*PEERS, *reversed(PEERS)]):
        path = copied(peers(name), mode, path, tmp_path / f"{i}-{name}")
        assert text_of(mode, path) == text, f"after {name}"


@pytest.mark.parametrize("far", ["full", "empty", "nested"])
@pytest.mark.parametrize("name", [name for name in PEERS if name != "text"])
def test_64_bit_offsets_are_copied(peers, tmp_path, name, far):
    """JSON does not write them: they are Python's, and read by all."""
    run(*peers("python"), "far", far, tmp_path / "far")
    text = text_of("young", tmp_path / "far")
    assert any("far_text" in line for line in text)
    assert text_of("young", copied(peers(name), "young", tmp_path / "far", tmp_path / "copy")) == text


@pytest.mark.parametrize("name", PEERS)
def test_what_is_corrupt_is_refused(peers, original, tmp_path, name):
    path, _ = original("zerowire", "copy", "scalars")
    octets = bytearray(path.read_bytes())
    octets[:4] = b"\xff\xff\xff\x7f"
    corrupt = tmp_path / "corrupt"
    corrupt.write_bytes(octets)
    done = subprocess.run([str(word) for word in [*peers(name), "copy", corrupt, tmp_path / "copy"]], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode > 0 and not (tmp_path / "copy").exists(), done.stdout + done.stderr


# ---- hostile buffers ----

MUTANTS = 40  # of each case
ODD_WORDS = (0, 1, 2, 3, 4, 8, 0x7F, 0xFF, 0x100, 0xFFFF, 0xFFFC, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF, 0x1000)
PREFIXES = {"copy": 4, "young": 8}


def mutant(octets, chance):
    """A few octets, bits or words gone wrong, a piece in another place, or the end cut off."""
    octets = bytearray(octets)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, what = chance.randrange(len(octets)), chance.randrange(5)
        if what == 0:
            octets[at] = chance.choice((0, 1, 4, 127, 128, 255, chance.randrange(256)))
        elif what == 1:
            octets[at] ^= 1 << chance.randrange(8)
        elif what == 2:
            octets[at] = (octets[at] + chance.randint(-4, 4)) % 256
        elif what == 3:
            octets[at & ~3:(at & ~3) + 4] = struct.pack("<I", chance.choice(ODD_WORDS))
        else:
            piece = chance.randrange(len(octets))
            octets[at:at + 8] = octets[piece:piece + 8]
    return bytes(octets[:chance.randrange(1, len(octets) + 1)] if chance.random() < 0.1 else octets)


def record(mode, octets, chance):
    """A line for a peer: with flags, limits and a size prefix by chance."""
    flags = chance.choice((0, 1, 1, 2, 3, 5, 7, 8, 16, 18, 32, 63))
    prefix = PREFIXES[mode] if chance.random() < 0.2 else 0
    size = len(octets) if chance.random() < 0.9 else chance.randrange(2 * len(octets))
    depth, offsets = (chance.randrange(1, 6), 0) if chance.random() < 0.1 else (0, chance.randrange(1, 80)) if chance.random() < 0.1 else (0, 0)
    return f"{mode} {flags} {prefix} {depth} {offsets} {(size.to_bytes(prefix, 'little') + octets if prefix else octets).hex()}"


def test_all_verifiers_judge_alike(peers, original, tmp_path):
    """Of each case mutants, the same in each run; C judges by generated and by loaded descriptors."""
    chance, records = random.Random(41), []
    for far in ("full", "empty"):
        run(*peers("python"), "far", far, tmp_path / far)
    sound = [("young", (tmp_path / far).read_bytes()) for far in ("full", "empty")]
    sound += [(mode, original(maker, mode, case)[0].read_bytes()) for maker, mode, case in ALL]
    for mode, octets in sound:
        records += [record(mode, octets, chance)] + [record(mode, mutant(octets, chance), chance) for _ in range(MUTANTS)]
    tmp_path.joinpath("records").write_text("\n".join(records) + "\n")
    verdicts = {}
    for name in PEERS:
        if name != "text":
            run(*peers(name), "verdicts", tmp_path / "records", tmp_path / name)
            verdicts[name] = (tmp_path / name).read_text()
    assert {len(text) for text in verdicts.values()} == {len(records)}
    different = [(line, given) for line, *given in zip(records, *verdicts.values()) if len({*given} - {"-"}) != 1 or "!" in given]
    assert not different, f"{list(verdicts)}: {different[:3]}"
    assert len(records) // 10 < verdicts["c"].count("1") < len(records) * 9 // 10
