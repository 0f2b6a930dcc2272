# SPDX-License-Identifier: Apache-2.0
"""A session from a tour in Markdown: its code blocks, as a reader would type them.

A block below a line that ends in "Save this as `NAME`:" is written to that file. Lines of other blocks that begin with "$ " are commands,
what follows is their output. Left out: the build (./dev, export). The server gets the session's port. What ends with "zerowire: …"
ends with 1.
"""
import re


def blocks(text):
    """(the line before, its lines) of each code block."""
    parts = re.split(r"^```.*$", text, flags=re.M)
    for before, block in zip(parts[::2], parts[1::2]):
        yield before.strip().split("\n")[-1], block.strip("\n").split("\n")


def session_of(text):
    lines = []
    for before, block in blocks(text):
        name = re.search(r"Save this as `([^`]+)`:$", before)
        if name:
            lines += [f"$ cat > {name.group(1)} <<'END'", *("> " + line if line else ">" for line in block), "> END"]
            continue
        lines += commands_of(block)
    return "\n".join(lines)


def commands_of(block):
    lines, typed = [], False
    for line, after in zip(block, [*block[1:], "$ "]):
        if line.startswith("$ "):
            typed = not line.startswith(("$ ./dev", "$ export "))
            line = re.sub(r"^\$ (zerowire serve .*?) &$", r"$ \1 --listen 127.0.0.1:$PORT &", line)
        if not typed:
            continue
        lines.append(line)
        if line.startswith("zerowire: ") and after.startswith("$ "):
            lines.append("(exit 1)")
    return lines
