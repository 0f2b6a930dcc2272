# SPDX-License-Identifier: Apache-2.0
"""The Python peer: see test_languages.py. Generated modules and the run time are on the path."""
import importlib
import sys

from zerowire.flatbuf import VerifyError

MODULES = {"copy": "constructs_generated", "young": "younger_generated"}


# What JSON does not write: behind 64-bit offsets. `far NAME OUT` writes one of these.
FAR = {
    "full": {"far_text": "far é", "far_octets": b"\1\2\3", "far_octets64": b"\4" * 5, "far_doubles": [0.5, -1e300], "far_spots": [(1, 0), (2, 3)],
             "far_fixed": [(b"\2\0\0\0", 1), (b"\1\xff\0\0", 2)],
             "texts": ["near"], "word": 7},
    "empty": {"far_text": "", "far_octets": b"", "far_octets64": b"", "far_doubles": [], "far_spots": [], "far_fixed": []},
    "nested": {"far_text": "x" * 70000, "big": {"name": "l"}, "big_type": 1},
}


def far_object(name):
    young = importlib.import_module(MODULES["young"])
    nested = young.LeafT(name="inner", n=4) if name == "nested" else None
    return young.EverythingT(**FAR[name], far_nested=nested)


def accepts(mode, flags, prefix, depth, offsets, octets):
    root = importlib.import_module(MODULES[mode]).Everything
    utf8, enums, strict, _, unaligned, _ = (bool(flags >> bit & 1) for bit in range(6))
    try:
        root.verify(octets, identified=True, size_prefixed=prefix, utf8=utf8, enums=enums, strict=strict, aligned=not unaligned,
                    depth_max=depth or 64, offsets_max=offsets or None)
    except VerifyError:
        return "0"
    return "1"


def verdicts(original, copy):
    """A line is a record, see test_languages.py. Of flags that are not for Python alone there is no verdict."""
    with open(original, encoding="ascii") as records, open(copy, "w", encoding="ascii") as file:
        for mode, *numbers, octets in (line.split() for line in records):
            flags, prefix, depth, offsets = map(int, numbers)
            file.write("-" if flags & (8 | 32) else accepts(mode, flags, prefix, depth, offsets, bytes.fromhex(octets)))


def main(mode, original, copy):
    if mode == "verdicts":
        verdicts(original, copy)
        return
    if mode == "far":
        with open(copy, "wb") as file:
            file.write(far_object(original).pack())
        return
    root = importlib.import_module(MODULES[mode]).Everything
    with open(original, "rb") as file:
        octets = file.read()
    view = root.verify(octets, identified=True, utf8=True)
    packed = view.unpack().pack()
    with open(copy, "wb") as file:
        file.write(packed)


if __name__ == "__main__":
    main(*sys.argv[1:])
