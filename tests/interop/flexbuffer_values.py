# SPDX-License-Identifier: Apache-2.0
"""Values by chance that FlexBuffers and JSON both have, and the filter of the build that turns one into the other."""
import os
import pathlib
import subprocess

BUILD = pathlib.Path(os.environ.get("ZEROWIRE_BUILD", pathlib.Path(__file__).resolve().parents[2] / "build/dev")).resolve()


def transcode(kind, lines, program=None, errors="strict"):
    """An answer for each line, of `program` or flexbuffer_transcode."""
    done = subprocess.run([program or BUILD / "tests" / "flexbuffer_transcode", kind], input="".join(line + "\n" for line in lines),
                          capture_output=True, encoding="utf-8", errors=errors, check=True, timeout=100)
    answers = done.stdout.splitlines()
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
