# SPDX-License-Identifier: Apache-2.0
"""The Python peer: see test_languages.py. Generated modules and the run time are on the path."""
import importlib
import sys

MODULES = {"copy": "constructs_generated", "young": "younger_generated"}


def main(mode, original, copy):
    root = importlib.import_module(MODULES[mode]).Everything
    with open(original, "rb") as file:
        octets = file.read()
    view = root.verify(octets, identified=True, utf8=True)
    packed = view.unpack().pack()
    with open(copy, "wb") as file:
        file.write(packed)


if __name__ == "__main__":
    main(*sys.argv[1:])
