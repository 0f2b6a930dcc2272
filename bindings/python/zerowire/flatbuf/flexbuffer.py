# SPDX-License-Identifier: Apache-2.0
"""FlexBuffers: values without a schema, read in place.

The root's type and width are the last two octets, its slot is before them. A slot holds a scalar, or how far back its value begins.
A vector has its length before its elements and a type for each behind; a map is a vector with two more words before: how far back
its keys are, a vector of keys in the order of their octets, and their width. Words have 1, 2, 4 or 8 octets.

Nothing is looked at before it is asked for, and what is looked at is checked first. A vector may hold itself, and values may be
shared: what goes down into all of them is bounded.
"""
from collections.abc import Mapping
from typing import Union

from .objects import LimitError
from .scalars import UNPACK
from .vectors import Vector
from .verify import VerifyError

DEPTH_MAX = 64

# Types: the upper six bits of a packed one; the lower two are the width of what is referred to.
NULL, INT, UINT, FLOAT, KEY, STRING, INDIRECT_INT, INDIRECT_UINT, INDIRECT_FLOAT, MAP, VECTOR = range(11)
VECTOR_INT, VECTOR_STRING, VECTOR_INT2, VECTOR_FLOAT4, BLOB, BOOL, VECTOR_BOOL = 11, 15, 16, 24, 25, 26, 36
TYPED = {**{VECTOR_INT + i: INT + i for i in range(4)}, VECTOR_STRING: KEY, VECTOR_BOOL: BOOL}  # strings' lengths have no known width

BASES = {INT: {1: "byte", 2: "short", 4: "int", 8: "long"}, UINT: {1: "ubyte", 2: "ushort", 4: "uint", 8: "ulong"},
         FLOAT: {4: "float", 8: "double"}}
_NUMBERS = {kind: {width: UNPACK[base] for width, base in bases.items()} for kind, bases in BASES.items()}
_WORDS = _NUMBERS[UINT]


def refuse(what, at):
    raise VerifyError(f"the FlexBuffer is not valid: {what}", "", at)


def follow(buf, at, width):
    """Where the offset in a slot leads."""
    back = _WORDS[width](buf, at)[0]
    if back > at:
        refuse("an offset leads out of the buffer", at)
    return at - back


def measure(buf, at, width, each):
    """The length before a value whose elements, of `each` octets, are inside."""
    if at < width:
        refuse("a length is before the buffer", at)
    count = _WORDS[width](buf, at - width)[0]
    if count * each > len(buf) - at:
        refuse("a length leads out of the buffer", at)
    return count


def text_of(octets, at):
    try:
        return octets.decode()
    except UnicodeDecodeError:
        refuse("text is not UTF-8", at)


# ---- values ----

def number_at(buf, at, width, kind):
    read = _NUMBERS[kind].get(width)
    if read is None:
        refuse("a float has no such width", at)
    return read(buf, at)[0]


def indirect_at(buf, at, width, kind):
    if width > len(buf) - at:
        refuse("a number is cut off", at)
    return number_at(buf, at, width, kind - INDIRECT_INT + INT)


def key_octets(buf, at):
    """Up to the U+0000, for which more and more octets are looked through."""
    step, end = 32, -1
    while end < 0:
        octets = bytes(buf[at:at + step])
        end = octets.find(0)
        if end < 0 and len(octets) < step:
            refuse("a key is not terminated", at)
        step *= 8
    return octets[:end]


def key_at(buf, at, *_):
    return text_of(key_octets(buf, at), at)


def string_at(buf, at, width, _):
    size = measure(buf, at, width, 1)
    if size == len(buf) - at or buf[at + size]:
        refuse("a string is not terminated", at)
    return text_of(bytes(buf[at:at + size]), at)


def blob_at(buf, at, width, _):
    size = measure(buf, at, width, 1)
    return memoryview(buf)[at:at + size]


def mixed_at(buf, at, width, _):
    count = measure(buf, at, width, width + 1)
    return FlexVector(buf, at, count, width, at + count * width, NULL)


def typed_at(buf, at, width, kind):
    return FlexVector(buf, at, measure(buf, at, width, width), width, None, TYPED[kind])


def fixed_at(buf, at, width, kind):
    count, element = divmod(kind - VECTOR_INT2, 3)
    if (count + 2) * width > len(buf) - at:
        refuse("a vector leads out of the buffer", at)
    return FlexVector(buf, at, count + 2, width, None, element + INT)


def map_at(buf, at, width, _):
    count = measure(buf, at, width, width + 1)
    if at < 3 * width:
        refuse("a map's keys are before the buffer", at)
    keys_width = _WORDS[width](buf, at - 2 * width)[0]
    if keys_width not in _WORDS:
        refuse("a map's keys have no such width", at)
    keys = follow(buf, at - 3 * width, width)
    if measure(buf, keys, keys_width, keys_width) != count:
        refuse("a map has not a key for each value", at)
    return FlexMap(FlexVector(buf, at, count, width, at + count * width, NULL), keys, keys_width)


_REFERRED = {KEY: key_at, STRING: string_at, MAP: map_at, VECTOR: mixed_at, BLOB: blob_at, **dict.fromkeys(TYPED, typed_at),
             **dict.fromkeys(range(INDIRECT_INT, INDIRECT_FLOAT + 1), indirect_at),
             **dict.fromkeys(range(VECTOR_INT2, VECTOR_FLOAT4 + 1), fixed_at)}


def value_at(buf, at, parent, packed):
    """What a slot of `parent` octets, which are inside, stands for."""
    kind = packed >> 2
    if kind == NULL:
        return None
    if kind == BOOL:
        return _WORDS[parent](buf, at)[0] != 0
    if kind in _NUMBERS:
        return number_at(buf, at, parent, kind)
    make = _REFERRED.get(kind)
    if make is None:
        refuse("no such type", at)
    return make(buf, follow(buf, at, parent), 1 << (packed & 3), kind)


class FlexVector(Vector):
    """A vector in a FlexBuffer. `plain()` gives a list."""
    __slots__ = ("_w", "_k", "_e")

    def __init__(self, buf, start, count, width, kinds, element):
        """`kinds`: where the elements' types are; None: each is an `element`."""
        super().__init__(buf, start, count)
        self._w, self._k, self._e = width, kinds, element

    def _at(self, i):
        packed = self._e << 2 if self._k is None else self._b[self._k + i]
        return value_at(self._b, self._s + i * self._w, self._w, packed)

    def plain(self):
        """A list of all values, and so on below; octets as bytes. LimitError if that would be much more than there is."""
        return Plain(self._b).any(self, 0)

    def __eq__(self, other):
        return self.plain() == (other.plain() if isinstance(other, FlexVector) else other)

    def scalars(self):
        """The elements' octets and the base of each, of a vector of numbers."""
        bases = BASES.get(self._e, {}) if self._k is None else {}
        if self._w not in bases:
            raise TypeError("the FlexBuffer's vector is no vector of numbers")
        return memoryview(self._b)[self._s:self._s + self._n * self._w], bases[self._w]


class FlexMap(Mapping):
    """A map in a FlexBuffer. `plain()` gives a dict."""
    __slots__ = ("_v", "_s", "_w")

    def __init__(self, values, start, width):
        self._v, self._s, self._w = values, start, width

    def _key(self, i):
        """(octets, position)"""
        buf = self._v._b
        at = follow(buf, self._s + i * self._w, self._w)
        return key_octets(buf, at), at

    def __len__(self):
        return self._v._n

    def __iter__(self):
        return (text_of(*self._key(i)) for i in range(self._v._n))

    def __getitem__(self, key):
        wanted = key.encode() if isinstance(key, str) else None
        low, high = 0, self._v._n if wanted is not None else 0
        while low < high:
            middle = (low + high) // 2
            octets = self._key(middle)[0]
            if octets == wanted:
                return self._v._at(middle)
            if octets < wanted:
                low = middle + 1
            else:
                high = middle
        raise KeyError(key)

    def plain(self):
        """A dict of all values, and so on below; octets as bytes. LimitError if that would be much more than there is."""
        return Plain(self._v._b).any(self, 0)

    def __eq__(self, other):
        return self.plain() == (other.plain() if isinstance(other, FlexMap) else other)

    def __repr__(self):
        return f"<FlexMap of {self._v._n}>"


class Plain:
    """One copy: the values and the octets of text that may still be copied."""
    __slots__ = ("values", "octets")

    def __init__(self, buf):
        self.values, self.octets = 4 * len(buf) + 64, 64 * len(buf) + (1 << 20)

    def pay(self, values, octets=0):
        self.values -= values
        self.octets -= octets
        if self.values < 0 or self.octets < 0:
            raise LimitError("values of the FlexBuffer are shared so that they would be much more than its octets")

    def any(self, value, depth):
        if value.__class__ in (FlexVector, FlexMap):
            if depth == DEPTH_MAX:
                raise LimitError(f"the FlexBuffer is nested more than {DEPTH_MAX} deep")
            self.pay(len(value) + 1)
            return [self.any(one, depth + 1) for one in value] if value.__class__ is FlexVector else self.map(value, depth + 1)
        if isinstance(value, (str, memoryview)):
            self.pay(0, len(value))
            return bytes(value) if value.__class__ is memoryview else value
        return value

    def map(self, value, depth):
        made = {}
        self.pay(len(value))
        for key, one in zip(value, value._v):
            self.pay(0, len(key))
            made[key] = self.any(one, depth)
        return made


FlexValue = Union[None, bool, int, float, str, memoryview, FlexVector, FlexMap]


def read_flexbuffer(octets):
    """The root of a FlexBuffer: None, a bool, int, float or str, a memoryview of octets, a FlexVector, or a FlexMap. What is not
    valid raises VerifyError, with its place, when it is come to."""
    buf = octets if type(octets) in (bytes, bytearray) else memoryview(octets).cast("B")
    size = len(buf)
    if size < 3:
        refuse("too short", 0)
    width = buf[size - 1]
    if width not in _WORDS or width > size - 2:
        refuse("its root has no such width", size - 1)
    return value_at(buf, size - 2 - width, width, buf[size - 2])
