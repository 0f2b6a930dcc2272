# SPDX-License-Identifier: Apache-2.0
"""The formatter over every schema of the tree, and over schemas made by chance (schema_corpus.py) with white space and comments
thrown in between their tokens: it changes white space alone, finds nothing to do a second time, the octets of the compiled schema, with
its documentation, stay what they are, and what it shows as a diff is what it writes."""
import os
import pathlib
import random
import re
import subprocess

import pytest
import schema_corpus

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", ROOT / "build/dev"))
BATCH = 50
TOKEN = re.compile(r"""\s+|//[^\r\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[\w.+-]+|.""", re.S)
NOISE = [" ", "  \t", "\n", "\n\n\n", "\r\n", " // note\n", "// note\r\n", "\n\n// own line\n\n", " /* in */ ", "/* of\n  * two\n lines */", "\n/* own */\n",
         "\n/// words \n", "\n///words\n/// more\n\n"]


def zerowire(folder, *words):
    done = subprocess.run([BUILD / "zerowire", *words], cwd=folder, capture_output=True, timeout=120, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def noisy(text, seed):
    """The text with something between one token in five and the next."""
    r, out = random.Random(seed), []
    for token in TOKEN.findall(text):
        out.append(token)
        if token.startswith("//"):
            out.append("\n")
        elif r.randrange(5) == 0:
            out.append(r.choice(NOISE))
    return "".join(out)


def lines_of_comments(text):
    """What every comment says, line by line, without the white space around."""
    comments = [token for token in TOKEN.findall(text) if token.startswith(("//", "/*"))]
    return [line.strip() for comment in comments for line in comment.splitlines()]


def check(folder, texts, include):
    """Schemas by their names: how many compile, and so were compared."""
    for name in ("before", "after", "before.out", "after.out"):
        (folder / name).mkdir()
    for name, text in texts.items():
        for side in ("before", "after"):
            (folder / side / name).write_bytes(text.encode())
    zerowire(folder / "after", "format", "-w", *texts)
    same = 0
    for name, text in texts.items():
        code, said = zerowire(folder / "before", "compile", "--bfbs", "--flatc-exact", "-o", "../before.out", *include, name)
        formatted = (folder / "after" / name).read_bytes().decode()
        assert "".join(formatted.split()) == "".join(text.split()), name
        assert lines_of_comments(formatted) == lines_of_comments(text), name
        if code:
            continue
        code, said = zerowire(folder / "after", "compile", "--bfbs", "--flatc-exact", "-o", "../after.out", *include, name)
        assert code == 0, said
        product = f"{pathlib.Path(name).stem}.bfbs"
        assert (folder / "after.out" / product).read_bytes() == (folder / "before.out" / product).read_bytes(), name
        code, said = zerowire(folder / "after", "format", "--check", name)
        assert (code, said) == (0, ""), said
        same += 1
    code, diff = zerowire(folder / "before", "format", "--check", *texts)
    (folder / "before/all.diff").write_bytes(diff.encode())
    if diff.startswith("---"):
        done = subprocess.run(["git", "apply", "-p0", "--whitespace=nowarn", "all.diff"], cwd=folder / "before", capture_output=True, text=True, timeout=60, check=False,
                              env=os.environ | {"GIT_CEILING_DIRECTORIES": str(folder)})
        assert done.returncode == 0, done.stderr
        for name in texts:
            assert (folder / "before" / name).read_bytes() == (folder / "after" / name).read_bytes(), name
    return same


@pytest.mark.parametrize("folder", sorted({path.parent for path in ROOT.rglob("*.fbs") if "build" not in path.relative_to(ROOT).parts}), ids=str)
def test_schemas_of_the_tree(folder, tmp_path):
    texts = {}
    for path in sorted(folder.glob("*.fbs")):
        try:
            texts[path.name] = path.read_bytes().decode()
        except UnicodeDecodeError:  # refused, and as it was
            assert "invalid" in path.name
    assert check(tmp_path, texts, ["-I", folder, "-I", ROOT / "schemas", "-I", ROOT / "tests/interop"]) > 0


@pytest.mark.parametrize("first", range(0, 200, BATCH))
def test_schemas_made_by_chance(first, tmp_path):
    texts = {f"s{seed}.fbs": schema_corpus.valid(seed) for seed in range(first, first + BATCH)}
    assert check(tmp_path, texts, []) > BATCH // 2


@pytest.mark.parametrize("first", range(200, 600, BATCH))
def test_schemas_with_comments_anywhere(first, tmp_path):
    texts = {f"s{seed}.fbs": noisy(schema_corpus.valid(seed), seed) for seed in range(first, first + BATCH)}
    assert check(tmp_path, texts, []) > BATCH // 2
