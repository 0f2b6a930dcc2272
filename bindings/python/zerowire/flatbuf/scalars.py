# SPDX-License-Identifier: Apache-2.0
"""Scalars in a buffer: their layouts, and functions (buffer, position) that give a tuple of one, as unpack_from does.

Under PyPy unpack_from makes compiled code write back all that it had in registers, and memoryviews are slow: there integers are put
together from octets, which are loads alone.
"""
import sys
from struct import Struct as Layout
from struct import error as StructError

# Scalars: the letter of the struct module.
CODES = {"bool": "?", "byte": "b", "ubyte": "B", "short": "h", "ushort": "H", "int": "i", "uint": "I", "long": "q",
         "ulong": "Q", "float": "f", "double": "d"}
LAYOUTS = {base: Layout("<" + code) for base, code in CODES.items()}
SIZES = {base: layout.size for base, layout in LAYOUTS.items()}
UNPACK: dict = {base: layout.unpack_from for base, layout in LAYOUTS.items()}
VALUE_ERRORS = (StructError, TypeError, ValueError, OverflowError)  # of values that a layout does not take, under any interpreter
COMPILED = sys.implementation.name == "pypy"


def own(function):
    """Gives the function a code object of its own: interpreters note by it what a function meets."""
    function.__code__ = function.__code__.replace()
    return function


def _compiled(base):
    """A function like UNPACK[base] that PyPy compiles well."""
    unpack, top = UNPACK[base], 0 if base[0] == "u" else 1 << (8 * SIZES[base] - 1)

    def unpack_1(buf, at):
        return (buf[at] ^ top) - top,

    def unpack_2(buf, at):
        if buf.__class__ is memoryview:
            return unpack(buf, at)
        return ((buf[at] | buf[at + 1] << 8) ^ top) - top,

    def unpack_4(buf, at):
        if buf.__class__ is memoryview:
            return unpack(buf, at)
        return ((buf[at] | buf[at + 1] << 8 | buf[at + 2] << 16 | buf[at + 3] << 24) ^ top) - top,

    return own({1: unpack_1, 2: unpack_2, 4: unpack_4}[SIZES[base]])


def _compiled_bool(buf, at):
    return buf[at] != 0,


def _compiled_ulong(buf, at, unpack=LAYOUTS["long"].unpack_from):
    """Most are small, and need no long integer."""
    value = unpack(buf, at)[0]
    return value if value >= 0 else value + (1 << 64),


if COMPILED:
    UNPACK.update({base: _compiled(base) for base in ("byte", "ubyte", "short", "ushort", "int", "uint")}, bool=_compiled_bool,
                  ulong=_compiled_ulong)

i32, u16, u32, u64 = (UNPACK[base] for base in ("int", "ushort", "uint", "ulong"))
