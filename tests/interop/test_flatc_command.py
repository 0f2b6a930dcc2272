# SPDX-License-Identifier: Apache-2.0
"""`zerowire flatc` beside flatc 25.12.19 (inside the zlmdb wheel): the same command lines give files of the same names with the same content.

JSON and compiled schemas are compared octet for octet. Buffers are laid out differently: flatc prints ours, and the text is compared with what it prints of its own."""
import os
import pathlib
import re
import subprocess

import pytest
import zlmdb

BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", "build/dev")).resolve()
FLATC = pathlib.Path(zlmdb.__file__).parent / "_flatc/bin/flatc"

FILES = {
    "inc/color.fbs": "/// Colors.\nnamespace pets; enum Color : ubyte { Red, Green, Blue }\n",
    "pet.fbs": """
include "color.fbs";
namespace pets;
attribute "priority";
struct Size { width: float; height: double; }
table Toy { name: string; price: int = 3 (priority: 1); }
union Any { Toy, Size, Text: string }
/// A pet.
table Pet { name: string (required); color: Color = Green; size: Size; toys: [Toy]; any: Any; code: ulong; share: double; flags: [bool]; }
table Other { name: string; n: short = 7; }
root_type Pet;
file_identifier "PETS";
file_extension "pet";
""",
    "plain.fbs": "table Plain { name: string; n: int = 7; }\ntable More { n: int; }\n",
    "rootless.fbs": 'table A { x: int; } table B { y: int; } file_identifier "ABCD";',
    "rootless.json": '{"y": 5}',
    "rooted.fbs": 'include "plain.fbs"; root_type Plain;\n',
    "grown.fbs": "table Plain { name: string; n: int = 7; more: int; }\ntable More { n: int; }\n",
    "broken.fbs": "table Plain { n: int = 7; name: string; }\ntable More { n: int; }\n",
    "cat.json": '{name: "cät \\u4e16", color: "Blue", size: {width: 0.1, height: 1e10}, toys: [{name: "ball", price: 3}, {}], any_type: "Toy", any: {name: "x"},'
    ' code: 18446744073709551615, share: 0.333333333333333, flags: [true, false]}',
    "dog.json": '{"name": "dog", "any_type": "Text", "any": "words", "color": "Green", "code": 0}',
    "plain.json": '{name: "p", n: 7}',
    "unknown.json": '{name: "p", m: 7}',
    "other.json": '{name: "o", n: 7}',
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with the schemas and data, compiled schemas and buffers by flatc among them."""
    folder = tmp_path_factory.mktemp("flatc")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    for words in (["-b", "-I", "inc", "pet.fbs", "cat.json", "dog.json"], ["-b", "rooted.fbs", "plain.json"],
                  ["-b", "--size-prefixed", "-I", "inc", "-o", "sized", "pet.fbs", "cat.json"],
                  ["-b", "--schema", "--bfbs-comments", "--bfbs-builtins", "-I", "inc", "pet.fbs"]):
        assert run([FLATC, *words], folder).returncode == 0
    return folder


def run(command, folder):
    return subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, timeout=60)


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def both(place, tmp_path, words):
    """What each writes for the command line, and the runs."""
    found = []
    for name, command in (("theirs", [FLATC]), ("ours", [BUILD / "zerowire", "flatc"])):
        out = tmp_path / name
        done = run([*command, "-o", out, *words], place)
        found.append((done, files_of(out) if out.exists() else {}))
    return found


SAME = {
    "json": "-t -I inc pet.fbs -- cat.pet dog.pet",
    "json by a compiled schema": "-t pet.bfbs -- cat.pet",
    "json, long names": "--json -I inc pet.fbs -- cat.pet",
    "json of json": "-t -I inc pet.fbs cat.json dog.json",
    "strict": "-t --strict-json -I inc pet.fbs -- cat.pet dog.pet",
    "defaults": "-t --defaults-json -I inc pet.fbs -- cat.pet dog.pet",
    "natural": "-t --natural-utf8 -I inc pet.fbs -- cat.pet",
    "all three": "-t --strict-json --defaults-json --natural-utf8 -I inc pet.fbs -- cat.pet dog.pet",
    "size-prefixed": "-t --size-prefixed -I inc pet.fbs -- sized/cat.pet",
    "raw": "-t --raw-binary rooted.fbs -- plain.bin",
    "root type": "-t --root-type Plain plain.fbs plain.json",
    "root type and identifier": "-t --root-type pets.Other -I inc pet.fbs other.json",
    "root type where none is declared": "-t --root-type B rootless.fbs rootless.json",
    "two schemas": "-t -I inc pet.fbs cat.json rooted.fbs plain.json",
    "nested buffers as octets": "-t --json-nested-bytes rooted.fbs plain.json",
    "unknown fields": "-t --unknown-json rooted.fbs unknown.json",
    "schema": "-b --schema -I inc pet.fbs",
    "schema, long names": "--binary --schema -I inc pet.fbs",
    "schema with comments": "-b --schema --bfbs-comments -I inc pet.fbs",
    "schema with built-ins": "-b --schema --bfbs-builtins -I inc pet.fbs",
    "schema with file names": "-b --schema --bfbs-comments --bfbs-filenames . -I inc pet.fbs",
    "schema in a folder": "-b --schema inc/color.fbs",
    "schemas": "-b --schema -I inc pet.fbs rooted.fbs inc/color.fbs",
    "copies": "-b -I inc pet.fbs -- cat.pet",
    "no warnings": "-b --schema --no-warnings -I inc pet.fbs",
    "conforms": "-b --schema --conform plain.fbs grown.fbs",
    "conforms, by its folder": "-b --schema --conform pet.fbs --conform-includes inc -I inc pet.fbs",
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_files(place, tmp_path, name):
    (theirs, expected), (ours, written) = both(place, tmp_path, SAME[name].split())
    assert theirs.returncode == 0, theirs.stdout + theirs.stderr
    assert ours.returncode == 0, ours.stderr
    assert expected and written == expected


BUFFERS = {
    "binary": ("-b -I inc pet.fbs cat.json dog.json", "-I inc pet.fbs"),
    "by a compiled schema": ("-b pet.bfbs cat.json", "-I inc pet.fbs"),
    "defaults": ("-b --force-defaults -I inc pet.fbs cat.json dog.json", "-I inc pet.fbs"),
    "size-prefixed": ("-b --size-prefixed -I inc pet.fbs cat.json", "--size-prefixed -I inc pet.fbs"),
    "without identifier": ("-b rooted.fbs plain.json", "--raw-binary rooted.fbs"),
    "root type": ("-b --root-type Plain plain.fbs plain.json", "--raw-binary rooted.fbs"),
    "root type and identifier": ("-b --root-type pets.Other -I inc pet.fbs other.json", "--root-type pets.Other -I inc pet.fbs"),
    "root type where none is declared": ("-b --root-type B rootless.fbs rootless.json", "--root-type B rootless.fbs"),
    "both": ("-b -t -I inc pet.fbs cat.json", "-I inc pet.fbs"),
}


@pytest.mark.parametrize("name", BUFFERS)
def test_the_same_buffers(place, tmp_path, name):
    words, reading = BUFFERS[name]
    (theirs, expected), (ours, written) = both(place, tmp_path, words.split())
    assert theirs.returncode == 0 and ours.returncode == 0, theirs.stdout + ours.stderr
    assert list(written) == list(expected) and written
    texts = []
    for side in ("theirs", "ours"):
        buffers = [tmp_path / side / file for file in written if not file.endswith(".json")]
        done = run([FLATC, "-t", "-o", tmp_path / f"{side}-text", *reading.split(), "--", *buffers], place)
        assert done.returncode == 0, done.stdout + done.stderr
        texts.append(files_of(tmp_path / f"{side}-text"))
    assert texts[0] == texts[1] and texts[0]


REFUSED = {
    "does not conform": "-b --schema --conform plain.fbs broken.fbs",
    "no identifier": "-t rooted.fbs -- plain.bin",
    "another identifier": "-t -I inc pet.fbs -- plain.bin",
    "no root": "-b plain.fbs plain.json",
    "unknown root": "-b --root-type Plan plain.fbs plain.json",
    "unknown field": "-b rooted.fbs unknown.json",
    "not strict": "-b --strict-json rooted.fbs plain.json",
    "no schema": "-b nofile.fbs",
    "no data": "-b rooted.fbs nofile.json",
    "no include": "-b --schema pet.fbs",
    "nothing asked for": "rooted.fbs plain.json",
    "no files": "-b",
    "no such option": "-b --bfbs-coments rooted.fbs",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_both_refuse(place, tmp_path, name):
    (theirs, _), (ours, written) = both(place, tmp_path, REFUSED[name].split())
    assert theirs.returncode != 0
    assert ours.returncode in (1, 2, 3) and re.match(r"zerowire: |[\w.]+:\d+:\d+: error ", ours.stderr) and not written


def test_a_compiled_schema_has_no_prefix(place, tmp_path):
    (theirs, _), (ours, written) = both(place, tmp_path, "-b --schema --size-prefixed plain.fbs".split())
    assert theirs.returncode == 0
    assert ours.returncode == 2 and "a compiled schema has no prefix" in ours.stderr and not written


def test_a_compiled_schema_has_its_own_root(place, tmp_path):
    (theirs, _), (ours, _) = both(place, tmp_path, "-b --schema --root-type pets.Other -I inc pet.fbs".split())
    assert theirs.returncode == ours.returncode == 0
    texts = [run([BUILD / "zerowire", "schema", tmp_path / side / "pet.bfbs"], place).stdout for side in ("theirs", "ours")]
    assert all("table Pet" in text for text in texts)
    assert "root_type" not in texts[0] and "root_type Pet;" in texts[1]


def test_names_are_judged_by_lint(place, tmp_path):
    (place / "camel.fbs").write_text("table Camel { aName: int; }")
    (theirs, _), (ours, written) = both(place, tmp_path, "-b --schema --warnings-as-errors camel.fbs".split())
    assert theirs.returncode == 1 and ours.returncode == 0 and list(written) == ["camel.bfbs"]


def test_make_rules(place, tmp_path):
    words = "-M -b --schema -I inc pet.fbs".split()
    theirs, ours = (run([*command, "-o", "out", *words], place) for command in ([FLATC], [BUILD / "zerowire", "flatc"]))
    assert theirs.returncode == 0 and ours.returncode == 0
    target, sources = ours.stdout.strip().split(": ")
    expected, all_sources = theirs.stdout.replace("\\\n", " ").strip().split(": ")
    assert target == expected == "out/pet.bfbs" and not (place / "out").exists()
    assert {os.path.normpath(path) for path in sources.split()} == {os.path.normpath(path) for path in all_sources.split()}


def options_of_flatc():
    """(option, whether it takes a value) of all that flatc's help lists."""
    help_text = run([FLATC, "--help"], ".").stdout
    return [(names.split(", "), value) for names, value in re.findall(r"^  (-\w(?:, --[\w-]+)?|--[\w-]+)(?: ([A-Z_]+)\b)?", help_text, re.M)]


def test_every_option_of_flatc_is_known():
    options = options_of_flatc()
    assert len(options) > 90
    for names, _ in options:
        for name in names:
            done = run([BUILD / "zerowire", "flatc", name, "x"], ".")
            assert "has no option" not in done.stderr, name
            assert done.returncode != 2 or re.search(r"is not supported: .{10}|no files|nothing is asked for|needs ", done.stderr), (name, done.stderr)
