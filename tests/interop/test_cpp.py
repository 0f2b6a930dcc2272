# SPDX-License-Identifier: Apache-2.0
"""Generated C++ beside Google's: what is not in test_languages.py. Debian's flatc and library are older than some constructs, which are
taken out of the schema for them; what flatc 25.12.19 writes behind 64-bit offsets is read; code of another version is refused."""
import json
import re
import shutil

import pytest
from test_languages import CASES, COMMAND, DATA, FLATC, ROOT, SOURCES, build_cpp, copied, generate, original, peers, run, text_of  # noqa: F401

# What the older compiler refuses, or makes code of that does not compile.
OLDER = [(' = "say \\"hi\\" \\u00e9?"', ""), (", Mixed = 20, More: string = 22", ""), ("preset: [int] = []", "preset: [int]"), ("union: Any", "united: Any")]
# Members that it has not, and vectors of unions with an absent member, which its objects cannot pack.
NOT_BY_GOOGLE = {"union_mixed", "union_more", "unions"}


@pytest.fixture(scope="module")
def google(tmp_path_factory):
    folder = tmp_path_factory.mktemp("google")
    schema = (DATA / "constructs.fbs").read_text()
    for construct, older in OLDER:
        assert construct in schema
        schema = schema.replace(construct, older)
    (folder / "constructs.fbs").write_text(schema)
    shutil.copy(DATA / "constructs_base.fbs", folder)
    run("flatc", "--cpp", "--gen-object-api", "--no-warnings", "constructs.fbs", "constructs_base.fbs", cwd=folder)
    run("c++", "-std=c++17", "-I", folder, SOURCES / "google_peer.cpp", "-o", folder / "peer")
    return [folder / "peer"]


def said(lines):
    """Google's objects do not know absent from empty."""
    return [line.rstrip(",") for line in lines if not re.search(r': (\[\]|""),?$', line)]


@pytest.mark.parametrize("mode, case", [case for case in CASES if case[1] not in NOT_BY_GOOGLE])
def test_google_reads_what_generated_code_wrote(peers, original, google, tmp_path, mode, case):  # noqa: F811
    path, text = original("zerowire", mode, case)
    ours = copied(peers("cpp"), mode, path, tmp_path / "ours")
    theirs = copied(google, mode, ours, tmp_path / "theirs")
    again = copied(peers("cpp"), mode, theirs, tmp_path / "again")
    assert said(text_of(mode, again)) == said(text)


def test_what_flatc_writes_behind_64_bit_offsets(peers, tmp_path):  # noqa: F811
    far = {"shared": "s", "texts": ["s", "t"], "far_text": 'far "away"', "far_octets": [1, 2, 3], "far_octets64": [4, 5], "far_doubles": [0.5, -3.0],
           "far_spots": [{"x": 1, "y": 2}, {"x": -3, "y": 4}]}
    (tmp_path / "far.json").write_text(json.dumps(far))
    run(FLATC, "-b", "--no-warnings", "-o", tmp_path, DATA / "younger.fbs", tmp_path / "far.json")
    copy = copied(peers("cpp"), "young", tmp_path / "far.bin", tmp_path / "copy")
    assert json.loads(run(COMMAND, "json", DATA / "younger.fbs", copy)) == far


HEADER = '#include "zerowire/flatbuf.hpp"\n'
WORDS = ("bool", "true", "false", "table", "struct", "string")  # of the schema language


def preprocessed(*options):
    return run("c++", "-std=c++17", "-x", "c++", "-I", ROOT / "include", "-E", *options, "-", input=HEADER)


def test_names_of_macros_and_functions_clash_with_nothing(tmp_path):
    """What the C and C++ libraries define beside the run time: macros as names of all kinds, all else as the first part of a namespace."""
    macros = set(re.findall(r"^#define (\w+)", preprocessed("-dM"), re.MULTILINE)) - set(WORDS)
    assert {"EOF", "SEEK_SET", "EINVAL", "__cplusplus"} <= macros
    # glibc's _PTRDIFF_T has _PTRDIFF_T_ beside it.
    fields = [name for name in sorted(macros) if not name.startswith("__") and f"{name}_" not in macros] + ["__cplusplus", "__linux__"]
    others = sorted(set(re.findall(r"\b[a-z][a-z0-9_]*\b", preprocessed("-P"))) - set(WORDS))
    assert {"malloc", "time", "size_t", "std", "if"} <= set(others)
    schema = [f"namespace {name}; enum E : byte {{ A }}" for name in others if not name.startswith("zw_")]
    schema += ["namespace all_names; enum Values : int {" + ", ".join(fields) + "}",
               "table Fields {" + " ".join(f"{name}: int;" for name in fields) + "}",
               "struct Members {" + " ".join(f"{name}: short;" for name in fields) + "}"]
    schema += [f"namespace types.{name}; enum {name} : int {{ {name} }}" for name in fields]
    (tmp_path / "names.fbs").write_text("\n".join(schema))
    run(COMMAND, "compile", "--cpp", "-o", tmp_path, tmp_path / "names.fbs")
    run("c++", "-std=c++17", "-x", "c++", "-fsyntax-only", "-I", ROOT / "include", "-", input=HEADER + f'#include "{tmp_path}/names_generated.hpp"\n')


READER = """
#include <cstdio>
#include <fstream>
#include <iterator>
#include "younger_generated.hpp"
int main(int, char **argv) {
  std::ifstream from(argv[1], std::ios::binary);
  const std::string octets((std::istreambuf_iterator<char>(from)), {});
  const auto v = zw::root_trusted<zw::young::Everything>(zw::span(octets));
  std::printf("%d %.*s", v.leaves().find("b").n(), static_cast<int>(v.shared().size()), v.shared().data());
}
"""


def test_reading_needs_no_library(tmp_path):
    generate("--cpp", tmp_path)
    (tmp_path / "reader.cpp").write_text(READER)
    (tmp_path / "in.json").write_text('{"shared": "s", "leaves": [{"name": "a", "n": 1}, {"name": "b", "n": 2}]}')
    run(COMMAND, "binary", DATA / "younger.fbs", tmp_path / "in.json", "-o", tmp_path / "in.bin")
    run("c++", "-std=c++17", "-I", tmp_path, "-I", ROOT / "include", tmp_path / "reader.cpp", "-o", tmp_path / "reader")
    assert run(tmp_path / "reader", tmp_path / "in.bin") == "2 s"


@pytest.fixture
def generated(tmp_path):
    generate("--cpp", tmp_path)
    return tmp_path


def change(header, what, by):
    text = header.read_text()
    assert text.count(what) == 1
    header.write_text(text.replace(what, by))


def test_code_of_another_version_does_not_compile(generated):
    change(generated / "younger_generated.hpp", "static_assert(ZW_ABI == ", "static_assert(ZW_ABI != ")
    with pytest.raises(AssertionError, match="generated for another version of zerowire: compile the schema again"):
        build_cpp(generated)


def test_a_run_time_of_another_version_is_refused(generated, original, tmp_path):  # noqa: F811
    change(generated / "younger_generated.hpp", "inline const zw_stamp stamp = {", "inline const zw_stamp stamp = {1 + ")
    build_cpp(generated)
    path, _ = original("zerowire", "young", "least")
    with pytest.raises(AssertionError, match=r"code generated by zerowire \S+ \(ABI \d+\), run time .* Compile the schema again"):
        copied([generated / "peer"], "young", path, tmp_path / "copy")
