# SPDX-License-Identifier: Apache-2.0
"""Plain values as FlexBuffers, octet for octet as Google's C++ builder makes them when it shares keys and strings.

Children come before their parent. A vector takes the smallest width that holds its length, its scalars, and the distance to each
child; the distance depends on the width, so each is tried.
"""
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from struct import Struct as Layout

from .builder import PackError
from .flexbuffer import BASES, BLOB, BOOL, DEPTH_MAX, FLOAT, INT, KEY, MAP, NULL, STRING, UINT, VECTOR, VECTOR_BOOL, VECTOR_INT, FlexMap, FlexVector
from .scalars import CODES, LAYOUTS

INLINE = {NULL, INT, UINT, FLOAT, BOOL}
_FLOAT = LAYOUTS["float"]
_ELEMENTS = {**dict.fromkeys("bhilq", INT), **dict.fromkeys("BHILQ", UINT), **dict.fromkeys("fd", FLOAT), "?": BOOL}


def width_of(number):
    """As the power of 2."""
    return 0 if number <= 0xff else 1 if number <= 0xffff else 2 if number <= 0xffffffff else 3


def float_width(number):
    """4 octets where they are exact, else 8."""
    try:
        return 2 if _FLOAT.unpack(_FLOAT.pack(number))[0] == number else 3
    except OverflowError:
        return 3


def is_buffer(value):
    try:
        memoryview(value)
    except TypeError:
        return False
    return True


class FlexWriter:
    """One buffer. A value that is written is (type, width as the power of 2, the scalar or where it begins)."""

    def __init__(self):
        self.out, self.keys, self.strings = bytearray(), {}, {}

    def align(self, width):
        self.out += bytes(-len(self.out) % (1 << width))

    def word(self, number, width):
        self.out += (number & (1 << (8 << width)) - 1).to_bytes(1 << width, "little")

    def slot(self, value, width):
        kind, _, content = value
        if kind == FLOAT:
            self.out += LAYOUTS[BASES[FLOAT][1 << width]].pack(content)
        else:
            self.word(content if kind in INLINE else len(self.out) - content, width)

    def slot_width(self, value, words):
        """What a value needs in a vector, `words` words behind the first that is written."""
        kind, width, content = value
        if kind in INLINE:
            return width
        for width in range(3):
            at = len(self.out) + -len(self.out) % (1 << width) + (words << width)
            if width_of(at - content) <= width:
                return width
        return 3

    # ---- values ----

    def any(self, value, depth=0):
        if value is None:
            return NULL, 0, 0
        if isinstance(value, bool):
            return BOOL, 0, int(value)
        if isinstance(value, Integral):
            return self.integer(int(value))
        if isinstance(value, Real):
            return FLOAT, float_width(float(value)), float(value)
        if isinstance(value, str):
            return self.string(value.encode())
        if isinstance(value, (FlexVector, FlexMap)):
            value = value.plain()
        if isinstance(value, (list, tuple, Mapping)) or not is_buffer(value):
            return self.many(value, depth + 1)
        return self.buffer(memoryview(value))

    def many(self, values, depth):
        if depth > DEPTH_MAX:
            raise PackError(f"a FlexBuffer is nested {DEPTH_MAX} deep at most")
        if isinstance(values, Mapping):
            return self.map(values, depth)
        if isinstance(values, Sequence):
            return self.vector([self.any(value, depth) for value in values])
        raise PackError(f"a FlexBuffer has no {type(values).__name__}")

    def integer(self, number):
        if not -1 << 63 <= number < 1 << 64:
            raise PackError(f"an integer of a FlexBuffer has 64 bits: {number}")
        if number >= 1 << 63:
            return UINT, 3, number
        return INT, width_of(2 * number if number >= 0 else ~(2 * number)), number

    def octets(self, octets, kind):
        width = width_of(len(octets))
        self.align(width)
        self.word(len(octets), width)
        place = len(self.out)
        self.out += octets
        return kind, width, place

    def string(self, octets):
        if octets not in self.strings:
            self.strings[octets] = self.octets(octets, STRING)
            self.out.append(0)
        return self.strings[octets]

    def key(self, key):
        octets = key.encode() if isinstance(key, str) else None
        if octets is None or 0 in octets:
            raise PackError(f"a key of a FlexBuffer is text without U+0000: {key!r}")
        if octets not in self.keys:
            self.keys[octets] = len(self.out)
            self.out += octets + b"\0"
        return octets, (KEY, 0, self.keys[octets])

    # ---- vectors and maps ----

    def buffer(self, view):
        """Octets, or a vector of numbers with the type of the buffer's."""
        kind = _ELEMENTS.get(view.format) if view.ndim == 1 else None
        if view.format in ("B", "c"):
            return self.octets(view.tobytes(), BLOB)
        if kind is None:
            raise PackError(f"a FlexBuffer has no buffer of {view.ndim} dimensions and the format {view.format}")
        width = max(view.itemsize.bit_length() - 1, width_of(len(view)))
        bases = BASES[UINT if kind == BOOL else kind]
        self.align(width)
        self.word(len(view), width)
        place = len(self.out)
        self.out += Layout(f"<{len(view)}{CODES[bases[1 << width]]}").pack(*view)
        return VECTOR_BOOL if kind == BOOL else VECTOR_INT + kind - INT, width, place

    def vector(self, values, keys=None, typed=False):
        """`keys`: the vector of them, if these are the values of a map."""
        step, before = 2 if keys or typed else 1, 3 if keys else 1  # Google's builder counts the other halves of a map's pairs, too
        width = max([width_of(len(values)), *(self.slot_width(value, before + step * i) for i, value in enumerate(values))])
        if keys:
            width = max(width, self.slot_width(keys, 0))
        self.align(width)
        if keys:
            self.slot(keys, width)
            self.word(1 << keys[1], width)
        self.word(len(values), width)
        place = len(self.out)
        for value in values:
            self.slot(value, width)
        if not typed:
            self.out += bytes(self.packed(value, width) for value in values)
        return MAP if keys else VECTOR_INT + KEY - INT if typed else VECTOR, width, place

    def packed(self, value, width):
        kind, own, _ = value
        return kind << 2 | (max(own, width) if kind in INLINE else own)

    def map(self, value, depth):
        pairs = sorted(((*self.key(key), self.any(one, depth)) for key, one in value.items()), key=lambda pair: pair[0])
        keys = self.vector([key for _, key, _ in pairs], typed=True)
        return self.vector([one for _, _, one in pairs], keys)

    def finish(self, root):
        width = self.slot_width(root, 0)
        self.align(width)
        self.slot(root, width)
        self.out += bytes((self.packed(root, 0), 1 << width))
        return bytes(self.out)


def write_flexbuffer(value):
    """The octets of a FlexBuffer with a value: None, bool, int, float, str, octets (bytes, bytearray, memoryview), sequences, mappings
    with str keys, FlexVector and FlexMap, and in them the same. Other buffers, such as array.array and numpy arrays of one dimension,
    become vectors of their type. What it cannot hold raises PackError."""
    writer = FlexWriter()
    return writer.finish(writer.any(value))
